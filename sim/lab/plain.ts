/** The plain machine of the conformance scenarios: host name lab, root only, nothing but lo, and that is down. */
import { createWorld } from "../kernel/world.ts";
import { LabWorld } from "./build.ts";
import type { LabManifest } from "./manifest.ts";
import { image, programs } from "./programs.ts";

export const PLAIN: LabManifest = {
  id: "plain",
  title: { en: "A plain machine", ko: "빈 머신" },
  machines: [{ name: "lab", badge: "L", x: 0, y: 0 }],
  cables: [],
};

export function plainLab(seed: number): LabWorld {
  const world = createWorld({ seed, commands: programs, image });
  world.addMachine({ name: "lab", syslog: false });
  // as on the machine of the recordings
  world.net.defaultQdisc.set("lab", "pfifo_fast");
  return new LabWorld(world, PLAIN, null, new Map(), seed);
}
