/** The digest in a worker of a real browser is the digest in Node. Skipped without Chromium, unless HOP_E2E=required. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { expect, it } from "vitest";
import { contentPlugin, loadContent } from "../../scripts/content.ts";
import { play } from "./scenario.ts";

const CHAPTERS = join(import.meta.dirname, "../../chapters");
const BROWSER = process.env.HOP_CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function digestInWorker(slice: number): Promise<unknown> {
  const out = mkdtempSync(join(tmpdir(), "hop-digest-"));
  await build({
    configFile: false,
    logLevel: "error",
    plugins: [contentPlugin(CHAPTERS)],
    build: {
      outDir: out,
      minify: false,
      target: "es2023",
      lib: { entry: join(import.meta.dirname, "browser-entry.ts"), formats: ["es"], fileName: "worker" },
    },
  });
  const code = readFileSync(join(out, "worker.js"), "utf8");
  const server = createServer((req, res) => {
    res.setHeader("content-type", req.url === "/worker.js" ? "text/javascript" : "text/html");
    res.end(req.url === "/worker.js" ? code : "<!doctype html><title>digest</title>");
  }).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await page.evaluate(
      (n) =>
        new Promise((resolve, reject) => {
          const w = new Worker("/worker.js", { type: "module" });
          w.onmessage = (e) => resolve(e.data);
          w.onerror = (e) => reject(new Error(e.message));
          w.postMessage(n);
        }),
      slice,
    );
  } finally {
    await browser.close();
    server.close();
    rmSync(out, { recursive: true, force: true });
  }
}

it.skipIf(process.env.HOP_E2E !== "required" && !existsSync(BROWSER))(
  "gives the same digest in a Chromium worker as in Node",
  async () => {
    const lab = loadContent(CHAPTERS).labs.find((l) => l.id === "three-machines")!;
    expect(await digestInWorker(777)).toBe(play(lab, 10_000).digest);
  },
  60_000,
);
