/**
 * /proc/sys/net as files: names, permissions, how a value is parsed, its range, and what writing it does besides. The
 * values live in sysctl-conf.ts. Keys that our stack does not act on are constants: writing another value is refused with
 * SYSCTL_NOT_SIMULATED, so that nobody believes a setting which has no effect.
 *
 * Paths are relative to /proc/sys/net and use slashes; interface names may contain dots.
 */
import { Errno } from "../core/result.ts";
import { Sites } from "../trace/sites.ts";
import { Verdict } from "../trace/recorder.ts";
import { parseIp6 } from "../wire/addr.ts";
import type { NetDevice } from "./dev/device.ts";
import type { NetNs } from "./netns.ts";
import type { BridgeConf, Conf4, Conf6, NeighConf } from "./sysctl-conf.ts";
import { CONSTANT_SYSCTLS, INITIAL_CONSTANT_SYSCTLS } from "./sysctl-constants.ts";

export * from "./sysctl-conf.ts";

/** What sysctlWrite answers for a key that the simulator does not act on. No key answers EOPNOTSUPP in Linux. */
export const SYSCTL_NOT_SIMULATED = -Errno.EOPNOTSUPP;

const INT_MAX = 2147483647;
const INT_MIN = -2147483648;
/** jiffies are 4 ms (CONFIG_HZ=250, as Debian builds it): times in ms are rounded up to them */
const JIFFY_MS = 4;

/** what a full Ethernet frame costs: unres_qlen counts unres_qlen_bytes in these */
const FULL_SKB = 2090;

/** How one number is kept: its range, and whether the stack acts on it. */
interface Rule {
  readonly min: number;
  readonly max: number;
  readonly live: boolean;
  readonly jiffies?: true;
}
const ANY: Rule = { min: INT_MIN, max: INT_MAX, live: true };
const NOT_NEGATIVE: Rule = { min: 0, max: INT_MAX, live: true };
const BOOL: Rule = { min: 0, max: 1, live: true };
const U8: Rule = { min: 0, max: 255, live: true };
const MSEC: Rule = { min: 0, max: INT_MAX, live: true, jiffies: true };
const INERT: Rule = { min: INT_MIN, max: INT_MAX, live: false };

const CONF4_INERT: ReadonlySet<string> = new Set<keyof Conf4>([
  "bootp_relay",
  "disable_policy",
  "disable_xfrm",
  "force_igmp_version",
  "igmpv2_unsolicited_report_interval",
  "igmpv3_unsolicited_report_interval",
  "mc_forwarding",
  "tag",
]);
const CONF6_LIVE: Readonly<Partial<Record<keyof Conf6, Rule>>> = {
  accept_dad: ANY,
  accept_ra: ANY,
  accept_ra_defrtr: ANY,
  accept_ra_from_local: ANY,
  accept_ra_min_hop_limit: ANY,
  accept_ra_min_lft: ANY,
  accept_ra_mtu: ANY,
  accept_ra_pinfo: ANY,
  accept_ra_rtr_pref: ANY,
  accept_redirects: ANY,
  addr_gen_mode: { min: 0, max: 3, live: true },
  autoconf: ANY,
  dad_transmits: ANY,
  disable_ipv6: ANY,
  enhanced_dad: ANY,
  force_forwarding: ANY,
  force_mld_version: ANY,
  mldv1_unsolicited_report_interval: ANY,
  forwarding: ANY,
  hop_limit: { min: 1, max: 255, live: true },
  ignore_routes_with_linkdown: ANY,
  keep_addr_on_down: ANY,
  max_addresses: ANY,
  mldv2_unsolicited_report_interval: ANY,
  mtu: { min: 1280, max: INT_MAX, live: true },
  ndisc_evict_nocarrier: U8,
  ndisc_notify: ANY,
  optimistic_dad: ANY,
  proxy_ndp: ANY,
  ra_defrtr_metric: { min: 1, max: INT_MAX, live: true },
  ra_honor_pio_life: BOOL,
  router_solicitation_delay: ANY,
  router_solicitation_interval: ANY,
  router_solicitation_max_interval: ANY,
  router_solicitations: { min: -1, max: INT_MAX, live: true },
  use_oif_addrs_only: ANY,
};
const NEIGH_RULES: Readonly<Record<keyof NeighConf, Rule>> = {
  anycast_delay: INERT,
  app_solicit: NOT_NEGATIVE,
  base_reachable_time_ms: MSEC,
  delay_first_probe_time: ANY,
  gc_stale_time: ANY,
  interval_probe_time_ms: INERT,
  locktime: ANY,
  mcast_resolicit: NOT_NEGATIVE,
  mcast_solicit: NOT_NEGATIVE,
  proxy_delay: ANY,
  proxy_qlen: NOT_NEGATIVE,
  retrans_time_ms: MSEC,
  ucast_solicit: NOT_NEGATIVE,
  unres_qlen: NOT_NEGATIVE,
  unres_qlen_bytes: NOT_NEGATIVE,
};

