/**
 * less at work: the prompt, the commands, searching, several files. Commands that the real one has and this one has not ring
 * the bell, as unknown ones do: tags, brackets, log files, pipes.
 */
import { strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { type Call, O, S_IF, Sig, type Sys } from "../../kernel/abi.ts";
import { textWidth } from "../../kernel/graphemes.ts";
import { spawnp } from "../lib/exec.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import { clip } from "../lib/screen/cells.ts";
import { type LineResult, readPrompt } from "../lib/screen/lineinput.ts";
import { PLAIN, REVERSE, type Term } from "../lib/screen/term.ts";
import { HELP } from "./help.ts";
import { FORWARD, keyName } from "./keys.ts";
import { EQUALS, formatPrompt, LONG, MEDIUM, type PromptValues, SHORT } from "./prompt.ts";
import { type Settings, toggle } from "./settings.ts";
import { looksBinary, Source } from "./source.ts";
import { type Pos, View } from "./view.ts";

interface Mark {
  readonly file: number;
  readonly pos: Pos;
}
interface Search {
  readonly re: Regex;
  readonly back: boolean;
  readonly invert: boolean;
}

export class Pager {
  private readonly sys: Sys;
  private readonly term: Term;
  private readonly set: Settings;
  /** null: standard input */
  private readonly files: (string | null)[];
  private index = -1;
  private view: View;
  private search: Search | null = null;
  private readonly marks = new Map<string, Mark>();
  private fresh = true;
  /** commands to run in every new file (+cmd, ++cmd) */
  private readonly startup: string[];
  private half = 0;
  /** rows were only printed from the cursor on: the screen is not full and nothing stands below the prompt */
  private partial = false;
  private endSeen = 0;
  /** a key that was not meant for the message it ended */
  private again: string[] = [];

  constructor(sys: Sys, term: Term, set: Settings, files: readonly (string | null)[], startup: readonly string[]) {
    this.sys = sys;
    this.term = term;
    this.set = set;
    this.files = Array.from(files);
    this.startup = Array.from(startup);
    this.view = new View(new Source(sys, null, -1, 0), set);
  }

  // ------------------------------------------------------------ files

  /** Opens a file. A text is why it could not be; "binary" asks first. */
  *openFile(name: string | null): Call<Source | string> {
    if (name === null) return new Source(this.sys, null, 0, -1);
    const st = yield* this.sys.stat(name);
    if (typeof st === "number") return `${name}: ${strerror(st)}`;
    const type = st.mode & S_IF.MT;
    if (type === S_IF.DIR) return `${name} is a directory`;
    if (type !== S_IF.REG && !this.set.force) return `${name} is not a regular file (use -f to see it)`;
    const fd = yield* this.sys.open(name, O.RDONLY | O.CLOEXEC, 0);
    if (fd < 0) return `${name}: ${strerror(fd)}`;
    return new Source(this.sys, name, fd, type === S_IF.REG && !name.startsWith("/proc/") && !name.startsWith("/sys/") ? st.size : -1);
  }
  *isBinary(s: Source): Call<boolean> {
    if (this.set.force || s.name === null) return false;
    const head = yield* this.sys.read(s.fd, 256);
    yield* this.sys.lseek(s.fd, 0, "set");
    return typeof head !== "number" && looksBinary(head);
  }
  /** Does all of it fit on the screen with the prompt? */
  *fits(s: Source): Call<boolean> {
    const v = new View(s, this.set);
    v.resize(this.term.cols, this.term.rows);
    yield* v.showFrom({ line: 0, row: 0 });
    return yield* v.atEnd();
  }
  /** Makes an open file the current one. */
  *take(index: number, s: Source): Call<void> {
    const old = this.view.source;
    if (this.index >= 0 && old.fd > 2) yield* this.sys.close(old.fd);
    this.index = index;
    this.view = new View(s, this.set);
    this.view.resize(this.term.cols, this.term.rows);
    this.view.shift = 0;
    this.view.highlight = this.set.highlight ? (this.search?.re ?? null) : null;
    this.fresh = true;
    this.endSeen = 0;
    yield* this.view.showFrom({ line: 0, row: 0 });
    if (this.set.pattern !== null) yield* this.find(this.set.pattern, false, false);
    this.term.feed(this.startup.join(""));
  }
  /** :n and :p */
  private *goFile(by: number): Call<void> {
    const to = this.index + by;
    if (to < 0 || to >= this.files.length) {
      const n = Math.abs(by) > 1 ? "(N-th) " : "";
      return yield* this.message(by > 0 ? `No ${n}next file` : `No ${n}previous file`);
    }
    const s = yield* this.openFile(this.files[to]!);
    if (typeof s === "string") {
      this.files.splice(to, 1);
      if (to < this.index) this.index--;
      this.fresh = true;
      yield* this.message(s);
      return yield* this.goFile(by);
    }
    if ((yield* this.isBinary(s)) && !(yield* this.ask(`"${s.name}" may be a binary file.  See it anyway? `))) return;
    yield* this.take(to, s);
    yield* this.full();
  }

  // ------------------------------------------------------------ screen

  /** The first picture: printed from the cursor on, so that a short text takes no more room than it needs. */
  *first(): Call<void> {
    const rows = this.view.rowsText();
    if (rows.length < this.view.height) {
      this.partial = true;
      yield* this.term.print(rows.map((r) => `${r}\n`).join(""));
    } else yield* this.full();
  }
  private *full(): Call<void> {
    this.partial = false;
    const rows = this.view.rowsText();
    while (rows.length < this.view.height) rows.push(this.set.tildes ? `\x1b[1m~${PLAIN}` : "");
    this.body = rows;
    yield* this.bottom("");
  }
  private body: string[] = [];
  /** Writes the bottom line; the cursor behind it. */
  private *bottom(text: string, reverse = false): Call<void> {
    const t = clip(text, this.term.cols - 1);
    const shown = reverse && t !== "" ? `${REVERSE}${t}${PLAIN}` : t;
    if (this.partial) return yield* this.term.print(`\r\x1b[K${shown}`);
    yield* this.term.paint([...this.body, shown], [this.term.rows - 1, textWidth(t)]);
  }

  private *values(): Call<PromptValues> {
    const { source } = this.view;
    const bottom = this.view.bottom;
    const end = yield* this.view.atEnd();
    return {
      file: source.name,
      index: this.index,
      count: this.files.length,
      next: this.files[this.index + 1] ?? null,
      fresh: this.fresh,
      end,
      top: this.view.top.line + 1,
      bottom: (bottom?.line ?? 0) + 1,
      lines: source.eof ? source.lines.length : null,
      byte: bottom === null ? 0 : (source.ends[bottom.line] ?? 0),
      size: source.size,
      column: this.view.shift,
    };
  }
  private *prompt(): Call<void> {
    const kind = this.set.prompt;
    const proto = this.set.protos[kind] ?? (kind === "s" ? SHORT : kind === "m" ? MEDIUM : LONG);
    if (proto.includes("L") && this.view.source.size >= 0) yield* this.view.source.all();
    const v = yield* this.values();
    const text = formatPrompt(proto, v);
    this.fresh = false;
    const head = this.view.filter === null ? "" : "& ";
    if (text === "") yield* this.bottom(`${head}:`);
    else yield* this.bottom(head + text, true);
  }
  /** Says something; the next key ends it and counts, unless it is RETURN or SPACE. */
  private *message(text: string): Call<void> {
    yield* this.bottom(`${text}  (press RETURN)`, true);
    const k = yield* this.key();
    if (k !== null && k !== "\r" && k !== " " && k !== "^C") this.again.push(k);
  }
  private *ask(question: string): Call<boolean> {
    yield* this.bottom(question, true);
    const k = yield* this.key();
    return k === "y" || k === "Y";
  }
  /** One key as less's commands name them; "resize" has been dealt with. Null when the terminal has gone. */
  private *key(): Call<string | null> {
    const kept = this.again.shift();
    if (kept !== undefined) return kept;
    for (;;) {
      const e = yield* this.term.next();
      switch (e.kind) {
        case "eof":
          return null;
        case "resize":
          this.view.resize(this.term.cols, this.term.rows);
          yield* this.view.showFrom(this.view.top);
          return "^R";
        case "signal":
          if (e.sig === Sig.INT) return "^C";
          if (e.sig !== Sig.TSTP) return null;
          yield* this.term.suspend();
          this.view.resize(this.term.cols, this.term.rows);
          yield* this.view.showFrom(this.view.top);
          return "^R";
        case "key":
          return keyName(e.key.name);
        default:
          break;
      }
    }
  }
  /** A line typed at the bottom. */
  private *line(prompt: string): Call<LineResult> {
    return yield* readPrompt(this.term, (text, col) => this.inputLine(prompt + text, textWidth(prompt) + col));
  }
  private *inputLine(text: string, col: number): Call<void> {
    const skip = Math.max(0, col - (this.term.cols - 1));
    const shown = clip(text.slice(skip), this.term.cols - 1);
    if (this.partial) yield* this.term.print(`\r\x1b[K${shown}\r${col > skip ? `\x1b[${col - skip}C` : ""}`);
    else yield* this.term.paint([...this.body, shown], [this.term.rows - 1, col - skip]);
  }

  // ------------------------------------------------------------ the loop

  /** Runs until the person quits. The exit status. */
  *run(): Call<number> {
    for (;;) {
      if (!this.term.typedAhead) yield* this.prompt();
      const k = yield* this.key();
      if (k === null) return 1;
      if (k === "^C" && this.set.quitOnIntr) return 2;
      if ((yield* this.command(k)) === "quit") return 0;
    }
  }
  *finish(): Call<void> {
    yield* this.term.print("\r\x1b[K");
  }

  private number = "";
  private *command(k: string): Call<"quit" | undefined> {
    if (/^[0-9]$/.test(k) || (k === "." && this.number !== "")) {
      this.number += k;
      yield* this.bottom(`:${this.number}`);
      return undefined;
    }
    const n = this.number === "" ? null : Number.parseFloat(this.number);
    if (this.number !== "" && k === "backspace") {
      this.number = this.number.slice(0, -1);
      yield* this.bottom(`:${this.number}`);
      return undefined;
    }
    this.number = "";
    return (yield* this.move(k, n)) ? yield* this.afterMove(k) : yield* this.act(k, n);
  }

  /** After a movement: the picture, and whether the end means to quit. */
  private *afterMove(k: string): Call<"quit" | undefined> {
    const end = yield* this.view.atEnd();
    if (end && this.endSeen > 0 && this.set.quitAtEof === 1 && FORWARD.includes(k)) return "quit";
    if (end && this.set.quitAtEof === 2) return "quit";
    this.endSeen = end ? 1 : 0;
    return undefined;
  }

  /** Movements. False when the key is none. */
  private *move(k: string, n: number | null): Call<boolean> {
    const v = this.view;
    const window = this.set.window > 0 ? this.set.window : this.set.window < 0 ? Math.max(1, v.height + this.set.window) : v.height;
    let moved = true;
    switch (k) {
      case "j":
      case "e":
      case "\r":
      case "^E":
      case "^N":
      case "^J":
      case "down":
        moved = yield* v.forward(n ?? 1);
        break;
      case "J":
        moved = yield* v.forward(n ?? 1, true);
        break;
      case "k":
      case "y":
      case "^Y":
      case "^K":
      case "^P":
      case "up":
        moved = yield* v.backward(n ?? 1);
        break;
      case "K":
      case "Y":
        moved = yield* v.backward(n ?? 1);
        break;
      case " ":
      case "f":
      case "^F":
      case "^V":
      case "pagedown":
        moved = yield* v.forward(n ?? window);
        break;
      case "z":
      case "w":
        if (n !== null) this.set.window = n;
        moved = k === "z" ? yield* v.forward(n ?? window) : yield* v.backward(n ?? window);
        break;
      case "M- ":
        moved = yield* v.forward(n ?? window, true);
        break;
      case "b":
      case "^B":
      case "M-v":
      case "pageup":
        moved = yield* v.backward(n ?? window);
        break;
      case "d":
      case "^D":
      case "u":
      case "^U": {
        if (n !== null) this.half = n;
        const by = this.half > 0 ? this.half : Math.max(1, Math.floor(this.term.rows / 2));
        moved = k === "d" || k === "^D" ? yield* v.forward(by) : yield* v.backward(by);
        break;
      }
      case "g":
      case "<":
      case "M-<":
      case "home":
        yield* this.jump(n === null ? 0 : Math.max(0, n - 1));
        break;
      case "G":
      case ">":
      case "M->":
      case "end":
        this.remember();
        if (n === null) yield* v.showEnd();
        else yield* this.jump(Math.max(0, n - 1));
        break;
      case "p":
      case "%":
        yield* v.source.all();
        this.remember();
        yield* v.showFrom({ line: v.source.lineAt(Math.floor((v.source.size * Math.min(100, n ?? 0)) / 100)), row: 0 });
        break;
      case "right":
      case "M-)":
      case "left":
      case "M-(": {
        const by = n ?? (this.set.shift > 0 ? this.set.shift : Math.floor(this.term.cols / 2));
        if (!v.opts.chop) {
          v.opts.chop = true;
          v.refold();
        }
        const wide = k === "right" || k === "M-)";
        v.shift = wide ? v.shift + by : Math.max(0, v.shift - by);
        break;
      }
      default:
        return false;
    }
    if (moved || (this.partial && !FORWARD.includes(k))) yield* this.full();
    else if (v.source.interrupted) v.source.interrupted = false;
    return true;
  }
  private remember(): void {
    this.marks.set("'", { file: this.index, pos: this.view.top });
  }
  private *jump(line: number): Call<void> {
    this.remember();
    if (yield* this.view.source.has(line)) yield* this.view.showFrom({ line, row: 0 });
    else yield* this.view.showEnd();
  }

  /** Everything else. */
  private *act(k: string, n: number | null): Call<"quit" | undefined> {
    switch (k) {
      case "q":
      case "Q":
        return "quit";
      case "Z":
        return (yield* this.key()) === "Z" ? "quit" : undefined;
      case ":":
        return yield* this.colon(n ?? 1);
      case "=":
      case "^G":
        yield* this.about();
        break;
      case "/":
      case "?":
        yield* this.askSearch(k);
        break;
      case "n":
        yield* this.repeat(false);
        break;
      case "N":
        yield* this.repeat(true);
        break;
      case "M-u":
        this.set.highlight = !this.set.highlight;
        this.view.highlight = this.set.highlight ? (this.search?.re ?? null) : null;
        yield* this.full();
        break;
      case "&":
        yield* this.askFilter();
        break;
      case "m":
        yield* this.bottom("mark: ");
        this.marks.set((yield* this.key()) ?? "", { file: this.index, pos: this.view.top });
        break;
      case "'":
      case "^X":
        yield* this.goMark();
        break;
      case "-":
      case "_":
        yield* this.option(k);
        break;
      case "h":
      case "H":
        yield* this.help();
        break;
      case "v":
        yield* this.edit();
        break;
      case "!": {
        const r = yield* this.line("!");
        if (r.ok) yield* this.shell(r.text);
        break;
      }
      case "F":
        yield* this.follow();
        break;
      case "r":
      case "R":
      case "^R":
      case "^L":
        yield* this.view.showFrom(this.view.top);
        this.term.invalidate();
        yield* this.full();
        break;
      case "V":
        yield* this.message("less 590");
        break;
      case "^C":
        break;
      default:
        yield* this.term.print("\x07");
    }
    return undefined;
  }
  private *about(): Call<void> {
    if (this.view.source.size >= 0) yield* this.view.source.all();
    yield* this.message(formatPrompt(EQUALS, yield* this.values()));
  }
  private *colon(n: number): Call<"quit" | undefined> {
    yield* this.bottom(" :");
    switch (yield* this.key()) {
      case "q":
      case "Q":
        return "quit";
      case "n":
        yield* this.goFile(n);
        break;
      case "p":
        yield* this.goFile(-n);
        break;
      case "x":
        yield* this.goFile(n - 1 - this.index);
        break;
      case "f":
        yield* this.about();
        break;
      case "d":
        if (this.files.length > 1) {
          const at = this.index;
          yield* this.goFile(at + 1 < this.files.length ? 1 : -1);
          if (this.index !== at) {
            this.files.splice(at, 1);
            if (this.index > at) this.index--;
          }
        } else yield* this.term.print("\x07");
        break;
      case "e": {
        const r = yield* this.line("Examine: ");
        if (!r.ok || r.text.trim() === "") break;
        this.files.splice(this.index + 1, 0, r.text.trim());
        yield* this.goFile(1);
        break;
      }
      default:
        yield* this.term.print("\x07");
    }
    return undefined;
  }

  // ------------------------------------------------------------ searching

  private regex(pattern: string): Regex | null {
    const ignoreCase = this.set.ignoreCase === 2 || (this.set.ignoreCase === 1 && pattern === pattern.toLowerCase());
    const re = compileRegex(pattern, "ere", { ignoreCase });
    return re instanceof Regex ? re : null;
  }
  private *askSearch(k: string): Call<void> {
    const r = yield* this.line(k);
    if (!r.ok) return;
    const invert = r.text.startsWith("!");
    yield* this.find(invert ? r.text.slice(1) : r.text, k === "?", invert);
  }
  private *find(pattern: string, back: boolean, invert: boolean): Call<void> {
    if (pattern === "") {
      if (this.search === null) return yield* this.message("No previous regular expression");
      this.search = { ...this.search, back };
    } else {
      const re = this.regex(pattern);
      if (re === null) return yield* this.message("Invalid pattern");
      this.search = { re, back, invert };
    }
    this.view.highlight = this.set.highlight ? this.search.re : null;
    const from = pattern !== "" && this.view.top.line === 0 && this.view.top.row === 0 && this.fresh ? 0 : this.view.top.line + 1;
    yield* this.locate(this.search, back, back ? this.view.top.line : from);
  }
  private *repeat(turn: boolean): Call<void> {
    const s = this.search;
    if (s === null) return yield* this.message("No previous regular expression");
    const back = s.back !== turn;
    yield* this.locate(s, back, this.view.top.line + (back ? -1 : 1));
  }
  private *locate(s: Search, back: boolean, from: number): Call<void> {
    const v = this.view;
    for (let n: number | null = from, steps = 0; ;) {
      n = back ? yield* v.lineBefore(n + 1) : yield* v.lineFrom(n);
      if (n === null) break;
      if (s.re.test(v.text(n)) !== s.invert) {
        this.remember();
        yield* v.showFrom({ line: n, row: 0 });
        return yield* this.full();
      }
      n += back ? -1 : 1;
      if (++steps % 1000 === 0 && (yield* this.sys.tick(1000)) < 0) break;
    }
    if (!this.partial) yield* this.full();
    yield* this.message("Pattern not found");
  }
  private *askFilter(): Call<void> {
    const r = yield* this.line("&/");
    if (!r.ok) return;
    const invert = r.text.startsWith("!");
    const pattern = invert ? r.text.slice(1) : r.text;
    if (pattern === "") this.view.filter = null;
    else {
      const re = this.regex(pattern);
      if (re === null) return yield* this.message("Invalid pattern");
      this.view.filter = { re, invert };
    }
    yield* this.view.showFrom({ line: this.view.top.line, row: 0 });
    yield* this.full();
  }

  // ------------------------------------------------------------ the rest

  private *goMark(): Call<void> {
    yield* this.bottom("goto mark: ");
    const name = (yield* this.key()) ?? "";
    if (name === "^") return yield* this.jump(0);
    const mark = this.marks.get(name);
    if (name === "$") {
      this.remember();
      yield* this.view.showEnd();
      return yield* this.full();
    }
    if (mark === undefined && name !== "'") return yield* this.message("Mark not set");
    const to = mark ?? { file: this.index, pos: { line: 0, row: 0 } };
    if (to.file !== this.index) yield* this.goFile(to.file - this.index);
    this.remember();
    yield* this.view.showFrom(to.pos);
    yield* this.full();
  }
  private *option(how: string): Call<void> {
    yield* this.bottom(how);
    const letter = (yield* this.key()) ?? "";
    const said = toggle(this.set, letter);
    if (said === null) return yield* this.message(`There is no ${letter.length === 1 ? `-${letter}` : letter} option`);
    const text = how === "_" ? toggle(this.set, letter)! : said;
    this.view.shift = 0;
    this.view.refold();
    if (this.search !== null) this.view.highlight = this.set.highlight ? this.search.re : null;
    yield* this.view.showFrom({ line: this.view.top.line, row: 0 });
    if (!this.partial || "NSRs".includes(letter)) yield* this.full();
    yield* this.message(text);
  }
  private *help(): Call<void> {
    const before = this.view;
    const fd = -1;
    const s = new Source(this.sys, "HELP", fd, HELP.length);
    s.lines.push(...HELP.split("\n"));
    let end = 0;
    for (const l of s.lines) s.ends.push((end += l.length + 1));
    s.eof = true;
    this.view = new View(s, this.set);
    this.view.resize(this.term.cols, this.term.rows);
    yield* this.view.showFrom({ line: 0, row: 0 });
    yield* this.full();
    for (;;) {
      yield* this.bottom(
        (yield* this.view.atEnd())
          ? "HELP -- END -- Press g to see it again, or q when done"
          : "HELP -- Press RETURN for more, or q when done",
        true,
      );
      const k = yield* this.key();
      if (k === null || k === "q" || k === "Q") break;
      if (!(yield* this.move(k, null)) && k === "^R") yield* this.full();
    }
    this.view = before;
    this.view.resize(this.term.cols, this.term.rows);
    this.fresh = true;
    yield* this.view.showFrom(this.view.top);
    yield* this.full();
  }
  private *edit(): Call<void> {
    const name = this.view.source.name;
    if (name === null) return yield* this.message("Cannot edit standard input");
    const env = yield* this.sys.getenv();
    const editor = env.get("VISUAL") ?? env.get("EDITOR") ?? "editor";
    const mid = this.view.shown[Math.floor(this.view.shown.length / 2)]?.line ?? 0;
    yield* this.term.leave();
    const pid = yield* spawnp(this.sys, [...editor.split(" "), `+${mid + 1}`, name]);
    if (pid > 0) yield* this.sys.wait4(pid, {});
    yield* this.term.enter();
    yield* this.term.measure();
    const s = yield* this.openFile(name);
    if (typeof s === "string") return yield* this.message(s);
    const top = this.view.top;
    yield* this.take(this.index, s);
    yield* this.view.showFrom(top);
    yield* this.full();
  }
  private *shell(command: string): Call<void> {
    yield* this.term.leave();
    yield* this.term.print(`!${command}\n`);
    const env = yield* this.sys.getenv();
    const shell = env.get("SHELL") ?? "/bin/sh";
    const pid = yield* spawnp(this.sys, command === "" ? [shell] : [shell, "-c", command]);
    if (pid > 0) yield* this.sys.wait4(pid, {});
    yield* this.term.print("!done  (press RETURN)");
    yield* this.term.enterKeepingScreen();
    yield* this.term.key();
    yield* this.term.leave();
    yield* this.term.enter();
    yield* this.term.measure();
    yield* this.full();
  }
  private *follow(): Call<void> {
    yield* this.view.showEnd();
    yield* this.full();
    yield* this.bottom("Waiting for data... (interrupt to abort)", true);
    for (;;) {
      const e = yield* this.term.next(SEC);
      if (e.kind === "signal" || e.kind === "eof") break;
      if (e.kind === "key") continue;
      if (e.kind === "timeout" && !(yield* this.view.source.grown())) continue;
      this.view.resize(this.term.cols, this.term.rows);
      this.view.refold();
      yield* this.view.showEnd();
      yield* this.full();
      yield* this.bottom("Waiting for data... (interrupt to abort)", true);
    }
  }
}
