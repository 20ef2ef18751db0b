/**
 * unbash's tree → our own form (ir.ts). Here unbash's quirks end: it takes extended globs always (bash only when
 * extglob is on), and leaves the parts of words, here-documents and arithmetic to be worked out from the source.
 * Throws Fault for what bash rejects and unbash accepts.
 */
import type * as U from "unbash";
import { parse } from "unbash";
import type { ArrayElem, Assign, CondExpr, Func, Item, List, Node, Param, ParamOp, Program, Redir, Seg, Simple, Word } from "./ir.ts";
import { ansiCText } from "../expand/text.ts";
import { Fault } from "./fault.ts";

export interface LowerOptions {
  readonly extglob: boolean;
  /** the POSIX grammar of Debian's sh: what only bash knows is an error or an ordinary word */
  readonly dash?: boolean;
}

export class Lowerer {
  private readonly source: string;
  private readonly lines: readonly number[];
  private readonly firstLine: number;
  private readonly opts: LowerOptions;

  constructor(source: string, firstLine: number, opts: LowerOptions) {
    this.source = source;
    this.firstLine = firstLine;
    this.opts = opts;
    const starts = [0];
    for (let i = source.indexOf("\n"); i >= 0; i = source.indexOf("\n", i + 1)) starts.push(i + 1);
    this.lines = starts;
  }

