/**
 * Neighbour discovery (net/ipv6/ndisc.c): the neighbour table's operations for IPv6 and what solicitations and
 * advertisements do when they arrive. What routers say is in ra.ts and redirect.ts.
 */
import { equalAt } from "../../core/bytes.ts";
import { isMulticast6, isSolicitedNode, isUnspecified6, solicitedNode } from "../../wire/addr.ts";
import { Icmp6Type, Icmp6Unreach } from "../../wire/icmp6.ts";
import { ip6Dst, ip6HopLimit, ip6Src } from "../../wire/ipv6.ts";
import { macOfMulticast6 } from "../../wire/mac.ts";
import {
  NA_OVERRIDE,
  NA_ROUTER,
  NA_SOLICITED,
  ND_NS_LEN,
  ND_OFF_FLAGS,
  ND_OFF_TARGET,
  ND_RS_LEN,
  ndCheck,
  ndFindOption,
  NdOpt,
  NDP_HOP_LIMIT,
} from "../../wire/ndp.ts";
import { neighUpdate } from "../neigh/entry.ts";
import type { NetDevice } from "../dev/device.ts";
import { type Neigh, type NeighOps, NeighUpdate } from "../neigh/state.ts";
import { neighCreate, neighLookup6, proxyEnqueue, proxyLookup } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, IFF, NtfF, Nud, RtType } from "../rtnl/messages.ts";
import { consumeSkb, dropSkb, note, PacketType, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { dadFailure } from "./addr6.ts";
import { isAnycast } from "./anycast.ts";
import { ALL_NODES } from "./groups.ts";
import { icmp6Send } from "./icmp6-send.ts";
import { sendNa, sendNs } from "./ndisc-send.ts";
import { mldJoin, mldLeave } from "./mld.ts";
import { cleanTohost, recvRa } from "./ra.ts";
import { recvRedirect } from "./redirect.ts";
import { getIfaddr6, isOurs6, selectSaddr6 } from "./route6.ts";

// ---------------------------------------------------------------- the table's operations

/** ndisc_constructor */
function construct(n: Neigh): boolean {
  if (!n.dev.ip6) return false;
  n.type = isMulticast6(n.key) ? RtType.MULTICAST : RtType.UNICAST;
  if (n.type === RtType.MULTICAST) {
    n.state = Nud.NOARP;
    n.ha = macOfMulticast6(n.key);
  } else if ((n.dev.flags & (IFF.NOARP | IFF.LOOPBACK)) !== 0) {
    n.state = Nud.NOARP;
    n.ha = n.dev.addr.slice();
  }
  return true;
}

/** ndisc_solicit */
function solicit(n: Neigh, skb: Skb | null): void {
  const dev = n.dev;
  let src: Uint8Array | null = null;
  if (skb) {
    const from = ip6Src(skb.buf, skb.network);
    if (isOurs6(dev.ns, from, dev)) src = from;
  }
  const conf = dev.neighConf6;
  let probes = n.probes - conf.ucast_solicit;
  const parent = skb ? skb.id : 0;
  if (probes < 0) {
    sendNs(dev, n.key, n.key, src, null, parent);
    return;
  }
  probes -= conf.app_solicit;
  if (probes >= 0) sendNs(dev, n.key, solicitedNode(n.key), src, null, parent);
}

/** ndisc_error_report, ip6_link_failure */
function errorReport(n: Neigh, skb: Skb): void {
  icmp6Send(n.dev.ns, skb, Icmp6Type.DEST_UNREACH, Icmp6Unreach.ADDR_UNREACH, 0);
}

function proxyRedo(skb: Skb): void {
  recvNs(skb.dev!.ns, skb, true);
}

/** pndisc_constructor, pndisc_destructor: who answers for an address must hear the questions. */
function proxyAdded(dev: NetDevice, key: Uint8Array): void {
  if (dev.ip6) mldJoin(dev.ip6, solicitedNode(key));
}
function proxyRemoved(dev: NetDevice, key: Uint8Array): void {
  if (dev.ip6) mldLeave(dev.ip6, solicitedNode(key));
}

export const ND_OPS: NeighOps = { construct, solicit, errorReport, proxyRedo, proxyAdded, proxyRemoved, conf: (dev) => dev.neighConf6 };

// ---------------------------------------------------------------- receiving

/** ndisc_rcv: takes over an ICMPv6 message of types 133 to 137; skb.transport is its header, the checksum was right. */
export function ndiscRcv(ns: NetNs, skb: Skb): void {
  const type = skb.buf[skb.transport]!;
  note(skb, ns, Sites.NDISC_RCV, null, type, 0);
  if (ip6HopLimit(skb.buf, skb.network) !== NDP_HOP_LIMIT || skb.buf[skb.transport + 1] !== 0) {
    dropSkb(skb, ns, Sites.NDISC_RCV, DropReason.IPV6_NDISC_FAILED, null, type, 0);
    return;
  }
  if (type === Icmp6Type.NEIGH_SOLICIT) recvNs(ns, skb, false);
  else if (type === Icmp6Type.NEIGH_ADVERT) recvNa(ns, skb);
  else if (type === Icmp6Type.ROUTER_SOLICIT) recvRs(ns, skb);
  else {
    const ok = type === Icmp6Type.ROUTER_ADVERT ? recvRa(ns, skb) : recvRedirect(ns, skb);
    if (ok) consumeSkb(skb, ns, Sites.NDISC_RCV, null, type, 0);
    else bad(ns, skb, DropReason.IPV6_NDISC_BAD_OPTIONS);
  }
}

/** The link-layer address in an option, or null. */
function llOption(skb: Skb, type: number): Uint8Array | null {
  const at = ndFindOption(skb.buf, skb.transport, skb.tail - skb.transport, ND_NS_LEN, type);
  return at < 0 ? null : skb.buf.slice(at + 2, at + 8);
}

function bad(ns: NetNs, skb: Skb, reason: DropReason): void {
  dropSkb(skb, ns, Sites.NDISC_RCV, reason, null, skb.buf[skb.transport]!, 0);
}

/** ndisc_recv_rs: a router learns the host's address from it; answering is a daemon's work. */
function recvRs(ns: NetNs, skb: Skb): void {
  const dev = skb.dev!;
  const b = skb.buf;
  if (ndCheck(b, skb.transport, skb.tail - skb.transport, ND_RS_LEN) !== 0) return bad(ns, skb, DropReason.IPV6_NDISC_BAD_OPTIONS);
  const saddr = ip6Src(b, skb.network);
  const at = ndFindOption(b, skb.transport, skb.tail - skb.transport, ND_RS_LEN, NdOpt.SOURCE_LL_ADDR);
  if (dev.conf6.forwarding !== 0 && dev.conf6.accept_ra !== 2 && !isUnspecified6(saddr) && at >= 0) {
    const n = neighLookup6(ns.ip6.nd, dev, saddr) ?? neighCreate(ns.ip6.nd, dev, saddr);
    if (n)
      neighUpdate(n, b.slice(at + 2, at + 8), Nud.STALE, NeighUpdate.WEAK_OVERRIDE | NeighUpdate.OVERRIDE | NeighUpdate.OVERRIDE_ISROUTER);
  }
  done(ns, skb);
}

/** ndisc_recv_ns. `delayed`: an answer for others or as one of several, after its random delay. */
function recvNs(ns: NetNs, skb: Skb, delayed: boolean): void {
  const dev = skb.dev!;
  const at = skb.transport;
  const b = skb.buf;
  if (ndCheck(b, at, skb.tail - at, ND_NS_LEN) !== 0) return bad(ns, skb, DropReason.IPV6_NDISC_BAD_OPTIONS);
  const target = b.slice(at + ND_OFF_TARGET, at + ND_OFF_TARGET + 16);
  if (isMulticast6(target)) return bad(ns, skb, DropReason.IPV6_NDISC_FAILED);
  const saddr = ip6Src(b, skb.network);
  const daddr = ip6Dst(b, skb.network);
  const dad = isUnspecified6(saddr);
  const lladdr = llOption(skb, NdOpt.SOURCE_LL_ADDR);
  if (dad && (!isSolicitedNode(daddr) || lladdr)) return bad(ns, skb, DropReason.IPV6_NDISC_FAILED);
  const multicast = isMulticast6(daddr);
  const own = getIfaddr6(ns, target, dev);
  let router = dev.conf6.forwarding !== 0 ? NA_ROUTER : 0;
  if (own) {
    if ((own.flags & IfaF.TENTATIVE) !== 0 && !((own.flags & IfaF.OPTIMISTIC) !== 0 && !dad)) {
      // somebody else is about to take the address that we are testing, unless we hear ourselves
      if (dad) {
        const nonce = ndFindOption(b, at, skb.tail - at, ND_NS_LEN, NdOpt.NONCE);
        if (nonce < 0 || !equalAt(b, nonce + 2, own.dadNonce, 0, 6)) dadFailure(own, b.slice(skb.mac + 6, skb.mac + 12));
      }
      return done(ns, skb);
    }
  } else {
    const proxy = proxied(ns, dev) ? proxyLookup(ns.ip6.nd, target, dev) : null;
    if (!proxy && !isAnycast(dev, target)) return bad(ns, skb, DropReason.ARP_NOT_FOR_US);
    if (proxy) router = (proxy.flags & NtfF.ROUTER) !== 0 ? NA_ROUTER : 0;
    if (!delayed && skb.pktType !== PacketType.HOST && multicast && dev.neighConf6.proxy_delay !== 0) {
      proxyEnqueue(ns.ip6.nd, skb);
      return;
    }
  }
  const src = own ? target : selectSaddr6(ns, dev, dad ? ALL_NODES : saddr);
  if (!src) return done(ns, skb);
  if (dad) {
    sendNa(dev, ALL_NODES, src, target, router | (own ? NA_OVERRIDE : 0), true, skb.id);
    return done(ns, skb);
  }
  const n = neighLookup6(ns.ip6.nd, dev, saddr) ?? (!multicast || lladdr ? neighCreate(ns.ip6.nd, dev, saddr) : null);
  if (n) neighUpdate(n, lladdr, Nud.STALE, NeighUpdate.WEAK_OVERRIDE | NeighUpdate.OVERRIDE);
  if (n) sendNa(dev, saddr, src, target, router | NA_SOLICITED | (own && multicast ? NA_OVERRIDE : 0), multicast, skb.id);
  done(ns, skb);
}

function proxied(ns: NetNs, dev: NetDevice): boolean {
  return dev.conf6.forwarding !== 0 && (dev.conf6.proxy_ndp !== 0 || ns.sysctl.conf6All.proxy_ndp !== 0);
}

/** ndisc_recv_na */
function recvNa(ns: NetNs, skb: Skb): void {
  const dev = skb.dev!;
  const at = skb.transport;
  const b = skb.buf;
  if (ndCheck(b, at, skb.tail - at, ND_NS_LEN) !== 0) return bad(ns, skb, DropReason.IPV6_NDISC_BAD_OPTIONS);
  const target = b.slice(at + ND_OFF_TARGET, at + ND_OFF_TARGET + 16);
  const flags = b[at + ND_OFF_FLAGS]!;
  const solicited = (flags & NA_SOLICITED) !== 0;
  if (isMulticast6(target) || (isMulticast6(ip6Dst(b, skb.network)) && solicited)) return bad(ns, skb, DropReason.IPV6_NDISC_FAILED);
  const own = getIfaddr6(ns, target, dev);
  if (own) {
    if (skb.pktType !== PacketType.LOOPBACK && (own.flags & IfaF.TENTATIVE) !== 0) dadFailure(own, b.slice(skb.mac + 6, skb.mac + 12));
    return done(ns, skb);
  }
  const n = neighLookup6(ns.ip6.nd, dev, target);
  if (!n || (n.state & Nud.FAILED) !== 0) return done(ns, skb);
  const how =
    NeighUpdate.WEAK_OVERRIDE |
    ((flags & NA_OVERRIDE) !== 0 ? NeighUpdate.OVERRIDE : 0) |
    NeighUpdate.OVERRIDE_ISROUTER |
    ((flags & NA_ROUTER) !== 0 ? NeighUpdate.ISROUTER : 0);
  const wasRouter = (n.flags & NtfF.ROUTER) !== 0;
  neighUpdate(n, llOption(skb, NdOpt.TARGET_LL_ADDR), solicited ? Nud.REACHABLE : Nud.STALE, how);
  // a router that is none any more takes its default routes along
  if (wasRouter && (n.flags & NtfF.ROUTER) === 0) cleanTohost(ns, dev, target);
  done(ns, skb);
}

function done(ns: NetNs, skb: Skb): void {
  consumeSkb(skb, ns, Sites.NDISC_RCV, null, skb.buf[skb.transport]!, 0);
}
