import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText, encodeText } from "./bytes.ts";
import { TextBuffer } from "./buffer.ts";
import { columnOf, nextCluster, offsetAt, prevCluster, walk, type CellRules } from "./cells.ts";

const RULES: CellRules = { tab: 8, odd: (g) => ({ text: `^${g}`, width: 2 }) };

describe("text that keeps every byte", () => {
  it("gives any bytes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (b) => {
        expect(encodeText(decodeText(b))).toEqual(b);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
  it("reads text as text", () => {
    expect(decodeText(Uint8Array.of(0xed, 0x95, 0x9c, 0xff, 0x41))).toBe("한\udcffA");
    expect(encodeText("\ufffd")).toEqual(Uint8Array.of(0xef, 0xbf, 0xbd));
  });
});

describe("cells of a line", () => {
  it("counts tabs, wide characters and control characters", () => {
    expect(columnOf("a\tb", RULES, 2)).toBe(8);
    expect(columnOf("한글x", RULES, 2)).toBe(4);
    expect(columnOf("\x01x", RULES, 1)).toBe(2);
    expect(offsetAt("한글x", RULES, 3)).toBe(1);
  });
  it("walks long lines piece by piece without losing a cluster", () => {
    const line = "가\u0301나 abc👩‍👩‍👧x".repeat(200);
    expect([...walk(line, RULES)].map((c) => line.slice(c.at, c.at + c.len)).join("")).toBe(line);
    const at = line.length - 1;
    expect(nextCluster(line, prevCluster(line, at))).toBe(at);
  });
});

describe("a text with undo", () => {
  const arbEdit = fc.record({
    line: fc.nat(8),
    at: fc.nat(12),
    len: fc.nat(6),
    text: fc.constantFrom("a", "한글", "x\ny", "\n", "\n\n\n", "tab\t", "👍🏽"),
  });
  it("comes back to the start, and to the end again", () => {
    fc.assert(
      fc.property(fc.array(arbEdit, { maxLength: 30 }), (edits) => {
        const b = new TextBuffer(["one", "two two", ""]);
        const start = Array.from(b.lines);
        for (const e of edits) {
          const line = Math.min(e.line, b.lines.length - 1);
          const p = { line, at: Math.min(e.at, b.line(line).length) };
          b.begin("edit", p);
          if (e.len > 3) b.remove(p, { line, at: Math.min(p.at + e.len, b.line(line).length) });
          const end = b.insert(p, e.text);
          b.end(end, e.len % 2 === 0);
        }
        const done = Array.from(b.lines);
        while (b.undo() !== null);
        expect(b.lines).toEqual(start);
        expect(b.modified).toBe(false);
        while (b.redo() !== null);
        expect(b.lines).toEqual(done);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
