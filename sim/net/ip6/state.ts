/**
 * IPv6's data: per namespace (struct netns_ipv6), per device (struct inet6_dev), an address (struct inet6_ifaddr), a route
 * (struct fib6_info) and the result of a lookup (struct rt6_info). Types only; behaviour is in the files beside it.
 */
import { LazyMap } from "../../core/lazy.ts";
import type { Prng } from "../../core/prng.ts";
import type { Timer } from "../../core/scheduler.ts";
import type { NetDevice } from "../dev/device.ts";
import { INFINITE_LIFETIME, type InetPeer } from "../ip/state.ts";
import type { NeighTable } from "../neigh/state.ts";
import type { NetNs } from "../netns.ts";
import type { AddrLabelRow, RuleRow } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import type { Raw6Sock } from "../sock/raw6.ts";
import type { Udp6Sock } from "../sock/udp6.ts";
import type { FragQueue } from "../ip/inet-fragment.ts";
import { DEFAULT_LABELS } from "./addrlabel.ts";
import { Snmp6 } from "./snmp.ts";

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
  /** made of the device's token */
  tokenized = false;
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
  /** the device listens to it (MAF_LOADED) */
  loaded: boolean;
  /** the answer to a query about this group */
  timer: Timer | null;
  readonly idev: Inet6Dev;
}

export class Inet6Dev {
  readonly dev: NetDevice;
  /** wider scopes first, newest first within one */
  readonly addrs: Inet6Ifaddr[] = [];
  /** IF_READY: up, with a link, and configured */
  ready = false;
  /** by hex of the address, newest first as the kernel lists them */
  readonly groups = new LazyMap<string, McGroup>();
  /** groups just left, with reports to send */
  readonly left: McGroup[] = [];
  ifcCount = 0;
  ifcTimer: Timer | null = null;
  dadReports = 0;
  dadReportTimer: Timer | null = null;
  /** the answer to a general query */
  gqTimer: Timer | null = null;
  /** until when a querier of version 1 is on the link (mc_v1_seen), 0 none was */
  v1Until = 0;
  /** robustness that the querier told (mc_qrv) */
  qrv = 2;
  /** router solicitation: ns until the next, and its timer */
  rsInterval = 0;
  rsTimer: Timer | null = null;
  lifetimeTimer: Timer | null = null;
  /** router solicitations sent since the link came; a router has answered (IF_RA_RCVD) */
  rsSent = 0;
  raSeen = false;
  /** forwarding was on when its groups were joined */
  router: boolean;
  /** of RFC 7217, or null */
  secret: Uint8Array | null = null;
  /** lower half of addresses made from advertisements, zero: none (ip token) */
  token: Uint8Array = new Uint8Array(16);
  readonly snmp = new Snmp6();
  /** by hex of the address, newest first */
  readonly anycast = new LazyMap<string, { readonly addr: Uint8Array; users: number }>();

  constructor(dev: NetDevice) {
    this.dev = dev;
    this.router = dev.conf6.forwarding !== 0;
  }
}

/** One next hop of a route (struct fib6_info with its fib6_nh). Routes of one prefix and metric with gateways are siblings: one multipath route. */
export class Fib6Route {
  readonly dst: Uint8Array;
  readonly len: number;
  /** for these senders only (srcLen 0: for all) */
  readonly src: Uint8Array;
  readonly srcLen: number;
  readonly table: number;
  /** RtType */
  readonly type: number;
  readonly protocol: number;
  readonly metric: number;
  readonly dev: NetDevice;
  readonly gateway: Uint8Array | null;
  /** RtnhF of the request (ONLINK) */
  readonly flags: number;
  /** 1..256 */
  readonly weight: number;
  readonly prefsrc: Uint8Array | null;
  metrics: Readonly<Record<string, number>> | null;
  readonly pref: RouterPref;
  /** RTF_ADDRCONF: learned from a router advertisement */
  readonly ra: boolean;
  /** when it ends, 0 never */
  expires: number;
  linkdown = false;
  dead = false;

