/** The browser edition: from a cold page load to a prompt, from a key to its echo beside a bare xterm.js, and what is transferred. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import type { Browser, Page } from "playwright-core";
import { findChromium, launch, openPage, serve, shellText, waitFor } from "../../test/e2e/lib.mjs";
import type { Bench } from "../bench.ts";
import { median } from "../measure.ts";
import { ms, number, type Row } from "../table.ts";

const PAGE = "#/chapter/3-routing";
const KEYS = 60;
const PROMPT = /[$#] $/;

export async function browser(b: Bench): Promise<Row[]> {
  const chromium = findChromium();
  const web = join(b.dir, "web");
  await build({ root: join(b.root, "renderer"), configFile: join(b.root, "vite.config.ts"), logLevel: "error", build: { outDir: web } });
  const rows = sizes(web);
  const missing = (what: string, unit: string, must: number, stretch: number | null): Row => ({
    what,
    ours: "no Chromium",
    other: "",
    figure: null,
    unit,
    most: true,
    must,
    stretch,
  });
  const load = "browser: cold page load to a usable prompt";
  const echo = "browser: key to echo, p95, beside a bare xterm.js";
  if (!chromium) return [...rows, missing(load, "ms", 1000, 350), missing(echo, "×", 1.5, null)];
  const bare = await bareTerminal(b);
  const [ours, theirs, chrome] = await Promise.all([serve(web), serve(bare), launch(chromium)]);
  try {
    const loads: number[] = [];
    for (let i = 0; i < b.pairs; i++) loads.push(await coldLoad(chrome, ours.url));
    const ratios: number[] = [];
    const a: number[] = [];
    const z: number[] = [];
    for (let i = 0; i < b.slowPairs; i++) {
      a.push(await echoes(chrome, ours.url + PAGE));
      z.push(await echoes(chrome, theirs.url));
      ratios.push(a.at(-1)! / z.at(-1)!);
    }
    const t = median(loads);
    rows.push(
      { what: load, ours: ms(t), other: "", figure: t, unit: "ms", most: true, must: 1000, stretch: 350 },
      { what: echo, ours: ms(median(a)), other: ms(median(z)), figure: median(ratios), unit: "×", most: true, must: 1.5, stretch: null },
    );
  } finally {
    await chrome.close();
    await Promise.all([ours.close(), theirs.close()]);
  }
  return rows;
}

/** Compressed sizes: the engine's worker, and all that a first visit of a chapter loads (one language, without the fonts' other subsets). */
function sizes(web: string): Row[] {
  const assets = join(web, "assets");
  const files = readdirSync(assets);
  const packed = (f: string): number =>
    (f.endsWith(".woff2") ? readFileSync(join(assets, f)) : gzipSync(readFileSync(join(assets, f)), { level: 9 })).length;
  const size = (test: RegExp): number => files.filter((f) => test.test(f)).reduce((n, f) => n + packed(f), 0);
  const engine = size(/worker.*\.js$/);
  const first = size(/\.(js|css)$/) - size(/\.ko-.*\.js$/) + size(/latin.*\.woff2$/);
  const row = (what: string, bytes: number, must: number): Row => ({
    what,
    ours: `${number(bytes / 1e6)} MB`,
    other: "",
    figure: bytes / 1e6,
    unit: "MB",
    most: true,
    must,
    stretch: null,
  });
  return [row("browser: the engine, compressed", engine, 1), row("browser: first load, compressed", first, 2)];
}

/** A new profile each time, so nothing is cached; by the page's own clock, which starts with the navigation. */
async function coldLoad(chrome: Browser, url: string): Promise<number> {
  const { page, ctx } = await openPage(chrome, { url, hash: PAGE });
  const shown = await page.waitForFunction(
    () => (/[$#]\s*$/.test(document.querySelector(".pane .xterm-rows")?.textContent?.trimEnd() ?? "") ? performance.now() : 0),
    null,
    { polling: "raf" },
  );
  const took = (await shown.jsonValue()) as number;
  await ctx.close();
  return took;
}

/** p95 of the milliseconds from a key event to the frame in which its letter stands on the screen. */
async function echoes(chrome: Browser, url: string): Promise<number> {
  const ctx = await chrome.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  const page: Page = await ctx.newPage();
  await page.goto(url);
  await waitFor(async () => PROMPT.test(await shellText(page)), "a prompt", 20_000);
  await page.locator(".xterm-helper-textarea").first().focus();
  await page.evaluate(() => {
    const w = globalThis as unknown as { times: number[] };
    w.times = [];
    let since = 0;
    const rows = document.querySelector(".xterm-rows")!;
    addEventListener("keydown", () => (since = performance.now()), true);
    new MutationObserver(() => {
      if (since === 0) return;
      const from = since;
      since = 0;
      requestAnimationFrame(() => w.times.push(performance.now() - from));
    }).observe(rows, { childList: true, subtree: true, characterData: true });
  });
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press("abcdefghij"[i % 10]!);
    await page.waitForTimeout(40);
  }
  const times = await page.evaluate(() => (globalThis as unknown as { times: number[] }).times);
  await ctx.close();
  if (times.length < KEYS / 2) throw new Error(`only ${times.length} of ${KEYS} keys were seen on the screen`);
  return times.sort((x, y) => x - y)[Math.floor(times.length * 0.95)]!;
}

/** A page with nothing but xterm.js that writes back what is typed. */
async function bareTerminal(b: Bench): Promise<string> {
  const source = join(b.root, "test-results", "bare-terminal");
  const out = join(b.dir, "bare");
  mkdirSync(source, { recursive: true });
  writeFileSync(
    join(source, "index.html"),
    `<!doctype html><body class="pane"><div id="t" style="width:700px;height:400px"></div><script type="module" src="./main.js"></script>`,
  );
  writeFileSync(
    join(source, "main.js"),
    `import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
const t = new Terminal({ cols: 80, rows: 24 });
t.open(document.getElementById("t"));
t.onData((d) => t.write(d));
t.write("$ ");
`,
  );
  await build({ root: source, base: "./", configFile: false, logLevel: "error", build: { outDir: out, emptyOutDir: true } });
  if (!existsSync(join(out, "index.html"))) throw new Error("the bare terminal was not built");
  return out;
}
