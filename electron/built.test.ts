/** The world's host as it is packaged: the built utility process and the built relay under plain Node, with a parent port and a channel in Electron's shape. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "hop-built-"));
beforeAll(async () => {
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  for (const entry of ["electron/world-host.ts", "electron/pty/relay.ts"]) {
    await build({
      root,
      configFile: join(root, "electron/vite.main.config.ts"),
      logLevel: "error",
      build: {
        outDir: dir,
        emptyOutDir: false,
        lib: { entry: join(root, entry), formats: ["cjs"], fileName: () => "[name].cjs" },
        rollupOptions: { external: [/^node:/] },
      },
    });
  }
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true }));

/** Stands in for Electron around the world's host: messages come and go as lines of JSON. */
const WRAPPER = `
const { EventEmitter } = require("node:events");
const say = (m) => process.stdout.write(JSON.stringify(m) + "\\n");
process.parentPort = Object.assign(new EventEmitter(), { postMessage: (m) => say({ toMain: m }) });
const port = Object.assign(new EventEmitter(), { start() {}, postMessage: (m) => say({ toPage: m }) });
require("./world-host.cjs");
process.parentPort.emit("message", { data: { execPath: process.execPath, relay: __dirname + "/relay.cjs", socketPath: __dirname + "/w.sock" }, ports: [port] });
let held = "";
process.stdin.on("data", (b) => {
  const lines = (held + b).split("\\n");
  held = lines.pop();
  for (const line of lines) port.emit("message", { data: JSON.parse(line) });
});
process.stdin.on("end", () => port.emit("close"));
`;

describe("the built world host", () => {
  it("runs a lab, its terminal through the built relay, and ends with its page", async () => {
    writeFileSync(join(dir, "wrapper.cjs"), WRAPPER);
    const child = spawn(process.execPath, [join(dir, "wrapper.cjs")], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const send = (m: object): void => void child.stdin.write(`${JSON.stringify(m)}\n`);
    const toMain: unknown[] = [];
    let shown = "";
    let held = "";
    let wake: () => void = () => {};
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (held + text).split("\n");
      held = lines.pop()!;
      for (const line of lines) {
        const m = JSON.parse(line) as { toMain?: unknown; toPage?: { type: string; data?: string } };
        if (m.toMain) toMain.push(m.toMain);
        if (m.toPage?.type === "output") shown += m.toPage.data;
      }
      wake();
    });
    const until = async (what: () => boolean): Promise<void> => {
      while (!what()) await new Promise<void>((resolve) => (wake = resolve));
    };
    send({ type: "start", version: 1, lab: "three-machines", challenge: null, seed: 1, locale: "en", log: [] });
    send({ type: "open", term: 1, machine: "network01", user: null, cols: 80, rows: 24 });
    await until(() => /[$#] $/.test(shown));
    send({ type: "input", term: 1, kind: "key", data: "echo sum-$((40+2))\r" });
    await until(() => shown.includes("sum-42"));
    // nothing was told to main: node-pty was there, and the relay was not given up
    expect(toMain).toEqual([]);
    child.stdin.end();
    expect(await ended).toBe(0);
  }, 60_000);
});
