/** The loopback device: what is sent comes back, one backlog turn later. One per namespace, ifindex 1, down at first. */
import { bug } from "../../core/result.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import type { NetNs } from "../netns.ts";
import { IFF } from "../rtnl/messages.ts";
import { dropSkb, note, type Skb } from "../skb.ts";
import { registerNetdevice } from "./core.ts";
import { type DevOps, NetDevice, TSO_MAX_SIZE } from "./device.ts";
import { ethTypeTrans, netifRx } from "./rx.ts";

const MTU = 65536;

function xmit(dev: NetDevice, skb: Skb): void {
  note(skb, dev.ns, Sites.LOOPBACK, null, 0, 0);
  // skb_orphan. The route stays (skb_dst_force): it says "local", so nobody looks at the source address again
  skb.sk = null;
  if (!ethTypeTrans(skb, dev)) {
    dropSkb(skb, dev.ns, Sites.LOOPBACK, DropReason.DEV_HDR, null, 0, 0);
    return;
  }
  // eth_type_trans took the header off
  const len = skb.len;
  if (netifRx(skb)) {
    dev.stats.txPackets++;
    dev.stats.txBytes += len;
    dev.stats.rxPackets++;
    dev.stats.rxBytes += len;
  }
}

export const LOOPBACK_OPS: DevOps = { kind: "", xmit };

export function createLoopback(ns: NetNs): void {
  const dev = new NetDevice(ns, LOOPBACK_OPS, 0, "lo", "loopback", new Uint8Array(6), IFF.LOOPBACK, MTU, null);
  dev.minMtu = 0;
  dev.maxMtu = 0;
  dev.netnsLocal = true;
  dev.tsoMaxSize = TSO_MAX_SIZE;
  if (registerNetdevice(dev) < 0) bug("no loopback device");
  ns.loopback = dev;
}
