/**
 * Path MTU and redirects: what was learned about single destinations (struct fib_nh_exception, update_or_create_fnhe), and
 * the MTU that results for a route (ip_dst_mtu_maybe_forward). Exceptions belong to a next hop and end after mtu_expires
 * (redirects after 300 s).
 */
import { SEC } from "../../core/time.ts";
import type { FibNh } from "../fib/types.ts";
import type { NetNs } from "../netns.ts";
import type { Dst4, FibException } from "./state.ts";

/** The exception for a destination behind a next hop, or null. */
export function findException(ns: NetNs, nh: FibNh, daddr: number): FibException | null {
  const list = ns.ip4.exceptions.get(daddr);
  if (!list) return null;
  const now = ns.net.now;
  for (const e of list) if (e.nh === nh && now < e.expires) return e;
  return null;
}

function put(ns: NetNs, e: FibException): void {
  const list = (ns.ip4.exceptions.get(e.daddr) ?? []).filter((o) => o.nh !== e.nh && ns.net.now < o.expires);
  list.push(e);
  ns.ip4.exceptions.set(e.daddr, list);
  ns.ip4.gen++;
}

/** __ip_rt_update_pmtu: a router on the way to `dst.dst` said that `mtu` is all it takes. Ignored when that is not news. */
export function updatePmtu(ns: NetNs, dst: Dst4, mtu: number): void {
  const nh = dst.nh;
  if (!nh || mtuLocked(dst)) return;
  const conf = ns.sysctl.ipv4;
  const old = dst4Mtu(dst);
  if (old < mtu) return;
  const locked = mtu < conf.min_pmtu;
  const pmtu = locked ? Math.min(old, conf.min_pmtu) : mtu;
  if (dst.pmtu === pmtu && !locked && dst.expires - ns.net.now > (conf.mtu_expires * SEC) / 2) return;
  const was = findException(ns, nh, dst.dst);
  put(ns, { daddr: dst.dst, nh, pmtu, locked, gateway: was?.gateway ?? 0, expires: ns.net.now + conf.mtu_expires * SEC });
}

/** __ip_do_redirect's end: `daddr` is reached by another gateway from now on. */
export function updateRedirect(ns: NetNs, nh: FibNh, daddr: number, gateway: number): void {
  const was = findException(ns, nh, daddr);
  put(ns, { daddr, nh, pmtu: was?.pmtu ?? 0, locked: was?.locked ?? false, gateway, expires: ns.net.now + 300 * SEC });
}

/** bit of RTAX_MTU in the "lock" metric (RTAX_LOCK): `mtu lock` routes are not changed by path MTU discovery */
const LOCK_MTU = 1 << 2;

/** dst_metric_locked(RTAX_MTU): the route's MTU is meant as it stands. */
export function mtuLocked(d: Dst4): boolean {
  return d.locked || ((d.metrics?.["lock"] ?? 0) & LOCK_MTU) !== 0;
}

/** ipv4_mtu: what may be sent in one piece: path MTU, else the route's own, else the device's. */
export function dst4Mtu(d: Dst4): number {
  if (d.pmtu !== 0 && d.dev.ns.net.now < d.expires) return d.pmtu;
  const own = d.metrics?.["mtu"];
  return Math.min(own ?? d.dev.mtu, 65535);
}

/** ip_dst_mtu_maybe_forward(…, true): a router goes by its devices, unless ip_forward_use_pmtu or the route's MTU is locked. */
export function dst4ForwardMtu(d: Dst4): number {
  const ns = d.dev.ns;
  if (ns.sysctl.ipv4.ip_forward_use_pmtu !== 0) return dst4Mtu(d);
  const own = d.metrics?.["mtu"];
  return Math.min(own ?? d.dev.mtu, 65535);
}
