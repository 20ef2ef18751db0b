/**
 * IPv6 on a device (addrconf_notify of net/ipv6/addrconf.c): it starts with the link, makes its link-local address, follows the
 * settings (disable_ipv6, forwarding, addr_gen_mode) and leaves with the device. Addresses are in addr6.ts, their test in dad.ts,
 * what routers say in ra.ts. Left out: temporary addresses.
 */
import { isLoopback6, networkOf6 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import { neighCarrierDown, neighChangeAddr } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, IfOper, IFF, RtScope, RtTable, RtType } from "../rtnl/messages.ts";
import type { DevEvent } from "../world.ts";
import { ifdown, linkAddr, newAddr, prefixRoute } from "./addr6.ts";
import { joinAnycast, leaveAnycast } from "./anycast.ts";
import { dadStart } from "./dad.ts";
import { addKernelRoute, fib6Remove, fib6SetLinkdown, fib6SyncUp, METRIC_ADDRCONF } from "./fib6.ts";
import {
  ALL_NODES,
  ALL_ROUTERS,
  IF_ALL_NODES,
  IF_ALL_ROUTERS,
  LINK_LOCAL,
  LOOPBACK6,
  MULTICAST_PREFIX,
  SITE_ALL_ROUTERS,
} from "./groups.ts";
import { makeAddress } from "./iid.ts";
import { mldJoin, mldLeave, mldUp } from "./mld.ts";
import { getIfaddr6 } from "./route6.ts";
import { Inet6Dev, Inet6Ifaddr } from "./state.ts";
import { INFINITE_LIFETIME } from "../ip/state.ts";

const MIN_MTU = 1280;
/** IFAPROT_KERNEL_LO, IFAPROT_KERNEL_LL */
const PROTO_LO = 1;
const PROTO_LL = 3;

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
      changeMtu(dev);
      return;
    case "unregister":
      ifdown(dev, true);
  }
}

/** Below 1280 bytes there is no IPv6; above again it starts anew, with the settings of a new device. */
function changeMtu(dev: NetDevice): void {
  if (dev.mtu < MIN_MTU) {
    ifdown(dev, true);
    return;
  }
  if (!dev.ip6 && dev.registered) {
    dev.conf6 = dev.ns.sysctl.conf6Default;
    addDev(dev);
    if ((dev.flags & IFF.UP) !== 0) devUp(dev);
  }
  dev.conf6 = { ...dev.conf6, mtu: dev.mtu };
}

/** ipv6_add_dev */
function addDev(dev: NetDevice): void {
  const idev = new Inet6Dev(dev);
  dev.ip6 = idev;
  mldJoin(idev, IF_ALL_NODES);
  mldJoin(idev, ALL_NODES);
  if (dev.conf6.forwarding !== 0 && (dev.flags & IFF.MULTICAST) !== 0) mldJoin(idev, ALL_ROUTERS);
}

function devUp(dev: NetDevice): void {
  const idev = dev.ip6;
  if (idev && dev.conf6.disable_ipv6 !== 0) return;
  if (idev) for (const a of idev.addrs.slice()) restore(a);
  fib6SyncUp(dev.ns, dev);
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
      linkAddr(a);
      dadStart(a);
    }
  } else {
    addKernelRoute(dev, RtTable.LOCAL, RtType.MULTICAST, MULTICAST_PREFIX, 8, METRIC_ADDRCONF);
    mldUp(idev);
    addLinkLocal(idev);
  }
  for (const a of idev.addrs.slice()) if ((a.flags & IfaF.TENTATIVE) !== 0 && !a.dadBegun) dadStart(a);
  fib6SetLinkdown(dev.ns, dev, !dev.carrier);
  if (dev.mtu >= MIN_MTU) dev.conf6 = { ...dev.conf6, mtu: dev.mtu };
}

