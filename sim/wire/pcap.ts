/**
 * Classic pcap files (the format of draft-ietf-opsawg-pcap). Written little-endian with microseconds, version 2.4, as libpcap writes them on
 * x86. Read in both byte orders, with microsecond or nanosecond stamps. Not here: pcapng, modified formats.
 * Hostile input never throws: reading gives an error text in libpcap's words.
 */

export const LINKTYPE_ETHERNET = 1;
/** IPv4 or IPv6 packets without a link header */
export const LINKTYPE_RAW = 101;
export const LINKTYPE_LINUX_SLL2 = 276;

export const PCAP_MAGIC = 0xa1b2c3d4;
export const PCAP_MAGIC_NS = 0xa1b23c4d;
export const PCAP_FILE_HLEN = 24;
export const PCAP_RECORD_HLEN = 16;
/** tcpdump's default, and the largest record libpcap accepts */
export const MAXIMUM_SNAPLEN = 262144;

function putLe32(b: Uint8Array, o: number, v: number): void {
  b[o] = v & 255;
  b[o + 1] = (v >>> 8) & 255;
  b[o + 2] = (v >>> 16) & 255;
  b[o + 3] = (v >>> 24) & 255;
}
function le32(b: Uint8Array, o: number): number {
  return (b[o]! | (b[o + 1]! << 8) | (b[o + 2]! << 16) | (b[o + 3]! << 24)) >>> 0;
}
function be32(b: Uint8Array, o: number): number {
  return ((b[o]! << 24) | (b[o + 1]! << 16) | (b[o + 2]! << 8) | b[o + 3]!) >>> 0;
}

/** The 24 bytes at the head of a file. */
export function pcapFileHeader(linkType: number, snaplen: number = MAXIMUM_SNAPLEN): Uint8Array {
  const b = new Uint8Array(PCAP_FILE_HLEN);
  putLe32(b, 0, PCAP_MAGIC);
  b[4] = 2;
  b[6] = 4;
  putLe32(b, 16, snaplen);
  putLe32(b, 20, linkType);
  return b;
}

/** One record: header and the captured bytes. Time in seconds since 1970 and microseconds; `wireLen` is the length before it was cut. */
export function pcapRecord(sec: number, usec: number, frame: Uint8Array, wireLen: number): Uint8Array {
  const b = new Uint8Array(PCAP_RECORD_HLEN + frame.length);
  putLe32(b, 0, sec);
  putLe32(b, 4, usec);
  putLe32(b, 8, frame.length);
  putLe32(b, 12, wireLen);
  b.set(frame, PCAP_RECORD_HLEN);
  return b;
}

export interface PcapHeader {
  readonly linkType: number;
  readonly snaplen: number;
  readonly bigEndian: boolean;
  readonly nanos: boolean;
  readonly version: readonly [number, number];
}

export interface PcapPacket {
  /** seconds since 1970 and microseconds */
  readonly sec: number;
  readonly usec: number;
  readonly frame: Uint8Array;
  readonly wireLen: number;
  /** offset of the next record in the file */
  readonly next: number;
}

/** The file header, or libpcap's words for what is wrong ("unknown file format", "truncated dump file; …"). */
export function readPcapHeader(b: Uint8Array): PcapHeader | string {
  if (b.length < 4) return `truncated dump file; tried to read 4 file header bytes, only got ${b.length}`;
  const m = le32(b, 0);
  const s = be32(b, 0);
  const little = m === PCAP_MAGIC || m === PCAP_MAGIC_NS;
  if (!little && s !== PCAP_MAGIC && s !== PCAP_MAGIC_NS) return "unknown file format";
  if (b.length < PCAP_FILE_HLEN) return `truncated dump file; tried to read 24 file header bytes, only got ${b.length - 4}`;
  const g = little ? le32 : be32;
  const major = little ? b[4]! | (b[5]! << 8) : (b[4]! << 8) | b[5]!;
  const minor = little ? b[6]! | (b[7]! << 8) : (b[6]! << 8) | b[7]!;
  if (major < 2) return `archaic pcap savefile format`;
  if (major !== 2 || (minor !== 4 && minor !== 3 && minor !== 2)) return `unsupported pcap savefile version ${major}.${minor}`;
  const snaplen = g(b, 16);
  return {
    linkType: g(b, 20) & 0x03ffffff,
    snaplen: snaplen === 0 || snaplen > 0x7fffffff ? MAXIMUM_SNAPLEN : snaplen,
    bigEndian: !little,
    nanos: (little ? m : s) === PCAP_MAGIC_NS,
    version: [major, minor],
  };
}

/** The record at `off` (the first stands at PCAP_FILE_HLEN), null at the end of the file, or an error text. */
export function readPcapRecord(b: Uint8Array, h: PcapHeader, off: number): PcapPacket | null | string {
  const left = b.length - off;
  if (left <= 0) return null;
  if (left < PCAP_RECORD_HLEN) return `truncated dump file; tried to read ${PCAP_RECORD_HLEN} header bytes, only got ${left}`;
  const g = h.bigEndian ? be32 : le32;
  const caplen = g(b, off + 8);
  const limit = Math.max(MAXIMUM_SNAPLEN, h.snaplen);
  if (caplen > limit) return `invalid packet capture length ${caplen}, bigger than snaplen of ${limit}`;
  if (left - PCAP_RECORD_HLEN < caplen)
    return `truncated dump file; tried to read ${caplen} captured bytes, only got ${left - PCAP_RECORD_HLEN}`;
  const at = off + PCAP_RECORD_HLEN;
  const frac = g(b, off + 4);
  return {
    sec: g(b, off),
    usec: h.nanos ? Math.floor(frac / 1000) : frac,
    frame: b.subarray(at, at + Math.min(caplen, h.snaplen)),
    wireLen: g(b, off + 12),
    next: at + caplen,
  };
}
