/** `bridge fdb`: forwarding databases of bridges and the addresses that devices listen to (bridge/fdb.c of iproute2 6.1). */
import { hex } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { NlmF, type NeighRow, NtfF, Nud } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { Args, duparg, duparg2, getAddr, getUnsigned, invarg, matches } from "../lib/iproute/args.ts";
import type { Printer } from "../lib/iproute/print.ts";
import { atoi, type Ctx, failed } from "./ctx.ts";
import { usage } from "./help.ts";

const MAX_VNI = 0xffffff;

export function* doFdb(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const args = new Args(words.slice(1));
  if (cmd === undefined) return yield* show(ctx, args);
  if (matches(cmd, "add")) return yield* modify(ctx, args, NlmF.CREATE | NlmF.EXCL);
  if (matches(cmd, "append")) return yield* modify(ctx, args, NlmF.CREATE | NlmF.APPEND);
  if (matches(cmd, "replace")) return yield* modify(ctx, args, NlmF.CREATE | NlmF.REPLACE);
  if (matches(cmd, "delete")) return yield* modify(ctx, args, null);
  if (matches(cmd, "get")) return yield* get(ctx, args);
  if (matches(cmd, "show") || matches(cmd, "lst") || matches(cmd, "list")) return yield* show(ctx, args);
  if (cmd === "flush") return yield* flush(ctx, args);
  if (matches(cmd, "help")) usage("fdb");
  return exit(-1, `Command "${cmd}" is unknown, try "bridge fdb help".\n`);
}

// ---------------------------------------------------------------- show, get

/** What is shown of what there is; with a device, its name is left out. */
interface Filter {
  index: number;
  state: number;
  vlan: number;
  dynamic: boolean;
}

function* show(ctx: Ctx, args: Args): Call<number> {
  let br: string | null = null;
  let dev: string | null = null;
  const f: Filter = { index: 0, state: 0, vlan: 0, dynamic: false };
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "brport" || w === "dev") dev = args.next();
    else if (w === "br") br = args.next();
    else if (w === "vlan") {
      if (f.vlan !== 0) duparg("vlan", args.next());
      else f.vlan = atoi(args.next());
    } else if (w === "state") f.state = stateOf(args.next());
    else if (w === "dynamic") f.dynamic = true;
    else if (matches(w, "help")) usage("fdb");
  }
  const master = br === null ? 0 : yield* ctx.device(br, "bridge ");
  if (dev !== null) f.index = yield* ctx.device(dev);
  yield* ctx.links.load();
  const r = yield* ctx.talk({ type: "RTM_GETNEIGH", family: 7, master, ifindex: f.index });
  const p = ctx.printer();
  p.begin();
  for (const n of r.neighs ?? []) printEntry(ctx, p, n, f);
  yield* ctx.finish(p);
  return 0;
}

function stateOf(word: string): number {
  if (matches(word, "permanent")) return Nud.PERMANENT;
  if (matches(word, "static") || matches(word, "temp")) return Nud.NOARP;
  if (matches(word, "stale")) return Nud.STALE;
  if (matches(word, "reachable") || matches(word, "dynamic")) return Nud.REACHABLE;
  if (word === "all") return 0xffffffff;
  return getUnsigned(word) ?? invarg("invalid state", word);
}

const STATE_WORDS: ReadonlyMap<number, string> = new Map([
  [Nud.PERMANENT, "permanent"],
  [Nud.NOARP, "static"],
  [Nud.STALE, "stale"],
  [Nud.REACHABLE, ""],
]);
const FLAG_WORDS: readonly (readonly [number, string])[] = [
  [NtfF.SELF, "self"],
  [NtfF.ROUTER, "router"],
  [NtfF.EXT_LEARNED, "extern_learn"],
  [NtfF.STICKY, "sticky"],
];

/** print_fdb */
function printEntry(ctx: Ctx, p: Printer, n: NeighRow, f: Filter): void {
  if (f.index !== 0 && n.ifindex !== f.index) return;
  if (f.state !== 0 && !(n.state & f.state)) return;
  if (f.vlan !== 0 && n.vlan !== f.vlan) return;
  if (f.dynamic && n.state & Nud.PERMANENT) return;
  p.openObject();
  const mac = hex(n.lladdr!, ":");
  p.color("mac", "mac", mac, `${mac} `);
  if (f.index === 0 && n.ifindex !== 0) {
    const name = ctx.links.name(n.ifindex);
    p.fp("dev ");
    p.color("ifname", "ifname", name, `${name} `);
  }
  if (ctx.opts.stats && n.master !== 0) {
    const [used, updated] = [Math.floor(n.used), Math.floor(n.updated)];
    p.any("used", used, `used ${used}`);
    p.any("updated", updated, `/${updated} `);
  }
  p.openArray("flags");
  for (const [bit, word] of FLAG_WORDS) if (n.flags & bit) p.any(null, word, `${word} `);
  p.closeArray();
  if (n.master !== 0) p.any("master", ctx.links.name(n.master), `master ${ctx.links.name(n.master)} `);
  const state = STATE_WORDS.get(n.state) ?? `state=${n.state.toString(16)}`;
  p.any("state", state, state);
  p.fp("\n");
  p.closeObject();
}

