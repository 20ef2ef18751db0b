/**
 * The Internet checksum (RFC 1071). A running sum is a plain number that may exceed 16 bits: onesSum and the pseudo-header
 * functions return such sums, they may be added together, and finish() folds and complements at the end. Up to 64 KiB a
 * sum stays far below 2^32.
 */

/** Sum of the 16-bit words of buf[off, off+len); an odd last byte counts as the high half. */
export function onesSum(buf: Uint8Array, off: number, len: number, init = 0): number {
  let sum = init;
  const end = off + (len & ~1);
  for (let i = off; i < end; i += 2) sum += (buf[i]! << 8) | buf[i + 1]!;
  if ((len & 1) !== 0) sum += buf[end]! << 8;
  return sum;
}

/** Folds a sum to 16 bits and complements it: the value that goes into the packet. */
export function finish(sum: number): number {
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** Checksum of a range in one go. Over a range that includes a right checksum the result is 0. */
export function checksum(buf: Uint8Array, off: number, len: number, init = 0): number {
  return finish(onesSum(buf, off, len, init));
}

/** Pseudo-header sum for UDP and TCP over IPv4: addresses as numbers, protocol, length of transport header and data. */
export function pseudoHeader4(src: number, dst: number, proto: number, len: number): number {
  return (src >>> 16) + (src & 0xffff) + (dst >>> 16) + (dst & 0xffff) + proto + len;
}

/** Pseudo-header sum over IPv6 (RFC 8200 §8.1): the 16 bytes at src[so] and dst[do_], upper-layer length, next header. */
export function pseudoHeader6(src: Uint8Array, dst: Uint8Array, len: number, next: number, so = 0, do_ = 0): number {
  let sum = (len >>> 16) + (len & 0xffff) + next;
  for (let i = 0; i < 16; i += 2) sum += ((src[so + i]! << 8) | src[so + i + 1]!) + ((dst[do_ + i]! << 8) | dst[do_ + i + 1]!);
  return sum;
}

/** The checksum after one 16-bit word of the data changed from `from` to `to` (RFC 1624, equation 3). */
export function updateChecksum(sum: number, from: number, to: number): number {
  let s = (~sum & 0xffff) + (~from & 0xffff) + to;
  s = (s & 0xffff) + (s >>> 16);
  s = (s & 0xffff) + (s >>> 16);
  return ~s & 0xffff;
}
