/** The table of builtins. */
import { cd, dirs, popd, pushd, pwd } from "./dirs.ts";
import {
  breakBuiltin,
  builtinBuiltin,
  colon,
  command,
  continueBuiltin,
  evalBuiltin,
  exec,
  exitBuiltin,
  falseBuiltin,
  returnBuiltin,
  source,
} from "./flow.ts";
import { fc, history } from "./history.ts";
import { absent, alias, caller, enable, hash, help, times, trap, type, ulimit, umask, unalias } from "./info.ts";
import { echo, mapfile, read } from "./io.ts";
import { bg, disown, fg, jobs, kill, suspend, wait } from "./jobs.ts";
import { set, shopt } from "./options.ts";
import { printf } from "./printf.ts";
import { test } from "./test.ts";
import type { Shell } from "../shell.ts";
import type { Builtin } from "./util.ts";
import { declare, exportBuiltin, getopts, letBuiltin, readonly, shift, unset } from "./vars.ts";

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [".", source],
  [":", colon],
  ["[", test],
  ["alias", alias],
  ["bg", bg],
  ["bind", absent("bind")],
  ["break", breakBuiltin],
  ["builtin", builtinBuiltin],
  ["caller", caller],
  ["cd", cd],
  ["command", command],
  ["compgen", absent("compgen")],
  ["complete", absent("complete")],
  ["compopt", absent("compopt")],
  ["continue", continueBuiltin],
  ["declare", declare],
  ["dirs", dirs],
  ["disown", disown],
  ["echo", echo],
  ["enable", enable],
  ["eval", evalBuiltin],
  ["exec", exec],
  ["exit", exitBuiltin],
  ["export", exportBuiltin],
  ["false", falseBuiltin],
  ["fc", fc],
  ["fg", fg],
  ["getopts", getopts],
  ["hash", hash],
  ["help", help],
  ["history", history],
  ["jobs", jobs],
  ["kill", kill],
  ["let", letBuiltin],
  ["local", declare],
  ["logout", exitBuiltin],
  ["mapfile", mapfile],
  ["popd", popd],
  ["printf", printf],
  ["pushd", pushd],
  ["pwd", pwd],
  ["read", read],
  ["readarray", mapfile],
  ["readonly", readonly],
  ["return", returnBuiltin],
  ["set", set],
  ["shift", shift],
  ["shopt", shopt],
  ["source", source],
  ["suspend", suspend],
  ["test", test],
  ["times", times],
  ["trap", trap],
  ["true", colon],
  ["type", type],
  ["typeset", declare],
  ["ulimit", ulimit],
  ["umask", umask],
  ["unalias", unalias],
  ["unset", unset],
  ["wait", wait],
]);

/** Builtins of bash that dash has not. */
const NOT_IN_DASH: ReadonlySet<string> = new Set([
  "bind",
  "builtin",
  "caller",
  "compgen",
  "complete",
  "compopt",
  "declare",
  "dirs",
  "disown",
  "enable",
  "fc",
  "help",
  "history",
  "let",
  "logout",
  "mapfile",
  "popd",
  "pushd",
  "readarray",
  "shopt",
  "source",
  "suspend",
  "typeset",
]);

export function findBuiltin(sh: Shell, name: string): Builtin | undefined {
  return sh.dash && NOT_IN_DASH.has(name) ? undefined : BUILTINS.get(name);
}

/** POSIX special builtins. */
export const SPECIAL_BUILTINS: ReadonlySet<string> = new Set([
  ".",
  ":",
  "break",
  "continue",
  "eval",
  "exec",
  "exit",
  "export",
  "readonly",
  "return",
  "set",
  "shift",
  "source",
  "times",
  "trap",
  "unset",
]);
