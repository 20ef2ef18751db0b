/** ICMPv6 (RFC 4443): types, header, checksum over the pseudo-header. Neighbour discovery is in ndp.ts, multicast listeners in mld.ts. */
import { put16, put32, u32 } from "../core/bytes.ts";
import { finish, onesSum, pseudoHeader6 } from "./checksum.ts";
import { IpProto } from "./ipv4.ts";

export const ICMP6_HLEN = 8;

export const Icmp6Type = {
  DEST_UNREACH: 1,
  PKT_TOOBIG: 2,
  TIME_EXCEED: 3,
  PARAMPROB: 4,
  ECHO_REQUEST: 128,
  ECHO_REPLY: 129,
  MLD_QUERY: 130,
  MLD_REPORT: 131,
  MLD_REDUCTION: 132,
  ROUTER_SOLICIT: 133,
  ROUTER_ADVERT: 134,
  NEIGH_SOLICIT: 135,
  NEIGH_ADVERT: 136,
  REDIRECT: 137,
  MLD2_REPORT: 143,
} as const;

/** Codes of DEST_UNREACH. */
export const Icmp6Unreach = {
  NOROUTE: 0,
  ADM_PROHIBITED: 1,
  NOT_NEIGHBOUR: 2,
  ADDR_UNREACH: 3,
  PORT_UNREACH: 4,
  POLICY_FAIL: 5,
  REJECT_ROUTE: 6,
} as const;

export const ICMP6_OFF_SUM = 2;
export const ICMP6_OFF_ID = 4;
export const ICMP6_OFF_SEQ = 6;

export const Icmp6Bad = { OK: 0, TRUNCATED: 1, CHECKSUM: 2 } as const;

/** The checksum a message of `len` bytes at off should carry, its own field taken as it stands (0 where it is right). */
export function icmp6Sum(buf: Uint8Array, off: number, len: number, src: Uint8Array, so: number, dst: Uint8Array, do_: number): number {
  return finish(onesSum(buf, off, len, pseudoHeader6(src, dst, len, IpProto.ICMPV6, so, do_)));
}

/** 0, or what is wrong with the message; `ipOff` is where its IPv6 header (with the final destination) stands in buf. */
export function icmp6Check(buf: Uint8Array, off: number, len: number, ipOff: number): number {
  if (len < 4 || off + len > buf.length) return Icmp6Bad.TRUNCATED;
  return icmp6Sum(buf, off, len, buf, ipOff + 8, buf, ipOff + 24) !== 0 ? Icmp6Bad.CHECKSUM : Icmp6Bad.OK;
}

export function icmp6Type(buf: Uint8Array, off: number): number {
  return buf[off]!;
}
export function icmp6Code(buf: Uint8Array, off: number): number {
  return buf[off + 1]!;
}
export function icmp6Mtu(buf: Uint8Array, off: number): number {
  return u32(buf, off + 4);
}
/** Types below 128 report errors. */
export function icmp6IsError(type: number): boolean {
  return type < 128;
}

/** Computes the checksum of the message of `len` bytes for the given addresses. */
export function icmp6SetChecksum(buf: Uint8Array, off: number, len: number, src: Uint8Array, dst: Uint8Array): void {
  put16(buf, off + ICMP6_OFF_SUM, 0);
  put16(buf, off + ICMP6_OFF_SUM, icmp6Sum(buf, off, len, src, 0, dst, 0));
}

/** Writes an echo header; `dataLen` bytes of data already stand at off + 8. */
export function buildIcmp6Echo(
  buf: Uint8Array,
  off: number,
  type: number,
  id: number,
  seq: number,
  dataLen: number,
  src: Uint8Array,
  dst: Uint8Array,
): void {
  buf[off] = type;
  buf[off + 1] = 0;
  put16(buf, off + ICMP6_OFF_ID, id);
  put16(buf, off + ICMP6_OFF_SEQ, seq);
  icmp6SetChecksum(buf, off, ICMP6_HLEN + dataLen, src, dst);
}

/** Writes an error header; `rest`: MTU for PKT_TOOBIG, pointer for PARAMPROB, else 0. The quote stands at off + 8. */
export function buildIcmp6Error(
  buf: Uint8Array,
  off: number,
  type: number,
  code: number,
  rest: number,
  quoteLen: number,
  src: Uint8Array,
  dst: Uint8Array,
): void {
  buf[off] = type;
  buf[off + 1] = code;
  put32(buf, off + 4, rest);
  icmp6SetChecksum(buf, off, ICMP6_HLEN + quoteLen, src, dst);
}

export interface Icmp6Record {
  readonly type: number;
  readonly code: number;
  readonly rest: number;
}
export function parseIcmp6(buf: Uint8Array, off = 0): Icmp6Record | null {
  if (buf.length - off < ICMP6_HLEN) return null;
  return { type: buf[off]!, code: buf[off + 1]!, rest: u32(buf, off + 4) };
}
