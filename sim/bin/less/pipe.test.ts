import { expect, it } from "vitest";
import { normalizer, replay } from "../../testing/golden.ts";
import { commands } from "./index.ts";
import golden from "./testdata/pipe.golden.json";

it("says what is wrong with a file among the text when nobody pages", () => {
  const { ours, real } = replay(commands, golden.steps, normalizer(golden.steps));
  expect(ours).toEqual(real);
});
