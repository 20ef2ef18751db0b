/** join: lines of two sorted files with the same field. Characters are compared by code point, as in C.UTF-8. */
import { fromUtf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, quote, quotef, type Tool } from "../lib/gnu.ts";
import { exit, LineReader } from "../lib/io.ts";

interface Row {
  readonly text: string;
  readonly fields: readonly string[];
}

interface Settings {
  readonly keys: readonly [number, number];
  readonly separator: string | null;
  readonly fold: boolean;
  readonly end: string;
  readonly empty: string;
  /** "auto", or what to print: [file, field], file 0 being the key */
  readonly format: readonly (readonly [number, number])[] | "auto" | null;
  readonly order: "default" | "check" | "never";
}

const fieldsOf = (line: string, s: Settings): string[] =>
  s.separator === "" ? [line] : s.separator !== null ? line.split(s.separator) : line.replace(/^[ \t\n]+/, "").split(/[ \t\n]+/);

/** A file, a line ahead, watching the order. */
class Source {
  readonly t: Tool;
  readonly file: string;
  readonly n: 1 | 2;
  readonly s: Settings;
  readonly reader: LineReader;
  row: Row | null = null;
  private number = 0;
  disorder = false;

  constructor(t: Tool, file: string, n: 1 | 2, s: Settings, fd: number) {
    this.t = t;
    this.file = file;
    this.n = n;
    this.s = s;
    this.reader = new LineReader(t.sys, fd);
  }
  key(r: Row): string {
    const k = r.fields[this.s.keys[this.n - 1]! - 1] ?? "";
    return this.s.fold ? k.toUpperCase() : k;
  }
  *next(unpaired: boolean): Call<void> {
    const l = yield* this.reader.next(this.s.end === "\0" ? 0 : 10);
    if (l === null) {
      this.row = null;
      return;
    }
    if (typeof l === "number") return yield* this.t.die(`read error: ${strerror(l)}`);
    const text = fromUtf8(l);
    const row = { text, fields: fieldsOf(text, this.s) };
    this.number++;
    const { order } = this.s;
    if (this.row !== null && order !== "never" && (order === "check" || unpaired) && !this.disorder && this.key(row) < this.key(this.row)) {
      this.disorder = true;
      yield* this.t.warn(`${quotef(this.file)}:${this.number}: is not sorted: ${text}`);
      if (order === "check") exit(1);
    }
    this.row = row;
  }
}

function* formatOf(t: Tool, text: string): Call<readonly (readonly [number, number])[]> {
  const list: (readonly [number, number])[] = [];
  for (const word of text.split(/[ ,\t]+/)) {
    const m = /^(?:0|([12])\.([0-9]+))$/.exec(word);
    if (m === null) {
      if (/^0./.test(word) || /^[12](?!\.)/.test(word)) return yield* t.die(`invalid field specifier: ${quote(word)}`);
      if (/^[12]\./.test(word)) return yield* t.die(`invalid field number: ${quote(word.slice(2))}`);
      return yield* t.die(`invalid file number in field spec: ${quote(word)}`);
    }
    if (m[2] === "0") return yield* t.die(`invalid field number: ${quote("0")}`);
    list.push(m[1] === undefined ? [0, 0] : [Number(m[1]), Number(m[2])]);
  }
  return list;
}

