/**
 * A running hash over everything that happens in a world: each event's time, number and kind, what terminals show, what
 * wires carry. Two runs of the same log must end with the same digest, however they were sliced.
 */
import { mixBytes, mixWord } from "../core/hash.ts";
import type { Timer } from "../core/scheduler.ts";

export class Digest {
  private h = 0;
  private data = 0;
  private count = 0;

  event(t: Timer): void {
    const high = Math.floor(t.at / 4_294_967_296);
    this.h = mixWord(mixWord(mixWord(this.h, (t.at - high * 4_294_967_296) | 0), high), (t.seq << 5) ^ t.kind);
    this.count++;
  }
  bytes(b: Uint8Array, from = 0, to: number = b.length): void {
    this.data = mixBytes(this.data, b, from, to);
  }
  /** "events-hash-hash" */
  toString(): string {
    return `${this.count}-${hex(this.h)}-${hex(this.data)}`;
  }
}

function hex(n: number): string {
  return (n >>> 0).toString(16).padStart(8, "0");
}
