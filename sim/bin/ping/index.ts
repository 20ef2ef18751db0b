/**
 * ping of iputils 20221126, for IPv4 and IPv6. It asks for a ping socket (SOCK_DGRAM) and falls back to a raw one where
 * net.ipv4.ping_group_range forbids it; errors come through the socket's error queue. Left out, and refused loudly: source routes, IP
 * timestamps (-T), node information (-N), flow labels (-F).
 */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, SockAddr, SockOpt, Sys } from "../../kernel/abi.ts";
import { AF, IPPROTO, SOCK } from "../../kernel/abi.ts";
import { fmtIp4, isLinkLocal6, isMulticast4, isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { err, type Io, program } from "../lib/io.ts";
import { bytes4, getaddrinfo, inetAton, readHosts } from "../lib/resolve.ts";
import { ifNameToIndex } from "../lib/rtnl.ts";
import { type Config, fail, options, readOptions } from "./options.ts";
import { mainLoop } from "./loop.ts";
import { Ping, type Received } from "./session.ts";
import { family4, FILTER_FIRST } from "./v4.ts";
import { family6, showIp6 } from "./v6.ts";
import { parseIp6 } from "../../wire/addr.ts";

interface PingSocket {
  readonly fd: number;
  readonly raw: boolean;
}

/** A ping socket, or a raw one; -errno when neither is allowed. */
function* openSocket(sys: Sys, family: number, protocol: number, needRaw: boolean): Call<PingSocket | number> {
  let fd = -Errno.EACCES as number;
  if (!needRaw) {
    fd = yield* sys.socket(family, SOCK.DGRAM, protocol);
    if (fd >= 0) return { fd, raw: false };
  }
  if (fd === -Errno.EACCES || fd === -Errno.EPROTONOSUPPORT || fd === -Errno.EAFNOSUPPORT || needRaw) {
    fd = yield* sys.socket(family, SOCK.RAW, protocol);
    if (fd >= 0) return { fd, raw: true };
  }
  return fd;
}

function* set(io: Io, fd: number, opt: SockOpt, value: number | string | Uint8Array, what: string): Call<void> {
  const r = yield* io.sys.setsockopt(fd, opt, value);
  if (r < 0) yield* fail(io, `${what}: ${strerror(r)}`);
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const cfg = yield* readOptions(io, args);
  const wanted = cfg.source4 !== null && cfg.family === 0 ? 2 : cfg.source6 !== null && cfg.family === 0 ? 10 : cfg.family;
  const sock4 = wanted === 10 ? null : yield* openSocket(io.sys, AF.INET, IPPROTO.ICMP, cfg.ident >= 0);
  const sock6 = wanted === 2 ? null : yield* openSocket(io.sys, AF.INET6, IPPROTO.ICMPV6, cfg.ident >= 0);
  if (typeof sock4 === "number" && (typeof sock6 === "number" || sock6 === null)) yield* fail(io, `socktype: SOCK_RAW: ${strerror(sock4)}`);
  if (cfg.verbose) {
    const kind = (s: PingSocket | number | null): string =>
      s === null || typeof s === "number" ? "0)" : `${s.fd} (socktype: ${s.raw ? "SOCK_RAW" : "SOCK_DGRAM"})`;
    const unspec = wanted === 0 ? "AF_UNSPEC" : wanted === 2 ? "AF_INET" : "AF_INET6";
    yield* err(io.sys, `ping: sock4.fd: ${kind(sock4)}, sock6.fd: ${kind(sock6)}, hints.ai_family: ${unspec}\n\n`);
  }
  if (cfg.pattern !== null) yield* io.out.print(`PATTERN: 0x${cfg.pattern.map((b) => b.toString(16).padStart(2, "0")).join("")}\n`);
  const found = yield* getaddrinfo(io.sys, cfg.target, wanted);
  if (typeof found === "string") return yield* fail(io, `${cfg.target}: ${found}`);
  const a = found.addrs[0]!;
  if (cfg.verbose)
    yield* err(io.sys, `ai->ai_family: ${a.family === 2 ? "AF_INET" : "AF_INET6"}, ai->ai_canonname: '${found.canonical}'\n`);
  const uid = (yield* io.sys.getcred()).uid;
  const sock = a.family === 2 ? sock4 : sock6;
  if (sock === null || typeof sock === "number") return yield* fail(io, `socktype: SOCK_RAW: ${strerror(sock ?? Errno.EAFNOSUPPORT)}`);
  return a.family === 2
    ? yield* ping4(io, cfg, sock, a.addr, found.canonical, uid)
    : yield* ping6(io, cfg, sock, a.addr, a.scopeId, found.canonical, uid);
}

/** Options both families set alike, before and after the source is known. */
function* mark(io: Io, cfg: Config, fd: number): Call<void> {
  if (cfg.mark === null) return;
  const r = yield* io.sys.setsockopt(fd, "SO_MARK", cfg.mark);
  if (r < 0) yield* err(io.sys, `ping: WARNING: failed to set mark: ${cfg.mark}: ${strerror(r)}\n`);
}

function* common(io: Io, cfg: Config, fd: number): Call<void> {
  yield* mark(io, cfg, fd);
  yield* io.sys.setsockopt(fd, "SO_SNDBUF", cfg.sndbuf ?? Math.min(cfg.preload * (cfg.dataLen + 511), 2147483647));
  yield* io.sys.setsockopt(fd, "SO_RCVBUF", 65536);
}

function* ping4(io: Io, cfg: Config, sock: PingSocket, dst: number, hostname: string, uid: number): Call<number> {
  const { sys } = io;
  const fd = sock.fd;
  let source = cfg.source4 ?? 0;
  let broadcast = false;
  let target = dst;
  if (source === 0) {
    // a UDP socket that never sends asks the routing table for the source address
    const probe = yield* sys.socket(AF.INET, SOCK.DGRAM, 0);
    if (probe < 0) yield* fail(io, `socket: ${strerror(probe)}`);
    if (cfg.device !== null) {
      if (isMulticast4(dst) && (yield* ifNameToIndex(sys, cfg.device)) === 0) yield* fail(io, `unknown iface: ${cfg.device}`);
      yield* set(io, probe, "SO_BINDTODEVICE", cfg.device, `SO_BINDTODEVICE ${cfg.device}`);
      yield* set(io, fd, "SO_BINDTODEVICE", cfg.device, `SO_BINDTODEVICE ${cfg.device}`);
    }
    if (cfg.tos !== null) yield* sys.setsockopt(probe, "IP_TOS", cfg.tos);
    if (cfg.dontRoute) yield* sys.setsockopt(probe, "SO_DONTROUTE", 1);
    yield* mark(io, cfg, probe);
    const to: SockAddr = { family: 2, addr: dst, port: 1025 };
    let r = yield* sys.connect(probe, to);
    if (r === -Errno.EACCES) {
      if (!cfg.broadcast) yield* fail(io, "Do you want to ping broadcast? Then -b. If not, check your local firewall rules");
      yield* err(io.sys, "WARNING: pinging broadcast address\n");
      yield* sys.setsockopt(probe, "SO_BROADCAST", 1);
      broadcast = true;
      r = yield* sys.connect(probe, to);
    }
    if (r < 0) yield* fail(io, `connect: ${strerror(r)}`);
    const self = yield* sys.getsockname(probe);
    if (typeof self !== "number" && self.family === 2) source = self.addr;
    yield* sys.close(probe);
    if (cfg.device !== null) yield* checkDevice(io, cfg.device, bytes4(source));
  } else if (cfg.device !== null) {
    yield* set(io, fd, "SO_BINDTODEVICE", cfg.device, `SO_BINDTODEVICE ${cfg.device}`);
  }
  if (target === 0) target = source;
  const multicast = isMulticast4(target);
  if (broadcast || multicast) {
    if (uid !== 0 && cfg.interval < 1000)
      yield* fail(io, `${multicast ? "multicast" : "broadcast"} ping with too short interval: ${cfg.interval}`);
    if (uid !== 0 && cfg.pmtudisc !== null && cfg.pmtudisc !== 2)
      yield* fail(io, `${multicast ? "multicast" : "broadcast"} ping does not fragment`);
  }
  const pmtudisc = cfg.pmtudisc ?? (broadcast || multicast ? 2 : null);
  if (pmtudisc !== null) yield* set(io, fd, "IP_MTU_DISCOVER", pmtudisc, "IP_MTU_DISCOVER");
  if (cfg.strictSource) {
    const r = yield* sys.bind(fd, { family: 2, addr: source, port: 0 });
    if (r < 0) yield* fail(io, `bind: ${strerror(r)}`);
  }
  if (sock.raw) yield* sys.setsockopt(fd, "ICMP_FILTER", FILTER_FIRST);
  yield* sys.setsockopt(fd, "IP_RECVERR", 1);
  yield* sys.setsockopt(fd, "IP_RECVTTL", 1);
  if (cfg.tos !== null) yield* sys.setsockopt(fd, "IP_TOS", cfg.tos);
  if (cfg.dontRoute) yield* sys.setsockopt(fd, "SO_DONTROUTE", 1);
  let optLen = 0;
  if (cfg.recordRoute) {
    // NOP, then a record route option with room for nine addresses
    const rr = new Uint8Array(40);
    rr.set([1, 7, 39, 4]);
    yield* set(io, fd, "IP_OPTIONS", rr, "record route");
    optLen = 40;
  }
  if (cfg.timestamps !== null) {
    yield* set(io, fd, "IP_OPTIONS", timestampOption(cfg), "ts option");
    optLen = 40;
  }
  yield* common(io, cfg, fd);
  if (broadcast) yield* set(io, fd, "SO_BROADCAST", 1, "broadcasting");
  if (cfg.ttl !== null) {
    yield* set(io, fd, "IP_MULTICAST_TTL", cfg.ttl, "cannot set multicast time-to-live");
    yield* set(io, fd, "IP_TTL", cfg.ttl, "cannot set unicast time-to-live");
  }
  let head = `PING ${hostname} (${fmtIp4(target)}) `;
  if (cfg.device !== null || cfg.strictSource) head += `from ${fmtIp4(source)} ${cfg.device ?? ""}: `;
  yield* io.out.print(`${head}${cfg.dataLen}(${cfg.dataLen + 8 + optLen + 20}) bytes of data.\n`);
  const hosts = cfg.numeric || inetAton(cfg.target) !== null ? null : yield* readHosts(sys);
  const p = new Ping({ io, cfg, fd, raw: sock.raw, ident: yield* identOf(io, cfg, sock), hostname, family: family4(target, hosts), uid });
  p.anySource = broadcast || multicast;
  p.multicast = multicast;
  if (cfg.connect) {
    const r = yield* sys.connect(fd, { family: 2, addr: target, port: 0 });
    if (r < 0) yield* fail(io, `connect failed: ${strerror(r)}`);
  }
  return yield* mainLoop(p, (timeout) => receive(io, fd, cfg.dataLen, sock.raw, timeout));
}

/** A timestamp option with all the room there is, or with the addresses that were named. */
function timestampOption(cfg: Config): Uint8Array {
  const b = new Uint8Array(cfg.timestamps === 3 ? 4 + cfg.hops.length * 8 : cfg.timestamps === 0 ? 40 : 36);
  b.set([68, b.length, 5, cfg.timestamps ?? 0]);
  cfg.hops.forEach((a, i) => b.set(bytes4(a), 4 + i * 8));
  return b;
}

function* ping6(io: Io, cfg: Config, sock: PingSocket, dst: Uint8Array, scope: number, hostname: string, uid: number): Call<number> {
  const { sys } = io;
  const fd = sock.fd;
  const devices = new Map<number, string>();
  const links = yield* sys.rtnetlink({ type: "RTM_GETLINK" });
  if (links.ok) for (const l of links.links ?? []) devices.set(l.ifindex, l.name);
  let source = cfg.source6 ?? new Uint8Array(16);
  if (isUnspecified6(source)) {
    const probe = yield* sys.socket(AF.INET6, SOCK.DGRAM, 0);
    if (probe < 0) yield* fail(io, `socket: ${strerror(probe)}`);
    if (cfg.device !== null) {
      if ((yield* ifNameToIndex(sys, cfg.device)) === 0) yield* fail(io, `unknown iface: ${cfg.device}`);
      yield* set(io, probe, "SO_BINDTODEVICE", cfg.device, `SO_BINDTODEVICE ${cfg.device}`);
      yield* set(io, fd, "SO_BINDTODEVICE", cfg.device, `SO_BINDTODEVICE ${cfg.device}`);
    }
    yield* mark(io, cfg, probe);
    // a link-local target with -I: the real one's connect has no address family, so it never learns its source
    const unknown = cfg.device !== null && scope === 0 && (isLinkLocal6(dst) || isMulticast6(dst));
    if (!unknown) {
      const r = yield* sys.connect(probe, { family: 10, addr: dst, port: 1025, scopeId: scope });
      if (r < 0) yield* fail(io, `connect: ${strerror(r)}`);
      const self = yield* sys.getsockname(probe);
      if (typeof self !== "number" && self.family === 10) source = self.addr;
    }
    yield* sys.close(probe);
    if (cfg.device !== null) yield* checkDevice(io, cfg.device, source);
  } else if (cfg.device !== null) {
    yield* set(io, fd, "SO_BINDTODEVICE", cfg.device, `SO_BINDTODEVICE ${cfg.device}`);
  }
  const target = isUnspecified6(dst) ? source : dst;
  if (isMulticast6(target) && uid !== 0 && cfg.interval < 1000) yield* fail(io, `multicast ping with too short interval: ${cfg.interval}`);
  const pmtudisc = cfg.pmtudisc ?? (isMulticast6(target) ? 2 : null);
  if (pmtudisc !== null) yield* set(io, fd, "IPV6_MTU_DISCOVER", pmtudisc, "IPV6_MTU_DISCOVER");
  if (cfg.strictSource) {
    const r = yield* sys.bind(fd, {
      family: 10,
      addr: source,
      port: 0,
      scopeId: cfg.device !== null ? yield* ifNameToIndex(sys, cfg.device) : scope,
    });
    if (r < 0) yield* fail(io, `bind icmp socket: ${strerror(r)}`);
  }
  yield* sys.setsockopt(fd, "IPV6_RECVERR", 1);
  yield* common(io, cfg, fd);
  if (sock.raw) {
    yield* sys.setsockopt(fd, "IPV6_CHECKSUM", 2);
    // a bit set blocks the type: only echo replies pass
    const filter = new Uint8Array(32).fill(255);
    filter[16] = 0xfd;
    yield* sys.setsockopt(fd, "ICMPV6_FILTER", filter);
  }
  if (cfg.ttl !== null) {
    yield* set(io, fd, "IPV6_MULTICAST_HOPS", cfg.ttl, "can't set multicast hop limit");
    yield* set(io, fd, "IPV6_UNICAST_HOPS", cfg.ttl, "can't set unicast hop limit");
  }
  yield* sys.setsockopt(fd, "IPV6_RECVHOPLIMIT", 1);
  if (cfg.flow !== 0) yield* set(io, fd, "IPV6_FLOWLABEL", cfg.flow, "can't set flowlabel");
  if (cfg.tos !== null) yield* set(io, fd, "IPV6_TCLASS", cfg.tos, "setsockopt(IPV6_TCLASS)");
  let head = `PING ${hostname}(${showIp6(dst, scope, devices)}) `;
  if (cfg.flow !== 0) head += `, flow 0x${cfg.flow.toString(16).padStart(5, "0")}, `;
  const named = cfg.strictSource && cfg.device !== null ? yield* ifNameToIndex(sys, cfg.device) : 0;
  if (cfg.device !== null || cfg.strictSource) head += `from ${showIp6(source, named, devices)} ${cfg.device ?? ""}: `;
  yield* io.out.print(`${head}${cfg.dataLen} data bytes\n`);
  const numeric = cfg.numeric || parseIp6(cfg.target.replace(/%.*$/, "")) !== null;
  const hosts = numeric ? null : yield* readHosts(sys);
  const p = new Ping({
    io,
    cfg,
    fd,
    raw: sock.raw,
    ident: yield* identOf(io, cfg, sock),
    hostname,
    family: family6(target, scope, devices, hosts),
    uid,
  });
  p.multicast = isMulticast6(target);
  // the address of all of a subnet's routers is answered by one of them
  p.anySource = p.multicast || target.subarray(8).every((b) => b === 0);
  return yield* mainLoop(p, (timeout) => receive(io, fd, cfg.dataLen, sock.raw, timeout));
}

/** Is the source address one of the device's? If not ping says so and goes on. */
function* checkDevice(io: Io, device: string, source: Uint8Array): Call<void> {
  const link = yield* io.sys.rtnetlink({ type: "RTM_GETLINK", name: device });
  if (!link.ok || link.links === undefined || link.links.length === 0) return;
  const rows = yield* io.sys.rtnetlink({ type: "RTM_GETADDR", family: source.length === 4 ? 2 : 10, ifindex: link.links[0]!.ifindex });
  const own = rows.ok && (rows.addrs ?? []).some((a) => a.ifindex === link.links![0]!.ifindex && a.local.every((b, i) => b === source[i]));
  if (!own) yield* err(io.sys, `ping: Warning: source address might be selected on device other than: ${device}\n`);
}

/** The ICMP identifier: the process id's low 16 bits on a raw socket, the port of a ping socket. */
function* identOf(io: Io, cfg: Config, sock: PingSocket): Call<number> {
  if (cfg.ident >= 0) return cfg.ident;
  if (sock.raw) return (yield* io.sys.getpid()) & 0xffff;
  const self = yield* io.sys.getsockname(sock.fd);
  return typeof self !== "number" && (self.family === 2 || self.family === 10) ? self.port : 0;
}

function* receive(io: Io, fd: number, dataLen: number, raw: boolean, timeout: number): Call<Received | number> {
  const m = yield* io.sys.recvfrom(fd, dataLen + 60 + 76 + 8, { timeout });
  if (typeof m === "number") return m;
  const from = m.from;
  if (from === null || (from.family !== 2 && from.family !== 10)) return -Errno.EAGAIN;
  // a raw IPv4 socket shows the header itself
  const ttl = raw && from.family === 2 ? (m.data[8] ?? 0) : m.ttl;
  return {
    data: m.data,
    source: from.family === 2 ? bytes4(from.addr) : from.addr,
    scopeId: from.family === 10 ? from.scopeId : 0,
    ttl,
    tstamp: m.tstamp,
  };
}

export const commands: readonly Command[] = [
  {
    name: "ping",
    paths: ["/usr/bin/ping", "/usr/bin/ping4", "/usr/bin/ping6"],
    pkg: "iputils-ping 3:20221126-1+deb12u1",
    main: program(main),
    options,
    man: {
      summary: "send ICMP ECHO_REQUEST to network hosts",
      synopsis: [
        "ping [-aAbBDfhLnOqRrUvV46] [-c count] [-i interval] [-I interface] [-m mark] [-M pmtudisc_option] [-l preload] [-p pattern] [-Q tos] [-s packetsize] [-S sndbuf] [-t ttl] [-w deadline] [-W timeout] {destination}",
      ],
      description: [
        "ping sends an ICMP echo request each second and prints a line for each reply: how long it took, and the TTL that was left in it. Without -c it goes on until Ctrl-C; then it says how many came back.",
        "An answer proves the way there and the way back. Silence does not say which of the two is broken: look with tcpdump on both ends.",
        "The time to live of the reply is what is left of the number the other side began with (64 on Linux): one less for each router on the way back.",
        '"Destination Host Unreachable" from your own address means that nobody answered ARP; from a router, that the router found nobody. "Network is unreachable" is no packet at all: this machine has no route.',
        "Exit status: 0 when at least one reply came, 1 when none did (or fewer than -c asked for before the -w deadline), 2 for other errors.",
      ],
      examples: [
        { cmd: "ping -c 3 192.168.150.1", what: "three requests, then the statistics" },
        { cmd: "ping -c 1 -W 1 10.0.0.2", what: "one request, wait at most one second" },
        { cmd: "ping -M do -s 1472 10.0.0.2", what: "does a full 1500-byte packet pass without fragments?" },
      ],
      seeAlso: ["arping(8)", "traceroute(8)", "tracepath(8)", "tcpdump(8)", "ip(8)"],
    },
  },
];
