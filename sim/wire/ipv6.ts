/** IPv6 header and its extension header chain (RFC 8200). Addresses stay in the buffer: accessors give offsets, copies are asked for. */
import { put16, put32, u16, u32 } from "../core/bytes.ts";
import { IpProto } from "./ipv4.ts";

export const IP6_HLEN = 40;
export const IP6_MIN_MTU = 1280;
export const IP6_FRAG_HLEN = 8;

export const IP6_OFF_PLEN = 4;
export const IP6_OFF_NEXT = 6;
export const IP6_OFF_HLIM = 7;
export const IP6_OFF_SRC = 8;
export const IP6_OFF_DST = 24;

export const Ip6Bad = { OK: 0, TRUNCATED: 1, VERSION: 2, PAYLOAD_LENGTH: 3 } as const;

/** 0, or what is wrong with the header of the `len` bytes at off (ipv6_rcv's tests; jumbograms are not modelled). */
export function ip6Check(buf: Uint8Array, off: number, len: number): number {
  if (len < IP6_HLEN || off + len > buf.length) return Ip6Bad.TRUNCATED;
  if (buf[off]! >>> 4 !== 6) return Ip6Bad.VERSION;
  return ip6PayloadLen(buf, off) > len - IP6_HLEN ? Ip6Bad.PAYLOAD_LENGTH : Ip6Bad.OK;
}

export function ip6TrafficClass(buf: Uint8Array, off: number): number {
  return (u16(buf, off) >>> 4) & 255;
}
/** bytes after the fixed header, extension headers included */
export function ip6PayloadLen(buf: Uint8Array, off: number): number {
  return u16(buf, off + IP6_OFF_PLEN);
}
export function ip6Next(buf: Uint8Array, off: number): number {
  return buf[off + IP6_OFF_NEXT]!;
}
export function ip6HopLimit(buf: Uint8Array, off: number): number {
  return buf[off + IP6_OFF_HLIM]!;
}
/** One hop less; returns the new hop limit. It was at least 1. */
export function ip6DecrementHopLimit(buf: Uint8Array, off: number): number {
  return --buf[off + IP6_OFF_HLIM]!;
}
export function ip6Src(buf: Uint8Array, off: number): Uint8Array {
  return buf.slice(off + IP6_OFF_SRC, off + IP6_OFF_SRC + 16);
}
export function ip6Dst(buf: Uint8Array, off: number): Uint8Array {
  return buf.slice(off + IP6_OFF_DST, off + IP6_OFF_DST + 16);
}

/** Writes the 40-byte header at off. `payloadLen` in bytes after it. */
export function buildIp6(
  buf: Uint8Array,
  off: number,
  trafficClass: number,
  flow: number,
  payloadLen: number,
  next: number,
  hopLimit: number,
  src: Uint8Array,
  dst: Uint8Array,
): void {
  put32(buf, off, ((6 << 28) | ((trafficClass & 255) << 20) | (flow & 0xfffff)) >>> 0);
  put16(buf, off + IP6_OFF_PLEN, payloadLen);
  buf[off + IP6_OFF_NEXT] = next;
  buf[off + IP6_OFF_HLIM] = hopLimit;
  for (let i = 0; i < 16; i++) {
    buf[off + IP6_OFF_SRC + i] = src[i]!;
    buf[off + IP6_OFF_DST + i] = dst[i]!;
  }
}

/** Is it an extension header that may be stepped over without understanding it? */
export function ip6IsExtension(next: number): boolean {
  return (
    next === IpProto.HOPOPTS || next === IpProto.ROUTING || next === IpProto.FRAGMENT || next === IpProto.DSTOPTS || next === IpProto.AH
  );
}
/** Length in bytes of the extension header of type `next` at off. */
export function ip6ExtLen(buf: Uint8Array, off: number, next: number): number {
  if (next === IpProto.FRAGMENT) return IP6_FRAG_HLEN;
  if (next === IpProto.AH) return (buf[off + 1]! + 2) << 2;
  return (buf[off + 1]! + 1) << 3;
}

/** A hop-by-hop header holding the router alert option for MLD (RFC 2711): 8 bytes. */
export function buildHopByHopRouterAlert(buf: Uint8Array, off: number, next: number): void {
  buf[off] = next;
  buf[off + 1] = 0;
  buf[off + 2] = 5; // router alert
  buf[off + 3] = 2;
  buf[off + 4] = 0; // value 0: MLD
  buf[off + 5] = 0;
  buf[off + 6] = 1; // PadN of no data
  buf[off + 7] = 0;
}
export const IP6_HBH_RA_LEN = 8;

/** Writes a fragment header: `fragOff` in bytes (a multiple of 8). */
export function buildIp6Frag(buf: Uint8Array, off: number, next: number, fragOff: number, more: boolean, id: number): void {
  buf[off] = next;
  buf[off + 1] = 0;
  put16(buf, off + 2, (fragOff & 0xfff8) | (more ? 1 : 0));
  put32(buf, off + 4, id);
}
export function ip6FragOff(buf: Uint8Array, off: number): number {
  return u16(buf, off + 2) & 0xfff8;
}
export function ip6FragMore(buf: Uint8Array, off: number): boolean {
  return (buf[off + 3]! & 1) !== 0;
}
export function ip6FragId(buf: Uint8Array, off: number): number {
  return u32(buf, off + 4);
}
