/** System calls on names: stat, directories, links, renaming, permissions, working directory. */
import { Errno } from "../core/result.ts";
import { FileNode, MemDir, SymlinkNode } from "../fs/memfs.ts";
import { pathOf } from "../fs/mount.ts";
import { DirNode, FifoNode, type Inode, LinkNode, MAY, mayDelete, permission, S_ISGID, S_ISUID } from "../fs/vfs.ts";
import { resolve, resolveParent, type Parent } from "../fs/walk.ts";
import type { Dirent, Stat } from "./abi.ts";
import type { Process } from "./process.ts";
import { statOf } from "./stat.ts";

export function stat(p: Process, path: string): Stat | number {
  const loc = resolve(p.walker, path, true);
  return typeof loc === "number" ? loc : statOf(loc.node);
}

export function lstat(p: Process, path: string): Stat | number {
  const loc = resolve(p.walker, path, false);
  return typeof loc === "number" ? loc : statOf(loc.node);
}

/** access(2) asks for the person, not for the set-user-id program */
export function access(p: Process, path: string, mode: number): number {
  const cred = p.ruid === p.cred.uid ? p.cred : { ...p.cred, uid: p.ruid };
  const loc = resolve({ ...p.walker, ctx: { cred, caller: p } }, path, true);
  return typeof loc === "number" ? loc : mode === 0 ? 0 : permission(cred, loc.node, mode & 7);
}

export function readdir(p: Process, path: string): readonly Dirent[] | number {
  const loc = resolve(p.walker, path, true);
  if (typeof loc === "number") return loc;
  if (!(loc.node instanceof DirNode)) return -Errno.ENOTDIR;
  const err = permission(p.cred, loc.node, MAY.READ);
  if (err !== 0) return err;
  return loc.node.list(p.walker.ctx);
}

/** the place for a new name, or -errno; EEXIST when it is taken */
function newName(p: Process, path: string): Parent | number {
  const at = resolveParent(p.walker, path);
  if (typeof at === "number") return at;
  if (at.name === "" || at.name === "." || at.name === "..") return -Errno.EEXIST;
  const dir = at.dir.node as DirNode;
  const old = dir.lookup(p.walker.ctx, at.name);
  if (typeof old !== "number") return -Errno.EEXIST;
  if (old !== -Errno.ENOENT) return old;
  const err = permission(p.cred, dir, MAY.WRITE | MAY.EXEC);
  return err !== 0 ? err : at;
}

function insertNew(p: Process, at: Parent, node: Inode): number {
  node.uid = p.cred.uid;
  node.gid = p.cred.gid;
  return (at.dir.node as DirNode).insert(at.name, node);
}

export function mkdir(p: Process, path: string, mode: number): number {
  const at = newName(p, path);
  if (typeof at === "number") return at;
  const dir = at.dir.node as DirNode;
  return insertNew(p, at, new MemDir(dir.sb, mode & ~p.umask & 0o7777, dir, at.name));
}

export function mkfifo(p: Process, path: string, mode: number): number {
  const at = newName(p, path);
  if (typeof at === "number") return at;
  if (at.slash) return -Errno.ENOENT;
  return insertNew(p, at, new FifoNode(at.dir.node.sb, mode & ~p.umask & 0o7777));
}

export function symlink(p: Process, target: string, path: string): number {
  if (target === "") return -Errno.ENOENT;
  const at = newName(p, path);
  if (typeof at === "number") return at;
  if (at.slash) return -Errno.ENOENT;
  return insertNew(p, at, new SymlinkNode(at.dir.node.sb, target));
}

export function link(p: Process, from: string, to: string): number {
  const old = resolve(p.walker, from, false);
  if (typeof old === "number") return old;
  const at = newName(p, to);
  if (typeof at === "number") return at;
  if (old.node instanceof DirNode) return -Errno.EPERM;
  if (old.node.sb !== at.dir.node.sb) return -Errno.EXDEV;
  const err = (at.dir.node as DirNode).insert(at.name, old.node);
  if (err === 0) old.node.nlink++;
  return err;
}

/** an existing name that may be taken out */
function oldName(p: Process, path: string): { readonly at: Parent; readonly node: Inode } | number {
  const at = resolveParent(p.walker, path);
  if (typeof at === "number") return at;
  const dir = at.dir.node as DirNode;
  if (at.name === "" || at.name === "." || at.name === "..") return { at, node: dir };
  const node = dir.lookup(p.walker.ctx, at.name);
  if (typeof node === "number") return node;
  const err = mayDelete(p.cred, dir, node);
  return err !== 0 ? err : { at, node };
}

export function unlink(p: Process, path: string): number {
  const r = oldName(p, path);
  if (typeof r === "number") return r;
  if (r.node instanceof DirNode) return -Errno.EISDIR;
  if (r.at.slash) return -Errno.ENOTDIR;
  if (r.node.mounted > 0 && p.mnt.at(r.at.dir.mnt, r.node)) return -Errno.EBUSY;
  const err = (r.at.dir.node as DirNode).remove(r.at.name);
  if (err === 0 && r.node.nlink === 0 && r.node instanceof FileNode && !isOpen(p, r.node)) r.node.drop();
  return err;
}

/** does any process still have the file open? Its content counts until then */
function isOpen(p: Process, node: FileNode): boolean {
  for (const q of p.machine.procs.values()) {
    for (const fd of q.fds.fds()) if (q.fds.file(fd)!.node() === node) return true;
  }
  return false;
}

