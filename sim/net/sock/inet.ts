/**
 * What all IPv4 datagram sockets share (net/ipv4/af_inet.c, datagram.c, ip_sockglue.c): addresses, options, receive and
 * error queues, connect. The families are raw.ts, udp.ts and icmp.ts. Received data is copied out of the packet, so a
 * socket never holds an skb.
 */
import { Errno } from "../../core/result.ts";
import { WaitQueue } from "../../core/waitq.ts";
import { INADDR_ANY, isMulticast4 } from "../../wire/addr.ts";
import { ip4Dst, ip4Src, ip4Tos, ip4Ttl } from "../../wire/ipv4.ts";
import { inetAddrType } from "../fib/lookup.ts";
import { type Flow4, flow4 } from "../fib/types.ts";
import { dst4Mtu } from "../ip/exceptions.ts";
import { dstConfirmNeigh } from "../ip/finish.ts";
import { type Ip4Send, Pmtudisc } from "../ip/output.ts";
import { ipRouteOutput } from "../ip/route-output.ts";
import { Dst4, RTCF } from "../ip/state.ts";
import type { IpOptions } from "../ip/options.ts";
import type { NetNs } from "../netns.ts";
import { RtType } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import type { Membership } from "./membership.ts";
import type { NetAddr, NetRecv, Sock, SockCred, SockErr, SockOps } from "./socket.ts";

/** the only MSG_ flag that sendto acts upon */
export const MSG_CONFIRM = 0x800;

/** what a queued datagram counts besides its bytes (struct sk_buff and rounding) */
const TRUESIZE = 512;

export class InetSock implements Sock {
  readonly ops: SockOps;
  readonly ns: NetNs;
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
  readonly cred: SockCred;
  readonly wq = new WaitQueue();
  mark = 0;
  priority = 0;
  boundDev = 0;
  /** source that packets get (inet_saddr) and address that they must be for (inet_rcv_saddr); 0 any */
  saddr: number = INADDR_ANY;
  rcvSaddr: number = INADDR_ANY;
  daddr: number = INADDR_ANY;
  sport = 0;
  dport = 0;
  connected = false;
  /** -1: the default */
  ttl = -1;
  tos = 0;
  mcTtl = 1;
  mcIf = 0;
  pmtudisc: number;
  recverr = false;
  broadcast = false;
  freebind = false;
  reuseaddr = false;
  readonly memberships: Membership[] = [];
  hdrincl = false;
  options: IpOptions | null = null;
  rcvbuf: number;
  sndbuf: number;
  /** positive errno to be told once by the next call */
  err = 0;
  readonly rx: NetRecv[] = [];
  rxBytes = 0;
  readonly errq: NetRecv[] = [];
  readonly shut = { rd: false, wr: false };
  /** a connected socket counts its packets' identifications */
  readonly ident = { inetId: 0 };
  drops = 0;

  constructor(ops: SockOps, ns: NetNs, type: number, protocol: number, cred: SockCred, family = 2) {
    this.ops = ops;
    this.ns = ns;
    this.family = family;
    this.type = type;
    this.protocol = protocol;
    this.cred = cred;
    this.pmtudisc = ns.sysctl.ipv4.ip_no_pmtu_disc !== 0 ? Pmtudisc.DONT : Pmtudisc.WANT;
    this.rcvbuf = ns.sysctl.core.rmem_default;
    this.sndbuf = ns.sysctl.core.wmem_default;
  }
}

// ---------------------------------------------------------------- receiving

/** sock_queue_rcv_skb: false when the receive buffer is full. */
export function sockQueue(sk: InetSock, r: NetRecv): boolean {
  const size = r.data.length + TRUESIZE;
  if (sk.rxBytes + size > sk.rcvbuf) {
    sk.drops++;
    return false;
  }
  sk.rx.push(r);
  sk.rxBytes += size;
  sk.wq.wake();
  return true;
}

