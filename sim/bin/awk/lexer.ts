/** awk's words. A slash begins a regular expression where an operand is expected, else it divides. */

export type TokenKind = "number" | "string" | "ere" | "name" | "funcname" | "builtin" | "keyword" | "op" | "newline" | "eof";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly num: number;
  readonly line: number;
  /** blanks stood before it */
  readonly spaced: boolean;
}

export const KEYWORDS = [
  "BEGIN",
  "END",
  "function",
  "func",
  "if",
  "else",
  "while",
  "for",
  "do",
  "break",
  "continue",
  "next",
  "nextfile",
  "exit",
  "return",
  "delete",
  "in",
  "getline",
  "print",
  "printf",
];
export const BUILTINS = [
  "length",
  "substr",
  "index",
  "split",
  "sub",
  "gsub",
  "match",
  "sprintf",
  "sin",
  "cos",
  "atan2",
  "exp",
  "log",
  "sqrt",
  "int",
  "rand",
  "srand",
  "tolower",
  "toupper",
  "system",
  "close",
  "fflush",
  "systime",
  "strftime",
  "mktime",
  "toupper",
];
const OPS = [
  "&&",
  "||",
  "==",
  "<=",
  ">=",
  "!=",
  "!~",
  "++",
  "--",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "^=",
  ">>",
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  ";",
  ",",
  "+",
  "-",
  "*",
  "/",
  "%",
  "^",
  "!",
  ">",
  "<",
  "|",
  "?",
  ":",
  "~",
  "$",
  "=",
];

export class AwkSyntaxError {
  readonly line: number;
  readonly message: string;
  constructor(line: number, message: string) {
    this.line = line;
    this.message = message;
  }
}

export function tokenize(src: string): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  let line = 1;
  let spaced = false;
  const push = (kind: TokenKind, text: string, num = 0): void => {
    tokens.push({ kind, text, num, line, spaced });
    spaced = false;
  };
  /** may an operand (and so a regular expression) come next? */
  const wantsOperand = (): boolean => {
    const last = tokens[tokens.length - 1];
    if (last === undefined) return true;
    if (last.kind === "number" || last.kind === "string" || last.kind === "ere" || last.kind === "name" || last.kind === "builtin")
      return false;
    if (last.kind === "op") return ![")", "]", "$", "++", "--"].includes(last.text);
    return true;
  };
  while (i < src.length) {
    const c = src[i]!;
    if (c === " " || c === "\t" || c === "\r") {
      i++;
      spaced = true;
    } else if (c === "\\" && src[i + 1] === "\n") {
      i += 2;
      line++;
    } else if (c === "#") {
      while (i < src.length && src[i] !== "\n") i++;
    } else if (c === "\n") {
      push("newline", "\n");
      i++;
      line++;
    } else if (c === '"') {
      let text = "";
      i++;
      while (i < src.length && src[i] !== '"') {
        if (src[i] === "\n") throw new AwkSyntaxError(line, `runaway string constant "${text.slice(0, 10)} ...`);
        if (src[i] === "\\" && i + 1 < src.length) {
          const [piece, next] = escape(src, i + 1);
          if (src[i + 1] === "\n") line++;
          text += piece;
          i = next;
        } else text += src[i++];
      }
      if (i >= src.length) throw new AwkSyntaxError(line, `runaway string constant "${text.slice(0, 10)} ...`);
      i++;
      push("string", text);
    } else if (c === "/" && wantsOperand()) {
      let text = "";
      let inSet = false;
      i++;
      while (i < src.length && (src[i] !== "/" || inSet)) {
        if (src[i] === "\n") throw new AwkSyntaxError(line, `runaway regular expression /${text.slice(0, 10)} ...`);
        if (src[i] === "\\" && i + 1 < src.length) {
          text += src[i + 1] === "/" ? "/" : src.slice(i, i + 2);
          i += 2;
          continue;
        }
        if (src[i] === "[" && !inSet) {
          inSet = true;
          text += src[i++];
          if (src[i] === "^") text += src[i++];
          if (src[i] === "]") text += src[i++];
          continue;
        }
        if (src[i] === "]") inSet = false;
        text += src[i++];
      }
      if (i >= src.length) throw new AwkSyntaxError(line, `runaway regular expression /${text.slice(0, 10)} ...`);
      i++;
      push("ere", text);
    } else if (/[0-9.]/.test(c) && /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)/.test(src.slice(i, i + 60))) {
      const m = /^(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)/.exec(src.slice(i, i + 400))!;
      push("number", m[0], Number(m[0]));
      i += m[0].length;
    } else if (/[A-Za-z_]/.test(c)) {
      const word = /^[A-Za-z_0-9]+/.exec(src.slice(i))![0];
      i += word.length;
      if (KEYWORDS.includes(word)) push("keyword", word === "func" ? "function" : word);
      else if (BUILTINS.includes(word)) push("builtin", word);
      else push(src[i] === "(" ? "funcname" : "name", word);
    } else {
      const op = OPS.find((o) => src.startsWith(o, i));
      if (op === undefined) throw new AwkSyntaxError(line, `unexpected character '${c}'`);
      push("op", op);
      i += op.length;
    }
  }
  push("newline", "\n");
  line++;
  push("eof", "");
  return tokens;
}

/** The escape behind a backslash at src[i]: [text, next index]. */
function escape(src: string, i: number): readonly [string, number] {
  const known: Readonly<Record<string, string>> = {
    n: "\n",
    t: "\t",
    r: "\r",
    f: "\f",
    v: "\v",
    a: "\x07",
    b: "\b",
    "\\": "\\",
    '"': '"',
    "/": "/",
    "\n": "",
  };
  const c = src[i]!;
  if (known[c] !== undefined) return [known[c], i + 1];
  const octal = /^[0-7]{1,3}/.exec(src.slice(i, i + 3));
  if (octal !== null) return [String.fromCharCode(Number.parseInt(octal[0], 8)), i + octal[0].length];
  return [`\\${c}`, i + 1];
}
