/**
 * `ss` of iproute2 6.1: TCP, UDP and raw sockets of the network namespace. Left out: netlink, packet and UNIX sockets (none is
 * listed), events, killing sockets, SELinux contexts.
 */
import type { Call, Command, OptionSpec, SockDiag } from "../../kernel/abi.ts";
import { PROTOCOL_NAMES, TCP_SERVICES, UDP_SERVICES } from "../../wire/services.ts";
import { exit, type Io, program } from "../lib/io.ts";
import { netnsSwitch } from "../lib/iproute/netns.ts";
import { getoptMessage, parseOptions } from "../lib/options.ts";
import { fmtAddr, type HostsEntry, nameOf, readHosts } from "../lib/resolve.ts";
import { findOwners } from "./owners.ts";
import { ALL_STATES, DEFAULT_STATES, FilterError, parseExpression, stateMask, type Test } from "./filter.ts";
import { extended, memory, tcpInfo, timer } from "./info.ts";
import { type SsRow, ssTable } from "./layout.ts";

const options: readonly OptionSpec[] = [
  { names: ["-h", "--help"], help: "this message" },
  { names: ["-V", "--version"], help: "output version information" },
  { names: ["-n", "--numeric"], help: "don't resolve service names" },
  { names: ["-r", "--resolve"], help: "resolve host names" },
  { names: ["-a", "--all"], help: "display all sockets" },
  { names: ["-l", "--listening"], help: "display listening sockets" },
  { names: ["-o", "--options"], help: "show timer information" },
  { names: ["-e", "--extended"], help: "show detailed socket information" },
  { names: ["-m", "--memory"], help: "show socket memory usage" },
  { names: ["-p", "--processes"], help: "show process using socket" },
  { names: ["-T", "--threads"], help: "show thread using socket", notModelled: true },
  { names: ["-i", "--info"], help: "show internal TCP information" },
  { names: ["--tipcinfo"], help: "show internal tipc socket information", notModelled: true },
  { names: ["-s", "--summary"], help: "show socket usage summary" },
  { names: ["--tos"], help: "show tos and priority information", notModelled: true },
  { names: ["--cgroup"], help: "show cgroup information", notModelled: true },
  { names: ["-b", "--bpf"], help: "show bpf filter socket information", notModelled: true },
  { names: ["-E", "--events"], help: "continually display sockets as they are destroyed", notModelled: true },
  { names: ["-Z", "--context"], help: "display task SELinux security contexts", notModelled: true },
  { names: ["-z", "--contexts"], help: "display task and socket SELinux security contexts", notModelled: true },
  { names: ["-N", "--net"], arg: "NSNAME", help: "switch to the specified network namespace name" },
  { names: ["-4", "--ipv4"], help: "display only IP version 4 sockets" },
  { names: ["-6", "--ipv6"], help: "display only IP version 6 sockets" },
  { names: ["-0", "--packet"], help: "display PACKET sockets", notModelled: true },
  { names: ["-t", "--tcp"], help: "display only TCP sockets" },
  { names: ["-M", "--mptcp"], help: "display only MPTCP sockets", notModelled: true },
  { names: ["-S", "--sctp"], help: "display only SCTP sockets", notModelled: true },
  { names: ["-u", "--udp"], help: "display only UDP sockets" },
  { names: ["-d", "--dccp"], help: "display only DCCP sockets", notModelled: true },
  { names: ["-w", "--raw"], help: "display only RAW sockets" },
  { names: ["-x", "--unix"], help: "display only Unix domain sockets" },
  { names: ["--tipc"], help: "display only TIPC sockets", notModelled: true },
  { names: ["--vsock"], help: "display only vsock sockets", notModelled: true },
  { names: ["--xdp"], help: "display only XDP sockets", notModelled: true },
  { names: ["-f", "--family"], arg: "FAMILY", help: "display sockets of type FAMILY" },
  { names: ["-K", "--kill"], help: "forcibly close sockets, display what was closed", notModelled: true },
  { names: ["-H", "--no-header"], help: "Suppress header line" },
  { names: ["-O", "--oneline"], help: "socket's data printed on a single line" },
  { names: ["--inet-sockopt"], help: "show various inet socket options", notModelled: true },
  { names: ["-A", "--query", "--socket"], arg: "QUERY", help: "" },
  { names: ["-D", "--diag"], arg: "FILE", help: "Dump raw information about TCP sockets to FILE", notModelled: true },
  { names: ["-F", "--filter"], arg: "FILE", help: "read filter information from FILE", notModelled: true },
];

