/** head and tail. tail holds no more than the lines it may have to print; tail -f looks again every second, as without inotify. */
import { concatBytes } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import type { Call } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import type { GivenOption } from "../lib/options.ts";
import { O } from "../../kernel/abi.ts";

const SUFFIX: Readonly<Record<string, number>> = {
  "": 1,
  b: 512,
  kB: 1000,
  k: 1024,
  K: 1024,
  KiB: 1024,
  MB: 1000 ** 2,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  m: 1024 ** 2,
  GB: 1000 ** 3,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
};

interface Count {
  readonly n: number;
  /** head: all but the last n; tail: from the nth on */
  readonly inverse: boolean;
  readonly bytes: boolean;
  /** what lines end in */
  readonly end: number;
}

function* countOf(t: Tool, text: string, bytes: boolean, sign: "-" | "+", end: number): Call<Count> {
  const m = /^([-+]?)([0-9]+)([A-Za-z]*)$/.exec(text);
  const unit = m === null ? undefined : SUFFIX[m[3]!];
  if (m === null || unit === undefined) return yield* t.die(`invalid number of ${bytes ? "bytes" : "lines"}: ${quote(text)}`);
  return { n: Number(m[2]) * unit, inverse: m[1] === sign, bytes, end };
}

/** -NUM as the first word stands for -n NUM (-NUMc for bytes). */
function oldStyle(args: readonly string[]): readonly string[] {
  const m = /^-([0-9]+)([cqvf]*)$/.exec(args[0] ?? "");
  if (m === null) return args;
  const rest = m[2]!;
  return [
    rest.includes("c") ? "-c" : "-n",
    m[1]!,
    ...(rest.includes("q") ? ["-q"] : []),
    ...(rest.includes("v") ? ["-v"] : []),
    ...(rest.includes("f") ? ["-f"] : []),
    ...args.slice(1),
  ];
}

function headers(options: readonly GivenOption[], files: number): boolean {
  const last = options.filter((o) => o.name === "-q" || o.name === "-v").pop();
  return last === undefined ? files > 1 : last.name === "-v";
}

const HEADER_OPTIONS = [
  { names: ["-q", "--quiet", "--silent"], help: "never print the file names" },
  { names: ["-v", "--verbose"], help: "always print the file names" },
];

const head = gnuCommand({
  name: "head",
  usage: ["[OPTION]... [FILE]..."],
  summary: "output the first part of files",
  rewrite: oldStyle,
  options: [
    { names: ["-c", "--bytes"], arg: "NUM", help: "the first NUM bytes; with - all but the last NUM" },
    { names: ["-n", "--lines"], arg: "NUM", help: "the first NUM lines; with - all but the last NUM" },
    ...HEADER_OPTIONS,
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
  ],
  *main(t, options, operands) {
    const end = options.some((o) => o.name === "-z") ? 0 : 10;
    let count: Count = { n: 10, inverse: false, bytes: false, end };
    for (const { name, value } of options) if (name === "-c" || name === "-n") count = yield* countOf(t, value!, name === "-c", "-", end);
    const files = operands.length > 0 ? operands : ["-"];
    const titled = headers(options, files.length);
    let first = true;
    for (const file of files) {
      const fd = file === "-" ? 0 : yield* t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
      if (fd < 0) {
        yield* t.warn(`cannot open ${quoteaf(file)} for reading: ${strerror(fd)}`);
        continue;
      }
      if (titled) yield* t.out.print(`${first ? "" : "\n"}==> ${file === "-" ? "standard input" : file} <==\n`);
      first = false;
      yield* count.inverse ? headAllBut(t, file, fd, count) : headOf(t, file, fd, count);
      yield* t.close(fd);
    }
    return t.status;
  },
});

function* headOf(t: Tool, file: string, fd: number, count: Count): Call<void> {
  let left = count.n;
  while (left > 0) {
    const b = yield* t.read(fd, count.bytes ? Math.min(left, 65536) : 8192);
    if (typeof b === "number") return yield* t.warn(`error reading ${quoteaf(file)}: ${strerror(b)}`);
    if (b.length === 0) return;
    if (count.bytes) {
      left -= b.length;
      yield* t.out.write(b);
      continue;
    }
    let end = 0;
    while (left > 0) {
      const i = b.indexOf(count.end, end);
      if (i < 0) {
        end = b.length;
        break;
      }
      end = i + 1;
      left--;
    }
    yield* t.out.write(b.subarray(0, end));
  }
}

