/** Insert and replace mode: what each key does to the text. */
import type { Key } from "../../kernel/keys.ts";
import type { Pos } from "../lib/screen/buffer.ts";
import { nextCluster, prevCluster } from "../lib/screen/cells.ts";
import { shift } from "./operators.ts";
import type { State } from "./state.ts";

export interface Insertion {
  /** typed since the mode began, for repeating and counts */
  keys: Key[];
  readonly count: number;
  readonly from: Pos;
  /** characters that replace mode wrote over, by line length */
  readonly over: string[];
}

/** A key of insert or replace mode; ^V is the caller's business. */
export function typed(s: State, k: Key, ins: Insertion): void {
  const { line, at } = s.cursor;
  switch (k.name) {
    case "enter":
    case "C-j": {
      const indent = s.opts.autoindent ? /^[ \t]*/.exec(s.line.slice(0, at))![0] : "";
      s.cursor = s.insert(s.cursor, `\n${indent}`);
      return;
    }
    case "backspace":
    case "C-h":
      if (s.mode === "replace") {
        const old = ins.over.pop();
        if (at > 0) s.cursor = { line, at: prevCluster(s.line, at) };
        if (old !== undefined && at > 0) s.text.splice(line, 1, [s.line.slice(0, s.cursor.at) + old + s.line.slice(at)]);
        return;
      }
      if (at > 0) erase(s, { line, at: prevCluster(s.line, at) });
      else if (line > 0) erase(s, { line: line - 1, at: s.text.line(line - 1).length });
      return;
    case "delete":
      if (at < s.line.length) s.text.remove(s.cursor, s.next(s.cursor));
      else if (line < s.last) s.text.remove(s.cursor, { line: line + 1, at: 0 });
      return;
    case "C-w": {
      const head = s.line.slice(0, at).replace(/([\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?\s*$/u, "");
      // not past where the insertion began, at first
      const stop = line === ins.from.line && at > ins.from.at ? Math.max(head.length, ins.from.at) : head.length;
      erase(s, { line, at: stop });
      return;
    }
    case "C-u":
      erase(s, { line, at: line === ins.from.line && at > ins.from.at ? ins.from.at : 0 });
      return;
    case "C-t":
    case "C-d": {
      const before_ = s.line.length;
      shift(s, line, line, k.name === "C-t" ? 1 : -1);
      s.cursor = { line, at: Math.max(0, at + s.line.length - before_) };
      return;
    }
    case "left":
      s.go({ line, at: prevCluster(s.line, at) });
      return;
    case "right":
      s.go({ line, at: nextCluster(s.line, at) });
      return;
    case "up":
    case "down": {
      const to = line + (k.name === "up" ? -1 : 1);
      if (to >= 0 && to <= s.last) s.go(s.aim(to), true);
      return;
    }
    case "home":
      s.go({ line, at: 0 });
      return;
    case "end":
      s.go({ line, at: s.line.length });
      return;
    case "tab":
      put(s, s.opts.expandtab ? " ".repeat(s.opts.tabstop - (s.columnOf(s.cursor) % s.opts.tabstop)) : "\t", ins);
      return;
    default:
      if (k.text !== "" && k.text === k.name) put(s, k.text, ins);
  }
}
function put(s: State, text: string, ins: Insertion): void {
  if (s.mode === "replace") {
    const to = s.cursor.at < s.line.length ? s.next(s.cursor) : s.cursor;
    ins.over.push(s.line.slice(s.cursor.at, to.at));
    s.text.remove(s.cursor, to);
  }
  s.cursor = s.insert(s.cursor, text);
  s.want = s.columnOf(s.cursor);
}
function erase(s: State, from: Pos): void {
  s.text.remove(from, s.cursor);
  s.cursor = from;
}
