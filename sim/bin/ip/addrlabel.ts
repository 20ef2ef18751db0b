/** `ip addrlabel`: labels of prefixes for choosing IPv6 source addresses (ipaddrlabel.c of iproute2 6.1). */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import type { AddrLabelRow } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { kernelError } from "../lib/iproute/links.ts";
import { fmtAddr } from "../lib/resolve.ts";
import { Args, fail, getPrefix, getUnsigned, invarg, matches, type Prefix } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";

export function* doAddrlabel(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "list") || matches(cmd, "show")) return yield* show(ctx, rest);
  if (matches(cmd, "add")) return yield* modify(ctx, "RTM_NEWADDRLABEL", rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, "RTM_DELADDRLABEL", rest);
  if (matches(cmd, "flush")) return yield* flush(ctx, rest);
  if (matches(cmd, "help")) usage("addrlabel");
  return exit(-1, `Command "${cmd}" is unknown, try "ip addrlabel help".\n`);
}

/** -4 asks for labels of IPv4, of which there are none. */
function* labels(ctx: Ctx, terminated: string, code: number): Call<readonly AddrLabelRow[]> {
  const r = yield* ctx.sys.rtnetlink({ type: "RTM_GETADDRLABEL", family: ctx.opts.family });
  return r.ok ? (r.labels ?? []) : exit(code, `${kernelError(r.errno, r.extack)}${terminated} terminated\n`);
}

function* show(ctx: Ctx, args: Args): Call<number> {
  if (args.more) fail('"ip addrlabel show" does not take any arguments.\n');
  const rows = yield* labels(ctx, "Dump", -1);
  yield* ctx.links.load();
  const p = ctx.printer();
  p.begin();
  for (const l of rows) {
    p.openObject();
    p.fp("prefix ");
    p.color("inet6", "address", fmtAddr(l.prefix), fmtAddr(l.prefix));
    p.any("prefixlen", l.prefixlen, `/${l.prefixlen} `);
    if (l.ifindex !== 0) {
      p.fp("dev ");
      p.color("ifname", "ifname", ctx.links.name(l.ifindex), `${ctx.links.name(l.ifindex)} `);
    }
    p.any("label", l.label, `label ${l.label} \n`);
    p.closeObject();
  }
  yield* ctx.finish(p);
  return 0;
}

/** Words that it does not know are passed over. */
function* modify(ctx: Ctx, type: "RTM_NEWADDRLABEL" | "RTM_DELADDRLABEL", args: Args): Call<number> {
  let prefix: Prefix | null = null;
  let ifindex = 0;
  let label: number | null = null;
  for (; args.more; args.at++) {
    if (args.word === "prefix") prefix = getPrefix(args.next(), ctx.opts.family);
    else if (args.word === "dev") {
      ifindex = yield* ctx.links.index(args.next());
      if (ifindex === 0) invarg("dev is invalid\n", args.word);
    } else if (args.word === "label") {
      label = getUnsigned(args.next());
      if (label === null || label === 0xffffffff) invarg("label is invalid\n", args.word);
    }
  }
  if (prefix === null) fail('Not enough information: "prefix" argument is required.\n');
  if (label === null) fail('Not enough information: "label" argument is required.\n');
  const reply = yield* ctx.talk({ type, label: { prefix: prefix.bytes, prefixlen: Math.max(0, prefix.bitlen), ifindex, label } });
  return reply === null ? 2 : 0;
}

function* flush(ctx: Ctx, args: Args): Call<number> {
  if (args.more) fail('"ip addrlabel flush" does not allow extra arguments\n');
  for (const label of yield* labels(ctx, "Flush", 1)) {
    const r = yield* ctx.sys.rtnetlink({ type: "RTM_DELADDRLABEL", label });
    if (!r.ok) return exit(2, `RTNETLINK answers: ${strerror(r.errno)}\n`);
  }
  return 0;
}
