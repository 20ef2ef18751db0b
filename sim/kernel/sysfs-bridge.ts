/**
 * /sys/class/net/BRIDGE/bridge, …/brif and /sys/class/net/PORT/brport (net/bridge/br_sysfs_br.c, br_sysfs_if.c): the settings
 * that `ip -d link` shows, one file each. What is written goes the way of `ip link set`. Left out: brforward, the binary
 * table of addresses.
 */
import { Errno } from "../core/result.ts";
import { IFF, type LinkAttrs, type LinkRow } from "../net/rtnl/messages.ts";

type Data = Readonly<Record<string, string | number | boolean>>;

interface Attribute {
  /** null: can only be written */
  readonly show: ((d: Data) => string) | null;
  /** the setting that a written number changes; none: read only */
  readonly set?: string;
}

const plain =
  (key: string): ((d: Data) => string) =>
  (d) =>
    String(Number(d[key]));
const value = (key: string): Attribute => ({ show: plain(key), set: key });
const fixed = (key: string): Attribute => ({ show: plain(key) });
const mask = (key: string): Attribute => ({ show: (d) => `0x${Number(d[key]).toString(16)}`, set: key });
/** seconds as 1/100 s */
const timer = (key: string): Attribute => ({ show: (d) => String(Math.floor(Number(d[key]) * 100)) });
/** netlink's short form of an identifier, with all its digits */
const identifier = (key: string): Attribute => ({
  show: (d) => {
    const [prio, mac] = String(d[key]).split(".");
    return `${prio}.${mac!
      .split(":")
      .map((b) => b.padStart(2, "0"))
      .join("")}`;
  },
});

const MCAST = [
  "igmp_version",
  "last_member_count",
  "last_member_interval",
  "membership_interval",
  "mld_version",
  "querier",
  "querier_interval",
  "query_interval",
  "query_response_interval",
  "query_use_ifaddr",
  "router",
  "snooping",
  "startup_query_count",
  "startup_query_interval",
  "stats_enabled",
] as const;

const BRIDGE: ReadonlyMap<string, Attribute> = new Map<string, Attribute>([
  ["ageing_time", value("ageing_time")],
  ["bridge_id", identifier("bridge_id")],
  ["flush", { show: null, set: "fdb_flush" }],
  ["forward_delay", value("forward_delay")],
  ["gc_timer", timer("gc_timer")],
  ["group_addr", { show: (d) => String(d["group_address"]), set: "group_address" }],
  ["group_fwd_mask", mask("group_fwd_mask")],
  ["hash_elasticity", value("mcast_hash_elasticity")],
  ["hash_max", value("mcast_hash_max")],
  ["hello_time", value("hello_time")],
  ["hello_timer", timer("hello_timer")],
  ["max_age", value("max_age")],
  ...MCAST.map((k): [string, Attribute] => [`multicast_${k}`, value(`mcast_${k}`)]),
  ["nf_call_arptables", value("nf_call_arptables")],
  ["nf_call_ip6tables", value("nf_call_ip6tables")],
  ["nf_call_iptables", value("nf_call_iptables")],
  ["no_linklocal_learn", value("no_linklocal_learn")],
  ["priority", value("priority")],
  ["root_id", identifier("designated_root")],
  ["root_path_cost", fixed("root_path_cost")],
  ["root_port", fixed("root_port")],
  ["stp_state", value("stp_state")],
  ["tcn_timer", timer("tcn_timer")],
  ["topology_change", fixed("topology_change")],
  ["topology_change_detected", fixed("topology_change_detected")],
  ["topology_change_timer", timer("topology_change_timer")],
]);

const STATES: readonly string[] = ["disabled", "listening", "learning", "forwarding", "blocking"];

