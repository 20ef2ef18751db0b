/**
 * Execution. Each machine has one CPU: a RUN event takes the next process of the run queue, lets its program go on to its
 * next system call, carries that out, and charges its cost; the process then queues up behind the others. A call that
 * blocks leaves its handler to be run again when something it waits for has happened.
 *
 * One event is one system call, so a world can be sliced anywhere and a program that computes for ever between
 * calls is the only thing that could hold it up.
 */
import { EngineBug, Errno } from "../core/result.ts";
import { TimerKind, type Scheduler } from "../core/scheduler.ts";
import { US } from "../core/time.ts";
import { utf8 } from "../core/bytes.ts";
import { deliverPending, exitProcess } from "./exit.ts";
import { enqueue, kick } from "./cpu.ts";
import { BLOCK } from "./fd.ts";
import type { Machine } from "./machine.ts";
import { type Handler, type Process, RESTART, State } from "./process.ts";
import { sendSignal } from "./signals.ts";
import { Sig } from "./abi.ts";
import { HANDLERS } from "./syscalls.ts";

/** virtual time of a system call */
export const SYSCALL_NS = US;

export function registerRun(sched: Scheduler): void {
  sched.on(TimerKind.RUN, onRun as (o: never) => void);
  sched.on(TimerKind.DEADLINE, onDeadline as (o: never) => void);
  sched.on(TimerKind.ITIMER, onAlarm as (o: never) => void);
}

function onRun(m: Machine): void {
  m.cpuTimer = null;
  const p = m.runq.shift();
  if (!p) return;
  p.queued = false;
  if (p.state === State.READY) {
    m.running = true; // who is woken meanwhile gets the CPU after this step's cost
    m.cost = 0;
    step(p);
    p.cpu += m.cost;
    m.cpuFreeAt = m.world.sched.now + m.cost;
    if (p.state === State.READY) enqueue(p);
    m.running = false;
  }
  kick(m);
}

function onDeadline(p: Process): void {
  p.deadlineTimer = null;
  p.wakeup();
}

function onAlarm(p: Process): void {
  p.alarmTimer = null;
  sendSignal(p, Sig.ALRM);
}

function step(p: Process): void {
  const m = p.machine;
  if (p.debt > 0) {
    m.cost += p.debt;
    p.debt = 0;
    return;
  }
  if (p.pending.length > 0 && !deliverPending(p)) return;
  const { call } = p;
  if (!call.handler) {
    if (!next(p)) return;
  }
  m.cost += SYSCALL_NS;
  p.systemCpu += SYSCALL_NS;
  const a = call.args as never[];
  const result = call.handler!(p, a[0] as never, a[1] as never, a[2] as never, a[3] as never);
  if (result === BLOCK) {
    if (p.caught.length > 0) p.endCall(call.progress > 0 ? call.progress : -Errno.EINTR);
    else if (p.pending.length === 0) p.state = State.BLOCKED;
    return;
  }
  if (result === RESTART) p.endCall(undefined);
  else if (p.alive) p.endCall(result);
}

/** Runs the program up to its next call. False when there is none: it ended. */
function next(p: Process): boolean {
  let r: IteratorResult<{ readonly nr: string; readonly args: readonly unknown[] }, number>;
  try {
    r = p.gen!.next(p.result);
  } catch (e) {
    programFault(p, e);
    return false;
  }
  if (r.done) {
    p.machine.cost += SYSCALL_NS;
    exitProcess(p, { kind: "exited", value: r.value & 255 });
    return false;
  }
  const h: Handler | undefined = HANDLERS[r.value.nr as keyof typeof HANDLERS] as Handler | undefined;
  if (!h) {
    programFault(p, new EngineBug(`no system call ${r.value.nr}`));
    return false;
  }
  p.call.handler = h;
  p.call.args = r.value.args;
  return true;
}

/** A program of ours broke. It ends as a crashed program would; the world goes on. */
function programFault(p: Process, e: unknown): void {
  const what = e instanceof Error ? `${e.name}: ${e.message}` : String(e);
  p.machine.world.faults.push({
    machine: p.machine.name,
    comm: p.comm,
    pid: p.pid,
    what,
    stack: e instanceof Error ? (e.stack ?? "") : "",
  });
  const text = utf8(`hop: ${p.comm}: internal error: ${what}\n`);
  const err = p.fds.file(2);
  if (err && err.writable) err.write(p, text, 0);
  exitProcess(p, { kind: "exited", value: 70 });
}
