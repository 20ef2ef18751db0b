/** @text @json @html @uri @csv @tsv @sh @base64 @base64d: values as text for other languages. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { fail, failOn, isArray, type Json, toJson, toText } from "./value.ts";

const HTML: ReadonlyMap<string, string> = new Map([
  ["<", "&lt;"],
  [">", "&gt;"],
  ["&", "&amp;"],
  ["'", "&#39;"],
  ['"', "&quot;"],
]);

/** `inString`: a name that is no format stands for plain text there, as in jq 1.6. */
export function format(name: string, v: Json, inString = false): string {
  switch (name) {
    case "text":
      return toText(v);
    case "json":
      return toJson(v);
    case "html":
      return toText(v).replace(/[<>&'"]/g, (c) => HTML.get(c)!);
    case "uri":
      return Array.from(utf8(toText(v)), uriByte).join("");
    case "csv":
      return row(v, "csv", ",", (s) => `"${s.replaceAll('"', '""')}"`);
    case "tsv":
      return row(v, "tsv", "\t", (s) => s.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r"));
    case "sh":
      return (isArray(v) ? v : [v]).map(shellWord).join(" ");
    case "base64":
      return encode64(utf8(toText(v)));
    case "base64d":
      return decode64(v);
  }
  return inString ? toText(v) : fail(`${name} is not a valid format`);
}

function uriByte(b: number): string {
  const c = String.fromCharCode(b);
  return /[A-Za-z0-9_.~-]/.test(c) ? c : `%${b.toString(16).toUpperCase().padStart(2, "0")}`;
}

function row(v: Json, kind: string, separator: string, text: (s: string) => string): string {
  if (!isArray(v)) return failOn(v, `cannot be ${kind}-formatted, only an array can be`);
  return v
    .map((x) => {
      if (x === null) return "";
      if (typeof x === "string") return text(x);
      if (typeof x === "number" || typeof x === "boolean") return toJson(x);
      return failOn(x, "is not valid in a csv row");
    })
    .join(separator);
}

function shellWord(v: Json): string {
  if (typeof v === "string") return `'${v.replaceAll("'", "'\\''")}'`;
  return typeof v === "object" && v !== null ? failOn(v, "can not be escaped for shell") : toJson(v);
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function encode64(data: Uint8Array): string {
  let out = "";
  let held = 0;
  let have = 0;
  for (const b of data) {
    held = ((held << 8) | b) & 0x3fff;
    have += 8;
    while (have >= 6) {
      have -= 6;
      out += BASE64[(held >> have) & 63];
    }
  }
  if (have > 0) out += BASE64[(held << (6 - have)) & 63];
  return out.padEnd(Math.ceil(out.length / 4) * 4, "=");
}

function decode64(v: Json): string {
  const text = toText(v).replace(/=+$/, "");
  const out: number[] = [];
  let held = 0;
  let have = 0;
  for (const c of text) {
    const n = BASE64.indexOf(c);
    if (n < 0) return failOn(v, "is not valid base64 data");
    held = ((held << 6) | n) & 0xffff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out.push((held >> have) & 255);
  }
  if (text.length % 4 === 1) return failOn(v, "trailing base64 byte found");
  return fromUtf8(Uint8Array.from(out));
}
