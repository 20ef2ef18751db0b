import { describe, expect, it } from "vitest";
import { normalizer, replay } from "../../testing/golden.ts";
import { commands as all } from "../registry.ts";
import address from "./testdata/address.golden.json";
import forms from "./testdata/ifconfig.golden.json";

describe("ifconfig answers as net-tools 2.10 does", () => {
  for (const [name, golden] of Object.entries({ forms, address }))
    it(name, () => {
      const { ours, real } = replay(all, golden.steps, normalizer(golden.steps));
      expect(ours).toEqual(real);
    });
});
