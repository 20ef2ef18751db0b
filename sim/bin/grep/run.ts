/** grep at work: patterns to one expression, files to lines, lines to output with context, names and colours. */
import { fromUtf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { globMatch } from "../lib/glob.ts";
import { quote, type Tool } from "../lib/gnu.ts";
import { err, exit, LineReader, lines, readText } from "../lib/io.ts";
import type { GivenOption } from "../lib/options.ts";
import { perlParts } from "./perl.ts";
import { compileTranslated, type Dialect, Regex, type RegexFailure, translateRegex } from "../lib/regex.ts";

interface Job {
  readonly re: Regex;
  /** group that holds the match, with -w and -P */
  readonly group: number;
  /** how far before the end of a match the next may begin to look */
  readonly back: number;
  /** no pattern at all: nothing matches */
  readonly never: boolean;
  readonly invert: boolean;
  readonly max: number;
  readonly offsets: boolean;
  readonly numbers: boolean;
  readonly names: boolean;
  readonly label: string;
  readonly only: boolean;
  readonly quiet: boolean;
  readonly silent: boolean;
  readonly list: "" | "with" | "without";
  readonly count: boolean;
  readonly nul: boolean;
  readonly tab: boolean;
  readonly before: number;
  readonly after: number;
  readonly separator: string | null;
  readonly color: boolean;
  readonly binary: "note" | "text" | "skip";
  readonly lineBuffered: boolean;
  /** what lines end in */
  readonly end: "\n" | "\0";
  /** "skip": no devices, sockets and pipes */
  readonly devices: string;
}

function* number(t: Tool, text: string, what: string): Call<number> {
  if (!/^-?[0-9]+$/.test(text))
    return yield* t.die(`${what === "max" ? "invalid max count" : `${text}: invalid context length argument`}`, 2);
  if (what !== "max" && text.startsWith("-")) return yield* t.die(`${text}: invalid context length argument`, 2);
  const n = Number(text);
  return n < 0 ? Number.MAX_SAFE_INTEGER : n;
}

export function* run(t: Tool, options: readonly GivenOption[], words: readonly string[], initial: "bre" | "ere" | "fixed"): Call<number> {
  let kind: string = initial;
  const patterns: string[] = [];
  let given = false;
  let fold = false;
  let context = -1;
  let before = -1;
  let after = -1;
  let max = Number.MAX_SAFE_INTEGER;
  let names: boolean | null = null;
  let recurse = "";
  let directories = "read";
  let devices = "";
  let list: Job["list"] = "";
  let separator: string | null = "--";
  let color = false;
  let label = "(standard input)";
  let binary: Job["binary"] = "note";
  const include: string[] = [];
  const exclude: string[] = [];
  const excludeDir: string[] = [];
  const has = (n: string): boolean => options.some((o) => o.name === n);
  for (const { name, value } of options) {
    switch (name) {
      case "-E":
        kind = "ere";
        break;
      case "-F":
        kind = "fixed";
        break;
      case "-G":
        kind = "bre";
        break;
      case "-e":
        given = true;
        patterns.push(...value!.split("\n"));
        break;
      case "-f": {
        given = true;
        const text = yield* readText(t.sys, value === "-" ? "/dev/stdin" : value!);
        if (typeof text === "number") return yield* t.die(`${value}: ${strerror(text)}`, 2);
        patterns.push(...lines(text));
        break;
      }
      case "-i":
        fold = true;
        break;
      case "--no-ignore-case":
        fold = false;
        break;
      case "-m":
        max = yield* number(t, value!, "max");
        break;
      case "-A":
        after = yield* number(t, value!, "context");
        break;
      case "-B":
        before = yield* number(t, value!, "context");
        break;
      case "-C":
        context = yield* number(t, value!, "context");
        break;
      case "-H":
        names = true;
        break;
      case "-h":
        names = false;
        break;
      case "-r":
      case "-R":
        recurse = name;
        break;
      case "-d":
        if (!["read", "recurse", "skip"].includes(value!))
          return yield* t.usage(
            `invalid argument ${quote(value!)} for ‘--directories’\nValid arguments are:\n  - ‘read’\n  - ‘recurse’\n  - ‘skip’`,
          );
        directories = value!;
        if (value === "recurse") recurse = "-r";
        break;
      case "-l":
        list = "with";
        break;
      case "-L":
        list = "without";
        break;
      case "-P":
        kind = "perl";
        break;
      case "-D":
        if (value !== "read" && value !== "skip") return yield* t.die("unknown devices method", 2);
        devices = value;
        break;
      case "--binary-files":
        if (!["binary", "text", "without-match"].includes(value!)) return yield* t.die("unknown binary-files type", 2);
        binary = value === "text" ? "text" : value === "binary" ? "note" : "skip";
        break;
      case "--exclude-from": {
        const text = yield* readText(t.sys, value!);
        if (typeof text === "number") return yield* t.die(`${value}: ${strerror(text)}`, 2);
        exclude.push(...lines(text).filter((l) => l.trim() !== ""));
        break;
      }
      case "-a":
        binary = "text";
        break;
      case "-I":
        binary = "skip";
        break;
      case "--include":
        include.push(value!);
        break;
      case "--exclude":
        exclude.push(value!);
        break;
      case "--exclude-dir":
        excludeDir.push(value!);
        break;
      case "--label":
        label = value!;
        break;
      case "--group-separator":
        separator = value;
        break;
      case "--no-group-separator":
        separator = null;
        break;
      case "--color": {
        const when = value ?? "auto";
        if (["always", "yes", "force"].includes(when)) color = true;
        else if (["never", "no", "none"].includes(when)) color = false;
        else if (["auto", "tty", "if-tty"].includes(when))
          color = (yield* t.sys.isatty(1)) === 1 && ((yield* t.sys.getenv()).get("TERM") ?? "dumb") !== "dumb";
        else return yield* t.usage(`invalid argument ${quote(when)} for ‘--color’`);
      }
    }
  }
  let files = words;
  if (!given) {
    if (files.length === 0) {
      yield* err(t.sys, `Usage: ${t.name} [OPTION]... PATTERNS [FILE]...\nTry '${t.name} --help' for more information.\n`);
      return 2;
    }
    patterns.push(...files[0]!.split("\n"));
    files = files.slice(1);
  }
  const { re, group, back } = yield* compile(t, patterns, kind, fold, has("-w"), has("-x"));
  if (files.length === 0) files = recurse !== "" ? ["."] : ["-"];
  const implicit = recurse !== "" && words.length === (given ? 0 : 1);
  const job: Job = {
    re,
    group,
    back,
    never: patterns.length === 0,
    invert: has("-v"),
    max,
    offsets: has("-b"),
    numbers: has("-n"),
    names: names ?? (files.length > 1 || (recurse !== "" && (yield* anyDirectory(t, files)))),
    label,
    only: has("-o"),
    quiet: has("-q"),
    silent: has("-s"),
    list,
    count: has("-c"),
    nul: has("-Z"),
    tab: has("-T"),
    before: before >= 0 ? before : Math.max(0, context),
    after: after >= 0 ? after : Math.max(0, context),
    separator: before >= 0 || after >= 0 || context >= 0 ? separator : null,
    color,
    binary,
    lineBuffered: has("--line-buffered"),
    end: has("-z") ? "\0" : "\n",
    devices,
  };
  const state = { matched: false, failed: false };
  const visit = function* (path: string, top: boolean): Call<void> {
    if (path === "-") return yield* search(t, job, "-", 0, state);
    const st = recurse === "-R" || top ? yield* t.sys.stat(path) : yield* t.sys.lstat(path);
    if (typeof st === "number") {
      state.failed = true;
      if (!job.silent) yield* t.warn(`${path}: ${strerror(st)}`);
      return;
    }
    const type = st.mode & S_IF.MT;
    const base = path.slice(path.lastIndexOf("/") + 1);
    if (type === S_IF.DIR && recurse !== "") {
      if (!top && excludeDir.some((g) => globMatch(g, base))) return;
      const rows = yield* t.sys.readdir(path);
      if (typeof rows === "number") {
        state.failed = true;
        if (!job.silent) yield* t.warn(`${path}: ${strerror(rows)}`);
        return;
      }
      for (const r of rows) {
        if (r.name === "." || r.name === "..") continue;
        yield* visit(top && implicit ? r.name : path.endsWith("/") ? path + r.name : `${path}/${r.name}`, false);
      }
      return;
    }
    if (type === S_IF.DIR && directories === "skip") return;
    if (job.devices === "skip" && [S_IF.CHR, S_IF.BLK, S_IF.IFO, S_IF.SOCK].some((x) => x === type)) return;
    if (!top && (type === S_IF.LNK || (type !== S_IF.REG && recurse === "-r"))) return;
    if (include.length > 0 && !include.some((g) => globMatch(g, base))) return;
    if (exclude.some((g) => globMatch(g, base))) return;
    const fd = yield* t.sys.open(path, O.RDONLY | O.CLOEXEC, 0);
    if (fd < 0) {
      state.failed = true;
      if (!job.silent) yield* t.warn(`${path}: ${strerror(fd)}`);
      return;
    }
    yield* search(t, job, path, fd, state);
    yield* t.close(fd);
  };
  for (const f of files) yield* visit(f, true);
  if (state.failed && !(job.quiet && state.matched)) return 2;
  return state.matched ? 0 : 1;
}

function* anyDirectory(t: Tool, files: readonly string[]): Call<boolean> {
  for (const f of files) {
    const st = f === "-" ? 0 : yield* t.sys.stat(f);
    if (typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR) return true;
  }
  return false;
}

/** All patterns as one alternation. With -w and -x the match proper is a group. */
function* compile(
  t: Tool,
  patterns: readonly string[],
  kind: string,
  fold: boolean,
  word: boolean,
  line: boolean,
): Call<{ re: Regex; group: number; back: number }> {
  const parts: string[] = [];
  if (kind === "perl" && patterns.length > 1) yield* t.die("the -P option only supports a single pattern", 2);
  const perl = kind === "perl" ? perlParts(patterns[0] ?? "") : null;
  const around = perl !== null && perl.before + perl.after !== "";
  if (kind === "perl" && (perl === null || (around && (word || line)))) yield* t.notSimulated("this pattern of option -P");
  if (perl !== null && around) {
    const re = compileTranslated(`(?:${perl.before})(${perl.match})(?:${perl.after})`, { ignoreCase: fold });
    const inFront = compileTranslated(perl.before);
    if (!(re instanceof Regex)) return yield* refuse(t, re);
    return { re, group: 1 + (inFront instanceof Regex ? inFront.groups : 0), back: perl.back };
  }
  for (const p of patterns) {
    const one: string | RegexFailure =
      kind === "perl"
        ? p
        : kind === "fixed"
          ? p.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")
          : translateRegex(p, (kind === "ere" ? "egrep" : kind) as Dialect);
    if (typeof one === "string") parts.push(one);
    else yield* refuse(t, one);
  }
  let source = parts.length === 1 ? parts[0]! : parts.map((p) => `(?:${p})`).join("|");
  let group = 0;
  if (line) source = `\\A(?:${source})\\z`;
  else if (word) {
    source = `(?:\\A|[^\\pL\\pN_])(${source})(?:[^\\pL\\pN_]|\\z)`;
    group = 1;
  }
  const re = compileTranslated(source, { ignoreCase: fold });
  return re instanceof Regex ? { re, group, back: 0 } : yield* refuse(t, re);
}

function* refuse(t: Tool, f: RegexFailure): Call<never> {
  if (f.notSimulated !== null) yield* t.notSimulated(f.notSimulated);
  return yield* t.die(f.message!, 2);
}

/** The matches of a line: [start, end] pairs that do not overlap, empty ones left out. */
function matches(job: Job, text: string): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let from = 0; from <= text.length;) {
    const m = job.re.exec(text, from);
    if (m === null) break;
    const [start, end] = [m[2 * job.group]!, m[2 * job.group + 1]!];
    if (end > start) found.push([start, end]);
    // the word separator behind a match may be the one before the next
    from = end > start ? Math.max(end - job.back, m[0]! + 1) : Math.max(end, m[1]!) + 1;
  }
  return found;
}

