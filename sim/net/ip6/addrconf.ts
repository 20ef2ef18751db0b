/**
 * Addresses of devices (net/ipv6/addrconf.c): link-local ones by themselves once the link is there, detection of duplicates,
 * the routes that follow, router solicitations. Nobody here answers those: autoconfiguration from router
 * advertisements, temporary and anycast addresses are left out.
 */
import { MS, SEC } from "../../core/time.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { Errno } from "../../core/result.ts";
import {
  eqIp6,
  isLinkLocal6,
  isLoopback6,
  isMulticast6,
  isUnspecified6,
  linkLocalFromMac,
  networkOf6,
  solicitedNode,
} from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import { INFINITE_LIFETIME } from "../ip/state.ts";
import { neighCarrierDown, neighChangeAddr, neighIfdown } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, IfOper, IFF, type RtnlReply, RTNL_OK, rtnlError, RtScope, RtTable, RtType } from "../rtnl/messages.ts";
import type { DevEvent } from "../world.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { addKernelRoute, delKernelRoute, fib6FlushDev, fib6SetLinkdown, METRIC_ADDRCONF } from "./fib6.ts";
import { ALL_NODES, IF_ALL_NODES, LOOPBACK6, MULTICAST_PREFIX } from "./groups.ts";
import { mldDadComplete, mldDestroy, mldDown, mldJoin, mldLeave, mldUp } from "./mld.ts";
import { sendNs, sendRs } from "./ndisc-send.ts";
import { ANY6, getIfaddr6 } from "./route6.ts";
import { Inet6Dev, Inet6Ifaddr } from "./state.ts";

const MIN_MTU = 1280;
/** IFAPROT_KERNEL_LO, IFAPROT_KERNEL_LL */
const PROTO_LO = 1;
const PROTO_LL = 3;

function announce(idev: Inet6Dev): void {
  const ns = idev.dev.ns;
  ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.EV_ADDR, Verdict.EVENT, 0, null, idev.dev.ifindex, 0);
  ns.net.changed(ns, "addr");
}

/** addrconf_link_ready */
function linkReady(dev: NetDevice): boolean {
  return (dev.operstate === IfOper.UP || dev.operstate === IfOper.UNKNOWN) && dev.txActive;
}

/** NetWorld.notifiers: addrconf_notify and ndisc_netdev_event. */
export function ip6Notifier(dev: NetDevice, event: DevEvent): void {
  switch (event) {
    case "register":
      if (dev.mtu >= MIN_MTU) addDev(dev);
      return;
    case "up":
      devUp(dev);
      return;
    case "change":
      if (!dev.carrier && dev.conf6.ndisc_evict_nocarrier !== 0 && dev.ns.sysctl.conf6All.ndisc_evict_nocarrier !== 0)
        neighCarrierDown(dev.ns.ip6.nd, dev);
      devChange(dev);
      return;
    case "down":
      ifdown(dev, false);
      return;
    case "changeaddr":
    case "changearp":
      neighChangeAddr(dev.ns.ip6.nd, dev);
      return;
    case "changemtu":
      if (dev.mtu < MIN_MTU) ifdown(dev, true);
      else {
        if (!dev.ip6 && dev.registered) addDev(dev);
        dev.conf6.mtu = dev.mtu;
      }
      return;
    case "unregister":
      ifdown(dev, true);
  }
}

/** ipv6_add_dev */
function addDev(dev: NetDevice): void {
  const idev = new Inet6Dev(dev);
  dev.ip6 = idev;
  mldJoin(idev, IF_ALL_NODES);
  mldJoin(idev, ALL_NODES);
}

function devUp(dev: NetDevice): void {
  const idev = dev.ip6;
  if (idev && dev.conf6.disable_ipv6 !== 0) return;
  if (idev) for (const a of idev.addrs.slice()) restore(a);
  if (!linkReady(dev)) return;
  if (!idev) return;
  idev.ready = true;
  configure(idev);
}

