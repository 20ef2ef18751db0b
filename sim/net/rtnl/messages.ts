/**
 * Routing netlink, typed: what `ip`, `arp`, `bridge` and boot scripts ask of the stack (rtnetlink(7)). One request, one
 * reply. Rows are immutable snapshots; nothing in them refers to live objects. Addresses are bytes: 4 for IPv4, 16 for
 * IPv6, 6 for a MAC, none (length 0) for "any".
 */

/** IFF_* as net_device(7) numbers them. */
export const IFF = {
  UP: 0x1,
  BROADCAST: 0x2,
  DEBUG: 0x4,
  LOOPBACK: 0x8,
  POINTOPOINT: 0x10,
  NOTRAILERS: 0x20,
  RUNNING: 0x40,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  MASTER: 0x400,
  SLAVE: 0x800,
  MULTICAST: 0x1000,
  PORTSEL: 0x2000,
  AUTOMEDIA: 0x4000,
  DYNAMIC: 0x8000,
  LOWER_UP: 0x10000,
  DORMANT: 0x20000,
  ECHO: 0x40000,
} as const;

/** rtm_scope, ifa_scope */
export const RtScope = { UNIVERSE: 0, SITE: 200, LINK: 253, HOST: 254, NOWHERE: 255 } as const;
/** rtm_type */
export const RtType = {
  UNSPEC: 0,
  UNICAST: 1,
  LOCAL: 2,
  BROADCAST: 3,
  ANYCAST: 4,
  MULTICAST: 5,
  BLACKHOLE: 6,
  UNREACHABLE: 7,
  PROHIBIT: 8,
  THROW: 9,
  NAT: 10,
} as const;
/** rtm_protocol */
export const RtProt = { UNSPEC: 0, REDIRECT: 1, KERNEL: 2, BOOT: 3, STATIC: 4, RA: 9, DHCP: 16 } as const;
export const RtTable = { UNSPEC: 0, DEFAULT: 253, MAIN: 254, LOCAL: 255 } as const;
/** rtm_flags / nexthop flags */
export const RtnhF = { DEAD: 1, PERVASIVE: 2, ONLINK: 4, OFFLOAD: 8, LINKDOWN: 16 } as const;
/** ifa_flags */
export const IfaF = {
  SECONDARY: 0x01,
  TEMPORARY: 0x01,
  NODAD: 0x02,
  OPTIMISTIC: 0x04,
  DADFAILED: 0x08,
  HOMEADDRESS: 0x10,
  DEPRECATED: 0x20,
  TENTATIVE: 0x40,
  PERMANENT: 0x80,
  MANAGETEMPADDR: 0x100,
  NOPREFIXROUTE: 0x200,
  MCAUTOJOIN: 0x400,
  STABLE_PRIVACY: 0x800,
} as const;
/** ndm_state */
export const Nud = {
  NONE: 0x00,
  INCOMPLETE: 0x01,
  REACHABLE: 0x02,
  STALE: 0x04,
  DELAY: 0x08,
  PROBE: 0x10,
  FAILED: 0x20,
  NOARP: 0x40,
  PERMANENT: 0x80,
} as const;
/** ndm_flags */
export const NtfF = { USE: 0x01, SELF: 0x02, MASTER: 0x04, PROXY: 0x08, EXT_LEARNED: 0x10, STICKY: 0x40, ROUTER: 0x80 } as const;
/** operstate, RFC 2863 as in IFLA_OPERSTATE */
export const IfOper = { UNKNOWN: 0, NOTPRESENT: 1, DOWN: 2, LOWERLAYERDOWN: 3, TESTING: 4, DORMANT: 5, UP: 6 } as const;
/** NLM_F_* of new-requests */
export const NlmF = { REPLACE: 0x100, EXCL: 0x200, CREATE: 0x400, APPEND: 0x800 } as const;

