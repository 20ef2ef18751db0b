/**
 * The one record format of a session (docs/decisions/005-a-session-is-its-log.md) as lines of a journal. Each line carries the SHA-256 of the
 * hash before it and of the record's text without its hash, so that a cut, a change or a swap is seen when it is read.
 */
import type { InputRecord } from "../../sim/session/protocol.ts";
import { sha256 } from "./sha256.ts";

export interface JournalRecord extends InputRecord {
  /** milliseconds since 1970 when it was stored */
  readonly wall: number;
  readonly hash: string;
}

export const GENESIS = "0".repeat(64);

/** The journal line of a record that follows one with the hash `previous`. */
export function seal(record: InputRecord, wall: number, previous: string): string {
  const { seq, t, done, src, kind, data } = record;
  const text = JSON.stringify({ seq, t, done, wall, src, kind, data });
  return `${text.slice(0, -1)},"hash":"${sha256(previous + text)}"}`;
}

export interface ReadJournal {
  readonly records: readonly JournalRecord[];
  /** lines from the first bad one on; they are kept, not used */
  readonly damaged: readonly string[];
  readonly lastHash: string;
}

/** Reads lines up to the first that does not follow from the one before. Never throws. */
export function readJournal(lines: readonly string[]): ReadJournal {
  const records: JournalRecord[] = [];
  let previous = GENESIS;
  for (const [i, line] of lines.entries()) {
    const record = open(line, previous);
    if (!record) return { records, damaged: lines.slice(i), lastHash: previous };
    records.push(record);
    previous = record.hash;
  }
  return { records, damaged: [], lastHash: previous };
}

function open(line: string, previous: string): JournalRecord | null {
  const cut = line.lastIndexOf(',"hash":"');
  if (cut < 0 || !line.endsWith('"}')) return null;
  const hash = line.slice(cut + 9, -2);
  if (sha256(`${previous}${line.slice(0, cut)}}`) !== hash) return null;
  try {
    return JSON.parse(line) as JournalRecord;
  } catch {
    return null;
  }
}
