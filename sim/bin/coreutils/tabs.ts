/** expand and unexpand: tabs to blanks and back. */
import { fromUtf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, quote, type Tool } from "../lib/gnu.ts";
import type { GivenOption } from "../lib/options.ts";
import { eachLine } from "./lines.ts";

/** Where the next tab stop behind a column is; null: there is none. */
type Stops = (column: number) => number | null;

/** -t N, -t N1,N2,…, with /N or +N at the end. */
function* stopsOf(t: Tool, options: readonly GivenOption[]): Call<Stops> {
  const list: number[] = [];
  let every = 0;
  let after = 0;
  for (const { value } of options.filter((o) => o.name === "-t")) {
    for (const word of value!.split(/[ ,]+/)) {
      const m = /^([/+]?)([0-9]*)(.*)$/s.exec(word)!;
      if (m[3] !== "") yield* t.die(`tab size contains invalid character(s): ${quote(m[3]!)}`);
      if (m[2] === "") continue;
      const n = Number(m[2]);
      if (n === 0) yield* t.die("tab size cannot be 0");
      if (m[1] === "/") every = n;
      else if (m[1] === "+") after = n;
      else {
        if (list.length > 0 && list[list.length - 1]! >= n) yield* t.die("tab sizes must be ascending");
        list.push(n);
      }
    }
  }
  if (list.length < 2 && every === 0 && after === 0) {
    const size = list[0] ?? 8;
    return (c) => c - (c % size) + size;
  }
  const last = list[list.length - 1] ?? 0;
  return (c) => {
    const stop = list.find((s) => s > c);
    if (stop !== undefined) return stop;
    if (every > 0) return c - (c % every) + every;
    return after > 0 ? last + (Math.floor((c - last) / after) + 1) * after : null;
  };
}

/** -4 and -4,8 stand for -t; -4 in unexpand means --first-only, too. */
const oldTabs = (args: readonly string[]): string[] => args.map((a) => (/^-[0-9][0-9,]*$/.test(a) ? `-t${a.slice(1)}` : a));

const expand = gnuCommand({
  name: "expand",
  usage: ["[OPTION]... [FILE]..."],
  summary: "convert tabs in each FILE to spaces, writing to standard output",
  rewrite: oldTabs,
  options: [
    { names: ["-i", "--initial"], help: "only tabs before other characters" },
    { names: ["-t", "--tabs"], arg: "LIST", help: "tab stops: a distance, or places with commas between" },
  ],
  *main(t, options, operands) {
    const stops = yield* stopsOf(t, options);
    const initial = options.some((o) => o.name === "-i");
    yield* eachLine(t, operands, function* (line, newline) {
      let column = 0;
      let text = "";
      let leading = true;
      for (const c of fromUtf8(line)) {
        if (c === "\t" && (leading || !initial)) {
          const to = stops(column) ?? column + 1;
          text += " ".repeat(to - column);
          column = to;
          continue;
        }
        if (c !== " ") leading = false;
        column = c === "\b" ? Math.max(0, column - 1) : column + 1;
        text += c;
      }
      yield* t.out.print(text + (newline ? "\n" : ""));
    });
    return t.status;
  },
});

const unexpand = gnuCommand({
  name: "unexpand",
  usage: ["[OPTION]... [FILE]..."],
  summary: "convert blanks in each FILE to tabs, writing to standard output",
  rewrite: oldTabs,
  options: [
    { names: ["-a", "--all"], help: "all blanks, not only leading ones" },
    { names: ["--first-only"], help: "only leading blanks, even with -t" },
    { names: ["-t", "--tabs"], arg: "LIST", help: "tab stops; all blanks" },
  ],
  *main(t, options, operands) {
    const stops = yield* stopsOf(t, options);
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const everywhere = (has("-a") || has("-t")) && !has("--first-only");
    yield* eachLine(t, operands, function* (line, newline) {
      yield* t.out.print(unexpanded(fromUtf8(line), stops, everywhere) + (newline ? "\n" : ""));
    });
    return t.status;
  },
});

/** Runs of blanks that reach a tab stop become tabs; a single blank before a stop stays unless more follows. */
function unexpanded(line: string, stops: Stops, everywhere: boolean): string {
  let out = "";
  let column = 0;
  let pending = "";
  let convert = true;
  let previousBlank = true;
  for (const c of line) {
    const blank = c === " " || c === "\t";
    if (convert && blank) {
      const stop = stops(column);
      if (stop !== null) {
        if (c === "\t") {
          column = stop;
          pending = pending.startsWith("\t") || pending === "" ? pending.replace(/ +$/, "") : "";
          out += pending;
          pending = "\t";
          previousBlank = true;
          out += pending;
          pending = "";
          continue;
        }
        column++;
        if (column === stop && (previousBlank || pending !== "")) {
          // the run reaches a stop: one tab for it, unless it is one blank alone
          if (pending.length > 0 || previousBlank) {
            out += pending.length === 0 && !previousBlank ? " " : "\t";
            pending = "";
            previousBlank = true;
            continue;
          }
        }
        pending += " ";
        previousBlank = true;
        continue;
      }
      convert = false;
    }
    out += pending + c;
    pending = "";
    if (!blank) {
      column++;
      previousBlank = false;
      if (!everywhere) convert = false;
    }
  }
  return out + pending;
}

export const tabsCommands = [expand, unexpand];
