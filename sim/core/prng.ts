/**
 * Randomness: xoshiro128** seeded from (world seed, label). One stream per consumer ("network01/icmp-id"), so that a
 * new consumer does not shift another's numbers. Not for secrets.
 */
import { fnv1a } from "./hash.ts";

export class Prng {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;
  private readonly label: string;

  constructor(seed: number, label: string) {
    this.label = label;
    // splitmix32 over seed and label: four words, not all zero
    let x = (fnv1a(label) ^ (seed >>> 0)) >>> 0;
    const next = (): number => {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    };
    this.s0 = next();
    this.s1 = next();
    this.s2 = next();
    this.s3 = next() | 1;
  }

  /** A stream of its own for a sub-consumer. Does not advance this one. */
  split(label: string): Prng {
    return new Prng(this.s0 ^ this.s3, `${this.label}/${label}`);
  }

  /** 32 random bits as an unsigned number. */
  u32(): number {
    const m = Math.imul(this.s1, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
    const t = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= t;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result;
  }

  /** Uniform in [0, n), n in 1..2^32. */
  below(n: number): number {
    const limit = 4294967296 - (4294967296 % n);
    for (;;) {
      const v = this.u32();
      if (v < limit) return v % n;
    }
  }

  bytes(n: number): Uint8Array {
    const out = new Uint8Array(n);
    for (let i = 0; i < n; i++) out[i] = this.u32() & 255;
    return out;
  }
}