/** Keeps what may be the last n back until more comes. */
function* headAllBut(t: Tool, file: string, fd: number, count: Count): Call<void> {
  let held = new Uint8Array(0);
  for (;;) {
    const b = yield* t.read(fd);
    if (typeof b === "number") return yield* t.warn(`error reading ${quoteaf(file)}: ${strerror(b)}`);
    if (b.length === 0) break;
    held = concatBytes([held, b]) as Uint8Array<ArrayBuffer>;
    const cut = count.bytes ? Math.max(0, held.length - count.n) : lastLines(held, count.n, true, count.end);
    if (cut > 0) {
      yield* t.out.write(held.slice(0, cut));
      held = held.slice(cut);
    }
  }
  if (!count.bytes) yield* t.out.write(held.slice(0, lastLines(held, count.n, false, count.end)));
}

/** Where the last n lines of the buffer begin. `open`: more may come, an unfinished line is not counted. */
function lastLines(b: Uint8Array, n: number, open: boolean, nl: number): number {
  let at = b.length;
  if (n === 0) return open ? b.lastIndexOf(nl) + 1 : at;
  let wanted = n;
  if (!open && at > 0 && b[at - 1] !== nl) wanted--;
  else if (open) at = b.lastIndexOf(nl) + 1;
  if (wanted === 0) return b.lastIndexOf(nl) + 1;
  let i = at - 1;
  if (!open && b[i] !== nl) i = b.lastIndexOf(nl, i);
  for (let seen = 0; i >= 0; seen++) {
    if (seen === wanted) return i + 1;
    i = i === 0 ? -1 : b.lastIndexOf(nl, i - 1);
  }
  return 0;
}

const tail = gnuCommand({
  name: "tail",
  usage: ["[OPTION]... [FILE]..."],
  summary: "output the last part of files",
  rewrite: (args) => (/^\+[0-9]+$/.test(args[0] ?? "") ? ["-n", args[0]!, ...args.slice(1)] : oldStyle(args)),
  options: [
    { names: ["-c", "--bytes"], arg: "NUM", help: "the last NUM bytes; +NUM: from byte NUM on" },
    { names: ["-f"], help: "go on as the file grows" },
    { names: ["--follow"], arg: "[HOW]", help: "the same; by descriptor (default) or by name" },
    { names: ["-F"], help: "follow the name, also when it comes later" },
    { names: ["-n", "--lines"], arg: "NUM", help: "the last NUM lines; +NUM: from line NUM on" },
    { names: ["-s", "--sleep-interval"], arg: "N", help: "with -f, seconds between looks" },
    { names: ["--pid"], arg: "PID", help: "with -f, end when this process does" },
    { names: ["--retry"], help: "keep trying to open a file" },
    ...HEADER_OPTIONS,
    { names: ["--max-unchanged-stats"], arg: "N", help: "with --follow=name, when to open again (it is looked at every time)" },
    { names: ["-z", "--zero-terminated"], help: "lines end in NUL" },
  ],
  *main(t, options, operands) {
    const end = options.some((o) => o.name === "-z") ? 0 : 10;
    let count: Count = { n: 10, inverse: false, bytes: false, end };
    let follow = false;
    let byName = false;
    let interval = 1;
    let pid = 0;
    for (const o of options) {
      if (o.name === "-c" || o.name === "-n") count = yield* countOf(t, o.value!, o.name === "-c", "+", end);
      else if (o.name === "-f") follow = true;
      else if (o.name === "--follow") {
        follow = true;
        if (o.value !== null && !["name", "descriptor"].includes(o.value)) {
          yield* t.usage(`invalid argument ${quote(o.value)} for ‘--follow’\nValid arguments are:\n  - ‘descriptor’\n  - ‘name’`);
        }
        byName = o.value === "name";
      } else if (o.name === "-F") follow = byName = true;
      else if (o.name === "-s") {
        if (!/^[0-9]*\.?[0-9]+$/.test(o.value!)) yield* t.die(`invalid number of seconds: ${quote(o.value!)}`);
        interval = Number(o.value);
      } else if (o.name === "--max-unchanged-stats") {
        if (!/^[0-9]+$/.test(o.value!)) yield* t.die(`invalid maximum number of unchanged stats between opens: ${quote(o.value!)}`);
      } else if (o.name === "--pid") {
        if (!/^[0-9]+$/.test(o.value!)) yield* t.die(`invalid PID: ${quote(o.value!)}`);
        pid = Number(o.value);
      }
    }
    const files = operands.length > 0 ? operands : ["-"];
    const titled = headers(options, files.length);
    const open: Followed[] = [];
    let first = true;
    for (const file of files) {
      const fd = file === "-" ? 0 : yield* t.sys.open(file, O.RDONLY | O.CLOEXEC, 0);
      if (fd < 0) {
        yield* t.warn(`cannot open ${quoteaf(file)} for reading: ${strerror(fd)}`);
        if (follow && byName) open.push({ file, fd: -1, size: 0 });
        continue;
      }
      if (titled) yield* t.out.print(`${first ? "" : "\n"}==> ${file === "-" ? "standard input" : file} <==\n`);
      first = false;
      const size = yield* tailOf(t, file, fd, count);
      if (follow && size >= 0) open.push({ file, fd, size });
      else yield* t.close(fd);
    }
    if (follow && open.length > 0) yield* followAll(t, open, byName, interval, pid, titled);
    else if (follow) yield* t.warn("no files remaining");
    return t.status;
  },
});

