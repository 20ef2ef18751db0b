/**
 * What can be taken back: for each terminal the lines that changed the lab. A line begins with the first input after a prompt
 * and ends when the shell is back at its prompt; it counts when something in the network changed meanwhile. Cables moved
 * with a button count too.
 */
import type { Input } from "./log.ts";
import type { InputRecord, TermId } from "./protocol.ts";

export interface UndoStep {
  /** null: not typed in a terminal */
  readonly term: TermId | null;
  /** seq of its first record */
  readonly from: number;
  /** for people */
  readonly line: string;
}

const MOST = 200;

export class UndoStack {
  private readonly steps: UndoStep[] = [];
  /** the line being typed or run in each terminal */
  private readonly open = new Map<TermId, { from: number; typed: string; changes: number }>();
  private changes = 0;

  /** Something in the network changed. */
  changed(): void {
    this.changes++;
  }

  accepted(rec: InputRecord, input: Input): void {
    if (input.kind === "action") {
      const a = input.action;
      this.push({ term: null, from: rec.seq, line: a.do === "edit" ? `edit ${a.path}` : `${a.do} ${a.cable}` });
    } else if (input.kind === "type") {
      const line = this.open.get(input.term);
      if (line) line.typed += input.data;
      else this.open.set(input.term, { from: rec.seq, typed: input.data, changes: this.changes });
    }
  }

  /** The shell is back at its prompt. The step that ended, when its line changed something. */
  promptReturned(term: TermId): UndoStep | null {
    const line = this.open.get(term);
    if (!line || !/[\r\n]/.test(line.typed)) return null;
    this.open.delete(term);
    if (line.changes === this.changes) return null;
    const step = { term, from: line.from, line: readable(line.typed) };
    this.push(step);
    return step;
  }

  private push(step: UndoStep): void {
    this.steps.push(step);
    if (this.steps.length > MOST) this.steps.shift();
  }

  get next(): UndoStep | null {
    return this.steps.at(-1) ?? null;
  }

  /** Takes the newest step of a terminal (null: of all), and with it every later one: they were typed into what is gone. */
  take(term: TermId | null): UndoStep | null {
    const i = term === null ? this.steps.length - 1 : this.steps.findLastIndex((s) => s.term === term);
    const step = this.steps[i] ?? null;
    if (step) this.steps.length = i;
    this.open.clear();
    return step;
  }
}

/** Keys as a line of text: what was erased or edited shows as typed, control sequences do not. */
function readable(keys: string): string {
  let out = "";
  for (const ch of keys.replace(/\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z]|.)/g, "")) {
    if (ch === "\x7f" || ch === "\b") out = out.slice(0, -1);
    else if (ch === "\x15") out = "";
    else if (ch >= " ") out += ch;
  }
  return out.trim();
}
