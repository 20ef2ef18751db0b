/** type, hash, alias, trap, help, umask, ulimit, enable, times, caller. */
import { utf8 } from "../../core/bytes.ts";
import { Sig } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { byBytes, singleQuote } from "../vars.ts";
import { searchPath } from "../exec/external.ts";
import { signalName, signalNumber } from "../exec/signals.ts";
import { describe } from "./describe.ts";
import { signalTable } from "./jobs.ts";
import { SUMMARY, USAGE } from "./usage.ts";
import { badOption, type Builtin, fail, notSimulated, options, out, usage } from "./util.ts";

export const type: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "afptP");
  if (typeof o === "number") return o;
  let status = 0;
  for (const n of o.rest) {
    const all = o.flags.has("a");
    const found = yield* describe(sh, n, { all, long: true, pathOnly: o.flags.has("P"), noFunctions: o.flags.has("f") });
    if (found.length === 0) {
      if (sh.dash) yield* out(sh, "type", `${n}: not found\n`);
      else if (!o.flags.has("t") && !o.flags.has("p") && !o.flags.has("P")) yield* sh.warn(`type: ${n}: not found`);
      status = sh.dash ? 127 : 1;
      continue;
    }
    let text = "";
    for (const d of found) {
      if (o.flags.has("t")) text += `${d.kind}\n`;
      else if (o.flags.has("p") || o.flags.has("P")) text += d.kind === "file" ? `${d.text}\n` : "";
      else text += `${d.long}\n`;
    }
    yield* out(sh, "type", text);
  }
  return status;
};

export const hash: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "rp:dtl");
  if (typeof o === "number") return o;
  if (!sh.opt("hashall")) return yield* fail(sh, "hash", "hashing disabled");
  if (o.flags.has("r")) sh.hash.clear();
  if (o.rest.length === 0) {
    if (o.flags.has("r") || o.flags.has("p")) return 0;
    if (sh.hash.size === 0) return yield* out(sh, "hash", "hash: hash table empty\n");
    let text = o.flags.has("l") ? "" : "hits\tcommand\n";
    for (const [n, h] of sh.hash)
      text += o.flags.has("l") ? `builtin hash -p ${h.path} ${n}\n` : `${String(h.hits).padStart(4, " ")}\t${h.path}\n`;
    return yield* out(sh, "hash", text);
  }
  let status = 0;
  for (const n of o.rest) {
    if (o.flags.has("p")) sh.hash.set(n, { path: o.flags.get("p")!, hits: 0 });
    else if (o.flags.has("d") || o.flags.has("t")) {
      const h = sh.hash.get(n);
      if (!h) status = yield* fail(sh, "hash", `${n}: not found`);
      else if (o.flags.has("d")) sh.hash.delete(n);
      else yield* out(sh, "hash", o.rest.length > 1 ? `${n}\t${h.path}\n` : `${h.path}\n`);
    } else if (!n.includes("/") && !sh.ev.isBuiltin(sh, n) && !sh.functions.has(n)) {
      const r = yield* searchPath(sh, n, sh.get("PATH") ?? "", false);
      if (r.found.length === 0) status = yield* fail(sh, "hash", `${n}: not found`);
      else sh.hash.set(n, { path: r.found[0]!, hits: 0 });
    }
  }
  return status;
};

export const alias: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "p");
  if (typeof o === "number") return o;
  const line = (n: string): string => `alias ${n}=${singleQuote(sh.aliases.get(n)!)}\n`;
  let status = 0;
  if (o.rest.length === 0 || o.flags.has("p")) yield* out(sh, "alias", [...sh.aliases.keys()].sort(byBytes).map(line).join(""));
  for (const a of o.rest) {
    const eq = a.indexOf("=");
    if (eq > 0) {
      const name = a.slice(0, eq);
      if (/[\s/$`'"\\|&;()<>]/.test(name)) status = yield* fail(sh, "alias", `\`${name}': invalid alias name`);
      else sh.aliases.set(name, a.slice(eq + 1));
    } else if (sh.aliases.has(a)) yield* out(sh, "alias", line(a));
    else if (sh.dash) {
      yield* sh.sys.write(2, utf8(`alias: ${a} not found\n`));
      status = 1;
    } else status = yield* fail(sh, "alias", `${a}: not found`);
  }
  return status;
};

