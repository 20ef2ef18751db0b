/**
 * Files as editors and pagers hold them: text of which every byte can be given back. A byte that is no UTF-8 becomes a lone
 * low surrogate U+DC80…U+DCFF, which no valid text contains.
 */
import { concatBytes, fromUtf8, utf8 } from "../../../core/bytes.ts";

/** Text of bytes; nothing is lost. */
export function decodeText(b: Uint8Array): string {
  const plain = fromUtf8(b);
  if (!plain.includes("\ufffd")) return plain;
  let s = "";
  let from = 0;
  for (let i = 0; i < b.length;) {
    if (b[i]! < 0x80) {
      i++;
      continue;
    }
    const n = sequenceLength(b, i);
    if (n > 0) {
      i += n;
      continue;
    }
    s += fromUtf8(b, from, i) + String.fromCharCode(0xdc00 + b[i]!);
    from = ++i;
  }
  return s + fromUtf8(b, from, b.length);
}

/** bytes of the valid character that begins there; 0 when none does */
function sequenceLength(b: Uint8Array, i: number): number {
  const c = b[i]!;
  const n = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
  if (n === 0 || i + n > b.length) return 0;
  if (!fromUtf8(b, i, i + n).includes("\ufffd")) return n;
  return n === 3 && c === 0xef && b[i + 1] === 0xbf && b[i + 2] === 0xbd ? 3 : 0;
}

/** The bytes that decodeText made this text of. */
export function encodeText(text: string): Uint8Array {
  const pieces = text.split(/([\udc80-\udcff])/u);
  if (pieces.length === 1) return utf8(text);
  return concatBytes(pieces.map((p, i) => (i % 2 === 1 ? Uint8Array.of(p.charCodeAt(0) - 0xdc00) : utf8(p))));
}

/** The byte that a cluster stands for when it is no text, or -1. */
export function rawByte(g: string): number {
  const c = g.charCodeAt(0);
  return g.length === 1 && c >= 0xdc80 && c <= 0xdcff ? c - 0xdc00 : -1;
}
