/**
 * IPv6's counters (net/ipv6/proc.c), of a namespace and of each device: /proc/net/snmp6 and /proc/net/dev_snmp6. Those of ICMPv6 are kept by
 * type. A packet counts for the device it came in by or goes out by.
 */
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";

/** In the order of the files. */
export const IP6_COUNTERS = [
  "InReceives",
  "InHdrErrors",
  "InTooBigErrors",
  "InNoRoutes",
  "InAddrErrors",
  "InUnknownProtos",
  "InTruncatedPkts",
  "InDiscards",
  "InDelivers",
  "OutForwDatagrams",
  "OutRequests",
  "OutDiscards",
  "OutNoRoutes",
  "ReasmTimeout",
  "ReasmReqds",
  "ReasmOKs",
  "ReasmFails",
  "FragOKs",
  "FragFails",
  "FragCreates",
  "InMcastPkts",
  "OutMcastPkts",
  "InOctets",
  "OutOctets",
  "InMcastOctets",
  "OutMcastOctets",
  "InBcastOctets",
  "OutBcastOctets",
  "InNoECTPkts",
  "InECT1Pkts",
  "InECT0Pkts",
  "InCEPkts",
  "OutTransmits",
] as const;
export const ICMP6_COUNTERS = ["InMsgs", "InErrors", "OutMsgs", "OutErrors", "InCsumErrors"] as const;
export type Ip6Counter = (typeof IP6_COUNTERS)[number];
export type Icmp6Counter = (typeof ICMP6_COUNTERS)[number];

/** Most of them stay zero, in every namespace and device; so what was never counted is not there. */
export class Snmp6 {
  readonly ip: Partial<Record<Ip6Counter, number>> = {};
  readonly icmp: Partial<Record<Icmp6Counter, number>> = {};
  /** messages by type */
  inType: Map<number, number> | null = null;
  outType: Map<number, number> | null = null;
  /** errors not sent since their destination has had enough; of the namespace only */
  rateLimited = 0;
}

function add<K extends string>(to: Partial<Record<K, number>>, what: K, n: number): void {
  to[what] = (to[what] ?? 0) + n;
}
export function count6(ns: NetNs, dev: NetDevice | null, what: Ip6Counter, n = 1): void {
  add(ns.ip6.snmp.ip, what, n);
  if (dev?.ip6) add(dev.ip6.snmp.ip, what, n);
}
export function countIcmp6(ns: NetNs, dev: NetDevice | null, what: Icmp6Counter): void {
  add(ns.ip6.snmp.icmp, what, 1);
  if (dev?.ip6) add(dev.ip6.snmp.icmp, what, 1);
}
function bump(c: Snmp6, way: "inType" | "outType", type: number): void {
  const m = (c[way] ??= new Map());
  m.set(type, (m.get(type) ?? 0) + 1);
}
/** icmp6msg: a message of the type received, or sent. */
export function countIcmp6Type(ns: NetNs, dev: NetDevice | null, way: "inType" | "outType", type: number): void {
  bump(ns.ip6.snmp, way, type);
  if (dev?.ip6) bump(dev.ip6.snmp, way, type);
}
/** ICMP6_MIB_OUTMSGS and the type */
export function countIcmp6Out(ns: NetNs, dev: NetDevice | null, type: number): void {
  countIcmp6(ns, dev, "OutMsgs");
  countIcmp6Type(ns, dev, "outType", type);
}
