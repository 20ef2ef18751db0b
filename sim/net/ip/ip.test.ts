import { describe, expect, it } from "vitest";
import { Errno } from "../../core/result.ts";
import { MS, SEC } from "../../core/time.ts";
import { addAddr, addRoute, echo, getRoute, ip, rawSocket, received as got } from "../../testing/ip.ts";
import { addNs, drops, frame, linkAdd, linkSet, makeNet, type Rig, run, send, story, up, watch, wire } from "../../testing/net.ts";
import { buildIcmpEcho, IcmpType } from "../../wire/icmp4.ts";
import { ETH_HLEN, ETH_P_IP, ethType } from "../../wire/eth.ts";
import { buildIp4, IP_DF, IP4_HLEN, parseIp4Header } from "../../wire/ipv4.ts";
import { RtType } from "../rtnl/messages.ts";
import type { NetDevice } from "../dev/device.ts";
import { devOpen } from "../dev/core.ts";
import type { NetNs } from "../netns.ts";
import type { Sock } from "../sock/socket.ts";

interface Three {
  readonly rig: Rig;
  readonly n1: NetNs;
  readonly r: NetNs;
  readonly n2: NetNs;
  readonly e1: NetDevice;
  readonly ra: NetDevice;
  readonly rb: NetDevice;
  readonly e2: NetDevice;
}
/** n1 10.1.0.2 — 10.1.0.1 r 10.2.0.1 — 10.2.0.2 n2, with default routes; r forwards */
function three(): Three {
  const rig = makeNet();
  const [n1, r, n2] = [addNs(rig, "n1"), addNs(rig, "r"), addNs(rig, "n2")];
  for (const ns of [n1, r, n2]) devOpen(ns.loopback);
  const [e1, ra] = wire(n1, "e0", r, "ra");
  const [e2, rb] = wire(n2, "e0", r, "rb");
  addAddr(n1, "e0", "10.1.0.2/24");
  addAddr(r, "ra", "10.1.0.1/24");
  addAddr(r, "rb", "10.2.0.1/24");
  addAddr(n2, "e0", "10.2.0.2/24");
  addRoute(n1, "default", { via: "10.1.0.1" });
  addRoute(n2, "default", { via: "10.2.0.1" });
  ra.conf4 = { ...ra.conf4, forwarding: 1 };
  rb.conf4 = { ...rb.conf4, forwarding: 1 };
  run(rig, 2 * SEC);
  return { rig, n1, r, n2, e1, ra, rb, e2 };
}
/** an echo request as a frame */
function request(
  to: Uint8Array,
  from: Uint8Array,
  src: string,
  dst: string,
  o: { ttl?: number; len?: number; frag?: number; pad?: number } = {},
): Uint8Array {
  const len = o.len ?? 8;
  const p = new Uint8Array(IP4_HLEN + 8 + len + (o.pad ?? 0));
  buildIcmpEcho(p, IP4_HLEN, IcmpType.ECHO, 5, 1, len);
  buildIp4(p, 0, 0, IP4_HLEN + 8 + len, 1, o.frag ?? 0, o.ttl ?? 64, 1, ip(src), ip(dst));
  return frame(to, from, p, ETH_P_IP);
}
/** sends a frame into ra and tells what became of it on r */
function into(t: Three, f: Uint8Array): string[] {
  const before = t.rig.rec.count;
  send(t.e1, f);
  run(t.rig, 5 * SEC);
  let first = 0;
  for (let i = before; i < t.rig.rec.count && first === 0; i++) first = t.rig.rec.at(i).skb;
  return story(t.rig, first).slice(3); // after SEND, XMIT, VETH
}
function ping(t: Three, sk: Sock, to: string, len = 56): string[] {
  const err = echo(sk, to, 1, len);
  if (err < 0) return [String(err)];
  run(t.rig, 5 * SEC);
  return got(sk);
}

