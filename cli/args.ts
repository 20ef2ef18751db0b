/** Options of the command line: --flag, --name VALUE or --name=VALUE, repeated ones, then words. Bad ones are BadInput. */

/** One clear line for the user; exit status 2. */
export class BadInput extends Error {
  override name = "BadInput";
}

export interface Spec {
  readonly flags: readonly string[];
  readonly values: readonly string[];
  readonly lists: readonly string[];
}
export interface Args {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly words: readonly string[];
}

export function parseArgs(argv: readonly string[], spec: Spec): Args {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === "--") {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!a.startsWith("-") || a === "-") {
      words.push(a);
      continue;
    }
    const m = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(a);
    const name = m?.[1] ?? "";
    if (spec.flags.includes(name) && m![2] === undefined) flags.add(name);
    else if (spec.values.includes(name) || spec.lists.includes(name)) {
      const value = m![2] ?? argv[++i];
      if (value === undefined) throw new BadInput(`--${name} needs a value`);
      if (spec.lists.includes(name)) lists.set(name, [...(lists.get(name) ?? []), value]);
      else values.set(name, value);
    } else throw new BadInput(`${a} is no option here; see hop --help`);
  }
  return { flags, values, lists, words };
}

/** A number option within bounds, or its default. */
export function numberOption(args: Args, name: string, fallback: number, min: number, max: number): number {
  const text = args.values.get(name);
  if (text === undefined) return fallback;
  const n = Number(text);
  if (text.trim() === "" || !Number.isFinite(n) || n < min || n > max)
    throw new BadInput(`--${name} takes a number from ${min} to ${max}, not "${text}"`);
  return n;
}

/** "HOST:SIM", split at the last colon. */
export function pair(option: string, text: string): [string, string] {
  const at = text.lastIndexOf(":");
  if (at <= 0 || at === text.length - 1) throw new BadInput(`--${option} takes two paths joined by a colon, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
