/** The calling side of the system call table: what a program gets as `sys`. It holds nothing, one serves a whole world. */
import type { Sys, Syscall } from "./abi.ts";
import { HANDLERS } from "./syscalls.ts";

function caller(nr: Syscall["nr"]): (...args: unknown[]) => Generator<Syscall, unknown, unknown> {
  return function* (...args: unknown[]) {
    return yield { nr, args };
  };
}

export function makeSys(): Sys {
  const sys: Record<string, unknown> = {};
  for (const nr of Object.keys(HANDLERS)) sys[nr] = caller(nr as Syscall["nr"]);
  return sys as unknown as Sys;
}
