/**
 * Why a packet ended: Linux's drop reasons (enum skb_drop_reason, include/net/dropreason-core.h) for the sites that we have.
 * The number is ours and part of recordings: append, never reorder. 0 means "not dropped".
 */
export const DropReason = {
  NONE: 0,
  NOT_SPECIFIED: 1,
  OTHERHOST: 2,
  IP_CSUM: 3,
  IP_INHDR: 4,
  IP_INNOROUTES: 5,
  IP_OUTNOROUTES: 6,
  IP_INADDRERRORS: 7,
  IP_RPFILTER: 8,
  IP_LOCALNET: 9,
  IP_INVALID_SOURCE: 10,
  IP_INVALID_DEST: 11,
  IP_LOCAL_SOURCE: 12,
  TTL_EXCEEDED: 13, // Linux counts it in IpInHdrErrors; the reason there is IP_INHDR
  PKT_TOO_BIG: 14,
  PKT_TOO_SMALL: 15,
  NO_SOCKET: 16,
  SOCKET_RCVBUFF: 17,
  SOCKET_FILTER: 18,
  UDP_CSUM: 19,
  ICMP_CSUM: 20,
  INVALID_PROTO: 21,
  IP_NOPROTO: 22,
  NEIGH_CREATEFAIL: 23,
  NEIGH_FAILED: 24,
  NEIGH_QUEUEFULL: 25,
  NEIGH_DEAD: 26,
  DEV_READY: 27, // the device was not up
  DEV_HDR: 28,
  FULL_RING: 29,
  QDISC_DROP: 30,
  UNHANDLED_PROTO: 31,
  CABLE_UNPLUGGED: 32, // ours: the frame left a NIC and no cable carried it
  CABLE_LOSS: 33, // ours: the cable's loss rate took it
  BRIDGE_INGRESS_STP_STATE: 34,
  BRIDGE_NO_EGRESS_PORT: 35,
  BRIDGE_LOOP_LIMIT: 36,
  RECURSION_LIMIT: 37, // DEV_XMIT recursion
  NETFILTER_DROP: 38,
  DUP_FRAG: 39,
  FRAG_REASM_TIMEOUT: 40,
  FRAG_TOO_FAR: 41,
  IPV6DISABLED: 42,
  IPV6_BAD_EXTHDR: 43,
  IPV6_NDISC_BAD_OPTIONS: 44,
  IPV6_NDISC_FAILED: 45,
  ARP_PVLAN_DISABLE: 46,
  ARP_NOT_FOR_US: 47, // ours: a request for an address that is not here
  ARP_IGNORED: 48, // ours: arp_ignore and the like
  ARP_MALFORMED: 49,
  BLACKHOLE_ROUTE: 50,
  PROHIBIT_ROUTE: 51,
  UNREACHABLE_ROUTE: 52,
  FORWARDING_OFF: 53, // Linux: IpInAddrErrors, EHOSTUNREACH from ip_route_input; worth its own name to a learner
  LINK_DOWN: 54, // veth: the peer is down
  VLAN_UNKNOWN: 55,
  MULTICAST_NOT_JOINED: 56,
  ICMP_IGNORED: 57, // icmp_echo_ignore_all, echo to broadcast
  ICMP_RATELIMIT: 58,
  BRIDGE_PORT_LOCKED: 59, // ours: a locked port and a sender that is not known there
  BRIDGE_BPDU_GUARD: 60, // ours: a BPDU on a port that must not hear any
  TCP_CSUM: 61,
  TCP_FLAGS: 62,
  TCP_LISTEN_OVERFLOW: 63, // Linux: ListenOverflows, SKB_DROP_REASON_TCP_LISTEN_OVERFLOW
  TCP_OLD_DATA: 64,
  TCP_OVERWINDOW: 65,
  TCP_ZEROWINDOW: 66,
  TCP_OLD_SEQUENCE: 67,
  TCP_INVALID_SEQUENCE: 68,
  TCP_RFC7323_PAWS: 69,
  TCP_ACK_UNSENT_DATA: 70,
  TCP_TOO_OLD_ACK: 71,
  TCP_RESET: 72,
  TCP_INVALID_SYN: 73,
  TCP_CLOSE: 74,
  TCP_ABORT_ON_DATA: 75,
} as const;
export type DropReason = (typeof DropReason)[keyof typeof DropReason];

const NAMES: readonly string[] = Object.entries(DropReason).reduce<string[]>((a, [k, v]) => ((a[v] = k), a), []);
export function reasonName(r: number): string {
  return NAMES[r] ?? `REASON_${r}`;
}
