/**
 * What the editor shows, and the shortest honest way to change it: from the first difference on, the text is written
 * again. Positions are computed, never asked of the terminal. A line that fills its last column is pushed over it, so
 * that the cursor is where the layout says.
 */
import { cells, graphemes, visible } from "../../kernel/graphemes.ts";

interface Pos {
  readonly row: number;
  readonly col: number;
}

interface Layout {
  /** what is written for each cluster */
  readonly out: readonly string[];
  /** where each cluster stands; one more: the end */
  readonly at: readonly Pos[];
  /** where its writing begins: before the blanks that push a wide character into the next row */
  readonly from: readonly Pos[];
}

/** Removes \x01…\x02 (invisible parts) for measuring. */
function withoutInvisible(prompt: string): string {
  return prompt.replace(/\x01[^\x02]*\x02?/g, "");
}

function place(row: number, col: number, text: string, cols: number): Layout {
  const out: string[] = [];
  const at: Pos[] = [];
  const from: Pos[] = [];
  for (const g of graphemes(text)) {
    from.push({ row, col });
    if (g === "\n") {
      at.push({ row, col });
      out.push("\x1b[K\n");
      row++;
      col = 0;
      continue;
    }
    const tab = g === "\t";
    const w = tab ? Math.min(8 - (col % 8), cols - col) : cells(g);
    let lead = "";
    if (col + w > cols) {
      lead = " ".repeat(cols - col);
      row++;
      col = 0;
    }
    at.push({ row, col });
    out.push(lead + (tab ? " ".repeat(w) : visible(g)));
    col += w;
    if (col >= cols) {
      row++;
      col = 0;
    }
  }
  at.push({ row, col });
  from.push({ row, col });
  return { out, at, from };
}

export class Screen {
  private cols: number;
  private prompt = "";
  private promptEnd: Pos = { row: 0, col: 0 };
  private shown: Layout = { out: [], at: [{ row: 0, col: 0 }], from: [] };
  private cursor: Pos = { row: 0, col: 0 };

  constructor(cols: number) {
    this.cols = Math.max(2, cols);
  }

  /** Begins on a fresh line. Only the last line of a prompt is drawn again later. */
  start(prompt: string, cols: number): string {
    this.cols = Math.max(2, cols);
    const cut = prompt.lastIndexOf("\n") + 1;
    this.prompt = prompt.slice(cut);
    const head = prompt
      .slice(0, cut)
      .replace(/[\x01\x02]/g, "")
      .replaceAll("\n", "\n");
    this.setPromptEnd();
    this.shown = { out: [], at: [this.promptEnd], from: [] };
    this.cursor = this.promptEnd;
    return head + this.promptText();
  }
  private setPromptEnd(): void {
    const l = place(0, 0, withoutInvisible(this.prompt), this.cols);
    this.promptEnd = l.at[l.at.length - 1]!;
  }
  private promptText(): string {
    return this.prompt.replace(/[\x01\x02]/g, "") + (this.promptEnd.col === 0 && this.promptEnd.row > 0 ? " \r" : "");
  }

  /** Text that makes the terminal show `text` with the cursor before cluster `cursor`. */
  update(text: string, cursor: number): string {
    const next = place(this.promptEnd.row, this.promptEnd.col, text, this.cols);
    let same = 0;
    while (
      same < next.out.length &&
      same < this.shown.out.length &&
      next.out[same] === this.shown.out[same] &&
      next.at[same]!.row === this.shown.at[same]!.row &&
      next.at[same]!.col === this.shown.at[same]!.col
    )
      same++;
    let s = "";
    const oldEnd = this.shown.at[this.shown.at.length - 1]!;
    const newEnd = next.at[next.at.length - 1]!;
    if (same < next.out.length || same < this.shown.out.length) {
      s += this.go(next.from[same]!);
      for (let i = same; i < next.out.length; i++) s += next.out[i]!;
      this.cursor = newEnd;
      // a full last column leaves the terminal undecided: a blank makes it go on
      if (newEnd.col === 0 && newEnd.row > this.promptEnd.row && next.out.length > same && next.out[next.out.length - 1] !== "\x1b[K\n")
        s += " \r";
      if (oldEnd.row > newEnd.row) s += "\x1b[J";
      else if (oldEnd.row === newEnd.row ? oldEnd.col > newEnd.col : false) s += "\x1b[K";
      else if (oldEnd.row < newEnd.row && same < this.shown.out.length) s += "\x1b[K";
    }
    this.shown = next;
    s += this.go(next.at[Math.min(cursor, next.at.length - 1)]!);
    return s;
  }

  private go(to: Pos): string {
    const from = this.cursor;
    this.cursor = to;
    let s = "";
    if (to.row < from.row) s += `\x1b[${from.row - to.row}A`;
    else if (to.row > from.row) s += `\x1b[${to.row - from.row}B`;
    const d = to.col - from.col;
    if (d === 0) return s;
    if (to.col === 0) return s + "\r";
    if (d < 0) return s + (d >= -4 ? "\b".repeat(-d) : `\x1b[${-d}D`);
    return s + `\x1b[${d}C`;
  }

  /** Everything anew, from the line the prompt is on. After a resize the terminal has wrapped the old text for itself. */
  redraw(text: string, cursor: number, cols: number): string {
    this.cols = Math.max(2, cols);
    this.setPromptEnd();
    const l = place(this.promptEnd.row, this.promptEnd.col, text, this.cols);
    const at = l.at[Math.min(cursor, l.at.length - 1)]!;
    const s = (at.row > 0 ? `\x1b[${at.row}A` : "") + "\r\x1b[J" + this.promptText();
    this.shown = { out: [], at: [this.promptEnd], from: [] };
    this.cursor = this.promptEnd;
    return s + this.update(text, cursor);
  }

  /** On an empty place: prompt and text once more (after a listing, or a cleared screen). */
  again(text: string, cursor: number): string {
    this.shown = { out: [], at: [this.promptEnd], from: [] };
    this.cursor = this.promptEnd;
    return this.promptText() + this.update(text, cursor);
  }

  /** Another prompt in place of this one, as the incremental search shows. */
  setPrompt(prompt: string, text: string, cursor: number): string {
    const up = this.cursor.row > 0 ? `\x1b[${this.cursor.row}A` : "";
    this.prompt = prompt.slice(prompt.lastIndexOf("\n") + 1);
    this.setPromptEnd();
    return `${up}\r\x1b[J${this.again(text, cursor)}`;
  }

  /** To the line after the text. */
  finish(): string {
    const end = this.shown.at[this.shown.at.length - 1]!;
    return this.go(end) + (end.col === 0 && end.row > this.promptEnd.row && this.shown.out.length > 0 ? "" : "\n");
  }
  get columns(): number {
    return this.cols;
  }
}
