/** What routers, queriers and duplicates say, as Linux 6.18 takes it: recorded with hand-made packets on a veth pair. */
import { describe, expect, it } from "vitest";
import { hex, put16 } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { addNs, frame, mac, makeNet, ROOT, rtnl, run, send as transmit, watch, type Rig } from "../../testing/net.ts";
import { fmtIp6, linkLocalFromMac, parseIp6, solicitedNode } from "../../wire/addr.ts";
import { ETH_HLEN, ETH_P_IPV6, ethType } from "../../wire/eth.ts";
import { Icmp6Type, icmp6SetChecksum } from "../../wire/icmp6.ts";
import { buildHopByHopRouterAlert, buildIp6, IP6_HLEN, ip6Dst, ip6Src } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { macOfMulticast6 } from "../../wire/mac.ts";
import { buildMld1, buildMld2Query } from "../../wire/mld.ts";
import { buildNs, buildRa, buildRedirect, type RaFields } from "../../wire/ndp.ts";
import { devOpen, devSetAddress } from "../dev/core.ts";
import type { NetDevice } from "../dev/device.ts";
import { createVethPair } from "../dev/veth.ts";
import type { NetNs } from "../netns.ts";
import { sysctlRead, sysctlWrite } from "../sysctl.ts";
import { sha1Block } from "./iid.ts";

const a6 = (t: string): Uint8Array => parseIp6(t)!;
const ALL_NODES = a6("ff02::1");
const MAC_A = mac("02:00:00:00:00:0a");
const MAC_B = mac("02:00:00:00:00:0b");
const LL_A = linkLocalFromMac(MAC_A);
const LL_B = linkLocalFromMac(MAC_B);

interface Pair {
  readonly rig: Rig;
  readonly a: NetNs;
  readonly b: NetNs;
  readonly ea: NetDevice;
  readonly eb: NetDevice;
}
/** a and b on one wire, their link-local addresses proven. */
function pair(): Pair {
  const rig = makeNet();
  const a = addNs(rig, "a", { ipv6: true });
  const b = addNs(rig, "b", { ipv6: true });
  for (const ns of [a, b]) devOpen(ns.loopback);
  const [ea, eb] = createVethPair(a, "e0", b, "e0");
  devSetAddress(ea, MAC_A);
  devSetAddress(eb, MAC_B);
  for (const dev of [ea, eb]) devOpen(dev);
  run(rig, 5 * SEC);
  return { rig, a, b, ea, eb };
}
/** What `build` writes as an ICMPv6 message, in a frame from b; `next` and `hbh` put bytes between the headers. */
function send(
  p: Pair,
  src: Uint8Array,
  dst: Uint8Array,
  hops: number,
  build: (b: Uint8Array) => number,
  ext?: { next: number; bytes: Uint8Array },
): void {
  const icmp = new Uint8Array(1200);
  const len = build(icmp);
  const extra = ext ? ext.bytes.length : 0;
  const packet = new Uint8Array(IP6_HLEN + extra + len);
  buildIp6(packet, 0, 0, 0, extra + len, ext ? ext.next : IpProto.ICMPV6, hops, src, dst);
  if (ext) packet.set(ext.bytes, IP6_HLEN);
  packet.set(icmp.subarray(0, len), IP6_HLEN + extra);
  const to = dst[0] === 0xff ? macOfMulticast6(dst) : MAC_A;
  transmit(p.eb, frame(to, MAC_B, packet, ETH_P_IPV6));
  run(p.rig);
}
const RA: RaFields = {
  hopLimit: 37,
  flags: 0x08,
  lifetime: 1800,
  reachable: 20_000,
  retrans: 2_000,
  mac: MAC_B,
  mtu: 1400,
  prefixes: [
    { prefix: a6("2001:db8:aa::"), len: 64, flags: 0xc0, valid: 3600, preferred: 1800 },
    { prefix: a6("2001:db8:bb::"), len: 64, flags: 0x80, valid: 3600, preferred: 1800 },
    { prefix: a6("2001:db8:cc::"), len: 60, flags: 0xc0, valid: 3600, preferred: 1800 },
  ],
};
function advertise(p: Pair, ra: Partial<RaFields> = {}, src: Uint8Array = LL_B, hops = 255): void {
  send(p, src, ALL_NODES, hops, (b) => buildRa(b, 0, { ...RA, ...ra }, src, ALL_NODES));
}
function addrs(p: Pair): string[] {
  const r = rtnl(p.a, { type: "RTM_GETADDR", family: 10, ifindex: p.ea.ifindex });
  return r.ok ? r.addrs!.map((x) => `${fmtIp6(x.local)}/${x.prefixlen} ${x.flags.toString(16)} ${x.validLft} ${x.preferredLft}`) : [];
}
function routes(p: Pair): string[] {
  const r = rtnl(p.a, { type: "RTM_GETROUTE", dump: true, family: 10, table: 254 });
  return r.ok
    ? r.routes!.map((x) => {
        const gw = x.nexthops[0]!.gateway;
        const metrics = Object.entries(x.metrics ?? {}).flat();
        return [
          `${fmtIp6(x.dst)}/${x.dstLen}`,
          ...(gw ? [fmtIp6(gw)] : []),
          x.protocol,
          x.priority,
          x.expires ?? "-",
          ...metrics,
          x.pref,
        ].join(" ");
      })
    : [];
}
const read = (p: Pair, path: string): string => String(sysctlRead(p.a, path)).trim();
const set = (p: Pair, path: string, v: string): number => sysctlWrite(p.a, path, v, ROOT);
const DEFAULT = "::/0 fe80::ff:fe00:b 9 1024";

