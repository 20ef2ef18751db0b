/** find of findutils 4.9: tests and actions over a directory tree. An expression is a tree; -exec … + gathers names. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, Stat } from "../../kernel/abi.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { canonicalPath } from "../lib/canonical.ts";
import { Out } from "../lib/io.ts";
import { parseMode } from "../lib/mode.ts";
import { fileSystemOf, mountTable } from "../lib/mounts.ts";
import { lsText, printfText } from "./print.ts";
import { spawnp } from "../lib/exec.ts";
import { globMatch } from "../lib/glob.ts";
import { gnuCommand, quote, type Tool } from "../lib/gnu.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import { readGroups, readUsers } from "../lib/users.ts";

interface Here {
  readonly path: string;
  readonly st: Stat;
  readonly depth: number;
  /** the word of the command line that it was found below */
  readonly start: string;
}
type Node =
  | { readonly k: "and" | "or" | "list"; readonly a: Node; readonly b: Node }
  | { readonly k: "not"; readonly a: Node }
  | { readonly k: "test"; readonly run: (f: Finder, h: Here) => Call<boolean> };

const TYPES: Readonly<Record<string, number>> = {
  f: S_IF.REG,
  d: S_IF.DIR,
  l: S_IF.LNK,
  p: S_IF.IFO,
  s: S_IF.SOCK,
  c: S_IF.CHR,
  b: S_IF.BLK,
};
const NOT_MODELLED = ["-fls", "-ok", "-okdir", "-execdir", "-context", "-used", "-daystart", "-files0-from", "-O"];

class Finder {
  readonly t: Tool;
  now = 0;
  minDepth = 0;
  maxDepth = Number.MAX_SAFE_INTEGER;
  depthFirst = false;
  follow = false;
  xdev = false;
  action = false;
  prune = false;
  quit = false;
  readonly outputs = new Map<string, Out>();
  readonly gathered: { argv: readonly string[]; names: string[] }[] = [];

  constructor(t: Tool) {
    this.t = t;
  }

  /** The file of -fprint and -fprintf, opened once. */
  *output(path: string): Call<Out> {
    const open = this.outputs.get(path);
    if (open !== undefined) return open;
    if (path === "/dev/stdout") return this.t.out;
    const fd = yield* this.t.sys.open(path, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, 0o666);
    if (fd < 0) return yield* this.t.die(`${quote(path)}: ${strerror(fd)}`);
    const out = new Out(this.t.sys, fd);
    this.outputs.set(path, out);
    return out;
  }

  *spawn(argv: readonly string[]): Call<boolean> {
    yield* this.t.out.flush();
    const pid = yield* spawnp(this.t.sys, argv);
    if (pid < 0) {
      yield* this.t.warn(`${quote(argv[0]!)}: ${strerror(pid)}`);
      return false;
    }
    for (;;) {
      const st = yield* this.t.sys.wait4(pid, {});
      if (st === -Errno.EINTR) continue;
      return typeof st !== "number" && st !== null && st.kind === "exited" && st.value === 0;
    }
  }
}

class Parser {
  private readonly f: Finder;
  private readonly w: readonly string[];
  private i = 0;

  constructor(f: Finder, w: readonly string[]) {
    this.f = f;
    this.w = w;
  }

  *parse(): Call<Node | null> {
    if (this.w.length === 0) return null;
    const n = yield* this.comma();
    if (this.i < this.w.length) {
      if (this.w[this.i] === ")") return yield* this.f.t.die("invalid expression; you have too many ')'");
      return yield* this.stray(this.w[this.i]!);
    }
    return n;
  }

  /** A path behind the expression: often the shell expanded an unquoted pattern. */
  private *stray(word: string): Call<never> {
    const at = this.w.indexOf(word);
    const before = at >= 2 ? this.w[at - 2]! : "";
    const hint = ["-name", "-iname", "-path", "-ipath", "-regex", "-iregex"].includes(before)
      ? `\n${this.f.t.name}: possible unquoted pattern after predicate \`${before}'?`
      : "";
    return yield* this.f.t.die(`paths must precede expression: \`${word}'${hint}`);
  }

  private *comma(): Call<Node> {
    let a = yield* this.or();
    while (this.w[this.i] === ",") {
      this.i++;
      a = { k: "list", a, b: yield* this.or() };
    }
    return a;
  }

