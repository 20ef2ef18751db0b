/**
 * `npm run conformance:live -- NAME…`: records scenarios afresh on this machine's kernel and compares the simulator with what
 * came out. Not part of `npm test`: on a busy machine the real side varies. Needs root.
 */
import { compareRecordings, report } from "./compare.ts";
import { record } from "./recorder.ts";
import { readScript, scenarioNames } from "./scenario.ts";
import { simulate } from "./simulate.ts";

if (process.platform !== "linux" || process.getuid?.() !== 0) {
  console.error("This needs Linux and root: the real side runs in network namespaces. Nothing was compared.");
  process.exit(2);
}
const words = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const name of scenarioNames().filter((n) => words.length === 0 || words.some((w) => n.includes(w)))) {
  const script = readScript(name);
  try {
    const real = await record(script);
    for (const r of compareRecordings(real.steps, simulate(script))) {
      if (r.ok) passed++;
      else {
        failed++;
        console.log(report(name, r));
      }
    }
  } catch (e) {
    failed++;
    console.log(`${name}: ${(e as Error).message}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