const STATE_NAMES = [
  "UNKNOWN",
  "ESTAB",
  "SYN-SENT",
  "SYN-RECV",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "UNCONN",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
] as const;

type Table = "udp" | "raw" | "tcp" | "unix";

/** what stands between the options in the usage message, by the first name of the option before it */
const BETWEEN: Readonly<Record<string, string>> = {
  "-N": "\n",
  "-f": "       FAMILY := {inet|inet6|link|unix|netlink|vsock|tipc|xdp|help}\n\n",
  "--inet-sockopt": "\n",
  "-A": "       QUERY := {all|inet|tcp|mptcp|udp|raw|unix|unix_dgram|unix_stream|unix_seqpacket|packet|packet_raw|packet_dgram|netlink|dccp|sctp|vsock_stream|vsock_dgram|tipc|xdp}[,QUERY]\n\n",
};
const STATE_USAGE =
  "       FILTER := [ state STATE-FILTER ] [ EXPRESSION ]\n" +
  "       STATE-FILTER := {all|connected|synchronized|bucket|big|TCP-STATES}\n" +
  "         TCP-STATES := {established|syn-sent|syn-recv|fin-wait-{1,2}|time-wait|closed|close-wait|last-ack|listening|closing}\n" +
  "          connected := {established|syn-sent|syn-recv|fin-wait-{1,2}|time-wait|close-wait|last-ack|closing}\n" +
  "       synchronized := {established|syn-recv|fin-wait-{1,2}|time-wait|close-wait|last-ack|closing}\n" +
  "             bucket := {syn-recv|time-wait}\n" +
  "                big := {established|syn-sent|fin-wait-{1,2}|closed|close-wait|last-ack|listening|closing}\n";

function usage(): string {
  let s = "Usage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n";
  for (const o of options) {
    const first = o.names[0]!;
    // the real message shows no argument for -N
    const arg = o.arg !== undefined && first !== "-N" ? `=${o.arg}` : "";
    const names = o.names.map((n) => (n.startsWith("--") ? n + arg : n)).join(", ");
    s += `${first.startsWith("--") ? "       " : "   "}${names}`.padEnd(22) + ` ${o.help}\n${BETWEEN[first] ?? ""}`;
  }
  return s + STATE_USAGE;
}

interface Query {
  readonly on: ReadonlySet<string>;
  readonly tables: ReadonlySet<Table>;
  readonly family: 0 | 2 | 10;
  readonly states: number;
  readonly test: Test | null;
  /** -N */
  readonly netns: string | null;
}

/** The tables that -t, -u, -w, -x, -f and -A ask for; all without any of them. */
function tablesOf(on: ReadonlySet<string>, query: string | null, familyName: string | null): Set<Table> {
  const tables = new Set<Table>();
  if (on.has("-t")) tables.add("tcp");
  if (on.has("-u")) tables.add("udp");
  if (on.has("-w")) tables.add("raw");
  if (on.has("-x") || familyName === "unix") tables.add("unix");
  for (const q of query === null ? [] : query.split(",")) {
    if (q === "tcp" || q === "udp" || q === "raw" || q === "unix") tables.add(q);
    else if (q === "inet") for (const t of ["tcp", "udp", "raw"] as const) tables.add(t);
    else if (q === "all") for (const t of ["tcp", "udp", "raw", "unix"] as const) tables.add(t);
    else if (/^(mptcp|unix_\w+|packet|packet_\w+|netlink|dccp|sctp|vsock_\w+|tipc|xdp)$/.test(q))
      exit(64, `hop: ss: query ${q} is not simulated\n`);
    else exit(255, `ss: "${q}" is illegal socket table id\n${usage()}`);
  }
  return tables;
}

