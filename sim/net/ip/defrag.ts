/**
 * Reassembly (net/ipv4/ip_fragment.c): fragments of one packet wait in a queue by (source, destination, protocol,
 * identification), ipfrag_time at most. An overlap that is not an exact duplicate, or a length that contradicts another, kills the
 * queue, as Linux does.
 */
import { put16 } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { IcmpTimeExceeded, IcmpType } from "../../wire/icmp4.ts";
import {
  IP4_OFF_FRAG,
  IP4_OFF_LEN,
  ip4Dst,
  ip4FragOff,
  ip4Hlen,
  ip4Id,
  ip4Mf,
  ip4Proto,
  ip4SetChecksum,
  ip4Src,
  ip4TotalLen,
} from "../../wire/ipv4.ts";
import type { NetNs } from "../netns.ts";
import { dropSkb, PacketType, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { icmpSend } from "./icmp-send.ts";
import { fragFind, fragFirst, fragInsert, fragKill, fragMisfits, type FragQueue, fragReasm } from "./inet-fragment.ts";

/** ip_defrag: takes a fragment over. The whole packet when this one completed it, else null. */
export function ipDefrag(ns: NetNs, skb: Skb): Skb | null {
  const snmp = ns.ip4.snmp;
  snmp.ReasmReqds++;
  const ip = skb.network;
  const key = `${ip4Src(skb.buf, ip)} ${ip4Dst(skb.buf, ip)} ${ip4Proto(skb.buf, ip)} ${ip4Id(skb.buf, ip)} ${skb.iif}`;
  const q = fragFind(ns, ns.ip4.frags, key, expire, ns.sysctl.ipv4.ipfrag_time * SEC);
  const hlen = ip4Hlen(skb.buf, ip);
  const off = ip4FragOff(skb.buf, ip);
  const more = ip4Mf(skb.buf, ip);
  const sent = off + ip4TotalLen(skb.buf, ip) - hlen;
  const end = more ? sent & ~7 : sent; // all but the last are cut to eights
  if (end === off || end + hlen > 65535 || fragMisfits(q, end, more)) {
    snmp.ReasmFails++;
    dropSkb(skb, ns, Sites.IP_REASSEMBLE, DropReason.IP_INHDR, null, off, end - off);
    fragKill(q, DropReason.IP_INHDR);
    return null;
  }
  for (const p of q.pieces) {
    if (end <= p.off || off >= p.end) continue;
    if (off >= p.off && end <= p.end) {
      dropSkb(skb, ns, Sites.IP_REASSEMBLE, DropReason.DUP_FRAG, null, off, end - off);
      return null;
    }
    dropSkb(skb, ns, Sites.IP_REASSEMBLE, DropReason.DUP_FRAG, null, off, end - off);
    snmp.ReasmFails++;
    fragKill(q, DropReason.DUP_FRAG);
    return null;
  }
  if (!fragInsert(q, skb, off, end, more)) return null;
  snmp.ReasmOKs++;
  return reassemble(q);
}

function reassemble(q: FragQueue): Skb {
  const first = fragFirst(q)!;
  const hlen = ip4Hlen(first.buf, first.network);
  const whole = fragReasm(q, hlen, (skb) => skb.network + ip4Hlen(skb.buf, skb.network));
  put16(whole.buf, whole.network + IP4_OFF_LEN, hlen + q.total);
  put16(whole.buf, whole.network + IP4_OFF_FRAG, 0);
  ip4SetChecksum(whole.buf, whole.network);
  return whole;
}

/** ip_expire: too late. The sender hears of it when its first fragment is here. */
function expire(q: FragQueue): void {
  q.ns.ip4.snmp.ReasmFails++;
  q.ns.ip4.snmp.ReasmTimeout++;
  const first = fragFirst(q);
  if (first && first.pktType === PacketType.HOST) icmpSend(q.ns, first, IcmpType.TIME_EXCEEDED, IcmpTimeExceeded.FRAGTIME, 0);
  fragKill(q, DropReason.FRAG_REASM_TIMEOUT);
}