/** One file: a number in a record of the namespace. */
interface Plain {
  readonly path: string;
  readonly name: NsRecord;
  readonly key: string;
  readonly rule: Rule;
  readonly initialOnly?: true;
}
type NsRecord = "ipv4" | "ipv6" | "core" | "bridge" | "neigh4Gc" | "neigh6Gc";
type Values = Readonly<Record<string, number>>;

function plain(dir: string, name: NsRecord, keys: Readonly<Record<string, Rule>>, prefix = "", initialOnly?: true): Plain[] {
  return Object.entries(keys).map(([file, rule]) => ({ path: `${dir}/${file}`, name, key: prefix + file, rule, initialOnly }));
}

/** Bridged IP packets are held to the port's MTU where they would be shown to the packet filter (dev/bridge/forward.ts). */
const BRIDGE_NF: Readonly<Record<keyof BridgeConf, Rule>> = {
  "bridge-nf-call-arptables": INERT,
  "bridge-nf-call-ip6tables": ANY,
  "bridge-nf-call-iptables": ANY,
  "bridge-nf-filter-pppoe-tagged": INERT,
  "bridge-nf-filter-vlan-tagged": INERT,
  "bridge-nf-pass-vlan-input-dev": INERT,
};

const PLAIN: readonly Plain[] = [
  ...plain("bridge", "bridge", BRIDGE_NF),
  ...plain("ipv4", "ipv4", {
    fwmark_reflect: U8,
    icmp_echo_enable_probe: INERT,
    icmp_echo_ignore_all: BOOL,
    icmp_echo_ignore_broadcasts: BOOL,
    icmp_errors_use_inbound_ifaddr: BOOL,
    icmp_ignore_bogus_error_responses: BOOL,
    icmp_msgs_burst: NOT_NEGATIVE,
    icmp_msgs_per_sec: NOT_NEGATIVE,
    icmp_ratelimit: MSEC,
    icmp_ratemask: ANY,
    ip_default_ttl: { min: 1, max: 255, live: true },
    ip_forward_update_priority: INERT,
    ip_forward_use_pmtu: U8,
    ip_no_pmtu_disc: U8,
    ip_nonlocal_bind: U8,
    ip_unprivileged_port_start: { min: 0, max: 65535, live: true },
    ipfrag_high_thresh: INERT,
    ipfrag_low_thresh: INERT,
    ipfrag_max_dist: INERT,
    ipfrag_time: ANY,
    tcp_abort_on_overflow: U8,
    tcp_fin_timeout: ANY,
    tcp_keepalive_intvl: ANY,
    tcp_keepalive_probes: U8,
    tcp_keepalive_time: ANY,
    tcp_orphan_retries: U8,
    tcp_retries2: U8,
    tcp_rfc1337: U8,
    tcp_sack: U8,
    tcp_syn_linear_timeouts: { min: 0, max: 127, live: true },
    tcp_syn_retries: { min: 1, max: 127, live: true },
    tcp_synack_retries: U8,
    tcp_syncookies: U8,
    tcp_timestamps: U8,
    tcp_window_scaling: U8,
  }),
  ...plain("ipv4/route", "ipv4", { min_pmtu: { min: 68, max: INT_MAX, live: true }, mtu_expires: ANY }),
  ...plain("ipv6", "ipv6", {
    auto_flowlabels: { min: 0, max: 3, live: true },
    bindv6only: INERT,
    fwmark_reflect: INERT,
    ip6frag_high_thresh: INERT,
    ip6frag_low_thresh: INERT,
    ip6frag_time: ANY,
    ip_nonlocal_bind: U8,
  }),
  ...plain("ipv6/route", "ipv6", { mtu_expires: ANY }),
  ...plain("ipv6/icmp", "ipv6", { echo_ignore_all: U8, echo_ignore_anycast: INERT, echo_ignore_multicast: U8, ratelimit: MSEC }, "icmp_"),
  ...plain("core", "core", {
    rmem_default: NOT_NEGATIVE,
    rmem_max: NOT_NEGATIVE,
    wmem_default: NOT_NEGATIVE,
    wmem_max: NOT_NEGATIVE,
    somaxconn: NOT_NEGATIVE,
  }),
  ...plain(
    "ipv4/neigh/default",
    "neigh4Gc",
    { gc_interval: INERT, gc_thresh1: NOT_NEGATIVE, gc_thresh2: NOT_NEGATIVE, gc_thresh3: NOT_NEGATIVE },
    "",
    true,
  ),
  ...plain(
    "ipv6/neigh/default",
    "neigh6Gc",
    { gc_interval: INERT, gc_thresh1: NOT_NEGATIVE, gc_thresh2: NOT_NEGATIVE, gc_thresh3: NOT_NEGATIVE },
    "",
    true,
  ),
];
const PLAIN_BY_PATH = new Map(PLAIN.map((p) => [p.path, p]));
const CONSTANTS = new Map(CONSTANT_SYSCTLS);
const INITIAL_CONSTANTS = new Map(INITIAL_CONSTANT_SYSCTLS);
/** the window sizes of sockets belong to the machine: other namespaces see them and cannot change them */
const MACHINE_WIDE: ReadonlySet<string> = new Set(["core/rmem_default", "core/rmem_max", "core/wmem_default", "core/wmem_max"]);
const READ_ONLY = /^ipv4\/(tcp_available_congestion_control|tcp_ehash_entries|udp_hash_entries)$|\/mc_forwarding$/;

