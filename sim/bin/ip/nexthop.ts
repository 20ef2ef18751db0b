/** `ip nexthop`: next hops with numbers, for routes to name (ipnexthop.c of iproute2 6.1); IPv4 ones. */
import type { Call } from "../../kernel/abi.ts";
import { NlmF, type NexthopObjectRow, RtnhF } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import type { Printer } from "../lib/iproute/print.ts";
import { addr4, bytes4, fmtAddr } from "../lib/resolve.ts";
import { Args, getAddr, getUnsigned, invarg, matches, notModelled } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";

export function* doNexthop(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "list") || matches(cmd, "show") || matches(cmd, "lst")) return yield* show(ctx, rest, false);
  if (matches(cmd, "add")) return yield* modify(ctx, NlmF.CREATE | NlmF.EXCL, rest);
  if (matches(cmd, "replace")) return yield* modify(ctx, NlmF.CREATE | NlmF.REPLACE, rest);
  if (matches(cmd, "delete")) return yield* byId(ctx, "RTM_DELNEXTHOP", rest);
  if (matches(cmd, "get")) return yield* byId(ctx, "RTM_GETNEXTHOP", rest);
  if (matches(cmd, "flush")) return yield* show(ctx, rest, true);
  if (matches(cmd, "bucket")) notModelled("nexthop bucket");
  if (matches(cmd, "help")) usage("nexthop");
  return exit(-1, `Command "${cmd}" is unknown, try "ip nexthop help".\n`);
}

function number(args: Args, key: string): number {
  return getUnsigned(args.next()) ?? invarg(`invalid ${key} value`, args.word);
}

function* modify(ctx: Ctx, flags: number, args: Args): Call<number> {
  let id = 0;
  let gateway = 0;
  let ifindex = 0;
  let protocol = 0;
  let blackhole = false;
  let group: NexthopObjectRow["group"] = null;
  let nhFlags = 0;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "id") id = number(args, "id");
    else if (w === "dev") {
      ifindex = yield* ctx.links.index(args.next());
      if (ifindex === 0) invarg("Device does not exist\n", args.word);
    } else if (w === "via") {
      args.next();
      if (args.word === "inet") args.next();
      if (args.word === "inet6") notModelled("nexthop via an IPv6 address");
      const a = getAddr(args.word, ctx.opts.family);
      if (a.family === 10) notModelled("nexthop via an IPv6 address");
      gateway = addr4(a.bytes);
    } else if (w === "blackhole") blackhole = true;
    else if (w === "onlink") nhFlags |= RtnhF.ONLINK;
    else if (w === "group") group = members(args.next());
    else if (matches(w, "protocol")) {
      const n = ctx.names.protocolNumber(args.next());
      if (n === null) invarg('"protocol" value is invalid\n', args.word);
      protocol = n;
    } else if (w === "encap" || w === "fdb" || w === "type" || ["buckets", "idle_timer", "unbalanced_timer"].includes(w))
      notModelled(`nexthop ${w}`);
    else if (w === "help") usage("nexthop");
    else exit(-1, `Error: argument "${w}" is wrong: Unknown argument\n\n`);
  }
  const nexthop: NexthopObjectRow = { id, gateway, ifindex, scope: 0, protocol, blackhole, group, flags: nhFlags };
  if (group === null && !blackhole && ifindex === 0 && gateway === 0) return yield* refuse(ctx, "Invalid address family");
  return (yield* ctx.talk({ type: "RTM_NEWNEXTHOP", flags, nexthop })) === null ? 2 : 0;
}

function* refuse(ctx: Ctx, text: string): Call<number> {
  yield* ctx.err(`Error: ${text}.\n`);
  return 2;
}

/** add_nh_group_attr: ID[,WEIGHT]/ID[,WEIGHT]… */
function members(text: string): readonly { id: number; weight: number }[] {
  // a slash at the end makes the number before it the wrong one
  const parts = text.split("/");
  const open = parts.indexOf("");
  if (open >= 0) return invarg('"group" value is invalid\n', parts[Math.max(0, open - 1)]!);
  return parts.map((part) => {
    const [id, weight] = part.split(",");
    const n = getUnsigned(id!);
    const w = weight === undefined ? 1 : getUnsigned(weight);
    if (n === null || n === 0) return invarg('"group" value is invalid\n', part);
    if (w === null || w < 1 || w > 256) return invarg('"weight" is invalid\n', weight ?? part);
    return { id: n, weight: w };
  });
}

