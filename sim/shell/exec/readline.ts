/** Reading a line from a descriptor without taking what comes after it. */
import { concatBytes, fromUtf8 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { takeSignals } from "./signals.ts";

export interface LineRead {
  readonly text: string;
  readonly eof: boolean;
  /** a negative errno */
  readonly error: number;
}

/**
 * One line without its delimiter. From a file it reads ahead and seeks back; from a terminal it takes a line as the
 * line discipline gives it; from a pipe byte by byte, as bash does.
 */
export function* readLine(sh: Shell, fd: number, delim = 10): Call<LineRead> {
  const at = yield* sh.sys.lseek(fd, 0, "cur");
  const tty = at < 0 && delim === 10 && (yield* sh.sys.isatty(fd)) === 1;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const d = yield* sh.sys.read(fd, at >= 0 ? 4096 : tty ? 4096 : 1);
    if (d === -Errno.EINTR) {
      yield* takeSignals(sh);
      continue;
    }
    if (typeof d === "number") return { text: fromUtf8(concatBytes(chunks)), eof: true, error: d };
    if (d.length === 0) return { text: fromUtf8(concatBytes(chunks)), eof: true, error: 0 };
    const nl = d.indexOf(delim);
    if (nl < 0) {
      chunks.push(d);
      size += d.length;
      continue;
    }
    chunks.push(d.subarray(0, nl));
    if (at >= 0) yield* sh.sys.lseek(fd, at + size + nl + 1, "set");
    return { text: fromUtf8(concatBytes(chunks)), eof: false, error: 0 };
  }
}
