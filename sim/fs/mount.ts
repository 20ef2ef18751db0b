/**
 * Mounts and mount namespaces (fs/namespace.c): a table of file system roots hung onto places of the tree. A copy made
 * by unshare() receives later mounts and umounts of its original, as after `mount --make-rslave /`, which is what
 * `ip netns exec` arranges; nothing goes the other way.
 *
 * Invariant: mounts[0] is the root; a mount's parent is in the same table.
 */
import { Errno } from "../core/result.ts";
import { DirNode, type Inode } from "./vfs.ts";

/** A place in the tree: a node as seen through a mount. `dir` and `name` say under which name it was reached. */
export interface Loc {
  readonly mnt: Mount;
  readonly node: Inode;
  readonly dir: DirNode | null;
  readonly name: string;
}

export interface MountInfo {
  readonly source: string;
  readonly type: string;
  readonly options: string;
}

export class Mount {
  readonly parent: Mount | null;
  /** what it covers, null for the root */
  readonly point: Loc | null;
  readonly root: Inode;
  readonly info: MountInfo;
  /** the mount that this one was copied from into another namespace */
  readonly master: Mount | null;

  constructor(parent: Mount | null, point: Loc | null, root: Inode, info: MountInfo, master: Mount | null) {
    this.parent = parent;
    this.point = point;
    this.root = root;
    this.info = info;
    this.master = master;
    root.mountGet();
    if (point) point.node.mounted++;
  }
  release(): void {
    this.root.mountPut();
    if (this.point) this.point.node.mounted--;
  }
}

/** the number of a machine's first mount namespace */
const INIT_INO = 4026531832;

export class MountNs {
  /** its number in /proc/PID/ns/mnt */
  readonly ino: number;
  mounts: Mount[];
  /** those on each node, in order of mounting */
  private readonly on = new Map<Inode, Mount[]>();
  /** the network namespace whose interfaces /sys shows: that of whoever mounted it; null: the machine's first. Opaque here */
  sysfsOf: object | null = null;
  private refs = 1;
  private master: MountNs | null;
  private readonly slaves: MountNs[] = [];

  private constructor(mounts: Mount[], master: MountNs | null, ino: number) {
    this.ino = ino;
    this.mounts = mounts;
    this.master = master;
    for (const m of mounts) this.enter(m);
  }
  private enter(m: Mount): void {
    if (!m.point) return;
    const list = this.on.get(m.point.node);
    if (list) list.push(m);
    else this.on.set(m.point.node, [m]);
  }
  static create(root: Inode, info: MountInfo): MountNs {
    return new MountNs([new Mount(null, null, root, info, null)], null, INIT_INO);
  }
  get root(): Loc {
    const m = this.mounts[0]!;
    return { mnt: m, node: m.root, dir: null, name: "" };
  }
  get(): this {
    this.refs++;
    return this;
  }
  put(): void {
    if (--this.refs > 0) return;
    for (let i = this.mounts.length - 1; i >= 0; i--) this.mounts[i]!.release();
    this.mounts = [];
    this.on.clear();
    if (this.master) this.master.slaves.splice(this.master.slaves.indexOf(this), 1);
    for (const s of this.slaves) s.master = null;
  }
  /** a copy; `moved` gets old mount -> new mount so that working directories can follow */
  copy(moved: Map<Mount, Mount>, ino: number): MountNs {
    const out: Mount[] = [];
    for (const m of this.mounts) {
      const parent = m.parent ? moved.get(m.parent)! : null;
      const c = new Mount(parent, m.point && parent ? { ...m.point, mnt: parent } : null, m.root, m.info, m);
      moved.set(m, c);
      out.push(c);
    }
    const ns = new MountNs(out, this, ino);
    ns.sysfsOf = this.sysfsOf;
    this.slaves.push(ns);
    return ns;
  }
  /** the topmost mount on that place, or null */
  at(mnt: Mount, node: Inode): Mount | null {
    if (node.mounted === 0) return null;
    const list = this.on.get(node);
    for (let i = list ? list.length - 1 : -1; i >= 0; i--) if (list![i]!.parent === mnt) return list![i]!;
    return null;
  }
  add(point: Loc, root: Inode, info: MountInfo): Mount {
    return this.attach(point, root, info, null);
  }
  /** takes off the topmost mount whose root is `loc`; -EINVAL where none is, -EBUSY with mounts below it */
  umount(loc: Loc): number {
    const m = loc.mnt;
    if (m.root !== loc.node || m.parent === null) return -Errno.EINVAL;
    if (this.mounts.some((c) => c.parent === m)) return -Errno.EBUSY;
    this.detach(m);
    return 0;
  }
  private attach(point: Loc, root: Inode, info: MountInfo, master: Mount | null): Mount {
    const m = new Mount(point.mnt, point, root, info, master);
    this.mounts.push(m);
    this.enter(m);
    for (const s of this.slaves) {
      const at = s.mounts.find((x) => x.master === point.mnt);
      if (at) s.attach({ ...point, mnt: at }, root, info, m);
    }
    return m;
  }
  private detach(m: Mount): void {
    const i = this.mounts.indexOf(m);
    if (i < 0) return;
    this.mounts.splice(i, 1);
    const list = this.on.get(m.point!.node)!;
    if (list.length === 1) this.on.delete(m.point!.node);
    else list.splice(list.indexOf(m), 1);
    for (const s of this.slaves) {
      const c = s.mounts.find((x) => x.master === m);
      if (c) s.detach(c);
    }
    m.release();
  }
}

/** d_path(): the absolute path of a place. " (deleted)" is the caller's business. */
export function pathOf(loc: Loc): string {
  const parts: string[] = [];
  let mnt = loc.mnt;
  let node: Inode = loc.node;
  if (!(node instanceof DirNode)) {
    if (node === mnt.root && mnt.point) {
      const p = mnt.point;
      return join(pathOf({ mnt: p.mnt, node: p.dir!, dir: null, name: "" }), p.name);
    }
    parts.push(loc.name);
    if (!loc.dir) return `/${loc.name}`;
    node = loc.dir;
  }
  let dir = node as DirNode;
  for (;;) {
    if (dir === mnt.root) {
      if (!mnt.point) break;
      const p: Loc = mnt.point;
      dir = p.node as DirNode;
      mnt = p.mnt;
      if (dir === mnt.root) continue;
    }
    if (!dir.parent) break;
    parts.push(dir.name);
    dir = dir.parent;
  }
  return `/${parts.reverse().join("/")}`;
}

function join(dir: string, name: string): string {
  return dir === "/" ? `/${name}` : `${dir}/${name}`;
}
