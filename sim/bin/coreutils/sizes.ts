/** Numbers with a unit behind, as dd, split, truncate and their like read them: 512, 4K, 1MB, 2GiB. */

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  c: 1,
  w: 2,
  b: 512,
};

/** In bytes; null for what is no size. K and KiB are 1024, kB is 1000, and so on up to E. */
export function sizeOf(text: string): number | null {
  const m = /^([0-9]+)([A-Za-z]*)$/.exec(text);
  if (m === null) return null;
  const unit = m[2]!;
  if (UNITS[unit] !== undefined) return Number(m[1]) * UNITS[unit];
  const u = /^([kKmMgGtTPE])(B|iB)?$/.exec(unit);
  if (u === null) return null;
  return Number(m[1]) * (u[2] === "B" ? 1000 : 1024) ** ("KMGTPE".indexOf(u[1]!.toUpperCase()) + 1);
}
