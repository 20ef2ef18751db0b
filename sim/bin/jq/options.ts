/** The command line of jq 1.6: its options, and what they leave to the program. */
import type { Call, OptionSpec, Sys } from "../../kernel/abi.ts";
import { strerror } from "../../core/result.ts";
import { exit, readText } from "../lib/io.ts";
import { fromJson, JsonParser } from "./json.ts";
import type { Layout } from "./output.ts";
import { JqError, type Json } from "./value.ts";

export const options: readonly OptionSpec[] = [
  { names: ["-n", "--null-input"], help: "run the filter once, with null as its input" },
  { names: ["-R", "--raw-input"], help: "take each line of input as a string" },
  { names: ["-s", "--slurp"], help: "take all of the input as one array" },
  { names: ["-c", "--compact-output"], help: "each result on one line" },
  { names: ["-r", "--raw-output"], help: "print strings without quotes and escapes" },
  { names: ["-j", "--join-output"], help: "as -r, and no newline after a result" },
  { names: ["-a", "--ascii-output"], help: "escape what is beyond ASCII" },
  { names: ["-S", "--sort-keys"], help: "print the keys of objects in order" },
  { names: ["-C", "--color-output"], help: "colours, even when it is not a terminal" },
  { names: ["-M", "--monochrome-output"], help: "no colours" },
  { names: ["--tab"], help: "a tab for each level" },
  { names: ["--indent"], arg: "n", help: "n blanks for each level, at most 7" },
  { names: ["--unbuffered"], help: "write each result at once" },
  { names: ["--stream"], help: "take the input as [path, leaf] events" },
  { names: ["--seq"], help: "a record separator (0x1e) before each result" },
  { names: ["-e", "--exit-status"], help: "status 1 when the last result is false or null, 4 without results" },
  { names: ["-f", "--from-file"], arg: "file", help: "read the filter from a file" },
  { names: ["--arg"], arg: "name value", help: "set $name to a string" },
  { names: ["--argjson"], arg: "name text", help: "set $name to a JSON value" },
  { names: ["--slurpfile"], arg: "name file", help: "set $name to the array of a file's values" },
  { names: ["--rawfile"], arg: "name file", help: "set $name to the text of a file" },
  { names: ["--args"], help: "what is left are strings for $ARGS.positional" },
  { names: ["--jsonargs"], help: "what is left are JSON values for $ARGS.positional" },
  { names: ["-h", "--help"], help: "help" },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-L"], arg: "directory", help: "search modules there", notModelled: true },
  { names: ["--argfile"], arg: "name file", help: "older form of --slurpfile", notModelled: true },
  { names: ["--debug-dump-disasm"], help: "print the compiled program", notModelled: true },
  { names: ["--debug-trace"], help: "trace the program", notModelled: true },
];

export interface Settings {
  readonly program: string | null;
  readonly files: readonly string[];
  readonly variables: readonly (readonly [string, Json])[];
  readonly positional: readonly Json[];
  readonly given: ReadonlySet<string>;
  readonly layout: Omit<Layout, "colour">;
}

const TRY = "Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n";

/** Reads the words after `jq`. Ends the program for mistakes (status 2) and for what is not simulated (64). */
export function* readOptions(sys: Sys, args: readonly string[]): Call<Settings> {
  const r = new Reader(sys, args);
  yield* r.run();
  return r.settings();
}

class Reader {
  private readonly sys: Sys;
  private readonly rest: string[];
  private readonly given = new Set<string>();
  private readonly variables: (readonly [string, Json])[] = [];
  private readonly positional: Json[] = [];
  private readonly files: string[] = [];
  private program: string | null = null;
  private programFile: string | null = null;
  private indent: string | null = "  ";
  private further: "files" | "args" | "jsonargs" = "files";

  constructor(sys: Sys, args: readonly string[]) {
    this.sys = sys;
    this.rest = Array.from(args);
  }

  *run(): Call<void> {
    let words = false;
    while (this.rest.length > 0) {
      const word = this.rest.shift()!;
      if (words || !/^-[a-zA-Z-]/.test(word)) this.word(word);
      else if (word === "--") words = true;
      else if (word.startsWith("--")) yield* this.option(find(word), word);
      else for (const letter of word.slice(1)) yield* this.option(find(`-${letter}`), word);
    }
    if (this.programFile !== null) {
      if (this.program !== null) this.files.unshift(this.program);
      this.program = yield* this.file(this.programFile);
    }
  }

