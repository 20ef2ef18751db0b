/**
 * `ip link show` and `ip addr show|flush`: iproute2 has one function for them (ipaddr_list_flush_or_save). Links and
 * addresses are fetched whole, filtered here, and printed link by link.
 */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import type { AddrRow, LinkRow } from "../../net/rtnl/messages.ts";
import { IfaF } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { fmtAddr, nameOf, readHosts } from "../lib/resolve.ts";
import { printAddr } from "./addr-print.ts";
import { fail, type Args, type Family } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { readPeople } from "./tuntap-print.ts";
import { addrPasses, type Filter, kernelPasses, linkPasses, parseFilter } from "./filter.ts";
import { type LinkView, printLink, printLinkBrief, printStats } from "./link-print.ts";
import { nsidMap } from "./netnsid.ts";
import { Printer } from "../lib/iproute/print.ts";

/** `ip link [show …]` and `ip addr [show …]`. */
export function* showLinks(ctx: Ctx, args: Args, doLink: boolean, usage: () => never): Call<number> {
  const { opts } = ctx;
  const f = yield* parseFilter(ctx, args, doLink ? 17 : opts.family, usage);
  yield* ctx.links.load();
  let ifindex = 0;
  if (f.dev !== null) {
    ifindex = yield* ctx.links.index(f.dev);
    if (ifindex <= 0) return fail(`Device "${f.dev}" does not exist.\n`);
  }
  const p = ctx.printer();
  p.begin();
  let links: readonly LinkRow[];
  if (ifindex > 0) {
    const r = yield* ctx.sys.rtnetlink({ type: "RTM_GETLINK", ifindex });
    if (!r.ok) {
      yield* ctx.finish(p);
      return fail(`RTNETLINK answers: ${strerror(r.errno)}\nCannot send link get request: ${strerror(r.errno)}\n`);
    }
    links = r.links ?? [];
  } else {
    const r = yield* ctx.dump({ type: "RTM_GETLINK" });
    links = (r.links ?? []).filter((l) => kernelPasses(f, l));
  }
  let addrs: readonly AddrRow[] = [];
  if (f.family !== 17) {
    const r = yield* ctx.dump({ type: "RTM_GETADDR", family: f.family === 2 || f.family === 10 ? f.family : 0 });
    addrs = r.addrs ?? [];
    links = links.filter((l) => hasAddress(f, l, addrs));
  }
  const view: LinkView = {
    doLink,
    // the kernel has a short answer for a dump of AF_INET6 only
    short: !doLink && opts.family === 10 && ifindex === 0,
    linkLine: f.family === 0 || f.family === 17 || opts.details > 0,
    people: opts.details > 0 && links.some((l) => l.kind === "tun") ? yield* readPeople(ctx.sys) : null,
    nsids: !opts.brief && links.some((l) => l.linkNetnsid !== null) ? yield* nsidMap(ctx) : new Map(),
  };
  const hosts = opts.resolve ? yield* readHosts(ctx.sys) : [];
  const hostName = (a: Uint8Array): string => nameOf(hosts, a) ?? fmtAddr(a);
  for (const l of links) {
    p.openObject();
    // a filter by label hides the links themselves
    if (f.label === null && (opts.brief || f.family === 17 || !opts.oneline)) {
      if (!linkPasses(f, l)) {
        // iproute2 leaves an empty object behind
        p.closeObject();
        continue;
      }
      const row = view.short ? inet6Answer(l) : l;
      if (opts.brief) printLinkBrief(ctx, p, row, f.family === 17);
      else printLink(ctx, p, row, view);
    }
    if (f.family !== 17) printAddrs(ctx, p, f, l, addrs, hostName);
    if (!doLink && !opts.brief && opts.stats > 0) {
      printStats(ctx, p, l.stats);
      p.fp("\n");
    }
    p.closeObject();
    yield* ctx.flush(p);
  }
  yield* ctx.finish(p);
  return 0;
}

/**
 * inet6_fill_ifinfo: no namespace of the peer, and no peer at all where it has the same index. So iproute2 looks the
 * peer's index up here, right or wrong.
 */
