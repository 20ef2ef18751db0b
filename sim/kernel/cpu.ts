/** The queue for a machine's one CPU. What happens when a process gets it is in run.ts. */
import { TimerKind } from "../core/scheduler.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

/** Makes a process compete for its machine's CPU, behind those that already do. */
export function enqueue(p: Process): void {
  if (p.queued) return;
  p.queued = true;
  p.machine.runq.push(p);
  kick(p.machine);
}

/** Sees to it that the CPU goes on when there is work. */
export function kick(m: Machine): void {
  if (m.running || m.cpuTimer || m.runq.length === 0) return;
  const { sched } = m.world;
  m.cpuTimer = sched.arm(TimerKind.RUN, m, Math.max(0, m.cpuFreeAt - sched.now));
}
