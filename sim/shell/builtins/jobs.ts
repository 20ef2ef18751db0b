/** jobs, fg, bg, wait, kill, disown, suspend. */
import { Errno, strerror } from "../../core/result.ts";
import { type Call, Sig } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import {
  exitCode,
  findJob,
  type Job,
  jobLine,
  jobState,
  cleanJobs,
  noteStatus,
  reap,
  removeJob,
  shownJobs,
  makeCurrent,
  chooseCurrent,
  waitForeground,
  currentJobs,
} from "../exec/jobs.ts";
import { Interrupted } from "../exec/flow.ts";
import { signalName, signalNumber, takeSignals } from "../exec/signals.ts";
import { type Builtin, fail, notSimulated, options, out, usage } from "./util.ts";

export const jobs: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "lnprsx");
  if (typeof o === "number") return o;
  yield* reap(sh);
  if (o.flags.has("x")) {
    const words = o.rest.map((w) => {
      const j = w.startsWith("%") ? findJob(sh, w) : "";
      return typeof j === "string" ? w : String(j.procs[0]!.pid);
    });
    return words.length === 0 ? 0 : yield* sh.ev.runWords(sh, words, { functions: true, builtins: true });
  }
  let list = [...shownJobs(sh)].sort((a, b) => a.id - b.id);
  let status = 0;
  if (o.rest.length > 0) {
    list = [];
    for (const s of o.rest) {
      const j = findJob(sh, s);
      if (typeof j === "string") {
        yield* sh.warn(`jobs: ${s}: no such job`);
        status = 1;
      } else list.push(j);
    }
  }
  let text = "";
  const gone: Job[] = [];
  for (const j of list) {
    const st = jobState(j);
    if (o.flags.has("r") && st !== "running") continue;
    if (o.flags.has("s") && st !== "stopped") continue;
    if (o.flags.has("n") && j.notified) continue;
    text += o.flags.has("p") ? `${j.procs[0]!.pid}\n` : jobLine(sh, j, o.flags.has("l"));
    j.notified = true;
    if (st === "done") gone.push(j);
  }
  for (const j of gone) removeJob(sh, j);
  return (yield* out(sh, "jobs", text)) || status;
};

function* pick(sh: Shell, who: string, spec: string | undefined): Call<Job | null> {
  if (spec === undefined) {
    const j = currentJobs(sh)[0];
    if (!j) yield* sh.warn(`${who}: current: no such job`);
    return j;
  }
  const j = findJob(sh, spec);
  if (typeof j !== "string") return j;
  yield* sh.warn(`${who}: ${j}`);
  return null;
}

export const fg: Builtin = function* (sh, argv) {
  if (!sh.opt("monitor")) return yield* fail(sh, "fg", sh.dash ? "No current job" : "no job control", sh.dash ? 2 : 1);
  yield* reap(sh);
  const j = yield* pick(sh, "fg", argv[1]);
  if (!j) return 1;
  yield* out(sh, "fg", `${j.text}\n`);
  if (jobState(j) === "done") {
    yield* sh.warn("fg: job has terminated");
    return 1;
  }
  makeCurrent(sh, j);
  j.background = false;
  for (const p of j.procs) if (p.status?.kind === "stopped") p.status = null;
  if (sh.ttyFd >= 0) yield* sh.sys.tcsetpgrp(sh.ttyFd, j.pgid);
  yield* sh.sys.kill(-j.pgid, Sig.CONT);
  const codes = yield* waitForeground(sh, j);
  return codes[codes.length - 1]!;
};

export const bg: Builtin = function* (sh, argv) {
  if (!sh.opt("monitor")) return yield* fail(sh, "bg", "no job control");
  yield* reap(sh);
  let status = 0;
  for (const spec of argv.length > 1 ? argv.slice(1) : [undefined]) {
    const j = yield* pick(sh, "bg", spec);
    if (!j) {
      status = 1;
      continue;
    }
    if (jobState(j) === "running") {
      yield* sh.warn(`bg: job ${j.id} already in background`);
      continue;
    }
    if (jobState(j) === "done") {
      status = yield* fail(sh, "bg", "job has terminated");
      continue;
    }
    const mark = currentJobs(sh)[0] === j ? "+" : " ";
    for (const p of j.procs) if (p.status?.kind === "stopped") p.status = null;
    j.background = true;
    yield* sh.sys.kill(-j.pgid, Sig.CONT);
    yield* out(sh, "bg", `[${j.id}]${mark} ${j.text} &\n`);
    sh.lastBg = j.procs[j.procs.length - 1]!.pid;
    chooseCurrent(sh);
  }
  return status;
};

