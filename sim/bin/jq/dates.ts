/** gmtime, mktime, strftime, strptime: "broken down time" is [year, month 0–11, day, hours, minutes, seconds, weekday, day of the year 0–365], in UTC. */
import { civil, DAYS, daysOf, MONTHS, strftime as format } from "../../core/calendar.ts";
import { fail, isArray, type Json } from "./value.ts";

export function gmtime(v: Json): Json {
  if (typeof v !== "number") return fail("gmtime() requires a number");
  const c = civil(Math.floor(v));
  const seconds = c.second + (v - Math.floor(v));
  return [c.year, c.month - 1, c.day, c.hour, c.minute, seconds, c.weekday, c.yearDay - 1];
}

export function mktime(v: Json): number {
  if (!isArray(v)) return fail("mktime requires array inputs");
  const n = v.slice(0, 6);
  if (n.length < 6 || !n.every((x) => typeof x === "number")) return fail("mktime requires parsed datetime inputs");
  const [year, month, day, hour, minute, second] = n as number[];
  return daysOf(year!, month! + 1, day!) * 86400 + hour! * 3600 + minute! * 60 + Math.floor(second!);
}

export function strftime(v: Json, layout: Json): string {
  if (typeof v === "number") return strftime(gmtime(v), layout);
  if (!isArray(v)) return fail("strftime/1 requires parsed datetime inputs");
  if (typeof layout !== "string") return fail("strftime/1 requires a string format");
  return format(layout, mktime(v));
}

interface Parsed {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** in seconds, of %s */
  epoch: number | null;
  pm: boolean | null;
}

/** Shorter forms of others. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["T", "%H:%M:%S"],
  ["D", "%m/%d/%y"],
  ["F", "%Y-%m-%d"],
  ["R", "%H:%M"],
  ["c", "%a %b %e %H:%M:%S %Y"],
  ["h", "%b"],
]);

/** strptime(3). Without a date in the text the day is 1900-01-00, whose weekday and day of the year come out as in jq 1.6. */
export function strptime(v: Json, layout: Json): Json {
  if (typeof v !== "string") return fail("strptime/1 requires string inputs and arguments");
  if (typeof layout !== "string") return fail("strptime/1 requires string inputs and arguments");
  const p: Parsed = { year: 1900, month: 0, day: 0, hour: 0, minute: 0, second: 0, epoch: null, pm: null };
  const rest = read(v, layout, p);
  if (rest === null || rest.trim() !== "") return fail(`date "${v}" does not match format "${layout}"`);
  if (p.epoch !== null) return gmtime(p.epoch);
  const hour = p.pm === null ? p.hour : (p.hour % 12) + (p.pm ? 12 : 0);
  if (p.day === 0) return [p.year, p.month, 0, hour, p.minute, p.second, 0, 367].map((x, i) => (i === 6 ? 8 : x));
  const days = daysOf(p.year, p.month + 1, p.day);
  return [p.year, p.month, p.day, hour, p.minute, p.second, (((days + 4) % 7) + 7) % 7, days - daysOf(p.year, 1, 1)];
}

function read(text: string, layout: string, p: Parsed): string | null {
  for (let i = 0; i < layout.length; i++) {
    const c = layout[i]!;
    if (/\s/.test(c)) {
      text = text.trimStart();
      continue;
    }
    if (c !== "%") {
      if (!text.startsWith(c)) return null;
      text = text.slice(1);
      continue;
    }
    const left = field(layout[++i] ?? "", text, p);
    if (left === null) return null;
    text = left;
  }
  return text;
}

function field(letter: string, text: string, p: Parsed): string | null {
  const long = SHORT.get(letter);
  if (long !== undefined) return read(text, long, p);
  const number = (digits: number, low: number, high: number, set: (n: number) => void): string | null => {
    const m = new RegExp(`^\\s*([+-]?\\d{1,${digits}})`).exec(text);
    if (m === null || Number(m[1]) < low || Number(m[1]) > high) return null;
    set(Number(m[1]));
    return text.slice(m[0].length);
  };
  const name = (names: readonly string[], set: (i: number) => void): string | null => {
    for (const [i, n] of names.entries())
      for (const form of [n, n.slice(0, 3)])
        if (text.toLowerCase().startsWith(form.toLowerCase())) {
          set(i);
          return text.slice(form.length);
        }
    return null;
  };
  switch (letter) {
    case "Y":
      return number(4, 0, 9999, (n) => (p.year = n));
    case "y":
      return number(2, 0, 99, (n) => (p.year = n + (n < 69 ? 2000 : 1900)));
    case "m":
      return number(2, 1, 12, (n) => (p.month = n - 1));
    case "d":
    case "e":
      return number(2, 1, 31, (n) => (p.day = n));
    case "j":
      return number(3, 1, 366, (n) => {
        p.month = 0;
        p.day = n;
      });
    case "H":
    case "k":
      return number(2, 0, 23, (n) => (p.hour = n));
    case "I":
    case "l":
      return number(2, 1, 12, (n) => (p.hour = n));
    case "M":
      return number(2, 0, 59, (n) => (p.minute = n));
    case "S":
      return number(2, 0, 61, (n) => (p.second = n));
    case "s":
      return number(15, -1e14, 1e14, (n) => (p.epoch = n));
    case "a":
    case "A":
      return name(DAYS, () => {});
    case "b":
    case "B":
      return name(MONTHS, (i) => (p.month = i));
    case "p":
      return name(["AM", "PM"], (i) => (p.pm = i === 1));
    case "Z":
      return /^(?:[A-Za-z]+)/.test(text) ? text.replace(/^[A-Za-z]+/, "") : text;
    case "z":
      return /^(?:Z|[+-]\d\d:?\d\d)/.test(text) ? text.replace(/^(?:Z|[+-]\d\d:?\d\d)/, "") : null;
    case "%":
      return text.startsWith("%") ? text.slice(1) : null;
    case "n":
    case "t":
      return text.trimStart();
  }
  return null;
}
