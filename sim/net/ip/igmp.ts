/**
 * IPv4 groups of a device and their IGMPv3 reports (net/ipv4/igmp.c): each change is told twice (robustness 2), in a moment and at random within a
 * second. Groups stay joined while the device is down, and are told again when it comes up. Left out: queries (no router here sends them),
 * versions 1 and 2, sources.
 */
import { MS } from "../../core/time.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { put16, put32 } from "../../core/bytes.ts";
import { Sites } from "../../trace/sites.ts";
import { checksum } from "../../wire/checksum.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { macOfMulticast4 } from "../../wire/mac.ts";
import { devMcAdd, devMcDel } from "../dev/core.ts";
import { IFF } from "../rtnl/messages.ts";
import { flow4 } from "../fib/types.ts";
import { IpOptions } from "./options.ts";
import { ipMakeSkb, ipSendSkb, Pmtudisc } from "./output.ts";
import { ipRouteOutput } from "./route-output.ts";
import { Dst4, type InDevice } from "./state.ts";

export const ALL_HOSTS = 0xe0000001;
/** 224.0.0.22, where version 3 reports go */
const ALL_ROUTERS_V3 = 0xe0000016;
const REPORT_V3 = 0x22;
const TO_INCLUDE = 3;
const TO_EXCLUDE = 4;
const ROBUSTNESS = 2;
const JIFFY = 4 * MS;
/** IGMP_V3_UNSOLICITED_REPORT_INTERVAL in jiffies */
const UNSOLICITED = 250;

/** ip_mc_inc_group */
export function joinGroup(indev: InDevice, group: number): void {
  const users = indev.groups.get(group) ?? 0;
  indev.groups.set(group, users + 1);
  if (users > 0) return;
  devMcAdd(indev.dev, macOfMulticast4(group));
  if (group === ALL_HOSTS) return;
  indev.changes.set(group, { type: TO_EXCLUDE, left: ROBUSTNESS });
  ifcEvent(indev);
}

/** ip_mc_dec_group */
export function leaveGroup(indev: InDevice, group: number): void {
  const users = indev.groups.get(group) ?? 0;
  if (users > 1) indev.groups.set(group, users - 1);
  if (users !== 1) return;
  indev.groups.delete(group);
  if (!indev.unloaded.delete(group)) devMcDel(indev.dev, macOfMulticast4(group));
  if (group === ALL_HOSTS) return;
  indev.changes.set(group, { type: TO_INCLUDE, left: ROBUSTNESS });
  ifcEvent(indev);
}

/** ip_mc_up: what was joined while the device was down. */
export function igmpUp(indev: InDevice): void {
  for (const group of indev.groups.keys()) {
    if (group === ALL_HOSTS) continue;
    if (indev.unloaded.delete(group)) devMcAdd(indev.dev, macOfMulticast4(group));
    indev.changes.set(group, { type: TO_EXCLUDE, left: ROBUSTNESS });
    ifcEvent(indev);
  }
}

/** ip_mc_down */
export function igmpDown(indev: InDevice): void {
  indev.dev.ns.net.sched.cancel(indev.ifcTimer);
  indev.ifcTimer = null;
  indev.ifcCount = 0;
  indev.changes.clear();
  for (const group of indev.groups.keys()) {
    if (group === ALL_HOSTS || indev.unloaded.has(group)) continue;
    devMcDel(indev.dev, macOfMulticast4(group));
    indev.unloaded.add(group);
  }
}

/** igmp_ifc_event */
function ifcEvent(indev: InDevice): void {
  if ((indev.dev.flags & IFF.UP) === 0) {
    indev.changes.clear();
    return;
  }
  indev.ifcCount = ROBUSTNESS;
  armIfc(indev, 1);
}
function armIfc(indev: InDevice, delay: number): void {
  const ns = indev.dev.ns;
  ns.net.sched.cancel(indev.ifcTimer);
  indev.ifcTimer = ns.net.sched.arm(TimerKind.MCAST, indev, (ns.ip4.rng.below(delay) + 2) * JIFFY);
}

/** TimerKind.MCAST of an IPv4 device: igmp_ifc_timer_expire. Those that were left come first. */
export function igmpTimer(indev: InDevice): void {
  indev.ifcTimer = null;
  const due = [...indev.changes].sort(([, a], [, b]) => a.type - b.type);
  if (due.length > 0)
    report(
      indev,
      due.map(([group, c]) => ({ type: c.type, group })),
    );
  for (const [group, c] of due) {
    c.left--;
    if (c.left <= 0) indev.changes.delete(group);
  }
  if (--indev.ifcCount > 0) armIfc(indev, UNSOLICITED);
}

/** igmpv3_sendpack: to all version 3 routers, with the router alert, no further than the link. */
function report(indev: InDevice, records: readonly { type: number; group: number }[]): void {
  const ns = indev.dev.ns;
  const f = flow4(ALL_ROUTERS_V3, 0, indev.dev.ifindex);
  const dst = ipRouteOutput(ns, f);
  if (!(dst instanceof Dst4)) return;
  const options = new IpOptions();
  options.bytes = Uint8Array.of(0x94, 4, 0, 0);
  const send = {
    dst,
    saddr: f.saddr,
    daddr: ALL_ROUTERS_V3,
    proto: IpProto.IGMP,
    tos: 0xc0,
    ttl: 1,
    pmtudisc: Pmtudisc.DO,
    options,
    sk: null,
    ident: null,
    mark: 0,
    priority: 0,
  };
  const len = 8 + 8 * records.length;
  const skb = ipMakeSkb(ns, send, len, 0, Sites.IGMP_SEND, records.length, 0);
  if (typeof skb === "number") return;
  const at = skb.transport;
  skb.buf[at] = REPORT_V3;
  put16(skb.buf, at + 6, records.length);
  records.forEach((r, i) => {
    skb.buf[at + 8 + 8 * i] = r.type;
    put32(skb.buf, at + 12 + 8 * i, r.group);
  });
  put16(skb.buf, at + 2, checksum(skb.buf, at, len));
  ipSendSkb(ns, skb);
}