/** inet_iif: the device by which a packet came; for one from ourselves (over lo) the device whose address it is for. */
export function inetIif(skb: Skb): number {
  return skb.dst && skb.dst.iif !== 0 ? skb.dst.iif : skb.iif;
}

/** A datagram of `skb`, from `from` (an offset into its buffer) to its end. */
export function recvOf(skb: Skb, from: number, port: number): NetRecv {
  const data = skb.buf.slice(from, skb.tail);
  return {
    data,
    from: { family: 2, addr: ip4Src(skb.buf, skb.network), port },
    fullLength: data.length,
    tstamp: skb.net.now,
    ttl: ip4Ttl(skb.buf, skb.network),
    tos: ip4Tos(skb.buf, skb.network),
    ifindex: inetIif(skb),
    err: null,
  };
}

/** sock_error: the pending error as -errno, once. */
export function sockError(sk: InetSock): number {
  const e = sk.err;
  sk.err = 0;
  return -e;
}

export function inetRecv(sk0: Sock, max: number, errqueue: boolean): NetRecv | number {
  const sk = sk0 as InetSock;
  if (errqueue) {
    const e = sk.errq.shift();
    if (!e) return -Errno.EAGAIN;
    const next = sk.errq[0]?.err;
    if (next && next.origin !== "local") sk.err = next.errno;
    else if (e.err!.origin !== "local") sk.err = 0;
    return clip(e, max);
  }
  if (sk.err !== 0) return sockError(sk);
  const r = sk.rx.shift();
  if (!r)
    return sk.shut.rd
      ? { data: new Uint8Array(0), from: null, fullLength: 0, tstamp: 0, ttl: 0, tos: 0, ifindex: 0, err: null }
      : -Errno.EAGAIN;
  sk.rxBytes -= r.data.length + TRUESIZE;
  return clip(r, max);
}
function clip(r: NetRecv, max: number): NetRecv {
  return r.data.length <= max ? r : { ...r, data: r.data.slice(0, max) };
}

export function inetPoll(sk0: Sock): { read: boolean; write: boolean; err: boolean; hup: boolean } {
  const sk = sk0 as InetSock;
  return {
    read: sk.rx.length > 0 || sk.err !== 0 || sk.shut.rd,
    write: true,
    err: sk.err !== 0 || sk.errq.length > 0,
    hup: sk.shut.rd && sk.shut.wr,
  };
}

// ---------------------------------------------------------------- errors

/** icmp_err_convert, by code of "destination unreachable": errno, and whether it ends a connection */
const UNREACH_ERRNO: readonly (readonly [number, boolean])[] = [
  [Errno.ENETUNREACH, false],
  [Errno.EHOSTUNREACH, false],
  [Errno.ENOPROTOOPT, true],
  [Errno.ECONNREFUSED, true],
  [Errno.EMSGSIZE, false],
  [Errno.EOPNOTSUPP, false],
  [Errno.ENETUNREACH, true],
  [Errno.EHOSTDOWN, true],
  [64, true], // ENONET
  [Errno.ENETUNREACH, true],
  [Errno.EHOSTUNREACH, true],
  [Errno.ENETUNREACH, false],
  [Errno.EHOSTUNREACH, false],
  [Errno.EHOSTUNREACH, true],
  [Errno.EHOSTUNREACH, true],
  [Errno.EHOSTUNREACH, true],
];
const EPROTO = 71;

/** The errno of an ICMP error for a socket with this pmtudisc, and whether it is fatal; null: not to be told. */
export function icmpErrno(type: number, code: number, pmtudisc: number): { errno: number; hard: boolean } | null {
  if (type === 4) return null; // source quench
  if (type === 12) return { errno: EPROTO, hard: true };
  if (type !== 3) return { errno: Errno.EHOSTUNREACH, hard: false };
  if (code === 4) return { errno: Errno.EMSGSIZE, hard: pmtudisc !== Pmtudisc.DONT };
  const c = UNREACH_ERRNO[code];
  return c ? { errno: c[0], hard: c[1] } : { errno: Errno.EHOSTUNREACH, hard: false };
}

