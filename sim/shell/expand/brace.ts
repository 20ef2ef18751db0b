/**
 * Brace expansion: a{b,c}d, {1..9..2}, {a..e}. It works on the text of a word, before all other expansions, and skips
 * what is quoted or inside $…. The number of words is limited: the answer to {1..99999999} is a message.
 */

/** Words that one brace expansion may make, and characters in all of them. */
const MAX_BRACE_WORDS = 100_000;
const MAX_BRACE_CHARS = 16 * 1024 * 1024;

export class BraceLimit extends Error {}

export function braceExpand(text: string): string[] {
  const budget = { words: MAX_BRACE_WORDS, chars: MAX_BRACE_CHARS, depth: 0 };
  return expand(text, budget);
}

interface Budget {
  words: number;
  chars: number;
  depth: number;
}

function expand(text: string, budget: Budget): string[] {
  if (++budget.depth > 200) throw new BraceLimit(`brace expansion: more than 200 nested braces are not simulated`);
  let from = 0;
  for (;;) {
    const open = findOpen(text, from);
    if (open < 0) {
      budget.depth--;
      return [text];
    }
    const close = findClose(text, open);
    const items = close < 0 ? null : split(text, open, close, budget);
    if (items === null) {
      from = open + 1;
      continue;
    }
    const head = text.slice(0, open);
    const tails = expand(text.slice(close + 1), budget);
    const out: string[] = [];
    for (const it of items)
      for (const t of tails) {
        charge(budget, head.length + it.length + t.length);
        out.push(head + it + t);
      }
    budget.depth--;
    return out;
  }
}

function charge(b: Budget, chars: number): void {
  b.words--;
  b.chars -= chars;
  if (b.words < 0 || b.chars < 0) throw new BraceLimit(`brace expansion: more than ${MAX_BRACE_WORDS} words are not simulated`);
}

/** The position after a quoted or $-construct that begins at i, or i. */
function skip(text: string, i: number): number {
  const c = text[i]!;
  if (c === "\\") return i + 2;
  if (c === "'") return after(text.indexOf("'", i + 1), text);
  if (c === '"' || c === "`") {
    let j = i + 1;
    while (j < text.length && text[j] !== c)
      j = text[j] === "\\" ? j + 2 : text[j] === "$" && c === '"' ? Math.max(j + 1, skip(text, j)) : j + 1;
    return Math.min(j + 1, text.length);
  }
  if (c === "$" && (text[i + 1] === "{" || text[i + 1] === "(")) {
    const open = text[i + 1]!;
    const shut = open === "{" ? "}" : ")";
    let depth = 0;
    for (let j = i + 1; j < text.length;) {
      if (text[j] === open) depth++;
      else if (text[j] === shut && --depth === 0) return j + 1;
      const k = j === i + 1 ? j : skip(text, j);
      j = k > j ? k : j + 1;
    }
    return text.length;
  }
  return i;
}
function after(j: number, text: string): number {
  return j < 0 ? text.length : j + 1;
}

function findOpen(text: string, from: number): number {
  for (let i = from; i < text.length;) {
    const j = skip(text, i);
    if (j > i) {
      i = j;
      continue;
    }
    if (text[i] === "{") return i;
    i++;
  }
  return -1;
}

function findClose(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length;) {
    const j = skip(text, i);
    if (j > i) {
      i = j;
      continue;
    }
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
    i++;
  }
  return -1;
}

/** The alternatives between the braces, themselves expanded; null: no brace expression. */
function split(text: string, open: number, close: number, budget: Budget): string[] | null {
  const parts: string[] = [];
  let start = open + 1;
  let depth = 0;
  for (let i = open + 1; i < close;) {
    const j = skip(text, i);
    if (j > i) {
      i = j;
      continue;
    }
    const c = text[i]!;
    if (c === "{") depth++;
    else if (c === "}") depth--;
    else if (c === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
    i++;
  }
  if (parts.length === 0) return sequence(text.slice(open + 1, close), budget);
  parts.push(text.slice(start, close));
  const out: string[] = [];
  for (const p of parts) for (const w of expand(p, budget)) out.push(w);
  return out;
}

function sequence(body: string, budget: Budget): string[] | null {
  const num = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(body);
  const chr = num ? null : /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(body);
  const m = num ?? chr;
  if (m === null) return null;
  const a = num ? Number(m[1]) : m[1]!.charCodeAt(0);
  const b = num ? Number(m[2]) : m[2]!.charCodeAt(0);
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return null;
  const step = Math.abs(Number(m[3] ?? 1)) || 1;
  const count = Math.floor(Math.abs(b - a) / step) + 1;
  if (count > budget.words)
    throw new BraceLimit(`brace expansion: {${body}} makes ${count} words; more than ${MAX_BRACE_WORDS} are not simulated`);
  const padded = num && (/^-?0\d/.test(m[1]!) || /^-?0\d/.test(m[2]!));
  const width = padded ? Math.max(m[1]!.length, m[2]!.length) : 0;
  const out: string[] = [];
  for (let i = 0, v = a; i < count; i++, v += a <= b ? step : -step) {
    if (!num) {
      const ch = String.fromCharCode(v);
      // bash quotes what is between Z and a badly: its backslash comes out empty
      out.push(/[A-Za-z]/.test(ch) ? ch : ch === "\\" ? "''" : "\\" + ch);
    } else if (width === 0) out.push(String(v));
    else out.push(v < 0 ? "-" + String(-v).padStart(width - 1, "0") : String(v).padStart(width, "0"));
  }
  return out;
}
