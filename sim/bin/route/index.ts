/**
 * `route` of net-tools 2.10: shows the main routing table, adds to it and takes from it (SIOCADDRT and SIOCDELRT of the kernel,
 * said in routing netlink as rtentry_to_fib_config translates them).
 */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { NlmF, type RouteRequest, RtProt, RtScope, RtTable, RtType } from "../../net/rtnl/messages.ts";
import { lenOfMask, maskOf } from "../../wire/addr.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { FAMILY_LIST, familyOf, looksLikeName, NET_TOOLS, readNetworks, ROUTING_FAMILIES } from "../lib/net-tools.ts";
import { optionError, parseOptions } from "../lib/options.ts";
import { addr4, bytes4, getaddrinfo } from "../lib/resolve.ts";
import { printRouteCache, printRoutes, printRoutes6, type RouteForm } from "../lib/route-table.ts";
import { deviceNames, linkByName, listAddrs } from "../lib/rtnl.ts";
import { change6 } from "./inet6.ts";

const options: readonly OptionSpec[] = [
  { names: ["-n", "--numeric"], help: "addresses instead of names" },
  { names: ["-N", "--symbolic"], help: "names of hardware" },
  { names: ["-e", "--extend"], help: "other columns; twice for all" },
  { names: ["-v", "--verbose"], help: "say more" },
  { names: ["-F", "--fib"], help: "the routing table (default)" },
  { names: ["-C", "--cache"], help: "the routing cache, which is empty" },
  { names: ["-A"], arg: "FAMILY", help: "inet or inet6" },
  { names: ["-4", "--inet"], help: "IPv4 (default)" },
  { names: ["-6", "--inet6"], help: "IPv6" },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-h", "-?", "--help"], help: "this help" },
  // -net and -host are clusters of letters to getopt; it never sees them, for the command word comes first
];

const USAGE = `Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables
       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.

       route {-h|--help} [<AF>]              Detailed usage syntax for specified AF.
       route {-V|--version}                  Display version/author and exit.

        -v, --verbose            be verbose
        -n, --numeric            don't resolve names
        -e, --extend             display other/more information
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB

${ROUTING_FAMILIES}`;

const INET_USAGE = `Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
`;

function* main(io: Io, args: readonly string[]): Call<number> {
  // "-net" and "-host" belong to the words behind add or del
  const guarded = args.map((a) => (a === "-net" || a === "-host" ? `\0${a}` : a));
  const parsed = parseOptions(options, guarded);
  if (parsed.error) {
    yield* io.out.print(USAGE);
    return yield* optionError(io.sys, "route", parsed.error, FAMILY_LIST, 0);
  }
  let numeric = false;
  let extended = 0;
  let cache = false;
  let fib = false;
  let family: 2 | 10 = 2;
  for (const o of parsed.options) {
    if (o.name === "-n") numeric = true;
    else if (o.name === "-e") extended++;
    else if (o.name === "-C") cache = true;
    else if (o.name === "-F") fib = true;
    else if (o.name === "-A") family = familyOf("route", o.value!);
    else if (o.name === "-6") family = 10;
    else if (o.name === "-4") family = 2;
    else if (o.name === "-V" || o.name === "-h") {
      yield* io.out.print(o.name === "-V" ? NET_TOOLS : USAGE);
      if (o.name === "-h") yield* err(io.sys, FAMILY_LIST);
      return 0;
    }
  }
  const words = parsed.operands.map((w) => w.replace("\0", ""));
  if (words.length === 0) {
    const form: RouteForm = extended === 0 ? 1 : extended === 1 ? 2 : 3;
    if (family === 10) yield* printRoutes6(io.sys, io.out, numeric);
    else {
      if (fib || !cache) return yield* printRoutes(io.sys, io.out, form, numeric);
      if (cache) yield* printRouteCache(io.out, form);
    }
    return 0;
  }
  const cmd = words[0]!;
  if (cmd === "flush") exit(3, `Flushing \`${family === 10 ? "inet6" : "inet"}' routing table not supported\n${INET_USAGE}`);
  if (cmd !== "add" && cmd !== "del" && cmd !== "delete") exit(3, USAGE + FAMILY_LIST);
  const what = cmd === "add" ? "add" : "del";
  if (family === 10) return yield* change6(io.sys, what, words.slice(1));
  if (words.length === 1) {
    yield* io.out.print(INET_USAGE);
    return 0;
  }
  return yield* change(io.sys, what, words.slice(1));
}

interface Entry {
  dst: number;
  mask: number | null;
  gateway: number | null;
  metric: number;
  mss: number;
  window: number;
  irtt: number;
  reject: boolean;
  dev: string | null;
}

