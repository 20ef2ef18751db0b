/** `ip rule`: the routing policy database (iprule.c of iproute2 6.1). */
import type { Call } from "../../kernel/abi.ts";
import { NlmF, type RuleRow, RtTable } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { fmtAddr } from "../lib/resolve.ts";
import {
  fail,
  addrMatches,
  Args,
  type Family,
  getPrefix,
  getUnsigned,
  invarg,
  matches,
  notModelled,
  type Prefix,
  validIfname,
} from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";
import type { Printer } from "./print.ts";

export function* doRule(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "list") || matches(cmd, "lst") || matches(cmd, "show")) return yield* show(ctx, rest);
  if (matches(cmd, "add")) return yield* modify(ctx, "add", rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, "del", rest);
  if (matches(cmd, "flush") || matches(cmd, "save") || matches(cmd, "restore")) notModelled(`rule ${cmd}`);
  if (matches(cmd, "help")) ruleUsage();
  return exit(-1, `Command "${cmd}" is unknown, try "ip rule help".\n`);
}

function ruleUsage(): never {
  return usage("rule");
}

/** what rules know and we do not */
const NOT_MODELLED = [
  "suppress_prefixlength",
  "suppress_ifgroup",
  "realms",
  "goto",
  "nat",
  "l3mdev",
  "uidrange",
  "tun_id",
  "ipproto",
  "sport",
  "dport",
  "protocol",
];

// ---------------------------------------------------------------- show

interface RuleFilter {
  src: Prefix | null;
  dst: Prefix | null;
  table: number | null;
  tos: number | null;
  mark: number | null;
  pref: number | null;
  iif: string | null;
  oif: string | null;
}

function* show(ctx: Ctx, args: Args): Call<number> {
  const f: RuleFilter = { src: null, dst: null, table: null, tos: null, mark: null, pref: null, iif: null, oif: null };
  let family: Family = ctx.opts.family;
  if (family === 0) family = 2;
  for (; args.more; args.at++) {
    const w = args.word;
    if (matches(w, "preference") || matches(w, "order") || matches(w, "priority")) f.pref = numberOf(args, "preference value is invalid\n");
    else if (w === "not") notModelled("rule show not");
    else if (w === "tos" || matches(w, "dsfield")) {
      f.tos = ctx.names.dsfieldNumber(args.next());
      if (f.tos === null) invarg("TOS value is invalid\n", args.word);
    } else if (w === "fwmark") f.mark = numberOf(args, "fwmark value is invalid\n");
    else if (w === "dev" || w === "iif") f.iif = args.next();
    else if (w === "oif") f.oif = args.next();
    else if (matches(w, "lookup") || matches(w, "table")) {
      f.table = ctx.names.tableNumber(args.next());
      if (f.table === null) invarg("table id value is invalid\n", args.word);
    } else if (matches(w, "from") || matches(w, "src")) f.src = getPrefix(args.next(), family);
    else if (NOT_MODELLED.some((k) => matches(w, k))) notModelled(`rule show ${w}`);
    else {
      if (matches(w, "dst") || matches(w, "to")) args.next();
      f.dst = getPrefix(args.word, family);
    }
  }
  const r = yield* ctx.dump({ type: "RTM_GETRULE", family: family === 10 ? 10 : 2 });
  const p = ctx.printer();
  p.begin();
  for (const row of r.rules ?? []) if (passes(f, row)) printRule(ctx, p, row);
  yield* ctx.finish(p);
  return 0;
}

function numberOf(args: Args, text: string): number {
  const n = getUnsigned(args.next());
  if (n === null) invarg(text, args.word);
  return n;
}

function passes(f: RuleFilter, r: RuleRow): boolean {
  if (f.pref !== null && f.pref !== r.priority) return false;
  if (f.table !== null && f.table !== r.table) return false;
  if (f.tos !== null && f.tos !== r.tos) return false;
  if (f.mark !== null && f.mark !== r.fwmark) return false;
  if (f.iif !== null && f.iif !== r.iifname) return false;
  if (f.oif !== null && f.oif !== r.oifname) return false;
  if (f.src !== null && (r.src === null || r.srcLen !== f.src.bitlen || !addrMatches(r.src, f.src.bytes, f.src.bitlen))) return false;
  return f.dst === null || (r.dst !== null && r.dstLen === f.dst.bitlen && addrMatches(r.dst, f.dst.bytes, f.dst.bitlen));
}

