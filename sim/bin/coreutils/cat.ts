/** cat, tac, rev, tee: what passes lines through. Input is read and written in pieces, tac's apart. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O, Sig } from "../../kernel/abi.ts";
import { argmatch, gnuCommand, quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import { LineReader, readAll, writeAll } from "../lib/io.ts";
import type { GivenOption } from "../lib/options.ts";
import { compileRegex, Regex } from "../lib/regex.ts";

const SHOW = "AbeEnstTuv";

const cat = gnuCommand({
  name: "cat",
  usage: ["[OPTION]... [FILE]..."],
  summary: "concatenate FILE(s) to standard output",
  description: ["With no FILE, or when FILE is -, read standard input."],
  options: [
    { names: ["-A", "--show-all"], help: "same as -vET" },
    { names: ["-b", "--number-nonblank"], help: "number the lines that are not empty" },
    { names: ["-e"], help: "same as -vE" },
    { names: ["-E", "--show-ends"], help: "show $ at the end of each line" },
    { names: ["-n", "--number"], help: "number all lines" },
    { names: ["-s", "--squeeze-blank"], help: "one empty line for several" },
    { names: ["-t"], help: "same as -vT" },
    { names: ["-T", "--show-tabs"], help: "show tabs as ^I" },
    { names: ["-u"], help: "(nothing)" },
    { names: ["-v", "--show-nonprinting"], help: "show control characters as ^X and M-X" },
  ],
  *main(t, options, operands) {
    const given = new Set(options.map((o) => SHOW[["-A", "-b", "-e", "-E", "-n", "-s", "-t", "-T", "-u", "-v"].indexOf(o.name)]!));
    const has = (letters: string): boolean => Array.from(letters).some((c) => given.has(c));
    const state = { line: 0, blank: 0, atStart: true };
    const fancy = has("AbeEnstTv");
    for (const file of operands.length > 0 ? operands : ["-"]) {
      const fd = yield* t.open(file);
      if (fd === null) continue;
      for (;;) {
        const b = yield* t.read(fd);
        if (typeof b === "number") {
          yield* t.fileError(file, b);
          break;
        }
        if (b.length === 0) break;
        if (!fancy) {
          // unbuffered, as the real one: what comes from a pipe is seen at once
          const r = yield* writeAll(t.sys, 1, b);
          if (r < 0) {
            yield* t.close(fd);
            return yield* t.die(`write error: ${strerror(r)}`);
          }
          // copying takes a nanosecond a byte, looking at bytes ten (here and in tee, tr, wc)
          yield* t.sys.tick(Math.floor(b.length / 1000));
          continue;
        }
        yield* t.out.write(
          shown(b, state, {
            ends: has("AeE"),
            tabs: has("AtT"),
            controls: has("Aetv"),
            number: has("n") || has("b"),
            nonblank: has("b"),
            squeeze: has("s"),
          }),
        );
        yield* t.out.flush();
        yield* t.sys.tick(1 + Math.floor(b.length / 100));
      }
      yield* t.close(fd);
    }
    return t.status;
  },
});

interface Show {
  readonly ends: boolean;
  readonly tabs: boolean;
  readonly controls: boolean;
  readonly number: boolean;
  readonly nonblank: boolean;
  readonly squeeze: boolean;
}

/** The bytes as cat's options show them; `s` carries line numbers over pieces. */
function shown(b: Uint8Array, s: { line: number; blank: number; atStart: boolean }, o: Show): Uint8Array {
  const r: number[] = [];
  const put = (text: string): void => {
    for (let i = 0; i < text.length; i++) r.push(text.charCodeAt(i));
  };
  for (const c of b) {
    if (s.atStart && c === 10) {
      if (++s.blank > 1 && o.squeeze) continue;
    }
    if (s.atStart) {
      if (o.number && !(o.nonblank && c === 10)) put(`${String(++s.line).padStart(6)}\t`);
      s.atStart = false;
    }
    if (c === 10) {
      if (o.ends) r.push(36);
      r.push(10);
      s.atStart = true;
      continue;
    }
    s.blank = 0;
    if (c === 9 && o.tabs) put("^I");
    else if (c === 9) r.push(9);
    else if (!o.controls) r.push(c);
    else {
      let low = c;
      if (c >= 128) {
        put("M-");
        low = c - 128;
      }
      if (low === 127) put("^?");
      else if (low < 32) put(`^${String.fromCharCode(low + 64)}`);
      else r.push(low);
    }
  }
  return new Uint8Array(r);
}

