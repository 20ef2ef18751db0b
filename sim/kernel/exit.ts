/**
 * The end of processes (kernel/exit.c): closing what they had, telling the parent, handing children to init, hanging up
 * the terminal with the session's leader; and waiting for children.
 */
import { Errno } from "../core/result.ts";
import { Sig, type WaitStatus } from "./abi.ts";
import { BLOCK, type Block } from "./fd.ts";
import type { Machine } from "./machine.ts";
import { nsPut } from "./nsfs.ts";
import { Disp, type ExitStatus, type Process, State } from "./process.ts";
import { isOrphaned, isStop, notifyParent, signalGroup, stop } from "./signals.ts";

/** Acts on the signals that have their default action. False when the process does not go on. */
export function deliverPending(p: Process): boolean {
  const kill = p.pending.includes(Sig.KILL);
  const sig = kill ? Sig.KILL : p.pending.shift()!;
  if (isStop(sig)) {
    stop(p, sig);
    return false;
  }
  exitProcess(p, { kind: "signaled", value: sig });
  return false;
}

/** Ends a process. It stays as a zombie until its parent has waited for it. */
export function exitProcess(p: Process, status: ExitStatus): void {
  const m = p.machine;
  p.endCall(undefined);
  p.state = State.ZOMBIE;
  p.status = status;
  p.gen = null;
  m.world.sched.cancel(p.alarmTimer);
  p.fds.closeAll();
  nsPut(p.net);
  p.mnt.put();
  const groups = new Set<number>([p.pgid]);
  for (const c of p.children) {
    if (c.pgid !== p.pgid) groups.add(c.pgid);
    c.parent = m.init;
    m.init.children.push(c);
    if (c.state === State.ZOMBIE) reap(c);
  }
  p.children.length = 0;
  if (p.session.sid === p.pid && p.session.tty) p.session.tty.leaderExited();
  for (const g of groups) hangupIfOrphaned(m, g);
  const parent = p.parent!;
  notifyParent(p);
  if (parent === m.init || parent.disp[Sig.CHLD] === Disp.IGNORE) reap(p);
}

/** A group that lost its last link to the shell must not stay stopped for ever. */
function hangupIfOrphaned(m: Machine, pgid: number): void {
  let stopped = false;
  for (const p of m.procs.values()) if (p.pgid === pgid && p.state === State.STOPPED) stopped = true;
  if (!stopped || !isOrphaned(m, pgid)) return;
  signalGroup(m, pgid, Sig.HUP);
  signalGroup(m, pgid, Sig.CONT);
}

function reap(p: Process): void {
  const { parent } = p;
  if (parent) {
    const i = parent.children.indexOf(p);
    if (i >= 0) parent.children.splice(i, 1);
    parent.childCpu += p.cpu + p.childCpu;
    parent.childSystemCpu += p.systemCpu + p.childSystemCpu;
  }
  p.state = State.DEAD;
  p.machine.procs.delete(p.pid);
}

/** wait4(2). */
export function wait4(
  p: Process,
  pid: number,
  opts: { readonly nohang?: boolean; readonly untraced?: boolean; readonly continued?: boolean },
): WaitStatus | null | number | Block {
  let any = false;
  for (const c of p.children) {
    if (pid > 0 ? c.pid !== pid : pid === 0 ? c.pgid !== p.pgid : pid !== -1 && c.pgid !== -pid) continue;
    any = true;
    if (c.state === State.ZOMBIE) {
      const { kind, value } = c.status!;
      reap(c);
      return { pid: c.pid, kind, value };
    }
    if (opts.untraced === true && c.state === State.STOPPED && !c.stopReported) {
      c.stopReported = true;
      return { pid: c.pid, kind: "stopped", value: c.stopSignal };
    }
    if (opts.continued === true && c.continuedUnreported) {
      c.continuedUnreported = false;
      return { pid: c.pid, kind: "continued", value: Sig.CONT };
    }
  }
  if (!any) return -Errno.ECHILD;
  if (opts.nohang === true) return null;
  p.waitOn(p.childq);
  return BLOCK;
}
