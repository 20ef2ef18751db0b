/**
 * One buffer of nano: text, cursor, mark, and everything that a key does to them without asking anybody (global.c, move.c,
 * cut.c, text.c of nano). No drawing here. The last line of the text is always empty unless the file may end without a newline.
 */
import { type CellRules, columnOf, nextCluster, offsetAt, prevCluster } from "../lib/screen/cells.ts";
import { before, type Pos, TextBuffer } from "../lib/screen/buffer.ts";

export interface DocOptions {
  tab: number;
  autoindent: boolean;
  tabsToSpaces: boolean;
  cutFromCursor: boolean;
  noNewlines: boolean;
  smartHome: boolean;
}

/** letters and digits of any script; what has no case and is no sign counts */
function isWord(g: string): boolean {
  return /[\p{L}\p{N}]/u.test(g);
}

export class Doc {
  name: string;
  text: TextBuffer;
  cursor: Pos = { line: 0, at: 0 };
  mark: Pos | null = null;
  /** what a replacement is asked about */
  spot: readonly [Pos, Pos] | null = null;
  /** column that vertical movement aims at */
  want = 0;
  /** first line shown, and the row of the cursor */
  top = 0;
  format: "unix" | "dos" = "unix";
  mtime = 0;
  readOnly = false;
  readonly opts: DocOptions;
  /** the last thing done was a cut: the next one is added to it */
  private cutting = false;

  constructor(name: string, lines: readonly string[], opts: DocOptions) {
    this.name = name;
    this.opts = opts;
    this.text = new TextBuffer(lines.length === 0 ? [""] : lines);
  }

  rules(): CellRules {
    return { tab: this.opts.tab, odd: (g) => odd(g) };
  }
  get line(): string {
    return this.text.line(this.cursor.line);
  }
  get last(): number {
    return this.text.lines.length - 1;
  }
  get column(): number {
    return columnOf(this.line, this.rules(), this.cursor.at);
  }

  // ------------------------------------------------------------ movement

  go(p: Pos): void {
    const line = Math.max(0, Math.min(p.line, this.last));
    this.cursor = { line, at: Math.max(0, Math.min(p.at, this.text.line(line).length)) };
    this.want = this.column;
  }
  /** up or down by lines, aiming at the wanted column */
  vertical(by: number): boolean {
    const line = this.cursor.line + by;
    if (line < 0 || line > this.last) return false;
    this.cursor = { line, at: offsetAt(this.text.line(line), this.rules(), this.want) };
    return true;
  }
  left(): void {
    if (this.cursor.at > 0) this.go({ line: this.cursor.line, at: prevCluster(this.line, this.cursor.at) });
    else if (this.cursor.line > 0) this.go({ line: this.cursor.line - 1, at: Infinity });
  }
  right(): void {
    if (this.cursor.at < this.line.length) this.go({ line: this.cursor.line, at: nextCluster(this.line, this.cursor.at) });
    else if (this.cursor.line < this.last) this.go({ line: this.cursor.line + 1, at: 0 });
  }
  home(): void {
    const indent = /^\s*/.exec(this.line)![0].length;
    this.go({ line: this.cursor.line, at: this.opts.smartHome && this.cursor.at !== indent ? indent : 0 });
  }
  end(): void {
    this.go({ line: this.cursor.line, at: Infinity });
  }
  /** the start of the next word */
  nextWord(): Pos {
    let { line, at } = this.cursor;
    let inWord = at < this.line.length && isWord(charAt(this.line, at));
    for (;;) {
      const l = this.text.line(line);
      if (at >= l.length) {
        if (line >= this.last) return { line, at };
        line++;
        at = 0;
        inWord = false;
      } else {
        at = nextCluster(l, at);
      }
      const here = this.text.line(line);
      const word = at < here.length && isWord(charAt(here, at));
      if (word && !inWord) return { line, at };
      inWord = word;
    }
  }
  /** the start of this word, or of the one before */
  prevWord(): Pos {
    let { line, at } = this.cursor;
    let seen = false;
    for (;;) {
      if (at === 0) {
        if (seen || line === 0) return { line, at };
        line--;
        at = this.text.line(line).length;
        continue;
      }
      const l = this.text.line(line);
      const p = prevCluster(l, at);
      if (isWord(charAt(l, p))) seen = true;
      else if (seen) return { line, at };
      at = p;
    }
  }
  /** the first line of this paragraph or of the one before; a line is blank when it holds nothing but blanks */
  paragraph(by: 1 | -1): void {
    const blank = (n: number): boolean => /^\s*$/.test(this.text.line(n));
    let n = this.cursor.line;
    if (by > 0) {
      while (n < this.last && blank(n)) n++;
      while (n < this.last && !blank(n)) n++;
      this.go({ line: n, at: n === this.last && blank(n) ? Infinity : 0 });
    } else {
      if (n > 0) n--;
      while (n > 0 && blank(n)) n--;
      while (n > 0 && !blank(n - 1)) n--;
      this.go({ line: n, at: 0 });
    }
  }
  /** the next or the previous line with text that stands behind a blank one */
  block(by: 1 | -1): void {
    const blank = (n: number): boolean => /^\s*$/.test(this.text.line(n));
    let n = this.cursor.line;
    if (by > 0) {
      while (n < this.last && !blank(n)) n++;
      while (n < this.last && blank(n)) n++;
    } else {
      if (n > 0) n--;
      while (n > 0 && blank(n)) n--;
      while (n > 0 && !blank(n - 1)) n--;
    }
    this.go({ line: n, at: 0 });
  }
  /** the bracket that belongs to the one under the cursor; a text is what is wrong */
  bracket(): string | null {
    const pairs = "(<[{)>]}";
    const here = charAt(this.line, this.cursor.at);
    const i = here === "" ? -1 : pairs.indexOf(here);
    if (i < 0) return "Not a bracket";
    const other = pairs[(i + 4) % 8]!;
    const by = i < 4 ? 1 : -1;
    let depth = 0;
    let { line, at } = this.cursor;
    for (;;) {
      const c = this.text.line(line)[at];
      if (c === here) depth++;
      else if (c === other && --depth === 0) {
        this.go({ line, at });
        return null;
      }
      at += by;
      while (at < 0 || at >= this.text.line(line).length) {
        line += by;
        if (line < 0 || line > this.last) return "No matching bracket";
        at = by > 0 ? 0 : this.text.line(line).length - 1;
        if (this.text.line(line) === "") continue;
      }
    }
  }

