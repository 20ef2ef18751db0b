/** Parameter expansion: $x, ${x…} in all its forms. */
import type { Call } from "../../kernel/abi.ts";
import type { Param, Word } from "../syntax/ir.ts";
import type { Shell } from "../shell.ts";
import { isName, quoteValue, doubleQuote, type Var } from "../vars.ts";
import { Discard, ExitShell } from "../exec/flow.ts";
import { ArithError, evalArith } from "./arith.ts";
import { escapePattern, Pattern } from "./pattern.ts";
import { arithVars, type Piece, type PiecesFn } from "./pieces.ts";
import { ansiCText } from "./text.ts";

interface Values {
  readonly set: boolean;
  values: string[];
  /** indices or keys, for arrays */
  readonly keys: readonly string[];
  /** $@ or $* or [@] or [*]; null: one value */
  readonly multi: "@" | "*" | null;
}

export function* expandParam(sh: Shell, p0: Param, q: boolean, out: Piece[], pieces: PiecesFn): Call<void> {
  let p = p0;
  if (p.op?.k === "bad" || (sh.dash && !inDash(p))) {
    yield* sh.warn(sh.dash ? "Bad substitution" : `${p.raw}: bad substitution`);
    throw sh.dash && !sh.interactive ? new ExitShell(2) : new Discard(1);
  }
  if (/SECONDS|EPOCH/.test(p.name)) yield* sh.clock();
  const star = p.index === null ? null : p.index.raw === "@" || p.index.raw === "*" ? (p.index.raw as "@" | "*") : null;

  if (p.op?.k === "names") {
    const names = sh.scopes.names().filter((n) => n.startsWith(p.name) && sh.scopes.find(n)!.value !== null);
    emit(sh, { set: true, values: names, keys: [], multi: p.op.op }, q, out);
    return;
  }
  if (p.indirect) {
    if (star) {
      const e = sh.elements(p.name);
      emit(sh, { set: e !== undefined, values: e?.keys ?? [], keys: [], multi: star }, q, out);
      return;
    }
    p = yield* indirect(sh, p, pieces);
  }
  const v = yield* lookup(sh, p, pieces);

  if (p.length) {
    if (!v.set && v.multi === null) yield* unbound(sh, p);
    const n = v.multi !== null ? v.values.length : codePoints(v.values[0] ?? "");
    out.push({ t: "s", s: String(n), q, split: !q });
    return;
  }
  const op = p.op;
  if (op === null) {
    if (!v.set && v.multi === null) yield* unbound(sh, p);
    emit(sh, v, q, out);
    return;
  }
  switch (op.k) {
    case "default": {
      const empty =
        v.multi !== null
          ? v.values.length === 0 || (op.colon && v.values.length === 1 && v.values[0] === "")
          : !v.set || (op.colon && v.values[0] === "");
      if (op.op === "+" ? empty : !empty) {
        if (op.op !== "+") emit(sh, v, q, out);
        else if (q) out.push({ t: "s", s: "", q, split: false });
        return;
      }
      if (op.op === "-" || op.op === "+") {
        const found = yield* pieces(sh, op.word, { assign: false });
        if (found.length === 0 && q) out.push({ t: "s", s: "", q, split: false });
        for (const piece of found) out.push(piece.t === "s" ? { ...piece, q: piece.q || q, split: !(piece.q || q) } : piece);
        return;
      }
      const text = join(yield* pieces(sh, op.word, { assign: op.op === "=" }));
      if (op.op === "=") {
        if (!isName(p.name)) {
          yield* sh.warn(`$${p.name}: cannot assign in this way`);
          throw new Discard(1);
        }
        if (p.index) sh.setElem(p.name, yield* subscript(sh, p.name, p.index, pieces), text);
        else sh.set(p.name, text);
        out.push({ t: "s", s: text, q, split: !q });
        return;
      }
      const name = p.index ? `${p.name}[${p.index.raw}]` : p.name;
      yield* sh.warn(`${name}: ${op.word.segs.length > 0 ? text : op.colon ? "parameter null or not set" : "parameter not set"}`);
      throw fatalExpansion(sh);
    }
    case "slice":
      yield* slice(sh, p, v, op.off, op.len, q, out, pieces);
      return;
    case "transform":
      if (!v.set && v.multi === null) {
        if (op.op === "a" || op.op === "A") emit(sh, { ...v, set: true, values: transform(sh, p, v, op.op) }, q, out);
        else emit(sh, v, q, out);
        return;
      }
      if (!/^[QEPAKauULk]$/.test(op.op)) {
        yield* sh.warn(`${p.raw}: bad substitution`);
        throw fatalExpansion(sh);
      }
      if (op.op === "P") {
        const vals: string[] = [];
        for (const s of v.values) vals.push(yield* sh.ev.prompt(sh, s));
        emit(sh, { ...v, values: vals }, q, out);
      } else
        emit(
          sh,
          { ...v, values: transform(sh, p, v, op.op), multi: op.op === "A" && v.multi !== null && isName(p.name) ? null : v.multi },
          q,
          out,
        );
      return;
  }
  if (!v.set && v.multi === null) yield* unbound(sh, p);
  if (op.k === "remove") {
    const pat = new Pattern(yield* patternOf(sh, op.word, pieces), { extglob: sh.shopt("extglob"), nocase: false });
    v.values = v.values.map((s) => {
      const m = op.op[0] === "#" ? pat.prefix(s) : pat.suffix(s);
      if (!m) return s;
      const n = op.op.length === 2 ? m.long : m.short;
      return op.op[0] === "#" ? s.slice(n) : s.slice(0, s.length - n);
    });
  } else if (op.k === "replace") {
    const pat = new Pattern(yield* patternOf(sh, op.pat, pieces), { extglob: sh.shopt("extglob"), nocase: sh.shopt("nocasematch") });
    const rep = replacement(sh, yield* pieces(sh, op.rep, { assign: false }));
    const vals: string[] = [];
    for (const s of v.values) vals.push(yield* replace(sh, s, op.op, pat, rep, op.pat.segs.length === 0));
    v.values = vals;
  } else if (op.k === "case") {
    const pat =
      op.pat && op.pat.segs.length > 0
        ? new Pattern(yield* patternOf(sh, op.pat, pieces), { extglob: sh.shopt("extglob"), nocase: false })
        : null;
    v.values = v.values.map((s) => caseMod(s, op.op, pat));
  }
  yield* sh.work(v.values.length);
  emit(sh, v, q, out);
}