function devChange(dev: NetDevice): void {
  const idev = dev.ip6;
  if (!idev || dev.conf6.disable_ipv6 !== 0 || (dev.flags & IFF.UP) === 0) return;
  if (!linkReady(dev)) {
    fib6SetLinkdown(dev.ns, dev, true);
    return;
  }
  if (idev.ready) {
    // the link is back: perhaps another one, whose switches know nothing of our groups
    mldUp(idev);
    fib6SetLinkdown(dev.ns, dev, false);
    return;
  }
  idev.ready = true;
  configure(idev);
}

/** addrconf_dev_config and init_loopback, then addrconf_dad_run. */
function configure(idev: Inet6Dev): void {
  const dev = idev.dev;
  if ((dev.flags & IFF.LOOPBACK) !== 0) {
    if (!idev.addrs.some((a) => isLoopback6(a.addr))) {
      const a = new Inet6Ifaddr(idev, LOOPBACK6, 128, RtScope.HOST, IfaF.PERMANENT);
      a.proto = PROTO_LO;
      link(a);
      dadStart(a);
    }
  } else {
    addKernelRoute(dev, RtTable.LOCAL, RtType.MULTICAST, MULTICAST_PREFIX, 8, METRIC_ADDRCONF);
    mldUp(idev);
    if (dev.conf6.addr_gen_mode === 0 && dev.addrGenMode === "eui64") {
      const addr = linkLocalFromMac(dev.addr);
      if (!getIfaddr6(dev.ns, addr, dev)) {
        const a = new Inet6Ifaddr(idev, addr, 64, RtScope.LINK, IfaF.PERMANENT | IfaF.TENTATIVE);
        a.proto = PROTO_LL;
        link(a);
        addKernelRoute(dev, RtTable.MAIN, RtType.UNICAST, addr, 64, METRIC_ADDRCONF);
        dadStart(a);
      }
    }
  }
  for (const a of idev.addrs.slice()) if ((a.flags & IfaF.TENTATIVE) !== 0 && !a.dadBegun) dadStart(a);
  fib6SetLinkdown(dev.ns, dev, !dev.carrier);
  if (dev.mtu >= MIN_MTU) dev.conf6.mtu = dev.mtu;
}

/** fixup_permanent_addr: an address that was given while the device was down gets its routes. */
function restore(a: Inet6Ifaddr): void {
  if ((a.flags & IfaF.NOPREFIXROUTE) === 0) prefixRoute(a);
  if ((a.flags & IfaF.TENTATIVE) === 0 && a.dadBegun) hostRoute(a);
}

/** ipv6_link_dev_addr: into the list, before addresses of the same or a narrower scope. */
function link(a: Inet6Ifaddr): void {
  const wide = (s: number): number => (s === RtScope.UNIVERSE ? 14 : 2);
  a.tstamp = a.idev.dev.ns.net.now;
  const i = a.idev.addrs.findIndex((o) => wide(a.scope) >= wide(o.scope));
  a.idev.addrs.splice(i < 0 ? a.idev.addrs.length : i, 0, a);
  announce(a.idev);
}

function prefixRoute(a: Inet6Ifaddr): void {
  if ((a.idev.dev.flags & IFF.UP) === 0 || (a.idev.dev.flags & IFF.LOOPBACK) !== 0) return;
  addKernelRoute(a.idev.dev, RtTable.MAIN, RtType.UNICAST, a.peer ?? a.addr, a.prefixLen, a.metric !== 0 ? a.metric : METRIC_ADDRCONF);
}
function hostRoute(a: Inet6Ifaddr): void {
  addKernelRoute(a.idev.dev, RtTable.LOCAL, RtType.LOCAL, a.addr, 128, 0);
}

// ---------------------------------------------------------------- duplicate address detection

