/**
 * System calls on namespaces and mounts. Bind mounts and umount only: what `ip netns` and `nsenter` need. A namespace
 * bound below /run/netns is known under that file's name in views.
 */
import { Errno } from "../core/result.ts";
import { type Loc, type Mount, pathOf } from "../fs/mount.ts";
import { DirNode } from "../fs/vfs.ts";
import { resolve } from "../fs/walk.ts";
import { createNetNs } from "../net/index.ts";
import { nsGet, NsFile, NsNode, nsPut } from "./nsfs.ts";
import type { Process } from "./process.ts";

const NETNS_DIR = "/run/netns/";

export function unshare(p: Process, what: "net" | "mnt" | "uts"): number {
  if (p.cred.uid !== 0) return -Errno.EPERM;
  const m = p.machine;
  if (what === "net") {
    const old = p.net;
    p.net = nsGet(createNetNs(m.world.net, m.name, `${m.name}#${m.nextNsLabel++}`, false));
    nsPut(old);
  } else if (what === "uts") p.uts = { ino: m.world.net.nsInode(), nodename: p.uts.nodename };
  else {
    const moved = new Map<Mount, Mount>();
    const ns = p.mnt.copy(moved, m.world.net.nsInode());
    const at = (l: Loc): Loc => ({ ...l, mnt: moved.get(l.mnt) ?? ns.root.mnt });
    p.mnt.put();
    p.mnt = ns;
    p.cwd = at(p.cwd);
  }
  return 0;
}

export function setns(p: Process, fd: number): number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  if (!(f instanceof NsFile)) return -Errno.EINVAL;
  if (p.cred.uid !== 0) return -Errno.EPERM;
  const old = p.net;
  p.net = nsGet(f.ns);
  nsPut(old);
  return 0;
}

export function mount_bind(p: Process, source: string, target: string): number {
  if (p.cred.uid !== 0) return -Errno.EPERM;
  const from = resolve(p.walker, source, true);
  if (typeof from === "number") return from;
  const to = resolve(p.walker, target, true);
  if (typeof to === "number") return to;
  if (from.node instanceof DirNode !== to.node instanceof DirNode) return -Errno.ENOTDIR;
  p.mnt.add(to, from.node, {
    ...from.mnt.info,
    source: from.node instanceof NsNode ? "nsfs" : from.mnt.info.source,
    type: from.node.sb.type,
  });
  if (from.node instanceof NsNode) {
    const path = pathOf(to);
    if (path.startsWith(NETNS_DIR)) from.node.ns.alias = path.slice(NETNS_DIR.length);
  }
  return 0;
}

export function mount_sysfs(p: Process): number {
  if (p.cred.uid !== 0) return -Errno.EPERM;
  p.mnt.sysfsOf = p.net;
  return 0;
}

export function umount(p: Process, target: string): number {
  if (p.cred.uid !== 0) return -Errno.EPERM;
  const loc = resolve(p.walker, target, true);
  return typeof loc === "number" ? loc : p.mnt.umount(loc);
}
