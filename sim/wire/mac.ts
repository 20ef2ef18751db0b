/** Ethernet addresses: 6 bytes. Text is lower-case with colons, as the kernel's %pM prints it. */
import { hex } from "../core/bytes.ts";

/** ff:ff:ff:ff:ff:ff. A fresh array, so that nobody can change everybody's. */
export function broadcastMac(): Uint8Array {
  return new Uint8Array([255, 255, 255, 255, 255, 255]);
}
/** The shared broadcast address: for reading only. */
export const BROADCAST: Readonly<Uint8Array> = broadcastMac();
export const ZERO_MAC: Readonly<Uint8Array> = new Uint8Array(6);

/**
 * Six hexadecimal bytes of one or two digits, separated by colons (`ip link … address`, ll_addr_a2n). Otherwise null.
 */
export function parseMac(text: string): Uint8Array | null {
  const parts = text.split(":");
  if (parts.length !== 6) return null;
  const out = new Uint8Array(6);
  for (let i = 0; i < 6; i++) {
    if (!/^[0-9a-fA-F]{1,2}$/.test(parts[i]!)) return null;
    out[i] = Number.parseInt(parts[i]!, 16);
  }
  return out;
}

export function fmtMac(b: Uint8Array, off = 0): string {
  return hex(off === 0 && b.length === 6 ? b : b.slice(off, off + 6), ":");
}

/** The group bit: multicast and broadcast. */
export function isMulticastMac(b: Uint8Array, off = 0): boolean {
  return (b[off]! & 1) !== 0;
}
export function isBroadcastMac(b: Uint8Array, off = 0): boolean {
  return b[off] === 255 && b[off + 1] === 255 && b[off + 2] === 255 && b[off + 3] === 255 && b[off + 4] === 255 && b[off + 5] === 255;
}
export function isZeroMac(b: Uint8Array, off = 0): boolean {
  return (b[off]! | b[off + 1]! | b[off + 2]! | b[off + 3]! | b[off + 4]! | b[off + 5]!) === 0;
}
/** is_valid_ether_addr: neither a group address nor all zeros. */
export function isValidMac(b: Uint8Array, off = 0): boolean {
  return !isMulticastMac(b, off) && !isZeroMac(b, off);
}
export function eqMac(a: Uint8Array, ao: number, b: Uint8Array, bo: number): boolean {
  return (
    a[ao] === b[bo] &&
    a[ao + 1] === b[bo + 1] &&
    a[ao + 2] === b[bo + 2] &&
    a[ao + 3] === b[bo + 3] &&
    a[ao + 4] === b[bo + 4] &&
    a[ao + 5] === b[bo + 5]
  );
}

/** The Ethernet group of an IPv4 multicast group: 01:00:5e and its low 23 bits (RFC 1112 §6.4). */
export function macOfMulticast4(group: number): Uint8Array {
  return new Uint8Array([0x01, 0x00, 0x5e, (group >>> 16) & 0x7f, (group >>> 8) & 255, group & 255]);
}
/** The Ethernet group of an IPv6 multicast group: 33:33 and its low 32 bits (RFC 2464 §7). */
export function macOfMulticast6(group: Uint8Array, off = 0): Uint8Array {
  const mac = new Uint8Array(6);
  mac[0] = mac[1] = 0x33;
  for (let i = 2; i < 6; i++) mac[i] = group[off + 10 + i]!;
  return mac;
}
