/**
 * What /proc shows of a machine and its processes (fs/proc/array.c, base.c). Sizes of memory are plausible constants:
 * there is no memory to measure here.
 */
import { Errno } from "../core/result.ts";
import { SEC } from "../core/time.ts";
import { pathOf, type Loc } from "../fs/mount.ts";
import type { ProcSource } from "../fs/procfs.ts";
import type { FsCtx } from "../fs/vfs.ts";
import { MAX_PROCS } from "./exec.ts";
import { MAX_FDS } from "./fd.ts";
import type { Machine } from "./machine.ts";
import type { NetNs } from "../net/netns.ts";
import { procNetFiles } from "./netinfo.ts";
import { procVlanDir } from "./netinfo-vlan.ts";
import { devSnmp6Dir, procNet6Files } from "./netinfo6.ts";
import { procSocketFiles } from "./netsocks.ts";
import { OpenFileNode } from "./open.ts";
import { Disp, type Process, State } from "./process.ts";
import { MAX_SIG } from "./signals.ts";
import { listSysctls, readSysctl, sysctlFileMode, writeSysctl } from "./sysctl.ts";
import { KERNEL } from "./release.ts";
import { O } from "./abi.ts";
import { TunFile } from "./tunfile.ts";

/** USER_HZ: what times in /proc/PID/stat count in */
const TICK_NS = SEC / 100;
const STATE_LETTER = ["R", "S", "T", "Z", "X"] as const;
const STATE_WORD = ["R (running)", "S (sleeping)", "T (stopped)", "Z (zombie)", "X (dead)"] as const;
/** inode numbers of the namespaces that there is one of */
const FIXED_NS: Readonly<Record<string, number>> = {
  time: 4026531834,
  cgroup: 4026531835,
  pid: 4026531836,
  user: 4026531837,
  ipc: 4026531839,
};
const MEM_TOTAL_KB = 2_014_340;
const VM_KB = 7_196;
const RSS_KB = 3_584;

export function procSource(m: Machine): ProcSource {
  const caller = (ctx: FsCtx): Process => (ctx.caller as Process | null) ?? m.init;
  const alive = (pid: number): Process | null => m.procs.get(pid) ?? null;
  const netOf = (pid: number): NetNs => alive(pid)?.net ?? m.rootNs;
  return {
    files: machineFiles(m),
    netFiles: new Map([...procNetFiles(netOf), ...procNet6Files(netOf), ...procSocketFiles(m)]),
    netDirs: new Map([
      ["dev_snmp6", devSnmp6Dir(netOf)],
      ["vlan", procVlanDir(netOf)],
    ]),
    pids: () => [...m.procs.keys()].sort((a, b) => a - b),
    self: (ctx) => caller(ctx).pid,
    owner: (pid) => alive(pid)?.cred.uid ?? null,
    text: (pid, file) => pidText(m, pid, file),
    link: (ctx, pid, name) => (mayInspect(caller(ctx), alive(pid)) ? pidLink(m, pid, name) : -Errno.EACCES),
    follow: (ctx, pid, name) => (mayInspect(caller(ctx), alive(pid)) ? pidFollow(m, pid, name) : -Errno.EACCES),
    fds: (pid) => alive(pid)?.fds.fds() ?? [],
    sysctls: (ctx) => listSysctls(caller(ctx)),
    sysctlMode: (ctx, path) => sysctlFileMode(caller(ctx), path),
    sysctlRead: (ctx, path) => readSysctl(caller(ctx), path),
    sysctlWrite: (ctx, path, text) => writeSysctl(caller(ctx), path, text),
  };
}

/** ptrace_may_access(): where a process' links lead is its owner's and root's business */
function mayInspect(p: Process, target: Process | null): boolean {
  return !target || p.cred.uid === 0 || p.cred.uid === target.cred.uid;
}

