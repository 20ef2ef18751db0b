/** diff and cmp of diffutils 3.8: two files, line by line or byte by byte. Directories, context format and side by side are left out. */
import { strftime } from "../../core/calendar.ts";
import { fromUtf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Call, Command } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { readAll, readFile } from "../lib/io.ts";
import { type Change, changes } from "./edits.ts";

const PKG = "diffutils 1:3.8-4";

interface Side {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly lines: readonly string[];
  /** does the last line end in a newline? */
  readonly whole: boolean;
  /** ns */
  readonly mtime: number;
}

function* side(t: Tool, path: string, missing: boolean): Call<Side | null> {
  const st = path === "-" ? yield* t.sys.fstat(0) : yield* t.sys.stat(path);
  if (typeof st === "number" && missing) return { name: path, bytes: new Uint8Array(0), lines: [], whole: true, mtime: 0 };
  const bytes = typeof st === "number" ? st : path === "-" ? yield* readAll(t.sys, 0) : yield* readFile(t.sys, path);
  if (typeof st === "number" || typeof bytes === "number") {
    yield* t.warn(`${path}: ${strerror(typeof st === "number" ? st : (bytes as number))}`, 2);
    return null;
  }
  const text = fromUtf8(bytes);
  const whole = text === "" || text.endsWith("\n");
  const lines = text === "" ? [] : (whole ? text.slice(0, -1) : text).split("\n");
  return { name: path, bytes, lines, whole, mtime: st.mtime };
}

const NO_NEWLINE = "\\ No newline at end of file\n";

/** One line with its mark, and the word about a missing newline. */
function lineText(s: Side, i: number, mark: string): string {
  return `${mark}${s.lines[i]}\n${!s.whole && i === s.lines.length - 1 ? NO_NEWLINE : ""}`;
}

function normal(a: Side, b: Side, list: readonly Change[]): string {
  const range = (from: number, n: number): string => (n <= 1 ? String(from + n) : `${from + 1},${from + n}`);
  let s = "";
  for (const c of list) {
    s += `${range(c.a, c.del)}${c.del === 0 ? "a" : c.ins === 0 ? "d" : "c"}${range(c.b, c.ins)}\n`;
    for (let i = 0; i < c.del; i++) s += lineText(a, c.a + i, "< ");
    if (c.del > 0 && c.ins > 0) s += "---\n";
    for (let i = 0; i < c.ins; i++) s += lineText(b, c.b + i, "> ");
  }
  return s;
}

function unified(a: Side, b: Side, list: readonly Change[], context: number, labels: readonly string[]): string {
  const stamp = (s: Side): string => {
    const seconds = Math.floor(s.mtime / 1e9);
    return strftime("%Y-%m-%d %H:%M:%S.%N %z", seconds, s.mtime - seconds * 1e9);
  };
  const head = (s: Side, label: string | undefined): string => label ?? `${s.name}\t${stamp(s)}`;
  let out = `--- ${head(a, labels[0])}\n+++ ${head(b, labels[1])}\n`;
  const range = (from: number, n: number): string => (n === 1 ? String(from + 1) : `${n === 0 ? from : from + 1},${n}`);
  for (let i = 0; i < list.length;) {
    let j = i;
    // changes whose contexts touch share a hunk
    while (j + 1 < list.length && list[j + 1]!.a - (list[j]!.a + list[j]!.del) <= 2 * context) j++;
    const from = Math.max(0, list[i]!.a - context);
    const to = Math.min(a.lines.length, list[j]!.a + list[j]!.del + context);
    const fromB = list[i]!.b - (list[i]!.a - from);
    const toB = list[j]!.b + list[j]!.ins + (to - list[j]!.a - list[j]!.del);
    out += `@@ -${range(from, to - from)} +${range(fromB, toB - fromB)} @@\n`;
    let at = from;
    for (const c of list.slice(i, j + 1)) {
      for (; at < c.a; at++) out += lineText(a, at, " ");
      for (let k = 0; k < c.del; k++) out += lineText(a, c.a + k, "-");
      for (let k = 0; k < c.ins; k++) out += lineText(b, c.b + k, "+");
      at = c.a + c.del;
    }
    for (; at < to; at++) out += lineText(a, at, " ");
    i = j + 1;
  }
  return out;
}

