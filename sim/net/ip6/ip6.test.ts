import { describe, expect, it } from "vitest";
import { Errno } from "../../core/result.ts";
import { MS, SEC } from "../../core/time.ts";
import { addNs, makeNet, ROOT, rtnl, run, watch, wire, type Seen } from "../../testing/net.ts";
import { fmtIp6, parseIp6 } from "../../wire/addr.ts";
import { ETH_HLEN, ETH_P_IPV6, ethType } from "../../wire/eth.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import { ip6Dst, ip6HopLimit, ip6Next, ip6Src } from "../../wire/ipv6.ts";
import { sysctlWrite } from "../sysctl.ts";
import { devClose, devOpen } from "../dev/core.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { NlmF } from "../rtnl/messages.ts";
import type { Sock } from "../sock/socket.ts";
import { createSocket } from "../sock/table.ts";

const a6 = (t: string): Uint8Array => parseIp6(t)!;
function pair(opts: { up?: boolean } = {}) {
  const rig = makeNet();
  const a = addNs(rig, "a", { ipv6: true });
  const b = addNs(rig, "b", { ipv6: true });
  for (const ns of [a, b]) devOpen(ns.loopback);
  const [ea, eb] = wire(a, "e0", b, "e0");
  if (opts.up !== false) run(rig, 5 * SEC);
  return { rig, a, b, ea, eb };
}
function addrs(ns: NetNs): string[] {
  const r = rtnl(ns, { type: "RTM_GETADDR", family: 10 });
  return r.ok
    ? r.addrs!.map(
        (x) =>
          `${ns.devs.get(x.ifindex)!.name} ${fmtIp6(x.local)}/${x.prefixlen}${x.flags & 0x40 ? " tentative" : ""}${x.flags & 8 ? " dadfailed" : ""}`,
      )
    : [];
}
function routes(ns: NetNs): string[] {
  const r = rtnl(ns, { type: "RTM_GETROUTE", dump: true, family: 10 });
  return r.ok
    ? r.routes!.map(
        (x) =>
          `${fmtIp6(x.dst)}/${x.dstLen}${x.nexthops[0]!.gateway ? ` via ${fmtIp6(x.nexthops[0]!.gateway)}` : ""} ${ns.devs.get(x.nexthops[0]!.ifindex)!.name} ${x.table} ${x.priority}${x.flags & 16 ? " linkdown" : ""}`,
      )
    : [];
}
function addAddr(ns: NetNs, dev: string, text: string, flags = 0): string {
  const [addr, len] = text.split("/");
  const r = rtnl(ns, {
    type: "RTM_NEWADDR",
    flags: NlmF.CREATE | NlmF.EXCL,
    addr: { family: 10, ifindex: ns.devByName(dev)!.ifindex, prefixlen: Number(len), local: a6(addr!), flags },
  });
  return r.ok ? "" : `${r.errno} ${r.extack}`;
}
function addRoute(ns: NetNs, dst: string, via: string): string {
  const [addr, len] = dst.split("/");
  const r = rtnl(ns, {
    type: "RTM_NEWROUTE",
    flags: NlmF.CREATE | NlmF.EXCL,
    route: {
      family: 10,
      dst: a6(addr!),
      dstLen: Number(len),
      tos: 0,
      table: 254,
      protocol: 3,
      scope: 0,
      type: 1,
      flags: 0,
      gateway: a6(via),
    },
  });
  return r.ok ? "" : `${r.errno} ${r.extack}`;
}
function raw(ns: NetNs): Sock {
  return createSocket(ns, 10, 3, 58, ROOT) as Sock;
}
function echo(sk: Sock, to: string, scopeId = 0, len = 56): number {
  const b = new Uint8Array(8 + len);
  b[0] = Icmp6Type.ECHO_REQUEST;
  return sk.ops.sendto(sk, b, { family: 10, addr: a6(to), port: 0, scopeId }, 0);
}
function got(sk: Sock): string[] {
  const out: string[] = [];
  for (;;) {
    const r = sk.ops.recv(sk, 65536, false);
    if (typeof r === "number") return out;
    if (r.data[0]! >= 130) continue; // discovery
    out.push(`${r.data[0]}/${r.data[1]} from ${r.from!.family === 10 ? fmtIp6(r.from!.addr) : "?"} hops ${r.ttl} len ${r.data.length}`);
  }
}
/** outgoing IPv6 frames as "ms type source > destination" */
function sent(seen: readonly Seen[], t0: number): string[] {
  return seen
    .filter((s) => s.pktType === 4 && ethType(s.bytes, 0) === ETH_P_IPV6)
    .map((s) => {
      const hbh = ip6Next(s.bytes, ETH_HLEN) === 0 ? 8 : 0;
      return `${Math.round((s.at - t0) / MS)} ${s.bytes[ETH_HLEN + 40 + hbh]} ${fmtIp6(ip6Src(s.bytes, ETH_HLEN))} > ${fmtIp6(ip6Dst(s.bytes, ETH_HLEN))} hops ${ip6HopLimit(s.bytes, ETH_HLEN)}`;
    });
}

