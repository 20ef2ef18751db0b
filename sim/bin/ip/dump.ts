/**
 * `save`, `showdump` and `restore` of `ip route`, `ip address` and `ip rule`: messages of the kernel in a file and back (iproute.c, ipaddress.c,
 * iprule.c of iproute2 6.1). A file begins with a number of its own for each of the three.
 */
import { Errno, strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import type { Call } from "../../kernel/abi.ts";
import { equalBytes } from "../../core/bytes.ts";
import { NlmF, RtType, type RouteRow, type RtnlRequest } from "../../net/rtnl/messages.ts";
import { exit, readAll, writeAll } from "../lib/io.ts";
import { kernelError } from "../lib/iproute/links.ts";
import { Printer } from "../lib/iproute/print.ts";
import { printAddr } from "./addr-print.ts";
import { type Args, fail } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { routeKey } from "./route-request.ts";
import { parseFilter } from "./filter.ts";
import * as nl from "./netlink.ts";
import { parseSelector, printRoute, resolver, selectRoutes } from "./route-show.ts";

const MAGIC = { route: 0x45311224, address: 0x47361222, rule: 0x71706986 } as const;
type What = keyof typeof MAGIC;

// ---------------------------------------------------------------- save

/** Refuses terminals and writes the number that a dump begins with. */
function* begin(ctx: Ctx, what: What): Call<void> {
  if ((yield* ctx.sys.isatty(1)) === 1) fail("Not sending a binary stream to stdout\n");
  const m = MAGIC[what];
  if ((yield* writeAll(ctx.sys, 1, Uint8Array.of(m & 255, (m >>> 8) & 255, (m >>> 16) & 255, m >>> 24))) < 0)
    fail("Can't write magic to dump file\n");
}

function* write(ctx: Ctx, type: number, filtered: boolean, bodies: readonly (readonly number[])[]): Call<number> {
  const flags = nl.NLM_F_MULTI | (filtered ? nl.NLM_F_DUMP_FILTERED : 0);
  const seq = Math.floor((yield* ctx.sys.clock_gettime("realtime")) / SEC) >>> 0;
  const pid = yield* ctx.sys.getpid();
  for (const b of bodies) {
    const r = yield* writeAll(ctx.sys, 1, nl.message({ type, flags, seq, pid }, b));
    if (r < 0) fail(`Can't write dump: ${strerror(r)}\n`);
  }
  return 0;
}

export function* saveRoutes(ctx: Ctx, args: Args, usage: () => never): Call<number> {
  yield* begin(ctx, "route");
  const f = yield* parseSelector(ctx, args, usage);
  const rows = yield* selectRoutes(ctx, f, "Dump");
  const filtered = f.table !== 0 || f.oif !== null || f.protocol !== null || f.type !== null;
  return yield* write(ctx, nl.RTM_NEWROUTE, filtered, rows.map(nl.routeBody));
}

/** Only the device and the family choose: the kernel does that. */
export function* saveAddrs(ctx: Ctx, args: Args, usage: () => never): Call<number> {
  const f = yield* parseFilter(ctx, args, ctx.opts.family, usage);
  const ifindex = f.dev === null ? 0 : yield* ctx.links.index(f.dev);
  if (f.dev !== null && ifindex <= 0) return fail(`Device "${f.dev}" does not exist.\n`);
  yield* begin(ctx, "address");
  const r = yield* ctx.dump({ type: "RTM_GETADDR", family: f.family === 2 || f.family === 10 ? f.family : 0 });
  const rows = (r.addrs ?? []).filter((a) => ifindex === 0 || a.ifindex === ifindex);
  return yield* write(ctx, nl.RTM_NEWADDR, ifindex !== 0, rows.map(nl.addrBody));
}

export function* saveRules(ctx: Ctx, args: Args): Call<number> {
  if (args.more) fail('"ip rule save" does not take any arguments.\n');
  yield* begin(ctx, "rule");
  const r = yield* ctx.dump({ type: "RTM_GETRULE", family: ctx.opts.family === 10 ? 10 : 2 });
  return yield* write(ctx, nl.RTM_NEWRULE, false, (r.rules ?? []).map(nl.ruleBody));
}

// ---------------------------------------------------------------- showdump and restore

/** The messages of a dump on standard input: type and what follows the header. `end`: whether the last one was cut off. */
interface Dump {
  readonly messages: readonly { readonly type: number; readonly body: Uint8Array }[];
  readonly truncated: boolean;
}

/** rtnl_from_file's reading, done before anything is shown; a wrong beginning ends the program. */
function* read(ctx: Ctx, what: What): Call<Dump> {
  const bad = what === "route" ? 1 : -1;
  if ((yield* ctx.sys.isatty(0)) === 1) exit(bad, `Can't restore ${what} dump from a terminal\n`);
  const data = yield* readAll(ctx.sys, 0);
  const bytes = typeof data === "number" ? new Uint8Array(0) : data;
  const magic = bytes.length < 4 ? 0 : nl.u32le(bytes, 0);
  if (magic !== MAGIC[what]) exit(bad, `Magic mismatch (${bytes.length < 4 ? 0 : 1} elems, ${magic.toString(16)} magic)\n`);
  const messages: { type: number; body: Uint8Array }[] = [];
  let o = 4;
  while (o + nl.NLMSG_HDRLEN <= bytes.length) {
    const len = nl.u32le(bytes, o);
    if (len < nl.NLMSG_HDRLEN || o + len > bytes.length) break;
    messages.push({ type: nl.u16le(bytes, o + 4), body: bytes.subarray(o + nl.NLMSG_HDRLEN, o + len) });
    o += (len + 3) & ~3;
  }
  return { messages, truncated: o < bytes.length };
}

const TRUNCATED = "rtnl-from_file: truncated message\n";

/** Text in any case: -j changes nothing. */
export function* showdumpRoutes(ctx: Ctx): Call<number> {
  const d = yield* read(ctx, "route");
  yield* ctx.links.load();
  const hostName = yield* resolver(ctx);
  const p = new Printer(false, false, ctx.opts.oneline, ctx.opts.color);
  for (const m of d.messages) if (m.type === nl.RTM_NEWROUTE) printRoute(ctx, p, nl.readRoute(m.body), null, hostName);
  yield* ctx.flush(p);
  return d.truncated ? exit(2, TRUNCATED) : 0;
}

/** Devices are numbers here: nobody asks the kernel for their names. */
export function* showdumpAddrs(ctx: Ctx): Call<number> {
  const d = yield* read(ctx, "address");
  const hostName = yield* resolver(ctx);
  const p = ctx.printer();
  p.begin();
  p.openObject();
  p.openArray("addr_info");
  for (const m of d.messages) {
    if (m.type !== nl.RTM_NEWADDR) continue;
    const a = nl.readAddr(m.body);
    printAddr(ctx, p, a, hostName, "index");
  }
  p.closeArray();
  p.closeObject();
  yield* ctx.finish(p);
  return d.truncated ? exit(-1, TRUNCATED) : 0;
}

/** What is there already is said and not minded; any other refusal ends the restoring. */
function* put(ctx: Ctx, req: RtnlRequest): Call<boolean> {
  const r = yield* ctx.sys.rtnetlink(req);
  if (r.ok) return true;
  yield* ctx.err(kernelError(r.errno, r.extack));
  return r.errno === Errno.EEXIST;
}

/** Ways to own addresses first, then those to own networks, then those through routers: each needs the ones before it. */
function stage(r: RouteRow): number {
  if (r.nexthops.length === 1 && r.nexthops[0]!.gateway !== null) return 2;
  return r.prefsrc === null || equalBytes(r.prefsrc, r.dst) ? 0 : 1;
}

export function* restoreRoutes(ctx: Ctx): Call<number> {
  const d = yield* read(ctx, "route");
  // stdio goes over the file three times
  const at = yield* ctx.sys.lseek(0, 0, "cur");
  if (at < 0) return fail(`Failed to restore: ftell: ${strerror(at)}\n`);
  const rows = d.messages.filter((m) => m.type === nl.RTM_NEWROUTE).map((m) => nl.readRoute(m.body));
  for (const n of [0, 1, 2]) {
    for (const r of rows)
      if (stage(r) === n && !(yield* put(ctx, { type: "RTM_NEWROUTE", flags: NlmF.CREATE, route: routeRequest(r) }))) return 2;
    if (d.truncated) return exit(2, TRUNCATED);
  }
  return 0;
}

function routeRequest(r: RouteRow): Extract<RtnlRequest, { type: "RTM_NEWROUTE" }>["route"] {
  const nh = r.nexthops.length === 1 ? r.nexthops[0]! : null;
  const refusing = r.type === RtType.BLACKHOLE || r.type === RtType.UNREACHABLE || r.type === RtType.PROHIBIT || r.type === RtType.THROW;
  return {
    ...routeKey(r),
    flags: r.flags,
    ...(r.src === null ? {} : { src: r.src, srcLen: r.srcLen }),
    ...(r.prefsrc === null ? {} : { prefsrc: r.prefsrc }),
    ...(r.priority === 0 ? {} : { priority: r.priority }),
    ...(nh?.gateway ? { gateway: nh.gateway, gatewayFamily: nh.gatewayFamily } : {}),
    ...(nh === null || refusing || nh.ifindex === 0 ? {} : { oif: nh.ifindex }),
    ...(r.nexthops.length > 1 ? { multipath: r.nexthops } : {}),
    ...(r.nhId === undefined ? {} : { nhId: r.nhId }),
    ...(r.metrics === null ? {} : { metrics: r.metrics }),
    ...(r.pref === null ? {} : { pref: r.pref }),
    ...(r.expires === undefined ? {} : { expires: r.expires }),
  };
}

export function* restoreAddrs(ctx: Ctx): Call<number> {
  const d = yield* read(ctx, "address");
  for (const m of d.messages) {
    if (m.type !== nl.RTM_NEWADDR) continue;
    const { broadcast, ...a } = nl.readAddr(m.body);
    const addr = { ...a, ...(broadcast === null ? {} : { broadcast }) };
    if (!(yield* put(ctx, { type: "RTM_NEWADDR", flags: NlmF.CREATE, addr }))) return 255;
  }
  return d.truncated ? exit(-1, TRUNCATED) : 0;
}

/** Not exclusive: a rule may stand there twice afterwards. */
export function* restoreRules(ctx: Ctx): Call<number> {
  const d = yield* read(ctx, "rule");
  for (const m of d.messages)
    if (m.type === nl.RTM_NEWRULE && !(yield* put(ctx, { type: "RTM_NEWRULE", flags: NlmF.CREATE, rule: nl.readRule(m.body) }))) return 255;
  return d.truncated ? exit(-1, TRUNCATED) : 0;
}
