/**
 * A line of text in terminal cells: what is written for each grapheme cluster and how wide it is. Tabs depend on the column;
 * control characters and bytes that are no text are shown by each program in its own way. Long lines are walked only as far as
 * they are asked for.
 */
import { cells, graphemes } from "../../../kernel/graphemes.ts";
import { rawByte } from "./bytes.ts";

export interface CellRules {
  readonly tab: number;
  /** how a control character or a byte that is no text is written; its width is its length unless it has colours */
  readonly odd: (g: string) => { readonly text: string; readonly width: number };
}

export interface Cell {
  /** where the cluster begins in the line, and its length, in UTF-16 units */
  readonly at: number;
  readonly len: number;
  /** first column, from 0 */
  readonly col: number;
  readonly width: number;
  readonly text: string;
}

/** how much of a line is split into clusters at once */
const PIECE = 512;
const ASCII = /^[\x20-\x7e]*$/;

/** The clusters of a line from `from` on, which stands in column `col`. */
export function* walk(line: string, rules: CellRules, from = 0, col = 0): Generator<Cell, void, undefined> {
  let at = from;
  while (at < line.length) {
    // a piece is cut before its last cluster, which may go on
    const piece = line.slice(at, at + PIECE);
    const whole = at + piece.length >= line.length;
    if (ASCII.test(piece)) {
      const n = whole ? piece.length : piece.length - 1;
      for (let i = 0; i < n; i++) {
        yield { at: at + i, len: 1, col, width: 1, text: piece[i]! };
        col++;
      }
      at += n;
      continue;
    }
    const parts = graphemes(piece);
    const n = whole || parts.length === 1 ? parts.length : parts.length - 1;
    for (let i = 0; i < n; i++) {
      const g = parts[i]!;
      const c = cellOf(g, at, col, rules);
      yield c;
      at += g.length;
      col += c.width;
    }
  }
}

function cellOf(g: string, at: number, col: number, rules: CellRules): Cell {
  if (g === "\t") {
    const width = rules.tab - (col % rules.tab);
    return { at, len: 1, col, width, text: " ".repeat(width) };
  }
  const c = g.charCodeAt(0);
  if (c < 32 || (c >= 127 && c < 160) || rawByte(g) >= 0) return { at, len: g.length, col, ...rules.odd(g) };
  return { at, len: g.length, col, width: cells(g), text: g };
}

/** Column of an offset in the line; what stands inside a cluster counts as its beginning. */
export function columnOf(line: string, rules: CellRules, at: number): number {
  if (at <= 0) return 0;
  const head = line.slice(0, at);
  if (ASCII.test(head)) return at;
  let col = 0;
  for (const c of walk(line, rules)) {
    if (c.at + c.len > at) return c.col;
    col = c.col + c.width;
  }
  return col;
}

/** Offset of the cluster that covers a column; the end of the line when it is shorter. */
export function offsetAt(line: string, rules: CellRules, col: number): number {
  if (ASCII.test(line)) return Math.min(col, line.length);
  for (const c of walk(line, rules)) if (c.col + c.width > col) return c.at;
  return line.length;
}

/** Offset after the cluster that begins at `at`. */
export function nextCluster(line: string, at: number): number {
  if (at >= line.length) return line.length;
  return at + graphemes(line.slice(at, at + 64))[0]!.length;
}

/** Offset of the cluster before `at`. */
export function prevCluster(line: string, at: number): number {
  if (at <= 0) return 0;
  let from = Math.max(0, at - 64);
  if (from > 0 && isLow(line.charCodeAt(from)) && isHigh(line.charCodeAt(from - 1))) from--;
  const parts = graphemes(line.slice(from, at));
  return at - parts[parts.length - 1]!.length;
}

function isHigh(c: number): boolean {
  return c >= 0xd800 && c <= 0xdbff;
}
function isLow(c: number): boolean {
  return c >= 0xdc00 && c <= 0xdfff;
}

/** "^A", "^?" of a control character; a C1 character or a byte that is no text in angle brackets. */
export function caret(g: string): string {
  const c = g.charCodeAt(0);
  if (c === 127) return "^?";
  if (c < 32) return `^${String.fromCharCode(c + 64)}`;
  const b = rawByte(g);
  return `<${(b >= 0 ? b : c).toString(16)}>`;
}

/** At most `width` cells of a text without control characters. */
export function clip(text: string, width: number): string {
  let w = 0;
  let s = "";
  for (const g of graphemes(text)) {
    w += cells(g);
    if (w > width) break;
    s += g;
  }
  return s;
}
