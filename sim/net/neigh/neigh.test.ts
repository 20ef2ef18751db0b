import { describe, expect, it } from "vitest";
import { Errno } from "../../core/result.ts";
import { MS, SEC } from "../../core/time.ts";
import { addAddr, echo, ip, rawSocket, received as got } from "../../testing/ip.ts";
import { addNs, mac, makeNet, received, rtnl, run, send, watch, wire } from "../../testing/net.ts";
import { ARP_LEN, ArpOp, buildArp, parseArp } from "../../wire/arp.ts";
import { fmtIp4 } from "../../wire/addr.ts";
import { buildEth, ETH_HLEN, ETH_P_ARP, ethType } from "../../wire/eth.ts";
import { fmtMac } from "../../wire/mac.ts";
import { devClose, devOpen } from "../dev/core.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { bytes4 } from "../rtnl/addr.ts";
import { type NeighRequest, NlmF, Nud } from "../rtnl/messages.ts";
import { neighLookup4 } from "./table.ts";

const NAMES = Object.entries(Nud);
function state(ns: NetNs, dev: NetDevice, addr: string): string {
  const n = neighLookup4(ns.ip4.arp, dev, ip(addr));
  return n ? NAMES.find(([, v]) => v === n.state)![0] : "-";
}
/** ARP among frames of a tap, as "seconds who says what" */
function arps(seen: readonly { at: number; bytes: Uint8Array; pktType: number }[], from = 0): string[] {
  return seen
    .filter((s) => ethType(s.bytes, 0) === ETH_P_ARP)
    .map((s) => {
      const a = parseArp(s.bytes, ETH_HLEN)!;
      const to = fmtMac(s.bytes, 0) === "ff:ff:ff:ff:ff:ff" ? "all" : "one";
      return `${((s.at - from) / SEC).toFixed(1)} ${a.op === 1 ? "who-has" : "is-at"} ${a.op === 1 ? fmtIp4(a.tpa) : fmtIp4(a.spa)} to ${to}`;
    });
}
function pair() {
  const rig = makeNet();
  const a = addNs(rig, "a");
  const b = addNs(rig, "b");
  for (const ns of [a, b]) devOpen(ns.loopback);
  const [ea, eb] = wire(a, "e0", b, "e0");
  addAddr(a, "e0", "10.0.0.1/24");
  addAddr(b, "e0", "10.0.0.2/24");
  run(rig, 2 * SEC);
  return { rig, a, b, ea, eb };
}
function neigh(ns: NetNs, what: "RTM_NEWNEIGH" | "RTM_DELNEIGH", flags: number, n: Partial<NeighRequest>): string {
  const full = { family: 2 as const, ifindex: ns.devByName("e0")!.ifindex, state: Nud.PERMANENT, flags: 0, ...n };
  const r = rtnl(ns, what === "RTM_NEWNEIGH" ? { type: what, flags, neigh: full } : { type: what, neigh: full });
  return r.ok ? "" : `${r.errno} ${r.extack}`;
}
function arpFrame(op: number, sha: Uint8Array, spa: string, tpa: string, to: Uint8Array): Uint8Array {
  const f = new Uint8Array(ETH_HLEN + ARP_LEN);
  buildEth(f, 0, to, sha, ETH_P_ARP);
  buildArp(f, ETH_HLEN, op, sha, ip(spa), op === ArpOp.REPLY ? to : null, ip(tpa));
  return f;
}

