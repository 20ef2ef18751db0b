/**
 * The calendar, for UTC and without Date: days counted from 1970-01-01, dates of the Gregorian calendar, and strftime(3) in the C
 * locale with what date(1) knows beyond it. Left out: time zones, leap seconds.
 */

export interface Civil {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 Sunday */
  readonly weekday: number;
  /** 1..366 */
  readonly yearDay: number;
}

export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
export const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Days since 1970-01-01 of a date of the Gregorian calendar; months and days out of range carry over. */
export function daysOf(year: number, month: number, day: number): number {
  const y = year + Math.floor((month - 1) / 12);
  const m = ((((month - 1) % 12) + 12) % 12) + 1;
  const a = m <= 2 ? y - 1 : y;
  const era = Math.floor(a / 400);
  const yoe = a - era * 400;
  const doy = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719468;
}

/** Calendar date and time of day of a moment in seconds since the epoch. */
export function civil(seconds: number): Civil {
  const days = Math.floor(seconds / 86400);
  const rest = seconds - days * 86400;
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor((rest % 3600) / 60),
    second: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysOf(year, 1, 1) + 1,
  };
}

/** ISO 8601 week and its year. */
function isoWeek(c: Civil): { year: number; week: number } {
  const weekday = (c.weekday + 6) % 7;
  const week = Math.floor((c.yearDay - 1 - weekday + 10) / 7);
  const weeksIn = (y: number): number => {
    const jan1 = (((daysOf(y, 1, 1) + 3) % 7) + 7) % 7;
    const leap = daysOf(y + 1, 1, 1) - daysOf(y, 1, 1) === 366;
    return jan1 === 3 || (leap && jan1 === 2) ? 53 : 52;
  };
  if (week < 1) return { year: c.year - 1, week: weeksIn(c.year - 1) };
  if (week > weeksIn(c.year)) return { year: c.year + 1, week: 1 };
  return { year: c.year, week };
}

/**
 * strftime(3) with GNU's flags - _ 0 ^ # and widths; what is no conversion stays as it is. With nanoseconds it is date(1)'s format language,
 * which has %N, %q and %:z besides.
 */
export function strftime(format: string, seconds: number, nanos: number | null = null): string {
  const c = civil(seconds);
  return format.replace(/%([-_0^#]*)([0-9]*)(:{0,3}z|[EO]?[a-zA-Z%+])/g, (whole: string, flags: string, width: string, spec: string) => {
    const letter = spec.replace(/^[EO]/, "");
    const number = (n: number, digits: number, pad = "0"): string => {
      const p = flags.includes("-") ? "" : flags.includes("_") ? " " : flags.includes("0") ? "0" : pad;
      const w = width === "" ? digits : Number(width);
      return p === "" ? String(n) : n < 0 ? `-${String(-n).padStart(w - 1, p)}` : String(n).padStart(w, p);
    };
    const word = (s: string): string => {
      const t = flags.includes("^") ? s.toUpperCase() : flags.includes("#") ? s.toUpperCase() : s;
      return t.padStart(Number(width || 0), flags.includes("0") ? "0" : " ");
    };
    const again = (f: string): string => word(strftime(f, seconds, nanos));
    const hour12 = c.hour % 12 === 0 ? 12 : c.hour % 12;
    switch (letter) {
      case "%":
        return "%";
      case "a":
        return word(DAYS[c.weekday]!.slice(0, 3));
      case "A":
        return word(DAYS[c.weekday]!);
      case "b":
      case "h":
        return word(MONTHS[c.month - 1]!.slice(0, 3));
      case "B":
        return word(MONTHS[c.month - 1]!);
      case "c":
        return again("%a %b %e %H:%M:%S %Y");
      case "C":
        return number(Math.floor(c.year / 100), 2);
      case "d":
        return number(c.day, 2);
      case "D":
        return again("%m/%d/%y");
      case "e":
        return number(c.day, 2, " ");
      case "F":
        return again("%Y-%m-%d");
      case "g":
        return number(isoWeek(c).year % 100, 2);
      case "G":
        return number(isoWeek(c).year, 4);
      case "H":
        return number(c.hour, 2);
      case "I":
        return number(hour12, 2);
      case "j":
        return number(c.yearDay, 3);
      case "k":
        return number(c.hour, 2, " ");
      case "l":
        return number(hour12, 2, " ");
      case "m":
        return number(c.month, 2);
      case "M":
        return number(c.minute, 2);
      case "n":
        return "\n";
      case "N": {
        if (nanos === null) return whole;
        const digits = String(nanos).padStart(9, "0");
        return flags.includes("-") ? digits.replace(/0+$/, "") || "0" : digits.slice(0, width === "" ? 9 : Number(width));
      }
      case "p":
        return flags.includes("#") ? (c.hour < 12 ? "am" : "pm") : word(c.hour < 12 ? "AM" : "PM");
      case "P":
        return word(c.hour < 12 ? "am" : "pm");
      case "q":
        return nanos === null ? whole : number(Math.floor((c.month - 1) / 3) + 1, 1);
      case "r":
        return again("%I:%M:%S %p");
      case "R":
        return again("%H:%M");
      case "s":
        return number(seconds, 1);
      case "S":
        return number(c.second, 2);
      case "t":
        return "\t";
      case "T":
      case "X":
        return again("%H:%M:%S");
      case "u":
        return number(c.weekday === 0 ? 7 : c.weekday, 1);
      case "U":
        return number(Math.floor((c.yearDay + 6 - c.weekday) / 7), 2);
      case "V":
        return number(isoWeek(c).week, 2);
      case "w":
        return number(c.weekday, 1);
      case "W":
        return number(Math.floor((c.yearDay + 6 - ((c.weekday + 6) % 7)) / 7), 2);
      case "x":
        return again("%m/%d/%y");
      case "y":
        return number(((c.year % 100) + 100) % 100, 2);
      case "Y":
        return number(c.year, 1);
      case "z":
        return "+0000";
      case ":z":
        return nanos === null ? whole : "+00:00";
      case "::z":
        return nanos === null ? whole : "+00:00:00";
      case ":::z":
        return nanos === null ? whole : "+00";
      case "Z":
        return flags.includes("#") ? "utc" : word("UTC");
      default:
        return whole;
    }
  });
}