describe("a router's advertisement", () => {
  it("brings a default route, prefixes, an address, hop limit, MTU and timers", () => {
    const p = pair();
    advertise(p);
    run(p.rig, 2.5 * SEC);
    expect(routes(p)).toEqual([
      "2001:db8:aa::/64 2 256 3597 medium",
      "2001:db8:bb::/64 2 256 3597 medium",
      "2001:db8:cc::/60 2 256 3597 medium",
      "fe80::/64 2 256 - medium",
      `${DEFAULT} 1797 hoplimit 37 mtu 1400 high`,
    ]);
    // dynamic mngtmpaddr; only the /64 that may be used for addresses makes one
    expect(addrs(p)).toEqual(["2001:db8:aa::ff:fe00:a/64 100 3598 1798", "fe80::ff:fe00:a/64 80 4294967295 4294967295"]);
    expect(
      ["conf/e0/hop_limit", "conf/e0/mtu", "neigh/e0/base_reachable_time_ms", "neigh/e0/retrans_time_ms", "neigh/e0/gc_stale_time"].map(
        (f) => read(p, `ipv6/${f}`),
      ),
    ).toEqual(["37", "1400", "20000", "2000", "60"]);
    const n = rtnl(p.a, { type: "RTM_GETNEIGH", family: 10, ifindex: p.ea.ifindex });
    expect(n.ok && n.neighs!.filter((x) => hex(x.dst!) === hex(LL_B)).map((x) => [hex(x.lladdr!, ":"), x.state, x.flags])).toEqual([
      ["02:00:00:00:00:0b", 4, 0x80],
    ]);
    // nobody is asked any more
    const seen = watch(p.ea);
    run(p.rig, 60 * SEC);
    expect(seen.some((s) => s.pktType === 4 && s.bytes[ETH_HLEN + IP6_HLEN] === Icmp6Type.ROUTER_SOLICIT)).toBe(false);
  });

  it("heard again changes lifetimes, but leaves an address two hours", () => {
    const p = pair();
    advertise(p);
    run(p.rig, 2.5 * SEC);
    advertise(p, { flags: 0, prefixes: [{ ...RA.prefixes[0]!, valid: 100, preferred: 50 }] });
    expect(addrs(p)[0]).toBe("2001:db8:aa::ff:fe00:a/64 100 3598 50");
    expect(routes(p)[0]).toBe("2001:db8:aa::/64 2 256 99 medium");
    expect(routes(p).at(-1)).toBe(`${DEFAULT} 1799 hoplimit 37 mtu 1400 medium`);
    advertise(p, { lifetime: 0, prefixes: RA.prefixes.map((x) => ({ ...x, valid: 0, preferred: 0 })) });
    // deprecated, and still there
    expect(addrs(p)[0]).toMatch(/^2001:db8:aa::ff:fe00:a\/64 120 359[78] 0$/);
    expect(routes(p)).toEqual(["fe80::/64 2 256 - medium"]);
  });

  it("is not listened to from afar, by routers, or where a setting says so", () => {
    const p = pair();
    advertise(p, {}, LL_B, 254);
    advertise(p, {}, a6("2001:db8::1"));
    expect(routes(p)).toEqual(["fe80::/64 2 256 - medium"]);
    set(p, "ipv6/conf/e0/accept_ra_defrtr", "0");
    set(p, "ipv6/conf/e0/accept_ra_mtu", "0");
    set(p, "ipv6/conf/e0/autoconf", "0");
    advertise(p);
    expect(routes(p).length).toBe(4);
    expect([addrs(p).length, read(p, "ipv6/conf/e0/mtu")]).toEqual([1, "1500"]);
    set(p, "ipv6/conf/e0/accept_ra_defrtr", "1");
    advertise(p);
    expect(routes(p).at(-1)).toMatch(DEFAULT);
    // a router forgets the routers it learned of, and hears them only with 2
    set(p, "ipv6/conf/all/forwarding", "1");
    advertise(p);
    expect(routes(p).some((r) => r.startsWith("::/0"))).toBe(false);
    set(p, "ipv6/conf/e0/accept_ra", "2");
    advertise(p);
    expect(routes(p).at(-1)).toMatch(DEFAULT);
  });

  it("lasts as long as it said", () => {
    const p = pair();
    advertise(p, { lifetime: 9, prefixes: [{ ...RA.prefixes[0]!, valid: 8, preferred: 4 }] });
    const way = (): boolean => rtnl(p.a, { type: "RTM_GETROUTE", dump: false, family: 10, get: { dst: a6("2001:db8:ff::1") } }).ok;
    run(p.rig, 5 * SEC);
    expect([addrs(p)[0]!.split(" ")[1], way()]).toEqual(["120", true]);
    run(p.rig, 5 * SEC);
    expect([addrs(p).length, way()]).toEqual([1, false]);
    // swept later
    run(p.rig, 60 * SEC);
    expect(routes(p)).toEqual(["fe80::/64 2 256 - medium"]);
    expect(p.rig.net.liveSkbs).toBe(0);
  });
});

