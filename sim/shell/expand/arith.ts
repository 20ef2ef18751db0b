/**
 * Shell arithmetic ((…)), $((…)), let, subscripts: C's operators on 64-bit two's complement integers that wrap, as
 * bash evaluates them on text whose $-expansions are already done. Variables are expressions in turn. Messages and
 * error tokens are bash's (expr.c's behaviour: the token is the rest of the text from the last token read).
 */

/** What arithmetic needs of the shell. `sub` is the text between the brackets, or null. */
export interface ArithVars {
  /** undefined: unset. May throw (set -u). */
  get(name: string, sub: string | null): string | undefined;
  /** May throw (readonly). */
  set(name: string, sub: string | null, value: string): void;
}

/** `1/0: division by 0 (error token is "0")` */
export class ArithError extends Error {}

/** Nesting of parentheses, operators and variables in one another; bash allows 1024 of each. */
const MAX_DEPTH = 400;

export function evalArith(text: string, vars: ArithVars): bigint {
  return new Evaluator(text, vars, 0).run();
}

const OPS3 = ["<<=", ">>="];
const OPS2 = ["<=", ">=", "==", "!=", "&&", "||", "<<", ">>", "**", "++", "--", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|="];
const ASSIGN = new Set(["=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|="]);
/** binary operators by increasing precedence, without ** */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const LEVEL_OF = new Map<string, number>();
for (let i = 0; i < LEVELS.length; i++) for (const op of LEVELS[i]!) LEVEL_OF.set(op, i);

class Evaluator {
  private readonly text: string;
  private readonly vars: ArithVars;
  /** nesting so far, with that of the expressions this one is a variable of */
  private depth: number;
  private pos = 0;
  /** start of the last token read */
  private last = 0;
  /** "num", "name", an operator, or "" at the end */
  private tok = "";
  private num = 0n;
  private name = "";
  private sub: string | null = null;
  private noeval = 0;

  constructor(text: string, vars: ArithVars, depth: number) {
    this.text = text;
    this.vars = vars;
    this.depth = depth;
  }

  run(): bigint {
    if (this.depth > MAX_DEPTH) this.fail("expression recursion level exceeded");
    if (this.text.trim() === "") return 0n;
    this.next();
    const v = this.comma();
    if (!this.is("")) {
      const known = this.is("num") || this.is("name") || /^[-=<>+*/%!()&|^~?:,]/.test(this.tok);
      this.fail(known ? "syntax error in expression" : "syntax error: invalid arithmetic operator");
    }
    return v;
  }

  private fail(what: string, at: number = this.last): never {
    const expr = this.text.trimStart();
    const tok = this.text.slice(at).trimStart();
    throw new ArithError(`${expr}: ${what}${tok === "" ? "" : ` (error token is "${tok}")`}`);
  }

  private next(): void {
    const t = this.text;
    while (this.pos < t.length && /[ \t\n]/.test(t[this.pos]!)) this.pos++;
    if (this.pos >= t.length) {
      this.tok = "";
      return;
    }
    this.last = this.pos;
    const c = t.charCodeAt(this.pos);
    if (c >= 48 && c <= 57) return this.number();
    if (isAlpha(c)) {
      let i = this.pos + 1;
      while (i < t.length && (isAlpha(t.charCodeAt(i)) || isDigit(t.charCodeAt(i)))) i++;
      this.name = t.slice(this.pos, i);
      this.sub = null;
      if (t[i] === "[") {
        const close = matchBracket(t, i);
        if (close < 0) this.fail("bad array subscript");
        this.sub = t.slice(i + 1, close);
        i = close + 1;
      }
      this.pos = i;
      this.tok = "name";
      return;
    }
    for (const op of OPS3) if (t.startsWith(op, this.pos)) return this.op(op);
    for (const op of OPS2) if (t.startsWith(op, this.pos)) return this.op(op);
    this.op(t[this.pos]!);
  }
  private is(tok: string): boolean {
    return this.tok === tok;
  }
  private op(s: string): void {
    this.tok = s;
    this.pos += s.length;
  }

  private number(): void {
    const t = this.text;
    let i = this.pos;
    while (i < t.length && (isDigit(t.charCodeAt(i)) || isAlpha(t.charCodeAt(i)) || t[i] === "#" || t[i] === "@")) i++;
    const s = t.slice(this.pos, i);
    this.pos = i;
    this.tok = "num";
    this.num = this.parseNumber(s);
  }
  /** Of a wrong number bash shows the text only up to its end. */
  private badNumber(what: string): never {
    throw new ArithError(
      `${this.text.slice(0, this.pos).trimStart()}: ${what} (error token is "${this.text.slice(this.last, this.pos).trimStart()}")`,
    );
  }
  private parseNumber(s: string): bigint {
    let base = 10;
    let digits = s;
    const hash = s.indexOf("#");
    if (hash >= 0) {
      if (s.indexOf("#", hash + 1) >= 0) this.badNumber("invalid number");
      base = Number(s.slice(0, hash));
      digits = s.slice(hash + 1);
      if (!(base >= 2 && base <= 64)) this.badNumber("invalid arithmetic base");
      if (digits === "") this.badNumber("invalid integer constant");
    } else if (/^0[xX]/.test(s)) {
      base = 16;
      digits = s.slice(2);
    } else if (s.length > 1 && s[0] === "0") {
      base = 8;
      digits = s.slice(1);
    }
    let v = 0n;
    const b = BigInt(base);
    for (let i = 0; i < digits.length; i++) {
      const d = digitValue(digits[i]!, base);
      if (d < 0 || d >= base) this.badNumber("value too great for base");
      v = BigInt.asIntN(64, v * b + BigInt(d));
    }
    return v;
  }

  private comma(): bigint {
    let v = this.assign();
    while (this.is(",")) {
      this.next();
      v = this.assign();
    }
    return v;
  }

  private assign(): bigint {
    if (++this.depth > MAX_DEPTH) this.fail("expression recursion level exceeded");
    const wasName = this.is("name");
    const name = this.name;
    const sub = this.sub;
    let v = this.ternary();
    const op = this.tok;
    if (ASSIGN.has(op)) {
      if (!wasName || !this.lvalue) this.fail("attempted assignment to non-variable");
      this.next();
      const at = this.last;
      if (this.is("")) this.fail("syntax error: operand expected");
      const rhs = this.assign();
      v = op === "=" ? rhs : this.binary(op.slice(0, -1), v, rhs, at);
      if (!this.noeval) this.vars.set(name, sub, String(v));
      this.lvalue = false;
    }
    this.depth--;
    return v;
  }

  /** the value just computed was a plain variable */
  private lvalue = false;

  private ternary(): bigint {
    const c = this.level0(0);
    if (!this.is("?")) return c;
    this.next();
    if (this.is("") || this.is(":")) this.fail("expression expected");
    if (c === 0n) this.noeval++;
    const a = this.comma();
    if (c === 0n) this.noeval--;
    if (!this.is(":")) this.fail("`:' expected for conditional expression");
    this.next();
    if (this.is("")) this.fail("expression expected");
    if (c !== 0n) this.noeval++;
    const b = this.assign();
    if (c !== 0n) this.noeval--;
    this.lvalue = false;
    return c !== 0n ? a : b;
  }

  /** Precedence climbing from `min`. */
  private level0(min: number): bigint {
    let left = this.power();
    for (;;) {
      if (this.is("++") || this.is("--")) {
        // after what is no variable: two signs
        this.tok = this.tok[0]!;
        this.pos--;
      }
      const op = this.tok;
      const lv = LEVEL_OF.get(op);
      if (lv === undefined || lv < min) return left;
      this.next();
      const at = this.last;
      let skip = false;
      if ((op === "||" && left !== 0n) || (op === "&&" && left === 0n)) {
        skip = true;
        this.noeval++;
      }
      const right = this.level0(lv + 1);
      if (skip) this.noeval--;
      left = this.binary(op, left, right, at);
      this.lvalue = false;
    }
  }

  private power(): bigint {
    const base = this.unary();
    if (!this.is("**")) return base;
    this.next();
    if (++this.depth > MAX_DEPTH) this.fail("expression recursion level exceeded");
    const exp = this.power();
    this.depth--;
    this.lvalue = false;
    if (exp < 0n) {
      if (this.noeval) return 0n;
      this.fail("exponent less than 0");
    }
    let r = 1n;
    let b = base;
    for (let e = exp; e > 0n; e >>= 1n) {
      if (e & 1n) r = BigInt.asIntN(64, r * b);
      b = BigInt.asIntN(64, b * b);
    }
    return r;
  }

  private binary(op: string, a: bigint, b: bigint, at: number): bigint {
    switch (op) {
      case "||":
        return a !== 0n || b !== 0n ? 1n : 0n;
      case "&&":
        return a !== 0n && b !== 0n ? 1n : 0n;
      case "|":
        return a | b;
      case "^":
        return a ^ b;
      case "&":
        return a & b;
      case "==":
        return a === b ? 1n : 0n;
      case "!=":
        return a !== b ? 1n : 0n;
      case "<":
        return a < b ? 1n : 0n;
      case "<=":
        return a <= b ? 1n : 0n;
      case ">":
        return a > b ? 1n : 0n;
      case ">=":
        return a >= b ? 1n : 0n;
      case "<<":
        return BigInt.asIntN(64, a << (b & 63n));
      case ">>":
        return a >> (b & 63n);
      case "+":
        return BigInt.asIntN(64, a + b);
      case "-":
        return BigInt.asIntN(64, a - b);
      case "*":
        return BigInt.asIntN(64, a * b);
      default:
        if (b === 0n) {
          if (this.noeval) return 0n;
          this.fail("division by 0", at);
        }
        return op === "/" ? BigInt.asIntN(64, a / b) : a % b;
    }
  }

  private unary(): bigint {
    const op = this.tok;
    if (op === "!" || op === "~" || op === "-" || op === "+") {
      if (++this.depth > MAX_DEPTH) this.fail("expression recursion level exceeded");
      this.next();
      const v = this.unary();
      this.depth--;
      this.lvalue = false;
      return op === "!" ? (v === 0n ? 1n : 0n) : op === "~" ? ~v : op === "-" ? BigInt.asIntN(64, -v) : v;
    }
    if (op === "++" || op === "--") {
      const save = this.pos;
      this.next();
      if (this.is("name")) {
        const { name, sub } = this;
        const v = BigInt.asIntN(64, this.value(name, sub) + (op === "++" ? 1n : -1n));
        if (!this.noeval) this.vars.set(name, sub, String(v));
        this.next();
        this.lvalue = false;
        return v;
      }
      // not before a variable: two signs
      this.pos = save - 1;
      this.tok = op[0]!;
      this.last = save - 2;
      return this.unary();
    }
    return this.primary();
  }

  private primary(): bigint {
    if (this.is("(")) {
      if (++this.depth > MAX_DEPTH) this.fail("expression recursion level exceeded");
      this.next();
      const v = this.comma();
      this.depth--;
      if (!this.is(")")) this.fail("missing `)'");
      this.next();
      this.lvalue = false;
      return v;
    }
    if (this.is("num")) {
      const v = this.num;
      this.next();
      this.lvalue = false;
      return v;
    }
    if (this.is("name")) {
      const { name, sub } = this;
      this.next();
      if (this.is("++") || this.is("--")) {
        const v = this.value(name, sub);
        if (!this.noeval) this.vars.set(name, sub, String(BigInt.asIntN(64, v + (this.is("++") ? 1n : -1n))));
        this.next();
        this.lvalue = false;
        return v;
      }
      const v = this.is("=") ? 0n : this.value(name, sub);
      this.lvalue = true;
      return v;
    }
    return this.fail("syntax error: operand expected");
  }

  private value(name: string, sub: string | null): bigint {
    if (this.noeval) return 0n;
    const text = this.vars.get(name, sub);
    if (text === undefined || text === "") return 0n;
    if (/^(0|-?[1-9][0-9]{0,14})$/.test(text)) return BigInt(text);
    return new Evaluator(text, this.vars, this.depth + 1).run();
  }
}

function isAlpha(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
}
function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}
function digitValue(ch: string, base: number): number {
  const c = ch.charCodeAt(0);
  if (isDigit(c)) return c - 48;
  if (c >= 97 && c <= 122) return c - 87;
  if (c >= 65 && c <= 90) return base <= 36 ? c - 55 : c - 29;
  return ch === "@" ? 62 : ch === "_" ? 63 : -1;
}
function matchBracket(t: string, open: number): number {
  let depth = 0;
  for (let i = open; i < t.length; i++) {
    if (t[i] === "[") depth++;
    else if (t[i] === "]" && --depth === 0) return i;
  }
  return -1;
}