  // ------------------------------------------------------------ changes

  /** one step of undo around a change */
  change(label: string, merge: boolean, body: () => void): void {
    this.text.begin(label, this.cursor);
    body();
    this.magicLine();
    this.text.end(this.cursor, merge);
    this.want = this.column;
  }
  /** a text that ends with a newline has an empty last line */
  private magicLine(): void {
    if (!this.opts.noNewlines && this.text.line(this.last) !== "") this.text.splice(this.last + 1, 0, [""]);
  }
  type(text: string): void {
    this.cutting = false;
    this.change("addition", true, () => {
      this.cursor = this.text.insert(this.cursor, text);
    });
  }
  tab(): void {
    if (this.opts.tabsToSpaces) this.type(" ".repeat(this.opts.tab - (this.column % this.opts.tab)));
    else this.type("\t");
  }
  enter(): void {
    const indent = this.opts.autoindent ? /^[ \t]*/.exec(this.line.slice(0, this.cursor.at))![0] : "";
    this.change("line break", false, () => {
      this.cursor = this.text.insert(this.cursor, `\n${indent}`);
    });
  }
  backspace(): void {
    if (this.mark !== null) return this.zap();
    const from = this.cursor;
    if (from.at === 0 && from.line === 0) return;
    if (from.at === 0 && from.line === this.last && this.text.line(from.line - 1) !== "" && !this.opts.noNewlines) {
      this.left(); // the newline before the last line stays
      return;
    }
    const to = from;
    const start: Pos =
      from.at > 0
        ? { line: from.line, at: prevCluster(this.line, from.at) }
        : { line: from.line - 1, at: this.text.line(from.line - 1).length };
    this.change(from.at > 0 ? "deletion" : "line join", from.at > 0, () => {
      this.text.remove(start, to);
      this.cursor = start;
    });
  }
  del(): void {
    if (this.mark !== null) return this.zap();
    const from = this.cursor;
    const atEnd = from.at >= this.line.length;
    if (
      atEnd &&
      (from.line === this.last ||
        (from.line === this.last - 1 && this.text.line(this.last) === "" && this.line !== "" && !this.opts.noNewlines))
    )
      return;
    const to: Pos = atEnd ? { line: from.line + 1, at: 0 } : { line: from.line, at: nextCluster(this.line, from.at) };
    this.change(atEnd ? "line join" : "deletion", !atEnd, () => {
      this.text.remove(from, to);
    });
  }
  removeTo(p: Pos, label: string): void {
    const [a, b] = before(p, this.cursor) ? [p, this.cursor] : [this.cursor, p];
    this.change(label, false, () => {
      this.text.remove(a, b);
      this.cursor = a;
    });
  }
  /** the marked text goes */
  zap(): void {
    const [a, b] = this.region();
    this.mark = null;
    this.change("erasure", false, () => {
      this.text.remove(a, b);
      this.cursor = a;
    });
  }
  region(): readonly [Pos, Pos] {
    const m = this.mark ?? this.cursor;
    return before(m, this.cursor) ? [m, this.cursor] : [this.cursor, m];
  }
  /** ^K: what was cut (to be added to what was cut just before), or null */
  cut(): { readonly text: string; readonly add: boolean } | null {
    const marked = this.mark !== null;
    let [a, b] = this.region();
    if (!marked) {
      if (this.opts.cutFromCursor) {
        b =
          a.at < this.line.length
            ? { line: a.line, at: this.line.length }
            : { line: Math.min(this.last, a.line + 1), at: a.line < this.last ? 0 : a.at };
      } else {
        a = { line: this.cursor.line, at: 0 };
        b = this.cursor.line < this.last ? { line: this.cursor.line + 1, at: 0 } : { line: this.cursor.line, at: this.line.length };
      }
    }
    if (this.text.text(a, b) === "") return null;
    let text = "";
    const add = this.cutting && !marked;
    this.mark = null;
    this.change("cut", false, () => {
      text = this.text.remove(a, b);
      this.cursor = a;
    });
    this.cutting = !marked;
    return { text, add };
  }
  cutTillEnd(): string {
    const to = { line: this.last, at: this.text.line(this.last).length };
    const text = this.text.text(this.cursor, to);
    if (text !== "") this.removeTo(to, "cut");
    return text;
  }
  /** M-6: what was copied, and whether it is added to what was copied just before */
  copy(): { readonly text: string; readonly add: boolean } | null {
    if (this.mark !== null) {
      const [a, b] = this.region();
      this.mark = null;
      return { text: this.text.text(a, b), add: false };
    }
    if (this.line === "" && this.cursor.line === this.last) return null;
    const text = `${this.line}\n`;
    const add = this.cutting;
    this.go({ line: this.cursor.line + 1, at: 0 });
    this.cutting = true;
    return { text, add };
  }
  paste(text: string): void {
    this.change("paste", false, () => {
      this.cursor = this.text.insert(this.cursor, text);
    });
  }
  /** Any key but a cut ends a row of cuts. */
  endCutting(): void {
    this.cutting = false;
  }
  /** the marked lines or this one */
  private rows(): readonly [number, number] {
    const [a, b] = this.region();
    return [a.line, b.line > a.line && b.at === 0 ? b.line - 1 : b.line];
  }
  indent(by: 1 | -1): void {
    const [from, to] = this.rows();
    const unit = this.opts.tabsToSpaces ? " ".repeat(this.opts.tab) : "\t";
    this.change(by > 0 ? "indent" : "unindent", false, () => {
      for (let n = from; n <= to; n++) {
        const l = this.text.line(n);
        if (by > 0 && l === "") continue;
        const next = by > 0 ? unit + l : l.replace(/^\t|^ {1,8}/, "");
        if (next !== l) this.text.splice(n, 1, [next]);
        if (n === this.cursor.line) this.cursor = { line: n, at: Math.max(0, this.cursor.at + next.length - l.length) };
      }
    });
  }
  comment(): void {
    const [from, to] = this.rows();
    const lines = this.text.lines.slice(from, to + 1).filter((l) => l !== "");
    const off = lines.length > 0 && lines.every((l) => l.startsWith("#"));
    this.change(off ? "uncomment" : "comment", false, () => {
      for (let n = from; n <= to; n++) {
        const l = this.text.line(n);
        if (off && l === "") continue;
        this.text.splice(n, 1, [off ? l.slice(1) : `#${l}`]);
        if (n === this.cursor.line) this.cursor = { line: n, at: Math.max(0, this.cursor.at + (off ? -1 : this.cursor.at > 0 ? 1 : 0)) };
      }
    });
  }
  undo(): string | null {
    const s = this.text.undo();
    if (s === null) return null;
    this.mark = null;
    this.go(s.before);
    return s.label;
  }
  redo(): string | null {
    const s = this.text.redo();
    if (s === null) return null;
    this.mark = null;
    this.go(s.after);
    return s.label;
  }