/** ip_icmp_error: `q` is where the quoted IP header stands, `payload` what of it the reader gets. */
export function queueIcmpError(sk: InetSock, skb: Skb, q: number, e: SockErr, port: number, payload: number): void {
  const data = skb.buf.slice(Math.min(payload, skb.tail), skb.tail);
  sk.errq.push({
    data,
    from: { family: 2, addr: ip4Dst(skb.buf, q), port },
    fullLength: data.length,
    tstamp: skb.net.now,
    ttl: ip4Ttl(skb.buf, skb.network),
    tos: 0,
    ifindex: skb.iif,
    err: e,
  });
}

/** ip_local_error: a packet too long to be sent at all. */
export function queueLocalError(sk: InetSock, daddr: number, port: number, mtu: number): void {
  if (!sk.recverr) return;
  sk.errq.push({
    data: new Uint8Array(0),
    from: { family: 2, addr: daddr, port },
    fullLength: 0,
    tstamp: sk.ns.net.now,
    ttl: 0,
    tos: 0,
    ifindex: 0,
    err: { errno: Errno.EMSGSIZE, origin: "local", type: 0, code: 0, info: mtu, offender: null },
  });
  sk.wq.wake();
}

// ---------------------------------------------------------------- sending

/** The route for a packet to daddr. Fills in the flow's source. -errno with the namespace's counters and the recorder kept. */
export function sockRoute(sk: InetSock, f: Flow4): Dst4 | number {
  const ns = sk.ns;
  const rt = ipRouteOutput(ns, f);
  if (!(rt instanceof Dst4)) {
    if (rt === -Errno.ENETUNREACH) ns.ip4.snmp.OutNoRoutes++;
    // no packet was ever made: the refusal itself is the record
    ns.net.rec.rec(ns.net.now, 0, ns.id, Sites.IP_ROUTE_OUTPUT, Verdict.DROP, DropReason.IP_OUTNOROUTES, null, f.daddr, -rt);
  }
  return rt;
}

export function sockFlow(sk: InetSock, daddr: number, proto: number): Flow4 {
  const multicast = isMulticast4(daddr);
  // a source route begins at its first hop
  const to = sk.options !== null && sk.options.srr !== 0 ? sk.options.faddr : daddr;
  const f = flow4(to, sk.saddr, sk.boundDev !== 0 ? sk.boundDev : multicast ? sk.mcIf : 0);
  f.tos = sk.tos & 0x1e;
  f.mark = sk.mark;
  f.proto = proto;
  f.sport = sk.sport;
  f.dport = sk.dport;
  f.uid = sk.cred.uid;
  return f;
}

/** The ip_options_to_send of a datagram socket. */
export function sendOf(sk: InetSock, rt: Dst4, saddr: number, daddr: number, proto: number, finalDst = daddr): Ip4Send {
  const ttl = rt.type === RtType.MULTICAST ? sk.mcTtl : sk.ttl < 0 ? 0 : sk.ttl;
  return {
    dst: rt,
    saddr,
    daddr,
    proto,
    tos: sk.tos,
    ttl,
    pmtudisc: sk.pmtudisc,
    options: sk.options,
    finalDst,
    sk,
    ident: sk.connected ? sk.ident : null,
    mark: sk.mark,
    priority: sk.priority,
  };
}

/** Is sending to this route refused for want of SO_BROADCAST? */
function needsBroadcast(sk: InetSock, rt: Dst4): boolean {
  return (rt.flags & RTCF.BROADCAST) !== 0 && !sk.broadcast;
}

