/** `ip address`: add, change, replace, delete, flush and show addresses (ipaddress.c of iproute2 6.1). */
import type { Call } from "../../kernel/abi.ts";
import { IfaF, NlmF, RtScope } from "../../net/rtnl/messages.ts";
import { exit } from "../lib/io.ts";
import { flushAddrs, showLinks } from "./addr-show.ts";
import { fail, Args, duparg, duparg2, type Family, getAddr, getPrefix, getUnsigned, invarg, matches, nodev, type Prefix } from "./args.ts";
import type { Ctx } from "./ctx.ts";
import { restoreAddrs, saveAddrs, showdumpAddrs } from "./dump.ts";
import { IFA_FLAG_DATA } from "./filter.ts";
import { usage } from "./help.ts";

const FOREVER = 4294967295;

export function* doAddr(ctx: Ctx, words: readonly string[]): Call<number> {
  const cmd = words[0];
  const rest = new Args(words.slice(1));
  if (cmd === undefined) return yield* showLinks(ctx, rest, false, addrUsage);
  if (matches(cmd, "add")) return yield* modify(ctx, "RTM_NEWADDR", NlmF.CREATE | NlmF.EXCL, rest);
  if (matches(cmd, "change") || cmd === "chg") return yield* modify(ctx, "RTM_NEWADDR", NlmF.REPLACE, rest);
  if (matches(cmd, "replace")) return yield* modify(ctx, "RTM_NEWADDR", NlmF.CREATE | NlmF.REPLACE, rest);
  if (matches(cmd, "delete")) return yield* modify(ctx, "RTM_DELADDR", 0, rest);
  if (matches(cmd, "show") || matches(cmd, "list") || matches(cmd, "lst")) return yield* showLinks(ctx, rest, false, addrUsage);
  if (matches(cmd, "flush")) return yield* flushAddrs(ctx, rest, addrUsage);
  if (matches(cmd, "save")) return yield* saveAddrs(ctx, rest, addrUsage);
  if (matches(cmd, "showdump")) return yield* showdumpAddrs(ctx);
  if (matches(cmd, "restore")) return yield* restoreAddrs(ctx);
  if (matches(cmd, "help")) addrUsage();
  return exit(-1, `Command "${cmd}" is unknown, try "ip address help".\n`);
}

function addrUsage(): never {
  return usage("address");
}

