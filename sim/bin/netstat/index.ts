/**
 * `netstat` of net-tools 2.10: routes, interfaces, multicast groups, counters, and the sockets of the machine, as far as
 * protocols are there: UDP, raw and ping sockets; the tables of TCP and of local sockets are read and found empty.
 */
import { SEC } from "../../core/time.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { IFF } from "../../net/rtnl/messages.ts";
import { longForm, readInterfaces, SHORT_HEAD, shortForm } from "../lib/interface-table.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { FAMILY_LIST, familyOf, NET_TOOLS, ROUTING_FAMILIES } from "../lib/net-tools.ts";
import { type GivenOption, optionError, parseOptions } from "../lib/options.ts";
import { fmtAddr } from "../lib/resolve.ts";
import { printRouteCache, printRoutes, printRoutes6, type RouteForm } from "../lib/route-table.ts";
import { listLinks } from "../lib/rtnl.ts";
import type { NetstatOptions } from "./types.ts";
import { showSockets } from "./sockets.ts";
import { showStatistics } from "./statistics.ts";

const options: readonly OptionSpec[] = [
  { names: ["-r", "--route"], help: "the routing table" },
  { names: ["-i", "--interfaces"], help: "the interfaces" },
  { names: ["-g", "--groups"], help: "multicast groups" },
  { names: ["-s", "--statistics"], help: "counters" },
  { names: ["-n", "--numeric"], help: "addresses and numbers instead of names" },
  { names: ["--numeric-hosts"], help: "addresses instead of names" },
  { names: ["--numeric-ports"], help: "numbers of ports" },
  { names: ["--numeric-users"], help: "numbers of users" },
  { names: ["-e", "--extend"], help: "more columns" },
  { names: ["-a", "--all"], help: "all sockets, all interfaces" },
  { names: ["-l", "--listening"], help: "sockets that wait" },
  { names: ["-t", "--tcp"], help: "TCP" },
  { names: ["-u", "--udp"], help: "UDP" },
  { names: ["-w", "--raw"], help: "raw sockets" },
  { names: ["-x", "--unix"], help: "local sockets" },
  { names: ["-p", "--programs"], help: "the program that has the socket" },
  { names: ["-o", "--timers"], help: "timers" },
  { names: ["-c", "--continuous"], help: "again every second" },
  { names: ["-v", "--verbose"], help: "say more" },
  { names: ["-W", "--wide"], help: "addresses in full" },
  { names: ["-F", "--fib"], help: "with -r: the table (default)" },
  { names: ["-C", "--cache"], help: "with -r: the cache, which is empty" },
  { names: ["-A"], arg: "FAMILY", help: "inet or inet6" },
  { names: ["-4", "--inet"], help: "IPv4 only" },
  { names: ["-6", "--inet6"], help: "IPv6 only" },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-h", "-?", "--help"], help: "this help" },
  { names: ["-M", "--masquerade"], help: "masqueraded connections", notModelled: true },
  { names: ["-N", "--symbolic"], help: "names of hardware", notModelled: true },
  { names: ["-U", "--udplite"], help: "UDP-Lite", notModelled: true },
  { names: ["-S", "--sctp"], help: "SCTP", notModelled: true },
  { names: ["-Z", "--context"], help: "SELinux", notModelled: true },
  { names: ["--ax25", "--ipx", "--netrom", "--rose", "--x25", "--ddp", "--ash", "--ec"], help: "other families", notModelled: true },
];

const USAGE = `usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}
       netstat [-vWnNcaeol] [<Socket> ...]
       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }

        -r, --route              display routing table
        -i, --interfaces         display interface table
        -g, --groups             display multicast group memberships
        -s, --statistics         display networking statistics (like SNMP)

        -v, --verbose            be verbose
        -W, --wide               don't truncate IP addresses
        -n, --numeric            don't resolve names
        -e, --extend             display other/more information
        -p, --programs           display PID/Program name for sockets
        -o, --timers             display timers
        -c, --continuous         continuous listing

        -l, --listening          display listening server sockets
        -a, --all                display all sockets (default: connected)
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB

  <Socket>={-t|--tcp} {-u|--udp} {-w|--raw} {-x|--unix}
${ROUTING_FAMILIES}`;

