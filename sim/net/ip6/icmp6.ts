/** Receiving ICMPv6 (icmpv6_rcv of net/ipv6/icmp.c): echo, neighbour discovery, errors about our own packets. */
import { isMulticast6 } from "../../wire/addr.ts";
import {
  ICMP6_HLEN,
  Icmp6Bad,
  icmp6Check,
  icmp6Code,
  icmp6IsError,
  icmp6Mtu,
  icmp6SetChecksum,
  icmp6Type,
  Icmp6Type,
} from "../../wire/icmp6.ts";
import { IP6_HLEN, ip6Dst, ip6Src, ip6TrafficClass } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, note, type Skb } from "../skb.ts";
import { icmp6SocketError } from "../sock/icmp6-err.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { mldQuery } from "./mld.ts";
import { ndiscRcv } from "./ndisc.ts";
import { isAnycast } from "./anycast.ts";
import { updatePmtu6 } from "./exceptions6.ts";
import { ip6MakeSkb, ip6SendSkb } from "./output.ts";
import { ANY6, flow6, ip6RouteOutput, needStrict } from "./route6.ts";
import { countIcmp6, countIcmp6Out, countIcmp6Type } from "./snmp.ts";
import { Dst6 } from "./state.ts";

/** Takes over a whole message: skb.transport is its header. */
export function icmp6Rcv(ns: NetNs, skb: Skb): void {
  const at = skb.transport;
  countIcmp6(ns, skb.dev, "InMsgs");
  const bad = icmp6Check(skb.buf, at, skb.tail - at, skb.network);
  if (bad !== Icmp6Bad.OK) {
    countIcmp6(ns, skb.dev, "InErrors");
    if (bad === Icmp6Bad.CHECKSUM) countIcmp6(ns, skb.dev, "InCsumErrors");
    dropSkb(skb, ns, Sites.ICMP6_RCV, bad === Icmp6Bad.CHECKSUM ? DropReason.ICMP_CSUM : DropReason.PKT_TOO_SMALL, null, 0, 0);
    return;
  }
  const type = icmp6Type(skb.buf, at);
  const code = icmp6Code(skb.buf, at);
  countIcmp6Type(ns, skb.dev, "inType", type);
  note(skb, ns, Sites.ICMP6_RCV, null, type, code);
  if (type === Icmp6Type.ECHO_REQUEST) echo(ns, skb);
  else if (type >= Icmp6Type.ROUTER_SOLICIT && type <= Icmp6Type.REDIRECT) ndiscRcv(ns, skb);
  else if (type === Icmp6Type.MLD_QUERY && !mldQuery(skb)) dropSkb(skb, ns, Sites.ICMP6_RCV, DropReason.PKT_TOO_SMALL, null, type, code);
  else {
    if (icmp6IsError(type)) error(ns, skb, type, code);
    consumeSkb(skb, ns, Sites.ICMP6_RCV, null, type, code);
  }
}

/** icmpv6_echo_reply */
function echo(ns: NetNs, skb: Skb): void {
  const conf = ns.sysctl.ipv6;
  const daddr = ip6Dst(skb.buf, skb.network);
  const multicast = isMulticast6(daddr);
  if (conf.icmp_echo_ignore_all !== 0 || (multicast && conf.icmp_echo_ignore_multicast !== 0)) {
    dropSkb(skb, ns, Sites.ICMP6_RCV, DropReason.ICMP_IGNORED, null, Icmp6Type.ECHO_REQUEST, 0);
    return;
  }
  const to = ip6Src(skb.buf, skb.network);
  const f = flow6(to, multicast || isAnycast(skb.dev!, daddr) ? ANY6 : daddr, needStrict(to) ? skb.iif : 0);
  const rt = ip6RouteOutput(ns, f);
  let sent = 0;
  if (rt instanceof Dst6) {
    const len = skb.tail - skb.transport;
    const reply = ip6MakeSkb(
      ns,
      {
        dst: rt,
        saddr: f.saddr,
        daddr: to,
        next: IpProto.ICMPV6,
        tclass: ip6TrafficClass(skb.buf, skb.network),
        flowLabel: 0,
        hopLimit: -1,
        sk: null,
        mark: 0,
        priority: 0,
        dontFragment: false,
      },
      len,
      skb.id,
      Sites.ICMP_REPLY,
      Icmp6Type.ECHO_REPLY,
      0,
    );
    if (typeof reply !== "number") {
      reply.buf.set(skb.buf.subarray(skb.transport, skb.tail), reply.transport);
      reply.buf[reply.transport] = Icmp6Type.ECHO_REPLY;
      icmp6SetChecksum(reply.buf, reply.transport, len, f.saddr, to);
      countIcmp6Out(ns, rt.dev, Icmp6Type.ECHO_REPLY);
      ip6SendSkb(ns, reply);
      sent = 1;
    }
  } else note(skb, ns, Sites.IP6_ROUTE_OUTPUT, null, 0, -rt);
  consumeSkb(skb, ns, Sites.ICMP6_RCV, null, Icmp6Type.ECHO_REQUEST, sent);
}

/** icmpv6_notify: path MTU, then the sockets that sent the quoted packet. The packet stays the caller's. */
function error(ns: NetNs, skb: Skb, type: number, code: number): void {
  const q = skb.transport + ICMP6_HLEN;
  if (skb.tail - q < IP6_HLEN) return;
  const mtu = icmp6Mtu(skb.buf, skb.transport);
  if (type === Icmp6Type.PKT_TOOBIG) updatePmtu6(ns, ip6Dst(skb.buf, q), ip6Src(skb.buf, q), skb.iif, mtu);
  icmp6SocketError(ns, skb, q, type, code, type === Icmp6Type.PKT_TOOBIG || type === Icmp6Type.PARAMPROB ? mtu : 0);
}
