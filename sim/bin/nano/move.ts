/** nano's movements: what each does to the cursor and the window of a buffer. */
import type { Doc } from "./doc.ts";
import { columnOf, offsetAt } from "../lib/screen/cells.ts";
import { editRows, type Layout, visible } from "./draw.ts";

/** Runs a movement; false when the function is none, a text is what is wrong. */
export function move(d: Doc, id: string, l: Layout): boolean | string {
  const rows = editRows(l);
  const page = rows < 3 ? 1 : rows - 2;
  switch (id) {
    case "left":
      d.left();
      break;
    case "right":
      d.right();
      break;
    case "up":
      if (!d.vertical(-1)) d.home();
      break;
    case "down":
      if (!d.vertical(1)) d.end();
      break;
    case "home":
      d.home();
      break;
    case "end":
      d.end();
      break;
    case "nextword":
      d.go(d.nextWord());
      break;
    case "prevword":
      d.go(d.prevWord());
      break;
    case "prevpar":
      d.paragraph(-1);
      break;
    case "nextpar":
      d.paragraph(1);
      break;
    case "prevblock":
    case "nextblock":
      d.block(id === "nextblock" ? 1 : -1);
      break;
    case "pagedown":
    case "pageup": {
      const row = d.cursor.line - d.top;
      if (!d.vertical(id === "pagedown" ? page : -page)) return move(d, id === "pagedown" ? "last" : "first", l);
      d.top = Math.max(0, d.cursor.line - row);
      break;
    }
    case "first":
      d.go({ line: 0, at: 0 });
      break;
    case "last":
      d.go({ line: d.last, at: Infinity });
      d.top = Math.max(0, d.last - rows + 1);
      break;
    case "scrollup":
      if (d.top > 0) d.top--;
      if (!visible(d, l)) d.vertical(-1);
      break;
    case "scrolldown":
      if (d.top < d.last) d.top++;
      if (!visible(d, l)) d.vertical(1);
      break;
    case "bracket": {
      const wrong = d.bracket();
      if (wrong !== null) return wrong;
      break;
    }
    default:
      return false;
  }
  return true;
}

/** To a line and column from 1; negative ones count from the end. */
export function goTo(doc: Doc, line: number, column: number): void {
  const n = line < 0 ? doc.last + 1 + line : line - 1;
  const at = Math.max(0, Math.min(n, doc.last));
  const text = doc.text.line(at);
  const width = columnOf(text, doc.rules(), text.length);
  doc.go({ line: at, at: offsetAt(text, doc.rules(), column < 0 ? Math.max(0, width + 1 + column) : column - 1) });
}

/** movements after which the cursor comes to the middle when it was not in the window */
export const CENTERED: readonly string[] = ["bracket", "first", "prevpar", "nextpar", "prevblock", "nextblock"];
