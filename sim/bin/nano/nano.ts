/**
 * nano at work: keys to functions, questions, files. The text itself changes in doc.ts, the screen is drawn by draw.ts.
 * What the real one has and this one has not (justifying, executing commands, macros, soft wrapping) says so in the status line.
 */
import { Errno, strerror } from "../../core/result.ts";
import { type Call, S_IF, Sig, type Sys } from "../../kernel/abi.ts";
import type { Key } from "../../kernel/keys.ts";
import { type LoadedFile, loadFile, saveFile } from "../lib/screen/file.ts";
import type { Pos } from "../lib/screen/buffer.ts";
import type { Term } from "../lib/screen/term.ts";
import { Doc, type DocOptions } from "./doc.ts";
import {
  bar,
  barShown,
  cursorCell,
  editRows,
  type Layout,
  location,
  statusRow,
  statusText,
  textRows,
  titleBar,
  visible,
  wordCount,
} from "./draw.ts";
import { BARS, type BarItem, type Fn, functionOf, lineCount, mainBar, unbound } from "./functions.ts";
import { askText, askYesNo, type Asking, key } from "./prompt.ts";
import { showHelp } from "./help.ts";
import { CENTERED, goTo, move } from "./move.ts";
import { Finder } from "./search.ts";

export interface NanoOptions extends DocOptions {
  numbers: boolean;
  constant: boolean;
  helpLines: boolean;
  view: boolean;
  noConvert: boolean;
  unix: boolean;
  saveOnExit: boolean;
  backup: boolean;
}

/** keystrokes after which a message goes */
const MESSAGE_KEYS = 20;
const VERSION = "GNU nano 7.2";

export class Nano {
  private readonly sys: Sys;
  private readonly term: Term;
  private readonly opts: NanoOptions;
  private readonly docs: Doc[] = [];
  private index = 0;
  private cutbuffer = "";
  private message = "";
  private countdown = 0;
  private readonly finder = new Finder();
  private readonly asking: Asking;
  private ended: number | null = null;
  private welcome = true;
  /** there was more than one buffer at some time: the title goes on counting them */
  private hadSeveral = false;

  constructor(sys: Sys, term: Term, opts: NanoOptions) {
    this.sys = sys;
    this.term = term;
    this.opts = opts;
    this.asking = {
      term,
      draw: (status, keys, cursor) => this.paint(status, keys, cursor),
      row: () => statusRow(this.layout),
    };
  }

  private get doc(): Doc {
    return this.docs[this.index]!;
  }
  private get layout(): Layout {
    return { rows: this.term.rows, cols: this.term.cols, helpLines: this.opts.helpLines, numbers: this.opts.numbers };
  }
  private say(text: string): void {
    this.message = text;
    this.countdown = MESSAGE_KEYS;
  }

  // ------------------------------------------------------------ files