/** A value found by path. */
interface Slot {
  readonly record: Values;
  /** puts another record in its place */
  readonly put: (record: Values) => void;
  readonly key: string;
  readonly rule: Rule;
  /** listeners' name for it: "ipv4/conf/forwarding" */
  readonly what: string;
  readonly dev: NetDevice | null;
  readonly scope: "all" | "default" | "dev" | "ns";
  /** what one of the file is in the record; 1 where it is not said */
  readonly unit?: number;
}

/** Older names of two neighbour settings: in seconds, and in hundredths of one. */
const OLD_NEIGH = new Map<string, { readonly key: keyof NeighConf; readonly unit: number }>([
  ["base_reachable_time", { key: "base_reachable_time_ms", unit: 1000 }],
  ["retrans_time", { key: "retrans_time_ms", unit: 10 }],
]);

/** All files of the namespace, sorted as `sysctl -a` prints them. */
export function sysctlList(ns: NetNs): string[] {
  const out: string[] = ["ipv4/ip_forward", "ipv4/ip_local_port_range", "ipv4/ping_group_range", ...FLUSH];
  for (const p of PLAIN) if (!p.initialOnly || ns.initial) out.push(p.path);
  for (const [path] of CONSTANT_SYSCTLS) out.push(path);
  if (ns.initial) {
    out.push(DEFAULT_QDISC);
    for (const [path] of INITIAL_CONSTANT_SYSCTLS) out.push(path);
  }
  const devs = [...ns.devs.values()].map((d) => d.name);
  const without6 = new Set([...ns.devs.values()].filter((d) => !d.ip6).map((d) => d.name));
  const s = ns.sysctl;
  for (const dir of ["all", "default", ...devs]) {
    for (const key of Object.keys(s.conf4All)) out.push(`ipv4/conf/${dir}/${key}`);
    if (!without6.has(dir)) for (const key of [...Object.keys(s.conf6All), "stable_secret"]) out.push(`ipv6/conf/${dir}/${key}`);
    if (dir === "all" || (dir === "default" && !ns.initial)) continue;
    for (const key of [...Object.keys(s.neigh4Default), ...OLD_NEIGH.keys()])
      out.push(`ipv4/neigh/${dir}/${key}`, `ipv6/neigh/${dir}/${key}`);
  }
  return out.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** what devices with a queue get when they come up; the two differ in their name only here */
const DEFAULT_QDISC = "core/default_qdisc";
const QDISCS: readonly string[] = ["fq_codel", "pfifo_fast"];

/** Write-only: any number empties the caches of routes (exceptions learned from ICMP). */
const FLUSH: ReadonlySet<string> = new Set(["ipv4/route/flush", "ipv6/route/flush"]);

/** Permission bits of a file: 0o644, 0o444 or 0o200; -ENOENT. */
export function sysctlMode(ns: NetNs, path: string): number {
  if (FLUSH.has(path)) return 0o200;
  if (sysctlRead(ns, path) === -Errno.ENOENT) return -Errno.ENOENT;
  return READ_ONLY.test(path) || (MACHINE_WIDE.has(path) && !ns.initial) ? 0o444 : 0o644;
}

/** Does writing this file change how the stack behaves? Where not, only its present value is taken. */
export function sysctlSimulated(ns: NetNs, path: string): boolean {
  if (FLUSH.has(path)) return true;
  if (path === "ipv4/ip_local_port_range" || path === "ipv4/ping_group_range" || path === DEFAULT_QDISC) return true;
  return secretOf(ns, path) !== null || (find(ns, path)?.rule.live ?? false);
}

/** The file's text with its newline, or -ENOENT. */
export function sysctlRead(ns: NetNs, path: string): string | number {
  if (FLUSH.has(path)) return -Errno.EACCES;
  if (path === "ipv4/ip_local_port_range") return `${ns.sysctl.localPorts.join("\t")}\n`;
  if (path === "ipv4/ping_group_range") return `${ns.sysctl.pingGroups.join("\t")}\n`;
  if (path === DEFAULT_QDISC && ns.initial) return `${ns.net.defaultQdisc.get(ns.machine) ?? "fq_codel"}\n`;
  const secret = secretOf(ns, path);
  if (secret) return secretText(secret);
  const constant = CONSTANTS.get(path) ?? (ns.initial ? INITIAL_CONSTANTS.get(path) : undefined);
  if (constant !== undefined) return `${constant}\n`;
  const slot = find(ns, path);
  return slot ? `${Math.floor(slot.record[slot.key]! / (slot.unit ?? 1))}\n` : -Errno.ENOENT;
}

/**
 * Writes a file. 0; -ENOENT, -EACCES (read-only, or no CAP_NET_ADMIN), -EINVAL (no number, out of range), or
 * SYSCTL_NOT_SIMULATED. Text without any value changes nothing, as in Linux.
 */
export function sysctlWrite(ns: NetNs, path: string, text: string, cred: { readonly netAdmin: boolean }): number {
  const mode = sysctlMode(ns, path);
  if (mode < 0) return mode;
  if (mode === 0o444 || !cred.netAdmin) return -Errno.EACCES;
  if (FLUSH.has(path)) {
    for (const f of ns.net.sysctlListeners) f(ns, path, "ns", null, 0, 0);
    return 0;
  }
  if (path === "ipv4/ip_local_port_range") return writePorts(ns, text);
  if (path === "ipv4/ping_group_range") return writeGroups(ns, text);
  if (path === DEFAULT_QDISC && QDISCS.includes(text.trim())) {
    ns.net.defaultQdisc.set(ns.machine, text.trim());
    return 0;
  }
  const secret = secretOf(ns, path);
  if (secret) return writeSecret(ns, secret, text);
  const slot = find(ns, path);
  if (!slot) return text.trim() === (sysctlRead(ns, path) as string).trim() ? 0 : SYSCTL_NOT_SIMULATED;
  const vals = parseInts(text, 1);
  if (!vals) return -Errno.EINVAL;
  if (vals.length === 0) return 0;
  let v = vals[0]!;
  if (v < slot.rule.min || v > slot.rule.max) return -Errno.EINVAL;
  v *= slot.unit ?? 1;
  if (slot.rule.jiffies) v = Math.ceil(v / JIFFY_MS) * JIFFY_MS;
  if (!slot.rule.live) return v === slot.record[slot.key] ? 0 : SYSCTL_NOT_SIMULATED;
  if (slot.what === "ipv6/conf/mtu" && slot.dev && v > slot.dev.mtu) return -Errno.EINVAL;
  if (slot.what === "ipv6/conf/addr_gen_mode" && v === 2 && slot.scope !== "all" && !(slot.dev?.ip6?.secret ?? ns.ip6.defaultSecret))
    return -Errno.EINVAL;
  set(ns, slot, v);
  return 0;
}

/** The record that `owner` has under `name`. */
function recordOf<O, N extends keyof O>(owner: O, name: N): Pick<Slot, "record" | "put"> {
  return { record: owner[name] as Values, put: (record) => (owner[name] = record as O[N]) };
}

function find(ns: NetNs, path: string): Slot | null {
  if (path === "ipv4/ip_forward")
    return { ...recordOf(ns.sysctl, "conf4All"), key: "forwarding", rule: ANY, what: "ipv4/conf/forwarding", dev: null, scope: "all" };
  const p = PLAIN_BY_PATH.get(path);
  if (p)
    return p.initialOnly && !ns.initial
      ? null
      : { ...recordOf(ns.sysctl, p.name), key: p.key, rule: p.rule, what: path, dev: null, scope: "ns" };
  const m = /^(ipv[46])\/(conf|neigh)\/([^/]+)\/([^/]+)$/.exec(path);
  return m ? findPerDevice(ns, m[1]!, m[2]!, m[3]!, m[4]!) : null;
}

function findPerDevice(ns: NetNs, family: string, kind: string, who: string, key: string): Slot | null {
  const s = ns.sysctl;
  const is4 = family === "ipv4";
  const scope = who === "all" || who === "default" ? who : "dev";
  const dev = scope === "dev" ? exactDev(ns, who) : null;
  if (scope === "dev" && !dev) return null;
  let place: Pick<Slot, "record" | "put">;
  let rule: Rule | undefined;
  const old = kind === "neigh" ? OLD_NEIGH.get(key) : undefined;
  if (old) key = old.key;
  if (kind === "neigh") {
    if (scope === "all" || (scope === "default" && !ns.initial)) return null;
    place = dev ? recordOf(dev, is4 ? "neighConf4" : "neighConf6") : recordOf(s, is4 ? "neigh4Default" : "neigh6Default");
    rule = NEIGH_RULES[key as keyof NeighConf];
  } else if (is4) {
    place = dev ? recordOf(dev, "conf4") : recordOf(s, scope === "all" ? "conf4All" : "conf4Default");
    rule = CONF4_INERT.has(key) ? INERT : ANY;
  } else {
    // a device whose MTU is too small for IPv6 has no such directory
    if (dev && !dev.ip6) return null;
    place = dev ? recordOf(dev, "conf6") : recordOf(s, scope === "all" ? "conf6All" : "conf6Default");
    rule = CONF6_LIVE[key as keyof Conf6] ?? INERT;
  }
  if (!Object.hasOwn(place.record, key)) return null;
  return { ...place, key, rule: rule ?? INERT, what: `${family}/${kind}/${key}`, dev, scope, unit: old?.unit };
}

/** By its name only: alternative names have no directory. */
function exactDev(ns: NetNs, name: string): NetDevice | null {
  const d = ns.devByName(name);
  return d && d.name === name ? d : null;
}

/** A setting of neighbours by other means than its file (`ip ntable`); `dev` null: the defaults. */
export function setNeighConf(ns: NetNs, family: 2 | 10, dev: NetDevice | null, key: keyof NeighConf, v: number): void {
  const slot = findPerDevice(ns, family === 2 ? "ipv4" : "ipv6", "neigh", dev?.name ?? "default", key);
  if (slot) set(ns, slot, v);
}

function set(ns: NetNs, slot: Slot, v: number): void {
  const old = slot.record[slot.key]!;
  const record: Record<string, number> = { ...slot.record, [slot.key]: v };
  if (slot.key === "unres_qlen") record.unres_qlen_bytes = v * FULL_SKB;
  if (slot.key === "unres_qlen_bytes") record.unres_qlen = Math.floor(v / FULL_SKB);
  slot.put(record);
  if (slot.scope === "all" && old !== v) spread(ns, slot.what, v);
  if (slot.dev) slot.dev.ownSettings = new Set(slot.dev.ownSettings).add(slot.what);
  if (slot.scope === "default") copyDefault(ns, slot.what, slot.key, v);
  ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.EV_SYSCTL, Verdict.EVENT, 0, null, slot.dev ? slot.dev.ifindex : 0, v);
  for (const f of ns.net.sysctlListeners) f(ns, slot.what, slot.scope, slot.dev, old, v);
  ns.net.changed(ns, "sysctl");
}