/** Prints the last part; bytes read so far, or -1 after an error. */
function* tailOf(t: Tool, file: string, fd: number, count: Count): Call<number> {
  let size = 0;
  // from the nth line or byte on: skip, then pass through
  let skip = count.inverse ? Math.max(0, count.n - 1) : 0;
  let held: Uint8Array = new Uint8Array(0);
  for (;;) {
    let b = yield* t.read(fd);
    if (typeof b === "number") {
      yield* t.warn(`error reading ${quoteaf(file)}: ${strerror(b)}`);
      return -1;
    }
    if (b.length === 0) break;
    size += b.length;
    if (!count.inverse) {
      held = concatBytes([held, b]);
      // now and then throw away what can no longer be among the last
      if (held.length > 262144)
        held = held.slice(count.bytes ? Math.max(0, held.length - count.n) : lastLines(held, count.n + 1, false, count.end));
      continue;
    }
    if (count.bytes) {
      const drop = Math.min(skip, b.length);
      skip -= drop;
      b = b.subarray(drop);
    } else {
      let at = 0;
      while (skip > 0) {
        const i = b.indexOf(count.end, at);
        if (i < 0) {
          at = b.length;
          break;
        }
        at = i + 1;
        skip--;
      }
      b = b.subarray(at);
    }
    yield* t.out.write(b);
  }
  if (!count.inverse)
    yield* t.out.write(held.slice(count.bytes ? Math.max(0, held.length - count.n) : lastLines(held, count.n, false, count.end)));
  return size;
}

interface Followed {
  readonly file: string;
  fd: number;
  size: number;
}

function* followAll(t: Tool, files: Followed[], byName: boolean, interval: number, pid: number, titled: boolean): Call<void> {
  let current = files[files.length - 1]!;
  for (;;) {
    yield* t.out.flush();
    if (pid > 0 && (yield* t.sys.kill(pid, 0)) === -Errno.ESRCH) return;
    for (const f of files) {
      if (f.fd < 0) {
        const fd = yield* t.sys.open(f.file, O.RDONLY | O.CLOEXEC, 0);
        if (fd < 0) continue;
        yield* t.warn(`${quoteaf(f.file)} has appeared;  following new file`, 0);
        f.fd = fd;
        f.size = 0;
      }
      const st = yield* t.sys.fstat(f.fd);
      if (typeof st !== "number" && (st.mode & 0o170000) === 0o100000) {
        if (st.size < f.size) {
          yield* t.warn(`${quotef(f.file)}: file truncated`, 0);
          yield* t.sys.lseek(f.fd, 0, "set");
          f.size = 0;
        }
        if (st.size === f.size) {
          if (byName) yield* reopen(t, f);
          continue;
        }
      }
      for (;;) {
        const b = yield* t.read(f.fd);
        if (typeof b === "number" || b.length === 0) break;
        if (titled && f !== current) yield* t.out.print(`\n==> ${f.file} <==\n`);
        current = f;
        f.size += b.length;
        yield* t.out.write(b);
        yield* t.out.flush();
      }
    }
    yield* t.sys.nanosleep(interval * SEC);
  }
}

/** The name stands for another file now, or for none. */
function* reopen(t: Tool, f: Followed): Call<void> {
  const now = yield* t.sys.stat(f.file);
  const then = yield* t.sys.fstat(f.fd);
  if (typeof now === "number") {
    yield* t.warn(`${quoteaf(f.file)} has become inaccessible: ${strerror(now)}`, 0);
    yield* t.close(f.fd);
    f.fd = -1;
    return;
  }
  if (typeof then !== "number" && now.ino === then.ino && now.dev === then.dev) return;
  const fd = yield* t.sys.open(f.file, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return;
  yield* t.warn(`${quoteaf(f.file)} has been replaced;  following new file`, 0);
  yield* t.close(f.fd);
  f.fd = fd;
  f.size = 0;
}

export const headTailCommands = [head, tail];
