/**
 * The frames that are shown to the real tcpdump (scripts/record-tcpdump.mjs) and to print.ts: every format, code and length that the
 * printer knows, well-formed and not. Built with the wire builders, so that the recording also proves their checksums.
 * Above 700 lines because it is one list, in the order of the recording.
 */
import { concatBytes, put16, put32, utf8 } from "../../core/bytes.ts";
import { parseIp4, parseIp6, linkLocalFromMac, solicitedNode } from "../addr.ts";
import { ArpOp, ARP_LEN, buildArp } from "../arp.ts";
import { buildEth, ETH_HLEN, ETH_P_8021Q, ETH_P_ARP, ETH_P_IP, ETH_P_IPV6 } from "../eth.ts";
import { buildIcmpEcho, buildIcmpError, icmpSetChecksum, ICMP_HLEN, IcmpType } from "../icmp4.ts";
import { buildIcmp6Echo, buildIcmp6Error, icmp6SetChecksum, Icmp6Type } from "../icmp6.ts";
import { buildIp4, IP_DF, IP_MF, IpProto } from "../ipv4.ts";
import { buildHopByHopRouterAlert, buildIp6, buildIp6Frag } from "../ipv6.ts";
import { BROADCAST, macOfMulticast6, parseMac } from "../mac.ts";
import { allMldv2Routers, buildMld1, buildMld2Query, buildMld2Report, MldRecord } from "../mld.ts";
import { buildNa, buildNs, buildRa, buildRs, NA_OVERRIDE, NA_ROUTER, NA_SOLICITED } from "../ndp.ts";
import {
  buildTcp,
  TCP_ACK,
  TCP_CWR,
  TCP_ECE,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
  tcpSetChecksum4,
  tcpSetChecksum6,
} from "../tcp.ts";
import { buildUdp4, buildUdp6 } from "../udp.ts";
import { buildVlan, VLAN_HLEN } from "../vlan.ts";

export interface TestFrame {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** longer than the bytes where the capture was cut */
  readonly wireLen: number;
}

export const A = parseMac("02:00:00:00:00:0a")!;
export const B = parseMac("02:00:00:00:00:0b")!;
const VENDOR = parseMac("00:00:0c:11:22:33")!;
export const IA = parseIp4("10.0.0.1")!;
export const IB = parseIp4("10.0.0.2")!;
const FAR = parseIp4("192.0.2.77")!;
const LA = linkLocalFromMac(A);
const LB = linkLocalFromMac(B);
const GA = parseIp6("2001:db8::a")!;
const GB = parseIp6("2001:db8:0:1::b")!;
const ALLNODES = parseIp6("ff02::1")!;
const ALLROUTERS = parseIp6("ff02::2")!;
const UNSPEC = new Uint8Array(16);

function eth(dst: Readonly<Uint8Array>, src: Readonly<Uint8Array>, type: number, payload: Uint8Array): Uint8Array {
  const b = new Uint8Array(ETH_HLEN + payload.length);
  buildEth(b, 0, dst, src, type);
  b.set(payload, ETH_HLEN);
  return b;
}
export function ip4(
  proto: number,
  payload: Uint8Array,
  o: { src?: number; dst?: number; ttl?: number; tos?: number; id?: number; frag?: number; options?: Uint8Array } = {},
): Uint8Array {
  const hl = 20 + (o.options ? o.options.length : 0);
  const b = new Uint8Array(hl + payload.length);
  b.set(payload, hl);
  buildIp4(b, 0, o.tos ?? 0, b.length, o.id ?? 0x1234, o.frag ?? 0, o.ttl ?? 64, proto, o.src ?? IA, o.dst ?? IB, o.options ?? null);
  return b;
}
function ip6(next: number, payload: Uint8Array, src: Uint8Array, dst: Uint8Array, hlim = 64, tc = 0, flow = 0): Uint8Array {
  const b = new Uint8Array(40 + payload.length);
  b.set(payload, 40);
  buildIp6(b, 0, tc, flow, payload.length, next, hlim, src, dst);
  return b;
}
function pattern(n: number): Uint8Array {
  const b = new Uint8Array(n);
  for (let i = 0; i < n; i++) b[i] = i & 255;
  return b;
}
export function echo(type: number, id: number, seq: number, n: number): Uint8Array {
  const b = new Uint8Array(ICMP_HLEN + n);
  b.set(pattern(n), ICMP_HLEN);
  buildIcmpEcho(b, 0, type, id, seq, n);
  return b;
}
function icmpErr(type: number, code: number, rest: number, quote: Uint8Array): Uint8Array {
  const b = new Uint8Array(ICMP_HLEN + quote.length);
  b.set(quote, ICMP_HLEN);
  buildIcmpError(b, 0, type, code, rest, quote.length);
  return b;
}
function udp(sport: number, dport: number, data: Uint8Array, src = IA, dst = IB): Uint8Array {
  const b = new Uint8Array(8 + data.length);
  b.set(data, 8);
  buildUdp4(b, 0, sport, dport, data.length, src, dst);
  return b;
}
function tcp(
  sport: number,
  dport: number,
  seq: number,
  ack: number,
  flags: number,
  data: Uint8Array,
  options: Uint8Array | null = null,
  src = IA,
  dst = IB,
  urg = 0,
): Uint8Array {
  const hl = 20 + (options ? options.length : 0);
  const b = new Uint8Array(hl + data.length);
  b.set(data, hl);
  buildTcp(b, 0, sport, dport, seq, ack, flags, 64240, urg, options);
  tcpSetChecksum4(b, 0, b.length, src, dst);
  return b;
}
function icmp6(build: (b: Uint8Array) => number, max = 512): Uint8Array {
  const b = new Uint8Array(max);
  return b.slice(0, build(b));
}
function arp(op: number, sha: Uint8Array, spa: number, tha: Uint8Array | null, tpa: number, pad = 0): Uint8Array {
  const b = new Uint8Array(ARP_LEN + pad);
  buildArp(b, 0, op, sha, spa, tha, tpa);
  return b;
}
function changed(b: Uint8Array, change: (b: Uint8Array) => void): Uint8Array {
  const c = b.slice();
  change(c);
  return c;
}
const bytes = (...v: number[]): Uint8Array => new Uint8Array(v);
const none = new Uint8Array(0);

