/** The functions of jq's library that are not written in jq, by name and number of arguments. Those that need the outside world are in host.ts. */
import { utf8 } from "../../core/bytes.ts";
import { gmtime, mktime, strftime, strptime } from "./dates.ts";
import { format } from "./formats.ts";
import { fromJson } from "./json.ts";
import { maths, mathsNames } from "./maths.ts";
import { delPaths, indicesOfArray, setPath } from "./paths.ts";
import { matches } from "./regex.ts";
import {
  compare,
  fail,
  failOn,
  failOn2,
  isArray,
  isObject,
  JqError,
  type Json,
  kindOf,
  sortedKeys,
  splitText,
  toJson,
  toText,
} from "./value.ts";

type Native = (input: Json, ...args: readonly Json[]) => Json;

function length(v: Json): Json {
  if (v === null) return 0;
  if (typeof v === "number") return Math.abs(v);
  if (typeof v === "string") return Array.from(v).length;
  if (isArray(v)) return v.length;
  return isObject(v) ? v.size : failOn(v, "has no length");
}

function keys(v: Json, sorted: boolean): Json {
  if (isArray(v)) return v.map((_, i) => i);
  if (!isObject(v)) return failOn(v, "has no keys");
  return sorted ? sortedKeys(v) : Array.from(v.keys());
}

function has(v: Json, key: Json): boolean {
  if (isObject(v) && typeof key === "string") return v.has(key);
  if (isArray(v) && typeof key === "number") return key >= 0 && key < v.length;
  return fail(`Cannot check whether ${kindOf(v)} has a ${typeof key === "string" ? "string" : kindOf(key)} key`);
}

function contains(a: Json, b: Json): boolean {
  if (isObject(a) && isObject(b))
    return Array.from(b).every(([k, v]) => a.has(k) && kindOf(a.get(k)!) === kindOf(v) && contains(a.get(k)!, v));
  if (isArray(a) && isArray(b)) return b.every((y) => a.some((x) => kindOf(x) === kindOf(y) && contains(x, y)));
  if (typeof a === "string" && typeof b === "string") return a.includes(b);
  if (kindOf(a) === kindOf(b)) return compare(a, b) === 0;
  return failOn2(a, b, "cannot have their containment checked");
}

function toNumber(v: Json): Json {
  if (typeof v === "number") return v;
  if (typeof v !== "string") return failOn(v, "cannot be parsed as a number");
  const n = fromJson(v);
  return typeof n === "number" ? n : failOn(v, "cannot be parsed as a number");
}

function indices(v: Json, x: Json): Json {
  if (v === null) return null;
  if (typeof v === "string" && typeof x === "string") return x === "" ? null : offsets(v, x);
  if (isArray(v)) return indicesOfArray(v, isArray(x) ? x : [x]);
  return failOn2(v, x, "cannot have their indices determined");
}

/** Places that do not overlap, counted in bytes, as jq 1.6 counts them. */
function offsets(v: string, x: string): number[] {
  const out: number[] = [];
  for (let i = v.indexOf(x); i >= 0; i = v.indexOf(x, i + x.length)) out.push(utf8(v.slice(0, i)).length);
  return out;
}

function flatten(v: Json, depth: number): Json[] {
  const items: readonly Json[] = isArray(v) ? v : isObject(v) ? Array.from(v.values()) : cannotIterate(v);
  return items.flatMap((x) => (isArray(x) && depth > 0 ? flatten(x, depth - 1) : [x]));
}
const cannotIterate = (v: Json): never => fail(`Cannot iterate over ${kindOf(v)} (${toJson(v)})`);

const array = (v: Json, what: string): readonly Json[] => (isArray(v) ? v : failOn(v, what));

/** Values in the order of their keys; equal keys keep the order they had. */
function sortedBy(v: Json, by: Json): (readonly [Json, Json])[] {
  const values = array(v, "cannot be sorted, as it is not an array");
  const ranks = by as readonly Json[];
  return values.map((x, i) => [ranks[i]!, x] as const).sort((a, b) => compare(a[0], b[0]));
}

function groupBy(v: Json, by: Json): Json {
  if (!isArray(v)) return failOn(v, "cannot be grouped, as it is not an array");
  const out: Json[][] = [];
  let last: Json | undefined;
  for (const [rank, x] of sortedBy(v, by)) {
    if (last !== undefined && compare(last, rank) === 0) out.at(-1)!.push(x);
    else out.push([x]);
    last = rank;
  }
  return out;
}

/** The first of the smallest (sign -1), the last of the largest (1). */
function extreme(v: Json, by: Json, sign: 1 | -1): Json {
  const values = array(v, "cannot be searched, as it is not an array");
  const ranks = by as readonly Json[];
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    const c = best < 0 ? 1 : compare(ranks[i]!, ranks[best]!) * sign;
    if (c > 0 || (c === 0 && sign > 0)) best = i;
  }
  return best < 0 ? null : values[best]!;
}

function implode(v: Json): string {
  if (!isArray(v)) return fail("implode input must be an array");
  return v
    .map((n) => {
      if (typeof n !== "number") return fail("Unicode codepoint must be numeric");
      return n < 0 || n > 0x10ffff || (n >= 0xd800 && n < 0xe000) ? "\ufffd" : String.fromCodePoint(Math.floor(n));
    })
    .join("");
}

