/** Jobs: the table, waiting for a foreground job, and the lines bash prints about them. */
import { Errno } from "../../core/result.ts";
import { utf8 } from "../../core/bytes.ts";
import { type Call, Sig, type WaitStatus } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { Discard, Interrupted } from "./flow.ts";
import { dieOf, signalText, takeSignals } from "./signals.ts";

export interface JobProc {
  readonly pid: number;
  /** null: still running */
  status: WaitStatus | null;
}
export interface Job {
  /** number in [n]; 0: a foreground job that has none yet */
  id: number;
  readonly pgid: number;
  readonly procs: JobProc[];
  readonly text: string;
  background: boolean;
  /** its present state was told to the user */
  notified: boolean;
  /** directory it was started in */
  readonly wd: string;
  /** texts of a pipeline's commands */
  readonly stages: readonly string[];
  /** disown -h */
  nohup: boolean;
}

export type JobState = "running" | "stopped" | "done";

export function jobState(j: Job): JobState {
  if (j.procs.some((p) => p.status?.kind === "stopped")) return "stopped";
  return j.procs.every((p) => p.status !== null && (p.status.kind === "exited" || p.status.kind === "signaled")) ? "done" : "running";
}

export function newJob(sh: Shell, pgid: number, pids: readonly number[], text: string, stages: readonly string[] = [text]): Job {
  return {
    id: 0,
    pgid,
    procs: pids.map((pid) => ({ pid, status: null })),
    text,
    background: false,
    notified: true,
    wd: sh.cwd,
    stages,
    nohup: false,
  };
}

/** Gives the job a number and makes it the current one. */
export function enterJob(sh: Shell, j: Job): void {
  if (j.id === 0) {
    j.id = sh.jobs.reduce((m, x) => Math.max(m, x.id), 0) + 1;
    sh.jobs.push(j);
  }
  if (jobState(j) === "stopped") makeCurrent(sh, j);
  else chooseCurrent(sh);
}
export function removeJob(sh: Shell, j: Job): void {
  sh.jobs = sh.jobs.filter((x) => x !== j);
  if (j.id !== 0 && (j.id === sh.currentJob || j.id === sh.previousJob)) chooseCurrent(sh);
}

function newest(jobs: readonly Job[], state: JobState, below = Infinity): Job | null {
  let found: Job | null = null;
  for (const j of jobs) if (j.id < below && jobState(j) === state && (found === null || j.id > found.id)) found = j;
  return found;
}

/** %+ becomes this job; %- what was %+, or another stopped or running one when that is neither. */
export function makeCurrent(sh: Shell, j: Job): void {
  if (sh.currentJob !== j.id) {
    sh.previousJob = sh.currentJob;
    sh.currentJob = j.id;
  }
  const prev = sh.jobs.find((x) => x.id === sh.previousJob);
  if (prev && prev !== j && jobState(prev) === "stopped") return;
  const stopped = jobState(j) === "stopped" ? newest(sh.jobs, "stopped", j.id) : null;
  const other = stopped ?? newest(sh.jobs, "running", jobState(j) === "running" ? j.id : Infinity);
  sh.previousJob = (other ?? j).id;
}

/** %+ is a stopped job when there is one, else the newest that runs. */
export function chooseCurrent(sh: Shell): void {
  const at = (id: number): Job | null => sh.jobs.find((j) => j.id === id && jobState(j) === "stopped") ?? null;
  const j = at(sh.currentJob) ?? at(sh.previousJob) ?? newest(sh.jobs, "stopped") ?? newest(sh.jobs, "running");
  if (j) makeCurrent(sh, j);
  else {
    sh.currentJob = 0;
    sh.previousJob = 0;
  }
}

/** What `jobs` shows: a subshell has its parent's jobs until it has its own. */
export function shownJobs(sh: Shell): readonly Job[] {
  return sh.jobs.length > 0 ? sh.jobs : sh.inheritedJobs;
}

/** %+ and %- */
export function currentJobs(sh: Shell): [Job | null, Job | null] {
  const jobs = shownJobs(sh);
  return [jobs.find((j) => j.id === sh.currentJob) ?? null, jobs.find((j) => j.id === sh.previousJob) ?? null];
}

/** %1 %+ %- %% %name %?name; an error text otherwise. */
export function findJob(sh: Shell, spec: string): Job | string {
  const s = spec.startsWith("%") ? spec.slice(1) : spec;
  const [cur, prev] = currentJobs(sh);
  if (s === "" || s === "%" || s === "+") return cur ?? `${spec === "" ? "current" : spec}: no such job`;
  if (s === "-") return prev ?? cur ?? `${spec}: no such job`;
  if (/^[0-9]+$/.test(s)) return sh.jobs.find((j) => j.id === Number(s)) ?? `${spec}: no such job`;
  const hits = sh.jobs.filter((j) => (s.startsWith("?") ? j.text.includes(s.slice(1)) : j.text.startsWith(s)));
  if (hits.length > 1) return `${s}: ambiguous job spec`;
  return hits[0] ?? `${spec}: no such job`;
}

