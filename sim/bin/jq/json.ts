/**
 * A JSON reader that is fed text piece by piece and gives each value as soon as it is complete, as jq reads its input. Several
 * values may follow one another. Errors are JqErrors with the words and the place (line and column, counted in characters
 * read so far) that jq 1.6 tells. Texts deeper than 256 levels are refused, as there.
 */
import { fail, type Json, JqError } from "./value.ts";

const MAX_DEPTH = 256;

type Open = { readonly array: Json[] } | { readonly object: Map<string, Json>; key: string | null };

export class JsonParser {
  private text = "";
  private at = 0;
  private line = 1;
  private column = 0;
  private stack: Open[] = [];
  /** a complete value that waits for what comes after it */
  private pending: Json | undefined;
  private literal = "";
  /** raw text of the string being read, null outside of strings */
  private string: string | null = null;
  private escaped = false;
  private ready: Json[] = [];

  feed(text: string): void {
    this.text = this.at < this.text.length ? this.text.slice(this.at) + text : text;
    this.at = 0;
  }

  /** The next complete value; undefined when more text is needed. Throws JqError; the rest of the text is dropped then. */
  next(): Json | undefined {
    while (this.ready.length === 0) {
      const c = this.text[this.at];
      if (c === undefined) return undefined;
      this.at++;
      this.count(c);
      try {
        this.scan(c);
      } catch (e) {
        if (!(e instanceof JqError)) throw e;
        this.reset();
        throw new JqError(`${String(e.value)} at line ${this.line}, column ${this.column}`);
      }
    }
    return this.ready.shift();
  }

  /** No more text comes: the last value, or undefined. Throws for what is unfinished. */
  end(): Json | undefined {
    const where = `at EOF at line ${this.line}, column ${this.column}`;
    try {
      if (this.string !== null) fail("Unfinished string");
      this.endLiteral();
      if (this.stack.length > 0) fail("Unfinished JSON term");
    } catch (e) {
      if (!(e instanceof JqError)) throw e;
      this.reset();
      throw new JqError(`${String(e.value)} ${where}`);
    }
    if (this.pending !== undefined) {
      this.ready.push(this.pending);
      this.pending = undefined;
    }
    return this.ready.shift();
  }

  private reset(): void {
    this.text = "";
    this.at = 0;
    this.stack = [];
    this.pending = undefined;
    this.literal = "";
    this.string = null;
    this.ready = [];
  }

  private count(c: string): void {
    if (c === "\n") {
      this.line++;
      this.column = 0;
    } else this.column += c < "\u0080" ? 1 : c < "\u0800" ? 2 : c >= "\ud800" && c <= "\udfff" ? 2 : 3;
  }

  private scan(c: string): void {
    if (this.string !== null) {
      if (this.escaped) {
        this.escaped = false;
        this.string += c;
      } else if (c === '"') {
        const text = decode(this.string);
        this.string = null;
        this.value(text);
        this.settle();
      } else {
        if (c === "\\") this.escaped = true;
        this.string += c;
      }
      return;
    }
    if (c === '"') {
      this.endLiteral();
      this.string = "";
    } else if (c === " " || c === "\t" || c === "\n" || c === "\r") {
      this.endLiteral();
      this.settle();
    } else if (c === "[" || c === "{" || c === ":" || c === "," || c === "]" || c === "}") {
      this.endLiteral();
      this.settle(c);
      this.structure(c);
      this.settle();
    } else this.literal += c;
  }

  /** At the top a value is complete as soon as something comes after it. */
  private settle(before = ""): void {
    if (this.stack.length > 0 || this.pending === undefined || before === "," || before === ":") return;
    this.ready.push(this.pending);
    this.pending = undefined;
  }

  private value(v: Json): void {
    if (this.pending !== undefined) {
      if (this.stack.length > 0) fail("Expected separator between values");
      this.ready.push(this.pending);
    }
    this.pending = v;
  }

