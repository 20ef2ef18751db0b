/** IPv6 reassembly at the destination (net/ipv6/reassembly.c). Cutting is in fragment.ts. */
import { hex, put16 } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { type Timer, TimerKind } from "../../core/scheduler.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import { IP6_FRAG_HLEN, IP6_HLEN, IP6_OFF_NEXT, IP6_OFF_PLEN, ip6FragId, ip6FragMore, ip6FragOff } from "../../wire/ipv6.ts";
import type { NetNs } from "../netns.ts";
import { allocSkb, birth, consumeSkb, dropSkb, type Skb, skbPut } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { icmp6Send } from "./icmp6-send.ts";

/** net.ipv6.ip6frag_time is 60 s */
const TIMEOUT = 60 * SEC;

interface Piece {
  readonly skb: Skb;
  readonly off: number;
  readonly end: number;
}
export class Frag6Queue {
  readonly ns: NetNs;
  readonly key: string;
  readonly pieces: Piece[] = [];
  total = -1;
  got = 0;
  timer: Timer | null = null;

  constructor(ns: NetNs, key: string) {
    this.ns = ns;
    this.key = key;
  }
}

/** Takes a fragment over: skb.transport is the fragment header. The whole packet when this one completed it, else null. */
export function ip6Defrag(ns: NetNs, skb: Skb): Skb | null {
  const h = skb.transport;
  const key = `${hex(skb.buf.subarray(skb.network + 8, skb.network + 40))} ${ip6FragId(skb.buf, h)} ${skb.iif}`;
  let q = ns.ip6.frags.get(key);
  if (!q) {
    q = new Frag6Queue(ns, key);
    q.timer = ns.net.sched.arm(TimerKind.FRAG, q, TIMEOUT);
    ns.ip6.frags.set(key, q);
  }
  const off = ip6FragOff(skb.buf, h);
  const end = off + skb.tail - h - IP6_FRAG_HLEN;
  const more = ip6FragMore(skb.buf, h);
  const overlap = q.pieces.some((p) => off < p.end && end > p.off);
  if ((more && (end & 7) !== 0) || end <= off || overlap || (q.total >= 0 && end > q.total)) {
    dropSkb(skb, ns, Sites.IP_REASSEMBLE, overlap ? DropReason.DUP_FRAG : DropReason.IP_INHDR, null, off, end - off);
    return null;
  }
  if (!more) q.total = end;
  q.pieces.push({ skb, off, end });
  q.got += end - off;
  return q.got === q.total ? assemble(ns, q) : null;
}

function assemble(ns: NetNs, q: Frag6Queue): Skb {
  q.pieces.sort((a, b) => a.off - b.off);
  const first = q.pieces[0]!.skb;
  const whole = allocSkb(ns.net, IP6_HLEN + q.total, first.id);
  const at = skbPut(whole, IP6_HLEN + q.total);
  whole.buf.set(first.buf.subarray(first.network, first.network + IP6_HLEN), at);
  put16(whole.buf, at + IP6_OFF_PLEN, q.total);
  whole.buf[at + IP6_OFF_NEXT] = first.buf[first.transport]!;
  for (const p of q.pieces) {
    const from = p.skb.transport + IP6_FRAG_HLEN;
    whole.buf.set(p.skb.buf.subarray(from, from + p.end - p.off), at + IP6_HLEN + p.off);
  }
  whole.network = at;
  whole.transport = at + IP6_HLEN;
  whole.protocol = first.protocol;
  whole.pktType = first.pktType;
  whole.dev = first.dev;
  whole.iif = first.iif;
  whole.mark = first.mark;
  whole.dst6 = first.dst6;
  birth(whole, ns, Sites.IP_REASSEMBLE, 0, q.total);
  for (const p of q.pieces) consumeSkb(p.skb, ns, Sites.IP_REASSEMBLE, null, p.off, p.end - p.off);
  q.pieces.length = 0;
  forget(q);
  return whole;
}

function forget(q: Frag6Queue): void {
  q.ns.net.sched.cancel(q.timer);
  q.ns.ip6.frags.delete(q.key);
}

/** TimerKind.FRAG, IPv6's part */
export function frag6Timer(q: Frag6Queue): void {
  const first = q.pieces.find((p) => p.off === 0);
  if (first) icmp6Send(q.ns, first.skb, Icmp6Type.TIME_EXCEED, 1, 0);
  clear(q, DropReason.FRAG_REASM_TIMEOUT);
}
function clear(q: Frag6Queue, reason: DropReason): void {
  for (const p of q.pieces) dropSkb(p.skb, q.ns, Sites.IP_REASSEMBLE, reason, null, p.off, p.end - p.off);
  q.pieces.length = 0;
  forget(q);
}

/** The namespace goes. */
export function frags6Clear(ns: NetNs): void {
  for (const q of ns.ip6.frags.values()) clear(q, DropReason.NOT_SPECIFIED);
}
