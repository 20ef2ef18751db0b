/**
 * `ifconfig` of net-tools 2.10: shows interfaces, and carries out its words one after another, as the ioctls they are; a word
 * that fails does not stop those behind it. What the ioctls do to addresses is in address.ts.
 */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Sys } from "../../kernel/abi.ts";
import { IFF, type LinkAttrs } from "../../net/rtnl/messages.ts";
import { longForm, readInterface, readInterfaces, SHORT_HEAD, shortForm } from "../lib/interface-table.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { etherAddress, looksLikeName, NET_TOOLS } from "../lib/net-tools.ts";
import { getaddrinfo } from "../lib/resolve.ts";
import { deviceNames, linkByName } from "../lib/rtnl.ts";
import { addAlias, change6, deviceOf, setAddress, setBroadcast, setNetmask, setPeer, takeDown } from "./address.ts";

const options: readonly OptionSpec[] = [
  { names: ["-a"], help: "interfaces that are down, too" },
  { names: ["-s"], help: "a line for each, as netstat -i" },
  { names: ["-v"], help: "say more about some errors" },
  { names: ["-V", "--version"], help: "the version" },
  { names: ["-h", "-?", "--help"], help: "this help" },
  { names: ["keepalive", "outfill", "tunnel", "mem_start", "io_addr", "irq", "media"], help: "settings of old drivers", notModelled: true },
];

const HARDWARE = `    loop (Local Loopback) slip (Serial Line IP) cslip (VJ Serial Line IP) 
    slip6 (6-bit Serial Line IP) cslip6 (VJ 6-bit Serial Line IP) adaptive (Adaptive Serial Line IP) 
    ash (Ash) ether (Ethernet) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) tunnel (IPIP Tunnel) 
    ppp (Point-to-Point Protocol) hdlc ((Cisco)-HDLC) lapb (LAPB) 
    arcnet (ARCnet) dlci (Frame Relay DLCI) frad (Frame Relay Access Device) 
    sit (IPv6-in-IPv4) fddi (Fiber Distributed Data Interface) hippi (HIPPI) 
    irda (IrLAP) ec (Econet) x25 (generic X.25) 
    eui64 (Generic EUI-64) 
`;
const FAMILIES = `    unix (UNIX Domain) inet (DARPA Internet) inet6 (IPv6) 
    ax25 (AMPR AX.25) netrom (AMPR NET/ROM) rose (AMPR ROSE) 
    ipx (Novell IPX) ddp (Appletalk DDP) ec (Econet) 
    ash (Ash) x25 (CCITT X.25) 
`;
/** the two lists go to standard error even where the rest does not */
const usageText = (hardware: string, families: string): string => `Usage:
  ifconfig [-a] [-v] [-s] <interface> [[<AF>] <address>]
  [add <address>[/<prefixlen>]]
  [del <address>[/<prefixlen>]]
  [[-]broadcast [<address>]]  [[-]pointopoint [<address>]]
  [netmask <address>]  [dstaddr <address>]  [tunnel <address>]
  [outfill <NN>] [keepalive <NN>]
  [hw <HW> <address>]  [mtu <NN>]
  [[-]trailers]  [[-]arp]  [[-]allmulti]
  [multicast]  [[-]promisc]
  [mem_start <NN>]  [io_addr <NN>]  [irq <NN>]  [media <type>]
  [txqueuelen <NN>]
  [name <newname>]
  [[-]dynamic]
  [up|down] ...

  <HW>=Hardware Type.
  List of possible hardware types:
${hardware}  <AF>=Address family. Default: inet
  List of possible address families:
${families}`;
const USAGE = usageText(HARDWARE, FAMILIES);
const IFNAMSIZ = 16;
const HINT = "ifconfig: `--help' gives usage information.\n";

/** Words that switch a flag: its bit, and whether it is set. "-word" does the opposite. */
const FLAG_WORDS: ReadonlyMap<string, readonly [number, boolean]> = new Map([
  ["arp", [IFF.NOARP, false]],
  ["trailers", [IFF.NOTRAILERS, false]],
  ["promisc", [IFF.PROMISC, true]],
  ["multicast", [IFF.MULTICAST, true]],
  ["allmulti", [IFF.ALLMULTI, true]],
  ["dynamic", [IFF.DYNAMIC, true]],
]);
const NOT_MODELLED = ["keepalive", "outfill", "tunnel", "mem_start", "io_addr", "irq", "media"];
const OTHER_FAMILIES = ["unix", "ax25", "netrom", "rose", "ipx", "ddp", "ec", "ash", "x25"];