function* modify(ctx: Ctx, type: "RTM_NEWADDR" | "RTM_DELADDR", flags: number, args: Args): Call<number> {
  let family: Family = ctx.opts.family;
  let local: Prefix | null = null;
  let localText = "";
  let peer: Prefix | null = null;
  let prefixlen = 0;
  /** an address, or "+" (all ones) or "-" (all zeros) in the host part */
  let broadcast: Uint8Array | "+" | "-" | null = null;
  let anycast: Uint8Array | null = null;
  let scope: number | null = null;
  let dev: string | null = null;
  let label: string | null = null;
  let metric = 0;
  let validLft: number | null = null;
  let preferredLft: number | null = null;
  let ifaFlags = 0;
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "peer" || w === "remote") {
      args.next();
      if (peer !== null) duparg("peer", args.word);
      peer = getPrefix(args.word, family);
      if (family === 0) family = peer.family;
      prefixlen = peer.bitlen;
    } else if (matches(w, "broadcast") || w === "brd") {
      args.next();
      if (broadcast !== null) duparg("broadcast", args.word);
      if (args.word === "+" || args.word === "-") broadcast = args.word;
      else {
        const b = getAddr(args.word, family);
        if (family === 0) family = b.family;
        broadcast = b.bytes;
      }
    } else if (w === "anycast") {
      args.next();
      if (anycast !== null) duparg("anycast", args.word);
      const b = getAddr(args.word, family);
      if (family === 0) family = b.family;
      anycast = b.bytes;
    } else if (w === "scope") {
      scope = ctx.names.scopeNumber(args.next());
      if (scope === null) invarg("invalid scope value.", args.word);
    } else if (w === "dev") dev = args.next();
    else if (w === "label") label = args.next();
    else if (matches(w, "metric") || matches(w, "priority") || matches(w, "preference")) {
      const n = getUnsigned(args.next());
      if (n === null) invarg('"metric" value is invalid\n', args.word);
      metric = n;
    } else if (matches(w, "valid_lft")) {
      if (validLft !== null) duparg("valid_lft", args.next());
      validLft = lifetime(args.next());
      if (validLft === null) invarg("valid_lft value", args.word);
    } else if (matches(w, "preferred_lft")) {
      if (preferredLft !== null) duparg("preferred_lft", args.next());
      preferredLft = lifetime(args.next());
      if (preferredLft === null) invarg("preferred_lft value", args.word);
    } else {
      const flag = IFA_FLAG_DATA.find((d) => d.name === w);
      if (flag !== undefined) {
        if (flag.readOnly) yield* ctx.err(`Warning: ${w} option is not mutable from userspace\n`);
        else if (flag.v6 && family !== 10) yield* ctx.err(`Warning: ${w} option can be set only for IPv6 addresses\n`);
        else ifaFlags |= flag.mask;
        continue;
      }
      if (w === "local") args.next();
      if (matches(args.word, "help")) addrUsage();
      if (local !== null) duparg2("local", args.word);
      localText = args.word;
      local = getPrefix(args.word, family);
      if (family === 0) family = local.family;
    }
  }
  if (dev === null) fail('Not enough information: "dev" argument is required.\n');
  let address = peer;
  if (peer === null && local !== null) {
    if (type === "RTM_DELADDR" && local.family === 2 && !local.specified) {
      yield* ctx.err(
        "Warning: Executing wildcard deletion to stay compatible with old scripts.\n" +
          `         Explicitly specify the prefix length (${localText}/${local.bytes.length * 8}) to avoid this warning.\n` +
          "         This special behaviour is likely to disappear in further releases,\n         fix your scripts!\n",
      );
    } else address = local;
  }
  if (prefixlen === 0 && local !== null) prefixlen = local.bitlen;
  let brd: Uint8Array | null = broadcast instanceof Uint8Array ? broadcast : null;
  if ((broadcast === "+" || broadcast === "-") && type !== "RTM_DELADDR") {
    if (family !== 2) fail("Broadcast can be set only for IPv4 addresses\n");
    const from = peer ?? local;
    if (from !== null && from.bitlen <= 30) {
      brd = from.bytes.slice();
      for (let bit = from.bitlen; bit < 32; bit++) {
        const mask = 0x80 >> (bit & 7);
        if (broadcast === "+") brd[bit >> 3]! |= mask;
        else brd[bit >> 3]! &= ~mask;
      }
    }
  }
  if (scope === null && type !== "RTM_DELADDR")
    scope = local !== null && local.family === 2 && local.bytes[0] === 127 ? RtScope.HOST : RtScope.UNIVERSE;
  const ifindex = yield* ctx.links.index(dev);
  if (ifindex === 0) nodev(dev);
  if (validLft !== null || preferredLft !== null) {
    const valid = validLft ?? FOREVER;
    const preferred = preferredLft ?? FOREVER;
    if (valid === 0) fail("valid_lft is zero\n");
    if (valid < preferred) fail("preferred_lft is greater than valid_lft\n");
  }
  if (ifaFlags & IfaF.MCAUTOJOIN && local !== null && !isMulticast(local)) fail("autojoin needs multicast address\n");
  if (family !== 2 && family !== 10) {
    // a request without an address: no family's handler takes it
    const text = type === "RTM_NEWADDR" || type === "RTM_DELADDR" ? "RTNETLINK answers: Operation not supported\n" : "";
    return exit(2, text);
  }
  const addr = {
    family,
    ifindex,
    prefixlen,
    ...(local === null || local.bytes.length === 0 ? {} : { local: local.bytes }),
    ...(address === null || address.bytes.length === 0 ? {} : { address: address.bytes }),
    ...(brd === null || brd.length === 0 ? {} : { broadcast: brd }),
    ...(anycast === null ? {} : { anycast }),
    ...(label === null ? {} : { label }),
    ...(scope === null ? {} : { scope }),
    flags: ifaFlags,
    ...(validLft === null && preferredLft === null ? {} : { validLft: validLft ?? FOREVER, preferredLft: preferredLft ?? FOREVER }),
    ...(metric === 0 ? {} : { metric }),
  } as const;
  const reply = type === "RTM_NEWADDR" ? yield* ctx.talk({ type, flags, addr }) : yield* ctx.talk({ type, addr });
  return reply === null ? 2 : 0;
}

/** set_lifetime: seconds, or "forever". */
function lifetime(word: string): number | null {
  return word === "forever" ? FOREVER : getUnsigned(word);
}

function isMulticast(p: Prefix): boolean {
  return p.family === 10 ? p.bytes[0] === 0xff : (p.bytes[0]! & 0xf0) === 0xe0;
}
