/**
 * Where a packet made here goes, and by which source address (ip_route_output_key_hash_rcu and __mkroute_output of
 * net/ipv4/route.c).
 */
import { Errno } from "../../core/result.ts";
import { mix32 } from "../../core/hash.ts";
import { INADDR_LOOPBACK, isLimitedBroadcast4, isLocalMulticast4, isLoopback4, isMulticast4, isZeronet4 } from "../../wire/addr.ts";
import { IpProto } from "../../wire/ipv4.ts";
import type { NetDevice } from "../dev/device.ts";
import { fibLookup, lookupLocal } from "../fib/rules.ts";
import { type FibInfo, type FibNh, type FibResult, fibResult, type Flow4, flow4 } from "../fib/types.ts";
import type { NetNs } from "../netns.ts";
import { IFF, RtnhF, RtScope, RtType } from "../rtnl/messages.ts";
import { in4 } from "../sysctl-conf.ts";
import { inetSelectAddr, inGroup, lookupIfaddr } from "./devinet.ts";
import { findException } from "./exceptions.ts";
import { Dst4, RTCF } from "./state.ts";

/**
 * The route for `f`, whose saddr, daddr and oif are filled in with what was chosen; or -errno (-ENETUNREACH, -EINVAL for a
 * source that is not ours, -ENODEV, or the error of the route that matched).
 */
export function ipRouteOutput(ns: NetNs, f: Flow4): Dst4 | number {
  const origOif = f.oif;
  let devOut: NetDevice | null = null;
  if (f.saddr !== 0) {
    if (isMulticast4(f.saddr) || isLimitedBroadcast4(f.saddr) || isZeronet4(f.saddr)) return -Errno.EINVAL;
    const own = ipDevFind(ns, f.saddr);
    if (f.oif === 0 && (isMulticast4(f.daddr) || isLimitedBroadcast4(f.daddr))) {
      if (!own) return -Errno.ENETUNREACH;
      devOut = own;
      f.oif = devOut.ifindex;
      return makeRoute(ns, f, null, devOut, isMulticast4(f.daddr) ? RtType.MULTICAST : RtType.BROADCAST, 0, origOif);
    }
    if (!f.anysrc && !own) return -Errno.ENETUNREACH;
  }
  if (f.oif !== 0) {
    devOut = ns.devs.get(f.oif) ?? null;
    if (!devOut) return -Errno.ENODEV;
    if ((devOut.flags & IFF.UP) === 0 || !devOut.ip4) return -Errno.ENETUNREACH;
    if (isLocalMulticast4(f.daddr) || isLimitedBroadcast4(f.daddr) || f.proto === IpProto.IGMP) {
      if (f.saddr === 0) f.saddr = inetSelectAddr(devOut, 0, RtScope.LINK);
      return makeRoute(ns, f, null, devOut, RtType.UNICAST, 0, origOif);
    }
    if (f.saddr === 0) {
      if (isMulticast4(f.daddr)) f.saddr = inetSelectAddr(devOut, 0, f.scope);
      else if (f.daddr === 0) f.saddr = inetSelectAddr(devOut, 0, RtScope.HOST);
    }
  }
  if (f.daddr === 0) {
    f.daddr = f.saddr;
    if (f.daddr === 0) f.daddr = f.saddr = INADDR_LOOPBACK;
    f.oif = ns.loopback.ifindex;
    return makeRoute(ns, f, null, ns.loopback, RtType.LOCAL, RTCF.LOCAL, origOif);
  }
  const res = fibResult();
  const err = fibLookup(ns, f, res, 0);
  if (err !== 0) {
    if (f.oif === 0 || !devOut) return err;
    // a device was named and no table knows the destination: it must be on that link
    if (f.saddr === 0) f.saddr = inetSelectAddr(devOut, 0, RtScope.LINK);
    return makeRoute(ns, f, null, devOut, RtType.UNICAST, 0, origOif);
  }
  const info = res.route!.info;
  if (res.type === RtType.LOCAL) {
    if (f.saddr === 0) f.saddr = info.prefsrc !== 0 ? info.prefsrc : f.daddr;
    f.oif = ns.loopback.ifindex;
    return makeRoute(ns, f, res, ns.loopback, RtType.LOCAL, RTCF.LOCAL, res.nh!.oif);
  }
  selectPath(f, res);
  const nh = res.nh!;
  f.oif = nh.oif;
  return makeRoute(ns, f, res, nh.dev!, res.type, 0, origOif);
}

