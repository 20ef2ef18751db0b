import { describe, expect, it } from "vitest";
import { US } from "../../core/time.ts";
import { addNs, errorOf, frame, link, linkAdd, linkSet, mac, makeNet, rtnl, run, send, story, up, watch } from "../../testing/net.ts";
import { IFF, IfOper } from "../rtnl/messages.ts";
import { allocName, validName } from "./name.ts";

const ZERO = mac("00:00:00:00:00:00");

describe("loopback device", () => {
  it("gives back what it is sent, once out and once in, and counts both", () => {
    const rig = makeNet();
    const lo = addNs(rig, "a").loopback;
    up(lo);
    const seen = watch(lo);
    const t0 = rig.sched.now;
    send(lo, frame(ZERO, ZERO));
    run(rig);
    expect(seen.map((s) => [s.at - t0, s.pktType])).toEqual([
      [0, 4],
      [2 * US, 0],
    ]);
    // without the header, which eth_type_trans took off before it counts
    expect([lo.stats.txPackets, lo.stats.rxPackets, lo.stats.rxBytes]).toEqual([1, 1, 46]);
    expect(story(rig, 1)).toEqual(["SEND", "XMIT", "LOOPBACK", "RX", "PACKET_TAP"]);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("drops while it is down", () => {
    const rig = makeNet();
    const lo = addNs(rig, "a").loopback;
    expect(send(lo, frame(ZERO, ZERO))).toBe(2);
    expect(lo.stats.txDropped).toBe(1);
    expect(story(rig, 1)).toEqual(["SEND", "TX_DROP drop DEV_READY"]);
  });
});

describe("dummy", () => {
  it("is UNKNOWN when up, swallows frames and lets its carrier be switched", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    expect(linkAdd(ns, { kind: "dummy" })).toBe("");
    expect(linkSet(ns, "dummy0", { flags: IFF.UP, change: IFF.UP })).toBe("");
    expect(link(ns, "dummy0")).toMatchObject({
      operstate: IfOper.UNKNOWN,
      qdisc: "noqueue",
      kind: "dummy",
      flags: IFF.UP | IFF.BROADCAST | IFF.NOARP | IFF.RUNNING | IFF.LOWER_UP,
    });
    const dev = ns.devByName("dummy0")!;
    send(dev, frame(mac("02:00:00:00:00:01"), dev.addr));
    expect([dev.stats.txPackets, dev.stats.txBytes, rig.net.liveSkbs]).toEqual([1, 60, 0]);
    expect(linkSet(ns, "dummy0", { carrier: false })).toBe("");
    expect(link(ns, "dummy0")).toMatchObject({ operstate: IfOper.DOWN, carrier: false });
    expect(errorOf(rtnl(ns, { type: "RTM_DELLINK", ifindex: dev.ifindex }))).toBe("");
  });
});

describe("names", () => {
  it("are 1 to 15 bytes without slash, colon or blank", () => {
    expect(["eth0", "a".repeat(15), "a.b", "ü"].map(validName)).toEqual([true, true, true, true]);
    expect(["", "a".repeat(16), ".", "..", "a/b", "a:b", "a b"].map(validName)).toEqual([false, false, false, false, false, false, false]);
  });

  it("come from templates with one %d", () => {
    const ns = addNs(makeNet(), "a");
    linkAdd(ns, { kind: "dummy", name: "d0" });
    expect([allocName(ns, "d%d"), allocName(ns, "d%dx"), allocName(ns, "d0"), allocName(ns, "d%d%d"), allocName(ns, "d%x")]).toEqual([
      "d1",
      "d0x",
      -17,
      -22,
      -22,
    ]);
  });
});
