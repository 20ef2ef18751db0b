/**
 * Hostile scripts, from a fixed seed: half of them made by a grammar, three tenths recorded snippets that were damaged, the
 * rest arbitrary bytes. The shell neither throws nor hangs, and what it refuses it names. 20,000 in the long run, a tenth
 * of them each time.
 */
import { expect, it, vi } from "vitest";
import { commands as coreutils } from "../../sim/bin/coreutils/index.ts";
import { commands as grep } from "../../sim/bin/grep/index.ts";
import { commands as sed } from "../../sim/bin/sed/index.ts";
import { shellCommands } from "../../sim/shell/index.ts";
import { makeRig, type Rig } from "../../sim/testing/rig.ts";
import { Draw, LONG } from "./draw.ts";
import { hostileScript } from "./hostile-scripts.ts";

vi.setConfig({ testTimeout: 1_800_000 });

const TOTAL = LONG ? 20_000 : 2_000;
const BATCH = 500;
const FRESH = 10;

for (let first = 0; first < TOTAL; first += BATCH) {
  it(`scripts ${first} to ${first + BATCH - 1} end or can be ended`, () => {
    let rig: Rig | null = null;
    for (let n = first; n < first + BATCH; n++) {
      if (rig === null || n % FRESH === 0) rig = makeRig({ commands: [...shellCommands, ...coreutils, ...grep, ...sed], seed: 1 });
      const script = hostileScript(new Draw(n, "script"));
      try {
        rig.run([n % 7 === 0 ? "sh" : "bash", "-c", script], { stdin: "in\n2\n", limit: 0.05 });
        expect(rig.world.faults).toEqual([]);
      } catch (e) {
        throw new Error(`script ${n}: ${JSON.stringify(script)}`, { cause: e });
      }
    }
  });
}
