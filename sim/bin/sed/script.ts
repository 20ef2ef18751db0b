/** sed's script: addresses and commands, read into a list; { } by index, labels by name. Error texts are GNU sed 4.9's. */
import { compileRegex, Regex, type RegexFailure } from "../lib/regex.ts";

export type Address =
  | { readonly k: "line"; readonly n: number }
  | { readonly k: "last" }
  | { readonly k: "zero" }
  /** null: the last regular expression used */
  | { readonly k: "regex"; readonly re: Regex | null }
  | { readonly k: "step"; readonly first: number; readonly step: number }
  | { readonly k: "plus"; readonly n: number }
  | { readonly k: "multiple"; readonly n: number };

export interface Substitution {
  readonly re: Regex | null;
  readonly parts: readonly Part[];
  readonly all: boolean;
  readonly nth: number;
  readonly print: boolean;
  readonly file: string | null;
}
/** Text, a group, or a change of case from here on. */
export type Part =
  | { readonly k: "text"; readonly v: string }
  | { readonly k: "group"; readonly n: number }
  | { readonly k: "case"; readonly v: "U" | "L" | "u" | "l" | "E" };

export interface SedCommand {
  readonly a1: Address | null;
  readonly a2: Address | null;
  readonly not: boolean;
  readonly name: string;
  readonly text: string;
  readonly sub: Substitution | null;
  readonly map: ReadonlyMap<string, string> | null;
  /** of { : the index behind its } */
  end: number;
  /** exit status of q and Q, width of l */
  readonly num: number;
  /** state of a range: 0 outside, else it is open; -1: until the end */
  active: boolean;
  until: number;
}

export class SedError {
  readonly message: string;
  readonly notSimulated: string | null;
  constructor(message: string, notSimulated: string | null = null) {
    this.message = message;
    this.notSimulated = notSimulated;
  }
}

export class ScriptParser {
  private readonly ere: boolean;
  readonly commands: SedCommand[] = [];
  readonly labels = new Map<string, number>();
  private readonly blocks: { index: number; where: string }[] = [];
  private s = "";
  private i = 0;
  private where = "";

  constructor(ere: boolean) {
    this.ere = ere;
  }

  private fail(text: string): never {
    throw new SedError(`${this.where}${this.where.startsWith("-e") ? `, char ${Math.min(this.i, this.s.length)}` : ""}: ${text}`);
  }

  /** Adds a -e text or a file's; `where`: "-e expression #1" or "file NAME line". */
  add(script: string, where: string): void {
    this.s = script;
    this.i = 0;
    this.where = where;
    for (;;) {
      while (this.i < this.s.length && /[\s;]/.test(this.s[this.i]!)) this.i++;
      if (this.i >= this.s.length) return;
      if (this.s[this.i] === "#") {
        while (this.i < this.s.length && this.s[this.i] !== "\n") this.i++;
        continue;
      }
      this.command();
    }
  }

  finish(): void {
    const open = this.blocks.pop();
    if (open !== undefined) throw new SedError(`${open.where}, char 0: unmatched \`{'`);
    for (const c of this.commands)
      if ("btT".includes(c.name) && c.text !== "" && !this.labels.has(c.text))
        throw new SedError(`can't find label for jump to \`${c.text}'`);
  }

  private blanks(): void {
    while (this.s[this.i] === " " || this.s[this.i] === "\t") this.i++;
  }

  private address(second: boolean): Address | null {
    const c = this.s[this.i];
    if (c === undefined) return null;
    const num = (): number => {
      const m = /^[0-9]+/.exec(this.s.slice(this.i, this.i + 20));
      if (m === null) return -1;
      this.i += m[0].length;
      return Number(m[0]);
    };
    if (/[0-9]/.test(c)) {
      const n = num();
      if (this.s[this.i] === "~" && !second) {
        this.i++;
        return { k: "step", first: n, step: Math.max(0, num()) };
      }
      return n === 0 && !second ? { k: "zero" } : { k: "line", n };
    }
    if (c === "$") {
      this.i++;
      return { k: "last" };
    }
    if (second && (c === "+" || c === "~")) {
      this.i++;
      const n = num();
      if (n < 0) this.fail("expected number");
      return c === "+" ? { k: "plus", n } : { k: "multiple", n };
    }
    if (c === "/" || c === "\\") {
      let delimiter = "/";
      this.i++;
      if (c === "\\") delimiter = this.s[this.i++] ?? this.fail("unexpected `,'");
      const source = this.delimited(delimiter, true);
      if (source === null) this.fail("unterminated address regex");
      let fold = false;
      let multi = false;
      for (; this.s[this.i] === "I" || this.s[this.i] === "M"; this.i++) {
        if (this.s[this.i] === "I") fold = true;
        else multi = true;
      }
      return { k: "regex", re: this.regex(source!, fold, multi) };
    }
    return null;
  }

