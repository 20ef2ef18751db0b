/**
 * A line of the progress files: `CRC NUMBER STREAM RECORD`, where RECORD is the journal line that the browser edition keeps too
 * (renderer/store/journal.ts). The CRC-32 of what follows it tells a torn or changed line by itself; the number, counted over all
 * streams and never used again, tells a line that is in the snapshot and in the journal at once.
 */
import { crc32 } from "node:zlib";

export const HEADER = "# hop/progress@1";

export interface Entry {
  readonly n: number;
  readonly stream: string;
  readonly line: string;
}

export const STREAM = /^[a-z][a-z0-9-]{0,30}(?:\/[a-z0-9-]{1,81}){0,3}$/;

export function writeLine({ n, stream, line }: Entry): string {
  const text = `${n} ${stream} ${line}`;
  return `${checksum(text)} ${text}\n`;
}

export interface ReadLines {
  readonly entries: readonly Entry[];
  /** what did not read, with the stream that each line seems to have belonged to */
  readonly bad: readonly { readonly text: string; readonly stream: string | null }[];
  /** a header of a version this app does not know */
  readonly newer: string | null;
}

/** Reads a whole file. Lines that do not read are put in `bad` and the next is tried: each stands for itself. Never throws. */
export function readLines(bytes: Uint8Array): ReadLines {
  const entries: Entry[] = [];
  const bad: { text: string; stream: string | null }[] = [];
  const text = new TextDecoder().decode(bytes);
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  if (last !== "") lines.push(last);
  for (const [i, raw] of lines.entries()) {
    if (i === 0 && raw.startsWith("# hop/progress@") && raw !== HEADER && /^# hop\/progress@\d+$/.test(raw))
      return { entries, bad, newer: raw.slice(2) };
    const whole = i < lines.length - 1 || last === "";
    // a file that was being made when the power went has the beginning of its first line
    if (raw === HEADER || (i === 0 && !whole && HEADER.startsWith(raw))) continue;
    const m = /^([0-9a-f]{8}) ((\d{1,15}) (\S+) (.*))$/.exec(raw);
    if (whole && m && STREAM.test(m[4]!) && checksum(m[2]!) === m[1]) entries.push({ n: Number(m[3]), stream: m[4]!, line: m[5]! });
    else bad.push({ text: raw, stream: /^\S+ \d+ (\S+) /.exec(raw)?.[1] ?? null });
  }
  return { entries, bad, newer: null };
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, "0");