export interface LinkStats {
  readonly rxPackets: number;
  readonly txPackets: number;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxErrors: number;
  readonly txErrors: number;
  readonly rxDropped: number;
  readonly txDropped: number;
  readonly multicast: number;
  readonly collisions: number;
  /** the detailed ones of `ip -s -s` */
  readonly rxLengthErrors: number;
  readonly rxCrcErrors: number;
  readonly rxFrameErrors: number;
  readonly rxFifoErrors: number;
  readonly rxOverErrors: number;
  readonly rxMissedErrors: number;
  readonly rxNohandler: number;
  readonly txAbortedErrors: number;
  readonly txCarrierErrors: number;
  readonly txFifoErrors: number;
  readonly txHeartbeatErrors: number;
  readonly txWindowErrors: number;
  /** IFLA_CARRIER_CHANGES */
  readonly carrierChanges: number;
}

export interface LinkRow {
  readonly ifindex: number;
  readonly name: string;
  /** IFF_* as dev_get_flags gives them (incl. RUNNING, LOWER_UP) */
  readonly flags: number;
  /** "loopback", "ether" */
  readonly type: string;
  readonly address: Uint8Array;
  readonly broadcast: Uint8Array;
  readonly mtu: number;
  readonly minMtu: number;
  readonly maxMtu: number;
  readonly qdisc: string;
  readonly operstate: number;
  /** 0 default, 1 dormant */
  readonly linkmode: number;
  readonly group: number;
  readonly txqlen: number;
  readonly promiscuity: number;
  readonly allmulti: number;
  readonly numTxQueues: number;
  readonly numRxQueues: number;
  readonly gsoMaxSize: number;
  readonly gsoMaxSegs: number;
  readonly tsoMaxSize: number;
  readonly tsoMaxSegs: number;
  readonly groMaxSize: number;
  readonly carrier: boolean;
  readonly protoDown: boolean;
  readonly alias: string;
  readonly altnames: readonly string[];
  /** ifindex of the master, 0 none */
  readonly master: number;
  /** IFLA_LINK: 0 none; the peer or lower device */
  readonly link: number;
  /** IFLA_LINK_NETNSID of `link`, null when in the same namespace */
  readonly linkNetnsid: number | null;
  /** IFLA_INFO_KIND: "veth", "bridge", "vlan", …, null for physical ones and loopback */
  readonly kind: string | null;
  /** IFLA_INFO_DATA of the kind, by the words `ip -d link` uses: vlan {id, protocol}, bridge {forward_delay, stp_state, …} */
  readonly data: Readonly<Record<string, string | number | boolean>> | null;
  readonly slaveKind: string | null;
  readonly slaveData: Readonly<Record<string, string | number | boolean>> | null;
  readonly addrGenMode: "eui64" | "none" | "stable_secret" | "random";
  /** IFLA_INET6_TOKEN, null without IPv6 */
  readonly token: Uint8Array | null;
  readonly stats: LinkStats;
  /** name of the parent bus device for physical NICs ("pci"/"0000:00:05.0"), or null */
  readonly parentbus: string | null;
  readonly parentdev: string | null;
}

export interface AddrRow {
  readonly family: 2 | 10;
  readonly ifindex: number;
  readonly prefixlen: number;
  /** IFA_LOCAL for IPv4 (the own address), the address for IPv6 */
  readonly local: Uint8Array;
  /** IFA_ADDRESS: the peer's on point-to-point, else the same */
  readonly address: Uint8Array;
  readonly broadcast: Uint8Array | null;
  readonly label: string;
  readonly scope: number;
  readonly flags: number;
  /** seconds left; Infinity is 4294967295 */
  readonly validLft: number;
  readonly preferredLft: number;
  /** IFA_RT_PRIORITY, 0 unset */
  readonly metric: number;
  /** IFA_PROTO, 0 unset (kernel_lo 1, kernel_ra 2, kernel_ll 3 — printed by newer iproute2 only) */
  readonly proto: number;
}

export interface NexthopRow {
  readonly gateway: Uint8Array | null;
  /** family of the gateway: an IPv4 route may go via an IPv6 neighbour */
  readonly gatewayFamily: 2 | 10;
  readonly ifindex: number;
  readonly flags: number;
  readonly weight: number;
}

/** A nexthop object of IPv4; in a request id 0 means "any free one". */
export interface NexthopObjectRow {
  readonly id: number;
  /** 0: on link */
  readonly gateway: number;
  readonly ifindex: number;
  readonly scope: number;
  readonly protocol: number;
  readonly blackhole: boolean;
  /** its members when it is a group */
  readonly group: readonly { readonly id: number; readonly weight: number }[] | null;
  readonly flags: number;
}

