/** The one table through which expansion and builtins reach the evaluator. */
import { BUILTINS, findBuiltin, SPECIAL_BUILTINS } from "./builtins/index.ts";
import { exec, execList } from "./exec/exec.ts";
import { runText } from "./exec/run.ts";
import { runWords } from "./exec/simple.ts";
import { commandSubst, procSubst } from "./exec/subst.ts";
import { expandPrompt } from "./expand/prompt.ts";
import type { Evaluator } from "./shell.ts";
import { byBytes } from "./vars.ts";

export const EVALUATOR: Evaluator = {
  exec,
  execList,
  commandSubst,
  procSubst,
  runText,
  runWords,
  prompt: expandPrompt,
  isBuiltin: (sh, name) => findBuiltin(sh, name) !== undefined,
  isSpecial: (name) => SPECIAL_BUILTINS.has(name),
  builtinNames: (sh) => [...BUILTINS.keys()].filter((n) => findBuiltin(sh, n) !== undefined).sort(byBytes),
};
