/**
 * ping's command line, as iputils 20221126 reads it: option letters, number checks and their error texts. What is read
 * here is checked here; what depends on the network (a device that does not exist, a bad source) fails later.
 */
import type { Call, OptionSpec } from "../../kernel/abi.ts";
import { err, exit, type Io } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";
import { parseIp4, parseIp6 } from "../../wire/addr.ts";

export const options: readonly OptionSpec[] = [
  { names: ["-a"], help: "ring the bell at each reply" },
  { names: ["-A"], help: "adapt the interval to the round trip time" },
  { names: ["-B"], help: "keep the source address chosen at the start" },
  { names: ["-c"], arg: "<count>", help: "stop after this many replies" },
  { names: ["-C"], help: "connect the socket" },
  { names: ["-D"], help: "print the time before each line" },
  { names: ["-d"], help: "set SO_DEBUG on the socket" },
  { names: ["-e"], arg: "<identifier>", help: "ICMP identifier of this session" },
  { names: ["-f"], help: "flood: as fast as replies come, dots for requests" },
  { names: ["-h"], help: "print this help" },
  { names: ["-I"], arg: "<interface>", help: "device or address to send from" },
  { names: ["-i"], arg: "<interval>", help: "seconds between requests" },
  { names: ["-L"], help: "no loopback of multicast requests", notModelled: true },
  { names: ["-l"], arg: "<preload>", help: "send this many without waiting" },
  { names: ["-m"], arg: "<mark>", help: "firewall mark of the requests" },
  { names: ["-M"], arg: "<pmtud opt>", help: "path MTU discovery: do, dont or want" },
  { names: ["-n"], help: "do not look up names" },
  { names: ["-O"], help: "say when a reply is outstanding" },
  { names: ["-p"], arg: "<pattern>", help: "up to 16 hex bytes to fill the packet with" },
  { names: ["-q"], help: "only the first and the last lines" },
  { names: ["-Q"], arg: "<tclass>", help: "TOS or traffic class" },
  { names: ["-r"], help: "bypass routing: directly attached hosts only" },
  { names: ["-s"], arg: "<size>", help: "data bytes in a request" },
  { names: ["-S"], arg: "<size>", help: "send buffer of the socket" },
  { names: ["-t"], arg: "<ttl>", help: "time to live of the requests" },
  { names: ["-U"], help: "print user-to-user time" },
  { names: ["-v"], help: "say more" },
  { names: ["-V"], help: "print the version" },
  { names: ["-w"], arg: "<deadline>", help: "stop after this many seconds" },
  { names: ["-W"], arg: "<timeout>", help: "seconds to wait for the last reply" },
  { names: ["-4"], help: "IPv4 only" },
  { names: ["-b"], help: "allow a broadcast address" },
  { names: ["-R"], help: "record the route" },
  { names: ["-T"], arg: "<timestamp>", help: "IP timestamps: tsonly, tsandaddr or tsprespec with addresses" },
  { names: ["-6"], help: "IPv6 only" },
  { names: ["-F"], arg: "<flowlabel>", help: "IPv6 flow label" },
  { names: ["-N"], arg: "<nodeinfo opt>", help: "IPv6 node information query", notModelled: true },
];