export function rmdir(p: Process, path: string): number {
  const r = oldName(p, path);
  if (typeof r === "number") return r;
  if (r.at.name === ".") return -Errno.EINVAL;
  if (r.at.name === "..") return -Errno.ENOTEMPTY;
  if (r.at.name === "") return -Errno.EBUSY;
  if (!(r.node instanceof DirNode)) return -Errno.ENOTDIR;
  if (r.node.mounted > 0 && p.mnt.at(r.at.dir.mnt, r.node)) return -Errno.EBUSY;
  if (r.node instanceof MemDir && !r.node.empty) return -Errno.ENOTEMPTY;
  return (r.at.dir.node as DirNode).remove(r.at.name);
}

export function rename(p: Process, from: string, to: string): number {
  const r = oldName(p, from);
  if (typeof r === "number") return r;
  const at = resolveParent(p.walker, to);
  if (typeof at === "number") return at;
  for (const n of [r.at.name, at.name]) if (n === "" || n === "." || n === "..") return -Errno.EBUSY;
  const src = r.at.dir.node as DirNode;
  const dst = at.dir.node as DirNode;
  const { node } = r;
  if (src.sb !== dst.sb) return -Errno.EXDEV;
  if ((r.at.slash || at.slash) && !(node instanceof DirNode)) return -Errno.ENOTDIR;
  if (node.mounted > 0 && p.mnt.at(r.at.dir.mnt, node)) return -Errno.EBUSY;
  const err = permission(p.cred, dst, MAY.WRITE | MAY.EXEC);
  if (err !== 0) return err;
  if (node instanceof DirNode) {
    for (let d: DirNode | null = dst; d; d = d.parent) if (d === node) return -Errno.EINVAL;
  }
  const old = dst.lookup(p.walker.ctx, at.name);
  if (typeof old !== "number") {
    if (old === node) return 0;
    const e = mayDelete(p.cred, dst, old);
    if (e !== 0) return e;
    if (node instanceof DirNode) {
      if (!(old instanceof DirNode)) return -Errno.ENOTDIR;
      if (old instanceof MemDir && !old.empty) return -Errno.ENOTEMPTY;
    } else if (old instanceof DirNode) return -Errno.EISDIR;
    const gone = dst.remove(at.name);
    if (gone !== 0) return gone;
    if (old instanceof FileNode && old.nlink === 0 && !isOpen(p, old)) old.drop();
  } else if (old !== -Errno.ENOENT) return old;
  const links = node.nlink;
  const e = src.remove(r.at.name);
  if (e !== 0) return e;
  node.nlink = links;
  return dst.insert(at.name, node);
}

export function readlink(p: Process, path: string): string | number {
  const loc = resolve(p.walker, path, false);
  if (typeof loc === "number") return loc;
  return loc.node instanceof LinkNode ? loc.node.target(p.walker.ctx) : -Errno.EINVAL;
}

export function chmod(p: Process, path: string, mode: number): number {
  const loc = resolve(p.walker, path, true);
  if (typeof loc === "number") return loc;
  const { node } = loc;
  if (p.cred.uid !== 0 && p.cred.uid !== node.uid) return -Errno.EPERM;
  node.mode = (node.mode & ~0o7777) | (mode & 0o7777);
  node.ctime = node.sb.clock.realtime();
  return 0;
}

/** -1 leaves an id as it is */
export function chown(p: Process, path: string, uid: number, gid: number): number {
  const loc = resolve(p.walker, path, true);
  if (typeof loc === "number") return loc;
  const { node } = loc;
  const { cred } = p;
  if (cred.uid !== 0) {
    const group = gid === -1 || gid === cred.gid || cred.groups.includes(gid);
    if (node.uid !== cred.uid || (uid !== -1 && uid !== node.uid) || !group) return -Errno.EPERM;
  }
  if (uid !== -1) node.uid = uid;
  if (gid !== -1) node.gid = gid;
  if (!(node instanceof DirNode)) node.mode &= ~(S_ISUID | S_ISGID);
  node.ctime = node.sb.clock.realtime();
  return 0;
}

export function utimens(p: Process, path: string, atime: number, mtime: number): number {
  const loc = resolve(p.walker, path, true);
  if (typeof loc === "number") return loc;
  const { node } = loc;
  if (p.cred.uid !== 0 && p.cred.uid !== node.uid) {
    const err = permission(p.cred, node, MAY.WRITE);
    if (err !== 0) return err;
  }
  node.atime = atime;
  node.mtime = mtime;
  node.ctime = node.sb.clock.realtime();
  return 0;
}

export function ftruncate(p: Process, fd: number, size: number): number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  const node = f.node();
  if (!(node instanceof FileNode) || !f.writable) return -Errno.EINVAL;
  return size < 0 ? -Errno.EINVAL : node.truncate(size);
}

export function chdir(p: Process, path: string): number {
  const loc = resolve(p.walker, path, true);
  if (typeof loc === "number") return loc;
  if (!(loc.node instanceof DirNode)) return -Errno.ENOTDIR;
  const err = permission(p.cred, loc.node, MAY.EXEC);
  if (err !== 0) return err;
  p.cwd = loc;
  return 0;
}

export function getcwd(p: Process): string {
  return pathOf(p.cwd);
}

export function umask(p: Process, mask: number): number {
  const old = p.umask;
  p.umask = mask & 0o777;
  return old;
}
