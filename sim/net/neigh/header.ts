/** dev_hard_header: the link-layer header: Ethernet's, for the loopback device one of zeros, none for a tun. */
import { buildEth, ETH_HLEN } from "../../wire/eth.ts";
import type { NetDevice } from "../dev/device.ts";
import { cowSkb, skbPush, type Skb } from "../skb.ts";

/** Puts the device's header in front of data. */
export function devHardHeader(skb: Skb, dev: NetDevice, dst: Uint8Array, src: Uint8Array, type: number): void {
  if (dev.hardHeaderLen === 0) {
    skb.dev = dev;
    skb.mac = skb.data;
    skb.hasMacHeader = true;
    return;
  }
  cowSkb(skb);
  const at = skbPush(skb, ETH_HLEN);
  skb.mac = at;
  skb.hasMacHeader = true;
  skb.dev = dev;
  buildEth(skb.buf, at, dst, src, type);
}
