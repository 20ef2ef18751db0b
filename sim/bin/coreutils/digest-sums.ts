/**
 * Checksums of bytes: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), the CRC of POSIX cksum, BSD's and System V's sum. Whole
 * messages at once; the 64-bit words of SHA-512 are BigInt, which is slow and short.
 */

type Hash = (message: Uint8Array) => Uint8Array;

/** The message with its 1 bit, zeros and length: a multiple of `block` bytes. */
function padded(m: Uint8Array, block: number, littleEndian: boolean): DataView {
  const lengthBytes = block / 8;
  const size = Math.ceil((m.length + 1 + lengthBytes) / block) * block;
  const out = new Uint8Array(size);
  out.set(m);
  out[m.length] = 0x80;
  const view = new DataView(out.buffer);
  const low = (m.length << 3) >>> 0;
  const high = Math.floor(m.length / 0x20000000);
  view.setUint32(littleEndian ? size - 8 : size - 4, low, littleEndian);
  view.setUint32(littleEndian ? size - 4 : size - 8, high, littleEndian);
  return view;
}

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

function words(state: readonly number[], littleEndian: boolean, bytes = state.length * 4): Uint8Array {
  const view = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((w, i) => view.setUint32(i * 4, w >>> 0, littleEndian));
  return new Uint8Array(view.buffer).subarray(0, bytes);
}

const MD5_SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

export const md5: Hash = (message) => {
  const view = padded(message, 64, true);
  const k = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) >>> 0);
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const g = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15;
      const t = (a + f + k[i]! + view.getUint32(at + g * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotl(t, MD5_SHIFTS[round]![i & 3]!)) | 0];
    }
    [a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }
  return words([a0, b0, c0, d0], true);
};

export const sha1: Hash = (message) => {
  const view = padded(message, 64, false);
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const w = new Int32Array(80);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 80; i++) w[i] = i < 16 ? view.getInt32(at + i * 4) : rotl(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
    let [a, b, c, d, e] = h as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
      const k = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(i / 20)]!;
      [e, d, c, b, a] = [d, c, rotl(b, 30), a, (rotl(a, 5) + f + e + k + w[i]!) | 0];
    }
    [a, b, c, d, e].forEach((x, i) => (h[i] = (h[i]! + x) | 0));
  }
  return words(h, false);
};

/** The first primes: their roots are the constants of SHA-2. */
function primes(n: number): number[] {
  const found: number[] = [];
  for (let c = 2; found.length < n; c++) if (found.every((p) => c % p !== 0)) found.push(c);
  return found;
}

/** The first 64 bits behind the point of the n-th root of p, by bisection in whole numbers. */
function rootBits(p: number, n: 2 | 3): bigint {
  const target = BigInt(p) << BigInt(64 * n);
  let lo = 0n;
  let hi = 1n << 69n;
  while (hi - lo > 1n) {
    const mid = (lo + hi) >> 1n;
    if (mid ** BigInt(n) <= target) lo = mid;
    else hi = mid;
  }
  return lo & 0xffffffffffffffffn;
}

function sha256With(start: readonly number[], bytes: number): Hash {
  return (message) => {
    const view = padded(message, 64, false);
    const k = primes(64).map((p) => Number(rootBits(p, 3) >> 32n) | 0);
    const h = Array.from(start);
    const w = new Int32Array(64);
    for (let at = 0; at < view.byteLength; at += 64) {
      for (let i = 0; i < 64; i++) {
        if (i < 16) {
          w[i] = view.getInt32(at + i * 4);
          continue;
        }
        const x = w[i - 15]!;
        const y = w[i - 2]!;
        w[i] = w[i - 16]! + (rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3)) + w[i - 7]! + (rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10));
      }
      let [a, b, c, d, e, f, g, z] = h as [number, number, number, number, number, number, number, number];
      for (let i = 0; i < 64; i++) {
        const t1 = (z + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0;
        const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [z, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
      }
      [a, b, c, d, e, f, g, z].forEach((x, i) => (h[i] = (h[i]! + x) | 0));
    }
    return words(h, false, bytes);
  };
}

const M64 = 0xffffffffffffffffn;
const rotr64 = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & M64;

function sha512With(start: readonly bigint[], bytes: number): Hash {
  return (message) => {
    const view = padded(message, 128, false);
    const k = primes(80).map((p) => rootBits(p, 3));
    const h = Array.from(start);
    const w: bigint[] = [];
    for (let at = 0; at < view.byteLength; at += 128) {
      for (let i = 0; i < 80; i++) {
        if (i < 16) {
          w[i] = view.getBigUint64(at + i * 8);
          continue;
        }
        const x = w[i - 15]!;
        const y = w[i - 2]!;
        const s0 = rotr64(x, 1n) ^ rotr64(x, 8n) ^ (x >> 7n);
        const s1 = rotr64(y, 19n) ^ rotr64(y, 61n) ^ (y >> 6n);
        w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) & M64;
      }
      let [a, b, c, d, e, f, g, z] = h as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
      for (let i = 0; i < 80; i++) {
        const t1 = z + (rotr64(e, 14n) ^ rotr64(e, 18n) ^ rotr64(e, 41n)) + ((e & f) ^ (~e & M64 & g)) + k[i]! + w[i]!;
        const t2 = (rotr64(a, 28n) ^ rotr64(a, 34n) ^ rotr64(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        [z, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & M64, c, b, a, (t1 + t2) & M64];
      }
      [a, b, c, d, e, f, g, z].forEach((x, i) => (h[i] = (h[i]! + x) & M64));
    }
    const out = new DataView(new ArrayBuffer(64));
    h.forEach((x, i) => out.setBigUint64(i * 8, x));
    return new Uint8Array(out.buffer).subarray(0, bytes);
  };
}

/** SHA-384 and SHA-224 begin with the roots of the 9th to 16th prime, the others with those of the first eight. */
export const sha256: Hash = (m) =>
  sha256With(
    primes(8).map((p) => Number(rootBits(p, 2) >> 32n) | 0),
    32,
  )(m);
export const sha224: Hash = (m) =>
  sha256With(
    primes(16)
      .slice(8)
      .map((p) => Number(rootBits(p, 2) & 0xffffffffn) | 0),
    28,
  )(m);
export const sha512: Hash = (m) =>
  sha512With(
    primes(8).map((p) => rootBits(p, 2)),
    64,
  )(m);
export const sha384: Hash = (m) =>
  sha512With(
    primes(16)
      .slice(8)
      .map((p) => rootBits(p, 2)),
    48,
  )(m);

/** POSIX cksum: CRC-32 with the length behind the data. */
export function posixCrc(m: Uint8Array): number {
  let crc = 0;
  const step = (byte: number): void => {
    crc ^= byte << 24;
    for (let k = 0; k < 8; k++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  };
  for (const b of m) step(b);
  for (let n = m.length; n > 0; n = Math.floor(n / 256)) step(n & 255);
  return ~crc >>> 0;
}

/** sum -r: 16 bits, rotated right before each byte. */
export function bsdSum(m: Uint8Array): number {
  let s = 0;
  for (const b of m) s = (((s >> 1) | ((s & 1) << 15)) + b) & 0xffff;
  return s;
}

/** sum -s */
export function sysvSum(m: Uint8Array): number {
  let s = 0;
  for (const b of m) s += b;
  const r = (s & 0xffff) + Math.floor((s % 4294967296) / 65536);
  return (r & 0xffff) + (r >> 16);
}
