/** What a command word would run: for type, command -v and which-like questions. */
import type { Call } from "../../kernel/abi.ts";
import { printFunction } from "../syntax/print.ts";
import type { Shell } from "../shell.ts";
import { searchPath } from "../exec/external.ts";

export const KEYWORDS = [
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "case",
  "esac",
  "for",
  "select",
  "while",
  "until",
  "do",
  "done",
  "in",
  "function",
  "time",
  "{",
  "}",
  "!",
  "[[",
  "]]",
  "coproc",
];

export interface Description {
  readonly kind: "alias" | "keyword" | "function" | "builtin" | "file";
  /** alias text or path */
  readonly text: string;
  /** `ls is /usr/bin/ls` */
  readonly long: string;
}

export function* describe(
  sh: Shell,
  name: string,
  o: { readonly all: boolean; readonly long: boolean; readonly pathOnly: boolean; readonly noFunctions: boolean },
): Call<Description[]> {
  const found: Description[] = [];
  const done = (): boolean => found.length > 0 && !o.all;
  if (!o.pathOnly) {
    const alias = sh.aliases.get(name);
    if (alias !== undefined && sh.shopt("expand_aliases"))
      found.push({ kind: "alias", text: alias, long: `${name} is aliased to \`${alias}'` });
    if (!done() && KEYWORDS.includes(name)) found.push({ kind: "keyword", text: name, long: `${name} is a shell keyword` });
    const fn = sh.functions.get(name);
    if (!done() && fn && !o.noFunctions)
      found.push({ kind: "function", text: name, long: `${name} is a function\n${printFunction(name, fn.def)}` });
    if (!done() && sh.ev.isBuiltin(sh, name))
      found.push({
        kind: "builtin",
        text: name,
        long: `${name} is a${sh.opt("posix") && sh.ev.isSpecial(name) ? " special" : ""} shell builtin`,
      });
  }
  if (done()) return found;
  if (name.includes("/")) {
    const st = yield* sh.sys.access(name, 1);
    if (st >= 0) found.push({ kind: "file", text: name, long: `${name} is ${name}` });
    return found;
  }
  const hashed = o.all ? undefined : sh.hash.get(name);
  if (hashed) {
    found.push({ kind: "file", text: hashed.path, long: `${name} is hashed (${hashed.path})` });
    return found;
  }
  const r = yield* searchPath(sh, name, sh.get("PATH") ?? "", o.all);
  for (const p of r.found) found.push({ kind: "file", text: p, long: `${name} is ${p}` });
  return found;
}
