/** Sending ICMPv6 errors and replies (icmp6_send, icmpv6_echo_reply of net/ipv6/icmp.c), with RFC 4443 §2.4's limits. */
import { hex } from "../../core/bytes.ts";
import { MS, SEC } from "../../core/time.ts";
import { isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { buildIcmp6Error, ICMP6_HLEN, icmp6IsError, Icmp6Type } from "../../wire/icmp6.ts";
import { IP6_HLEN, IP6_MIN_MTU, ip6Dst, ip6Next, ip6Src } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { peerAllow } from "../ip/peer.ts";
import type { NetNs } from "../netns.ts";
import { IFF } from "../rtnl/messages.ts";
import { note, PacketType, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { ip6MakeSkb, ip6SendSkb } from "./output.ts";
import { ANY6, flow6, ip6RouteOutput, isOurs6, needStrict, selectSaddr6 } from "./route6.ts";
import { countIcmp6Out } from "./snmp.ts";
import { Dst6 } from "./state.ts";

/** icmpv6_xrlim_allow: one message each icmp_ratelimit ms to a destination, more for wide prefixes; never over loopback. */
function allowed(ns: NetNs, d: Dst6, daddr: Uint8Array): boolean {
  if ((d.dev.flags & IFF.LOOPBACK) !== 0) return true;
  const len = d.route?.len ?? 128;
  const timeout = Math.floor((ns.sysctl.ipv6.icmp_ratelimit * MS) / 2 ** (len < 128 ? (128 - len) >> 5 : 0));
  const key = hex(daddr);
  let p = ns.ip6.peers.get(key);
  if (!p) {
    p = { rateTokens: 0, rateLast: ns.net.now - 60 * SEC, nRedirects: 0 };
    ns.ip6.peers.set(key, p);
  }
  return peerAllow(ns, p, timeout);
}

/** An error about `orig`, to its sender; `orig` stays the caller's. `info`: the MTU or the pointer. */
export function icmp6Send(ns: NetNs, orig: Skb, type: number, code: number, info: number): void {
  const ip = orig.network;
  const src = ip6Src(orig.buf, ip);
  const dst = ip6Dst(orig.buf, ip);
  if (isUnspecified6(src) || isMulticast6(src)) return;
  if ((isMulticast6(dst) || orig.pktType !== PacketType.HOST) && type !== Icmp6Type.PKT_TOOBIG) return;
  if (ip6Next(orig.buf, ip) === IpProto.ICMPV6 && ip + IP6_HLEN < orig.tail) {
    const inner = orig.buf[ip + IP6_HLEN]!;
    if (icmp6IsError(inner) || inner === Icmp6Type.REDIRECT) return;
  }
  const ours = isOurs6(ns, dst, null);
  // else the address by which the packet came in says most to a traceroute
  const inDev = ns.devs.get(orig.iif);
  const from = ours ? dst : inDev ? selectSaddr6(ns, inDev, src) : null;
  const f = flow6(src, from ?? ANY6, needStrict(src) ? orig.iif : 0);
  f.proto = IpProto.ICMPV6;
  const rt = ip6RouteOutput(ns, f);
  if (!(rt instanceof Dst6)) return;
  if (type !== Icmp6Type.PKT_TOOBIG && !allowed(ns, rt, src)) {
    ns.ip6.snmp.rateLimited++;
    note(orig, ns, Sites.ICMP_SEND, null, type, DropReason.ICMP_RATELIMIT);
    return;
  }
  const quote = Math.min(orig.tail - ip, IP6_MIN_MTU - IP6_HLEN - ICMP6_HLEN);
  const skb = ip6MakeSkb(
    ns,
    {
      dst: rt,
      saddr: f.saddr,
      daddr: src,
      next: IpProto.ICMPV6,
      tclass: 0,
      flowLabel: 0,
      hopLimit: -1,
      sk: null,
      mark: 0,
      priority: 0,
      dontFragment: false,
    },
    ICMP6_HLEN + quote,
    orig.id,
    Sites.ICMP_SEND,
    type,
    code,
  );
  if (typeof skb === "number") return;
  skb.buf.set(orig.buf.subarray(ip, ip + quote), skb.transport + ICMP6_HLEN);
  buildIcmp6Error(skb.buf, skb.transport, type, code, info, quote, f.saddr, src);
  countIcmp6Out(ns, rt.dev, type);
  ip6SendSkb(ns, skb);
}