describe("a redirect", () => {
  const target = a6("fe80::77");
  const dest = a6("2001:db8:ff::1");
  const redirect = (p: Pair, src: Uint8Array): void =>
    send(p, src, LL_A, 255, (b) => buildRedirect(b, 0, target, dest, mac("02:00:00:00:00:77"), new Uint8Array(48), src, LL_A));
  const via = (p: Pair): string => {
    const r = rtnl(p.a, { type: "RTM_GETROUTE", dump: false, family: 10, get: { dst: dest } });
    return r.ok ? fmtIp6(r.routes![0]!.nexthops[0]!.gateway!) : "none";
  };
  it("is followed when it comes from the router that leads there", () => {
    const p = pair();
    advertise(p);
    redirect(p, a6("fe80::99"));
    expect(via(p)).toBe("fe80::ff:fe00:b");
    redirect(p, LL_B);
    expect(via(p)).toBe("fe80::77");
    const cached = rtnl(p.a, { type: "RTM_GETROUTE", dump: true, family: 10, cached: true });
    expect(cached.ok && cached.routes!.map((r) => fmtIp6(r.dst))).toEqual(["2001:db8:ff::1"]);
    // it goes with the route that it belongs to
    advertise(p, { lifetime: 0 });
    advertise(p);
    expect(via(p)).toBe("fe80::ff:fe00:b");
  });
  it("is not where accept_redirects is off", () => {
    const p = pair();
    advertise(p);
    set(p, "ipv6/conf/e0/accept_redirects", "0");
    redirect(p, LL_B);
    expect(via(p)).toBe("fe80::ff:fe00:b");
  });
});