  constructor(r: Omit<Fib6Route, "linkdown" | "dead">) {
    this.dst = r.dst;
    this.len = r.len;
    this.src = r.src;
    this.srcLen = r.srcLen;
    this.table = r.table;
    this.type = r.type;
    this.protocol = r.protocol;
    this.metric = r.metric;
    this.dev = r.dev;
    this.gateway = r.gateway;
    this.flags = r.flags;
    this.weight = r.weight;
    this.prefsrc = r.prefsrc;
    this.metrics = r.metrics;
    this.pref = r.pref;
    this.ra = r.ra;
    this.expires = r.expires;
  }
}

export type RouterPref = "low" | "medium" | "high";

/** What was learned about one destination behind a route (struct rt6_exception): path MTU, or a better gateway. */
export interface Rt6Exception {
  readonly daddr: Uint8Array;
  readonly route: Fib6Route;
  /** 0 none */
  readonly mtu: number;
  readonly gateway: Uint8Array | null;
  /** when it ends, 0 never (redirects) */
  readonly expires: number;
}

export interface Flow6 {
  daddr: Uint8Array;
  saddr: Uint8Array;
  oif: number;
  iif: number;
  mark: number;
  tclass: number;
  proto: number;
  sport: number;
  dport: number;
  uid: number;
}

export class Dst6 {
  readonly input: "local" | "multicast" | "forward" | "error" | "none";
  readonly dev: NetDevice;
  readonly route: Fib6Route | null;
  readonly dst: Uint8Array;
  readonly gateway: Uint8Array | null;
  /** path MTU, 0 none */
  readonly pmtu: number;
  /** what was learned about the destination, or null */
  readonly exception: Rt6Exception | null;
  /** positive errno for "error" */
  readonly error: number;

  constructor(
    input: Dst6["input"],
    dev: NetDevice,
    route: Fib6Route | null,
    dst: Uint8Array,
    gateway: Uint8Array | null,
    exception: Rt6Exception | null,
    error: number,
  ) {
    this.input = input;
    this.dev = dev;
    this.route = route;
    this.dst = dst;
    this.gateway = gateway;
    this.exception = exception;
    this.pmtu = exception ? exception.mtu : 0;
    this.error = error;
  }
}

class Udp6Counters {
  InDatagrams = 0;
  NoPorts = 0;
  InErrors = 0;
  OutDatagrams = 0;
  RcvbufErrors = 0;
  SndbufErrors = 0;
  InCsumErrors = 0;
  IgnoredMulti = 0;
  MemErrors = 0;
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
  readonly tables = new LazyMap<number, Fib6Route[]>();
  /** policy rules in order of priority; replaced on change */
  rules: readonly RuleRow[];
  /** labels of prefixes, the first that fits counts; replaced on change */
  labels: readonly AddrLabelRow[] = DEFAULT_LABELS;
  /** by hex of the destination */
  readonly exceptions = new LazyMap<string, Rt6Exception>();
  /** end of routes with a lifetime (fib6_run_gc) */
  gcTimer: Timer | null = null;
  /** net.ipv6.conf.default.stable_secret */
  defaultSecret: Uint8Array | null = null;
  readonly peers = new LazyMap<string, InetPeer>();
  readonly frags = new LazyMap<string, FragQueue>();
  readonly raw: Raw6Sock[] = [];
  readonly udp = new LazyMap<number, Udp6Sock[]>();
  readonly snmp = new Snmp6();
  readonly udpStats = new Udp6Counters();
  readonly rng: Prng;

  constructor(ns: NetNs, nd: NeighTable, calls: Ip6Calls, rng: Prng, rules: readonly RuleRow[]) {
    this.ns = ns;
    this.nd = nd;
    this.calls = calls;
    this.rng = rng;
    this.rules = rules;
  }
}
