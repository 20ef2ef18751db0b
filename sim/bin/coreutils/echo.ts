/** echo, printf, true, false, yes, pwd as programs of their own; the shell has built-in ones of the same names. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, type Tool } from "../lib/gnu.ts";
import { exit } from "../lib/io.ts";
import { type Conversion, escapeAt, formatFloat, formatInteger, formatString } from "../lib/printf.ts";

const echo = gnuCommand({
  name: "echo",
  usage: ["[SHORT-OPTION]... [STRING]..."],
  summary: "display a line of text",
  bare: true,
  options: [
    { names: ["-n"], help: "no newline at the end" },
    { names: ["-e"], help: "read backslash escapes" },
    { names: ["-E"], help: "do not read them (default)" },
  ],
  *main(t, _options, operands) {
    let escapes = false;
    let newline = true;
    let i = 0;
    for (; i < operands.length && /^-[neE]+$/.test(operands[i]!); i++) {
      for (const c of operands[i]!.slice(1)) {
        if (c === "n") newline = false;
        else escapes = c === "e";
      }
    }
    const text = operands.slice(i).join(" ");
    if (!escapes) {
      yield* t.out.print(text + (newline ? "\n" : ""));
      return 0;
    }
    const done = unescape(text, true);
    yield* t.out.write(done.bytes);
    if (newline && !done.stop) yield* t.out.print("\n");
    return 0;
  },
});

/** Text with its escapes read. Octal and hex escapes are bytes, so the result is bytes. */
function unescape(text: string, zeroOctal: boolean): { bytes: Uint8Array; stop: boolean } {
  const parts: number[] = [];
  const add = (s: string): void => {
    for (const b of utf8(s)) parts.push(b);
  };
  for (let i = 0; i < text.length;) {
    if (text[i] !== "\\") {
      const c = String.fromCodePoint(text.codePointAt(i)!);
      add(c);
      i += c.length;
      continue;
    }
    const e = escapeAt(text, i + 1, zeroOctal);
    if (e === "stop") return { bytes: new Uint8Array(parts), stop: true };
    if (e === null) {
      add("\\");
      i++;
    } else {
      const kind = text[i + 1];
      if (kind === "u" || kind === "U") add(e[0]);
      else parts.push(e[0].charCodeAt(0) & 255);
      i = e[1];
    }
  }
  return { bytes: new Uint8Array(parts), stop: false };
}

const printf = gnuCommand({
  name: "printf",
  usage: ["FORMAT [ARGUMENT]..."],
  summary: "format and print ARGUMENT(s)",
  description: [
    "FORMAT is as in C, with %b (a text whose escapes are read) and %q (a text quoted for the shell). It is used again until all arguments are used up.",
  ],
  bare: true,
  options: [],
  *main(t, _options, words) {
    const operands = words[0] === "--" ? words.slice(1) : words;
    if (operands.length === 0) yield* t.usage("missing operand");
    const args = operands.slice(1);
    let used = 0;
    do {
      const before = used;
      used = yield* formatOnce(t, operands[0]!, args, used);
      if (used === before) {
        if (used < args.length && before === 0) yield* t.warn(`warning: ignoring excess arguments, starting with ${quote(args[0]!)}`, 0);
        break;
      }
      yield* t.sys.tick(1);
    } while (used < args.length);
    return t.status;
  },
});

