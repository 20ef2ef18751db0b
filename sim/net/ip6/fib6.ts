/**
 * IPv6's tables (net/ipv6/ip6_fib.c, route.c): a list a table, kept in the order in which the kernel lists it (a prefix before
 * the shorter ones that contain it, then by address), searched from the longest prefix in lookup6.ts. Left out: probes of
 * routers that are not used (rt6_probe).
 */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { SEC } from "../../core/time.ts";
import { inPrefix6, networkOf6 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { IFF, RtProt, RtType } from "../rtnl/messages.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { Fib6Route } from "./state.ts";

/** metric of an address' prefix route (IP6_RT_PRIO_ADDRCONF) and of a user's (IP6_RT_PRIO_USER) */
export const METRIC_ADDRCONF = 256;
export const METRIC_USER = 1024;

export function compare6(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
/** Order of listing: the tree is walked children first. */
function listOrder(a: Fib6Route, b: Fib6Route): number {
  if (a.len !== b.len && inPrefix6(a.dst, b.dst, Math.min(a.len, b.len))) return b.len - a.len;
  const c = compare6(a.dst, b.dst);
  // those for some senders only hang below those for all
  return c !== 0 ? c : a.srcLen !== b.srcLen ? b.srcLen - a.srcLen : compare6(a.src, b.src);
}

function fib6Changed(ns: NetNs, r: Fib6Route, added: 0 | 1): void {
  ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.EV_ROUTE, Verdict.EVENT, 0, r, r.table, added);
  ns.net.changed(ns, "route", r, added === 0);
}

function tableOf(ns: NetNs, id: number): Fib6Route[] {
  let t = ns.ip6.tables.get(id);
  if (!t) {
    t = [];
    ns.ip6.tables.set(id, t);
  }
  return t;
}

/** rt6_qualify_for_ecmp: may it be one next hop of several? */
export function canEcmp(r: Fib6Route): boolean {
  return !r.ra && r.gateway !== null;
}
/** The route itself and those that share its traffic, in order. */
export function siblingsOf(ns: NetNs, r: Fib6Route): Fib6Route[] {
  if (!canEcmp(r)) return [r];
  return atNode(ns, r).filter((o) => o.metric === r.metric && canEcmp(o));
}

/**
 * fib6_add_rt2node: puts a route behind those of its prefix with the same or a smaller metric. `replace` takes the place of
 * the first with the same metric, and of all its siblings. 0; -EEXIST for a twin or with `excl`; -ENOENT when there is nothing
 * to replace and `create` is off.
 */
export function fib6Add(ns: NetNs, r: Fib6Route, how: { excl: boolean; replace: boolean; create: boolean }): number {
  const here = atNode(ns, r);
  const level = here.filter((o) => o.metric === r.metric);
  if (level.length > 0 && how.excl) return -Errno.EEXIST;
  if (how.replace) {
    const old = level.find((o) => canEcmp(o) === canEcmp(r)) ?? level[0];
    if (!old && !how.create) return -Errno.ENOENT;
    if (old) {
      const t = tableOf(ns, r.table);
      const gone = siblingsOf(ns, old);
      t[t.indexOf(old)] = r;
      for (const o of gone) if (o !== old) t.splice(t.indexOf(o), 1);
      for (const o of gone) fib6Changed(ns, o, 0);
      fib6Changed(ns, r, 1);
      startGc(ns, r);
      return 0;
    }
  } else {
    const twin = level.find((o) => o.dev === r.dev && sameGateway(o.gateway, r.gateway));
    if (twin) {
      if (twin.expires !== 0) twin.expires = r.expires;
      return -Errno.EEXIST;
    }
  }
  fib6Insert(ns, r);
  return 0;
}

function fib6Insert(ns: NetNs, r: Fib6Route): void {
  const t = tableOf(ns, r.table);
  let at = 0;
  while (at < t.length) {
    const c = listOrder(t[at]!, r);
    if (c > 0 || (c === 0 && t[at]!.metric > r.metric)) break;
    at++;
  }
  t.splice(at, 0, r);
  fib6Changed(ns, r, 1);
  startGc(ns, r);
}

export function fib6Remove(ns: NetNs, r: Fib6Route): void {
  const t = tableOf(ns, r.table);
  const i = t.indexOf(r);
  if (i < 0) return;
  t.splice(i, 1);
  for (const [key, e] of ns.ip6.exceptions) if (e.route === r) ns.ip6.exceptions.delete(key);
  fib6Changed(ns, r, 0);
}

export function fib6AtPrefix(ns: NetNs, table: number, dst: Uint8Array, len: number): Fib6Route[] {
  return tableOf(ns, table).filter((o) => o.len === len && compare6(o.dst, dst) === 0);
}
function atNode(ns: NetNs, r: Fib6Route): Fib6Route[] {
  return tableOf(ns, r.table).filter((o) => listOrder(o, r) === 0);
}
function sameGateway(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : compare6(a, b) === 0;
}

// ---------------------------------------------------------------- routes that end

/** net.ipv6.route.gc_interval */
const GC_INTERVAL = 30 * SEC;

/** fib6_start_gc: expired routes are swept some time later; until then they are listed and not used. */
function startGc(ns: NetNs, r: Fib6Route): void {
  if (r.expires !== 0 && !ns.ip6.gcTimer) ns.ip6.gcTimer = ns.net.sched.arm(TimerKind.FIB6_GC, ns, GC_INTERVAL);
}

/** TimerKind.FIB6_GC (fib6_run_gc) */
export function fib6Gc(ns: NetNs): void {
  ns.ip6.gcTimer = null;
  const now = ns.net.now;
  for (const t of ns.ip6.tables.values()) {
    for (const r of t.slice()) {
      if (r.expires !== 0 && now >= r.expires) fib6Remove(ns, r);
      else startGc(ns, r);
    }
  }
}

/** What a plain route has besides its prefix, device and metric. */
export const PLAIN_ROUTE = {
  src: new Uint8Array(16),
  srcLen: 0,
  gateway: null,
  flags: 0,
  weight: 1,
  prefsrc: null,
  metrics: null,
  pref: "medium",
  ra: false,
  expires: 0,
} as const;

/** The routes of the kernel itself: prefixes, own addresses, multicast. `expires` 0: never; `ra`: a router told of it. */
export function addKernelRoute(
  dev: NetDevice,
  table: number,
  type: number,
  dst: Uint8Array,
  len: number,
  metric: number,
  expires = 0,
  ra = false,
): void {
  const ns = dev.ns;
  const r = new Fib6Route({
    ...PLAIN_ROUTE,
    dst: networkOf6(dst, len),
    len,
    table,
    type,
    protocol: RtProt.KERNEL,
    metric,
    dev,
    expires,
    ra,
  });
  r.linkdown = !dev.carrier && type !== RtType.LOCAL && type !== RtType.ANYCAST;
  fib6Add(ns, r, { excl: false, replace: false, create: true });
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

/** rt6_sync_down_dev: every route by the device goes; of several next hops only those, unless none is left or the device is. */
export function fib6FlushDev(ns: NetNs, dev: NetDevice, unregister: boolean): void {
  const loop = (dev.flags & IFF.LOOPBACK) !== 0;
  for (const t of ns.ip6.tables.values()) {
    for (const r of t.slice()) {
      if (r.dev !== dev || !t.includes(r)) continue;
      // blackholes and the like are listed with the loopback device and stay
      if (loop && r.type !== RtType.LOCAL && r.type !== RtType.UNICAST) continue;
      const hops = siblingsOf(ns, r);
      if (hops.length === 1) fib6Remove(ns, r);
      else if (unregister || hops.every((h) => h.dev === dev || h.dead)) for (const h of hops) fib6Remove(ns, h);
      else r.dead = r.linkdown = true;
    }
  }
}
/** rt6_sync_up with RTNH_F_DEAD: next hops by the device live again. */
export function fib6SyncUp(ns: NetNs, dev: NetDevice): void {
  for (const t of ns.ip6.tables.values())
    for (const r of t)
      if (r.dev === dev && r.dead) {
        r.dead = false;
        r.linkdown = !dev.carrier;
      }
}
export function fib6SetLinkdown(ns: NetNs, dev: NetDevice, down: boolean): void {
  for (const t of ns.ip6.tables.values())
    for (const r of t) if (r.dev === dev && r.type !== RtType.LOCAL && r.type !== RtType.ANYCAST) r.linkdown = down;
}

/** The -errno with which a refusing type ends a lookup (ip6_rt_type_to_error); 0 for the others. */
export function fib6Error(type: number): number {
  return type === RtType.BLACKHOLE
    ? -Errno.EINVAL
    : type === RtType.UNREACHABLE
      ? -Errno.EHOSTUNREACH
      : type === RtType.PROHIBIT
        ? -Errno.EACCES
        : type === RtType.THROW
          ? -Errno.EAGAIN
          : 0;
}
