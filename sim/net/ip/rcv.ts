/**
 * IPv4 arriving (net/ipv4/ip_input.c): header checks, trimming to the total length, routing, then local delivery,
 * forwarding or an error. The order is the kernel's; hooks belong where the comments say.
 */
import {
  IP4_HLEN,
  ip4Check,
  Ip4Bad,
  ip4Dst,
  ip4Hlen,
  ip4IsFragment,
  ip4Proto,
  ip4Src,
  ip4Tos,
  ip4TotalLen,
  IpProto,
} from "../../wire/ipv4.ts";
import { IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, note, PacketType, type Skb, skbTrim } from "../skb.ts";
import { in4 } from "../sysctl-conf.ts";
import { rawDeliver } from "../sock/raw.ts";
import { udpRcv } from "../sock/udp.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { ipDefrag } from "./defrag.ts";
import { ipForward } from "./forward.ts";
import { icmpRcv } from "./icmp.ts";
import { icmpSend } from "./icmp-send.ts";
import { inetPeer } from "./peer.ts";
import { ipRouteInput } from "./route-input.ts";
import { Dst4, RTCF } from "./state.ts";
import { SEC } from "../../core/time.ts";
import { Errno } from "../../core/result.ts";

/** Handler for ETH_P_IP: skb.data is the IP header. */
export function ipRcv(skb: Skb): void {
  const dev = skb.dev!;
  const ns = dev.ns;
  if (skb.pktType === PacketType.OTHERHOST) {
    // promiscuous: taps have seen it
    dropSkb(skb, ns, Sites.IP_RCV, DropReason.OTHERHOST, null, 0, 0);
    return;
  }
  const snmp = ns.ip4.snmp;
  snmp.InReceives++;
  skb.network = skb.data;
  const bad = ip4Check(skb.buf, skb.data, skb.len);
  if (bad !== Ip4Bad.OK) {
    if (bad === Ip4Bad.TOTAL_LENGTH && ip4TotalLen(skb.buf, skb.data) > skb.len) snmp.InTruncatedPkts++;
    else snmp.InHdrErrors++;
    dropSkb(skb, ns, Sites.IP_RCV, bad === Ip4Bad.CHECKSUM ? DropReason.IP_CSUM : DropReason.IP_INHDR, null, bad, 0);
    return;
  }
  skbTrim(skb, ip4TotalLen(skb.buf, skb.data)); // Ethernet pads short frames
  skb.transport = skb.data + ip4Hlen(skb.buf, skb.data);
  skb.sk = null;
  // the PRE_ROUTING hook belongs here
  ipRcvFinish(ns, skb, dev);
}

function ipRcvFinish(ns: NetNs, skb: Skb, dev: NetDevice): void {
  const ip = skb.network;
  const daddr = ip4Dst(skb.buf, ip);
  if (!skb.dst) {
    // packets over the loopback device keep the dst with which they were sent
    const r = ipRouteInput(skb, daddr, ip4Src(skb.buf, ip), ip4Tos(skb.buf, ip), dev);
    if (!(r instanceof Dst4)) {
      if (r.reason === DropReason.IP_RPFILTER) ns.ip4.snmp.IPReversePathFilter++;
      dropSkb(
        skb,
        ns,
        r.martian && r.reason !== DropReason.IP_RPFILTER
          ? Sites.MARTIAN
          : r.reason === DropReason.IP_RPFILTER
            ? Sites.RPF
            : Sites.IP_ROUTE_INPUT,
        r.reason,
        null,
        0,
        0,
      );
      return;
    }
    skb.dst = r;
  }
  const d = skb.dst;
  note(skb, ns, Sites.IP_ROUTE_INPUT, d.route, d.table, d.type);
  if (skb.transport - ip > IP4_HLEN && !rcvOptions(ns, skb)) return;
  if (
    (d.flags & (RTCF.BROADCAST | RTCF.MULTICAST)) === 0 &&
    (skb.pktType === PacketType.BROADCAST || skb.pktType === PacketType.MULTICAST) &&
    in4.dropUnicastInL2Multicast(dev)
  ) {
    dropSkb(skb, ns, Sites.IP_RCV, DropReason.NOT_SPECIFIED, null, 0, 0);
    return;
  }
  if (d.input === "local") ipLocalDeliver(ns, skb);
  else if (d.input === "forward") ipForward(ns, skb);
  else ipError(ns, skb, d, dev);
}

