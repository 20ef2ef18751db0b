/** split: a file in pieces, named PREFIXaa, PREFIXab, … Names grow as GNU's do: …yz is followed by …zaaa. */
import { utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import { readAll, writeAll } from "../lib/io.ts";
import { sizeOf } from "./sizes.ts";

interface Naming {
  readonly prefix: string;
  readonly extra: string;
  readonly digits: string;
  /** letters of a name; grows only where no length was asked for */
  readonly length: number;
  readonly fixed: boolean;
  readonly start: number;
}

/** The suffix of piece i, or null when there are no more. */
function suffix(n: Naming, i: number): string | null {
  const base = n.digits.length;
  let length = n.length;
  let k = i + n.start;
  let lead = "";
  if (!n.fixed && n.start === 0) {
    // the last letter of the first place announces longer names
    while (k >= base ** length - base ** (length - 1)) {
      k -= base ** length - base ** (length - 1);
      lead += n.digits[base - 1]!;
      length++;
    }
  } else if (k >= base ** length) return null;
  let s = "";
  for (let p = 0; p < length; p++) {
    s = n.digits[k % base]! + s;
    k = Math.floor(k / base);
  }
  return lead + s;
}

/** Where the pieces end, in order. */
function* cuts(t: Tool, data: Uint8Array, mode: string, value: string, separator: number): Call<number[]> {
  const ends: number[] = [];
  if (mode === "-b") {
    const n = sizeOf(value)!;
    for (let at = n; at < data.length; at += n) ends.push(at);
  } else if (mode === "-l") {
    let lines = 0;
    const n = Number(value);
    for (let i = 0; i < data.length; i++) if (data[i] === separator && ++lines % n === 0 && i + 1 < data.length) ends.push(i + 1);
  } else if (mode === "-C") {
    const n = sizeOf(value)!;
    let from = 0;
    while (data.length - from > n) {
      const nl = data.lastIndexOf(separator, from + n - 1);
      from = nl >= from ? nl + 1 : from + n;
      ends.push(from);
    }
  } else {
    const m = /^(l\/)?([0-9]+)$/.exec(value);
    if (m === null) return yield* t.notSimulated(`option -n ${value}`);
    const n = Number(m[2]);
    const size = Math.floor(data.length / n);
    for (let i = 1; i < n; i++) {
      let at = i * size + (m[1] === undefined ? Math.min(i, data.length % n) : 0);
      if (m[1] !== undefined) {
        const nl = data.indexOf(separator, Math.max(0, at - 1));
        at = nl < 0 ? data.length : nl + 1;
      }
      ends.push(Math.max(at, ends[ends.length - 1] ?? 0));
    }
    ends.push(data.length);
    return ends;
  }
  if (data.length > 0) ends.push(data.length);
  return ends;
}

const split = gnuCommand({
  name: "split",
  usage: ["[OPTION]... [FILE [PREFIX]]"],
  summary: "output pieces of FILE to PREFIXaa, PREFIXab, ...",
  description: ["The pieces have 1000 lines unless asked otherwise; PREFIX is x. CHUNKS is N (bytes) or l/N (whole lines)."],
  rewrite: (args) => args.map((a) => (/^-[0-9]+$/.test(a) ? `-l${a.slice(1)}` : a)),
  options: [
    { names: ["-a", "--suffix-length"], arg: "N", help: "letters of a suffix (2)" },
    { names: ["--additional-suffix"], arg: "SUFFIX", help: "text behind the names" },
    { names: ["-b", "--bytes"], arg: "SIZE", help: "so many bytes a file" },
    { names: ["-C", "--line-bytes"], arg: "SIZE", help: "whole lines, at most so many bytes a file" },
    { names: ["-d"], help: "numbers instead of letters" },
    { names: ["--numeric-suffixes"], arg: "[FROM]", help: "the same, from FROM on" },
    { names: ["-x"], help: "hexadecimal numbers" },
    { names: ["-e", "--elide-empty-files"], help: "no empty files with -n" },
    { names: ["-l", "--lines"], arg: "NUMBER", help: "so many lines a file" },
    { names: ["-n", "--number"], arg: "CHUNKS", help: "so many files" },
    { names: ["-t", "--separator"], arg: "SEP", help: "what ends a line instead of newline" },
    { names: ["-u", "--unbuffered"], help: "write at once" },
    { names: ["--verbose"], help: "say what is written" },
    { names: ["--filter"], arg: "COMMAND", help: "write to a command", notModelled: true },
    { names: ["--hex-suffixes"], arg: "[FROM]", help: "the same as -x, from FROM on", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const valueOf = (n: string): string | null => options.filter((o) => o.name === n).pop()?.value ?? null;
    let mode = "-l";
    let value = "1000";
    const modes = options.filter((o) => ["-b", "-C", "-l", "-n"].includes(o.name));
    for (const o of modes) {
      const bad = o.name === "-n" ? !/^([lr]\/)?([1-9][0-9]*\/)?[1-9][0-9]*$/.test(o.value!) : (sizeOf(o.value!) ?? 0) <= 0;
      if (bad)
        yield* t.die(
          `invalid number of ${o.name === "-l" ? "lines" : o.name === "-n" ? "chunks" : "bytes"}: ${quote(o.value!)}${/^0+$/.test(o.value!) ? `: ${strerror(-Errno.ERANGE)}` : ""}`,
        );
      mode = o.name;
      value = o.name === "-l" ? String(sizeOf(o.value!)) : o.value!;
    }
    if (modes.length > 1) yield* t.usage("cannot split in more than one way");
    if (operands.length > 2) yield* t.usage(`extra operand ${quote(operands[2]!)}`);
    const a = valueOf("-a");
    if (a !== null && !/^[0-9]+$/.test(a)) yield* t.die(`invalid suffix length: ${quote(a)}`);
    const start = valueOf("--numeric-suffixes");
    if (start !== null && !/^[0-9]+$/.test(start)) yield* t.usage(`${start}: invalid start value for numerical suffix`);
    const numeric = has("-d") || has("--numeric-suffixes");
    const naming: Naming = {
      prefix: operands[1] ?? "x",
      extra: valueOf("--additional-suffix") ?? "",
      digits: numeric ? "0123456789" : has("-x") ? "0123456789abcdef" : "abcdefghijklmnopqrstuvwxyz",
      length: Number(a) || 2,
      fixed: (a !== null && a !== "0") || start !== null || mode === "-n",
      start: Number(start ?? 0),
    };
    if (naming.extra.includes("/")) yield* t.usage(`invalid suffix ${quoteaf(naming.extra)}, contains directory separator`);
    const input = operands[0] ?? "-";
    const fd = input === "-" ? 0 : yield* t.sys.open(input, O.RDONLY | O.CLOEXEC, 0);
    if (fd < 0) return yield* t.die(`cannot open ${quoteaf(input)} for reading: ${strerror(fd)}`);
    const data = yield* readAll(t.sys, fd);
    if (typeof data === "number") return yield* t.die(`${quotef(input)}: ${strerror(data)}`);
    const sep = valueOf("-t");
    const ends = yield* cuts(t, data, mode, value, sep === null ? 10 : sep === "\\0" ? 0 : utf8(sep)[0]!);
    let from = 0;
    let piece = 0;
    for (const end of ends) {
      if (end === from && has("-e")) continue;
      const s = suffix(naming, piece++);
      if (s === null) return yield* t.die("output file suffixes exhausted");
      const r = yield* writePiece(t, naming.prefix + s + naming.extra, data.subarray(from, end), has("--verbose"));
      if (!r) return 1;
      from = end;
    }
    return 0;
  },
});

function* writePiece(t: Tool, name: string, data: Uint8Array, verbose: boolean): Call<boolean> {
  if (verbose) yield* t.out.print(`creating file ${quoteaf(name)}\n`);
  const fd = yield* t.sys.open(name, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o666);
  const r = fd < 0 ? fd : yield* writeAll(t.sys, fd, data);
  if (r < 0) yield* t.warn(`${quotef(name)}: ${strerror(r)}`);
  yield* t.close(fd);
  return r >= 0;
}

export const splitCommands = [split];
