/** touch, mkdir, rmdir, rm, ln, mktemp, truncate: one change to the file tree each. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Stat } from "../../kernel/abi.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { civil, daysOf } from "../../core/calendar.ts";
import { argmatch, gnuCommand, quote, quoteaf, type Tool } from "../lib/gnu.ts";
import { type ModeChange, parseMode } from "../lib/mode.ts";
import { canonicalPath } from "../lib/canonical.ts";
import { err } from "../lib/io.ts";
import { backupName, backupOf } from "./backup.ts";
import { parseDate } from "./date.ts";
import { relative } from "./paths.ts";
import { sizeOf } from "./sizes.ts";

const isDir = (st: Stat | number): st is Stat => typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.DIR;

/** [[CC]YY]MMDDhhmm[.ss] in ns, or null. */
function parseStamp(text: string, now: number): number | null {
  const m = /^(?:([0-9]{2})?([0-9]{2}))?([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]{2}))?$/.exec(text);
  if (m === null) return null;
  const [month, day, hour, minute, second] = [m[3], m[4], m[5], m[6], m[7] ?? "0"].map(Number) as [number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const yy = Number(m[2] ?? 0);
  const year =
    m[2] === undefined ? civil(Math.floor(now / 1e9)).year : m[1] !== undefined ? Number(m[1]) * 100 + yy : yy < 69 ? 2000 + yy : 1900 + yy;
  return (daysOf(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 1e9;
}

const touch = gnuCommand({
  name: "touch",
  usage: ["[OPTION]... FILE..."],
  summary: "update the access and modification times of each FILE to the current time",
  description: ["A FILE that does not exist is created empty."],
  options: [
    { names: ["-a"], help: "change only the access time" },
    { names: ["-c", "--no-create"], help: "do not create files" },
    { names: ["-d", "--date"], arg: "STRING", help: "use this time" },
    { names: ["-f"], help: "(nothing)" },
    { names: ["-m"], help: "change only the modification time" },
    { names: ["-r", "--reference"], arg: "FILE", help: "use this file's times" },
    { names: ["-h", "--no-dereference"], help: "change a link itself", notModelled: true },
    { names: ["-t"], arg: "STAMP", help: "use [[CC]YY]MMDDhhmm[.ss]" },
    { names: ["--time"], arg: "WORD", help: "which time to change: access (atime, use) or modify (mtime)" },
  ],
  *main(t, options, operands) {
    const which: string[] = [];
    for (const o of options)
      if (o.name === "--time")
        which.push(
          (yield* argmatch(t, "--time", o.value!, [
            ["atime", "access", "use"],
            ["mtime", "modify"],
          ])) === "atime"
            ? "-a"
            : "-m",
        );
    const has = (n: string): boolean => options.some((o) => o.name === n) || which.includes(n);
    if (has("-t") && (has("-d") || has("-r"))) yield* t.usage("cannot specify times from more than one source");
    if (operands.length === 0) yield* t.usage("missing file operand");
    let atime = yield* t.sys.clock_gettime("realtime");
    let mtime = atime;
    for (const { name, value } of options) {
      if (name === "-d") {
        const when = parseDate(value!, atime);
        if (when === null) return yield* t.die(`invalid date format ${quote(value!)}`);
        atime = mtime = when;
      } else if (name === "-t") {
        const when = parseStamp(value!, atime);
        if (when === null) return yield* t.die(`invalid date format ${quote(value!)}`);
        atime = mtime = when;
      } else if (name === "-r") {
        const st = yield* t.sys.stat(value!);
        if (typeof st === "number") return yield* t.die(`failed to get attributes of ${quoteaf(value!)}: ${strerror(st)}`);
        atime = st.atime;
        mtime = st.mtime;
      }
    }
    for (const file of operands) {
      const st = yield* t.sys.stat(file);
      if (typeof st === "number") {
        if (st === -Errno.ENOENT && has("-c")) continue;
        const fd = st === -Errno.ENOENT ? yield* t.sys.open(file, O.WRONLY | O.CREAT | O.CLOEXEC, 0o666) : st;
        if (fd < 0) {
          yield* t.warn(`cannot touch ${quoteaf(file)}: ${strerror(fd)}`);
          continue;
        }
        yield* t.close(fd);
        if (!has("-d") && !has("-r") && !has("-t")) continue;
      }
      const old = typeof st === "number" ? null : st;
      const r = yield* t.sys.utimens(
        file,
        has("-m") && !has("-a") ? (old?.atime ?? atime) : atime,
        has("-a") && !has("-m") ? (old?.mtime ?? mtime) : mtime,
      );
      if (r < 0) yield* t.warn(`cannot touch ${quoteaf(file)}: ${strerror(r)}`);
    }
    return t.status;
  },
});

const mkdir = gnuCommand({
  name: "mkdir",
  usage: ["[OPTION]... DIRECTORY..."],
  summary: "create the DIRECTORY(ies), if they do not already exist",
  options: [
    { names: ["-m", "--mode"], arg: "MODE", help: "permission bits, as for chmod" },
    { names: ["-p", "--parents"], help: "make parent directories as needed, no error if it exists" },
    { names: ["-v", "--verbose"], help: "say what is made" },
    { names: ["-Z", "--context"], arg: "[CTX]", help: "security context", notModelled: true },
  ],
  *main(t, options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    const parents = options.some((o) => o.name === "-p");
    const verbose = options.some((o) => o.name === "-v");
    const text = options.filter((o) => o.name === "-m").pop()?.value ?? null;
    let change: ModeChange | null = null;
    if (text !== null) {
      change = parseMode(text);
      if (change === null) return yield* t.die(`invalid mode ${quote(text)}`);
    }
    const make = function* (dir: string, last: boolean): Call<boolean> {
      const r = yield* t.sys.mkdir(dir, 0o777);
      if (r === 0) {
        if (verbose) yield* t.out.print(`${t.name}: created directory ${quoteaf(dir)}\n`);
        if (change !== null && last) yield* t.sys.chmod(dir, change(0o40777, 0));
        return true;
      }
      if (parents && isDir(yield* t.sys.stat(dir))) return true;
      yield* t.warn(`cannot create directory ${quote(dir)}: ${strerror(r)}`);
      return false;
    };
    for (const dir of operands) {
      if (!parents) {
        yield* make(dir, true);
        continue;
      }
      const parts = dir.split("/");
      let path = "";
      for (let i = 0; i < parts.length; i++) {
        path += (i > 0 ? "/" : "") + parts[i]!;
        if (parts[i] === "" || parts[i] === "." || parts[i] === "..") continue;
        if (!(yield* make(path, i === parts.length - 1))) break;
      }
    }
    return t.status;
  },
});

const rmdir = gnuCommand({
  name: "rmdir",
  usage: ["[OPTION]... DIRECTORY..."],
  summary: "remove the DIRECTORY(ies), if they are empty",
  options: [
    { names: ["--ignore-fail-on-non-empty"], help: "no error for directories that are not empty" },
    { names: ["-p", "--parents"], help: "remove DIRECTORY and its ancestors" },
    { names: ["-v", "--verbose"], help: "say what is removed" },
  ],
  *main(t, options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    const has = (n: string): boolean => options.some((o) => o.name === n);
    for (const dir of operands) {
      let path = dir.replace(/\/+$/, "") || dir;
      for (;;) {
        if (has("-v")) yield* t.out.print(`${t.name}: removing directory, ${quoteaf(path)}\n`);
        const r = yield* t.sys.rmdir(path);
        if (r < 0) {
          if (!(r === -Errno.ENOTEMPTY && has("--ignore-fail-on-non-empty")))
            yield* t.warn(`failed to remove ${path === dir ? "" : "directory "}${quoteaf(path)}: ${strerror(r)}`);
          break;
        }
        const slash = path.lastIndexOf("/");
        if (!has("-p") || slash <= 0) break;
        path = path.slice(0, slash);
      }
    }
    return t.status;
  },
});

const rm = gnuCommand({
  name: "rm",
  usage: ["[OPTION]... [FILE]..."],
  summary: "remove (unlink) the FILE(s)",
  options: [
    { names: ["-f", "--force"], help: "ignore what does not exist, never ask" },
    { names: ["-i"], help: "ask before every removal" },
    { names: ["-I"], help: "ask once before removing many", notModelled: true },
    { names: ["--interactive"], arg: "[WHEN]", help: "ask never, once or always", notModelled: true },
    { names: ["--one-file-system"], help: "stay on one file system", notModelled: true },
    { names: ["--no-preserve-root"], help: "do not treat / specially", notModelled: true },
    { names: ["--preserve-root"], arg: "[all]", help: "never remove / (default)" },
    { names: ["-r", "-R", "--recursive"], help: "remove directories and what is in them" },
    { names: ["-d", "--dir"], help: "remove empty directories" },
    { names: ["-v", "--verbose"], help: "say what is removed" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    const asking = options.filter((o) => o.name === "-f" || o.name === "-i").pop()?.name ?? "";
    const force = asking === "-f";
    if (operands.length === 0) {
      if (force) return 0;
      yield* t.usage("missing operand");
    }
    const ask = function* (question: string): Call<boolean> {
      yield* t.out.flush();
      yield* t.sys.write(2, Uint8Array.from(Array.from(`${t.name}: ${question} `, (c) => c.charCodeAt(0))));
      const b = yield* t.read(0, 1024);
      return typeof b !== "number" && (b[0] === 121 || b[0] === 89);
    };
    const remove = function* (path: string): Call<boolean> {
      const st = yield* t.sys.lstat(path);
      if (typeof st === "number") {
        if (force && (st === -Errno.ENOENT || st === -Errno.ENOTDIR)) return true;
        yield* t.warn(`cannot remove ${quoteaf(path)}: ${strerror(st)}`);
        return false;
      }
      const dir = (st.mode & S_IF.MT) === S_IF.DIR;
      if (dir && !has("-r") && !has("-d")) {
        yield* t.warn(`cannot remove ${quoteaf(path)}: ${strerror(Errno.EISDIR)}`);
        return false;
      }
      const rows = dir ? yield* t.sys.readdir(path) : [];
      const names = typeof rows === "number" ? [] : rows.map((r) => r.name).filter((n) => n !== "." && n !== "..");
      if (dir && has("-r")) {
        if (typeof rows === "number") {
          yield* t.warn(`cannot remove ${quoteaf(path)}: ${strerror(rows)}`);
          return false;
        }
        if (names.length > 0 && asking === "-i" && !(yield* ask(`descend into directory ${quoteaf(path)}?`))) return true;
        let all = true;
        for (const n of names) if (!(yield* remove(path.endsWith("/") ? path + n : `${path}/${n}`))) all = false;
        if (!all) return false;
      }
      const kind = dir
        ? "directory"
        : (st.mode & S_IF.MT) === S_IF.LNK
          ? "symbolic link"
          : st.size === 0
            ? "regular empty file"
            : "regular file";
      if (asking === "-i" && !(yield* ask(`remove ${kind} ${quoteaf(path)}?`))) return true;
      const r = dir ? yield* t.sys.rmdir(path) : yield* t.sys.unlink(path);
      if (r < 0) {
        yield* t.warn(`cannot remove ${quoteaf(path)}: ${strerror(r)}`);
        return false;
      }
      if (has("-v")) yield* t.out.print(dir ? `removed directory ${quoteaf(path)}\n` : `removed ${quoteaf(path)}\n`);
      return true;
    };
    for (const path of operands) {
      const base = path.replace(/\/+$/, "").split("/").pop();
      if (path.replace(/\/+$/, "") === "" && path !== "" && has("-r")) {
        yield* t.warn("it is dangerous to operate recursively on '/'");
        yield* t.warn("use --no-preserve-root to override this failsafe");
      } else if (base === "." || base === "..") {
        yield* t.warn(`refusing to remove ${quoteaf(".")} or ${quoteaf("..")} directory: skipping ${quoteaf(path)}`);
      } else {
        yield* remove(path);
      }
    }
    return t.status;
  },
});

/** The content of a relative link at `path` that leads to `target`. */
function* fromLink(t: Tool, target: string, path: string): Call<string> {
  const slash = path.lastIndexOf("/");
  const dir = yield* canonicalPath(t.sys, slash < 0 ? "." : path.slice(0, slash) || "/", "all");
  const to = yield* canonicalPath(t.sys, target, "all");
  return typeof dir === "string" && typeof to === "string" ? relative(to, dir) : target;
}

function* confirm(t: Tool, question: string): Call<boolean> {
  yield* t.out.flush();
  yield* err(t.sys, `${t.name}: ${question} `);
  const b = yield* t.read(0, 1024);
  return typeof b !== "number" && (b[0] === 121 || b[0] === 89);
}

const ln = gnuCommand({
  name: "ln",
  usage: [
    "[OPTION]... [-T] TARGET LINK_NAME",
    "[OPTION]... TARGET",
    "[OPTION]... TARGET... DIRECTORY",
    "[OPTION]... -t DIRECTORY TARGET...",
  ],
  summary: "make links between files",
  options: [
    { names: ["-f", "--force"], help: "remove what is in the way" },
    { names: ["-n", "--no-dereference"], help: "a link to a directory is no directory" },
    { names: ["-s", "--symbolic"], help: "make symbolic links" },
    { names: ["-t", "--target-directory"], arg: "DIRECTORY", help: "where to make the links" },
    { names: ["-T", "--no-target-directory"], help: "LINK_NAME is never a directory" },
    { names: ["-v", "--verbose"], help: "say what is linked" },
    { names: ["-b"], help: "keep what is in the way under another name" },
    { names: ["--backup"], arg: "[CONTROL]", help: "the same: numbered, existing, simple or none" },
    { names: ["-i", "--interactive"], help: "ask before removing" },
    { names: ["-r", "--relative"], help: "with -s, targets relative to the link" },
    { names: ["-L", "--logical"], help: "hard links to what a link leads to" },
    { names: ["-P", "--physical"], help: "hard links to links themselves (default)" },
    { names: ["-S", "--suffix"], arg: "SUFFIX", help: "suffix of backups instead of ~" },
    { names: ["-d", "-F", "--directory"], help: "hard links to directories", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length === 0) yield* t.usage("missing file operand");
    if (has("-r") && !has("-s")) yield* t.die("cannot do --relative without --symbolic");
    const backup = yield* backupOf(t, options);
    let targets = operands;
    let dir = options.filter((o) => o.name === "-t").pop()?.value ?? null;
    let name: string | null = null;
    if (dir === null) {
      if (operands.length === 1 && !has("-T")) dir = ".";
      else if (operands.length === 1) yield* t.usage(`missing destination file operand after ${quoteaf(operands[0]!)}`);
      else {
        const last = operands[operands.length - 1]!;
        targets = operands.slice(0, -1);
        const st = has("-n") ? yield* t.sys.lstat(last) : yield* t.sys.stat(last);
        if (!has("-T") && isDir(st)) dir = last;
        else if (targets.length > 1)
          return yield* t.die(`target ${quoteaf(last)}: ${typeof st === "number" ? strerror(st) : strerror(Errno.ENOTDIR)}`);
        else name = last;
      }
    }
    for (const target of targets) {
      const path = name ?? `${dir!.endsWith("/") ? dir : `${dir}/`}${target.replace(/\/+$/, "").split("/").pop()}`;
      const shown = dir === "." && name === null ? `./${target.replace(/\/+$/, "").split("/").pop()}` : path;
      const st = yield* t.sys.stat(target);
      if (!has("-s") && isDir(st)) {
        yield* t.warn(`${target}: hard link not allowed for directory`);
        continue;
      }
      if (!has("-s") && typeof st === "number") {
        yield* t.warn(`failed to access ${quoteaf(target)}: ${strerror(st)}`);
        continue;
      }
      const old = yield* t.sys.lstat(path);
      let kept: string | null = null;
      if (typeof old !== "number" && !isDir(old)) {
        if (has("-i") && !(yield* confirm(t, `replace ${quoteaf(shown)}?`))) continue;
        if (backup !== null) {
          kept = yield* backupName(t, path, backup);
          yield* t.sys.rename(path, kept);
        } else if (has("-f") || has("-i")) yield* t.sys.unlink(path);
      }
      const content = has("-r") ? yield* fromLink(t, target, path) : target;
      const follow = has("-L") ? yield* canonicalPath(t.sys, target, "none") : target;
      const r = has("-s") ? yield* t.sys.symlink(content, path) : yield* t.sys.link(typeof follow === "string" ? follow : target, path);
      if (r < 0) {
        yield* t.warn(
          has("-s")
            ? `failed to create symbolic link ${quoteaf(shown)}: ${strerror(r)}`
            : `failed to create hard link ${quoteaf(shown)}${r === -Errno.EEXIST ? "" : ` => ${quoteaf(target)}`}: ${strerror(r)}`,
        );
      } else if (has("-v")) {
        const note = kept === null ? "" : `${quoteaf(kept)} ~ `;
        yield* t.out.print(`${note}${quoteaf(shown)} ${has("-s") ? "->" : "=>"} ${quoteaf(content)}\n`);
      }
    }
    return t.status;
  },
});

const mktemp = gnuCommand({
  name: "mktemp",
  usage: ["[OPTION]... [TEMPLATE]"],
  summary: "create a temporary file or directory, safely, and print its name",
  options: [
    { names: ["-d", "--directory"], help: "make a directory" },
    { names: ["-u", "--dry-run"], help: "only print a name" },
    { names: ["-q", "--quiet"], help: "no word about failures" },
    { names: ["--suffix"], arg: "SUFF", help: "append to the name" },
    { names: ["-p", "--tmpdir"], arg: "[DIR]", help: "directory of the file" },
    { names: ["-t"], help: "template is below $TMPDIR" },
  ]
    .map((o) => (o.names[0] === "-p" ? { ...o, names: ["-p"], arg: "DIR" } : o))
    .concat([{ names: ["--tmpdir"], arg: "[DIR]", help: "the same; $TMPDIR or /tmp without DIR" }]),
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length > 1) yield* t.usage("too many templates");
    const env = yield* t.sys.getenv();
    const template = operands[0] ?? "tmp.XXXXXXXXXX";
    const suffix = options.filter((o) => o.name === "--suffix").pop()?.value ?? "";
    const m = /^(.*?)(X+)([^X/]*)$/s.exec(template);
    if (m === null || m[2]!.length < 3) return yield* t.die(`too few X's in template ${quote(template)}`);
    let dir = options.filter((o) => o.name === "-p" || o.name === "--tmpdir").pop()?.value ?? null;
    if (dir === null && (operands.length === 0 || has("-t") || has("--tmpdir"))) dir = env.get("TMPDIR") || "/tmp";
    const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (let attempt = 0; attempt < 100; attempt++) {
      let x = "";
      for (let i = 0; i < m[2]!.length; i++) x += LETTERS[(yield* t.sys.getrandom()) % LETTERS.length]!;
      const path = (dir === null ? "" : `${dir.replace(/\/$/, "")}/`) + m[1]! + x + m[3]! + suffix;
      let r = 0;
      if (!has("-u")) {
        r = has("-d") ? yield* t.sys.mkdir(path, 0o700) : yield* t.sys.open(path, O.RDWR | O.CREAT | O.EXCL | O.CLOEXEC, 0o600);
        if (r === -Errno.EEXIST) continue;
      }
      if (r < 0) {
        if (!has("-q"))
          yield* t.warn(
            `failed to create ${has("-d") ? "directory" : "file"} via template ${quote((dir === null ? "" : `${dir}/`) + template)}: ${strerror(r)}`,
          );
        return 1;
      }
      yield* t.out.print(`${path}\n`);
      return 0;
    }
    return 1;
  },
});

function newSize(how: string, now: number, n: number): number {
  switch (how) {
    case "+":
      return now + n;
    case "-":
      return Math.max(0, now - n);
    case "<":
      return Math.min(now, n);
    case ">":
      return Math.max(now, n);
    case "/":
      return Math.floor(now / n) * n;
    case "%":
      return Math.ceil(now / n) * n;
    default:
      return n;
  }
}

const truncate = gnuCommand({
  name: "truncate",
  usage: ["OPTION... FILE..."],
  summary: "shrink or extend the size of each FILE to the specified size",
  options: [
    { names: ["-c", "--no-create"], help: "do not create files" },
    { names: ["-s", "--size"], arg: "SIZE", help: "the new size; +N, -N relative" },
    { names: ["-o", "--io-blocks"], help: "SIZE counts blocks of 4 KiB" },
    { names: ["-r", "--reference"], arg: "RFILE", help: "base the size on this file's" },
  ],
  description: ["SIZE may begin with + or - (relative), < (at most), > (at least), / (down to a multiple) or % (up to a multiple)."],
  *main(t, options, operands) {
    const size = options.filter((o) => o.name === "-s").pop()?.value ?? null;
    const ref = options.filter((o) => o.name === "-r").pop()?.value ?? null;
    const blocks = options.some((o) => o.name === "-o");
    if (size === null && ref === null) return yield* t.usage("you must specify either ‘--size’ or ‘--reference’");
    if (blocks && size === null) yield* t.usage("‘--io-blocks’ was specified but ‘--size’ was not");
    const m = /^\s*([-+<>/%]?)\s*([0-9]+[A-Za-z]*)$/.exec(size ?? "+0");
    const unit = m === null ? null : sizeOf(m[2]!);
    if (m === null || unit === null) return yield* t.die(`Invalid number: ${quote(size!)}`);
    if (ref !== null && size !== null && m[1] === "") yield* t.usage("you must specify a relative ‘--size’ with ‘--reference’");
    if ((m[1] === "/" || m[1] === "%") && unit === 0) yield* t.die("division by zero");
    if (operands.length === 0) yield* t.usage("missing file operand");
    const n = unit * (blocks ? 4096 : 1);
    let base: number | null = null;
    if (ref !== null) {
      const st = yield* t.sys.stat(ref);
      if (typeof st === "number") return yield* t.die(`cannot stat ${quoteaf(ref)}: ${strerror(st)}`);
      base = st.size;
    }
    for (const file of operands) {
      const create = options.some((o) => o.name === "-c") ? 0 : O.CREAT;
      const fd = yield* t.sys.open(file, O.WRONLY | create | O.CLOEXEC, 0o666);
      if (fd < 0) {
        if (!(fd === -Errno.ENOENT && create === 0)) yield* t.warn(`cannot open ${quoteaf(file)} for writing: ${strerror(fd)}`);
        continue;
      }
      const st = yield* t.sys.fstat(fd);
      const now = base ?? (typeof st === "number" ? 0 : st.size);
      const want = newSize(m[1]!, now, n);
      const r = yield* t.sys.ftruncate(fd, want);
      if (r < 0) yield* t.warn(`failed to truncate ${quoteaf(file)} at ${want} bytes: ${strerror(r)}`);
      yield* t.close(fd);
    }
    return t.status;
  },
});

export const filesCommands = [touch, mkdir, rmdir, rm, ln, mktemp, truncate];
