/**
 * A running hash over everything that happens in a world: each event's time, number and kind, what terminals show, what
 * wires carry. Two runs of the same log must end with the same digest, however they were sliced.
 */
import { fnvBytes, fnvWord } from "../core/hash.ts";
import type { Timer } from "../core/scheduler.ts";

export class Digest {
  private h = 0x811c9dc5;
  private data = 0x811c9dc5;
  private count = 0;

  event(t: Timer): void {
    let h = fnvWord(this.h, t.at >>> 0);
    h = fnvWord(h, (t.at / 4_294_967_296) >>> 0);
    this.h = fnvWord(h, (t.seq << 5) ^ t.kind);
    this.count++;
  }
  bytes(b: Uint8Array): void {
    this.data = fnvBytes(this.data, b);
  }
  /** "events-hash-hash" */
  toString(): string {
    return `${this.count}-${hex(this.h)}-${hex(this.data)}`;
  }
}

function hex(n: number): string {
  return n.toString(16).padStart(8, "0");
}
