/** EXEC:COMMAND and SYSTEM:SHELL-COMMAND: a program whose standard input and output are the other end of the address. */
import { strerror } from "../../core/result.ts";
import { type Call, O } from "../../kernel/abi.ts";
import { execvpe } from "../lib/io.ts";
import { commandWords } from "./address.ts";
import { BUFFER } from "./log.ts";
import type { Open } from "./open.ts";
import { Dir, fdStream, move, type Stream } from "./stream.ts";

const WAY: Readonly<Record<Dir, string>> = { 1: "reading", 2: "writing", 3: "reading and writing" };

export function* openExec(o: Open): Call<Stream> {
  const { sys, log } = o;
  const text = o.params.join(":");
  const words = o.keyword === "SYSTEM" ? ["sh", "-c", text] : commandWords(text);
  // sim: two pipes instead of a socket pair
  const toChild = yield* sys.pipe(O.CLOEXEC);
  const fromChild = yield* sys.pipe(O.CLOEXEC);
  if (typeof toChild === "number" || typeof fromChild === "number") return yield* log.error(`socketpair(1, 1, 0, …): ${strerror(-24)}`);
  yield* log.notice(`forking off child, using socket for ${WAY[o.dir]}`);
  const fds = new Map<number, number>([[2, 2]]);
  fds.set(0, (o.dir & Dir.WRITE) !== 0 ? toChild[0] : 0);
  fds.set(1, (o.dir & Dir.READ) !== 0 ? fromChild[1] : 1);
  if (o.opts.has("stderr")) fds.set(2, fds.get(1)!);
  const env = yield* sys.getenv();
  const pid = yield* sys.spawn({
    main: function* child(): Call<number> {
      yield* log.notice(`execvp'ing "${words[0] ?? ""}"`);
      const r = yield* execvpe(sys, words, env);
      yield* log.say(0, `execvp("${words[0] ?? ""}", "${words[0] ?? ""}"): ${strerror(r)}`);
      return 1;
    },
    argv: ["socat"],
    env,
    fds,
  });
  if (pid < 0) yield* log.error(`fork(): ${strerror(pid)}`);
  yield* log.notice(`forked off child process ${pid}`);
  yield* sys.close(toChild[0]);
  yield* sys.close(fromChild[1]);
  const r = yield* move(sys, fromChild[0]);
  const w = yield* move(sys, toChild[1]);
  return yield* fdStream(sys, log, (o.dir & Dir.READ) !== 0 ? r : -1, (o.dir & Dir.WRITE) !== 0 ? w : -1, BUFFER, {
    child: pid,
    *shut() {
      yield* sys.close(w);
    },
  });
}
