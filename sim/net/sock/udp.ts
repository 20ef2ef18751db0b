/**
 * UDP over IPv4 (net/ipv4/udp.c): ports, demultiplexing by best match, checksums, port unreachable. Left out: multicast
 * memberships, SO_REUSEPORT groups, cork.
 */
import { Errno } from "../../core/result.ts";
import { isLimitedBroadcast4, isMulticast4 } from "../../wire/addr.ts";
import { IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";
import { ip4Dst, ip4Src, IpProto } from "../../wire/ipv4.ts";
import { buildUdp4, UDP_HLEN, UdpBad, udpCheck4, udpDport, udpLen, udpSport } from "../../wire/udp.ts";
import { dst4Mtu } from "../ip/exceptions.ts";
import { icmpSend } from "../ip/icmp-send.ts";
import { ipMakeSkb, ipSendSkb } from "../ip/output.ts";
import { RTCF } from "../ip/state.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import {
  destOf,
  inetConnect,
  inetIif,
  InetSock,
  mayBind,
  queueLocalError,
  recvOf,
  sendOf,
  sendResult,
  sendRoute,
  sockFlow,
  sockQueue,
} from "./inet.ts";
import { INET_OPS } from "./inet-ops.ts";
import { dropMemberships } from "./membership.ts";
import type { NetAddr, Sock, SockCred, SockOps } from "./socket.ts";

export class UdpSock extends InetSock {}

function conflict(a: UdpSock, addr: number, dev: number, reuse: boolean): boolean {
  if (a.boundDev !== 0 && dev !== 0 && a.boundDev !== dev) return false;
  if (a.rcvSaddr !== 0 && addr !== 0 && a.rcvSaddr !== addr) return false;
  return !(a.reuseaddr && reuse);
}

/** udp_lib_get_port: the wanted port, or (0) a free one of ip_local_port_range from a random start. -EADDRINUSE. */
function getPort(sk: UdpSock, wanted: number): number {
  const ns = sk.ns;
  const free = (p: number): boolean => !(ns.ip4.udp.get(p) ?? []).some((o) => conflict(o, sk.rcvSaddr, sk.boundDev, sk.reuseaddr));
  if (wanted !== 0) return free(wanted) ? hold(sk, wanted) : -Errno.EADDRINUSE;
  const [low, high] = ns.sysctl.localPorts;
  const n = high - low + 1;
  const start = ns.ip4.rng.below(n);
  for (let i = 0; i < n; i++) {
    const p = low + ((start + i) % n);
    if (!ns.ip4.udp.has(p)) return hold(sk, p);
  }
  return -Errno.EADDRINUSE;
}
function hold(sk: UdpSock, port: number): number {
  sk.sport = port;
  const list = sk.ns.ip4.udp.get(port);
  if (list) list.push(sk);
  else sk.ns.ip4.udp.set(port, [sk]);
  return 0;
}

function bind(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as UdpSock;
  if (addr.family !== 2) return -Errno.EAFNOSUPPORT;
  if (!mayBind(sk, addr.addr)) return -Errno.EADDRNOTAVAIL;
  if (addr.port !== 0 && addr.port < sk.ns.sysctl.ipv4.ip_unprivileged_port_start && sk.cred.uid !== 0) return -Errno.EACCES;
  if (sk.sport !== 0) return -Errno.EINVAL;
  sk.rcvSaddr = sk.saddr = addr.addr;
  const err = getPort(sk, addr.port);
  if (err < 0) sk.rcvSaddr = sk.saddr = 0;
  else if (isMulticast4(addr.addr) || isLimitedBroadcast4(addr.addr)) sk.saddr = 0;
  return err;
}

function connect(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as UdpSock;
  if (sk.sport === 0 && getPort(sk, 0) < 0) return -Errno.EAGAIN;
  return inetConnect(sk, addr);
}

function sendto(sk0: Sock, data: Uint8Array, to: NetAddr | null, flags: number): number {
  const sk = sk0 as UdpSock;
  const ns = sk.ns;
  if (data.length > 0xffff) return -Errno.EMSGSIZE;
  if (to && to.family === 2 && to.port === 0) return -Errno.EINVAL;
  const dest = destOf(sk, to);
  if (typeof dest === "number") return dest;
  if (sk.sport === 0 && getPort(sk, 0) < 0) return -Errno.EAGAIN;
  const f = sockFlow(sk, dest.addr, IpProto.UDP);
  f.dport = dest.port;
  const rt = sendRoute(sk, f, flags);
  if (typeof rt === "number") return rt;
  const len = UDP_HLEN + data.length;
  const skb = ipMakeSkb(ns, sendOf(sk, rt, f.saddr, f.daddr, IpProto.UDP, dest.addr), len, 0, Sites.SEND, IpProto.UDP, len);
  if (typeof skb === "number") {
    queueLocalError(sk, f.daddr, sk.dport, dst4Mtu(rt));
    return skb;
  }
  skb.buf.set(data, skb.transport + UDP_HLEN);
  buildUdp4(skb.buf, skb.transport, sk.sport, dest.port, data.length, f.saddr, f.daddr);
  const err = ipSendSkb(ns, skb);
  const sent = sendResult(sk, err, data.length);
  if (sent >= 0) ns.ip4.snmp.udpOutDatagrams++;
  return sent;
}