export const unalias: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "a");
  if (typeof o === "number") return o;
  if (o.flags.has("a")) {
    sh.aliases.clear();
    return 0;
  }
  if (o.rest.length === 0) return yield* usage(sh, "unalias");
  let status = 0;
  for (const a of o.rest) if (!sh.aliases.delete(a)) status = yield* fail(sh, "unalias", `${a}: not found`);
  return status;
};

/** Key in sh.traps: the number, or the name of a pseudo-signal. null: no such signal. */
function trapKey(spec: string): string | null {
  const up = spec.toUpperCase().replace(/^SIG/, "");
  if (up === "ERR" || up === "DEBUG" || up === "RETURN") return up;
  const n = signalNumber(spec);
  return n < 0 ? null : String(n);
}
function trapName(key: string, dash: boolean): string {
  if (!/^[0-9]+$/.test(key)) return key;
  return key === "0" ? "EXIT" : `${dash ? "" : "SIG"}${signalName(Number(key))}`;
}
function trapOrder(key: string): number {
  return /^[0-9]+$/.test(key) ? Number(key) : key === "DEBUG" ? 65 : key === "ERR" ? 66 : 67;
}

export const trap: Builtin = function* (sh, argv) {
  const args = argv.slice(1);
  let print = false;
  while (args[0]?.startsWith("-") && args[0].length > 1) {
    const a = args.shift()!;
    if (a === "--") break;
    if (a === "-l") return yield* out(sh, "trap", signalTable());
    if (a === "-p") print = true;
    else return yield* badOption(sh, "trap", a.slice(0, 2));
  }
  const show = (keys: readonly string[]): string =>
    keys
      .filter((k) => sh.traps.has(k))
      .map((k) => `trap -- ${singleQuote(sh.traps.get(k)!)} ${trapName(k, sh.dash)}\n`)
      .join("");
  if (args.length === 0) return yield* out(sh, "trap", show([...sh.traps.keys()].sort((a, b) => trapOrder(a) - trapOrder(b))));
  let status = 0;
  if (print) {
    const keys: string[] = [];
    for (const a of args) {
      const k = trapKey(a);
      if (k === null) status = yield* fail(sh, "trap", `${a}: invalid signal specification`);
      else keys.push(k);
    }
    return (yield* out(sh, "trap", show(keys))) || status;
  }
  // one argument that is a signal: back to its default
  let action: string | null = args[0]!;
  let specs = args.slice(1);
  if (specs.length === 0) {
    if (trapKey(action) === null) return yield* usage(sh, "trap");
    specs = [action];
    action = null;
  } else if (action === "-" || (/^[0-9]+$/.test(action) && trapKey(action) !== null)) {
    if (action !== "-") specs = args;
    action = null;
  }
  for (const s of specs) {
    const k = trapKey(s);
    if (k === null) {
      if (sh.dash) {
        yield* sh.sys.write(2, utf8(`trap: ${s}: bad trap\n`));
        return 1;
      }
      status = yield* fail(sh, "trap", `${s}: invalid signal specification`);
      continue;
    }
    if (action === null) sh.traps.delete(k);
    else sh.traps.set(k, action);
    if (!/^[0-9]+$/.test(k) || k === "0") continue;
    const n = Number(k);
    if (n === Sig.KILL || n === Sig.STOP) continue;
    yield* sh.sys.sigaction(n, action === null ? defaultOf(sh, n) : action === "" ? "ignore" : "catch");
  }
  return status;
};