/** devinet_copy_dflt_conf, neigh_copy_dflt_parms: devices that still have the default get the new one. */
function copyDefault(ns: NetNs, what: string, key: string, v: number): void {
  const [family, kind] = what.split("/");
  if (what === "ipv4/conf/forwarding" || (family === "ipv6" && kind === "conf")) return;
  for (const d of ns.devs.values()) {
    if (d.ownSettings.has(what) || (family === "ipv4" && d.settingsFixed)) continue;
    const { record, put } = recordOf(d, kind === "conf" ? "conf4" : family === "ipv4" ? "neighConf4" : "neighConf6");
    put({ ...record, [key]: v });
  }
}

/** Keys whose "all" sets everybody's at once (inet_forward_change, addrconf_disable_change, addrconf_fixup_forwarding). */
function spread(ns: NetNs, what: string, v: number): void {
  const s = ns.sysctl;
  if (what === "ipv4/conf/forwarding") {
    // a router does not follow redirects
    s.conf4All = { ...s.conf4All, accept_redirects: v ? 0 : 1 };
    s.conf4Default = { ...s.conf4Default, forwarding: v };
    for (const d of ns.devs.values()) d.conf4 = { ...d.conf4, forwarding: v };
  } else if (what === "ipv6/conf/forwarding") {
    s.conf6Default = { ...s.conf6Default, forwarding: v };
    for (const d of ns.devs.values()) d.conf6 = { ...d.conf6, forwarding: v };
  } else if (what === "ipv6/conf/disable_ipv6") {
    s.conf6Default = { ...s.conf6Default, disable_ipv6: v };
    for (const d of ns.devs.values()) d.conf6 = { ...d.conf6, disable_ipv6: v };
  }
}

