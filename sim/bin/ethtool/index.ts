/**
 * `ethtool` 6.1: link settings, driver, offloads and counters of a device, as virtual devices have them: most of what a real
 * card can be asked is "Operation not supported" there, with a text and an exit status for each question. A card of a lab
 * answers as a gigabit card without further abilities.
 */
import { hex } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec } from "../../kernel/abi.ts";
import { type LinkRow, IFF } from "../../net/rtnl/messages.ts";
import { exit, type Io, program } from "../lib/io.ts";
import { deviceNames, linkByName } from "../lib/rtnl.ts";
import { changeFeatures, showFeatures } from "./features.ts";
import { channels, coalesce, driver, settings, statistics, timeStamping } from "./texts.ts";

const BAD = "ethtool: bad command line argument(s)\nFor more information run ethtool -h\n";

interface Action {
  readonly names: readonly string[];
  readonly help: string;
  /** null: not simulated */
  readonly run: ((io: Io, dev: string, args: readonly string[]) => Call<number>) | null;
  /** takes further words */
  readonly words?: true;
}

/** A question that no virtual device can answer. */
function unsupported(text: string, status: number, netlink = false): Action["run"] {
  return function* (io, dev) {
    const link = yield* linkByName(io.sys, dev);
    if (netlink) return exit(status, link === null ? NO_DEVICE : `netlink error: ${strerror(Errno.EOPNOTSUPP)}\n`);
    return exit(status, `${text}: ${strerror(link === null ? Errno.ENODEV : Errno.EOPNOTSUPP)}\n`);
  };
}

const NO_DEVICE = `netlink error: no device matches name (offset 24)\nnetlink error: ${strerror(Errno.ENODEV)}\n`;

/** A netlink question about a device that is there. */
function ask(answer: (l: LinkRow) => string | null): Action["run"] {
  return function* (io, dev) {
    const link = yield* linkByName(io.sys, dev);
    if (link === null) return exit(1, NO_DEVICE);
    const text = answer(link);
    if (text === null) return exit(1, `netlink error: ${strerror(Errno.EOPNOTSUPP)}\n`);
    yield* io.out.print(text);
    return 0;
  };
}

const ACTIONS: readonly Action[] = [
  { names: ["-s", "--change"], help: "change link settings", run: change, words: true },
  { names: ["-a", "--show-pause"], help: "pause settings", run: unsupported("", 1, true) },
  { names: ["-A", "--pause"], help: "change them", run: unsupported("", 76, true), words: true },
  { names: ["-c", "--show-coalesce"], help: "interrupt coalescing", run: ask(coalesce) },
  { names: ["-C", "--coalesce"], help: "change it", run: unsupported("", 1, true), words: true },
  { names: ["-g", "--show-ring"], help: "sizes of rings", run: unsupported("", 1, true) },
  { names: ["-G", "--set-ring"], help: "change them", run: unsupported("", 81, true), words: true },
  { names: ["-k", "--show-features", "--show-offload"], help: "offloads", run: showFeatures },
  { names: ["-K", "--features", "--offload"], help: "switch offloads: NAME on|off …", run: changeFeatures, words: true },
  { names: ["-i", "--driver"], help: "the driver", run: showDriver },
  { names: ["-d", "--register-dump"], help: "registers", run: unsupported("Cannot get register dump", 74), words: true },
  { names: ["-e", "--eeprom-dump"], help: "EEPROM", run: unsupported("Cannot get EEPROM data", 74), words: true },
  { names: ["-r", "--negotiate"], help: "negotiate anew", run: unsupported("Cannot restart autonegotiation", 255) },
  { names: ["-p", "--identify"], help: "blink", run: unsupported("Cannot identify NIC", 255), words: true },
  { names: ["-t", "--test"], help: "self test", run: unsupported("Cannot test", 74), words: true },
  { names: ["-S", "--statistics"], help: "counters of the driver", run: showStatistics },
  { names: ["--phy-statistics"], help: "counters of the transceiver", run: phyStatistics },
  {
    names: ["-n", "-u", "--show-nfc", "--show-ntuple"],
    help: "receive classification",
    run: classification,
  },
  { names: ["-T", "--show-time-stamping"], help: "time stamping", run: ask(timeStamping) },
  { names: ["-x", "--show-rxfh-indir", "--show-rxfh"], help: "receive hashing", run: unsupported("Cannot get RX ring count", 1) },
  { names: ["-P", "--show-permaddr"], help: "the hardware address it was made with", run: permanentAddress },
  { names: ["-w", "--get-dump"], help: "firmware dump", run: unsupported("Can not get dump level", 1) },
  { names: ["-l", "--show-channels"], help: "channels", run: ask(channels) },
  { names: ["-m", "--dump-module-eeprom", "--module-info"], help: "EEPROM of the module", run: unsupported("", 1, true) },
  { names: ["--show-priv-flags"], help: "flags of the driver", run: unsupported("", 1, true) },
  { names: ["--show-eee"], help: "energy saving", run: unsupported("", 1, true) },
  { names: ["--show-fec"], help: "error correction", run: unsupported("", 1, true) },
  ..."-E --change-eeprom -N -U --config-nfc --config-ntuple -X --set-rxfh-indir --rxfh -f --flash -W --set-dump -L --set-channels --set-priv-flags --set-eee --set-phy-tunable --get-phy-tunable --get-tunable --set-tunable --reset --set-fec -Q --per-queue --cable-test --cable-test-tdr --show-tunnels --show-module --set-module --monitor --debug --json"
    .split(" ")
    .map((n): Action => ({ names: [n], help: "", run: null, words: true })),
];

