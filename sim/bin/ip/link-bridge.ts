/** The words after `type bridge` and `type bridge_slave` of `ip link` (iplink_bridge.c, iplink_bridge_slave.c of iproute2 6.1). */
import { hex } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { type Args, fail, getLladdr, getUnsigned, invarg, matches, notModelled } from "./args.ts";
import type { Ctx } from "./ctx.ts";

type Data = Record<string, string | number | boolean>;

const U8 = 0xff;
const U16 = 0xffff;
const U32 = 0xffffffff;

/** Numbers of a bridge by their keyword and the largest that fits; where a shortened word fits several, the first counts. */
const BRIDGE_NUMBERS: readonly (readonly [string, number])[] = [
  ["forward_delay", U32],
  ["hello_time", U32],
  ["max_age", U32],
  ["ageing_time", U32],
  ["stp_state", U32],
  ["priority", U16],
  ["vlan_filtering", U8],
  ["group_fwd_mask", U16],
  ["vlan_default_pvid", U16],
  ["vlan_stats_enabled", U8],
  ["vlan_stats_per_port", U8],
  ["mcast_router", U8],
  ["mcast_snooping", U8],
  ["mcast_vlan_snooping", U8],
  ["mcast_query_use_ifaddr", U8],
  ["mcast_querier", U8],
  ["mcast_hash_elasticity", U32],
  ["mcast_hash_max", U32],
  ["mcast_last_member_count", U32],
  ["mcast_startup_query_count", U32],
  ["mcast_last_member_interval", U32],
  ["mcast_membership_interval", U32],
  ["mcast_querier_interval", U32],
  ["mcast_query_interval", U32],
  ["mcast_query_response_interval", U32],
  ["mcast_startup_query_interval", U32],
  ["mcast_stats_enabled", U8],
  ["mcast_igmp_version", U8],
  ["mcast_mld_version", U8],
  ["nf_call_iptables", U8],
  ["nf_call_ip6tables", U8],
  ["nf_call_arptables", U8],
  ["no_linklocal_learn", U8],
];

export function parseBridge(args: Args): Data {
  const data: Data = {};
  for (; args.more; args.at++) {
    const w = args.word;
    const num = BRIDGE_NUMBERS.find(([k]) => matches(w, k));
    if (num !== undefined) data[num[0]] = number(args, num[1], `invalid ${num[0]}`);
    else if (matches(w, "vlan_protocol")) {
      args.next();
      if (args.word !== "802.1q" && args.word !== "802.1Q" && args.word !== "802.1ad") invarg("invalid vlan_protocol", args.word);
      data["vlan_protocol"] = args.word;
    } else if (matches(w, "group_address")) data["group_address"] = hex(getLladdr(args.next()), ":");
    else if (matches(w, "fdb_flush")) data["fdb_flush"] = true;
    else if (matches(w, "help")) fail(bridgeUsage());
    else fail(`bridge: unknown command "${w}"?\n${bridgeUsage()}`);
  }
  return data;
}

function number(args: Args, max: number, complaint: string): number {
  const n = getUnsigned(args.next());
  return n === null || n > max ? invarg(complaint, args.word) : n;
}

export function bridgeUsage(): string {
  const form = (k: string, v: string): string => `\t\t  [ ${k} ${v} ]\n`;
  return `Usage: ... bridge [ fdb_flush ]
${BRIDGE_FORMS.map(([k, v]) => form(k, v)).join("")}
Where: VLAN_PROTOCOL := { 802.1Q | 802.1ad }
`;
}

