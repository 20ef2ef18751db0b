/** The last step of IPv4's way out (ip_finish_output2): the neighbour that the route names. */
import { Errno } from "../../core/result.ts";
import { ip4Dst } from "../../wire/ipv4.ts";
import type { NetDevice } from "../dev/device.ts";
import { neighOutput } from "../neigh/entry.ts";
import type { Neigh } from "../neigh/state.ts";
import { neighCreate, neighLookup4 } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IFF } from "../rtnl/messages.ts";
import { dropSkb, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import type { Dst4 } from "./state.ts";

/** ip_finish_output2: the neighbour that the route names. Takes the packet over. */
export function ipFinishOutput2(ns: NetNs, skb: Skb): number {
  const d = skb.dst!;
  const n = neigh4(ns, d.dev, d.gateway !== 0 ? d.gateway : ip4Dst(skb.buf, skb.network));
  if (!n) {
    dropSkb(skb, ns, Sites.NEIGH, DropReason.NEIGH_CREATEFAIL, null, 0, 0);
    return -Errno.ENOBUFS;
  }
  return neighOutput(n, skb);
}

/** ip_neigh_gw4: the entry for an address on a device, made if need be; the loopback device has one for all. */
export function neigh4(ns: NetNs, dev: NetDevice, addr: number): Neigh | null {
  const key = (dev.flags & (IFF.LOOPBACK | IFF.POINTOPOINT)) !== 0 ? 0 : addr;
  const n = neighLookup4(ns.ip4.arp, dev, key);
  return n ?? neighCreate(ns.ip4.arp, dev, new Uint8Array([key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255]));
}

/** dst_confirm_neigh: a sender knows that the next hop works (MSG_CONFIRM, TCP). */
export function dstConfirmNeigh(ns: NetNs, d: Dst4, daddr: number): void {
  const key = (d.dev.flags & (IFF.LOOPBACK | IFF.POINTOPOINT)) !== 0 ? 0 : d.gateway !== 0 ? d.gateway : daddr;
  const n = neighLookup4(ns.ip4.arp, d.dev, key);
  if (n) n.confirmed = ns.net.now;
}
