/**
 * veth: a pair of devices, each the other's wire (drivers/net/veth.c). Carrier is there while both are up. A frame is
 * handed to the peer's backlog; crossing into another namespace takes the mark off.
 * Left out: NAPI and XDP, several queues (two are shown, as Linux shows on a machine with two CPUs).
 */
import { bug, Errno } from "../../core/result.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import type { NetNs } from "../netns.ts";
import { IFF, type LinkAttrs, type RtnlError, rtnlError } from "../rtnl/messages.ts";
import { dropSkb, note, PacketType, type Skb } from "../skb.ts";
import { configureNewLink } from "./configure.ts";
import { randomMac, registerNetdevice, unregisterNetdevice } from "./core.ts";
import { type DevOps, NetDevice, TSO_MAX_SIZE } from "./device.ts";
import { carrierOff, carrierOn } from "./linkwatch.ts";
import { CROSSING, ethTypeTrans, netifRx } from "./rx.ts";
import { NET_XMIT } from "./tx.ts";

interface VethPriv {
  peer: NetDevice | null;
}

function peerOf(dev: NetDevice): NetDevice | null {
  return (dev.priv as VethPriv).peer;
}

/** veth_xmit: a frame that the other end does not take is the sender's loss, and the sender is told. */
function xmit(dev: NetDevice, skb: Skb): number {
  const peer = peerOf(dev);
  const net = dev.ns.net;
  const len = skb.len;
  if (!peer) {
    dev.stats.txDropped++;
    dropSkb(skb, dev.ns, Sites.VETH, DropReason.LINK_DOWN, null, 0, 0);
    return NET_XMIT.DROP;
  }
  // __dev_forward_skb: the receiving end decides whether the frame fits
  if (!(peer.flags & IFF.UP) || len > peer.mtu + peer.hardHeaderLen + 4) {
    dev.stats.txDropped++;
    peer.stats.rxDropped++;
    dropSkb(skb, dev.ns, Sites.VETH, peer.flags & IFF.UP ? DropReason.PKT_TOO_BIG : DropReason.LINK_DOWN, null, peer.ifindex, len);
    return NET_XMIT.DROP;
  }
  note(skb, dev.ns, Sites.VETH, null, peer.ifindex, 0);
  for (const f of net.wireListeners) f(dev, peer, skb, net.now, net.now + CROSSING);
  scrub(skb, peer.ns !== dev.ns);
  if (!ethTypeTrans(skb, peer)) {
    dev.stats.txDropped++;
    dropSkb(skb, dev.ns, Sites.VETH, DropReason.DEV_HDR, null, peer.ifindex, len);
    return NET_XMIT.DROP;
  }
  if (!netifRx(skb)) {
    dev.stats.txDropped++;
    return NET_XMIT.DROP;
  }
  dev.stats.txPackets++;
  dev.stats.txBytes += len;
  peer.stats.rxPackets++;
  peer.stats.rxBytes += len;
  return NET_XMIT.SUCCESS;
}

/** skb_scrub_packet: what a packet carries along only inside one namespace. */
function scrub(skb: Skb, otherNs: boolean): void {
  skb.pktType = PacketType.HOST;
  skb.iif = 0;
  skb.priority = 0;
  skb.dst = null;
  skb.dst6 = null;
  skb.sk = null;
  skb.forwarded = false;
  skb.bridgePort = null;
  if (otherNs) skb.mark = 0;
}

function open(dev: NetDevice): number {
  const peer = peerOf(dev);
  if (!peer) return -Errno.ENOTCONN;
  if (peer.flags & IFF.UP) {
    carrierOn(dev);
    carrierOn(peer);
  }
  return 0;
}

function stop(dev: NetDevice): void {
  carrierOff(dev);
  const peer = peerOf(dev);
  if (peer) carrierOff(peer);
}

function makeEnd(ns: NetNs, name: string, ifindex: number, addr: Uint8Array | undefined): NetDevice {
  const dev = new NetDevice(ns, VETH_OPS, ifindex, name, "ether", addr ?? randomMac(ns), IFF.BROADCAST | IFF.MULTICAST, 1500, {
    peer: null,
  } satisfies VethPriv);
  dev.addrSet = addr !== undefined;
  dev.speed = 10000;
  dev.tsoMaxSize = TSO_MAX_SIZE;
  dev.numTxQueues = 2;
  dev.numRxQueues = 2;
  return dev;
}

/** Linux's quirk: the peer's wished index counts only when the device itself came with one. */
function wishedIndex(attrs: LinkAttrs, peer: LinkAttrs): number {
  return attrs.newIfindex ? (peer.newIfindex ?? 0) : 0;
}

/** Linux's quirk: a peer of which nothing is said gets what rtnl_create_link reads from the device's own attributes. */
function alsoForPeer({ mtu, txqlen, broadcast, group, linkmode }: LinkAttrs): LinkAttrs {
  return {
    ...(mtu === undefined ? {} : { mtu }),
    ...(txqlen === undefined ? {} : { txqlen }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(group === undefined ? {} : { group }),
    ...(linkmode === undefined ? {} : { linkmode }),
  };
}

/** veth_newlink: the peer is made first, so it gets the lower index when both are in one namespace. */
function newlink(ns: NetNs, attrs: LinkAttrs, peerNs: NetNs): NetDevice | RtnlError {
  const p = attrs.peer ?? alsoForPeer(attrs);
  const peer = makeEnd(peerNs, p.name ?? "veth%d", wishedIndex(attrs, p), p.address);
  let err = registerNetdevice(peer);
  if (err < 0) return rtnlError(-err);
  carrierOff(peer);
  let r = configureNewLink(peer, p, false);
  if (!r.ok) {
    unregisterNetdevice(peer);
    return r;
  }
  const dev = makeEnd(ns, attrs.name ?? "veth%d", attrs.newIfindex ?? 0, attrs.address);
  err = registerNetdevice(dev);
  if (err < 0) {
    unregisterNetdevice(peer);
    return rtnlError(-err);
  }
  carrierOff(dev);
  (dev.priv as VethPriv).peer = peer;
  (peer.priv as VethPriv).peer = dev;
  r = configureNewLink(dev, attrs, false);
  if (!r.ok) dellink(dev);
  return r.ok ? dev : r;
}

function dellink(dev: NetDevice): void {
  const peer = peerOf(dev);
  (dev.priv as VethPriv).peer = null;
  if (peer) (peer.priv as VethPriv).peer = null;
  unregisterNetdevice(dev);
  if (peer) unregisterNetdevice(peer);
}

export const VETH_OPS: DevOps = { kind: "veth", mtuRange: [68, 65535], xmit, open, stop, newlink, dellink, link: peerOf };

/** A pair made by the machine's builder rather than by `ip link`. Names must be free. */
export function createVethPair(ns: NetNs, name: string, peerNs: NetNs, peerName: string): readonly [NetDevice, NetDevice] {
  const dev = newlink(ns, { name, peer: { name: peerName } }, peerNs);
  if (!(dev instanceof NetDevice)) bug(`cannot make ${name} and ${peerName}`);
  return [dev, peerOf(dev)!];
}
