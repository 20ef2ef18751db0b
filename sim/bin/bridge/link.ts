/** `bridge link`: ports of bridges and their settings (bridge/link.c of iproute2 6.1). */
import type { Call } from "../../kernel/abi.ts";
import type { LinkAttrs, LinkRow } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { Args, matches } from "../lib/iproute/args.ts";
import { printFlags, printNameAndLink } from "../lib/iproute/link-line.ts";
import type { Printer } from "../lib/iproute/print.ts";
import { atoi, type Ctx, failed, notModelled, onOff } from "./ctx.ts";
import { usage } from "./help.ts";

const STATES: readonly string[] = ["disabled", "listening", "learning", "forwarding", "blocking"];
/** on/off settings, in the order in which -d shows them; mcast_router stands in the middle */
const SWITCHES: readonly string[] = ["hairpin", "guard", "root_block", "fastleave", "learning", "flood", "mcast_flood", "bcast_flood"];
const SWITCHES_AFTER: readonly string[] = ["mcast_to_unicast", "neigh_suppress", "vlan_tunnel", "isolated", "locked"];

export function* doLink(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const args = new Args(words.slice(1));
  if (cmd === undefined) return yield* show(ctx, args);
  if (matches(cmd, "set") || matches(cmd, "change")) return yield* set(ctx, args);
  if (matches(cmd, "show") || matches(cmd, "lst") || matches(cmd, "list")) return yield* show(ctx, args);
  if (matches(cmd, "help")) usage("link");
  return exit(-1, `Command "${cmd}" is unknown, try "bridge link help".\n`);
}

function* show(ctx: Ctx, args: Args): Call<number> {
  let dev: string | null = null;
  for (; args.more; args.at++) if (args.word === "dev") dev = args.next();
  const only = dev === null ? 0 : yield* ctx.device(dev);
  yield* ctx.links.load();
  const rows = (yield* ctx.talk({ type: "RTM_GETLINK" })).links ?? [];
  const p = ctx.printer();
  p.begin();
  for (const l of rows) {
    if (l.slaveKind !== "bridge" || (only !== 0 && l.ifindex !== only)) continue;
    p.openObject();
    printPort(ctx, p, l);
    p.closeObject();
  }
  yield* ctx.finish(p);
  return 0;
}

/** print_linkinfo: the bridge's own messages name no namespace, so a peer's index is looked up here. */
export function printPort(ctx: Ctx, p: Printer, l: LinkRow): void {
  p.any("ifindex", l.ifindex, `${l.ifindex}: `);
  const seen = { ...l, link: l.link === l.ifindex ? 0 : l.link, linkNetnsid: null };
  printFlags(
    p,
    l.flags,
    printNameAndLink(ctx.links, p, seen, (n) => `${n}: `),
  );
  p.any("mtu", l.mtu, `mtu ${l.mtu} `);
  if (l.master !== 0) p.any("master", ctx.links.name(l.master), `master ${ctx.links.name(l.master)} `);
  const s = l.slaveData;
  if (s !== null && l.slaveKind === "bridge") {
    const plain = (key: string): void => p.any(key, s[key]!, `${key} ${s[key]} `);
    const onOffs = (keys: readonly string[]): void => keys.forEach((k) => p.any(k, s[k]!, `${k} ${s[k] ? "on" : "off"} `));
    for (const k of ["state", "priority", "cost"]) plain(k);
    if (ctx.opts.details) {
      p.nl();
      p.fp("    ");
      onOffs(SWITCHES);
      plain("mcast_router");
      onOffs(SWITCHES_AFTER);
    }
  }
  p.fp("\n");
}

function* set(ctx: Ctx, args: Args): Call<number> {
  let dev: string | null = null;
  let self = false;
  let master = false;
  let hwmode = false;
  const data: Record<string, string | number | boolean> = {};
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "dev") dev = args.next();
    else if (SWITCHES.includes(w) || SWITCHES_AFTER.includes(w)) data[w] = onOff(w, args.next());
    else if (w === "learning_sync") {
      // the kernel takes it and has not looked at it for many years
      onOff(w, args.next());
    } else if (w === "mcast_router") {
      const n = byte(args.next());
      if (n >= 0) data[w] = n;
    } else if (w === "cost") {
      const n = atoi(args.next()) >>> 0;
      if (n !== 0) data["cost"] = n;
    } else if (w === "priority") {
      const n = (atoi(args.next()) << 16) >> 16;
      if (n >= 0) data["priority"] = n;
    } else if (w === "state") {
      const n = stateOf(args.next());
      if (n >= 0) data["state"] = n;
    } else if (w === "hwmode") {
      if (!["vepa", "veb"].includes(args.next())) failed('Mode argument must be "vepa" or "veb".\n');
      hwmode = true;
    } else if (w === "self") self = true;
    else if (w === "master") master = true;
    else if (w === "backup_port") {
      if ((yield* ctx.links.index(args.next())) === 0) failed(`Error: device ${args.word} does not exist\n`);
      notModelled("link … backup_port");
    } else if (w === "nobackup_port") data["backup_port"] = 0;
    else usage("link");
  }
  if (dev === null) exit(-1, "Device is a required argument.\n");
  const ifindex = yield* ctx.device(dev, "bridge ");
  const attrs: LinkAttrs = { slaveData: data, ...(self || hwmode ? { slaveSelf: true } : {}) };
  // with both, the port comes first
  if (master && self) yield* ctx.talk({ type: "RTM_NEWLINK", flags: 0, ifindex, attrs: { slaveData: data } });
  yield* ctx.talk({ type: "RTM_NEWLINK", flags: 0, ifindex, attrs });
  return 0;
}

/** What iproute2 keeps in a signed byte. */
function byte(word: string): number {
  return (atoi(word) << 24) >> 24;
}

function stateOf(word: string): number {
  if (/^\s*[+-]?\d+$/.test(word)) return byte(word);
  const n = STATES.indexOf(word);
  return n < 0 ? failed("Error: invalid STP port state\n") : n;
}
