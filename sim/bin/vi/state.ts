/** What vi works on: text, cursor, registers, marks, options. Motions and changes are in the files beside it; nothing here draws. */
import { type CellRules, caret, columnOf, nextCluster, offsetAt, prevCluster } from "../lib/screen/cells.ts";
import { type Pos, TextBuffer } from "../lib/screen/buffer.ts";
import type { Regex } from "../lib/regex.ts";

export interface Register {
  readonly text: string;
  readonly linewise: boolean;
}

export interface ViOptions {
  number: boolean;
  ignorecase: boolean;
  smartcase: boolean;
  list: boolean;
  wrapscan: boolean;
  autoindent: boolean;
  expandtab: boolean;
  readonly: boolean;
  tabstop: number;
  shiftwidth: number;
}

export type Mode = "normal" | "insert" | "replace" | "visual" | "visual-line";

export interface CharSearch {
  readonly key: "f" | "F" | "t" | "T";
  readonly char: string;
}

export class State {
  text: TextBuffer;
  cursor: Pos = { line: 0, at: 0 };
  /** column that j and k aim at; Infinity after $ */
  want = 0;
  mode: Mode = "normal";
  visual: Pos = { line: 0, at: 0 };
  readonly registers = new Map<string, Register>();
  readonly marks = new Map<string, Pos>();
  opts: ViOptions = {
    number: false,
    ignorecase: false,
    smartcase: false,
    list: false,
    wrapscan: true,
    autoindent: false,
    expandtab: false,
    readonly: false,
    tabstop: 8,
    shiftwidth: 8,
  };
  charSearch: CharSearch | null = null;
  search: { readonly pattern: string; readonly re: Regex; readonly back: boolean; readonly whole: boolean } | null = null;
  message = "";
  error = false;
  /** the file has no lines at all */
  empty = false;
  /** first line shown and number of text rows; kept by the drawing, used by H M L and scrolling */
  top = 0;
  bottom = 0;
  rows = 23;

  constructor(lines: readonly string[]) {
    this.text = new TextBuffer(lines.length === 0 ? [""] : lines);
    this.empty = lines.length === 0;
  }

  get line(): string {
    return this.text.line(this.cursor.line);
  }
  get last(): number {
    return this.text.lines.length - 1;
  }
  say(text: string): void {
    this.message = text;
    this.error = false;
  }
  fail(text: string): void {
    this.message = text;
    this.error = true;
  }
  rules(): CellRules {
    return { tab: this.opts.tabstop, odd: (g) => ({ text: caret(g), width: caret(g).length }) };
  }
  columnOf(p: Pos): number {
    return columnOf(this.text.line(p.line), this.rules(), p.at);
  }

  /** the cursor at a place; in normal mode it stands on a character */
  go(p: Pos, keepWant = false): void {
    const line = Math.max(0, Math.min(p.line, this.last));
    const l = this.text.line(line);
    let at = Math.max(0, Math.min(p.at, l.length));
    if (at >= l.length && l.length > 0 && (this.mode === "normal" || this.mode.startsWith("visual"))) at = prevCluster(l, l.length);
    this.cursor = { line, at };
    if (!keepWant)
      this.want = l[at] === "\t" && this.mode === "normal" ? this.columnOf({ line, at: at + 1 }) - 1 : this.columnOf(this.cursor);
  }
  /** the place in a line under the wanted column */
  aim(line: number): Pos {
    const l = this.text.line(line);
    return { line, at: this.want === Infinity ? l.length : offsetAt(l, this.rules(), this.want) };
  }
  firstNonBlank(line: number): Pos {
    const l = this.text.line(line);
    const at = /^\s*/.exec(l)![0].length;
    return { line, at: at >= l.length && l.length > 0 ? prevCluster(l, l.length) : at };
  }
  next(p: Pos): Pos {
    return { line: p.line, at: nextCluster(this.text.line(p.line), p.at) };
  }

  // ------------------------------------------------------------ registers

  yank(name: string, r: Register, deleted: boolean): void {
    if (name === "_") return;
    const lower = name.toLowerCase();
    if (name !== lower) {
      const old = this.registers.get(lower);
      this.registers.set(
        lower,
        old === undefined
          ? r
          : {
              text: old.text + (old.linewise || r.linewise ? (old.text.endsWith("\n") ? "" : "\n") : "") + r.text,
              linewise: old.linewise || r.linewise,
            },
      );
    } else if (name !== "") this.registers.set(name, r);
    if (!deleted && name === "") this.registers.set("0", r);
    this.registers.set("", name === "" ? r : this.registers.get(lower)!);
  }

  // ------------------------------------------------------------ changes

  begin(label: string): void {
    if (!this.text.inStep) this.text.begin(label, this.cursor);
  }
  end(time: number): void {
    if (this.text.inStep) this.text.end(this.cursor, false, time);
    this.empty = this.text.lines.length === 1 && this.text.lines[0] === "" && this.empty;
  }
  /** Takes whole lines out; the text they were. */
  deleteLines(from: number, to: number): string {
    const gone = this.text.lines.slice(from, to + 1);
    if (gone.length >= this.text.lines.length) {
      this.text.splice(0, gone.length, [""]);
      this.empty = true;
    } else this.text.splice(from, gone.length, []);
    return `${gone.join("\n")}\n`;
  }
  insertLines(at: number, lines: readonly string[]): void {
    if (this.empty && this.text.lines.length === 1 && this.text.lines[0] === "") this.text.splice(0, 1, lines);
    else this.text.splice(at, 0, lines);
    this.empty = false;
  }
  insert(p: Pos, text: string): Pos {
    this.empty = false;
    return this.text.insert(p, text);
  }
}
