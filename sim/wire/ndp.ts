/**
 * Neighbour discovery messages (RFC 4861): solicitations, advertisements, router messages and their options. All builders
 * write the whole ICMPv6 message with its checksum and return its length in bytes.
 */
import { put16, put32 } from "../core/bytes.ts";
import { Icmp6Type, icmp6SetChecksum } from "./icmp6.ts";
import { putMac } from "./eth.ts";

export const NDP_HOP_LIMIT = 255;

export const NdOpt = {
  SOURCE_LL_ADDR: 1,
  TARGET_LL_ADDR: 2,
  PREFIX_INFO: 3,
  REDIRECT_HDR: 4,
  MTU: 5,
  NONCE: 14,
  ROUTE_INFO: 24,
  RDNSS: 25,
  DNSSL: 31,
} as const;

/** Flags of a neighbour advertisement, in its fifth byte. */
export const NA_ROUTER = 0x80;
export const NA_SOLICITED = 0x40;
export const NA_OVERRIDE = 0x20;

/** NS and NA: the target stands 8 bytes into the message. */
export const ND_OFF_TARGET = 8;
export const ND_OFF_FLAGS = 4;
/** NS and NA: options begin here */
export const ND_NS_LEN = 24;
export const ND_RS_LEN = 8;
export const ND_RA_LEN = 16;
/** target and destination stand 8 and 24 bytes into the message */
export const ND_REDIRECT_LEN = 40;

export const NdBad = { OK: 0, TRUNCATED: 1, OPTION: 2 } as const;

/** Checks the fixed part of `fixed` bytes and that the options tile the rest without one of length 0 (RFC 4861 §7.1). */
export function ndCheck(buf: Uint8Array, off: number, len: number, fixed: number): number {
  if (len < fixed || off + len > buf.length) return NdBad.TRUNCATED;
  let at = fixed;
  while (at < len) {
    const n = at + 1 < len ? buf[off + at + 1]! << 3 : 0;
    if (n === 0 || at + n > len) return NdBad.OPTION;
    at += n;
  }
  return NdBad.OK;
}

/** Where in buf the first option of `type` begins (absolute), or -1. The message passed ndCheck. */
export function ndFindOption(buf: Uint8Array, off: number, len: number, fixed: number, type: number): number {
  let at = fixed;
  while (at + 1 < len) {
    if (buf[off + at] === type) return off + at;
    const n = buf[off + at + 1]! << 3;
    if (n === 0) return -1;
    at += n;
  }
  return -1;
}

function putLlOption(buf: Uint8Array, at: number, type: number, mac: Readonly<Uint8Array>): void {
  buf[at] = type;
  buf[at + 1] = 1;
  putMac(buf, at + 2, mac);
}

/**
 * Neighbour solicitation for `target`. `mac` goes into a source link-layer option, null when the source is unspecified;
 * `nonce` (6 bytes, RFC 7527) or null.
 */
export function buildNs(
  buf: Uint8Array,
  off: number,
  target: Uint8Array,
  mac: Readonly<Uint8Array> | null,
  nonce: Uint8Array | null,
  src: Uint8Array,
  dst: Uint8Array,
): number {
  buf[off] = Icmp6Type.NEIGH_SOLICIT;
  buf[off + 1] = 0;
  put32(buf, off + 4, 0);
  buf.set(target, off + ND_OFF_TARGET);
  let len = ND_NS_LEN;
  if (mac) {
    putLlOption(buf, off + len, NdOpt.SOURCE_LL_ADDR, mac);
    len += 8;
  }
  if (nonce) {
    buf[off + len] = NdOpt.NONCE;
    buf[off + len + 1] = 1;
    for (let i = 0; i < 6; i++) buf[off + len + 2 + i] = nonce[i]!;
    len += 8;
  }
  icmp6SetChecksum(buf, off, len, src, dst);
  return len;
}

/** Neighbour advertisement: flags of NA_ROUTER | NA_SOLICITED | NA_OVERRIDE; `mac` in a target link-layer option or null. */
export function buildNa(
  buf: Uint8Array,
  off: number,
  flags: number,
  target: Uint8Array,
  mac: Readonly<Uint8Array> | null,
  src: Uint8Array,
  dst: Uint8Array,
): number {
  buf[off] = Icmp6Type.NEIGH_ADVERT;
  buf[off + 1] = 0;
  put32(buf, off + 4, (flags << 24) >>> 0);
  buf.set(target, off + ND_OFF_TARGET);
  let len = ND_NS_LEN;
  if (mac) {
    putLlOption(buf, off + len, NdOpt.TARGET_LL_ADDR, mac);
    len += 8;
  }
  icmp6SetChecksum(buf, off, len, src, dst);
  return len;
}

