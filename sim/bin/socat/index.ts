/**
 * `socat` 1.7.4: relays between two addresses. What is here: files, descriptors, pipes, programs, UDP and TUN; addresses of
 * other protocols (TCP, UNIX, OpenSSL …) refuse with "not simulated".
 */
import { SEC } from "../../core/time.ts";
import { strerror } from "../../core/result.ts";
import { type Call, type Command, O, type OptionSpec, Sig } from "../../kernel/abi.ts";
import { type Io, program } from "../lib/io.ts";
import { addressHelp, addressWords, type OpenContext, withAddress } from "./addresses.ts";
import { Level, Log } from "./log.ts";
import { Dir } from "./stream.ts";
import { type LoopConfig, transfer } from "./transfer.ts";

const options: readonly OptionSpec[] = [
  { names: ["-V"], help: "print version and feature information to stdout, and exit" },
  { names: ["-h", "-?"], help: "print a help text describing command line options and addresses" },
  { names: ["-hh", "-hhh"], help: "list address options too", notModelled: true },
  { names: ["-d"], arg: "[ddd]", help: "increase verbosity (use up to 4 times; 2 are recommended)" },
  { names: ["-D"], help: "analyze file descriptors before loop", notModelled: true },
  { names: ["-ly"], arg: "[facility]", help: "log to syslog", notModelled: true },
  { names: ["-lf"], arg: "[logfile]", help: "log to file", notModelled: true },
  { names: ["-ls"], help: "log to stderr (default if no other log)" },
  { names: ["-lm"], arg: "[facility]", help: "mixed log mode (stderr during initialization, then syslog)", notModelled: true },
  { names: ["-lp"], arg: "[progname]", help: "set the program name used for logging" },
  { names: ["-lu"], help: "use microseconds for logging timestamps" },
  { names: ["-lh"], help: "add hostname to log messages" },
  { names: ["-v"], help: "verbose text dump of data traffic" },
  { names: ["-x"], help: "verbose hexadecimal dump of data traffic" },
  { names: ["-r"], arg: "file", help: "raw dump of data flowing from left to right" },
  { names: ["-R"], arg: "file", help: "raw dump of data flowing from right to left" },
  { names: ["-b"], arg: "[size_t]", help: "set data buffer size (8192)" },
  { names: ["-s"], help: "sloppy (continue on error)", notModelled: true },
  { names: ["-t"], arg: "[timeout]", help: "wait seconds before closing second channel" },
  { names: ["-T"], arg: "[timeout]", help: "total inactivity timeout in seconds" },
  { names: ["-u"], help: "unidirectional mode (left to right)" },
  { names: ["-U"], help: "unidirectional mode (right to left)" },
  { names: ["-g"], help: "do not check option groups" },
  { names: ["-L"], arg: "lockfile", help: "try to obtain lock, or fail", notModelled: true },
  { names: ["-W"], arg: "lockfile", help: "try to obtain lock, or wait", notModelled: true },
  { names: ["-4"], help: "prefer IPv4 if version is not explicitly specified" },
  { names: ["-6"], help: "prefer IPv6 if version is not explicitly specified" },
  { names: ["TCP-…", "SCTP-…", "UNIX-…", "ABSTRACT-…", "VSOCK-…"], help: "addresses over other sockets", notModelled: true },
  { names: ["OPENSSL-…", "SOCKS4", "PROXY", "IP-…", "INTERFACE", "SOCKET-…", "PTY"], help: "other addresses", notModelled: true },
  { names: ["EXEC …,pty", "…,retry", "…,range"], help: "and more options of addresses", notModelled: true },
];

const ABOUT = "socat by Gerhard Rieger and contributors - see www.dest-unreach.org\n";

interface Settings {
  closeWait: number;
  totalTimeout: number;
  blksize: number;
  verbose: boolean;
  hex: boolean;
  left: boolean;
  right: boolean;
  checkGroups: boolean;
  prefer: 0 | 2 | 10;
  rawRight: string | null;
  rawLeft: string | null;
  readonly addresses: string[];
}

function help(): string {
  let s = `${ABOUT}Usage:\nsocat [options] <bi-address> <bi-address>\n   options:\n`;
  for (const o of options) {
    if (o.notModelled) continue;
    const arg =
      o.arg === undefined ? "" : o.arg.startsWith("[") ? (o.names[0] === "-d" ? "[ddd]" : `<${o.arg.slice(1, -1)}>`) : ` <${o.arg}>`;
    const left = `${o.names.join("|")}${arg}`;
    s += `      ${left.padEnd(Math.max(6, left.length > 6 ? 15 : 6))} ${o.help}\n`;
  }
  return `${s}   bi-address:\n      <single-address>!!<single-address>\n      <single-address>\n   single-address:\n      <address-head>[,<opts>]\n   address-head:\n${addressHelp()}`;
}