describe("two hosts and a router", () => {
  it("answer with TTL 64 next door and 63 behind the router", () => {
    const t = three();
    const sk = rawSocket(t.n1);
    expect(ping(t, sk, "10.1.0.1")).toEqual(["0/0 from 10.1.0.1 ttl 64 len 84"]);
    expect(ping(t, sk, "10.2.0.1")).toEqual(["0/0 from 10.2.0.1 ttl 64 len 84"]);
    expect(ping(t, sk, "10.2.0.2")).toEqual(["0/0 from 10.2.0.2 ttl 63 len 84"]);
    run(t.rig, 200 * SEC);
    expect(t.rig.net.liveSkbs).toBe(0);
  });
  it("stay silent where forwarding is off: the router drops, nobody is told", () => {
    const t = three();
    t.ra.conf4 = { ...t.ra.conf4, forwarding: 0 };
    const sk = rawSocket(t.n1);
    expect(ping(t, sk, "10.2.0.2")).toEqual([]);
    expect(drops(t.rig)).toContain("IP_ROUTE_INPUT FORWARDING_OFF");
  });
  it("speak to themselves over lo only", () => {
    const t = three();
    const seen = watch(t.e1);
    const sk = rawSocket(t.n1);
    expect(ping(t, sk, "10.1.0.2")).toEqual(["8/0 from 10.1.0.2 ttl 64 len 84", "0/0 from 10.1.0.2 ttl 64 len 84"]);
    expect(seen).toEqual([]);
  });
});

