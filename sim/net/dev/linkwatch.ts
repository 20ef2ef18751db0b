/**
 * Link watch (net/core/link_watch.c): carrier changes are noticed at once, but operstate, the transmit queue and the
 * protocols follow from a work item. "Urgent" changes (a queue that must change, a lower device in sight) run at once,
 * the others at most once a second. That delay is visible: after the peer went down, `ip -br link` may still say UP.
 *
 * Linux's quirk kept: a device counts as having a lower device when its IFLA_LINK differs from its own ifindex, even
 * when that index means a device of another namespace; so a veth whose peer has the same index is not urgent.
 */
import { MS, SEC, US } from "../../core/time.ts";
import { type Timer, TimerKind } from "../../core/scheduler.ts";
import { Sites } from "../../trace/sites.ts";
import { Verdict } from "../../trace/recorder.ts";
import { IFF, IfOper } from "../rtnl/messages.ts";
import { nsidAlloc } from "../rtnl/nsid.ts";
import type { NetWorld } from "../world.ts";
import type { NetDevice } from "./device.ts";

export interface LinkWatch {
  pending: Set<NetDevice>;
  timer: Timer | null;
  urgent: boolean;
  /** no non-urgent run before this moment */
  nextEvent: number;
}

/** how long the work item takes to be scheduled */
const WORK_DELAY = 10 * US;

/** dev_get_iflink: the ifindex of the peer or lower device in its own namespace, or the device's own. */
export function devIflink(dev: NetDevice): number {
  const lower = dev.ops.link ? dev.ops.link(dev) : null;
  return lower ? lower.ifindex : dev.ops.link ? 0 : dev.ifindex;
}

/** dev_get_flags: IFF_* as user space sees them, with the derived RUNNING, LOWER_UP and DORMANT. */
export function devFlags(dev: NetDevice): number {
  let f =
    (dev.flags & ~(IFF.PROMISC | IFF.ALLMULTI | IFF.RUNNING | IFF.LOWER_UP | IFF.DORMANT)) | (dev.gflags & (IFF.PROMISC | IFF.ALLMULTI));
  if (dev.flags & IFF.UP) {
    if (operUp(dev)) f |= IFF.RUNNING;
    if (dev.carrier) f |= IFF.LOWER_UP;
    if (dev.dormant) f |= IFF.DORMANT;
  }
  return f;
}

/** netif_oper_up */
export function operUp(dev: NetDevice): boolean {
  return dev.operstate === IfOper.UP || dev.operstate === IfOper.UNKNOWN;
}

export function carrierOn(dev: NetDevice): void {
  if (dev.carrier) return;
  dev.carrier = true;
  dev.carrierChanges++;
  fireEvent(dev);
}

export function carrierOff(dev: NetDevice): void {
  if (!dev.carrier) return;
  dev.carrier = false;
  dev.carrierChanges++;
  fireEvent(dev);
}

/** linkwatch_init_dev: a device registered without carrier starts with the matching state. */
export function linkwatchInit(dev: NetDevice): void {
  if (!dev.carrier || dev.dormant) rfc2863Policy(dev);
}

/** linkwatch_sync_dev: asking for one link (not a dump), or reading its sysfs carrier, does the pending work first. */
export function linkwatchSync(dev: NetDevice): void {
  if (!dev.linkwatchPending) return;
  dev.ns.net.linkwatch.pending.delete(dev);
  doDev(dev);
}

/** A device that goes takes its event with it. */
export function linkwatchForget(dev: NetDevice): void {
  if (!dev.linkwatchPending) return;
  dev.linkwatchPending = false;
  dev.ns.net.linkwatch.pending.delete(dev);
}

/** dev_activate: the queue takes frames once there is carrier. The first call gives the device its default qdisc. */
export function devActivate(dev: NetDevice): void {
  if (dev.qdisc === "noop")
    dev.qdisc = dev.noQueue ? "noqueue" : dev.numTxQueues > 1 ? "mq" : (dev.ns.net.defaultQdisc.get(dev.ns.machine) ?? "fq_codel");
  if (dev.carrier) dev.txActive = true;
}

