/**
 * Pipes and FIFOs (fs/pipe.c): 64 KiB of buffer; writes of up to PIPE_BUF bytes are atomic; reading from one without
 * writers is the end, writing to one without readers is EPIPE.
 */
import { Errno } from "../core/result.ts";
import { WaitQueue } from "../core/waitq.ts";
import type { Loc } from "../fs/mount.ts";
import { FT, type FifoNode, Inode, type SuperBlock } from "../fs/vfs.ts";
import { BLOCK, type Block, File, POLL } from "./fd.ts";
import type { Process } from "./process.ts";

const CAPACITY = 65_536;
const PIPE_BUF = 4096;
const EMPTY = new Uint8Array(0);

export class Pipe {
  private chunks: Uint8Array[] = [];
  /** bytes of chunks[0] already read */
  private head = 0;
  size = 0;
  readers = 0;
  writers = 0;
  /** how often each side was ever opened: what a FIFO's open() waits for */
  readerOpens = 0;
  writerOpens = 0;
  readonly q = new WaitQueue();
  readonly inode: Inode;

  constructor(inode: Inode) {
    this.inode = inode;
  }
  get free(): number {
    return CAPACITY - this.size;
  }
  push(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.size += bytes.length;
  }
  take(n: number): Uint8Array {
    const want = Math.min(n, this.size);
    const out = new Uint8Array(want);
    let at = 0;
    while (at < want) {
      const c = this.chunks[0]!;
      const k = Math.min(c.length - this.head, want - at);
      out.set(c.subarray(this.head, this.head + k), at);
      at += k;
      this.head += k;
      if (this.head === c.length) {
        this.chunks.shift();
        this.head = 0;
      }
    }
    this.size -= want;
    return out;
  }
}

export class PipeInode extends Inode {
  constructor(sb: SuperBlock) {
    super(sb, FT.FIFO | 0o600);
  }
}

/** One end of a pipe, or of a FIFO (then perhaps both). */
export class PipeFile extends File {
  readonly pipe: Pipe;
  private readonly fifo: FifoNode | null;

  constructor(pipe: Pipe, flags: number, loc: Loc | null = null, fifo: FifoNode | null = null) {
    super(flags, loc);
    this.pipe = pipe;
    this.fifo = fifo;
    if (this.readable) {
      pipe.readers++;
      pipe.readerOpens++;
    }
    if (this.writable) {
      pipe.writers++;
      pipe.writerOpens++;
    }
    pipe.q.wake();
  }
  node(): Inode {
    return this.pipe.inode;
  }
  override read(p: Process, n: number): Uint8Array | number | Block {
    if (n === 0) return EMPTY;
    if (this.pipe.size > 0) {
      const out = this.pipe.take(n);
      this.pipe.q.wake();
      return out;
    }
    if (this.pipe.writers === 0) return EMPTY;
    if (this.nonblock) return -Errno.EAGAIN;
    p.waitOn(this.pipe.q);
    return BLOCK;
  }
  override write(p: Process, data: Uint8Array, from: number): number | Block {
    const left = data.length - from;
    if (left === 0) return 0;
    if (this.pipe.readers === 0) return -Errno.EPIPE;
    const free = this.pipe.free;
    if (free === 0 || (data.length <= PIPE_BUF && free < left)) {
      if (this.nonblock) return -Errno.EAGAIN;
      p.waitOn(this.pipe.q);
      return BLOCK;
    }
    const n = Math.min(free, left);
    this.pipe.push(data.slice(from, from + n));
    this.pipe.q.wake();
    return n;
  }
  override poll(): number {
    let m = 0;
    if (this.readable) {
      if (this.pipe.size > 0) m |= POLL.IN;
      if (this.pipe.writers === 0) m |= POLL.HUP;
    }
    if (this.writable) {
      if (this.pipe.free >= PIPE_BUF) m |= POLL.OUT;
      if (this.pipe.readers === 0) m |= POLL.ERR;
    }
    return m;
  }
  override waitq(): WaitQueue {
    return this.pipe.q;
  }
  override reopen(flags: number): File {
    return new PipeFile(this.pipe, flags, this.loc, this.fifo);
  }
  override describe(): string {
    return this.loc ? super.describe() : `pipe:[${this.pipe.inode.ino}]`;
  }
  protected override release(): void {
    if (this.readable) this.pipe.readers--;
    if (this.writable) this.pipe.writers--;
    if (this.fifo && this.pipe.readers === 0 && this.pipe.writers === 0) this.fifo.pipe = null;
    this.pipe.q.wake();
  }
}

/** The pipe that hangs on a FIFO's inode, made by whoever opens it first. */
export function fifoPipe(node: FifoNode): Pipe {
  let pipe = node.pipe as Pipe | null;
  if (!pipe) {
    pipe = new Pipe(node);
    node.pipe = pipe;
  }
  return pipe;
}
