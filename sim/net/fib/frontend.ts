/**
 * What devices and addresses do to the tables (net/ipv4/fib_frontend.c, fib_sync_* of fib_semantics.c): each address brings a
 * local route, its broadcast and its connected prefix, each loss of a device or address takes routes along. Also the
 * exceptions' cache (fib_nh_exception), which lives and dies with it.
 */
import { broadcastOf, isZeronet4, networkOf } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import { ifaMatch } from "../ip/devinet.ts";
import type { InDevice, InIfaddr } from "../ip/state.ts";
import { neighIfdown, neighLookup4, neighRemove } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, IFF, NlmF, RtnhF, RtProt, RtScope, RtTable, RtType } from "../rtnl/messages.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { inetAddrType } from "./lookup.ts";
import { type FibConfig, fibCreateInfo } from "./nexthop.ts";
import { fibGetTable, hasCustomRules } from "./rules.ts";
import { FibTable } from "./table.ts";
import { FIB_PROPS, FibInfo, type FibRoute } from "./types.ts";

/** fib_new_table */
export function fibNewTable(ns: NetNs, id: number): FibTable {
  const known = fibGetTable(ns, id);
  if (known) return known;
  // without rules of its own the table local is an alias into main
  if (id === RtTable.LOCAL && !hasCustomRules(ns)) fibNewTable(ns, RtTable.MAIN);
  const t = new FibTable(id === RtTable.UNSPEC ? RtTable.MAIN : id);
  ns.ip4.tables.set(t.id, t);
  return t;
}

/** A route came (1) or went (0): tells whoever watches, and makes cached results stale. No message is sent of those that go with a device, or are replaced. */
export function routeChanged(ns: NetNs, r: FibRoute, added: 0 | 1, silent = false): void {
  ns.ip4.gen++;
  ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.EV_ROUTE, Verdict.EVENT, 0, r, r.table, added);
  ns.net.changed(ns, "route", silent ? null : r, added === 0);
}

/** rt_cache_flush and fnhe_genid_bump: `ip route flush cache`. */
export function rtCacheFlush(ns: NetNs): void {
  ns.ip4.gen++;
  ns.ip4.exceptions.clear();
}

/** fib_magic: the route of an address. */
function magic(add: boolean, type: number, dst: number, len: number, ifa: InIfaddr, priority: number): void {
  const dev = ifa.indev.dev;
  const ns = dev.ns;
  const table = fibNewTable(ns, type === RtType.UNICAST ? RtTable.MAIN : RtTable.LOCAL);
  const scope = type === RtType.LOCAL ? RtScope.HOST : RtScope.LINK;
  if (!add) {
    const gone = table.remove({
      dst,
      len,
      tos: 0,
      type,
      scope,
      prefsrc: ifa.local,
      protocol: RtProt.KERNEL,
      priority,
      oif: dev.ifindex,
      gateway: 0,
      multipath: null,
      metrics: null,
    });
    if (typeof gone !== "number") routeChanged(ns, gone, 0);
    return;
  }
  const c: FibConfig = {
    dst,
    len,
    tos: 0,
    table: table.id,
    protocol: RtProt.KERNEL,
    scope,
    type,
    flags: 0,
    prefsrc: ifa.local,
    priority,
    gateway: 0,
    oif: dev.ifindex,
    multipath: null,
    metrics: null,
  };
  const info = fibCreateInfo(ns, c);
  if (!(info instanceof FibInfo)) return;
  const r: FibRoute = { dst, len, tos: 0, type, table: table.id, info };
  if (table.insert(r, NlmF.CREATE | NlmF.APPEND) === null) routeChanged(ns, r, 1);
}

/** inet_ifa_byprefix */
function byPrefix(indev: InDevice, addr: number, len: number): InIfaddr | null {
  for (const ifa of indev.addrs) if (ifa.prefixLen === len && ifaMatch(addr, ifa)) return ifa;
  return null;
}

/** arp_invalidate: an address became a broadcast address, so no neighbour can have it. */
function arpInvalidate(dev: NetDevice, addr: number): void {
  const n = neighLookup4(dev.ns.ip4.arp, dev, addr);
  if (n) neighRemove(n);
}

