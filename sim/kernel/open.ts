/**
 * open(2): from a path to an open file of the right sort. Opening a FIFO waits for the other side, as on Linux;
 * opening a terminal makes it a session leader's controlling terminal when the leader has none.
 */
import { Errno } from "../core/result.ts";
import { Rdev } from "../fs/devfs.ts";
import { FileNode } from "../fs/memfs.ts";
import type { Loc } from "../fs/mount.ts";
import {
  DevNode,
  DirNode,
  FifoNode,
  FT,
  Inode,
  LinkNode,
  MagicLink,
  MAY,
  permission,
  S_ISVTX,
  type SuperBlock,
  TextNode,
} from "../fs/vfs.ts";
import { down, resolve, resolveCreate } from "../fs/walk.ts";
import { O } from "./abi.ts";
import { isMemDev, MemDevFile } from "./chrdev.ts";
import { BLOCK, type Block, type File } from "./fd.ts";
import { DirFile, RegFile, TextFile } from "./file.ts";
import { KmsgFile } from "./kmsg.ts";
import { NsFile, NsNode } from "./nsfs.ts";
import { fifoPipe, PipeFile } from "./pipe.ts";
import type { Process } from "./process.ts";
import { TtyFile } from "./ttyfile.ts";
import { TunFile } from "./tunfile.ts";

/** What a link of /proc/PID/fd leads to when the file has no path of its own. */
export class OpenFileNode extends Inode {
  readonly file: File;
  constructor(sb: SuperBlock, file: File) {
    const n = file.node();
    super(sb, n.mode, n.ino);
    this.file = file;
    this.uid = n.uid;
    this.gid = n.gid;
    this.rdev = n.rdev;
    this.nlink = n.nlink;
  }
  override get size(): number {
    return this.file.node().size;
  }
}

export function open(p: Process, path: string, flags: number, mode: number): number | Block {
  const { call } = p;
  // a FIFO that was already opened and waits for its other side
  if (call.scratch instanceof PipeFile) return finishFifo(p, call.scratch, flags);
  const file = openPath(p, path, flags, mode);
  if (typeof file === "number") return file;
  if (file instanceof PipeFile && file.loc && (flags & O.NONBLOCK) === 0) {
    call.scratch = file.get(); // counts as open while it waits; Process.endCall lets go
    return finishFifo(p, file, flags);
  }
  return install(p, file, flags);
}

function finishFifo(p: Process, file: PipeFile, flags: number): number | Block {
  const { pipe } = file;
  if ((file.readable && !file.writable && pipe.writerOpens === 0) || (file.writable && !file.readable && pipe.readerOpens === 0)) {
    p.waitOn(pipe.q);
    return BLOCK;
  }
  return install(p, file, flags);
}

function install(p: Process, file: File, flags: number): number {
  const fd = p.fds.add(file, (flags & O.CLOEXEC) !== 0);
  if (fd < 0) {
    file.get();
    file.put(); // nobody holds it: releases what opening took
  }
  return fd;
}

function openPath(p: Process, path: string, flags: number, mode: number): File | number {
  const w = p.walker;
  const follow = (flags & O.NOFOLLOW) === 0;
  const excl = (flags & O.CREAT) !== 0 && (flags & O.EXCL) !== 0;
  let loc = excl ? -Errno.ENOENT : resolve(w, path, follow);
  let created = false;
  if (typeof loc === "number") {
    if (loc !== -Errno.ENOENT || (flags & O.CREAT) === 0) return loc;
    const at = resolveCreate(w, path);
    if (typeof at === "number") return at;
    if (at.slash) return -Errno.EISDIR;
    const dir = at.dir.node as DirNode;
    const old = at.name === "" || at.name === "." || at.name === ".." ? dir : dir.lookup(w.ctx, at.name);
    if (typeof old !== "number") {
      if (excl) return -Errno.EEXIST;
      loc = down(w, { mnt: at.dir.mnt, node: old, dir, name: at.name });
    } else {
      if (old !== -Errno.ENOENT) return old;
      const err = permission(p.cred, dir, MAY.WRITE | MAY.EXEC);
      if (err !== 0) return err;
      const node = new FileNode(dir.sb, mode & ~p.umask & 0o7777);
      node.uid = p.cred.uid;
      node.gid = p.cred.gid;
      const e = dir.insert(at.name, node);
      if (e !== 0) return e;
      loc = { mnt: at.dir.mnt, node, dir, name: at.name };
      created = true;
    }
  }
  return openNode(p, loc, flags, created);
}