const diff = gnuCommand({
  name: "diff",
  pkg: PKG,
  version: "diff (GNU diffutils) 3.8",
  usage: ["[OPTION]... FILES"],
  summary: "compare FILES line by line",
  description: ["Exit status: 0 no difference, 1 differences, 2 trouble."],
  usageStatus: 2,
  namedHint: true,
  options: [
    { names: ["--normal"], help: "changes as ed knows them (default)" },
    { names: ["-q", "--brief"], help: "only say whether they differ" },
    { names: ["-s", "--report-identical-files"], help: "say when they are the same" },
    { names: ["-u"], help: "three lines of unified context" },
    { names: ["-U", "--unified"], arg: "NUM", help: "NUM lines of unified context" },
    { names: ["--label"], arg: "LABEL", help: "instead of file name and time" },
    { names: ["-i", "--ignore-case"], help: "upper and lower case are the same" },
    { names: ["-b", "--ignore-space-change"], help: "amounts of white space do not matter" },
    { names: ["-w", "--ignore-all-space"], help: "white space does not matter" },
    { names: ["-a", "--text"], help: "all files are text" },
    { names: ["-N", "--new-file"], help: "missing files are empty" },
    { names: ["-d", "--minimal"], help: "a smallest set of changes; it always is" },
    {
      names: ["-B", "--ignore-blank-lines", "-c", "-E", "--ignore-tab-expansion", "-e", "--ed", "-l", "--paginate", "-n", "--rcs"],
      help: "",
      notModelled: true,
    },
    {
      names: ["-p", "--show-c-function", "-r", "--recursive", "-t", "--expand-tabs", "-T", "--initial-tab", "-y", "--side-by-side"],
      help: "",
      notModelled: true,
    },
    {
      names: ["-Z", "--ignore-trailing-space", "--left-column", "--suppress-common-lines", "-P", "--strip-trailing-cr"],
      help: "",
      notModelled: true,
    },
    {
      names: ["-C", "--context", "-D", "--ifdef", "-F", "-I", "-S", "-W", "--width", "-x", "--exclude", "-X", "--color", "--palette"],
      arg: "X",
      help: "",
      notModelled: true,
    },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length < 2) return yield* t.usage(`missing operand after '${operands[0] ?? t.name}'`);
    if (operands.length > 2) return yield* t.usage(`extra operand '${operands[2]}'`);
    let [one, two] = operands as [string, string];
    const directory = function* (p: string): Call<boolean> {
      const st = p === "-" ? 0 : yield* t.sys.stat(p);
      return typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR;
    };
    const [d1, d2] = [yield* directory(one), yield* directory(two)];
    if (d1 && d2) return yield* t.notSimulated("comparing directories");
    const base = (p: string): string => p.slice(p.lastIndexOf("/") + 1);
    if (d1) one = `${one.replace(/\/$/, "")}/${base(two)}`;
    if (d2) two = `${two.replace(/\/$/, "")}/${base(one)}`;
    const a = yield* side(t, one, has("-N"));
    const b = yield* side(t, two, has("-N"));
    if (a === null || b === null) return 2;
    const key = (s: Side): string[] =>
      s.lines.map((l, i) => {
        let k = has("-w") ? l.replace(/\s+/g, "") : has("-b") ? l.replace(/\s+/g, " ").trimEnd() : l;
        if (has("-i")) k = k.toLowerCase();
        return !s.whole && i === s.lines.length - 1 && !has("-w") && !has("-b") ? `${k}\0` : k;
      });
    if (!has("-a") && (a.bytes.includes(0) || b.bytes.includes(0))) {
      const same = a.bytes.length === b.bytes.length && a.bytes.every((x, i) => x === b.bytes[i]);
      if (!same) yield* t.out.print(has("-q") ? `Files ${one} and ${two} differ\n` : `Binary files ${one} and ${two} differ\n`);
      else if (has("-s")) yield* t.out.print(`Files ${one} and ${two} are identical\n`);
      return same ? 0 : 1;
    }
    const list = yield* changes(t.sys, key(a), key(b));
    if (list.length === 0) {
      if (has("-s")) yield* t.out.print(`Files ${one} and ${two} are identical\n`);
      return 0;
    }
    const context = options.findLast((o) => o.name === "-U")?.value ?? "3";
    if (!/^[0-9]+$/.test(context)) return yield* t.usage(`invalid context length '${context}'`);
    const labels = options.filter((o) => o.name === "--label").map((o) => o.value!);
    if (has("-q")) yield* t.out.print(`Files ${one} and ${two} differ\n`);
    else if (has("-u") || has("-U")) yield* t.out.print(unified(a, b, list, Number(context), labels));
    else yield* t.out.print(normal(a, b, list));
    return 1;
  },
});

