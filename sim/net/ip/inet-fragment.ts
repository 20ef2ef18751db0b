/**
 * What IPv4's and IPv6's reassembly share (net/ipv4/inet_fragment.c): the queue in which the fragments of one packet wait, its
 * timer, its death, and the packet made of them. Which fragments are taken, and what is counted and told, is in defrag.ts and
 * ip6/frag.ts. A queue owns its fragments' skbs. Left out: memory limits (ipfrag_high_thresh), ipfrag_max_dist.
 */
import type { LazyMap } from "../../core/lazy.ts";
import { type Timer, TimerKind } from "../../core/scheduler.ts";
import type { NetNs } from "../netns.ts";
import { allocSkb, birth, consumeSkb, dropSkb, type Skb, skbPut } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";

interface Piece {
  readonly skb: Skb;
  /** place in the payload of the whole packet, in bytes */
  readonly off: number;
  readonly end: number;
}

export class FragQueue {
  readonly ns: NetNs;
  readonly table: LazyMap<string, FragQueue>;
  readonly key: string;
  /** what happens when time is up; must end in fragKill */
  readonly expire: (q: FragQueue) => void;
  readonly pieces: Piece[] = [];
  /** length of the whole payload, -1 until the last fragment came */
  total = -1;
  got = 0;
  timer: Timer | null = null;

  constructor(ns: NetNs, table: LazyMap<string, FragQueue>, key: string, expire: (q: FragQueue) => void) {
    this.ns = ns;
    this.table = table;
    this.key = key;
    this.expire = expire;
  }
}

/** inet_frag_find: the queue of this key, or a new one that lives for `timeout` ns. */
export function fragFind(
  ns: NetNs,
  table: LazyMap<string, FragQueue>,
  key: string,
  expire: (q: FragQueue) => void,
  timeout: number,
): FragQueue {
  let q = table.get(key);
  if (!q) {
    q = new FragQueue(ns, table, key, expire);
    q.timer = ns.net.sched.arm(TimerKind.FRAG, q, timeout);
    table.set(key, q);
  }
  return q;
}

/** Does a fragment that ends at `end` contradict what is known of the packet's length? */
export function fragMisfits(q: FragQueue, end: number, more: boolean): boolean {
  if (q.total >= 0) return more ? end > q.total : end !== q.total;
  return !more && q.pieces.some((p) => p.end > end);
}

/** Takes a fragment that overlaps no other. Is the packet whole now? */
export function fragInsert(q: FragQueue, skb: Skb, off: number, end: number, more: boolean): boolean {
  if (!more) q.total = end;
  q.pieces.push({ skb, off, end });
  q.got += end - off;
  return q.got === q.total;
}

/** The first fragment, when it is here. */
export function fragFirst(q: FragQueue): Skb | null {
  return q.pieces.find((p) => p.off === 0)?.skb ?? null;
}

/**
 * inet_frag_reasm_finish: one packet of the first fragment's `hlen` bytes of header and everybody's payload, which begins at
 * `payload(skb)`. The header is left as it was in the fragment. Ends the queue.
 */
export function fragReasm(q: FragQueue, hlen: number, payload: (skb: Skb) => number): Skb {
  const ns = q.ns;
  q.pieces.sort((a, b) => a.off - b.off);
  const first = q.pieces[0]!.skb;
  const whole = allocSkb(ns.net, hlen + q.total, first.id);
  const at = skbPut(whole, hlen + q.total);
  whole.buf.set(first.buf.subarray(first.network, first.network + hlen), at);
  for (const p of q.pieces) {
    const from = payload(p.skb);
    whole.buf.set(p.skb.buf.subarray(from, from + p.end - p.off), at + hlen + p.off);
  }
  whole.network = at;
  whole.transport = at + hlen;
  whole.protocol = first.protocol;
  whole.pktType = first.pktType;
  whole.dev = first.dev;
  whole.iif = first.iif;
  whole.mark = first.mark;
  whole.tstamp = q.pieces[q.pieces.length - 1]!.skb.tstamp;
  whole.dst = first.dst;
  whole.dst6 = first.dst6;
  birth(whole, ns, Sites.IP_REASSEMBLE, 0, q.total);
  for (const p of q.pieces) consumeSkb(p.skb, ns, Sites.IP_REASSEMBLE, null, p.off, p.end - p.off);
  forget(q);
  return whole;
}

/** inet_frag_kill: the queue ends, and what waits in it. */
export function fragKill(q: FragQueue, reason: DropReason): void {
  for (const p of q.pieces) dropSkb(p.skb, q.ns, Sites.IP_REASSEMBLE, reason, null, p.off, p.end - p.off);
  forget(q);
}

function forget(q: FragQueue): void {
  q.ns.net.sched.cancel(q.timer);
  q.table.delete(q.key);
  q.pieces.length = 0;
}

/** The namespace goes. */
export function fragsClear(table: LazyMap<string, FragQueue>): void {
  for (const q of table.values()) fragKill(q, DropReason.NOT_SPECIFIED);
}
