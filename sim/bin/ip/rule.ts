/**
 * `ip rule`: add, delete and flush of the routing policy database (iprule.c of iproute2 6.1); show is in rule-show.ts.
 */
import type { Call } from "../../kernel/abi.ts";
import { NlmF, type RuleRange, type RuleRow, RtTable } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { fail, Args, type Family, getInteger, getPrefix, getUnsigned, invarg, matches, notModelled, validIfname } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { restoreRules, saveRules } from "./dump.ts";
import { usage } from "./help.ts";
import { ipprotoNumber, numberOf, rangeOf, showRules } from "./rule-show.ts";

export function* doRule(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "list") || matches(cmd, "lst") || matches(cmd, "show")) return yield* showRules(ctx, rest, false);
  if (matches(cmd, "add")) return yield* modify(ctx, "add", rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, "del", rest);
  if (matches(cmd, "flush")) return yield* showRules(ctx, rest, true);
  if (matches(cmd, "save")) return yield* saveRules(ctx, rest);
  if (matches(cmd, "restore")) return yield* restoreRules(ctx);
  if (matches(cmd, "help")) ruleUsage();
  return exit(-1, `Command "${cmd}" is unknown, try "ip rule help".\n`);
}

function ruleUsage(): never {
  return usage("rule");
}

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

function* modify(ctx: Ctx, what: "add" | "del", args: Args): Call<number> {
  if (!args.more) fail(`"ip rule ${what}" requires arguments.\n`);
  const family: Family = ctx.opts.family;
  const r: Mutable<RuleRow> = {};
  let tableGiven = false;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "not") r.invert = true;
    else if (w === "from" || w === "to") {
      const p = getPrefix(args.next(), family);
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
      const mark = fwmark(args);
      r.fwmark = mark[0];
      r.fwmask = mark[1] ?? 0xffffffff;
    } else if (matches(w, "realms")) notModelled("rule realms");
    else if (matches(w, "protocol")) {
      const n = ctx.names.protocolNumber(args.next());
      if (n === null) invarg('"protocol" value is invalid\n', args.word);
      r.protocol = n;
    } else if (matches(w, "tun_id")) {
      const n = getUnsigned(args.next());
      if (n === null) invarg('"tun_id" value is invalid\n', args.word);
      r.tunId = n;
    } else if (matches(w, "table") || w === "lookup") {
      const n = ctx.names.tableNumber(args.next());
      if (n === null) invarg("invalid table ID\n", args.word);
      r.table = n;
      tableGiven = true;
    } else if (matches(w, "suppress_prefixlength") || w === "sup_pl") {
      const n = getInteger(args.next());
      if (n === null || n < 0) invarg("suppress_prefixlength value is invalid\n", args.word);
      r.suppressPrefixlength = n;
    } else if (matches(w, "suppress_ifgroup") || w === "sup_group") {
      const n = ctx.names.groupNumber(args.next());
      if (n === null) invarg('Invalid "suppress_ifgroup" value\n', args.word);
      r.suppressIfgroup = n;
    } else if (w === "dev" || w === "iif") r.iifname = ifname(args, '"iif"/"dev"');
    else if (w === "oif") r.oifname = ifname(args, '"oif"');
    else if (w === "l3mdev") r.l3mdev = true;
    else if (w === "uidrange") r.uidrange = uidrange(args);
    else if (w === "nat" || matches(w, "map-to")) notModelled("rule nat");
    else if (w === "ipproto") r.ipproto = ipprotoNumber(args.next());
    else if (w === "sport" || w === "dport") r[w] = rangeOf(args, w);
    else {
      if (w === "type") args.next();
      if (matches(args.word, "help")) ruleUsage();
      if (matches(args.word, "goto")) {
        const n = getUnsigned(args.next());
        if (n === null) invarg("invalid target\n", args.word);
        r.action = "goto";
        r.target = n;
        tableGiven = true;
        continue;
      }
      if (matches(args.word, "nop")) r.action = "nop";
      else {
        const t = ctx.names.routeTypeNumber(args.word);
        if (t === null) invarg("Failed to parse rule type", args.word);
        const action = ({ 6: "blackhole", 7: "unreachable", 8: "prohibit" } as const)[t as 6 | 7 | 8];
        if (action === undefined && t !== 1) notModelled(`rule ${args.word}`);
        if (action !== undefined) r.action = action;
      }
      tableGiven = true;
    }
  }
  if (r.l3mdev && r.table !== undefined) exit(22, "table can not be specified for l3mdev rules\n");
  r.family = family === 10 ? 10 : 2;
  if (!tableGiven && what === "add" && !r.l3mdev) r.table = RtTable.MAIN;
  const reply =
    what === "add"
      ? yield* ctx.talk({ type: "RTM_NEWRULE", flags: NlmF.CREATE | NlmF.EXCL, rule: r })
      : yield* ctx.talk({ type: "RTM_DELRULE", rule: r });
  return reply === null ? 2 : 0;
}

function fwmark(args: Args): readonly [number, number | null] {
  args.next();
  const [mark, mask] = args.word.split("/");
  const n = getUnsigned(mark!);
  if (n === null) invarg("fwmark value is invalid\n", mark!);
  if (mask === undefined) return [n, null];
  const m = getUnsigned(mask);
  if (m === null) invarg("fwmask value is invalid\n", mask);
  return [n, m];
}

function uidrange(args: Args): RuleRange {
  const m = /^([0-9]+)-([0-9]+)$/.exec(args.next());
  if (m === null) invarg("invalid UID range\n", args.word);
  return { from: Number(m![1]), to: Number(m![2]) };
}

function ifname(args: Args, key: string): string {
  args.next();
  if (!validIfname(args.word)) invarg(`${key} not a valid ifname`, args.word);
  return args.word;
}
