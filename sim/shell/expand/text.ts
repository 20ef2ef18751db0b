/** Backslash escapes (echo -e, printf, $'…') and bytes that are no UTF-8. */
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
