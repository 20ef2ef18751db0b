/** RTM_NEWRULE, RTM_DELRULE, RTM_GETRULE (net/core/fib_rules.c). IPv6's half is in ip6/rtnl-rule.ts. */
import { rtnlNotifyRule } from "./listener.ts";
import { Errno } from "../../core/result.ts";
import type { FibRule } from "../fib/rules.ts";
import { delRule6, newRule6, ruleRow6 } from "../ip6/rtnl-rule.ts";
import type { NetNs } from "../netns.ts";
import { addr4, bytes4 } from "./addr.ts";
import { NlmF, type RtnlReply, RTNL_OK, type RtnlRequest, rtnlError, RtTable, type RuleRow } from "./messages.ts";
import { extraOf, fitsExtra, refusedRule, sameExtra } from "./rule-extra.ts";

function row(ns: NetNs, r: FibRule): RuleRow {
  const detached = (name: string): boolean => name !== "" && !ns.devByName(name);
  const unresolved = r.action === "goto" && !ns.ip4.rules.some((x) => x.priority === r.extra?.target);
  return {
    family: 2,
    priority: r.priority,
    src: r.srcLen > 0 ? bytes4(r.src) : null,
    srcLen: r.srcLen,
    dst: r.dstLen > 0 ? bytes4(r.dst) : null,
    dstLen: r.dstLen,
    iifname: r.iifname,
    oifname: r.oifname,
    fwmark: r.fwmark,
    fwmask: r.fwmask,
    tos: r.tos,
    table: r.table,
    action: r.action,
    invert: r.invert,
    protocol: r.protocol,
    ...r.extra,
    ...(detached(r.iifname) ? { iifDetached: true } : {}),
    ...(detached(r.oifname) ? { oifDetached: true } : {}),
    ...(unresolved ? { unresolved } : {}),
  };
}

export function getRule(ns: NetNs, req: RtnlRequest & { type: "RTM_GETRULE" }): RtnlReply {
  const rules: RuleRow[] = [];
  if (req.family !== 10) rules.push(...ns.ip4.rules.map((r) => row(ns, r)));
  if (req.family !== 2) rules.push(...ns.ip6.rules.map((r) => ruleRow6(ns, r)));
  return { ok: true, rules };
}

/** fib_default_rule_pref: one before the second rule. */
function defaultPref(rules: readonly FibRule[]): number {
  const second = rules[1];
  return second && second.priority > 0 ? second.priority - 1 : 0;
}

export function newRule(ns: NetNs, q: Partial<RuleRow>, flags: number): RtnlReply {
  if (q.family === 10) return newRule6(ns, q, flags);
  const action = q.action ?? "lookup";
  const priority = q.priority ?? defaultPref(ns.ip4.rules);
  const wrong = refusedRule(q, priority, 4);
  if (wrong) return wrong;
  if (((q.tos ?? 0) & 3) !== 0) return rtnlError(Errno.EINVAL, "Invalid dsfield (tos): ECN bits must be 0");
  const rule: FibRule = {
    priority,
    src: addr4(q.src),
    srcLen: q.srcLen ?? 0,
    dst: addr4(q.dst),
    dstLen: q.dstLen ?? 0,
    tos: q.tos ?? 0,
    fwmark: q.fwmark ?? 0,
    fwmask: q.fwmask ?? (q.fwmark ? 0xffffffff : 0),
    iifname: q.iifname ?? "",
    oifname: q.oifname ?? "",
    table: action === "lookup" && !q.l3mdev ? (q.table ?? RtTable.MAIN) : 0,
    action,
    invert: q.invert ?? false,
    protocol: q.protocol ?? 0,
    extra: extraOf(q),
  };
  if ((flags & NlmF.EXCL) !== 0 && ns.ip4.rules.some((r) => exists(r, rule))) return rtnlError(Errno.EEXIST);
  const at = ns.ip4.rules.findIndex((r) => r.priority > rule.priority);
  const list = [...ns.ip4.rules];
  list.splice(at < 0 ? list.length : at, 0, rule);
  setRules(ns, list);
  rtnlNotifyRule(ns, row(ns, rule), false);
  return RTNL_OK;
}

/** rule_exists and fib4_rule_compare: prefixes and TOS count only where the new rule has them, "not" never does. */
function exists(r: FibRule, wanted: FibRule): boolean {
  const keys = ["action", "table", "priority", "iifname", "oifname", "fwmark", "fwmask", "protocol"] as const;
  return (
    keys.every((k) => r[k] === wanted[k]) &&
    sameExtra(r.extra, wanted.extra) &&
    (wanted.srcLen === 0 || (wanted.srcLen === r.srcLen && wanted.src === r.src)) &&
    (wanted.dstLen === 0 || (wanted.dstLen === r.dstLen && wanted.dst === r.dst)) &&
    (wanted.tos === 0 || wanted.tos === r.tos)
  );
}

export function delRule(ns: NetNs, q: Partial<RuleRow>): RtnlReply {
  if (q.family === 10) return delRule6(ns, q);
  const wrong = refusedRule(q, 0, 4);
  if (wrong) return wrong;
  const i = ns.ip4.rules.findIndex(
    (r) =>
      (q.priority === undefined || q.priority === r.priority) &&
      (q.action === undefined || q.action === r.action) &&
      (q.table === undefined || q.table === 0 || q.table === r.table) &&
      (q.fwmark === undefined || q.fwmark === 0 || q.fwmark === r.fwmark) &&
      (q.fwmask === undefined || q.fwmask === 0 || q.fwmask === r.fwmask) &&
      (q.iifname === undefined || q.iifname === "" || q.iifname === r.iifname) &&
      (q.oifname === undefined || q.oifname === "" || q.oifname === r.oifname) &&
      (q.tos === undefined || q.tos === 0 || q.tos === r.tos) &&
      (!q.srcLen || (q.srcLen === r.srcLen && addr4(q.src) === r.src)) &&
      (!q.dstLen || (q.dstLen === r.dstLen && addr4(q.dst) === r.dst)) &&
      fitsExtra(r.extra, r.protocol, q),
  );
  if (i < 0) return rtnlError(Errno.ENOENT);
  const gone = ns.ip4.rules[i]!;
  setRules(
    ns,
    ns.ip4.rules.filter((_, k) => k !== i),
  );
  rtnlNotifyRule(ns, row(ns, gone), true);
  return RTNL_OK;
}

function setRules(ns: NetNs, rules: readonly FibRule[]): void {
  ns.ip4.rules = rules;
  ns.ip4.gen++;
  ns.net.changed(ns, "rule");
}
