/**
 * What the address ioctls do (devinet_ioctl of the kernel), said in routing netlink. An ioctl names an address by its label:
 * the first one of the device that carries it. Each takes the address away and puts the changed one in its place. 0 or -errno.
 */
import { Errno } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { type AddrRow, IFF, type LinkRow, NlmF } from "../../net/rtnl/messages.ts";
import { lenOfMask, maskOf } from "../../wire/addr.ts";
import { addr4, bytes4 } from "../lib/resolve.ts";
import { linkByName, listAddrs } from "../lib/rtnl.ts";

/** "eth0:1" → "eth0" */
export function deviceOf(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(0, colon);
}

interface Target {
  readonly link: LinkRow;
  readonly old: AddrRow | null;
}

function* find(sys: Sys, name: string): Call<Target | null> {
  const link = yield* linkByName(sys, deviceOf(name));
  if (link === null) return null;
  const addrs = yield* listAddrs(sys, 2);
  return { link, old: addrs.find((a) => a.ifindex === link.ifindex && a.label === name) ?? null };
}

interface Wanted {
  readonly local: number;
  readonly peer: number;
  readonly len: number;
  /** 0: none */
  readonly broadcast: number;
  readonly scope: number;
}

function wantedOf(a: AddrRow): Wanted {
  const broadcast = a.broadcast === null ? 0 : addr4(a.broadcast);
  return { local: addr4(a.local), peer: addr4(a.address), len: a.prefixlen, broadcast, scope: a.scope };
}

function* drop(sys: Sys, a: AddrRow): Call<number> {
  const { family, ifindex, prefixlen, local, address } = a;
  const r = yield* sys.rtnetlink({ type: "RTM_DELADDR", addr: { family, ifindex, prefixlen, local, address } });
  return r.ok ? 0 : -r.errno;
}

function* put(sys: Sys, t: Target, label: string, w: Wanted): Call<number> {
  if (t.old !== null) yield* drop(sys, t.old);
  const r = yield* sys.rtnetlink({
    type: "RTM_NEWADDR",
    flags: NlmF.CREATE | NlmF.EXCL,
    addr: {
      family: 2,
      ifindex: t.link.ifindex,
      prefixlen: w.len,
      local: bytes4(w.local),
      address: bytes4(w.peer),
      ...(w.broadcast === 0 ? {} : { broadcast: bytes4(w.broadcast) }),
      label,
      // inet_set_ifa
      scope: w.local >>> 24 === 127 ? 254 : w.scope,
    },
  });
  return r.ok ? 0 : -r.errno;
}

/** inet_abc_len: the length of an address' class, -1 for multicast. */
function classLength(addr: number): number {
  const first = addr >>> 24;
  if (first === 0 || addr === 0xffffffff) return 0;
  return first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : first < 240 ? -1 : 32;
}

/** SIOCSIFADDR: a new address with the mask of its class; 0.0.0.0 takes the old one away. */
export function* setAddress(sys: Sys, name: string, addr: number): Call<number> {
  const t = yield* find(sys, name);
  if (t === null) return -Errno.ENODEV;
  const len = classLength(addr);
  if (len < 0) return -Errno.EINVAL;
  if (t.old !== null && addr4(t.old.local) === addr) return 0;
  if (addr === 0) return t.old === null ? 0 : yield* drop(sys, t.old);
  const p2p = (t.link.flags & IFF.POINTOPOINT) !== 0;
  const broadcast = !p2p && (t.link.flags & IFF.BROADCAST) !== 0 && len < 31 ? (addr | ~maskOf(len)) >>> 0 : 0;
  return yield* put(sys, t, name, { local: addr, peer: addr, len: p2p ? 32 : len, broadcast, scope: 0 });
}

