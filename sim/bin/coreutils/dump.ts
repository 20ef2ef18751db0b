/** od, xxd, hexdump: bytes as numbers. od knows octal, hex, decimal and characters; hexdump its default and -C. */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { fromUtf8 } from "../../core/bytes.ts";
import { argmatch, gnuCommand, quote, type Tool } from "../lib/gnu.ts";
import { readAll } from "../lib/io.ts";

/** All input of the files one after the other, cut into rows of `width` bytes. */
function* rows(
  t: Tool,
  files: readonly string[],
  width: number,
  skip: number,
  limit: number,
  bad: (file: string, errno: number) => Call<void>,
  row: (b: Uint8Array, offset: number) => Call<void>,
): Call<number> {
  let held = new Uint8Array(0);
  let offset = skip;
  let toSkip = skip;
  let left = limit;
  for (const file of files) {
    const fd = file === "-" ? 0 : yield* t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
    if (fd < 0) {
      yield* bad(file, fd);
      continue;
    }
    while (left > 0) {
      const b = yield* t.read(fd, 4096);
      if (typeof b === "number") {
        yield* bad(file, b);
        break;
      }
      if (b.length === 0) break;
      const drop = Math.min(toSkip, b.length);
      toSkip -= drop;
      const piece = b.subarray(drop, drop + left);
      left -= piece.length;
      const all = new Uint8Array(held.length + piece.length);
      all.set(held);
      all.set(piece, held.length);
      let at = 0;
      for (; at + width <= all.length; at += width, offset += width) yield* row(all.subarray(at, at + width), offset);
      held = all.slice(at);
    }
    yield* t.close(fd);
  }
  if (held.length > 0) {
    yield* row(held, offset);
    offset += held.length;
  }
  return offset;
}

const hex = (n: number, w: number): string => n.toString(16).padStart(w, "0");
const oct = (n: number, w: number): string => n.toString(8).padStart(w, "0");
const visible = (b: number): string => (b >= 32 && b < 127 ? String.fromCharCode(b) : ".");

function sizeOf(text: string): number | null {
  const m = /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)([bkKmM]?)$/.exec(text);
  if (m === null) return null;
  const n = /^0[0-7]+$/.test(m[1]!) ? Number.parseInt(m[1]!, 8) : Number(m[1]);
  return n * { "": 1, b: 512, k: 1024, K: 1024, m: 1048576, M: 1048576 }[m[2] as ""];
}

