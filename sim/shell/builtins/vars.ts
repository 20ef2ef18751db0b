/** declare, local, export, readonly, unset, shift, getopts, let. */
import { utf8 } from "../../core/bytes.ts";
import type { Call } from "../../kernel/abi.ts";
import { printFunction } from "../syntax/print.ts";
import type { ArrayItem, Shell } from "../shell.ts";
import { assocKeys, doubleQuote, IndexedArray, isName, newVar, quoteIfNeeded, type Var } from "../vars.ts";
import { arithText, expandText } from "../expand/expand.ts";
import { attrFlags } from "../expand/param.ts";
import { combine, storeArray } from "../exec/assign.ts";
import { Discard, ExitShell } from "../exec/flow.ts";
import { type Builtin, fail, notSimulated, options, out, usage } from "./util.ts";

/** `declare -ax name=…` as declare -p prints it. */
function declareLine(name: string, v: Var): string {
  const flags = attrFlags(v) || "-";
  const head = `declare -${flags} ${name}`;
  if (v.value === null) return head;
  if (typeof v.value === "string") return `${head}=${doubleQuote(v.value)}`;
  return `${head}=${arrayText(v)}`;
}

function arrayText(v: Var): string {
  if (v.value instanceof IndexedArray) {
    const keys = v.value.keys();
    return `(${v.value
      .values()
      .map((s, i) => `[${keys[i]}]=${doubleQuote(s)}`)
      .join(" ")})`;
  }
  const m = v.value as Map<string, string>;
  return `(${assocKeys(m)
    .map((k) => `[${/^[A-Za-z0-9_./:-]+$/.test(k) ? k : doubleQuote(k)}]=${doubleQuote(m.get(k)!)} `)
    .join("")})`;
}

interface Flags {
  readonly on: Set<string>;
  readonly off: Set<string>;
}

export const declare: Builtin = function* (sh, argv) {
  const who = argv[0]!;
  const inFunction = sh.callStack.some((c) => c.func !== "source");
  if (who === "local" && !inFunction) {
    yield* sh.warn(sh.dash ? "local: not in a function" : "local: can only be used in a function");
    if (sh.dash) throw new ExitShell(2);
    return 1;
  }
  const f: Flags = { on: new Set(), off: new Set() };
  let i = 1;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === "--") {
      i++;
      break;
    }
    if (!/^[-+]./.test(a)) break;
    for (const c of a.slice(1)) {
      if (!"aAfFgiIlnrtuxcp".includes(c)) {
        yield* sh.warn(`${who}: -${c}: invalid option`);
        return yield* usage(sh, who);
      }
      (a[0] === "-" ? f.on : f.off).add(c);
    }
  }
  if (f.on.has("I")) return yield* notSimulated(sh, `${who} -I`);
  const arrays = sh.arrayArgs;
  if (f.on.has("F") || f.on.has("f")) return yield* showFunctions(sh, who, argv.slice(i), f);
  if (i >= argv.length || f.on.has("p")) return yield* showVars(sh, who, argv.slice(i), f, inFunction);
  let status = 0;
  const local = (who === "local" || inFunction) && !f.on.has("g");
  for (; i < argv.length; i++) {
    if (who === "local" && argv[i] === "-") {
      // the options of set are the function's own
      sh.scopes.top().set("-", newVar([...sh.options].join(" ")));
      continue;
    }
    const r = yield* declareOne(sh, who, argv[i]!, arrays?.get(i) ?? null, f, local);
    if (r !== 0) status = r;
  }
  return status;
};

