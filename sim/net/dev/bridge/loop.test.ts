import { describe, expect, it } from "vitest";
import { MS, SEC } from "../../../core/time.ts";
import {
  addNs,
  drops,
  frame,
  linkAdd,
  linkDel,
  linkSet,
  mac,
  makeNet,
  received,
  type Rig,
  run,
  send,
  up,
  watch,
  wire,
} from "../../../testing/net.ts";
import type { NetNs } from "../../netns.ts";
import { IFF } from "../../rtnl/messages.ts";
import type { NetDevice } from "../device.ts";
import { loopedPorts } from "./loop.ts";

const BCAST = mac("ff:ff:ff:ff:ff:ff");
const DOWN = { flags: 0, change: IFF.UP };

interface Net {
  readonly rig: Rig;
  readonly ns: NetNs;
  /** a host on the first bridge, and one on the last */
  readonly host: NetDevice;
  readonly far: NetDevice;
}

/** Bridges b0 … in one namespace, joined by the veth pairs `cables` ("0-1" is i0-1 in b0 and o0-1 in b1; "0-1b" one more). */
function bridges(count: number, cables: readonly string[], between: (rig: Rig, ns: NetNs) => void = () => undefined): Net {
  const rig = makeNet();
  const ns = addNs(rig, "sw", { ipv6: false });
  for (let i = 0; i < count; i++) {
    linkAdd(ns, { kind: "bridge", name: `b${i}`, address: mac(`02:00:00:00:00:b${i}`) });
    up(ns.devByName(`b${i}`)!);
  }
  const host = wire(ns, "h", addNs(rig, "host", { ipv6: false }), "eth0")[1];
  const far = wire(ns, "f", addNs(rig, "far", { ipv6: false }), "eth0")[1];
  const plug = (dev: string, bridge: number): void => void linkSet(ns, dev, { master: ns.devByName(`b${bridge}`)!.ifindex });
  plug("h", 0);
  plug("f", count - 1);
  for (const c of cables) {
    wire(ns, `i${c}`, ns, `o${c}`);
    plug(`i${c}`, Number(c[0]));
    plug(`o${c}`, Number(c[2]));
  }
  between(rig, ns);
  run(rig, 2 * SEC);
  return { rig, ns, host, far };
}

const names = (n: Net): string[] =>
  loopedPorts(n.rig.net)
    .map((d) => d.name)
    .sort();
const shout = (n: Net): number => send(n.host, frame(BCAST, n.host.addr));
/** events of one simulated second */
function aSecond(n: Net): number {
  const before = n.rig.sched.done;
  run(n.rig, SEC);
  return n.rig.sched.done - before;
}

