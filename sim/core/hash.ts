/** Hashes: FNV-1a for text and digests, an integer mix for tables. Neither is for secrets. */

/** 32-bit FNV-1a over the UTF-16 units of a string. */
export function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Continues an FNV-1a hash with 32 bits of data. */
export function fnvWord(h: number, word: number): number {
  h = Math.imul(h ^ (word & 255), 0x01000193);
  h = Math.imul(h ^ ((word >>> 8) & 255), 0x01000193);
  h = Math.imul(h ^ ((word >>> 16) & 255), 0x01000193);
  return Math.imul(h ^ (word >>> 24), 0x01000193) >>> 0;
}

/** Continues an FNV-1a hash with bytes. */
export function fnvBytes(h: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h >>> 0;
}

/** Spreads the bits of an integer (murmur3's finaliser). */
export function mix32(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