/** addrconf_addr_gen */
function addLinkLocal(idev: Inet6Dev): void {
  const dev = idev.dev;
  const made = makeAddress(idev, LINK_LOCAL);
  if (!made || getIfaddr6(dev.ns, made.addr, dev)) return;
  const optimistic = (dev.conf6.optimistic_dad !== 0 || dev.ns.sysctl.conf6All.optimistic_dad !== 0) && dev.conf6.forwarding === 0;
  const a = newAddr(idev, {
    addr: made.addr,
    prefixLen: 64,
    flags: IfaF.PERMANENT | (made.stable ? IfaF.STABLE_PRIVACY : 0) | (optimistic ? IfaF.OPTIMISTIC : 0),
    valid: INFINITE_LIFETIME,
    preferred: INFINITE_LIFETIME,
    metric: 0,
    peer: null,
    proto: PROTO_LL,
  });
  linkAddr(a);
  addKernelRoute(dev, RtTable.MAIN, RtType.UNICAST, networkOf6(made.addr, 64), 64, METRIC_ADDRCONF);
  dadStart(a);
}

/** fixup_permanent_addr: an address that was given or kept while the device was down gets its routes. */
function restore(a: Inet6Ifaddr): void {
  if ((a.flags & IfaF.NOPREFIXROUTE) === 0) prefixRoute(a);
  if (!a.dadBegun) dadStart(a);
  else if ((a.flags & IfaF.TENTATIVE) === 0) addKernelRoute(a.idev.dev, RtTable.LOCAL, RtType.LOCAL, a.addr, 128, 0);
}

// ---------------------------------------------------------------- settings

/** dev_forward_change: routers hear other groups and answer to their subnets' anycast addresses. */
function forwardChange(idev: Inet6Dev, on: boolean): void {
  const dev = idev.dev;
  if ((dev.flags & IFF.MULTICAST) !== 0) {
    for (const group of [ALL_ROUTERS, IF_ALL_ROUTERS, SITE_ALL_ROUTERS]) {
      if (on) mldJoin(idev, group);
      else mldLeave(idev, group);
    }
  }
  for (const a of idev.addrs) {
    if ((a.flags & IfaF.TENTATIVE) !== 0 || (dev.flags & IFF.LOOPBACK) !== 0) continue;
    if (on) joinAnycast(a);
    else leaveAnycast(a);
  }
}

/** rt6_purge_dflt_routers: who becomes a router forgets those it learned of. */
function purgeRouters(ns: NetNs): void {
  for (const t of ns.ip6.tables.values())
    for (const r of t.slice()) if (r.ra && r.gateway !== null && r.len === 0 && r.dev.conf6.accept_ra !== 2) fib6Remove(ns, r);
}

/** NetWorld.sysctlListeners. disable_ipv6 is as if devices went down or came up (addrconf_disable_change). */
export function ip6SysctlChange(ns: NetNs, what: string, scope: string, dev: NetDevice | null, old: number, now: number): void {
  if (what === "ipv6/route/flush") ns.ip6.exceptions.clear();
  if (scope === "default") return;
  const devs = dev ? [dev] : [...ns.devs.values()];
  if (what === "ipv6/conf/forwarding" && (old !== 0) !== (now !== 0)) {
    for (const d of devs) if (d.ip6 && d.ip6.router !== (now !== 0)) setRouter(d.ip6, now !== 0);
    if (now !== 0) purgeRouters(ns);
  }
  if (what === "ipv6/conf/addr_gen_mode" && old !== now)
    for (const d of devs) if (d.ip6?.ready && (d.flags & IFF.LOOPBACK) === 0) addLinkLocal(d.ip6);
  if (what !== "ipv6/conf/disable_ipv6" || (old !== 0) === (now !== 0)) return;
  for (const d of devs) {
    if (now !== 0) ifdown(d, false);
    else if ((d.flags & IFF.UP) !== 0) devUp(d);
  }
}
function setRouter(idev: Inet6Dev, on: boolean): void {
  idev.router = on;
  forwardChange(idev, on);
}
