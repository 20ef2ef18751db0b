/** Everyday utilities against recordings of the real ones (scripts/record-coreutils.mjs): output, errors, exit status. */
import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { makeRig, type Rig } from "../../testing/rig.ts";
import { commands } from "../registry.ts";
import golden from "./testdata/golden.json" with { type: "json" };
import { FIXTURE } from "./testdata/fixture.ts";
import { KNOWN } from "./testdata/known.ts";

/** What the shell says before its messages depends on how it was started. */
const plain = (text: string): string => text.replaceAll("line 1: ", "");

function rigFor(group: number): { rig: Rig; dir: string } {
  const rig = makeRig({ commands: [...shellCommands, ...commands] });
  const dir = `/tmp/g${group}`;
  rig.run(`mkdir ${dir}; cd ${dir}; ${FIXTURE}`);
  return { rig, dir };
}

describe("utilities print what the real ones print", () => {
  golden.forEach((group, n) => {
    it(group[0]!.cmd.slice(0, 60), () => {
      const { rig, dir } = rigFor(n);
      for (const g of group) {
        const r = rig.run(["bash", "-c", `cd ${dir}; ${g.cmd}`], { limit: 30 });
        const actual = { cmd: g.cmd, stdout: r.stdout, stderr: plain(r.stderr), code: r.code };
        if (KNOWN.includes(g.cmd)) {
          expect(actual, `${g.cmd} is listed as different and is not`).not.toEqual(g);
          continue;
        }
        expect(actual).toEqual(g);
      }
    });
  });
});