function* get(ctx: Ctx, args: Args): Call<number> {
  let br: string | null = null;
  let dev: string | null = null;
  let addr: string | null = null;
  let flags = 0;
  let vlan = -1;
  const f: Filter = { index: 0, state: 0, vlan: 0, dynamic: false };
  for (; args.more; args.at++) {
    let w = args.word;
    if (w === "brport" || w === "dev") dev = args.next();
    else if (w === "br") br = args.next();
    else if (w === "vni") vni(args.next());
    else if (w === "self") flags |= NtfF.SELF;
    else if (matches(w, "master")) flags |= NtfF.MASTER;
    else if (matches(w, "vlan")) {
      if (vlan >= 0) duparg2("vlan", w);
      vlan = atoi(args.next());
    } else if (matches(w, "dynamic")) f.dynamic = true;
    else {
      if (w === "to") w = args.next();
      if (matches(w, "help")) usage("fdb");
      if (addr !== null) duparg2("to", w);
      addr = w;
    }
  }
  if ((dev === null && br === null) || addr === null) exit(-1, "Device or master and address are required arguments.\n");
  const lladdr = mac(addr);
  const ifindex = dev === null ? 0 : yield* device(ctx, dev);
  const master = br === null ? 0 : yield* ctx.device(br, "bridge ");
  const r = yield* ctx.talk({ type: "RTM_GETFDB_ONE", flags, ifindex, master, lladdr, vlan: Math.max(vlan, 0) }, -2);
  yield* ctx.links.load();
  const p = ctx.printer();
  p.begin();
  for (const n of r.neighs ?? []) printEntry(ctx, p, n, f);
  yield* ctx.finish(p);
  return 0;
}

// ---------------------------------------------------------------- add, append, replace, delete

/** `flags` null: delete */
function* modify(ctx: Ctx, args: Args, flags: number | null): Call<number> {
  let dev: string | null = null;
  let addr: string | null = null;
  let ndmFlags = 0;
  let state = 0;
  let vlan = -1;
  let tunnel = false;
  let nhid = false;
  for (; args.more; args.at++) {
    let w = args.word;
    if (w === "dev") dev = args.next();
    else if (w === "dst") {
      getAddr(args.next(), 0);
      tunnel = true;
    } else if (w === "nhid") {
      if (getUnsigned(args.next()) === null) invarg('"id" value is invalid\n', args.word);
      nhid = true;
    } else if (w === "port") {
      const n = getUnsigned(args.next());
      if (n === null || n > 65535) invarg("invalid port\n", args.word);
      tunnel = true;
    } else if (w === "vni" || w === "src_vni") {
      vni(args.next());
      tunnel = true;
    } else if (w === "via") yield* device(ctx, args.next());
    else if (w === "self") ndmFlags |= NtfF.SELF;
    else if (matches(w, "master")) ndmFlags |= NtfF.MASTER;
    else if (matches(w, "router")) ndmFlags |= NtfF.ROUTER;
    else if (matches(w, "local") || matches(w, "permanent")) state |= Nud.PERMANENT;
    else if (matches(w, "temp") || matches(w, "static")) state |= Nud.NOARP;
    else if (matches(w, "dynamic")) state = (state | Nud.REACHABLE) & ~Nud.NOARP;
    else if (matches(w, "vlan")) {
      if (vlan >= 0) duparg2("vlan", w);
      vlan = atoi(args.next());
    } else if (matches(w, "use")) ndmFlags |= NtfF.USE;
    else if (matches(w, "extern_learn")) ndmFlags |= NtfF.EXT_LEARNED;
    else if (matches(w, "sticky")) ndmFlags |= NtfF.STICKY;
    else {
      if (w === "to") w = args.next();
      if (matches(w, "help")) usage("fdb");
      if (addr !== null) duparg2("to", w);
      addr = w;
    }
  }
  if (dev === null || addr === null) exit(-1, "Device and address are required arguments.\n");
  if (nhid && tunnel) exit(-1, "dst, port, vni are mutually exclusive with nhid\n");
  if (!(ndmFlags & (NtfF.SELF | NtfF.MASTER))) ndmFlags |= NtfF.SELF;
  if (!(state & (Nud.NOARP | Nud.REACHABLE))) state |= Nud.PERMANENT;
  const lladdr = mac(addr);
  const ifindex = yield* ctx.device(dev);
  const neigh = { family: 7, ifindex, lladdr, state, flags: ndmFlags, vlan: Math.max(vlan, 0) } as const;
  yield* ctx.talk(flags === null ? { type: "RTM_DELNEIGH", neigh } : { type: "RTM_NEWNEIGH", flags, neigh });
  return 0;
}

