/**
 * Receiving (net/core/dev.c): netifRx puts a frame on the device's backlog, which is worked off one frame per CROSSING of
 * virtual time; netifReceive is __netif_receive_skb_core: taps, receive handlers (bridge ports), then the protocol.
 *
 * sim: the backlog belongs to the device, not to a CPU. Left out: GRO, RPS, VLAN acceleration, tc ingress.
 */
import { US } from "../../core/time.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { bug } from "../../core/result.ts";
import { eqMac, isMulticastMac } from "../../wire/mac.ts";
import { ETH_HLEN, ETH_P_802_2, ETH_P_802_3_MIN, ETH_P_ALL, ethType } from "../../wire/eth.ts";
import { isVlanType, VLAN_HLEN } from "../../wire/vlan.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { IFF } from "../rtnl/messages.ts";
import { consumeSkb, dropSkb, note, PacketType, type Skb, skbPull } from "../skb.ts";
import type { PacketTap } from "../sock/socket.ts";
import { type NetDevice, RxResult } from "./device.ts";
import { untag, vlanIdOf, vlanReceive } from "./vlan/tag.ts";

/** Time that a frame takes to cross a virtual device, and that a device needs for each frame. */
export const CROSSING = 2 * US;
/** net.core.netdev_max_backlog */
const MAX_BACKLOG = 1000;

/**
 * eth_type_trans: the frame arrived at dev. data points at the Ethernet header and is moved behind it; mac, protocol
 * and pktType are set. False: too short to be a frame (the caller still owns it).
 */
export function ethTypeTrans(skb: Skb, dev: NetDevice): boolean {
  skb.dev = dev;
  skb.mac = skb.data;
  skb.hasMacHeader = true;
  if (skb.len < ETH_HLEN) return false;
  skbPull(skb, ETH_HLEN);
  skb.network = skb.data;
  skb.transport = -1;
  if (isMulticastMac(skb.buf, skb.mac)) {
    skb.pktType = eqMac(skb.buf, skb.mac, dev.broadcast, 0) ? PacketType.BROADCAST : PacketType.MULTICAST;
  } else {
    skb.pktType = eqMac(skb.buf, skb.mac, dev.addr, 0) ? PacketType.HOST : PacketType.OTHERHOST;
  }
  const type = ethType(skb.buf, skb.mac);
  skb.protocol = type >= ETH_P_802_3_MIN ? type : ETH_P_802_2;
  return true;
}

/**
 * netif_rx: the frame (its dev set, see ethTypeTrans) waits its turn on the device's backlog. False when it was dropped
 * there: the device is down or the backlog full.
 */
export function netifRx(skb: Skb): boolean {
  const dev = skb.dev!;
  const net = dev.ns.net;
  if (!(dev.flags & IFF.UP)) {
    dev.stats.rxDropped++;
    dropSkb(skb, dev.ns, Sites.RX, DropReason.DEV_READY, null, dev.ifindex, skb.len);
    return false;
  }
  if (dev.backlog.length >= MAX_BACKLOG) {
    dev.stats.rxDropped++;
    dropSkb(skb, dev.ns, Sites.RX, DropReason.FULL_RING, null, dev.ifindex, skb.len);
    return false;
  }
  dev.backlog.push(skb);
  const at = (dev.rxBusyUntil > net.now ? dev.rxBusyUntil : net.now) + CROSSING;
  dev.rxBusyUntil = at;
  net.sched.arm(TimerKind.RX, dev, at - net.now);
  return true;
}

/** The timer's function (TimerKind.RX): one frame. Nothing when the backlog was flushed in the meantime. */
export function rxTimer(dev: NetDevice): void {
  const skb = dev.backlog.shift();
  if (!skb) return;
  skb.tstamp = dev.ns.net.now;
  netifReceive(skb);
}

/**
 * __netif_receive_skb_core. Takes the skb over. skb.dev is the device that it came in by, mac its Ethernet header, data
 * what follows. A receive handler may change skb.dev and ask for another round.
 */
export function netifReceive(skb: Skb): void {
  for (;;) {
    const dev = skb.dev!;
    const ns = dev.ns;
    skb.iif = dev.ifindex;
    note(skb, ns, Sites.RX, null, dev.ifindex, skb.tail - skb.mac);
    let tapped = deliverTaps(skb, dev, ETH_P_ALL);
    let exact = false;
    const tagged = isVlanType(skb.protocol);
    if (tagged) {
      const r = vlanReceive(skb);
      if (r === "ended") return;
      if (r === "again") continue;
    }
    if (dev.rxHandler) {
      tapped = false;
      const r = dev.rxHandler(dev, skb);
      if (r === RxResult.CONSUMED) return;
      if (r === RxResult.ANOTHER) continue;
      exact = r === RxResult.EXACT;
    }
    if (tagged) {
      const id = vlanIdOf(skb);
      if (id !== 0) {
        dropSkb(skb, ns, Sites.VLAN_RX, DropReason.VLAN_UNKNOWN, null, 0, id);
        return;
      }
      // id 0 only carries a priority
      if (skb.len >= VLAN_HLEN) untag(skb);
    }
    if (deliverTaps(skb, dev, skb.protocol)) tapped = true;
    const handler = exact ? undefined : ns.net.protocols.get(skb.protocol);
    if (handler) {
      skb.bridgePath = null;
      handler(skb);
      return;
    }
    if (tapped) {
      consumeSkb(skb, ns, Sites.PACKET_TAP, null, dev.ifindex, 0);
      return;
    }
    if (exact) dev.stats.rxNohandler++;
    else dev.stats.rxDropped++;
    dropSkb(skb, ns, Sites.RX, DropReason.UNHANDLED_PROTO, null, dev.ifindex, skb.protocol);
    return;
  }
}

/** Packet sockets bound to `protocol`, on all devices and on this one. True when there was any. */
function deliverTaps(skb: Skb, dev: NetDevice, protocol: number): boolean {
  const hit = offer(dev.ns.socks.taps, skb, dev, protocol);
  return offer(dev.taps, skb, dev, protocol) || hit;
}

function offer(taps: readonly PacketTap[], skb: Skb, dev: NetDevice, protocol: number): boolean {
  let hit = false;
  for (const tap of taps) {
    if (tap.protocol !== protocol) continue;
    const before = skb.data;
    tap.deliver(tap, skb, dev);
    if (skb.data !== before || skb.ended) bug("a packet tap changed the skb");
    hit = true;
  }
  return hit;
}
