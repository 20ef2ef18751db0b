/**
 * IPv4 header (RFC 791). Options are carried as bytes: their length counts, their meaning is the stack's business.
 * Invariant: buildIp4 and every setter that changes a checked field leave the header checksum right, except where named.
 */
import { put16, put32, u16, u32 } from "../core/bytes.ts";
import { checksum, updateChecksum } from "./checksum.ts";

export const IP4_HLEN = 20;

export const IpProto = {
  HOPOPTS: 0,
  ICMP: 1,
  IGMP: 2,
  IPIP: 4,
  TCP: 6,
  UDP: 17,
  IPV6: 41,
  ROUTING: 43,
  FRAGMENT: 44,
  GRE: 47,
  ESP: 50,
  AH: 51,
  ICMPV6: 58,
  NONE: 59,
  DSTOPTS: 60,
  SCTP: 132,
} as const;

export const IP4_OFF_TOS = 1;
export const IP4_OFF_LEN = 2;
export const IP4_OFF_ID = 4;
export const IP4_OFF_FRAG = 6;
export const IP4_OFF_TTL = 8;
export const IP4_OFF_PROTO = 9;
export const IP4_OFF_SUM = 10;
export const IP4_OFF_SRC = 12;
export const IP4_OFF_DST = 16;

export const IP_DF = 0x4000;
export const IP_MF = 0x2000;
export const IP_OFFMASK = 0x1fff;

/** Why ip_rcv drops a header, in its order of looking. */
export const Ip4Bad = { OK: 0, TRUNCATED: 1, VERSION: 2, IHL: 3, CHECKSUM: 4, TOTAL_LENGTH: 5 } as const;

/** 0, or what is wrong with the header of the `len` bytes at off (ip_rcv_core's tests). */
export function ip4Check(buf: Uint8Array, off: number, len: number): number {
  if (len < IP4_HLEN || off + len > buf.length) return Ip4Bad.TRUNCATED;
  if (buf[off]! >>> 4 !== 4) return Ip4Bad.VERSION;
  const hlen = ip4Hlen(buf, off);
  if (hlen < IP4_HLEN) return Ip4Bad.IHL;
  if (len < hlen) return Ip4Bad.TRUNCATED;
  if (checksum(buf, off, hlen) !== 0) return Ip4Bad.CHECKSUM;
  const total = ip4TotalLen(buf, off);
  if (total > len) return Ip4Bad.TOTAL_LENGTH;
  return total < hlen ? Ip4Bad.TOTAL_LENGTH : Ip4Bad.OK;
}

/** header length in bytes, options included */
export function ip4Hlen(buf: Uint8Array, off: number): number {
  return (buf[off]! & 15) << 2;
}
export function ip4Tos(buf: Uint8Array, off: number): number {
  return buf[off + IP4_OFF_TOS]!;
}
export function ip4TotalLen(buf: Uint8Array, off: number): number {
  return u16(buf, off + IP4_OFF_LEN);
}
export function ip4Id(buf: Uint8Array, off: number): number {
  return u16(buf, off + IP4_OFF_ID);
}
/** the 16 bits of flags and offset */
export function ip4FragField(buf: Uint8Array, off: number): number {
  return u16(buf, off + IP4_OFF_FRAG);
}
export function ip4Df(buf: Uint8Array, off: number): boolean {
  return (ip4FragField(buf, off) & IP_DF) !== 0;
}
export function ip4Mf(buf: Uint8Array, off: number): boolean {
  return (ip4FragField(buf, off) & IP_MF) !== 0;
}
/** fragment offset in bytes */
export function ip4FragOff(buf: Uint8Array, off: number): number {
  return (ip4FragField(buf, off) & IP_OFFMASK) << 3;
}
/** a fragment, the first one included */
export function ip4IsFragment(buf: Uint8Array, off: number): boolean {
  return (ip4FragField(buf, off) & (IP_MF | IP_OFFMASK)) !== 0;
}
export function ip4Ttl(buf: Uint8Array, off: number): number {
  return buf[off + IP4_OFF_TTL]!;
}
export function ip4Proto(buf: Uint8Array, off: number): number {
  return buf[off + IP4_OFF_PROTO]!;
}
export function ip4Sum(buf: Uint8Array, off: number): number {
  return u16(buf, off + IP4_OFF_SUM);
}
export function ip4Src(buf: Uint8Array, off: number): number {
  return u32(buf, off + IP4_OFF_SRC);
}
export function ip4Dst(buf: Uint8Array, off: number): number {
  return u32(buf, off + IP4_OFF_DST);
}

