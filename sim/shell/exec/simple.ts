/** Simple commands: assignments, redirections, and the search for function, builtin or program. */
import { type Call } from "../../kernel/abi.ts";
import { isAssign, type Assign, type ArrayElem, type Simple, type Word } from "../syntax/ir.ts";
import { printSimple } from "../syntax/print.ts";
import { type ArrayItem, MAX_NESTING, type Shell } from "../shell.ts";
import { newVar, type Scope } from "../vars.ts";
import { expandInto, expandString } from "../expand/expand.ts";
import { fastField } from "../expand/fast.ts";
import { findBuiltin, SPECIAL_BUILTINS } from "../builtins/index.ts";
import type { Builtin } from "../builtins/util.ts";
import { assign, expandArray } from "./assign.ts";
import { becomeProgram, findProgram, notFound, runProgram } from "./external.ts";
import { Discard, ExitShell, ShellError, sub } from "./flow.ts";
import { applyRedirs, redirFailure, undoRedirs } from "./redirect.ts";
import { BATCH, debugTrap, settle, STEP } from "./signals.ts";
import { traceText, traceWords } from "./trace.ts";
import { closeProcSubs } from "./subst.ts";
import { singleQuote, traceQuote } from "../vars.ts";

export function* execSimple(sh: Shell, node: Simple, tail: boolean): Call<number> {
  sh.line = node.line;
  sh.steps += node.words.length;
  if ((sh.owed += STEP) >= BATCH || sh.alert) yield* settle(sh);
  sh.substStatus = null;
  if (sh.inTrap === 0) sh.lastCommand = node;
  if (sh.traps.size > 0) yield* debugTrap(sh, node);
  const argv: string[] = [];
  const arrays = node.words.length > 0 ? yield* expandArgs(sh, node.words, argv) : null;
  let status: number;
  if (argv.length === 0) status = yield* assignOnly(sh, node);
  else status = yield* command(sh, node, argv, arrays, tail);
  if (sh.procSubs.length > 0) yield* closeProcSubs(sh);
  return status;
}

/** Words, and the assignments among the arguments of declare and its kin. */
function* expandArgs(sh: Shell, words: readonly (Word | Assign)[], argv: string[]): Call<Map<number, ArrayItem[]> | null> {
  let arrays: Map<number, ArrayItem[]> | null = null;
  for (const w of words) {
    if (!isAssign(w)) {
      const field = fastField(sh, w);
      if (field === null) yield* expandInto(sh, w, argv);
      else argv.push(field);
      continue;
    }
    const head = `${w.name}${w.index ? `[${yield* expandString(sh, w.index)}]` : ""}${w.append ? "+=" : "="}`;
    if (Array.isArray(w.value)) {
      arrays ??= new Map();
      const assoc = sh.isAssoc(w.name) || argv.some((a) => /^-[a-zA-Z]*A/.test(a));
      arrays.set(argv.length, yield* expandArray(sh, w.name, w.value as readonly ArrayElem[], assoc));
      argv.push(head);
    } else argv.push(head + (yield* expandString(sh, w.value as Word, true)));
  }
  return arrays;
}

function* assignOnly(sh: Shell, node: Simple): Call<number> {
  const saved = node.redirs.length > 0 ? yield* applyRedirs(sh, node.redirs, false) : [];
  if (saved === null) return redirFailure(sh, false);
  try {
    for (const a of node.assigns) {
      const text = yield* assign(sh, a);
      if (sh.opt("xtrace")) yield* traceAssign(sh, text);
    }
  } catch (e) {
    yield* undoRedirs(sh, saved);
    throw e;
  }
  yield* undoRedirs(sh, saved);
  sh.lastArg = "";
  return sh.substStatus ?? 0;
}

function* traceAssign(sh: Shell, text: string): Call<void> {
  const cut = text.indexOf("\0");
  yield* traceText(sh, cut < 0 ? text : text.slice(0, cut) + (text.length === cut + 1 ? "" : traceQuote(text.slice(cut + 1))));
}

