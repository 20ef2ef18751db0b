/**
 * RTM_NEWRULE and RTM_DELRULE for IPv6 (net/core/fib_rules.c, net/ipv6/fib6_rules.c). Rules are kept as the rows that netlink gives.
 */
import { rtnlNotifyRule } from "../rtnl/listener.ts";
import { Errno } from "../../core/result.ts";
import { equalBytes } from "../../core/bytes.ts";
import { networkOf6 } from "../../wire/addr.ts";
import type { NetNs } from "../netns.ts";
import { NlmF, type RtnlReply, RTNL_OK, rtnlError, RtTable, type RuleRow } from "../rtnl/messages.ts";
import { extraOf, fitsExtra, refusedRule, sameExtra } from "../rtnl/rule-extra.ts";

function prefix(addr: Uint8Array | null | undefined, len: number | undefined): Uint8Array | null {
  return addr && len ? networkOf6(addr, len) : null;
}
function same(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}

/** fib_default_rule_pref: one before the second rule. */
function defaultPref(rules: readonly RuleRow[]): number {
  const second = rules[1];
  return second && second.priority > 0 ? second.priority - 1 : 0;
}

/** What depends on what else there is now. */
export function ruleRow6(ns: NetNs, r: RuleRow): RuleRow {
  const detached = (name: string): boolean => name !== "" && !ns.devByName(name);
  const unresolved = r.action === "goto" && !ns.ip6.rules.some((x) => x.priority === r.target);
  if (!unresolved && !detached(r.iifname) && !detached(r.oifname)) return r;
  return {
    ...r,
    ...(detached(r.iifname) ? { iifDetached: true } : {}),
    ...(detached(r.oifname) ? { oifDetached: true } : {}),
    ...(unresolved ? { unresolved } : {}),
  };
}

export function newRule6(ns: NetNs, q: Partial<RuleRow>, flags: number): RtnlReply {
  const priority = q.priority ?? defaultPref(ns.ip6.rules);
  const wrong = refusedRule(q, priority, 16);
  if (wrong) return wrong;
  if (((q.tos ?? 0) & 3) !== 0) return rtnlError(Errno.EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
  if ((q.srcLen ?? 0) > 128 || (q.dstLen ?? 0) > 128) return rtnlError(Errno.EINVAL, "Invalid prefix length");
  const action = q.action ?? "lookup";
  const rule: RuleRow = {
    family: 10,
    priority,
    src: prefix(q.src, q.srcLen),
    srcLen: q.srcLen ?? 0,
    dst: prefix(q.dst, q.dstLen),
    dstLen: q.dstLen ?? 0,
    iifname: q.iifname ?? "",
    oifname: q.oifname ?? "",
    fwmark: q.fwmark ?? 0,
    fwmask: q.fwmask ?? (q.fwmark ? 0xffffffff : 0),
    tos: q.tos ?? 0,
    table: action === "lookup" && !q.l3mdev ? q.table || RtTable.MAIN : 0,
    action,
    invert: q.invert ?? false,
    protocol: q.protocol ?? 0,
    ...extraOf(q),
  };
  if ((flags & NlmF.EXCL) !== 0 && ns.ip6.rules.some((r) => exists(r, rule))) return rtnlError(Errno.EEXIST);
  // fib6_rule_configure makes the table exist
  if (rule.table !== 0 && !ns.ip6.tables.has(rule.table)) ns.ip6.tables.set(rule.table, []);
  const list = [...ns.ip6.rules];
  const at = list.findIndex((r) => r.priority > rule.priority);
  list.splice(at < 0 ? list.length : at, 0, rule);
  setRules(ns, list);
  rtnlNotifyRule(ns, rule, false);
  return RTNL_OK;
}

/** rule_exists and fib6_rule_compare: prefixes and TOS count only where the new rule has them, "not" never does. */
function exists(r: RuleRow, wanted: RuleRow): boolean {
  const keys = ["action", "table", "priority", "iifname", "oifname", "fwmark", "fwmask", "protocol"] as const;
  return (
    keys.every((k) => r[k] === wanted[k]) &&
    sameExtra(r, wanted) &&
    (wanted.srcLen === 0 || (wanted.srcLen === r.srcLen && same(wanted.src, r.src))) &&
    (wanted.dstLen === 0 || (wanted.dstLen === r.dstLen && same(wanted.dst, r.dst))) &&
    (wanted.tos === 0 || wanted.tos === r.tos)
  );
}

/** The first rule that has all that was asked for (rule_find). */
export function delRule6(ns: NetNs, q: Partial<RuleRow>): RtnlReply {
  const wrong = refusedRule(q, 0, 16);
  if (wrong) return wrong;
  const i = ns.ip6.rules.findIndex(
    (r) =>
      (q.priority === undefined || q.priority === r.priority) &&
      (q.action === undefined || q.action === r.action) &&
      (!q.table || q.table === r.table) &&
      (!q.fwmark || q.fwmark === r.fwmark) &&
      (!q.fwmask || q.fwmask === r.fwmask) &&
      (!q.iifname || q.iifname === r.iifname) &&
      (!q.oifname || q.oifname === r.oifname) &&
      (!q.tos || q.tos === r.tos) &&
      (!q.srcLen || (q.srcLen === r.srcLen && same(prefix(q.src, q.srcLen), r.src))) &&
      (!q.dstLen || (q.dstLen === r.dstLen && same(prefix(q.dst, q.dstLen), r.dst))) &&
      fitsExtra(r, r.protocol ?? 0, q),
  );
  if (i < 0) return rtnlError(Errno.ENOENT);
  const gone = ns.ip6.rules[i]!;
  setRules(
    ns,
    ns.ip6.rules.filter((_, k) => k !== i),
  );
  rtnlNotifyRule(ns, gone, true);
  return RTNL_OK;
}

function setRules(ns: NetNs, rules: readonly RuleRow[]): void {
  ns.ip6.rules = rules;
  ns.net.changed(ns, "rule");
}