/** addrconf_dad_begin */
function dadStart(a: Inet6Ifaddr): void {
  const idev = a.idev;
  const dev = idev.dev;
  const ns = dev.ns;
  if (!a.joined && (dev.flags & (IFF.LOOPBACK | IFF.NOARP)) === 0) {
    a.joined = true;
    mldJoin(idev, solicitedNode(a.addr));
  }
  const off = (dev.conf6.accept_dad < 1 && ns.sysctl.conf6All.accept_dad < 1) || dev.conf6.dad_transmits < 1;
  if ((dev.flags & (IFF.LOOPBACK | IFF.NOARP)) !== 0 || off || (a.flags & IfaF.NODAD) !== 0 || (a.flags & IfaF.TENTATIVE) === 0) {
    a.dadBegun = true;
    a.flags &= ~(IfaF.TENTATIVE | IfaF.DADFAILED);
    dadCompleted(a);
    return;
  }
  if (!idev.ready) return; // stays tentative until the link is there
  a.dadBegun = true;
  a.flags &= ~IfaF.DADFAILED;
  a.dadProbes = dev.conf6.dad_transmits;
  a.dadNonce = ns.ip6.rng.bytes(6);
  const delay = dev.conf6.router_solicitation_delay;
  arm(a, ns.ip6.rng.below(Math.max(1, delay * 250)) * 4 * MS);
}

function arm(a: Inet6Ifaddr, delay: number): void {
  a.dadTimer = a.idev.dev.ns.net.sched.arm(TimerKind.ADDRCONF, a, delay);
}

/** addrconf_dad_work */
function dadWork(a: Inet6Ifaddr): void {
  a.dadTimer = null;
  if (a.gone || (a.flags & IfaF.TENTATIVE) === 0) return;
  const dev = a.idev.dev;
  if (a.dadProbes === 0) {
    a.flags &= ~(IfaF.TENTATIVE | IfaF.DADFAILED);
    announce(a.idev);
    dadCompleted(a);
    return;
  }
  a.dadProbes--;
  // one jiffy of 4 ms rounds up, and the timer wheel's coarseness adds some: recorded as 1.024 s
  arm(a, Math.max(dev.neighConf6.retrans_time_ms, 10) * MS + 24 * MS);
  sendNs(dev, a.addr, solicitedNode(a.addr), ANY6, dev.conf6.enhanced_dad !== 0 ? a.dadNonce : null, 0);
}

/** Is this the device's first usable link-local address (ipv6_lonely_lladdr)? */
function lonely(a: Inet6Ifaddr): boolean {
  return !a.idev.addrs.some((o) => o !== a && o.scope === RtScope.LINK && (o.flags & (IfaF.TENTATIVE | IfaF.DADFAILED)) === 0);
}

function dadCompleted(a: Inet6Ifaddr): void {
  const idev = a.idev;
  const dev = idev.dev;
  hostRoute(a);
  if (a.scope !== RtScope.LINK || !lonely(a) || !idev.ready) return;
  mldDadComplete(idev);
  const acceptRa = dev.conf6.forwarding !== 0 ? dev.conf6.accept_ra === 2 : dev.conf6.accept_ra !== 0;
  if (!acceptRa || dev.conf6.router_solicitations === 0 || (dev.flags & (IFF.LOOPBACK | IFF.POINTOPOINT)) !== 0) return;
  sendRs(dev, a.addr);
  // RFC 3315 §14: the interval and a tenth of it either way
  idev.rsInterval = jitter(idev, dev.conf6.router_solicitation_interval * SEC, 900_000);
  armRs(idev);
}
function jitter(idev: Inet6Dev, t: number, base: number): number {
  return Math.floor((t / 1_000_000) * (base + idev.dev.ns.ip6.rng.below(200_001)));
}
function armRs(idev: Inet6Dev): void {
  idev.rsTimer = idev.dev.ns.net.sched.arm(TimerKind.ADDRCONF, idev, idev.rsInterval);
}

/** addrconf_rs_timer: asks again, each time after about twice as long. */
function rsTimer(idev: Inet6Dev): void {
  idev.rsTimer = null;
  const dev = idev.dev;
  const ll = idev.addrs.find((a) => a.scope === RtScope.LINK && (a.flags & IfaF.TENTATIVE) === 0);
  if (!idev.ready || !ll || dev.conf6.forwarding !== 0) return;
  sendRs(dev, ll.addr);
  const max = dev.conf6.router_solicitation_max_interval * SEC;
  let next = jitter(idev, idev.rsInterval, 1_900_000);
  if (max > 0 && next > max) next = jitter(idev, max, 900_000);
  idev.rsInterval = next;
  armRs(idev);
}