/** INET_setroute */
function* change(sys: Sys, what: "add" | "del", words: readonly string[]): Call<number> {
  const usage = (text = ""): never => exit(3, `${text}${INET_USAGE}`);
  let at = 0;
  let xflag = 0;
  if (words[0] === "-net") xflag = 1;
  else if (words[0] === "-host") xflag = 2;
  if (xflag > 0) at = 1;
  const target = words[at++] ?? usage();
  const e: Entry = { dst: 0, mask: null, gateway: null, metric: 0, mss: 0, window: 0, irtt: 0, reject: false, dev: null };
  const slash = target.indexOf("/");
  if (slash >= 0) e.mask = maskOf(Math.min(32, Number.parseInt(target.slice(slash + 1), 10) || 0));
  const found = yield* resolveTarget(sys, slash >= 0 ? target.slice(0, slash) : target, xflag === 2);
  e.dst = found.addr;
  let isNet = xflag === 1 || (xflag === 0 && found.net);
  const number = (): number => {
    const w = words[at + 1] ?? usage();
    if (!/^[0-9]/.test(w)) usage();
    at++;
    return Number.parseInt(w, 10);
  };
  for (; at < words.length; at++) {
    const w = words[at]!;
    if (w === "metric") e.metric = number();
    else if (w === "netmask") {
      const text = words[++at] ?? usage();
      if (e.mask !== null) usage();
      e.mask = yield* host(sys, text, "Host name lookup failure");
    } else if (w === "gw" || w === "gateway") {
      const text = words[++at] ?? usage();
      if (e.gateway !== null) usage();
      e.gateway = yield* host(sys, text, "Unknown host");
    } else if (w === "mss" || w === "mtu") {
      e.mss = number();
      if (e.mss < 64 || e.mss > 65536) exit(6, "Invalid MSS/MTU.\n");
    } else if (w === "window") {
      e.window = number();
      if (e.window < 128) exit(6, "Invalid window.\n");
    } else if (w === "irtt") e.irtt = number();
    else if (w === "reject") e.reject = true;
    else if (w === "mod" || w === "dyn" || w === "reinstate") continue;
    else {
      if (w === "device" || w === "dev") at++;
      else if (at + 1 < words.length) usage();
      if (words[at] === undefined || e.dev !== null) usage();
      e.dev = words[at]!;
    }
  }
  if (e.reject && e.dev === null) e.dev = "lo";
  if (e.mask !== null) {
    if (!isNet && e.mask !== 0xffffffff) usage(`route: netmask ${swapped(e.mask)} doesn't make sense with host route\n`);
    if (!isNet && slash < 0 && e.mask !== 0xffffffff) isNet = true;
    if (lenOfMask(e.mask) < 0) usage(`route: bogus netmask ${dotted(e.mask)}\n`);
    if ((e.dst & ~e.mask) !== 0) usage("route: netmask doesn't match route address\n");
  }
  return yield* request(sys, what, e, isNet);
}

/** a number as a little-endian machine prints its bytes in network order */
function swapped(mask: number): string {
  const b = bytes4(mask);
  return [b[3]!, b[2]!, b[1]!, b[0]!].map((x) => x.toString(16).padStart(2, "0")).join("");
}
function dotted(a: number): string {
  return bytes4(a).join(".");
}

/** INET_resolve: `net` where the word names a network. */
function* resolveTarget(sys: Sys, text: string, hostFirst: boolean): Call<{ addr: number; net: boolean }> {
  if (text === "default") return { addr: 0, net: true };
  const known = hostFirst || /^[0-9.]+$/.test(text) ? undefined : [...(yield* readNetworks(sys))].find(([, n]) => n === text);
  if (known !== undefined) return { addr: known[0], net: true };
  return { addr: yield* host(sys, text, "Host name lookup failure"), net: false };
}

function* host(sys: Sys, text: string, failure: string): Call<number> {
  const r = yield* getaddrinfo(sys, text, 2);
  const a = typeof r === "string" ? undefined : r.addrs[0];
  return a !== undefined && a.family === 2 ? a.addr : exit(6, `${text}: ${looksLikeName(text) ? failure : "Unknown host"}\n`);
}

