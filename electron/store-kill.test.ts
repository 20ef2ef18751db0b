/** The store under SIGKILL: a process writes without end, is killed at some instant twenty times, and nothing it was told is saved is gone. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFs } from "./fs.ts";
import { FileStore } from "./store.ts";
import { buildProgram } from "./testing/program.ts";

let writer: Awaited<ReturnType<typeof buildProgram>>;
const dir = mkdtempSync(join(tmpdir(), "hop-store-"));
beforeAll(async () => {
  writer = await buildProgram("electron/testing/store-writer.ts");
}, 60_000);
afterAll(() => {
  for (const d of [writer.dir, dir]) rmSync(d, { recursive: true });
});

/** Runs the writer until it has acknowledged some records, kills it, and gives back the last number it has said. */
function runAndKill(after: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [writer.file, dir], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    let lines = 0;
    child.stdout.setEncoding("latin1").on("data", (text: string) => {
      said += text;
      lines += text.split("\n").length - 1;
      if (lines >= after) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (_code, signal) => {
      if (signal !== "SIGKILL") return reject(new Error(`the writer ended by itself after: ${said.slice(-100)}`));
      // what was said whole; a line cut by the kill is none
      resolve(Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1)));
    });
  });
}

describe("progress under SIGKILL", () => {
  it("keeps every record that was acknowledged, twenty times over", async () => {
    let acknowledged = 0;
    for (let kill = 0; kill < 20; kill++) {
      acknowledged = await runAndKill(5 + ((kill * 17) % 40));
      const store = await FileStore.open(nodeFs, dir, { now: () => Date.now(), snapshotBytes: 4000 });
      const { records, damaged } = await store.load("course");
      await store.close();
      expect(records.length).toBeGreaterThanOrEqual(acknowledged);
      expect(records.map((r) => r.seq)).toEqual(records.map((_, i) => i + 1));
      // a line that was being written when the kill came was never acknowledged
      expect(damaged).toBeLessThanOrEqual(1);
    }
    expect(acknowledged).toBeGreaterThan(300);
    expect(readdirSync(dir)).toContain("progress.snap");
  }, 120_000);
});