export function exitCode(s: WaitStatus): number {
  return s.kind === "exited" ? s.value : 128 + s.value;
}

/** Notes a status that wait4 gave. */
export function noteStatus(sh: Shell, st: WaitStatus): void {
  for (const j of sh.jobs)
    for (const p of j.procs)
      if (p.pid === st.pid) {
        p.status = st.kind === "continued" ? null : st;
        if (st.kind === "stopped") makeCurrent(sh, j);
        if (st.kind !== "continued") j.notified = false;
        if (st.kind === "exited" || st.kind === "signaled") remember(sh, st);
        return;
      }
  if (st.kind === "exited" || st.kind === "signaled") remember(sh, st);
}
function remember(sh: Shell, st: WaitStatus): void {
  sh.ended.set(st.pid, exitCode(st));
  if (sh.ended.size > 1024) {
    const [oldest] = sh.ended.keys();
    sh.ended.delete(oldest!);
  }
}

/** Collects what has ended or stopped without waiting. */
export function* reap(sh: Shell): Call<void> {
  for (;;) {
    const st = yield* sh.sys.wait4(-1, { nohang: true, untraced: sh.opt("monitor") });
    if (st === null || typeof st === "number") break;
    noteStatus(sh, st);
  }
}

/**
 * A shell that nobody types at tells of its jobs after each foreground command and after `wait`: with set -m all of
 * it, without only which signal ended one. Then it forgets what is done; but for $!, unless it runs the string of -c.
 */
export function* cleanJobs(sh: Shell, keep = sh.commandString ? -1 : sh.lastBg): Call<void> {
  if (sh.jobs.length === 0 || (sh.interactive && sh.subshell === 0)) return;
  yield* reap(sh);
  const monitor = sh.opt("monitor");
  for (const j of [...sh.jobs]) {
    const state = jobState(j);
    if (state === "running") continue;
    const last = j.procs[j.procs.length - 1]!.status;
    if (!j.notified && state === "stopped" && monitor) yield* sh.sys.write(2, utf8(`\n${jobLine(sh, j, false)}`));
    else if (!j.notified && state === "done" && last?.kind === "signaled" && reported(sh, last.value))
      yield* sh.sys.write(2, utf8(deathLine(sh, j, last)));
    else if (!j.notified && state === "done" && monitor) yield* sh.sys.write(2, utf8(jobLine(sh, j, false)));
    if (state === "stopped" || monitor || j.procs[j.procs.length - 1]!.pid !== keep) j.notified = true;
    if (state === "done" && j.notified) removeJob(sh, j);
  }
}

/** Signals whose victims a shell without a terminal names with their process ids. */
function reported(sh: Shell, sig: number): boolean {
  return sig !== Sig.INT && sig !== Sig.TERM && !sh.traps.has(String(sig));
}
function deathLine(sh: Shell, j: Job, st: WaitStatus): string {
  return `${sh.prefix()}${String(st.pid).padStart(5, " ")} ${signalText(st.value).padEnd(23, " ")} ${j.text}\n`;
}

/**
 * Waits until the job is done or stopped; the exit statuses of its processes. Takes the terminal back, and says what
 * a signal did. SIGINT that killed the job ends a script too.
 */