function arpFrames(add: (name: string, b: Uint8Array) => void): void {
  add("arp request", eth(BROADCAST, A, ETH_P_ARP, arp(ArpOp.REQUEST, A, IA, null, IB)));
  add("arp reply", eth(A, B, ETH_P_ARP, arp(ArpOp.REPLY, B, IB, A, IA)));
  add("arp request unicast probe", eth(B, A, ETH_P_ARP, arp(ArpOp.REQUEST, A, IA, B, IB)));
  add("arp gratuitous request", eth(BROADCAST, A, ETH_P_ARP, arp(ArpOp.REQUEST, A, IA, new Uint8Array(BROADCAST), IA)));
  add("arp gratuitous reply", eth(BROADCAST, A, ETH_P_ARP, arp(ArpOp.REPLY, A, IA, A, IA)));
  add("arp announcement", eth(BROADCAST, A, ETH_P_ARP, arp(ArpOp.REQUEST, A, IA, null, IA)));
  add("arp probe from 0.0.0.0", eth(BROADCAST, VENDOR, ETH_P_ARP, arp(ArpOp.REQUEST, VENDOR, 0, null, IB)));
  add("arp padded", eth(BROADCAST, A, ETH_P_ARP, arp(ArpOp.REQUEST, A, IA, null, IB, 18)));
  add("arp known vendor reply", eth(A, VENDOR, ETH_P_ARP, arp(ArpOp.REPLY, VENDOR, IB, A, IA)));
  add("rarp request", eth(BROADCAST, A, 0x8035, arp(ArpOp.RREQUEST, A, 0, A, 0)));
  add("rarp reply", eth(A, B, 0x8035, arp(ArpOp.RREPLY, B, IB, A, IA)));
  add("arp inverse request", eth(A, B, ETH_P_ARP, arp(ArpOp.INREQUEST, B, IB, A, IA)));
  add("arp inverse reply", eth(A, B, ETH_P_ARP, arp(ArpOp.INREPLY, B, IB, A, IA)));
  add("arp unknown op", eth(A, B, ETH_P_ARP, arp(77, B, IB, A, IA)));
  add(
    "arp other hardware",
    eth(
      A,
      B,
      ETH_P_ARP,
      changed(arp(1, B, IB, A, IA), (b) => put16(b, 0, 6)),
    ),
  );
  add(
    "arp unknown hardware",
    eth(
      A,
      B,
      ETH_P_ARP,
      changed(arp(1, B, IB, A, IA), (b) => put16(b, 0, 999)),
    ),
  );
  add(
    "arp other protocol",
    eth(
      A,
      B,
      ETH_P_ARP,
      changed(arp(1, B, IB, A, IA), (b) => put16(b, 2, 0x86dd)),
    ),
  );
  add(
    "arp protocol length 16",
    eth(
      A,
      B,
      ETH_P_ARP,
      changed(arp(1, B, IB, A, IA, 30), (b) => (b[5] = 16)),
    ),
  );
  add(
    "arp hardware length 0",
    eth(
      A,
      B,
      ETH_P_ARP,
      changed(arp(1, B, IB, A, IA), (b) => (b[4] = 0)),
    ),
  );
  add(
    "arp hardware length 8",
    eth(
      A,
      B,
      ETH_P_ARP,
      changed(arp(1, B, IB, A, IA, 10), (b) => (b[4] = 8)),
    ),
  );
  add("arp short", eth(A, B, ETH_P_ARP, arp(1, B, IB, A, IA).slice(0, 20)));
}