/** What every sendto asks once it has its flow: the route, SO_BROADCAST, MSG_CONFIRM, a pending error. */
export function sendRoute(sk: InetSock, f: Flow4, flags: number): Dst4 | number {
  const rt = sockRoute(sk, f);
  if (!(rt instanceof Dst4)) return rt;
  if (needsBroadcast(sk, rt)) return -Errno.EACCES;
  if ((flags & MSG_CONFIRM) !== 0) dstConfirmNeigh(sk.ns, rt, f.daddr);
  return sk.err !== 0 ? sockError(sk) : rt;
}

/** What sendto answers: a full queue is told only to who wants errors (IP_RECVERR). `err`: 0 or -errno of the send. */
export function sendResult(sk: InetSock, err: number, length: number): number {
  return err < 0 && !(err === -Errno.ENOBUFS && !sk.recverr) ? err : length;
}

/** The address of a sendto or connect: -EDESTADDRREQ without one, -EAFNOSUPPORT for another family. */
export function destOf(sk: InetSock, to: NetAddr | null): { addr: number; port: number } | number {
  if (to === null) return sk.connected ? { addr: sk.daddr, port: sk.dport } : -Errno.EDESTADDRREQ;
  if (to.family !== 2) return -Errno.EAFNOSUPPORT;
  return { addr: to.addr, port: to.port };
}

/** ip4_datagram_connect. */
export function inetConnect(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as InetSock;
  if (addr.family !== 2) return -Errno.EAFNOSUPPORT;
  const f = sockFlow(sk, addr.addr, sk.protocol);
  f.tos = sk.tos & 0x1e;
  let rt = sockRoute(sk, f);
  // ip_route_connect: 0.0.0.0 became an address of ours, and the way to that is looked up
  if (addr.addr === 0 && rt instanceof Dst4) {
    f.oif = sk.boundDev;
    rt = sockRoute(sk, f);
  }
  if (!(rt instanceof Dst4)) return rt;
  if (needsBroadcast(sk, rt)) return -Errno.EACCES;
  if (sk.saddr === 0) sk.saddr = f.saddr;
  if (sk.rcvSaddr === 0) sk.rcvSaddr = f.saddr;
  sk.daddr = f.daddr;
  sk.dport = addr.port;
  sk.connected = true;
  sk.ident.inetId = sk.ns.ip4.rng.u32() & 0xffff;
  return 0;
}

/** inet_addr_valid_or_nonlocal: may a socket be bound to this address? */
export function mayBind(sk: InetSock, addr: number): boolean {
  if (sk.ns.sysctl.ipv4.ip_nonlocal_bind !== 0 || sk.freebind || addr === INADDR_ANY) return true;
  const t = inetAddrType(sk.ns, addr);
  return t === RtType.LOCAL || t === RtType.MULTICAST || t === RtType.BROADCAST;
}

export function inetGetsockname(sk0: Sock): NetAddr {
  const sk = sk0 as InetSock;
  return { family: 2, addr: sk.rcvSaddr !== 0 ? sk.rcvSaddr : sk.saddr, port: sk.sport };
}
export function inetGetpeername(sk0: Sock): NetAddr | number {
  const sk = sk0 as InetSock;
  return sk.connected ? { family: 2, addr: sk.daddr, port: sk.dport } : -Errno.ENOTCONN;
}

export function inetShutdown(sk0: Sock, how: "rd" | "wr" | "rdwr"): number {
  const sk = sk0 as InetSock;
  if (!sk.connected) return -Errno.ENOTCONN;
  if (how !== "wr") sk.shut.rd = true;
  if (how !== "rd") sk.shut.wr = true;
  sk.wq.wake();
  return 0;
}

/** IP_MTU of a connected socket: path MTU as known. */
export function sockMtu(sk: InetSock): number {
  if (!sk.connected) return -Errno.ENOTCONN;
  const rt = ipRouteOutput(sk.ns, sockFlow(sk, sk.daddr, sk.protocol));
  return rt instanceof Dst4 ? dst4Mtu(rt) : -Errno.ENOTCONN;
}
