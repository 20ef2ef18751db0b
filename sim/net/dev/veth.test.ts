import { describe, expect, it } from "vitest";
import { Scheduler } from "../../core/scheduler.ts";
import { Recorder } from "../../trace/recorder.ts";
import { createNet, createNetNs } from "../index.ts";
import { createVethPair } from "./veth.ts";
import { devOpen } from "./core.ts";
describe("x", () => { it("y", () => {
  const s = new Scheduler(); const net = createNet(s, new Recorder(), 1);
  const a = createNetNs(net, "m", "m#1", true), b = createNetNs(net, "m", "m#2", false);
  const [x, y] = createVethPair(a, "v0", b, "v1");
  expect(devOpen(x)).toBe(0); expect(devOpen(y)).toBe(0); s.run(1e9, 1000);
  expect(x.operstate).toBe(6); expect(y.txActive).toBe(true);
}); });