describe("a neighbour's life", () => {
  it("is asked for three times, a second apart, and then has failed; the sender is told", () => {
    const { rig, a, ea } = pair();
    const seen = watch(ea);
    const sk = rawSocket(a);
    const t0 = rig.sched.now;
    expect(echo(sk, "10.0.0.9")).toBe(64);
    expect(echo(sk, "10.0.0.9", 2)).toBe(64);
    run(rig, 2.9 * SEC);
    expect(state(a, ea, "10.0.0.9")).toBe("INCOMPLETE");
    expect(got(sk)).toEqual([]);
    run(rig, 0.2 * SEC);
    expect(state(a, ea, "10.0.0.9")).toBe("FAILED");
    expect(arps(seen, t0)).toEqual(["0.0 who-has 10.0.0.9 to all", "1.0 who-has 10.0.0.9 to all", "2.0 who-has 10.0.0.9 to all"]);
    expect(got(sk)).toEqual(["3/1 from 10.0.0.1 ttl 64 len 112", "3/1 from 10.0.0.1 ttl 64 len 112"]);
    expect(rig.net.liveSkbs).toBe(0);
  });
  it("is reachable for half to one and a half times base_reachable_time, then stale, then probed where it was", () => {
    const { rig, a, b, ea, eb } = pair();
    const sk = rawSocket(a);
    echo(sk, "10.0.0.2");
    run(rig, 10 * MS);
    expect([state(a, ea, "10.0.0.2"), state(b, eb, "10.0.0.1")]).toEqual(["REACHABLE", "DELAY"]); // b learned from the question
    const seen = watch(eb);
    run(rig, 6 * SEC);
    expect(arps(seen)).toEqual([expect.stringContaining("who-has 10.0.0.1 to one"), expect.stringContaining("is-at 10.0.0.1 to one")]);
    expect(state(b, eb, "10.0.0.1")).toBe("REACHABLE");
    const reach = a.ip4.arp.reachableTime(ea);
    expect(reach).toBeGreaterThanOrEqual(15 * SEC);
    expect(reach).toBeLessThan(45 * SEC);
    run(rig, reach - 6 * SEC - 100 * MS);
    expect(state(a, ea, "10.0.0.2")).toBe("REACHABLE");
    run(rig, 300 * MS);
    expect(state(a, ea, "10.0.0.2")).toBe("STALE");
    run(rig, 3600 * SEC);
    expect(state(a, ea, "10.0.0.2")).toBe("STALE");
    echo(sk, "10.0.0.2");
    expect(state(a, ea, "10.0.0.2")).toBe("DELAY");
    run(rig, 4.9 * SEC);
    expect(state(a, ea, "10.0.0.2")).toBe("DELAY");
    run(rig, 0.2 * SEC);
    expect(state(a, ea, "10.0.0.2")).toBe("REACHABLE"); // asked and answered within microseconds
  });
  it("drops the oldest waiting packets when unres_qlen_bytes are used up", () => {
    const { rig, a, ea } = pair();
    ea.neighConf4 = { ...ea.neighConf4, unres_qlen_bytes: 3000 };
    const sk = rawSocket(a);
    for (let i = 0; i < 20; i++) echo(sk, "10.0.0.9", i);
    run(rig, 4 * SEC);
    const told = got(sk).length; // one error for each packet that was still waiting
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(20);
    expect(rig.net.liveSkbs).toBe(0);
  });
  it("goes with the device, its carrier or its address", () => {
    const { rig, a, ea, eb } = pair();
    const sk = rawSocket(a);
    echo(sk, "10.0.0.2");
    run(rig, 10 * MS);
    neigh(a, "RTM_NEWNEIGH", NlmF.CREATE, { dst: bytes4(ip("10.0.0.50")), lladdr: mac("02:00:00:00:00:50") });
    devClose(eb);
    run(rig, 2 * SEC);
    expect([state(a, ea, "10.0.0.2"), state(a, ea, "10.0.0.50")]).toEqual(["-", "PERMANENT"]); // carrier lost
    devClose(ea);
    expect(state(a, ea, "10.0.0.50")).toBe("-");
  });
  it("is not overridden within a second, by whoever answers second", () => {
    const { rig, a, ea, eb } = pair();
    const sk = rawSocket(a);
    echo(sk, "10.0.0.2");
    run(rig, 10 * MS);
    send(eb, arpFrame(ArpOp.REPLY, mac("02:00:00:00:00:66"), "10.0.0.2", "10.0.0.1", ea.addr));
    run(rig, 10 * MS);
    const n = neighLookup4(a.ip4.arp, ea, ip("10.0.0.2"))!;
    expect(fmtMac(n.ha)).toBe(fmtMac(eb.addr));
    run(rig, SEC);
    send(eb, arpFrame(ArpOp.REPLY, mac("02:00:00:00:00:66"), "10.0.0.2", "10.0.0.1", ea.addr));
    run(rig, 10 * MS);
    expect(fmtMac(n.ha)).toBe("02:00:00:00:00:66");
  });
});