  settings(): Settings {
    const { program, files, variables, positional, given } = this;
    const layout = { indent: given.has("-c") ? null : this.indent, sort: given.has("-S"), ascii: given.has("-a") };
    return { program, files, variables, positional, given, layout };
  }

  private word(word: string): void {
    if (this.program === null && this.programFile === null) this.program = word;
    else if (this.further === "files") this.files.push(word);
    else if (this.further === "args") this.positional.push(word);
    else this.positional.push(this.json(word, `jq: Invalid JSON text passed to --jsonargs\n${TRY}`));
  }

  private *option(spec: OptionSpec | undefined, word: string): Call<void> {
    if (spec === undefined) exit(2, `jq: Unknown option ${word}\n${TRY}`);
    if (spec.notModelled) exit(64, `hop: jq: option ${spec.names[0]} is not simulated\n`);
    const name = spec.names[0]!;
    this.given.add(name);
    switch (name) {
      case "--args":
        this.further = "args";
        return;
      case "--jsonargs":
        this.further = "jsonargs";
        return;
      case "--tab":
        this.indent = "\t";
        return;
      case "--indent":
        return this.setIndent();
      case "-f":
        this.programFile = this.rest.shift() ?? exit(2, `jq: --from-file takes a parameter\n${TRY}`);
        return;
      case "--arg":
      case "--argjson":
      case "--slurpfile":
      case "--rawfile":
        return yield* this.variable(name);
    }
  }

  private setIndent(): void {
    const text = this.rest.shift();
    if (text === undefined) exit(2, `jq: --indent takes one parameter\n${TRY}`);
    const n = parseInt(text, 10) || 0;
    if (n < -1 || n > 7) exit(2, `jq: --indent takes a number between -1 and 7\n${TRY}`);
    this.indent = n <= 0 ? null : " ".repeat(n);
  }

  private *variable(option: string): Call<void> {
    const [name, text] = [this.rest.shift(), this.rest.shift()];
    const example = option === "--arg" ? "value" : option === "--argjson" ? "text" : "filename";
    if (name === undefined || text === undefined) exit(2, `jq: ${option} takes two parameters (e.g. ${option} varname ${example})\n${TRY}`);
    if (this.variables.some(([n]) => n === name)) return;
    let v: Json = text;
    if (option === "--argjson") v = this.json(text, `jq: invalid JSON text passed to --argjson\n${TRY}`);
    else if (option !== "--arg") {
      const content = yield* this.sysFile(text);
      if (typeof content === "number")
        exit(2, `jq: Bad JSON in --${option.slice(2)} ${name} ${text}: Could not open ${text}: ${strerror(content)}\n`);
      v = option === "--rawfile" ? content : values(content, option, name, text);
    }
    this.variables.push([name, v]);
  }

  private json(text: string, complaint: string): Json {
    try {
      return fromJson(text);
    } catch (e) {
      if (e instanceof JqError) exit(2, complaint);
      throw e;
    }
  }

  private *sysFile(path: string): Call<string | number> {
    return yield* readText(this.sys, path);
  }

  private *file(path: string): Call<string> {
    const text = yield* this.sysFile(path);
    if (typeof text === "number") exit(2, `jq: error: Could not open ${path}: ${strerror(text)}\n`);
    return text;
  }
}

const find = (name: string): OptionSpec | undefined => options.find((o) => o.names.includes(name));

function values(text: string, option: string, name: string, path: string): Json {
  const p = new JsonParser();
  p.feed(text);
  const out: Json[] = [];
  try {
    for (let v = p.next(); v !== undefined; v = p.next()) out.push(v);
    const last = p.end();
    if (last !== undefined) out.push(last);
  } catch (e) {
    if (!(e instanceof JqError)) throw e;
    exit(2, `jq: Bad JSON in --${option.slice(2)} ${name} ${path}: ${String(e.value)}\n`);
  }
  return out;
}
