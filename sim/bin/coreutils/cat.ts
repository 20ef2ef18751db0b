/** cat, tac, rev, nl, tee: what passes lines through. Input is read and written in pieces, tac's apart. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { O, Sig } from "../../kernel/abi.ts";
import { gnuCommand, quoteaf, quotef } from "../lib/gnu.ts";
import { LineReader, writeAll } from "../lib/io.ts";
import { eachLine } from "./lines.ts";

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
    { names: ["-b", "--before"], help: "attach the separator before", notModelled: true },
    { names: ["-r", "--regex"], help: "the separator is a regular expression", notModelled: true },
    { names: ["-s", "--separator"], arg: "STRING", help: "use STRING as the separator", notModelled: true },
  ],
  *main(t, _options, operands) {
    for (const file of operands.length > 0 ? operands : ["-"]) {
      const fd = file === "-" ? 0 : yield* t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
      if (fd < 0) {
        yield* t.warn(`failed to open ${quoteaf(file)} for reading: ${strerror(fd)}`);
        continue;
      }
      const lines: Uint8Array[] = [];
      const reader = new LineReader(t.sys, fd);
      let failed = 0;
      for (;;) {
        const line = yield* reader.next();
        if (line === null) break;
        if (typeof line === "number") {
          failed = line;
          break;
        }
        const whole = new Uint8Array(line.length + (reader.newline ? 1 : 0));
        whole.set(line);
        if (reader.newline) whole[line.length] = 10;
        lines.push(whole);
      }
      if (failed < 0) yield* t.warn(`${quotef(file)}: read error: ${strerror(failed)}`);
      else for (let i = lines.length - 1; i >= 0; i--) yield* t.out.write(lines[i]!);
      yield* t.close(fd);
    }
    return t.status;
  },
});

const rev = gnuCommand({
  name: "rev",
  pkg: "util-linux 2.38.1-5+deb12u3",
  version: "rev from util-linux 2.38.1",
  usage: ["[options] [file ...]"],
  summary: "reverse lines characterwise",
  options: [],
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

const nl = gnuCommand({
  name: "nl",
  usage: ["[OPTION]... [FILE]..."],
  summary: "number lines of files",
  options: [
    { names: ["-b", "--body-numbering"], arg: "STYLE", help: "a: all lines, t: those not empty, n: none" },
    { names: ["-i", "--line-increment"], arg: "NUMBER", help: "step between line numbers" },
    { names: ["-n", "--number-format"], arg: "FORMAT", help: "ln, rn or rz" },
    { names: ["-s", "--number-separator"], arg: "STRING", help: "text behind the number" },
    { names: ["-v", "--starting-line-number"], arg: "NUMBER", help: "first line number" },
    { names: ["-w", "--number-width"], arg: "NUMBER", help: "columns of the number" },
    { names: ["-d", "--section-delimiter"], arg: "CC", help: "marks of logical pages", notModelled: true },
    { names: ["-f", "--footer-numbering"], arg: "STYLE", help: "numbering of footers", notModelled: true },
    { names: ["-h", "--header-numbering"], arg: "STYLE", help: "numbering of headers", notModelled: true },
    { names: ["-l", "--join-blank-lines"], arg: "NUMBER", help: "several empty lines count as one", notModelled: true },
    { names: ["-p", "--no-renumber"], help: "do not begin again on each page", notModelled: true },
  ],
  *main(t, options, operands) {
    let [style, step, format, sep, number, width] = ["t", 1, "rn", "\t", 1, 6];
    for (const { name, value } of options) {
      const n = Number(value);
      if (name === "-b") style = value!;
      else if (name === "-n") format = value!;
      else if (name === "-s") sep = value!;
      else if (!/^[-+]?[0-9]+$/.test(value!))
        yield* t.die(
          `invalid ${name === "-i" ? "line number increment" : name === "-v" ? "starting line number" : "line number field width"}: ‘${value}’`,
        );
      else if (name === "-i") step = n;
      else if (name === "-v") number = n;
      else width = n;
    }
    if (!["a", "t", "n"].includes(style)) yield* t.usage(`invalid body numbering style: ‘${style}’`);
    if (!["ln", "rn", "rz"].includes(format)) yield* t.usage(`invalid line numbering format: ‘${format}’`);
    yield* eachLine(t, operands, function* (line) {
      if (style === "a" || (style === "t" && line.length > 0)) {
        const text = String(number);
        yield* t.out.print((format === "ln" ? text.padEnd(width) : text.padStart(width, format === "rz" ? "0" : " ")) + sep);
        number += step;
      } else {
        yield* t.out.print(" ".repeat(width + sep.length));
      }
      yield* t.out.write(line);
      yield* t.out.print("\n");
    });
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
    { names: ["-p"], help: "report errors writing to what is no pipe", notModelled: true },
    { names: ["--output-error"], arg: "[MODE]", help: "what to do on a write error", notModelled: true },
  ],
  *main(t, options, operands) {
    const append = options.some((o) => o.name === "-a");
    if (options.some((o) => o.name === "-i")) yield* t.sys.sigaction(Sig.INT, "ignore");
    const outs: { name: string; fd: number }[] = [{ name: "standard output", fd: 1 }];
    for (const file of operands) {
      const fd = yield* t.sys.open(file, O.WRONLY | O.CREAT | O.CLOEXEC | (append ? O.APPEND : O.TRUNC), 0o666);
      if (fd < 0) yield* t.fileError(file, fd);
      else outs.push({ name: file, fd });
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
        if (r !== -Errno.EPIPE || o.fd !== 1) yield* t.warn(`${o.fd === 1 ? "'standard output'" : quotef(o.name)}: ${strerror(r)}`);
        else t.status = 1;
      }
    }
    return t.status;
  },
});

export const catCommands = [cat, tac, rev, nl, tee];