/** SIOCSIFNETMASK: a broadcast address that went with the old mask goes with the new one, unless that leaves no room for any. */
export function* setNetmask(sys: Sys, name: string, mask: number): Call<number> {
  const t = yield* find(sys, name);
  if (t === null) return -Errno.ENODEV;
  if (t.old === null) return -Errno.EADDRNOTAVAIL;
  const w = wantedOf(t.old);
  const len = lenOfMask(mask);
  if (len < 0) return -Errno.EINVAL;
  if (len === w.len) return 0;
  const follows = (t.link.flags & IFF.BROADCAST) !== 0 && len < 31 && w.broadcast === (w.local | ~maskOf(w.len)) >>> 0;
  return yield* put(sys, t, name, { ...w, len, broadcast: follows ? (w.local | ~mask) >>> 0 : w.broadcast });
}

/** SIOCSIFBRDADDR */
export function* setBroadcast(sys: Sys, name: string, broadcast: number): Call<number> {
  const t = yield* find(sys, name);
  if (t === null) return -Errno.ENODEV;
  if (t.old === null) return -Errno.EADDRNOTAVAIL;
  const w = wantedOf(t.old);
  return w.broadcast === broadcast ? 0 : yield* put(sys, t, name, { ...w, broadcast });
}

/** SIOCSIFDSTADDR: the other end of a point-to-point link; elsewhere the kernel keeps it, too. */
export function* setPeer(sys: Sys, name: string, peer: number): Call<number> {
  const t = yield* find(sys, name);
  if (t === null) return -Errno.ENODEV;
  if (t.old === null) return -Errno.EADDRNOTAVAIL;
  if (classLength(peer) < 0) return -Errno.EINVAL;
  const w = wantedOf(t.old);
  return w.peer === peer ? 0 : yield* put(sys, t, name, { ...w, peer });
}

/** SIOCSIFFLAGS of an alias: going down takes its address away, other flags do nothing. */
export function* takeDown(sys: Sys, name: string, down: boolean): Call<number> {
  const t = yield* find(sys, name);
  if (t === null) return -Errno.ENODEV;
  if (t.old === null) return -Errno.EADDRNOTAVAIL;
  return down ? yield* drop(sys, t.old) : 0;
}

/** `add` of an IPv4 address: the first free alias, with the mask and broadcast address of the device's own. */
export function* addAlias(sys: Sys, name: string, addr: number): Call<number> {
  const base = yield* find(sys, name);
  if (base === null) return -Errno.ENODEV;
  const labels = new Set((yield* listAddrs(sys, 2)).filter((a) => a.ifindex === base.link.ifindex).map((a) => a.label));
  let n = 0;
  while (labels.has(`${name}:${n}`)) n++;
  const own = base.old === null ? null : wantedOf(base.old);
  const len = own?.len ?? classLength(addr);
  const t: Target = { link: base.link, old: null };
  return yield* put(sys, t, `${name}:${n}`, { local: addr, peer: addr, len, broadcast: own?.broadcast ?? 0, scope: 0 });
}

/** SIOCSIFADDR and SIOCDIFADDR of an IPv6 socket */
export function* change6(sys: Sys, name: string, what: "add" | "del", addr: Uint8Array, len: number): Call<number> {
  const link = yield* linkByName(sys, deviceOf(name));
  if (link === null) return -Errno.ENODEV;
  const a = { family: 10 as const, ifindex: link.ifindex, prefixlen: len, local: addr, address: addr };
  // the kernel knows an address by itself alone
  const twin = (yield* listAddrs(sys, 10)).some((x) => x.ifindex === link.ifindex && x.local.every((b, i) => b === addr[i]));
  if (what === "add" && twin) return -Errno.EEXIST;
  const r =
    what === "add"
      ? yield* sys.rtnetlink({ type: "RTM_NEWADDR", flags: NlmF.CREATE | NlmF.EXCL, addr: a })
      : yield* sys.rtnetlink({ type: "RTM_DELADDR", addr: a });
  return r.ok ? 0 : -r.errno;
}