/** dev_deactivate: frames meet noop_qdisc from now on. */
export function devDeactivate(dev: NetDevice): void {
  dev.txActive = false;
}

/** The timer's function (TimerKind.LINKWATCH). */
export function linkwatchEvent(net: NetWorld): void {
  const lw = net.linkwatch;
  lw.timer = null;
  const urgentOnly = lw.nextEvent > net.now;
  if (!urgentOnly) lw.nextEvent = net.now + SEC;
  lw.urgent = false;
  const todo = lw.pending;
  lw.pending = new Set();
  for (const dev of todo) {
    if (urgentOnly && !isUrgent(dev)) lw.pending.add(dev);
    else doDev(dev);
  }
  if (lw.pending.size > 0) schedule(net, false);
}

function fireEvent(dev: NetDevice): void {
  if (!dev.registered) return;
  const urgent = isUrgent(dev);
  if (!dev.linkwatchPending) {
    dev.linkwatchPending = true;
    dev.ns.net.linkwatch.pending.add(dev);
  } else if (!urgent) return;
  schedule(dev.ns.net, urgent);
}

function isUrgent(dev: NetDevice): boolean {
  if (!(dev.flags & IFF.UP)) return false;
  if (dev.ifindex !== devIflink(dev)) return true;
  return dev.carrier && !dev.txActive;
}

function schedule(net: NetWorld, urgent: boolean): void {
  const lw = net.linkwatch;
  if (lw.urgent) return;
  let delay = lw.nextEvent - net.now;
  if (urgent) {
    lw.urgent = true;
    delay = 0;
  } else if (delay < 0) delay = 0;
  if (lw.timer) {
    // only an urgent event moves work that is already scheduled
    if (!urgent) return;
    net.sched.cancel(lw.timer);
  }
  lw.timer = net.sched.arm(TimerKind.LINKWATCH, net, delay < MS ? WORK_DELAY : delay);
}

function doDev(dev: NetDevice): void {
  dev.linkwatchPending = false;
  rfc2863Policy(dev);
  if (dev.flags & IFF.UP) {
    if (dev.carrier) devActivate(dev);
    else devDeactivate(dev);
    stateChange(dev);
  }
}

/** netdev_state_change: protocols and listeners hear of it. */
export function stateChange(dev: NetDevice): void {
  if (!(dev.flags & IFF.UP)) return;
  dev.ns.net.notify(dev, "change");
  linkChanged(dev);
}

/** rtmsg_ifinfo: the state event for the recorder and for listeners. */
export function linkChanged(dev: NetDevice): void {
  const net = dev.ns.net;
  const lower = dev.ops.link ? dev.ops.link(dev) : null;
  // the message carries IFLA_LINK_NETNSID: a namespace gets its id when it is first spoken of
  if (lower && lower.ns !== dev.ns && dev.registered) nsidAlloc(dev.ns, lower.ns);
  net.rec.rec(net.now, 0, dev.ns.id, Sites.EV_LINK, Verdict.EVENT, 0, null, dev.ifindex, devFlags(dev));
  net.changed(dev.ns, "link", dev, dev.ns.devs.get(dev.ifindex) !== dev);
}

function rfc2863Policy(dev: NetDevice): void {
  let state = defaultOperstate(dev);
  if (dev.linkmode === 1 && state === IfOper.UP) state = IfOper.DORMANT;
  dev.operstate = state;
}

function defaultOperstate(dev: NetDevice): number {
  if (!dev.carrier) {
    const iflink = devIflink(dev);
    if (iflink === dev.ifindex) return IfOper.DOWN;
    const lower = dev.ns.devs.get(iflink);
    if (!lower) return IfOper.DOWN;
    return lower.carrier ? IfOper.DOWN : IfOper.LOWERLAYERDOWN;
  }
  return dev.dormant ? IfOper.DORMANT : IfOper.UP;
}
