/**
 * 802.1Q and 802.1ad tags: four bytes between the source address and the inner type. `off` points at the TCI, as the kernel's
 * vlan_hdr does.
 */
import { put16 } from "../core/bytes.ts";
import { ETH_P_8021AD, ETH_P_8021Q } from "./eth.ts";

export const VLAN_HLEN = 4;
export const VLAN_VID_MASK = 0x0fff;

/** Writes the tag: id 0..4095, priority 0..7, the type of what follows. */
export function buildVlan(buf: Uint8Array, off: number, id: number, pcp: number, type: number): void {
  put16(buf, off, ((pcp & 7) << 13) | (id & VLAN_VID_MASK));
  put16(buf, off + 2, type);
}

/** eth_type_vlan */
export function isVlanType(type: number): boolean {
  return type === ETH_P_8021Q || type === ETH_P_8021AD;
}
