/**
 * jq 1.6: a filter over JSON values. Left out: modules, dates in local time (UTC is all there is), Bessel and gamma functions, look-around in regular
 * expressions. The exit status is the real one's: 5 after an error of the filter, 3 when it does not compile, 4 for input that is not JSON, 2 for files and usage.
 */
import type { Call, Command } from "../../kernel/abi.ts";
import type { Node } from "./ast.ts";
import { err, type Io, notSimulated, program } from "../lib/io.ts";
import { optionHelp } from "../lib/options.ts";
import { Inputs } from "./input.ts";
import { JqSyntaxError } from "./lexer.ts";
import { JqLibrary, libraryNames } from "./library.ts";
import { type Host, Machine } from "./machine.ts";
import { mathsNotSimulated } from "./maths.ts";
import { callNative, nativeNames } from "./natives.ts";
import { options, readOptions, type Settings } from "./options.ts";
import { print } from "./output.ts";
import { parseProgram } from "./parser.ts";
import { Ids, Scope } from "./scope.ts";
import { failOn, isTrue, JqError, type Json, NotSimulated, toJson } from "./value.ts";

/** `halt` and `halt_error`. */
class Halt {
  readonly status: number;
  readonly message: string;
  constructor(status: number, message: string) {
    this.status = status;
    this.message = message;
  }
}

function usage(): string {
  return `Usage:\tjq [options] <jq filter> [file...]\n\tjq [options] --args <jq filter> [strings...]\n\tjq [options] --jsonargs <jq filter> [JSON_TEXTS...]\n`;
}

/** jq's words for a program that does not compile. */
function compileError(source: string, e: JqSyntaxError): string {
  const all = [{ message: e.message, at: e.at }, ...e.more];
  const text = all.map(({ message, at }) => {
    const line = source.slice(0, at).split("\n").length;
    const from = source.lastIndexOf("\n", at - 1) + 1;
    const to = source.indexOf("\n", at);
    return `jq: error: ${message} at <top-level>, line ${line}:\n${source.slice(from, to < 0 ? source.length : to)}${" ".repeat(at - from)}\n`;
  });
  return `${text.join("")}jq: ${all.length} compile error${all.length === 1 ? "" : "s"}\n`;
}

interface Compiled {
  readonly node: Node;
  readonly globals: readonly (readonly [number, Json])[];
}

function compile(source: string, variables: readonly (readonly [string, Json])[]): Compiled {
  const ids = new Ids();
  let scope = new Scope(ids, new JqLibrary(ids));
  const globals: (readonly [number, Json])[] = [];
  for (const [name, v] of variables) {
    const id = ids.fresh();
    globals.push([id, v]);
    scope = scope.withVariable(name, id);
  }
  return { node: parseProgram(source, scope), globals };
}

class Run implements Host {
  readonly sys: Io["sys"];
  private readonly io: Io;
  private readonly settings: Settings;
  readonly inputs: Inputs;
  private readonly environment: Json;
  private readonly colour: boolean;
  /** the last value printed, undefined before the first */
  last: Json | undefined;

  constructor(io: Io, settings: Settings, environment: Json, colour: boolean) {
    this.io = io;
    this.sys = io.sys;
    this.settings = settings;
    this.environment = environment;
    this.colour = colour;
    this.inputs = new Inputs(io.sys, settings.files, settings.given.has("-R"));
  }

  *native(name: string, input: Json, args: readonly Json[]): Call<Json | undefined> {
    switch (name) {
      case "input": {
        const v = yield* this.inputs.next();
        if (v === undefined) throw new JqError("break");
        return v;
      }
      case "input_filename":
        return this.inputs.fileName();
      case "input_line_number":
        return this.inputs.lineNumber();
      case "debug":
        yield* err(this.sys, `${toJson(["DEBUG:", input])}\n`);
        return input;
      case "stderr":
        yield* err(this.sys, toJson(input));
        return input;
      case "env":
        return this.environment;
      case "now":
        return (yield* this.sys.clock_gettime("realtime")) / 1e9;
      case "builtins":
        return [...libraryNames, ...nativeNames];
      case "halt":
        throw new Halt(0, "");
      case "halt_error": {
        const [status] = args;
        if (typeof status !== "number") return failOn(input, "halt_error/1: number required");
        throw new Halt(status, input === null ? "" : typeof input === "string" ? input : `${toJson(input)}\n`);
      }
    }
    return callNative(name, input, args);
  }

  /** Runs the filter once. 0, or 5 after an error that it did not catch. */
  *once(m: Machine, input: Json): Call<number> {
    m.start(input);
    try {
      for (let v = yield* m.next(); v !== undefined; v = yield* m.next()) yield* this.emit(v);
      return 0;
    } catch (e) {
      if (!(e instanceof JqError)) throw e;
      const words = typeof e.value === "string" ? `: ${e.value}` : ` (not a string): ${toJson(e.value)}`;
      yield* err(this.sys, `jq: error (at ${this.inputs.position()})${words}\n`);
      return 5;
    }
  }

