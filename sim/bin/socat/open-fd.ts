/** Addresses over files and descriptors: STDIO, STDIN, STDOUT, STDERR, FD, OPEN, GOPEN, CREATE, PIPE. */
import { Errno, strerror } from "../../core/result.ts";
import { type Call, O, S_IF } from "../../kernel/abi.ts";
import { BUFFER } from "./log.ts";
import type { Open } from "./open.ts";
import { ACCESS, Dir, fdStream, move, quoted, type Stream } from "./stream.ts";

/** STDIO reads 0 and writes 1, each by itself too. */
export function* openStdio(o: Open): Call<Stream> {
  const { log, dir } = o;
  if (dir === Dir.BOTH) yield* log.notice("reading from and writing to stdio");
  else yield* log.notice(dir === Dir.READ ? "using stdin for reading" : "using stdout for writing");
  return yield* fdStream(o.sys, log, dir & Dir.READ ? 0 : -1, dir & Dir.WRITE ? 1 : -1, BUFFER, { ignoreEof: o.opts.has("ignoreeof") });
}

const WAY: Readonly<Record<Dir, string>> = { 1: "reading", 2: "writing", 3: "reading and writing" };

/** One descriptor for whatever is asked of it. */
export function* openNumber(o: Open, fd: number, name: string | null): Call<Stream> {
  yield* o.log.notice(`using ${name ?? `file descriptor ${fd}`} for ${WAY[o.dir]}`);
  return yield* fdStream(o.sys, o.log, o.dir & Dir.READ ? fd : -1, o.dir & Dir.WRITE ? fd : -1, BUFFER, {
    ignoreEof: o.opts.has("ignoreeof"),
  });
}

export function* openFd(o: Open): Call<Stream> {
  const word = o.params[0] ?? "";
  if (!/^[0-9]+$/.test(word)) yield* o.log.error(`error in FD number ${quoted(word)}`);
  return yield* openNumber(o, Number(word), null);
}

function openFlags(o: Open): number {
  const { opts } = o;
  let flags = ACCESS[o.dir];
  if (opts.has("rdonly")) flags = O.RDONLY;
  if (opts.has("wronly")) flags = O.WRONLY;
  if (opts.has("rdwr")) flags = O.RDWR;
  if (opts.has("creat")) flags |= O.CREAT;
  if (opts.has("excl")) flags |= O.EXCL;
  if (opts.has("trunc")) flags |= O.TRUNC;
  if (opts.has("append")) flags |= O.APPEND;
  if (opts.has("nonblock")) flags |= O.NONBLOCK;
  return flags;
}

function fileMode(o: Open): number {
  const m = o.opts.text("mode");
  return m === null ? 0o666 : Number.parseInt(m, 8) || 0;
}

function* openPath(o: Open, path: string, flags: number): Call<Stream> {
  const { sys, log } = o;
  const st = yield* sys.stat(path);
  if (o.dir !== Dir.READ || typeof st !== "number") {
    const type = typeof st === "number" ? 0 : st.mode & S_IF.MT;
    const what =
      type === 0
        ? "undef"
        : type === S_IF.REG
          ? "regular file"
          : type === S_IF.CHR
            ? "character device"
            : type === S_IF.IFO
              ? "FIFO"
              : "file";
    yield* log.notice(`opening ${what} ${quoted(path)} for ${WAY[o.dir]}`);
  }
  let fd = yield* sys.open(path, flags, fileMode(o));
  while (fd === -Errno.EINTR) {
    yield* log.signals();
    fd = yield* sys.open(path, flags, fileMode(o));
  }
  if (fd < 0)
    yield* log.error(`open(${quoted(path)}, 0${flags.toString(8)}, 0${fileMode(o).toString(8).padStart(3, "0")}): ${strerror(fd)}`);
  const at = yield* move(sys, fd);
  return yield* fdStream(sys, log, o.dir & Dir.READ ? at : -1, o.dir & Dir.WRITE ? at : -1, BUFFER, {
    ignoreEof: o.opts.has("ignoreeof"),
    *close() {
      if (o.opts.has("unlink-close")) yield* sys.unlink(path);
    },
  });
}

export function* openOpen(o: Open): Call<Stream> {
  return yield* openPath(o, o.params.join(":"), openFlags(o));
}

/** GOPEN: an existing file for appending, a new one with creat. */
export function* openGopen(o: Open): Call<Stream> {
  const path = o.params.join(":");
  const st = yield* o.sys.stat(path);
  let flags = openFlags(o);
  if (typeof st === "number") {
    if (o.dir !== Dir.READ) flags |= O.CREAT;
  } else if ((st.mode & S_IF.MT) === S_IF.REG && o.dir !== Dir.READ && !o.opts.has("trunc")) flags |= O.APPEND;
  return yield* openPath(o, path, flags);
}

export function* openCreate(o: Open): Call<Stream> {
  const path = o.params.join(":");
  const { sys, log } = o;
  if (o.dir !== Dir.WRITE) yield* log.error(`CREATE: cannot be read from`);
  const fd = yield* move(sys, yield* sys.open(path, O.WRONLY | O.CREAT | O.TRUNC, fileMode(o)));
  if (fd < 0) yield* log.error(`creat(${quoted(path)}, 0${fileMode(o).toString(8).padStart(3, "0")}): ${strerror(fd)}`);
  return yield* fdStream(sys, log, -1, fd, BUFFER);
}

/** PIPE: what is written to it comes back; PIPE:PATH a named one, made where there is none and then removed in the end. */
export function* openPipe(o: Open): Call<Stream> {
  const { sys, log } = o;
  if (o.params.length === 0) {
    const p = yield* sys.pipe(O.CLOEXEC);
    if (typeof p === "number") return yield* log.error(`pipe(): ${strerror(p)}`);
    const [r, w] = [yield* move(sys, p[0]), yield* move(sys, p[1])];
    yield* log.notice("writing to and reading from unnamed pipe");
    return yield* fdStream(sys, log, r, w, BUFFER, {
      *shut() {
        yield* sys.close(w);
      },
    });
  }
  const path = o.params[0]!;
  const made = (yield* sys.mkfifo(path, fileMode(o))) === 0;
  yield* log.notice(`${made ? "created" : "opening"} named pipe ${quoted(path)} for ${WAY[o.dir]}`);
  const fd = yield* move(sys, yield* sys.open(path, O.RDWR | O.NONBLOCK, 0));
  if (fd < 0) yield* log.error(`open(${quoted(path)}, 02, 0666): ${strerror(fd)}`);
  yield* sys.fcntl_flags(fd, 0);
  return yield* fdStream(sys, log, o.dir & Dir.READ ? fd : -1, o.dir & Dir.WRITE ? fd : -1, BUFFER, {
    ignoreEof: o.opts.has("ignoreeof"),
    *close() {
      if (made) yield* sys.unlink(path);
    },
  });
}