  private regex(source: string, fold: boolean, multi: boolean): Regex | null {
    if (source === "") return null;
    const re: Regex | RegexFailure = compileRegex(source, this.ere ? "ere" : "bre", { ignoreCase: fold, multiline: multi });
    if (re instanceof Regex) return re;
    if (re.notSimulated !== null) throw new SedError("", re.notSimulated);
    return this.fail(re.message!);
  }

  /** Text up to the delimiter, which is taken; null when there is none. In expressions \n is a newline, \DELIMITER the delimiter. */
  private delimited(d: string, regex: boolean): string | null {
    let text = "";
    let inSet = false;
    while (this.i < this.s.length) {
      const c = this.s[this.i]!;
      if (c === "\\") {
        const next = this.s[this.i + 1];
        if (next === undefined) return null;
        this.i += 2;
        if (next === d && !inSet) text += regex && /[.*[\]^$+?(){}|]/.test(d) ? d : d === "&" && !regex ? "\\&" : d;
        else if (next === "n" && regex) text += "\n";
        else if (next === "t" && regex) text += "\t";
        else if (next === "\n" && !regex) text += "\\\n";
        else text += c + next;
        continue;
      }
      if (regex && !inSet && c === "[") {
        inSet = true;
        text += c;
        this.i++;
        if (this.s[this.i] === "^") text += this.s[this.i++];
        if (this.s[this.i] === "]") text += this.s[this.i++];
        continue;
      }
      if (inSet && c === "[" && /[:.=]/.test(this.s[this.i + 1] ?? "")) {
        const end = this.s.indexOf(`${this.s[this.i + 1]}]`, this.i + 2);
        if (end > 0) {
          text += this.s.slice(this.i, end + 2);
          this.i = end + 2;
          continue;
        }
      }
      if (inSet && c === "]") inSet = false;
      else if (!inSet && c === d) {
        this.i++;
        return text;
      }
      if (c === "\n" && regex && !inSet) return null;
      text += c;
      this.i++;
    }
    // a set that never closes does not hide the delimiter
    if (inSet && regex) {
      const at = this.s.indexOf(d, this.i - text.length);
      if (at >= 0) this.fail("unterminated address regex");
    }
    return null;
  }

