/** RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_GETNEXTHOP. */
import { Errno } from "../../core/result.ts";
import { addNexthop, type NexthopObject, nexthopsOf, removeNexthop } from "../fib/nexthop-object.ts";
import type { NetNs } from "../netns.ts";
import { rtnlNotifyNexthop } from "./listener.ts";
import { type NexthopObjectRow, type RtnlReply, type RtnlRequest, RTNL_OK, rtnlError, RtnhF, RtScope } from "./messages.ts";

type NexthopRequest = RtnlRequest & { type: "RTM_NEWNEXTHOP" | "RTM_DELNEXTHOP" | "RTM_GETNEXTHOP" };

export function nexthop(ns: NetNs, req: NexthopRequest): RtnlReply {
  if (req.type === "RTM_NEWNEXTHOP") {
    const o = addNexthop(ns, req.flags, req.nexthop);
    if (!("id" in o)) return rtnlError(o.errno, o.extack);
    rtnlNotifyNexthop(ns, row(ns, o), false);
    return RTNL_OK;
  }
  const { nexthops } = ns.ip4;
  if (req.type === "RTM_DELNEXTHOP") {
    const o = nexthops.get(req.id);
    if (!o) return rtnlError(Errno.ENOENT);
    const gone = row(ns, o);
    removeNexthop(ns, req.id);
    rtnlNotifyNexthop(ns, gone, true);
    return RTNL_OK;
  }
  if (req.id !== undefined && !nexthops.has(req.id)) return rtnlError(Errno.ENOENT);
  const wanted = [...nexthops.values()].filter((o) => req.id === undefined || o.id === req.id);
  return { ok: true, nexthopObjects: wanted.sort((a, b) => a.id - b.id).map((o) => row(ns, o)) };
}

function row(ns: NetNs, o: NexthopObject): NexthopObjectRow {
  const down = o.group === null && nexthopsOf(ns, o).some((n) => (n.flags & RtnhF.LINKDOWN) !== 0) ? RtnhF.LINKDOWN : 0;
  return {
    id: o.id,
    gateway: o.gateway,
    ifindex: o.oif,
    scope: o.group !== null || o.blackhole ? 0 : o.gateway === 0 ? RtScope.HOST : RtScope.LINK,
    protocol: o.protocol,
    blackhole: o.blackhole,
    group: o.group,
    flags: o.flags | down,
  };
}
