import { describe, expect, it } from "vitest";
import { globMatch } from "./glob.ts";
import { quoteaf, quotef } from "./gnu.ts";
import { formatFloat, formatInteger } from "./printf.ts";

describe("file names in messages", () => {
  it.each([
    ["x", "'x'"],
    ["a b", "'a b'"],
    ["it's", '"it\'s"'],
    ["a\nb", "'a'$'\\n''b'"],
    ["a\n", "'a'$'\\n'"],
  ])("%j", (name, want) => expect(quoteaf(name)).toBe(want));
  it("stay bare when nothing in them is special", () =>
    expect([quotef("a.b/c-d"), quotef("a b"), quotef("a:b")]).toEqual(["a.b/c-d", "'a b'", "'a:b'"]));
});

it("globs match in linear time", () => {
  expect(globMatch("*.c", "x.c")).toBe(true);
  expect(globMatch("[!a]?", "bz")).toBe(true);
  expect(globMatch("[a-c]*[]]", "b]")).toBe(true);
  expect(globMatch("A*", "abc", true)).toBe(true);
  expect(globMatch("*a".repeat(50) + "b", "a".repeat(5000))).toBe(false);
});

it("formats numbers as printf(3)", () => {
  const c = (type: string, flags = "", width = 0, precision = -1): { type: string; flags: string; width: number; precision: number } => ({
    type,
    flags,
    width,
    precision,
  });
  expect(formatInteger(-5n, c("d", "0", 6))).toBe("-00005");
  expect(formatInteger(-1n, c("x"))).toBe("ffffffffffffffff");
  expect(formatInteger(255n, c("x", "#"))).toBe("0xff");
  expect(formatFloat(0.0001, c("g"))).toBe("0.0001");
  expect(formatFloat(1e-5, c("g"))).toBe("1e-05");
  expect(formatFloat(12345.678, c("e"))).toBe("1.234568e+04");
  expect(formatFloat(1e22, c("f", "", 0, 0))).toBe("10000000000000000000000");
});
