/**
 * vi, vim and view: Vim 9.0's small version in its own ways ('nocompatible', without a vimrc). When standard output is no
 * terminal it warns and goes on there, as the real one does. Left out: windows, macros, syntax, swap files, Vim script.
 */
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { SEC } from "../../core/time.ts";
import { baseName, err, notSimulated, program, readAll } from "../lib/io.ts";
import { optionHelp, parseOptions } from "../lib/options.ts";
import { Term } from "../lib/screen/term.ts";
import { Vi } from "./vi.ts";

const OPTIONS: readonly OptionSpec[] = [
  { names: ["-R"], help: "read only: :w needs a !" },
  { names: ["-c"], arg: "COMMAND", help: "run a : command after the first file" },
  { names: ["-h", "--help"], help: "print this help and end" },
  { names: ["-n"], help: "no swap file (there is none here)" },
  { names: ["-N"], help: "vim's own ways (as always here)" },
  { names: ["--version"], help: "print the version and end" },
  ..."-A|-b|-C|-d|-D|-e|-E|-f|-F|-g|-H|-i=|-l|-L|-m|-M|-o=|-O=|-p=|-P=|-q=|-r|-s=|-S=|-t=|-T=|-u=|-U=|-v|-V|-w=|-W=|-x|-X|-y|-Z|--clean|--cmd=|--noplugin|--not-a-term|--startuptime=|--ttyfail"
    .split("|")
    .map((t): OptionSpec => ({ names: [t.replace("=", "")], help: "", notModelled: true, ...(t.endsWith("=") ? { arg: "VALUE" } : {}) })),
];

const TITLE = "VIM - Vi IMproved 9.0 (2022 Jun 28, compiled for the course)";

const main = program(function* vi({ sys, name, out }, args) {
  const plus = args.filter((a) => a.startsWith("+")).map((a) => a.slice(1));
  const parsed = parseOptions(
    OPTIONS,
    args.filter((a) => !a.startsWith("+")),
  );
  if (parsed.error !== null) {
    const e = parsed.error;
    if (e.kind === "not-modelled") return yield* notSimulated(sys, name, `option ${e.given}`);
    const what =
      e.kind === "unknown-short"
        ? `Unknown option argument: "-${e.char}"`
        : e.kind === "unknown-long"
          ? `Unknown option argument: "${e.text}"`
          : `Argument missing after: "${"given" in e ? e.given : ""}"`;
    yield* err(sys, `${TITLE}\n${what}\nMore info with: "vim -h"\n`);
    return 1;
  }
  let readOnly = baseName(name) === "view";
  const startup = Array.from(plus);
  for (const o of parsed.options) {
    if (o.name === "-R") readOnly = true;
    else if (o.name === "-c") startup.push(o.value!);
    else if (o.name === "-h") {
      yield* out.print(
        `${TITLE}\n\nUsage: ${name} [arguments] [file ..]       edit specified file(s)\n   or: ${name} [arguments] -               read text from stdin\n\nArguments:\n   +<lnum>                    Start at line <lnum>\n${optionHelp(OPTIONS)}`,
      );
      return 0;
    } else if (o.name === "--version") {
      yield* out.print(`${TITLE}\nSmall version without GUI.\n`);
      return 0;
    }
  }
  return yield* session(sys, parsed.operands, startup, readOnly);
});

function* session(sys: Sys, operands: readonly string[], startup: readonly string[], readOnly: boolean): Call<number> {
  const term = yield* Term.open(sys, { signals: false, alternate: true, plainEsc: true });
  if (typeof term === "number") {
    yield* err(
      sys,
      "Vim: Warning: Output is not to a terminal\nVim: Warning: Input is not from a terminal\nVim: Error reading input, exiting...\nVim: Finished.\n",
    );
    return 1;
  }
  const stdin = (yield* sys.isatty(0)) !== 1;
  const files = operands.filter((f) => f !== "-");
  let text: Uint8Array | null = null;
  if (stdin && operands.includes("-")) {
    yield* err(sys, "Vim: Reading from stdin...\n");
    const data = yield* readAll(sys, 0);
    text = typeof data === "number" ? new Uint8Array(0) : data;
  } else {
    const outTty = (yield* sys.isatty(1)) === 1;
    if (!outTty) yield* err(sys, "Vim: Warning: Output is not to a terminal\n");
    if (stdin) yield* err(sys, "Vim: Warning: Input is not from a terminal\n");
    if (!outTty || stdin) yield* sys.nanosleep(2 * SEC);
  }
  if (files.length > 1) yield* err(sys, `${files.length} files to edit\n`);
  const vi = new Vi(sys, term, files, readOnly);
  yield* term.enter();
  if (text !== null) yield* vi.openText(text);
  else yield* vi.open(files[0] ?? "", null);
  for (const c of startup) yield* vi.runStartup(c);
  const status = yield* vi.run();
  yield* term.leave();
  return status;
}

export const commands: readonly Command[] = ["vi", "vim", "view"].map((name) => ({
  name,
  paths: [`/usr/bin/${name}`],
  pkg: "vim 2:9.0.1378-2+deb12u2",
  main,
  options: OPTIONS,
  man: {
    summary: name === "view" ? "look at a file with vi, read only" : "Vi IMproved, a programmer's text editor",
    synopsis: [`${name} [OPTIONS] [+LINE] [FILE]...`],
    description: [
      "An editor with modes. It begins in normal mode, where keys are commands: i begins to type, Esc ends it. :w writes the file, :q leaves, :wq does both, :q! leaves without writing.",
      "Moving: h j k l, w b e, 0 ^ $, gg G, { }, f and t with a character, / and ? with a pattern, n N. Changing: x, dd, d with a movement, c, r, J, ~, p, u to undo, Ctrl-R to redo, . to repeat. v and V mark text.",
      ":s/OLD/NEW/g replaces in a line, :%s/OLD/NEW/g everywhere, :set nu shows line numbers, :r FILE reads a file in, :!COMMAND runs a command.",
    ],
    examples: [{ cmd: `${name} +/pattern file`, what: "begin at the first match" }],
    seeAlso: ["nano(1)", "less(1)"],
  },
}));