function icmpFrames(add: (name: string, b: Uint8Array) => void): void {
  const v4 = (name: string, payload: Uint8Array, o: Parameters<typeof ip4>[2] = {}): void =>
    add(name, eth(B, A, ETH_P_IP, ip4(IpProto.ICMP, payload, o)));
  v4("echo request", echo(IcmpType.ECHO, 77, 1, 56), { frag: IP_DF });
  v4("echo reply", echo(IcmpType.ECHOREPLY, 77, 1, 56), { src: IB, dst: IA });
  v4("echo tos", echo(IcmpType.ECHO, 65535, 65535, 0), { tos: 0xb9, ttl: 1, id: 0 });
  v4("echo ect0", echo(IcmpType.ECHO, 1, 2, 1), { tos: 0x02, ttl: 255 });
  v4("echo ce ttl 0", echo(IcmpType.ECHO, 1, 2, 8), { tos: 0x03, ttl: 0 });
  v4(
    "echo code 3",
    changed(echo(IcmpType.ECHO, 1, 2, 8), (b) => {
      b[1] = 3;
      icmpSetChecksum(b, 0, b.length);
    }),
  );
  const quoteEcho = ip4(IpProto.ICMP, echo(IcmpType.ECHO, 5, 6, 56), { dst: FAR, frag: IP_DF });
  const quoteUdp = ip4(IpProto.UDP, udp(40000, 33434, pattern(32), IA, FAR), { dst: FAR });
  const quoteTcp = ip4(IpProto.TCP, tcp(40000, 80, 1000, 0, TCP_SYN, none, null, IA, FAR), { dst: FAR });
  for (let code = 0; code <= 16; code++) {
    v4(`unreach ${code} echo`, icmpErr(IcmpType.DEST_UNREACH, code, code === 4 ? 1400 : 0, quoteEcho), { src: IB, dst: IA, tos: 0xc0 });
  }
  v4("unreach port udp", icmpErr(IcmpType.DEST_UNREACH, 3, 0, quoteUdp));
  v4("unreach port udp cut at 28", icmpErr(IcmpType.DEST_UNREACH, 3, 0, quoteUdp.slice(0, 28)));
  v4("unreach port tcp", icmpErr(IcmpType.DEST_UNREACH, 3, 0, quoteTcp));
  v4("unreach port tcp cut at 28", icmpErr(IcmpType.DEST_UNREACH, 3, 0, quoteTcp.slice(0, 28)));
  v4("unreach port esp", icmpErr(IcmpType.DEST_UNREACH, 3, 0, ip4(IpProto.ESP, pattern(16), { dst: FAR })));
  v4("unreach protocol", icmpErr(IcmpType.DEST_UNREACH, 2, 0, ip4(253, pattern(16), { dst: FAR })));
  v4("unreach frag without mtu", icmpErr(IcmpType.DEST_UNREACH, 4, 0, quoteUdp));
  v4(
    "unreach quoted long",
    icmpErr(IcmpType.DEST_UNREACH, 1, 0, ip4(IpProto.UDP, udp(1, 2, pattern(600), IA, FAR), { dst: FAR }).slice(0, 548)),
  );
  for (let code = 0; code <= 4; code++) v4(`redirect ${code}`, icmpErr(IcmpType.REDIRECT, code, IB, quoteEcho), { src: IB, dst: IA });
  for (let code = 0; code <= 2; code++)
    v4(`time exceeded ${code}`, icmpErr(IcmpType.TIME_EXCEEDED, code, 0, quoteUdp), { src: IB, dst: IA });
  v4("time exceeded cut", icmpErr(IcmpType.TIME_EXCEEDED, 0, 0, quoteEcho.slice(0, 28)), { src: IB, dst: IA });
  v4("parameter problem pointer", icmpErr(IcmpType.PARAMETERPROB, 0, 20 << 24, quoteUdp));
  v4("parameter problem code", icmpErr(IcmpType.PARAMETERPROB, 1, 0, quoteUdp));
  v4("source quench", icmpErr(IcmpType.SOURCE_QUENCH, 0, 0, quoteUdp));
  v4("timestamp request", icmpErr(IcmpType.TIMESTAMP, 0, 0x00050007, bytes(0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0)));
  v4("timestamp reply", icmpErr(IcmpType.TIMESTAMPREPLY, 0, 0x00050007, bytes(0, 1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 5)));
  v4("timestamp reply not UTC", icmpErr(IcmpType.TIMESTAMPREPLY, 0, 0x00050007, bytes(0x80, 1, 2, 3, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 5)));
  v4("information request", icmpErr(IcmpType.INFO_REQUEST, 0, 0x00050007, none));
  v4("information reply", icmpErr(IcmpType.INFO_REPLY, 0, 0x00050007, none));
  v4("mask request", icmpErr(IcmpType.ADDRESS, 0, 0x00050007, bytes(0, 0, 0, 0)));
  v4("mask reply", icmpErr(IcmpType.ADDRESSREPLY, 0, 0x00050007, bytes(255, 255, 255, 0)));
  v4("router solicitation", icmpErr(IcmpType.ROUTERSOLICIT, 0, 0, none));
  v4("router advertisement", icmpErr(IcmpType.ROUTERADVERT, 0, 0x02020708, bytes(10, 0, 0, 1, 0, 0, 0, 0, 10, 0, 0, 9, 0x80, 0, 0, 0)));
  v4("router advertisement odd", icmpErr(IcmpType.ROUTERADVERT, 0, 0x01030708, bytes(10, 0, 0, 1, 0, 0, 0, 0)));
  v4("unknown type", icmpErr(42, 0, 0, none));
  v4(
    "bad icmp checksum",
    changed(echo(IcmpType.ECHO, 77, 1, 56), (b) => (b[20]! ^= 0x40)),
  );
  v4("short icmp", bytes(8, 0, 0xf7));
  v4("empty icmp", none);
}

