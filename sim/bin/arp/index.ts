/**
 * `arp` of net-tools 2.10: shows and changes the IPv4 neighbour table in its old form. Entries of the kernel without a
 * usable address are "(incomplete)"; those of NOARP devices are left out, as /proc/net/arp leaves them out.
 */
import { hex } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { NlmF, type NeighRow, NtfF, Nud } from "../../net/rtnl/messages.ts";
import { exit, type Io, notSimulated, program } from "../lib/io.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";
import { addr4, bytes4, fmtAddr, getaddrinfo, nameOf, readHosts } from "../lib/resolve.ts";
import { deviceNames, ifNameToIndex, linkByIndex, listLinks } from "../lib/rtnl.ts";
import { etherAddress } from "../lib/net-tools.ts";
import { notModelled } from "../lib/not-modelled.ts";

const options: readonly OptionSpec[] = [
  { names: ["-a", "--all"], help: "all entries in the BSD form" },
  { names: ["-e"], help: "all entries as a table" },
  { names: ["-s", "--set"], help: "add an entry" },
  { names: ["-d", "--delete"], help: "delete an entry" },
  { names: ["-v", "--verbose"], help: "say more" },
  { names: ["-n", "--numeric"], help: "addresses instead of names" },
  { names: ["-i", "--device"], arg: "IF", help: "only this interface" },
  { names: ["-A", "--protocol", "-p"], arg: "FAMILY", help: "address family (inet)" },
  { names: ["-H", "--hw-type", "-t"], arg: "TYPE", help: "hardware type (ether)" },
  { names: ["-D", "--use-device"], help: "take the hardware address from a device" },
  { names: ["-f", "--file"], help: "add entries from a file", notModelled: true },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-h", "-?", "--help"], help: "this help" },
  ...notModelled("arp"),
];

function usage(): string {
  return `Usage:
  arp [-vn]  [<HW>] [-i <if>] [-a] [<hostname>]             <-Display ARP cache
  arp [-v]          [-i <if>] -d  <host> [pub]               <-Delete ARP entry
  arp [-v]   [<HW>] [-i <if>] -s  <host> <hwaddr> [temp]            <-Add entry

${optionHelp(options)}`;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  const parsed = parseOptions(options, args);
  if (parsed.error) return yield* optionError(sys, "arp", parsed.error, usage(), 3);
  let what: "show" | "set" | "delete" = "show";
  let bsd = false;
  let numeric = false;
  let verbose = false;
  let device: string | null = null;
  let useDevice = false;
  for (const o of parsed.options) {
    if (o.name === "-h") {
      yield* io.out.print(usage());
      return 0;
    }
    if (o.name === "-V") {
      yield* io.out.print("net-tools 2.10\n");
      return 0;
    }
    if (o.name === "-a") bsd = true;
    else if (o.name === "-e") bsd = false;
    else if (o.name === "-s") what = "set";
    else if (o.name === "-d") what = "delete";
    else if (o.name === "-v") verbose = true;
    else if (o.name === "-n") numeric = true;
    else if (o.name === "-i") device = o.value;
    else if (o.name === "-A" && o.value !== "inet") exit(255, `arp: ${o.value}: unknown address family.\n`);
    else if (o.name === "-H" && o.value !== "ether") exit(255, `arp: ${o.value}: unknown hardware type.\n`);
    else if (o.name === "-D") useDevice = true;
  }
  const [host, ...rest] = parsed.operands;
  if (what === "show") return yield* show(io, host ?? null, device, bsd, numeric, verbose);
  if (host === undefined) exit(255, "arp: need host name\n");
  const dst = yield* resolve(sys, host!);
  return what === "delete" ? yield* remove(io, dst, host!, rest, device) : yield* set(sys, dst, rest, device, useDevice);
}

function* resolve(sys: Sys, host: string): Call<number> {
  const r = yield* getaddrinfo(sys, host, 2);
  if (typeof r === "string") return exit(255, `${host}: Host name lookup failure\n`);
  const a = r.addrs[0]!;
  return a.family === 2 ? a.addr : exit(255, `${host}: Host name lookup failure\n`);
}

// ---------------------------------------------------------------- show