/** dash has the parameter expansions of POSIX only. */
function inDash(p: Param): boolean {
  return p.index === null && !p.indirect && (p.op === null || p.op.k === "default" || p.op.k === "remove");
}

function* unbound(sh: Shell, p: Param): Call<void> {
  if (!sh.opt("nounset")) return;
  const name = p.index ? `${p.name}[${p.index.raw}]` : /^[0-9]+$/.test(p.name) ? `$${p.name}` : p.name;
  yield* sh.warn(sh.dash ? `${name.replace(/^\$/, "")}: parameter not set` : `${name}: unbound variable`);
  throw fatalExpansion(sh);
}

/** An expansion that ends a shell which nobody types at: 127 for -c itself, 1 for scripts and subshells. */
function fatalExpansion(sh: Shell): Error {
  if (sh.interactive) return new Discard(1);
  return new ExitShell(sh.dash ? 2 : sh.commandString && sh.subshell === 0 ? 127 : 1);
}

/** Puts values into the word as quoting and @ or * say. */
function emit(sh: Shell, v: Values, q: boolean, out: Piece[]): void {
  if (v.multi === null) {
    if (v.values.length > 0 || q) out.push({ t: "s", s: v.values[0] ?? "", q, split: !q });
    return;
  }
  const ifs = sh.get("IFS") ?? " ";
  const sep = ifs.slice(0, 1);
  if (v.multi === "*" && q) {
    out.push({ t: "s", s: v.values.join(sep), q: true, split: false });
    return;
  }
  const joinBy = v.multi === "*" ? sep : " ";
  for (let i = 0; i < v.values.length; i++) {
    if (i > 0) out.push({ t: "brk", join: joinBy });
    // an empty unquoted value makes no field
    out.push({ t: "s", s: v.values[i]!, q, split: !q });
  }
}

