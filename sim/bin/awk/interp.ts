/**
 * Walks the tree of an awk program. A statement or expression costs a step; every 1,000 steps a tick, so that
 * BEGIN{while(1);} can be interrupted. exit and next leave by exception (they may come from inside a function).
 * Above 700 lines because fields, variables, records and expressions work on one state.
 */
import type { Call, Sys } from "../../kernel/abi.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import type { Expr, FunctionDef, Program, Stmt } from "./ast.ts";
import { RecordReader, Streams } from "./io.ts";
import { arith, substitute } from "./math.ts";
import {
  AwkRuntimeError,
  compareValues,
  fromInput,
  isTrue,
  sprintf,
  textBytes,
  toNumber,
  toText,
  outOfBytes,
  type Value,
} from "./value.ts";
import { O } from "../../kernel/abi.ts";

type Table = Map<string, Value>;
/** A variable: a value, or an array; `alias`: the caller's variable whose kind is not known yet. */
interface Cell {
  v: Value;
  arr: Table | null;
  alias: Cell | null;
}
type Flow = "" | "break" | "continue" | "return";

export class ExitAwk {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}
class NextRecord {
  readonly file: boolean;
  constructor(file: boolean) {
    this.file = file;
  }
}

const MAX_DEPTH = 500;
const newCell = (): Cell => ({ v: undefined, arr: null, alias: null });

export class Interpreter {
  readonly sys: Sys;
  readonly streams: Streams;
  private readonly program: Program;
  private readonly globals = new Map<string, Cell>();
  private frame: Cell[] = [];
  private depth = 0;
  private result: Value = undefined;
  private steps = 0;
  private record = "";
  private fields: Value[] = [];
  private split = true;
  private joined = true;
  private nf = 0;
  private readonly regexes = new Map<string, Regex>();
  private readonly ranges: boolean[] = [];
  private main: RecordReader | null = null;
  private argIndex = 1;
  private usedFile = false;
  private ended = false;
  private seed = 1;
  private lastSeed = 1;

  constructor(sys: Sys, program: Program) {
    this.sys = sys;
    this.program = program;
    this.streams = new Streams(sys);
    const initial: readonly (readonly [string, Value])[] = [
      ["FS", " "],
      ["OFS", " "],
      ["ORS", "\n"],
      ["RS", "\n"],
      ["SUBSEP", "\x1c"],
      ["CONVFMT", "%.6g"],
      ["OFMT", "%.6g"],
      ["NR", 0],
      ["FNR", 0],
      ["RSTART", 0],
      ["RLENGTH", -1],
      ["FILENAME", ""],
    ];
    for (const [k, v] of initial) this.global(k).v = v;
  }

  // ------------------------------------------------------------ variables

  private global(name: string): Cell {
    let c = this.globals.get(name);
    if (c === undefined) {
      c = newCell();
      this.globals.set(name, c);
    }
    return c;
  }

  private cell(name: string, slot: number): Cell {
    return slot >= 0 ? this.frame[slot]! : this.global(name);
  }

  private array(name: string, slot: number): Table {
    const c = this.cell(name, slot);
    for (let a: Cell | null = c; a !== null; a = a.alias) {
      if (a.arr !== null) {
        c.arr = a.arr;
        return a.arr;
      }
      if (a.v !== undefined) throw new AwkRuntimeError(`type error in array reference ${name}`);
    }
    const table: Table = new Map();
    for (let a: Cell | null = c; a !== null; a = a.alias) a.arr = table;
    return table;
  }

  get(name: string): Value {
    if (name === "NF") {
      this.splitRecord();
      return this.nf;
    }
    return this.global(name).v;
  }
  private text(name: string): string {
    return toText(this.global(name).v, "%.6g");
  }

