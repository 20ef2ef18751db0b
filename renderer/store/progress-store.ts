/**
 * Where progress is kept. A stream is one journal: "course" for answers, parts and results, and one for every world a
 * learner has typed into. The browser keeps them in IndexedDB; the desktop app supplies a store over files as
 * `window.hop.store`; tests and pages without storage use memory.
 */
import type { InputRecord } from "../../sim/session/protocol.ts";
import type { JournalRecord } from "./journal.ts";

export interface LoadedStream {
  readonly records: readonly JournalRecord[];
  /** lines that could not be read; put aside as a copy */
  readonly damaged: number;
}

export interface ProgressStore {
  load(stream: string): Promise<LoadedStream>;
  /** Resolves only when the records are on disk. Rejects when they are not. */
  append(stream: string, records: readonly InputRecord[]): Promise<void>;
  streams(): Promise<readonly string[]>;
  /** every stream's lines as one text, for a copy */
  exportText(): Promise<string>;
  /** does what is stored outlive the window? */
  readonly durable: boolean;
}

export const COURSE_STREAM = "course";
export const worldStream = (lab: string, challenge: string | null, seed: number): string => `world/${lab}/${challenge ?? "-"}/${seed}`;
