/**
 * Word expansion in bash's order: braces, tilde, parameters/commands/arithmetic, splitting by IFS, pathnames, quote
 * removal. A word first becomes pieces (text, quoted or not, to be split or not, and field breaks from "$@"); the
 * callers make fields, one string, or a pattern of them.
 */
import type { Call } from "../../kernel/abi.ts";
import { concatBytes, fromUtf8, utf8 } from "../../core/bytes.ts";
import type { Word } from "../syntax/ir.ts";
import { docWord, wordOf } from "../syntax/lower.ts";
import { type Shell, MAX_VALUE } from "../shell.ts";
import { Discard, ExitShell, ShellError } from "../exec/flow.ts";
import { ArithError, evalArith } from "./arith.ts";
import { braceExpand, BraceLimit } from "./brace.ts";
import { fastString } from "./fast.ts";
import { globPaths, hasMagic } from "./glob.ts";
import { escapePattern } from "./pattern.ts";
import { expandParam } from "./param.ts";
import { arithVars, type Piece } from "./pieces.ts";

interface Field {
  text: string;
  pat: string;
  /** something unquoted in it may be a pattern */
  glob: boolean;
}

export interface PieceContext {
  /** value of an assignment: tilde after each colon, no splitting */
  readonly assign: boolean;
}

/** The pieces of one word (after brace expansion). */
export function* pieces(sh: Shell, w: Word, ctx: PieceContext): Call<Piece[]> {
  const out: Piece[] = [];
  let first = true;
  let size = 0;
  for (let i = 0; i < w.segs.length; i++) {
    const s = w.segs[i]!;
    const before = out.length;
    switch (s.k) {
      case "lit": {
        let text = s.s;
        if (!s.q && text.includes("~")) text = yield* tilde(sh, text, first, i === w.segs.length - 1, ctx.assign, out);
        out.push({ t: "s", s: text, q: s.q, split: false });
        break;
      }
      case "param":
        yield* expandParam(sh, s.p, s.q, out, pieces);
        break;
      case "cmd": {
        const text = yield* sh.ev.commandSubst(sh, s.script, s.src);
        out.push({ t: "s", s: text, q: s.q, split: !s.q });
        break;
      }
      case "arith": {
        const v = yield* arithWord(sh, s.expr, "");
        out.push({ t: "s", s: String(v), q: s.q, split: !s.q });
        break;
      }
      case "proc":
        out.push({ t: "s", s: yield* sh.ev.procSubst(sh, s.dir, s.script), q: true, split: false });
        break;
    }
    for (let j = before; j < out.length; j++) {
      const p = out[j]!;
      if (p.t === "s") size += p.s.length;
    }
    if (size > MAX_VALUE) throw new ShellError(`xrealloc: cannot allocate ${size} bytes`, 2, true);
    first = false;
  }
  if (size > 4096) yield* sh.work(size >> 10);
  return out;
}

/** ~, ~user, ~+, ~- at the beginning of a word, and after = and : in assignments. Pushes what comes quoted to `out`. */
function* tilde(sh: Shell, text: string, first: boolean, last: boolean, assign: boolean, out: Piece[]): Call<string> {
  const starts: number[] = [];
  if (first && text.startsWith("~")) starts.push(0);
  if (assign) {
    for (let i = text.indexOf(":~"); i >= 0; i = text.indexOf(":~", i + 1)) starts.push(i + 1);
  } else if (first) {
    const m = /^[A-Za-z_][A-Za-z0-9_]*=/.exec(text);
    if (m) {
      if (text[m[0].length] === "~") starts.push(m[0].length);
      for (let i = text.indexOf(":~", m[0].length); i >= 0; i = text.indexOf(":~", i + 1)) starts.push(i + 1);
    }
  }
  let done = 0;
  for (const at of starts) {
    const rest = text.slice(at + 1);
    const m = /^[^/:]*/.exec(rest)!;
    const who = m[0];
    const end = at + 1 + who.length;
    if (end === text.length && !last) continue; // a quote or expansion follows
    const home = yield* homeOf(sh, who);
    if (home === null) continue;
    out.push({ t: "s", s: text.slice(done, at), q: false, split: false }, { t: "s", s: home, q: true, split: false });
    done = end;
  }
  return text.slice(done);
}