export interface RouteRow {
  readonly family: 2 | 10;
  readonly dst: Uint8Array;
  readonly dstLen: number;
  readonly src: Uint8Array | null;
  readonly srcLen: number;
  readonly tos: number;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly type: number;
  readonly flags: number;
  readonly prefsrc: Uint8Array | null;
  /** metric; 0 = none for IPv4, IPv6 shows 1024 when none was given */
  readonly priority: number;
  /** one for an ordinary route, more for multipath, none for blackhole and the like */
  readonly nexthops: readonly NexthopRow[];
  /** the nexthop object the route goes through, absent: none */
  readonly nhId?: number;
  /** RTAX: mtu, advmss, window, hoplimit … and lock */
  readonly metrics: Readonly<Record<string, number>> | null;
  /** IPv6 router preference */
  readonly pref: "low" | "medium" | "high" | null;
  /** of IPv6 routes that end: seconds left, negative once they have */
  readonly expires?: number;
  /** where the packet asked about came in */
  readonly iif?: number;
  /** for `ip route get`: cache flags ("local", "redirected", …), uid, iif, mark */
  readonly cache: {
    readonly flags: readonly string[];
    readonly uid: number | null;
    readonly iif: number;
    readonly mark: number;
    readonly expires: number | null;
    readonly mtu: number | null;
  } | null;
}

export interface NeighRow {
  readonly family: 2 | 10 | 7; // 7 = AF_BRIDGE (fdb)
  readonly ifindex: number;
  readonly dst: Uint8Array | null;
  readonly lladdr: Uint8Array | null;
  readonly state: number;
  readonly flags: number;
  readonly protocol: number;
  /** seconds since used / confirmed / updated; of a forwarding database with two decimals */
  readonly used: number;
  readonly confirmed: number;
  readonly updated: number;
  readonly refcnt: number;
  readonly probes: number;
  /** fdb only */
  readonly master: number;
  readonly vlan: number;
  readonly linkNetnsid: number | null;
}

/** First and last of a range of ports or users. */
export interface RuleRange {
  readonly from: number;
  readonly to: number;
}

/** What few rules have; absent: not asked for. */
export interface RuleExtra {
  readonly ipproto?: number;
  readonly sport?: RuleRange;
  readonly dport?: RuleRange;
  readonly uidrange?: RuleRange;
  /** an answer with a prefix of this length or shorter does not count */
  readonly suppressPrefixlength?: number;
  /** nor does one through a device of this group */
  readonly suppressIfgroup?: number;
  /** priority of the rule that a goto goes on with */
  readonly target?: number;
  readonly l3mdev?: boolean;
  readonly tunId?: number;
  /** FIB_RULE_IIF_DETACHED, OIF_DETACHED, UNRESOLVED: in answers only */
  readonly iifDetached?: boolean;
  readonly oifDetached?: boolean;
  readonly unresolved?: boolean;
}

export interface RuleRow extends RuleExtra {
  /** who made it; 0 nobody said */
  readonly protocol?: number;
  readonly family: 2 | 10;
  readonly priority: number;
  readonly src: Uint8Array | null;
  readonly srcLen: number;
  readonly dst: Uint8Array | null;
  readonly dstLen: number;
  readonly iifname: string;
  readonly oifname: string;
  readonly fwmark: number;
  readonly fwmask: number;
  readonly tos: number;
  readonly table: number;
  readonly action: "lookup" | "blackhole" | "unreachable" | "prohibit" | "goto" | "nop";
  readonly invert: boolean;
}

/** A label of addresses below a prefix (`ip addrlabel`); of one device's, or of all (0). */
export interface AddrLabelRow {
  readonly prefix: Uint8Array;
  readonly prefixlen: number;
  readonly ifindex: number;
  readonly label: number;
}