function* declareOne(sh: Shell, who: string, arg: string, items: readonly ArrayItem[] | null, f: Flags, local: boolean): Call<number> {
  const m = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[([^]*?)\])?(\+?=)?([^]*)$/.exec(arg);
  if (!m || (m[3] === undefined && m[4] !== "")) return yield* fail(sh, who, `\`${arg}': not a valid identifier`);
  const name = m[1]!;
  const isRef = f.on.has("n") || sh.scopes.find(name)?.nameref === true;
  const real = isRef ? name : sh.resolve(name);
  const outer = sh.scopes.find(real);
  let v: Var;
  if (local) {
    const had = sh.scopes.top().get(real);
    if (!had && outer?.readonly) return yield* fail(sh, who, `${name}: readonly variable`);
    v = sh.scopes.makeLocal(real);
    if (!had && outer && m[3] === undefined && sh.shopt("localvar_inherit")) {
      v.value = outer.value instanceof IndexedArray ? outer.value.copy() : outer.value instanceof Map ? new Map(outer.value) : outer.value;
      v.kind = outer.kind;
      v.exported = outer.exported;
      v.integer = outer.integer;
    }
  } else if (f.on.has("g")) {
    v = sh.scopes.global().get(real) ?? newVar();
    sh.scopes.global().set(real, v);
  } else v = sh.scopes.make(real);
  if (f.off.has("r") && v.readonly) return yield* fail(sh, who, `${name}: readonly variable`);
  if (v.readonly && m[3] !== undefined) {
    yield* sh.warn(`${who === "export" || who === "readonly" ? "" : `${who}: `}${name}: readonly variable`);
    return 1;
  }
  if (f.on.has("A")) {
    if (v.value instanceof IndexedArray || v.kind === "indexed")
      return yield* fail(sh, who, `${name}: cannot convert indexed to associative array`);
    if (v.kind !== "assoc") {
      v.kind = "assoc";
      v.value = v.value === null ? null : new Map([["0", v.value as string]]);
    }
  } else if (f.on.has("a") || m[2] !== undefined || items) {
    if (v.value instanceof Map && f.on.has("a")) return yield* fail(sh, who, `${name}: cannot convert associative to indexed array`);
    if (v.kind === "string") {
      v.kind = "indexed";
      if (typeof v.value === "string") v.value = IndexedArray.of([v.value]);
    }
  }
  if (f.off.has("a") && v.kind === "indexed") return yield* fail(sh, who, `${name}: cannot destroy array variables in this way`);
  if (f.on.has("i")) v.integer = true;
  if (f.off.has("i")) v.integer = false;
  if (f.on.has("l")) v.caseMode = "l";
  if (f.on.has("u")) v.caseMode = "u";
  if (f.on.has("c")) v.caseMode = "c";
  if (f.off.has("l") || f.off.has("u") || f.off.has("c")) v.caseMode = "";
  if (f.on.has("x")) v.exported = true;
  if (f.off.has("x")) v.exported = false;
  if (f.on.has("t")) v.trace = true;
  if (f.off.has("n")) v.nameref = false;
  if (items) {
    // the attributes hold for the elements already
    const had = sh.scopes.top().get(real) === v;
    const swap = !had && sh.scopes.find(real) !== v;
    if (swap) sh.scopes.stack.push(new Map([[real, v]]));
    yield* storeArray(sh, real, items, m[3] === "+=");
    if (swap) sh.scopes.stack.pop();
  } else if (m[3] !== undefined) {
    const value = m[4]!;
    if (m[2] !== undefined) {
      const key = v.kind === "assoc" ? m[2] : String(Number(yield* arithText(sh, yield* expandText(sh, m[2]), "")));
      sh.setElem(real, key, yield* combine(sh, v.integer, sh.getElem(real, key) ?? "", value, m[3] === "+="));
    } else if (f.on.has("n")) {
      if (!isName(value.replace(/\[[^]*\]$/, ""))) return yield* fail(sh, who, `\`${value}': invalid variable name for name reference`);
      if (value === name) return yield* fail(sh, who, `${name}: nameref variable self references not allowed`);
      v.value = value;
    } else if (items === null && /^\(.*\)$/s.test(value) && (f.on.has("a") || f.on.has("A"))) {
      yield* sub1(sh, `${name}=${value}`);
    } else {
      const old = m[3] === "+=" && typeof v.value === "string" ? v.value : "";
      const who2 = v.integer ? `${who}: ` : "";
      const text = v.integer ? yield* integerValue(sh, who2, old, value, m[3] === "+=") : m[3] === "+=" ? old + value : value;
      sh.assignTo(real, v, text);
    }
  }
  if (f.on.has("n")) v.nameref = true;
  if (f.on.has("r")) v.readonly = true;
  return 0;
}

