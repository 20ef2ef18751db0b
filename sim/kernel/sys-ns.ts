/**
 * System calls on namespaces and mounts: bind mounts, tmpfs, sysfs afresh, and umount. A namespace
 * bound below /run/netns is known under that file's name in views.
 */
import { Errno } from "../core/result.ts";
import { type Loc, type Mount, pathOf } from "../fs/mount.ts";
import { MemDir } from "../fs/memfs.ts";
import { DirNode, SuperBlock } from "../fs/vfs.ts";
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

/** What only shows up in /proc/mounts: there are no devices, programs of other owners or access times to guard here. */
const FLAGS = ["rw", "nosuid", "nodev", "noexec", "relatime", "noatime", "strictatime", "nodiratime"];

export function mount_tmpfs(p: Process, source: string, target: string, options: string): number {
  if (p.cred.uid !== 0) return -Errno.EPERM;
  const to = resolve(p.walker, target, true);
  if (typeof to === "number") return to;
  if (!(to.node instanceof DirNode)) return -Errno.ENOTDIR;
  const { world } = p.machine;
  const sb = new SuperBlock("tmpfs", world.nextDev(), world);
  let mode = 0o1777;
  const shown = ["rw"];
  const own: string[] = [];
  for (const word of options.split(",")) {
    const size = /^size=([0-9]+)([kmg]?)$/i.exec(word);
    const inodes = /^nr_inodes=([0-9]+)(k?)$/i.exec(word);
    const perm = /^mode=([0-7]{1,4})$/.exec(word);
    if (word === "" || word === "rw" || word === "defaults") continue;
    if (FLAGS.includes(word)) shown.push(word);
    else if (size !== null) {
      sb.maxBytes = Math.ceil((Number(size[1]) * 1024 ** " kmg".indexOf(size[2]!.toLowerCase() || " ")) / 4096) * 4096;
      own.push(`size=${sb.maxBytes / 1024}k`);
    } else if (inodes !== null) {
      sb.maxFiles = Number(inodes[1]) * (inodes[2] === "" ? 1 : 1024);
      own.push(`nr_inodes=${sb.maxFiles}`);
    } else if (perm !== null) {
      mode = Number.parseInt(perm[1]!, 8);
      own.push(`mode=${perm[1]}`);
    } else return -Errno.EINVAL;
  }
  if (!shown.includes("noatime") && !shown.includes("strictatime") && !shown.includes("relatime")) shown.push("relatime");
  p.mnt.add(to, new MemDir(sb, mode, null, ""), { source, type: "tmpfs", options: [...shown, ...own].join(",") });
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
