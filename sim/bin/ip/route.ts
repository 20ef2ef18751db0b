/** `ip route`: add, change, replace, delete, get; show and flush are in route-show.ts (iproute.c of iproute2 6.1). */
import type { Call } from "../../kernel/abi.ts";
import {
  type NexthopRow,
  NlmF,
  RtnhF,
  type RouteGetRequest,
  type RouteRequest,
  RtProt,
  RtScope,
  RtTable,
  RtType,
} from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import {
  fail,
  Args,
  duparg2,
  type Family,
  getAddr,
  getPrefix,
  getUnsigned,
  invarg,
  matches,
  nodev,
  notModelled,
  type Prefix,
  strtol,
} from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { restoreRoutes, saveRoutes, showdumpRoutes } from "./dump.ts";
import { usage } from "./help.ts";
import { flushRoutes, printRoute, readFamily, resolver, showRoutes } from "./route-show.ts";

export function* doRoute(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "list") || matches(cmd, "show") || matches(cmd, "lst"))
    return yield* showRoutes(ctx, rest, routeUsage);
  if (matches(cmd, "add")) return yield* modify(ctx, NlmF.CREATE | NlmF.EXCL, rest);
  if (matches(cmd, "change") || cmd === "chg") return yield* modify(ctx, NlmF.REPLACE, rest);
  if (matches(cmd, "replace")) return yield* modify(ctx, NlmF.CREATE | NlmF.REPLACE, rest);
  if (matches(cmd, "prepend")) return yield* modify(ctx, NlmF.CREATE, rest);
  if (matches(cmd, "append")) return yield* modify(ctx, NlmF.CREATE | NlmF.APPEND, rest);
  if (matches(cmd, "test")) return yield* modify(ctx, NlmF.EXCL, rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, null, rest);
  if (matches(cmd, "get")) return yield* getRoute(ctx, rest);
  if (matches(cmd, "flush")) return yield* flushRoutes(ctx, rest, routeUsage);
  if (matches(cmd, "save")) return yield* saveRoutes(ctx, rest, routeUsage);
  if (matches(cmd, "restore")) return yield* restoreRoutes(ctx);
  if (matches(cmd, "showdump")) return yield* showdumpRoutes(ctx);
  if (matches(cmd, "help")) routeUsage();
  return exit(-1, `Command "${cmd}" is unknown, try "ip route help".\n`);
}

function routeUsage(): never {
  return usage("route");
}

// ---------------------------------------------------------------- add, change, replace, delete

