/** What the chapters show as output is what the simulator prints today. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { chaptersWithOutputs, makeOutputs } from "../../scripts/outputs.ts";

for (const chapter of chaptersWithOutputs()) {
  it(`outputs of ${chapter} are up to date (npm run outputs)`, () => {
    expect(makeOutputs(chapter)).toBe(readFileSync(join(import.meta.dirname, "../../chapters", chapter, "outputs.json"), "utf8"));
  });
}
