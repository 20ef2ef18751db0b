/**
 * tcpdump 4.99.3 with libpcap 1.10.3 of Debian 12: captures from an interface or a file, filters, prints, writes. The printing is
 * wire/print.ts, the filter language filter/. Left out and refused loudly: what options.ts marks notModelled, filter keywords of
 * other link types. Host names come from /etc/hosts alone.
 */
import type { Call, Command, Sys } from "../../kernel/abi.ts";
import { LINKTYPE_LINUX_SLL2, LINKTYPE_RAW } from "../../wire/pcap.ts";
import { maskOf } from "../../wire/addr.ts";
import type { PrintNames } from "../../wire/print.ts";
import { err, exit, notSimulated, program, type Io } from "../lib/io.ts";
import { addr4, bytes4, nameOf, readHosts } from "../lib/resolve.ts";
import { deviceNames, listAddrs, listLinks } from "../lib/rtnl.ts";
import { devices } from "./devices.ts";
import { FilterError, NotModelled, type Node } from "./filter/ast.ts";
import { compileFilter } from "./filter/parse.ts";
import { capture, catchSignals, openLive } from "./live.ts";
import { openSaveFile, replay } from "./offline.ts";
import { fail, options, readOptions, type Config } from "./options.ts";
import { Sink } from "./sink.ts";

function linkName(linkType: number): string {
  if (linkType === LINKTYPE_RAW) return "RAW (Raw IP)";
  return linkType === LINKTYPE_LINUX_SLL2 ? "LINUX_SLL2 (Linux cooked v2)" : "EN10MB (Ethernet)";
}

/** The compiled expression; ends the program where it is wrong. */
function* filterOf(io: Io, cfg: Config, linkType: number, ifindex: number): Call<Node | null> {
  const offline = cfg.readFile !== null;
  let netmask = 0;
  if (ifindex > 0) for (const a of yield* listAddrs(io.sys, 2)) if (netmask === 0 && a.ifindex === ifindex) netmask = maskOf(a.prefixlen);
  const hosts = yield* readHosts(io.sys);
  const host = (name: string): (number | Uint8Array)[] =>
    hosts
      .filter((h) => h.names.some((n) => n.toLowerCase() === name.toLowerCase()))
      .map((h) => (h.addr.length === 4 ? addr4(h.addr) : h.addr));
  try {
    return compileFilter(cfg.filter, { linkType, netmask, offline, host });
  } catch (e) {
    if (e instanceof NotModelled) exit(yield* notSimulated(io.sys, "tcpdump", e.message));
    if (e instanceof FilterError) yield* fail(io, e.message);
    throw e;
  }
}

function* printNames(io: Io): Call<PrintNames> {
  const ifnames = new Map((yield* listLinks(io.sys)).map((l) => [l.ifindex, l.name] as const));
  const hosts = yield* readHosts(io.sys);
  return {
    host: (addr) => nameOf(hosts, typeof addr === "number" ? bytes4(addr) : addr),
    ifname: (index) => ifnames.get(index) ?? null,
  };
}

function* offline(io: Io, cfg: Config, path: string): Call<number> {
  const file = yield* openSaveFile(io, path);
  const { linkType, snaplen } = file.header;
  yield* err(io.sys, `reading from file ${path}, link-type ${linkName(linkType)}, snapshot length ${snaplen}\n`);
  const filter = yield* filterOf(io, cfg, linkType, 0);
  const sink = new Sink(io, cfg, linkType, yield* printNames(io));
  yield* sink.open(snaplen);
  return yield* replay(io, cfg, file, filter, sink);
}

/** The interface to capture on: as named, by its number in -D's list, or the first of that list. */
function* deviceOf(io: Io, cfg: Config): Call<string> {
  const asked = cfg.device;
  if (asked !== null && !/^[0-9]+$/.test(asked)) return asked;
  const list = yield* devices(io.sys);
  const d = list[asked === null ? 0 : Number(asked) - 1];
  return d === undefined ? yield* fail(io, "Invalid adapter index") : d.name;
}

