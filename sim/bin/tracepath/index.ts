/**
 * tracepath of iputils 20221126: the hops to a host and the path MTU, with UDP packets that must not be fragmented and
 * no privileges. Everything it learns comes from the socket's error queue; which hop an error belongs to is told by
 * the destination port, one of 64 in turn.
 */
import { Errno, strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import type { Call, Command, OptionSpec, SockAddr } from "../../kernel/abi.ts";
import { AF, SOCK } from "../../kernel/abi.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";
import { bytes4, fmtAddr, getaddrinfo, type HostsEntry, nameOf, readHosts } from "../lib/resolve.ts";
import { notModelled } from "../lib/not-modelled.ts";

const options: readonly OptionSpec[] = [
  { names: ["-4"], help: "use IPv4" },
  { names: ["-6"], help: "use IPv6" },
  { names: ["-b"], help: "print name and address" },
  { names: ["-l"], arg: "<length>", help: "begin with this packet length" },
  { names: ["-m"], arg: "<hops>", help: "most hops to try; default 30" },
  { names: ["-n"], help: "do not look up names" },
  { names: ["-p"], arg: "<port>", help: "first destination port; default 44444" },
  { names: ["-V"], help: "print the version" },
  ...notModelled("tracepath"),
];
const USAGE = `\nUsage\n  tracepath [options] <destination>\n\nOptions:\n${optionHelp(options)}  <destination>               name or address\n\nFor more details see tracepath(8).\n`;

const SLOTS = 64;
type Target = Extract<SockAddr, { readonly family: 2 }> | Extract<SockAddr, { readonly family: 10 }>;

class Path {
  private readonly io: Io;
  private readonly fd: number;
  private readonly to: Target;
  private readonly v6: boolean;
  private readonly hosts: readonly HostsEntry[] | null;
  private readonly both: boolean;
  private readonly overhead: number;
  private slot = 0;
  /** by slot: hop and time of sending, null when nothing is outstanding */
  private readonly sent: ({ hop: number; at: number } | null)[] = Array.from({ length: SLOTS }, () => null);
  mtu: number;
  hopsTo = -1;
  hopsFrom = -1;

  constructor(io: Io, fd: number, to: Target, v6: boolean, mtu: number, hosts: readonly HostsEntry[] | null, both: boolean) {
    this.io = io;
    this.fd = fd;
    this.to = to;
    this.v6 = v6;
    this.mtu = mtu;
    this.hosts = hosts;
    this.both = both;
    this.overhead = v6 ? 48 : 28;
  }

  /** Everything in the error queue. 0: the end was reached; > 0 something was learnt; -1 nothing there. */
  private *errors(ttl: number): Call<number> {
    const { sys, out } = this.io;
    let progress = -1;
    for (;;) {
      const m = yield* sys.recvfrom(this.fd, 64, { errqueue: true });
      if (typeof m === "number") {
        if (m === -Errno.EAGAIN) return progress;
        if (m === -Errno.EINTR) continue;
        return progress;
      }
      progress = this.mtu;
      const e = m.err;
      if (e === null) {
        yield* out.print("no info\n");
        return 0;
      }
      let hop = -1;
      let at = -1;
      const port = m.from !== null && (m.from.family === 2 || m.from.family === 10) ? m.from.port : 0;
      const index = port - this.to.port;
      const entry = index >= 0 && index < SLOTS ? this.sent[index] : null;
      if (entry) {
        hop = entry.hop;
        at = entry.at;
        this.sent[index] = null;
      }
      if (e.origin === "local") {
        yield* out.print(`${String(ttl).padStart(2)}?: ${"[LOCALHOST]".padEnd(32)} `);
      } else {
        yield* out.print(hop > 0 ? `${String(hop).padStart(2)}:  ` : `${String(ttl).padStart(2)}?: `);
        yield* out.print(this.show(e.offender).padEnd(52));
      }
      if (at >= 0) {
        const us = Math.floor(((yield* sys.clock_gettime("monotonic")) - at) / 1000);
        yield* out.print(`${String(Math.floor(us / 1000)).padStart(3)}.${String(us % 1000).padStart(3, "0")}ms `);
      }
      // how many hops the answer took, guessed from what is left of its TTL; said only of routers on the way
      let back = -1;
      if (e.origin !== "local" && m.ttl > 0) back = m.ttl <= 64 ? 65 - m.ttl : m.ttl <= 128 ? 129 - m.ttl : 256 - m.ttl;
      const expired = (e.origin === "icmp" && e.type === 11 && e.code === 0) || (e.origin === "icmp6" && e.type === 3 && e.code === 0);
      if (expired && back >= 0 && back !== (hop >= 0 ? hop : ttl)) yield* out.print(`asymm ${String(back).padStart(2)} `);
      switch (e.errno) {
        case Errno.ETIMEDOUT:
          yield* out.print("\n");
          break;
        case Errno.EMSGSIZE:
          yield* out.print(`pmtu ${e.info}\n`);
          this.mtu = e.info;
          progress = this.mtu;
          break;
        case Errno.ECONNREFUSED:
          yield* out.print("reached\n");
          this.hopsTo = hop < 0 ? ttl : hop;
          this.hopsFrom = back;
          return 0;
        case Errno.EHOSTUNREACH:
          if (expired) {
            yield* out.print("\n");
            break;
          }
          yield* out.print("!H\n");
          return 0;
        case Errno.ENETUNREACH:
          yield* out.print("!N\n");
          return 0;
        case Errno.EACCES:
          yield* out.print("!A\n");
          return 0;
        default:
          if (e.errno === 71 || e.errno === Errno.ENOPROTOOPT) {
            yield* out.print("!P\n");
            return 0;
          }
          yield* out.print("\n");
          yield* out.flush();
          yield* err(sys, `NET ERROR: ${strerror(e.errno)}\n`);
          return 0;
      }
    }
  }

  private show(a: SockAddr | null): string {
    if (a === null || (a.family !== 2 && a.family !== 10)) return "???";
    const bytes = a.family === 2 ? bytes4(a.addr) : a.addr;
    if (this.hosts === null && !this.both) return fmtAddr(bytes);
    const name = (this.hosts === null ? null : nameOf(this.hosts, bytes)) ?? "???";
    return this.both ? `${fmtAddr(bytes)} (${name})` : name;
  }

  private *probe(ttl: number): Call<number> {
    const { sys, out } = this.io;
    for (let attempt = 0; attempt < 10; attempt++) {
      const slot = this.slot;
      this.slot = (slot + 1) % SLOTS;
      this.sent[slot] = { hop: ttl, at: yield* sys.clock_gettime("monotonic") };
      const r = yield* sys.sendto(
        this.fd,
        new Uint8Array(Math.max(0, this.mtu - this.overhead)),
        { ...this.to, port: this.to.port + slot },
        0,
      );
      if (r >= 0) {
        yield* sys.poll([{ fd: this.fd, read: true }], SEC);
        const data = yield* sys.recvfrom(this.fd, 64, { timeout: 0 });
        if (typeof data !== "number") {
          yield* out.print(`${String(ttl).padStart(2)}?: reply received 8)\n`);
          return 0;
        }
        return yield* this.errors(ttl);
      }
      const e = yield* this.errors(ttl);
      this.sent[slot] = null;
      if (e === 0) return 0;
      if (e > 0) attempt = -1;
    }
    yield* out.print(`${String(ttl).padStart(2)}:  send failed\n`);
    return 0;
  }

  *run(maxHops: number): Call<number> {
    const { sys, out } = this.io;
    let reached = false;
    for (let ttl = 1; ttl <= maxHops && !reached; ttl++) {
      yield* sys.setsockopt(this.fd, this.v6 ? "IPV6_UNICAST_HOPS" : "IP_TTL", ttl);
      let result = -1;
      for (let i = 0; i < 3; i++) {
        const old = this.mtu;
        result = yield* this.probe(ttl);
        yield* out.flush();
        if (this.mtu !== old) {
          // a new MTU: the hop again
          i = -1;
          continue;
        }
        if (result >= 0) break;
      }
      if (result === 0) reached = true;
      else if (result < 0) yield* out.print(`${String(ttl).padStart(2)}:  no reply\n`);
    }
    if (!reached) yield* out.print(`     Too many hops: pmtu ${this.mtu}\n`);
    yield* out.print(
      `     Resume: pmtu ${this.mtu} ${this.hopsTo >= 0 ? `hops ${this.hopsTo} ` : ""}${this.hopsFrom >= 0 ? `back ${this.hopsFrom} ` : ""}\n`,
    );
    return 0;
  }
}

function* fail(io: Io, text: string): Call<never> {
  yield* err(io.sys, `tracepath: ${text}\n`);
  return exit(1);
}

function* number(io: Io, text: string, min: number, max: number): Call<number> {
  if (!/^[-+]?[0-9]+$/.test(text)) yield* fail(io, `invalid argument: '${text}'`);
  const n = Number(text);
  if (n < min || n > max) yield* fail(io, `invalid argument: '${text}': out of range: ${min} <= value <= ${max}`);
  return n;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  let family: 0 | 2 | 10 = io.name === "tracepath6" ? 10 : io.name === "tracepath4" ? 2 : 0;
  let both = false;
  let numeric = false;
  let length = 0;
  let hops = 30;
  let port = 44444;
  const parsed = parseOptions(options, args, { shortOnly: true });
  for (const { name, value } of parsed.options) {
    switch (name) {
      case "-4":
        family = 2;
        break;
      case "-6":
        family = 10;
        break;
      case "-b":
        both = true;
        break;
      case "-n":
        numeric = true;
        break;
      case "-l":
        length = yield* number(io, value!, 28, 2147483647);
        break;
      case "-m":
        hops = yield* number(io, value!, 0, 255);
        break;
      case "-p":
        port = yield* number(io, value!, 1, 65535);
        break;
      case "-V":
        yield* io.out.print(
          "tracepath from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n",
        );
        return 0;
    }
  }
  if (parsed.error !== null) return yield* optionError(sys, "tracepath", parsed.error, USAGE, 255);
  if (parsed.operands.length !== 1) {
    yield* err(sys, USAGE);
    return 255;
  }
  // NAME/PORT is an old way to name the port
  const m = /^(.*?)(?:\/([0-9]+))?$/.exec(parsed.operands[0]!)!;
  if (m[2] !== undefined) port = Number(m[2]);
  const found = yield* getaddrinfo(sys, m[1]!, family);
  if (typeof found === "string") return yield* fail(io, `${m[1]}: ${found}`);
  const a = found.addrs[0]!;
  const v6 = a.family === 10;
  const fd = yield* sys.socket(v6 ? AF.INET6 : AF.INET, SOCK.DGRAM, 0);
  if (fd < 0) return yield* fail(io, `socket: ${strerror(fd)}`);
  // PMTUDISC_PROBE: set DF, ignore what is known about the path
  yield* sys.setsockopt(fd, v6 ? "IPV6_MTU_DISCOVER" : "IP_MTU_DISCOVER", length > 0 ? 3 : 2);
  yield* sys.setsockopt(fd, v6 ? "IPV6_RECVERR" : "IP_RECVERR", 1);
  yield* sys.setsockopt(fd, v6 ? "IPV6_RECVHOPLIMIT" : "IP_RECVTTL", 1);
  const to =
    a.family === 2 ? ({ family: 2, addr: a.addr, port } as const) : ({ family: 10, addr: a.addr, port, scopeId: a.scopeId } as const);
  const path = new Path(io, fd, to, v6, length > 0 ? length : v6 ? 128000 : 65535, numeric ? null : yield* readHosts(sys), both);
  return yield* path.run(hops);
}

export const commands: readonly Command[] = [
  {
    name: "tracepath",
    paths: ["/usr/bin/tracepath", "/usr/bin/tracepath6"],
    pkg: "iputils-tracepath 3:20221126-1+deb12u1",
    main: program(main),
    options,
    man: {
      summary: "trace path to a network host discovering MTU along this path",
      synopsis: ["tracepath [-4] [-6] [-n] [-b] [-l pktlen] [-m max_hops] [-p port] destination"],
      description: [
        "tracepath follows the way to a host hop by hop and finds the largest packet that passes. It needs no privileges.",
        "Each line: the hop, its address or name (??? when it has none), the time, and what was learnt: pmtu N when only packets up to N bytes pass, asymm N when the answer seems to have come N hops, reached at the end.",
      ],
      examples: [{ cmd: "tracepath -n 10.3.0.2", what: "addresses instead of names" }],
      seeAlso: ["traceroute(8)", "ping(8)"],
    },
  },
];
