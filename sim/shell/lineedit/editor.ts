/**
 * The line editor: readline's Emacs keys over a terminal in raw mode, with history, incremental search, completion,
 * bracketed paste and redrawing at any width. Keys are read one byte at a time, so that what was typed ahead stays in the
 * terminal for the command that runs next.
 */
import { utf8 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { type Call, O, Sig, type Termios } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { readFileText } from "../expand/expand.ts";
import { readLine } from "../exec/readline.ts";
import { Interrupted } from "../exec/flow.ts";
import { runTrap } from "../exec/signals.ts";
import { Buffer } from "./buffer.ts";
import { EditKeys, opposite } from "./editkeys.ts";
import { complete, type Completion, listing } from "./complete.ts";
import { type Key, KeyDecoder } from "../../kernel/keys.ts";
import { Screen } from "./screen.ts";
import { graphemes } from "../../kernel/graphemes.ts";

export type LineResult = { readonly kind: "line"; readonly text: string } | { readonly kind: "eof" } | { readonly kind: "interrupt" };

/** Characters one line may have. */
const MAX_LINE = 100_000;
/** a numeric argument repeats a key no more often */
const MAX_REPEAT = 1000;

/** Completions above which Tab asks first. */
const ASK_ABOVE = 100;

interface Search {
  query: string;
  /** index in history of the match, -1: none yet */
  at: number;
  back: boolean;
  failed: boolean;
  readonly before: string;
  readonly beforeCursor: number;
}

type Outcome = "go on" | "accept" | "eof" | "interrupt";

export class LineEditor {
  private readonly sh: Shell;
  private readonly buf = new Buffer();
  private screen = new Screen(80);
  private decoder = new KeyDecoder();
  private prompt = "";
  /** position in history; history.length: the new line */
  private histAt = 0;
  /** lines of history as edited so far */
  private edits = new Map<number, string>();
  private search: Search | null = null;
  private lastName = "";
  private prefix = "";
  private pasting: string | null = null;
  private quoteNext = false;
  private silent = false;
  private readonly edit = new EditKeys();
  /** digits of a numeric argument (M-3, M--) so far */
  private arg = "";
  /** C-o: where in history the next line begins */
  private nextAt: number | null = null;
  /** M-.: how far back, and what it put in */
  private lastArg: { readonly back: number; readonly from: number; readonly to: number } | null = null;

  constructor(sh: Shell) {
    this.sh = sh;
  }

  *read(prompt: string): Call<LineResult> {
    const { sys } = this.sh;
    const old = yield* sys.tcgetattr(0);
    if (typeof old === "number") return yield* this.plainRead(prompt);
    yield* sys.tcsetattr(0, {
      ...old,
      icanon: false,
      echo: false,
      isig: false,
      iexten: false,
      icrnl: false,
      inlcr: false,
      vmin: 1,
      vtime: 0,
    });
    this.silent = false;
    this.edit.reset();
    this.arg = "";
    this.buf.load("");
    this.decoder.reset();
    this.prompt = prompt;
    this.histAt = this.sh.history.length;
    if (this.nextAt !== null && this.nextAt < this.histAt) {
      this.histAt = this.nextAt;
      this.buf.load(this.sh.history[this.histAt]!);
    }
    this.nextAt = null;
    this.edits.clear();
    this.search = null;
    this.lastName = "";
    this.prefix = "";
    this.pasting = null;
    this.quoteNext = false;
    this.lastArg = null;
    yield* this.put("\x1b[?2004h" + this.screen.start(prompt, yield* this.columns()));
    if (this.buf.chars.length > 0) yield* this.draw();
    // stty -echo: only the prompt shows
    this.silent = !old.echo;
    let end: Outcome = "go on";
    while (end === "go on") end = yield* this.step();
    const text = this.buf.text;
    yield* this.finish(old, end);
    if (end === "accept") return { kind: "line", text };
    return { kind: end === "eof" ? "eof" : "interrupt" };
  }

  private *finish(old: Termios, end: Outcome): Call<void> {
    const last = this.buf.chars.length;
    let s = this.screen.update(this.buf.text, last);
    if (end === "interrupt") {
      yield* this.put(`${s}^C`);
      const trap = this.sh.traps.get(String(Sig.INT));
      if (trap) yield* runTrap(this.sh, trap);
      s = "\n";
    } else if (end !== "eof") s += this.screen.finish();
    this.silent = false;
    yield* this.put((old.echo ? s : end === "eof" ? "" : "\n") + "\x1b[?2004l\r" + (end === "eof" ? "\n" : ""));
    yield* this.sh.sys.tcsetattr(0, old);
  }

  /** Input that is no terminal: bash -i on a pipe. */
  private *plainRead(prompt: string): Call<LineResult> {
    yield* this.sh.sys.write(2, utf8(prompt.replace(/[\x01\x02]/g, "")));
    const r = yield* readLine(this.sh, 0);
    if (r.eof && r.text === "") return { kind: "eof" };
    return { kind: "line", text: r.text };
  }

  private *put(s: string): Call<void> {
    if (s !== "" && !this.silent) yield* this.sh.sys.write(2, utf8(s));
  }
  private *columns(): Call<number> {
    const w = yield* this.sh.sys.winsize(0);
    const cols = typeof w === "number" || w.cols <= 0 ? 80 : w.cols;
    const rows = typeof w === "number" || w.rows <= 0 ? 24 : w.rows;
    if (this.sh.shopt("checkwinsize")) {
      this.sh.set("COLUMNS", String(cols));
      this.sh.set("LINES", String(rows));
    }
    return cols;
  }

  /** Reads a byte and acts on the key it completes. */
  private *step(): Call<Outcome> {
    const { sys } = this.sh;
    const d = yield* sys.read(0, 1);
    if (d === -Errno.EINTR) return yield* this.signals();
    if (typeof d === "number" || d.length === 0) return "eof";
    const key = this.decoder.push(d[0]!);
    if (key === null) return "go on";
    let end: Outcome;
    if (this.pasting !== null) {
      end = this.paste(key);
    } else if (this.search) end = yield* this.searchKey(key);
    else if (/^M-[0-9-]$/.test(key.name) || (this.arg !== "" && /^[0-9]$/.test(key.name))) {
      this.arg = (this.arg + key.name.slice(-1)).slice(0, 6);
      yield* this.put(this.screen.setPrompt(`(arg: ${this.arg === "-" ? "-1" : this.arg}) `, this.buf.text, this.buf.cursor));
      return "go on";
    } else if (this.arg !== "") end = yield* this.repeated(key);
    else end = yield* this.key(key);
    if (end !== "go on") return end;
    if (this.pasting !== null) return "go on";
    // draw when nothing more is waiting
    const more = yield* sys.poll([{ fd: 0, read: true }], 0);
    if (typeof more !== "number" && more.length > 0 && more[0]!.read) return "go on";
    yield* this.draw();
    return "go on";
  }

  /** A key with a numeric argument: that many times, the other way round when it is negative. */
  private *repeated(key: Key): Call<Outcome> {
    const n = this.arg === "-" ? -1 : Number.parseInt(this.arg, 10) || 0;
    this.arg = "";
    yield* this.put(this.screen.setPrompt(this.prompt, this.buf.text, this.buf.cursor));
    if (key.name === "M-.") {
      this.lastArg = null;
      yield* this.yankLastArg(n);
      return "go on";
    }
    const k = n < 0 ? { ...key, name: opposite(key.name) } : key;
    let end: Outcome = "go on";
    for (let i = Math.min(Math.abs(n), MAX_REPEAT); i > 0 && end === "go on"; i--) end = yield* this.key(k);
    return end;
  }

  private *draw(): Call<void> {
    if (this.search) return yield* this.drawSearch();
    yield* this.put(this.screen.update(this.buf.text, this.buf.cursor));
  }

  private *signals(): Call<Outcome> {
    for (const s of yield* this.sh.sys.sigtake()) {
      if (s === Sig.WINCH) yield* this.put(this.screen.redraw(this.buf.text, this.buf.cursor, yield* this.columns()));
      // other traps run when the line has been read
      if (s !== Sig.INT) {
        if (this.sh.traps.has(String(s))) this.sh.lateSignals.push(s);
        continue;
      }
      const trap = this.sh.traps.get(String(s));
      if (trap) yield* runTrap(this.sh, trap);
      else return "interrupt";
    }
    return "go on";
  }

  private *bell(): Call<void> {
    yield* this.put("\x07");
  }

  // ------------------------------------------------------------- keys

  private *key(k: Key): Call<Outcome> {
    const b = this.buf;
    let name = k.name;
    if (this.quoteNext) {
      this.quoteNext = false;
      if (k.text !== "") b.insert(k.text);
      return "go on";
    }
    if (this.edit.waiting) {
      if (this.edit.find(b, k.text) === "bell") yield* this.bell();
      return "go on";
    }
    if (this.prefix === "C-x") {
      this.prefix = "";
      name = `C-x ${name}`;
    }
    const last = this.lastName;
    this.lastName = name;
    b.begin(
      /^(C-k|C-u|C-w|M-d|M-backspace)$/.test(name)
        ? "kill"
        : name === "C-y" || name === "M-y"
          ? "yank"
          : k.text.length > 0 && name === k.text
            ? "type"
            : "other",
    );
    if (name !== "M-.") this.lastArg = null;
    switch (name) {
      case "enter":
      case "C-j":
        return "accept";
      case "C-c":
        return "interrupt";
      case "C-d":
        if (b.chars.length === 0) return "eof";
        if (b.cursor >= b.chars.length) yield* this.bell();
        else b.remove(b.cursor, b.cursor + 1);
        break;
      case "delete":
        if (b.cursor >= b.chars.length) yield* this.bell();
        else b.remove(b.cursor, b.cursor + 1);
        break;
      case "backspace":
      case "C-h":
        if (b.cursor === 0) yield* this.bell();
        else b.remove(b.cursor - 1, b.cursor);
        break;
      case "C-a":
      case "home":
        b.cursor = 0;
        break;
      case "C-e":
      case "end":
        b.cursor = b.chars.length;
        break;
      case "C-b":
      case "left":
        if (b.cursor > 0) b.cursor--;
        else yield* this.bell();
        break;
      case "C-f":
      case "right":
        if (b.cursor < b.chars.length) b.cursor++;
        else yield* this.bell();
        break;
      case "M-b":
      case "C-left":
      case "M-left":
        b.cursor = b.wordStart();
        break;
      case "M-f":
      case "C-right":
      case "M-right":
        b.cursor = b.wordEnd();
        break;
      case "C-k":
        b.kill(b.cursor, b.chars.length);
        break;
      case "C-u":
        b.kill(0, b.cursor);
        break;
      case "C-w":
        b.kill(b.blankStart(), b.cursor);
        break;
      case "M-d":
        b.kill(b.cursor, b.wordEnd());
        break;
      case "M-backspace":
      case "M-C-h":
        b.kill(b.wordStart(), b.cursor);
        break;
      case "C-y":
        if (!b.yank()) yield* this.bell();
        break;
      case "M-y":
        if (!b.yankPop()) yield* this.bell();
        break;
      case "C-t":
        if (!b.transposeChars()) yield* this.bell();
        break;
      case "M-t":
        if (!b.transposeWords()) yield* this.bell();
        break;
      case "M-u":
        b.changeCase("up");
        break;
      case "M-l":
        b.changeCase("down");
        break;
      case "M-c":
        b.changeCase("cap");
        break;
      case "C-_":
      case "C-x C-u":
        if (!b.undo()) yield* this.bell();
        break;
      case "M-r":
        b.revert();
        break;
      case "C-l":
        yield* this.put("\x1b[H\x1b[2J" + this.screen.again(b.text, b.cursor));
        break;
      case "C-p":
      case "up":
        yield* this.goHistory(this.histAt - 1);
        break;
      case "C-n":
      case "down":
        yield* this.goHistory(this.histAt + 1);
        break;
      case "M-<":
      case "pageup":
        yield* this.goHistory(0);
        break;
      case "M->":
      case "pagedown":
        yield* this.goHistory(this.sh.history.length);
        break;
      case "C-r":
      case "C-s":
        this.search = { query: "", at: -1, back: name === "C-r", failed: false, before: b.text, beforeCursor: b.cursor };
        break;
      case "M-.":
      case "M-_":
        yield* this.yankLastArg();
        break;
      case "tab":
        yield* this.tab(last === "tab");
        break;
      case "M-?":
        yield* this.tab(true);
        break;
      case "C-v":
      case "C-q":
        this.quoteNext = true;
        break;
      case "C-x":
        this.prefix = "C-x";
        break;
      case "C-g":
        yield* this.bell();
        break;
      case "C-z":
      case "C-\\":
      case "unknown":
      case "insert":
        break;
      case "paste-begin":
        this.pasting = "";
        break;
      case "paste-end":
        break;
      case "C-o": {
        // run this line; the one after it in history comes next
        const at = this.histAt + 1;
        this.nextAt = at < this.sh.history.length ? at : null;
        return "accept";
      }
      case "M-p":
        yield* this.prefixSearch(-1);
        break;
      case "M-n":
        yield* this.prefixSearch(1);
        break;
      case "C-x C-e":
        return (yield* this.editElsewhere()) ? "accept" : "go on";
      default: {
        if (k.text !== "" && name === k.text) {
          if (b.chars.length < MAX_LINE) b.insert(k.text, true);
          break;
        }
        const r = this.edit.key(b, name);
        if (r === "accept") return "accept";
        if (r !== "done") yield* this.bell();
      }
    }
    return "go on";
  }

  /** Between the brackets of a paste everything is text; newlines wait for Enter. */
  private paste(k: Key): Outcome {
    if (k.name === "paste-end") {
      const room = MAX_LINE - this.buf.chars.length;
      this.buf.begin("other");
      this.buf.insert(this.pasting!.slice(0, Math.max(0, room)));
      this.pasting = null;
    } else if (this.pasting!.length < MAX_LINE) this.pasting += k.text;
    return "go on";
  }

  private *goHistory(to: number): Call<void> {
    const h = this.sh.history;
    if (to < 0 || to > h.length || to === this.histAt) {
      yield* this.bell();
      return;
    }
    this.edits.set(this.histAt, this.buf.text);
    this.histAt = to;
    this.buf.load(this.edits.get(to) ?? h[to] ?? "");
  }

  /** The next line of history that begins as this one does up to the cursor. */
  private *prefixSearch(step: number): Call<void> {
    const head = this.buf.chars.slice(0, this.buf.cursor).join("");
    for (let i = this.histAt + step; i >= 0 && i < this.sh.history.length; i += step) {
      if (!this.sh.history[i]!.startsWith(head)) continue;
      const { cursor } = this.buf;
      yield* this.goHistory(i);
      this.buf.cursor = cursor;
      return;
    }
    yield* this.bell();
  }

  /** C-x C-e: the line in $VISUAL, $EDITOR or nano; what was saved is run. */
  private *editElsewhere(): Call<boolean> {
    const { sh } = this;
    const path = `/tmp/bash-fc.${sh.pid}`;
    const fd = yield* sh.sys.open(path, O.WRONLY | O.CREAT | O.TRUNC, 0o600);
    if (fd < 0) {
      yield* this.bell();
      return false;
    }
    yield* sh.sys.write(fd, utf8(`${this.buf.text}\n`));
    yield* sh.sys.close(fd);
    const raw = yield* sh.sys.tcgetattr(0);
    if (typeof raw !== "number") yield* sh.sys.tcsetattr(0, { ...raw, icanon: true, echo: true, isig: true, iexten: true, icrnl: true });
    yield* this.put("\n\x1b[?2004l");
    const tool = sh.get("VISUAL") ?? sh.get("EDITOR") ?? "nano";
    const status = yield* sh.ev.runText(sh, `${tool} ${path}`, { kind: "eval", name: "edit", firstLine: 1 });
    const text = status === 0 ? yield* readFileText(sh, path) : null;
    yield* sh.sys.unlink(path);
    if (typeof raw !== "number") yield* sh.sys.tcsetattr(0, raw);
    if (text !== null) this.buf.load(text.replace(/\n+$/, ""));
    yield* this.put(this.screen.again(this.buf.text, this.buf.cursor));
    return text !== null;
  }

  private *yankLastArg(nth: number | null = null): Call<void> {
    const h = this.sh.history;
    const back = (this.lastArg?.back ?? 0) + 1;
    const line = h[h.length - back];
    if (line === undefined) return yield* this.bell();
    const words = line.match(/(?:\\.|'[^']*'|"(?:\\.|[^"])*"|[^\s'"\\])+/g) ?? [];
    const arg = words[nth === null ? words.length - 1 : nth < 0 ? words.length - 1 + nth : nth] ?? "";
    const from = this.lastArg?.from ?? this.buf.cursor;
    const to = this.lastArg?.to ?? from;
    this.buf.replace(from, to, arg);
    this.lastArg = { back, from, to: this.buf.cursor };
  }

  // ------------------------------------------------------------- incremental search

  private *drawSearch(): Call<void> {
    const s = this.search!;
    const head = `(${s.failed ? "failed " : ""}${s.back ? "reverse-" : ""}i-search)\`${s.query}': `;
    yield* this.put(this.screen.setPrompt(head, this.buf.text, this.buf.cursor));
  }

  /** Looks for the query from `from` on; moves there when it is found. */
  private find(from: number): boolean {
    const s = this.search!;
    const h = this.sh.history;
    for (let i = from; i >= 0 && i < h.length; i += s.back ? -1 : 1) {
      const at = s.back ? h[i]!.lastIndexOf(s.query) : h[i]!.indexOf(s.query);
      if (at < 0) continue;
      s.at = i;
      s.failed = false;
      this.buf.load(h[i]!);
      this.buf.cursor = graphemes(h[i]!.slice(0, at)).length;
      return true;
    }
    s.failed = true;
    return false;
  }

  private *leaveSearch(keep: boolean): Call<void> {
    const s = this.search!;
    this.search = null;
    if (!keep) this.buf.load(s.before, s.beforeCursor);
    else if (s.at >= 0) this.histAt = s.at;
    yield* this.put(this.screen.setPrompt(this.prompt, this.buf.text, this.buf.cursor));
  }

  private *searchKey(k: Key): Call<Outcome> {
    const s = this.search!;
    switch (k.name) {
      case "C-r":
      case "C-s": {
        s.back = k.name === "C-r";
        if (s.query === "") return "go on";
        const from = s.at < 0 ? (s.back ? this.sh.history.length - 1 : 0) : s.at + (s.back ? -1 : 1);
        if (!this.find(from)) yield* this.bell();
        return "go on";
      }
      case "backspace":
      case "C-h":
        s.query = [...s.query].slice(0, -1).join("");
        if (s.query === "") {
          s.at = -1;
          s.failed = false;
          this.buf.load(s.before, s.beforeCursor);
        } else this.find(s.back ? this.sh.history.length - 1 : 0);
        return "go on";
      case "C-g":
        yield* this.bell();
        yield* this.leaveSearch(false);
        return "go on";
      case "C-c":
        yield* this.leaveSearch(true);
        return "interrupt";
      case "enter":
      case "C-j":
        yield* this.leaveSearch(true);
        return "accept";
    }
    if (k.text !== "" && k.name === k.text) {
      s.query += k.text;
      if (!this.find(s.at < 0 ? (s.back ? this.sh.history.length - 1 : 0) : s.at)) yield* this.bell();
      return "go on";
    }
    // any other key ends the search and does what it does
    yield* this.leaveSearch(true);
    return yield* this.key(k);
  }

  // ------------------------------------------------------------- completion

  private *tab(again: boolean): Call<void> {
    const b = this.buf;
    const before = b.chars.slice(0, b.cursor).join("");
    const c: Completion = yield* complete(this.sh, before);
    if (c.candidates.length === 0) return yield* this.bell();
    const typed = before.slice(c.start);
    const common = commonPrefix(c.candidates);
    const fromCluster = b.cursor - graphemes(before.slice(c.start)).length;
    if (c.candidates.length === 1) {
      b.replace(Math.max(0, fromCluster), b.cursor, c.candidates[0]! + c.suffix);
      return;
    }
    if (common.length > typed.length && common.startsWith(typed)) {
      b.replace(Math.max(0, fromCluster), b.cursor, common);
      yield* this.bell();
      return;
    }
    if (!again) return yield* this.bell();
    yield* this.list(c);
  }

  private *list(c: Completion): Call<void> {
    const cols = yield* this.columns();
    const size = yield* this.sh.sys.winsize(0);
    const rows = typeof size === "number" || size.rows < 2 ? 24 : size.rows;
    yield* this.put(this.screen.update(this.buf.text, this.buf.chars.length) + this.screen.finish());
    const n = c.names.length;
    let show = true;
    if (n > ASK_ABOVE) {
      yield* this.put(`Display all ${n} possibilities? (y or n)`);
      show = yield* this.yes();
      yield* this.put("\n");
    }
    if (show) {
      const lines = listing(c.names, cols);
      for (let i = 0; i < lines.length; i++) {
        if (i > 0 && i % (rows - 1) === 0) {
          yield* this.put("--More--");
          const go = yield* this.yes();
          yield* this.put("\r\x1b[K");
          if (!go) break;
        }
        yield* this.put(`${lines[i]}\n`);
      }
    }
    yield* this.put(this.screen.again(this.buf.text, this.buf.cursor));
  }

  private *yes(): Call<boolean> {
    for (;;) {
      const d = yield* this.sh.sys.read(0, 1);
      if (typeof d === "number") {
        if (d === -Errno.EINTR && (yield* this.sh.sys.sigtake()).includes(Sig.INT)) throw new Interrupted();
        if (d === -Errno.EINTR) continue;
        return false;
      }
      const ch = String.fromCharCode(d[0] ?? 110);
      if (ch === "y" || ch === "Y" || ch === " " || ch === "\r") return true;
      if (ch === "n" || ch === "N" || ch === "q" || ch === "\x7f" || ch === "\x03" || d.length === 0) return false;
      yield* this.bell();
    }
  }
}

function commonPrefix(words: readonly string[]): string {
  let p = words[0]!;
  for (const w of words) {
    let i = 0;
    while (i < p.length && i < w.length && p[i] === w[i]) i++;
    p = p.slice(0, i);
  }
  // not in the middle of an escaped character or a surrogate pair
  if (/(^|[^\\])(\\\\)*\\$/.test(p)) p = p.slice(0, -1);
  if (/[\ud800-\udbff]$/.test(p)) p = p.slice(0, -1);
  return p;
}