function machineFiles(m: Machine): ReadonlyMap<string, (ctx: FsCtx) => string> {
  const uptime = (): number => m.world.sched.now - m.bootedAt;
  const two = (ns: number): string => (Math.floor(ns / (SEC / 100)) / 100).toFixed(2);
  const busy = (): number => {
    let n = 0;
    for (const p of m.procs.values()) n += p.cpu + p.childCpu;
    return n;
  };
  return new Map<string, (ctx: FsCtx) => string>([
    ["uptime", () => `${two(uptime())} ${two(Math.max(0, uptime() - busy()))}\n`],
    ["loadavg", () => `0.00 0.00 0.00 ${Math.max(1, m.runq.length)}/${m.procs.size} ${Math.max(...m.procs.keys())}\n`],
    [
      "version",
      () =>
        `Linux version ${KERNEL.release} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) ${KERNEL.version}\n`,
    ],
    ["cmdline", () => `BOOT_IMAGE=/boot/vmlinuz-${KERNEL.release} root=/dev/vda1 ro quiet\n`],
    ["filesystems", () => "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tdevtmpfs\nnodev\tpipefs\nnodev\tnsfs\n\text4\n"],
    ["meminfo", () => memInfo()],
    [
      "cpuinfo",
      () =>
        "processor\t: 0\nvendor_id\t: HopByHop\nmodel name\t: Simulated CPU\ncpu MHz\t\t: 1.000\ncpu cores\t: 1\nflags\t\t: fpu\nbogomips\t: 2.00\n\n",
    ],
    [
      "stat",
      () =>
        `cpu  ${ticks(busy())} 0 0 ${ticks(Math.max(0, uptime() - busy()))} 0 0 0 0 0 0\nbtime ${m.world.epoch + Math.floor(m.bootedAt / SEC)}\nprocesses ${m.procs.size}\nprocs_running ${Math.max(1, m.runq.length)}\nprocs_blocked 0\n`,
    ],
  ]);
}

function memInfo(): string {
  const line = (name: string, kb: number): string => `${`${name}:`.padEnd(15)} ${String(kb).padStart(8)} kB\n`;
  return (
    line("MemTotal", MEM_TOTAL_KB) +
    line("MemFree", 1_502_116) +
    line("MemAvailable", 1_712_848) +
    line("Buffers", 18_204) +
    line("Cached", 322_012) +
    line("SwapTotal", 0) +
    line("SwapFree", 0)
  );
}

function ticks(ns: number): number {
  return Math.floor(ns / TICK_NS);
}

function pidText(m: Machine, pid: number, file: string): string | number {
  const p = m.procs.get(pid);
  if (!p) return -Errno.ESRCH;
  const gone = p.state >= State.ZOMBIE;
  if (file.startsWith("fdinfo/")) return fdInfo(p, Number(file.slice(7)));
  switch (file) {
    case "cmdline":
      return gone ? "" : p.argv.map((a) => `${a}\0`).join("");
    case "comm":
      return `${p.comm}\n`;
    case "environ":
      return gone ? "" : [...p.env].map(([k, v]) => `${k}=${v}\0`).join("");
    case "limits":
      return limits();
    case "mounts":
      return p.mnt.mounts.map((x) => `${x.info.source} ${mountPath(x.point)} ${x.info.type} ${x.info.options} 0 0\n`).join("");
    case "mountinfo":
      return p.mnt.mounts
        .map(
          (x, i) =>
            `${i + 20} ${x.parent ? p.mnt.mounts.indexOf(x.parent) + 20 : 1} 0:${x.root.sb.dev} / ${mountPath(x.point)} ${x.info.options.split(",")[0]!} shared:${i + 1} - ${x.info.type} ${x.info.source} ${x.info.options}\n`,
        )
        .join("");
    case "stat":
      return stat(p);
    case "statm":
      return gone ? "0 0 0 0 0 0 0\n" : `${VM_KB / 4} ${RSS_KB / 4} ${RSS_KB / 4} 10 0 90 0\n`;
    default:
      return status(p);
  }
}

/** proc_fd fdinfo: where it stands, how it was opened, and a tun file's device. */
function fdInfo(p: Process, fd: number): string | number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.ENOENT;
  const flags = f.flags | (p.fds.cloexec(fd) ? O.CLOEXEC : 0);
  const iff = f instanceof TunFile && f.device !== null ? `iff:\t${f.device}\n` : "";
  return `pos:\t${f.offset}\nflags:\t0${flags.toString(8)}\nmnt_id:\t${f.loc ? p.mnt.mounts.indexOf(f.loc.mnt) + 20 : 15}\nino:\t${f.node().ino}\n${iff}`;
}

function mountPath(point: Loc | null): string {
  return point ? pathOf(point) : "/";
}

