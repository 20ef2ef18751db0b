/**
 * `ip` of iproute2 6.1: options, choice of the object, batch files. Objects may be shortened to the first one of the table
 * that begins so, as `ip a` and `ip r`; the order of the table is iproute2's.
 */
import type { Call, Command } from "../../kernel/abi.ts";
import { exit, type Io, program } from "../lib/io.ts";
import { doAddr } from "./addr.ts";
import { doAddrlabel } from "./addrlabel.ts";
import { CommandFailed, type Family, getInteger, invarg, matches, notModelled } from "./args.ts";
import { complete } from "./complete.ts";
import { Ctx, type Options } from "./ctx.ts";
import { usage } from "./help.ts";
import { doLink } from "./link.ts";
import { doMaddr } from "./maddr.ts";
import { man, options } from "./man.ts";
import { doNeigh } from "./neigh.ts";
import { doBatch } from "../lib/iproute/batch.ts";
import { netnsSwitch } from "../lib/iproute/netns.ts";
import { doNetconf } from "./netconf.ts";
import { doMonitor, printEvent } from "./monitor.ts";
import { doNetns } from "./netns.ts";
import { doNexthop } from "./nexthop.ts";
import { doNtable } from "./ntable.ts";
import { doRoute } from "./route.ts";
import { resolver } from "./route-show.ts";
import { doRule } from "./rule.ts";
import { doToken } from "./token.ts";
import { doTuntap } from "./tuntap.ts";

type ObjectMain = (ctx: Ctx, words: readonly string[]) => Call<number>;

/** null: the object exists and is not simulated */
const OBJECTS: readonly (readonly [string, ObjectMain | null])[] = [
  ["address", doAddr],
  ["addrlabel", doAddrlabel],
  ["maddress", doMaddr],
  ["route", doRoute],
  ["rule", doRule],
  ["neighbor", doNeigh],
  ["neighbour", doNeigh],
  ["ntable", doNtable],
  ["ntbl", doNtable],
  ["link", doLink],
  ["l2tp", null],
  ["fou", null],
  ["ila", null],
  ["macsec", null],
  ["tunnel", null],
  ["tunl", null],
  ["tuntap", doTuntap],
  ["tap", doTuntap],
  ["token", doToken],
  ["tcpmetrics", null],
  ["tcp_metrics", null],
  ["monitor", doMonitor],
  ["xfrm", null],
  ["mroute", null],
  ["mrule", null],
  ["netns", doNetns],
  ["netconf", doNetconf],
  ["vrf", null],
  ["sr", null],
  ["nexthop", doNexthop],
  ["mptcp", null],
  ["ioam", null],
  ["help", help],
  ["stats", null],
];

// eslint-disable-next-line require-yield
function* help(): Call<number> {
  return usage("ip");
}

function* run(ctx: Ctx, words: readonly string[]): Call<number> {
  const word = words[0]!;
  for (const [name, main] of OBJECTS) {
    if (!matches(word, name)) continue;
    if (main === null) notModelled(name);
    yield* ctx.names.loadTables();
    const code = yield* main!(ctx, words.slice(1));
    yield* showEchoed(ctx);
    return code;
  }
  yield* ctx.err(`Object "${word}" is unknown, try "ip help".\n`);
  return 1;
}

/** -echo: what the kernel told of the requests, as ip monitor prints it. */
function* showEchoed(ctx: Ctx): Call<void> {
  if (ctx.echoed.length === 0) return;
  // iproute2 puts an object into an object there
  if (ctx.opts.json && ctx.echoed.some((e) => e.deleted)) notModelled("-echo -json of what was deleted");
  ctx.links.forget();
  yield* ctx.links.load();
  const hostName = yield* resolver(ctx);
  const p = ctx.printer();
  p.begin();
  for (const e of ctx.echoed) yield* printEvent(ctx, p, e, hostName);
  yield* ctx.finish(p);
}

const FAMILIES: readonly (readonly [string, Family])[] = [
  ["inet", 2],
  ["inet6", 10],
  ["link", 17],
  ["mpls", 28],
  ["bridge", 7],
  ["none", 0],
  ["any", 0],
];

