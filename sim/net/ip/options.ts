/**
 * IPv4 options (net/ipv4/ip_options.c): read and filled in as a packet arrives, leaves or is forwarded: record route, timestamps,
 * source routes. Offsets count from the start of the IP header. What Linux does to a received packet's bytes happens here,
 * too: addresses and times are written at once, and the header's checksum is only made right again by forwarding.
 *
 * Left out: router alert's delivery, CIPSO.
 */
import { put32, u32 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { MS } from "../../core/time.ts";
import { isZeronet4 } from "../../wire/addr.ts";
import { IP4_HLEN, ip4Dst, IP4_OFF_DST, ip4SetChecksum, ip4Src, ip4Tos } from "../../wire/ipv4.ts";
import { inetAddrType } from "../fib/lookup.ts";
import { flow4 } from "../fib/types.ts";
import type { NetNs } from "../netns.ts";
import { RtScope, RtType } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import { inetSelectAddr } from "./devinet.ts";
import { fibPrefsrc, ipRouteOutput } from "./route-output.ts";
import { Dst4, RTCF } from "./state.ts";

const IPOPT = { END: 0, NOOP: 1, RR: 7, TIMESTAMP: 68, LSRR: 131, SSRR: 137, RA: 148 } as const;
const TS = { TSONLY: 0, TSANDADDR: 1, PRESPEC: 3 } as const;

/** What is in a header's options (struct ip_options). */
export class IpOptions {
  /** the bytes to send, a multiple of 4; empty for a received packet's, which are in the packet */
  bytes = new Uint8Array(0);
  srr = 0;
  rr = 0;
  ts = 0;
  strict = false;
  rrNeedaddr = false;
  tsNeedaddr = false;
  tsNeedtime = false;
  /** a source route names this machine now, and the next hop is `nexthop` */
  srrIsHit = false;
  nexthop = 0;
  /** first hop of a source route to be sent */
  faddr = 0;
}

/** inet_current_timestamp: ms since midnight. sim: of the virtual clock's first day */
export function currentTimestamp(ns: NetNs): number {
  return Math.floor(ns.net.now / MS) % 86_400_000;
}

/** fib_compute_spec_dst: the address of ours that the sender should hear from. */
export function specDst(skb: Skb): number {
  const d = skb.dst!;
  if ((d.flags & (RTCF.BROADCAST | RTCF.MULTICAST | RTCF.LOCAL)) >>> 0 === RTCF.LOCAL) return ip4Dst(skb.buf, skb.network);
  const dev = skb.dev!;
  const saddr = ip4Src(skb.buf, skb.network);
  if (isZeronet4(saddr)) return inetSelectAddr(dev, saddr, RtScope.LINK);
  const f = flow4(saddr, 0, 0);
  f.tos = ip4Tos(skb.buf, skb.network);
  const rt = ipRouteOutput(dev.ns, f);
  return rt instanceof Dst4 ? f.saddr : inetSelectAddr(dev, saddr, RtScope.UNIVERSE);
}

/** ip_rt_get_source: the address by which this machine appears on the way out. */
function routeSource(buf: Uint8Array, ip: number, rt: Dst4): number {
  if (!rt.isInput) return ip4Src(buf, ip);
  if (rt.route && rt.nh) return fibPrefsrc(rt.route.info, rt.nh);
  return inetSelectAddr(rt.dev, rt.gateway !== 0 ? rt.gateway : ip4Dst(buf, ip), RtScope.UNIVERSE);
}

/**
 * __ip_options_compile: reads the options of the header at `ip`, `len` bytes in all with the header. With `skb`, a packet that
 * arrived, writes our address and the time where the next slot is. The options, or the offset of the mistake.
 */
export function compileOptions(ns: NetNs, buf: Uint8Array, ip: number, len: number, skb: Skb | null): IpOptions | number {
  const o = new IpOptions();
  let spec = -1;
  const address = (): number => (spec < 0 ? (spec = specDst(skb!)) : spec);
  for (let at = IP4_HLEN; at < len;) {
    const type = buf[ip + at]!;
    if (type === IPOPT.END) {
      buf.fill(IPOPT.END, ip + at, ip + len);
      break;
    }
    if (type === IPOPT.NOOP) {
      at++;
      continue;
    }
    const n = at + 1 < len ? buf[ip + at + 1]! : 0;
    if (n < 2 || n > len - at) return at;
    let bad = -1;
    switch (type) {
      case IPOPT.SSRR:
      case IPOPT.LSRR:
        bad = sourceRoute(o, buf, ip, at, n, type === IPOPT.SSRR, skb !== null);
        break;
      case IPOPT.RR:
        bad = recordRoute(o, buf, ip, at, n, skb ? address : null);
        break;
      case IPOPT.TIMESTAMP:
        bad = timestamp(ns, o, buf, ip, at, n, skb ? address : null);
        break;
      case IPOPT.RA:
        if (n < 4) bad = at + 1;
    }
    if (bad >= 0) return bad;
    at += n;
  }
  return o;
}

function sourceRoute(o: IpOptions, buf: Uint8Array, ip: number, at: number, n: number, strict: boolean, received: boolean): number {
  if (n < 3) return at + 1;
  if (buf[ip + at + 2]! < 4) return at + 2;
  if (o.srr !== 0) return at;
  if (!received) {
    if (buf[ip + at + 2] !== 4 || n < 7 || ((n - 3) & 3) !== 0) return at + 1;
    o.faddr = u32(buf, ip + at + 3);
    buf.copyWithin(ip + at + 3, ip + at + 7, ip + at + n);
  }
  o.strict = strict;
  o.srr = at;
  return -1;
}

function recordRoute(o: IpOptions, buf: Uint8Array, ip: number, at: number, n: number, address: (() => number) | null): number {
  if (o.rr !== 0) return at;
  if (n < 3) return at + 1;
  const ptr = buf[ip + at + 2]!;
  if (ptr < 4) return at + 2;
  if (ptr <= n) {
    if (ptr + 3 > n) return at + 2;
    if (address) put32(buf, ip + at + ptr - 1, address());
    buf[ip + at + 2] = ptr + 4;
    o.rrNeedaddr = true;
  }
  o.rr = at;
  return -1;
}

function timestamp(ns: NetNs, o: IpOptions, buf: Uint8Array, ip: number, at: number, n: number, address: (() => number) | null): number {
  if (o.ts !== 0) return at;
  if (n < 4) return at + 1;
  const ptr = buf[ip + at + 2]!;
  if (ptr < 5) return at + 2;
  const kind = buf[ip + at + 3]! & 15;
  if (ptr <= n) {
    if (ptr + 3 > n) return at + 2;
    let time = -1;
    if (kind === TS.TSONLY) {
      time = ptr - 1;
      o.tsNeedtime = true;
      buf[ip + at + 2] = ptr + 4;
    } else if (kind === TS.TSANDADDR || kind === TS.PRESPEC) {
      if (ptr + 7 > n) return at + 2;
      const there = kind === TS.PRESPEC && inetAddrType(ns, u32(buf, ip + at + ptr - 1)) === RtType.UNICAST;
      if (!there) {
        if (kind === TS.TSANDADDR) {
          if (address) put32(buf, ip + at + ptr - 1, address());
          o.tsNeedaddr = true;
        }
        time = ptr + 3;
        o.tsNeedtime = true;
        buf[ip + at + 2] = ptr + 8;
      }
    }
    if (time >= 0 && address) put32(buf, ip + at + time, currentTimestamp(ns));
  } else if (kind !== TS.PRESPEC) {
    const overflow = buf[ip + at + 3]! >>> 4;
    if (overflow === 15) return at + 3;
    if (address) buf[ip + at + 3] = kind | ((overflow + 1) << 4);
  }
  o.ts = at;
  return -1;
}

/** ip_options_get: what a socket sets, padded; or -EINVAL. Null: none. */
export function socketOptions(ns: NetNs, value: Uint8Array): IpOptions | null | number {
  if (value.length > 40) return -Errno.EINVAL;
  if (value.length === 0) return null;
  const buf = new Uint8Array(IP4_HLEN + ((value.length + 3) & ~3));
  buf.set(value, IP4_HLEN);
  const o = compileOptions(ns, buf, 0, buf.length, null);
  if (typeof o === "number") return -Errno.EINVAL;
  o.bytes = buf.slice(IP4_HLEN);
  return o;
}

/** ip_options_build: fills in what only the route tells, in a header that has the options' bytes already. */
export function buildOptions(ns: NetNs, buf: Uint8Array, ip: number, o: IpOptions, rt: Dst4, finalDst: number): void {
  if (o.srr !== 0) put32(buf, ip + o.srr + buf[ip + o.srr + 1]! - 4, finalDst);
  if (o.rrNeedaddr) put32(buf, ip + o.rr + buf[ip + o.rr + 2]! - 5, routeSource(buf, ip, rt));
  if (o.tsNeedaddr) put32(buf, ip + o.ts + buf[ip + o.ts + 2]! - 9, routeSource(buf, ip, rt));
  if (o.tsNeedtime) put32(buf, ip + o.ts + buf[ip + o.ts + 2]! - 5, currentTimestamp(ns));
  ip4SetChecksum(buf, ip);
}

/** ip_forward_options: a router writes itself down, and a source route's next hop becomes the destination. */
export function forwardOptions(skb: Skb, o: IpOptions, rt: Dst4): void {
  const { buf, network: ip } = skb;
  if (o.rrNeedaddr) put32(buf, ip + o.rr + buf[ip + o.rr + 2]! - 5, routeSource(buf, ip, rt));
  if (o.srrIsHit) {
    const space = buf[ip + o.srr + 1]!;
    let ptr = buf[ip + o.srr + 2]!;
    while (ptr + 3 <= space && u32(buf, ip + o.srr + ptr - 1) !== o.nexthop) ptr += 4;
    if (ptr + 3 <= space) {
      put32(buf, ip + IP4_OFF_DST, o.nexthop);
      put32(buf, ip + o.srr + ptr - 1, routeSource(buf, ip, rt));
      buf[ip + o.srr + 2] = ptr + 4;
    }
    if (o.tsNeedaddr) put32(buf, ip + o.ts + buf[ip + o.ts + 2]! - 9, routeSource(buf, ip, rt));
  }
  ip4SetChecksum(buf, ip);
}

/** __ip_options_echo: the options of an answer to `skb`: routes and times go on being recorded, a source route is turned round. */
export function echoOptions(ns: NetNs, skb: Skb): IpOptions | null {
  const s = skb.opt;
  if (!s) return null;
  const { buf, network: ip } = skb;
  const o = new IpOptions();
  const out: number[] = [];
  const copy = (at: number): number => {
    const start = out.length;
    for (let i = 0; i < buf[ip + at + 1]!; i++) out.push(buf[ip + at + i]!);
    return start;
  };
  if (s.rr !== 0) {
    const at = copy(s.rr);
    o.rr = at + IP4_HLEN;
    if (s.rrNeedaddr && out[at + 2]! <= out[at + 1]!) {
      if (out[at + 2]! + 3 > out[at + 1]!) return null;
      out[at + 2]! += 4;
      o.rrNeedaddr = true;
    }
  }
  if (s.ts !== 0) {
    const at = copy(s.ts);
    o.ts = at + IP4_HLEN;
    echoTimestamp(ns, s, o, out, at);
  }
  if (s.srr !== 0) echoSourceRoute(s, o, buf, ip, out);
  while ((out.length & 3) !== 0) out.push(IPOPT.END);
  if (out.length === 0) return null;
  o.bytes = Uint8Array.from(out);
  return o;
}

function echoTimestamp(ns: NetNs, s: IpOptions, o: IpOptions, out: number[], at: number): void {
  let ptr = out[at + 2]!;
  const n = out[at + 1]!;
  if (ptr > n) return;
  if (s.tsNeedaddr && ptr + 3 <= n) {
    o.tsNeedaddr = true;
    ptr += 4;
  }
  if (s.tsNeedtime && ptr + 3 <= n) {
    if ((out[at + 3]! & 15) !== TS.PRESPEC) {
      o.tsNeedtime = true;
      ptr += 4;
    } else if (ptr + 7 <= n) {
      const a = ((out[at + ptr - 1]! << 24) | (out[at + ptr]! << 16) | (out[at + ptr + 1]! << 8) | out[at + ptr + 2]!) >>> 0;
      if (inetAddrType(ns, a) !== RtType.UNICAST) {
        o.tsNeedtime = true;
        ptr += 8;
      }
    }
  }
  out[at + 2] = ptr;
}

function echoSourceRoute(s: IpOptions, o: IpOptions, buf: Uint8Array, ip: number, out: number[]): void {
  const from = ip + s.srr;
  const n = buf[from + 1]!;
  const used = Math.min(buf[from + 2]!, n + 1) - 4;
  const hops: number[] = [];
  for (let ptr = used; ptr > 3; ptr -= 4) hops.push(u32(buf, from + ptr - 1));
  if (hops.length === 0) return;
  o.faddr = hops.shift()!;
  // the sender itself is the end of the way back, which needs no place in the list
  if (hops.length > 0 && hops[hops.length - 1] === ip4Src(buf, ip)) hops.pop();
  // one place more: buildOptions writes the final destination there
  hops.push(0);
  o.srr = out.length + IP4_HLEN;
  o.strict = s.strict;
  out.push(buf[from]!, hops.length * 4 + 3, 4);
  for (const h of hops) out.push(h >>> 24, (h >>> 16) & 255, (h >>> 8) & 255, h & 255);
}
