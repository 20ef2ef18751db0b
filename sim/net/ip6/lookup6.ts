/**
 * Which route answers (fib6_rule_lookup of net/ipv6/fib6_rules.c, fib6_table_lookup and find_rr_leaf of route.c): rules in order, in a
 * table the longest prefix whose device and router will do, and among several next hops the one on which the flow's hash falls. Rules are the
 * rows that netlink gives; the list is replaced on change. Left out: l3mdev, the search for a source address by a rule.
 */
import { equalBytes } from "../../core/bytes.ts";
import { fnvBytes, mix32 } from "../../core/hash.ts";
import { Errno } from "../../core/result.ts";
import { inPrefix6, isUnspecified6 } from "../../wire/addr.ts";
import { neighLookup6 } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { Nud, RtTable, type RuleRow } from "../rtnl/messages.ts";
import { asksForPorts, matchesExtra, suppressedBy } from "../rtnl/rule-extra.ts";
import { canEcmp, fib6Error } from "./fib6.ts";
import type { Fib6Route, Flow6 } from "./state.ts";

const RULE = {
  family: 10,
  src: null,
  srcLen: 0,
  dst: null,
  dstLen: 0,
  iifname: "",
  oifname: "",
  fwmark: 0,
  fwmask: 0,
  tos: 0,
  action: "lookup",
  invert: false,
  // RTPROT_KERNEL
  protocol: 2,
} as const;
/** fib6_default_rules_init */
export const DEFAULT_RULES6: readonly RuleRow[] = [
  { ...RULE, priority: 0, table: RtTable.LOCAL },
  { ...RULE, priority: 32766, table: RtTable.MAIN },
];

/** RT6_LOOKUP_F_*: only routes by the flow's device; routers that do not answer count as none. */
export const Strict = { IFACE: 1, REACHABLE: 2 } as const;

const PREF = { low: 1, medium: 2, high: 3 } as const;

/** rt6_score_route: -1 will not do. */
function score(ns: NetNs, r: Fib6Route, oif: number, strict: number): number {
  let m = oif === 0 || r.dev.ifindex === oif ? 2 : 0;
  if (m === 0 && (strict & Strict.IFACE) !== 0) return -1;
  m |= PREF[r.pref] << 2;
  if ((strict & Strict.REACHABLE) !== 0 && r.gateway !== null) {
    const n = neighLookup6(ns.ip6.nd, r.dev, r.gateway);
    if (n && (n.state & Nud.FAILED) !== 0) return -1;
  }
  return m;
}

function usable(ns: NetNs, r: Fib6Route): boolean {
  if (r.dead || (r.expires !== 0 && ns.net.now >= r.expires)) return false;
  return !r.linkdown || (r.dev.conf6.ignore_routes_with_linkdown === 0 && ns.sysctl.conf6All.ignore_routes_with_linkdown === 0);
}

/** find_rr_leaf: among routes of one prefix (from `i` to before `end`) the best of the smallest metric, or else of all others. */
function bestOf(ns: NetNs, all: readonly Fib6Route[], i: number, end: number, oif: number, strict: number): Fib6Route | null {
  const smallest = all[i]!.metric;
  let best: Fib6Route | null = null;
  let top = -1;
  for (; i < end; i++) {
    const r = all[i]!;
    if (best && best.metric === smallest && r.metric !== smallest) return best;
    if (!usable(ns, r)) continue;
    const m = score(ns, r, oif, strict);
    if (m > top) {
      top = m;
      best = r;
    }
  }
  return best;
}

function covers(r: Fib6Route, f: Flow6): boolean {
  return inPrefix6(f.daddr, r.dst, r.len) && (r.srcLen === 0 || inPrefix6(f.saddr, r.src, r.srcLen));
}

