/**
 * awk as Debian has it: mawk 1.3.4. Patterns and actions, fields, arrays, functions, getline, pipes, printf. for (k in a) goes
 * through an array in the order of insertion; mawk's order is that of its hash. Error messages are mawk's, shortened.
 */
import { fromUtf8 } from "../../core/bytes.ts";
import type { Call, Command, OptionSpec } from "../../kernel/abi.ts";
import { err, type Io, program, readFile } from "../lib/io.ts";
import { notSimulated } from "../lib/io.ts";
import { Interpreter } from "./interp.ts";
import { AwkSyntaxError } from "./lexer.ts";
import { parseProgram } from "./parser.ts";
import { AwkRuntimeError, intoBytes, outOfBytes } from "./value.ts";
import { strerror } from "../../core/result.ts";

const options: readonly OptionSpec[] = [
  { names: ["-F"], arg: "value", help: "field separator" },
  { names: ["-f"], arg: "program-file", help: "read the program from a file; may be given again" },
  { names: ["-v"], arg: "var=value", help: "set a variable before the program starts" },
  { names: ["-W"], arg: "option", help: "options of mawk's own", notModelled: true },
  { names: ["--version"], help: "print the version" },
];

function usage(): string {
  return `Usage: mawk [Options] [Program] [file ...]\n\nProgram: text, or files given with -f\n\nOptions:\n    -f program-file  read the program from a file\n    -F value         field separator\n    -v var=value     set a variable\n    --               end of options\n`;
}

function* main(io: Io, argv: readonly string[]): Call<number> {
  const { sys, name } = io;
  let args = Array.from(argv);
  let source: string | null = null;
  let fs: string | null = null;
  const vars: [string, string][] = [];
  while (args.length > 0 && args[0]!.startsWith("-") && args[0] !== "-") {
    const word = args.shift()!;
    if (word === "--") break;
    if (word === "--version") {
      yield* io.out.print("mawk 1.3.4 20200120\n");
      return 0;
    }
    const letter = word[1]!;
    if (letter === "W") return yield* notSimulated(sys, "awk", "option -W");
    if (!"Ffv".includes(letter)) {
      yield* err(sys, `${name}: not an option: ${word}\n`);
      return 2;
    }
    let value = word.slice(2);
    if (value === "") {
      if (args.length === 0) {
        yield* err(sys, `${name}: option ${word} lacks argument\n`);
        return 2;
      }
      value = args.shift()!;
    }
    if (letter === "F") fs = value;
    else if (letter === "v") {
      const m = /^([A-Za-z_][A-Za-z_0-9]*)=([^]*)$/.exec(value);
      if (m === null) {
        yield* err(sys, `${name}: improper assignment: -v ${value}\n`);
        return 2;
      }
      vars.push([m[1]!, m[2]!]);
    } else {
      const text = yield* readFile(sys, value === "-" ? "/dev/stdin" : value);
      if (typeof text === "number") {
        yield* err(sys, `${name}: couldn't open file ${value}: ${strerror(text)}\n`);
        return 2;
      }
      source = (source === null ? "" : `${source}\n`) + fromUtf8(text);
    }
  }
  if (source === null) {
    if (args.length === 0) {
      yield* err(sys, usage());
      return 2;
    }
    source = args[0]!;
    args = args.slice(1);
  }
  let awk: Interpreter | null = null;
  try {
    awk = new Interpreter(sys, parseProgram(intoBytes(source)));
    if (fs !== null) awk.assign("FS", fs === "t" ? "\t" : intoBytes(fs));
    for (const [k, v] of vars) awk.assign(k, intoBytes(v));
    awk.setGlobal("ARGC", args.length + 1);
    awk.setTable(
      "ARGV",
      [name, ...args].map((a, i) => [String(i), intoBytes(a)] as const),
    );
    awk.setTable(
      "ENVIRON",
      Array.from(yield* sys.getenv(), ([k, v]) => [k, intoBytes(v)] as const),
    );
    const code = yield* awk.run();
    yield* awk.streams.closeAll();
    return code;
  } catch (e) {
    if (e instanceof AwkSyntaxError) {
      yield* err(sys, `${name}: line ${e.line}: ${e.message}\n`);
      return 2;
    }
    if (!(e instanceof AwkRuntimeError) || awk === null) throw e;
    yield* awk.streams.closeAll();
    const where = ["FILENAME", "FNR", "NR"]
      .map((v) => `${v}=${v === "FILENAME" ? `"${String(awk!.get(v) ?? "")}"` : String(awk!.get(v) ?? 0)}`)
      .join(" ");
    yield* err(
      sys,
      `${name}: ${e.message.startsWith("cannot open") ? outOfBytes(e.message) : `run time error: ${outOfBytes(e.message)}\n\t${where}`}\n`,
    );
    return 2;
  }
}

export const commands: readonly Command[] = [
  {
    name: "awk",
    paths: ["/usr/bin/awk", "/usr/bin/mawk"],
    pkg: "mawk 1.3.4.20200120-3.1",
    main: program(main),
    options,
    man: {
      summary: "pattern scanning and text processing language",
      synopsis: ["awk [-F value] [-v var=value] 'program text' [file ...]", "awk [-F value] [-v var=value] -f program-file [file ...]"],
      description: [
        "A program is a list of pattern { action }. Each line of the input is split into fields $1 … $NF; the actions of the patterns that hold are done. No pattern: every line. No action: print the line.",
        "BEGIN and END stand for before the first and after the last line. NR is the number of the line, FS separates fields on input, OFS on output.",
      ],
      examples: [
        { cmd: "ip -br link | awk '{print $1}'", what: "the first column" },
        { cmd: "awk -F: '$3 >= 1000 {print $1}' /etc/passwd", what: "users with an id of 1000 or more" },
        { cmd: "awk '{n[$1]++} END {for (k in n) print n[k], k}' log", what: "count by first word" },
      ],
      seeAlso: ["grep(1)", "sed(1)", "cut(1)"],
    },
  },
];