function* main(io: Io, args: readonly string[]): Call<number> {
  let all = false;
  let short = false;
  let i = 0;
  for (; i < args.length && args[i]!.startsWith("-"); i++) {
    const o = args[i]!;
    if (o === "-a") all = true;
    else if (o === "-s") short = true;
    else if (o === "-v") continue;
    else if (["-V", "-version", "--version"].includes(o)) {
      yield* io.out.print(NET_TOOLS);
      return 0;
    } else if (["-?", "-h", "-help", "--help"].includes(o)) {
      yield* err(io.sys, HARDWARE + FAMILIES);
      yield* io.out.print(usageText("", ""));
      return 0;
    } else exit(1, `ifconfig: option \`${o}' not recognised.\n${HINT}`);
  }
  const name = args[i];
  if (name === undefined) return yield* showAll(io, all, short);
  if (i + 1 < args.length) return yield* new Changes(io, name.slice(0, IFNAMSIZ - 1)).run(args.slice(i + 1));
  const one = yield* readInterface(io.sys, name);
  if (one === null) exit(1, `${name}: error fetching interface information: Device not found\n`);
  yield* io.out.print(short ? `Iface      MTU    ${SHORT_HEAD}${shortForm(one!)}` : longForm(one!));
  return 0;
}

function* showAll(io: Io, all: boolean, short: boolean): Call<number> {
  if (short) yield* io.out.print(`Iface      MTU    ${SHORT_HEAD}`);
  for (const i of yield* readInterfaces(io.sys)) {
    // a label may have outlived the name of its device
    if (deviceOf(i.name) !== i.link.name && (yield* linkByName(io.sys, deviceOf(i.name))) === null)
      exit(1, `${i.name}: error fetching interface information: Device not found\n`);
    if (all || i.link.flags & IFF.UP) yield* io.out.print(short ? shortForm(i) : longForm(i));
  }
  return 0;
}

/** The words behind the interface. */
class Changes {
  private readonly sys: Sys;
  private name: string;
  /** 0, 1, or 255: something about flags went wrong */
  private status = 0;
  private words: readonly string[] = [];
  private at = 0;
  private didNetmask = false;

  constructor(io: Io, name: string) {
    this.sys = io.sys;
    this.name = name;
  }

  private next(): string {
    this.at++;
    return this.words[this.at] ?? exit(3, USAGE);
  }

  /** A failed ioctl is named and the rest goes on. */
  private *check(result: number, what: string, status = 1): Call<void> {
    if (result >= 0) return;
    yield* err(this.sys, `${what}: ${strerror(result)}\n`);
    this.status |= status;
  }

  *run(words: readonly string[]): Call<number> {
    this.words = words;
    let family: 2 | 10 = 2;
    if (words[0] === "inet" || words[0] === "inet6") {
      family = words[0] === "inet6" ? 10 : 2;
      this.at = 1;
    } else if (OTHER_FAMILIES.includes(words[0]!)) exit(64, `hop: ifconfig: address family ${words[0]} is not simulated\n`);
    for (; this.at < words.length; this.at++) yield* this.word(words[this.at]!, family);
    return this.status;
  }

