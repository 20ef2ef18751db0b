/** Ethernet II. No 802.3 length framing beyond telling it apart (a type below 1536 is a length). */
import { put16, u16 } from "../core/bytes.ts";

export const ETH_HLEN = 14;
/** shortest frame a wire carries, without FCS; veth and bridges do not pad */
export const ETH_ZLEN = 60;

export const ETH_P_IP = 0x0800;
export const ETH_P_ARP = 0x0806;
export const ETH_P_RARP = 0x8035;
export const ETH_P_8021Q = 0x8100;
export const ETH_P_8021AD = 0x88a8;
export const ETH_P_IPV6 = 0x86dd;
export const ETH_P_802_3_MIN = 0x0600;
/** every protocol, for packet sockets */
export const ETH_P_ALL = 0x0003;
/** 802.2 frames: what eth_type_trans gives a length-framed frame */
export const ETH_P_802_2 = 0x0004;

export const ETH_OFF_DST = 0;
export const ETH_OFF_SRC = 6;
export const ETH_OFF_TYPE = 12;

export function ethType(buf: Uint8Array, off: number): number {
  return u16(buf, off + ETH_OFF_TYPE);
}

/** Copies a 6-byte address into place. `at` is absolute: off + ETH_OFF_DST or ETH_OFF_SRC. */
export function putMac(buf: Uint8Array, at: number, mac: Readonly<Uint8Array>): void {
  for (let i = 0; i < 6; i++) buf[at + i] = mac[i]!;
}

/** Writes the 14-byte header at off. */
export function buildEth(buf: Uint8Array, off: number, dst: Readonly<Uint8Array>, src: Readonly<Uint8Array>, type: number): void {
  putMac(buf, off + ETH_OFF_DST, dst);
  putMac(buf, off + ETH_OFF_SRC, src);
  put16(buf, off + ETH_OFF_TYPE, type);
}