/** Computes the header checksum afresh (ip_send_check). */
export function ip4SetChecksum(buf: Uint8Array, off: number): void {
  put16(buf, off + IP4_OFF_SUM, 0);
  put16(buf, off + IP4_OFF_SUM, checksum(buf, off, ip4Hlen(buf, off)));
}
/** One hop less, checksum adjusted; returns the new TTL (ip_decrease_ttl). The TTL was at least 1. */
export function ip4DecrementTtl(buf: Uint8Array, off: number): number {
  const before = u16(buf, off + IP4_OFF_TTL);
  buf[off + IP4_OFF_TTL]!--;
  put16(buf, off + IP4_OFF_SUM, updateChecksum(u16(buf, off + IP4_OFF_SUM), before, u16(buf, off + IP4_OFF_TTL)));
  return buf[off + IP4_OFF_TTL]!;
}
/** Sets the TOS byte, checksum adjusted. */
export function ip4SetTos(buf: Uint8Array, off: number, tos: number): void {
  const before = u16(buf, off);
  buf[off + IP4_OFF_TOS] = tos;
  put16(buf, off + IP4_OFF_SUM, updateChecksum(u16(buf, off + IP4_OFF_SUM), before, u16(buf, off)));
}

/**
 * Writes a header with checksum at off. `totalLen` in bytes with header and options; `frag` is the flags/offset field
 * (IP_DF, IP_MF, offset in units of 8); options are a multiple of 4 bytes, at most 40, or null.
 */
export function buildIp4(
  buf: Uint8Array,
  off: number,
  tos: number,
  totalLen: number,
  id: number,
  frag: number,
  ttl: number,
  proto: number,
  src: number,
  dst: number,
  options: Uint8Array | null = null,
): void {
  const hlen = IP4_HLEN + (options ? options.length : 0);
  buf[off] = 0x40 | (hlen >>> 2);
  buf[off + IP4_OFF_TOS] = tos;
  put16(buf, off + IP4_OFF_LEN, totalLen);
  put16(buf, off + IP4_OFF_ID, id);
  put16(buf, off + IP4_OFF_FRAG, frag);
  buf[off + IP4_OFF_TTL] = ttl;
  buf[off + IP4_OFF_PROTO] = proto;
  put32(buf, off + IP4_OFF_SRC, src);
  put32(buf, off + IP4_OFF_DST, dst);
  if (options) buf.set(options, off + IP4_HLEN);
  ip4SetChecksum(buf, off);
}

export interface Ip4Record {
  readonly hlen: number;
  readonly tos: number;
  readonly totalLen: number;
  readonly id: number;
  readonly df: boolean;
  readonly mf: boolean;
  /** bytes */
  readonly fragOff: number;
  readonly ttl: number;
  readonly proto: number;
  readonly sum: number;
  readonly src: number;
  readonly dst: number;
}
/** Null where there is no whole IPv4 header; the checksum is not looked at. */
export function parseIp4Header(buf: Uint8Array, off = 0): Ip4Record | null {
  const bad = ip4Check(buf, off, buf.length - off);
  if (bad === Ip4Bad.TRUNCATED || bad === Ip4Bad.VERSION || bad === Ip4Bad.IHL) return null;
  return {
    hlen: ip4Hlen(buf, off),
    tos: ip4Tos(buf, off),
    totalLen: ip4TotalLen(buf, off),
    id: ip4Id(buf, off),
    df: ip4Df(buf, off),
    mf: ip4Mf(buf, off),
    fragOff: ip4FragOff(buf, off),
    ttl: ip4Ttl(buf, off),
    proto: ip4Proto(buf, off),
    sum: ip4Sum(buf, off),
    src: ip4Src(buf, off),
    dst: ip4Dst(buf, off),
  };
}
