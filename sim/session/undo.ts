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

  /** The shell is back at its prompt: the line that ended is a step when it changed something. */
  promptReturned(term: TermId): void {
    const line = this.open.get(term);
    const end = line ? line.typed.search(/[\r\n]/) : -1;
    if (!line || end < 0) return;
    const rest = line.typed.slice(end + 1);
    // several lines may come in one paste: they share its record
    if (rest === "") this.open.delete(term);
    else this.open.set(term, { from: line.from, typed: rest, changes: this.changes });
    if (line.changes !== this.changes) this.push({ term, from: line.from, line: readable(line.typed.slice(0, end)) });
  }

  private push(step: UndoStep): void {
    this.steps.push(step);
    this.made++;
    if (this.steps.length > MOST) this.steps.shift();
  }

  /** steps ever made: moves when there is a new one */
  made = 0;

  /** The newest step of a terminal (null: of all). What came after it goes with it: it was typed into what will be gone. */
  last(term: TermId | null): UndoStep | null {
    return this.steps.findLast((s) => term === null || s.term === term) ?? null;
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
