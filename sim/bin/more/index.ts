/**
 * more: the pager that only goes forward, and back in files (util-linux). It prints on the screen as it is; when standard output is
 * no terminal it copies. Left out: the window options, v and shell escapes.
 */
import { strerror } from "../../core/result.ts";
import { textWidth } from "../../kernel/graphemes.ts";
import { type Call, type Command, O, type OptionSpec, S_IF, Sig, type Sys } from "../../kernel/abi.ts";
import { err, LineReader, notSimulated, Out, program } from "../lib/io.ts";
import { getoptMessage, optionHelp, parseOptions } from "../lib/options.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import { decodeText, encodeText } from "../lib/screen/bytes.ts";
import { type LineResult, readPrompt } from "../lib/screen/lineinput.ts";
import { PLAIN, REVERSE, Term } from "../lib/screen/term.ts";

const OPTIONS: readonly OptionSpec[] = [
  { names: ["-e", "--exit-on-eof"], help: "end at the end of the last file" },
  { names: ["-n", "--lines"], arg: "NUMBER", help: "lines of a screen" },
  { names: ["-s", "--squeeze"], help: "several blank lines as one" },
  { names: ["-h", "--help"], help: "print this help and end" },
  { names: ["-V", "--version"], help: "print the version and end" },
  ...["-d --silent", "-f --logical", "-l --no-pause", "-c --print-over", "-p --clean-print", "-u --plain", "-C"].map((n): OptionSpec => ({
    names: n.split(" "),
    help: "",
    notModelled: true,
  })),
];

const HELP = `Most commands may begin with a number.
-------------------------------------------------------------------------------
<space>                 The next screen
z                       The next screen; a number becomes its size
<return>                The next line; a number becomes the default
d or ctrl-D             Half a screen more
s                       Skip a line
f                       Skip a screen
b or ctrl-B             Back a screen (files only)
'                       To the place where the last search began
=                       The number of the line
/<regular expression>   Search
n                       Search again
:n  :p                  The next file, the one before
:f                      The name of the file and the line
q or <interrupt>        End
-------------------------------------------------------------------------------
`;

class More {
  private readonly sys: Sys;
  private readonly term: Term;
  private readonly files: readonly (string | null)[];
  private readonly set: { readonly exit: boolean; readonly squeeze: boolean; screen: number };
  private index = 0;
  private reader: LineReader;
  private fd = -1;
  private size = 0;
  private lines: string[] = [];
  /** offset behind each line */
  private ends: number[] = [];
  private eof = false;
  /** next line to print */
  private at = 0;
  private pattern: Regex | null = null;
  private searchedFrom = 0;
  private half = 11;
  private step = 1;

  constructor(sys: Sys, term: Term, files: readonly (string | null)[], set: More["set"]) {
    this.sys = sys;
    this.term = term;
    this.files = files;
    this.set = set;
    this.reader = new LineReader(sys, 0);
  }

  /** Opens a file of the list; false when it cannot be shown (which has been said). */
  *open(i: number): Call<boolean> {
    if (this.fd > 2) yield* this.sys.close(this.fd);
    this.index = i;
    this.lines = [];
    this.ends = [];
    this.eof = false;
    this.at = 0;
    this.size = 0;
    const name = this.files[i]!;
    this.fd = 0;
    if (name !== null) {
      const fd = yield* openNamed(this.sys, name);
      if (fd === null) return false;
      this.fd = fd;
      const st = yield* this.sys.fstat(fd);
      if (typeof st !== "number") this.size = st.size;
    }
    this.reader = new LineReader(this.sys, this.fd);
    if (this.files.length > 1) yield* this.term.print(`::::::::::::::\n${name ?? "stdin"}\n::::::::::::::\n`);
    return true;
  }
  private *line(n: number): Call<string | null> {
    while (!this.eof && this.lines.length <= n) {
      const b = yield* this.reader.next();
      if (b === null || typeof b === "number") {
        this.eof = true;
        break;
      }
      const text = decodeText(b);
      const before = this.ends[this.ends.length - 1] ?? 0;
      if (this.set.squeeze && text === "" && this.lines[this.lines.length - 1] === "") this.ends[this.ends.length - 1] = before + 1;
      else {
        this.lines.push(text);
        this.ends.push(before + b.length + 1);
      }
    }
    return this.lines[n] ?? null;
  }
  private rowsOf(text: string): number {
    return Math.max(1, Math.ceil(textWidth(text.replace(/\t/g, "        ")) / this.term.cols));
  }
  /** Prints so many rows of lines. */
  *print(rows: number): Call<void> {
    let text = "";
    for (let used = 0; used < rows;) {
      const l = yield* this.line(this.at);
      if (l === null) break;
      used += this.rowsOf(l);
      text += `${l}\n`;
      this.at++;
    }
    yield* this.sys.write(1, encodeText(text));
  }
  private get screen(): number {
    return this.set.screen > 0 ? this.set.screen : this.term.rows - 1;
  }
  private *prompt(): Call<void> {
    const done = (yield* this.line(this.at)) === null;
    const next = this.files[this.index + 1];
    let text: string;
    if (done) text = "(END)";
    else text = `--More--${this.size > 0 ? `(${Math.floor(((this.ends[this.at - 1] ?? 0) * 100) / this.size)}%)` : ""}`;
    if (done && next !== undefined) text = `--More--(Next file: ${next})`;
    yield* this.say(`${REVERSE}${text}${PLAIN}`);
  }
  private *say(text: string): Call<void> {
    yield* this.term.print(`\r\x1b[K${text}`);
  }

