/** Questions in nano's status line: a text to type, or yes and no. What they mean is the caller's business. */
import { type Call, Sig } from "../../kernel/abi.ts";
import type { Key } from "../../kernel/keys.ts";
import { LineInput } from "../lib/screen/lineinput.ts";
import { PLAIN, REVERSE, type Term } from "../lib/screen/term.ts";
import { clip } from "../lib/screen/cells.ts";
import { promptText } from "./draw.ts";
import type { BarItem } from "./functions.ts";

/** Draws the screen with this status line and these two lines of keys. */
export type Draw = (
  status: string,
  keys: readonly [string, string] | readonly BarItem[],
  cursor: readonly [number, number] | null,
) => Call<void>;

export interface Asking {
  readonly term: Term;
  readonly draw: Draw;
  /** row of the status line */
  readonly row: () => number;
}

export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "cancel" }
  | { readonly kind: "key"; readonly key: string; readonly text: string };

/** Asks for a text. Keys named in `special` end it at once. */
export function* askText(
  a: Asking,
  question: () => string,
  bar: readonly BarItem[],
  start: string,
  special: readonly string[],
  past: readonly string[] = [],
): Call<Answer> {
  const input = new LineInput(start, past);
  for (;;) {
    const [text, col] = promptText(question(), input.text, input.column, a.term.cols);
    if (!a.term.typedAhead) yield* a.draw(text, bar, [a.row(), col]);
    const k = yield* key(a.term);
    if (k === "resize") continue;
    if (k === null || k.name === "C-c" || k.name === "C-x") return { kind: "cancel" };
    if (special.includes(k.name)) return { kind: "key", key: k.name, text: input.text };
    if (k.name === "esc" || (input.text === "" && (k.name === "backspace" || k.name === "C-h"))) continue;
    if (input.key(k) === "done") return { kind: "text", text: input.text };
  }
}

/** A key; resize alone comes through; null: cancel, the terminal has gone or the program shall end. */
export function* key(term: Term): Call<Key | "resize" | null> {
  const e = yield* term.next();
  if (e.kind === "key") return e.key;
  if (e.kind === "resize") return "resize";
  if (e.kind === "signal" && e.sig === Sig.INT) return "resize";
  return null;
}

/** Yes, no, all (where that is offered), or null for cancel. */
export function* askYesNo(a: Asking, question: string, all: boolean): Call<"y" | "n" | "a" | null> {
  const item = (k: string, label: string): string => `${REVERSE}${k}${PLAIN} ${label}`;
  for (;;) {
    // the second column
    const gap = " ".repeat(Math.max(0, Math.min(16, Math.floor(a.term.cols / 2)) - 6));
    const upper = `${item(" Y", "Yes")}${all ? `${gap}${item(" A", "All")}` : ""}`;
    const lower = `${item(" N", "No")} ${gap}${item("^C", "Cancel")}`;
    const shown = clip(question, a.term.cols - 1);
    const text = `${REVERSE}${shown.padEnd(a.term.cols)}${PLAIN}`;
    yield* a.draw(text, [upper, lower], [a.row(), Math.min(a.term.cols - 1, question.length)]);
    const k = yield* key(a.term);
    if (k === "resize") continue;
    if (k === null || k.name === "C-c") return null;
    const c = k.name.toLowerCase();
    if (c === "y" || k.name === "C-y") return "y";
    if (c === "n" || k.name === "C-n") return "n";
    if (all && (c === "a" || k.name === "C-a")) return "a";
  }
}