const cmp = gnuCommand({
  name: "cmp",
  pkg: PKG,
  version: "cmp (GNU diffutils) 3.8",
  usage: ["[OPTION]... FILE1 [FILE2]"],
  summary: "compare two files byte by byte",
  usageStatus: 2,
  namedHint: true,
  options: [
    { names: ["-l", "--verbose"], help: "all bytes that differ" },
    { names: ["-s", "--quiet", "--silent"], help: "only the exit status" },
    { names: ["-n", "--bytes"], arg: "LIMIT", help: "at most so many bytes" },
    { names: ["-b", "--print-bytes"], help: "print the bytes", notModelled: true },
    { names: ["-i", "--ignore-initial"], arg: "SKIP", help: "skip bytes", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length === 0) return yield* t.usage(`missing operand after '${t.name}'`);
    const [one, two] = [operands[0]!, operands[1] ?? "-"];
    const a = yield* side(t, one, false);
    const b = a === null ? null : yield* side(t, two, false);
    if (a === null || b === null) return 2;
    const limit = options.findLast((o) => o.name === "-n")?.value ?? null;
    if (limit !== null && !/^[0-9]+$/.test(limit)) return yield* t.usage(`invalid --bytes value '${limit}'`);
    const n = Math.min(a.bytes.length, b.bytes.length, limit === null ? Number.MAX_SAFE_INTEGER : Number(limit));
    let line = 1;
    let differs = false;
    for (let i = 0; i < n; i++) {
      const [x, y] = [a.bytes[i]!, b.bytes[i]!];
      if (x !== y) {
        differs = true;
        if (has("-s")) return 1;
        if (!has("-l")) {
          yield* t.out.print(`${one} ${two} differ: byte ${i + 1}, line ${line}\n`);
          return 1;
        }
        const width = String(Math.max(a.bytes.length, b.bytes.length)).length;
        yield* t.out.print(`${String(i + 1).padStart(width)} ${x.toString(8).padStart(3)} ${y.toString(8).padStart(3)}\n`);
      }
      if (x === 10) line++;
    }
    if (a.bytes.length !== b.bytes.length && (limit === null || n < Number(limit))) {
      const shorter = a.bytes.length < b.bytes.length ? a : b;
      const at =
        shorter.bytes.length === 0
          ? " which is empty"
          : ` after byte ${n}${has("-l") ? "" : shorter.bytes[n - 1] === 10 ? `, line ${line - 1}` : `, in line ${line}`}`;
      if (!has("-s")) yield* t.warn(`EOF on ${shorter.name}${at}`);
      return 1;
    }
    return differs ? 1 : 0;
  },
});

export const commands: readonly Command[] = [diff, cmp];
