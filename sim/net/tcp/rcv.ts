/**
 * TCP segments arriving (tcp_v4_rcv, tcp_v6_rcv, tcp_v4_err, tcp_v6_err): checks, the socket they belong to, a reset where there
 * is none. skb.transport is the TCP header; the functions take the skb over.
 */
import { u16, u32 } from "../../core/bytes.ts";
import { finish, onesSum, pseudoHeader6 } from "../../wire/checksum.ts";
import { ip4Dst, ip4Hlen, ip4Src, IpProto } from "../../wire/ipv4.ts";
import { ip6Dst, IP6_HLEN, ip6Src } from "../../wire/ipv6.ts";
import { isMulticast6 } from "../../wire/addr.ts";
import { TCP_ACK, TCP_FIN, TCP_HLEN, TCP_OFF_DPORT, TCP_OFF_SEQ, TCP_RST, TCP_SYN, TcpBad, tcpCheck4, tcpHlen } from "../../wire/tcp.ts";
import { RTCF } from "../ip/state.ts";
import { ANY6 } from "../ip6/route6.ts";
import type { NetNs } from "../netns.ts";
import { dropSkb, type Skb } from "../skb.ts";
import { inetIif } from "../sock/inet.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { dstMtu, routeOf, sendSegment, tcpRoute, tupleOf } from "./af.ts";
import { twEnd } from "./done.ts";
import { ehashFind, listenerFind } from "./hash.ts";
import { type TcpHdr, tcpHdr } from "./header.ts";
import { tcpIcmpError, tcpInput } from "./input.ts";
import { checkReq, connRequest, timewaitProcess } from "./minisocks.ts";
import { rearmRto, retransmitSeg, syncMss } from "./output.ts";
import { after, before, NO_BYTES, seqAdd, TcpReq, TcpSock, TcpState, type TcpTuple, TcpTw } from "./state.ts";
import { reqEnd } from "./done.ts";

function check6(skb: Skb): number {
  const at = skb.transport;
  const len = skb.tail - at;
  if (len < TCP_HLEN) return TcpBad.TRUNCATED;
  const hlen = tcpHlen(skb.buf, at);
  if (hlen < TCP_HLEN || hlen > len) return TcpBad.DATA_OFFSET;
  const pseudo = pseudoHeader6(ip6Src(skb.buf, skb.network), ip6Dst(skb.buf, skb.network), len, IpProto.TCP);
  return finish(onesSum(skb.buf, at, len, pseudo)) === 0 ? TcpBad.OK : TcpBad.CHECKSUM;
}

export function tcpRcv(ns: NetNs, skb: Skb): void {
  const six = skb.dst6 !== null;
  const { snmp } = ns.tcp;
  snmp.InSegs++;
  const at = skb.transport;
  const bad = six ? check6(skb) : tcpCheck4(skb.buf, at, skb.tail - at, ip4Src(skb.buf, skb.network), ip4Dst(skb.buf, skb.network));
  if (bad !== TcpBad.OK) {
    snmp.InErrs++;
    if (bad === TcpBad.CHECKSUM) snmp.InCsumErrors++;
    dropSkb(skb, ns, Sites.TCP_RCV, bad === TcpBad.CHECKSUM ? DropReason.TCP_CSUM : DropReason.PKT_TOO_SMALL, null, 0, 0);
    return;
  }
  const multi = six ? isMulticast6(skb.buf, skb.network + 24) : (skb.dst!.flags & (RTCF.BROADCAST | RTCF.MULTICAST)) !== 0;
  if (multi) {
    dropSkb(skb, ns, Sites.TCP_RCV, DropReason.NOT_SPECIFIED, null, 0, 0);
    return;
  }
  const h = tcpHdr(skb);
  const t = tupleOf(skb);
  const iif = six ? skb.iif : inetIif(skb);
  let e = ehashFind(ns, t, iif);
  let isn = 0;
  if (e instanceof TcpTw) {
    if (timewaitProcess(e, ns, skb, h) === "done") return;
    isn = seqAdd(e.sndNxt, 65535 + 2) || 1;
    twEnd(e);
    e = null;
  }
  if (e instanceof TcpReq) {
    const child = checkReq(e, ns, skb, h);
    if (!child) return;
    deliver(child, ns, skb, h, t);
    child.wq.wake();
    e.listener.wq.wake();
    return;
  }
  const sk = e ?? listenerFind(ns, t, iif);
  if (!sk) {
    sendReset(ns, skb, h, t);
    dropSkb(skb, ns, Sites.NO_SOCK, DropReason.NO_SOCKET, null, IpProto.TCP, t.sport);
    return;
  }
  if (sk.state === TcpState.LISTEN) listen(sk, ns, skb, h, t, isn);
  else deliver(sk, ns, skb, h, t);
}

