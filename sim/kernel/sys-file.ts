/** System calls on open files: read, write, seek, pipes, duplication, poll. */
import { Errno } from "../core/result.ts";
import { NEVER } from "../core/time.ts";
import { O, type PollFd, type PollResult, Sig, type Stat } from "./abi.ts";
import { BLOCK, type Block, type File, MAX_FDS, POLL } from "./fd.ts";
import { Pipe, PipeFile, PipeInode } from "./pipe.ts";
import type { Process } from "./process.ts";
import { sendSignal } from "./signals.ts";
import { statOf } from "./stat.ts";

export function close(p: Process, fd: number): number {
  return p.fds.close(fd);
}

export function read(p: Process, fd: number, n: number): Uint8Array | number | Block {
  const f = p.fds.file(fd);
  if (!f || !f.readable) return -Errno.EBADF;
  return f.read(p, n);
}

export function write(p: Process, fd: number, data: Uint8Array): number | Block {
  const f = p.fds.file(fd);
  if (!f || !f.writable) return -Errno.EBADF;
  const { call } = p;
  do {
    const r = f.write(p, data, call.progress);
    if (r === BLOCK) return BLOCK;
    if (r < 0) {
      if (r === -Errno.EPIPE) sendSignal(p, Sig.PIPE);
      return call.progress > 0 ? call.progress : r;
    }
    call.progress += r;
  } while (call.progress < data.length);
  return call.progress;
}

export function lseek(p: Process, fd: number, offset: number, whence: "set" | "cur" | "end"): number {
  const f = p.fds.file(fd);
  return f ? f.seek(offset, whence) : -Errno.EBADF;
}

export function pipe(p: Process, flags: number): readonly [number, number] | number {
  const pp = new Pipe(new PipeInode(p.machine.pipefs));
  const keep = flags & O.NONBLOCK;
  const cloexec = (flags & O.CLOEXEC) !== 0;
  const r = new PipeFile(pp, O.RDONLY | keep);
  const w = new PipeFile(pp, O.WRONLY | keep);
  const rfd = p.fds.add(r, cloexec);
  if (rfd < 0) return rfd;
  const wfd = p.fds.add(w, cloexec);
  if (wfd < 0) {
    p.fds.close(rfd);
    return wfd;
  }
  return [rfd, wfd];
}

export function dup(p: Process, fd: number, min: number): number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  return !Number.isInteger(min) || min < 0 || min >= MAX_FDS ? -Errno.EINVAL : p.fds.add(f, false, min);
}

export function dup2(p: Process, from: number, to: number): number {
  const f = p.fds.file(from);
  if (!f || to < 0 || to >= MAX_FDS || !Number.isInteger(to)) return -Errno.EBADF;
  if (from !== to) p.fds.set(to, f, false);
  return to;
}

export function fcntl_flags(p: Process, fd: number, set: number | null): number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  if (set === null) return f.flags;
  const may = O.NONBLOCK | O.APPEND;
  f.flags = (f.flags & ~may) | (set & may);
  return 0;
}

export function fcntl_cloexec(p: Process, fd: number, on: boolean): number {
  if (!p.fds.file(fd)) return -Errno.EBADF;
  p.fds.setCloexec(fd, on);
  return 0;
}

export function fstat(p: Process, fd: number): Stat | number {
  const f = p.fds.file(fd);
  return f ? statOf(f.node()) : -Errno.EBADF;
}

/** Descriptors that are ready (or bad: err), in the order asked; empty at the timeout. */
export function poll(p: Process, fds: readonly PollFd[], timeout: number): readonly PollResult[] | number | Block {
  const out: PollResult[] = [];
  const files: File[] = [];
  for (const q of fds) {
    const f = p.fds.file(q.fd);
    if (!f) {
      out.push({ fd: q.fd, read: false, write: false, hup: false, err: true });
      continue;
    }
    files.push(f);
    const m = f.poll();
    const rd = q.read === true && (m & POLL.IN) !== 0;
    const wr = q.write === true && (m & POLL.OUT) !== 0;
    const hup = (m & POLL.HUP) !== 0;
    const err = (m & POLL.ERR) !== 0;
    if (rd || wr || hup || err) out.push({ fd: q.fd, read: rd, write: wr, hup, err });
  }
  if (out.length > 0 || timeout === 0) return out;
  if (waitUntil(p, timeout)) return out;
  for (const f of files) {
    const q = f.waitq();
    if (q) p.waitOn(q);
  }
  return BLOCK;
}

/** Is the call's time over? Otherwise the process will be woken then. `timeout` in ns from the call's start, NEVER for none. */
export function waitUntil(p: Process, timeout: number): boolean {
  if (timeout >= NEVER || timeout < 0) return false;
  const { now } = p.machine.world.sched;
  const { call } = p;
  if (call.deadline < 0) call.deadline = now + Math.ceil(timeout);
  if (now >= call.deadline) return true;
  p.wakeAt(call.deadline);
  return false;
}
