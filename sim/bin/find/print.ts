/** What -printf and -ls of find write. */
import { strftime } from "../../core/calendar.ts";
import type { Call, Stat } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { quote, type Tool } from "../lib/gnu.ts";
import { canonicalPath } from "../lib/canonical.ts";
import { blocksOf, modeText, typeLetter } from "../lib/mode.ts";
import { fileSystemOf, mountTable } from "../lib/mounts.ts";
import { type Group, groupName, type User, userName } from "../lib/users.ts";

export interface Found {
  readonly path: string;
  readonly start: string;
  readonly depth: number;
  readonly st: Stat;
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  /** ns of the realtime clock */
  readonly now: number;
}

/** find's letter for a type: as ls has it, f for a regular file, U for what it does not know. */
const findType = (mode: number): string => typeLetter(mode) ?? ((mode & S_IF.MT) === S_IF.REG ? "f" : "U");
const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "0": "\0",
  "\\": "\\",
};

/** One time, by a letter of strftime, "@" (seconds) or "+" (date and time). Fractions have ten digits, as in findutils. */
function timeText(ns: number, letter: string): string {
  const s = Math.floor(ns / 1e9);
  const frac = `${String(ns - s * 1e9).padStart(9, "0")}0`;
  if (letter === "@") return `${s}.${frac}`;
  if (letter === "+") return `${strftime("%Y-%m-%d+%H:%M:%S", s, 0)}.${frac}`;
  if (letter === "S") return `${strftime("%S", s, 0)}.${frac}`;
  if (letter === "T") return `${strftime("%H:%M:%S", s, 0)}.${frac}`;
  if (letter === "c") return `${strftime("%a %b %e %H:%M:%S", s, 0)}.${frac}${strftime(" %Y", s, 0)}`;
  return strftime(`%${letter}`, s, 0);
}

/** The value of one directive; null: there is no such thing. */
function* value(t: Tool, directive: string, h: Found): Call<string | null> {
  const { st } = h;
  const base = h.path.replace(/(?!^)\/+$/, "");
  const times = { A: st.atime, C: st.ctime, T: st.mtime } as const;
  const d = directive[0]!;
  if (directive.length > 1) return timeText(times[d as "A"], directive[1]!);
  switch (d) {
    case "p":
      return h.path;
    case "f":
      return base.slice(base.lastIndexOf("/") + 1) || "/";
    case "h":
      return base.includes("/") ? base.slice(0, base.lastIndexOf("/")) : ".";
    case "P":
      return h.path === h.start ? "" : h.path.slice(h.start.length).replace(/^\/+/, "");
    case "H":
      return h.start;
    case "s":
      return String(st.size);
    case "m":
      return (st.mode & 0o7777).toString(8);
    case "M":
      return modeText(st.mode);
    case "u":
      return userName(h.users, st.uid);
    case "g":
      return groupName(h.groups, st.gid);
    case "U":
      return String(st.uid);
    case "G":
      return String(st.gid);
    case "i":
      return String(st.ino);
    case "n":
      return String(st.nlink);
    case "d":
      return String(h.depth);
    case "D":
      return String(st.dev);
    case "k":
      return String(blocksOf(st));
    case "b":
      return String(blocksOf(st) * 2);
    case "y":
      return findType(st.mode);
    case "Y": {
      const to = yield* t.sys.stat(h.path);
      return typeof to === "number" ? "N" : findType(to.mode);
    }
    case "l": {
      const to = (st.mode & S_IF.MT) === S_IF.LNK ? yield* t.sys.readlink(h.path) : "";
      return typeof to === "string" ? to : "";
    }
    case "a":
    case "c":
    case "t":
      return timeText(d === "a" ? st.atime : d === "c" ? st.ctime : st.mtime, "c");
    case "F": {
      const path = yield* canonicalPath(t.sys, h.path, "last", true);
      return (typeof path === "string" ? fileSystemOf(yield* mountTable(t.sys), path)?.type : undefined) ?? "unknown";
    }
    default:
      return null;
  }
}

/** A -printf format for one file. */
export function* printfText(t: Tool, format: string, h: Found): Call<string> {
  let s = "";
  for (let i = 0; i < format.length; i++) {
    const c = format[i]!;
    if (c === "\\") {
      const octal = /^[0-7]{1,3}/.exec(format.slice(i + 1));
      const n = format[++i];
      if (octal !== null) {
        s += String.fromCharCode(Number.parseInt(octal[0], 8) & 255);
        i += octal[0].length - 1;
      } else if (n === "c") return s;
      else if (n !== undefined && ESCAPES[n] !== undefined) s += ESCAPES[n];
      else {
        yield* t.warn(`warning: unrecognized escape \`\\${n ?? ""}'`, 0);
        s += `\\${n ?? ""}`;
      }
      continue;
    }
    if (c !== "%") {
      s += c;
      continue;
    }
    const m = /^%([-0# +]*)([0-9]*)(?:\.([0-9]*))?([ACT].|%|[a-zA-Z])/.exec(format.slice(i));
    if (m === null) {
      yield* t.warn(`error: ${quote(format.slice(i))}: %${format[i + 1] ?? ""}`);
      s += c;
      continue;
    }
    i += m[0].length - 1;
    if (m[4] === "%") {
      s += "%";
      continue;
    }
    let text = yield* value(t, m[4]!, h);
    if (text === null) {
      yield* t.warn(`warning: unrecognized format directive \`%${m[4]}'`, 0);
      s += m[0];
      continue;
    }
    if (m[3] !== undefined && !/[0-9]/.test(text[0] ?? "")) text = text.slice(0, Number(m[3] || 0));
    if (m[4] === "m" && m[1]!.includes("#")) text = `0${text}`;
    const width = Number(m[2] || 0);
    s += m[1]!.includes("-") ? text.padEnd(width) : text.padStart(width, m[1]!.includes("0") && /^[0-9]+$/.test(text) ? "0" : " ");
  }
  return s;
}

/** The line of -ls: as ls -dils shows it. */
export function* lsText(t: Tool, h: Found): Call<string> {
  const { st } = h;
  const s = Math.floor(st.mtime / 1e9);
  const now = Math.floor(h.now / 1e9);
  const time = strftime(s > now - 31556952 / 2 && s <= now ? "%b %e %H:%M" : "%b %e  %Y", s, 0);
  const to = (st.mode & S_IF.MT) === S_IF.LNK ? yield* t.sys.readlink(h.path) : 0;
  const cells = [
    String(st.ino).padStart(9),
    String(blocksOf(st)).padStart(6),
    modeText(st.mode),
    String(st.nlink).padStart(3),
    userName(h.users, st.uid).padEnd(8),
    groupName(h.groups, st.gid).padEnd(8),
    String(st.size).padStart(8),
    time,
    h.path.replaceAll(" ", "\\ "),
  ];
  return `${cells.join(" ")}${typeof to === "string" ? ` -> ${to}` : ""}\n`;
}
