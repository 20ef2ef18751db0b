/**
 * VLAN devices. What is expected rests on the kernel's documentation and on net/8021q as described in vlan.ts: the machines that
 * recordings are made on have no such devices.
 */
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
  send,
  story,
  up,
  watch,
  wire,
  type Rig,
} from "../../../testing/net.ts";
import { fmtMac } from "../../../wire/mac.ts";
import type { NetNs } from "../../netns.ts";
import { IFF, IfOper } from "../../rtnl/messages.ts";
import type { NetDevice } from "../device.ts";

const BCAST = mac("ff:ff:ff:ff:ff:ff");
const UP = { flags: IFF.UP, change: IFF.UP };

function vlan(lower: NetDevice, id: number, more: Record<string, string | boolean> = {}, name = `v${id}`): NetDevice {
  expect(linkAdd(lower.ns, { kind: "vlan", name, link: lower.ifindex, data: { id, ...more } })).toBe("");
  return lower.ns.devByName(name)!;
}

interface Pair {
  readonly rig: Rig;
  readonly a: NetDevice;
  readonly b: NetDevice;
  readonly nsA: NetNs;
}
function pair(): Pair {
  const rig = makeNet();
  const nsA = addNs(rig, "a");
  const [a, b] = wire(nsA, "eth0", addNs(rig, "b"), "eth0");
  linkSet(nsA, "eth0", { address: mac("02:00:00:00:00:0a") });
  linkSet(b.ns, "eth0", { address: mac("02:00:00:00:00:0b") });
  run(rig, 2 * SEC);
  return { rig, a, b, nsA };
}