  /** Opens a file in a buffer of its own, the cursor at line and column from 1 (0: not said, negative: from the end). */
  *open(name: string, line = 0, column = 0): Call<void> {
    const loaded = name === "" ? -Errno.ENOENT : yield* this.read(name);
    if (typeof loaded === "string") {
      if (this.docs.length === 0) this.docs.push(new Doc("", [], this.opts));
      this.say(loaded);
      this.welcome = false;
      return;
    }
    const doc = new Doc(name, typeof loaded === "number" ? [] : this.linesOf(loaded), this.opts);
    const first = this.docs[0];
    if (this.docs.length === 1 && first!.name === "" && !first!.text.modified) this.docs.length = 0;
    this.docs.push(doc);
    if (typeof loaded === "number") {
      if (name === "") return;
      this.welcome = false;
      const cut = name.lastIndexOf("/");
      const dir = cut < 0 ? "." : cut === 0 ? "/" : name.slice(0, cut);
      const st = yield* this.sys.stat(dir);
      if (typeof st === "number") this.say(`Directory '${dir}' does not exist`);
      else if ((st.mode & S_IF.MT) !== S_IF.DIR) this.say(`Path '${dir}' is not a directory`);
      else this.say("New File");
    } else {
      this.welcome = false;
      doc.mtime = loaded.mtime;
      const dos = this.isDos(loaded);
      if (dos) doc.format = "dos";
      const note = dos ? " (Converted from DOS format)" : "";
      this.say(`Read ${lineCount(loaded.lines.length)}${note}`);
      if (!this.opts.view && (yield* this.sys.access(name, 2)) < 0) this.say(`File '${name}' is unwritable`);
    }
    if (line !== 0 || column !== 0) goTo(doc, line === 0 ? 1 : line, column === 0 ? 1 : column);
    this.scroll(doc, "center");
  }
  /** A nameless buffer with this text (standard input). */
  openText(text: string): void {
    const lines = text.split("\n");
    if (lines[lines.length - 1] !== "" && !this.opts.noNewlines) lines.push("");
    const doc = new Doc("", [], this.opts);
    doc.change("insertion", false, () => {
      doc.text.insert(doc.cursor, lines.join("\n"));
    });
    this.docs.push(doc);
    this.welcome = false;
    this.say(`Read ${lineCount(lines.length - (lines[lines.length - 1] === "" ? 1 : 0))}`);
  }
  /** A text is why not; a number when there is no such file. */
  private *read(name: string): Call<LoadedFile | string | number> {
    const st = yield* this.sys.stat(name);
    if (st === -Errno.ENOENT || st === -Errno.ENOTDIR) return -Errno.ENOENT;
    if (typeof st !== "number") {
      const type = st.mode & S_IF.MT;
      if (type === S_IF.DIR) return `"${name}" is a directory`;
      if (type === S_IF.CHR || type === S_IF.BLK) return `"${name}" is a device file`;
    }
    const f = yield* loadFile(this.sys, name);
    return typeof f === "number" ? `Error reading ${name}: ${strerror(f)}` : f;
  }
  private isDos(f: LoadedFile): boolean {
    return !this.opts.noConvert && f.lines.length > 0 && f.lines[0]!.endsWith("\r");
  }
  private linesOf(f: LoadedFile): string[] {
    const lines = this.isDos(f) ? f.lines.map((l) => (l.endsWith("\r") ? l.slice(0, -1) : l)) : Array.from(f.lines);
    if (f.newline || !this.opts.noNewlines) lines.push("");
    return lines;
  }
  // ------------------------------------------------------------ screen

  /** Brings the cursor into the window: by as little as possible, or into its middle. */
  private scroll(doc: Doc, how: "least" | "center"): void {
    const l = this.layout;
    if (visible(doc, l)) return;
    const rows = editRows(l);
    const row = how === "center" ? Math.floor(rows / 2) : doc.cursor.line < doc.top ? 0 : rows - 1;
    doc.top = Math.max(0, doc.cursor.line - row);
  }
  private *paint(
    status: string,
    keys: readonly [string, string] | readonly BarItem[],
    cursor: readonly [number, number] | null,
  ): Call<void> {
    const l = this.layout;
    const { doc } = this;
    if (!visible(doc, l)) this.scroll(doc, "least");
    const several = this.severalFiles();
    const corner = several ? `[${this.index + 1}/${this.docs.length}]` : VERSION;
    const flags = `${this.opts.autoindent ? "I" : ""}${doc.mark === null ? "" : "M"}`;
    const rows = [titleBar(l.cols, corner, doc.name === "" ? "New Buffer" : doc.name, doc.text.modified, flags, this.opts.view)];
    rows.push(...textRows(doc, l));
    rows.length = statusRow(l);
    rows.push(status);
    if (barShown(l))
      rows.push(...(typeof keys[0] === "string" ? (keys as readonly [string, string]) : bar(keys as readonly BarItem[], l.cols)));
    yield* this.term.paint(
      Array.from(rows, (r) => r ?? ""),
      cursor ?? cursorCell(doc, l),
    );
  }
  private *show(): Call<void> {
    const text = this.message !== "" ? this.message : this.opts.constant ? location(this.doc) : "";
    yield* this.paint(text === "" ? "" : statusText(text, this.term.cols), mainBar(this.docs.length > 1), null);
  }

