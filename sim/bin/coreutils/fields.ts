/** uniq, cut, paste, fold, tr, comm: filters of lines, fields and characters. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { argmatch, gnuCommand, quote, quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import { exit, LineReader } from "../lib/io.ts";
import type { GivenOption } from "../lib/options.ts";
import { eachLine } from "./lines.ts";

const uniq = gnuCommand({
  name: "uniq",
  usage: ["[OPTION]... [INPUT [OUTPUT]]"],
  summary: "report or omit repeated lines",
  description: ["Only lines that stand next to each other are compared: sort first."],
  options: [
    { names: ["-c", "--count"], help: "how often each line occurred, in front" },
    { names: ["-d", "--repeated"], help: "only lines that occur more than once" },
    { names: ["-D"], help: "all copies of repeated lines" },
    { names: ["-f", "--skip-fields"], arg: "N", help: "do not compare the first N fields" },
    { names: ["-i", "--ignore-case"], help: "upper and lower case are the same" },
    { names: ["-s", "--skip-chars"], arg: "N", help: "do not compare the first N characters" },
    { names: ["-u", "--unique"], help: "only lines that occur once" },
    { names: ["-w", "--check-chars"], arg: "N", help: "compare at most N characters" },
    { names: ["--all-repeated"], arg: "[METHOD]", help: "like -D, with empty lines between groups: none, prepend or separate" },
    { names: ["--group"], arg: "[METHOD]", help: "all lines, with empty lines between groups: separate, prepend, append or both" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
  ],
  rewrite: (args) => args.map((a) => (/^-[0-9]+$/.test(a) ? `-f${a.slice(1)}` : a)),
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const between = yield* groupMethod(t, options);
    const all = has("-D") || has("--all-repeated") || has("--group");
    const end = has("-z") ? "\0" : "\n";
    const num = { "-f": 0, "-s": 0, "-w": Number.MAX_SAFE_INTEGER };
    const what = { "-f": "fields to skip", "-s": "bytes to skip", "-w": "bytes to compare" };
    for (const { name, value } of options) {
      if (name !== "-f" && name !== "-s" && name !== "-w") continue;
      if (!/^\+?[0-9]+$/.test(value!)) yield* t.die(`${value}: invalid number of ${what[name]}`);
      num[name] = Number(value);
    }
    if (operands.length > 2) yield* t.usage(`extra operand ${quote(operands[2]!)}`);
    const key = (line: string): string => {
      let s = line;
      for (let i = 0; i < num["-f"]; i++) s = s.replace(/^[ \t]*[^ \t]*/, "");
      s = s.slice(num["-s"]).slice(0, num["-w"]);
      return has("-i") ? s.toLowerCase() : s;
    };
    const fd = yield* t.open(operands[0] ?? "-");
    if (fd === null) return 1;
    let target = 1;
    if (operands[1] !== undefined && operands[1] !== "-") {
      target = yield* t.sys.open(operands[1], O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o666);
      if (target < 0) return yield* t.die(`${quotef(operands[1])}: ${strerror(target)}`);
    }
    if (has("-c") && (has("-D") || has("--all-repeated"))) yield* t.usage("printing all duplicated lines and repeat counts is meaningless");
    if (has("--group") && (has("-c") || has("-d") || has("-u") || has("-D") || has("--all-repeated")))
      yield* t.usage("--group is mutually exclusive with -c/-d/-D/-u");
    const write = function* (text: string): Call<void> {
      if (target === 1) yield* t.out.print(text);
      else yield* t.sys.write(target, utf8(text));
    };
    const print = function* (line: string, n: number): Call<void> {
      const keep = has("--group") ? true : all ? n > 1 : has("-d") && has("-u") ? false : has("-d") ? n > 1 : has("-u") ? n === 1 : true;
      if (!keep) return;
      yield* write(`${has("-c") ? `${String(n).padStart(7)} ` : ""}${line}${end}`);
    };
    const reader = new LineReader(t.sys, fd);
    let previous: string | null = null;
    let previousKey = "";
    let n = 0;
    let steps = 0;
    const group: string[] = [];
    let groups = 0;
    const finish = function* (): Call<void> {
      if (previous === null) return;
      if (!all) return yield* print(previous, n);
      if (!has("--group") && n < 2) return;
      if (between === "prepend" || between === "both" || (between === "separate" && groups > 0)) yield* write(end);
      groups++;
      for (const l of group) yield* print(l, n);
      if (between === "append") yield* write(end);
    };
    for (;;) {
      const line = yield* reader.next(has("-z") ? 0 : 10);
      if (line === null) break;
      if (typeof line === "number") return yield* t.die(`error reading ${quoteaf(operands[0] ?? "-")}: ${strerror(line)}`);
      const text = fromUtf8(line);
      const k = key(text);
      if (previous !== null && k === previousKey) n++;
      else {
        yield* finish();
        previous = text;
        previousKey = k;
        n = 1;
        group.length = 0;
      }
      if (all) group.push(text);
      if (++steps % 1000 === 0) yield* t.sys.tick(300);
    }
    yield* finish();
    if (between === "both" && groups > 0) yield* write(end);
    return t.status;
  },
});

