import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { InputRecord } from "../sim/session/protocol.ts";
import { readJournal } from "../renderer/store/journal.ts";
import { HEADER } from "./lines.ts";
import { FileStore, JOURNAL, lazyStore, SNAPSHOT } from "./store.ts";
import { MemFs } from "./testing/mem-fs.ts";

const DIR = "/p";
const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5);
const record = (seq: number, data = `line ${seq}`): InputRecord => ({ seq, t: seq * 1000, done: seq, src: "term:1", kind: "key", data });
const open = (fs: MemFs, snapshotBytes = 1e9): Promise<FileStore> => FileStore.open(fs, DIR, { now, snapshotBytes });
const text = (fs: MemFs, name: string): string => Buffer.from(fs.names.get(join(DIR, name))?.bytes ?? []).toString();
const put = (fs: MemFs, name: string, bytes: Uint8Array | string): void => {
  const data = new Uint8Array(Buffer.from(bytes as string));
  fs.names.set(join(DIR, name), { bytes: data, synced: data, since: [] });
};
const seqs = async (store: FileStore, stream: string): Promise<number[]> => (await store.load(stream)).records.map((r) => r.seq);
const WORLD = "world/three-machines/-/7";

/** A disk with a few records in two streams. */
async function filled(count = 8, snapshotBytes?: number): Promise<MemFs> {
  const fs = new MemFs();
  const store = await open(fs, snapshotBytes);
  for (let i = 1; i <= count; i++) await store.append(i % 3 === 0 ? "course" : WORLD, [record(i)]);
  await store.close();
  return fs;
}

