/** basename, dirname, realpath, readlink, which: file names as text. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { S_IF } from "../../kernel/abi.ts";
import { parseOptions } from "../lib/options.ts";
import { err } from "../lib/io.ts";
import { canonicalPath } from "../lib/canonical.ts";
import { gnuCommand, quote, quotef } from "../lib/gnu.ts";

function baseOf(path: string): string {
  const s = path.replace(/\/+$/, "");
  return s === "" ? (path === "" ? "" : "/") : s.slice(s.lastIndexOf("/") + 1);
}

const basename = gnuCommand({
  name: "basename",
  usage: ["NAME [SUFFIX]", "OPTION... NAME..."],
  summary: "print NAME with any leading directory components removed",
  posix: true,
  options: [
    { names: ["-a", "--multiple"], help: "every word is a NAME" },
    { names: ["-s", "--suffix"], arg: "SUFFIX", help: "remove a trailing SUFFIX; implies -a" },
    { names: ["-z", "--zero"], help: "end each with NUL, not newline" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length === 0) yield* t.usage("missing operand");
    const many = has("-a") || has("-s");
    if (!many && operands.length > 2) yield* t.usage(`extra operand ${quote(operands[2]!)}`);
    const suffix = options.filter((o) => o.name === "-s").pop()?.value ?? (many ? "" : (operands[1] ?? ""));
    for (const name of many ? operands : operands.slice(0, 1)) {
      let b = baseOf(name);
      if (suffix !== "" && b !== suffix && b.endsWith(suffix)) b = b.slice(0, -suffix.length);
      yield* t.out.print(b + (has("-z") ? "\0" : "\n"));
    }
    return 0;
  },
});

const dirname = gnuCommand({
  name: "dirname",
  usage: ["[OPTION] NAME..."],
  summary: "output each NAME with its last non-slash component and trailing slashes removed",
  options: [{ names: ["-z", "--zero"], help: "end each with NUL, not newline" }],
  *main(t, options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    for (const name of operands) {
      const s = name.replace(/\/+$/, "");
      const slash = s.lastIndexOf("/");
      const d = s === "" ? (name === "" ? "." : "/") : slash < 0 ? "." : s.slice(0, slash).replace(/\/+$/, "") || "/";
      yield* t.out.print(d + (options.length > 0 ? "\0" : "\n"));
    }
    return 0;
  },
});

const isBelow = (path: string, dir: string): boolean => path === dir || dir === "/" || path.startsWith(`${dir}/`);

/** The way from a directory to a path, both canonical. */
export function relative(path: string, from: string): string {
  const a = path.split("/").filter((p) => p !== "");
  const b = from.split("/").filter((p) => p !== "");
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...b.slice(same).map(() => ".."), ...a.slice(same)].join("/") || ".";
}

const realpath = gnuCommand({
  name: "realpath",
  usage: ["[OPTION]... FILE..."],
  summary: "print the resolved absolute file name",
  options: [
    { names: ["-e", "--canonicalize-existing"], help: "all parts must exist" },
    { names: ["-m", "--canonicalize-missing"], help: "no part need exist" },
    { names: ["-q", "--quiet"], help: "no error messages" },
    { names: ["-s", "--strip", "--no-symlinks"], help: "do not follow links" },
    { names: ["-z", "--zero"], help: "end each with NUL, not newline" },
    { names: ["-P", "--physical"], help: "follow links as they come (default)" },
    { names: ["-L", "--logical"], help: "resolve .. before links" },
    { names: ["--relative-to"], arg: "DIR", help: "print the path relative to DIR" },
    { names: ["--relative-base"], arg: "DIR", help: "absolute unless it is below DIR" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length === 0) yield* t.usage("missing operand");
    const mode = has("-e") ? "none" : has("-m") ? "all" : "last";
    const logical = options.findLast((o) => o.name === "-L" || o.name === "-P")?.name === "-L";
    const resolve = function* (path: string): Call<string | number> {
      if (!logical || has("-s")) return yield* canonicalPath(t.sys, path, mode, has("-s"));
      const whole = yield* t.sys.stat(path);
      if (typeof whole === "number" && (mode === "none" || whole === -Errno.ENOTDIR)) return whole;
      const first = yield* canonicalPath(t.sys, path, "all", true);
      return typeof first === "number" ? first : yield* canonicalPath(t.sys, first, mode);
    };
    const directory = function* (name: string): Call<string | null> {
      const dir = options.findLast((o) => o.name === name)?.value ?? null;
      if (dir === null) return null;
      const r = yield* resolve(dir);
      if (typeof r === "number") return yield* t.die(`${quotef(dir)}: ${strerror(r)}`);
      const st = yield* t.sys.stat(r);
      if (has("-e") && typeof st !== "number" && (st.mode & S_IF.MT) !== S_IF.DIR)
        return yield* t.die(`${quotef(dir)}: ${strerror(-Errno.ENOTDIR)}`);
      return r;
    };
    const below = yield* directory("--relative-base");
    const to = (yield* directory("--relative-to")) ?? below;
    for (const file of operands) {
      let r = yield* resolve(file);
      if (typeof r === "string" && to !== null && (below === null || (isBelow(r, below) && isBelow(to, below)))) r = relative(r, to);
      if (typeof r === "number") {
        if (has("-q")) t.status = 1;
        else yield* t.fileError(file, r);
      } else yield* t.out.print(r + (has("-z") ? "\0" : "\n"));
    }
    return t.status;
  },
});

