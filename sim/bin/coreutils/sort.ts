/**
 * sort: all lines in memory, a stable merge sort that ticks, keys as POSIX describes them. Characters are compared by code
 * point, as in the C.UTF-8 locale. Everything happens in memory: what steers temporary files and parallel sorts changes nothing.
 */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { argmatch, gnuCommand, quote, quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import { LineReader, readFile, writeAll } from "../lib/io.ts";
import { fnv1a } from "../../core/hash.ts";
import { files0From } from "./lines.ts";

interface Order {
  blanks: boolean;
  dictionary: boolean;
  fold: boolean;
  printable: boolean;
  kind: "text" | "numeric" | "general" | "human" | "version" | "month" | "random";
  reverse: boolean;
}
interface Key extends Order {
  /** field and character, from 1; end 0 is the end of the line, endChar 0 the end of the field */
  readonly start: number;
  readonly startChar: number;
  readonly end: number;
  readonly endChar: number;
  readonly endBlanks: boolean;
}

const NONE: Order = { blanks: false, dictionary: false, fold: false, printable: false, kind: "text", reverse: false };
const SORT_WORDS: Readonly<Record<string, string>> = {
  "general-numeric": "g",
  "human-numeric": "h",
  month: "M",
  numeric: "n",
  random: "R",
  version: "V",
};
const LETTERS = "bdfgiHhMnRrV";

function applyLetter(o: Order, c: string): void {
  if (c === "b") o.blanks = true;
  else if (c === "d") o.dictionary = true;
  else if (c === "f") o.fold = true;
  else if (c === "i") o.printable = true;
  else if (c === "g") o.kind = "general";
  else if (c === "h") o.kind = "human";
  else if (c === "n") o.kind = "numeric";
  else if (c === "V") o.kind = "version";
  else if (c === "M") o.kind = "month";
  else if (c === "R") o.kind = "random";
  else if (c === "r") o.reverse = true;
}

function isOrdered(o: Order): boolean {
  return o.blanks || o.dictionary || o.fold || o.printable || o.kind !== "text" || o.reverse;
}

function* parseKey(t: Tool, text: string): Call<Key> {
  const m = /^([0-9]*)(?:\.([0-9]*))?([A-Za-z]*)(?:,([0-9]*)(?:\.([0-9]*))?([A-Za-z]*))?(.*)$/s.exec(text)!;
  if (m[1] === "") return yield* t.die(`invalid number at field start: invalid count at start of ${quote(text)}`, 2);
  if (m[1] === "0") return yield* t.die(`field number is zero: invalid field specification ${quote(text)}`, 2);
  if (m[2] === "0") return yield* t.die(`character offset is zero: invalid field specification ${quote(text)}`, 2);
  if (m[4] === "")
    return yield* t.die(`invalid number after ‘,’: invalid count at start of ${quote(text.slice(text.indexOf(",") + 1))}`, 2);
  const letters = m[3]! + (m[6] ?? "");
  if (m[7] !== "" || Array.from(letters).some((c) => !LETTERS.includes(c)))
    return yield* t.die(`stray character in field spec: invalid field specification ${quote(text)}`, 2);
  const key = {
    ...NONE,
    start: Number(m[1]),
    startChar: Number(m[2] || 1),
    end: Number(m[4] ?? 0),
    endChar: Number(m[5] || 0),
    endBlanks: (m[6] ?? "").includes("b"),
  };
  for (const c of m[3]!) applyLetter(key, c);
  for (const c of m[6] ?? "") if (c !== "b") applyLetter(key, c);
  return key;
}

const isBlank = (c: string | undefined): boolean => c === " " || c === "\t" || c === "\n";

/** The part of the line that a key means. */
function keyText(line: string, k: Key, tab: string | null): string {
  const skipField = (from: number): number => {
    let i = from;
    if (tab !== null) {
      const at = line.indexOf(tab, i);
      return at < 0 ? line.length : at;
    }
    while (i < line.length && isBlank(line[i])) i++;
    while (i < line.length && !isBlank(line[i])) i++;
    return i;
  };
  let begin = 0;
  for (let f = 1; f < k.start && begin < line.length; f++) {
    begin = skipField(begin);
    if (tab !== null && begin < line.length) begin++;
  }
  if (k.blanks) while (begin < line.length && isBlank(line[begin])) begin++;
  begin = Math.min(line.length, begin + k.startChar - 1);
  let end = line.length;
  if (k.end > 0) {
    end = 0;
    const fields = k.endChar === 0 ? k.end : k.end - 1;
    for (let f = 0; f < fields && end < line.length; f++) {
      end = skipField(end);
      if (tab !== null && end < line.length && (f + 1 < fields || k.endChar > 0)) end++;
    }
    if (k.endChar > 0) {
      if (k.endBlanks) while (end < line.length && isBlank(line[end])) end++;
      end = Math.min(line.length, end + k.endChar);
    }
  }
  return line.slice(begin, Math.max(begin, end));
}

function compareText(a: string, b: string): number {
  // by code point: surrogates (above U+FFFF) sort behind the rest of the plane
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const hx = x >= 0xd800 && x < 0xe000 ? x + 0x10000 : x;
    const hy = y >= 0xd800 && y < 0xe000 ? y + 0x10000 : y;
    return hx - hy;
  }
  return a.length - b.length;
}