/** declare x=(…) shows its array before itself. */
function* traceCommand(sh: Shell, argv: readonly string[], arrays: ReadonlyMap<number, readonly ArrayItem[]> | null): Call<void> {
  let words = argv;
  for (const [i, items] of arrays ?? []) {
    const text = items.map((it) => (it.key === null ? "" : `['${it.key}']=`) + singleQuote(it.value)).join(" ");
    yield* traceText(sh, `${argv[i]}(${text})`);
    words = words.map((w, k) => (k === i ? w.replace(/\+?=$/, "") : w));
  }
  yield* traceWords(sh, words);
  if (/^(export|readonly|declare|typeset|local)$/.test(argv[0]!))
    for (const w of argv.slice(1))
      if (/^[A-Za-z_][A-Za-z0-9_]*=./.test(w) && argv[0] === "export") yield* traceAssign(sh, w.replace("=", "=\0"));
}

function* command(sh: Shell, node: Simple, argv: string[], arrays: Map<number, ArrayItem[]> | null, tail: boolean): Call<number> {
  const name = argv[0]!;
  const fn = sh.functions.get(name);
  const builtin = findBuiltin(sh, name);
  const special = builtin !== undefined && SPECIAL_BUILTINS.has(name);
  // assignments before the command hold for it alone
  let temp: Scope | null = null;
  if (node.assigns.length > 0) {
    temp = new Map();
    if (special && sh.opt("posix") && !fn) {
      for (const a of node.assigns) yield* assign(sh, a);
      temp = null;
    } else yield* tempAssigns(sh, node.assigns, temp);
  }
  if (sh.opt("xtrace")) yield* traceCommand(sh, argv, arrays);
  const keep = builtin !== undefined && !fn && name === "exec" && argv.length === 1;
  const saved = node.redirs.length > 0 ? yield* applyRedirs(sh, node.redirs, keep) : [];
  if (saved === null) {
    popTemp(sh, temp);
    return redirFailure(sh, special && !fn);
  }
  let status: number;
  try {
    if (fn) status = yield* callFunction(sh, argv);
    else if (builtin) {
      sh.arrayArgs = arrays;
      status = yield* runBuiltin(sh, builtin, argv);
    } else {
      const path = yield* findProgram(sh, name);
      const env = path === null ? null : sh.environment();
      if (path === null) status = yield* commandNotFound(sh, argv);
      else if (tail && sh.traps.size === 0 && sh.jobs.length === 0) return yield* becomeProgram(sh, path, argv, env!);
      else status = yield* runProgram(sh, path, argv, env!, printSimple(node));
    }
  } catch (e) {
    // a function that ends the shell keeps them: the EXIT trap writes where it did
    if (!keep && !(fn && e instanceof ExitShell)) yield* undoRedirs(sh, saved);
    throw e;
  } finally {
    popTemp(sh, temp);
  }
  if (!keep) yield* undoRedirs(sh, saved);
  sh.lastArg = argv[argv.length - 1]!;
  return status;
}

/** A readonly variable makes the builtin fail that would set it, no more. */
function* runBuiltin(sh: Shell, builtin: Builtin, argv: readonly string[]): Call<number> {
  try {
    return yield* builtin(sh, argv);
  } catch (e) {
    if (!(e instanceof ShellError) || e.fatal) throw e;
    yield* sh.warn(e.message);
    return e.status;
  }
}

