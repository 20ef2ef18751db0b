/**
 * Policy rules (net/core/fib_rules.c, net/ipv4/fib_rules.c): which table answers for which packet. Rules are immutable; the
 * list is replaced on change, ordered by priority, newest last among equals. There are no VRFs and no
 * tunnel metadata, so rules about them never match.
 */
import { Errno } from "../../core/result.ts";
import { maskOf } from "../../wire/addr.ts";
import type { NetNs } from "../netns.ts";
import { type RuleExtra, type RuleRow, RtTable } from "../rtnl/messages.ts";
import { asksForPorts, matchesExtra, suppressedBy } from "../rtnl/rule-extra.ts";
import type { FibTable } from "./table.ts";
import { fibResult, type FibResult, type Flow4 } from "./types.ts";

export type RuleAction = RuleRow["action"];

export interface FibRule {
  readonly priority: number;
  readonly src: number;
  readonly srcLen: number;
  readonly dst: number;
  readonly dstLen: number;
  readonly tos: number;
  readonly fwmark: number;
  readonly fwmask: number;
  /** "" any */
  readonly iifname: string;
  readonly oifname: string;
  readonly table: number;
  readonly action: RuleAction;
  readonly invert: boolean;
  readonly protocol: number;
  /** null: none of what few rules have */
  readonly extra: RuleExtra | null;
}

const ANY = {
  src: 0,
  srcLen: 0,
  dst: 0,
  dstLen: 0,
  tos: 0,
  fwmark: 0,
  fwmask: 0,
  iifname: "",
  oifname: "",
  action: "lookup",
  invert: false,
  protocol: 2,
  extra: null,
} as const;
export const DEFAULT_RULES: readonly FibRule[] = [
  { ...ANY, priority: 0, table: RtTable.LOCAL },
  { ...ANY, priority: 32766, table: RtTable.MAIN },
  { ...ANY, priority: 32767, table: RtTable.DEFAULT },
];

/** fib_get_table: RT_TABLE_UNSPEC means main. Null until a first route made it. */
export function fibGetTable(ns: NetNs, id: number): FibTable | null {
  return ns.ip4.tables.get(id === RtTable.UNSPEC ? RtTable.MAIN : id) ?? null;
}

function matches(ns: NetNs, r: FibRule, f: Flow4): boolean {
  const hit =
    ((f.saddr ^ r.src) & maskOf(r.srcLen)) === 0 &&
    ((f.daddr ^ r.dst) & maskOf(r.dstLen)) === 0 &&
    (r.tos === 0 || r.tos === (f.tos & 0xfc)) &&
    ((f.mark ^ r.fwmark) & r.fwmask) === 0 &&
    (r.iifname === "" || ns.devByName(r.iifname)?.ifindex === f.iif) &&
    (r.oifname === "" || ns.devByName(r.oifname)?.ifindex === f.oif) &&
    (r.extra === null || matchesExtra(r.extra, f));
  return hit !== r.invert;
}

function suppressed(x: RuleExtra | null, res: FibResult): boolean {
  return res.route !== null && suppressedBy(x, res.route.len, res.nh?.dev?.group);
}

/** Is any rule about ports? Then a packet on its way is looked into (fib4_has_custom_rules, early flow dissection). */
export function rulesNeedPorts(ns: NetNs): boolean {
  const { rules } = ns.ip4;
  return rules !== DEFAULT_RULES && rules.some((r) => asksForPorts(r.extra));
}

/**
 * fib_lookup: asks the rules in order. 0 and `res`, or -ENETUNREACH when no table knows a way, or the error that a rule or
 * a route prescribes. `rule` in the answer is the one that decided, for the recorder.
 */
export function fibLookup(ns: NetNs, f: Flow4, res: FibResult, flags: number): number {
  res.route = null;
  res.nh = null;
  const { rules } = ns.ip4;
  for (let i = 0; i < rules.length; i++) {
    const r = rules[i]!;
    if (rules !== DEFAULT_RULES && !matches(ns, r, f)) continue;
    switch (r.action) {
      case "nop":
        continue;
      case "goto": {
        const to = rules.findIndex((x) => x.priority === r.extra?.target);
        if (to > i) i = to - 1;
        continue;
      }
      case "unreachable":
        return -Errno.ENETUNREACH;
      case "prohibit":
        return -Errno.EACCES;
      case "blackhole":
        return -Errno.EINVAL;
      case "lookup":
    }
    const table = fibGetTable(ns, r.table);
    if (!table) continue;
    const err = table.id === RtTable.LOCAL ? lookupLocal(ns, f, res, flags) : table.lookup(f, res, flags);
    if (err !== -Errno.EAGAIN && !(err === 0 && suppressed(r.extra, res))) return err;
    res.route = null;
    res.nh = null;
  }
  return -Errno.ENETUNREACH;
}

/**
 * The table local. Without rules of its own Linux keeps local and main in one trie, so a longer prefix of main wins over a
 * shorter one of local.
 */
export function lookupLocal(ns: NetNs, f: Flow4, res: FibResult, flags: number): number {
  const local = fibGetTable(ns, RtTable.LOCAL);
  if (!local) return -Errno.EAGAIN;
  const err = local.lookup(f, res, flags);
  if (err === -Errno.EAGAIN || !res.route || res.route.len === 32 || hasCustomRules(ns)) return err;
  const other = fibResult();
  const e = fibGetTable(ns, RtTable.MAIN)?.lookup(f, other, flags) ?? -Errno.EAGAIN;
  if (e === -Errno.EAGAIN || !other.route || other.route.len <= res.route.len) return err;
  Object.assign(res, other);
  return e;
}

/** fib_has_custom_rules: once a rule was added or deleted it stays so, whatever the list holds now. */
export function hasCustomRules(ns: NetNs): boolean {
  return ns.ip4.rules !== DEFAULT_RULES;
}