function openNode(p: Process, loc: Loc, flags: number, created: boolean): File | number {
  const { node } = loc;
  const acc = flags & 3;
  if (node instanceof LinkNode && !(node instanceof MagicLink)) return -Errno.ELOOP;
  if (node instanceof DirNode) {
    if (acc !== O.RDONLY || (flags & O.CREAT) !== 0) return -Errno.EISDIR;
  } else if ((flags & O.DIRECTORY) !== 0) return -Errno.ENOTDIR;
  if (!created && !(node instanceof OpenFileNode)) {
    const need = (acc !== O.WRONLY ? MAY.READ : 0) | (acc !== O.RDONLY || (flags & O.TRUNC) !== 0 ? MAY.WRITE : 0);
    const err = permission(p.cred, node, need);
    if (err !== 0) return err;
    // sysfs and /proc/sys: what their mode does not allow, root may not either
    if (node instanceof TextNode && ((need & MAY.WRITE && !(node.mode & 0o222)) || (need & MAY.READ && !(node.mode & 0o444))))
      return -Errno.EACCES;
    // fs.protected_regular: nobody's file in a world-writable sticky directory is opened with O_CREAT but by its owner
    const { dir } = loc;
    if (
      (flags & O.CREAT) !== 0 &&
      dir &&
      (dir.mode & S_ISVTX) !== 0 &&
      (dir.mode & 2) !== 0 &&
      node.type === FT.REG &&
      node.uid !== p.cred.uid &&
      node.uid !== dir.uid
    )
      return -Errno.EACCES;
  }
  if (node instanceof OpenFileNode) return node.file.reopen(flags);
  if (node instanceof DirNode) return new DirFile(node, flags, loc);
  if (node instanceof FileNode) {
    if ((flags & O.TRUNC) !== 0 && acc !== O.RDONLY) node.truncate(0);
    return new RegFile(node, flags, loc);
  }
  if (node instanceof TextNode) return new TextFile(node, flags, loc, p.walker.ctx);
  if (node instanceof NsNode) return acc === O.RDONLY ? new NsFile(node, flags, loc) : -Errno.EACCES;
  if (node instanceof FifoNode) {
    const pipe = fifoPipe(node);
    if (acc === O.WRONLY && (flags & O.NONBLOCK) !== 0 && pipe.readers === 0) return -Errno.ENXIO;
    return new PipeFile(pipe, flags, loc, node);
  }
  if (node instanceof DevNode) return openDevice(p, node, loc, flags);
  return -Errno.ENXIO;
}

function openDevice(p: Process, node: DevNode, loc: Loc, flags: number): File | number {
  if (node.rdev === Rdev.KMSG) return KmsgFile.open(p, node, flags, loc);
  if (isMemDev(node.rdev)) return new MemDevFile(node, flags, loc);
  if (node.rdev === Rdev.TTY) {
    const { tty } = p.session;
    return tty ? new TtyFile(tty, node, flags, loc) : -Errno.ENXIO;
  }
  if (node.rdev === Rdev.TUN) return new TunFile(node, p.net, flags, loc);
  if ((node.rdev & ~255) === Rdev.PTS) {
    const tty = p.machine.ttys.get(node.rdev & 255);
    if (!tty || tty.hungUp) return -Errno.EIO;
    if (p.session.sid === p.pid && !p.session.tty && !tty.session) {
      p.session.tty = tty;
      tty.session = p.session;
      tty.fgPgid = p.pgid;
    }
    return new TtyFile(tty, node, flags, loc);
  }
  return -Errno.ENXIO;
}