/** Reads the options up to the addresses. Null: there is nothing left to do. */
function* parse(io: Io, log: Log, args: readonly string[]): Call<Settings | null> {
  const s: Settings = {
    closeWait: 0.5,
    totalTimeout: 0,
    blksize: 8192,
    verbose: false,
    hex: false,
    left: false,
    right: false,
    checkGroups: true,
    prefer: 0,
    rawRight: null,
    rawLeft: null,
    addresses: [],
  };
  let i = 0;
  const value = function* (word: string, at: number): Call<string> {
    if (word.length > at) return word.slice(at);
    if (i + 1 >= args.length) yield* log.error(`option ${word} requires an argument; use option "-h" for help`);
    return args[++i]!;
  };
  const number = function* (word: string): Call<number> {
    const v = yield* value(word, 2);
    if (!/^[0-9]*\.?[0-9]+/.test(v)) yield* log.error(`parseopts(): missing numerical value of option "${word.slice(0, 2)}"`);
    return Number.parseFloat(v);
  };
  for (; i < args.length; i++) {
    const w = args[i]!;
    if (!w.startsWith("-") || w === "-") break;
    if (w === "--") {
      i++;
      break;
    }
    const spec = options.find((o) => o.notModelled && o.names.some((n) => w === n || (n.length === 3 && w.startsWith(n))));
    if (spec) log.notSimulated(`option ${w}`);
    if (w === "-V") {
      yield* io.out.print(`${ABOUT}socat version 1.7.4.4 on 06 Nov 2022 08:15:51\n`);
      return null;
    }
    if (w === "-h" || w === "-?") {
      yield* io.out.print(help());
      return null;
    }
    if (/^-d+$/.test(w)) log.level = Math.min(Level.INFO, log.level + w.length - 1) as Level;
    else if (w === "-ls") continue;
    else if (w.startsWith("-lp")) log.name = yield* value(w, 3);
    else if (w === "-lu") log.micros = true;
    else if (w === "-lh") log.host = `${(yield* io.sys.uname()).nodename} `;
    else if (w === "-v") s.verbose = true;
    else if (w === "-x") s.hex = true;
    else if (w.startsWith("-r")) s.rawRight = yield* value(w, 2);
    else if (w.startsWith("-R")) s.rawLeft = yield* value(w, 2);
    else if (w.startsWith("-b")) s.blksize = Math.max(1, Math.floor(yield* number(w)));
    else if (w.startsWith("-t")) s.closeWait = yield* number(w);
    else if (w.startsWith("-T")) s.totalTimeout = yield* number(w);
    else if (w === "-u") s.right = true;
    else if (w === "-U") s.left = true;
    else if (w === "-g") s.checkGroups = false;
    else if (w === "-4") s.prefer = 2;
    else if (w === "-6") s.prefer = 10;
    else yield* log.error(`unknown option "${w}"; use option "-h" for help`);
  }
  s.addresses.push(...args.slice(i));
  return s;
}

function* rawDump(io: Io, log: Log, path: string | null): Call<number> {
  if (path === null) return -1;
  const fd = yield* io.sys.open(path, O.WRONLY | O.CREAT | O.APPEND | O.CLOEXEC, 0o664);
  return fd >= 0 ? fd : yield* log.error(`option -r "${path}": ${strerror(fd)}`);
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const log = new Log(sys);
  const s = yield* parse(io, log, args);
  if (s === null) return 0;
  if (s.addresses.length !== 2)
    yield* log.error(`exactly 2 addresses required (there are ${s.addresses.length}); use option "-h" for help`);
  if (s.left && s.right) yield* log.error("-U and -u must not be combined");
  for (const sig of [Sig.HUP, Sig.INT, Sig.QUIT, Sig.TERM, Sig.CHLD]) yield* sys.sigaction(sig, "catch");
  yield* sys.sigaction(Sig.PIPE, "ignore");
  const cfg: LoopConfig = {
    blksize: s.blksize,
    closeWait: Math.round(s.closeWait * SEC),
    totalTimeout: Math.round(s.totalTimeout * SEC),
    verbose: s.verbose,
    hex: s.hex,
    leftToRight: !s.left,
    rightToLeft: !s.right,
    rawRight: yield* rawDump(io, log, s.rawRight),
    rawLeft: yield* rawDump(io, log, s.rawLeft),
  };
  const c: OpenContext = { sys, log, prefer: s.prefer, blksize: s.blksize, checkGroups: s.checkGroups };
  const [left = "", right = ""] = s.addresses;
  const first = s.right ? Dir.READ : s.left ? Dir.WRITE : Dir.BOTH;
  const second = s.right ? Dir.WRITE : s.left ? Dir.READ : Dir.BOTH;
  return yield* withAddress(c, left, first, (one) => withAddress(c, right, second, (two) => transfer(sys, log, one, two, cfg)));
}

const socat: Command = {
  name: "socat",
  paths: ["/usr/bin/socat"],
  pkg: "socat 1.7.4.4-2",
  main: program(main),
  options,
  man: {
    summary: "relay between two addresses in both directions",
    synopsis: ["socat [options] <address> <address>"],
    description: [
      "Opens two addresses and copies whatever comes out of one into the other, until both have ended. An address is a keyword, its parameters after colons, and options after commas; case does not matter in keywords.",
      "A TUN address holds a tun or tap device: packets that the machine sends by that device come out of it, packets written to it arrive from it. Together with a UDP address it makes a tunnel.",
      "When one side has ended, socat waits -t seconds (0.5) for what may still come from the other.",
    ],
    examples: [
      { cmd: "socat TUN,tun-name=tap0,tun-type=tap,iff-no-pi PIPE", what: "hold tap0 open, and send every frame back" },
      { cmd: "socat UDP4-LISTEN:7000 TUN:10.9.0.1/24,iff-up,iff-no-pi", what: "one end of a tunnel" },
      { cmd: "socat UDP4:192.0.2.1:7000 TUN:10.9.0.2/24,iff-up,iff-no-pi", what: "the other end" },
      { cmd: "socat - UDP4-DATAGRAM:192.0.2.255:9,broadcast", what: "send lines to everybody" },
    ],
    seeAlso: ["ip-tuntap(8)", "nc(1)"],
  },
  // eslint-disable-next-line require-yield
  *complete(_sys, argv) {
    const word = argv[argv.length - 1] ?? "";
    if (word.startsWith("-")) return options.filter((o) => !o.notModelled).flatMap((o) => [...o.names]);
    return addressWords().filter((w) => w.startsWith(word.toUpperCase()));
  },
};

export const commands: readonly Command[] = [socat];
