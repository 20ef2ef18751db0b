/** install: copies files and sets mode, owner and group, or makes directories. Left out: -s (strip), SELinux contexts. */
import { strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, type Tool } from "../lib/gnu.ts";
import { readAll, writeAll } from "../lib/io.ts";
import { readGroups, readUsers } from "../lib/users.ts";
import { parseMode } from "../lib/mode.ts";

interface How {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly times: boolean;
  readonly verbose: boolean;
}

function* isDirectory(t: Tool, path: string): Call<boolean> {
  const st = yield* t.sys.stat(path);
  return typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR;
}

/** A directory and what is missing above it; false after saying what failed. */
function* makeDirs(t: Tool, path: string, how: How | null, verbose: boolean): Call<boolean> {
  const parts = path.split("/");
  for (let i = 1; i <= parts.length; i++) {
    const p = parts.slice(0, i).join("/");
    if (p === "" || (yield* isDirectory(t, p))) continue;
    const r = yield* t.sys.mkdir(p, 0o755);
    if (r < 0) {
      yield* t.warn(`cannot create directory ${quote(p)}: ${strerror(r)}`);
      return false;
    }
    if (verbose) yield* t.out.print(`${t.name}: creating directory ${quoteaf(p)}\n`);
  }
  if (how !== null) yield* attributes(t, path, how);
  return true;
}

function* attributes(t: Tool, path: string, how: How): Call<void> {
  if (how.uid >= 0 || how.gid >= 0) {
    const r = yield* t.sys.chown(path, how.uid, how.gid);
    if (r < 0) yield* t.warn(`cannot change ownership of ${quoteaf(path)}: ${strerror(r)}`);
  }
  yield* t.sys.chmod(path, how.mode);
}

function* copyFile(t: Tool, from: string, to: string, how: How): Call<void> {
  const st = yield* t.sys.stat(from);
  if (typeof st === "number") return yield* t.warn(`cannot stat ${quoteaf(from)}: ${strerror(st)}`);
  if ((st.mode & S_IF.MT) === S_IF.DIR) return yield* t.warn(`omitting directory ${quoteaf(from)}`);
  const old = yield* t.sys.stat(to);
  if (typeof old !== "number" && old.ino === st.ino && old.dev === st.dev)
    return yield* t.warn(`${quoteaf(from)} and ${quoteaf(to)} are the same file`);
  const fd = yield* t.sys.open(from, O.RDONLY | O.CLOEXEC, 0);
  const data = fd < 0 ? fd : yield* readAll(t.sys, fd);
  if (fd >= 0) yield* t.close(fd);
  if (typeof data === "number") return yield* t.warn(`cannot open ${quoteaf(from)} for reading: ${strerror(data)}`);
  const removed = typeof old !== "number" && (yield* t.sys.unlink(to)) === 0;
  if (removed && how.verbose) yield* t.out.print(`removed ${quoteaf(to)}\n`);
  const out = yield* t.sys.open(to, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o600);
  const r = out < 0 ? out : yield* writeAll(t.sys, out, data);
  if (out >= 0) yield* t.close(out);
  if (r < 0) return yield* t.warn(`cannot create regular file ${quoteaf(to)}: ${strerror(r)}`);
  if (how.verbose) yield* t.out.print(`${quoteaf(from)} -> ${quoteaf(to)}\n`);
  if (how.times) yield* t.sys.utimens(to, st.atime, st.mtime);
  yield* attributes(t, to, how);
}

const install = gnuCommand({
  name: "install",
  usage: [
    "[OPTION]... [-T] SOURCE DEST",
    "[OPTION]... SOURCE... DIRECTORY",
    "[OPTION]... -t DIRECTORY SOURCE...",
    "[OPTION]... -d DIRECTORY...",
  ],
  summary: "copy files and set attributes",
  options: [
    { names: ["-c"], help: "(nothing)" },
    { names: ["-d", "--directory"], help: "make directories" },
    { names: ["-D"], help: "make the directories above DEST" },
    { names: ["-g", "--group"], arg: "GROUP", help: "set the group" },
    { names: ["-m", "--mode"], arg: "MODE", help: "set the mode (755)" },
    { names: ["-o", "--owner"], arg: "OWNER", help: "set the owner" },
    { names: ["-p", "--preserve-timestamps"], help: "keep the times" },
    { names: ["-t", "--target-directory"], arg: "DIRECTORY", help: "copy into DIRECTORY" },
    { names: ["-T", "--no-target-directory"], help: "DEST is never a directory" },
    { names: ["-v", "--verbose"], help: "say what is done" },
    { names: ["-b", "--backup"], help: "back up what is in the way", notModelled: true },
    { names: ["-C", "--compare"], help: "copy only what differs", notModelled: true },
    { names: ["-s", "--strip"], help: "strip symbols", notModelled: true },
    { names: ["--strip-program"], arg: "PROGRAM", help: "what strips", notModelled: true },
    { names: ["-S", "--suffix"], arg: "SUFFIX", help: "suffix of backups", notModelled: true },
    { names: ["-Z", "--context", "--preserve-context"], arg: "[CTX]", help: "security context", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const last = (n: string): string | null => options.filter((o) => o.name === n).pop()?.value ?? null;
    const target = last("-t");
    const base = (p: string): string => p.replace(/\/+$/, "").split("/").pop()!;
    if (operands.length === 0) yield* t.usage("missing file operand");
    if (operands.length === 1 && target === null && !has("-d"))
      yield* t.usage(`missing destination file operand after ${quoteaf(operands[0]!)}`);
    const modeWord = last("-m") ?? "755";
    const change = parseMode(modeWord);
    if (change === null) return yield* t.die(`invalid mode ${quote(modeWord)}`);
    const owner = last("-o");
    const group = last("-g");
    const user = owner === null ? null : (yield* readUsers(t.sys)).find((u) => u.name === owner);
    if (user === undefined && !/^[0-9]+$/.test(owner!)) yield* t.die(`invalid user ${quote(owner!)}`);
    const g = group === null ? null : (yield* readGroups(t.sys)).find((x) => x.name === group);
    if (g === undefined && !/^[0-9]+$/.test(group!)) yield* t.die(`invalid group ${quote(group!)}`);
    const how: How = {
      mode: change(0, 0),
      uid: owner === null ? -1 : (user?.uid ?? Number(owner)),
      gid: group === null ? -1 : (g?.gid ?? Number(group)),
      times: has("-p"),
      verbose: has("-v"),
    };
    if (has("-d")) {
      for (const dir of operands) yield* makeDirs(t, dir, how, how.verbose);
      return t.status;
    }
    const dest = target ?? operands[operands.length - 1]!;
    const sources = target === null ? operands.slice(0, -1) : operands;
    if (target !== null && has("-D")) yield* makeDirs(t, target, null, how.verbose);
    const into = !has("-T") && (yield* isDirectory(t, dest));
    if (!into && (sources.length > 1 || target !== null)) {
      const st = yield* t.sys.stat(dest);
      if (target !== null && typeof st === "number") return yield* t.die(`failed to access ${quoteaf(dest)}: ${strerror(st)}`);
      return yield* t.die(
        `target ${target !== null ? "directory " : ""}${quoteaf(dest)}: ${typeof st === "number" ? strerror(st) : "Not a directory"}`,
      );
    }
    if (has("-D") && !into && dest.includes("/")) yield* makeDirs(t, dest.slice(0, dest.lastIndexOf("/")), null, how.verbose);
    for (const from of sources) yield* copyFile(t, from, into ? `${dest.replace(/\/$/, "")}/${base(from)}` : dest, how);
    return t.status;
  },
});

export const installCommands = [install];