describe("a VLAN device", () => {
  it("puts its tag on what it sends and takes it off what arrives", () => {
    const { rig, a, b } = pair();
    const va = vlan(a, 10);
    const vb = vlan(b, 10);
    up(va);
    up(vb);
    const wireFrames = watch(b);
    const inner = watch(vb);
    const sent = frame(vb.addr, va.addr, new Uint8Array([1, 2, 3, 4]));
    send(va, sent);
    run(rig);
    const tagged = received(wireFrames)[0]!;
    expect([...tagged.subarray(12, 18)]).toEqual([0x81, 0x00, 0, 10, 0x88, 0xb5]);
    expect(tagged).toHaveLength(sent.length + 4);
    expect(received(inner)).toEqual([sent]);
    expect([va.stats.txPackets, va.stats.txBytes, vb.stats.rxPackets, vb.stats.rxBytes]).toEqual([1, sent.length, 1, 4]);
    expect([a.stats.txPackets, a.stats.txBytes]).toEqual([1, sent.length + 4]);
    expect(story(rig, 1)).toEqual(["SEND", "XMIT", "VLAN_XMIT", "XMIT", "VETH", "RX", "VLAN_RX", "RX", "PACKET_TAP"]);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("keeps VLANs apart, and 802.1Q from 802.1ad", () => {
    const { rig, a, b } = pair();
    const senders = [vlan(a, 10), vlan(a, 20), vlan(a, 10, { protocol: "802.1ad" }, "s10")];
    const takers = [vlan(b, 10), vlan(b, 20), vlan(b, 10, { protocol: "802.1ad" }, "s10")];
    for (const d of [...senders, ...takers]) up(d);
    const seen = takers.map((t) => watch(t));
    for (const s of senders) send(s, frame(BCAST, s.addr));
    run(rig);
    expect(seen.map((s) => received(s).length)).toEqual([1, 1, 1]);
  });

  it("stacks: a VLAN in a VLAN", () => {
    const { rig, a, b } = pair();
    const outer = [vlan(a, 5, { protocol: "802.1ad" }), vlan(b, 5, { protocol: "802.1ad" })];
    const inner = outer.map((o) => vlan(o, 7));
    for (const d of [...outer, ...inner]) up(d);
    const bytes = watch(b);
    const seen = watch(inner[1]!);
    send(inner[0]!, frame(BCAST, inner[0]!.addr));
    run(rig);
    expect([...received(bytes)[0]!.subarray(12, 20)]).toEqual([0x88, 0xa8, 0, 5, 0x81, 0, 0, 7]);
    expect(received(seen)).toHaveLength(1);
  });

  it("a frame for a VLAN that nobody here has ends with that reason", () => {
    const { rig, a, b } = pair();
    const va = vlan(a, 30);
    up(va);
    send(va, frame(b.addr, va.addr));
    run(rig);
    expect(drops(rig)).toEqual(["VLAN_RX VLAN_UNKNOWN"]);
    vlan(b, 30);
    send(va, frame(b.addr, va.addr));
    run(rig);
    expect(drops(rig)).toEqual(["VLAN_RX VLAN_UNKNOWN", "VLAN_RX DEV_READY"]);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("a tag of id 0 only carries a priority: the device below takes the frame", () => {
    const { rig, a, b } = pair();
    const bytes = frame(b.addr, a.addr);
    const tagged = new Uint8Array(bytes.length + 4);
    tagged.set(bytes.subarray(0, 12));
    tagged.set([0x81, 0, 0xa0, 0], 12);
    tagged.set(bytes.subarray(12), 16);
    send(a, tagged);
    run(rig);
    expect(drops(rig)).toEqual(["RX UNHANDLED_PROTO"]);
    expect(b.stats.rxDropped).toBe(1);
  });

  it("follows the device below: up, down, carrier, address, MTU, deletion", () => {
    const { rig, a, b, nsA } = pair();
    const v = vlan(a, 10);
    expect(fmtMac(v.addr)).toBe("02:00:00:00:00:0a");
    expect(linkSet(nsA, "v10", UP)).toBe("");
    run(rig, SEC);
    expect(link(nsA, "v10").operstate).toBe(IfOper.UP);
    linkSet(b.ns, "eth0", { flags: 0, change: IFF.UP });
    run(rig, 2 * SEC);
    expect([link(nsA, "v10").carrier, link(nsA, "v10").operstate]).toEqual([false, IfOper.LOWERLAYERDOWN]);
    linkSet(b.ns, "eth0", UP);
    run(rig, 2 * SEC);
    expect(link(nsA, "v10").operstate).toBe(IfOper.UP);
    linkSet(nsA, "eth0", { address: mac("02:00:00:00:00:cc") });
    expect(fmtMac(v.addr)).toBe("02:00:00:00:00:cc");
    linkSet(nsA, "v10", { address: mac("02:00:00:00:00:dd") });
    linkSet(nsA, "eth0", { address: mac("02:00:00:00:00:ee") });
    expect(fmtMac(v.addr)).toBe("02:00:00:00:00:dd");
    expect(a.promiscuity).toBe(1); // its own address is another one
    linkSet(nsA, "eth0", { mtu: 1400 });
    expect(v.mtu).toBe(1400);
    linkSet(nsA, "eth0", { mtu: 1500 });
    expect(v.mtu).toBe(1400);
    expect(linkSet(nsA, "v10", { mtu: 1501 })).toBe("errno 34");
    linkSet(nsA, "eth0", { flags: 0, change: IFF.UP });
    expect(v.flags & IFF.UP).toBe(0);
    expect(linkSet(nsA, "v10", UP)).toBe("errno 100");
    linkSet(nsA, "eth0", UP);
    expect(v.flags & IFF.UP).toBe(IFF.UP);
    expect(linkDel(nsA, "eth0")).toBe("");
    expect(nsA.devByName("v10")).toBe(null);
  });

  it("with loose binding keeps its own state", () => {
    const { a, nsA } = pair();
    const v = vlan(a, 10, { loose_binding: true });
    linkSet(nsA, "v10", UP);
    linkSet(nsA, "eth0", { flags: 0, change: IFF.UP });
    expect(v.flags & IFF.UP).toBe(IFF.UP);
  });

  it("moves to another namespace and stays on its device", () => {
    const { rig, a, b, nsA } = pair();
    const other = addNs(rig, "c");
    const va = vlan(a, 10);
    const vb = vlan(b, 10);
    up(vb);
    expect(linkSet(nsA, "v10", { netns: { fd: 0 } }, [other])).toBe("");
    up(va);
    const seen = watch(vb);
    send(va, frame(BCAST, va.addr));
    run(rig);
    expect(received(seen)).toHaveLength(1);
    expect(link(other, "v10").linkNetnsid).not.toBe(null);
    expect(linkSet(nsA, "eth0", { netns: { fd: 0 } }, [addNs(rig, "d")])).toBe("");
    expect(other.devByName("v10")).toBe(va);
    linkDel(a.ns, "eth0");
    expect(other.devByName("v10")).toBe(null);
  });

  it("is a bridge port like any other, and passes tags through a bridge that looks at none", () => {
    const { rig, a, b } = pair();
    const ns = b.ns;
    linkAdd(ns, { kind: "bridge", name: "br0" });
    up(ns.devByName("br0")!);
    const [p, h] = wire(ns, "p", addNs(rig, "h"), "eth0");
    linkSet(ns, "p", { master: ns.devByName("br0")!.ifindex });
    linkSet(ns, "eth0", { master: ns.devByName("br0")!.ifindex });
    run(rig, SEC);
    const va = vlan(a, 10);
    const vh = vlan(h, 10);
    up(va);
    up(vh);
    const seen = watch(vh);
    send(va, frame(BCAST, va.addr));
    run(rig);
    expect(received(seen)).toHaveLength(1);
    expect(p.stats.txPackets).toBe(1);
    expect(rig.net.liveSkbs).toBe(0);
  });

  it("refuses what Linux refuses", () => {
    const { a, nsA } = pair();
    vlan(a, 10);
    const add = (attrs: object): string => linkAdd(nsA, { kind: "vlan", name: "x", ...attrs });
    expect(add({ link: a.ifindex, data: { id: 10 } })).toBe("errno 17: 8021q: VLAN device already exists");
    expect(add({ link: a.ifindex, data: { id: 4095 } })).toBe("errno 34: 8021q: Invalid VLAN id");
    expect(add({ link: a.ifindex, data: {} })).toBe("errno 22: 8021q: VLAN id not specified");
    expect(add({ link: a.ifindex })).toBe("errno 22: 8021q: VLAN properties not specified");
    expect(add({ data: { id: 3 } })).toBe("errno 22: 8021q: link not specified");
    expect(add({ link: 1, data: { id: 3 } })).toBe("errno 95: 8021q: VLANs not supported on device");
    expect(add({ link: 99, data: { id: 3 } })).toBe("errno 19: 8021q: link does not exist");
    expect(add({ link: a.ifindex, mtu: 1600, data: { id: 3 } })).toBe("errno 22");
    expect(add({ link: a.ifindex, data: { id: 3, gvrp: true } })).toBe("errno 95: hop: VLAN option gvrp is not simulated");
  });
});
