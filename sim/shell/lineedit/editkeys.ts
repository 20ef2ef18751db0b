/**
 * The less used of readline's Emacs keys that need nothing but the line: mark and region, searching for a character,
 * blanks, quoting, comments. Also what a negative argument turns a key into.
 */
import type { Buffer } from "./buffer.ts";

export type EditResult = "done" | "bell" | "accept" | "not mine";

/** State that these keys keep from one to the next. */
export class EditKeys {
  private mark = 0;
  /** C-] and M-C-] wait for the character to look for */
  private looking: "forward" | "back" | null = null;

  reset(): void {
    this.mark = 0;
    this.looking = null;
  }

  /** True: the next key is the character that C-] looks for. */
  get waiting(): boolean {
    return this.looking !== null;
  }

  find(b: Buffer, ch: string): EditResult {
    const back = this.looking === "back";
    this.looking = null;
    const at = back ? b.chars.lastIndexOf(ch, b.cursor - 1) : b.chars.indexOf(ch, b.cursor + 1);
    if (at < 0 || ch === "" || (back && b.cursor === 0)) return "bell";
    b.cursor = at;
    return "done";
  }

  key(b: Buffer, name: string): EditResult {
    switch (name) {
      case "C-@":
        this.mark = b.cursor;
        return "done";
      case "C-x C-x": {
        const at = Math.min(this.mark, b.chars.length);
        this.mark = b.cursor;
        b.cursor = at;
        return "done";
      }
      case "C-]":
        this.looking = "forward";
        return "done";
      case "M-C-]":
        this.looking = "back";
        return "done";
      case "M-\\": {
        let from = b.cursor;
        let to = b.cursor;
        while (from > 0 && /^[ \t]$/.test(b.chars[from - 1]!)) from--;
        while (to < b.chars.length && /^[ \t]$/.test(b.chars[to]!)) to++;
        b.remove(from, to);
        return "done";
      }
      case "C-x backspace":
        b.kill(0, b.cursor);
        return "done";
      case "M-#":
        b.replace(0, b.chars.length, `#${b.text}`);
        return "accept";
      default:
        return "not mine";
    }
  }
}

const OPPOSITE: Readonly<Record<string, string>> = {
  "C-f": "C-b",
  "C-b": "C-f",
  left: "right",
  right: "left",
  "M-f": "M-b",
  "M-b": "M-f",
  "C-d": "backspace",
  delete: "backspace",
  backspace: "delete",
  "M-d": "M-backspace",
  "M-backspace": "M-d",
  "C-k": "C-u",
  "C-u": "C-k",
  up: "down",
  down: "up",
  "C-p": "C-n",
  "C-n": "C-p",
};
/** The key that does with a positive argument what this one does with a negative one. */
export function opposite(name: string): string {
  return OPPOSITE[name] ?? name;
}
