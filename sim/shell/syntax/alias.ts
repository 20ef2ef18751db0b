/** Alias expansion on the text: command words that are aliases are replaced, again and again, before it is parsed for good. */
import { parse } from "unbash";

const MAX_ROUNDS = 50;

export function expandAliases(source: string, aliases: ReadonlyMap<string, string>): string {
  // expanded words are remembered by where their text ends, so that alias ls='ls -l' stops
  let text = source;
  let guarded: { from: number; to: number; names: ReadonlySet<string> }[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const hit = firstAlias(text, aliases, guarded);
    if (!hit) return text;
    const value = aliases.get(hit.name)!;
    const shift = value.length - hit.name.length;
    const inside = guarded.find((g) => hit.pos >= g.from && hit.pos < g.to);
    const names = new Set(inside?.names ?? []);
    names.add(hit.name);
    text = text.slice(0, hit.pos) + value + text.slice(hit.pos + hit.name.length);
    guarded = guarded.map((g) => ({ ...g, from: g.from > hit.pos ? g.from + shift : g.from, to: g.to > hit.pos ? g.to + shift : g.to }));
    guarded.push({ from: hit.pos, to: hit.pos + Math.max(1, value.length), names });
    guarded.sort((a, b) => a.to - a.from - (b.to - b.from));
  }
  return text;
}

interface Hit {
  readonly name: string;
  readonly pos: number;
}

function firstAlias(
  text: string,
  aliases: ReadonlyMap<string, string>,
  guarded: readonly { from: number; to: number; names: ReadonlySet<string> }[],
): Hit | null {
  const words: { text: string; pos: number; end: number }[] = [];
  collect(parse(text).commands, words);
  words.sort((a, b) => a.pos - b.pos);
  for (const w of words) {
    if (!aliases.has(w.text)) {
      continue;
    }
    const g = guarded.filter((x) => w.pos >= x.from && w.pos < x.to);
    if (g.some((x) => x.names.has(w.text))) continue;
    return { name: w.text, pos: w.pos };
  }
  // an alias that ends in a blank makes the next word a candidate
  for (const g of guarded) {
    if (!/[ \t]$/.test(text.slice(g.from, g.to))) continue;
    const m = /^([^\s;&|()<>'"$`\\]+)/.exec(text.slice(g.to).replace(/^[ \t]*/, ""));
    const pos = g.to + (/^[ \t]*/.exec(text.slice(g.to))?.[0].length ?? 0);
    if (m && aliases.has(m[1]!) && !guarded.some((x) => pos >= x.from && pos < x.to)) return { name: m[1]!, pos };
  }
  return null;
}

/** Every first word of a simple command. */
function collect(n: unknown, out: { text: string; pos: number; end: number }[]): void {
  if (typeof n !== "object" || n === null) return;
  if (Array.isArray(n)) {
    for (const x of n) collect(x, out);
    return;
  }
  const o = n as { type?: string; name?: { text: string; pos: number; end: number } };
  if (o.type === "Word") return;
  if (o.type === "Command") {
    if (o.name) out.push(o.name);
    return;
  }
  for (const v of Object.values(o)) if (typeof v === "object") collect(v, out);
}
