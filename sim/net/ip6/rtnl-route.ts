/**
 * RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE for IPv6 (ip6_route_add, ip6_route_multipath_add, ip6_route_del, inet6_rtm_getroute,
 * rt6_fill_node of net/ipv6/route.c).
 */
import { hex } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { eqIp6, isLinkLocal6, isMulticast6, networkOf6 } from "../../wire/addr.ts";
import { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import {
  IFF,
  NlmF,
  type NexthopRow,
  RtnhF,
  type RouteGetRequest,
  type RouteRequest,
  type RouteRow,
  type RtnlReply,
  RTNL_OK,
  rtnlError,
  RtTable,
  RtType,
} from "../rtnl/messages.ts";
import { fib6Add, fib6AtPrefix, fib6Error, fib6Remove, METRIC_USER, siblingsOf } from "./fib6.ts";
import { fib6Lookup, Strict } from "./lookup6.ts";
import { ANY6, exceptionOf, flow6, isOurs6, routeInput6, routeOutput6, routeSaddr } from "./route6.ts";
import { Fib6Route, type Rt6Exception } from "./state.ts";

function hopFlags(ns: NetNs, r: Fib6Route): number {
  const ignored = r.dev.conf6.ignore_routes_with_linkdown !== 0 || ns.sysctl.conf6All.ignore_routes_with_linkdown !== 0;
  const down = r.linkdown ? RtnhF.LINKDOWN | (ignored ? RtnhF.DEAD : 0) : 0;
  return r.flags | down | (r.dead ? RtnhF.DEAD : 0);
}
function hopRow(ns: NetNs, r: Fib6Route): NexthopRow {
  return { gateway: r.gateway, gatewayFamily: 10, ifindex: r.dev.ifindex, flags: hopFlags(ns, r), weight: r.weight };
}
function secondsLeft(ns: NetNs, expires: number): number {
  return Math.trunc((expires - ns.net.now) / SEC);
}

/** rt6_fill_node */
function rowOf(ns: NetNs, r: Fib6Route, hops: readonly Fib6Route[]): RouteRow {
  return {
    family: 10,
    dst: r.dst,
    dstLen: r.len,
    src: r.srcLen > 0 ? r.src : null,
    srcLen: r.srcLen,
    tos: 0,
    table: r.table,
    protocol: r.protocol,
    scope: 0,
    type: r.type,
    flags: hops.length > 1 ? (hops.every((h) => h.dead) ? RtnhF.DEAD : 0) : hopFlags(ns, r),
    prefsrc: r.prefsrc,
    priority: r.metric,
    nexthops: hops.map((h) => hopRow(ns, h)),
    metrics: r.metrics,
    pref: r.pref,
    cache: null,
    ...(r.expires !== 0 ? { expires: secondsLeft(ns, r.expires) } : {}),
  };
}

/** One of the routes, by itself. */
export const routeRow6 = (ns: NetNs, r: Fib6Route): RouteRow => rowOf(ns, r, [r]);

/** fib6_dump_node: behind the last of several next hops the list goes on, even past routes that stand between them. */
export function routeRows6(ns: NetNs, table: number): RouteRow[] {
  const ids = [...ns.ip6.tables.keys()].filter((id) => table === 0 || id === table);
  ids.sort((a, b) => (a & 255) - (b & 255) || a - b);
  const out: RouteRow[] = [];
  for (const id of ids) {
    const routes = ns.ip6.tables.get(id)!;
    for (let i = 0; i < routes.length; i++) {
      const r = routes[i]!;
      const hops = siblingsOf(ns, r);
      out.push(rowOf(ns, r, hops));
      if (hops.length > 1) i = routes.indexOf(hops.at(-1)!);
    }
  }
  return out;
}

/** The routes that hold for single destinations: `ip -6 route show cache` (RTM_F_CLONED). */
export function cachedRows6(ns: NetNs): RouteRow[] {
  const out: RouteRow[] = [];
  for (const e of ns.ip6.exceptions.values()) if (e.expires === 0 || ns.net.now < e.expires) out.push(cachedRow(ns, e));
  return out;
}
function cachedRow(ns: NetNs, e: Rt6Exception): RouteRow {
  const r = e.route;
  const hop: NexthopRow = { ...hopRow(ns, r), gateway: e.gateway ?? r.gateway };
  return {
    ...rowOf(ns, r, [r]),
    dst: e.daddr,
    dstLen: 128,
    nexthops: [hop],
    metrics: e.mtu !== 0 ? { ...r.metrics, mtu: e.mtu } : r.metrics,
    cache: { flags: [], uid: null, iif: 0, mark: 0, expires: e.expires !== 0 ? secondsLeft(ns, e.expires) : null, mtu: null },
  };
}

function isReject(type: number): boolean {
  return type === RtType.BLACKHOLE || type === RtType.UNREACHABLE || type === RtType.PROHIBIT || type === RtType.THROW;
}

/** ip6_validate_gw, ip6_route_check_nh: the gateway must be a neighbour by the device that leads to it. */
function gatewayDev(ns: NetNs, gw: Uint8Array, dev: NetDevice | null, flags: number): NetDevice | RtnlReply {
  if (isMulticast6(gw)) return rtnlError(Errno.EINVAL, "Invalid gateway address");
  const local = isOurs6(ns, gw, isLinkLocal6(gw) ? dev : null);
  const out = dev && local ? dev : egressDev(ns, gw, dev, flags);
  if (out instanceof NetDevice && !dev && (out.flags & IFF.LOOPBACK) !== 0)
    return rtnlError(Errno.EINVAL, "Egress device can not be loopback device for this route");
  return local && out instanceof NetDevice ? rtnlError(Errno.EINVAL, "Gateway can not be a local address") : out;
}

function egressDev(ns: NetNs, gw: Uint8Array, dev: NetDevice | null, flags: number): NetDevice | RtnlReply {
  if (isLinkLocal6(gw)) return dev ?? rtnlError(Errno.EINVAL, "Egress device not specified");
  if ((flags & RtnhF.ONLINK) !== 0) return dev ?? rtnlError(Errno.EINVAL, "Nexthop device required for onlink");
  const r = fib6Lookup(ns, flow6(gw, ANY6, 0), dev ? dev.ifindex : 0, dev ? Strict.IFACE : 0);
  if (typeof r === "number" || fib6Error(r.type) !== 0 || r.gateway !== null) return rtnlError(Errno.EHOSTUNREACH);
  return r.dev;
}

/** One next hop, checked (fib6_nh_init): its device, or the complaint. */
function hopDev(ns: NetNs, q: RouteRequest, gateway: Uint8Array | null, oif: number, flags: number): NetDevice | RtnlReply {
  const named = oif !== 0 ? (ns.devs.get(oif) ?? null) : null;
  if (oif !== 0 && !named) return rtnlError(Errno.ENODEV);
  if (isReject(q.type)) return ns.loopback;
  if (named && (!named.ip6 || named.conf6.disable_ipv6 !== 0))
    return rtnlError(
      named.ip6 ? Errno.EACCES : Errno.ENODEV,
      named.ip6 ? "IPv6 is disabled on nexthop device" : "IPv6 not enabled on nexthop device",
    );
  if ((flags & RtnhF.ONLINK) !== 0 && named && (named.flags & IFF.UP) === 0) return rtnlError(Errno.ENETDOWN, "Nexthop device is not up");
  let dev = named;
  if (gateway) {
    const g = gatewayDev(ns, gateway, named, flags);
    if ("ok" in g) return g;
    dev = g;
  }
  if (!dev) return rtnlError(Errno.ENODEV);
  if ((dev.flags & IFF.UP) === 0) return rtnlError(Errno.ENETDOWN, "Nexthop device is not up");
  return dev;
}

/** ip6_route_info_create */
function build(ns: NetNs, q: RouteRequest, hop: NexthopRow | null): Fib6Route | RtnlReply {
  const gateway = (hop ? hop.gateway : q.gateway) ?? null;
  const flags = q.flags | (hop ? hop.flags : 0);
  const dev = hopDev(ns, q, gateway, (hop ? hop.ifindex : 0) || q.oif || 0, flags);
  if ("ok" in dev) return dev;
  if (q.prefsrc && !isOurs6(ns, q.prefsrc, null)) return rtnlError(Errno.EINVAL, "Invalid source address");
  const r = new Fib6Route({
    dst: networkOf6(q.dst ?? ANY6, q.dstLen),
    len: q.dstLen,
    src: networkOf6(q.src ?? ANY6, q.srcLen ?? 0),
    srcLen: q.srcLen ?? 0,
    table: q.table === RtTable.UNSPEC ? RtTable.MAIN : q.table,
    type: q.type,
    protocol: q.protocol,
    metric: q.priority ? q.priority : METRIC_USER,
    dev,
    gateway: isReject(q.type) ? null : gateway,
    flags: flags & RtnhF.ONLINK,
    weight: hop ? Math.max(1, hop.weight) : 1,
    prefsrc: q.prefsrc ?? null,
    metrics: q.metrics && Object.keys(q.metrics).length > 0 ? q.metrics : null,
    pref: q.pref ?? "medium",
    ra: false,
    expires: q.expires ? ns.net.now + q.expires * SEC : 0,
  });
  r.linkdown = !dev.carrier && !isReject(q.type);
  return r;
}

function refusal(errno: number): RtnlReply {
  return errno === -Errno.ENOENT ? rtnlError(Errno.ENOENT, "Can not replace route - no match found") : rtnlError(-errno);
}

export function newRoute6(ns: NetNs, flags: number, q: RouteRequest): RtnlReply {
  if (q.dstLen > 128) return rtnlError(Errno.EINVAL, "Invalid prefix length");
  if ((q.srcLen ?? 0) > 128) return rtnlError(Errno.EINVAL, "Invalid source address length");
  const how = { excl: (flags & NlmF.EXCL) !== 0, replace: (flags & NlmF.REPLACE) !== 0, create: (flags & NlmF.CREATE) !== 0 };
  if (q.multipath && q.multipath.length > 0) return multipathAdd(ns, q, q.multipath, how);
  const r = build(ns, q, null);
  if ("ok" in r) return r;
  const err = fib6Add(ns, r, how);
  return err < 0 ? refusal(err) : RTNL_OK;
}

/** ip6_route_multipath_add: all are checked first; the first may replace, the others join it. */
function multipathAdd(ns: NetNs, q: RouteRequest, hops: readonly NexthopRow[], how: Parameters<typeof fib6Add>[2]): RtnlReply {
  const list: Fib6Route[] = [];
  for (const hop of hops) {
    const r = build(ns, q, hop);
    if ("ok" in r) return r;
    list.push(r);
  }
  if (list.length > 1 && list.some((r) => r.gateway === null))
    return rtnlError(Errno.EINVAL, "Device only routes can not be added for IPv6 using the multipath API.");
  const done: Fib6Route[] = [];
  let now = how;
  for (const r of list) {
    const err = fib6Add(ns, r, now);
    if (err < 0) {
      for (const d of done) fib6Remove(ns, d);
      if (how.replace && done.length > 0) return rtnlError(-err, "multipath route replace failed (check consistency of installed routes)");
      return refusal(err);
    }
    done.push(r);
    now = { excl: false, replace: false, create: true };
  }
  return RTNL_OK;
}

/** `cached`: what was learned about the destination (RTM_F_CLONED), not the route. */
export function delRoute6(ns: NetNs, q: RouteRequest, cached: boolean): RtnlReply {
  if (cached) return ns.ip6.exceptions.delete(hex(q.dst ?? ANY6)) ? RTNL_OK : rtnlError(Errno.ESRCH);
  if (q.multipath && q.multipath.length > 0) {
    let last: RtnlReply = RTNL_OK;
    for (const h of q.multipath) {
      const one = delOne(ns, q, h.gateway, h.ifindex || q.oif || 0, false);
      if (!one.ok) last = one;
    }
    return last;
  }
  return delOne(ns, q, q.gateway ?? null, q.oif ?? 0, true);
}

/** ip6_route_del: with a gateway one next hop, without one the route with all of them. */
function delOne(ns: NetNs, q: RouteRequest, gateway: Uint8Array | null, oif: number, all: boolean): RtnlReply {
  const table = q.table === RtTable.UNSPEC ? RtTable.MAIN : q.table;
  if (!ns.ip6.tables.has(table)) return rtnlError(Errno.ESRCH, "FIB table does not exist");
  const here = fib6AtPrefix(ns, table, networkOf6(q.dst ?? ANY6, q.dstLen), q.dstLen);
  // without routes the root of the tree holds the null entry, and that cannot be deleted
  if (here.length === 0 && q.dstLen === 0 && !oif && !gateway && !q.priority && !q.protocol) return rtnlError(Errno.ENOENT);
  for (const r of here) {
    if (r.srcLen !== (q.srcLen ?? 0) || (q.src && !eqIp6(r.src, networkOf6(q.src, q.srcLen ?? 0)))) continue;
    if (oif && r.dev.ifindex !== oif) continue;
    if (gateway && (!r.gateway || !eqIp6(gateway, r.gateway))) continue;
    if (q.priority && q.priority !== r.metric) continue;
    if (q.protocol && q.protocol !== r.protocol) continue;
    for (const gone of gateway || !all ? [r] : siblingsOf(ns, r)) fib6Remove(ns, gone);
    return RTNL_OK;
  }
  return rtnlError(Errno.ESRCH);
}

/** inet6_rtm_getroute */
export function getRoute6(ns: NetNs, q: RouteGetRequest, uid: number): RtnlReply {
  const from = q.src ?? ANY6;
  const f = flow6(q.dst, from, q.oif ?? 0);
  f.mark = q.mark ?? 0;
  f.tclass = q.tos ?? 0;
  f.proto = q.ipproto ?? 0;
  f.sport = q.sport ?? 0;
  f.dport = q.dport ?? 0;
  f.uid = q.uid ?? uid;
  const dev = q.iif ? ns.devs.get(q.iif) : null;
  if (dev === undefined) return rtnlError(Errno.ENODEV);
  if (dev) f.iif = dev.ifindex;
  const r = dev ? routeInput6(ns, f, dev) : routeOutput6(ns, f, false);
  if (typeof r === "number") return rtnlError(-r);
  if (q.fibmatch) return { ok: true, routes: [rowOf(ns, r, siblingsOf(ns, r))] };
  const err = fib6Error(r.type);
  if (err !== 0) return rtnlError(-err);
  const e = exceptionOf(ns, r, q.dst);
  const local = r.type === RtType.LOCAL || r.type === RtType.ANYCAST;
  const base = e ? cachedRow(ns, e) : rowOf(ns, r, [r]);
  const hop = base.nexthops[0]!;
  const row: RouteRow = {
    ...base,
    dst: q.dst,
    dstLen: 128,
    src: from,
    srcLen: 128,
    prefsrc: dev ? r.prefsrc : routeSaddr(ns, r, q.dst),
    nexthops: [{ ...hop, ifindex: local ? ns.loopback.ifindex : hop.ifindex }],
    ...(dev ? { iif: dev.ifindex } : {}),
  };
  return { ok: true, routes: [row] };
}
