/** Signals by name and number, as kill, timeout and killall read them. */
import { Sig } from "../../kernel/abi.ts";

const NAMES =
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS".split(
    " ",
  );

/** "TERM", "SIGTERM", "term", "15", "EXIT" (0): the number, or null. */
export function signalNumber(text: string): number | null {
  if (/^[0-9]+$/.test(text)) return Number(text) <= 64 ? Number(text) : null;
  const name = text.toUpperCase().replace(/^SIG/, "");
  if (name === "EXIT" || name === "0") return 0;
  if (name === "IO") return Sig.POLL;
  if (name === "CLD") return Sig.CHLD;
  const i = NAMES.indexOf(name);
  return i < 0 ? null : i + 1;
}

/** "TERM" for 15; numbers without a name as they are. */
export function signalName(n: number): string {
  return n === 0 ? "EXIT" : (NAMES[n - 1] ?? String(n));
}

export const signalNames: readonly string[] = NAMES;
