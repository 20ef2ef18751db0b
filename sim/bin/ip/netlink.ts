/**
 * Messages of rtnetlink as bytes: what `save` writes, and `showdump` and `restore` read. Layout of netlink(7) and rtnetlink(7) on a little-endian
 * machine: header, fixed part, attributes, all padded to four. What RouteRow, AddrRow and RuleRow do not hold (cache statistics, creation
 * times) is written as zero and not read.
 */
import type { AddrRow, NexthopRow, RouteRow, RuleRange, RuleRow } from "../../net/rtnl/messages.ts";
import { fromUtf8, utf8 } from "../../core/bytes.ts";

export const RTM_NEWADDR = 20;
export const RTM_NEWROUTE = 24;
export const RTM_NEWRULE = 32;
export const NLM_F_MULTI = 2;
export const NLM_F_DUMP_FILTERED = 0x20;
export const NLMSG_HDRLEN = 16;

export interface NlHeader {
  readonly type: number;
  readonly flags: number;
  readonly seq: number;
  readonly pid: number;
}

const align = (n: number): number => (n + 3) & ~3;

function le(value: number, size: 1 | 2 | 4): number[] {
  return Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 255);
}
export function u32le(b: Uint8Array, o: number): number {
  return (b[o]! | (b[o + 1]! << 8) | (b[o + 2]! << 16) | (b[o + 3]! << 24)) >>> 0;
}
export function u16le(b: Uint8Array, o: number): number {
  return b[o]! | (b[o + 1]! << 8);
}

/** nlattr: length, type, value, padding. */
function attr(type: number, value: ArrayLike<number>): number[] {
  const v = Array.from(value);
  return [...le(4 + v.length, 2), ...le(type, 2), ...v, ...Array.from({ length: align(v.length) - v.length }, () => 0)];
}
const attr32 = (type: number, value: number): number[] => attr(type, le(value, 4));

type Attrs = ReadonlyMap<number, Uint8Array>;

function parseAttrs(b: Uint8Array): Attrs {
  const out = new Map<number, Uint8Array>();
  for (let o = 0; o + 4 <= b.length;) {
    const len = u16le(b, o);
    if (len < 4 || o + len > b.length) break;
    out.set(u16le(b, o + 2) & 0x3fff, b.subarray(o + 4, o + len));
    o += align(len);
  }
  return out;
}
function attrU32(a: Attrs, type: number): number | undefined {
  const v = a.get(type);
  return v === undefined || v.length < 4 ? undefined : u32le(v, 0);
}

export function message(h: NlHeader, body: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...le(NLMSG_HDRLEN + body.length, 4),
    ...le(h.type, 2),
    ...le(h.flags, 2),
    ...le(h.seq, 4),
    ...le(h.pid, 4),
    ...body,
  ]);
}

// ---------------------------------------------------------------- routes

const RTA = {
  DST: 1,
  SRC: 2,
  OIF: 4,
  GATEWAY: 5,
  PRIORITY: 6,
  PREFSRC: 7,
  METRICS: 8,
  MULTIPATH: 9,
  CACHEINFO: 12,
  TABLE: 15,
  VIA: 18,
  PREF: 20,
  NH_ID: 30,
};
/** numbers of RTAX_*, 1 is the lock */
const RTAX = [
  "",
  "lock",
  "mtu",
  "window",
  "rtt",
  "rttvar",
  "ssthresh",
  "cwnd",
  "advmss",
  "reordering",
  "hoplimit",
  "initcwnd",
  "features",
  "rto_min",
  "initrwnd",
  "quickack",
];
const RT_TABLE_COMPAT = 252;
const PREFS = ["medium", "high", undefined, "low"] as const;

/** USER_HZ: lifetimes are told in hundredths of a second */
const HZ = 100;

function gatewayAttr(h: NexthopRow, family: number): number[] {
  if (h.gateway === null) return [];
  return h.gatewayFamily === family ? attr(RTA.GATEWAY, h.gateway) : attr(RTA.VIA, [...le(h.gatewayFamily, 2), ...h.gateway]);
}