/** Decimal numbers compared digit by digit, so that their length does not matter. */
function compareNumeric(a: string, b: string): number {
  const split = (s: string): { neg: boolean; whole: string; frac: string } => {
    const m = /^[ \t]*(-?)0*([0-9]*)(?:\.([0-9]*))?/.exec(s)!;
    return { neg: m[1] === "-", whole: m[2]!, frac: (m[3] ?? "").replace(/0+$/, "") };
  };
  const x = split(a);
  const y = split(b);
  const xz = x.whole === "" && x.frac === "";
  const yz = y.whole === "" && y.frac === "";
  const sx = xz ? 0 : x.neg ? -1 : 1;
  const sy = yz ? 0 : y.neg ? -1 : 1;
  if (sx !== sy) return sx - sy;
  const size = x.whole.length - y.whole.length || compareText(x.whole, y.whole) || compareText(x.frac, y.frac);
  return sx < 0 ? -size : size;
}

function compareHuman(a: string, b: string): number {
  const unit = (s: string): number => {
    const m = /^[ \t]*-?[0-9]*(?:\.[0-9]*)?([KkMGTPEZY]?)/.exec(s)!;
    const zero = /^[ \t]*-?[0.]*(?:[^0-9.]|$)/.test(s);
    const order = zero ? 0 : " KMGTPEZY".indexOf(m[1] === "k" ? "K" : m[1] === "" ? " " : m[1]!);
    return /^[ \t]*-/.test(s) ? -order : order;
  };
  return unit(a) - unit(b) || compareNumeric(a, b);
}

function compareGeneral(a: string, b: string): number {
  const value = (s: string): number => {
    const m = /^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|^\s*[-+]?inf/i.exec(s);
    return m === null
      ? Number.NEGATIVE_INFINITY
      : /inf/i.test(m[0])
        ? m[0].includes("-")
          ? -Number.MAX_VALUE
          : Number.POSITIVE_INFINITY
        : Number(m[0]);
  };
  const x = value(a);
  const y = value(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Runs of digits by value, the rest by character with letters before other signs and ~ before all (filevercmp). */
export function compareVersion(a: string, b: string): number {
  const order = (c: string | undefined): number =>
    c === undefined || /[0-9]/.test(c) ? 0 : c === "~" ? -1 : /[A-Za-z]/.test(c) ? c.charCodeAt(0) : c.charCodeAt(0) + 256;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !/[0-9]/.test(a[i]!)) || (j < b.length && !/[0-9]/.test(b[j]!))) {
      const d = order(a[i]) - order(b[j]);
      if (d !== 0) return d;
      i++;
      j++;
    }
    const x = /^[0-9]*/.exec(a.slice(i))![0];
    const y = /^[0-9]*/.exec(b.slice(j))![0];
    i += x.length;
    j += y.length;
    const p = x.replace(/^0+/, "");
    const q = y.replace(/^0+/, "");
    const d = p.length - q.length || compareText(p, q);
    if (d !== 0) return d;
  }
  return 0;
}

