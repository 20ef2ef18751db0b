/**
 * The values below /proc/sys/net of one namespace, typed for the data path: what each layer reads is a number in a plain
 * record. Names and defaults are those of a fresh namespace of Linux 6.18; sysctl.ts turns them into files.
 * Per-device records hang on the device (dev.conf4, dev.conf6, dev.neighConf4, dev.neighConf6) and start as copies of "default".
 */
import type { NetDevice } from "./dev/device.ts";
import type { NetNs } from "./netns.ts";

/** net.ipv4.conf.X.*: booleans are 0/1, intervals in ms. */
const CONF4 = {
  accept_local: 0,
  accept_redirects: 1,
  accept_source_route: 1,
  arp_accept: 0,
  arp_announce: 0,
  arp_evict_nocarrier: 1,
  arp_filter: 0,
  arp_ignore: 0,
  arp_notify: 0,
  bc_forwarding: 0,
  bootp_relay: 0,
  disable_policy: 0,
  disable_xfrm: 0,
  drop_gratuitous_arp: 0,
  drop_unicast_in_l2_multicast: 0,
  force_igmp_version: 0,
  forwarding: 0,
  igmpv2_unsolicited_report_interval: 10000,
  igmpv3_unsolicited_report_interval: 1000,
  ignore_routes_with_linkdown: 0,
  log_martians: 0,
  mc_forwarding: 0,
  medium_id: 0,
  promote_secondaries: 0,
  proxy_arp: 0,
  proxy_arp_pvlan: 0,
  route_localnet: 0,
  rp_filter: 0,
  secure_redirects: 1,
  send_redirects: 1,
  shared_media: 1,
  src_valid_mark: 0,
  tag: 0,
};

/** net.ipv6.conf.X.*: delays and lifetimes in seconds except mldvN_unsolicited_report_interval (ms). */
const CONF6 = {
  accept_dad: 1,
  accept_ra: 1,
  accept_ra_defrtr: 1,
  accept_ra_from_local: 0,
  accept_ra_min_hop_limit: 1,
  accept_ra_min_lft: 0,
  accept_ra_mtu: 1,
  accept_ra_pinfo: 1,
  accept_ra_rt_info_max_plen: 0,
  accept_ra_rt_info_min_plen: 0,
  accept_ra_rtr_pref: 1,
  accept_redirects: 1,
  accept_source_route: 0,
  accept_untracked_na: 0,
  addr_gen_mode: 0,
  autoconf: 1,
  dad_transmits: 1,
  disable_ipv6: 0,
  disable_policy: 0,
  drop_unicast_in_l2_multicast: 0,
  drop_unsolicited_na: 0,
  enhanced_dad: 1,
  force_forwarding: 0,
  force_mld_version: 0,
  force_tllao: 0,
  forwarding: 0,
  hop_limit: 64,
  ignore_routes_with_linkdown: 0,
  ioam6_enabled: 0,
  ioam6_id: 65535,
  ioam6_id_wide: 4294967295,
  keep_addr_on_down: 0,
  max_addresses: 16,
  max_desync_factor: 600,
  mc_forwarding: 0,
  mldv1_unsolicited_report_interval: 10000,
  mldv2_unsolicited_report_interval: 1000,
  mtu: 1280,
  ndisc_evict_nocarrier: 1,
  ndisc_notify: 0,
  ndisc_tclass: 0,
  optimistic_dad: 0,
  proxy_ndp: 0,
  ra_defrtr_metric: 1024,
  ra_honor_pio_life: 0,
  ra_honor_pio_pflag: 0,
  regen_max_retry: 3,
  regen_min_advance: 2,
  router_probe_interval: 60,
  router_solicitation_delay: 1,
  router_solicitation_interval: 4,
  router_solicitation_max_interval: 3600,
  router_solicitations: -1,
  rpl_seg_enabled: 0,
  seg6_enabled: 0,
  seg6_require_hmac: 0,
  suppress_frag_ndisc: 1,
  temp_prefered_lft: 86400,
  temp_valid_lft: 604800,
  use_oif_addrs_only: 0,
  use_optimistic: 0,
  use_tempaddr: 0,
};

