/**
 * The catalogue of decision sites: every place where something is decided about a packet, with the kernel function
 * it stands for and what the three recorded values mean. The number is part of recordings: append, never reorder.
 * Explanations (words) live in explain/, keyed by these names.
 */
export interface Site {
  readonly id: number;
  readonly name: string;
  readonly kernel: string;
  /** meaning of the recorded reference and integers; "" when unused */
  readonly ref: string;
  readonly a: string;
  readonly b: string;
  /** are the packet's headers kept with each record? (Ends always keep them.) */
  readonly snap: boolean;
}

/** Where the packet is complete and on its way: enough to see it change from hop to hop. */
const SNAPPED: ReadonlySet<string> = new Set(["XMIT", "RX", "IP_FORWARD", "IP6_FORWARD"]);

const all: Site[] = [];
function site(name: string, kernel: string, ref = "", a = "", b = ""): Site {
  const s: Site = { id: all.length, name, kernel, ref, a, b, snap: SNAPPED.has(name) };
  all.push(s);
  return s;
}

export const Sites = {
  // birth and death
  SEND: site("SEND", "ip_append_data", "", "IP protocol", "length"),
  ICMP_SEND: site("ICMP_SEND", "icmp_send", "", "type", "code"),
  ICMP_REPLY: site("ICMP_REPLY", "icmp_reply", "", "type", "code"),
  CLONE: site("CLONE", "skb_clone", "", "", ""),
  FRAGMENT: site("FRAGMENT", "ip_fragment", "", "offset", "length"),
  // devices
  XMIT: site("XMIT", "dev_queue_xmit", "", "ifindex", "length"),
  TX_DROP: site("TX_DROP", "dev_hard_start_xmit", "", "ifindex", ""),
  RX: site("RX", "__netif_receive_skb", "", "ifindex", "length"),
  VETH: site("VETH", "veth_xmit", "", "peer ifindex", ""),
  LOOPBACK: site("LOOPBACK", "loopback_xmit", "", "", ""),
  CABLE: site("CABLE", "(wire)", "the cable", "propagation ns", "queued ns"),
  QDISC: site("QDISC", "__dev_xmit_skb", "", "queue length", "limit"),
  // bridge
  BR_INPUT: site("BR_INPUT", "br_handle_frame", "", "port ifindex", "port state"),
  BR_LEARN: site("BR_LEARN", "br_fdb_update", "", "port ifindex", ""),
  BR_FDB: site("BR_FDB", "br_fdb_find_rcu", "fdb entry or null", "port ifindex, 0 flood", ""),
  BR_FLOOD: site("BR_FLOOD", "br_flood", "", "ports", ""),
  BR_FORWARD: site("BR_FORWARD", "br_forward", "", "port ifindex", ""),
  BR_PASS_UP: site("BR_PASS_UP", "br_pass_frame_up", "", "bridge ifindex", ""),
  // ARP and neighbours
  ARP_RCV: site("ARP_RCV", "arp_process", "", "operation", "target address"),
  ARP_SEND: site("ARP_SEND", "arp_send_dst", "", "operation", "target address"),
  NEIGH: site("NEIGH", "neigh_resolve_output", "entry", "state", "queue length"),
  NEIGH_UPDATE: site("NEIGH_UPDATE", "neigh_update", "entry", "old state", "new state"),
  // IPv4
  IP_RCV: site("IP_RCV", "ip_rcv_core", "", "", ""),
  IP_ROUTE_INPUT: site("IP_ROUTE_INPUT", "ip_route_input_slow", "route or null", "table", "route type"),
  IP_ROUTE_OUTPUT: site("IP_ROUTE_OUTPUT", "ip_route_output_key_hash", "route or null", "table", "route type"),
  FIB_RULE: site("FIB_RULE", "fib_rules_lookup", "rule", "table", ""),
  FIB_MATCH: site("FIB_MATCH", "fib_table_lookup", "route", "table", "prefix length"),
  RPF: site("RPF", "fib_validate_source", "route back or null", "rp_filter", ""),
  MARTIAN: site("MARTIAN", "ip_handle_martian_source", "", "", ""),
  IP_LOCAL_DELIVER: site("IP_LOCAL_DELIVER", "ip_local_deliver", "", "IP protocol", ""),
  IP_FORWARD: site("IP_FORWARD", "ip_forward", "", "ttl before", "out ifindex"),
  TTL: site("TTL", "ip_forward", "", "ttl", ""),
  MTU: site("MTU", "ip_exceeds_mtu", "", "length", "mtu"),
  REDIRECT: site("REDIRECT", "ip_rt_send_redirect", "", "", ""),
  IP_OUTPUT: site("IP_OUTPUT", "ip_output", "", "out ifindex", ""),
  IP_REASSEMBLE: site("IP_REASSEMBLE", "ip_defrag", "", "offset", "length"),
  IP_OPTIONS: site("IP_OPTIONS", "ip_rcv_options", "", "", ""),
  NF_HOOK: site("NF_HOOK", "nf_hook_slow", "", "hook", "verdict"),
  // ICMP and sockets
  ICMP_RCV: site("ICMP_RCV", "icmp_rcv", "", "type", "code"),
  SOCK: site("SOCK", "sock_queue_rcv_skb", "", "protocol", "port or id"),
  NO_SOCK: site("NO_SOCK", "__udp4_lib_lookup", "", "protocol", "port"),
  PACKET_TAP: site("PACKET_TAP", "packet_rcv", "", "ifindex", ""),
  // IPv6
  IP6_RCV: site("IP6_RCV", "ip6_rcv_core", "", "", ""),
  IP6_ROUTE_INPUT: site("IP6_ROUTE_INPUT", "ip6_route_input", "route or null", "table", "route type"),
  IP6_ROUTE_OUTPUT: site("IP6_ROUTE_OUTPUT", "ip6_route_output_flags", "route or null", "table", "route type"),
  IP6_LOCAL_DELIVER: site("IP6_LOCAL_DELIVER", "ip6_input", "", "next header", ""),
  IP6_FORWARD: site("IP6_FORWARD", "ip6_forward", "", "hop limit before", "out ifindex"),
  IP6_OUTPUT: site("IP6_OUTPUT", "ip6_output", "", "out ifindex", ""),
  ICMP6_RCV: site("ICMP6_RCV", "icmpv6_rcv", "", "type", "code"),
  NDISC_RCV: site("NDISC_RCV", "ndisc_rcv", "", "type", ""),
  NDISC_SEND: site("NDISC_SEND", "ndisc_send_skb", "", "type", ""),
  MLD_SEND: site("MLD_SEND", "mld_sendpack", "", "records", ""),
  // state events: no packet
  EV_LINK: site("EV_LINK", "rtmsg_ifinfo", "", "ifindex", "flags"),
  EV_ADDR: site("EV_ADDR", "rtmsg_ifa", "", "ifindex", "address"),
  EV_ROUTE: site("EV_ROUTE", "rtmsg_fib", "route", "table", "added 1, removed 0"),
  EV_NEIGH: site("EV_NEIGH", "__neigh_notify", "entry", "state", ""),
  EV_SYSCTL: site("EV_SYSCTL", "proc_sys_call_handler", "", "", ""),
  // spanning tree and VLAN devices
  BPDU_SEND: site("BPDU_SEND", "br_send_bpdu", "", "port ifindex", "port number"),
  BPDU_RCV: site("BPDU_RCV", "br_stp_rcv", "", "port ifindex", "topology change 1, configuration 0"),
  VLAN_RX: site("VLAN_RX", "vlan_do_receive", "", "ifindex of the VLAN device, 0 none", "VLAN id"),
  VLAN_XMIT: site("VLAN_XMIT", "vlan_dev_hard_start_xmit", "", "ifindex of the device below", "VLAN id"),
  // appended: numbers above must not move
  TUN: site("TUN", "tun_net_xmit", "", "ifindex", "length"),
  TCP_SEND: site("TCP_SEND", "__tcp_transmit_skb", "", "destination port", "flags"),
  TCP_RETRANSMIT: site("TCP_RETRANSMIT", "__tcp_retransmit_skb", "", "destination port", "flags"),
  TCP_RESET: site("TCP_RESET", "tcp_v4_send_reset", "", "destination port", "flags"),
  TCP_RCV: site("TCP_RCV", "tcp_v4_do_rcv", "", "state before", "state after"),
  TCP_LISTEN: site("TCP_LISTEN", "tcp_conn_request", "", "local port", "connections waiting"),
  IGMP_SEND: site("IGMP_SEND", "igmpv3_sendpack", "", "records", ""),
} as const;

export const SITES: readonly Site[] = all;
export function siteById(id: number): Site {
  return SITES[id]!;
}