  private *word(w: string, family: 2 | 10): Call<void> {
    const flag = FLAG_WORDS.get(w.startsWith("-") ? w.slice(1) : w);
    if (flag !== undefined) return yield* this.flags(flag[0], flag[1] !== w.startsWith("-"), flag[1] && w.startsWith("-"));
    if (NOT_MODELLED.includes(w)) exit(64, `hop: ifconfig: ${w} is not simulated\n`);
    switch (w) {
      case "up":
        return yield* this.flags(IFF.UP, true, false);
      case "down":
        return yield* this.flags(IFF.UP, false, false);
      case "mtu":
        return yield* this.check(yield* this.link({ mtu: Number.parseInt(this.next(), 10) || 0 }), "SIOCSIFMTU");
      case "txqueuelen": {
        const n = Number.parseInt(this.next(), 10) || 0;
        return yield* this.check(n < 0 ? -Errno.EINVAL : yield* this.link({ txqlen: n }), "SIOCSIFTXQLEN");
      }
      case "name":
        return yield* this.rename(this.next());
      case "hw":
        return yield* this.hardware();
      case "netmask":
        if (this.didNetmask) exit(3, USAGE);
        return yield* this.netmask(yield* this.resolve(this.next(), 1, ""));
      case "broadcast":
      case "-broadcast":
        if (w.startsWith("-")) return yield* this.flags(IFF.BROADCAST, false, true);
        if (this.words[this.at + 1] !== undefined)
          yield* this.check(yield* setBroadcast(this.sys, this.name, yield* this.resolve(this.next(), 1, "")), "SIOCSIFBRDADDR");
        return yield* this.flags(IFF.BROADCAST, true, false);
      case "pointopoint":
      case "-pointopoint":
      case "dstaddr":
        if (w.startsWith("-")) return yield* this.flags(IFF.POINTOPOINT, false, true);
        if (w === "dstaddr" || this.words[this.at + 1] !== undefined)
          yield* this.check(yield* setPeer(this.sys, this.name, yield* this.resolve(this.next(), 1, "")), "SIOCSIFDSTADDR");
        if (w === "pointopoint") yield* this.flags(IFF.POINTOPOINT, true, false);
        return;
      case "add":
      case "del":
        return yield* this.addDel(w);
      default:
        return yield* this.address(w, family);
    }
  }

  /** RTM_NEWLINK for the device below an alias. */
  private *link(attrs: LinkAttrs): Call<number> {
    const l = yield* linkByName(this.sys, deviceOf(this.name));
    if (l === null) return -Errno.ENODEV;
    const r = yield* this.sys.rtnetlink({ type: "RTM_NEWLINK", flags: 0, ifindex: l.ifindex, attrs });
    return r.ok ? 0 : -r.errno;
  }

  /** set_flag, clr_flag, and (`test`) the look whether the flag is gone. */
  private *flags(bit: number, on: boolean, test: boolean): Call<void> {
    const l = yield* linkByName(this.sys, deviceOf(this.name));
    if (l === null) {
      yield* err(this.sys, `${this.name}: ERROR while getting interface flags: ${strerror(Errno.ENODEV)}\n`);
      if (test) yield* err(this.sys, `${this.name}: ERROR while testing interface flags: ${strerror(Errno.ENODEV)}\n`);
      this.status = 255;
      return;
    }
    if (this.name.includes(":")) return yield* this.check(yield* takeDown(this.sys, this.name, bit === IFF.UP && !on), "SIOCSIFFLAGS", 255);
    yield* this.check(yield* this.link({ flags: on ? bit : 0, change: bit }), "SIOCSIFFLAGS", 255);
  }

  private *rename(to: string): Call<void> {
    const r = yield* this.link({ name: to });
    yield* this.check(r, "SIOCSIFNAME");
    if (r >= 0) this.name = to;
  }

  private *hardware(): Call<void> {
    const hw = this.next();
    if (["loop", "slip", "ax25", "ppp", "tunnel", "infiniband"].includes(hw)) exit(64, `hop: ifconfig: hw ${hw} is not simulated\n`);
    if (hw !== "ether") exit(3, USAGE);
    const text = this.next();
    const address = etherAddress(text);
    if (address === null) {
      yield* err(this.sys, `${text}: invalid ether address.\n`);
      this.status |= 1;
      return;
    }
    // dev_set_mac_address: the family must be the device's
    const l = yield* linkByName(this.sys, deviceOf(this.name));
    const fits = l === null || l.type === "ether";
    yield* this.check(fits ? yield* this.link({ address }) : -Errno.EINVAL, "SIOCSIFHWADDR");
  }

  private *netmask(mask: number): Call<void> {
    this.didNetmask = true;
    yield* this.check(yield* setNetmask(this.sys, this.name, mask), "SIOCSIFNETMASK");
  }

  private *addDel(w: "add" | "del"): Call<void> {
    const text = this.next();
    if (!text.includes(":")) {
      const addr = yield* this.resolve(text, 1, "");
      if (w === "del") exit(64, "hop: ifconfig: del of an IPv4 address is not simulated\n");
      yield* this.check(yield* addAlias(this.sys, this.name, addr), "SIOCSIFADDR");
      return;
    }
    const slash = text.indexOf("/");
    const len = slash < 0 ? 128 : Number.parseInt(text.slice(slash + 1), 10);
    if (!(len >= 0 && len <= 128)) exit(3, USAGE);
    const r = yield* getaddrinfo(this.sys, slash < 0 ? text : text.slice(0, slash), 10);
    const a = typeof r === "string" ? undefined : r.addrs[0];
    if (a === undefined || a.family !== 10) return exit(1, `${text}: Host name lookup failure\n`);
    const code = yield* change6(this.sys, this.name, w, a.addr, len);
    yield* this.check(code, code === -Errno.ENODEV ? "SIOGIFINDEX" : w === "add" ? "SIOCSIFADDR" : "SIOCDIFADDR");
  }

