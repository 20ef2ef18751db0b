/** break, continue, return, exit, eval, source, exec, command, builtin. */
import { strerror } from "../../core/result.ts";
import { type Call, S_IF } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { quoteIfNeeded } from "../vars.ts";
import { execProgram, findProgram } from "../exec/external.ts";
import { Discard, ExitShell, sub } from "../exec/flow.ts";
import { jobState } from "../exec/jobs.ts";
import { readFileText } from "../expand/expand.ts";
import { toBytes } from "../expand/text.ts";
import { describe } from "./describe.ts";
import { badOption, type Builtin, fail, options, out, usage } from "./util.ts";

export const colon: Builtin = function* (sh) {
  if (++sh.steps >= 64) yield* sh.work(0);
  return 0;
};
export const falseBuiltin: Builtin = function* (sh) {
  yield* sh.work();
  return 1;
};

function loopControl(kind: "break" | "continue"): Builtin {
  return function* (sh, argv) {
    if (sh.loops === 0) {
      if (sh.dash) return 0;
      yield* sh.warn(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`);
      return 0;
    }
    const a = argv[1] ?? "1";
    if (argv.length > 2) return yield* fail(sh, kind, "too many arguments");
    if (!/^[-+]?[0-9]+$/.test(a)) {
      yield* sh.warn(`${kind}: ${a}: numeric argument required`);
      throw new ExitShell(128);
    }
    const n = Number(a);
    if (n < 1) {
      yield* sh.warn(`${kind}: ${a}: loop count out of range`);
      sh.flow = { kind: "break", n: sh.loops };
      return 1;
    }
    sh.flow = { kind, n: Math.min(n, sh.loops) };
    return 0;
  };
}
export const breakBuiltin = loopControl("break");
export const continueBuiltin = loopControl("continue");

/** The status argument of return, exit, logout; null: a message was printed. */
function* statusArg(sh: Shell, argv: readonly string[]): Call<number | null> {
  const a = argv[1] === "--" ? argv[2] : argv[1];
  if (a === undefined) return sh.status;
  if (!/^[ \t]*[-+]?[0-9]+[ \t]*$/.test(a)) {
    yield* sh.warn(sh.dash ? `${argv[0]}: Illegal number: ${a}` : `${argv[0]}: ${a}: numeric argument required`);
    return null;
  }
  return Number(BigInt.asUintN(8, BigInt(a.trim().replace(/^\+/, ""))));
}

export const returnBuiltin: Builtin = function* (sh, argv) {
  if (sh.callStack.length === 0 && sh.sourced === 0) {
    const s = yield* statusArg(sh, argv);
    // dash leaves the script
    if (sh.dash) throw new ExitShell(s ?? 2);
    yield* sh.warn("return: can only `return' from a function or sourced script");
    return 2;
  }
  const s = yield* statusArg(sh, argv);
  if (argv.length > 2 && argv[1] !== "--") {
    yield* sh.warn("return: too many arguments");
    sh.flow = { kind: "return", status: 1 };
    return 1;
  }
  sh.flow = { kind: "return", status: s ?? 2 };
  return s ?? 2;
};

export const exitBuiltin: Builtin = function* (sh, argv) {
  const who = argv[0]!;
  if (who === "logout" && !sh.login) return yield* fail(sh, who, "not login shell: use `exit'");
  if (sh.interactive && sh.subshell === 0) {
    if (!sh.dash) yield* sh.sys.write(2, toBytes(sh.login ? "logout\n" : "exit\n"));
    const stopped = sh.jobs.some((j) => jobState(j) === "stopped");
    const running = sh.shopt("checkjobs") && sh.jobs.some((j) => jobState(j) === "running");
    if ((stopped || running) && !sh.exitWarned) {
      yield* sh.sys.write(2, toBytes(stopped ? "There are stopped jobs.\n" : "There are running jobs.\n"));
      sh.exitWarned = true;
      return 1;
    }
  }
  const s = yield* statusArg(sh, argv);
  if (s !== null && argv.length > 2 && argv[1] !== "--") {
    yield* sh.warn(`${who}: too many arguments`);
    throw new Discard(1);
  }
  throw new ExitShell(s ?? 2);
};

export const evalBuiltin: Builtin = function* (sh, argv) {
  if (argv[1]?.startsWith("-") && argv[1] !== "--" && argv[1] !== "-") {
    yield* sh.warn(`eval: ${argv[1].slice(0, 2)}: invalid option`);
    return yield* usage(sh, "eval");
  }
  const text = (argv[1] === "--" ? argv.slice(2) : argv.slice(1)).join(" ");
  if (text.trim() === "") return 0;
  sh.evalDepth++;
  try {
    return yield* sub(sh.ev.runText(sh, text, { kind: "eval", name: "eval", firstLine: sh.line }));
  } finally {
    sh.evalDepth--;
  }
};

export const source: Builtin = function* (sh, argv) {
  const who = argv[0]!;
  if (/^-[^-]/.test(argv[1] ?? "")) return yield* badOption(sh, who, argv[1]!.slice(0, 2));
  const args = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  if (args.length === 0) {
    yield* sh.warn(`${who}: filename argument required`);
    return yield* usage(sh, who);
  }
  let path = args[0]!;
  if (!path.includes("/") && sh.shopt("sourcepath")) {
    const dirs = (sh.get("PATH") ?? "").split(":");
    for (const d of dirs) {
      const st = yield* sh.sys.stat(`${d || "."}/${path}`);
      if (typeof st !== "number" && (st.mode & S_IF.MT) === S_IF.REG) {
        path = `${d || "."}/${path}`;
        break;
      }
    }
  }
  const st = yield* sh.sys.stat(path);
  if (typeof st === "number") {
    if (sh.dash) {
      yield* sh.warn(`${who}: cannot open ${path}: No such file`);
      throw new ExitShell(2);
    }
    yield* sh.warn(path.includes("/") ? `${path}: ${strerror(st)}` : `${path}: ${sh.opt("posix") ? "file not found" : strerror(st)}`);
    if (sh.opt("posix") && !sh.interactive) throw new ExitShell(1);
    return 1;
  }
  if ((st.mode & S_IF.MT) === S_IF.DIR) return yield* fail(sh, who, `${path}: is a directory`);
  const text = yield* readFileText(sh, path);
  if (text === null) {
    yield* sh.warn(`${path}: Permission denied`);
    return 1;
  }
  const outer = sh.positional;
  const { line, loops } = sh;
  if (args.length > 1) sh.positional = args.slice(1);
  const mine = sh.positional;
  const name = sh.scriptName;
  sh.callStack.push({ func: "source", source: path, line: sh.line });
  sh.scriptName = path;
  sh.sourced++;
  sh.evalDepth++;
  try {
    let status = yield* sub(sh.ev.runText(sh, text, { kind: "source", name: path, firstLine: 1 }));
    if (sh.flow?.kind === "return") {
      status = sh.flow.status;
      sh.flow = null;
    }
    const ret = sh.opt("functrace") ? sh.traps.get("RETURN") : undefined;
    if (ret) yield* sub(sh.ev.runText(sh, ret, { kind: "trap", name: "return trap", firstLine: sh.line }));
    return status;
  } finally {
    sh.sourced--;
    sh.evalDepth--;
    sh.callStack.pop();
    sh.scriptName = name;
    sh.line = line;
    sh.loops = loops;
    if (args.length > 1 && sh.positional === mine) sh.positional = outer;
  }
};

export const exec: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "cla:");
  if (typeof o === "number") return o;
  if (o.rest.length === 0) return 0;
  const path = yield* findProgram(sh, o.rest[0]!);
  let status: number;
  if (path === null) {
    yield* sh.warn(sh.dash ? `exec: ${o.rest[0]}: not found` : `exec: ${o.rest[0]}: not found`);
    status = 127;
  } else {
    const name = o.flags.get("a") ?? o.rest[0]!;
    const env = o.flags.has("c") ? new Map<string, string>() : sh.environment();
    status = yield* execProgram(sh, path, [o.flags.has("l") ? `-${name}` : name, ...o.rest.slice(1)], env);
  }
  if (sh.interactive || sh.shopt("execfail")) return status;
  throw new ExitShell(status);
};

