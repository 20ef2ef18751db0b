/**
 * The common word without the machinery: texts and plain variables, arithmetic that sets nothing. Where anything else
 * could happen (a child, a message, several fields) the answer is null, nothing has happened yet, and expand.ts does
 * it all.
 */
import type { Seg, Word } from "../syntax/ir.ts";
import type { Shell } from "../shell.ts";
import { ArithError, evalArith } from "./arith.ts";
import { arithVars } from "./pieces.ts";

/** Values longer than this take the way on which time is charged for them. */
const MAX_FAST = 1024;
/** assignments, ++ and --: evaluating twice would be felt */
const SETS = /(^|[^=!<>])=(?!=)|\+\+|--|<<=|>>=/;

function segText(sh: Shell, s: Seg): string | null {
  switch (s.k) {
    case "lit":
      return s.q || !s.s.includes("~") ? s.s : null;
    case "param": {
      const p = s.p;
      if (p.op !== null || p.index !== null || p.indirect || p.length || p.name === "@" || p.name === "*") return null;
      if (p.name.startsWith("EPOCH") || p.name === "SECONDS") return null;
      const v = sh.get(p.name);
      return v === undefined || v.length > MAX_FAST ? null : v;
    }
    case "arith": {
      if (sh.dash) return null;
      const text = fastString(sh, s.expr);
      if (text === null || text.length > 64 || SETS.test(text) || text.includes("[") || text.includes("SECONDS") || text.includes("EPOCH"))
        return null;
      try {
        sh.steps++;
        return String(evalArith(text, arithVars(sh)));
      } catch (e) {
        if (e instanceof ArithError) return null;
        throw e;
      }
    }
    default:
      return null;
  }
}

/** What expandString gives. */
export function fastString(sh: Shell, w: Word): string | null {
  const segs = w.segs;
  if (segs.length === 1) return segText(sh, segs[0]!);
  let out = "";
  for (let i = 0; i < segs.length; i++) {
    const t = segText(sh, segs[i]!);
    if (t === null) return null;
    out += t;
  }
  return out.length > MAX_FAST ? null : out;
}

/** The one field that the word is; null: see expandInto. */
export function fastField(sh: Shell, w: Word): string | null {
  const segs = w.segs;
  if (w.brace || segs.length === 0) return null;
  let out = "";
  for (let i = 0; i < segs.length; i++) {
    const s = segs[i]!;
    const t = segText(sh, s);
    if (t === null) return null;
    if (!s.q) {
      // what could split, match files or vanish
      if (s.k === "lit" ? /[*?[(~\\]/.test(s.s) : !/^[\w./:@%+,-]+$/.test(t) || !plainIfs(sh)) return null;
    }
    out += t;
  }
  return out.length > MAX_FAST ? null : out;
}

function plainIfs(sh: Shell): boolean {
  const ifs = sh.get("IFS");
  return ifs === undefined || ifs === " \t\n";
}
