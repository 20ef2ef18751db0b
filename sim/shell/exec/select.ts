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

/** In columns that fit COLUMNS, filled downwards, as bash lays them out. */
function menu(sh: Shell, words: readonly string[]): string {
  const cols = Number(sh.get("COLUMNS") ?? 80) || 80;
  const digits = String(words.length).length;
  const widest = words.reduce((m, w) => Math.max(m, w.length), 0);
  const cell = widest + digits + 2 + 2;
  let across = Math.max(1, Math.floor(cols / cell));
  let rows = Math.ceil(words.length / across);
  across = Math.ceil(words.length / rows);
  if (rows === 1 && across > 1) {
    rows = words.length;
    across = 1;
  }
  let out = "";
  for (let r = 0; r < rows; r++) {
    let line = "";
    for (let c = 0; c < across; c++) {
      const i = c * rows + r;
      if (i >= words.length) break;
      const text = `${String(i + 1).padStart(digits, " ")}) ${words[i]}`;
      line += c < across - 1 && (c + 1) * rows + r < words.length ? text.padEnd(cell, " ") : text;
    }
    out += line + "\n";
  }
  return out;
}
