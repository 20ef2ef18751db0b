/**
 * Where less stands in a file and what the rows of the screen then hold: folding or chopping of long lines, line numbers,
 * squeezed blank lines, the & filter, matches in reverse video. A position is a line and a row of it.
 */
import type { Call } from "../../kernel/abi.ts";
import { caret, type Cell, type CellRules, clip, walk } from "../lib/screen/cells.ts";
import { PLAIN, REVERSE } from "../lib/screen/term.ts";
import type { Regex } from "../lib/regex.ts";
import type { Source } from "./source.ts";

export interface Pos {
  readonly line: number;
  readonly row: number;
}

export interface ViewOptions {
  chop: boolean;
  numbers: boolean;
  squeeze: boolean;
  /** SGR sequences are passed on */
  colours: boolean;
  tab: number;
}

interface Folded {
  /** text without colour sequences */
  readonly text: string;
  readonly colours: readonly (readonly [number, string])[];
  /** offsets at which the rows begin */
  readonly starts: readonly number[];
}

/** what an SGR sequence looks like */
const SGR = /\x1b\[[0-9;:]*m/g;
const HIDDEN_LIMIT = 1000;

export class View {
  readonly source: Source;
  readonly opts: ViewOptions;
  cols = 80;
  height = 23;
  /** columns shifted to the right with chopping */
  shift = 0;
  highlight: Regex | null = null;
  filter: { readonly re: Regex; readonly invert: boolean } | null = null;
  /** positions of the rows shown */
  shown: Pos[] = [];
  private folded = new Map<number, Folded>();

  constructor(source: Source, opts: ViewOptions) {
    this.source = source;
    this.opts = opts;
  }

  /** Forgets how lines are folded: the width or an option changed. */
  refold(): void {
    this.folded.clear();
  }
  resize(cols: number, rows: number): void {
    if (cols !== this.cols) this.refold();
    this.cols = cols;
    this.height = rows - 1;
  }

  private rules(): CellRules {
    return {
      tab: this.opts.tab,
      odd: (g) => {
        const t = caret(g).toUpperCase();
        return { text: `${REVERSE}${t}${PLAIN}`, width: t.length };
      },
    };
  }
  private get width(): number {
    return Math.max(1, this.cols - (this.opts.numbers ? 8 : 0));
  }

  private fold(line: number): Folded {
    const known = this.folded.get(line);
    if (known !== undefined) return known;
    const raw = this.source.lines[line] ?? "";
    const colours: [number, string][] = [];
    let text = overstrike(raw, colours);
    if (this.opts.colours && colours.length === 0) {
      let taken = 0;
      text = raw.replace(SGR, (s, at: number) => {
        colours.push([at - taken, s]);
        taken += s.length;
        return "";
      });
    }
    const starts = [0];
    if (!this.opts.chop) {
      let from = 0;
      for (const c of walk(text, this.rules())) {
        if (c.col + c.width - from > this.width && c.col > from) {
          starts.push(c.at);
          from = c.col;
        }
      }
    }
    const f: Folded = { text, colours, starts };
    if (this.folded.size > HIDDEN_LIMIT) this.folded.clear();
    this.folded.set(line, f);
    return f;
  }

  text(line: number): string {
    return this.fold(line).text;
  }

  /** Is this line left out (squeezed, or not matched by the filter)? */
  private hidden(line: number): boolean {
    if (this.opts.squeeze && line > 0 && this.source.lines[line] === "" && this.source.lines[line - 1] === "") return true;
    return this.filter !== null && this.filter.re.test(this.text(line)) === this.filter.invert;
  }

  /** The first line shown from `line` on, or null. */
  *lineFrom(line: number): Call<number | null> {
    for (let n = line, steps = 0; yield* this.source.has(n); n++) {
      if (!this.hidden(n)) return n;
      if (++steps % 1000 === 0) yield* this.tick();
    }
    return null;
  }
  *lineBefore(line: number): Call<number | null> {
    for (let n = line - 1, steps = 0; n >= 0; n--) {
      if (!this.hidden(n)) return n;
      if (++steps % 1000 === 0) yield* this.tick();
    }
    return null;
  }
  private *tick(): Call<void> {
    yield* this.source.sys.tick(1000);
  }

  *after(p: Pos): Call<Pos | null> {
    if (p.row + 1 < this.fold(p.line).starts.length) return { line: p.line, row: p.row + 1 };
    const line = yield* this.lineFrom(p.line + 1);
    return line === null ? null : { line, row: 0 };
  }
  *before(p: Pos): Call<Pos | null> {
    if (p.row > 0) return { line: p.line, row: p.row - 1 };
    const line = yield* this.lineBefore(p.line);
    return line === null ? null : { line, row: this.fold(line).starts.length - 1 };
  }

  get top(): Pos {
    return this.shown[0] ?? { line: 0, row: 0 };
  }
  get bottom(): Pos | null {
    return this.shown[this.shown.length - 1] ?? null;
  }

  /** Shows from this position on, as far as there are lines. */
  *showFrom(p: Pos): Call<void> {
    const rows: Pos[] = [];
    const first = yield* this.lineFrom(p.line);
    let at: Pos | null =
      first === null
        ? null
        : first === p.line
          ? { line: first, row: Math.min(p.row, this.fold(first).starts.length - 1) }
          : { line: first, row: 0 };
    while (at !== null && rows.length < this.height) {
      rows.push(at);
      at = rows.length < this.height ? yield* this.after(at) : null;
    }
    this.shown = rows;
  }
  /** The last screenful. */
  *showEnd(): Call<void> {
    yield* this.source.all();
    let at: Pos | null = null;
    const last = yield* this.lineBefore(this.source.lines.length);
    if (last !== null) at = { line: last, row: this.fold(last).starts.length - 1 };
    for (let i = 1; at !== null && i < this.height; i++) {
      const b: Pos | null = yield* this.before(at);
      if (b === null) break;
      at = b;
    }
    yield* this.showFrom(at ?? { line: 0, row: 0 });
  }
  /** Does nothing follow what is shown? */
  *atEnd(): Call<boolean> {
    const b = this.bottom;
    return b === null || (yield* this.after(b)) === null;
  }
  /** Forward n rows; without `force` not past the end. False when it could not move at all. */
  *forward(n: number, force = false): Call<boolean> {
    let moved = false;
    for (let i = 0; i < n; i++) {
      const b = this.bottom;
      const next = b === null ? null : yield* this.after(b);
      if (next === null && (!force || this.shown.length <= 1)) break;
      if (next !== null && this.shown.length < this.height) {
        this.shown.push(next);
        if (!force) continue;
      } else if (next !== null) this.shown.push(next);
      this.shown.shift();
      moved = true;
    }
    return moved;
  }
  *backward(n: number): Call<boolean> {
    let top: Pos = this.top;
    let moved = false;
    for (let i = 0; i < n; i++) {
      const b: Pos | null = yield* this.before(top);
      if (b === null) break;
      top = b;
      moved = true;
    }
    if (moved) yield* this.showFrom(top);
    return moved;
  }

  /** The text of a row as it is written. */
  row(p: Pos): string {
    const f = this.fold(p.line);
    const head = this.opts.numbers ? `${String(p.line + 1).padStart(7)} ` : "";
    const marks = this.marks(f.text);
    const from = this.opts.chop ? 0 : f.starts[p.row]!;
    const to = this.opts.chop ? Infinity : (f.starts[p.row + 1] ?? Infinity);
    let body = "";
    let colour = "";
    let next = 0;
    let reversed = false;
    let last: Cell | null = null;
    let base = -1;
    let cut = false;
    for (const c of walk(f.text, this.rules(), 0)) {
      while (next < f.colours.length && f.colours[next]![0] <= c.at) {
        colour = f.colours[next]![1];
        if (c.at >= from) body += colour;
        next++;
      }
      if (c.at < from) continue;
      if (c.at >= to) break;
      if (base < 0) {
        base = c.col + this.shift;
        if (colour !== "" && from > 0) body += colour;
      }
      if (c.col < base) continue;
      if (this.opts.chop && c.col + c.width - base > this.width) {
        cut = true;
        break;
      }
      const on = marks.some(([a, b]) => c.at >= a && c.at < b);
      if (on !== reversed) {
        body += on ? REVERSE : `${PLAIN}${colour}`;
        reversed = on;
      }
      body += on ? c.text.replaceAll(REVERSE, "").replaceAll(PLAIN, "") : c.text;
      last = c;
    }
    if (reversed) body += PLAIN;
    while (next < f.colours.length && f.colours[next]![0] >= f.text.length) body += f.colours[next++]![1];
    if (cut && last !== null) body = `${body}${PLAIN}\x1b[${this.cols}G${REVERSE}>${PLAIN}`;
    return head + body;
  }
  private marks(text: string): readonly (readonly [number, number])[] {
    if (this.highlight === null) return [];
    const out: [number, number][] = [];
    for (let at = 0; at <= text.length;) {
      const m = this.highlight.exec(text, at);
      if (m === null) break;
      const a = m[0]!;
      const b = m[1]!;
      if (b > a) out.push([a, b]);
      at = Math.max(b, a + 1);
    }
    return out;
  }
  rowsText(): string[] {
    return this.shown.map((p) => this.row(p));
  }
  clip(text: string): string {
    return clip(text, this.cols - 1);
  }
}

/** "X\bX" is bold and "_\bX" underlined, as in manual pages; notes the sequences and gives the text without them. */
function overstrike(raw: string, colours: [number, string][]): string {
  if (!raw.includes("\b")) return raw;
  let out = "";
  let mode = "";
  for (let i = 0; i < raw.length; i++) {
    let c = raw[i]!;
    let want = "";
    if (raw[i + 1] === "\b" && raw[i + 2] !== undefined) {
      want = c === "_" ? "\x1b[4m" : "\x1b[1m";
      c = raw[i + 2]!;
      i += 2;
    }
    if (want !== mode) {
      colours.push([out.length, `${PLAIN}${want}`]);
      mode = want;
    }
    out += c;
  }
  if (mode !== "") colours.push([out.length, PLAIN]);
  return out;
}