const readlink = gnuCommand({
  name: "readlink",
  usage: ["[OPTION]... FILE..."],
  summary: "print value of a symbolic link or canonical file name",
  options: [
    { names: ["-f", "--canonicalize"], help: "follow every link; the last part need not exist" },
    { names: ["-e", "--canonicalize-existing"], help: "the same, all parts must exist" },
    { names: ["-m", "--canonicalize-missing"], help: "the same, no part need exist" },
    { names: ["-n", "--no-newline"], help: "no newline at the end" },
    { names: ["-q", "--quiet", "-s", "--silent"], help: "no error messages (default)" },
    { names: ["-v", "--verbose"], help: "error messages" },
    { names: ["-z", "--zero"], help: "end each with NUL, not newline" },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length === 0) yield* t.usage("missing operand");
    for (const file of operands) {
      const r =
        has("-f") || has("-e") || has("-m")
          ? yield* canonicalPath(t.sys, file, has("-e") ? "none" : has("-m") ? "all" : "last")
          : yield* t.sys.readlink(file);
      if (typeof r === "number") {
        if (has("-v")) yield* t.fileError(file, r);
        else t.status = 1;
      } else yield* t.out.print(r + (has("-n") && operands.length === 1 ? "" : has("-z") ? "\0" : "\n"));
    }
    return t.status;
  },
});

const WHICH_OPTIONS = [{ names: ["-a"], help: "" }];

const which = gnuCommand({
  name: "which",
  pkg: "debianutils 5.7-0.5~deb12u1",
  version: "which (debianutils) 5.7",
  usage: ["[-a] args"],
  summary: "locate a command",
  bare: true,
  options: [{ names: ["-a"], help: "all places, not only the first" }],
  *main(t, _options, words) {
    // a shell script with getopts
    const { options, operands, error } = parseOptions(WHICH_OPTIONS, words, { posix: true });
    if (error !== null) {
      yield* err(t.sys, `Illegal option -${error.kind === "unknown-short" ? error.char : "-"}\n`);
      yield* t.out.print("Usage: /usr/bin/which [-a] args\n");
      return 2;
    }
    const path = (yield* t.sys.getenv()).get("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
    const all = options.some((o) => o.name === "-a");
    for (const name of operands) {
      let found = false;
      const candidates = name.includes("/") ? [name] : path.split(":").map((d) => `${d === "" ? "." : d}/${name}`);
      for (const c of candidates) {
        const st = yield* t.sys.stat(c);
        if (typeof st === "number" || (st.mode & S_IF.MT) !== S_IF.REG || (yield* t.sys.access(c, 1)) !== 0) continue;
        found = true;
        yield* t.out.print(`${c}\n`);
        if (!all) break;
      }
      if (!found) t.status = 1;
    }
    return operands.length === 0 ? 1 : t.status;
  },
});

export const pathsCommands = [basename, dirname, realpath, readlink, which];
