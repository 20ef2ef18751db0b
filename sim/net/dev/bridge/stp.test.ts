import { describe, expect, it } from "vitest";
import { Prng } from "../../../core/prng.ts";
import { SEC } from "../../../core/time.ts";
import {
  addNs,
  drops,
  frame,
  linkAdd,
  linkSet,
  mac,
  makeNet,
  received,
  rtnl,
  run,
  send,
  up,
  watch,
  wire,
  type Rig,
} from "../../../testing/net.ts";
import { parseBpdu } from "../../../wire/stp.ts";
import type { NetNs } from "../../netns.ts";
import { IFF } from "../../rtnl/messages.ts";
import type { NetDevice } from "../device.ts";
import { fdbExpired, fdbFind } from "./fdb.ts";
import { portOf } from "./port.ts";
import { type Bridge, BrState } from "./types.ts";

const BCAST = mac("ff:ff:ff:ff:ff:ff");
const DOWN = { flags: 0, change: IFF.UP };
const FAST = { stp_state: 1, forward_delay: 200, hello_time: 100, max_age: 600 };

function bridge(rig: Rig, n: number, data: Record<string, number> = FAST): NetDevice {
  const ns = addNs(rig, `s${n}`);
  linkAdd(ns, { kind: "bridge", name: "br0", address: mac(`02:00:00:00:00:b${n}`), data });
  const br = ns.devByName("br0")!;
  up(br);
  return br;
}
/** A cable between two bridges: its two ports. */
function cable(a: NetDevice, b: NetDevice, name: string): readonly [NetDevice, NetDevice] {
  const [x, y] = wire(a.ns, name, b.ns, name);
  linkSet(a.ns, name, { master: a.ifindex });
  linkSet(b.ns, name, { master: b.ifindex });
  return [x, y];
}
const stateOf = (d: NetDevice): number => portOf(d)!.state;
const priv = (d: NetDevice): Bridge => d.priv as Bridge;

