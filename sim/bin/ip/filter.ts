/** What `ip link show` and `ip addr show|flush` were asked to leave out, and the reading of those words. */
import type { AddrRow, LinkRow } from "../../net/rtnl/messages.ts";
import { IFF, IfaF, RtScope } from "../../net/rtnl/messages.ts";
import type { Call } from "../../kernel/abi.ts";
import { addrMatches, type Args, duparg2, type Family, getPrefix, invarg, matches, type Prefix } from "./args.ts";
import { fnmatch } from "../lib/fnmatch.ts";
import type { Ctx } from "./ctx.ts";

export interface Filter {
  family: Family;
  /** the device's name as typed */
  dev: string | null;
  up: boolean;
  label: string | null;
  flags: number;
  flagMask: number;
  scope: number;
  scopeMask: number;
  pfx: Prefix | null;
  group: number;
  /** ifindex, 0 any, -1 none */
  master: number;
  kind: string | null;
  slaveKind: string | null;
  /** an address without a label counts as labelled with its device's name */
  readonly nameOf: (ifindex: number) => string;
}

/** Address flags that may stand in a filter or an address to add; `v6` only with IPv6, `readOnly` not to be set. */
export const IFA_FLAG_DATA: readonly { readonly name: string; readonly mask: number; readonly readOnly: boolean; readonly v6: boolean }[] =
  [
    { name: "secondary", mask: IfaF.SECONDARY, readOnly: true, v6: false },
    { name: "temporary", mask: IfaF.SECONDARY, readOnly: true, v6: false },
    { name: "nodad", mask: IfaF.NODAD, readOnly: false, v6: true },
    { name: "optimistic", mask: IfaF.OPTIMISTIC, readOnly: false, v6: true },
    { name: "dadfailed", mask: IfaF.DADFAILED, readOnly: true, v6: true },
    { name: "home", mask: IfaF.HOMEADDRESS, readOnly: false, v6: true },
    { name: "deprecated", mask: IfaF.DEPRECATED, readOnly: true, v6: true },
    { name: "tentative", mask: IfaF.TENTATIVE, readOnly: true, v6: true },
    { name: "permanent", mask: IfaF.PERMANENT, readOnly: true, v6: true },
    { name: "mngtmpaddr", mask: IfaF.MANAGETEMPADDR, readOnly: false, v6: true },
    { name: "noprefixroute", mask: IfaF.NOPREFIXROUTE, readOnly: false, v6: false },
    { name: "autojoin", mask: IfaF.MCAUTOJOIN, readOnly: false, v6: false },
    { name: "stable-privacy", mask: IfaF.STABLE_PRIVACY, readOnly: true, v6: true },
  ];

export function* parseFilter(ctx: Ctx, args: Args, family: Family, usage: () => never): Call<Filter> {
  const f: Filter = {
    family,
    dev: null,
    up: false,
    label: null,
    flags: 0,
    flagMask: 0,
    scope: 0,
    scopeMask: 0,
    pfx: null,
    group: -1,
    master: 0,
    kind: null,
    slaveKind: null,
    nameOf: (ifindex) => ctx.links.name(ifindex),
  };
  for (; args.more; args.at++) {
    const w = args.word;
    if (w === "to") {
      f.pfx = getPrefix(args.next(), f.family);
      if (f.family === 0) f.family = f.pfx.family;
    } else if (w === "scope") {
      const s = args.next();
      const n = ctx.names.scopeNumber(s);
      if (n === null && s !== "all") invarg('invalid "scope"\n', s);
      f.scope = n ?? RtScope.NOWHERE;
      f.scopeMask = n === null ? 0 : -1;
    } else if (w === "up") f.up = true;
    else if (flagFilter(f, w)) continue;
    else if (w === "label") f.label = args.next();
    else if (w === "group") {
      const n = ctx.names.groupNumber(args.next());
      if (n === null) invarg('Invalid "group" value\n', args.word);
      f.group = n;
    } else if (w === "master") {
      const n = yield* ctx.links.index(args.next());
      if (n === 0) invarg("Device does not exist\n", args.word);
      f.master = n;
    } else if (w === "vrf") invarg("Not a valid VRF name\n", args.next());
    else if (w === "nomaster") f.master = -1;
    else if (w === "type") {
      const t = args.next();
      if (t.endsWith("_slave")) f.slaveKind = t.slice(0, -"_slave".length);
      else f.kind = t;
    } else {
      if (w === "dev") args.next();
      else if (matches(w, "help")) usage();
      if (f.dev !== null) duparg2("dev", args.word);
      f.dev = args.word;
    }
  }
  return f;
}

/** "dynamic", "-tentative", "primary" … */
function flagFilter(f: Filter, word: string): boolean {
  const inv = word.startsWith("-");
  const name = inv ? word.slice(1) : word;
  // "dynamic" and "primary" are the absence of a flag
  const [key, absent] = name === "dynamic" ? ["permanent", !inv] : name === "primary" ? ["secondary", !inv] : [name, inv];
  const d = IFA_FLAG_DATA.find((x) => x.name === key);
  if (d === undefined) return false;
  if (absent) f.flags &= ~d.mask;
  else f.flags |= d.mask;
  f.flagMask |= d.mask;
  return true;
}

export function linkPasses(f: Filter, l: LinkRow): boolean {
  if (f.up && !(l.flags & IFF.UP)) return false;
  if (f.group !== -1 && l.group !== f.group) return false;
  return kernelPasses(f, l);
}

/** What the kernel itself leaves out of the dump. */
export function kernelPasses(f: Filter, l: LinkRow): boolean {
  if (f.master > 0 && l.master !== f.master) return false;
  if (f.master < 0 && l.master !== 0) return false;
  if (f.kind !== null && l.kind !== f.kind) return false;
  return f.slaveKind === null || l.slaveKind === f.slaveKind;
}

export function addrPasses(f: Filter, a: AddrRow): boolean {
  if (f.family !== 0 && f.family !== 17 && a.family !== f.family) return false;
  if ((f.scope ^ a.scope) & f.scopeMask) return false;
  if ((f.flags ^ a.flags) & f.flagMask) return false;
  if (f.pfx !== null && (f.pfx.bytes.length !== a.local.length || !addrMatches(a.local, f.pfx.bytes, f.pfx.bitlen))) return false;
  return f.label === null || fnmatch(f.label, a.label === "" ? f.nameOf(a.ifindex) : a.label);
}
