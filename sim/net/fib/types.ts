/**
 * The routing table's nouns (net/ipv4/fib_lookup.h, ip_fib.h): a next hop, what several prefixes may share (fib_info), one
 * route (fib_alias) and the answer of a lookup. A FibRoute is never changed after it was inserted, so decisions may point
 * at it; its next hops' DEAD and LINKDOWN bits follow their device.
 */
import type { NetDevice } from "../dev/device.ts";
import { Errno } from "../../core/result.ts";
import { RtScope, RtType } from "../rtnl/messages.ts";

/** struct fib_nh */
export class FibNh {
  /** null only before the check */
  dev: NetDevice | null = null;
  oif: number;
  /** 0: on link */
  readonly gateway: number;
  /** scope of the gateway itself, HOST when there is none (nhc_scope) */
  scope: number = RtScope.HOST;
  /** RtnhF */
  flags: number;
  /** 1..256 */
  readonly weight: number;

  constructor(oif: number, gateway: number, flags: number, weight: number) {
    this.oif = oif;
    this.gateway = gateway;
    this.flags = flags;
    this.weight = weight;
  }
}

/** struct fib_info: everything of a route but its prefix and TOS. */
export class FibInfo {
  readonly nhs: readonly FibNh[];
  readonly protocol: number;
  readonly scope: number;
  readonly type: number;
  /** preferred source, 0 none */
  readonly prefsrc: number;
  readonly priority: number;
  /** RTAX by name, or null */
  readonly metrics: Readonly<Record<string, number>> | null;
  /** RtnhF: DEAD when all next hops are */
  flags: number;
  /** number of the nexthop object, 0 none */
  nhId = 0;

  constructor(
    nhs: readonly FibNh[],
    protocol: number,
    scope: number,
    type: number,
    prefsrc: number,
    priority: number,
    metrics: Readonly<Record<string, number>> | null,
    flags: number,
  ) {
    this.nhs = nhs;
    this.protocol = protocol;
    this.scope = scope;
    this.type = type;
    this.prefsrc = prefsrc;
    this.priority = priority;
    this.metrics = metrics;
    this.flags = flags;
  }
}

/** struct fib_alias with its key: one line of `ip route`. */
export interface FibRoute {
  readonly dst: number;
  readonly len: number;
  readonly tos: number;
  readonly type: number;
  readonly table: number;
  readonly info: FibInfo;
}

/** What a lookup asks (struct flowi4). Addresses 0 are wildcards. */
export interface Flow4 {
  daddr: number;
  saddr: number;
  oif: number;
  iif: number;
  mark: number;
  tos: number;
  scope: number;
  proto: number;
  sport: number;
  dport: number;
  uid: number;
  /** the source need not be a local address (IP_HDRINCL, IP_FREEBIND) */
  anysrc: boolean;
}

export function flow4(daddr: number, saddr: number, oif: number): Flow4 {
  return { daddr, saddr, oif, iif: 1, mark: 0, tos: 0, scope: RtScope.UNIVERSE, proto: 0, sport: 0, dport: 0, uid: 0, anysrc: false };
}

/** struct fib_result; the caller's to fill and to reuse. */
export interface FibResult {
  route: FibRoute | null;
  nh: FibNh | null;
  /** index of nh */
  nhSel: number;
  type: number;
  table: number;
}
export function fibResult(): FibResult {
  return { route: null, nh: null, nhSel: 0, type: RtType.UNSPEC, table: 0 };
}

/** fib_props: smallest scope a type may have, and the -errno with which a lookup of it ends. By RtType. */
export const FIB_PROPS: readonly { readonly error: number; readonly scope: number }[] = [
  { error: 0, scope: RtScope.NOWHERE },
  { error: 0, scope: RtScope.UNIVERSE },
  { error: 0, scope: RtScope.HOST },
  { error: 0, scope: RtScope.LINK },
  { error: 0, scope: RtScope.LINK },
  { error: 0, scope: RtScope.UNIVERSE },
  { error: -Errno.EINVAL, scope: RtScope.UNIVERSE },
  { error: -Errno.EHOSTUNREACH, scope: RtScope.UNIVERSE },
  { error: -Errno.EACCES, scope: RtScope.UNIVERSE },
  { error: -Errno.EAGAIN, scope: RtScope.UNIVERSE },
  { error: -Errno.EINVAL, scope: RtScope.NOWHERE },
];

/** ignore next hops' LINKDOWN in a lookup (FIB_LOOKUP_IGNORE_LINKSTATE) */
export const FIB_IGNORE_LINKSTATE = 2;
