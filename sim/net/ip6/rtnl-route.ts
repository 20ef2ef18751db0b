import type { NetNs } from "../netns.ts";
import { Errno } from "../../core/result.ts";
import { type RouteGetRequest, type RouteRequest, type RouteRow, type RtnlReply, rtnlError } from "../rtnl/messages.ts";
export function routeRows6(_ns: NetNs, _table: number): RouteRow[] {
  return [];
}
export function newRoute6(_ns: NetNs, _flags: number, _r: RouteRequest): RtnlReply {
  return rtnlError(Errno.EOPNOTSUPP);
}
export function delRoute6(_ns: NetNs, _r: RouteRequest): RtnlReply {
  return rtnlError(Errno.EOPNOTSUPP);
}
export function getRoute6(_ns: NetNs, _q: RouteGetRequest): RtnlReply {
  return rtnlError(Errno.ENETUNREACH);
}