function* parse(io: Io, args: readonly string[]): Call<Query> {
  const p = parseOptions(options, args, {});
  if (p.error) {
    if (p.error.kind === "not-modelled") exit(64, `hop: ss: option ${p.error.given} is not simulated\n`);
    exit(255, `${getoptMessage("ss", p.error)}\n${usage()}`);
  }
  const on = new Set<string>(p.options.map((g) => g.name));
  const value = (name: string): string | null => p.options.findLast((g) => g.name === name)?.value ?? null;
  if (on.has("-h")) {
    yield* io.out.print(usage());
    yield* io.out.flush();
    exit(0);
  }
  if (on.has("-V")) {
    yield* io.out.print("ss utility, iproute2-6.1.0\n");
    yield* io.out.flush();
    exit(0);
  }
  const familyName = value("-f");
  if (familyName !== null && !["inet", "inet6", "unix"].includes(familyName)) exit(64, `hop: ss: family ${familyName} is not simulated\n`);
  const tables = tablesOf(on, value("-A"), familyName);
  const family = on.has("-4") || familyName === "inet" ? 2 : on.has("-6") || familyName === "inet6" ? 10 : 0;
  const words = [...p.operands];
  let states: number | null = null;
  while (words[0] === "state" || words[0] === "exclude" || words[0] === "excl") {
    const name = words[1];
    if (name === undefined) exit(255, usage());
    const mask = stateMask(name);
    if (mask === null) exit(255, `ss: wrong state name: ${name}\n`);
    if (words[0] === "state") states = (states ?? 0) | mask;
    else states = (states ?? ALL_STATES) & ~mask;
    words.splice(0, 2);
  }
  let test: Test | null = null;
  try {
    if (words.length > 0) test = parseExpression(words);
  } catch (e) {
    if (!(e instanceof FilterError)) throw e;
    exit(e.text.startsWith("hop:") ? 64 : 255, `${e.text}${e.usage ? usage() : ""}`);
  }
  const listed = tables.size > 0 ? tables : new Set<Table>(["unix", "raw", "udp", "tcp"]);
  return { on, tables: listed, family, states: states ?? defaultStates(on, listed), test, netns: value("-N") };
}

function defaultStates(on: ReadonlySet<string>, tables: ReadonlySet<Table>): number {
  if (on.has("-a")) return ALL_STATES;
  if (on.has("-l")) return (1 << 10) | (1 << 7);
  return tables.has("tcp") || tables.has("unix") ? DEFAULT_STATES : 1 << 1;
}

function address(d: SockDiag, side: "local" | "remote", hosts: readonly HostsEntry[] | null, links: ReadonlyMap<number, string>): string {
  const a = side === "local" ? d.local : d.remote;
  const any = a.every((b) => b === 0);
  const name = any || !hosts ? null : nameOf(hosts, a);
  const zone = side === "local" && d.ifindex !== 0 ? `%${links.get(d.ifindex) ?? `if${d.ifindex}`}` : "";
  if (name !== null) return `${name}${zone}:`;
  if (any && d.family === 10) return `*${zone}:`;
  return d.family === 10 ? `[${fmtAddr(a)}]${zone}:` : `${fmtAddr(a)}${zone}:`;
}

function portText(d: SockDiag, port: number, numeric: boolean): string {
  if (d.kind === "raw") return port === 0 ? "*" : numeric ? String(port) : (PROTOCOL_NAMES.get(port) ?? String(port));
  if (port === 0) return "*";
  return (numeric ? undefined : (d.kind === "udp" ? UDP_SERVICES : TCP_SERVICES).get(port)) ?? String(port);
}

