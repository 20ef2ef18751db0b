/** Lab times for people. */

/** Nanoseconds on the lab's clock as its machines tell the time of day: 00:02:14.6 (tenths of a second; `digits` for more). */
export function labTime(ns: number, digits = 1): string {
  const seconds = Math.floor(ns / 1e9);
  const two = (n: number): string => String(n).padStart(2, "0");
  const fraction = String(Math.floor((ns % 1e9) / 10 ** (9 - digits))).padStart(digits, "0");
  return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}
