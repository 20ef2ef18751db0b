/** vi's changes: operators over a range, put, join, case, indents. Each works inside a step of undo that the caller has begun. */
import { before, type Pos } from "../lib/screen/buffer.ts";
import type { Register, State } from "./state.ts";
import type { Target } from "./motions.ts";

export interface Range {
  readonly from: Pos;
  /** behind the last character; for lines: any place in the last one */
  readonly to: Pos;
  readonly linewise: boolean;
}

/** lines that a message is worth ('report') */
const REPORT = 2;

/** The range between the cursor and where a motion goes. */
export function rangeOf(s: State, t: Target): Range {
  const start = t.from ?? s.cursor;
  let [from, to] = before(t.pos, start) ? [t.pos, start] : [start, t.pos];
  if (t.linewise) return { from, to, linewise: true };
  if (t.inclusive) to = s.next(to);
  // an exclusive motion to the start of a line ends at the line before ("o_v" rules of vim)
  if (!t.inclusive && t.from === undefined && to.line > from.line && to.at === 0) {
    const l = s.text.line(to.line - 1);
    to = { line: to.line - 1, at: l.length };
    if (s.text.line(from.line).slice(0, from.at).trim() === "") return { from, to, linewise: true };
  }
  return { from, to, linewise: false };
}

function rows(n: number): string {
  return `${n} line${n === 1 ? "" : "s"}`;
}
export function reportLines(s: State, by: number): void {
  if (by > REPORT) s.say(`${by} more lines`);
  else if (by < -REPORT) s.say(`${-by} fewer lines`);
}

export function textOf(s: State, r: Range): Register {
  if (r.linewise) return { text: `${s.text.lines.slice(r.from.line, r.to.line + 1).join("\n")}\n`, linewise: true };
  return { text: s.text.text(r.from, r.to), linewise: false };
}

export function remove(s: State, r: Range, register: string): void {
  s.yank(register, textOf(s, r), true);
  if (r.linewise) {
    const n = r.to.line - r.from.line + 1;
    s.deleteLines(r.from.line, r.to.line);
    s.go(s.firstNonBlank(Math.min(r.from.line, s.last)));
    reportLines(s, -n);
    if (s.empty) s.say("--No lines in buffer--");
  } else {
    s.text.remove(r.from, r.to);
    s.go(r.from);
  }
}
export function yank(s: State, r: Range, register: string, cursor: Pos): void {
  s.yank(register, textOf(s, r), false);
  const n = r.linewise ? r.to.line - r.from.line + 1 : 0;
  s.go(cursor);
  if (n > REPORT) s.say(`${rows(n)} yanked`);
}
/** c: what is left to type into; the cursor stands there. */
export function change(s: State, r: Range, register: string): void {
  s.yank(register, textOf(s, r), true);
  if (r.linewise) {
    const indent = s.opts.autoindent ? /^\s*/.exec(s.text.line(r.from.line))![0] : "";
    s.text.splice(r.from.line, r.to.line - r.from.line + 1, [indent]);
    s.cursor = { line: r.from.line, at: indent.length };
  } else {
    s.text.remove(r.from, r.to);
    s.cursor = r.from;
  }
}

export function put(s: State, register: string, after: boolean, count: number): void {
  const r = s.registers.get(register.toLowerCase());
  if (r === undefined || r.text === "") {
    s.fail(`E353: Nothing in register ${register === "" ? '"' : register}`);
    return;
  }
  const { line, at } = s.cursor;
  if (r.linewise) {
    const one = r.text.replace(/\n$/, "").split("\n");
    const all: string[] = [];
    for (let i = 0; i < Math.min(count, 10_000); i++) all.push(...one);
    const where = after && !s.empty ? line + 1 : line;
    s.insertLines(where, all);
    s.go(s.firstNonBlank(where));
    reportLines(s, all.length);
    return;
  }
  const text = r.text.repeat(Math.min(count, 10_000));
  const from = after && s.line !== "" ? s.next(s.cursor) : { line, at };
  const end = s.insert(from, text);
  if (text.includes("\n")) s.go(from);
  else s.go({ line: end.line, at: Math.max(0, end.at - 1) });
}

export function join(s: State, from: number, to: number, blanks: boolean): boolean {
  if (from >= s.last) return false;
  const last = Math.min(to, s.last);
  let text = s.text.line(from);
  let at = text.length;
  for (let n = from + 1; n <= last; n++) {
    let next = s.text.line(n);
    at = text.length;
    if (blanks) {
      next = next.replace(/^\s+/, "");
      const space = next === "" || next.startsWith(")") || /\s$/.test(text) || text === "" ? "" : " ";
      text += space + next;
    } else text += next;
  }
  s.text.splice(from, last - from + 1, [text]);
  s.go({ line: from, at });
  return true;
}

export function mapText(s: State, r: Range, f: (text: string) => string): void {
  for (let n = r.from.line; n <= r.to.line; n++) {
    const l = s.text.line(n);
    const a = r.linewise || n > r.from.line ? 0 : r.from.at;
    const b = r.linewise || n < r.to.line ? l.length : r.to.at;
    const next = l.slice(0, a) + f(l.slice(a, b)) + l.slice(b);
    if (next !== l) s.text.splice(n, 1, [next]);
  }
}
export function swapCase(text: string): string {
  let out = "";
  for (const c of text) out += c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase();
  return out;
}

export function shift(s: State, from: number, to: number, by: 1 | -1): void {
  const width = s.opts.shiftwidth === 0 ? s.opts.tabstop : s.opts.shiftwidth;
  for (let n = from; n <= to; n++) {
    const l = s.text.line(n);
    const blanks = /^[ \t]*/.exec(l)![0];
    if (by > 0 && l === "") continue;
    let col = 0;
    for (const c of blanks) col += c === "\t" ? s.opts.tabstop - (col % s.opts.tabstop) : 1;
    const want = by > 0 ? col + width : Math.max(0, col - width);
    const indent = s.opts.expandtab ? " ".repeat(want) : "\t".repeat(Math.floor(want / s.opts.tabstop)) + " ".repeat(want % s.opts.tabstop);
    const next = indent + l.slice(blanks.length);
    if (next !== l) s.text.splice(n, 1, [next]);
  }
  s.go(s.firstNonBlank(from));
  if (to - from + 1 > REPORT) s.say(`${rows(to - from + 1)} ${by > 0 ? ">" : "<"}ed 1 time`);
}