  // ------------------------------------------------------------ the loop

  *run(): Call<number> {
    if (this.docs.length === 0) yield* this.open("");
    this.index = 0;
    if (this.docs.length > 1) this.announce();
    else if (this.welcome && this.doc.name === "") this.say("Welcome to nano.  For basic help, type Ctrl+G.");
    while (this.ended === null) {
      if (!this.term.typedAhead) yield* this.show();
      const e = yield* this.term.next();
      if (e.kind === "eof" || (e.kind === "signal" && e.sig !== Sig.INT && e.sig !== Sig.TSTP)) {
        yield* this.rescue();
        return 1;
      }
      if (e.kind === "resize") this.message = "";
      if (e.kind !== "key") continue;
      if (this.countdown > 0 && --this.countdown === 0) this.message = "";
      yield* this.press(e.key);
    }
    return this.ended;
  }
  /** The terminal has gone: what was not saved goes to NAME.save. */
  private *rescue(): Call<void> {
    for (const d of this.docs) if (d.text.modified) yield* saveFile(this.sys, `${d.name === "" ? "nano" : d.name}.save`, this.content(d));
  }
  private *press(k: Key): Call<void> {
    const f = functionOf(k.name);
    const { doc } = this;
    if (f === null) {
      if (k.text !== "" && k.text === k.name) {
        if (this.opts.view) this.say("Key is invalid in view mode");
        else doc.type(k.text);
        if (this.opts.constant) this.message = "";
        doc.mark = null;
        this.scroll(doc, "least");
      } else this.say(unbound(k.name));
      return;
    }
    if (f.notSimulated !== undefined) return this.say(`Not simulated: ${f.label}`);
    if (this.opts.view && !f.view) return this.say("Key is invalid in view mode");
    if (this.opts.constant) this.message = "";
    if (f.id !== "cut" && f.id !== "copy") doc.endCutting();
    yield* this.act(f);
  }
  private *help(): Call<void> {
    yield* showHelp(this.term);
    this.wipe();
  }
  private move(id: string): boolean {
    const r = move(this.doc, id, this.layout);
    if (typeof r === "string") this.say(r);
    return r !== false;
  }
  private severalFiles(): boolean {
    if (this.docs.length > 1) this.hadSeveral = true;
    return this.hadSeveral;
  }
  private wipe(): void {
    this.message = "";
  }

  private *act(f: Fn): Call<void> {
    if (this.move(f.id)) return this.scroll(this.doc, CENTERED.includes(f.id) ? "center" : "least");
    if (this.edit(f.id)) return this.scroll(this.doc, "least");
    if (this.toggle(f.id)) return;
    switch (f.id) {
      case "help":
        return yield* this.help();
      case "exit":
        return yield* this.exit();
      case "write":
        yield* this.write();
        return;
      case "save":
        if (this.doc.name === "") yield* this.write();
        else yield* this.store(this.doc.name);
        return;
      case "insert":
        return yield* this.insertFile();
      case "search":
      case "searchback":
        return yield* this.search(f.id === "searchback");
      case "replace":
        return yield* this.replace();
      case "next":
      case "previous":
        return yield* this.again(f.id === "previous");
      case "goto":
        return yield* this.goto();
      case "location":
        return this.say(location(this.doc));
      case "execute":
        return yield* this.execute();
      case "suspend":
        return this.say("To suspend, type ^T^Z");
      case "verbatim":
        return yield* this.verbatim();
      case "prevfile":
      case "nextfile":
        return this.turn(f.id === "nextfile" ? 1 : -1);
      case "center":
        this.doc.top = Math.max(0, this.doc.cursor.line - Math.floor(editRows(this.layout) / 2));
        this.term.invalidate();
        return;
      case "count":
        return this.say(wordCount(this.doc));
    }
  }

