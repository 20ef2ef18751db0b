/** test and [: the POSIX rules by number of arguments, as bash 5.2 applies them. */
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { compareFiles, compareIntegers } from "../../kernel/filetest.ts";
import { BINARY_OPS, UNARY_OPS, unaryTest } from "../exec/testops.ts";
import { type Builtin, fail } from "./util.ts";

class TestError extends Error {}

export const test: Builtin = function* (sh, argv) {
  const who = argv[0]!;
  let args = argv.slice(1);
  if (who === "[") {
    if (args[args.length - 1] !== "]") return yield* fail(sh, "[", sh.dash ? "missing ]" : "missing `]'", 2);
    args = args.slice(0, -1);
  }
  try {
    const quick = args.length === 3 ? compare(args[0]!, args[1]!, args[2]!) : null;
    if (quick !== null) return quick ? 0 : 1;
    const p = new TestParser(sh, args);
    return (yield* p.evaluate()) ? 0 : 1;
  } catch (e) {
    if (!(e instanceof TestError)) throw e;
    return yield* fail(sh, who, sh.dash ? e.message.replace(/^(.*): integer expression expected$/, "Illegal number: $1") : e.message, 2);
  }
};

/** a OP b for what needs no system call; null: another case. */
function compare(x: string, op: string, y: string): boolean | null {
  switch (op) {
    case "=":
    case "==":
      return x === y;
    case "!=":
      return x !== y;
    case "<":
      return x < y;
    case ">":
      return x > y;
    case "-eq":
    case "-ne":
    case "-lt":
    case "-le":
    case "-gt":
    case "-ge":
      return compareIntegers(op, integer(x), integer(y));
    default:
      return null;
  }
}

function integer(s: string): bigint {
  const t = s.trim();
  if (!/^[-+]?[0-9]+$/.test(t)) throw new TestError(`${s}: integer expression expected`);
  const v = BigInt(t);
  if (v !== BigInt.asIntN(64, v)) throw new TestError(`${s}: integer expression expected`);
  return v;
}

class TestParser {
  private pos = 0;
  private readonly sh: Shell;
  private readonly a: readonly string[];
  constructor(sh: Shell, a: readonly string[]) {
    this.sh = sh;
    this.a = a;
  }

  *evaluate(): Call<boolean> {
    const a = this.a;
    switch (a.length) {
      case 0:
        return false;
      case 1:
        return a[0] !== "";
      case 2:
        if (a[0] === "!") return a[1] === "";
        if (!UNARY_OPS.has(a[0]!)) throw new TestError(`${a[0]}: unary operator expected`);
        return yield* this.unary(a[0]!, a[1]!);
      case 3:
        return yield* this.three(a[0]!, a[1]!, a[2]!);
      case 4:
        if (a[0] === "!") return !(yield* this.three(a[1]!, a[2]!, a[3]!));
        if (a[0] === "(" && a[3] === ")") {
          if (a[1] === "!") return a[2] === "";
          if (UNARY_OPS.has(a[1]!)) return yield* this.unary(a[1]!, a[2]!);
        }
    }
    const v = yield* this.or();
    if (this.pos < a.length) throw new TestError("too many arguments");
    return v;
  }

  private *three(x: string, op: string, y: string): Call<boolean> {
    if (BINARY_OPS.has(op) && op !== "=~") return yield* this.binary(x, op, y);
    if (op === "-a") return x !== "" && y !== "";
    if (op === "-o") return x !== "" || y !== "";
    if (x === "!") {
      if (!UNARY_OPS.has(op)) throw new TestError(`${op}: unary operator expected`);
      return !(yield* this.unary(op, y));
    }
    if (x === "(" && y === ")") return op !== "";
    throw new TestError(`${op}: binary operator expected`);
  }

  private depth = 0;
  private *or(): Call<boolean> {
    if (++this.depth > 500) throw new TestError("too many arguments");
    let v = yield* this.and();
    while (this.a[this.pos] === "-o") {
      this.pos++;
      const w = yield* this.and();
      v = v || w;
    }
    return v;
  }
  private *and(): Call<boolean> {
    let v = yield* this.term();
    while (this.a[this.pos] === "-a") {
      this.pos++;
      const w = yield* this.term();
      v = v && w;
    }
    return v;
  }
  private *term(): Call<boolean> {
    const a = this.a;
    const x = a[this.pos];
    if (x === undefined) throw new TestError("argument expected");
    if (x === "!") {
      let flip = false;
      while (a[this.pos] === "!") {
        flip = !flip;
        this.pos++;
      }
      return (yield* this.term()) !== flip;
    }
    if (x === "(") {
      this.pos++;
      const v = yield* this.or();
      if (a[this.pos] !== ")") throw new TestError(a[this.pos] === undefined ? "`)' expected" : `\`)' expected, found ${a[this.pos]}`);
      this.pos++;
      return v;
    }
    const op = a[this.pos + 1];
    if (op !== undefined && BINARY_OPS.has(op) && op !== "=~" && this.pos + 2 < a.length) {
      this.pos += 3;
      return yield* this.binary(x, op, a[this.pos - 1]!);
    }
    if (UNARY_OPS.has(x) && this.pos + 1 < a.length) {
      this.pos += 2;
      return yield* this.unary(x, a[this.pos - 1]!);
    }
    this.pos++;
    return x !== "";
  }

  private *unary(op: string, arg: string): Call<boolean> {
    if (op === "-t" && !/^[ \t]*[0-9]+[ \t]*$/.test(arg)) throw new TestError(`${arg}: integer expression expected`);
    return yield* unaryTest(this.sh, op, arg);
  }

  private *binary(x: string, op: string, y: string): Call<boolean> {
    if (op === "-nt" || op === "-ot" || op === "-ef") return yield* compareFiles(this.sh.sys, op, x, y);
    return compare(x, op, y)!;
  }
}
