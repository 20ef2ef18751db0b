/**
 * match and test over a linear-time engine. Flags are jq's: g all, i ignore case, x extended, s "." takes newlines too, l longest,
 * n leave out empty matches, p as s. Offsets and lengths count code points. What the engine does not have (look-around,
 * back-references) is not simulated.
 */
import { RE2JS } from "re2js";
import { fail, isArray, type Json, NotSimulated } from "./value.ts";

interface Flags {
  readonly all: boolean;
  readonly skipEmpty: boolean;
  readonly engine: number;
  readonly extended: boolean;
}

function readFlags(text: Json): Flags {
  if (text !== null && typeof text !== "string") return fail(`${JSON.stringify(text)} (${typeof text}) is not a string`);
  const s = text ?? "";
  for (const c of s) if (!"gimnpslx".includes(c)) return fail(`${s} is not a valid modifier string`);
  let engine = 0;
  if (s.includes("i")) engine |= RE2JS.CASE_INSENSITIVE;
  if (s.includes("s") || s.includes("p")) engine |= RE2JS.DOTALL;
  if (s.includes("l")) engine |= RE2JS.LONGEST_MATCH;
  return { all: s.includes("g"), skipEmpty: s.includes("n"), engine, extended: s.includes("x") };
}

/** Blanks and comments taken out, except in brackets and after a backslash. */
const withoutBlanks = (source: string): string =>
  source.replace(/\\[^]|\[(?:\\[^]|[^\]])*\]|#[^\n]*|\s+/g, (m) => (/^[\s#]/.test(m) ? "" : m));

function compile(source: string, flags: Flags): RE2JS {
  const text = flags.extended ? withoutBlanks(source) : source;
  if (/(?<!\\)\(\?(?:[=!]|<[=!])/.test(text)) throw new NotSimulated("look-ahead and look-behind in a regular expression");
  if (/(?<!\\)(?:\\\\)*\\[1-9k]/.test(text)) throw new NotSimulated("a back-reference in a regular expression");
  try {
    return RE2JS.compile(text.replaceAll("(?<", "(?P<").replaceAll("\\h", "[0-9a-fA-F]"), flags.engine);
  } catch {
    return fail(`${source} (at offset 0) is not a valid regex: ${complaint(text)}`);
  }
}

function complaint(source: string): string {
  const bare = source.replace(/\\[^]|\[(?:\\[^]|[^\]])*\]/g, "");
  let depth = 0;
  for (const c of bare) depth += c === "(" ? 1 : c === ")" ? -1 : 0;
  if (depth > 0) return "end pattern with unmatched parenthesis";
  if (depth < 0) return "unmatched close parenthesis";
  if (bare.includes("[")) return "premature end of char-class";
  if (/^[*+?]/.test(bare)) return "target of repeat operator is not specified";
  return "invalid regex";
}

/** All matches as jq's match objects. `re` may be [RE, FLAGS]. */
export function matches(input: Json, re: Json, flagText: Json): Json[] {
  if (isArray(re)) {
    flagText = re[1] ?? null;
    re = re[0] ?? null;
  }
  if (typeof input !== "string") return cannotMatch(input);
  if (typeof re !== "string") return cannotMatch(re);
  const flags = readFlags(flagText);
  const compiled = compile(re, flags);
  const m = compiled.matcher(input);
  const names = new Map<number, string>(Object.entries(compiled.namedGroups()).map(([name, i]) => [Number(i), name] as const));
  const out: Json[] = [];
  let from = 0;
  while (from <= input.length && m.find(from)) {
    const [start, end] = [m.start(0), m.end(0)];
    if (!(flags.skipEmpty && start === end) && !(start === end && start === input.length && out.length > 0))
      out.push(matchObject(input, m, compiled.groupCount(), names));
    if (!flags.all) break;
    from = end > start ? end : end + ((input.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
  }
  return out;
}

function cannotMatch(v: Json): never {
  return fail(`${v === null ? "null (null)" : JSON.stringify(v)} cannot be matched, as it is not a string`);
}

function matchObject(input: string, m: ReturnType<RE2JS["matcher"]>, groups: number, names: ReadonlyMap<number, string>): Json {
  const points = (from: number, to: number): number => Array.from(input.slice(from, to)).length;
  const span = (g: number): [string, Json][] => {
    const [from, to] = [m.start(g), m.end(g)];
    if (from < 0)
      return [
        ["offset", -1],
        ["length", 0],
        ["string", null],
      ];
    return [
      ["offset", points(0, from)],
      ["length", points(from, to)],
      ["string", input.slice(from, to)],
    ];
  };
  const captures: Json[] = [];
  for (let g = 1; g <= groups; g++) captures.push(new Map<string, Json>([...span(g), ["name", names.get(g) ?? null]]));
  return new Map<string, Json>([...span(0), ["captures", captures]]);
}
