/**
 * `ip monitor` (ipmonitor.c of iproute2 6.1): a line for every change in the namespace, until it is interrupted. Left out: events of other namespaces
 * (all-nsid), recorded files, and objects that this stack has no events for (mroute, prefix, stats).
 */
import { strftime } from "../../core/calendar.ts";
import { Errno } from "../../core/result.ts";
import { SEC, US } from "../../core/time.ts";
import type { Call } from "../../kernel/abi.ts";
import type { NetconfRow, RtnlEvent } from "../../net/rtnl/messages.ts";
import { err, exit } from "../lib/io.ts";
import { NO_PEER } from "../lib/iproute/link-line.ts";
import type { Printer } from "../lib/iproute/print.ts";
import { printAddr } from "./addr-print.ts";
import { Args, invarg, matches, notModelled } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";
import { printLink } from "./link-print.ts";
import { printNeigh } from "./neigh.ts";
import { nsidMap } from "./netnsid.ts";
import { printNexthop } from "./nexthop.ts";
import { printRoute, resolver } from "./route-show.ts";
import { printRule } from "./rule-show.ts";

type Group = RtnlEvent["group"];

const GROUPS: readonly Group[] = ["link", "address", "route", "neigh", "netconf", "rule", "nsid", "nexthop"];
const WITHOUT_EVENTS = ["mroute", "prefix", "stats"];
const LABELS: Readonly<Record<Group, string>> = {
  link: "[LINK]",
  address: "[ADDR]",
  route: "[ROUTE]",
  neigh: "[NEIGH]",
  netconf: "[NETCONF]",
  rule: "[RULE]",
  nsid: "[NSID]",
  nexthop: "[NEXTHOP]",
};

interface Wish {
  readonly groups: ReadonlySet<Group>;
  readonly label: boolean;
  /** 0: every device */
  readonly ifindex: number;
}

export function* doMonitor(ctx: Ctx, words: readonly string[]): Call<number> {
  const wish = yield* readWords(ctx, new Args(words));
  yield* ctx.links.load();
  const hostName = yield* resolver(ctx);
  ctx.io.out.buffering("none");
  const fd = yield* ctx.sys.rtnl_listen();
  for (;;) {
    const e = yield* ctx.sys.rtnl_event(fd);
    if (e === -Errno.EINTR) continue;
    if (e === -Errno.ENOBUFS) {
      yield* err(ctx.sys, "netlink receive error No buffer space available (105)\n");
      continue;
    }
    if (typeof e === "number") return 2;
    if (e.group === "link") {
      if (e.deleted) ctx.links.drop(e.link.ifindex);
      // the name by which it was known first stays, in what refers to it
      else ctx.links.remember([{ ...e.link, name: ctx.links.get(e.link.ifindex)?.name ?? e.link.name }]);
    }
    if (!wish.groups.has(e.group) || !concerns(wish, ctx, e)) continue;
    // settings are told before the device is
    if (e.group === "netconf" && e.netconf.ifindex > 0 && ctx.links.get(e.netconf.ifindex) === null) {
      ctx.links.forget();
      yield* ctx.links.load();
    }
    const p = ctx.printer();
    if (ctx.opts.timestamp !== "none") p.fp(yield* stamp(ctx));
    if (wish.label) p.fp(LABELS[e.group]);
    yield* printEvent(ctx, p, e, hostName);
    yield* ctx.flush(p);
  }
}

function* readWords(ctx: Ctx, args: Args): Call<Wish> {
  const groups = new Set<Group>();
  let label = false;
  let ifindex = 0;
  for (; args.more; args.at++) {
    const w = args.word;
    if (matches(w, "file")) notModelled("monitor file");
    if (matches(w, "label")) {
      label = true;
      continue;
    }
    if (w === "all-nsid") notModelled("monitor all-nsid");
    if (w === "dev") {
      ifindex = yield* ctx.links.index(args.next());
      if (ifindex === 0) invarg("Device does not exist\n", args.word);
      continue;
    }
    const group = GROUPS.find((g) => matches(w, g));
    if (group !== undefined) groups.add(group);
    else if (w === "all") {
      for (const g of GROUPS) groups.add(g);
      label = true;
    } else if (WITHOUT_EVENTS.some((g) => matches(w, g))) notModelled(`monitor ${w}`);
    else if (matches(w, "help")) usage("monitor");
    else exit(-1, `Argument "${w}" is unknown, try "ip monitor help".\n`);
  }
  return { groups: groups.size === 0 ? new Set(GROUPS) : groups, label, ifindex };
}

