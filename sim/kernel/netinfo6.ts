/** /proc/PID/net: IPv6's tables and counters, and the groups of both families (net/ipv6/proc.c, route.c, mcast.c, anycast.c, net/ipv4/igmp.c). */
import { hex } from "../core/bytes.ts";
import type { NetDevice } from "../net/dev/device.ts";
import { ICMP6_COUNTERS, IP6_COUNTERS, type Snmp6 } from "../net/ip6/snmp.ts";
import type { Fib6Route } from "../net/ip6/state.ts";
import type { NetNs } from "../net/netns.ts";
import { RtType } from "../net/rtnl/messages.ts";

export function procNet6Files(nsOf: (pid: number) => NetNs): ReadonlyMap<string, (pid: number) => string> {
  const file = (make: (ns: NetNs) => string) => (pid: number) => make(nsOf(pid));
  return new Map<string, (pid: number) => string>([
    ["anycast6", file(anycast6)],
    ["dev_mcast", file(devMcast)],
    ["igmp", file(igmp)],
    ["igmp6", file(igmp6)],
    ["ip6_flowlabel", () => "Label S Owner  Users  Linger Expires  Dst                              Opt\n"],
    ["ipv6_route", file(ipv6Route)],
    ["rt6_stats", file(rt6Stats)],
    ["snmp6", file(snmp6)],
    ["sockstat6", file(sockstat6)],
  ]);
}

/** /proc/PID/net/dev_snmp6: one file a device with IPv6. */
export function devSnmp6Dir(nsOf: (pid: number) => NetNs): { list(pid: number): string[]; read(pid: number, name: string): string | null } {
  const devs = (pid: number): NetDevice[] => [...nsOf(pid).devs.values()].filter((d) => d.ip6);
  return {
    list: (pid) => devs(pid).map((d) => d.name),
    read: (pid, name) => {
      const dev = devs(pid).find((d) => d.name === name);
      return dev?.ip6 ? line("ifIndex", dev.ifindex) + counters(dev.ip6.snmp, false) : null;
    },
  };
}

const LINK_NAME = 15;

function anycast6(ns: NetNs): string {
  let s = "";
  for (const dev of ns.devs.values())
    for (const ac of dev.ip6?.anycast.values() ?? [])
      s += `${String(dev.ifindex).padEnd(4)} ${dev.name.padEnd(LINK_NAME)} ${hex(ac.addr)} ${String(ac.users).padStart(5)}\n`;
  return s;
}

function devMcast(ns: NetNs): string {
  let s = "";
  for (const dev of ns.devs.values()) {
    if (dev.type === "loopback") continue;
    for (const [mac, users] of dev.mc) {
      const fixed = dev.mcStatic?.has(mac) ? 1 : 0;
      s += `${String(dev.ifindex).padEnd(4)} ${dev.name.padEnd(LINK_NAME)} ${String(users).padEnd(5)} ${String(fixed).padEnd(5)} ${mac.replaceAll(":", "")}\n`;
    }
  }
  return s;
}

function igmp(ns: NetNs): string {
  let s = "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n";
  for (const dev of ns.devs.values()) {
    const groups = [...(dev.ip4?.groups ?? [])].reverse();
    if (groups.length === 0) continue;
    s += `${dev.ifindex}\t${dev.name.padEnd(10)}: ${String(groups.length).padStart(5)}      V3\n`;
    for (const [group, users] of groups) {
      // a number in the byte order of the machine
      const le = [group & 255, (group >>> 8) & 255, (group >>> 16) & 255, group >>> 24];
      s += `\t\t\t\t${hex(Uint8Array.from(le)).toUpperCase()} ${String(users).padStart(5)} 0:00000000\t\t0\n`;
    }
  }
  return s;
}

/** MAF_LOADED (the device's filter knows the group) and MAF_NOREPORT */
const LOADED = 4;
const NOREPORT = 8;

function igmp6(ns: NetNs): string {
  let s = "";
  for (const dev of ns.devs.values()) {
    for (const g of [...(dev.ip6?.groups.values() ?? [])].reverse()) {
      const interfaceLocal = (g.addr[1]! & 15) < 2;
      const flags = (g.silent ? NOREPORT : 0) | (g.loaded && !interfaceLocal ? LOADED : 0);
      s += `${String(dev.ifindex).padEnd(4)} ${dev.name.padEnd(LINK_NAME)} ${hex(g.addr)} ${String(g.users).padStart(5)} ${flags.toString(16).toUpperCase().padStart(8, "0")} 0\n`;
    }
  }
  return s;
}

function word(n: number): string {
  return (n >>> 0).toString(16).padStart(8, "0");
}

const RTF = {
  UP: 1,
  GATEWAY: 2,
  REJECT: 0x200,
  DEFAULT: 0x10000,
  ADDRCONF: 0x40000,
  PREFIX_RT: 0x80000,
  ANYCAST: 0x100000,
  NONEXTHOP: 0x200000,
  EXPIRES: 0x400000,
  LOCAL: 0x80000000,
} as const;
const PREF = { low: 0x18000000, medium: 0, high: 0x08000000 } as const;

