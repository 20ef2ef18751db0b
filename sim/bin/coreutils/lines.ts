/** The loop of the utilities that go through their files line by line: "-" or no file is standard input, what fails is said and passed over. */
import type { Call } from "../../kernel/abi.ts";
import type { Tool } from "../lib/gnu.ts";
import { LineReader } from "../lib/io.ts";

/** Calls `each` with every line, without its newline, whether it had one, and its number in its file, from 1. */
export function* eachLine(
  t: Tool,
  operands: readonly string[],
  each: (line: Uint8Array, newline: boolean, n: number) => Call<void>,
): Call<void> {
  for (const file of operands.length > 0 ? operands : ["-"]) {
    const fd = yield* t.open(file);
    if (fd === null) continue;
    const reader = new LineReader(t.sys, fd);
    for (let n = 1; ; n++) {
      const line = yield* reader.next();
      if (line === null) break;
      if (typeof line === "number") {
        yield* t.fileError(file, line);
        break;
      }
      yield* each(line, reader.newline, n);
    }
    yield* t.close(fd);
  }
}
