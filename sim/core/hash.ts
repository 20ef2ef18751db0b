/** Hashes: FNV-1a for text, a faster one for digests, an integer mix for tables. None is for secrets. */

/** 32-bit FNV-1a over the UTF-16 units of a string. */
export function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Continues an FNV-1a hash with bytes. */
export function fnvBytes(h: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h >>> 0;
}

/** Continues a hash with 32 bits of data (murmur3's step): what digests are made of, since it is fast. */
export function mixWord(h: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const x = h ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
}

/** Continues such a hash with bytes[from, to) and their number. */
export function mixBytes(h: number, bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  for (; i + 4 <= to; i += 4) h = mixWord(h, bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
  let rest = to - from;
  for (; i < to; i++) rest = (rest << 8) | bytes[i]!;
  return mixWord(h, rest);
}

/** Spreads the bits of an integer (murmur3's finaliser). */
export function mix32(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
