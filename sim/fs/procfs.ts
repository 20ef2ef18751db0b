/**
 * /proc: the layout. What stands in the files is supplied by the kernel through ProcSource (kernel/procinfo.ts), for this
 * layer knows no processes. /proc/net and /proc/sys/net show the caller's network namespace.
 *
 * Left out: everything about memory maps, tasks (threads), cgroups, interrupts, and files that no network tool reads.
 */
import { Errno } from "../core/result.ts";
import type { Loc } from "./mount.ts";
import { fixedDir, type Spec, synthRoot, textSpec } from "./synth.ts";
import type { DirNode, FsCtx, SuperBlock } from "./vfs.ts";

export interface ProcSource {
  /** whole-machine files by name: "uptime" */
  readonly files: ReadonlyMap<string, (ctx: FsCtx) => string>;
  /** files below /proc/PID/net, for that process' namespace */
  readonly netFiles: ReadonlyMap<string, (pid: number) => string>;
  pids(): readonly number[];
  self(ctx: FsCtx): number;
  /** uid, or null when there is no such process */
  owner(pid: number): number | null;
  /** one of PID_FILES */
  text(pid: number, file: string): string | number;
  /** "cwd", "exe", "root", or "fd/3", "ns/net" */
  link(ctx: FsCtx, pid: number, name: string): string | number;
  follow(ctx: FsCtx, pid: number, name: string): Loc | number;
  fds(pid: number): readonly number[];
  /** paths below /proc/sys: "net/ipv4/ip_forward" */
  sysctls(ctx: FsCtx): readonly string[];
  /** permission bits */
  sysctlMode(ctx: FsCtx, path: string): number;
  sysctlRead(ctx: FsCtx, path: string): string | number;
  sysctlWrite(ctx: FsCtx, path: string, text: string): number;
}

export const PID_FILES = ["cmdline", "comm", "environ", "limits", "mountinfo", "mounts", "stat", "statm", "status"] as const;
const PRIVATE = ["environ"];
const NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"];

export function buildProc(sb: SuperBlock, src: ProcSource): DirNode {
  const fixed = new Map<string, Spec>();
  fixed.set("self", { kind: "link", target: (ctx) => String(src.self(ctx)) });
  fixed.set("net", { kind: "link", target: () => "self/net" });
  fixed.set("mounts", { kind: "link", target: () => "self/mounts" });
  fixed.set("sys", sysDir(src, ""));
  for (const [name, read] of src.files) fixed.set(name, textSpec(read));
  const root: Spec = {
    kind: "dir",
    list: () => [...src.pids().map(String), ...fixed.keys()],
    child: (_ctx, name) => {
      const pid = Number(name);
      if (String(pid) === name && src.owner(pid) !== null) return pidDir(src, pid);
      return fixed.get(name) ?? null;
    },
  };
  return synthRoot(sb, root, -Errno.ENOENT);
}

function pidDir(src: ProcSource, pid: number): Spec {
  const uid = src.owner(pid) ?? 0;
  const e = new Map<string, Spec>();
  for (const f of PID_FILES) e.set(f, { kind: "text", uid, mode: PRIVATE.includes(f) ? 0o400 : 0o444, read: () => src.text(pid, f) });
  for (const l of ["cwd", "exe", "root"]) e.set(l, magic(src, pid, uid, l));
  e.set("fd", {
    kind: "dir",
    mode: 0o500,
    uid,
    list: () => src.fds(pid).map(String),
    child: (_ctx, name) =>
      src.fds(pid).includes(Number(name)) && String(Number(name)) === name ? magic(src, pid, uid, `fd/${name}`) : null,
  });
  e.set("ns", {
    kind: "dir",
    mode: 0o511,
    uid,
    list: () => NAMESPACES,
    child: (_ctx, name) => (NAMESPACES.includes(name) ? magic(src, pid, uid, `ns/${name}`) : null),
  });
  const net = new Map<string, Spec>();
  for (const [name, read] of src.netFiles)
    net.set(
      name,
      textSpec(() => read(pid)),
    );
  e.set("net", fixedDir(net));
  const d = fixedDir(e);
  return d.kind === "dir" ? { ...d, uid } : d;
}

function magic(src: ProcSource, pid: number, uid: number, name: string): Spec {
  return { kind: "link", uid, target: (ctx) => src.link(ctx, pid, name), follow: (ctx) => src.follow(ctx, pid, name) };
}

/** a directory below /proc/sys, from the flat list of paths; `prefix` ends in "/" unless empty */
function sysDir(src: ProcSource, prefix: string): Spec {
  return {
    kind: "dir",
    list: (ctx) => {
      const seen = new Set<string>();
      for (const p of src.sysctls(ctx)) {
        if (!p.startsWith(prefix)) continue;
        const end = p.indexOf("/", prefix.length);
        seen.add(p.slice(prefix.length, end < 0 ? p.length : end));
      }
      return [...seen];
    },
    child: (ctx, name) => {
      const path = prefix + name;
      for (const p of src.sysctls(ctx)) {
        if (p === path) {
          return {
            kind: "text",
            mode: src.sysctlMode(ctx, path),
            read: (c) => src.sysctlRead(c, path),
            write: (c, text) => src.sysctlWrite(c, path, text),
          };
        }
        if (p.startsWith(path) && p[path.length] === "/") return sysDir(src, `${path}/`);
      }
      return null;
    },
  };
}