describe("a device that comes up", () => {
  it("tests its link-local address, tells its groups and asks for routers, when Linux does", () => {
    const t = pair({ up: false });
    const seen = watch(t.ea);
    const t0 = t.rig.sched.now;
    run(t.rig, 10 * SEC);
    const ll = fmtIp6(t.ea.ip6!.addrs[0]!.addr);
    const lines = sent(seen, t0);
    const kinds = lines.map((l) =>
      l
        .replace(/^\d+ /, "")
        .replaceAll(ll, "LL")
        .replace(/ff02::1:ff\S+/, "SOLICITED"),
    );
    expect(kinds.filter((k) => k.startsWith("143 :: "))).toEqual(["143 :: > ff02::16 hops 1", "143 :: > ff02::16 hops 1"]);
    expect(kinds.filter((k) => k.startsWith("135"))).toEqual(["135 :: > SOLICITED hops 255"]);
    expect(kinds.filter((k) => k.startsWith("143 LL"))).toEqual(["143 LL > ff02::16 hops 1", "143 LL > ff02::16 hops 1"]);
    expect(kinds.filter((k) => k.startsWith("133"))).toEqual(["133 LL > ff02::2 hops 255", "133 LL > ff02::2 hops 255"]);
    const ms = (what: string): number[] => lines.filter((l) => l.includes(` ${what} `)).map((l) => Number(l.split(" ")[0]));
    const ns = ms("135")[0]!;
    expect(ns).toBeLessThan(1000);
    const [rs1, rs2] = ms("133");
    expect(rs1! - ns).toBe(1024);
    expect(rs2! - rs1!).toBeGreaterThanOrEqual(3600);
    expect(rs2! - rs1!).toBeLessThanOrEqual(4400);
  });
  it("has its address usable after about two seconds at most, and the routes of it", () => {
    const t = pair({ up: false });
    run(t.rig, 20 * MS);
    expect(addrs(t.a)[1]).toMatch(/ tentative$/);
    expect(routes(t.a).filter((r) => r.startsWith("fe80::/64") || r.startsWith("ff00"))).toEqual([
      "fe80::/64 e0 254 256",
      "ff00::/8 e0 255 256",
    ]);
    run(t.rig, 2.1 * SEC);
    const ll = fmtIp6(t.ea.ip6!.addrs[0]!.addr);
    expect(addrs(t.a)).toEqual(["lo ::1/128", `e0 ${ll}/64`]);
    expect(routes(t.a)).toEqual(["fe80::/64 e0 254 256", "::1/128 lo 255 0", `${ll}/128 e0 255 0`, "ff00::/8 e0 255 256"]);
  });
  it("marks routes without carrier, and loses everything when it goes down", () => {
    const t = pair();
    devClose(t.eb);
    run(t.rig, 2 * SEC);
    expect(routes(t.a).filter((r) => r.includes("linkdown")).length).toBe(2);
    devClose(t.ea);
    expect(addrs(t.a)).toEqual(["lo ::1/128"]);
    expect(routes(t.a)).toEqual(["::1/128 lo 255 0"]);
    run(t.rig, 5 * SEC);
    expect(t.rig.net.liveSkbs).toBe(0);
  });
  it("notices when somebody else has the address", () => {
    const t = pair();
    addAddr(t.a, "e0", "2001:db8::1/64");
    addAddr(t.b, "e0", "2001:db8::2/64");
    run(t.rig, 3 * SEC);
    expect(addAddr(t.b, "e0", "2001:db8::1/64")).toBe("");
    run(t.rig, 3 * SEC);
    expect(addrs(t.b).find((x) => x.includes("db8::1/"))).toBe("e0 2001:db8::1/64 tentative dadfailed");
    expect(routes(t.b).some((r) => r.startsWith("2001:db8::1/128"))).toBe(false);
  });
  it("obeys disable_ipv6, both ways", () => {
    const t = pair();
    expect(sysctlWrite(t.a, "ipv6/conf/all/disable_ipv6", "1", ROOT)).toBe(0);
    expect(addrs(t.a)).toEqual([]);
    expect(addAddr(t.a, "e0", "2001:db8::5/64")).toBe(`${Errno.EACCES} ipv6: IPv6 is disabled on this device`);
    expect(sysctlWrite(t.a, "ipv6/conf/all/disable_ipv6", "0", ROOT)).toBe(0);
    run(t.rig, 3 * SEC);
    expect(addrs(t.a).length).toBe(2);
  });
});