/**
 * net.ipvN.neigh.X.*. Units by name: *_ms in ms; delay_first_probe_time and gc_stale_time in s; anycast_delay, locktime and
 * proxy_delay in 1/100 s.
 */
const NEIGH = {
  anycast_delay: 100,
  app_solicit: 0,
  base_reachable_time_ms: 30000,
  delay_first_probe_time: 5,
  gc_stale_time: 60,
  interval_probe_time_ms: 5000,
  locktime: 100,
  mcast_resolicit: 0,
  mcast_solicit: 3,
  proxy_delay: 80,
  proxy_qlen: 64,
  retrans_time_ms: 1000,
  ucast_solicit: 3,
  unres_qlen: 101,
  unres_qlen_bytes: 212992,
};

/** neigh/default only, and only in a machine's first namespace: gc_interval in s */
const NEIGH_GC = { gc_interval: 30, gc_thresh1: 128, gc_thresh2: 512, gc_thresh3: 1024 };

/** net.ipv4.* that the data path reads. ipfrag_time and tcp_*_timeout, _intvl, _time in s, icmp_ratelimit in ms a token. */
const IPV4 = {
  icmp_echo_enable_probe: 0,
  icmp_echo_ignore_all: 0,
  icmp_echo_ignore_broadcasts: 1,
  icmp_errors_use_inbound_ifaddr: 0,
  icmp_ignore_bogus_error_responses: 1,
  icmp_msgs_burst: 50,
  icmp_msgs_per_sec: 1000,
  icmp_ratelimit: 1000,
  icmp_ratemask: 6168,
  ip_default_ttl: 64,
  ip_forward_update_priority: 1,
  ip_forward_use_pmtu: 0,
  ip_no_pmtu_disc: 0,
  ip_nonlocal_bind: 0,
  ip_unprivileged_port_start: 1024,
  fwmark_reflect: 0,
  ipfrag_high_thresh: 4194304,
  ipfrag_low_thresh: 3145728,
  ipfrag_max_dist: 64,
  ipfrag_time: 30,
  min_pmtu: 552,
  mtu_expires: 600,
  tcp_abort_on_overflow: 0,
  tcp_fin_timeout: 60,
  tcp_keepalive_intvl: 75,
  tcp_keepalive_probes: 9,
  tcp_keepalive_time: 7200,
  tcp_orphan_retries: 0,
  tcp_retries2: 15,
  tcp_rfc1337: 0,
  tcp_sack: 1,
  tcp_syn_linear_timeouts: 4,
  tcp_syn_retries: 6,
  tcp_synack_retries: 5,
  tcp_syncookies: 1,
  tcp_timestamps: 1,
  tcp_window_scaling: 1,
};

/** net.ipv6.* that the data path reads. icmp_ratelimit in ms a token, ip6frag_time and mtu_expires in s. */
const IPV6 = {
  bindv6only: 0,
  icmp_echo_ignore_all: 0,
  icmp_echo_ignore_anycast: 0,
  icmp_echo_ignore_multicast: 0,
  icmp_ratelimit: 100,
  auto_flowlabels: 1,
  ip_nonlocal_bind: 0,
  fwmark_reflect: 0,
  ip6frag_high_thresh: 4194304,
  ip6frag_low_thresh: 3145728,
  ip6frag_time: 60,
  mtu_expires: 600,
};

/** net.core.* that sockets read, in bytes */
/** br_netfilter's, which Linux has as soon as iptables met a bridge */
const BRIDGE = {
  "bridge-nf-call-arptables": 1,
  "bridge-nf-call-ip6tables": 1,
  "bridge-nf-call-iptables": 1,
  "bridge-nf-filter-pppoe-tagged": 0,
  "bridge-nf-filter-vlan-tagged": 0,
  "bridge-nf-pass-vlan-input-dev": 0,
};
const CORE = { rmem_default: 212992, rmem_max: 4194304, wmem_default: 212992, wmem_max: 4194304, somaxconn: 4096 };