const join = gnuCommand({
  name: "join",
  usage: ["[OPTION]... FILE1 FILE2"],
  summary: "for each pair of input lines with identical join fields, write a line to standard output",
  options: [
    { names: ["-a"], arg: "FILENUM", help: "unpairable lines of file 1 or 2, too" },
    { names: ["-e"], arg: "STRING", help: "text for missing fields" },
    { names: ["-i", "--ignore-case"], help: "upper and lower case are the same" },
    { names: ["-j"], arg: "FIELD", help: "same as -1 FIELD -2 FIELD" },
    { names: ["-o"], arg: "FORMAT", help: "fields to print: 0, 1.N, 2.N with commas between, or auto" },
    { names: ["-t"], arg: "CHAR", help: "character between fields" },
    { names: ["-v"], arg: "FILENUM", help: "only unpairable lines of file 1 or 2" },
    { names: ["-1"], arg: "FIELD", help: "join on this field of file 1" },
    { names: ["-2"], arg: "FIELD", help: "join on this field of file 2" },
    { names: ["--check-order"], help: "end at unsorted input" },
    { names: ["--nocheck-order"], help: "do not look whether the input is sorted" },
    { names: ["--header"], help: "the first lines are headings" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const keys: [number, number] = [1, 1];
    const extra = [false, false];
    let separator: string | null = null;
    let empty = "";
    let format: Settings["format"] = null;
    for (const { name, value } of options) {
      if (name === "-j" || name === "-1" || name === "-2") {
        if (!/^[1-9][0-9]*$/.test(value!)) yield* t.die(`invalid field number: ${quote(value!)}`);
        if (name !== "-2") keys[0] = Number(value);
        if (name !== "-1") keys[1] = Number(value);
      } else if (name === "-a" || name === "-v") {
        if (value !== "1" && value !== "2") yield* t.die(`invalid field number: ${quote(value!)}`);
        extra[Number(value) - 1] = true;
      } else if (name === "-e") empty = value!;
      else if (name === "-t") {
        separator = value === "\\0" ? "\0" : value!;
        if (Array.from(separator).length > 1) yield* t.die(`multi-character tab ${quote(value!)}`);
      } else if (name === "-o") format = value === "auto" ? "auto" : yield* formatOf(t, value!);
    }
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length === 1) yield* t.usage(`missing operand after ${quote(operands[0]!)}`);
    if (operands.length > 2) yield* t.usage(`extra operand '${operands[2]}'`);
    if (operands[0] === "-" && operands[1] === "-") yield* t.die(`both files cannot be standard input: ${strerror(-Errno.ENOENT)}`);
    const order = has("--check-order") ? "check" : has("--nocheck-order") ? "never" : "default";
    const s: Settings = { keys, separator, fold: has("-i"), end: has("-z") ? "\0" : "\n", empty, format, order };
    const sources: Source[] = [];
    for (const n of [1, 2] as const) {
      const fd = yield* t.open(operands[n - 1]!);
      if (fd === null) return 1;
      sources.push(new Source(t, operands[n - 1]!, n, s, fd));
    }
    yield* merge(t, s, sources[0]!, sources[1]!, extra, !has("-v"), has("--header"));
    return t.status;
  },
});

/** The lines of both files side by side; `extra`: print unpairable ones, `pairs`: print the others. */
function* merge(t: Tool, s: Settings, a: Source, b: Source, extra: readonly boolean[], pairs: boolean, header: boolean): Call<void> {
  let unpaired = false;
  yield* a.next(false);
  yield* b.next(false);
  const widths: [number, number] = [a.row?.fields.length ?? 0, b.row?.fields.length ?? 0];
  const show = (x: Row | null, y: Row | null): Call<void> => t.out.print(rowText(s, x, y, widths) + s.end);
  if (header && (a.row !== null || b.row !== null)) {
    yield* show(a.row, b.row);
    // the headings do not count for the order
    const [x, y] = [a.row, b.row];
    a.row = b.row = null;
    if (x !== null) yield* a.next(false);
    if (y !== null) yield* b.next(false);
  }
  while (a.row !== null && b.row !== null) {
    const x = a.key(a.row);
    const y = b.key(b.row);
    if (x < y) {
      if (extra[0]) yield* show(a.row, null);
      unpaired = true;
      yield* a.next(unpaired);
    } else if (x > y) {
      if (extra[1]) yield* show(null, b.row);
      unpaired = true;
      yield* b.next(unpaired);
    } else {
      const [left, right]: [Row[], Row[]] = [[], []];
      while (a.row !== null && a.key(a.row) === x) {
        left.push(a.row);
        yield* a.next(unpaired);
      }
      while (b.row !== null && b.key(b.row) === y) {
        right.push(b.row);
        yield* b.next(unpaired);
      }
      if (pairs) for (const l of left) for (const r of right) yield* show(l, r);
    }
  }
  for (const [source, i] of [
    [a, 0],
    [b, 1],
  ] as const) {
    while (source.row !== null) {
      if (extra[i]) yield* i === 0 ? show(source.row, null) : show(null, source.row);
      unpaired = true;
      yield* source.next(unpaired);
    }
  }
  if (s.order === "default" && (a.disorder || b.disorder)) yield* t.warn("input is not in sorted order");
}

function rowText(s: Settings, x: Row | null, y: Row | null, widths: readonly [number, number]): string {
  const glue = s.separator ?? " ";
  const key = (x ?? y)!.fields[(x !== null ? s.keys[0] : s.keys[1]) - 1] ?? "";
  const cell = (r: Row | null, i: number): string => {
    const v = r?.fields[i - 1] ?? "";
    return v === "" ? s.empty : v;
  };
  if (s.format !== null && s.format !== "auto")
    return s.format.map(([f, i]) => (f === 0 ? key || s.empty : cell(f === 1 ? x : y, i))).join(glue);
  const rest = (r: Row | null, k: number, width: number): string[] => {
    if (s.format === null) return r === null ? [] : r.fields.filter((_, i) => i !== k - 1);
    return Array.from({ length: width }, (_, i) => i + 1)
      .filter((i) => i !== k)
      .map((i) => cell(r, i));
  };
  return [key, ...rest(x, s.keys[0], widths[0]), ...rest(y, s.keys[1], widths[1])].join(glue);
}

export const joinCommands = [join];