/** Key of name[index], evaluated. */
export function* subscript(sh: Shell, name: string, index: Word, pieces: PiecesFn): Call<string> {
  const text = join(yield* pieces(sh, index, { assign: false }));
  if (sh.isAssoc(name)) return text;
  try {
    return String(Number(evalArith(text, arithVars(sh))));
  } catch (e) {
    if (!(e instanceof ArithError)) throw e;
    yield* sh.warn(e.message);
    throw new Discard(1);
  }
}

function join(ps: readonly Piece[]): string {
  let s = "";
  for (const p of ps) s += p.t === "s" ? p.s : p.join;
  return s;
}

function* lookup(sh: Shell, p: Param, pieces: PiecesFn): Call<Values> {
  if (p.name === "@" || p.name === "*") return { set: sh.positional.length > 0, values: [...sh.positional], keys: [], multi: p.name };
  if (p.index !== null) {
    const raw = p.index.raw;
    if (raw === "@" || raw === "*") {
      const e = sh.elements(p.name);
      return { set: e !== undefined && e.values.length > 0, values: e ? [...e.values] : [], keys: e?.keys ?? [], multi: raw };
    }
    const key = yield* subscript(sh, p.name, p.index, pieces);
    const n = Number(key);
    if (!sh.isAssoc(p.name) && n < 0) {
      const end = sh.elements(p.name)?.keys.at(-1);
      if (end === undefined || Number(end) + 1 + n < 0) {
        yield* sh.warn(`${p.name}: bad array subscript`);
        return { set: false, values: [], keys: [], multi: null };
      }
    }
    const v = sh.getElem(p.name, key);
    return { set: v !== undefined, values: v === undefined ? [] : [v], keys: [], multi: null };
  }
  const v = sh.get(p.name);
  return { set: v !== undefined, values: v === undefined ? [] : [v], keys: [], multi: null };
}