const MONTH_NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const monthOf = (s: string): number => MONTH_NAMES.indexOf(s.trimStart().slice(0, 3).toUpperCase());

/** Equal keys stay together, others come in an order that the seed decides. */
function compareRandom(a: string, b: string, seed: string): number {
  return fnv1a(seed + a) - fnv1a(seed + b) || compareText(a, b);
}

function compareBy(a: string, b: string, o: Order, seed: string): number {
  let x = a;
  let y = b;
  let d: number;
  if (o.kind === "numeric") d = compareNumeric(x, y);
  else if (o.kind === "human") d = compareHuman(x, y);
  else if (o.kind === "general") d = compareGeneral(x, y);
  else if (o.kind === "month") d = monthOf(x) - monthOf(y);
  else if (o.kind === "random") d = compareRandom(x, y, seed);
  else {
    if (o.dictionary) {
      x = x.replace(/[^A-Za-z0-9 \t\u0080-\uffff]/g, "");
      y = y.replace(/[^A-Za-z0-9 \t\u0080-\uffff]/g, "");
    }
    if (o.printable) {
      x = x.replace(/[\x00-\x1f\x7f]/g, "");
      y = y.replace(/[\x00-\x1f\x7f]/g, "");
    }
    if (o.fold) {
      x = x.toUpperCase();
      y = y.toUpperCase();
    }
    d = o.kind === "version" ? compareVersion(x, y) : compareText(x, y);
  }
  return o.reverse ? -d : d;
}

