/**
 * ls: columns on a terminal, one name a line otherwise; long listings, sorting, types, colours as Debian's `ls --color`.
 * Names are quoted on a terminal only. Block counts are of 1 KiB in 4 KiB steps, as on ext4.
 */
import { strerror } from "../../core/result.ts";
import type { Call, Stat } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { globMatch } from "../lib/glob.ts";
import { C_ESCAPES, argmatch, gnuCommand, quote, quoteaf, type Tool } from "../lib/gnu.ts";
import type { GivenOption } from "../lib/options.ts";
import { strftime } from "../../core/calendar.ts";
import { type Group, groupName, readGroups, readUsers, type User, userName } from "../lib/users.ts";
import { blocksOf, humanSize, modeText } from "../lib/mode.ts";
import { compareVersion } from "./sort.ts";

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly st: Stat | null;
  readonly target: string | null;
  /** of a link: what it leads to */
  readonly to: Stat | null;
}

interface View {
  readonly long: boolean;
  readonly one: boolean;
  readonly commas: boolean;
  readonly across: boolean;
  readonly all: boolean;
  readonly almost: boolean;
  readonly noBackups: boolean;
  readonly dirs: boolean;
  readonly recursive: boolean;
  readonly human: false | 1024 | 1000;
  readonly sort: "name" | "time" | "size" | "extension" | "version" | "none";
  readonly reverse: boolean;
  readonly time: "mtime" | "atime" | "ctime";
  readonly inode: boolean;
  readonly blocks: boolean;
  readonly numeric: boolean;
  readonly owner: boolean;
  readonly group: boolean;
  readonly indicator: "" | "/" | "F" | "t";
  readonly color: boolean;
  readonly quoting: boolean;
  /** --quoting-style, -b, -Q or -N; null: shell-escape on a terminal, literal elsewhere */
  readonly style: string | null;
  /** ? for control characters */
  readonly hideControls: boolean;
  readonly ignore: readonly string[];
  readonly end: string;
  readonly follow: boolean;
  readonly dirsFirst: boolean;
  readonly timeStyle: string | null;
  readonly width: number;
}

const COLOR = {
  reset: "\x1b[0m",
  dir: "\x1b[01;34m",
  link: "\x1b[01;36m",
  orphan: "\x1b[40;31;01m",
  exec: "\x1b[01;32m",
  fifo: "\x1b[40;33m",
  sock: "\x1b[01;35m",
  dev: "\x1b[40;33;01m",
  setuid: "\x1b[37;41m",
  sticky: "\x1b[37;44m",
  stickyOther: "\x1b[30;42m",
  other: "\x1b[34;42m",
};

function colorOf(e: Entry): string {
  const st = e.st;
  if (st === null) return "";
  switch (st.mode & S_IF.MT) {
    case S_IF.DIR:
      return (st.mode & 0o1002) === 0o1002
        ? COLOR.stickyOther
        : (st.mode & 2) !== 0
          ? COLOR.other
          : (st.mode & 0o1000) !== 0
            ? COLOR.sticky
            : COLOR.dir;
    case S_IF.LNK:
      return e.to === null ? COLOR.orphan : COLOR.link;
    case S_IF.IFO:
      return COLOR.fifo;
    case S_IF.SOCK:
      return COLOR.sock;
    case S_IF.CHR:
    case S_IF.BLK:
      return COLOR.dev;
    default:
      return (st.mode & 0o4000) !== 0 ? COLOR.setuid : (st.mode & 0o111) !== 0 ? COLOR.exec : "";
  }
}

function isDevice(st: Stat): boolean {
  return (st.mode & S_IF.MT) === S_IF.CHR || (st.mode & S_IF.MT) === S_IF.BLK;
}

