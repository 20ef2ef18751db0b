/**
 * Programs and new processes (fs/exec.c, kernel/fork.c): from a path to a Command, through "#!" lines; spawn and execve.
 * A program here is a Command of the registry whose name stands in the file's marker (fs/image.ts).
 */
import { fromUtf8 } from "../core/bytes.ts";
import { bug, Errno } from "../core/result.ts";
import { US } from "../core/time.ts";
import { FileNode } from "../fs/memfs.ts";
import { commandOf } from "../fs/image.ts";
import type { Loc } from "../fs/mount.ts";
import { DirNode, MAY, permission, S_ISUID } from "../fs/vfs.ts";
import { resolve, type Walker } from "../fs/walk.ts";
import type { Command, Credentials, Prog, SpawnRequest } from "./abi.ts";
import { enqueue } from "./cpu.ts";
import { FdTable } from "./fd.ts";
import type { Machine } from "./machine.ts";
import { nsGet } from "./nsfs.ts";
import { Disp, Process, RESTART, Session } from "./process.ts";
import { MAX_SIG } from "./signals.ts";
import { TtyFile } from "./ttyfile.ts";

/** processes of one session: a fork bomb in one terminal leaves some for the others */
export const MAX_PROCS = 256;
/** and of a machine */
const MAX_MACHINE_PROCS = 320;
/** virtual time of fork and of starting a program: what makes a loop of commands take as long as it does */
const FORK_NS = 60 * US;
const EXEC_NS = 300 * US;
/** MAX_ARG_STRLEN and ARG_MAX */
const MAX_ARG = 131_072;
const MAX_ARGS = 2_097_152;
const MAX_INTERP = 4;
const SHEBANG_MAX = 256;

interface Program {
  readonly command: Command;
  readonly argv: readonly string[];
  readonly comm: string;
  readonly exe: Loc;
  readonly setuid: number | null;
  readonly capNetRaw: boolean;
}

/** What execve(path, argv) would run, or -errno. */
function loadProgram(m: Machine, w: Walker, path: string, argv: readonly string[], env: ReadonlyMap<string, string>): Program | number {
  let total = 0;
  for (const a of argv) total += a.length + 9;
  for (const [k, v] of env) total += k.length + v.length + 10;
  if (total > MAX_ARGS || argv.some((a) => a.length >= MAX_ARG)) return -Errno.E2BIG;
  const comm = baseName(path).slice(0, 15);
  let args = argv;
  for (let depth = 0; depth <= MAX_INTERP; depth++) {
    const loc = resolve(w, path, true);
    if (typeof loc === "number") return loc;
    const { node } = loc;
    if (node instanceof DirNode || !(node instanceof FileNode)) return -Errno.EACCES;
    const err = permission(w.ctx.cred, node, MAY.EXEC);
    if (err !== 0) return err;
    const name = commandOf(node.bytes());
    if (name !== null) {
      const command = m.world.commands.get(name);
      if (!command) return -Errno.ENOEXEC;
      return { command, argv: args, comm, exe: loc, setuid: (node.mode & S_ISUID) !== 0 ? node.uid : null, capNetRaw: node.capNetRaw };
    }
    const interp = shebang(node.bytes());
    if (!interp) return -Errno.ENOEXEC;
    args = [...interp, path, ...args.slice(1)];
    path = interp[0]!;
  }
  return -Errno.ELOOP;
}

