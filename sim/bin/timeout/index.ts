/**
 * timeout: runs a command in a process group of its own and sends it a signal when its time is up. As in coreutils, the
 * alarm signal goes to the whole group (timeout ignores it for itself); with --foreground to the command alone, and the
 * group stays the caller's so that the command may read from the terminal.
 */
import { Errno, strerror } from "../../core/result.ts";
import { NEVER, SEC } from "../../core/time.ts";
import type { Call, Command } from "../../kernel/abi.ts";
import { Sig } from "../../kernel/abi.ts";
import { spawnp } from "../lib/exec.ts";
import { gnuCommand, quote, type Tool } from "../lib/gnu.ts";
import { signalName, signalNumber } from "../lib/signals.ts";

const UNIT: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

function* duration(t: Tool, text: string): Call<number> {
  const m = /^\+?((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)([smhd]?)$/.exec(text);
  if (m === null) return yield* t.usage(`invalid time interval ${quote(text)}`);
  const ns = Math.ceil(Number(m[1]) * UNIT[m[2]!]! * SEC);
  return ns < NEVER ? ns : NEVER;
}

const timeout = gnuCommand({
  name: "timeout",
  usage: ["[OPTION] DURATION COMMAND [ARG]..."],
  summary: "start COMMAND, and kill it if still running after DURATION",
  description: [
    "DURATION is a number with s (default), m, h or d; 0 means no limit.",
    "Exit status: 124 when the command timed out, 125 when timeout itself fails, 126 when COMMAND cannot be run, 127 when it is not found, 137 when it was killed with KILL; else COMMAND's own.",
  ],
  usageStatus: 125,
  posix: true,
  options: [
    { names: ["--preserve-status"], help: "exit with the command's status, also after a timeout" },
    { names: ["--foreground"], help: "the command may read from the terminal; children are not timed out" },
    { names: ["-k", "--kill-after"], arg: "DURATION", help: "send KILL as well if it still runs this long after" },
    { names: ["-s", "--signal"], arg: "SIGNAL", help: "signal to send instead of TERM" },
    { names: ["-v", "--verbose"], help: "say on standard error when a signal is sent" },
  ],
  *main(t, options, operands) {
    const { sys } = t;
    const has = (n: string): boolean => options.some((o) => o.name === n);
    let signal: number = Sig.TERM;
    let killAfter = 0;
    for (const { name, value } of options) {
      if (name === "-k") killAfter = yield* duration(t, value!);
      if (name !== "-s") continue;
      const n = signalNumber(value!);
      if (n === null) return yield* t.usage(`${quote(value!)}: invalid signal`);
      signal = n;
    }
    if (operands.length < 2) yield* t.usage("");
    const limit = yield* duration(t, operands[0]!);
    const foreground = has("--foreground");
    const argv = operands.slice(1);
    if (!foreground) yield* sys.setpgid(0, 0);
    // background reads and writes of the new group must not stop timeout itself
    yield* sys.sigaction(Sig.TTIN, "ignore");
    yield* sys.sigaction(Sig.TTOU, "ignore");
    for (const s of [Sig.ALRM, Sig.CHLD, Sig.INT, Sig.QUIT, Sig.HUP, Sig.TERM]) yield* sys.sigaction(s, "catch");
    const pid = yield* spawnp(sys, argv, {
      sigs: [
        [Sig.TTIN, "default"],
        [Sig.TTOU, "default"],
      ],
    });
    if (pid < 0) {
      yield* t.warn(`failed to run command ${quote(argv[0]!)}: ${strerror(pid)}`);
      return pid === -Errno.ENOENT ? 127 : 126;
    }
    let timedOut = false;
    let killed = false;
    let sent = signal;
    let wait = killAfter;
    const send = function* (sig: number): Call<void> {
      if (has("-v")) yield* t.warn(`sending signal ${signalName(sig)} to command ${quote(argv[0]!)}`);
      if (sig === Sig.KILL) killed = true;
      yield* sys.kill(pid, sig);
      // the group gets it, too: children of the command. timeout itself ignores that copy
      if (!foreground) {
        if (sig !== Sig.KILL) yield* sys.sigaction(sig, "ignore");
        if (sig !== Sig.KILL) yield* sys.kill(0, sig);
        else yield* sys.kill(0, Sig.KILL);
      }
      if (sig !== Sig.KILL && sig !== Sig.CONT) {
        yield* sys.kill(pid, Sig.CONT);
        if (!foreground) yield* sys.kill(0, Sig.CONT);
      }
    };
    if (limit > 0 && limit < NEVER) yield* sys.alarm(limit);
    for (;;) {
      const st = yield* sys.wait4(pid, { nohang: true, untraced: true });
      if (typeof st === "number") {
        yield* t.warn(`error waiting for command: ${strerror(st)}`);
        return 125;
      }
      if (st !== null && st.kind === "exited") return timedOut && !has("--preserve-status") ? (killed ? 137 : 124) : st.value;
      if (st !== null && st.kind === "signaled") {
        if (!timedOut) {
          if (has("--preserve-status") || st.value !== Sig.KILL) return yield* dieOf(t, st.value);
          return yield* dieOf(t, st.value);
        }
        if (has("--preserve-status")) return 128 + st.value;
        return st.value === Sig.KILL ? 137 : 124;
      }
      yield* sys.pause();
      for (const s of yield* sys.sigtake()) {
        if (s === Sig.CHLD) continue;
        let sig = s;
        if (s === Sig.ALRM) {
          timedOut = true;
          sig = sent;
        }
        if (wait > 0) {
          // KILL comes next
          sent = Sig.KILL;
          if (wait < NEVER) yield* sys.alarm(wait);
          wait = 0;
        }
        yield* send(sig);
      }
    }
  },
});

/** The command died of a signal by itself: so does timeout, for the shell to see. */
function* dieOf(t: Tool, sig: number): Call<number> {
  if ([Sig.INT, Sig.TERM, Sig.HUP, Sig.QUIT, Sig.PIPE, Sig.ALRM, Sig.USR1, Sig.USR2, Sig.SEGV, Sig.ABRT, Sig.KILL].some((s) => s === sig)) {
    yield* t.sys.sigaction(sig, "default");
    yield* t.sys.kill(yield* t.sys.getpid(), sig);
    yield* t.sys.tick(1);
  }
  return 128 + sig;
}

export const commands: readonly Command[] = [timeout];
