/**
 * Shell patterns: * ? [...] and, where allowed, ?(…) *(…) +(…) @(…) !(…). Matching walks sets of positions, so its
 * time is bounded by pattern × text (× text for nested !(…)) and never exponential.
 * A pattern is text in which a backslash quotes the next character.
 */

type Elem =
  | { readonly k: "char"; readonly c: string }
  | { readonly k: "any" }
  | { readonly k: "star" }
  | {
      readonly k: "set";
      readonly neg: boolean;
      readonly ranges: readonly (readonly [number, number])[];
      readonly classes: readonly string[];
    }
  | { readonly k: "group"; readonly op: "?" | "*" | "+" | "@" | "!"; readonly alts: readonly (readonly Elem[])[] };

export interface PatternOptions {
  readonly extglob: boolean;
  readonly nocase: boolean;
}

/** Sorted positions without repetition. */
type Positions = readonly number[];

export class Pattern {
  private readonly elems: readonly Elem[];
  private readonly reversed: readonly Elem[];
  private readonly nocase: boolean;
  /** the text it stands for when nothing in it is special, else null */
  readonly literal: string | null;

  constructor(text: string, opts: PatternOptions) {
    const chars = [...(opts.nocase ? text.toLowerCase() : text)];
    this.elems = compile(chars, 0, opts.extglob, null).elems;
    this.nocase = opts.nocase;
    this.reversed = reverse(this.elems);
    let lit: string | null = "";
    for (const e of this.elems) {
      if (e.k !== "char") {
        lit = null;
        break;
      }
      lit += e.c;
    }
    this.literal = opts.nocase ? null : lit;
  }

  get startsWithStar(): boolean {
    return this.elems[0]?.k === "star";
  }

  matches(text: string): boolean {
    if (this.literal !== null) return text === this.literal;
    const t = this.chars(text);
    const ends = run(this.elems, t, [0]);
    return ends.length > 0 && ends[ends.length - 1] === t.length;
  }

  /** Lengths (in code units) of the prefixes of `text` that match, shortest and longest; null: none. */
  prefix(text: string): { short: number; long: number } | null {
    const t = this.chars(text);
    const ends = run(this.elems, t, [0]);
    if (ends.length === 0) return null;
    return { short: units(t, 0, ends[0]!), long: units(t, 0, ends[ends.length - 1]!) };
  }
  /** The same for suffixes. */
  suffix(text: string): { short: number; long: number } | null {
    const t = this.chars(text).reverse();
    const ends = run(this.reversed, t, [0]);
    if (ends.length === 0) return null;
    return { short: units(t, 0, ends[0]!), long: units(t, 0, ends[ends.length - 1]!) };
  }
  /** Ends of matches of `chars` from `at`: the longest, or -1. For ${x//p/r}. */
  longestAt(chars: readonly string[], at: number): number {
    const ends = run(this.elems, chars, [at]);
    return ends.length === 0 ? -1 : ends[ends.length - 1]!;
  }
  chars(text: string): string[] {
    return [...(this.nocase ? text.toLowerCase() : text)];
  }
}

function units(t: readonly string[], from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) n += t[i]!.length;
  return n;
}

function run(elems: readonly Elem[], t: readonly string[], start: Positions): Positions {
  let at = start;
  for (const e of elems) {
    if (at.length === 0) return at;
    at = step(e, t, at);
  }
  return at;
}

function step(e: Elem, t: readonly string[], at: Positions): Positions {
  const out: number[] = [];
  switch (e.k) {
    case "char":
      for (const i of at) if (t[i] === e.c) out.push(i + 1);
      return out;
    case "any":
      for (const i of at) if (i < t.length) out.push(i + 1);
      return out;
    case "star":
      for (let i = at[0]!; i <= t.length; i++) out.push(i);
      return out;
    case "set":
      for (const i of at) if (i < t.length && inSet(e, t[i]!)) out.push(i + 1);
      return out;
    case "group":
      return group(e, t, at);
  }
}

function group(e: Elem & { k: "group" }, t: readonly string[], at: Positions): Positions {
  if (e.op === "!") {
    const found = new Set<number>();
    for (const i of at) {
      const yes = new Set<number>();
      for (const a of e.alts) for (const j of run(a, t, [i])) yes.add(j);
      for (let j = i; j <= t.length; j++) if (!yes.has(j)) found.add(j);
    }
    return sorted(found);
  }
  const once = (from: Positions): Set<number> => {
    const s = new Set<number>();
    for (const a of e.alts) for (const j of run(a, t, from)) s.add(j);
    return s;
  };
  if (e.op === "@") return sorted(once(at));
  if (e.op === "?") return sorted(new Set([...at, ...once(at)]));
  const all = new Set<number>(e.op === "*" ? at : []);
  let frontier: Positions = at;
  while (frontier.length > 0) {
    const fresh: number[] = [];
    for (const j of once(frontier))
      if (!all.has(j)) {
        all.add(j);
        fresh.push(j);
      }
    frontier = fresh.sort((a, b) => a - b);
  }
  return sorted(all);
}

function sorted(s: Set<number>): number[] {
  return [...s].sort((a, b) => a - b);
}

