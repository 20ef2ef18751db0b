/** seq and expr: numbers and small expressions. Whole numbers are exact however long; fractions are doubles. */
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, quote, type Tool } from "../lib/gnu.ts";
import { exit } from "../lib/io.ts";
import { type Conversion, formatFloat } from "../lib/printf.ts";
import { compileRegex, Regex } from "../lib/regex.ts";

const NUMBER = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;

const seq = gnuCommand({
  name: "seq",
  usage: ["[OPTION]... LAST", "[OPTION]... FIRST LAST", "[OPTION]... FIRST INCREMENT LAST"],
  summary: "print numbers from FIRST to LAST, in steps of INCREMENT",
  posix: true,
  options: [
    { names: ["-f", "--format"], arg: "FORMAT", help: "printf format of each number" },
    { names: ["-s", "--separator"], arg: "STRING", help: "text between numbers, instead of a newline" },
    { names: ["-w", "--equal-width"], help: "pad with zeros to equal width" },
  ],
  rewrite: (args) => {
    // a negative number is no option
    let i = 0;
    while (i < args.length && /^-[fsw]|^--./.test(args[i]!)) i += args[i] === "-f" || args[i] === "-s" ? 2 : 1;
    return /^-[.0-9]/.test(args[i] ?? "") ? [...args.slice(0, i), "--", ...args.slice(i)] : args;
  },
  *main(t, options, operands) {
    let format: string | null = null;
    let separator = "\n";
    let equal = false;
    for (const { name, value } of options) {
      if (name === "-f") format = value;
      else if (name === "-s") separator = value!;
      else equal = true;
    }
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length > 3) yield* t.usage(`extra operand ${quote(operands[3]!)}`);
    for (const o of operands) if (!NUMBER.test(o)) yield* t.usage(`invalid floating point argument: ${quote(o)}`);
    const [first, step, last] =
      operands.length === 1
        ? ["1", "1", operands[0]!]
        : operands.length === 2
          ? [operands[0]!, "1", operands[1]!]
          : [operands[0]!, operands[1]!, operands[2]!];
    if (Number(step) === 0) yield* t.usage(`invalid Zero increment value: ${quote(step)}`);
    if (format !== null && equal) yield* t.usage("format string may not be specified when printing equal width strings");
    const decimals = (s: string): number => (/[eE]/.test(s) ? 0 : (s.split(".")[1] ?? "").length);
    const places = Math.max(decimals(first), decimals(step));
    // scaled to whole numbers the steps add up exactly
    const scale = 10 ** Math.max(places, decimals(last));
    const [a, d, z] = [Math.round(Number(first) * scale), Math.round(Number(step) * scale), Math.round(Number(last) * scale)];
    const width = equal ? Math.max(text(a).length, text(a + d * Math.floor((z - a) / d)).length, text(z).length) : 0;
    function text(n: number): string {
      return (n / scale).toFixed(places);
    }
    let spec: { head: string; conv: Conversion; tail: string } | null = null;
    if (format !== null) {
      const m = /^((?:[^%]|%%)*)%([-+ #0']*)([0-9]*)(?:\.([0-9]*))?L?([a-zA-Z])((?:[^%]|%%)*)$/s.exec(format);
      if (m === null)
        return yield* t.die(
          /%/.test(format.replaceAll("%%", ""))
            ? `format ${quote(format)} has too many % directives`
            : `format ${quote(format)} has no % directive`,
        );
      if (!"aefgAEFG".includes(m[5]!)) return yield* t.die(`format ${quote(format)} has unknown %${m[5]} directive`);
      spec = {
        head: m[1]!.replaceAll("%%", "%"),
        conv: { flags: m[2]!, width: Number(m[3] || 0), precision: m[4] === undefined ? -1 : Number(m[4]), type: m[5]! },
        tail: m[6]!.replaceAll("%%", "%"),
      };
    }
    let n = 0;
    for (let v = a; d > 0 ? v <= z : v >= z; v += d) {
      let s = spec !== null ? spec.head + formatFloat(v / scale, spec.conv) + spec.tail : text(v);
      if (equal) s = s.startsWith("-") ? `-${s.slice(1).padStart(width - 1, "0")}` : s.padStart(width, "0");
      yield* t.out.print((n > 0 ? separator : "") + s);
      if (++n % 1000 === 0) yield* t.sys.tick(300);
    }
    if (n > 0) yield* t.out.print("\n");
    return t.out.error < 0 ? 1 : 0;
  },
});

/** A value of expr: text, which may look like a whole number. */
type Value = string;
const isInt = (v: Value): boolean => /^-?[0-9]+$/.test(v);
const isNull = (v: Value): boolean => v === "" || /^-?0+$/.test(v);

class Expr {
  private readonly t: Tool;
  private readonly words: readonly string[];
  private i = 0;

  constructor(t: Tool, words: readonly string[]) {
    this.t = t;
    this.words = words;
  }

  *run(): Call<Value> {
    const v = yield* this.or();
    if (this.i < this.words.length) yield* this.fail(`syntax error: unexpected argument ${quote(this.words[this.i]!)}`);
    return v;
  }

  private *fail(text: string): Call<never> {
    return yield* this.t.die(text, 2);
  }

  private take(...ops: string[]): string | null {
    const w = this.words[this.i];
    if (w === undefined || !ops.includes(w)) return null;
    this.i++;
    return w;
  }

  private *or(): Call<Value> {
    let v = yield* this.and();
    while (this.take("|") !== null) {
      const r = yield* this.and();
      if (isNull(v)) v = isNull(r) ? "0" : r;
    }
    return v;
  }

  private *and(): Call<Value> {
    let v = yield* this.compare();
    while (this.take("&") !== null) {
      const r = yield* this.compare();
      v = isNull(v) || isNull(r) ? "0" : v;
    }
    return v;
  }

  private *compare(): Call<Value> {
    let v = yield* this.sum();
    for (;;) {
      const op = this.take("<", "<=", "=", "==", "!=", ">=", ">");
      if (op === null) return v;
      const r = yield* this.sum();
      const d = isInt(v) && isInt(r) ? Number(BigInt(v) > BigInt(r)) - Number(BigInt(v) < BigInt(r)) : Number(v > r) - Number(v < r);
      const yes = op === "<" ? d < 0 : op === "<=" ? d <= 0 : op === ">" ? d > 0 : op === ">=" ? d >= 0 : op === "!=" ? d !== 0 : d === 0;
      v = yes ? "1" : "0";
    }
  }

  private *sum(): Call<Value> {
    let v = yield* this.product();
    for (;;) {
      const op = this.take("+", "-");
      if (op === null) return v;
      const r = yield* this.product();
      if (!isInt(v) || !isInt(r)) yield* this.fail("non-integer argument");
      v = String(op === "+" ? BigInt(v) + BigInt(r) : BigInt(v) - BigInt(r));
    }
  }

  private *product(): Call<Value> {
    let v = yield* this.match();
    for (;;) {
      const op = this.take("*", "/", "%");
      if (op === null) return v;
      const r = yield* this.match();
      if (!isInt(v) || !isInt(r)) yield* this.fail("non-integer argument");
      if (op !== "*" && BigInt(r) === 0n) yield* this.fail("division by zero");
      v = String(op === "*" ? BigInt(v) * BigInt(r) : op === "/" ? BigInt(v) / BigInt(r) : BigInt(v) % BigInt(r));
    }
  }

  private *match(): Call<Value> {
    let v = yield* this.atom();
    while (this.take(":") !== null) v = yield* this.docolon(v, yield* this.atom());
    return v;
  }

  private *docolon(text: string, pattern: string): Call<Value> {
    const re = compileRegex(`^${pattern.startsWith("^") ? `\\${pattern}` : pattern}`, "bre");
    if (!(re instanceof Regex)) {
      if (re.notSimulated !== null) yield* this.t.notSimulated(re.notSimulated);
      return yield* this.fail(re.message!);
    }
    const m = re.exec(text);
    if (re.groups > 0) return m === null || m[2]! < 0 ? "" : text.slice(m[2], m[3]);
    return m === null ? "0" : String(Array.from(text.slice(0, m[1])).length);
  }

  private *atom(): Call<Value> {
    const w = this.words[this.i];
    if (w === undefined) return yield* this.fail(`syntax error: missing argument after ${quote(this.words[this.i - 1]!)}`);
    this.i++;
    if (w === "+") {
      if (this.i >= this.words.length) return yield* this.fail(`syntax error: missing argument after ${quote("+")}`);
      return this.words[this.i++]!;
    }
    if (w === "(") {
      const v = yield* this.or();
      if (this.i >= this.words.length) return yield* this.fail(`syntax error: expecting ')' after ${quote(this.words[this.i - 1]!)}`);
      if (this.take(")") === null) return yield* this.fail(`syntax error: expecting ')' instead of ${quote(this.words[this.i]!)}`);
      return v;
    }
    if (w === ")") return yield* this.fail("syntax error: unexpected ')'");
    if (w === "length") return String(Array.from(yield* this.atom()).length);
    if (w === "match") {
      const text = yield* this.atom();
      return yield* this.docolon(text, yield* this.atom());
    }
    if (w === "index") {
      const text = Array.from(yield* this.atom());
      const chars = Array.from(yield* this.atom());
      return String(text.findIndex((c) => chars.includes(c)) + 1);
    }
    if (w === "substr") {
      const text = Array.from(yield* this.atom());
      const from = yield* this.atom();
      const n = yield* this.atom();
      if (!isInt(from) || !isInt(n) || Number(from) <= 0 || Number(n) <= 0) return "";
      return text.slice(Number(from) - 1, Number(from) - 1 + Number(n)).join("");
    }
    return w;
  }
}

const expr = gnuCommand({
  name: "expr",
  usage: ["EXPRESSION", "OPTION"],
  summary: "print the value of EXPRESSION to standard output",
  description: [
    "Operators, weakest first: | & < <= = != >= > + - * / % : and ( ); also match, substr, index and length. Exit status: 0 for a value, 1 when it is empty or 0, 2 when the expression is wrong.",
  ],
  usageStatus: 2,
  bare: true,
  options: [],
  *main(t, _options, words) {
    const operands = words[0] === "--" ? words.slice(1) : words;
    if (operands.length === 0) yield* t.usage("missing operand");
    const v = yield* new Expr(t, operands).run();
    yield* t.out.print(`${v}\n`);
    return exit(isNull(v) ? 1 : 0);
  },
});

export const seqCommands = [seq, expr];
