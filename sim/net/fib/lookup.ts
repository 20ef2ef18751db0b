/** Questions to the tables that are not about one packet: what kind of address is this, what does a device's table say. */
import { isLimitedBroadcast4, isMulticast4, isZeronet4 } from "../../wire/addr.ts";
import type { NetNs } from "../netns.ts";
import { RtTable, RtType } from "../rtnl/messages.ts";
import { fibGetTable, lookupLocal } from "./rules.ts";
import { fibResult, flow4 } from "./types.ts";

/**
 * inet_addr_type_dev_table: LOCAL, BROADCAST, MULTICAST or UNICAST, by the table local, whichever device its routes lead to.
 * A namespace that never had an address has no table local: then every address is BROADCAST, as in Linux.
 */
export function inetAddrType(ns: NetNs, addr: number): number {
  if (isZeronet4(addr) || isLimitedBroadcast4(addr)) return RtType.BROADCAST;
  if (isMulticast4(addr)) return RtType.MULTICAST;
  const table = fibGetTable(ns, RtTable.LOCAL);
  if (!table) return RtType.BROADCAST;
  const res = fibResult();
  return lookupLocal(ns, flow4(addr, 0, 0), res, 0) === 0 ? res.type : RtType.UNICAST;
}
