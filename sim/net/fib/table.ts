/**
 * One routing table (struct fib_table, net/ipv4/fib_trie.c): insertion in the kernel's order (at one prefix: TOS
 * descending, then metric ascending), exact deletion, longest-prefix lookup with everything that may disqualify a route.
 */
import { Errno } from "../../core/result.ts";
import { maskOf } from "../../wire/addr.ts";
import { NlmF, RtnhF, RtScope } from "../rtnl/messages.ts";
import { in4 } from "../sysctl-conf.ts";
import { Trie } from "./trie.ts";
import { FIB_IGNORE_LINKSTATE, FIB_PROPS, type FibInfo, type FibNh, type FibResult, type FibRoute, type Flow4 } from "./types.ts";

/** What a deletion must match; 0, NOWHERE and null mean "any". */
export interface FibDelete {
  readonly dst: number;
  readonly len: number;
  readonly tos: number;
  readonly type: number;
  readonly scope: number;
  readonly prefsrc: number;
  readonly protocol: number;
  readonly priority: number;
  readonly oif: number;
  readonly gateway: number;
  readonly multipath: readonly FibNh[] | null;
  readonly metrics: Readonly<Record<string, number>> | null;
}

export class FibTable {
  readonly id: number;
  private readonly trie = new Trie<FibRoute>();
  count = 0;

  constructor(id: number) {
    this.id = id;
  }

  /**
   * fib_table_insert. `flags` are NLM_F_REPLACE, EXCL, CREATE, APPEND. Returns the route that was replaced, null for a
   * plain insertion, or -EEXIST or -ENOENT.
   */
  insert(r: FibRoute, flags: number): FibRoute | null | number {
    const list = this.trie.at(r.dst, r.len);
    const fail = (errno: number): number => {
      if (list.length === 0) this.trie.prune(r.dst, r.len);
      return -errno;
    };
    let at = findAlias(list, r.tos, r.info.priority);
    const first = at;
    if (at < list.length && list[at]!.tos === r.tos && list[at]!.info.priority === r.info.priority) {
      if ((flags & NlmF.EXCL) !== 0) return fail(Errno.EEXIST);
      let match = -1;
      for (; at < list.length; at++) {
        const a = list[at]!;
        if (a.tos !== r.tos || a.info.priority !== r.info.priority) break;
        if (a.type === r.type && sameInfo(a.info, r.info)) {
          match = at;
          break;
        }
      }
      if ((flags & NlmF.REPLACE) !== 0) {
        if (match >= 0) return match === first ? list[first]! : -Errno.EEXIST;
        const old = list[first]!;
        list[first] = r;
        return old;
      }
      if (match >= 0) return -Errno.EEXIST;
      if ((flags & NlmF.APPEND) === 0) at = first;
    }
    if ((flags & NlmF.CREATE) === 0) return fail(Errno.ENOENT);
    list.splice(at, 0, r);
    this.count++;
    return null;
  }

  /** fib_table_delete: the first route that fits, or -ESRCH. */
  remove(d: FibDelete): FibRoute | number {
    const list = this.trie.find(d.dst, d.len);
    if (!list) return -Errno.ESRCH;
    for (let i = findAlias(list, d.tos, 0); i < list.length; i++) {
      const r = list[i]!;
      if (r.tos !== d.tos) break;
      if (!fits(r, d)) continue;
      this.takeOut(list, i);
      return r;
    }
    return -Errno.ESRCH;
  }

  /** Takes out the routes for which `f` says so; returns them. */
  removeIf(f: (r: FibRoute) => boolean): FibRoute[] {
    const out: FibRoute[] = [];
    for (const n of this.trie.nodes()) {
      for (let i = n.values.length - 1; i >= 0; i--) {
        const r = n.values[i]!;
        if (!f(r)) continue;
        this.takeOut(n.values, i);
        out.push(r);
      }
    }
    return out;
  }

  private takeOut(list: FibRoute[], i: number): void {
    const r = list[i]!;
    list.splice(i, 1);
    this.count--;
    if (list.length === 0) this.trie.prune(r.dst, r.len);
  }

  /** All routes in the order in which the kernel dumps them. */
  list(): FibRoute[] {
    const out: FibRoute[] = [];
    for (const n of this.trie.nodes()) out.push(...n.values);
    return out;
  }

