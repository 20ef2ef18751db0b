/**
 * RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE for IPv4 (inet_rtm_newroute, inet_rtm_getroute, fib_dump_info, rt_fill_info), and
 * the choice of family. IPv6's half is in ip6/rtnl-route.ts.
 */
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { ETH_P_IP } from "../../wire/eth.ts";
import { fibNewTable, routeChanged } from "../fib/frontend.ts";
import { fibGetTable, fibLookup, hasCustomRules } from "../fib/rules.ts";
import { type FibConfig, fibCreateInfo } from "../fib/nexthop.ts";
import { routeThrough } from "../fib/nexthop-object.ts";
import { type FibTable, validPrefix } from "../fib/table.ts";
import { FibInfo, FibNh, fibResult, type FibRoute, flow4 } from "../fib/types.ts";
import { ipRouteInput } from "../ip/route-input.ts";
import { ipRouteOutput } from "../ip/route-output.ts";
import { Dst4, RTCF } from "../ip/state.ts";
import { cachedRows6, delRoute6, getRoute6, newRoute6, routeRows6 } from "../ip6/rtnl-route.ts";
import type { NetNs } from "../netns.ts";
import { allocSkb, consumeSkb } from "../skb.ts";
import { in4 } from "../sysctl-conf.ts";
import { Sites } from "../../trace/sites.ts";
import { addr4, bytes4 } from "./addr.ts";
import {
  type NexthopRow,
  RtnhF,
  type RouteGetRequest,
  type RouteRequest,
  type RouteRow,
  type RtnlReply,
  RTNL_OK,
  type RtnlRequest,
  rtnlError,
  RtTable,
  RtType,
} from "./messages.ts";

/** `uid`: whose request it is; `ip route get` asks for that user's way unless it names another. */
export function getRoute(ns: NetNs, req: RtnlRequest & { type: "RTM_GETROUTE" }, uid: number): RtnlReply {
  if (!req.dump) return req.family === 10 ? getRoute6(ns, req.get, uid) : getRoute4(ns, req.get, uid);
  if (req.table && req.table !== RtTable.MAIN && req.family === 2 && !fibGetTable(ns, req.table))
    return rtnlError(Errno.ENOENT, "ipv4: FIB table does not exist");
  if (req.table && req.family === 10 && req.table !== RtTable.MAIN && req.table !== RtTable.LOCAL && !ns.ip6.tables.has(req.table))
    return rtnlError(Errno.ENOENT, "ipv6: FIB table does not exist");
  // RTM_F_CLONED: IPv4 has no cache to show
  if (req.cached) return { ok: true, routes: req.family === 2 ? [] : cachedRows6(ns) };
  const routes: RouteRow[] = [];
  if (req.family !== 10) routes.push(...routeRows4(ns, req.table ?? 0));
  if (req.family !== 2) routes.push(...routeRows6(ns, req.table ?? 0));
  return { ok: true, routes };
}

export function newRoute(ns: NetNs, req: RtnlRequest & { type: "RTM_NEWROUTE" }): RtnlReply {
  return req.route.family === 10 ? newRoute6(ns, req.flags, req.route) : newRoute4(ns, req.flags, req.route);
}

export function delRoute(ns: NetNs, req: RtnlRequest & { type: "RTM_DELROUTE" }): RtnlReply {
  return req.route.family === 10 ? delRoute6(ns, req.route, req.cached === true) : delRoute4(ns, req.route);
}

function nhFlags(nh: FibNh): number {
  let f = nh.flags & (RtnhF.ONLINK | RtnhF.DEAD | RtnhF.LINKDOWN | RtnhF.PERVASIVE);
  if ((f & RtnhF.LINKDOWN) !== 0 && nh.dev && in4.ignoreRoutesWithLinkdown(nh.dev)) f |= RtnhF.DEAD;
  return f;
}

/** fib_dump_info */
export function routeRow4(r: FibRoute): RouteRow {
  const nexthops: NexthopRow[] = r.info.nhs.map((nh) => ({
    gateway: nh.gateway !== 0 ? bytes4(nh.gateway) : null,
    gatewayFamily: 2,
    ifindex: nh.oif,
    flags: nhFlags(nh),
    weight: nh.weight,
  }));
  return {
    family: 2,
    dst: bytes4(r.dst),
    dstLen: r.len,
    src: null,
    srcLen: 0,
    tos: r.tos,
    table: r.table,
    protocol: r.info.protocol,
    scope: r.info.scope,
    type: r.type,
    flags:
      nexthops.length === 1
        ? nexthops[0]!.flags
        : nexthops.every((h) => h.flags & RtnhF.LINKDOWN) && nexthops.length > 0
          ? RtnhF.LINKDOWN
          : 0,
    prefsrc: r.info.prefsrc !== 0 ? bytes4(r.info.prefsrc) : null,
    priority: r.info.priority,
    ...(r.info.nhId === 0 ? {} : { nhId: r.info.nhId }),
    nexthops:
      r.info.nhId !== 0 && nexthops.length === 0 ? [{ gateway: null, gatewayFamily: 2, ifindex: 1, flags: 0, weight: 1 }] : nexthops,
    metrics: r.info.metrics,
    pref: null,
    cache: null,
  };
}

