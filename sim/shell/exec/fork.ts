/** Child processes that go on as a copy of this shell: subshells, pipeline stages, background jobs, substitutions. */
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { type Call, Sig, type SigDisposition, type Sys } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { Discard, drive, ExitShell, Interrupted, ShellError } from "./flow.ts";
import { reap } from "./jobs.ts";
import { runExitTrap } from "./signals.ts";

export interface ForkOptions {
  readonly pgid?: number | undefined;
  /** fd of the terminal whose foreground the new group becomes */
  readonly foreground?: number | undefined;
  /** no job control: & ignores SIGINT and SIGQUIT */
  readonly background?: boolean;
}

/** What a child of this shell must not inherit from an interactive shell, and what & adds. */
export function childSignals(sh: Shell, background: boolean): (readonly [number, SigDisposition])[] {
  const out: (readonly [number, SigDisposition])[] = [];
  if (sh.interactive && sh.subshell === 0) {
    for (const s of [Sig.INT, Sig.QUIT, Sig.TERM, Sig.TSTP, Sig.TTIN, Sig.TTOU]) if (sh.traps.get(`${s}`) !== "") out.push([s, "default"]);
  }
  if (background && !sh.opt("monitor")) out.push([Sig.INT, "ignore"], [Sig.QUIT, "ignore"]);
  return out;
}

/** Starts a child that runs `body` on a copy of this shell's state. Its pid, or throws when there can be no more processes. */
export function* forkRun(sh: Shell, opts: ForkOptions, body: (child: Shell) => Call<number>): Call<number> {
  const child = sh.fork(sh.sys);
  const main = function* (sys: Sys): Call<number> {
    child.sys = sys;
    child.pid = yield* sys.getpid();
    return yield* drive(childMain(child, body));
  };
  return yield* spawnRetry(sh, () =>
    sh.sys.spawn({
      main,
      argv: [sh.name],
      env: new Map(),
      comm: "bash",
      sigs: childSignals(sh, opts.background === true),
      ...(opts.pgid === undefined ? {} : { pgid: opts.pgid }),
      ...(opts.foreground === undefined ? {} : { foreground: opts.foreground }),
    }),
  );
}

/** fork fails at the process limit; bash tries again after 1, 2, 4 and 8 seconds. */
export function* spawnRetry(sh: Shell, spawn: () => Call<number>): Call<number> {
  // from here on a signal may come from the child: the next command looks for it
  sh.alert = true;
  for (let wait = 1; ; wait *= 2) {
    const pid = yield* spawn();
    if (pid !== -Errno.EAGAIN) return pid;
    yield* reap(sh);
    if (wait > 8) {
      yield* sh.warn("fork: Resource temporarily unavailable");
      throw new Discard(254);
    }
    yield* sh.warn("fork: retry: Resource temporarily unavailable");
    if ((yield* sh.sys.nanosleep(wait * SEC)) === -Errno.EINTR && sh.interactive) throw new Interrupted();
  }
}

function* childMain(sh: Shell, body: (child: Shell) => Call<number>): Call<number> {
  let status: number;
  try {
    status = yield* body(sh);
    if (sh.flow?.kind === "return") status = sh.flow.status;
  } catch (e) {
    status = yield* statusOf(sh, e);
  }
  sh.flow = null;
  return yield* runExitTrap(sh, status);
}

/** Exit status of a shell process that ended in this exception. Prints what is still to be said. */
export function* statusOf(sh: Shell, e: unknown): Call<number> {
  if (e instanceof ExitShell) return e.status;
  if (e instanceof Discard) return e.status;
  if (e instanceof ShellError) {
    yield* sh.warn(e.message);
    return e.status;
  }
  if (e instanceof Interrupted) return 130;
  throw e;
}
