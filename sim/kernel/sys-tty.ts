/** System calls on terminals. */
import { Errno } from "../core/result.ts";
import { pathOf } from "../fs/mount.ts";
import { Sig, type Termios, type Winsize } from "./abi.ts";
import type { Block } from "./fd.ts";
import type { Process } from "./process.ts";
import type { Tty } from "./tty.ts";
import { background, TtyFile } from "./ttyfile.ts";

function ttyOf(p: Process, fd: number): Tty | number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  if (!(f instanceof TtyFile)) return -Errno.ENOTTY;
  return f.tty.hungUp ? -Errno.EIO : f.tty;
}

export function isatty(p: Process, fd: number): number {
  const t = ttyOf(p, fd);
  return typeof t === "number" ? t : 1;
}

export function ttyname(p: Process, fd: number): string | number {
  const t = ttyOf(p, fd);
  if (typeof t === "number") return t;
  const { loc } = p.fds.file(fd)!;
  return loc && pathOf(loc) === "/dev/tty" ? "/dev/tty" : `/dev/pts/${t.n}`;
}

export function tcgetattr(p: Process, fd: number): Termios | number {
  const t = ttyOf(p, fd);
  return typeof t === "number" ? t : t.termios;
}

export function tcsetattr(p: Process, fd: number, termios: Termios): number | Block {
  const t = ttyOf(p, fd);
  if (typeof t === "number") return t;
  const bg = background(p, t, Sig.TTOU);
  if (bg !== 0) return bg;
  t.setTermios(termios);
  return 0;
}

export function winsize(p: Process, fd: number): Winsize | number {
  const t = ttyOf(p, fd);
  return typeof t === "number" ? t : t.size;
}

export function setwinsize(p: Process, fd: number, size: Winsize): number {
  const t = ttyOf(p, fd);
  if (typeof t === "number") return t;
  t.resize({ rows: size.rows & 0xffff, cols: size.cols & 0xffff });
  return 0;
}

export function tcgetpgrp(p: Process, fd: number): number {
  const t = ttyOf(p, fd);
  if (typeof t === "number") return t;
  return p.session.tty === t ? t.fgPgid : -Errno.ENOTTY;
}

export function tcsetpgrp(p: Process, fd: number, pgid: number): number | Block {
  const t = ttyOf(p, fd);
  if (typeof t === "number") return t;
  if (p.session.tty !== t) return -Errno.ENOTTY;
  const bg = background(p, t, Sig.TTOU);
  if (bg !== 0) return bg;
  if (pgid <= 0) return -Errno.EINVAL;
  for (const q of p.machine.procs.values()) {
    if (q.pgid !== pgid) continue;
    if (q.session !== p.session) return -Errno.EPERM;
    t.fgPgid = pgid;
    return 0;
  }
  return -Errno.ESRCH;
}