function* byId(ctx: Ctx, type: "RTM_DELNEXTHOP" | "RTM_GETNEXTHOP", args: Args): Call<number> {
  let id = 0;
  for (; args.more; args.at++) {
    if (args.word === "id") id = number(args, "id");
    else exit(-1, `Error: argument "${args.word}" is wrong: Unknown argument\n\n`);
  }
  if (id === 0) usage("nexthop");
  const r = yield* ctx.talk({ type, id });
  if (r === null) return 2;
  if (type === "RTM_GETNEXTHOP") yield* print(ctx, r.nexthopObjects ?? []);
  return 0;
}

function* show(ctx: Ctx, args: Args, flush: boolean): Call<number> {
  let id: number | undefined;
  let dev = 0;
  let groups = false;
  let protocol: number | null = null;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "dev") {
      dev = yield* ctx.links.index(args.next());
      if (dev === 0) invarg("Device does not exist\n", args.word);
    } else if (w === "groups") groups = true;
    else if (w === "id") id = number(args, "id");
    else if (matches(w, "protocol")) {
      protocol = ctx.names.protocolNumber(args.next());
      if (protocol === null) invarg('"protocol" value is invalid\n', args.word);
    } else if (["vrf", "master", "fdb"].includes(w)) notModelled(`nexthop show ${w}`);
    else if (matches(w, "help")) usage("nexthop");
    else invarg("", w);
  }
  const r = yield* ctx.talk({ type: "RTM_GETNEXTHOP", ...(id === undefined ? {} : { id }) });
  if (r === null) return 2;
  const hit = (r.nexthopObjects ?? []).filter(
    (o) => (dev === 0 || o.ifindex === dev) && (!groups || o.group !== null) && (protocol === null || o.protocol === protocol),
  );
  if (!flush) {
    yield* print(ctx, hit);
    return 0;
  }
  // a group goes with the last of its members
  for (const o of hit) yield* ctx.sys.rtnetlink({ type: "RTM_DELNEXTHOP", id: o.id });
  yield* ctx.io.out.print(hit.length > 0 ? `Flushed ${hit.length} nexthops\n` : "Nothing to flush\n");
  return 0;
}

function* print(ctx: Ctx, rows: readonly NexthopObjectRow[]): Call<void> {
  yield* ctx.links.load();
  const p = ctx.printer();
  p.begin();
  for (const o of rows) printNexthop(ctx, p, o);
  yield* ctx.finish(p);
}

export function printNexthop(ctx: Ctx, p: Printer, o: NexthopObjectRow): void {
  p.openObject();
  printInside(ctx, p, o);
  p.fp("\n");
  p.closeObject();
}

/** The object that a route names, below it (ip -d route). */
export function printNexthopInfo(ctx: Ctx, p: Printer, o: NexthopObjectRow): void {
  p.openObject("nh_info");
  p.fp("\n\tnh_info ");
  printInside(ctx, p, o);
  p.closeObject();
}

function printInside(ctx: Ctx, p: Printer, o: NexthopObjectRow): void {
  p.any("id", o.id, `id ${o.id} `);
  if (o.group !== null) {
    p.openArray("group", "group ");
    o.group.forEach((g, i) => {
      p.openObject();
      p.any("id", g.id, `${i > 0 ? "/" : ""}${g.id}`);
      if (g.weight !== 1) p.any("weight", g.weight, `,${g.weight}`);
      p.closeObject();
    });
    p.closeArray(" ");
  }
  if (o.gateway !== 0) {
    p.fp("via ");
    p.color("inet", "gateway", fmtAddr(bytes4(o.gateway)), `${fmtAddr(bytes4(o.gateway))} `);
  }
  if (o.ifindex !== 0) {
    p.fp("dev ");
    p.color("ifname", "dev", ctx.links.name(o.ifindex), `${ctx.links.name(o.ifindex)} `);
  }
  if (o.scope !== 0 || ctx.opts.details > 0) p.any("scope", ctx.names.scope(o.scope), `scope ${ctx.names.scope(o.scope)} `);
  if (o.blackhole) p.any("blackhole", null, "blackhole ");
  if (o.protocol !== 0 || ctx.opts.details > 0)
    p.any("protocol", ctx.names.protocol(o.protocol), `proto ${ctx.names.protocol(o.protocol)} `);
  p.openArray("flags");
  if (o.flags & RtnhF.ONLINK) p.any(null, "onlink", "onlink ");
  if (o.flags & RtnhF.LINKDOWN) p.any(null, "linkdown", "linkdown ");
  p.closeArray();
}
