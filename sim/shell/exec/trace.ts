/** set -x: what is run, on standard error, after PS4. */
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { traceQuote } from "../vars.ts";
import { toBytes } from "../expand/text.ts";

export function* traceWords(sh: Shell, words: readonly string[]): Call<void> {
  yield* traceText(sh, words.map(sh.dash ? String : traceQuote).join(" "));
}

export function* traceText(sh: Shell, text: string): Call<void> {
  sh.options.delete("xtrace");
  const ps4 = yield* sh.ev.prompt(sh, sh.get("PS4") ?? "+ ");
  sh.options.add("xtrace");
  const lead = ps4.slice(0, 1).repeat(1 + sh.evalDepth + sh.subshellTrace) + ps4.slice(1);
  yield* sh.sys.write(2, toBytes(`${lead}${text}\n`));
}
