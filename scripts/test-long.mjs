/** `npm run test:long`: the fuzzing of test/fuzz with many seeds, for minutes. The last line counts: N passed, M failed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const out = mkdtempSync(join(tmpdir(), "hop-long-"));
const report = join(out, "vitest.json");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const args = [vitest, "run", "--project", "fuzz", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const r = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, HOP_LONG: "1" } });
let passed = 0;
let failed = 0;
try {
  const j = JSON.parse(readFileSync(report, "utf8"));
  passed = j.numPassedTests;
  failed = j.numFailedTests;
} catch {
  failed = 1; // no report: vitest itself broke
}
if (r.status !== 0 && failed === 0) failed = 1;
rmSync(out, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
