/**
 * Interfaces as `ifconfig` and `netstat -i` of net-tools 2.10 print them (interface.c): devices, and an alias for every label
 * of an IPv4 address that is not its device's name. Aliases have no counters of their own.
 */
import { hex } from "../../core/bytes.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { type AddrRow, IFF, type LinkRow } from "../../net/rtnl/messages.ts";
import { maskOf } from "../../wire/addr.ts";
import { compareNames } from "./net-tools.ts";
import { bytes4, fmtAddr } from "./resolve.ts";
import { listAddrs, listLinks } from "./rtnl.ts";

export interface Interface {
  /** with an alias' label */
  readonly name: string;
  readonly link: LinkRow;
  readonly alias: boolean;
  /** the IPv4 address with that label */
  readonly addr: AddrRow | null;
  readonly addrs6: readonly AddrRow[];
}

/** All of them in the order of net-tools, or the one of that name; null when its device is not there. */
export function* readInterfaces(sys: Sys): Call<readonly Interface[]> {
  const links = yield* listLinks(sys);
  const addrs = yield* listAddrs(sys, 0);
  const out: Interface[] = [];
  for (const link of links) {
    const labels = new Set([link.name]);
    for (const a of addrs) if (a.ifindex === link.ifindex && a.family === 2 && a.label !== "") labels.add(a.label);
    for (const name of labels) out.push(make(name, link, addrs));
  }
  return out.sort((a, b) => compareNames(a.name, b.name));
}

export function* readInterface(sys: Sys, name: string): Call<Interface | null> {
  const colon = name.indexOf(":");
  const base = colon < 0 ? name : name.slice(0, colon);
  const link = (yield* listLinks(sys)).find((l) => l.name === base);
  return link === undefined ? null : make(name, link, yield* listAddrs(sys, 0));
}

function make(name: string, link: LinkRow, addrs: readonly AddrRow[]): Interface {
  const alias = name.includes(":");
  const own = addrs.filter((a) => a.ifindex === link.ifindex);
  return {
    name,
    link,
    alias,
    addr: own.find((a) => a.family === 2 && a.label === name) ?? null,
    addrs6: alias ? [] : own.filter((a) => a.family === 10),
  };
}

const FLAGS: readonly (readonly [number, string])[] = [
  [IFF.UP, "UP"],
  [IFF.BROADCAST, "BROADCAST"],
  [IFF.DEBUG, "DEBUG"],
  [IFF.LOOPBACK, "LOOPBACK"],
  [IFF.POINTOPOINT, "POINTOPOINT"],
  [IFF.NOTRAILERS, "NOTRAILERS"],
  [IFF.RUNNING, "RUNNING"],
  [IFF.NOARP, "NOARP"],
  [IFF.PROMISC, "PROMISC"],
  [IFF.ALLMULTI, "ALLMULTI"],
  [IFF.SLAVE, "SLAVE"],
  [IFF.MASTER, "MASTER"],
  [IFF.MULTICAST, "MULTICAST"],
  [IFF.DYNAMIC, "DYNAMIC"],
];

const SCOPES: Readonly<Record<number, string>> = { 253: "0x20<link>", 254: "0x10<host>", 200: "0x40<site>" };

/** ife_print_long, with the empty line behind it. */
export function longForm(i: Interface): string {
  const { link } = i;
  // a short in struct ifreq
  const flags = (link.flags << 16) >> 16;
  let s = `${i.name}: flags=${flags}<${FLAGS.filter(([bit]) => flags & bit)
    .map(([, n]) => n)
    .join(",")}>  mtu ${link.mtu}\n`;
  if (i.addr !== null) {
    s += `        inet ${fmtAddr(i.addr.local)}  netmask ${fmtAddr(bytes4(maskOf(i.addr.prefixlen)))}`;
    if (flags & IFF.BROADCAST) s += `  broadcast ${i.addr.broadcast === null ? "0.0.0.0" : fmtAddr(i.addr.broadcast)}`;
    if (flags & IFF.POINTOPOINT) s += `  destination ${fmtAddr(i.addr.address)}`;
    s += "\n";
  }
  for (const a of i.addrs6)
    s += `        inet6 ${fmtAddr(a.local)}  prefixlen ${a.prefixlen}  scopeid ${SCOPES[a.scope] ?? "0x0<global>"}\n`;
  s += `        ${hardware(link)}\n`;
  return `${s}${i.alias ? "" : counters(link)}\n`;
}

