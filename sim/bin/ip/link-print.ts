/**
 * One link as `ip link` and `ip addr` print it: the header line, the link-layer line, details (-d), statistics (-s),
 * the brief form. Layout and order are those of iproute2 6.1, with its trailing blanks.
 */
import { hex } from "../../core/bytes.ts";
import { IFF, IfOper, type LinkRow, type LinkStats } from "../../net/rtnl/messages.ts";
import { printFlags, printNameAndLink } from "../lib/iproute/link-line.ts";
import type { Ctx } from "./ctx.ts";
import { type People, printTun } from "./tuntap-print.ts";
import { type Color, type Printer } from "../lib/iproute/print.ts";

export const OPER_NAMES: readonly string[] = ["UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"];

/** What to leave in or out of a link. */
export interface LinkView {
  /** `ip link` rather than `ip addr`: mode, alias, statistics and address generation belong to it */
  readonly doLink: boolean;
  /** the kernel's short answer for AF_INET6: no qdisc, master, group */
  readonly short: boolean;
  /** show the link/… line */
  readonly linkLine: boolean;
  /** names of namespaces by their id here */
  readonly nsids: ReadonlyMap<number, string>;
  /** who owns a tap, where the details are asked for */
  readonly people: People | null;
}

/** print_linkinfo without its filters. The record is not ended by a newline when `doLink` is false and text follows. */
export function printLink(ctx: Ctx, p: Printer, l: LinkRow, v: LinkView): void {
  const { opts, names } = ctx;
  p.any("ifindex", l.ifindex, `${l.ifindex}: `);
  const mdown = printNameAndLink(ctx.links, p, l, (n) => `${n}: `);
  printFlags(p, l.flags, mdown);
  p.any("mtu", l.mtu, `mtu ${l.mtu} `);
  if (!v.short) {
    p.any("qdisc", l.qdisc, `qdisc ${l.qdisc} `);
    if (l.master !== 0) p.any("master", ctx.links.name(l.master), `master ${ctx.links.name(l.master)} `);
  }
  p.fp("state ");
  printOperstate(p, l.operstate, (s) => `${s} `);
  if (v.doLink) {
    const mode = l.linkmode === 1 ? "DORMANT" : "DEFAULT";
    p.any("linkmode", mode, `mode ${mode} `);
  }
  if (!v.short) p.any("group", names.group(l.group), `group ${names.group(l.group)} `);
  if (l.txqlen !== 0) p.any("txqlen", l.txqlen, `qlen ${l.txqlen}`);

  if (v.linkLine) {
    p.nl();
    const type = opts.numeric ? `[${l.type === "loopback" ? 772 : l.type === "none" ? 65534 : 1}]` : l.type;
    p.any("link_type", type, `    link/${type} `);
    if (l.address.length > 0) p.color("mac", "address", hex(l.address, ":"), hex(l.address, ":"));
    if (!v.short && l.address.length > 0) {
      if (l.flags & IFF.POINTOPOINT) {
        p.fp(" peer ");
        p.json("link_pointtopoint", true);
      } else p.fp(" brd ");
      p.color("mac", "broadcast", hex(l.broadcast, ":"), hex(l.broadcast, ":"));
    }
  }
  if (l.linkNetnsid !== null) {
    const name = v.nsids.get(l.linkNetnsid);
    const text =
      l.linkNetnsid < 0 ? " link-netnsid unknown" : name !== undefined ? ` link-netns ${name}` : ` link-netnsid ${l.linkNetnsid}`;
    p.any("link_netnsid", l.linkNetnsid, text);
  }
  if (l.protoDown) p.any("proto_down", true, " protodown on ");
  if (opts.details > 0 && !v.short) printDetails(p, l, v);
  if ((v.doLink || opts.details > 0) && l.alias !== "" && !v.short) {
    p.nl();
    p.any("ifalias", l.alias, `    alias ${l.alias}`);
  }
  if (v.doLink && opts.stats > 0) {
    p.nl();
    printStats(ctx, p, l.stats);
  }
  if (l.altnames.length > 0 && !v.short) {
    p.openArray("altnames");
    for (const a of l.altnames) {
      p.nl();
      p.any(null, a, `    altname ${a}`);
    }
    p.closeArray();
  }
  p.fp("\n");
}

