/** A line typed at the bottom of the screen, as less and vi read patterns and commands: a small editor with its drawing left to the caller. */
import type { Call } from "../../../kernel/abi.ts";
import { textWidth } from "../../../kernel/graphemes.ts";
import type { Key } from "../../../kernel/keys.ts";
import { nextCluster, prevCluster } from "./cells.ts";
import type { Term } from "./term.ts";

export interface LineResult {
  /** false: given up (Esc, ^C, or the first character rubbed out) */
  readonly ok: boolean;
  readonly text: string;
}

/** The text and the place in it; keys change it. */
export class LineInput {
  text: string;
  at: number;
  /** lines typed before, oldest first */
  private readonly past: readonly string[];
  private pastAt: number;

  constructor(text = "", past: readonly string[] = []) {
    this.text = text;
    this.at = text.length;
    this.past = past;
    this.pastAt = past.length;
  }
  get column(): number {
    return textWidth(this.text.slice(0, this.at));
  }
  /** What a key means: still typing, done, or given up. */
  key(k: Key): "typing" | "done" | "cancel" {
    switch (k.name) {
      case "enter":
      case "C-j":
        return "done";
      case "esc":
      case "C-c":
        return "cancel";
      case "backspace":
      case "C-h":
        if (this.text === "") return "cancel";
        this.cut(prevCluster(this.text, this.at), this.at);
        break;
      case "delete":
        this.cut(this.at, nextCluster(this.text, this.at));
        break;
      case "left":
        this.at = prevCluster(this.text, this.at);
        break;
      case "right":
        this.at = nextCluster(this.text, this.at);
        break;
      case "home":
      case "C-b":
        this.at = 0;
        break;
      case "end":
      case "C-e":
        this.at = this.text.length;
        break;
      case "C-u":
        this.cut(0, this.at);
        break;
      case "C-w": {
        const head = this.text.slice(0, this.at).replace(/(\w+|[^\w\s]+)?\s*$/, "");
        this.cut(head.length, this.at);
        break;
      }
      case "up":
      case "C-p":
        this.older(-1);
        break;
      case "down":
      case "C-n":
        this.older(1);
        break;
      default:
        if (k.text === k.name || k.name === "tab") {
          this.text = this.text.slice(0, this.at) + k.text + this.text.slice(this.at);
          this.at += k.text.length;
        }
    }
    return "typing";
  }
  private cut(from: number, to: number): void {
    this.text = this.text.slice(0, from) + this.text.slice(to);
    this.at = from;
  }
  private older(by: number): void {
    const to = this.pastAt + by;
    if (to < 0 || to > this.past.length) return;
    this.pastAt = to;
    this.text = this.past[to] ?? "";
    this.at = this.text.length;
  }
}

/** Reads a line; `draw` shows it with the cursor in that column. */
export function* readPrompt(
  term: Term,
  draw: (text: string, column: number) => Call<void>,
  past: readonly string[] = [],
): Call<LineResult> {
  const input = new LineInput("", past);
  for (;;) {
    if (!term.typedAhead) yield* draw(input.text, input.column);
    const e = yield* term.next();
    if (e.kind === "eof" || e.kind === "signal") return { ok: false, text: input.text };
    if (e.kind !== "key") continue;
    const r = input.key(e.key);
    if (r !== "typing") return { ok: r === "done", text: input.text };
  }
}
