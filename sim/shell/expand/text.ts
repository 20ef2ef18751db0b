/** Backslash escapes (echo -e, printf, $'…'), bytes that are no UTF-8, and strftime. */
import { utf8 } from "../../core/bytes.ts";

/** Which escapes count: echo -e wants \0nnn, printf's format and $'…' \nnn, %b both; \c ends output in echo and %b. */
export type EscapeStyle = "echo" | "b" | "format" | "dollar";

/** Text with escapes done; `stop`: a \c was met. Bytes ≥ 0x80 from \x and octal become U+DC80…DCFF (see toBytes). */
export function ansiCText(s: string, style: EscapeStyle = "dollar"): { text: string; stop: boolean } {
  if (!s.includes("\\")) return { text: s, stop: false };
  let out = "";
  let i = 0;
  while (i < s.length) {
    const at = s.indexOf("\\", i);
    if (at < 0 || at === s.length - 1) {
      out += s.slice(i);
      break;
    }
    out += s.slice(i, at);
    const c = s[at + 1]!;
    i = at + 2;
    const simple = SIMPLE[c];
    if (simple !== undefined) out += simple;
    else if (c === "c" && (style === "echo" || style === "b")) return { text: out, stop: true };
    else if (c === "c" && style === "dollar" && i < s.length) out += String.fromCharCode(s.charCodeAt(i++) & 31);
    else if (c === "'" || c === '"' || c === "?") out += style === "echo" || (style === "b" && c === "?") ? "\\" + c : c;
    else if (c === "x") {
      const m = /^[0-9A-Fa-f]{1,2}/.exec(s.slice(i, i + 2));
      if (!m) out += "\\x";
      else {
        out += byteChar(Number.parseInt(m[0], 16));
        i += m[0].length;
      }
    } else if (c === "u" || c === "U") {
      const m = new RegExp(`^[0-9A-Fa-f]{1,${c === "u" ? 4 : 8}}`).exec(s.slice(i, i + 8));
      const v = m ? Number.parseInt(m[0], 16) : 0x110000;
      if (!m || v > 0x10ffff) out += "\\" + c;
      else {
        out += String.fromCodePoint(v);
        i += m[0].length;
      }
    } else if (c >= "0" && c <= "7") {
      if (style === "echo" && c !== "0") out += "\\" + c;
      else {
        const zero = (style === "echo" || style === "b") && c === "0";
        const m = /^[0-7]{0,3}/.exec(s.slice(zero ? i : i - 1, (zero ? i : i - 1) + 3))!;
        out += byteChar(Number.parseInt(m[0] || "0", 8) & 255);
        i = (zero ? i : i - 1) + m[0].length;
      }
    } else out += "\\" + c;
  }
  return { text: out, stop: false };
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

function byteChar(b: number): string {
  return b < 128 ? String.fromCharCode(b) : String.fromCharCode(0xdc00 + b);
}

/** UTF-8, with U+DC80…DCFF as the single bytes they stand for. */
export function toBytes(s: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(s)) return utf8(s);
  const out: number[] = [];
  let from = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c >= 0xd800 && c <= 0xdbff) {
      i++;
      continue;
    }
    if (c < 0xdc80 || c > 0xdcff) continue;
    for (const b of utf8(s.slice(from, i))) out.push(b);
    out.push(c & 255);
    from = i + 1;
  }
  for (const b of utf8(s.slice(from))) out.push(b);
  return Uint8Array.from(out);
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

interface Civil {
  readonly y: number;
  readonly mo: number;
  readonly d: number;
  readonly h: number;
  readonly mi: number;
  readonly s: number;
  readonly wday: number;
  readonly yday: number;
}

/** Calendar date of seconds since 1970, UTC (days-from-civil arithmetic). */
function civil(sec: number): Civil {
  const days = Math.floor(sec / 86400);
  const rest = sec - days * 86400;
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const d = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const mo = mp < 10 ? mp + 3 : mp - 9;
  const y = yoe + era * 400 + (mo <= 2 ? 1 : 0);
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
  const yday = before[mo - 1]! + (leap && mo > 2 ? 1 : 0) + d - 1;
  return { y, mo, d, h: Math.floor(rest / 3600), mi: Math.floor(rest / 60) % 60, s: rest % 60, wday: (((days + 4) % 7) + 7) % 7, yday };
}

/** strftime(3) in the C locale, time zone UTC. Unknown conversions stay as they are. */
export function strftime(fmt: string, sec: number): string {
  const t = civil(sec);
  const p2 = (n: number): string => String(n).padStart(2, "0");
  const h12 = t.h % 12 === 0 ? 12 : t.h % 12;
  return fmt.replace(/%([-_0^#]?)([a-zA-Z%+])/g, (all: string, flag: string, c: string) => {
    let v: string;
    switch (c) {
      case "a":
        v = DAYS[t.wday]!.slice(0, 3);
        break;
      case "A":
        v = DAYS[t.wday]!;
        break;
      case "b":
      case "h":
        v = MONTHS[t.mo - 1]!.slice(0, 3);
        break;
      case "B":
        v = MONTHS[t.mo - 1]!;
        break;
      case "c":
        v = strftime("%a %b %e %H:%M:%S %Y", sec);
        break;
      case "C":
        v = p2(Math.floor(t.y / 100));
        break;
      case "d":
        v = p2(t.d);
        break;
      case "D":
      case "x":
        v = strftime("%m/%d/%y", sec);
        break;
      case "e":
        v = String(t.d).padStart(2, " ");
        break;
      case "F":
        v = strftime("%Y-%m-%d", sec);
        break;
      case "H":
        v = p2(t.h);
        break;
      case "I":
        v = p2(h12);
        break;
      case "j":
        v = String(t.yday + 1).padStart(3, "0");
        break;
      case "k":
        v = String(t.h).padStart(2, " ");
        break;
      case "l":
        v = String(h12).padStart(2, " ");
        break;
      case "m":
        v = p2(t.mo);
        break;
      case "M":
        v = p2(t.mi);
        break;
      case "n":
        v = "\n";
        break;
      case "p":
        v = t.h < 12 ? "AM" : "PM";
        break;
      case "P":
        v = t.h < 12 ? "am" : "pm";
        break;
      case "r":
        v = strftime("%I:%M:%S %p", sec);
        break;
      case "R":
        v = strftime("%H:%M", sec);
        break;
      case "s":
        v = String(sec);
        break;
      case "S":
        v = p2(t.s);
        break;
      case "t":
        v = "\t";
        break;
      case "T":
      case "X":
        v = strftime("%H:%M:%S", sec);
        break;
      case "u":
        v = String(t.wday === 0 ? 7 : t.wday);
        break;
      case "w":
        v = String(t.wday);
        break;
      case "y":
        v = p2(t.y % 100);
        break;
      case "Y":
        v = String(t.y);
        break;
      case "z":
        v = "+0000";
        break;
      case "Z":
        v = "UTC";
        break;
      case "%":
        v = "%";
        break;
      default:
        return all;
    }
    if (flag === "-") v = v.replace(/^[0 ]+(?=.)/, "");
    else if (flag === "_") v = v.replace(/^0+(?=.)/, (z) => " ".repeat(z.length));
    else if (flag === "^") v = v.toUpperCase();
    return v;
  });
}