/** fib_add_ifaddr: the routes of a new address, or of one whose device came up. */
export function fibAddIfaddr(ifa: InIfaddr): void {
  const dev = ifa.indev.dev;
  const prefix = networkOf(ifa.address, ifa.prefixLen);
  const secondary = (ifa.flags & IfaF.SECONDARY) !== 0;
  const prim = secondary ? byPrefix(ifa.indev, prefix, ifa.prefixLen) : ifa;
  if (!prim) return;
  magic(true, RtType.LOCAL, ifa.local, 32, prim, 0);
  if ((dev.flags & IFF.UP) === 0) return;
  if (ifa.broadcast !== 0 && ifa.broadcast !== 0xffffffff) {
    magic(true, RtType.BROADCAST, ifa.broadcast, 32, prim, 0);
    arpInvalidate(dev, ifa.broadcast);
  }
  if (isZeronet4(prefix) || secondary || (prefix === ifa.local && ifa.prefixLen >= 32)) return;
  if ((ifa.flags & IfaF.NOPREFIXROUTE) === 0) magic(true, prefixType(dev), prefix, ifa.prefixLen, prim, ifa.metric);
  if (ifa.prefixLen < 31) {
    const brd = broadcastOf(prefix, ifa.prefixLen);
    magic(true, RtType.BROADCAST, brd, 32, prim, 0);
    arpInvalidate(dev, brd);
  }
}

function prefixType(dev: NetDevice): number {
  return (dev.flags & IFF.LOOPBACK) !== 0 ? RtType.LOCAL : RtType.UNICAST;
}

/** fib_modify_prefix_metric: the connected route of an address gets another metric. */
export function fibModifyPrefixMetric(ifa: InIfaddr, metric: number): void {
  const dev = ifa.indev.dev;
  const prefix = networkOf(ifa.address, ifa.prefixLen);
  if (
    (dev.flags & IFF.UP) === 0 ||
    (ifa.flags & (IfaF.SECONDARY | IfaF.NOPREFIXROUTE)) !== 0 ||
    isZeronet4(prefix) ||
    (prefix === ifa.local && ifa.prefixLen === 32)
  )
    return;
  magic(true, prefixType(dev), prefix, ifa.prefixLen, ifa, metric);
  magic(false, prefixType(dev), prefix, ifa.prefixLen, ifa, ifa.metric);
}

/**
 * fib_del_ifaddr: takes the routes of an address away, except those that another address still needs. `iprim`: the
 * primary address that goes, when this is a secondary that is about to be promoted.
 */
export function fibDelIfaddr(ifa: InIfaddr, iprim: InIfaddr | null): void {
  const indev = ifa.indev;
  const dev = indev.dev;
  const any = networkOf(ifa.address, ifa.prefixLen);
  const brd = broadcastOf(ifa.address, ifa.prefixLen);
  let prim = ifa;
  let subnet = false;
  if ((ifa.flags & IfaF.SECONDARY) !== 0) {
    const p = byPrefix(indev, any, ifa.prefixLen);
    if (!p || (iprim && iprim !== p)) return;
    prim = p;
  } else if (!isZeronet4(any) && (any !== ifa.local || ifa.prefixLen < 32)) {
    if ((ifa.flags & IfaF.NOPREFIXROUTE) === 0) magic(false, prefixType(dev), any, ifa.prefixLen, prim, ifa.metric);
    subnet = true;
  }
  // another address may still need our local route and broadcasts
  let gone = true;
  let localOk = false;
  let brdOk = false;
  let brd1Ok = false;
  let brd0Ok = false;
  let samePrefsrc = false;
  let prim1: InIfaddr | null = null;
  for (const other of indev.addrs) {
    if (other === ifa) {
      gone = false; // promotion: the address itself stays
      continue;
    }
    if (iprim && other.prefixLen === iprim.prefixLen && ifaMatch(other.address, iprim)) continue;
    if ((other.flags & IfaF.SECONDARY) !== 0) {
      if (other.prefixLen === prim.prefixLen && ifaMatch(other.address, prim)) prim1 = prim;
      else {
        if (!samePrefsrc) continue;
        if (!prim1 || other.prefixLen !== prim1.prefixLen || !ifaMatch(other.address, prim1))
          prim1 = byPrefix(indev, other.address, other.prefixLen);
        if (!prim1 || prim1.local !== prim.local) continue;
      }
    } else {
      if (prim.local !== other.local) continue;
      prim1 = other;
      if (prim !== prim1) samePrefsrc = true;
    }
    if (ifa.local === other.local) localOk = true;
    if (ifa.broadcast === other.broadcast) brdOk = true;
    if (brd === other.broadcast) brd1Ok = true;
    if (any === other.broadcast) brd0Ok = true;
    if (prim1 === other && other.prefixLen < 31) {
      const brd1 = broadcastOf(other.address, other.prefixLen);
      const any1 = networkOf(other.address, other.prefixLen);
      if (!isZeronet4(any1)) {
        if (ifa.broadcast === brd1 || ifa.broadcast === any1) brdOk = true;
        if (brd === brd1 || brd === any1) brd1Ok = true;
        if (any === brd1 || any === any1) brd0Ok = true;
      }
    }
  }
  if (!brdOk && ifa.broadcast !== 0) magic(false, RtType.BROADCAST, ifa.broadcast, 32, prim, 0);
  if (subnet && ifa.prefixLen < 31) {
    if (!brd1Ok) magic(false, RtType.BROADCAST, brd, 32, prim, 0);
    if (!brd0Ok) magic(false, RtType.BROADCAST, any, 32, prim, 0);
  }
  if (localOk) return;
  magic(false, RtType.LOCAL, ifa.local, 32, prim, 0);
  if (gone && inetAddrType(dev.ns, ifa.local) !== RtType.LOCAL && syncDownAddr(dev.ns, ifa.local)) fibFlush(dev.ns);
}