function* show(io: Io, host: string | null, device: string | null, bsd: boolean, numeric: boolean, verbose: boolean): Call<number> {
  const { sys } = io;
  const dst = host === null ? null : yield* resolve(sys, host);
  const links = new Map((yield* listLinks(sys)).map((l) => [l.ifindex, l]));
  const hosts = numeric ? [] : yield* readHosts(sys);
  const rows: NeighRow[] = [];
  for (const proxy of [false, true]) {
    const r = yield* sys.rtnetlink({ type: "RTM_GETNEIGH", family: 2, proxy });
    if (r.ok) rows.push(...(r.neighs ?? []).filter((n) => n.dst !== null && (proxy || (n.state & ~Nud.NOARP) !== 0)));
  }
  let found = 0;
  for (const n of rows) {
    const link = links.get(n.ifindex);
    const dev = link?.name ?? "*";
    const hw = link?.type === "loopback" ? "loop" : "ether";
    if ((device !== null && dev !== device) || (dst !== null && addr4(n.dst!) !== dst)) continue;
    if (found++ === 0 && !bsd) yield* io.out.print("Address                  HWtype  HWaddress           Flags Mask            Iface\n");
    yield* io.out.print(bsd ? bsdLine(n, dev, hw, nameOf(hosts, n.dst!)) : tableLine(n, dev, hw, nameOf(hosts, n.dst!)));
  }
  if (verbose) yield* io.out.print(`Entries: ${rows.length}\tSkipped: ${rows.length - found}\tFound: ${found}\n`);
  if (found === 0 && host !== null && !bsd) yield* io.out.print(`${host} (${fmtAddr(bytes4(dst!))}) -- no entry\n`);
  else if (found === 0 && (host !== null || device !== null)) yield* io.out.print(`arp: in ${rows.length} entries no match found.\n`);
  return 0;
}

const VALID = Nud.PERMANENT | Nud.NOARP | Nud.REACHABLE | Nud.PROBE | Nud.STALE | Nud.DELAY;

function tableLine(n: NeighRow, dev: string, hw: string, name: string | null): string {
  const left = `${(name ?? fmtAddr(n.dst!)).slice(0, 23).padEnd(23)}  `;
  if (n.flags & NtfF.PROXY) return `${left}${"*".padEnd(8)}${"<from_interface>".padEnd(20)}${"MP".padEnd(22)}${dev}\n`;
  if (!(n.state & VALID)) return `${left}${" ".repeat(8)}${"(incomplete)".padEnd(42)}${dev}\n`;
  const flags = n.state & Nud.PERMANENT ? "CM" : "C";
  return `${left}${hw.padEnd(8)}${hex(n.lladdr ?? new Uint8Array(6), ":").padEnd(20)}${flags.padEnd(22)}${dev}\n`;
}

function bsdLine(n: NeighRow, dev: string, hw: string, name: string | null): string {
  const left = `${name ?? "?"} (${fmtAddr(n.dst!)}) at `;
  if (n.flags & NtfF.PROXY) return `${left}<from_interface> PERM PUB on ${dev}\n`;
  if (!(n.state & VALID)) return `${left}<incomplete> on ${dev}\n`;
  return `${left}${hex(n.lladdr ?? new Uint8Array(6), ":")} [${hw}]${n.state & Nud.PERMANENT ? " PERM" : ""} on ${dev}\n`;
}

// ---------------------------------------------------------------- change

/** The device of the request: the one named, or the one the route to the address leaves by (arp_req_set). */
function* deviceFor(sys: Sys, dst: number, device: string | null): Call<number> {
  if (device !== null) {
    const i = yield* ifNameToIndex(sys, device);
    return i === 0 ? -Errno.ENODEV : i;
  }
  const r = yield* sys.rtnetlink({ type: "RTM_GETROUTE", dump: false, family: 2, get: { dst: bytes4(dst) } });
  if (!r.ok) return -r.errno;
  const nh = r.routes?.[0]?.nexthops[0];
  // only what is on a link of ours has an entry
  if (nh && nh.gateway !== null) return -Errno.ENETUNREACH;
  return nh?.ifindex ?? -Errno.EINVAL;
}