function inet6Answer(l: LinkRow): LinkRow {
  return { ...l, linkNetnsid: null, link: l.link === l.ifindex ? 0 : l.link };
}

/** ipaddr_filter: a link stays when an address of it passes; one without any stays where no family was asked for. */
function hasAddress(f: Filter, l: LinkRow, addrs: readonly AddrRow[]): boolean {
  let any = false;
  for (const a of addrs) {
    if (a.ifindex !== l.ifindex) continue;
    any = true;
    if (addrPasses(f, a)) return true;
  }
  return !any && f.family === 0;
}

function printAddrs(ctx: Ctx, p: Printer, f: Filter, l: LinkRow, addrs: readonly AddrRow[], hostName: (a: Uint8Array) => string): void {
  p.openArray("addr_info");
  for (const a of addrs) {
    if (a.ifindex !== l.ifindex) continue;
    if (addrPasses(f, a)) printAddr(ctx, p, a, hostName);
    else if (f.family === 0 || a.family === f.family) {
      // iproute2 leaves an empty object behind
      p.openObject();
      p.closeObject();
    }
  }
  p.closeArray();
  if (ctx.opts.brief) p.fp("\n");
}

// ---------------------------------------------------------------- flush

/** `ip addr flush …`: deletes what passes the filter, in rounds until nothing is left. */
export function* flushAddrs(ctx: Ctx, args: Args, usage: () => never): Call<number> {
  const { opts } = ctx;
  if (!args.more) return fail("Flush requires arguments.\n");
  if ((opts.family as Family) === 17) return fail("Cannot flush link addresses.\n");
  const f = yield* parseFilter(ctx, args, opts.family, usage);
  let ifindex = 0;
  if (f.dev !== null) {
    ifindex = yield* ctx.links.index(f.dev);
    if (ifindex <= 0) return fail(`Device "${f.dev}" does not exist.\n`);
  }
  yield* ctx.links.load();
  const up = new Set<number>();
  if (f.up || f.group !== -1) {
    const r = yield* ctx.dump({ type: "RTM_GETLINK" });
    for (const l of r.links ?? []) if (linkPasses(f, l)) up.add(l.ifindex);
  }
  for (let round = 0; opts.loops === 0 || round < opts.loops;) {
    const r = yield* ctx.dump({ type: "RTM_GETADDR", family: f.family === 2 || f.family === 10 ? f.family : 0 });
    const hit = (r.addrs ?? []).filter(
      (a) => (ifindex === 0 || a.ifindex === ifindex) && addrPasses(f, a) && (!(f.up || f.group !== -1) || up.has(a.ifindex)),
    );
    if (hit.length === 0) {
      if (opts.stats > 0)
        yield* ctx.io.out.print(
          round === 0 ? "Nothing to flush.\n" : `*** Flush is complete after ${round} round${round > 1 ? "s" : ""} ***\n`,
        );
      return 0;
    }
    round++;
    if (opts.stats > 1) {
      const p = new Printer(false, false, opts.oneline, opts.color);
      for (const a of hit) printAddr(ctx, p, a, fmtAddr, true);
      yield* ctx.flush(p);
    }
    for (const a of hit) {
      const d = yield* ctx.sys.rtnetlink({
        type: "RTM_DELADDR",
        addr: { family: a.family, ifindex: a.ifindex, prefixlen: a.prefixlen, local: a.local, address: a.address },
      });
      // a primary address takes its secondaries with it, so some of the batch may be gone already
      if (!d.ok && d.errno === 1) return exit(2, `RTNETLINK answers: ${strerror(d.errno)}\n`);
    }
    if (opts.stats > 0) yield* ctx.io.out.print(`\n*** Round ${round}, deleting ${hit.length} addresses ***\n`);
    // "primary" alone means one round: the next would take the promoted secondaries
    if (!(f.flags & IfaF.SECONDARY) && f.flagMask & IfaF.SECONDARY) {
      if (opts.stats > 0) yield* ctx.io.out.print(`*** Flush is complete after ${round} round${round > 1 ? "s" : ""} ***\n`);
      return 0;
    }
  }
  return fail(`*** Flush remains incomplete after ${opts.loops} rounds. ***\n`);
}