export interface Config {
  readonly family: 0 | 2 | 10;
  readonly target: string;
  readonly audible: boolean;
  readonly adaptive: boolean;
  readonly broadcast: boolean;
  /** bind to the source address: -B, or -I ADDRESS */
  readonly strictSource: boolean;
  /** 0: no limit */
  readonly count: number;
  readonly printTime: boolean;
  /** -1: the process id */
  readonly ident: number;
  readonly flood: boolean;
  readonly device: string | null;
  readonly source4: number | null;
  readonly source6: Uint8Array | null;
  /** IPv6 flow label, 0: the kernel's choice */
  readonly flow: number;
  /** ms */
  readonly interval: number;
  readonly preload: number;
  readonly mark: number | null;
  /** IP_PMTUDISC_*: 0 dont, 1 want, 2 do; null: as the system says */
  readonly pmtudisc: number | null;
  readonly numeric: boolean;
  readonly outstanding: boolean;
  readonly pattern: readonly number[] | null;
  readonly quiet: boolean;
  readonly tos: number | null;
  readonly dontRoute: boolean;
  readonly recordRoute: boolean;
  /** -T: flags of the timestamp option (0, 1 or 3), null without */
  readonly timestamps: 0 | 1 | 3 | null;
  /** addresses of -T tsprespec */
  readonly hops: readonly number[];
  /** -C */
  readonly connect: boolean;
  readonly dataLen: number;
  readonly sndbuf: number | null;
  readonly ttl: number | null;
  readonly verbose: boolean;
  /** seconds, 0: none */
  readonly deadline: number;
  /** ms */
  readonly linger: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const DEFAULTS: Config = {
  family: 0,
  target: "",
  audible: false,
  adaptive: false,
  broadcast: false,
  strictSource: false,
  count: 0,
  printTime: false,
  ident: -1,
  flood: false,
  device: null,
  source4: null,
  source6: null,
  flow: 0,
  interval: 1000,
  preload: 1,
  mark: null,
  pmtudisc: null,
  numeric: false,
  outstanding: false,
  pattern: null,
  quiet: false,
  tos: null,
  dontRoute: false,
  recordRoute: false,
  timestamps: null,
  hops: [],
  connect: false,
  dataLen: 56,
  sndbuf: null,
  ttl: null,
  verbose: false,
  deadline: 0,
  linger: 10_000,
};

const INT_MAX = 2147483647;

function usage(): string {
  return `\nUsage\n  ping [options] <destination>\n\nOptions:\n  <destination>               name or address\n${optionHelp(options)}\nFor more details see ping(8).\n`;
}

/** Reads the command line; exits with ping's message when it is wrong. */
export function* readOptions(io: Io, args: readonly string[]): Call<Config> {
  const c: Mutable<Config> = { ...DEFAULTS };
  if (io.name === "ping6") c.family = 10;
  if (io.name === "ping4") c.family = 2;
  const user = (yield* io.sys.getcred()).uid !== 0;
  const parsed = parseOptions(options, args, { shortOnly: true });
  let intervalGiven = false;
  for (const { name, value } of parsed.options) {
    switch (name) {
      case "-4":
      case "-6":
        if (c.family !== 0 && c.family !== (name === "-4" ? 2 : 10)) yield* fail(io, "only one -4 or -6 option may be specified");
        c.family = name === "-4" ? 2 : 10;
        break;
      case "-a":
        c.audible = true;
        break;
      case "-A":
        c.adaptive = true;
        break;
      case "-B":
        c.strictSource = true;
        break;
      case "-b":
        c.broadcast = true;
        break;
      case "-c":
        c.count = yield* integer(io, value!, 1, 9223372036854775807n);
        break;
      case "-D":
        c.printTime = true;
        break;
      case "-e":
        c.ident = yield* integer(io, value!, 0, 65535n);
        break;
      case "-f":
        c.flood = true;
        c.numeric = true;
        break;
      case "-h":
        yield* err(io.sys, usage());
        exit(2);
      case "-I": {
        const v4 = parseIp4(value!);
        // an IPv6 address may name its device, and then that is where it goes
        const [address, zone] = value!.split("%") as [string, string?];
        const v6 = v4 === null ? parseIp6(address) : null;
        if (v6 !== null && zone !== undefined) c.device = zone;
        c.strictSource ||= v4 !== null || v6 !== null;
        if (v4 !== null) c.source4 = v4;
        else if (v6 !== null) c.source6 = v6;
        else c.device = value!;
        break;
      }
      case "-i": {
        const s = yield* seconds(io, value!);
        if (s > INT_MAX / 1000) yield* fail(io, `bad timing interval: ${value}`);
        c.interval = Math.trunc(s * 1000);
        intervalGiven = true;
        break;
      }
      case "-l":
        c.preload = yield* integer(io, value!, 1, 65536n);
        if (user && c.preload > 3) yield* fail(io, `cannot set preload to value greater than 3: ${c.preload}`);
        break;
      case "-m":
        c.mark = yield* integer(io, value!, 0, 2147483647n);
        break;
      case "-M":
        c.pmtudisc = ["dont", "want", "do"].indexOf(value!);
        if (c.pmtudisc < 0) yield* fail(io, `invalid -M argument: ${value}`);
        break;
      case "-n":
        c.numeric = true;
        break;
      case "-O":
        c.outstanding = true;
        break;
      case "-p":
        c.pattern = yield* pattern(io, value!);
        break;
      case "-q":
        c.quiet = true;
        break;
      case "-U":
        break; // where nothing takes time, the time between programs is the time on the wire
      case "-F": {
        const n = /^(0[xX])?[0-9a-fA-F]+$/.test(value!) ? Number(value!) : -1;
        if (!(n >= 0 && n <= 0xfffff)) yield* fail(io, `flow value must be in the range of 20 bits: ${value}`);
        c.flow = n;
        break;
      }
      case "-Q": {
        const n = /^0[xX][0-9a-fA-F]+$/.test(value!)
          ? Number.parseInt(value!.slice(2), 16)
          : /^[0-9]+$/.test(value!)
            ? Number.parseInt(value!, 10)
            : -1;
        if (n < 0) yield* fail(io, `bad TOS value: ${value}`);
        if (n > 255) yield* fail(io, `the decimal value of TOS bits must be in range 0-255: ${n}`);
        c.tos = n;
        break;
      }
      case "-C":
        c.connect = true;
        break;
      case "-R":
        if (c.timestamps !== null) yield* fail(io, "only one of -T or -R may be used");
        c.recordRoute = true;
        break;
      case "-T": {
        if (c.recordRoute) yield* fail(io, "only one of -T or -R may be used");
        const kinds = { tsonly: 0, tsandaddr: 1, tsprespec: 3 } as const;
        const kind = Object.hasOwn(kinds, value!) ? kinds[value as keyof typeof kinds] : null;
        if (kind === null) yield* fail(io, `invalid timestamp type: ${value}`);
        c.timestamps = kind;
        break;
      }
      case "-r":
        c.dontRoute = true;
        break;
      case "-s":
        c.dataLen = yield* integer(io, value!, 0, 2147483647n);
        break;
      case "-S":
        c.sndbuf = yield* integer(io, value!, 1, 2147483647n);
        break;
      case "-t":
        c.ttl = yield* integer(io, value!, 0, 255n);
        break;
      case "-v":
        c.verbose = true;
        break;
      case "-V":
        yield* io.out.print(
          "ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n",
        );
        return exit(0);
      case "-w":
        c.deadline = yield* integer(io, value!, 0, 2147483647n);
        break;
      case "-W": {
        const s = yield* seconds(io, value!);
        if (s < 0 || s > INT_MAX / 1_000_000) yield* fail(io, `bad linger time: ${value}`);
        c.linger = Math.trunc(s * 1000);
        break;
      }
    }
  }
  if (parsed.error !== null) return exit(yield* optionError(io.sys, "ping", parsed.error, usage(), 2));
  if (parsed.operands.length === 0) yield* fail(io, "usage error: Destination address required", 1);
  if (parsed.operands.length > 1 && c.timestamps === 3) c.hops = yield* hops(io, parsed.operands.slice(0, -1));
  else if (parsed.operands.length > 1) {
    yield* err(io.sys, "hop: ping: a source route (several destinations) is not simulated\n");
    exit(64);
  }
  // inet_aton's target is printed as an address, replies too
  if (c.flood && !intervalGiven) c.interval = 0;
  c.target = parsed.operands[parsed.operands.length - 1]!;
  return c;
}

/** The machines that shall note the time, at most four. */
function* hops(io: Io, words: readonly string[]): Call<readonly number[]> {
  if (words.length > 4) yield* fail(io, "too many arguments");
  const out: number[] = [];
  for (const w of words) {
    const a = parseIp4(w);
    if (a === null) yield* fail(io, `${w}: Name or service not known`);
    out.push(a!);
  }
  return out;
}

export function* fail(io: Io, text: string, code = 2): Call<never> {
  yield* io.out.flush();
  yield* err(io.sys, `ping: ${text}\n`);
  return exit(code);
}

/** A whole number within limits. Ends ping with 1, not 2, as the real one does. */
function* integer(io: Io, text: string, min: number, max: bigint): Call<number> {
  if (!/^\s*[+-]?[0-9]+$/.test(text)) yield* fail(io, `invalid argument: '${text}'`, 1);
  const n = BigInt(text.trim().replace("+", ""));
  if (n < BigInt(min) || n > max) yield* fail(io, `invalid argument: '${text}': out of range: ${min} <= value <= ${max}`, 1);
  return Number(n);
}

/** strtod with iputils' leniency: what does not parse counts as it parses so far, with a warning. */
function* seconds(io: Io, text: string): Call<number> {
  const m = /^\s*([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)/.exec(text);
  if (m === null || m[0].length !== text.length) {
    yield* err(
      io.sys,
      `ping: option argument contains garbage: ${m === null ? text : text.slice(m[0].length)}\nping: this will become fatal error in the future\n`,
    );
  }
  return m === null ? 0 : Number(m[1]);
}

function* pattern(io: Io, text: string): Call<readonly number[]> {
  if (!/^[0-9a-fA-F]+$/.test(text)) yield* fail(io, `patterns must be specified as hex digits: ${text}`);
  const bytes: number[] = [];
  for (let i = 0; i < text.length && bytes.length < 16; i += 2) bytes.push(Number.parseInt(text.slice(i, i + 2), 16));
  return bytes;
}
