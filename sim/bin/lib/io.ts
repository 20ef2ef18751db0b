/**
 * Standard input and output of a command, as the C library gives them to a program: standard output is buffered (by
 * line on a terminal, by 4 KiB on anything else) and flushed when the program ends, standard error is not buffered.
 * So with 2>&1 into a pipe errors come before output, as they do on Linux.
 *
 * A write to a closed pipe kills the program by SIGPIPE in the kernel; where SIGPIPE is ignored the write's -EPIPE is
 * kept in Out.error and the command says "write error: Broken pipe" if its real counterpart does.
 */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import type { Call, Prog, Sys } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";

/** BUFSIZ of a pipe or file in glibc: st_blksize, 4,096 */
const BUFFER = 4096;

/** Ends the program from any depth: exit(3). Caught by `program` only. */
export class ExitStatus {
  readonly code: number;
  /** goes to standard error first */
  readonly text: string;
  constructor(code: number, text: string) {
    this.code = code & 255;
    this.text = text;
  }
}

/**
 * Writes `text` to standard error, flushes standard output and ends the program with `code` (-1 is 255). Works in plain
 * functions too, so that a parser need not be a generator to complain.
 */
export function exit(code: number, text = ""): never {
  throw new ExitStatus(code, text);
}

/** Writes text to standard output at once. 0 or -errno. */
export function* out(sys: Sys, text: string): Call<number> {
  const r = text === "" ? 0 : yield* sys.write(1, utf8(text));
  return r < 0 ? r : 0;
}

/** Writes text to standard error at once. 0 or -errno. */
export function* err(sys: Sys, text: string): Call<number> {
  const r = text === "" ? 0 : yield* sys.write(2, utf8(text));
  return r < 0 ? r : 0;
}

/** Writes all of the bytes, however often it is interrupted. 0 or -errno. */
export function* writeAll(sys: Sys, fd: number, data: Uint8Array): Call<number> {
  let rest = data;
  while (rest.length > 0) {
    const n = yield* sys.write(fd, rest);
    if (n === -Errno.EINTR) continue;
    if (n < 0) return n;
    rest = rest.subarray(n);
  }
  return 0;
}

/** A stdio stream for writing. Text and bytes may be mixed. */
export class Out {
  readonly sys: Sys;
  readonly fd: number;
  /** first -errno of a write, 0 while all is well */
  error = 0;
  private parts: Uint8Array[] = [];
  private size = 0;
  private text = "";
  private mode: "unknown" | "line" | "full" | "none" = "unknown";

  constructor(sys: Sys, fd = 1) {
    this.sys = sys;
    this.fd = fd;
  }

  /** setvbuf(3): "line" as `tcpdump -l`, "none" writes at once. */
  buffering(mode: "line" | "full" | "none"): void {
    this.mode = mode;
  }

  *print(text: string): Call<void> {
    if (text === "") return;
    this.text += text;
    // the length in characters is a lower bound of that in bytes, so long texts are cut soon enough
    if (this.size + this.text.length >= BUFFER || this.mode !== "full") yield* this.settle(text.indexOf("\n") >= 0);
  }

  *write(data: Uint8Array): Call<void> {
    if (data.length === 0) return;
    this.take();
    this.parts.push(data);
    this.size += data.length;
    yield* this.settle(data.indexOf(10) >= 0);
  }

  *flush(): Call<void> {
    this.take();
    yield* this.drain(this.size);
  }

  private take(): void {
    if (this.text === "") return;
    const b = utf8(this.text);
    this.text = "";
    this.parts.push(b);
    this.size += b.length;
  }

  private *settle(hasLine: boolean): Call<void> {
    if (this.mode === "unknown") this.mode = (yield* this.sys.isatty(this.fd)) === 1 ? "line" : "full";
    if (this.mode === "full") {
      this.take();
      if (this.size >= BUFFER) yield* this.drain(this.size - (this.size % BUFFER));
      return;
    }
    if (this.mode === "none" || hasLine) yield* this.flush();
  }

  private *drain(n: number): Call<void> {
    if (n === 0) return;
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const p of this.parts) {
      all.set(p, at);
      at += p.length;
    }
    this.parts = n < this.size ? [all.slice(n)] : [];
    this.size -= n;
    const r = yield* writeAll(this.sys, this.fd, n < all.length ? all.subarray(0, n) : all);
    if (r < 0 && this.error === 0) this.error = r;
  }
}

/** What a command body works with: its system calls, its name, its standard output. */
export interface Io {
  readonly sys: Sys;
  /** the last part of argv[0] */
  readonly name: string;
  readonly out: Out;
}

