/** awk's files and pipes: records in (by RS), output by name, commands on either end of a pipe. */
import { utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { spawnp } from "../lib/exec.ts";
import { Out, writeAll } from "../lib/io.ts";
import type { Regex } from "../lib/regex.ts";
import { byteText, outOfBytes } from "./value.ts";

/** Reads records from a file descriptor. */
export class RecordReader {
  private readonly sys: Sys;
  readonly fd: number;
  private text = "";
  private at = 0;
  private eof = false;

  constructor(sys: Sys, fd: number) {
    this.sys = sys;
    this.fd = fd;
  }

  private *fill(): Call<boolean> {
    if (this.eof) return false;
    let b: Uint8Array | number;
    do b = yield* this.sys.read(this.fd, 65536);
    while (b === -Errno.EINTR);
    if (typeof b === "number" || b.length === 0) {
      this.eof = true;
      return false;
    }
    this.text = this.text.slice(this.at) + byteText(b);
    this.at = 0;
    return true;
  }

  /** The next record, or null at the end. `regex` for separators of more than one character. */
  *next(rs: string, regex: Regex | null): Call<string | null> {
    if (rs === "") {
      // paragraphs: empty lines before and between are skipped
      for (;;) {
        while (this.text[this.at] === "\n") this.at++;
        if (this.at < this.text.length || !(yield* this.fill())) break;
      }
    }
    let from = 0;
    for (;;) {
      const rest = this.text;
      const start = this.at;
      let [i, end] = [-1, -1];
      if (rs === "") {
        i = rest.indexOf("\n\n", start + from);
        end = i + 2;
        // more newlines may follow: those are skipped before the next record
      } else if (regex === null) {
        i = rest.indexOf(rs, start + from);
        end = i + rs.length;
      } else {
        const m = regex.exec(rest.slice(start));
        // a match at the very end may grow with what comes
        if (m !== null && m[1]! > m[0]! && (start + m[1]! < rest.length || this.eof)) [i, end] = [start + m[0]!, start + m[1]!];
      }
      if (i >= 0) {
        const record = rest.slice(start, i);
        this.at = end;
        return record;
      }
      from = Math.max(0, rest.length - start - 1);
      if (yield* this.fill()) continue;
      if (this.at >= this.text.length) return null;
      let record = this.text.slice(this.at);
      if (regex !== null) {
        const m = regex.exec(record);
        if (m !== null && m[1]! > m[0]!) {
          this.at += m[1]!;
          return record.slice(0, m[0]);
        }
      }
      this.at = this.text.length;
      if ((rs === "" || rs === "\n") && record.endsWith("\n")) record = record.slice(0, -1);
      return record;
    }
  }
}

interface Sink {
  readonly out: Out;
  readonly fd: number;
  /** of the command it is a pipe to, 0 for a file */
  readonly pid: number;
}
interface Source {
  readonly reader: RecordReader;
  readonly pid: number;
}

export class Streams {
  private readonly sys: Sys;
  readonly stdout: Out;
  private readonly sinks = new Map<string, Sink>();
  private readonly sources = new Map<string, Source>();

  constructor(sys: Sys) {
    this.sys = sys;
    this.stdout = new Out(sys);
  }

  /** The stream behind a redirection; a text is why it cannot be had. */
  *sink(op: ">" | ">>" | "|", name: string): Call<Out | string> {
    const open = this.sinks.get(name);
    if (open !== undefined) return open.out;
    let fd: number;
    let pid = 0;
    if (op === "|") {
      yield* this.flushAll();
      const p = yield* this.sys.pipe(O.CLOEXEC);
      if (typeof p === "number") return strerror(p);
      pid = yield* spawnp(this.sys, ["/bin/sh", "-c", outOfBytes(name)], {
        fds: new Map([
          [0, p[0]],
          [1, 1],
          [2, 2],
        ]),
      });
      yield* this.sys.close(p[0]);
      fd = p[1];
    } else if (name === "/dev/stdout" || name === "-") return this.stdout;
    else if (name === "/dev/stderr") fd = 2;
    else fd = yield* this.sys.open(outOfBytes(name), O.WRONLY | O.CREAT | O.CLOEXEC | (op === ">" ? O.TRUNC : O.APPEND), 0o666);
    if (fd < 0) return `cannot open "${name}" for output`;
    const out = new Out(this.sys, fd);
    if (fd === 2) out.buffering("none");
    this.sinks.set(name, { out, fd, pid });
    return out;
  }

  *source(kind: "file" | "command", name: string): Call<RecordReader | null> {
    const open = this.sources.get(name);
    if (open !== undefined) return open.reader;
    let fd: number;
    let pid = 0;
    if (kind === "command") {
      yield* this.flushAll();
      const p = yield* this.sys.pipe(O.CLOEXEC);
      if (typeof p === "number") return null;
      pid = yield* spawnp(this.sys, ["/bin/sh", "-c", outOfBytes(name)], {
        fds: new Map([
          [0, 0],
          [1, p[1]],
          [2, 2],
        ]),
      });
      yield* this.sys.close(p[1]);
      fd = p[0];
    } else fd = name === "-" || name === "/dev/stdin" ? 0 : yield* this.sys.open(outOfBytes(name), O.RDONLY | O.CLOEXEC, 0);
    if (fd < 0) return null;
    const reader = new RecordReader(this.sys, fd);
    this.sources.set(name, { reader, pid });
    return reader;
  }

  /** close(name): the command's exit status, 0 for files, -1 when nothing of that name is open. */
  *close(name: string): Call<number> {
    let result = -1;
    const sink = this.sinks.get(name);
    if (sink !== undefined) {
      this.sinks.delete(name);
      yield* sink.out.flush();
      if (sink.fd > 2) yield* this.sys.close(sink.fd);
      result = yield* this.reap(sink.pid);
    }
    const source = this.sources.get(name);
    if (source !== undefined) {
      this.sources.delete(name);
      if (source.reader.fd > 2) yield* this.sys.close(source.reader.fd);
      result = yield* this.reap(source.pid);
    }
    return result;
  }

  private *reap(pid: number): Call<number> {
    if (pid <= 0) return 0;
    for (;;) {
      const st = yield* this.sys.wait4(pid, {});
      if (st === -Errno.EINTR) continue;
      if (typeof st === "number" || st === null) return -1;
      return st.kind === "exited" ? st.value : 256 + st.value;
    }
  }

  *flushAll(): Call<void> {
    yield* this.stdout.flush();
    for (const s of this.sinks.values()) yield* s.out.flush();
  }

  *closeAll(): Call<void> {
    yield* this.stdout.flush();
    for (const name of Array.from(this.sinks.keys())) yield* this.close(name);
    for (const name of Array.from(this.sources.keys())) yield* this.close(name);
  }

  /** system(command): its exit status. */
  *system(command: string): Call<number> {
    yield* this.flushAll();
    const pid = yield* spawnp(this.sys, ["/bin/sh", "-c", outOfBytes(command)]);
    if (pid < 0) {
      yield* writeAll(this.sys, 2, utf8(`mawk: ${strerror(pid)}\n`));
      return -1;
    }
    return yield* this.reap(pid);
  }
}
