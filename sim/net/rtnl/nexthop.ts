/** RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_GETNEXTHOP. */
import { Errno } from "../../core/result.ts";
import { addNexthop, nexthopsOf, removeNexthop } from "../fib/nexthop-object.ts";
import type { NetNs } from "../netns.ts";
import { type NexthopObjectRow, type RtnlReply, type RtnlRequest, RTNL_OK, rtnlError, RtnhF, RtScope } from "./messages.ts";

type NexthopRequest = RtnlRequest & { type: "RTM_NEWNEXTHOP" | "RTM_DELNEXTHOP" | "RTM_GETNEXTHOP" };

export function nexthop(ns: NetNs, req: NexthopRequest): RtnlReply {
  if (req.type === "RTM_NEWNEXTHOP") {
    const wrong = addNexthop(ns, req.flags, req.nexthop);
    return wrong ? rtnlError(wrong.errno, wrong.extack) : RTNL_OK;
  }
  if (req.type === "RTM_DELNEXTHOP") return removeNexthop(ns, req.id) ? RTNL_OK : rtnlError(Errno.ENOENT);
  if (req.id !== undefined && !ns.ip4.nexthops.has(req.id)) return rtnlError(Errno.ENOENT);
  const rows: NexthopObjectRow[] = [];
  for (const o of [...ns.ip4.nexthops.values()].sort((a, b) => a.id - b.id)) {
    if (req.id !== undefined && req.id !== o.id) continue;
    const down = o.group === null && nexthopsOf(ns, o).some((n) => (n.flags & RtnhF.LINKDOWN) !== 0) ? RtnhF.LINKDOWN : 0;
    rows.push({
      id: o.id,
      gateway: o.gateway,
      ifindex: o.oif,
      scope: o.group !== null || o.blackhole ? 0 : o.gateway === 0 ? RtScope.HOST : RtScope.LINK,
      protocol: o.protocol,
      blackhole: o.blackhole,
      group: o.group,
      flags: o.flags | down,
    });
  }
  return { ok: true, nexthopObjects: rows };
}
