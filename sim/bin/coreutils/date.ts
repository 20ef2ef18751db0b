/** date and cal's little brother: the realtime clock in UTC, formats, and the dates `-d` and `touch -d` understand. */
import { strerror } from "../../core/result.ts";
import { gnuCommand, quote } from "../lib/gnu.ts";
import { civil, DAYS, daysOf, MONTHS, strftime } from "../../core/calendar.ts";

const DAY = 86400;

/**
 * A date as people write it, in ns since the epoch, or null: now, today, yesterday, tomorrow, @SECONDS, ISO dates and times,
 * "Jan 1 2026", weekdays, "3 days ago", "+2 hours", "next week". `now` in ns. Zones other than UTC are not understood.
 */
export function parseDate(text: string, now: number): number | null {
  const nowSeconds = Math.floor(now / 1e9);
  const at = /^\s*@(-?[0-9]+)(?:\.([0-9]{1,9}))?\s*$/.exec(text);
  if (at !== null) return Number(at[1]) * 1e9 + Number((at[2] ?? "0").padEnd(9, "0"));
  const c = civil(nowSeconds);
  let [year, month, day] = [c.year, c.month, c.day];
  let seconds: number | null = null;
  let nanos = 0;
  let moved = 0;
  let months = 0;
  let sub = true;
  let rest = text.trim().toLowerCase();
  const eat = (re: RegExp): RegExpExecArray | null => {
    const m = re.exec(rest);
    if (m !== null) rest = rest.slice(m[0].length).replace(/^[\s,]+/, "");
    return m;
  };
  // eslint-disable-next-line no-unmodified-loop-condition -- eat() shortens it
  while (rest !== "") {
    let m: RegExpExecArray | null;
    if ((m = eat(/^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:t|\b)/)) !== null)
      [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
    else if ((m = eat(/^([0-9]{1,2})\/([0-9]{1,2})\/([0-9]{4})\b/)) !== null)
      [month, day, year] = [Number(m[1]), Number(m[2]), Number(m[3])];
    else if ((m = eat(/^([0-9]{4})([0-9]{2})([0-9]{2})\b/)) !== null) [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
    else if ((m = eat(/^([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?\s*(am|pm)?/)) !== null) {
      let hour = Number(m[1]);
      if (m[5] !== undefined) {
        if (hour < 1 || hour > 12) return null;
        hour = (hour % 12) + (m[5] === "pm" ? 12 : 0);
      }
      if (hour > 23 || Number(m[2]) > 59 || Number(m[3] ?? 0) > 60) return null;
      seconds = hour * 3600 + Number(m[2]) * 60 + Number(m[3] ?? 0);
      nanos = Number((m[4] ?? "0").padEnd(9, "0"));
      sub = false;
    } else if (eat(/^(?:utc|gmt|z|\+00:?00)(?![a-z])/) !== null) continue;
    else if (eat(/^now\b/) !== null) continue;
    else if (eat(/^(?:today)\b/) !== null) continue;
    else if (eat(/^yesterday\b/) !== null) moved -= DAY;
    else if (eat(/^tomorrow\b/) !== null) moved += DAY;
    else if (eat(/^(?:midnight)\b/) !== null) seconds = 0;
    else if (eat(/^noon\b/) !== null) seconds = 12 * 3600;
    else if (
      (m = eat(/^([-+]?)\s*([0-9]+|next|last|an?)\s*(sec(?:ond)?|min(?:ute)?|hour|day|week|fortnight|month|year)s?\b\s*(ago\b)?/)) !== null
    ) {
      const n = m[2] === "last" ? -1 : /^[0-9]+$/.test(m[2]!) ? Number(m[2]) : 1;
      const signed = (m[1] === "-" ? -n : n) * (m[4] === undefined ? 1 : -1);
      const unit = m[3]!;
      if (unit === "month") months += signed;
      else if (unit === "year") months += 12 * signed;
      else
        moved +=
          signed *
          (unit.startsWith("sec")
            ? 1
            : unit.startsWith("min")
              ? 60
              : unit === "hour"
                ? 3600
                : unit === "day"
                  ? DAY
                  : unit === "week"
                    ? 7 * DAY
                    : 14 * DAY);
    } else if ((m = eat(/^(?:(next|last)\s+)?(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b/)) !== null) {
      const want = DAYS.findIndex((d) => d.toLowerCase().startsWith(m![2]!));
      let ahead = (want - c.weekday + 7) % 7;
      if (m[1] === "next" && ahead === 0) ahead = 7;
      if (m[1] === "last") ahead -= 7;
      moved += ahead * DAY;
      seconds ??= 0;
      sub = false;
    } else if (
      (m = eat(
        /^(?:([0-9]{1,2})[ -])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ -]*([0-9]{1,2})?(?![0-9:])(?:[ ,-]+([0-9]{4}))?/,
      )) !== null
    ) {
      month = MONTHS.findIndex((n) => n.toLowerCase().startsWith(m![2]!)) + 1;
      day = Number(m[1] ?? m[3] ?? 1);
      if (m[4] !== undefined) year = Number(m[4]);
    } else if ((m = eat(/^([0-9]{4})\b/)) !== null) year = Number(m[1]);
    else return null;
    if (/^(?:[0-9]{4}|[0-9]{1,2}\/|[0-9]{8}|.*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))/.test(m?.[0] ?? "")) {
      seconds ??= 0;
      sub = false;
    }
  }
  if (text.trim() === "") {
    seconds = 0;
    sub = false;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const keep = c.hour * 3600 + c.minute * 60 + c.second;
  const total = daysOf(year, month + months, day) * DAY + (seconds ?? keep) + moved;
  return total * 1e9 + (sub && seconds === null ? now - nowSeconds * 1e9 : nanos);
}

const date = gnuCommand({
  name: "date",
  usage: ["[OPTION]... [+FORMAT]"],
  summary: "display date and time in the given FORMAT",
  description: ["FORMAT uses the conversions of strftime(3), with %N for nanoseconds. The machines of a lab keep UTC."],
  options: [
    { names: ["-d", "--date"], arg: "STRING", help: "show this time, not now" },
    { names: ["-I", "--iso-8601"], arg: "[FMT]", help: "ISO 8601: date, hours, minutes, seconds or ns" },
    { names: ["-R", "--rfc-email"], help: "as in an e-mail" },
    { names: ["--rfc-3339"], arg: "FMT", help: "RFC 3339: date, seconds or ns" },
    { names: ["-r", "--reference"], arg: "FILE", help: "time of the last change of FILE" },
    { names: ["-u", "--utc", "--universal"], help: "UTC, which it is anyway" },
    { names: ["-f", "--file"], arg: "DATEFILE", help: "dates from the lines of a file", notModelled: true },
    { names: ["--debug"], help: "say how the date was read", notModelled: true },
    { names: ["--resolution"], help: "resolution of the clock", notModelled: true },
    { names: ["-s", "--set"], arg: "STRING", help: "set the clock", notModelled: true },
  ],
  *main(t, options, operands) {
    let ns = yield* t.sys.clock_gettime("realtime");
    let format: string | null = null;
    for (const { name, value } of options) {
      if (name === "-d") {
        const when = parseDate(value!, ns);
        if (when === null) return yield* t.die(`invalid date ${quote(value!)}`);
        ns = when;
      } else if (name === "-r") {
        const st = yield* t.sys.stat(value!);
        if (typeof st === "number") return yield* t.die(`${value}: ${strerror(st)}`);
        ns = st.mtime;
      } else if (name === "-R") format = "%a, %d %b %Y %H:%M:%S %z";
      else if (name === "-I" || name === "--rfc-3339") {
        const sep = name === "-I" ? "T" : " ";
        const forms: Readonly<Record<string, string>> = {
          date: "%Y-%m-%d",
          hours: `%Y-%m-%d${sep}%H%:z`,
          minutes: `%Y-%m-%d${sep}%H:%M%:z`,
          seconds: `%Y-%m-%d${sep}%H:%M:%S%:z`,
          ns: `%Y-%m-%d${sep}%H:%M:%S${name === "-I" ? "," : "."}%N%:z`,
        };
        const key = Object.keys(forms).find((k) => k.startsWith(value ?? "date"));
        if (key === undefined) {
          const valid = (name === "-I" ? ["hours", "minutes", "date", "seconds", "ns"] : ["date", "seconds", "ns"])
            .map((k) => `\n  - ‘${k}’`)
            .join("");
          return yield* t.usage(
            `invalid argument ${quote(value!)} for ‘${name === "-I" ? "--iso-8601" : name}’\nValid arguments are:${valid}`,
          );
        }
        format = forms[key]!;
      }
    }
    for (const o of operands) {
      if (o.startsWith("+")) {
        if (o !== operands[0]) return yield* t.usage(`extra operand ${quote(o)}`);
        if (format !== null) return yield* t.die("multiple output formats specified");
        format = o.slice(1);
      } else if (operands.length > 1) yield* t.usage(`extra operand ${quote(operands[1]!)}`);
      else if (options.some((x) => x.name === "-d" || x.name === "-r")) {
        yield* t.usage(
          `the argument ${quote(o)} lacks a leading '+';\nwhen using an option to specify date(s), any non-option\nargument must be a format string beginning with '+'`,
        );
      } else if (!/^[0-9]{8}([0-9]{2}){0,2}(\.[0-9]{2})?$/.test(o)) return yield* t.die(`invalid date ${quote(o)}`);
      else yield* t.notSimulated("setting the clock");
    }
    const seconds = Math.floor(ns / 1e9);
    yield* t.out.print(`${strftime(format ?? "%a %b %e %H:%M:%S UTC %Y", seconds, ns - seconds * 1e9)}\n`);
    return 0;
  },
});

export const dateCommands = [date];