  private command(): void {
    const a1 = this.address(false);
    let a2: Address | null = null;
    this.blanks();
    if (a1 !== null && this.s[this.i] === ",") {
      this.i++;
      this.blanks();
      a2 = this.address(true);
      if (a2 === null) {
        this.i++;
        this.fail("unexpected `,'");
      }
    }
    if (a1?.k === "zero" && a2?.k !== "regex") this.fail("invalid usage of line address 0");
    this.blanks();
    let not = false;
    while (this.s[this.i] === "!") {
      not = true;
      this.i++;
      this.blanks();
    }
    const name = this.s[this.i++];
    if (name === undefined || name === "\n" || name === ";") this.fail("missing command");
    const base = { a1, a2, not, name: name!, text: "", sub: null, map: null, end: -1, num: 0, active: false, until: 0 };
    const add = (c: Partial<SedCommand>): void => {
      this.commands.push({ ...base, ...c });
    };
    switch (name) {
      case "{":
        this.blocks.push({ index: this.commands.length, where: this.where });
        add({});
        return;
      case "}": {
        if (a1 !== null) this.fail("} doesn't want any addresses");
        const open = this.blocks.pop();
        if (open === undefined) return this.fail("unexpected `}'");
        this.commands[open.index]!.end = this.commands.length;
        return this.ends();
      }
      case ":": {
        if (a1 !== null) this.fail(": doesn't want any addresses");
        this.blanks();
        const m = /^[^\s;}]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        if (m === "") this.fail('":" lacks a label');
        this.labels.set(m, this.commands.length);
        return;
      }
      case "b":
      case "t":
      case "T": {
        this.blanks();
        const m = /^[^\s;}]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        add({ text: m });
        return this.ends();
      }
      case "a":
      case "i":
      case "c":
        add({ text: this.textArgument() });
        return;
      case "r":
      case "R":
      case "w":
      case "W": {
        this.blanks();
        const m = /^[^\n]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        if (m === "") this.fail("missing filename in r/R/w/W commands");
        add({ text: m });
        return;
      }
      case "q":
      case "Q":
      case "l":
      case "L": {
        if ((name === "q" || name === "Q") && a2 !== null) this.fail("command only uses one address");
        this.blanks();
        const m = /^[0-9]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        add({ num: m === "" ? (name === "l" ? 70 : 0) : Number(m) });
        return this.ends();
      }
      case "=":
      case "d":
      case "D":
      case "g":
      case "G":
      case "h":
      case "H":
      case "n":
      case "N":
      case "p":
      case "P":
      case "x":
      case "z":
      case "F":
        add({});
        return this.ends();
      case "s":
        add({ sub: this.substitution() });
        return this.ends();
      case "y": {
        const d = this.s[this.i++];
        const from = d === undefined ? null : this.delimited(d, false);
        const to = from === null ? null : this.delimited(d!, false);
        if (from === null || to === null) return this.fail("unterminated `y' command");
        const un = (t: string): string[] => Array.from(t.replace(/\\([\\n\n])/g, (_, c: string) => (c === "n" ? "\n" : c)));
        const [f, g] = [un(from), un(to)];
        if (f.length !== g.length) this.fail("strings for `y' command are different lengths");
        add({ map: new Map(f.map((c, k) => [c, g[k]!])) });
        return this.ends();
      }
      case "e":
      case "v":
        throw new SedError("", `command ${name}`);
      default:
        this.fail(`unknown command: \`${name}'`);
    }
  }

  /** What may stand behind a command. */
  private ends(): void {
    this.blanks();
    const c = this.s[this.i];
    if (c === undefined || c === "\n" || c === ";" || c === "}" || c === "#") return;
    this.i++;
    this.fail("extra characters after command");
  }

  /** The text of a, i and c: on the next line after a backslash, or (GNU) on the same. */
  private textArgument(): string {
    this.blanks();
    if (this.i >= this.s.length) this.fail("expected \\ after `a', `c' or `i'");
    if (this.s[this.i] === "\\") {
      this.i++;
      this.blanks();
      if (this.s[this.i] === "\n") this.i++;
      else if (this.s[this.i] === undefined) this.fail("expected \\ after `a', `c' or `i'");
    }
    let text = "";
    while (this.i < this.s.length && this.s[this.i] !== "\n") {
      if (this.s[this.i] === "\\" && this.i + 1 < this.s.length) {
        const c = this.s[this.i + 1]!;
        text += c === "t" ? "\t" : c;
        this.i += 2;
      } else text += this.s[this.i++];
    }
    return `${text}\n`;
  }

  private substitution(): Substitution {
    const d = this.s[this.i++];
    if (d === undefined || d === "\n" || d === "\\") this.fail("unterminated `s' command");
    const source = this.delimited(d!, true);
    const replacement = source === null ? null : this.delimited(d!, false);
    if (source === null || replacement === null) return this.fail("unterminated `s' command");
    let all = false;
    let nth = 0;
    let print = false;
    let fold = false;
    let multi = false;
    let file: string | null = null;
    for (;;) {
      const c = this.s[this.i];
      if (c === "g") {
        if (all) this.fail("multiple `g' options to `s' command");
        all = true;
      } else if (c === "p") {
        if (print) this.fail("multiple `p' options to `s' command");
        print = true;
      } else if (c === "i" || c === "I") fold = true;
      else if (c === "m" || c === "M") multi = true;
      else if (c === "e") throw new SedError("", "flag e of s");
      else if (c !== undefined && /[0-9]/.test(c)) {
        const m = /^[0-9]+/.exec(this.s.slice(this.i))![0];
        if (nth > 0) this.fail("multiple number options to `s' command");
        nth = Number(m);
        if (nth === 0) this.fail("number option to `s' command may not be zero");
        this.i += m.length - 1;
      } else if (c === "w") {
        this.i++;
        this.blanks();
        file = /^[^\n]*/.exec(this.s.slice(this.i))![0];
        this.i += file.length;
        break;
      } else if (c === undefined || /[\s;}#]/.test(c)) break;
      else {
        this.i++;
        this.fail("unknown option to `s'");
      }
      this.i++;
    }
    const re = this.regex(source, fold, multi);
    const parts = this.replacement(replacement);
    for (const p of parts)
      if (p.k === "group" && re !== null && p.n > re.groups) this.fail(`invalid reference \\${p.n} on \`s' command's RHS`);
    return { re, parts, all, nth, print, file };
  }

  private replacement(text: string): Part[] {
    const parts: Part[] = [];
    let lit = "";
    const flush = (): void => {
      if (lit !== "") parts.push({ k: "text", v: lit });
      lit = "";
    };
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      if (c === "&") {
        flush();
        parts.push({ k: "group", n: 0 });
      } else if (c === "\\" && i + 1 < text.length) {
        const e = text[++i]!;
        if (/[0-9]/.test(e)) {
          flush();
          parts.push({ k: "group", n: Number(e) });
        } else if ("ULulE".includes(e)) {
          flush();
          parts.push({ k: "case", v: e as "U" });
        } else if (e === "n") lit += "\n";
        else if (e === "t") lit += "\t";
        else if (e === "r") lit += "\r";
        else lit += e;
      } else lit += c;
    }
    flush();
    return parts;
  }
}
