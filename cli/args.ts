/** Options of the command line: --flag, --name VALUE or --name=VALUE, repeated ones, then words. Bad ones are BadInput. */

/** One clear line for the user; exit status 2. */
export class BadInput extends Error {
  override name = "BadInput";
}

export interface Spec {
  readonly flags: readonly string[];
  readonly values: readonly string[];
  readonly lists: readonly string[];
  /** how many words may follow */
  readonly words: number;
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
    if (spec.flags.includes(name)) {
      if (m![2] !== undefined) throw new BadInput(`--${name} takes no value`);
      flags.add(name);
    } else if (spec.values.includes(name) || spec.lists.includes(name)) {
      const value = m![2] ?? argv[++i];
      if (value === undefined || value === "") throw new BadInput(`--${name} needs a value`);
      if (spec.lists.includes(name)) lists.set(name, [...(lists.get(name) ?? []), value]);
      else if (values.has(name)) throw new BadInput(`--${name} is given twice`);
      else values.set(name, value);
    } else throw new BadInput(`${a} is no option here; see hop --help`);
  }
  if (words.length > spec.words) throw new BadInput(`"${words[spec.words]}" is one word too many; see hop --help`);
  return { flags, values, lists, words };
}

const SEED_MAX = 0xffffffff;

/** --seed: which variant of a lab or challenge; 1 unless given. */
export function seedOption(args: Args): number {
  const text = args.values.get("seed") ?? "1";
  if (!/^\d{1,10}$/.test(text) || Number(text) > SEED_MAX)
    throw new BadInput(`--seed takes a whole number from 0 to ${SEED_MAX}, not "${text}"`);
  return Number(text);
}

const LIMIT_S = 600;
const LIMIT_MAX_S = 1_000_000;

/** --limit: simulated seconds that one command may take; 600 unless given. */
export function limitOption(args: Args): number {
  const text = args.values.get("limit") ?? String(LIMIT_S);
  const n = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : 0;
  if (n < 0.001 || n > LIMIT_MAX_S) throw new BadInput(`--limit takes seconds from 0.001 to ${LIMIT_MAX_S}, not "${text}"`);
  return n;
}

/** Two paths joined by a colon, split at the last one. */
export function pair(option: string, text: string): [string, string] {
  const at = text.lastIndexOf(":");
  if (at <= 0 || at === text.length - 1) throw new BadInput(`--${option} takes two paths joined by a colon, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
