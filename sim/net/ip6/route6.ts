/**
 * Routing of one packet (ip6_route_output, ip6_route_input of net/ipv6/route.c) and the choice of a source address
 * (ipv6_dev_get_saddr of addrconf.c, RFC 6724 without labels, home and temporary addresses).
 */
import { Errno } from "../../core/result.ts";
import { hex } from "../../core/bytes.ts";
import { eqIp6, isLinkLocal6, isLoopback6, isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, IFF, RtType } from "../rtnl/messages.ts";
import { fib6Error, fib6Lookup } from "./fib6.ts";
import { Dst6, type Flow6, type Inet6Ifaddr } from "./state.ts";

export const ANY6: Uint8Array = new Uint8Array(16);

export function flow6(daddr: Uint8Array, saddr: Uint8Array, oif: number): Flow6 {
  return { daddr, saddr, oif, iif: 0, mark: 0, proto: 0 };
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
    if (d.ip6) for (const a of d.ip6.addrs) if (eqIp6(a.addr, addr) && (a.flags & IfaF.TENTATIVE) === 0) return true;
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

/** The source address for `daddr` out of `dev` (null: any device); null when there is none. */
function selectSaddr6(ns: NetNs, dev: NetDevice | null, daddr: Uint8Array): Uint8Array | null {
  const want = scopeOf(daddr);
  // a link-local destination must be met from the same link
  const strict = isMulticast6(daddr) || want <= 2;
  let best: Inet6Ifaddr | null = null;
  for (const d of ns.devs.values()) {
    if (!d.ip6 || (dev && strict && d !== dev)) continue;
    for (const a of d.ip6.addrs) {
      if ((a.flags & IfaF.TENTATIVE) !== 0 || isUnspecified6(a.addr)) continue;
      if (best === null || better(a, best, daddr, want, dev)) best = a;
    }
  }
  return best ? best.addr : null;
}
function better(a: Inet6Ifaddr, b: Inet6Ifaddr, daddr: Uint8Array, want: number, dev: NetDevice | null): boolean {
  const same = (eqIp6(a.addr, daddr) ? 1 : 0) - (eqIp6(b.addr, daddr) ? 1 : 0);
  if (same !== 0) return same > 0;
  const sa = scopeOf(a.addr);
  const sb = scopeOf(b.addr);
  if (sa !== sb) return sa < sb ? sa >= want : sb < want;
  const dep = (b.flags & IfaF.DEPRECATED) - (a.flags & IfaF.DEPRECATED);
  if (dep !== 0) return dep > 0;
  if (dev) {
    const out = (a.idev.dev === dev ? 1 : 0) - (b.idev.dev === dev ? 1 : 0);
    if (out !== 0) return out > 0;
  }
  return Math.min(commonLen(a.addr, daddr), a.prefixLen) > Math.min(commonLen(b.addr, daddr), b.prefixLen);
}

/** rt6_need_strict: addresses that mean something on one link only. */
export function needStrict(a: Uint8Array): boolean {
  return isMulticast6(a) || isLinkLocal6(a) || isLoopback6(a);
}

function pmtuOf(ns: NetNs, daddr: Uint8Array): number {
  if (ns.ip6.pmtu.size === 0) return 0;
  const e = ns.ip6.pmtu.get(hex(daddr));
  return e && ns.net.now < e.expires ? e.mtu : 0;
}

/**
 * The route for a packet made here; the flow's source is filled in. -errno: -ENETUNREACH, what the
 * route says, or -EADDRNOTAVAIL without any usable address.
 */
export function ip6RouteOutput(ns: NetNs, f: Flow6): Dst6 | number {
  if (!isUnspecified6(f.saddr) && !getIfaddr6(ns, f.saddr, null)) return -Errno.EINVAL;
  const r = fib6Lookup(ns, f.daddr, f.oif);
  const refusal = r ? fib6Error(r.type) : -Errno.ENETUNREACH;
  const local = r !== null && r.type === RtType.LOCAL;
  if (isUnspecified6(f.saddr)) {
    // ip6_dst_lookup_tail asks for a source before it looks at the route's error
    const src = r?.prefsrc ?? (local ? f.daddr : selectSaddr6(ns, refusal === 0 ? r!.dev : null, f.daddr));
    if (!src) return -Errno.EADDRNOTAVAIL;
    f.saddr = src;
  }
  if (!r || refusal !== 0) return refusal;
  const dev = local ? ns.loopback : r.dev;
  return new Dst6(local ? "local" : isMulticast6(f.daddr) ? "multicast" : "none", dev, r, f.daddr, r.gateway, pmtuOf(ns, f.daddr), 0);
}

/** What becomes of a packet received by `dev`. */
export function ip6RouteInput(ns: NetNs, daddr: Uint8Array, dev: NetDevice): Dst6 {
  if (isMulticast6(daddr)) return new Dst6("multicast", dev, null, daddr, null, 0, 0);
  const r = fib6Lookup(ns, daddr, needStrict(daddr) && (dev.flags & IFF.LOOPBACK) === 0 ? dev.ifindex : 0);
  if (!r) return new Dst6("error", dev, null, daddr, null, 0, Errno.ENETUNREACH);
  if (r.type === RtType.LOCAL) return new Dst6("local", ns.loopback, r, daddr, null, 0, 0);
  const err = fib6Error(r.type);
  if (err !== 0) return new Dst6("error", dev, r, daddr, null, 0, -err);
  return new Dst6("forward", r.dev, r, daddr, r.gateway, pmtuOf(ns, daddr), 0);
}

/** ip6_mtu: path MTU, else the route's, else the device's. */
export function dst6Mtu(d: Dst6): number {
  return d.pmtu !== 0
    ? d.pmtu
    : (d.route?.metrics?.["mtu"] ?? (d.dev.type === "loopback" ? d.dev.mtu : Math.min(d.dev.mtu, d.dev.conf6.mtu || d.dev.mtu)));
}