  line(pos: number): number {
    let lo = 0;
    let hi = this.lines.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (this.lines[mid]! <= pos) lo = mid;
      else hi = mid - 1;
    }
    return lo + this.firstLine;
  }
  lineCount(): number {
    return this.lines.length;
  }

  item(s: U.Statement): Item {
    return { cmd: this.node(s.command), bg: s.background === true };
  }
  list(l: U.CompoundList): List {
    return l.commands.map((s) => this.item(s));
  }

  node(n: U.PipelineNode | U.AndOr | U.CompoundList): Node {
    switch (n.type) {
      case "Command":
        return this.simple(n);
      case "Pipeline": {
        const time = n.prefixes.find((p) => p.type === "Time");
        if (this.opts.dash && n.operators.includes("|&")) throw new Fault("token", n.pos, "&");
        return {
          t: "pipe",
          cmds: n.commands.map((c) => this.node(c)),
          both: n.operators.map((o) => o === "|&"),
          negate: n.prefixes.filter((p) => p.type === "Negation").length % 2 === 1,
          time: time === undefined ? null : time.type === "Time" && time.posix ? "posix" : "bash",
        };
      }
      case "AndOr":
        return { t: "andor", cmds: n.commands.map((c) => this.node(c)), ops: n.operators };
      case "If":
        return {
          t: "if",
          arms: [
            { cond: this.list(n.clause), body: this.list(n.then) },
            ...n.elif.map((e) => ({ cond: this.list(e.clause), body: this.list(e.then) })),
          ],
          other: n.else ? this.list(n.else) : null,
        };
      case "For":
      case "Select":
        if (this.opts.dash && n.type === "Select") throw new Fault("token", n.body.pos, "do");
        return {
          t: "for",
          line: this.line(n.pos),
          select: n.type === "Select",
          name: n.name.text,
          words: n.wordlist ? n.wordlist.map((w) => this.word(w)) : null,
          body: this.list(n.body),
        };
      case "ArithmeticFor": {
        if (this.opts.dash) throw new Fault("token", n.pos, "Bad for loop variable");
        const [init, test, step] = this.forHeader(n);
        return { t: "arithfor", line: this.line(n.pos), init: init!, test: test!, step: step!, body: this.list(n.body) };
      }
      case "While":
        return { t: "while", until: n.kind === "until", cond: this.list(n.clause), body: this.list(n.body) };
      case "Case":
        return {
          t: "case",
          line: this.line(n.pos),
          word: this.word(n.word),
          items: n.items.map((i) => ({ pats: i.pattern.map((w) => this.word(w)), body: this.list(i.body), end: i.terminator ?? ";;" })),
        };
      case "Subshell":
        return { t: "subshell", body: this.list(n.body) };
      case "BraceGroup":
      case "CompoundList":
        return { t: "group", body: n.type === "BraceGroup" ? this.list(n.body) : this.list(n) };
      case "Function":
        if (this.opts.dash && /^function\s/.test(this.source.slice(n.pos, n.pos + 9)))
          throw new Fault(
            "token",
            n.end,
            this.source.includes("(", n.pos) && /^function\s+\S+\s*\(/.test(this.source.slice(n.pos)) ? "(" : "}",
          );
        return { t: "func", line: this.line(n.pos), name: n.name.text, body: this.node(n.body) } satisfies Func;
      case "TestCommand":
        if (this.opts.dash) return this.plainWords(n.pos, n.end);
        return { t: "cond", line: this.line(n.pos), expr: this.cond(n.expression) };
      case "ArithmeticCommand":
        return { t: "arith", line: this.line(n.pos), expr: this.arithText(this.source.slice(n.pos + 2, n.end - 2), n.pos) };
      case "Redirected":
        return { t: "redirected", cmd: this.node(n.command), redirs: n.redirects.map((r) => this.redir(r)) };
      case "Coproc":
        return { t: "coproc", name: n.name?.text ?? "COPROC", body: this.node(n.body) };
    }
  }

  private simple(n: U.Command): Simple {
    const assigns: Assign[] = [];
    const words: (Word | Assign)[] = [];
    for (const p of n.prefix) {
      if (p.type !== "Assignment") continue;
      if (this.opts.dash && (p.append === true || p.index !== undefined)) return this.plainWords(p.pos, n.end);
      assigns.push(this.assign(p));
    }
    if (n.name) {
      words.push(this.word(n.name));
      this.rejectFunctionHead(n.name);
    }
    for (const a of n.args) words.push(a.type === "Assignment" ? this.assign(a) : this.word(a));
    return { t: "simple", line: this.line(n.pos), assigns, words, redirs: n.redirects.map((r) => this.redir(r)) };
  }

  /** [[ … ]] and x+=1 are commands like any other to sh. */
  private plainWords(pos: number, end: number): Simple {
    const line = this.line(pos);
    const words = this.source.slice(pos, end).trim().split(/\s+/);
    return { t: "simple", line, assigns: [], words: words.map((w) => wordOf(w, line, this.opts)), redirs: [] };
  }

  /** `f( a`: the parser drops what follows the bracket; bash has begun to read a function. */
  private rejectFunctionHead(name: U.Word): void {
    const rest = /^[ \t]*\([ \t]*/.exec(this.source.slice(name.end, name.end + 200));
    if (rest === null) return;
    const at = name.end + rest[0].length;
    if (this.source[at] === ")") return;
    const word = /^[^\s;&|()<>]+|^[;&|<>()]|^\n/.exec(this.source.slice(at, at + 200));
    throw new Fault("token", at, word === null || word[0] === "\n" ? "newline" : word[0]);
  }

  private assign(a: U.Assignment): Assign {
    if (this.opts.dash && a.value.type === "ArrayValue") throw new Fault("token", a.value.pos, "(");
    const index = a.index ? this.word(a.index) : null;
    const value = a.value.type === "ArrayValue" ? a.value.elements.map((e) => this.element(e)) : this.word(a.value);
    return { name: a.name, index, append: a.append === true, value, raw: a.text };
  }

  /** One element of (…): a word, or [subscript]=word. */
  private element(w: U.Word): ArrayElem {
    const m = w.text.startsWith("[") ? closing(w.text, 0) : -1;
    if (m > 0) {
      const rest = w.text.slice(m + 1);
      const append = rest.startsWith("+=");
      if (append || rest.startsWith("=")) {
        const at = m + 1 + (append ? 2 : 1);
        return { index: this.reparse(w.text.slice(1, m), w.pos), append, value: this.reparse(w.text.slice(at), w.pos) };
      }
    }
    return { index: null, append: false, value: this.word(w) };
  }

  private reparse(text: string, pos: number): Word {
    return text === "" ? { raw: "", segs: [], brace: false, line: this.line(pos) } : wordOf(text, this.line(pos), this.opts);
  }

  private redir(r: U.Redirection): Redir {
    const d = r.descriptor;
    if (this.opts.dash && r.type !== "HereDoc" && r.operator === "<<<") throw new Fault("token", r.pos, "<<<");
    const fd = d === undefined ? null : d.type === "FileDescriptor" ? d.value : d.name;
    if (r.type === "HereDoc") {
      const strip = r.operator === "<<-";
      const quoted = r.delimiter?.quoted === true;
      const line = this.line(r.body.pos);
      const segs: Seg[] = [];
      if (quoted || r.body.parts === undefined) segs.push({ k: "lit", s: quoted ? r.body.text : unescapeDoc(r.body.text), q: true });
      else this.parts(r.body.parts, true, segs);
      // without its delimiter the text ends with a line all the same
      if (r.closing === undefined && r.body.text !== "" && !r.body.text.endsWith("\n")) segs.push({ k: "lit", s: "\n", q: true });
      const body = strip ? stripTabs(segs) : segs;
      return {
        op: "<<",
        fd,
        target: { raw: r.body.text, segs: body, brace: false, line },
        doc: { delim: r.delimiter?.text ?? "", quoted, strip, text: r.body.text },
      };
    }
    return {
      op: r.operator,
      fd,
      target: r.target ? this.word(r.target) : { raw: "", segs: [], brace: false, line: this.line(r.pos) },
      doc: null,
    };
  }

  private cond(e: U.TestExpression): CondExpr {
    switch (e.type) {
      case "TestUnary":
        return { k: "unary", op: e.operator, arg: this.word(e.operand, true) };
      case "TestBinary":
        return { k: "binary", op: e.operator, left: this.word(e.left, true), right: this.word(e.right, true) };
      case "TestLogical":
        return { k: "logic", op: e.operator, args: e.operands.map((x) => this.cond(x)) };
      case "TestNot": {
        const arg = this.cond(e.operand);
        return e.negations.length % 2 === 1 ? { k: "not", arg } : arg;
      }
      case "TestGroup":
        return { k: "group", arg: this.cond(e.expression) };
    }
  }

  // ------------------------------------------------------------- words

  /** `loose`: extended globs are allowed whatever the option says (inside [[ ]]); `q`: inside double quotes */
  word(w: U.Word, loose = false, q = false): Word {
    const segs: Seg[] = [];
    let brace = false;
    if (w.parts === undefined) {
      if (!q) bare(w.text, segs);
      else if (w.value !== "") segs.push({ k: "lit", s: w.value, q: true });
    } else {
      brace = w.parts.some((p) => p.type === "BraceExpansion");
      this.parts(w.parts, q, segs, loose);
    }
    return { raw: w.text, segs, brace, line: this.line(w.pos) };
  }

  /** The pieces of a here-document's body. */
  docParts(parts: readonly U.WordPart[]): Seg[] {
    const out: Seg[] = [];
    this.parts(parts, true, out);
    return out;
  }

  private parts(parts: readonly U.WordPart[], q: boolean, out: Seg[], loose = false): void {
    for (const p of parts) this.part(p, q, out, loose);
  }

  private part(p: U.WordPart, q: boolean, out: Seg[], loose: boolean): void {
    switch (p.type) {
      case "Literal":
        if (q) out.push({ k: "lit", s: p.value, q: true });
        else bare(p.text, out);
        return;
      case "Glob":
      case "BraceExpansion":
      case "ExtendedGlob":
        if (p.type === "ExtendedGlob" && !this.opts.extglob && !loose) throw new Fault("token", p.pos + 1, "(");
        if (q) out.push({ k: "lit", s: p.text, q });
        else if (p.parts === undefined) bare(p.text, out);
        else this.withGaps(p.parts, p.pos, p.end, out, loose);
        return;
      case "SingleQuoted":
        // inside a here-document single quotes mean nothing
        out.push({ k: "lit", s: q ? p.text : p.value, q: true });
        return;
      case "AnsiCQuoted":
        if (this.opts.dash) {
          out.push({ k: "lit", s: "$", q: true }, { k: "lit", s: p.text.slice(2, -1), q: true });
          return;
        }
        out.push({ k: "lit", s: p.text.includes("\\\n") ? ansiCText(p.text.slice(2, -1)).text : p.value, q: true });
        return;
      case "DoubleQuoted":
      case "LocaleString":
        if (p.parts.length === 0) out.push({ k: "lit", s: "", q: true });
        this.parts(p.parts, true, out);
        return;
      case "SimpleExpansion":
        out.push({ k: "param", q, p: { name: p.text.slice(1), index: null, indirect: false, length: false, op: null, raw: p.text } });
        return;
      case "ParameterExpansion":
        out.push({ k: "param", q, p: this.param(p, q) });
        return;
      case "CommandExpansion": {
        const backtick = p.text.startsWith("`");
        if (backtick) out.push({ k: "cmd", q, script: null, src: unescapeBacktick(p.text.slice(1, -1)), backtick });
        else if (p.text.startsWith("${")) throw new Fault("unsimulated", p.pos, "${ command; }");
        else out.push({ k: "cmd", q, script: this.nested(p.script, p.end - 1), src: p.text.slice(2, -1), backtick });
        return;
      }
      case "ArithmeticExpansion":
        out.push({ k: "arith", q, expr: this.arithText(p.text.startsWith("$((") ? p.text.slice(3, -2) : p.text.slice(2, -1), p.pos) });
        return;
      case "ProcessSubstitution":
        if (this.opts.dash) throw new Fault("token", p.pos, "(");
        out.push({ k: "proc", q, dir: p.operator, script: this.nested(p.script, p.end - 1) });
        return;
    }
  }

  /** Parts with the literal text between them, as brackets and extended globs have. */
  private withGaps(parts: readonly U.WordPart[], from: number, to: number, out: Seg[], loose: boolean): void {
    let at = from;
    for (const p of parts) {
      if (p.pos > at) bare(this.source.slice(at, p.pos), out);
      this.part(p, false, out, loose);
      at = p.end;
    }
    if (to > at) bare(this.source.slice(at, to), out);
  }

  private nested(s: U.ParsedScript | undefined, end: number): Program {
    if (s === undefined) return { units: [] };
    if (s.errors && s.errors.length > 0) {
      const e = s.errors[0]!;
      if (/depth exceeded/.test(e.message)) throw new Fault("limit", e.pos, e.message);
      throw new Fault("token", end, ")", "nested");
    }
    const items = s.commands.map((c) => this.item(c));
    return items.length === 0
      ? { units: [] }
      : { units: [{ items, line: this.line(s.pos), end: s.end, endLine: this.line(s.end), src: this.source.slice(s.pos, s.end) }] };
  }

  private param(p: U.ParameterExpansionPart, q: boolean): Param {
    // ${!:-x}: the parameter `!', which the parser takes for an indirection
    if (/^\$\{![-:+=?][^}]/.test(p.text)) {
      const w = wordOf(`\${_${p.text.slice(3)}`, this.line(p.pos), this.opts);
      const s = w.segs[0];
      if (s?.k === "param") return { ...s.p, name: "!", raw: p.text };
    }
    // ${x~} and ${x~~} toggle the case
    const toggle = /^\$\{([A-Za-z_][A-Za-z0-9_]*|[@*]|[0-9]+)(\[[@*]\])?(~~?)\}$/.exec(p.text);
    if (toggle) {
      const inner = wordOf(`\${${toggle[1]}${toggle[2] ?? ""}}`, this.line(p.pos), this.opts).segs[0];
      if (inner?.k === "param") return { ...inner.p, op: { k: "case", op: toggle[3] as "~", pat: null }, raw: p.text };
    }
    // ${x[@]@Q} and ${@Q}: unbash calls the latter unknown
    let op: ParamOp | null = null;
    const o = p.operation;
    let name = p.parameter;
    let length = p.prefix === "#";
    if (o !== undefined) {
      switch (o.type) {
        case "Default":
          op = { k: "default", op: o.operator.slice(-1) as "-", colon: o.operator.startsWith(":"), word: this.word(o.operand, true, q) };
          break;
        case "Remove":
          op = { k: "remove", op: o.operator, word: this.word(o.operand, true) };
          break;
        case "Replace":
          op = { k: "replace", op: o.operator, pat: this.word(o.pattern, true), rep: this.word(o.replacement, true) };
          break;
        case "Slice":
          op = { k: "slice", off: this.arithText(o.offset.text, o.pos), len: o.length ? this.arithText(o.length.text, o.pos) : null };
          break;
        case "CaseModification":
          op = { k: "case", op: o.operator, pat: o.operand ? this.word(o.operand, true) : null };
          break;
        case "Transform":
          op = { k: "transform", op: o.operand.text };
          break;
        case "Names":
          op = { k: "names", op: o.operator };
          break;
        case "Unknown":
          if ((name === "@" || name === "*") && /^@?[QEPAKauUlLk]$/.test(o.operator)) {
            op = { k: "transform", op: o.operator.slice(-1) };
          } else op = { k: "bad" };
          break;
      }
    }
    if (name === "" && length) {
      name = "#";
      length = false;
    }
    if (name === "") op = { k: "bad" };
    if (length && op !== null) op = { k: "bad" };
    return { name, index: p.index ? this.word(p.index) : null, indirect: p.prefix === "!", length, op, raw: p.text };
  }

  /** Arithmetic is expanded like the inside of double quotes, then read by arith.ts. */
  arithText(text: string, pos: number): Word {
    return docWord(text, this.line(pos), this.opts);
  }

  private forHeader(n: U.ArithmeticFor): (Word | null)[] {
    let i = this.source.indexOf("((", n.pos) + 2;
    const out: (Word | null)[] = [];
    let start = i;
    let depth = 0;
    for (; i < n.end && out.length < 3; i++) {
      const c = this.source[i]!;
      if (c === '"' || c === "'") {
        const close = this.source.indexOf(c, i + 1);
        if (close > 0) i = close;
      } else if (c === "(") depth++;
      else if (c === ")" && depth > 0) depth--;
      else if (c === ";" || c === ")") {
        const text = this.source.slice(start, i);
        out.push(text.trim() === "" ? null : this.arithText(text, n.pos));
        start = i + 1;
        if (c === ")") break;
      }
    }
    while (out.length < 3) out.push(null);
    return out;
  }
}

/** A text taken as one word: products of brace expansion, subscripts, values of [i]=v. */
export function wordOf(text: string, line: number, opts: LowerOptions): Word {
  if (!/[\\'"`$]/.test(text)) return { raw: text, segs: text === "" ? [] : [{ k: "lit", s: text, q: false }], brace: false, line };
  const source = `: ${text}`;
  const tree = parse(source);
  const cmd = tree.commands[0]?.command;
  if (tree.errors || cmd?.type !== "Command" || cmd.args.length !== 1)
    return { raw: text, segs: [{ k: "lit", s: text, q: true }], brace: false, line };
  const a = cmd.args[0]!;
  const l = new Lowerer(source, line, opts);
  if (a.type !== "Word") return { raw: text, segs: [{ k: "lit", s: text, q: true }], brace: false, line };
  return { ...l.word(a, true), raw: text };
}

const DOC_END = "\u0001END\u0001";

/** A text expanded as inside double quotes, where `"` itself means nothing (here-document rules). */
export function docWord(text: string, line: number, opts: LowerOptions): Word {
  const plain = (s: string): Seg => ({ k: "lit", s: s.replaceAll('"', ""), q: true });
  if (!/[$`\\]/.test(text)) return { raw: text, segs: text === "" ? [] : [plain(text)], brace: false, line };
  const source = `: <<${DOC_END}\n${text}\n${DOC_END}`;
  const tree = parse(source);
  const cmd = tree.commands[0]?.command;
  const doc = cmd?.type === "Command" ? cmd.redirects[0] : undefined;
  if (tree.errors || doc?.type !== "HereDoc" || doc.body.parts === undefined)
    return { raw: text, segs: [plain(unescapeDoc(text))], brace: false, line };
  const l = new Lowerer(source, line - 1, opts);
  const segs: Seg[] = [];
  for (const p of l.docParts(doc.body.parts)) segs.push(p.k === "lit" ? plain(p.s) : p);
  const last = segs[segs.length - 1];
  if (last?.k === "lit" && last.s.endsWith("\n")) segs[segs.length - 1] = { ...last, s: last.s.slice(0, -1) };
  return { raw: text, segs, brace: false, line };
}

/** Unquoted text: backslashes quote the next character; backslash-newline is nothing. */
function bare(text: string, out: Seg[]): void {
  let from = 0;
  for (let i = text.indexOf("\\"); i >= 0; i = text.indexOf("\\", i)) {
    if (i > from) out.push({ k: "lit", s: text.slice(from, i), q: false });
    const next = text.codePointAt(i + 1);
    if (next === undefined) {
      out.push({ k: "lit", s: "\\", q: true });
      from = i + 1;
      break;
    }
    const ch = String.fromCodePoint(next);
    if (ch !== "\n") out.push({ k: "lit", s: ch, q: true });
    i += 1 + ch.length;
    from = i;
  }
  if (from < text.length) out.push({ k: "lit", s: text.slice(from), q: false });
}

function unescapeDoc(text: string): string {
  return text.replace(/\\([\\$`\n])/g, (_, c: string) => (c === "\n" ? "" : c));
}
function unescapeBacktick(text: string): string {
  return text.replace(/\\([\\$`])/g, "$1");
}

/** <<-: tabs at the beginnings of lines go. */
function stripTabs(segs: readonly Seg[]): Seg[] {
  let bol = true;
  return segs.map((s) => {
    if (s.k !== "lit") {
      bol = false;
      return s;
    }
    const text = (bol ? s.s.replace(/^\t+/, "") : s.s).replace(/\n\t+/g, "\n");
    bol = s.s === "" ? bol : s.s.endsWith("\n");
    return { ...s, s: text };
  });
}

/** The index of the bracket that closes the one at `open`, or -1. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text[i]!;
    if (c === "\\") i++;
    else if (c === "'" || c === '"') {
      const j = text.indexOf(c, i + 1);
      if (j < 0) return -1;
      i = j;
    } else if (c === "[") depth++;
    else if (c === "]" && --depth === 0) return i;
  }
  return -1;
}
