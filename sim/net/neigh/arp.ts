/**
 * ARP (net/ipv4/arp.c): asks for neighbours, answers for our own addresses and, as a proxy, for others', and learns from
 * what passes, in arp_process' order.
 */
import { isLoopback4, isMulticast4 } from "../../wire/addr.ts";
import { ARP_LEN, ArpBad, arpCheck, ArpOp, arpOp, ARP_OFF_SHA, ARP_OFF_THA, arpSpa, arpTpa, buildArp } from "../../wire/arp.ts";
import { ETH_P_ARP } from "../../wire/eth.ts";
import { eqMac, macOfMulticast4 } from "../../wire/mac.ts";
import { ip4Src } from "../../wire/ipv4.ts";
import type { NetDevice } from "../dev/device.ts";
import { devQueueXmit } from "../dev/tx.ts";
import { inetAddrType } from "../fib/lookup.ts";
import { flow4 } from "../fib/types.ts";
import { IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";
import { icmpSend } from "../ip/icmp-send.ts";
import { inetAddrOnlink, inetConfirmAddr, inetSelectAddr } from "../ip/devinet.ts";
import { ipRouteInput } from "../ip/route-input.ts";
import { ipRouteOutput } from "../ip/route-output.ts";
import { Dst4 } from "../ip/state.ts";
import type { NetNs } from "../netns.ts";
import { IFF, Nud, RtScope, RtType } from "../rtnl/messages.ts";
import { allocSkb, birth, consumeSkb, dropSkb, note, PacketType, type Skb, skbPut } from "../skb.ts";
import { in4 } from "../sysctl-conf.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { neighUpdate } from "./entry.ts";
import { devHardHeader } from "./header.ts";
import { type Neigh, type NeighOps, NeighUpdate } from "./state.ts";
import { neighCreate, neighLookup4, proxyEnqueue, proxyLookup } from "./table.ts";

function keyOf(addr: number): Uint8Array {
  return new Uint8Array([addr >>> 24, (addr >>> 16) & 255, (addr >>> 8) & 255, addr & 255]);
}

/** arp_send_dst: `dstHw` null goes to everybody; `targetHw` null is zeros in the message. */
function arpSend(
  dev: NetDevice,
  op: number,
  dest: number,
  src: number,
  dstHw: Uint8Array | null,
  targetHw: Uint8Array | null,
  parent: number,
): void {
  if ((dev.flags & IFF.NOARP) !== 0) return;
  const ns = dev.ns;
  const skb = allocSkb(ns.net, ARP_LEN, parent);
  const at = skbPut(skb, ARP_LEN);
  skb.network = at;
  skb.protocol = ETH_P_ARP;
  buildArp(skb.buf, at, op, dev.addr, src, targetHw, dest);
  birth(skb, ns, Sites.ARP_SEND, op, dest);
  devHardHeader(skb, dev, dstHw ?? dev.broadcast, dev.addr, ETH_P_ARP);
  devQueueXmit(skb);
}

// ---------------------------------------------------------------- the table's operations

/** arp_constructor */
function construct(n: Neigh): boolean {
  const dev = n.dev;
  if (!dev.ip4) return false;
  // all addresses are the same neighbour where there is only one
  if ((dev.flags & (IFF.LOOPBACK | IFF.POINTOPOINT)) !== 0) {
    n.key = new Uint8Array(4);
    n.key4 = 0;
  }
  n.type = inetAddrType(dev.ns, n.key4);
  if (n.type === RtType.MULTICAST) {
    n.state = Nud.NOARP;
    n.ha = macOfMulticast4(n.key4);
  } else if ((dev.flags & (IFF.NOARP | IFF.LOOPBACK)) !== 0) {
    n.state = Nud.NOARP;
    n.ha = dev.addr.slice();
  } else if (n.type === RtType.BROADCAST || (dev.flags & IFF.POINTOPOINT) !== 0) {
    n.state = Nud.NOARP;
    n.ha = dev.broadcast.slice();
  }
  return true;
}

/** arp_solicit */
function solicit(n: Neigh, skb: Skb | null): void {
  const dev = n.dev;
  const ns = dev.ns;
  const indev = dev.ip4;
  if (!indev) return;
  const target = n.key4;
  const from = skb ? ip4Src(skb.buf, skb.network) : 0;
  let saddr = 0;
  switch (in4.arpAnnounce(dev)) {
    case 1:
      if (skb && inetAddrType(ns, from) === RtType.LOCAL && inetAddrOnlink(indev, target, from)) saddr = from;
      break;
    case 2:
      break;
    default:
      if (skb && inetAddrType(ns, from) === RtType.LOCAL) saddr = from;
  }
  if (saddr === 0) saddr = inetSelectAddr(dev, target, RtScope.LINK);
  const conf = dev.neighConf4;
  let probes = n.probes - conf.ucast_solicit;
  let hw: Uint8Array | null = null;
  if (probes < 0) hw = n.ha;
  else {
    probes -= conf.app_solicit;
    if (probes < 0) return; // left to a daemon that does not exist here
  }
  arpSend(dev, ArpOp.REQUEST, target, saddr, hw, null, skb ? skb.id : 0);
}

/** arp_error_report, ipv4_link_failure: the sender of a packet that waited in vain hears "host unreachable". */
function errorReport(n: Neigh, skb: Skb): void {
  icmpSend(n.dev.ns, skb, IcmpType.DEST_UNREACH, IcmpUnreach.HOST_UNREACH, 0);
}
function proxyRedo(skb: Skb): void {
  arpProcess(skb, true);
}

export const ARP_OPS: NeighOps = { construct, solicit, errorReport, proxyRedo, conf: (dev) => dev.neighConf4 };

// ---------------------------------------------------------------- receiving

/** Handler for ETH_P_ARP. */
export function arpRcv(skb: Skb): void {
  const dev = skb.dev!;
  const ns = dev.ns;
  if ((dev.flags & IFF.NOARP) !== 0 || skb.pktType === PacketType.OTHERHOST || skb.pktType === PacketType.LOOPBACK) {
    dropSkb(skb, ns, Sites.ARP_RCV, DropReason.OTHERHOST, null, 0, 0);
    return;
  }
  skb.network = skb.data;
  if (arpCheck(skb.buf, skb.data, skb.len) !== ArpBad.OK) {
    dropSkb(skb, ns, Sites.ARP_RCV, DropReason.ARP_MALFORMED, null, 0, 0);
    return;
  }
  // the ARP IN hook belongs here
  arpProcess(skb, false);
}

/** arp_ignore: is the request one that this device shall not answer? */
function ignored(dev: NetDevice, sip: number, tip: number): boolean {
  const ns = dev.ns;
  switch (in4.arpIgnore(dev)) {
    case 1:
      return inetConfirmAddr(ns, dev.ip4, 0, tip, RtScope.HOST) === 0;
    case 2:
      return inetConfirmAddr(ns, dev.ip4, sip, tip, RtScope.HOST) === 0;
    case 3:
      return inetConfirmAddr(ns, null, 0, tip, RtScope.LINK) === 0;
    case 8:
      return true;
  }
  return false;
}

/** arp_filter: would an answer to the asker leave by another device? */
function filtered(dev: NetDevice, sip: number, tip: number): boolean {
  const rt = ipRouteOutput(dev.ns, flow4(sip, tip, 0));
  return !(rt instanceof Dst4) || rt.dev !== dev;
}

/** arp_fwd_proxy, arp_fwd_pvlan and a single proxied address: do we answer for `tip`? */
function proxied(ns: NetNs, dev: NetDevice, rt: Dst4, sip: number, tip: number): boolean {
  if (rt.dev === dev) return tip !== sip && in4.proxyArpPvlan(dev);
  if (in4.proxyArp(dev)) {
    const imi = in4.mediumId(dev);
    if (imi === 0) return true;
    if (imi !== -1) {
      const omi = in4.mediumId(rt.dev);
      if (omi !== imi && omi !== -1) return true;
    }
  }
  return proxyLookup(ns.ip4.arp, keyOf(tip), dev) !== null;
}

/** neigh_event_ns: whoever asks is a neighbour, known by what it says of itself. */
function eventNs(ns: NetNs, sha: Uint8Array, sip: number, dev: NetDevice): boolean {
  const n = neighLookup4(ns.ip4.arp, dev, sip) ?? neighCreate(ns.ip4.arp, dev, keyOf(sip));
  if (!n) return false;
  neighUpdate(n, sha, Nud.STALE, NeighUpdate.OVERRIDE);
  return true;
}

/** arp_process. Takes the packet over; called again (`delayed`) for a proxy's answer after its delay. */
function arpProcess(skb: Skb, delayed: boolean): void {
  const dev = skb.dev!;
  const ns = dev.ns;
  const b = skb.buf;
  const at = skb.network;
  const op = arpOp(b, at);
  const sip = arpSpa(b, at);
  const tip = arpTpa(b, at);
  const drop = (reason: DropReason): void => dropSkb(skb, ns, Sites.ARP_RCV, reason, null, op, tip);
  if (!dev.ip4) return drop(DropReason.ARP_IGNORED);
  if (op !== ArpOp.REQUEST && op !== ArpOp.REPLY) return drop(DropReason.ARP_MALFORMED);
  if (isMulticast4(tip) || (isLoopback4(tip) && !in4.routeLocalnet(dev))) return drop(DropReason.ARP_IGNORED);
  if (sip === tip && in4.dropGratuitousArp(dev)) return drop(DropReason.ARP_IGNORED);
  note(skb, ns, Sites.ARP_RCV, null, op, tip);
  const sha = b.slice(at + ARP_OFF_SHA, at + ARP_OFF_SHA + 6);

  if (sip === 0) {
    // somebody makes sure that an address is free (RFC 5227, RFC 2131)
    if (op === ArpOp.REQUEST && inetAddrType(ns, tip) === RtType.LOCAL && !ignored(dev, sip, tip)) {
      arpSend(dev, ArpOp.REPLY, sip, tip, sha, sha, skb.id);
      return consumeSkb(skb, ns, Sites.ARP_RCV, null, op, tip);
    }
    return drop(DropReason.ARP_NOT_FOR_US);
  }

  let forUs = false;
  if (op === ArpOp.REQUEST) {
    const rt = ipRouteInput(skb, tip, sip, 0, dev);
    if (rt instanceof Dst4 && rt.type === RtType.LOCAL) {
      if (ignored(dev, sip, tip) || (in4.arpFilter(dev) && filtered(dev, sip, tip))) return drop(DropReason.ARP_IGNORED);
      if (eventNs(ns, sha, sip, dev)) arpSend(dev, ArpOp.REPLY, sip, tip, sha, sha, skb.id);
      return consumeSkb(skb, ns, Sites.ARP_RCV, null, op, tip);
    }
    if (rt instanceof Dst4 && in4.forwarding(dev) && rt.type === RtType.UNICAST && proxied(ns, dev, rt, sip, tip)) {
      eventNs(ns, sha, sip, dev);
      if (delayed || skb.pktType === PacketType.HOST || dev.neighConf4.proxy_delay === 0) {
        arpSend(dev, ArpOp.REPLY, sip, tip, sha, sha, skb.id);
        return consumeSkb(skb, ns, Sites.ARP_RCV, null, op, tip);
      }
      proxyEnqueue(ns.ip4.arp, skb);
      return;
    }
  } else forUs = skb.pktType === PacketType.HOST;

  // not a question to us: what does it teach?
  let n = neighLookup4(ns.ip4.arp, dev, sip);
  const accept = in4.arpAccept(dev) === 1 || (in4.arpAccept(dev) === 2 && inetAddrOnlink(dev.ip4, sip, 0));
  let garp = false;
  if (n || accept) {
    garp =
      sip === tip && (op !== ArpOp.REPLY || eqMac(b, at + ARP_OFF_THA, b, at + ARP_OFF_SHA)) && inetAddrType(ns, sip) === RtType.UNICAST;
    if (!n && accept && (garp || (op === ArpOp.REPLY && inetAddrType(ns, sip) === RtType.UNICAST)))
      n = neighCreate(ns.ip4.arp, dev, keyOf(sip));
  }
  if (!n) {
    if (forUs) return consumeSkb(skb, ns, Sites.ARP_RCV, null, op, tip);
    return drop(DropReason.ARP_NOT_FOR_US);
  }
  const state = op === ArpOp.REPLY && skb.pktType === PacketType.HOST ? Nud.REACHABLE : Nud.STALE;
  // of several answers in a row the first counts
  const override = garp || ns.net.now > n.updated + dev.neighConf4.locktime * 10_000_000;
  neighUpdate(n, sha, state, override ? NeighUpdate.OVERRIDE : 0);
  consumeSkb(skb, ns, Sites.ARP_RCV, n, op, tip);
}

/** inetdev_send_gratuitous_arp (arp_notify): tells the link our addresses. */
export function arpAnnounceAll(dev: NetDevice): void {
  for (const ifa of dev.ip4!.addrs) arpSend(dev, ArpOp.REQUEST, ifa.local, ifa.local, null, null, 0);
}
