import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Answer, type GoldenStep, replay } from "../../testing/golden.ts";
import { commands } from "./index.ts";

/** Usage texts are ours; MACs that no command names are random. */
function normalizer(steps: readonly GoldenStep[]): (text: string) => string {
  const named = new Set(steps.flatMap((s) => s.cmd.match(/([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}/g) ?? []));
  return (text) =>
    text
      .replace(/^(?:Usage|Error: .*\nUsage)[^]*$/m, "Usage\n")
      .replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, (m) => (named.has(m) || /^(00:){5}|^(ff:){5}|^01:80:c2/.test(m) ? m : "MAC"))
      .replace(/gc_timer +[0-9.]+/, "gc_timer T")
      .replace(/forward_delay_timer +[0-9.]+/, "forward_delay_timer T");
}

/** The kernel keeps neighbours in a hash table with a random seed: any order will do. */
function unordered(a: Answer): Answer {
  if (!/^ip( -\S+)* n/.test(a.cmd)) return a;
  const rows = a.stdout.startsWith("[") ? (JSON.parse(a.stdout) as unknown[]).map((r) => JSON.stringify(r)) : a.stdout.split("\n");
  return { ...a, stdout: rows.sort().join("\n") };
}

describe("ip prints what iproute2 6.1 prints", () => {
  for (const name of ["link-words", "addr-words", "route-words", "neigh-words", "netns-words"]) {
    it(name, () => {
      const { steps } = JSON.parse(readFileSync(new URL(`testdata/${name}.golden.json`, import.meta.url), "utf8")) as { steps: GoldenStep[] };
      const { ours, real } = replay(commands, steps, normalizer(steps));
      for (let i = 0; i < real.length; i++) expect.soft(unordered(ours[i]!)).toEqual(unordered(real[i]!));
    });
  }
});
