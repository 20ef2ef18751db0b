/** RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR for IPv6 (inet6_rtm_newaddr, inet6_fill_ifaddr of net/ipv6/addrconf.c). */
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { eqIp6 } from "../../wire/addr.ts";
import { INFINITE_LIFETIME } from "../ip/state.ts";
import type { NetNs } from "../netns.ts";
import { type AddrRequest, type AddrRow, IfaF, NlmF, type RtnlReply, rtnlError } from "../rtnl/messages.ts";
import { addAddr6, delAddr, modifyAddr6, requestedFlags } from "./addr6.ts";
import { getIfaddr6 } from "./route6.ts";
import type { Inet6Ifaddr } from "./state.ts";

export function addrRows6(ns: NetNs, ifindex: number): AddrRow[] {
  const out: AddrRow[] = [];
  for (const dev of [...ns.devs.values()].sort((a, b) => a.ifindex - b.ifindex)) {
    if (!dev.ip6 || (ifindex !== 0 && dev.ifindex !== ifindex)) continue;
    for (const a of dev.ip6.addrs) out.push(addrRow6(ns, a));
  }
  return out;
}

export function addrRow6(ns: NetNs, a: Inet6Ifaddr): AddrRow {
  const age = Math.floor((ns.net.now - a.tstamp) / SEC);
  const left = (lft: number): number =>
    (a.flags & IfaF.PERMANENT) !== 0 || lft === INFINITE_LIFETIME ? INFINITE_LIFETIME : Math.max(0, lft - age);
  return {
    family: 10,
    ifindex: a.idev.dev.ifindex,
    prefixlen: a.prefixLen,
    local: a.addr,
    address: a.peer ?? a.addr,
    broadcast: null,
    label: "",
    scope: a.scope,
    flags: a.flags,
    validLft: left(a.validLft),
    preferredLft: (a.flags & IfaF.PERMANENT) !== 0 && (a.flags & IfaF.DEPRECATED) !== 0 ? 0 : left(a.preferredLft),
    metric: a.metric,
    proto: a.proto,
  };
}

export function newAddr6(ns: NetNs, flags: number, q: AddrRequest): RtnlReply {
  const addr = q.local ?? q.address;
  if (!addr) return rtnlError(Errno.EINVAL, "ipv6: Address is not specified");
  const dev = ns.devs.get(q.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV, "ipv6: Unable to find the interface");
  const allowed = requestedFlags(dev, q.flags ?? 0);
  if (typeof allowed !== "number") return allowed;
  const known = dev.ip6 ? getIfaddr6(ns, addr, dev) : null;
  const c = {
    addr,
    prefixLen: q.prefixlen,
    flags: allowed,
    valid: q.validLft ?? INFINITE_LIFETIME,
    preferred: q.preferredLft ?? INFINITE_LIFETIME,
    metric: q.metric ?? 0,
    peer: q.local && q.address && !eqIp6(q.local, q.address) ? q.address : null,
    proto: q.proto ?? 0,
  };
  if (known && (flags & NlmF.EXCL) === 0 && (flags & NlmF.REPLACE) !== 0) return modifyAddr6(known, c);
  return addAddr6(dev, c);
}

export function delAddr6(ns: NetNs, q: AddrRequest): RtnlReply {
  const addr = q.local ?? q.address;
  if (!addr) return rtnlError(Errno.EINVAL, "ipv6: Address is not specified");
  const dev = ns.devs.get(q.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV, "ipv6: Unable to find the interface");
  return delAddr(dev, addr, q.prefixlen);
}
