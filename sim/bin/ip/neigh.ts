/** `ip neighbour`: the ARP and neighbour discovery tables (ipneigh.c of iproute2 6.1). */
import { hex } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { NlmF, type NeighRow, NtfF, Nud } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { fmtAddr, nameOf, readHosts } from "../lib/resolve.ts";
import {
  fail,
  addrMatches,
  Args,
  duparg,
  duparg2,
  type Family,
  getAddr,
  getLladdr,
  getPrefix,
  getUnsigned,
  invarg,
  matches,
  nodev,
  notModelled,
  type Prefix,
} from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";
import { familyColor, Printer } from "../lib/iproute/print.ts";

const STATES: readonly (readonly [number, string])[] = [
  [Nud.INCOMPLETE, "INCOMPLETE"],
  [Nud.REACHABLE, "REACHABLE"],
  [Nud.STALE, "STALE"],
  [Nud.DELAY, "DELAY"],
  [Nud.PROBE, "PROBE"],
  [Nud.FAILED, "FAILED"],
  [Nud.NOARP, "NOARP"],
  [Nud.PERMANENT, "PERMANENT"],
];
/** `nud none` in a filter: a bit above the states */
const NONE_BIT = 0x100;

export function* doNeigh(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined) return yield* show(ctx, rest);
  if (matches(cmd, "add")) return yield* modify(ctx, NlmF.CREATE | NlmF.EXCL, rest);
  if (matches(cmd, "change") || cmd === "chg") return yield* modify(ctx, NlmF.REPLACE, rest);
  if (matches(cmd, "replace")) return yield* modify(ctx, NlmF.CREATE | NlmF.REPLACE, rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, null, rest);
  if (matches(cmd, "get")) return yield* getOne(ctx, rest);
  if (matches(cmd, "show") || matches(cmd, "lst") || matches(cmd, "list")) return yield* show(ctx, rest);
  if (matches(cmd, "flush")) return yield* flush(ctx, rest);
  if (matches(cmd, "help")) neighUsage();
  return exit(-1, `Command "${cmd}" is unknown, try "ip neigh help".\n`);
}

function neighUsage(): never {
  return usage("neigh");
}

/** nud_state_a2n: a name or a number below 256. */
function nudState(word: string): number | null {
  if (matches(word, "permanent")) return Nud.PERMANENT;
  if (matches(word, "reachable")) return Nud.REACHABLE;
  if (word === "noarp") return Nud.NOARP;
  if (word === "none") return Nud.NONE;
  if (word === "stale") return Nud.STALE;
  if (word === "incomplete") return Nud.INCOMPLETE;
  if (word === "delay") return Nud.DELAY;
  if (word === "probe") return Nud.PROBE;
  if (matches(word, "failed")) return Nud.FAILED;
  const n = getUnsigned(word);
  return n === null || n > 0xff ? null : n;
}

// ---------------------------------------------------------------- add, change, replace, delete

