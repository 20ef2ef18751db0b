/** Forwarding (net/ipv4/ip_forward.c), in the kernel's order: TTL, MTU, copy, decrement, redirect, then the FORWARD hook's place. */
import { MS } from "../../core/time.ts";
import { IcmpRedirect, IcmpTimeExceeded, IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";
import { ip4DecrementTtl, ip4Df, ip4Dst, ip4Src, ip4Ttl } from "../../wire/ipv4.ts";
import type { NetNs } from "../netns.ts";
import { cowSkb, dropSkb, note, PacketType, type Skb } from "../skb.ts";
import { in4 } from "../sysctl-conf.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { dst4ForwardMtu } from "./exceptions.ts";
import { icmpSend } from "./icmp-send.ts";
import { forwardOptions } from "./options.ts";
import { dstOutput } from "./output.ts";
import { inetPeer } from "./peer.ts";
import type { Dst4 } from "./state.ts";

/** ip_rt_redirect_load, _number and _silence of net/ipv4/route.c */
const REDIRECT_LOAD = 20 * MS;
const REDIRECT_NUMBER = 9;
const REDIRECT_SILENCE = REDIRECT_LOAD * 1024;

export function ipForward(ns: NetNs, skb: Skb): void {
  const d = skb.dst!;
  const snmp = ns.ip4.snmp;
  if (skb.pktType !== PacketType.HOST) {
    // a broadcast frame with somebody else's address inside: not ours to spread
    dropSkb(skb, ns, Sites.IP_FORWARD, DropReason.NOT_SPECIFIED, null, 0, 0);
    return;
  }
  const ttl = ip4Ttl(skb.buf, skb.network);
  note(skb, ns, Sites.IP_FORWARD, d.route, ttl, d.dev.ifindex);
  if (ttl <= 1) {
    snmp.InHdrErrors++;
    icmpSend(ns, skb, IcmpType.TIME_EXCEEDED, IcmpTimeExceeded.TTL, 0);
    dropSkb(skb, ns, Sites.TTL, DropReason.TTL_EXCEEDED, null, ttl, 0);
    return;
  }
  if (skb.opt && skb.opt.strict && d.gateway !== 0) {
    // a strict source route names every hop
    icmpSend(ns, skb, IcmpType.DEST_UNREACH, IcmpUnreach.SR_FAILED, 0);
    dropSkb(skb, ns, Sites.IP_OPTIONS, DropReason.IP_INHDR, null, 137, 0);
    return;
  }
  snmp.ForwDatagrams++;
  skb.forwarded = true;
  const mtu = dst4ForwardMtu(d);
  if (skb.len > mtu && ip4Df(skb.buf, skb.network)) {
    snmp.FragFails++;
    icmpSend(ns, skb, IcmpType.DEST_UNREACH, IcmpUnreach.FRAG_NEEDED, mtu);
    dropSkb(skb, ns, Sites.MTU, DropReason.PKT_TOO_BIG, null, skb.len, mtu);
    return;
  }
  cowSkb(skb);
  ip4DecrementTtl(skb.buf, skb.network);
  const o = skb.opt;
  if (d.doRedirect && !(o && o.srr !== 0)) sendRedirect(ns, skb, d);
  // the FORWARD hook belongs here
  if (o) forwardOptions(skb, o, d);
  dstOutput(ns, skb);
}

/** ip_rt_send_redirect: tells a neighbour of a shorter way, less and less often, nine times at most. */
function sendRedirect(ns: NetNs, skb: Skb, d: Dst4): void {
  if (!in4.sendRedirects(d.dev)) return;
  const gw = d.gateway !== 0 ? d.gateway : ip4Dst(skb.buf, skb.network);
  const peer = inetPeer(ns, ip4Src(skb.buf, skb.network));
  const now = ns.net.now;
  if (now > peer.rateLast + REDIRECT_SILENCE) {
    peer.rateTokens = 0;
    peer.nRedirects = 0;
  }
  if (peer.nRedirects >= REDIRECT_NUMBER) {
    peer.rateLast = now;
    return;
  }
  if (peer.nRedirects > 0 && now <= peer.rateLast + REDIRECT_LOAD * 2 ** peer.nRedirects) return;
  note(skb, ns, Sites.REDIRECT, null, gw, d.dev.ifindex);
  icmpSend(ns, skb, IcmpType.REDIRECT, IcmpRedirect.HOST, gw);
  peer.rateLast = now;
  peer.nRedirects++;
}