/** the words of a "#!" line: the interpreter and at most one argument */
function shebang(data: Uint8Array): readonly string[] | null {
  if (data[0] !== 0x23 || data[1] !== 0x21) return null;
  let end = 2;
  while (end < data.length && end < SHEBANG_MAX && data[end] !== 10) end++;
  const line = fromUtf8(data, 2, end).trim();
  if (line === "") return null;
  const i = line.search(/[ \t]/);
  return i < 0 ? [line] : [line.slice(0, i), line.slice(i).trim()];
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The command installed at a path, for completion. */
export function cmdinfo(p: Process, path: string): Command | number {
  const loc = resolve(p.walker, path, true);
  if (typeof loc === "number") return loc;
  if (!(loc.node instanceof FileNode)) return -Errno.EACCES;
  const name = commandOf(loc.node.bytes());
  return (name !== null ? p.machine.world.commands.get(name) : undefined) ?? -Errno.ENOEXEC;
}

function start(p: Process, main: Prog, argv: readonly string[]): void {
  p.gen = main(p.machine.world.sys, argv);
  p.result = undefined;
}

function become(p: Process, prog: Program): void {
  p.comm = prog.comm;
  p.argv = prog.argv;
  p.exe = prog.exe;
  p.capNetRaw = prog.capNetRaw;
  if (prog.setuid !== null && prog.setuid !== p.cred.uid)
    p.cred = { uid: prog.setuid, gid: p.cred.gid, groups: p.cred.groups, ruid: p.ruid };
  for (let s = 1; s <= MAX_SIG; s++) if (p.disp[s] === Disp.CATCH) p.disp[s] = Disp.DEFAULT;
  p.caught.length = 0;
  p.debt += EXEC_NS;
  start(p, prog.command.main, prog.argv);
}

export function execve(p: Process, path: string, argv: readonly string[], env: ReadonlyMap<string, string>): number | typeof RESTART {
  const prog = loadProgram(p.machine, p.walker, path, argv, env);
  if (typeof prog === "number") return prog;
  p.fds.closeOnExec();
  p.env = env;
  become(p, prog);
  return RESTART;
}

function sessionSize(p: Process): number {
  let n = 0;
  for (const q of p.machine.procs.values()) if (q.session === p.session) n++;
  return n;
}

export function spawn(p: Process, req: SpawnRequest): number {
  const m = p.machine;
  m.cost += FORK_NS;
  if (m.procs.size >= MAX_PROCS && (m.procs.size >= MAX_MACHINE_PROCS || sessionSize(p) >= MAX_PROCS)) return -Errno.EAGAIN;
  let w = p.walker;
  let { cwd } = p;
  if (req.cwd !== undefined) {
    const loc = resolve(w, req.cwd, true);
    if (typeof loc === "number") return loc;
    if (!(loc.node instanceof DirNode)) return -Errno.ENOTDIR;
    cwd = loc;
    w = { ...w, cwd };
  }
  let prog: Program | null = null;
  if (!req.main) {
    const r = loadProgram(m, w, req.path ?? "", req.argv, req.env);
    if (typeof r === "number") return r;
    prog = r;
  }
  const fds = childFds(p, req, prog !== null);
  if (typeof fds === "number") return fds;
  const pid = m.newPid();
  const pgid = req.pgid === undefined ? p.pgid : req.pgid === 0 ? pid : req.pgid;
  const comm = (req.comm ?? baseName(req.argv[0] ?? "")).slice(0, 15);
  const c = new Process(m, pid, p, p.session, pgid, {
    comm,
    argv: req.argv,
    env: req.env,
    cred: p.cred,
    cwd,
    net: nsGet(p.net),
    mnt: p.mnt.get(),
    uts: p.uts,
    fds,
  });
  c.ruid = p.ruid;
  c.capNetRaw = p.capNetRaw;
  c.umask = p.umask;
  c.exe = p.exe;
  for (let s = 1; s <= MAX_SIG; s++) if (p.disp[s] === Disp.IGNORE) c.disp[s] = Disp.IGNORE;
  for (const [s, d] of req.sigs ?? []) c.disp[s] = d === "ignore" ? Disp.IGNORE : d === "catch" ? Disp.CATCH : Disp.DEFAULT;
  m.procs.set(pid, c);
  if (req.foreground !== undefined) {
    const f = p.fds.file(req.foreground);
    if (f instanceof TtyFile && p.session.tty === f.tty) f.tty.fgPgid = pgid;
  }
  if (prog) become(c, prog);
  else if (req.main) start(c, req.main, req.argv);
  else bug("spawn without a program");
  enqueue(c);
  return pid;
}

function childFds(p: Process, req: SpawnRequest, exec: boolean): FdTable | number {
  const t = new FdTable();
  if (req.fds) {
    for (const [to, from] of req.fds) {
      const f = p.fds.file(from);
      if (!f) {
        t.closeAll();
        return -Errno.EBADF;
      }
      t.set(to, f, false);
    }
    return t;
  }
  for (const fd of p.fds.fds()) {
    const keep = !p.fds.cloexec(fd);
    if (keep || !exec) t.set(fd, p.fds.file(fd)!, !keep);
  }
  return t;
}

/** A process of the machine's own making: a login shell, a boot script. Child of init, in a session of its own. */
export interface InitSpawn {
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cred: Credentials;
  readonly cwd: string;
  readonly fds: FdTable;
}

export function spawnFromInit(m: Machine, req: InitSpawn): Process | number {
  const { init } = m;
  const w: Walker = { ctx: { cred: req.cred, caller: init }, mounts: init.mnt, cwd: init.mnt.root };
  const prog = loadProgram(m, w, req.path, req.argv, req.env);
  if (typeof prog === "number") return prog;
  const home = resolve(w, req.cwd, true);
  const cwd = typeof home === "number" || !(home.node instanceof DirNode) ? init.mnt.root : home;
  const pid = m.newPid();
  const p = new Process(m, pid, init, new Session(pid), pid, {
    comm: prog.comm,
    argv: req.argv,
    env: req.env,
    cred: req.cred,
    cwd,
    net: nsGet(init.net),
    mnt: init.mnt.get(),
    uts: init.uts,
    fds: req.fds,
  });
  m.procs.set(pid, p);
  become(p, prog);
  enqueue(p);
  return p;
}
