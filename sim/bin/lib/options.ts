/**
 * Command line options as getopt(3) and getopt_long(3) of glibc read them, driven by a command's OptionSpec table.
 * Short options cluster (-abc), take their argument attached or as the next word; long ones take --name=value or the
 * next word, and may be shortened to a unique prefix. `--` ends the options. By default words that are no options may
 * stand anywhere (glibc permutes them to the end); with `posix` the first one ends the options ("+" in getopt).
 *
 * In a table `arg: "N"` needs an argument, `arg: "[WHEN]"` takes one only when attached (-iX, --name=X).
 */
import type { Call, OptionSpec, Sys } from "../../kernel/abi.ts";
import { err, notSimulated } from "./io.ts";

export interface GivenOption {
  /** the first name in the table */
  readonly name: string;
  /** as it was typed, in full: "-c" or "--count" */
  readonly given: string;
  readonly value: string | null;
}

export type OptionError =
  | { readonly kind: "unknown-short"; readonly char: string }
  | { readonly kind: "unknown-long"; readonly text: string }
  | { readonly kind: "ambiguous"; readonly text: string; readonly candidates: readonly string[] }
  | { readonly kind: "missing-argument"; readonly given: string }
  | { readonly kind: "extra-argument"; readonly given: string }
  | { readonly kind: "not-modelled"; readonly given: string };

export interface ParsedOptions {
  /** in the order given, up to the first error */
  readonly options: readonly GivenOption[];
  readonly operands: readonly string[];
  readonly error: OptionError | null;
}

export interface ParseMode {
  /** stop at the first operand */
  readonly posix?: boolean;
  /** plain getopt: --name is no long option but an unknown letter "-" */
  readonly shortOnly?: boolean;
}

/** Reads argv without argv[0]. */
export function parseOptions(specs: readonly OptionSpec[], args: readonly string[], mode: ParseMode = {}): ParsedOptions {
  const options: GivenOption[] = [];
  const operands: string[] = [];
  const fail = (error: OptionError): ParsedOptions => ({ options, operands, error });
  let i = 0;
  while (i < args.length) {
    const word = args[i++]!;
    if (word === "--") {
      operands.push(...args.slice(i));
      break;
    }
    if (word === "-" || !word.startsWith("-")) {
      if (mode.posix) {
        operands.push(word, ...args.slice(i));
        break;
      }
      operands.push(word);
      continue;
    }
    if (word.startsWith("--") && !mode.shortOnly) {
      const eq = word.indexOf("=");
      const typed = eq < 0 ? word : word.slice(0, eq);
      const found = findLong(specs, typed);
      if (found === null) return fail({ kind: "unknown-long", text: word });
      if (!("spec" in found)) return fail({ kind: "ambiguous", text: word, candidates: found });
      const { spec, name } = found;
      if (spec.notModelled) return fail({ kind: "not-modelled", given: name });
      let value: string | null = null;
      if (eq >= 0) {
        if (spec.arg === undefined) return fail({ kind: "extra-argument", given: name });
        value = word.slice(eq + 1);
      } else if (spec.arg !== undefined && !spec.arg.startsWith("[")) {
        if (i >= args.length) return fail({ kind: "missing-argument", given: name });
        value = args[i++]!;
      }
      options.push({ name: spec.names[0]!, given: name, value });
      continue;
    }
    for (let k = 1; k < word.length; k++) {
      const given = `-${word[k]}`;
      const spec = specs.find((s) => s.names.includes(given));
      if (spec === undefined) return fail({ kind: "unknown-short", char: word[k]! });
      if (spec.notModelled) return fail({ kind: "not-modelled", given });
      if (spec.arg === undefined) {
        options.push({ name: spec.names[0]!, given, value: null });
        continue;
      }
      let value: string | null = word.slice(k + 1);
      if (value === "") {
        value = null;
        if (!spec.arg.startsWith("[")) {
          if (i >= args.length) return fail({ kind: "missing-argument", given });
          value = args[i++]!;
        }
      }
      options.push({ name: spec.names[0]!, given, value });
      break;
    }
  }
  return { options, operands, error: null };
}

/** The spec of a long option typed in full or shortened; null when there is none, the candidates when not unique. */
function findLong(specs: readonly OptionSpec[], typed: string): { spec: OptionSpec; name: string } | readonly string[] | null {
  const hits: { spec: OptionSpec; name: string }[] = [];
  for (const spec of specs) {
    for (const name of spec.names) {
      if (name === typed && name.startsWith("--")) return { spec, name };
      if (name.startsWith("--") && name.startsWith(typed)) hits.push({ spec, name });
    }
  }
  if (hits.length === 0) return null;
  // several names of one option are no ambiguity
  if (hits.every((h) => h.spec === hits[0]!.spec)) return hits[0]!;
  return hits.map((h) => h.name);
}

/** glibc's words for an error, without the newline. Not for "not-modelled". */
export function getoptMessage(tool: string, e: OptionError): string {
  switch (e.kind) {
    case "unknown-short":
      return `${tool}: invalid option -- '${e.char}'`;
    case "unknown-long":
      return `${tool}: unrecognized option '${e.text}'`;
    case "ambiguous":
      return `${tool}: option '${e.text}' is ambiguous; possibilities: ${e.candidates.map((c) => `'${c}'`).join(" ")}`;
    case "missing-argument":
      return e.given.startsWith("--")
        ? `${tool}: option '${e.given}' requires an argument`
        : `${tool}: option requires an argument -- '${e.given.slice(1)}'`;
    case "extra-argument":
      return `${tool}: option '${e.given}' doesn't allow an argument`;
    case "not-modelled":
      return `hop: ${tool}: option ${e.given} is not simulated`;
  }
}

/**
 * Prints an error: the not-simulated line (status 64), or getopt's line followed by `after` (for example
 * "Try 'ls --help' for more information.\n") with the tool's own status.
 */
export function* optionError(sys: Sys, tool: string, e: OptionError, after: string, status: number): Call<number> {
  if (e.kind === "not-modelled") return yield* notSimulated(sys, tool, `option ${e.given}`);
  yield* err(sys, `${getoptMessage(tool, e)}\n${after}`);
  return status;
}

/** The option table as --help prints it: names, argument, help, aligned. Options that are not modelled are left out. */
export function optionHelp(specs: readonly OptionSpec[]): string {
  let s = "";
  for (const spec of specs) {
    if (spec.notModelled) continue;
    const names = spec.names.map((n) => (spec.names[0]!.startsWith("--") ? `    ${n}` : n)).join(", ");
    const arg = spec.arg === undefined ? "" : spec.arg.startsWith("[") ? spec.arg : ` ${spec.arg}`;
    const left = `  ${names}${arg}`;
    s += left.length < 29 ? `${left.padEnd(30)}${spec.help}\n` : `${left}\n${" ".repeat(30)}${spec.help}\n`;
  }
  return s;
}