function ip4Frames(add: (name: string, b: Uint8Array) => void): void {
  const raw = (name: string, b: Uint8Array): void => add(name, eth(B, A, ETH_P_IP, b));
  const big = echo(IcmpType.ECHO, 9, 1, 2000);
  raw("first fragment", ip4(IpProto.ICMP, big.slice(0, 1480), { frag: IP_MF }));
  raw("last fragment", ip4(IpProto.ICMP, big.slice(1480), { frag: 1480 >> 3 }));
  raw("middle fragment", ip4(IpProto.UDP, pattern(800), { frag: IP_MF | 100 }));
  raw("fragment unknown protocol", ip4(253, pattern(16), { frag: 100 }));
  raw("reserved flag", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { frag: 0x8000 | IP_DF | IP_MF }));
  raw(
    "bad header checksum",
    changed(ip4(IpProto.ICMP, echo(8, 1, 1, 8)), (b) => (b[10]! ^= 1)),
  );
  raw("options nop end", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(1, 1, 0, 0) }));
  raw("options record route", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(1, 7, 11, 8, 10, 0, 0, 1, 0, 0, 0, 0) }));
  raw(
    "options record route long",
    ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(7, 15, 12, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 0, 0, 0) }),
  );
  raw("options record route bad pointer", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(7, 7, 5, 10, 0, 0, 1, 0) }));
  raw("options timestamp", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(68, 12, 9, 0, 0, 1, 2, 3, 0, 0, 0, 0) }));
  raw(
    "options timestamp address",
    ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(68, 20, 13, 0x11, 10, 0, 0, 1, 0, 0, 1, 2, 10, 0, 0, 2, 0, 0, 0, 0) }),
  );
  raw("options loose source route", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(131, 7, 4, 10, 0, 0, 9, 0) }));
  raw("options strict source route", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(137, 11, 8, 10, 0, 0, 9, 10, 0, 0, 8, 0) }));
  raw("options router alert", ip4(IpProto.IGMP, pattern(8), { options: bytes(148, 4, 0, 0) }));
  raw("options router alert value", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(148, 4, 0, 9) }));
  raw("options unknown", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(99, 3, 1, 0) }));
  raw("options bad length", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(7, 1, 1, 0) }));
  raw("options too long", ip4(IpProto.ICMP, echo(8, 1, 1, 8), { options: bytes(7, 20, 4, 0) }));
  raw(
    "header length 4",
    changed(ip4(IpProto.ICMP, echo(8, 1, 1, 8)), (b) => (b[0] = 0x44)),
  );
  raw(
    "total length short",
    changed(ip4(IpProto.ICMP, echo(8, 1, 1, 8)), (b) => put16(b, 2, 12)),
  );
  raw(
    "total length 0",
    changed(ip4(IpProto.ICMP, echo(8, 1, 1, 8)), (b) => put16(b, 2, 0)),
  );
  raw(
    "total length long",
    changed(ip4(IpProto.ICMP, echo(8, 1, 1, 8)), (b) => put16(b, 2, 100)),
  );
  raw(
    "version 5",
    changed(ip4(IpProto.ICMP, echo(8, 1, 1, 8)), (b) => (b[0] = 0x55)),
  );
  raw(
    "version 6 in ip",
    changed(ip4(IpProto.ICMP, echo(8, 1, 1, 8)), (b) => (b[0] = 0x65)),
  );
  raw("padded to 60", concatBytes([ip4(IpProto.ICMP, echo(8, 1, 1, 0)), new Uint8Array(18)]));
  raw("ten bytes", ip4(IpProto.ICMP, echo(8, 1, 1, 8)).slice(0, 10));
  raw("protocol 253", ip4(253, pattern(20)));
  raw("protocol 89", ip4(200, pattern(20)));
  raw("ip in ip", ip4(IpProto.IPIP, ip4(IpProto.ICMP, echo(8, 3, 4, 56), { src: FAR })));
  raw("ip6 in ip", ip4(IpProto.IPV6, ip6(IpProto.NONE, none, GA, GB)));
  raw("broadcast destination", ip4(IpProto.UDP, udp(9999, 9998, pattern(4), IA, 0xffffffff), { dst: 0xffffffff }));
  raw("esp", ip4(IpProto.ESP, pattern(40)));
  raw(
    "ah",
    ip4(IpProto.AH, concatBytes([bytes(1, 4, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), echo(8, 1, 1, 8)])),
  );
  raw("gre of ip", ip4(IpProto.GRE, concatBytes([bytes(0, 0, 8, 0), ip4(IpProto.ICMP, echo(8, 3, 4, 56), { src: FAR })])));
  raw("gre key", ip4(IpProto.GRE, concatBytes([bytes(0x20, 0, 8, 0, 0, 0, 0, 7), ip4(IpProto.ICMP, echo(8, 3, 4, 56), { src: FAR })])));
  raw("igmp v2 report", ip4(IpProto.IGMP, bytes(0x16, 0, 0x08, 0xfe, 224, 1, 1, 1), { dst: 0xe0010101, ttl: 1 }));
  raw("igmp query", ip4(IpProto.IGMP, bytes(0x11, 100, 0xee, 0x9b, 0, 0, 0, 0), { dst: 0xe0000001, ttl: 1 }));
  raw("igmp leave", ip4(IpProto.IGMP, bytes(0x17, 0, 0x07, 0xfd, 224, 1, 1, 1), { dst: 0xe0000002, ttl: 1 }));
  raw(
    "igmp v3 report",
    ip4(IpProto.IGMP, bytes(0x22, 0, 0xf9, 0xfb, 0, 0, 0, 1, 4, 0, 0, 0, 224, 1, 1, 1), {
      dst: 0xe0000016,
      ttl: 1,
      options: bytes(148, 4, 0, 0),
    }),
  );
}

function udpFrames(add: (name: string, b: Uint8Array) => void): void {
  const v4 = (name: string, payload: Uint8Array): void => add(name, eth(B, A, ETH_P_IP, ip4(IpProto.UDP, payload)));
  v4("udp", udp(40000, 33434, pattern(32)));
  v4("udp empty", udp(40000, 40001, none));
  v4("udp named ports", udp(123 + 40000, 37, utf8("hello\n")));
  v4("udp echo port", udp(4001, 7, utf8("x\n")));
  v4(
    "udp no checksum",
    changed(udp(40000, 40001, pattern(5)), (b) => put16(b, 6, 0)),
  );
  v4(
    "udp bad checksum",
    changed(udp(40000, 40001, pattern(5)), (b) => put16(b, 6, 0x1111)),
  );
  v4(
    "udp length 4",
    changed(udp(40000, 40001, pattern(5)), (b) => put16(b, 4, 4)),
  );
  v4(
    "udp length long",
    changed(udp(40000, 40001, pattern(5)), (b) => put16(b, 4, 50)),
  );
  v4(
    "udp length 0",
    changed(udp(40000, 40001, pattern(5)), (b) => put16(b, 4, 0)),
  );
  v4(
    "udp length short",
    changed(udp(40000, 40001, pattern(15)), (b) => put16(b, 4, 12)),
  );
  v4("udp 5 bytes", udp(40000, 40001, none).slice(0, 5));
  v4("udp 2 bytes", udp(40000, 40001, none).slice(0, 2));
  v4("vxlan", udp(50000, 4789, concatBytes([bytes(8, 0, 0, 0, 0, 0, 100, 0), eth(B, A, ETH_P_IP, ip4(IpProto.ICMP, echo(8, 3, 4, 56)))])));
  v4(
    "vxlan arp",
    udp(50000, 4789, concatBytes([bytes(8, 0, 0, 0, 0, 0, 100, 0), eth(BROADCAST, A, ETH_P_ARP, arp(ArpOp.REQUEST, A, IA, null, IB))])),
  );
  v4("dns too short", udp(4444, 53, utf8("q\n")));
}

