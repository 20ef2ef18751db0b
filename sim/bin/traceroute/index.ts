/**
 * traceroute 2.1.2 ("Modern traceroute for Linux"): UDP probes to rising ports, each from a socket of its own, 16 under
 * way at a time; -I sends ICMP echoes instead. Answers come from the sockets' error queues. TCP and the other methods,
 * ICMP extensions, source routes and AS lookups are left out, loudly.
 */
import { put16 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { MS, SEC } from "../../core/time.ts";
import type { Call, Command, OptionSpec, RecvMeta, SockAddr } from "../../kernel/abi.ts";
import { AF, IPPROTO, SOCK } from "../../kernel/abi.ts";
import { buildIcmpEcho } from "../../wire/icmp4.ts";
import { err, exit, type Io, notSimulated, program } from "../lib/io.ts";
import { optionHelp, parseOptions } from "../lib/options.ts";
import { bytes4, fmtAddr, getaddrinfo, type HostAddr, type HostsEntry, nameOf, readHosts } from "../lib/resolve.ts";

const options: readonly OptionSpec[] = [
  { names: ["-4"], help: "use IPv4" },
  { names: ["-6"], help: "use IPv6" },
  { names: ["-F", "--dont-fragment"], help: "do not fragment packets" },
  { names: ["-f", "--first"], arg: "first_ttl", help: "begin with this hop, not the first" },
  { names: ["-I", "--icmp"], help: "probe with ICMP echo requests" },
  { names: ["-i", "--interface"], arg: "device", help: "device to send from" },
  { names: ["-m", "--max-hops"], arg: "max_ttl", help: "most hops to try; default 30" },
  { names: ["-N", "--sim-queries"], arg: "squeries", help: "probes under way at once; default 16" },
  { names: ["-n"], help: "no names, only addresses" },
  { names: ["-p", "--port"], arg: "port", help: "first UDP port, or first sequence number with -I" },
  { names: ["-t", "--tos"], arg: "tos", help: "TOS or traffic class" },
  { names: ["-w", "--wait"], arg: "MAX,HERE,NEAR", help: "longest wait in seconds (5), in times of an answer from here (3) or near (10)" },
  { names: ["-q", "--queries"], arg: "nqueries", help: "probes a hop; default 3" },
  { names: ["-r"], help: "hosts on attached networks only" },
  { names: ["-s", "--source"], arg: "src_addr", help: "address to send from" },
  { names: ["-z", "--sendwait"], arg: "sendwait", help: "pause between probes, seconds (or ms above 10)" },
  { names: ["--fwmark"], arg: "num", help: "firewall mark of the probes" },
  { names: ["-V", "--version"], help: "print the version" },
  { names: ["--help"], help: "print this help" },
  { names: ["-A", "--as-path-lookups"], help: "look up AS numbers", notModelled: true },
  { names: ["-d", "--debug"], help: "SO_DEBUG", notModelled: true },
  { names: ["-D", "--dccp"], help: "probe with DCCP", notModelled: true },
  { names: ["-e", "--extensions"], help: "show ICMP extensions", notModelled: true },
  { names: ["-g", "--gateway"], arg: "gate", help: "source route", notModelled: true },
  { names: ["-l", "--flowlabel"], arg: "flow_label", help: "IPv6 flow label", notModelled: true },
  { names: ["-M", "--module"], arg: "name", help: "method by name", notModelled: true },
  { names: ["-O", "--options"], arg: "OPTS", help: "options of the method", notModelled: true },
  { names: ["-P", "--protocol"], arg: "prot", help: "probe with raw packets", notModelled: true },
  { names: ["-T", "--tcp"], help: "probe with TCP SYN", notModelled: true },
  { names: ["-U", "--udp"], help: "UDP to one port", notModelled: true },
  { names: ["--back"], help: "guess the hops of the way back", notModelled: true },
  { names: ["--mtu"], help: "find the path MTU", notModelled: true },
  { names: ["--sport"], arg: "num", help: "source port", notModelled: true },
];

interface Config {
  first: number;
  max: number;
  queries: number;
  parallel: number;
  numeric: boolean;
  icmp: boolean;
  port: number;
  tos: number;
  wait: number;
  here: number;
  near: number;
  pause: number;
  device: string;
  source: string;
  mark: number;
  noFragment: boolean;
  direct: boolean;
  dataLen: number;
}

interface Probe {
  fd: number;
  /** ns, monotonic; 0: not sent */
  sent: number;
  done: boolean;
  final: boolean;
  /** who answered */
  from: Uint8Array | null;
  received: number;
  note: string;
}

const UNREACHABLE4 = ["!N", "!H", "!P", "", "", "!S", "!U", "!W", "!I", "!A", "!Z", "!Q", "!T", "!X", "!V", "!C"];
const UNREACHABLE6 = ["!N", "!X", "!S", "!H", ""];

/** The mark behind the time: what kind of error it was. Everything but "time exceeded" ends the trace. */
function noteOf(m: RecvMeta): { final: boolean; note: string } {
  const e = m.err!;
  if (e.origin === "local") return { final: true, note: e.errno === Errno.EMSGSIZE ? `!F-${e.info}` : "!H" };
  const v6 = e.origin === "icmp6";
  if (e.type === (v6 ? 3 : 11)) return { final: false, note: e.code === 0 ? "" : `!<${e.type}-${e.code}>` };
  if (e.type === (v6 ? 1 : 3)) {
    if (!v6 && e.code === 4) return { final: true, note: `!F-${e.info}` };
    return { final: true, note: (v6 ? UNREACHABLE6 : UNREACHABLE4)[e.code] ?? `!<${e.code}>` };
  }
  if (v6 && e.type === 2) return { final: true, note: `!F-${e.info}` };
  return { final: true, note: `!<${e.type}-${e.code}>` };
}

function* fatal(io: Io, what: string, errno: number): Call<never> {
  yield* io.out.flush();
  yield* err(io.sys, `\n${what}: ${strerror(errno)}\n`);
  return exit(1);
}

class Tracer {
  private readonly io: Io;
  private readonly c: Config;
  private readonly dst: HostAddr;
  private readonly hosts: readonly HostsEntry[];
  private readonly probes: Probe[] = [];
  private printed: number;
  private icmpFd = -1;
  private ident = 0;

  constructor(io: Io, c: Config, dst: HostAddr, hosts: readonly HostsEntry[]) {
    this.io = io;
    this.c = c;
    this.dst = dst;
    this.hosts = hosts;
    for (let i = 0; i < c.max * c.queries; i++)
      this.probes.push({ fd: -1, sent: 0, done: false, final: false, from: null, received: 0, note: "" });
    this.printed = (c.first - 1) * c.queries;
  }

  private get v6(): boolean {
    return this.dst.family === 10;
  }

  /** Sets what every socket needs, and connects or binds it. */
  private *prepare(fd: number): Call<void> {
    const { sys } = this.io;
    const { c, v6 } = this;
    if (c.mark > 0) {
      const r = yield* sys.setsockopt(fd, "SO_MARK", c.mark);
      if (r < 0) yield* fatal(this.io, "setsockopt SO_MARK", r);
    }
    if (c.device !== "") {
      const r = yield* sys.setsockopt(fd, "SO_BINDTODEVICE", c.device);
      if (r < 0) yield* fatal(this.io, "setsockopt SO_BINDTODEVICE", r);
    }
    if (c.source !== "") {
      const a = yield* getaddrinfo(sys, c.source, v6 ? 10 : 2);
      if (typeof a !== "string") {
        const s = a.addrs[0]!;
        const r = yield* sys.bind(
          fd,
          s.family === 2 ? { family: 2, addr: s.addr, port: 0 } : { family: 10, addr: s.addr, port: 0, scopeId: s.scopeId },
        );
        if (r < 0) yield* fatal(this.io, "bind", r);
      }
    }
    yield* sys.setsockopt(fd, v6 ? "IPV6_MTU_DISCOVER" : "IP_MTU_DISCOVER", c.noFragment ? 2 : 0);
    if (c.tos > 0) yield* sys.setsockopt(fd, v6 ? "IPV6_TCLASS" : "IP_TOS", c.tos);
    if (c.direct) yield* sys.setsockopt(fd, "SO_DONTROUTE", 1);
    yield* sys.setsockopt(fd, v6 ? "IPV6_RECVERR" : "IP_RECVERR", 1);
  }

  private to(port: number): SockAddr {
    return this.dst.family === 2
      ? { family: 2, addr: this.dst.addr, port }
      : { family: 10, addr: this.dst.addr, port, scopeId: this.dst.scopeId };
  }

  private *openIcmp(): Call<void> {
    const { sys } = this.io;
    const fd = yield* sys.socket(this.v6 ? AF.INET6 : AF.INET, SOCK.RAW, this.v6 ? IPPROTO.ICMPV6 : IPPROTO.ICMP);
    if (fd === -Errno.EPERM || fd === -Errno.EACCES) {
      yield* err(sys, "The specified type of tracerouting is allowed for superuser only\n");
      exit(2);
    }
    if (fd < 0) yield* fatal(this.io, "socket", fd);
    yield* this.prepare(fd);
    const r = yield* sys.connect(fd, this.to(0));
    if (r < 0) yield* fatal(this.io, "connect", r);
    this.icmpFd = fd;
    this.ident = (yield* sys.getpid()) & 0xffff;
  }

  private *send(p: Probe, index: number, ttl: number): Call<void> {
    const { sys } = this.io;
    const { c, v6 } = this;
    let fd = this.icmpFd;
    let data = new Uint8Array(c.dataLen);
    for (let i = 0; i < data.length; i++) data[i] = 0x40 + (i & 0x3f);
    if (c.icmp) {
      const seq = (c.port + index) & 0xffff;
      const b = new Uint8Array(8 + c.dataLen);
      b.set(data, 8);
      if (v6) {
        b[0] = 128;
        put16(b, 4, this.ident);
        put16(b, 6, seq);
      } else buildIcmpEcho(b, 0, 8, this.ident, seq, c.dataLen);
      data = b;
    } else {
      fd = yield* sys.socket(v6 ? AF.INET6 : AF.INET, SOCK.DGRAM, 0);
      if (fd < 0) yield* fatal(this.io, "socket", fd);
      yield* this.prepare(fd);
      const r = yield* sys.connect(fd, this.to((c.port + index) & 0xffff));
      if (r < 0) yield* fatal(this.io, "connect", r);
      p.fd = fd;
    }
    yield* sys.setsockopt(fd, v6 ? "IPV6_UNICAST_HOPS" : "IP_TTL", ttl);
    p.sent = yield* sys.clock_gettime("monotonic");
    let r = yield* sys.sendto(fd, data, null, 0);
    // an error from an earlier probe may be reported here
    if (c.icmp && r < 0) {
      yield* this.receiveIcmp();
      r = yield* sys.sendto(fd, data, null, 0);
    }
    if (r === -Errno.EMSGSIZE) {
      yield* this.receive(p);
      if (!p.done) {
        p.done = p.final = true;
        p.received = yield* sys.clock_gettime("monotonic");
        p.note = "!F";
      }
    } else if (r < 0 && !p.done && r !== -Errno.ECONNREFUSED && r !== -Errno.EHOSTUNREACH) yield* fatal(this.io, "send", r);
  }

  /** Takes an answer from a UDP probe's socket, if there is one. */
  private *receive(p: Probe): Call<void> {
    const { sys } = this.io;
    const m = yield* sys.recvfrom(p.fd, 1280, { errqueue: true });
    if (typeof m === "number") {
      // a real UDP answer: somebody listens there
      const d = yield* sys.recvfrom(p.fd, 1280, { timeout: 0 });
      if (typeof d === "number") return;
      p.final = true;
      p.from = addrBytes(d.from);
    } else {
      const { final, note } = noteOf(m);
      p.final = final;
      p.note = note;
      p.from = m.err!.origin === "local" ? null : addrBytes(m.err!.offender);
    }
    p.received = yield* sys.clock_gettime("monotonic");
    p.done = true;
    yield* sys.close(p.fd);
    p.fd = -1;
  }

  private *receiveIcmp(): Call<void> {
    const { sys } = this.io;
    for (;;) {
      const e = yield* sys.recvfrom(this.icmpFd, 1280, { errqueue: true });
      const m = typeof e === "number" ? yield* sys.recvfrom(this.icmpFd, 1280, { timeout: 0 }) : e;
      if (typeof m === "number") {
        if (m === -Errno.EAGAIN || m === -Errno.EINTR) return;
        continue;
      }
      const at = m.err === null && !this.v6 ? (m.data[0]! & 15) * 4 : 0;
      const type = m.data[at];
      const wanted = m.err !== null ? (this.v6 ? 128 : 8) : this.v6 ? 129 : 0;
      if (type !== wanted || ((m.data[at + 4]! << 8) | m.data[at + 5]!) !== this.ident) continue;
      const index = (((m.data[at + 6]! << 8) | m.data[at + 7]!) - this.c.port) & 0xffff;
      const p = this.probes[index];
      if (p === undefined || p.sent === 0 || p.done) continue;
      p.done = true;
      p.received = yield* sys.clock_gettime("monotonic");
      if (m.err !== null) {
        const { final, note } = noteOf(m);
        p.final = final;
        p.note = note;
        p.from = m.err.origin === "local" ? null : addrBytes(m.err.offender);
      } else {
        p.final = true;
        p.from = addrBytes(m.from);
      }
    }
  }

  /** How long to wait for this probe, in ns: by what was seen from its own hop, else from a later one. */
  private timeout(index: number): number {
    const { c } = this;
    const first = index - (index % c.queries);
    const seen = (from: number, to: number): number => {
      for (let i = from; i < to; i++)
        if (i !== index && this.probes[i]!.done && this.probes[i]!.received > 0) return this.probes[i]!.received - this.probes[i]!.sent;
      return 0;
    };
    let value = 0;
    if (c.here > 0) value = seen(first, first + c.queries) * c.here;
    if (value === 0 && c.near > 0) value = seen(index + 1, this.probes.length) * c.near;
    if (value > 0) value += 10 * MS;
    return value > 0 && value < c.wait ? value : c.wait;
  }

  *run(): Call<number> {
    const { sys } = this.io;
    const { c } = this;
    if (c.icmp) yield* this.openIcmp();
    let start = (c.first - 1) * c.queries;
    let end = this.probes.length;
    let lastSend = -1;
    while (start < end) {
      let now = yield* sys.clock_gettime("monotonic");
      let next = 0;
      let underWay = 0;
      for (let n = start; n < end; n++) {
        const p = this.probes[n]!;
        if (!p.done && p.sent > 0) {
          const expires = p.sent + this.timeout(n);
          if (expires <= now) {
            p.done = true;
            if (p.fd >= 0) yield* sys.close(p.fd);
            p.fd = -1;
          } else next = next === 0 ? expires : Math.min(next, expires);
        }
        if (p.done) {
          if (n === start) start++;
          if (p.final) end = Math.min(end, (Math.floor(n / c.queries) + 1) * c.queries);
          continue;
        }
        if (p.sent === 0) {
          if (c.pause > 0 && lastSend >= 0 && now - lastSend < c.pause) {
            const due = lastSend + c.pause;
            next = next === 0 ? due : Math.min(next, due);
            break;
          }
          yield* this.send(p, n, Math.floor(n / c.queries) + 1);
          lastSend = p.sent;
          now = yield* sys.clock_gettime("monotonic");
          const expires = p.sent + this.timeout(n);
          next = next === 0 ? expires : Math.min(next, expires);
        }
        if (++underWay >= c.parallel) break;
      }
      yield* this.print(end);
      if (start >= end || next === 0) continue;
      const fds = c.icmp ? [{ fd: this.icmpFd, read: true }] : this.probes.filter((p) => p.fd >= 0).map((p) => ({ fd: p.fd, read: true }));
      const ready = yield* sys.poll(fds, Math.max(0, next - (yield* sys.clock_gettime("monotonic"))));
      if (typeof ready === "number") continue;
      for (const r of ready) {
        if (!r.read && !r.err && !r.hup) continue;
        if (c.icmp) yield* this.receiveIcmp();
        else yield* this.receive(this.probes.find((p) => p.fd === r.fd)!);
      }
    }
    yield* this.print(end);
    yield* this.io.out.print("\n");
    return 0;
  }

  /** Prints what is done, in order. */
  private *print(end: number): Call<void> {
    const { c } = this;
    for (; this.printed < end && this.probes[this.printed]!.done; this.printed++) {
      const p = this.probes[this.printed]!;
      const inHop = this.printed % c.queries;
      let s = inHop === 0 ? `\n${String(Math.floor(this.printed / c.queries) + 1).padStart(2)} ` : "";
      if (p.from === null) s += " *";
      else {
        const before = this.probes
          .slice(this.printed - inHop, this.printed)
          .filter((x) => x.from !== null)
          .pop();
        if (before === undefined || fmtAddr(before.from!) !== fmtAddr(p.from)) {
          const text = fmtAddr(p.from);
          s += c.numeric ? ` ${text}` : ` ${nameOf(this.hosts, p.from) ?? text} (${text})`;
        }
      }
      if (p.received > 0) {
        const us = Math.floor((p.received - p.sent) / 1000);
        s += `  ${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, "0")} ms`;
      }
      if (p.note !== "") s += ` ${p.note}`;
      yield* this.io.out.print(s);
      yield* this.io.out.flush();
    }
  }
}

function addrBytes(a: SockAddr | null): Uint8Array | null {
  return a === null ? null : a.family === 2 ? bytes4(a.addr) : a.family === 10 ? a.addr : null;
}

function usage(): string {
  return `Usage:\n  traceroute [options] host [ packetlen ]\nOptions:\n${optionHelp(options)}`;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const c: Config = {
    first: 1,
    max: 30,
    queries: 3,
    parallel: 16,
    numeric: false,
    icmp: false,
    port: -1,
    tos: 0,
    wait: 5 * SEC,
    here: 3,
    near: 10,
    pause: 0,
    device: "",
    source: "",
    mark: 0,
    noFragment: false,
    direct: false,
    dataLen: 32,
  };
  let family: 0 | 2 | 10 = io.name === "traceroute6" ? 10 : 0;
  const parsed = parseOptions(options, args);
  const complain = function* (text: string): Call<never> {
    yield* err(sys, `${text}\n`);
    return exit(2);
  };
  const e = parsed.error;
  if (e !== null) {
    if (e.kind === "not-modelled") return yield* notSimulated(sys, "traceroute", `option ${e.given}`);
    const shown =
      e.kind === "unknown-short" ? `-${e.char}` : e.kind === "missing-argument" || e.kind === "extra-argument" ? e.given : e.text;
    const where =
      args.findIndex((a) => a === shown || (a.startsWith("-") && !a.startsWith("--") && e.kind === "unknown-short" && a.includes(e.char))) +
      1;
    if (e.kind === "missing-argument")
      return yield* complain(
        `Option \`${shown}' (argc ${where}) requires an argument: \`${shown} ${options.find((o) => o.names.includes(shown))?.arg ?? ""}'`,
      );
    return yield* complain(`Bad option \`${shown}' (argc ${where})`);
  }
  const bad = function* (given: string, value: string): Call<never> {
    const i = args.indexOf(value);
    return yield* complain(
      `Cannot handle \`${given}' option with arg \`${value}' (argc ${(i < 0 ? args.findIndex((a) => a.startsWith(given)) : i) + 1})`,
    );
  };
  const number = function* (given: string, value: string): Call<number> {
    if (!/^(?:[0-9]+|0[xX][0-9a-fA-F]+)$/.test(value)) return yield* bad(given, value);
    return Number(value);
  };
  for (const { name, given, value } of parsed.options) {
    switch (name) {
      case "-4":
        family = 2;
        break;
      case "-6":
        family = 10;
        break;
      case "-F":
        c.noFragment = true;
        break;
      case "-f":
        c.first = yield* number(given, value!);
        break;
      case "-I":
        c.icmp = true;
        break;
      case "-i":
        c.device = value!;
        break;
      case "-m":
        c.max = yield* number(given, value!);
        break;
      case "-N":
        c.parallel = yield* number(given, value!);
        break;
      case "-n":
        c.numeric = true;
        break;
      case "-p":
        c.port = yield* number(given, value!);
        break;
      case "-t":
        c.tos = yield* number(given, value!);
        break;
      case "-q":
        c.queries = yield* number(given, value!);
        break;
      case "-r":
        c.direct = true;
        break;
      case "-s":
        c.source = value!;
        break;
      case "--fwmark":
        c.mark = yield* number(given, value!);
        break;
      case "-z": {
        if (!/^[0-9]*\.?[0-9]+$/.test(value!)) yield* bad(given, value!);
        const n = Number(value);
        c.pause = Math.round((n >= 10 ? n / 1000 : n) * SEC);
        break;
      }
      case "-w": {
        const parts = value!.split(",");
        if (parts.length > 3 || parts.some((p) => p !== "" && !/^[0-9]*\.?[0-9]+$/.test(p))) yield* bad(given, value!);
        if (parts[0] !== "") c.wait = Math.round(Number(parts[0]) * SEC);
        // a maximum alone is meant for every probe
        c.here = parts.length === 1 ? 0 : Number(parts[1] || 0);
        c.near = parts.length === 1 ? 0 : Number(parts[2] || 0);
        break;
      }
      case "-V":
        yield* io.out.print("Modern traceroute for Linux, version 2.1.2\n");
        return 0;
      case "--help":
        yield* io.out.print(usage());
        return 0;
    }
  }
  const words = parsed.operands;
  if (words.length === 0) {
    yield* err(sys, usage());
    return 0;
  }
  const found = yield* getaddrinfo(sys, words[0]!, family);
  if (typeof found === "string")
    return yield* complain(
      `${words[0]}: ${found}\nCannot handle "host" cmdline arg \`${words[0]}' on position 1 (argc ${args.indexOf(words[0]!) + 1})`,
    );
  const dst = found.addrs[0]!;
  const overhead = (dst.family === 2 ? 20 : 40) + 8;
  let length = overhead + 32;
  if (words[1] !== undefined) {
    if (!/^[0-9]+$/.test(words[1]))
      return yield* complain(`Cannot handle "packetlen" cmdline arg \`${words[1]}' on position 2 (argc ${args.lastIndexOf(words[1]) + 1})`);
    length = Number(words[1]);
    if (length > 65000) return yield* complain(`too big packetlen ${length} specified`);
    length = Math.max(length, overhead);
  }
  if (words.length > 2) return yield* complain(`Extra arg \`${words[2]}' (position 3, argc ${args.lastIndexOf(words[2]!) + 1})`);
  if (c.first < 1 || c.first > c.max) return yield* complain("first hop out of range");
  if (c.max > 255) return yield* complain("max hops cannot be more than 255");
  if (c.queries < 1 || c.queries > 10) return yield* complain("no more than 10 probes per hop");
  if (c.wait < 0) return yield* complain(`bad wait seconds \`${c.wait}' specified`);
  c.dataLen = length - overhead;
  if (c.port < 0) c.port = c.icmp ? 1 : 33434;
  if (c.parallel < 1) c.parallel = 1;
  const address = dst.family === 2 ? fmtAddr(bytes4(dst.addr)) : fmtAddr(dst.addr);
  yield* io.out.print(`traceroute to ${words[0]} (${address}), ${c.max} hops max, ${length} byte packets`);
  yield* io.out.flush();
  const hosts = c.numeric ? [] : yield* readHosts(sys);
  return yield* new Tracer(io, c, dst, hosts).run();
}

export const commands: readonly Command[] = [
  {
    name: "traceroute",
    paths: ["/usr/sbin/traceroute", "/usr/bin/traceroute", "/usr/bin/traceroute6"],
    pkg: "traceroute 1:2.1.2-1",
    main: program(main),
    options,
    man: {
      summary: "print the route packets trace to network host",
      synopsis: [
        "traceroute [-46FInr] [-f first_ttl] [-i device] [-m max_ttl] [-N squeries] [-p port] [-t tos] [-w MAX,HERE,NEAR] [-q nqueries] [-s src_addr] [-z sendwait] host [packetlen]",
      ],
      description: [
        'traceroute sends packets with a time to live of 1, 2, 3 and so on. The router that counts one down to zero answers with "time exceeded", and so names itself. Three probes go to each hop; a * is a probe nobody answered.',
        "Marks behind a time: !N network, !H host, !P protocol unreachable, !X filtered, !F-MTU too long to pass.",
        "A * in the middle means only that this router does not answer; stars up to the end mean that packets, or the answers to them, get no further.",
      ],
      examples: [
        { cmd: "traceroute -n 10.3.0.2", what: "each router on the way, as an address" },
        { cmd: "traceroute -n -q 1 -w 1 -m 5 10.3.0.2", what: "quickly: one probe a hop, at most one second, five hops" },
      ],
      seeAlso: ["ping(8)", "tracepath(8)", "ip-route(8)"],
    },
  },
];
