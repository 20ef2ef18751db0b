/**
 * JSON values as jq has them: numbers are IEEE doubles, strings are counted in code points, objects keep the order in
 * which their keys came. Values are never changed in place: what "changes" one makes another.
 * Order of kinds, arithmetic and the error words follow jq(1) 1.6.
 */
export type JsonObject = ReadonlyMap<string, Json>;
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type Kind = "null" | "boolean" | "number" | "string" | "array" | "object";

/** What `error` raises. null never gets here: jq 1.6 treats `error(null)` as `empty`. */
export class JqError {
  readonly value: Json;
  constructor(value: Json) {
    this.value = value;
  }
}

/** Something that is beyond what this jq keeps in memory, or does not simulate: status 64. */
export class NotSimulated {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

/** How deep values may be that are printed or compared. */
const MAX_NESTING = 1500;

/** The next level down; refuses what would be too deep. */
export function deeper(depth: number): number {
  if (depth >= MAX_NESTING) throw new NotSimulated(`a value of more than ${MAX_NESTING} levels`);
  return depth + 1;
}

export function fail(text: string): never {
  throw new JqError(text);
}

export const isArray = (v: Json): v is readonly Json[] => Array.isArray(v);
export const isObject = (v: Json): v is JsonObject => v instanceof Map;

export function kindOf(v: Json): Kind {
  if (v === null) return "null";
  if (isArray(v)) return "array";
  if (isObject(v)) return "object";
  return typeof v as "boolean" | "number" | "string";
}

/** false and null do not count as true. */
export const isTrue = (v: Json): boolean => v !== null && v !== false;

/**
 * A number as jq 1.6 prints it: 17 significant digits at most, an exponent from 1e+16 digits on and below 1e-05. What has
 * no JSON form: nan is null, the infinities are the largest doubles.
 */
export function numberText(n: number): string {
  if (Number.isNaN(n)) return "null";
  if (!Number.isFinite(n)) n = n > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
  if (n === 0) return Object.is(n, -0) ? "-0" : "0";
  const sign = n < 0 ? "-" : "";
  const [mantissa = "", exponent = "0"] = Math.abs(n).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  /** where the point stands, counted from before the first digit */
  const point = Number(exponent) + 1;
  if (point <= -4 || point > digits.length + 15) {
    const e = point - 1;
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${tail}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + "0".repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** By code points, which is also the order of the UTF-8 bytes. */
export function compareStrings(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // surrogates stand for what lies above all other code units
    if (x >= 0xd800) x += x < 0xe000 ? 0x2000 : -0x800;
    if (y >= 0xd800) y += y < 0xe000 ? 0x2000 : -0x800;
    return x - y;
  }
  return a.length - b.length;
}

const RANK: Readonly<Record<Kind, number>> = { null: 0, boolean: 1, number: 3, string: 4, array: 5, object: 6 };
const rank = (v: Json): number => (v === true ? 2 : RANK[kindOf(v)]);

export const sortedKeys = (o: JsonObject): string[] => Array.from(o.keys()).sort(compareStrings);

/** The order of jq: null, false, true, numbers, strings, arrays, objects. nan is below every number. */
export function compare(a: Json, b: Json, depth = 0): number {
  const ra = rank(a);
  const rb = rank(b);
  if (ra !== rb) return ra - rb;
  if (typeof a === "number" && typeof b === "number") return a < b || Number.isNaN(a) ? -1 : a === b ? 0 : 1;
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (isArray(a) && isArray(b)) return compareArrays(a, b, depth);
  if (isObject(a) && isObject(b)) {
    const ka = sortedKeys(a);
    const byKeys = compareArrays(ka, sortedKeys(b), depth);
    if (byKeys !== 0) return byKeys;
    for (const k of ka) {
      const c = compare(a.get(k)!, b.get(k)!, deeper(depth));
      if (c !== 0) return c;
    }
  }
  return 0;
}

function compareArrays(a: readonly Json[], b: readonly Json[], depth: number): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const c = compare(a[i]!, b[i]!, deeper(depth));
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

export const equal = (a: Json, b: Json): boolean => compare(a, b) === 0;

// ---------------------------------------------------------------- text

/** JSON on one line. `ascii` escapes what is beyond it; `sort` orders the keys. */
export function toJson(v: Json, ascii = false, sort = false, depth = 0): string {
  if (v === null) return "null";
  if (typeof v === "number") return numberText(v);
  if (typeof v === "string") return quote(v, ascii);
  if (isArray(v)) return `[${v.map((x) => toJson(x, ascii, sort, deeper(depth))).join(",")}]`;
  if (isObject(v)) {
    const keys = sort ? sortedKeys(v) : Array.from(v.keys());
    return `{${keys.map((k) => `${quote(k, ascii)}:${toJson(v.get(k)!, ascii, sort, deeper(depth))}`).join(",")}}`;
  }
  return v ? "true" : "false";
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);
const unicodeEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, "0")}`;

export function quote(s: string, ascii = false): string {
  let out = '"';
  for (let i = 0; i < s.length; i++) {
    const c = s[i]!;
    const unit = s.charCodeAt(i);
    out += ESCAPES.get(c) ?? (unit < 32 || unit === 127 || (ascii && unit > 126) ? unicodeEscape(unit) : c);
  }
  return `${out}"`;
}

