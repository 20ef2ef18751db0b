/** The mounts a process sees, from /proc/self/mountinfo, as a tree. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { lines, readText } from "../lib/io.ts";

export interface MountRow {
  readonly id: number;
  readonly parent: number;
  readonly target: string;
  readonly options: string;
  readonly fstype: string;
  readonly source: string;
}

const unescape = (text: string): string => text.replace(/\\([0-7]{3})/g, (_, o: string) => String.fromCharCode(Number.parseInt(o, 8)));

export function* readMounts(sys: Sys): Call<readonly MountRow[]> {
  const text = yield* readText(sys, "/proc/self/mountinfo");
  if (typeof text === "number") return [];
  return lines(text).map((l) => {
    const [head, tail] = l.split(" - ") as [string, string];
    const h = head.split(" ");
    const [fstype, source, options] = tail.split(" ") as [string, string, string];
    return {
      id: Number(h[0]),
      parent: Number(h[1]),
      target: unescape(h[4]!),
      options,
      fstype,
      source: unescape(source),
    };
  });
}

/** The topmost mount on exactly that place. */
export function mountAt(rows: readonly MountRow[], target: string): MountRow | null {
  return rows.findLast((r) => r.target === target) ?? null;
}