function indicatorOf(mode: number, style: View["indicator"]): string {
  if (style === "") return "";
  switch (mode & S_IF.MT) {
    case S_IF.DIR:
      return "/";
    case S_IF.LNK:
      return style === "/" ? "" : "@";
    case S_IF.IFO:
      return style === "/" ? "" : "|";
    case S_IF.SOCK:
      return style === "/" ? "" : "=";
    case S_IF.REG:
      return style === "F" && (mode & 0o111) !== 0 ? "*" : "";
    default:
      return "";
  }
}

const SAFE = /^[A-Za-z0-9_@%+=,./^:\u00a1-\u{10ffff}~#{}\]-]+$/u;

class Lister {
  readonly t: Tool;
  readonly v: View;
  users: readonly User[] = [];
  groups: readonly Group[] = [];
  now = 0;
  printed = false;

  constructor(t: Tool, v: View) {
    this.t = t;
    this.v = v;
  }

  *entry(name: string, path: string, follow: boolean): Call<Entry | number> {
    const st = follow ? yield* this.t.sys.stat(path) : yield* this.t.sys.lstat(path);
    if (typeof st === "number") {
      if (!follow) return st;
      const l = yield* this.t.sys.lstat(path);
      if (typeof l === "number") return st;
      return { name, path, st: l, target: null, to: null };
    }
    let target: string | null = null;
    let to: Stat | null = null;
    if ((st.mode & S_IF.MT) === S_IF.LNK && (this.v.long || this.v.color || this.v.indicator !== "")) {
      const r = yield* this.t.sys.readlink(path);
      if (typeof r === "string") target = r;
      const s = yield* this.t.sys.stat(path);
      if (typeof s !== "number") to = s;
    }
    return { name, path, st, target, to };
  }

  sorted(entries: readonly Entry[]): Entry[] {
    const v = this.v;
    if (v.sort === "none") return v.reverse ? Array.from(entries).reverse() : Array.from(entries);
    const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const ext = (n: string): string => (n.lastIndexOf(".") > 0 ? n.slice(n.lastIndexOf(".")) : "");
    const compare = (a: Entry, b: Entry): number => {
      let d = 0;
      if (v.sort === "time") d = (b.st?.[v.time] ?? 0) - (a.st?.[v.time] ?? 0);
      else if (v.sort === "size") d = (b.st?.size ?? 0) - (a.st?.size ?? 0);
      else if (v.sort === "extension") d = ext(a.name) < ext(b.name) ? -1 : ext(a.name) > ext(b.name) ? 1 : 0;
      else if (v.sort === "version") d = compareVersion(a.name, b.name);
      return d !== 0 ? d : byName(a, b);
    };
    const isDir = (e: Entry): boolean => ((e.to ?? e.st)?.mode ?? 0) >> 12 === S_IF.DIR >> 12;
    return Array.from(entries).sort((a, b) => {
      if (v.dirsFirst && isDir(a) !== isDir(b)) return isDir(a) ? -1 : 1;
      return v.reverse ? -compare(a, b) : compare(a, b);
    });
  }

  *directory(path: string, titled: boolean): Call<void> {
    const t = this.t;
    const rows = yield* t.sys.readdir(path);
    if (typeof rows === "number") {
      yield* t.warn(`cannot open directory ${quoteaf(path)}: ${strerror(rows)}`, titled && this.v.recursive && this.printed ? 1 : 2);
      return;
    }
    const entries: Entry[] = [];
    const names = rows.map((r) => r.name);
    for (const name of names.includes(".") || !this.v.all ? names : [".", "..", ...names]) {
      if (name === "." || name === ".." ? !this.v.all : name.startsWith(".") && !this.v.all && !this.v.almost) continue;
      if (this.v.noBackups && name.endsWith("~")) continue;
      if (this.v.ignore.some((p) => globMatch(p, name, false))) continue;
      const e = yield* this.entry(name, path.endsWith("/") ? path + name : `${path}/${name}`, this.v.follow);
      if (typeof e === "number") yield* t.warn(`cannot access ${quoteaf(`${path}/${name}`)}: ${strerror(e)}`);
      else entries.push(e);
    }
    if (titled) yield* t.out.print(`${this.printed ? "\n" : ""}${path}:\n`);
    this.printed = true;
    const list = this.sorted(entries);
    if (this.v.long || this.v.blocks) {
      const total = list.reduce((s, e) => s + blocksOf(e.st), 0);
      yield* t.out.print(`total ${this.v.human ? humanSize(total * 1024, this.v.human) : total}\n`);
    }
    yield* this.show(list);
    if (!this.v.recursive) return;
    for (const e of list) {
      if (e.name === "." || e.name === ".." || e.st === null || (e.st.mode & S_IF.MT) !== S_IF.DIR) continue;
      yield* this.directory(e.path, true);
    }
  }

  *show(list: readonly Entry[]): Call<void> {
    const v = this.v;
    const out = this.t.out;
    if (list.length === 0) return;
    const quoted = list.map((e) => {
      const name = v.style !== null ? styled(e.name, v.style) : v.quoting && !SAFE.test(e.name) ? quoteaf(e.name) : e.name;
      return v.hideControls ? name.replace(/[\x00-\x1f\x7f]/g, "?") : name;
    });
    const anyQuoted = quoted.some((q, i) => q !== list[i]!.name);
    const prefix = list.map((e) => {
      let s = "";
      if (v.inode) s += `${e.st?.ino ?? "?"} `;
      if (v.blocks) s += `${v.human ? humanSize(blocksOf(e.st) * 1024, v.human) : blocksOf(e.st)} `;
      return s;
    });
    const inodeWidth = Math.max(...list.map((e) => String(e.st?.ino ?? "?").length));
    const blockWidth = Math.max(...list.map((e) => (v.human ? humanSize(blocksOf(e.st) * 1024, v.human) : String(blocksOf(e.st))).length));
    const aligned = list.map((e) => {
      let s = "";
      if (v.inode) s += `${String(e.st?.ino ?? "?").padStart(inodeWidth)} `;
      if (v.blocks) s += `${(v.human ? humanSize(blocksOf(e.st) * 1024, v.human) : String(blocksOf(e.st))).padStart(blockWidth)} `;
      return s;
    });
    const plain = list.map(
      (e, i) =>
        (v.quoting && anyQuoted && quoted[i] === e.name && (v.long || !v.one) ? ` ${e.name}` : quoted[i]!) +
        (e.st ? indicatorOf(e.st.mode, v.indicator) : ""),
    );
    const painted = list.map((e, i) => {
      if (!v.color) return plain[i]!;
      const c = colorOf(e);
      if (c === "") return plain[i]!;
      const mark = e.st ? indicatorOf(e.st.mode, v.indicator) : "";
      const name = mark === "" ? plain[i]! : plain[i]!.slice(0, -mark.length);
      return `${c}${name}${COLOR.reset}${mark}`;
    });
    const firstPainted = painted.findIndex((p, i) => p !== plain[i]);
    if (firstPainted >= 0 && !this.started) {
      painted[firstPainted] = COLOR.reset + painted[firstPainted]!;
      this.started = true;
    }
    if (v.long) {
      yield* this.longList(list, painted, aligned);
    } else if (v.one) {
      for (let i = 0; i < list.length; i++) yield* out.print(`${aligned[i]}${painted[i]}${v.end}`);
    } else if (v.commas) {
      yield* out.print(
        commaList(
          plain.map((p, i) => prefix[i]! + p),
          painted.map((p, i) => prefix[i]! + p),
          v.width,
        ),
      );
    } else {
      yield* out.print(
        columns(
          plain.map((p, i) => aligned[i]! + p),
          painted.map((p, i) => aligned[i]! + p),
          v.width,
          v.across,
        ),
      );
    }
  }
  private started = false;

  private *longList(list: readonly Entry[], painted: readonly string[], aligned: readonly string[]): Call<void> {
    const v = this.v;
    const devices = list.map((e) => e.st).filter((st) => st !== null && isDevice(st)) as Stat[];
    const majorWidth = Math.max(0, ...devices.map((st) => String(st.rdev >> 8).length));
    const minorWidth = Math.max(0, ...devices.map((st) => String(st.rdev & 255).length));
    const rows = list.map((e) => {
      const st = e.st;
      if (st === null) return ["??????????", "?", "?", "?", "?", "?"];
      const size = isDevice(st)
        ? `${String(st.rdev >> 8).padStart(majorWidth)}, ${String(st.rdev & 255).padStart(minorWidth)}`
        : v.human
          ? humanSize(st.size, v.human)
          : String(st.size);
      return [
        modeText(st.mode),
        String(st.nlink),
        v.numeric ? String(st.uid) : userName(this.users, st.uid),
        v.numeric ? String(st.gid) : groupName(this.groups, st.gid),
        size,
        this.timeText(st[v.time]),
      ];
    });
    const width = (i: number): number => Math.max(...rows.map((r) => r[i]!.length));
    const [w1, w2, w3, w4] = [width(1), width(2), width(3), width(4)];
    for (let i = 0; i < rows.length; i++) {
      const [mode, links, user, group, size, time] = rows[i]! as [string, string, string, string, string, string];
      const e = list[i]!;
      const pad = (s: string, w: number): string => (v.numeric ? s.padStart(w) : s.padEnd(w));
      let s = `${aligned[i]}${mode} ${links.padStart(w1)} `;
      if (v.owner) s += `${pad(user, w2)} `;
      if (v.group) s += `${pad(group, w3)} `;
      s += `${size.padStart(w4)} ${time} ${painted[i]}`;
      if (e.target !== null) {
        let target = v.style !== null ? styled(e.target, v.style) : v.quoting && !SAFE.test(e.target) ? quoteaf(e.target) : e.target;
        if (v.color) {
          const c = e.to === null ? COLOR.orphan : colorOf({ ...e, st: e.to });
          if (c !== "") target = `${c}${target}${COLOR.reset}`;
        }
        s = (v.indicator === "F" || v.indicator === "t" ? s.replace(/@$/, "") : s) + ` -> ${target}`;
        if (v.indicator !== "" && e.to !== null) s += indicatorOf(e.to.mode, v.indicator);
      }
      yield* this.t.out.print(s + v.end);
    }
  }

  /** "Nov 20 10:59", or the year for what is older than six months or in the future. */
  private timeText(ns: number): string {
    const seconds = Math.floor(ns / 1_000_000_000);
    const nanos = ns - seconds * 1_000_000_000;
    const style = this.v.timeStyle;
    if (style === "full-iso") return strftime("%Y-%m-%d %H:%M:%S.%N %z", seconds, nanos);
    if (style === "long-iso") return strftime("%Y-%m-%d %H:%M", seconds, nanos);
    if (style !== null && style.startsWith("+")) return strftime(style.slice(1), seconds, nanos);
    const now = Math.floor(this.now / 1_000_000_000);
    const recent = seconds > now - 31556952 / 2 && seconds <= now;
    if (style === "iso") return strftime(recent ? "%m-%d %H:%M" : "%Y-%m-%d ", seconds, nanos);
    return strftime(recent ? "%b %e %H:%M" : "%b %e  %Y", seconds, nanos);
  }
}

function widthOf(s: string): number {
  let n = 0;
  for (const c of s) {
    const p = c.codePointAt(0)!;
    if (p < 32 || p === 127) continue;
    n +=
      (p >= 0x1100 && p <= 0x115f) ||
      (p >= 0x2e80 && p <= 0xa4cf) ||
      (p >= 0xac00 && p <= 0xd7a3) ||
      (p >= 0xf900 && p <= 0xfaff) ||
      (p >= 0xff00 && p <= 0xff60) ||
      p >= 0x1f300
        ? 2
        : 1;
  }
  return n;
}

/** Names in as many columns as fit, two blanks between, filled by column (or by line), with tabs as ls sets them. */
function columns(plain: readonly string[], painted: readonly string[], width: number, across: boolean): string {
  const n = plain.length;
  const lens = plain.map(widthOf);
  let cols = Math.min(n, Math.max(1, Math.ceil(width / 3)));
  let widths: number[] = [];
  let rows = n;
  for (; cols > 1; cols--) {
    rows = Math.ceil(n / cols);
    widths = Array.from({ length: cols }, () => 0);
    for (let i = 0; i < n; i++) {
      const c = across ? i % cols : Math.floor(i / rows);
      widths[c] = Math.max(widths[c]!, lens[i]! + (c === cols - 1 ? 0 : 2));
    }
    if (widths.reduce((a, b) => a + b, 0) < width) break;
  }
  if (cols <= 1) return painted.map((p) => `${p}\n`).join("");
  let s = "";
  for (let r = 0; r < rows; r++) {
    let at = 0;
    let edge = 0;
    for (let c = 0; c < cols; c++) {
      const i = across ? r * cols + c : c * rows + r;
      if (i >= n) continue;
      // tabs where they reach, then blanks
      while (at < edge) {
        if (Math.floor(edge / 8) > Math.floor((at + 1) / 8)) {
          s += "\t";
          at += 8 - (at % 8);
        } else {
          s += " ";
          at++;
        }
      }
      s += painted[i]!;
      at = edge + lens[i]!;
      edge += widths[c]!;
    }
    s += "\n";
  }
  return s;
}

function commaList(plain: readonly string[], painted: readonly string[], width: number): string {
  let s = "";
  let at = 0;
  for (let i = 0; i < plain.length; i++) {
    const len = widthOf(plain[i]!);
    if (i > 0) {
      if (at + 2 + len + (i + 1 < plain.length ? 1 : 0) >= width) {
        s += ",\n";
        at = 0;
      } else {
        s += ", ";
        at += 2;
      }
    }
    s += painted[i]!;
    at += len;
  }
  return `${s}\n`;
}

const STYLES = ["literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "c-maybe", "escape", "locale", "clocale"];

/** --sort=size and its like as the letters they stand for. */
function* plainOptions(t: Tool, given: readonly GivenOption[]): Call<readonly GivenOption[]> {
  const out: GivenOption[] = [];
  const letter = (name: string): void => void out.push({ name, given: name, value: null });
  const words = (names: readonly string[]): string[][] => names.map((n) => n.split(" "));
  for (const o of given) {
    if (o.name === "--sort") {
      const w = yield* argmatch(t, o.name, o.value!, words(["none", "time", "size", "extension", "version", "width"]), 1);
      if (w === "width") return yield* t.notSimulated("option --sort=width");
      letter({ none: "-U", time: "-t", size: "-S", extension: "-X", version: "-v" }[w]!);
    } else if (o.name === "--time") {
      const w = yield* argmatch(t, o.name, o.value!, words(["atime access use", "ctime status", "birth creation"]), 1);
      if (w === "birth") return yield* t.notSimulated("option --time=birth");
      letter(w === "atime" ? "-u" : "-c");
    } else if (o.name === "--format") {
      const w = yield* argmatch(
        t,
        o.name,
        o.value!,
        words(["verbose long", "commas", "horizontal across", "vertical", "single-column"]),
        1,
      );
      letter({ verbose: "-l", commas: "-m", horizontal: "-x", vertical: "-C", "single-column": "-1" }[w]!);
    } else if (o.name === "--indicator-style") {
      const w = yield* argmatch(t, o.name, o.value!, words(["none", "slash", "file-type", "classify"]), 1);
      letter({ none: "--no-indicator", slash: "-p", "file-type": "--file-type", classify: "-F" }[w]!);
    } else if (o.name === "--quoting-style") {
      const w = yield* argmatch(t, o.name, o.value!, words(STYLES), 1);
      if (["c-maybe", "locale", "clocale"].includes(w)) return yield* t.notSimulated(`option --quoting-style=${w}`);
      out.push({ name: "--quoting-style", given: o.given, value: w });
    } else if (o.name === "-T") {
      if (!/^[0-9]+$/.test(o.value!)) yield* t.die(`invalid tab size: ${quote(o.value!)}`, 2);
    } else out.push(o);
  }
  return out;
}

/** A name in one of --quoting-style's ways. */
function styled(name: string, style: string): string {
  const octal = (c: string): string => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`;
  const escapes = (text: string): string => text.replace(/[\x00-\x1f\x7f]/g, (c) => C_ESCAPES[c] ?? octal(c));
  switch (style) {
    case "c":
      return `"${escapes(name.replace(/[\\"]/g, "\\$&"))}"`;
    case "escape":
      return escapes(name.replace(/[\\ ]/g, "\\$&"));
    case "shell-escape-always":
      return quoteaf(name);
    case "shell-always":
      return name.includes("'") && !/["$`\\!]/.test(name) ? `"${name}"` : `'${name.replaceAll("'", "'\\''")}'`;
    case "shell-escape":
      return SAFE.test(name) ? name : quoteaf(name);
    case "shell":
      return SAFE.test(name) ? name : styled(name, "shell-always");
    default:
      return name;
  }
}

