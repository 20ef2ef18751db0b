import { describe, expect, it } from "vitest";
import { decode, effective } from "./log.ts";
import type { InputRecord } from "./protocol.ts";

const rec = (seq: number, kind: InputRecord["kind"], data: unknown, src = "term:1"): InputRecord => ({
  seq,
  t: seq,
  done: seq,
  src,
  kind,
  data,
});

describe("the input log", () => {
  it("leaves out what was undone and nothing else", () => {
    const log = [
      rec(1, "open", {}),
      rec(2, "key", "a"),
      rec(3, "key", "b"),
      rec(4, "undo", { drop: [3], line: "b" }, "app"),
      rec(5, "key", "c"),
    ];
    expect(effective(log).map((r) => r.seq)).toEqual([1, 2, 5]);
  });
  it("starts over at a reset", () => {
    expect(effective([rec(1, "key", "a"), rec(2, "reset", null, "app"), rec(3, "key", "b")]).map((r) => r.seq)).toEqual([3]);
  });
  it("keeps hints and answers out of the world", () => {
    expect(effective([rec(1, "hint", 1, "app"), rec(2, "evidence", "x", "app")])).toEqual([]);
  });
  it("decodes well-formed records and refuses damaged ones", () => {
    expect(decode(rec(1, "key", "ls\r"))).toEqual({ kind: "type", term: 1, data: "ls\r" });
    expect(decode(rec(1, "resize", { cols: 80, rows: 24 }))).toEqual({ kind: "resize", term: 1, cols: 80, rows: 24 });
    for (const bad of [
      rec(1, "key", 5),
      rec(1, "key", "x", "app"),
      rec(1, "resize", { cols: -1, rows: 24 }),
      rec(1, "open", null),
      rec(1, "button", "x"),
    ])
      expect(decode(bad)).toBeNull();
  });
});