function* homeOf(sh: Shell, who: string): Call<string | null> {
  if (who === "") return sh.get("HOME") ?? (yield* passwdHome(sh, null));
  if (who === "+") return sh.get("PWD") ?? null;
  if (who === "-") return sh.get("OLDPWD") ?? null;
  if (/^[+-]?\d+$/.test(who)) {
    const dirs = [sh.cwd, ...sh.dirstack];
    const n = Number(who.replace(/^[+-]/, ""));
    return dirs[who.startsWith("-") ? dirs.length - 1 - n : n] ?? null;
  }
  return /^[A-Za-z_][\w.-]*$/.test(who) ? yield* passwdHome(sh, who) : null;
}

/** Home directory by name (null: of this user) from /etc/passwd. */
export function* passwdHome(sh: Shell, user: string | null): Call<string | null> {
  const uid = user === null ? (yield* sh.sys.getcred()).uid : -1;
  for (const e of yield* passwd(sh)) if (user === null ? e.uid === uid : e.name === user) return e.home;
  return null;
}
export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  readonly shell: string;
}
export function* passwd(sh: Shell): Call<PasswdEntry[]> {
  const text = yield* readFileText(sh, "/etc/passwd");
  const out: PasswdEntry[] = [];
  for (const line of (text ?? "").split("\n")) {
    const f = line.split(":");
    if (f.length >= 6) out.push({ name: f[0]!, uid: Number(f[2]), home: f[5]!, shell: f[6] ?? "" });
  }
  return out;
}

export function* readFileText(sh: Shell, path: string): Call<string | null> {
  const fd = yield* sh.sys.open(path, 0, 0);
  if (fd < 0) return null;
  const chunks: Uint8Array[] = [];
  for (;;) {
    const r = yield* sh.sys.read(fd, 65536);
    if (typeof r === "number" || r.length === 0) break;
    chunks.push(r);
  }
  yield* sh.sys.close(fd);
  return fromUtf8(concatBytes(chunks));
}

// ---------------------------------------------------------------- results

/** One string: no splitting, no pathnames (assignments, here-strings, case words, [[ ]]). */
export function* expandString(sh: Shell, w: Word, assign = false): Call<string> {
  if (w.segs.length === 0) return "";
  return fastString(sh, w) ?? join(yield* pieces(sh, w, { assign }));
}

function join(ps: readonly Piece[]): string {
  let s = "";
  for (const p of ps) s += p.t === "s" ? p.s : p.join;
  return s;
}

/** Pattern text: what was quoted stands for itself. */
export function* expandPattern(sh: Shell, w: Word): Call<string> {
  let s = "";
  for (const p of yield* pieces(sh, w, { assign: false })) s += p.t !== "s" ? p.join : p.q ? escapePattern(p.s) : p.s;
  return s;
}

/** The right side of =~: pieces with their quoting, for regex.ts. */
export function* expandRegex(sh: Shell, w: Word): Call<{ s: string; q: boolean }[]> {
  const out: { s: string; q: boolean }[] = [];
  for (const p of yield* pieces(sh, w, { assign: false })) out.push(p.t === "s" ? { s: p.s, q: p.q } : { s: p.join, q: true });
  return out;
}

/** Full expansion of a list of words. */
export function* expandWords(sh: Shell, words: readonly Word[]): Call<string[]> {
  const out: string[] = [];
  for (const w of words) yield* expandInto(sh, w, out);
  return out;
}

export function* expandInto(sh: Shell, w: Word, out: string[]): Call<void> {
  if (w.brace && sh.opt("braceexpand")) {
    let texts: string[];
    try {
      texts = braceExpand(w.raw);
    } catch (e) {
      if (!(e instanceof BraceLimit)) throw e;
      yield* sh.sys.write(2, utf8(`hop: bash: ${e.message}\n`));
      throw new Discard(64);
    }
    const opts = sh.grammar();
    for (const t of texts) {
      yield* expandFields(sh, wordOf(t, w.line, opts), out, t === "");
      yield* sh.work();
    }
    return;
  }
  yield* expandFields(sh, w, out, false);
}

