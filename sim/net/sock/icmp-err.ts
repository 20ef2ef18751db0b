/** ICMP errors about our own packets, handed to the sockets that sent them (raw_err, __udp4_lib_err, ping_err). */
import { u16 } from "../../core/bytes.ts";
import { IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";
import { ip4Dst, ip4Hlen, ip4Proto, ip4Src, IpProto } from "../../wire/ipv4.ts";
import type { NetNs } from "../netns.ts";
import type { Skb } from "../skb.ts";
import { type InetSock, icmpErrno, inetIif, queueIcmpError } from "./inet.ts";
import { rawMatches } from "./raw.ts";
import { udpLookup } from "./udp.ts";
import { tcpErr } from "../tcp/rcv.ts";
import { Pmtudisc } from "../ip/output.ts";

/** `q`: where the quoted header of our packet stands in skb. `info`: the MTU or pointer. */
export function icmpSocketError(ns: NetNs, skb: Skb, q: number, type: number, code: number, info: number): void {
  if (type === IcmpType.REDIRECT) return; // a matter of routes, not of sockets
  const proto = ip4Proto(skb.buf, q);
  const src = ip4Src(skb.buf, q);
  const dst = ip4Dst(skb.buf, q);
  const payload = q + ip4Hlen(skb.buf, q);
  for (const sk of ns.ip4.raw) {
    if (rawMatches(sk, proto, src, dst, inetIif(skb))) tell(sk, skb, q, type, code, info, 0, sk.hdrincl ? q : payload, sk.connected);
  }
  if (proto === IpProto.TCP) {
    const e = icmpErrno(type, code, Pmtudisc.WANT);
    if (e) tcpErr(ns, skb, q, false, type === IcmpType.DEST_UNREACH && code === IcmpUnreach.FRAG_NEEDED, e.errno, e.hard);
  } else if (proto === IpProto.UDP && payload + 4 <= skb.tail) {
    const sport = u16(skb.buf, payload);
    const dport = u16(skb.buf, payload + 2);
    const sk = udpLookup(ns, dst, dport, src, sport, inetIif(skb));
    if (sk) tell(sk, skb, q, type, code, info, dport, payload + 8, sk.connected);
  } else if (proto === IpProto.ICMP && payload + 8 <= skb.tail && skb.buf[payload] === IcmpType.ECHO) {
    const sk = ns.ip4.ping.get(u16(skb.buf, payload + 4));
    if (sk && (sk.saddr === 0 || sk.saddr === src)) tell(sk, skb, q, type, code, info, 0, payload, sk.connected);
  }
}

function tell(
  sk: InetSock,
  skb: Skb,
  q: number,
  type: number,
  code: number,
  info: number,
  port: number,
  payload: number,
  connected: boolean,
): void {
  const e = icmpErrno(type, code, sk.pmtudisc);
  if (!e) return;
  if (sk.recverr)
    queueIcmpError(
      sk,
      skb,
      q,
      { errno: e.errno, origin: "icmp", type, code, info, offender: { family: 2, addr: ip4Src(skb.buf, skb.network), port: 0 } },
      port,
      payload,
    );
  else if (!connected || !e.hard) return;
  sk.err = e.errno;
  sk.wq.wake();
}
