/**
 * Settings of a bridge (br_netlink.c, br_changelink and br_fill_info): what `ip link … type bridge` sets and `ip -d link`
 * tells. They are applied in the kernel's order, whatever the order they were given in; one that fails leaves those before
 * it done. Times are in 1/100 s here, in ns inside. VLAN filtering and a multicast querier are refused by name.
 */
import { Errno } from "../../../core/result.ts";
import { MS, SEC } from "../../../core/time.ts";
import { fmtMac, parseMac } from "../../../wire/mac.ts";
import { RTNL_OK, type RtnlReply, rtnlError } from "../../rtnl/messages.ts";
import { fdbFlush, fdbRearm } from "./fdb.ts";
import { isRoot, priorityOf, setBridgePriority, setForwardDelay, setStp, timerLeft } from "./stp.ts";
import { type Bridge, type BridgeSettings, StpTimer } from "./types.ts";

export type Attrs = Readonly<Record<string, string | number | boolean>>;

/** user space counts bridge times in 1/100 s, the kernel keeps them in ticks of 4 ms: what lies between is cut off, both ways */
const JIFFY = 4 * MS;
const CENTISECOND = 10 * MS;
function kept(v: number): number {
  return Math.floor((v * CENTISECOND) / JIFFY) * JIFFY;
}
function shown(ns: number): number {
  return Math.floor(ns / CENTISECOND);
}
/** the shortest interval between queries, in 1/100 s */
const MIN_QUERY_INTERVAL = 100;
/** group_fwd_mask may not name STP, pause and LACP */
const RESTRICTED_GROUPS = 0x7;

export const DEFAULT_SETTINGS: BridgeSettings = {
  vlan_stats_per_port: 0,
  mcast_router: 1,
  mcast_query_use_ifaddr: 0,
  mcast_querier: 0,
  mcast_hash_elasticity: 16,
  mcast_hash_max: 4096,
  mcast_last_member_count: 2,
  mcast_startup_query_count: 2,
  mcast_last_member_interval: 100,
  mcast_membership_interval: 26000,
  mcast_querier_interval: 25500,
  mcast_query_interval: 12500,
  mcast_query_response_interval: 1000,
  mcast_startup_query_interval: 3124,
  mcast_stats_enabled: 0,
  mcast_igmp_version: 2,
  mcast_mld_version: 1,
  nf_call_iptables: 0,
  nf_call_ip6tables: 0,
  nf_call_arptables: 0,
};

const ERANGE = rtnlError(Errno.ERANGE);
const EINVAL = rtnlError(Errno.EINVAL);
const refuse = (key: string): RtnlReply => rtnlError(Errno.EOPNOTSUPP, `hop: bridge option ${key} is not simulated`);

type Setter = (br: Bridge, v: number, raw: string | number | boolean) => RtnlReply;
const done = (f: (br: Bridge, v: number) => void): Setter => {
  return (br, v) => {
    f(br, v);
    return RTNL_OK;
  };
};
const number = (key: keyof BridgeSettings): Setter => done((br, v) => void (br.settings[key] = v));
const time = (key: keyof BridgeSettings): Setter => done((br, v) => void (br.settings[key] = shown(kept(v))));
const interval = (key: keyof BridgeSettings): Setter =>
  done((br, v) => void (br.settings[key] = shown(kept(Math.max(v, MIN_QUERY_INTERVAL)))));
const version = (key: keyof BridgeSettings, lo: number, hi: number): Setter => {
  return (br, v) => {
    if (v < lo || v > hi) return EINVAL;
    br.settings[key] = v;
    return RTNL_OK;
  };
};
/** refused unless it is off, which it is */
const off = (key: string): Setter => {
  return (_, v) => (v === 0 ? RTNL_OK : refuse(key));
};

/** In the order of br_changelink. */
const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  [
    "forward_delay",
    (br, v) => {
      // without STP any value will do
      if (br.stp && (v < 200 || v > 3000)) return ERANGE;
      setForwardDelay(br, kept(v));
      return RTNL_OK;
    },
  ],
  [
    "hello_time",
    (br, v) => {
      if (v < 100 || v > 1000) return ERANGE;
      br.bridgeHelloTime = kept(v);
      if (isRoot(br)) br.helloTime = br.bridgeHelloTime;
      return RTNL_OK;
    },
  ],
  [
    "max_age",
    (br, v) => {
      if (v < 600 || v > 4000) return ERANGE;
      br.bridgeMaxAge = kept(v);
      if (isRoot(br)) br.maxAge = br.bridgeMaxAge;
      return RTNL_OK;
    },
  ],
  [
    "ageing_time",
    done((br, v) => {
      br.ageingTime = br.bridgeAgeingTime = kept(v);
      fdbRearm(br);
    }),
  ],
  ["stp_state", done((br, v) => setStp(br, v !== 0))],
  ["priority", done((br, v) => setBridgePriority(br, v & 0xffff))],
  ["vlan_filtering", off("vlan_filtering")],
  ["vlan_protocol", (_br, _v, raw) => (/^802\.1q$/i.test(String(raw)) ? RTNL_OK : refuse("vlan_protocol"))],
  ["vlan_default_pvid", (_, v) => (v === 1 ? RTNL_OK : refuse("vlan_default_pvid"))],
  ["vlan_stats_enabled", off("vlan_stats_enabled")],
  ["vlan_stats_per_port", off("vlan_stats_per_port")],
  [
    "group_fwd_mask",
    (br, v) => {
      if (v & RESTRICTED_GROUPS) return EINVAL;
      br.groupFwdMask = v & 0xffff;
      return RTNL_OK;
    },
  ],
  ["group_address", (br, _, raw) => setGroupAddress(br, String(raw))],
  ["fdb_flush", done((br) => fdbFlush(br))],
  ["mcast_router", version("mcast_router", 0, 2)],
  // without a querier on the link, snooping floods as no snooping does
  ["mcast_snooping", done((br, v) => void (br.mcastSnooping = v !== 0))],
  [
    "mcast_vlan_snooping",
    (_, v) => (v === 0 ? RTNL_OK : rtnlError(Errno.EINVAL, "bridge: Cannot enable multicast vlan snooping with vlan filtering disabled")),
  ],
  ["mcast_query_use_ifaddr", number("mcast_query_use_ifaddr")],
  ["mcast_querier", off("mcast_querier")],
  ["mcast_hash_elasticity", done(() => {})],
  ["mcast_hash_max", number("mcast_hash_max")],
  ["mcast_last_member_count", number("mcast_last_member_count")],
  ["mcast_startup_query_count", number("mcast_startup_query_count")],
  ["mcast_last_member_interval", time("mcast_last_member_interval")],
  ["mcast_membership_interval", time("mcast_membership_interval")],
  ["mcast_querier_interval", time("mcast_querier_interval")],
  ["mcast_query_interval", interval("mcast_query_interval")],
  ["mcast_query_response_interval", time("mcast_query_response_interval")],
  ["mcast_startup_query_interval", interval("mcast_startup_query_interval")],
  ["mcast_stats_enabled", number("mcast_stats_enabled")],
  ["mcast_igmp_version", version("mcast_igmp_version", 2, 3)],
  ["mcast_mld_version", version("mcast_mld_version", 1, 2)],
  ["nf_call_iptables", number("nf_call_iptables")],
  ["nf_call_ip6tables", number("nf_call_ip6tables")],
  ["nf_call_arptables", off("nf_call_arptables")],
  ["no_linklocal_learn", done((br, v) => void (br.noLinklocalLearn = v !== 0))],
]);