function* main(io: Io, args: readonly string[]): Call<number> {
  let i = 0;
  while (args[i] === "-I" || args[i] === "--include-statistics") i++;
  const first = args[i];
  if (first === undefined) return exit(1, BAD);
  if (first === "-h" || first === "--help") {
    yield* io.out.print(usage());
    return 0;
  }
  if (first === "--version") {
    yield* io.out.print("ethtool version 6.1\n");
    return 0;
  }
  if (!first.startsWith("-")) return yield* showSettings(io, first);
  const action = ACTIONS.find((a) => a.names.includes(first));
  if (action === undefined) return exit(1, BAD);
  if (action.run === null) return exit(64, `hop: ethtool: option ${first} is not simulated\n`);
  const dev = args[i + 1];
  const rest = args.slice(i + 2);
  if (dev === undefined) return exit(1, BAD);
  if (rest.length > 0 && action.words !== true) exit(1, first === "-S" ? `ethtool (-S): unknown parameter '${rest[0]}'\n` : BAD);
  return yield* action.run(io, dev, rest);
}

function usage(): string {
  return `ethtool version 6.1\nUsage:\n        ethtool [ FLAGS ]  DEVNAME\tDisplay standard information about device\n${ACTIONS.filter(
    (a) => a.run !== null,
  )
    .map((a) => `        ethtool [ FLAGS ] ${a.names.join("|")} DEVNAME\t${a.help}\n`)
    .join("")}\nFLAGS:\n\t-I|--include-statistics\t\trequest device statistics related to the command (not supported by all commands)\n`;
}

function* showSettings(io: Io, dev: string): Call<number> {
  const link = yield* linkByName(io.sys, dev);
  // five questions are asked one after another
  if (link === null) {
    yield* io.out.print("No data available\n");
    return exit(75, NO_DEVICE.repeat(5));
  }
  const carrier = link.carrier && (link.flags & IFF.UP) !== 0;
  yield* io.out.print(settings(link, carrier && (link.flags & IFF.RUNNING) !== 0));
  return 0;
}

function* showDriver(io: Io, dev: string): Call<number> {
  const link = yield* linkByName(io.sys, dev);
  const text = link === null ? null : driver(link);
  if (text === null) return exit(71, `Cannot get driver information: ${strerror(link === null ? Errno.ENODEV : Errno.EOPNOTSUPP)}\n`);
  yield* io.out.print(text);
  return 0;
}

function* showStatistics(io: Io, dev: string): Call<number> {
  const link = yield* linkByName(io.sys, dev);
  if (link === null) return exit(96, `Cannot get stats strings information: ${strerror(Errno.ENODEV)}\n`);
  const text = statistics(link);
  if (text === null) return exit(94, "no stats available\n");
  yield* io.out.print(text);
  return 0;
}

