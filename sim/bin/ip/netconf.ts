/** `ip netconf`: what the kernel tells about forwarding and the like (ipnetconf.c of iproute2 6.1), read from the sysctls behind it. */
import type { Call } from "../../kernel/abi.ts";
import { exit, readText } from "../lib/io.ts";
import type { Printer } from "../lib/iproute/print.ts";
import { Args, fail, matches } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";

export function* doNetconf(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "show") || matches(cmd, "lst") || matches(cmd, "list")) return yield* show(ctx, rest);
  if (matches(cmd, "help")) usage("netconf");
  return exit(-1, `Command "${cmd}" is unknown, try "ip netconf help".\n`);
}

/** `all`, `default` and other bare words change nothing: only "dev" is looked at. */
function* show(ctx: Ctx, args: Args): Call<number> {
  let dev: string | null = null;
  for (; args.more; args.at++) if (args.word === "dev") dev = args.next();
  yield* ctx.links.load();
  if (dev !== null && (yield* ctx.links.index(dev)) === 0) return fail(`Device "${dev}" does not exist.\n`);
  const names = dev !== null ? [dev] : [...(yield* ctx.dump({ type: "RTM_GETLINK" })).links!.map((l) => l.name), "all", "default"];
  const p = ctx.printer();
  p.begin();
  for (const family of [2, 10] as const)
    if (ctx.opts.family === 0 || ctx.opts.family === family) for (const name of names) yield* one(ctx, p, family, name);
  yield* ctx.finish(p);
  return 0;
}

function* one(ctx: Ctx, p: Printer, family: 2 | 10, name: string): Call<void> {
  const dir = `/proc/sys/net/ipv${family === 2 ? 4 : 6}/conf/${name}`;
  const value = function* (key: string): Call<number | null> {
    const text = yield* readText(ctx.sys, `${dir}/${key}`);
    return typeof text === "number" ? null : Number.parseInt(text, 10);
  };
  const forwarding = yield* value("forwarding");
  if (forwarding === null) return;
  const onOff = (key: string, n: number | null): void => p.any(key, n !== null && n !== 0, `${key} ${n ? "on" : "off"} `);
  p.openObject();
  const word = family === 2 ? "inet" : "inet6";
  p.any("family", word, `${word} `);
  p.color("ifname", "interface", name, `${name} `);
  onOff("forwarding", forwarding);
  if (family === 2) {
    const rp = ["off", "strict", "loose"][(yield* value("rp_filter")) ?? 0] ?? "unknown";
    p.any("rp_filter", rp, `rp_filter ${rp} `);
  }
  onOff("mc_forwarding", yield* value("mc_forwarding"));
  onOff("proxy_neigh", yield* value(family === 2 ? "proxy_arp" : "proxy_ndp"));
  onOff("ignore_routes_with_linkdown", yield* value("ignore_routes_with_linkdown"));
  p.fp("\n");
  p.closeObject();
}