/** What this shell does with a signal that has no trap. */
function defaultOf(sh: Shell, n: number): "default" | "ignore" | "catch" {
  if (n === Sig.INT && sh.subshell === 0) return "catch";
  if (sh.interactive && sh.subshell === 0) {
    if (n === Sig.TERM || n === Sig.QUIT || n === Sig.TSTP || n === Sig.TTIN || n === Sig.TTOU) return "ignore";
    if (n === Sig.WINCH) return "catch";
  }
  return "default";
}

export const help: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "dms");
  if (typeof o === "number") return o;
  const names = Object.keys(USAGE);
  if (o.rest.length === 0) {
    let text =
      "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu), as simulated by Hop by Hop\nShell commands that are built in. `help name' tells more about one of them.\n\n";
    for (const n of [...names].sort(byBytes)) text += ` ${USAGE[n]!.slice(0, 76)}\n`;
    return yield* out(sh, "help", text);
  }
  for (const p of o.rest) {
    const hits = names.filter((n) => n === p);
    const list = hits.length > 0 ? hits : names.filter((n) => n.startsWith(p));
    if (list.length === 0)
      return yield* fail(sh, "help", `no help topics match \`${p}'.  Try \`help help' or \`man -k ${p}' or \`info ${p}'.`);
    for (const n of list) {
      const text = o.flags.has("s")
        ? `${n}: ${USAGE[n]}\n`
        : o.flags.has("d")
          ? `${n} - ${SUMMARY[n]}\n`
          : `${n}: ${USAGE[n]}\n    ${SUMMARY[n]}\n`;
      yield* out(sh, "help", text);
    }
  }
  return 0;
};

export const umask: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "pS");
  if (typeof o === "number") return o;
  const now = yield* sh.sys.umask(0);
  yield* sh.sys.umask(now);
  const arg = o.rest[0];
  if (arg === undefined) {
    const who = (shift: number): string => {
      const b = (~now >> shift) & 7;
      return (b & 4 ? "r" : "") + (b & 2 ? "w" : "") + (b & 1 ? "x" : "");
    };
    const text = o.flags.has("S") ? `u=${who(6)},g=${who(3)},o=${who(0)}` : now.toString(8).padStart(4, "0");
    return yield* out(sh, "umask", `${o.flags.has("p") ? `umask ${o.flags.has("S") ? "-S " : ""}` : ""}${text}\n`);
  }
  if (/^[0-9]/.test(arg)) {
    if (!/^[0-7]+$/.test(arg) || Number.parseInt(arg, 8) > 0o7777) return yield* fail(sh, "umask", `${arg}: octal number out of range`);
    yield* sh.sys.umask(Number.parseInt(arg, 8) & 0o777);
    return 0;
  }
  let perm = ~now & 0o777;
  for (const clause of arg.split(",")) {
    const m = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (!m) {
      const bad = /[^ugoarwx,+=-]/.exec(clause)?.[0] ?? clause.slice(0, 1);
      return yield* fail(
        sh,
        "umask",
        `\`${bad}': invalid symbolic mode ${/^[ugoa]*$/.test(clause) || !/^[ugoa]*[-+=]/.test(clause) ? "operator" : "character"}`,
      );
    }
    const bits = (m[3]!.includes("r") ? 4 : 0) | (m[3]!.includes("w") ? 2 : 0) | (m[3]!.includes("x") ? 1 : 0);
    for (const [w, shift] of [
      ["u", 6],
      ["g", 3],
      ["o", 0],
    ] as const) {
      if (m[1] !== "" && !m[1]!.includes("a") && !m[1]!.includes(w)) continue;
      if (m[2] === "=") perm = (perm & ~(7 << shift)) | (bits << shift);
      else if (m[2] === "+") perm |= bits << shift;
      else perm &= ~(bits << shift);
    }
  }
  yield* sh.sys.umask(~perm & 0o777);
  return 0;
};

