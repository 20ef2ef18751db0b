/**
 * A terminal and its line discipline (drivers/tty/n_tty.c over a pty): what the host types goes in at input(), what
 * programs write comes out at drain(). Cooked mode with editing and signals, cbreak and raw.
 *
 * Time: a terminal shows CHAR_NS a character; a writer that is more than BACKLOG characters ahead waits, so a flood of
 * output takes virtual time and what is written never depends on how fast the host drains.
 * sim: erasing a wide character clears both its cells (Linux clears one). Left out: packet mode, parity, XTABS, IXOFF.
 */
import { concatBytes, fromUtf8 } from "../core/bytes.ts";
import { WaitQueue } from "../core/waitq.ts";
import { Sig, type Termios, type Winsize } from "./abi.ts";
import type { Machine } from "./machine.ts";
import { type Process, type Session, State } from "./process.ts";
import { sendSignal, signalGroup } from "./signals.ts";
import { wcwidth } from "./wcwidth.ts";

/** virtual time a character takes to appear: 2 million a second */
const CHAR_NS = 500;
const BACKLOG = 4096;
/** a line in cooked mode, and what may be typed ahead in all */
const MAX_LINE = 4095;
const MAX_INPUT = 1024 * 1024;

/** `stty sane` on a pty. */
export const SANE: Termios = {
  icanon: true,
  echo: true,
  echoe: true,
  echok: true,
  echoctl: true,
  isig: true,
  iexten: true,
  icrnl: true,
  inlcr: false,
  ixon: true,
  opost: true,
  onlcr: true,
  tostop: false,
  vmin: 1,
  vtime: 0,
  cc: { intr: 3, quit: 28, erase: 127, kill: 21, eof: 4, susp: 26, werase: 23, lnext: 22, start: 17, stop: 19, eol: 0, reprint: 18 },
};

const LF = 10;
const CR = 13;
const TAB = 9;
const BS = 8;
const BEL = 7;

export class Tty {
  readonly machine: Machine;
  /** its number below /dev/pts */
  readonly n: number;
  readonly uid: number;
  termios: Termios = SANE;
  size: Winsize;
  session: Session | null = null;
  fgPgid = 0;
  /** woken when there is something to read, and when output may go on */
  readonly inq = new WaitQueue();
  readonly outq = new WaitQueue();
  /** the host has gone, or the session's leader has ended */
  hungUp = false;
  /** time of the last input, for VTIME */
  lastInput = 0;

  /** complete lines (cooked mode); an empty one is an end of file */
  private lines: Uint8Array[] = [];
  /** the line being edited */
  private edit: number[] = [];
  /** bytes ready for reading (cbreak and raw) */
  private raw: Uint8Array = new Uint8Array(0);
  private literal = false;
  /** column at which the line being edited began, and the cursor's */
  private editColumn = 0;
  private column = 0;

  private out: string[] = [];
  /** bytes of a character that is not complete yet */
  private partial: Uint8Array = new Uint8Array(0);
  /** when everything written so far has been shown */
  private shownAt = 0;
  /** ^S was typed */
  private stopped = false;
  /** the host wants no more for now; it must come from the input log, for writers block */
  private held = false;

  constructor(machine: Machine, n: number, uid: number, size: Winsize) {
    this.machine = machine;
    this.n = n;
    this.uid = uid;
    this.size = size;
  }

  // ------------------------------------------------------------ the host's side

  get hasOutput(): boolean {
    return this.out.length > 0;
  }
  /** Text for the screen, at most about maxChars UTF-16 units of it. */
  drain(maxChars = Infinity): string {
    let s = "";
    let i = 0;
    while (i < this.out.length && s.length < maxChars) s += this.out[i++]!;
    this.out.splice(0, i);
    if (s.length > maxChars) {
      let cut = maxChars;
      const c = s.charCodeAt(cut - 1);
      if (c >= 0xd800 && c <= 0xdbff && cut > 1) cut--; // not between the halves of a pair
      this.out.unshift(s.slice(cut));
      s = s.slice(0, cut);
    }
    return s;
  }
  setHeld(on: boolean): void {
    this.held = on;
    if (!on) this.outq.wake();
  }
  resize(size: Winsize): void {
    if (size.rows === this.size.rows && size.cols === this.size.cols) return;
    this.size = size;
    if (this.fgPgid !== 0) signalGroup(this.machine, this.fgPgid, Sig.WINCH);
  }
  /** The host closed the terminal: SIGHUP to the shell and the foreground job, end of file for all. */
  hangup(): void {
    if (this.hungUp) return;
    const leader = this.session ? this.machine.procs.get(this.session.sid) : undefined;
    if (leader) {
      sendSignal(leader, Sig.HUP);
      sendSignal(leader, Sig.CONT);
    }
    this.disconnect();
  }
  /** The shell ended: its foreground job loses the terminal. */
  leaderExited(): void {
    this.disconnect();
  }
  private disconnect(): void {
    if (this.fgPgid !== 0) {
      const fg = this.fgPgid;
      signalGroup(this.machine, fg, Sig.HUP);
      signalGroup(this.machine, fg, Sig.CONT);
    }
    this.hungUp = true;
    if (this.session) this.session.tty = null;
    this.session = null;
    this.fgPgid = 0;
    this.inq.wake();
    this.outq.wake();
  }
  /** The process that has the terminal: the foreground group's leader, or any of its members. */
  foreground(): Process | null {
    const leader = this.machine.procs.get(this.fgPgid);
    if (leader && leader.state < State.ZOMBIE) return leader;
    for (const p of this.machine.procs.values()) if (p.pgid === this.fgPgid && p.alive) return p;
    return null;
  }

