/** sed: GNU sed 4.9's stream editor over the linear-time engine. Its e, v and F-to-shell features and back-references in patterns are refused. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import type { Call, Command } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { err, LineReader, Out, readFile } from "../lib/io.ts";
import type { Regex } from "../lib/regex.ts";
import { type Address, type Part, ScriptParser, type SedCommand, SedError, type Substitution } from "./script.ts";

interface Input {
  readonly line: string;
  readonly newline: boolean;
}

class Editor {
  readonly t: Tool;
  readonly commands: readonly SedCommand[];
  readonly labels: ReadonlyMap<string, number>;
  readonly quiet: boolean;
  readonly separate: boolean;
  readonly suffix: string | null;
  private files: readonly string[];
  private fileIndex = 0;
  private reader: LineReader | null = null;
  private fd = -1;
  private ahead: Input | null = null;
  private out: Out;
  private target: { path: string; temp: string } | null = null;
  private lineNo = 0;
  private pattern = "";
  private newline = true;
  private hold = "";
  private appended: (readonly ["text" | "file", string])[] = [];
  private lastRegex: Regex | null = null;
  private readonly writers = new Map<string, Out>();
  private steps = 0;
  private exitCode = 0;

  constructor(
    t: Tool,
    commands: readonly SedCommand[],
    labels: ReadonlyMap<string, number>,
    files: readonly string[],
    quiet: boolean,
    separate: boolean,
    suffix: string | null,
  ) {
    this.t = t;
    this.commands = commands;
    this.labels = labels;
    this.files = files;
    this.quiet = quiet;
    this.separate = separate;
    this.suffix = suffix;
    this.out = t.out;
  }

  /** The next line of the input, over file borders unless they are separate. */
  private *fetch(): Call<Input | null> {
    for (;;) {
      if (this.reader === null) {
        if (this.fileIndex >= this.files.length) return null;
        const file = this.files[this.fileIndex++]!;
        const st = file === "-" ? 0 : yield* this.t.sys.stat(file);
        this.fd = file === "-" ? 0 : yield* this.t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
        if (this.fd < 0) {
          yield* this.t.warn(`can't read ${file}: ${strerror(this.fd)}`, 2);
          continue;
        }
        if (typeof st !== "number" && (st.mode & 0o170000) === 0o040000) {
          yield* this.t.close(this.fd);
          yield* this.t.warn(
            this.suffix !== null ? `couldn't edit ${file}: not a regular file` : `read error on ${file}: Is a directory`,
            this.suffix !== null ? 4 : 2,
          );
          continue;
        }
        this.reader = new LineReader(this.t.sys, this.fd);
        if (this.suffix !== null && file !== "-") {
          const temp = `${file.includes("/") ? `${file.slice(0, file.lastIndexOf("/"))}/` : ""}sed${(yield* this.t.sys.getrandom()).toString(36)}`;
          const w = yield* this.t.sys.open(temp, O.WRONLY | O.CREAT | O.EXCL | O.CLOEXEC, typeof st === "number" ? 0o600 : st.mode & 0o777);
          if (w < 0) {
            yield* this.t.die(`couldn't open temporary file ${temp}: ${strerror(w)}`, 4);
          }
          this.target = { path: file, temp };
          this.out = new Out(this.t.sys, w);
          this.out.buffering("full");
        }
        if (this.separate) this.lineNo = 0;
      }
      const b = yield* this.reader.next();
      if (b !== null && typeof b !== "number") return { line: fromUtf8(b), newline: this.reader.newline };
      yield* this.endFile();
    }
  }

  private *endFile(): Call<void> {
    yield* this.t.close(this.fd);
    this.reader = null;
    if (this.target === null) return;
    yield* this.out.flush();
    yield* this.t.sys.close(this.out.fd);
    if (this.suffix !== "" && this.suffix !== null) {
      const base = this.target.path.slice(this.target.path.lastIndexOf("/") + 1);
      const dir = this.target.path.slice(0, this.target.path.length - base.length);
      yield* this.t.sys.rename(
        this.target.path,
        this.suffix.includes("*") ? dir + this.suffix.replaceAll("*", base) : this.target.path + this.suffix,
      );
    }
    yield* this.t.sys.rename(this.target.temp, this.target.path);
    this.target = null;
    this.out = this.t.out;
  }

  /** Is this the last line? Looks one line ahead, but not beyond a file that is edited by itself. */
  private *isLast(): Call<boolean> {
    if (this.ahead !== null) return false;
    if (this.separate) {
      if (this.reader === null) return true;
      const b = yield* this.reader.next();
      if (b === null || typeof b === "number") return true;
      this.ahead = { line: fromUtf8(b), newline: this.reader.newline };
      return false;
    }
    this.ahead = yield* this.fetch();
    return this.ahead === null;
  }

  private *readLine(): Call<Input | null> {
    const a = this.ahead;
    this.ahead = null;
    const line = a ?? (yield* this.fetch());
    if (line !== null) this.lineNo++;
    return line;
  }

  private *print(text: string, newline: boolean): Call<void> {
    yield* this.out.print(text + (newline ? "\n" : ""));
  }

  private *flushAppended(): Call<void> {
    for (const [kind, text] of this.appended) {
      if (kind === "text") yield* this.out.print(text);
      else {
        const data = yield* readFile(this.t.sys, text === "/dev/stdin" ? "/dev/stdin" : text);
        if (typeof data !== "number") yield* this.out.write(data);
      }
    }
    this.appended = [];
  }

  private *matches(a: Address): Call<boolean> {
    switch (a.k) {
      case "line":
        return this.lineNo === a.n;
      case "last":
        return yield* this.isLast();
      case "step":
        return a.step === 0 ? this.lineNo === a.first : this.lineNo >= a.first && (this.lineNo - a.first) % a.step === 0;
      case "regex":
        return (yield* this.regexOf(a.re)).test(this.pattern);
      default:
        return false;
    }
  }

  private *regexOf(re: Regex | null): Call<Regex> {
    const r = re ?? this.lastRegex;
    if (r === null) return yield* this.t.die("no previous regular expression");
    this.lastRegex = r;
    return r;
  }

  private *selected(c: SedCommand): Call<boolean> {
    const { a1, a2 } = c;
    if (a1 === null) return true;
    if (a2 === null) return yield* this.matches(a1);
    if (!c.active) {
      const first = a1.k === "zero" ? this.lineNo === 1 && c.until === 0 : yield* this.matches(a1);
      if (!first) return false;
      if (a1.k === "zero") {
        c.until = 1;
        c.active = !(yield* this.matches(a2));
        return true;
      }
      c.until =
        a2.k === "line"
          ? a2.n
          : a2.k === "plus"
            ? this.lineNo + a2.n
            : a2.k === "multiple"
              ? a2.n === 0
                ? this.lineNo
                : Math.ceil(this.lineNo / a2.n) * a2.n
              : 0;
      const counted = a2.k === "line" || a2.k === "plus" || a2.k === "multiple";
      c.active = counted ? this.lineNo < c.until : a2.k === "last" ? !(yield* this.isLast()) : true;
      return true;
    }
    if (a2.k === "regex" || a2.k === "last") {
      if (yield* this.matches(a2)) c.active = false;
      return true;
    }
    if (this.lineNo >= c.until) c.active = false;
    // a line number behind us: only the first line was meant
    return this.lineNo <= c.until;
  }

  *run(): Call<number> {
    let restart = false;
    for (;;) {
      if (!restart) {
        const line = yield* this.readLine();
        if (line === null) break;
        this.pattern = line.line;
        this.newline = line.newline;
      }
      restart = false;
      const end = yield* this.cycle();
      if (end === "restart") {
        restart = true;
        yield* this.flushAppended();
        continue;
      }
      if (end !== "delete" && end !== "quit-silent" && !this.quiet) yield* this.print(this.pattern, this.newline);
      yield* this.flushAppended();
      if (end === "quit" || end === "quit-silent") {
        if (this.target !== null) yield* this.copyRest();
        break;
      }
    }
    if (this.reader !== null) yield* this.endFile();
    for (const w of this.writers.values()) yield* w.flush();
    return this.exitCode !== 0 ? this.exitCode : this.t.status;
  }

  /** q with -i: the rest of the file stays as it is. */
  private *copyRest(): Call<void> {
    for (;;) {
      const l = this.ahead ?? (yield* this.fetch());
      this.ahead = null;
      if (l === null || this.target === null) return;
      yield* this.print(l.line, l.newline);
    }
  }

  private *cycle(): Call<"end" | "delete" | "restart" | "quit" | "quit-silent"> {
    let substituted = false;
    for (let pc = 0; pc < this.commands.length; pc++) {
      if (++this.steps % 1000 === 0) yield* this.t.sys.tick(500);
      const c = this.commands[pc]!;
      if ((yield* this.selected(c)) === c.not) {
        if (c.name === "{") pc = c.end - 1;
        continue;
      }
      switch (c.name) {
        case "s":
          if (yield* this.substitute(c.sub!)) substituted = true;
          break;
        case "y":
          this.pattern = Array.from(this.pattern, (ch) => c.map!.get(ch) ?? ch).join("");
          break;
        case "p":
          yield* this.print(this.pattern, true);
          break;
        case "P":
          yield* this.print(this.pattern.split("\n", 1)[0]!, true);
          break;
        case "d":
          return "delete";
        case "D": {
          const nl = this.pattern.indexOf("\n");
          if (nl < 0) return "delete";
          this.pattern = this.pattern.slice(nl + 1);
          return "restart";
        }
        case "n":
          if (yield* this.isLast()) return "quit";
          if (!this.quiet) yield* this.print(this.pattern, this.newline);
          yield* this.flushAppended();
          yield* this.next(false);
          break;
        case "N":
          if (yield* this.isLast()) return "quit";
          yield* this.flushAppended();
          yield* this.next(true);
          break;
        case "g":
          this.pattern = this.hold;
          break;
        case "G":
          this.pattern += `\n${this.hold}`;
          break;
        case "h":
          this.hold = this.pattern;
          break;
        case "H":
          this.hold += `\n${this.pattern}`;
          break;
        case "x":
          [this.pattern, this.hold] = [this.hold, this.pattern];
          break;
        case "z":
          this.pattern = "";
          break;
        case "=":
          yield* this.out.print(`${this.lineNo}\n`);
          break;
        case "F":
          yield* this.out.print(`${this.files[this.fileIndex - 1] ?? "-"}\n`);
          break;
        case "l":
          yield* this.out.print(listing(this.pattern, c.num));
          break;
        case "a":
          this.appended.push(["text", c.text]);
          break;
        case "i":
          yield* this.out.print(c.text);
          break;
        case "c":
          if (c.a2 === null || c.not || !c.active) yield* this.out.print(c.text);
          return "delete";
        case "r":
          this.appended.push(["file", c.text]);
          break;
        case "w":
          yield* this.write(c.text, `${this.pattern}\n`);
          break;
        case "W":
          yield* this.write(c.text, `${this.pattern.split("\n", 1)[0]}\n`);
          break;
        case "b":
          pc = this.jump(c);
          break;
        case "t":
          if (substituted) {
            substituted = false;
            pc = this.jump(c);
          }
          break;
        case "T":
          if (!substituted) pc = this.jump(c);
          substituted = false;
          break;
        case "q":
          this.exitCode = c.num;
          return "quit";
        case "Q":
          this.exitCode = c.num;
          return "quit-silent";
        case "{":
          break;
        default:
          yield* this.t.notSimulated(`command ${c.name}`);
      }
    }
    return "end";
  }

  private jump(c: SedCommand): number {
    return (c.text === "" ? this.commands.length : this.labels.get(c.text)!) - 1;
  }

  private *next(append: boolean): Call<void> {
    const l = yield* this.readLine();
    if (l === null) return;
    this.pattern = append ? `${this.pattern}\n${l.line}` : l.line;
    this.newline = l.newline;
  }

  private *write(path: string, text: string): Call<void> {
    if (path === "/dev/stdout") return yield* this.out.print(text);
    if (path === "/dev/stderr") {
      yield* err(this.t.sys, text);
      return;
    }
    let w = this.writers.get(path);
    if (w === undefined) {
      const fd = yield* this.t.sys.open(path, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o666);
      if (fd < 0) return yield* this.t.die(`couldn't open file ${path}: ${strerror(fd)}`, 4);
      w = new Out(this.t.sys, fd);
      this.writers.set(path, w);
    }
    yield* w.write(utf8(text));
    yield* w.flush();
  }

  private *substitute(s: Substitution): Call<boolean> {
    const re = yield* this.regexOf(s.re);
    const text = this.pattern;
    let result = "";
    let at = 0;
    let n = 0;
    let done = 0;
    let lastEnd = -1;
    for (let from = 0; from <= text.length;) {
      const m = re.exec(text, from);
      if (m === null) break;
      const [start, end] = [m[0]!, m[1]!];
      // no empty match right behind a match
      if (end > start || start !== lastEnd) {
        n++;
        lastEnd = end;
        if (n >= s.nth) {
          result += text.slice(at, start) + expand(s.parts, text, m);
          at = end;
          done++;
          if (!s.all) break;
        }
      }
      from = end > start ? end : end + 1;
    }
    if (done === 0) return false;
    this.pattern = result + text.slice(at);
    yield* this.t.sys.tick(1 + Math.floor(text.length / 1000));
    if (s.print) yield* this.print(this.pattern, true);
    if (s.file !== null) yield* this.write(s.file, `${this.pattern}\n`);
    return true;
  }
}

