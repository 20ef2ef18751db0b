/**
 * Making a route's fib_info out of a request, with the kernel's checks in the kernel's order (fib_create_info and
 * fib_check_nh of net/ipv4/fib_semantics.c). Left out: nexthop objects, encapsulation, IPv6 gateways, realms.
 */
import { Errno } from "../../core/result.ts";
import { inetAddrType } from "./lookup.ts";
import { RtnhF, RtScope, RtTable, RtType } from "../rtnl/messages.ts";
import { IFF } from "../rtnl/messages.ts";
import type { NetNs } from "../netns.ts";
import { fibGetTable, fibLookup } from "./rules.ts";
import { FIB_IGNORE_LINKSTATE, FIB_PROPS, FibInfo, FibNh, fibResult, flow4 } from "./types.ts";

export interface FibConfig {
  readonly dst: number;
  readonly len: number;
  readonly tos: number;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly type: number;
  readonly flags: number;
  readonly prefsrc: number;
  readonly priority: number;
  readonly gateway: number;
  readonly oif: number;
  readonly multipath: readonly FibNh[] | null;
  readonly metrics: Readonly<Record<string, number>> | null;
}

export interface FibError {
  readonly errno: number;
  readonly extack: string | null;
}
const bad = (errno: number, extack: string | null): FibError => ({ errno, extack });

export function fibCreateInfo(ns: NetNs, c: FibConfig): FibInfo | FibError {
  if (c.type >= FIB_PROPS.length) return bad(Errno.EINVAL, "Invalid type");
  if (FIB_PROPS[c.type]!.scope > c.scope) return bad(Errno.EINVAL, "Invalid scope");
  if ((c.flags & (RtnhF.DEAD | RtnhF.LINKDOWN)) !== 0) return bad(Errno.EINVAL, "Invalid rtm_flags - can not contain DEAD or LINKDOWN");
  const isError = FIB_PROPS[c.type]!.error !== 0;
  let nhs: readonly FibNh[];
  if (isError) {
    if (c.gateway !== 0 || c.oif !== 0 || c.multipath)
      return bad(Errno.EINVAL, "Gateway, device and multipath can not be specified for this route type");
    nhs = [];
  } else {
    if (c.type < RtType.UNICAST || c.type > RtType.MULTICAST) return bad(Errno.EINVAL, "Invalid route type");
    if (c.scope > RtScope.HOST) return bad(Errno.EINVAL, "Invalid scope");
    nhs = c.multipath ?? [new FibNh(c.oif, c.gateway, c.flags, 1)];
  }
  let flags = c.flags;
  if (!isError) {
    if (c.scope === RtScope.HOST) {
      if (nhs.length !== 1) return bad(Errno.EINVAL, "Route with host scope can not have multiple nexthops");
      const nh = nhs[0]!;
      if (nh.gateway !== 0) return bad(Errno.EINVAL, "Route with host scope can not have a gateway");
      nh.scope = RtScope.NOWHERE;
      nh.dev = ns.devs.get(nh.oif) ?? null;
      if (!nh.dev) return bad(Errno.ENODEV, null);
    } else {
      let down = 0;
      for (const nh of nhs) {
        const err = checkNh(ns, nh, c.table, c.scope);
        if (err) return err;
        if ((nh.flags & RtnhF.LINKDOWN) !== 0) down++;
      }
      const first = nhs[0];
      if (c.multipath && first && c.oif !== 0 && first.oif !== c.oif)
        return bad(Errno.EINVAL, "Nexthop device index does not match RTA_OIF");
      if (c.multipath && first && c.gateway !== 0 && first.gateway !== c.gateway)
        return bad(Errno.EINVAL, "Nexthop gateway does not match RTA_GATEWAY or RTA_VIA");
      if (down === nhs.length) flags |= RtnhF.LINKDOWN;
    }
    if (c.prefsrc !== 0 && !validPrefsrc(ns, c)) return bad(Errno.EINVAL, "Invalid prefsrc address");
  }
  return new FibInfo(nhs, c.protocol, c.scope, c.type, c.prefsrc, c.priority, c.metrics, flags);
}

/** fib_check_nh: fills in device, scope and LINKDOWN. */
export function checkNh(ns: NetNs, nh: FibNh, table: number, scope: number): FibError | null {
  if (nh.gateway === 0) {
    if ((nh.flags & (RtnhF.PERVASIVE | RtnhF.ONLINK)) !== 0)
      return bad(Errno.EINVAL, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set");
    const dev = ns.devs.get(nh.oif);
    if (!dev || !dev.ip4) return bad(Errno.ENODEV, null);
    if ((dev.flags & IFF.UP) === 0) return bad(Errno.ENETDOWN, "Device for nexthop is not up");
    nh.dev = dev;
    nh.scope = RtScope.HOST;
    if (!dev.carrier) nh.flags |= RtnhF.LINKDOWN;
    return null;
  }
  if ((nh.flags & RtnhF.ONLINK) !== 0) {
    if (scope >= RtScope.LINK) return bad(Errno.EINVAL, "Nexthop has invalid scope");
    const dev = ns.devs.get(nh.oif);
    if (!dev) return bad(Errno.ENODEV, "Nexthop device required for onlink");
    if ((dev.flags & IFF.UP) === 0) return bad(Errno.ENETDOWN, "Nexthop device is not up");
    if (inetAddrType(ns, nh.gateway) !== RtType.UNICAST) return bad(Errno.EINVAL, "Nexthop has invalid gateway");
    if (!dev.carrier) nh.flags |= RtnhF.LINKDOWN;
    nh.dev = dev;
    nh.scope = RtScope.LINK;
    return null;
  }
  const f = flow4(nh.gateway, 0, nh.oif);
  f.scope = Math.max(scope + 1, RtScope.LINK);
  const res = fibResult();
  let err = -1;
  const own = table !== 0 && table !== RtTable.MAIN ? fibGetTable(ns, table) : null;
  if (own) err = own.lookup(f, res, FIB_IGNORE_LINKSTATE);
  if (err !== 0) err = fibLookup(ns, f, res, FIB_IGNORE_LINKSTATE);
  if (err !== 0) return bad(-err, "Nexthop has invalid gateway");
  if (res.type !== RtType.UNICAST && res.type !== RtType.LOCAL) return bad(Errno.EINVAL, "Nexthop has invalid gateway");
  const via = res.nh!;
  nh.scope = res.route!.info.scope;
  nh.oif = via.oif;
  nh.dev = via.dev;
  if (!nh.dev) return bad(Errno.EINVAL, "No egress device for nexthop gateway");
  if (!nh.dev.carrier) nh.flags |= RtnhF.LINKDOWN;
  return (nh.dev.flags & IFF.UP) !== 0 ? null : bad(Errno.ENETDOWN, null);
}

function validPrefsrc(ns: NetNs, c: FibConfig): boolean {
  // a local route may be its own preferred source: the address may not be in the table yet
  if (c.type === RtType.LOCAL && c.dst === c.prefsrc) return true;
  return inetAddrType(ns, c.prefsrc) === RtType.LOCAL;
}