describe("packets", () => {
  it("reach a neighbour's link-local address, which discovery resolves", () => {
    const t = pair();
    const sk = raw(t.a);
    const ll = fmtIp6(t.eb.ip6!.addrs[0]!.addr);
    expect(echo(sk, ll, t.ea.ifindex)).toBe(64);
    run(t.rig);
    expect(got(sk)).toEqual([`129/0 from ${ll} hops 64 len 64`]);
    const n = rtnl(t.a, { type: "RTM_GETNEIGH", family: 10, ifindex: t.ea.ifindex });
    expect(n.ok && n.neighs!.filter((x) => x.state === 2).map((x) => fmtIp6(x.dst!))).toEqual([ll]);
    run(t.rig, 100 * SEC);
    expect(t.rig.net.liveSkbs).toBe(0);
  });
  it("to nobody come back as address unreachable after three seconds", () => {
    const t = pair();
    addAddr(t.a, "e0", "2001:db8::1/64");
    run(t.rig, 3 * SEC);
    const sk = raw(t.a);
    echo(sk, "2001:db8::99");
    run(t.rig, 2.9 * SEC);
    expect(got(sk)).toEqual([]);
    run(t.rig, 0.3 * SEC);
    expect(got(sk)).toEqual(["1/3 from 2001:db8::1 hops 64 len 112"]);
  });
  it("are forwarded, counted down, refused and cut as the RFCs say", () => {
    const rig = makeNet();
    const [a, r, b] = ["a", "r", "b"].map((n) => addNs(rig, n, { ipv6: true })) as [NetNs, NetNs, NetNs];
    for (const ns of [a, r, b]) devOpen(ns.loopback);
    wire(a, "e0", r, "ra");
    const [, rb] = wire(b, "e0", r, "rb");
    const give = (ns: NetNs, d: string, x: string): string => addAddr(ns, d, x, 2); // nodad
    give(a, "e0", "2001:db8:1::2/64");
    give(r, "ra", "2001:db8:1::1/64");
    give(r, "rb", "2001:db8:2::1/64");
    give(b, "e0", "2001:db8:2::2/64");
    run(rig, 3 * SEC);
    expect(addRoute(a, "::/0", "2001:db8:1::1")).toBe("");
    expect(addRoute(b, "::/0", "2001:db8:2::1")).toBe("");
    const sk = raw(a);
    const ping = (to: string, len = 56): string[] => {
      const e = echo(sk, to, 0, len);
      if (e < 0) return [String(e)];
      run(rig, SEC);
      return got(sk);
    };
    expect(ping("2001:db8:2::2")).toEqual([]); // forwarding is off
    sysctlWrite(r, "ipv6/conf/all/forwarding", "1", ROOT);
    expect(ping("2001:db8:2::2")).toEqual(["129/0 from 2001:db8:2::2 hops 63 len 64"]);
    expect(ping("2001:db8:9::1")).toEqual(["1/0 from 2001:db8:1::1 hops 64 len 112"]);
    sk.ops.setsockopt(sk, "IPV6_UNICAST_HOPS", 1);
    expect(ping("2001:db8:2::2")).toEqual(["3/0 from 2001:db8:1::1 hops 64 len 112"]);
    sk.ops.setsockopt(sk, "IPV6_UNICAST_HOPS", 64);
    expect(ping("2001:db8:2::2", 3000)).toEqual(["129/0 from 2001:db8:2::2 hops 63 len 3008"]);
    rb.mtu = 1280;
    rb.conf6 = { ...rb.conf6, mtu: 1280 };
    expect(ping("2001:db8:2::2", 1400)).toEqual(["2/0 from 2001:db8:1::1 hops 64 len 1240"]);
    run(rig, 100 * SEC);
    expect(rig.net.liveSkbs).toBe(0);
  });
  it("to a group reach its members, and ourselves", () => {
    const t = pair();
    const sk = raw(t.a);
    expect(echo(sk, "ff02::1", t.ea.ifindex)).toBe(64);
    run(t.rig);
    const from = got(sk).filter((l) => l.startsWith("129"));
    const ll = (d: NetDevice): string => fmtIp6(d.ip6!.addrs[0]!.addr);
    expect(from).toEqual([`129/0 from ${ll(t.ea)} hops 64 len 64`, `129/0 from ${ll(t.eb)} hops 64 len 64`]);
  });
  it("choose their source by scope, device and length of the common prefix", () => {
    const t = pair();
    addAddr(t.a, "e0", "2001:db8:1::1/64", 2);
    addAddr(t.a, "e0", "2001:db8:2::1/64", 2);
    const src = (dst: string): string => {
      const r = rtnl(t.a, { type: "RTM_GETROUTE", dump: false, family: 10, get: { dst: a6(dst) } });
      return r.ok ? fmtIp6(r.routes![0]!.prefsrc!) : String(-r.errno);
    };
    expect(src("2001:db8:1::9")).toBe("2001:db8:1::1");
    expect(src("2001:db8:2::9")).toBe("2001:db8:2::1");
    expect(src("fe80::1")).toMatch(/^fe80::/);
    expect(src("::1")).toBe("::1");
    expect(src("2001:db9::1")).toBe(String(-Errno.ENETUNREACH));
  });
});

describe("routes", () => {
  it("are refused in the kernel's words", () => {
    const t = pair();
    addAddr(t.a, "e0", "2001:db8::1/64", 2);
    expect(addRoute(t.a, "2001:db8:5::/64", "2001:db9::1")).toBe(`${Errno.EHOSTUNREACH} null`);
    expect(addRoute(t.a, "2001:db8:5::/64", "fe80::1")).toBe(`${Errno.EINVAL} Egress device not specified`);
    expect(addRoute(t.a, "::/0", "2001:db8::1")).toBe(`${Errno.EINVAL} Gateway can not be a local address`);
    expect(addRoute(t.a, "::/0", "2001:db8::2")).toBe("");
    expect(addRoute(t.a, "::/0", "2001:db8::2")).toBe(`${Errno.EEXIST} null`);
    expect(addAddr(t.a, "e0", "ff02::5/64")).toMatch(/^99 ipv6: Cannot assign multicast address/);
    expect(addAddr(t.a, "e0", "::1/128")).toBe("99 ipv6: Cannot assign loopback address on this device");
  });
});
