/** `netstat -s`: /proc/net/snmp in words (statistics.c of net-tools 2.10). */
import type { Call } from "../../kernel/abi.ts";
import { exit, type Io, lines, readText } from "../lib/io.ts";
import type { NetstatOptions } from "./types.ts";

/** A counter's line; `always`: also when it is 0. Counters without words are left out where 0, and shown by name else. */
type Words = Readonly<Record<string, readonly [text: string, always: boolean]>>;

const IP: Words = {
  Forwarding: ["Forwarding: %", true],
  InReceives: ["% total packets received", true],
  InHdrErrors: ["% with invalid headers", false],
  InAddrErrors: ["% with invalid addresses", false],
  ForwDatagrams: ["% forwarded", true],
  InUnknownProtos: ["% with unknown protocol", false],
  InDiscards: ["% incoming packets discarded", true],
  InDelivers: ["% incoming packets delivered", true],
  OutRequests: ["% requests sent out", true],
  OutDiscards: ["% outgoing packets dropped", false],
  OutNoRoutes: ["% dropped because of missing route", false],
  ReasmTimeout: ["% fragments dropped after timeout", false],
  ReasmReqds: ["% reassemblies required", false],
  ReasmOKs: ["% packets reassembled ok", false],
  ReasmFails: ["% packet reassemblies failed", false],
  FragOKs: ["% fragments received ok", false],
  FragFails: ["% fragments failed", false],
  FragCreates: ["% fragments created", false],
};
const ICMP_IN: Words = {
  InDestUnreachs: ["destination unreachable: %", false],
  InTimeExcds: ["timeout in transit: %", false],
  InParmProbs: ["wrong parameters: %", false],
  InSrcQuenchs: ["source quenches: %", false],
  InRedirects: ["redirects: %", false],
  InEchos: ["echo requests: %", false],
  InEchoReps: ["echo replies: %", false],
  InTimestamps: ["timestamp request: %", false],
  InTimestampReps: ["timestamp reply: %", false],
  InAddrMasks: ["address mask request: %", false],
  InAddrMaskReps: ["address mask replies: %", false],
};
const ICMP_OUT: Words = {
  OutDestUnreachs: ["destination unreachable: %", false],
  OutTimeExcds: ["time exceeded: %", false],
  OutParmProbs: ["wrong parameters: %", false],
  OutSrcQuenchs: ["source quench: %", false],
  OutRedirects: ["redirect: %", false],
  OutEchos: ["echo requests: %", false],
  OutEchoReps: ["echo replies: %", false],
  OutTimestamps: ["timestamp requests: %", false],
  OutTimestampReps: ["timestamp replies: %", false],
  OutAddrMasks: ["address mask requests: %", false],
  OutAddrMaskReps: ["address mask replies: %", false],
};
const TCP: Words = {
  ActiveOpens: ["% active connection openings", true],
  PassiveOpens: ["% passive connection openings", true],
  AttemptFails: ["% failed connection attempts", true],
  EstabResets: ["% connection resets received", true],
  CurrEstab: ["% connections established", true],
  InSegs: ["% segments received", true],
  OutSegs: ["% segments sent out", true],
  RetransSegs: ["% segments retransmitted", true],
  InErrs: ["% bad segments received", true],
  OutRsts: ["% resets sent", true],
};
const UDP: Words = {
  InDatagrams: ["% packets received", true],
  NoPorts: ["% packets to unknown port received", true],
  InErrors: ["% packet receive errors", true],
  OutDatagrams: ["% packets sent", true],
  RcvbufErrors: ["% receive buffer errors", true],
  SndbufErrors: ["% send buffer errors", true],
};
/** counters that are never shown */
const SILENT = new Set(["DefaultTTL", "RtoAlgorithm", "RtoMin", "RtoMax", "MaxConn"]);

function print(rows: ReadonlyMap<string, number>, words: Words, indent: string): string {
  let s = "";
  for (const [name, value] of rows) {
    const w = words[name];
    if (w === undefined) {
      if (value !== 0 && !SILENT.has(name)) s += `${indent}${name}: ${value}\n`;
    } else if (w[1] || value !== 0) s += `${indent}${w[0].replace("%", String(value))}\n`;
  }
  return s;
}

function only(rows: ReadonlyMap<string, number>, begin: string): ReadonlyMap<string, number> {
  return new Map([...rows].filter(([n]) => n.startsWith(begin)));
}

function icmp(rows: ReadonlyMap<string, number>): string {
  const n = (k: string): number => rows.get(k) ?? 0;
  const rest = (begin: string): ReadonlyMap<string, number> =>
    new Map([...only(rows, begin)].filter(([k]) => !["InMsgs", "InErrors", "OutMsgs", "OutErrors"].includes(k)));
  return `    ${n("InMsgs")} ICMP messages received
    ${n("InErrors")} input ICMP message failed
    ICMP input histogram:
${print(rest("In"), ICMP_IN, "        ")}    ${n("OutMsgs")} ICMP messages sent
    ${n("OutErrors")} ICMP messages failed
    ICMP output histogram:
${print(rest("Out"), ICMP_OUT, "        ")}`;
}

export function* showStatistics(io: Io, o: NetstatOptions): Call<void> {
  const { given } = o;
  if (o.family === 10) exit(64, "hop: netstat: option -s for IPv6 is not simulated\n");
  const some = given.has("-t") || given.has("-u") || given.has("-w");
  const want = (option: string): boolean => !some || given.has(option);
  const text = yield* readText(io.sys, "/proc/net/snmp");
  const rows = typeof text === "number" ? [] : lines(text);
  // behind the histograms of Icmp the real tool goes on with a deeper indent
  for (let i = 0; i + 1 < rows.length; i += 2) {
    const names = rows[i]!.split(" ");
    const values = rows[i + 1]!.split(" ");
    const section = names[0]!.slice(0, -1);
    const map = new Map(names.slice(1).map((n, k) => [n, Number(values[k + 1])]));
    let body = "";
    if (section === "Ip" && want("-w")) body = print(map, IP, "    ");
    else if (section === "Icmp" && want("-w")) body = icmp(map);
    else if (section === "IcmpMsg") body = print(map, {}, want("-w") ? "        " : "    ");
    else if (section === "Tcp" && want("-t")) body = print(map, TCP, "    ");
    else if (section === "Udp" && want("-u")) body = print(map, UDP, "    ");
    else if (section === "UdpLite") body = print(map, {}, "    ");
    else continue;
    yield* io.out.print(`${section}:\n${body}`);
  }
}
