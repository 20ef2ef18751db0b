/**
 * Interface identifiers (net/ipv6/addrconf.c): EUI-64 from the MAC, or RFC 7217's hash of a secret (ipv6_generate_stable_address). The hash
 * is one SHA-1 block over secret, prefix, permanent address (none, for virtual devices) and the count of duplicates met.
 */
import { linkLocalFromMac } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import type { Inet6Dev } from "./state.ts";

/** IN6_ADDR_GEN_MODE_* */
export const GenMode = { EUI64: 0, NONE: 1, STABLE: 2, RANDOM: 3 } as const;
export const GEN_MODE_NAMES = ["eui64", "none", "stable_secret", "random"] as const;

function rol(x: number, n: number): number {
  return (x << n) | (x >>> (32 - n));
}

/** SHA-1's compression of one block of 64 bytes, from its initial state, without padding: five words. */
export function sha1Block(block: Uint8Array): readonly number[] {
  const w: number[] = [];
  for (let i = 0; i < 16; i++) w.push((block[4 * i]! << 24) | (block[4 * i + 1]! << 16) | (block[4 * i + 2]! << 8) | block[4 * i + 3]!);
  for (let i = 16; i < 80; i++) w.push(rol(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1));
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const;
  let [a, b, c, d, e]: [number, number, number, number, number] = [...h];
  for (let i = 0; i < 80; i++) {
    const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
    const k = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
    const t = (rol(a, 5) + f + e + k + w[i]!) | 0;
    e = d;
    d = c;
    c = rol(b, 30);
    b = a;
    a = t;
  }
  return [a, b, c, d, e].map((x, i) => (x + h[i]!) >>> 0);
}

function stable(secret: Uint8Array, prefix: Uint8Array, dadCount: number): Uint8Array {
  const block = new Uint8Array(64);
  block.set(secret, 0);
  block.set(prefix.subarray(0, 8), 16);
  block[56] = dadCount;
  const [lo, hi] = sha1Block(block) as [number, number];
  const addr = prefix.slice(0, 16);
  // the digest's words are put into the address as the machine holds them: little end first
  for (let i = 0; i < 4; i++) {
    addr[8 + i] = (lo >>> (8 * i)) & 255;
    addr[12 + i] = (hi >>> (8 * i)) & 255;
  }
  return addr;
}

/** The device's own address below a /64 prefix, and whether a hash made it; null when its mode makes none. */
export function makeAddress(idev: Inet6Dev, prefix: Uint8Array): { addr: Uint8Array; stable: boolean } | null {
  const dev: NetDevice = idev.dev;
  const mode = dev.conf6.addr_gen_mode;
  if (mode === GenMode.NONE) return null;
  if (mode === GenMode.EUI64 && dev.addr.length === 6) {
    const addr = prefix.slice(0, 16);
    addr.set(linkLocalFromMac(dev.addr).subarray(8), 8);
    return { addr, stable: false };
  }
  // a device without a link-layer address has no EUI-64: Linux makes a secret up and keeps it
  if (mode !== GenMode.STABLE) {
    dev.conf6 = { ...dev.conf6, addr_gen_mode: GenMode.RANDOM };
    idev.secret ??= dev.ns.ip6.rng.bytes(16);
  }
  const secret = idev.secret ?? dev.ns.ip6.defaultSecret;
  return secret ? { addr: stable(secret, prefix, 0), stable: true } : null;
}

/** IFLA_INET6_ADDR_GEN_MODE: for the next time that the device starts. False: no secret to make addresses from. */
export function setGenMode(dev: NetDevice, name: (typeof GEN_MODE_NAMES)[number]): boolean {
  const mode = GEN_MODE_NAMES.indexOf(name);
  if (mode === GenMode.STABLE && !(dev.ip6?.secret ?? dev.ns.ip6.defaultSecret)) return false;
  dev.conf6 = { ...dev.conf6, addr_gen_mode: mode };
  return true;
}
