/** IPv6 reassembly at the destination (net/ipv6/reassembly.c). Cutting is in fragment.ts. */
import { hex, put16 } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import { IP6_FRAG_HLEN, IP6_HLEN, IP6_OFF_NEXT, IP6_OFF_PLEN, ip6FragId, ip6FragMore, ip6FragOff } from "../../wire/ipv6.ts";
import type { NetNs } from "../netns.ts";
import { fragFind, fragFirst, fragInsert, fragKill, fragMisfits, type FragQueue, fragReasm } from "../ip/inet-fragment.ts";
import { dropSkb, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { count6 } from "./snmp.ts";
import { icmp6Send } from "./icmp6-send.ts";

/** Takes a fragment over: skb.transport is the fragment header. The whole packet when this one completed it, else null. */
export function ip6Defrag(ns: NetNs, skb: Skb): Skb | null {
  const h = skb.transport;
  count6(ns, skb.dev, "ReasmReqds");
  const key = `${hex(skb.buf.subarray(skb.network + 8, skb.network + 40))} ${ip6FragId(skb.buf, h)} ${skb.iif}`;
  const q = fragFind(ns, ns.ip6.frags, key, expire, ns.sysctl.ipv6.ip6frag_time * SEC);
  const off = ip6FragOff(skb.buf, h);
  const end = off + skb.tail - h - IP6_FRAG_HLEN;
  const more = ip6FragMore(skb.buf, h);
  const overlap = q.pieces.some((p) => off < p.end && end > p.off);
  if ((more && (end & 7) !== 0) || end <= off || overlap || fragMisfits(q, end, more)) {
    count6(ns, skb.dev, "ReasmFails");
    dropSkb(skb, ns, Sites.IP_REASSEMBLE, overlap ? DropReason.DUP_FRAG : DropReason.IP_INHDR, null, off, end - off);
    return null;
  }
  if (!fragInsert(q, skb, off, end, more)) return null;
  const whole = reassemble(q);
  count6(ns, whole.dev, "ReasmOKs");
  return whole;
}

/** The whole packet, without the fragment header. */
function reassemble(q: FragQueue): Skb {
  const first = fragFirst(q)!;
  const next = first.buf[first.transport]!;
  const whole = fragReasm(q, IP6_HLEN, (skb) => skb.transport + IP6_FRAG_HLEN);
  put16(whole.buf, whole.network + IP6_OFF_PLEN, q.total);
  whole.buf[whole.network + IP6_OFF_NEXT] = next;
  return whole;
}

/** ip6frag_expire_frag_queue: too late. The sender hears of it when its first fragment is here. */
function expire(q: FragQueue): void {
  const first = fragFirst(q);
  count6(q.ns, first?.dev ?? null, "ReasmTimeout");
  count6(q.ns, first?.dev ?? null, "ReasmFails");
  if (first) icmp6Send(q.ns, first, Icmp6Type.TIME_EXCEED, 1, 0);
  fragKill(q, DropReason.FRAG_REASM_TIMEOUT);
}
