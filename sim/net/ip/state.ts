/**
 * IPv4's data: per namespace (struct netns_ipv4), per device (struct in_device), an address (struct in_ifaddr) and the
 * result of a route lookup (struct rtable). Types only; behaviour is in the files beside it.
 */
import { LazyMap, LazySet } from "../../core/lazy.ts";
import type { Timer } from "../../core/scheduler.ts";
import type { Prng } from "../../core/prng.ts";
import type { NetDevice } from "../dev/device.ts";
import type { FibNh, FibRoute } from "../fib/types.ts";
import type { NexthopObject } from "../fib/nexthop-object.ts";
import type { FibRule } from "../fib/rules.ts";
import type { FibTable } from "../fib/table.ts";
import type { NeighTable } from "../neigh/state.ts";
import type { NetNs } from "../netns.ts";
import type { PingSock } from "../sock/icmp.ts";
import type { RawSock } from "../sock/raw.ts";
import type { UdpSock } from "../sock/udp.ts";
import type { Skb } from "../skb.ts";
import type { FragQueue } from "./inet-fragment.ts";
import type { Snmp4 } from "./snmp.ts";

/** Lifetime of an address or a prefix that does not end (INFINITY_LIFE_TIME), in seconds. */
export const INFINITE_LIFETIME = 0xffffffff;

/** One address of a device (struct in_ifaddr). Linux replaces and re-links these; so do we, hence mutable fields. */
export class InIfaddr {
  readonly indev: InDevice;
  /** the own address */
  local: number;
  /** the peer's on a point-to-point link, else `local` */
  address: number;
  prefixLen: number;
  /** 0 none */
  broadcast = 0;
  scope: number;
  /** IfaF */
  flags: number;
  label: string;
  /** metric of the prefix route (IFA_RT_PRIORITY), 0 none */
  metric = 0;
  /** IFA_PROTO */
  proto = 0;
  /** seconds, counted from tstamp */
  validLft: number = INFINITE_LIFETIME;
  preferredLft: number = INFINITE_LIFETIME;
  /** created, updated: virtual time */
  cstamp = 0;
  tstamp = 0;

  constructor(indev: InDevice, local: number, address: number, prefixLen: number, scope: number, flags: number, label: string) {
    this.indev = indev;
    this.local = local;
    this.address = address;
    this.prefixLen = prefixLen;
    this.scope = scope;
    this.flags = flags;
    this.label = label;
  }
}

/** A device's IPv4 side (struct in_device). Exists from registration to unregistration. */
export class InDevice {
  readonly dev: NetDevice;
  /** in Linux's order: primaries by scope, then secondaries */
  readonly addrs: InIfaddr[] = [];
  /** joined groups with use counts */
  readonly groups = new LazyMap<number, number>();
  /** groups joined whose frames the device does not take, since it went down */
  readonly unloaded = new LazySet<number>();
  /** changes of groups still to be reported: IGMPv3's record type, and how often */
  readonly changes = new LazyMap<number, { readonly type: number; left: number }>();
  ifcCount = 0;
  ifcTimer: Timer | null = null;
  /** the next moment at which an address' lifetime has to be looked at */
  lifetimeTimer: Timer | null = null;

  constructor(dev: NetDevice) {
    this.dev = dev;
  }
}

/** RTCF_* (include/uapi/linux/in_route.h) */
export const RTCF = {
  NOTIFY: 0x00010000,
  DOREDIRECT: 0x01000000,
  BROADCAST: 0x10000000,
  MULTICAST: 0x20000000,
  REJECT: 0x40000000,
  LOCAL: 0x80000000,
  REDIRECTED: 0x00040000,
} as const;

/** What a received packet with this dst meets (dst->input): ip_local_deliver, ip_forward, ip_error; "none" for routes that lead out only. */
export type DstInput = "local" | "forward" | "error" | "none";

/** The result of a route lookup for one packet or socket (struct rtable). Never changed after it was made. */
export class Dst4 {
  readonly input: DstInput;
  /** a sent packet is looped back to local listeners too (ip_mc_output) */
  readonly mcOutput: boolean;
  /** made for a received packet (rt_is_input_route) */
  readonly isInput: boolean;
  /** device it leaves by; the loopback device for local deliveries */
  readonly dev: NetDevice;
  /** RtType */
  readonly type: number;
  /** RTCF bits, unsigned */
  readonly flags: number;
  readonly dst: number;
  /** source address that the lookup chose (output routes) */
  readonly src: number;
  /** next hop, 0 when the destination is on the link */
  readonly gateway: number;
  /** ifindex of arrival, 0 for output routes */
  readonly iif: number;
  readonly table: number;
  /** the route that matched, also when it refuses; null where no table was asked */
  readonly route: FibRoute | null;
  readonly nh: FibNh | null;
  /** mtu learned by path MTU discovery, 0 none; locked when it came below min_pmtu */
  readonly pmtu: number;
  readonly locked: boolean;
  /** virtual time at which pmtu or a redirect is forgotten, 0 never */
  readonly expires: number;
  /** the packet came by the device that it leaves by, from a neighbour: a redirect may be due (IPSKB_DOREDIRECT) */
  readonly doRedirect: boolean;
  /** positive errno for input "error" */
  readonly error: number;
  /** net.gen when it was made: a socket's cached dst is looked up again when this moved */
  readonly gen: number;

