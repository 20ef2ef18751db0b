/**
 * Policy rules (net/core/fib_rules.c, net/ipv4/fib_rules.c): which table answers for which packet. Rules are immutable; the
 * list is replaced on change, ordered by priority, newest last among equals. Left out: suppressors, l3mdev, ports.
 */
import { Errno } from "../../core/result.ts";
import { maskOf } from "../../wire/addr.ts";
import type { NetNs } from "../netns.ts";
import { RtTable } from "../rtnl/messages.ts";
import type { FibTable } from "./table.ts";
import { fibResult, type FibResult, type Flow4 } from "./types.ts";

export type RuleAction = "lookup" | "blackhole" | "unreachable" | "prohibit" | "nop";

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
}

export function defaultRules(): readonly FibRule[] {
  const any = {
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
  } as const;
  return [
    { ...any, priority: 0, table: RtTable.LOCAL },
    { ...any, priority: 32766, table: RtTable.MAIN },
    { ...any, priority: 32767, table: RtTable.DEFAULT },
  ];
}

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
    (r.oifname === "" || ns.devByName(r.oifname)?.ifindex === f.oif);
  return hit !== r.invert;
}

/**
 * fib_lookup: asks the rules in order. 0 and `res`, or -ENETUNREACH when no table knows a way, or the error that a rule or
 * a route prescribes. `rule` in the answer is the one that decided, for the recorder.
 */
export function fibLookup(ns: NetNs, f: Flow4, res: FibResult, flags: number): number {
  res.route = null;
  res.nh = null;
  for (const r of ns.ip4.rules) {
    if (!matches(ns, r, f)) continue;
    switch (r.action) {
      case "nop":
        continue;
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
    if (err !== -Errno.EAGAIN) return err;
    res.route = null;
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

export function hasCustomRules(ns: NetNs): boolean {
  return (
    ns.ip4.rules.length !== 3 ||
    ns.ip4.rules.some((r) => r.action !== "lookup" || r.srcLen + r.dstLen + r.fwmask + r.tos !== 0 || r.iifname !== "" || r.oifname !== "")
  );
}
