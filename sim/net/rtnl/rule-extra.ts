/**
 * What both families' policy rules share: protocol, ports, users, suppressors and goto; the checks of a request; which of a rule's fields
 * make it the same (net/core/fib_rules.c). Rules about VRFs and tunnels never match: there are none.
 */
import { Errno } from "../../core/result.ts";
import { type RtnlReply, rtnlError, type RuleExtra, type RuleRange, type RuleRow } from "./messages.ts";

const EXTRA = ["ipproto", "sport", "dport", "uidrange", "suppressPrefixlength", "suppressIfgroup", "target", "l3mdev", "tunId"] as const;

export function extraOf(q: Partial<RuleRow>): RuleExtra | null {
  const given = EXTRA.filter((k) => q[k] !== undefined);
  return given.length === 0 ? null : Object.fromEntries(given.map((k) => [k, q[k]]));
}

export function sameExtra(a: RuleExtra | null, b: RuleExtra | null): boolean {
  const range = (x: RuleRange | undefined, y: RuleRange | undefined): boolean => x?.from === y?.from && x?.to === y?.to;
  return EXTRA.every((k) => {
    if (k === "sport" || k === "dport" || k === "uidrange") return range(a?.[k], b?.[k]);
    return k === "target" || a?.[k] === b?.[k];
  });
}

/** Has the rule what a deletion asks for? */
export function fitsExtra(x: RuleExtra | null, protocol: number, q: Partial<RuleRow>): boolean {
  const range = (a: RuleRange | undefined, b: RuleRange | undefined): boolean => a === undefined || (a.from === b?.from && a.to === b.to);
  return (
    (q.ipproto === undefined || q.ipproto === x?.ipproto) &&
    range(q.sport, x?.sport) &&
    range(q.dport, x?.dport) &&
    range(q.uidrange, x?.uidrange) &&
    (q.suppressPrefixlength === undefined || q.suppressPrefixlength === x?.suppressPrefixlength) &&
    (q.suppressIfgroup === undefined || q.suppressIfgroup === x?.suppressIfgroup) &&
    (!q.l3mdev || x?.l3mdev === true) &&
    (!q.tunId || q.tunId === x?.tunId) &&
    (!q.protocol || q.protocol === protocol)
  );
}

/** fib_nl2rule: what is wrong with the request, in the kernel's words. `size`: of the family's addresses. */
export function refusedRule(q: Partial<RuleRow>, priority: number, size: 4 | 16): RtnlReply | null {
  const misfit = (addr: Uint8Array | null | undefined, len: number | undefined): boolean => (addr ? addr.length !== size : (len ?? 0) > 0);
  if (misfit(q.src, q.srcLen)) return rtnlError(Errno.EINVAL, "Invalid source address");
  if (misfit(q.dst, q.dstLen)) return rtnlError(Errno.EINVAL, "Invalid dst address");
  const bad = (r: RuleRange | undefined): boolean => r !== undefined && (r.from === 0 || r.from > r.to || r.to > 65535);
  if (q.action === "goto" && q.target! <= priority) return rtnlError(Errno.EINVAL, "Backward goto not supported");
  if (q.uidrange && q.uidrange.from > q.uidrange.to) return rtnlError(Errno.EINVAL, "Invalid uid range");
  if (bad(q.sport)) return rtnlError(Errno.EINVAL, "Invalid sport range");
  return bad(q.dport) ? rtnlError(Errno.EINVAL, "Invalid dport range") : null;
}

/** What of a flow these rules look at, of either family. */
export interface RuleFlow {
  readonly proto: number;
  readonly sport: number;
  readonly dport: number;
  readonly uid: number;
}

export function matchesExtra(x: RuleExtra, f: RuleFlow): boolean {
  const within = (n: number, r: RuleRange | undefined): boolean => r === undefined || (n >= r.from && n <= r.to);
  if (x.l3mdev || x.tunId) return false;
  if (x.ipproto !== undefined && x.ipproto !== f.proto) return false;
  return within(f.sport, x.sport) && within(f.dport, x.dport) && within(f.uid, x.uidrange);
}

/** fib4_rule_suppress, fib6_rule_suppress: an answer that the rule does not let count. */
export function suppressedBy(x: RuleExtra | null, prefixlen: number, group: number | undefined): boolean {
  if (x === null) return false;
  if (x.suppressPrefixlength !== undefined && prefixlen <= x.suppressPrefixlength) return true;
  return x.suppressIfgroup !== undefined && group === x.suppressIfgroup;
}

/** Does a rule ask for ports or a protocol? Then a packet on its way is looked into. */
export function asksForPorts(x: RuleExtra | null): boolean {
  return x !== null && (x.ipproto ?? x.sport ?? x.dport) !== undefined;
}
