/** `ip rule show|flush`: what was asked for, and one rule as text or JSON (iprule.c of iproute2 6.1). */
import type { Call } from "../../kernel/abi.ts";
import type { RuleRange, RuleRow } from "../../net/rtnl/messages.ts";
import { fmtAddr } from "../lib/resolve.ts";
import { familyColor, type Printer } from "../lib/iproute/print.ts";
import { addrMatches, type Args, type Family, getPrefix, getUnsigned, invarg, matches, notModelled, type Prefix } from "./args.ts";
import type { Ctx } from "./ctx.ts";

interface Filter {
  not: boolean;
  src: Prefix | null;
  dst: Prefix | null;
  table: number | null;
  tos: number | null;
  mark: number | null;
  mask: number | null;
  pref: number | null;
  iif: string | null;
  oif: string | null;
  l3mdev: boolean;
  uidrange: RuleRange | null;
  tunId: number | null;
  ipproto: number | null;
  sport: RuleRange | null;
  dport: RuleRange | null;
  /** only a flush looks at it */
  protocol: number | null;
}

const PROTOCOLS: readonly (readonly [number, string])[] = [
  [1, "icmp"],
  [2, "igmp"],
  [6, "tcp"],
  [17, "udp"],
  [33, "dccp"],
  [47, "gre"],
  [50, "esp"],
  [51, "ah"],
  [58, "ipv6-icmp"],
  [89, "ospf"],
  [132, "sctp"],
];

/** inet_proto_a2n */
export function ipprotoNumber(word: string): number {
  const known = PROTOCOLS.find(([, name]) => name === word);
  const n = known === undefined ? getUnsigned(word) : known[0];
  return n === null || n > 255 ? invarg('Invalid "ipproto" value\n', word) : n;
}

/** N or N-M */
export function rangeOf(args: Args, key: string): RuleRange {
  const m = /^([0-9]+)(?:-([0-9]+))?$/.exec(args.next());
  if (m === null || Number(m[1]) > 65535) invarg(`invalid ${key} range\n`, args.word);
  return { from: Number(m![1]), to: Number(m![2] ?? m![1]) };
}

export function numberOf(args: Args, text: string): number {
  return getUnsigned(args.next()) ?? invarg(text, args.word);
}

export function* showRules(ctx: Ctx, args: Args, flush: boolean): Call<number> {
  const family: Family = ctx.opts.family === 0 ? 2 : ctx.opts.family;
  const f = parse(ctx, args, family);
  const r = yield* ctx.dump({ type: "RTM_GETRULE", family: family === 10 ? 10 : 2 });
  const hit = (r.rules ?? []).filter((row) => passes(f, row));
  if (flush) {
    // the rule with priority 0 tells none, so it stays
    for (const row of hit) if (row.priority !== 0 && (f.protocol === null || row.protocol === f.protocol)) yield* remove(ctx, row);
    return 0;
  }
  const p = ctx.printer();
  p.begin();
  for (const row of hit) printRule(ctx, p, row);
  yield* ctx.finish(p);
  return 0;
}

function* remove(ctx: Ctx, row: RuleRow): Call<void> {
  const { iifDetached: _, oifDetached: __, unresolved: ___, ...rule } = row;
  yield* ctx.talk({ type: "RTM_DELRULE", rule });
}

