/**
 * Open files (struct file) and a process' table of descriptors. A File is shared by every descriptor made from it with
 * dup, fork or spawn; it is released with the last one.
 *
 * Operations that cannot go on answer BLOCK after having put the process on a wait queue; the run loop then calls again
 * when it was woken (run.ts). They never throw and never loop waiting.
 */
import { Errno } from "../core/result.ts";
import type { WaitQueue } from "../core/waitq.ts";
import type { Loc } from "../fs/mount.ts";
import { pathOf } from "../fs/mount.ts";
import type { Inode } from "../fs/vfs.ts";
import { O } from "./abi.ts";
import type { Process } from "./process.ts";

/** The call is not finished: run it again when the process is woken. */
export const BLOCK: unique symbol = Symbol("block");
export type Block = typeof BLOCK;

export const POLL = { IN: 1, OUT: 2, ERR: 4, HUP: 8 } as const;

/** RLIMIT_NOFILE */
export const MAX_FDS = 1024;

export abstract class File {
  /** O_* without those that only matter while opening */
  flags: number;
  offset = 0;
  private refs = 0;
  /** where it was opened, null for pipes, sockets and what has no path */
  readonly loc: Loc | null;

  constructor(flags: number, loc: Loc | null) {
    this.flags = flags & ~(O.CREAT | O.EXCL | O.TRUNC | O.CLOEXEC | O.DIRECTORY | O.NOFOLLOW);
    this.loc = loc;
  }
  get readable(): boolean {
    return (this.flags & 3) !== O.WRONLY;
  }
  get writable(): boolean {
    return (this.flags & 3) !== O.RDONLY;
  }
  get nonblock(): boolean {
    return (this.flags & O.NONBLOCK) !== 0;
  }
  /** the inode behind it, for fstat */
  abstract node(): Inode;
  /** up to n bytes; empty at the end of the file */
  read(_p: Process, _n: number): Uint8Array | number | Block {
    return -Errno.EINVAL;
  }
  /** takes bytes of `data` from index `from` on: how many it took (>= 1 unless nothing was left) */
  write(_p: Process, _data: Uint8Array, _from: number): number | Block {
    return -Errno.EINVAL;
  }
  /** POLL bits that hold now; files without a queue are always ready */
  poll(): number {
    return POLL.IN | POLL.OUT;
  }
  /** woken when poll() may have changed */
  waitq(): WaitQueue | null {
    return null;
  }
  seek(_offset: number, _whence: "set" | "cur" | "end"): number {
    return -Errno.ESPIPE;
  }
  /** a second, independent open of the same object through /proc/PID/fd, or -errno */
  reopen(_flags: number): File | number {
    return -Errno.ENXIO;
  }
  /** what readlink of /proc/PID/fd/N says */
  describe(): string {
    if (!this.loc) return "anon_inode:[unknown]";
    const path = pathOf(this.loc);
    return this.loc.node.nlink === 0 ? `${path} (deleted)` : path;
  }
  /** the last descriptor is gone */
  protected release(): void {}

  get(): this {
    this.refs++;
    return this;
  }
  put(): void {
    if (--this.refs === 0) this.release();
  }
}

interface Slot {
  readonly file: File;
  cloexec: boolean;
}

export class FdTable {
  private readonly slots: (Slot | null)[] = [];

  file(fd: number): File | null {
    return this.slots[fd]?.file ?? null;
  }
  cloexec(fd: number): boolean {
    return this.slots[fd]?.cloexec ?? false;
  }
  setCloexec(fd: number, on: boolean): void {
    const s = this.slots[fd];
    if (s) s.cloexec = on;
  }
  /** the lowest free descriptor from `min` on, or -EMFILE. Takes a reference */
  add(file: File, cloexec: boolean, min = 0): number {
    let fd = min;
    while (this.slots[fd]) fd++;
    if (fd >= MAX_FDS) return -Errno.EMFILE;
    this.set(fd, file, cloexec);
    return fd;
  }
  /** puts a file at that place, closing what was there */
  set(fd: number, file: File, cloexec: boolean): void {
    file.get();
    while (this.slots.length < fd) this.slots.push(null);
    const old = this.slots[fd];
    this.slots[fd] = { file, cloexec };
    old?.file.put();
  }
  close(fd: number): number {
    const s = this.slots[fd];
    if (!s) return -Errno.EBADF;
    this.slots[fd] = null;
    s.file.put();
    return 0;
  }
  /** open descriptors, ascending */
  fds(): number[] {
    const out: number[] = [];
    for (let fd = 0; fd < this.slots.length; fd++) if (this.slots[fd]) out.push(fd);
    return out;
  }
  closeAll(): void {
    for (let fd = 0; fd < this.slots.length; fd++) this.close(fd);
    this.slots.length = 0;
  }
  closeOnExec(): void {
    for (let fd = 0; fd < this.slots.length; fd++) if (this.slots[fd]?.cloexec) this.close(fd);
  }
}