/** ll_name_to_index and nodev, which ends the program */
function* device(ctx: Ctx, name: string): Call<number> {
  const i = yield* ctx.links.index(name);
  return i === 0 ? exit(-1, `Cannot find device "${name}"\n`) : i;
}

function vni(word: string): void {
  const n = getUnsigned(word);
  if (n === null || n > MAX_VNI) invarg("invalid VNI\n", word);
}

/** sscanf with six %hhx: what follows the sixth is not looked at. */
function mac(text: string): Uint8Array {
  const m = /^\s*([0-9a-f]+):([0-9a-f]+):([0-9a-f]+):([0-9a-f]+):([0-9a-f]+):([0-9a-f]+)/i.exec(text);
  if (m === null) failed(`Invalid mac address ${text}\n`);
  return Uint8Array.from(m!.slice(1).map((h) => Number.parseInt(h, 16) & 255));
}

// ---------------------------------------------------------------- flush

/** Words of flush: state bits that must be set or clear, and flags likewise. */
const FLUSH_STATES: ReadonlyMap<string, readonly [value: number, mask: number]> = new Map([
  ["permanent", [Nud.PERMANENT, Nud.PERMANENT]],
  ["nopermanent", [0, Nud.PERMANENT]],
  ["static", [Nud.NOARP, Nud.NOARP | Nud.PERMANENT]],
  ["nostatic", [0, Nud.NOARP]],
  ["dynamic", [0, Nud.NOARP | Nud.PERMANENT]],
  ["nodynamic", [Nud.NOARP, Nud.NOARP]],
]);
const FLUSH_FLAGS: ReadonlyMap<string, number> = new Map([
  ["added_by_user", NtfF.USE],
  ["extern_learn", NtfF.EXT_LEARNED],
  ["sticky", NtfF.STICKY],
]);

function* flush(ctx: Ctx, args: Args): Call<number> {
  let dev: string | null = null;
  let brport: string | null = null;
  let vlan = -1;
  let flags = 0;
  let state = 0;
  let stateMask = 0;
  let ndmFlags = 0;
  let ndmFlagsMask = 0;
  for (; args.more; args.at++) {
    const w = args.word;
    const s = FLUSH_STATES.get(w);
    const bit = FLUSH_FLAGS.get(w.startsWith("no") ? w.slice(2) : w);
    if (w === "dev") dev = args.next();
    else if (w === "brport") brport = args.next();
    else if (w === "vlan") {
      if (vlan >= 0) duparg2("vlan", w);
      vlan = atoi(args.next());
    } else if (w === "self") flags |= NtfF.SELF;
    else if (w === "master") flags |= NtfF.MASTER;
    else if (s !== undefined) {
      state = (state & ~s[1]) | s[0];
      stateMask |= s[1];
    } else if (bit !== undefined) {
      ndmFlags = w.startsWith("no") ? ndmFlags & ~bit : ndmFlags | bit;
      ndmFlagsMask |= bit;
    } else if (w === "help") usage("fdb");
  }
  if (dev === null) exit(-1, "Device is a required argument.\n");
  const ifindex = yield* ctx.device(dev, "bridge ");
  const port = brport === null ? 0 : yield* ctx.device(brport, "bridge port ");
  if (vlan >= 4096) failed(`Invalid VLAN ID "${vlan}"\n`);
  if (!(flags & (NtfF.SELF | NtfF.MASTER))) flags |= NtfF.SELF;
  yield* ctx.talk({
    type: "RTM_DELNEIGH_BULK",
    ifindex,
    flags,
    port,
    vlan: Math.max(vlan, 0),
    state,
    stateMask,
    ndmFlags,
    ndmFlagsMask,
  });
  return 0;
}
