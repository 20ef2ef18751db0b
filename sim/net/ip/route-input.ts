/**
 * What becomes of a received packet (ip_route_input_rcu, ip_route_input_slow of net/ipv4/route.c; fib_validate_source of
 * fib_frontend.c): for us, to be forwarded, or an error. Looks at the source first where the kernel does: martians, own
 * addresses from outside, reverse path.
 */
import { Errno } from "../../core/result.ts";
import { isLimitedBroadcast4, isLoopback4, isMulticast4, isZeronet4 } from "../../wire/addr.ts";
import { u16 } from "../../core/bytes.ts";
import { ETH_P_IP } from "../../wire/eth.ts";
import { ip4FragOff, ip4Hlen, ip4Proto, IpProto } from "../../wire/ipv4.ts";
import type { NetDevice } from "../dev/device.ts";
import { fibLookup, hasCustomRules, rulesNeedPorts } from "../fib/rules.ts";
import { FIB_IGNORE_LINKSTATE, fibResult, type FibRoute, type Flow4, flow4 } from "../fib/types.ts";
import type { NetNs } from "../netns.ts";
import { IFF, RtScope, RtType } from "../rtnl/messages.ts";
import { note, type Skb } from "../skb.ts";
import { in4 } from "../sysctl-conf.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { inetAddrOnlink, inGroup, lookupIfaddr } from "./devinet.ts";
import { findException } from "./exceptions.ts";
import { multipathHash, selectMultipath } from "./route-output.ts";
import { Dst4, RTCF } from "./state.ts";

/** fib4_rules_early_flow_dissect: protocol and ports, where a rule asks for them and the packet has them. */
function dissect(skb: Skb, f: Flow4): void {
  const at = skb.network;
  if (at < 0 || skb.tail - at < 20) return;
  f.proto = ip4Proto(skb.buf, at);
  const l4 = at + ip4Hlen(skb.buf, at);
  if ((f.proto !== IpProto.TCP && f.proto !== IpProto.UDP) || ip4FragOff(skb.buf, at) !== 0 || skb.tail - l4 < 4) return;
  f.sport = u16(skb.buf, l4);
  f.dport = u16(skb.buf, l4 + 2);
}

/** Why the last call of ipRouteInput refused; valid until the next one. */
export interface InputRefusal {
  readonly reason: DropReason;
  readonly martian: boolean;
}
const refuse = (reason: DropReason, martian: boolean): InputRefusal => ({ reason, martian });
const NOT_JOINED = refuse(DropReason.MULTICAST_NOT_JOINED, false);
const BAD_SOURCE = refuse(DropReason.IP_INVALID_SOURCE, true);
const BAD_DEST = refuse(DropReason.IP_INVALID_DEST, true);
const LOCALNET = refuse(DropReason.IP_LOCALNET, true);
const LOCAL_SOURCE = refuse(DropReason.IP_LOCAL_SOURCE, true);
const RPFILTER = refuse(DropReason.IP_RPFILTER, true);
const NO_PROXY = refuse(DropReason.NOT_SPECIFIED, false);

/**
 * The dst for a packet from `saddr` to `daddr` that came by `dev`, or why there is none. `skb` is the packet on whose
 * behalf the question is asked: its IP header, or an ARP request (proxy ARP asks as if it were the packet).
 */
export function ipRouteInput(skb: Skb, daddr: number, saddr: number, tos: number, dev: NetDevice): Dst4 | InputRefusal {
  const ns = dev.ns;
  const indev = dev.ip4;
  if (!indev) return NO_PROXY;
  if (isMulticast4(daddr)) {
    if (!inGroup(indev, daddr)) return NOT_JOINED;
    if (isMulticast4(saddr) || isLimitedBroadcast4(saddr) || (isLoopback4(saddr) && !in4.routeLocalnet(dev))) return BAD_SOURCE;
    if (!isZeronet4(saddr)) {
      const v = validateSource(ns, skb, saddr, 0, tos, 0, dev);
      if (typeof v !== "number") return v;
    }
    return localDst(ns, dev, daddr, RtType.MULTICAST, RTCF.MULTICAST | RTCF.LOCAL, null);
  }
  if (isMulticast4(saddr) || isLimitedBroadcast4(saddr)) return BAD_SOURCE;
  if (isLimitedBroadcast4(daddr) || (saddr === 0 && daddr === 0)) return broadcastInput(ns, skb, daddr, saddr, tos, dev);
  if (isZeronet4(saddr)) return BAD_SOURCE;
  if (isZeronet4(daddr)) return BAD_DEST;
  if ((isLoopback4(daddr) || isLoopback4(saddr)) && !in4.routeLocalnet(dev)) return LOCALNET;

  const f = flow4(daddr, saddr, 0);
  f.iif = dev.ifindex;
  f.mark = skb.mark;
  f.tos = tos;
  if (rulesNeedPorts(ns)) dissect(skb, f);
  const res = fibResult();
  const err = fibLookup(ns, f, res, 0);
  const forwarding = in4.forwarding(dev);
  if (err !== 0) {
    return errorDst(ns, dev, daddr, forwarding ? -err : Errno.EHOSTUNREACH, res.route);
  }
  note(skb, ns, Sites.FIB_MATCH, res.route, res.table, res.route!.len);
  if (res.type === RtType.BROADCAST) {
    if (!in4.bcForwarding(dev)) return broadcastInput(ns, skb, daddr, saddr, tos, dev);
  } else if (res.type === RtType.LOCAL) {
    const v = validateSource(ns, skb, saddr, daddr, tos, 0, dev);
    if (typeof v !== "number") return v;
    return localDst(ns, dev, daddr, RtType.LOCAL, RTCF.LOCAL, res.route);
  } else {
    if (!forwarding) return errorDst(ns, dev, daddr, Errno.EHOSTUNREACH, res.route);
    if (res.type !== RtType.UNICAST) return BAD_DEST;
  }
  // make_route: ip_mkroute_input
  const info = res.route!.info;
  if (info.nhs.length > 1) res.nh = selectMultipath(info, multipathHash(f), res.nh!);
  const nh = res.nh!;
  const out = nh.dev!;
  const v = validateSource(ns, skb, saddr, daddr, tos, out.ifindex, dev);
  if (typeof v !== "number") return v;
  const doRedirect =
    out === dev && v > 0 && in4.sendRedirects(out) && (in4.sharedMedia(out) || inetAddrOnlink(out.ip4!, saddr, nh.gateway));
  if (skb.protocol !== ETH_P_IP && out === dev && !in4.proxyArpPvlan(dev)) return NO_PROXY;
  const ex = findException(ns, nh, daddr);
  return new Dst4({
    input: "forward",
    isInput: true,
    dev: out,
    type: res.type,
    flags: 0,
    dst: daddr,
    gateway: ex && ex.gateway !== 0 ? ex.gateway : nh.gateway,
    iif: dev.ifindex,
    table: res.table,
    route: res.route,
    nh,
    pmtu: ex?.pmtu ?? 0,
    locked: ex?.locked ?? false,
    expires: ex?.expires ?? 0,
    doRedirect,
    gen: ns.ip4.gen,
  });
}