/** fib_dump_info, rt6_fill_node */
export function routeBody(r: RouteRow): number[] {
  const six = r.family === 10;
  const out = [
    r.family,
    r.dstLen,
    r.srcLen,
    r.tos,
    r.table < 256 ? r.table : RT_TABLE_COMPAT,
    r.protocol,
    r.scope,
    r.type,
    ...le(r.flags, 4),
  ];
  out.push(...attr32(RTA.TABLE, r.table));
  if (r.dstLen > 0) out.push(...attr(RTA.DST, r.dst));
  if (r.src !== null) out.push(...attr(RTA.SRC, r.src));
  const priority = r.priority !== 0 || six ? attr32(RTA.PRIORITY, r.priority) : [];
  const prefsrc = r.prefsrc === null ? [] : attr(RTA.PREFSRC, r.prefsrc);
  const metrics = RTAX.flatMap((name, i) => (r.metrics?.[name] === undefined ? [] : attr32(i, r.metrics[name])));
  const rtax = metrics.length === 0 ? [] : attr(RTA.METRICS, metrics);
  out.push(...(six ? [...prefsrc, ...rtax, ...priority] : [...priority, ...rtax, ...prefsrc]));
  if (r.nhId !== undefined) out.push(...attr32(RTA.NH_ID, r.nhId));
  if (r.nexthops.length > 1)
    out.push(
      ...attr(
        RTA.MULTIPATH,
        r.nexthops.flatMap((h) => rtnexthop(h, r.family)),
      ),
    );
  for (const h of r.nexthops.length === 1 ? r.nexthops : []) {
    out.push(...gatewayAttr(h, r.family));
    if (h.ifindex !== 0) out.push(...attr32(RTA.OIF, h.ifindex));
  }
  if (six)
    out.push(...attr(RTA.CACHEINFO, [...le(0, 4), ...le(0, 4), ...le((r.expires ?? 0) * HZ, 4), ...Array.from({ length: 20 }, () => 0)]));
  if (r.pref !== null) out.push(...attr(RTA.PREF, [PREFS.indexOf(r.pref)]));
  return out;
}

function rtnexthop(h: NexthopRow, family: number): number[] {
  const gw = gatewayAttr(h, family);
  return [...le(8 + gw.length, 2), h.flags, h.weight - 1, ...le(h.ifindex, 4), ...gw];
}

function readNexthop(a: Attrs, family: 2 | 10, ifindex: number, flags: number, weight: number): NexthopRow {
  const via = a.get(RTA.VIA);
  if (via !== undefined) return { gateway: via.slice(2), gatewayFamily: u16le(via, 0) === 10 ? 10 : 2, ifindex, flags, weight };
  return { gateway: a.get(RTA.GATEWAY)?.slice() ?? null, gatewayFamily: family, ifindex, flags, weight };
}

function readMultipath(b: Uint8Array, family: 2 | 10): NexthopRow[] {
  const out: NexthopRow[] = [];
  for (let o = 0; o + 8 <= b.length;) {
    const len = u16le(b, o);
    if (len < 8 || o + len > b.length) break;
    out.push(readNexthop(parseAttrs(b.subarray(o + 8, o + len)), family, u32le(b, o + 4), b[o + 2]!, b[o + 3]! + 1));
    o += align(len);
  }
  return out;
}

export function readRoute(b: Uint8Array): RouteRow {
  const a = parseAttrs(b.subarray(12));
  const family = b[0] === 10 ? 10 : 2;
  const metrics: Record<string, number> = {};
  for (const [n, v] of parseAttrs(a.get(RTA.METRICS) ?? new Uint8Array(0))) if (RTAX[n]) metrics[RTAX[n]] = u32le(v, 0);
  const oif = attrU32(a, RTA.OIF);
  const multipath = a.get(RTA.MULTIPATH);
  const one = oif !== undefined || a.has(RTA.GATEWAY) || a.has(RTA.VIA);
  const flags = u32le(b, 8);
  const nhId = attrU32(a, RTA.NH_ID);
  const cache = a.get(RTA.CACHEINFO);
  const expires = cache === undefined || cache.length < 12 ? 0 : Math.trunc((u32le(cache, 8) | 0) / HZ);
  const pref = a.get(RTA.PREF)?.[0];
  return {
    family,
    dst: a.get(RTA.DST)?.slice() ?? new Uint8Array(family === 10 ? 16 : 4),
    dstLen: b[1]!,
    src: a.get(RTA.SRC)?.slice() ?? null,
    srcLen: b[2]!,
    tos: b[3]!,
    table: attrU32(a, RTA.TABLE) ?? b[4]!,
    protocol: b[5]!,
    scope: b[6]!,
    type: b[7]!,
    flags,
    prefsrc: a.get(RTA.PREFSRC)?.slice() ?? null,
    priority: attrU32(a, RTA.PRIORITY) ?? 0,
    nexthops: multipath !== undefined ? readMultipath(multipath, family) : one ? [readNexthop(a, family, oif ?? 0, flags & 0xff, 1)] : [],
    ...(nhId === undefined ? {} : { nhId }),
    metrics: Object.keys(metrics).length === 0 ? null : metrics,
    pref: pref === undefined ? null : (PREFS[pref & 3] ?? null),
    ...(expires === 0 ? {} : { expires }),
    cache: null,
  };
}

