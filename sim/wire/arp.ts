/** ARP for IPv4 over Ethernet (RFC 826). Other hardware or protocol types are told apart by arpCheck and left alone. */
import { put16, put32, u16, u32 } from "../core/bytes.ts";
import { putMac } from "./eth.ts";

export const ARP_LEN = 28;
export const ARPHRD_ETHER = 1;

export const ArpOp = { REQUEST: 1, REPLY: 2, RREQUEST: 3, RREPLY: 4, INREQUEST: 8, INREPLY: 9 } as const;

export const ARP_OFF_HRD = 0;
export const ARP_OFF_PRO = 2;
export const ARP_OFF_HLN = 4;
export const ARP_OFF_PLN = 5;
export const ARP_OFF_OP = 6;
export const ARP_OFF_SHA = 8;
export const ARP_OFF_SPA = 14;
export const ARP_OFF_THA = 18;
export const ARP_OFF_TPA = 24;

export const ArpBad = { OK: 0, TRUNCATED: 1, NOT_ETHERNET_IPV4: 2 } as const;

export function arpCheck(buf: Uint8Array, off: number, len: number): number {
  if (len < ARP_LEN || off + len > buf.length) return ArpBad.TRUNCATED;
  if (u16(buf, off) !== ARPHRD_ETHER || u16(buf, off + 2) !== 0x0800 || buf[off + 4] !== 6 || buf[off + 5] !== 4)
    return ArpBad.NOT_ETHERNET_IPV4;
  return ArpBad.OK;
}

export function arpOp(buf: Uint8Array, off: number): number {
  return u16(buf, off + ARP_OFF_OP);
}
export function arpSpa(buf: Uint8Array, off: number): number {
  return u32(buf, off + ARP_OFF_SPA);
}
export function arpTpa(buf: Uint8Array, off: number): number {
  return u32(buf, off + ARP_OFF_TPA);
}

/** Writes the 28 bytes at off. A request's target hardware address is null: zeros. */
export function buildArp(
  buf: Uint8Array,
  off: number,
  op: number,
  sha: Readonly<Uint8Array>,
  spa: number,
  tha: Readonly<Uint8Array> | null,
  tpa: number,
): void {
  put16(buf, off + ARP_OFF_HRD, ARPHRD_ETHER);
  put16(buf, off + ARP_OFF_PRO, 0x0800);
  buf[off + ARP_OFF_HLN] = 6;
  buf[off + ARP_OFF_PLN] = 4;
  put16(buf, off + ARP_OFF_OP, op);
  putMac(buf, off + ARP_OFF_SHA, sha);
  put32(buf, off + ARP_OFF_SPA, spa);
  if (tha) putMac(buf, off + ARP_OFF_THA, tha);
  else buf.fill(0, off + ARP_OFF_THA, off + ARP_OFF_TPA);
  put32(buf, off + ARP_OFF_TPA, tpa);
}

export interface ArpRecord {
  readonly op: number;
  readonly sha: Uint8Array;
  readonly spa: number;
  readonly tha: Uint8Array;
  readonly tpa: number;
}
export function parseArp(buf: Uint8Array, off = 0): ArpRecord | null {
  if (arpCheck(buf, off, buf.length - off) !== ArpBad.OK) return null;
  return {
    op: arpOp(buf, off),
    sha: buf.slice(off + ARP_OFF_SHA, off + ARP_OFF_SHA + 6),
    spa: arpSpa(buf, off),
    tha: buf.slice(off + ARP_OFF_THA, off + ARP_OFF_THA + 6),
    tpa: arpTpa(buf, off),
  };
}
