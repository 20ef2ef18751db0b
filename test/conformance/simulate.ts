/** Runs a scenario in the simulator, as `hop run` does, and gives what the recorder would have written under "steps". */
import { plainLab } from "../../sim/lab/plain.ts";
import { paceOf, parseScript, runSteps } from "../../sim/lab/script.ts";
import type { Actual } from "./compare.ts";

export function simulate(script: string): Actual[] {
  const lw = plainLab(1);
  const steps = parseScript(script, ["lab"]);
  const out: Actual[] = [];
  for (const r of runSteps(lw.world, steps, { pace: paceOf(script), limit: 600, user: "root" })) if (r) out.push(r);
  for (const f of lw.world.faults) throw new Error(`${f.comm}: ${f.what}\n${f.stack}`);
  return out;
}
