/**
 * Path walking (fs/namei.c): from a path to a place, through symbolic links, mounts and "..". Errors as the kernel's:
 * -ENOENT, -ENOTDIR, -EACCES, -ELOOP after 40 links, -ENAMETOOLONG.
 */
import { Errno } from "../core/result.ts";
import type { Loc, MountNs } from "./mount.ts";
import { DirNode, LinkNode, MagicLink, MAY, permission, type FsCtx } from "./vfs.ts";

const MAX_LINKS = 40;
const NAME_MAX = 255;
const PATH_MAX = 4096;

/** Where a walk begins and on whose behalf. */
export interface Walker {
  readonly ctx: FsCtx;
  readonly mounts: MountNs;
  readonly cwd: Loc;
}

/** The last component, not looked up: what creates and removes names works on. It may be "." or "..", or "" for "/". */
export interface Parent {
  readonly dir: Loc;
  readonly name: string;
  /** the path ended in a slash */
  readonly slash: boolean;
}

/** The place a path names. `follow`: through a symbolic link in the last component too. */
export function resolve(w: Walker, path: string, follow: boolean): Loc | number {
  const r = walk(w, w.cwd, path, follow, false);
  return typeof r === "number" ? r : (r as Loc);
}

/** The directory that holds, or would hold, the last component. */
export function resolveParent(w: Walker, path: string): Parent | number {
  return walk(w, w.cwd, path, false, true) as Parent | number;
}

/** As resolveParent, but through links in the last component: where open(O_CREAT) makes its file. */
export function resolveCreate(w: Walker, path: string): Parent | number {
  let from = w.cwd;
  let p = path;
  for (let n = 0; n <= MAX_LINKS; n++) {
    const r = walk(w, from, p, false, true) as Parent | number;
    if (typeof r === "number") return r;
    const node = r.name === "" || r.name === "." || r.name === ".." ? null : (r.dir.node as DirNode).lookup(w.ctx, r.name);
    if (!(node instanceof LinkNode) || node instanceof MagicLink) return r;
    const target = node.target(w.ctx);
    if (typeof target === "number") return target;
    from = r.dir;
    p = target;
  }
  return -Errno.ELOOP;
}

function walk(w: Walker, from: Loc, path: string, follow: boolean, wantParent: boolean): Loc | Parent | number {
  if (path === "") return -Errno.ENOENT;
  if (path.length >= PATH_MAX) return -Errno.ENAMETOOLONG;
  let at: Loc = path.startsWith("/") ? w.mounts.root : from;
  const slash = path.length > 1 && path.endsWith("/");
  const parts = split(path);
  let links = 0;
  if (parts.length === 0 && wantParent) return { dir: at, name: "", slash };
  while (parts.length > 0) {
    const name = parts.pop()!;
    if (!(at.node instanceof DirNode)) return -Errno.ENOTDIR;
    const err = permission(w.ctx.cred, at.node, MAY.EXEC);
    if (err !== 0) return err;
    if (name.length > NAME_MAX) return -Errno.ENAMETOOLONG;
    const last = parts.length === 0;
    if (last && wantParent) return { dir: at, name, slash };
    if (name === ".") continue;
    if (name === "..") {
      at = up(w, at);
      continue;
    }
    const node = at.node.lookup(w.ctx, name);
    if (typeof node === "number") return node;
    if (node instanceof LinkNode && (!last || follow || slash)) {
      if (++links > MAX_LINKS) return -Errno.ELOOP;
      if (node instanceof MagicLink) {
        const to = node.follow(w.ctx);
        if (typeof to === "number") return to;
        at = to;
        continue;
      }
      const target = node.target(w.ctx);
      if (typeof target === "number") return target;
      if (target === "") return -Errno.ENOENT;
      if (target.startsWith("/")) at = w.mounts.root;
      for (const p of split(target)) parts.push(p);
      continue;
    }
    at = down(w, { mnt: at.mnt, node, dir: at.node, name });
  }
  if (slash && !(at.node instanceof DirNode)) return -Errno.ENOTDIR;
  return at;
}

/** components, the first one last */
function split(path: string): string[] {
  const out: string[] = [];
  let end = path.length;
  while (end > 0) {
    const slash = path.lastIndexOf("/", end - 1);
    if (slash + 1 < end) out.push(path.slice(slash + 1, end));
    end = slash;
  }
  return out;
}

/** through whatever is mounted there */
export function down(w: Walker, loc: Loc): Loc {
  for (;;) {
    const m = w.mounts.at(loc.mnt, loc.node);
    if (!m) return loc;
    loc = { mnt: m, node: m.root, dir: loc.dir, name: loc.name };
  }
}

function up(w: Walker, loc: Loc): Loc {
  let { mnt } = loc;
  let node = loc.node as DirNode;
  while (node === mnt.root && mnt.point) {
    node = mnt.point.node as DirNode;
    mnt = mnt.point.mnt;
  }
  if (!node.parent || node === mnt.root) return { mnt, node, dir: null, name: "" };
  return down(w, { mnt, node: node.parent, dir: node.parent.parent, name: node.parent.name });
}
