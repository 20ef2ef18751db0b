/**
 * Routing of one packet (ip6_route_output, ip6_route_input of net/ipv6/route.c) and the choice of a source address
 * (ipv6_dev_get_saddr of addrconf.c, RFC 6724 without temporary addresses).
 */
import { Errno } from "../../core/result.ts";
import { hex } from "../../core/bytes.ts";
import { eqIp6, isLinkLocal6, isLoopback6, isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { IP6_MIN_MTU } from "../../wire/ipv6.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, RtType } from "../rtnl/messages.ts";
import { fib6Error } from "./fib6.ts";
import { fib6Lookup, Strict } from "./lookup6.ts";
import { labelOf } from "./addrlabel.ts";
import { Dst6, type Fib6Route, type Flow6, type Inet6Ifaddr, type Rt6Exception } from "./state.ts";

export const ANY6: Uint8Array = new Uint8Array(16);

export function flow6(daddr: Uint8Array, saddr: Uint8Array, oif: number): Flow6 {
  return { daddr, saddr, oif, iif: 0, mark: 0, tclass: 0, proto: 0, sport: 0, dport: 0, uid: 0 };
}

/** ipv6_get_ifaddr: the address of the namespace (of `dev`, unless null), or null. */
export function getIfaddr6(ns: NetNs, addr: Uint8Array, dev: NetDevice | null): Inet6Ifaddr | null {
  for (const d of dev ? [dev] : ns.devs.values()) {
    if (!d.ip6) continue;
    for (const a of d.ip6.addrs) if (eqIp6(a.addr, addr)) return a;
  }
  return null;
}
/** ipv6_chk_addr: is it ours and usable (not tentative)? */
export function isOurs6(ns: NetNs, addr: Uint8Array, dev: NetDevice | null): boolean {
  for (const d of dev ? [dev] : ns.devs.values()) {
    if (d.ip6)
      for (const a of d.ip6.addrs)
        if (eqIp6(a.addr, addr) && (a.flags & (IfaF.TENTATIVE | IfaF.OPTIMISTIC)) !== IfaF.TENTATIVE) return true;
  }
  return false;
}

/** ipv6_get_lladdr: the device's link-local address that has passed its test, or null. */
export function linkLocalOf(dev: NetDevice): Uint8Array | null {
  if (!dev.ip6) return null;
  for (const a of dev.ip6.addrs) if (isLinkLocal6(a.addr) && (a.flags & IfaF.TENTATIVE) === 0) return a.addr;
  return null;
}

/** Scope of RFC 4291 as a number that grows: interface 1, link 2, global 14. */
function scopeOf(a: Uint8Array): number {
  if (isMulticast6(a)) return a[1]! & 15;
  return isLoopback6(a) || isLinkLocal6(a) ? 2 : 14;
}
function commonLen(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 16; i++) {
    const x = a[i]! ^ b[i]!;
    if (x !== 0) return 8 * i + Math.clz32(x) - 24;
  }
  return 128;
}

/** May the address speak? One whose test is under way may not, an optimistic one may where use_optimistic says so. */
function speaks(a: Inet6Ifaddr): boolean {
  if ((a.flags & IfaF.TENTATIVE) !== 0 && (a.flags & IfaF.OPTIMISTIC) === 0) return false;
  return !isUnspecified6(a.addr) && !isMulticast6(a.addr) && (a.flags & IfaF.DADFAILED) === 0;
}

/** The source address for `daddr` out of `dev` (null: any device); null when there is none. */
export function selectSaddr6(ns: NetNs, dev: NetDevice | null, daddr: Uint8Array): Uint8Array | null {
  const want = scopeOf(daddr);
  // a link-local destination must be met from the same link
  const strict =
    isMulticast6(daddr) ||
    want <= 2 ||
    (dev !== null && (ns.sysctl.conf6All.use_oif_addrs_only !== 0 || dev.conf6.use_oif_addrs_only !== 0));
  const label = labelOf(ns, daddr, dev?.ifindex ?? 0);
  let best: Inet6Ifaddr | null = null;
  for (const d of ns.devs.values()) {
    if (!d.ip6 || (dev && strict && d !== dev)) continue;
    for (const a of d.ip6.addrs) if (speaks(a) && (best === null || better(a, best, daddr, want, dev, label))) best = a;
  }
  return best ? best.addr : null;
}
function better(a: Inet6Ifaddr, b: Inet6Ifaddr, daddr: Uint8Array, want: number, dev: NetDevice | null, label: number): boolean {
  const prefer = (test: (x: Inet6Ifaddr) => boolean): number => (test(a) ? 1 : 0) - (test(b) ? 1 : 0);
  const same = prefer((x) => eqIp6(x.addr, daddr));
  if (same !== 0) return same > 0;
  const sa = scopeOf(a.addr);
  const sb = scopeOf(b.addr);
  if (sa !== sb) return sa < sb ? sa >= want : sb < want;
  const rules: readonly ((x: Inet6Ifaddr) => boolean)[] = [
    (x) => (x.flags & (IfaF.DEPRECATED | IfaF.OPTIMISTIC)) === 0,
    (x) => (x.flags & IfaF.HOMEADDRESS) !== 0,
    (x) => dev === null || x.idev.dev === dev,
    (x) => labelOf(x.idev.dev.ns, x.addr, x.idev.dev.ifindex) === label,
  ];
  for (const rule of rules) {
    const d = prefer(rule);
    if (d !== 0) return d > 0;
  }
  const common = Math.min(commonLen(a.addr, daddr), a.prefixLen) - Math.min(commonLen(b.addr, daddr), b.prefixLen);
  return common > 0;
}