  /**
   * fib_table_lookup: fills `res` and returns 0, or the error of a blackhole, unreachable or prohibit route that matched
   * (-EINVAL, -EHOSTUNREACH, -EACCES), or -EAGAIN: nothing here (or a throw route), ask the next rule.
   */
  lookup(f: Flow4, res: FibResult, flags: number): number {
    for (let at = this.trie.match(f.daddr) - 1; at >= 0; at--) {
      for (const r of this.trie.matched(at).values) {
        if (r.tos !== 0 && r.tos !== (f.tos & 0xfc)) continue;
        if (r.info.scope < f.scope) continue;
        const e = FIB_PROPS[r.type]!.error;
        if (e < 0) {
          res.route = r;
          return e;
        }
        if ((r.info.flags & RtnhF.DEAD) !== 0) continue;
        const i = usableNexthop(r.info.nhs, f.oif, flags);
        if (i < 0) continue;
        res.route = r;
        res.nh = r.info.nhs[i]!;
        res.nhSel = i;
        res.type = r.type;
        res.table = this.id;
        return 0;
      }
    }
    return -Errno.EAGAIN;
  }
}

/** The first next hop that is alive and leads out by `oif` (0: any); -1 none. */
function usableNexthop(nhs: readonly FibNh[], oif: number, flags: number): number {
  for (let i = 0; i < nhs.length; i++) {
    const nh = nhs[i]!;
    if ((nh.flags & RtnhF.DEAD) !== 0) continue;
    if ((nh.flags & RtnhF.LINKDOWN) !== 0 && (flags & FIB_IGNORE_LINKSTATE) === 0 && nh.dev && in4.ignoreRoutesWithLinkdown(nh.dev))
      continue;
    if (oif === 0 || oif === nh.oif) return i;
  }
  return -1;
}

/** Where a route of this TOS and metric begins, or belongs. */
function findAlias(list: readonly FibRoute[], tos: number, priority: number): number {
  for (let i = 0; i < list.length; i++) {
    const r = list[i]!;
    if (r.tos > tos) continue;
    if (r.tos < tos || r.info.priority >= priority) return i;
  }
  return list.length;
}

/** fib_find_info's idea of "the same route but for its prefix". */
function sameInfo(a: FibInfo, b: FibInfo): boolean {
  const state = RtnhF.DEAD | RtnhF.LINKDOWN;
  if (
    a.nhId !== b.nhId ||
    a.protocol !== b.protocol ||
    a.scope !== b.scope ||
    a.type !== b.type ||
    a.prefsrc !== b.prefsrc ||
    a.priority !== b.priority
  )
    return false;
  if (((a.flags ^ b.flags) & ~state) !== 0 || !sameMetrics(a.metrics, b.metrics) || a.nhs.length !== b.nhs.length) return false;
  return a.nhs.every((n, i) => {
    const m = b.nhs[i]!;
    return (
      n.oif === m.oif && n.gateway === m.gateway && n.scope === m.scope && n.weight === m.weight && ((n.flags ^ m.flags) & ~state) === 0
    );
  });
}
function sameMetrics(a: Readonly<Record<string, number>> | null, b: Readonly<Record<string, number>> | null): boolean {
  if (a === null || b === null) return a === b;
  const ka = Object.keys(a);
  return ka.length === Object.keys(b).length && ka.every((k) => a[k] === b[k]);
}

function fits(r: FibRoute, d: FibDelete): boolean {
  const fi = r.info;
  if (d.type !== 0 && r.type !== d.type) return false;
  if (d.scope !== RtScope.NOWHERE && fi.scope !== d.scope) return false;
  if (d.prefsrc !== 0 && fi.prefsrc !== d.prefsrc) return false;
  if (d.protocol !== 0 && fi.protocol !== d.protocol) return false;
  if (d.priority !== 0 && fi.priority !== d.priority) return false;
  if (d.oif !== 0 || d.gateway !== 0) {
    const nh = fi.nhs[0];
    if (!nh) return false;
    if (d.oif !== 0 && nh.oif !== d.oif) return false;
    if (d.gateway !== 0 && nh.gateway !== d.gateway) return false;
  }
  if (d.multipath) {
    if (d.multipath.length !== fi.nhs.length) return false;
    if (!d.multipath.every((n, i) => (n.oif === 0 || n.oif === fi.nhs[i]!.oif) && (n.gateway === 0 || n.gateway === fi.nhs[i]!.gateway)))
      return false;
  }
  if (d.metrics) {
    const own = fi.metrics;
    if (!Object.keys(d.metrics).every((k) => own !== null && own[k] === d.metrics![k])) return false;
  }
  return true;
}

/** fib_valid_key_len: no bits of the address beyond the prefix. */
export function validPrefix(dst: number, len: number): boolean {
  return len >= 0 && len <= 32 && (dst & ~maskOf(len)) === 0;
}
