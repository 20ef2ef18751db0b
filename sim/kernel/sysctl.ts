/** /proc/sys: the network namespace's values (sim/net/sysctl.ts) and the few of the machine that are shown. */
import { Errno } from "../core/result.ts";
import { sysctlList, sysctlMode, sysctlRead, sysctlWrite } from "../net/sysctl.ts";
import { MAX_FDS } from "./fd.ts";
import type { Process } from "./process.ts";
import { sockCred } from "./sys-sock.ts";
import { KERNEL } from "./release.ts";

const NET = "net/";
const WRITABLE: readonly string[] = ["kernel/hostname"];

const MACHINE: ReadonlyMap<string, (p: Process) => string> = new Map([
  ["fs/file-max", () => "9223372036854775807"],
  ["fs/nr_open", () => "1048576"],
  ["fs/file-nr", (p: Process) => `${openFiles(p)}\t0\t9223372036854775807`],
  ["kernel/domainname", () => "(none)"],
  ["kernel/hostname", (p: Process) => p.uts.nodename],
  ["kernel/osrelease", () => KERNEL.release],
  ["kernel/ostype", () => "Linux"],
  ["kernel/pid_max", () => "4194304"],
  ["kernel/threads-max", () => String(MAX_FDS * 4)],
  ["kernel/version", () => KERNEL.version],
]);

function openFiles(p: Process): number {
  let n = 0;
  for (const q of p.machine.procs.values()) n += q.fds.fds().length;
  return n;
}

/** Paths below /proc/sys, in order. Walking the tree asks again and again, so the last answer is kept. */
export function listSysctls(p: Process): readonly string[] {
  const m = p.machine;
  let key = String(p.net.id);
  for (const d of p.net.devs.values()) key += `/${d.name}${d.ip6 ? "" : "-"}`;
  if (m.sysctlPaths.key !== key) m.sysctlPaths = { key, paths: [...MACHINE.keys(), ...sysctlList(p.net).map((path) => NET + path)] };
  return m.sysctlPaths.paths;
}

/** Permission bits of such a file. */
export function sysctlFileMode(p: Process, path: string): number {
  if (path.startsWith(NET)) return Math.max(0, sysctlMode(p.net, path.slice(NET.length)));
  return WRITABLE.includes(path) ? 0o644 : 0o444;
}

export function readSysctl(p: Process, path: string): string | number {
  if (path.startsWith(NET)) return sysctlRead(p.net, path.slice(NET.length));
  const f = MACHINE.get(path);
  return f ? `${f(p)}\n` : -Errno.ENOENT;
}

export function writeSysctl(p: Process, path: string, text: string): number {
  if (path.startsWith(NET)) return sysctlWrite(p.net, path.slice(NET.length), text, sockCred(p));
  if (path !== "kernel/hostname") return -Errno.EACCES;
  p.uts.nodename = text.split("\n")[0]!.slice(0, 64);
  return 0;
}
