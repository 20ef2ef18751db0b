import type { NetNs } from "../netns.ts";
import { Errno } from "../../core/result.ts";
import { type AddrRequest, type AddrRow, type RtnlReply, rtnlError } from "../rtnl/messages.ts";
export function addrRows6(_ns: NetNs, _ifindex: number): AddrRow[] {
  return [];
}
export function newAddr6(_ns: NetNs, _flags: number, _a: AddrRequest): RtnlReply {
  return rtnlError(Errno.EOPNOTSUPP);
}
export function delAddr6(_ns: NetNs, _a: AddrRequest): RtnlReply {
  return rtnlError(Errno.EOPNOTSUPP);
}