describe("a loop of bridges", () => {
  it.each([
    ["two cables", 2, ["0-1", "0-1b"]],
    ["three cables", 2, ["0-1", "0-1b", "0-1c"]],
    ["a ring of three", 3, ["0-1", "1-2", "2-0"]],
    ["a mesh", 4, ["0-1", "0-1b", "0-2", "0-2b", "0-3", "1-2", "1-2b", "1-3", "1-3b", "2-3", "2-3b"]],
  ] as const)("%s: one frame goes round for ever, in a bounded number of events, and the ports are named", (_, count, cables) => {
    const n = bridges(count, cables);
    const far = watch(n.far);
    expect(names(n)).toEqual([]);
    shout(n);
    run(n.rig, 50 * MS);
    expect(names(n)).toEqual(cables.flatMap((c) => [`i${c}`, `o${c}`]).sort());
    for (let s = 0; s < 3; s++) {
      const before = received(far).length;
      expect(aSecond(n)).toBeLessThan(50_000);
      expect(received(far).length).toBeGreaterThan(before + 100);
    }
  });

  it("is the same every time", () => {
    const once = (): string => {
      const n = bridges(3, ["0-1", "0-1b", "1-2", "2-0"]);
      shout(n);
      run(n.rig, SEC);
      return `${n.rig.sched.done} ${n.rig.net.rec.count} ${names(n).join(" ")}`;
    };
    expect(once()).toBe(once());
  });

  it("drops what comes too fast, with the loop's ports as the reason", () => {
    const n = bridges(2, ["0-1", "0-1b"]);
    for (let i = 0; i < 40; i++) shout(n);
    run(n.rig, 20 * MS);
    expect(drops(n.rig)).toContain("BR_INPUT BRIDGE_LOOP_LIMIT");
    expect([...n.rig.net.bridgeLoop.info.ports].sort()).toEqual(["m:i0-1", "m:i0-1b", "m:o0-1", "m:o0-1b"]);
  });

  it.each([
    ["a port goes down", (n: Net) => void linkSet(n.ns, "i0-1", DOWN)],
    ["a port leaves its bridge", (n: Net) => void linkSet(n.ns, "i0-1", { master: 0 })],
    ["a pair is deleted", (n: Net) => void linkDel(n.ns, "i0-1")],
    ["a bridge is deleted", (n: Net) => void linkDel(n.ns, "b0")],
    ["a bridge goes down", (n: Net) => void linkSet(n.ns, "b1", DOWN)],
  ])("ends when %s", (_, cut) => {
    const n = bridges(2, ["0-1", "0-1b"]);
    shout(n);
    run(n.rig, SEC);
    expect(n.rig.net.liveSkbs).toBeGreaterThan(0);
    cut(n);
    run(n.rig, 100 * MS);
    expect(n.rig.net.liveSkbs).toBe(0);
    run(n.rig, SEC);
    expect(names(n)).toEqual([]);
    expect(aSecond(n)).toBeLessThan(10);
  });

  it("ends when STP is switched on, and comes back without it", () => {
    const n = bridges(2, ["0-1", "0-1b"]);
    shout(n);
    run(n.rig, SEC);
    const stp = (on: number): void => {
      for (const b of ["b0", "b1"]) linkSet(n.ns, b, { kind: "bridge", data: { stp_state: on } });
    };
    stp(1);
    run(n.rig, 40 * SEC);
    expect(names(n)).toEqual([]);
    const far = watch(n.far);
    shout(n);
    run(n.rig, SEC);
    expect(received(far).filter((b) => b[12] === 0x88).length).toBe(1);
    stp(0);
    run(n.rig, 40 * SEC);
    shout(n);
    run(n.rig, SEC);
    expect(names(n)).toHaveLength(4);
  });

  it("a bridge beside the loop gets copies, and its ports are not called looped", () => {
    const n = bridges(3, ["0-1", "0-1b", "1-2"]);
    const far = watch(n.far);
    shout(n);
    run(n.rig, 10 * SEC);
    expect(names(n)).toEqual(["i0-1", "i0-1b", "o0-1", "o0-1b"]);
    expect(received(far).length).toBeGreaterThan(1000);
  });

  // br_fdb_update in kernel 6.18: ten lines in five seconds, then how many were left out
  it("the kernel log tells of own frames that come back", () => {
    const n = bridges(2, ["0-1", "0-1b"]);
    const b0 = n.ns.devByName("b0")!;
    send(b0, frame(BCAST, b0.addr));
    run(n.rig, 6 * SEC);
    const log = n.rig.net.kernelLog(n.ns.machine);
    const lines: string[] = [];
    for (let r = log.from(0); r; r = log.from(r.seq + 1)) lines.push(r.text);
    const own = lines.filter((l) => l.includes("own address"));
    expect(own).toHaveLength(20);
    expect(own[0]).toMatch(/^b0: received packet on i0-1b? with own address as source address \(addr:02:00:00:00:00:b0, vlan:0\)$/);
    expect(lines.filter((l) => /^net_ratelimit: [0-9]+ callbacks suppressed$/.test(l))).toHaveLength(1);
  });
});

describe("no loop of bridges", () => {
  it("a chain of bridges is not held up", () => {
    const n = bridges(9, ["0-1", "1-2", "2-3", "3-4", "4-5", "5-6", "6-7", "7-8"]);
    const far = watch(n.far);
    for (let i = 0; i < 300; i++) shout(n);
    run(n.rig, 10 * MS);
    expect(received(far)).toHaveLength(300);
    expect(n.rig.net.bridgeLoop.frames).toBe(0);
  });

  it("a frame that leaves the bridge for a protocol, and comes by again, has not gone round", () => {
    const n = bridges(1, []);
    const rig = n.rig;
    rig.net.protocols.set(0x88b6, (skb) => {
      expect(skb.bridgePath).toBeNull();
      skb.net.liveSkbs--;
    });
    send(n.host, frame(n.ns.devByName("b0")!.addr, n.host.addr, new Uint8Array(46), 0x88b6));
    run(rig);
    expect.assertions(2);
    expect(rig.net.bridgeLoop.frames).toBe(0);
  });
});
