/** `ip link`: add, delete, set and show network devices (iplink.c of iproute2 6.1). */
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { IFF, type LinkAttrs, NlmF } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { showLinks } from "./addr-show.ts";
import { fail, Args, duparg, duparg2, getInteger, getLladdr, invarg, matches, nodev, notModelled, onOff, validIfname } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";
import { kindHelp, parseKind, vethUsage } from "./link-kinds.ts";
import { OPER_NAMES } from "./link-print.ts";
import { NETNS_RUN_DIR } from "../lib/iproute/netns.ts";

export function* doLink(ctx: Ctx, words: readonly string[]): Call<number> {
  const rest = new Args(words.slice(1));
  const cmd = words[0];
  if (cmd === undefined) return yield* showLinks(ctx, rest, true, linkUsage);
  if (matches(cmd, "add")) return yield* modify(ctx, "add", rest);
  if (matches(cmd, "set") || matches(cmd, "change")) return yield* modify(ctx, "set", rest);
  if (matches(cmd, "replace")) return yield* modify(ctx, "replace", rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, "delete", rest);
  if (matches(cmd, "show") || matches(cmd, "lst") || matches(cmd, "list")) return yield* showLinks(ctx, rest, true, linkUsage);
  if (matches(cmd, "xstats")) notModelled("link xstats");
  if (matches(cmd, "afstats")) notModelled("link afstats");
  if (matches(cmd, "property")) return yield* property(ctx, rest);
  if (matches(cmd, "help")) {
    const help = rest.more ? kindHelp(rest.word) : null;
    if (help === null) linkUsage();
    yield* ctx.io.out.print(help!);
    return 0;
  }
  return exit(-1, `Command "${cmd}" is unknown, try "ip link help".\n`);
}

function linkUsage(): never {
  return usage("link");
}

// ---------------------------------------------------------------- reading the words of add, set, delete

const BOTH_NAMES = 'both "name" and "dev" cannot be used when creating devices.\n';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Parsed {
  readonly attrs: Mutable<LinkAttrs>;
  dev: string | null;
  name: string | null;
  type: string | null;
  link: string | null;
  group: number;
  index: number;
  addressLength: number;
  /** descriptors of namespaces, to be closed after the request */
  readonly fds: number[];
}

const OPER_WORDS: readonly string[] = OPER_NAMES.map((n) => n.toLowerCase());
const GEN_MODES = ["eui64", "none", "stable_secret", "random"] as const;
/** device kinds of Debian's kernel that are not simulated; what it has not either is the kernel's "Unknown device type" */
const OTHER_KINDS: ReadonlySet<string> = new Set([
  "vxlan",
  "geneve",
  "macvlan",
  "macvtap",
  "ipvlan",
  "ipvtap",
  "bond",
  "bond_slave",
  "team",
  "gre",
  "gretap",
  "ip6gre",
  "ip6gretap",
  "erspan",
  "ip6erspan",
  "ipip",
  "sit",
  "ip6tnl",
  "vti",
  "vti6",
  "vrf",
  "vrf_slave",
  "wireguard",
  "xfrm",
  "ifb",
  "nlmon",
  "macsec",
  "can",
  "vcan",
  "vxcan",
  "netdevsim",
]);
/** words of iplink_parse whose effect is not simulated */
const NOT_MODELLED = [
  "xdpgeneric",
  "xdpdrv",
  "xdpoffload",
  "xdp",
  "vf",
  "protodown_reason",
  "gso_max_size",
  "gso_max_segs",
  "gro_max_size",
  "parentdev",
  "link-netnsid",
];

