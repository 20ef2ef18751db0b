/**
 * What less shows of one file or of standard input: its lines, read when they are needed and not before, so that a writer at
 * the other end of a pipe waits (less's ch.c). A line holds every byte (lib/screen/bytes.ts).
 */
import { concatBytes } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { decodeText } from "../lib/screen/bytes.ts";

const CHUNK = 8192;

export class Source {
  /** as it was named; null: standard input */
  readonly name: string | null;
  readonly fd: number;
  readonly lines: string[] = [];
  /** offset after each line, its newline included */
  readonly ends: number[] = [];
  /** size of a file, -1 where only the end of file tells */
  size: number;
  eof = false;
  /** a signal ended the last read */
  interrupted = false;
  private rest: Uint8Array[] = [];
  readonly sys: Sys;
  private total = 0;

  constructor(sys: Sys, name: string | null, fd: number, size: number) {
    this.sys = sys;
    this.name = name;
    this.fd = fd;
    this.size = size;
  }

  /** Is there a line of this number? Reads on as far as needed. */
  *has(n: number): Call<boolean> {
    while (n >= this.lines.length && !this.eof) if (!(yield* this.more())) break;
    return n < this.lines.length;
  }
  /** Reads to the end, or until interrupted. */
  *all(): Call<void> {
    while (!this.eof && (yield* this.more()));
  }
  /** Looks whether the file has grown; true when there are new lines. */
  *grown(): Call<boolean> {
    const before = this.lines.length;
    const bytes = this.total;
    this.eof = false;
    // an unfinished last line is read again as part of the new one
    if (this.lines.length > 0 && this.unfinished !== null) {
      this.lines.pop();
      this.ends.pop();
      this.rest = [this.unfinished];
      this.unfinished = null;
    }
    yield* this.all();
    if (this.size >= 0) this.size = this.total;
    return this.lines.length !== before || this.total !== bytes;
  }
  /** bytes of a last line without a newline */
  private unfinished: Uint8Array | null = null;

  /** false when interrupted */
  private *more(): Call<boolean> {
    const b = yield* this.sys.read(this.fd, CHUNK);
    if (b === -Errno.EINTR) {
      this.interrupted = true;
      return false;
    }
    if (typeof b === "number" || b.length === 0) {
      this.eof = true;
      if (this.size < 0) this.size = this.total;
      const last = concatBytes(this.rest);
      this.rest = [];
      if (last.length > 0) {
        this.unfinished = last;
        this.add(last, 0);
      }
      return true;
    }
    this.total += b.length;
    let from = 0;
    for (let nl = b.indexOf(10); nl >= 0; nl = b.indexOf(10, from)) {
      const piece = b.subarray(from, nl);
      const line = this.rest.length > 0 ? concatBytes([...this.rest, piece]) : piece;
      this.rest = [];
      this.add(line, 1);
      from = nl + 1;
    }
    if (from < b.length) this.rest.push(b.slice(from));
    return true;
  }
  private add(line: Uint8Array, newline: number): void {
    const before = this.ends.length > 0 ? this.ends[this.ends.length - 1]! : 0;
    this.ends.push(before + line.length + newline);
    const text = decodeText(line);
    this.lines.push(text.endsWith("\r") ? text.slice(0, -1) : text);
  }
  /** Line that holds the byte at this offset. */
  lineAt(offset: number): number {
    let lo = 0;
    let hi = this.ends.length - 1;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.ends[mid]! > offset) hi = mid;
      else lo = mid + 1;
    }
    return lo;
  }
}

/** less's guess: more than five odd characters among the first 256 bytes. */
export function looksBinary(head: Uint8Array): boolean {
  let odd = 0;
  const text = decodeText(head.subarray(0, 256));
  for (const ch of text) {
    const c = ch.codePointAt(0)!;
    if ((c < 32 && c !== 8 && c !== 9 && c !== 10 && c !== 12 && c !== 13 && c !== 27) || c === 127 || (c >= 0xdc80 && c <= 0xdcff)) odd++;
  }
  return odd > 5;
}
