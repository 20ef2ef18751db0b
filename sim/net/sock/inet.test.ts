import { describe, expect, it } from "vitest";
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { addAddr, echo, ip, rawSocket, received } from "../../testing/ip.ts";
import { addNs, makeNet, ROOT, run, watch, wire } from "../../testing/net.ts";
import { ETH_HLEN, ETH_P_IP, ethType } from "../../wire/eth.ts";
import { buildIcmpEcho, IcmpType } from "../../wire/icmp4.ts";
import { buildIp4, IP4_HLEN, parseIp4Header } from "../../wire/ipv4.ts";
import { devOpen } from "../dev/core.ts";
import type { NetNs } from "../netns.ts";
import type { NetAddr, Sock } from "./socket.ts";
import { createSocket } from "./table.ts";

const USER = { uid: 1000, gid: 1000, netRaw: false, netAdmin: false, groups: [1000] };
function pair() {
  const rig = makeNet();
  const a = addNs(rig, "a");
  const b = addNs(rig, "b");
  for (const ns of [a, b]) devOpen(ns.loopback);
  const [ea] = wire(a, "e0", b, "e0");
  addAddr(a, "e0", "10.0.0.1/24");
  addAddr(b, "e0", "10.0.0.2/24");
  run(rig, 2 * SEC);
  return { rig, a, b, ea };
}
function udp(ns: NetNs): Sock {
  const s = createSocket(ns, 2, 2, 0, ROOT);
  if (typeof s === "number") throw new Error(String(s));
  return s;
}
const at = (addr: string, port: number): NetAddr => ({ family: 2, addr: ip(addr), port });
function text(sk: Sock): string {
  const r = sk.ops.recv(sk, 1000, false);
  return typeof r === "number" ? String(r) : `${fromUtf8(r.data)} from :${r.from!.family === 2 ? r.from!.port : 0}`;
}

describe("UDP sockets", () => {
  it("carry datagrams both ways, with a port chosen when none was bound", () => {
    const { rig, a, b } = pair();
    const server = udp(b);
    expect(server.ops.bind(server, at("0.0.0.0", 53))).toBe(0);
    const client = udp(a);
    expect(client.ops.sendto(client, utf8("hello"), at("10.0.0.2", 53), 0)).toBe(5);
    run(rig);
    const r = server.ops.recv(server, 100, false);
    if (typeof r === "number") throw new Error(String(r));
    expect(fromUtf8(r.data)).toBe("hello");
    const port = r.from!.family === 2 ? r.from!.port : 0;
    expect(port).toBeGreaterThanOrEqual(32768);
    expect(port).toBeLessThanOrEqual(60999);
    expect(server.ops.sendto(server, utf8("world"), r.from, 0)).toBe(5);
    run(rig);
    expect(text(client)).toBe("world from :53");
    expect(text(client)).toBe(String(-Errno.EAGAIN));
    expect(rig.net.liveSkbs).toBe(0);
  });
  it("give a closed port back as ECONNREFUSED to a connected socket, once", () => {
    const { rig, a } = pair();
    const sk = udp(a);
    expect(sk.ops.connect(sk, at("10.0.0.2", 7))).toBe(0);
    expect(sk.ops.getsockname(sk)).toMatchObject({ addr: ip("10.0.0.1") });
    expect(sk.ops.sendto(sk, utf8("x"), null, 0)).toBe(1);
    run(rig);
    expect(sk.ops.recv(sk, 10, false)).toBe(-Errno.ECONNREFUSED);
    expect(sk.ops.recv(sk, 10, false)).toBe(-Errno.EAGAIN);
  });
  it("prefer the socket that says most about the packet", () => {
    const { rig, a, b } = pair();
    const any = udp(b);
    any.ops.bind(any, at("0.0.0.0", 9));
    expect(udp(b).ops.bind(udp(b), at("0.0.0.0", 9))).toBe(-Errno.EADDRINUSE);
    const own = udp(b);
    own.ops.setsockopt(own, "SO_REUSEADDR", 1);
    any.ops.setsockopt(any, "SO_REUSEADDR", 1);
    expect(own.ops.bind(own, at("10.0.0.2", 9))).toBe(0);
    const c = udp(a);
    c.ops.sendto(c, utf8("q"), at("10.0.0.2", 9), 0);
    run(rig);
    expect(text(any)).toBe(String(-Errno.EAGAIN));
    expect(text(own)).toMatch(/^q from/);
  });
  it("refuse what the kernel refuses", () => {
    const { a } = pair();
    const sk = udp(a);
    expect(sk.ops.bind(sk, at("10.9.9.9", 1000))).toBe(-Errno.EADDRNOTAVAIL);
    expect(sk.ops.sendto(sk, utf8("x"), null, 0)).toBe(-Errno.EDESTADDRREQ);
    expect(sk.ops.sendto(sk, utf8("x"), at("10.0.0.2", 0), 0)).toBe(-Errno.EINVAL);
    expect(sk.ops.sendto(sk, utf8("x"), at("10.0.0.255", 9), 0)).toBe(-Errno.EACCES);
    expect(sk.ops.connect(sk, at("172.16.0.1", 9))).toBe(-Errno.ENETUNREACH);
    expect(sk.ops.setsockopt(sk, "SO_BINDTODEVICE", "nope")).toBe(-Errno.ENODEV);
    const user = createSocket(a, 2, 2, 17, USER) as Sock;
    expect(user.ops.bind(user, at("0.0.0.0", 80))).toBe(-Errno.EACCES);
  });
});

