/** Which file system a path is on, from /proc/self/mounts. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { lines, readText } from "./io.ts";

export interface Mounted {
  readonly source: string;
  readonly target: string;
  readonly type: string;
}

export function* mountTable(sys: Sys): Call<readonly Mounted[]> {
  const text = yield* readText(sys, "/proc/self/mounts");
  if (typeof text === "number") return [];
  return lines(text).map((l) => {
    const [source, target, type] = l.split(" ") as [string, string, string];
    return { source, target, type };
  });
}

/** The mount that covers a canonical path: the longest, of several on one place the last. */
export function fileSystemOf(rows: readonly Mounted[], path: string): Mounted | null {
  let best: Mounted | null = null;
  for (const r of rows) {
    const covers = r.target === "/" || path === r.target || path.startsWith(`${r.target}/`);
    if (covers && (best === null || r.target.length >= best.target.length)) best = r;
  }
  return best;
}