const NOT_MODELLED = [
  "as",
  "rtt",
  "cwnd",
  "features",
  "quickack",
  "congctl",
  "rttvar",
  "ssthresh",
  "realms",
  "rto_min",
  "encap",
  "ttl-propagate",
  "fastopen_no_cookie",
];
const LOCK: Readonly<Record<string, number>> = {
  mtu: 1 << 2,
  window: 1 << 3,
  advmss: 1 << 8,
  reordering: 1 << 9,
  hoplimit: 1 << 10,
  initcwnd: 1 << 11,
  initrwnd: 1 << 14,
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** `flags` null: delete. */
function* modify(ctx: Ctx, flags: number | null, args: Args): Call<number> {
  const { names } = ctx;
  let family: Family = ctx.opts.family;
  let dst: Prefix | null = null;
  let gateway: Prefix | null = null;
  let gwOk = false;
  let src: Prefix | null = null;
  let prefsrc: Uint8Array | null = null;
  let dev: string | null = null;
  let type: number | null = null;
  let scope: number | null = null;
  let table: number | null = null;
  let protocol: number | null = null;
  let tos = 0;
  let priority = 0;
  let rtFlags = 0;
  let nhId = 0;
  let pref: "low" | "medium" | "high" | null = null;
  let expires: number | null = null;
  const metrics: Record<string, number> = {};
  let multipath: readonly NexthopRow[] | null = null;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "src") {
      const a = getAddr(args.next(), family);
      if (family === 0) family = a.family;
      prefsrc = a.bytes;
    } else if (w === "via") {
      if (gwOk) invarg("use nexthop syntax to specify multiple via\n", w);
      gwOk = true;
      args.next();
      const f = readFamily(args.word);
      if (f !== null) args.next();
      gateway = getAddr(args.word, f ?? family);
      if (family === 0) family = gateway.family;
    } else if (w === "from") {
      src = getPrefix(args.next(), family);
      if (family === 0) family = src.family;
    } else if (w === "tos" || matches(w, "dsfield")) {
      const n = names.dsfieldNumber(args.next());
      if (n === null) invarg('"tos" value is invalid\n', args.word);
      tos = n;
    } else if (matches(w, "metric") || matches(w, "priority") || w === "preference") {
      const n = getUnsigned(args.next());
      if (n === null) invarg('"metric" value is invalid\n', args.word);
      priority = n;
    } else if (w === "scope") {
      scope = names.scopeNumber(args.next());
      if (scope === null) invarg('invalid "scope" value\n', args.word);
    } else if (
      w === "mtu" ||
      w === "hoplimit" ||
      w === "advmss" ||
      matches(w, "reordering") ||
      w === "window" ||
      w === "initcwnd" ||
      w === "initrwnd"
    )
      metric(args, w.startsWith("r") ? "reordering" : w, metrics);
    else if (w === "expires") {
      expires = getUnsigned(args.next());
      if (expires === null) invarg('"expires" value is invalid\n', args.word);
    } else if (w === "nhid") nhId = getUnsigned(args.next()) ?? invarg('"id" value is invalid\n', args.word);
    else if (NOT_MODELLED.includes(w) || matches(w, "realms")) notModelled(`route ${w}`);
    else if (w === "onlink") rtFlags |= RtnhF.ONLINK;
    else if (w === "nexthop") {
      multipath = yield* parseNexthops(ctx, args, family);
      break;
    } else if (matches(w, "protocol")) {
      protocol = names.protocolNumber(args.next());
      if (protocol === null) invarg('"protocol" value is invalid\n', args.word);
    } else if (matches(w, "table")) {
      table = names.tableNumber(args.next());
      if (table === null) invarg('"table" value is invalid\n', args.word);
    } else if (matches(w, "vrf")) invarg("not a valid VRF name\n", args.next());
    else if (w === "dev" || w === "oif") dev = args.next();
    else if (matches(w, "pref")) {
      args.next();
      if (args.word !== "low" && args.word !== "medium" && args.word !== "high") invarg('"pref" value is invalid\n', args.word);
      pref = args.word as "low" | "medium" | "high";
    } else {
      if (w === "to") args.next();
      const t = /^[0-9]/.test(args.word) ? null : names.routeTypeNumber(args.word);
      if (t !== null) {
        type = t;
        args.next();
      }
      if (matches(args.word, "help")) routeUsage();
      if (dst !== null) duparg2("to", args.word);
      dst = getPrefix(args.word, family);
      if (family === 0) family = dst.family;
    }
  }
  if (dst === null) routeUsage();
  let oif = 0;
  if (dev !== null) {
    oif = yield* ctx.links.index(dev);
    if (oif === 0) nodev(dev);
  }
  if (multipath !== null && family === 0) family = multipath.find((h) => h.gateway !== null)?.gatewayFamily ?? 0;
  if (family === 0) family = 2;
  const del = flags === null;
  const rtType = type ?? (del ? RtType.UNSPEC : RtType.UNICAST);
  const localTable = rtType === RtType.LOCAL || rtType === RtType.BROADCAST || rtType === RtType.NAT || rtType === RtType.ANYCAST;
  const gw = gateway !== null && gateway.bytes.length > 0 ? gateway : null;
  const route: Mutable<RouteRequest> = {
    family: family === 10 ? 10 : 2,
    dst: dst!.bytes.length === 0 ? null : dst!.bytes,
    dstLen: Math.max(0, dst!.bitlen),
    tos,
    table: table ?? (localTable ? RtTable.LOCAL : RtTable.MAIN),
    protocol: protocol ?? (del ? RtProt.UNSPEC : RtProt.BOOT),
    scope: scope ?? defaultScope(family, rtType, del, gwOk || multipath !== null || nhId !== 0),
    type: rtType,
    flags: rtFlags,
    ...(src === null ? {} : { src: src.bytes, srcLen: src.bitlen }),
    ...(prefsrc === null ? {} : { prefsrc }),
    ...(priority === 0 ? {} : { priority }),
    ...(gw === null ? {} : { gateway: gw.bytes, gatewayFamily: gw.family === 10 ? (10 as const) : (2 as const) }),
    ...(oif === 0 ? {} : { oif }),
    ...(multipath === null ? {} : { multipath }),
    ...(nhId === 0 ? {} : { nhId }),
    ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
    ...(pref === null ? {} : { pref }),
    ...(expires === null ? {} : { expires }),
  };
  const reply = del ? yield* ctx.talk({ type: "RTM_DELROUTE", route }) : yield* ctx.talk({ type: "RTM_NEWROUTE", flags: flags!, route });
  return reply === null ? 2 : 0;
}

function defaultScope(family: Family, type: number, del: boolean, gateway: boolean): number {
  if (family === 10) return RtScope.UNIVERSE;
  if (type === RtType.LOCAL || type === RtType.NAT) return RtScope.HOST;
  if (type === RtType.BROADCAST || type === RtType.MULTICAST || type === RtType.ANYCAST) return RtScope.LINK;
  if (del) return RtScope.NOWHERE;
  return (type === RtType.UNICAST || type === RtType.UNSPEC) && !gateway ? RtScope.LINK : RtScope.UNIVERSE;
}

function metric(args: Args, key: string, metrics: Record<string, number>): void {
  args.next();
  if (args.word === "lock") {
    metrics["lock"] = (metrics["lock"] ?? 0) | LOCK[key]!;
    args.next();
  }
  const n = getUnsigned(args.word);
  if (n === null || (key === "hoplimit" && n > 255)) invarg(`"${key}" value is invalid\n`, args.word);
  metrics[key] = n;
}