function tcpFrames(add: (name: string, b: Uint8Array) => void): void {
  const syn = bytes(2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 1, 0, 0, 0, 0, 0, 1, 3, 3, 10);
  const ts = bytes(1, 1, 8, 10, 0, 0, 1, 1, 0, 0, 2, 2);
  const a2b = (name: string, ...rest: [number, number, number, Uint8Array, (Uint8Array | null)?]): void =>
    add(
      name,
      eth(B, A, ETH_P_IP, ip4(IpProto.TCP, tcp(40000, 8000, rest[0], rest[1], rest[2], rest[3], rest[4] ?? null), { frag: IP_DF })),
    );
  const b2a = (name: string, ...rest: [number, number, number, Uint8Array, (Uint8Array | null)?]): void =>
    add(
      name,
      eth(
        A,
        B,
        ETH_P_IP,
        ip4(IpProto.TCP, tcp(8000, 40000, rest[0], rest[1], rest[2], rest[3], rest[4] ?? null, IB, IA), { src: IB, dst: IA, frag: IP_DF }),
      ),
    );
  a2b("tcp syn", 1000, 0, TCP_SYN, none, syn);
  b2a("tcp syn ack", 4000000000, 1001, TCP_SYN | TCP_ACK, none, syn);
  a2b("tcp ack", 1001, 4000000001, TCP_ACK, none, ts);
  a2b("tcp data", 1001, 4000000001, TCP_ACK | TCP_PSH, utf8("hello\n"), ts);
  b2a("tcp data ack", 4000000001, 1007, TCP_ACK, none, ts);
  b2a("tcp sack", 4000000001, 1007, TCP_ACK, none, bytes(1, 1, 5, 18, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7, 0));
  a2b("tcp fin", 1007, 4000000001, TCP_ACK | TCP_FIN, none, ts);
  b2a("tcp rst ack", 0, 1008, TCP_ACK | TCP_RST, none);
  a2b("tcp rst", 1008, 0, TCP_RST, none);
  a2b("tcp all flags", 1, 2, 0xff, none);
  a2b("tcp no flags", 1, 2, 0, pattern(3));
  a2b("tcp urgent ecn", 1, 2, TCP_URG | TCP_ECE | TCP_CWR, pattern(3));
  a2b("tcp unknown option", 1, 2, TCP_ACK, none, bytes(77, 6, 1, 2, 3, 4, 1, 0));
  a2b("tcp option bad length", 1, 2, TCP_ACK, none, bytes(2, 3, 1, 1));
  a2b("tcp option cut", 1, 2, TCP_ACK, none, bytes(1, 1, 8, 10));
  a2b("tcp option length 1", 1, 2, TCP_ACK, none, bytes(1, 1, 1, 8, 1, 0, 0, 0));
  add(
    "tcp bad checksum",
    eth(
      B,
      A,
      ETH_P_IP,
      ip4(
        IpProto.TCP,
        changed(tcp(1, 2, 3, 4, TCP_SYN, none), (b) => put16(b, 16, 0x1234)),
      ),
    ),
  );
  add(
    "tcp header length 16",
    eth(
      B,
      A,
      ETH_P_IP,
      ip4(
        IpProto.TCP,
        changed(tcp(1, 2, 3, 4, TCP_SYN, none), (b) => (b[12] = 0x40)),
      ),
    ),
  );
  add(
    "tcp header length 60",
    eth(
      B,
      A,
      ETH_P_IP,
      ip4(
        IpProto.TCP,
        changed(tcp(1, 2, 3, 4, TCP_SYN, none), (b) => (b[12] = 0xf0)),
      ),
    ),
  );
  add("tcp cut at 10", eth(B, A, ETH_P_IP, ip4(IpProto.TCP, tcp(1, 2, 3, 4, TCP_SYN, none).slice(0, 10))));
  add("tcp cut at 3", eth(B, A, ETH_P_IP, ip4(IpProto.TCP, tcp(1, 2, 3, 4, TCP_SYN, none).slice(0, 3))));
  add("tcp without a start", eth(A, B, ETH_P_IP, ip4(IpProto.TCP, tcp(9000, 9001, 777, 888, TCP_ACK | TCP_PSH, pattern(10)))));
  add("tcp without a start 2", eth(A, B, ETH_P_IP, ip4(IpProto.TCP, tcp(9000, 9001, 787, 888, TCP_ACK | TCP_PSH, pattern(10)))));
  add("tcp named port", eth(B, A, ETH_P_IP, ip4(IpProto.TCP, tcp(40001, 22, 1, 0, TCP_SYN, none))));
  const seg6 = new Uint8Array(20);
  buildTcp(seg6, 0, 40000, 8000, 5, 0, TCP_SYN, 64240, 0, null);
  tcpSetChecksum6(seg6, 0, 20, GA, GB);
  add("tcp over ip6", eth(B, A, ETH_P_IPV6, ip6(IpProto.TCP, seg6, GA, GB)));
}

