/**
 * RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR for IPv4 (inet_rtm_newaddr and friends of net/ipv4/devinet.c), and the choice of
 * family. IPv6's half is in ip6/rtnl-addr.ts.
 */
import { put32, u32 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { IFNAMSIZ } from "../dev/name.ts";
import { fibModifyPrefixMetric } from "../fib/frontend.ts";
import { ifaMatch } from "../ip/devinet.ts";
import { armLifetime, inetDelIfa, inetInsertIfa } from "../ip/inetaddr.ts";
import { INFINITE_LIFETIME, InIfaddr } from "../ip/state.ts";
import { addrRows6, delAddr6, newAddr6 } from "../ip6/rtnl-addr.ts";
import type { NetNs } from "../netns.ts";
import { type AddrRequest, type AddrRow, IfaF, NlmF, type RtnlReply, RTNL_OK, type RtnlRequest, rtnlError } from "./messages.ts";

export function bytes4(addr: number): Uint8Array {
  const b = new Uint8Array(4);
  put32(b, 0, addr);
  return b;
}
/** The address in an attribute; 0 when it is absent. */
export function addr4(b: Uint8Array | undefined | null): number {
  return b && b.length >= 4 ? u32(b, 0) : 0;
}

export function getAddr(ns: NetNs, req: RtnlRequest & { type: "RTM_GETADDR" }): RtnlReply {
  const addrs: AddrRow[] = [];
  if (req.family !== 10) addrs.push(...addrRows4(ns, req.ifindex ?? 0));
  if (req.family !== 2) addrs.push(...addrRows6(ns, req.ifindex ?? 0));
  return { ok: true, addrs };
}

export function newAddr(ns: NetNs, req: RtnlRequest & { type: "RTM_NEWADDR" }): RtnlReply {
  return req.addr.family === 10 ? newAddr6(ns, req.flags, req.addr) : newAddr4(ns, req.flags, req.addr);
}

export function delAddr(ns: NetNs, req: RtnlRequest & { type: "RTM_DELADDR" }): RtnlReply {
  return req.addr.family === 10 ? delAddr6(ns, req.addr) : delAddr4(ns, req.addr);
}

function addrRows4(ns: NetNs, ifindex: number): AddrRow[] {
  const out: AddrRow[] = [];
  for (const dev of [...ns.devs.values()].sort((a, b) => a.ifindex - b.ifindex)) {
    if (!dev.ip4 || (ifindex !== 0 && dev.ifindex !== ifindex)) continue;
    for (const ifa of dev.ip4.addrs) out.push(addrRow4(ns, ifa));
  }
  return out;
}

export function addrRow4(ns: NetNs, ifa: InIfaddr): AddrRow {
  let valid = INFINITE_LIFETIME;
  let preferred = INFINITE_LIFETIME;
  if ((ifa.flags & IfaF.PERMANENT) === 0) {
    valid = ifa.validLft;
    preferred = ifa.preferredLft;
    const age = Math.floor((ns.net.now - ifa.tstamp) / SEC);
    if (preferred !== INFINITE_LIFETIME) preferred = Math.max(0, preferred - age);
    if (valid !== INFINITE_LIFETIME) valid = Math.max(0, valid - age);
  }
  return {
    family: 2,
    ifindex: ifa.indev.dev.ifindex,
    prefixlen: ifa.prefixLen,
    local: bytes4(ifa.local),
    // a peer of 0.0.0.0 is not sent, and then the address stands for it
    address: bytes4(ifa.address !== 0 ? ifa.address : ifa.local),
    broadcast: ifa.broadcast !== 0 ? bytes4(ifa.broadcast) : null,
    label: ifa.label,
    scope: ifa.scope,
    flags: ifa.flags,
    validLft: valid,
    preferredLft: preferred,
    metric: ifa.metric,
    proto: ifa.proto,
  };
}

/** set_ifa_lifetime */
function setLifetime(ns: NetNs, ifa: InIfaddr, valid: number, preferred: number): void {
  ifa.flags &= ~(IfaF.PERMANENT | IfaF.DEPRECATED);
  if (valid !== INFINITE_LIFETIME) ifa.validLft = valid;
  else {
    ifa.validLft = INFINITE_LIFETIME;
    ifa.flags |= IfaF.PERMANENT;
  }
  ifa.preferredLft = preferred;
  if (preferred === 0) ifa.flags |= IfaF.DEPRECATED;
  ifa.tstamp = ns.net.now;
  if (ifa.cstamp === 0) ifa.cstamp = ifa.tstamp;
}

function newAddr4(ns: NetNs, flags: number, a: AddrRequest): RtnlReply {
  if (a.prefixlen > 32) return rtnlError(Errno.EINVAL, "ipv4: Invalid prefix length");
  if (a.label !== undefined && a.label.length >= IFNAMSIZ) return rtnlError(Errno.EINVAL, "Attribute failed policy validation");
  if (!a.local) return rtnlError(Errno.EINVAL, "ipv4: Local address is not supplied");
  const dev = ns.devs.get(a.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV, "ipv4: Device not found");
  const valid = a.validLft ?? INFINITE_LIFETIME;
  const preferred = a.preferredLft ?? INFINITE_LIFETIME;
  if (valid === 0 || preferred > valid) return rtnlError(Errno.EINVAL, "ipv4: address lifetime invalid");
  if (!dev.ip4) return rtnlError(Errno.ENOBUFS);
  const local = addr4(a.local);
  const ifa = new InIfaddr(
    dev.ip4,
    local,
    a.address ? addr4(a.address) : local,
    a.prefixlen,
    a.scope ?? 0,
    a.flags ?? 0,
    a.label ?? dev.name,
  );
  ifa.broadcast = addr4(a.broadcast);
  ifa.metric = a.metric ?? 0;
  const same = dev.ip4.addrs.find((o) => o.prefixLen === ifa.prefixLen && ifaMatch(o.address, ifa) && o.local === ifa.local);
  if (!same) {
    setLifetime(ns, ifa, valid, preferred);
    return inetInsertIfa(ifa);
  }
  if ((flags & NlmF.EXCL) !== 0 || (flags & NlmF.REPLACE) === 0) return rtnlError(Errno.EEXIST, "ipv4: Address already assigned");
  if (same.metric !== ifa.metric) {
    fibModifyPrefixMetric(same, ifa.metric);
    same.metric = ifa.metric;
  }
  setLifetime(ns, same, valid, preferred);
  armLifetime(dev.ip4);
  ns.net.changed(ns, "addr", same);
  return RTNL_OK;
}

function delAddr4(ns: NetNs, a: AddrRequest): RtnlReply {
  const indev = ns.devs.get(a.ifindex)?.ip4;
  if (!indev) return rtnlError(Errno.ENODEV, "ipv4: Device not found");
  for (const ifa of indev.addrs) {
    if (a.local && ifa.local !== addr4(a.local)) continue;
    if (a.label !== undefined && ifa.label !== a.label) continue;
    if (a.address && (a.prefixlen !== ifa.prefixLen || !ifaMatch(addr4(a.address), ifa))) continue;
    inetDelIfa(ifa);
    return RTNL_OK;
  }
  return rtnlError(Errno.EADDRNOTAVAIL, "ipv4: Address not found");
}
