/** Timing: two things in turn, A B A B …, so that a machine whose speed drifts slows both; medians, and the median of the pairs' ratios. */
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

export function median(xs: readonly number[]): number {
  return [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)]!;
}

/** Milliseconds that `f` takes. */
export function timed(f: () => void): number {
  const t = performance.now();
  f();
  return performance.now() - t;
}

export interface Pairs {
  /** medians */
  readonly ours: number;
  readonly theirs: number | null;
  /** median of theirs / ours, pair by pair; null without the other side */
  readonly ratio: number | null;
}

/** `pairs` turns of ours (`repeat` times each, for what takes a moment only) and theirs. One turn of ours goes before and is not counted. */
export function inPairs(pairs: number, repeat: number, ours: () => number, theirs: (() => number) | null): Pairs {
  for (let i = 0; i < repeat; i++) ours();
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < pairs; i++) {
    a.push(median(Array.from({ length: repeat }, ours)));
    if (theirs) b.push(theirs());
  }
  return { ours: median(a), theirs: theirs ? median(b) : null, ratio: theirs ? median(b.map((t, i) => t / a[i]!)) : null };
}

/** Runs a bash script in a network and mount namespace of its own, so that nothing of the machine is touched. Its standard output. */
export function inNamespace(script: string, env: Readonly<Record<string, string>> = {}): string {
  const r = spawnSync("unshare", ["--net", "--mount", "bash", "-c", `mount -t tmpfs none /run\n${script}`], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  if (r.error) throw r.error;
  if (r.status !== 0) throw new Error(`the real kernel's side failed: ${r.stderr}`);
  return r.stdout;
}

/** May this process make namespaces with iproute2? */
export function hasRealKernel(): boolean {
  return (
    process.platform === "linux" &&
    process.getuid?.() === 0 &&
    ["ip", "unshare", "ping", "gcc"].every((c) => spawnSync("which", [c]).status === 0)
  );
}