/** Parameters of neighbours (`ip ntable`), by their name there: times in ms, "queue" in packets. */
export const NEIGH_PARMS = [
  "base_reachable",
  "retrans",
  "gc_stale",
  "delay_probe",
  "queue",
  "app_probes",
  "ucast_probes",
  "mcast_probes",
  "anycast_delay",
  "proxy_delay",
  "proxy_queue",
  "locktime",
] as const;
export type NeighParm = (typeof NEIGH_PARMS)[number];
/** Of a whole table: limits, and how often it is cleaned, in ms. */
export const NEIGH_LIMITS = ["thresh1", "thresh2", "thresh3", "gc_int"] as const;
export type NeighLimit = (typeof NEIGH_LIMITS)[number];

export interface NeighTableRow {
  readonly family: 2 | 10;
  readonly name: string;
  /** 0: the defaults, with what concerns the whole table */
  readonly ifindex: number;
  readonly limits: Readonly<Record<NeighLimit, number>> | null;
  /** how long a neighbour counts as reachable at present, ms */
  readonly reachable: number;
  readonly parms: Readonly<Record<NeighParm, number>>;
}

/** A multicast address a device listens to: of its link (17), or a group of IP. */
export interface MulticastRow {
  readonly ifindex: number;
  readonly family: 2 | 10 | 17;
  readonly address: Uint8Array;
  readonly users: number;
  /** added by hand */
  readonly isStatic: boolean;
}

/** An offload of a device: is it on, was it asked for, can it be switched? */
export interface FeatureRow {
  readonly name: string;
  readonly active: boolean;
  readonly wanted: boolean;
  readonly fixed: boolean;
}

export interface NsidRow {
  readonly nsid: number;
  /** with a target: the id of the same namespace here, -1 when it has none; null without a target */
  readonly currentNsid: number | null;
}

/** How a request names another namespace: an open fd of the caller, or a process. The kernel replaces it by `netns`. */
export type NetnsRef = { readonly fd: number } | { readonly pid: number };

export interface LinkAttrs {
  readonly name?: string;
  readonly address?: Uint8Array;
  readonly broadcast?: Uint8Array;
  readonly mtu?: number;
  readonly txqlen?: number;
  readonly alias?: string;
  readonly group?: number;
  readonly numTxQueues?: number;
  readonly numRxQueues?: number;
  /** 0 = nomaster */
  readonly master?: number;
  readonly link?: number;
  readonly netns?: NetnsRef;
  readonly newIfindex?: number;
  readonly addrGenMode?: "eui64" | "none" | "stable_secret" | "random";
  readonly token?: Uint8Array;
  readonly carrier?: boolean;
  readonly protodown?: boolean;
  readonly linkmode?: number;
  readonly operstate?: number;
  /** ifi_flags and the mask of those to change */
  readonly flags?: number;
  readonly change?: number;
  readonly kind?: string;
  readonly data?: Readonly<Record<string, string | number | boolean>>;
  readonly slaveData?: Readonly<Record<string, string | number | boolean>>;
  /** BRIDGE_FLAGS_SELF: what is in slaveData is for a switch inside the device itself */
  readonly slaveSelf?: boolean;
  /** VETH_INFO_PEER */
  readonly peer?: LinkAttrs;
  readonly altnames?: readonly string[];
}

/** `echo` (NLM_F_ECHO): the answer shall hold what listeners are told of it. */
export type RtnlRequest = RtnlMessage & { readonly echo?: true };