  /** Changes that ask nothing. */
  private edit(id: string): boolean {
    const d = this.doc;
    switch (id) {
      case "tab":
        if (d.mark !== null) d.indent(1);
        else d.tab();
        break;
      case "enter":
        d.enter();
        break;
      case "backspace":
        d.backspace();
        break;
      case "delete":
        d.del();
        break;
      case "wordback":
        d.removeTo(d.prevWord(), "deletion");
        break;
      case "wordahead":
        d.removeTo(d.nextWord(), "deletion");
        break;
      case "indent":
        d.indent(1);
        break;
      case "unindent":
        d.indent(-1);
        break;
      case "comment":
        d.comment();
        break;
      case "cut":
      case "copy": {
        const r = id === "cut" ? d.cut() : d.copy();
        this.wipe();
        if (r === null) this.say(id === "cut" ? "Nothing was cut" : "Nothing was copied");
        else this.cutbuffer = r.add ? this.cutbuffer + r.text : r.text;
        break;
      }
      case "cuttillend": {
        const text = d.cutTillEnd();
        this.wipe();
        if (text === "") this.say("Nothing was cut");
        else this.cutbuffer = text;
        break;
      }
      case "paste":
        this.wipe();
        if (this.cutbuffer === "") this.say("Cutbuffer is empty");
        else d.paste(this.cutbuffer);
        break;
      case "undo":
      case "redo": {
        const label = id === "undo" ? d.undo() : d.redo();
        if (label === null) this.say(`Nothing to ${id}`);
        else this.say(`${id === "undo" ? "Undid" : "Redid"} ${label}`);
        break;
      }
      case "mark":
        d.mark = d.mark === null ? d.cursor : null;
        this.say(d.mark === null ? "Mark Unset" : "Mark Set");
        break;
      default:
        return false;
    }
    return true;
  }
  private toggle(id: string): boolean {
    const o = this.opts;
    const flip = (on: boolean, label: string): boolean => {
      this.say(`${label} ${on ? "enabled" : "disabled"}`);
      return on;
    };
    switch (id) {
      case "constant":
        o.constant = !o.constant;
        if (o.constant) this.wipe();
        else this.say("Constant cursor position display disabled");
        break;
      case "nohelp":
        o.helpLines = !o.helpLines;
        this.scroll(this.doc, "least");
        break;
      case "numbers":
        o.numbers = flip(!o.numbers, "Line numbering");
        break;
      case "autoindent":
        o.autoindent = flip(!o.autoindent, "Auto indent");
        break;
      case "cutfromcursor":
        o.cutFromCursor = flip(!o.cutFromCursor, "Cut to end");
        break;
      case "smarthome":
        o.smartHome = flip(!o.smartHome, "Smart home key");
        break;
      case "tabstospaces":
        o.tabsToSpaces = flip(!o.tabsToSpaces, "Conversion of typed tabs to spaces");
        break;
      default:
        return false;
    }
    return true;
  }
  private announce(): void {
    const d = this.doc;
    const n = d.text.lines.length - (d.text.line(d.last) === "" ? 1 : 0);
    this.say(`${d.name === "" ? "New Buffer" : d.name} -- ${lineCount(n)}`);
  }
  private turn(by: number): void {
    if (this.docs.length === 1) return this.say("No more open file buffers");
    this.index = (this.index + by + this.docs.length) % this.docs.length;
    this.announce();
  }

  // ------------------------------------------------------------ questions

