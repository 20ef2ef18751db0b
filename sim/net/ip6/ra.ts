/**
 * Router advertisements received (ndisc_router_discovery of net/ipv6/ndisc.c, addrconf_prefix_rcv of addrconf.c): default routers, prefixes
 * on the link, addresses made from them, hop limit, MTU, timers. Left out: routes to single prefixes (accept_ra_rt_info_max_plen is 0),
 * temporary addresses, what is meant for programs (RDNSS, DNSSL).
 */
import { u16, u32 } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { eqIp6, isLinkLocal6, isMulticast6, networkOf6 } from "../../wire/addr.ts";
import { ip6Src } from "../../wire/ipv6.ts";
import { ND_RA_LEN, ndCheck, NdOpt } from "../../wire/ndp.ts";
import type { NetDevice } from "../dev/device.ts";
import { INFINITE_LIFETIME } from "../ip/state.ts";
import { neighUpdate } from "../neigh/entry.ts";
import { NeighUpdate } from "../neigh/state.ts";
import { neighCreate, neighLookup6 } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, Nud, RtProt, RtTable, RtType } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import { announceAddrs, acceptsRa, dadStart } from "./dad.ts";
import { armLifetime6, findPrefixRoute, linkAddr, newAddr } from "./addr6.ts";
import { addKernelRoute, fib6Add, fib6AtPrefix, fib6Remove, METRIC_ADDRCONF, PLAIN_ROUTE } from "./fib6.ts";
import { makeAddress } from "./iid.ts";
import { hasToken } from "./token.ts";
import { ANY6, getIfaddr6, isOurs6 } from "./route6.ts";
import { Fib6Route, type Inet6Dev, type RouterPref } from "./state.ts";

/** MIN_VALID_LIFETIME: an unauthenticated advertisement leaves an address at least two hours (RFC 4862 §5.5.3e) */
const MIN_VALID = 7200;
const IFAPROT_KERNEL_RA = 2;

/** Where the options of a type begin. */
function options(skb: Skb, type: number): number[] {
  const out: number[] = [];
  let at = skb.transport + ND_RA_LEN;
  while (at + 1 < skb.tail) {
    if (skb.buf[at] === type) out.push(at);
    at += skb.buf[at + 1]! << 3;
  }
  return out;
}

/** Looks at the message at skb.transport; the packet stays the caller's. False: malformed, or not from a router of this link. */
export function recvRa(ns: NetNs, skb: Skb): boolean {
  const dev = skb.dev!;
  const at = skb.transport;
  const saddr = ip6Src(skb.buf, skb.network);
  if (!isLinkLocal6(saddr) || ndCheck(skb.buf, at, skb.tail - at, ND_RA_LEN) !== 0 || !dev.ip6) return false;
  const listens = acceptsRa(dev);
  const lifetime = u16(skb.buf, at + 6);
  let route: Fib6Route | null = null;
  if (listens) {
    dev.ip6.raSeen = true;
    if (lifetime === 0 || lifetime >= dev.conf6.accept_ra_min_lft) {
      route = defaultRouter(ns, dev, skb, saddr, lifetime);
      timers(dev, u32(skb.buf, at + 8), u32(skb.buf, at + 12));
    }
  }
  const n = neighLookup6(ns.ip6.nd, dev, saddr) ?? neighCreate(ns.ip6.nd, dev, saddr);
  const ll = options(skb, NdOpt.SOURCE_LL_ADDR)[0];
  const how = NeighUpdate.WEAK_OVERRIDE | NeighUpdate.OVERRIDE | NeighUpdate.OVERRIDE_ISROUTER | NeighUpdate.ISROUTER;
  if (n) neighUpdate(n, ll === undefined ? null : skb.buf.slice(ll + 2, ll + 8), Nud.STALE, how);
  if (!listens) return true;
  if (dev.conf6.accept_ra_pinfo !== 0) for (const o of options(skb, NdOpt.PREFIX_INFO)) prefix(dev.ip6, skb.buf, o, ll !== undefined);
  const mtu = options(skb, NdOpt.MTU)[0];
  if (mtu !== undefined && dev.conf6.accept_ra_mtu !== 0) takeMtu(dev, u32(skb.buf, mtu + 4), route);
  return true;
}

