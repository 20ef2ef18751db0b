/**
 * The browser tests: the app over the real simulator, and the same app over a canned world for what the real one cannot
 * be made to do on command. Builds what is older than its sources, serves both as static files below a folder, and runs
 * every case of cases/ in one Chromium, three at a time, since most of a case is waiting; cases that measure time (`alone`) run by themselves at the end.
 * The last line counts: `N passed, M failed, K skipped`. Without a Chromium they are skipped with the reason, which fails
 * only when HOP_E2E=required. Words on the command line choose cases by name. HOP_SCREENSHOT=1 also draws every screen to
 * test-results/ and the README's picture anew.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { findChromium, launch, RESULTS, ROOT, serve } from "./lib.mjs";
import { accessCases } from "./cases/access.mjs";
import { addressCases } from "./cases/addresses.mjs";
import { appCases } from "./cases/app.mjs";
import { chapterCases } from "./cases/chapter.mjs";
import { labCases } from "./cases/lab.mjs";
import { screenCases } from "./cases/screens.mjs";
import { worldCases } from "./cases/world.mjs";

const LANES = 3;
const words = process.argv.slice(2);
const all = [
  ...chapterCases,
  ...worldCases,
  ...accessCases,
  ...addressCases,
  ...labCases,
  ...appCases,
  ...(process.env.HOP_SCREENSHOT ? screenCases : []),
];
const chosen = all.filter((c) => words.length === 0 || words.some((w) => c.name.includes(w)));

const executable = findChromium();
if (!executable) {
  console.log("Browser tests skipped: no Chromium was found (looked in /usr/bin; set HOP_CHROMIUM to its path).");
  console.log(`0 passed, 0 failed, ${chosen.length} skipped`);
  process.exit(process.env.HOP_E2E === "required" ? 1 : 0);
}

const sources = newest(
  ["renderer", "sim", "chapters", "scripts/content.ts", "vite.config.ts", "package-lock.json"].map((p) => join(ROOT, p)),
);
for (const [fixture, page] of [
  ["1", "dist/fixture/index.html"],
  ["0", "dist/web/index.html"],
]) {
  if (existsSync(join(ROOT, page)) && statSync(join(ROOT, page)).mtimeMs > sources) continue;
  const { build } = await import("vite");
  process.env.HOP_FIXTURE = fixture;
  await build({ root: join(ROOT, "renderer"), configFile: join(ROOT, "vite.config.ts"), logLevel: "error" });
}

mkdirSync(RESULTS, { recursive: true });
// below a folder, to hold the promise that any folder will do
const fixture = await serve(join(ROOT, "dist/fixture"), "/course/");
const web = await serve(join(ROOT, "dist/web"), "/course/");
const browser = await launch(executable);
const count = { passed: 0, failed: 0 };
const queue = chosen.filter((c) => !c.alone);
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let test = queue.shift(); test; test = queue.shift()) await runCase(test);
  }),
);
for (const test of chosen.filter((c) => c.alone)) await runCase(test);
await browser.close();
await Promise.all([fixture.close(), web.close()]);
console.log(`${count.passed} passed, ${count.failed} failed, 0 skipped`);
process.exit(count.failed > 0 ? 1 : 0);

async function runCase(test) {
  const began = Date.now();
  const contexts = [];
  const own = {
    async newContext(options) {
      const ctx = await browser.newContext(options);
      contexts.push(ctx);
      return ctx;
    },
  };
  try {
    const answer = await withLimit(test.run({ browser: own, fixture: fixture.url, web: web.url }), test.seconds ?? 60);
    count.passed++;
    console.log(`ok    ${test.name} (${Date.now() - began} ms)${answer?.note ? `\n      ${answer.note}` : ""}`);
  } catch (error) {
    count.failed++;
    const stack = String(error.stack ?? error).split("\n");
    console.log(`FAIL  ${test.name} (${Date.now() - began} ms)\n      ${stack.slice(0, 12).join("\n      ")}`);
    for (const page of contexts.flatMap((c) => c.pages()))
      await page.screenshot({ path: join(RESULTS, `failed-${test.name.replace(/\W+/g, "-").slice(0, 60)}.png`) }).catch(() => {});
  }
  for (const ctx of contexts) await ctx.close().catch(() => {});
}

function withLimit(promise, seconds) {
  let timer;
  return Promise.race([
    promise,
    new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not done in ${seconds} s`)), seconds * 1000))),
  ]).finally(() => clearTimeout(timer));
}

/** Newest change below the given places, in ms. */
function newest(paths) {
  let t = 0;
  for (const p of paths) {
    const s = statSync(p);
    t = Math.max(t, s.isDirectory() ? newest(readdirSync(p).map((f) => join(p, f))) : s.mtimeMs);
  }
  return t;
}
