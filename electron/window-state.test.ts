import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readWindowState, writeWindowState } from "./window-state.ts";

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "hop-state-"))));
afterEach(() => rmSync(dir, { recursive: true }));

describe("the file with the window's place", () => {
  it("is read as it was written, and leaves nothing else behind", () => {
    const file = join(dir, "window.json");
    const state = { x: 1, y: 2, width: 900, height: 700, maximized: true, told: ["a"] };
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    expect(readdirSync(dir)).toEqual(["window.json"]);
  });
  it("counts as none when it is missing, is no JSON or says impossible things", () => {
    const file = join(dir, "window.json");
    const none = readWindowState(file);
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '{"width":-5,"height":700,"maximized":false}',
      '{"width":1e99,"height":700,"maximized":false}',
      '{"width":900,"height":700,"maximized":"yes"}',
    ]) {
      writeFileSync(file, text);
      expect(readWindowState(file)).toEqual(none);
    }
  });
  it("is no reason to fail where it cannot be written", () => {
    writeFileSync(join(dir, "window.json"), "");
    expect(() => writeWindowState(join(dir, "window.json/is/a/file"), { width: 900, height: 700, maximized: false })).not.toThrow();
  });
});
