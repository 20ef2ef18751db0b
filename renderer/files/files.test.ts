import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FileProblem } from "../../sim/session/protocol.ts";
import { EMPTY_LAB, useLab } from "../state/lab.ts";

/** The machine's file, as the world has it. */
let disk: string | null = "one\n";
let refuse: FileProblem | null = null;
const saves: string[] = [];
vi.mock("../state/world.ts", () => ({
  readFile: async () => ({ q: "file", text: disk, problem: disk === null ? "no file" : null, writable: true }),
  saveFile: async (_m: string, _p: string, text: string, sudo: boolean) => {
    if (refuse && !sudo) return refuse;
    saves.push(text);
    disk = text;
    return null;
  },
}));
const { closeFile, isDirty, look, openFile, save, takeTheirs, typed, useFiles } = await import("./files.ts");
const AT = ["m", "/f"] as const;
const file = () => useFiles.getState().files[0]!;

beforeEach(async () => {
  disk = "one\n";
  refuse = null;
  saves.length = 0;
  useLab.setState({ ...EMPTY_LAB, key: { lab: "a", challenge: null, seed: Math.random() } });
  await openFile(...AT);
});

describe("a file in the pane", () => {
  it("is clean, then unsaved, then saved", async () => {
    expect(isDirty(file())).toBe(false);
    typed(...AT, "two\n");
    expect(isDirty(file())).toBe(true);
    await save(...AT);
    expect([isDirty(file()), saves]).toEqual([false, ["two\n"]]);
  });
  it("takes a change from the machine when nothing is unsaved", async () => {
    disk = "theirs\n";
    await look(...AT);
    expect(file()).toMatchObject({ text: "theirs\n", renewed: true, version: 1 });
  });
  it("tells of a change under unsaved text, and saves over it only when told to", async () => {
    typed(...AT, "mine\n");
    disk = "theirs\n";
    await save(...AT);
    expect([saves, file().theirs, file().text]).toEqual([[], { text: "theirs\n" }, "mine\n"]);
    await save(...AT, { over: true });
    expect([saves, disk]).toEqual([["mine\n"], "mine\n"]);
    typed(...AT, "mine again\n");
    disk = "theirs again\n";
    await look(...AT);
    takeTheirs(...AT);
    expect(file()).toMatchObject({ text: "theirs again\n", theirs: null });
  });
  it("tells that it was deleted, and keeps the text", async () => {
    typed(...AT, "mine\n");
    disk = null;
    await look(...AT);
    expect(file()).toMatchObject({ text: "mine\n", theirs: { text: null } });
  });
  it("says why a save was refused, and saves with sudo", async () => {
    refuse = "permission";
    typed(...AT, "two\n");
    await save(...AT);
    expect([file().problem, isDirty(file())]).toEqual(["permission", true]);
    await save(...AT, { sudo: true });
    expect(file()).toMatchObject({ problem: null, sudo: true, base: "two\n" });
  });
  it("keeps unsaved text while another world is shown", () => {
    const here = useLab.getState().key;
    typed(...AT, "mine\n");
    useLab.setState({ ...EMPTY_LAB, key: { lab: "b", challenge: null, seed: 1 } });
    expect(useFiles.getState().files).toEqual([]);
    useLab.setState({ ...EMPTY_LAB, key: here });
    expect(file().text).toBe("mine\n");
    closeFile(...AT);
    expect(useFiles.getState().files).toEqual([]);
  });
  it("opens a file that is there only once, and a new one where its directory is", async () => {
    await openFile(...AT);
    expect(useFiles.getState().files).toHaveLength(1);
    disk = null;
    await openFile("m", "/new");
    expect(useFiles.getState().files[1]).toMatchObject({ base: null, text: "" });
    expect(isDirty(useFiles.getState().files[1]!)).toBe(false);
  });
});
