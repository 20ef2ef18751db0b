/** wc: lines, words, characters, bytes. Words are separated by white space, characters counted as UTF-8. */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, quotef, type Tool } from "../lib/gnu.ts";
import { files0From } from "./lines.ts";

interface Counts {
  lines: number;
  words: number;
  chars: number;
  bytes: number;
  longest: number;
}

const wc = gnuCommand({
  name: "wc",
  usage: ["[OPTION]... [FILE]..."],
  summary: "print newline, word, and byte counts for each FILE",
  options: [
    { names: ["-c", "--bytes"], help: "print the byte counts" },
    { names: ["-m", "--chars"], help: "print the character counts" },
    { names: ["-l", "--lines"], help: "print the newline counts" },
    { names: ["-L", "--max-line-length"], help: "print the length of the longest line" },
    { names: ["-w", "--words"], help: "print the word counts" },
    { names: ["--files0-from"], arg: "F", help: "read file names, ending in NUL, from F" },
  ],
  *main(t, options, operands) {
    const chosen = options.map((o) => o.name).filter((n) => n !== "--files0-from");
    const want = new Set(chosen.length > 0 ? chosen : ["-l", "-w", "-c"]);
    const from = options.filter((o) => o.name === "--files0-from").pop()?.value ?? null;
    const files = from !== null ? yield* files0From(t, from, operands) : operands.length > 0 ? operands : [""];
    if (files.length === 0) return t.status;
    // the width is that of the sum of the sizes; 7 where one of several is no regular file
    let size = 0;
    let width = 1;
    const regular: boolean[] = [];
    for (const f of files) {
      const st = f === "" || f === "-" ? yield* t.sys.fstat(0) : yield* t.sys.stat(f);
      regular.push(typeof st !== "number" && (st.mode & 0o170000) === 0o100000);
      if (typeof st === "number") continue;
      if (regular[regular.length - 1]) size += st.size;
      else width = 7;
    }
    if (from !== null || (files.length === 1 && want.size === 1)) width = 1;
    else width = Math.max(width, String(size).length);
    const total: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 };
    for (const file of files) {
      const fd = file === "" ? 0 : yield* t.open(file);
      if (fd === null) continue;
      const c = yield* count(t, file, fd);
      yield* t.close(fd);
      yield* t.out.print(row(c, want, width, file));
      total.lines += c.lines;
      total.words += c.words;
      total.chars += c.chars;
      total.bytes += c.bytes;
      total.longest = Math.max(total.longest, c.longest);
    }
    if (files.length > 1) yield* t.out.print(row(total, want, width, "total"));
    return t.status;
  },
});

function row(c: Counts, want: ReadonlySet<string>, width: number, file: string): string {
  const cells: string[] = [];
  if (want.has("-l")) cells.push(String(c.lines).padStart(width));
  if (want.has("-w")) cells.push(String(c.words).padStart(width));
  if (want.has("-m")) cells.push(String(c.chars).padStart(width));
  if (want.has("-c")) cells.push(String(c.bytes).padStart(width));
  if (want.has("-L")) cells.push(String(c.longest).padStart(width));
  return `${cells.join(" ")}${file === "" ? "" : ` ${file.includes("\n") ? quotef(file) : file}`}\n`;
}

function* count(t: Tool, file: string, fd: number): Call<Counts> {
  const c: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 };
  let inWord = false;
  let column = 0;
  for (;;) {
    const b = yield* t.read(fd);
    if (typeof b === "number") {
      yield* t.warn(`${quotef(file === "" ? "-" : file)}: ${strerror(b)}`);
      return c;
    }
    if (b.length === 0) break;
    c.bytes += b.length;
    for (const x of b) {
      const space = x === 32 || (x >= 9 && x <= 13);
      if (!space && !inWord) c.words++;
      inWord = !space;
      if ((x & 0xc0) !== 0x80) c.chars++;
      if (x === 10) {
        c.lines++;
        c.longest = Math.max(c.longest, column);
        column = 0;
      } else if (x === 9) column += 8 - (column % 8);
      else if ((x & 0xc0) !== 0x80 && x >= 32) column++;
    }
    yield* t.sys.tick(1 + Math.floor(b.length / 100));
  }
  c.longest = Math.max(c.longest, column);
  return c;
}

export const wcCommands = [wc];
