/** The system call table: every name of SyscallTable and the function that carries it out. */
import { rtnl_event, rtnl_listen } from "./rtnlfile.ts";
import { Errno } from "../core/result.ts";
import type { LabAnswer, LabRequest, SyscallTable } from "./abi.ts";
import type { TraceAnswer, TraceQuery } from "../trace/query.ts";
import { type Block } from "./fd.ts";
import { cmdinfo, execve, spawn } from "./exec.ts";
import { wait4 } from "./exit.ts";
import { open } from "./open.ts";
import { type Process, type RESTART } from "./process.ts";
import * as file from "./sys-file.ts";
import * as fs from "./sys-fs.ts";
import * as ns from "./sys-ns.ts";
import * as proc from "./sys-proc.ts";
import { sock_diag } from "./sockdiag.ts";
import * as sock from "./sys-sock.ts";
import * as tty from "./sys-tty.ts";
import { tunctl } from "./tunfile.ts";

export type HandlerTable = {
  readonly [K in keyof SyscallTable]: (
    p: Process,
    ...args: Parameters<SyscallTable[K]>
  ) => ReturnType<SyscallTable[K]> | Block | typeof RESTART;
};

function trace(p: Process, q: TraceQuery): TraceAnswer {
  const hook = p.machine.world.traceHook;
  return hook ? hook(p, q) : { journey: null, refusals: [] };
}

function lab(p: Process, req: LabRequest): LabAnswer | number {
  const hook = p.machine.world.labHook;
  return hook ? hook(p, req) : -Errno.ENOSYS;
}

function prompt(p: Process, status: number): number {
  p.lastStatus = status;
  p.prompts++;
  const { world } = p.machine;
  world.prompts++;
  if (world.onPrompt) world.onPrompt(p);
  return 0;
}

export const HANDLERS: HandlerTable = {
  tick: proc.tick,
  nanosleep: proc.nanosleep,
  clock_gettime: proc.clock_gettime,
  times: proc.times,
  getrandom: proc.getrandom,
  open,
  close: file.close,
  read: file.read,
  write: file.write,
  lseek: file.lseek,
  ftruncate: fs.ftruncate,
  pipe: file.pipe,
  dup: file.dup,
  dup2: file.dup2,
  fcntl_flags: file.fcntl_flags,
  fcntl_cloexec: file.fcntl_cloexec,
  poll: file.poll,
  stat: fs.stat,
  lstat: fs.lstat,
  fstat: file.fstat,
  access: fs.access,
  readdir: fs.readdir,
  mkdir: fs.mkdir,
  rmdir: fs.rmdir,
  unlink: fs.unlink,
  rename: fs.rename,
  link: fs.link,
  symlink: fs.symlink,
  readlink: fs.readlink,
  chmod: fs.chmod,
  chown: fs.chown,
  utimens: fs.utimens,
  mkfifo: fs.mkfifo,
  chdir: fs.chdir,
  getcwd: fs.getcwd,
  umask: fs.umask,
  isatty: tty.isatty,
  ttyname: tty.ttyname,
  tcgetattr: tty.tcgetattr,
  tcsetattr: tty.tcsetattr,
  winsize: tty.winsize,
  setwinsize: tty.setwinsize,
  tcgetpgrp: tty.tcgetpgrp,
  tcsetpgrp: tty.tcsetpgrp,
  spawn,
  execve,
  wait4,
  kill: proc.kill,
  getpid: proc.getpid,
  getppid: proc.getppid,
  getpgid: proc.getpgid,
  setpgid: proc.setpgid,
  setsid: proc.setsid,
  sigaction: proc.sigaction,
  sigtake: proc.sigtake,
  pause: proc.pause,
  alarm: proc.alarm,
  getcred: proc.getcred,
  setcred: proc.setcred,
  getenv: proc.getenv,
  uname: proc.uname,
  sethostname: proc.sethostname,
  klogctl: proc.klogctl,
  unshare: ns.unshare,
  setns: ns.setns,
  mount_bind: ns.mount_bind,
  mount_tmpfs: ns.mount_tmpfs,
  umount: ns.umount,
  mount_sysfs: ns.mount_sysfs,
  socket: sock.socket,
  bind: sock.bind,
  connect: sock.connect,
  sendto: sock.sendto,
  recvfrom: sock.recvfrom,
  setsockopt: sock.setsockopt,
  getsockopt: sock.getsockopt,
  getsockname: sock.getsockname,
  getpeername: sock.getpeername,
  shutdown: sock.shutdown,
  listen: sock.listen,
  accept: sock.accept,
  sock_diag,
  tunctl,
  rtnetlink: sock.rtnetlink,
  rtnl_listen,
  rtnl_event,
  prompt,
  trace,
  lab,
  cmdinfo,
};
