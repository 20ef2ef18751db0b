import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { NOT_MODELLED_FILE, notModelledText } from "./not-modelled.ts";

it("docs/not-modelled.md is up to date (npm run docs:not-modelled)", () => {
  expect(readFileSync(NOT_MODELLED_FILE, "utf8")).toBe(notModelledText());
});