describe("ICMP and raw sockets", () => {
  it("are for those who may", () => {
    const { a } = pair();
    expect(createSocket(a, 2, 3, 1, USER)).toBe(-Errno.EPERM);
    expect(createSocket(a, 2, 2, 1, USER)).toBe(-Errno.EACCES); // ping_group_range is empty
    expect(createSocket(a, 2, 3, 0, ROOT)).toBe(-Errno.EPROTONOSUPPORT);
    a.sysctl.pingGroups = [0, 2000];
    expect(typeof createSocket(a, 2, 2, 1, USER)).toBe("object");
  });
  it("ping sockets get the answers to their own identifier, without header", () => {
    const { rig, a } = pair();
    a.sysctl.pingGroups = [0, 2000];
    const [p, q] = [createSocket(a, 2, 2, 1, USER) as Sock, createSocket(a, 2, 2, 1, USER) as Sock];
    expect(echo(p, "10.0.0.2")).toBe(64);
    expect(echo(q, "10.0.0.2")).toBe(64);
    run(rig);
    const r = p.ops.recv(p, 100, false);
    expect(typeof r !== "number" && [r.data.length, r.data[0]]).toEqual([64, IcmpType.ECHOREPLY]);
    expect(p.ops.recv(p, 100, false)).toBe(-Errno.EAGAIN);
  });
  it("raw sockets hear everything of their protocol, but what ICMP_FILTER takes away", () => {
    const { rig, a, b } = pair();
    const there = rawSocket(b);
    const deaf = rawSocket(b);
    deaf.ops.setsockopt(deaf, "ICMP_FILTER", 1 << IcmpType.ECHO);
    echo(rawSocket(a), "10.0.0.2");
    run(rig);
    expect(received(there)).toEqual(["8/0 from 10.0.0.1 ttl 64 len 84"]);
    expect(received(deaf)).toEqual([]);
  });
  it("IP_HDRINCL sends the header as given, with length, checksum and missing fields filled in", () => {
    const { rig, a, ea } = pair();
    const sk = rawSocket(a, 255);
    const p = new Uint8Array(IP4_HLEN + 8);
    buildIcmpEcho(p, IP4_HLEN, IcmpType.ECHO, 1, 1, 0);
    buildIp4(p, 0, 0, 0, 0, 0, 17, 1, 0, ip("10.0.0.2"));
    const seen = watch(ea);
    expect(sk.ops.sendto(sk, p, at("10.0.0.2", 0), 0)).toBe(28);
    run(rig);
    const h = parseIp4Header(seen.find((s) => ethType(s.bytes, 0) === ETH_P_IP)!.bytes, ETH_HLEN)!;
    expect([h.totalLen, h.ttl, h.src]).toEqual([28, 17, ip("10.0.0.1")]);
    expect(h.id).not.toBe(0);
  });
  it("identifications count up and DF is set unless forbidden", () => {
    const { rig, a, ea } = pair();
    const sk = rawSocket(a);
    const seen = watch(ea);
    for (let i = 0; i < 3; i++) echo(sk, "10.0.0.2", i);
    run(rig);
    const out = seen.filter((s) => s.pktType === 4 && ethType(s.bytes, 0) === ETH_P_IP).map((s) => parseIp4Header(s.bytes, ETH_HLEN)!);
    expect(out.map((h) => h.df)).toEqual([true, true, true]);
    expect([(out[1]!.id - out[0]!.id) & 0xffff, (out[2]!.id - out[1]!.id) & 0xffff]).toEqual([1, 1]);
    const replies = seen.filter((s) => s.pktType !== 4 && ethType(s.bytes, 0) === ETH_P_IP).map((s) => parseIp4Header(s.bytes, ETH_HLEN)!);
    expect(replies.every((h) => !h.df)).toBe(true);
  });
  it("a receive buffer that is full loses what comes", () => {
    const { rig, a, b } = pair();
    const there = rawSocket(b);
    there.ops.setsockopt(there, "SO_RCVBUF", 1024);
    const sk = rawSocket(a);
    for (let i = 0; i < 10; i++) echo(sk, "10.0.0.2", i);
    run(rig);
    expect(received(there).length).toBeLessThan(10);
  });
});
