/**
 * Reassembly (net/ipv4/ip_fragment.c): fragments of one packet wait in a queue by (source, destination, protocol,
 * identification), ipfrag_time at most. An overlap that is not an exact duplicate kills the queue, as Linux does.
 */
import { put16 } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { type Timer, TimerKind } from "../../core/scheduler.ts";
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
import { allocSkb, birth, consumeSkb, dropSkb, PacketType, type Skb, skbPut } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { icmpSend } from "./icmp-send.ts";

interface Piece {
  readonly skb: Skb;
  readonly off: number;
  readonly end: number;
}

export class FragQueue {
  readonly ns: NetNs;
  readonly key: string;
  readonly pieces: Piece[] = [];
  /** length of the whole payload, -1 until the last fragment came */
  total = -1;
  got = 0;
  timer: Timer | null = null;

  constructor(ns: NetNs, key: string) {
    this.ns = ns;
    this.key = key;
  }
}

/** ip_defrag: takes a fragment over. The whole packet when this one completed it, else null. */
export function ipDefrag(ns: NetNs, skb: Skb): Skb | null {
  const snmp = ns.ip4.snmp;
  snmp.ReasmReqds++;
  const ip = skb.network;
  const key = `${ip4Src(skb.buf, ip)} ${ip4Dst(skb.buf, ip)} ${ip4Proto(skb.buf, ip)} ${ip4Id(skb.buf, ip)} ${skb.iif}`;
  let q = ns.ip4.frags.get(key);
  if (!q) {
    q = new FragQueue(ns, key);
    q.timer = ns.net.sched.arm(TimerKind.FRAG, q, ns.sysctl.ipv4.ipfrag_time * SEC);
    ns.ip4.frags.set(key, q);
  }
  const hlen = ip4Hlen(skb.buf, ip);
  const off = ip4FragOff(skb.buf, ip);
  const end = off + ip4TotalLen(skb.buf, ip) - hlen;
  const more = ip4Mf(skb.buf, ip);
  const bad =
    (more && (end & 7) !== 0) || end === off || end + hlen > 65535 || (q.total >= 0 && (end > q.total || (!more && end !== q.total)));
  if (bad) {
    snmp.ReasmFails++;
    dropSkb(skb, ns, Sites.IP_REASSEMBLE, DropReason.IP_INHDR, null, off, end - off);
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
    killQueue(q, DropReason.DUP_FRAG);
    return null;
  }
  if (!more) q.total = end;
  q.pieces.push({ skb, off, end });
  q.got += end - off;
  if (q.got !== q.total) return null;
  return reassemble(ns, q);
}

function reassemble(ns: NetNs, q: FragQueue): Skb {
  q.pieces.sort((a, b) => a.off - b.off);
  const first = q.pieces[0]!.skb;
  const hlen = ip4Hlen(first.buf, first.network);
  const whole = allocSkb(ns.net, hlen + q.total, first.id);
  const at = skbPut(whole, hlen + q.total);
  whole.buf.set(first.buf.subarray(first.network, first.network + hlen), at);
  for (const p of q.pieces) {
    const from = p.skb.network + ip4Hlen(p.skb.buf, p.skb.network);
    whole.buf.set(p.skb.buf.subarray(from, from + p.end - p.off), at + hlen + p.off);
  }
  put16(whole.buf, at + IP4_OFF_LEN, hlen + q.total);
  put16(whole.buf, at + IP4_OFF_FRAG, 0);
  ip4SetChecksum(whole.buf, at);
  whole.network = at;
  whole.transport = at + hlen;
  whole.protocol = first.protocol;
  whole.pktType = first.pktType;
  whole.dev = first.dev;
  whole.iif = first.iif;
  whole.mark = first.mark;
  whole.tstamp = q.pieces[q.pieces.length - 1]!.skb.tstamp;
  whole.dst = first.dst;
  birth(whole, ns, Sites.IP_REASSEMBLE, 0, q.total);
  ns.ip4.snmp.ReasmOKs++;
  for (const p of q.pieces) consumeSkb(p.skb, ns, Sites.IP_REASSEMBLE, null, p.off, p.end - p.off);
  forget(q);
  return whole;
}

function forget(q: FragQueue): void {
  q.ns.net.sched.cancel(q.timer);
  q.ns.ip4.frags.delete(q.key);
  q.pieces.length = 0;
}
function killQueue(q: FragQueue, reason: DropReason): void {
  for (const p of q.pieces) dropSkb(p.skb, q.ns, Sites.IP_REASSEMBLE, reason, null, p.off, p.end - p.off);
  forget(q);
}

/** TimerKind.FRAG (ip_expire): too late. The sender hears of it when its first fragment is here. */
export function fragTimer(q: FragQueue): void {
  q.ns.ip4.snmp.ReasmFails++;
  q.ns.ip4.snmp.ReasmTimeout++;
  const first = q.pieces.find((p) => p.off === 0);
  if (first && first.skb.pktType === PacketType.HOST) icmpSend(q.ns, first.skb, IcmpType.TIME_EXCEEDED, IcmpTimeExceeded.FRAGTIME, 0);
  killQueue(q, DropReason.FRAG_REASM_TIMEOUT);
}

/** The namespace goes. */
export function fragsClear(ns: NetNs): void {
  for (const q of ns.ip4.frags.values()) killQueue(q, DropReason.NOT_SPECIFIED);
}