/** `tostring`: a string as it is, all else as JSON. */
export const toText = (v: Json): string => (typeof v === "string" ? v : toJson(v));

/** A value as error messages show it: its JSON, cut to 11 bytes. */
export function shortText(v: Json): string {
  const s = toJson(v);
  const MAX = 11;
  if (s.length < MAX) return s;
  return `${s.slice(0, MAX - 4)}...`;
}
const described = (v: Json): string => `${kindOf(v)} (${shortText(v)})`;

/** `KIND (VALUE) WORDS` */
export const failOn = (v: Json, words: string): never => fail(`${described(v)} ${words}`);
export const failOn2 = (a: Json, b: Json, words: string): never => fail(`${described(a)} and ${described(b)} ${words}`);

// ---------------------------------------------------------------- arithmetic

/** The longest string and array that adding makes. */
const MAX_LENGTH = 16 * 1024 * 1024;

function short(length: number): true {
  if (length > MAX_LENGTH) throw new NotSimulated(`a value longer than ${MAX_LENGTH}`);
  return true;
}

export function add(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") return short(a.length + b.length) && a + b;
  if (isArray(a) && isArray(b)) return short(a.length + b.length) && a.concat(b);
  if (isObject(a) && isObject(b)) return new Map([...a, ...b]);
  return failOn2(a, b, "cannot be added");
}

export function subtract(a: Json, b: Json): Json {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (isArray(a) && isArray(b)) return a.filter((x) => !b.some((y) => equal(x, y)));
  return failOn2(a, b, "cannot be subtracted");
}

/** `"x" * n` repeats; two objects are merged, deeply. Longer results than 16 MiB are refused. */
export function multiply(a: Json, b: Json): Json {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (typeof a === "number" && typeof b === "string") return multiply(b, a);
  if (typeof a === "string" && typeof b === "number") {
    if (!(b > 0)) return null;
    const n = Math.max(1, Math.ceil(b));
    if (n * a.length > MAX_LENGTH) fail("Repeat string result too long");
    return a.repeat(n);
  }
  if (isObject(a) && isObject(b)) return merge(a, b);
  return failOn2(a, b, "cannot be multiplied");
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const out = new Map(a);
  for (const [k, v] of b) {
    const old = out.get(k);
    out.set(k, old !== undefined && isObject(old) && isObject(v) ? merge(old, v) : v);
  }
  return out;
}

export function divide(a: Json, b: Json): Json {
  if (typeof a === "number" && typeof b === "number")
    return b === 0 ? failOn2(a, b, "cannot be divided because the divisor is zero") : a / b;
  if (typeof a === "string" && typeof b === "string") return splitText(a, b);
  return failOn2(a, b, "cannot be divided");
}

/** The remainder of whole numbers, with the sign of the first. */
export function modulo(a: Json, b: Json): Json {
  if (typeof a !== "number" || typeof b !== "number") return failOn2(a, b, "cannot be divided (remainder)");
  const d = Math.abs(Math.trunc(b));
  if (d === 0 || Number.isNaN(d)) return failOn2(a, b, "cannot be divided (remainder) because the divisor is zero");
  const r = Math.abs(Math.trunc(a)) % d;
  return a < 0 && r !== 0 ? -r : r;
}

export function splitText(s: string, separator: string): Json {
  if (s === "") return [];
  return separator === "" ? Array.from(s) : s.split(separator);
}