function close(sk0: Sock): void {
  const sk = sk0 as UdpSock;
  dropMemberships(sk.memberships);
  const list = sk.ns.ip4.udp.get(sk.sport);
  if (!list) return;
  const i = list.indexOf(sk);
  if (i >= 0) list.splice(i, 1);
  if (list.length === 0) sk.ns.ip4.udp.delete(sk.sport);
}

const OPS: SockOps = {
  ...INET_OPS,
  bind,
  connect,
  sendto,
  close,
};

export function udpSocket(ns: NetNs, cred: SockCred): Sock {
  return new UdpSock(OPS, ns, 2, IpProto.UDP, cred);
}

/** __udp4_lib_lookup: the socket that fits (saddr:sport → daddr:dport) best, or null. */
export function udpLookup(ns: NetNs, saddr: number, sport: number, daddr: number, dport: number, ifindex: number): UdpSock | null {
  let best: UdpSock | null = null;
  let bestScore = -1;
  for (const sk of ns.ip4.udp.get(dport) ?? []) {
    const s = score(sk, saddr, sport, daddr, ifindex);
    if (s > bestScore) {
      bestScore = s;
      best = sk;
    }
  }
  return best;
}
function score(sk: UdpSock, saddr: number, sport: number, daddr: number, ifindex: number): number {
  let s = 2;
  if (sk.rcvSaddr !== 0) {
    if (sk.rcvSaddr !== daddr) return -1;
    s += 4;
  }
  if (sk.daddr !== 0) {
    if (sk.daddr !== saddr) return -1;
    s += 4;
  }
  if (sk.dport !== 0) {
    if (sk.dport !== sport) return -1;
    s += 4;
  }
  if (sk.boundDev !== 0) {
    if (sk.boundDev !== ifindex) return -1;
    s += 4;
  }
  return s;
}

/** Takes a UDP packet over: skb.transport is its header. */
export function udpRcv(ns: NetNs, skb: Skb): void {
  const at = skb.transport;
  const snmp = ns.ip4.snmp;
  const saddr = ip4Src(skb.buf, skb.network);
  const daddr = ip4Dst(skb.buf, skb.network);
  const bad = udpCheck4(skb.buf, at, skb.tail - at, saddr, daddr);
  if (bad !== UdpBad.OK) {
    snmp.udpInErrors++;
    dropSkb(skb, ns, Sites.SOCK, bad === UdpBad.CHECKSUM ? DropReason.UDP_CSUM : DropReason.PKT_TOO_SMALL, null, IpProto.UDP, 0);
    return;
  }
  const sport = udpSport(skb.buf, at);
  const dport = udpDport(skb.buf, at);
  skb.tail = at + udpLen(skb.buf, at);
  const multi = (skb.dst!.flags & (RTCF.BROADCAST | RTCF.MULTICAST)) !== 0;
  const sks = multi
    ? (ns.ip4.udp.get(dport) ?? []).filter((s) => score(s, saddr, sport, daddr, inetIif(skb)) >= 0)
    : [udpLookup(ns, saddr, sport, daddr, dport, inetIif(skb))].filter((s) => s !== null);
  if (sks.length === 0) {
    snmp.udpNoPorts++;
    if (!multi) icmpSend(ns, skb, IcmpType.DEST_UNREACH, IcmpUnreach.PORT_UNREACH, 0);
    dropSkb(skb, ns, Sites.NO_SOCK, DropReason.NO_SOCKET, null, IpProto.UDP, dport);
    return;
  }
  let queued = false;
  for (const sk of sks) if (sockQueue(sk, recvOf(skb, at + UDP_HLEN, sport))) queued = true;
  if (queued) {
    snmp.udpInDatagrams++;
    consumeSkb(skb, ns, Sites.SOCK, null, IpProto.UDP, dport);
  } else {
    snmp.udpInErrors++;
    snmp.udpRcvbufErrors++;
    dropSkb(skb, ns, Sites.SOCK, DropReason.SOCKET_RCVBUFF, null, IpProto.UDP, dport);
  }
}