const tac = gnuCommand({
  name: "tac",
  usage: ["[OPTION]... [FILE]..."],
  summary: "write each FILE to standard output, last line first",
  options: [
    { names: ["-b", "--before"], help: "attach the separator before instead of after" },
    { names: ["-r", "--regex"], help: "the separator is a regular expression" },
    { names: ["-s", "--separator"], arg: "STRING", help: "use STRING as the separator instead of newline" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const separator = options.filter((o) => o.name === "-s").pop()?.value ?? "\n";
    if (has("-r") && separator === "") yield* t.die("separator cannot be empty");
    const re = has("-r") ? compileRegex(separator, "bre") : null;
    if (re !== null && !(re instanceof Regex)) {
      if (re.notSimulated !== null) yield* t.notSimulated(re.notSimulated);
      return yield* t.die(re.message!);
    }
    for (const file of operands.length > 0 ? operands : ["-"]) {
      const fd = file === "-" ? 0 : yield* t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
      if (fd < 0) {
        yield* t.warn(`failed to open ${quoteaf(file)} for reading: ${strerror(fd)}`);
        continue;
      }
      const bytes = yield* readAll(t.sys, fd);
      yield* t.close(fd);
      if (typeof bytes === "number") {
        yield* t.warn(`${quotef(file)}: read error: ${strerror(bytes)}`);
        continue;
      }
      // bytes as characters, so that what is no UTF-8 survives
      const text = bytesToText(bytes);
      const pieces = re === null ? cutAt(text, bytesToText(utf8(separator === "" ? "\0" : separator))) : cutAtRegex(text, re);
      const records: string[] = [];
      if (has("-b")) for (let i = 0; i <= pieces.seps.length; i++) records.push((i > 0 ? pieces.seps[i - 1]! : "") + pieces.texts[i]!);
      else for (let i = 0; i < pieces.texts.length; i++) records.push(pieces.texts[i]! + (pieces.seps[i] ?? ""));
      for (let i = records.length - 1; i >= 0; i--) yield* t.out.write(textToBytes(records[i]!));
    }
    return t.status;
  },
});

interface Cut {
  /** one more than separators */
  readonly texts: string[];
  readonly seps: string[];
}

function cutAt(text: string, separator: string): Cut {
  const texts = text.split(separator);
  return { texts, seps: texts.slice(1).map(() => separator) };
}

/** As the real one, which looks for matches from the end: of a+ in "aa" both letters are separators. */
function cutAtRegex(text: string, re: Regex): Cut {
  const texts: string[] = [];
  const seps: string[] = [];
  let end = text.length;
  for (let at = text.length - 1; at >= 0; at--) {
    const m = re.exec(text.slice(0, end), at);
    if (m === null || m[0] !== at || m[1] === at) continue;
    texts.unshift(text.slice(m[1], end));
    seps.unshift(text.slice(at, m[1]));
    end = at;
  }
  texts.unshift(text.slice(0, end));
  return { texts, seps };
}

function bytesToText(b: Uint8Array): string {
  let s = "";
  for (const c of b) s += String.fromCharCode(c);
  return s;
}
function textToBytes(s: string): Uint8Array {
  const b = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) b[i] = s.charCodeAt(i);
  return b;
}

