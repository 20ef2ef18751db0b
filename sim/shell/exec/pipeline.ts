/** Pipelines, subshells, background jobs and `time`. */
import { utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import { type Call, O } from "../../kernel/abi.ts";
import type { Item, Node, Pipe } from "../syntax/ir.ts";
import { printNode } from "../syntax/print.ts";
import type { Shell } from "../shell.ts";
import { forkRun } from "./fork.ts";
import { Discard, sub } from "./flow.ts";
import { enterJob, newJob, reap, waitForeground } from "./jobs.ts";

export function* execPipe(sh: Shell, n: Pipe, tail: boolean): Call<number> {
  const begin = n.time ? yield* sh.sys.clock_gettime("monotonic") : 0;
  if (n.negate) sh.noErrexit++;
  let status: number;
  try {
    status =
      n.cmds.length === 0
        ? 0
        : n.cmds.length === 1
          ? yield* sh.ev.exec(sh, n.cmds[0]!, tail && !n.negate && !n.time)
          : yield* connected(sh, n);
  } finally {
    if (n.negate) sh.noErrexit--;
  }
  if (n.time) yield* report(sh, begin, n.time === "posix");
  return n.negate ? (status === 0 ? 1 : 0) : status;
}

function* connected(sh: Shell, n: Pipe): Call<number> {
  const monitor = sh.opt("monitor");
  const pids: number[] = [];
  let prev = -1;
  const here = sh.shopt("lastpipe") && !monitor;
  for (let i = 0; i < n.cmds.length; i++) {
    const last = i === n.cmds.length - 1;
    if (last && here) break;
    let next: readonly [number, number] | null = null;
    if (!last) {
      const p = yield* sh.sys.pipe(0);
      if (typeof p === "number") {
        yield* sh.warn(`pipe error: ${strerror(p)}`);
        throw new Discard(1);
      }
      next = p;
    }
    const input = prev;
    const node = n.cmds[i]!;
    const both = n.both[i] === true;
    const pid = yield* forkRun(
      sh,
      { pgid: monitor ? (pids[0] ?? 0) : undefined, foreground: monitor && sh.ttyFd >= 0 ? sh.ttyFd : undefined },
      function* (c) {
        if (input >= 0) {
          yield* c.sys.dup2(input, 0);
          yield* c.sys.close(input);
        }
        if (next) {
          yield* c.sys.close(next[0]);
          yield* c.sys.dup2(next[1], 1);
          yield* c.sys.close(next[1]);
          if (both) yield* c.sys.dup2(1, 2);
        }
        c.options.delete("monitor");
        return yield* c.ev.exec(c, node, true);
      },
    );
    pids.push(pid);
    if (prev >= 0) yield* sh.sys.close(prev);
    if (next) {
      yield* sh.sys.close(next[1]);
      prev = next[0];
    }
  }
  const ownStatus = here ? yield* lastStage(sh, n.cmds[n.cmds.length - 1]!, prev) : 0;
  const codes = yield* waitForeground(
    sh,
    newJob(
      sh,
      monitor ? pids[0]! : 0,
      pids,
      printNode(n),
      n.cmds.map((c) => printNode(c)),
    ),
  );
  if (here) codes.push(ownStatus);
  sh.pipestatus = codes;
  const last = codes[codes.length - 1]!;
  if (!sh.opt("pipefail")) return last;
  let worst = 0;
  for (const c of codes) if (c !== 0) worst = c;
  return worst;
}

/** shopt -s lastpipe: the last command of a pipeline runs in this shell. */
function* lastStage(sh: Shell, node: Node, input: number): Call<number> {
  const keep = yield* sh.sys.dup(0, 10);
  yield* sh.sys.dup2(input, 0);
  yield* sh.sys.close(input);
  try {
    return yield* sub(sh.ev.exec(sh, node, false));
  } finally {
    if (keep >= 0) {
      yield* sh.sys.dup2(keep, 0);
      yield* sh.sys.close(keep);
    } else yield* sh.sys.close(0);
  }
}

/** ( … ), and any command that must not change this shell. */
export function* execSubshell(sh: Shell, node: Node, tail: boolean, body: (c: Shell) => Call<number>): Call<number> {
  // the last thing that a forked shell does needs no further process
  if (tail && sh.subshell > 0 && sh.traps.size === 0 && sh.jobs.length === 0) {
    sh.loops = 0;
    sh.subshell++;
    return yield* sub(body(sh));
  }
  const monitor = sh.opt("monitor");
  const pid = yield* forkRun(
    sh,
    { pgid: monitor ? 0 : undefined, foreground: monitor && sh.ttyFd >= 0 ? sh.ttyFd : undefined },
    function* (c) {
      c.options.delete("monitor");
      c.loops = 0;
      return yield* body(c);
    },
  );
  const codes = yield* waitForeground(sh, newJob(sh, monitor ? pid : 0, [pid], printNode(node)));
  return codes[0]!;
}

/** command & */
export function* execBackground(sh: Shell, it: Item): Call<number> {
  const monitor = sh.opt("monitor");
  // bash does not negate what runs in the background
  const node =
    it.cmd.t === "pipe" && it.cmd.negate && it.cmd.cmds.length === 1 && it.cmd.cmds[0]!.t === "simple" ? it.cmd.cmds[0]! : it.cmd;
  yield* sh.sys.tick(2);
  if (sh.jobs.length > 0) yield* reap(sh);
  const pid = yield* forkRun(sh, { pgid: monitor ? 0 : undefined, background: true }, function* (c) {
    c.options.delete("monitor");
    if (!monitor) {
      // without job control a background command must not read the script's input
      const nul = yield* c.sys.open("/dev/null", O.RDONLY, 0);
      if (nul > 0) {
        yield* c.sys.dup2(nul, 0);
        yield* c.sys.close(nul);
      }
    }
    return yield* c.ev.exec(c, node, true);
  });
  sh.lastBg = pid;
  const j = newJob(sh, monitor ? pid : 0, [pid], printNode(node));
  j.background = true;
  enterJob(sh, j);
  if (sh.interactive && sh.subshell === 0) yield* sh.sys.write(2, utf8(`[${j.id}] ${pid}\n`));
  sh.promptFirst = true;
  return 0;
}

function* report(sh: Shell, begin: number, posix: boolean): Call<void> {
  const end = yield* sh.sys.clock_gettime("monotonic");
  const real = end - begin;
  const fmt = posix ? "real %2R\nuser %2U\nsys %2S" : (sh.get("TIMEFORMAT") ?? "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS");
  if (fmt === "") return;
  const text = fmt.replace(/%(%|(\d?)(l?)([RUSP]))/g, (_, all: string, prec: string, long: string, what: string) => {
    if (all === "%") return "%";
    if (what === "P") return "0.00";
    const ns = what === "R" ? real : 0;
    const digits = prec === "" ? 3 : Math.min(3, Number(prec));
    const unit = 10 ** (9 - digits);
    const scaled = Math.floor(ns / unit);
    const whole = Math.floor(scaled / 10 ** digits);
    const frac = digits > 0 ? `.${String(scaled % 10 ** digits).padStart(digits, "0")}` : "";
    return long ? `${Math.floor(whole / 60)}m${whole % 60}${frac}s` : `${whole}${frac}`;
  });
  yield* sh.sys.write(2, utf8(`${text}\n`));
}
