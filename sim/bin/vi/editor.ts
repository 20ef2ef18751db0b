/**
 * vi's modes as a machine: keys go in, the text changes, and what needs the world outside (a : command, suspending) comes out
 * as an effect. No drawing and no system calls here. Left out: block mode, macros, folds, windows, completion in insert mode.
 */
import { compileRegex, Regex } from "../lib/regex.ts";
import { before, type Pos } from "../lib/screen/buffer.ts";
import { nextCluster, prevCluster } from "../lib/screen/cells.ts";
import { LineInput } from "../lib/screen/lineinput.ts";
import type { Key } from "../../kernel/keys.ts";
import { type Insertion, typed } from "./insert.ts";
import { findAgain, motion, type Target, textObject } from "./motions.ts";
import { change, join, mapText, put, type Range, rangeOf, remove, shift, swapCase, yank } from "./operators.ts";
import { type Command, parseKeys } from "./parse.ts";
import { vimRegex } from "./pattern.ts";
import { scrollKey } from "./scroll.ts";
import type { State } from "./state.ts";
import { wordAt, wordEndHere } from "./words.ts";

export type Effect =
  | { readonly kind: "ex"; readonly line: string }
  | { readonly kind: "suspend" }
  | { readonly kind: "redraw" }
  | { readonly kind: "about" };

const MAX_REPEAT = 10_000;

export class Editor {
  readonly s: State;
  private pending: string[] = [];
  private pendingKeys: Key[] = [];
  private insertion: Insertion | null = null;
  private literal = false;
  /** keys of the last change, and those of the one being made */
  private lastChange: readonly Key[] = [];
  private recording: Key[] | null = null;
  private replaying = false;
  /** the line being typed after : / ? */
  prompt: { readonly kind: ":" | "/" | "?"; readonly input: LineInput; readonly op: Command | null } | null = null;
  private readonly pastCommands: string[] = [];
  private readonly pastSearches: string[] = [];
  now = 0;
  private bell = false;

  constructor(s: State) {
    this.s = s;
  }

  /** What stands at the right of the bottom line while a command is half typed: nothing in the tiny vim. */
  get waiting(): boolean {
    return this.pending.length > 0;
  }
  /** Did the last key fail? */
  takeBell(): boolean {
    const b = this.bell;
    this.bell = false;
    return b;
  }

  feed(k: Key): Effect | null {
    if (this.prompt !== null) return this.promptKey(k);
    if (this.s.mode === "insert" || this.s.mode === "replace") {
      this.insertKey(k);
      return null;
    }
    return this.normalKey(k);
  }

  // ------------------------------------------------------------ : / ?

  private ask(kind: ":" | "/" | "?", text: string, op: Command | null): void {
    this.prompt = { kind, input: new LineInput(text, kind === ":" ? this.pastCommands : this.pastSearches), op };
  }
  private promptKey(k: Key): Effect | null {
    const p = this.prompt!;
    const r = p.input.key(k);
    if (r === "typing") return null;
    this.prompt = null;
    if (r === "cancel") {
      this.s.message = "";
      this.s.mode = "normal";
      return null;
    }
    const { text } = p.input;
    const past = p.kind === ":" ? this.pastCommands : this.pastSearches;
    if (text !== "") past.push(text);
    if (past.length > 100) past.shift();
    if (p.kind === ":") {
      this.s.say(`:${text}`);
      const visual = this.s.mode.startsWith("visual");
      if (visual) {
        this.keepVisual();
        this.s.mode = "normal";
      }
      return { kind: "ex", line: text };
    }
    this.startSearch(p.kind, text, p.op);
    return null;
  }
  /** Searches for a pattern; an empty one is the last. False when there is none. */
  setPattern(pattern: string, back: boolean, whole = false): boolean {
    const { s } = this;
    if (pattern === "") {
      if (s.search === null) s.fail("E35: No previous regular expression");
      else s.search = { ...s.search, back };
      return s.search !== null;
    }
    const ignoreCase = s.opts.ignorecase && !(s.opts.smartcase && /\p{Lu}/u.test(pattern));
    const t = vimRegex(pattern);
    const re = t === null ? null : compileRegex(t.source, "ere", { ignoreCase: t.ignoreCase ?? ignoreCase });
    if (!(re instanceof Regex)) {
      s.fail(`E486: Pattern not found: ${pattern}`);
      return false;
    }
    s.search = { pattern, re, back, whole };
    return true;
  }
  private startSearch(kind: "/" | "?", typed: string, op: Command | null): void {
    const { s } = this;
    const cut = typed.indexOf(kind);
    const pattern = cut > 0 && typed[cut - 1] !== "\\" ? typed.slice(0, cut) : typed;
    if (!this.setPattern(pattern, kind === "?")) return;
    const p = findAgain(s, kind === "?", op?.count ?? 1);
    if (p === null) return;
    const t: Target = { pos: p, linewise: false, inclusive: false };
    if (op !== null && op.key !== "/" && op.key !== "?") this.operate(op, rangeOf(s, t));
    else {
      s.marks.set("'", s.cursor);
      s.go(p);
    }
  }