const rev = gnuCommand({
  name: "rev",
  pkg: "util-linux 2.38.1-5+deb12u3",
  version: "rev from util-linux 2.38.1",
  usage: ["[options] [file ...]"],
  summary: "reverse lines characterwise",
  options: [
    { names: ["-h"], help: "print this help and end" },
    { names: ["-V"], help: "print the version and end" },
  ],
  // util-linux has the letters, too
  rewrite: (args) => args.map((a) => (a === "-h" ? "--help" : a === "-V" ? "--version" : a)),
  *main(t, _options, operands) {
    for (const file of operands.length > 0 ? operands : ["-"]) {
      const fd = file === "-" ? 0 : yield* t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
      if (fd < 0) {
        yield* t.warn(`cannot open ${file}: ${strerror(fd)}`);
        continue;
      }
      const reader = new LineReader(t.sys, fd);
      for (;;) {
        const line = yield* reader.next();
        if (line === null) break;
        if (typeof line === "number") {
          yield* t.warn(`${file}: ${strerror(line)}`);
          break;
        }
        yield* t.out.write(utf8(Array.from(fromUtf8(line)).reverse().join("") + (reader.newline ? "\n" : "")));
      }
      yield* t.close(fd);
    }
    return t.status;
  },
});

const tee = gnuCommand({
  name: "tee",
  usage: ["[OPTION]... [FILE]..."],
  summary: "copy standard input to each FILE, and also to standard output",
  options: [
    { names: ["-a", "--append"], help: "append to the files" },
    { names: ["-i", "--ignore-interrupts"], help: "ignore interrupts" },
    { names: ["-p"], help: "go on when a pipe is closed, report other errors" },
    { names: ["--output-error"], arg: "[MODE]", help: "on a write error: warn, warn-nopipe, exit or exit-nopipe" },
  ],
  *main(t, options, operands) {
    const append = options.some((o) => o.name === "-a");
    if (options.some((o) => o.name === "-i")) yield* t.sys.sigaction(Sig.INT, "ignore");
    const mode = yield* errorMode(t, options);
    if (mode !== "") yield* t.sys.sigaction(Sig.PIPE, "ignore");
    const outs: { name: string; fd: number }[] = [{ name: "standard output", fd: 1 }];
    for (const file of operands) {
      const fd = yield* t.sys.open(file, O.WRONLY | O.CREAT | O.CLOEXEC | (append ? O.APPEND : O.TRUNC), 0o666);
      if (fd < 0) {
        yield* t.fileError(file, fd);
        if (mode.startsWith("exit")) return 1;
      } else outs.push({ name: file, fd });
    }
    while (outs.length > 0) {
      const b = yield* t.read(0);
      if (typeof b === "number") {
        yield* t.warn(`read error: ${strerror(b)}`);
        break;
      }
      if (b.length === 0) break;
      yield* t.sys.tick(Math.floor(b.length / 1000));
      for (const o of Array.from(outs)) {
        const r = yield* writeAll(t.sys, o.fd, b);
        if (r >= 0) continue;
        outs.splice(outs.indexOf(o), 1);
        if (r === -Errno.EPIPE && mode.endsWith("-nopipe")) continue;
        if (mode.startsWith("exit")) return yield* t.die(`${o.fd === 1 ? "'standard output'" : quotef(o.name)}: ${strerror(r)}`);
        if (mode !== "" || r !== -Errno.EPIPE || o.fd !== 1)
          yield* t.warn(`${o.fd === 1 ? "'standard output'" : quotef(o.name)}: ${strerror(r)}`);
        else t.status = 1;
      }
    }
    return t.status;
  },
});

/** --output-error: "" is to die of SIGPIPE. */
function* errorMode(t: Tool, options: readonly GivenOption[]): Call<string> {
  const last = options.filter((o) => o.name === "-p" || o.name === "--output-error").pop();
  if (last === undefined) return "";
  if (last.value === null) return "warn-nopipe";
  return yield* argmatch(t, "--output-error", last.value, [["warn"], ["warn-nopipe"], ["exit"], ["exit-nopipe"]]);
}

export const catCommands = [cat, tac, rev, tee];