function localDst(ns: NetNs, dev: NetDevice, daddr: number, type: number, flags: number, route: FibRoute | null): Dst4 {
  return new Dst4({
    input: "local",
    isInput: true,
    dev: ns.loopback,
    type,
    flags,
    dst: daddr,
    iif: dev.ifindex,
    table: route ? route.table : 0,
    route,
    gen: ns.ip4.gen,
  });
}
/** no_route: the packet meets ip_error, which knows what to say. */
function errorDst(ns: NetNs, dev: NetDevice, daddr: number, error: number, route: FibRoute | null): Dst4 {
  return new Dst4({
    input: "error",
    isInput: true,
    dev: ns.loopback,
    type: RtType.UNREACHABLE,
    flags: 0,
    dst: daddr,
    iif: dev.ifindex,
    table: route ? route.table : 0,
    route,
    error,
    gen: ns.ip4.gen,
  });
}

function broadcastInput(ns: NetNs, skb: Skb, daddr: number, saddr: number, tos: number, dev: NetDevice): Dst4 | InputRefusal {
  if (skb.protocol !== ETH_P_IP) return NO_PROXY;
  if (!isZeronet4(saddr)) {
    const v = validateSource(ns, skb, saddr, 0, tos, 0, dev);
    if (typeof v !== "number") return v;
  }
  return localDst(ns, dev, daddr, RtType.BROADCAST, RTCF.BROADCAST | RTCF.LOCAL, null);
}

/**
 * fib_validate_source: may a packet from `src` come by `dev`? 1: yes, and the sender is a neighbour there; 0: yes; otherwise
 * the reason why not. `oif` is where the packet will go, 0 when it stays.
 */
function validateSource(ns: NetNs, skb: Skb, src: number, dst: number, tos: number, oif: number, dev: NetDevice): number | InputRefusal {
  const rpf = in4.rpFilter(dev);
  if (rpf === 0 && (dev.ifindex !== oif || !in4.sendRedirects(dev)) && !hasCustomRules(ns) && !ns.ip4.customLocal) {
    if (!in4.acceptLocal(dev) && lookupIfaddr(ns, src)) return LOCAL_SOURCE;
    return 0;
  }
  const f = flow4(src, dst, 0);
  f.iif = oif !== 0 ? oif : ns.loopback.ifindex;
  f.tos = tos;
  f.mark = in4.srcValidMark(dev) ? skb.mark : 0;
  const res = fibResult();
  const noAddr = dev.ip4!.addrs.length === 0;
  if (fibLookup(ns, f, res, 0) !== 0) {
    note(skb, ns, Sites.RPF, null, rpf, 0);
    return rpf !== 0 ? RPFILTER : 0;
  }
  note(skb, ns, Sites.RPF, res.route, rpf, res.nh?.oif ?? 0);
  if (res.type !== RtType.UNICAST) {
    if (res.type !== RtType.LOCAL) return BAD_SOURCE;
    if (!in4.acceptLocal(dev)) return LOCAL_SOURCE;
  }
  const usesDev = res.route!.info.nhs.some((n) => n.dev === dev) || (res.type === RtType.LOCAL && (dev.flags & IFF.LOOPBACK) !== 0);
  if (usesDev) return res.nh!.scope >= RtScope.HOST ? 1 : 0;
  if (noAddr) return rpf !== 0 ? RPFILTER : 0;
  if (rpf === 1) return RPFILTER;
  f.oif = dev.ifindex;
  if (fibLookup(ns, f, res, FIB_IGNORE_LINKSTATE) === 0 && res.type === RtType.UNICAST) return res.nh!.scope >= RtScope.HOST ? 1 : 0;
  return 0;
}