/** iplink_parse: up to `type KIND`, whose own words are left in `args`. */
function* parse(ctx: Ctx, args: Args): Call<Parsed> {
  const a: Mutable<LinkAttrs> = {};
  const r: Parsed = { attrs: a, dev: null, name: null, type: null, link: null, group: -1, index: 0, addressLength: -1, fds: [] };
  const flag = (bit: number, on: boolean): void => {
    a.change = (a.change ?? 0) | bit;
    a.flags = on ? (a.flags ?? 0) | bit : (a.flags ?? 0) & ~bit;
  };
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "up") flag(IFF.UP, true);
    else if (w === "down") flag(IFF.UP, false);
    else if (w === "name") {
      args.next();
      if (r.name !== null) duparg("name", args.word);
      if (!validIfname(args.word)) invarg('"name" not a valid ifname', args.word);
      r.name = args.word;
      r.dev ??= r.name;
    } else if (w === "index") {
      args.next();
      if (r.index !== 0) duparg("index", args.word);
      r.index = Number.parseInt(args.word, 10) || 0;
      if (r.index <= 0) invarg('Invalid "index" value', args.word);
    } else if (matches(w, "link")) r.link = args.next();
    else if (matches(w, "address")) {
      a.address = getLladdr(args.next());
      r.addressLength = a.address.length;
    } else if (matches(w, "broadcast") || w === "brd") a.broadcast = getLladdr(args.next());
    else if (matches(w, "txqueuelen") || w === "qlen" || matches(w, "txqlen")) a.txqlen = number(args, "txqueuelen", a.txqlen) >>> 0;
    else if (w === "mtu") a.mtu = number(args, "mtu", a.mtu);
    else if (w === "netns") yield* netnsWord(ctx, args, r);
    else if (w === "multicast") flag(IFF.MULTICAST, onOff("multicast", args.next()));
    else if (w === "allmulticast") flag(IFF.ALLMULTI, onOff("allmulticast", args.next()));
    else if (w === "promisc") flag(IFF.PROMISC, onOff("promisc", args.next()));
    else if (w === "carrier") a.carrier = onOff("carrier", args.next());
    else if (w === "trailers") flag(IFF.NOTRAILERS, !onOff("trailers", args.next()));
    else if (w === "arp") flag(IFF.NOARP, !onOff("arp", args.next()));
    else if (NOT_MODELLED.includes(w)) notModelledWord(args, w);
    else if (matches(w, "master")) {
      const n = yield* ctx.links.index(args.next());
      if (n === 0) invarg("Device does not exist\n", args.word);
      a.master = n;
    } else if (w === "vrf") invarg("Not a valid VRF name\n", args.next());
    else if (matches(w, "nomaster")) a.master = 0;
    else if (matches(w, "dynamic")) flag(IFF.DYNAMIC, onOff("dynamic", args.next()));
    else if (matches(w, "type")) {
      r.type = args.next();
      args.at++;
      break;
    } else if (matches(w, "alias")) {
      a.alias = args.next();
      if (a.alias.length >= 256) invarg("alias too long\n", a.alias);
    } else if (matches(w, "group")) {
      args.next();
      if (r.group !== -1) duparg("group", args.word);
      const n = ctx.names.groupNumber(args.word);
      if (n === null) invarg('Invalid "group" value\n', args.word);
      r.group = n;
      a.group = n;
    } else if (w === "mode") {
      const n = ["default", "dormant"].indexOf(args.next().toLowerCase());
      if (n < 0) invarg("Invalid link mode\n", args.word);
      a.linkmode = n;
    } else if (w === "state") {
      const n = OPER_WORDS.indexOf(args.next().toLowerCase());
      if (n < 0) invarg("Invalid operstate\n", args.word);
      a.operstate = n;
    } else if (matches(w, "numtxqueues")) a.numTxQueues = number(args, "numtxqueues", a.numTxQueues);
    else if (matches(w, "numrxqueues")) a.numRxQueues = number(args, "numrxqueues", a.numRxQueues);
    else if (matches(w, "addrgenmode")) {
      const word = args.next().toLowerCase();
      const mode = GEN_MODES.find((m) => m === word);
      if (mode === undefined) invarg("Invalid address generation mode\n", args.word);
      a.addrGenMode = mode;
    } else if (w === "protodown") {
      args.next();
      if (args.word !== "on" && args.word !== "off")
        exit(22, `Error: argument of "protodown" must be one of "off", "on", not "${args.word}"\n`);
      a.protodown = args.word === "on";
    } else {
      if (matches(w, "help")) linkUsage();
      if (w === "dev") args.next();
      if (r.dev !== r.name) duparg2("dev", args.word);
      if (!validIfname(args.word, 128)) invarg('"dev" not a valid ifname', args.word);
      r.dev = args.word;
    }
  }
  // "ip link add dev X" and "ip link add name X" mean the same
  r.name ??= r.dev;
  r.dev ??= r.name;
  return r;
}

function number(args: Args, key: string, before: number | undefined): number {
  args.next();
  if (before !== undefined) duparg(key, args.word);
  const n = getInteger(args.word);
  if (n === null) invarg(`Invalid "${key}" value\n`, args.word);
  return n;
}

function notModelledWord(args: Args, w: string): never {
  args.next();
  if ((w.startsWith("g") || w === "link-netnsid") && getInteger(args.word) === null) invarg(`Invalid "${w}" value\n`, args.word);
  return notModelled(`link ${w}`);
}

function* netnsWord(ctx: Ctx, args: Args, r: Parsed): Call<void> {
  const w = args.next();
  if (r.attrs.netns !== undefined) duparg("netns", w);
  const fd = yield* ctx.sys.open(w.includes("/") ? w : `${NETNS_RUN_DIR}/${w}`, O.RDONLY | O.CLOEXEC, 0);
  if (fd >= 0) {
    r.fds.push(fd);
    r.attrs.netns = { fd };
    return;
  }
  const pid = getInteger(w);
  if (pid === null) invarg('Invalid "netns" value\n', w);
  r.attrs.netns = { pid };
}

// ---------------------------------------------------------------- the requests

