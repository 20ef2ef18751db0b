/**
 * Addresses of a device come, change, grow old and go (inet6_addr_add, inet6_addr_modify, ipv6_del_addr, addrconf_verify_rtnl,
 * addrconf_dad_failure and addrconf_ifdown of net/ipv6/addrconf.c), with the prefix routes that follow them.
 */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { SEC } from "../../core/time.ts";
import {
  eqIp6,
  fmtIp6,
  inPrefix6,
  isLinkLocal6,
  isLoopback6,
  isMulticast6,
  isUnspecified6,
  networkOf6,
  solicitedNode,
} from "../../wire/addr.ts";
import { hex } from "../../core/bytes.ts";
import type { NetDevice } from "../dev/device.ts";
import { INFINITE_LIFETIME } from "../ip/state.ts";
import { neighIfdown } from "../neigh/table.ts";
import { KERN, printk } from "../printk.ts";
import { IfaF, IFF, RtProt, type RtnlReply, RTNL_OK, rtnlError, RtScope, RtTable, RtType } from "../rtnl/messages.ts";
import { anycastDestroy, leaveAnycast } from "./anycast.ts";
import { announceAddrs, dadStart } from "./dad.ts";
import { addKernelRoute, fib6AtPrefix, fib6FlushDev, fib6Remove, METRIC_ADDRCONF } from "./fib6.ts";
import { makeAddress } from "./iid.ts";
import { mldDestroy, mldDown, mldLeave } from "./mld.ts";
import { getIfaddr6 } from "./route6.ts";
import { type Fib6Route, type Inet6Dev, Inet6Ifaddr } from "./state.ts";

/** ipv6_link_dev_addr: into the list, before addresses of the same or a narrower scope. */
export function linkAddr(a: Inet6Ifaddr): void {
  const wide = (s: number): number => (s === RtScope.UNIVERSE ? 14 : 2);
  a.tstamp = a.idev.dev.ns.net.now;
  const i = a.idev.addrs.findIndex((o) => wide(a.scope) >= wide(o.scope));
  a.idev.addrs.splice(i < 0 ? a.idev.addrs.length : i, 0, a);
  announceAddrs(a.idev);
}

/** When the address ends, as the `expires` of its prefix route: 0 never. */
function endOf(a: Inet6Ifaddr): number {
  return a.validLft === INFINITE_LIFETIME ? 0 : a.tstamp + a.validLft * SEC;
}
export function prefixRoute(a: Inet6Ifaddr): void {
  const dev = a.idev.dev;
  if ((dev.flags & IFF.UP) === 0 || (dev.flags & IFF.LOOPBACK) !== 0) return;
  addKernelRoute(dev, RtTable.MAIN, RtType.UNICAST, a.addr, a.prefixLen, a.metric !== 0 ? a.metric : METRIC_ADDRCONF, endOf(a));
}
/** addrconf_get_prefix_route */
export function findPrefixRoute(dev: NetDevice, prefix: Uint8Array, len: number): Fib6Route | null {
  const here = fib6AtPrefix(dev.ns, RtTable.MAIN, networkOf6(prefix, len), len);
  return here.find((r) => r.dev === dev && r.gateway === null && r.protocol === RtProt.KERNEL) ?? null;
}

export interface AddrConfig6 {
  readonly addr: Uint8Array;
  readonly prefixLen: number;
  /** IfaF of the request */
  readonly flags: number;
  /** seconds */
  readonly valid: number;
  readonly preferred: number;
  readonly metric: number;
  readonly peer: Uint8Array | null;
  readonly proto: number;
}

const REQUESTED = IfaF.NODAD | IfaF.HOMEADDRESS | IfaF.MANAGETEMPADDR | IfaF.NOPREFIXROUTE | IfaF.MCAUTOJOIN | IfaF.OPTIMISTIC;

/** The request's flags as the device allows them, or the complaint (inet6_rtm_newaddr). */
export function requestedFlags(dev: NetDevice, flags: number): number | RtnlReply {
  let f = flags & REQUESTED;
  if (dev.conf6.optimistic_dad === 0 && dev.ns.sysctl.conf6All.optimistic_dad === 0) f &= ~IfaF.OPTIMISTIC;
  if ((f & IfaF.NODAD) !== 0 && (f & IfaF.OPTIMISTIC) !== 0)
    return rtnlError(Errno.EINVAL, "IFA_F_NODAD and IFA_F_OPTIMISTIC are mutually exclusive");
  return f;
}