function prefOf(bits: number): RouterPref {
  return bits === 1 ? "high" : bits === 3 ? "low" : "medium";
}

/** rt6_get_dflt_router */
function dfltRouter(ns: NetNs, dev: NetDevice, gw: Uint8Array): Fib6Route | null {
  const here = fib6AtPrefix(ns, RtTable.MAIN, ANY6, 0);
  return here.find((r) => r.ra && r.dev === dev && r.gateway !== null && eqIp6(r.gateway, gw)) ?? null;
}

/** The default route by the sender: made, kept up, or taken away when it says that it is none. */
function defaultRouter(ns: NetNs, dev: NetDevice, skb: Skb, saddr: Uint8Array, lifetime: number): Fib6Route | null {
  if (dev.conf6.accept_ra_defrtr === 0 || (dev.conf6.accept_ra_from_local === 0 && isOurs6(ns, saddr, dev))) return null;
  const pref: RouterPref = dev.conf6.accept_ra_rtr_pref !== 0 ? prefOf((skb.buf[skb.transport + 5]! >> 3) & 3) : "medium";
  const hops = skb.buf[skb.transport + 4]!;
  const takesHops = dev.conf6.accept_ra_min_hop_limit < 256 && hops !== 0 && dev.conf6.accept_ra_min_hop_limit <= hops;
  const old = dfltRouter(ns, dev, saddr);
  const expires = ns.net.now + lifetime * SEC;
  if (takesHops) dev.conf6 = { ...dev.conf6, hop_limit: hops };
  if (old && lifetime !== 0 && old.metric === dev.conf6.ra_defrtr_metric && old.pref === pref) {
    old.expires = expires;
    if (takesHops) old.metrics = { ...old.metrics, hoplimit: hops };
    return old;
  }
  if (old) fib6Remove(ns, old);
  if (lifetime === 0) return null;
  // only with another metric it is another route
  const kept = old && old.metric === dev.conf6.ra_defrtr_metric ? old.metrics : null;
  const metrics = takesHops ? { ...kept, hoplimit: hops } : kept;
  const r = new Fib6Route({
    ...PLAIN_ROUTE,
    dst: ANY6,
    len: 0,
    table: RtTable.MAIN,
    type: RtType.UNICAST,
    protocol: RtProt.RA,
    metric: dev.conf6.ra_defrtr_metric,
    dev,
    gateway: saddr,
    pref,
    ra: true,
    expires,
    metrics,
  });
  fib6Add(ns, r, { excl: false, replace: false, create: true });
  return r;
}

/** rt6_clean_tohost: a neighbour that says it is no router loses the default routes by it. */
export function cleanTohost(ns: NetNs, dev: NetDevice, gw: Uint8Array): void {
  const r = dfltRouter(ns, dev, gw);
  if (r) fib6Remove(ns, r);
}

/** Times between solicitations and of reachability, in ms; 0: not said. */
function timers(dev: NetDevice, reachable: number, retrans: number): void {
  const limit = 2 ** 31;
  if (retrans !== 0 && retrans < limit) dev.neighConf6 = { ...dev.neighConf6, retrans_time_ms: Math.max(10, retrans) };
  if (reachable === 0 || reachable >= limit) return;
  const ms = Math.max(100, reachable);
  dev.neighConf6 = { ...dev.neighConf6, base_reachable_time_ms: ms };
}

