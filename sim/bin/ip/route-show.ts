/** `ip route show|flush`: the selector, one route as text or JSON, the rounds of a flush (iproute.c of iproute2 6.1). */
import { utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import { type Call, O } from "../../kernel/abi.ts";
import { type NexthopRow, RtnhF, type RouteRow, RtProt, RtScope, RtTable, RtType } from "../../net/rtnl/messages.ts";
import { exit, writeAll } from "../lib/io.ts";
import { fmtAddr, nameOf, readHosts } from "../lib/resolve.ts";
import {
  fail,
  addrMatches,
  type Args,
  type Family,
  getPrefix,
  getUnsigned,
  invarg,
  matches,
  nodev,
  notModelled,
  type Prefix,
} from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { routeKey } from "./route-request.ts";
import { kernelError } from "../lib/iproute/links.ts";
import { printNexthopInfo } from "./nexthop.ts";
import { familyColor, Printer } from "../lib/iproute/print.ts";

export interface Selector {
  family: Family;
  /** 0: all */
  table: number;
  cloned: boolean;
  tos: number | null;
  protocol: number | null;
  scope: number | null;
  type: number | null;
  oif: number | null;
  iif: number | null;
  metric: number | null;
  via: Prefix | null;
  prefsrc: Prefix | null;
  /** the route must lie within */
  root: Prefix | null;
  /** the route must cover */
  match: Prefix | null;
  srcRoot: Prefix | null;
  srcMatch: Prefix | null;
}

export function* parseSelector(ctx: Ctx, args: Args, usage: () => never): Call<Selector> {
  const { names } = ctx;
  const f: Selector = {
    family: ctx.opts.family,
    table: RtTable.MAIN,
    cloned: false,
    tos: null,
    protocol: null,
    scope: null,
    type: null,
    oif: null,
    iif: null,
    metric: null,
    via: null,
    prefsrc: null,
    root: null,
    match: null,
    srcRoot: null,
    srcMatch: null,
  };
  let od: string | null = null;
  let id: string | null = null;
  for (; args.more; args.at++) {
    const w = args.word;
    if (matches(w, "table")) {
      args.next();
      const n = names.tableNumber(args.word);
      if (n !== null) f.table = n;
      else if (args.word === "all") f.table = 0;
      else if (args.word === "cache") f.cloned = true;
      else if (args.word === "help") usage();
      else invarg("table id value is invalid\n", args.word);
    } else if (matches(w, "vrf")) invarg("Invalid VRF\n", args.next());
    else if (matches(w, "cached") || matches(w, "cloned")) f.cloned = true;
    else if (w === "tos" || matches(w, "dsfield")) {
      f.tos = names.dsfieldNumber(args.next());
      if (f.tos === null) invarg("TOS value is invalid\n", args.word);
    } else if (matches(w, "protocol")) {
      f.protocol = names.protocolNumber(args.next());
      if (f.protocol === null && args.word !== "all") invarg('invalid "protocol"\n', args.word);
    } else if (matches(w, "scope")) {
      f.scope = names.scopeNumber(args.next());
      if (f.scope === null && args.word !== "all") invarg('invalid "scope"\n', args.word);
    } else if (matches(w, "type")) {
      f.type = names.routeTypeNumber(args.next());
      if (f.type === null) invarg("node type value is invalid\n", args.word);
    } else if (w === "dev" || w === "oif") od = args.next();
    else if (w === "iif") id = args.next();
    else if (w === "mark") notModelled("route show mark");
    else if (matches(w, "metric") || matches(w, "priority") || w === "preference") {
      f.metric = getUnsigned(args.next());
      if (f.metric === null) invarg('"metric" value is invalid\n', args.word);
    } else if (w === "via") {
      args.next();
      const family = readFamily(args.word);
      if (family !== null) args.next();
      f.via = getPrefix(args.word, family ?? f.family);
    } else if (w === "src") f.prefsrc = getPrefix(args.next(), f.family);
    else if (matches(w, "realms")) notModelled("route show realms");
    else if (matches(w, "from")) {
      args.next();
      if (matches(args.word, "root")) f.srcRoot = getPrefix(args.next(), f.family);
      else if (matches(args.word, "match")) f.srcMatch = getPrefix(args.next(), f.family);
      else {
        if (matches(args.word, "exact")) args.next();
        f.srcRoot = f.srcMatch = getPrefix(args.word, f.family);
      }
    } else {
      if (matches(w, "to")) args.next();
      if (matches(args.word, "root")) f.root = getPrefix(args.next(), f.family);
      else if (matches(args.word, "match")) f.match = getPrefix(args.next(), f.family);
      else {
        if (matches(args.word, "exact")) args.next();
        f.root = f.match = getPrefix(args.word, f.family);
      }
    }
  }
  // an IPv6 prefix does not choose the family; it just never matches
  if (f.family === 0 && f.table !== 0) f.family = 2;
  if (id !== null) {
    f.iif = yield* ctx.links.index(id);
    if (f.iif === 0) nodev(id);
  }
  if (od !== null) {
    f.oif = yield* ctx.links.index(od);
    if (f.oif === 0) nodev(od);
  }
  return f;
}

/** read_family: a word that names an address family in `via FAMILY ADDRESS`. */
export function readFamily(word: string): 2 | 10 | null {
  return word === "inet" ? 2 : word === "inet6" ? 10 : null;
}

/** inet_addr_match against a prefix; one without a family ("default" before any family is known) has length 0. */
function within(addr: Uint8Array | null, family: number, p: Prefix, bits: number): boolean {
  if (p.family !== 0 && p.family !== family) return false;
  return addrMatches(addr ?? new Uint8Array(0), p.bytes, bits);
}

function selects(f: Selector, r: RouteRow): boolean {
  if (f.family !== 0 && r.family !== f.family) return false;
  if (f.table !== 0 && r.table !== f.table) return false;
  if (f.tos !== null && r.tos !== f.tos) return false;
  if (f.protocol !== null && r.protocol !== f.protocol) return false;
  if (f.scope !== null && r.scope !== f.scope) return false;
  if (f.type !== null && r.type !== f.type) return false;
  if (f.metric !== null && r.priority !== f.metric) return false;
  if (f.iif !== null) return false;
  if (f.root !== null && (f.root.bitlen > r.dstLen || !within(r.dst, r.family, f.root, f.root.bitlen))) return false;
  if (f.match !== null && (f.match.bitlen < r.dstLen || !within(r.dst, r.family, f.match, r.dstLen))) return false;
  if (f.srcRoot !== null && (f.srcRoot.bitlen > r.srcLen || !within(r.src, r.family, f.srcRoot, f.srcRoot.bitlen))) return false;
  if (f.srcMatch !== null && (f.srcMatch.bitlen < r.srcLen || !within(r.src, r.family, f.srcMatch, r.srcLen))) return false;
  const nh = r.nexthops.length === 1 ? r.nexthops[0]! : null;
  if (
    f.via !== null &&
    (nh === null || nh.gateway === null || nh.gatewayFamily !== f.via.family || !addrMatches(nh.gateway, f.via.bytes, f.via.bitlen))
  )
    return false;
  if (f.prefsrc !== null && (r.prefsrc === null || !within(r.prefsrc, r.family, f.prefsrc, f.prefsrc.bitlen))) return false;
  return f.oif === null || nh?.ifindex === f.oif;
}

/** What passes the selector. An error of the kernel ends the program: "Dump terminated" or "Flush terminated", status 2. */
export function* selectRoutes(ctx: Ctx, f: Selector, what: "Dump" | "Flush"): Call<readonly RouteRow[]> {
  const family = f.family === 2 || f.family === 10 ? f.family : 0;
  const r = yield* ctx.sys.rtnetlink({
    type: "RTM_GETROUTE",
    dump: true,
    family,
    cached: f.cloned,
    ...(f.table === 0 ? {} : { table: f.table }),
  });
  if (!r.ok) return exit(2, `${kernelError(r.errno, r.extack)}${what} terminated\n`);
  return (r.routes ?? []).filter((row) => selects(f, row));
}

export function* showRoutes(ctx: Ctx, args: Args, usage: () => never): Call<number> {
  const { opts } = ctx;
  const f = yield* parseSelector(ctx, args, usage);
  yield* ctx.links.load();
  const hostName = yield* resolver(ctx);
  const p = ctx.printer();
  p.begin();
  // an error of the kernel comes behind the opening bracket of JSON
  yield* ctx.flush(p);
  for (const r of yield* selectRoutes(ctx, f, "Dump")) {
    if (opts.details > 0 && r.nhId !== undefined) yield* ctx.learnNexthop(r.nhId);
    printRoute(ctx, p, r, f, hostName);
    yield* ctx.flush(p);
  }
  yield* ctx.finish(p);
  return 0;
}

export function* resolver(ctx: Ctx): Call<(a: Uint8Array) => string> {
  const hosts = ctx.opts.resolve ? yield* readHosts(ctx.sys) : [];
  return (a) => nameOf(hosts, a) ?? fmtAddr(a);
}

const ROUTE_FLUSH = "/proc/sys/net/ipv4/route/flush";

/** `ip route flush SELECTOR` */
export function* flushRoutes(ctx: Ctx, args: Args, usage: () => never): Call<number> {
  const { opts } = ctx;
  if (!args.more) return fail('"ip route flush" requires arguments.\n');
  const f = yield* parseSelector(ctx, args, usage);
  yield* ctx.links.load();
  if (f.cloned && f.family !== 10) {
    const fd = yield* ctx.sys.open(ROUTE_FLUSH, O.WRONLY, 0);
    if (fd < 0) yield* ctx.err(`Cannot open "${ROUTE_FLUSH}": ${strerror(fd)}\n`);
    else {
      yield* writeAll(ctx.sys, fd, utf8("-1"));
      yield* ctx.sys.close(fd);
    }
    if (opts.stats > 0) yield* ctx.io.out.print("*** IPv4 routing cache is flushed.\n");
    return 0;
  }
  const hostName = yield* resolver(ctx);
  for (let round = 0; ;) {
    // the default route of IPv6 and what the kernel keeps for itself comes back; routes seen before do not count
    const hit = yield* selectRoutes(ctx, f, "Flush");
    if (hit.length === 0 || round >= 10) {
      if (opts.stats > 0)
        yield* ctx.io.out.print(
          round === 0 ? "Nothing to flush.\n" : `*** Flush is complete after ${round} round${round > 1 ? "s" : ""} ***\n`,
        );
      return 0;
    }
    round++;
    if (opts.stats > 1) {
      const p = new Printer(false, false, opts.oneline, opts.color);
      for (const r of hit) printRoute(ctx, p, r, f, hostName);
      yield* ctx.flush(p);
    }
    for (const r of hit) {
      const nh = r.nexthops.length === 1 ? r.nexthops[0]! : null;
      yield* ctx.sys.rtnetlink({
        type: "RTM_DELROUTE",
        ...(f.cloned ? { cached: true } : {}),
        route: {
          ...routeKey(r),
          flags: 0,
          priority: r.priority,
          ...(r.prefsrc === null ? {} : { prefsrc: r.prefsrc }),
          ...(nh === null ? {} : { oif: nh.ifindex }),
          ...(nh?.gateway ? { gateway: nh.gateway, gatewayFamily: nh.gatewayFamily } : {}),
        },
      });
    }
    if (opts.stats > 0) yield* ctx.io.out.print(`\n*** Round ${round}, deleting ${hit.length} entries ***\n`);
  }
}

// ---------------------------------------------------------------- one route

const METRICS: readonly (readonly [number, string])[] = [
  [2, "mtu"],
  [3, "window"],
  [4, "rtt"],
  [5, "rttvar"],
  [6, "ssthresh"],
  [7, "cwnd"],
  [8, "advmss"],
  [9, "reordering"],
  [10, "hoplimit"],
  [11, "initcwnd"],
  [12, "features"],
  [13, "rto_min"],
  [14, "initrwnd"],
  [15, "quickack"],
];

/** print_route. A selector hides the column it fixes. */
export function printRoute(ctx: Ctx, p: Printer, r: RouteRow, f: Selector | null, hostName: (a: Uint8Array) => string): void {
  const { opts, names, links } = ctx;
  const hostLen = r.family === 10 ? 128 : 32;
  p.openObject();
  if (r.type !== RtType.UNICAST || opts.details > 0) p.any("type", names.routeType(r.type), `${names.routeType(r.type)} `);
  const isDefault = r.dstLen === 0 && r.cache === null && (r.dst.length === 0 || r.dst.every((b) => b === 0));
  const dst = isDefault ? "default" : r.dstLen === hostLen ? hostName(r.dst) : `${hostName(r.dst)}/${r.dstLen}`;
  p.color(isDefault ? "none" : familyColor(r.family), "dst", dst, `${dst} `);
  if (r.src !== null) {
    const src = r.srcLen === hostLen || r.srcLen === 0 ? hostName(r.src) : `${fmtAddr(r.src)}/${r.srcLen}`;
    p.fp("from ");
    p.color(familyColor(r.family), "from", src, `${src} `);
  }
  if (r.tos !== 0 && (f === null || f.tos === null)) p.any("tos", names.dsfield(r.tos), `tos ${names.dsfield(r.tos)} `);
  if (r.nhId !== undefined) p.any("nhid", r.nhId, `nhid ${r.nhId} `);
  const nh = r.nexthops.length === 1 ? r.nexthops[0]! : null;
  if (nh !== null) {
    if (nh.gateway !== null && (f === null || f.via === null || f.via.bitlen !== hostLen)) printGateway(p, nh, r.family, hostName);
    if (nh.ifindex !== 0 && (f === null || f.oif === null)) {
      p.fp("dev ");
      p.color("ifname", "dev", links.name(nh.ifindex), `${links.name(nh.ifindex)} `);
    }
  }
  // a result without a look-up (limited broadcast, a source-bound one) carries no table
  if (((r.table !== RtTable.MAIN && r.table !== RtTable.UNSPEC) || opts.details > 0) && (f === null || f.table === 0))
    p.any("table", names.table(r.table), `table ${names.table(r.table)} `);
  if (r.cache === null) {
    if ((r.protocol !== RtProt.BOOT || opts.details > 0) && (f === null || f.protocol === null))
      p.any("protocol", names.protocol(r.protocol), `proto ${names.protocol(r.protocol)} `);
    if ((r.scope !== RtScope.UNIVERSE || opts.details > 0) && (f === null || f.scope === null))
      p.any("scope", names.scope(r.scope), `scope ${names.scope(r.scope)} `);
  }
  if (r.prefsrc !== null && (f === null || f.prefsrc === null || f.prefsrc.bitlen !== hostLen)) {
    p.fp("src ");
    p.color(familyColor(r.family), "prefsrc", hostName(r.prefsrc), `${hostName(r.prefsrc)} `);
  }
  if ((r.priority !== 0 || r.family === 10) && (f === null || f.metric === null)) p.any("metric", r.priority, `metric ${r.priority} `);
  printFlags(p, r.flags | (nh?.flags ?? 0), r.cache?.flags.includes("mc") === true);
  const c = r.cache;
  if (c !== null) {
    if (c.mark !== 0) p.any("mark", c.mark, c.mark >= 16 ? `mark 0x${c.mark.toString(16)} ` : `mark ${c.mark} `);
    if (c.uid !== null) p.any("uid", c.uid, `uid ${c.uid} `);
    if (r.family === 2) {
      p.nl();
      p.fp("    cache ");
      p.openArray("cache", c.flags.length > 0 ? "<" : "");
      c.flags.forEach((w, i) => p.any(null, w, i < c.flags.length - 1 ? `${w},` : w));
      p.closeArray(c.flags.length > 0 ? "> " : "");
    }
    if (c.expires !== null) p.any("expires", c.expires, `expires ${c.expires}sec `);
  }
  if (r.expires !== undefined && c === null) p.any("expires", r.expires, `expires ${r.expires}sec `);
  printMetrics(p, r.metrics);
  const iif = r.iif ?? c?.iif ?? 0;
  if (iif !== 0) {
    p.fp("iif ");
    p.color("ifname", "iif", links.name(iif), `${links.name(iif)} `);
  }
  if (r.pref !== null) p.any("pref", r.pref, `pref ${r.pref}${r.nexthops.length > 1 ? " " : ""}`);
  const nexthop = r.nhId === undefined ? undefined : ctx.nexthops.get(r.nhId);
  if (nexthop !== undefined) printNexthopInfo(ctx, p, nexthop);
  if (r.nexthops.length > 1) printMultipath(ctx, p, r, hostName);
  p.fp("\n");
  p.closeObject();
}

function printGateway(p: Printer, nh: NexthopRow, family: number, hostName: (a: Uint8Array) => string): void {
  const gw = hostName(nh.gateway!);
  if (nh.gatewayFamily === family) {
    p.fp("via ");
    p.color(familyColor(family), "gateway", gw, `${gw} `);
    return;
  }
  const name = nh.gatewayFamily === 10 ? "inet6" : "inet";
  p.openObject("via");
  p.any("family", name, `via ${name} `);
  p.color(familyColor(nh.gatewayFamily), "host", gw, `${gw} `);
  p.closeObject();
}

function printFlags(p: Printer, flags: number, multicast: boolean): void {
  p.openArray("flags");
  const show = (on: number | boolean, name: string): void => {
    if (on) p.any(null, name, `${name} `);
  };
  show(flags & RtnhF.DEAD, "dead");
  show(flags & RtnhF.ONLINK, "onlink");
  show(flags & RtnhF.PERVASIVE, "pervasive");
  show(flags & RtnhF.OFFLOAD, "offload");
  show(flags & RtnhF.LINKDOWN, "linkdown");
  // RTCF_MULTICAST has the bit of RTM_F_OFFLOAD_FAILED, and iproute2 shows it so
  show(multicast, "rt_offload_failed");
  p.closeArray();
}

function printMetrics(p: Printer, m: Readonly<Record<string, number>> | null): void {
  if (m === null) return;
  const lock = m["lock"] ?? 0;
  const present = METRICS.filter(([, name]) => m[name] !== undefined);
  if (present.length === 0) return;
  p.openArray("metrics");
  p.openObject();
  for (const [n, name] of present) {
    p.fp(`${name} ${lock & (1 << n) ? "lock " : ""}`);
    p.any(name, m[name]!, `${m[name]} `);
  }
  p.closeObject();
  p.closeArray();
}

function printMultipath(ctx: Ctx, p: Printer, r: RouteRow, hostName: (a: Uint8Array) => string): void {
  p.openArray("nexthops");
  for (const nh of r.nexthops) {
    p.openObject();
    p.nl();
    p.fp("\tnexthop ");
    if (nh.gateway !== null) printGateway(p, nh, r.family, hostName);
    if (nh.ifindex !== 0) {
      p.fp("dev ");
      p.color("ifname", "dev", ctx.links.name(nh.ifindex), `${ctx.links.name(nh.ifindex)} `);
    }
    p.any("weight", nh.weight, `weight ${nh.weight} `);
    printFlags(p, nh.flags, false);
    p.closeObject();
  }
  p.closeArray();
}