  // ------------------------------------------------------------ normal and visual mode

  private keepVisual(): void {
    const { s } = this;
    const [a, b] = before(s.visual, s.cursor) ? [s.visual, s.cursor] : [s.cursor, s.visual];
    s.marks.set("<", s.mode === "visual-line" ? { line: a.line, at: 0 } : a);
    s.marks.set(">", b);
  }
  private toNormal(): void {
    if (this.s.mode.startsWith("visual")) this.keepVisual();
    this.s.mode = "normal";
    this.s.go(this.s.cursor, true);
  }

  private normalKey(k: Key): Effect | null {
    const { s } = this;
    const visual = s.mode.startsWith("visual");
    if (k.name === "esc" || k.name === "C-c" || k.name === "C-[") {
      const idle = this.pending.length === 0 && !visual;
      this.pending = [];
      this.pendingKeys = [];
      if (visual) {
        this.toNormal();
        s.message = "";
      } else if (idle && k.name === "C-c") return { kind: "about" };
      return null;
    }
    this.pending.push(k.name);
    this.pendingKeys.push(k);
    const c = parseKeys(this.pending, visual);
    if (c === "more") return null;
    const keys = this.pendingKeys;
    this.pending = [];
    this.pendingKeys = [];
    if (c === "none") {
      this.bell = true;
      return null;
    }
    return this.command(c, keys);
  }

  private command(c: Command, keys: readonly Key[]): Effect | null {
    const { s } = this;
    const visual = s.mode.startsWith("visual");
    switch (c.key) {
      case ":": {
        const n = c.count;
        this.ask(":", visual ? "'<,'>" : n === null ? "" : n === 1 ? "." : `.,.+${n - 1}`, null);
        return null;
      }
      case "/":
      case "?":
        this.ask(c.key, "", c);
        return null;
      case "C-z":
        return { kind: "suspend" };
      case "C-l":
        return { kind: "redraw" };
      case "ZZ":
        return { kind: "ex", line: "x" };
      case "ZQ":
        return { kind: "ex", line: "q!" };
      case "C-g":
        return { kind: "ex", line: "file" };
    }
    if (scrollKey(s, c.key, c.count)) return null;
    if (visual) {
      this.visualCommand(c, keys);
      return null;
    }
    if (c.motion === "/" || c.motion === "?") {
      this.ask(c.motion, "", c);
      return null;
    }
    if (c.motion !== "") {
      this.changing(keys, c.key !== "y", () => this.operatorCommand(c));
      return null;
    }
    if (this.enterInsert(c, keys) || this.simple(c, keys)) return null;
    this.move(c);
    return null;
  }

