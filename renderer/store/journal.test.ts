import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { InputRecord } from "../../sim/session/protocol.ts";
import { GENESIS, readJournal, seal } from "./journal.ts";
import { sha256 } from "./sha256.ts";

const record = (seq: number): InputRecord => ({
  seq,
  t: seq * 1_000,
  done: seq,
  src: "term:1",
  kind: "key",
  data: `ip route ${seq} 한글\r`,
});
function journal(count: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) lines.push(seal(record(i), 1_700_000_000_000 + i, lines.at(-1)?.slice(-66, -2) ?? GENESIS));
  return lines;
}

describe("sha256", () => {
  it.each(["", "abc", "한글 패킷", "a".repeat(55), "a".repeat(56), "a".repeat(64), "x".repeat(100_000)])(
    "equals the platform's (%#)",
    (text) => {
      expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
    },
  );
});

describe("the journal chain", () => {
  it("reads back what was sealed", () => {
    const { records, damaged } = readJournal(journal(20));
    expect(damaged).toEqual([]);
    expect(records.map(({ seq, t, done, src, kind, data }) => ({ seq, t, done, src, kind, data }))).toEqual(
      Array.from({ length: 20 }, (_, i) => record(i)),
    );
  });

  it("has the fields of the record format in each line", () => {
    expect(Object.keys(JSON.parse(journal(1)[0] ?? "{}") as object)).toEqual(["seq", "t", "done", "wall", "src", "kind", "data", "hash"]);
  });

  it("stops at a changed, a cut, a missing and a swapped line and keeps the rest", () => {
    const lines = journal(6);
    const changed = [...lines];
    changed[3] = (changed[3] ?? "").replace("ip route 3", "ip route 9");
    const cut = [...lines];
    cut[5] = (cut[5] ?? "").slice(0, 40);
    const missing = lines.filter((_, i) => i !== 2);
    const swapped = [lines[0], lines[2], lines[1], ...lines.slice(3)] as string[];
    expect(readJournal(changed)).toMatchObject({ records: { length: 3 }, damaged: { length: 3 } });
    expect(readJournal(cut)).toMatchObject({ records: { length: 5 }, damaged: { length: 1 } });
    expect(readJournal(missing)).toMatchObject({ records: { length: 2 }, damaged: { length: 3 } });
    expect(readJournal(swapped)).toMatchObject({ records: { length: 1 }, damaged: { length: 5 } });
  });

  it("never throws on a flipped character anywhere in a line, and never takes it for good", () => {
    const lines = journal(2);
    const line = lines[1] ?? "";
    for (let at = 0; at < line.length; at++) {
      const flipped = line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ 1) + line.slice(at + 1);
      expect(readJournal([lines[0] ?? "", flipped]).records.length, `character ${at}`).toBe(1);
    }
  });
});
