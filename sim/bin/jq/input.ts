/** Where values come from: the files named, or standard input; one after another, as soon as each is complete. */
import { fromUtf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import { type Call, O, type Sys } from "../../kernel/abi.ts";
import { err } from "../lib/io.ts";
import { JsonParser } from "./json.ts";
import type { Json } from "./value.ts";

export class Inputs {
  /** was any file not to be opened? */
  failed = false;
  private readonly sys: Sys;
  private readonly files: readonly string[];
  /** values are lines of text */
  private readonly raw: boolean;
  private readonly parser = new JsonParser();
  private file = -1;
  private fd = -1;
  /** lines read from the file that is open */
  private line = 0;
  private begun = false;
  private ended = false;
  private pending = new Uint8Array(0);

  constructor(sys: Sys, files: readonly string[], raw: boolean) {
    this.sys = sys;
    this.files = files.length === 0 ? ["-"] : files;
    this.raw = raw;
  }

  lineNumber(): number {
    return this.line;
  }

  fileName(): string | null {
    return this.begun && this.files[this.file] !== "-" ? (this.files[this.file] ?? null) : null;
  }

  /** "<stdin>:3", as errors name the place reached. */
  position(): string {
    if (!this.begun) return "<unknown>";
    return `${this.fileName() ?? "<stdin>"}:${this.line}`;
  }

  /** The next value; undefined at the end of all files. Throws JqError for bad JSON. */
  *next(): Call<Json | undefined> {
    this.begun = true;
    for (;;) {
      if (!this.raw) {
        const v = this.parser.next();
        if (v !== undefined) return v;
      }
      if (this.ended) return undefined;
      const text = yield* this.chunk();
      if (text === null) {
        this.ended = true;
        return this.raw ? undefined : this.parser.end();
      }
      if (this.raw) return text.endsWith("\n") ? text.slice(0, -1) : text;
      this.parser.feed(text);
    }
  }

  /** Everything that is left, as one text. */
  *rest(): Call<string> {
    this.begun = true;
    let all = "";
    for (let t = yield* this.chunk(); t !== null; t = yield* this.chunk()) all += t;
    this.ended = true;
    return all;
  }

  /** A line with its newline, of whichever file has one; null at the end of the last. */
  private *chunk(): Call<string | null> {
    for (;;) {
      const i = this.pending.indexOf(10);
      if (i >= 0) {
        this.line++;
        return this.take(i + 1);
      }
      if (this.fd < 0 && !(yield* this.open())) return null;
      const more = yield* this.sys.read(this.fd, 65536);
      if (more === -Errno.EINTR) continue;
      if (typeof more === "number" || more.length === 0) {
        if (typeof more === "number") yield* this.complain(`jq: error: Could not read file: ${strerror(more)}`);
        if (this.fd > 0) yield* this.sys.close(this.fd);
        this.fd = -1;
        if (this.pending.length > 0) return this.take(this.pending.length);
        continue;
      }
      const joined = new Uint8Array(this.pending.length + more.length);
      joined.set(this.pending);
      joined.set(more, this.pending.length);
      this.pending = joined;
    }
  }

  private take(n: number): string {
    const text = fromUtf8(this.pending.subarray(0, n));
    this.pending = this.pending.slice(n);
    return text;
  }

  private *open(): Call<boolean> {
    for (;;) {
      const name = this.files[this.file + 1];
      if (name === undefined) return false;
      this.file++;
      this.line = 0;
      if (name === "-") {
        this.fd = 0;
        return true;
      }
      const fd = yield* this.sys.open(name, O.RDONLY | O.CLOEXEC, 0);
      if (fd >= 0) {
        this.fd = fd;
        return true;
      }
      yield* this.complain(`jq: error: Could not open file ${name}: ${strerror(fd)}`);
    }
  }

  private *complain(text: string): Call<void> {
    this.failed = true;
    yield* err(this.sys, `${text}\n`);
  }
}
