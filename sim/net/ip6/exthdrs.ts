/**
 * Extension headers on their way in (net/ipv6/exthdrs.c): hop-by-hop options at every hop, destination options and routing headers where the
 * packet ends. Known options are padding and router alert; what an unknown one wants is in its two highest bits. Routing headers
 * with segments left are refused: accept_source_route is off, and types 0, 2, 3 and 4 are not simulated.
 */
import { isMulticast6 } from "../../wire/addr.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import { IP6_OFF_DST } from "../../wire/ipv6.ts";
import type { NetNs } from "../netns.ts";
import { PacketType, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { icmp6Send } from "./icmp6-send.ts";

const PAD1 = 0;
const PADN = 1;
const ROUTER_ALERT = 5;
/** ICMPv6 parameter problems: a wrong field, an unknown option */
const HDR_FIELD = 0;
const UNK_OPTION = 2;

function problem(ns: NetNs, skb: Skb, code: number, at: number): DropReason {
  icmp6Send(ns, skb, Icmp6Type.PARAMPROB, code, at - skb.network);
  return code === UNK_OPTION ? DropReason.UNHANDLED_PROTO : DropReason.IP_INHDR;
}

/**
 * ip6_parse_tlv: the options of the header of `len` bytes at `at`. 0, or why the packet ends here; who sent it has been told when the option
 * wants that. The packet stays the caller's.
 */
export function parseOptions6(ns: NetNs, skb: Skb, at: number, len: number, hopByHop: boolean): DropReason | 0 {
  const b = skb.buf;
  const end = at + len;
  let pad = 0;
  for (let o = at + 2; o < end;) {
    const type = b[o]!;
    const size = type === PAD1 ? 1 : (b[o + 1] ?? 0) + 2;
    if (o + size > end || (type !== PAD1 && o + 1 >= end)) return DropReason.IP_INHDR;
    if (type === PAD1 || type === PADN) {
      pad += size;
      // RFC 4942 §2.1.9.5: padding is short and zero
      if (pad > 7) return DropReason.IP_INHDR;
      if (type === PADN) for (let i = 2; i < size; i++) if (b[o + i] !== 0) return DropReason.IP_INHDR;
    } else {
      pad = 0;
      const known = hopByHop && type === ROUTER_ALERT && size === 4;
      if (!known && type >= 0x40) {
        // the highest bits: discard; discard and tell; discard and tell unless it went to a group
        const how = type >> 6;
        if (how === 2 || (how === 3 && !isMulticast6(b, skb.network + IP6_OFF_DST))) return problem(ns, skb, UNK_OPTION, o);
        return DropReason.UNHANDLED_PROTO;
      }
    }
    o += size;
  }
  return 0;
}

/** ipv6_rthdr_rcv: 0 where no segment is left and the header is stepped over, or why the packet ends here. */
export function routingHeader(ns: NetNs, skb: Skb, at: number): DropReason | 0 {
  if (isMulticast6(skb.buf, skb.network + IP6_OFF_DST) || skb.pktType !== PacketType.HOST) return DropReason.IP_INADDRERRORS;
  return skb.buf[at + 3] === 0 ? 0 : problem(ns, skb, HDR_FIELD, at + 2);
}
