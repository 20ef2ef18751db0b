/**
 * The browser tests: builds the app (and the same app over a canned world, for what the real one cannot be made to do on
 * command), serves both as static files, and runs every case of cases/ in Chromium. The last line counts:
 * `N passed, M failed, K skipped`. Without a Chromium they are skipped with the reason, which fails only when
 * HOP_E2E=required. Words on the command line choose cases by name; --no-build takes the builds that are there.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findChromium, launch, RESULTS, ROOT, serve } from "./lib.mjs";
import { chapterCases } from "./cases/chapter.mjs";
import { appCases } from "./cases/app.mjs";
import { accessCases } from "./cases/access.mjs";
import { labCases } from "./cases/lab.mjs";
import { worldCases } from "./cases/world.mjs";

const args = process.argv.slice(2);
const words = args.filter((a) => !a.startsWith("--"));
const all = [...appCases, ...labCases, ...accessCases, ...worldCases, ...chapterCases];
const chosen = all.filter((c) => words.length === 0 || words.some((w) => c.name.includes(w)));

const executable = findChromium();
if (!executable) {
  console.log("Browser tests skipped: no Chromium was found (looked in /usr/bin; set HOP_CHROMIUM to its path).");
  console.log(`0 passed, 0 failed, ${chosen.length} skipped`);
  process.exit(process.env.HOP_E2E === "required" ? 1 : 0);
}

if (!args.includes("--no-build")) {
  const { build } = await import("vite");
  for (const fixture of ["1", "0"]) {
    process.env.HOP_FIXTURE = fixture;
    await build({ root: join(ROOT, "renderer"), configFile: join(ROOT, "vite.config.ts"), logLevel: "error" });
  }
}

mkdirSync(RESULTS, { recursive: true });
// below a folder, to hold the promise that any folder will do
const fixture = await serve(join(ROOT, "dist/fixture"), "/course/");
const web = await serve(join(ROOT, "dist/web"), "/course/");
const browser = await launch(executable);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const test of chosen) {
  const began = Date.now();
  const contexts = new Set(browser.contexts());
  try {
    const answer = await withLimit(test.run({ browser, fixture: fixture.url, web: web.url }), test.seconds ?? 60);
    if (answer?.skip) {
      skipped++;
      console.log(`skip  ${test.name}: ${answer.skip}`);
    } else {
      passed++;
      console.log(`ok    ${test.name} (${Date.now() - began} ms)`);
    }
  } catch (error) {
    failed++;
    console.log(
      `FAIL  ${test.name} (${Date.now() - began} ms)\n      ${String(error.stack ?? error)
        .split("\n")
        .slice(0, 12)
        .join("\n      ")}`,
    );
    for (const ctx of browser.contexts())
      for (const page of contexts.has(ctx) ? [] : ctx.pages())
        await page.screenshot({ path: join(RESULTS, `failed-${test.name.replace(/\W+/g, "-").slice(0, 60)}.png`) }).catch(() => {});
  }
  for (const ctx of browser.contexts()) if (!contexts.has(ctx)) await ctx.close().catch(() => {});
}
await browser.close();
await Promise.all([fixture.close(), web.close()]);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);

function withLimit(promise, seconds) {
  let timer;
  return Promise.race([
    promise,
    new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not done in ${seconds} s`)), seconds * 1000))),
  ]).finally(() => clearTimeout(timer));
}