/** x=1 cmd: a scope of exported variables on top, as long as the command runs. */
function* tempAssigns(sh: Shell, list: readonly Assign[], temp: Scope): Call<void> {
  sh.scopes.stack.push(temp);
  for (const a of list) {
    if (Array.isArray(a.value)) continue; // an array cannot be exported
    const outer = sh.scopes.find(a.name);
    if (outer?.readonly) {
      sh.scopes.stack.pop();
      throw new ShellError(`${a.name}: readonly variable`, 1);
    }
    const value = yield* expandString(sh, a.value as Word, true);
    const v = newVar(a.append ? (sh.get(a.name) ?? "") + value : value);
    v.exported = true;
    temp.set(a.name, v);
    if (a.name === "PATH") sh.hash.clear();
    if (sh.opt("xtrace")) yield* traceAssign(sh, `${a.name}${a.append ? "+=" : "="}\0${value}`);
  }
}
function popTemp(sh: Shell, temp: Scope | null): void {
  if (temp === null) return;
  const i = sh.scopes.stack.lastIndexOf(temp);
  if (i > 0) sh.scopes.stack.splice(i, 1);
}

function* commandNotFound(sh: Shell, argv: readonly string[]): Call<number> {
  if (sh.functions.has("command_not_found_handle")) return yield* callFunction(sh, ["command_not_found_handle", ...argv]);
  return yield* notFound(sh, argv[0]!);
}

function* callFunction(sh: Shell, argv: readonly string[]): Call<number> {
  const f = sh.functions.get(argv[0]!)!;
  const limit = Number(sh.get("FUNCNEST") ?? 0) || MAX_NESTING;
  if (sh.callStack.length >= Math.min(limit, MAX_NESTING)) {
    yield* sh.warn(`${argv[0]}: maximum function nesting level exceeded (${Math.min(limit, MAX_NESTING)})`);
    throw new Discard(1);
  }
  const outer = { positional: sh.positional, loops: sh.loops, sourced: sh.sourced, line: sh.line };
  const scope: Scope = new Map();
  const depth = sh.scopes.stack.length;
  sh.scopes.stack.push(scope);
  sh.callStack.push({ func: argv[0]!, source: f.source, line: sh.line });
  // DEBUG and RETURN traps are the function's own unless functrace is set
  const outerTraps: [string, string][] = [];
  if (!sh.opt("functrace"))
    for (const t of ["DEBUG", "RETURN"]) {
      const cmd = sh.traps.get(t);
      if (cmd !== undefined) outerTraps.push([t, cmd]);
      sh.traps.delete(t);
    }
  sh.positional = argv.slice(1);
  sh.loops = 0;
  let status: number;
  try {
    if (sh.traps.has("DEBUG")) yield* debugTrap(sh, argv.join(" "));
    status = yield* sub(sh.ev.exec(sh, f.def.body, false));
    if (sh.flow?.kind === "return") {
      status = sh.flow.status;
      sh.flow = null;
    } else if (sh.flow) sh.flow = null;
    sh.status = status;
    const ret = sh.traps.get("RETURN");
    if (ret) yield* sub(sh.ev.runText(sh, ret, { kind: "trap", name: "return trap", firstLine: sh.line }));
  } finally {
    sh.scopes.stack.length = depth;
    sh.callStack.pop();
    sh.positional = outer.positional;
    const saved = scope.get("-");
    if (typeof saved?.value === "string") sh.options = new Set(saved.value.split(" "));
    for (const [t, cmd] of outerTraps) if (!sh.traps.has(t)) sh.traps.set(t, cmd);
    sh.loops = outer.loops;
    sh.line = outer.line;
  }
  return status;
}

/** Runs words as `command` and friends want it: without the parser, in this shell. */
export function* runWords(
  sh: Shell,
  argv: readonly string[],
  what: { readonly functions: boolean; readonly builtins: boolean; readonly defaultPath?: boolean },
): Call<number> {
  const name = argv[0]!;
  if (what.functions && sh.functions.has(name)) return yield* callFunction(sh, argv);
  const b = what.builtins ? findBuiltin(sh, name) : undefined;
  if (b) return yield* b(sh, argv);
  const path = yield* findProgram(sh, name, what.defaultPath === true);
  if (path === null) return yield* notFound(sh, name);
  return yield* runProgram(sh, path, argv, sh.environment(), argv.join(" "));
}
