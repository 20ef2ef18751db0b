import { describe, expect, it } from "vitest";
import type { ToWorld } from "../sim/session/protocol.ts";
import { readMessage } from "./messages.ts";

const save = (edit: object): unknown => ({ type: "save", id: 1, edit });
const edit = { do: "edit", machine: "network01", path: "/etc/hosts", text: "127.0.0.1 localhost\n", sudo: true };

describe("what a page may say to a world", () => {
  it("takes a save and a question about a file as the protocol has them", () => {
    const said: ToWorld[] = [
      { type: "save", id: 1, edit: { do: "edit", machine: "m", path: "/f", text: "", sudo: false } },
      { type: "ask", id: 2, query: { q: "file", machine: "m", path: "/f", sudo: true } },
      { type: "action", action: { do: "plug", cable: "c" } },
    ];
    for (const m of said) expect(readMessage(m)).toEqual(m);
  });
  it("takes no edit as a button, and none with a part missing, a part too many or too much text", () => {
    expect(readMessage(save(edit))).not.toBeNull();
    expect(readMessage({ type: "action", action: edit })).toBeNull();
    const { sudo: _, ...without } = edit;
    expect(readMessage(save(without))).toBeNull();
    expect(readMessage(save({ ...edit, mode: 0o777 }))).toBeNull();
    expect(readMessage(save({ ...edit, text: "x".repeat(1_000_001) }))).toBeNull();
    expect(readMessage(save({ ...edit, path: "x".repeat(5000) }))).toBeNull();
  });
});