const BRIDGE_FORMS: readonly (readonly [string, string])[] = [
  ["forward_delay", "FORWARD_DELAY"],
  ["hello_time", "HELLO_TIME"],
  ["max_age", "MAX_AGE"],
  ["ageing_time", "AGEING_TIME"],
  ["stp_state", "STP_STATE"],
  ["priority", "PRIORITY"],
  ["group_fwd_mask", "MASK"],
  ["group_address", "ADDRESS"],
  ["no_linklocal_learn", "NO_LINKLOCAL_LEARN"],
  ["vlan_filtering", "VLAN_FILTERING"],
  ["vlan_protocol", "VLAN_PROTOCOL"],
  ["vlan_default_pvid", "VLAN_DEFAULT_PVID"],
  ["vlan_stats_enabled", "VLAN_STATS_ENABLED"],
  ["vlan_stats_per_port", "VLAN_STATS_PER_PORT"],
  ["mcast_snooping", "MULTICAST_SNOOPING"],
  ["mcast_vlan_snooping", "MULTICAST_VLAN_SNOOPING"],
  ["mcast_router", "MULTICAST_ROUTER"],
  ["mcast_query_use_ifaddr", "MCAST_QUERY_USE_IFADDR"],
  ["mcast_querier", "MULTICAST_QUERIER"],
  ["mcast_hash_elasticity", "HASH_ELASTICITY"],
  ["mcast_hash_max", "HASH_MAX"],
  ["mcast_last_member_count", "LAST_MEMBER_COUNT"],
  ["mcast_startup_query_count", "STARTUP_QUERY_COUNT"],
  ["mcast_last_member_interval", "LAST_MEMBER_INTERVAL"],
  ["mcast_membership_interval", "MEMBERSHIP_INTERVAL"],
  ["mcast_querier_interval", "QUERIER_INTERVAL"],
  ["mcast_query_interval", "QUERY_INTERVAL"],
  ["mcast_query_response_interval", "QUERY_RESPONSE_INTERVAL"],
  ["mcast_startup_query_interval", "STARTUP_QUERY_INTERVAL"],
  ["mcast_stats_enabled", "MCAST_STATS_ENABLED"],
  ["mcast_igmp_version", "IGMP_VERSION"],
  ["mcast_mld_version", "MLD_VERSION"],
  ["nf_call_iptables", "NF_CALL_IPTABLES"],
  ["nf_call_ip6tables", "NF_CALL_IP6TABLES"],
  ["nf_call_arptables", "NF_CALL_ARPTABLES"],
];

const SLAVE_NUMBERS: readonly (readonly [string, number, string])[] = [
  ["state", U8, "state is invalid"],
  ["priority", U16, "priority is invalid"],
  ["cost", U32, "cost is invalid"],
  ["mcast_router", U8, "invalid mcast_router"],
  ["group_fwd_mask", U16, "invalid group_fwd_mask"],
];
/** in the order of the usage */
const SLAVE_SWITCHES: readonly string[] = [
  "guard",
  "hairpin",
  "fastleave",
  "root_block",
  "learning",
  "flood",
  "proxy_arp",
  "proxy_arp_wifi",
  "mcast_fast_leave",
  "mcast_flood",
  "bcast_flood",
  "mcast_to_unicast",
  "neigh_suppress",
  "vlan_tunnel",
  "isolated",
  "locked",
];

export function* parseBridgeSlave(ctx: Ctx, args: Args): Call<Data> {
  const data: Data = {};
  for (; args.more; args.at++) {
    const w = args.word;
    const num = SLAVE_NUMBERS.find(([k]) => matches(w, k));
    const sw = SLAVE_SWITCHES.find((k) => matches(w, k));
    if (matches(w, "fdb_flush")) data["fdb_flush"] = true;
    else if (num !== undefined) data[num[0]] = number(args, num[1], num[2]);
    else if (sw !== undefined) {
      args.next();
      if (args.word !== "on" && args.word !== "off") fail(`Error: argument of "${sw}" must be one of "off", "on", not "${args.word}"\n`);
      // two words for the same setting
      data[sw === "mcast_fast_leave" ? "fastleave" : sw] = args.word === "on";
    } else if (matches(w, "backup_port")) {
      if ((yield* ctx.links.index(args.next())) === 0) invarg("Device does not exist\n", args.word);
      notModelled("link … type bridge_slave backup_port");
    } else if (matches(w, "nobackup_port")) data["backup_port"] = 0;
    else if (matches(w, "help")) fail(bridgeSlaveUsage());
    else fail(`bridge_slave: unknown option "${w}"?\n${bridgeSlaveUsage()}`);
  }
  return data;
}

export function bridgeSlaveUsage(): string {
  const sw = (from: number, to: number): string =>
    SLAVE_SWITCHES.slice(from, to)
      .map((k) => `\t\t\t[ ${k} {on | off} ]\n`)
      .join("");
  return `Usage: ... bridge_slave [ fdb_flush ]
			[ state STATE ]
			[ priority PRIO ]
			[ cost COST ]
${sw(0, 8)}			[ mcast_router MULTICAST_ROUTER ]
${sw(8, 12)}			[ group_fwd_mask MASK ]
${sw(12, 16)}			[ backup_port DEVICE ] [ nobackup_port ]
`;
}