function expand(parts: readonly Part[], text: string, m: readonly number[]): string {
  let r = "";
  let mode: "U" | "L" | "E" = "E";
  let once: "u" | "l" | "" = "";
  for (const p of parts) {
    if (p.k === "case") {
      if (p.v === "u" || p.v === "l") once = p.v;
      else mode = p.v;
      continue;
    }
    let s = p.k === "text" ? p.v : m[2 * p.n]! < 0 ? "" : text.slice(m[2 * p.n], m[2 * p.n + 1]);
    if (mode === "U") s = s.toUpperCase();
    else if (mode === "L") s = s.toLowerCase();
    if (once !== "" && s !== "") {
      s = (once === "u" ? s[0]!.toUpperCase() : s[0]!.toLowerCase()) + s.slice(1);
      once = "";
    }
    r += s;
  }
  return r;
}

/** l: the line unambiguously, folded. */
function listing(text: string, width: number): string {
  const known: Readonly<Record<number, string>> = { 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 92: "\\\\" };
  let s = "";
  let column = 0;
  for (const b of utf8(text)) {
    const piece = known[b] ?? (b >= 32 && b < 127 ? String.fromCharCode(b) : `\\${b.toString(8).padStart(3, "0")}`);
    if (width > 1 && column + piece.length > width - 1) {
      s += "\\\n";
      column = 0;
    }
    s += piece;
    column += piece.length;
  }
  return `${s}$\n`;
}

