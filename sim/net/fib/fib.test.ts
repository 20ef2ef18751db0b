import { describe, expect, it } from "vitest";
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { addAddr, addRoute, delAddr, delRoute, getRoute, routes } from "../../testing/ip.ts";
import { addNs, linkSet, makeNet, rtnl, run, wire } from "../../testing/net.ts";
import { devClose, devOpen } from "../dev/core.ts";
import { bytes4 } from "../rtnl/addr.ts";
import { NlmF, RtnhF, RtTable, RtType, type RouteRow } from "../rtnl/messages.ts";

function host() {
  const rig = makeNet();
  const ns = addNs(rig, "a");
  const peer = addNs(rig, "b");
  devOpen(ns.loopback);
  const [e0, p0] = wire(ns, "e0", peer, "p0");
  const [e1] = wire(ns, "e1", peer, "p1");
  run(rig, 2 * SEC);
  return { rig, ns, e0, e1, p0 };
}
const src = (r: RouteRow | number): string => (typeof r === "number" ? String(r) : r.prefsrc ? [...r.prefsrc].join(".") : "");
const dev = (r: RouteRow | number): number => (typeof r === "number" ? r : r.nexthops[0]!.ifindex);

describe("addresses bring routes", () => {
  it("connected, local and broadcast ones, in the kernel's order", () => {
    const { ns } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    expect(routes(ns)).toEqual(["10.0.0.0/24 e0"]);
    expect(routes(ns, RtTable.LOCAL)).toEqual([
      "local 10.0.0.1/32 e0",
      "broadcast 10.0.0.255/32 e0",
      "local 127.0.0.0/8 lo",
      "local 127.0.0.1/32 lo",
      "broadcast 127.255.255.255/32 lo",
    ]);
  });
  it("no broadcast for /31 and /32, no prefix for /32", () => {
    const { ns } = host();
    addAddr(ns, "e0", "10.7.0.0/31");
    addAddr(ns, "e1", "192.0.2.1/32");
    expect(routes(ns)).toEqual(["10.7.0.0/31 e0"]);
    expect(routes(ns, RtTable.LOCAL).filter((r) => r.startsWith("broadcast 1") && !r.includes("127."))).toEqual([]);
  });
  it("takes secondaries along, or promotes the first", () => {
    const { ns, e0 } = host();
    for (const a of ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24"]) addAddr(ns, "e0", a);
    delAddr(ns, "e0", "10.0.0.1/24");
    expect(e0.ip4!.addrs.length).toBe(0);
    e0.conf4 = { ...e0.conf4, promote_secondaries: 1 };
    for (const a of ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24"]) addAddr(ns, "e0", a);
    delAddr(ns, "e0", "10.0.0.1/24");
    expect(e0.ip4!.addrs.map((a) => `${a.local & 255} ${a.flags & 1}`)).toEqual(["2 0", "3 1"]);
    expect(src(getRoute(ns, "10.0.0.9"))).toBe("10.0.0.2");
  });
  it("go with the device, and mark its loss of carrier", () => {
    const { rig, ns, e0, p0 } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    addRoute(ns, "default", { via: "10.0.0.254" });
    devClose(p0);
    run(rig, 2 * SEC);
    expect(routes(ns)).toEqual(["default via 10.0.0.254 e0 linkdown", "10.0.0.0/24 e0 linkdown"]);
    devClose(e0);
    expect(routes(ns)).toEqual([]);
    expect(routes(ns, RtTable.LOCAL)[0]).toBe("local 10.0.0.1/32 e0");
    devOpen(e0);
    devOpen(p0);
    run(rig, 2 * SEC);
    expect(routes(ns)).toEqual(["10.0.0.0/24 e0"]);
  });
  it("are checked: twice the same, another scope, no such address", () => {
    const { ns } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    expect(addAddr(ns, "e0", "10.0.0.1/24")).toBe(`${Errno.EEXIST} ipv4: Address already assigned`);
    expect(addAddr(ns, "e0", "10.0.0.2/24", { scope: 253 })).toBe(`${Errno.EINVAL} ipv4: Invalid scope value`);
    expect(delAddr(ns, "e0", "10.0.0.9/24")).toBe(`${Errno.EADDRNOTAVAIL} ipv4: Address not found`);
  });
  it("end with their lifetime", () => {
    const { rig, ns, e0 } = host();
    addAddr(ns, "e0", "10.0.0.1/24", { validLft: 100, preferredLft: 40 });
    run(rig, 41 * SEC);
    expect(e0.ip4!.addrs[0]!.flags & 0x20).toBe(0x20);
    run(rig, 60 * SEC);
    expect(e0.ip4!.addrs).toEqual([]);
    expect(routes(ns)).toEqual([]);
  });
});

describe("routes", () => {
  it("are refused in the kernel's words", () => {
    const { ns, e0 } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    expect(addRoute(ns, "10.9.0.0/16", { via: "10.3.0.1" })).toBe(`${Errno.ENETUNREACH} Nexthop has invalid gateway`);
    expect(addRoute(ns, "10.9.0.0/16", {})).toBe(`${Errno.ENODEV} null`);
    expect(addRoute(ns, "10.9.0.1/16", { dev: "e0" })).toBe(`${Errno.EINVAL} Invalid prefix for given prefix length`);
    expect(addRoute(ns, "10.9.0.0/16", { dev: "e0", src: "10.5.5.5" })).toBe(`${Errno.EINVAL} Invalid prefsrc address`);
    devClose(e0);
    expect(addRoute(ns, "10.9.0.0/16", { dev: "e0" })).toBe(`${Errno.ENETDOWN} Device for nexthop is not up`);
    expect(delRoute(ns, "10.9.0.0/16")).toBe(`${Errno.ESRCH} null`);
  });
  it("follow add, append, replace and change", () => {
    const { ns } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    expect(addRoute(ns, "default", { via: "10.0.0.2" })).toBe("");
    expect(addRoute(ns, "default", { via: "10.0.0.3" })).toBe(`${Errno.EEXIST} null`);
    expect(addRoute(ns, "default", { via: "10.0.0.3" }, NlmF.CREATE | NlmF.APPEND)).toBe("");
    expect(addRoute(ns, "default", { via: "10.0.0.3" }, NlmF.CREATE | NlmF.APPEND)).toBe(`${Errno.EEXIST} null`);
    expect(addRoute(ns, "default", { via: "10.0.0.4", metric: 9 })).toBe("");
    expect(addRoute(ns, "default", { via: "10.0.0.5" }, NlmF.CREATE)).toBe(""); // prepend
    expect(routes(ns).slice(0, 4)).toEqual([
      "default via 10.0.0.5 e0",
      "default via 10.0.0.2 e0",
      "default via 10.0.0.3 e0",
      "default via 10.0.0.4 e0 metric 9",
    ]);
    expect(addRoute(ns, "default", { via: "10.0.0.6" }, NlmF.CREATE | NlmF.REPLACE)).toBe("");
    expect(routes(ns)[0]).toBe("default via 10.0.0.6 e0");
    expect(addRoute(ns, "10.8.0.0/16", { via: "10.0.0.6" }, NlmF.REPLACE)).toBe(`${Errno.ENOENT} null`);
    expect(delRoute(ns, "default", { via: "10.0.0.3" })).toBe("");
    expect(delRoute(ns, "default", { metric: 9 })).toBe("");
    expect(routes(ns)).toEqual(["default via 10.0.0.6 e0", "default via 10.0.0.2 e0", "10.0.0.0/24 e0"]);
  });
  it("go with the address that they prefer as source", () => {
    const { ns } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    addAddr(ns, "e1", "10.1.0.1/24");
    addRoute(ns, "10.9.0.0/16", { via: "10.0.0.2", src: "10.1.0.1" });
    delAddr(ns, "e1", "10.1.0.1/24");
    expect(routes(ns)).toEqual(["10.0.0.0/24 e0"]);
  });
  it("choose by length, metric, TOS, device and type", () => {
    const { ns, e0, e1 } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    addAddr(ns, "e1", "10.1.0.1/24");
    addRoute(ns, "default", { via: "10.0.0.2" });
    addRoute(ns, "172.16.0.0/12", { via: "10.1.0.2" });
    addRoute(ns, "172.16.5.0/24", { via: "10.0.0.2", metric: 10 });
    addRoute(ns, "172.16.5.0/24", { via: "10.1.0.2", metric: 5 });
    addRoute(ns, "192.0.2.0/24", { type: RtType.UNREACHABLE });
    addRoute(ns, "198.51.100.0/24", { type: RtType.THROW });
    addRoute(ns, "203.0.113.0/24", { type: RtType.BLACKHOLE });
    expect(dev(getRoute(ns, "8.8.8.8"))).toBe(e0.ifindex);
    expect(dev(getRoute(ns, "172.16.1.1"))).toBe(e1.ifindex);
    expect(dev(getRoute(ns, "172.16.5.1"))).toBe(e1.ifindex);
    expect(dev(getRoute(ns, "172.16.5.1", { oif: "e0" }))).toBe(e0.ifindex);
    expect(src(getRoute(ns, "172.16.5.1"))).toBe("10.1.0.1");
    expect(getRoute(ns, "192.0.2.1")).toBe(-Errno.EHOSTUNREACH);
    expect(getRoute(ns, "198.51.100.1")).toBe(-Errno.ENETUNREACH); // the next table has nothing
    expect(getRoute(ns, "203.0.113.1")).toBe(-Errno.EINVAL);
  });
  it("share a multipath route by weight, and skip its dead hops", () => {
    const { ns, e0, e1 } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    addAddr(ns, "e1", "10.1.0.1/24");
    const hop = (gw: string, weight: number) => ({
      gateway: bytes4(gw.split(".").reduce((n, x) => n * 256 + Number(x), 0)),
      gatewayFamily: 2 as const,
      ifindex: 0,
      flags: 0,
      weight,
    });
    const r = rtnl(ns, {
      type: "RTM_NEWROUTE",
      flags: NlmF.CREATE,
      route: {
        family: 2,
        dst: bytes4(0),
        dstLen: 0,
        tos: 0,
        table: 254,
        protocol: 3,
        scope: 0,
        type: 1,
        flags: 0,
        multipath: [hop("10.0.0.2", 1), hop("10.1.0.2", 3)],
      },
    });
    expect(r.ok).toBe(true);
    const count = new Map<number, number>();
    for (let i = 0; i < 400; i++) {
      const d = dev(getRoute(ns, `8.8.${i >> 8}.${i & 255}`));
      count.set(d, (count.get(d) ?? 0) + 1);
    }
    expect(count.get(e1.ifindex)! / 400).toBeGreaterThan(0.65);
    expect(count.get(e1.ifindex)! / 400).toBeLessThan(0.85);
    devClose(e1);
    expect(routes(ns)[0]).toBe("default via 10.0.0.2 e0 | via 10.1.0.2 e1 dead linkdown");
    for (let i = 0; i < 20; i++) expect(dev(getRoute(ns, `8.8.8.${i}`))).toBe(e0.ifindex);
  });
  it("keep working when the device gets another name", () => {
    const { ns, e0 } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    devClose(e0);
    linkSet(ns, "e0", { name: "x0" });
    devOpen(e0);
    expect(routes(ns)).toEqual(["10.0.0.0/24 x0"]);
    expect(e0.ip4!.addrs[0]!.label).toBe("x0");
  });
  it("are asked through the rules", () => {
    const { ns, e0, e1 } = host();
    addAddr(ns, "e0", "10.0.0.1/24");
    addAddr(ns, "e1", "10.1.0.1/24");
    addRoute(ns, "default", { via: "10.0.0.2" });
    addRoute(ns, "default", { via: "10.1.0.2", table: 100 });
    rtnl(ns, { type: "RTM_NEWRULE", flags: 0, rule: { family: 2, fwmark: 7, table: 100 } });
    rtnl(ns, { type: "RTM_NEWRULE", flags: 0, rule: { family: 2, dst: bytes4(0x09090909), dstLen: 32, action: "prohibit", priority: 5 } });
    expect(dev(getRoute(ns, "8.8.8.8"))).toBe(e0.ifindex);
    expect(dev(getRoute(ns, "8.8.8.8", { mark: 7 }))).toBe(e1.ifindex);
    expect(getRoute(ns, "9.9.9.9")).toBe(-Errno.EACCES);
    const rules = rtnl(ns, { type: "RTM_GETRULE", family: 2 });
    expect(rules.ok && rules.rules!.map((r) => r.priority)).toEqual([0, 5, 32765, 32766, 32767]);
  });
  it("may be given a gateway that is on link by decree only", () => {
    const { ns } = host();
    addAddr(ns, "e0", "10.0.0.1/32");
    expect(addRoute(ns, "default", { via: "169.254.1.1", dev: "e0" })).toBe(`${Errno.ENETUNREACH} Nexthop has invalid gateway`);
    expect(addRoute(ns, "default", { via: "169.254.1.1", dev: "e0", flags: RtnhF.ONLINK })).toBe("");
    expect(src(getRoute(ns, "8.8.8.8"))).toBe("10.0.0.1");
  });
});
