import { describe, expect, it } from "vitest";
import { compileRegex, type Dialect, Regex, type RegexFailure } from "./regex.ts";

function found(source: string, dialect: Dialect, text: string): string | null | RegexFailure {
  const re = compileRegex(source, dialect);
  if (!(re instanceof Regex)) return re;
  const m = re.exec(text);
  return m === null ? null : text.slice(m[0], m[1]);
}

describe("basic expressions", () => {
  it.each([
    ["a*", "aab", "aa"],
    ["*a", "x*a", "*a"],
    ["a\\+", "baa", "aa"],
    ["a+", "a+", "a+"],
    ["\\(ab\\)*c", "ababc", "ababc"],
    ["a\\{2\\}", "aaa", "aa"],
    ["a^b$c", "a^b$c", "a^b$c"],
    ["^a", "ba", null],
    ["[]x]*", "]x]", "]x]"],
    ["[a\\]", "\\", "\\"],
    ["x\\|yy", "yy", "yy"],
    ["\\<foo\\>", "a foo b", "foo"],
    ["[[:digit:]-]*", "1-2", "1-2"],
    ["a**", "aaa", "aaa"],
  ])("%s in %s", (re, text, want) => expect(found(re, "bre", text)).toBe(want));
});

describe("extended expressions", () => {
  it.each([
    ["a|ab", "ab", "ab"], // the longest, not the first
    ["(a|b)+c", "abac", "abac"],
    ["a{1,2}", "aaa", "aa"],
    ["a{", "a{", "a{"],
    ["x?$", "x", "x"],
    ["a+*", "aa", "aa"],
  ])("%s in %s", (re, text, want) => expect(found(re, "ere", text)).toBe(want));
});

it.each([
  ["(", "ere", "Unmatched ( or \\("],
  ["\\(", "bre", "Unmatched ( or \\("],
  ["[a", "bre", "Unmatched [, [^, [:, [., or [="],
  ["a\\{1", "bre", "Unmatched \\{"],
  ["a\\", "bre", "Trailing backslash"],
  ["[z-a]", "bre", "Invalid range end"],
  ["[[:foo:]]", "bre", "Invalid character class name"],
] as const)("%s is refused", (re, dialect, message) => expect(found(re, dialect, "")).toEqual({ message, notSimulated: null }));

it("refuses back-references as not simulated", () =>
  expect(found("\\(a\\)\\1", "bre", "aa")).toEqual({ message: null, notSimulated: "a back-reference" }));

it("stays linear on what blows up backtracking engines", () => {
  expect(found("(a*)*b", "ere", "a".repeat(20000))).toBe(null);
  expect(found("(x+x+)+y", "ere", "x".repeat(20000))).toBe(null);
});
