/** The same session gives the same world however the host slices it, and when its log is replayed. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { buildLab } from "../../sim/lab/build.ts";
import { replay } from "../../sim/session/replay.ts";
import { play, SEED } from "./scenario.ts";

const { labs } = loadContent(join(import.meta.dirname, "../../chapters"));
const lab = labs.find((l) => l.id === "three-machines")!;

describe("determinism", () => {
  const reference = play(lab, 10_000);
  it("did something worth comparing", () => {
    expect(reference.screens).toContain("Network is unreachable");
    expect(reference.screens).toContain("3 packets transmitted, 3 received");
    expect(reference.screens).toContain("listening on enp0s1");
    expect(reference.screens).toContain("^C");
  });
  it("gives the same digest sliced by 1 event and by 10,000", () => {
    expect(play(lab, 1).digest).toBe(reference.digest);
  });
  it("gives the same digest replayed from its log", () => {
    const task = replay({ lab, challenge: null, seed: SEED }, reference.log, { t: reference.t, done: reference.done });
    let r = task.next();
    while (!r.done) r = task.next();
    expect(r.value.lw.world.digest.toString()).toBe(reference.digest);
  });
  it("gives another digest for another seed", () => {
    const lw = buildLab(lab, null, 8);
    const same = buildLab(lab, null, SEED);
    expect(lw.world.digest.toString()).not.toBe(same.world.digest.toString());
  });
});