  private *or(): Call<Node> {
    let a = yield* this.and();
    while (this.w[this.i] === "-o" || this.w[this.i] === "-or") {
      const op = this.w[this.i++]!;
      if (this.i >= this.w.length)
        return yield* this.f.t.die(
          `invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '${op}'`,
        );
      a = { k: "or", a, b: yield* this.and() };
    }
    return a;
  }

  private *and(): Call<Node> {
    let a = yield* this.not();
    for (;;) {
      const w = this.w[this.i];
      if (w === undefined || w === ")" || w === "-o" || w === "-or" || w === ",") return a;
      if (w === "-a" || w === "-and") this.i++;
      a = { k: "and", a, b: yield* this.not() };
    }
  }

  private *not(): Call<Node> {
    if (this.w[this.i] === "!" || this.w[this.i] === "-not") {
      this.i++;
      return { k: "not", a: yield* this.not() };
    }
    return yield* this.primary();
  }

  private *argument(name: string): Call<string> {
    const v = this.w[this.i++];
    return v === undefined ? yield* this.f.t.die(`missing argument to \`${name}'`) : v;
  }

  /** "+5", "-5", "5": a test of a count. */
  private *count(name: string): Call<(v: number) => boolean> {
    const text = yield* this.argument(name);
    const m = /^([-+]?)([0-9]+(?:\.[0-9]+)?)$/.exec(text);
    if (m === null) return yield* this.f.t.die(`invalid argument \`${text}' to \`${name}'`);
    const n = Number(m[2]);
    return m[1] === "+" ? (v) => v > n : m[1] === "-" ? (v) => v < n : (v) => v === n;
  }

