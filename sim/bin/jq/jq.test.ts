import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type GoldenStep, replay } from "../../testing/golden.ts";
import { makeRig } from "../../testing/rig.ts";
import { commands } from "./index.ts";

const { steps } = JSON.parse(readFileSync(new URL("testdata/jq.golden.json", import.meta.url), "utf8")) as { steps: GoldenStep[] };

describe("jq", () => {
  const { ours, real } = replay(commands, steps);
  for (const [i, r] of real.entries()) it(`answers as jq 1.6 does: ${r.cmd}`, () => expect(ours[i]).toEqual(r));
});

describe("jq's limits", () => {
  const run = (filter: string): { code: number; text: string } => {
    const rig = makeRig({ commands });
    const r = rig.run(["jq", "-nc", filter]);
    return { code: r.code, text: r.stdout + r.stderr };
  };

  it("recursion in tail position needs no room", () => {
    expect(run("def f: if . > 300000 then . else . + 1 | f end; 0 | f")).toEqual({ code: 0, text: "300001\n" });
  });

  it.each([
    ["[repeat(1)]", "an array of more than 1000000 elements"],
    ["def f: 1 + f; f", "a recursion deeper than 200000 steps"],
    ["reduce range(20000) as $x (1; [.])", "a value of more than 1500 levels"],
    ['"a" | until(false; . + .)', "a value longer than 16777216"],
    ['"a" | test("(?=a)")', "look-ahead and look-behind in a regular expression"],
    ["1 | gamma", "the function gamma/0"],
  ])("says what is too much: %s", (filter, what) => {
    expect(run(filter)).toEqual({ code: 64, text: `hop: jq: ${what} is not simulated\n` });
  });
});