const PORT: ReadonlyMap<string, Attribute> = new Map<string, Attribute>([
  ["backup_port", { show: () => "", set: "backup_port" }],
  ["bpdu_guard", value("guard")],
  ["broadcast_flood", value("bcast_flood")],
  ["change_ack", fixed("topology_change_ack")],
  ["config_pending", fixed("config_pending")],
  ["designated_bridge", identifier("designated_bridge")],
  ["designated_cost", fixed("designated_cost")],
  ["designated_port", fixed("designated_port")],
  ["designated_root", identifier("designated_root")],
  ["flush", { show: null, set: "fdb_flush" }],
  ["forward_delay_timer", timer("forward_delay_timer")],
  ["group_fwd_mask", mask("group_fwd_mask")],
  ["hairpin_mode", value("hairpin")],
  ["hold_timer", timer("hold_timer")],
  ["isolated", value("isolated")],
  ["learning", value("learning")],
  ["message_age_timer", timer("message_age_timer")],
  ["multicast_fast_leave", value("fastleave")],
  ["multicast_flood", value("mcast_flood")],
  ["multicast_router", value("mcast_router")],
  ["multicast_to_unicast", value("mcast_to_unicast")],
  ["neigh_suppress", value("neigh_suppress")],
  ["path_cost", value("cost")],
  ["port_id", { show: (d) => String(d["port_id"]) }],
  ["port_no", { show: (d) => String(d["port_no"]) }],
  ["priority", value("priority")],
  ["proxyarp", value("proxy_arp")],
  ["proxyarp_wifi", value("proxy_arp_wifi")],
  ["root_block", value("root_block")],
  ["state", { show: (d) => String(STATES.indexOf(String(d["state"]))) }],
  ["unicast_flood", value("flood")],
]);

/** "bridge/stp_state" or "brport/learning": the attribute, null for any other path */
function find(path: string): Attribute | null {
  const [dir, name] = path.split("/");
  return (dir === "bridge" ? BRIDGE : dir === "brport" ? PORT : null)?.get(name ?? "") ?? null;
}

/** Files of a link that are about bridges. */
export function bridgeFiles(l: LinkRow): readonly string[] {
  const out: string[] = [];
  if (l.kind === "bridge") for (const k of BRIDGE.keys()) out.push(`bridge/${k}`);
  if (l.slaveKind === "bridge") for (const k of PORT.keys()) out.push(`brport/${k}`);
  return out;
}

/** Links of a device to its master and its ports, by path: where they point. */
export function masterLinks(l: LinkRow, all: readonly LinkRow[]): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const master = all.find((x) => x.ifindex === l.master);
  if (master) {
    out.set("master", `../${master.name}`);
    out.set(`upper_${master.name}`, `../${master.name}`);
    if (l.slaveKind === "bridge") out.set("brport/bridge", `../../${master.name}`);
  }
  for (const p of all) {
    if (p.master !== l.ifindex) continue;
    out.set(`lower_${p.name}`, `../${p.name}`);
    if (l.kind === "bridge") out.set(`brif/${p.name}`, `../../${p.name}/brport`);
  }
  return out;
}

/** br_get_link_ksettings: the fastest of the ports that run, -1 without any. */
export function bridgeSpeed(l: LinkRow, all: readonly LinkRow[], speedOf: (port: LinkRow) => number): number {
  let best = -1;
  for (const p of all) if (p.master === l.ifindex && p.flags & IFF.RUNNING) best = Math.max(best, speedOf(p));
  return best;
}

/** Permission bits of such a file. */
export function bridgeFileMode(path: string): number | null {
  const a = find(path);
  return a ? (a.show ? 0o444 : 0) | (a.set === undefined ? 0 : 0o200) : null;
}

/** Text or -errno; null when the path is none of these. */
export function readBridgeFile(l: LinkRow, path: string): string | number | null {
  const a = find(path);
  if (!a) return null;
  const data = path.startsWith("bridge/") ? l.data : l.slaveData;
  if (!data) return -Errno.ENODEV;
  return a.show ? a.show(data) : -Errno.EACCES;
}

/** What writing asks of the kernel: simple_strtoul, so what follows the number is not looked at. -errno when it is none. */
export function bridgeFileChange(path: string, text: string): LinkAttrs | number {
  const key = find(path)?.set;
  if (key === undefined) return -Errno.EACCES;
  if (key === "group_address") return { kind: "bridge", data: { group_address: text } };
  const m = /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
  if (m === null) return key === "backup_port" && text === "" ? { slaveData: { backup_port: 0 } } : -Errno.EINVAL;
  const n = /^0[0-7]+$/.test(m[1]!) ? Number.parseInt(m[1]!, 8) : Number(m[1]);
  return path.startsWith("bridge/") ? { kind: "bridge", data: { [key]: n } } : { slaveData: { [key]: n } };
}