/** Merge sort, stable, one tick for 1,000 comparisons. */
function* mergeSort<T>(t: Tool, items: T[], compare: (a: T, b: T) => number): Call<T[]> {
  let from = items;
  let to: T[] = items.slice();
  let steps = 0;
  for (let width = 1; width < items.length; width *= 2) {
    for (let lo = 0; lo < items.length; lo += 2 * width) {
      const mid = Math.min(lo + width, items.length);
      const hi = Math.min(lo + 2 * width, items.length);
      let i = lo;
      let j = mid;
      for (let k = lo; k < hi; k++) {
        if (i < mid && (j >= hi || compare(from[i]!, from[j]!) <= 0)) to[k] = from[i++]!;
        else to[k] = from[j++]!;
        if (++steps % 1000 === 0) yield* t.sys.tick(300);
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

const sort = gnuCommand({
  name: "sort",
  usage: ["[OPTION]... [FILE]..."],
  summary: "write sorted concatenation of all FILE(s) to standard output",
  description: [
    "A key is F[.C][OPTS][,F[.C][OPTS]]: from field F, character C to another; OPTS are order letters for this key alone. With no FILE, or when FILE is -, read standard input.",
  ],
  usageStatus: 2,
  options: [
    { names: ["-b", "--ignore-leading-blanks"], help: "ignore leading blanks" },
    { names: ["-d", "--dictionary-order"], help: "consider only blanks, letters and digits" },
    { names: ["-f", "--ignore-case"], help: "lower case counts as upper case" },
    { names: ["-g", "--general-numeric-sort"], help: "compare by numerical value, exponents too" },
    { names: ["-i", "--ignore-nonprinting"], help: "consider only printable characters" },
    { names: ["-h", "--human-numeric-sort"], help: "compare numbers such as 2K and 1G" },
    { names: ["-n", "--numeric-sort"], help: "compare by numerical value" },
    { names: ["-r", "--reverse"], help: "reverse the result" },
    { names: ["-V", "--version-sort"], help: "compare numbers within text by value" },
    { names: ["-c", "--check"], help: "check that the input is sorted" },
    { names: ["-C"], help: "the same, without a word" },
    { names: ["-k", "--key"], arg: "KEYDEF", help: "sort by a key" },
    { names: ["-m", "--merge"], help: "merge files that are sorted already" },
    { names: ["-o", "--output"], arg: "FILE", help: "write to FILE" },
    { names: ["-s", "--stable"], help: "lines with equal keys keep their order" },
    { names: ["-t", "--field-separator"], arg: "SEP", help: "character between fields" },
    { names: ["-u", "--unique"], help: "only the first of equal lines" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
    { names: ["-M", "--month-sort"], help: "compare names of months: other words, then JAN to DEC" },
    { names: ["-R", "--random-sort"], help: "shuffle, equal lines together" },
    { names: ["--random-source"], arg: "FILE", help: "with -R, the order depends on this file alone" },
    { names: ["--sort"], arg: "WORD", help: "general-numeric, human-numeric, month, numeric, random or version" },
    { names: ["-S", "--buffer-size"], arg: "SIZE", help: "memory to use; everything is sorted in memory" },
    { names: ["-T", "--temporary-directory"], arg: "DIR", help: "where temporary files go; there are none" },
    { names: ["--batch-size"], arg: "N", help: "files merged at once; all are" },
    { names: ["--compress-program"], arg: "PROG", help: "compress temporary files; there are none" },
    { names: ["--debug"], help: "mark the part of the line that was used", notModelled: true },
    { names: ["-y"], help: "(obsolete)", notModelled: true },
    { names: ["--files0-from"], arg: "F", help: "read file names, ending in NUL, from F" },
    { names: ["--parallel"], arg: "N", help: "sorts at once; there is one" },
  ],
  *main(t, options, named) {
    const global: Order = { ...NONE };
    const keys: Key[] = [];
    let check = false;
    let quiet = false;
    let stable = false;
    let unique = false;
    let output: string | null = null;
    let tab: string | null = null;
    let delimiter = 10;
    let source: string | null = null;
    const letters = new Set<string>();
    for (const { name, value } of options) {
      if (name === "-k") keys.push(yield* parseKey(t, value!));
      else if (name === "-c" || name === "-C") {
        check = true;
        quiet = name === "-C";
      } else if (name === "-o") output = value;
      else if (name === "-s") stable = true;
      else if (name === "-u") unique = true;
      else if (name === "-z") delimiter = 0;
      else if (name === "-t") {
        if (value === "") yield* t.die("empty tab", 2);
        tab = value === "\\0" ? "\0" : value!;
        if (Array.from(tab).length > 1) yield* t.die(`multi-character tab ${quote(tab)}`, 2);
      } else if (name === "--sort") {
        const letter =
          SORT_WORDS[
            yield* argmatch(
              t,
              "--sort",
              value!,
              Object.keys(SORT_WORDS).map((w) => [w]),
              1,
            )
          ]!;
        letters.add(letter);
        applyLetter(global, letter);
      } else if (name === "-S") {
        if (!/^[0-9]+[%bkKmMgGtT]?$/.test(value!)) yield* t.die(`invalid -S argument '${value}'`, 2);
      } else if (name === "--parallel" || name === "--batch-size") {
        if (!/^[0-9]+$/.test(value!)) yield* t.die(`invalid ${name} argument ${quote(value!)}`, 2);
        if (name === "--parallel" && Number(value) === 0) yield* t.die("number in parallel must be nonzero", 2);
      } else if (name === "--random-source") source = value!;
      else if (/^-[bdfgihnrVMR]$/.test(name)) {
        applyLetter(global, name[1]!);
        if ("nhgVMR".includes(name[1]!)) letters.add(name[1]!);
      }
    }
    const from = options.filter((o) => o.name === "--files0-from").pop()?.value ?? null;
    const operands = from === null ? named : yield* files0From(t, from, named, 2);
    if (from !== null && operands.length === 0) yield* t.die(`no input from ${quoteaf(from)}`, 2);
    let seed = "";
    if (source !== null) {
      const bytes = yield* readFile(t.sys, source);
      if (typeof bytes === "number") return yield* t.die(`open failed: ${quotef(source)}: ${strerror(bytes)}`, 2);
      seed = fromUtf8(bytes.subarray(0, 1024));
    } else if (global.kind === "random" || keys.some((k) => k.kind === "random")) seed = String(yield* t.sys.getrandom());
    if (letters.size > 1) yield* t.die(`options '-${Array.from(letters).sort().join("")}' are incompatible`, 2);
    if (check && operands.length > 1) yield* t.die(`extra operand ${quote(operands[1]!)} not allowed with -${quiet ? "C" : "c"}`, 2);
    // a key without order letters of its own takes the global ones
    const used = keys.map((k) => (isOrdered(k) ? k : { ...k, ...global }));
    const byKeys = (a: string, b: string): number => {
      if (used.length === 0)
        return compareBy(global.blanks ? a.replace(/^[ \t]+/, "") : a, global.blanks ? b.replace(/^[ \t]+/, "") : b, global, seed);
      for (const k of used) {
        const d = compareBy(keyText(a, k, tab), keyText(b, k, tab), k, seed);
        if (d !== 0) return d;
      }
      return 0;
    };
    const plain = used.length === 0 && !isOrdered({ ...global, reverse: false });
    const compare = (a: string, b: string): number => {
      const d = byKeys(a, b);
      if (d !== 0 || stable || unique || plain) return d;
      const last = compareText(a, b);
      return global.reverse ? -last : last;
    };
    const lines: string[] = [];
    for (const file of operands.length > 0 ? operands : ["-"]) {
      const fd = file === "-" ? 0 : yield* t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
      if (fd < 0) return yield* t.die(`cannot read: ${quotef(file)}: ${strerror(fd)}`, 2);
      const reader = new LineReader(t.sys, fd);
      let n = 0;
      for (;;) {
        const line = yield* reader.next(delimiter);
        if (line === null) break;
        if (typeof line === "number") return yield* t.die(`read failed: ${quotef(file)}: ${strerror(line)}`, 2);
        const text = fromUtf8(line);
        if (check && lines.length > 0) {
          const d = compare(lines[lines.length - 1]!, text);
          if (d > 0 || (unique && d === 0)) {
            if (!quiet) yield* t.warn(`${quotef(file)}:${lines.length + 1}: disorder: ${text}`);
            return 1;
          }
        }
        lines.push(text);
        if (++n % 1000 === 0) yield* t.sys.tick(300);
      }
      yield* t.close(fd);
    }
    if (check) return 0;
    const sorted = yield* mergeSort(t, lines, compare);
    const end = delimiter === 0 ? "\0" : "\n";
    let target = 1;
    if (output !== null) {
      target = yield* t.sys.open(output, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o666);
      if (target < 0) return yield* t.die(`open failed: ${quotef(output)}: ${strerror(target)}`, 2);
    }
    let text = "";
    for (let i = 0; i < sorted.length; i++) {
      if (unique && i > 0 && byKeys(sorted[i - 1]!, sorted[i]!) === 0) continue;
      text += sorted[i]! + end;
      if (text.length < 16384) continue;
      yield* target === 1 ? t.out.print(text) : writeAll(t.sys, target, utf8(text));
      text = "";
    }
    yield* target === 1 ? t.out.print(text) : writeAll(t.sys, target, utf8(text));
    yield* t.close(target);
    return 0;
  },
});

export const sortCommands = [sort];
