/** cp and mv. Copies go through the copying program in pieces; a move across file systems is a copy and a removal. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Stat } from "../../kernel/abi.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { gnuCommand, quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import { writeAll } from "../lib/io.ts";
import { removeTree } from "../lib/tree.ts";
import type { GivenOption } from "../lib/options.ts";
import { type Backup, backupName, backupOf } from "./backup.ts";

interface How {
  readonly recursive: boolean;
  readonly force: boolean;
  readonly noClobber: boolean;
  readonly ask: boolean;
  readonly preserve: boolean;
  readonly follow: boolean;
  readonly update: boolean;
  readonly verbose: boolean;
  readonly backup: Backup | null;
  /** hard or symbolic links instead of copies */
  readonly link: "" | "hard" | "symbolic";
  /** mode, owner and times only */
  readonly attributesOnly: boolean;
  /** remove what is there first */
  readonly replace: boolean;
  /** the device to stay on; -1: any */
  readonly device: number;
}

const typeOf = (st: Stat): number => st.mode & S_IF.MT;
const baseName = (path: string): string => path.replace(/\/+$/, "").split("/").pop() || "/";

/** Where the operands go: [source, destination] pairs. */
function* pairs(t: Tool, options: readonly GivenOption[], operands: readonly string[]): Call<readonly (readonly [string, string])[]> {
  const target = options.filter((o) => o.name === "-t").pop()?.value ?? null;
  const join = (dir: string, s: string): string => (dir.endsWith("/") ? dir : `${dir}/`) + baseName(s);
  if (operands.length === 0) yield* t.usage("missing file operand");
  if (target !== null) {
    const st = yield* t.sys.stat(target);
    if (typeof st === "number" || typeOf(st) !== S_IF.DIR)
      return yield* t.die(`target directory ${quoteaf(target)}: ${strerror(typeof st === "number" ? st : Errno.ENOTDIR)}`);
    return operands.map((s) => [s, join(target, s)] as const);
  }
  if (operands.length === 1) yield* t.usage(`missing destination file operand after ${quoteaf(operands[0]!)}`);
  const last = operands[operands.length - 1]!;
  const sources = operands.slice(0, -1);
  const st = yield* t.sys.stat(last);
  const dir = typeof st !== "number" && typeOf(st) === S_IF.DIR && !options.some((o) => o.name === "-T");
  if (!dir && sources.length > 1) return yield* t.die(`target ${quoteaf(last)}: ${strerror(typeof st === "number" ? st : Errno.ENOTDIR)}`);
  return sources.map((s) => [s, dir ? join(last, s) : last] as const);
}

function* askOverwrite(t: Tool, to: string): Call<boolean> {
  yield* t.out.flush();
  yield* writeAll(t.sys, 2, Uint8Array.from(Array.from(`${t.name}: overwrite ${quoteaf(to)}? `, (c) => c.charCodeAt(0) & 255)));
  const b = yield* t.read(0, 1024);
  return typeof b !== "number" && (b[0] === 121 || b[0] === 89);
}

