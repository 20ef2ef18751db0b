/**
 * Signals (kernel/signal.c): sending and default actions. A signal with a default action is noted on the process and
 * acted on when it next gets the CPU (deliverPending in exit.ts); a caught one is handed over by sigtake().
 *
 * Left out: real-time signals' queueing, blocking masks (the shell has no use for them), core files.
 */
import { Errno } from "../core/result.ts";
import { Sig } from "./abi.ts";
import { enqueue } from "./cpu.ts";
import type { Machine } from "./machine.ts";
import { Disp, type Process, State } from "./process.ts";

export const MAX_SIG = 64;

const STOPS: readonly number[] = [Sig.STOP, Sig.TSTP, Sig.TTIN, Sig.TTOU];
const IGNORED: readonly number[] = [Sig.CHLD, Sig.CONT, Sig.URG, Sig.WINCH];

export function isStop(sig: number): boolean {
  return STOPS.includes(sig);
}

/** Would this signal do nothing at all? */
export function isIgnored(p: Process, sig: number): boolean {
  if (p.disp[sig] === Disp.IGNORE) return true;
  return p.disp[sig] === Disp.DEFAULT && IGNORED.includes(sig);
}

/** Sends a signal; permission is the caller's business. */
export function sendSignal(p: Process, sig: number): void {
  if (!p.alive) return;
  if (sig === Sig.CONT) {
    drop(p.pending, isStop);
    drop(p.caught, isStop);
    if (p.state === State.STOPPED) resume(p);
  } else if (isStop(sig)) {
    drop(p.pending, isCont);
    drop(p.caught, isCont);
  }
  if (p.pid === 1) return; // init has no handlers, and without one nothing harms it
  const d = sig === Sig.KILL || sig === Sig.STOP ? Disp.DEFAULT : p.disp[sig];
  if (d === Disp.CATCH) {
    if (!p.caught.includes(sig)) p.caught.push(sig);
  } else {
    if (isIgnored(p, sig) && sig !== Sig.KILL && sig !== Sig.STOP) return;
    if (isStop(sig) && sig !== Sig.STOP && isOrphaned(p.machine, p.pgid)) return;
    if (!p.pending.includes(sig)) p.pending.push(sig);
    if (sig === Sig.KILL && p.state === State.STOPPED) resume(p);
  }
  p.wakeup();
}

/** Sends to every process of a group; how many there were. */
export function signalGroup(m: Machine, pgid: number, sig: number): number {
  let n = 0;
  for (const p of m.procs.values()) {
    if (p.pgid !== pgid || !p.alive) continue;
    sendSignal(p, sig);
    n++;
  }
  return n;
}

/** The process stops; its parent is told. */
export function stop(p: Process, sig: number): void {
  p.state = State.STOPPED;
  p.stopSignal = sig;
  p.stopReported = false;
  p.continuedUnreported = false;
  notifyParent(p);
}

function resume(p: Process): void {
  p.stopSignal = 0;
  p.continuedUnreported = true;
  p.leaveQueues(); // a call that blocked looks again
  p.state = State.READY;
  enqueue(p);
  notifyParent(p);
}

/** A child changed state. */
export function notifyParent(p: Process): void {
  const { parent } = p;
  if (!parent) return;
  sendSignal(parent, Sig.CHLD);
  parent.childq.wake();
}

/** A group is orphaned when no member has a parent in another group of the same session: nobody could continue it. */
export function isOrphaned(m: Machine, pgid: number): boolean {
  for (const p of m.procs.values()) {
    if (p.pgid !== pgid || !p.alive || !p.parent || p.parent.pid === 1) continue;
    if (p.parent.pgid !== pgid && p.parent.session === p.session) return false;
  }
  return true;
}

/** May the caller signal that process? */
export function mayKill(caller: Process, p: Process, sig: number): number {
  if (caller.cred.uid === 0 || caller.cred.uid === p.cred.uid || caller.ruid === p.ruid) return 0;
  if (sig === Sig.CONT && caller.session === p.session) return 0;
  return -Errno.EPERM;
}

function isCont(sig: number): boolean {
  return sig === Sig.CONT;
}

function drop(list: number[], which: (sig: number) => boolean): void {
  for (let i = list.length - 1; i >= 0; i--) if (which(list[i]!)) list.splice(i, 1);
}
