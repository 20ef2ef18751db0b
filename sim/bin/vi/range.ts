/** The line numbers before a : command. */
import type { State } from "./state.ts";
import { vimRegex } from "./pattern.ts";
import { compileRegex, Regex } from "../lib/regex.ts";

export interface ExRange {
  /** lines from 0; null: none were given */
  readonly from: number | null;
  readonly to: number;
  readonly rest: string;
}

/** A text is the error. */
export function parseRange(s: State, text: string): ExRange | string {
  let rest = text.replace(/^[\s:]+/, "");
  if (rest.startsWith("%")) return { from: 0, to: s.last, rest: rest.slice(1) };
  const found: number[] = [];
  let line = s.cursor.line;
  for (;;) {
    const a = address(s, rest, line);
    if (typeof a === "string") return a;
    rest = a.rest;
    if (a.line !== null) found.push(a.line);
    else if (found.length > 0 || /^[,;]/.test(rest)) found.push(line);
    if (rest.startsWith(",") || rest.startsWith(";")) {
      if (rest.startsWith(";") && a.line !== null) line = a.line;
      rest = rest.slice(1).replace(/^\s+/, "");
      continue;
    }
    break;
  }
  if (found.length === 0) return { from: null, to: s.cursor.line, rest };
  const to = found[found.length - 1]!;
  const from = found.length > 1 ? found[found.length - 2]! : to;
  if (from < -1 || to < -1 || from > to) return "E493: Backwards range given";
  return { from: Math.max(0, from), to, rest };
}

function address(s: State, text: string, here: number): { readonly line: number | null; readonly rest: string } | string {
  let rest = text.replace(/^\s+/, "");
  let line: number | null = null;
  const number = /^[0-9]+/.exec(rest);
  if (number !== null) {
    line = Number(number[0]) - 1;
    rest = rest.slice(number[0].length);
  } else if (rest.startsWith(".")) {
    line = here;
    rest = rest.slice(1);
  } else if (rest.startsWith("$")) {
    line = s.last;
    rest = rest.slice(1);
  } else if (/^'[a-z<>'`]/.test(rest)) {
    const m = s.marks.get(rest[1]!);
    if (m === undefined) return "E20: Mark not set";
    line = Math.min(m.line, s.last);
    rest = rest.slice(2);
  } else if (/^[/?]/.test(rest)) {
    const d = rest[0]!;
    const m = new RegExp(`^\\${d}((?:\\\\.|[^\\\\${d}])*)\\${d}?`).exec(rest)!;
    const t = vimRegex(m[1]!);
    const re = t === null ? null : compileRegex(t.source, "ere", { ignoreCase: s.opts.ignorecase });
    if (!(re instanceof Regex)) return `E486: Pattern not found: ${m[1]!}`;
    const total = s.text.lines.length;
    for (let i = 1; i <= total && line === null; i++) {
      const n = (d === "/" ? here + i : here - i + total) % total;
      if (re.test(s.text.line(n))) line = n;
    }
    if (line === null) return `E486: Pattern not found: ${m[1]!}`;
    rest = rest.slice(m[0].length);
  }
  for (let m = /^\s*([+-])\s*([0-9]*)/.exec(rest); m !== null; m = /^\s*([+-])\s*([0-9]*)/.exec(rest)) {
    line = (line ?? here) + (m[1] === "+" ? 1 : -1) * (m[2] === "" ? 1 : Number(m[2]));
    rest = rest.slice(m[0].length);
  }
  return { line, rest };
}