type RtnlMessage =
  // links: by ifindex, or by name when ifindex is 0
  | { readonly type: "RTM_GETLINK"; readonly ifindex?: number; readonly name?: string } // neither: dump
  | { readonly type: "RTM_NEWLINK"; readonly flags: number; readonly ifindex: number; readonly attrs: LinkAttrs }
  | { readonly type: "RTM_DELLINK"; readonly ifindex: number; readonly name?: string; readonly group?: number; readonly kind?: string }
  | { readonly type: "RTM_NEWLINKPROP" | "RTM_DELLINKPROP"; readonly ifindex: number; readonly altname: string }
  // addresses
  | { readonly type: "RTM_GETADDR"; readonly family: 0 | 2 | 10; readonly ifindex?: number }
  | { readonly type: "RTM_NEWADDR"; readonly flags: number; readonly addr: AddrRequest }
  | { readonly type: "RTM_DELADDR"; readonly addr: AddrRequest }
  // routes
  | { readonly type: "RTM_GETROUTE"; readonly dump: true; readonly family: 0 | 2 | 10; readonly table?: number; readonly cached?: boolean }
  | { readonly type: "RTM_GETROUTE"; readonly dump: false; readonly family: 2 | 10; readonly get: RouteGetRequest }
  | { readonly type: "RTM_NEWROUTE"; readonly flags: number; readonly route: RouteRequest }
  | { readonly type: "RTM_DELROUTE"; readonly route: RouteRequest; readonly cached?: boolean }
  // nexthop objects; without an id: dump
  | { readonly type: "RTM_NEWNEXTHOP"; readonly flags: number; readonly nexthop: NexthopObjectRow }
  | { readonly type: "RTM_DELNEXTHOP"; readonly id: number }
  | { readonly type: "RTM_GETNEXTHOP"; readonly id?: number }
  // neighbours and fdb
  | {
      readonly type: "RTM_GETNEIGH";
      readonly family: 0 | 2 | 7 | 10;
      readonly ifindex?: number;
      readonly master?: number;
      readonly proxy?: boolean;
    }
  | {
      readonly type: "RTM_GETNEIGH_ONE";
      readonly family: 2 | 10;
      readonly ifindex: number;
      readonly dst: Uint8Array;
      readonly proxy?: boolean;
    }
  // one entry of a bridge's forwarding database, by a port (its bridge is asked) or the bridge itself
  | {
      readonly type: "RTM_GETFDB_ONE";
      readonly flags: number;
      readonly ifindex: number;
      readonly master: number;
      readonly lladdr: Uint8Array;
      readonly vlan: number;
    }
  | { readonly type: "RTM_NEWNEIGH"; readonly flags: number; readonly neigh: NeighRequest }
  | { readonly type: "RTM_DELNEIGH"; readonly neigh: NeighRequest }
  // NLM_F_BULK: entries of a bridge whose bits under the masks are these; port 0: all of them
  | {
      readonly type: "RTM_DELNEIGH_BULK";
      readonly ifindex: number;
      readonly flags: number;
      readonly port: number;
      readonly vlan: number;
      readonly state: number;
      readonly stateMask: number;
      readonly ndmFlags: number;
      readonly ndmFlagsMask: number;
    }
  // rules
  | { readonly type: "RTM_GETRULE"; readonly family: 0 | 2 | 10 }
  | { readonly type: "RTM_NEWRULE"; readonly flags: number; readonly rule: Partial<RuleRow> }
  | { readonly type: "RTM_DELRULE"; readonly rule: Partial<RuleRow> }
  // offloads (ethtool)
  | { readonly type: "RTM_GETFEATURES"; readonly ifindex: number }
  | { readonly type: "RTM_SETFEATURES"; readonly ifindex: number; readonly wanted: Readonly<Record<string, boolean>> }
  // labels of addresses
  | { readonly type: "RTM_GETADDRLABEL"; readonly family: number }
  | { readonly type: "RTM_NEWADDRLABEL" | "RTM_DELADDRLABEL"; readonly label: AddrLabelRow }
  // tables of neighbours; no family: both
  | { readonly type: "RTM_GETNEIGHTBL"; readonly family: number }
  | {
      readonly type: "RTM_SETNEIGHTBL";
      readonly family: number;
      readonly name: string;
      readonly ifindex: number;
      readonly parms: Readonly<Partial<Record<NeighParm, number>>>;
      readonly limits: Readonly<Partial<Record<NeighLimit, number>>>;
    }
  // multicast addresses; ADD and DEL are the ioctls SIOCADDMULTI and SIOCDELMULTI
  | { readonly type: "RTM_GETMULTICAST" }
  | { readonly type: "RTM_ADDMULTI" | "RTM_DELMULTI"; readonly ifindex: number; readonly address: Uint8Array }
  // namespace ids
  // neither ref nor nsid: dump. targetNsid: ids as the namespace known by that id here sees them
  | { readonly type: "RTM_GETNSID"; readonly ref?: NetnsRef; readonly nsid?: number; readonly targetNsid?: number }
  | { readonly type: "RTM_NEWNSID"; readonly ref: NetnsRef; readonly nsid: number };