function* main(io: Io, args: readonly string[]): Call<number> {
  const parsed = parseOptions(options, args);
  if (parsed.error) return yield* optionError(io.sys, "netstat", parsed.error, USAGE + FAMILY_LIST, 3);
  const o = read(parsed.options);
  if (o.given.has("-V") || o.given.has("-h")) {
    yield* io.out.print(o.given.has("-V") ? NET_TOOLS : USAGE);
    if (!o.given.has("-V")) yield* err(io.sys, FAMILY_LIST);
    return 0;
  }
  for (;;) {
    const status = yield* once(io, o);
    if (!o.given.has("-c")) return status;
    yield* io.out.flush();
    if ((yield* io.sys.nanosleep(SEC)) < 0) return exit(130, "");
  }
}

function read(given: readonly GivenOption[]): NetstatOptions {
  let family: 0 | 2 | 10 = 0;
  for (const g of given) {
    if (g.name === "-A") family = familyOf("netstat", g.value!);
    else if (g.name === "-4") family = 2;
    else if (g.name === "-6") family = 10;
  }
  return { given: new Set(given.map((g) => g.name)), extended: given.filter((g) => g.name === "-e").length, family };
}

function* once(io: Io, o: NetstatOptions): Call<number> {
  const numeric = o.given.has("-n") || o.given.has("--numeric-hosts");
  if (o.given.has("-r")) {
    // without -e the columns that `route` shows with one
    const form: RouteForm = o.extended === 0 ? 2 : o.extended === 1 ? 1 : 3;
    if (o.family === 10) yield* printRoutes6(io.sys, io.out, numeric);
    else if (o.given.has("-F") || !o.given.has("-C")) return yield* printRoutes(io.sys, io.out, form, numeric);
    else yield* printRouteCache(io.out, form);
  } else if (o.given.has("-i")) yield* showInterfaces(io, o);
  else if (o.given.has("-g")) yield* showGroups(io.sys, io, o);
  else if (o.given.has("-s")) yield* showStatistics(io, o);
  else yield* showSockets(io, o);
  return 0;
}

function* showInterfaces(io: Io, o: NetstatOptions): Call<void> {
  yield* io.out.print("Kernel Interface table\n");
  if (o.extended === 0) yield* io.out.print(`Iface             MTU    ${SHORT_HEAD}`);
  for (const i of yield* readInterfaces(io.sys))
    if (o.given.has("-a") || i.link.flags & IFF.UP) yield* io.out.print(o.extended === 0 ? shortForm(i) : longForm(i));
}

function* showGroups(sys: Sys, io: Io, o: NetstatOptions): Call<void> {
  const r = yield* sys.rtnetlink({ type: "RTM_GETMULTICAST" });
  const name = new Map((yield* listLinks(sys)).map((l) => [l.ifindex, l.name]));
  yield* io.out.print("IPv6/IPv4 Group Memberships\nInterface       RefCnt Group\n--------------- ------ ---------------------\n");
  for (const family of [2, 10]) {
    if (o.family !== 0 && o.family !== family) continue;
    for (const m of r.ok ? (r.multicast ?? []) : [])
      if (m.family === family)
        yield* io.out.print(`${(name.get(m.ifindex) ?? "").padEnd(15)} ${String(m.users).padEnd(6)} ${fmtAddr(m.address)}\n`);
  }
}

export const commands: readonly Command[] = [
  {
    name: "netstat",
    paths: ["/usr/bin/netstat", "/bin/netstat"],
    pkg: "net-tools 2.10-0.1",
    main: program(main),
    options,
    man: {
      summary: "show sockets, routes, interfaces and counters, the old way",
      synopsis: ["netstat [-tuwanpe]", "netstat -r|-i|-g|-s [-n]"],
      description: [
        "Without -r, -i, -g or -s netstat lists sockets: connected ones, with -l those that wait for others, with -a all. -t, -u, -w and -x choose TCP, UDP, raw and local ones; -p shows whose they are, -n leaves numbers as they are.",
        "-r shows the routing table, -i the interfaces with their counters, -g the multicast groups they listen to, -s the counters of the protocols. IPv6's counters and the extended ones of TCP and IP are not listed.",
      ],
      examples: [
        { cmd: "netstat -rn", what: "the routing table, with addresses instead of names" },
        { cmd: "netstat -tulpn", what: "which program waits at which port" },
        { cmd: "netstat -i", what: "packets and errors of each interface" },
      ],
      seeAlso: ["ip(8)", "route(8)", "ifconfig(8)"],
    },
  },
];
