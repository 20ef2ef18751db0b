/**
 * Internet addresses. IPv4: an unsigned 32-bit number in host order; IPv6: 16 bytes in network order.
 * Text is read as inet_pton(3) reads it and written as glibc's inet_ntop(3) writes it (RFC 5952 with embedded IPv4
 * for ::a.b.c.d and ::ffff:a.b.c.d). Text exists at the edges only; the stack never sees it.
 */

/** A prefix: the address with its host bits as given, and a length of 0..32. */
export interface Prefix4 {
  readonly addr: number;
  readonly len: number;
}
export interface Prefix6 {
  readonly addr: Uint8Array;
  readonly len: number;
}

export const INADDR_ANY = 0;
export const INADDR_BROADCAST = 0xffffffff;
export const INADDR_LOOPBACK = 0x7f000001;

/** Strict dotted quad as inet_pton(AF_INET): four decimal numbers 0..255, no leading zeros. Otherwise null. */
export function parseIp4(text: string): number | null {
  let value = 0;
  let parts = 0;
  let i = 0;
  for (;;) {
    let octet = 0;
    const start = i;
    while (i < text.length) {
      const c = text.charCodeAt(i) - 48;
      if (c < 0 || c > 9) break;
      if (i > start && octet === 0) return null;
      octet = octet * 10 + c;
      if (octet > 255) return null;
      i++;
    }
    if (i === start) return null;
    value = value * 256 + octet;
    parts++;
    if (parts === 4) return i === text.length ? value >>> 0 : null;
    if (text.charCodeAt(i) !== 46) return null;
    i++;
  }
}

export function fmtIp4(n: number): string {
  return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
}

/** The netmask of a prefix length 0..32. */
export function maskOf(len: number): number {
  return len <= 0 ? 0 : (0xffffffff << (32 - len)) >>> 0;
}

/** The prefix length of a netmask, or -1 where its bits are not contiguous. */
export function lenOfMask(mask: number): number {
  const len = Math.clz32(~mask);
  return maskOf(len) === mask >>> 0 ? len : -1;
}

export function networkOf(addr: number, len: number): number {
  return (addr & maskOf(len)) >>> 0;
}
export function broadcastOf(addr: number, len: number): number {
  return (addr | ~maskOf(len)) >>> 0;
}

/** "a.b.c.d/len"; without "/len" the length is 32. Null where it is no such thing. */
export function parsePrefix4(text: string): Prefix4 | null {
  const slash = text.indexOf("/");
  const addr = parseIp4(slash < 0 ? text : text.slice(0, slash));
  if (addr === null) return null;
  const len = slash < 0 ? 32 : parseLen(text.slice(slash + 1), 32);
  return len < 0 ? null : { addr, len };
}

function parseLen(text: string, max: number): number {
  if (text.length < 1 || text.length > 3) return -1;
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i) - 48;
    if (c < 0 || c > 9) return -1;
    n = n * 10 + c;
  }
  return n <= max ? n : -1;
}

export function isMulticast4(n: number): boolean {
  return n >>> 28 === 0xe;
}
export function isLoopback4(n: number): boolean {
  return n >>> 24 === 127;
}
/** 0.0.0.0/8, "this network". */
export function isZeronet4(n: number): boolean {
  return n >>> 24 === 0;
}
export function isLimitedBroadcast4(n: number): boolean {
  return n >>> 0 === INADDR_BROADCAST;
}
/** 224.0.0.0/24: never forwarded. */
export function isLocalMulticast4(n: number): boolean {
  return n >>> 8 === 0xe00000;
}

/** IPv6 text as inet_pton(AF_INET6) reads it (no zone, no brackets). Otherwise null. */
export function parseIp6(text: string): Uint8Array | null {
  const out = new Uint8Array(16);
  let at = 0;
  let gap = -1;
  let i = 0;
  if (text.startsWith(":")) {
    if (!text.startsWith("::")) return null;
    i = 1; // the second colon is taken below
  }
  let digits = 0;
  let value = 0;
  let groupStart = i;
  for (; i < text.length; i++) {
    const d = hexDigit(text.charCodeAt(i));
    if (d >= 0) {
      value = (value << 4) | d;
      if (++digits > 4) return null;
      continue;
    }
    const ch = text[i];
    if (ch === ":") {
      groupStart = i + 1;
      if (digits === 0) {
        if (gap >= 0) return null;
        gap = at;
        continue;
      }
      if (i + 1 === text.length) return null;
      if (at + 2 > 16) return null;
      out[at++] = value >>> 8;
      out[at++] = value & 255;
      digits = 0;
      value = 0;
      continue;
    }
    if (ch === "." && at + 4 <= 16) {
      const v4 = parseIp4(text.slice(groupStart));
      if (v4 === null) return null;
      out[at++] = v4 >>> 24;
      out[at++] = (v4 >>> 16) & 255;
      out[at++] = (v4 >>> 8) & 255;
      out[at++] = v4 & 255;
      digits = 0;
      break;
    }
    return null;
  }
  if (digits > 0) {
    if (at + 2 > 16) return null;
    out[at++] = value >>> 8;
    out[at++] = value & 255;
  }
  if (gap >= 0) {
    if (at === 16) return null;
    const n = at - gap;
    for (let k = 1; k <= n; k++) {
      out[16 - k] = out[gap + n - k]!;
      out[gap + n - k] = 0;
    }
    at = 16;
  }
  return at === 16 ? out : null;
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 97 && c <= 102) return c - 87;
  if (c >= 65 && c <= 70) return c - 55;
  return -1;
}

