/**
 * POSIX regular expressions (regex(7)) over a linear-time engine: basic, extended and awk's, with GNU's additions (\+ \? \|
 * in basic ones, \w \W \s \S \b \B \< \> \` \'). Matches are leftmost-longest. Back-references cannot be matched in linear
 * time: they are refused as not simulated. What is inside is text; a line must not hold its newline.
 */
import { RE2JS } from "re2js";

/** "egrep": extended, and a ) without its ( is a character */
export type Dialect = "bre" | "ere" | "egrep" | "awk";

export interface RegexFailure {
  /** "Unmatched ( or \\(" and the like, as regcomp(3) says it; or null for what is not simulated */
  readonly message: string | null;
  /** what is not simulated */
  readonly notSimulated: string | null;
}

/** A compiled expression. */
export class Regex {
  private readonly re: RE2JS;
  readonly groups: number;

  constructor(re: RE2JS) {
    this.re = re;
    this.groups = re.groupCount();
  }

  test(text: string): boolean {
    return this.re.test(text);
  }

  /** The leftmost-longest match at or after `from`: [start, end] of the whole and of each group (-1 where unset). */
  exec(text: string, from = 0): readonly number[] | null {
    const m = this.re.matcher(text);
    if (!m.find(from)) return null;
    const spans: number[] = [];
    for (let g = 0; g <= this.groups; g++) spans.push(m.start(g), m.end(g));
    return spans;
  }
}

export interface RegexOptions {
  readonly ignoreCase?: boolean;
  /** ^ and $ match at newlines too (sed's M) */
  readonly multiline?: boolean;
}

export function compileRegex(source: string, dialect: Dialect, options: RegexOptions = {}): Regex | RegexFailure {
  const t = translateRegex(source, dialect, options.multiline ?? false);
  if (typeof t !== "string") return t;
  return compileTranslated(t, options);
}

/** Compiles what translateRegex made, perhaps put together from several. */
export function compileTranslated(source: string, options: RegexOptions = {}): Regex | RegexFailure {
  try {
    return new Regex(RE2JS.compile(source, RE2JS.LONGEST_MATCH | RE2JS.DOTALL | (options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)));
  } catch {
    return { message: "Regular expression too big", notSimulated: null };
  }
}

