/** Well-known IPv6 addresses. For reading only. */
import { parseIp6 } from "../../wire/addr.ts";
import { bug } from "../../core/result.ts";

function known(text: string): Uint8Array {
  return parseIp6(text) ?? bug(`no address: ${text}`);
}
export const LOOPBACK6 = known("::1");
export const IF_ALL_NODES = known("ff01::1");
export const ALL_NODES = known("ff02::1");
export const IF_ALL_ROUTERS = known("ff01::2");
export const SITE_ALL_ROUTERS = known("ff05::2");
export const LINK_LOCAL = known("fe80::");
export const ALL_ROUTERS = known("ff02::2");
/** where MLDv2 reports go */
export const MLD_REPORTS_TO = known("ff02::16");
export const MULTICAST_PREFIX = known("ff00::");