  private *exit(): Call<void> {
    const { doc } = this;
    if (doc.text.modified && !this.opts.view) {
      if (this.opts.saveOnExit && doc.name !== "") {
        if (!(yield* this.store(doc.name))) return;
      } else {
        const r = yield* askYesNo(this.asking, "Save modified buffer? ", false);
        if (r === null) return this.say("Cancelled");
        if (r === "y" && !(yield* this.write())) return;
      }
    }
    this.docs.splice(this.index, 1);
    if (this.docs.length === 0) {
      this.ended = 0;
      return;
    }
    if (this.index >= this.docs.length) this.index = 0;
    this.announce();
  }

  private content(d: Doc): string {
    return d.text.lines.join(d.format === "dos" ? "\r\n" : "\n");
  }
  /** Writes without a question. */
  private *store(name: string, how: "" | "append" | "prepend" = ""): Call<boolean> {
    const d = this.doc;
    let text = this.content(d);
    if (how === "prepend") {
      const old = yield* loadFile(this.sys, name);
      if (typeof old !== "number") text += old.lines.join("\n") + (old.newline && old.lines.length > 0 ? "\n" : "");
    }
    if (this.opts.backup && how === "") {
      const old = yield* loadFile(this.sys, name);
      if (typeof old !== "number")
        yield* saveFile(this.sys, `${name}~`, old.lines.join("\n") + (old.newline && old.lines.length > 0 ? "\n" : ""));
    }
    const r = yield* saveFile(this.sys, name, text, how === "append");
    if (r < 0) {
      this.say(`Error writing ${name}: ${strerror(r)}`);
      return false;
    }
    const st = yield* this.sys.stat(name);
    if (how === "") {
      d.name = name;
      d.text.saved();
      if (typeof st !== "number") d.mtime = st.mtime;
    }
    const n = d.text.lines.length - (d.text.line(d.last) === "" ? 1 : 0);
    this.say(`Wrote ${lineCount(n)}`);
    return true;
  }
  /** "File Name to Write": true when it was written. */
  private *write(): Call<boolean> {
    const d = this.doc;
    let answer = d.name;
    let how: "" | "append" | "prepend" = "";
    const format = d.format;
    for (;;) {
      const question = (): string => {
        const what = how === "append" ? "File Name to Append to" : how === "prepend" ? "File Name to Prepend to" : "File Name to Write";
        return `${what}${d.format === "dos" ? " [DOS Format]" : ""}${this.opts.backup ? " [Backup]" : ""}`;
      };
      const r = yield* askText(this.asking, question, BARS.write, answer, ["M-d", "M-m", "M-a", "M-p", "M-b", "C-t", "C-g"]);
      if (r.kind === "cancel") {
        d.format = format;
        this.say("Cancelled");
        return false;
      }
      answer = r.text;
      if (r.kind === "key") {
        if (r.key === "M-d") d.format = d.format === "dos" ? "unix" : "dos";
        else if (r.key === "M-a") how = how === "append" ? "" : "append";
        else if (r.key === "M-p") how = how === "prepend" ? "" : "prepend";
        else if (r.key === "M-b") this.opts.backup = !this.opts.backup;
        else if (r.key === "C-g") yield* this.help();
        continue;
      }
      if (answer === "") continue;
      if (how === "" && !(yield* this.agreed(answer))) continue;
      return yield* this.store(answer, how);
    }
  }
  /** Asks before another file, or one that somebody else has changed, is overwritten. */
  private *agreed(name: string): Call<boolean> {
    const d = this.doc;
    const st = yield* this.sys.stat(name);
    if (name !== d.name) {
      const exists = typeof st !== "number";
      if (d.name !== "" && (yield* askYesNo(this.asking, "Save file under DIFFERENT NAME? ", false)) !== "y") return false;
      if (exists && (yield* askYesNo(this.asking, `File "${name}" exists; OVERWRITE? `, false)) !== "y") return false;
      return true;
    }
    if (typeof st !== "number" && d.mtime !== 0 && st.mtime !== d.mtime)
      return (yield* askYesNo(this.asking, "File on disk has changed; continue saving? ", false)) === "y";
    return true;
  }

