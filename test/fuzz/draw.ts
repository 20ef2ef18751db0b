/** What all fuzzing shares: how long it runs (HOP_LONG=1: minutes), and choices that a seed repeats. */
import { Prng } from "../../sim/core/prng.ts";

export const LONG = process.env.HOP_LONG === "1";

/** Seeds to run: a few fixed ones, or many. Each failing test names its seed. */
export function seeds(short: number, long: number): number[] {
  return Array.from({ length: LONG ? long : short }, (_, i) => i + 1);
}

export class Draw {
  private readonly rng: Prng;
  constructor(seed: number, label: string) {
    this.rng = new Prng(seed, label);
  }
  /** 0 to n - 1 */
  below(n: number): number {
    return this.rng.below(n);
  }
  of<T>(list: readonly T[]): T {
    return list[this.rng.below(list.length)]!;
  }
  chance(percent: number): boolean {
    return this.rng.below(100) < percent;
  }
  /** the value, or nothing */
  maybe<T>(value: () => T, percent = 30): T | undefined {
    return this.chance(percent) ? value() : undefined;
  }
  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.rng.below(256));
  }
}