const CLASSES = ["alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "print", "graph", "cntrl", "xdigit"];

class Fail {
  readonly failure: RegexFailure;
  constructor(message: string | null, notSimulated: string | null = null) {
    this.failure = { message, notSimulated };
  }
}

/** The expression in the engine's own syntax, or what is wrong with it. */
export function translateRegex(source: string, dialect: Dialect, multiline = false): string | RegexFailure {
  try {
    return new Translator(source, dialect, multiline).run();
  } catch (e) {
    if (e instanceof Fail) return e.failure;
    throw e;
  }
}

function literal(c: string): string {
  return /[\\^$.|?*+()[\]{}]/.test(c) ? `\\${c}` : c;
}

class Translator {
  private readonly src: string;
  private readonly dialect: Dialect;
  private readonly bol: string;
  private readonly eol: string;
  private i = 0;
  private out = "";
  /** where the open groups begin in `out` */
  private readonly open: number[] = [];
  /** where the last atom begins, and whether it has its repetition already */
  private atomAt = 0;
  private repeated = false;
  /** is there something for a repetition to apply to? */
  private atom = false;

  constructor(src: string, dialect: Dialect, multiline: boolean) {
    this.src = src;
    this.dialect = dialect;
    this.bol = multiline ? "(?m:^)" : "\\A";
    this.eol = multiline ? "(?m:$)" : "\\z";
  }

  run(): string {
    const { src } = this;
    const basic = this.dialect === "bre";
    while (this.i < src.length) {
      const c = String.fromCodePoint(src.codePointAt(this.i)!);
      this.i += c.length;
      if (c === "\\") this.escape(basic);
      else if (c === "[") this.bracket();
      else if (c === ".") this.put(".");
      else if (c === "*") this.star(basic);
      else if (c === "^") this.caret(basic);
      else if (c === "$") this.dollar(basic);
      else if (!basic && c === "(") this.openGroup();
      else if (!basic && c === ")") this.closeGroup();
      else if (!basic && c === "|") this.alternate();
      else if (!basic && (c === "+" || c === "?")) this.repeat(c);
      else if (!basic && c === "{") this.interval(false);
      else this.put(literal(c));
    }
    if (this.open.length > 0) throw new Fail("Unmatched ( or \\(");
    return this.out;
  }

  private put(piece: string): void {
    this.atomAt = this.out.length;
    this.out += piece;
    this.atom = true;
    this.repeated = false;
  }

  private repeat(op: string): void {
    // a repetition with nothing before it is a character in basic expressions, nothing at all in extended ones
    if (!this.atom) {
      if (this.dialect === "bre") this.put(literal(op));
      return;
    }
    // a** and a*+ are legal here and not in the engine
    this.out = this.repeated ? `${this.out.slice(0, this.atomAt)}(?:${this.out.slice(this.atomAt)})${op}` : this.out + op;
    this.repeated = true;
  }

  private star(basic: boolean): void {
    if (!this.atom && basic) this.put("\\*");
    else this.repeat("*");
  }

  private caret(basic: boolean): void {
    const before = this.src.slice(0, this.i - 1);
    if (basic && !(before === "" || before.endsWith("\\(") || before.endsWith("\\|") || before.endsWith("\n"))) return this.put("\\^");
    this.out += this.bol;
    this.atom = false;
  }

  private dollar(basic: boolean): void {
    const after = this.src.slice(this.i);
    if (basic && !(after === "" || after.startsWith("\\)") || after.startsWith("\\|") || after.startsWith("\n"))) return this.put("\\$");
    this.out += this.eol;
    this.atom = false;
  }

  private openGroup(): void {
    this.open.push(this.out.length);
    this.out += "(";
    this.atom = false;
  }

  private closeGroup(): void {
    const at = this.open.pop();
    if (at === undefined) {
      if (this.dialect === "egrep") return this.put("\\)");
      if (this.dialect === "awk") throw new Fail("missing (");
      throw new Fail("Unmatched ) or \\)");
    }
    this.put(")");
    this.atomAt = at;
  }

  private alternate(): void {
    this.out += "|";
    this.atom = false;
  }

  private escape(basic: boolean): void {
    if (this.i >= this.src.length) throw new Fail("Trailing backslash");
    const c = String.fromCodePoint(this.src.codePointAt(this.i)!);
    this.i += c.length;
    if (basic) {
      if (c === "(") return this.openGroup();
      if (c === ")") return this.closeGroup();
      if (c === "{") return this.interval(true);
      if (c === "|") return this.alternate();
      if (c === "+" || c === "?") return this.repeat(c);
    }
    if (this.dialect === "awk") {
      const plain = this.awkEscape(c);
      if (plain !== null) return this.put(literal(plain));
    } else {
      if (c >= "1" && c <= "9") throw new Fail(null, "a back-reference");
      switch (c) {
        case "w":
          return this.put("[\\pL\\pN_]");
        case "W":
          return this.put("[^\\pL\\pN_]");
        case "s":
          return this.put("[[:space:]]");
        case "S":
          return this.put("[^[:space:]]");
        case "b":
        case "<":
        case ">":
          this.out += "\\b";
          this.atom = false;
          return;
        case "B":
          this.out += "\\B";
          this.atom = false;
          return;
        case "`":
          this.out += "\\A";
          this.atom = false;
          return;
        case "'":
          this.out += "\\z";
          this.atom = false;
          return;
        case "n":
          return this.put("\\n");
      }
    }
    this.put(literal(c));
  }

  /** \n \t \/ \" \ooo: null when the character stands for itself. */
  private awkEscape(c: string): string | null {
    const known: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", a: "\x07", b: "\b" };
    if (known[c] !== undefined) return known[c];
    if (c < "0" || c > "7") return null;
    let text = c;
    while (text.length < 3 && /[0-7]/.test(this.src[this.i] ?? "")) text += this.src[this.i++];
    return String.fromCharCode(Number.parseInt(text, 8));
  }

  /** {m}, {m,}, {,n}, {m,n}; in extended expressions a brace that begins none is a character. */
  private interval(basic: boolean): void {
    const close = basic ? "\\}" : "}";
    const end = this.src.indexOf(close, this.i);
    const body = end < 0 ? "" : this.src.slice(this.i, end);
    const m = /^([0-9]*)(,?)([0-9]*)$/.exec(body);
    const valid = end >= 0 && m !== null && body !== "";
    if (!basic && (!valid || !this.atom)) return this.put("\\{");
    if (end < 0) throw new Fail("Unmatched \\{");
    if (!valid) throw new Fail("Invalid content of \\{\\}");
    if (!this.atom) throw new Fail("Invalid preceding regular expression");
    const low = m[1] === "" ? 0 : Number(m[1]);
    const high = m[3] === "" ? null : Number(m[3]);
    if (high !== null && high < low) throw new Fail("Invalid content of \\{\\}");
    if (low > 32767 || (high ?? 0) > 32767) throw new Fail("Regular expression too big");
    this.i = end + close.length;
    this.repeat(m[2] === "" ? `{${low}}` : `{${low},${high ?? ""}}`);
  }

  private bracket(): void {
    const { src } = this;
    const unmatched = (): never => {
      throw new Fail("Unmatched [, [^, [:, [., or [=");
    };
    let not = false;
    if (src[this.i] === "^") {
      not = true;
      this.i++;
    }
    // nothing behind the bracket at all has its own message
    if (this.i >= src.length) throw new Fail("Invalid regular expression");
    let set = "";
    let first = true;
    for (;;) {
      if (this.i >= src.length) unmatched();
      if (src[this.i] === "]" && !first) {
        this.i++;
        break;
      }
      first = false;
      if (src.startsWith("[:", this.i)) {
        const end = src.indexOf(":]", this.i + 2);
        if (end < 0) unmatched();
        const name = src.slice(this.i + 2, end);
        if (!CLASSES.includes(name)) throw new Fail("Invalid character class name");
        set += `[:${name}:]`;
        this.i = end + 2;
        continue;
      }
      const from = this.member();
      if (src[this.i] === "-" && this.i + 1 < src.length && src[this.i + 1] !== "]") {
        this.i++;
        const to = this.member();
        if (to.codePointAt(0)! < from.codePointAt(0)!) throw new Fail("Invalid range end");
        set += `${inSet(from)}-${inSet(to)}`;
      } else {
        set += inSet(from);
      }
    }
    this.put(`[${not ? "^" : ""}${set}]`);
  }

  /** One character of a bracket expression. A backslash is a character, except in awk. */
  private member(): string {
    const { src } = this;
    if (this.i >= src.length) throw new Fail("Unmatched [, [^, [:, [., or [=");
    if (src.startsWith("[.", this.i) || src.startsWith("[=", this.i)) {
      const close = `${src[this.i + 1]}]`;
      const end = src.indexOf(close, this.i + 2);
      if (end < 0) throw new Fail("Unmatched [, [^, [:, [., or [=");
      const name = src.slice(this.i + 2, end);
      if (Array.from(name).length !== 1) throw new Fail("Invalid collation character");
      this.i = end + 2;
      return name;
    }
    const c = String.fromCodePoint(src.codePointAt(this.i)!);
    this.i += c.length;
    if (c === "\\" && this.dialect === "awk" && this.i < src.length) {
      const d = src[this.i++]!;
      return this.awkEscape(d) ?? d;
    }
    return c;
  }
}

function inSet(c: string): string {
  return /[\\\]^[&~-]/.test(c) ? `\\${c}` : c;
}