export interface AddrRequest {
  readonly family: 2 | 10;
  readonly ifindex: number;
  readonly prefixlen: number;
  readonly local?: Uint8Array;
  readonly address?: Uint8Array;
  readonly broadcast?: Uint8Array;
  readonly anycast?: Uint8Array;
  readonly label?: string;
  readonly scope?: number;
  readonly flags?: number;
  readonly validLft?: number;
  readonly preferredLft?: number;
  readonly metric?: number;
  /** IFA_PROTO */
  readonly proto?: number;
}

export interface RouteRequest {
  readonly family: 2 | 10;
  readonly dst: Uint8Array | null; // null: default
  readonly dstLen: number;
  readonly src?: Uint8Array;
  readonly srcLen?: number;
  readonly tos: number;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly type: number;
  readonly flags: number;
  readonly prefsrc?: Uint8Array;
  readonly priority?: number;
  readonly gateway?: Uint8Array;
  readonly gatewayFamily?: 2 | 10;
  readonly oif?: number;
  readonly multipath?: readonly NexthopRow[];
  readonly nhId?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly pref?: "low" | "medium" | "high";
  /** RTA_EXPIRES: seconds */
  readonly expires?: number;
}

export interface RouteGetRequest {
  readonly dst: Uint8Array;
  readonly src?: Uint8Array;
  readonly iif?: number;
  readonly oif?: number;
  readonly mark?: number;
  readonly tos?: number;
  readonly ipproto?: number;
  readonly sport?: number;
  readonly dport?: number;
  readonly uid?: number;
  /** RTM_F_FIB_MATCH: the route itself rather than the result */
  readonly fibmatch?: boolean;
}

export interface NeighRequest {
  readonly family: 2 | 7 | 10;
  readonly ifindex: number;
  readonly dst?: Uint8Array;
  readonly lladdr?: Uint8Array;
  readonly state: number;
  readonly flags: number;
  readonly vlan?: number;
  readonly protocol?: number;
}

/** What came back: rows, or a positive errno with the kernel's extended-ack text when it gives one. */
export type RtnlReply =
  | {
      readonly ok: true;
      readonly links?: readonly LinkRow[];
      readonly addrs?: readonly AddrRow[];
      readonly routes?: readonly RouteRow[];
      readonly neighs?: readonly NeighRow[];
      readonly rules?: readonly RuleRow[];
      readonly nsids?: readonly NsidRow[];
      readonly features?: readonly FeatureRow[];
      readonly nexthopObjects?: readonly NexthopObjectRow[];
      readonly multicast?: readonly MulticastRow[];
      readonly labels?: readonly AddrLabelRow[];
      /** what was asked for with `echo` */
      readonly events?: readonly RtnlEvent[];
      readonly neighTables?: readonly NeighTableRow[];
    }
  | { readonly ok: false; readonly errno: number; readonly extack: string | null };

export type RtnlError = Extract<RtnlReply, { ok: false }>;

export const RTNL_OK: RtnlReply = { ok: true };
export function rtnlError(errno: number, extack: string | null = null): RtnlError {
  return { ok: false, errno, extack };
}

/** Settings of a device as netconf tells them; those that are absent did not change. Index -1 stands for all, -2 for default. */
export interface NetconfRow {
  readonly family: 2 | 10;
  readonly ifindex: number;
  readonly forwarding?: number;
  readonly rpFilter?: number;
  readonly mcForwarding?: number;
  readonly proxyNeigh?: number;
  readonly ignoreLinkdown?: number;
}

/** What a listening socket is told (RTM_NEW… and RTM_DEL… of a multicast group). */
export type RtnlEvent = { readonly deleted: boolean } & (
  | { readonly group: "link"; readonly link: LinkRow }
  | { readonly group: "address"; readonly addr: AddrRow }
  | { readonly group: "route"; readonly route: RouteRow }
  | { readonly group: "neigh"; readonly neigh: NeighRow }
  | { readonly group: "rule"; readonly rule: RuleRow }
  | { readonly group: "nexthop"; readonly nexthop: NexthopObjectRow }
  | { readonly group: "nsid"; readonly nsid: number }
  | { readonly group: "netconf"; readonly netconf: NetconfRow }
);
