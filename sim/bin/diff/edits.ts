/** The shortest edit script of two lists (Myers, "An O(ND) Difference Algorithm", 1986), as runs of lines to take out and put in. */
import type { Call, Sys } from "../../kernel/abi.ts";

/** Lines [a, a + del) of the old file become lines [b, b + ins) of the new one. From 0. */
export interface Change {
  readonly a: number;
  readonly b: number;
  readonly del: number;
  readonly ins: number;
}

export function* changes(sys: Sys, x: readonly string[], y: readonly string[]): Call<Change[]> {
  let start = 0;
  while (start < x.length && start < y.length && x[start] === y[start]) start++;
  let [n, m] = [x.length, y.length];
  while (n > start && m > start && x[n - 1] === y[m - 1]) {
    n--;
    m--;
  }
  const trace: Map<number, number>[] = [];
  let v = new Map<number, number>([[1, 0]]);
  const [width, height] = [n - start, m - start];
  let steps = 0;
  search: for (let d = 0; d <= width + height; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1));
      let i = down ? (v.get(k + 1) ?? 0) : (v.get(k - 1) ?? 0) + 1;
      while (i < width && i - k < height && x[start + i] === y[start + i - k]) i++;
      v.set(k, i);
      if (++steps % 1000 === 0) yield* sys.tick(100);
      if (i >= width && i - k >= height) break search;
    }
    v = new Map(v);
  }
  const changedX = new Set<number>();
  const changedY = new Set<number>();
  let [i, j] = [width, height];
  for (let d = trace.length - 1; d > 0; d--) {
    const at = trace[d]!;
    const k = i - j;
    const down = k === -d || (k !== d && (at.get(k - 1) ?? -1) < (at.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const pi = at.get(from) ?? 0;
    const pj = pi - from;
    if (down) changedY.add(start + pj);
    else changedX.add(start + pi);
    [i, j] = [pi, pj];
  }
  return runs(x, y, changedX, changedY);
}

/** Changed lines as runs; a run is moved down as far as equal lines allow, as diff(1) shows it. */
function runs(x: readonly string[], y: readonly string[], changedX: Set<number>, changedY: Set<number>): Change[] {
  shift(x, changedX);
  shift(y, changedY);
  const list: Change[] = [];
  let [a, b] = [0, 0];
  while (a < x.length || b < y.length) {
    if (!changedX.has(a) && !changedY.has(b)) {
      a++;
      b++;
      continue;
    }
    const from = { a, b };
    while (changedX.has(a)) a++;
    while (changedY.has(b)) b++;
    list.push({ ...from, del: a - from.a, ins: b - from.b });
  }
  return list;
}

function shift(lines: readonly string[], changed: Set<number>): void {
  for (let from = 0; from < lines.length; from++) {
    if (!changed.has(from)) continue;
    let [lo, hi] = [from, from];
    while (changed.has(hi + 1)) hi++;
    while (hi + 1 < lines.length && lines[lo] === lines[hi + 1]) {
      changed.delete(lo++);
      changed.add(++hi);
      while (changed.has(hi + 1)) hi++;
    }
    from = hi;
  }
}
