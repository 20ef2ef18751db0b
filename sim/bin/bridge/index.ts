/**
 * `bridge` of iproute2 6.1: options, choice of the object, batch files. Ports (link) and forwarding databases (fdb) are here;
 * VLANs of ports, multicast memberships and monitoring are not simulated.
 */
import type { Call, Command, ManPage, OptionSpec, Sys } from "../../kernel/abi.ts";
import { exit, type Io, program } from "../lib/io.ts";
import { CommandFailed, matches } from "../lib/iproute/args.ts";
import { doBatch } from "../lib/iproute/batch.ts";
import { netnsSwitch } from "../lib/iproute/netns.ts";
import { complete } from "./complete.ts";
import { Ctx, notModelled, type Options } from "./ctx.ts";
import { doFdb } from "./fdb.ts";
import { usage } from "./help.ts";
import { doLink } from "./link.ts";

type ObjectMain = (ctx: Ctx, words: readonly string[]) => Call<number>;

/** null: the object exists and is not simulated */
const OBJECTS: readonly (readonly [string, ObjectMain | null])[] = [
  ["link", doLink],
  ["fdb", doFdb],
  ["mdb", null],
  ["vlan", null],
  ["vni", doVni],
  ["monitor", null],
  ["help", help],
];

// eslint-disable-next-line require-yield
function* help(): Call<number> {
  return usage("bridge");
}

/** VNIs belong to VXLAN devices, of which there are none. */
function* doVni(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0] ?? "show";
  if (matches(cmd, "help")) usage("vni");
  if (matches(cmd, "add") || matches(cmd, "delete")) notModelled(`vni ${cmd}`);
  if (!matches(cmd, "show") && !matches(cmd, "lst") && !matches(cmd, "list"))
    exit(-1, `Command "${cmd}" is unknown, try "bridge vni help".\n`);
  yield* ctx.io.out.print(ctx.opts.json ? "[]\n" : "dev               vni              group/remote   \n");
  return 0;
}

function* run(ctx: Ctx, words: readonly string[]): Call<number> {
  const word = words[0]!;
  for (const [name, main] of OBJECTS) {
    if (!matches(word, name)) continue;
    if (main === null) notModelled(name);
    return yield* main!(ctx, words.slice(1));
  }
  yield* ctx.err(`Object "${word}" is unknown, try "bridge help".\n`);
  return 255;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const opts: Options = {
    stats: false,
    details: false,
    oneline: false,
    timestamp: false,
    json: false,
    pretty: false,
    color: false,
    force: false,
  };
  let batch: string | null = null;
  let i = 0;
  for (; i < args.length; i++) {
    let opt = args[i]!;
    if (opt === "--") {
      i++;
      break;
    }
    if (!opt.startsWith("-")) break;
    if (opt.startsWith("--")) opt = opt.slice(1);
    if (matches(opt, "-help")) usage("bridge");
    else if (matches(opt, "-Version")) {
      yield* io.out.print("bridge utility, 6.1.0\n");
      return 0;
    } else if (matches(opt, "-stats") || matches(opt, "-statistics")) opts.stats = true;
    else if (matches(opt, "-details")) opts.details = true;
    else if (matches(opt, "-oneline")) opts.oneline = true;
    else if (matches(opt, "-timestamp")) opts.timestamp = true;
    else if (matches(opt, "-family")) {
      i++;
      if (i >= args.length) usage("bridge");
    } else if (opt === "-4" || opt === "-6") {
      // which family an address without one belongs to; only tunnels' destinations have any
    } else if (matches(opt, "-netns")) {
      i++;
      const bad = yield* netnsSwitch(io.sys, args[i] ?? "(null)");
      if (bad !== null) exit(-1, bad);
    } else if (opt.startsWith("-c") && matches(opt.split("=")[0]!, "-color")) {
      const when = opt.includes("=") ? opt.slice(opt.indexOf("=") + 1) : "always";
      if (when === "auto") opts.color = (yield* io.sys.isatty(1)) === 1;
      else if (when === "always" || when === "never") opts.color = when === "always";
      else exit(-1, `Option "${opt}" is unknown, try "bridge help".\n`);
    } else if (matches(opt, "-compressvlans")) {
      // how VLANs are listed
    } else if (matches(opt, "-force")) opts.force = true;
    else if (matches(opt, "-json")) opts.json = true;
    else if (matches(opt, "-pretty")) opts.pretty = true;
    else if (matches(opt, "-batch")) {
      i++;
      if (i >= args.length) usage("bridge");
      batch = args[i]!;
    } else exit(-1, `Option "${opt}" is unknown, try "bridge help".\n`);
  }
  if (batch !== null) return yield* doBatch(io.sys, batch, opts.force, (words) => guarded(new Ctx(io, opts), words));
  if (i >= args.length) usage("bridge");
  return yield* run(new Ctx(io, opts), args.slice(i));
}

