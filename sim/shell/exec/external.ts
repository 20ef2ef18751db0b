/** Programs from the file system: finding them in PATH, starting them, and bash's words when that fails. */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { type Call, S_IF } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { byBytes } from "../vars.ts";
import { childSignals, spawnRetry } from "./fork.ts";
import { newJob, waitForeground } from "./jobs.ts";
import { ExitShell } from "./flow.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** All places in PATH with an executable of this name. `any`: the first file even when it is not executable. */
export function* searchPath(sh: Shell, name: string, path: string, all: boolean): Call<{ found: string[]; refused: string | null }> {
  const found: string[] = [];
  let refused: string | null = null;
  for (const dir of path.split(":")) {
    const full = dir === "" ? `./${name}` : `${dir.replace(/\/+$/, "")}/${name}`;
    const st = yield* sh.sys.stat(full);
    if (typeof st === "number" || (st.mode & S_IF.MT) === S_IF.DIR) continue;
    if ((yield* sh.sys.access(full, 1)) < 0) {
      refused ??= full;
      continue;
    }
    found.push(full);
    if (!all) break;
  }
  return { found, refused };
}

/** The file that `name` stands for, through the hash table; null: not found. */
export function* findProgram(sh: Shell, name: string, defaultPath = false): Call<string | null> {
  if (name.includes("/")) return name;
  if (name === "") return null;
  const known = sh.hash.get(name);
  if (known && !defaultPath) {
    known.hits++;
    return known.path;
  }
  const path = defaultPath ? DEFAULT_PATH : sh.get("PATH");
  if (path === undefined || path === "") return `./${name}`.slice(2) === name && path === undefined ? `\0${name}` : name;
  const r = yield* searchPath(sh, name, path, false);
  const full = r.found[0] ?? r.refused;
  if (full !== undefined && full !== null && !defaultPath && sh.opt("hashall") && full.startsWith("/"))
    sh.hash.set(name, { path: full, hits: 1 });
  return full ?? null;
}

/** The message and status of a command word that leads nowhere. */
export function* notFound(sh: Shell, name: string): Call<number> {
  const status = yield* sayNotFound(sh, name);
  if (sh.interactive && sh.subshell === 0 && sh.ttyFd >= 0) {
    // Debian's PATH of people has no /usr/sbin; sudo's has
    const person = (sh.get("PATH") ?? "").split(":").includes("/usr/bin");
    const admin = person && (yield* searchPath(sh, name, "/usr/sbin", false)).found.length > 0;
    const near = admin ? null : yield* nearest(sh, name);
    if (admin) yield* sh.sys.write(2, utf8(`hop: ${name} is for root: \`sudo ${name}'\n`));
    if (near !== null) yield* sh.sys.write(2, utf8(`hop: did you mean \`${near}'?\n`));
  }
  return status;
}

/** A command one slip away from what was typed: a letter too many, too few, another one, or two exchanged. */
function* nearest(sh: Shell, name: string): Call<string | null> {
  if (name.length < 4 || name.length > 20 || name.includes("/")) return null;
  const all = new Set([...sh.ev.builtinNames(sh), ...sh.functions.keys(), ...sh.aliases.keys()]);
  for (const dir of new Set((sh.get("PATH") ?? "").split(":"))) {
    const entries = yield* sh.sys.readdir(dir === "" ? "." : dir);
    if (typeof entries !== "number") for (const e of entries) all.add(e.name);
  }
  for (const c of [...all].sort(byBytes)) if (c.length > 1 && oneSlip(name, c)) return c;
  return null;
}

function oneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  if (a.length === b.length)
    return a.slice(i + 1) === b.slice(i + 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2));
  return a.length > b.length ? a.slice(i + 1) === b.slice(i) : a.slice(i) === b.slice(i + 1);
}

function* sayNotFound(sh: Shell, name: string): Call<number> {
  yield* sh.warn(sh.dash ? `${name}: not found` : `${name}: command not found`);
  return 127;
}

