/** `ip maddress`: multicast addresses of links and groups of IP (ipmaddr.c of iproute2 6.1). */
import { hex } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import type { MulticastRow } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { familyColor, type Printer } from "../lib/iproute/print.ts";
import { fmtAddr } from "../lib/resolve.ts";
import { Args, duparg2, fail, getLladdr, matches } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { usage } from "./help.ts";

export function* doMaddr(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined) return yield* show(ctx, rest);
  if (matches(cmd, "add")) return yield* modify(ctx, "RTM_ADDMULTI", rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, "RTM_DELMULTI", rest);
  if (matches(cmd, "show") || matches(cmd, "list") || matches(cmd, "lst")) return yield* show(ctx, rest);
  if (matches(cmd, "help")) usage("maddress");
  return exit(-1, `Command "${cmd}" is unknown, try "ip maddr help".\n`);
}

function* show(ctx: Ctx, args: Args): Call<number> {
  let dev: string | null = null;
  for (; args.more; args.at++) {
    if (args.word === "dev") args.next();
    else if (matches(args.word, "help")) usage("maddress");
    if (dev !== null) duparg2("dev", args.word);
    dev = args.word;
  }
  const r = yield* ctx.dump({ type: "RTM_GETMULTICAST" });
  yield* ctx.links.load();
  const rows = (r.multicast ?? []).filter((m) => {
    if (dev !== null && ctx.links.name(m.ifindex) !== dev) return false;
    return ctx.opts.family === 0 || ctx.opts.family === m.family;
  });
  const order = [17, 2, 10];
  rows.sort((a, b) => a.ifindex - b.ifindex || order.indexOf(a.family) - order.indexOf(b.family));
  const p = ctx.printer();
  p.begin();
  rows.forEach((m, i) => {
    const first = rows[i - 1]?.ifindex !== m.ifindex;
    if (first || ctx.opts.oneline) {
      if (i > 0 && first) closeDevice(p);
      if (first) p.openObject();
      const name = ctx.links.name(m.ifindex);
      if (first) {
        p.json("ifindex", m.ifindex);
        p.json("ifname", name);
      }
      p.fp(`${m.ifindex}:`);
      if (!p.isJson) p.color("ifname", "ifname", name, `\t${name}`);
      p.nl();
      if (first) p.openArray("maddr");
    }
    printOne(p, m);
  });
  if (rows.length > 0) closeDevice(p);
  yield* ctx.finish(p);
  return 0;
}

function closeDevice(p: Printer): void {
  p.closeArray();
  p.closeObject();
}

function printOne(p: Printer, m: MulticastRow): void {
  p.openObject();
  if (m.family === 17) {
    p.fp("\tlink  ");
    p.color("mac", "link", hex(m.address, ":"), hex(m.address, ":"));
  } else {
    const family = m.family === 2 ? "inet" : "inet6";
    p.any("family", family, `\t${family.padEnd(5)} `);
    p.color(familyColor(m.family), "address", fmtAddr(m.address), fmtAddr(m.address));
  }
  if (m.users !== 1) p.any("users", m.users, ` users ${m.users}`);
  if (m.isStatic) p.any("static", true, " static");
  p.fp("\n");
  p.closeObject();
}

function* modify(ctx: Ctx, type: "RTM_ADDMULTI" | "RTM_DELMULTI", args: Args): Call<number> {
  let dev: string | null = null;
  let address: Uint8Array | null = null;
  for (; args.more; args.at++) {
    if (args.word === "dev") {
      args.next();
      if (dev !== null) duparg2("dev", args.word);
      dev = args.word;
      continue;
    }
    if (args.word === "address") args.next();
    if (matches(args.word, "help")) usage("maddress");
    if (address !== null) duparg2("address", args.word);
    address = getLladdr(args.word);
    if (address.length !== 6) exit(1, `Error: Invalid address length ${address.length} - must be 6 bytes\n`);
  }
  if (dev === null) exit(-1, 'Not enough information: "dev" is required.\n');
  const ifindex = yield* ctx.links.index(dev!);
  const r = yield* ctx.sys.rtnetlink({ type, ifindex, address: address ?? new Uint8Array(6) });
  return r.ok ? 0 : fail(`ioctl: ${strerror(r.errno)}\n`);
}