function hardware(link: LinkRow): string {
  const queue = `  txqueuelen ${link.txqlen}`;
  switch (link.type) {
    case "loopback":
      return `loop${queue}  (Local Loopback)`;
    case "ether":
      return `ether ${hex(link.address, ":")}${queue}  (Ethernet)`;
    default:
      return `unspec ${Array.from({ length: 16 }, () => "00").join("-")}${queue}  (UNSPEC)`;
  }
}

function counters(link: LinkRow): string {
  const t = link.stats;
  const frame = t.rxLengthErrors + t.rxOverErrors + t.rxCrcErrors + t.rxFrameErrors;
  const carrier = t.txCarrierErrors + t.txAbortedErrors + t.txWindowErrors + t.txHeartbeatErrors;
  return (
    `        RX packets ${t.rxPackets}  bytes ${t.rxBytes} (${scaled(t.rxBytes)})\n` +
    `        RX errors ${t.rxErrors}  dropped ${t.rxDropped + t.rxMissedErrors}  overruns ${t.rxFifoErrors}  frame ${frame}\n` +
    `        TX packets ${t.txPackets}  bytes ${t.txBytes} (${scaled(t.txBytes)})\n` +
    `        TX errors ${t.txErrors}  dropped ${t.txDropped} overruns ${t.txFifoErrors}  carrier ${carrier}  collisions ${t.collisions}\n`
  );
}

/** One decimal, cut off. */
function scaled(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let tenths = bytes * 10;
  let unit = 0;
  for (let over = bytes; over > 1024 && unit < units.length - 1; unit++) {
    over /= 1024;
    tenths /= 1024;
  }
  const n = Math.floor(tenths);
  return `${Math.floor(n / 10)}.${n % 10} ${units[unit]}`;
}

export const SHORT_HEAD = "RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n";

const LETTERS: readonly (readonly [number, string])[] = [
  [IFF.ALLMULTI, "A"],
  [IFF.BROADCAST, "B"],
  [IFF.DEBUG, "D"],
  [IFF.LOOPBACK, "L"],
  [IFF.MULTICAST, "M"],
  [IFF.DYNAMIC, "d"],
  [IFF.PROMISC, "P"],
  [IFF.NOTRAILERS, "N"],
  [IFF.NOARP, "O"],
  [IFF.POINTOPOINT, "P"],
  [IFF.SLAVE, "s"],
  [IFF.MASTER, "m"],
  [IFF.RUNNING, "R"],
  [IFF.UP, "U"],
];

/** ife_print_short */
export function shortForm(i: Interface): string {
  const { link } = i;
  const t = link.stats;
  const n = (value: number): string => String(value).padStart(6);
  const count = i.alias
    ? "     - no statistics available -                        "
    : `${String(t.rxPackets).padStart(8)} ${n(t.rxErrors)} ${n(t.rxDropped + t.rxMissedErrors)} ${String(t.rxFifoErrors).padEnd(6)} ` +
      `${String(t.txPackets).padStart(8)} ${n(t.txErrors)} ${n(t.txDropped)} ${n(t.txFifoErrors)} `;
  const flags = LETTERS.filter(([bit]) => link.flags & bit)
    .map(([, c]) => c)
    .join("");
  return `${i.name.slice(0, 15).padEnd(15)} ${String(link.mtu).padStart(5)} ${count}${flags === "" ? "[NO FLAGS]" : flags}\n`;
}
