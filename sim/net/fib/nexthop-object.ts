/**
 * Nexthop objects (net/ipv4/nexthop.c): next hops with a number of their own, single ones, groups of them and blackholes, for
 * IPv4. Routes that name one follow its changes and go with it. Left out: IPv6, FDB and resilient groups, encapsulation.
 */
import { Errno } from "../../core/result.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { NlmF, type NexthopObjectRow, RtnhF, RtScope, RtType } from "../rtnl/messages.ts";
import { routeChanged } from "./frontend.ts";
import { checkNh, type FibError } from "./nexthop.ts";
import { FibInfo, FibNh, type FibRoute } from "./types.ts";

export interface NexthopObject {
  readonly id: number;
  readonly protocol: number;
  readonly blackhole: boolean;
  readonly group: readonly { readonly id: number; readonly weight: number }[] | null;
  /** of a single one */
  readonly oif: number;
  readonly gateway: number;
  readonly flags: number;
}

const bad = (errno: number, extack: string | null): FibError => ({ errno, extack });

/** The next hops that a route through this object has; none for a blackhole. */
export function nexthopsOf(ns: NetNs, o: NexthopObject): FibNh[] {
  const single = (x: NexthopObject | undefined, weight: number): FibNh[] => {
    if (!x || x.blackhole) return [];
    const nh = new FibNh(x.oif, x.gateway, x.flags, weight);
    nh.dev = ns.devs.get(x.oif) ?? null;
    nh.scope = x.gateway === 0 ? RtScope.HOST : RtScope.LINK;
    if (nh.dev && !nh.dev.carrier) nh.flags |= RtnhF.LINKDOWN;
    return [nh];
  };
  return o.group === null ? single(o, 1) : o.group.flatMap((g) => single(ns.ip4.nexthops.get(g.id), g.weight));
}

/** rtm_to_nh_config and nexthop_add: the object, or what is wrong with it. */
export function addNexthop(ns: NetNs, flags: number, q: NexthopObjectRow): FibError | NexthopObject {
  const all = ns.ip4.nexthops;
  let id = q.id;
  if (id === 0) for (id = 1; all.has(id); id++);
  const old = all.get(id);
  const wrong = q.group !== null ? checkGroup(ns, q) : checkSingle(ns, q);
  if (wrong) return wrong;
  if (old && (flags & NlmF.REPLACE) === 0) return bad(Errno.EEXIST, null);
  if (old && (old.group === null) !== (q.group === null))
    return bad(
      Errno.EINVAL,
      q.group === null ? "Can not replace a nexthop group with a nexthop." : "Can not replace a nexthop with a nexthop group.",
    );
  const o: NexthopObject = {
    id,
    protocol: q.protocol,
    blackhole: q.blackhole,
    group: q.group,
    oif: q.ifindex,
    gateway: q.gateway,
    flags: q.flags,
  };
  all.set(id, o);
  if (old) follow(ns, id);
  ns.net.changed(ns, "route");
  return o;
}

function checkSingle(ns: NetNs, q: NexthopObjectRow): FibError | null {
  if (q.blackhole) return null;
  if (q.ifindex === 0) return bad(Errno.EINVAL, "Device attribute required for non-blackhole and non-fdb nexthops");
  const dev = ns.devs.get(q.ifindex);
  if (!dev) return bad(Errno.EINVAL, "Invalid device index");
  if ((dev.flags & 1) === 0) return bad(Errno.ENETDOWN, "Nexthop device is not up");
  if (!dev.carrier) return bad(Errno.ENETDOWN, "Carrier for nexthop device is down");
  return checkNh(ns, new FibNh(q.ifindex, q.gateway, q.flags, 1), 0, q.gateway === 0 ? RtScope.HOST : RtScope.UNIVERSE);
}

function checkGroup(ns: NetNs, q: NexthopObjectRow): FibError | null {
  const seen = new Set<number>();
  for (const g of q.group!) {
    const o = ns.ip4.nexthops.get(g.id);
    if (seen.has(g.id)) return bad(Errno.EINVAL, "Nexthop id can not be used twice in a group");
    seen.add(g.id);
    if (!o) return bad(Errno.EINVAL, "Invalid nexthop id");
    if (o.group !== null) return bad(Errno.EINVAL, "Hash-threshold group can not be a nexthop within a group");
    if (o.blackhole && q.group!.length > 1) return bad(Errno.EINVAL, "Blackhole nexthop can not be used in a group with more than 1 path");
  }
  return null;
}

/** remove_nexthop: out of its groups too; a group without members goes. */
export function removeNexthop(ns: NetNs, id: number): boolean {
  const all = ns.ip4.nexthops;
  if (!all.delete(id)) return false;
  for (const g of [...all.values()]) {
    if (!g.group?.some((m) => m.id === id)) continue;
    const group = g.group.filter((m) => m.id !== id);
    if (group.length === 0) all.delete(g.id);
    else all.set(g.id, { ...g, group });
    follow(ns, g.id);
  }
  follow(ns, id);
  ns.net.changed(ns, "route");
  return true;
}

/** nexthop_flush_dev */
export function nexthopDevDown(ns: NetNs, dev: NetDevice): void {
  for (const o of [...ns.ip4.nexthops.values()]) if (o.group === null && !o.blackhole && o.oif === dev.ifindex) removeNexthop(ns, o.id);
}

/** Routes through an object (or through a group with it) get its next hops anew, or go with it. */
function follow(ns: NetNs, id: number): void {
  const ids = new Set([id]);
  for (const g of ns.ip4.nexthops.values()) if (g.group?.some((m) => m.id === id)) ids.add(g.id);
  for (const table of ns.ip4.tables.values()) {
    for (const r of table.removeIf((x) => ids.has(x.info.nhId))) {
      routeChanged(ns, r, 0);
      const o = ns.ip4.nexthops.get(r.info.nhId);
      if (!o) continue;
      const fresh = routeThrough(ns, r, o);
      table.insert(fresh, NlmF.CREATE | NlmF.APPEND);
      routeChanged(ns, fresh, 1);
    }
  }
}

/** The route as it is with the object's next hops. */
export function routeThrough(ns: NetNs, r: FibRoute, o: NexthopObject): FibRoute {
  const nhs = nexthopsOf(ns, o);
  const i = r.info;
  const type = nhs.length === 0 ? RtType.BLACKHOLE : RtType.UNICAST;
  const down = nhs.length > 0 && nhs.every((n) => (n.flags & RtnhF.LINKDOWN) !== 0) ? RtnhF.LINKDOWN : 0;
  const info = new FibInfo(nhs, i.protocol, i.scope, type, i.prefsrc, i.priority, i.metrics, down);
  info.nhId = o.id;
  return { ...r, type, info };
}
