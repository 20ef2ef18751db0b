/** UDP over IPv6 (net/ipv6/udp.c): as udp.ts, with the checksum always there. Ports are IPv6's own: no IPv4-mapped sockets. */
import { Errno } from "../../core/result.ts";
import { eqIp6, isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { Icmp6Type, Icmp6Unreach } from "../../wire/icmp6.ts";
import { ip6Dst, ip6Src } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { buildUdp6, UDP_HLEN, UdpBad, udpCheck6, udpDport, udpLen, udpSport } from "../../wire/udp.ts";
import { icmp6Send } from "../ip6/icmp6-send.ts";
import { ip6MakeSkb, ip6SendSkb } from "../ip6/output.ts";
import { dst6Mtu } from "../ip6/route6.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { sendResult, sockQueue } from "./inet.ts";
import { bindAddr6, dest6Of, INET6_OPS, inet6Connect, Inet6Sock, localError6, matches6, recvOf6, send6Of, sendRoute6 } from "./inet6.ts";
import { dropMemberships } from "./membership.ts";
import type { NetAddr, Sock, SockCred, SockOps } from "./socket.ts";

export class Udp6Sock extends Inet6Sock {}

function getPort(sk: Udp6Sock, wanted: number): number {
  const table = sk.ns.ip6.udp;
  const clash = (o: Udp6Sock): boolean =>
    (isUnspecified6(o.rcvSaddr6) || isUnspecified6(sk.rcvSaddr6) || eqIp6(o.rcvSaddr6, sk.rcvSaddr6)) &&
    (o.boundDev === 0 || sk.boundDev === 0 || o.boundDev === sk.boundDev) &&
    !(o.reuseaddr && sk.reuseaddr);
  if (wanted !== 0) {
    if ((table.get(wanted) ?? []).some(clash)) return -Errno.EADDRINUSE;
    return hold(sk, wanted);
  }
  const [low, high] = sk.ns.sysctl.localPorts;
  const n = high - low + 1;
  const start = sk.ns.ip6.rng.below(n);
  for (let i = 0; i < n; i++) if (!table.has(low + ((start + i) % n))) return hold(sk, low + ((start + i) % n));
  return -Errno.EADDRINUSE;
}
function hold(sk: Udp6Sock, port: number): number {
  sk.sport = port;
  const list = sk.ns.ip6.udp.get(port);
  if (list) list.push(sk);
  else sk.ns.ip6.udp.set(port, [sk]);
  return 0;
}

function bind(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as Udp6Sock;
  if (sk.sport !== 0) return -Errno.EINVAL;
  const err = bindAddr6(sk, addr);
  if (err < 0) return err;
  const port = addr.family === 10 ? addr.port : 0;
  if (port !== 0 && port < sk.ns.sysctl.ipv4.ip_unprivileged_port_start && sk.cred.uid !== 0) return -Errno.EACCES;
  return getPort(sk, port);
}

function connect(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as Udp6Sock;
  if (sk.sport === 0 && getPort(sk, 0) < 0) return -Errno.EAGAIN;
  return inet6Connect(sk, addr);
}

function sendto(sk0: Sock, data: Uint8Array, to: NetAddr | null, flags: number): number {
  const sk = sk0 as Udp6Sock;
  const ns = sk.ns;
  const dest = dest6Of(sk, to, IpProto.UDP);
  if (typeof dest === "number") return dest;
  if (dest.port === 0) return -Errno.EINVAL;
  if (sk.sport === 0 && getPort(sk, 0) < 0) return -Errno.EAGAIN;
  const f = dest.f;
  const rt = sendRoute6(sk, f, flags);
  if (typeof rt === "number") return rt;
  const len = UDP_HLEN + data.length;
  const skb = ip6MakeSkb(ns, send6Of(sk, rt, f, IpProto.UDP), len, 0, Sites.SEND, IpProto.UDP, len);
  if (typeof skb === "number") {
    localError6(sk, f.daddr, dest.port, dst6Mtu(rt));
    return skb;
  }
  skb.buf.set(data, skb.transport + UDP_HLEN);
  buildUdp6(skb.buf, skb.transport, sk.sport, dest.port, data.length, f.saddr, f.daddr);
  const err = ip6SendSkb(ns, skb);
  const sent = sendResult(sk, err, data.length);
  if (sent >= 0) ns.ip6.udpStats.OutDatagrams++;
  return sent;
}

function close(sk0: Sock): void {
  const sk = sk0 as Udp6Sock;
  dropMemberships(sk.memberships);
  const list = sk.ns.ip6.udp.get(sk.sport);
  if (!list) return;
  const i = list.indexOf(sk);
  if (i >= 0) list.splice(i, 1);
  if (list.length === 0) sk.ns.ip6.udp.delete(sk.sport);
}

const OPS: SockOps = {
  ...INET6_OPS,
  bind,
  connect,
  sendto,
  close,
};

export function udp6Socket(ns: NetNs, cred: SockCred): Sock {
  return new Udp6Sock(OPS, ns, 2, IpProto.UDP, cred, 10);
}

export function udp6Lookup(
  ns: NetNs,
  saddr: Uint8Array,
  sport: number,
  daddr: Uint8Array,
  dport: number,
  ifindex: number,
): Udp6Sock | null {
  let best: Udp6Sock | null = null;
  let bestScore = -1;
  for (const sk of ns.ip6.udp.get(dport) ?? []) {
    if (!matches6(sk, daddr, saddr, ifindex) || (sk.dport !== 0 && sk.dport !== sport)) continue;
    const score =
      (isUnspecified6(sk.rcvSaddr6) ? 0 : 1) + (isUnspecified6(sk.daddr6) ? 0 : 1) + (sk.dport !== 0 ? 1 : 0) + (sk.boundDev !== 0 ? 1 : 0);
    if (score > bestScore) {
      bestScore = score;
      best = sk;
    }
  }
  return best;
}

/** Takes a UDP packet over: skb.transport is its header. */
export function udp6Rcv(ns: NetNs, skb: Skb): void {
  const at = skb.transport;
  if (udpCheck6(skb.buf, at, skb.tail - at, skb.network) !== UdpBad.OK) {
    dropSkb(skb, ns, Sites.SOCK, DropReason.UDP_CSUM, null, IpProto.UDP, 0);
    return;
  }
  const dport = udpDport(skb.buf, at);
  const sport = udpSport(skb.buf, at);
  const daddr = ip6Dst(skb.buf, skb.network);
  skb.tail = at + udpLen(skb.buf, at);
  const sk = udp6Lookup(ns, ip6Src(skb.buf, skb.network), sport, daddr, dport, skb.iif);
  if (!sk) {
    ns.ip6.udpStats.NoPorts++;
    if (!isMulticast6(daddr)) icmp6Send(ns, skb, Icmp6Type.DEST_UNREACH, Icmp6Unreach.PORT_UNREACH, 0);
    dropSkb(skb, ns, Sites.NO_SOCK, DropReason.NO_SOCKET, null, IpProto.UDP, dport);
    return;
  }
  if (sockQueue(sk, recvOf6(skb, at + UDP_HLEN, sport))) {
    ns.ip6.udpStats.InDatagrams++;
    consumeSkb(skb, ns, Sites.SOCK, null, IpProto.UDP, dport);
  } else dropSkb(skb, ns, Sites.SOCK, DropReason.SOCKET_RCVBUFF, null, IpProto.UDP, dport);
}
