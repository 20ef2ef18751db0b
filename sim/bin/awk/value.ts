/**
 * awk's values: numbers, strings, and strings from input that look like numbers and compare as such; undefined: not set.
 * mawk knows bytes, not characters: a string here holds one byte in each of its characters (0 to 255).
 */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { formatFloat, formatInteger } from "../lib/printf.ts";

/** A byte in each character, and back. */
export function byteText(b: Uint8Array, from = 0, to: number = b.length): string {
  let s = "";
  for (let i = from; i < to; i++) s += String.fromCharCode(b[i]!);
  return s;
}
export function textBytes(s: string): Uint8Array {
  const b = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) b[i] = s.charCodeAt(i);
  return b;
}
/** From and to text proper: program, arguments, file names, commands. */
export function intoBytes(text: string): string {
  return byteText(utf8(text));
}
export function outOfBytes(s: string): string {
  return fromUtf8(textBytes(s));
}

export class StrNum {
  readonly text: string;
  readonly num: number;
  constructor(text: string, num: number) {
    this.text = text;
    this.num = num;
  }
}
export type Value = number | string | StrNum | undefined;

const NUMBER = /^[ \t\n]*[-+]?(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)[ \t\n]*$/;
const PREFIX = /^[ \t\n]*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?/;

/** A field, getline's line, -v or ARGV's text. */
export function fromInput(text: string): Value {
  return NUMBER.test(text) && !/0[xX]/.test(text) ? new StrNum(text, Number(text)) : text;
}

export function toNumber(v: Value): number {
  if (typeof v === "number") return v;
  if (v === undefined) return 0;
  if (v instanceof StrNum) return v.num;
  const m = PREFIX.exec(v);
  return m === null ? 0 : Number(m[0]);
}

export function toText(v: Value, format: string): string {
  if (typeof v === "string") return v;
  if (v === undefined) return "";
  if (v instanceof StrNum) return v.text;
  if (Number.isInteger(v) && Math.abs(v) <= 2147483647) return Object.is(v, -0) ? "0" : v.toFixed(0);
  return sprintf(format, [v], format);
}

export function isTrue(v: Value): boolean {
  if (typeof v === "number") return v !== 0;
  if (v === undefined) return false;
  return v instanceof StrNum ? v.num !== 0 : v !== "";
}

/** < 0, 0, > 0: as numbers unless one is a string proper. */
export function compareValues(a: Value, b: Value, format: string): number {
  if (typeof a !== "string" && typeof b !== "string") {
    const x = toNumber(a);
    const y = toNumber(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const s = toText(a, format);
  const t = toText(b, format);
  return s < t ? -1 : s > t ? 1 : 0;
}

export class AwkRuntimeError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** printf's formatting. Missing arguments are an error, as in mawk. */
export function sprintf(format: string, args: readonly Value[], convfmt: string, who = "sprintf"): string {
  let s = "";
  let n = 0;
  const next = (): Value => {
    if (n >= args.length) throw new AwkRuntimeError(`not enough arguments passed to ${who}("${format}")`);
    return args[n++];
  };
  const re = /%([-+ #0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?[hlLqjzt]*(.)|%$/gs;
  let at = 0;
  for (let m = re.exec(format); m !== null; m = re.exec(format)) {
    s += format.slice(at, m.index);
    at = m.index + m[0].length;
    const type = m[4];
    if (type === undefined) {
      s += "%";
      continue;
    }
    if (type === "%") {
      s += "%";
      continue;
    }
    let flags = m[1]!;
    let width = m[2] === "*" ? Math.trunc(toNumber(next())) : Number(m[2] ?? 0);
    if (width < 0) {
      flags += "-";
      width = -width;
    }
    const precision = m[3] === undefined ? -1 : m[3] === "*" ? Math.trunc(toNumber(next())) : Number(m[3] || 0);
    const conv = { flags, width, precision, type };
    const pad = (text: string): string => (flags.includes("-") ? text.padEnd(width) : text.padStart(width));
    switch (type) {
      case "c": {
        const v = next();
        s += pad(
          typeof v === "number" || v instanceof StrNum
            ? String.fromCharCode(Math.trunc(toNumber(v)) & 255)
            : (Array.from(toText(v, convfmt))[0] ?? ""),
        );
        break;
      }
      case "s": {
        const text = toText(next(), convfmt);
        s += pad(precision >= 0 ? Array.from(text).slice(0, precision).join("") : text);
        break;
      }
      case "d":
      case "i":
      case "o":
      case "x":
      case "X":
      case "u": {
        const v = toNumber(next());
        if (!Number.isFinite(v)) s += formatFloat(v, { ...conv, type: "f" });
        else s += formatInteger(BigInt(Math.trunc(v)), conv);
        break;
      }
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
        s += formatFloat(toNumber(next()), conv);
        break;
      default:
        throw new AwkRuntimeError(`improper conversion(number ${n + 1}) in ${who}("${format}")`);
    }
  }
  return s + format.slice(at);
}
