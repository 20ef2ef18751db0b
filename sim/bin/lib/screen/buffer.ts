/**
 * The text of an editor: lines, and every change to them in steps that can be undone and redone. Lines hold no newline. The
 * editors keep cursor and file names for themselves; positions here are plain data.
 */

export interface Pos {
  readonly line: number;
  /** UTF-16 offset in the line */
  readonly at: number;
}

interface Change {
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

export interface Step {
  readonly changes: readonly Change[];
  readonly label: string;
  readonly before: Pos;
  readonly after: Pos;
  /** counts all steps of this buffer */
  readonly number: number;
  /** when it was made, in ns, where the editor says so */
  readonly time: number;
}

export function before(a: Pos, b: Pos): boolean {
  return a.line < b.line || (a.line === b.line && a.at < b.at);
}

export class TextBuffer {
  lines: string[];
  private done: Step[] = [];
  private undone: Step[] = [];
  private changes: Change[] | null = null;
  private label = "";
  private start: Pos = { line: 0, at: 0 };
  private count = 0;
  /** the step after which the file was saved; undefined: never again */
  private savedAt: Step | null | undefined = null;

  constructor(lines: readonly string[]) {
    this.lines = Array.from(lines);
  }

  // ------------------------------------------------------------ steps

  get inStep(): boolean {
    return this.changes !== null;
  }
  begin(label: string, pos: Pos): void {
    this.changes = [];
    this.label = label;
    this.start = pos;
  }
  /** The step counts as begun here: undo brings the cursor there. */
  beganAt(pos: Pos): void {
    this.start = pos;
  }
  /** Ends a step. `merge`: it belongs to the last one if that has the same label and ended where this one began. */
  end(pos: Pos, merge = false, time = 0): void {
    const changes = this.changes ?? [];
    this.changes = null;
    if (changes.length === 0) return;
    this.undone = [];
    const last = this.done[this.done.length - 1];
    const joins =
      merge &&
      last !== undefined &&
      last !== this.savedAt &&
      last.label === this.label &&
      last.after.line === this.start.line &&
      last.after.at === this.start.at;
    if (joins) {
      const all = Array.from(last.changes);
      for (const c of changes) pushChange(all, c);
      this.done[this.done.length - 1] = { ...last, changes: all, after: pos };
      return;
    }
    this.done.push({ changes, label: this.label, before: this.start, after: pos, number: ++this.count, time });
  }
  undo(): Step | null {
    const s = this.done.pop();
    if (s === undefined) return null;
    for (let i = s.changes.length - 1; i >= 0; i--) {
      const c = s.changes[i]!;
      this.replace(c.line, c.added.length, c.removed);
    }
    this.undone.push(s);
    return s;
  }
  redo(): Step | null {
    const s = this.undone.pop();
    if (s === undefined) return null;
    for (const c of s.changes) this.replace(c.line, c.removed.length, c.added);
    this.done.push(s);
    return s;
  }
  /** The step that undo would take back. */
  get last(): Step | null {
    return this.done[this.done.length - 1] ?? null;
  }
  get modified(): boolean {
    return this.last !== this.savedAt;
  }
  saved(): void {
    this.savedAt = this.last;
  }

  // ------------------------------------------------------------ changes, inside a step

  /** Puts lines in the place of `count` others. */
  splice(line: number, count: number, added: readonly string[]): void {
    const removed = this.lines.slice(line, line + count);
    this.replace(line, count, added);
    if (this.changes !== null) pushChange(this.changes, { line, removed, added: Array.from(added) });
  }
  private replace(line: number, count: number, added: readonly string[]): void {
    if (added.length === count && count <= 1) {
      if (count === 1) this.lines[line] = added[0]!;
      return;
    }
    if (added.length < 1000) this.lines.splice(line, count, ...added);
    else this.lines = this.lines.slice(0, line).concat(added, this.lines.slice(line + count));
  }
  line(n: number): string {
    return this.lines[n] ?? "";
  }
  /** Puts text in; the position behind it. */
  insert(p: Pos, text: string): Pos {
    if (text === "") return p;
    const l = this.line(p.line);
    const parts = text.split("\n");
    const last = parts.length - 1;
    if (last === 0) {
      this.splice(p.line, 1, [l.slice(0, p.at) + text + l.slice(p.at)]);
      return { line: p.line, at: p.at + text.length };
    }
    const end = parts[last]!.length;
    parts[0] = l.slice(0, p.at) + parts[0]!;
    parts[last] = parts[last]! + l.slice(p.at);
    this.splice(p.line, 1, parts);
    return { line: p.line + last, at: end };
  }
  text(from: Pos, to: Pos): string {
    if (from.line === to.line) return this.line(from.line).slice(from.at, to.at);
    return [this.line(from.line).slice(from.at), ...this.lines.slice(from.line + 1, to.line), this.line(to.line).slice(0, to.at)].join(
      "\n",
    );
  }
  /** Takes text out; what it was. */
  remove(from: Pos, to: Pos): string {
    const text = this.text(from, to);
    if (text !== "")
      this.splice(from.line, to.line - from.line + 1, [this.line(from.line).slice(0, from.at) + this.line(to.line).slice(to.at)]);
    return text;
  }
}

/** One more change of the line that was changed last is the same change. */
function pushChange(all: Change[], c: Change): void {
  const last = all[all.length - 1];
  if (last !== undefined && last.line === c.line && last.added.length === 1 && c.removed.length === 1)
    all[all.length - 1] = { line: c.line, removed: last.removed, added: c.added };
  else all.push(c);
}
