/** Signals and traps. Caught signals wait in the kernel until a command has ended; then their traps run. */
import { type Call, Sig, type SigName } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import type { Simple } from "../syntax/ir.ts";
import { Discard, ExitShell, Interrupted, ShellError, sub } from "./flow.ts";

const NAMES = new Map<number, string>(Object.entries(Sig).map(([n, v]) => [v, n]));
/** Linux's numbers that abi.ts does not name, for kill -l and trap -l. */
const MORE: readonly (readonly [number, string])[] = [
  [16, "STKFLT"],
  [24, "XCPU"],
  [25, "XFSZ"],
  [26, "VTALRM"],
  [27, "PROF"],
  [29, "IO"],
  [30, "PWR"],
  [31, "SYS"],
];
for (const [n, s] of MORE) NAMES.set(n, s);

/** "INT" for 2; undefined when there is no such signal. */
export function signalName(n: number): string | undefined {
  if (n >= 34 && n <= 64) return n === 34 ? "RTMIN" : n === 64 ? "RTMAX" : n <= 49 ? `RTMIN+${n - 34}` : `RTMAX-${64 - n}`;
  return NAMES.get(n);
}

/** Number of "INT", "SIGINT", "int", "2"; -1: none. 0 for EXIT. */
export function signalNumber(spec: string): number {
  if (/^[0-9]+$/.test(spec)) {
    const n = Number(spec);
    return n === 0 || signalName(n) !== undefined ? n : -1;
  }
  const up = spec.toUpperCase().replace(/^SIG/, "");
  if (up === "EXIT") return 0;
  if (up in Sig) return Sig[up as SigName];
  for (const [n, s] of MORE) if (s === up) return n;
  for (let n = 34; n <= 64; n++) if (signalName(n) === up) return n;
  return -1;
}

const TEXTS: Readonly<Record<number, string>> = {
  1: "Hangup",
  2: "Interrupt",
  3: "Quit",
  4: "Illegal instruction",
  5: "Trace/breakpoint trap",
  6: "Aborted",
  7: "Bus error",
  8: "Floating point exception",
  9: "Killed",
  10: "User defined signal 1",
  11: "Segmentation fault",
  12: "User defined signal 2",
  13: "Broken pipe",
  14: "Alarm clock",
  15: "Terminated",
  16: "Stack fault",
  18: "Continued",
  19: "Stopped (signal)",
  20: "Stopped",
  21: "Stopped (tty input)",
  22: "Stopped (tty output)",
  24: "CPU time limit exceeded",
  25: "File size limit exceeded",
  26: "Virtual timer expired",
  27: "Profiling timer expired",
  29: "I/O possible",
  30: "Power failure",
  31: "Bad system call",
};
/** strsignal(3) */
export function signalText(n: number): string {
  return TEXTS[n] ?? `Unknown signal ${n}`;
}

/** µs that a step of the shell takes */
export const STEP = 2;
/** µs of steps after which the kernel is told, so that others get the CPU and signals are seen */
export const BATCH = 50;

/** Charges the steps since the last time; serves the signals that came meanwhile. */
export function* settle(sh: Shell): Call<void> {
  const us = sh.owed;
  sh.owed = 0;
  sh.alert = false;
  if ((yield* sh.sys.tick(us)) < 0) yield* takeSignals(sh);
}

/** Takes what is pending: traps run, SIGINT takes an interactive shell back to its prompt and ends a script. */
export function* takeSignals(sh: Shell): Call<void> {
  const late = sh.lateSignals;
  sh.lateSignals = [];
  for (const sig of [...late, ...(yield* sh.sys.sigtake())]) {
    const trap = sh.traps.get(String(sig));
    if (trap !== undefined) {
      if (trap !== "") yield* runTrap(sh, trap);
      continue;
    }
    if (sig === Sig.INT) {
      if (sh.interactive && sh.subshell === 0) throw new Interrupted();
      yield* dieOf(sh, Sig.INT);
    }
  }
}

/** Ends this process by a signal, after its EXIT trap. */
export function* dieOf(sh: Shell, sig: number): Call<never> {
  yield* runExitTrap(sh, 128 + sig);
  yield* sh.sys.sigaction(sig, "default");
  yield* sh.sys.kill(yield* sh.sys.getpid(), sig);
  throw new ExitShell(128 + sig);
}

/** Runs a trap's commands; $? is as before afterwards. */
export function* runTrap(sh: Shell, text: string): Call<void> {
  const { status, pipestatus, line } = sh;
  sh.inTrap++;
  try {
    yield* sub(sh.ev.runText(sh, text, { kind: "trap", name: "trap", firstLine: sh.line }));
  } finally {
    sh.inTrap--;
  }
  sh.status = status;
  sh.pipestatus = pipestatus;
  sh.line = line;
}

/** The DEBUG trap, before a command that $BASH_COMMAND shows. */
export function* debugTrap(sh: Shell, command: Simple | string): Call<void> {
  const debug = sh.traps.get("DEBUG");
  if (!debug || sh.inTrap > 0) return;
  sh.lastCommand = command;
  const { status, line } = sh;
  sh.inTrap++;
  yield* sub(sh.ev.runText(sh, debug, { kind: "trap", name: "debug trap", firstLine: line }));
  sh.inTrap--;
  sh.status = status;
  sh.line = line;
}

/** The EXIT trap, once. Returns the status with which the process ends. */
export function* runExitTrap(sh: Shell, status: number): Call<number> {
  const trap = sh.traps.get("0");
  if (!trap || sh.exiting) return status;
  sh.exiting = true;
  sh.status = status;
  sh.flow = null;
  sh.noErrexit = 0;
  try {
    yield* sub(sh.ev.runText(sh, trap, { kind: "trap", name: "exit trap", firstLine: 1 }));
  } catch (e) {
    if (e instanceof ExitShell) return e.status;
    if (e instanceof ShellError) {
      yield* sh.warn(e.message);
      return e.status;
    }
    if (!(e instanceof Discard || e instanceof Interrupted)) throw e;
  }
  return status;
}
