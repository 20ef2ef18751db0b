/**
 * The manners that GNU's text and file utilities share: a table-driven option parser with their error texts, --help and
 * --version, messages that begin with the program's name (argv[0] as typed), file names quoted as ls quotes them, and
 * "write error" when standard output could not take everything.
 */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, ManPage, OptionSpec, Prog, Sys } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { err, exit, ExitStatus, notSimulated, Out } from "./io.ts";
import { notModelled } from "./not-modelled.ts";
import { getoptMessage, type GivenOption, optionHelp, parseOptions } from "./options.ts";

export interface GnuSpec {
  readonly name: string;
  /** default /usr/bin/NAME */
  readonly paths?: readonly string[];
  /** default coreutils */
  readonly pkg?: string;
  /** first line of --version; default coreutils' */
  readonly version?: string;
  /** forms of use, without the program's name */
  readonly usage: readonly string[];
  /** one line, as in the man page's NAME */
  readonly summary: string;
  readonly description?: readonly string[];
  readonly examples?: ManPage["examples"];
  readonly seeAlso?: readonly string[];
  readonly options: readonly OptionSpec[];
  /** exit status of a wrong command line; default 1 */
  readonly usageStatus?: number;
  /** the program's name stands before "Try '… --help'", too (diffutils) */
  readonly namedHint?: boolean;
  /** its name in messages, for a script around another program; default: as it was called */
  readonly calledAs?: string;
  /** operands end the options */
  readonly posix?: boolean;
  /** plain getopt: no long options */
  readonly shortOnly?: boolean;
  /** no options at all: every word is an operand, "--" too; --help and --version alone are understood */
  readonly bare?: boolean;
  /** -NUM and the like, rewritten before parsing */
  readonly rewrite?: (args: readonly string[]) => readonly string[];
  readonly complete?: Command["complete"];
  readonly main: (t: Tool, options: readonly GivenOption[], operands: readonly string[]) => Call<number>;
}

const HELP: readonly OptionSpec[] = [
  { names: ["--help"], help: "print this help and end" },
  { names: ["--version"], help: "print the version and end" },
];

/** A running utility: its system calls, its name as typed, its standard output. */
export class Tool {
  readonly sys: Sys;
  readonly name: string;
  readonly out: Out;
  readonly usageStatus: number;
  /** what stands before "Try '… --help'" */
  hint = "";
  /** worst exit status so far, for tools that go on after an error */
  status = 0;

  constructor(sys: Sys, name: string, usageStatus: number) {
    this.sys = sys;
    this.name = name;
    this.out = new Out(sys);
    this.usageStatus = usageStatus;
  }

  /** error(3) with status 0: output so far goes out first. Sets `status` to 1 at least. */
  *warn(text: string, status = 1): Call<void> {
    yield* this.out.flush();
    yield* err(this.sys, `${this.name}: ${text}\n`);
    if (status > this.status) this.status = status;
  }

  /** `NAME: FILE: No such file or directory` */
  *fileError(path: string, errno: number, status = 1): Call<void> {
    yield* this.warn(`${quotef(path)}: ${strerror(errno)}`, status);
  }

  *die(text: string, status = 1): Call<never> {
    yield* this.warn(text);
    return exit(status);
  }

  /** A wrong command line. */
  *usage(text: string): Call<never> {
    yield* this.out.flush();
    yield* err(this.sys, `${text === "" ? "" : `${this.name}: ${text}\n`}${this.hint}Try '${this.name} --help' for more information.\n`);
    return exit(this.usageStatus);
  }

  *notSimulated(what: string): Call<never> {
    yield* this.out.flush();
    return exit(yield* notSimulated(this.sys, baseOf(this.name), what));
  }

  /** Opens a file for reading, "-" being standard input. The message for a failure has been printed. */
  *open(path: string, dash = true): Call<number | null> {
    if (dash && path === "-") return 0;
    const fd = yield* this.sys.open(path, O.RDONLY | O.CLOEXEC, 0);
    if (fd >= 0) return fd;
    yield* this.fileError(path, fd);
    return null;
  }

  *close(fd: number): Call<void> {
    if (fd > 2) yield* this.sys.close(fd);
  }