function* list(io: Io, q: Query): Call<void> {
  const { sys } = io;
  const { on } = q;
  const all = yield* sys.sock_diag();
  const owners = on.has("-p") ? yield* findOwners(sys) : null;
  const hosts = on.has("-r") ? yield* readHosts(sys) : null;
  const linkReply = yield* sys.rtnetlink({ type: "RTM_GETLINK" });
  const links = new Map((linkReply.ok ? (linkReply.links ?? []) : []).map((l) => [l.ifindex, l.name] as const));
  const rows: SsRow[] = [];
  for (const table of ["raw", "udp", "tcp"] as const) {
    if (!q.tables.has(table)) continue;
    for (const family of [2, 10] as const) {
      if (q.family !== 0 && q.family !== family) continue;
      for (const d of all) {
        if (d.kind !== table || d.family !== family || (q.states & (1 << d.state)) === 0) continue;
        // a UDP socket is in the table from its first port on
        if (table === "udp" && d.sport === 0) continue;
        if (q.test && !q.test(d)) continue;
        const process = owners?.get(d.ino);
        const below = (on.has("-m") ? memory(d) : "") + (on.has("-i") ? tcpInfo(d) : "");
        rows.push({
          cells: [
            table,
            STATE_NAMES[d.state] ?? "UNKNOWN",
            String(d.rqueue).padEnd(6),
            String(d.wqueue).padEnd(6),
            address(d, "local", hosts, links),
            portText(d, d.sport, on.has("-n")),
            address(d, "remote", hosts, links),
            portText(d, d.kind === "raw" ? 0 : d.dport, on.has("-n")),
          ],
          process: (process ? ` users:(${process})` : "") + (on.has("-o") ? timer(d) : "") + (on.has("-e") ? extended(d) : ""),
          below,
        });
      }
    }
  }
  const single = (n: number): boolean => (n & (n - 1)) === 0;
  yield* io.out.print(
    ssTable(rows, {
      netid: q.tables.size > 1 || q.tables.has("unix"),
      state: !single(q.states) || q.tables.has("unix"),
      header: !on.has("-H"),
      oneline: on.has("-O"),
    }),
  );
}

function* summary(io: Io): Call<void> {
  const all = yield* io.sys.sock_diag();
  const count = (kind: string, family: number): number =>
    all.filter((d) => d.kind === kind && d.family === family && d.state !== 6 && !(kind === "udp" && d.sport === 0)).length;
  const tcp = all.filter((d) => d.kind === "tcp");
  const timewait = tcp.filter((d) => d.state === 6).length;
  const estab = tcp.filter((d) => d.state === 1).length;
  const orphaned = tcp.filter((d) => d.ino === 0 && d.state !== 6 && d.state !== 3).length;
  const row = (name: string, v4: number, v6: number): string =>
    `${name}\t  ${String(v4 + v6).padEnd(9)} ${String(v4).padEnd(9)} ${String(v6).padEnd(9)}\n`;
  const raw = [count("raw", 2) + count("icmp", 2), count("raw", 10) + count("icmp", 10)] as const;
  const udp = [count("udp", 2), count("udp", 10)] as const;
  const t = [count("tcp", 2), count("tcp", 10)] as const;
  yield* io.out.print(
    `Total: ${all.filter((d) => d.ino !== 0).length}\nTCP:   ${tcp.length} (estab ${estab}, closed ${timewait}, orphaned ${orphaned}, timewait ${timewait})\n\n` +
      `Transport Total     IP        IPv6\n${row("RAW", ...raw)}${row("UDP", ...udp)}${row("TCP", ...t)}${row("INET", raw[0] + udp[0] + t[0], raw[1] + udp[1] + t[1])}${row("FRAG", 0, 0)}\n`,
  );
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const q = yield* parse(io, args);
  if (q.netns !== null) {
    const bad = yield* netnsSwitch(io.sys, q.netns);
    if (bad !== null) exit(1, bad);
  }
  if (q.on.has("-s")) yield* summary(io);
  else yield* list(io, q);
  return 0;
}

const ss: Command = {
  name: "ss",
  paths: ["/usr/bin/ss", "/bin/ss"],
  pkg: "iproute2 6.1.0-3",
  main: program(main),
  options,
  man: {
    summary: "show the sockets of this machine",
    synopsis: ["ss [options] [FILTER]"],
    description: [
      "Lists sockets: their state, bytes that wait to be read and to be acknowledged, both ends' addresses. Of a listening socket the two numbers are the connections that wait to be accepted, and how many may.",
      "Without -a or -l neither listening sockets nor unconnected ones are shown.",
      "A filter is a state (state established, exclude time-wait) and an expression of src, dst, sport and dport with and, or, not and brackets.",
    ],
    examples: [
      { cmd: "ss -tln", what: "TCP ports that somebody listens on" },
      { cmd: "ss -tunap", what: "TCP and UDP sockets with their programs" },
      { cmd: "ss -tn dst 192.0.2.1", what: "connections to one address" },
      { cmd: "ss -tan state time-wait", what: "what remains of closed connections" },
    ],
    seeAlso: ["netstat(8)", "ip(8)", "nc(1)"],
  },
};

export const commands: readonly Command[] = [ss];