/** All tables in order of the kernel's hash (256 buckets by id), or one. */
function routeRows4(ns: NetNs, table: number): RouteRow[] {
  const tables = [...ns.ip4.tables.values()].filter((t) => table === 0 || t.id === table);
  tables.sort((a, b) => (a.id & 255) - (b.id & 255) || a.id - b.id);
  return tables.flatMap((t) => t.list().map(routeRow4));
}

function nhsOf(rows: readonly NexthopRow[]): FibNh[] {
  return rows.map((h) => new FibNh(h.ifindex, addr4(h.gateway), h.flags, Math.max(1, h.weight)));
}

/** fib_convert_metrics: limits; null without any. */
function metricsOf(m: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> | null {
  if (!m || Object.keys(m).length === 0) return null;
  const out: Record<string, number> = { ...m };
  if (out["mtu"] !== undefined && out["mtu"] > 65535 - 15) out["mtu"] = 65535 - 15;
  if (out["advmss"] !== undefined && out["advmss"] > 65535 - 40) out["advmss"] = 65535 - 40;
  if (out["hoplimit"] !== undefined && out["hoplimit"] > 255) out["hoplimit"] = 255;
  return out;
}

function newRoute4(ns: NetNs, flags: number, q: RouteRequest): RtnlReply {
  if (q.dstLen > 32) return rtnlError(Errno.EINVAL, "Invalid prefix length");
  if ((q.tos & 3) !== 0) return rtnlError(Errno.EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
  if (q.gatewayFamily === 10) return rtnlError(Errno.EOPNOTSUPP, "hop: IPv4 routes via an IPv6 gateway are not simulated");
  const dst = addr4(q.dst);
  if (!validPrefix(dst, q.dstLen)) return rtnlError(Errno.EINVAL, "Invalid prefix for given prefix length");
  const c: FibConfig = {
    dst,
    len: q.dstLen,
    tos: q.tos,
    table: q.table === RtTable.UNSPEC ? RtTable.MAIN : q.table,
    protocol: q.protocol,
    scope: q.scope,
    type: q.type,
    flags: q.flags,
    prefsrc: addr4(q.prefsrc),
    priority: q.priority ?? 0,
    gateway: addr4(q.gateway),
    oif: q.oif ?? 0,
    multipath: q.multipath && q.multipath.length > 0 ? nhsOf(q.multipath) : null,
    metrics: metricsOf(q.metrics),
  };
  const table = fibNewTable(ns, c.table);
  if (q.nhId) return throughObject(ns, flags, q, c, table);
  const info = fibCreateInfo(ns, c);
  if (!(info instanceof FibInfo)) return rtnlError(info.errno, info.extack);
  const r: FibRoute = { dst, len: c.len, tos: c.tos, type: c.type, table: table.id, info };
  const old = table.insert(r, flags);
  if (typeof old === "number") return rtnlError(-old);
  if (c.type === RtType.LOCAL) ns.ip4.customLocal = true;
  if (old === r) return RTNL_OK;
  if (old) routeChanged(ns, old, 0, true);
  routeChanged(ns, r, 1);
  return RTNL_OK;
}

/** A route that names a nexthop object has no next hop of its own. */
function throughObject(ns: NetNs, flags: number, q: RouteRequest, c: FibConfig, table: FibTable): RtnlReply {
  if (c.gateway !== 0 || c.oif !== 0 || c.multipath)
    return rtnlError(Errno.EINVAL, "Nexthop specification and nexthop id are mutually exclusive");
  const o = ns.ip4.nexthops.get(q.nhId!);
  if (!o) return rtnlError(Errno.EINVAL, "Nexthop id does not exist");
  const bare = new FibInfo([], c.protocol, c.scope, c.type, c.prefsrc, c.priority, c.metrics, 0);
  const r = routeThrough(ns, { dst: c.dst, len: c.len, tos: c.tos, type: c.type, table: table.id, info: bare }, o);
  const old = table.insert(r, flags);
  if (typeof old === "number") return rtnlError(-old);
  if (old && old !== r) routeChanged(ns, old, 0, true);
  if (old !== r) routeChanged(ns, r, 1);
  return RTNL_OK;
}

function delRoute4(ns: NetNs, q: RouteRequest): RtnlReply {
  const dst = addr4(q.dst);
  if (!validPrefix(dst, q.dstLen)) return rtnlError(Errno.EINVAL, "Invalid prefix for given prefix length");
  const table = fibGetTable(ns, q.table);
  if (!table) return rtnlError(Errno.ESRCH, "FIB table does not exist");
  const gone = table.remove({
    dst,
    len: q.dstLen,
    tos: q.tos,
    type: q.type,
    scope: q.scope,
    prefsrc: addr4(q.prefsrc),
    protocol: q.protocol,
    priority: q.priority ?? 0,
    oif: q.oif ?? 0,
    gateway: addr4(q.gateway),
    multipath: q.multipath && q.multipath.length > 0 ? nhsOf(q.multipath) : null,
    metrics: q.metrics && Object.keys(q.metrics).length > 0 ? q.metrics : null,
  });
  if (typeof gone === "number") return rtnlError(-gone);
  routeChanged(ns, gone, 0);
  return RTNL_OK;
}

const CACHE_FLAGS: readonly (readonly [number, string])[] = [
  [RTCF.LOCAL, "local"],
  [RTCF.REJECT, "reject"],
  [RTCF.MULTICAST, "mc"],
  [RTCF.BROADCAST, "brd"],
  [RTCF.REDIRECTED, "redirected"],
  [RTCF.DOREDIRECT, "redirect"],
  [RTCF.NOTIFY, "notify"],
];

/** Without rules of its own a namespace's tables local and main are one trie, and answers are main's. */
function tableShown(ns: NetNs, table: number): number {
  return table === RtTable.LOCAL && !hasCustomRules(ns) ? RtTable.MAIN : table;
}

/** inet_rtm_getroute: what would happen to such a packet? */
function getRoute4(ns: NetNs, q: RouteGetRequest, uid: number): RtnlReply {
  const f = flow4(addr4(q.dst), addr4(q.src), q.oif ?? 0);
  const src = f.saddr;
  f.tos = q.tos ?? 0;
  f.mark = q.mark ?? 0;
  f.proto = q.ipproto ?? 0;
  f.sport = q.sport ?? 0;
  f.dport = q.dport ?? 0;
  f.uid = q.uid ?? uid;
  if (q.fibmatch) {
    const res = fibResult();
    f.iif = q.iif ?? ns.loopback.ifindex;
    const err = fibLookup(ns, f, res, 0);
    if (err !== 0) return rtnlError(-err);
    const row = routeRow4(res.route!);
    return { ok: true, routes: [{ ...row, table: tableShown(ns, row.table) }] };
  }
  let rt: Dst4;
  if (q.iif) {
    const dev = ns.devs.get(q.iif);
    if (!dev) return rtnlError(Errno.ENODEV);
    const probe = allocSkb(ns.net, 0);
    probe.protocol = ETH_P_IP;
    probe.dev = dev;
    probe.mark = f.mark;
    const r = ipRouteInput(probe, f.daddr, f.saddr, f.tos, dev);
    consumeSkb(probe, ns, Sites.IP_ROUTE_INPUT, null, 0, 0);
    if (!(r instanceof Dst4)) return rtnlError(Errno.EINVAL);
    if (r.error !== 0) return rtnlError(r.error);
    rt = r;
  } else {
    const r = ipRouteOutput(ns, f);
    if (!(r instanceof Dst4)) return rtnlError(-r);
    rt = r;
  }
  const left = rt.expires > ns.net.now ? Math.floor((rt.expires - ns.net.now) / SEC) : 0;
  const mtu = left > 0 && rt.pmtu !== 0 ? rt.pmtu : null;
  const flags = rt.flags | (rt.doRedirect ? RTCF.DOREDIRECT : 0);
  const route: RouteRow = {
    family: 2,
    // 0.0.0.0 is answered as it was asked
    dst: bytes4(q.iif ? rt.dst : addr4(q.dst)),
    dstLen: 32,
    src: src !== 0 ? bytes4(src) : null,
    srcLen: src !== 0 ? 32 : 0,
    tos: rt.route?.tos ?? 0,
    table: tableShown(ns, rt.table),
    protocol: 0,
    scope: 0,
    type: rt.type,
    flags: 0,
    prefsrc: !q.iif && f.saddr !== src ? bytes4(f.saddr) : null,
    priority: 0,
    nexthops: [{ gateway: rt.gateway !== 0 ? bytes4(rt.gateway) : null, gatewayFamily: 2, ifindex: rt.dev.ifindex, flags: 0, weight: 1 }],
    metrics: mtu !== null ? { ...rt.metrics, mtu, ...(rt.locked ? { lock: 1 << 2 } : {}) } : rt.metrics,
    pref: null,
    cache: {
      flags: CACHE_FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name),
      uid: q.uid ?? (q.iif ? null : uid),
      iif: q.iif ?? 0,
      mark: f.mark,
      expires: left > 0 ? left : null,
      mtu: null,
    },
  };
  return { ok: true, routes: [route] };
}