/** declare -a 'x=(1 2)': the text is an assignment still to be parsed. */
function* sub1(sh: Shell, text: string): Call<void> {
  yield* sh.ev.runText(sh, text, { kind: "eval", name: "declare", firstLine: sh.line });
}

function* integerValue(sh: Shell, who: string, old: string, value: string, append: boolean): Call<string> {
  const n = yield* arithText(sh, value, who);
  return String(append ? BigInt.asIntN(64, (yield* arithText(sh, old, who)) + n) : n);
}

function* showFunctions(sh: Shell, who: string, names: readonly string[], f: Flags): Call<number> {
  let text = "";
  let status = 0;
  const list = names.length > 0 ? names : [...sh.functions.keys()].sort();
  for (const n of list) {
    const fn = sh.functions.get(n);
    if (!fn) {
      status = 1;
      continue;
    }
    if (f.on.has("x") && names.length > 0) sh.functions.set(n, { ...fn, exported: true });
    else if (f.on.has("r") && names.length > 0) sh.functions.set(n, { ...fn, readonly: true });
    else if (f.on.has("F")) text += names.length > 0 ? `${n}\n` : `declare -f ${n}\n`;
    else text += `${printFunction(n, fn.def)}\n`;
  }
  return (yield* out(sh, who, text)) || status;
}

function* showVars(sh: Shell, who: string, names: readonly string[], f: Flags, inFunction: boolean): Call<number> {
  let text = "";
  let status = 0;
  if (names.length > 0) {
    for (const n of names) {
      const v = dynamicVar(sh, n) ?? sh.scopes.find(n);
      if (!v) {
        yield* sh.warn(`${who}: ${n}: not found`);
        status = 1;
      } else text += `${declareLine(n, v)}\n`;
    }
    return (yield* out(sh, who, text)) || status;
  }
  const all = who === "local" && inFunction ? [...sh.scopes.top().keys()].sort() : sh.scopes.names();
  for (const n of all) {
    const v = sh.scopes.find(n)!;
    const flags = attrFlags(v);
    let ok = true;
    for (const c of "aAilnrux") if (f.on.has(c) && !flags.includes(c)) ok = false;
    if (!ok) continue;
    if (f.on.has("p") || f.on.size > 0 || who === "local") text += `${declareLine(n, v)}\n`;
    else if (v.value !== null) text += `${setLine(n, v)}\n`;
  }
  if (who !== "local" && !f.on.has("p") && f.on.size === 0)
    for (const n of [...sh.functions.keys()].sort()) text += `${printFunction(n, sh.functions.get(n)!.def)}\n`;
  return yield* out(sh, who, text);
}

/** Arrays that the shell makes up when asked. */
function dynamicVar(sh: Shell, name: string): Var | undefined {
  if (!["PIPESTATUS", "FUNCNAME", "BASH_SOURCE", "BASH_LINENO", "DIRSTACK", "GROUPS", "BASH_VERSINFO"].includes(name)) return undefined;
  const e = sh.elements(name);
  return e ? newVar(IndexedArray.of(e.values)) : undefined;
}

/** A line of `set`. */
export function setLine(name: string, v: Var): string {
  return typeof v.value === "string" ? `${name}=${v.value === "" ? "" : quoteIfNeeded(v.value)}` : `${name}=${arrayText(v)}`;
}