  // ------------------------------------------------------------ searching

  /** The next place after the cursor (or before it), the search going round; null when there is none. */
  find(
    match: (line: string, from: number, back: boolean) => readonly [number, number] | null,
    back: boolean,
  ): { readonly pos: Pos; readonly len: number; readonly wrapped: boolean } | null {
    const total = this.text.lines.length;
    const { line: start, at } = this.cursor;
    for (let i = 0; i <= total; i++) {
      const n = back ? (start - i + 2 * total) % total : (start + i) % total;
      const l = this.text.line(n);
      const from = i === 0 ? (back ? at - 1 : nextCluster(l, at)) : back ? l.length : 0;
      if (i === 0 && (back ? at === 0 : at >= l.length)) continue;
      const m = match(l, from, back);
      if (m === null) continue;
      const wrapped = back ? start - i < 0 || i === total : start + i >= total;
      return { pos: { line: n, at: m[0] }, len: m[1] - m[0], wrapped };
    }
    return null;
  }
}

/** "" at the end of the line */
function charAt(line: string, at: number): string {
  return at >= line.length ? "" : String.fromCodePoint(line.codePointAt(at)!);
}

/** how nano shows what is no text: ^A, and a sign for a byte that is no character */
function odd(g: string): { readonly text: string; readonly width: number } {
  const c = g.charCodeAt(0);
  if (c === 127) return { text: "^?", width: 2 };
  if (c < 32) return { text: `^${String.fromCharCode(c + 64)}`, width: 2 };
  return { text: "\ufffd", width: 1 };
}
