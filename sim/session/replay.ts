/**
 * Runs a log into a fresh world: the one function behind resuming, undo, grading and verification. Records are applied at
 * their virtual time and at their count of events done, so the world is the same bit for bit.
 */
import { buildLab, type LabWorld } from "../lab/build.ts";
import type { ChallengeManifest, LabManifest } from "../lab/manifest.ts";
import { Guide } from "./guide.ts";
import { decode, effective, type Input } from "./log.ts";
import type { InputRecord } from "./protocol.ts";
import { Terminals } from "./terminals.ts";
import { UndoStack } from "./undo.ts";

export interface LabChoice {
  readonly lab: LabManifest;
  readonly challenge: ChallengeManifest | null;
  readonly seed: number;
}

/** A world with its terminals and its guide. */
export class Replica {
  readonly lw: LabWorld;
  readonly terminals: Terminals;
  readonly guide: Guide;
  readonly undo = new UndoStack();

  constructor(choice: LabChoice) {
    this.lw = buildLab(choice.lab, choice.challenge, choice.seed);
    this.terminals = new Terminals(this.lw);
    this.guide = new Guide(this.lw);
    this.lw.world.net.changeListeners.push((_ns, what) => {
      if (what !== "neigh") this.undo.changed();
    });
    this.lw.world.onPrompt = (shell) => {
      for (const t of this.terminals.all.values()) if (t.shell === shell) this.undo.promptReturned(t.id);
    };
  }

  /** Feeds one record, live or replayed. */
  apply(rec: InputRecord, input: Input): void {
    this.undo.accepted(rec, input);
    this.terminals.apply(input);
  }
}

/** events between two chances for the host */
const SLICE = 2_000;

/** Thrown when a log does not fit this engine: the message says at which record. */
export class ReplayError extends Error {
  override name = "ReplayError";
}

/** Feeds the records that count, then lets time pass until `end` (virtual ns and events done), when given. */
export function* replay(
  choice: LabChoice,
  log: readonly InputRecord[],
  end: { readonly t: number; readonly done: number } | null,
): Generator<void, Replica> {
  const r = new Replica(choice);
  yield;
  for (const rec of effective(log)) {
    yield* runTo(r, rec.t, rec.done, `record ${rec.seq}`);
    const input = decode(rec);
    if (!input) throw new ReplayError(`record ${rec.seq} of the log cannot be read`);
    r.apply(rec, input);
  }
  for (const rec of log) if (rec.kind === "hint") r.guide.openHint();
  if (end) yield* runTo(r, end.t, end.done, "the end");
  return r;
}

/** Runs until exactly `done` events have been done and the clock shows `t`. */
function* runTo(r: Replica, t: number, done: number, what: string): Generator<void, void> {
  const { world } = r.lw;
  const { sched } = world;
  while (sched.done < done) {
    if (world.run(t, Math.min(SLICE, done - sched.done)) !== "budget") break;
    yield;
  }
  if (sched.done === done && sched.now < t && sched.peek() > t) world.run(t, 1);
  if (sched.done !== done || sched.now !== t)
    throw new ReplayError(
      `${what} of the log does not come out the same: ${sched.done} events at ${sched.now} ns, expected ${done} at ${t} ns`,
    );
}
