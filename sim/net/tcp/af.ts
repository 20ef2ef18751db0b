/**
 * What differs between TCP over IPv4 and IPv6 (struct inet_connection_sock_af_ops): the route, the packet around a segment,
 * its checksum, the MTU.
 */
import { ip4Dst, ip4Src, IP4_HLEN, IpProto } from "../../wire/ipv4.ts";
import { ip6Dst, ip6Src, IP6_HLEN } from "../../wire/ipv6.ts";
import { isLinkLocal6 } from "../../wire/addr.ts";
import { buildTcp, TCP_HLEN, tcpSetChecksum4, tcpSetChecksum6, TCP_OFF_DPORT } from "../../wire/tcp.ts";
import { u16 } from "../../core/bytes.ts";
import { flow4 } from "../fib/types.ts";
import { dst4Mtu } from "../ip/exceptions.ts";
import { ipMakeSkb, ipSendSkb, Pmtudisc } from "../ip/output.ts";
import { ipRouteOutput } from "../ip/route-output.ts";
import { Dst4 } from "../ip/state.ts";
import { ip6MakeSkb, ip6SendSkb } from "../ip6/output.ts";
import { ANY6, dst6Mtu, flow6, ip6RouteOutput } from "../ip6/route6.ts";
import type { Dst6 } from "../ip6/state.ts";
import type { NetNs } from "../netns.ts";
import type { Skb } from "../skb.ts";
import { sockFlow, sockRoute } from "../sock/inet.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Verdict } from "../../trace/recorder.ts";
import { type Site, Sites } from "../../trace/sites.ts";
import type { TcpSock, TcpTuple } from "./state.ts";

type TcpDst = Dst4 | Dst6;

/** The connection to which a received segment belongs, seen from here. */
export function tupleOf(skb: Skb): TcpTuple {
  const six = skb.dst6 !== null;
  const src6 = six ? ip6Src(skb.buf, skb.network) : ANY6;
  return {
    family: six ? 10 : 2,
    saddr: six ? 0 : ip4Dst(skb.buf, skb.network),
    daddr: six ? 0 : ip4Src(skb.buf, skb.network),
    saddr6: six ? ip6Dst(skb.buf, skb.network) : ANY6,
    daddr6: src6,
    sport: u16(skb.buf, skb.transport + TCP_OFF_DPORT),
    dport: u16(skb.buf, skb.transport),
    boundDev: six && isLinkLocal6(src6) ? skb.iif : 0,
  };
}

/** The route of a connection from now on, or -errno. IPv4's is kept until tables or exceptions change. */
export function tcpRoute(sk: TcpSock): TcpDst | number {
  if (sk.family === 10) return routeOf(sk.ns, sk, sk.mark, sk.tclass);
  const { dst } = sk;
  if (dst && dst.gen === sk.ns.ip4.gen && (dst.expires === 0 || sk.ns.net.now < dst.expires)) return dst;
  const f = sockFlow(sk, sk.daddr, IpProto.TCP);
  const rt = sockRoute(sk, f);
  sk.dst = rt instanceof Dst4 ? rt : null;
  return rt;
}

/** A route for a segment that no socket stands behind, or an IPv6 one. */
export function routeOf(ns: NetNs, t: TcpTuple, mark: number, tos: number): TcpDst | number {
  if (t.family === 10) {
    const f = flow6(t.daddr6, t.saddr6, t.boundDev);
    f.mark = mark;
    f.tclass = tos;
    f.proto = IpProto.TCP;
    const rt = ip6RouteOutput(ns, f);
    if (typeof rt === "number") noRoute(ns, Sites.IP6_ROUTE_OUTPUT, 0, rt);
    return rt;
  }
  const f = flow4(t.daddr, t.saddr, t.boundDev);
  f.mark = mark;
  f.tos = tos & 0x1e;
  f.proto = IpProto.TCP;
  f.sport = t.sport;
  f.dport = t.dport;
  const rt = ipRouteOutput(ns, f);
  if (typeof rt === "number") noRoute(ns, Sites.IP_ROUTE_OUTPUT, t.daddr, rt);
  return rt;
}
/** no packet was ever made: the refusal itself is the record */
function noRoute(ns: NetNs, site: Site, daddr: number, err: number): void {
  ns.net.rec.rec(ns.net.now, 0, ns.id, site, Verdict.DROP, DropReason.IP_OUTNOROUTES, null, daddr, -err);
}

