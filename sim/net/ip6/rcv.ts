/**
 * IPv6 arriving (net/ipv6/ip6_input.c) and passing through (ip6_forward of ip6_output.c): header checks, trimming,
 * routing, extension headers (exthdrs.ts), delivery. Left out: jumbograms, segment routing.
 */
import { isLinkLocal6, isLoopback6, isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { Icmp6Type, Icmp6Unreach } from "../../wire/icmp6.ts";
import {
  ip6Check,
  Ip6Bad,
  IP6_HLEN,
  IP6_OFF_DST,
  IP6_OFF_NEXT,
  IP6_OFF_SRC,
  ip6DecrementHopLimit,
  ip6Dst,
  ip6ExtLen,
  ip6HopLimit,
  ip6Next,
  ip6PayloadLen,
  ip6Src,
  ip6TrafficClass,
} from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { IFF } from "../rtnl/messages.ts";
import { consumeSkb, cowSkb, dropSkb, note, PacketType, type Skb, skbTrim } from "../skb.ts";
import { raw6Deliver } from "../sock/raw6.ts";
import { udp6Rcv } from "../sock/udp6.ts";
import { tcpRcv } from "../tcp/rcv.ts";
import { u16 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { parseOptions6, routingHeader } from "./exthdrs.ts";
import { ip6Defrag } from "./frag.ts";
import { icmp6Rcv } from "./icmp6.ts";
import { icmp6Send } from "./icmp6-send.ts";
import { inGroup6 } from "./mld.ts";
import { ip6Output } from "./output.ts";
import { sendRedirect6 } from "./redirect.ts";
import { rulesNeedPorts6 } from "./lookup6.ts";
import { dst6ForwardMtu, flow6, ip6RouteInput } from "./route6.ts";
import { count6 } from "./snmp.ts";
import type { Dst6, Flow6 } from "./state.ts";

/** Handler for ETH_P_IPV6: skb.data is the IPv6 header. */
export function ip6Rcv(skb: Skb): void {
  const dev = skb.dev!;
  const ns = dev.ns;
  const drop = (reason: DropReason): void => dropSkb(skb, ns, Sites.IP6_RCV, reason, null, 0, 0);
  if (skb.pktType === PacketType.OTHERHOST) return drop(DropReason.OTHERHOST);
  count6(ns, dev, "InReceives");
  if (!dev.ip6 || dev.conf6.disable_ipv6 !== 0) {
    count6(ns, dev, "InDiscards");
    return drop(DropReason.IPV6DISABLED);
  }
  skb.network = skb.data;
  const b = skb.buf;
  const ip = skb.network;
  const bad = ip6Check(b, ip, skb.len);
  if (bad !== Ip6Bad.OK) {
    if (bad === Ip6Bad.PAYLOAD_LENGTH) count6(ns, dev, "InTruncatedPkts");
    else count6(ns, dev, "InHdrErrors");
    return drop(DropReason.IP_INHDR);
  }
  const loop = (dev.flags & IFF.LOOPBACK) !== 0 || skb.pktType === PacketType.LOOPBACK;
  const dst = ip + IP6_OFF_DST;
  const src = ip + IP6_OFF_SRC;
  const scope = b[dst + 1]! & 15;
  if ((isLoopback6(b, src) || isLoopback6(b, dst)) && !loop) return martian(ns, skb);
  if (isMulticast6(b, dst) && ((scope <= 1 && !loop) || scope === 0)) return martian(ns, skb);
  if (isMulticast6(b, src)) return martian(ns, skb);
  skbTrim(skb, IP6_HLEN + ip6PayloadLen(b, ip));
  count6(ns, dev, "InNoECTPkts");
  count6(ns, dev, "InOctets", skb.len);
  if (isMulticast6(b, dst)) {
    count6(ns, dev, "InMcastPkts");
    count6(ns, dev, "InMcastOctets", skb.len);
  }
  skb.transport = ip + IP6_HLEN;
  skb.sk = null;
  // a packet to ourselves came over lo, but belongs to the link whose address it names: scopes are per link
  if (skb.dst6?.route) skb.iif = skb.dst6.route.dev.ifindex;
  if (ip6Next(b, ip) === IpProto.HOPOPTS && !hopByHop(ns, skb)) return;
  // the PRE_ROUTING hook belongs here
  rcvFinish(ns, skb, dev);
}

/** ipv6_parse_hopopts: every hop looks at these options. False: the packet is gone. */
function hopByHop(ns: NetNs, skb: Skb): boolean {
  const at = skb.transport;
  const len = at + 8 <= skb.tail ? ip6ExtLen(skb.buf, at, IpProto.HOPOPTS) : Infinity;
  const bad = at + len > skb.tail ? DropReason.IPV6_BAD_EXTHDR : parseOptions6(ns, skb, at, len, true);
  if (bad === 0) return true;
  count6(ns, skb.dev, "InHdrErrors");
  dropSkb(skb, ns, Sites.IP6_RCV, bad, null, 0, 0);
  return false;
}

function martian(ns: NetNs, skb: Skb): void {
  count6(ns, skb.dev, "InHdrErrors");
  dropSkb(skb, ns, Sites.IP6_RCV, DropReason.IP_INADDRERRORS, null, 0, 0);
}

/** fib6_rules_early_flow_dissect: ports, where a rule asks for them and they follow the header at once. */
function dissect(skb: Skb, f: Flow6): void {
  const l4 = skb.network + IP6_HLEN;
  if ((f.proto !== IpProto.TCP && f.proto !== IpProto.UDP) || skb.tail - l4 < 4) return;
  f.sport = u16(skb.buf, l4);
  f.dport = u16(skb.buf, l4 + 2);
}

function rcvFinish(ns: NetNs, skb: Skb, dev: NetDevice): void {
  if (!skb.dst6) {
    const f = flow6(ip6Dst(skb.buf, skb.network), ip6Src(skb.buf, skb.network), 0);
    f.iif = dev.ifindex;
    f.mark = skb.mark;
    f.tclass = ip6TrafficClass(skb.buf, skb.network);
    f.proto = ip6Next(skb.buf, skb.network);
    if (rulesNeedPorts6(ns)) dissect(skb, f);
    skb.dst6 = ip6RouteInput(ns, f, dev);
  }
  const d = skb.dst6;
  note(skb, ns, Sites.IP6_ROUTE_INPUT, d.route, d.route?.table ?? 0, d.route?.type ?? 0);
  switch (d.input) {
    case "local":
      deliver(ns, skb);
      return;
    case "multicast":
      if (dev.ip6 && inGroup6(dev.ip6, ip6Dst(skb.buf, skb.network))) deliver(ns, skb);
      else dropSkb(skb, ns, Sites.IP6_ROUTE_INPUT, DropReason.MULTICAST_NOT_JOINED, null, 0, 0);
      return;
    case "forward":
      forward(ns, skb, d, dev);
      return;
    default:
      discard(ns, skb, d);
  }
}

/** ip6_pkt_drop: even a host that does not forward says that it has no route. */
function discard(ns: NetNs, skb: Skb, d: Dst6): void {
  if (d.error === Errno.EINVAL) {
    dropSkb(skb, ns, Sites.IP6_ROUTE_INPUT, DropReason.BLACKHOLE_ROUTE, d.route, 0, 0);
    return;
  }
  count6(ns, skb.dev, "InNoRoutes");
  const code = d.error === Errno.EACCES ? Icmp6Unreach.ADM_PROHIBITED : Icmp6Unreach.NOROUTE;
  icmp6Send(ns, skb, Icmp6Type.DEST_UNREACH, code, 0);
  const reason =
    d.error === Errno.EACCES
      ? DropReason.PROHIBIT_ROUTE
      : d.error === Errno.EHOSTUNREACH
        ? DropReason.UNREACHABLE_ROUTE
        : DropReason.IP_INNOROUTES;
  dropSkb(skb, ns, Sites.IP6_ROUTE_INPUT, reason, d.route, 0, 0);
}

/** ip6_input: the LOCAL_IN hook's place, then header after header until a protocol takes the packet. */
function deliver(ns: NetNs, first: Skb): void {
  let skb = first;
  let next = ip6Next(skb.buf, skb.network);
  let raw = false;
  /** where the field stands that named the header at hand */
  let prev = skb.network + IP6_OFF_NEXT;
  for (;;) {
    const at = skb.transport;
    note(skb, ns, Sites.IP6_LOCAL_DELIVER, null, next, 0);
    if (next === IpProto.HOPOPTS || next === IpProto.DSTOPTS || next === IpProto.ROUTING) {
      const len = at + 8 <= skb.tail ? ip6ExtLen(skb.buf, at, next) : Infinity;
      if (at + len > skb.tail) return headerError(ns, skb, DropReason.IPV6_BAD_EXTHDR);
      const bad =
        next === IpProto.ROUTING
          ? routingHeader(ns, skb, at)
          : next === IpProto.DSTOPTS
            ? parseOptions6(ns, skb, at, len, false)
            : // a hop-by-hop header that is not the first
              at !== skb.network + IP6_HLEN
              ? wrongPlace(ns, skb, prev)
              : 0;
      if (bad !== 0) return headerError(ns, skb, bad);
      prev = at;
      skb.transport = at + ip6ExtLen(skb.buf, at, next);
      next = skb.buf[at]!;
      continue;
    }
    if (next === IpProto.FRAGMENT) {
      if (at + 8 > skb.tail) return headerError(ns, skb, DropReason.IPV6_BAD_EXTHDR);
      const whole = ip6Defrag(ns, skb);
      if (!whole) return;
      skb = whole;
      next = ip6Next(skb.buf, skb.network);
      prev = skb.network + IP6_OFF_NEXT;
      continue;
    }
    raw = raw6Deliver(ns, skb, next) || raw;
    if (next === IpProto.ICMPV6) {
      count6(ns, skb.dev, "InDelivers");
      icmp6Rcv(ns, skb);
      return;
    }
    if (next === IpProto.UDP) {
      count6(ns, skb.dev, "InDelivers");
      udp6Rcv(ns, skb);
      return;
    }
    if (next === IpProto.TCP) {
      count6(ns, skb.dev, "InDelivers");
      tcpRcv(ns, skb);
      return;
    }
    if (raw || next === IpProto.NONE) {
      consumeSkb(skb, ns, Sites.SOCK, null, next, 0);
      return;
    }
    count6(ns, skb.dev, "InUnknownProtos");
    // parameter problem: unrecognized next header, pointing at the field
    icmp6Send(ns, skb, Icmp6Type.PARAMPROB, 1, prev - skb.network);
    dropSkb(skb, ns, Sites.NO_SOCK, DropReason.IP_NOPROTO, null, next, 0);
    return;
  }
}

/** Parameter problem: unrecognized next header, pointing at the field. */
function wrongPlace(ns: NetNs, skb: Skb, field: number): DropReason {
  icmp6Send(ns, skb, Icmp6Type.PARAMPROB, 1, field - skb.network);
  return DropReason.IPV6_BAD_EXTHDR;
}

function headerError(ns: NetNs, skb: Skb, reason: DropReason): void {
  count6(ns, skb.dev, "InHdrErrors");
  dropSkb(skb, ns, Sites.IP6_LOCAL_DELIVER, reason, null, 0, 0);
}

/** ip6_forward, in the kernel's order: forwarding on? hop limit, source, size, decrement, the FORWARD hook's place. */
function forward(ns: NetNs, skb: Skb, d: Dst6, dev: NetDevice): void {
  const b = skb.buf;
  const ip = skb.network;
  const hops = ip6HopLimit(b, ip);
  note(skb, ns, Sites.IP6_FORWARD, d.route, hops, d.dev.ifindex);
  if (ns.sysctl.conf6All.forwarding === 0 && dev.conf6.force_forwarding === 0) {
    count6(ns, skb.dev, "InAddrErrors");
    dropSkb(skb, ns, Sites.IP6_FORWARD, DropReason.FORWARDING_OFF, null, dev.ifindex, 0);
    return;
  }
  if (skb.pktType !== PacketType.HOST) {
    dropSkb(skb, ns, Sites.IP6_FORWARD, DropReason.NOT_SPECIFIED, null, 0, 0);
    return;
  }
  if (hops <= 1) {
    count6(ns, skb.dev, "InHdrErrors");
    icmp6Send(ns, skb, Icmp6Type.TIME_EXCEED, 0, 0);
    dropSkb(skb, ns, Sites.TTL, DropReason.TTL_EXCEEDED, null, hops, 0);
    return;
  }
  const src = ip6Src(b, ip);
  if (d.dev === dev) sendRedirect6(ns, skb, d);
  if (isUnspecified6(src) || isLoopback6(src)) {
    count6(ns, skb.dev, "InAddrErrors");
    dropSkb(skb, ns, Sites.IP6_FORWARD, DropReason.IP_INVALID_SOURCE, null, 0, 0);
    return;
  }
  if (d.dev !== dev && isLinkLocal6(src)) {
    icmp6Send(ns, skb, Icmp6Type.DEST_UNREACH, Icmp6Unreach.NOT_NEIGHBOUR, 0);
    dropSkb(skb, ns, Sites.IP6_FORWARD, DropReason.IP_INVALID_SOURCE, null, 0, 0);
    return;
  }
  const mtu = dst6ForwardMtu(d);
  if (skb.len > mtu) {
    count6(ns, skb.dev, "InTooBigErrors");
    icmp6Send(ns, skb, Icmp6Type.PKT_TOOBIG, 0, mtu);
    dropSkb(skb, ns, Sites.MTU, DropReason.PKT_TOO_BIG, null, skb.len, mtu);
    return;
  }
  cowSkb(skb);
  ip6DecrementHopLimit(skb.buf, skb.network);
  skb.forwarded = true;
  count6(ns, d.dev, "OutForwDatagrams");
  // the FORWARD hook belongs here
  ip6Output(ns, skb);
}
