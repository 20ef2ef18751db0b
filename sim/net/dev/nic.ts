/**
 * A machine's network card. It has carrier while its cable is plugged and both ends are up, filters by address as hardware
 * does (own, broadcast, joined groups, or everything when promiscuous), and cannot be deleted. Its queue is shown as
 * fq_codel, Debian's default.
 *
 * sim: the queue is one FIFO; fq_codel's fairness and its dropping by delay are left out.
 */
import { bug } from "../../core/result.ts";
import { hex } from "../../core/bytes.ts";
import { isBroadcastMac, isMulticastMac, eqMac } from "../../wire/mac.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import type { NetNs } from "../netns.ts";
import { IFF } from "../rtnl/messages.ts";
import { dropSkb, type Skb } from "../skb.ts";
import type { CableEnd } from "./cable.ts";
import { registerNetdevice } from "./core.ts";
import { type DevOps, NetDevice } from "./device.ts";
import { ethTypeTrans, netifRx } from "./rx.ts";

export interface NicPriv {
  /** the direction in which it sends; null while no cable was ever made for it */
  out: CableEnd | null;
}

function outOf(dev: NetDevice): CableEnd | null {
  return (dev.priv as NicPriv).out;
}

function xmit(dev: NetDevice, skb: Skb): void {
  const out = outOf(dev);
  if (out) {
    out.cable.send(out, skb);
    return;
  }
  dev.stats.txCarrierErrors++;
  dropSkb(skb, dev.ns, Sites.CABLE, DropReason.CABLE_UNPLUGGED, null, 0, 0);
}

function open(dev: NetDevice): number {
  outOf(dev)?.cable.linkCheck();
  return 0;
}

function stop(dev: NetDevice): void {
  const out = outOf(dev);
  if (!out) return;
  // the flags still say UP here; the link is gone for both ends
  dev.flags &= ~IFF.UP;
  out.cable.linkCheck();
  out.cable.closeEnd(out);
}

/** A frame comes off the wire. */
export function nicReceive(dev: NetDevice, skb: Skb): void {
  const len = skb.len;
  skb.iif = 0;
  skb.priority = 0;
  skb.mark = 0;
  skb.dst = null;
  skb.dst6 = null;
  skb.sk = null;
  skb.forwarded = false;
  skb.bridgePort = null;
  if (!(dev.flags & IFF.UP)) {
    dropSkb(skb, dev.ns, Sites.RX, DropReason.DEV_READY, null, dev.ifindex, len);
    return;
  }
  if (!ethTypeTrans(skb, dev)) {
    dev.stats.rxErrors++;
    dropSkb(skb, dev.ns, Sites.RX, DropReason.DEV_HDR, null, dev.ifindex, len);
    return;
  }
  const b = skb.buf;
  const o = skb.mac;
  const group = isMulticastMac(b, o);
  if (!wanted(dev, b, o, group)) {
    dropSkb(skb, dev.ns, Sites.RX, group ? DropReason.MULTICAST_NOT_JOINED : DropReason.OTHERHOST, null, dev.ifindex, len);
    return;
  }
  if (group && !isBroadcastMac(b, o)) dev.stats.multicast++;
  dev.stats.rxPackets++;
  dev.stats.rxBytes += len;
  netifRx(skb);
}

function wanted(dev: NetDevice, b: Uint8Array, o: number, group: boolean): boolean {
  if (dev.flags & IFF.PROMISC) return true;
  if (!group) return eqMac(b, o, dev.addr, 0) || dev.uc.has(hex(b.subarray(o, o + 6), ":"));
  return isBroadcastMac(b, o) || (dev.flags & IFF.ALLMULTI) !== 0 || dev.mc.has(hex(b.subarray(o, o + 6), ":"));
}

export const NIC_OPS: DevOps = { kind: "", xmit, open, stop };

/** A card in a machine, down and without a cable. The name (such as enp0s1) tells its PCI slot. */
export function createNic(ns: NetNs, name: string, mac: Uint8Array, mtu: number): NetDevice {
  const priv: NicPriv = { out: null };
  const dev = new NetDevice(ns, NIC_OPS, 0, name, "ether", mac.slice(), IFF.BROADCAST | IFF.MULTICAST, mtu, priv);
  dev.carrier = false;
  dev.noQueue = false;
  dev.maxMtu = 9000;
  const slot = /^enp(\d+)s(\d+)$/.exec(name);
  if (slot) dev.parentdev = `0000:${pci(slot[1]!)}:${pci(slot[2]!)}.0`;
  if (registerNetdevice(dev) < 0) bug(`cannot make NIC ${name}`);
  return dev;
}

function pci(n: string): string {
  return Number(n).toString(16).padStart(2, "0");
}
