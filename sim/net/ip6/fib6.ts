/**
 * IPv6's tables (net/ipv6/ip6_fib.c, route.c): a list a table, kept in the order in which the kernel lists it (a prefix before
 * the shorter ones that contain it, then by address), searched from the longest prefix. Left out: multipath, source
 * routing, exceptions other than path MTU, router reachability as a tie-break.
 */
import { Errno } from "../../core/result.ts";
import { inPrefix6, networkOf6 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { IFF, RtProt, RtTable, RtType } from "../rtnl/messages.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { Fib6Route } from "./state.ts";

/** metric of an address' prefix route (IP6_RT_PRIO_ADDRCONF) and of a user's (IP6_RT_PRIO_USER) */
export const METRIC_ADDRCONF = 256;
export const METRIC_USER = 1024;

function compare6(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
function samePrefix(a: Fib6Route, b: Fib6Route): boolean {
  return a.len === b.len && compare6(a.dst, b.dst) === 0;
}
/** Order of listing: the tree is walked children first. */
function listOrder(a: Fib6Route, b: Fib6Route): number {
  if (a.len !== b.len && inPrefix6(a.dst, b.dst, Math.min(a.len, b.len))) return b.len - a.len;
  return compare6(a.dst, b.dst);
}

function fib6Changed(ns: NetNs, r: Fib6Route, added: 0 | 1): void {
  ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.EV_ROUTE, Verdict.EVENT, 0, r, r.table, added);
  ns.net.changed(ns, "route");
}

function tableOf(ns: NetNs, id: number): Fib6Route[] {
  let t = ns.ip6.tables.get(id);
  if (!t) {
    t = [];
    ns.ip6.tables.set(id, t);
  }
  return t;
}

/** Puts a route behind those of its prefix with the same or a smaller metric. */
export function fib6Insert(ns: NetNs, r: Fib6Route): void {
  const t = tableOf(ns, r.table);
  let at = 0;
  while (at < t.length) {
    const c = listOrder(t[at]!, r);
    if (c > 0 || (c === 0 && t[at]!.metric > r.metric)) break;
    at++;
  }
  t.splice(at, 0, r);
  fib6Changed(ns, r, 1);
}

export function fib6Remove(ns: NetNs, r: Fib6Route): void {
  const t = tableOf(ns, r.table);
  const i = t.indexOf(r);
  if (i < 0) return;
  t.splice(i, 1);
  fib6Changed(ns, r, 0);
}

/** A route with this prefix, metric, device and gateway in the table, or null (rt6_duplicate_nexthop's idea of the same). */
function fib6Same(ns: NetNs, r: Fib6Route): Fib6Route | null {
  for (const o of tableOf(ns, r.table)) {
    if (samePrefix(o, r) && o.metric === r.metric && o.dev === r.dev && sameGateway(o.gateway, r.gateway)) return o;
  }
  return null;
}
export function fib6AtPrefix(ns: NetNs, table: number, dst: Uint8Array, len: number): Fib6Route[] {
  return tableOf(ns, table).filter((o) => o.len === len && compare6(o.dst, dst) === 0);
}
function sameGateway(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : compare6(a, b) === 0;
}

/** The routes of the kernel itself: prefixes, own addresses, multicast. */
export function addKernelRoute(dev: NetDevice, table: number, type: number, dst: Uint8Array, len: number, metric: number): void {
  const ns = dev.ns;
  const r = new Fib6Route({
    dst: networkOf6(dst, len),
    len,
    table,
    type,
    protocol: RtProt.KERNEL,
    metric,
    dev,
    gateway: null,
    flags: 0,
    prefsrc: null,
    metrics: null,
    pref: "medium",
  });
  r.linkdown = !dev.carrier && type !== RtType.LOCAL;
  if (!fib6Same(ns, r)) fib6Insert(ns, r);
}
export function delKernelRoute(dev: NetDevice, table: number, dst: Uint8Array, len: number): void {
  const net = networkOf6(dst, len);
  for (const r of fib6AtPrefix(dev.ns, table, net, len)) {
    if (r.dev === dev && r.gateway === null && r.protocol === RtProt.KERNEL) {
      fib6Remove(dev.ns, r);
      return;
    }
  }
}

/** rt6_sync_down_dev with NETDEV_DOWN: every route by the device goes. */
export function fib6FlushDev(ns: NetNs, dev: NetDevice): void {
  for (const t of ns.ip6.tables.values())
    for (const r of t.slice()) if (r.dev === dev && (dev.flags & IFF.LOOPBACK) === 0) fib6Remove(ns, r);
  if ((dev.flags & IFF.LOOPBACK) === 0) return;
  // blackholes and the like are listed with the loopback device and stay
  for (const t of ns.ip6.tables.values())
    for (const r of t.slice()) if (r.dev === dev && (r.type === RtType.LOCAL || r.type === RtType.UNICAST)) fib6Remove(ns, r);
}
export function fib6SetLinkdown(ns: NetNs, dev: NetDevice, down: boolean): void {
  for (const t of ns.ip6.tables.values()) for (const r of t) if (r.dev === dev && r.type !== RtType.LOCAL) r.linkdown = down;
}

/** Tables that answer, in the order of the two fixed rules. */
const ORDER = [RtTable.LOCAL, RtTable.MAIN];

/**
 * The best route to `daddr` by device `oif` (0: any; routes of local addresses belong to every device). A route type that
 * refuses is an answer too. Null: no way.
 */
export function fib6Lookup(ns: NetNs, daddr: Uint8Array, oif: number): Fib6Route | null {
  for (const id of ORDER) {
    let best: Fib6Route | null = null;
    for (const r of ns.ip6.tables.get(id) ?? []) {
      if (best && (r.len < best.len || (r.len === best.len && r.metric >= best.metric))) continue;
      if (!inPrefix6(daddr, r.dst, r.len)) continue;
      if (r.linkdown && r.dev.conf6.ignore_routes_with_linkdown !== 0) continue;
      if (oif !== 0 && r.dev.ifindex !== oif && r.type !== RtType.BLACKHOLE && r.type !== RtType.UNREACHABLE && r.type !== RtType.PROHIBIT)
        continue;
      best = r;
    }
    if (best) return best.type === RtType.THROW ? null : best;
  }
  return null;
}

/** The -errno with which a refusing type ends a lookup; 0 for the others. */
export function fib6Error(type: number): number {
  return type === RtType.BLACKHOLE
    ? -Errno.EINVAL
    : type === RtType.UNREACHABLE
      ? -Errno.EHOSTUNREACH
      : type === RtType.PROHIBIT
        ? -Errno.EACCES
        : 0;
}