/** Copies one tree. False after an error, which has been printed. */
function* copy(t: Tool, from: string, to: string, given: How, top: boolean, followBelow = given.follow): Call<boolean> {
  const { sys } = t;
  const how = top ? given : { ...given, follow: followBelow };
  const st = how.follow ? yield* sys.stat(from) : yield* sys.lstat(from);
  if (typeof st === "number") {
    yield* t.warn(`cannot stat ${quoteaf(from)}: ${strerror(st)}`);
    return false;
  }
  const dst = yield* sys.stat(to);
  let kept: string | null = null;
  if (typeOf(st) === S_IF.DIR) {
    if (!how.recursive) {
      yield* t.warn(`-r not specified; omitting directory ${quoteaf(from)}`);
      return false;
    }
    if (typeof dst !== "number" && typeOf(dst) !== S_IF.DIR) {
      yield* t.warn(`cannot overwrite non-directory ${quoteaf(to)} with directory ${quoteaf(from)}`);
      return false;
    }
    if (top) {
      // into itself?
      for (let p = to.replace(/\/+$/, ""); p !== ""; p = p.includes("/") ? p.slice(0, p.lastIndexOf("/")) : "") {
        const up = yield* sys.stat(p);
        if (typeof up !== "number" && up.ino === st.ino && up.dev === st.dev) {
          yield* t.warn(`cannot copy a directory, ${quoteaf(from)}, into itself, ${quoteaf(to)}`);
          return false;
        }
      }
    }
    if (typeof dst === "number") {
      const r = yield* sys.mkdir(to, st.mode & 0o777);
      if (r < 0) {
        yield* t.warn(`cannot create directory ${quoteaf(to)}: ${strerror(r)}`);
        return false;
      }
      if (how.verbose) yield* t.out.print(`${quoteaf(from)} -> ${quoteaf(to)}\n`);
    }
    if (how.device >= 0 && st.dev !== how.device) return true;
    const rows = yield* sys.readdir(from);
    if (typeof rows === "number") {
      yield* t.warn(`cannot access ${quoteaf(from)}: ${strerror(rows)}`);
      return false;
    }
    let ok = true;
    for (const r of rows) {
      if (r.name === "." || r.name === "..") continue;
      if (!(yield* copy(t, `${from.replace(/\/$/, "")}/${r.name}`, `${to.replace(/\/$/, "")}/${r.name}`, how, false, followBelow)))
        ok = false;
    }
    if (how.preserve) yield* keep(t, to, st);
    return ok;
  }
  if (typeof dst !== "number") {
    const itself = yield* sys.lstat(from);
    const there = yield* sys.lstat(to);
    const oneName = typeof itself !== "number" && typeof there !== "number" && itself.ino === there.ino && itself.nlink === 1;
    if (dst.ino === st.ino && dst.dev === st.dev && (!how.replace || oneName)) {
      yield* t.warn(`${quoteaf(from)} and ${quoteaf(to)} are the same file`);
      return false;
    }
    if (typeOf(dst) === S_IF.DIR) {
      yield* t.warn(`cannot overwrite directory ${quoteaf(to)} with non-directory${top ? "" : ` ${quoteaf(from)}`}`);
      return false;
    }
    if (how.noClobber || (how.update && dst.mtime >= st.mtime)) return true;
    if (how.ask && !(yield* askOverwrite(t, to))) return true;
    if (how.backup !== null) {
      kept = yield* backupName(t, to, how.backup);
      yield* sys.rename(to, kept);
    } else if (how.replace || (how.link !== "" && how.force)) {
      yield* sys.unlink(to);
      if (how.replace && how.verbose) yield* t.out.print(`removed ${quoteaf(to)}\n`);
    }
  }
  if (how.link !== "") return yield* linkTo(t, from, to, how, kept);
  if (typeOf(st) === S_IF.LNK) {
    const target = yield* sys.readlink(from);
    if (typeof target === "string") {
      yield* sys.unlink(to);
      const r = yield* sys.symlink(target, to);
      if (r < 0) {
        yield* t.warn(`cannot create symbolic link ${quoteaf(to)}: ${strerror(r)}`);
        return false;
      }
    }
    if (how.verbose) yield* t.out.print(`${quoteaf(from)} -> ${quoteaf(to)}\n`);
    return true;
  }
  if (how.recursive && typeOf(st) === S_IF.IFO) {
    const r = yield* sys.mkfifo(to, st.mode & 0o777);
    if (r < 0) yield* t.warn(`cannot create fifo ${quoteaf(to)}: ${strerror(r)}`);
    return r >= 0;
  }
  const source = yield* sys.open(from, O.RDONLY | O.CLOEXEC, 0);
  if (source < 0) {
    yield* t.warn(`cannot open ${quoteaf(from)} for reading: ${strerror(source)}`);
    return false;
  }
  const trunc = how.attributesOnly ? 0 : O.TRUNC;
  let target = yield* sys.open(to, O.WRONLY | O.CREAT | trunc | O.CLOEXEC, st.mode & 0o777);
  if (target < 0 && how.force && typeof dst !== "number") {
    yield* sys.unlink(to);
    target = yield* sys.open(to, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, st.mode & 0o777);
  }
  if (target < 0) {
    yield* t.close(source);
    yield* t.warn(`cannot create regular file ${quoteaf(to)}: ${strerror(target)}`);
    return false;
  }
  if (how.verbose) yield* t.out.print(`${quoteaf(from)} -> ${quoteaf(to)}${kept === null ? "" : ` (backup: ${quoteaf(kept)})`}\n`);
  let ok = true;
  while (!how.attributesOnly) {
    const b = yield* t.read(source, 131072);
    if (typeof b === "number") {
      yield* t.warn(`error reading ${quoteaf(from)}: ${strerror(b)}`);
      ok = false;
      break;
    }
    if (b.length === 0) break;
    const r = yield* writeAll(sys, target, b);
    if (r < 0) {
      yield* t.warn(`error writing ${quoteaf(to)}: ${strerror(r)}`);
      ok = false;
      break;
    }
  }
  yield* t.close(source);
  yield* t.close(target);
  if (how.preserve) yield* keep(t, to, st);
  return ok;
}

