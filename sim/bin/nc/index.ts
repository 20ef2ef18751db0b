/**
 * `nc` of netcat-openbsd 1.219 (Debian): connect, listen, scan, over TCP and UDP. Left out: UNIX sockets, proxies, routing tables,
 * passing descriptors, TELNET negotiation, DCCP.
 */
import { Errno, strerror } from "../../core/result.ts";
import { NEVER, SEC } from "../../core/time.ts";
import { AF, type Call, type Command, O, type OptionSpec, SOCK, type SockAddr } from "../../kernel/abi.ts";
import { fmtIp4, fmtIp6 } from "../../wire/addr.ts";
import { TCP_SERVICES, UDP_SERVICES } from "../../wire/services.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { getoptMessage, parseOptions } from "../lib/options.ts";
import { bytes4, Gai, getaddrinfo, type HostAddr, inetAton, nameOf, readHosts } from "../lib/resolve.ts";
import { readwrite, type RelayOptions } from "./readwrite.ts";

const options: readonly OptionSpec[] = [
  { names: ["-4"], help: "use IPv4 only" },
  { names: ["-6"], help: "use IPv6 only" },
  { names: ["-b"], help: "allow broadcast" },
  { names: ["-C"], help: "send CR LF at the ends of lines" },
  { names: ["-D"], help: "enable the debug socket option", notModelled: true },
  { names: ["-d"], help: "do not read standard input" },
  { names: ["-F"], help: "pass the connected socket on", notModelled: true },
  { names: ["-h"], help: "print this help" },
  { names: ["-I"], arg: "length", help: "size of the receive buffer" },
  { names: ["-i"], arg: "interval", help: "seconds between lines sent and ports scanned" },
  { names: ["-k"], help: "go on listening after a connection has ended" },
  { names: ["-l"], help: "listen for a connection" },
  { names: ["-M"], arg: "ttl", help: "TTL or hop limit of what is sent" },
  { names: ["-m"], arg: "minttl", help: "least TTL of what is received", notModelled: true },
  { names: ["-N"], help: "shut the connection down at the end of standard input" },
  { names: ["-n"], help: "no names of hosts or services" },
  { names: ["-O"], arg: "length", help: "size of the send buffer" },
  { names: ["-P"], arg: "proxy_username", help: "user name for the proxy", notModelled: true },
  { names: ["-p"], arg: "source_port", help: "local port to connect from" },
  { names: ["-q"], arg: "seconds", help: "leave so long after the end of standard input" },
  { names: ["-r"], help: "scan ports in random order", notModelled: true },
  { names: ["-S"], help: "TCP MD5 signatures", notModelled: true },
  { names: ["-s"], arg: "sourceaddr", help: "local address" },
  { names: ["-T"], arg: "keyword", help: "type of service", notModelled: true },
  { names: ["-t"], help: "answer TELNET negotiation", notModelled: true },
  { names: ["-U"], help: "use UNIX domain sockets", notModelled: true },
  { names: ["-u"], help: "use UDP" },
  { names: ["-V"], arg: "rtable", help: "use another routing table", notModelled: true },
  { names: ["-v"], help: "say what happens" },
  { names: ["-W"], arg: "recvlimit", help: "leave after so many packets" },
  { names: ["-w"], arg: "timeout", help: "seconds for connecting, and of silence before leaving" },
  { names: ["-X"], arg: "proxy_protocol", help: "kind of proxy", notModelled: true },
  { names: ["-x"], arg: "proxy_address[:port]", help: "connect through a proxy", notModelled: true },
  { names: ["-Z"], help: "use DCCP", notModelled: true },
  { names: ["-z"], help: "only see whether somebody listens" },
];

const USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]
`;
/** seconds for which a UDP port is given time to refuse */
const UDP_SCAN_TIMEOUT = 3;

interface Settings {
  readonly on: ReadonlySet<string>;
  readonly arg: ReadonlyMap<string, string>;
  readonly family: 0 | 2 | 10;
  readonly udp: boolean;
  /** ns, or NEVER */
  readonly timeout: number;
  readonly host: string | null;
  readonly port: string | null;
}

function die(text: string): never {
  return exit(1, `nc: ${text}\n`);
}

/** strtonum(3) of an option's value. */
function number(what: string, text: string, min: number, max: number): number {
  if (!/^[ \t]*[-+]?[0-9]+$/.test(text)) return die(`${what} invalid: ${text}`);
  const n = Number(text);
  if (n < min) return die(`${what} too small: ${text}`);
  return n > max ? die(`${what} too large: ${text}`) : n;
}

function* parse(io: Io, args: readonly string[]): Call<Settings> {
  const p = parseOptions(options, args, { shortOnly: true });
  if (p.error) {
    if (p.error.kind === "not-modelled") exit(64, `hop: nc: option ${p.error.given} is not simulated\n`);
    exit(1, `${getoptMessage("nc", p.error)}\n${USAGE}`);
  }
  const on = new Set<string>();
  const arg = new Map<string, string>();
  for (const g of p.options) {
    on.add(g.name);
    if (g.value !== null) arg.set(g.name, g.value);
  }
  if (on.has("-h")) {
    const rows = options.map((o) => `\t\t${`${o.names[0]}${o.arg ? ` ${o.arg}` : ""}`.padEnd(16)}${o.help}\n`);
    yield* err(
      io.sys,
      `OpenBSD netcat (Debian patchlevel 1.219-1)\n${USAGE}\tCommand Summary:\n${rows.join("")}\tPort numbers can be individual or ranges: lo-hi [inclusive]\n`,
    );
    exit(0);
  }
  const words = p.operands;
  const listening = on.has("-l");
  if ((words.length === 0 && !listening) || words.length > 2) exit(1, USAGE);
  let host: string | null = words[0] ?? null;
  let port: string | null = words[1] ?? null;
  if (listening && words.length < 2) {
    port = words[0] ?? arg.get("-p") ?? null;
    host = arg.get("-s") ?? null;
    if (words.length === 1 && arg.has("-p")) {
      host = words[0]!;
      port = arg.get("-p")!;
    }
  }
  if (port === null) die("missing port number");
  if (listening && on.has("-z")) die("cannot use -z and -l");
  if (!listening && on.has("-k")) die("must use -l with -k");
  const w = arg.has("-w") ? number("timeout", arg.get("-w")!, 0, 2147483) : -1;
  return {
    on,
    arg,
    family: on.has("-4") ? 2 : on.has("-6") ? 10 : 0,
    udp: on.has("-u"),
    timeout: w < 0 ? NEVER : w * SEC,
    host,
    port,
  };
}

function portName(s: Settings, port: number): string {
  const name = (s.udp ? UDP_SERVICES : TCP_SERVICES).get(port);
  return s.on.has("-n") || name === undefined ? "*" : name;
}

/** build_ports: one port, a service, or a range from low to high. */
function ports(s: Settings, text: string): number[] {
  const service = [...(s.udp ? UDP_SERVICES : TCP_SERVICES)].find(([, n]) => n === text);
  if (service && !s.on.has("-n")) return [service[0]];
  const one = (t: string): number => {
    if (!/^[0-9]+$/.test(t)) return die(`port number invalid: ${t}`);
    const n = Number(t);
    if (n < 1) return die(`port number too small: ${t}`);
    return n > 65535 ? die(`port number too large: ${t}`) : n;
  };
  const dash = text.indexOf("-");
  if (dash <= 0) return [one(text)];
  const [a, b] = [one(text.slice(0, dash)), one(text.slice(dash + 1))];
  const list: number[] = [];
  for (let p = Math.min(a, b); p <= Math.max(a, b); p++) list.push(p);
  return list;
}

function* resolve(io: Io, s: Settings, host: string, port: string): Call<readonly HostAddr[]> {
  const numeric = inetAton(host) !== null || host.includes(":");
  const r = s.on.has("-n") && !numeric ? Gai.NONAME : yield* getaddrinfo(io.sys, host, s.family);
  if (typeof r === "string") return die(`getaddrinfo for host "${host}" port ${port}: ${r}`);
  return r.addrs;
}

function sockAddr(a: HostAddr, port: number): SockAddr {
  return a.family === 2 ? { family: 2, addr: a.addr, port } : { family: 10, addr: a.addr, port, scopeId: a.scopeId };
}
function text(a: HostAddr): string {
  return a.family === 2 ? fmtIp4(a.addr) : fmtIp6(a.addr);
}

/** A socket with the options that were asked for. */
function* makeSocket(io: Io, s: Settings, family: 2 | 10): Call<number> {
  const { sys } = io;
  const fd = yield* sys.socket(family === 2 ? AF.INET : AF.INET6, s.udp ? SOCK.DGRAM : SOCK.STREAM, 0);
  if (fd < 0) return fd;
  if (s.on.has("-b")) yield* sys.setsockopt(fd, "SO_BROADCAST", 1);
  if (s.arg.has("-I")) yield* sys.setsockopt(fd, "SO_RCVBUF", number("TCP receive window", s.arg.get("-I")!, 1, 65536 << 14));
  if (s.arg.has("-O")) yield* sys.setsockopt(fd, "SO_SNDBUF", number("TCP send window", s.arg.get("-O")!, 1, 65536 << 14));
  if (s.arg.has("-M")) {
    const ttl = number("ttl", s.arg.get("-M")!, 0, 255);
    yield* sys.setsockopt(fd, family === 2 ? "IP_TTL" : "IPV6_UNICAST_HOPS", ttl);
  }
  return fd;
}

/** connect() that does not wait longer than -w. 0, -errno, or "timeout". */
function* timeoutConnect(io: Io, s: Settings, fd: number, to: SockAddr): Call<number | "timeout"> {
  const { sys } = io;
  if (s.timeout === NEVER) {
    for (;;) {
      const r = yield* sys.connect(fd, to);
      if (r !== -Errno.EINTR) return r;
    }
  }
  yield* sys.fcntl_flags(fd, O.NONBLOCK);
  let r = yield* sys.connect(fd, to);
  if (r === -Errno.EINPROGRESS) {
    const p = yield* sys.poll([{ fd, write: true }], s.timeout);
    if (typeof p === "number") return p;
    if (p.length === 0) return "timeout";
    r = -(yield* sys.getsockopt(fd, "SO_ERROR"));
  }
  yield* sys.fcntl_flags(fd, 0);
  return r;
}

/** remote_connect: the first address that answers. The descriptor, or -1 when each has failed (and -v said so). */
function* remoteConnect(
  io: Io,
  s: Settings,
  host: string,
  port: number,
  addrs: readonly HostAddr[],
): Call<{ fd: number; addr: HostAddr | null }> {
  const { sys } = io;
  for (const a of addrs) {
    const fd = yield* makeSocket(io, s, a.family);
    if (fd < 0) continue;
    if (s.arg.has("-s") || s.arg.has("-p")) yield* bindSource(io, s, fd, a.family);
    const r = yield* timeoutConnect(io, s, fd, sockAddr(a, port));
    if (r === 0) return { fd, addr: a };
    const where = text(a) === host ? host : `${host} (${text(a)})`;
    const what = `nc: connect to ${where} port ${port} (${s.udp ? "udp" : "tcp"})`;
    if (s.on.has("-v"))
      yield* err(sys, r === "timeout" ? `${what} timed out: ${strerror(Errno.EINPROGRESS)}\n` : `${what} failed: ${strerror(r)}\n`);
    yield* sys.close(fd);
  }
  return { fd: -1, addr: null };
}

function* bindSource(io: Io, s: Settings, fd: number, family: 2 | 10): Call<void> {
  yield* io.sys.setsockopt(fd, "SO_REUSEADDR", 1);
  const from = s.arg.get("-s");
  const addrs = from === undefined ? null : yield* resolve(io, s, from, s.arg.get("-p") ?? "0");
  const any: HostAddr = family === 2 ? { family: 2, addr: 0 } : { family: 10, addr: new Uint8Array(16), scopeId: 0 };
  const sport = s.arg.has("-p") ? ports(s, s.arg.get("-p")!)[0]! : 0;
  const r = yield* io.sys.bind(fd, sockAddr(addrs?.find((a) => a.family === family) ?? any, sport));
  if (r < 0) die(`bind failed: ${strerror(r)}`);
}

/** udptest: is there anything that refuses? */
function* udpTest(io: Io, s: Settings, fd: number): Call<boolean> {
  const { sys } = io;
  const x = Uint8Array.from([88]);
  if ((yield* sys.sendto(fd, x, null, 0)) !== 1) return false;
  if ((yield* sys.sendto(fd, x, null, 0)) === -Errno.ECONNREFUSED) return false;
  const seconds = s.timeout === NEVER ? UDP_SCAN_TIMEOUT : Math.floor(s.timeout / SEC);
  for (let i = 0; i < seconds; i++) {
    yield* sys.nanosleep(SEC);
    if ((yield* sys.sendto(fd, x, null, 0)) === -Errno.ECONNREFUSED) return false;
  }
  return true;
}

function relayOptions(s: Settings): RelayOptions {
  return {
    timeout: s.timeout,
    noStdin: s.on.has("-d"),
    shutdownAtEof: s.on.has("-N"),
    quitAfter: s.arg.has("-q") ? number("quit timer", s.arg.get("-q")!, -1, 2147483) : -1,
    listening: s.on.has("-l"),
    udp: s.udp,
    crlf: s.on.has("-C"),
    interval: s.arg.has("-i") ? number("interval", s.arg.get("-i")!, 0, 2147483) * SEC : 0,
    recvLimit: s.arg.has("-W") ? number("receive limit", s.arg.get("-W")!, 1, 2147483647) : 0,
  };
}

function* client(io: Io, s: Settings): Call<number> {
  const { sys } = io;
  const host = s.host!;
  const list = ports(s, s.port!);
  const relay = relayOptions(s);
  let status = 1;
  let firstOne = true;
  for (const port of list) {
    if (!firstOne && relay.interval > 0) yield* sys.nanosleep(relay.interval);
    firstOne = false;
    const addrs = yield* resolve(io, s, host, String(port));
    const { fd, addr } = yield* remoteConnect(io, s, host, port, addrs);
    if (fd < 0 || !addr) continue;
    status = 0;
    if (s.on.has("-v") || s.on.has("-z")) {
      if (s.udp && !(yield* udpTest(io, s, fd))) {
        status = 1;
        yield* sys.close(fd);
        continue;
      }
      const shown = s.on.has("-n") || text(addr) === host ? host : `${host} (${text(addr)})`;
      if (s.on.has("-v"))
        yield* err(sys, `Connection to ${shown} ${port} port [${s.udp ? "udp" : "tcp"}/${portName(s, port)}] succeeded!\n`);
    }
    if (!s.on.has("-z")) yield* readwrite(sys, fd, relay, null);
    yield* sys.close(fd);
  }
  return status;
}

/** report_sock: names need a resolver, and without one the complaint stands in for them. */
function* report(io: Io, s: Settings, what: string, a: SockAddr): Call<void> {
  if (!s.on.has("-v") || (a.family !== 2 && a.family !== 10)) return;
  const bytes = a.family === 2 ? bytes4(a.addr) : a.addr;
  const numeric = a.family === 2 ? fmtIp4(a.addr) : fmtIp6(a.addr);
  let name: string | null = numeric;
  if (!s.on.has("-n")) name = nameOf(yield* readHosts(io.sys), bytes);
  if (name === null) {
    yield* err(io.sys, `nc: getnameinfo: ${Gai.AGAIN}\n`);
    return;
  }
  const service = s.on.has("-n") ? undefined : (s.udp ? UDP_SERVICES : TCP_SERVICES).get(a.port);
  yield* err(io.sys, `${what} ${name} ${service ?? a.port}\n`);
}

function* bindListen(io: Io, s: Settings): Call<number> {
  const { sys } = io;
  const any4: HostAddr = { family: 2, addr: 0 };
  const any6: HostAddr = { family: 10, addr: new Uint8Array(16), scopeId: 0 };
  const addrs = s.host === null ? [s.family === 10 ? any6 : any4] : yield* resolve(io, s, s.host, s.port!);
  const port = ports(s, s.port!)[0]!;
  let last = 0;
  for (const a of addrs) {
    const fd = yield* makeSocket(io, s, a.family);
    if (fd < 0) {
      last = fd;
      continue;
    }
    yield* sys.setsockopt(fd, "SO_REUSEADDR", 1);
    last = yield* sys.bind(fd, sockAddr(a, port));
    if (last === 0 && !s.udp) last = yield* sys.listen(fd, 1);
    if (last === 0) {
      const own = yield* sys.getsockname(fd);
      if (typeof own !== "number") yield* report(io, s, s.udp ? "Bound on" : "Listening on", own);
      return fd;
    }
    yield* sys.close(fd);
  }
  return die(strerror(last));
}

function* server(io: Io, s: Settings): Call<number> {
  const { sys } = io;
  const relay = relayOptions(s);
  const keep = s.on.has("-k");
  let fd = yield* bindListen(io, s);
  for (;;) {
    if (s.udp && keep) {
      yield* readwrite(sys, fd, relay, null);
    } else if (s.udp) {
      const m = yield* sys.recvfrom(fd, 65536, {});
      if (typeof m === "number") die(`recvfrom: ${strerror(m)}`);
      else {
        const r = yield* sys.connect(fd, m.from!);
        if (r < 0) die(`connect: ${strerror(r)}`);
        yield* report(io, s, "Connection received on", m.from!);
        yield* readwrite(sys, fd, relay, m.data);
      }
    } else {
      const c = yield* sys.accept(fd);
      if (c === -Errno.EINTR) continue;
      if (c < 0) die(`accept: ${strerror(c)}`);
      const peer = yield* sys.getpeername(c);
      if (typeof peer !== "number") yield* report(io, s, "Connection received on", peer);
      yield* readwrite(sys, c, relay, null);
      yield* sys.close(c);
    }
    if (!keep) break;
    if (s.udp) {
      yield* sys.close(fd);
      fd = yield* bindListen(io, s);
    }
  }
  yield* sys.close(fd);
  return 0;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const s = yield* parse(io, args);
  return s.on.has("-l") ? yield* server(io, s) : yield* client(io, s);
}

const nc: Command = {
  name: "nc",
  paths: ["/usr/bin/nc", "/usr/bin/netcat", "/bin/nc", "/bin/netcat"],
  pkg: "netcat-openbsd 1.219-1",
  main: program(main),
  options,
  man: {
    summary: "TCP and UDP connections and listens",
    synopsis: ["nc [-46bCdhklNnuvz] [-i interval] [-p source_port] [-q seconds] [-s sourceaddr] [-w timeout] [destination] [port]"],
    description: [
      "Connects to a port, or with -l waits for a connection, and then copies what comes from standard input to the other side and what comes from there to standard output.",
      "With -z it only sees whether a connection can be made; ports may then be a range, lo-hi. A UDP port counts as open when nothing says that it is closed.",
      "It ends when the connection does. With -N the end of standard input is passed on to the other side; with -q it leaves some seconds after it.",
    ],
    examples: [
      { cmd: "nc -l 1234", what: "wait for a connection to port 1234" },
      { cmd: "nc -zv 192.0.2.1 22", what: "does anything listen on port 22 there?" },
      { cmd: "echo hello | nc -N 192.0.2.1 1234", what: "send a line" },
    ],
    seeAlso: ["ss(8)", "socat(1)"],
  },
};

export const commands: readonly Command[] = [nc];