/** conf/X/stable_secret (addrconf_sysctl_stable_secret): of "all", of "default" or of a device. */
type SecretOwner = { readonly dev: NetDevice | null; readonly secret: Uint8Array | null };
function secretOf(ns: NetNs, path: string): SecretOwner | null {
  const m = /^ipv6\/conf\/([^/]+)\/stable_secret$/.exec(path);
  if (!m) return null;
  if (m[1] === "all") return { dev: null, secret: null };
  if (m[1] === "default") return { dev: null, secret: ns.ip6.defaultSecret };
  const dev = exactDev(ns, m[1]!);
  return dev?.ip6 ? { dev, secret: dev.ip6.secret } : null;
}
function secretText(o: SecretOwner): string | number {
  if (!o.secret) return -Errno.EIO;
  const words = Array.from({ length: 8 }, (_, i) => ((o.secret![2 * i]! << 8) | o.secret![2 * i + 1]!).toString(16).padStart(4, "0"));
  return `${words.join(":")}\n`;
}
/** A secret also says how addresses are made: of the device, or of all of them. */
function writeSecret(ns: NetNs, o: SecretOwner, text: string): number {
  const secret = parseIp6(text.trim());
  if (!secret) return -Errno.EIO;
  const devs = o.dev ? [o.dev] : [...ns.devs.values()];
  if (o.dev) o.dev.ip6!.secret = secret;
  else ns.ip6.defaultSecret = secret;
  for (const d of devs) d.conf6 = { ...d.conf6, addr_gen_mode: 2 };
  if (!o.dev) ns.sysctl.conf6Default = { ...ns.sysctl.conf6Default, addr_gen_mode: 2 };
  ns.net.changed(ns, "sysctl");
  return 0;
}