/** TimerKind.ADDRCONF */
export function addrconfTimer(owner: Inet6Ifaddr | Inet6Dev): void {
  if (owner instanceof Inet6Dev) rsTimer(owner);
  else dadWork(owner);
}

/** addrconf_dad_failure: somebody else has the address. It stays, useless, and says so. */
export function dadFailure(a: Inet6Ifaddr): void {
  a.idev.dev.ns.net.sched.cancel(a.dadTimer);
  a.dadTimer = null;
  if ((a.flags & IfaF.PERMANENT) !== 0) a.flags |= IfaF.DADFAILED | IfaF.TENTATIVE;
  else removeAddr(a);
  announce(a.idev);
}

// ---------------------------------------------------------------- given by users

/** inet6_addr_add */
export function addAddr6(
  dev: NetDevice,
  addr: Uint8Array,
  prefixLen: number,
  flags: number,
  valid: number,
  preferred: number,
  metric: number,
  peer: Uint8Array | null,
): RtnlReply {
  if (prefixLen > 128) return rtnlError(Errno.EINVAL, "ipv6: Invalid prefix length");
  if (valid === 0 || preferred > valid) return rtnlError(Errno.EINVAL, "ipv6: address lifetime invalid");
  if (!dev.ip6) return rtnlError(Errno.ENOBUFS);
  if (dev.conf6.disable_ipv6 !== 0) return rtnlError(Errno.EACCES, "ipv6: IPv6 is disabled on this device");
  if (isUnspecified6(addr)) return rtnlError(Errno.EADDRNOTAVAIL, "ipv6: Invalid address");
  if (isMulticast6(addr)) return rtnlError(Errno.EADDRNOTAVAIL, 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag');
  if (isLoopback6(addr) && (dev.flags & IFF.LOOPBACK) === 0)
    return rtnlError(Errno.EADDRNOTAVAIL, "ipv6: Cannot assign loopback address on this device");
  if (getIfaddr6(dev.ns, addr, dev)) return rtnlError(Errno.EEXIST, "ipv6: address already assigned");
  const scope = isLoopback6(addr) ? RtScope.HOST : isLinkLocal6(addr) ? RtScope.LINK : RtScope.UNIVERSE;
  const a = new Inet6Ifaddr(
    dev.ip6,
    addr.slice(),
    prefixLen,
    scope,
    (flags & (IfaF.NODAD | IfaF.NOPREFIXROUTE | IfaF.HOMEADDRESS)) | IfaF.TENTATIVE,
  );
  a.metric = metric;
  a.peer = peer && !eqIp6(peer, addr) ? peer : null;
  setLifetime6(a, valid, preferred);
  link(a);
  if ((flags & IfaF.NOPREFIXROUTE) === 0) prefixRoute(a);
  dadStart(a);
  armLifetime6(dev.ip6);
  return RTNL_OK;
}

export function setLifetime6(a: Inet6Ifaddr, valid: number, preferred: number): void {
  a.flags &= ~(IfaF.PERMANENT | IfaF.DEPRECATED);
  a.validLft = valid;
  a.preferredLft = preferred;
  if (valid === INFINITE_LIFETIME) a.flags |= IfaF.PERMANENT;
  if (preferred === 0) a.flags |= IfaF.DEPRECATED;
  a.tstamp = a.idev.dev.ns.net.now;
}

/** inet6_addr_del */
export function delAddr(dev: NetDevice, addr: Uint8Array, prefixLen: number): RtnlReply {
  const a = dev.ip6?.addrs.find((o) => o.prefixLen === prefixLen && eqIp6(o.addr, addr));
  if (!a) return rtnlError(Errno.EADDRNOTAVAIL, "ipv6: address not found");
  removeAddr(a);
  return RTNL_OK;
}

/** ipv6_del_addr: the prefix route goes unless another address needs it. */
function removeAddr(a: Inet6Ifaddr): void {
  const idev = a.idev;
  const dev = idev.dev;
  const i = idev.addrs.indexOf(a);
  if (i < 0) return;
  idev.addrs.splice(i, 1);
  a.gone = true;
  dev.ns.net.sched.cancel(a.dadTimer);
  a.dadTimer = null;
  delKernelRoute(dev, RtTable.LOCAL, a.addr, 128);
  const net = networkOf6(a.addr, a.prefixLen);
  const same = idev.addrs.some((o) => o.prefixLen === a.prefixLen && eqIp6(networkOf6(o.addr, o.prefixLen), net));
  if ((a.flags & IfaF.NOPREFIXROUTE) === 0 && !same) delKernelRoute(dev, RtTable.MAIN, a.peer ?? a.addr, a.prefixLen);
  if (a.joined) mldLeave(idev, solicitedNode(a.addr));
  announce(idev);
}

// ---------------------------------------------------------------- going down

/** addrconf_ifdown: all addresses and routes go; with `unregister` IPv6 leaves the device for good. */
function ifdown(dev: NetDevice, unregister: boolean): void {
  const idev = dev.ip6;
  if (!idev) return;
  const ns = dev.ns;
  const sched = ns.net.sched;
  fib6FlushDev(ns, dev);
  neighIfdown(ns.ip6.nd, dev);
  idev.ready = false;
  sched.cancel(idev.rsTimer);
  idev.rsTimer = null;
  sched.cancel(idev.lifetimeTimer);
  idev.lifetimeTimer = null;
  for (const a of idev.addrs) {
    a.gone = true;
    sched.cancel(a.dadTimer);
    a.dadTimer = null;
    if (a.joined) mldLeave(idev, solicitedNode(a.addr));
  }
  const had = idev.addrs.length > 0;
  idev.addrs.length = 0;
  if (unregister) {
    mldDestroy(idev);
    dev.ip6 = null;
  } else mldDown(idev);
  if (had) announce(idev);
}

/** NetWorld.sysctlListeners: disable_ipv6 is as if devices went down or came up (addrconf_disable_change). */
export function ip6SysctlChange(ns: NetNs, what: string, scope: string, dev: NetDevice | null, old: number, now: number): void {
  if (what === "ipv6/route/flush") ns.ip6.pmtu.clear();
  if (what !== "ipv6/conf/disable_ipv6" || (old !== 0) === (now !== 0) || scope === "default") return;
  for (const d of dev ? [dev] : ns.devs.values()) {
    if (now !== 0) ifdown(d, false);
    else if ((d.flags & IFF.UP) !== 0) devUp(d);
  }
}

// ---------------------------------------------------------------- lifetimes

export function armLifetime6(idev: Inet6Dev): void {
  const sched = idev.dev.ns.net.sched;
  sched.cancel(idev.lifetimeTimer);
  idev.lifetimeTimer = null;
  let next = Infinity;
  for (const a of idev.addrs) {
    if ((a.flags & IfaF.PERMANENT) !== 0) continue;
    next = Math.min(next, a.tstamp + a.validLft * SEC);
    if ((a.flags & IfaF.DEPRECATED) === 0 && a.preferredLft !== INFINITE_LIFETIME) next = Math.min(next, a.tstamp + a.preferredLft * SEC);
  }
  if (next !== Infinity) idev.lifetimeTimer = sched.arm(TimerKind.ADDR_LIFETIME, idev, next - sched.now);
}

/** TimerKind.ADDR_LIFETIME, IPv6's part (addrconf_verify_rtnl) */
export function lifetimeTimer6(idev: Inet6Dev): void {
  idev.lifetimeTimer = null;
  const now = idev.dev.ns.net.now;
  for (const a of idev.addrs.slice()) {
    if ((a.flags & IfaF.PERMANENT) !== 0) continue;
    if (now >= a.tstamp + a.validLft * SEC) removeAddr(a);
    else if (a.preferredLft !== INFINITE_LIFETIME && now >= a.tstamp + a.preferredLft * SEC) a.flags |= IfaF.DEPRECATED;
  }
  armLifetime6(idev);
}
