/**
 * The flight recorder: a ring of fixed-size integer records, on from the world's first moment. Eight lanes a record
 * (time high and low, packet, namespace, site and verdict, reason, a, b) and a parallel array of references to immutable
 * values. Recording builds no text and no objects; journey.ts decodes afterwards.
 */
import type { SimTime } from "../core/time.ts";
import type { Site } from "./sites.ts";

/** What the site decided. REFUSE: the packet goes on, but the answer it asks for is not made. */
export const Verdict = { NOTE: 0, DROP: 1, CONSUME: 2, BIRTH: 3, EVENT: 4, REFUSE: 5 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

const LANES = 8;
export const RECORDER_CAPACITY = 65_536;
/** bytes of a packet kept with a record, from its network header (or its ARP body) */
const SNAP = 64;

export interface RawDecision {
  /** position in the whole history, from 0 */
  readonly seq: number;
  readonly t: SimTime;
  readonly skb: number;
  readonly ns: number;
  readonly site: number;
  readonly verdict: Verdict;
  readonly reason: number;
  readonly ref: object | null;
  readonly a: number;
  readonly b: number;
  /** EtherType and first bytes of the packet at that moment, where the site keeps them; else null */
  readonly protocol: number;
  readonly header: Uint8Array | null;
}

export class Recorder {
  /** records ever made; the next one's seq */
  count = 0;
  private readonly lanes = new Int32Array(RECORDER_CAPACITY * LANES);
  private readonly refs: (object | null)[] = new Array<object | null>(RECORDER_CAPACITY).fill(null);
  private readonly snaps = new Uint8Array(RECORDER_CAPACITY * SNAP);
  /** EtherType in the high half, length in the low one; 0 none */
  private readonly snapInfo = new Int32Array(RECORDER_CAPACITY);

  /**
   * One decision. `skb` is the packet's id (0 for state events), `ns` the namespace's id. BIRTH records carry the parent
   * packet's id in `reason` and, in `ref`, a PacketNote (what the packet is, for lists).
   */
  rec(t: SimTime, skb: number, ns: number, site: Site, verdict: Verdict, reason: number, ref: object | null, a: number, b: number): void {
    const slot = this.count & (RECORDER_CAPACITY - 1);
    const o = slot * LANES;
    const l = this.lanes;
    l[o] = Math.floor(t / 4294967296);
    l[o + 1] = (t % 4294967296) | 0;
    l[o + 2] = skb;
    l[o + 3] = ns;
    l[o + 4] = (site.id << 4) | verdict;
    l[o + 5] = reason;
    l[o + 6] = a | 0;
    l[o + 7] = b | 0;
    this.refs[slot] = ref;
    this.snapInfo[slot] = 0;
    this.count++;
  }

  /** Keeps the packet's bytes `from`…`to` with the record just made. */
  snap(protocol: number, buf: Uint8Array, from: number, to: number): void {
    const slot = (this.count - 1) & (RECORDER_CAPACITY - 1);
    const n = Math.min(SNAP, to - from);
    for (let i = 0, o = slot * SNAP; i < n; i++) this.snaps[o + i] = buf[from + i]!;
    this.snapInfo[slot] = (protocol << 16) | n;
  }

  /** The oldest seq still held. */
  get oldest(): number {
    return Math.max(0, this.count - RECORDER_CAPACITY);
  }

  /** Decodes one record, oldest <= seq < count. */
  at(seq: number): RawDecision {
    const slot = seq & (RECORDER_CAPACITY - 1);
    const o = slot * LANES;
    const l = this.lanes;
    return {
      seq,
      t: l[o]! * 4294967296 + (l[o + 1]! >>> 0),
      skb: l[o + 2]!,
      ns: l[o + 3]!,
      site: l[o + 4]! >> 4,
      verdict: (l[o + 4]! & 15) as Verdict,
      reason: l[o + 5]!,
      ref: this.refs[slot]!,
      a: l[o + 6]!,
      b: l[o + 7]!,
      protocol: this.snapInfo[slot]! >>> 16,
      header: this.snapInfo[slot] === 0 ? null : this.snaps.slice(slot * SNAP, slot * SNAP + (this.snapInfo[slot]! & 0xffff)),
    };
  }
}