function parse(ctx: Ctx, args: Args, family: Family): Filter {
  const f: Filter = {
    not: false,
    src: null,
    dst: null,
    table: null,
    tos: null,
    mark: null,
    mask: null,
    pref: null,
    iif: null,
    oif: null,
    l3mdev: false,
    uidrange: null,
    tunId: null,
    ipproto: null,
    sport: null,
    dport: null,
    protocol: null,
  };
  for (; args.more; args.at++) {
    const w = args.word;
    if (matches(w, "preference") || matches(w, "order") || matches(w, "priority")) f.pref = numberOf(args, "preference value is invalid\n");
    else if (w === "not") f.not = true;
    else if (w === "tos" || matches(w, "dsfield"))
      f.tos = ctx.names.dsfieldNumber(args.next()) ?? invarg("TOS value is invalid\n", args.word);
    else if (w === "fwmark") {
      const [mark, mask] = args.next().split("/");
      f.mark = getUnsigned(mark!) ?? invarg("fwmark value is invalid\n", mark!);
      if (mask !== undefined) f.mask = getUnsigned(mask) ?? invarg("fwmask value is invalid\n", mask);
    } else if (w === "dev" || w === "iif") f.iif = args.next();
    else if (w === "oif") f.oif = args.next();
    else if (w === "l3mdev") f.l3mdev = true;
    else if (w === "uidrange") {
      const m = /^([0-9]+)-([0-9]+)$/.exec(args.next());
      if (m === null) invarg("invalid UID range\n", args.word);
      f.uidrange = { from: Number(m![1]), to: Number(m![2]) };
    } else if (matches(w, "tun_id")) f.tunId = numberOf(args, '"tun_id" value is invalid\n');
    else if (matches(w, "lookup") || matches(w, "table"))
      f.table = ctx.names.tableNumber(args.next()) ?? invarg("table id value is invalid\n", args.word);
    else if (matches(w, "from") || matches(w, "src")) f.src = getPrefix(args.next(), family);
    else if (matches(w, "protocol")) {
      const n = ctx.names.protocolNumber(args.next());
      if (n === null && args.word !== "all") invarg('invalid "protocol"\n', args.word);
      f.protocol = n;
    } else if (w === "ipproto") f.ipproto = ipprotoNumber(args.next());
    else if (w === "sport" || w === "dport") f[w] = rangeOf(args, w);
    else if (matches(w, "realms")) notModelled("rule show realms");
    else {
      if (matches(w, "dst") || matches(w, "to")) args.next();
      f.dst = getPrefix(args.word, family);
    }
  }
  return f;
}

function passes(f: Filter, r: RuleRow): boolean {
  const prefix = (want: Prefix | null, addr: Uint8Array | null, len: number): boolean =>
    want === null || (want.bitlen <= len && addrMatches(addr ?? new Uint8Array(16), want.bytes, want.bitlen));
  const range = (want: RuleRange | null, have: RuleRange | undefined): boolean =>
    want === null || (have !== undefined && want.from === have.from && want.to === have.to);
  if (f.pref !== null && f.pref !== r.priority) return false;
  if (f.not && !r.invert) return false;
  if (!prefix(f.src, r.src, r.srcLen) || !prefix(f.dst, r.dst, r.dstLen)) return false;
  if (f.tos !== null && f.tos !== r.tos) return false;
  if (f.mark !== null && f.mark !== r.fwmark) return false;
  if (f.mask !== null && f.mask !== r.fwmask) return false;
  if (f.iif !== null && f.iif !== r.iifname) return false;
  if (f.oif !== null && f.oif !== r.oifname) return false;
  if (f.l3mdev && !r.l3mdev) return false;
  if (!range(f.uidrange, r.uidrange) || !range(f.sport, r.sport) || !range(f.dport, r.dport)) return false;
  if (f.ipproto !== null && f.ipproto !== r.ipproto) return false;
  if (f.tunId !== null && f.tunId !== r.tunId) return false;
  return f.table === null || f.table === r.table;
}

