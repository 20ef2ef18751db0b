import { describe, expect, it } from "vitest";
import { catalogues, format, type MessageKey } from "./index.ts";

const names = (message: string): string[] => [...message.matchAll(/\{(\w+)(?:\|[^}]+)?\}/g)].map((m) => m[1] ?? "").sort();
const keys = Object.keys(catalogues.en) as MessageKey[];

describe("both languages say the same facts", () => {
  it.each(keys)("%s fills in the same values", (key) => {
    expect([...new Set(names(catalogues.ko[key]))]).toEqual([...new Set(names(catalogues.en[key]))]);
  });
  it("has the same keys in the same order", () => expect(Object.keys(catalogues.ko)).toEqual(keys));
  it("leaves nothing empty", () => {
    for (const locale of ["en", "ko"] as const)
      for (const key of keys) expect(catalogues[locale][key].trim(), `${locale} ${key}`).not.toBe("");
  });
});

describe("the house style", () => {
  it("English: no filler, no apology, no exclamation", () => {
    for (const key of keys) expect(catalogues.en[key], key).not.toMatch(/!|\b(just|simply|easy|obviously|oops|invalid|please)\b/i);
  });
  it("Korean: 합니다체, no 해요체", () => {
    for (const key of keys) expect(catalogues.ko[key], key).not.toMatch(/[세해어아]요(?:[.!?]|$)/);
  });
});

describe("format", () => {
  it("fills in values and leaves unknown names as they are", () => expect(format("{a} of {b}", { a: 1 })).toBe("1 of {b}"));
  it("adds the Korean particle", () => expect(format("{m|이/가} 왔습니다", { m: "network02" })).toBe("network02가 왔습니다"));
});
