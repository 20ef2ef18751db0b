/**
 * How the evaluator runs: frames on a stack of our own. Every construct that can nest without bound (functions, eval,
 * source, traps, compound commands) is a generator entered by sub(); drive() keeps them in an array, so a system call
 * costs the same at any depth and recursion cannot overflow the host's stack.
 */
import type { Call, Syscall } from "../../kernel/abi.ts";

/** A request to drive(): run this generator and resume me with its result. */
class Enter {
  readonly gen: Call<unknown>;
  constructor(gen: Call<unknown>) {
    this.gen = gen;
  }
}

/** Runs `gen` as a frame of its own: `const status = yield* sub(execList(…))`. */
export function* sub<T>(gen: Call<T>): Call<T> {
  return (yield new Enter(gen) as unknown as Syscall) as T;
}

/** Runs a frame and all that it enters. */
export function* drive<T>(root: Call<T>): Call<T> {
  const stack: Call<unknown>[] = [root];
  let value: unknown = undefined;
  let thrown: { readonly e: unknown } | null = null;
  for (;;) {
    const top = stack[stack.length - 1]!;
    try {
      const r: IteratorResult<Syscall, unknown> = thrown ? top.throw(thrown.e) : top.next(value);
      thrown = null;
      if (r.done) {
        stack.pop();
        value = r.value;
        if (stack.length === 0) return value as T;
      } else if ((r.value as unknown) instanceof Enter) {
        stack.push((r.value as unknown as Enter).gen);
        value = undefined;
      } else value = yield r.value;
    } catch (e) {
      stack.pop();
      if (stack.length === 0) throw e;
      thrown = { e };
    }
  }
}

/** Ends the shell process with a status (exit, set -e, a fatal expansion error). */
export class ExitShell extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status & 255;
  }
}

/** Gives up the current unit of input: bash's jump to top level after an expansion error. Its message is out already. */
export class Discard extends Error {
  readonly status: number;
  constructor(status: number) {
    super("discard");
    this.status = status;
  }
}

/** An error with a message still to be printed. `fatal`: a non-interactive shell exits. */
export class ShellError extends Error {
  readonly status: number;
  readonly fatal: boolean;
  constructor(text: string, status: number, fatal = false) {
    super(text);
    this.status = status;
    this.fatal = fatal;
  }
}

/** SIGINT reached an interactive shell: back to the prompt. */
export class Interrupted extends Error {}