// ---------------------------------------------------------------- addresses

const IFA = { ADDRESS: 1, LOCAL: 2, LABEL: 3, BROADCAST: 4, CACHEINFO: 6, FLAGS: 8, RT_PRIORITY: 9, PROTO: 11 };

/** inet_fill_ifaddr, inet6_fill_ifaddr */
export function addrBody(r: AddrRow): number[] {
  const cache = attr(IFA.CACHEINFO, [...le(r.preferredLft, 4), ...le(r.validLft, 4), ...le(0, 4), ...le(0, 4)]);
  const flags = attr32(IFA.FLAGS, r.flags);
  const metric = r.metric === 0 ? [] : attr32(IFA.RT_PRIORITY, r.metric);
  const proto = r.proto === 0 ? [] : attr(IFA.PROTO, [r.proto]);
  const out = [r.family, r.prefixlen, r.flags & 255, r.scope, ...le(r.ifindex, 4)];
  if (r.family === 10) {
    const peer = r.local.every((x, i) => x === r.address[i]) ? [] : attr(IFA.LOCAL, r.local);
    return [...out, ...peer, ...attr(IFA.ADDRESS, r.address), ...metric, ...cache, ...flags, ...proto];
  }
  out.push(...attr(IFA.ADDRESS, r.address), ...attr(IFA.LOCAL, r.local));
  if (r.broadcast !== null) out.push(...attr(IFA.BROADCAST, r.broadcast));
  if (r.label !== "") out.push(...attr(IFA.LABEL, [...utf8(r.label), 0]));
  return [...out, ...proto, ...flags, ...metric, ...cache];
}

export function readAddr(b: Uint8Array): AddrRow {
  const a = parseAttrs(b.subarray(8));
  const address = a.get(IFA.ADDRESS)?.slice() ?? a.get(IFA.LOCAL)?.slice() ?? new Uint8Array(b[0] === 10 ? 16 : 4);
  const label = a.get(IFA.LABEL);
  const cache = a.get(IFA.CACHEINFO);
  return {
    family: b[0] === 10 ? 10 : 2,
    ifindex: u32le(b, 4),
    prefixlen: b[1]!,
    local: a.get(IFA.LOCAL)?.slice() ?? address,
    address,
    broadcast: a.get(IFA.BROADCAST)?.slice() ?? null,
    label: label === undefined ? "" : fromUtf8(label.subarray(0, label.length - 1)),
    scope: b[3]!,
    flags: attrU32(a, IFA.FLAGS) ?? b[2]!,
    preferredLft: cache === undefined ? 0xffffffff : u32le(cache, 0),
    validLft: cache === undefined ? 0xffffffff : u32le(cache, 4),
    metric: attrU32(a, IFA.RT_PRIORITY) ?? 0,
    proto: a.get(IFA.PROTO)?.[0] ?? 0,
  };
}

// ---------------------------------------------------------------- rules

const FRA = {
  DST: 1,
  SRC: 2,
  IIFNAME: 3,
  GOTO: 4,
  PRIORITY: 6,
  FWMARK: 10,
  TUN_ID: 12,
  SUPPRESS_IFGROUP: 13,
  SUPPRESS_PREFIXLEN: 14,
  TABLE: 15,
  FWMASK: 16,
  OIFNAME: 17,
  L3MDEV: 19,
  UID_RANGE: 20,
  PROTOCOL: 21,
  IP_PROTO: 22,
  SPORT_RANGE: 23,
  DPORT_RANGE: 24,
};
const ACTIONS: Readonly<Record<number, RuleRow["action"]>> = {
  1: "lookup",
  2: "goto",
  3: "nop",
  6: "blackhole",
  7: "unreachable",
  8: "prohibit",
};
const FIB_RULE_INVERT = 2;

