/**
 * Tokens of a jq program. A string holds its texts and, for every \( … ), the tokens between: the parser reads those as a
 * program of their own. Names of kinds are those that jq's own syntax errors use.
 */
import { JsonParser } from "./json.ts";
import { JqError } from "./value.ts";

export interface Token {
  /** IDENT FIELD LITERAL FORMAT QQSTRING_START, a keyword or operator as it is written, INVALID_CHARACTER, $end */
  readonly kind: string;
  readonly text: string;
  readonly value: number;
  readonly parts: readonly (string | readonly Token[])[];
  /** offset in the source */
  readonly at: number;
}

/** A program that cannot be compiled. `at` is an offset in its source. */
export class JqSyntaxError {
  readonly message: string;
  readonly at: number;
  /** more messages, each with its place */
  readonly more: readonly { readonly message: string; readonly at: number }[];
  constructor(message: string, at: number, more: readonly { readonly message: string; readonly at: number }[] = []) {
    this.message = message;
    this.at = at;
    this.more = more;
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  "as import include module def if then else elif and or end reduce foreach try catch label __loc__".split(" "),
);
export const isKeyword = (kind: string): boolean => KEYWORDS.has(kind);

const OPERATORS = ["?//", "//=", "!=", "==", "//", "|=", "+=", "-=", "*=", "/=", "%=", "<=", ">=", ".."];
const SINGLE = ".?=;,:|+-*/%$<>()[]{}";

export function lex(source: string): readonly Token[] {
  const out: Token[] = [];
  const end = lexUntil(source, 0, out, null);
  const last = out.at(-1);
  out.push(token("$end", "", last === undefined ? 0 : last.kind === "QQSTRING_START" ? last.at + last.text.length - 1 : last.at));
  if (end !== source.length) throw new JqSyntaxError("lexer stopped early", end);
  return out;
}

function token(kind: string, text: string, at: number, parts: Token["parts"] = [], value = 0): Token {
  return { kind, text, value, parts, at };
}

/** Reads tokens until the end, or until the `)` that closes an interpolation; gives the offset after it. */
function lexUntil(s: string, from: number, out: Token[], closing: ")" | null): number {
  let i = from;
  let depth = 0;
  while (i < s.length) {
    const c = s[i]!;
    if (/\s/.test(c)) {
      i++;
      continue;
    }
    if (c === "#") {
      while (i < s.length && s[i] !== "\n") i++;
      continue;
    }
    if (c === '"') {
      i = lexString(s, i, out);
      continue;
    }
    const rest = s.slice(i);
    const word = /^(?:[a-zA-Z_]\w*::)*[a-zA-Z_]\w*/.exec(rest);
    // jq 1.6 takes .e1 for a number without digits
    if (/^\.[eE][+-]?\d+(?!\w)/.test(rest)) {
      const text = /^\.[eE][+-]?\d+/.exec(rest)![0];
      throw new JqSyntaxError(`Invalid numeric literal at EOF at line 1, column ${text.length} (while parsing '${text}')`, i);
    }
    const m = word ?? /^\.[a-zA-Z_]\w*/.exec(rest) ?? /^@[a-zA-Z0-9_]+/.exec(rest) ?? /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(rest);
    if (m !== null) {
      const text = m[0];
      if (word !== null) out.push(token(isKeyword(text) ? text : "IDENT", text, i));
      else if (text[0] === "@") out.push(token("FORMAT", text, i));
      else if (/^\.[a-zA-Z_]/.test(text)) out.push(token("FIELD", text.slice(1), i));
      else out.push(token("LITERAL", text, i, [], Number(text)));
      i += text.length;
      continue;
    }
    const op = OPERATORS.find((o) => rest.startsWith(o)) ?? (SINGLE.includes(c) ? c : null);
    if (op === null) {
      out.push(token("INVALID_CHARACTER", c, i));
      i++;
      continue;
    }
    if (closing !== null) {
      if (op === "(") depth++;
      if (op === ")" && depth-- === 0) return i + 1;
    }
    out.push(token(op, op, i));
    i += op.length;
  }
  if (closing !== null)
    throw new JqSyntaxError("syntax error, unexpected QQSTRING_START (Unix shell quoting issues?)", out.at(-1)?.at ?? from);
  return i;
}

function lexString(s: string, from: number, out: Token[]): number {
  const parts: (string | readonly Token[])[] = [];
  let raw = "";
  let i = from + 1;
  const flush = (): void => {
    if (raw !== "") parts.push(unescape(raw, from));
    raw = "";
  };
  for (;;) {
    const c = s[i];
    if (c === undefined) {
      const words = "expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END";
      throw new JqSyntaxError(`syntax error, unexpected $end, ${words} (Unix shell quoting issues?)`, raw === "" ? from : from + 1);
    }
    if (c === '"') break;
    if (c === "\\" && s[i + 1] === "(") {
      flush();
      const inner: Token[] = [];
      i = lexUntil(s, i + 2, inner, ")");
      inner.push(token("QQSTRING_INTERP_END", ")", i - 1));
      parts.push(inner);
      continue;
    }
    raw += c === "\\" ? c + (s[++i] ?? "") : c;
    i++;
  }
  flush();
  out.push(token("QQSTRING_START", s.slice(from, i + 1), from, parts));
  return i + 1;
}

/** Escapes are JSON's; a bare newline or tab is allowed. */
function unescape(raw: string, at: number): string {
  if (!raw.includes("\\")) return raw;
  const p = new JsonParser();
  const text = `"${raw}"`;
  try {
    p.feed(text.replace(/[\x00-\x1f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));
    return String(p.next() ?? "");
  } catch (e) {
    if (!(e instanceof JqError)) throw e;
    throw new JqSyntaxError(`${String(e.value)} (while parsing '${text}')`, at);
  }
}