function routeFlags(r: Fib6Route): number {
  const expires = r.expires !== 0 ? RTF.EXPIRES : 0;
  if (r.type === RtType.LOCAL) return RTF.UP | RTF.NONEXTHOP | RTF.LOCAL | expires;
  if (r.type === RtType.ANYCAST) return RTF.UP | RTF.NONEXTHOP | RTF.ANYCAST | expires;
  if (r.type !== RtType.UNICAST && r.type !== RtType.MULTICAST) return RTF.REJECT | RTF.NONEXTHOP | expires;
  const learned = r.ra ? RTF.ADDRCONF | (r.gateway ? RTF.DEFAULT : RTF.PREFIX_RT) : 0;
  return RTF.UP | (r.gateway ? RTF.GATEWAY : 0) | learned | PREF[r.pref] | expires;
}

function ipv6Route(ns: NetNs): string {
  const none = "0".repeat(32);
  const row = (dst: string, len: number, src: string, srcLen: number, gw: string, metric: number, flags: number, name: string): string =>
    `${dst} ${len.toString(16).padStart(2, "0")} ${src} ${srcLen.toString(16).padStart(2, "0")} ${gw} ${word(metric)} ${word(1)} ${word(0)} ${word(flags)} ${name.padStart(8)}\n`;
  const ids = [...ns.ip6.tables.keys()].sort((a, b) => (a & 255) - (b & 255) || a - b);
  let s = "";
  for (const id of ids) {
    const routes = ns.ip6.tables.get(id)!;
    for (const r of routes)
      s += row(hex(r.dst), r.len, hex(r.src), r.srcLen, r.gateway ? hex(r.gateway) : none, r.metric, routeFlags(r), r.dev.name);
    // the null entry at the root of a tree without a default route
    if (!routes.some((r) => r.len === 0)) s += row(none, 0, none, 0, none, 0xffffffff, RTF.REJECT | RTF.NONEXTHOP, ns.loopback.name);
  }
  return s;
}

/** Nodes, nodes with routes, allocated, entries, cached, discarded: all that can be counted here are the entries. */
function rt6Stats(ns: NetNs): string {
  let entries = 0;
  for (const t of ns.ip6.tables.values()) entries += t.length;
  const n = (v: number): string => v.toString(16).padStart(4, "0");
  return `${[entries, entries, 0, entries, ns.ip6.exceptions.size, 0, 0].map(n).join(" ")}\n`;
}

function line(name: string, v: number): string {
  return `${name.padEnd(32)}\t${v}\n`;
}

const ICMP_NAMES: readonly (readonly [number, string])[] = [
  [1, "DestUnreachs"],
  [2, "PktTooBigs"],
  [3, "TimeExcds"],
  [4, "ParmProblems"],
  [128, "Echos"],
  [129, "EchoReplies"],
  [130, "GroupMembQueries"],
  [131, "GroupMembResponses"],
  [132, "GroupMembReductions"],
  [133, "RouterSolicits"],
  [134, "RouterAdvertisements"],
  [135, "NeighborSolicits"],
  [136, "NeighborAdvertisements"],
  [137, "Redirects"],
  [143, "MLDv2Reports"],
];

function counters(c: Snmp6, whole: boolean): string {
  let s = "";
  for (const k of IP6_COUNTERS) s += line(`Ip6${k}`, c.ip[k] ?? 0);
  for (const k of ICMP6_COUNTERS) s += line(`Icmp6${k}`, c.icmp[k] ?? 0);
  if (whole) s += line("Icmp6OutRateLimitHost", c.rateLimited);
  for (const [way, types] of [
    ["In", c.inType],
    ["Out", c.outType],
  ] as const)
    for (const [type, name] of ICMP_NAMES) s += line(`Icmp6${way}${name}`, types?.get(type) ?? 0);
  for (const [way, types] of [
    ["In", c.inType],
    ["Out", c.outType],
  ] as const)
    for (const [type, n] of [...(types ?? [])].sort((a, b) => a[0] - b[0])) s += line(`Icmp6${way}Type${type}`, n);
  return s;
}

function snmp6(ns: NetNs): string {
  let s = counters(ns.ip6.snmp, true);
  for (const [k, v] of Object.entries(ns.ip6.udpStats)) s += line(`Udp6${k}`, v);
  for (const k of Object.keys(ns.ip6.udpStats)) if (k !== "IgnoredMulti") s += line(`UdpLite6${k}`, 0);
  return s;
}

function sockstat6(ns: NetNs): string {
  let udp = 0;
  for (const list of ns.ip6.udp.values()) udp += list.length;
  const frags = ns.ip6.frags.size;
  return `TCP6: inuse 0\nUDP6: inuse ${udp}\nUDPLITE6: inuse 0\nRAW6: inuse ${ns.ip6.raw.length}\nFRAG6: inuse ${frags} memory 0\n`;
}
