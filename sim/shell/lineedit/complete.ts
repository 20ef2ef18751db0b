/**
 * Tab: what could stand at the cursor. Commands, files, directories, variables, users, jobs; options and operands of a
 * command from the command itself (its option table and its complete function).
 */
import { type Call, type Command, S_IF } from "../../kernel/abi.ts";
import { KEYWORDS } from "../builtins/describe.ts";
import { findProgram } from "../exec/external.ts";
import { passwd, passwdHome } from "../expand/expand.ts";
import type { Shell } from "../shell.ts";
import { byBytes } from "../vars.ts";
import { beforeCommand, builtinWords, programWords } from "./words.ts";
import { textWidth } from "../../kernel/graphemes.ts";

export interface Completion {
  /** where the word begins that they replace */
  readonly start: number;
  /** whole replacements, quoted as they are inserted, sorted */
  readonly candidates: readonly string[];
  /** what a listing shows */
  readonly names: readonly string[];
  /** put after a single one */
  readonly suffix: string;
}

interface Word {
  readonly text: string;
  readonly start: number;
}
interface Context {
  /** words of the command so far; the last one is being typed */
  readonly words: readonly Word[];
  /** quote that is open at the cursor */
  readonly quote: "" | "'" | '"';
  /** the word follows a redirection operator */
  readonly redirect: boolean;
}

/** Cuts the text before the cursor into the words of its last simple command. */
function context(text: string): Context {
  let words: Word[] = [];
  let cur: { text: string; start: number } | null = null;
  let quote: Context["quote"] = "";
  let redirect = false;
  let nextRedirect = false;
  const end = (): void => {
    if (cur) words.push(cur);
    if (cur) redirect = false;
    cur = null;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote === "'") {
      if (c === "'") quote = "";
      else cur!.text += c;
      continue;
    }
    if (c === "\\") {
      cur ??= { text: "", start: i };
      cur.text += text[++i] ?? "";
      continue;
    }
    if (quote === '"') {
      if (c === '"') quote = "";
      else cur!.text += c;
      continue;
    }
    if (c === "'" || c === '"') {
      cur ??= { text: "", start: i };
      quote = c;
    } else if (c === " " || c === "\t") {
      end();
      redirect = nextRedirect && words.length >= 0 ? nextRedirect : false;
    } else if (";|&\n(){`".includes(c) && !(c === "{" && text[i - 1] === "$") && !(c === "&" && nextRedirect)) {
      // a brace only begins a command when it stands alone
      if ((c === "{" || c === "}") && (cur !== null || !/^[\s{]/.test(text[i + 1] ?? " "))) {
        cur ??= { text: "", start: i };
        cur.text += c;
        continue;
      }
      if (c === "{" && text[i + 1] === undefined) {
        cur ??= { text: "", start: i };
        cur.text += c;
        continue;
      }
      end();
      words = [];
      nextRedirect = false;
    } else if (c === ">" || c === "<") {
      if (cur !== null && /^[0-9]+$/.test((cur as Word).text)) cur = null;
      end();
      nextRedirect = true;
      continue;
    } else {
      if (cur === null) {
        cur = { text: "", start: i };
        if (nextRedirect) {
          redirect = true;
          nextRedirect = false;
        } else redirect = false;
      }
      cur.text += c;
      continue;
    }
  }
  const w: Word = cur ?? { text: "", start: text.length };
  return { words: [...words, w], quote, redirect: redirect || (nextRedirect && cur === null) };
}

const PREFIX_COMMANDS = new Set(["sudo", "exec", "command", "nohup", "time", "builtin", "env", "watch", "timeout", "nsenter", "xargs"]);
const AFTER = new Set(["then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"]);

