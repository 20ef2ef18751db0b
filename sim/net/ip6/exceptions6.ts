/**
 * What routers say about single destinations (net/ipv6/route.c): path MTU (__ip6_rt_update_pmtu) and redirects (rt6_do_redirect).
 * Exceptions belong to a route and go with it; path MTUs end after mtu_expires.
 */
import { hex } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { IP6_MIN_MTU } from "../../wire/ipv6.ts";
import type { NetNs } from "../netns.ts";
import { RtType } from "../rtnl/messages.ts";
import { dst6Mtu, exceptionOf, flow6, needStrict, routeOutput6 } from "./route6.ts";
import { Dst6, type Fib6Route, type Rt6Exception } from "./state.ts";

function put(ns: NetNs, e: Rt6Exception): void {
  ns.ip6.exceptions.set(hex(e.daddr), e);
  ns.net.changed(ns, "route");
}

function routeTo(ns: NetNs, daddr: Uint8Array, saddr: Uint8Array, ifindex: number): Fib6Route | null {
  const r = routeOutput6(ns, flow6(daddr, saddr, needStrict(daddr) ? ifindex : 0), false);
  return typeof r === "number" || r.type !== RtType.UNICAST ? null : r;
}

/** ip6_update_pmtu: the way to `daddr` takes `mtu` bytes and no more. What is not less than known before is not news. */
export function updatePmtu6(ns: NetNs, daddr: Uint8Array, saddr: Uint8Array, ifindex: number, said: number): void {
  const route = routeTo(ns, daddr, saddr, ifindex);
  if (!route) return;
  const mtu = Math.max(said, IP6_MIN_MTU);
  const old = exceptionOf(ns, route, daddr);
  if (mtu >= dst6Mtu(new Dst6("none", route.dev, route, daddr, null, old, 0))) return;
  put(ns, { daddr, route, mtu, gateway: old?.gateway ?? null, expires: ns.net.now + ns.sysctl.ipv6.mtu_expires * SEC });
}

/** The end of rt6_do_redirect: `daddr` is reached by `gateway` from now on, when `router` was the one that led there. */
export function redirect6(ns: NetNs, daddr: Uint8Array, ifindex: number, router: Uint8Array, gateway: Uint8Array): boolean {
  const route = routeTo(ns, daddr, new Uint8Array(16), ifindex);
  if (!route || route.dev.ifindex !== ifindex) return false;
  const old = exceptionOf(ns, route, daddr);
  const now = old?.gateway ?? route.gateway;
  if (!now || hex(now) !== hex(router)) return false;
  put(ns, { daddr, route, mtu: old?.mtu ?? 0, gateway, expires: old?.expires ?? 0 });
  return true;
}
