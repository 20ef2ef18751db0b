/** `ip token`: interface identifiers chosen by hand for addresses from router advertisements (iptoken.c of iproute2 6.1). */
import type { Call } from "../../kernel/abi.ts";
import { IFF, type LinkRow } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { fmtAddr } from "../lib/resolve.ts";
import { Args, fail, getPrefix, invarg, matches } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";

export function* doToken(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "list") || matches(cmd, "lst") || matches(cmd, "show") || matches(cmd, "get"))
    return yield* show(ctx, rest);
  if (matches(cmd, "set") || matches(cmd, "add")) return yield* set(ctx, rest, false);
  if (matches(cmd, "delete")) return yield* set(ctx, rest, true);
  if (matches(cmd, "help")) usage("token");
  return exit(-1, `Command "${cmd}" is unknown, try "ip token help".\n`);
}

function* device(ctx: Ctx, args: Args): Call<number> {
  const ifindex = yield* ctx.links.index(args.next());
  return ifindex === 0 ? invarg("dev is invalid\n", args.word) : ifindex;
}

/** Loopback and devices without neighbour discovery have none to show; other words are passed over. */
function* show(ctx: Ctx, args: Args): Call<number> {
  let ifindex = 0;
  for (; args.more; args.at++) if (args.word === "dev") ifindex = yield* device(ctx, args);
  const rows = (yield* ctx.dump({ type: "RTM_GETLINK" })).links ?? [];
  const shown = (l: LinkRow): boolean => (l.flags & (IFF.LOOPBACK | IFF.NOARP)) === 0 && (ifindex === 0 || l.ifindex === ifindex);
  const p = ctx.printer();
  p.begin();
  for (const l of rows) {
    if (!shown(l) || l.token === null) continue;
    p.openObject();
    p.fp("token ");
    p.color("inet6", "token", fmtAddr(l.token), fmtAddr(l.token));
    p.fp(" dev ");
    p.color("ifname", "ifname", l.name, `${l.name}\n`);
    p.closeObject();
  }
  yield* ctx.finish(p);
  return 0;
}

function* set(ctx: Ctx, args: Args, del: boolean): Call<number> {
  let token: Uint8Array | null = del ? new Uint8Array(16) : null;
  let ifindex = 0;
  for (; args.more; args.at++) {
    if (args.word === "dev") ifindex = yield* device(ctx, args);
    else token ??= getPrefix(args.word, 10).bytes;
  }
  if (token === null) fail("Not enough information: token is required.\n");
  if (ifindex === 0) fail('Not enough information: "dev" argument is required.\n');
  return (yield* ctx.talk({ type: "RTM_NEWLINK", flags: 0, ifindex, attrs: { token } })) === null ? 2 : 0;
}
