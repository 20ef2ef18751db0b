/**
 * /proc/PID/net/{tcp,udp,raw,icmp}[6],unix,snmp}: the open sockets of a namespace as `netstat` reads them (get_tcp4_sock,
 * udp4_format_sock, raw_sock_seq_show), and its counters. The table of UNIX sockets has its heading only; without the counters
 * beyond the RFCs (netstat).
 */
import { hex } from "../core/bytes.ts";
import type { NetNs } from "../net/netns.ts";
import { bytes4 } from "../net/rtnl/addr.ts";
import { InetSock } from "../net/sock/inet.ts";
import { TcpSock } from "../net/tcp/state.ts";
import { Inet6Sock } from "../net/sock/inet6.ts";
import type { Machine } from "./machine.ts";
import { sockDiag, socketInodes } from "./sockdiag.ts";

type Table = "udp" | "raw" | "icmp";

export function procSocketFiles(m: Machine): ReadonlyMap<string, (pid: number) => string> {
  const nsOf = (pid: number): NetNs => m.procs.get(pid)?.net ?? m.rootNs;
  const table = (kind: Table, six: boolean) => (pid: number) => socketTable(m, nsOf(pid), kind, six);
  return new Map<string, (pid: number) => string>([
    ["tcp", (pid) => tcpTable(m, nsOf(pid), false)],
    ["tcp6", (pid) => tcpTable(m, nsOf(pid), true)],
    ["udp", table("udp", false)],
    ["udp6", table("udp", true)],
    ["raw", table("raw", false)],
    ["raw6", table("raw", true)],
    ["icmp", table("icmp", false)],
    ["icmp6", table("icmp", true)],
    ["unix", () => "Num       RefCount Protocol Flags    Type St Inode Path\n"],
    ["snmp", (pid) => snmp(nsOf(pid))],
  ]);
}

const SOCK_DGRAM = 2;
const IPPROTO_UDP = 17;

function kindOf(sk: InetSock): Table {
  if (sk.type !== SOCK_DGRAM) return "raw";
  return sk.protocol === IPPROTO_UDP || sk.protocol === 0 ? "udp" : "icmp";
}

function tcpTable(m: Machine, ns: NetNs, six: boolean): string {
  let s = six
    ? "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    : `${"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode".padEnd(149)}\n`;
  let slot = 0;
  for (const d of sockDiag(m, ns)) {
    if (d.kind !== "tcp" || (d.family === 10) !== six) continue;
    const listening = d.state === 10;
    const line =
      `${String(slot++).padStart(4)}: ${words(d.local)}:${h(d.sport, 4)} ${words(d.remote)}:${h(d.dport, 4)} ${h(d.state, 2)} ` +
      `${h(listening ? 0 : d.wqueue, 8)}:${h(d.rqueue, 8)} ${h(d.timer, 2)}:${h(Math.floor(d.expires / 10), 8)} ${h(d.retrans, 8)} ` +
      `${String(d.uid).padStart(5)} ${"0".padStart(8)} ${d.ino} 1 ${"0".repeat(16)}`;
    s += `${six ? line : line.padEnd(149)}\n`;
  }
  return s;
}
function h(n: number, width: number): string {
  return n.toString(16).toUpperCase().padStart(width, "0");
}

function socketTable(m: Machine, ns: NetNs, kind: Table, six: boolean): string {
  let s = six
    ? "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n"
    : `${"   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops".padEnd(127)}\n`;
  const ino = socketInodes(m);
  let slot = 0;
  for (const sk of ns.socks.all) {
    if (!(sk instanceof InetSock) || sk instanceof TcpSock || sk instanceof Inet6Sock !== six || kindOf(sk) !== kind) continue;
    // a UDP socket is in the table from its first port on
    if (kind === "udp" && sk.sport === 0) continue;
    const port = kind === "raw" ? sk.protocol : sk.sport;
    const local = sk instanceof Inet6Sock ? words(sk.rcvSaddr6) : words(bytes4(sk.rcvSaddr));
    const remote = sk instanceof Inet6Sock ? words(sk.daddr6) : words(bytes4(sk.daddr));
    const state = sk.connected ? 1 : 7;
    const line =
      `${String(slot++).padStart(5)}: ${local}:${h(port, 4)} ${remote}:${h(sk.dport, 4)} ${h(state, 2)} ${h(0, 8)}:${h(sk.rxBytes, 8)} 00:00000000 00000000 ` +
      `${String(sk.cred.uid).padStart(5)}        0 ${ino.get(sk) ?? 0} 2 ${"0".repeat(16)} ${sk.drops}`;
    s += `${six ? line : line.padEnd(127)}\n`;
  }
  return s;
}