  // ------------------------------------------------------------ input

  input(bytes: Uint8Array): void {
    if (this.hungUp) return;
    this.lastInput = this.machine.world.sched.now;
    const plain: number[] = [];
    for (let i = 0; i < bytes.length; i++) this.receive(bytes[i]!, plain);
    this.flushRaw(plain);
  }

  /** raw bytes are gathered in `plain` and appended at once */
  private flushRaw(plain: number[]): void {
    if (plain.length === 0) return;
    if (this.raw.length < MAX_INPUT) this.raw = concatBytes([this.raw, Uint8Array.from(plain)]);
    plain.length = 0;
    this.inq.wake();
  }

  private receive(c: number, plain: number[]): void {
    const t = this.termios;
    if (this.literal) {
      this.literal = false;
      this.insert(c, plain);
      return;
    }
    if (c === CR && t.icrnl) c = LF;
    else if (c === LF && t.inlcr) c = CR;
    if (t.ixon) {
      if (c === t.cc.start && c !== 0) {
        this.restart();
        return;
      }
      if (c === t.cc.stop && c !== 0) {
        this.stopped = true;
        return;
      }
    }
    if (t.isig && c !== 0) {
      const sig = c === t.cc.intr ? Sig.INT : c === t.cc.quit ? Sig.QUIT : c === t.cc.susp ? Sig.TSTP : 0;
      if (sig !== 0) {
        plain.length = 0;
        this.flushInput();
        this.restart();
        if (t.echo) this.echo(c);
        if (this.fgPgid !== 0) signalGroup(this.machine, this.fgPgid, sig);
        return;
      }
    }
    if (t.icanon) this.receiveCooked(c, plain);
    else this.insert(c, plain);
  }

  private receiveCooked(c: number, plain: number[]): void {
    const t = this.termios;
    if (c !== 0) {
      if (c === t.cc.erase) return this.eraseChar();
      if (t.iexten && c === t.cc.werase) return this.eraseWord();
      if (c === t.cc.kill) return this.killLine();
      if (t.iexten && c === t.cc.lnext) {
        this.literal = true;
        if (t.echo && t.echoctl) this.emit([0x5e, BS]);
        return;
      }
      if (t.iexten && c === t.cc.reprint && t.echo) {
        this.echo(c);
        this.emit([LF]);
        this.editColumn = 0;
        for (const b of this.edit) this.echo(b);
        return;
      }
      if (c === t.cc.eof) return this.complete();
    }
    if (c === LF || (c !== 0 && c === t.cc.eol)) {
      if (t.echo) this.emit([c]);
      this.edit.push(c);
      return this.complete();
    }
    this.insert(c, plain);
  }

  /** a character as such */
  private insert(c: number, plain: number[]): void {
    const t = this.termios;
    if (t.icanon) {
      if (this.edit.length >= MAX_LINE) {
        this.emit([BEL]);
        return;
      }
      if (this.edit.length === 0) this.editColumn = this.column;
      this.edit.push(c);
    } else plain.push(c);
    if (t.echo) this.echo(c);
  }

  private complete(): void {
    this.lines.push(Uint8Array.from(this.edit));
    this.edit = [];
    this.inq.wake();
  }
  private restart(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.outq.wake();
  }
  private flushInput(): void {
    this.lines = [];
    this.edit = [];
    this.raw = new Uint8Array(0);
    this.literal = false;
  }

  private echo(c: number): void {
    if (this.termios.echoctl && (c < 32 || c === 127) && c !== TAB && c !== LF) this.emit([0x5e, c ^ 0x40]);
    else this.emit([c]);
  }

