/**
 * Group memberships of a device and their MLDv2 reports (net/ipv6/mcast.c): each change is told twice (robustness 2), at
 * once and at random within a second, and again when the first link-local address is usable. Left out: queries, sources,
 * version 1.
 */
import { MS } from "../../core/time.ts";
import { hex } from "../../core/bytes.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { macOfMulticast6 } from "../../wire/mac.ts";
import { eqIp6 } from "../../wire/addr.ts";
import { MldRecord, type MldGroup } from "../../wire/mld.ts";
import { devMcAdd, devMcDel } from "../dev/core.ts";
import { IFF } from "../rtnl/messages.ts";
import { sendMldReport } from "./ndisc-send.ts";
import type { Inet6Dev, McGroup } from "./state.ts";

/** MLD_QRV_DEFAULT */
const ROBUSTNESS = 2;
const JIFFY = 4 * MS;

function silent(a: Uint8Array): boolean {
  // the all-nodes group of the link, and everything of interface scope
  return (a[1]! & 15) < 2 || (a[1] === 2 && a[15] === 1 && a.slice(2, 15).every((x) => x === 0));
}

/** __ipv6_dev_mc_inc */
export function mldJoin(idev: Inet6Dev, addr: Uint8Array): void {
  const key = hex(addr);
  const known = idev.groups.get(key);
  if (known) {
    known.users++;
    return;
  }
  const g: McGroup = { addr, users: 1, crcount: 0, silent: silent(addr) };
  const at = idev.left.findIndex((o) => eqIp6(o.addr, addr));
  if (at >= 0) idev.left.splice(at, 1);
  idev.groups.set(key, g);
  added(idev, g);
}

/** igmp6_group_added */
function added(idev: Inet6Dev, g: McGroup): void {
  if ((idev.dev.flags & IFF.UP) === 0) return;
  devMcAdd(idev.dev, macOfMulticast6(g.addr));
  if (g.silent) return;
  g.crcount = ROBUSTNESS;
  ifcEvent(idev);
}

/** __ipv6_dev_mc_dec */
export function mldLeave(idev: Inet6Dev, addr: Uint8Array): void {
  const key = hex(addr);
  const g = idev.groups.get(key);
  if (!g || --g.users > 0) return;
  idev.groups.delete(key);
  devMcDel(idev.dev, macOfMulticast6(addr));
  if (g.silent || (idev.dev.flags & IFF.UP) === 0 || !idev.ready) return;
  g.crcount = ROBUSTNESS;
  idev.left.push(g);
  ifcEvent(idev);
}

/** ip6_mc_input's question */
export function inGroup6(idev: Inet6Dev, addr: Uint8Array): boolean {
  return idev.groups.has(hex(addr));
}

/** ipv6_mc_up: the device is up, or its link is back. */
export function mldUp(idev: Inet6Dev): void {
  for (const g of idev.groups.values()) {
    if (!idev.dev.mc.has(hex(macOfMulticast6(g.addr), ":"))) added(idev, g);
    else if (!g.silent) {
      g.crcount = ROBUSTNESS;
      ifcEvent(idev);
    }
  }
}

/** ipv6_mc_down */
export function mldDown(idev: Inet6Dev): void {
  const sched = idev.dev.ns.net.sched;
  sched.cancel(idev.ifcTimer);
  sched.cancel(idev.dadReportTimer);
  idev.ifcTimer = idev.dadReportTimer = null;
  idev.ifcCount = idev.dadReports = 0;
  idev.left.length = 0;
  for (const g of idev.groups.values()) devMcDel(idev.dev, macOfMulticast6(g.addr));
}
export function mldDestroy(idev: Inet6Dev): void {
  mldDown(idev);
  idev.groups.clear();
}

/** mld_ifc_event: changes are told in a moment, and once more. */
function ifcEvent(idev: Inet6Dev): void {
  idev.ifcCount = ROBUSTNESS;
  armIfc(idev, 1);
}
/** Some jiffies below `delay`, and two more; an armed timer is moved. */
function armIfc(idev: Inet6Dev, delay: number): void {
  const ns = idev.dev.ns;
  ns.net.sched.cancel(idev.ifcTimer);
  idev.ifcTimer = ns.net.sched.arm(TimerKind.MCAST, idev, (ns.ip6.rng.below(delay) + 2) * JIFFY, 0);
}
function interval(idev: Inet6Dev): number {
  return Math.max(1, Math.floor(idev.dev.conf6.mldv2_unsolicited_report_interval / 4));
}

/** TimerKind.MCAST: arg 0 changes, 1 the repetition after the first address became usable */
export function mldTimer(idev: Inet6Dev, arg: number): void {
  const ns = idev.dev.ns;
  if (arg === 0) {
    idev.ifcTimer = null;
    const records: MldGroup[] = [];
    for (const g of idev.left) records.push({ type: MldRecord.TO_INCLUDE, group: g.addr, sources: [] });
    for (const g of idev.left) g.crcount--;
    for (let i = idev.left.length - 1; i >= 0; i--) if (idev.left[i]!.crcount <= 0) idev.left.splice(i, 1);
    for (const g of idev.groups.values()) {
      if (g.crcount <= 0) continue;
      records.push({ type: MldRecord.TO_EXCLUDE, group: g.addr, sources: [] });
      g.crcount--;
    }
    sendMldReport(idev.dev, records);
    if (--idev.ifcCount > 0) armIfc(idev, interval(idev));
    return;
  }
  idev.dadReportTimer = null;
  initialReport(idev);
  if (--idev.dadReports > 0)
    idev.dadReportTimer = ns.net.sched.arm(TimerKind.MCAST, idev, (ns.ip6.rng.below(interval(idev)) + 2) * JIFFY, 1);
}

/** ipv6_mc_dad_complete: with an address of our own, all groups are told again. */
export function mldDadComplete(idev: Inet6Dev): void {
  const ns = idev.dev.ns;
  initialReport(idev);
  idev.dadReports = ROBUSTNESS - 1;
  ns.net.sched.cancel(idev.dadReportTimer);
  idev.dadReportTimer = ns.net.sched.arm(TimerKind.MCAST, idev, (ns.ip6.rng.below(interval(idev)) + 2) * JIFFY, 1);
}
function initialReport(idev: Inet6Dev): void {
  const records: MldGroup[] = [];
  for (const g of idev.groups.values()) if (!g.silent) records.push({ type: MldRecord.TO_EXCLUDE, group: g.addr, sources: [] });
  sendMldReport(idev.dev, records);
}