export type Conf4 = Readonly<typeof CONF4>;
export type Conf6 = Readonly<typeof CONF6>;
export type NeighConf = Readonly<typeof NEIGH>;
export type NeighGcConf = Readonly<typeof NEIGH_GC>;
export type Ipv4Conf = Readonly<typeof IPV4>;
export type Ipv6Conf = Readonly<typeof IPV6>;
export type CoreConf = Readonly<typeof CORE>;
export type BridgeConf = Readonly<typeof BRIDGE>;

const CONF4_ALL: Conf4 = { ...CONF4, accept_source_route: 0 };
const CONF6_ALL: Conf6 = { ...CONF6, accept_dad: 0 };
const NEIGH6: NeighConf = { ...NEIGH, locktime: 0 };

/**
 * The records of a namespace. Nobody writes into a record, only another one in its place: as long as nothing was set, all namespaces
 * and devices share the same ones.
 */
export class NetSysctl {
  conf4All: Conf4 = CONF4_ALL;
  conf4Default: Conf4 = CONF4;
  conf6All: Conf6 = CONF6_ALL;
  conf6Default: Conf6 = CONF6;
  neigh4Default: NeighConf = NEIGH;
  neigh6Default: NeighConf = NEIGH6;
  neigh4Gc: NeighGcConf = NEIGH_GC;
  neigh6Gc: NeighGcConf = NEIGH_GC;
  ipv4: Ipv4Conf = IPV4;
  ipv6: Ipv6Conf = IPV6;
  core: CoreConf = CORE;
  bridge: BridgeConf = BRIDGE;
  /** first and last port for automatic binding */
  localPorts: readonly [number, number] = [32768, 60999];
  /** groups that may open ICMP sockets; empty when the first is greater */
  pingGroups: readonly [number, number] = [1, 0];

  /** net.ipv4.ip_forward is another name of conf.all.forwarding */
  get ip_forward(): number {
    return this.conf4All.forwarding;
  }
}

/** what nearly every device starts with */
const CONF6_ETHERNET: Conf6 = { ...CONF6, mtu: 1500 };
// no duplicate address detection and no temporary addresses on loopback
const LOOPBACK4 = { disable_policy: 1, disable_xfrm: 1 };
const LOOPBACK6 = { accept_dad: -1, use_tempaddr: -1 };
const CONF4_LOOPBACK: Conf4 = { ...CONF4, ...LOOPBACK4 };
const CONF6_LOOPBACK: Conf6 = { ...CONF6, ...LOOPBACK6, mtu: 65536 };

/** Fresh per-device records, from the namespace's defaults (inetdev_init, ipv6_add_dev, neigh_parms_alloc). */
export function sysctlInitDevice(ns: NetNs, dev: NetDevice): void {
  const s = ns.sysctl;
  const loopback = dev.type === "loopback";
  dev.ownSettings = NO_SETTINGS;
  dev.settingsFixed = false;
  dev.neighConf4 = s.neigh4Default;
  dev.neighConf6 = s.neigh6Default;
  if (!loopback) dev.conf4 = s.conf4Default;
  else dev.conf4 = s.conf4Default === CONF4 ? CONF4_LOOPBACK : { ...s.conf4Default, ...LOOPBACK4 };
  const known = s.conf6Default !== CONF6 ? null : loopback ? CONF6_LOOPBACK : CONF6_ETHERNET;
  dev.conf6 = known?.mtu === dev.mtu ? known : { ...s.conf6Default, ...(loopback ? LOOPBACK6 : {}), mtu: dev.mtu };
}

for (const shared of [CONF4, CONF4_ALL, CONF4_LOOPBACK, CONF6, CONF6_ALL, CONF6_ETHERNET, CONF6_LOOPBACK, NEIGH, NEIGH6, NEIGH_GC])
  Object.freeze(shared);
for (const shared of [IPV4, IPV6, CORE, BRIDGE]) Object.freeze(shared);

/** No setting is the device's own. */
export const NO_SETTINGS: ReadonlySet<string> = new Set();

/** Per-device records of a device that no namespace has set up yet. */
export const BLANK_DEVICE = { conf4: CONF4, conf6: CONF6, neigh4: NEIGH, neigh6: NEIGH } as const;