function deliver(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr, t: TcpTuple): void {
  const state = sk.state;
  if (tcpInput(sk, ns, skb, h) === "done") return;
  sendReset(ns, skb, h, t);
  dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_INVALID_SEQUENCE, null, state, h.seq);
}

/** A segment for a listener that belongs to no request: only a SYN is welcome. */
function listen(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr, t: TcpTuple, isn: number): void {
  if ((h.flags & (TCP_ACK | TCP_RST)) === 0 && (h.flags & (TCP_SYN | TCP_FIN)) === TCP_SYN) {
    connRequest(sk, ns, skb, h, isn);
    return;
  }
  if ((h.flags & TCP_RST) === 0 && (h.flags & TCP_ACK) !== 0) sendReset(ns, skb, h, t);
  dropSkb(skb, ns, Sites.TCP_LISTEN, DropReason.TCP_FLAGS, null, sk.sport, h.flags);
}

/** tcp_v4_send_reset: what no socket expects is answered so that the sender gives up; a reset never is. */
function sendReset(ns: NetNs, skb: Skb, h: TcpHdr, t: TcpTuple): void {
  if ((h.flags & TCP_RST) !== 0) return;
  const rt = routeOf(ns, t, 0, 0);
  if (typeof rt === "number") return;
  const ack = (h.flags & TCP_ACK) !== 0;
  ns.tcp.snmp.OutRsts++;
  sendSegment(ns, t, null, rt, {
    seq: ack ? h.ack : 0,
    ack: ack ? 0 : h.end,
    flags: ack ? TCP_RST : TCP_RST | TCP_ACK,
    window: 0,
    options: null,
    data: NO_BYTES,
    site: Sites.TCP_RESET,
    parent: skb.id,
  });
}

// ---------------------------------------------------------------- ICMP errors

/** An ICMP error about one of our segments, quoted at `q` (its IP header). `errno` and `hard` as the family's table says. */
export function tcpErr(ns: NetNs, skb: Skb, q: number, six: boolean, tooBig: boolean, errno: number, hard: boolean): void {
  const at = q + (six ? IP6_HLEN : ip4Hlen(skb.buf, q));
  if (at + 8 > skb.tail) return;
  const t: TcpTuple = {
    family: six ? 10 : 2,
    saddr: six ? 0 : ip4Src(skb.buf, q),
    daddr: six ? 0 : ip4Dst(skb.buf, q),
    saddr6: six ? ip6Src(skb.buf, q) : ANY6,
    daddr6: six ? ip6Dst(skb.buf, q) : ANY6,
    sport: u16(skb.buf, at),
    dport: u16(skb.buf, at + TCP_OFF_DPORT),
    boundDev: 0,
  };
  const seq = u32(skb.buf, at + TCP_OFF_SEQ);
  const e = ehashFind(ns, t, skb.iif);
  if (e instanceof TcpReq) {
    // a SYN+ACK could not be delivered
    if (seq === e.sndIsn && !tooBig) {
      ns.tcp.snmp.AttemptFails++;
      reqEnd(e);
    }
    return;
  }
  if (!(e instanceof TcpSock) || e.state === TcpState.CLOSE || e.state === TcpState.LISTEN) return;
  // not about anything that is on its way
  if (before(seq, e.sndUna) || after(seq, e.sndNxt)) return;
  if (tooBig) mtuReduced(e);
  else tcpIcmpError(e, errno, hard);
}

/** tcp_v4_mtu_reduced: what was sent in pieces too big goes out again in smaller ones. */
function mtuReduced(sk: TcpSock): void {
  const rt = tcpRoute(sk);
  if (typeof rt === "number") return;
  const mtu = dstMtu(rt);
  if (mtu >= sk.pmtu) return;
  syncMss(sk, mtu);
  let again = false;
  for (let i = 0; i < sk.packetsOut; i++) {
    const seg = sk.q[i]!;
    if (seg.sacked || seg.data.length <= sk.mss) continue;
    if (retransmitSeg(sk, i) < 0) break;
    again = true;
  }
  if (again) rearmRto(sk);
}