/** inet6_addr_add */
export function addAddr6(dev: NetDevice, c: AddrConfig6): RtnlReply {
  const { addr, prefixLen, flags } = c;
  if (prefixLen > 128) return rtnlError(Errno.EINVAL, "ipv6: Invalid prefix length");
  if (c.valid === 0 || c.preferred > c.valid) return rtnlError(Errno.EINVAL, "ipv6: address lifetime invalid");
  if ((flags & IfaF.MANAGETEMPADDR) !== 0 && prefixLen !== 64)
    return rtnlError(Errno.EINVAL, 'ipv6: address with "mngtmpaddr" flag must have a prefix length of 64');
  if (!dev.ip6) return rtnlError(Errno.EINVAL);
  if (dev.conf6.disable_ipv6 !== 0) return rtnlError(Errno.EACCES, "ipv6: IPv6 is disabled on this device");
  if (isUnspecified6(addr)) return rtnlError(Errno.EADDRNOTAVAIL, "ipv6: Invalid address");
  if (isMulticast6(addr)) return rtnlError(Errno.EADDRNOTAVAIL, 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag');
  if (isLoopback6(addr) && (dev.flags & IFF.LOOPBACK) === 0)
    return rtnlError(Errno.EADDRNOTAVAIL, "ipv6: Cannot assign loopback address on this device");
  if (getIfaddr6(dev.ns, addr, dev)) return rtnlError(Errno.EEXIST, "ipv6: address already assigned");
  const a = newAddr(dev.ip6, c);
  setLifetime6(a, c.valid, c.preferred);
  linkAddr(a);
  if ((flags & IfaF.NOPREFIXROUTE) === 0) prefixRoute(a);
  // listeners are told of its test only where there is one
  if ((flags & (IfaF.OPTIMISTIC | IfaF.NODAD)) === 0) announceAddrs(dev.ip6, a);
  dadStart(a);
  armLifetime6(dev.ip6);
  return RTNL_OK;
}

/** ipv6_add_addr, not yet in the list */
export function newAddr(idev: Inet6Dev, c: AddrConfig6): Inet6Ifaddr {
  const scope = isLoopback6(c.addr) ? RtScope.HOST : isLinkLocal6(c.addr) ? RtScope.LINK : RtScope.UNIVERSE;
  const a = new Inet6Ifaddr(idev, c.addr.slice(), c.prefixLen, scope, c.flags | IfaF.TENTATIVE);
  a.metric = c.metric;
  a.proto = c.proto;
  a.peer = c.peer && !eqIp6(c.peer, c.addr) ? c.peer : null;
  return a;
}

export function setLifetime6(a: Inet6Ifaddr, valid: number, preferred: number): void {
  a.flags &= ~(IfaF.PERMANENT | IfaF.DEPRECATED);
  a.validLft = valid;
  a.preferredLft = preferred;
  if (valid === INFINITE_LIFETIME) a.flags |= IfaF.PERMANENT;
  if (preferred === 0) a.flags |= IfaF.DEPRECATED;
  a.tstamp = a.idev.dev.ns.net.now;
}

/** inet6_addr_modify */
export function modifyAddr6(a: Inet6Ifaddr, c: AddrConfig6): RtnlReply {
  if (c.valid === 0 || c.preferred > c.valid) return rtnlError(Errno.EINVAL, "ipv6: address lifetime invalid");
  if ((c.flags & IfaF.MANAGETEMPADDR) !== 0 && a.prefixLen !== 64) return rtnlError(Errno.EINVAL);
  const dev = a.idev.dev;
  const changed = IfaF.NODAD | IfaF.HOMEADDRESS | IfaF.MANAGETEMPADDR | IfaF.NOPREFIXROUTE;
  const had = (a.flags & IfaF.PERMANENT) !== 0 && (a.flags & IfaF.NOPREFIXROUTE) === 0;
  const old = had ? findPrefixRoute(dev, a.addr, a.prefixLen) : null;
  a.flags = (a.flags & ~changed) | (c.flags & changed);
  setLifetime6(a, c.valid, c.preferred);
  if (c.proto !== 0) a.proto = c.proto;
  if (c.metric !== 0) a.metric = c.metric;
  if ((c.flags & IfaF.NOPREFIXROUTE) !== 0) {
    if (old) fib6Remove(dev.ns, old);
  } else {
    const metric = a.metric !== 0 ? a.metric : METRIC_ADDRCONF;
    if (old && old.metric === metric) old.expires = endOf(a);
    else {
      prefixRoute(a);
      if (old) fib6Remove(dev.ns, old);
    }
  }
  armLifetime6(a.idev);
  announceAddrs(a.idev, a);
  return RTNL_OK;
}

/** inet6_addr_del */
export function delAddr(dev: NetDevice, addr: Uint8Array, prefixLen: number): RtnlReply {
  const a = dev.ip6?.addrs.find((o) => o.prefixLen === prefixLen && eqIp6(o.addr, addr));
  if (!a) return rtnlError(Errno.EADDRNOTAVAIL, "ipv6: address not found");
  removeAddr(a);
  return RTNL_OK;
}

/**
 * check_cleanup_prefix_route: a permanent address takes its prefix route along, unless another one needs it; if only mortal ones do,
 * the route ends with the last of them.
 */
function cleanPrefixRoute(a: Inet6Ifaddr): void {
  if ((a.flags & IfaF.PERMANENT) === 0 || (a.flags & IfaF.NOPREFIXROUTE) !== 0) return;
  const r = findPrefixRoute(a.idev.dev, a.addr, a.prefixLen);
  if (!r) return;
  let last = 0;
  for (const o of a.idev.addrs) {
    if (o === a || o.prefixLen !== a.prefixLen || !inPrefix6(o.addr, a.addr, a.prefixLen)) continue;
    if ((o.flags & (IfaF.PERMANENT | IfaF.NOPREFIXROUTE)) !== 0) return;
    last = Math.max(last, endOf(o));
  }
  if (last > 0) r.expires = last;
  else fib6Remove(a.idev.dev.ns, r);
}

/** ipv6_del_addr */
export function removeAddr(a: Inet6Ifaddr): void {
  const idev = a.idev;
  const dev = idev.dev;
  const ns = dev.ns;
  const i = idev.addrs.indexOf(a);
  if (i < 0) return;
  idev.addrs.splice(i, 1);
  a.gone = true;
  ns.net.sched.cancel(a.dadTimer);
  a.dadTimer = null;
  announceAddrs(idev, a);
  leaveRoutes(a);
  if (a.joined) mldLeave(idev, solicitedNode(a.addr));
  cleanPrefixRoute(a);
}

/** ipv6_ifa_notify(RTM_DELADDR): its route in the table local, and what a router joined for it. */
export function leaveRoutes(a: Inet6Ifaddr): void {
  const dev = a.idev.dev;
  for (const r of fib6AtPrefix(dev.ns, RtTable.LOCAL, a.addr, 128))
    if (r.dev === dev && r.type === RtType.LOCAL && r.protocol === RtProt.KERNEL) fib6Remove(dev.ns, r);
  const peer = a.peer ? findPrefixRoute(dev, a.peer, 128) : null;
  if (peer) fib6Remove(dev.ns, peer);
  if (dev.conf6.forwarding !== 0 && (a.flags & IfaF.TENTATIVE) === 0) leaveAnycast(a);
}

/** addrconf_dad_failure: somebody else, at the MAC, has the address. It stays, useless, and says so. */
export function dadFailure(a: Inet6Ifaddr, mac: Uint8Array): void {
  const dev = a.idev.dev;
  dev.ns.net.sched.cancel(a.dadTimer);
  a.dadTimer = null;
  printk(dev.ns, KERN.INFO, `IPv6: ${dev.name}: IPv6 duplicate address ${fmtIp6(a.addr)} used by ${hex(mac, ":")} detected!`);
  const strict = Math.max(dev.conf6.accept_dad, dev.ns.sysctl.conf6All.accept_dad) > 1;
  const own = makeAddress(a.idev, a.addr);
  if ((a.flags & IfaF.PERMANENT) !== 0) {
    a.flags |= IfaF.DADFAILED | IfaF.TENTATIVE;
    a.flags &= ~IfaF.OPTIMISTIC;
    announceAddrs(a.idev, a);
  } else removeAddr(a);
  // accept_dad 2: a duplicate of the address that the hardware makes means that the hardware is a duplicate
  if (strict && a.scope === RtScope.LINK && own && !own.stable && eqIp6(own.addr, a.addr)) {
    dev.conf6 = { ...dev.conf6, disable_ipv6: 1 };
    printk(dev.ns, KERN.INFO, `IPv6: ${dev.name}: IPv6 being disabled!`);
    ifdown(dev, false);
  }
}

// ---------------------------------------------------------------- going down

/** May the address outlive the device's going down (keep_addr_on_down)? */
function keeps(a: Inet6Ifaddr): boolean {
  const dev = a.idev.dev;
  const all = dev.ns.sysctl.conf6All.keep_addr_on_down;
  const on = all !== 0 ? all : dev.conf6.keep_addr_on_down;
  return on > 0 && (a.flags & IfaF.PERMANENT) !== 0 && !isLinkLocal6(a.addr) && !isLoopback6(a.addr);
}

/** addrconf_ifdown: addresses and routes go; with `unregister` IPv6 leaves the device for good. */
export function ifdown(dev: NetDevice, unregister: boolean): void {
  const idev = dev.ip6;
  if (!idev) return;
  const ns = dev.ns;
  const sched = ns.net.sched;
  fib6FlushDev(ns, dev, unregister);
  neighIfdown(ns.ip6.nd, dev);
  idev.ready = false;
  sched.cancel(idev.rsTimer);
  idev.rsTimer = null;
  sched.cancel(idev.lifetimeTimer);
  idev.lifetimeTimer = null;
  idev.raSeen = false;
  for (const a of idev.addrs.slice()) {
    sched.cancel(a.dadTimer);
    a.dadTimer = null;
    leaveRoutes(a);
    if (!unregister && dev.conf6.disable_ipv6 === 0 && keeps(a)) {
      a.dadBegun = false;
      if ((a.flags & IfaF.NODAD) === 0) a.flags |= IfaF.TENTATIVE;
      if (a.joined) mldLeave(idev, solicitedNode(a.addr));
      a.joined = false;
      continue;
    }
    a.gone = true;
    idev.addrs.splice(idev.addrs.indexOf(a), 1);
    if (a.joined) mldLeave(idev, solicitedNode(a.addr));
    announceAddrs(idev, a);
  }
  anycastDestroy(idev);
  if (unregister) {
    mldDestroy(idev);
    dev.ip6 = null;
  } else mldDown(idev);
}

// ---------------------------------------------------------------- lifetimes

export function armLifetime6(idev: Inet6Dev): void {
  const sched = idev.dev.ns.net.sched;
  sched.cancel(idev.lifetimeTimer);
  idev.lifetimeTimer = null;
  let next = Infinity;
  for (const a of idev.addrs) {
    if (a.validLft !== INFINITE_LIFETIME) next = Math.min(next, a.tstamp + a.validLft * SEC);
    if ((a.flags & IfaF.DEPRECATED) === 0 && a.preferredLft !== INFINITE_LIFETIME) next = Math.min(next, a.tstamp + a.preferredLft * SEC);
  }
  if (next !== Infinity) idev.lifetimeTimer = sched.arm(TimerKind.ADDR_LIFETIME, idev, Math.max(0, next - sched.now));
}

/** TimerKind.ADDR_LIFETIME, IPv6's part (addrconf_verify_rtnl) */
export function lifetimeTimer6(idev: Inet6Dev): void {
  idev.lifetimeTimer = null;
  const now = idev.dev.ns.net.now;
  for (const a of idev.addrs.slice()) {
    if (a.validLft !== INFINITE_LIFETIME && now >= a.tstamp + a.validLft * SEC) removeAddr(a);
    else if (a.preferredLft !== INFINITE_LIFETIME && now >= a.tstamp + a.preferredLft * SEC) a.flags |= IfaF.DEPRECATED;
  }
  armLifetime6(idev);
}
