/** What nano's screen looks like: title bar, text with its margin, status line, two lines of keys (winio.c of nano). */
import { textWidth } from "../../kernel/graphemes.ts";
import { type CellRules, clip, columnOf, walk } from "../lib/screen/cells.ts";
import { PLAIN, REVERSE } from "../lib/screen/term.ts";
import type { Doc } from "./doc.ts";
import type { BarItem } from "./functions.ts";

export interface Layout {
  readonly rows: number;
  readonly cols: number;
  readonly helpLines: boolean;
  readonly numbers: boolean;
}

export function editRows(l: Layout): number {
  return Math.max(1, l.rows - 2 - (barShown(l) ? 2 : 0));
}
export function barShown(l: Layout): boolean {
  return l.helpLines && l.rows >= 6;
}
export function statusRow(l: Layout): number {
  return l.rows - 1 - (barShown(l) ? 2 : 0);
}
export function marginOf(l: Layout, doc: Doc): number {
  if (!l.numbers) return 0;
  const n = Math.max(2, String(doc.last + 1).length) + 1;
  return n < l.cols - 4 ? n : 0;
}

/** First column of a line that is shown when the cursor stands in `column`. */
export function pageStart(column: number, width: number): number {
  if (column === 0 || column + 2 < width) return 0;
  if (width > 8) return column - 6 - ((column - 6) % (width - 8));
  return column - (width - 2);
}

export function titleBar(cols: number, corner: string, path: string, modified: boolean, state: string, view: boolean): string {
  const reserved = view ? 7 : 10;
  let head = textWidth(corner) + 3;
  let name = path;
  const fits = head + textWidth(name) + reserved <= cols;
  if (!fits) head = 2;
  let at: number;
  if (head + textWidth(name) + reserved <= cols) at = head + Math.floor((cols - head - reserved - textWidth(name)) / 2);
  else {
    at = 0;
    const room = cols - 2 - (view ? 6 : 2);
    if (textWidth(name) > room) {
      while (name !== "" && textWidth(name) > room - 3) name = name.slice(1);
      name = `...${name}`;
    }
  }
  let s = (fits ? `  ${corner}` : "").padEnd(at) + name + (modified && !view ? " *" : "");
  const flags = view ? "View" : state;
  if (flags !== "" && cols - 6 > textWidth(s)) s += " ".repeat(cols - 6 - textWidth(s)) + flags;
  return REVERSE + padTo(clip(s, cols), cols) + PLAIN;
}
function padTo(s: string, width: number): string {
  return s + " ".repeat(Math.max(0, width - textWidth(s)));
}

/** A message in the status line: in brackets in the middle where there is room. */
export function statusText(message: string, cols: number): string {
  const text = message.replace(/[\x00-\x1f\x7f]/g, "?");
  const at = Math.floor((cols - textWidth(text)) / 2);
  if (textWidth(text) + 4 > cols || at <= 1) return REVERSE + clip(text, cols) + PLAIN;
  return `${" ".repeat(at - 2)}${REVERSE}[ ${text} ]${PLAIN}`;
}

/** A question in the status line: the answer scrolls when it is long. The text and the cursor's column. */
export function promptText(question: string, answer: string, column: number, cols: number): readonly [string, number] {
  const head = clip(`${question}: `, Math.max(0, cols - 5));
  const room = cols - textWidth(head) - 1;
  const skip = column < room ? 0 : column - room + 1;
  const shown = clip(skipCells(answer, skip), room);
  return [REVERSE + padTo(head + shown, cols) + PLAIN, textWidth(head) + column - skip];
}
function skipCells(text: string, n: number): string {
  let s = text;
  while (n > 0 && s !== "") {
    const c = String.fromCodePoint(s.codePointAt(0)!);
    n -= textWidth(c);
    s = s.slice(c.length);
  }
  return s;
}

/** The two lines of keys. */
export function bar(entries: readonly BarItem[], cols: number): readonly [string, string] {
  const max = Math.floor((cols + 40) / 20) * 2;
  const shown = entries.slice(0, max);
  const columns = Math.floor((shown.length + 1) / 2);
  const width = columns === 0 ? 0 : Math.floor(cols / columns);
  const rows = ["", ""];
  if (width === 0) return ["", ""];
  shown.forEach(([key, label], i) => {
    const last = i + 2 >= shown.length;
    const room = last ? width + (cols % width) : width;
    const k = clip(key, room);
    const text = room - textWidth(k) > 1 ? ` ${clip(label, room - textWidth(k) - 1)}` : "";
    const used = textWidth(k) + textWidth(text);
    rows[i % 2] += `${REVERSE}${k}${PLAIN}${text}${last ? "" : " ".repeat(Math.max(0, room - used))}`;
  });
  return [rows[0]!, rows[1]!];
}

