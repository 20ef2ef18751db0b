/** System calls on processes: time, signals, groups, credentials. */
import { Errno } from "../core/result.ts";
import { TimerKind } from "../core/scheduler.ts";
import { NEVER, US } from "../core/time.ts";
import { type CpuTimes, type Credentials, Sig, type SigDisposition, type Uname } from "./abi.ts";
import { BLOCK, type Block } from "./fd.ts";
import { KERNEL } from "./release.ts";
import { Disp, type Process, Session } from "./process.ts";
import { isIgnored, MAX_SIG, mayKill, sendSignal } from "./signals.ts";
import { waitUntil } from "./sys-file.ts";

/** one step must not take the CPU for longer than this */
const MAX_TICK = 10_000;
const NAMES: readonly SigDisposition[] = ["default", "ignore", "catch"];

export function tick(p: Process, n: number): number {
  p.systemCpu -= US; // stands for computing, not for a call
  if (n > 1) p.machine.cost += (Math.min(n, MAX_TICK) - 1) * US;
  return p.caught.length > 0 ? -Errno.EINTR : 0;
}

export function nanosleep(p: Process, ns: number): number | Block {
  if (ns < 0 || Number.isNaN(ns)) return -Errno.EINVAL;
  return waitUntil(p, ns) ? 0 : BLOCK;
}

export function clock_gettime(p: Process, clock: "realtime" | "monotonic" | "boottime"): number {
  const m = p.machine;
  return clock === "realtime" ? m.world.realtime() : m.world.sched.now - m.bootedAt;
}

export function times(p: Process): CpuTimes {
  return { user: p.cpu - p.systemCpu, system: p.systemCpu, childUser: p.childCpu - p.childSystemCpu, childSystem: p.childSystemCpu };
}

export function getrandom(p: Process): number {
  return p.random.u32();
}

export function kill(p: Process, pid: number, sig: number): number {
  if (!Number.isInteger(sig) || sig < 0 || sig > MAX_SIG) return -Errno.EINVAL;
  if (pid > 0) {
    const t = p.machine.procs.get(pid);
    if (!t) return -Errno.ESRCH;
    const err = mayKill(p, t, sig);
    if (err === 0 && sig !== 0) sendSignal(t, sig);
    return err;
  }
  const pgid = pid === 0 ? p.pgid : -pid;
  let found = false;
  let sent = false;
  for (const t of p.machine.procs.values()) {
    if (pid === -1 ? t.pid === 1 || t === p : t.pgid !== pgid) continue;
    found = true;
    if (mayKill(p, t, sig) !== 0) continue;
    sent = true;
    if (sig !== 0) sendSignal(t, sig);
  }
  return sent ? 0 : found ? -Errno.EPERM : -Errno.ESRCH;
}

export function getpid(p: Process): number {
  return p.pid;
}
export function getppid(p: Process): number {
  return p.parent?.pid ?? 0;
}
export function getpgid(p: Process, pid: number): number {
  const t = pid === 0 ? p : p.machine.procs.get(pid);
  return t ? t.pgid : -Errno.ESRCH;
}

export function setpgid(p: Process, pid: number, pgid: number): number {
  if (pgid < 0) return -Errno.EINVAL;
  const t = pid === 0 ? p : p.machine.procs.get(pid);
  if (!t || (t !== p && t.parent !== p)) return -Errno.ESRCH;
  if (t.session !== p.session || t.session.sid === t.pid) return -Errno.EPERM;
  const to = pgid === 0 ? t.pid : pgid;
  if (to !== t.pid) {
    let ok = false;
    for (const q of p.machine.procs.values()) if (q.pgid === to && q.session === p.session) ok = true;
    if (!ok) return -Errno.EPERM;
  }
  t.pgid = to;
  return 0;
}

export function setsid(p: Process): number {
  for (const q of p.machine.procs.values()) if (q.pgid === p.pid) return -Errno.EPERM;
  p.session = new Session(p.pid);
  p.pgid = p.pid;
  return p.pid;
}

export function sigaction(p: Process, sig: number, what: SigDisposition): SigDisposition | number {
  if (!Number.isInteger(sig) || sig < 1 || sig > MAX_SIG || sig === Sig.KILL || sig === Sig.STOP) return -Errno.EINVAL;
  const old = NAMES[p.disp[sig]!]!;
  p.disp[sig] = what === "ignore" ? Disp.IGNORE : what === "catch" ? Disp.CATCH : Disp.DEFAULT;
  if (isIgnored(p, sig)) remove(p.pending, sig);
  if (what !== "catch") remove(p.caught, sig);
  return old;
}

function remove(list: number[], sig: number): void {
  const i = list.indexOf(sig);
  if (i >= 0) list.splice(i, 1);
}

export function sigtake(p: Process): readonly number[] {
  return p.caught.splice(0);
}

export function pause(): Block {
  return BLOCK;
}

export function alarm(p: Process, ns: number): number {
  const { sched } = p.machine.world;
  const left = p.alarmTimer?.live ? p.alarmTimer.at - sched.now : 0;
  sched.cancel(p.alarmTimer);
  p.alarmTimer = ns > 0 && ns < NEVER ? sched.arm(TimerKind.ITIMER, p, ns) : null;
  return left;
}

export function getcred(p: Process): Credentials {
  return p.ruid === p.cred.uid ? p.cred : { ...p.cred, ruid: p.ruid };
}

export function setcred(p: Process, c: Credentials): number {
  if (p.cred.uid !== 0 && (c.uid !== p.ruid || c.gid !== p.cred.gid)) return -Errno.EPERM;
  p.cred = { uid: c.uid, gid: c.gid, groups: c.groups };
  p.ruid = c.ruid ?? c.uid;
  return 0;
}

export function getenv(p: Process): ReadonlyMap<string, string> {
  return p.env;
}

export function uname(p: Process): Uname {
  return { sysname: "Linux", nodename: p.uts.nodename, release: KERNEL.release, version: KERNEL.version, machine: "x86_64" };
}

export function klogctl(p: Process): number {
  if (p.cred.uid !== 0) return -Errno.EPERM;
  const log = p.machine.kernelLog;
  log.clearSeq = log.endSeq;
  return 0;
}

export function sethostname(p: Process, name: string): number {
  if (p.cred.uid !== 0) return -Errno.EPERM;
  if (name.length > 64) return -Errno.EINVAL;
  p.uts.nodename = name;
  return 0;
}
