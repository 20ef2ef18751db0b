/** Sockets that listen to rtnetlink's multicast groups in a namespace, and how they are told (nlmsg_notify). What the messages hold: notify.ts. */
import { WaitQueue } from "../../core/waitq.ts";
import type { NetNs } from "../netns.ts";
import type { RtnlEvent, RuleRow } from "./messages.ts";

/** A socket's receive queue holds about as many messages; more are lost, and the reader is told once (ENOBUFS). */
const MAX_QUEUED = 1000;

export class RtnlListener {
  readonly q = new WaitQueue();
  readonly events: RtnlEvent[] = [];
  overrun = false;

  deliver(e: RtnlEvent): void {
    if (this.events.length >= MAX_QUEUED) this.overrun = true;
    else this.events.push(e);
    this.q.wake();
  }
}

export function tell(ns: NetNs, e: RtnlEvent): void {
  for (const l of ns.rtnlListeners) l.deliver(e);
}

/** Rules and ids of namespaces are no objects of their own. */
export function rtnlNotifyRule(ns: NetNs, rule: RuleRow, deleted: boolean): void {
  if (ns.rtnlListeners.length > 0) tell(ns, { group: "rule", deleted, rule });
}
export function rtnlNotifyNsid(ns: NetNs, nsid: number, deleted: boolean): void {
  if (ns.rtnlListeners.length > 0) tell(ns, { group: "nsid", deleted, nsid });
}