describe("the order of steps for a received packet", () => {
  const cases: [string, (t: Three) => Uint8Array, string[]][] = [
    [
      "for us",
      (t) => request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.1.0.1"),
      ["RX", "FIB_MATCH", "IP_ROUTE_INPUT", "IP_LOCAL_DELIVER", "ICMP_RCV"],
    ],
    [
      "for another machine on the wire",
      (t) => request(new Uint8Array([2, 0, 0, 0, 0, 9]), t.e1.addr, "10.1.0.2", "10.1.0.1"),
      ["RX", "IP_RCV drop OTHERHOST"],
    ],
    [
      "from an address of our own",
      (t) => request(t.ra.addr, t.e1.addr, "10.2.0.1", "10.1.0.1"),
      ["RX", "FIB_MATCH", "MARTIAN drop IP_LOCAL_SOURCE"],
    ],
    ["from a multicast address", (t) => request(t.ra.addr, t.e1.addr, "224.0.0.5", "10.1.0.1"), ["RX", "MARTIAN drop IP_INVALID_SOURCE"]],
    ["to the loopback net", (t) => request(t.ra.addr, t.e1.addr, "10.1.0.2", "127.0.0.1"), ["RX", "MARTIAN drop IP_LOCALNET"]],
    [
      "with the last hop used up",
      (t) => request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.2.0.2", { ttl: 1 }),
      ["RX", "FIB_MATCH", "IP_ROUTE_INPUT", "IP_FORWARD", "ICMP_SEND"],
    ],
    [
      "too big and not to be cut",
      (t) => {
        t.rb.mtu = 600;
        return request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.2.0.2", { len: 1000, frag: IP_DF });
      },
      ["RX", "FIB_MATCH", "IP_ROUTE_INPUT", "IP_FORWARD", "ICMP_SEND"],
    ],
    [
      "to a group that nobody here is in",
      (t) => request(new Uint8Array([1, 0, 0x5e, 1, 2, 3]), t.e1.addr, "10.1.0.2", "239.1.2.3"),
      ["RX", "IP_ROUTE_INPUT drop MULTICAST_NOT_JOINED"],
    ],
    [
      "to all, asking for echo",
      (t) => request(t.ra.broadcast, t.e1.addr, "10.1.0.2", "10.1.0.255"),
      ["RX", "FIB_MATCH", "IP_ROUTE_INPUT", "IP_LOCAL_DELIVER", "ICMP_RCV", "ICMP_RCV drop ICMP_IGNORED"],
    ],
  ];
  for (const [name, make, expected] of cases) {
    it(name, () => {
      const t = three();
      expect(into(t, make(t)).slice(0, expected.length)).toEqual(expected);
      expect(t.rig.net.liveSkbs).toBe(0);
    });
  }
  it("a way that leads on: TTL first, then the neighbour", () => {
    const t = three();
    const steps = into(t, request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.2.0.2"));
    expect(steps.slice(0, 7)).toEqual(["RX", "FIB_MATCH", "IP_ROUTE_INPUT", "IP_FORWARD", "IP_ROUTE_OUTPUT", "IP_OUTPUT", "NEIGH"]);
  });
  it("drops broken headers with their own reasons", () => {
    const t = three();
    const f = request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.1.0.1");
    const bad = f.slice();
    bad[ETH_HLEN + 8]! ^= 1;
    expect(into(t, bad)).toEqual(["RX", "IP_RCV drop IP_CSUM"]);
    expect(into(t, f.slice(0, ETH_HLEN + 12))).toEqual(["RX", "IP_RCV drop IP_INHDR"]);
    const icmp = f.slice();
    icmp[ETH_HLEN + IP4_HLEN + 6]! ^= 1;
    expect(into(t, icmp).at(-1)).toBe("ICMP_RCV drop ICMP_CSUM");
  });
  it("trims what Ethernet padded before it looks at the length", () => {
    const t = three();
    const steps = into(t, request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.1.0.1", { len: 0, pad: 18 }));
    expect(steps).toContain("ICMP_REPLY");
  });
});

describe("reverse path filter", () => {
  function from(rp: number, src: string): string {
    const t = three();
    t.ra.conf4 = { ...t.ra.conf4, rp_filter: rp };
    const steps = into(t, request(t.ra.addr, t.e1.addr, src, "10.2.0.2"));
    return steps.find((s) => s.startsWith("RPF drop")) ?? (steps.includes("IP_FORWARD") ? "forwarded" : "lost");
  }
  it("strict: only by the way that leads back; loose: any way back; off: anything", () => {
    expect(from(1, "10.1.0.77")).toBe("forwarded");
    expect(from(1, "10.2.0.77")).toBe("RPF drop IP_RPFILTER");
    expect(from(2, "10.2.0.77")).toBe("forwarded");
    expect(from(2, "172.31.0.1")).toBe("RPF drop IP_RPFILTER");
    expect(from(0, "172.31.0.1")).toBe("forwarded");
  });
});

describe("ICMP errors", () => {
  it("tell why, with the right source, and 576 bytes at most", () => {
    const t = three();
    addRoute(t.r, "10.4.0.0/24", { type: RtType.UNREACHABLE });
    addRoute(t.r, "10.5.0.0/24", { type: RtType.PROHIBIT });
    addRoute(t.r, "10.3.0.0/24", { type: RtType.BLACKHOLE });
    const sk = rawSocket(t.n1);
    expect(ping(t, sk, "10.9.0.1")).toEqual(["3/0 from 10.1.0.1 ttl 64 len 112"]);
    expect(ping(t, sk, "10.4.0.1")).toEqual(["3/1 from 10.1.0.1 ttl 64 len 112"]);
    expect(ping(t, sk, "10.5.0.1")).toEqual(["3/13 from 10.1.0.1 ttl 64 len 112"]);
    expect(ping(t, sk, "10.3.0.1")).toEqual([]);
    expect(ping(t, sk, "10.4.0.1", 1000)).toEqual(["3/1 from 10.1.0.1 ttl 64 len 576"]);
    sk.ops.setsockopt(sk, "IP_TTL", 1);
    expect(ping(t, sk, "10.2.0.2")).toEqual(["11/0 from 10.1.0.1 ttl 64 len 112"]);
  });
  it("come once a second to one host after a first six, and not at all to errors", () => {
    const t = three();
    const sk = rawSocket(t.n1);
    sk.ops.setsockopt(sk, "IP_TTL", 1);
    for (let i = 0; i < 20; i++) {
      echo(sk, "10.2.0.2", i);
      run(t.rig, 100 * MS);
    }
    expect(got(sk).length).toBe(6 + 1);
    const seen = watch(t.e1);
    const err = request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.9.9.9");
    err[ETH_HLEN + IP4_HLEN] = IcmpType.DEST_UNREACH;
    send(t.e1, err);
    run(t.rig, SEC);
    expect(seen.filter((s) => s.pktType !== 4 && ethType(s.bytes, 0) === ETH_P_IP)).toEqual([]);
  });
  it("teach the path's MTU, which `route get` shows and sockets obey", () => {
    const t = three();
    t.rb.mtu = 1000;
    const sk = rawSocket(t.n1);
    sk.ops.setsockopt(sk, "IP_RECVERR", 1);
    sk.ops.setsockopt(sk, "IP_MTU_DISCOVER", 2);
    expect(echo(sk, "10.2.0.2", 1, 1200)).toBe(1208);
    run(t.rig, SEC);
    const e = sk.ops.recv(sk, 2000, true);
    expect(typeof e !== "number" && e.err).toMatchObject({ errno: Errno.EMSGSIZE, origin: "icmp", type: 3, code: 4, info: 1000 });
    sk.ops.recv(sk, 2000, false);
    expect(echo(sk, "10.2.0.2", 2, 1200)).toBe(-Errno.EMSGSIZE);
    const local = sk.ops.recv(sk, 2000, true);
    expect(typeof local !== "number" && local.err).toMatchObject({ origin: "local", info: 1000 });
    const r = getRoute(t.n1, "10.2.0.2");
    expect(typeof r !== "number" && r.metrics).toEqual({ mtu: 1000 });
    expect(typeof r !== "number" && r.cache!.expires).toBe(599);
  });
  it("reach the sender of a packet as an error of its socket", () => {
    const t = three();
    const sk = rawSocket(t.n1);
    sk.ops.setsockopt(sk, "IP_RECVERR", 1);
    echo(sk, "10.9.0.1");
    run(t.rig, SEC);
    expect(sk.ops.poll(sk)).toEqual({ read: true, write: true, err: true, hup: false });
    expect(echo(sk, "10.9.0.1")).toBe(-Errno.ENETUNREACH);
    const e = sk.ops.recv(sk, 2000, true);
    expect(typeof e !== "number" && e.err).toMatchObject({
      errno: Errno.ENETUNREACH,
      type: 3,
      code: 0,
      offender: { addr: ip("10.1.0.1") },
    });
  });
});

describe("fragments", () => {
  it("are cut by the router, put together by the host, and answered likewise", () => {
    const t = three();
    t.rb.mtu = 1000;
    t.e2.mtu = 1000; // a veth end takes nothing longer than its own MTU
    const seen = watch(t.e2);
    const sk = rawSocket(t.n1);
    sk.ops.setsockopt(sk, "IP_MTU_DISCOVER", 0);
    expect(ping(t, sk, "10.2.0.2", 1400)).toEqual(["0/0 from 10.2.0.2 ttl 63 len 1428"]);
    const in_ = seen.filter((s) => s.pktType !== 4 && ethType(s.bytes, 0) === ETH_P_IP).map((s) => parseIp4Header(s.bytes, ETH_HLEN)!);
    expect(in_.map((h) => [h.totalLen, h.fragOff, h.mf])).toEqual([
      [996, 0, true],
      [452, 976, false],
    ]);
    expect(new Set(in_.map((h) => h.id)).size).toBe(1);
    expect(t.rig.net.liveSkbs).toBe(0);
  });
  it("that never become whole are given up after 30 s, with an error to the sender of the first", () => {
    const t = three();
    const sk = rawSocket(t.n1);
    send(t.e1, request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.1.0.1", { len: 16, frag: 0x2000 }));
    run(t.rig, 29 * SEC);
    expect(t.rig.net.liveSkbs).toBe(1);
    run(t.rig, 2 * SEC);
    expect(t.rig.net.liveSkbs).toBe(0);
    expect(got(sk)).toEqual(["11/1 from 10.1.0.1 ttl 64 len 72"]);
  });
  it("that contradict each other's lengths all end at once", () => {
    const t = three();
    const fragment = (frag: number, len = 0): Uint8Array => request(t.ra.addr, t.e1.addr, "10.1.0.2", "10.1.0.1", { len, frag });
    send(t.e1, fragment(0x2000 | 8)); // bytes 64 to 71, more to come
    expect(into(t, fragment(1)).at(-1)).toMatch(/IP_REASSEMBLE.*IP_INHDR/); // bytes 8 to 15, the last
    expect(t.rig.net.liveSkbs).toBe(0);
    expect(t.r.ip4.snmp).toMatchObject({ ReasmReqds: 2, ReasmOKs: 0, ReasmFails: 1 });
    send(t.e1, fragment(0x2000, 5)); // 13 bytes and more to come: cut to 8, kept
    run(t.rig, SEC);
    expect(t.rig.net.liveSkbs).toBe(1);
    expect(t.r.ip4.snmp).toMatchObject({ ReasmReqds: 3, ReasmFails: 1 });
  });
});

describe("redirects", () => {
  it("name the better first hop, which is believed once it is known as a neighbour", () => {
    const rig = makeNet();
    const [a, r, s] = [addNs(rig, "a"), addNs(rig, "r"), addNs(rig, "s")];
    for (const ns of [a, r, s]) devOpen(ns.loopback);
    // one link for three: a bridge in a namespace of its own
    const sw = addNs(rig, "sw");
    linkAdd(sw, { name: "br0", kind: "bridge" });
    up(sw.devByName("br0")!);
    for (const [ns, n] of [
      [a, "pa"],
      [r, "pr"],
      [s, "ps"],
    ] as const) {
      wire(ns, "e0", sw, n);
      linkSet(sw, n, { master: sw.devByName("br0")!.ifindex });
    }
    addAddr(a, "e0", "10.0.0.2/24");
    addAddr(r, "e0", "10.0.0.1/24");
    addAddr(s, "e0", "10.0.0.3/24");
    addAddr(s, "lo", "10.8.0.1/24");
    addRoute(a, "default", { via: "10.0.0.1" });
    addRoute(r, "10.8.0.0/24", { via: "10.0.0.3" });
    r.devByName("e0")!.conf4 = { ...r.devByName("e0")!.conf4, forwarding: 1 };
    run(rig, 3 * SEC);
    const sk = rawSocket(a);
    const flags = (): readonly string[] => {
      const row = getRoute(a, "10.8.0.1");
      return typeof row === "number" ? [String(row)] : row.cache!.flags;
    };
    const ping = (): string[] => {
      echo(sk, "10.8.0.1");
      run(rig, SEC);
      return got(sk);
    };
    expect(ping()).toEqual(["5/1 from 10.0.0.1 ttl 64 len 112", "0/0 from 10.8.0.1 ttl 64 len 84"]);
    expect(flags()).toEqual([]); // only the question for 10.0.0.3 went out
    expect(ping()).toEqual(["5/1 from 10.0.0.1 ttl 64 len 112", "0/0 from 10.8.0.1 ttl 64 len 84"]);
    expect(flags()).toEqual(["redirected"]);
    expect(ping()).toEqual(["0/0 from 10.8.0.1 ttl 64 len 84"]);
    run(rig, 300 * SEC);
    expect(flags()).toEqual([]);
  });
});
