/** [[ … ]] */
import type { Call } from "../../kernel/abi.ts";
import { compareFiles, compareIntegers } from "../../kernel/filetest.ts";
import type { Cond, CondExpr } from "../syntax/ir.ts";
import type { Shell } from "../shell.ts";
import { IndexedArray } from "../vars.ts";
import { arithText, expandPattern, expandRegex, expandString } from "../expand/expand.ts";
import { Pattern } from "../expand/pattern.ts";
import { matchRegex } from "../expand/regex.ts";
import { Discard } from "./flow.ts";
import { unaryTest } from "./testops.ts";
import { printNode } from "../syntax/print.ts";
import { BATCH, debugTrap, settle, STEP } from "./signals.ts";
import { traceText } from "./trace.ts";

export function* execCond(sh: Shell, n: Cond): Call<number> {
  sh.line = n.line;
  if ((sh.owed += STEP) >= BATCH || sh.alert) yield* settle(sh);
  if (sh.traps.size > 0) yield* debugTrap(sh, printNode(n));
  try {
    const r = yield* evalCond(sh, n.expr);
    return r === "error" ? 2 : r ? 0 : 1;
  } catch (e) {
    // an arithmetic error makes the command fail, no more
    if (e instanceof ArithFailed) return 1;
    throw e;
  }
}

class ArithFailed extends Error {}

function* evalCond(sh: Shell, e: CondExpr): Call<boolean | "error"> {
  switch (e.k) {
    case "group":
      return yield* evalCond(sh, e.arg);
    case "not": {
      const r = yield* evalCond(sh, e.arg);
      return r === "error" ? r : !r;
    }
    case "logic": {
      let r: boolean | "error" = e.op === "&&";
      for (const a of e.args) {
        r = yield* evalCond(sh, a);
        if (r === "error" || r !== (e.op === "&&")) return r;
      }
      return r;
    }
    case "unary": {
      const arg = yield* expandString(sh, e.arg);
      if (sh.opt("xtrace")) yield* traceText(sh, `[[ ${e.op} ${arg === "" ? "''" : arg} ]]`);
      return yield* unaryTest(sh, e.op, arg);
    }
    case "binary":
      return yield* binary(sh, e);
  }
}

function* binary(sh: Shell, e: CondExpr & { k: "binary" }): Call<boolean | "error"> {
  const left = yield* expandString(sh, e.left);
  const nocase = sh.shopt("nocasematch");
  const trace = function* (right: string): Call<void> {
    if (sh.opt("xtrace")) yield* traceText(sh, `[[ ${left === "" ? "''" : left} ${e.op} ${right} ]]`);
  };
  switch (e.op) {
    case "=":
    case "==":
    case "!=": {
      const pat = yield* expandPattern(sh, e.right);
      yield* trace(pat === "" ? "''" : pat);
      return new Pattern(pat, { extglob: true, nocase }).matches(left) === (e.op !== "!=");
    }
    case "=~": {
      const parts = yield* expandRegex(sh, e.right);
      yield* trace(parts.map((p) => p.s).join(""));
      const r = matchRegex(parts, left, nocase);
      if (r === null) return "error";
      const v = sh.scopes.make("BASH_REMATCH");
      v.kind = "indexed";
      v.value = IndexedArray.of(r.found ?? []);
      yield* sh.work(left.length >> 6);
      return r.found !== null;
    }
  }
  const right = yield* expandString(sh, e.right);
  yield* trace(right === "" ? "''" : right);
  switch (e.op) {
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "-nt":
    case "-ot":
    case "-ef":
      return yield* compareFiles(sh.sys, e.op, left, right);
  }
  const num = function* (s: string): Call<bigint> {
    try {
      return yield* arithText(sh, s, "[[: ");
    } catch (x) {
      if (x instanceof Discard) throw new ArithFailed();
      throw x;
    }
  };
  const a = yield* num(left);
  const b = yield* num(right);
  return compareIntegers(e.op, a, b);
}