/** print_linkinfo_brief; the line goes on with addresses in `ip addr`. */
export function printLinkBrief(ctx: Ctx, p: Printer, l: LinkRow, doLink: boolean): void {
  const mdown = printNameAndLink(ctx.links, p, l, (n) => `${n.padEnd(16)} `);
  printOperstate(p, l.operstate, (s) => `${s.padEnd(14)} `);
  if (!doLink) return;
  const mac = hex(l.address, ":");
  if (mac !== "") p.color("mac", "address", mac, `${mac} `);
  printFlags(p, l.flags, mdown);
  p.fp("\n");
}

function printOperstate(p: Printer, state: number, layout: (s: string) => string): void {
  const name = OPER_NAMES[state] ?? String(state);
  const color: Color = state === IfOper.UP ? "up" : state === IfOper.DOWN ? "down" : "none";
  p.color(color, "operstate", name, layout(name));
}

// ---------------------------------------------------------------- details

function printDetails(p: Printer, l: LinkRow, v: LinkView): void {
  p.any("promiscuity", l.promiscuity, ` promiscuity ${l.promiscuity} `);
  p.any("allmulti", l.allmulti, ` allmulti ${l.allmulti} `);
  p.any("min_mtu", l.minMtu, `minmtu ${l.minMtu} `);
  p.any("max_mtu", l.maxMtu, `maxmtu ${l.maxMtu} `);
  if (l.kind !== null || l.slaveKind !== null) {
    p.openObject("linkinfo");
    if (l.kind !== null) {
      p.nl();
      p.any("info_kind", l.kind, `    ${l.kind} `);
      if (l.data !== null && Object.keys(l.data).length > 0) {
        p.openObject("info_data");
        if (l.kind === "vlan") printVlan(p, l.data);
        else if (l.kind === "tun") printTun(p, l.data, v.people);
        else printKindData(p, l.kind === "bridge" ? asPrinted(l.data) : l.data, JSON_KEYS);
        p.closeObject();
      }
    }
    if (l.slaveKind !== null) {
      p.nl();
      p.any("info_slave_kind", l.slaveKind, `    ${l.slaveKind}_slave `);
      if (l.slaveData !== null) {
        p.openObject("info_slave_data");
        printKindData(p, l.slaveData, SLAVE_JSON_KEYS);
        p.closeObject();
      }
    }
    p.closeObject();
  }
  if (v.doLink) p.any("inet6_addr_gen_mode", l.addrGenMode, `addrgenmode ${l.addrGenMode} `);
  p.any("num_tx_queues", l.numTxQueues, `numtxqueues ${l.numTxQueues} `);
  p.any("num_rx_queues", l.numRxQueues, `numrxqueues ${l.numRxQueues} `);
  p.any("gso_max_size", l.gsoMaxSize, `gso_max_size ${l.gsoMaxSize} `);
  p.any("gso_max_segs", l.gsoMaxSegs, `gso_max_segs ${l.gsoMaxSegs} `);
  p.any("tso_max_size", l.tsoMaxSize, `tso_max_size ${l.tsoMaxSize} `);
  p.any("tso_max_segs", l.tsoMaxSegs, `tso_max_segs ${l.tsoMaxSegs} `);
  p.any("gro_max_size", l.groMaxSize, `gro_max_size ${l.groMaxSize} `);
  if (l.parentbus !== null) p.any("parentbus", l.parentbus, `parentbus ${l.parentbus} `);
  if (l.parentdev !== null) p.any("parentdev", l.parentdev, `parentdev ${l.parentdev} `);
}