  private *primary(): Call<Node> {
    const f = this.f;
    const name = this.w[this.i++];
    // eslint-disable-next-line require-yield
    const pure = (run: (h: Here) => boolean): Node => ({
      k: "test",
      // eslint-disable-next-line require-yield
      run: function* (_f, h) {
        return run(h);
      },
    });
    const base = (h: Here): string => h.path.replace(/(?!^)\/+$/, "").replace(/^.*\/(?=.)/, "");
    switch (name) {
      case undefined:
        return yield* f.t.die("invalid expression");
      case "(": {
        if (this.i >= this.w.length)
          return yield* f.t.die(
            "invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('",
          );
        const n = yield* this.comma();
        if (this.w[this.i] !== ")")
          return yield* f.t.die("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
        this.i++;
        return n;
      }
      case "-true":
        return pure(() => true);
      case "-false":
        return pure(() => false);
      case "-name":
      case "-iname": {
        const p = yield* this.argument(name);
        return pure((h) => globMatch(p, base(h), name === "-iname"));
      }
      case "-path":
      case "-wholename":
      case "-ipath":
      case "-iwholename": {
        const p = yield* this.argument(name);
        return pure((h) => globMatch(p, h.path, name.startsWith("-i")));
      }
      case "-lname":
      case "-ilname": {
        const p = yield* this.argument(name);
        return {
          k: "test",
          *run(x, h) {
            const to = (h.st.mode & S_IF.MT) === S_IF.LNK ? yield* x.t.sys.readlink(h.path) : 0;
            return typeof to === "string" && globMatch(p, to, name === "-ilname");
          },
        };
      }
      case "-inum": {
        const test = yield* this.count(name);
        return pure((h) => test(h.st.ino));
      }
      case "-uid":
      case "-gid": {
        const test = yield* this.count(name);
        return pure((h) => test(name === "-uid" ? h.st.uid : h.st.gid));
      }
      case "-nouser":
      case "-nogroup": {
        const ids = name === "-nouser" ? (yield* readUsers(f.t.sys)).map((u) => u.uid) : (yield* readGroups(f.t.sys)).map((g) => g.gid);
        return pure((h) => !ids.includes(name === "-nouser" ? h.st.uid : h.st.gid));
      }
      case "-samefile": {
        const file = yield* this.argument(name);
        const st = f.follow ? yield* f.t.sys.stat(file) : yield* f.t.sys.lstat(file);
        if (typeof st === "number") return yield* f.t.die(`${quote(file)}: ${strerror(st)}`);
        return pure((h) => h.st.ino === st.ino && h.st.dev === st.dev);
      }
      case "-fstype": {
        const wanted = yield* this.argument(name);
        const rows = yield* mountTable(f.t.sys);
        return {
          k: "test",
          *run(x, h) {
            const path = yield* canonicalPath(x.t.sys, h.path, "last", true);
            return typeof path === "string" && fileSystemOf(rows, path)?.type === wanted;
          },
        };
      }
      case "-regex":
      case "-iregex": {
        const re = compileRegex(`^\\(${yield* this.argument(name)}\\)$`, "bre", { ignoreCase: name === "-iregex" });
        if (!(re instanceof Regex))
          return re.notSimulated !== null ? yield* f.t.notSimulated(re.notSimulated) : yield* f.t.die(re.message!);
        return pure((h) => re.test(h.path));
      }
      case "-type":
      case "-xtype": {
        const text = yield* this.argument(name);
        const types: number[] = [];
        for (const c of text.split(",")) {
          if (TYPES[c] === undefined) return yield* f.t.die(`Unknown argument to ${name}: ${c}`);
          types.push(TYPES[c]);
        }
        if (name === "-xtype")
          return {
            k: "test",
            *run(x, h) {
              // what a link leads to (with -L the link itself), or the link where it leads nowhere
              const st = f.follow ? yield* x.t.sys.lstat(h.path) : yield* x.t.sys.stat(h.path);
              return types.includes((typeof st === "number" ? h.st.mode : st.mode) & S_IF.MT);
            },
          };
        return pure((h) => types.includes(h.st.mode & S_IF.MT));
      }
      case "-empty":
        return {
          k: "test",
          *run(x, h) {
            if ((h.st.mode & S_IF.MT) === S_IF.REG) return h.st.size === 0;
            if ((h.st.mode & S_IF.MT) !== S_IF.DIR) return false;
            const rows = yield* x.t.sys.readdir(h.path);
            return typeof rows !== "number" && rows.every((r) => r.name === "." || r.name === "..");
          },
        };
      case "-size": {
        const text = yield* this.argument(name);
        const m = /^([-+]?)([0-9]+)([bcwkMG]?)$/.exec(text);
        if (m === null) return yield* f.t.die(`Invalid argument \`${text}' to -size`);
        const unit = { "": 512, b: 512, c: 1, w: 2, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[m[3] as ""];
        const n = Number(m[2]);
        return pure((h) => {
          const v = Math.ceil(h.st.size / unit);
          return m[1] === "+" ? v > n : m[1] === "-" ? v < n : v === n;
        });
      }
      case "-mtime":
      case "-atime":
      case "-ctime":
      case "-mmin":
      case "-amin":
      case "-cmin": {
        const test = yield* this.count(name);
        const field = `${name[1]}time` as "mtime" | "atime" | "ctime";
        const unit = name.endsWith("min") ? 60e9 : 86400e9;
        return pure((h) => test(name.endsWith("min") ? Math.ceil((f.now - h.st[field]) / unit) : Math.floor((f.now - h.st[field]) / unit)));
      }
      case "-newer": {
        const file = yield* this.argument(name);
        const st = yield* f.t.sys.stat(file);
        if (typeof st === "number") return yield* f.t.die(`${quote(file)}: ${strerror(st)}`);
        return pure((h) => h.st.mtime > st.mtime);
      }
      case "-links": {
        const test = yield* this.count(name);
        return pure((h) => test(h.st.nlink));
      }
      case "-perm": {
        const text = yield* this.argument(name);
        const m = /^([-/]?)(.*)$/.exec(text)!;
        const change = parseMode(m[2]!);
        if (change === null) return yield* f.t.die(`invalid mode ${quote(text)}`);
        const bits = change(0, 0);
        return pure((h) =>
          m[1] === "-"
            ? (h.st.mode & bits) === bits
            : m[1] === "/"
              ? bits === 0 || (h.st.mode & bits) !== 0
              : (h.st.mode & 0o7777) === bits,
        );
      }
      case "-user":
      case "-group": {
        const who = yield* this.argument(name);
        const list =
          name === "-user"
            ? (yield* readUsers(f.t.sys)).map((u) => [u.name, u.uid] as const)
            : (yield* readGroups(f.t.sys)).map((g) => [g.name, g.gid] as const);
        const id = list.find(([n]) => n === who)?.[1] ?? (/^[0-9]+$/.test(who) ? Number(who) : null);
        if (id === null)
          return yield* f.t.die(
            name === "-user" ? `${quote(who)} is not the name of a known user` : `${quote(who)} is not the name of an existing group`,
          );
        return pure((h) => (name === "-user" ? h.st.uid : h.st.gid) === id);
      }
      case "-readable":
      case "-writable":
      case "-executable":
        return {
          k: "test",
          *run(x, h) {
            return (yield* x.t.sys.access(h.path, name === "-readable" ? 4 : name === "-writable" ? 2 : 1)) === 0;
          },
        };
      case "-maxdepth":
      case "-mindepth": {
        const text = yield* this.argument(name);
        if (!/^[0-9]+$/.test(text))
          return yield* f.t.die(`Expected a positive decimal integer argument to ${name}, but got ${quote(text)}`);
        if (name === "-maxdepth") f.maxDepth = Number(text);
        else f.minDepth = Number(text);
        return pure(() => true);
      }
      case "-depth":
      case "-d":
        f.depthFirst = true;
        return pure(() => true);
      case "-mount":
      case "-xdev":
        f.xdev = true;
        return pure(() => true);
      case "-print":
      case "-print0":
        f.action = true;
        return {
          k: "test",
          *run(x, h) {
            yield* x.t.out.print(h.path + (name === "-print0" ? "\0" : "\n"));
            return true;
          },
        };
      case "-printf":
      case "-ls":
      case "-fprintf":
      case "-fprint":
      case "-fprint0": {
        f.action = true;
        const to = name.startsWith("-f") ? yield* this.argument(name) : null;
        const format = name.endsWith("printf") ? yield* this.argument(name) : "";
        const out = to === null ? f.t.out : yield* f.output(to);
        const users = yield* readUsers(f.t.sys);
        const groups = yield* readGroups(f.t.sys);
        return {
          k: "test",
          *run(x, h) {
            const entry = { ...h, users, groups, now: f.now };
            if (name.endsWith("printf")) yield* out.print(yield* printfText(x.t, format, entry));
            else if (name === "-ls") yield* out.print(yield* lsText(x.t, entry));
            else yield* out.print(h.path + (name === "-fprint0" ? "\0" : "\n"));
            return true;
          },
        };
      }
      case "-prune":
        return pure(() => (f.prune = true));
      case "-quit":
        f.action = true;
        return pure(() => (f.quit = true));
      case "-delete":
        f.action = f.depthFirst = true;
        return {
          k: "test",
          *run(x, h) {
            if (h.path === ".") return true;
            const r = (h.st.mode & S_IF.MT) === S_IF.DIR ? yield* x.t.sys.rmdir(h.path) : yield* x.t.sys.unlink(h.path);
            if (r < 0) yield* x.t.warn(`cannot delete ${quote(h.path)}: ${strerror(r)}`);
            return r >= 0;
          },
        };
      case "-exec": {
        const argv: string[] = [];
        for (;;) {
          const w = this.w[this.i++];
          if (w === undefined) return yield* f.t.die("missing argument to `-exec'");
          if (w === ";" || (w === "+" && argv[argv.length - 1] === "{}")) {
            if (argv.length === 0) return yield* f.t.die(`invalid argument \`${w}' to \`-exec'`);
            f.action = true;
            if (w === "+") {
              const g = { argv: argv.slice(0, -1), names: [] as string[] };
              f.gathered.push(g);
              // eslint-disable-next-line require-yield
              return {
                k: "test",
                // eslint-disable-next-line require-yield
                *run(_x, h) {
                  g.names.push(h.path);
                  return true;
                },
              };
            }
            return {
              k: "test",
              *run(x, h) {
                return yield* x.spawn(argv.map((a) => a.replaceAll("{}", h.path)));
              },
            };
          }
          argv.push(w);
        }
      }
      case "-a":
      case "-and":
      case "-o":
      case "-or":
        return yield* f.t.die(`invalid expression; you have used a binary operator '${name}' with nothing before it.`);
      default:
        if (NOT_MODELLED.includes(name) || name.startsWith("-newer")) return yield* f.t.notSimulated(`predicate ${name}`);
        if (!name.startsWith("-")) return yield* this.stray(name);
        return yield* f.t.die(`unknown predicate \`${name}'`);
    }
  }
}

function* holds(f: Finder, n: Node, h: Here): Call<boolean> {
  switch (n.k) {
    case "and":
      return (yield* holds(f, n.a, h)) && !f.quit && (yield* holds(f, n.b, h));
    case "or":
      return (yield* holds(f, n.a, h)) || (yield* holds(f, n.b, h));
    case "list":
      yield* holds(f, n.a, h);
      return yield* holds(f, n.b, h);
    case "not":
      return !(yield* holds(f, n.a, h));
    case "test":
      return yield* n.run(f, h);
  }
}

function* visit(f: Finder, expr: Node, path: string, depth: number, dev: number, start: string): Call<void> {
  if (f.quit) return;
  let st = f.follow ? yield* f.t.sys.stat(path) : yield* f.t.sys.lstat(path);
  if (typeof st === "number" && f.follow) st = yield* f.t.sys.lstat(path);
  if (typeof st === "number") return yield* f.t.warn(`${quote(path)}: ${strerror(st)}`);
  const here: Here = { path, st, depth, start };
  f.prune = false;
  if (!f.depthFirst && depth >= f.minDepth) yield* holds(f, expr, here);
  const pruned = f.prune && !f.depthFirst;
  f.prune = false;
  if ((st.mode & S_IF.MT) === S_IF.DIR && !pruned && depth < f.maxDepth && !f.quit && !(f.xdev && depth > 0 && st.dev !== dev)) {
    const rows = yield* f.t.sys.readdir(path);
    if (typeof rows === "number") yield* f.t.warn(`${quote(path)}: ${strerror(rows)}`);
    else
      for (const r of rows)
        if (r.name !== "." && r.name !== "..")
          yield* visit(f, expr, path.endsWith("/") ? path + r.name : `${path}/${r.name}`, depth + 1, depth === 0 ? st.dev : dev, start);
  }
  if (f.depthFirst && depth >= f.minDepth && !f.quit) yield* holds(f, expr, here);
}

const find = gnuCommand({
  name: "find",
  pkg: "findutils 4.9.0-4",
  version: "find (GNU findutils) 4.9.0",
  usage: ["[-H] [-L] [-P] [path...] [expression]"],
  summary: "search for files in a directory hierarchy",
  description: [
    "Tests: -name -iname -path -lname -regex -type -xtype -size -empty -mtime -mmin -newer -user -group -uid -gid -nouser -perm -readable -writable -executable -links -inum -samefile -fstype. Operators: ( ) ! -a -o ,",
    "Actions: -print -print0 -printf -ls -fprint -fprintf -delete -prune -quit -exec COMMAND ; -exec COMMAND {} +. Limits: -maxdepth -mindepth -depth -xdev.",
  ],
  examples: [
    { cmd: "find /etc -name '*.conf'", what: "files by name" },
    { cmd: "find . -type f -size +1M", what: "large files" },
  ],
  seeAlso: ["ls(1)", "xargs(1)"],
  options: NOT_MODELLED.map((n) => ({ names: [n], help: "a test or action of the real find", notModelled: true as const })),
  bare: true,
  *main(t, _options, args) {
    const f = new Finder(t);
    f.now = yield* t.sys.clock_gettime("realtime");
    let words = args;
    if (words[0] === "-help" || words[0] === "--help") words = [];
    while (words[0] === "-H" || words[0] === "-L" || words[0] === "-P") {
      f.follow = words[0] === "-L";
      words = words.slice(1);
    }
    if (/^-[DO]/.test(words[0] ?? "")) yield* t.notSimulated(`option ${words[0]!.slice(0, 2)}`);
    const at = words.findIndex((w) => (w.startsWith("-") && w.length > 1) || w === "(" || w === "!" || w === ")" || w === ",");
    const paths = at < 0 ? words : words.slice(0, at);
    const parsed = yield* new Parser(f, at < 0 ? [] : words.slice(at)).parse();
    const print: Node = {
      k: "test",
      *run(x, h) {
        yield* x.t.out.print(`${h.path}\n`);
        return true;
      },
    };
    const expr: Node = parsed === null ? print : f.action ? parsed : { k: "and", a: parsed, b: print };
    for (const p of paths.length > 0 ? paths : ["."]) yield* visit(f, expr, p, 0, 0, p);
    for (const g of f.gathered) if (g.names.length > 0 && !(yield* f.spawn([...g.argv, ...g.names]))) t.status = 1;
    for (const out of f.outputs.values()) yield* out.flush();
    return t.status;
  },
});

export const commands: readonly Command[] = [find];