function* live(io: Io, cfg: Config): Call<number> {
  const src = yield* openLive(io, cfg, yield* deviceOf(io, cfg));
  if (cfg.listLinkTypes) {
    yield* err(io.sys, `Data link types for ${src.name} (use option -y to set):\n  ${linkName(src.linkType)}\n`);
    return 0;
  }
  if (src.linkType === LINKTYPE_LINUX_SLL2) yield* err(io.sys, `${io.name}: data link type LINUX_SLL2\n`);
  const filter = yield* filterOf(io, cfg, src.linkType, src.ifindex);
  yield* catchSignals(io.sys);
  const sink = new Sink(io, cfg, src.linkType, yield* printNames(io));
  yield* sink.open(cfg.snaplen);
  const listening = `listening on ${src.name}, link-type ${linkName(src.linkType)}, snapshot length ${cfg.snaplen} bytes\n`;
  const quiet = cfg.v === 0 && cfg.writeFile === null;
  yield* err(
    io.sys,
    quiet ? `${io.name}: verbose output suppressed, use -v[v]... for full protocol decode\n${listening}` : `${io.name}: ${listening}`,
  );
  return yield* capture(io, cfg, src, filter, sink);
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const cfg = yield* readOptions(io, args);
  if (cfg.listDevices) {
    const list = yield* devices(io.sys);
    yield* io.out.print(list.map((d, i) => `${i + 1}.${d.text}\n`).join(""));
    return 0;
  }
  return cfg.readFile !== null ? yield* offline(io, cfg, cfg.readFile) : yield* live(io, cfg);
}

function* complete(sys: Sys, argv: readonly string[]): Call<readonly string[]> {
  const last = argv[argv.length - 1] ?? "";
  if (argv[argv.length - 2] === "-i") return ["any", ...(yield* deviceNames(sys))].filter((n) => n.startsWith(last));
  if (last.startsWith("-")) return options.filter((o) => !o.notModelled).flatMap((o) => o.names.filter((n) => n.startsWith(last)));
  return ["arp", "dst", "ether", "host", "icmp", "icmp6", "ip", "ip6", "net", "not", "port", "src", "tcp", "udp", "vlan"].filter((n) =>
    n.startsWith(last),
  );
}

const tcpdump: Command = {
  name: "tcpdump",
  paths: ["/usr/bin/tcpdump"],
  pkg: "tcpdump 4.99.3-1",
  main: program(main),
  options,
  man: {
    summary: "show the packets that pass an interface",
    synopsis: ["tcpdump [options] [expression]"],
    description: [
      "Prints a line for each packet that the interface receives or sends and that the expression lets pass. It runs until Ctrl-C, or until -c packets were seen, and then says how many there were. Capturing needs root.",
      "The interface is the first one that is up unless -i names one; any stands for all of them. Without -n, addresses are shown by their names in /etc/hosts.",
      "An expression is made of tests such as icmp, arp, host 10.0.0.1, src net 10.0.0.0/24, tcp port 80, joined by and, or, not and parentheses. Bytes can be tested too: icmp[icmptype] = icmp-echo.",
      "-w writes the packets to a file that -r reads again, here or in Wireshark.",
    ],
    examples: [
      { cmd: "tcpdump -n -i eth0 icmp", what: "pings and ICMP errors on eth0, with numbers" },
      { cmd: "tcpdump -e -n -i any arp", what: "ARP on all interfaces, with link-level addresses" },
      { cmd: "tcpdump -i eth0 -c 10 -w first.pcap", what: "the first ten packets, into a file" },
    ],
    seeAlso: ["ip(8)", "ping(8)", "arping(8)"],
  },
  complete,
};

export const commands: readonly Command[] = [tcpdump];