function printRule(ctx: Ctx, p: Printer, r: RuleRow): void {
  const hostLen = r.family === 10 ? 128 : 32;
  p.openObject();
  p.any("priority", r.priority, `${r.priority}:\t`);
  if (r.invert) p.any("not", null, "not ");
  if (r.src === null) p.any("src", "all", "from all");
  else {
    p.any("src", fmtAddr(r.src), `from ${fmtAddr(r.src)}`);
    if (r.srcLen !== hostLen) p.any("srclen", r.srcLen, `/${r.srcLen}`);
  }
  if (r.dst !== null) {
    p.any("dst", fmtAddr(r.dst), ` to ${fmtAddr(r.dst)}`);
    if (r.dstLen !== hostLen) p.any("dstlen", r.dstLen, `/${r.dstLen}`);
  }
  if (r.tos !== 0) p.any("tos", ctx.names.dsfield(r.tos), ` tos ${ctx.names.dsfield(r.tos)}`);
  if (r.fwmark !== 0 || r.fwmask !== 0) {
    p.any("fwmark", `0x${r.fwmark.toString(16)}`, ` fwmark 0x${r.fwmark.toString(16)}`);
    if (r.fwmask !== 0xffffffff) p.any("fwmask", `0x${r.fwmask.toString(16)}`, `/0x${r.fwmask.toString(16)}`);
  }
  if (r.iifname !== "") p.any("iif", r.iifname, ` iif ${r.iifname}`);
  if (r.oifname !== "") p.any("oif", r.oifname, ` oif ${r.oifname}`);
  if (r.action === "lookup") p.any("table", ctx.names.table(r.table), ` lookup ${ctx.names.table(r.table)}`);
  else p.any("action", r.action, ` ${r.action}`);
  if (ctx.opts.details > 0) {
    const proto = [0, 32766, 32767].includes(r.priority) ? "kernel" : "unspec";
    p.any("protocol", proto, ` proto ${proto}`);
  }
  p.fp("\n");
  p.closeObject();
}

// ---------------------------------------------------------------- add, del

function* modify(ctx: Ctx, what: "add" | "del", args: Args): Call<number> {
  if (!args.more) fail(`"ip rule ${what}" requires arguments.\n`);
  let family: Family = ctx.opts.family;
  const r: { -readonly [K in keyof RuleRow]?: RuleRow[K] } = {};
  let tableGiven = false;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "not") r.invert = true;
    else if (w === "from" || w === "to") {
      const p = getPrefix(args.next(), family);
      if (family === 0) family = p.family;
      if (p.bytes.length === 0) continue;
      if (w === "from") {
        r.src = p.bytes;
        r.srcLen = p.bitlen;
      } else {
        r.dst = p.bytes;
        r.dstLen = p.bitlen;
      }
    } else if (matches(w, "preference") || matches(w, "order") || matches(w, "priority"))
      r.priority = numberOf(args, "preference value is invalid\n");
    else if (w === "tos" || matches(w, "dsfield")) {
      const n = ctx.names.dsfieldNumber(args.next());
      if (n === null) invarg("TOS value is invalid\n", args.word);
      r.tos = n;
    } else if (w === "fwmark") {
      args.next();
      const [mark, mask] = args.word.split("/");
      const n = getUnsigned(mark!);
      if (n === null) invarg("fwmark value is invalid\n", mark!);
      r.fwmark = n;
      const m = mask === undefined ? 0xffffffff : getUnsigned(mask);
      if (m === null) invarg("fwmask value is invalid\n", mask!);
      r.fwmask = m;
    } else if (matches(w, "table") || w === "lookup") {
      const n = ctx.names.tableNumber(args.next());
      if (n === null) invarg("invalid table ID\n", args.word);
      r.table = n;
      tableGiven = true;
    } else if (w === "dev" || w === "iif") r.iifname = ifname(args, w);
    else if (w === "oif") r.oifname = ifname(args, w);
    else if (NOT_MODELLED.some((k) => matches(w, k))) notModelled(`rule ${w}`);
    else {
      if (w === "type") args.next();
      if (matches(args.word, "help")) ruleUsage();
      const t = ctx.names.routeTypeNumber(args.word);
      if (t === null) invarg("Failed to parse rule type", args.word);
      const action = ({ 6: "blackhole", 7: "unreachable", 8: "prohibit" } as const)[t as 6 | 7 | 8];
      if (action === undefined && t !== 1) notModelled(`rule ${args.word}`);
      if (action !== undefined) r.action = action;
      tableGiven = true;
    }
  }
  if (family === 0) family = 2;
  r.family = family === 10 ? 10 : 2;
  if (!tableGiven && what === "add") r.table = RtTable.MAIN;
  const reply =
    what === "add"
      ? yield* ctx.talk({ type: "RTM_NEWRULE", flags: NlmF.CREATE | NlmF.EXCL, rule: r })
      : yield* ctx.talk({ type: "RTM_DELRULE", rule: r });
  return reply === null ? 2 : 0;
}

function ifname(args: Args, key: string): string {
  args.next();
  if (!validIfname(args.word)) invarg(`"${key}" not a valid ifname`, args.word);
  return args.word;
}
