/**
 * NLM_F_ECHO: the requester is told what it changed, as listeners are (nlmsg_notify with the portid of the request). Only messages that the kernel sends
 * on a request's behalf count: not a change of a device that was there, nor of a neighbour, nor the routes that follow an address.
 */
import type { NetNs } from "../netns.ts";
import { RtnlListener } from "./listener.ts";
import { NlmF, type RtnlEvent, type RtnlReply, type RtnlRequest } from "./messages.ts";

const GROUPS: Readonly<Partial<Record<RtnlRequest["type"], RtnlEvent["group"]>>> = {
  RTM_NEWLINK: "link",
  RTM_DELLINK: "link",
  RTM_NEWADDR: "address",
  RTM_DELADDR: "address",
  RTM_NEWROUTE: "route",
  RTM_DELROUTE: "route",
  RTM_NEWRULE: "rule",
  RTM_DELRULE: "rule",
  RTM_NEWNEXTHOP: "nexthop",
  RTM_DELNEXTHOP: "nexthop",
};

export function echoed(ns: NetNs, req: RtnlRequest, answer: () => RtnlReply): RtnlReply {
  const group = GROUPS[req.type];
  const listener = new RtnlListener();
  ns.rtnlListeners.push(listener);
  const before = new Set(ns.devs.keys());
  const r = answer();
  ns.rtnlListeners.splice(ns.rtnlListeners.indexOf(listener), 1);
  if (!r.ok || group === undefined) return r;
  const own = listener.events.filter((e) => e.group === group && concerns(req, e, before));
  return { ...r, events: own.slice(-1) };
}

function concerns(req: RtnlRequest, e: RtnlEvent, before: ReadonlySet<number>): boolean {
  if (e.group !== "link") return true;
  if (req.type === "RTM_DELLINK") return e.deleted && e.link.ifindex === req.ifindex;
  return req.type === "RTM_NEWLINK" && (req.flags & NlmF.CREATE) !== 0 && !before.has(e.link.ifindex);
}