function ip6Frames(add: (name: string, b: Uint8Array) => void): void {
  const v6 = (name: string, b: Uint8Array): void => add(name, eth(B, A, ETH_P_IPV6, b));
  const nd = (name: string, dst: Uint8Array, src: Uint8Array, build: (b: Uint8Array) => number): void =>
    add(name, eth(dst[0] === 0xff ? macOfMulticast6(dst) : B, A, ETH_P_IPV6, ip6(IpProto.ICMPV6, icmp6(build), src, dst, 255)));
  nd("ns", solicitedNode(GB), LA, (b) => buildNs(b, 0, GB, A, null, LA, solicitedNode(GB)));
  nd("ns dad", solicitedNode(LA), UNSPEC, (b) => buildNs(b, 0, LA, null, bytes(1, 2, 3, 4, 5, 6), UNSPEC, solicitedNode(LA)));
  nd("ns unicast", LB, LA, (b) => buildNs(b, 0, LB, A, null, LA, LB));
  nd("na solicited", LA, LB, (b) => buildNa(b, 0, NA_SOLICITED | NA_OVERRIDE, LB, B, LB, LA));
  nd("na router", ALLNODES, LB, (b) => buildNa(b, 0, NA_ROUTER | NA_OVERRIDE, GB, B, LB, ALLNODES));
  nd("na no flags no option", LA, LB, (b) => buildNa(b, 0, 0, LB, null, LB, LA));
  nd("rs", ALLROUTERS, LA, (b) => buildRs(b, 0, A, LA, ALLROUTERS));
  nd("rs no option", ALLROUTERS, LA, (b) => buildRs(b, 0, null, LA, ALLROUTERS));
  nd("ra", ALLNODES, LA, (b) =>
    buildRa(
      b,
      0,
      {
        hopLimit: 64,
        flags: 0xc0,
        lifetime: 1800,
        reachable: 30000,
        retrans: 1000,
        mac: A,
        mtu: 1500,
        prefixes: [{ prefix: parseIp6("2001:db8::")!, len: 64, flags: 0xc0, valid: 86400, preferred: 0xffffffff }],
      },
      LA,
      ALLNODES,
    ),
  );
  nd("ra bare", ALLNODES, LA, (b) =>
    buildRa(b, 0, { hopLimit: 0, flags: 0x18, lifetime: 0, reachable: 0, retrans: 0, mac: null, mtu: null, prefixes: [] }, LA, ALLNODES),
  );
  nd("ra other options", ALLNODES, LA, (b) => {
    buildRa(b, 0, { hopLimit: 0, flags: 0x08, lifetime: 9, reachable: 0, retrans: 0, mac: null, mtu: null, prefixes: [] }, LA, ALLNODES);
    b.set(bytes(25, 3, 0, 0, 0, 0, 1, 44), 16);
    b.set(GA, 24);
    b.set(bytes(31, 3, 0, 0, 0, 0, 1, 44, 3, 108, 97, 98, 4, 116, 101, 115, 116, 0, 0, 0, 0, 0, 0, 0), 40);
    b.set(bytes(24, 2, 48, 8, 0, 0, 0, 60, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0), 64);
    b.set(bytes(99, 1, 1, 2, 3, 4, 5, 6), 80);
    b.set(bytes(7, 1, 0, 0, 0, 0, 0, 100), 88);
    icmp6SetChecksum(b, 0, 96, LA, ALLNODES);
    return 96;
  });
  nd("nd option of length 0", LA, LB, (b) => {
    const n = buildNs(b, 0, LB, A, null, LA, LB);
    b[25] = 0;
    icmp6SetChecksum(b, 0, n, LB, LA);
    return n;
  });
  nd("redirect", LA, LB, (b) => {
    b[0] = Icmp6Type.REDIRECT;
    b.set(LB, 8);
    b.set(GB, 24);
    b.set(bytes(2, 1, 2, 0, 0, 0, 0, 0x0b), 40);
    b.set(bytes(4, 7, 0, 0, 0, 0, 0, 0), 48);
    b.set(
      ip6(
        IpProto.ICMPV6,
        icmp6((c) => {
          buildIcmp6Echo(c, 0, 128, 1, 1, 0, GA, GB);
          return 8;
        }),
        GA,
        GB,
      ),
      56,
    );
    icmp6SetChecksum(b, 0, 104, LB, LA);
    return 104;
  });
  for (const [type, name] of [
    [128, "echo6 request"],
    [129, "echo6 reply"],
  ] as const)
    v6(
      name,
      ip6(
        IpProto.ICMPV6,
        icmp6((b) => {
          b.set(pattern(56), 8);
          buildIcmp6Echo(b, 0, type, 12, 1, 56, GA, GB);
          return 64;
        }),
        GA,
        GB,
      ),
    );
  v6(
    "echo6 flow label",
    ip6(
      IpProto.ICMPV6,
      icmp6((b) => {
        buildIcmp6Echo(b, 0, 128, 12, 1, 0, GA, GB);
        return 8;
      }),
      GA,
      GB,
      64,
      0xb8,
      0x12345,
    ),
  );
  v6(
    "echo6 bad checksum",
    changed(
      ip6(
        IpProto.ICMPV6,
        icmp6((b) => {
          buildIcmp6Echo(b, 0, 128, 12, 1, 0, GA, GB);
          return 8;
        }),
        GA,
        GB,
      ),
      (b) => (b[43]! ^= 1),
    ),
  );
  const mld = (name: string, src: Uint8Array, dst: Uint8Array, build: (b: Uint8Array) => number): void => {
    const m = icmp6(build);
    const h = new Uint8Array(8);
    buildHopByHopRouterAlert(h, 0, IpProto.ICMPV6);
    add(name, eth(macOfMulticast6(dst), A, ETH_P_IPV6, ip6(IpProto.HOPOPTS, concatBytes([h, m]), src, dst, 1)));
  };
  const routers = allMldv2Routers();
  const group = (g: string): Uint8Array => parseIp6(g)!;
  mld("mld2 report", UNSPEC, routers, (b) =>
    buildMld2Report(b, 0, [{ type: MldRecord.TO_EXCLUDE, group: solicitedNode(LA), sources: [] }], UNSPEC, routers),
  );
  mld("mld2 report two", LA, routers, (b) =>
    buildMld2Report(
      b,
      0,
      [
        { type: MldRecord.TO_INCLUDE, group: solicitedNode(LA), sources: [] },
        { type: MldRecord.IS_EXCLUDE, group: group("ff02::fb"), sources: [] },
      ],
      LA,
      routers,
    ),
  );
  mld("mld2 report sources", LA, routers, (b) =>
    buildMld2Report(
      b,
      0,
      [
        { type: MldRecord.ALLOW_NEW, group: group("ff05::1:3"), sources: [GA, GB] },
        { type: 9, group: group("ff05::1:3"), sources: [] },
      ],
      LA,
      routers,
    ),
  );
  mld("mld2 query general", LA, ALLNODES, (b) => buildMld2Query(b, 0, UNSPEC, 10000, 2, 125, LA, ALLNODES));
  mld("mld2 query group", LA, group("ff02::fb"), (b) => buildMld2Query(b, 0, group("ff02::fb"), 0x9234, 0, 0x85, LA, group("ff02::fb")));
  mld("mld1 report", LA, group("ff02::fb"), (b) => buildMld1(b, 0, 131, group("ff02::fb"), LA, group("ff02::fb")));
  mld("mld1 done", LA, ALLROUTERS, (b) => buildMld1(b, 0, 132, group("ff02::fb"), LA, ALLROUTERS));
  mld("mld1 query", LA, ALLNODES, (b) => buildMld1(b, 0, 130, UNSPEC, LA, ALLNODES));
  const u6 = new Uint8Array(8 + 4);
  buildUdp6(u6, 0, 40000, 33434, 4, GA, GB);
  const quote = ip6(IpProto.UDP, u6, GA, GB);
  const t6 = new Uint8Array(20);
  buildTcp(t6, 0, 40000, 80, 5, 0, TCP_SYN, 64240, 0, null);
  tcpSetChecksum6(t6, 0, 20, GA, GB);
  const quoteTcp = ip6(IpProto.TCP, t6, GA, GB);
  const quotePing = ip6(
    IpProto.ICMPV6,
    icmp6((b) => {
      buildIcmp6Echo(b, 0, 128, 12, 1, 8, GA, GB);
      return 16;
    }),
    GA,
    GB,
  );
  const err = (name: string, type: number, code: number, rest: number, q: Uint8Array): void =>
    v6(
      name,
      ip6(
        IpProto.ICMPV6,
        icmp6((b) => {
          b.set(q, 8);
          buildIcmp6Error(b, 0, type, code, rest, q.length, GB, GA);
          return 8 + q.length;
        }),
        GB,
        GA,
      ),
    );
  for (let code = 0; code <= 7; code++) err(`unreach6 ${code}`, 1, code, 0, quote);
  err("unreach6 port tcp", 1, 4, 0, quoteTcp);
  err("unreach6 port ping", 1, 4, 0, quotePing);
  err("too big", 2, 0, 1280, quote);
  for (let code = 0; code <= 2; code++) err(`time exceeded6 ${code}`, 3, code, 0, quote);
  for (let code = 0; code <= 3; code++) err(`parameter problem6 ${code}`, 4, code, 40, quote);
  err("icmp6 unknown type", 200, 3, 0, none);
  err("icmp6 unknown error", 100, 3, 0, quote);
  v6("udp6", quote);
  v6(
    "udp6 no checksum",
    changed(quote, (b) => put16(b, 46, 0)),
  );
  v6(
    "udp6 bad checksum",
    changed(quote, (b) => put16(b, 46, 7)),
  );
  const frag = (off: number, more: boolean, next: number, data: Uint8Array): Uint8Array => {
    const h = new Uint8Array(8);
    buildIp6Frag(h, 0, next, off, more, 0xdeadbeef);
    return ip6(IpProto.FRAGMENT, concatBytes([h, data]), GA, GB);
  };
  v6(
    "fragment6 first",
    frag(
      0,
      true,
      IpProto.ICMPV6,
      icmp6((b) => {
        buildIcmp6Echo(b, 0, 128, 12, 1, 64, GA, GB);
        return 72;
      }),
    ),
  );
  v6("fragment6 last", frag(1448, false, IpProto.ICMPV6, pattern(20)));
  v6("fragment6 udp first", frag(0, true, IpProto.UDP, u6));
  v6("fragment6 only", frag(0, false, IpProto.UDP, u6));
  v6("no next header", ip6(IpProto.NONE, none, GA, GB));
  v6("no next header with data", ip6(IpProto.NONE, pattern(4), GA, GB));
  v6("next header 253", ip6(253, pattern(4), GA, GB));
  v6("destination options", ip6(IpProto.DSTOPTS, concatBytes([bytes(17, 0, 1, 4, 0, 0, 0, 0), u6]), GA, GB));
  v6("destination options unknown", ip6(IpProto.DSTOPTS, concatBytes([bytes(17, 0, 0x1e, 2, 1, 2, 0, 0), u6]), GA, GB));
  v6("hop by hop bad", ip6(IpProto.HOPOPTS, concatBytes([bytes(17, 0, 5, 9, 0, 0, 0, 0), u6]), GA, GB));
  v6("routing header 0", ip6(IpProto.ROUTING, concatBytes([bytes(17, 2, 0, 1, 0, 0, 0, 0), GB, u6]), GA, GB));
  v6(
    "payload length long",
    changed(quote, (b) => put16(b, 4, 100)),
  );
  v6(
    "payload length short",
    changed(quote, (b) => put16(b, 4, 9)),
  );
  v6(
    "payload length 0",
    changed(quote, (b) => put16(b, 4, 0)),
  );
  v6(
    "version 4 in ip6",
    changed(quote, (b) => (b[0] = 0x45)),
  );
  v6("ip6 truncated", quote.slice(0, 30));
  v6("ip in ip6", ip6(IpProto.IPIP, ip4(IpProto.ICMP, echo(8, 3, 4, 8)), GA, GB));
  v6("ip6 in ip6", ip6(IpProto.IPV6, quotePing, GB, GA));
  v6("short icmp6", ip6(IpProto.ICMPV6, bytes(128), GA, GB));
  v6("icmp6 four bytes", ip6(IpProto.ICMPV6, bytes(128, 0, 0, 0), GA, GB));
  v6("mapped address", ip6(IpProto.NONE, none, parseIp6("::ffff:10.0.0.1")!, parseIp6("::")!));
  v6("loopback address", ip6(IpProto.NONE, none, parseIp6("::1")!, parseIp6("::2.3.4.5")!));
}

