import { expect, it } from "vitest";
import { normalizer, replay } from "../../testing/golden.ts";
import { commands as all } from "../registry.ts";
import golden from "./testdata/route.golden.json";

it("answers as net-tools 2.10 does", () => {
  const { ours, real } = replay(all, golden.steps, normalizer(golden.steps));
  expect(ours).toEqual(real);
});