export function* complete(sh: Shell, before: string): Call<Completion> {
  const ctx = context(before);
  // assignments and keywords stand before the command
  let words = [...ctx.words];
  while (
    words.length > 1 &&
    (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(words[0]!.text) ||
      AFTER.has(words[0]!.text) ||
      (PREFIX_COMMANDS.has(words[0]!.text) && words.length > 1 && !words[1]!.text.startsWith("-")))
  ) {
    if (words[0]!.text === "timeout" && words.length > 2) words = words.slice(2);
    else if (words[0]!.text === "timeout") break;
    else words = words.slice(1);
  }
  words = words.slice(beforeCommand(words.map((w) => w.text)));
  const word = words[words.length - 1]!;
  const raw = before.slice(word.start);
  const dollar = /\$\{?([A-Za-z0-9_]*)$/.exec(raw);
  if (dollar && ctx.quote !== "'" && !/\\\$\{?[A-Za-z0-9_]*$/.test(raw)) {
    const brace = dollar[0].startsWith("${");
    const names = sh.scopes.names().filter((n) => n.startsWith(dollar[1]!) && sh.scopes.find(n)!.value !== null);
    const start = before.length - dollar[0].length;
    return {
      start,
      candidates: names.map((n) => `$${brace ? "{" : ""}${n}${brace ? "}" : ""}`),
      names: names.map((n) => (brace ? `\${${n}}` : `$${n}`)),
      suffix: brace ? "" : " ",
    };
  }
  if (ctx.redirect) return yield* files(sh, word, raw, ctx.quote, false);
  if (words.length === 1) {
    if (word.text.includes("/")) return yield* files(sh, word, raw, ctx.quote, false, true);
    if (/^~[A-Za-z0-9_-]*$/.test(raw)) return yield* users(sh, word);
    return plain(word, yield* commandNames(sh, word.text));
  }
  if (/^~[A-Za-z0-9_-]*$/.test(raw)) return yield* users(sh, word);
  return yield* argument(sh, words, word, raw, ctx.quote);
}

function plain(word: Word, found: readonly string[], suffix = " "): Completion {
  const names = [...new Set(found)].sort(byBytes);
  return { start: word.start, candidates: names, names, suffix };
}

function* users(sh: Shell, word: Word): Call<Completion> {
  const names = (yield* passwd(sh)).map((e) => `~${e.name}`).filter((n) => n.startsWith(word.text));
  return { ...plain(word, names, "/") };
}

function* commandNames(sh: Shell, prefix: string): Call<string[]> {
  const out = new Set<string>();
  for (const n of [...sh.ev.builtinNames(sh), ...sh.functions.keys(), ...sh.aliases.keys(), ...KEYWORDS])
    if (n.startsWith(prefix)) out.add(n);
  const seen = new Set<string>();
  for (const dir of (sh.get("PATH") ?? "").split(":")) {
    if (seen.has(dir)) continue;
    seen.add(dir);
    const entries = yield* sh.sys.readdir(dir === "" ? "." : dir);
    if (typeof entries === "number") continue;
    for (const e of entries) {
      if (!e.name.startsWith(prefix) || out.has(e.name) || e.name === "." || e.name === "..") continue;
      if ((e.type & S_IF.MT) === S_IF.DIR) continue;
      if ((yield* sh.sys.access(`${dir}/${e.name}`, 1)) >= 0) out.add(e.name);
    }
  }
  return [...out];
}

function* argument(sh: Shell, words: readonly Word[], word: Word, raw: string, quote: Context["quote"]): Call<Completion> {
  const cmd = words[0]!.text;
  const p = word.text;
  const from = (list: readonly string[]): string[] => list.filter((n) => n.startsWith(p));
  const texts = words.map((w) => w.text);
  const own = builtinWords(sh, texts);
  if (own !== null && sh.ev.isBuiltin(sh, cmd)) return plain(word, from(own));
  // options come from the program's table, whatever its other words are
  switch (p.startsWith("-") ? "" : cmd) {
    case "cd":
    case "pushd":
    case "rmdir":
      return yield* files(sh, word, raw, quote, true);
    case "unset":
    case "export":
    case "readonly":
    case "local":
    case "declare":
    case "typeset":
      return plain(word, from(sh.scopes.names()), cmd === "unset" ? " " : "");
    case "type":
    case "which":
    case "command":
    case "man":
    case "hash":
      return plain(word, yield* commandNames(sh, p));
    case "help":
      return plain(word, from(sh.ev.builtinNames(sh)));
    case "alias":
    case "unalias":
      return plain(word, from([...sh.aliases.keys()]));
    case "shopt":
      return plain(word, from([...sh.shopts.keys()]));
    case "fg":
    case "bg":
    case "jobs":
    case "disown":
    case "wait":
      return plain(word, from(sh.jobs.map((j) => `%${j.id}`)));
  }
  const path = yield* findProgram(sh, cmd);
  const info: Command | number = path === null || path.startsWith("\0") ? -1 : yield* sh.sys.cmdinfo(path);
  if (typeof info !== "number") {
    if (p.startsWith("-")) {
      const opts = info.options.filter((o) => !o.notModelled).flatMap((o) => o.names);
      const found = from(opts);
      if (found.length > 0) return plain(word, found);
    }
    if (info.complete) {
      const found = from(yield* info.complete(sh.sys, texts));
      if (found.length > 0) return plain(word, found);
    }
  }
  const more = from(yield* programWords(sh, typeof info === "number" ? null : info, texts));
  if (more.length > 0) return plain(word, more);
  return yield* files(sh, word, raw, quote, false);
}

/** Files whose names begin with what was typed. */
function* files(sh: Shell, word: Word, raw: string, quote: Context["quote"], dirsOnly: boolean, executables = false): Call<Completion> {
  const typed = word.text;
  const cut = typed.lastIndexOf("/") + 1;
  const dirText = typed.slice(0, cut);
  const prefix = typed.slice(cut);
  let dir = dirText;
  const home = /^~([A-Za-z0-9_-]*)\//.exec(dirText);
  if (home && raw.startsWith("~")) {
    const h = home[1] === "" ? (sh.get("HOME") ?? "") : yield* passwdHome(sh, home[1]!);
    if (h !== null) dir = h + dirText.slice(home[0].length - 1);
  }
  const entries = yield* sh.sys.readdir(dir === "" ? "." : dir);
  if (typeof entries === "number") return { start: word.start, candidates: [], names: [], suffix: "" };
  const found: { name: string; dir: boolean }[] = [];
  for (const e of entries) {
    if (e.name === "." || e.name === ".." || !e.name.startsWith(prefix)) continue;
    if (e.name.startsWith(".") && !prefix.startsWith(".")) continue;
    let isDir = (e.type & S_IF.MT) === S_IF.DIR;
    if ((e.type & S_IF.MT) === S_IF.LNK) {
      const st = yield* sh.sys.stat(dir + e.name);
      isDir = typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR;
    }
    if (dirsOnly && !isDir) continue;
    if (executables && !isDir && (yield* sh.sys.access(dir + e.name, 1)) < 0) continue;
    found.push({ name: e.name, dir: isDir });
  }
  found.sort((a, b) => byBytes(a.name, b.name));
  // what was typed of the directory stays as it was typed
  const rawCut = raw.lastIndexOf("/") + 1;
  const head = raw.slice(0, rawCut) || (quote !== "" && rawCut === 0 ? quote : "");
  const only = found.length === 1 ? found[0]! : null;
  const q = (s: string): string =>
    quote === "'"
      ? s.replaceAll("'", "'\\''")
      : quote === '"'
        ? s.replace(/[\\"$`!]/g, "\\$&")
        : s.replace(/[\s'"\\|&;()<>!{}*[\]?^$`#~]/g, "\\$&");
  return {
    start: word.start,
    candidates: found.map((f) => head + q(f.name) + (f.dir && only !== null ? "/" : "")),
    names: found.map((f) => f.name + (f.dir ? "/" : "")),
    suffix: only?.dir ? "" : quote !== "" ? `${quote} ` : " ",
  };
}

/** Columns filled downwards, as readline lists. */
export function listing(names: readonly string[], cols: number): string[] {
  const max = names.reduce((m, n) => Math.max(m, textWidth(n)), 0) + 2;
  let across = Math.floor(cols / max);
  if (across !== 1 && across * max === cols) across--;
  if (across < 1) across = 1;
  const rows = Math.ceil(names.length / across);
  const out: string[] = [];
  for (let r = 0; r < rows; r++) {
    let line = "";
    for (let c = 0; c < across; c++) {
      const n = names[r + c * rows];
      if (n === undefined) break;
      line += r + (c + 1) * rows < names.length ? n + " ".repeat(max - textWidth(n)) : n;
    }
    out.push(line);
  }
  return out;
}