function takeMtu(dev: NetDevice, mtu: number, route: Fib6Route | null): void {
  if (mtu < 1280 || mtu > dev.mtu || dev.conf6.mtu === mtu) return;
  dev.conf6 = { ...dev.conf6, mtu };
  if (route) route.metrics = { ...route.metrics, mtu };
}

/** addrconf_prefix_rcv: the prefix is on the link (L), and hosts make themselves addresses of it (A). */
function prefix(idev: Inet6Dev, b: Uint8Array, o: number, sllao: boolean): void {
  const dev = idev.dev;
  const ns = dev.ns;
  const len = b[o + 2]!;
  const flags = b[o + 3]!;
  const valid = u32(b, o + 4);
  const preferred = u32(b, o + 8);
  const pfx = b.slice(o + 16, o + 32);
  if (b[o + 1] !== 4 || len > 128 || isMulticast6(pfx) || isLinkLocal6(pfx) || preferred > valid) return;
  const expires = valid === INFINITE_LIFETIME ? 0 : ns.net.now + valid * SEC;
  if ((flags & 0x80) !== 0) {
    const old = findPrefixRoute(dev, pfx, len);
    if (old && valid === 0) fib6Remove(ns, old);
    else if (old) old.expires = expires;
    else if (valid !== 0) addKernelRoute(dev, RtTable.MAIN, RtType.UNICAST, networkOf6(pfx, len), len, METRIC_ADDRCONF, expires, true);
  }
  if ((flags & 0x40) === 0 || dev.conf6.autoconf === 0) return;
  // of another length an interface identifier would not fit
  if (len === 64) autoconf(idev, pfx, valid, preferred, sllao);
}

function withToken(pfx: Uint8Array, token: Uint8Array): Uint8Array {
  const addr = pfx.slice();
  addr.set(token.subarray(8), 8);
  return addr;
}

/** addrconf_prefix_rcv_add_addr */
function autoconf(idev: Inet6Dev, pfx: Uint8Array, valid: number, preferred: number, sllao: boolean): void {
  const dev = idev.dev;
  const ns = dev.ns;
  const tokenized = hasToken(idev);
  const made = tokenized ? { addr: withToken(pfx, idev.token), stable: false } : makeAddress(idev, pfx);
  if (!made) return;
  const known = getIfaddr6(ns, made.addr, dev);
  if (!known) {
    if (valid === 0 || (dev.conf6.max_addresses !== 0 && idev.addrs.length >= dev.conf6.max_addresses)) return;
    const wantsFast = dev.conf6.optimistic_dad !== 0 || ns.sysctl.conf6All.optimistic_dad !== 0;
    const optimistic = wantsFast && dev.conf6.forwarding === 0 && sllao ? IfaF.OPTIMISTIC : 0;
    const a = newAddr(idev, {
      addr: made.addr,
      prefixLen: 64,
      flags: IfaF.MANAGETEMPADDR | (made.stable ? IfaF.STABLE_PRIVACY : 0) | optimistic,
      valid,
      preferred,
      metric: 0,
      peer: null,
      proto: IFAPROT_KERNEL_RA,
    });
    a.tokenized = tokenized;
    a.validLft = valid;
    a.preferredLft = preferred;
    if (preferred === 0) a.flags |= IfaF.DEPRECATED;
    linkAddr(a);
    dadStart(a);
  } else {
    const left =
      known.validLft === INFINITE_LIFETIME
        ? INFINITE_LIFETIME
        : Math.max(0, known.validLft - Math.floor((ns.net.now - known.tstamp) / SEC));
    if (left > 0) {
      known.validLft = dev.conf6.ra_honor_pio_life !== 0 ? valid : Math.max(valid, Math.min(left, MIN_VALID));
      known.preferredLft = preferred;
      known.tstamp = ns.net.now;
      known.flags &= ~IfaF.DEPRECATED;
      if (preferred === 0) known.flags |= IfaF.DEPRECATED;
      announceAddrs(idev, known);
    }
  }
  armLifetime6(idev);
}
