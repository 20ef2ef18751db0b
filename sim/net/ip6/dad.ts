/**
 * From tentative to usable (net/ipv6/addrconf.c): detection of duplicates (RFC 4862 §5.4, enhanced by RFC 7527), what follows once an address
 * may be used, and the search for routers that the first link-local address starts.
 */
import { MS, SEC } from "../../core/time.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { isLoopback6, solicitedNode } from "../../wire/addr.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import type { NetDevice } from "../dev/device.ts";
import { IfaF, IFF, RtScope, RtTable, RtType } from "../rtnl/messages.ts";
import { joinAnycast } from "./anycast.ts";
import { addKernelRoute, METRIC_ADDRCONF } from "./fib6.ts";
import { ALL_NODES } from "./groups.ts";
import { mldDadComplete, mldJoin } from "./mld.ts";
import { sendNa, sendNs, sendRs } from "./ndisc-send.ts";
import { ANY6 } from "./route6.ts";
import { Inet6Dev, type Inet6Ifaddr } from "./state.ts";
import { NA_OVERRIDE, NA_ROUTER } from "../../wire/ndp.ts";

/** Addresses of the device changed; `a` is the one that listeners are told of: not before duplicate address detection is through. */
export function announceAddrs(idev: Inet6Dev, a: Inet6Ifaddr | null = null): void {
  const ns = idev.dev.ns;
  ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.EV_ADDR, Verdict.EVENT, 0, null, idev.dev.ifindex, 0);
  ns.net.changed(ns, "addr", a, a !== null && a.gone);
}

function hostRoute(a: Inet6Ifaddr): void {
  const dev = a.idev.dev;
  addKernelRoute(dev, RtTable.LOCAL, RtType.LOCAL, a.addr, 128, 0);
  if (a.peer && (dev.flags & IFF.UP) !== 0)
    addKernelRoute(dev, RtTable.MAIN, RtType.UNICAST, a.peer, 128, a.metric !== 0 ? a.metric : METRIC_ADDRCONF);
}

/** addrconf_dad_begin */
export function dadStart(a: Inet6Ifaddr): void {
  const idev = a.idev;
  const dev = idev.dev;
  const ns = dev.ns;
  if (!a.joined && (dev.flags & (IFF.LOOPBACK | IFF.NOARP)) === 0) {
    a.joined = true;
    mldJoin(idev, solicitedNode(a.addr));
  }
  const off = dev.conf6.accept_dad < 1 && ns.sysctl.conf6All.accept_dad < 1;
  if ((dev.flags & (IFF.LOOPBACK | IFF.NOARP)) !== 0 || off || (a.flags & IfaF.NODAD) !== 0 || (a.flags & IfaF.TENTATIVE) === 0) {
    a.dadBegun = true;
    a.flags &= ~(IfaF.TENTATIVE | IfaF.OPTIMISTIC | IfaF.DADFAILED);
    dadCompleted(a);
    return;
  }
  if (!idev.ready) return; // stays tentative until the link is there
  a.dadBegun = true;
  a.flags &= ~IfaF.DADFAILED;
  if ((a.flags & IfaF.OPTIMISTIC) !== 0) hostRoute(a);
  // without any probe the random wait stays
  a.dadProbes = Math.max(0, dev.conf6.dad_transmits);
  a.dadNonce = ns.ip6.rng.bytes(6);
  // an optimistic address is in use: nothing is waited for
  const delay = (a.flags & IfaF.OPTIMISTIC) !== 0 ? 0 : dev.conf6.router_solicitation_delay;
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
    a.flags &= ~(IfaF.TENTATIVE | IfaF.OPTIMISTIC | IfaF.DADFAILED);
    announceAddrs(a.idev, a);
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

/** ipv6_accept_ra: a router listens to others only with the value 2. */
export function acceptsRa(dev: NetDevice): boolean {
  return dev.conf6.forwarding !== 0 ? dev.conf6.accept_ra === 2 : dev.conf6.accept_ra !== 0;
}

/** addrconf_dad_completed */
function dadCompleted(a: Inet6Ifaddr): void {
  const idev = a.idev;
  const dev = idev.dev;
  hostRoute(a);
  if (dev.conf6.forwarding !== 0 && !isLoopback6(a.addr)) joinAnycast(a);
  if (idev.ready && (dev.conf6.ndisc_notify !== 0 || dev.ns.sysctl.conf6All.ndisc_notify !== 0) && (dev.flags & IFF.LOOPBACK) === 0)
    sendNa(dev, ALL_NODES, a.addr, a.addr, (dev.conf6.forwarding !== 0 ? NA_ROUTER : 0) | NA_OVERRIDE, true, 0);
  if (a.scope !== RtScope.LINK || !lonely(a) || !idev.ready) return;
  mldDadComplete(idev);
  if (!acceptsRa(dev) || dev.conf6.router_solicitations === 0 || (dev.flags & IFF.LOOPBACK) !== 0) return;
  startRs(idev, a.addr);
}

/** Asks for routers, from the link-local address, and again until one answers. */
export function startRs(idev: Inet6Dev, from: Uint8Array): void {
  idev.raSeen = false;
  sendRs(idev.dev, from);
  idev.rsSent = 1;
  // RFC 3315 §14: the interval and a tenth of it either way
  idev.rsInterval = jitter(idev, idev.dev.conf6.router_solicitation_interval * SEC, 900_000);
  armRs(idev);
}
function jitter(idev: Inet6Dev, t: number, base: number): number {
  return Math.floor((t / 1_000_000) * (base + idev.dev.ns.ip6.rng.below(200_001)));
}
function armRs(idev: Inet6Dev): void {
  idev.rsTimer = idev.dev.ns.net.sched.arm(TimerKind.ADDRCONF, idev, idev.rsInterval);
}

/** addrconf_rs_timer: asks again, each time after about twice as long, until a router has answered. */
function rsTimer(idev: Inet6Dev): void {
  idev.rsTimer = null;
  const dev = idev.dev;
  const ll = idev.addrs.find((a) => a.scope === RtScope.LINK && (a.flags & IfaF.TENTATIVE) === 0);
  if (!idev.ready || !ll || !acceptsRa(dev) || idev.raSeen) return;
  const most = dev.conf6.router_solicitations;
  if (most >= 0 && idev.rsSent >= most) return;
  sendRs(dev, ll.addr);
  idev.rsSent++;
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
