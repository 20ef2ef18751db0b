/** test and [ as programs: file, text and number tests. By the number of arguments, as POSIX asks; beyond four by grammar. */
import type { Call } from "../../kernel/abi.ts";
import { compareFiles, compareIntegers, fileTest } from "../../kernel/filetest.ts";
import { gnuCommand, quote, type Tool } from "../lib/gnu.ts";

const BINARY = ["=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "<", ">"];
const UNARY = "bcdefghkLnNOGprsStuwxz";

class Tester {
  private readonly t: Tool;
  private readonly a: readonly string[];
  private i = 0;

  constructor(t: Tool, a: readonly string[]) {
    this.t = t;
    this.a = a;
  }

  *run(): Call<boolean> {
    if (this.a.length === 0) return false;
    const v = yield* this.fixed(0, this.a.length);
    if (v !== null) return v;
    const r = yield* this.or();
    if (this.i < this.a.length) yield* this.fail(`extra argument ${quote(this.a[this.i]!)}`);
    return r;
  }

  private *fail(text: string): Call<never> {
    return yield* this.t.die(text, 2);
  }

  /** One to four arguments have their own rules, so that "test -n" and "test = = =" mean what they seem to. */
  private *fixed(from: number, n: number): Call<boolean | null> {
    const a = this.a.slice(from, from + n);
    if (n === 1) return a[0] !== "";
    if (n === 2) {
      if (a[0] === "!") return a[1] === "";
      if (isUnary(a[0]!)) return yield* this.unary(a[0]!, a[1]!);
      if (a[0]!.startsWith("-") && a[0]!.length === 2) yield* this.fail(`${quote(a[0]!)}: unary operator expected`);
      return yield* this.fail(`missing argument after ${quote(a[1]!)}`);
    }
    if (n === 3) {
      if (BINARY.includes(a[1]!)) return yield* this.binary(a[0]!, a[1]!, a[2]!);
      if (a[0] === "!") return !(yield* this.fixed(from + 1, 2));
      if (a[0] === "(" && a[2] === ")") return a[1] !== "";
      if (a[1] === "-a") return a[0] !== "" && a[2] !== "";
      if (a[1] === "-o") return a[0] !== "" || a[2] !== "";
      return yield* this.fail(`${quote(a[1]!)}: binary operator expected`);
    }
    if (n === 4) {
      if (a[0] === "!") return !(yield* this.fixed(from + 1, 3));
      if (a[0] === "(" && a[3] === ")") return yield* this.fixed(from + 1, 2);
    }
    return null;
  }

  private *or(): Call<boolean> {
    let v = yield* this.and();
    while (this.a[this.i] === "-o") {
      this.i++;
      v = (yield* this.and()) || v;
    }
    return v;
  }

  private *and(): Call<boolean> {
    let v = yield* this.term();
    while (this.a[this.i] === "-a") {
      this.i++;
      v = (yield* this.term()) && v;
    }
    return v;
  }

  private *term(): Call<boolean> {
    const w = this.a[this.i];
    if (w === undefined) return yield* this.fail(`missing argument after ${quote(this.a[this.i - 1]!)}`);
    if (w === "!") {
      this.i++;
      return !(yield* this.term());
    }
    if (BINARY.includes(this.a[this.i + 1] ?? "") && this.i + 2 < this.a.length) {
      this.i += 3;
      return yield* this.binary(w, this.a[this.i - 2]!, this.a[this.i - 1]!);
    }
    if (w === "(") {
      this.i++;
      const v = yield* this.or();
      if (this.a[this.i] === undefined) return yield* this.fail(`${quote(")")} expected`);
      if (this.a[this.i] !== ")") return yield* this.fail(`${quote(")")} expected, found ${this.a[this.i]}`);
      this.i++;
      return v;
    }
    if (isUnary(w) && this.i + 1 < this.a.length) {
      this.i += 2;
      return yield* this.unary(w, this.a[this.i - 1]!);
    }
    this.i++;
    return w !== "";
  }

  private *integer(text: string): Call<bigint> {
    if (!/^\s*[-+]?[0-9]+\s*$/.test(text)) return yield* this.fail(`invalid integer ${quote(text)}`);
    return BigInt(text.trim().replace(/^\+/, ""));
  }

  private *binary(a: string, op: string, b: string): Call<boolean> {
    switch (op) {
      case "=":
      case "==":
        return a === b;
      case "!=":
        return a !== b;
      case "<":
        return a < b;
      case ">":
        return a > b;
      case "-nt":
      case "-ot":
      case "-ef":
        return yield* compareFiles(this.t.sys, op, a, b);
      default:
        return compareIntegers(op, yield* this.integer(a), yield* this.integer(b));
    }
  }

  private *unary(op: string, arg: string): Call<boolean> {
    const { sys } = this.t;
    if (op === "-n") return arg !== "";
    if (op === "-z") return arg === "";
    if (op === "-t") return (yield* sys.isatty(Number(yield* this.integer(arg)))) === 1;
    return yield* fileTest(sys, op, arg);
  }
}

function isUnary(w: string): boolean {
  return w.length === 2 && w[0] === "-" && UNARY.includes(w[1]!);
}

const about = { summary: "check file types and compare values", options: [], bare: true, usageStatus: 2 } as const;

const test = gnuCommand({
  ...about,
  name: "test",
  usage: ["EXPRESSION", ""],
  *main(t, _options, operands) {
    return (yield* new Tester(t, operands).run()) ? 0 : 1;
  },
});

const bracket = gnuCommand({
  ...about,
  name: "[",
  usage: ["EXPRESSION ]", "]"],
  *main(t, _options, operands) {
    if (operands[operands.length - 1] !== "]") yield* t.die("missing ‘]’", 2);
    return (yield* new Tester(t, operands.slice(0, -1)).run()) ? 0 : 1;
  },
});

export const testCommands = [test, bracket];