/**
 * A program from a body: gives it a buffered standard output, catches `exit`, flushes at the end.
 * The body's return value is its exit status.
 */
export function program(body: (io: Io, args: readonly string[]) => Call<number>): Prog {
  return function* main(sys: Sys, argv: readonly string[]): Call<number> {
    const name = baseName(argv[0] ?? "");
    const io: Io = { sys, name, out: new Out(sys) };
    let code: number;
    try {
      code = yield* body(io, argv.slice(1));
    } catch (e) {
      if (!(e instanceof ExitStatus)) throw e;
      yield* err(sys, e.text);
      code = e.code;
    }
    yield* io.out.flush();
    return code & 255;
  };
}

/** The part after the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Says that the real tool has something that is not modelled; the exit status for it is 64 (EX_USAGE). */
export function* notSimulated(sys: Sys, tool: string, what: string): Call<number> {
  yield* err(sys, `hop: ${tool}: ${what} is not simulated\n`);
  return 64;
}

/** Everything until end of file. Bytes, or -errno. */
export function* readAll(sys: Sys, fd: number): Call<Uint8Array | number> {
  const parts: Uint8Array[] = [];
  let n = 0;
  for (;;) {
    const b = yield* sys.read(fd, 65536);
    if (b === -Errno.EINTR) continue;
    if (typeof b === "number") return b;
    if (b.length === 0) break;
    parts.push(b);
    n += b.length;
  }
  const all = new Uint8Array(n);
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}

/** A whole file. Bytes, or -errno. */
export function* readFile(sys: Sys, path: string): Call<Uint8Array | number> {
  const fd = yield* sys.open(path, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return fd;
  const data = yield* readAll(sys, fd);
  yield* sys.close(fd);
  return data;
}

/** A whole file as text. "-errno" as a number. */
export function* readText(sys: Sys, path: string): Call<string | number> {
  const data = yield* readFile(sys, path);
  return typeof data === "number" ? data : fromUtf8(data);
}

/** The lines of a text without their newlines; a last line without a newline counts. */
export function lines(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/**
 * Reads a file descriptor line by line, as bytes without the newline; holds no more than one line and one chunk.
 * `next` gives null at the end of file, or -errno. `newline` tells whether the last line ended in one.
 */
export class LineReader {
  readonly sys: Sys;
  readonly fd: number;
  /** did the line given last end in a newline? */
  newline = false;
  private buf = new Uint8Array(0);
  private at = 0;
  private eof = false;

  constructor(sys: Sys, fd: number) {
    this.sys = sys;
    this.fd = fd;
  }

  *next(delimiter = 10): Call<Uint8Array | number | null> {
    let from = this.at;
    for (;;) {
      const i = this.buf.indexOf(delimiter, from);
      if (i >= 0) {
        const line = this.buf.slice(this.at, i);
        this.at = i + 1;
        this.newline = true;
        return line;
      }
      if (this.eof) {
        if (this.at >= this.buf.length) return null;
        const line = this.buf.slice(this.at);
        this.at = this.buf.length;
        this.newline = false;
        return line;
      }
      const more = yield* this.sys.read(this.fd, 65536);
      if (more === -Errno.EINTR) continue;
      if (typeof more === "number") return more;
      if (more.length === 0) {
        this.eof = true;
        continue;
      }
      const rest = this.buf.length - this.at;
      const joined = new Uint8Array(rest + more.length);
      joined.set(this.buf.subarray(this.at), 0);
      joined.set(more, rest);
      this.buf = joined;
      this.at = 0;
      from = rest;
    }
  }
}

/**
 * execvpe(3): looks for argv[0] in $PATH unless it has a slash. Returns only when that failed, with -errno: -EACCES when
 * something was found that may not be executed, -ENOENT when nothing was.
 */
export function* execvpe(sys: Sys, argv: readonly string[], env: ReadonlyMap<string, string>): Call<number> {
  const file = argv[0]!;
  if (file === "") return -Errno.ENOENT;
  if (file.includes("/")) return yield* sys.execve(file, argv, env);
  let worst: number = -Errno.ENOENT;
  for (const dir of (env.get("PATH") ?? "/bin:/usr/bin").split(":")) {
    const r = yield* sys.execve(`${dir === "" ? "." : dir}/${file}`, argv, env);
    if (r === -Errno.EACCES) worst = r;
    else if (r !== -Errno.ENOENT && r !== -Errno.ENOTDIR) return r;
  }
  return worst;
}