  /** A bare word is an address, with a prefix length perhaps; the interface goes up with it. */
  private *address(word: string, family: 2 | 10): Call<void> {
    if (family === 10) {
      const r = yield* getaddrinfo(this.sys, word, 10);
      if (typeof r === "string") exit(1, `${word}: Unknown host\n${HINT}`);
      exit(1, "Don't know how to set addresses for family 10.\n");
    }
    const slash = word.indexOf("/");
    let mask: number | null = null;
    if (slash >= 0) {
      const bits = word.slice(slash + 1);
      if (!/^[0-9]*$/.test(bits)) exit(3, USAGE);
      // the shift of the real one wraps around: /32 is /0, /33 is /1
      mask = ~(0xffffffff >>> (Number(bits) & 31)) >>> 0;
      if (this.didNetmask) exit(3, USAGE);
    }
    const addr = yield* this.resolve(slash < 0 ? word : word.slice(0, slash), 1, HINT);
    yield* this.check(yield* setAddress(this.sys, this.name, addr), "SIOCSIFADDR");
    // 0.0.0.0 brings the device up as well, but an alias is gone with it
    if (addr !== 0 || !this.name.includes(":")) yield* this.flags(IFF.UP, true, false);
    if (mask !== null) yield* this.netmask(mask);
  }

  /** INET_input: an address, a name of /etc/hosts, or the end. */
  private *resolve(text: string, status: number, after: string): Call<number> {
    if (text === "default") return 0;
    const r = yield* getaddrinfo(this.sys, text, 2);
    const a = typeof r === "string" ? undefined : r.addrs[0];
    if (a !== undefined && a.family === 2) return a.addr;
    const why = text === "" ? "Unknown server error" : looksLikeName(text) ? `${text}: Host name lookup failure` : `${text}: Unknown host`;
    return exit(status, `${why}\n${after}`);
  }
}

const KEYWORDS = [
  "up",
  "down",
  "netmask",
  "broadcast",
  "mtu",
  "hw",
  "promisc",
  "-promisc",
  "arp",
  "-arp",
  "add",
  "del",
  "txqueuelen",
  "name",
];

export const commands: readonly Command[] = [
  {
    name: "ifconfig",
    paths: ["/usr/sbin/ifconfig", "/sbin/ifconfig"],
    pkg: "net-tools 2.10-0.1",
    main: program(main),
    options,
    man: {
      summary: "show and set up network interfaces, the old way",
      synopsis: ["ifconfig [-a] [-s] [INTERFACE]", "ifconfig INTERFACE [ADDRESS[/LENGTH]] [WORD [VALUE]]…"],
      description: [
        "ifconfig shows the interfaces that are up, their addresses and counters; -a shows all. Given an address it sets it and brings the interface up; other words follow in the order in which they are to be done: up, down, netmask MASK, broadcast ADDRESS, mtu N, hw ether MAC, promisc, arp, allmulti, multicast and their opposites with a minus, txqueuelen N, name NEW, add and del for IPv6 addresses.",
        "An address without a length or a netmask gets the length of its old class: 8 for 10.0.0.0, 16 for 172.16.0.0, 24 for 192.168.0.0. A name such as eth0:1 stands for a further address of eth0.",
        "`ip address` and `ip link` do all of this and more.",
      ],
      examples: [
        { cmd: "ifconfig eth0 10.0.0.2 netmask 255.255.255.0", what: "sets the address and switches eth0 on" },
        { cmd: "ifconfig eth0 down", what: "switches it off" },
        { cmd: "ifconfig eth0:1 10.0.1.2/24", what: "a second address" },
      ],
      seeAlso: ["ip(8)", "route(8)", "netstat(8)"],
    },
    complete: function* (sys, argv) {
      const last = argv[argv.length - 1] ?? "";
      const words = argv.length <= 2 || argv[argv.length - 2]!.startsWith("-") ? yield* deviceNames(sys) : KEYWORDS;
      return words.filter((w) => w.startsWith(last));
    },
  },
];
