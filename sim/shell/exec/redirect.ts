/** Redirections, applied to the shell's own descriptors and undone afterwards (children inherit what is in force). */
import { utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { type Call, O, S_IF } from "../../kernel/abi.ts";
import type { Redir } from "../syntax/ir.ts";
import type { Shell } from "../shell.ts";
import { expandInto, expandString } from "../expand/expand.ts";
import { toBytes } from "../expand/text.ts";
import { ExitShell } from "./flow.ts";

export interface Saved {
  readonly fd: number;
  /** where its old file waits; -1: it was closed */
  readonly at: number;
}

/** Applies them in order. On an error: its message is out, everything is undone, and the result is null. */
export function* applyRedirs(sh: Shell, redirs: readonly Redir[], keep: boolean): Call<Saved[] | null> {
  const saved: Saved[] = [];
  for (const r of redirs) {
    const error = yield* applyOne(sh, r, keep ? null : saved);
    if (error !== null) {
      yield* undoRedirs(sh, saved);
      const name = sh.dash && error.dash !== undefined ? error.dash : error.text;
      if (name !== "") yield* sh.warn(name);
      return null;
    }
  }
  return saved;
}

export function* undoRedirs(sh: Shell, saved: readonly Saved[]): Call<void> {
  for (let i = saved.length - 1; i >= 0; i--) {
    const s = saved[i]!;
    if (s.at < 0) yield* sh.sys.close(s.fd);
    else {
      yield* sh.sys.dup2(s.at, s.fd);
      yield* sh.sys.close(s.at);
    }
  }
}

interface Problem {
  readonly text: string;
  readonly dash?: string;
}

function* save(sh: Shell, fd: number, saved: Saved[] | null): Call<void> {
  if (saved === null) return;
  const at = yield* sh.sys.dup(fd, 10);
  if (at >= 0) yield* sh.sys.fcntl_cloexec(at, true);
  saved.push({ fd, at: at >= 0 ? at : -1 });
}

function defaultFd(op: Redir["op"]): number {
  return op === "<" || op === "<>" || op === "<&" || op === "<<" || op === "<<<" ? 0 : 1;
}

function* applyOne(sh: Shell, r: Redir, saved: Saved[] | null): Call<Problem | null> {
  if (r.op === "<<" || r.op === "<<<") {
    const text = r.op === "<<" ? yield* docText(sh, r) : (yield* expandString(sh, r.target)) + "\n";
    return yield* feed(sh, r, toBytes(text), saved);
  }
  const words: string[] = [];
  yield* expandInto(sh, r.target, words);
  if (words.length !== 1) return { text: `${r.target.raw}: ambiguous redirect` };
  const word = words[0]!;
  let op = r.op;
  if (op === ">&" || op === "<&") {
    if (word === "-") {
      const fd = ownFd(sh, r);
      if (fd < 0) return { text: `${String(r.fd)}: ambiguous redirect` };
      yield* save(sh, fd, saved);
      yield* sh.sys.close(fd);
      return null;
    }
    const m = /^([0-9]+)(-?)$/.exec(word);
    if (m) {
      const from = Number(m[1]);
      const target = typeof r.fd === "string" ? yield* sh.sys.dup(from, 10) : -1;
      if (typeof r.fd === "string") {
        if (target < 0) return { text: `${word}: ${strerror(target)}` };
        sh.set(r.fd, String(target));
        return null;
      }
      const fd = r.fd ?? defaultFd(op);
      if ((yield* sh.sys.fcntl_flags(from, null)) < 0) return { text: `${m[1]}: ${strerror(Errno.EBADF)}` };
      yield* save(sh, fd, saved);
      const e = yield* sh.sys.dup2(from, fd);
      if (e < 0) return { text: `${m[1]}: ${strerror(e)}` };
      if (m[2] === "-" && from !== fd) {
        yield* save(sh, from, saved);
        yield* sh.sys.close(from);
      }
      return null;
    }
    if (op === "<&" || r.fd !== null) return { text: `${r.target.raw}: ambiguous redirect` };
    op = "&>";
  }
  const both = op === "&>" || op === "&>>";
  let flags: number;
  switch (op) {
    case "<":
      flags = O.RDONLY;
      break;
    case "<>":
      flags = O.RDWR | O.CREAT;
      break;
    case ">>":
    case "&>>":
      flags = O.WRONLY | O.CREAT | O.APPEND;
      break;
    default:
      flags = O.WRONLY | O.CREAT | O.TRUNC;
  }
  if ((op === ">" || op === "&>") && sh.opt("noclobber")) {
    const st = yield* sh.sys.stat(word);
    if (typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.REG) return { text: `${word}: cannot overwrite existing file` };
  }
  if (!sh.dash && /^\/dev\/(tcp|udp)\/[^/]+\/[^/]+$/.test(word)) {
    // bash itself opens a socket for these names
    yield* sh.sys.write(2, utf8(`hop: bash: ${word.slice(0, 8)} is not simulated\n`));
    return { text: "" };
  }
  const opened = yield* sh.sys.open(word, flags, 0o666);
  if (opened < 0) {
    const dash =
      op === "<"
        ? `cannot open ${word}: ${dashError(opened)}`
        : `cannot create ${word}: ${opened === -Errno.ENOENT ? "Directory nonexistent" : dashError(opened)}`;
    return { text: `${word}: ${strerror(opened)}`, dash };
  }
  if (typeof r.fd === "string") {
    const high = yield* sh.sys.dup(opened, 10);
    yield* sh.sys.close(opened);
    sh.set(r.fd, String(high));
    return null;
  }
  const fd = r.fd ?? defaultFd(op);
  yield* place(sh, opened, fd, saved);
  if (both) {
    yield* save(sh, 2, saved);
    yield* sh.sys.dup2(fd, 2);
  }
  return null;
}

function dashError(e: number): string {
  return e === -Errno.ENOENT ? "No such file" : strerror(e);
}

/** Moves an open file to the descriptor it is for. */
function* place(sh: Shell, opened: number, fd: number, saved: Saved[] | null): Call<void> {
  if (opened === fd) {
    // the target was closed, and came out lowest
    if (saved !== null) saved.push({ fd, at: -1 });
    return;
  }
  yield* save(sh, fd, saved);
  yield* sh.sys.dup2(opened, fd);
  yield* sh.sys.close(opened);
}

/** n of n>&- ; for {name}>&- the variable's value. */
function ownFd(sh: Shell, r: Redir): number {
  if (typeof r.fd !== "string") return r.fd ?? defaultFd(r.op);
  const v = sh.get(r.fd);
  return v !== undefined && /^[0-9]+$/.test(v) ? Number(v) : -1;
}

function* docText(sh: Shell, r: Redir): Call<string> {
  return r.doc?.quoted ? r.target.segs.map((s) => (s.k === "lit" ? s.s : "")).join("") : yield* expandString(sh, r.target);
}

/** A text as input: through a pipe when it fits into one, else through a nameless file. */
function* feed(sh: Shell, r: Redir, data: Uint8Array, saved: Saved[] | null): Call<Problem | null> {
  const fd = typeof r.fd === "number" ? r.fd : 0;
  if (data.length <= 65536) {
    const p = yield* sh.sys.pipe(0);
    if (typeof p === "number") return { text: `cannot create pipe for here-document: ${strerror(p)}` };
    yield* sh.sys.write(p[1], data);
    yield* sh.sys.close(p[1]);
    yield* place(sh, p[0], fd, saved);
    return null;
  }
  const path = `/tmp/sh-thd.${(yield* sh.sys.getrandom()).toString(36)}`;
  const out = yield* sh.sys.open(path, O.WRONLY | O.CREAT | O.EXCL, 0o600);
  if (out < 0) return { text: `cannot create temp file for here-document: ${strerror(out)}` };
  const n = yield* sh.sys.write(out, data);
  yield* sh.sys.close(out);
  const back = yield* sh.sys.open(path, O.RDONLY, 0);
  yield* sh.sys.unlink(path);
  if (n < 0 || back < 0) return { text: `cannot create temp file for here-document: ${strerror(n < 0 ? n : back)}` };
  yield* place(sh, back, fd, saved);
  return null;
}

/** A failed redirection ends a script only before a special builtin in posix mode. */
export function redirFailure(sh: Shell, special: boolean): number {
  if (special && sh.opt("posix") && !sh.interactive) throw new ExitShell(sh.dash ? 2 : 1);
  return sh.dash ? 2 : 1;
}