/** ${!x}: the parameter whose name is x's value. */
function* indirect(sh: Shell, p: Param, pieces: PiecesFn): Call<Param> {
  const nr = sh.scopes.find(p.name);
  if (nr?.nameref && p.index === null && p.op === null) {
    return {
      ...p,
      indirect: false,
      name: "\0ref",
      op: {
        k: "default",
        op: "-",
        colon: false,
        word: { raw: "", segs: [{ k: "lit", s: String(nr.value ?? ""), q: true }], brace: false, line: sh.line },
      },
    };
  }
  const v = yield* lookup(sh, { ...p, indirect: false }, pieces);
  if (!v.set) {
    yield* sh.warn(`${p.index ? `${p.name}[${p.index.raw}]` : p.name}: invalid indirect expansion`);
    throw new Discard(1);
  }
  const target = v.multi !== null ? v.values.join(" ") : v.values[0]!;
  const m = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[([^]*)\])?$|^([@*#?$!-]|[0-9]+)$/.exec(target);
  if (!m) {
    yield* sh.warn(`${target}: invalid variable name`);
    throw new Discard(1);
  }
  const sub = m[2];
  const index: Word | null = sub === undefined ? null : { raw: sub, segs: [{ k: "lit", s: sub, q: true }], brace: false, line: sh.line };
  return { ...p, indirect: false, name: m[1] ?? m[3]!, index };
}

// ---------------------------------------------------------------- operations

function codePoints(s: string): number {
  let n = 0;
  for (const _ of s) n++;
  return n;
}

function* slice(
  sh: Shell,
  p: Param,
  v: Values,
  offWord: Word,
  lenWord: Word | null,
  q: boolean,
  out: Piece[],
  pieces: PiecesFn,
): Call<void> {
  if (!v.set && v.multi === null) yield* unbound(sh, p);
  const num = function* (w: Word): Call<number> {
    const text = join(yield* pieces(sh, w, { assign: false }));
    try {
      return Number(evalArith(text, arithVars(sh)));
    } catch (e) {
      if (!(e instanceof ArithError)) throw e;
      yield* sh.warn(`${p.name}: ${e.message}`);
      throw new Discard(1);
    }
  };
  let off = yield* num(offWord);
  const len = lenWord === null ? null : yield* num(lenWord);
  const tooSmall = function* (): Call<never> {
    yield* sh.warn(`${lenWord!.raw.trim()}: substring expression < 0`);
    throw new Discard(1);
  };
  if (v.multi !== null) {
    let vals = v.values;
    if (p.name === "@" || p.name === "*") {
      const all = off <= 0 ? [sh.name, ...sh.positional] : sh.positional;
      if (off < 0) off += all.length;
      else if (off > 0) off--;
      vals = off < 0 ? [] : all.slice(off);
    } else {
      const last = v.keys.length > 0 ? Number(v.keys[v.keys.length - 1]) : -1;
      if (sh.isAssoc(p.name)) vals = v.values.slice(off > 0 ? off - 1 : 0);
      else {
        if (off < 0) off += last + 1;
        vals = off < 0 ? [] : v.values.filter((_, i) => Number(v.keys[i]) >= off);
      }
    }
    if (len !== null) {
      if (len < 0) yield* tooSmall();
      vals = vals.slice(0, len);
    }
    emit(sh, { ...v, values: vals }, q, out);
    return;
  }
  const chars = [...(v.values[0] ?? "")];
  if (off < 0) off += chars.length;
  if (off < 0 || off > chars.length) {
    out.push({ t: "s", s: "", q, split: !q });
    return;
  }
  let end = len === null ? chars.length : len < 0 ? chars.length + len : off + len;
  if (len !== null && len < 0 && end < off) yield* tooSmall();
  if (end > chars.length) end = chars.length;
  out.push({ t: "s", s: chars.slice(off, end).join(""), q, split: !q });
}

function* patternOf(sh: Shell, w: Word, pieces: PiecesFn): Call<string> {
  let s = "";
  for (const p of yield* pieces(sh, w, { assign: false })) s += p.t !== "s" ? p.join : p.q ? escapePattern(p.s) : p.s;
  return s;
}

/** The replacement as text and places of the match (an unquoted &). */
function replacement(sh: Shell, ps: readonly Piece[]): readonly (string | null)[] {
  const out: (string | null)[] = [];
  const amp = sh.shopt("patsub_replacement");
  for (const p of ps) {
    if (p.t !== "s") out.push(p.join);
    else if (p.q || !amp || !p.s.includes("&")) out.push(p.s);
    else {
      const parts = p.s.split("&");
      for (let i = 0; i < parts.length; i++) {
        if (i > 0) out.push(null);
        out.push(parts[i]!);
      }
    }
  }
  return out;
}

function* replace(sh: Shell, s: string, op: string, pat: Pattern, rep: readonly (string | null)[], emptyPat: boolean): Call<string> {
  const put = (match: string): string => {
    let r = "";
    for (const x of rep) r += x ?? match;
    return r;
  };
  if (op === "/#") {
    const m = emptyPat ? { long: 0 } : pat.prefix(s);
    return m ? put(s.slice(0, m.long)) + s.slice(m.long) : s;
  }
  if (op === "/%") {
    const m = emptyPat ? { long: 0 } : pat.suffix(s);
    return m ? s.slice(0, s.length - m.long) + put(s.slice(s.length - m.long)) : s;
  }
  if (emptyPat || s === "") return s === "" && !emptyPat && pat.matches("") ? put("") : s;
  if (pat.literal !== null && pat.literal !== "") {
    const at = s.indexOf(pat.literal);
    if (at < 0) return s;
    if (op === "/") return s.slice(0, at) + put(pat.literal) + s.slice(at + pat.literal.length);
    yield* sh.work(s.length >> 8);
    return s.split(pat.literal).join(put(pat.literal));
  }
  const orig = [...s];
  const chars = pat.chars(s);
  let r = "";
  let i = 0;
  while (i < chars.length) {
    yield* sh.work();
    const end = pat.longestAt(chars, i);
    if (end <= i) {
      // a pattern that begins with * and fails here fails further on too
      if (end < 0 && pat.startsWithStar) break;
      r += orig[i]!;
      i++;
      continue;
    }
    r += put(orig.slice(i, end).join(""));
    i = end;
    if (op === "/") break;
  }
  return r + orig.slice(i).join("");
}

function caseMod(s: string, op: string, pat: Pattern | null): string {
  const up = op[0] === "^";
  const all = op.length === 2;
  let first = true;
  let out = "";
  for (const ch of s) {
    if ((first || all) && (pat === null || pat.matches(ch)))
      out += up || (op[0] === "~" && ch === ch.toLowerCase()) ? ch.toUpperCase() : ch.toLowerCase();
    else out += ch;
    first = false;
  }
  return out;
}

export function attrFlags(v: Var | undefined): string {
  if (!v) return "";
  return (
    (v.kind === "indexed" ? "a" : "") +
    (v.kind === "assoc" ? "A" : "") +
    (v.integer ? "i" : "") +
    (v.nameref ? "n" : "") +
    (v.readonly ? "r" : "") +
    (v.caseMode === "l" ? "l" : "") +
    (v.caseMode === "u" ? "u" : "") +
    (v.exported ? "x" : "")
  );
}

function transform(sh: Shell, p: Param, v: Values, op: string): string[] {
  switch (op) {
    case "Q":
      return v.values.map(quoteValue);
    case "E":
      return v.values.map((s) => ansiCText(s).text);
    case "U":
      return v.values.map((s) => s.toUpperCase());
    case "u":
      return v.values.map((s) => s.slice(0, 1).toUpperCase() + s.slice(1));
    case "L":
      return v.values.map((s) => s.toLowerCase());
    case "a": {
      const flags = attrFlags(sh.find(p.name));
      return v.multi !== null ? v.values.map(() => flags) : v.set || flags !== "" ? [flags] : [];
    }
    case "A": {
      const flags = attrFlags(sh.find(p.name));
      if (!isName(p.name)) return v.values.length === 0 ? [] : [`set -- ${v.values.map(quoteValue).join(" ")}`];
      if (v.multi !== null && flags !== "" && v.keys.length > 0)
        return [
          `declare -${flags} ${p.name}=(${v.values.map((s, i) => `[${v.keys[i]}]=${doubleQuote(s)}`).join(" ")}${sh.isAssoc(p.name) ? " " : ""})`,
        ];
      if (!v.set) return flags === "" ? [] : [`declare -${flags} ${p.name}`];
      return [flags === "" ? `${p.name}=${quoteValue(v.values[0]!)}` : `declare -${flags} ${p.name}=${quoteValue(v.values[0]!)}`];
    }
    case "K":
    case "k": {
      if (v.multi === null) return v.values.map(quoteValue);
      if (op === "k") return v.values.flatMap((s, i) => [v.keys[i] ?? "", s]);
      return [v.values.map((s, i) => `${v.keys[i] ?? ""} ${doubleQuote(s)}`).join(" ")];
    }
    default:
      return v.values;
  }
}
