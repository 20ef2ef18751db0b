/**
 * Sending ICMP (icmp_send, icmp_reply, icmp_push_reply of net/ipv4/icmp.c): whether an error may be sent at all, from which
 * address, how much of the offending packet it quotes, and the limits (1000 a second in all, one a second to one host).
 */
import { SEC, MS } from "../../core/time.ts";
import { INADDR_ANY } from "../../wire/addr.ts";
import { buildIcmpError, ICMP_HLEN, icmpIsError, IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";
import { IP4_HLEN, ip4Dst, ip4FragOff, ip4Proto, ip4Src, ip4Tos, IpProto } from "../../wire/ipv4.ts";
import { flow4 } from "../fib/types.ts";
import type { NetNs } from "../netns.ts";
import { IFF, RtScope } from "../rtnl/messages.ts";
import { note, PacketType, refuse, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { inetSelectAddr } from "./devinet.ts";
import { dst4Mtu } from "./exceptions.ts";
import { echoOptions, specDst } from "./options.ts";
import { ipMakeSkb, ipSendSkb, Pmtudisc } from "./output.ts";
import { inetPeer, peerAllow } from "./peer.ts";
import { ipRouteOutput } from "./route-output.ts";
import { Dst4, RTCF } from "./state.ts";

/** INADDR_DUMMY, 192.0.0.8: the source of an error from a router that has no address */
const INADDR_DUMMY = 0xc0000008;
/** an error of at most this many bytes in all (RFC 1812 §4.3.2.3) */
const ERROR_MAX = 576;

/** icmpv4_mask_allow: types outside icmp_ratemask, and path MTU discovery, are never limited. */
function unlimited(ns: NetNs, type: number, code: number): boolean {
  if (type > 18) return true;
  if (type === IcmpType.DEST_UNREACH && code === IcmpUnreach.FRAG_NEEDED) return true;
  return ((1 << type) & ns.sysctl.ipv4.icmp_ratemask) === 0;
}

/** icmp_global_allow: a bucket of icmp_msgs_burst, filled by icmp_msgs_per_sec. */
function globalAllow(ns: NetNs): boolean {
  const conf = ns.sysctl.ipv4;
  const now = ns.net.now;
  const delta = Math.min(now - ns.ip4.icmpStamp, SEC);
  if (delta >= 20 * MS) {
    const incr = Math.floor((conf.icmp_msgs_per_sec * delta) / SEC);
    if (incr > 0) {
      ns.ip4.icmpCredit = Math.min(ns.ip4.icmpCredit + incr, conf.icmp_msgs_burst);
      ns.ip4.icmpStamp = now;
    }
  }
  if (ns.ip4.icmpCredit <= 0) {
    ns.ip4.snmp.icmpOutRateLimitGlobal++;
    return false;
  }
  ns.ip4.icmpCredit--;
  return true;
}

/** icmpv4_xrlim_allow: tokens for each destination, none needed over the loopback device. */
function hostAllow(ns: NetNs, d: Dst4, daddr: number): boolean {
  if ((d.dev.flags & IFF.LOOPBACK) !== 0) return true;
  const ok = peerAllow(ns, inetPeer(ns, daddr), ns.sysctl.ipv4.icmp_ratelimit * MS);
  if (!ok) ns.ip4.snmp.icmpOutRateLimitHost++;
  return ok;
}

/**
 * An ICMP error about `orig`, to its sender; `orig` stays the caller's. `info`: MTU, gateway or pointer, as the second word
 * of the message. Silent where RFC 1122 §3.2.2 forbids an answer or a limit is reached.
 */
export function icmpSend(ns: NetNs, orig: Skb, type: number, code: number, info: number): void {
  const d = orig.dst;
  if (!d) return;
  const ip = orig.network;
  const buf = orig.buf;
  if (orig.pktType !== PacketType.HOST || (d.flags & (RTCF.BROADCAST | RTCF.MULTICAST)) !== 0) return;
  if (ip4FragOff(buf, ip) !== 0) return;
  if (icmpIsError(type) && ip4Proto(buf, ip) === IpProto.ICMP) {
    const inner = orig.transport < orig.tail ? buf[orig.transport]! : 255;
    if (inner > 18 || icmpIsError(inner)) return;
  }
  const limited = !unlimited(ns, type, code);
  const fromLoopback = orig.dev !== null && (orig.dev.flags & IFF.LOOPBACK) !== 0;
  if (limited && !fromLoopback && !globalAllow(ns)) {
    note(orig, ns, Sites.ICMP_SEND, null, type, DropReason.ICMP_RATELIMIT);
    return;
  }
  let saddr = ip4Dst(buf, ip);
  if ((d.flags & RTCF.LOCAL) === 0) {
    const inDev = d.isInput && ns.sysctl.ipv4.icmp_errors_use_inbound_ifaddr !== 0 ? (ns.devs.get(orig.iif) ?? null) : null;
    saddr = inDev ? inetSelectAddr(inDev, ip4Src(buf, ip), RtScope.LINK) : INADDR_ANY;
  }
  const tos = icmpIsError(type) ? (ip4Tos(buf, ip) & 0x1e) | 0xc0 : ip4Tos(buf, ip);
  const options = echoOptions(ns, orig);
  const f = flow4(options && options.srr !== 0 ? options.faddr : ip4Src(buf, ip), saddr, 0);
  f.tos = tos;
  f.proto = IpProto.ICMP;
  f.mark = ns.sysctl.ipv4.fwmark_reflect !== 0 ? orig.mark : 0;
  const rt = ipRouteOutput(ns, f);
  if (!(rt instanceof Dst4)) return;
  if (limited && !hostAllow(ns, rt, f.daddr)) {
    note(orig, ns, Sites.ICMP_SEND, null, type, DropReason.ICMP_RATELIMIT);
    return;
  }
  const room = Math.min(dst4Mtu(rt), ERROR_MAX) - IP4_HLEN - (options ? options.bytes.length : 0) - ICMP_HLEN;
  if (room <= IP4_HLEN) return;
  const quote = Math.min(orig.tail - ip, room);
  const skb = ipMakeSkb(
    ns,
    {
      dst: rt,
      saddr: f.saddr !== 0 ? f.saddr : INADDR_DUMMY,
      daddr: f.daddr,
      proto: IpProto.ICMP,
      tos,
      ttl: 0,
      pmtudisc: Pmtudisc.DONT,
      options,
      finalDst: ip4Src(buf, ip),
      sk: null,
      ident: null,
      mark: f.mark,
      priority: 0,
    },
    ICMP_HLEN + quote,
    orig.id,
    Sites.ICMP_SEND,
    type,
    code,
  );
  if (typeof skb === "number") return;
  skb.buf.set(buf.subarray(ip, ip + quote), skb.transport + ICMP_HLEN);
  buildIcmpError(skb.buf, skb.transport, type, code, info >>> 0, quote);
  countOut(ns, type);
  ipSendSkb(ns, skb);
}

export function countOut(ns: NetNs, type: number): void {
  ns.ip4.snmp.icmpOutMsgs++;
  if (type < 19) ns.ip4.snmp.icmpOutTypes[type]!++;
}

/**
 * icmp_reply: room for an answer of `len` bytes to the request `orig`, with addresses turned round, at skb.transport; the
 * caller fills it in and calls ipSendSkb. Null when there is no way back or a limit forbids.
 */
export function icmpReply(ns: NetNs, orig: Skb, type: number, len: number): Skb | null {
  const ip = orig.network;
  const limited = !unlimited(ns, type, 0);
  if (limited && !globalAllow(ns)) return null;
  const saddr = specDst(orig);
  const options = echoOptions(ns, orig);
  const f = flow4(options && options.srr !== 0 ? options.faddr : ip4Src(orig.buf, ip), saddr, 0);
  f.tos = ip4Tos(orig.buf, ip);
  f.proto = IpProto.ICMP;
  f.mark = ns.sysctl.ipv4.fwmark_reflect !== 0 ? orig.mark : 0;
  const rt = ipRouteOutput(ns, f);
  if (!(rt instanceof Dst4)) {
    // the request was fine and the answer cannot leave: worth a record of its own
    refuse(orig, ns, Sites.IP_ROUTE_OUTPUT, DropReason.IP_OUTNOROUTES, f.daddr, -rt);
    return null;
  }
  if (limited && !hostAllow(ns, rt, f.daddr)) return null;
  const skb = ipMakeSkb(
    ns,
    {
      dst: rt,
      saddr: f.saddr,
      daddr: f.daddr,
      proto: IpProto.ICMP,
      tos: f.tos,
      ttl: 0,
      pmtudisc: Pmtudisc.DONT,
      options,
      finalDst: ip4Src(orig.buf, ip),
      sk: null,
      ident: null,
      mark: f.mark,
      priority: 0,
    },
    len,
    orig.id,
    Sites.ICMP_REPLY,
    type,
    0,
  );
  if (typeof skb === "number") return null;
  countOut(ns, type);
  return skb;
}