  constructor(f: Dst4Fields) {
    this.input = f.input;
    this.mcOutput = f.mcOutput ?? false;
    this.isInput = f.isInput ?? false;
    this.dev = f.dev;
    this.type = f.type;
    this.flags = f.flags >>> 0;
    this.dst = f.dst;
    this.src = f.src ?? 0;
    this.gateway = f.gateway ?? 0;
    this.iif = f.iif ?? 0;
    this.table = f.table ?? 0;
    this.route = f.route ?? null;
    this.nh = f.nh ?? null;
    this.pmtu = f.pmtu ?? 0;
    this.locked = f.locked ?? false;
    this.expires = f.expires ?? 0;
    this.doRedirect = f.doRedirect ?? false;
    this.error = f.error ?? 0;
    this.gen = f.gen;
  }

  get metrics(): Readonly<Record<string, number>> | null {
    return this.route ? this.route.info.metrics : null;
  }
}

export interface Dst4Fields {
  readonly input: DstInput;
  readonly mcOutput?: boolean;
  readonly isInput?: boolean;
  readonly dev: NetDevice;
  readonly type: number;
  readonly flags: number;
  readonly dst: number;
  readonly src?: number;
  readonly gateway?: number;
  readonly iif?: number;
  readonly table?: number;
  readonly route?: FibRoute | null;
  readonly nh?: FibNh | null;
  readonly pmtu?: number;
  readonly locked?: boolean;
  readonly expires?: number;
  readonly doRedirect?: boolean;
  readonly error?: number;
  readonly gen: number;
}

/** What path MTU discovery or a redirect taught about one destination behind one next hop (struct fib_nh_exception). */
export interface FibException {
  readonly daddr: number;
  readonly nh: FibNh;
  /** 0: none */
  readonly pmtu: number;
  /** learned below min_pmtu: never fragmented below */
  readonly locked: boolean;
  /** redirected to, 0: none */
  readonly gateway: number;
  readonly expires: number;
}

/** What is remembered about a destination to limit ICMP and redirects (struct inet_peer). Times are virtual ns. */
export interface InetPeer {
  rateTokens: number;
  rateLast: number;
  nRedirects: number;
}

/** One of ip_idents. */
export interface IpIdent {
  next: number;
  /** jiffies */
  stamp: number;
}

/** Functions of upper layers that lower ones call: static, put here by ip4NsInit so that files need not import in circles. */
export interface Ip4Calls {
  readonly icmpSend: (ns: NetNs, orig: Skb, type: number, code: number, info: number) => void;
}

/** IPv4 of one namespace (struct netns_ipv4). */
export class Ip4Ns {
  readonly ns: NetNs;
  readonly arp: NeighTable;
  readonly calls: Ip4Calls;
  /** by id; Linux makes a table when its first route comes */
  readonly tables = new LazyMap<number, FibTable>();
  /** by ascending priority */
  rules: readonly FibRule[];
  /** nexthop objects by id */
  readonly nexthops = new LazyMap<number, NexthopObject>();
  /** moves with every change of routes, rules or addresses (rt_genid) */
  gen = 1;
  /** somebody added a route of type local: sources are checked against the tables, not only against addresses */
  customLocal = false;
  /** exceptions by destination */
  readonly exceptions = new LazyMap<number, FibException[]>();
  readonly peers = new LazyMap<number, InetPeer>();
  readonly frags = new LazyMap<string, FragQueue>();
  /** sockets by how packets find them: raw by protocol, UDP by local port, ICMP by identifier */
  readonly raw: RawSock[] = [];
  readonly udp = new LazyMap<number, UdpSock[]>();
  readonly ping = new LazyMap<number, PingSock>();
  readonly snmp: Snmp4;
  /** ip_idents: next identification and when it was last used, by hash; those used so far */
  readonly idents = new LazyMap<number, IpIdent>();
  /** tokens of the global limit on ICMP messages (icmp_msgs_per_sec) */
  icmpCredit: number;
  icmpStamp = 0;
  readonly rng: Prng;

  constructor(ns: NetNs, arp: NeighTable, calls: Ip4Calls, rules: readonly FibRule[], snmp: Snmp4, rng: Prng) {
    this.ns = ns;
    this.arp = arp;
    this.calls = calls;
    this.rules = rules;
    this.snmp = snmp;
    this.rng = rng;
    this.icmpCredit = 50;
  }
}