  private eraseChar(): void {
    if (this.edit.length === 0) return;
    if (this.termios.echo && !this.termios.echoe) {
      this.popChar();
      this.echo(this.termios.cc.erase);
    } else this.rubOut();
  }
  /** back to the start of a word: what is no letter before it goes too */
  private eraseWord(): void {
    let seen = false;
    while (this.edit.length > 0) {
      let i = this.edit.length - 1;
      while (i > 0 && (this.edit[i]! & 0xc0) === 0x80) i--;
      if (isWordByte(this.edit[i]!)) seen = true;
      else if (seen) break;
      this.rubOut();
    }
  }
  private killLine(): void {
    const t = this.termios;
    if (t.echok && t.echoe) {
      while (this.edit.length > 0) this.rubOut();
      return;
    }
    this.edit = [];
    if (!t.echo) return;
    this.echo(t.cc.kill);
    if (t.echok) this.emit([LF]);
  }
  /** takes the last character off the line; the byte it began with */
  private popChar(): number {
    let c = this.edit.pop()!;
    while ((c & 0xc0) === 0x80 && this.edit.length > 0) c = this.edit.pop()!;
    return c;
  }
  /** takes the last character off the line and off the screen */
  private rubOut(): void {
    const before = this.editWidth();
    const c = this.popChar();
    if (!this.termios.echo) return;
    const n = before - this.editWidth();
    for (let i = 0; i < n; i++) this.emit(c === TAB ? [BS] : [BS, 32, BS]);
  }
  /** cells that the line being edited takes on the screen */
  private editWidth(): number {
    let col = this.editColumn;
    for (const ch of fromUtf8(Uint8Array.from(this.edit))) {
      const c = ch.codePointAt(0)!;
      if (c === TAB) col = (col | 7) + 1;
      else if (c < 32 || c === 127) col += this.termios.echoctl ? 2 : 0;
      else col += wcwidth(c);
    }
    return col - this.editColumn;
  }

  // ------------------------------------------------------------ the programs' side

  setTermios(t: Termios): void {
    const was = this.termios.icanon;
    this.termios = t;
    if (was && !t.icanon) {
      this.raw = concatBytes([this.raw, ...this.lines, Uint8Array.from(this.edit)]);
      this.lines = [];
      this.edit = [];
    } else if (!was && t.icanon && this.raw.length > 0) {
      this.lines.push(this.raw); // as the kernel: what is there already counts as a line
      this.raw = new Uint8Array(0);
    }
    this.inq.wake();
    if (!t.ixon) this.restart();
  }
  get readable(): boolean {
    return this.hungUp || (this.termios.icanon ? this.lines.length > 0 : this.raw.length > 0 && this.raw.length >= this.termios.vmin);
  }
  /** bytes that a read in cbreak or raw mode would find */
  get available(): number {
    return this.raw.length;
  }
  /** cooked: up to n bytes of the next line, null when there is none */
  readLine(n: number): Uint8Array | null {
    const line = this.lines[0];
    if (!line) return null;
    if (line.length <= n) {
      this.lines.shift();
      return line;
    }
    this.lines[0] = line.slice(n);
    return line.slice(0, n);
  }
  readRaw(n: number): Uint8Array {
    const out = this.raw.slice(0, n);
    this.raw = this.raw.slice(out.length);
    return out;
  }
  /** 0: write on. Otherwise the time at which there is room again, or -1 for "when outq is woken" */
  writeRoomAt(): number {
    if (this.held || this.stopped) return -1;
    const { now } = this.machine.world.sched;
    const ahead = this.shownAt - now;
    return ahead > BACKLOG * CHAR_NS ? this.shownAt - (BACKLOG / 2) * CHAR_NS : 0;
  }
  /** takes bytes as the program wrote them, a few KiB at a time */
  write(bytes: Uint8Array): void {
    this.emit(bytes);
  }

  // ------------------------------------------------------------ output

  /** output processing and decoding */
  private emit(bytes: ArrayLike<number>): void {
    const crlf = this.termios.opost && this.termios.onlcr;
    const acc = new Uint8Array(this.partial.length + 2 * bytes.length);
    acc.set(this.partial);
    let n = this.partial.length;
    let ascii = n === 0;
    for (let i = 0; i < bytes.length; i++) {
      const b = bytes[i]!;
      if (b >= 32) {
        if ((b & 0xc0) !== 0x80) this.column++;
        if (b > 127) ascii = false;
      } else if (b === LF) {
        if (crlf) {
          acc[n++] = CR;
          this.column = 0;
        }
      } else if (b === CR) this.column = 0;
      else if (b === BS) this.column = Math.max(0, this.column - 1);
      else if (b === TAB) this.column = (this.column | 7) + 1;
      acc[n++] = b;
    }
    const whole = ascii ? n : completeLength(acc, n);
    this.partial = acc.slice(whole, n);
    if (whole === 0) return;
    const chunk = acc.subarray(0, whole);
    // a piece is at most a few KiB, which apply() takes
    const text = ascii ? String.fromCharCode.apply(null, chunk as unknown as number[]) : fromUtf8(chunk);
    this.out.push(text);
    const { world } = this.machine;
    this.shownAt = Math.max(this.shownAt, world.sched.now) + text.length * CHAR_NS;
    world.digest.bytes(chunk);
  }
}

/** letters of the kernel's Latin-1 table, digits and "_" */
function isWordByte(b: number): boolean {
  return (b >= 48 && b <= 57) || (b >= 65 && b <= 90) || (b >= 97 && b <= 122) || b === 95 || (b >= 0xc0 && b !== 0xd7 && b !== 0xf7);
}

/** how much of it ends at the end of a character; a lead byte with too few bytes after it waits */
function completeLength(b: Uint8Array, n: number): number {
  for (let back = 1; back <= 3 && back <= n; back++) {
    const c = b[n - back]!;
    if ((c & 0xc0) === 0x80) continue;
    const need = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;
    return need > back ? n - back : n;
  }
  return n;
}