function stat(p: Process): string {
  const { tty } = p.session;
  const ttyNr = tty ? (136 << 8) | tty.n : 0;
  const size = p.state >= State.ZOMBIE ? [0, 0] : [VM_KB * 1024, RSS_KB / 4];
  const f = [
    p.pid,
    `(${p.comm})`,
    STATE_LETTER[p.state],
    p.parent?.pid ?? 0,
    p.pgid,
    p.session.sid,
    ttyNr,
    tty ? tty.fgPgid : -1,
    4194304,
    0,
    0,
    0,
    0,
    ticks(p.cpu),
    0,
    ticks(p.childCpu),
    0,
    20,
    0,
    1,
    0,
    ticks(p.startTime - p.machine.bootedAt),
    ...size,
    "18446744073709551615",
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    17,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  return `${f.join(" ")}\n`;
}

function status(p: Process): string {
  const { cred } = p;
  const uids = `${p.ruid}\t${cred.uid}\t${cred.uid}\t${cred.uid}`;
  const root = cred.uid === 0;
  const caps = root ? "000001ffffffffff" : p.capNetRaw ? "0000000000002000" : "0000000000000000";
  const set = (d: number): string => {
    let bits = 0n;
    for (let s = 1; s <= MAX_SIG; s++) if (p.disp[s] === d) bits |= 1n << BigInt(s - 1);
    return bits.toString(16).padStart(16, "0");
  };
  const mem =
    p.state >= State.ZOMBIE
      ? ""
      : `VmPeak:\t${String(VM_KB).padStart(8)} kB\nVmSize:\t${String(VM_KB).padStart(8)} kB\nVmRSS:\t${String(RSS_KB).padStart(8)} kB\n`;
  return (
    `Name:\t${p.comm}\nUmask:\t${p.umask.toString(8).padStart(4, "0")}\nState:\t${STATE_WORD[p.state]}\nTgid:\t${p.pid}\nNgid:\t0\nPid:\t${p.pid}\nPPid:\t${p.parent?.pid ?? 0}\nTracerPid:\t0\n` +
    `Uid:\t${uids}\nGid:\t${cred.gid}\t${cred.gid}\t${cred.gid}\t${cred.gid}\nFDSize:\t64\nGroups:\t${cred.groups.join(" ")} \nNStgid:\t${p.pid}\nNSpid:\t${p.pid}\nNSpgid:\t${p.pgid}\nNSsid:\t${p.session.sid}\n${mem}` +
    `Threads:\t1\nSigPnd:\t0000000000000000\nSigBlk:\t0000000000000000\nSigIgn:\t${set(Disp.IGNORE)}\nSigCgt:\t${set(Disp.CATCH)}\nCapInh:\t0000000000000000\nCapPrm:\t${caps}\nCapEff:\t${caps}\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\n`
  );
}

function limits(): string {
  const row = (name: string, soft: string, hard: string, unit: string): string =>
    `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`;
  const n = String(MAX_PROCS);
  const f = String(MAX_FDS);
  return row("Limit", "Soft Limit", "Hard Limit", "Units") + row("Max processes", n, n, "processes") + row("Max open files", f, f, "files");
}

function pidLink(m: Machine, pid: number, name: string): string | number {
  const p = m.procs.get(pid);
  if (!p) return -Errno.ENOENT;
  if (name.startsWith("fd/")) return p.fds.file(Number(name.slice(3)))?.describe() ?? -Errno.ENOENT;
  if (name.startsWith("ns/")) {
    const ns = name.slice(3).replace("_for_children", "");
    const ino = ns === "net" ? p.net.inode : ns === "mnt" ? p.mnt.ino : ns === "uts" ? p.uts.ino : FIXED_NS[ns]!;
    return `${ns}:[${ino}]`;
  }
  if (p.state >= State.ZOMBIE) return -Errno.ENOENT;
  if (name === "root") return "/";
  if (name === "cwd") return pathOf(p.cwd);
  return p.exe ? pathOf(p.exe) : "/usr/lib/systemd/systemd";
}

function pidFollow(m: Machine, pid: number, name: string): Loc | number {
  const p = m.procs.get(pid);
  if (!p || p.state >= State.ZOMBIE) return -Errno.ENOENT;
  if (name.startsWith("fd/")) {
    const f = p.fds.file(Number(name.slice(3)));
    if (!f) return -Errno.ENOENT;
    // a file with a path is opened anew; what has none is reached through itself
    return f.loc && f.node() === f.loc.node && f.loc.node.nlink > 0
      ? f.loc
      : { mnt: p.mnt.root.mnt, node: new OpenFileNode(m.pipefs, f), dir: null, name: f.describe() };
  }
  if (name === "ns/net") return m.nsLoc(p.net);
  if (name.startsWith("ns/")) return -Errno.EACCES; // other namespaces cannot be entered through files here
  if (name === "root") return p.mnt.root;
  if (name === "cwd") return p.cwd;
  return p.exe ?? -Errno.ENOENT;
}
