/**
 * nano: the editor of learners. nanorc files, syntax colours, lock files, spell checking, macros and executing commands are left
 * out. Standard input that is no terminal is read with "-" alone; keys then come from /dev/tty.
 */
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { err, notSimulated, program, readAll } from "../lib/io.ts";
import { getoptMessage, optionHelp, parseOptions } from "../lib/options.ts";
import { Term } from "../lib/screen/term.ts";
import { decodeText } from "../lib/screen/bytes.ts";
import { Nano, type NanoOptions } from "./nano.ts";

const OPTIONS: readonly OptionSpec[] = [
  { names: ["-A", "--smarthome"], help: "Home goes to the first character of the text first" },
  { names: ["-B", "--backup"], help: "keep the old file as FILE~" },
  { names: ["-E", "--tabstospaces"], help: "type spaces for tabs" },
  { names: ["-I", "--ignorercfiles"], help: "do not read nanorc files (there are none here)" },
  { names: ["-L", "--nonewlines"], help: "do not add a newline at the end of a file" },
  { names: ["-N", "--noconvert"], help: "do not convert files from DOS format" },
  { names: ["-T", "--tabsize"], arg: "NUMBER", help: "width of a tab" },
  { names: ["-V", "--version"], help: "print the version and end" },
  { names: ["-c", "--constantshow"], help: "show the place of the cursor all the time" },
  { names: ["-h", "--help"], help: "print this help and end" },
  { names: ["-i", "--autoindent"], help: "begin new lines like the line above" },
  { names: ["-k", "--cutfromcursor"], help: "cut from the cursor to the end of the line" },
  { names: ["-l", "--linenumbers"], help: "show line numbers" },
  { names: ["-t", "--saveonexit"], help: "save a changed file on leaving, without asking" },
  { names: ["-u", "--unix"], help: "save files in Unix format" },
  { names: ["-v", "--view"], help: "view only" },
  { names: ["-w", "--nowrap"], help: "do not break long lines (as always here)" },
  { names: ["-x", "--nohelp"], help: "do not show the two help lines" },
  { names: ["-z", "--suspendable"], help: "suspension is possible (as always)" },
  ..."-C --backupdir=|-D --boldtext|-F --multibuffer|-G --locking|-H --historylog|-J --guidestripe=|-K --rawsequences|-M --trimblanks|-O --bookstyle|-P --positionlog|-Q --quotestr=|-R --restricted|-S --softwrap|-U --quickblank|-W --wordbounds|-X --wordchars=|-Y --syntax=|-Z --zap|-a --atblanks|-b --breaklonglines|-d --rebinddelete|-e --emptyline|-f --rcfile=|-g --showcursor|-j --jumpyscrolling|-m --mouse|-n --noread|-o --operatingdir=|-p --preserve|-q --indicator|-r --fill=|-s --speller=|-y --afterends|-! --magic|-% --stateflags|-_ --minibar|-0 --zero|-1 --modernbindings"
    .split("|")
    .map((t): OptionSpec => ({
      names: t.replace("=", "").split(" "),
      help: "",
      notModelled: true,
      ...(t.endsWith("=") ? { arg: "VALUE" } : {}),
    })),
];

interface Place {
  readonly line: number;
  readonly column: number;
}

/** "+LINE", "+LINE,COLUMN", "+,COLUMN" before a file name; null when it is none. */
function place(word: string): Place | null {
  const m = /^\+(-?[0-9]*)(?:,(-?[0-9]+))?$/.exec(word);
  return m === null ? null : { line: m[1] === "" ? 0 : Number(m[1]), column: m[2] === undefined ? 0 : Number(m[2]) };
}

