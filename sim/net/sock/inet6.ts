/**
 * What IPv6 datagram sockets share (net/ipv6/datagram.c, ipv6_sockglue.c): IPv6 addresses and options beside InetSock's queues.
 * Families: raw6.ts, udp6.ts. IPv4-mapped addresses are refused: sockets here speak IPv6 only.
 */
import { Errno } from "../../core/result.ts";
import { eqIp6, isLinkLocal6, isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { ip6HopLimit, ip6Src, ip6TrafficClass } from "../../wire/ipv6.ts";
import { Pmtudisc } from "../ip/output.ts";
import type { Ip6Send } from "../ip6/output.ts";
import { ANY6, flow6, getIfaddr6, ip6RouteOutput } from "../ip6/route6.ts";
import { count6 } from "../ip6/snmp.ts";
import { Dst6, type Flow6 } from "../ip6/state.ts";
import { neighLookup6 } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import type { Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { inetPoll, inetRecv, InetSock, inetShutdown, MSG_CONFIRM, sockError } from "./inet.ts";
import { setSocketOption } from "./sockopt.ts";
import type { NetAddr, NetRecv, Sock, SockOps } from "./socket.ts";
import { membership6 } from "./membership.ts";

export class Inet6Sock extends InetSock {
  saddr6: Uint8Array = ANY6;
  rcvSaddr6: Uint8Array = ANY6;
  daddr6: Uint8Array = ANY6;
  /** -1: the default */
  hopLimit = -1;
  mcHops = -1;
  tclass = 0;
  /** IPV6_FLOWLABEL_MGR and IPV6_FLOWINFO_SEND: 0 lets the kernel choose */
  flowLabel = 0;
  v6only = true;
}

export function recvOf6(skb: Skb, from: number, port: number): NetRecv {
  const data = skb.buf.slice(from, skb.tail);
  const src = ip6Src(skb.buf, skb.network);
  return {
    data,
    from: { family: 10, addr: src, port, scopeId: isLinkLocal6(src) ? skb.iif : 0 },
    fullLength: data.length,
    tstamp: skb.net.now,
    ttl: ip6HopLimit(skb.buf, skb.network),
    tos: ip6TrafficClass(skb.buf, skb.network),
    ifindex: skb.iif,
    err: null,
  };
}

/** The flow to a destination: a link-local or multicast one needs its device. -errno. */
function flowTo(sk: Inet6Sock, addr: Uint8Array, scopeId: number, proto: number, port: number): Flow6 | number {
  let oif = sk.boundDev;
  if (isLinkLocal6(addr) && scopeId !== 0) {
    if (oif !== 0 && oif !== scopeId) return -Errno.EINVAL;
    oif = scopeId;
  }
  if (oif === 0 && isMulticast6(addr)) oif = scopeId !== 0 ? scopeId : sk.mcIf;
  const f = flow6(isUnspecified6(addr) ? loopback() : addr, sk.saddr6, oif);
  f.mark = sk.mark;
  f.tclass = sk.tclass;
  f.proto = proto;
  f.sport = sk.sport;
  f.dport = port;
  f.uid = sk.cred.uid;
  return f;
}
function loopback(): Uint8Array {
  const a = new Uint8Array(16);
  a[15] = 1;
  return a;
}

function sockRoute6(sk: Inet6Sock, f: Flow6): Dst6 | number {
  const ns = sk.ns;
  const rt = ip6RouteOutput(ns, f);
  if (!(rt instanceof Dst6)) {
    if (rt === -Errno.ENETUNREACH) count6(ns, null, "OutNoRoutes");
    ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.IP6_ROUTE_OUTPUT, Verdict.DROP, DropReason.IP_OUTNOROUTES, null, 0, -rt);
  }
  return rt;
}

export function send6Of(sk: Inet6Sock, rt: Dst6, f: Flow6, next: number): Ip6Send {
  const hops = isMulticast6(f.daddr) ? sk.mcHops : sk.hopLimit;
  return {
    dst: rt,
    saddr: f.saddr,
    daddr: f.daddr,
    next,
    tclass: sk.tclass,
    flowLabel: sk.flowLabel,
    hopLimit: hops,
    sk,
    mark: sk.mark,
    priority: sk.priority,
    dontFragment: sk.pmtudisc === Pmtudisc.DO || sk.pmtudisc === Pmtudisc.PROBE,
  };
}

/** The address of a sendto: the flow and the port, or -errno. */
export function dest6Of(sk: Inet6Sock, to: NetAddr | null, proto: number): { f: Flow6; port: number } | number {
  if (to === null) {
    if (!sk.connected) return -Errno.EDESTADDRREQ;
    const f = flowTo(sk, sk.daddr6, 0, proto, sk.dport);
    return typeof f === "number" ? f : { f, port: sk.dport };
  }
  if (to.family !== 10) return -Errno.EAFNOSUPPORT;
  const f = flowTo(sk, to.addr, to.scopeId, proto, to.port);
  return typeof f === "number" ? f : { f, port: to.port };
}

export function inet6Connect(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as Inet6Sock;
  if (addr.family !== 10) return -Errno.EAFNOSUPPORT;
  const f = flowTo(sk, addr.addr, addr.scopeId, sk.protocol, addr.port);
  if (typeof f === "number") return f;
  const rt = sockRoute6(sk, f);
  if (!(rt instanceof Dst6)) return rt;
  if (isUnspecified6(sk.saddr6)) sk.saddr6 = f.saddr;
  if (isUnspecified6(sk.rcvSaddr6)) sk.rcvSaddr6 = f.saddr;
  sk.daddr6 = f.daddr;
  sk.dport = addr.port;
  sk.connected = true;
  if (isLinkLocal6(f.daddr) && sk.boundDev === 0) sk.boundDev = addr.scopeId !== 0 ? addr.scopeId : rt.dev.ifindex;
  return 0;
}

/** May the socket be bound to this address? A link-local one binds it to its device. -errno or 0. */
export function bindAddr6(sk: Inet6Sock, addr: NetAddr): number {
  if (addr.family !== 10) return -Errno.EAFNOSUPPORT;
  if (!isUnspecified6(addr.addr) && !isMulticast6(addr.addr)) {
    if (isLinkLocal6(addr.addr)) {
      if (addr.scopeId !== 0) sk.boundDev = addr.scopeId;
      if (sk.boundDev === 0) return -Errno.EINVAL;
    }
    if (!getIfaddr6(sk.ns, addr.addr, null) && sk.ns.sysctl.ipv6.ip_nonlocal_bind === 0 && !sk.freebind) return -Errno.EADDRNOTAVAIL;
  }
  sk.rcvSaddr6 = addr.addr.slice();
  if (!isMulticast6(addr.addr)) sk.saddr6 = sk.rcvSaddr6;
  return 0;
}

export function matches6(sk: Inet6Sock, local: Uint8Array, remote: Uint8Array, ifindex: number): boolean {
  return (
    (isUnspecified6(sk.rcvSaddr6) || eqIp6(sk.rcvSaddr6, local) || isMulticast6(local)) &&
    (isUnspecified6(sk.daddr6) || eqIp6(sk.daddr6, remote)) &&
    (sk.boundDev === 0 || sk.boundDev === ifindex)
  );
}

export function inet6Getsockname(sk0: Sock): NetAddr {
  const sk = sk0 as Inet6Sock;
  const addr = isUnspecified6(sk.rcvSaddr6) ? sk.saddr6 : sk.rcvSaddr6;
  return { family: 10, addr, port: sk.sport, scopeId: isLinkLocal6(addr) ? sk.boundDev : 0 };
}
export function inet6Getpeername(sk0: Sock): NetAddr | number {
  const sk = sk0 as Inet6Sock;
  return sk.connected
    ? { family: 10, addr: sk.daddr6, port: sk.dport, scopeId: isLinkLocal6(sk.daddr6) ? sk.boundDev : 0 }
    : -Errno.ENOTCONN;
}

export function inet6Setsockopt(sk0: Sock, opt: string, value: number | string | Uint8Array): number {
  const sk = sk0 as Inet6Sock;
  const common = setSocketOption(sk, opt, value);
  if (common !== null) return common;
  const n = typeof value === "number" ? value : 0;
  switch (opt) {
    case "IPV6_UNICAST_HOPS":
      if (n < -1 || n > 255) return -Errno.EINVAL;
      sk.hopLimit = n;
      return 0;
    case "IPV6_MULTICAST_HOPS":
      if (n < -1 || n > 255) return -Errno.EINVAL;
      sk.mcHops = n;
      return 0;
    case "IPV6_MULTICAST_IF":
      if (n !== 0 && !sk.ns.devs.has(n)) return -Errno.ENODEV;
      sk.mcIf = n;
      return 0;
    case "IPV6_JOIN_GROUP":
    case "IPV6_LEAVE_GROUP":
      if (!(value instanceof Uint8Array)) return -Errno.EINVAL;
      return membership6(sk.ns, sk.memberships, value, opt === "IPV6_JOIN_GROUP");
    case "IPV6_RECVERR":
      sk.recverr = n !== 0;
      if (!sk.recverr) sk.errq.length = 0;
      return 0;
    case "IPV6_RECVHOPLIMIT":
      return 0; // every received datagram carries its hop limit
    case "IPV6_CHECKSUM":
      // raw ICMPv6 sockets always have theirs at offset 2
      return sk.protocol === 58 && n !== 2 ? -Errno.EINVAL : 0;
    case "IPV6_MTU_DISCOVER":
      if (n < 0 || n > 5) return -Errno.EINVAL;
      sk.pmtudisc = n;
      return 0;
    case "IPV6_V6ONLY":
      if (n === 0) return -Errno.EINVAL; // sim: no IPv4-mapped addresses
      return 0;
    case "IPV6_TCLASS":
      if (n < -1 || n > 255) return -Errno.EINVAL;
      sk.tclass = n === -1 ? 0 : n;
      return 0;
    case "IPV6_FLOWLABEL":
      if (n < 0 || n > 0xfffff) return -Errno.EINVAL;
      sk.flowLabel = n;
      return 0;
    case "IP_FREEBIND":
      sk.freebind = n !== 0;
      return 0;
  }
  return -Errno.ENOPROTOOPT;
}

export function inet6Getsockopt(sk0: Sock, opt: string): number {
  const sk = sk0 as Inet6Sock;
  switch (opt) {
    case "SO_ERROR": {
      const e = sk.err;
      sk.err = 0;
      return e;
    }
    case "SO_RCVBUF":
      return sk.rcvbuf;
    case "SO_SNDBUF":
      return sk.sndbuf;
    case "IPV6_UNICAST_HOPS":
      return sk.hopLimit;
    case "IPV6_TCLASS":
      return sk.tclass;
    case "IPV6_MTU": {
      if (!sk.connected) return -Errno.ENOTCONN;
      const f = flowTo(sk, sk.daddr6, 0, sk.protocol, sk.dport);
      const rt = typeof f === "number" ? f : ip6RouteOutput(sk.ns, f);
      return rt instanceof Dst6 ? rt.dev.mtu : -Errno.ENOTCONN;
    }
  }
  return -Errno.ENOPROTOOPT;
}

/** dst_confirm_neigh: the sender knows that the next hop works (MSG_CONFIRM). */
function confirm6(ns: NetNs, rt: Dst6, daddr: Uint8Array): void {
  const n = neighLookup6(ns.ip6.nd, rt.dev, rt.gateway ?? daddr);
  if (n) n.confirmed = ns.net.now;
}

/** What every sendto asks once it has its flow: the route, MSG_CONFIRM, a pending error. */
export function sendRoute6(sk: Inet6Sock, f: Flow6, flags: number): Dst6 | number {
  const rt = sockRoute6(sk, f);
  if (!(rt instanceof Dst6)) return rt;
  if ((flags & MSG_CONFIRM) !== 0) confirm6(sk.ns, rt, f.daddr);
  return sk.err !== 0 ? sockError(sk) : rt;
}

/** ipv6_local_error: a packet too long to be sent at all. */
export function localError6(sk: Inet6Sock, daddr: Uint8Array, port: number, mtu: number): void {
  if (!sk.recverr) return;
  sk.errq.push({
    data: new Uint8Array(0),
    from: { family: 10, addr: daddr, port, scopeId: 0 },
    fullLength: 0,
    tstamp: sk.ns.net.now,
    ttl: 0,
    tos: 0,
    ifindex: 0,
    err: { errno: Errno.EMSGSIZE, origin: "local", type: 0, code: 0, info: mtu, offender: null },
  });
  sk.wq.wake();
}

/** The socket calls that raw and UDP sockets over IPv6 answer alike (inet6_dgram_ops); each family adds its own. */
export const INET6_OPS: Omit<SockOps, "bind" | "sendto" | "close"> = {
  connect: inet6Connect,
  recv: inetRecv,
  setsockopt: inet6Setsockopt,
  getsockopt: inet6Getsockopt,
  getsockname: inet6Getsockname,
  getpeername: inet6Getpeername,
  poll: inetPoll,
  shutdown: inetShutdown,
};