function writePorts(ns: NetNs, text: string): number {
  const vals = parseInts(text, 2);
  if (!vals) return -Errno.EINVAL;
  const [lo = ns.sysctl.localPorts[0], hi = ns.sysctl.localPorts[1]] = vals;
  if (lo < 1 || hi < 1 || lo > 65535 || hi > 65535 || hi < lo || lo < ns.sysctl.ipv4.ip_unprivileged_port_start) return -Errno.EINVAL;
  ns.sysctl.localPorts = [lo, hi];
  return 0;
}

function writeGroups(ns: NetNs, text: string): number {
  const vals = parseInts(text, 2);
  if (!vals) return -Errno.EINVAL;
  const [lo = ns.sysctl.pingGroups[0], hi = ns.sysctl.pingGroups[1]] = vals;
  if (lo < 0 || hi < 0) return -Errno.EINVAL;
  ns.sysctl.pingGroups = hi < lo ? [1, 0] : [lo, hi];
  return 0;
}

/** proc_dointvec: up to n numbers (decimal, 0x…, 0…) separated by white space; the rest is not looked at. Null: not a number. */
function parseInts(text: string, n: number): number[] | null {
  const out: number[] = [];
  for (const word of text.split(/[\s\0]+/)) {
    if (word === "") continue;
    if (out.length === n) break;
    if (!/^-?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(word)) return null;
    const neg = word.startsWith("-");
    const digits = neg ? word.slice(1) : word;
    const v =
      digits.length > 1 && digits[0] === "0" && digits[1] !== "x" && digits[1] !== "X" ? Number.parseInt(digits, 8) : Number(digits);
    if (v > INT_MAX) return null;
    out.push(neg ? -v : v);
  }
  return out;
}
