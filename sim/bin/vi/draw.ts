/** vi's screen: folded lines, ~ behind the end, @ where a line does not fit, the bottom line. Decides what the window shows. */
import { textWidth } from "../../kernel/graphemes.ts";
import { before } from "../lib/screen/buffer.ts";
import { clip, walk } from "../lib/screen/cells.ts";
import { BOLD, PLAIN, REVERSE } from "../lib/screen/term.ts";
import type { Editor } from "./editor.ts";
import type { State } from "./state.ts";

interface Folded {
  readonly rows: readonly string[];
  /** row and column of the cursor, when asked for */
  readonly cursor: readonly [number, number];
}

const MARGIN = 8;

/** The rows of a line; `at`: where the cursor stands in it, or -1. More rows than `limit` are not made. */
function fold(s: State, n: number, cols: number, at: number, limit: number): Folded {
  const line = s.text.line(n);
  const margin = s.opts.number ? MARGIN : 0;
  const width = Math.max(2, cols - margin);
  const head = margin === 0 ? "" : `${String(n + 1).padStart(margin - 1)} `;
  const rows: string[] = [head];
  const marked = selection(s, n);
  let used = 0;
  let on = false;
  let cursor: readonly [number, number] = [0, margin];
  const normal = s.mode === "normal" || s.mode.startsWith("visual");
  for (const c of walk(line, s.rules())) {
    let { text } = c;
    const tab = line[c.at] === "\t";
    if (tab && s.opts.list) text = "^I".padEnd(c.width);
    if (!tab && used + c.width > width) {
      if (rows.length >= limit) break;
      rows[rows.length - 1] += on ? PLAIN : "";
      on = false;
      rows.push(" ".repeat(margin));
      used = 0;
    }
    if (c.at <= at) cursor = [rows.length - 1, margin + used + (tab && normal && !s.opts.list ? c.width - 1 : 0)];
    const want = c.at >= marked[0] && c.at < marked[1];
    if (want !== on) rows[rows.length - 1] += want ? REVERSE : PLAIN;
    on = want;
    // a tab may go over the edge
    const shown = tab ? clip(text, width - used) : text;
    rows[rows.length - 1] += shown;
    used += tab ? Math.min(c.width, width - used) : c.width;
    if (c.at + c.len === at) cursor = [rows.length - 1, margin + used];
  }
  if (at >= line.length && line.length > 0 && cursor[1] >= margin + width) cursor = [cursor[0] + 1, margin];
  if (s.opts.list) rows[rows.length - 1] += "$";
  if (marked[1] > line.length && line === "") rows[rows.length - 1] += `${REVERSE} `;
  if (on || marked[1] > line.length) rows[rows.length - 1] += PLAIN;
  return { rows, cursor };
}
/** the marked part of a line, as offsets */
function selection(s: State, n: number): readonly [number, number] {
  if (!s.mode.startsWith("visual")) return [-1, -1];
  const [a, b] = before(s.visual, s.cursor) ? [s.visual, s.cursor] : [s.cursor, s.visual];
  if (n < a.line || n > b.line) return [-1, -1];
  if (s.mode === "visual-line") return [0, Infinity];
  return [n === a.line ? a.at : 0, n === b.line ? b.at + 1 : Infinity];
}

function height(s: State, n: number, cols: number, limit: number): number {
  return fold(s, n, cols, -1, limit).rows.length;
}

/** Moves the window so that the cursor's line is in it. */
export function follow(s: State, cols: number, rows: number): void {
  s.rows = rows;
  s.top = Math.max(0, Math.min(s.top, s.last));
  const { line } = s.cursor;
  if (line < s.top) {
    const by = s.top - line;
    s.top = by >= Math.max(2, Math.floor(rows / 2) - 1) + 1 ? Math.max(0, line - Math.floor((rows - 1) / 2)) : line;
  }
  let used = 0;
  let n = s.top;
  while (n <= line && used + height(s, n, cols, rows) <= rows) used += height(s, n++, cols, rows);
  if (n <= line) {
    // below the window: as little as possible, or to the middle when it is far
    if (line - n + 1 >= rows) s.top = Math.max(0, line - Math.floor((rows - 1) / 2));
    else {
      let room = rows - height(s, line, cols, rows);
      let top = line;
      while (top > 0 && room - height(s, top - 1, cols, rows) >= 0) room -= height(s, --top, cols, rows);
      s.top = Math.max(top, s.top);
    }
  }
}

export interface Picture {
  readonly rows: readonly string[];
  readonly cursor: readonly [number, number];
}

export function draw(e: Editor, cols: number, rows: number): Picture {
  const { s } = e;
  const height_ = rows - 1;
  follow(s, cols, height_);
  const out: string[] = [];
  let cursor: readonly [number, number] = [0, 0];
  let n = s.top;
  s.bottom = s.top;
  for (; n <= s.last && out.length < height_; n++) {
    const room = height_ - out.length;
    const f = fold(s, n, cols, n === s.cursor.line ? s.cursor.at : -1, height_);
    if (f.rows.length > room && n !== s.top) {
      while (out.length < height_) out.push("@");
      break;
    }
    if (n === s.cursor.line) cursor = [Math.min(height_ - 1, out.length + f.cursor[0]), f.cursor[1]];
    out.push(...f.rows.slice(0, room));
    s.bottom = n;
  }
  while (out.length < height_) out.push(`${BOLD}~${PLAIN}`);
  if (e.prompt !== null) {
    const { kind, input } = e.prompt;
    const shown = clip(kind + input.text, cols - 1);
    out.push(shown);
    return { rows: out, cursor: [rows - 1, Math.min(cols - 1, 1 + input.column)] };
  }
  const names: Partial<Record<string, string>> = {
    insert: "-- INSERT --",
    replace: "-- REPLACE --",
    visual: "-- VISUAL --",
    "visual-line": "-- VISUAL LINE --",
  };
  const mode = names[s.mode];
  if (mode !== undefined) out.push(`${BOLD}${clip(mode, cols - 1)}${PLAIN}`);
  else out.push(s.error ? `${REVERSE}${clip(s.message, cols - 1)}${PLAIN}` : trim(s.message, cols - 1));
  return { rows: out, cursor };
}
/** vim cuts long messages in the middle */
function trim(text: string, width: number): string {
  const plain = text.replace(/[\x00-\x1f]/g, "?");
  if (textWidth(plain) <= width) return plain;
  const half = Math.floor((width - 3) / 2);
  let tail = plain;
  while (textWidth(tail) > width - 3 - half) tail = tail.slice(1);
  return clip(plain, half) + "..." + tail;
}