export function printRule(ctx: Ctx, p: Printer, r: RuleRow): void {
  const hostLen = r.family === 10 ? 128 : 32;
  p.openObject();
  p.any("priority", r.priority, `${r.priority}:\t`);
  if (r.invert) p.any("not", null, "not ");
  if (r.src === null) p.any("src", "all", "from all");
  else {
    p.fp("from ");
    p.color(familyColor(r.family), "src", fmtAddr(r.src), fmtAddr(r.src));
    if (r.srcLen !== hostLen) p.any("srclen", r.srcLen, `/${r.srcLen}`);
  }
  if (r.dst !== null) {
    p.fp(" to ");
    p.color(familyColor(r.family), "dst", fmtAddr(r.dst), fmtAddr(r.dst));
    if (r.dstLen !== hostLen) p.any("dstlen", r.dstLen, `/${r.dstLen}`);
  }
  if (r.tos !== 0) p.any("tos", ctx.names.dsfield(r.tos), ` tos ${ctx.names.dsfield(r.tos)}`);
  if (r.fwmark !== 0 || r.fwmask !== 0) {
    p.any("fwmark", `0x${r.fwmark.toString(16)}`, ` fwmark 0x${r.fwmark.toString(16)}`);
    if (r.fwmask !== 0xffffffff) p.any("fwmask", `0x${r.fwmask.toString(16)}`, `/0x${r.fwmask.toString(16)}`);
  }
  if (r.iifname !== "") {
    p.fp(" iif ");
    p.color("ifname", "iif", r.iifname, r.iifname);
    if (r.iifDetached) p.any("iif_detached", null, " [detached]");
  }
  if (r.oifname !== "") {
    p.fp(" oif ");
    p.color("ifname", "oif", r.oifname, r.oifname);
    if (r.oifDetached) p.any("oif_detached", null, " [detached]");
  }
  if (r.l3mdev) p.any("l3mdev", null, " lookup [l3mdev-table]");
  printExtra(p, r);
  printAction(ctx, p, r);
  const proto = r.protocol ?? 0;
  if ((proto !== 0 && proto !== 2) || ctx.opts.details > 0)
    p.any("protocol", ctx.names.protocol(proto), ` proto ${ctx.names.protocol(proto)}`);
  p.fp("\n");
  p.closeObject();
}

function printExtra(p: Printer, r: RuleRow): void {
  if (r.uidrange !== undefined) {
    p.any("uid_start", r.uidrange.from, ` uidrange ${r.uidrange.from}`);
    p.any("uid_end", r.uidrange.to, `-${r.uidrange.to}`);
  }
  if (r.ipproto !== undefined) {
    const name = PROTOCOLS.find(([n]) => n === r.ipproto)?.[1] ?? `ipproto-${r.ipproto}`;
    p.any("ipproto", name, ` ipproto ${name}`);
  }
  for (const key of ["sport", "dport"] as const) {
    const range = r[key];
    if (range === undefined) continue;
    if (range.from === range.to) p.any(key, range.from, ` ${key} ${range.from}`);
    else {
      p.any(`${key}_start`, range.from, ` ${key} ${range.from}`);
      p.any(`${key}_end`, range.to, `-${range.to}`);
    }
  }
  if (r.tunId !== undefined) p.any("tun_id", r.tunId, ` tun_id ${r.tunId}`);
}

function printAction(ctx: Ctx, p: Printer, r: RuleRow): void {
  if (r.action === "lookup" && !r.l3mdev) {
    p.any("table", ctx.names.table(r.table), ` lookup ${ctx.names.table(r.table)}`);
    if (r.suppressPrefixlength !== undefined)
      p.any("suppress_prefixlen", r.suppressPrefixlength, ` suppress_prefixlength ${r.suppressPrefixlength}`);
    if (r.suppressIfgroup !== undefined) {
      const group = ctx.names.group(r.suppressIfgroup);
      p.any("suppress_ifgroup", group, ` suppress_ifgroup ${group}`);
    }
  } else if (r.action === "goto") {
    p.any("goto", r.target ?? 0, ` goto ${r.target ?? 0}`);
    if (r.unresolved) p.any("unresolved", null, " [unresolved]");
  } else if (r.action === "nop") p.any("nop", null, " nop");
  else if (r.action !== "lookup") p.any("action", r.action, ` ${r.action}`);
}
