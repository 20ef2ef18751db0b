/**
 * RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE for IPv6 (ip6_route_add, ip6_route_del, inet6_rtm_getroute of
 * net/ipv6/route.c). Multipath is refused, loudly.
 */
import { Errno } from "../../core/result.ts";
import { eqIp6, isLinkLocal6, isMulticast6, networkOf6 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import {
  IFF,
  NlmF,
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
import { fib6AtPrefix, fib6Error, fib6Insert, fib6Lookup, fib6Remove, METRIC_USER } from "./fib6.ts";
import { ANY6, flow6, ip6RouteOutput, isOurs6 } from "./route6.ts";
import { Dst6, Fib6Route } from "./state.ts";

const NO_MULTIPATH = "hop: IPv6 multipath routes are not simulated";

function rowOf(r: Fib6Route): RouteRow {
  const flags = r.flags | (r.linkdown ? RtnhF.LINKDOWN : 0);
  return {
    family: 10,
    dst: r.dst,
    dstLen: r.len,
    src: null,
    srcLen: 0,
    tos: 0,
    table: r.table,
    protocol: r.protocol,
    scope: 0,
    type: r.type,
    flags,
    prefsrc: r.prefsrc,
    priority: r.metric,
    nexthops: [{ gateway: r.gateway, gatewayFamily: 10, ifindex: r.dev.ifindex, flags, weight: 1 }],
    metrics: r.metrics,
    pref: r.pref,
    cache: null,
  };
}

export function routeRows6(ns: NetNs, table: number): RouteRow[] {
  const ids = [...ns.ip6.tables.keys()].filter((id) => table === 0 || id === table);
  ids.sort((a, b) => (a & 255) - (b & 255) || a - b);
  return ids.flatMap((id) => ns.ip6.tables.get(id)!.map(rowOf));
}

function isReject(type: number): boolean {
  return type === RtType.BLACKHOLE || type === RtType.UNREACHABLE || type === RtType.PROHIBIT || type === RtType.THROW;
}

/** ip6_route_check_nh: the gateway must be a neighbour by the device that leads to it. */
function gatewayDev(ns: NetNs, gw: Uint8Array, dev: NetDevice | null, flags: number): NetDevice | RtnlReply {
  if (isMulticast6(gw)) return rtnlError(Errno.EINVAL, "Invalid gateway address");
  if (isOurs6(ns, gw, isLinkLocal6(gw) ? dev : null)) return rtnlError(Errno.EINVAL, "Gateway can not be a local address");
  if (isLinkLocal6(gw)) return dev ?? rtnlError(Errno.EINVAL, "Egress device not specified");
  if ((flags & RtnhF.ONLINK) !== 0) return dev ?? rtnlError(Errno.EINVAL, "Nexthop device required for onlink");
  const r = fib6Lookup(ns, gw, dev ? dev.ifindex : 0);
  if (!r || fib6Error(r.type) !== 0 || r.gateway !== null) return rtnlError(Errno.EHOSTUNREACH);
  return r.dev;
}

export function newRoute6(ns: NetNs, flags: number, q: RouteRequest): RtnlReply {
  if (q.dstLen > 128) return rtnlError(Errno.EINVAL, "Invalid prefix length");
  if (q.multipath && q.multipath.length > 1) return rtnlError(Errno.EOPNOTSUPP, NO_MULTIPATH);
  if (q.srcLen) return rtnlError(Errno.EINVAL, "Specifying source address requires IPV6_SUBTREES to be enabled");
  const hop = q.multipath?.[0];
  const gateway = hop?.gateway ?? q.gateway ?? null;
  const oif = hop?.ifindex || q.oif || 0;
  let dev = oif !== 0 ? (ns.devs.get(oif) ?? null) : null;
  if (oif !== 0 && !dev) return rtnlError(Errno.ENODEV);
  if (isReject(q.type)) dev = ns.loopback;
  else {
    if (dev && (!dev.ip6 || dev.conf6.disable_ipv6 !== 0))
      return rtnlError(
        dev.ip6 ? Errno.EACCES : Errno.ENODEV,
        dev.ip6 ? "IPv6 is disabled on nexthop device" : "IPv6 not enabled on nexthop device",
      );
    if ((q.flags & RtnhF.ONLINK) !== 0 && dev && (dev.flags & IFF.UP) === 0) return rtnlError(Errno.ENETDOWN, "Nexthop device is not up");
    if (gateway) {
      const g = gatewayDev(ns, gateway, dev, q.flags);
      if ("ok" in g) return g;
      dev = g;
    }
    if (!dev) return rtnlError(Errno.ENODEV);
    if ((dev.flags & IFF.UP) === 0) return rtnlError(Errno.ENETDOWN, "Nexthop device is not up");
  }
  if (q.prefsrc && !isOurs6(ns, q.prefsrc, null)) return rtnlError(Errno.EINVAL, "Invalid source address");
  const metrics = q.metrics && Object.keys(q.metrics).length > 0 ? q.metrics : null;
  const r = new Fib6Route({
    dst: networkOf6(q.dst ?? ANY6, q.dstLen),
    len: q.dstLen,
    table: q.table === RtTable.UNSPEC ? RtTable.MAIN : q.table,
    type: q.type,
    protocol: q.protocol,
    metric: q.priority ? q.priority : METRIC_USER,
    dev,
    gateway: isReject(q.type) ? null : gateway,
    flags: q.flags & RtnhF.ONLINK,
    prefsrc: q.prefsrc ?? null,
    metrics,
    pref: q.pref ?? "medium",
  });
  r.linkdown = !dev.carrier && !isReject(q.type);
  const known = fib6AtPrefix(ns, r.table, r.dst, r.len).filter((o) => o.metric === r.metric);
  if (known.length > 0) {
    if ((flags & NlmF.EXCL) !== 0) return rtnlError(Errno.EEXIST);
    if ((flags & NlmF.REPLACE) !== 0) {
      fib6Remove(ns, known[0]!);
      fib6Insert(ns, r);
      return RTNL_OK;
    }
    const twin = known.some((o) => o.dev === r.dev && (o.gateway && r.gateway ? eqIp6(o.gateway, r.gateway) : o.gateway === r.gateway));
    if (twin) return rtnlError(Errno.EEXIST);
    if (r.gateway) return rtnlError(Errno.EOPNOTSUPP, NO_MULTIPATH);
  } else if ((flags & NlmF.REPLACE) !== 0 && (flags & NlmF.CREATE) === 0)
    return rtnlError(Errno.ENOENT, "Can not replace route - no match found");
  fib6Insert(ns, r);
  return RTNL_OK;
}

export function delRoute6(ns: NetNs, q: RouteRequest): RtnlReply {
  const dst = networkOf6(q.dst ?? ANY6, q.dstLen);
  const table = q.table === RtTable.UNSPEC ? RtTable.MAIN : q.table;
  if (!ns.ip6.tables.has(table)) return rtnlError(Errno.ESRCH, "FIB table does not exist");
  const hop = q.multipath?.[0];
  const gateway = hop?.gateway ?? q.gateway;
  const oif = hop?.ifindex || q.oif;
  for (const r of fib6AtPrefix(ns, table, dst, q.dstLen)) {
    if (oif && r.dev.ifindex !== oif) continue;
    if (gateway && (!r.gateway || !eqIp6(gateway, r.gateway))) continue;
    if (q.priority && q.priority !== r.metric) continue;
    if (q.protocol && q.protocol !== r.protocol) continue;
    fib6Remove(ns, r);
    return RTNL_OK;
  }
  return rtnlError(Errno.ESRCH);
}

/** inet6_rtm_getroute */
export function getRoute6(ns: NetNs, q: RouteGetRequest): RtnlReply {
  const from = q.src ?? ANY6;
  const f = flow6(q.dst, from, q.oif ?? 0);
  if (q.fibmatch) {
    const r = fib6Lookup(ns, q.dst, q.oif ?? 0);
    return r ? { ok: true, routes: [rowOf(r)] } : rtnlError(Errno.ENETUNREACH);
  }
  if (q.iif) return rtnlError(Errno.EOPNOTSUPP, "hop: route get with iif is not simulated for IPv6");
  const d = ip6RouteOutput(ns, f);
  if (!(d instanceof Dst6)) return rtnlError(-d);
  const r = d.route!;
  const base = rowOf(r);
  return {
    ok: true,
    routes: [
      {
        ...base,
        dst: q.dst,
        dstLen: 128,
        src: from,
        srcLen: 128,
        prefsrc: q.src ? null : f.saddr,
        nexthops: [{ gateway: d.gateway, gatewayFamily: 10, ifindex: d.dev.ifindex, flags: base.flags, weight: 1 }],
        metrics: d.pmtu !== 0 ? { ...r.metrics, mtu: d.pmtu } : r.metrics,
      },
    ],
  };
}