describe("spanning tree", () => {
  it("a port listens and learns before it forwards, and says hello", () => {
    const rig = makeNet();
    const br = bridge(rig, 1);
    const [p, h] = wire(br.ns, "p", addNs(rig, "h"), "eth0");
    const seen = watch(h);
    linkSet(br.ns, "p", { master: br.ifindex });
    run(rig, SEC);
    expect(stateOf(p)).toBe(BrState.LISTENING);
    run(rig, 2 * SEC);
    expect(stateOf(p)).toBe(BrState.LEARNING);
    send(h, frame(BCAST, h.addr));
    run(rig);
    expect(fdbFind(priv(br), h.addr)).not.toBe(null);
    run(rig, 2 * SEC);
    expect(stateOf(p)).toBe(BrState.FORWARDING);
    const hellos = received(seen).map((b) => parseBpdu(b, 17, b.length));
    expect(hellos.length).toBeGreaterThanOrEqual(4);
    expect(hellos[0]).toMatchObject({ messageAge: 0, helloTime: SEC, forwardDelay: 2 * SEC, maxAge: 6 * SEC, rootPathCost: 0 });
    expect(drops(rig)).toContain("BR_INPUT BRIDGE_INGRESS_STP_STATE");
  });

  it("breaks a ring of three and mends it again", () => {
    const rig = makeNet();
    const brs = [1, 2, 3].map((n) => bridge(rig, n));
    const links = [cable(brs[0]!, brs[1]!, "x"), cable(brs[1]!, brs[2]!, "y"), cable(brs[2]!, brs[0]!, "z")];
    run(rig, 10 * SEC);
    expect(brs.map((b) => priv(b).rootPort !== 0)).toEqual([false, true, true]);
    const states = links.flat().map(stateOf);
    expect(states.filter((s) => s === BrState.BLOCKING)).toHaveLength(1);
    expect(states.filter((s) => s === BrState.FORWARDING)).toHaveLength(5);
    // the bridge with the higher identifier blocks its side of the cable far from the root
    expect(stateOf(links[1]![1])).toBe(BrState.BLOCKING);
    // a broadcast arrives once everywhere and stops
    const seen = brs.map((b) => watch(b));
    send(brs[0]!, frame(BCAST, brs[0]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).filter((f) => f[12] === 0x88).length)).toEqual([0, 1, 1]);
    // the cable from the root to the third goes: its other port takes over
    linkSet(brs[0]!.ns, "z", DOWN);
    run(rig, 12 * SEC);
    expect(stateOf(links[1]![1])).toBe(BrState.FORWARDING);
    expect(priv(brs[2]!).rootPathCost).toBe(4);
  });

  it("elects by priority, then by address", () => {
    const rig = makeNet();
    const [a, b] = [bridge(rig, 1), bridge(rig, 2)];
    cable(a, b, "x");
    run(rig, 8 * SEC);
    expect([priv(a).rootPort, priv(b).rootPort]).toEqual([0, 1]);
    linkSet(b.ns, "br0", { kind: "bridge", data: { priority: 4096 } });
    run(rig, 3 * SEC);
    expect([priv(a).rootPort, priv(b).rootPort]).toEqual([1, 0]);
    expect(priv(a).designatedRoot).toEqual(priv(b).bridgeId);
  });

  it("notices a silent neighbour after max_age", () => {
    const rig = makeNet();
    const [a, b] = [bridge(rig, 1), bridge(rig, 2)];
    const [, y] = cable(a, b, "x");
    run(rig, 8 * SEC);
    expect(priv(b).rootPort).toBe(portOf(y)!.no);
    linkSet(a.ns, "br0", DOWN); // its port keeps carrier, but no hello comes
    run(rig, 7 * SEC);
    expect(priv(b).rootPort).toBe(0);
  });

  it("while the topology changes, what was learned counts as old after the forward delay, and stays", () => {
    const rig = makeNet();
    const br = bridge(rig, 1);
    const [, h] = wire(br.ns, "p", addNs(rig, "h"), "eth0");
    linkSet(br.ns, "p", { master: br.ifindex });
    run(rig, 5 * SEC);
    expect(priv(br).topologyChange).toBe(true);
    send(h, frame(BCAST, h.addr));
    run(rig, SEC);
    const learned = fdbFind(priv(br), h.addr)!;
    expect(fdbExpired(priv(br), learned)).toBe(false);
    run(rig, 2 * SEC);
    expect([fdbFind(priv(br), h.addr), fdbExpired(priv(br), learned)]).toEqual([learned, true]);
    run(rig, 10 * SEC);
    expect(priv(br).topologyChange).toBe(false);
  });

  it("a BPDU switches a guarded port off", () => {
    const rig = makeNet();
    const [a, b] = [bridge(rig, 1), bridge(rig, 2)];
    const [x] = cable(a, b, "x");
    linkSet(a.ns, "x", { slaveData: { guard: true } });
    linkSet(b.ns, "br0", { kind: "bridge", data: { priority: 1 } });
    run(rig, 3 * SEC);
    expect(stateOf(x)).toBe(BrState.DISABLED);
    expect(drops(rig)).toContain("BPDU_RCV BRIDGE_BPDU_GUARD");
    run(rig);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("is idle again when the bridges are down", () => {
    const rig = makeNet();
    const [a, b] = [bridge(rig, 1), bridge(rig, 2)];
    cable(a, b, "x");
    run(rig, 8 * SEC);
    for (const br of [a, b]) linkSet(br.ns, "br0", DOWN);
    expect(rig.sched.run(rig.sched.now + 1000 * SEC, 1000)).toBe("idle");
  });
});

/** A random net of bridges with hosts: what must hold whatever is plugged and unplugged. */
describe("bridges, whatever happens", () => {
  const SEEDS = [1, 2, 3, 4, 5, 6];

  it.each(SEEDS)("with STP no broadcast arrives twice once the tree stands (seed %i)", (seed) => {
    const rng = new Prng(seed, "stp");
    const rig = makeNet(seed);
    const n = 3 + rng.below(4);
    const brs = Array.from({ length: n }, (_, i) => bridge(rig, i + 1));
    const hosts = brs.map((b, i) => {
      const [, h] = wire(b.ns, "h", addNs(rig, `h${i}`), "eth0");
      linkSet(b.ns, "h", { master: b.ifindex });
      return h;
    });
    for (let i = 1; i < n; i++) cable(brs[i]!, brs[rng.below(i)]!, `t${i}`);
    for (let i = 0; i < n; i++) {
      const [a, b] = [rng.below(n), rng.below(n)];
      if (a !== b) cable(brs[a]!, brs[b]!, `r${i}`);
    }
    run(rig, 30 * SEC);
    const roots = brs.filter((b) => priv(b).rootPort === 0);
    expect(roots).toEqual([brs[0]]);
    const seen = hosts.map((h) => watch(h));
    const from = rng.below(n);
    send(hosts[from]!, frame(BCAST, hosts[from]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).filter((f) => f[12] === 0x88).length)).toEqual(hosts.map((_, i) => (i === from ? 0 : 1)));
  });

  it.each(SEEDS)("no frame goes back where it came from, entries stay bounded and fixed ones in place (seed %i)", (seed) => {
    const rng = new Prng(seed, "ports");
    const rig = makeNet(seed);
    const ns = addNs(rig, "sw");
    linkAdd(ns, { kind: "bridge", name: "br0", address: mac("02:00:00:00:00:b0") });
    const br = ns.devByName("br0")!;
    up(br);
    const hosts: NetDevice[] = [];
    const macs = Array.from({ length: 6 }, (_, i) => mac(`02:00:00:00:01:0${i}`));
    for (let i = 0; i < 4; i++) {
      const [, h] = wire(ns, `p${i}`, addNs(rig, `h${i}`), "eth0");
      linkSet(ns, `p${i}`, { master: br.ifindex });
      hosts.push(h);
    }
    run(rig, 2 * SEC);
    const fixed = priv(br);
    const add = { family: 7, ifindex: ns.devByName("p3")!.ifindex, lladdr: macs[5]!, state: 0x40, flags: 0x44 } as const;
    expect(rtnl(ns, { type: "RTM_NEWNEIGH", flags: 0x600, neigh: add })).toEqual({ ok: true });
    const own = [...fixed.fdb.values()].filter((e) => e.local).length;
    for (let k = 0; k < 200; k++) {
      const i = rng.below(4);
      if (rng.below(10) === 0) toggle(ns, rng);
      const seen = watch(hosts[i]!);
      const before = received(seen).length;
      send(hosts[i]!, frame(rng.below(3) === 0 ? BCAST : macs[rng.below(6)]!, macs[rng.below(6)]!));
      run(rig, 1000_000);
      const hairpin = portOf(ns.devByName(`p${i}`)!)!.flags.hairpin;
      if (!hairpin) expect(received(seen).length).toBe(before);
      expect(fdbFind(fixed, macs[5]!)!.port!.dev.name).toBe("p3");
      expect(fixed.fdb.size).toBeLessThanOrEqual(own + macs.length);
    }
    run(rig, SEC);
    expect(rig.net.liveSkbs).toBe(0);
  });
});

function toggle(ns: NetNs, rng: Prng): void {
  const key = ["hairpin", "isolated", "learning", "flood", "mcast_flood", "bcast_flood", "locked"][rng.below(7)]!;
  linkSet(ns, `p${rng.below(4)}`, { slaveData: { [key]: rng.below(2) === 0 } });
}