/** Router solicitation, with a source link-layer option unless `mac` is null. */
export function buildRs(buf: Uint8Array, off: number, mac: Readonly<Uint8Array> | null, src: Uint8Array, dst: Uint8Array): number {
  buf[off] = Icmp6Type.ROUTER_SOLICIT;
  buf[off + 1] = 0;
  put32(buf, off + 4, 0);
  let len = ND_RS_LEN;
  if (mac) {
    putLlOption(buf, off + len, NdOpt.SOURCE_LL_ADDR, mac);
    len += 8;
  }
  icmp6SetChecksum(buf, off, len, src, dst);
  return len;
}

export interface RaPrefix {
  readonly prefix: Uint8Array;
  readonly len: number;
  /** L 0x80, A 0x40 */
  readonly flags: number;
  /** seconds, 0xffffffff for ever */
  readonly valid: number;
  readonly preferred: number;
}
export interface RaFields {
  readonly hopLimit: number;
  /** M 0x80, O 0x40 */
  readonly flags: number;
  /** seconds; 0: not a default router */
  readonly lifetime: number;
  /** ms */
  readonly reachable: number;
  readonly retrans: number;
  readonly mac: Readonly<Uint8Array> | null;
  readonly mtu: number | null;
  readonly prefixes: readonly RaPrefix[];
}

/** Router advertisement. Options in the order radvd sends them: prefixes, MTU, source link-layer address. */
export function buildRa(buf: Uint8Array, off: number, ra: RaFields, src: Uint8Array, dst: Uint8Array): number {
  buf[off] = Icmp6Type.ROUTER_ADVERT;
  buf[off + 1] = 0;
  buf[off + 4] = ra.hopLimit;
  buf[off + 5] = ra.flags;
  put16(buf, off + 6, ra.lifetime);
  put32(buf, off + 8, ra.reachable);
  put32(buf, off + 12, ra.retrans);
  let len = ND_RA_LEN;
  for (const p of ra.prefixes) {
    const at = off + len;
    buf[at] = NdOpt.PREFIX_INFO;
    buf[at + 1] = 4;
    buf[at + 2] = p.len;
    buf[at + 3] = p.flags;
    put32(buf, at + 4, p.valid);
    put32(buf, at + 8, p.preferred);
    put32(buf, at + 12, 0);
    buf.set(p.prefix, at + 16);
    len += 32;
  }
  if (ra.mtu !== null) {
    buf[off + len] = NdOpt.MTU;
    buf[off + len + 1] = 1;
    put16(buf, off + len + 2, 0);
    put32(buf, off + len + 4, ra.mtu);
    len += 8;
  }
  if (ra.mac) {
    putLlOption(buf, off + len, NdOpt.SOURCE_LL_ADDR, ra.mac);
    len += 8;
  }
  icmp6SetChecksum(buf, off, len, src, dst);
  return len;
}

/** Redirect of `dest` to `target`, whose MAC may be known; `quote` (a multiple of 8 bytes) of the packet that caused it. */
export function buildRedirect(
  buf: Uint8Array,
  off: number,
  target: Uint8Array,
  dest: Uint8Array,
  mac: Readonly<Uint8Array> | null,
  quote: Uint8Array,
  src: Uint8Array,
  dst: Uint8Array,
): number {
  buf[off] = Icmp6Type.REDIRECT;
  buf[off + 1] = 0;
  put32(buf, off + 4, 0);
  buf.set(target, off + 8);
  buf.set(dest, off + 24);
  let len = ND_REDIRECT_LEN;
  if (mac) {
    putLlOption(buf, off + len, NdOpt.TARGET_LL_ADDR, mac);
    len += 8;
  }
  buf[off + len] = NdOpt.REDIRECT_HDR;
  buf[off + len + 1] = (8 + quote.length) >> 3;
  buf.fill(0, off + len + 2, off + len + 8);
  buf.set(quote, off + len + 8);
  len += 8 + quote.length;
  icmp6SetChecksum(buf, off, len, src, dst);
  return len;
}