function reverse(elems: readonly Elem[]): Elem[] {
  return elems.map((e) => (e.k === "group" ? { ...e, alts: e.alts.map(reverse) } : e)).reverse();
}

/** Compiles until the end, or until an unquoted | or ) when inside a group. */
function compile(chars: readonly string[], from: number, ext: boolean, inside: "group" | null): { elems: Elem[]; at: number } {
  const elems: Elem[] = [];
  let i = from;
  while (i < chars.length) {
    const c = chars[i]!;
    if (inside && (c === "|" || c === ")")) break;
    if (ext && "?*+@!".includes(c) && chars[i + 1] === "(" && groupCloses(chars, i + 1)) {
      const alts: Elem[][] = [];
      let at = i + 2;
      for (;;) {
        const r = compile(chars, at, ext, "group");
        alts.push(r.elems);
        at = r.at + 1;
        if (chars[r.at] !== "|") break;
      }
      elems.push({ k: "group", op: c as "?", alts });
      i = at;
      continue;
    }
    if (c === "\\") {
      elems.push({ k: "char", c: chars[i + 1] ?? "\\" });
      i += 2;
    } else if (c === "*") {
      if (elems[elems.length - 1]?.k !== "star") elems.push({ k: "star" });
      i++;
    } else if (c === "?") {
      elems.push({ k: "any" });
      i++;
    } else if (c === "[") {
      const r = bracket(chars, i);
      if (r === null) {
        elems.push({ k: "char", c });
        i++;
      } else {
        elems.push(r.elem);
        i = r.at;
      }
    } else {
      elems.push({ k: "char", c });
      i++;
    }
  }
  return { elems, at: i };
}

function groupCloses(chars: readonly string[], open: number): boolean {
  let depth = 0;
  for (let i = open; i < chars.length; i++) {
    if (chars[i] === "\\") i++;
    else if (chars[i] === "(") depth++;
    else if (chars[i] === ")" && --depth === 0) return true;
  }
  return false;
}

function bracket(chars: readonly string[], open: number): { elem: Elem; at: number } | null {
  let i = open + 1;
  const neg = chars[i] === "!" || chars[i] === "^";
  if (neg) i++;
  const ranges: [number, number][] = [];
  const classes: string[] = [];
  let first = true;
  for (; i < chars.length; first = false) {
    const c = chars[i]!;
    if (c === "]" && !first) return { elem: { k: "set", neg, ranges, classes }, at: i + 1 };
    if (c === "/") return null;
    if (c === "[" && (chars[i + 1] === ":" || chars[i + 1] === "." || chars[i + 1] === "=")) {
      const kind = chars[i + 1]!;
      let j = i + 2;
      while (j < chars.length && !(chars[j] === kind && chars[j + 1] === "]")) j++;
      if (j < chars.length) {
        const name = chars.slice(i + 2, j).join("");
        if (kind === ":") classes.push(name);
        else if ([...name].length === 1) ranges.push([name.codePointAt(0)!, name.codePointAt(0)!]);
        i = j + 2;
        continue;
      }
    }
    let lo = c;
    if (c === "\\" && i + 1 < chars.length) lo = chars[++i]!;
    i++;
    if (chars[i] === "-" && chars[i + 1] !== undefined && chars[i + 1] !== "]") {
      let hi = chars[i + 1]!;
      i += 2;
      if (hi === "\\" && i < chars.length) hi = chars[i++]!;
      ranges.push([lo.codePointAt(0)!, hi.codePointAt(0)!]);
    } else ranges.push([lo.codePointAt(0)!, lo.codePointAt(0)!]);
  }
  return null;
}

function inSet(e: Elem & { k: "set" }, ch: string): boolean {
  const c = ch.codePointAt(0)!;
  let hit = e.ranges.some(([lo, hi]) => c >= lo && c <= hi);
  if (!hit) hit = e.classes.some((k) => inClass(k, c));
  return hit !== e.neg;
}

/** POSIX classes in the C locale. */
function inClass(name: string, c: number): boolean {
  const lower = c >= 97 && c <= 122;
  const upper = c >= 65 && c <= 90;
  const digit = c >= 48 && c <= 57;
  switch (name) {
    case "alpha":
      return lower || upper || c > 127;
    case "digit":
      return digit;
    case "alnum":
      return lower || upper || digit || c > 127;
    case "upper":
      return upper;
    case "lower":
      return lower;
    case "space":
      return c === 32 || (c >= 9 && c <= 13);
    case "blank":
      return c === 32 || c === 9;
    case "punct":
      return c > 32 && c < 127 && !(lower || upper || digit);
    case "print":
      return c >= 32 && c !== 127;
    case "graph":
      return c > 32 && c !== 127;
    case "cntrl":
      return c < 32 || c === 127;
    case "xdigit":
      return digit || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
    case "word":
      return lower || upper || digit || c === 95;
    case "ascii":
      return c < 128;
    default:
      return false;
  }
}

/** Quotes what is special in patterns. */
export function escapePattern(s: string): string {
  return /[\\*?[\]()|!+@-]/.test(s) ? s.replace(/[\\*?[\]()|!+@-]/g, "\\$&") : s;
}
