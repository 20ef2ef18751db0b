import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type GoldenStep, normalizer, replay } from "../../testing/golden.ts";
import { commands } from "../registry.ts";

it("hostname answers as the real one", () => {
  const { steps } = JSON.parse(readFileSync(new URL("testdata/hostname.golden.json", import.meta.url), "utf8")) as { steps: GoldenStep[] };
  const { ours, real } = replay(commands, steps, normalizer(steps));
  for (let i = 0; i < real.length; i++) expect.soft(ours[i]).toEqual(real[i]);
});
