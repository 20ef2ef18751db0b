/**
 * Receiving ICMP (icmp_rcv and the handlers of net/ipv4/icmp.c): echo, timestamp, errors about our own packets (path MTU,
 * redirects, sockets' error queues). Everything else is ignored, as Linux does.
 */
import { put32 } from "../../core/bytes.ts";
import {
  ICMP_HLEN,
  ICMP_OFF_TYPE,
  IcmpBad,
  icmpCheck,
  icmpCode,
  icmpGateway,
  icmpIsError,
  icmpMtu,
  icmpSetChecksum,
  IcmpType,
  icmpType,
  IcmpUnreach,
} from "../../wire/icmp4.ts";
import { IP4_HLEN, ip4Dst, ip4Hlen, ip4Proto, ip4Src, ip4Tos, IpProto } from "../../wire/ipv4.ts";
import { inetAddrType } from "../fib/lookup.ts";
import { flow4 } from "../fib/types.ts";
import { neighEventSend } from "../neigh/entry.ts";
import { NUD_VALID } from "../neigh/state.ts";
import type { NetNs } from "../netns.ts";
import { RtType } from "../rtnl/messages.ts";
import { consumeSkb, dropSkb, note, type Skb } from "../skb.ts";
import { pingRcv } from "../sock/icmp.ts";
import { icmpSocketError } from "../sock/icmp-err.ts";
import { in4 } from "../sysctl-conf.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { inetAddrOnlink } from "./devinet.ts";
import { updatePmtu, updateRedirect } from "./exceptions.ts";
import { icmpReply } from "./icmp-send.ts";
import { neigh4 } from "./finish.ts";
import { currentTimestamp } from "./options.ts";
import { ipSendSkb } from "./output.ts";
import { ipRouteOutput } from "./route-output.ts";
import { Dst4, RTCF } from "./state.ts";

/** Takes over a whole ICMP message: skb.transport is its header. */
export function icmpRcv(ns: NetNs, skb: Skb): void {
  const snmp = ns.ip4.snmp;
  const at = skb.transport;
  snmp.icmpInMsgs++;
  const bad = icmpCheck(skb.buf, at, skb.tail - at);
  if (bad !== IcmpBad.OK) {
    snmp.icmpInErrors++;
    if (bad === IcmpBad.CHECKSUM) snmp.icmpInCsumErrors++;
    dropSkb(skb, ns, Sites.ICMP_RCV, bad === IcmpBad.CHECKSUM ? DropReason.ICMP_CSUM : DropReason.PKT_TOO_SMALL, null, 0, 0);
    return;
  }
  const type = icmpType(skb.buf, at);
  const code = icmpCode(skb.buf, at);
  note(skb, ns, Sites.ICMP_RCV, null, type, code);
  if (type < 19) snmp.icmpInTypes[type]!++;
  if (type > 18) {
    snmp.icmpInErrors++;
    dropSkb(skb, ns, Sites.ICMP_RCV, DropReason.INVALID_PROTO, null, type, code);
    return;
  }
  if ((skb.dst!.flags & (RTCF.BROADCAST | RTCF.MULTICAST)) !== 0) {
    const query = type === IcmpType.ECHO || type === IcmpType.TIMESTAMP;
    if (
      (query && ns.sysctl.ipv4.icmp_echo_ignore_broadcasts !== 0) ||
      (!query && type !== IcmpType.ADDRESS && type !== IcmpType.ADDRESSREPLY)
    ) {
      dropSkb(skb, ns, Sites.ICMP_RCV, DropReason.ICMP_IGNORED, null, type, code);
      return;
    }
  }
  switch (type) {
    case IcmpType.ECHOREPLY:
      pingRcv(ns, skb);
      return;
    case IcmpType.ECHO:
      icmpEcho(ns, skb);
      return;
    case IcmpType.TIMESTAMP:
      icmpTimestamp(ns, skb);
      return;
  }
  if (icmpIsError(type)) {
    if (type === IcmpType.REDIRECT) icmpRedirect(ns, skb, code);
    else icmpUnreach(ns, skb, type, code);
    return;
  }
  // icmp_discard: nobody asked
  consumeSkb(skb, ns, Sites.ICMP_RCV, null, type, code);
}

function icmpEcho(ns: NetNs, skb: Skb): void {
  if (ns.sysctl.ipv4.icmp_echo_ignore_all !== 0) {
    dropSkb(skb, ns, Sites.ICMP_RCV, DropReason.ICMP_IGNORED, null, IcmpType.ECHO, 0);
    return;
  }
  const len = skb.tail - skb.transport;
  const reply = icmpReply(ns, skb, IcmpType.ECHOREPLY, len);
  if (reply) {
    reply.buf.set(skb.buf.subarray(skb.transport, skb.tail), reply.transport);
    reply.buf[reply.transport + ICMP_OFF_TYPE] = IcmpType.ECHOREPLY;
    icmpSetChecksum(reply.buf, reply.transport, len);
    ipSendSkb(ns, reply);
  }
  consumeSkb(skb, ns, Sites.ICMP_RCV, null, IcmpType.ECHO, reply ? 1 : 0);
}