  private move(c: Command): void {
    const { s } = this;
    const t = this.target(c.key, c.char, c.count);
    if (t === null) {
      this.bell = true;
      return;
    }
    if (JUMPS.includes(c.key) && (t.pos.line !== s.cursor.line || t.pos.at !== s.cursor.at)) s.marks.set("'", s.cursor);
    s.go(t.pos, t.vertical !== undefined);
    if (t.want !== undefined) s.want = t.want;
  }
  private target(key: string, char: string, count: number | null): Target | null {
    const { s } = this;
    if (key === "*" || key === "#") {
      const word = wordAt(s.line, s.cursor.at);
      if (word === null) {
        s.fail("E348: No string under cursor");
        return null;
      }
      this.setPattern(`\\<${word.text}\\>`, key === "#", true);
      const old = s.cursor;
      s.cursor = { line: old.line, at: word.at };
      const p = findAgain(s, key === "#", count ?? 1);
      s.cursor = old;
      return p === null ? null : { pos: p, linewise: false, inclusive: false };
    }
    const object = /^([ia])(.)$/u.exec(key);
    if (object !== null) return textObject(s, object[1] === "a", object[2]!);
    return motion(s, key, char, count);
  }

  /** Runs something that changes the text as one step, to be repeated by "." */
  private changing(keys: readonly Key[], repeatable: boolean, body: () => void): void {
    const { s } = this;
    if (repeatable && !this.replaying) this.recording = Array.from(keys);
    s.begin("change");
    body();
    if (s.mode === "normal") this.finishChange();
  }
  private finishChange(): void {
    const { s } = this;
    s.end(this.now);
    if (this.recording !== null && !this.replaying) this.lastChange = this.recording;
    this.recording = null;
  }

  private operatorCommand(c: Command): void {
    const { s } = this;
    if (c.motion === c.key) {
      const to = s.cursor.line + (c.count ?? 1) - 1;
      if (to > s.last && c.key !== "d" && c.key !== "y" && c.key !== "c") {
        this.bell = true;
        return;
      }
      this.operate(c, { from: { line: s.cursor.line, at: 0 }, to: { line: Math.min(to, s.last), at: 0 }, linewise: true });
      return;
    }
    let m = c.motion;
    // cw on a word is ce
    if (c.key === "c" && (m === "w" || m === "W") && !/^\s?$/.test(s.line.slice(s.cursor.at, s.cursor.at + 1))) {
      const here = wordEndHere(s, m === "W", c.count ?? 1);
      return this.operate(c, { from: s.cursor, to: here, linewise: false });
    }
    if (m === "enter") m = "+";
    const t = this.target(m, c.char, c.count);
    if (t === null) {
      this.bell = true;
      return;
    }
    let r = rangeOf(s, t);
    // dw does not join lines
    if ((m === "w" || m === "W") && !r.linewise && r.to.line > r.from.line)
      r = { ...r, to: { line: r.to.line - 1, at: s.text.line(r.to.line - 1).length } };
    if ((m === "w" || m === "W") && r.linewise)
      r = { from: s.cursor, to: { line: r.to.line, at: s.text.line(r.to.line).length }, linewise: false };
    this.operate(c, r);
  }
  private operate(c: Command, r: Range): void {
    const { s } = this;
    const own = !s.text.inStep;
    if (own) s.begin("change");
    if (c.key !== "y") s.text.beganAt(r.linewise ? { line: r.from.line, at: before(r.from, s.cursor) ? r.from.at : s.cursor.at } : r.from);
    switch (c.key) {
      case "d":
        remove(s, r, c.register);
        break;
      case "y":
        yank(
          s,
          r,
          c.register,
          r.linewise && c.motion !== "y"
            ? { line: r.from.line, at: before(r.from, s.cursor) ? r.from.at : s.cursor.at }
            : r.linewise
              ? s.cursor
              : r.from,
        );
        break;
      case "c":
        change(s, r, c.register);
        this.startInsert("insert", 1);
        break;
      case ">":
      case "<":
        shift(s, r.from.line, r.to.line, c.key === ">" ? 1 : -1);
        break;
      case "g~":
      case "gu":
      case "gU":
        mapText(s, r, c.key === "g~" ? swapCase : c.key === "gu" ? (t) => t.toLowerCase() : (t) => t.toUpperCase());
        s.go(r.linewise ? { line: r.from.line, at: 0 } : r.from);
        break;
      default:
        s.fail(`hop: vi: the operator ${c.key} is not simulated`);
    }
    if (own && s.mode === "normal") this.finishChange();
  }