  private structure(c: string): void {
    const top = this.stack.at(-1);
    switch (c) {
      case "[":
      case "{":
        if (this.stack.length >= MAX_DEPTH) fail("Exceeds depth limit for parsing");
        if (this.pending !== undefined) fail("Expected separator between values");
        this.stack.push(c === "[" ? { array: [] } : { object: new Map(), key: null });
        return;
      case ":":
        if (this.pending === undefined) fail("Expected string key before ':'");
        if (top === undefined || !("object" in top) || top.key !== null) fail("':' not as part of an object");
        if (typeof this.pending !== "string") fail("Object keys must be strings");
        top.key = this.pending;
        this.pending = undefined;
        return;
      case ",":
        if (this.pending === undefined || top === undefined) fail("Expected value before ','");
        this.intoTop(top);
        return;
      case "]":
        if (top === undefined || !("array" in top)) fail("Unmatched ']'");
        if (this.pending !== undefined) top.array.push(this.pending);
        else if (top.array.length > 0) fail("Expected another array element");
        this.stack.pop();
        this.pending = top.array;
        return;
      default:
        if (top === undefined) fail("Unmatched '}'");
        if (this.pending !== undefined) {
          if (!("object" in top) || top.key === null) fail("Objects must consist of key:value pairs");
          top.object.set(top.key, this.pending);
        } else {
          if (!("object" in top) || top.key !== null) fail("Unmatched '}'");
          if (top.object.size > 0) fail("Expected another key-value pair");
        }
        this.stack.pop();
        this.pending = top.object;
    }
  }

  private intoTop(top: Open): void {
    if ("array" in top) top.array.push(this.pending!);
    else {
      if (top.key === null) fail("Objects must consist of key:value pairs");
      top.object.set(top.key, this.pending!);
      top.key = null;
    }
    this.pending = undefined;
  }

  private endLiteral(): void {
    const word = this.literal;
    if (word === "") return;
    this.literal = "";
    const expected = word[0] === "n" && word.length === 3 ? undefined : WORDS.get(word[0]!);
    if (expected === undefined) this.value(parseNumber(word));
    else if (word !== expected.text) fail("Invalid literal");
    else this.value(expected.value);
  }
}

/** What a word must be by its first letter; three letters from n on are read as a number, for the sake of nan. */
const WORDS: ReadonlyMap<string, { readonly text: string; readonly value: Json }> = new Map([
  ["t", { text: "true", value: true }],
  ["f", { text: "false", value: false }],
  ["n", { text: "null", value: null }],
]);

function parseNumber(word: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word)) {
    if (/^-?nan$/.test(word)) return NaN;
    fail("Invalid numeric literal");
  }
  return Number(word);
}

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
]);

/** The inside of a string literal. */
function decode(raw: string): string {
  let out = "";
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i]!;
    if (c < " ") fail("Invalid string: control characters from U+0000 through U+001F must be escaped");
    if (c !== "\\") {
      out += c;
      continue;
    }
    const e = raw[++i]!;
    const simple = SIMPLE.get(e);
    if (simple !== undefined) out += simple;
    else if (e === "u") {
      const unit = hex4(raw, i + 1);
      i += 4;
      if (unit >= 0xd800 && unit < 0xe000) {
        if (unit >= 0xdc00 || raw[i + 1] !== "\\" || raw[i + 2] !== "u") fail("Invalid \\uXXXX\\uXXXX surrogate pair escape");
        const low = hex4(raw, i + 3);
        if (low < 0xdc00 || low > 0xdfff) fail("Invalid \\uXXXX\\uXXXX surrogate pair escape");
        i += 6;
        out += String.fromCharCode(unit, low);
      } else out += String.fromCharCode(unit);
    } else fail("Invalid escape");
  }
  return out;
}

function hex4(raw: string, at: number): number {
  const digits = raw.slice(at, at + 4);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail("Invalid \\uXXXX escape");
  return parseInt(digits, 16);
}

/** `fromjson`: exactly one value, or the error with what was being parsed. Empty text gives null, as in jq 1.6. */
export function fromJson(text: string): Json {
  const p = new JsonParser();
  p.feed(text);
  try {
    let v = p.next();
    if (v === undefined) return p.end() ?? null;
    const more = p.next() ?? p.end();
    if (more !== undefined) fail("Unexpected extra JSON values");
    return v;
  } catch (e) {
    if (!(e instanceof JqError)) throw e;
    throw new JqError(`${String(e.value)} (while parsing '${text}')`);
  }
}
