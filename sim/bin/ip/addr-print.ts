/** One address as `ip addr` prints it: a line below its link, or (-o) a line of its own, or a word (-br). */
import { IfaF, type AddrRow } from "../../net/rtnl/messages.ts";
import { equalBytes } from "../../core/bytes.ts";
import { fmtAddr } from "../lib/resolve.ts";
import type { Ctx } from "./ctx.ts";
import { IFA_FLAG_DATA } from "./filter.ts";
import { familyColor, type Printer } from "../lib/iproute/print.ts";

const INFINITY = 4294967295;

/** print_addrinfo. `hostName` resolves for -r; `dev` puts the device before it: its number and name, or, for a dump in a file, the number alone. */
export function printAddr(
  ctx: Ctx,
  p: Printer,
  a: AddrRow,
  hostName: (addr: Uint8Array) => string,
  dev: boolean | "index" = ctx.opts.oneline,
): void {
  const { opts } = ctx;
  p.openObject();
  if (!opts.brief) {
    if (dev === "index") p.any("index", a.ifindex, `if${a.ifindex}:\n`);
    else if (dev) {
      p.any("index", a.ifindex, `${a.ifindex}: `);
      p.any("dev", ctx.links.name(a.ifindex), ctx.links.name(a.ifindex));
    }
    const family = a.family === 2 ? "inet" : "inet6";
    p.any("family", family, `    ${family} `);
  }
  const color = familyColor(a.family);
  p.color(color, "local", hostName(a.local), hostName(a.local));
  if (!equalBytes(a.local, a.address)) {
    p.fp(" peer ");
    p.color(color, "address", hostName(a.address), hostName(a.address));
  }
  p.any("prefixlen", a.prefixlen, `/${a.prefixlen}`);
  if (a.metric !== 0) p.any("metric", a.metric, ` metric ${a.metric}`);
  p.fp(" ");
  if (!opts.brief) printRest(ctx, p, a);
  p.closeObject();
}

function printRest(ctx: Ctx, p: Printer, a: AddrRow): void {
  const { names } = ctx;
  if (a.broadcast !== null) {
    p.fp("brd ");
    p.color(familyColor(a.family), "broadcast", fmtAddr(a.broadcast), `${fmtAddr(a.broadcast)} `);
  }
  p.any("scope", names.scope(a.scope), `scope ${names.scope(a.scope)} `);
  let flags = a.flags;
  for (const d of IFA_FLAG_DATA) {
    if (d.mask === IfaF.PERMANENT) {
      if (!(a.flags & IfaF.PERMANENT)) p.any("dynamic", true, "dynamic ");
    } else if (flags & d.mask) {
      const name = d.mask === IfaF.SECONDARY ? (a.family === 10 ? "temporary" : "secondary") : d.name;
      p.any(name, true, `${name} `);
    }
    flags &= ~d.mask;
  }
  if (flags !== 0) p.any("ifa_flags", `${flags.toString(16).padStart(2, "0")}`, `flags ${flags.toString(16).padStart(2, "0")} `);
  if (a.family === 2 && a.label !== "") p.any("label", a.label, a.label);
  p.nl();
  p.fp("       valid_lft ");
  p.any("valid_life_time", a.validLft, a.validLft === INFINITY ? "forever" : `${a.validLft}sec`);
  p.fp(" preferred_lft ");
  p.any("preferred_life_time", a.preferredLft, a.preferredLft === INFINITY ? "forever" : `${a.preferredLft}sec`);
  p.fp("\n");
}
