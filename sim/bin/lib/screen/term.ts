/**
 * A program's hold on its terminal: raw mode, the alternate screen, keys with a time limit, size changes, suspension, and a
 * picture of rows that is brought onto the screen by writing the rows that changed. As curses does for nano and the termcap
 * code of less and vim does for them; the sequences are those of TERM=xterm-256color.
 *
 * Rows are text with SGR sequences in it and at most as wide as the screen; each ends with attributes off.
 */
import { utf8 } from "../../../core/bytes.ts";
import { Errno } from "../../../core/result.ts";
import { MS, NEVER } from "../../../core/time.ts";
import { type Call, O, Sig, type SigDisposition, type Sys, type Termios } from "../../../kernel/abi.ts";
import { type Key, KeyDecoder } from "../../../kernel/keys.ts";
import { writeAll } from "../io.ts";

/** how long an ESC waits for the rest of a sequence */
const ESC_NS = 50 * MS;

export const REVERSE = "\x1b[7m";
export const BOLD = "\x1b[1m";
export const PLAIN = "\x1b[m";

export type TermEvent =
  | { readonly kind: "key"; readonly key: Key }
  | { readonly kind: "resize" }
  | { readonly kind: "signal"; readonly sig: number }
  | { readonly kind: "timeout" }
  /** the terminal has gone */
  | { readonly kind: "eof" };

export interface TermMode {
  /** ^C, ^\ and ^Z send signals (as events here); else they are keys */
  readonly signals: boolean;
  /** use the alternate screen */
  readonly alternate: boolean;
  /** ESC before a character is Esc and that character, not Meta (vi) */
  readonly plainEsc?: boolean;
}

const CAUGHT: readonly number[] = [Sig.WINCH, Sig.TERM, Sig.HUP, Sig.INT, Sig.TSTP];

export class Term {
  readonly sys: Sys;
  readonly mode: TermMode;
  rows = 24;
  cols = 80;
  private readonly input: number;
  private saved: Termios | null = null;
  private readonly before = new Map<number, SigDisposition>();
  private readonly decoder = new KeyDecoder();
  private readonly queue: Key[] = [];
  /** what the screen shows; null when that is not known */
  private shown: string[] | null = null;

  private constructor(sys: Sys, input: number, mode: TermMode) {
    this.sys = sys;
    this.input = input;
    this.mode = mode;
  }

  /** Takes the terminal: standard input if it is one, else /dev/tty. -errno when there is none. Nothing is changed yet. */
  static *open(sys: Sys, mode: TermMode): Call<Term | number> {
    let fd = 0;
    if ((yield* sys.isatty(0)) !== 1) {
      fd = yield* sys.open("/dev/tty", O.RDWR | O.CLOEXEC, 0);
      if (fd < 0) return fd;
    }
    const t = new Term(sys, fd, mode);
    yield* t.measure();
    return t;
  }

  /** Raw mode and the alternate screen. */
  *enter(): Call<void> {
    yield* this.enterKeepingScreen();
    if (this.mode.alternate) yield* this.print("\x1b[?1049h\x1b[2J");
  }
  /** Raw mode alone, for a question before the screen is taken. */
  *enterKeepingScreen(): Call<void> {
    const { sys } = this;
    for (const s of CAUGHT) {
      const old = yield* sys.sigaction(s, "catch");
      if (typeof old === "string" && !this.before.has(s)) this.before.set(s, old);
    }
    const now = yield* sys.tcgetattr(this.input);
    if (typeof now !== "number") {
      this.saved = now;
      yield* sys.tcsetattr(this.input, {
        ...now,
        icanon: false,
        echo: false,
        iexten: false,
        icrnl: false,
        ixon: false,
        isig: this.mode.signals,
        vmin: 1,
        vtime: 0,
      });
    }
    this.shown = null;
  }

  /** Back to how it was. */
  *leave(): Call<void> {
    yield* this.print(`${PLAIN}\x1b[?25h${this.mode.alternate ? "\x1b[?1049l" : ""}`);
    yield* this.leaveKeepingScreen();
  }
  *leaveKeepingScreen(): Call<void> {
    if (this.saved !== null) yield* this.sys.tcsetattr(this.input, this.saved);
    this.saved = null;
    for (const [s, d] of this.before) yield* this.sys.sigaction(s, d);
    this.before.clear();
  }

