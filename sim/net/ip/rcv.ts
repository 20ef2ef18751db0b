/**
 * IPv4 arriving (net/ipv4/ip_input.c): header checks, trimming to the total length, routing, then local delivery,
 * forwarding or an error. The order is the kernel's; hooks belong where the comments say.
 */
import {
  IP4_HLEN,
  IP4_OFF_DST,
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
import { hex, put32, u32 } from "../../core/bytes.ts";
import { fmtIp4, isLoopback4 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { KERN, printk } from "../printk.ts";
import { RtType } from "../rtnl/messages.ts";
import { consumeSkb, cowSkb, dropSkb, note, PacketType, type Skb, skbTrim } from "../skb.ts";
import { in4 } from "../sysctl-conf.ts";
import { rawDeliver } from "../sock/raw.ts";
import { udpRcv } from "../sock/udp.ts";
import { tcpRcv } from "../tcp/rcv.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { ipDefrag } from "./defrag.ts";
import { ipForward } from "./forward.ts";
import { icmpRcv } from "./icmp.ts";
import { icmpSend } from "./icmp-send.ts";
import { inetPeer } from "./peer.ts";
import { compileOptions, type IpOptions } from "./options.ts";
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
      if (r.martian && in4.logMartians(dev)) logMartian(ns, skb, dev, r.reason);
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
  if (skb.transport - ip > IP4_HLEN && !rcvOptions(ns, skb, dev)) return;
  if (
    (d.flags & (RTCF.BROADCAST | RTCF.MULTICAST)) === 0 &&
    (skb.pktType === PacketType.BROADCAST || skb.pktType === PacketType.MULTICAST) &&
    in4.dropUnicastInL2Multicast(dev)
  ) {
    dropSkb(skb, ns, Sites.IP_RCV, DropReason.NOT_SPECIFIED, null, 0, 0);
    return;
  }
  const now = skb.dst; // a source route leads elsewhere
  if (now.input === "local") ipLocalDeliver(ns, skb);
  else if (now.input === "forward") ipForward(ns, skb);
  else ipError(ns, skb, now, dev);
}

/** ip_handle_martian_source and its like for destinations: a line in the kernel log, and the frame's header. */
function logMartian(ns: NetNs, skb: Skb, dev: NetDevice, reason: DropReason): void {
  const saddr = fmtIp4(ip4Src(skb.buf, skb.network));
  const daddr = fmtIp4(ip4Dst(skb.buf, skb.network));
  const bySource =
    reason !== DropReason.IP_INVALID_DEST && !(reason === DropReason.IP_LOCALNET && isLoopback4(ip4Dst(skb.buf, skb.network)));
  if (!bySource) {
    printk(ns, KERN.WARNING, `IPv4: martian destination ${daddr} from ${saddr}, dev ${dev.name}`);
    return;
  }
  printk(ns, KERN.WARNING, `IPv4: martian source ${daddr} from ${saddr}, on dev ${dev.name}`);
  if (dev.hardHeaderLen > 0 && skb.mac >= 0)
    printk(ns, KERN.WARNING, `ll header: 00000000: ${hex(skb.buf.subarray(skb.mac, skb.mac + dev.hardHeaderLen), " ")}`);
}

/** ip_rcv_options: reads them, follows a source route where that is allowed. False: the packet ended. */
function rcvOptions(ns: NetNs, skb: Skb, dev: NetDevice): boolean {
  cowSkb(skb);
  const len = skb.transport - skb.network;
  const o = compileOptions(ns, skb.buf, skb.network, len, skb);
  if (typeof o === "number") {
    ns.ip4.snmp.InHdrErrors++;
    icmpSend(ns, skb, IcmpType.PARAMETERPROB, 0, o << 24);
    dropSkb(skb, ns, Sites.IP_OPTIONS, DropReason.IP_INHDR, null, o, 0);
    return false;
  }
  skb.opt = o;
  note(skb, ns, Sites.IP_OPTIONS, null, len - IP4_HLEN, o.srr);
  if (o.srr === 0) return true;
  if (in4.acceptSourceRoute(dev) && followSourceRoute(ns, skb, o, dev)) return true;
  if (!in4.acceptSourceRoute(dev) && in4.logMartians(dev))
    printk(ns, KERN.INFO, `source route option ${fmtIp4(ip4Src(skb.buf, skb.network))} -> ${fmtIp4(ip4Dst(skb.buf, skb.network))}`);
  dropSkb(skb, ns, Sites.IP_OPTIONS, DropReason.IP_INHDR, null, skb.buf[skb.network + o.srr]!, 0);
  return false;
}

/** ip_options_rcv_srr: this machine is the next hop named: where does the list go on? False: refused. */
function followSourceRoute(ns: NetNs, skb: Skb, o: IpOptions, dev: NetDevice): boolean {
  const d = skb.dst!;
  const { buf, network: ip } = skb;
  if (skb.pktType !== PacketType.HOST) return false;
  if (d.type === RtType.UNICAST) {
    if (!o.strict) return true;
    icmpSend(ns, skb, IcmpType.PARAMETERPROB, 0, 16 << 24);
    return false;
  }
  if (d.type !== RtType.LOCAL) return false;
  const space = buf[ip + o.srr + 1]!;
  let ptr = buf[ip + o.srr + 2]!;
  let hop = 0;
  for (; ptr <= space; ptr += 4) {
    if (ptr + 3 > space) {
      icmpSend(ns, skb, IcmpType.PARAMETERPROB, 0, (o.srr + 2) << 24);
      return false;
    }
    hop = u32(buf, ip + o.srr + ptr - 1);
    const r = ipRouteInput(skb, hop, ip4Src(buf, ip), ip4Tos(buf, ip), dev);
    if (!(r instanceof Dst4) || (r.type !== RtType.UNICAST && r.type !== RtType.LOCAL)) return false;
    skb.dst = r;
    if (r.type !== RtType.LOCAL) break;
    put32(buf, ip + IP4_OFF_DST, hop);
  }
  if (ptr <= space) {
    o.srrIsHit = true;
    o.nexthop = hop;
  }
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
    case IpProto.TCP:
      ns.ip4.snmp.InDelivers++;
      tcpRcv(ns, skb);
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
