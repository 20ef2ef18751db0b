/** vi at work: keys to the machine, : commands, files, the screen. */
import { Errno, strerror } from "../../core/result.ts";
import { type Call, Sig, type Sys } from "../../kernel/abi.ts";
import { spawnp } from "../lib/exec.ts";
import { readAll } from "../lib/io.ts";
import { encodeText } from "../lib/screen/bytes.ts";
import { loadFile, saveFile, splitLines } from "../lib/screen/file.ts";
import type { Term } from "../lib/screen/term.ts";
import { draw } from "./draw.ts";
import { Editor } from "./editor.ts";
import { parseRange } from "./range.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import { join, put, remove, reportLines, shift, yank } from "./operators.ts";
import { vimRegex } from "./pattern.ts";
import { setOptions } from "./set.ts";
import { State, type ViOptions } from "./state.ts";
import { delimited, type LastSubstitute, substitute } from "./substitute.ts";

/** : commands, with the shortest form that is understood */
const COMMANDS: readonly (readonly [full: string, min: string])[] = [
  ["write", "w"],
  ["wq", "wq"],
  ["xit", "x"],
  ["exit", "exi"],
  ["quit", "q"],
  ["edit", "e"],
  ["read", "r"],
  ["set", "se"],
  ["substitute", "s"],
  ["delete", "d"],
  ["yank", "y"],
  ["put", "pu"],
  ["join", "j"],
  ["move", "m"],
  ["copy", "co"],
  ["t", "t"],
  ["undo", "u"],
  ["redo", "red"],
  ["next", "n"],
  ["previous", "prev"],
  ["rewind", "rew"],
  ["last", "la"],
  ["args", "ar"],
  ["file", "f"],
  ["global", "g"],
  ["vglobal", "v"],
  ["nohlsearch", "noh"],
  ["mark", "ma"],
  ["k", "k"],
  ["wall", "wa"],
  ["qall", "qa"],
  ["wqall", "wqa"],
  ["xall", "xa"],
  ["saveas", "sav"],
  ["version", "ve"],
  ["stop", "st"],
  ["suspend", "sus"],
  ["normal", "norm"],
  ["sort", "sor"],
  ["enew", "ene"],
  ["cquit", "cq"],
  ["help", "h"],
];

export class Vi {
  private readonly sys: Sys;
  private readonly term: Term;
  private readonly files: readonly string[];
  private index = 0;
  private name = "";
  private other = "";
  private e: Editor;
  private ended: number | null = null;
  private lastSub: LastSubstitute | null = null;
  private readonly readOnly: boolean;
  private warned = false;
  /** the file did not exist when it was opened */
  private isNew = false;

  constructor(sys: Sys, term: Term, files: readonly string[], readOnly: boolean) {
    this.sys = sys;
    this.term = term;
    this.files = files;
    this.readOnly = readOnly;
    this.e = new Editor(new State([]));
  }
  private get s(): State {
    return this.e.s;
  }

  // ------------------------------------------------------------ files

  *open(name: string, startup: string | null): Call<void> {
    if (this.name !== "" && this.name !== name) this.other = this.name;
    const f = name === "" ? null : yield* loadFile(this.sys, name);
    const old = this.s;
    const s = new State(f === null || typeof f === "number" ? [] : f.lines);
    s.opts = Object.assign(s.opts, old.opts satisfies ViOptions);
    s.opts.readonly = this.readOnly;
    for (const [k, v] of old.registers) s.registers.set(k, v);
    s.search = old.search;
    s.rows = this.term.rows - 1;
    this.e = new Editor(s);
    this.name = name;
    this.warned = false;
    this.isNew = f === -Errno.ENOENT;
    if (f === null) s.message = "";
    else if (typeof f === "number") {
      const dir = name.slice(0, Math.max(0, name.lastIndexOf("/")));
      const lost = dir !== "" && typeof (yield* this.sys.stat(dir)) === "number";
      if (f === -Errno.EISDIR) s.say(`"${name}" is a directory`);
      else if (f === -Errno.ENOENT) s.say(`"${name}" ${lost ? "[New DIRECTORY]" : "[New]"}`);
      else if (f === -Errno.EACCES) s.say(`"${name}" [Permission Denied]`);
      else s.fail(`"${name}" ${strerror(f)}`);
    } else {
      if (!this.readOnly && (yield* this.sys.access(name, 2)) < 0) s.opts.readonly = true;
      const notes = (s.opts.readonly ? " [readonly]" : "") + (f.newline ? "" : " [noeol]");
      s.say(`"${name}"${notes} ${f.lines.length}L, ${f.bytes}B`);
      s.go(s.firstNonBlank(0));
    }
    if (startup !== null) yield* this.runStartup(startup);
  }
  /** A +command or -c command. */
  *runStartup(cmd: string): Call<void> {
    const { message } = this.s;
    if (cmd === "") this.s.go(this.s.firstNonBlank(this.s.last));
    else if (/^[0-9]+$/.test(cmd)) this.s.go(this.s.firstNonBlank(Number(cmd) - 1));
    else if (cmd.startsWith("/")) {
      for (const c of `${cmd}\n`) this.e.feed({ name: c === "\n" ? "enter" : c, text: c });
    } else return yield* this.ex(cmd);
    if (!this.s.error) this.s.say(message);
  }
  *openText(data: Uint8Array): Call<void> {
    const f = splitLines(data);
    this.e = new Editor(new State(f.lines));
    this.s.rows = this.term.rows - 1;
    yield* this.sys.tick(1);
  }