/** arp_req_delete: an entry for others ("pub") is a proxy entry. */
function* remove(io: Io, dst: number, host: string, rest: readonly string[], device: string | null): Call<number> {
  const { sys } = io;
  const pub = rest.includes("pub");
  const what = pub ? "SIOCDARP(pub)" : "SIOCDARP(dontpub)";
  const ifindex = yield* deviceFor(sys, dst, device);
  if (ifindex < 0) return exit(255, `${what}: ${strerror(ifindex)}\n`);
  const neigh = { family: 2, ifindex, dst: bytes4(dst), state: 0, flags: pub ? NtfF.PROXY : 0 } as const;
  const r = yield* sys.rtnetlink({ type: "RTM_DELNEIGH", neigh });
  if (r.ok) return 0;
  if (r.errno !== Errno.ENOENT) return exit(255, `${what}: ${strerror(r.errno)}\n`);
  yield* io.out.print(`No ARP entry for ${host}\n`);
  return 255;
}

/** arp_req_set. With "pub" the kernel keeps no hardware address: it answers with that of the device. */
function* set(sys: Sys, dst: number, rest: readonly string[], device: string | null, useDevice: boolean): Call<number> {
  if (rest.length === 0) exit(255, "arp: need hardware address\n");
  let lladdr = etherAddress(rest[0]!);
  if (useDevice) {
    const i = yield* ifNameToIndex(sys, rest[0]!);
    if (i === 0) exit(255, `arp: cant get HW-Address for \`${rest[0]}': ${strerror(Errno.ENODEV)}.\n`);
    lladdr = (yield* linkByIndex(sys, i))?.address ?? null;
  }
  if (lladdr === null) exit(255, "arp: invalid hardware address\n");
  let state: number = Nud.PERMANENT;
  let pub = false;
  for (const w of rest.slice(1)) {
    if (w === "temp") state = Nud.STALE;
    else if (w === "pub") pub = true;
    else if (["priv", "trail", "dontpub", "auto", "dev", "netmask"].includes(w)) return yield* notSimulated(sys, "arp", w);
    else exit(3, usage());
  }
  const ifindex = yield* deviceFor(sys, dst, device);
  if (ifindex < 0) exit(255, `SIOCSARP: ${strerror(ifindex)}\n`);
  const link = yield* linkByIndex(sys, ifindex);
  if (link !== null && link.type !== "ether") exit(255, `SIOCSARP: ${strerror(Errno.EINVAL)}\n`);
  const to = { family: 2, ifindex, dst: bytes4(dst) } as const;
  const r = yield* sys.rtnetlink({
    type: "RTM_NEWNEIGH",
    flags: NlmF.CREATE | NlmF.REPLACE,
    neigh: pub ? { ...to, state: 0, flags: NtfF.PROXY } : { ...to, lladdr: lladdr!, state, flags: 0 },
  });
  return r.ok ? 0 : exit(255, `SIOCSARP: ${strerror(r.errno)}\n`);
}

export const commands: readonly Command[] = [
  {
    name: "arp",
    paths: ["/usr/sbin/arp", "/sbin/arp"],
    pkg: "net-tools 2.10-0.1",
    main: program(main),
    options,
    man: {
      summary: "show and change the ARP table",
      synopsis: ["arp [-vn] [-i IF] [-a|-e] [HOST]", "arp [-i IF] -d HOST", "arp [-i IF] -s HOST HWADDR [temp]"],
      description: [
        "arp shows which hardware address belongs to which IPv4 address on the local networks, as far as the kernel knows. `ip neigh` shows the same with the state of each entry.",
        "Flags: C complete, M set by hand, P answered for others. An entry without an address yet is (incomplete).",
      ],
      examples: [
        { cmd: "arp -n", what: "the table, with addresses instead of names" },
        { cmd: "arp -d 192.168.1.7", what: "forget one entry" },
      ],
      seeAlso: ["ip(8)", "arping(8)"],
    },
    complete: function* (sys, argv) {
      const last = argv[argv.length - 1] ?? "";
      return argv[argv.length - 2] === "-i" ? (yield* deviceNames(sys)).filter((d) => d.startsWith(last)) : [];
    },
  },
];