export const command: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "pvV");
  if (typeof o === "number") return o;
  if (o.rest.length === 0) return 0;
  if (o.flags.has("v") || o.flags.has("V")) {
    let status = sh.dash ? 127 : 1;
    for (const n of sh.dash ? o.rest.slice(0, 1) : o.rest) {
      const d = yield* describe(sh, n, { all: false, long: o.flags.has("V"), pathOnly: false, noFunctions: false });
      if (d.length > 0) {
        status = 0;
        yield* out(
          sh,
          "command",
          d
            .map((x) =>
              o.flags.has("V") ? x.long : x.kind === "alias" ? `alias ${n}=${quoteAlways(x.text)}` : x.kind === "file" ? x.text : n,
            )
            .join("\n") + "\n",
        );
      } else if (o.flags.has("V")) yield* sh.warn(`command: ${n}: not found`);
    }
    return status;
  }
  return yield* sh.ev.runWords(sh, o.rest, { functions: false, builtins: true, defaultPath: o.flags.has("p") });
};

function quoteAlways(s: string): string {
  const q = quoteIfNeeded(s);
  return q.startsWith("'") || q.startsWith("$'") ? q : `'${q}'`;
}

export const builtinBuiltin: Builtin = function* (sh, argv) {
  if (/^-[^-]/.test(argv[1] ?? "")) return yield* badOption(sh, "builtin", argv[1]!.slice(0, 2));
  const args = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  if (args.length === 0) return 0;
  if (!sh.ev.isBuiltin(sh, args[0]!)) return yield* fail(sh, "builtin", `${args[0]}: not a shell builtin`);
  return yield* sh.ev.runWords(sh, args, { functions: false, builtins: true });
};