/** cp -l and -s. */
function* linkTo(t: Tool, from: string, to: string, how: How, kept: string | null): Call<boolean> {
  if (how.link === "symbolic" && !from.startsWith("/") && to.includes("/") && !/^\.\/[^/]*$/.test(to)) {
    yield* t.warn(`${quotef(to)}: can make relative symbolic links only in current directory`);
    return false;
  }
  const r = how.link === "hard" ? yield* t.sys.link(from, to) : yield* t.sys.symlink(from, to);
  if (r < 0) {
    yield* t.warn(
      how.link === "hard"
        ? `cannot create hard link ${quoteaf(to)} to ${quoteaf(from)}: ${strerror(r)}`
        : `cannot create symbolic link ${quoteaf(to)} to ${quoteaf(from)}: ${strerror(r)}`,
    );
    return false;
  }
  if (how.verbose) yield* t.out.print(`${quoteaf(from)} -> ${quoteaf(to)}${kept === null ? "" : ` (backup: ${quoteaf(kept)})`}\n`);
  return true;
}

function* keep(t: Tool, path: string, st: Stat): Call<void> {
  yield* t.sys.chown(path, st.uid, st.gid);
  yield* t.sys.chmod(path, st.mode & 0o7777);
  yield* t.sys.utimens(path, st.atime, st.mtime);
}

const COMMON = [
  { names: ["-f", "--force"], help: "remove a destination that cannot be opened" },
  { names: ["-i", "--interactive"], help: "ask before overwriting" },
  { names: ["-n", "--no-clobber"], help: "do not overwrite" },
  { names: ["-t", "--target-directory"], arg: "DIRECTORY", help: "destination directory" },
  { names: ["-T", "--no-target-directory"], help: "the destination is never a directory" },
  { names: ["-u", "--update"], help: "only what is newer than the destination" },
  { names: ["-v", "--verbose"], help: "say what is done" },
  { names: ["-b"], help: "keep what would be overwritten under another name" },
  { names: ["--backup"], arg: "[CONTROL]", help: "the same: numbered, existing, simple or none" },
  { names: ["-S", "--suffix"], arg: "SUFFIX", help: "suffix of backups instead of ~" },
  { names: ["-Z", "--context"], help: "security context", notModelled: true as const },
];