const PAINT = { match: "\x1b[01;31m\x1b[K", name: "\x1b[35m\x1b[K", number: "\x1b[32m\x1b[K", sep: "\x1b[36m\x1b[K", end: "\x1b[m\x1b[K" };

function* search(t: Tool, job: Job, file: string, fd: number, state: { matched: boolean; failed: boolean }): Call<void> {
  const shownName = file === "-" ? job.label : file;
  const reader = new LineReader(t.sys, fd);
  const out = t.out;
  const paint = (kind: "match" | "name" | "number" | "sep", s: string): string => (job.color ? PAINT[kind] + s + PAINT.end : s);
  const head = (sep: string, line: number, offset: number): string => {
    let s = "";
    if (job.names) s += paint("name", shownName) + (job.nul ? "\0" : paint("sep", sep));
    if (job.numbers) s += paint("number", String(line).padStart(job.tab ? 4 : 0)) + paint("sep", sep);
    if (job.offsets) s += paint("number", String(offset)) + paint("sep", sep);
    return job.tab && s !== "" ? `${s}\t` : s;
  };
  const print = function* (sep: string, n: number, offset: number, text: string, isMatch: boolean): Call<void> {
    if (job.only && isMatch && !job.invert) {
      for (const [a, b] of matches(job, text)) yield* out.print(`${head(sep, n, offset + a)}${paint("match", text.slice(a, b))}${job.end}`);
    } else if (!job.only) {
      let body = text;
      if (job.color && isMatch && !job.invert) {
        body = "";
        let at = 0;
        for (const [a, b] of matches(job, text)) {
          body += text.slice(at, a) + paint("match", text.slice(a, b));
          at = b;
        }
        body += text.slice(at);
      }
      yield* out.print(`${head(sep, n, offset)}${body}${job.end}`);
    }
    if (job.lineBuffered) yield* out.flush();
  };
  const held: { n: number; offset: number; text: string }[] = [];
  let n = 0;
  let offset = 0;
  let selected = 0;
  let lastPrinted = 0;
  let trailing = 0;
  let binary = false;
  const silent = job.quiet || job.list !== "" || job.count;
  for (;;) {
    if (selected >= job.max && trailing <= 0) break;
    const line = yield* reader.next(job.end === "\0" ? 0 : 10);
    if (line === null) break;
    if (typeof line === "number") {
      state.failed = true;
      if (line === -Errno.EISDIR) {
        if (!job.silent) yield* t.warn(`${file}: Is a directory`);
      } else if (!job.silent) yield* t.warn(`${file}: ${strerror(line)}`);
      return;
    }
    n++;
    if (n % 1000 === 0) yield* t.sys.tick(300);
    if (job.binary !== "text" && job.end === "\n" && !binary && line.includes(0)) {
      binary = true;
      if (job.binary === "skip") return;
    }
    const text = fromUtf8(line);
    const hit = selected < job.max && !job.never && job.re.test(text);
    const take = selected < job.max && hit !== job.invert;
    if (take) {
      selected++;
      state.matched = true;
      if (job.quiet) {
        yield* out.flush();
        exit(0);
      }
      if (job.list !== "") break;
      if (!silent) {
        if (binary) {
          yield* t.warn(`${shownName}: binary file matches`, 0);
          return;
        }
        const first = held[0]?.n ?? n;
        if (job.separator !== null && (job.before > 0 || job.after > 0) && lastPrinted > 0 && first > lastPrinted + 1)
          yield* out.print(`${paint("sep", job.separator)}\n`);
        for (const h of held) yield* print("-", h.n, h.offset, h.text, false);
        held.length = 0;
        yield* print(":", n, offset, text, true);
        lastPrinted = n;
        trailing = job.after;
      }
    } else if (!silent && trailing > 0) {
      trailing--;
      yield* print("-", n, offset, text, false);
      lastPrinted = n;
    } else if (job.before > 0 && selected < job.max) {
      held.push({ n, offset, text });
      if (held.length > job.before) held.shift();
    }
    offset += line.length + 1;
  }
  if (job.count) yield* out.print(`${job.names ? `${paint("name", shownName)}${job.nul ? "\0" : paint("sep", ":")}` : ""}${selected}\n`);
  if ((job.list === "with" && selected > 0) || (job.list === "without" && selected === 0))
    yield* out.print(paint("name", shownName) + (job.nul ? "\0" : "\n"));
}
