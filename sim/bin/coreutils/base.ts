/** base64 and base32 (RFC 4648): bytes as letters, and back. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Command } from "../../kernel/abi.ts";
import { gnuCommand, quote } from "../lib/gnu.ts";
import { readAll } from "../lib/io.ts";

interface Base {
  readonly letters: string;
  /** bits a letter */
  readonly bits: 5 | 6;
  /** letters a group */
  readonly group: 4 | 8;
}

const BASES: Readonly<Record<"base64" | "base32", Base>> = {
  base64: { letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6, group: 4 },
  base32: { letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, group: 8 },
};

function encode(b: Base, data: Uint8Array): string {
  let out = "";
  let held = 0;
  let bits = 0;
  for (const byte of data) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= b.bits) {
      bits -= b.bits;
      out += b.letters[(held >> bits) & ((1 << b.bits) - 1)]!;
    }
  }
  if (bits > 0) out += b.letters[(held << (b.bits - bits)) & ((1 << b.bits) - 1)]!;
  while (out.length % b.group !== 0) out += "=";
  return out;
}

/** The bytes up to what is no code, and whether there was such a thing. */
function decode(b: Base, text: string): { data: Uint8Array; ok: boolean } {
  const data: number[] = [];
  for (let at = 0; at < text.length; at += b.group) {
    const group = text.slice(at, at + b.group);
    const body = group.replace(/=+$/, "");
    let held = 0;
    let bits = 0;
    let good = true;
    for (const c of body) {
      const v = b.letters.indexOf(c);
      if (v < 0) {
        good = false;
        break;
      }
      held = ((held << b.bits) | v) & 0xffff;
      bits += b.bits;
      if (bits >= 8) {
        bits -= 8;
        data.push((held >> bits) & 255);
      }
    }
    const whole = b.bits === 6 ? [4, 3, 2] : [8, 7, 5, 4, 2];
    if (!good || group.length < b.group || !whole.includes(body.length)) return { data: new Uint8Array(data), ok: false };
  }
  return { data: new Uint8Array(data), ok: true };
}

function baseCommand(name: "base64" | "base32"): Command {
  const base = BASES[name];
  return gnuCommand({
    name,
    usage: ["[OPTION]... [FILE]"],
    summary: `${name} encode or decode FILE, or standard input, to standard output`,
    options: [
      { names: ["-d", "--decode"], help: "decode data" },
      { names: ["-i", "--ignore-garbage"], help: "when decoding, ignore other characters" },
      { names: ["-w", "--wrap"], arg: "COLS", help: "wrap lines after COLS characters (76); 0: do not" },
    ],
    *main(t, options, operands) {
      const wrap = options.filter((o) => o.name === "-w").pop()?.value ?? "76";
      if (!/^[0-9]+$/.test(wrap)) yield* t.die(`invalid wrap size: ${quote(wrap)}`);
      if (operands.length > 1) yield* t.usage(`extra operand ${quote(operands[1]!)}`);
      const fd = yield* t.open(operands[0] ?? "-");
      if (fd === null) return 1;
      const data = yield* readAll(t.sys, fd);
      if (typeof data === "number") return yield* t.die(`read error: ${strerror(data)}`);
      yield* t.sys.tick(1 + Math.floor(data.length / 100));
      if (options.some((o) => o.name === "-d")) {
        let text = fromUtf8(data).replaceAll("\n", "");
        if (options.some((o) => o.name === "-i"))
          text = Array.from(text)
            .filter((c) => c === "=" || base.letters.includes(c))
            .join("");
        const r = decode(base, text);
        yield* t.out.write(r.data);
        return r.ok ? 0 : yield* t.die("invalid input");
      }
      const text = encode(base, data);
      const cols = Number(wrap) || text.length;
      for (let i = 0; i < text.length; i += cols) yield* t.out.write(utf8(text.slice(i, i + cols) + (wrap === "0" ? "" : "\n")));
      return 0;
    },
  });
}

export const baseCommands = [baseCommand("base64"), baseCommand("base32")];