/** export and readonly differ from declare in their options and in never making locals. */
function attribute(letter: "x" | "r"): Builtin {
  return function* (sh, argv) {
    const who = argv[0]!;
    const o = yield* options(sh, argv, letter === "x" ? "fnp" : "aAfp");
    if (typeof o === "number") return o;
    const arrays = sh.arrayArgs;
    const shift = argv.length - o.rest.length;
    if (o.flags.has("f") && o.rest.length > 0) {
      let status = 0;
      for (const n of o.rest) {
        const fn = sh.functions.get(n);
        if (!fn) {
          yield* sh.warn(`${who}: ${n}: not a function`);
          status = 1;
        } else sh.functions.set(n, letter === "x" ? { ...fn, exported: !o.flags.has("n") } : { ...fn, readonly: true });
      }
      return status;
    }
    if (o.rest.length === 0 || (o.flags.has("p") && o.rest.length === 0)) {
      let text = "";
      for (const n of sh.scopes.names()) {
        const v = sh.scopes.find(n)!;
        if (letter === "x" ? !v.exported : !v.readonly) continue;
        if (letter === "r" && ((o.flags.has("a") && v.kind !== "indexed") || (o.flags.has("A") && v.kind !== "assoc"))) continue;
        text += sh.opt("posix")
          ? `${who} ${n}${typeof v.value === "string" ? `=${doubleQuote(v.value)}` : ""}\n`
          : `${declareLine(n, v)}\n`;
      }
      return yield* out(sh, who, text);
    }
    let status = 0;
    const on = new Set<string>();
    const off = new Set<string>();
    (o.flags.has("n") ? off : on).add(letter);
    for (const k of ["a", "A"]) if (o.flags.has(k)) on.add(k);
    for (let i = 0; i < o.rest.length; i++) {
      const r = yield* declareOne(sh, who, o.rest[i]!, arrays?.get(shift + i) ?? null, { on, off }, false);
      if (r !== 0) status = r;
    }
    return status;
  };
}
export const exportBuiltin = attribute("x");
export const readonly = attribute("r");

