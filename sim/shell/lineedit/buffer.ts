/** The line being edited: clusters and a cursor, with kill ring and undo. Knows nothing of the screen. */
import { graphemes } from "../../kernel/graphemes.ts";

interface Snapshot {
  readonly text: readonly string[];
  readonly cursor: number;
}

const KILLS = 10;
const UNDOS = 500;

export class Buffer {
  /** grapheme clusters */
  chars: string[] = [];
  cursor = 0;
  private undos: Snapshot[] = [];
  private typing = false;
  private readonly kills: string[] = [];
  private lastKill: "no" | "kill" = "no";
  private yanked: { readonly at: number; readonly len: number; readonly which: number } | null = null;

  get text(): string {
    return this.chars.join("");
  }
  /** Another line, as history brings it. */
  load(text: string, cursor = -1): void {
    this.chars = graphemes(text);
    this.cursor = cursor < 0 ? this.chars.length : Math.min(cursor, this.chars.length);
    this.undos = [];
    this.typing = false;
  }

  /** Called before every command: ends runs of kills, yanks and typing unless the command goes on with them. */
  begin(kind: "type" | "kill" | "yank" | "other"): void {
    if (kind !== "type") this.typing = false;
    if (kind !== "kill") this.lastKill = "no";
    if (kind !== "yank") this.yanked = null;
  }

  private save(): void {
    this.undos.push({ text: [...this.chars], cursor: this.cursor });
    if (this.undos.length > UNDOS) this.undos.shift();
  }
  undo(): boolean {
    const u = this.undos.pop();
    if (!u) return false;
    this.chars = [...u.text];
    this.cursor = u.cursor;
    this.typing = false;
    return true;
  }
  revert(): void {
    const first = this.undos[0];
    if (!first) return;
    this.chars = [...first.text];
    this.cursor = first.cursor;
    this.undos = [];
  }

  insert(text: string, typed = false): void {
    if (!(typed && this.typing)) this.save();
    this.typing = typed;
    // a combining mark joins what stands before the cursor
    const before = this.chars.slice(0, this.cursor).join("") + text;
    const head = graphemes(before);
    const all = graphemes(before + this.chars.slice(this.cursor).join(""));
    this.chars = all;
    this.cursor = Math.min(head.length, all.length);
  }
  remove(from: number, to: number): string {
    if (from >= to) return "";
    this.save();
    const gone = this.chars.splice(from, to - from).join("");
    this.cursor = from;
    return gone;
  }
  replace(from: number, to: number, text: string): void {
    this.save();
    const put = graphemes(text);
    this.chars.splice(from, to - from, ...put);
    this.cursor = from + put.length;
  }

  /** Cuts to the kill ring. Kills in a row make one entry. */
  kill(from: number, to: number): void {
    if (from >= to) return;
    const forward = from === this.cursor;
    const text = this.remove(from, to);
    if (this.lastKill === "kill" && this.kills.length > 0) {
      const top = this.kills.pop()!;
      this.kills.push(forward ? top + text : text + top);
    } else {
      this.kills.push(text);
      if (this.kills.length > KILLS) this.kills.shift();
    }
    this.lastKill = "kill";
  }
  yank(): boolean {
    const k = this.kills[this.kills.length - 1];
    if (k === undefined) return false;
    const at = this.cursor;
    this.insert(k);
    this.yanked = { at, len: this.cursor - at, which: this.kills.length - 1 };
    return true;
  }
  yankPop(): boolean {
    const y = this.yanked;
    if (!y) return false;
    const which = (y.which + this.kills.length - 1) % this.kills.length;
    this.replace(y.at, y.at + y.len, this.kills[which]!);
    this.yanked = { at: y.at, len: this.cursor - y.at, which };
    return true;
  }

  private isWord(i: number): boolean {
    const g = this.chars[i];
    return g !== undefined && (/^[A-Za-z0-9]/.test(g) || g.codePointAt(0)! > 127);
  }
  wordEnd(from = this.cursor): number {
    let i = from;
    while (i < this.chars.length && !this.isWord(i)) i++;
    while (i < this.chars.length && this.isWord(i)) i++;
    return i;
  }
  wordStart(from = this.cursor): number {
    let i = from;
    while (i > 0 && !this.isWord(i - 1)) i--;
    while (i > 0 && this.isWord(i - 1)) i--;
    return i;
  }
  /** C-w: back to a blank */
  blankStart(from = this.cursor): number {
    let i = from;
    while (i > 0 && /^\s/.test(this.chars[i - 1]!)) i--;
    while (i > 0 && !/^\s/.test(this.chars[i - 1]!)) i--;
    return i;
  }
  transposeChars(): boolean {
    if (this.cursor === 0 || this.chars.length < 2) return false;
    const i = this.cursor === this.chars.length ? this.cursor - 1 : this.cursor;
    this.replace(i - 1, i + 1, this.chars[i]! + this.chars[i - 1]!);
    return true;
  }
  transposeWords(): boolean {
    const e2 = this.wordEnd();
    const s2 = this.wordStart(e2);
    const s1 = this.wordStart(s2);
    const e1 = this.wordEnd(s1);
    if (s1 === s2 || e1 > s2) return false;
    const part = (a: number, b: number): string => this.chars.slice(a, b).join("");
    this.replace(s1, e2, part(s2, e2) + part(e1, s2) + part(s1, e1));
    return true;
  }
  changeCase(how: "up" | "down" | "cap"): void {
    const end = this.wordEnd();
    let s = this.chars.slice(this.cursor, end).join("");
    if (how === "up") s = s.toUpperCase();
    else if (how === "down") s = s.toLowerCase();
    else s = s.toLowerCase().replace(/[a-z0-9]/, (c) => c.toUpperCase());
    this.replace(this.cursor, end, s);
  }
}
