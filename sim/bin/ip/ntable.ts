/** `ip ntable`: parameters of the neighbour tables, by device (ipntable.c of iproute2 6.1). Of the statistics the tables' sizes are known here. */
import type { Call } from "../../kernel/abi.ts";
import { NEIGH_LIMITS, NEIGH_PARMS, type NeighLimit, type NeighParm, type NeighTableRow } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import type { Printer } from "../lib/iproute/print.ts";
import { Args, getUnsigned, matches, nodev, notModelled } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";

export function* doNtable(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined || matches(cmd, "show") || matches(cmd, "lst") || matches(cmd, "list")) return yield* show(ctx, rest);
  if (matches(cmd, "change") || matches(cmd, "chg")) return yield* change(ctx, rest);
  if (matches(cmd, "help")) usage("ntable");
  return exit(-1, `Command "${cmd}" is unknown, try "ip ntable help".\n`);
}

/** invarg as this file has it: without the empty line. */
function wrong(text: string, word: string): never {
  return exit(-1, `Error: argument "${word}" is wrong: ${text}\n`);
}

const isParm = (w: string): w is NeighParm => (NEIGH_PARMS as readonly string[]).includes(w);
const isLimit = (w: string): w is NeighLimit => (NEIGH_LIMITS as readonly string[]).includes(w);

function* change(ctx: Ctx, args: Args): Call<number> {
  let name: string | null = null;
  let dev: string | null = null;
  const parms: Partial<Record<NeighParm, number>> = {};
  const limits: Partial<Record<NeighLimit, number>> = {};
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "name") {
      if (name !== null) wrong("duplicate", args.next());
      name = args.next();
    } else if (w === "dev") {
      if (dev !== null) wrong("duplicate", args.next());
      dev = args.next();
    } else if (isParm(w) || isLimit(w)) {
      const n = getUnsigned(args.next()) ?? wrong(`"${w}" value is invalid`, args.word);
      if (isParm(w)) parms[w] = n;
      else limits[w] = n;
    } else wrong("unknown", w);
  }
  if (name === null) exit(-1, 'Error: argument "NAME" is required\n');
  if (Object.keys(parms).length + Object.keys(limits).length === 0) exit(-1, "Not enough information: changeable attributes required.\n");
  let ifindex = 0;
  if (dev !== null) {
    ifindex = yield* ctx.links.index(dev);
    if (ifindex === 0) nodev(dev);
  }
  const reply = yield* ctx.talk({ type: "RTM_SETNEIGHTBL", family: ctx.opts.family, name, ifindex, parms, limits });
  return reply === null ? 2 : 0;
}

function* show(ctx: Ctx, args: Args): Call<number> {
  let name: string | null = null;
  let ifindex = 0;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "dev") {
      ifindex = yield* ctx.links.index(args.next());
      if (ifindex === 0) wrong('"DEV" is invalid', args.word);
    } else if (w === "name") name = args.next();
    else wrong("unknown", w);
  }
  if (ctx.opts.stats > 0 && ifindex === 0) notModelled("ntable -s for whole tables");
  yield* ctx.links.load();
  const r = yield* ctx.dump({ type: "RTM_GETNEIGHTBL", family: ctx.opts.family });
  const p = ctx.printer();
  p.begin();
  for (const t of r.neighTables ?? []) if ((name === null || name === t.name) && (ifindex === 0 || ifindex === t.ifindex)) print(ctx, p, t);
  yield* ctx.finish(p);
  return 0;
}

/** print_ntable: parameters in lines as the kernel groups them. */
const LINES: readonly (readonly NeighParm[])[] = [
  ["gc_stale", "delay_probe", "queue"],
  ["app_probes", "ucast_probes", "mcast_probes"],
  ["anycast_delay", "proxy_delay", "proxy_queue", "locktime"],
];

function print(ctx: Ctx, p: Printer, t: NeighTableRow): void {
  p.openObject();
  const family = t.family === 2 ? "inet" : "inet6";
  p.any("family", family, `${family} `);
  p.any("name", t.name, `${t.name} `);
  p.nl();
  p.fp("    ");
  if (t.ifindex !== 0) {
    p.color("ifname", "dev", ctx.links.name(t.ifindex), `dev ${ctx.links.name(t.ifindex)} `);
    p.nl();
    p.fp("    ");
  } else if (t.limits !== null) {
    for (const key of NEIGH_LIMITS) p.any(key === "gc_int" ? "gc_interval" : key, t.limits[key], `${key} ${t.limits[key]} `);
    p.nl();
    p.fp("    ");
  }
  p.any("refcnt", 1, "refcnt 1 ");
  p.any("reachable", t.reachable, `reachable ${t.reachable} `);
  for (const key of ["base_reachable", "retrans"] as const) p.any(key, t.parms[key], `${key} ${t.parms[key]} `);
  for (const line of LINES) {
    p.nl();
    p.fp("    ");
    for (const key of line) p.any(key, t.parms[key], `${key} ${t.parms[key]} `);
  }
  p.nl();
  p.fp("\n");
  p.closeObject();
}