/** fib6_table_lookup, with its way back to shorter prefixes when no route of a longer one will do. */
function tableLookup(ns: NetNs, table: number, f: Flow6, oif: number, strict: number): Fib6Route | null {
  const all = ns.ip6.tables.get(table);
  if (!all) return null;
  for (;;) {
    // what covers the destination is listed from the longest prefix to the shortest, one prefix in a row
    for (let i = 0; i < all.length;) {
      const r = all[i]!;
      let end = i + 1;
      // where there are routes for some senders, those for all of the same prefix do not answer (fib6_node_lookup_1)
      const shadowed = i > 0 && r.srcLen === 0 && all[i - 1]!.srcLen > 0 && all[i - 1]!.len === r.len && equalBytes(all[i - 1]!.dst, r.dst);
      if (shadowed) {
        while (end < all.length && all[end]!.srcLen === 0 && all[end]!.len === r.len && equalBytes(all[end]!.dst, r.dst)) end++;
      } else if (covers(r, f)) {
        while (end < all.length && all[end]!.len === r.len && all[end]!.srcLen === r.srcLen && covers(all[end]!, f)) end++;
        const hit = bestOf(ns, all, i, end, oif, strict);
        if (hit) return canEcmp(hit) && end - i > 1 ? selectPath(ns, hit, all, i, end, f, oif, strict) : hit;
      }
      i = end;
    }
    if ((strict & Strict.REACHABLE) === 0) return null;
    strict &= ~Strict.REACHABLE;
  }
}

/** rt6_multipath_hash, policy 0 */
function multipathHash6(f: Flow6): number {
  return mix32(fnvBytes(fnvBytes(0x811c9dc5 ^ f.proto, f.saddr), f.daddr)) >>> 1;
}

/** fib6_select_path: of the routes from `i` to before `end` the siblings of `match` share what it would get. */
function selectPath(
  ns: NetNs,
  match: Fib6Route,
  all: readonly Fib6Route[],
  i: number,
  end: number,
  f: Flow6,
  oif: number,
  strict: number,
): Fib6Route {
  const alive = all.slice(i, end).filter((h) => h.metric === match.metric && canEcmp(h) && usable(ns, h));
  let total = 0;
  for (const h of alive) total += h.weight;
  const hash = multipathHash6(f);
  let sum = 0;
  for (const h of alive) {
    sum += h.weight;
    if (hash < Math.floor((sum * 0x80000000) / total)) return score(ns, h, oif, strict) >= 0 ? h : match;
  }
  return match;
}

function matches(ns: NetNs, r: RuleRow, f: Flow6): boolean {
  const src = r.srcLen === 0 || (!isUnspecified6(f.saddr) && inPrefix6(f.saddr, r.src!, r.srcLen));
  const hit =
    src &&
    (r.dstLen === 0 || inPrefix6(f.daddr, r.dst!, r.dstLen)) &&
    (r.tos === 0 || r.tos === (f.tclass & 0xfc)) &&
    ((f.mark ^ r.fwmark) & r.fwmask) === 0 &&
    (r.iifname === "" || ns.devByName(r.iifname)?.ifindex === (f.iif || ns.loopback.ifindex)) &&
    (r.oifname === "" || ns.devByName(r.oifname)?.ifindex === f.oif) &&
    matchesExtra(r, f);
  return hit !== r.invert;
}

/**
 * The route for a flow, which may be one that refuses (fib6Error); or -errno: -ENETUNREACH when no table knows a way, or what a
 * rule says. `oif`: the device that routes are scored by (of a received packet, the one it came in by).
 */
export function fib6Lookup(ns: NetNs, f: Flow6, oif: number, strict: number): Fib6Route | number {
  const { rules } = ns.ip6;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (rules !== DEFAULT_RULES6 && !matches(ns, rule, f)) continue;
    switch (rule.action) {
      case "unreachable":
        return -Errno.ENETUNREACH;
      case "prohibit":
        return -Errno.EACCES;
      case "blackhole":
        return -Errno.EINVAL;
      case "goto": {
        const to = rules.findIndex((x) => x.priority === rule.target);
        if (to > i) i = to - 1;
        continue;
      }
      case "lookup":
        break;
      default:
        continue;
    }
    const r = tableLookup(ns, rule.table, f, oif, strict);
    if (r && fib6Error(r.type) !== -Errno.EAGAIN && !suppressedBy(rule, r.len, r.dev.group)) return r;
  }
  return -Errno.ENETUNREACH;
}

/** Is any rule about ports? (fib6_has_custom_rules, fib6_rules_require_fldissect) */
export function rulesNeedPorts6(ns: NetNs): boolean {
  const { rules } = ns.ip6;
  return rules !== DEFAULT_RULES6 && rules.some(asksForPorts);
}
