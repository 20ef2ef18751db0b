/** UDP (RFC 768; over IPv6 RFC 8200 §8.1: the checksum is not optional). */
import { put16, u16 } from "../core/bytes.ts";
import { finish, onesSum, pseudoHeader4, pseudoHeader6 } from "./checksum.ts";
import { IpProto } from "./ipv4.ts";

export const UDP_HLEN = 8;
export const UDP_OFF_DPORT = 2;
export const UDP_OFF_LEN = 4;
export const UDP_OFF_SUM = 6;

export const UdpBad = { OK: 0, TRUNCATED: 1, LENGTH: 2, CHECKSUM: 3 } as const;

export function udpSport(buf: Uint8Array, off: number): number {
  return u16(buf, off);
}
export function udpDport(buf: Uint8Array, off: number): number {
  return u16(buf, off + UDP_OFF_DPORT);
}
export function udpLen(buf: Uint8Array, off: number): number {
  return u16(buf, off + UDP_OFF_LEN);
}
export function udpSum(buf: Uint8Array, off: number): number {
  return u16(buf, off + UDP_OFF_SUM);
}

/** 0, or what is wrong with the datagram of `len` bytes at off. Over IPv4 a checksum field of 0 means none was computed. */
export function udpCheck4(buf: Uint8Array, off: number, len: number, src: number, dst: number): number {
  if (len < UDP_HLEN || off + len > buf.length) return UdpBad.TRUNCATED;
  const ulen = udpLen(buf, off);
  if (ulen < UDP_HLEN || ulen > len) return UdpBad.LENGTH;
  if (udpSum(buf, off) === 0) return UdpBad.OK;
  return finish(onesSum(buf, off, ulen, pseudoHeader4(src, dst, IpProto.UDP, ulen))) === 0 ? UdpBad.OK : UdpBad.CHECKSUM;
}
/** The same over IPv6; `ipOff` is where the IPv6 header stands in buf. */
export function udpCheck6(buf: Uint8Array, off: number, len: number, ipOff: number): number {
  if (len < UDP_HLEN || off + len > buf.length) return UdpBad.TRUNCATED;
  const ulen = udpLen(buf, off);
  if (ulen < UDP_HLEN || ulen > len) return UdpBad.LENGTH;
  if (udpSum(buf, off) === 0) return UdpBad.CHECKSUM;
  return finish(onesSum(buf, off, ulen, pseudoHeader6(buf, buf, ulen, IpProto.UDP, ipOff + 8, ipOff + 24))) === 0
    ? UdpBad.OK
    : UdpBad.CHECKSUM;
}

function putHeader(buf: Uint8Array, off: number, sport: number, dport: number, len: number): void {
  put16(buf, off, sport);
  put16(buf, off + UDP_OFF_DPORT, dport);
  put16(buf, off + UDP_OFF_LEN, len);
  put16(buf, off + UDP_OFF_SUM, 0);
}

/** Writes the header with checksum; `dataLen` bytes of data already stand at off + 8. A sum of 0 is sent as 0xffff. */
export function buildUdp4(buf: Uint8Array, off: number, sport: number, dport: number, dataLen: number, src: number, dst: number): void {
  const len = UDP_HLEN + dataLen;
  putHeader(buf, off, sport, dport, len);
  put16(buf, off + UDP_OFF_SUM, finish(onesSum(buf, off, len, pseudoHeader4(src, dst, IpProto.UDP, len))) || 0xffff);
}
export function buildUdp6(
  buf: Uint8Array,
  off: number,
  sport: number,
  dport: number,
  dataLen: number,
  src: Uint8Array,
  dst: Uint8Array,
): void {
  const len = UDP_HLEN + dataLen;
  putHeader(buf, off, sport, dport, len);
  put16(buf, off + UDP_OFF_SUM, finish(onesSum(buf, off, len, pseudoHeader6(src, dst, len, IpProto.UDP))) || 0xffff);
}
