/** shuf and factor. The order of shuf comes from the process' own random stream, so it is the same each time a lab runs. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { gnuCommand, quote, quotef, type Tool } from "../lib/gnu.ts";
import { exit, LineReader, writeAll } from "../lib/io.ts";
import { eachLine } from "./lines.ts";

/** A number from 0 to n - 1; n at most 2^32. */
function* below(t: Tool, n: number): Call<number> {
  return (yield* t.sys.getrandom()) % n;
}

function* inputLines(t: Tool, file: string, delimiter: number): Call<string[]> {
  const fd = yield* t.open(file);
  if (fd === null) return exit(1);
  const list: string[] = [];
  const reader = new LineReader(t.sys, fd);
  for (;;) {
    const line = yield* reader.next(delimiter);
    if (line === null) return list;
    if (typeof line === "number") return yield* t.die(`read error: ${strerror(line)}`);
    list.push(fromUtf8(line));
  }
}

const shuf = gnuCommand({
  name: "shuf",
  usage: ["[OPTION]... [FILE]", "-e [OPTION]... [ARG]...", "-i LO-HI [OPTION]..."],
  summary: "write a random permutation of the input lines to standard output",
  options: [
    { names: ["-e", "--echo"], help: "each ARG is a line" },
    { names: ["-i", "--input-range"], arg: "LO-HI", help: "the numbers from LO to HI are the lines" },
    { names: ["-n", "--head-count"], arg: "COUNT", help: "at most COUNT lines" },
    { names: ["-o", "--output"], arg: "FILE", help: "write to FILE" },
    { names: ["-r", "--repeat"], help: "lines may come again" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
    { names: ["--random-source"], arg: "FILE", help: "random bytes from FILE", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const end = has("-z") ? "\0" : "\n";
    let count = Number.POSITIVE_INFINITY;
    let range: readonly [number, number] | null = null;
    for (const { name, value } of options) {
      if (name === "-n") {
        if (!/^[0-9]+$/.test(value!)) yield* t.die(`invalid line count: ${quote(value!)}`);
        count = Math.min(count, Number(value));
      } else if (name === "-i") {
        const m = /^([0-9]+)-([0-9]+)$/.exec(value!);
        if (range !== null) yield* t.die("multiple -i options specified");
        if (m === null || Number(m[1]) > Number(m[2]) + 1) return yield* t.die(`invalid input range: ${quote(value!)}`);
        range = [Number(m[1]), Number(m[2])];
      }
    }
    if (has("-e") && range !== null) yield* t.usage("cannot combine -e and -i options");
    const most = has("-e") ? Number.POSITIVE_INFINITY : range !== null ? 0 : 1;
    if (operands.length > most) yield* t.usage(`extra operand ${quote(operands[most]!)}`);
    const lines = has("-e")
      ? Array.from(operands)
      : range !== null
        ? Array.from({ length: range[1] - range[0] + 1 }, (_, i) => String(range![0] + i))
        : yield* inputLines(t, operands[0] ?? "-", has("-z") ? 0 : 10);
    const out = options.filter((o) => o.name === "-o").pop()?.value ?? null;
    const fd = out === null ? 1 : yield* t.sys.open(out, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o666);
    if (fd < 0) return yield* t.die(`${quotef(out!)}: ${strerror(fd)}`);
    if (has("-r") && lines.length === 0 && count > 0) yield* t.die("no lines to repeat");
    for (let i = 0; i < (has("-r") ? count : Math.min(count, lines.length)); i++) {
      const k = has("-r") ? yield* below(t, lines.length) : i + (yield* below(t, lines.length - i));
      const line = lines[k]! + end;
      if (!has("-r")) [lines[i], lines[k]] = [lines[k]!, lines[i]!];
      if (fd === 1) yield* t.out.print(line);
      else yield* writeAll(t.sys, fd, utf8(line));
    }
    return 0;
  },
});

/** The prime factors of a number below 2^53, smallest first. */
function* factors(t: Tool, n: number): Call<number[]> {
  const list: number[] = [];
  let rest = n;
  let steps = 0;
  for (let p = 2; p * p <= rest; p += p === 2 ? 1 : 2) {
    while (rest % p === 0) {
      list.push(p);
      rest /= p;
    }
    if (++steps % 1000 === 0) yield* t.sys.tick(10);
  }
  if (rest > 1) list.push(rest);
  return list;
}

const factor = gnuCommand({
  name: "factor",
  usage: ["[OPTION]... [NUMBER]..."],
  summary: "print the prime factors of each specified integer NUMBER",
  options: [],
  *main(t, _options, operands) {
    const one = function* (word: string): Call<void> {
      const m = /^\s*\+?([0-9]+)\s*$/.exec(word);
      if (m === null) return yield* t.warn(`${quote(word)} is not a valid positive integer`);
      const n = Number(m[1]);
      if (n > Number.MAX_SAFE_INTEGER) yield* t.notSimulated("a number above 2^53");
      const list = yield* factors(t, n);
      yield* t.out.print(`${n}:${list.map((x) => ` ${x}`).join("")}\n`);
    };
    for (const word of operands) yield* one(word);
    if (operands.length === 0)
      yield* eachLine(t, [], function* (line) {
        for (const word of fromUtf8(line).split(/\s+/)) if (word !== "") yield* one(word);
      });
    return t.status;
  },
});

export const shufCommands = [shuf, factor];
