import { describe, expect, it } from "vitest";
import { MS, SEC, US } from "../../core/time.ts";
import {
  addNs,
  drops,
  frame,
  link,
  links,
  linkDel,
  linkSet,
  mac,
  makeNet,
  received,
  run,
  send,
  up,
  watch,
  type Rig,
} from "../../testing/net.ts";
import { IFF, IfOper } from "../rtnl/messages.ts";
import { destroyNetNs } from "../index.ts";
import { Cable, type CableOptions } from "./cable.ts";
import { devClose, devMcAdd, devSetPromiscuity } from "./core.ts";
import type { NetDevice } from "./device.ts";
import { createNic } from "./nic.ts";

const GOOD: CableOptions = { latency: 100 * US, bitsPerSecond: 100_000_000, loss: 0 };

function twoNics(options: CableOptions = GOOD): { rig: Rig; a: NetDevice; b: NetDevice; cable: Cable } {
  const rig = makeNet();
  const a = createNic(addNs(rig, "a", { initial: true }), "enp0s1", mac("52:54:00:00:00:0a"), 1500);
  const b = createNic(addNs(rig, "b", { initial: true }), "enp0s1", mac("52:54:00:00:00:0b"), 1500);
  const cable = new Cable(rig.net, "c1", a, b, options);
  cable.plug();
  up(a);
  up(b);
  run(rig, 2 * SEC);
  return { rig, a, b, cable };
}

describe("NIC and cable", () => {
  it("shows itself as a card with fq_codel", () => {
    const { a } = twoNics();
    expect(link(a.ns, "enp0s1")).toMatchObject({
      operstate: IfOper.UP,
      qdisc: "fq_codel",
      txqlen: 1000,
      kind: null,
      link: 0,
      parentbus: "pci",
      parentdev: "0000:00:01.0",
      flags: IFF.UP | IFF.BROADCAST | IFF.MULTICAST | IFF.RUNNING | IFF.LOWER_UP,
    });
    expect(linkDel(a.ns, "enp0s1")).toBe("errno 95");
  });

  it("takes size/rate and latency, one frame after the other", () => {
    const { rig, a, b } = twoNics();
    const seen = watch(b);
    const out = watch(a);
    const t0 = rig.sched.now;
    send(a, frame(b.addr, a.addr, new Uint8Array(84))); // 98 bytes, 122 on the wire: 9.76 µs
    send(a, frame(b.addr, a.addr, new Uint8Array(2))); // 16 bytes, sent in the time of 60 + 24
    run(rig);
    expect(seen.map((s) => [s.at - t0, s.bytes.length])).toEqual([
      [9760 + 100_000 + 2_000, 98],
      [9760 + 6720 + 100_000 + 2_000, 16],
    ]);
    expect(out.map((s) => s.at - t0)).toEqual([0, 9760]); // a tap sees a frame when the card takes it
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("is full duplex", () => {
    const { rig, a, b } = twoNics();
    const seen = [watch(a), watch(b)];
    const t0 = rig.sched.now;
    send(a, frame(b.addr, a.addr));
    send(b, frame(a.addr, b.addr));
    run(rig);
    expect(seen.map((s) => s.find((f) => f.pktType === 0)!.at - t0)).toEqual([6720 + 102_000, 6720 + 102_000]);
  });

  it("has no carrier without cable, and loses what is on the wire when it is pulled", () => {
    const { rig, a, b, cable } = twoNics();
    send(a, frame(b.addr, a.addr));
    send(a, frame(b.addr, a.addr));
    run(rig, 10 * US); // one flies, one is being sent
    cable.unplug();
    expect(rig.net.liveSkbs).toBe(0);
    expect(drops(rig)).toEqual(["CABLE CABLE_UNPLUGGED", "CABLE CABLE_UNPLUGGED"]);
    send(a, frame(b.addr, a.addr)); // linkwatch has not looked yet: the card has it and no link
    expect([a.stats.txCarrierErrors, a.txActive]).toEqual([1, true]);
    run(rig, 2 * SEC);
    const row = links(a.ns)[1]!;
    expect([row.operstate, row.flags & IFF.RUNNING, row.carrier]).toEqual([IfOper.DOWN, 0, false]);
    expect(send(a, frame(b.addr, a.addr))).toBe(2);
    cable.plug();
    run(rig, 1 * MS);
    expect(links(a.ns)[1]!.operstate).toBe(IfOper.UP);
    send(a, frame(b.addr, a.addr));
    run(rig);
    expect(b.stats.rxPackets).toBe(1);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("loses its link when the other end goes down", () => {
    const { rig, a, b } = twoNics();
    devClose(b);
    run(rig, 2 * SEC);
    expect(link(a.ns, "enp0s1").operstate).toBe(IfOper.DOWN);
    up(b);
    run(rig, 2 * SEC);
    expect(link(a.ns, "enp0s1").operstate).toBe(IfOper.UP);
  });

  it("hears only what is for it, until it is promiscuous", () => {
    const { rig, a, b } = twoNics();
    const seen = watch(b);
    const all = (): void => {
      for (const d of ["52:54:00:00:00:0b", "52:54:00:00:00:99", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:05", "33:33:00:00:00:01"])
        send(a, frame(mac(d), a.addr));
      run(rig);
    };
    devMcAdd(b, mac("33:33:00:00:00:01"));
    all();
    expect(received(seen).map((f) => f[5])).toEqual([0x0b, 0xff, 0x01]);
    expect(b.stats.multicast).toBe(1);
    devSetPromiscuity(b, 1);
    all();
    expect(received(seen)).toHaveLength(8);
    expect(drops(rig).filter((d) => d.startsWith("RX ") && !d.includes("UNHANDLED"))).toEqual(["RX OTHERHOST", "RX MULTICAST_NOT_JOINED"]);
  });

  it("loses the given share of frames, the same ones for the same seed", () => {
    const counts = [0, 1].map(() => {
      const { rig, a, b } = twoNics({ ...GOOD, loss: 0.3 });
      for (let i = 0; i < 200; i++) send(a, frame(b.addr, a.addr));
      run(rig, SEC);
      expect(rig.net.liveSkbs).toBe(0);
      return b.stats.rxPackets;
    });
    expect(counts[0]).toBe(counts[1]);
    expect(counts[0]).toBeGreaterThan(110);
    expect(counts[0]).toBeLessThan(170);
  });

  it("goes home to its machine when the namespace it was lent to dies", () => {
    const { rig, a } = twoNics();
    const home = a.ns;
    const box = addNs(rig, "box");
    expect(linkSet(home, "enp0s1", { netns: { fd: 0 } }, [box])).toBe("");
    expect([a.ns, home.devByName("enp0s1")]).toEqual([box, null]);
    destroyNetNs(box);
    expect([a.ns, a.registered, a.ifindex]).toEqual([home, true, 2]);
    run(rig);
    expect(rig.net.liveSkbs).toBe(0);
  });
});