function linkFrames(add: (name: string, b: Uint8Array) => void): void {
  const vlan = (id: number, pcp: number, type: number, payload: Uint8Array): Uint8Array => {
    const b = new Uint8Array(VLAN_HLEN + payload.length);
    buildVlan(b, 0, id, pcp, type);
    b.set(payload, VLAN_HLEN);
    return b;
  };
  const ping = ip4(IpProto.ICMP, echo(8, 3, 4, 56));
  add("vlan 10", eth(B, A, ETH_P_8021Q, vlan(10, 0, ETH_P_IP, ping)));
  add("vlan 10 priority 5", eth(B, A, ETH_P_8021Q, vlan(10, 5, ETH_P_ARP, arp(ArpOp.REQUEST, A, IA, null, IB))));
  add(
    "vlan dei",
    eth(
      B,
      A,
      ETH_P_8021Q,
      changed(vlan(4095, 7, ETH_P_IP, ping), (b) => (b[0]! |= 0x10)),
    ),
  );
  add("qinq", eth(B, A, 0x88a8, vlan(100, 0, ETH_P_8021Q, vlan(10, 0, ETH_P_IP, ping))));
  add("vlan of nothing", eth(B, A, ETH_P_8021Q, vlan(10, 0, ETH_P_IP, none)));
  add("vlan cut", eth(B, A, ETH_P_8021Q, bytes(0, 10)));
  add("unknown ethertype", eth(B, A, 0x1234, pattern(20)));
  add("experimental ethertype", eth(BROADCAST, A, 0x88b5, utf8("hello, wire")));
  add("unknown ethertype empty", eth(B, A, 0x1234, none));
  add("runt", eth(B, A, ETH_P_IP, none).slice(0, 10));
  add("header only", eth(B, A, ETH_P_IP, none));
  add("header only ip6", eth(B, A, ETH_P_IPV6, none));
  add("header only arp", eth(B, A, ETH_P_ARP, none));
  const stp = bytes(
    0x42,
    0x42,
    3,
    0,
    0,
    0,
    0,
    0,
    0x80,
    0,
    2,
    0,
    0,
    0,
    0,
    10,
    0,
    0,
    0,
    0,
    0x80,
    0,
    2,
    0,
    0,
    0,
    0,
    10,
    0x80,
    1,
    0,
    0,
    20,
    0,
    2,
    0,
    15,
    0,
  );
  const group = parseMac("01:80:c2:00:00:00")!;
  add("stp config", eth(group, A, stp.length, concatBytes([stp, new Uint8Array(8)])));
  add("stp topology change", eth(group, A, 7, bytes(0x42, 0x42, 3, 0, 0, 0, 0x80)));
  const rstp = changed(concatBytes([stp, bytes(0)]), (b) => {
    b[5] = 2;
    b[6] = 2;
    b[7] = 0x3c;
  });
  add("rstp", eth(group, A, rstp.length, rstp));
}

