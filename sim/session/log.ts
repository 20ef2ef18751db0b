/**
 * The input log as a session runs it. The log itself only grows; undo, reset and kill are records like any other. What a
 * world has to be fed is the log folded: an undo takes out what it names, a reset all that came before it.
 */
import type { InputRecord, LabAction, TermId } from "./protocol.ts";

/** What an undo leaves out: records of one terminal from `from` on, and everything of others after `t`. Both by log position. */
export interface UndoData {
  /** seqs that no longer count */
  readonly drop: readonly number[];
  /** the line that was undone, for people */
  readonly line: string;
}

/** An input that a world understands, decoded. */
export type Input =
  | {
      readonly kind: "open";
      readonly term: TermId;
      readonly machine: string;
      readonly user: string | null;
      readonly cols: number;
      readonly rows: number;
    }
  | { readonly kind: "type"; readonly term: TermId; readonly data: string }
  | { readonly kind: "resize"; readonly term: TermId; readonly cols: number; readonly rows: number }
  | { readonly kind: "close"; readonly term: TermId }
  | { readonly kind: "action"; readonly action: LabAction }
  | { readonly kind: "kill"; readonly term: TermId };

/** The records that still count, in order: those that touch the world and were neither undone nor reset away. */
export function effective(log: readonly InputRecord[]): InputRecord[] {
  let kept: InputRecord[] = [];
  for (const r of log) {
    if (r.kind === "reset") kept = [];
    else if (r.kind === "undo") {
      const gone = new Set((r.data as UndoData).drop);
      kept = kept.filter((k) => !gone.has(k.seq));
    } else if (touchesWorld(r)) kept.push(r);
  }
  return kept;
}

function touchesWorld(r: InputRecord): boolean {
  return (
    r.kind === "open" ||
    r.kind === "key" ||
    r.kind === "paste" ||
    r.kind === "resize" ||
    r.kind === "button" ||
    r.kind === "edit" ||
    r.kind === "kill"
  );
}

/** Decodes a record that touches the world; null when its data is not what its kind asks for (a damaged file). */
export function decode(r: InputRecord): Input | null {
  const term = /^term:(\d+)$/.exec(r.src);
  const t = term ? Number(term[1]) : 0;
  const d = r.data as Record<string, unknown> | string | null;
  if (r.kind === "key" || r.kind === "paste") return t && typeof d === "string" ? { kind: "type", term: t, data: d } : null;
  if (typeof d !== "object" || d === null) return null;
  switch (r.kind) {
    case "open":
      if (!t || typeof d.machine !== "string" || !isSize(d)) return null;
      return { kind: "open", term: t, machine: d.machine, user: typeof d.user === "string" ? d.user : null, cols: d.cols, rows: d.rows };
    case "resize":
      return t && isSize(d) ? { kind: "resize", term: t, cols: d.cols, rows: d.rows } : null;
    case "kill":
      return t ? { kind: d.close === true ? "close" : "kill", term: t } : null;
    case "button":
      return d.do === "plug" || d.do === "unplug" ? { kind: "action", action: d as unknown as LabAction } : null;
    case "edit":
      return d.do === "edit" && typeof d.machine === "string" && typeof d.path === "string" && typeof d.text === "string"
        ? { kind: "action", action: { do: "edit", machine: d.machine, path: d.path, text: d.text, sudo: d.sudo === true } }
        : null;
    default:
      return null;
  }
}

function isSize(d: Record<string, unknown>): d is Record<string, unknown> & { cols: number; rows: number } {
  return (
    Number.isInteger(d.cols) &&
    Number.isInteger(d.rows) &&
    (d.cols as number) > 0 &&
    (d.rows as number) > 0 &&
    (d.cols as number) <= 1000 &&
    (d.rows as number) <= 1000
  );
}
