/** What builtins share: output, options, usage lines. */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { toBytes } from "../expand/text.ts";
import { USAGE } from "./usage.ts";

/** argv[0] is the builtin's name; the result its exit status. */
export type Builtin = (sh: Shell, argv: readonly string[]) => Call<number>;

/** Writes to standard output; 1 with bash's message when that fails. */
export function* out(sh: Shell, who: string, text: string): Call<number> {
  if (text === "") return 0;
  const n = yield* sh.sys.write(1, toBytes(text));
  if (n >= 0) return 0;
  yield* sh.warn(`${who}: write error: ${strerror(n)}`);
  return 1;
}

export function* fail(sh: Shell, who: string, text: string, status = 1): Call<number> {
  yield* sh.warn(`${who}: ${text}`);
  return status;
}

export function* usage(sh: Shell, who: string): Call<number> {
  yield* sh.sys.write(2, toBytes(`${who}: usage: ${USAGE[who] ?? who}\n`));
  return 2;
}

export function* badOption(sh: Shell, who: string, opt: string): Call<number> {
  yield* sh.warn(`${who}: ${opt}: invalid option`);
  return yield* usage(sh, who);
}

/** The real one has it, ours does not. */
export function* notSimulated(sh: Shell, what: string): Call<number> {
  yield* sh.sys.write(2, toBytes(`hop: bash: ${what} is not simulated\n`));
  return 64;
}

export interface Parsed {
  readonly flags: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/**
 * getopt as builtins use it: `spec` "ab:c" — b takes an argument. `not`: letters the real builtin has and ours does
 * not. A number is the status after a message.
 */
export function* options(sh: Shell, argv: readonly string[], spec: string, not = ""): Call<Parsed | number> {
  const who = argv[0]!;
  const flags = new Map<string, string>();
  let i = 1;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === "--") {
      i++;
      break;
    }
    if (a === "--help") return yield* usage(sh, who);
    if (!a.startsWith("-") || a === "-") break;
    for (let k = 1; k < a.length; k++) {
      const c = a[k]!;
      const at = spec.indexOf(c);
      if (c === ":" || at < 0) {
        if (not.includes(c)) return yield* notSimulated(sh, `${who} -${c}`);
        return yield* badOption(sh, who, `-${c}`);
      }
      if (spec[at + 1] !== ":") {
        flags.set(c, "");
        continue;
      }
      let arg = a.slice(k + 1);
      if (arg === "") {
        if (++i >= argv.length) {
          yield* sh.warn(`${who}: -${c}: option requires an argument`);
          return yield* usage(sh, who);
        }
        arg = argv[i]!;
      }
      flags.set(c, arg);
      break;
    }
  }
  return { flags, rest: argv.slice(i) };
}
