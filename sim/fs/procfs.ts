/**
 * /proc: the layout. What stands in the files is supplied by the kernel through ProcSource (kernel/procinfo.ts), for this
 * layer knows no processes. /proc/net and /proc/sys/net show the caller's network namespace.
 *
 * Left out: everything about memory maps, tasks (threads), cgroups, interrupts, and files that no network tool reads.
 */
import { Errno } from "../core/result.ts";
import type { Loc } from "./mount.ts";
import { type Spec, synthRoot, textSpec } from "./synth.ts";
import type { DirNode, FsCtx, SuperBlock } from "./vfs.ts";

export interface ProcSource {
  /** whole-machine files by name: "uptime" */
  readonly files: ReadonlyMap<string, (ctx: FsCtx) => string>;
  /** files below /proc/PID/net, for that process' namespace */
  readonly netFiles: ReadonlyMap<string, (pid: number) => string>;
  /** directories below it: their files' names and texts, null where there is none */
  readonly netDirs: ReadonlyMap<string, { list(pid: number): string[]; read(pid: number, name: string): string | null }>;
  pids(): readonly number[];
  self(ctx: FsCtx): number;
  /** uid, or null when there is no such process */
  owner(pid: number): number | null;
  /** one of PID_FILES, or "fdinfo/3" */
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

const PID_FILES = ["cmdline", "comm", "environ", "limits", "mountinfo", "mounts", "stat", "statm", "status"];
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

const PID_LINKS = ["cwd", "exe", "root"];
const PID_DIRS = ["fd", "fdinfo", "ns", "net"];

const PID_NAMES: readonly string[] = [...PID_FILES, ...PID_LINKS, ...PID_DIRS];

function pidDir(src: ProcSource, pid: number): Spec {
  const uid = src.owner(pid) ?? 0;
  return {
    kind: "dir",
    mode: 0o555,
    uid,
    list: () => PID_NAMES,
    child: (_ctx, name) => {
      if (PID_LINKS.includes(name)) return magic(src, pid, uid, name);
      if (PID_DIRS.includes(name)) return pidSubdir(src, pid, uid, name);
      if (!PID_FILES.includes(name)) return null;
      return { kind: "text", uid, mode: PRIVATE.includes(name) ? 0o400 : 0o444, read: () => src.text(pid, name) };
    },
  };
}

function pidSubdir(src: ProcSource, pid: number, uid: number, dir: string): Spec {
  const list = (): string[] => src.fds(pid).map(String);
  const has = (name: string): boolean => src.fds(pid).includes(Number(name)) && String(Number(name)) === name;
  switch (dir) {
    case "fd":
      return { kind: "dir", mode: 0o500, uid, list, child: (_ctx, name) => (has(name) ? magic(src, pid, uid, `fd/${name}`) : null) };
    case "fdinfo":
      return {
        kind: "dir",
        mode: 0o500,
        uid,
        list,
        child: (_ctx, name) => (has(name) ? { kind: "text", uid, mode: 0o400, read: () => src.text(pid, `fdinfo/${name}`) } : null),
      };
    case "ns":
      return {
        kind: "dir",
        mode: 0o511,
        uid,
        list: () => NAMESPACES,
        child: (_ctx, name) => (NAMESPACES.includes(name) ? magic(src, pid, uid, `ns/${name}`) : null),
      };
    default:
      return {
        kind: "dir",
        mode: 0o555,
        list: () => [...src.netFiles.keys(), ...src.netDirs.keys()],
        child: (_ctx, name) => {
          const dir = src.netDirs.get(name);
          if (dir)
            return {
              kind: "dir",
              mode: 0o555,
              list: () => dir.list(pid),
              child: (_c, file) => (dir.read(pid, file) === null ? null : textSpec(() => dir.read(pid, file) ?? "")),
            };
          const read = src.netFiles.get(name);
          return read ? textSpec(() => read(pid)) : null;
        },
      };
  }
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