/** words of 32 bits as a little-endian machine prints them */
function words(a: Uint8Array): string {
  let s = "";
  for (let i = 0; i < a.length; i += 4) s += hex(Uint8Array.from([a[i + 3]!, a[i + 2]!, a[i + 1]!, a[i]!])).toUpperCase();
  return s;
}

function currEstab(ns: NetNs): number {
  let n = 0;
  for (const sk of ns.socks.all) if (sk instanceof TcpSock && (sk.state === 1 || sk.state === 8)) n++;
  return n;
}

const ICMP_TYPES: readonly (readonly [number, string])[] = [
  [3, "DestUnreachs"],
  [11, "TimeExcds"],
  [12, "ParmProbs"],
  [4, "SrcQuenchs"],
  [5, "Redirects"],
  [8, "Echos"],
  [0, "EchoReps"],
  [13, "Timestamps"],
  [14, "TimestampReps"],
  [17, "AddrMasks"],
  [18, "AddrMaskReps"],
];

function snmp(ns: NetNs): string {
  const c = ns.ip4.snmp;
  const t = ns.tcp.snmp;
  const section = (name: string, rows: readonly (readonly [string, number])[]): string =>
    `${name}: ${rows.map(([k]) => k).join(" ")}\n${name}: ${rows.map(([, v]) => v).join(" ")}\n`;
  const messages: (readonly [string, number])[] = [
    ...c.icmpInTypes.flatMap((n, t) => (n > 0 ? [[`InType${t}`, n] as const] : [])),
    ...c.icmpOutTypes.flatMap((n, t) => (n > 0 ? [[`OutType${t}`, n] as const] : [])),
  ];
  const zeros = (names: string): (readonly [string, number])[] => names.split(" ").map((n) => [n, 0] as const);
  return (
    section("Ip", [
      ["Forwarding", ns.sysctl.conf4All.forwarding !== 0 ? 1 : 2],
      ["DefaultTTL", ns.sysctl.ipv4.ip_default_ttl],
      ["InReceives", c.InReceives],
      ["InHdrErrors", c.InHdrErrors],
      ["InAddrErrors", c.InAddrErrors],
      ["ForwDatagrams", c.ForwDatagrams],
      ["InUnknownProtos", c.InUnknownProtos],
      ["InDiscards", c.InDiscards],
      ["InDelivers", c.InDelivers],
      ["OutRequests", c.OutRequests],
      ["OutDiscards", c.OutDiscards],
      ["OutNoRoutes", c.OutNoRoutes],
      ["ReasmTimeout", c.ReasmTimeout],
      ["ReasmReqds", c.ReasmReqds],
      ["ReasmOKs", c.ReasmOKs],
      ["ReasmFails", c.ReasmFails],
      ["FragOKs", c.FragOKs],
      ["FragFails", c.FragFails],
      ["FragCreates", c.FragCreates],
      ["OutTransmits", c.OutRequests + c.ForwDatagrams + c.FragCreates - c.FragOKs],
    ]) +
    section("Icmp", [
      ["InMsgs", c.icmpInMsgs],
      ["InErrors", c.icmpInErrors],
      ["InCsumErrors", c.icmpInCsumErrors],
      ...ICMP_TYPES.map(([t, n]) => [`In${n}`, c.icmpInTypes[t]!] as const),
      ["OutMsgs", c.icmpOutMsgs],
      ["OutErrors", c.icmpOutErrors],
      ["OutRateLimitGlobal", c.icmpOutRateLimitGlobal],
      ["OutRateLimitHost", c.icmpOutRateLimitHost],
      ...ICMP_TYPES.map(([t, n]) => [`Out${n}`, c.icmpOutTypes[t]!] as const),
    ]) +
    (messages.length > 0 ? section("IcmpMsg", messages) : "") +
    section("Tcp", [
      ["RtoAlgorithm", 1],
      ["RtoMin", 200],
      ["RtoMax", 120000],
      ["MaxConn", -1],
      ["ActiveOpens", t.ActiveOpens],
      ["PassiveOpens", t.PassiveOpens],
      ["AttemptFails", t.AttemptFails],
      ["EstabResets", t.EstabResets],
      ["CurrEstab", currEstab(ns)],
      ["InSegs", t.InSegs],
      ["OutSegs", t.OutSegs - t.RetransSegs],
      ["RetransSegs", t.RetransSegs],
      ["InErrs", t.InErrs],
      ["OutRsts", t.OutRsts],
      ["InCsumErrors", t.InCsumErrors],
    ]) +
    section("Udp", [
      ["InDatagrams", c.udpInDatagrams],
      ["NoPorts", c.udpNoPorts],
      ["InErrors", c.udpInErrors],
      ["OutDatagrams", c.udpOutDatagrams],
      ["RcvbufErrors", c.udpRcvbufErrors],
      ...zeros("SndbufErrors InCsumErrors IgnoredMulti MemErrors"),
    ]) +
    section("UdpLite", zeros("InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors"))
  );
}
