/** RTM_NEWRULE, RTM_DELRULE, RTM_GETRULE (net/core/fib_rules.c). IPv6 has its two fixed rules and takes no others yet. */
import { Errno } from "../../core/result.ts";
import type { FibRule } from "../fib/rules.ts";
import type { NetNs } from "../netns.ts";
import { addr4, bytes4 } from "./addr.ts";
import { type RtnlReply, RTNL_OK, type RtnlRequest, rtnlError, RtTable, type RuleRow } from "./messages.ts";

const NOT_SIMULATED = "hop: such rules are not simulated";

function row(r: FibRule): RuleRow {
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
  };
}

const ANY6 = {
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
} as const;
const RULES6: readonly RuleRow[] = [
  { ...ANY6, priority: 0, table: RtTable.LOCAL },
  { ...ANY6, priority: 32766, table: RtTable.MAIN },
];

export function getRule(ns: NetNs, req: RtnlRequest & { type: "RTM_GETRULE" }): RtnlReply {
  const rules: RuleRow[] = [];
  if (req.family !== 10) rules.push(...ns.ip4.rules.map(row));
  if (req.family !== 2) rules.push(...RULES6);
  return { ok: true, rules };
}

/** fib_default_rule_pref: one before the second rule. */
function defaultPref(rules: readonly FibRule[]): number {
  const second = rules[1];
  return second && second.priority > 0 ? second.priority - 1 : 0;
}

export function newRule(ns: NetNs, q: Partial<RuleRow>): RtnlReply {
  if (q.family !== 2 || q.action === "goto") return rtnlError(Errno.EOPNOTSUPP, NOT_SIMULATED);
  const action = q.action ?? "lookup";
  const rule: FibRule = {
    priority: q.priority ?? defaultPref(ns.ip4.rules),
    src: addr4(q.src),
    srcLen: q.srcLen ?? 0,
    dst: addr4(q.dst),
    dstLen: q.dstLen ?? 0,
    tos: q.tos ?? 0,
    fwmark: q.fwmark ?? 0,
    fwmask: q.fwmask ?? (q.fwmark ? 0xffffffff : 0),
    iifname: q.iifname ?? "",
    oifname: q.oifname ?? "",
    table: action === "lookup" ? (q.table ?? RtTable.MAIN) : 0,
    action,
    invert: q.invert ?? false,
    protocol: 3,
  };
  if (q.priority !== undefined && ns.ip4.rules.some((r) => same(r, rule))) return rtnlError(Errno.EEXIST);
  const at = ns.ip4.rules.findIndex((r) => r.priority > rule.priority);
  const list = [...ns.ip4.rules];
  list.splice(at < 0 ? list.length : at, 0, rule);
  setRules(ns, list);
  return RTNL_OK;
}

function same(a: FibRule, b: FibRule): boolean {
  return (Object.keys(a) as (keyof FibRule)[]).every((k) => k === "protocol" || a[k] === b[k]);
}

export function delRule(ns: NetNs, q: Partial<RuleRow>): RtnlReply {
  if (q.family !== 2) return rtnlError(Errno.EOPNOTSUPP, NOT_SIMULATED);
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
      (!q.dstLen || (q.dstLen === r.dstLen && addr4(q.dst) === r.dst)),
  );
  if (i < 0) return rtnlError(Errno.ENOENT);
  setRules(
    ns,
    ns.ip4.rules.filter((_, k) => k !== i),
  );
  return RTNL_OK;
}

function setRules(ns: NetNs, rules: readonly FibRule[]): void {
  ns.ip4.rules = rules;
  ns.ip4.gen++;
  ns.net.changed(ns, "rule");
}