describe("a querier", () => {
  const ALERT = new Uint8Array(8);
  buildHopByHopRouterAlert(ALERT, 0, IpProto.ICMPV6);
  const hbh = { next: IpProto.HOPOPTS, bytes: ALERT };
  const own = solicitedNode(LL_A);
  /** what a reports within two seconds: "type > destination" and the first group record */
  function reports(p: Pair, group: Uint8Array, v1 = false, alert = true): string[] {
    const seen = watch(p.ea);
    const dst = group.every((x) => x === 0) ? ALL_NODES : group;
    send(
      p,
      LL_B,
      dst,
      1,
      (b) => (v1 ? buildMld1(b, 0, Icmp6Type.MLD_QUERY, group, LL_B, dst) : buildMld2Query(b, 0, group, 1000, 2, 125, LL_B, dst)),
      alert ? hbh : undefined,
    );
    run(p.rig, 2 * SEC);
    return seen
      .filter((s) => s.pktType === 4 && ethType(s.bytes, 0) === ETH_P_IPV6 && s.bytes[ETH_HLEN + 6] === 0)
      .map((s) => {
        const at = ETH_HLEN + IP6_HLEN + 8;
        const group = s.bytes[at] === Icmp6Type.MLD2_REPORT ? ` ${s.bytes[at + 8]} ${fmtIp6(s.bytes, at + 12)}` : "";
        return `${s.bytes[at]} > ${fmtIp6(ip6Dst(s.bytes, ETH_HLEN))}${group}`;
      });
  }
  it("of version 2 hears what is listened to: is_ex, all at once or one group", () => {
    const p = pair();
    expect(reports(p, new Uint8Array(16))).toEqual([`143 > ff02::16 2 ${fmtIp6(own)}`]);
    expect(reports(p, own)).toEqual([`143 > ff02::16 2 ${fmtIp6(own)}`]);
    expect(reports(p, a6("ff02::99"))).toEqual([]);
  });
  it("of version 1 is answered in its version, to the group itself", () => {
    const p = pair();
    expect(reports(p, new Uint8Array(16), true)).toEqual([`131 > ${fmtIp6(own)}`]);
    // also what version 2 asks, while it is there
    expect(reports(p, own)).toEqual([`131 > ${fmtIp6(own)}`]);
  });
  it("without the router alert is none", () => {
    expect(reports(pair(), new Uint8Array(16), false, false)).toEqual([]);
  });
});

describe("options and headers", () => {
  /** The answer to an echo request with eight bytes of extension header: "type/code rest". */
  function answer(next: number, bytes: readonly number[]): string {
    const p = pair();
    const seen = watch(p.ea);
    const build = (b: Uint8Array): number => {
      b[0] = Icmp6Type.ECHO_REQUEST;
      put16(b, 4, 7);
      icmp6SetChecksum(b, 0, 16, LL_B, LL_A);
      return 16;
    };
    send(p, LL_B, LL_A, 64, build, { next, bytes: Uint8Array.from(bytes) });
    run(p.rig, SEC);
    const out = seen.filter((s) => s.pktType === 4 && s.bytes[ETH_HLEN + 6] === 58 && s.bytes[ETH_HLEN + IP6_HLEN]! < 130);
    return out.map((s) => `${s.bytes[ETH_HLEN + 40]}/${s.bytes[ETH_HLEN + 41]} ${s.bytes[ETH_HLEN + 47]}`).join(" ");
  }
  const { HOPOPTS, DSTOPTS, ROUTING, ICMPV6 } = IpProto;
  it("that are known or may be skipped do not matter", () => {
    expect(answer(DSTOPTS, [ICMPV6, 0, 1, 4, 0, 0, 0, 0])).toBe("129/0 0");
    expect(answer(DSTOPTS, [ICMPV6, 0, 0x05, 4, 0, 0, 0, 0])).toBe("129/0 0");
    expect(answer(ROUTING, [ICMPV6, 0, 0, 0, 0, 0, 0, 0])).toBe("129/0 0");
  });
  it("that must be known are complained about, with a pointer", () => {
    expect(answer(DSTOPTS, [ICMPV6, 0, 0x85, 4, 0, 0, 0, 0])).toBe("4/2 42");
    expect(answer(HOPOPTS, [ICMPV6, 0, 0x85, 4, 0, 0, 0, 0])).toBe("4/2 42");
    expect(answer(ROUTING, [ICMPV6, 0, 0, 1, 0, 0, 0, 0])).toBe("4/0 42");
    expect(answer(DSTOPTS, [200, 0, 1, 4, 0, 0, 0, 0])).toBe("4/1 40");
    // discard in silence
    expect(answer(DSTOPTS, [ICMPV6, 0, 0x45, 4, 0, 0, 0, 0])).toBe("");
  });
});

