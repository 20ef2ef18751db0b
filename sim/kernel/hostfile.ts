/**
 * The host's ends of pipes into a world: where the command line reads what a program wrote, and feeds what it reads.
 * To the program they look like pipes.
 */
import { Errno } from "../core/result.ts";
import { concatBytes } from "../core/bytes.ts";
import { WaitQueue } from "../core/waitq.ts";
import type { Inode } from "../fs/vfs.ts";
import { O } from "./abi.ts";
import { BLOCK, type Block, File, POLL } from "./fd.ts";
import type { Process } from "./process.ts";

/** Collects what is written to it. Beyond `limit` bytes its reader is gone: EPIPE and SIGPIPE. */
export class HostSink extends File {
  private readonly inode: Inode;
  private chunks: Uint8Array[] = [];
  private size = 0;
  private readonly limit: number;
  overflowed = false;

  constructor(inode: Inode, limit = Infinity) {
    super(O.WRONLY, null);
    this.inode = inode;
    this.limit = limit;
  }
  node(): Inode {
    return this.inode;
  }
  override write(_p: Process, data: Uint8Array, from: number): number {
    if (this.size >= this.limit) {
      this.overflowed = true;
      return -Errno.EPIPE;
    }
    const n = Math.min(data.length - from, this.limit - this.size);
    this.chunks.push(data.slice(from, from + n));
    this.size += n;
    return n;
  }
  override poll(): number {
    return POLL.OUT;
  }
  override reopen(): File {
    return this;
  }
  override describe(): string {
    return `pipe:[${this.inode.ino}]`;
  }
  /** bytes that wait to be taken */
  get length(): number {
    return this.chunks.reduce((n, c) => n + c.length, 0);
  }
  /** what was written since the last take */
  take(): Uint8Array {
    const all = concatBytes(this.chunks);
    this.chunks = [];
    return all;
  }
}

/** Gives what the host has pushed; the end when the host has closed it. */
export class HostSource extends File {
  private readonly inode: Inode;
  private data: Uint8Array = new Uint8Array(0);
  private closed = false;
  private readonly q = new WaitQueue();

  constructor(inode: Inode) {
    super(O.RDONLY, null);
    this.inode = inode;
  }
  node(): Inode {
    return this.inode;
  }
  push(bytes: Uint8Array): void {
    this.data = concatBytes([this.data, bytes]);
    this.q.wake();
  }
  close(): void {
    this.closed = true;
    this.q.wake();
  }
  override read(p: Process, n: number): Uint8Array | number | Block {
    if (this.data.length > 0) {
      const out = this.data.slice(0, n);
      this.data = this.data.subarray(out.length);
      return out;
    }
    if (this.closed) return this.data;
    if (this.nonblock) return -Errno.EAGAIN;
    p.waitOn(this.q);
    return BLOCK;
  }
  override poll(): number {
    return (this.data.length > 0 ? POLL.IN : 0) | (this.closed ? POLL.HUP : 0);
  }
  override waitq(): WaitQueue {
    return this.q;
  }
  override reopen(): File {
    return this;
  }
  override describe(): string {
    return `pipe:[${this.inode.ino}]`;
  }
}

/** What the host has written so far, as a file: it can be read in pieces and gone back in; at its end a reader waits for more. */
export class HostTape extends File {
  private readonly inode: Inode;
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly q = new WaitQueue();

  constructor(inode: Inode) {
    super(O.RDONLY, null);
    this.inode = inode;
  }
  node(): Inode {
    return this.inode;
  }
  push(bytes: Uint8Array): void {
    this.bytes = concatBytes([this.bytes, bytes]);
    this.q.wake();
  }
  override read(p: Process, n: number): Uint8Array | number | Block {
    if (this.offset < this.bytes.length) {
      const out = this.bytes.slice(this.offset, this.offset + n);
      this.offset += out.length;
      return out;
    }
    if (this.nonblock) return -Errno.EAGAIN;
    p.waitOn(this.q);
    return BLOCK;
  }
  override poll(): number {
    return this.offset < this.bytes.length ? POLL.IN : 0;
  }
  override waitq(): WaitQueue {
    return this.q;
  }
  override seek(offset: number, whence: "set" | "cur" | "end"): number {
    const at = offset + (whence === "set" ? 0 : whence === "cur" ? this.offset : this.bytes.length);
    if (at < 0) return -Errno.EINVAL;
    this.offset = at;
    return at;
  }
  override reopen(): File {
    return this;
  }
  override describe(): string {
    return `pipe:[${this.inode.ino}]`;
  }
}