/** JSON names a few attributes of a bridge differently from its text. */
const JSON_KEYS: ReadonlyMap<string, string> = new Map([
  ["designated_root", "root_id"],
  ["group_address", "group_addr"],
  ["mcast_last_member_count", "mcast_last_member_cnt"],
  ["mcast_startup_query_count", "mcast_startup_query_cnt"],
  ["mcast_last_member_interval", "mcast_last_member_intvl"],
  ["mcast_membership_interval", "mcast_membership_intvl"],
  ["mcast_querier_interval", "mcast_querier_intvl"],
  ["mcast_query_interval", "mcast_query_intvl"],
  ["mcast_query_response_interval", "mcast_query_response_intvl"],
  ["mcast_startup_query_interval", "mcast_startup_query_intvl"],
]);
const SLAVE_JSON_KEYS: ReadonlyMap<string, string> = new Map([
  ["port_id", "id"],
  ["port_no", "no"],
  ["designated_bridge", "bridge_id"],
  ["designated_root", "root_id"],
  ["mcast_router", "multicast_router"],
]);

/** iproute2 6.1 prints a bridge's own identifier as that of the root, whoever is the root; `brctl showstp` knows better. */
function asPrinted(data: NonNullable<LinkRow["data"]>): NonNullable<LinkRow["data"]> {
  return { ...data, designated_root: data["bridge_id"] ?? "" };
}

/** "key value " of each attribute, in the order the kernel's driver fills them. */
function printKindData(p: Printer, data: Readonly<Record<string, string | number | boolean>>, keys: ReadonlyMap<string, string>): void {
  for (const [key, value] of Object.entries(data)) {
    const jsonKey = keys.get(key) ?? key;
    if (key.endsWith("_timer")) {
      const text = Number(value).toFixed(2);
      p.literal(jsonKey, text, `${key} ${text.padStart(7)} `);
    } else if (key === "group_fwd_mask") {
      const text = Number(value) === 0 ? "0" : `0x${Number(value).toString(16)}`;
      p.any(jsonKey, text, `${key} ${text} `);
    } else if (key === "mcast_fast_leave" && keys === SLAVE_JSON_KEYS) {
      // JSON has it as "fastleave" already
      p.fp(`${key} ${value ? "on" : "off"} `);
    } else p.any(jsonKey, value, `${key} ${typeof value === "boolean" ? (value ? "on" : "off") : value} `);
  }
}

function printVlan(p: Printer, data: Readonly<Record<string, string | number | boolean>>): void {
  p.any("protocol", data["protocol"] ?? "802.1Q", `protocol ${data["protocol"] ?? "802.1Q"} `);
  p.any("id", data["id"] ?? 0, `id ${data["id"] ?? 0} `);
  p.openArray("flags", "<");
  const flags = ["REORDER_HDR", ...(data["loose_binding"] ? ["LOOSE_BINDING"] : [])];
  flags.forEach((f, i) => p.any(null, f, i === 0 ? f : `,${f}`));
  p.closeArray("> ");
}

// ---------------------------------------------------------------- statistics