  /** i a o and their like. */
  private enterInsert(c: Command, keys: readonly Key[]): boolean {
    const { s } = this;
    const n = c.count ?? 1;
    const go = (mode: "insert" | "replace", body: () => void): boolean => {
      this.changing(keys, true, () => {
        body();
        this.startInsert(mode, n);
      });
      return true;
    };
    const { line } = s.cursor;
    switch (c.key) {
      case "i":
      case "insert":
        return go("insert", () => {});
      case "a":
        return go("insert", () => {
          if (s.line !== "") s.cursor = s.next(s.cursor);
        });
      case "I":
        return go("insert", () => {
          s.cursor = { line, at: /^\s*/.exec(s.line)![0].length };
        });
      case "A":
        return go("insert", () => {
          s.cursor = { line, at: s.line.length };
        });
      case "o":
      case "O":
        return go("insert", () => {
          const indent = s.opts.autoindent ? /^\s*/.exec(s.line)![0] : "";
          const where = c.key === "o" && !s.empty ? line + 1 : line;
          s.insertLines(where, [indent]);
          s.cursor = { line: where, at: indent.length };
        });
      case "R":
        return go("replace", () => {});
      case "s":
        return go("insert", () => change(s, { from: s.cursor, to: this.forward(n), linewise: false }, c.register));
      case "S":
        return go("insert", () =>
          change(s, { from: s.cursor, to: { line: Math.min(s.last, line + n - 1), at: 0 }, linewise: true }, c.register),
        );
      case "C":
        return go("insert", () => change(s, { from: s.cursor, to: { line, at: s.line.length }, linewise: false }, c.register));
      default:
        return false;
    }
  }
  private forward(n: number): Pos {
    let p = this.s.cursor;
    for (let i = 0; i < n && p.at < this.s.line.length; i++) p = this.s.next(p);
    return p;
  }

  /** Commands of one key that change text, and undo, marks, visual mode. */
  private simple(c: Command, keys: readonly Key[]): boolean {
    const { s } = this;
    const n = c.count ?? 1;
    const { line, at } = s.cursor;
    const edit = (body: () => void): boolean => {
      this.changing(keys, true, body);
      return true;
    };
    switch (c.key) {
      case "x":
      case "delete":
        if (s.line === "") this.bell = true;
        else return edit(() => remove(s, { from: s.cursor, to: this.forward(n), linewise: false }, c.register));
        return true;
      case "X":
        if (at === 0) {
          this.bell = true;
          return true;
        }
        return edit(() => {
          let p = at;
          for (let i = 0; i < n && p > 0; i++) p = prevCluster(s.line, p);
          remove(s, { from: { line, at: p }, to: s.cursor, linewise: false }, c.register);
        });
      case "D":
        return edit(() =>
          remove(
            s,
            {
              from: s.cursor,
              to: { line: Math.min(s.last, line + n - 1), at: s.text.line(Math.min(s.last, line + n - 1)).length },
              linewise: false,
            },
            c.register,
          ),
        );
      case "Y":
        yank(s, { from: { line, at: 0 }, to: { line: Math.min(s.last, line + n - 1), at: 0 }, linewise: true }, c.register, s.cursor);
        return true;
      case "p":
      case "P":
        return edit(() => put(s, c.register, c.key === "p", n));
      case "J":
      case "gJ":
        if (line >= s.last) {
          this.bell = true;
          return true;
        }
        return edit(() => join(s, line, line + Math.max(2, n) - 1, c.key === "J"));
      case "~":
        if (s.line === "") {
          this.bell = true;
          return true;
        }
        return edit(() => {
          const to = this.forward(n);
          mapText(s, { from: s.cursor, to, linewise: false }, swapCase);
          s.go(to);
        });
      case "r":
        return this.replaceChars(c, n, edit);
      case "u":
        this.undo(n, true);
        return true;
      case "C-r":
        this.undo(n, false);
        return true;
      case ".":
        this.repeat(c.count);
        return true;
      case "m":
        s.marks.set(c.char, s.cursor);
        return true;
      case "v":
      case "V":
        s.mode = c.key === "v" ? "visual" : "visual-line";
        s.visual = s.cursor;
        s.message = "";
        return true;
      case "gv": {
        const a = s.marks.get("<");
        const b = s.marks.get(">");
        if (a !== undefined && b !== undefined) {
          s.mode = "visual";
          s.visual = a;
          s.go(b);
        }
        return true;
      }
      case "&":
        return true;
      case "q":
      case "@":
      case "C-v":
      case "K":
      case "gq":
        s.fail(`hop: vi: the command ${c.key === "C-v" ? "Ctrl-V" : c.key} is not simulated`);
        return true;
      default:
        return false;
    }
  }
  private replaceChars(c: Command, n: number, edit: (body: () => void) => boolean): boolean {
    const { s } = this;
    const to = this.forward(n);
    let have = 0;
    for (let p = s.cursor.at; p < to.at; p = nextCluster(s.line, p)) have++;
    if (have < n) {
      this.bell = true;
      return true;
    }
    return edit(() => {
      const { cursor } = s;
      s.text.remove(cursor, to);
      const end = s.insert(cursor, c.char === "\n" ? "\n" : c.char.repeat(n));
      s.go(c.char === "\n" ? end : { line: end.line, at: end.at - c.char.length });
    });
  }

