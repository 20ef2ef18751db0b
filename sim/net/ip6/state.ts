/**
 * IPv6's data: per namespace (struct netns_ipv6), per device (struct inet6_dev), an address (struct inet6_ifaddr), a route
 * (struct fib6_info) and the result of a lookup (struct rt6_info). Types only; behaviour is in the files beside it.
 */
import type { Prng } from "../../core/prng.ts";
import type { Timer } from "../../core/scheduler.ts";
import type { NetDevice } from "../dev/device.ts";
import { INFINITE_LIFETIME, type InetPeer } from "../ip/state.ts";
import type { NeighTable } from "../neigh/state.ts";
import type { NetNs } from "../netns.ts";
import type { Skb } from "../skb.ts";
import type { Raw6Sock } from "../sock/raw6.ts";
import type { Udp6Sock } from "../sock/udp6.ts";
import type { FragQueue } from "../ip/inet-fragment.ts";

export class Inet6Ifaddr {
  readonly idev: Inet6Dev;
  readonly addr: Uint8Array;
  readonly prefixLen: number;
  /** RtScope: UNIVERSE, LINK or HOST */
  readonly scope: number;
  /** IfaF */
  flags: number;
  /** the far end's, or null */
  peer: Uint8Array | null = null;
  metric = 0;
  /** IFA_PROTO */
  proto = 0;
  /** seconds, counted from tstamp */
  validLft: number = INFINITE_LIFETIME;
  preferredLft: number = INFINITE_LIFETIME;
  tstamp = 0;
  /** detection of duplicates: solicitations still to be sent, the nonce in them, the next step */
  dadProbes = 0;
  dadNonce: Uint8Array = new Uint8Array(6);
  dadTimer: Timer | null = null;
  /** detection was begun since the device last became ready */
  dadBegun = false;
  /** in its solicited-node group */
  joined = false;
  gone = false;

  constructor(idev: Inet6Dev, addr: Uint8Array, prefixLen: number, scope: number, flags: number) {
    this.idev = idev;
    this.addr = addr;
    this.prefixLen = prefixLen;
    this.scope = scope;
    this.flags = flags;
  }
}

/** A group that the device has joined (struct ifmcaddr6). */
export interface McGroup {
  readonly addr: Uint8Array;
  users: number;
  /** state-change reports still to be sent */
  crcount: number;
  /** all-nodes and interface-local groups are never reported */
  readonly silent: boolean;
}

export class Inet6Dev {
  readonly dev: NetDevice;
  /** wider scopes first, newest first within one */
  readonly addrs: Inet6Ifaddr[] = [];
  /** IF_READY: up, with a link, and configured */
  ready = false;
  /** by hex of the address, newest first as the kernel lists them */
  readonly groups = new Map<string, McGroup>();
  /** groups just left, with reports to send */
  readonly left: McGroup[] = [];
  ifcCount = 0;
  ifcTimer: Timer | null = null;
  dadReports = 0;
  dadReportTimer: Timer | null = null;
  /** router solicitation: ns until the next, and its timer */
  rsInterval = 0;
  rsTimer: Timer | null = null;
  lifetimeTimer: Timer | null = null;

  constructor(dev: NetDevice) {
    this.dev = dev;
  }
}

/** One route (struct fib6_info). Immutable but for the state of its link. */
export class Fib6Route {
  readonly dst: Uint8Array;
  readonly len: number;
  readonly table: number;
  /** RtType */
  readonly type: number;
  readonly protocol: number;
  readonly metric: number;
  readonly dev: NetDevice;
  readonly gateway: Uint8Array | null;
  /** RtnhF of the request (ONLINK) */
  readonly flags: number;
  readonly prefsrc: Uint8Array | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly pref: "low" | "medium" | "high";
  linkdown = false;

  constructor(r: Omit<Fib6Route, "linkdown">) {
    this.dst = r.dst;
    this.len = r.len;
    this.table = r.table;
    this.type = r.type;
    this.protocol = r.protocol;
    this.metric = r.metric;
    this.dev = r.dev;
    this.gateway = r.gateway;
    this.flags = r.flags;
    this.prefsrc = r.prefsrc;
    this.metrics = r.metrics;
    this.pref = r.pref;
  }
}

export interface Flow6 {
  daddr: Uint8Array;
  saddr: Uint8Array;
  oif: number;
  iif: number;
  mark: number;
  proto: number;
}

export class Dst6 {
  readonly input: "local" | "multicast" | "forward" | "error" | "none";
  readonly dev: NetDevice;
  readonly route: Fib6Route | null;
  readonly dst: Uint8Array;
  readonly gateway: Uint8Array | null;
  /** path MTU, 0 none */
  readonly pmtu: number;
  /** positive errno for "error" */
  readonly error: number;

  constructor(
    input: Dst6["input"],
    dev: NetDevice,
    route: Fib6Route | null,
    dst: Uint8Array,
    gateway: Uint8Array | null,
    pmtu: number,
    error: number,
  ) {
    this.input = input;
    this.dev = dev;
    this.route = route;
    this.dst = dst;
    this.gateway = gateway;
    this.pmtu = pmtu;
    this.error = error;
  }
}

class Snmp6 {
  InReceives = 0;
  InHdrErrors = 0;
  InAddrErrors = 0;
  InNoRoutes = 0;
  InTooBigErrors = 0;
  InTruncatedPkts = 0;
  InDiscards = 0;
  InDelivers = 0;
  InUnknownProtos = 0;
  OutForwDatagrams = 0;
  OutRequests = 0;
  OutNoRoutes = 0;
  OutDiscards = 0;
  icmpInMsgs = 0;
  icmpInErrors = 0;
  icmpOutMsgs = 0;
  udpInDatagrams = 0;
  udpNoPorts = 0;
  udpOutDatagrams = 0;
}

/** Functions of upper layers that lower ones call, as Ip4Calls. */
export interface Ip6Calls {
  readonly icmp6Send: (ns: NetNs, orig: Skb, type: number, code: number, info: number) => void;
}

export class Ip6Ns {
  readonly ns: NetNs;
  readonly nd: NeighTable;
  readonly calls: Ip6Calls;
  /** table by id, each in the kernel's order of listing */
  readonly tables = new Map<number, Fib6Route[]>();
  /** path MTUs by hex of the destination */
  readonly pmtu = new Map<string, { readonly mtu: number; readonly expires: number }>();
  readonly peers = new Map<string, InetPeer>();
  readonly frags = new Map<string, FragQueue>();
  readonly raw: Raw6Sock[] = [];
  readonly udp = new Map<number, Udp6Sock[]>();
  readonly snmp = new Snmp6();
  readonly rng: Prng;

  constructor(ns: NetNs, nd: NeighTable, calls: Ip6Calls, rng: Prng) {
    this.ns = ns;
    this.nd = nd;
    this.calls = calls;
    this.rng = rng;
  }
}