/** __ip_dev_find: whose address is it? Besides the addresses of devices, all that the table local calls ours. */
function ipDevFind(ns: NetNs, addr: number): NetDevice | null {
  const ifa = lookupIfaddr(ns, addr);
  if (ifa) return ifa.indev.dev;
  const res = fibResult();
  return lookupLocal(ns, flow4(addr, 0, 0), res, 0) === 0 && res.type === RtType.LOCAL ? res.nh!.dev : null;
}

/** fib_select_path: one of several next hops, and the source address that goes with it. */
function selectPath(f: Flow4, res: FibResult): void {
  const info = res.route!.info;
  if (f.oif === 0 && info.nhs.length > 1) res.nh = selectMultipath(info, multipathHash(f), res.nh!);
  if (f.saddr === 0) f.saddr = fibPrefsrc(info, res.nh!);
}

/** fib_result_prefsrc */
export function fibPrefsrc(info: FibInfo, nh: FibNh): number {
  return info.prefsrc !== 0 ? info.prefsrc : inetSelectAddr(nh.dev!, nh.gateway, info.scope);
}

/** fib_multipath_hash, policy 0: by addresses. 31 bits. */
export function multipathHash(f: Flow4): number {
  return mix32(mix32(f.saddr ^ 0x3c6ef372) ^ f.daddr) >>> 1;
}

/** fib_select_multipath: the next hop into whose share of 2^31 (by weight, without dead ones) the hash falls. */
export function selectMultipath(info: FibInfo, hash: number, fallback: FibNh): FibNh {
  const usable = info.nhs.filter(
    (n) => (n.flags & RtnhF.DEAD) === 0 && !((n.flags & RtnhF.LINKDOWN) !== 0 && n.dev && in4.ignoreRoutesWithLinkdown(n.dev)),
  );
  let total = 0;
  for (const n of usable) total += n.weight;
  let sum = 0;
  for (const n of usable) {
    sum += n.weight;
    if (hash < Math.floor((sum * 0x80000000) / total)) return n;
  }
  return fallback;
}

/** __mkroute_output */
function makeRoute(
  ns: NetNs,
  f: Flow4,
  res: FibResult | null,
  dev: NetDevice,
  resType: number,
  resFlags: number,
  origOif: number,
): Dst4 | number {
  const indev = dev.ip4;
  if (!indev) return -Errno.EINVAL;
  if (!in4.routeLocalnet(dev) && isLoopback4(f.saddr) && (dev.flags & IFF.LOOPBACK) === 0) return -Errno.EINVAL;
  let type = resType;
  if (isLimitedBroadcast4(f.daddr)) type = RtType.BROADCAST;
  else if (isMulticast4(f.daddr)) type = RtType.MULTICAST;
  else if (isZeronet4(f.daddr)) return -Errno.EINVAL;
  let flags: number = resFlags;
  if ((dev.flags & IFF.LOOPBACK) !== 0) flags |= RTCF.LOCAL;
  let use = res;
  if (type === RtType.BROADCAST) {
    flags |= RTCF.BROADCAST | RTCF.LOCAL;
    use = null;
  } else if (type === RtType.MULTICAST) {
    flags |= RTCF.MULTICAST;
    if (inGroup(indev, f.daddr)) flags |= RTCF.LOCAL;
    if (use && use.route!.len < 4) use = null;
  }
  const nh = use?.nh ?? null;
  const ex = nh ? findException(ns, nh, f.daddr) : null;
  const local = (flags & RTCF.LOCAL) !== 0;
  return new Dst4({
    input: local ? "local" : "none",
    mcOutput: local && (flags & (RTCF.BROADCAST | RTCF.MULTICAST)) !== 0 && (dev.flags & IFF.LOOPBACK) === 0,
    dev,
    type,
    flags: ex && ex.gateway !== 0 ? flags | RTCF.REDIRECTED : flags,
    dst: f.daddr,
    src: f.saddr,
    gateway: ex && ex.gateway !== 0 ? ex.gateway : type === RtType.LOCAL ? 0 : (nh?.gateway ?? 0),
    iif: origOif,
    table: use?.table ?? 0,
    route: use?.route ?? null,
    nh,
    pmtu: ex?.pmtu ?? 0,
    locked: ex?.locked ?? false,
    expires: ex?.expires ?? 0,
    gen: ns.ip4.gen,
  });
}
