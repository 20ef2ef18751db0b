import { expect, it } from "vitest";
import { normalizer, replay } from "../../testing/golden.ts";
import { commands as all } from "../registry.ts";
import golden from "./testdata/route.golden.json";
import golden6 from "./testdata/route6.golden.json";

it("answers as net-tools 2.10 does", () => {
  const { ours, real } = replay(all, golden.steps, normalizer(golden.steps));
  expect(ours).toEqual(real);
});

it("shows what ends a lookup in each IPv6 table without a default route", () => {
  const { ours, real } = replay(all, golden6.steps, normalizer(golden6.steps));
  expect(ours).toEqual(real);
});
