import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { openDB } from "idb";
import type { InputRecord } from "../../sim/session/protocol.ts";
import { IndexedDbStore } from "./indexeddb-store.ts";

const record = (seq: number, data: unknown = seq): InputRecord => ({ seq, t: seq, done: seq, src: "app", kind: "button", data });
let name = "";
let count = 0;
beforeEach(() => {
  name = `hop-test-${count++}`;
});

describe("IndexedDbStore", () => {
  it("keeps records over a close and reopen, in order and by stream", async () => {
    const first = await IndexedDbStore.open(name);
    await first.append("course", [record(0), record(1)]);
    await first.append("world/a/-/1", [record(0, "x")]);
    await first.append("course", [record(2)]);
    const second = await IndexedDbStore.open(name);
    expect((await second.load("course")).records.map((r) => r.seq)).toEqual([0, 1, 2]);
    expect((await second.load("world/a/-/1")).records.map((r) => r.data)).toEqual(["x"]);
    expect(await second.streams()).toEqual(["course", "world/a/-/1"]);
  });

  it("makes one chain of the writes of two windows", async () => {
    const [a, b] = await Promise.all([IndexedDbStore.open(name), IndexedDbStore.open(name)]);
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? a : b).append("course", [record(i)])));
    const { records, damaged } = await a.load("course");
    expect(damaged).toBe(0);
    expect(records.map((r) => r.seq).sort((x, y) => x - y)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("keeps everything before a damaged line, puts the rest aside and goes on from there", async () => {
    const store = await IndexedDbStore.open(name);
    await store.append("course", [record(0), record(1), record(2), record(3)]);
    const db = await openDB(name);
    const row = (await db.get("journal", ["course", 2])) as { line: string };
    await db.put("journal", { ...row, line: row.line.replace('"seq":2', '"seq":7') });
    expect(await store.load("course")).toMatchObject({ records: { length: 2 }, damaged: 2 });
    expect(((await db.getAll("damaged")) as { lines: string[] }[])[0]?.lines.length).toBe(2);
    await store.append("course", [record(9)]);
    expect((await store.load("course")).records.map((r) => r.seq)).toEqual([0, 1, 9]);
  });

  it("exports every stream as lines that name it", async () => {
    const store = await IndexedDbStore.open(name);
    await store.append("course", [record(0)]);
    const text = await store.exportText();
    expect(text.split("\n")[0]).toBe('{"format":"hop/journal@1","stream":"course"}');
    expect(JSON.parse(text.split("\n")[1] ?? "")).toMatchObject({ seq: 0, kind: "button" });
  });
});