  private undo(n: number, back: boolean): void {
    const { s } = this;
    for (let i = 0; i < n; i++) {
      const lines = s.text.lines.length - (s.empty ? 1 : 0);
      const step = back ? s.text.undo() : s.text.redo();
      if (step === null) {
        if (i === 0) s.say(`Already at ${back ? "oldest" : "newest"} change`);
        return;
      }
      const after = s.text.lines;
      s.empty = false;
      if (after.length === 1 && after[0] === "" && lines > 1) s.empty = true;
      const by = after.length - (s.empty ? 1 : 0) - lines;
      const touched = Math.min(...step.changes.map((x) => x.line));
      const changed = step.changes.reduce((sum, x) => sum + Math.max(1, back ? x.removed.length : x.added.length), 0);
      const what =
        by === 1
          ? "1 more line"
          : by > 1
            ? `${by} more lines`
            : by === -1
              ? "1 line less"
              : by < -1
                ? `${-by} fewer lines`
                : `${changed} change${changed === 1 ? "" : "s"}`;
      const seconds = Math.max(0, Math.floor((this.now - step.time) / 1e9));
      s.say(`${what}; ${back ? "before" : "after"} #${step.number}  ${seconds} second${seconds === 1 ? "" : "s"} ago`);
      // where the cursor was, if that is in the changed block or beside it; else the block's first line
      const size = step.changes.reduce((sum, x) => sum + (back ? x.removed.length : x.added.length), 0);
      const saved = step.before.line + 1;
      s.go(saved >= touched && saved <= touched + size + 1 ? step.before : s.firstNonBlank(Math.min(touched, s.last)));
    }
  }
  private repeat(count: number | null): void {
    if (this.lastChange.length === 0) {
      this.bell = true;
      return;
    }
    let keys = Array.from(this.lastChange);
    if (count !== null) {
      while (/^[0-9]$/.test(keys[0]?.name ?? "")) keys.shift();
      keys = [...Array.from(String(count), (d): Key => ({ name: d, text: d })), ...keys];
    }
    this.replaying = true;
    for (const k of keys) this.feed(k);
    this.replaying = false;
  }

  // ------------------------------------------------------------ visual mode

