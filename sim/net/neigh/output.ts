/**
 * From neighbour to device: puts the Ethernet header in front and hands the frame over (neigh_output: neigh_hh_output,
 * neigh_connected_output, neigh_resolve_output). Devices without link-layer addresses do not exist here: the loopback
 * device has Ethernet headers of zeros, as in Linux.
 */
import { buildEth, ETH_HLEN } from "../../wire/eth.ts";
import type { NetDevice } from "../dev/device.ts";
import { devQueueXmit } from "../dev/tx.ts";
import { cowSkb, note, skbPush, type Skb } from "../skb.ts";
import { Sites } from "../../trace/sites.ts";
import { neighEventSend } from "./entry.ts";
import { type Neigh, NUD_CONNECTED } from "./state.ts";

/** Takes the packet over: sends it, or keeps it until the neighbour's address is known. NET_XMIT code or -errno. */
export function neighOutput(n: Neigh, skb: Skb): number {
  // used and DELAY are the business of entries that are not connected only
  if ((n.state & NUD_CONNECTED) === 0 && !neighEventSend(n, skb)) return 0;
  note(skb, n.dev.ns, Sites.NEIGH, n, n.state, 0);
  devHardHeader(skb, n.dev, n.ha, n.dev.addr, skb.protocol);
  return devQueueXmit(skb);
}

/** dev_hard_header for Ethernet. */
export function devHardHeader(skb: Skb, dev: NetDevice, dst: Uint8Array, src: Uint8Array, type: number): void {
  cowSkb(skb);
  const at = skbPush(skb, ETH_HLEN);
  skb.mac = at;
  skb.hasMacHeader = true;
  skb.dev = dev;
  buildEth(skb.buf, at, dst, src, type);
}
