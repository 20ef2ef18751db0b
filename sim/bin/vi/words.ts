/** Words of a line, as * and cw see them. */
import type { Pos } from "../lib/screen/buffer.ts";
import { nextCluster } from "../lib/screen/cells.ts";
import type { State } from "./state.ts";

/** The word under or after a place in a line. */
export function wordAt(line: string, at: number): { readonly text: string; readonly at: number } | null {
  const re = /[\p{L}\p{N}_]+/gu;
  for (let m = re.exec(line); m !== null; m = re.exec(line)) if (m.index + m[0].length > at) return { text: m[0], at: m.index };
  return null;
}

/** Behind the end of the word that the cursor stands in (cw). */
export function wordEndHere(s: State, big: boolean, count: number): Pos {
  const { line } = s.cursor;
  let { at } = s.cursor;
  const kind = (p: number): number => {
    const c = String.fromCodePoint(s.line.codePointAt(p)!);
    return /\s/.test(c) ? 0 : big || /[\p{L}\p{N}_]/u.test(c) ? 2 : 1;
  };
  for (let i = 0; i < count && at < s.line.length; i++) {
    while (i > 0 && at < s.line.length && kind(at) === 0) at = nextCluster(s.line, at);
    if (at >= s.line.length) break;
    const k = kind(at);
    while (at < s.line.length && kind(at) === k) at = nextCluster(s.line, at);
  }
  return { line, at };
}
