/** set and shopt. */
import { type Call } from "../../kernel/abi.ts";
import { SET_OPTIONS, type Shell } from "../shell.ts";
import { byBytes } from "../vars.ts";
import { printFunction } from "../syntax/print.ts";
import { setLine } from "./vars.ts";
import { ExitShell } from "../exec/flow.ts";
import { type Builtin, badOption, fail, notSimulated, options, out } from "./util.ts";

/** Options that would change what the shell does and that ours does not follow. */
const NOT_SIMULATED = new Set(["keyword", "onecmd", "vi", "notify"]);

/** Options that dash does not know. */
const NOT_IN_DASH = new Set([
  "braceexpand",
  "errtrace",
  "functrace",
  "hashall",
  "histexpand",
  "history",
  "keyword",
  "onecmd",
  "physical",
  "pipefail",
  "posix",
]);

/** set -o name / +o name. A number is the status of a failure. */
export function* setOption(sh: Shell, name: string, on: boolean): Call<number> {
  if (!SET_OPTIONS.some(([n]) => n === name) || (sh.dash && NOT_IN_DASH.has(name))) {
    if (sh.dash) {
      yield* sh.warn(`set: Illegal option -o ${name}`);
      throw new ExitShell(2);
    }
    return yield* fail(sh, sh.line === 0 ? "bash" : "set", `${name}: invalid option name`, 2);
  }
  if (on && NOT_SIMULATED.has(name)) return yield* notSimulated(sh, `set -o ${name}`);
  if (on) sh.options.add(name);
  else sh.options.delete(name);
  if (name === "posix" && on) sh.shopts.set("inherit_errexit", true);
  return 0;
}

export const set: Builtin = function* (sh, argv) {
  if (argv.length === 1) {
    let text = "";
    for (const n of sh.scopes.names()) {
      const v = sh.scopes.find(n)!;
      if (v.value !== null) text += `${setLine(n, v)}\n`;
    }
    if (!sh.opt("posix")) for (const n of [...sh.functions.keys()].sort(byBytes)) text += `${printFunction(n, sh.functions.get(n)!.def)}\n`;
    return yield* out(sh, "set", text);
  }
  let i = 1;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === "--" || a === "-") {
      if (a === "-") {
        sh.options.delete("xtrace");
        sh.options.delete("verbose");
        if (i + 1 >= argv.length) return 0;
      }
      sh.positional = argv.slice(i + 1);
      return 0;
    }
    if (!/^[-+]/.test(a)) break;
    const on = a[0] === "-";
    for (let k = 1; k < a.length; k++) {
      const c = a[k]!;
      if (c === "o") {
        const name = argv[i + 1];
        if (name === undefined || name.startsWith("-") || name.startsWith("+")) {
          yield* out(
            sh,
            "set",
            on
              ? SET_OPTIONS.map(([n]) => `${n.padEnd(15, " ")}\t${sh.opt(n) ? "on" : "off"}\n`).join("")
              : SET_OPTIONS.map(([n]) => `set ${sh.opt(n) ? "-" : "+"}o ${n}\n`).join(""),
          );
          continue;
        }
        i++;
        const r = yield* setOption(sh, name, on);
        if (r !== 0) return r;
        break;
      }
      const opt = SET_OPTIONS.find(([, l]) => l === c);
      if (!opt) {
        yield* badOption(sh, "set", a.slice(0, 1) + c);
        return 2;
      }
      const r = yield* setOption(sh, opt[0], on);
      if (r !== 0) return r;
    }
    if (a.length === 1) break;
  }
  if (i < argv.length) sh.positional = argv.slice(i);
  return 0;
};

/** shopt options whose effect is not followed. */
const SHOPT_NOT_SIMULATED = new Set([
  "autocd",
  "cdspell",
  "dirspell",
  "direxpand",
  "extdebug",
  "restricted_shell",
  "huponexit",
  "compat31",
  "compat32",
  "compat40",
  "compat41",
  "compat42",
  "compat43",
  "compat44",
]);

export const shopt: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "psuqo");
  if (typeof o === "number") return o;
  const { flags, rest } = o;
  if (flags.has("s") && flags.has("u")) return yield* fail(sh, "shopt", "cannot set and unset shell options simultaneously");
  const isOn = (n: string): boolean => (flags.has("o") ? sh.opt(n) : sh.shopt(n));
  const known = (n: string): boolean => (flags.has("o") ? SET_OPTIONS.some(([x]) => x === n) : sh.shopts.has(n));
  const line = (n: string): string =>
    flags.has("p")
      ? flags.has("o")
        ? `set ${isOn(n) ? "-" : "+"}o ${n}\n`
        : `shopt ${isOn(n) ? "-s" : "-u"} ${n}\n`
      : `${n.padEnd(15, " ")}\t${isOn(n) ? "on" : "off"}\n`;
  const change = flags.has("s") || flags.has("u");
  if (rest.length === 0) {
    const names = (flags.has("o") ? SET_OPTIONS.map(([n]) => n) : [...sh.shopts.keys()].sort(byBytes)).filter(
      (n) => !change || isOn(n) === flags.has("s"),
    );
    return flags.has("q") ? 0 : yield* out(sh, "shopt", names.map(line).join(""));
  }
  let status = 0;
  for (const n of rest) {
    if (!known(n)) {
      yield* sh.warn(`shopt: ${n}: invalid ${flags.has("o") ? "option" : "shell option"} name`);
      status = 1;
    } else if (change) {
      if (flags.has("s") && SHOPT_NOT_SIMULATED.has(n)) return yield* notSimulated(sh, `shopt -s ${n}`);
      if (flags.has("o")) {
        const r = yield* setOption(sh, n, flags.has("s"));
        if (r !== 0) status = r;
      } else sh.shopts.set(n, flags.has("s"));
    } else {
      if (!isOn(n)) status = 1;
      if (!flags.has("q")) yield* out(sh, "shopt", line(n));
    }
  }
  return status;
};