/** print_stats64. Columns grow with the numbers in them. */
export function printStats(ctx: Ctx, p: Printer, s: LinkStats): void {
  const more = ctx.opts.stats > 1;
  const rx = [s.rxBytes, s.rxPackets, s.rxErrors, s.rxDropped, s.rxMissedErrors, s.multicast];
  const tx = [s.txBytes, s.txPackets, s.txErrors, s.txDropped, s.txCarrierErrors, s.collisions];
  const rxErr = [s.rxLengthErrors, s.rxCrcErrors, s.rxFrameErrors, s.rxFifoErrors, s.rxOverErrors, s.rxNohandler];
  const txErr = [s.txAbortedErrors, s.txFifoErrors, s.txWindowErrors, s.txHeartbeatErrors, s.carrierChanges];
  if (p.isJson) {
    p.openObject("stats64");
    p.openObject("rx");
    const names = ["bytes", "packets", "errors", "dropped", "over_errors", "multicast"];
    [s.rxBytes, s.rxPackets, s.rxErrors, s.rxDropped, s.rxOverErrors, s.multicast].forEach((n, i) => p.json(names[i]!, n));
    if (more)
      ["length_errors", "crc_errors", "frame_errors", "fifo_errors", "missed_errors"].forEach((n, i) =>
        p.json(n, [...rxErr.slice(0, 4), s.rxMissedErrors][i]!),
      );
    if (more && s.rxNohandler) p.json("nohandler", s.rxNohandler);
    p.closeObject();
    p.openObject("tx");
    ["bytes", "packets", "errors", "dropped", "carrier_errors", "collisions"].forEach((n, i) => p.json(n, tx[i]!));
    if (more) {
      ["aborted_errors", "fifo_errors", "window_errors", "heartbeat_errors"].forEach((n, i) => p.json(n, txErr[i]!));
      p.json("carrier_changes", s.carrierChanges);
    }
    p.closeObject();
    p.closeObject();
    return;
  }
  const cols = ["*X errors:", "packets", "errors", "dropped", "heartbt", "overrun", "compressed"].map((h) => h.length);
  const widen = (values: readonly number[], from: number): void =>
    values.forEach((n, i) => (cols[i + from] = Math.max(cols[i + from]!, String(n).length)));
  widen(rx, 0);
  widen(tx, 0);
  if (more) {
    widen(rxErr, 1);
    widen(txErr, 1);
  }
  const head = (title: string, first: number, words: readonly string[]): string =>
    `    ${title}${words.map((w, i) => (i === 0 ? w.padStart(cols[first]! - (first === 0 ? 4 : 0)) : ` ${w.padStart(cols[first + i]!)}`)).join("")}`;
  const row = (values: readonly number[], first: number): string =>
    values.map((n, i) => `${quantity(ctx, n).padStart(cols[first + i]!)} `).join("");
  p.fp(head("RX: ", 0, ["bytes", "packets", "errors", "dropped", "missed", "mcast", ""]));
  p.nl();
  p.fp(`    ${row(rx, 0)}`);
  if (more) {
    p.nl();
    p.fp(
      `    RX errors:${" ".repeat(cols[0]! - 10)}${["length", "crc", "frame", "fifo", "overrun"].map((w, i) => ` ${w.padStart(cols[i + 1]!)}`).join("")}`,
    );
    if (s.rxNohandler) p.fp(" nohandler".padStart(cols[6]! + 1));
    p.nl();
    p.fp(`    ${" ".repeat(cols[0]!)} ${row(s.rxNohandler ? rxErr : rxErr.slice(0, 5), 1)}`);
  }
  p.nl();
  p.fp(head("TX: ", 0, ["bytes", "packets", "errors", "dropped", "carrier", "collsns", ""]));
  p.nl();
  p.fp(`    ${row(tx, 0)}`);
  if (more) {
    p.nl();
    p.fp(
      `    TX errors:${" ".repeat(cols[0]! - 10)}${["aborted", "fifo", "window", "heartbt", "transns"].map((w, i) => ` ${w.padStart(cols[i + 1]!)}`).join("")}`,
    );
    p.nl();
    p.fp(`    ${" ".repeat(cols[0]!)} ${row(txErr, 1)}`);
  }
}

/** print_num: with -h in kilo, mega, … of 1000 (or 1024 with -iec), as many decimals as make three digits. */
function quantity(ctx: Ctx, n: number): string {
  const base = ctx.opts.iec ? 1024 : 1000;
  if (!ctx.opts.human || n < base) return String(n);
  let power = base;
  let at = 0;
  const prefixes = "kMGTPE";
  while (Math.floor(n / base) >= power && at < prefixes.length - 1) {
    power *= base;
    at++;
  }
  let precision = 2;
  for (let ten = 10; precision > 0; precision--, ten *= 10) if (Math.floor(n / power) < ten) break;
  return `${(n / power).toFixed(precision)}${prefixes[at]}${ctx.opts.iec ? "i" : ""}`;
}