/** fib_nl_fill_rule */
export function ruleBody(r: RuleRow): number[] {
  const action = Number(Object.keys(ACTIONS).find((k) => ACTIONS[Number(k)] === r.action));
  const flags = (r.invert ? FIB_RULE_INVERT : 0) | (r.unresolved ? 4 : 0) | (r.iifDetached ? 8 : 0) | (r.oifDetached ? 16 : 0);
  const out = [r.family, r.dstLen, r.srcLen, r.tos, r.table < 256 ? r.table : RT_TABLE_COMPAT, 0, 0, action, ...le(flags, 4)];
  const name = (type: number, text: string): number[] => (text === "" ? [] : attr(type, [...utf8(text), 0]));
  const u32 = (type: number, n: number | undefined): number[] => (n ? attr32(type, n) : []);
  const range = (type: number, x: RuleRange | undefined, size: 2 | 4): number[] =>
    x ? attr(type, [...le(x.from, size), ...le(x.to, size)]) : [];
  out.push(
    ...attr32(FRA.TABLE, r.table),
    ...attr32(FRA.SUPPRESS_PREFIXLEN, r.suppressPrefixlength ?? -1),
    ...attr(FRA.PROTOCOL, [r.protocol ?? 0]),
  );
  out.push(...name(FRA.IIFNAME, r.iifname), ...name(FRA.OIFNAME, r.oifname), ...u32(FRA.PRIORITY, r.priority));
  out.push(...u32(FRA.FWMARK, r.fwmark), ...(r.fwmark !== 0 || r.fwmask !== 0 ? attr32(FRA.FWMASK, r.fwmask) : []));
  out.push(...u32(FRA.GOTO, r.target), ...(r.tunId ? attr(FRA.TUN_ID, [0, 0, 0, 0, ...le(r.tunId, 4).reverse()]) : []));
  out.push(...(r.l3mdev ? attr(FRA.L3MDEV, [1]) : []), ...range(FRA.UID_RANGE, r.uidrange, 4));
  out.push(
    ...range(FRA.SPORT_RANGE, r.sport, 2),
    ...range(FRA.DPORT_RANGE, r.dport, 2),
    ...(r.ipproto ? attr(FRA.IP_PROTO, [r.ipproto]) : []),
  );
  if (r.suppressIfgroup !== undefined) out.push(...attr32(FRA.SUPPRESS_IFGROUP, r.suppressIfgroup));
  if (r.dst !== null) out.push(...attr(FRA.DST, r.dst));
  if (r.src !== null) out.push(...attr(FRA.SRC, r.src));
  return out;
}

/** As a request: what the message does not say is absent. */
export function readRule(b: Uint8Array): Partial<RuleRow> {
  const a = parseAttrs(b.subarray(12));
  const u32 = <K extends keyof RuleRow>(key: K, type: number): Partial<RuleRow> => {
    const n = attrU32(a, type);
    return n === undefined ? {} : { [key]: n };
  };
  const range = (key: "sport" | "dport" | "uidrange", type: number): Partial<RuleRow> => {
    const v = a.get(type);
    if (v === undefined) return {};
    const wide = v.length >= 8;
    return { [key]: wide ? { from: u32le(v, 0), to: u32le(v, 4) } : { from: u16le(v, 0), to: u16le(v, 2) } };
  };
  const name = (type: number): string => fromUtf8((a.get(type) ?? new Uint8Array(1)).slice(0, -1));
  const tun = a.get(FRA.TUN_ID);
  const proto = a.get(FRA.IP_PROTO)?.[0];
  const suppress = attrU32(a, FRA.SUPPRESS_PREFIXLEN);
  return {
    family: b[0] === 10 ? 10 : 2,
    src: a.get(FRA.SRC)?.slice() ?? null,
    srcLen: b[2]!,
    dst: a.get(FRA.DST)?.slice() ?? null,
    dstLen: b[1]!,
    tos: b[3]!,
    table: attrU32(a, FRA.TABLE) ?? b[4]!,
    action: ACTIONS[b[7]!] ?? "nop",
    invert: (u32le(b, 8) & FIB_RULE_INVERT) !== 0,
    iifname: name(FRA.IIFNAME),
    oifname: name(FRA.OIFNAME),
    protocol: a.get(FRA.PROTOCOL)?.[0] ?? 0,
    ...u32("priority", FRA.PRIORITY),
    ...u32("fwmark", FRA.FWMARK),
    ...u32("fwmask", FRA.FWMASK),
    ...u32("target", FRA.GOTO),
    ...u32("suppressIfgroup", FRA.SUPPRESS_IFGROUP),
    ...(suppress === undefined || suppress === 0xffffffff ? {} : { suppressPrefixlength: suppress }),
    ...(tun === undefined ? {} : { tunId: ((tun[4]! << 24) | (tun[5]! << 16) | (tun[6]! << 8) | tun[7]!) >>> 0 }),
    ...(a.has(FRA.L3MDEV) ? { l3mdev: true } : {}),
    ...(proto === undefined ? {} : { ipproto: proto }),
    ...range("uidrange", FRA.UID_RANGE),
    ...range("sport", FRA.SPORT_RANGE),
    ...range("dport", FRA.DPORT_RANGE),
  };
}