  // ------------------------------------------------------------ the loop

  *run(): Call<number> {
    while (this.ended === null) {
      if (!this.term.typedAhead) yield* this.show();
      const e = yield* this.term.next();
      if (e.kind === "eof" || (e.kind === "signal" && e.sig !== Sig.INT && e.sig !== Sig.TSTP)) return 1;
      if (e.kind !== "key") continue;
      const { s } = this;
      const changed = s.text.last;
      const lines = s.text.lines.length;
      const top = s.top;
      const said = s.message;
      this.e.now = yield* this.sys.clock_gettime("monotonic");
      const effect = this.e.feed(e.key);
      // scrolling up and taking lines away wipe the bottom line
      const by = s.text.lines.length - lines;
      if (s.message === said && (by < 0 || (by > 0 && s.cursor.line > top) || s.top > top)) s.message = "";
      if (this.e.takeBell()) yield* this.term.print("\x07");
      if (s.opts.readonly && !this.warned && s.text.last !== changed) {
        this.warned = true;
        s.fail("W10: Warning: Changing a readonly file");
      }
      if (effect === null) continue;
      if (effect.kind === "ex") {
        yield* this.ex(effect.line);
        if (this.s === s && s.text.lines.length < lines && s.message.startsWith(":")) s.message = "";
      }
      if (effect.kind === "suspend") yield* this.term.suspend();
      else if (effect.kind === "redraw") this.term.invalidate();
      else if (effect.kind === "about")
        s.say(
          s.text.modified
            ? "Type  :qa!  and press <Enter> to abandon all changes and exit Vim"
            : "Type  :qa  and press <Enter> to exit Vim",
        );
    }
    return this.ended;
  }
  private *show(): Call<void> {
    const { rows, cols } = this.term;
    const before = this.s.top;
    let p = draw(this.e, cols, rows);
    if (
      this.s.top > before &&
      this.s.mode === "normal" &&
      this.e.prompt === null &&
      /^"|^:/.test(this.s.message) &&
      before !== this.s.top &&
      !this.fresh
    ) {
      this.s.message = "";
      p = draw(this.e, cols, rows);
    }
    this.fresh = false;
    yield* this.term.paint(p.rows, p.cursor);
  }
  private fresh = true;

  // ------------------------------------------------------------ : commands

