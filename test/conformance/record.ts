/**
 * `npm run conformance:record -- NAME…`: records scenarios (all that have no golden yet, or those whose name contains one of
 * the words) on this machine's kernel. Each is recorded twice; a golden is written only when both agree. Needs root.
 */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareRecordings, report } from "./compare.ts";
import { record } from "./recorder.ts";
import { readScript, SCENARIOS } from "./scenario.ts";

if (process.platform !== "linux" || process.getuid?.() !== 0) {
  console.error("Recording needs Linux and root: it makes network namespaces. Nothing was recorded.");
  process.exit(2);
}
const words = process.argv.slice(2);
const names = readdirSync(SCENARIOS, { recursive: true, encoding: "utf8" })
  .filter((f) => f.endsWith(".sh"))
  .map((f) => f.replace(/\.sh$/, ""))
  .sort()
  .filter((n) => (words.length > 0 ? words.some((w) => n.includes(w)) : !existsSync(join(SCENARIOS, `${n}.golden.json`))));

let written = 0;
let unstable = 0;
for (const name of names) {
  try {
    const first = await record(readScript(name));
    const second = await record(readScript(name));
    const differ = compareRecordings(first.steps, second.steps).filter((r) => !r.ok);
    if (differ.length > 0) {
      unstable++;
      console.log(`${name}: two recordings differ, no golden written`);
      for (const d of differ) console.log(report(name, d));
    } else {
      writeFileSync(join(SCENARIOS, `${name}.golden.json`), `${JSON.stringify(first, null, 1)}\n`);
      written++;
      console.log(`${name}: ${first.steps.length} commands recorded`);
    }
  } catch (e) {
    unstable++;
    console.log(`${name}: ${(e as Error).message}`);
  }
}
console.log(`${written} written, ${unstable} not stable or not recorded`);
process.exit(unstable > 0 ? 1 : 0);