  *run(): Call<number> {
    let first = 0;
    let status = 0;
    while (first < this.files.length && !(yield* this.open(first))) {
      status = 1;
      first++;
    }
    if (first >= this.files.length) return status;
    yield* this.page(this.files.length > 1 ? this.screen - 3 : this.screen);
    let number = "";
    let quiet = false;
    for (;;) {
      if (this.set.exit && (yield* this.line(this.at)) === null && this.index === this.files.length - 1) return 0;
      if (!quiet && number === "" && !this.term.typedAhead) yield* this.prompt();
      quiet = false;
      const e = yield* this.term.next();
      if (e.kind === "eof" || (e.kind === "signal" && e.sig !== Sig.TSTP)) break;
      if (e.kind === "signal") yield* this.term.suspend();
      if (e.kind !== "key") continue;
      const k = e.key.name;
      if (/^[0-9]$/.test(k)) {
        number += k;
        continue;
      }
      const n = number === "" ? null : Number(number);
      number = "";
      const r = yield* this.command(k, n);
      if (r === "quit") break;
      quiet = r === "said";
    }
    yield* this.say("");
    return status;
  }
  private *page(rows: number): Call<void> {
    yield* this.say("");
    yield* this.print(rows);
  }
  private *command(k: string, n: number | null): Call<"quit" | "said" | "moved"> {
    switch (k) {
      case "q":
      case "Q":
        return "quit";
      case " ":
      case "pagedown":
      case "z":
        if (k === "z" && n !== null) this.set.screen = n;
        if ((yield* this.line(this.at)) === null && this.index + 1 < this.files.length) {
          yield* this.say("");
          yield* this.open(this.index + 1);
          yield* this.page(this.screen - 3);
        } else yield* this.page(n ?? this.screen);
        return "moved";
      case "enter":
      case "C-j":
      case "down":
        if (n !== null) this.step = n;
        yield* this.page(n ?? this.step);
        return "moved";
      case "d":
      case "C-d":
        if (n !== null) this.half = n;
        yield* this.page(Math.min(this.half, Math.max(1, Math.floor(this.term.rows / 2) - (n === null ? 1 : 0))));
        return "moved";
      case "s":
      case "f": {
        const by = k === "s" ? (n ?? 1) : (n ?? 1) * this.screen;
        yield* this.line(this.at + by);
        this.at = Math.min(this.at + by, this.lines.length);
        yield* this.say(`\n...skipping ${by} line${by === 1 ? "" : "s"}\n\n`);
        yield* this.print(this.screen);
        return "moved";
      }
      case "b":
      case "C-b":
        this.at = Math.max(0, this.at - this.screen * (1 + (n ?? 1)) - 1);
        yield* this.say("...back 1 page\n");
        yield* this.print(this.screen);
        return "moved";
      case "=":
        yield* this.say(String(this.at));
        return "said";
      case "'":
        this.at = this.searchedFrom;
        yield* this.say("\n***Back***\n\n");
        yield* this.print(this.screen);
        return "moved";
      case "/": {
        const r: LineResult = yield* readPrompt(this.term, (text) => this.say(`/${text}`));
        if (!r.ok) return "moved";
        if (r.text !== "") {
          const re = compileRegex(r.text, "bre");
          if (!(re instanceof Regex)) {
            yield* this.say(`${REVERSE}${re.message ?? "not simulated"}${PLAIN}`);
            return "said";
          }
          this.pattern = re;
        }
        return yield* this.search(n ?? 1);
      }
      case "n":
        return yield* this.search(n ?? 1);
      case ":":
        return yield* this.colon(n ?? 1);
      case "h":
      case "?":
        yield* this.say(HELP);
        return "moved";
      case "C-l":
        this.at = Math.max(0, this.at - this.screen);
        yield* this.say("\n");
        yield* this.print(this.screen);
        return "moved";
      default:
        yield* this.term.print("\x07");
        return "said";
    }
  }
  private *search(count: number): Call<"said" | "moved"> {
    if (this.pattern === null) {
      yield* this.say(`${REVERSE}No previous regular expression${PLAIN}`);
      return "said";
    }
    this.searchedFrom = this.at;
    let left = count;
    for (let i = this.at; ; i++) {
      const l = yield* this.line(i);
      if (l === null) break;
      if (i % 1000 === 999) yield* this.sys.tick(1000);
      if (!this.pattern.test(l) || --left > 0) continue;
      this.at = Math.max(0, i - 2);
      yield* this.say("...skipping\n");
      yield* this.print(this.screen - 1);
      return "moved";
    }
    yield* this.say(`${REVERSE}Pattern not found${PLAIN}`);
    return "said";
  }
  private *colon(n: number): Call<"quit" | "said" | "moved"> {
    yield* this.say(":");
    const k = yield* this.term.key();
    if (k === null || k.name === "q") return "quit";
    if (k.name === "f") {
      yield* this.say(`"${this.files[this.index] ?? "stdin"}" line ${this.at}`);
      return "said";
    }
    if (k.name === "n" || k.name === "p") {
      const to = this.index + (k.name === "n" ? n : -n);
      if (to >= this.files.length) return "quit";
      yield* this.say("");
      if (yield* this.open(Math.max(0, to))) yield* this.print(this.screen - 3);
      return "moved";
    }
    yield* this.term.print("\x07");
    return "moved";
  }
}

