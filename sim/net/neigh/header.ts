/** dev_hard_header: the link-layer header. Every device here has Ethernet's, the loopback device one of zeros, as in Linux. */
import { buildEth, ETH_HLEN } from "../../wire/eth.ts";
import type { NetDevice } from "../dev/device.ts";
import { cowSkb, skbPush, type Skb } from "../skb.ts";

/** Puts an Ethernet header in front of data. */
export function devHardHeader(skb: Skb, dev: NetDevice, dst: Uint8Array, src: Uint8Array, type: number): void {
  cowSkb(skb);
  const at = skbPush(skb, ETH_HLEN);
  skb.mac = at;
  skb.hasMacHeader = true;
  skb.dev = dev;
  buildEth(skb.buf, at, dst, src, type);
}
