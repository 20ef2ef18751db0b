/** A listed route as the request that names it: what RTM_DELROUTE needs to find it again, and RTM_NEWROUTE to make it once more. */
import type { RouteRow } from "../../net/rtnl/messages.ts";

export function routeKey(r: RouteRow): Pick<RouteRow, "family" | "dst" | "dstLen" | "tos" | "table" | "protocol" | "scope" | "type"> {
  const { family, dst, dstLen, tos, table, protocol, scope, type } = r;
  return { family, dst, dstLen, tos, table, protocol, scope, type };
}