/** All frames, in the order in which they were recorded: whole ones first, then cut ones. */
export function testFrames(): TestFrame[] {
  const out: TestFrame[] = [];
  const add = (name: string, b: Uint8Array): void => {
    out.push({ name, bytes: b, wireLen: b.length });
  };
  arpFrames(add);
  icmpFrames(add);
  ip4Frames(add);
  udpFrames(add);
  tcpFrames(add);
  ip6Frames(add);
  linkFrames(add);
  const cuts = [
    "arp request",
    "echo request",
    "unreach 1 echo",
    "unreach port udp",
    "udp",
    "tcp syn",
    "tcp data",
    "ns",
    "ra",
    "echo6 request",
    "mld2 report two",
    "unreach6 4",
    "fragment6 first",
    "vlan 10",
    "options record route",
    "stp config",
    "timestamp reply",
    "vxlan",
  ];
  for (const name of cuts) {
    const whole = out.find((f) => f.name === name)!;
    for (const at of [12, 13, 14, 16, 18, 20, 24, 30, 33, 34, 35, 36, 38, 40, 42, 45, 50, 54, 55, 58, 61, 62, 66, 70, 78, 86, 94]) {
      if (at < whole.bytes.length) out.push({ name: `${name} cut at ${at}`, bytes: whole.bytes.slice(0, at), wireLen: whole.wireLen });
    }
  }
  return out;
}

/** The same frames as a LINUX_SLL2 capture shows them: pseudo-header of 20 bytes, then what follows the Ethernet header. */
export function asSll2(f: TestFrame, index: number): TestFrame | null {
  if (f.bytes.length < 14) return null;
  const b = new Uint8Array(20 + f.bytes.length - 14);
  b[0] = f.bytes[12]!;
  b[1] = f.bytes[13]!;
  put32(b, 4, 1 + (index % 3));
  put16(b, 8, index % 7 === 6 ? 772 : 1);
  b[10] = index % 6;
  b[11] = 6;
  b.set(f.bytes.subarray(6, 12), 12);
  b.set(f.bytes.subarray(14), 20);
  return { name: f.name, bytes: b, wireLen: f.wireLen - 14 + 20 };
}