function* openNamed(sys: Sys, name: string): Call<number | null> {
  const st = yield* sys.stat(name);
  if (typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR) {
    yield* err(sys, `\n*** ${name}: directory ***\n\n`);
    return null;
  }
  const fd = yield* sys.open(name, O.RDONLY | O.CLOEXEC, 0);
  if (fd >= 0) return fd;
  yield* err(sys, `more: cannot open ${name}: ${strerror(fd)}\n`);
  return null;
}

const main = program(function* more({ sys, name, out }, args) {
  const parsed = parseOptions(
    OPTIONS,
    args.map((a) => (/^-[0-9]+$/.test(a) ? `-n${a.slice(1)}` : a)),
    { posix: true },
  );
  if (parsed.error !== null) {
    if (parsed.error.kind === "not-modelled") return yield* notSimulated(sys, name, `option ${parsed.error.given}`);
    yield* err(sys, `${getoptMessage(name, parsed.error)}\nTry '${name} --help' for more information.\n`);
    return 1;
  }
  const has = (n: string): boolean => parsed.options.some((o) => o.name === n);
  if (has("-h")) {
    yield* out.print(`\nUsage:\n ${name} [options] <file>...\n\nDisplay the contents of a file in a terminal.\n\n${optionHelp(OPTIONS)}`);
    return 0;
  }
  if (has("-V")) {
    yield* out.print("more from util-linux 2.38.1\n");
    return 0;
  }
  const screen = Number.parseInt(parsed.options.find((o) => o.name === "-n")?.value ?? "0", 10) || 0;
  const files: (string | null)[] = Array.from(parsed.operands);
  if (files.length === 0) {
    if ((yield* sys.isatty(0)) === 1) {
      yield* err(sys, `${name}: bad usage\nTry '${name} --help' for more information.\n`);
      return 1;
    }
    files.push(null);
  }
  const term = (yield* sys.isatty(1)) === 1 ? yield* Term.open(sys, { signals: true, alternate: false }) : -1;
  if (typeof term === "number") return yield* copy(sys, files);
  yield* term.enterKeepingScreen();
  const status = yield* new More(sys, term, files, { exit: has("-e"), squeeze: has("-s"), screen }).run();
  yield* term.leaveKeepingScreen();
  return status;
});

function* copy(sys: Sys, files: readonly (string | null)[]): Call<number> {
  const out = new Out(sys);
  let status = 0;
  for (const f of files) {
    const fd = f === null ? 0 : yield* openNamed(sys, f);
    if (fd === null) {
      status = 1;
      continue;
    }
    if (files.length > 1) yield* out.print(`::::::::::::::\n${f ?? "stdin"}\n::::::::::::::\n`);
    for (;;) {
      const b = yield* sys.read(fd, 65536);
      if (typeof b === "number" || b.length === 0) break;
      yield* out.write(b);
    }
    if (fd > 2) yield* sys.close(fd);
  }
  yield* out.flush();
  return status;
}

export const commands: readonly Command[] = [
  {
    name: "more",
    paths: ["/usr/bin/more"],
    pkg: "util-linux 2.38.1-5+deb12u3",
    main,
    options: OPTIONS,
    man: {
      summary: "display the contents of a file in a terminal",
      synopsis: ["more [options] file ..."],
      description: ["Shows text one screen at a time. Space goes on, RETURN goes on a line, /PATTERN searches, q ends. less can do more."],
      seeAlso: ["less(1)"],
    },
  },
];