const cp = gnuCommand({
  name: "cp",
  usage: ["[OPTION]... [-T] SOURCE DEST", "[OPTION]... SOURCE... DIRECTORY", "[OPTION]... -t DIRECTORY SOURCE..."],
  summary: "copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY",
  options: [
    { names: ["-a", "--archive"], help: "same as -dR --preserve" },
    { names: ["-d"], help: "copy links as links" },
    { names: ["-L", "--dereference"], help: "follow links in SOURCE" },
    { names: ["-P", "--no-dereference"], help: "copy links as links" },
    { names: ["-p"], help: "keep mode, owner and times" },
    { names: ["--preserve"], arg: "[ATTR_LIST]", help: "the same" },
    { names: ["-R", "-r", "--recursive"], help: "copy directories with what is in them" },
    ...COMMON,
    { names: ["--attributes-only"], help: "no data, only what --preserve keeps" },
    { names: ["-H"], help: "follow links on the command line" },
    { names: ["-l", "--link"], help: "hard links instead of copies" },
    { names: ["--no-preserve"], arg: "ATTR_LIST", help: "keep less", notModelled: true },
    { names: ["--parents"], help: "use the full source path below DIRECTORY" },
    { names: ["--reflink"], arg: "[WHEN]", help: "share blocks", notModelled: true },
    { names: ["--remove-destination"], help: "remove what is there first" },
    { names: ["-s", "--symbolic-link"], help: "symbolic links instead of copies" },
    { names: ["--sparse"], arg: "WHEN", help: "holes in files", notModelled: true },
    { names: ["--strip-trailing-slashes"], help: "no slashes at the end of SOURCE" },
    { names: ["-x", "--one-file-system"], help: "stay on one file system" },
  ],
  *main(t, options, operands) {
    const has = (...n: string[]): boolean => options.some((o) => n.includes(o.name));
    if (has("-l") && has("-s")) yield* t.usage("cannot make both hard and symbolic links");
    const bare = (w: string): string => (has("--strip-trailing-slashes") ? w.replace(/(?!^)\/+$/, "") : w);
    const list = has("--parents") ? yield* withParents(t, operands, has("-v")) : yield* pairs(t, options, operands.map(bare));
    const recursive = has("-a", "-R");
    const links = options.filter((o) => ["-a", "-d", "-L", "-P", "-H"].includes(o.name)).pop()?.name ?? (recursive ? "-P" : "-L");
    const over = options.filter((o) => ["-i", "-n", "-f"].includes(o.name)).pop()?.name ?? "";
    const how: How = {
      recursive,
      force: has("-f"),
      noClobber: over === "-n",
      ask: over === "-i",
      preserve: has("-a", "-p", "--preserve"),
      follow: links === "-L",
      update: has("-u"),
      verbose: has("-v"),
      backup: yield* backupOf(t, options),
      link: has("-l") ? "hard" : has("-s") ? "symbolic" : "",
      attributesOnly: has("--attributes-only"),
      replace: has("--remove-destination"),
      device: -1,
    };
    for (const [from, to] of list) {
      const st = has("-x") ? yield* t.sys.stat(from) : 0;
      const one = { ...how, follow: how.follow || links === "-H", device: typeof st === "number" ? -1 : st.dev };
      if (!(yield* copy(t, from, to, one, true, how.follow))) t.status = 1;
    }
    return t.status;
  },
});

/** --parents: a/b/c into DIR becomes DIR/a/b/c; the directories between are made. */
function* withParents(t: Tool, operands: readonly string[], verbose: boolean): Call<readonly (readonly [string, string])[]> {
  if (operands.length === 0) yield* t.usage("missing file operand");
  if (operands.length === 1) yield* t.usage(`missing destination file operand after ${quoteaf(operands[0]!)}`);
  const dir = operands[operands.length - 1]!;
  const st = yield* t.sys.stat(dir);
  if (typeof st === "number" || typeOf(st) !== S_IF.DIR) yield* t.usage("with --parents, the destination must be a directory");
  const list: [string, string][] = [];
  for (const source of operands.slice(0, -1)) {
    const parts = source.split("/").filter((p) => p !== "");
    for (let i = 1; i < parts.length; i++) {
      const made = `${dir}/${parts.slice(0, i).join("/")}`;
      if ((yield* t.sys.mkdir(made, 0o777)) === 0 && verbose) yield* t.out.print(`${parts.slice(0, i).join("/")} -> ${made}\n`);
    }
    list.push([source, `${dir}/${parts.join("/")}`]);
  }
  return list;
}