function* main(io: Io, args: readonly string[]): Call<number> {
  const opts: Options = {
    family: 0,
    stats: 0,
    details: 0,
    oneline: false,
    brief: false,
    json: false,
    pretty: false,
    color: false,
    numeric: false,
    human: false,
    iec: false,
    resolve: false,
    force: false,
    all: false,
    echo: false,
    loops: 10,
    timestamp: "none",
  };
  let batch: string | null = null;
  let i = 0;
  const next = (): string => {
    i++;
    if (i >= args.length) usage("ip");
    return args[i]!;
  };
  for (; i < args.length; i++) {
    let opt = args[i]!;
    if (opt === "--") {
      i++;
      break;
    }
    if (!opt.startsWith("-")) break;
    if (opt.startsWith("--")) opt = opt.slice(1);
    if (matches(opt, "-loops")) opts.loops = getInteger(next()) ?? 0;
    else if (matches(opt, "-family")) {
      const name = next();
      if (name === "help") usage("ip");
      const f = FAMILIES.find(([n]) => n === name);
      if (f === undefined) invarg("invalid protocol family", name);
      opts.family = f[1];
    } else if (opt === "-4") opts.family = 2;
    else if (opt === "-6") opts.family = 10;
    else if (opt === "-0") opts.family = 17;
    else if (opt === "-M") opts.family = 28;
    else if (opt === "-B") opts.family = 7;
    else if (matches(opt, "-human") || matches(opt, "-human-readable")) opts.human = true;
    else if (matches(opt, "-iec")) opts.iec = true;
    else if (matches(opt, "-stats") || matches(opt, "-statistics")) opts.stats++;
    else if (matches(opt, "-details")) opts.details++;
    else if (matches(opt, "-resolve")) opts.resolve = true;
    else if (matches(opt, "-oneline")) opts.oneline = true;
    else if (matches(opt, "-timestamp")) opts.timestamp = "long";
    else if (matches(opt, "-tshort")) opts.timestamp = "short";
    else if (matches(opt, "-Version")) {
      yield* io.out.print("ip utility, iproute2-6.1.0, libbpf 1.1.2\n");
      return 0;
    } else if (matches(opt, "-force")) opts.force = true;
    else if (matches(opt, "-batch")) batch = next();
    else if (matches(opt, "-brief")) opts.brief = true;
    else if (matches(opt, "-json")) opts.json = true;
    else if (matches(opt, "-pretty")) opts.pretty = true;
    else if (matches(opt, "-rcvbuf")) {
      const n = next();
      if (getInteger(n) === null) exit(-1, `Invalid rcvbuf size '${n}'\n`);
    } else if (opt.startsWith("-c") && matches(opt.split("=")[0]!, "-color")) {
      const when = opt.includes("=") ? opt.slice(opt.indexOf("=") + 1) : "always";
      if (when === "auto") opts.color = (yield* io.sys.isatty(1)) === 1;
      else if (when === "always" || when === "never") opts.color = when === "always";
      else exit(-1, `Option "${opt}" is unknown, try "ip -help".\n`);
    } else if (matches(opt, "-help")) usage("ip");
    else if (matches(opt, "-netns")) {
      i++;
      const bad = yield* netnsSwitch(io.sys, args[i] ?? "(null)");
      if (bad !== null) exit(-1, bad);
    } else if (matches(opt, "-Numeric")) opts.numeric = true;
    else if (matches(opt, "-all")) opts.all = true;
    else if (opt === "-echo") opts.echo = true;
    else exit(-1, `Option "${opt}" is unknown, try "ip -help".\n`);
  }
  const ctx = new Ctx(io, opts);
  if (batch !== null) return yield* doBatch(io.sys, batch, opts.force, (words) => runLine(ctx, words));
  if (i >= args.length) usage("ip");
  return yield* run(ctx, args.slice(i));
}

function* runLine(ctx: Ctx, words: readonly string[]): Call<number> {
  try {
    return yield* run(new Ctx(ctx.io, ctx.opts, ctx.names), words);
  } catch (e) {
    if (!(e instanceof CommandFailed)) throw e;
    yield* ctx.err(e.text);
    return e.code;
  }
}

const ip: Command = {
  name: "ip",
  paths: ["/usr/bin/ip", "/usr/sbin/ip", "/bin/ip", "/sbin/ip"],
  pkg: "iproute2 6.1.0-3",
  main: program(main),
  options,
  man,
  complete,
};

export const commands: readonly Command[] = [ip];