/** Blocks until a child changes state. False: interrupted by a signal with a trap, or there is none. */
function* waitOne(sh: Shell, pid: number): Call<number | null> {
  for (;;) {
    sh.alert = true;
    const st = yield* sh.sys.wait4(pid, {});
    if (st === -Errno.EINTR) {
      const pending = yield* sh.sys.sigtake();
      let code = 0;
      for (const s of pending) {
        const trap = sh.traps.get(String(s));
        if (s === Sig.INT && trap === undefined && sh.interactive) throw new Interrupted();
        if (trap !== undefined || s === Sig.INT) {
          yield* sh.sys.kill(yield* sh.sys.getpid(), s); // taken again by takeSignals, which runs the trap
          code = 128 + s;
        }
      }
      if (code > 0) {
        yield* takeSignals(sh);
        return code;
      }
      continue;
    }
    if (st === null || typeof st === "number") return null;
    noteStatus(sh, st);
    return -1;
  }
}

export const wait: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "fnp:");
  if (typeof o === "number") return o;
  if (o.flags.has("p")) sh.scopes.unset(o.flags.get("p")!);
  yield* reap(sh);
  if (o.flags.has("n")) return yield* waitNext(sh, o.rest, o.flags.get("p"));
  if (o.rest.length === 0) {
    // every child of this shell; process substitutions count too
    for (;;) {
      const left = sh.jobs.some((j) => jobState(j) === "running");
      if (!left && sh.procSubs.length === 0) break;
      const r = yield* waitOne(sh, -1);
      if (r === null) break;
      if (r > 0) return r;
    }
    yield* cleanJobs(sh, 0);
    sh.ended.clear();
    return 0;
  }
  let status = 0;
  for (const spec of o.rest) {
    if (spec.startsWith("%")) {
      const j = findJob(sh, spec);
      if (typeof j === "string") {
        yield* sh.warn(`wait: ${spec}: no such job`);
        status = 127;
        continue;
      }
      for (const p of j.procs) {
        const r = yield* awaitPid(sh, p.pid);
        if (r.interrupted) return r.status;
        status = r.status;
      }
      if (o.flags.has("p")) sh.set(o.flags.get("p")!, String(j.procs[j.procs.length - 1]!.pid));
    } else if (/^[0-9]+$/.test(spec)) {
      const pid = Number(spec);
      const known = sh.ended.has(pid) || sh.jobs.some((j) => j.procs.some((p) => p.pid === pid)) || sh.lastBg === pid;
      if (!known) {
        yield* sh.warn(`wait: pid ${spec} is not a child of this shell`);
        status = 127;
        continue;
      }
      const r = yield* awaitPid(sh, pid);
      if (r.interrupted) return r.status;
      status = r.status;
      if (o.flags.has("p")) sh.set(o.flags.get("p")!, spec);
    } else {
      yield* sh.warn(`wait: \`${spec}': not a pid or valid job spec`);
      status = 1;
    }
  }
  yield* cleanJobs(sh);
  return status;
};

function* awaitPid(sh: Shell, pid: number): Call<{ status: number; interrupted: boolean }> {
  for (;;) {
    const done = sh.ended.get(pid);
    if (done !== undefined) return { status: done, interrupted: false };
    const r = yield* waitOne(sh, pid);
    if (r === null) return { status: sh.ended.get(pid) ?? 127, interrupted: false };
    if (r > 0) return { status: r, interrupted: true };
  }
}

function* waitNext(sh: Shell, specs: readonly string[], varName: string | undefined): Call<number> {
  const wanted = new Set<number>();
  for (const s of specs) {
    if (/^[0-9]+$/.test(s)) {
      const pid = Number(s);
      if (sh.ended.has(pid) || sh.jobs.some((j) => j.procs.some((p) => p.pid === pid))) wanted.add(pid);
      else yield* sh.warn(`wait: ${s}: no such job`);
    } else {
      const j = findJob(sh, s);
      if (typeof j === "string") yield* sh.warn(`wait: ${j}`);
      else for (const p of j.procs) wanted.add(p.pid);
    }
  }
  if (specs.length > 0 && wanted.size === 0) return 127;
  for (;;) {
    for (const j of sh.jobs) {
      if (jobState(j) !== "done") continue;
      const last = j.procs[j.procs.length - 1]!;
      if (wanted.size > 0 && !j.procs.some((p) => wanted.has(p.pid))) continue;
      removeJob(sh, j);
      if (varName !== undefined) sh.set(varName, String(last.pid));
      return exitCode(last.status!);
    }
    if (!sh.jobs.some((j) => jobState(j) === "running" && (wanted.size === 0 || j.procs.some((p) => wanted.has(p.pid))))) {
      for (const pid of wanted) {
        const s = sh.ended.get(pid);
        if (s !== undefined) return s;
      }
      return 127;
    }
    const r = yield* waitOne(sh, -1);
    if (r === null) return 127;
    if (r > 0) return r;
  }
}