  private *ex(text: string): Call<void> {
    const { s } = this;
    const r = parseRange(s, text);
    if (typeof r === "string") return s.fail(r);
    const rest = r.rest.trim();
    if (rest === "") {
      if (r.from !== null) {
        s.marks.set("'", s.cursor);
        s.go(s.firstNonBlank(Math.min(r.to, s.last)));
      }
      return;
    }
    if (r.from !== null && r.to > s.last && !/^(=|\$)/.test(rest)) return s.fail("E16: Invalid range");
    if (rest.startsWith("!")) return yield* this.bang(r.from, r.to, rest.slice(1));
    if (rest.startsWith("=")) return s.say(String((r.from === null ? s.last : r.to) + 1));
    if (rest.startsWith('"')) return;
    if (/^[<>]/.test(rest)) return this.change(() => shift(s, r.from ?? s.cursor.line, r.to, rest[0] === ">" ? 1 : -1));
    if (rest.startsWith("&")) return this.sub(r.from ?? s.cursor.line, r.to, rest.slice(1));
    const m = /^([a-zA-Z]+)(!?)\s*([^]*)$/.exec(rest);
    if (m === null) return s.fail(`E492: Not an editor command: ${text}`);
    let word = m[1]!;
    let args = m[3]!;
    let bang = m[2] === "!";
    // :s takes any delimiter, :g and :k a word at once
    const glued = /^(s|g|v|k)(?![a-z])([^]*)$/.exec(rest) ?? /^(s)([/#,|@])/.exec(rest);
    if (glued !== null && !/^[a-z]/i.test(glued[2] ?? "") && "sgvk".includes(glued[1]!)) {
      word = glued[1]!;
      args = rest.slice(1);
      bang = false;
      if (word === "g" && args.startsWith("!")) {
        word = "v";
        args = args.slice(1);
      }
    }
    const known = COMMANDS.find(([full, min]) => word.startsWith(min) && full.startsWith(word))?.[0];
    if (known === undefined) return s.fail(`E492: Not an editor command: ${text}`);
    yield* this.command(known, bang, args.trim() === "" ? "" : known === "substitute" ? args : args.trim(), r.from, r.to, text);
  }

  private change(body: () => void): void {
    const { s } = this;
    s.begin("ex");
    body();
    s.end(this.e.now);
  }
  private sub(from: number, to: number, args: string): void {
    this.change(() => {
      this.lastSub = substitute(this.e, from, to, args, this.lastSub);
    });
  }

  private *command(name: string, bang: boolean, args: string, from: number | null, to: number, typed: string): Call<void> {
    const { s } = this;
    const first = from ?? s.cursor.line;
    const last = from === null ? s.cursor.line : to;
    switch (name) {
      case "write":
      case "wall":
        yield* this.write(bang, args, from, to);
        return;
      case "saveas":
        if (yield* this.write(bang, args, null, 0)) this.name = args;
        return;
      case "wq":
      case "wqall":
        if (yield* this.write(bang, args, from, to)) yield* this.quit(true);
        return;
      case "xit":
      case "exit":
      case "xall":
        if (s.text.modified || args !== "") {
          if (!(yield* this.write(bang, args, from, to))) return;
        }
        return yield* this.quit(true);
      case "quit":
      case "qall":
        if (!bang && s.text.modified)
          return s.fail(
            name === "qall" ? `E37: No write since last change (add ! to override)` : "E37: No write since last change (add ! to override)",
          );
        return yield* this.quit(bang || name === "qall");
      case "cquit":
        this.ended = 1;
        return;
      case "edit":
      case "enew": {
        const file = name === "enew" ? "" : args === "" ? this.name : args === "#" ? this.other : args.replace(/^\+\S*\s*/, "");
        if (!bang && s.text.modified) return s.fail("E37: No write since last change (add ! to override)");
        const start = /^\+(\S*)/.exec(args);
        const at = file === this.name ? s.cursor : null;
        yield* this.open(file, start === null ? null : start[1]!);
        if (at !== null) this.s.go(at);
        this.term.invalidate();
        return;
      }
      case "next":
      case "previous":
      case "rewind":
      case "last": {
        const go = name === "next" ? this.index + 1 : name === "previous" ? this.index - 1 : name === "rewind" ? 0 : this.files.length - 1;
        if (go >= this.files.length)
          return s.fail(this.files.length > 1 ? "E165: Cannot go beyond last file" : "E163: There is only one file to edit");
        if (go < 0) return s.fail(this.files.length > 1 ? "E164: Cannot go before first file" : "E163: There is only one file to edit");
        if (!bang && s.text.modified) return s.fail("E37: No write since last change (add ! to override)");
        this.index = go;
        if (go === this.files.length - 1) this.sawLast = true;
        return yield* this.open(this.files[go]!, null);
      }
      case "args":
        return s.say(this.files.map((f, i) => (i === this.index ? `[${f}]` : f)).join(" "));
      case "read":
        return yield* this.read(args, from === null ? s.cursor.line : to);
      case "set":
        if (args === "") return s.say(`  tabstop=${s.opts.tabstop}  shiftwidth=${s.opts.shiftwidth}`);
        return setOptions(s, args.split(/\s+/));
      case "substitute":
        return this.sub(first, last, args);
      case "delete":
      case "yank": {
        const n = /([0-9]+)$/.exec(args);
        const reg = /^[a-zA-Z"]/.exec(args)?.[0] ?? "";
        const end = n === null ? last : Math.min(s.last, last + Number(n[1]) - 1);
        const range = { from: { line: n === null ? first : last, at: 0 }, to: { line: end, at: 0 }, linewise: true };
        if (name === "yank") return yank(s, range, reg === '"' ? "" : reg, s.cursor);
        s.message = "";
        return this.change(() => {
          s.text.beganAt(range.from);
          remove(s, range, reg === '"' ? "" : reg);
        });
      }
      case "put":
        s.cursor = { line: last, at: 0 };
        return this.change(() => put(s, args, !bang, 1));
      case "join":
        return this.change(() => {
          if (!join(s, first, from === null || from === to ? first + 1 : to, !bang)) s.fail("E16: Invalid range");
          else s.go(s.firstNonBlank(s.cursor.line));
        });
      case "move":
      case "copy":
      case "t":
        return this.moveLines(name === "move", first, last, args);
      case "undo":
        this.e.feed({ name: "u", text: "u" });
        return;
      case "redo":
        this.e.feed({ name: "C-r", text: "" });
        return;
      case "file":
        return this.about();
      case "global":
      case "vglobal":
        return yield* this.global(name === "vglobal" || bang, args, from ?? 0, from === null ? s.last : to);
      case "mark":
      case "k":
        s.marks.set(args.charAt(0), { line: last, at: 0 });
        return;
      case "nohlsearch":
        return;
      case "stop":
      case "suspend":
        return yield* this.term.suspend();
      case "normal":
        for (const c of args) this.e.feed({ name: c, text: c });
        this.e.feed({ name: "esc", text: "\x1b" });
        return;
      case "sort":
        return this.change(() => {
          const a = from ?? 0;
          const lines = s.text.lines.slice(a, (from === null ? s.last : to) + 1).sort((x, y) => (x < y ? -1 : x > y ? 1 : 0));
          s.text.splice(a, lines.length, bang ? lines.reverse() : lines);
        });
      case "version":
        return s.say("VIM - Vi IMproved 9.0 (2022 Jun 28), the small version");
      case "help":
        return s.say("i types, Esc ends it, :w writes, :q quits, u undoes; man vi tells more");
      default:
        return s.fail(`E492: Not an editor command: ${typed}`);
    }
  }

  private about(): void {
    const { s } = this;
    const flags = (s.text.modified ? " [Modified]" : "") + (this.isNew ? "[New]" : "") + (s.opts.readonly ? "[readonly]" : "");
    const n = s.empty ? 0 : s.text.lines.length;
    const name = this.name === "" ? "[No Name]" : this.name;
    if (n === 0) return s.say(`"${name}"${flags} --No lines in buffer--`);
    const col = s.columnOf(s.cursor) + 1;
    const raw = s.cursor.at + 1;
    s.say(
      `"${name}"${flags} line ${s.cursor.line + 1} of ${n} --${Math.floor(((s.cursor.line + 1) * 100) / n)}%-- col ${raw === col ? col : `${raw}-${col}`}`,
    );
  }

  private *quit(anyway: boolean): Call<void> {
    const left = this.sawLast ? 0 : this.files.length - this.index - 1;
    if (!anyway && left > 0 && !this.toldMore) {
      this.toldMore = true;
      return this.s.fail(`E173: ${left} more file${left === 1 ? "" : "s"} to edit`);
    }
    this.ended = 0;
    yield* this.sys.tick(1);
  }
  private toldMore = false;
  /** the last file of the list has been looked at */
  private sawLast = false;

  /** :w; true when it was written. */
  private *write(bang: boolean, args: string, from: number | null, to: number): Call<boolean> {
    const { s } = this;
    if (args.startsWith("!")) {
      const text = `${s.text.lines.slice(from ?? 0, from === null ? s.last + 1 : to + 1).join("\n")}\n`;
      yield* this.shell(args.slice(1), text, true);
      return true;
    }
    const append = args.startsWith(">>");
    const given = (append ? args.slice(2) : args).trim();
    const name = given === "" ? this.name : given;
    if (name === "") {
      s.fail("E32: No file name");
      return false;
    }
    const whole = from === null || (from === 0 && to === s.last);
    const exists = typeof (yield* this.sys.stat(name)) !== "number";
    const own = name === this.name;
    if (!bang && exists && !append) {
      if (!own) {
        s.fail("E13: File exists (add ! to override)");
        return false;
      }
      if (s.opts.readonly) {
        s.fail("E45: 'readonly' option is set (add ! to override)");
        return false;
      }
      if (!whole) {
        s.fail("E140: Use ! to write partial buffer");
        return false;
      }
    }
    const lines = s.empty ? [] : s.text.lines.slice(from ?? 0, from === null ? s.last + 1 : to + 1);
    const text = lines.map((l) => `${l}\n`).join("");
    const n = yield* saveFile(this.sys, name, text, append);
    if (n < 0) {
      s.fail(`"${name}" ${n === -Errno.EISDIR ? `E502: is a directory` : "E212: Can't open file for writing"}`);
      return false;
    }
    if (own && whole) {
      s.text.saved();
      this.isNew = false;
    }
    if (this.name === "") {
      this.name = name;
      s.text.saved();
    }
    s.say(`"${name}"${exists ? "" : " [New]"} ${lines.length}L, ${n}B ${append ? "appended" : "written"}`);
    return true;
  }

  private *read(args: string, after: number): Call<void> {
    const { s } = this;
    let lines: readonly string[];
    if (args.startsWith("!")) {
      const out = yield* this.capture(args.slice(1), null);
      lines = splitLines(out).lines;
    } else {
      const name = args === "" ? this.name : args;
      const f = yield* loadFile(this.sys, name);
      if (typeof f === "number")
        return s.fail(
          f === -Errno.EISDIR
            ? `"${name}" is a directory`
            : f === -Errno.ENOENT
              ? `E484: Can't open file ${name}`
              : `"${name}" ${strerror(f)}`,
        );
      lines = f.lines;
      s.say(`"${name}" ${f.lines.length}L, ${f.bytes}B`);
    }
    this.change(() => {
      s.insertLines(Math.min(after + 1, s.last + 1), lines);
      s.go(s.firstNonBlank(Math.min(after + 1, s.last)));
    });
    if (args.startsWith("!")) s.message = "";
  }

  private moveLines(move: boolean, from: number, to: number, args: string): void {
    const { s } = this;
    const r = parseRange(s, args);
    if (typeof r === "string" || r.from === null) return s.fail("E14: Invalid address");
    const target = args.trim() === "0" ? -1 : r.to;
    if (target > s.last) return s.fail("E16: Invalid range");
    if (move && target >= from && target < to) return s.fail("E134: Cannot move a range of lines into itself");
    this.change(() => {
      const lines = s.text.lines.slice(from, to + 1);
      let at = target + 1;
      if (move) {
        s.text.splice(from, lines.length, []);
        if (at > from) at -= lines.length;
      }
      s.text.splice(at, 0, lines);
      s.go(s.firstNonBlank(at + lines.length - 1));
      if (!move) reportLines(s, lines.length);
    });
  }

  private *global(invert: boolean, args: string, from: number, to: number): Call<void> {
    const { s } = this;
    const d = args[0] ?? "";
    if (d === "" || /[a-zA-Z0-9]/.test(d)) return s.fail("E148: Regular expression missing from :global");
    const [pattern] = delimited(args);
    const command = args.slice(pattern.length + 2);
    const t = vimRegex(pattern === "" ? (s.search?.pattern ?? "") : pattern);
    const re = t === null ? null : compileRegex(t.source, "ere", { ignoreCase: t.ignoreCase ?? s.opts.ignorecase });
    if (!(re instanceof Regex)) return s.fail(`E486: Pattern not found: ${pattern}`);
    const hits = [];
    for (let n = from; n <= to; n++) if (re.test(s.text.line(n)) !== invert) hits.push(n);
    if (hits.length === 0) return s.fail(`E486: Pattern not found: ${pattern}`);
    const before = s.text.lines.length;
    s.begin("global");
    let gone = 0;
    for (const [i, n] of hits.entries()) {
      const was = s.text.lines.length;
      s.cursor = { line: Math.min(s.last, n + gone), at: 0 };
      if (/^s(ubstitute)?\b|^s[/#,]/.test(command)) {
        this.lastSub = substitute(this.e, s.cursor.line, s.cursor.line, command.replace(/^s(ubstitute)?/, ""), this.lastSub);
      } else if (/^d(elete)?$/.test(command)) remove(s, { from: s.cursor, to: s.cursor, linewise: true }, "");
      else if (/^norm(al)?!? /.test(command)) for (const c of command.replace(/^norm(al)?!? /, "")) this.e.feed({ name: c, text: c });
      else if (/^(m|move|t|co|copy) ?/.test(command)) this.moveInStep(command);
      else {
        s.end(this.e.now);
        return s.fail(
          command === "" || command === "p"
            ? "hop: vi: printing lines with :g is not simulated"
            : `hop: vi: :g with ${command} is not simulated`,
        );
      }
      gone += s.text.lines.length - was;
      if (i % 1000 === 999) yield* this.sys.tick(1000);
    }
    s.end(this.e.now);
    if (s.text.lines.length !== before) s.message = "";
    reportLines(s, s.text.lines.length - before);
  }
  private moveInStep(command: string): void {
    const { s } = this;
    const m = /^([a-z]+) ?(.*)$/.exec(command)!;
    const target = m[2]!.trim() === "0" ? -1 : m[2]!.trim() === "$" ? s.last : Number(m[2]) - 1;
    const { line } = s.cursor;
    const text = s.text.line(line);
    if (m[1]!.startsWith("m")) s.text.splice(line, 1, []);
    s.text.splice(Math.min(s.last + 1, m[1]!.startsWith("m") && target >= line ? target : target + 1), 0, [text]);
  }

  // ------------------------------------------------------------ other programs

  private *bang(from: number | null, to: number, command: string): Call<void> {
    const { s } = this;
    if (from === null) return yield* this.shell(command, null, true);
    const input = `${s.text.lines.slice(from, to + 1).join("\n")}\n`;
    const out = yield* this.capture(command, input);
    this.change(() => {
      s.text.splice(from, to - from + 1, splitLines(out).lines);
      if (s.text.lines.length === 0) s.insertLines(0, [""]);
      s.go(s.firstNonBlank(Math.min(from, s.last)));
    });
    if (to - from + 1 > 2) s.say(`${to - from + 1} lines filtered`);
  }
  /** Runs a command on the screen that the editor was started from. */
  private *shell(command: string, input: string | null, wait: boolean): Call<void> {
    yield* this.term.leave();
    yield* this.term.print("\n");
    const fds = new Map([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    let pipe: readonly [number, number] | null = null;
    if (input !== null) {
      const p = yield* this.sys.pipe(0);
      if (typeof p !== "number") {
        pipe = p;
        fds.set(0, p[0]);
      }
    }
    const pid = yield* spawnp(this.sys, ["/bin/sh", "-c", command.replaceAll("%", this.name)], { fds });
    if (pipe !== null) {
      yield* this.sys.close(pipe[0]);
      yield* writeText(this.sys, pipe[1], input!);
      yield* this.sys.close(pipe[1]);
    }
    if (pid > 0) {
      const st = yield* this.sys.wait4(pid, {});
      if (typeof st !== "number" && st !== null && st.kind === "exited" && st.value !== 0)
        yield* this.term.print(`\nshell returned ${st.value}\n`);
    }
    if (wait) {
      yield* this.term.print("\nPress ENTER or type command to continue");
      yield* this.term.enterKeepingScreen();
      const k = yield* this.term.key();
      yield* this.term.leaveKeepingScreen();
      yield* this.term.print("\n");
      yield* this.term.enter();
      yield* this.term.measure();
      if (k !== null && k.name === ":") this.e.feed(k);
      else this.s.message = "";
    }
  }
  /** What a command writes. */
  private *capture(command: string, input: string | null): Call<Uint8Array> {
    const out = yield* this.sys.pipe(0);
    const inp = yield* this.sys.pipe(0);
    if (typeof out === "number" || typeof inp === "number") return new Uint8Array(0);
    const pid = yield* spawnp(this.sys, ["/bin/sh", "-c", command.replaceAll("%", this.name)], {
      fds: new Map([
        [0, inp[0]],
        [1, out[1]],
        [2, out[1]],
      ]),
    });
    yield* this.sys.close(inp[0]);
    yield* this.sys.close(out[1]);
    if (input !== null) yield* writeText(this.sys, inp[1], input.slice(0, 65_000));
    yield* this.sys.close(inp[1]);
    const data = yield* readAll(this.sys, out[0]);
    yield* this.sys.close(out[0]);
    if (pid > 0) yield* this.sys.wait4(pid, {});
    return typeof data === "number" ? new Uint8Array(0) : data;
  }
}

function* writeText(sys: Sys, fd: number, text: string): Call<void> {
  const old = yield* sys.sigaction(Sig.PIPE, "ignore");
  yield* sys.write(fd, encodeText(text));
  if (typeof old === "string") yield* sys.sigaction(Sig.PIPE, old);
}