  /** read(2) again when a signal came between. */
  *read(fd: number, n = 65536): Call<Uint8Array | number> {
    for (;;) {
      const b = yield* this.sys.read(fd, n);
      if (b !== -Errno.EINTR) return b;
    }
  }
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function gnuCommand(spec: GnuSpec): Command {
  const all = [...spec.options, ...HELP, ...notModelled(spec.name)];
  const version = spec.version ?? `${spec.name} (GNU coreutils) 9.1`;
  const main: Prog = function* main(sys, argv) {
    const t = new Tool(sys, spec.calledAs ?? argv[0] ?? spec.name, spec.usageStatus ?? 1);
    if (spec.namedHint) t.hint = `${t.name}: `;
    let code: number;
    try {
      code = yield* run(t, spec, all, version, argv.slice(1));
    } catch (e) {
      if (!(e instanceof ExitStatus)) throw e;
      code = e.code;
    }
    yield* t.out.flush();
    if (t.out.error < 0) {
      yield* err(sys, `${t.name}: write error: ${strerror(t.out.error)}\n`);
      if (code === 0) code = t.usageStatus;
    }
    return code & 255;
  };
  return {
    name: spec.name,
    paths: spec.paths ?? [`/usr/bin/${spec.name}`],
    pkg: spec.pkg ?? "coreutils 9.1-1",
    main,
    options: all,
    man: {
      summary: spec.summary,
      synopsis: spec.usage.map((u) => `${spec.name} ${u}`.trim()),
      description: spec.description ?? [],
      ...(spec.examples ? { examples: spec.examples } : {}),
      ...(spec.seeAlso ? { seeAlso: spec.seeAlso } : {}),
    },
    ...(spec.complete ? { complete: spec.complete } : {}),
  };
}

function* run(t: Tool, spec: GnuSpec, all: readonly OptionSpec[], version: string, args: readonly string[]): Call<number> {
  if (spec.bare) {
    if (args.length === 1 && args[0] === "--help") return yield* help(t, spec, all);
    if (args.length === 1 && args[0] === "--version") return yield* print(t, `${version}\n`);
    return yield* spec.main(t, [], args);
  }
  const parsed = parseOptions(all, spec.rewrite ? spec.rewrite(args) : args, {
    posix: spec.posix ?? false,
    shortOnly: spec.shortOnly ?? false,
  });
  for (const o of parsed.options) {
    if (o.name === "--help") return yield* help(t, spec, all);
    if (o.name === "--version") return yield* print(t, `${version}\n`);
  }
  const e = parsed.error;
  if (e !== null) {
    if (e.kind === "not-modelled") return yield* notSimulated(t.sys, spec.name, `option ${e.given}`);
    yield* err(t.sys, `${getoptMessage(t.name, e)}\n`);
    return yield* t.usage("");
  }
  return yield* spec.main(t, parsed.options, parsed.operands);
}

function* print(t: Tool, text: string): Call<number> {
  yield* t.out.print(text);
  return 0;
}

function* help(t: Tool, spec: GnuSpec, all: readonly OptionSpec[]): Call<number> {
  const forms = spec.usage.map((u, i) => `${i === 0 ? "Usage:" : "  or: "} ${t.name} ${u}\n`).join("");
  const summary = spec.summary.charAt(0).toUpperCase() + spec.summary.slice(1);
  return yield* print(t, `${forms}${summary}.\n\n${optionHelp(all)}`);
}

// ---------------------------------------------------------------- quoting

const PLAIN = /^[A-Za-z0-9_@%+=,./^\u0080-\u{10ffff}~#{}-]+$/u;

/** A file name in a message: bare when that is unambiguous, else in shell quotes (GNU's quotef). */
export function quotef(name: string): string {
  return PLAIN.test(name) && !/^[~#]/.test(name) && !/^[{}]$/.test(name) ? name : quoteaf(name);
}

/** A file name in a message, always in shell quotes (GNU's quoteaf). */
export function quoteaf(name: string): string {
  if (!/[\x00-\x1f\x7f]/.test(name)) {
    if (!name.includes("'")) return `'${name}'`;
    if (!/["$`\\!]/.test(name)) return `"${name}"`;
  }
  // 'text' and $'\n' pieces side by side
  let s = "";
  let open = false;
  let control = false;
  for (const c of name) {
    if (isControl(c)) {
      if (!control) s += open ? "'$'" : "''$'";
      s += escapeOf(c);
      open = control = true;
      continue;
    }
    if (control || !open) s += control ? "''" : "'";
    open = true;
    control = false;
    s += c === "'" ? "'\\''" : c;
  }
  return `${s}'`;
}

function isControl(c: string): boolean {
  return c < " " || c === "\x7f";
}

/** Control characters as C writes them. */
export const C_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
  "\x07": "\\a",
};

function escapeOf(c: string): string {
  return C_ESCAPES[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/** A word in a message, in the quotation marks of a UTF-8 locale (GNU's quote). */
export function quote(word: string): string {
  return `‘${word.replace(/[\x00-\x1f\x7f]/g, escapeOf)}’`;
}

/**
 * A word out of a list, in full or shortened (gnulib's XARGMATCH): synonyms stand in one group; the first of its group is the
 * answer. A wrong word ends the program with `status`.
 */
export function* argmatch(
  t: Tool,
  option: string,
  word: string,
  groups: readonly (readonly string[])[],
  status = t.usageStatus,
): Call<string> {
  const exact = groups.find((g) => g.includes(word));
  if (exact !== undefined) return exact[0]!;
  const hits = groups.filter((g) => g.some((w) => w.startsWith(word)));
  if (hits.length === 1) return hits[0]![0]!;
  const valid = groups.map((g) => `\n  - ${g.map(quote).join(", ")}`).join("");
  yield* t.warn(`${hits.length > 1 ? "ambiguous" : "invalid"} argument ${quote(word)} for ${quote(option)}\nValid arguments are:${valid}`);
  yield* err(t.sys, `Try '${t.name} --help' for more information.\n`);
  return exit(status);
}