const ls = gnuCommand({
  name: "ls",
  usage: ["[OPTION]... [FILE]..."],
  summary: "list directory contents",
  description: [
    "List information about the FILEs (the current directory by default), sorted by name unless asked otherwise. Exit status: 0 all well, 1 minor trouble, 2 a FILE on the command line could not be looked at.",
  ],
  usageStatus: 2,
  options: [
    { names: ["-a", "--all"], help: "names that begin with . too" },
    { names: ["-A", "--almost-all"], help: "the same without . and .." },
    { names: ["-B", "--ignore-backups"], help: "no names that end in ~" },
    { names: ["-c"], help: "with -t and -l: time of the last change of status" },
    { names: ["-C"], help: "in columns" },
    { names: ["--color"], arg: "[WHEN]", help: "colour the names: always, auto or never" },
    { names: ["-d", "--directory"], help: "directories themselves, not what is in them" },
    { names: ["-f"], help: "do not sort, names with . too" },
    { names: ["-F", "--classify"], help: "mark directories with /, programs with *, links with @" },
    { names: ["--file-type"], help: "the same without *" },
    { names: ["--full-time"], help: "like -l with whole times" },
    { names: ["-g"], help: "like -l without the owner" },
    { names: ["--group-directories-first"], help: "directories before files" },
    { names: ["-G", "--no-group"], help: "no group in a long listing" },
    { names: ["-h", "--human-readable"], help: "sizes such as 1K 234M 2G" },
    { names: ["--si"], help: "the same with powers of 1000" },
    { names: ["-i", "--inode"], help: "print the inode number" },
    { names: ["-l"], help: "long listing" },
    { names: ["-L", "--dereference"], help: "what symbolic links lead to" },
    { names: ["-m"], help: "names with commas between" },
    { names: ["-n", "--numeric-uid-gid"], help: "like -l with numbers of users and groups" },
    { names: ["-N", "--literal"], help: "names without quotes" },
    { names: ["-o"], help: "like -l without the group" },
    { names: ["-p"], help: "mark directories with /" },
    { names: ["-Q", "--quote-name"], help: "names in double quotes" },
    { names: ["-r", "--reverse"], help: "reverse order" },
    { names: ["-R", "--recursive"], help: "directories below, too" },
    { names: ["-s", "--size"], help: "print the blocks used" },
    { names: ["-S"], help: "by size, largest first" },
    { names: ["-t"], help: "by time, newest first" },
    { names: ["--time-style"], arg: "STYLE", help: "full-iso, long-iso, iso, locale or +FORMAT" },
    { names: ["-u"], help: "with -t and -l: time of the last access" },
    { names: ["-U"], help: "do not sort" },
    { names: ["-v"], help: "numbers within names by value" },
    { names: ["-w", "--width"], arg: "COLS", help: "width of the screen" },
    { names: ["-x"], help: "columns filled line by line" },
    { names: ["-X"], help: "by extension" },
    { names: ["-1"], help: "one name a line" },
    { names: ["-b", "--escape"], help: "C escapes for odd characters" },
    { names: ["--format"], arg: "WORD", help: "across, commas, long, single-column, verbose or vertical" },
    { names: ["-H", "--dereference-command-line"], help: "follow links on the command line" },
    { names: ["--dereference-command-line-symlink-to-dir"], help: "follow those that lead to a directory (default)" },
    { names: ["--hide"], arg: "PATTERN", help: "leave names out, unless -a or -A is given" },
    { names: ["--indicator-style"], arg: "WORD", help: "none, slash (-p), file-type or classify (-F)" },
    { names: ["-I", "--ignore"], arg: "PATTERN", help: "leave names out" },
    { names: ["-k", "--kibibytes"], help: "blocks of 1 KiB (default)" },
    { names: ["-q", "--hide-control-chars"], help: "? for odd characters" },
    { names: ["--show-control-chars"], help: "odd characters as they are" },
    { names: ["--quoting-style"], arg: "WORD", help: "literal, shell, shell-always, shell-escape, shell-escape-always, c, escape" },
    { names: ["--sort"], arg: "WORD", help: "none, size (-S), time (-t), version (-v), extension (-X), name or width" },
    { names: ["--time"], arg: "WORD", help: "atime (-u) or ctime (-c)" },
    { names: ["-T", "--tabsize"], arg: "COLS", help: "tab stops" },
    { names: ["--zero"], help: "names end in NUL" },
    { names: ["--author"], help: "with -l, the author", notModelled: true },
    { names: ["--block-size"], arg: "SIZE", help: "unit of sizes", notModelled: true },
    { names: ["-D", "--dired"], help: "for Emacs", notModelled: true },
    { names: ["--hyperlink"], arg: "[WHEN]", help: "links in the terminal", notModelled: true },
    { names: ["-Z", "--context"], help: "security context", notModelled: true },
  ],
  *main(t, given, operands) {
    const options = yield* plainOptions(t, given);
    const has = (...names: string[]): boolean => options.some((o) => names.includes(o.name));
    const last = (...names: string[]): string => options.filter((o) => names.includes(o.name)).pop()?.name ?? "";
    const valueOf = (name: string): string | null => options.filter((o) => o.name === name).pop()?.value ?? null;
    const tty = (yield* t.sys.isatty(1)) === 1;
    let width = 80;
    if (tty) {
      const w = yield* t.sys.winsize(1);
      if (typeof w !== "number" && w.cols > 0) width = w.cols;
    }
    const w = valueOf("-w");
    if (w !== null) {
      if (!/^[0-9]+$/.test(w)) yield* t.die(`invalid line width: ${quote(w)}`, 2);
      width = w === "0" ? Number.MAX_SAFE_INTEGER : Number(w);
    }
    let color = false;
    for (const o of options) {
      if (o.name !== "--color") continue;
      const when = o.value ?? "always";
      if (["always", "yes", "force"].includes(when)) color = true;
      else if (["auto", "tty", "if-tty"].includes(when)) color = tty;
      else if (["never", "no", "none"].includes(when)) color = false;
      else
        yield* t.usage(
          `invalid argument ${quote(when)} for ‘--color’\nValid arguments are:\n  - ‘always’, ‘yes’, ‘force’\n  - ‘never’, ‘no’, ‘none’\n  - ‘auto’, ‘tty’, ‘if-tty’`,
        );
    }
    const format = last("-l", "-g", "-o", "-n", "--full-time", "-1", "-C", "-m", "-x");
    const long =
      ["-l", "-g", "-o", "-n", "--full-time"].includes(format) || (format === "-1" && has("-l", "-g", "-o", "-n", "--full-time"));
    const style = last("-F", "-p", "--file-type", "--no-indicator");
    const quoting = last("-N", "-Q", "-b", "--quoting-style", "--zero") || null;
    const sortBy = last("-t", "-S", "-U", "-f", "-v", "-X");
    const v: View = {
      long,
      one: !long && (format === "-1" || has("--zero") || (format === "" && !tty)),
      commas: format === "-m",
      across: format === "-x",
      all: has("-a", "-f"),
      almost: has("-A"),
      noBackups: has("-B"),
      dirs: has("-d"),
      recursive: has("-R"),
      human: last("-h", "--si") === "-h" ? 1024 : last("-h", "--si") === "--si" ? 1000 : false,
      sort:
        sortBy === "-t"
          ? "time"
          : sortBy === "-S"
            ? "size"
            : sortBy === "-U" || sortBy === "-f"
              ? "none"
              : sortBy === "-v"
                ? "version"
                : sortBy === "-X"
                  ? "extension"
                  : sortBy === "" && !long && has("-c", "-u")
                    ? "time"
                    : "name",
      reverse: has("-r"),
      time: last("-c", "-u") === "-c" ? "ctime" : last("-c", "-u") === "-u" ? "atime" : "mtime",
      inode: has("-i"),
      blocks: has("-s"),
      numeric: has("-n"),
      owner: !has("-g"),
      group: !has("-o", "-G"),
      indicator: style === "-F" ? "F" : style === "-p" ? "/" : style === "--file-type" ? "t" : "",
      color: color && !has("-f"),
      quoting: tty && quoting === null,
      style:
        quoting === "-N"
          ? "literal"
          : quoting === "-Q"
            ? "c"
            : quoting === "-b"
              ? "escape"
              : quoting === "--zero"
                ? "literal"
                : valueOf("--quoting-style"),
      hideControls: last("-q", "--show-control-chars") === "-q" || (tty && quoting === "-N" && last("-q", "--show-control-chars") === ""),
      ignore: options.filter((o) => o.name === "-I" || (o.name === "--hide" && !has("-a", "-A", "-f"))).map((o) => o.value!),
      end: has("--zero") ? "\0" : "\n",
      follow: has("-L"),
      dirsFirst: has("--group-directories-first"),
      timeStyle: has("--full-time") ? "full-iso" : valueOf("--time-style"),
      width,
    };
    const l = new Lister(t, v);
    if (long) {
      l.users = yield* readUsers(t.sys);
      l.groups = yield* readGroups(t.sys);
      l.now = yield* t.sys.clock_gettime("realtime");
    }
    const files: Entry[] = [];
    const dirs: Entry[] = [];
    for (const name of operands.length > 0 ? operands : ["."]) {
      // a link to a directory on the command line is followed unless its own data is asked for
      let e = yield* l.entry(name, name, v.follow || has("-H"));
      if (typeof e !== "number" && e.to === null && (e.st!.mode & S_IF.MT) === S_IF.LNK && !v.long && !v.dirs && style !== "-F") {
        const st = yield* t.sys.stat(name);
        if (typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR) e = { ...e, st };
      } else if (typeof e !== "number" && e.to !== null && !v.long && !v.dirs && style !== "-F" && (e.to.mode & S_IF.MT) === S_IF.DIR)
        e = { ...e, st: e.to };
      if (typeof e === "number") yield* t.warn(`cannot access ${quoteaf(name)}: ${strerror(e)}`, 2);
      else if (!v.dirs && (e.st!.mode & S_IF.MT) === S_IF.DIR) dirs.push(e);
      else files.push(e);
    }
    if (files.length > 0) {
      yield* l.show(l.sorted(files));
      l.printed = true;
    }
    const titled = operands.length > 1 || v.recursive || files.length > 0;
    for (const d of l.sorted(dirs)) yield* l.directory(d.name, titled);
    return t.status;
  },
});

export const lsCommands = [ls];