/** `nexthop via ADDR dev DEV weight N onlink …`, as often as wanted. */
function* parseNexthops(ctx: Ctx, args: Args, family: Family): Call<readonly NexthopRow[]> {
  const hops: NexthopRow[] = [];
  while (args.more) {
    if (args.word !== "nexthop") exit(-1, `Error: "nexthop" or end of line is expected instead of "${args.word}"\n`);
    let gateway: Uint8Array | null = null;
    let gatewayFamily: 2 | 10 = family === 10 ? 10 : 2;
    let ifindex = 0;
    let weight = 1;
    let flags = 0;
    for (args.next(); args.more; args.at++) {
      const w = args.peek();
      if (w === "via") {
        args.next();
        const f = readFamily(args.word);
        if (f !== null) args.next();
        const a = getAddr(args.word, f ?? family);
        gateway = a.bytes;
        gatewayFamily = a.family === 10 ? 10 : 2;
      } else if (w === "dev") {
        ifindex = yield* ctx.links.index(args.next());
        if (ifindex === 0) exit(-1, `Cannot find device "${args.word}"\nError: cannot parse nexthop\n`);
      } else if (w === "weight") {
        const n = strtol(args.next());
        if (n === null || n < 1 || n > 256) invarg('"weight" is invalid\n', args.word);
        weight = n;
      } else if (w === "onlink") flags |= RtnhF.ONLINK;
      else if (matches(w, "realms") || w === "encap" || w === "as") notModelled(`route nexthop ${w}`);
      else break;
    }
    hops.push({ gateway, gatewayFamily, ifindex, flags, weight });
  }
  return hops;
}

// ---------------------------------------------------------------- get

function* getRoute(ctx: Ctx, args: Args): Call<number> {
  let family: Family = ctx.opts.family;
  const req: Mutable<Partial<RouteGetRequest>> = {};
  let dst: Prefix | null = null;
  let iif: string | null = null;
  let oif: string | null = null;
  let warning = "";
  const number = (max: number, text: string): number => {
    const n = getUnsigned(args.next());
    if (n === null || n > max) invarg(text, args.word);
    return n;
  };
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "tos" || matches(w, "dsfield")) {
      const n = ctx.names.dsfieldNumber(args.next());
      if (n === null) invarg("TOS value is invalid\n", args.word);
      req.tos = n;
    } else if (matches(w, "from")) {
      args.next();
      if (matches(args.word, "help")) routeUsage();
      const p = getPrefix(args.word, family);
      if (family === 0) family = p.family;
      req.src = p.bytes;
    } else if (matches(w, "iif")) iif = args.next();
    else if (matches(w, "mark")) req.mark = getUnsigned(args.next()) ?? 0;
    else if (matches(w, "oif") || w === "dev") oif = args.next();
    else if (matches(w, "notify") || matches(w, "connected")) notModelled(`route get ${w}`);
    else if (matches(w, "vrf")) invarg("Invalid VRF\n", args.next());
    else if (matches(w, "uid")) req.uid = number(0xffffffff, "invalid UID\n");
    else if (matches(w, "fibmatch")) req.fibmatch = true;
    else if (w === "as") notModelled("route get as");
    else if (matches(w, "sport")) req.sport = number(65535, "invalid sport\n");
    else if (matches(w, "dport")) req.dport = number(65535, "invalid dport\n");
    else if (matches(w, "ipproto")) {
      const known: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, "ipv6-icmp": 58 };
      const n = known[args.next()] ?? getUnsigned(args.word);
      if (n === null || n > 255) invarg('Invalid "ipproto" value\n', args.word);
      req.ipproto = n;
    } else {
      if (w === "to") args.next();
      if (matches(args.word, "help")) routeUsage();
      dst = getPrefix(args.word, family);
      if (family === 0) family = dst.family;
      const full = family === 10 ? 128 : 32;
      if ((family === 2 || family === 10) && dst.bitlen !== full)
        warning = `Warning: /${dst.bitlen} as prefix is invalid, only /${full} (or none) is supported.\n`;
    }
  }
  if (dst === null) return fail("need at least a destination address\n");
  if (warning !== "") yield* ctx.err(warning);
  if (iif !== null) {
    req.iif = yield* ctx.links.index(iif);
    if (req.iif === 0) nodev(iif);
  }
  if (oif !== null) {
    req.oif = yield* ctx.links.index(oif);
    if (req.oif === 0) nodev(oif);
  }
  const f = family === 10 ? 10 : 2;
  const bytes = dst.bytes.length > 0 ? dst.bytes : new Uint8Array(f === 10 ? 16 : 4);
  const reply = yield* ctx.talk({ type: "RTM_GETROUTE", dump: false, family: f, get: { ...req, dst: bytes } });
  if (reply === null) return 2;
  yield* ctx.links.load();
  const hostName = yield* resolver(ctx);
  const p = ctx.printer();
  p.begin();
  for (const r of reply.routes ?? []) printRoute(ctx, p, r, null, hostName);
  yield* ctx.finish(p);
  return 0;
}