  /** Stops this job until the shell brings it back (SIGTSTP); the screen must be painted again afterwards. */
  *suspend(): Call<void> {
    yield* this.leave();
    yield* this.suspendLeft();
  }
  /** The same where leave() has been called already. */
  *suspendLeft(): Call<void> {
    yield* this.sys.sigaction(Sig.TSTP, "default");
    yield* this.sys.kill(0, Sig.TSTP);
    yield* this.enter();
    yield* this.measure();
  }

  *print(text: string): Call<void> {
    yield* writeAll(this.sys, 1, utf8(text));
  }

  *measure(): Call<void> {
    const w = yield* this.sys.winsize(this.input);
    if (typeof w === "number") return;
    this.rows = Math.max(2, w.rows > 0 ? w.rows : 24);
    this.cols = Math.max(4, w.cols > 0 ? w.cols : 80);
  }

  /** As if this had been typed. */
  feed(text: string): void {
    this.take(utf8(text));
  }
  private take(bytes: Uint8Array): void {
    for (const b of bytes) {
      const k = this.decoder.push(b);
      if (k === null) continue;
      if (this.mode.plainEsc && k.name.startsWith("M-")) {
        const rest = k.name.slice(2);
        const named = rest === "enter" ? "\n" : rest === "tab" ? "\t" : "";
        this.queue.push({ name: "esc", text: "\x1b" }, { name: rest, text: Array.from(rest).length === 1 ? rest : named });
      } else this.queue.push(k);
    }
  }

  /** Is a key waiting already, so that painting may be put off? */
  get typedAhead(): boolean {
    return this.queue.length > 0;
  }

  /** The next thing that happens. `timeout` in ns. */
  *next(timeout: number = NEVER): Call<TermEvent> {
    for (;;) {
      for (const sig of yield* this.sys.sigtake()) {
        if (sig !== Sig.WINCH) return { kind: "signal", sig };
        yield* this.measure();
        this.shown = null;
        return { kind: "resize" };
      }
      const key = this.queue.shift();
      if (key !== undefined) return { kind: "key", key };
      const waiting = this.decoder.pending;
      const r = yield* this.sys.poll([{ fd: this.input, read: true }], waiting ? Math.min(ESC_NS, timeout) : timeout);
      if (r === -Errno.EINTR) continue;
      if (typeof r === "number") return { kind: "eof" };
      if (!r.some((f) => f.read || f.hup || f.err)) {
        if (!waiting) return { kind: "timeout" };
        this.queue.push(...this.decoder.flush());
        continue;
      }
      const b = yield* this.sys.read(this.input, 1024);
      if (b === -Errno.EINTR) continue;
      if (typeof b === "number" || b.length === 0) return { kind: "eof" };
      this.take(b);
    }
  }

  /** The next key; other events are left out but for the end of the terminal (null) and signals that end programs. */
  *key(): Call<Key | null> {
    for (;;) {
      const e = yield* this.next();
      if (e.kind === "key") return e.key;
      if (e.kind === "eof" || (e.kind === "signal" && (e.sig === Sig.TERM || e.sig === Sig.HUP))) return null;
    }
  }

  /** Forgets what is shown: the next paint writes everything. */
  invalidate(): void {
    this.shown = null;
  }

  /** Shows these rows (missing ones are empty), the cursor at row and column from 0, or hidden. */
  *paint(rows: readonly string[], cursor: readonly [number, number] | null): Call<void> {
    let s = "";
    const next: string[] = [];
    for (let i = 0; i < this.rows; i++) {
      const row = rows[i] ?? "";
      next.push(row);
      if (this.shown !== null && this.shown[i] === row) continue;
      s += `\x1b[${i + 1};1H\x1b[2K${row}${row.includes("\x1b") ? PLAIN : ""}`;
    }
    if (this.shown === null) s = `${PLAIN}\x1b[H\x1b[2J${s}`;
    this.shown = next;
    if (s !== "") s = `\x1b[?25l${s}`;
    s += cursor === null ? "\x1b[?25l" : `\x1b[${cursor[0] + 1};${Math.min(cursor[1], this.cols - 1) + 1}H\x1b[?25h`;
    yield* this.print(s);
  }
}