  private *insertFile(): Call<void> {
    const r = yield* askText(this.asking, () => "File to insert [from ./]", BARS.insert, "", ["C-x", "M-f", "M-n", "C-t", "C-g"]);
    if (r.kind === "cancel") return this.say("Cancelled");
    if (r.kind === "key")
      return this.say(`Not simulated: ${r.key === "C-x" ? "Execute Command" : r.key === "C-t" ? "Browse" : "New Buffer"}`);
    if (r.text === "") return this.wipe();
    const f = yield* this.read(r.text);
    if (typeof f === "number") return this.say(`File "${r.text}" not found`);
    if (typeof f === "string") return this.say(f);
    const d = this.doc;
    const lines = this.linesOf({ ...f, newline: true });
    if (!f.newline) lines.pop();
    d.change("insertion", false, () => {
      d.cursor = d.text.insert(d.cursor, lines.join("\n"));
    });
    this.say(`Read ${lineCount(f.lines.length)}`);
    this.scroll(d, "center");
  }

  private *search(back: boolean, start = ""): Call<void> {
    this.finder.back = back;
    let answer = start;
    for (;;) {
      const r = yield* askText(
        this.asking,
        () => this.finder.question("Search"),
        BARS.search,
        answer,
        ["M-c", "M-r", "M-b", "C-r", "C-t", "C-g", "C-_"],
        this.finder.past,
      );
      if (r.kind === "cancel") return this.say("Cancelled");
      answer = r.text;
      if (r.kind === "key") {
        if (this.finder.flip(r.key)) continue;
        if (r.key === "C-r") return yield* this.replace(answer);
        if (r.key === "C-g") {
          yield* this.help();
          continue;
        }
        return yield* this.goto();
      }
      if (!this.finder.set(answer)) return this.wipe();
      return yield* this.again(this.finder.back);
    }
  }
  private *again(back: boolean): Call<void> {
    const wrong = this.finder.compile();
    if (wrong !== null) return this.say(wrong);
    this.finder.back = back;
    const d = this.doc;
    const hit = d.find(this.finder.match, back);
    yield* this.sys.tick(100);
    if (hit === null) return this.say(`"${this.finder.text}" not found`);
    this.wipe();
    if (hit.pos.line === d.cursor.line && hit.pos.at === d.cursor.at) this.say("This is the only occurrence");
    else if (hit.wrapped) this.say("Search Wrapped");
    d.go(hit.pos);
    this.scroll(d, "center");
  }