/** ip_rcv_options: a source route is refused unless accepted; other options are carried along. False: the packet ended. */
function rcvOptions(ns: NetNs, skb: Skb): boolean {
  const buf = skb.buf;
  for (let i = skb.network + IP4_HLEN; i < skb.transport;) {
    const type = buf[i]!;
    if (type === 0) break;
    if (type === 1) {
      i++;
      continue;
    }
    const n = buf[i + 1]!;
    if (i + 1 >= skb.transport || n < 2 || i + n > skb.transport) {
      ns.ip4.snmp.InHdrErrors++;
      icmpSend(ns, skb, IcmpType.PARAMETERPROB, 0, (i - skb.network) << 24);
      dropSkb(skb, ns, Sites.IP_OPTIONS, DropReason.IP_INHDR, null, 0, 0);
      return false;
    }
    if (type === 131 || type === 137) {
      // sim: source routes are never followed; Linux refuses them too unless accept_source_route is set on both levels
      dropSkb(skb, ns, Sites.IP_OPTIONS, DropReason.IP_INHDR, null, type, 0);
      return false;
    }
    i += n;
  }
  note(skb, ns, Sites.IP_OPTIONS, null, skb.transport - skb.network - IP4_HLEN, 0);
  return true;
}

/** ip_local_deliver: whole packets only, then the LOCAL_IN hook's place, then raw sockets and the protocol. */
function ipLocalDeliver(ns: NetNs, first: Skb): void {
  let skb = first;
  if (ip4IsFragment(skb.buf, skb.network)) {
    const whole = ipDefrag(ns, skb);
    if (!whole) return;
    skb = whole;
  }
  const proto = ip4Proto(skb.buf, skb.network);
  note(skb, ns, Sites.IP_LOCAL_DELIVER, null, proto, 0);
  const raw = rawDeliver(ns, skb, proto);
  switch (proto) {
    case IpProto.ICMP:
      ns.ip4.snmp.InDelivers++;
      icmpRcv(ns, skb);
      return;
    case IpProto.UDP:
      ns.ip4.snmp.InDelivers++;
      udpRcv(ns, skb);
      return;
  }
  if (raw) {
    ns.ip4.snmp.InDelivers++;
    consumeSkb(skb, ns, Sites.SOCK, null, proto, 0);
    return;
  }
  ns.ip4.snmp.InUnknownProtos++;
  icmpSend(ns, skb, IcmpType.DEST_UNREACH, IcmpUnreach.PROT_UNREACH, 0);
  dropSkb(skb, ns, Sites.NO_SOCK, DropReason.IP_NOPROTO, null, proto, 0);
}

/** ip_error: there is no way. A host keeps silent; a router tells the sender, within limits (one a second, five at once). */
function ipError(ns: NetNs, skb: Skb, d: Dst4, dev: NetDevice): void {
  const snmp = ns.ip4.snmp;
  if (!in4.forwarding(dev)) {
    if (d.error === Errno.EHOSTUNREACH) snmp.InAddrErrors++;
    else if (d.error === Errno.ENETUNREACH) snmp.InNoRoutes++;
    dropSkb(skb, ns, Sites.IP_ROUTE_INPUT, DropReason.FORWARDING_OFF, d.route, dev.ifindex, d.error);
    return;
  }
  let code: number;
  let reason: DropReason;
  switch (d.error) {
    case Errno.EHOSTUNREACH:
      code = IcmpUnreach.HOST_UNREACH;
      reason = DropReason.UNREACHABLE_ROUTE;
      break;
    case Errno.ENETUNREACH:
      code = IcmpUnreach.NET_UNREACH;
      reason = DropReason.IP_INNOROUTES;
      snmp.InNoRoutes++;
      break;
    case Errno.EACCES:
      code = IcmpUnreach.PKT_FILTERED;
      reason = DropReason.PROHIBIT_ROUTE;
      break;
    default:
      dropSkb(skb, ns, Sites.IP_ROUTE_INPUT, DropReason.BLACKHOLE_ROUTE, d.route, dev.ifindex, d.error);
      return;
  }
  const peer = inetPeer(ns, ip4Src(skb.buf, skb.network));
  const now = ns.net.now;
  peer.rateTokens = Math.min(peer.rateTokens + now - peer.rateLast, 5 * SEC);
  peer.rateLast = now;
  if (peer.rateTokens >= SEC) {
    peer.rateTokens -= SEC;
    icmpSend(ns, skb, IcmpType.DEST_UNREACH, code, 0);
  }
  dropSkb(skb, ns, Sites.IP_ROUTE_INPUT, reason, d.route, dev.ifindex, d.error);
}