const sed = gnuCommand({
  name: "sed",
  pkg: "sed 4.9-1",
  version: "sed (GNU sed) 4.9",
  usage: ["[OPTION]... {script-only-if-no-other-script} [input-file]..."],
  summary: "stream editor for filtering and transforming text",
  description: [
    "Each line is read, the commands of the script are done whose addresses fit, and the line is printed (unless -n).",
    "Addresses: a line number, $ for the last line, /regex/, two with a comma between for a range, ! behind for all others. Commands: s/regex/text/flags, p, d, q, a, i, c, y, n, N, h, H, g, G, x, b, t, =, l, r, w.",
  ],
  examples: [
    { cmd: "sed -n '2,4p' file", what: "lines 2 to 4" },
    { cmd: "sed 's/old/new/g' file", what: "replace everywhere" },
    { cmd: "sed -i '/^#/d' file", what: "delete comment lines in the file itself" },
  ],
  seeAlso: ["grep(1)", "awk(1)"],
  options: [
    { names: ["-n", "--quiet", "--silent"], help: "do not print lines by themselves" },
    { names: ["-e", "--expression"], arg: "script", help: "add a script" },
    { names: ["-f", "--file"], arg: "script-file", help: "add a script from a file" },
    { names: ["-i", "--in-place"], arg: "[SUFFIX]", help: "edit files in place; keep the old ones with SUFFIX" },
    { names: ["-E", "-r", "--regexp-extended"], help: "extended regular expressions" },
    { names: ["-s", "--separate"], help: "files are separate, not one stream" },
    { names: ["-u", "--unbuffered"], help: "write each line at once" },
    { names: ["--debug"], help: "show what the script does", notModelled: true },
    { names: ["--follow-symlinks"], help: "with -i, edit what a link leads to", notModelled: true },
    { names: ["-l", "--line-length"], arg: "N", help: "width of l", notModelled: true },
    { names: ["--posix"], help: "no GNU extensions", notModelled: true },
    { names: ["--sandbox"], help: "no e, r, w", notModelled: true },
    { names: ["-z", "--null-data"], help: "lines end in NUL", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const parser = new ScriptParser(has("-E"));
    let files = operands;
    let suffix: string | null = null;
    try {
      let n = 0;
      for (const { name, value } of options) {
        if (name === "-e") parser.add(value!, `-e expression #${++n}`);
        else if (name === "-f") {
          const data = yield* readFile(t.sys, value === "-" ? "/dev/stdin" : value!);
          if (typeof data === "number") return yield* t.die(`couldn't open file ${value}: ${strerror(data)}`);
          n++;
          parser.add(fromUtf8(data), `file ${value} line 1`);
        } else if (name === "-i") suffix = value ?? "";
      }
      if (n === 0) {
        if (files.length === 0) {
          yield* err(
            t.sys,
            `Usage: ${t.name} [OPTION]... {script-only-if-no-other-script} [input-file]...\n\nTry '${t.name} --help' for the options.\n`,
          );
          return 1;
        }
        parser.add(files[0]!, "-e expression #1");
        files = files.slice(1);
      }
      parser.finish();
    } catch (e) {
      if (!(e instanceof SedError)) throw e;
      if (e.notSimulated !== null) return yield* t.notSimulated(e.notSimulated);
      return yield* t.die(e.message, e.message.startsWith("can't find label") ? 4 : 1);
    }
    if (has("-u")) t.out.buffering("line");
    const editor = new Editor(
      t,
      parser.commands,
      parser.labels,
      files.length > 0 ? files : ["-"],
      has("-n"),
      has("-s") || suffix !== null,
      suffix,
    );
    return yield* editor.run();
  },
});

export const commands: readonly Command[] = [sed];
