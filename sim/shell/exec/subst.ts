/** $(…), `…`, <(…) and >(…): children connected by pipes. */
import { concatBytes, fromUtf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { type Call, O } from "../../kernel/abi.ts";
import type { Program } from "../syntax/ir.ts";
import { MAX_VALUE, type Shell } from "../shell.ts";
import { expandString } from "../expand/expand.ts";
import { Discard, ShellError } from "./flow.ts";
import { forkRun } from "./fork.ts";
import { exitCode } from "./jobs.ts";
import { takeSignals } from "./signals.ts";

export function* commandSubst(sh: Shell, script: Program | null, src: string): Call<string> {
  const p = yield* sh.sys.pipe(0);
  if (typeof p === "number") {
    yield* sh.warn(`cannot make pipe for command substitution: ${strerror(p)}`);
    throw new Discard(1);
  }
  const [r, w] = p;
  const pid = yield* forkRun(sh, {}, function* (c) {
    yield* c.sys.close(r);
    if (w !== 1) {
      yield* c.sys.dup2(w, 1);
      yield* c.sys.close(w);
    }
    c.options.delete("monitor");
    c.subshellTrace++;
    if (!sh.shopt("inherit_errexit") && !sh.opt("posix")) c.options.delete("errexit");
    if (script === null) return yield* c.ev.runText(c, src, { kind: "subst", name: "command substitution", firstLine: 1 });
    const only = script.units.length === 1 && script.units[0]!.items.length === 1 ? script.units[0]!.items[0]!.cmd : null;
    if (
      only?.t === "simple" &&
      only.words.length === 0 &&
      only.assigns.length === 0 &&
      only.redirs.length === 1 &&
      only.redirs[0]!.op === "<"
    ) {
      return yield* copyFile(c, yield* expandString(c, only.redirs[0]!.target));
    }
    let status = 0;
    for (let i = 0; i < script.units.length; i++) status = yield* c.ev.execList(c, script.units[i]!.items, i === script.units.length - 1);
    return status;
  });
  yield* sh.sys.close(w);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const d = yield* sh.sys.read(r, 65536);
    if (d === -Errno.EINTR) {
      yield* takeSignals(sh);
      continue;
    }
    if (typeof d === "number" || d.length === 0) break;
    size += d.length;
    if (size > MAX_VALUE) {
      yield* sh.sys.close(r);
      throw new ShellError(`xrealloc: cannot allocate ${size} bytes`, 2, true);
    }
    chunks.push(d);
  }
  yield* sh.sys.close(r);
  sh.substStatus = yield* waitChild(sh, pid);
  sh.status = sh.substStatus;
  const bytes = concatBytes(chunks);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 10) end--;
  let text = fromUtf8(bytes, 0, end);
  if (text.includes("\0")) {
    yield* sh.warn("warning: command substitution: ignored null byte in input");
    text = text.replaceAll("\0", "");
  }
  return text;
}

function* waitChild(sh: Shell, pid: number): Call<number> {
  for (;;) {
    const st = yield* sh.sys.wait4(pid, {});
    if (st === -Errno.EINTR) {
      yield* takeSignals(sh);
      continue;
    }
    return st === null || typeof st === "number" ? 127 : exitCode(st);
  }
}

/** $(<file) */
function* copyFile(sh: Shell, path: string): Call<number> {
  const fd = yield* sh.sys.open(path, O.RDONLY, 0);
  if (fd < 0) {
    yield* sh.warn(`${path}: ${strerror(fd)}`);
    return 1;
  }
  for (;;) {
    const d = yield* sh.sys.read(fd, 65536);
    if (typeof d === "number") {
      yield* sh.warn(`${path}: ${strerror(d)}`);
      return 1;
    }
    if (d.length === 0) return 0;
    yield* sh.sys.write(1, d);
  }
}

/** A path under /dev/fd that the command can open. */
export function* procSubst(sh: Shell, dir: "<" | ">", script: Program): Call<string> {
  const p = yield* sh.sys.pipe(0);
  if (typeof p === "number") {
    yield* sh.warn(`cannot make pipe for process substitution: ${strerror(p)}`);
    throw new Discard(1);
  }
  const [mine, theirs, target] = dir === "<" ? [p[0], p[1], 1] : [p[1], p[0], 0];
  const high = yield* sh.sys.dup(mine, 63 - sh.procSubs.length);
  yield* sh.sys.close(mine);
  const pid = yield* forkRun(sh, { background: true }, function* (c) {
    yield* c.sys.close(high);
    yield* c.sys.dup2(theirs, target);
    if (theirs !== target) yield* c.sys.close(theirs);
    c.options.delete("monitor");
    let status = 0;
    for (let i = 0; i < script.units.length; i++) status = yield* c.ev.execList(c, script.units[i]!.items, i === script.units.length - 1);
    return status;
  });
  yield* sh.sys.close(theirs);
  sh.procSubs.push({ fd: high, pid });
  sh.lastBg = pid;
  return `/dev/fd/${high}`;
}

/** The command is done: its process substitutions' descriptors go. */
export function* closeProcSubs(sh: Shell): Call<void> {
  const all = sh.procSubs;
  sh.procSubs = [];
  for (const s of all) yield* sh.sys.close(s.fd);
}
