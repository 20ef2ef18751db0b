/**
 * less, also as pager: shows files or standard input a screen at a time. When standard output is no terminal it copies through.
 * $LESS gives options first. Log files, tags and key files are left out.
 */
import { strerror } from "../../core/result.ts";
import { type Call, type Command, S_IF, type Sys } from "../../kernel/abi.ts";
import { err, notSimulated, Out, program, readFile } from "../lib/io.ts";
import { notModelled } from "../lib/not-modelled.ts";
import { optionHelp, parseOptions } from "../lib/options.ts";
import { Term } from "../lib/screen/term.ts";
import { HELP } from "./help.ts";
import { Pager } from "./pager.ts";
import { apply, defaults, OPTIONS, type Settings } from "./settings.ts";
import { Source } from "./source.ts";

interface Words {
  readonly options: readonly string[];
  readonly startup: readonly string[];
}

/** $LESS: options with or without a dash, `$` ends one that is a text. */
function fromEnvironment(text: string): string[] {
  const out: string[] = [];
  for (let rest = text.trim(); rest !== "";) {
    if (rest.startsWith("--")) {
      const m = /^(--[^\s$]+)[\s$]*/.exec(rest)!;
      out.push(m[1]!);
      rest = rest.slice(m[0].length);
      continue;
    }
    const c = rest[0]!;
    if (c === "-" || c === " " || c === "$") rest = rest.slice(1);
    else if ("PpxzjhbDkoOtTy#".includes(c)) {
      const number = "xzjhb#".includes(c);
      const m = (number ? /^.([0-9]*)/ : /^.([^$]*)\$?/).exec(rest)!;
      out.push(`-${c}${m[1]!}`);
      rest = rest.slice(m[0].length);
    } else {
      out.push(`-${c}`);
      rest = rest.slice(1);
    }
  }
  return out;
}

/** +cmd and -NUM are no options for getopt. */
function split(args: readonly string[]): Words {
  const options: string[] = [];
  const startup: string[] = [];
  let ended = false;
  for (const a of args) {
    if (a === "--") ended = true;
    if (!ended && a.startsWith("+")) startup.push(expand(a.replace(/^\++/, "")));
    else if (!ended && /^-[0-9]+$/.test(a)) options.push(`-z${a.slice(1)}`);
    else options.push(a);
  }
  return { options, startup };
}
/** a pattern or a number at the end of +cmd is followed by RETURN or g */
function expand(cmd: string): string {
  if (/^[0-9]+$/.test(cmd)) return `${cmd}g`;
  return /^[/?&]/.test(cmd) ? `${cmd}\r` : cmd;
}

/** As cat does, but what is wrong with a file is written among the text, and is no failure. */
function* copyThrough(sys: Sys, files: readonly (string | null)[]): Call<number> {
  const out = new Out(sys);
  for (const f of files) {
    if (f === null) {
      for (;;) {
        const b = yield* sys.read(0, 65536);
        if (typeof b === "number" || b.length === 0) break;
        yield* out.write(b);
      }
      continue;
    }
    const st = yield* sys.stat(f);
    const dir = typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR;
    const data = dir ? 0 : yield* readFile(sys, f);
    if (typeof data === "number") yield* out.print(dir ? `${f} is a directory\n` : `${f}: ${strerror(data)}\n`);
    else yield* out.write(data);
  }
  yield* out.flush();
  return 0;
}

/** Opens the first file that can be shown; what was wrong with others is printed. */
function* firstFile(sys: Sys, pager: Pager, files: (string | null)[]): Call<Source | null> {
  while (files.length > 0) {
    const s = yield* pager.openFile(files[0]!);
    if (s instanceof Source) return s;
    yield* err(sys, `${s}\n`);
    files.shift();
  }
  return null;
}

function* complain(sys: Sys, tty: boolean, text: string): Call<void> {
  yield* err(sys, text);
  if (!tty) return;
  yield* err(sys, "Press RETURN to continue ");
  const term = yield* Term.open(sys, { signals: true, alternate: false });
  if (typeof term === "number") return;
  yield* term.enterKeepingScreen();
  yield* term.key();
  yield* term.leaveKeepingScreen();
  yield* err(sys, "\n");
}
/** Takes an option that nobody knows out of the words. */
function leaveOut(words: string[], what: string): void {
  const i = words.findIndex((w) => (what.length > 1 ? w === what : /^-[^-]/.test(w) && w.includes(what)));
  if (i < 0) return;
  const rest = what.length > 1 ? "-" : words[i]!.replace(what, "");
  if (rest === "-") words.splice(i, 1);
  else words[i] = rest;
}

