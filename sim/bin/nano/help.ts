/** The help screen of ^G. */
import type { Call } from "../../kernel/abi.ts";
import { clip } from "../lib/screen/cells.ts";
import { PLAIN, REVERSE, type Term } from "../lib/screen/term.ts";
import { bar } from "./draw.ts";
import { BARS, functionOf, helpText } from "./functions.ts";
import { key } from "./prompt.ts";

/** Shows the help until it is closed. */
export function* showHelp(term: Term): Call<void> {
  const lines = helpText().split("\n");
  let top = 0;
  for (;;) {
    const l = { rows: term.rows, cols: term.cols };
    const rows = Math.max(1, l.rows - 3);
    const title = lines[0]!;
    const body = lines.slice(1 + top, 1 + top + rows).map((t) => clip(t, l.cols));
    while (body.length < rows) body.push("");
    const pad = " ".repeat(Math.max(0, Math.floor((l.cols - title.length) / 2)));
    const head = `${REVERSE}${(pad + title).padEnd(l.cols).slice(0, l.cols)}${PLAIN}`;
    yield* term.paint([head, ...body, ...bar(BARS.help, l.cols)], [1, 0]);
    const k = yield* key(term);
    if (k === null) break;
    if (k === "resize") continue;
    const last = Math.max(0, lines.length - 1 - rows);
    const id = functionOf(k.name)?.id;
    if (id === "exit" || id === "help" || k.name === "q" || k.name === "C-c") break;
    if (id === "down") top = Math.min(last, top + 1);
    else if (id === "up") top = Math.max(0, top - 1);
    else if (id === "pagedown" || k.name === " ") top = Math.min(last, top + Math.max(1, rows - 2));
    else if (id === "pageup" || k.name === "-") top = Math.max(0, top - Math.max(1, rows - 2));
    else if (id === "first") top = 0;
    else if (id === "last") top = last;
  }
}
