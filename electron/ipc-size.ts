/** How large a message is, told without making a copy of it. */

/**
 * About how many bytes a structured-cloned value takes; stops counting above `limit`. Things that are not plain data, cycles and
 * very deep values count as too large.
 */
export function sizeOf(value: unknown, limit: number): number {
  let total = 0;
  const walk = (x: unknown, depth: number): void => {
    total += 8;
    if (total > limit) return;
    if (typeof x === "string") total += x.length * 2;
    else if (typeof x === "object" && x !== null) {
      const proto: unknown = Object.getPrototypeOf(x);
      if (depth > 64 || (!Array.isArray(x) && proto !== Object.prototype && proto !== null)) {
        total = Infinity;
        return;
      }
      for (const key of Object.keys(x)) {
        total += key.length * 2;
        if (total > limit) return;
        walk((x as Record<string, unknown>)[key], depth + 1);
      }
    } else if (typeof x === "function" || typeof x === "symbol" || typeof x === "bigint") total = Infinity;
  };
  walk(value, 0);
  return total;
}