const NAMES = [
  "nul",
  "soh",
  "stx",
  "etx",
  "eot",
  "enq",
  "ack",
  "bel",
  "bs",
  "ht",
  "nl",
  "vt",
  "ff",
  "cr",
  "so",
  "si",
  "dle",
  "dc1",
  "dc2",
  "dc3",
  "dc4",
  "nak",
  "syn",
  "etb",
  "can",
  "em",
  "sub",
  "esc",
  "fs",
  "gs",
  "rs",
  "us",
  "sp",
];
const BACKSLASH: Readonly<Record<number, string>> = { 0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r" };

const od = gnuCommand({
  name: "od",
  usage: ["[OPTION]... [FILE]..."],
  summary: "dump files in octal and other formats",
  options: [
    { names: ["-A", "--address-radix"], arg: "RADIX", help: "offsets in d, o, x or n (none)" },
    { names: ["-j", "--skip-bytes"], arg: "BYTES", help: "skip so many first" },
    { names: ["-N", "--read-bytes"], arg: "BYTES", help: "read no more than so many" },
    { names: ["-t", "--format"], arg: "TYPE", help: "a, c, or d o u x with a size of 1 2 4; z behind for text" },
    { names: ["-v", "--output-duplicates"], help: "repeated lines, too" },
    { names: ["-w", "--width"], arg: "[BYTES]", help: "bytes a line" },
    { names: ["-a"], help: "same as -t a" },
    { names: ["-b"], help: "same as -t o1" },
    { names: ["-c"], help: "same as -t c" },
    { names: ["-d"], help: "same as -t u2" },
    { names: ["-o"], help: "same as -t o2" },
    { names: ["-x"], help: "same as -t x2" },
    { names: ["-i"], help: "same as -t dI" },
    { names: ["-l"], help: "same as -t dL" },
    { names: ["-s"], help: "same as -t d2" },
    { names: ["-h"], help: "same as -t x2" },
    { names: ["-X", "-H"], help: "same as -t x4" },
    { names: ["-D"], help: "same as -t u4" },
    { names: ["-O"], help: "same as -t o4" },
    { names: ["-B"], help: "same as -t o2" },
    { names: ["-I", "-L"], help: "same as -t dL" },
    { names: ["--endian"], arg: "WORD", help: "byte order: big or little" },
    { names: ["-S", "--strings"], arg: "[BYTES]", help: "only texts", notModelled: true },
    { names: ["-f", "-F", "-e"], help: "floating point", notModelled: true },
    { names: ["--traditional"], help: "the oldest form of arguments", notModelled: true },
  ],
  *main(t, options, operands) {
    const types: { kind: string; size: number; text: boolean }[] = [];
    let radix = "o";
    let skip = 0;
    let limit = Number.MAX_SAFE_INTEGER;
    let width = 16;
    const add = function* (text: string): Call<void> {
      for (const m of text.matchAll(/([acdoux])([CSIL]|[1248])?(z)?|(.)/g)) {
        if (m[4] !== undefined) {
          if (m[4] === "f") yield* t.notSimulated("format f");
          yield* t.die(`invalid character '${m[4]}' in type string ${quote(text)}`);
        }
        const size =
          m[1] === "a" || m[1] === "c"
            ? 1
            : m[2] === undefined || m[2] === "I"
              ? 4
              : m[2] === "C"
                ? 1
                : m[2] === "S"
                  ? 2
                  : m[2] === "L"
                    ? 8
                    : Number(m[2]);
        types.push({ kind: m[1]!, size, text: m[3] !== undefined });
      }
    };
    const short: Readonly<Record<string, string>> = {
      "-a": "a",
      "-b": "o1",
      "-c": "c",
      "-d": "u2",
      "-o": "o2",
      "-x": "x2",
      "-i": "dI",
      "-l": "dL",
      "-s": "d2",
      "-h": "x2",
      "-X": "x4",
      "-D": "u4",
      "-O": "o4",
      "-B": "o2",
      "-I": "dL",
    };
    let big = false;
    for (const { name, value } of options) {
      if (name === "-t") yield* add(value!);
      else if (short[name] !== undefined) yield* add(short[name]);
      else if (name === "-A") {
        if (!["d", "o", "x", "n"].includes(value!))
          yield* t.die(`invalid output address radix '${value![0]}'; it must be one character from [doxn]`);
        radix = value!;
      } else if (name === "--endian") big = (yield* argmatch(t, name, value!, [["little"], ["big"]])) === "big";
      else if (name === "-j" || name === "-N" || (name === "-w" && value !== null)) {
        const n = sizeOf(value!);
        if (n === null) return yield* t.die(`invalid ${name} argument ${quote(value!)}`);
        if (name === "-j") skip = n;
        else if (name === "-N") limit = n;
        else width = n;
      } else if (name === "-w") width = 32;
    }
    if (types.length === 0) types.push({ kind: "o", size: 2, text: false });
    const digits = (k: { kind: string; size: number }): number => {
      if (k.kind === "a" || k.kind === "c") return 3;
      if (k.kind === "x") return 2 * k.size;
      if (k.kind === "o") return [0, 3, 6, 0, 11, 0, 0, 0, 22][k.size]!;
      return [0, k.kind === "d" ? 4 : 3, k.kind === "d" ? 6 : 5, 0, k.kind === "d" ? 11 : 10, 0, 0, 0, 20][k.size]!;
    };
    // columns line up: every type takes as much for a byte as the widest
    const perBlock = Math.max(...types.map((k) => (digits(k) + 1) * (8 / k.size)));
    const cell = (k: { kind: string; size: number }, b: Uint8Array, at: number): string => {
      if (k.kind === "c") {
        const c = b[at]!;
        return BACKSLASH[c] ?? (c >= 32 && c < 127 ? String.fromCharCode(c) : oct(c, 3));
      }
      if (k.kind === "a") {
        const c = b[at]! & 127;
        return c === 127 ? "del" : (NAMES[c] ?? String.fromCharCode(c));
      }
      let v = 0n;
      for (let i = 0; i < k.size; i++) v = (v << 8n) | BigInt(b[at + (big ? i : k.size - 1 - i)] ?? 0);
      if (k.kind === "x") return v.toString(16).padStart(2 * k.size, "0");
      if (k.kind === "o") return v.toString(8).padStart(digits(k), "0");
      return String(k.kind === "d" ? BigInt.asIntN(8 * k.size, v) : v);
    };
    const offsetText = (n: number): string =>
      radix === "n" ? "" : radix === "d" ? String(n).padStart(7, "0") : radix === "x" ? hex(n, 6) : oct(n, 7);
    const all = options.some((o) => o.name === "-v");
    let previous = "";
    let starred = false;
    let failed = 0;
    const files = operands.length > 0 ? operands : ["-"];
    const end = yield* rows(
      t,
      files,
      width,
      skip,
      limit,
      function* (f, e) {
        failed++;
        yield* t.fileError(f, e);
      },
      function* (b, offset) {
        const key = b.join(",");
        if (!all && b.length === width && key === previous) {
          if (!starred) yield* t.out.print("*\n");
          starred = true;
          return;
        }
        previous = key;
        starred = false;
        let first = true;
        for (const k of types) {
          let s = first ? offsetText(offset) : " ".repeat(offsetText(0).length);
          first = false;
          const each = perBlock / (8 / k.size);
          for (let at = 0; at < b.length; at += k.size) s += cell(k, b, at).padStart(each);
          if (k.text) {
            for (let at = Math.ceil(b.length / k.size) * k.size; at < width; at += k.size) s += " ".repeat(each);
            s += `  >${Array.from(b, visible).join("")}<`;
          }
          yield* t.out.print(`${s}\n`);
        }
      },
    );
    if (radix !== "n" && failed < files.length) yield* t.out.print(`${offsetText(end)}\n`);
    return t.status;
  },
});

/** 16 bytes in one of hexdump's ready formats; what is missing is blank. */
function hexdumpRow(form: string, b: Uint8Array): string {
  let s = "";
  const step = form === "-b" || form === "-c" ? 1 : 2;
  for (let i = 0; i < 16; i += step) {
    const c = b[i]!;
    const word = c | ((b[i + 1] ?? 0) << 8);
    if (i >= b.length) s += " ".repeat(step * 4);
    else if (form === "-b") s += ` ${oct(c, 3)}`;
    else if (form === "-c") s += ` ${(BACKSLASH[c] ?? (c >= 32 && c < 127 ? String.fromCharCode(c) : oct(c, 3))).padStart(3)}`;
    else if (form === "-d") s += `   ${String(word).padStart(5, "0")}`;
    else if (form === "-o") s += `  ${oct(word, 6)}`;
    else s += `    ${hex(word, 4)}`;
  }
  return s;
}

const hexdump = gnuCommand({
  name: "hexdump",
  paths: ["/usr/bin/hexdump", "/usr/bin/hd"],
  pkg: "bsdextrautils 2.38.1-5+deb12u3",
  version: "hexdump from util-linux 2.38.1",
  usage: ["[options] <file>..."],
  summary: "display file contents in hexadecimal, decimal, octal, or ascii",
  rewrite: (args) => args.map((a) => (a === "-h" ? "--help" : a === "-V" ? "--version" : a)),
  options: [
    { names: ["-C", "--canonical"], help: "bytes in hex and as text" },
    { names: ["-n", "--length"], arg: "length", help: "read no more than so many bytes" },
    { names: ["-s", "--skip"], arg: "offset", help: "skip so many bytes first" },
    { names: ["-v", "--no-squeezing"], help: "repeated lines, too" },
    { names: ["-b", "--one-byte-octal"], help: "bytes in octal" },
    { names: ["-c", "--one-byte-char"], help: "bytes as characters" },
    { names: ["-d", "--two-bytes-decimal"], help: "words in decimal" },
    { names: ["-o", "--two-bytes-octal"], help: "words in octal" },
    { names: ["-x", "--two-bytes-hex"], help: "words in hex" },
    { names: ["-h"], help: "print this help and end" },
    { names: ["-V"], help: "print the version and end" },
    { names: ["-e", "--format"], arg: "format", help: "a format of one's own", notModelled: true },
    { names: ["-f", "--format-file"], arg: "file", help: "formats from a file", notModelled: true },
    { names: ["-L", "--color"], arg: "[mode]", help: "colours", notModelled: true },
  ],
  *main(t, options, operands) {
    const canonical = options.some((o) => o.name === "-C") || t.name.endsWith("hd");
    const form = options.findLast((o) => ["-b", "-c", "-d", "-o", "-x"].includes(o.name))?.name ?? "";
    const all = options.some((o) => o.name === "-v");
    const number = function* (name: string, none: number): Call<number> {
      const v = options.filter((o) => o.name === name).pop()?.value;
      if (v === undefined || v === null) return none;
      return sizeOf(v) ?? (yield* t.die(`failed to parse ${name === "-n" ? "length" : "offset"}: '${v}'`));
    };
    const skip = yield* number("-s", 0);
    const limit = yield* number("-n", Number.MAX_SAFE_INTEGER);
    const files = operands.length > 0 ? operands : ["-"];
    let previous = "";
    let starred = false;
    let failed = 0;
    const end = yield* rows(
      t,
      files,
      16,
      skip,
      limit,
      function* (f, e) {
        failed++;
        yield* t.warn(`${f}: ${strerror(e)}`);
      },
      function* (b, offset) {
        const key = b.join(",");
        if (!all && b.length === 16 && key === previous) {
          if (!starred) yield* t.out.print("*\n");
          starred = true;
          return;
        }
        previous = key;
        starred = false;
        if (!canonical && form !== "") {
          yield* t.out.print(`${hex(offset, 7)}${hexdumpRow(form, b)}\n`);
          return;
        }
        if (!canonical) {
          let s = hex(offset, 7);
          for (let i = 0; i < 16; i += 2) s += i < b.length ? ` ${hex(b[i]! | ((b[i + 1] ?? 0) << 8), 4)}` : "     ";
          yield* t.out.print(`${s}\n`);
          return;
        }
        let s = `${hex(offset, 8)} `;
        for (let i = 0; i < 16; i++) s += `${i === 8 ? " " : ""}${i < b.length ? ` ${hex(b[i]!, 2)}` : "   "}`;
        yield* t.out.print(`${s}  |${Array.from(b, visible).join("")}|\n`);
      },
    );
    if (failed === files.length) yield* t.warn("all input file arguments failed");
    else if (end > 0) yield* t.out.print(`${hex(end, canonical ? 8 : 7)}\n`);
    return t.status;
  },
});

/** xxd -r: lines of "offset: hex  text", or with -p hex digits alone. */
function* undump(t: Tool, file: string, plain: boolean): Call<number> {
  const fd = yield* t.open(file);
  if (fd === null) return 2;
  const data = yield* readAll(t.sys, fd);
  if (typeof data === "number") return yield* t.die(`${file}: ${strerror(data)}`, 2);
  const bytes: number[] = [];
  for (const line of fromUtf8(data).split("\n")) {
    const m = plain ? ["", "", line] : /^\s*([0-9a-fA-F]+):((?: ?[0-9a-fA-F]{2,})*)/.exec(line);
    if (m === null) continue;
    if (!plain) {
      const at = Number.parseInt(m[1]!, 16);
      if (at > 1 << 24) return yield* t.notSimulated("an offset above 16 MiB");
      while (bytes.length < at) bytes.push(0);
    }
    const digits = m[2]!.replace(/[^0-9a-fA-F]/g, "");
    for (let i = 0; i + 1 < digits.length; i += 2) bytes.push(Number.parseInt(digits.slice(i, i + 2), 16));
  }
  yield* t.out.write(new Uint8Array(bytes));
  return 0;
}

const xxd = gnuCommand({
  name: "xxd",
  pkg: "xxd 2:9.0.1378-2+deb12u2",
  version: "xxd 2022-01-14 by Juergen Weigert et al.",
  usage: ["[options] [infile [outfile]]"],
  summary: "make a hexdump or do the reverse",
  options: [
    { names: ["-c", "-cols"], arg: "cols", help: "bytes a line" },
    { names: ["-g"], arg: "bytes", help: "bytes in a group" },
    { names: ["-l", "-len"], arg: "len", help: "stop after so many bytes" },
    { names: ["-p", "-ps"], help: "only hex digits" },
    { names: ["-s"], arg: "seek", help: "begin at this offset" },
    { names: ["-u"], help: "upper case" },
    { names: ["-b"], help: "bits instead of hex digits" },
    { names: ["-i"], help: "as C source" },
    { names: ["-r"], help: "the reverse: a dump becomes bytes" },
    { names: ["-e"], help: "little-endian groups", notModelled: true },
  ],
  *main(t, options, operands) {
    const valueOf = (n: string): string | null => options.filter((o) => o.name === n).pop()?.value ?? null;
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const plain = has("-p");
    const cols = Number(valueOf("-c") ?? (plain ? 30 : has("-b") ? 6 : has("-i") ? 12 : 16));
    const group = Number(valueOf("-g") ?? (has("-b") ? 1 : 2));
    const up = (s: string): string => (has("-u") ? s.toUpperCase() : s);
    if (operands.length > 1) yield* t.notSimulated("an output file");
    if (has("-r")) return yield* undump(t, operands[0] ?? "-", plain);
    const name = (operands[0] ?? "-").replace(/^[0-9]/, "__$&").replace(/[^A-Za-z0-9]/g, "_");
    const named = has("-i") && operands.length > 0 && operands[0] !== "-";
    if (has("-i")) {
      const fd = yield* t.open(operands[0] ?? "-");
      if (fd === null) return 2;
      const data = yield* readAll(t.sys, fd);
      if (typeof data === "number") return yield* t.die(`${operands[0]}: ${strerror(data)}`, 2);
      const bytes = Array.from(data.subarray(0, Number(valueOf("-l") ?? data.length)), (x) =>
        has("-u") ? `0X${up(hex(x, 2))}` : `0x${hex(x, 2)}`,
      );
      const lines: string[] = [];
      for (let i = 0; i < bytes.length; i += cols) lines.push(`  ${bytes.slice(i, i + cols).join(", ")}`);
      const body = lines.join(",\n") + (lines.length > 0 ? "\n" : "");
      yield* t.out.print(named ? `unsigned char ${name}[] = {\n${body}};\nunsigned int ${name}_len = ${bytes.length};\n` : body);
      return 0;
    }
    const digit = (x: number): string => (has("-b") ? x.toString(2).padStart(8, "0") : up(hex(x, 2)));
    const blank = has("-b") ? "        " : "  ";
    yield* rows(
      t,
      operands.length > 0 ? operands : ["-"],
      cols,
      Number(valueOf("-s") ?? 0),
      Number(valueOf("-l") ?? Number.MAX_SAFE_INTEGER),
      function* (f, e) {
        yield* t.warn(`${f}: ${strerror(e)}`, 2);
      },
      function* (b, offset) {
        if (plain) {
          yield* t.out.print(`${Array.from(b, (x) => up(hex(x, 2))).join("")}\n`);
          return;
        }
        let s = `${hex(offset, 8)}: `;
        for (let i = 0; i < cols; i++) s += (i < b.length ? digit(b[i]!) : blank) + (group > 0 && (i + 1) % group === 0 ? " " : "");
        yield* t.out.print(`${s}${group > 0 && cols % group !== 0 ? " " : ""} ${Array.from(b, visible).join("")}\n`);
      },
    );
    return t.status;
  },
});

export const dumpCommands = [od, hexdump, xxd];
