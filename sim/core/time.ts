/**
 * Virtual time. An integer number of nanoseconds since the world's epoch, held in a Number: exact up to
 * 2^53 ns (about 104 days). Anything later is NEVER. There is no other clock in sim/.
 */
export type SimTime = number;

export const US = 1_000;
export const MS = 1_000_000;
export const SEC = 1_000_000_000;
/** A moment that does not come. Timers armed for it are never fired. */
export const NEVER: SimTime = Number.MAX_SAFE_INTEGER;

/** now + delay, saturating at NEVER. `delay` in ns, >= 0. */
export function after(now: SimTime, delay: number): SimTime {
  const at = now + delay;
  return at >= NEVER ? NEVER : at;
}
