/**
 * /dev (devtmpfs and devpts): device nodes by number; what they do is in kernel/chrdev.ts. Terminals come and go below
 * /dev/pts. Left out: /dev/ptmx (no program here makes terminals), disks.
 */
import { Errno } from "../core/result.ts";
import { MemDir, SymlinkNode } from "./memfs.ts";
import { DevNode, DirNode, type FsCtx, type FsEntry, type Inode, type SuperBlock } from "./vfs.ts";

/** st_rdev of the devices we know: (major << 8) | minor. */
export const Rdev = {
  NULL: 0x103,
  ZERO: 0x105,
  FULL: 0x107,
  RANDOM: 0x108,
  URANDOM: 0x109,
  KMSG: 0x10b,
  TTY: 0x500,
  CONSOLE: 0x501,
  PTS: 0x8800,
  TUN: 0xac8,
} as const;

/** The terminals of a machine, by number. */
export interface PtsSource {
  numbers(): readonly number[];
  /** owner of the terminal, or null where there is none of that number */
  owner(n: number): number | null;
}

export function buildDev(sb: SuperBlock, pts: PtsSource): MemDir {
  const dev = new MemDir(sb, 0o755, null, "");
  const node = (name: string, perm: number, rdev: number): void => void dev.insert(name, new DevNode(sb, perm, rdev >> 8, rdev & 255));
  const link = (name: string, to: string): void => void dev.insert(name, new SymlinkNode(sb, to));
  node("null", 0o666, Rdev.NULL);
  node("zero", 0o666, Rdev.ZERO);
  node("full", 0o666, Rdev.FULL);
  node("random", 0o666, Rdev.RANDOM);
  node("urandom", 0o666, Rdev.URANDOM);
  node("kmsg", 0o644, Rdev.KMSG);
  node("tty", 0o666, Rdev.TTY);
  link("fd", "/proc/self/fd");
  link("stdin", "/proc/self/fd/0");
  link("stdout", "/proc/self/fd/1");
  link("stderr", "/proc/self/fd/2");
  const shm = new MemDir(sb, 0o1777, dev, "shm");
  dev.insert("shm", shm);
  dev.insert("pts", new PtsDir(sb, dev, pts));
  const net = new MemDir(sb, 0o755, dev, "net");
  dev.insert("net", net);
  net.insert("tun", new DevNode(sb, 0o666, Rdev.TUN >> 8, Rdev.TUN & 255));
  return dev;
}

class PtsDir extends DirNode {
  private readonly pts: PtsSource;
  /** one node a terminal, so that its mode and times last */
  private readonly nodes = new Map<number, DevNode>();

  constructor(sb: SuperBlock, parent: DirNode, pts: PtsSource) {
    super(sb, 0o755, parent, "pts");
    this.pts = pts;
  }
  lookup(_ctx: FsCtx, name: string): Inode | number {
    const n = Number(name);
    if (String(n) !== name) return -Errno.ENOENT;
    return this.node(n) ?? -Errno.ENOENT;
  }
  list(_ctx: FsCtx): FsEntry[] {
    const out: FsEntry[] = [];
    for (const n of this.pts.numbers()) {
      const d = this.node(n);
      if (d) out.push({ name: String(n), ino: d.ino, type: d.type });
    }
    return out;
  }
  private node(n: number): DevNode | null {
    const uid = this.pts.owner(n);
    if (uid === null) {
      this.nodes.delete(n);
      return null;
    }
    let d = this.nodes.get(n);
    if (!d) {
      d = new DevNode(this.sb, 0o620, Rdev.PTS >> 8, n, n + 3);
      d.uid = uid;
      d.gid = 5;
      this.nodes.set(n, d);
    }
    return d;
  }
}