  private visualCommand(c: Command, keys: readonly Key[]): void {
    const { s } = this;
    const lines = s.mode === "visual-line";
    const [a, b] = before(s.visual, s.cursor) ? [s.visual, s.cursor] : [s.cursor, s.visual];
    const range: Range = { from: a, to: lines ? b : s.next(b), linewise: lines };
    const done = (body: () => void): void => {
      this.keepVisual();
      s.mode = "normal";
      s.message = "";
      this.changing(keys, false, body);
    };
    switch (c.key) {
      case "v":
      case "V": {
        const mode = c.key === "v" ? "visual" : "visual-line";
        if (s.mode === mode) this.toNormal();
        else s.mode = mode;
        return;
      }
      case "o":
        [s.visual, s.cursor] = [s.cursor, s.visual];
        return;
      case "d":
      case "x":
      case "delete":
        return done(() => remove(s, range, c.register));
      case "X":
      case "D":
        return done(() => remove(s, { ...range, linewise: true }, c.register));
      case "y":
        return done(() =>
          yank(s, range, c.register, lines ? { line: a.line, at: s.visual.line < s.cursor.line ? s.visual.at : s.cursor.at } : a),
        );
      case "Y":
        return done(() => yank(s, { ...range, linewise: true }, c.register, a));
      case "c":
      case "s":
      case "C":
      case "S":
      case "R":
        return done(() => {
          change(s, c.key === "c" || c.key === "s" ? range : { ...range, linewise: true }, c.register);
          this.startInsert("insert", 1);
        });
      case "r":
        return done(() => {
          mapText(s, range, (t) => t.replace(/[^]/gu, c.char));
          s.go(a);
        });
      case "~":
      case "u":
      case "U":
        return done(() => {
          mapText(s, range, c.key === "~" ? swapCase : c.key === "u" ? (t) => t.toLowerCase() : (t) => t.toUpperCase());
          s.go(a);
        });
      case ">":
      case "<":
        return done(() => shift(s, a.line, b.line, c.key === ">" ? 1 : -1));
      case "J":
        return done(() => join(s, a.line, Math.max(b.line, a.line + 1), true));
      case "p":
      case "P":
        return done(() => {
          const r = s.registers.get(c.register);
          remove(s, range, "");
          if (r !== undefined) {
            const kept = s.registers.get("")!;
            s.registers.set("", r);
            put(s, "", lines && a.line > s.last, 1);
            s.registers.set("", kept);
          }
        });
      case "I":
        return done(() => {
          s.cursor = a;
          this.startInsert("insert", 1);
        });
      case "A":
        return done(() => {
          s.cursor = lines ? { line: b.line, at: s.text.line(b.line).length } : range.to;
          this.startInsert("insert", 1);
        });
    }
    const object = /^[ia].$/u.test(c.key) ? this.target(c.key, "", null) : null;
    if (object !== null) {
      s.visual = object.from!;
      s.go({ line: object.pos.line, at: Math.max(0, object.pos.at - 1) });
      return;
    }
    this.move(c);
  }

  // ------------------------------------------------------------ insert and replace mode

  private startInsert(mode: "insert" | "replace", count: number): void {
    const { s } = this;
    s.mode = mode;
    s.empty = false;
    this.insertion = { keys: [], count, from: s.cursor, over: [] };
    s.message = "";
  }
  private insertKey(k: Key): void {
    const { s } = this;
    const ins = this.insertion!;
    if (this.literal) {
      this.literal = false;
      const text = k.name === "enter" ? "\r" : k.name === "esc" ? "\x1b" : k.text;
      if (this.recording !== null) this.recording.push(k);
      ins.keys.push({ name: text, text });
      if (text !== "") s.cursor = s.insert(s.cursor, text);
      return;
    }
    if (k.name === "esc" || k.name === "C-c" || k.name === "C-[") return this.leaveInsert(k);
    if (this.recording !== null) this.recording.push(k);
    if (k.name === "C-v" || k.name === "C-q") {
      this.literal = true;
      return;
    }
    ins.keys.push(k);
    typed(s, k, ins);
  }
  private leaveInsert(k: Key): void {
    const { s } = this;
    const ins = this.insertion!;
    if (this.recording !== null) this.recording.push(k);
    for (let i = 1; i < Math.min(ins.count, MAX_REPEAT); i++) for (const key of ins.keys) typed(s, key, ins);
    s.mode = "normal";
    s.message = "";
    this.insertion = null;
    const { line, at } = s.cursor;
    // an indent that nothing was typed behind goes
    s.go({ line, at: at > 0 ? prevCluster(s.line, at) : 0 });
    this.finishChange();
  }
}

const JUMPS: readonly string[] = ["G", "gg", "n", "N", "*", "#", "%", "{", "}", "H", "M", "L", "'", "`"];
