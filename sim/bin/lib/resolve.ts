/**
 * Names and addresses, as getaddrinfo(3) and getnameinfo(3) answer a program: numeric text first, then /etc/hosts.
 * There is no DNS client yet: a name that /etc/hosts does not know fails as it does on Linux when no name server
 * answers ("Temporary failure in name resolution"), without the resolver's wait. /etc/nsswitch.conf is not read.
 */
import { equalBytes } from "../../core/bytes.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { fmtIp4, fmtIp6, parseIp4, parseIp6 } from "../../wire/addr.ts";
import { lines, readText } from "./io.ts";

/** gai_strerror(3) of the failures there are. */
export const Gai = {
  NONAME: "Name or service not known",
  AGAIN: "Temporary failure in name resolution",
  ADDRFAMILY: "Address family for hostname not supported",
} as const;
export type GaiText = (typeof Gai)[keyof typeof Gai];

export type HostAddr =
  | { readonly family: 2; readonly addr: number }
  | { readonly family: 10; readonly addr: Uint8Array; readonly scopeId: number };

export interface Resolved {
  readonly addrs: readonly HostAddr[];
  /** ai_canonname: the official name of /etc/hosts, or the text itself */
  readonly canonical: string;
}

/** One line of /etc/hosts. */
export interface HostsEntry {
  /** 4 or 16 bytes */
  readonly addr: Uint8Array;
  readonly names: readonly string[];
}

export function parseHosts(text: string): HostsEntry[] {
  const entries: HostsEntry[] = [];
  for (const line of lines(text)) {
    const hash = line.indexOf("#");
    const words = (hash < 0 ? line : line.slice(0, hash)).split(/[ \t\r]+/).filter((w) => w !== "");
    if (words.length < 2) continue;
    const v4 = parseIp4(words[0]!);
    const addr = v4 !== null ? bytes4(v4) : parseIp6(words[0]!);
    if (addr !== null) entries.push({ addr, names: words.slice(1) });
  }
  return entries;
}

export function* readHosts(sys: Sys): Call<readonly HostsEntry[]> {
  const text = yield* readText(sys, "/etc/hosts");
  return typeof text === "number" ? [] : parseHosts(text);
}

/** The first name /etc/hosts gives for an address of 4 or 16 bytes, or null. */
export function nameOf(hosts: readonly HostsEntry[], addr: Uint8Array): string | null {
  for (const e of hosts) if (equalBytes(e.addr, addr)) return e.names[0]!;
  return null;
}

/** getaddrinfo for one family (0: either, IPv6 first only where /etc/hosts lists it so). A text is its failure. */
export function* getaddrinfo(sys: Sys, name: string, family: 0 | 2 | 10): Call<Resolved | GaiText> {
  if (name === "") return Gai.NONAME;
  const v4 = inetAton(name);
  if (v4 !== null) return family === 10 ? Gai.ADDRFAMILY : { addrs: [{ family: 2, addr: v4 }], canonical: name };
  const percent = name.indexOf("%");
  const v6 = parseIp6(percent < 0 ? name : name.slice(0, percent));
  if (v6 !== null) {
    if (family === 2) return Gai.ADDRFAMILY;
    let scopeId = 0;
    if (percent >= 0) {
      const zone = name.slice(percent + 1);
      const r = yield* sys.rtnetlink({ type: "RTM_GETLINK", name: zone });
      if (r.ok && r.links !== undefined && r.links.length > 0) scopeId = r.links[0]!.ifindex;
      else if (/^[0-9]+$/.test(zone)) scopeId = Number.parseInt(zone, 10);
      else return Gai.NONAME;
    }
    return { addrs: [{ family: 10, addr: v6, scopeId }], canonical: name };
  }
  // not even a name (res_hnok)
  if (/[^-.\w]/.test(name)) return Gai.NONAME;
  const wanted = name.toLowerCase();
  const addrs: HostAddr[] = [];
  let canonical = "";
  for (const e of yield* readHosts(sys)) {
    if (!e.names.some((n) => n.toLowerCase() === wanted)) continue;
    const a = hostAddr(e.addr, family);
    if (a === null) continue;
    if (canonical === "") canonical = e.names[0]!;
    addrs.push(a);
  }
  return addrs.length > 0 ? { addrs, canonical } : Gai.AGAIN;
}

function hostAddr(addr: Uint8Array, family: 0 | 2 | 10): HostAddr | null {
  if (addr.length === 4)
    return family === 10 ? null : { family: 2, addr: ((addr[0]! << 24) | (addr[1]! << 16) | (addr[2]! << 8) | addr[3]!) >>> 0 };
  return family === 2 ? null : { family: 10, addr, scopeId: 0 };
}

/** inet_aton(3): one to four numbers, decimal, octal (0…) or hexadecimal (0x…); the last one fills what is left. */
export function inetAton(text: string): number | null {
  const parts = text.split(".");
  if (parts.length > 4) return null;
  const nums: number[] = [];
  for (const p of parts) {
    let n: number;
    if (/^0[xX][0-9a-fA-F]{1,8}$/.test(p)) n = Number.parseInt(p.slice(2), 16);
    else if (/^0[0-7]{0,11}$/.test(p)) n = Number.parseInt(p, 8);
    else if (/^[1-9][0-9]{0,9}$/.test(p)) n = Number.parseInt(p, 10);
    else return null;
    nums.push(n);
  }
  const last = nums.pop()!;
  let value = 0;
  for (const n of nums) {
    if (n > 255) return null;
    value = value * 256 + n;
  }
  const room = 2 ** (8 * (4 - nums.length));
  return last < room ? value * room + last : null;
}

/** 4 bytes of an IPv4 address. */
export function bytes4(addr: number): Uint8Array {
  return new Uint8Array([addr >>> 24, (addr >>> 16) & 255, (addr >>> 8) & 255, addr & 255]);
}
/** The IPv4 address in 4 bytes. */
export function addr4(b: Uint8Array): number {
  return ((b[0]! << 24) | (b[1]! << 16) | (b[2]! << 8) | b[3]!) >>> 0;
}
/** Text of an address of 4 or 16 bytes. */
export function fmtAddr(b: Uint8Array): string {
  return b.length === 16 ? fmtIp6(b) : fmtIp4(addr4(b));
}