  private *replace(start = ""): Call<void> {
    let answer = start;
    this.finder.back = false;
    for (;;) {
      const r = yield* askText(
        this.asking,
        () => this.finder.question("Search", "to replace"),
        BARS.replace,
        answer,
        ["M-c", "M-r", "M-b", "C-r", "C-g"],
        this.finder.past,
      );
      if (r.kind === "cancel") return this.say("Cancelled");
      answer = r.text;
      if (r.kind === "text") break;
      if (this.finder.flip(r.key)) continue;
      if (r.key === "C-r") return yield* this.search(this.finder.back, answer);
      yield* this.help();
    }
    if (!this.finder.set(answer)) return this.wipe();
    const wrong = this.finder.compile();
    if (wrong !== null) return this.say(wrong);
    const w = yield* askText(this.asking, () => "Replace with", BARS.with, "", ["C-g"]);
    if (w.kind === "cancel") return this.say("Cancelled");
    yield* this.replaceAll(w.text);
  }
  /** From the cursor on and round once, asking each time. */
  private *replaceAll(by: string): Call<void> {
    const d = this.doc;
    const home = d.cursor;
    const top = d.top;
    let n = 0;
    let all = false;
    // begins at the cursor itself and ends where it began
    let from: Pos = home;
    let wrapped = false;
    let stop: Pos = home;
    for (;;) {
      const m = this.finder.match(d.text.line(from.line), from.at, false);
      if (m === null) {
        if (wrapped && from.line >= stop.line) break;
        if (from.line >= d.last) {
          if (wrapped) break;
          wrapped = true;
          from = { line: 0, at: 0 };
        } else from = { line: from.line + 1, at: 0 };
        continue;
      }
      if (wrapped && (from.line > stop.line || (from.line === stop.line && m[0] >= stop.at))) break;
      const pos: Pos = { line: from.line, at: m[0] };
      d.go(pos);
      this.scroll(d, "center");
      let yes = all;
      if (!all) {
        d.spot = [pos, { line: pos.line, at: m[1] }];
        const r = yield* askYesNo(this.asking, "Replace this instance?", true);
        d.spot = null;
        if (r === null) break;
        all = r === "a";
        yes = r !== "n";
      }
      if (yes) {
        const text = this.finder.expand(d.text.line(pos.line), m, by);
        d.change("replacement", false, () => {
          d.text.splice(pos.line, 1, [d.text.line(pos.line).slice(0, m[0]) + text + d.text.line(pos.line).slice(m[1])]);
        });
        n++;
        if (pos.line === stop.line && pos.at < stop.at) stop = { line: stop.line, at: stop.at + text.length - (m[1] - m[0]) };
        from = { line: pos.line, at: m[0] + text.length + (m[1] === m[0] ? 1 : 0) };
      } else from = { line: pos.line, at: Math.max(m[1], m[0] + 1) };
      if (n % 100 === 99) yield* this.sys.tick(100);
    }
    d.go(home);
    d.top = top;
    this.say(n === 0 ? `"${this.finder.text}" not found` : `Replaced ${n} occurrence${n === 1 ? "" : "s"}`);
  }

  private *goto(): Call<void> {
    const r = yield* askText(this.asking, () => "Enter line number, column number", BARS.goto, "", [
      "C-w",
      "C-o",
      "C-y",
      "C-v",
      "C-t",
      "C-g",
    ]);
    if (r.kind === "cancel") return this.say("Cancelled");
    this.wipe();
    if (r.kind === "key") {
      if (r.key === "C-t") return yield* this.search(false);
      const id = { "C-w": "prevpar", "C-o": "nextpar", "C-y": "first", "C-v": "last" }[r.key] ?? "";
      this.move(id);
      return this.scroll(this.doc, "least");
    }
    const m = /^\s*([-+]?[0-9]*)\s*(?:[,.:]\s*([-+]?[0-9]+))?\s*$/.exec(r.text);
    if (r.text === "") return this.say("Cancelled");
    if (m === null || (m[1] === "" && m[2] === undefined)) return this.say("Invalid line or column number");
    const line = m[1] === "" ? this.doc.cursor.line + 1 : Number(m[1]);
    goTo(this.doc, line === 0 ? 1 : line, m[2] === undefined ? 1 : Number(m[2]) || 1);
    this.scroll(this.doc, "center");
  }

  private *execute(): Call<void> {
    const r = yield* askText(this.asking, () => "Command to execute", BARS.execute, "", ["C-z", "C-v", "C-g"]);
    if (r.kind === "cancel") return this.say("Cancelled");
    if (r.kind === "key" && r.key === "C-v") {
      this.edit("cuttillend");
      return;
    }
    if (r.kind !== "key" || r.key !== "C-z") return this.say("Not simulated: Execute");
    yield* this.term.leave();
    yield* this.term.print('\nUse "fg" to return to nano.\n');
    yield* this.term.suspendLeft();
    this.wipe();
  }
  private *verbatim(): Call<void> {
    this.say("Verbatim Input");
    yield* this.show();
    const k = yield* key(this.term);
    this.wipe();
    if (k === null || k === "resize") return;
    const text = k.name === "enter" ? "\r" : k.name === "esc" ? "\x1b" : k.name === "backspace" ? "\x7f" : k.name === "C-@" ? "\0" : k.text;
    if (text !== "") this.doc.type(text);
  }
}
