/** TCP header (RFC 9293): offsets, flags, options as a list. No state and no timers: those are net/tcp's. */
import { put16, put32 } from "../core/bytes.ts";
import { finish, onesSum, pseudoHeader4, pseudoHeader6 } from "./checksum.ts";
import { IpProto } from "./ipv4.ts";

export const TCP_HLEN = 20;
export const TCP_OFF_DPORT = 2;
export const TCP_OFF_SEQ = 4;
export const TCP_OFF_ACK = 8;
export const TCP_OFF_DATAOFF = 12;
export const TCP_OFF_FLAGS = 13;
export const TCP_OFF_WIN = 14;
export const TCP_OFF_SUM = 16;
export const TCP_OFF_URG = 18;

export const TCP_FIN = 0x01;
export const TCP_SYN = 0x02;
export const TCP_RST = 0x04;
export const TCP_PSH = 0x08;
export const TCP_ACK = 0x10;
export const TCP_URG = 0x20;
export const TCP_ECE = 0x40;
export const TCP_CWR = 0x80;

export const TcpOpt = { EOL: 0, NOP: 1, MSS: 2, WSCALE: 3, SACKOK: 4, SACK: 5, TIMESTAMP: 8 } as const;

export const TcpBad = { OK: 0, TRUNCATED: 1, DATA_OFFSET: 2, CHECKSUM: 3 } as const;

/** header length in bytes, options included */
export function tcpHlen(buf: Uint8Array, off: number): number {
  return (buf[off + TCP_OFF_DATAOFF]! >>> 4) << 2;
}

/** 0, or what is wrong with the segment of `len` bytes at off. */
export function tcpCheck4(buf: Uint8Array, off: number, len: number, src: number, dst: number): number {
  const bad = tcpCheckHeader(buf, off, len);
  if (bad !== TcpBad.OK) return bad;
  return finish(onesSum(buf, off, len, pseudoHeader4(src, dst, IpProto.TCP, len))) === 0 ? TcpBad.OK : TcpBad.CHECKSUM;
}
function tcpCheckHeader(buf: Uint8Array, off: number, len: number): number {
  if (len < TCP_HLEN || off + len > buf.length) return TcpBad.TRUNCATED;
  const hlen = tcpHlen(buf, off);
  return hlen < TCP_HLEN || hlen > len ? TcpBad.DATA_OFFSET : TcpBad.OK;
}

/**
 * Writes a header without checksum at off; options (multiple of 4 bytes, at most 40) or null. The caller puts the data
 * behind it and ends with tcpSetChecksum4 or tcpSetChecksum6.
 */
export function buildTcp(
  buf: Uint8Array,
  off: number,
  sport: number,
  dport: number,
  seq: number,
  ack: number,
  flags: number,
  window: number,
  urg: number,
  options: Uint8Array | null = null,
): number {
  const hlen = TCP_HLEN + (options ? options.length : 0);
  put16(buf, off, sport);
  put16(buf, off + TCP_OFF_DPORT, dport);
  put32(buf, off + TCP_OFF_SEQ, seq);
  put32(buf, off + TCP_OFF_ACK, ack);
  buf[off + TCP_OFF_DATAOFF] = (hlen >>> 2) << 4;
  buf[off + TCP_OFF_FLAGS] = flags;
  put16(buf, off + TCP_OFF_WIN, window);
  put16(buf, off + TCP_OFF_SUM, 0);
  put16(buf, off + TCP_OFF_URG, urg);
  if (options) buf.set(options, off + TCP_HLEN);
  return hlen;
}
/** Computes the checksum of the segment of `len` bytes, header and data. */
export function tcpSetChecksum4(buf: Uint8Array, off: number, len: number, src: number, dst: number): void {
  put16(buf, off + TCP_OFF_SUM, 0);
  put16(buf, off + TCP_OFF_SUM, finish(onesSum(buf, off, len, pseudoHeader4(src, dst, IpProto.TCP, len))));
}
export function tcpSetChecksum6(buf: Uint8Array, off: number, len: number, src: Uint8Array, dst: Uint8Array): void {
  put16(buf, off + TCP_OFF_SUM, 0);
  put16(buf, off + TCP_OFF_SUM, finish(onesSum(buf, off, len, pseudoHeader6(src, dst, len, IpProto.TCP))));
}