/** `flags` null: delete. */
function* modify(ctx: Ctx, flags: number | null, args: Args): Call<number> {
  const preferred: Family = ctx.opts.family;
  let lla: string | null = null;
  let state: number = Nud.PERMANENT;
  let ntf = 0;
  let dev: string | null = null;
  let devOk = false;
  let dst: Prefix | null = null;
  let protocol = 0;
  for (; args.more; args.at++) {
    const w = args.word;
    if (matches(w, "lladdr")) {
      args.next();
      if (lla !== null) duparg("lladdr", args.word);
      lla = args.word;
    } else if (w === "nud") {
      const s = nudState(args.next());
      if (s === null) invarg("nud state is bad", args.word);
      state = s;
    } else if (matches(w, "proxy")) {
      args.next();
      if (matches(args.word, "help")) neighUsage();
      if (dst !== null) duparg("address", args.word);
      dst = getAddr(args.word, preferred);
      devOk = true;
      ntf |= NtfF.PROXY;
    } else if (w === "router") ntf |= NtfF.ROUTER;
    else if (w === "use") ntf |= NtfF.USE;
    else if (w === "managed") notModelled("neigh managed");
    else if (matches(w, "extern_learn")) ntf |= NtfF.EXT_LEARNED;
    else if (w === "dev") {
      dev = args.next();
      devOk = true;
    } else if (matches(w, "protocol")) {
      const n = ctx.names.protocolNumber(args.next());
      if (n === null) invarg('"protocol" value is invalid\n', args.word);
      protocol = n;
    } else {
      if (w === "to") args.next();
      if (matches(args.word, "help")) neighUsage();
      if (dst !== null) duparg2("to", args.word);
      dst = getAddr(args.word, preferred);
    }
  }
  if (!devOk || dst === null || dst.family === 0) exit(-1, "Device and destination are required arguments.\n");
  const to = dst!;
  const lladdr = lla !== null && lla !== "null" ? getLladdr(lla) : null;
  let ifindex = 0;
  if (dev !== null) {
    ifindex = yield* ctx.links.index(dev);
    if (ifindex === 0) nodev(dev);
  }
  const neigh = {
    family: to.family === 10 ? 10 : 2,
    ifindex,
    dst: to.bytes,
    ...(lladdr === null ? {} : { lladdr }),
    state,
    flags: ntf,
    ...(protocol === 0 ? {} : { protocol }),
  } as const;
  const r = flags === null ? yield* ctx.talk({ type: "RTM_DELNEIGH", neigh }) : yield* ctx.talk({ type: "RTM_NEWNEIGH", flags, neigh });
  return r === null ? exit(2) : 0;
}

// ---------------------------------------------------------------- show and flush

interface NeighFilter {
  family: Family;
  ifindex: number;
  state: number;
  unused: boolean;
  proxy: boolean;
  master: number;
  pfx: Prefix | null;
  protocol: number;
}

function* parseFilter(ctx: Ctx, args: Args, forFlush: boolean): Call<NeighFilter> {
  const f: NeighFilter = {
    family: ctx.opts.family,
    ifindex: 0,
    state: forFlush ? 0x1ff & ~(Nud.PERMANENT | Nud.NOARP) : 0xff & ~Nud.NOARP,
    unused: false,
    proxy: false,
    master: 0,
    pfx: null,
    protocol: 0,
  };
  let stated = false;
  let dev: string | null = null;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "dev") {
      args.next();
      if (dev !== null) duparg("dev", args.word);
      dev = args.word;
    } else if (w === "master") {
      const n = yield* ctx.links.index(args.next());
      if (n === 0) invarg("Device does not exist\n", args.word);
      f.master = n;
    } else if (w === "vrf") invarg("Not a valid VRF name\n", args.next());
    else if (w === "nomaster") f.master = -1;
    else if (w === "unused") f.unused = true;
    else if (w === "nud") {
      args.next();
      if (!stated) f.state = 0;
      stated = true;
      let s = nudState(args.word);
      if (s === null) {
        if (args.word !== "all") invarg("nud state is bad", args.word);
        s = forFlush ? 0xff & ~Nud.NOARP : 0x1ff;
      }
      f.state |= s === 0 ? NONE_BIT : s;
    } else if (w === "proxy") f.proxy = true;
    else if (matches(w, "protocol")) {
      const n = ctx.names.protocolNumber(args.next());
      if (n === null && args.word !== "all") invarg('invalid "protocol"\n', args.word);
      f.protocol = n ?? 0;
    } else {
      if (w === "to") args.next();
      if (matches(args.word, "help")) neighUsage();
      f.pfx = getPrefix(args.word, f.family);
      if (f.family === 0) f.family = f.pfx.family;
    }
  }
  if (dev !== null) {
    f.ifindex = yield* ctx.links.index(dev);
    if (f.ifindex === 0) nodev(dev);
  }
  return f;
}