describe("addresses", () => {
  it("lost to a duplicate are spoken of in the kernel log, and IPv6 ends where accept_dad is 2", () => {
    const p = pair();
    set(p, "ipv6/conf/e0/accept_dad", "2");
    set(p, "ipv6/conf/e0/disable_ipv6", "1");
    set(p, "ipv6/conf/e0/disable_ipv6", "0");
    const any = new Uint8Array(16);
    const group = solicitedNode(LL_A);
    send(p, any, group, 255, (b) => buildNs(b, 0, LL_A, null, new Uint8Array(6).fill(9), any, group));
    expect(read(p, "ipv6/conf/e0/disable_ipv6")).toBe("1");
    expect(addrs(p)).toEqual([]);
  });
  it("made by a secret are those that Linux makes", () => {
    const p = pair();
    expect([read(p, "ipv6/conf/e0/stable_secret"), set(p, "ipv6/conf/e0/addr_gen_mode", "2")]).toEqual(["-5", -22]);
    expect(set(p, "ipv6/conf/e0/stable_secret", "2001:db8::1234\n")).toBe(0);
    expect(read(p, "ipv6/conf/e0/addr_gen_mode")).toBe("2");
    set(p, "ipv6/conf/e0/disable_ipv6", "1");
    set(p, "ipv6/conf/e0/disable_ipv6", "0");
    run(p.rig, 3 * SEC);
    expect(addrs(p)).toEqual(["fe80::d820:30f:5afc:84be/64 880 4294967295 4294967295"]);
  });
  it("rest on SHA-1 (FIPS 180-4's block for 'abc')", () => {
    const block = new Uint8Array(64);
    block.set([0x61, 0x62, 0x63, 0x80]);
    block[63] = 24;
    expect(sha1Block(block).map((w) => w.toString(16))).toEqual(["a9993e36", "4706816a", "ba3e2571", "7850c26c", "9cd0d89d"]);
  });
  it("of a subnet's routers are answered by a router, from an address of its own", () => {
    const p = pair();
    rtnl(p.a, {
      type: "RTM_NEWADDR",
      flags: 0x600,
      addr: { family: 10, ifindex: p.ea.ifindex, prefixlen: 64, local: a6("2001:db8::1"), flags: 2 },
    });
    set(p, "ipv6/conf/all/forwarding", "1");
    const seen = watch(p.ea);
    const any = a6("2001:db8::");
    send(p, LL_B, any, 64, (b) => {
      b[0] = Icmp6Type.ECHO_REQUEST;
      icmp6SetChecksum(b, 0, 16, LL_B, any);
      return 16;
    });
    run(p.rig, SEC);
    const reply = seen.find((s) => s.pktType === 4 && s.bytes[ETH_HLEN + IP6_HLEN] === Icmp6Type.ECHO_REPLY)!;
    expect(fmtIp6(ip6Src(reply.bytes, ETH_HLEN))).toBe("fe80::ff:fe00:a");
  });
});