/** Text of the 16 bytes at b[off], as inet_ntop prints them. */
export function fmtIp6(b: Uint8Array, off = 0): string {
  let best = -1;
  let bestLen = 1; // a single zero group is not shortened
  for (let g = 0; g < 8;) {
    let n = 0;
    while (g + n < 8 && b[off + 2 * (g + n)] === 0 && b[off + 2 * (g + n) + 1] === 0) n++;
    if (n > bestLen) {
      best = g;
      bestLen = n;
    }
    g += n + 1;
  }
  let s = "";
  for (let g = 0; g < 8; g++) {
    if (best >= 0 && g >= best && g < best + bestLen) {
      if (g === best) s += ":";
      continue;
    }
    if (g > 0) s += ":";
    // ::a.b.c.d and ::ffff:a.b.c.d keep their IPv4 form
    if (g === 6 && best === 0 && (bestLen === 6 || (bestLen === 5 && b[off + 10] === 255 && b[off + 11] === 255))) {
      return `${s}${b[off + 12]}.${b[off + 13]}.${b[off + 14]}.${b[off + 15]}`;
    }
    s += ((b[off + 2 * g]! << 8) | b[off + 2 * g + 1]!).toString(16);
  }
  if (best >= 0 && best + bestLen === 8) s += ":";
  return s;
}

/** "addr/len"; without "/len" the length is 128. */
export function parsePrefix6(text: string): Prefix6 | null {
  const slash = text.indexOf("/");
  const addr = parseIp6(slash < 0 ? text : text.slice(0, slash));
  if (addr === null) return null;
  const len = slash < 0 ? 128 : parseLen(text.slice(slash + 1), 128);
  return len < 0 ? null : { addr, len };
}

export function eqIp6(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Are the first `len` bits of the two addresses equal? */
export function inPrefix6(a: Uint8Array, p: Uint8Array, len: number): boolean {
  const whole = len >>> 3;
  for (let i = 0; i < whole; i++) if (a[i] !== p[i]) return false;
  const rest = len & 7;
  return rest === 0 || ((a[whole]! ^ p[whole]!) & ((0xff << (8 - rest)) & 0xff)) === 0;
}

/** The address with all bits after `len` cleared (a new array). */
export function networkOf6(a: Uint8Array, len: number): Uint8Array {
  const out = new Uint8Array(16);
  for (let i = 0; i < 16; i++) {
    const bits = Math.min(8, Math.max(0, len - 8 * i));
    out[i] = a[i]! & ((0xff << (8 - bits)) & 0xff);
  }
  return out;
}

export function isUnspecified6(b: Uint8Array, off = 0): boolean {
  for (let i = 0; i < 16; i++) if (b[off + i] !== 0) return false;
  return true;
}
export function isLoopback6(b: Uint8Array, off = 0): boolean {
  for (let i = 0; i < 15; i++) if (b[off + i] !== 0) return false;
  return b[off + 15] === 1;
}
export function isMulticast6(b: Uint8Array, off = 0): boolean {
  return b[off] === 0xff;
}
/** fe80::/10. */
export function isLinkLocal6(b: Uint8Array, off = 0): boolean {
  return b[off] === 0xfe && (b[off + 1]! & 0xc0) === 0x80;
}
/** ff02::1:ff00:0/104. */
export function isSolicitedNode(b: Uint8Array, off = 0): boolean {
  if (b[off] !== 0xff || b[off + 1] !== 2) return false;
  for (let i = 2; i < 11; i++) if (b[off + i] !== 0) return false;
  return b[off + 11] === 1 && b[off + 12] === 0xff;
}

/** fe80:: with the modified EUI-64 of a 6-byte MAC (RFC 4291 appendix A). */
export function linkLocalFromMac(mac: Uint8Array): Uint8Array {
  const a = new Uint8Array(16);
  a[0] = 0xfe;
  a[1] = 0x80;
  a[8] = mac[0]! ^ 2;
  a[9] = mac[1]!;
  a[10] = mac[2]!;
  a[11] = 0xff;
  a[12] = 0xfe;
  a[13] = mac[3]!;
  a[14] = mac[4]!;
  a[15] = mac[5]!;
  return a;
}

/** The solicited-node multicast group of an address (RFC 4291 §2.7.1). */
export function solicitedNode(addr: Uint8Array): Uint8Array {
  const a = new Uint8Array(16);
  a[0] = 0xff;
  a[1] = 2;
  a[11] = 1;
  a[12] = 0xff;
  a[13] = addr[13]!;
  a[14] = addr[14]!;
  a[15] = addr[15]!;
  return a;
}
