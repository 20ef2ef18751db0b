import { expect, it } from "vitest";
import { civil, daysOf, strftime } from "./calendar.ts";

it("counts days as the calendar does", () => {
  expect(daysOf(1970, 1, 1)).toBe(0);
  expect(daysOf(2026, 1, 1)).toBe(20454);
  for (const d of [0, 11016, 20454, 47540]) {
    const c = civil(d * 86400 + 3661);
    expect(daysOf(c.year, c.month, c.day)).toBe(d);
    expect([c.hour, c.minute, c.second]).toEqual([1, 1, 1]);
  }
  expect(strftime("%F %T %a %j %V %G %N", 1767225600, 5)).toBe("2026-01-01 00:00:00 Thu 001 01 2026 000000005");
});

it("formats a moment as glibc does, and knows date(1)'s own conversions only with nanoseconds", () => {
  const at = (format: string): string => strftime(format, 1_000_000_000);
  expect(at("%c|%5d|%_5d|%-d|%U|%V|%Od|%#a|%#Z|%010Y")).toBe("Sun Sep  9 01:46:40 2001|00009|    9|9|36|36|09|SUN|utc|0000002001");
  expect(at("%N %q %:z %E %+ %J")).toBe("%N %q %:z %E %+ %J");
  expect(strftime("%N %q %:z", 1_000_000_000, 5)).toBe("000000005 3 +00:00");
});