const main = program(function* less({ sys, name, out }, args) {
  const env = yield* sys.getenv();
  const set: Settings = defaults();
  const words = split(args);
  const outTty = (yield* sys.isatty(1)) === 1;
  const given = [...fromEnvironment(env.get("LESS") ?? ""), ...words.options];
  let parsed = parseOptions(OPTIONS, given, { posix: true });
  // an unknown option is complained about and left out
  for (let e = parsed.error; e !== null; e = parsed.error) {
    if (e.kind === "not-modelled") return yield* notSimulated(sys, name, `option ${e.given}`);
    if (e.kind !== "unknown-short" && e.kind !== "unknown-long") {
      yield* err(sys, `Value is required after ${"given" in e ? e.given : e.text}\n`);
      return 1;
    }
    yield* complain(
      sys,
      outTty,
      `There is no ${e.kind === "unknown-short" ? `-${e.char}` : e.text.slice(2)} option ("less --help" for help)\n`,
    );
    leaveOut(given, e.kind === "unknown-short" ? e.char : e.text);
    parsed = parseOptions(OPTIONS, given, { posix: true });
  }
  for (const o of parsed.options) {
    if (o.name === "-?") {
      yield* out.print(`${HELP}\n                         OPTIONS\n\n${optionHelp(OPTIONS)}`);
      return 0;
    }
    if (o.name === "-V") {
      yield* out.print("less 590 (GNU regular expressions)\n");
      return 0;
    }
    apply(set, o.name, o.value);
  }
  const files: (string | null)[] = parsed.operands.map((f) => (f === "-" ? null : f));
  if (files.length === 0) {
    if ((yield* sys.isatty(0)) === 1) {
      yield* err(sys, 'Missing filename ("less --help" for help)\n');
      return outTty ? 1 : 0;
    }
    files.push(null);
  }
  if (!outTty) return yield* copyThrough(sys, files);
  return yield* show(sys, set, files, words.startup);
});

function* show(sys: Sys, set: Settings, files: (string | null)[], startup: readonly string[]): Call<number> {
  const term = yield* Term.open(sys, { signals: true, alternate: !set.noInit });
  if (typeof term === "number") return yield* copyThrough(sys, files);
  const pager = new Pager(sys, term, set, files, startup);
  const first = yield* firstFile(sys, pager, files);
  if (first === null) return 1;
  if (yield* pager.isBinary(first)) {
    yield* term.print(`"${first.name}" may be a binary file.  See it anyway? `);
    yield* term.enterKeepingScreen();
    const k = yield* term.key();
    yield* term.leaveKeepingScreen();
    yield* term.print("\n");
    if (k === null || !/^[yY]$/.test(k.name)) return 1;
  }
  if (set.quitIfOne && (yield* pager.fits(first))) {
    yield* copyLines(sys, first);
    return 0;
  }
  yield* term.enter();
  yield* pager.take(0, first);
  yield* pager.first();
  const status = yield* pager.run();
  yield* pager.finish();
  yield* term.leave();
  return status;
}
function* copyLines(sys: Sys, s: Source): Call<void> {
  const out = new Out(sys);
  for (const l of s.lines) yield* out.print(`${l}\n`);
  yield* out.flush();
}

export const commands: readonly Command[] = [
  {
    name: "less",
    paths: ["/usr/bin/less", "/usr/bin/pager"],
    pkg: "less 590-2.1~deb12u2",
    main,
    options: [...OPTIONS, ...notModelled("less")],
    man: {
      summary: "display the contents of a file in a terminal",
      synopsis: ["less [OPTION]... [+COMMAND] [FILE]..."],
      description: [
        "Shows text one screen at a time, forwards and backwards. Space and b turn pages, /PATTERN searches, h lists the keys, q leaves.",
        "When standard output is no terminal the files are copied to it. What comes through a pipe is read only as far as it is shown.",
      ],
      examples: [
        { cmd: "less +G /var/log/kern.log", what: "start at the end" },
        { cmd: "ip -d link | less -S", what: "do not fold long lines" },
      ],
      seeAlso: ["more(1)", "man(1)"],
    },
  },
];
