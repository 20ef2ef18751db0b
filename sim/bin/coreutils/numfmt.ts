/** numfmt: numbers with units to plain ones and back. Values are doubles, exact to 2^53. */
import { fromUtf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { argmatch, gnuCommand, quote, type Tool } from "../lib/gnu.ts";
import type { GivenOption } from "../lib/options.ts";
import { eachLine } from "./lines.ts";

const UNITS = ["none", "auto", "si", "iec", "iec-i"];
const LETTERS = "KMGTPEZY";

interface Settings {
  readonly from: string;
  readonly to: string;
  readonly round: string;
  readonly suffix: string;
  readonly padding: number;
  readonly fromUnit: number;
  readonly toUnit: number;
  readonly grouping: boolean;
  readonly format: {
    readonly head: string;
    readonly width: number;
    readonly zero: boolean;
    readonly precision: number;
    readonly tail: string;
  } | null;
  readonly invalid: string;
}

function rounded(v: number, how: string): number {
  switch (how) {
    case "up":
      return Math.ceil(v);
    case "down":
      return Math.floor(v);
    case "towards-zero":
      return Math.trunc(v);
    case "nearest":
      return v < 0 ? -Math.round(-v) : Math.round(v);
    default:
      return v < 0 ? Math.floor(v) : Math.ceil(v);
  }
}

/** The value of a word and its decimals, or what is wrong with it. */
function parse(word: string, s: Settings): { value: number; places: number } | string {
  const text = s.suffix !== "" && word.endsWith(s.suffix) ? word.slice(0, -s.suffix.length) : word;
  const m = /^\s*(-?[0-9]+)(?:\.([0-9]*))?(.*)$/.exec(text);
  if (m === null) return `invalid number: ${quote(word)}`;
  const frac = m[2] ?? "";
  let value = Number(frac === "" ? m[1] : `${m[1]}.${frac}`);
  const unit = m[3]!;
  if (unit === "") return { value: value * s.fromUnit, places: frac.length };
  const power = LETTERS.indexOf(unit[0] === "k" ? "?" : unit[0]!) + 1;
  if (power === 0) return `invalid suffix in input: ${quote(word)}`;
  if (s.from === "none") return `rejecting suffix in input: ${quote(word)} (consider using --from)`;
  let rest = unit.slice(1);
  let base = s.from === "si" ? 1000 : 1024;
  if (s.from === "auto") {
    base = rest.startsWith("i") ? 1024 : 1000;
    if (rest.startsWith("i")) rest = rest.slice(1);
  } else if (s.from === "iec-i") {
    if (!rest.startsWith("i")) return `missing 'i' suffix in input: ${quote(word)} (e.g Ki/Mi/Gi)`;
    rest = rest.slice(1);
  }
  if (rest !== "") return `invalid suffix in input ${quote(word)}: ${quote(rest)}`;
  value *= base ** power * s.fromUnit;
  return { value, places: 0 };
}

function grouped(text: string): string {
  // the C locale has no separator
  return text;
}

function shown(value: number, places: number, s: Settings): string {
  let v = value / s.toUnit;
  const precision = s.format === null ? -1 : s.format.precision;
  if (s.to === "none") {
    const p = precision >= 0 ? precision : places;
    v = rounded(v * 10 ** p, s.round) / 10 ** p;
    const text = v.toFixed(p);
    return s.grouping ? grouped(text) : text;
  }
  const base = s.to === "si" ? 1000 : 1024;
  let power = 0;
  while (Math.abs(v) >= base && power < LETTERS.length) {
    v /= base;
    power++;
  }
  // one decimal below 10, unless the format says how many
  const decimals = (): number => (precision >= 0 ? precision : power > 0 && Math.abs(v) < 10 ? 1 : 0);
  const round = (): number => rounded(v * 10 ** decimals(), s.round) / 10 ** decimals();
  let r = round();
  if (Math.abs(r) >= base && power < LETTERS.length) {
    r /= base;
    power++;
    v = r;
    r = round();
  }
  const d = precision >= 0 ? precision : power > 0 && Math.abs(r) < 10 ? 1 : 0;
  return r.toFixed(d) + (power === 0 ? "" : LETTERS[power - 1]! + (s.to === "iec-i" ? "i" : ""));
}

function* settings(t: Tool, options: readonly GivenOption[]): Call<Settings> {
  const last = (n: string): string | null => options.filter((o) => o.name === n).pop()?.value ?? null;
  const unit = function* (n: string): Call<number> {
    const text = last(n);
    if (text === null) return 1;
    const m = /^([0-9]+)([KMGTPEZY]i?)?$/.exec(text);
    if (m === null || Number(m[1]) === 0) return yield* t.die(`invalid unit size: ${quote(text)}`);
    return Number(m[1]) * (m[2] === undefined ? 1 : (m[2].length > 1 ? 1024 : 1000) ** (LETTERS.indexOf(m[2][0]!) + 1));
  };
  const groups = (names: readonly string[]): string[][] => names.map((n) => [n]);
  const pad = last("--padding");
  if (pad !== null && (!/^-?[0-9]+$/.test(pad) || Number(pad) === 0)) yield* t.die(`invalid padding value ${quote(pad)}`);
  const format = last("--format");
  let parsed: Settings["format"] = null;
  if (format !== null) {
    const m = /^((?:[^%]|%%)*)%(['0-]*)([0-9]*)(?:\.([0-9]+))?f((?:[^%]|%%)*)$/s.exec(format);
    if (m === null) {
      if (!format.includes("%")) yield* t.die(`format ${quote(format)} has no % directive`);
      return yield* t.die(`invalid format ${quote(format)}, directive must be %[0]['][-][N][.][N]f`);
    }
    const width = Number(m[3] || 0) * (m[2]!.includes("-") ? -1 : 1);
    parsed = { head: m[1]!, width, zero: m[2]!.includes("0"), precision: m[4] === undefined ? -1 : Number(m[4]), tail: m[5]! };
  }
  return {
    from: yield* argmatch(t, "--from", last("--from") ?? "none", groups(UNITS)),
    to: yield* argmatch(t, "--to", last("--to") ?? "none", groups(UNITS.filter((u) => u !== "auto"))),
    round: yield* argmatch(t, "--round", last("--round") ?? "from-zero", groups(["up", "down", "from-zero", "towards-zero", "nearest"])),
    suffix: last("--suffix") ?? "",
    padding: Number(pad ?? 0),
    fromUnit: yield* unit("--from-unit"),
    toUnit: yield* unit("--to-unit"),
    grouping: options.some((o) => o.name === "--grouping"),
    format: parsed,
    invalid: yield* argmatch(t, "--invalid", last("--invalid") ?? "abort", groups(["abort", "fail", "warn", "ignore"])),
  };
}

/** One word converted, or null when it is none (said unless --invalid=ignore). */
function* convert(t: Tool, s: Settings, word: string): Call<string | null> {
  const r = parse(word, s);
  if (typeof r === "string") {
    if (s.invalid === "abort") yield* t.die(r, 2);
    if (s.invalid !== "ignore") yield* t.warn(r, s.invalid === "fail" ? 2 : 0);
    return null;
  }
  let text = shown(r.value, r.places, s);
  if (s.suffix !== "") text += s.suffix;
  const f = s.format;
  if (f !== null) {
    if (f.zero && f.width > 0) text = text.padStart(f.width, "0");
    else text = f.width < 0 ? text.padEnd(-f.width) : text.padStart(f.width);
    return f.head.replaceAll("%%", "%") + text + f.tail.replaceAll("%%", "%");
  }
  return s.padding < 0 ? text.padEnd(-s.padding) : text.padStart(s.padding);
}

/** -f LIST as field numbers. */
function wantedFields(list: string): (i: number) => boolean {
  if (list === "-") return () => true;
  const ranges = list.split(/[, ]/).map((p) => /^([0-9]*)(-?)([0-9]*)$/.exec(p));
  return (i) =>
    ranges.some((m) => m !== null && i >= Number(m[1] || 1) && i <= (m[2] === "" ? Number(m[1]) : Number(m[3] || Number.MAX_SAFE_INTEGER)));
}

const numfmt = gnuCommand({
  name: "numfmt",
  usage: ["[OPTION]... [NUMBER]..."],
  summary: "reformat NUMBER(s), or the numbers from standard input if none are specified",
  description: ["UNIT is none, auto (Ki is 1024, K 1000), si (1000), iec (1024, K) or iec-i (1024, Ki)."],
  rewrite: (args) => {
    // a negative number is no option
    const i = args.findIndex((a) => /^-[0-9]/.test(a));
    return i < 0 || args.includes("--") ? args : [...args.slice(0, i), "--", ...args.slice(i)];
  },
  options: [
    { names: ["-d", "--delimiter"], arg: "X", help: "character between fields, instead of white space" },
    { names: ["--field"], arg: "FIELDS", help: "which fields to convert (1); - for all" },
    { names: ["--format"], arg: "FORMAT", help: "printf format with one %f" },
    { names: ["--from"], arg: "UNIT", help: "units of the input (none)" },
    { names: ["--from-unit"], arg: "N", help: "size of the input's unit" },
    { names: ["--grouping"], help: "group digits as the locale does: not at all" },
    { names: ["--header"], arg: "[N]", help: "print the first N lines (1) as they are" },
    { names: ["--invalid"], arg: "MODE", help: "for what is no number: abort, fail, warn or ignore" },
    { names: ["--padding"], arg: "N", help: "width; negative: to the left" },
    { names: ["--round"], arg: "METHOD", help: "up, down, from-zero, towards-zero or nearest" },
    { names: ["--suffix"], arg: "SUFFIX", help: "text behind the numbers" },
    { names: ["--to"], arg: "UNIT", help: "units of the output (none)" },
    { names: ["--to-unit"], arg: "N", help: "size of the output's unit" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
    { names: ["--debug"], help: "warn about odd input", notModelled: true },
  ],
  *main(t, options, operands) {
    const s = yield* settings(t, options);
    const last = (n: string): string | null => options.filter((o) => o.name === n).pop()?.value ?? null;
    const wanted = wantedFields(last("--field") ?? "1");
    const delimiter = last("-d");
    if (delimiter !== null && Array.from(delimiter).length > 1) yield* t.die("the delimiter must be a single character");
    const zero = options.some((o) => o.name === "-z");
    const headers = options.some((o) => o.name === "--header") ? Number(last("--header") ?? 1) : 0;
    const line = function* (text: string): Call<void> {
      const parts = delimiter !== null ? text.split(delimiter) : (text.match(/\s*\S+|\s+$/g) ?? [text]);
      let out = "";
      for (let i = 0; i < parts.length; i++) {
        const part = parts[i]!;
        const sep = i === 0 ? "" : (delimiter ?? " ");
        if (!wanted(i + 1) || /^\s*$/.test(part)) {
          out += delimiter !== null ? sep + part : part;
          continue;
        }
        const word = delimiter === null ? part.trimStart() : part;
        const r = yield* convert(t, s, word);
        if (r === null) out += delimiter !== null ? sep + part : part;
        else if (delimiter !== null) out += sep + r;
        else {
          // white space in front keeps its width
          const lead = part.length - word.length;
          out +=
            lead > 1 || (lead === 1 && i === 0)
              ? r
                  .padStart(part.length - (i === 0 ? 0 : 1))
                  .padStart(i === 0 ? 0 : r.length)
                  .replace(/^/, i === 0 ? "" : " ")
              : sep + r;
        }
      }
      yield* t.out.print(out + (zero ? "\0" : "\n"));
    };
    for (const word of operands) yield* line(word);
    if (operands.length === 0)
      yield* eachLine(
        t,
        [],
        function* (raw, _newline, n) {
          if (n <= headers) yield* t.out.print(`${fromUtf8(raw)}${zero ? "\0" : "\n"}`);
          else yield* line(fromUtf8(raw));
        },
        zero ? 0 : 10,
      );
    return t.status;
  },
});

export const numfmtCommands = [numfmt];
