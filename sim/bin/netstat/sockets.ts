/** The list of sockets, from /proc/net and, for -p, from the descriptors of all processes. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { type Io, lines, readText } from "../lib/io.ts";
import { bytes4, fmtAddr, type HostsEntry, nameOf, readHosts } from "../lib/resolve.ts";
import { TCP_SERVICES, UDP_SERVICES } from "../../wire/services.ts";
import { readUsers } from "../lib/users.ts";
import type { NetstatOptions } from "./types.ts";

const FILES: readonly (readonly [file: string, proto: string, option: string, family: 2 | 10])[] = [
  ["tcp", "tcp", "-t", 2],
  ["tcp6", "tcp6", "-t", 10],
  ["udp", "udp", "-u", 2],
  ["udp6", "udp6", "-u", 10],
  ["raw", "raw", "-w", 2],
  ["raw6", "raw6", "-w", 10],
];

/** states of TCP sockets by their number in /proc/net/tcp */
const TCP_STATES = [
  "",
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "CLOSING",
] as const;
/** /etc/protocols as far as sockets here can have them */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, "icmp"],
  [2, "igmp"],
  [6, "tcp"],
  [17, "udp"],
  [47, "gre"],
  [58, "ipv6-icmp"],
  [89, "ospf"],
  [255, "255"],
]);

export function* showSockets(io: Io, o: NetstatOptions): Call<void> {
  const { sys } = io;
  const on = (w: string): boolean => o.given.has(w);
  const some = on("-t") || on("-u") || on("-w") || on("-x");
  const owners = on("-p") ? yield* findOwners(sys) : null;
  const hosts = on("-n") || on("--numeric-hosts") ? null : yield* readHosts(sys);
  const users = o.extended > 0 && !on("-n") && !on("--numeric-users") ? yield* readUsers(sys) : [];
  const state = on("-a") ? "servers and established" : on("-l") ? "only servers" : "w/o servers";
  if (!some || on("-t") || on("-u") || on("-w")) {
    yield* io.out.print(
      `Active Internet connections (${state})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${o.extended > 0 ? " User       Inode     " : ""}${owners ? " PID/Program name    " : ""}${on("-o") ? " Timer" : ""}\n`,
    );
    for (const [file, proto, option, family] of FILES) {
      if ((some && !on(option)) || (o.family !== 0 && o.family !== family)) continue;
      const text = yield* readText(sys, `/proc/net/${file}`);
      for (const line of typeof text === "number" ? [] : lines(text).slice(1)) {
        const s = parse(line);
        const tcp = proto.startsWith("tcp");
        const waits = tcp ? s.state === 10 : proto.startsWith("raw") || s.state !== 1;
        if (!on("-a") && waits !== on("-l")) continue;
        let row = `${proto.padEnd(5)} ${String(s.rx).padStart(6)} ${String(s.tx).padStart(6)} ${end(s.local, s.lport, hosts, on, proto)} ${end(s.remote, s.rport, hosts, on, proto)} `;
        const state = tcp
          ? (TCP_STATES[s.state] ?? "UNKNOWN")
          : proto.startsWith("raw")
            ? String(s.state)
            : s.state === 1
              ? "ESTABLISHED"
              : "";
        row += state.padEnd(11);
        if (o.extended > 0) row += ` ${(users.find((u) => u.uid === s.uid)?.name ?? String(s.uid)).padEnd(10)} ${s.inode.padEnd(10)}`;
        if (owners) row += ` ${(owners.get(s.inode) ?? "-").slice(0, 19).padEnd(20)}`;
        if (on("-o")) row += ` ${s.timer}`;
        yield* io.out.print(`${row}\n`);
      }
    }
  }
  if (o.family === 0 && (!some || on("-x")))
    yield* io.out.print(
      `Active UNIX domain sockets (${state})\nProto RefCnt Flags       Type       State         I-Node   ${owners ? "PID/Program name     " : ""}Path\n`,
    );
}

interface Row {
  readonly local: Uint8Array;
  readonly lport: number;
  readonly remote: Uint8Array;
  readonly rport: number;
  readonly state: number;
  readonly tx: number;
  readonly rx: number;
  readonly uid: number;
  readonly inode: string;
  /** "keepalive (7199.98/0/0)" */
  readonly timer: string;
}

/** kinds of timers by their number in /proc/net/tcp */
const TIMERS = ["off", "on", "keepalive", "timewait", "probe"] as const;

function parse(line: string): Row {
  const w = line.trim().split(/\s+/);
  const hexNumber = (s: string): number => Number.parseInt(s, 16);
  const [la, lp] = w[1]!.split(":");
  const [ra, rp] = w[2]!.split(":");
  const [tx, rx] = w[4]!.split(":");
  const [kind, when] = w[5]!.split(":");
  return {
    local: address(la!),
    lport: hexNumber(lp!),
    remote: address(ra!),
    rport: hexNumber(rp!),
    state: hexNumber(w[3]!),
    tx: hexNumber(tx!),
    rx: hexNumber(rx!),
    uid: Number(w[7]),
    inode: w[9]!,
    timer: `${TIMERS[hexNumber(kind!)] ?? "unkn"} (${(hexNumber(when!) / 100).toFixed(2)}/${hexNumber(w[6]!)}/0)`,
  };
}

function address(text: string): Uint8Array {
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i += 4) {
    const n = Number.parseInt(text.slice(2 * i, 2 * i + 8), 16);
    out.set(bytes4(n).reverse(), i);
  }
  return out;
}

/** addr_do_one: 23 columns, cut unless -W */
function end(a: Uint8Array, port: number, hosts: readonly HostsEntry[] | null, on: (w: string) => boolean, proto: string): string {
  const any = a.every((b) => b === 0);
  const numeric = any && a.length === 16 ? (hosts === null ? "::" : "[::]") : any ? "0.0.0.0" : fmtAddr(a);
  const host = (hosts === null || any ? null : nameOf(hosts, a)) ?? numeric;
  const names = proto.startsWith("raw") ? PROTOCOLS : proto.startsWith("tcp") ? TCP_SERVICES : UDP_SERVICES;
  const service = port === 0 ? "*" : on("-n") || on("--numeric-ports") ? String(port) : (names.get(port) ?? String(port));
  const room = 23 - service.length - 1;
  return `${on("-W") ? host : host.slice(0, Math.max(room, 0))}:${service}`.padEnd(23);
}

/** inode → "PID/program", from the links of /proc/PID/fd. */
function* findOwners(sys: Sys): Call<ReadonlyMap<string, string>> {
  const map = new Map<string, string>();
  const procs = yield* sys.readdir("/proc");
  for (const p of typeof procs === "number" ? [] : procs) {
    if (!/^[0-9]+$/.test(p.name)) continue;
    const fds = yield* sys.readdir(`/proc/${p.name}/fd`);
    if (typeof fds === "number") continue;
    for (const f of fds) {
      const to = f.name.startsWith(".") ? 0 : yield* sys.readlink(`/proc/${p.name}/fd/${f.name}`);
      const m = typeof to === "string" ? /^socket:\[([0-9]+)\]$/.exec(to) : null;
      if (m === null || map.has(m[1]!)) continue;
      const cmdline = yield* readText(sys, `/proc/${p.name}/cmdline`);
      const name = typeof cmdline === "number" ? "" : cmdline.split("\0")[0]!;
      map.set(m[1]!, `${p.name}/${name.slice(name.lastIndexOf("/") + 1)}`);
    }
  }
  return map;
}