export const unset: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, "fvn");
  if (typeof o === "number") return o;
  let status = 0;
  for (const n of o.rest) {
    if (o.flags.has("f")) {
      if (sh.functions.get(n)?.readonly) status = yield* fail(sh, "unset", `${n}: cannot unset: readonly function`);
      else sh.functions.delete(n);
      continue;
    }
    const m = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[([^]+)\])?$/.exec(n);
    if (!m) {
      if (!o.flags.has("v")) sh.functions.delete(n);
      else status = yield* fail(sh, "unset", `\`${n}': not a valid identifier`);
      continue;
    }
    const name = o.flags.has("n") ? m[1]! : sh.resolve(m[1]!);
    const v = sh.scopes.find(name);
    if (!v) {
      if (!o.flags.has("v") && m[2] === undefined) sh.functions.delete(n);
      continue;
    }
    if (v.readonly) {
      status = yield* fail(sh, "unset", `${name}: cannot unset: readonly variable`);
      continue;
    }
    if (m[2] === undefined) {
      sh.scopes.unset(name);
      if (name === "PATH") sh.hash.clear();
      if (name === "RANDOM" || name === "SECONDS") sh.plainDynamics.add(name);
    } else if (m[2] === "@" || m[2] === "*") {
      v.value = v.value instanceof Map ? new Map() : new IndexedArray();
    } else if (v.value instanceof Map) v.value.delete(m[2].replace(/^(["'])(.*)\1$/, "$2"));
    else if (v.value instanceof IndexedArray) {
      let i = Number(yield* arithText(sh, m[2], ""));
      if (i < 0) i += v.value.end;
      if (i < 0) status = yield* fail(sh, "unset", `[${m[2]}]: bad array subscript`);
      else v.value.delete(i);
    } else if (Number(yield* arithText(sh, m[2], "")) === 0) sh.scopes.unset(name);
    else status = yield* fail(sh, "unset", `${name}: not an array variable`);
  }
  return status;
};

export const shift: Builtin = function* (sh, argv) {
  const a = argv[1] ?? "1";
  if (argv.length > 2) {
    yield* sh.warn("shift: too many arguments");
    throw new Discard(1);
  }
  if (!/^-?[0-9]+$/.test(a)) return yield* fail(sh, "shift", `${a}: numeric argument required`);
  const n = Number(a);
  if (n < 0) return yield* fail(sh, "shift", `${a}: shift count out of range`);
  if (n > sh.positional.length) {
    if (sh.dash) {
      yield* sh.warn("shift: can't shift that many");
      throw new ExitShell(2);
    }
    if (sh.shopt("shift_verbose")) yield* sh.warn(`shift: ${a}: shift count out of range`);
    return 1;
  }
  sh.positional = sh.positional.slice(n);
  return 0;
};

export const getopts: Builtin = function* (sh, argv) {
  if (argv[1]?.startsWith("-") && argv[1] !== "--") {
    yield* sh.warn(`getopts: ${argv[1].slice(0, 2)}: invalid option`);
    return yield* usage(sh, "getopts");
  }
  const a = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  if (a.length < 2) return yield* usage(sh, "getopts");
  let spec = a[0]!;
  const name = a[1]!;
  const args = a.length > 2 ? a.slice(2) : sh.positional;
  const quiet = spec.startsWith(":");
  if (quiet) spec = spec.slice(1);
  let ind = Number(sh.get("OPTIND") ?? 1);
  if (!Number.isInteger(ind) || ind < 1) ind = 1;
  let pos = sh.getoptsPos;
  const finish = function* (c: string, optarg: string | null, status: number): Call<number> {
    sh.set("OPTIND", String(ind));
    sh.getoptsPos = pos;
    if (optarg === null) sh.scopes.unset("OPTARG");
    else sh.set("OPTARG", optarg);
    if (!isName(name)) return yield* fail(sh, "getopts", `\`${name}': not a valid identifier`);
    sh.set(name, c);
    return status;
  };
  const cur = args[ind - 1];
  if (cur === undefined || (pos === 1 && (!cur.startsWith("-") || cur === "-"))) return yield* finish("?", null, 1);
  if (pos === 1 && cur === "--") {
    ind++;
    return yield* finish("?", null, 1);
  }
  const c = cur[pos]!;
  const at = c === ":" ? -1 : spec.indexOf(c);
  const more = pos + 1 < cur.length;
  const advance = (): void => {
    if (more) pos++;
    else {
      ind++;
      pos = 1;
    }
  };
  const err = sh.get("OPTERR") !== "0";
  const complain = function* (what: string): Call<void> {
    if (err) yield* sh.sys.write(2, utf8(`${sh.scriptName ?? sh.name}: ${what} -- ${c}\n`));
  };
  if (at < 0) {
    advance();
    if (quiet) return yield* finish("?", c, 0);
    yield* complain("illegal option");
    return yield* finish("?", null, 0);
  }
  if (spec[at + 1] !== ":") {
    advance();
    return yield* finish(c, null, 0);
  }
  if (more) {
    const arg = cur.slice(pos + 1);
    ind++;
    pos = 1;
    return yield* finish(c, arg, 0);
  }
  if (ind < args.length) {
    const arg = args[ind]!;
    ind += 2;
    pos = 1;
    return yield* finish(c, arg, 0);
  }
  ind++;
  pos = 1;
  if (quiet) return yield* finish(":", c, 0);
  yield* complain("option requires an argument");
  return yield* finish("?", null, 0);
};

export const letBuiltin: Builtin = function* (sh, argv) {
  const a = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
  if (a.length === 0) return yield* fail(sh, "let", "expression expected");
  let v = 0n;
  for (const e of a) {
    try {
      v = yield* arithText(sh, e, "let: ");
    } catch (x) {
      if (x instanceof Discard) return 1;
      throw x;
    }
  }
  return v !== 0n ? 0 : 1;
};