function icmpTimestamp(ns: NetNs, skb: Skb): void {
  const len = skb.tail - skb.transport;
  if (len < ICMP_HLEN + 4) {
    ns.ip4.snmp.icmpInErrors++;
    dropSkb(skb, ns, Sites.ICMP_RCV, DropReason.PKT_TOO_SMALL, null, IcmpType.TIMESTAMP, 0);
    return;
  }
  const reply = icmpReply(ns, skb, IcmpType.TIMESTAMPREPLY, ICMP_HLEN + 12);
  if (reply) {
    const at = reply.transport;
    reply.buf.set(skb.buf.subarray(skb.transport, skb.transport + ICMP_HLEN + 4), at);
    reply.buf[at] = IcmpType.TIMESTAMPREPLY;
    const now = currentTimestamp(ns);
    put32(reply.buf, at + 12, now);
    put32(reply.buf, at + 16, now);
    icmpSetChecksum(reply.buf, at, ICMP_HLEN + 12);
    ipSendSkb(ns, reply);
  }
  consumeSkb(skb, ns, Sites.ICMP_RCV, null, IcmpType.TIMESTAMP, reply ? 1 : 0);
}

/** The quoted header's offset, or -1 when there is none. */
function quoted(skb: Skb): number {
  const q = skb.transport + ICMP_HLEN;
  return skb.tail - q >= IP4_HLEN && ip4Hlen(skb.buf, q) >= IP4_HLEN ? q : -1;
}

/** icmp_unreach: destination unreachable, time exceeded, parameter problem, source quench. */
function icmpUnreach(ns: NetNs, skb: Skb, type: number, code: number): void {
  const q = quoted(skb);
  if (q < 0) {
    ns.ip4.snmp.icmpInErrors++;
    dropSkb(skb, ns, Sites.ICMP_RCV, DropReason.PKT_TOO_SMALL, null, type, code);
    return;
  }
  const daddr = ip4Dst(skb.buf, q);
  let info = 0;
  if (type === IcmpType.DEST_UNREACH && code === IcmpUnreach.FRAG_NEEDED) {
    info = icmpMtu(skb.buf, skb.transport);
    if (ns.sysctl.ipv4.ip_no_pmtu_disc === 0) learnPmtu(ns, skb, q, info);
  } else if (type === IcmpType.PARAMETERPROB) info = icmpGateway(skb.buf, skb.transport) >>> 24;
  // some routers answer broadcasts: not our fault
  if (ns.sysctl.ipv4.icmp_ignore_bogus_error_responses === 0 && inetAddrType(ns, daddr) === RtType.BROADCAST) {
    dropSkb(skb, ns, Sites.ICMP_RCV, DropReason.ICMP_IGNORED, null, type, code);
    return;
  }
  icmpSocketError(ns, skb, q, type, code, info);
  consumeSkb(skb, ns, Sites.ICMP_RCV, null, type, code);
}

/** ipv4_update_pmtu: the route by which the quoted packet left is narrower than we thought. */
function learnPmtu(ns: NetNs, skb: Skb, q: number, mtu: number): void {
  const f = flow4(ip4Dst(skb.buf, q), ip4Src(skb.buf, q), 0);
  f.tos = ip4Tos(skb.buf, q);
  f.proto = ip4Proto(skb.buf, q);
  const rt = ipRouteOutput(ns, f);
  if (rt instanceof Dst4) updatePmtu(ns, rt, mtu);
}

/** icmp_redirect and __ip_do_redirect: a better first hop, believed under the usual conditions only. */
function icmpRedirect(ns: NetNs, skb: Skb, code: number): void {
  const q = quoted(skb);
  if (q < 0) {
    ns.ip4.snmp.icmpInErrors++;
    dropSkb(skb, ns, Sites.ICMP_RCV, DropReason.PKT_TOO_SMALL, null, IcmpType.REDIRECT, code);
    return;
  }
  const dev = skb.dev!;
  const newGw = icmpGateway(skb.buf, skb.transport);
  const oldGw = ip4Src(skb.buf, skb.network);
  const indev = dev.ip4;
  if (indev && newGw !== oldGw && in4.acceptRedirects(dev) && inetAddrType(ns, newGw) === RtType.UNICAST) {
    const f = flow4(ip4Dst(skb.buf, q), ip4Src(skb.buf, q), 0);
    f.tos = ip4Tos(skb.buf, q);
    f.proto = IpProto.ICMP;
    const rt = ipRouteOutput(ns, f);
    const trusted = in4.sharedMedia(dev)
      ? true
      : inetAddrOnlink(indev, newGw, oldGw) && (!in4.secureRedirects(dev) || isDefaultGateway(ns, newGw));
    // only the gateway in use may redirect, and only to a neighbour
    if (rt instanceof Dst4 && rt.nh && rt.gateway === oldGw && rt.dev === dev && trusted && inetAddrOnlink(indev, newGw, 0)) {
      // the new gateway must be known as a neighbour first: until then only the question goes out
      const n = neigh4(ns, dev, newGw);
      if (n && (n.state & NUD_VALID) !== 0) updateRedirect(ns, rt.nh, rt.dst, newGw);
      else if (n) neighEventSend(n, null);
    }
  }
  icmpSocketError(ns, skb, q, IcmpType.REDIRECT, code, 0);
  consumeSkb(skb, ns, Sites.ICMP_RCV, null, IcmpType.REDIRECT, code);
}

/** ip_fib_check_default: is the address the gateway of some default route? */
function isDefaultGateway(ns: NetNs, gw: number): boolean {
  for (const t of ns.ip4.tables.values()) for (const r of t.list()) if (r.info.nhs.some((n) => n.gateway === gw)) return true;
  return false;
}
