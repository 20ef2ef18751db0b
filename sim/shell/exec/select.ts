/** select: a menu on standard error, a line from standard input. */
import { utf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import type { For } from "../syntax/ir.ts";
import type { Shell } from "../shell.ts";
import { expandWords } from "../expand/expand.ts";
import { readLine } from "./readline.ts";

export function* execSelect(sh: Shell, n: For): Call<number> {
  sh.line = n.line;
  const words = n.words ? yield* expandWords(sh, n.words) : [...sh.positional];
  if (words.length === 0) return 0;
  let status = 0;
  let show = true;
  sh.loops++;
  try {
    for (;;) {
      if (show) yield* sh.sys.write(2, utf8(menu(sh, words)));
      show = false;
      yield* sh.sys.write(2, utf8(sh.get("PS3") ?? "#? "));
      const r = yield* readLine(sh, 0);
      if (r.text === "" && r.eof) {
        yield* sh.sys.write(1, utf8("\n"));
        return 1;
      }
      const line = r.text.replace(/^[ \t]+|[ \t]+$/g, "");
      sh.set("REPLY", line);
      if (line === "") {
        show = true;
        continue;
      }
      const i = /^[0-9]+$/.test(line) ? Number(line) - 1 : -1;
      sh.set(n.name, words[i] ?? "");
      status = yield* sh.ev.execList(sh, n.body, false);
      const f = sh.flow;
      if (f) {
        if (f.kind === "return") break;
        sh.flow = f.n > 1 ? { kind: f.kind, n: f.n - 1 } : null;
        if (f.kind === "break" || f.n > 1) break;
      }
    }
  } finally {
    sh.loops--;
  }
  return status;
}

/** In columns that fit COLUMNS, filled downwards, with tabs between them, as bash lays them out. */
function menu(sh: Shell, words: readonly string[]): string {
  const width = Number(sh.get("COLUMNS") ?? 80) || 80;
  const digits = String(words.length).length;
  const cell = words.reduce((m, w) => Math.max(m, w.length), 0) + digits + 4;
  let cols = Math.max(1, Math.floor(width / cell));
  let rows = Math.ceil(words.length / cols);
  cols = Math.ceil(words.length / rows);
  if (rows === 1) {
    rows = cols;
    cols = 1;
  }
  let out = "";
  for (let r = 0; r < rows; r++) {
    let at = 0;
    for (let i = r; i < words.length; i += rows) {
      const text = `${String(i + 1).padStart(at === 0 ? String(rows).length : digits, " ")}) ${words[i]}`;
      out += text;
      if (i + rows >= words.length) break;
      out += blanks(at + text.length, at + cell);
      at += cell;
    }
    out += "\n";
  }
  return out;
}

/** From one column to another: a tab wherever one reaches its stop. */
function blanks(from: number, to: number): string {
  let s = "";
  let at = from;
  while (at < to) {
    const tab = Math.floor(to / 8) > Math.floor(at / 8);
    s += tab ? "\t" : " ";
    at += tab ? 8 - (at % 8) : 1;
  }
  return s;
}