  private *emit(v: Json): Call<void> {
    const { given, layout } = this.settings;
    this.last = v;
    if (given.has("--seq")) yield* this.io.out.print("\x1e");
    const raw = (given.has("-r") || given.has("-j")) && typeof v === "string";
    yield* this.io.out.print(raw ? v : print(v, { ...layout, colour: this.colour }));
    if (!given.has("-j")) yield* this.io.out.print("\n");
    if (given.has("--unbuffered")) yield* this.io.out.flush();
  }

  *all(m: Machine): Call<number> {
    const { given } = this.settings;
    if (given.has("-n")) return yield* this.once(m, null);
    if (given.has("-s")) return yield* this.once(m, yield* this.slurp());
    let status = 0;
    try {
      for (let v = yield* this.inputs.next(); v !== undefined; v = yield* this.inputs.next()) {
        if (!given.has("--stream")) status = yield* this.once(m, v);
        else for (const event of events(v, [])) status = yield* this.once(m, event);
      }
    } catch (e) {
      if (!(e instanceof JqError)) throw e;
      yield* err(this.sys, `parse error: ${String(e.value)}\n`);
      return 4;
    }
    return status;
  }

  private *slurp(): Call<Json> {
    if (this.settings.given.has("-R")) return yield* this.inputs.rest();
    const all: Json[] = [];
    for (let v = yield* this.inputs.next(); v !== undefined; v = yield* this.inputs.next()) all.push(v);
    return all;
  }
}

/** --stream: [path, leaf] for each leaf, [path] after the last one of an array or object. */
function events(v: Json, path: readonly Json[]): Json[] {
  const items: readonly (readonly [Json, Json])[] = Array.isArray(v) ? v.map((x, i) => [i, x]) : v instanceof Map ? Array.from(v) : [];
  if (items.length === 0) return [[path, v]];
  const out = items.flatMap(([k, x]) => events(x, [...path, k]));
  out.push([[...path, items.at(-1)![0]]]);
  return out;
}

function* main(io: Io, argv: readonly string[]): Call<number> {
  const { sys } = io;
  const settings = yield* readOptions(sys, argv);
  const { given } = settings;
  if (given.has("-h")) {
    yield* io.out.print(`jq - commandline JSON processor [version 1.6]\n\n${usage()}\n${optionHelp(options)}`);
    return 0;
  }
  if (given.has("-V")) {
    yield* io.out.print("jq-1.6\n");
    return 0;
  }
  const tty = (yield* sys.isatty(1)) === 1;
  if (settings.program === null && tty && (yield* sys.isatty(0)) === 1) {
    yield* err(sys, usage());
    return 2;
  }
  const source = settings.program ?? ".";
  const environment: Json = new Map(Array.from(yield* sys.getenv()).filter(([k]) => k !== ""));
  const named: Json = new Map(settings.variables);
  const ARGS: Json = new Map<string, Json>([
    ["positional", settings.positional],
    ["named", named],
  ]);
  const run = new Run(io, settings, environment, given.has("-C") || (tty && !given.has("-M")));
  try {
    const { node, globals } = compile(source, [["ENV", environment], ...settings.variables, ["ARGS", ARGS]]);
    let status = yield* run.all(new Machine(run, node, globals));
    if (run.inputs.failed) status = 2;
    if (status !== 0 || !given.has("-e")) return status;
    return run.last === undefined ? 4 : isTrue(run.last) ? 0 : 1;
  } catch (e) {
    if (e instanceof Halt) {
      yield* io.out.flush();
      yield* err(sys, e.message);
      return e.status;
    }
    if (e instanceof NotSimulated) return yield* notSimulated(sys, "jq", e.what);
    if (!(e instanceof JqSyntaxError)) throw e;
    if (e.at < 0) return yield* notSimulated(sys, "jq", `the use of ${e.message}`);
    const missing = /^(\S+) is not defined$/.exec(e.message);
    if (missing !== null && mathsNotSimulated.has(missing[1]!)) return yield* notSimulated(sys, "jq", `the function ${missing[1]}`);
    yield* err(sys, compileError(source, e));
    return 3;
  }
}

export const commands: readonly Command[] = [
  {
    name: "jq",
    paths: ["/usr/bin/jq"],
    pkg: "jq 1.6-2.1",
    main: program(main),
    options,
    man: {
      summary: "a filter for JSON",
      synopsis: ["jq [options] filter [file ...]", "jq [options] --args filter [string ...]"],
      description: [
        "Reads JSON values and runs the filter on each. A filter takes a value and gives any number of them: . is the value itself, .name a member, .[2] an element, .[] every element, a | b feeds each result of a to b, and a , b gives the results of both.",
        'select(condition) lets a value through or not; {name, other: .x.y} and [ … ] make objects and arrays; "\\(expression)" puts a result into a string; map, length, keys, sort_by, group_by, test, split, join and to_entries are among the functions.',
      ],
      examples: [
        { cmd: "ip -j addr | jq -r '.[].ifname'", what: "the names of all interfaces" },
        { cmd: "ip -j route | jq -c '.[] | select(.dst == \"default\")'", what: "the default route on one line" },
      ],
      seeAlso: ["ip(8)", "awk(1)", "sed(1)"],
    },
  },
];
