/** What `brctl` shows: bridges with their ports, addresses by port number, the spanning tree. Ports stand in the order of their names. */
import { hex } from "../../core/bytes.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { type LinkRow, Nud } from "../../net/rtnl/messages.ts";
import { err, exit, type Io } from "../lib/io.ts";
import { linkByName, listLinks } from "../lib/rtnl.ts";

type Data = Readonly<Record<string, string | number | boolean>>;

function byName(links: readonly LinkRow[]): LinkRow[] {
  return [...links].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function portsOf(links: readonly LinkRow[], bridge: LinkRow): LinkRow[] {
  return byName(links.filter((l) => l.master === bridge.ifindex && l.slaveKind === "bridge"));
}

export function* bridgeNames(sys: Sys): Call<readonly string[]> {
  return (yield* listLinks(sys)).filter((l) => l.kind === "bridge").map((l) => l.name);
}

/** "8000.2:0:0:0:0:b0" of netlink as brctl prints it: 8000.0200000000b0 */
function idText(id: unknown): string {
  const [prio, mac] = String(id).split(".");
  return `${prio}.${mac!
    .split(":")
    .map((b) => b.padStart(2, "0"))
    .join("")}`;
}

// ---------------------------------------------------------------- show

export function* show(io: Io, names: readonly string[]): Call<number> {
  const links = yield* listLinks(io.sys);
  let status = 0;
  let text = "";
  const one = (l: LinkRow): void => {
    if (text === "") text = "bridge name\tbridge id\t\tSTP enabled\tinterfaces\n";
    const stp = l.data?.["stp_state"] ? "yes" : "no";
    text += `${l.name}\t\t${idText(l.data?.["bridge_id"])}\t${stp}\t\t`;
    text += `${portsOf(links, l)
      .map((p) => p.name)
      .join("\n\t\t\t\t\t\t\t")}\n`;
  };
  if (names.length === 0) for (const l of byName(links)) if (l.kind === "bridge") one(l);
  for (const name of names) {
    const l = links.find((x) => x.name === name);
    if (l?.kind === "bridge") {
      one(l);
      continue;
    }
    yield* err(io.sys, l ? `device ${name} is not a bridge!\n` : `bridge ${name} does not exist!\n`);
    status = 1;
  }
  yield* io.out.print(text);
  return status;
}

// ---------------------------------------------------------------- showmacs

export function* showmacs(io: Io, [name]: readonly string[]): Call<number> {
  const l = yield* linkByName(io.sys, name!);
  if (l?.kind !== "bridge") return exit(1, `read of forward table failed: ${l ? "Operation not supported" : "No such device"}\n`);
  const links = yield* listLinks(io.sys);
  const numbers = new Map(portsOf(links, l).map((p) => [p.ifindex, Number(p.slaveData?.["port_no"] ?? 0)]));
  const r = yield* io.sys.rtnetlink({ type: "RTM_GETNEIGH", family: 7, master: l.ifindex });
  // the bridge's own entries, which are on no port, are not in this table
  const rows = (r.ok ? (r.neighs ?? []) : []).filter((n) => n.master === l.ifindex && numbers.has(n.ifindex));
  let text = "port no\tmac addr\t\tis local?\tageing timer\n";
  const sorted = rows.map((n) => ({ n, mac: hex(n.lladdr!, ":") })).sort((a, b) => (a.mac < b.mac ? -1 : a.mac > b.mac ? 1 : 0));
  for (const { n, mac } of sorted) {
    const ages = !(n.state & (Nud.PERMANENT | Nud.NOARP));
    text += `${String(numbers.get(n.ifindex)).padStart(3)}\t${mac}\t${n.state & Nud.PERMANENT ? "yes" : "no"}\t\t${seconds(ages ? n.updated : 0)}\n`;
  }
  yield* io.out.print(text);
  return 0;
}

/** "%4i.%.2i" */
function seconds(t: number): string {
  const hundredths = Math.floor(t * 100 + 1e-6);
  return `${String(Math.floor(hundredths / 100)).padStart(4)}.${String(hundredths % 100).padStart(2, "0")}`;
}

// ---------------------------------------------------------------- showstp

export function* showstp(io: Io, [name]: readonly string[]): Call<number> {
  const l = yield* linkByName(io.sys, name!);
  if (l === null) exit(1, `bridge ${name} does not exist!\n`);
  if (l!.kind !== "bridge") exit(1, `device ${name} is not a bridge!\n`);
  let text = bridgeText(l!);
  for (const p of portsOf(yield* listLinks(io.sys), l!)) text += portText(p);
  yield* io.out.print(text);
  return 0;
}

function bridgeText(l: LinkRow): string {
  const d = l.data as Data;
  const time = (key: string): string => seconds(Number(d[key]) / 100);
  const timer = (key: string): string => seconds(Number(d[key]));
  const count = (key: string): string => String(d[key]).padStart(4);
  const flags = `${d["topology_change"] ? "TOPOLOGY_CHANGE " : ""}${d["topology_change_detected"] ? "TOPOLOGY_CHANGE_DETECTED " : ""}`;
  return `${l.name}
 bridge id\t\t${idText(d["bridge_id"])}
 designated root\t${idText(d["designated_root"])}
 root port\t\t${count("root_port")}\t\t\tpath cost\t\t${count("root_path_cost")}
 max age\t\t${time("max_age")}\t\t\tbridge max age\t\t${time("max_age")}
 hello time\t\t${time("hello_time")}\t\t\tbridge hello time\t${time("hello_time")}
 forward delay\t\t${time("forward_delay")}\t\t\tbridge forward delay\t${time("forward_delay")}
 ageing time\t\t${time("ageing_time")}
 hello timer\t\t${timer("hello_timer")}\t\t\ttcn timer\t\t${timer("tcn_timer")}
 topology change timer\t${timer("topology_change_timer")}\t\t\tgc timer\t\t${timer("gc_timer")}
 flags\t\t\t${flags}


`;
}

function portText(l: LinkRow): string {
  const d = l.slaveData as Data;
  const timer = (key: string): string => seconds(Number(d[key]));
  const id = (n: number): string => n.toString(16).padStart(4, "0");
  const flags = `${d["config_pending"] ? "CONFIG_PENDING " : ""}${d["topology_change_ack"] ? "TOPOLOGY_CHANGE_ACK " : ""}`;
  return `${l.name} (${Number(d["port_no"])})
 port id\t\t${id(Number(d["port_id"]))}\t\t\tstate\t\t${String(d["state"]).padStart(15)}
 designated root\t${idText(d["designated_root"])}\tpath cost\t\t${String(d["cost"]).padStart(4)}
 designated bridge\t${idText(d["designated_bridge"])}\tmessage age timer\t${timer("message_age_timer")}
 designated port\t${id(Number(d["designated_port"]))}\t\t\tforward delay timer\t${timer("forward_delay_timer")}
 designated cost\t${String(d["designated_cost"]).padStart(4)}\t\t\thold timer\t\t${timer("hold_timer")}
 flags\t\t\t${flags}
${d["hairpin"] ? ` hairpin mode\t\t   1\n` : ""}
`;
}
