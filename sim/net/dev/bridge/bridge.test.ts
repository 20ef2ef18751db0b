import { describe, expect, it } from "vitest";
import { SEC } from "../../../core/time.ts";
import {
  addNs,
  drops,
  frame,
  link,
  linkAdd,
  linkDel,
  linkSet,
  mac,
  makeNet,
  received,
  run,
  rtnl,
  send,
  story,
  up,
  watch,
  wire,
  type Rig,
} from "../../../testing/net.ts";
import type { NetNs } from "../../netns.ts";
import { IFF, IfOper, type NeighRow, Nud } from "../../rtnl/messages.ts";
import { devClose } from "../core.ts";
import type { NetDevice } from "../device.ts";
import { fmtMac } from "../../../wire/mac.ts";
import { fdbFind } from "./fdb.ts";
import type { Bridge } from "./types.ts";

const UP = { flags: IFF.UP, change: IFF.UP };
const BCAST = mac("ff:ff:ff:ff:ff:ff");

interface Lan {
  readonly rig: Rig;
  readonly ns: NetNs;
  readonly br: NetDevice;
  readonly ports: readonly NetDevice[];
  readonly hosts: readonly NetDevice[];
}

/** br0 with n ports p1…pn, each with a host h1…hn of the MAC 02:00:00:00:01:0i behind it. */
function lan(n: number): Lan {
  const rig = makeNet();
  const ns = addNs(rig, "sw");
  expect(linkAdd(ns, { kind: "bridge", name: "br0", address: mac("02:00:00:00:00:b0") })).toBe("");
  const br = ns.devByName("br0")!;
  up(br);
  const ports: NetDevice[] = [];
  const hosts: NetDevice[] = [];
  for (let i = 1; i <= n; i++) {
    const [p, h] = wire(ns, `p${i}`, addNs(rig, `h${i}`), "eth0");
    linkSet(ns, `p${i}`, { address: mac(`02:00:00:00:02:0${i}`) });
    linkSet(h.ns, "eth0", { address: mac(`02:00:00:00:01:0${i}`) });
    expect(linkSet(ns, `p${i}`, { master: br.ifindex })).toBe("");
    ports.push(p);
    hosts.push(h);
  }
  run(rig, 2 * SEC);
  return { rig, ns, br, ports, hosts };
}

function fdb(ns: NetNs): string[] {
  const r = rtnl(ns, { type: "RTM_GETNEIGH", family: 7 });
  if (!r.ok) throw new Error("no fdb");
  const name = (i: number): string => ns.devs.get(i)!.name;
  const text = (n: NeighRow): string =>
    `${fmtMac(n.lladdr!)} ${name(n.ifindex)}${n.master ? ` master ${name(n.master)}` : " self"} ${n.state === Nud.PERMANENT ? "permanent" : n.state === Nud.NOARP ? "static" : ""}`.trim();
  return r.neighs!.map(text).sort();
}
const learned = (ns: NetNs): string[] => fdb(ns).filter((l) => !l.includes("permanent"));