// How "all" and the device's own value combine (include/linux/inetdevice.h). Not every key has the same rule.

/** IN_DEV_ORCONF: set on either. */
const or = (all: number, own: number): boolean => all !== 0 || own !== 0;
/** IN_DEV_ANDCONF: set on both. */
const and = (all: number, own: number): boolean => all !== 0 && own !== 0;
/** IN_DEV_MAXCONF: the greater of the two. */
const max = (all: number, own: number): number => (all > own ? all : own);
const all4 = (d: NetDevice): Conf4 => d.ns.sysctl.conf4All;

/** The effective IPv4 settings of a device. */
export const in4 = {
  /** the device's own value only; writing "all" or ip_forward sets every device's */
  forwarding: (d: NetDevice): boolean => d.conf4.forwarding !== 0,
  bcForwarding: (d: NetDevice): boolean => and(all4(d).bc_forwarding, d.conf4.bc_forwarding),
  rpFilter: (d: NetDevice): number => max(all4(d).rp_filter, d.conf4.rp_filter),
  acceptLocal: (d: NetDevice): boolean => or(all4(d).accept_local, d.conf4.accept_local),
  srcValidMark: (d: NetDevice): boolean => or(all4(d).src_valid_mark, d.conf4.src_valid_mark),
  routeLocalnet: (d: NetDevice): boolean => or(all4(d).route_localnet, d.conf4.route_localnet),
  proxyArp: (d: NetDevice): boolean => or(all4(d).proxy_arp, d.conf4.proxy_arp),
  proxyArpPvlan: (d: NetDevice): boolean => d.conf4.proxy_arp_pvlan !== 0,
  arpFilter: (d: NetDevice): boolean => or(all4(d).arp_filter, d.conf4.arp_filter),
  arpAnnounce: (d: NetDevice): number => max(all4(d).arp_announce, d.conf4.arp_announce),
  arpIgnore: (d: NetDevice): number => max(all4(d).arp_ignore, d.conf4.arp_ignore),
  arpNotify: (d: NetDevice): number => max(all4(d).arp_notify, d.conf4.arp_notify),
  arpAccept: (d: NetDevice): number => max(all4(d).arp_accept, d.conf4.arp_accept),
  arpEvictNocarrier: (d: NetDevice): boolean => and(all4(d).arp_evict_nocarrier, d.conf4.arp_evict_nocarrier),
  dropGratuitousArp: (d: NetDevice): boolean => or(all4(d).drop_gratuitous_arp, d.conf4.drop_gratuitous_arp),
  dropUnicastInL2Multicast: (d: NetDevice): boolean => or(all4(d).drop_unicast_in_l2_multicast, d.conf4.drop_unicast_in_l2_multicast),
  sendRedirects: (d: NetDevice): boolean => or(all4(d).send_redirects, d.conf4.send_redirects),
  /** a router needs it on both, a host on either */
  acceptRedirects: (d: NetDevice): boolean =>
    d.conf4.forwarding !== 0
      ? and(all4(d).accept_redirects, d.conf4.accept_redirects)
      : or(all4(d).accept_redirects, d.conf4.accept_redirects),
  acceptSourceRoute: (d: NetDevice): boolean => and(all4(d).accept_source_route, d.conf4.accept_source_route),
  logMartians: (d: NetDevice): boolean => or(all4(d).log_martians, d.conf4.log_martians),
  secureRedirects: (d: NetDevice): boolean => or(all4(d).secure_redirects, d.conf4.secure_redirects),
  sharedMedia: (d: NetDevice): boolean => or(all4(d).shared_media, d.conf4.shared_media),
  promoteSecondaries: (d: NetDevice): boolean => or(all4(d).promote_secondaries, d.conf4.promote_secondaries),
  ignoreRoutesWithLinkdown: (d: NetDevice): boolean => or(all4(d).ignore_routes_with_linkdown, d.conf4.ignore_routes_with_linkdown),
  mediumId: (d: NetDevice): number => d.conf4.medium_id,
} as const;
