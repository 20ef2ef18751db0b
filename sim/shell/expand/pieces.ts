/** What a word becomes on its way to fields, and the view arithmetic has of the shell's variables. */
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import type { Word } from "../syntax/ir.ts";
import { ShellError } from "../exec/flow.ts";
import { type ArithVars, evalArith } from "./arith.ts";

export type Piece =
  | { readonly t: "s"; readonly s: string; /** quoted */ readonly q: boolean; /** to be split by IFS */ readonly split: boolean }
  /** a field ends here; where there are no fields, `join` stands in its place */
  | { readonly t: "brk"; readonly join: string };

/** expand.ts's pieces(), handed to param.ts which it imports. */
export type PiecesFn = (sh: Shell, w: Word, ctx: { readonly assign: boolean }) => Call<Piece[]>;

export function arithVars(sh: Shell): ArithVars {
  const key = (name: string, sub: string): string => {
    if (sh.isAssoc(name)) return sub.replace(/^(["'])(.*)\1$/, "$2");
    return String(Number(evalArith(sub, vars)));
  };
  const vars: ArithVars = {
    get(name, sub) {
      const v = sub === null ? sh.get(name) : sh.getElem(name, key(name, sub));
      if (v === undefined && sh.opt("nounset"))
        throw new ShellError(`${name}: unbound variable`, sh.dash ? 2 : sh.commandString && sh.subshell === 0 ? 127 : 1, true);
      return v;
    },
    set(name, sub, value) {
      if (sub === null) sh.set(name, value);
      else sh.setElem(name, key(name, sub), value);
    },
  };
  return vars;
}
