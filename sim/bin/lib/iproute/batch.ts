/** -batch of iproute2's tools (do_batch, makeargs of lib/utils.c). */
import { fromUtf8 } from "../../../core/bytes.ts";
import { strerror } from "../../../core/result.ts";
import { type Call, O, type Sys } from "../../../kernel/abi.ts";
import { err, exit, LineReader } from "../io.ts";

/** -batch FILE ("-": standard input): one command a line, # comments, \ joins lines; stops at a failure unless -force. */
export function* doBatch(sys: Sys, name: string, force: boolean, run: (words: readonly string[]) => Call<number>): Call<number> {
  let fd = 0;
  if (name !== "-") {
    fd = yield* sys.open(name, O.RDONLY, 0);
    if (fd < 0) exit(1, `Cannot open file "${name}" for reading: ${strerror(fd)}\n`);
  }
  const reader = new LineReader(sys, fd);
  let status = 0;
  let lineno = 0;
  let joined = "";
  for (;;) {
    const raw = yield* reader.next();
    if (raw === null || typeof raw === "number") break;
    lineno++;
    let line = fromUtf8(raw);
    const hash = line.indexOf("#");
    if (hash >= 0) line = line.slice(0, hash);
    if (line.endsWith("\\")) {
      joined += line.slice(0, -1);
      continue;
    }
    const words = splitLine(joined + line);
    joined = "";
    if (words.length === 0) continue;
    if ((yield* run(words)) === 0) continue;
    yield* err(sys, `Command failed ${name}:${lineno}\n`);
    status = 1;
    if (!force) break;
  }
  return status;
}

/** makeargs: words separated by blanks, with '…' and "…" kept together. */
function splitLine(line: string): string[] {
  const words: string[] = [];
  if (!line.includes("'") && !line.includes('"')) {
    const text = line.trim();
    return text === "" ? words : text.split(/\s+/);
  }
  const re = /\s*(?:'([^']*)'|"([^"]*)"|(\S+))/y;
  for (;;) {
    const m = re.exec(line);
    if (m === null) return words;
    words.push(m[1] ?? m[2] ?? m[3]!);
  }
}
