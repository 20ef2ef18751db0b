/**
 * The words after `type KIND` of `ip link add|set`: veth's peer, bridge and bridge_slave settings, vlan's id. A kind
 * that is not here takes no words, as one that iproute2 does not know.
 */
import { exit } from "../lib/io.ts";
import { fail, type Args, getInteger, getLladdr, getUnsigned, invarg, matches, notModelled } from "./args.ts";

export type KindData = Record<string, string | number | boolean>;

/** Kinds whose words are read here; a peer of veth is read by link.ts. */
export function parseKind(kind: string, args: Args): KindData | null {
  switch (kind) {
    case "bridge":
      return parseBridge(args);
    case "bridge_slave":
      return parseBridgeSlave(args);
    case "vlan":
      return parseVlan(args);
    default:
      return null;
  }
}

/** Numbers of a bridge by their keyword. Those that are matched by a prefix are so in iproute2. */
const BRIDGE_NUMBERS: readonly string[] = [
  "forward_delay",
  "hello_time",
  "max_age",
  "ageing_time",
  "stp_state",
  "priority",
  "vlan_filtering",
  "vlan_default_pvid",
  "vlan_stats_enabled",
  "vlan_stats_per_port",
  "group_fwd_mask",
  "mcast_router",
  "mcast_snooping",
  "mcast_vlan_snooping",
  "mcast_query_use_ifaddr",
  "mcast_querier",
  "mcast_hash_elasticity",
  "mcast_hash_max",
  "mcast_last_member_count",
  "mcast_startup_query_count",
  "mcast_last_member_interval",
  "mcast_membership_interval",
  "mcast_querier_interval",
  "mcast_query_interval",
  "mcast_query_response_interval",
  "mcast_startup_query_interval",
  "mcast_stats_enabled",
  "mcast_igmp_version",
  "mcast_mld_version",
  "nf_call_iptables",
  "nf_call_ip6tables",
  "nf_call_arptables",
  "no_linklocal_learn",
];

function parseBridge(args: Args): KindData {
  const data: KindData = {};
  for (; args.more; args.at++) {
    const w = args.word;
    const key = BRIDGE_NUMBERS.find((k) => matches(w, k));
    if (key !== undefined) {
      const n = getUnsigned(args.next());
      if (n === null) invarg(`invalid ${key}`, args.word);
      data[key] = n;
    } else if (matches(w, "vlan_protocol")) {
      args.next();
      if (args.word !== "802.1q" && args.word !== "802.1Q" && args.word !== "802.1ad") invarg("invalid vlan_protocol", args.word);
      data["vlan_protocol"] = args.word;
    } else if (matches(w, "group_address")) {
      if (getLladdr(args.next()).length !== 6) invarg("invalid group_address", args.word);
      notModelled("link type bridge group_address");
    } else if (w === "fdb_flush") notModelled("link type bridge fdb_flush");
    else if (matches(w, "help")) fail(bridgeUsage());
    else fail(`bridge: unknown command "${w}"?\n${bridgeUsage()}`);
  }
  return data;
}

function bridgeUsage(): string {
  return `Usage: ... bridge [ SETTING VALUE ]...\n  SETTING := { ${BRIDGE_NUMBERS.join(" | ")} | vlan_protocol }\n`;
}

const SLAVE_NUMBERS: readonly string[] = ["state", "priority", "cost", "group_fwd_mask", "mcast_router"];
const SLAVE_SWITCHES: readonly string[] = [
  "hairpin",
  "guard",
  "root_block",
  "fastleave",
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

function parseBridgeSlave(args: Args): KindData {
  const data: KindData = {};
  for (; args.more; args.at++) {
    const w = args.word;
    const num = SLAVE_NUMBERS.find((k) => matches(w, k));
    const sw = SLAVE_SWITCHES.find((k) => matches(w, k));
    if (num !== undefined) {
      const n = getUnsigned(args.next());
      if (n === null) invarg(`${num} is invalid`, args.word);
      data[num] = n;
    } else if (sw !== undefined) {
      args.next();
      if (args.word !== "on" && args.word !== "off")
        exit(-1, `Error: argument of "${sw}" must be one of "off", "on", not "${args.word}"\n`);
      data[sw] = args.word === "on";
    } else if (matches(w, "fdb_flush") || w === "backup_port" || w === "nobackup_port") notModelled(`link type bridge_slave ${w}`);
    else if (matches(w, "help")) fail(bridgeSlaveUsage());
    else fail(`bridge_slave: unknown option "${w}"?\n${bridgeSlaveUsage()}`);
  }
  return data;
}

function bridgeSlaveUsage(): string {
  return `Usage: ... bridge_slave [ ${SLAVE_NUMBERS.map((k) => `${k} N`).join(" ] [ ")} ] [ ${SLAVE_SWITCHES.map((k) => `${k} {on | off}`).join(" ] [ ")} ]\n`;
}

function parseVlan(args: Args): KindData {
  const data: KindData = {};
  for (; args.more; args.at++) {
    const w = args.word;
    if (matches(w, "protocol")) {
      args.next();
      if (!/^802\.1(q|ad)$/i.test(args.word)) invarg("protocol is invalid", args.word);
      data["protocol"] = args.word;
    } else if (matches(w, "id")) {
      const n = getInteger(args.next());
      if (n === null || n < 0 || n > 65535) invarg("id is invalid", args.word);
      data["id"] = n;
    } else if (
      ["reorder_hdr", "gvrp", "mvrp", "loose_binding", "bridge_binding", "ingress-qos-map", "egress-qos-map"].some((k) => matches(w, k))
    )
      notModelled(`link type vlan ${w}`);
    else if (matches(w, "help")) fail(vlanUsage());
    else fail(`vlan: unknown command "${w}"?\n${vlanUsage()}`);
  }
  return data;
}

function vlanUsage(): string {
  return "Usage: ... vlan id VLANID [ protocol VLANPROTO ]\n\nVLANID := 0-4095\nVLANPROTO: [ 802.1Q | 802.1ad ]\n";
}

export function vethUsage(): string {
  return "Usage: ip link <options> type veth [peer <options>]\nTo get <options> type 'ip link add help'\n";
}

/** `ip link help KIND`, or null for a kind without help. */
export function kindHelp(kind: string): string | null {
  switch (kind) {
    case "veth":
      return vethUsage();
    case "bridge":
      return bridgeUsage();
    case "bridge_slave":
      return bridgeSlaveUsage();
    case "vlan":
      return vlanUsage();
    default:
      return null;
  }
}
