/**
 * IPv4 on its way out (net/ipv4/ip_output.c): ipSend builds a packet around a payload, ipLocalOut and ipOutput are the two
 * hook points' places, ipFinishOutput fragments and hands over to the neighbour. Also identifications (ip_select_ident).
 */
import { Errno } from "../../core/result.ts";
import { mix32 } from "../../core/hash.ts";
import { MS } from "../../core/time.ts";
import { ETH_P_IP } from "../../wire/eth.ts";
import { buildIp4, IP_DF, IP4_HLEN, ip4Df, ip4FragField, IP_MF, IP_OFFMASK, ip4Ttl } from "../../wire/ipv4.ts";
import type { NetNs } from "../netns.ts";
import { allocSkb, birth, cloneSkb, dropSkb, note, PacketType, type Skb, skbPut } from "../skb.ts";
import type { Sock } from "../sock/socket.ts";
import { DropReason } from "../../trace/reasons.ts";
import { type Site, Sites } from "../../trace/sites.ts";
import { dst4ForwardMtu, dst4Mtu, mtuLocked } from "./exceptions.ts";
import { ipFinishOutput2 } from "./finish.ts";
import { ipFragment } from "./fragment.ts";
import { buildOptions, type IpOptions } from "./options.ts";
import { type Dst4, RTCF } from "./state.ts";
import { IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";

/** IP_PMTUDISC_*: how a socket treats "don't fragment" */
export const Pmtudisc = { DONT: 0, WANT: 1, DO: 2, PROBE: 3, INTERFACE: 4, OMIT: 5 } as const;

/** What a packet made here needs besides its payload. */
export interface Ip4Send {
  readonly dst: Dst4;
  readonly saddr: number;
  readonly daddr: number;
  readonly proto: number;
  readonly tos: number;
  /** 0: the route's or the namespace's */
  readonly ttl: number;
  readonly pmtudisc: number;
  readonly options: IpOptions | null;
  /** where a source route among the options ends */
  readonly finalDst?: number;
  readonly sk: Sock | null;
  /** a connected socket counts its own identifications: a holder of the next one, or null */
  readonly ident: { inetId: number } | null;
  readonly mark: number;
  readonly priority: number;
}

/** ip4_dst_hoplimit */
function dstHoplimit(d: Dst4): number {
  return d.metrics?.["hoplimit"] ?? d.dev.ns.sysctl.ipv4.ip_default_ttl;
}

/**
 * A new packet (ip_make_skb): header and room for `len` bytes of payload at skb.transport, which the caller fills in
 * before ipSendSkb. -EMSGSIZE when it would have to be fragmented and must not be; `mtu` of that error is dst4Mtu.
 */
export function ipMakeSkb(ns: NetNs, s: Ip4Send, len: number, parent: number, site: Site, a: number, b: number): Skb | number {
  const hlen = IP4_HLEN + (s.options ? s.options.bytes.length : 0);
  const total = hlen + len;
  const mtu = s.pmtudisc >= Pmtudisc.PROBE ? s.dst.dev.mtu : dst4Mtu(s.dst);
  const ignoreDf = s.pmtudisc < Pmtudisc.DO || s.pmtudisc === Pmtudisc.OMIT;
  if (total > (ignoreDf ? 65535 : mtu)) return -Errno.EMSGSIZE;
  const wantsDf = s.pmtudisc === Pmtudisc.DO || s.pmtudisc === Pmtudisc.PROBE || (s.pmtudisc === Pmtudisc.WANT && !mtuLocked(s.dst));
  const df = s.pmtudisc === Pmtudisc.DO || s.pmtudisc === Pmtudisc.PROBE || (wantsDf && total <= mtu) ? IP_DF : 0;
  const skb = allocSkb(ns.net, total, parent);
  skb.sk = s.sk;
  skb.protocol = ETH_P_IP;
  skb.dst = s.dst;
  skb.dev = s.dst.dev;
  skb.mark = s.mark;
  skb.priority = s.priority;
  const at = skbPut(skb, total);
  skb.network = at;
  skb.transport = at + hlen;
  let id: number;
  if (s.ident) {
    id = s.ident.inetId;
    s.ident.inetId = (s.ident.inetId + 1) & 0xffff;
  } else id = df !== 0 && !ignoreDf ? 0 : selectIdent(ns, s.saddr, s.daddr, s.proto);
  buildIp4(
    skb.buf,
    at,
    s.tos,
    total,
    id,
    df,
    s.ttl !== 0 ? s.ttl : dstHoplimit(s.dst),
    s.proto,
    s.saddr,
    s.daddr,
    s.options ? s.options.bytes : null,
  );
  if (s.options) buildOptions(ns, skb.buf, at, s.options, s.dst, s.finalDst ?? s.daddr);
  birth(skb, ns, site, a, b);
  return skb;
}

/** __ip_select_ident: counters by hash of (destination, source, protocol), moved on by a random part of the idle time. */
export function selectIdent(ns: NetNs, saddr: number, daddr: number, proto: number): number {
  const h = mix32(mix32(daddr ^ ns.id) ^ saddr ^ (proto << 8)) & 2047;
  const now = Math.floor(ns.net.now / (4 * MS)); // jiffies at HZ=250
  let e = ns.ip4.idents.get(h);
  if (!e) ns.ip4.idents.set(h, (e = { next: ns.ip4.rng.u32() & 0xffff, stamp: 0 }));
  const step = now > e.stamp ? ns.ip4.rng.below(Math.min(now - e.stamp, 0xffffffff)) : 0;
  e.stamp = now;
  const id = (e.next + step) & 0xffff;
  e.next = (id + 1) & 0xffff;
  return id;
}

/** ip_send_skb: sends what ipMakeSkb made. 0 or -errno. */
export function ipSendSkb(ns: NetNs, skb: Skb): number {
  const err = ipLocalOut(ns, skb);
  if (err > 0) return err === 1 ? -Errno.ENOBUFS : 0; // net_xmit_errno
  if (err < 0) ns.ip4.snmp.OutDiscards++;
  return err;
}

/** ip_local_out: the place of the LOCAL_OUT hook. */
export function ipLocalOut(ns: NetNs, skb: Skb): number {
  ns.ip4.snmp.OutRequests++;
  return dstOutput(ns, skb);
}

/** dst_output of a route that leads out. */
export function dstOutput(ns: NetNs, skb: Skb): number {
  const d = skb.dst!;
  skb.dev = d.dev;
  note(skb, ns, Sites.IP_ROUTE_OUTPUT, d.route, d.table, d.type);
  if (d.mcOutput) loopMulticast(ns, skb, d);
  return ipOutput(ns, skb);
}

/** ip_mc_output: what goes to a group or to everybody is also for us. */
function loopMulticast(ns: NetNs, skb: Skb, d: Dst4): void {
  if ((d.flags & RTCF.MULTICAST) !== 0 && ip4Ttl(skb.buf, skb.network) === 0) return;
  const copy = cloneSkb(skb);
  birth(copy, ns, Sites.CLONE, 0, 0);
  copy.pktType = PacketType.LOOPBACK;
  copy.dst = null;
  copy.sk = null;
  copy.dev = d.dev;
  copy.iif = d.dev.ifindex;
  copy.data = copy.network;
  ns.net.protocols.get(ETH_P_IP)!(copy);
}

/** ip_output: the place of the POST_ROUTING hook. */
function ipOutput(ns: NetNs, skb: Skb): number {
  note(skb, ns, Sites.IP_OUTPUT, null, skb.dst!.dev.ifindex, skb.len);
  return ipFinishOutput(ns, skb);
}

function ipFinishOutput(ns: NetNs, skb: Skb): number {
  const d = skb.dst!;
  const mtu = skb.forwarded ? dst4ForwardMtu(d) : dst4Mtu(d);
  if (skb.len <= mtu) return ipFinishOutput2(ns, skb);
  const frag = ip4FragField(skb.buf, skb.network);
  if (ip4Df(skb.buf, skb.network) && (frag & (IP_MF | IP_OFFMASK)) === 0) {
    ns.ip4.snmp.FragFails++;
    ns.ip4.calls.icmpSend(ns, skb, IcmpType.DEST_UNREACH, IcmpUnreach.FRAG_NEEDED, mtu);
    dropSkb(skb, ns, Sites.MTU, DropReason.PKT_TOO_BIG, null, skb.len, mtu);
    return -Errno.EMSGSIZE;
  }
  note(skb, ns, Sites.MTU, null, skb.len, mtu);
  return ipFragment(ns, skb, mtu);
}