function* modify(ctx: Ctx, what: "add" | "set" | "replace" | "delete", args: Args): Call<number> {
  const create = what === "add" || what === "replace";
  const r = yield* parse(ctx, args);
  const a = r.attrs;
  if (r.dev !== null && r.addressLength >= 0 && (!create || r.name !== r.dev || a.address !== undefined)) {
    const l = yield* ctx.sys.rtnetlink({ type: "RTM_GETLINK", name: r.dev });
    const have = l.ok ? l.links?.[0]?.address.length : undefined;
    if (have !== undefined && have > 0 && have !== r.addressLength)
      fail(`Invalid address length ${r.addressLength} - must be ${have} bytes\n`);
  }
  if (r.index !== 0 && !create && a.netns === undefined)
    exit(-1, "index can be used only when creating devices or when moving device to another netns.\n");
  if (r.group !== -1 && r.dev === null && !create) {
    const reply =
      what === "delete"
        ? yield* ctx.talk({ type: "RTM_DELLINK", ifindex: 0, group: r.group })
        : yield* ctx.talk({ type: "RTM_NEWLINK", flags: 0, ifindex: 0, attrs: a });
    return reply === null ? 2 : 0;
  }
  let ifindex = 0;
  if (create) {
    if (r.name !== r.dev) exit(-1, BOTH_NAMES);
    if (r.link !== null) {
      a.link = yield* ctx.links.index(r.link);
      if (a.link === 0) nodev(r.link);
    }
    ifindex = r.index;
    if (r.name !== null) a.name = r.name;
  } else {
    if (r.dev === null) exit(-1, 'Not enough information: "dev" argument is required.\n');
    ifindex = yield* ctx.links.index(r.dev);
    if (ifindex === 0) nodev(r.dev);
    // no renaming to the name it has
    if (r.name !== r.dev && r.name !== null) a.name = r.name;
    if (r.index !== 0) a.newIfindex = r.index;
  }
  if (r.type !== null) {
    const slave = r.type.endsWith("_slave");
    if (OTHER_KINDS.has(r.type)) notModelled(`link … type ${r.type}`);
    a.kind = slave ? undefined : r.type;
    if (r.type === "veth" && args.more) {
      if (args.word !== "peer") {
        yield* ctx.io.out.print(vethUsage());
        return 1;
      }
      args.at++;
      const peer = yield* parse(ctx, args);
      if (peer.type !== null) duparg("type", peer.type);
      if (peer.name !== peer.dev) exit(-1, BOTH_NAMES);
      if (peer.name !== null) peer.attrs.name = peer.name;
      if (peer.index !== 0) peer.attrs.newIfindex = peer.index;
      r.fds.push(...peer.fds);
      a.peer = peer.attrs;
    } else if (args.more) {
      const data = yield* parseKind(ctx, r.type, args);
      if (data === null) {
        if (matches(args.word, "help")) linkUsage();
        fail(`Garbage instead of arguments "${args.word} ...". Try "ip link help".\n`);
      }
      if (slave) a.slaveData = data;
      else a.data = data;
    }
  } else if (create) fail('Not enough information: "type" argument is required\n');

  const flags = what === "add" ? NlmF.CREATE | NlmF.EXCL : what === "replace" ? NlmF.CREATE | NlmF.REPLACE : 0;
  const reply =
    what === "delete"
      ? yield* ctx.talk({ type: "RTM_DELLINK", ifindex, ...(a.kind === undefined ? {} : { kind: a.kind }) })
      : yield* ctx.talk({ type: "RTM_NEWLINK", flags, ifindex, attrs: a });
  for (const fd of r.fds) yield* ctx.sys.close(fd);
  ctx.links.forget();
  return reply === null ? 2 : 0;
}

/** `ip link property add|del dev DEV [altname NAME]…` */
function* property(ctx: Ctx, args: Args): Call<number> {
  if (!args.more) linkUsage();
  const op = args.word;
  const add = matches(op, "add");
  if (!add && !matches(op, "del")) {
    if (matches(op, "help")) linkUsage();
    exit(-1, "Operator required\n");
  }
  let dev: string | null = null;
  const altnames: string[] = [];
  for (args.at++; args.more; args.at++) {
    const w = args.word;
    if (matches(w, "altname")) {
      altnames.push(args.next());
      if (!validIfname(args.word, 128)) invarg('"altname" not a valid ifname', args.word);
    } else {
      if (matches(w, "help")) linkUsage();
      if (w === "dev") args.next();
      if (dev !== null) duparg2("dev", args.word);
      if (!validIfname(args.word, 128)) invarg('"dev" not a valid ifname', args.word);
      dev = args.word;
    }
  }
  if (dev === null) exit(-1, 'Not enough of information: "dev" argument is required.\n');
  const ifindex = yield* ctx.links.index(dev);
  if (ifindex === 0) nodev(dev);
  for (const altname of altnames) {
    const r = yield* ctx.talk({ type: add ? "RTM_NEWLINKPROP" : "RTM_DELLINKPROP", ifindex, altname });
    if (r === null) return 2;
  }
  ctx.links.forget();
  return 0;
}