/** Applies what was given. */
export function setBridge(br: Bridge, data: Attrs): RtnlReply {
  for (const [key, set] of SETTERS) {
    const raw = data[key];
    if (raw === undefined) continue;
    const r = set(br, Number(raw), raw);
    if (!r.ok) return r;
  }
  return RTNL_OK;
}

/** The group address of BPDUs: one of 01:80:c2:00:00:0X that no other protocol has. */
function setGroupAddress(br: Bridge, text: string): RtnlReply {
  const a = parseMac(text);
  const last = a ? a[5]! : -1;
  const group = a !== null && a[0] === 0x01 && a[1] === 0x80 && a[2] === 0xc2 && a[3] === 0 && a[4] === 0 && (last & 0xf0) === 0;
  if (!group || last === 1 || last === 2 || last === 3) return EINVAL;
  br.groupAddr = a;
  return RTNL_OK;
}

/** bridge_id as netlink and iproute2 write it: the priority with four digits, the MAC's bytes with as many as they need. */
export function idText(id: Readonly<Uint8Array>): string {
  return `${((id[0]! << 8) | id[1]!).toString(16).padStart(4, "0")}.${[...id.subarray(2)].map((b) => b.toString(16)).join(":")}`;
}

/** br_fill_info, under the words that `ip -d link` prints and in its order. */
export function bridgeInfo(br: Bridge): Attrs {
  const now = br.dev.ns.net.now;
  const s = br.settings;
  return {
    forward_delay: shown(br.forwardDelay),
    hello_time: shown(br.helloTime),
    max_age: shown(br.maxAge),
    ageing_time: shown(br.ageingTime),
    stp_state: br.stp ? 1 : 0,
    priority: priorityOf(br),
    vlan_filtering: 0,
    bridge_id: idText(br.bridgeId),
    designated_root: idText(br.designatedRoot),
    root_port: br.rootPort,
    root_path_cost: br.rootPathCost,
    topology_change: br.topologyChange ? 1 : 0,
    topology_change_detected: br.topologyChangeDetected ? 1 : 0,
    hello_timer: timerLeft(br, StpTimer.HELLO),
    tcn_timer: timerLeft(br, StpTimer.TCN),
    topology_change_timer: timerLeft(br, StpTimer.TOPOLOGY_CHANGE),
    gc_timer: br.ageingTimer ? (br.ageingTimer.at - now) / SEC : 0,
    group_fwd_mask: br.groupFwdMask,
    group_address: fmtMac(br.groupAddr as Uint8Array),
    mcast_snooping: br.mcastSnooping ? 1 : 0,
    no_linklocal_learn: br.noLinklocalLearn ? 1 : 0,
    mcast_vlan_snooping: 0,
    mcast_router: s.mcast_router,
    mcast_query_use_ifaddr: s.mcast_query_use_ifaddr,
    mcast_querier: s.mcast_querier,
    mcast_hash_elasticity: s.mcast_hash_elasticity,
    mcast_hash_max: s.mcast_hash_max,
    mcast_last_member_count: s.mcast_last_member_count,
    mcast_startup_query_count: s.mcast_startup_query_count,
    mcast_last_member_interval: s.mcast_last_member_interval,
    mcast_membership_interval: s.mcast_membership_interval,
    mcast_querier_interval: s.mcast_querier_interval,
    mcast_query_interval: s.mcast_query_interval,
    mcast_query_response_interval: s.mcast_query_response_interval,
    mcast_startup_query_interval: s.mcast_startup_query_interval,
    mcast_stats_enabled: s.mcast_stats_enabled,
    mcast_igmp_version: s.mcast_igmp_version,
    mcast_mld_version: s.mcast_mld_version,
    nf_call_iptables: s.nf_call_iptables,
    nf_call_ip6tables: s.nf_call_ip6tables,
    nf_call_arptables: s.nf_call_arptables,
  };
}
