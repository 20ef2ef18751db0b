/**
 * IPv4 prefixes as a learner types them and as the chapter shows them: reading with one clear message for what cannot be
 * read, and the facts of a prefix. Counts follow RFC 3021: both addresses of a /31 are hosts, and a /32 is one host.
 */
import { fmtIp4, lenOfMask, maskOf, parseIp4, type Prefix4 } from "../../sim/wire/addr.ts";
import type { Phrase } from "./phrase.ts";

export type { Prefix4 };
export { fmtIp4, maskOf };

/** An address and a length, or what keeps the text from being one. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Phrase };

const no = (key: Phrase["key"], params: Phrase["params"] = {}): { ok: false; why: Phrase } => ({ ok: false, why: { key, params } });

/** "192.168.1.77/26", "192.168.1.77 255.255.255.192" or "192.168.1.77/255.255.255.192". Host bits stay as given. */
export function readCidr(typed: string): Read<Prefix4> {
  const text = plain(typed);
  if (text === "") return no("cidr.bad.empty");
  const [address = "", length, ...more] = text.split(/\s*\/\s*|\s+/);
  if (more.length > 0) return no("cidr.bad.more", { text: more.join(" ") });
  const addr = readAddress(address);
  if (!addr.ok) return addr;
  if (length === undefined || length === "") return no("cidr.bad.noLength", { text: address });
  const len = readLength(length);
  return len.ok ? { ok: true, value: { addr: addr.value, len: len.value } } : len;
}

/** A dotted quad. */
export function readAddress(typed: string): Read<number> {
  const text = plain(typed);
  if (text.includes(":")) return no("cidr.bad.ip6");
  if (text === "") return no("cidr.bad.noAddress");
  const value = parseIp4(text);
  if (value !== null) return { ok: true, value };
  const parts = text.split(".");
  for (const part of parts) {
    if (part === "" && parts.length > 1) return no("cidr.bad.gap");
    if (!/^\d+$/.test(part)) return no("cidr.bad.notNumber", { text: part });
    if (part.length > 1 && part.startsWith("0")) return no("cidr.bad.zero", { text: part });
    if (Number(part) > 255) return no("cidr.bad.octet", { text: part });
  }
  return no("cidr.bad.parts", { n: parts.length });
}

/** "26", "/26" or "255.255.255.192". */
export function readLength(typed: string): Read<number> {
  const text = plain(typed).replace(/^\//, "").trim();
  if (/^\d{1,3}$/.test(text)) {
    const len = Number(text);
    return len <= 32 ? { ok: true, value: len } : no("cidr.bad.tooLong", { text });
  }
  const mask = parseIp4(text);
  if (mask === null) return no("cidr.bad.length", { text });
  const len = lenOfMask(mask);
  return len < 0 ? no("cidr.bad.mask", { text }) : { ok: true, value: len };
}

/** Typed text with full-width digits and signs, as a Korean keyboard may give them, made plain. */
export const plain = (text: string): string => text.normalize("NFKC").trim();

export const fmtCidr = (p: Prefix4): string => `${fmtIp4(p.addr)}/${p.len}`;
export const networkOf = (p: Prefix4): number => (p.addr & maskOf(p.len)) >>> 0;
/** The last address of the prefix: its broadcast where it has one. */
export const lastOf = (p: Prefix4): number => (p.addr | ~maskOf(p.len)) >>> 0;
export const sizeOf = (len: number): number => 2 ** (32 - len);
/** How many addresses machines can have in a prefix of this length. */
export const hostsOf = (len: number): number => (len >= 31 ? sizeOf(len) : sizeOf(len) - 2);
export const whole = (p: Prefix4): Prefix4 => ({ addr: networkOf(p), len: p.len });
/** Is all of `b` in `a`? */
export const contains = (a: Prefix4, b: Prefix4): boolean => a.len <= b.len && networkOf({ addr: b.addr, len: a.len }) === networkOf(a);
export const overlap = (a: Prefix4, b: Prefix4): boolean => contains(a, b) || contains(b, a);
/** The longest prefix whose networks give `n` machines an address each. */
export function lengthFor(n: number): number {
  for (let len = 32; len > 0; len--) if (hostsOf(len) >= n) return len;
  return 0;
}

export interface Facts {
  readonly mask: number;
  readonly network: number;
  /** null where there is none: /31 (RFC 3021) and /32 */
  readonly broadcast: number | null;
  readonly first: number;
  readonly last: number;
  readonly hosts: number;
  readonly size: number;
}

export function factsOf(p: Prefix4): Facts {
  const [network, end] = [networkOf(p), lastOf(p)];
  const ends = p.len < 31;
  return {
    mask: maskOf(p.len),
    network,
    broadcast: ends ? end : null,
    first: ends ? network + 1 : network,
    last: ends ? end - 1 : end,
    hosts: hostsOf(p.len),
    size: sizeOf(p.len),
  };
}

export const bitsOf = (addr: number): string => addr.toString(2).padStart(32, "0");

/** Ranges that mean something by themselves, the narrower before the wider that holds it. */
const KINDS: readonly { readonly cidr: string; readonly key: Phrase["key"]; readonly from: string }[] = [
  { cidr: "10.0.0.0/8", key: "cidr.kind.private", from: "RFC 1918" },
  { cidr: "172.16.0.0/12", key: "cidr.kind.private", from: "RFC 1918" },
  { cidr: "192.168.0.0/16", key: "cidr.kind.private", from: "RFC 1918" },
  { cidr: "100.64.0.0/10", key: "cidr.kind.shared", from: "RFC 6598" },
  { cidr: "127.0.0.0/8", key: "cidr.kind.loopback", from: "RFC 1122" },
  { cidr: "169.254.0.0/16", key: "cidr.kind.linkLocal", from: "RFC 3927" },
  { cidr: "192.0.2.0/24", key: "cidr.kind.documentation", from: "RFC 5737" },
  { cidr: "198.51.100.0/24", key: "cidr.kind.documentation", from: "RFC 5737" },
  { cidr: "203.0.113.0/24", key: "cidr.kind.documentation", from: "RFC 5737" },
  { cidr: "198.18.0.0/15", key: "cidr.kind.benchmark", from: "RFC 2544" },
  { cidr: "224.0.0.0/4", key: "cidr.kind.multicast", from: "RFC 5771" },
  { cidr: "255.255.255.255/32", key: "cidr.kind.broadcast", from: "RFC 919" },
  { cidr: "240.0.0.0/4", key: "cidr.kind.reserved", from: "RFC 1112" },
  { cidr: "0.0.0.0/8", key: "cidr.kind.thisNetwork", from: "RFC 1122" },
];
const ranges = KINDS.map((k) => {
  const read = readCidr(k.cidr);
  return { ...k, range: read.ok ? read.value : { addr: 0, len: 32 } };
});

export interface Kind {
  readonly key: Phrase["key"];
  /** the range and where it is written down; null for a public address */
  readonly range: string | null;
  readonly from: string | null;
  /** the network reaches beyond that range */
  readonly beyond: boolean;
}

/** What the address is for, and whether its whole network is for that too. */
export function kindOf(p: Prefix4): Kind {
  const found = ranges.find((k) => contains(k.range, { addr: p.addr, len: 32 }));
  return found
    ? { key: found.key, range: found.cidr, from: found.from, beyond: !contains(found.range, p) }
    : { key: "cidr.kind.public", range: null, from: null, beyond: ranges.some((k) => contains(p, k.range)) };
}
