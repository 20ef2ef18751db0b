/**
 * The flight recorder: a ring of fixed-size integer records, on from the world's first moment. Six lanes a record
 * (packet, namespace, site and verdict, reason, a, b) and parallel arrays of times and of references to immutable values. Recording builds no text and no objects; journey.ts decodes afterwards. The arrays double until the ring has
 * its full size, so that a quiet world is small.
 */
import type { SimTime } from "../core/time.ts";
import type { Site } from "./sites.ts";

/** What the site decided. REFUSE: the packet goes on, but the answer it asks for is not made. */
export const Verdict = { NOTE: 0, DROP: 1, CONSUME: 2, BIRTH: 3, EVENT: 4, REFUSE: 5 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

const LANES = 6;
export const RECORDER_CAPACITY = 65_536;
const FIRST_SIZE = 1024;
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
  /** slots in use: a power of two; a record's slot is its seq modulo this */
  private size = FIRST_SIZE;
  private times = new Float64Array(FIRST_SIZE);
  private lanes = new Int32Array(FIRST_SIZE * LANES);
  private readonly refs: (object | null)[] = [];
  private snaps = new Uint8Array(FIRST_SIZE * SNAP);
  /** EtherType in the high half, length in the low one; 0 none */
  private snapInfo = new Int32Array(FIRST_SIZE);
  /** the seq of the record whose bytes these are: most packets look the same several times */
  private snapOf = new Float64Array(FIRST_SIZE);

  /**
   * One decision. `skb` is the packet's id (0 for state events), `ns` the namespace's id. BIRTH records carry the parent
   * packet's id in `reason` and, in `ref`, a PacketNote (what the packet is, for lists).
   */
  rec(t: SimTime, skb: number, ns: number, site: Site, verdict: Verdict, reason: number, ref: object | null, a: number, b: number): void {
    if (this.count === this.size && this.size < RECORDER_CAPACITY) this.grow();
    const slot = this.count & (this.size - 1);
    const o = slot * LANES;
    const l = this.lanes;
    this.times[slot] = t;
    l[o] = skb;
    l[o + 1] = ns;
    l[o + 2] = (site.id << 4) | verdict;
    l[o + 3] = reason;
    l[o + 4] = a | 0;
    l[o + 5] = b | 0;
    this.refs[slot] = ref;
    this.snapInfo[slot] = 0;
    this.count++;
  }

  /** Twice the room. Until the ring is full, slots are seqs: they stay where they are. */
  private grow(): void {
    this.size *= 2;
    const { times, lanes, snaps, snapInfo, snapOf } = this;
    this.times = new Float64Array(this.size);
    this.times.set(times);
    this.lanes = new Int32Array(this.size * LANES);
    this.lanes.set(lanes);
    this.snaps = new Uint8Array(this.size * SNAP);
    this.snaps.set(snaps);
    this.snapInfo = new Int32Array(this.size);
    this.snapInfo.set(snapInfo);
    this.snapOf = new Float64Array(this.size);
    this.snapOf.set(snapOf);
  }

  /** Keeps the packet's bytes `from`…`to` with the record just made; gives that record's seq. */
  snap(protocol: number, buf: Uint8Array, from: number, to: number): number {
    const seq = this.count - 1;
    const slot = seq & (this.size - 1);
    const n = Math.min(SNAP, to - from);
    const { snaps } = this;
    for (let i = 0, o = slot * SNAP; i < n; i++) snaps[o + i] = buf[from + i]!;
    this.snapInfo[slot] = (protocol << 16) | n;
    this.snapOf[slot] = seq;
    return seq;
  }

  /** The record just made shows the same bytes as record `seq`. False when that is too long ago, or was of another EtherType. */
  snapAgain(seq: number, protocol: number): boolean {
    const info = this.snapInfo[seq & (this.size - 1)]!;
    if (seq < this.oldest || info >>> 16 !== protocol) return false;
    const slot = (this.count - 1) & (this.size - 1);
    this.snapInfo[slot] = info;
    this.snapOf[slot] = seq;
    return true;
  }

  /** The oldest seq still held. */
  get oldest(): number {
    return Math.max(0, this.count - RECORDER_CAPACITY);
  }

  /** Decodes one record, oldest <= seq < count. */
  at(seq: number): RawDecision {
    const slot = seq & (this.size - 1);
    const o = slot * LANES;
    const l = this.lanes;
    return {
      seq,
      t: this.times[slot]!,
      skb: l[o]!,
      ns: l[o + 1]!,
      site: l[o + 2]! >> 4,
      verdict: (l[o + 2]! & 15) as Verdict,
      reason: l[o + 3]!,
      ref: this.refs[slot]!,
      a: l[o + 4]!,
      b: l[o + 5]!,
      protocol: this.snapInfo[slot]! >>> 16,
      header: this.headerAt(slot),
    };
  }

  private headerAt(slot: number): Uint8Array | null {
    const from = this.snapOf[slot]!;
    if (this.snapInfo[slot] === 0 || from < this.oldest) return null;
    const o = (from & (this.size - 1)) * SNAP;
    return this.snaps.slice(o, o + (this.snapInfo[slot]! & 0xffff));
  }
}