/** A line of a batch. */
function* guarded(ctx: Ctx, words: readonly string[]): Call<number> {
  try {
    return yield* run(ctx, words);
  } catch (e) {
    if (!(e instanceof CommandFailed)) throw e;
    yield* ctx.err(e.text);
    return e.code;
  }
}

const options: readonly OptionSpec[] = [
  { names: ["-V", "-Version"], help: "print the version" },
  { names: ["-s", "-stats", "-statistics"], help: "how long ago entries were used and updated" },
  { names: ["-d", "-details"], help: "more about each port" },
  { names: ["-n", "-netns"], arg: "NAME", help: "work in that network namespace" },
  { names: ["-b", "-batch"], arg: "FILE", help: "commands from a file (-: standard input)" },
  { names: ["-force"], help: "do not stop a batch at an error" },
  { names: ["-o", "-oneline"], help: "one line for each record; \\ stands for a line break" },
  { names: ["-t", "-timestamp"], help: "times in event lists" },
  { names: ["-c", "-color"], arg: "[=WHEN]", help: "colours: always, auto or never" },
  { names: ["-com", "-compressvlans"], help: "ranges of VLANs in one line" },
  { names: ["-j", "-json"], help: "JSON" },
  { names: ["-p", "-pretty"], help: "with -j: indented" },
  { names: ["-4"], help: "addresses of tunnels are IPv4" },
  { names: ["-6"], help: "addresses of tunnels are IPv6" },
  { names: ["-f", "-family"], arg: "FAMILY", help: "family of tunnels' addresses" },
  { names: ["mdb"], help: "multicast memberships", notModelled: true },
  { names: ["vlan"], help: "VLANs of ports", notModelled: true },
  { names: ["monitor"], help: "watch changes", notModelled: true },
  { names: ["vni add", "vni delete"], help: "VNIs of a VXLAN device", notModelled: true },
  {
    names: ["link … backup_port", "link … neigh_suppress on", "link … mcast_to_unicast on", "link … vlan_tunnel on"],
    help: "",
    notModelled: true,
  },
];

const man: ManPage = {
  summary: "show and change bridge ports and forwarding databases",
  synopsis: ["bridge [ OPTIONS ] OBJECT { COMMAND | help }", "bridge [ -force ] -batch FILE"],
  description: [
    "bridge asks the kernel about its Ethernet bridges. OBJECT says about what: link (the ports of bridges with their state, cost and settings) or fdb (which MAC address is behind which port). Bridges themselves are made with `ip link add NAME type bridge`, ports with `ip link set DEVICE master NAME`.",
    "In `bridge fdb`, entries with `master` belong to the bridge of the port, entries with `self` are addresses that the device itself listens to. An entry that was learned has no word at its end; `static` ones do not age, `permanent` ones are the machine's own addresses: frames for them go up, to no port.",
    "What the kernel refuses is told as `RTNETLINK answers: …` with exit status 255.",
  ],
  examples: [
    { cmd: "bridge link", what: "all ports of all bridges" },
    { cmd: "bridge -d link show dev veth1", what: "one port with all its settings" },
    { cmd: "bridge link set dev veth1 isolated on", what: "veth1 talks to no other isolated port" },
    { cmd: "bridge fdb show br br0", what: "what br0 knows" },
    { cmd: "bridge fdb add 02:00:00:00:00:05 dev veth1 master static", what: "an entry that does not age" },
  ],
  seeAlso: ["ip(8)", "brctl(8)"],
};

const bridge: Command = {
  name: "bridge",
  paths: ["/usr/sbin/bridge", "/sbin/bridge"],
  pkg: "iproute2 6.1.0-3",
  main: program(main),
  options,
  man,
  complete: (sys: Sys, argv: readonly string[]) => complete(sys, argv),
};

export const commands: readonly Command[] = [bridge];