const mv = gnuCommand({
  name: "mv",
  usage: ["[OPTION]... [-T] SOURCE DEST", "[OPTION]... SOURCE... DIRECTORY", "[OPTION]... -t DIRECTORY SOURCE..."],
  summary: "rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY",
  options: [...COMMON, { names: ["--strip-trailing-slashes"], help: "no slashes at the end of SOURCE" }],
  *main(t, options, named) {
    const strip = options.some((o) => o.name === "--strip-trailing-slashes");
    const operands = strip ? named.map((w) => w.replace(/(?!^)\/+$/, "")) : named;
    const backup = yield* backupOf(t, options);
    const over = options.filter((o) => ["-i", "-n", "-f"].includes(o.name)).pop()?.name ?? "";
    const has = (n: string): boolean => options.some((o) => o.name === n);
    for (const [from, to] of yield* pairs(t, options, operands)) {
      const st = yield* t.sys.lstat(from);
      if (typeof st === "number") {
        yield* t.warn(`cannot stat ${quoteaf(from)}: ${strerror(st)}`);
        continue;
      }
      const dst = yield* t.sys.lstat(to);
      let kept: string | null = null;
      if (typeof dst !== "number") {
        if (dst.ino === st.ino && dst.dev === st.dev) {
          yield* t.warn(`${quoteaf(from)} and ${quoteaf(to)} are the same file`);
          continue;
        }
        if (over === "-n" || (has("-u") && dst.mtime >= st.mtime)) continue;
        if (typeOf(dst) === S_IF.DIR && typeOf(st) !== S_IF.DIR) {
          yield* t.warn(`cannot overwrite directory ${quoteaf(to)} with non-directory`);
          continue;
        }
        if (typeOf(dst) !== S_IF.DIR && typeOf(st) === S_IF.DIR) {
          yield* t.warn(`cannot overwrite non-directory ${quoteaf(to)} with directory ${quoteaf(from)}`);
          continue;
        }
        if (over === "-i" && !(yield* askOverwrite(t, to))) continue;
        if (backup !== null) {
          kept = yield* backupName(t, to, backup);
          yield* t.sys.rename(to, kept);
        }
      }
      const r = yield* t.sys.rename(from, to);
      if (r === -Errno.EXDEV) {
        const how: How = {
          recursive: true,
          force: true,
          noClobber: false,
          ask: false,
          preserve: true,
          follow: false,
          update: false,
          verbose: false,
          backup: null,
          link: "",
          attributesOnly: false,
          replace: false,
          device: -1,
        };
        if (yield* copy(t, from, to, how, true)) yield* removeTree(t.sys, from);
        else t.status = 1;
      } else if (r === -Errno.EINVAL) {
        yield* t.warn(`cannot move ${quoteaf(from)} to a subdirectory of itself, ${quoteaf(to)}`);
        continue;
      } else if (r < 0) {
        yield* t.warn(`cannot move ${quoteaf(from)} to ${quoteaf(to)}: ${strerror(r)}`);
        continue;
      }
      if (has("-v") && t.status === 0)
        yield* t.out.print(`renamed ${quoteaf(from)} -> ${quoteaf(to)}${kept === null ? "" : ` (backup: ${quoteaf(kept)})`}\n`);
    }
    return t.status;
  },
});

export const cpCommands = [cp, mv];