/** One pass over the format. The index of the first argument not used. */
function* formatOnce(t: Tool, format: string, args: readonly string[], from: number): Call<number> {
  let next = from;
  let i = 0;
  while (i < format.length) {
    const c = format[i]!;
    if (c === "\\") {
      const piece = unescape(format.slice(i, i + 10), false);
      const e = escapeAt(format, i + 1, false);
      if (e === "stop") {
        yield* t.out.flush();
        exit(t.status);
      }
      if (e === null) {
        yield* t.out.print(format[i + 1] === '"' ? '"' : `\\${format[i + 1] ?? ""}`);
        i += 2;
      } else {
        const kind = format[i + 1];
        if (kind === "u" || kind === "U") yield* t.out.print(e[0]);
        else yield* t.out.write(piece.bytes.subarray(0, 1));
        i = e[1];
      }
      continue;
    }
    if (c !== "%") {
      const end = /[\\%]/.exec(format.slice(i))?.index ?? format.length - i;
      yield* t.out.print(format.slice(i, i + end));
      i += end;
      continue;
    }
    if (format[i + 1] === "%") {
      yield* t.out.print("%");
      i += 2;
      continue;
    }
    const m = /^%([-+ #0']*)(\*|[0-9]+)?(?:\.(\*|-?[0-9]*))?(?:hh|h|ll|l|j|z|t|L)?(.)?/s.exec(format.slice(i))!;
    const spec = m[0];
    i += spec.length;
    const conv = m[4] ?? "";
    let flags = m[1]!;
    const star = function* (text: string | undefined): Call<number> {
      if (text !== "*") return text === undefined || text === "" ? 0 : Number(text);
      return Number((yield* integerArg(t, args[next++] ?? "0")).toString());
    };
    let width = yield* star(m[2]);
    if (width < 0) {
      flags += "-";
      width = -width;
    }
    const precision = m[3] === undefined ? -1 : yield* star(m[3]);
    const spec2: Conversion = { flags, width, precision, type: conv };
    const arg = (): string | undefined => args[next++];
    if (conv === "s") yield* t.out.print(formatString(arg() ?? "", spec2));
    else if (conv === "c") yield* t.out.print(formatString(Array.from(arg() ?? "")[0] ?? "", spec2));
    else if (conv === "b") {
      const done = unescape(arg() ?? "", true);
      yield* t.out.write(utf8(formatString(fromUtf8(done.bytes), spec2)));
      if (done.stop) exit(t.status);
    } else if (conv === "q") {
      const text = arg() ?? "";
      yield* t.out.print(/^[A-Za-z0-9_@%+=,./:-]+$/.test(text) ? text : quoteaf(text));
    } else if ("diouxX".includes(conv) && conv !== "") yield* t.out.print(formatInteger(yield* integerArg(t, arg() ?? "0"), spec2));
    else if ("eEfFgG".includes(conv) && conv !== "") yield* t.out.print(formatFloat(yield* floatArg(t, arg() ?? "0"), spec2));
    else if (conv === "a" || conv === "A") yield* t.notSimulated(`conversion %${conv}`);
    else yield* t.die(`${spec}: invalid conversion specification`);
  }
  return next;
}

function* integerArg(t: Tool, text: string): Call<bigint> {
  if (text.startsWith('"') || text.startsWith("'")) return BigInt(text.codePointAt(1) ?? 0);
  const m = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text);
  if (m === null) {
    yield* t.warn(`${quote(text)}: expected a numeric value`);
    return 0n;
  }
  const digits = m[2]!;
  const magnitude = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  if (m[0].length < text.length) yield* t.warn(`${quote(text)}: value not completely converted`);
  if (magnitude > 18446744073709551615n) yield* t.warn(`${quote(text)}: ${strerror(Errno.ERANGE)}`);
  return m[1] === "-" ? -magnitude : magnitude;
}

function* floatArg(t: Tool, text: string): Call<number> {
  if (text.startsWith('"') || text.startsWith("'")) return text.codePointAt(1) ?? 0;
  const m = /^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?/.exec(text);
  if (m === null) {
    yield* t.warn(`${quote(text)}: expected a numeric value`);
    return 0;
  }
  if (m[0].length < text.length) yield* t.warn(`${quote(text)}: value not completely converted`);
  return Number(m[0]);
}

const trueCommand = gnuCommand({
  name: "true",
  usage: ["[ignored command line arguments]"],
  summary: "do nothing, successfully",
  options: [],
  bare: true,
  *main(t) {
    yield* t.out.flush();
    return 0;
  },
});
const falseCommand = gnuCommand({
  name: "false",
  usage: ["[ignored command line arguments]"],
  summary: "do nothing, unsuccessfully",
  options: [],
  bare: true,
  *main(t) {
    yield* t.out.flush();
    return 1;
  },
});

const yes = gnuCommand({
  name: "yes",
  usage: ["[STRING]...", "OPTION"],
  summary: "output a string repeatedly until killed",
  options: [],
  *main(t, _options, operands) {
    const line = `${operands.length > 0 ? operands.join(" ") : "y"}\n`;
    const block = utf8(line.repeat(Math.max(1, Math.floor(8192 / line.length))));
    for (;;) {
      const r = yield* t.sys.write(1, block);
      if (r === -Errno.EINTR) continue;
      if (r < 0) return yield* t.die(`standard output: ${strerror(r)}`);
    }
  },
});

/** $PWD when it is the working directory, else what the kernel says. */
function* logicalCwd(sys: Sys): Call<string> {
  const pwd = (yield* sys.getenv()).get("PWD");
  const real = yield* sys.getcwd();
  if (pwd === undefined || !pwd.startsWith("/") || /(^|\/)\.\.?(\/|$)/.test(pwd)) return real;
  const a = yield* sys.stat(pwd);
  const b = yield* sys.stat(".");
  return typeof a !== "number" && typeof b !== "number" && a.dev === b.dev && a.ino === b.ino ? pwd : real;
}

const pwd = gnuCommand({
  name: "pwd",
  usage: ["[OPTION]..."],
  summary: "print the full name of the current working directory",
  options: [
    { names: ["-L", "--logical"], help: "use PWD from the environment, even if it has symlinks" },
    { names: ["-P", "--physical"], help: "resolve all symlinks" },
  ],
  *main(t, options, operands) {
    if (operands.length > 0) yield* t.warn("ignoring non-option arguments", 0);
    const logical = options.length > 0 && options[options.length - 1]!.name === "-L";
    yield* t.out.print(`${logical ? yield* logicalCwd(t.sys) : yield* t.sys.getcwd()}\n`);
    return 0;
  },
});

export const echoCommands = [echo, printf, trueCommand, falseCommand, yes, pwd];
