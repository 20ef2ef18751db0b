/** The simulator's side of the measurements. Bundled as it ships before it is run (see run.ts), so it may import sim/ only. */
import { plainLab } from "../../sim/lab/plain.ts";
import type { LabWorld } from "../../sim/lab/build.ts";
import { type Outcome, runScript } from "../../sim/lab/run-script.ts";
import { Sites } from "../../sim/trace/sites.ts";
import { Verdict } from "../../sim/trace/recorder.ts";
import { RECORDER_CAPACITY } from "../../sim/trace/recorder.ts";

export { Flood } from "./flood.ts";
export { learnerHour, replayed } from "./learner.ts";

/** An hour of virtual time: more than any of the scripts takes */
const LIMIT = 3600;

export function run(lw: LabWorld, script: string): Outcome {
  const task = runScript(lw, "lab", script, LIMIT);
  let r = task.next();
  while (!r.done) r = task.next();
  return r.value;
}

/** Runs a script on a fresh plain machine. */
export function fresh(script: string): Outcome {
  return run(plainLab(1), script);
}

export { plainLab };

/** Fills the flight recorder, so that its growth does not count as something else's memory. */
export function fillRecorder(lw: LabWorld): void {
  const { world } = lw;
  for (let i = 0; i < RECORDER_CAPACITY; i++) world.rec.rec(world.now, 0, 0, Sites.EV_LINK, Verdict.EVENT, 0, null, 0, 0);
}