function* phyStatistics(io: Io, dev: string): Call<number> {
  const link = yield* linkByName(io.sys, dev);
  return exit(
    link === null ? 96 : 94,
    link === null ? `Cannot get stats strings information: ${strerror(Errno.ENODEV)}\n` : "no stats available\n",
  );
}

function* classification(io: Io, dev: string): Call<number> {
  const why = strerror((yield* linkByName(io.sys, dev)) === null ? Errno.ENODEV : Errno.EOPNOTSUPP);
  return exit(1, `Cannot get RX rings: ${why}\nrxclass: Cannot get RX class rule count: ${why}\nRX classification rule retrieval failed\n`);
}

function* permanentAddress(io: Io, dev: string): Call<number> {
  const link = yield* linkByName(io.sys, dev);
  if (link === null) return exit(1, `netlink error: ${strerror(Errno.ENODEV)}\n`);
  yield* io.out.print(`Permanent address: ${link.parentdev === null ? "not set" : hex(link.address, ":")}\n`);
  return 0;
}

const SETTINGS = [
  "speed",
  "lanes",
  "duplex",
  "port",
  "mdix",
  "autoneg",
  "advertise",
  "phyad",
  "xcvr",
  "wol",
  "sopass",
  "msglvl",
  "master-slave",
];

/** -s: whatever is asked, no virtual device can do it. */
function* change(io: Io, dev: string, args: readonly string[]): Call<number> {
  for (let i = 0; i < args.length; i += 2) {
    if (!SETTINGS.includes(args[i]!)) exit(1, `ethtool (-s): unknown parameter '${args[i]}'\n`);
    if (args[i + 1] === undefined) exit(1, `ethtool (-s): no value for parameter '${args[i]}'\n`);
    if (["speed", "lanes", "phyad"].includes(args[i]!) && !/^(0x)?[0-9a-f]+$/i.test(args[i + 1]!))
      exit(1, `ethtool (-s): invalid value '${args[i + 1]}' for parameter '${args[i]}'\n`);
  }
  if (args.length === 0) return 0;
  const link = yield* linkByName(io.sys, dev);
  if (link === null) return exit(75, NO_DEVICE);
  if (link.parentdev !== null) return exit(64, "hop: ethtool: changing the settings of a card is not simulated\n");
  return exit(75, `netlink error: ${strerror(Errno.EOPNOTSUPP)}\n`);
}

const options: readonly OptionSpec[] = [
  ...ACTIONS.map((a): OptionSpec =>
    a.run === null ? { names: a.names, help: a.help, notModelled: true } : { names: a.names, help: a.help },
  ),
  { names: ["-I", "--include-statistics"], help: "counters with the answer, where there are any" },
  { names: ["-h", "--help"], help: "this help" },
  { names: ["--version"], help: "the version" },
];

export const commands: readonly Command[] = [
  {
    name: "ethtool",
    paths: ["/usr/sbin/ethtool", "/sbin/ethtool"],
    pkg: "ethtool 1:6.1-1",
    main: program(main),
    options,
    man: {
      summary: "show and change settings of a network device",
      synopsis: ["ethtool DEVICE", "ethtool -i|-k|-S|-P|… DEVICE", "ethtool -K DEVICE FEATURE on|off …"],
      description: [
        'ethtool shows the speed of a link and whether there is one ("Link detected"), the driver (-i), the offloads (-k) and the driver\'s counters (-S), and switches offloads (-K).',
        "Offloads have no effect on frames in this simulation. Virtual devices have nothing to set; the tool says so as the real one does.",
      ],
      examples: [
        { cmd: "ethtool eth0", what: "is the cable plugged in?" },
        { cmd: "ethtool -i eth0", what: "which driver it has" },
        { cmd: "ethtool -S v0", what: "the index of a veth's other end, among others" },
      ],
      seeAlso: ["ip(8)", "mii-tool(8)"],
    },
    complete: function* (sys, argv) {
      const last = argv[argv.length - 1] ?? "";
      const words = last.startsWith("-")
        ? options.flatMap((o) => (o.notModelled ? [] : o.names))
        : argv.length <= 3
          ? yield* deviceNames(sys)
          : ["on", "off"];
      return words.filter((w) => w.startsWith(last));
    },
  },
];
