/** The operators of [[ ]], [ and test: which there are, and those with one operand. */
import type { Call } from "../../kernel/abi.ts";
import { fileTest } from "../../kernel/filetest.ts";
import type { Shell } from "../shell.ts";

export const UNARY_OPS: ReadonlySet<string> = new Set(Array.from("abcdefghknoprstuvwxzGLNORS", (c) => `-${c}`));
export const BINARY_OPS = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "=~"]);

export function* unaryTest(sh: Shell, op: string, arg: string): Call<boolean> {
  switch (op) {
    case "-n":
      return arg !== "";
    case "-z":
      return arg === "";
    case "-o":
      return sh.opt(arg);
    case "-v": {
      const m = /^([^[]+)\[([^]*)\]$/.exec(arg);
      if (!m) return sh.get(arg) !== undefined;
      if (m[2] === "@" || m[2] === "*") return (sh.elements(m[1]!)?.values.length ?? 0) > 0;
      return sh.getElem(m[1]!, m[2]!) !== undefined;
    }
    case "-R":
      return sh.scopes.find(arg)?.nameref === true;
    case "-t": {
      const fd = Number(arg);
      return Number.isInteger(fd) && (yield* sh.sys.isatty(fd)) === 1;
    }
    default:
      return yield* fileTest(sh.sys, op, arg);
  }
}
