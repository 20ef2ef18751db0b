/**
 * The policy table of RFC 6724 §2.1: labels of prefixes, for rule 6 of choosing a source address (net/ipv6/addrlabel.c). The first entry
 * of the list that covers an address has its label; longer prefixes stand first, and among equal ones those of a device.
 */
import { equalBytes } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { inPrefix6, networkOf6, parseIp6 } from "../../wire/addr.ts";
import type { NetNs } from "../netns.ts";
import { type AddrLabelRow, type RtnlReply, RTNL_OK, type RtnlRequest, rtnlError } from "../rtnl/messages.ts";

const NO_LABEL = 0xffffffff;

/** ip6addrlbl_init_table */
export const DEFAULT_LABELS: readonly AddrLabelRow[] = (
  [
    ["::1", 128, 0],
    ["::", 96, 3],
    ["::ffff:0:0", 96, 4],
    ["2001::", 32, 6],
    ["2001:10::", 28, 7],
    ["3ffe::", 16, 12],
    ["2002::", 16, 2],
    ["fec0::", 10, 11],
    ["fc00::", 7, 5],
    ["::", 0, 1],
  ] as const
).map(([text, prefixlen, label]) => ({ prefix: parseIp6(text)!, prefixlen, ifindex: 0, label }));

/** ipv6_addr_label; NO_LABEL where nothing covers the address. */
export function labelOf(ns: NetNs, a: Uint8Array, ifindex: number): number {
  for (const l of ns.ip6.labels) if ((l.ifindex === 0 || l.ifindex === ifindex) && inPrefix6(a, l.prefix, l.prefixlen)) return l.label;
  return NO_LABEL;
}

const V4_MAPPED = parseIp6("::ffff:0:0")!;

/** ip6addrlbl_newdel */
export function changeLabel(ns: NetNs, req: RtnlRequest & { type: "RTM_NEWADDRLABEL" | "RTM_DELADDRLABEL" }): RtnlReply {
  const { prefixlen, ifindex, label } = req.label;
  if (prefixlen > 128) return rtnlError(Errno.EINVAL);
  if (req.label.prefix.length !== 16) return rtnlError(Errno.EINVAL, "Attribute failed policy validation");
  const prefix = networkOf6(req.label.prefix, prefixlen);
  const same = (l: AddrLabelRow): boolean => l.prefixlen === prefixlen && l.ifindex === ifindex && equalBytes(l.prefix, prefix);
  const { labels } = ns.ip6;
  if (req.type === "RTM_DELADDRLABEL") {
    if (!labels.some(same)) return rtnlError(Errno.ESRCH);
    ns.ip6.labels = labels.filter((l) => !same(l));
    return RTNL_OK;
  }
  if (ifindex !== 0 && !ns.devs.has(ifindex)) return rtnlError(Errno.EINVAL);
  if (label === NO_LABEL || (prefixlen > 96 && inPrefix6(prefix, V4_MAPPED, 96))) return rtnlError(Errno.EINVAL);
  if (labels.some(same)) return rtnlError(Errno.EEXIST);
  const at = labels.findIndex((l) => (l.prefixlen === prefixlen && l.ifindex === 0) || l.prefixlen < prefixlen);
  const i = at < 0 ? labels.length : at;
  ns.ip6.labels = [...labels.slice(0, i), { prefix, prefixlen, ifindex, label }, ...labels.slice(i)];
  return RTNL_OK;
}