/** Where --all-repeated and --group put empty lines. */
function* groupMethod(t: Tool, options: readonly GivenOption[]): Call<string> {
  let method = "none";
  for (const { name, value } of options) {
    if (name !== "--all-repeated" && name !== "--group") continue;
    const methods = name === "--group" ? ["prepend", "append", "separate", "both"] : ["none", "prepend", "separate"];
    const word = value ?? (name === "--group" ? "separate" : "none");
    method = yield* argmatch(
      t,
      name,
      word,
      methods.map((m) => [m]),
    );
  }
  return method;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function* parseRanges(t: Tool, list: string, fields: boolean): Call<Range[]> {
  const thing = fields ? "field" : "byte/character";
  const ranges: Range[] = [];
  for (const part of list.split(/[, ]/)) {
    const m = /^([0-9]*)(-?)([0-9]*)$/.exec(part);
    if (m === null) {
      const bad = /[^-0-9]/.exec(part);
      if (bad === null) return yield* t.usage(`invalid ${fields ? "field" : "byte or character"} range`);
      return yield* t.usage(
        fields ? `invalid field value ${quote(part.slice(bad.index))}` : `invalid byte/character position ${quote(part.slice(bad.index))}`,
      );
    }
    if (m[1] === "" && m[3] === "") {
      if (m[2] === "-") return yield* t.usage("invalid range with no endpoint: -");
      return yield* t.usage(fields ? "fields are numbered from 1" : "byte/character positions are numbered from 1");
    }
    const from = m[1] === "" ? 1 : Number(m[1]);
    const to = m[2] === "" ? from : m[3] === "" ? Number.MAX_SAFE_INTEGER : Number(m[3]);
    if (from === 0) return yield* t.usage(fields ? "fields are numbered from 1" : `${thing} positions are numbered from 1`);
    if (to < from) return yield* t.usage("invalid decreasing range");
    ranges.push({ from, to });
  }
  return ranges;
}

const cut = gnuCommand({
  name: "cut",
  usage: ["OPTION... [FILE]..."],
  summary: "print selected parts of lines from each FILE to standard output",
  description: ["A LIST is one or more ranges with commas between: N, N-, N-M, -M, counted from 1."],
  options: [
    { names: ["-b", "--bytes"], arg: "LIST", help: "select only these bytes" },
    { names: ["-c", "--characters"], arg: "LIST", help: "select only these characters" },
    { names: ["-d", "--delimiter"], arg: "DELIM", help: "character between fields, instead of TAB" },
    { names: ["-f", "--fields"], arg: "LIST", help: "select only these fields; lines without the delimiter whole" },
    { names: ["-n"], help: "(nothing)" },
    { names: ["--complement"], help: "select what was not asked for" },
    { names: ["-s", "--only-delimited"], help: "no lines without the delimiter" },
    { names: ["--output-delimiter"], arg: "STRING", help: "text between the parts printed" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
  ],
  *main(t, options, operands) {
    const zero = options.some((o) => o.name === "-z");
    const end = zero ? "\0" : "\n";
    let mode = "";
    let list = "";
    let delimiter: string | null = null;
    let glue: string | null = null;
    let complement = false;
    let only = false;
    for (const { name, value } of options) {
      if (name === "-b" || name === "-c" || name === "-f") {
        if (mode !== "") yield* t.usage("only one list may be specified");
        mode = name;
        list = value!;
      } else if (name === "-d") {
        if (utf8(value!).length > 1) yield* t.usage("the delimiter must be a single character");
        delimiter = value === "" ? "\0" : value!;
      } else if (name === "--output-delimiter") glue = value!;
      else if (name === "--complement") complement = true;
      else if (name === "-s") only = true;
    }
    if (mode === "") yield* t.usage("you must specify a list of bytes, characters, or fields");
    if (mode !== "-f" && delimiter !== null) yield* t.usage("an input delimiter may be specified only when operating on fields");
    if (mode !== "-f" && only) yield* t.usage("suppressing non-delimited lines makes sense\n\tonly when operating on fields");
    const ranges = yield* parseRanges(t, list, mode === "-f");
    const wanted = (i: number): boolean => ranges.some((r) => i >= r.from && i <= r.to) !== complement;
    const sep = delimiter ?? "\t";
    yield* eachLine(
      t,
      operands,
      function* (line, _newline, n) {
        if (n % 1000 === 0) yield* t.sys.tick(300);
        if (mode === "-f") {
          const text = fromUtf8(line);
          const parts = text.split(sep);
          if (parts.length === 1) {
            if (!only) yield* t.out.print(text + end);
            return;
          }
          yield* t.out.print(parts.filter((_, i) => wanted(i + 1)).join(glue ?? sep) + end);
          return;
        }
        // as coreutils 9.1: -c counts bytes, too
        const bytes: number[] = [];
        let last = 0;
        for (let i = 0; i < line.length; i++) {
          if (!wanted(i + 1)) continue;
          if (glue !== null && last > 0 && (last !== i || ranges.some((r) => r.from === i + 1))) bytes.push(...utf8(glue));
          bytes.push(line[i]!);
          last = i + 1;
        }
        bytes.push(zero ? 0 : 10);
        yield* t.out.write(new Uint8Array(bytes));
      },
      zero ? 0 : 10,
    );
    return t.status;
  },
});

const paste = gnuCommand({
  name: "paste",
  usage: ["[OPTION]... [FILE]..."],
  summary: "merge lines of files",
  options: [
    { names: ["-d", "--delimiters"], arg: "LIST", help: "characters to use in turn instead of TAB" },
    { names: ["-s", "--serial"], help: "one file after the other, each on one line" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
  ],
  *main(t, options, operands) {
    const zero = options.some((o) => o.name === "-z") ? 0 : 10;
    const end = zero === 0 ? "\0" : "\n";
    const raw = options.filter((o) => o.name === "-d").pop()?.value ?? "\t";
    const delims = Array.from(
      raw.replace(/\\([nt\\0])/g, (_, c: string) => (c === "n" ? "\n" : c === "t" ? "\t" : c === "0" ? "\u0001" : "\\")),
    ).map((c) => (c === "\u0001" ? "" : c));
    if (delims.length === 0) delims.push("");
    const serial = options.some((o) => o.name === "-s");
    const files = operands.length > 0 ? operands : ["-"];
    const readers: (LineReader | null)[] = [];
    const shared = new LineReader(t.sys, 0);
    for (const file of files) {
      const fd = yield* t.open(file);
      if (fd === null) {
        if (!serial) return 1;
        continue;
      }
      readers.push(fd === 0 ? shared : new LineReader(t.sys, fd));
    }
    if (serial) {
      for (const r of readers) {
        let text = "";
        for (let i = 0; ; i++) {
          const line = yield* r!.next(zero);
          if (line === null || typeof line === "number") break;
          text += (i > 0 ? delims[(i - 1) % delims.length]! : "") + fromUtf8(line);
        }
        yield* t.out.print(text + end);
      }
      return t.status;
    }
    for (;;) {
      let text = "";
      let alive = false;
      for (let i = 0; i < readers.length; i++) {
        const r = readers[i];
        const line = r ? yield* r.next(zero) : null;
        if (line === null || line === undefined || typeof line === "number") readers[i] = null;
        else {
          alive = true;
          text += fromUtf8(line);
        }
        if (i < readers.length - 1) text += delims[i % delims.length]!;
      }
      if (!alive) return t.status;
      yield* t.out.print(text + end);
    }
  },
});

const fold = gnuCommand({
  name: "fold",
  usage: ["[OPTION]... [FILE]..."],
  summary: "wrap input lines in each FILE, writing to standard output",
  rewrite: (args) => args.map((a) => (/^-[0-9]+$/.test(a) ? `-w${a.slice(1)}` : a)),
  options: [
    { names: ["-b", "--bytes"], help: "count bytes rather than columns" },
    { names: ["-s", "--spaces"], help: "break at spaces" },
    { names: ["-w", "--width"], arg: "WIDTH", help: "use WIDTH columns instead of 80" },
  ],
  *main(t, options, operands) {
    const w = options.filter((o) => o.name === "-w").pop()?.value ?? "80";
    if (!/^[1-9][0-9]*$/.test(w)) yield* t.die(`invalid number of columns: ${quote(w)}`);
    const width = Number(w);
    const spaces = options.some((o) => o.name === "-s");
    yield* eachLine(t, operands, function* (line, newline) {
      let rest = fromUtf8(line);
      while (rest.length > width) {
        const space = spaces ? rest.slice(0, width).lastIndexOf(" ") : -1;
        const end = space < 0 ? width : space + 1;
        yield* t.out.print(`${rest.slice(0, end)}\n`);
        rest = rest.slice(end);
      }
      yield* t.out.print(rest + (newline ? "\n" : ""));
    });
    return t.status;
  },
});

const CLASS: Readonly<Record<string, (c: number) => boolean>> = {
  alpha: (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122),
  digit: (c) => c >= 48 && c <= 57,
  alnum: (c) => CLASS["alpha"]!(c) || CLASS["digit"]!(c),
  upper: (c) => c >= 65 && c <= 90,
  lower: (c) => c >= 97 && c <= 122,
  space: (c) => c === 32 || (c >= 9 && c <= 13),
  blank: (c) => c === 32 || c === 9,
  punct: (c) => c > 32 && c < 127 && !CLASS["alnum"]!(c),
  print: (c) => c >= 32 && c < 127,
  graph: (c) => c > 32 && c < 127,
  cntrl: (c) => c < 32 || c === 127,
  xdigit: (c) => CLASS["digit"]!(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
};

interface TrSet {
  readonly bytes: number[];
  /** index in `bytes` of a [c*] that fills up, and its byte */
  readonly fill: { at: number; byte: number } | null;
  /** the set has [:upper:] or [:lower:] classes */
  readonly cased: boolean;
}

function* trSet(t: Tool, text: string): Call<TrSet> {
  const b = utf8(text);
  const bytes: number[] = [];
  let fill: TrSet["fill"] = null;
  let cased = false;
  const unit = function* (i: number): Call<readonly [number, number]> {
    if (b[i] !== 92) return [b[i]!, i + 1];
    const c = b[i + 1];
    if (c === undefined) {
      yield* t.warn("warning: an unescaped backslash at end of string is not portable", 0);
      return [92, i + 1];
    }
    const named: Readonly<Record<number, number>> = { 97: 7, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9, 118: 11, 92: 92 };
    if (named[c] !== undefined) return [named[c], i + 2];
    let n = 0;
    let k = i + 1;
    while (k < i + 4 && k < b.length && b[k]! >= 48 && b[k]! <= 55) n = n * 8 + b[k++]! - 48;
    return k > i + 1 ? [n & 255, k] : [c, i + 2];
  };
  for (let i = 0; i < b.length;) {
    const rest = fromUtf8(b.subarray(i));
    const cls = /^\[:([a-z]*):\]/.exec(rest);
    if (cls !== null) {
      const test = CLASS[cls[1]!];
      if (test === undefined) yield* t.die(`invalid character class ${quote(cls[1]!)}`);
      for (let c = 0; c < 256; c++) if (test!(c)) bytes.push(c);
      cased ||= cls[1] === "upper" || cls[1] === "lower";
      i += cls[0].length;
      continue;
    }
    const repeat = /^\[(\\?.)\*([0-9]*)\]/s.exec(rest);
    if (repeat !== null) {
      const [byte] = yield* unit(i + 1);
      const n = repeat[2]!;
      const count = n === "" ? 0 : n.startsWith("0") ? Number.parseInt(n, 8) : Number(n);
      if (count === 0) fill = { at: bytes.length, byte };
      else for (let k = 0; k < count; k++) bytes.push(byte);
      i += utf8(repeat[0]).length;
      continue;
    }
    const [from, next] = yield* unit(i);
    if (b[next] === 45 && next + 1 < b.length) {
      const [to, after] = yield* unit(next + 1);
      if (to < from) yield* t.die(`range-endpoints of '${fromUtf8(b.subarray(i, after))}' are in reverse collating sequence order`);
      for (let c = from; c <= to; c++) bytes.push(c);
      i = after;
    } else {
      bytes.push(from);
      i = next;
    }
  }
  return { bytes, fill, cased };
}

const tr = gnuCommand({
  name: "tr",
  usage: ["[OPTION]... STRING1 [STRING2]"],
  summary: "translate, squeeze, or delete characters from standard input, writing to standard output",
  description: ["Bytes are translated, not characters of several bytes."],
  posix: true,
  options: [
    { names: ["-c", "-C", "--complement"], help: "use all that is not in STRING1" },
    { names: ["-d", "--delete"], help: "delete the characters of STRING1" },
    { names: ["-s", "--squeeze-repeats"], help: "one for several of the same of the last STRING" },
    { names: ["-t", "--truncate-set1"], help: "cut STRING1 to the length of STRING2" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const del = has("-d");
    const squeeze = has("-s");
    const need = del && !squeeze ? 1 : del && squeeze ? 2 : squeeze ? 1 : 2;
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length < need) {
      yield* t.usage(
        `missing operand after ${quote(operands[0]!)}\n${del ? "Two strings must be given when both deleting and squeezing repeats." : "Two strings must be given when translating."}`,
      );
    }
    if (operands.length > (del && !squeeze ? 1 : 2)) {
      yield* t.usage(
        `extra operand ${quote(operands[del && !squeeze ? 1 : 2]!)}${del && !squeeze && operands.length === 2 ? "\nOnly one string may be given when deleting without squeezing repeats." : ""}`,
      );
    }
    const one = yield* trSet(t, operands[0]!);
    const two = operands.length > 1 ? yield* trSet(t, operands[1]!) : null;
    let set1 = one.bytes;
    if (has("-c")) {
      const inSet = new Set(set1);
      set1 = [];
      for (let c = 0; c < 256; c++) if (!inSet.has(c)) set1.push(c);
    }
    const remove = new Set(del ? set1 : []);
    const map = new Map<number, number>();
    if (!del && two !== null) {
      const to = Array.from(two.bytes);
      if (two.fill !== null) {
        const missing = Math.max(0, set1.length - to.length);
        to.splice(two.fill.at, 0, ...Array.from({ length: missing }, () => two.fill!.byte));
      }
      if (to.length === 0) yield* t.die("when not truncating set1, string2 must be non-empty");
      const n = has("-t") ? Math.min(set1.length, to.length) : set1.length;
      for (let i = 0; i < n; i++) map.set(set1[i]!, to[Math.min(i, to.length - 1)]!);
    }
    const squeezed = new Set(!squeeze ? [] : two !== null ? two.bytes : set1);
    let last = -1;
    for (;;) {
      const b = yield* t.read(0);
      if (typeof b === "number") return yield* t.die(`read error: ${strerror(b)}`);
      if (b.length === 0) break;
      const r: number[] = [];
      for (const x of b) {
        if (remove.has(x)) continue;
        const c = map.get(x) ?? x;
        if (c === last && squeezed.has(c)) continue;
        last = c;
        r.push(c);
      }
      yield* t.out.write(new Uint8Array(r));
      yield* t.sys.tick(1 + Math.floor(b.length / 100));
    }
    return 0;
  },
});

const comm = gnuCommand({
  name: "comm",
  usage: ["[OPTION]... FILE1 FILE2"],
  summary: "compare two sorted files line by line",
  options: [
    { names: ["-1"], help: "no column of lines only in FILE1" },
    { names: ["-2"], help: "no column of lines only in FILE2" },
    { names: ["-3"], help: "no column of lines in both" },
    { names: ["--check-order"], help: "end at unsorted input, even if all lines pair up" },
    { names: ["--nocheck-order"], help: "do not look whether the input is sorted" },
    { names: ["--output-delimiter"], arg: "STR", help: "text between columns" },
    { names: ["--total"], help: "print a summary" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
  ],
  *main(t, options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    if (operands.length === 1) yield* t.usage(`missing operand after ${quote(operands[0]!)}`);
    if (operands.length > 2) yield* t.usage(`extra operand ${quote(operands[2]!)}`);
    const hide = [1, 2, 3].map((n) => options.some((o) => o.name === `-${n}`));
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const delimiters = options.filter((o) => o.name === "--output-delimiter").map((o) => o.value!);
    if (delimiters.some((d) => d !== delimiters[0])) yield* t.die("multiple output delimiters specified");
    const tab = delimiters[0] === undefined ? "\t" : delimiters[0] === "" ? "\0" : delimiters[0];
    const end = has("-z") ? "\0" : "\n";
    const readers: LineReader[] = [];
    for (const file of operands) {
      const fd = yield* t.open(file);
      if (fd === null) return 1;
      readers.push(new LineReader(t.sys, fd));
    }
    // unsorted input is reported once a file, and again at the end
    const last: (string | null)[] = [null, null];
    const disorder = [false, false];
    let unpaired = false;
    const next = function* (r: LineReader): Call<string | null> {
      const l = yield* r.next(has("-z") ? 0 : 10);
      if (l === null || typeof l === "number") return null;
      const text = fromUtf8(l);
      const i = readers.indexOf(r);
      if (last[i] !== null && text < last[i]! && !disorder[i] && !has("--nocheck-order") && (unpaired || has("--check-order"))) {
        disorder[i] = true;
        yield* t.warn(`file ${i + 1} is not in sorted order`);
        if (has("--check-order")) return exit(1);
      }
      last[i] = text;
      return text;
    };
    const indent = ["", hide[0] ? "" : tab, (hide[0] ? "" : tab) + (hide[1] ? "" : tab)];
    const total = [0, 0, 0];
    let a = yield* next(readers[0]!);
    let b = yield* next(readers[1]!);
    while (a !== null || b !== null) {
      const which: number = a === null ? 1 : b === null ? 0 : a < b ? 0 : a > b ? 1 : 2;
      total[which]!++;
      if (which !== 2) unpaired = true;
      if (!hide[which]) yield* t.out.print(`${indent[which]}${which === 1 ? b : a}${end}`);
      if (which !== 1) a = yield* next(readers[0]!);
      if (which !== 0) b = yield* next(readers[1]!);
    }
    if (has("--total")) yield* t.out.print(`${total.join(tab)}${tab}total${end}`);
    if (disorder.includes(true)) yield* t.warn("input is not in sorted order");
    return t.status;
  },
});

export const fieldsCommands = [uniq, cut, paste, fold, tr, comm];