export function* waitForeground(sh: Shell, j: Job): Call<number[]> {
  const untraced = sh.opt("monitor");
  let stopped = false;
  sh.alert = true;
  sh.promptFirst = false;
  for (const p of j.procs) {
    while (p.status === null && !stopped) {
      const st = yield* sh.sys.wait4(p.pid, { untraced });
      if (st === -Errno.EINTR) {
        for (const s of yield* sh.sys.sigtake()) {
          if (s === Sig.INT && !sh.traps.has(String(s))) sh.sawInt = true;
          else sh.lateSignals.push(s);
        }
        continue;
      }
      if (st === null || typeof st === "number") {
        p.status = { pid: p.pid, kind: "exited", value: sh.ended.get(p.pid) ?? 127 };
        break;
      }
      if (st.kind === "continued") continue;
      p.status = st;
      if (st.kind === "stopped") stopped = true;
    }
  }
  if (stopped) {
    // the others of the group are stopped too, or will be told so soon
    for (;;) {
      const st = yield* sh.sys.wait4(-j.pgid, { untraced, nohang: true });
      if (st === null || typeof st === "number") break;
      const p = j.procs.find((x) => x.pid === st.pid);
      if (p) p.status = st;
    }
  }
  if (sh.ttyFd >= 0 && sh.subshell === 0) yield* sh.sys.tcsetpgrp(sh.ttyFd, sh.pgid);
  const last = j.procs[j.procs.length - 1]!.status;
  if (stopped) {
    enterJob(sh, j);
    j.notified = true;
    j.background = true;
    yield* sh.sys.write(2, utf8(`\n${jobLine(sh, j, false)}`));
    // a stopped command ends the loops it stands in (wait_for), not the list
    if (sh.loops > 0 && sh.subshell === 0) sh.flow = { kind: "break", n: sh.loops };
  } else if (last?.kind === "signaled") yield* tellSignal(sh, j, last);
  if (!stopped) removeJob(sh, j);
  const codes = j.procs.map((p) => (p.status ? exitCode(p.status) : 128 + Sig.TSTP));
  if (
    !sh.interactive &&
    sh.sawInt &&
    j.procs.some((p) => p.status?.kind === "signaled" && p.status.value === Sig.INT) &&
    !sh.traps.has(String(Sig.INT))
  )
    yield* dieOf(sh, Sig.INT);
  // a command that took the SIGINT as its own affair (ping) lets a script go on
  const interrupted = sh.sawInt && sh.interactive && sh.subshell === 0;
  sh.sawInt = false;
  if (interrupted) throw new Interrupted();
  // in a loop or a list an interactive shell gives up the rest, too
  const ofInt = last?.kind === "signaled" && last.value === Sig.INT;
  if (ofInt && sh.interactive && sh.subshell === 0 && (sh.loops > 0 || sh.lists > 0 || sh.callStack.length > 0))
    throw new Discard(128 + Sig.INT);
  if (sh.lateSignals.length > 0) yield* takeSignals(sh);
  yield* cleanJobs(sh);
  return codes;
}

/** A foreground job died of a signal: SIGINT gives an interactive shell a new line, SIGPIPE nothing. */
function* tellSignal(sh: Shell, j: Job, st: WaitStatus): Call<void> {
  if (st.value === Sig.INT) {
    if (sh.interactive && sh.subshell === 0) yield* sh.sys.write(2, utf8("\n"));
    return;
  }
  if (st.value === Sig.PIPE) return;
  const text = signalText(st.value);
  if ((sh.interactive && sh.subshell === 0) || !reported(sh, st.value)) yield* sh.sys.write(2, utf8(`${text}\n`));
  else yield* sh.sys.write(2, utf8(deathLine(sh, j, st)));
}

/** `[1]+  Stopped                 sleep 100` and its relations. `long`: with process ids (jobs -l). */
export function jobLine(sh: Shell, j: Job, long: boolean): string {
  const [cur, prev] = currentJobs(sh);
  const mark = j === cur ? "+" : j === prev ? "-" : " ";
  const state = jobState(j);
  const last = j.procs[j.procs.length - 1]!.status;
  let word: string;
  if (state === "running") word = "Running";
  else if (state === "stopped") {
    const st = j.procs.find((p) => p.status?.kind === "stopped")!.status!;
    word = long ? signalText(st.value) : "Stopped";
  } else if (last?.kind === "signaled") word = signalText(last.value);
  else word = last && last.value !== 0 ? `Exit ${last.value}` : "Done";
  const amp = state === "running" ? " &" : "";
  const wd = j.wd === sh.cwd ? "" : `  (wd: ${sh.tilde(j.wd)})`;
  if (!long) return `[${j.id}]${mark}  ${word.padEnd(24, " ")}${j.text}${amp}${wd}\n`;
  let out = "";
  const n = j.procs.length;
  const texts = j.stages.length === n ? j.stages : [j.text];
  texts.forEach((text, i) => {
    const lead = i === 0 ? `[${j.id}]${mark}` : "    ";
    const what = i === 0 ? `${word.padEnd(24, " ")}${text}` : `${" ".repeat(22)}| ${text}`;
    out += `${lead} ${String(j.procs[i]!.pid).padStart(5, " ")} ${what}${i === texts.length - 1 ? amp + wd : ""}\n`;
  });
  return out;
}

/** Before a prompt: tells of background jobs that ended or stopped. */
export function* notifyJobs(sh: Shell): Call<void> {
  // what a kill has just hit is still dying when the prompt comes, what & started still at work
  if (!sh.promptFirst) yield* reap(sh);
  sh.promptFirst = false;
  let text = "";
  const gone: Job[] = [];
  for (const j of [...sh.jobs].sort((a, b) => a.id - b.id)) {
    const st = jobState(j);
    if (st === "running" || j.notified) {
      if (st === "done") gone.push(j);
      continue;
    }
    j.notified = true;
    text += (st === "stopped" ? "\n" : "") + jobLine(sh, j, false);
    if (j.wd !== sh.cwd) text += `(wd now: ${sh.tilde(sh.cwd)})\n`;
    if (st === "done") gone.push(j);
  }
  for (const j of gone) removeJob(sh, j);
  if (text !== "") yield* sh.sys.write(2, utf8(text));
}