describe("bridge", () => {
  it("floods what it does not know and learns where the sender is", () => {
    const { rig, ns, hosts } = lan(3);
    const seen = hosts.map((h) => watch(h));
    send(hosts[0]!, frame(hosts[1]!.addr, hosts[0]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([0, 1, 1]);
    expect(learned(ns)).toEqual(["02:00:00:00:01:01 p1 master br0"]);
    send(hosts[1]!, frame(hosts[0]!.addr, hosts[1]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([1, 1, 1]);
    send(hosts[0]!, frame(hosts[1]!.addr, hosts[0]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([1, 2, 1]);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("records each step of a forwarded frame", () => {
    const { rig, hosts } = lan(2);
    send(hosts[0]!, frame(hosts[1]!.addr, hosts[0]!.addr));
    run(rig);
    expect(story(rig, 1)).toEqual([
      "SEND",
      "XMIT",
      "VETH",
      "RX",
      "BR_INPUT",
      "BR_LEARN",
      "BR_FDB",
      "BR_FLOOD",
      "BR_FORWARD",
      "XMIT",
      "VETH",
      "RX",
      "RX drop UNHANDLED_PROTO",
    ]);
    send(hosts[1]!, frame(hosts[0]!.addr, hosts[1]!.addr));
    run(rig);
    expect(story(rig, 2)).toEqual([
      "SEND",
      "XMIT",
      "VETH",
      "RX",
      "BR_INPUT",
      "BR_LEARN",
      "BR_FDB",
      "BR_FORWARD",
      "XMIT",
      "VETH",
      "RX",
      "RX drop UNHANDLED_PROTO",
    ]);
  });

  it("follows a host that moves", () => {
    const { rig, ns, hosts } = lan(3);
    send(hosts[0]!, frame(BCAST, hosts[0]!.addr));
    run(rig);
    send(hosts[2]!, frame(BCAST, hosts[0]!.addr));
    run(rig);
    expect(learned(ns)).toEqual(["02:00:00:00:01:01 p3 master br0"]);
    const seen = hosts.map((h) => watch(h));
    send(hosts[1]!, frame(hosts[0]!.addr, hosts[1]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([0, 0, 1]);
  });

  it("forgets after 300 s of silence, and is idle then", () => {
    const { rig, ns, hosts } = lan(2);
    send(hosts[0]!, frame(BCAST, hosts[0]!.addr));
    run(rig, 299 * SEC);
    expect(learned(ns)).toHaveLength(1);
    send(hosts[0]!, frame(BCAST, hosts[0]!.addr));
    run(rig, 299 * SEC);
    expect(learned(ns)).toHaveLength(1);
    run(rig, 2 * SEC);
    expect(learned(ns)).toEqual([]);
    expect(rig.sched.run(rig.sched.now + 1000 * SEC, 10)).toBe("idle");
  });

  it("keeps broadcast and own frames for the machine, and passes nothing else up", () => {
    const { rig, br, hosts } = lan(2);
    const seen = watch(br);
    send(hosts[0]!, frame(BCAST, hosts[0]!.addr));
    send(hosts[0]!, frame(br.addr, hosts[0]!.addr));
    send(hosts[0]!, frame(hosts[1]!.addr, hosts[0]!.addr));
    run(rig);
    expect(seen.map((s) => s.pktType)).toEqual([1, 0]);
    expect([br.stats.rxPackets, br.stats.rxBytes]).toEqual([2, 92]); // Linux counts these without the Ethernet header
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("sends the machine's own frames out by the learned port, or by all", () => {
    const { rig, br, hosts } = lan(2);
    const seen = hosts.map((h) => watch(h));
    send(br, frame(hosts[1]!.addr, br.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([1, 1]);
    send(hosts[1]!, frame(br.addr, hosts[1]!.addr));
    run(rig);
    send(br, frame(hosts[1]!.addr, br.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([1, 2]);
  });

  it("isolated ports do not talk to each other; hairpin sends back where it came from", () => {
    const { rig, ns, hosts } = lan(3);
    linkSet(ns, "p1", { slaveData: { isolated: true } });
    linkSet(ns, "p2", { slaveData: { isolated: true } });
    linkSet(ns, "p3", { slaveData: { hairpin: true } });
    const seen = hosts.map((h) => watch(h));
    send(hosts[0]!, frame(BCAST, hosts[0]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([0, 0, 1]);
    send(hosts[2]!, frame(BCAST, hosts[2]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([1, 1, 2]);
  });

  it("learning off learns nothing, flood off floods no unknown unicast", () => {
    const { rig, ns, hosts } = lan(3);
    linkSet(ns, "p3", { slaveData: { learning: false, flood: false } });
    const seen = hosts.map((h) => watch(h));
    send(hosts[2]!, frame(BCAST, hosts[2]!.addr));
    run(rig);
    expect(learned(ns)).toEqual([]);
    send(hosts[0]!, frame(mac("02:00:00:00:09:09"), hosts[0]!.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([1, 2, 0]);
  });

  it("keeps 01:80:c2:00:00:0X on the link, but forwards BPDUs when it runs no STP", () => {
    const { rig, hosts, ports } = lan(2);
    const seen = watch(hosts[1]!);
    const atPort = watch(ports[0]!);
    send(hosts[0]!, frame(mac("01:80:c2:00:00:00"), hosts[0]!.addr));
    send(hosts[0]!, frame(mac("01:80:c2:00:00:01"), hosts[0]!.addr));
    send(hosts[0]!, frame(mac("01:80:c2:00:00:0e"), hosts[0]!.addr));
    run(rig);
    expect(received(seen).map((b) => b[5])).toEqual([0]);
    expect(received(atPort)).toHaveLength(3);
    expect(drops(rig)).toContain("BR_INPUT NOT_SPECIFIED");
    expect(rig.net.liveSkbs).toBe(0);
  });
});

describe("bridge configuration", () => {
  it("takes the lowest MAC of its ports, zero when the last one leaves, and keeps one that was given", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    linkAdd(ns, { kind: "bridge", name: "br0" });
    const br = ns.devByName("br0")!;
    wire(ns, "v0", ns, "v1");
    wire(ns, "w0", ns, "w1");
    linkSet(ns, "v0", { address: mac("02:00:00:00:00:05") });
    linkSet(ns, "w0", { address: mac("02:00:00:00:00:03") });
    linkSet(ns, "v0", { master: br.ifindex });
    expect(fmtMac(br.addr)).toBe("02:00:00:00:00:05");
    linkSet(ns, "w0", { master: br.ifindex });
    expect(fmtMac(br.addr)).toBe("02:00:00:00:00:03");
    linkSet(ns, "v0", { address: mac("02:00:00:00:00:01") });
    expect(fmtMac(br.addr)).toBe("02:00:00:00:00:01");
    linkSet(ns, "v0", { master: 0 });
    linkSet(ns, "w0", { master: 0 });
    expect(fmtMac(br.addr)).toBe("00:00:00:00:00:00");
    expect(linkSet(ns, "br0", { master: br.ifindex })).toBe("errno 22");
    linkSet(ns, "br0", { address: mac("02:00:00:00:00:0b") });
    linkSet(ns, "v0", { master: br.ifindex });
    expect(fmtMac(br.addr)).toBe("02:00:00:00:00:0b");
  });

  it("has carrier while a port forwards; without ports only if its MAC was never set", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    linkAdd(ns, { kind: "bridge", name: "br0" });
    linkAdd(ns, { kind: "bridge", name: "br1", address: mac("02:00:00:00:00:0c") });
    linkSet(ns, "br0", UP);
    linkSet(ns, "br1", UP);
    expect([link(ns, "br0").operstate, link(ns, "br1").operstate]).toEqual([IfOper.UNKNOWN, IfOper.DOWN]);
    const [v0, v1] = wire(ns, "v0", ns, "v1");
    linkSet(ns, "v0", { master: ns.devByName("br0")!.ifindex });
    run(rig);
    expect([link(ns, "br0").operstate, link(ns, "br0").carrier]).toEqual([IfOper.UP, true]);
    devClose(v1);
    run(rig, 2 * SEC);
    expect([link(ns, "br0").operstate, link(ns, "br0").carrier]).toEqual([IfOper.DOWN, false]);
    expect(link(ns, "v0").slaveData).toMatchObject({ state: "disabled", cost: 2, priority: 32 });
    up(v1);
    run(rig, 2 * SEC);
    expect(link(ns, "v0").slaveData).toMatchObject({ state: "forwarding" });
    expect(v0.promiscuity).toBe(1);
  });

  it("has the smallest MTU of its ports until the user chooses one", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    linkAdd(ns, { kind: "bridge", name: "br0" });
    const br = ns.devByName("br0")!;
    wire(ns, "v0", ns, "v1");
    linkSet(ns, "v0", { mtu: 1400, master: br.ifindex });
    expect(br.mtu).toBe(1400);
    linkSet(ns, "v0", { mtu: 1450 });
    expect(br.mtu).toBe(1450);
    linkSet(ns, "br0", { mtu: 1300 });
    linkSet(ns, "v0", { mtu: 1200 });
    expect(br.mtu).toBe(1300);
  });

  it("refuses what Linux refuses", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    linkAdd(ns, { kind: "bridge", name: "br0" });
    linkAdd(ns, { kind: "bridge", name: "br1" });
    const br0 = ns.devByName("br0")!.ifindex;
    wire(ns, "v0", ns, "v1");
    expect(linkSet(ns, "br1", { master: br0 })).toBe("errno 40: Can not enslave a bridge to a bridge");
    expect(linkSet(ns, "lo", { master: br0 })).toBe("errno 22");
    expect(linkSet(ns, "v0", { master: ns.devByName("v1")!.ifindex })).toBe("errno 95");
    expect(linkAdd(ns, { kind: "bridge", name: "brx", mtu: 20 })).toBe("errno 22: mtu less than device minimum");
    expect(linkSet(ns, "br0", { kind: "bridge", data: { hello_time: 50 } })).toBe("errno 34");
    expect(linkSet(ns, "br0", { kind: "bridge", data: { group_fwd_mask: 1 } })).toBe("errno 22");
    expect(linkSet(ns, "v0", { slaveData: { hairpin: true } })).toBe("errno 95");
    expect(linkSet(ns, "br0", { netns: { fd: 0 } }, [addNs(rig, "b")])).toBe("errno 22: The interface netns is immutable");
  });

  it("keeps its ports when it is deleted", () => {
    const { rig, ns, br, ports } = lan(2);
    expect(linkDel(ns, "br0")).toBe("");
    expect([ns.devByName("br0"), ports[0]!.master, ports[0]!.promiscuity, ports[0]!.allmulti]).toEqual([null, null, 0, 0]);
    expect((br.priv as Bridge).fdb.size).toBe(0);
    run(rig, 1000 * SEC);
  });

  it("shows own addresses as permanent entries that move with them", () => {
    const { ns, br } = lan(2);
    const own = (): string[] => fdb(ns).filter((l) => l.includes("master"));
    expect(own()).toEqual([
      "02:00:00:00:00:b0 br0 master br0 permanent",
      "02:00:00:00:02:01 p1 master br0 permanent",
      "02:00:00:00:02:02 p2 master br0 permanent",
    ]);
    linkSet(ns, "p1", { address: mac("02:00:00:00:02:07") });
    expect(own()[1]).toBe("02:00:00:00:02:02 p2 master br0 permanent");
    expect(own()[2]).toBe("02:00:00:00:02:07 p1 master br0 permanent");
    // an address that two have: the bridge's entry stays, the port's goes
    linkSet(ns, "p2", { address: mac("02:00:00:00:00:b0") });
    expect(own()).toEqual(["02:00:00:00:00:b0 br0 master br0 permanent", "02:00:00:00:02:07 p1 master br0 permanent"]);
    expect(fdbFind(br.priv as Bridge, mac("02:00:00:00:02:02"))).toBe(null);
  });

  it("adds, shows and deletes entries by hand", () => {
    const { ns, ports } = lan(1);
    const neigh = { family: 7, ifindex: ports[0]!.ifindex, lladdr: mac("02:00:00:00:00:77"), state: Nud.NOARP, flags: 4 } as const;
    const add = { type: "RTM_NEWNEIGH", flags: 0x600, neigh } as const;
    expect(rtnl(ns, add)).toEqual({ ok: true });
    expect(rtnl(ns, add)).toEqual({ ok: false, errno: 17, extack: null });
    expect(learned(ns)).toEqual(["02:00:00:00:00:77 p1 master br0 static"]);
    expect(rtnl(ns, { type: "RTM_DELNEIGH", neigh })).toEqual({ ok: true });
    expect(rtnl(ns, { type: "RTM_DELNEIGH", neigh })).toEqual({ ok: false, errno: 2, extack: null });
  });

  it("forgets what was learned on a port that goes down", () => {
    const { rig, ns, hosts, ports } = lan(2);
    send(hosts[0]!, frame(BCAST, hosts[0]!.addr));
    send(hosts[1]!, frame(BCAST, hosts[1]!.addr));
    run(rig);
    expect(learned(ns)).toHaveLength(2);
    devClose(ports[1]!);
    expect(learned(ns)).toEqual(["02:00:00:00:01:01 p1 master br0"]);
  });
});