function passes(ctx: Ctx, f: NeighFilter, n: NeighRow): boolean {
  if (f.family !== 0 && f.family !== n.family) return false;
  if (f.ifindex !== 0 && f.ifindex !== n.ifindex) return false;
  if (!(f.state & n.state) && !(n.flags & (NtfF.PROXY | NtfF.EXT_LEARNED)) && (n.state !== 0 || !(f.state & NONE_BIT))) return false;
  const master = ctx.links.get(n.ifindex)?.master ?? 0;
  if (f.master > 0 && master !== f.master) return false;
  if (f.master < 0 && master !== 0) return false;
  if (f.protocol !== 0 && n.protocol !== f.protocol) return false;
  if (f.pfx !== null && n.dst !== null && (f.pfx.bytes.length !== n.dst.length || !addrMatches(n.dst, f.pfx.bytes, f.pfx.bitlen))) {
    if (f.pfx.bytes.length !== 0) return false;
  }
  return !f.unused || n.refcnt === 0;
}

function* rows(ctx: Ctx, f: NeighFilter): Call<readonly NeighRow[]> {
  const family = f.family === 2 || f.family === 10 || f.family === 7 ? f.family : 0;
  const r = yield* ctx.dump({
    type: "RTM_GETNEIGH",
    family,
    ...(f.ifindex ? { ifindex: f.ifindex } : {}),
    ...(f.master > 0 ? { master: f.master } : {}),
    ...(f.proxy ? { proxy: true } : {}),
  });
  return (r.neighs ?? []).filter((n) => n.family !== 7 && passes(ctx, f, n));
}

function* show(ctx: Ctx, args: Args): Call<number> {
  yield* ctx.links.load();
  const f = yield* parseFilter(ctx, args, false);
  const hostName = yield* hostNames(ctx);
  const p = ctx.printer();
  p.begin();
  for (const n of yield* rows(ctx, f)) printNeigh(ctx, p, n, f.ifindex === 0, hostName);
  yield* ctx.finish(p);
  return 0;
}

function* hostNames(ctx: Ctx): Call<(a: Uint8Array) => string> {
  const hosts = ctx.opts.resolve ? yield* readHosts(ctx.sys) : [];
  return (a) => nameOf(hosts, a) ?? fmtAddr(a);
}

export function printNeigh(ctx: Ctx, p: Printer, n: NeighRow, withDev: boolean, hostName: (a: Uint8Array) => string): void {
  const { brief } = ctx.opts;
  p.openObject();
  if (n.dst !== null) p.color(familyColor(n.family), "dst", hostName(n.dst), `${brief ? hostName(n.dst).padEnd(39) : hostName(n.dst)} `);
  if (brief) {
    const dev = ctx.links.name(n.ifindex);
    if (withDev && n.ifindex !== 0) p.color("ifname", "dev", dev, `${dev.padEnd(16)} `);
    if (n.lladdr !== null) p.color("mac", "lladdr", hex(n.lladdr, ":"), hex(n.lladdr, ":"));
    p.fp("\n");
    p.closeObject();
    return;
  }
  if (withDev && n.ifindex !== 0) {
    p.fp("dev ");
    p.color("ifname", "dev", ctx.links.name(n.ifindex), `${ctx.links.name(n.ifindex)} `);
  }
  if (n.lladdr !== null) {
    const mac = hex(n.lladdr, ":");
    p.fp("lladdr ");
    p.color("mac", "lladdr", mac, `${mac} `);
  }
  if (n.flags & NtfF.ROUTER) p.any("router", null, "router ");
  if (n.flags & NtfF.PROXY) p.any("proxy", null, "proxy ");
  if (n.flags & NtfF.EXT_LEARNED) p.any("extern_learn", null, "extern_learn ");
  if (ctx.opts.stats > 0 && !(n.flags & NtfF.PROXY)) {
    if (n.refcnt !== 0) p.any("refcnt", n.refcnt, ` ref ${n.refcnt}`);
    p.any("used", n.used, ` used ${n.used}`);
    p.any("confirmed", n.confirmed, `/${n.confirmed}`);
    p.any("updated", n.updated, `/${n.updated}`);
    p.any("probes", n.probes, `probes ${n.probes} `);
  }
  if (n.state !== 0) {
    p.openArray("state");
    for (const [bit, name] of STATES) if (n.state & bit) p.any(null, name, `${name} `);
    p.closeArray();
  }
  if (n.protocol !== 0) p.any("protocol", ctx.names.protocol(n.protocol), `proto ${ctx.names.protocol(n.protocol)} `);
  p.fp("\n");
  p.closeObject();
}