/** The limits of a simulated machine: letter, name, unit, value. */
const LIMITS: readonly (readonly [string, string, string, string])[] = [
  ["R", "real-time non-blocking time", "(microseconds, -R)", "unlimited"],
  ["c", "core file size", "(blocks, -c)", "0"],
  ["d", "data seg size", "(kbytes, -d)", "unlimited"],
  ["e", "scheduling priority", "(-e)", "0"],
  ["f", "file size", "(blocks, -f)", "unlimited"],
  ["i", "pending signals", "(-i)", "3803"],
  ["l", "max locked memory", "(kbytes, -l)", "8192"],
  ["m", "max memory size", "(kbytes, -m)", "unlimited"],
  ["n", "open files", "(-n)", "1024"],
  ["p", "pipe size", "(512 bytes, -p)", "8"],
  ["q", "POSIX message queues", "(bytes, -q)", "819200"],
  ["r", "real-time priority", "(-r)", "0"],
  ["s", "stack size", "(kbytes, -s)", "8192"],
  ["t", "cpu time", "(seconds, -t)", "unlimited"],
  ["u", "max user processes", "(-u)", "256"],
  ["v", "virtual memory", "(kbytes, -v)", "unlimited"],
  ["x", "file locks", "(-x)", "unlimited"],
];

export const ulimit: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "SHacdefilmnpqrstuvxR", "bkPT");
  if (typeof o === "number") return o;
  const line = ([, name, unit, value]: (typeof LIMITS)[number]): string => `${name.padEnd(20, " ")} ${unit.padStart(19, " ")} ${value}\n`;
  if (o.flags.has("a")) return yield* out(sh, "ulimit", LIMITS.map(line).join(""));
  const letters = [...o.flags.keys()].filter((c) => c !== "S" && c !== "H");
  if (letters.length === 0) letters.push("f");
  const value = o.rest[0];
  if (value !== undefined) {
    if (!/^([0-9]+|unlimited|hard|soft)$/.test(value)) return yield* fail(sh, "ulimit", `${value}: invalid number`);
    return yield* notSimulated(sh, `ulimit: setting a limit (-${letters.join("")} ${value})`);
  }
  const chosen = letters.map((c) => LIMITS.find((x) => x[0] === c)!);
  return yield* out(sh, "ulimit", chosen.length > 1 ? chosen.map(line).join("") : `${chosen[0]![3]}\n`);
};

export const enable: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "aps", "dfn");
  if (typeof o === "number") return o;
  if (o.rest.length === 0)
    return yield* out(
      sh,
      "enable",
      sh.ev
        .builtinNames(sh)
        .filter((n) => !o.flags.has("s") || sh.ev.isSpecial(n))
        .map((n) => `enable ${n}\n`)
        .join(""),
    );
  for (const n of o.rest) if (!sh.ev.isBuiltin(sh, n)) return yield* fail(sh, "enable", `${n}: not a shell builtin`);
  return 0;
};

export const times: Builtin = function* (sh) {
  // CPU time is not accounted to processes
  return yield* out(sh, "times", "0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n");
};

export const caller: Builtin = function* (sh, argv) {
  const a = argv[1];
  if (sh.callStack.length === 0) return 1;
  if (a !== undefined && !/^[0-9]+$/.test(a)) {
    yield* sh.warn(`caller: ${a}: invalid number`);
    return yield* usage(sh, "caller");
  }
  const depth = a === undefined ? 0 : Number(a);
  const f = sh.callStack[sh.callStack.length - 1 - depth];
  if (!f) return 1;
  const outer = sh.callStack[sh.callStack.length - 2 - depth];
  const source = outer?.source ?? (sh.commandString || sh.interactive ? "NULL" : (sh.scriptName ?? "NULL"));
  if (a === undefined) return yield* out(sh, "caller", `${f.line} ${source}\n`);
  if (!outer && (sh.commandString || sh.interactive)) return 1;
  return yield* out(sh, "caller", `${f.line} ${outer?.func ?? "main"} ${source}\n`);
};

/** Real builtins that are left out. */
export function absent(name: string): Builtin {
  return function* (sh) {
    return yield* notSimulated(sh, name);
  };
}
