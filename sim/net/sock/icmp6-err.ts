/** ICMPv6 errors about our own packets, handed to the sockets that sent them (rawv6_err, __udp6_lib_err). */
import { u16 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import { ip6Dst, ip6HopLimit, IP6_HLEN, ip6Next, ip6Src } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { UDP_HLEN } from "../../wire/udp.ts";
import type { NetNs } from "../netns.ts";
import type { Skb } from "../skb.ts";
import { type Inet6Sock, matches6 } from "./inet6.ts";
import type { SockErr } from "./socket.ts";
import { udp6Lookup } from "./udp6.ts";
import { tcpErr } from "../tcp/rcv.ts";

const EPROTO = 71;

/** icmpv6_err_convert: errno, and whether it ends a connection. */
function errnoOf(type: number, code: number): { errno: number; hard: boolean } {
  switch (type) {
    case Icmp6Type.DEST_UNREACH:
      if (code === 0) return { errno: Errno.ENETUNREACH, hard: false };
      if (code === 4) return { errno: Errno.ECONNREFUSED, hard: true };
      if (code === 1 || code >= 5) return { errno: Errno.EACCES, hard: true };
      return { errno: Errno.EHOSTUNREACH, hard: false };
    case Icmp6Type.PKT_TOOBIG:
      return { errno: Errno.EMSGSIZE, hard: false };
    case Icmp6Type.PARAMPROB:
      return { errno: EPROTO, hard: true };
    case Icmp6Type.TIME_EXCEED:
      return { errno: Errno.EHOSTUNREACH, hard: false };
  }
  return { errno: EPROTO, hard: false };
}

/** Tells the sockets that sent the packet quoted at `q`. */
export function icmp6SocketError(ns: NetNs, skb: Skb, q: number, type: number, code: number, info: number): void {
  const next = ip6Next(skb.buf, q);
  const src = ip6Src(skb.buf, q);
  const dst = ip6Dst(skb.buf, q);
  const e = errnoOf(type, code);
  const err: SockErr = {
    errno: e.errno,
    origin: "icmp6",
    type,
    code,
    info,
    offender: { family: 10, addr: ip6Src(skb.buf, skb.network), port: 0, scopeId: skb.iif },
  };
  const payload = q + IP6_HLEN;
  const tell = (sk: Inet6Sock, port: number, from: number): void => {
    if (sk.recverr) {
      const data = skb.buf.slice(Math.min(from, skb.tail), skb.tail);
      sk.errq.push({
        data,
        from: { family: 10, addr: dst, port, scopeId: 0 },
        fullLength: data.length,
        tstamp: ns.net.now,
        ttl: ip6HopLimit(skb.buf, skb.network),
        tos: 0,
        ifindex: skb.iif,
        err,
      });
    } else if (!sk.connected || !e.hard) return;
    sk.err = e.errno;
    sk.wq.wake();
  };
  for (const sk of ns.ip6.raw) if (sk.protocol === next && matches6(sk, src, dst, skb.iif)) tell(sk, 0, payload);
  if (next === IpProto.TCP) tcpErr(ns, skb, q, true, type === Icmp6Type.PKT_TOOBIG, e.errno, e.hard);
  if (next === IpProto.UDP && payload + 4 <= skb.tail) {
    const dport = u16(skb.buf, payload + 2);
    const sk = udp6Lookup(ns, dst, dport, src, u16(skb.buf, payload), skb.dev!.ifindex);
    if (sk) tell(sk, dport, payload + UDP_HLEN);
  }
}
