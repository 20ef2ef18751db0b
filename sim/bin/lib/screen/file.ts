/** Reading and writing whole files for editors. */
import { concatBytes } from "../../../core/bytes.ts";
import { Errno } from "../../../core/result.ts";
import { type Call, O, S_IF, type Sys } from "../../../kernel/abi.ts";
import { readAll, writeAll } from "../io.ts";
import { decodeText, encodeText } from "./bytes.ts";

export interface LoadedFile {
  readonly lines: readonly string[];
  readonly bytes: number;
  /** did the last line end in a newline? (true for an empty file) */
  readonly newline: boolean;
  readonly mtime: number;
}

/** The lines of a file, or -errno (-EISDIR for a directory). */
export function* loadFile(sys: Sys, path: string): Call<LoadedFile | number> {
  const st = yield* sys.stat(path);
  if (typeof st === "number") return st;
  if ((st.mode & S_IF.MT) === S_IF.DIR) return -Errno.EISDIR;
  const fd = yield* sys.open(path, O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return fd;
  const data = yield* readAll(sys, fd);
  yield* sys.close(fd);
  return typeof data === "number" ? data : { ...splitLines(data), mtime: st.mtime };
}
export function splitLines(data: Uint8Array): Omit<LoadedFile, "mtime"> {
  const text = decodeText(data);
  const newline = text === "" || text.endsWith("\n");
  const lines = text === "" ? [] : (newline ? text.slice(0, -1) : text).split("\n");
  return { lines, bytes: data.length, newline };
}

/** Writes text over a file (or behind what it holds): the bytes written, or -errno. */
export function* saveFile(sys: Sys, path: string, text: string, append = false): Call<number> {
  const fd = yield* sys.open(path, O.WRONLY | O.CREAT | O.CLOEXEC | (append ? O.APPEND : O.TRUNC), 0o666);
  if (fd < 0) return fd;
  const data = concatBytes([encodeText(text)]);
  const r = yield* writeAll(sys, fd, data);
  yield* sys.close(fd);
  return r < 0 ? r : data.length;
}
