/**
 * `npm test`: formatting, lint, dead code, types, import boundaries, unit, conformance, labs, determinism, short fuzzing, then the browser tests. Every step runs even
 * when one before it failed; the last line counts tests and steps.
 *   --no-e2e   leave the browser tests out
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = (pkg, file) => join(root, "node_modules", pkg, file);
const out = mkdtempSync(join(tmpdir(), "hop-test-"));
const report = join(out, "vitest.json");

const steps = [
  ["formatting", "npx", ["--no-install", "oxfmt", "--check", "."]],
  ["lint", "npx", ["--no-install", "oxlint"]],
  ["dead code", "npx", ["--no-install", "knip", "--no-progress"]],
  ["types: sim", "npx", ["--no-install", "tsc", "-p", "sim"]],
  ["types: cli", "npx", ["--no-install", "tsc", "-p", "cli"]],
  ["types: renderer", "npx", ["--no-install", "tsc", "-p", "renderer"]],
  ["types: electron", "npx", ["--no-install", "tsc", "-p", "electron"]],
  ["types: tests", "npx", ["--no-install", "tsc", "-p", "tsconfig.test.json"]],
  [
    "unit, boundaries, conformance, labs, determinism",
    process.execPath,
    [bin("vitest", "vitest.mjs"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  ],
];
if (!process.argv.includes("--no-e2e")) steps.push(["browser tests", "npm", ["run", "--silent", "test:e2e"]]);

let passed = 0;
let failed = 0;
let skipped = 0;
const bad = [];
for (const [name, cmd, args] of steps) {
  const t0 = Date.now();
  console.log(`\n── ${name}`);
  const browser = name === "browser tests";
  const r = spawnSync(cmd, args, {
    cwd: root,
    stdio: browser ? ["ignore", "pipe", "inherit"] : ["ignore", "inherit", "inherit"],
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (browser) {
    process.stdout.write(r.stdout);
    const m = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(r.stdout.trimEnd());
    if (m) {
      passed += Number(m[1]);
      failed += Number(m[2]);
      skipped += Number(m[3]);
    }
  } else if (name.startsWith("unit")) {
    try {
      const j = JSON.parse(readFileSync(report, "utf8"));
      passed += j.numPassedTests;
      failed += j.numFailedTests;
      skipped += j.numPendingTests;
    } catch {
      failed++;
    }
  } else if (r.status === 0) passed++;
  else failed++;
  if (r.status !== 0) bad.push(name);
  console.log(`── ${name}: ${r.status === 0 ? "passed" : "FAILED"} in ${((Date.now() - t0) / 1000).toFixed(1)} s`);
}
rmSync(out, { recursive: true, force: true });
if (bad.length > 0) {
  console.log(`\nFailed: ${bad.join(", ")}`);
  if (failed === 0) failed = bad.length;
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(bad.length > 0 ? 1 : 0);