/** Says why a file could not be executed. */
function* execFailure(sh: Shell, path: string, error: number): Call<number> {
  if (error === -Errno.ENOENT) {
    const st = yield* sh.sys.stat(path);
    if (typeof st === "number") {
      yield* sh.warn(`${path}: ${sh.dash ? "not found" : "No such file or directory"}`);
      return 127;
    }
    yield* sh.warn(sh.dash ? `${path}: not found` : `${path}: cannot execute: required file not found`);
    return 127;
  }
  const st = yield* sh.sys.stat(path);
  const dir = typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR;
  if (dir) yield* sh.warn(`${path}: ${sh.dash ? "Permission denied" : "Is a directory"}`);
  else if (error === -Errno.EACCES && (yield* badInterpreter(sh, path))) return 126;
  else if (error === -Errno.ENOEXEC) yield* sh.warn(`${path}: cannot execute binary file: Exec format error`);
  else yield* sh.warn(`${path}: ${strerror(error)}`);
  return 126;
}

/** A script that may be run but whose interpreter may not. */
function* badInterpreter(sh: Shell, path: string): Call<boolean> {
  if ((yield* sh.sys.access(path, 1)) < 0) return false;
  const fd = yield* sh.sys.open(path, 0, 0);
  if (fd < 0) return false;
  const head = yield* sh.sys.read(fd, 128);
  yield* sh.sys.close(fd);
  const m = typeof head === "number" ? null : /^#![ \t]*([^ \t\n]+)/.exec(fromUtf8(head));
  if (m === null) return false;
  yield* sh.sys.write(2, utf8(`${sh.scriptName ?? sh.name}: ${path}: ${m[1]}: bad interpreter: ${strerror(-Errno.EACCES)}\n`));
  return true;
}

/** Replaces this process by a program. Returns only with the status of a failure. */
export function* execProgram(sh: Shell, path: string, argv: readonly string[], env: ReadonlyMap<string, string>): Call<number> {
  const e = yield* sh.sys.execve(path, argv, env);
  if (e === -Errno.ENOEXEC && (yield* isText(sh, path))) {
    const again = yield* sh.sys.execve("/bin/bash", ["bash", path, ...argv.slice(1)], env);
    return yield* execFailure(sh, path, again);
  }
  return yield* execFailure(sh, path, e);
}

/** Is this a script without #!, rather than a program for another machine? */
function* isText(sh: Shell, path: string): Call<boolean> {
  const fd = yield* sh.sys.open(path, 0, 0);
  if (fd < 0) return false;
  const head = yield* sh.sys.read(fd, 80);
  yield* sh.sys.close(fd);
  if (typeof head === "number") return false;
  for (const b of head) {
    if (b === 10) return true;
    if (b === 0) return false;
  }
  return true;
}

/** Runs a program in the foreground and waits for it. */
export function* runProgram(
  sh: Shell,
  path: string,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
  text: string,
): Call<number> {
  const real = path.startsWith("\0") ? path.slice(1) : path;
  if (path.startsWith("\0")) {
    // no PATH at all: the word is taken as a file
    yield* sh.warn(`${real}: No such file or directory`);
    return 127;
  }
  const e = new Map(env);
  e.set("_", real);
  const monitor = sh.opt("monitor");
  const start = function* (file: string, args: readonly string[]): Call<number> {
    return yield* spawnRetry(sh, () =>
      sh.sys.spawn({
        main: null,
        path: file,
        argv: args,
        env: e,
        sigs: childSignals(sh, false),
        ...(monitor ? { pgid: 0 } : {}),
        ...(monitor && sh.ttyFd >= 0 ? { foreground: sh.ttyFd } : {}),
      }),
    );
  };
  let pid = yield* start(real, argv);
  if (pid === -Errno.ENOEXEC && (yield* isText(sh, real))) pid = yield* start("/bin/bash", ["bash", real, ...argv.slice(1)]);
  if (pid < 0) return yield* execFailure(sh, real, pid);
  const codes = yield* waitForeground(sh, newJob(sh, monitor ? pid : 0, [pid], text));
  return codes[0]!;
}

/** `exec` in place of this process when nothing comes after; for the last command of a forked shell. */
export function* becomeProgram(sh: Shell, path: string, argv: readonly string[], env: ReadonlyMap<string, string>): Call<never> {
  const real = path.startsWith("\0") ? path.slice(1) : path;
  const e = new Map(env);
  e.set("_", real);
  throw new ExitShell(yield* execProgram(sh, real, argv, e));
}
