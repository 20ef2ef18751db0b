/** ICMP for IPv4 (RFC 792, 1812, 950). Types and codes by the kernel's names; errors carry the offending header after 8 bytes. */
import { put16, put32, u16, u32 } from "../core/bytes.ts";
import { checksum } from "./checksum.ts";

export const ICMP_HLEN = 8;

export const IcmpType = {
  ECHOREPLY: 0,
  DEST_UNREACH: 3,
  SOURCE_QUENCH: 4,
  REDIRECT: 5,
  ECHO: 8,
  ROUTERADVERT: 9,
  ROUTERSOLICIT: 10,
  TIME_EXCEEDED: 11,
  PARAMETERPROB: 12,
  TIMESTAMP: 13,
  TIMESTAMPREPLY: 14,
  INFO_REQUEST: 15,
  INFO_REPLY: 16,
  ADDRESS: 17,
  ADDRESSREPLY: 18,
} as const;

/** Codes of DEST_UNREACH. */
export const IcmpUnreach = {
  NET_UNREACH: 0,
  HOST_UNREACH: 1,
  PROT_UNREACH: 2,
  PORT_UNREACH: 3,
  FRAG_NEEDED: 4,
  SR_FAILED: 5,
  NET_UNKNOWN: 6,
  HOST_UNKNOWN: 7,
  HOST_ISOLATED: 8,
  NET_ANO: 9,
  HOST_ANO: 10,
  NET_UNR_TOS: 11,
  HOST_UNR_TOS: 12,
  PKT_FILTERED: 13,
  PREC_VIOLATION: 14,
  PREC_CUTOFF: 15,
} as const;

/** Codes of REDIRECT. */
export const IcmpRedirect = { NET: 0, HOST: 1, NETTOS: 2, HOSTTOS: 3 } as const;
/** Codes of TIME_EXCEEDED. */
export const IcmpTimeExceeded = { TTL: 0, FRAGTIME: 1 } as const;

export const ICMP_OFF_TYPE = 0;
export const ICMP_OFF_SUM = 2;
export const ICMP_OFF_ID = 4;
export const ICMP_OFF_SEQ = 6;
/** redirect: the gateway; frag needed: 16 unused bits, then the MTU */
export const ICMP_OFF_GATEWAY = 4;
export const ICMP_OFF_MTU = 6;

export const IcmpBad = { OK: 0, TRUNCATED: 1, CHECKSUM: 2 } as const;

/** 0, or what is wrong with the message of `len` bytes at off (icmp_rcv's tests). */
export function icmpCheck(buf: Uint8Array, off: number, len: number): number {
  if (len < ICMP_HLEN || off + len > buf.length) return IcmpBad.TRUNCATED;
  return checksum(buf, off, len) !== 0 ? IcmpBad.CHECKSUM : IcmpBad.OK;
}

export function icmpType(buf: Uint8Array, off: number): number {
  return buf[off]!;
}
export function icmpCode(buf: Uint8Array, off: number): number {
  return buf[off + 1]!;
}
export function icmpSum(buf: Uint8Array, off: number): number {
  return u16(buf, off + ICMP_OFF_SUM);
}
export function icmpId(buf: Uint8Array, off: number): number {
  return u16(buf, off + ICMP_OFF_ID);
}
export function icmpSeq(buf: Uint8Array, off: number): number {
  return u16(buf, off + ICMP_OFF_SEQ);
}
export function icmpMtu(buf: Uint8Array, off: number): number {
  return u16(buf, off + ICMP_OFF_MTU);
}
export function icmpGateway(buf: Uint8Array, off: number): number {
  return u32(buf, off + ICMP_OFF_GATEWAY);
}
/** Does the type report an error about another packet (icmp_pointers[].error)? */
export function icmpIsError(type: number): boolean {
  return (
    type === IcmpType.DEST_UNREACH ||
    type === IcmpType.SOURCE_QUENCH ||
    type === IcmpType.REDIRECT ||
    type === IcmpType.TIME_EXCEEDED ||
    type === IcmpType.PARAMETERPROB
  );
}

/** Computes the checksum over the whole message of `len` bytes. */
export function icmpSetChecksum(buf: Uint8Array, off: number, len: number): void {
  put16(buf, off + ICMP_OFF_SUM, 0);
  put16(buf, off + ICMP_OFF_SUM, checksum(buf, off, len));
}

/** Writes an echo request or reply header; the data of `dataLen` bytes already stands at off + 8. */
export function buildIcmpEcho(buf: Uint8Array, off: number, type: number, id: number, seq: number, dataLen: number): void {
  buf[off] = type;
  buf[off + 1] = 0;
  put16(buf, off + ICMP_OFF_ID, id);
  put16(buf, off + ICMP_OFF_SEQ, seq);
  icmpSetChecksum(buf, off, ICMP_HLEN + dataLen);
}

/**
 * Writes an error header; `quoteLen` bytes of the offending packet already stand at off + 8. `rest` is the second
 * 32-bit word: the MTU for FRAG_NEEDED, the gateway for a redirect, pointer << 24 for a parameter problem, else 0.
 */
export function buildIcmpError(buf: Uint8Array, off: number, type: number, code: number, rest: number, quoteLen: number): void {
  buf[off] = type;
  buf[off + 1] = code;
  put32(buf, off + 4, rest);
  icmpSetChecksum(buf, off, ICMP_HLEN + quoteLen);
}

export interface IcmpRecord {
  readonly type: number;
  readonly code: number;
  readonly sum: number;
  /** second word */
  readonly rest: number;
  readonly id: number;
  readonly seq: number;
}
export function parseIcmp(buf: Uint8Array, off = 0): IcmpRecord | null {
  if (buf.length - off < ICMP_HLEN) return null;
  return {
    type: buf[off]!,
    code: buf[off + 1]!,
    sum: icmpSum(buf, off),
    rest: u32(buf, off + 4),
    id: icmpId(buf, off),
    seq: icmpSeq(buf, off),
  };
}