  /** A command line assignment: its escapes are read, it may look like a number. */
  assign(name: string, raw: string): void {
    const text = raw.replace(/\\([ntr\\"/])/g, (_, c: string) => ({ n: "\n", t: "\t", r: "\r" })[c] ?? c);
    this.setGlobal(name, fromInput(text));
  }
  setGlobal(name: string, v: Value): void {
    if (name === "NF") this.setNf(toNumber(v));
    else this.global(name).v = v;
  }
  setTable(name: string, rows: readonly (readonly [string, string])[]): void {
    const t = this.array(name, -1);
    for (const [k, v] of rows) t.set(k, fromInput(v));
  }

  // ------------------------------------------------------------ fields

  private setRecord(text: string): void {
    this.record = text;
    this.split = false;
    this.joined = true;
  }

  private splitRecord(): void {
    if (this.split) return;
    this.split = true;
    const parts = this.splitText(this.record, this.global("FS").v, this.text("RS") === "");
    this.fields = parts.map(fromInput);
    this.nf = parts.length;
  }

  private splitText(text: string, sep: Value | Regex, paragraph = false): string[] {
    if (text === "") return [];
    if (!(sep instanceof Regex)) {
      const fs = toText(sep as Value, "%.6g");
      if (fs === " ") return text.split(/[ \t\n]+/).filter((w) => w !== "");
      if (fs === "") return Array.from(text);
      if (fs.length === 1 && fs !== "\\" && !paragraph && !/[.|?*+()[\]{}^$]/.test(fs)) return text.split(fs);
      // a single character that means something in expressions stands for itself
      sep = this.regex(
        fs.length === 1
          ? (fs === "\\" ? "\\\\" : `[${fs === "^" ? "\\^" : fs}]`) + (paragraph ? "|\n" : "")
          : paragraph
            ? `(${fs})|\n`
            : fs,
      );
    }
    const parts: string[] = [];
    let from = 0;
    for (let at = 0; at <= text.length;) {
      const m = sep.exec(text, at);
      if (m === null) break;
      if (m[1] === m[0]) {
        at = m[0]! + 1;
        continue;
      }
      parts.push(text.slice(from, m[0]));
      from = at = m[1]!;
    }
    parts.push(text.slice(from));
    return parts;
  }

  private getField(i: number): Value {
    if (i < 0 || !Number.isFinite(i)) throw new AwkRuntimeError(`negative field index $${i}`);
    if (i === 0) {
      if (!this.joined) this.joinRecord();
      return fromInput(this.record);
    }
    this.splitRecord();
    return i <= this.nf ? this.fields[i - 1] : undefined;
  }

  private joinRecord(): void {
    const convfmt = this.text("CONVFMT");
    this.record = this.fields
      .slice(0, this.nf)
      .map((f) => toText(f, convfmt))
      .join(this.text("OFS"));
    this.joined = true;
  }

  private setField(i: number, v: Value): void {
    if (i < 0) throw new AwkRuntimeError(`negative field index $${i}`);
    if (i > 1_000_000) throw new AwkRuntimeError(`field index too large: ${i}`);
    if (i === 0) return this.setRecord(toText(v, this.text("CONVFMT")));
    this.splitRecord();
    while (this.fields.length < i) this.fields.push(undefined);
    for (let k = this.nf; k < i - 1; k++) this.fields[k] = "";
    this.fields[i - 1] = v;
    if (i > this.nf) this.nf = i;
    this.joined = false;
  }

  private setNf(n: number): void {
    this.splitRecord();
    for (let k = this.nf; k < n; k++) this.fields[k] = "";
    this.nf = Math.max(0, Math.trunc(n));
    this.fields.length = this.nf;
    this.joined = false;
  }

  // ------------------------------------------------------------ regular expressions

  private regex(source: string): Regex {
    let r = this.regexes.get(source);
    if (r === undefined) {
      const c = compileRegex(source, "awk");
      if (!(c instanceof Regex))
        throw new AwkRuntimeError(`regular expression compile failed (${c.message ?? "not simulated"})\n${source}`);
      r = c;
      this.regexes.set(source, r);
    }
    return r;
  }

  private *regexOf(e: Expr): Call<Regex> {
    if (e.k === "ere") return this.regex(e.v);
    return this.regex(toText(yield* this.eval(e), this.text("CONVFMT")));
  }

  // ------------------------------------------------------------ running

  /** BEGIN, the records, END. The exit status. */
  *run(): Call<number> {
    const { begin, end, rules } = this.program;
    let code = 0;
    try {
      for (const b of begin) yield* this.exec(b);
      if (rules.length > 0 || end.length > 0) {
        for (;;) {
          const line = yield* this.nextMain();
          if (line === null) break;
          this.setRecord(line);
          try {
            yield* this.rules();
          } catch (e) {
            if (!(e instanceof NextRecord)) throw e;
            if (e.file) this.closeMain();
          }
        }
      }
    } catch (e) {
      if (!(e instanceof ExitAwk)) throw e;
      code = e.code;
    }
    try {
      if (!this.ended) {
        this.ended = true;
        for (const b of end) yield* this.exec(b);
      }
    } catch (e) {
      if (!(e instanceof ExitAwk)) throw e;
      if (e.code >= 0) code = e.code;
    }
    return code < 0 ? 0 : code;
  }

  private closeMain(): void {
    this.main = null;
  }

  private *rules(): Call<void> {
    const { rules } = this.program;
    for (let i = 0; i < rules.length; i++) {
      const r = rules[i]!;
      const p = r.pattern;
      let run: boolean;
      if (p === "always") run = true;
      else if (Array.isArray(p)) {
        const [from, to] = p as readonly [Expr, Expr];
        run = this.ranges[i] === true || isTrue(yield* this.eval(from));
        if (run) this.ranges[i] = !isTrue(yield* this.eval(to));
      } else run = isTrue(yield* this.eval(p as Expr));
      if (!run) continue;
      if (r.body === null) yield* this.streams.stdout.write(textBytes(toText(this.getField(0), "%.6g") + this.text("ORS")));
      else yield* this.exec(r.body);
      if (this.streams.stdout.error < 0) throw new ExitAwk(2);
    }
  }

  /** The next record of the main input, through the files of ARGV. */
  private *nextMain(): Call<string | null> {
    for (;;) {
      if (this.main === null && !(yield* this.openNext())) return null;
      const line = yield* this.readFrom(this.main!);
      if (line !== null) {
        this.global("NR").v = toNumber(this.global("NR").v) + 1;
        this.global("FNR").v = toNumber(this.global("FNR").v) + 1;
        return line;
      }
      if (this.main!.fd > 2) yield* this.sys.close(this.main!.fd);
      this.main = null;
    }
  }

  private *readFrom(r: RecordReader): Call<string | null> {
    const rs = this.text("RS");
    return yield* r.next(rs, rs.length > 1 ? this.regex(rs) : null);
  }

  private *openNext(): Call<boolean> {
    for (;;) {
      const argc = toNumber(this.global("ARGC").v);
      if (this.argIndex >= argc) {
        if (this.usedFile) return false;
        this.usedFile = true;
        this.main = new RecordReader(this.sys, 0);
        this.global("FNR").v = 0;
        return true;
      }
      const arg = toText(this.array("ARGV", -1).get(String(this.argIndex++)), "%.6g");
      if (arg === "") continue;
      const m = /^([A-Za-z_][A-Za-z_0-9]*)=([^]*)$/.exec(arg);
      if (m !== null) {
        this.assign(m[1]!, m[2]!);
        continue;
      }
      this.usedFile = true;
      const fd = arg === "-" ? 0 : yield* this.sys.open(outOfBytes(arg), O.RDONLY | O.CLOEXEC, 0);
      if (fd < 0)
        throw new AwkRuntimeError(
          `cannot open ${arg} (${fd === -2 ? "No such file or directory" : fd === -13 ? "Permission denied" : "error"})`,
        );
      this.main = new RecordReader(this.sys, fd);
      this.global("FILENAME").v = arg;
      this.global("FNR").v = 0;
      return true;
    }
  }

  // ------------------------------------------------------------ statements

  private *step(): Call<void> {
    if (++this.steps % 1000 === 0) yield* this.sys.tick(500);
  }

  private *exec(s: Stmt): Call<Flow> {
    yield* this.step();
    switch (s.k) {
      case "block":
        for (const x of s.body) {
          const f = yield* this.exec(x);
          if (f !== "") return f;
        }
        return "";
      case "expr":
        yield* this.eval(s.e);
        return "";
      case "print":
        yield* this.print(s);
        return "";
      case "if":
        if (isTrue(yield* this.eval(s.c))) return yield* this.exec(s.a);
        return s.b === null ? "" : yield* this.exec(s.b);
      case "while":
        while (isTrue(yield* this.eval(s.c))) {
          const f = yield* this.exec(s.body);
          if (f === "break") break;
          if (f === "return") return f;
        }
        return "";
      case "do":
        do {
          const f = yield* this.exec(s.body);
          if (f === "break") break;
          if (f === "return") return f;
        } while (isTrue(yield* this.eval(s.c)));
        return "";
      case "for":
        if (s.init !== null) yield* this.exec(s.init);
        while (s.c === null || isTrue(yield* this.eval(s.c))) {
          const f = yield* this.exec(s.body);
          if (f === "break") break;
          if (f === "return") return f;
          if (s.step !== null) yield* this.exec(s.step);
        }
        return "";
      case "forin": {
        const table = this.array(s.name, s.slot);
        for (const key of Array.from(table.keys())) {
          yield* this.store(s.to, fromInput(key));
          const f = yield* this.exec(s.body);
          if (f === "break") break;
          if (f === "return") return f;
        }
        return "";
      }
      case "delete":
        if (s.subs === null) this.array(s.name, s.slot).clear();
        else this.array(s.name, s.slot).delete(yield* this.subscript(s.subs));
        return "";
      case "break":
      case "continue":
        return s.k;
      case "next":
        throw new NextRecord(false);
      case "nextfile":
        throw new NextRecord(true);
      case "exit":
        throw new ExitAwk(s.e === null ? -1 : Math.trunc(toNumber(yield* this.eval(s.e))) & 255);
      case "return":
        this.result = s.e === null ? undefined : yield* this.eval(s.e);
        return "return";
    }
  }

  private *print(s: Stmt & { readonly k: "print" }): Call<void> {
    const ofmt = this.text("OFMT");
    let text: string;
    if (s.format) {
      const args: Value[] = [];
      for (const a of s.args) args.push(yield* this.eval(a));
      text = sprintf(toText(args[0], ofmt), args.slice(1), this.text("CONVFMT"), "printf");
    } else if (s.args.length === 0) {
      text = toText(this.getField(0), ofmt) + this.text("ORS");
    } else {
      const parts: string[] = [];
      for (const a of s.args) parts.push(toText(yield* this.eval(a), ofmt));
      text = parts.join(this.text("OFS")) + this.text("ORS");
    }
    if (s.redirect === null) return yield* this.streams.stdout.write(textBytes(text));
    const out = yield* this.streams.sink(s.redirect.op, toText(yield* this.eval(s.redirect.to), this.text("CONVFMT")));
    if (typeof out === "string") throw new AwkRuntimeError(out);
    yield* out.write(textBytes(text));
  }

  // ------------------------------------------------------------ expressions

  private *subscript(subs: readonly Expr[]): Call<string> {
    const convfmt = this.text("CONVFMT");
    if (subs.length === 1) return toText(yield* this.eval(subs[0]!), convfmt);
    const parts: string[] = [];
    for (const e of subs) parts.push(toText(yield* this.eval(e), convfmt));
    return parts.join(this.text("SUBSEP"));
  }

  private *store(to: Expr, v: Value): Call<void> {
    if (to.k === "var") {
      if (to.slot >= 0) this.frame[to.slot]!.v = v;
      else this.setGlobal(to.name, v);
    } else if (to.k === "field") this.setField(Math.trunc(toNumber(yield* this.eval(to.e))), v);
    else if (to.k === "index") this.array(to.name, to.slot).set(yield* this.subscript(to.subs), v);
    else if (to.k === "group") yield* this.store(to.list[0]!, v);
  }

  private *eval(e: Expr): Call<Value> {
    switch (e.k) {
      case "num":
      case "str":
        return e.v;
      case "ere":
        return this.regex(e.v).test(toText(this.getField(0), "%.6g")) ? 1 : 0;
      case "var":
        if (e.slot >= 0) return this.frame[e.slot]!.v;
        return this.get(e.name);
      case "field":
        return this.getField(Math.trunc(toNumber(yield* this.eval(e.e))));
      case "index": {
        const key = yield* this.subscript(e.subs);
        const table = this.array(e.name, e.slot);
        if (!table.has(key)) table.set(key, undefined);
        return table.get(key);
      }
      case "in": {
        const key = yield* this.subscript(e.subs);
        return this.array(e.name, e.slot).has(key) ? 1 : 0;
      }
      case "group":
        if (e.list.length === 1) return yield* this.eval(e.list[0]!);
        return yield* this.subscript(e.list);
      case "assign": {
        let v = yield* this.eval(e.e);
        if (e.op !== "=") v = arith(e.op[0]!, toNumber(yield* this.eval(e.to)), toNumber(v));
        yield* this.store(e.to, v);
        return v;
      }
      case "incr": {
        const old = toNumber(yield* this.eval(e.to));
        yield* this.store(e.to, old + e.by);
        return e.prefix ? old + e.by : old;
      }
      case "unary": {
        const v = yield* this.eval(e.e);
        return e.op === "!" ? (isTrue(v) ? 0 : 1) : e.op === "-" ? -toNumber(v) : toNumber(v);
      }
      case "binary": {
        const a = yield* this.eval(e.a);
        const b = yield* this.eval(e.b);
        switch (e.op) {
          case "<":
            return compareValues(a, b, this.text("CONVFMT")) < 0 ? 1 : 0;
          case "<=":
            return compareValues(a, b, this.text("CONVFMT")) <= 0 ? 1 : 0;
          case "==":
            return compareValues(a, b, this.text("CONVFMT")) === 0 ? 1 : 0;
          case "!=":
            return compareValues(a, b, this.text("CONVFMT")) !== 0 ? 1 : 0;
          case ">":
            return compareValues(a, b, this.text("CONVFMT")) > 0 ? 1 : 0;
          case ">=":
            return compareValues(a, b, this.text("CONVFMT")) >= 0 ? 1 : 0;
          default:
            return arith(e.op, toNumber(a), toNumber(b));
        }
      }
      case "concat": {
        const a = toText(yield* this.eval(e.a), this.text("CONVFMT"));
        return a + toText(yield* this.eval(e.b), this.text("CONVFMT"));
      }
      case "match": {
        const text = toText(yield* this.eval(e.a), this.text("CONVFMT"));
        return (yield* this.regexOf(e.b)).test(text) !== e.not ? 1 : 0;
      }
      case "and":
        return isTrue(yield* this.eval(e.a)) && isTrue(yield* this.eval(e.b)) ? 1 : 0;
      case "or":
        return isTrue(yield* this.eval(e.a)) || isTrue(yield* this.eval(e.b)) ? 1 : 0;
      case "cond":
        return isTrue(yield* this.eval(e.c)) ? yield* this.eval(e.a) : yield* this.eval(e.b);
      case "call":
        return yield* this.call(this.program.functions.get(e.name)!, e.args);
      case "builtin":
        return yield* this.builtin(e.name, e.args);
      case "getline":
        return yield* this.getline(e);
    }
  }

  private *call(f: FunctionDef, args: readonly Expr[]): Call<Value> {
    if (args.length > f.params.length)
      throw new AwkRuntimeError(`function ${f.name} called with ${args.length} args, accepts only ${f.params.length}`);
    if (this.depth >= MAX_DEPTH) throw new AwkRuntimeError(`function call nesting too deep in ${f.name}`);
    const frame: Cell[] = [];
    for (let i = 0; i < f.params.length; i++) {
      const a = args[i];
      if (a === undefined) frame.push(newCell());
      else if (a.k === "var" && !(a.slot < 0 && a.name === "NF")) {
        const c = this.cell(a.name, a.slot);
        if (c.arr !== null) frame.push({ v: undefined, arr: c.arr, alias: null });
        else frame.push({ v: c.v, arr: null, alias: c.v === undefined ? c : null });
      } else frame.push({ v: yield* this.eval(a), arr: null, alias: null });
    }
    const outer = this.frame;
    this.frame = frame;
    this.depth++;
    this.result = undefined;
    yield* this.exec(f.body);
    const v = this.result;
    this.result = undefined;
    this.depth--;
    this.frame = outer;
    return v;
  }

  private *getline(e: Expr & { readonly k: "getline" }): Call<Value> {
    let line: string | null;
    if (e.from === "main") {
      line = yield* this.nextMain();
    } else {
      const name = toText(yield* this.eval(e.source!), this.text("CONVFMT"));
      const r = yield* this.streams.source(e.from, name);
      if (r === null) return -1;
      line = yield* this.readFrom(r);
      if (line !== null && e.from === "command") this.global("NR").v = toNumber(this.global("NR").v) + 1;
    }
    if (line === null) return 0;
    if (e.to === null) this.setRecord(line);
    else yield* this.store(e.to, fromInput(line));
    return 1;
  }

  // ------------------------------------------------------------ built-in functions

  private *builtin(name: string, args: readonly Expr[]): Call<Value> {
    const convfmt = this.text("CONVFMT");
    const evaluate = (e: Expr): Call<Value> => this.eval(e);
    const str = function* (i: number): Call<string> {
      return args[i] === undefined ? "" : toText(yield* evaluate(args[i]), convfmt);
    };
    const num = function* (i: number): Call<number> {
      return args[i] === undefined ? 0 : toNumber(yield* evaluate(args[i]));
    };
    switch (name) {
      case "length": {
        const a = args[0];
        if (a === undefined) return toText(this.getField(0), convfmt).length;
        if (a.k === "var" && this.cell(a.name, a.slot).arr !== null) return this.array(a.name, a.slot).size;
        return (yield* str(0)).length;
      }
      case "substr": {
        const s = yield* str(0);
        let from = Math.trunc(yield* num(1));
        let n = args[2] === undefined ? s.length : Math.trunc(yield* num(2));
        if (from < 1) {
          // mawk 1.3.4 20200120 makes it longer by what lies before the text, where others make it shorter
          n = args[2] === undefined ? n : n - from;
          from = 1;
        }
        return n > 0 ? s.slice(from - 1, from - 1 + n) : "";
      }
      case "index": {
        const s = yield* str(0);
        const at = s.indexOf(yield* str(1));
        return at + 1;
      }
      case "split": {
        const text = yield* str(0);
        const a = args[1]!;
        if (a.k !== "var") throw new AwkRuntimeError("split: second argument is no array");
        const sep = args[2];
        const parts = this.splitText(
          text,
          sep === undefined ? this.global("FS").v : sep.k === "ere" ? this.regex(sep.v) : toText(yield* this.eval(sep), convfmt),
        );
        const table = this.array(a.name, a.slot);
        table.clear();
        parts.forEach((p, i) => table.set(String(i + 1), fromInput(p)));
        return parts.length;
      }
      case "sub":
      case "gsub": {
        const re = yield* this.regexOf(args[0]!);
        const replacement = yield* str(1);
        const target: Expr = args[2] ?? { k: "field", e: { k: "num", v: 0 } };
        const text = toText(yield* this.eval(target), convfmt);
        const { result, count } = substitute(text, re, replacement, name === "gsub");
        if (count > 0) yield* this.store(target, result);
        yield* this.sys.tick(1 + Math.floor(text.length / 1000));
        return count;
      }
      case "match": {
        const text = yield* str(0);
        const m = (yield* this.regexOf(args[1]!)).exec(text);
        const start = m === null ? 0 : m[0]! + 1;
        this.global("RSTART").v = start;
        this.global("RLENGTH").v = m === null ? -1 : m[1]! - m[0]!;
        return start;
      }
      case "sprintf": {
        const values: Value[] = [];
        for (const a of args) values.push(yield* this.eval(a));
        return sprintf(toText(values[0], convfmt), values.slice(1), convfmt);
      }
      case "int":
        return Math.trunc(yield* num(0));
      case "sqrt":
        return Math.sqrt(yield* num(0));
      case "sin":
        return Math.sin(yield* num(0));
      case "cos":
        return Math.cos(yield* num(0));
      case "atan2":
        return Math.atan2(yield* num(0), yield* num(1));
      case "exp":
        return Math.exp(yield* num(0));
      case "log":
        return Math.log(yield* num(0));
      case "rand":
        // a linear congruence in 32 bits: the same in every engine
        this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
        return this.seed / 4294967296;
      case "srand": {
        const old = this.lastSeed;
        this.lastSeed = args.length > 0 ? yield* num(0) : Math.floor((yield* this.sys.clock_gettime("realtime")) / 1e9);
        this.seed = (Math.imul(Math.trunc(this.lastSeed) | 0, 2654435761) ^ 0x9e3779b9) >>> 0;
        return old;
      }
      case "tolower":
        return (yield* str(0)).replace(/[A-Z]+/g, (w) => w.toLowerCase());
      case "toupper":
        return (yield* str(0)).replace(/[a-z]+/g, (w) => w.toUpperCase());
      case "system":
        return yield* this.streams.system(yield* str(0));
      case "close":
        return yield* this.streams.close(yield* str(0));
      case "fflush":
        yield* this.streams.flushAll();
        return 0;
      case "systime":
        return Math.floor((yield* this.sys.clock_gettime("realtime")) / 1e9);
      default:
        throw new AwkRuntimeError(`function ${name} is not simulated`);
    }
  }
}