function bsearch(v: Json, x: Json): Json {
  const values = array(v, "cannot be searched from");
  let low = 0;
  let high = values.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (compare(values[mid]!, x) < 0) low = mid + 1;
    else high = mid;
  }
  return low < values.length && compare(values[low]!, x) === 0 ? low : -1 - low;
}

const strings = (v: Json, x: Json, name: string): readonly [string, string] =>
  typeof v === "string" && typeof x === "string" ? [v, x] : fail(`${name}() requires string inputs`);

const number = (v: Json): number => (typeof v === "number" ? v : failOn(v, "number required"));

const NATIVES: ReadonlyMap<string, Native> = new Map<string, Native>([
  ["not/0", (v) => v === null || v === false],
  ["type/0", kindOf],
  ["length/0", length],
  ["utf8bytelength/0", (v) => (typeof v === "string" ? utf8(v).length : failOn(v, "only strings have UTF-8 byte length"))],
  ["keys/0", (v) => keys(v, true)],
  ["keys_unsorted/0", (v) => keys(v, false)],
  ["has/1", (v, k) => has(v, k!)],
  ["contains/1", (v, x) => contains(v, x!)],
  ["tojson/0", (v) => toJson(v)],
  ["fromjson/0", (v) => (typeof v === "string" ? fromJson(v) : failOn(v, "only strings can be parsed"))],
  ["tostring/0", toText],
  ["tonumber/0", toNumber],
  ["format/1", (v, name) => (typeof name === "string" ? format(name, v) : failOn(name!, "is not a valid format"))],
  ["explode/0", (v) => (typeof v === "string" ? Array.from(v, (c) => c.codePointAt(0)!) : fail("explode input must be a string"))],
  ["implode/0", implode],
  [
    "split/1",
    (v, x) => (typeof v === "string" && typeof x === "string" ? splitText(v, x) : fail("split input and separator must be strings")),
  ],
  ["startswith/1", (v, x) => ((s) => s[0].startsWith(s[1]))(strings(v, x!, "startswith"))],
  ["endswith/1", (v, x) => ((s) => s[0].endsWith(s[1]))(strings(v, x!, "endswith"))],
  ["ltrimstr/1", (v, x) => (typeof v === "string" && typeof x === "string" && v.startsWith(x) ? v.slice(x.length) : v)],
  ["rtrimstr/1", (v, x) => (typeof v === "string" && typeof x === "string" && x !== "" && v.endsWith(x) ? v.slice(0, -x.length) : v)],
  ["_indices/1", (v, x) => indices(v, x!)],
  ["_flatten/1", (v, depth) => flatten(v, number(depth!))],
  ["_match/2", (v, re, flags) => matches(v, re!, flags!)],
  ["_test/2", (v, re, flags) => matches(v, re!, flags!).length > 0],
  ["sort/0", (v) => Array.from(array(v, "cannot be sorted, as it is not an array")).sort((a, b) => compare(a, b))],
  ["_sort_by/1", (v, by) => sortedBy(v, by!).map(([, x]) => x)],
  ["_group_by/1", (v, by) => groupBy(v, by!)],
  ["_min_by/1", (v, by) => extreme(v, by!, -1)],
  ["_max_by/1", (v, by) => extreme(v, by!, 1)],
  ["min/0", (v) => extreme(v, v, -1)],
  ["max/0", (v) => extreme(v, v, 1)],
  ["bsearch/1", (v, x) => bsearch(v, x!)],
  ["setpath/2", (v, path, x) => setPath(v, path!, x!)],
  ["delpaths/1", (v, paths) => delPaths(v, paths!)],
  ["gmtime/0", gmtime],
  ["localtime/0", (v) => (typeof v === "number" ? gmtime(v) : fail("localtime() requires numeric inputs"))],
  ["mktime/0", mktime],
  ["strftime/1", (v, f) => strftime(v, f!)],
  ["strflocaltime/1", (v, f) => strftime(v, f!)],
  ["strptime/1", (v, f) => strptime(v, f!)],
  ["infinite/0", () => Infinity],
  ["nan/0", () => NaN],
  ["isinfinite/0", (v) => Math.abs(number(v)) === Infinity],
  ["isnan/0", (v) => Number.isNaN(number(v))],
  ["isnormal/0", (v) => Number.isFinite(number(v)) && Math.abs(number(v)) >= 2 ** -1022],
  [
    "error/0",
    (v) => {
      throw new JqError(v);
    },
  ],
  ["get_search_list/0", () => ["~/.jq", "$ORIGIN/../lib/jq", "$ORIGIN/lib"]],
]);

/** Answered by the machine itself or by the host. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "empty/0",
  "path/1",
  "range/2",
  "getpath/1",
  "input/0",
  "debug/0",
  "stderr/0",
  "input_filename/0",
  "input_line_number/0",
  "now/0",
  "env/0",
  "halt/0",
  "halt_error/1",
  "builtins/0",
]);

export function isNative(name: string, arity: number): boolean {
  const key = `${name}/${arity}`;
  return NATIVES.has(key) || ELSEWHERE.has(key) || maths(key) !== null;
}

export const nativeNames: readonly string[] = [...NATIVES.keys(), ...ELSEWHERE, ...mathsNames].filter((k) => !k.startsWith("_"));

/** Calls a pure native. Throws JqError. */
export function callNative(name: string, input: Json, args: readonly Json[]): Json {
  const key = `${name}/${args.length}`;
  const f = NATIVES.get(key);
  if (f !== undefined) return f(input, ...args);
  const m = maths(key)!;
  const operands = args.length === 0 ? [input] : args;
  return m(...operands.map(number));
}