/** rtentry_to_fib_config, and the answer of the kernel. */
function* request(sys: Sys, what: "add" | "del", e: Entry, isNet: boolean): Call<number> {
  const fail = (errno: number): number => exit(7, `${what === "add" ? "SIOCADDRT" : "SIOCDELRT"}: ${strerror(errno)}\n`);
  const mask = isNet ? (e.mask ?? 0) : 0xffffffff;
  if ((e.dst & ~mask) !== 0) return fail(Errno.EINVAL);
  let oif = 0;
  let prefsrc: Uint8Array | undefined;
  if (e.dev !== null) {
    const link = yield* linkByName(sys, e.dev.replace(/:.*/, ""));
    if (link === null) return fail(Errno.ENODEV);
    oif = link.ifindex;
    // an alias asks for its own address as the source
    if (e.dev.includes(":")) {
      const own = (yield* listAddrs(sys, 2)).find((a) => a.ifindex === oif && a.label === e.dev);
      if (own === undefined) return fail(Errno.ENODEV);
      prefsrc = own.local;
    }
  }
  const gateway = e.gateway !== null && e.gateway !== 0 ? bytes4(e.gateway) : null;
  if (what === "add" && e.gateway === 0) return fail(Errno.EINVAL);
  if (what === "add" && gateway === null && oif === 0) return fail(Errno.ENODEV);
  const metrics: Record<string, number> = {};
  if (e.mss > 0) metrics["advmss"] = e.mss - 40;
  if (e.window > 0) metrics["window"] = e.window;
  if (e.irtt > 0) metrics["rtt"] = e.irtt << 3;
  const local = e.gateway !== null && (yield* listAddrs(sys, 2)).some((a) => addr4(a.local) === e.gateway);
  const scope = e.reject ? RtScope.HOST : gateway === null || local ? RtScope.LINK : RtScope.UNIVERSE;
  const route: RouteRequest = {
    family: 2,
    dst: bytes4(e.dst),
    dstLen: lenOfMask(mask),
    tos: 0,
    table: RtTable.MAIN,
    protocol: what === "add" ? RtProt.BOOT : RtProt.UNSPEC,
    scope: what === "add" ? scope : e.reject ? RtScope.HOST : RtScope.NOWHERE,
    type: e.reject ? RtType.UNREACHABLE : what === "add" ? RtType.UNICAST : RtType.UNSPEC,
    flags: 0,
    // the ioctl counts from 1
    ...(e.metric > 0 ? { priority: e.metric } : {}),
    ...(e.reject ? {} : { ...(oif === 0 ? {} : { oif }), ...(gateway === null ? {} : { gateway, gatewayFamily: 2 as const }) }),
    ...(prefsrc === undefined ? {} : { prefsrc }),
    ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
  };
  const r =
    what === "add"
      ? yield* sys.rtnetlink({ type: "RTM_NEWROUTE", flags: NlmF.CREATE, route })
      : yield* sys.rtnetlink({ type: "RTM_DELROUTE", route });
  return r.ok ? 0 : fail(r.errno);
}

export const commands: readonly Command[] = [
  {
    name: "route",
    paths: ["/usr/sbin/route", "/sbin/route"],
    pkg: "net-tools 2.10-0.1",
    main: program(main),
    options,
    man: {
      summary: "show and change the main routing table, the old way",
      synopsis: ["route [-nee] [-6]", "route [-6] add|del [-net|-host] TARGET [netmask MASK] [gw ADDRESS] [metric N] [[dev] INTERFACE]"],
      description: [
        "route shows the main routing table: destination and mask, gateway (0.0.0.0: directly), flags (U up, G through a gateway, H a host, ! rejected), metric and interface. With add or del it changes the table.",
        "A target is a host unless -net says otherwise; a network needs a mask, as /LENGTH or with netmask. `default` is 0.0.0.0/0. `ip route` shows more, and other tables.",
      ],
      examples: [
        { cmd: "route -n", what: "the table, with addresses instead of names" },
        { cmd: "route add default gw 192.168.1.1", what: "what is not known otherwise goes to the router" },
        { cmd: "route add -net 10.2.0.0/16 gw 192.168.1.7", what: "reaches a network through another router" },
        { cmd: "route del -net 10.2.0.0/16", what: "forgets it" },
      ],
      seeAlso: ["ip(8)", "ifconfig(8)", "netstat(8)"],
    },
    complete: function* (sys, argv) {
      const last = argv[argv.length - 1] ?? "";
      const before = argv[argv.length - 2] ?? "";
      const words =
        argv.length <= 2
          ? ["add", "del", "-n", "-e", "-6"]
          : before === "dev"
            ? yield* deviceNames(sys)
            : ["-net", "-host", "default", "netmask", "gw", "metric", "dev", "reject", ...(yield* deviceNames(sys))];
      return words.filter((w) => w.startsWith(last));
    },
  },
];