export const kill: Builtin = function* (sh, argv) {
  let i = 1;
  let sig: number = Sig.TERM;
  const a = argv[1];
  if (a === undefined) return yield* usage(sh, "kill");
  if (a === "-l" || a === "-L") return yield* listSignals(sh, argv.slice(2));
  if (a === "-s" || a === "-n") {
    const spec = argv[2];
    if (spec === undefined) return yield* fail(sh, "kill", `${a}: option requires an argument`, 1);
    sig = signalNumber(spec);
    if (sig < 0) return yield* fail(sh, "kill", `${spec}: invalid signal specification`);
    i = 3;
  } else if (a.startsWith("-") && a !== "--") {
    const spec = a.slice(1);
    sig = signalNumber(spec);
    if (sig < 0) return yield* fail(sh, "kill", `${spec}: invalid signal specification`);
    i = 2;
  }
  if (argv[i] === "--") i++;
  if (i >= argv.length) return yield* usage(sh, "kill");
  let status = 0;
  for (; i < argv.length; i++) {
    const t = argv[i]!;
    let pid: number;
    let job: Job | null = null;
    if (t.startsWith("%")) {
      const j = findJob(sh, t);
      if (typeof j === "string") {
        status = yield* fail(sh, "kill", `${t}: no such job`);
        continue;
      }
      job = j;
      // bash tells once more of a stopped job that was sent a signal
      if (jobState(j) === "stopped") j.notified = false;
      pid = j.pgid > 0 ? -j.pgid : j.procs[0]!.pid;
    } else if (/^-?[0-9]+$/.test(t)) pid = Number(t);
    else {
      status = yield* fail(sh, "kill", `${t}: arguments must be process or job IDs`);
      continue;
    }
    const e = yield* sh.sys.kill(pid, sig);
    if (e < 0) status = yield* fail(sh, "kill", `(${t}) - ${strerror(e)}`);
    else if (job && jobState(job) === "stopped" && (sig === Sig.TERM || sig === Sig.HUP)) yield* sh.sys.kill(pid, Sig.CONT);
  }
  sh.promptFirst = true;
  // a signal to ourselves is served before the next command
  sh.status = status;
  if ((yield* sh.sys.tick(1)) < 0) yield* takeSignals(sh);
  return status;
};

function* listSignals(sh: Shell, specs: readonly string[]): Call<number> {
  if (specs.length === 0) return yield* out(sh, "kill", signalTable());
  let status = 0;
  for (const s of specs) {
    if (/^[0-9]+$/.test(s)) {
      const n = Number(s) > 128 ? Number(s) - 128 : Number(s);
      const name = n === 0 ? "EXIT" : signalName(n);
      if (name === undefined) status = yield* fail(sh, "kill", `${s}: invalid signal specification`);
      else yield* out(sh, "kill", `${name}\n`);
    } else {
      const n = signalNumber(s);
      if (n < 0) status = yield* fail(sh, "kill", `${s}: invalid signal specification`);
      else yield* out(sh, "kill", `${n}\n`);
    }
  }
  return status;
}

export function signalTable(): string {
  let text = "";
  let col = 0;
  for (let n = 1; n <= 64; n++) {
    const name = signalName(n);
    if (name === undefined) continue;
    text += `${String(n).padStart(2, " ")}) SIG${name}${++col % 5 === 0 ? "\n" : "\t"}`;
  }
  return col % 5 === 0 ? text : text + "\n";
}

export const disown: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "har");
  if (typeof o === "number") return o;
  yield* reap(sh);
  const list: Job[] = [];
  let status = 0;
  if (o.flags.has("a") || o.flags.has("r")) list.push(...sh.jobs.filter((j) => !o.flags.has("r") || jobState(j) === "running"));
  else if (o.rest.length === 0) {
    const j = yield* pick(sh, "disown", undefined);
    if (!j) return 1;
    list.push(j);
  }
  for (const s of o.rest) {
    const byPid = sh.jobs.find((j) => j.procs.some((p) => String(p.pid) === s));
    const j = byPid ?? findJob(sh, s);
    if (typeof j === "string") {
      yield* sh.warn(`disown: ${s}: no such job`);
      status = 1;
    } else list.push(j);
  }
  for (const j of list) {
    if (o.flags.has("h")) j.nohup = true;
    else removeJob(sh, j);
  }
  return status;
};

export const suspend: Builtin = function* (sh, argv) {
  if (!sh.opt("monitor")) return yield* fail(sh, "suspend", "cannot suspend: no job control");
  if (sh.login && argv[1] !== "-f") return yield* fail(sh, "suspend", "cannot suspend a login shell");
  return yield* notSimulated(sh, "suspend");
};