const main = program(function* nano({ sys, name, out }, args) {
  const o: NanoOptions = {
    tab: 8,
    autoindent: false,
    tabsToSpaces: false,
    cutFromCursor: false,
    noNewlines: false,
    smartHome: false,
    numbers: false,
    constant: false,
    helpLines: true,
    view: false,
    noConvert: false,
    unix: false,
    saveOnExit: false,
    backup: false,
  };
  const parsed = parseOptions(OPTIONS, args);
  if (parsed.error !== null) {
    if (parsed.error.kind === "not-modelled") return yield* notSimulated(sys, name, `option ${parsed.error.given}`);
    yield* err(sys, `${getoptMessage(name, parsed.error)}\nType '${name} -h' for a list of available options.\n`);
    return 1;
  }
  for (const given of parsed.options) {
    const flag: Partial<Record<string, keyof NanoOptions>> = {
      "-A": "smartHome",
      "-B": "backup",
      "-E": "tabsToSpaces",
      "-L": "noNewlines",
      "-N": "noConvert",
      "-c": "constant",
      "-i": "autoindent",
      "-k": "cutFromCursor",
      "-l": "numbers",
      "-t": "saveOnExit",
      "-u": "unix",
      "-v": "view",
    };
    const key = flag[given.name];
    if (key !== undefined) Object.assign(o, { [key]: true });
    else if (given.name === "-x") o.helpLines = false;
    else if (given.name === "-T") {
      const n = Number(given.value);
      if (!/^[0-9]+$/.test(given.value!) || n < 1) {
        yield* err(sys, `Requested tab size "${given.value}" is invalid\n`);
        return 1;
      }
      o.tab = n;
    } else if (given.name === "-h") {
      yield* out.print(
        `Usage: ${name} [OPTIONS] [[+LINE[,COLUMN]] FILE]...\n\nTo place the cursor on a specific line of a file, put the line number with\na '+' before the filename.  The column number can be added after a comma.\nWhen a filename is '-', nano reads data from standard input.\n\n${optionHelp(OPTIONS)}`,
      );
      return 0;
    } else if (given.name === "-V") {
      yield* out.print(" GNU nano, version 7.2\n");
      return 0;
    }
  }
  return yield* session(sys, o, parsed.operands);
});

function* session(sys: Sys, o: NanoOptions, operands: readonly string[]): Call<number> {
  if (!operands.includes("-") && (yield* sys.isatty(0)) !== 1) {
    yield* err(sys, "Standard input is not a terminal\n");
    return 1;
  }
  const term = yield* Term.open(sys, { signals: false, alternate: true });
  if (typeof term === "number") {
    yield* err(sys, "Could not reopen stdin\n");
    return 1;
  }
  const nano = new Nano(sys, term, o);
  let at: Place = { line: 0, column: 0 };
  let stdin: string | null = null;
  for (const [i, w] of operands.entries()) {
    const p = i + 1 < operands.length ? place(w) : null;
    if (p !== null) {
      at = p;
      continue;
    }
    if (w === "-" && (yield* sys.isatty(0)) !== 1) {
      const data = yield* readAll(sys, 0);
      stdin = typeof data === "number" ? "" : decodeText(data);
      nano.openText(stdin);
    } else yield* nano.open(w, at.line, at.column);
    at = { line: 0, column: 0 };
  }
  yield* term.enter();
  const status = yield* nano.run();
  yield* term.leave();
  return status;
}

export const commands: readonly Command[] = [
  {
    name: "nano",
    paths: ["/usr/bin/nano", "/usr/bin/editor", "/usr/bin/pico"],
    pkg: "nano 7.2-1+deb12u1",
    main,
    options: OPTIONS,
    man: {
      summary: "Nano's ANOther editor, an enhanced free Pico clone",
      synopsis: ["nano [OPTIONS] [[+LINE[,COLUMN]] FILE]..."],
      description: [
        "A small editor. The last two lines of the screen show the keys used most; ^O means Ctrl-O, M-U means Alt-U (or Esc, then U). ^G shows all of them.",
        "^O writes the file, ^X leaves, ^W searches, ^K cuts a line and ^U puts it back, M-U undoes, M-E does it again.",
      ],
      examples: [
        { cmd: "nano /etc/hosts", what: "edit a file" },
        { cmd: "nano +12,5 script.sh", what: "begin at line 12, column 5" },
      ],
      seeAlso: ["vi(1)", "less(1)"],
    },
  },
];