/** `dev` filters everything but rules and ids; -4 and -6 what has a family. */
function concerns(w: Wish, ctx: Ctx, e: RtnlEvent): boolean {
  const { family } = ctx.opts;
  const of = (f: number): boolean => family === 0 || family === f;
  const on = (...ifindices: readonly number[]): boolean => w.ifindex === 0 || ifindices.includes(w.ifindex);
  switch (e.group) {
    case "link":
      return on(e.link.ifindex);
    case "address":
      return of(e.addr.family) && on(e.addr.ifindex);
    case "route":
      return of(e.route.family) && on(...e.route.nexthops.map((h) => h.ifindex));
    case "neigh":
      return of(e.neigh.family) && on(e.neigh.ifindex);
    case "rule":
      return of(e.rule.family);
    case "netconf":
      return of(e.netconf.family) && on(e.netconf.ifindex);
    case "nexthop":
      return on(e.nexthop.ifindex);
    case "nsid":
      return true;
  }
}

/** -timestamp and -tshort. */
function* stamp(ctx: Ctx): Call<string> {
  const now = yield* ctx.sys.clock_gettime("realtime");
  const seconds = Math.floor(now / SEC);
  const usec = Math.floor((now - seconds * SEC) / US);
  if (ctx.opts.timestamp === "short") return `[${strftime("%Y-%m-%dT%H:%M:%S", seconds)}.${String(usec).padStart(6, "0")}] `;
  return `Timestamp: ${strftime("%a %b %e %H:%M:%S %Y", seconds)} ${usec} usec\n`;
}

export function* printEvent(ctx: Ctx, p: Printer, e: RtnlEvent, hostName: (a: Uint8Array) => string): Call<void> {
  if (e.deleted) p.any("deleted", true, "Deleted ");
  switch (e.group) {
    case "link": {
      const nsids = yield* nsidMap(ctx);
      const orphan = e.link.kind === "veth" && e.link.link === 0;
      printLink(
        ctx,
        p,
        { ...e.link, txqlen: 0, ...(orphan ? { link: NO_PEER } : {}) },
        { doLink: false, short: false, linkLine: true, nsids, people: null },
      );
      return;
    }
    case "address":
      return printAddr(ctx, p, e.addr, hostName, true);
    case "route":
      return printRoute(ctx, p, e.route, null, hostName);
    case "neigh":
      return printNeigh(ctx, p, e.neigh, true, hostName);
    case "rule":
      return printRule(ctx, p, e.rule);
    case "nexthop":
      return printNexthop(ctx, p, e.nexthop);
    case "nsid": {
      const name = (yield* nsidMap(ctx)).get(e.nsid);
      p.fp(`nsid ${e.nsid} ${name === undefined ? "" : `(iproute2 netns name: ${name})`}\n`);
      return;
    }
    case "netconf":
      return printNetconf(ctx, p, e.netconf);
  }
}

function printNetconf(ctx: Ctx, p: Printer, n: NetconfRow): void {
  const name = n.ifindex === -1 ? "all" : n.ifindex === -2 ? "default" : ctx.links.name(n.ifindex);
  p.fp(`${n.family === 2 ? "inet" : "inet6"} ${name} `);
  const onOff = (key: string, v: number | undefined): void => p.fp(v === undefined ? "" : `${key} ${v !== 0 ? "on" : "off"} `);
  onOff("forwarding", n.forwarding);
  if (n.rpFilter !== undefined) p.fp(`rp_filter ${["off", "strict", "loose"][n.rpFilter] ?? "unknown"} `);
  onOff("mc_forwarding", n.mcForwarding);
  onOff("proxy_neigh", n.proxyNeigh);
  onOff("ignore_routes_with_linkdown", n.ignoreLinkdown);
  p.fp("\n");
}
