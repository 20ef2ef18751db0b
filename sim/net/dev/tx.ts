/**
 * Sending (net/core/dev.c): devQueueXmit is __dev_queue_xmit. A device without carrier has noop_qdisc active, which drops
 * and counts; virtual devices hand frames to the driver at once (noqueue); NICs queue in their driver (nic.ts).
 */
import { ETH_P_ALL } from "../../wire/eth.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { IFF } from "../rtnl/messages.ts";
import { dropSkb, note, PacketType, type Skb } from "../skb.ts";
import type { PacketTap } from "../sock/socket.ts";
import type { NetDevice } from "./device.ts";

/** NET_XMIT_*: what devQueueXmit returns besides -errno. CN is not an error to the sender. */
export const NET_XMIT = { SUCCESS: 0, DROP: 1, CN: 2 } as const;

/** Sends a complete frame (data at the Ethernet header) by skb.dev. Takes the skb over. Returns NET_XMIT, or -errno. */
export function devQueueXmit(skb: Skb): number {
  const dev = skb.dev!;
  skb.mac = skb.data;
  skb.hasMacHeader = true;
  if (!dev.txActive) {
    // noop_qdisc: never opened, closed, or without carrier as far as linkwatch has seen
    dev.stats.txDropped++;
    dropSkb(skb, dev.ns, Sites.TX_DROP, dev.flags & IFF.UP ? DropReason.QDISC_DROP : DropReason.DEV_READY, null, dev.ifindex, 0);
    return NET_XMIT.CN;
  }
  note(skb, dev.ns, Sites.XMIT, null, dev.ifindex, skb.len);
  if (dev.noQueue) tapOutgoing(skb, dev);
  return dev.ops.xmit(dev, skb) ?? NET_XMIT.SUCCESS;
}

/** dev_queue_xmit_nit: packet sockets for every protocol see what leaves, except the frame's own sender. */
export function tapOutgoing(skb: Skb, dev: NetDevice): void {
  const all = dev.ns.socks.taps;
  if (all.length === 0 && dev.taps.length === 0) return;
  const type = skb.pktType;
  skb.pktType = PacketType.OUTGOING;
  skb.tstamp = dev.ns.net.now;
  offer(all, skb, dev);
  offer(dev.taps, skb, dev);
  skb.pktType = type;
}

function offer(taps: readonly PacketTap[], skb: Skb, dev: NetDevice): void {
  for (const tap of taps) if (tap.protocol === ETH_P_ALL && (skb.sk === null || tap.sk !== skb.sk)) tap.deliver(tap, skb, dev);
}
