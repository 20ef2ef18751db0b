/**
 * Group memberships of a device and their MLDv2 reports (net/ipv6/mcast.c): each change is told twice (robustness 2), at
 * once and at random within a second, and again when the first link-local address is usable. Queries are answered after a
 * random time, and as version 1 for as long as a querier of that version is there. Left out: sources.
 */
import { MS, SEC } from "../../core/time.ts";
import { hex, u16 } from "../../core/bytes.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { macOfMulticast6 } from "../../wire/mac.ts";
import { eqIp6, isLinkLocal6, isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { IP6_HLEN, IP6_OFF_SRC, ip6HopLimit, ip6Next } from "../../wire/ipv6.ts";
import { MLD1_LEN, MLD2_QUERY_LEN, MLD_OFF_GROUP, MldRecord, type MldGroup } from "../../wire/mld.ts";
import { devMcAdd, devMcDel } from "../dev/core.ts";
import { IFF } from "../rtnl/messages.ts";
import { sendMld1, sendMldReport } from "./ndisc-send.ts";
import type { Skb } from "../skb.ts";
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
  const g: McGroup = { addr, users: 1, crcount: 0, silent: silent(addr), loaded: false, timer: null, idev };
  const at = idev.left.findIndex((o) => eqIp6(o.addr, addr));
  if (at >= 0) idev.left.splice(at, 1);
  idev.groups.set(key, g);
  added(idev, g);
}

/** igmp6_group_added */
function added(idev: Inet6Dev, g: McGroup): void {
  if (!g.loaded && !interfaceLocal(g.addr)) {
    g.loaded = true;
    devMcAdd(idev.dev, macOfMulticast6(g.addr));
  }
  if ((idev.dev.flags & IFF.UP) === 0 || g.silent) return;
  if (isV1(idev)) {
    sendMld1(idev.dev, Icmp6Type.MLD_REPORT, g.addr);
    armGroup(g, interval1(idev));
    return;
  }
  g.crcount = ROBUSTNESS;
  ifcEvent(idev);
}

/** __ipv6_dev_mc_dec */
export function mldLeave(idev: Inet6Dev, addr: Uint8Array): void {
  const key = hex(addr);
  const g = idev.groups.get(key);
  if (!g || --g.users > 0) return;
  idev.groups.delete(key);
  if (g.loaded) devMcDel(idev.dev, macOfMulticast6(addr));
  idev.dev.ns.net.sched.cancel(g.timer);
  g.timer = null;
  if (isV1(idev) && !g.silent && idev.ready) {
    sendMld1(idev.dev, Icmp6Type.MLD_REDUCTION, addr);
    return;
  }
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
    if (!g.loaded) added(idev, g);
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
  sched.cancel(idev.gqTimer);
  idev.ifcTimer = idev.dadReportTimer = idev.gqTimer = null;
  idev.ifcCount = idev.dadReports = 0;
  idev.left.length = 0;
  for (const g of idev.groups.values()) {
    sched.cancel(g.timer);
    g.timer = null;
    if (g.loaded) devMcDel(idev.dev, macOfMulticast6(g.addr));
    g.loaded = false;
  }
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

/** TimerKind.MCAST of a device: arg 0 changes, 1 the repetition after the first address became usable, 2 a general query */
export function mldTimer(idev: Inet6Dev, arg: number): void {
  const ns = idev.dev.ns;
  if (arg === 2) {
    idev.gqTimer = null;
    report(idev, [...idev.groups.values()], MldRecord.IS_EXCLUDE);
    return;
  }
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
  report(idev, [...idev.groups.values()], MldRecord.TO_EXCLUDE);
}
function report(idev: Inet6Dev, groups: readonly McGroup[], type: number): void {
  sendMldReport(
    idev.dev,
    groups.filter((g) => !g.silent).map((g) => ({ type, group: g.addr, sources: [] })),
  );
}

// ---------------------------------------------------------------- queries

function interfaceLocal(a: Uint8Array): boolean {
  return (a[1]! & 15) < 2;
}
function isV1(idev: Inet6Dev): boolean {
  const force = idev.dev.conf6.force_mld_version || idev.dev.ns.sysctl.conf6All.force_mld_version;
  return force === 1 || (idev.v1Until !== 0 && idev.dev.ns.net.now < idev.v1Until && force !== 2);
}
function interval1(idev: Inet6Dev): number {
  return Math.max(1, Math.floor(idev.dev.conf6.mldv1_unsolicited_report_interval / 4));
}
/** igmp6_group_queried: at a random time within `delay` jiffies, or sooner when that is already planned. */
function armGroup(g: McGroup, delay: number): void {
  const ns = g.idev.dev.ns;
  const at = ns.ip6.rng.below(Math.max(1, delay)) * JIFFY;
  if (g.timer && g.timer.at <= ns.net.now + at) return;
  ns.net.sched.cancel(g.timer);
  g.timer = ns.net.sched.arm(TimerKind.MCAST_GROUP, g, at);
}
/** TimerKind.MCAST_GROUP */
export function mldGroupTimer(g: McGroup): void {
  g.timer = null;
  if (isV1(g.idev)) sendMld1(g.idev.dev, Icmp6Type.MLD_REPORT, g.addr);
  else report(g.idev, [g], MldRecord.IS_EXCLUDE);
}

/**
 * igmp6_event_query: `skb` is a query whose ICMPv6 header is at skb.transport. Version 1 ones are 24 bytes long. False when it is
 * malformed or not from a link-local address. The packet stays the caller's.
 */
export function mldQuery(skb: Skb): boolean {
  const idev = skb.dev!.ip6;
  const at = skb.transport;
  const len = skb.tail - at;
  if (!idev || len < MLD1_LEN || !isLinkLocal6(skb.buf, skb.network + IP6_OFF_SRC)) return false;
  // without the router alert it is not meant (RFC 3810 §5.1.14)
  const alert = skb.network + IP6_HLEN;
  if (ip6HopLimit(skb.buf, skb.network) !== 1 || ip6Next(skb.buf, skb.network) !== IpProto.HOPOPTS || skb.buf[alert + 2] !== 5)
    return false;
  const group = skb.buf.slice(at + MLD_OFF_GROUP, at + MLD_OFF_GROUP + 16);
  const general = isUnspecified6(group);
  if (!general && !isMulticast6(group)) return false;
  const code = u16(skb.buf, at + 4);
  let delay = Math.floor(code / 4) || 1;
  if (len === MLD1_LEN) {
    // mld_process_v1: the other version until the querier has been silent for long enough
    idev.v1Until = idev.dev.ns.net.now + (idev.qrv * 125 + Math.ceil(code / 1000)) * SEC;
    idev.dev.ns.net.sched.cancel(idev.ifcTimer);
    idev.ifcTimer = null;
  } else if (len >= MLD2_QUERY_LEN) {
    delay = Math.floor(mldMaxResponse(code) / 4) || 1;
    idev.qrv = skb.buf[at + 24]! & 7 || ROBUSTNESS;
    if (general) {
      const ns = idev.dev.ns;
      const wait = (ns.ip6.rng.below(delay) + 2) * JIFFY;
      if (!idev.gqTimer) idev.gqTimer = ns.net.sched.arm(TimerKind.MCAST, idev, wait, 2);
      return true;
    }
  } else return false;
  for (const g of idev.groups.values()) if (!g.silent && (general || eqIp6(g.addr, group))) armGroup(g, delay);
  return true;
}

/** mldv2_mrc: ms; from 32768 on a floating-point number. */
function mldMaxResponse(code: number): number {
  return code < 32768 ? code : ((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3);
}
