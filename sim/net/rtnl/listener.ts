/** Sockets that listen to rtnetlink's multicast groups in a namespace, and how they are told (nlmsg_notify). What the messages hold: notify.ts. */
import { WaitQueue } from "../../core/waitq.ts";
import type { NetNs } from "../netns.ts";
import type { LinkRow, NexthopObjectRow, RtnlEvent, RuleRow } from "./messages.ts";

/** A socket's receive queue holds about as many messages; more are lost, and the reader is told once (ENOBUFS). */
const MAX_QUEUED = 1000;

export class RtnlListener {
  readonly q = new WaitQueue();
  readonly events: RtnlEvent[] = [];
  overrun = false;

  /** what was told of each device last, and devices that are being made */
  private readonly told = new Map<number, string>();
  private readonly fresh = new Set<number>();

  deliver(e: RtnlEvent): void {
    if (e.group === "netconf" && !e.deleted && !this.told.has(e.netconf.ifindex)) this.fresh.add(e.netconf.ifindex);
    if (e.group === "link" && !this.isNews(e)) return;
    if (this.events.length >= MAX_QUEUED) this.overrun = true;
    else this.events.push(e);
    this.q.wake();
  }

  /** A change has one message, though several steps here announce it; and a veth is told of once it is configured. */
  private isNews(e: Extract<RtnlEvent, { group: "link" }>): boolean {
    const { link } = e;
    if (e.deleted) {
      this.told.delete(link.ifindex);
      return true;
    }
    if (this.fresh.delete(link.ifindex) && link.kind === "veth" && link.link === 0) return false;
    const key = keyOf(link);
    if (this.told.get(link.ifindex) === key) return false;
    this.told.set(link.ifindex, key);
    return true;
  }
}

function keyOf(l: LinkRow): string {
  return JSON.stringify({ ...l, stats: null });
}

export function tell(ns: NetNs, e: RtnlEvent): void {
  for (const l of ns.rtnlListeners) l.deliver(e);
}

/** Rules, nexthop objects and ids of namespaces do not go through NetWorld.changed. */
export function rtnlNotifyRule(ns: NetNs, rule: RuleRow, deleted: boolean): void {
  if (ns.rtnlListeners.length > 0) tell(ns, { group: "rule", deleted, rule });
}
export function rtnlNotifyNexthop(ns: NetNs, nexthop: NexthopObjectRow, deleted: boolean): void {
  if (ns.rtnlListeners.length > 0) tell(ns, { group: "nexthop", deleted, nexthop });
}
export function rtnlNotifyNsid(ns: NetNs, nsid: number, deleted: boolean): void {
  if (ns.rtnlListeners.length > 0) tell(ns, { group: "nsid", deleted, nsid });
}
