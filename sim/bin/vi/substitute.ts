/** :s and :g. */
import { compileRegex, Regex } from "../lib/regex.ts";
import type { Editor } from "./editor.ts";
import { vimRegex } from "./pattern.ts";

/** The text between delimiters: pattern, replacement, what follows. */
export function delimited(text: string): readonly [string, string, string] {
  const d = text[0]!;
  const parts: string[] = [];
  let at = 1;
  for (let i = 1; i <= text.length && parts.length < 2; i++) {
    if (text[i] === "\\" && i < text.length) i++;
    else if (i >= text.length || text[i] === d) {
      parts.push(text.slice(at, i));
      at = i + 1;
    }
  }
  return [parts[0] ?? "", parts[1] ?? "", text.slice(at)];
}

/** The replacement of one match: & and \0…\9, \n and \r break lines, \u \U \l \L \e change case. */
function expand(by: string, line: string, m: readonly number[]): string {
  let out = "";
  let once: ((s: string) => string) | null = null;
  let all: ((s: string) => string) | null = null;
  const put = (t: string): void => {
    let s = all === null ? t : all(t);
    if (once !== null && s !== "") {
      s = once(s.charAt(0)) + s.slice(1);
      once = null;
    }
    out += s;
  };
  const group = (g: number): string => ((m[2 * g] ?? -1) < 0 ? "" : line.slice(m[2 * g]!, m[2 * g + 1]!));
  for (let i = 0; i < by.length; i++) {
    const c = by[i]!;
    if (c === "&") put(group(0));
    else if (c === "\\" && i + 1 < by.length) {
      const n = by[++i]!;
      if (/[0-9]/.test(n)) put(group(Number(n)));
      else if (n === "n") put("\0");
      else if (n === "r") put("\n");
      else if (n === "t") put("\t");
      else if (n === "u") once = (s) => s.toUpperCase();
      else if (n === "l") once = (s) => s.toLowerCase();
      else if (n === "U") all = (s) => s.toUpperCase();
      else if (n === "L") all = (s) => s.toLowerCase();
      else if (n === "e" || n === "E") all = null;
      else put(n);
    } else put(c === "\r" ? "\n" : c);
  }
  return out;
}

export interface LastSubstitute {
  readonly pattern: string;
  readonly by: string;
}

/** Runs :s over lines; `text` is what follows the s. What it was, for :s alone and &. */
export function substitute(e: Editor, from: number, to: number, text: string, last: LastSubstitute | null): LastSubstitute | null {
  const { s } = e;
  let pattern: string;
  let by: string;
  let flags: string;
  if (text === "" || /^[\sgicn&]/.test(text)) {
    if (last === null) {
      s.fail("E35: No previous regular expression");
      return last;
    }
    ({ pattern, by } = last);
    flags = text.trim();
  } else {
    [pattern, by, flags] = delimited(text);
    if (pattern === "") pattern = s.search?.pattern ?? "";
  }
  if (/[^gicnIe&\s]/.test(flags)) {
    s.fail(/c/.test(flags) ? "hop: vi: the flag c is not simulated" : `E488: Trailing characters: ${flags}`);
    return last;
  }
  if (flags.includes("c")) {
    s.fail("hop: vi: the flag c of :s is not simulated");
    return last;
  }
  const t = vimRegex(pattern);
  const ignoreCase = flags.includes("i") || (s.opts.ignorecase && !flags.includes("I") && !(s.opts.smartcase && /\p{Lu}/u.test(pattern)));
  const re = t === null ? null : compileRegex(t.source, "ere", { ignoreCase: t.ignoreCase ?? ignoreCase });
  if (!(re instanceof Regex) || pattern === "") {
    s.fail(pattern === "" ? "E35: No previous regular expression" : `E486: Pattern not found: ${pattern}`);
    return last;
  }
  s.search = { pattern, re, back: false, whole: false };
  let count = 0;
  let touched = 0;
  let cursor = -1;
  let end = to;
  for (let n = from; n <= end; n++) {
    const l = s.text.line(n);
    let out = "";
    let at = 0;
    let here = 0;
    for (let start = 0; start <= l.length;) {
      const m = re.exec(l, start);
      if (m === null) break;
      here++;
      out += l.slice(at, m[0]!) + expand(by, l, m);
      at = m[1]!;
      start = m[1]! > m[0]! ? m[1]! : m[1]! + 1;
      if (!flags.includes("g")) break;
    }
    if (here === 0) continue;
    if (count === 0 && !flags.includes("n")) s.text.beganAt({ line: n, at: 0 });
    count += here;
    touched++;
    cursor = n;
    if (flags.includes("n")) continue;
    const lines = (out + l.slice(at)).split("\n");
    s.text.splice(n, 1, lines);
    n += lines.length - 1;
    end += lines.length - 1;
    cursor = n;
  }
  if (count === 0) s.fail(`E486: Pattern not found: ${pattern}`);
  else {
    s.go(s.firstNonBlank(cursor));
    const what = flags.includes("n") ? "match" : "substitution";
    const plural = flags.includes("n") ? "matches" : "substitutions";
    if (count > 2 || flags.includes("n")) s.say(`${count} ${count === 1 ? what : plural} on ${touched} line${touched === 1 ? "" : "s"}`);
  }
  return { pattern, by };
}
