/** An open terminal: reading with job control (SIGTTIN), writing with flow control (SIGTTOU under tostop). */
import { Errno } from "../core/result.ts";
import { MS } from "../core/time.ts";
import type { WaitQueue } from "../core/waitq.ts";
import type { Loc } from "../fs/mount.ts";
import type { Inode } from "../fs/vfs.ts";
import { Sig } from "./abi.ts";
import { BLOCK, type Block, File, POLL } from "./fd.ts";
import { Disp, type Process } from "./process.ts";
import { isOrphaned, signalGroup } from "./signals.ts";
import type { Tty } from "./tty.ts";

const EMPTY = new Uint8Array(0);
/** how much one step of a write hands over */
const PIECE = 2048;

export class TtyFile extends File {
  readonly tty: Tty;
  private readonly inode: Inode;

  constructor(tty: Tty, node: Inode, flags: number, loc: Loc | null) {
    super(flags, loc);
    this.tty = tty;
    this.inode = node;
  }
  node(): Inode {
    return this.inode;
  }
  override read(p: Process, n: number): Uint8Array | number | Block {
    const { tty } = this;
    if (tty.hungUp) return EMPTY;
    const bg = background(p, tty, Sig.TTIN);
    if (bg !== 0) return bg;
    if (n === 0) return EMPTY;
    if (tty.termios.icanon) {
      const line = tty.readLine(n);
      if (line) return line;
    } else {
      const { vmin, vtime } = tty.termios;
      const have = tty.available;
      if (have >= Math.min(Math.max(vmin, 1), n)) return tty.readRaw(n);
      if (vmin === 0 && vtime === 0) return EMPTY;
      if (vtime > 0 && (vmin === 0 || have > 0)) {
        const { now } = p.machine.world.sched;
        const from = vmin === 0 ? (p.call.deadline >= 0 ? -1 : now) : tty.lastInput;
        if (from >= 0) p.call.deadline = from + vtime * 100 * MS;
        if (now >= p.call.deadline) return tty.readRaw(n);
        p.wakeAt(p.call.deadline);
      }
    }
    if (this.nonblock) return -Errno.EAGAIN;
    p.waitOn(tty.inq);
    return BLOCK;
  }
  override write(p: Process, data: Uint8Array, from: number): number | Block {
    const { tty } = this;
    if (tty.hungUp) return -Errno.EIO;
    if (tty.termios.tostop) {
      const bg = background(p, tty, Sig.TTOU);
      if (bg !== 0) return bg;
    }
    const at = tty.writeRoomAt();
    if (at !== 0) {
      if (this.nonblock) return -Errno.EAGAIN;
      if (at > 0) p.wakeAt(at);
      p.waitOn(tty.outq);
      return BLOCK;
    }
    const piece = data.subarray(from, from + PIECE);
    tty.write(piece);
    return piece.length;
  }
  override poll(): number {
    return (this.tty.readable ? POLL.IN : 0) | (this.tty.writeRoomAt() === 0 ? POLL.OUT : 0) | (this.tty.hungUp ? POLL.HUP : 0);
  }
  override waitq(): WaitQueue {
    return this.tty.inq;
  }
  override reopen(flags: number): File {
    return new TtyFile(this.tty, this.inode, flags, this.loc);
  }
}

/**
 * Job control: may a process of this group use the terminal? 0 yes; otherwise what the call answers after the group was
 * sent the signal (BLOCK: it stops and tries again when continued).
 */
export function background(p: Process, tty: Tty, sig: number): number | Block {
  if (p.session.tty !== tty || p.pgid === tty.fgPgid) return 0;
  if (sig === Sig.TTOU && p.disp[sig] === Disp.IGNORE) return 0;
  if (p.disp[sig] === Disp.IGNORE || isOrphaned(p.machine, p.pgid)) return -Errno.EIO;
  signalGroup(p.machine, p.pgid, sig);
  return BLOCK;
}
