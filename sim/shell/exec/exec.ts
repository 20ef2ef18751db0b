/** The evaluator: compound commands, lists, functions, errexit. */
import { utf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import type { AndOr, ArithFor, Case, For, If, Item, List, Node, While } from "../syntax/ir.ts";
import type { Shell } from "../shell.ts";
import { isName } from "../vars.ts";
import { arithWord, expandPattern, expandString, expandWords } from "../expand/expand.ts";
import { Pattern } from "../expand/pattern.ts";
import { printNode } from "../syntax/print.ts";
import { execCond } from "./cond.ts";
import { Discard, ExitShell, ShellError, sub } from "./flow.ts";
import { execBackground, execPipe, execSubshell } from "./pipeline.ts";
import { applyRedirs, redirFailure, undoRedirs } from "./redirect.ts";
import { execSelect } from "./select.ts";
import { BATCH, debugTrap, settle, STEP } from "./signals.ts";
import { execSimple } from "./simple.ts";
import { traceText } from "./trace.ts";

export function* execList(sh: Shell, list: List, tail: boolean): Call<number> {
  if (list.length === 1 && !list[0]!.bg) return yield* exec(sh, list[0]!.cmd, tail);
  let status = 0;
  sh.lists++;
  try {
    for (let i = 0; i < list.length; i++) {
      const it = list[i]!;
      status = it.bg ? yield* execItem(sh, it, false) : yield* exec(sh, it.cmd, tail && i === list.length - 1);
      if (sh.flow) break;
    }
  } finally {
    sh.lists--;
  }
  return status;
}

function* execItem(sh: Shell, it: Item, tail: boolean): Call<number> {
  if (it.bg) {
    const status = yield* execBackground(sh, it);
    sh.status = status;
    return status;
  }
  return yield* exec(sh, it.cmd, tail);
}

/** Runs one command and sees to $?, PIPESTATUS, errexit and the ERR trap. */
export function* exec(sh: Shell, n: Node, tail: boolean): Call<number> {
  if (sh.opt("noexec") && !sh.interactive) return 0;
  let status: number;
  try {
    status = n.t === "simple" ? yield* execSimple(sh, n, tail) : yield* dispatch(sh, n, tail);
  } catch (e) {
    if (!(e instanceof ShellError)) throw e;
    if (sh.dash && !sh.interactive) {
      yield* sh.warn(e.message.replace(/: readonly variable$/, ": is read only"));
      throw new ExitShell(2);
    }
    yield* sh.warn(e.message);
    sh.status = e.status;
    throw e.fatal && !sh.interactive ? new ExitShell(e.status) : new Discard(e.status);
  }
  sh.status = status;
  if (n.t !== "pipe" || n.cmds.length < 2) {
    if (n.t === "simple" || n.t === "cond" || n.t === "arith" || n.t === "subshell") sh.pipestatus = [status];
  }
  if (status !== 0 && sh.noErrexit === 0 && sh.flow === null && checked(n)) {
    const trap = sh.traps.get("ERR");
    if (trap && (sh.callStack.length === 0 || sh.opt("errtrace")) && sh.inTrap === 0) {
      sh.inTrap++;
      const line = sh.line;
      yield* sub(sh.ev.runText(sh, trap, { kind: "trap", name: "error trap", firstLine: sh.line }));
      sh.line = line;
      sh.inTrap--;
      sh.status = status;
    }
    if (sh.opt("errexit")) throw new ExitShell(status);
  }
  return status;
}

/** Is this a command whose failure counts? Compound ones have seen to it inside. */
function checked(n: Node): boolean {
  switch (n.t) {
    case "simple":
    case "cond":
    case "arith":
    case "subshell":
      return true;
    case "pipe":
      return !n.negate && (n.cmds.length > 1 || n.cmds.length === 0);
    case "redirected":
      return n.cmd.t === "subshell";
    default:
      return false;
  }
}

function* dispatch(sh: Shell, n: Node, tail: boolean): Call<number> {
  switch (n.t) {
    case "simple":
      return yield* execSimple(sh, n, tail);
    case "pipe":
      return yield* execPipe(sh, n, tail);
    case "andor":
      return yield* execAndOr(sh, n, tail);
    case "group":
      return yield* execList(sh, n.body, tail);
    case "subshell":
      return yield* execSubshell(sh, n, tail, (c) => execList(c, n.body, true));
    case "redirected": {
      if (n.cmd.t === "subshell") {
        const inner = n.cmd;
        return yield* execSubshell(sh, n, tail, function* (c) {
          const saved = yield* applyRedirs(c, n.redirs, true);
          return saved === null ? redirFailure(c, false) : yield* execList(c, inner.body, true);
        });
      }
      const saved = yield* applyRedirs(sh, n.redirs, false);
      if (saved === null) return redirFailure(sh, false);
      let status: number;
      try {
        status = yield* exec(sh, n.cmd, false);
      } catch (e) {
        yield* undoRedirs(sh, saved);
        throw e;
      }
      yield* undoRedirs(sh, saved);
      return status;
    }
    case "if":
      return yield* execIf(sh, n, tail);
    case "while":
      return yield* execWhile(sh, n);
    case "for":
      if (n.select && sh.opt("xtrace")) yield* traceText(sh, forHead(n));
      return n.select ? yield* execSelect(sh, n) : yield* execFor(sh, n);
    case "arithfor":
      return yield* execArithFor(sh, n);
    case "case":
      return yield* execCase(sh, n, tail);
    case "cond":
      return yield* execCond(sh, n);
    case "arith": {
      sh.line = n.line;
      if ((sh.owed += STEP) >= BATCH || sh.alert) yield* settle(sh);
      if (sh.traps.size > 0) yield* debugTrap(sh, printNode(n));
      if (sh.opt("xtrace")) yield* traceText(sh, `(( ${n.expr.raw} ))`);
      try {
        return (yield* arithWord(sh, n.expr, "((: ")) !== 0n ? 0 : 1;
      } catch (e) {
        if (e instanceof Discard) return 1;
        throw e;
      }
    }
    case "func":
      sh.line = n.line;
      sh.functions.set(n.name, {
        def: n,
        exported: false,
        source: sh.scriptName ?? (sh.commandString ? "environment" : sh.interactive ? "main" : sh.name),
        readonly: false,
      });
      return 0;
    case "coproc":
      yield* sh.sys.write(2, utf8("hop: bash: coproc is not simulated\n"));
      return 64;
  }
}

function* execAndOr(sh: Shell, n: AndOr, tail: boolean): Call<number> {
  let status = 0;
  sh.lists++;
  try {
    for (let i = 0; i < n.cmds.length; i++) {
      if (i > 0 && (n.ops[i - 1] === "&&") !== (status === 0)) continue;
      const last = i === n.cmds.length - 1;
      if (!last) sh.noErrexit++;
      try {
        status = yield* exec(sh, n.cmds[i]!, tail && last);
      } finally {
        if (!last) sh.noErrexit--;
      }
      if (sh.flow) return status;
    }
  } finally {
    sh.lists--;
  }
  return status;
}

/** A list whose status is only looked at. */
function* condition(sh: Shell, list: List): Call<number> {
  sh.noErrexit++;
  try {
    return yield* execList(sh, list, false);
  } finally {
    sh.noErrexit--;
  }
}

function* execIf(sh: Shell, n: If, tail: boolean): Call<number> {
  for (const a of n.arms) {
    const c = yield* condition(sh, a.cond);
    if (sh.flow) return c;
    if (c === 0) return yield* execList(sh, a.body, tail);
  }
  return n.other ? yield* execList(sh, n.other, tail) : 0;
}

/** After a loop's body: is this loop over? Counts down break n and continue n. */
function loopEnds(sh: Shell): boolean {
  const f = sh.flow;
  if (f === null) return false;
  if (f.kind === "return") return true;
  if (f.n > 1) {
    sh.flow = { kind: f.kind, n: f.n - 1 };
    return true;
  }
  sh.flow = null;
  return f.kind === "break";
}

function* execWhile(sh: Shell, n: While): Call<number> {
  let status = 0;
  sh.loops++;
  try {
    for (;;) {
      if ((sh.owed += STEP) >= BATCH || sh.alert) yield* settle(sh);
      const c = yield* condition(sh, n.cond);
      if (sh.flow) {
        if (loopEnds(sh)) break;
        continue;
      }
      if ((c === 0) === n.until) break;
      status = yield* execList(sh, n.body, false);
      if (sh.flow && loopEnds(sh)) break;
    }
  } finally {
    sh.loops--;
  }
  return status;
}

function* execFor(sh: Shell, n: For): Call<number> {
  sh.line = n.line;
  if (!isName(n.name)) {
    yield* sh.warn(`\`${n.name}': not a valid identifier`);
    return 1;
  }
  const words = n.words ? yield* expandWords(sh, n.words) : [...sh.positional];
  let status = 0;
  sh.loops++;
  try {
    for (const w of words) {
      sh.line = n.line;
      if ((sh.owed += STEP) >= BATCH || sh.alert) yield* settle(sh);
      if (sh.traps.size > 0) yield* debugTrap(sh, forHead(n));
      if (sh.opt("xtrace") && !sh.dash) yield* traceText(sh, forHead(n));
      if (!(yield* loopVariable(sh, n.name, w))) return 1;
      status = yield* execList(sh, n.body, false);
      if (sh.flow && loopEnds(sh)) break;
    }
  } finally {
    sh.loops--;
  }
  return status;
}

/** `for i in a b`, as traces and $BASH_COMMAND show it. */
function forHead(n: For): string {
  return `${n.select ? "select" : "for"} ${n.name} in ${n.words ? n.words.map((x) => x.raw).join(" ") : '"$@"'}`;
}

/** The variable of `for`: a name reference comes to stand for another variable. False: it cannot be set. */
function* loopVariable(sh: Shell, name: string, value: string): Call<boolean> {
  const v = sh.scopes.find(name);
  if (v?.nameref) v.value = value;
  else if (v?.readonly) {
    yield* sh.warn(`${name}: readonly variable`);
    return false;
  } else sh.set(name, value);
  return true;
}

function* execArithFor(sh: Shell, n: ArithFor): Call<number> {
  sh.line = n.line;
  let status = 0;
  const part = function* (w: ArithFor["init"]): Call<bigint> {
    if (w === null) return 1n;
    sh.line = n.line;
    if (sh.opt("xtrace")) yield* traceText(sh, `(( ${w.raw.trim()} ))`);
    return yield* arithWord(sh, w, "((: ");
  };
  try {
    yield* part(n.init);
  } catch (e) {
    if (e instanceof Discard) return 1;
    throw e;
  }
  sh.loops++;
  try {
    for (;;) {
      if ((sh.owed += STEP) >= BATCH || sh.alert) yield* settle(sh);
      if ((yield* part(n.test)) === 0n) break;
      status = yield* execList(sh, n.body, false);
      if (sh.flow && loopEnds(sh)) break;
      yield* part(n.step);
    }
  } catch (e) {
    if (!(e instanceof Discard) || sh.interactive) throw e;
    return 1;
  } finally {
    sh.loops--;
  }
  return status;
}

function* execCase(sh: Shell, n: Case, tail: boolean): Call<number> {
  sh.line = n.line;
  if ((sh.owed += STEP) >= BATCH || sh.alert) yield* settle(sh);
  if (sh.traps.size > 0) yield* debugTrap(sh, `case ${n.word.raw} in `);
  if (sh.opt("xtrace") && !sh.dash) yield* traceText(sh, `case ${n.word.raw} in`);
  const text = yield* expandString(sh, n.word);
  const opts = { extglob: sh.shopt("extglob"), nocase: sh.shopt("nocasematch") };
  let status = 0;
  let through = false;
  for (const it of n.items) {
    let hit = through;
    for (let i = 0; !hit && i < it.pats.length; i++) hit = new Pattern(yield* expandPattern(sh, it.pats[i]!), opts).matches(text);
    if (!hit) continue;
    status = yield* execList(sh, it.body, tail && it.end === ";;");
    if (it.end === ";;" || sh.flow) return status;
    through = it.end === ";&";
  }
  return status;
}
