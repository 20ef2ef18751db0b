/**
 * Inodes: what file systems are made of, and the permission rules over them (the kernel's fs/inode.c, fs/namei.c
 * generic_permission). Path walking and mounts are in walk.ts and mount.ts, storage in memfs.ts.
 *
 * A node knows nothing of who opened it. Nodes whose content depends on the caller (procfs, sysfs) get the caller in
 * FsCtx. Errors are negative errno numbers. Left out: ACLs, extended attributes, quotas, user namespaces.
 */
import { Errno } from "../core/result.ts";
import type { Loc } from "./mount.ts";

/** File type bits, as in st_mode. */
export const FT = {
  MASK: 0o170000,
  SOCK: 0o140000,
  LNK: 0o120000,
  REG: 0o100000,
  BLK: 0o060000,
  DIR: 0o040000,
  CHR: 0o020000,
  FIFO: 0o010000,
} as const;
export const MAY = { EXEC: 1, WRITE: 2, READ: 4 } as const;
export const S_ISUID = 0o4000;
export const S_ISGID = 0o2000;
export const S_ISVTX = 0o1000;

export interface FsCred {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** On whose behalf a node is looked at. `caller` is the kernel's process, opaque here. */
export interface FsCtx {
  readonly cred: FsCred;
  readonly caller: object | null;
}

/** Where file times come from: ns of the realtime clock. */
export interface FsClock {
  realtime(): number;
}

export interface FsEntry {
  readonly name: string;
  readonly ino: number;
  /** type bits */
  readonly type: number;
}

/** One file system instance: numbers its nodes and keeps account of what they hold. */
export class SuperBlock {
  readonly type: string;
  readonly dev: number;
  readonly clock: FsClock;
  /** limits of a machine's memory file system; -ENOSPC beyond */
  maxBytes = 64 * 1024 * 1024;
  maxFiles = 10_000;
  bytes = 0;
  files = 0;
  private lastIno = 1;

  constructor(type: string, dev: number, clock: FsClock) {
    this.type = type;
    this.dev = dev;
    this.clock = clock;
  }
  nextIno(): number {
    return ++this.lastIno;
  }
}

export abstract class Inode {
  readonly sb: SuperBlock;
  readonly ino: number;
  mode: number;
  uid = 0;
  gid = 0;
  nlink = 1;
  rdev = 0;
  atime: number;
  mtime: number;
  ctime: number;
  /** how many mounts (in any mount namespace) sit on this node: a hint that saves looking through the tables */
  mounted = 0;

  constructor(sb: SuperBlock, mode: number, ino?: number) {
    this.sb = sb;
    this.ino = ino ?? sb.nextIno();
    this.mode = mode;
    this.atime = this.mtime = this.ctime = sb.clock.realtime();
  }
  get type(): number {
    return this.mode & FT.MASK;
  }
  /** st_size */
  get size(): number {
    return 0;
  }
  /** called when a mount's root becomes this node, or ceases to be it: keeps a namespace alive (nsfs) */
  mountGet(): void {}
  mountPut(): void {}
  touchModified(): void {
    this.mtime = this.ctime = this.sb.clock.realtime();
  }
}

/** A directory. Each has one parent; `name` is its name there. */
export abstract class DirNode extends Inode {
  parent: DirNode | null;
  name: string;

  constructor(sb: SuperBlock, perm: number, parent: DirNode | null, name: string, ino?: number) {
    super(sb, FT.DIR | perm, ino);
    this.parent = parent;
    this.name = name;
    this.nlink = 2;
  }
  /** the node of that name, or -ENOENT (or another errno) */
  abstract lookup(ctx: FsCtx, name: string): Inode | number;
  /** all entries but "." and "..", in the file system's order */
  abstract list(ctx: FsCtx): FsEntry[];
  /** enters a node under a name that is free; -EPERM where the file system takes none */
  insert(_name: string, _node: Inode): number {
    return -Errno.EPERM;
  }
  /** takes a name out; the node may live on under others */
  remove(_name: string): number {
    return -Errno.EPERM;
  }
  override get size(): number {
    return 4096;
  }
}

/** A symbolic link. */
export abstract class LinkNode extends Inode {
  constructor(sb: SuperBlock, ino?: number) {
    super(sb, FT.LNK | 0o777, ino);
  }
  abstract target(ctx: FsCtx): string | number;
}

/** A link of /proc that leads to an object and not through a path. */
export abstract class MagicLink extends LinkNode {
  abstract follow(ctx: FsCtx): Loc | number;
}

/** A file whose text is made when it is read. `write` gets what one write(2) brought. */
export abstract class TextNode extends Inode {
  constructor(sb: SuperBlock, perm: number, ino?: number) {
    super(sb, FT.REG | perm, ino);
  }
  abstract read(ctx: FsCtx): string | number;
  write(_ctx: FsCtx, _text: string): number {
    return -Errno.EACCES;
  }
}

/** A character device. */
export class DevNode extends Inode {
  constructor(sb: SuperBlock, perm: number, major: number, minor: number, ino?: number) {
    super(sb, FT.CHR | perm, ino);
    this.rdev = (major << 8) | minor;
  }
}

/** A named pipe; the kernel hangs its pipe on it while someone has it open. */
export class FifoNode extends Inode {
  pipe: object | null = null;
  constructor(sb: SuperBlock, perm: number) {
    super(sb, FT.FIFO | perm);
  }
}

/** generic_permission(): 0, or -EACCES. Root may everything but execute what nobody may. */
export function permission(cred: FsCred, node: Inode, mask: number): number {
  if (cred.uid === 0) {
    if ((mask & MAY.EXEC) !== 0 && node.type !== FT.DIR && (node.mode & 0o111) === 0) return -Errno.EACCES;
    return 0;
  }
  let bits = node.mode & 7;
  if (cred.uid === node.uid) bits = (node.mode >> 6) & 7;
  else if (cred.gid === node.gid || cred.groups.includes(node.gid)) bits = (node.mode >> 3) & 7;
  return (bits & mask) === mask ? 0 : -Errno.EACCES;
}

/** May this name be taken out of the directory? Sticky directories (/tmp) ask for the owner. */
export function mayDelete(cred: FsCred, dir: DirNode, node: Inode): number {
  const err = permission(cred, dir, MAY.WRITE | MAY.EXEC);
  if (err !== 0) return err;
  if ((dir.mode & S_ISVTX) !== 0 && cred.uid !== 0 && cred.uid !== node.uid && cred.uid !== dir.uid) return -Errno.EPERM;
  return 0;
}