/** ip6_route_get_saddr: what a packet by this route (null: none) would have as its source. */
export function routeSaddr(ns: NetNs, r: Fib6Route | null, daddr: Uint8Array): Uint8Array | null {
  return r?.prefsrc ?? selectSaddr6(ns, r ? r.dev : null, daddr);
}

/** rt6_need_strict: addresses that mean something on one link only. */
export function needStrict(a: Uint8Array): boolean {
  return isMulticast6(a) || isLinkLocal6(a) || isLoopback6(a);
}

/** rt6_find_cached_rt: what was learned about the destination behind this route, or null. */
export function exceptionOf(ns: NetNs, r: Fib6Route, daddr: Uint8Array): Rt6Exception | null {
  if (ns.ip6.exceptions.size === 0) return null;
  const e = ns.ip6.exceptions.get(hex(daddr));
  return e && e.route === r && (e.expires === 0 || ns.net.now < e.expires) ? e : null;
}

/** The result of a lookup (ip6_rt_init_dst): -errno where the route refuses. */
function dstOf(ns: NetNs, r: Fib6Route, daddr: Uint8Array, way: "none" | "forward"): Dst6 | number {
  const refusal = fib6Error(r.type);
  if (refusal !== 0) return refusal;
  if (r.type === RtType.LOCAL || r.type === RtType.ANYCAST) return new Dst6("local", ns.loopback, r, daddr, null, null, 0);
  const e = exceptionOf(ns, r, daddr);
  return new Dst6(isMulticast6(daddr) ? "multicast" : way, r.dev, r, daddr, e?.gateway ?? r.gateway, e, 0);
}

function strictness(ns: NetNs, iface: boolean): number {
  return (iface ? Strict.IFACE : 0) | (ns.sysctl.conf6All.forwarding === 0 ? Strict.REACHABLE : 0);
}

/** ip6_route_output_flags without choosing a source: the route, or -errno. `bound`: the socket is bound to the device. */
export function routeOutput6(ns: NetNs, f: Flow6, bound: boolean): Fib6Route | number {
  const iface = bound || needStrict(f.daddr) || (f.oif !== 0 && isUnspecified6(f.saddr));
  return fib6Lookup(ns, f, f.oif, strictness(ns, iface));
}

/**
 * The route for a packet made here; the flow's source is filled in (ip6_dst_lookup_tail). -errno: -ENETUNREACH, what the
 * route says, or -EADDRNOTAVAIL without any usable address.
 */
export function ip6RouteOutput(ns: NetNs, f: Flow6): Dst6 | number {
  let r: Fib6Route | number = 0;
  if (isUnspecified6(f.saddr)) {
    r = routeOutput6(ns, f, false);
    const found = typeof r !== "number" && fib6Error(r.type) === 0;
    const src =
      found && isLocalRoute(r as Fib6Route) && !(r as Fib6Route).prefsrc
        ? f.daddr
        : routeSaddr(ns, found ? (r as Fib6Route) : null, f.daddr);
    if (!src) return -Errno.EADDRNOTAVAIL;
    f.saddr = src;
    // with a source address known, rules may say otherwise
    if (!found) r = routeOutput6(ns, f, f.oif !== 0);
  } else r = routeOutput6(ns, f, f.oif !== 0);
  return typeof r === "number" ? r : dstOf(ns, r, f.daddr, "none");
}
function isLocalRoute(r: Fib6Route): boolean {
  return r.type === RtType.LOCAL;
}

/** ip6_route_input_lookup: the route of a packet that came in by `dev`, or -errno. */
export function routeInput6(ns: NetNs, f: Flow6, dev: NetDevice): Fib6Route | number {
  return fib6Lookup(ns, f, dev.ifindex, strictness(ns, needStrict(f.daddr)));
}

/** What becomes of a packet received by `dev`. */
export function ip6RouteInput(ns: NetNs, f: Flow6, dev: NetDevice): Dst6 {
  if (isMulticast6(f.daddr)) return new Dst6("multicast", dev, null, f.daddr, null, null, 0);
  const r = routeInput6(ns, f, dev);
  const d = typeof r === "number" ? r : dstOf(ns, r, f.daddr, "forward");
  return typeof d === "number" ? new Dst6("error", dev, typeof r === "number" ? null : r, f.daddr, null, null, -d) : d;
}

function deviceMtu(dev: NetDevice): number {
  return dev.type === "loopback" ? dev.mtu : Math.min(dev.mtu, dev.conf6.mtu || dev.mtu);
}
/** ip6_mtu: path MTU, else the route's, else the device's. */
export function dst6Mtu(d: Dst6): number {
  return d.pmtu !== 0 ? d.pmtu : (d.route?.metrics?.["mtu"] ?? deviceMtu(d.dev));
}
/** ip6_dst_mtu_maybe_forward(…, true): a router goes by its devices, unless the route's MTU is locked. */
export function dst6ForwardMtu(d: Dst6): number {
  const locked = ((d.route?.metrics?.["lock"] ?? 0) & (1 << 2)) !== 0;
  return Math.max((locked ? d.route!.metrics!["mtu"] : undefined) ?? deviceMtu(d.dev), IP6_MIN_MTU);
}
