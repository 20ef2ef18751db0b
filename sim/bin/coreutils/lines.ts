/** The loop of the utilities that go through their files line by line: "-" or no file is standard input, what fails is said and passed over. */
import type { Call } from "../../kernel/abi.ts";
import { fromUtf8 } from "../../core/bytes.ts";
import { strerror } from "../../core/result.ts";
import { quoteaf, quotef, type Tool } from "../lib/gnu.ts";
import { LineReader, readAll } from "../lib/io.ts";

/** Calls `each` with every line, without its newline, whether it had one, and its number in its file, from 1. */
export function* eachLine(
  t: Tool,
  operands: readonly string[],
  each: (line: Uint8Array, newline: boolean, n: number) => Call<void>,
  delimiter = 10,
): Call<void> {
  for (const file of operands.length > 0 ? operands : ["-"]) {
    const fd = yield* t.open(file);
    if (fd === null) continue;
    const reader = new LineReader(t.sys, fd);
    for (let n = 1; ; n++) {
      const line = yield* reader.next(delimiter);
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

/** --files0-from: the operands, each ending in NUL, from a file ("-": standard input) instead of the command line. */
export function* files0From(t: Tool, from: string, operands: readonly string[], status = 1): Call<readonly string[]> {
  if (operands.length > 0) yield* t.usage(`extra operand ${quoteaf(operands[0]!)}\nfile operands cannot be combined with --files0-from`);
  const fd = from === "-" ? 0 : yield* t.sys.open(from, 0, 0);
  if (fd < 0)
    return yield* t.die(
      status === 2 ? `open failed: ${quotef(from)}: ${strerror(fd)}` : `cannot open ${quoteaf(from)} for reading: ${strerror(fd)}`,
      status,
    );
  const bytes = yield* readAll(t.sys, fd);
  if (typeof bytes === "number") return yield* t.die(`${quotef(from)}: read error: ${strerror(bytes)}`, status);
  yield* t.close(fd);
  const names = fromUtf8(bytes).split("\0");
  if (names[names.length - 1] === "") names.pop();
  const good: string[] = [];
  for (let i = 0; i < names.length; i++) {
    if (names[i] !== "") good.push(names[i]!);
    else yield* t.warn(`${quotef(from)}:${i + 1}: invalid zero-length file name`, status);
  }
  return good;
}