/** fib_sync_down_addr: routes that prefer a source which is no more are dead. */
function syncDownAddr(ns: NetNs, local: number): boolean {
  let any = false;
  for (const t of ns.ip4.tables.values()) {
    for (const r of t.list()) {
      if (r.info.prefsrc !== local) continue;
      r.info.flags |= RtnhF.DEAD;
      any = true;
    }
  }
  return any;
}

/** fib_flush: removes dead routes. */
function fibFlush(ns: NetNs): void {
  for (const t of ns.ip4.tables.values()) {
    for (const r of t.removeIf((x) => (x.info.flags & RtnhF.DEAD) !== 0 && FIB_PROPS[x.type]!.error === 0)) routeChanged(ns, r, 0, true);
  }
  ns.ip4.gen++;
}

function infosOf(ns: NetNs, dev: NetDevice): FibInfo[] {
  const out = new Set<FibInfo>();
  for (const t of ns.ip4.tables.values()) for (const r of t.list()) if (r.info.nhs.some((n) => n.dev === dev)) out.add(r.info);
  return [...out];
}

/**
 * fib_sync_down_dev: next hops by this device are dead ("down", "unregister") or have no link ("change"). Without `force` the
 * addresses' own local routes stay. A device that goes takes the routes with it that have other next hops, too. True when some
 * route must go.
 */
function syncDownDev(ns: NetNs, dev: NetDevice, event: "down" | "unregister" | "change", force: boolean): boolean {
  const bits = event === "change" ? RtnhF.LINKDOWN : RtnhF.DEAD | RtnhF.LINKDOWN;
  let any = false;
  for (const fi of infosOf(ns, dev)) {
    let dead = 0;
    for (const nh of fi.nhs) {
      if ((nh.flags & RtnhF.DEAD) !== 0) dead++;
      else if (nh.dev === dev && (force || nh.scope !== RtScope.NOWHERE)) {
        nh.flags |= bits;
        dead++;
      }
    }
    if (dead === fi.nhs.length || event === "unregister") {
      fi.flags |= bits;
      any = true;
    }
  }
  return any;
}

/** fib_sync_up: the device is back, or its link is. */
function syncUp(ns: NetNs, dev: NetDevice, wanted: number): void {
  if ((dev.flags & IFF.UP) === 0) return;
  const bits = (wanted & RtnhF.DEAD) !== 0 && dev.carrier ? wanted | RtnhF.LINKDOWN : wanted;
  for (const fi of infosOf(ns, dev)) {
    let alive = 0;
    for (const nh of fi.nhs) {
      if ((nh.flags & bits) === 0) alive++;
      else if (nh.dev === dev) {
        alive++;
        nh.flags &= ~bits;
      }
    }
    if (alive > 0) fi.flags &= ~bits;
  }
}

/** fib_disable_ip: the device no longer speaks IP. */
export function fibDisableIp(ns: NetNs, dev: NetDevice, event: "down" | "unregister", force: boolean): void {
  if (syncDownDev(ns, dev, event, force)) fibFlush(ns);
  else ns.ip4.gen++;
  neighIfdown(ns.ip4.arp, dev);
}

/** fib_netdev_event for "up", "change" and "changemtu"; "down" and "unregister" are fibDisableIp. */
export function fibDeviceUp(dev: NetDevice): void {
  for (const ifa of dev.ip4!.addrs) fibAddIfaddr(ifa);
  syncUp(dev.ns, dev, RtnhF.DEAD);
  dev.ns.ip4.gen++;
}
export function fibLinkChange(dev: NetDevice): void {
  if (dev.carrier) syncUp(dev.ns, dev, RtnhF.LINKDOWN);
  else syncDownDev(dev.ns, dev, "change", false);
  dev.ns.ip4.gen++;
}