describe("neighbours set by hand", () => {
  it("obey add, replace, change and delete", () => {
    const { a, ea } = pair();
    const dst = bytes4(ip("10.0.0.50"));
    const lladdr = mac("02:00:00:00:00:50");
    const add = NlmF.CREATE | NlmF.EXCL;
    expect(neigh(a, "RTM_NEWNEIGH", add, { dst })).toBe(`${Errno.EINVAL} No link layer address given`);
    expect(neigh(a, "RTM_NEWNEIGH", add, { dst, lladdr })).toBe(`${Errno.EEXIST} null`); // the refused one left an empty entry
    expect(neigh(a, "RTM_NEWNEIGH", NlmF.CREATE | NlmF.REPLACE, { dst, lladdr })).toBe("");
    expect(state(a, ea, "10.0.0.50")).toBe("PERMANENT");
    expect(neigh(a, "RTM_NEWNEIGH", NlmF.REPLACE, { dst, state: Nud.STALE })).toBe("");
    expect(state(a, ea, "10.0.0.50")).toBe("STALE");
    expect(neigh(a, "RTM_NEWNEIGH", NlmF.REPLACE, { dst: bytes4(ip("10.0.0.51")), lladdr })).toBe(`${Errno.ENOENT} null`);
    expect(neigh(a, "RTM_DELNEIGH", 0, { dst })).toBe("");
    expect(neigh(a, "RTM_DELNEIGH", 0, { dst })).toBe(`${Errno.ENOENT} null`);
    expect(neigh(a, "RTM_NEWNEIGH", add, { dst, lladdr: mac("02:00:00:00:00:50").slice(0, 5) })).toBe(
      `${Errno.EINVAL} Invalid link address`,
    );
  });
  it("are broadcast where no address was ever given, as in Linux", () => {
    const rig = makeNet();
    const ns = addNs(rig, "a");
    const [e0] = wire(ns, "e0", addNs(rig, "b"), "e0");
    expect(neigh(ns, "RTM_NEWNEIGH", NlmF.CREATE, { dst: bytes4(ip("10.0.0.5")) })).toBe("");
    expect(fmtMac(neighLookup4(ns.ip4.arp, e0, ip("10.0.0.5"))!.ha)).toBe("ff:ff:ff:ff:ff:ff");
  });
});

describe("answering", () => {
  const ask = (t: ReturnType<typeof pair>, target: string, from = "10.0.0.1"): string[] => {
    const seen = watch(t.ea);
    send(t.ea, arpFrame(ArpOp.REQUEST, t.ea.addr, from, target, t.ea.broadcast));
    run(t.rig, 2 * SEC);
    return received(seen).map((f) => fmtIp4(parseArp(f, ETH_HLEN)!.spa));
  };
  it("speaks for every address of the host, unless arp_ignore says otherwise", () => {
    const t = pair();
    addAddr(t.b, "lo", "10.9.9.9/32");
    expect(ask(t, "10.9.9.9")).toEqual(["10.9.9.9"]);
    t.eb.conf4 = { ...t.eb.conf4, arp_ignore: 1 };
    expect(ask(t, "10.9.9.9")).toEqual([]);
    expect(ask(t, "10.0.0.2")).toEqual(["10.0.0.2"]);
    t.eb.conf4 = { ...t.eb.conf4, arp_ignore: 8 };
    expect(ask(t, "10.0.0.2")).toEqual([]);
  });
  it("answers a test for duplicates, learns nothing from it, and keeps silent for strangers' addresses", () => {
    const t = pair();
    expect(ask(t, "10.0.0.2", "0.0.0.0")).toEqual(["10.0.0.2"]);
    expect(t.b.ip4.arp.all.size).toBe(0);
    expect(ask(t, "10.0.0.3", "0.0.0.0")).toEqual([]);
    expect(ask(t, "127.0.0.1")).toEqual([]);
  });
  it("does not answer its own addresses from outside", () => {
    const t = pair();
    expect(ask(t, "10.0.0.2", "10.0.0.2")).toEqual([]);
  });
  it("speaks for others as a proxy, after a random wait, when it forwards", () => {
    const t = pair();
    const c = addNs(t.rig, "c");
    wire(t.b, "e1", c, "e0");
    addAddr(t.b, "e1", "10.9.0.1/24");
    run(t.rig, 2 * SEC);
    expect(ask(t, "10.9.0.2")).toEqual([]);
    t.eb.conf4 = { ...t.eb.conf4, proxy_arp: 1 };
    expect(ask(t, "10.9.0.2")).toEqual([]);
    t.eb.conf4 = { ...t.eb.conf4, forwarding: 1 };
    expect(ask(t, "10.9.0.2")).toEqual(["10.9.0.2"]);
    const seen = watch(t.ea);
    const t0 = t.rig.sched.now;
    send(t.ea, arpFrame(ArpOp.REQUEST, t.ea.addr, "10.0.0.1", "10.9.0.2", t.ea.broadcast));
    run(t.rig, 2 * SEC);
    const reply = seen.find((s) => s.pktType !== 4)!;
    expect(reply.at - t0).toBeGreaterThan(5000);
    expect(reply.at - t0).toBeLessThan(800 * MS + 10_000);
    expect(t.rig.net.liveSkbs).toBe(0);
  });
  it("accepts a gratuitous announcement only about somebody it knows", () => {
    const t = pair();
    const garp = arpFrame(ArpOp.REQUEST, mac("02:00:00:00:00:77"), "10.0.0.7", "10.0.0.7", t.ea.broadcast);
    send(t.ea, garp);
    run(t.rig);
    expect(state(t.b, t.eb, "10.0.0.7")).toBe("-");
    t.eb.conf4 = { ...t.eb.conf4, arp_accept: 1 };
    send(t.ea, garp);
    run(t.rig);
    expect(state(t.b, t.eb, "10.0.0.7")).toBe("STALE");
  });
});