function* expandFields(sh: Shell, w: Word, out: string[], skipEmpty: boolean): Call<void> {
  yield* sh.work();
  // the common word without anything special
  if (w.segs.length === 1) {
    const s = w.segs[0]!;
    if (s.k === "lit" && (s.q || !/[*?[(~\\]/.test(s.s))) {
      if (!(s.s === "" && skipEmpty)) out.push(s.s);
      return;
    }
  }
  for (const f of toFields(sh, yield* pieces(sh, w, { assign: false }))) {
    if (!f.glob || sh.opt("noglob") || !hasMagic(f.pat, sh.shopt("extglob"))) {
      out.push(f.text);
      continue;
    }
    const paths = yield* globPaths(sh, f.pat);
    if (paths.length > 0) for (const p of paths) out.push(p);
    else if (sh.shopt("failglob")) {
      yield* sh.warn(`no match: ${f.text}`);
      throw new Discard(1);
    } else if (!sh.shopt("nullglob")) out.push(f.text);
  }
}

/** Splits by IFS and joins at quotes. */
function toFields(sh: Shell, ps: readonly Piece[]): Field[] {
  const ifs = sh.get("IFS") ?? " \t\n";
  const fields: Field[] = [];
  let cur: Field | null = null;
  let afterSpace = false;
  const end = (): void => {
    if (cur) fields.push(cur);
    cur = null;
  };
  const add = (text: string, q: boolean): void => {
    cur ??= { text: "", pat: "", glob: false };
    cur.text += text;
    cur.pat += q ? escapePattern(text) : text;
    if (!q && !cur.glob && /[*?[(]/.test(text)) cur.glob = true;
    afterSpace = false;
  };
  for (const p of ps) {
    if (p.t === "brk") {
      end();
      afterSpace = false;
      continue;
    }
    if (p.q) add(p.s, true);
    else if (!p.split || ifs === "") {
      if (p.s !== "") add(p.s, false);
    } else {
      let from = 0;
      for (let i = 0; i < p.s.length; i++) {
        const c = p.s[i]!;
        if (!ifs.includes(c)) continue;
        if (i > from) add(p.s.slice(from, i), false);
        from = i + 1;
        const hadField: boolean = cur !== null;
        if (c === " " || c === "\t" || c === "\n") {
          end();
          if (hadField) afterSpace = true;
        } else {
          if (hadField) end();
          else if (!afterSpace) fields.push({ text: "", pat: "", glob: false });
          afterSpace = false;
        }
      }
      if (from < p.s.length) add(p.s.slice(from), false);
    }
  }
  end();
  return fields;
}

// ---------------------------------------------------------------- arithmetic

/** Expands and evaluates. `who` stands before the message: "((: ", "let: ". */
export function* arithWord(sh: Shell, w: Word, who: string): Call<bigint> {
  const text = yield* expandString(sh, w);
  return yield* arithText(sh, text, who);
}

export function* arithText(sh: Shell, text: string, who: string): Call<bigint> {
  if (/SECONDS|EPOCH/.test(text)) yield* sh.clock();
  yield* sh.work(1 + (text.length >> 6));
  try {
    if (sh.dash && text.includes("**")) throw new ArithError("operand expected");
    return evalArith(text, arithVars(sh));
  } catch (e) {
    if (!(e instanceof ArithError)) throw e;
    if (sh.dash) {
      yield* sh.warn(`arithmetic expression: ${dashArith(e.message)}: "${text}"`);
      throw new ExitShell(2);
    }
    yield* sh.warn(`${who}${e.message}`);
    throw new Discard(1);
  }
}

/** dash's words for what is wrong with an expression. */
function dashArith(message: string): string {
  if (message.includes("division by 0")) return "division by zero";
  return message.includes("operand expected") ? "expecting primary" : "expecting EOF";
}

/** A text from outside the program (subscript given to a builtin, PS1): expanded as inside double quotes. */
export function* expandText(sh: Shell, text: string): Call<string> {
  return yield* expandString(sh, docWord(text, sh.line, sh.grammar()));
}