export function dstMtu(rt: TcpDst): number {
  return rt instanceof Dst4 ? dst4Mtu(rt) : dst6Mtu(rt);
}
/** A metric of the route (initcwnd, initrwnd, advmss …), or undefined. */
export function routeMetric(rt: TcpDst, name: string): number | undefined {
  return (rt instanceof Dst4 ? rt.metrics : (rt.route?.metrics ?? null))?.[name];
}
/** The MSS that a route allows, without options (dst_metric_advmss). */
export function advmssOf(rt: TcpDst): number {
  const own = routeMetric(rt, "advmss");
  if (own !== undefined) return own;
  return rt instanceof Dst4
    ? Math.min(Math.max(rt.dev.mtu - IP4_HLEN - TCP_HLEN, 256), 65535 - IP4_HLEN - TCP_HLEN)
    : Math.min(Math.max(dst6Mtu(rt) - IP6_HLEN - TCP_HLEN, 1220), 65535 - IP6_HLEN - TCP_HLEN);
}
export function netHlen(family: number): number {
  return family === 10 ? IP6_HLEN : IP4_HLEN;
}

/** One segment as Linux's tcp_transmit_skb is given it. */
interface TcpOut {
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  /** as it stands in the header */
  readonly window: number;
  readonly options: Uint8Array | null;
  readonly data: Uint8Array;
  readonly site: Site;
  /** packet that this one answers, 0 none */
  readonly parent: number;
}

/** Builds a segment of `t` around `o` and sends it by `rt`. `sk`: whose it is, null for answers by the protocol itself. 0 or -errno. */
export function sendSegment(ns: NetNs, t: TcpTuple, sk: TcpSock | null, rt: TcpDst, o: TcpOut): number {
  const hlen = TCP_HLEN + (o.options ? o.options.length : 0);
  const len = hlen + o.data.length;
  const skb =
    rt instanceof Dst4
      ? ipMakeSkb(
          ns,
          {
            dst: rt,
            saddr: t.saddr,
            daddr: t.daddr,
            proto: IpProto.TCP,
            tos: sk ? sk.tos : 0,
            ttl: sk && sk.ttl >= 0 ? sk.ttl : 0,
            // answers without a socket, and SYN+ACKs, carry no identification
            pmtudisc: sk ? sk.pmtudisc : Pmtudisc.DO,
            options: null,
            sk,
            ident: sk ? sk.ident : null,
            mark: sk ? sk.mark : 0,
            priority: sk ? sk.priority : 0,
          },
          len,
          o.parent,
          o.site,
          t.dport,
          o.flags,
        )
      : ip6MakeSkb(
          ns,
          {
            dst: rt,
            saddr: t.saddr6,
            daddr: t.daddr6,
            next: IpProto.TCP,
            tclass: sk ? sk.tclass : 0,
            flowLabel: sk ? sk.flowLabel : 0,
            hopLimit: sk ? sk.hopLimit : -1,
            sk,
            mark: sk ? sk.mark : 0,
            priority: sk ? sk.priority : 0,
            dontFragment: false,
          },
          len,
          o.parent,
          o.site,
          t.dport,
          o.flags,
        );
  if (typeof skb === "number") return skb;
  buildTcp(skb.buf, skb.transport, t.sport, t.dport, o.seq, o.ack, o.flags, o.window, 0, o.options);
  if (o.data.length > 0) skb.buf.set(o.data, skb.transport + hlen);
  ns.tcp.snmp.OutSegs++;
  if (rt instanceof Dst4) {
    tcpSetChecksum4(skb.buf, skb.transport, len, t.saddr, t.daddr);
    return ipSendSkb(ns, skb);
  }
  tcpSetChecksum6(skb.buf, skb.transport, len, t.saddr6, t.daddr6);
  return ip6SendSkb(ns, skb);
}