/** Deletes in rounds what passes, by default all but PERMANENT and NOARP. */
function* flush(ctx: Ctx, args: Args): Call<number> {
  const { opts } = ctx;
  if (!args.more) fail("Flush requires arguments.\n");
  yield* ctx.links.load();
  const f = yield* parseFilter(ctx, args, true);
  const hostName = yield* hostNames(ctx);
  for (let round = 0; round < 10;) {
    const hit = yield* rows(ctx, f);
    if (hit.length === 0) {
      if (opts.stats > 0)
        yield* ctx.io.out.print(
          round === 0 ? "Nothing to flush.\n" : `*** Flush is complete after ${round} round${round > 1 ? "s" : ""} ***\n`,
        );
      return 0;
    }
    round++;
    for (const n of hit) {
      if (opts.stats > 1) {
        const p = ctx.printer();
        printNeigh(ctx, p, n, f.ifindex === 0, hostName);
        yield* ctx.flush(p);
      }
      yield* ctx.sys.rtnetlink({
        type: "RTM_DELNEIGH",
        neigh: { family: n.family, ifindex: n.ifindex, ...(n.dst === null ? {} : { dst: n.dst }), state: n.state, flags: n.flags },
      });
    }
    if (opts.stats > 0) yield* ctx.io.out.print(`\n*** Round ${round}, deleting ${hit.length} entries ***\n`);
  }
  yield* ctx.io.out.print("*** Flush not complete bailing out after 10 rounds\n");
  return 1;
}

// ---------------------------------------------------------------- get

function* getOne(ctx: Ctx, args: Args): Call<number> {
  let dst: Prefix | null = null;
  let dev: string | null = null;
  let proxy = false;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "dev") dev = args.next();
    else if (matches(w, "proxy")) {
      args.next();
      if (matches(args.word, "help")) neighUsage();
      if (dst !== null) duparg("address", args.word);
      dst = getAddr(args.word, ctx.opts.family);
      proxy = true;
    } else {
      if (w === "to") args.next();
      if (matches(args.word, "help")) neighUsage();
      if (dst !== null) duparg2("to", args.word);
      dst = getAddr(args.word, ctx.opts.family);
    }
  }
  if (dst === null || dst.family === 0 || (dev === null && !proxy)) fail("Device and address are required arguments.\n");
  if (dev === null) fail("Device and address are required arguments.\n");
  const ifindex = yield* ctx.links.index(dev!);
  if (ifindex === 0) nodev(dev!);
  yield* ctx.links.load();
  const r = yield* ctx.talk({
    type: "RTM_GETNEIGH_ONE",
    family: dst!.family === 10 ? 10 : 2,
    ifindex,
    dst: dst!.bytes,
    ...(proxy ? { proxy } : {}),
  });
  if (r === null) return 2;
  const hostName = yield* hostNames(ctx);
  // text in any case: -j changes nothing
  const p = new Printer(false, false, ctx.opts.oneline, ctx.opts.color);
  for (const n of r.neighs ?? []) printNeigh(ctx, p, n, true, hostName);
  yield* ctx.flush(p);
  return 0;
}