/** The lines of text that are shown. */
export function textRows(doc: Doc, l: Layout): string[] {
  const margin = marginOf(l, doc);
  const width = l.cols - margin;
  const rules = doc.rules();
  const rows: string[] = [];
  const [from, to] = doc.spot ?? doc.region();
  for (let i = 0; i < editRows(l); i++) {
    const n = doc.top + i;
    if (n > doc.last) {
      rows.push("");
      continue;
    }
    const head = margin === 0 ? "" : `${REVERSE}${String(n + 1).padStart(margin - 1)}${PLAIN} `;
    const start = n === doc.cursor.line ? pageStart(doc.column, width) : 0;
    const marked = (doc.spot ?? doc.mark) !== null && n >= from.line && n <= to.line;
    const a = marked ? (n === from.line ? from.at : 0) : -1;
    const b = marked ? (n === to.line ? to.at : Infinity) : -1;
    rows.push(head + textRow(doc.text.line(n), rules, start, width, a, b));
  }
  return rows;
}

/** One line from a column on; `<` and `>` say that there is more. What stands in [a, b) is in reverse video. */
function textRow(line: string, rules: CellRules, start: number, width: number, a: number, b: number): string {
  let s = "";
  let used = 0;
  let reversed = false;
  for (const c of walk(line, rules)) {
    if (c.col + c.width <= start) continue;
    let { text } = c;
    let w = c.width;
    const hidden = c.col < start;
    if (hidden || (start > 0 && used === 0)) {
      // the first cell gives way to "<"; what is left of a wide character is blank
      const rest = c.col + c.width - start;
      text = `<${"]".repeat(Math.max(0, rest - 1))}`;
      w = rest;
    }
    const more = c.at + c.len < line.length;
    if (used + w > width || (used + w === width && more)) {
      s += `${reversed ? PLAIN : ""}${"[".repeat(Math.max(0, width - 1 - used))}>`;
      reversed = false;
      break;
    }
    const on = c.at >= a && c.at < b;
    if (on !== reversed) s += on ? REVERSE : PLAIN;
    reversed = on;
    s += text;
    used += w;
  }
  return reversed ? s + PLAIN : s;
}

/** Where the cursor stands on the screen. */
export function cursorCell(doc: Doc, l: Layout): readonly [number, number] {
  const margin = marginOf(l, doc);
  const col = columnOf(doc.line, doc.rules(), doc.cursor.at);
  return [1 + doc.cursor.line - doc.top, margin + col - pageStart(col, l.cols - margin)];
}

/** Is the cursor's line in the window? */
export function visible(doc: Doc, l: Layout): boolean {
  return doc.cursor.line >= doc.top && doc.cursor.line < doc.top + editRows(l);
}

/** The place as ^C tells it. */
export function location(doc: Doc): string {
  const lines = doc.text.lines;
  const { line, at } = doc.cursor;
  const count = (s: string): number => Array.from(s).length;
  let here = 0;
  let total = -1;
  for (let i = 0; i < lines.length; i++) {
    const n = count(lines[i]!) + 1;
    total += n;
    if (i < line) here += n;
  }
  here += count(lines[line]!.slice(0, at));
  const col = doc.column + 1;
  const width = columnOf(doc.line, doc.rules(), doc.line.length) + 1;
  const pct = (a: number, b: number): number => (b === 0 ? 0 : Math.floor((100 * a) / b));
  const two = (n: number, w: number): string => String(n).padStart(w);
  const lw = Math.max(2, String(lines.length).length);
  const cw = Math.max(2, String(total).length);
  return `line ${two(line + 1, lw)}/${lines.length} (${two(pct(line + 1, lines.length), 2)}%), col ${two(col, 2)}/${two(width, 2)} (${two(pct(col, width), 3)}%), char ${two(here, cw)}/${total} (${two(pct(here, total), 2)}%)`;
}

/** Lines, words and characters of the buffer. */
export function wordCount(doc: Doc): string {
  const { text } = doc;
  const all = text.lines.join("\n");
  const words = all.split(/[^\p{L}\p{N}]+/u).filter((w) => w !== "").length;
  const chars = Array.from(all).length;
  const n = text.lines.length - (text.line(doc.last) === "" ? 1 : 0);
  const unit = (k: number, one: string): string => `${k} ${one}${k === 1 ? "" : "s"}`;
  return `${unit(n, "line")},  ${unit(words, "word")},  ${unit(chars, "character")}`;
}