describe("progress on disk", () => {
  it("comes back as it was saved, each stream for itself", async () => {
    const store = await open(await filled());
    expect(await seqs(store, WORLD)).toEqual([1, 2, 4, 5, 7, 8]);
    expect(await seqs(store, "course")).toEqual([3, 6]);
    expect(await store.streams()).toEqual([WORLD, "course"]);
    expect(await store.load("world/other/-/1")).toEqual({ records: [], damaged: 0 });
  });
  it("keeps the lines of the one record format, chained by their hashes", async () => {
    const lines = text(await filled(2), JOURNAL)
      .trimEnd()
      .split("\n");
    expect(lines[0]).toBe(HEADER);
    const records = lines.slice(1).map((l) => l.slice(l.indexOf("{")));
    expect(Object.keys(JSON.parse(records[0]!))).toEqual(["seq", "t", "done", "wall", "src", "kind", "data", "hash"]);
    expect(readJournal(records).damaged).toEqual([]);
  });
  it("is exported as the browser edition exports it", async () => {
    const lines = (await (await open(await filled())).exportText()).trimEnd().split("\n");
    expect(lines.filter((l) => l.startsWith('{"format"'))).toEqual([
      JSON.stringify({ format: "hop/journal@1", stream: WORLD }),
      JSON.stringify({ format: "hop/journal@1", stream: "course" }),
    ]);
  });
  it("takes appends that come at once in their order", async () => {
    const fs = new MemFs();
    const store = await open(fs);
    await Promise.all(Array.from({ length: 50 }, (_, i) => store.append("course", [record(i)])));
    expect(await seqs(await open(fs), "course")).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
  it("refuses a stream with a name that could break a line", async () => {
    const store = await open(new MemFs());
    for (const stream of ["a b", "a\nb", "", "../x", "course/"])
      await expect(store.append(stream, [record(1)])).rejects.toThrow("not a stream");
  });
  it("moves into a snapshot when the journal has grown, and goes on", async () => {
    const fs = await filled(40, 1000);
    expect(text(fs, SNAPSHOT).split("\n").length).toBeGreaterThan(10);
    expect(text(fs, JOURNAL).length).toBeLessThan(8000);
    const store = await open(fs, 1000);
    expect([...(await seqs(store, WORLD)), ...(await seqs(store, "course"))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });
  it("counts a line that is in the snapshot and in the journal once", async () => {
    const fs = await filled(5);
    put(fs, SNAPSHOT, text(fs, JOURNAL));
    const store = await open(fs);
    expect(await store.load(WORLD)).toMatchObject({ damaged: 0, records: { length: 4 } });
  });
  it("is left alone, with a message, when a newer version wrote it", async () => {
    const fs = await filled(3);
    const newer = text(fs, JOURNAL).replace(HEADER, "# hop/progress@2");
    put(fs, JOURNAL, newer);
    await expect(open(fs)).rejects.toThrow("newer version");
    expect(text(fs, JOURNAL)).toBe(newer);
  });
});

describe("damaged progress", () => {
  it("cut at any byte comes back to the last whole record, and the file as it was is kept", async () => {
    const whole = text(await filled(10), JOURNAL);
    const ends = [...whole.matchAll(/\n/g)].map((m) => m.index + 1);
    for (let cut = 0; cut < whole.length; cut++) {
      const fs = new MemFs();
      put(fs, JOURNAL, whole.slice(0, cut));
      const store = await open(fs);
      const world = await store.load(WORLD);
      const course = await store.load("course");
      const wholeLines = Math.max(0, ends.filter((e) => e <= cut).length - 1);
      expect(world.records.length + course.records.length).toBe(wholeLines);
      const inside = cut > ends[0]! && !ends.includes(cut);
      expect(world.damaged + course.damaged).toBe(inside ? 1 : 0);
      expect(text(fs, `${JOURNAL}.damaged-20260102T030405.000Z`)).toBe(inside ? whole.slice(0, cut) : "");
      // and it can be written to again
      await store.append("course", [record(99)]);
      expect((await (await open(fs)).load("course")).records.at(-1)?.seq).toBe(99);
    }
  }, 60_000);
  it("with any one byte changed loses no other stream and no record before", async () => {
    const whole = Buffer.from(text(await filled(10), JOURNAL));
    const lines = whole.toString().split("\n");
    for (let at = 0; at < whole.length; at += 3) {
      for (const flip of [1, 0x80]) {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= flip;
        const fs = new MemFs();
        put(fs, JOURNAL, bytes);
        const store = await open(fs).catch((error: Error) => error);
        // the version in the header became a newer one: nothing is touched
        if (store instanceof Error) {
          expect(store.message).toContain("newer version");
          continue;
        }
        let line = 0;
        for (let start = 0; start + lines[line]!.length < at; line++) start += lines[line]!.length + 1;
        const hit = line === 0 ? Infinity : line;
        const world = await seqs(store, WORLD);
        const course = await seqs(store, "course");
        for (let seq = 1; seq < Math.min(hit, 11); seq++) expect(seq % 3 === 0 ? course : world).toContain(seq);
        if (hit % 3 !== 0 && hit < 11 && at !== whole.length - 1) expect(course.length).toBeGreaterThanOrEqual(2);
        expect([...fs.names.keys()].some((n) => n.includes(".damaged-"))).toBe(true);
      }
    }
  }, 60_000);
  it("is told once for each stream, and is clean at the next start", async () => {
    const fs = await filled(8);
    put(fs, JOURNAL, text(fs, JOURNAL).replace("line 4", "line X"));
    const store = await open(fs);
    expect(await store.load(WORLD)).toMatchObject({ damaged: 4, records: { length: 2 } });
    expect((await store.load(WORLD)).damaged).toBe(0);
    expect((await store.load("course")).damaged).toBe(0);
    expect((await (await open(fs)).load(WORLD)).damaged).toBe(0);
  });
});

describe("a disk that fails", () => {
  it("at any operation, before or after doing it, loses nothing that was acknowledged", async () => {
    let cases = 0;
    for (const failWith of ["EIO", "ENOSPC"] as const) {
      for (const failAfter of [false, true]) {
        for (const failCount of [1, 3]) {
          for (let failAt = 0; failAt < 70; failAt++) {
            const fs = new MemFs();
            Object.assign(fs, { failAt, failWith, failAfter, failCount });
            const store = lazyStore(() => open(fs, 600));
            const acknowledged: number[] = [];
            for (let i = 1; i <= 12; i++) {
              // as the page does: what was refused is tried again
              for (let attempt = 0; attempt < 6; attempt++) {
                try {
                  // the first attempt is the longest: what it left must not stay behind a shorter one
                  await store.append("course", [record(i, "x".repeat(attempt === 0 ? 200 : 3))]);
                  acknowledged.push(i);
                  break;
                } catch {
                  continue;
                }
              }
            }
            expect(acknowledged).toHaveLength(12);
            await store.close();
            fs.failAt = Infinity;
            const again = await open(fs);
            expect((await again.load("course")).records.map((r) => r.seq)).toEqual(acknowledged);
            expect([...fs.names.keys()].filter((n) => n.includes("damaged"))).toEqual([]);
            cases++;
          }
        }
      }
    }
    expect(cases).toBe(560);
  }, 60_000);
  it("that is full for good refuses and says so, and keeps what it has", async () => {
    const fs = await filled(3);
    const store = await open(fs);
    Object.assign(fs, { failAt: fs.calls, failCount: Infinity, failWith: "ENOSPC" });
    await expect(store.append("course", [record(50)])).rejects.toThrow("ENOSPC");
    await expect(store.append("course", [record(50)])).rejects.toThrow("ENOSPC");
    fs.failAt = Infinity;
    expect(await seqs(store, "course")).toEqual([3]);
    expect(await seqs(await open(fs), "course")).toEqual([3]);
  });
});

describe("a power cut", () => {
  it("after a sync that failed leaves what was acknowledged since", async () => {
    let states = 0;
    for (let failAt = 0; failAt < 70; failAt++) {
      const fs = new MemFs();
      Object.assign(fs, { failAt, failWith: "EIO" });
      const store = lazyStore(() => open(fs, 600));
      let acknowledged = 0;
      for (let i = 1; i <= 12; i++) {
        for (let attempt = 0; attempt < 3 && acknowledged < i; attempt++)
          await store.append("course", [record(i)]).then(
            () => (acknowledged = i),
            () => {},
          );
        for (const disk of fs.afterPowerCut()) {
          expect((await seqs(await open(disk), "course")).slice(0, acknowledged)).toEqual(
            Array.from({ length: acknowledged }, (_, k) => k + 1),
          );
          states++;
        }
      }
      expect(acknowledged).toBe(12);
    }
    expect(states).toBe(6720);
  }, 60_000);
  it("at any operation leaves every acknowledged record, whatever survived of the rest", async () => {
    let states = 0;
    for (const failAfter of [false, true]) {
      for (let failAt = 0; failAt < 90; failAt++) {
        const fs = new MemFs();
        Object.assign(fs, { failAt, failWith: "power", failAfter });
        let acknowledged = 0;
        try {
          const store = await open(fs, 700);
          for (let i = 1; i <= 20; i++) {
            await store.append("course", [record(i)]);
            acknowledged = i;
          }
          await store.close();
        } catch {
          // the power is gone
        }
        for (const disk of fs.afterPowerCut()) {
          const found = await seqs(await open(disk), "course");
          expect(found.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, i) => i + 1));
          states++;
        }
      }
    }
    expect(states).toBe(1440);
  }, 60_000);
});
