/**
 * The state of one shell process. A subshell gets a deep copy (fork); functions and parsed programs are immutable and
 * shared. Also here: what the shell knows by itself — special parameters, dynamic variables, messages' prefixes.
 */
import type { Call, Sys } from "../kernel/abi.ts";
import { utf8 } from "../core/bytes.ts";
import type { Func, List, Node, Program, Simple } from "./syntax/ir.ts";
import { printFunction, printSimple } from "./syntax/print.ts";
import { assocKeys, byBytes, IndexedArray, newVar, Scopes, type Var } from "./vars.ts";
import type { Job } from "./exec/jobs.ts";
import { ShellError } from "./exec/flow.ts";

const SHOPTS_ON = [
  "checkwinsize",
  "cmdhist",
  "complete_fullquote",
  "extquote",
  "force_fignore",
  "globasciiranges",
  "globskipdots",
  "hostcomplete",
  "interactive_comments",
  "patsub_replacement",
  "progcomp",
  "promptvars",
  "sourcepath",
];
const SHOPTS_OFF = [
  "autocd",
  "assoc_expand_once",
  "cdable_vars",
  "cdspell",
  "checkhash",
  "checkjobs",
  "compat31",
  "compat32",
  "compat40",
  "compat41",
  "compat42",
  "compat43",
  "compat44",
  "direxpand",
  "dirspell",
  "dotglob",
  "execfail",
  "expand_aliases",
  "extdebug",
  "extglob",
  "failglob",
  "globstar",
  "gnu_errfmt",
  "histappend",
  "histreedit",
  "histverify",
  "huponexit",
  "inherit_errexit",
  "lastpipe",
  "lithist",
  "localvar_inherit",
  "localvar_unset",
  "login_shell",
  "mailwarn",
  "no_empty_cmd_completion",
  "nocaseglob",
  "nocasematch",
  "noexpand_translation",
  "nullglob",
  "progcomp_alias",
  "restricted_shell",
  "shift_verbose",
  "varredir_close",
  "xpg_echo",
];

/** `set -o` names with their letters. */
export const SET_OPTIONS: readonly (readonly [string, string])[] = [
  ["allexport", "a"],
  ["braceexpand", "B"],
  ["emacs", ""],
  ["errexit", "e"],
  ["errtrace", "E"],
  ["functrace", "T"],
  ["hashall", "h"],
  ["histexpand", "H"],
  ["history", ""],
  ["ignoreeof", ""],
  ["interactive-comments", ""],
  ["keyword", "k"],
  ["monitor", "m"],
  ["noclobber", "C"],
  ["noexec", "n"],
  ["noglob", "f"],
  ["nolog", ""],
  ["notify", "b"],
  ["nounset", "u"],
  ["onecmd", "t"],
  ["physical", "P"],
  ["pipefail", ""],
  ["posix", ""],
  ["privileged", "p"],
  ["verbose", "v"],
  ["vi", ""],
  ["xtrace", "x"],
];

export interface FunctionDef {
  readonly def: Func;
  readonly exported: boolean;
  /** $BASH_SOURCE in it */
  readonly source: string;
  readonly readonly: boolean;
}

export interface CallFrame {
  readonly func: string;
  readonly source: string;
  /** line of the call */
  readonly line: number;
}

export const BASH_VERSION = "5.2.15(1)-release";
/** Longest value of a variable or word. Real bash is limited by memory only. */
export const MAX_VALUE = 16 * 1024 * 1024;
export const MAX_NESTING = 1000;

/** What expansion and builtins need of the evaluator, which imports them. */
export interface Evaluator {
  /** Runs one command. `tail`: nothing comes after it in this process, so an external program may replace it. */
  exec(sh: Shell, node: Node, tail: boolean): Call<number>;
  execList(sh: Shell, list: List, tail: boolean): Call<number>;
  /** Output of a command substitution without its trailing newlines; sets sh.substStatus. */
  commandSubst(sh: Shell, script: Program | null, src: string): Call<string>;
  /** <(…) and >(…): the path to hand to the command. */
  procSubst(sh: Shell, dir: "<" | ">", script: Program): Call<string>;
  isBuiltin(sh: Shell, name: string): boolean;
  isSpecial(name: string): boolean;
  builtinNames(sh: Shell): string[];
  /** ${x@P} */
  prompt(sh: Shell, text: string): Call<string>;
  /** Parses and runs a text in this shell (eval, source, traps). */
  runText(sh: Shell, text: string, origin: TextOrigin): Call<number>;
  /** Runs words as a command: `command`, `builtin`, `exec` and friends decide what kinds may be found. */
  runWords(
    sh: Shell,
    argv: readonly string[],
    what: { readonly functions: boolean; readonly builtins: boolean; readonly defaultPath?: boolean },
  ): Call<number>;
}
/** An expanded element of an array assignment; null: the next index. */
export interface ArrayItem {
  readonly key: string | null;
  readonly append: boolean;
  readonly value: string;
}
export interface TextOrigin {
  /** how syntax errors begin: "eval: line 1: ", "./x: line 3: " */
  readonly kind: "eval" | "source" | "trap" | "string" | "subst" | "script" | "stdin";
  readonly name: string;
  readonly firstLine: number;
}

export class Shell {
  sys: Sys;
  readonly ev: Evaluator;
  scopes = new Scopes();
  functions = new Map<string, FunctionDef>();
  aliases = new Map<string, string>();
  options = new Set<string>(["braceexpand", "hashall", "interactive-comments"]);
  shopts = new Map<string, boolean>();
  positional: string[] = [];
  /** $0 */
  name = "bash";
  /** what stands before messages; bash uses $0, "environment" inside functions of -c */
  scriptName: string | null = null;
  interactive = false;
  login = false;
  /** sh: Debian's dash in what it says */
  dash = false;
  /** -c */
  commandString = false;
  readStdin = false;
  /** 0 in the shell itself, + 1 for every fork */
  subshell = 0;
  line = 1;
  pid = 0;
  /** $$: of the top-level shell */
  mainPid = 0;
  ppid = 0;
  status = 0;
  lastBg = 0;
  lastArg = "";
  pipestatus: readonly number[] = [0];
  traps = new Map<string, string>();
  callStack: CallFrame[] = [];
  /** nested functions, evals and sourced files */
  nesting = 0;
  loops = 0;
  /** lists (a; b, a && b) under way */
  lists = 0;
  /** inside a condition: errexit and ERR do not apply */
  noErrexit = 0;
  /** break/continue/return under way */
  flow: { kind: "break" | "continue"; n: number } | { kind: "return"; status: number } | null = null;
  hash = new Map<string, { path: string; hits: number }>();
  dirstack: string[] = [];
  cwd = "/";
  jobs: Job[] = [];
  /** numbers of the jobs that %+ and %- stand for; 0: none */
  currentJob = 0;
  previousJob = 0;
  history: string[] = [];
  random = 1;
  startTime = 0;
  now = 0;
  realNow = 0;
  secondsBase = 0;
  getoptsPos = 1;
  /** expansion steps since the last tick */
  steps = 0;
  /** µs of computing that the kernel does not know of yet */
  owed = 0;
  /** a child was started: its signals are looked for before the next command */
  alert = false;
  /** terminal of an interactive shell's job control, -1: none */
  ttyFd = -1;
  pgid = 0;
  /** /dev/fd files open for process substitutions of the current command */
  procSubs: { fd: number; pid: number }[] = [];
  /** exit status of the last command substitution in the words of the current command */
  substStatus: number | null = null;
  /** the `exit` with stopped jobs was just refused */
  exitWarned = false;
  /** EXIT trap already ran */
  exiting = false;
  /** running a `source`d file: return is allowed */
  sourced = 0;
  /** $BASH_COMMAND */
  lastCommand: Simple | string = "";
  /** FUNCNAME-less depth of eval for "eval: line N" */
  evalDepth = 0;

  /** index → elements, for the declaration builtin that is about to run: declare x=(…) */
  /** how many + xtrace puts before what runs in a substitution */
  subshellTrace = 0;
  arrayArgs: ReadonlyMap<number, readonly ArrayItem[]> | null = null;
  /** SIGINT came while a foreground job ran */
  sawInt = false;
  /** caught while a foreground job ran; their traps run when it has ended */
  lateSignals: number[] = [];
  /** the command before this prompt was kill or &: its effect shows after the prompt */
  promptFirst = false;
  /** jobs of the shell this one was forked from, for `jobs` */
  inheritedJobs: readonly Job[] = [];
  /** statuses of background processes that ended and were not waited for */
  ended = new Map<number, number>();
  /** callers of `source`, `eval`… run inside a trap: signals wait */
  inTrap = 0;

  constructor(sys: Sys, ev: Evaluator) {
    this.sys = sys;
    this.ev = ev;
    for (const n of SHOPTS_ON) this.shopts.set(n, true);
    for (const n of SHOPTS_OFF) this.shopts.set(n, false);
  }

  /** A copy for a child process, which puts in its own sys and pid. */
  fork(sys: Sys): Shell {
    const c = new Shell(sys, this.ev);
    c.scopes = this.scopes.copy();
    c.functions = new Map(this.functions);
    c.aliases = new Map(this.aliases);
    c.options = new Set(this.options);
    c.shopts = new Map(this.shopts);
    c.positional = [...this.positional];
    c.name = this.name;
    c.scriptName = this.scriptName;
    c.interactive = this.interactive;
    c.login = this.login;
    c.dash = this.dash;
    c.commandString = this.commandString;
    c.subshell = this.subshell + 1;
    c.line = this.line;
    c.mainPid = this.mainPid;
    c.ppid = this.ppid;
    c.status = this.status;
    c.lastBg = this.lastBg;
    c.lastArg = this.lastArg;
    c.pipestatus = this.pipestatus;
    c.callStack = [...this.callStack];
    c.nesting = this.nesting;
    c.loops = this.loops;
    c.noErrexit = this.noErrexit;
    c.hash = new Map(this.hash);
    c.dirstack = [...this.dirstack];
    c.cwd = this.cwd;
    c.history = [...this.history];
    c.currentJob = this.currentJob;
    c.previousJob = this.previousJob;
    c.random = this.random;
    c.startTime = this.startTime;
    c.now = this.now;
    c.realNow = this.realNow;
    c.secondsBase = this.secondsBase;
    c.getoptsPos = this.getoptsPos;
    c.sourced = this.sourced;
    c.evalDepth = this.evalDepth;
    c.inheritedJobs = (this.jobs.length > 0 ? this.jobs : this.inheritedJobs).map((j) => ({ ...j, procs: j.procs.map((p) => ({ ...p })) }));
    c.subshellTrace = this.subshellTrace;
    // ignored signals stay ignored; other traps go (errtrace and functrace keep ERR, DEBUG, RETURN)
    for (const [sig, cmd] of this.traps) {
      if (
        cmd === "" ||
        (sig === "ERR" && this.options.has("errtrace")) ||
        ((sig === "DEBUG" || sig === "RETURN") && this.options.has("functrace"))
      )
        c.traps.set(sig, cmd);
    }
    return c;
  }

  opt(name: string): boolean {
    return this.options.has(name);
  }
  /** what the parser has to know */
  grammar(): { readonly extglob: boolean; readonly dash: boolean } {
    return { extglob: this.shopt("extglob"), dash: this.dash };
  }
  shopt(name: string): boolean {
    return this.shopts.get(name) === true;
  }

  // ------------------------------------------------------------- messages

  /** "bash: line 3: " */
  prefix(): string {
    // in a function: where that was read
    const top = this.callStack[this.callStack.length - 1];
    const name = top !== undefined && !this.interactive && !this.dash && top.source !== "" ? top.source : (this.scriptName ?? this.name);
    if (this.interactive) return `${name.slice(name.lastIndexOf("/") + 1)}: `;
    return this.dash ? `${name}: ${this.line}: ` : `${name}: line ${this.line}: `;
  }

  *warn(text: string): Call<void> {
    yield* this.sys.write(2, utf8(`${this.prefix()}${text}\n`));
  }

  // ------------------------------------------------------------- variables

  /** Follows namerefs. */
  resolve(name: string): string {
    let n = name;
    for (let i = 0; i < 10; i++) {
      const v = this.scopes.find(n);
      if (!v?.nameref || typeof v.value !== "string" || v.value === "") return n;
      n = v.value;
    }
    return n;
  }
  find(name: string): Var | undefined {
    return this.scopes.find(this.resolve(name));
  }

  /** The value of $name; undefined when unset. Arrays give their element 0. */
  get(name: string): string | undefined {
    const special = this.dynamic(name);
    if (special !== undefined) return special;
    const n = this.resolve(name);
    const bracket = n.indexOf("[");
    if (bracket > 0) return this.getElem(n.slice(0, bracket), n.slice(bracket + 1, -1));
    const v = this.scopes.find(n);
    if (v === undefined || v.value === null) return undefined;
    if (typeof v.value === "string") return v.value;
    return v.value instanceof IndexedArray ? v.value.get(0) : v.value.get("0");
  }

  /** An element by literal key (a number for indexed arrays). */
  getElem(name: string, key: string): string | undefined {
    const arr = this.dynamicArray(name);
    if (arr) return arr[Number(key)];
    const v = this.find(name);
    if (v === undefined || v.value === null) return undefined;
    if (v.value instanceof Map) return v.value.get(key);
    if (v.value instanceof IndexedArray) {
      let i = Number(key);
      if (i < 0) i += v.value.end;
      return v.value.get(i);
    }
    return Number(key) === 0 || Number(key) === -1 ? v.value : undefined;
  }
  /** All values (and keys) of an array; a scalar is one element; undefined: unset. */
  elements(name: string): { keys: string[]; values: string[] } | undefined {
    const arr = this.dynamicArray(name);
    if (arr) return { keys: arr.map((_, i) => String(i)), values: [...arr] };
    const d = this.dynamic(name);
    if (d !== undefined) return { keys: ["0"], values: [d] };
    const v = this.find(name);
    if (v === undefined || v.value === null) return undefined;
    if (v.value instanceof Map) {
      const keys = assocKeys(v.value);
      return { keys, values: keys.map((k) => (v.value as Map<string, string>).get(k)!) };
    }
    if (v.value instanceof IndexedArray) return { keys: v.value.keys().map(String), values: v.value.values() };
    return { keys: ["0"], values: [v.value] };
  }

  private dynamicArray(name: string): readonly string[] | null {
    switch (name) {
      case "PIPESTATUS":
        return this.pipestatus.map(String);
      case "FUNCNAME":
        if (this.callStack.length === 0 || !this.callStack.some((f) => f.func !== "source")) return null;
        return [...this.callStack.map((f) => f.func).reverse(), ...(this.commandString || this.interactive ? [] : ["main"])];
      case "BASH_SOURCE":
        return [
          ...this.callStack.map((f) => f.source).reverse(),
          ...(this.commandString || this.interactive || this.scriptName === null ? [] : [this.scriptName]),
        ];
      case "BASH_LINENO":
        return [
          ...this.callStack.map((f) => String(f.line)).reverse(),
          ...(this.commandString || this.interactive || this.scriptName === null ? [] : ["0"]),
        ];
      case "DIRSTACK":
        return [this.cwd, ...this.dirstack];
      case "GROUPS":
        return ["0"];
      case "BASH_VERSINFO":
        return ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"];
      default:
        return null;
    }
  }
  tilde(path: string): string {
    const home = this.get("HOME");
    if (home && home !== "/" && (path === home || path.startsWith(home + "/"))) return "~" + path.slice(home.length);
    return path;
  }

  /** Special parameters and variables with a life of their own. */
  dynamic(name: string): string | undefined {
    switch (name) {
      case "?":
        return String(this.status);
      case "$":
        return String(this.mainPid);
      case "!":
        return this.lastBg === 0 ? undefined : String(this.lastBg);
      case "#":
        return String(this.positional.length);
      case "-":
        return this.flags();
      case "_":
        return this.lastArg;
      case "0":
        return this.name;
      case "LINENO":
        return String(this.line);
      case "BASHPID":
        return String(this.pid);
      case "BASH_SUBSHELL":
        return String(this.subshell);
      case "RANDOM": {
        if (!this.isDynamic(name)) return undefined;
        // a generator of our own, seeded by assignment as bash's is
        this.random = (Math.imul(this.random, 1103515245) + 12345) >>> 0;
        return String((this.random >>> 16) & 32767);
      }
      case "SRANDOM": {
        this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
        return String((this.random ^ (this.random << 13)) >>> 0);
      }
      case "SECONDS":
        return this.isDynamic(name) ? String(Math.floor((this.now - this.startTime) / 1e9) + this.secondsBase) : undefined;
      case "EPOCHSECONDS":
        return String(Math.floor(this.realNow / 1e9));
      case "EPOCHREALTIME":
        return `${Math.floor(this.realNow / 1e9)}.${String(Math.floor((this.realNow % 1e9) / 1000)).padStart(6, "0")}`;
      case "HISTCMD":
        return this.interactive ? String(this.history.length + 1) : "0";
      case "BASH_COMMAND":
        return typeof this.lastCommand === "string" ? this.lastCommand : printSimple(this.lastCommand);
      case "FUNCNAME":
      case "BASH_SOURCE":
      case "BASH_LINENO":
      case "PIPESTATUS":
      case "DIRSTACK":
      case "GROUPS":
      case "BASH_VERSINFO":
        return this.dynamicArray(name)?.[0];
      case "SHELLOPTS":
        return [...this.options].sort(byBytes).join(":");
      case "BASHOPTS":
        return [...this.shopts]
          .filter(([, on]) => on)
          .map(([n]) => n)
          .sort(byBytes)
          .join(":");
      default:
        if (/^[1-9][0-9]*$/.test(name)) return this.positional[Number(name) - 1];
        return undefined;
    }
  }
  /** unset RANDOM makes it an ordinary variable */
  private isDynamic(name: string): boolean {
    return !this.plainDynamics.has(name);
  }
  readonly plainDynamics = new Set<string>();

  private flags(): string {
    let f = "";
    for (const c of "abefhkmnptuvxBCEHPT") {
      const o = SET_OPTIONS.find(([, letter]) => letter === c);
      if (o && this.options.has(o[0])) f += c;
      if (c === "h" && this.interactive) f += "i";
    }
    // order as bash prints it: himBHs, hBc
    const order = "abefhikmnptuvxBCEHPT";
    f = [...f].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join("");
    if (this.commandString) f += "c";
    if (this.readStdin) f += "s";
    return f;
  }

  /** x=value. Throws ShellError when it is readonly or too long. */
  set(name: string, value: string): void {
    const n = this.resolve(name);
    const bracket = n.indexOf("[");
    if (bracket > 0) {
      this.setElem(n.slice(0, bracket), n.slice(bracket + 1, -1), value);
      return;
    }
    this.assignTo(n, this.scopes.make(n), value);
  }

  /** Gives a variable its value with its attributes applied. */
  assignTo(name: string, v: Var, value: string): void {
    this.checkWritable(name, v);
    if (value.length > MAX_VALUE) throw new ShellError(`xrealloc: cannot allocate ${value.length + 1} bytes`, 2, true);
    const val = applyCase(v, value);
    if (v.value instanceof IndexedArray) v.value.set(0, val);
    else if (v.value instanceof Map) v.value.set("0", val);
    else if (v.kind === "indexed") v.value = IndexedArray.of([val]);
    else if (v.kind === "assoc") v.value = new Map([["0", val]]);
    else v.value = val;
    if (this.options.has("allexport")) v.exported = true;
    if (name === "RANDOM") this.random = Number(val) >>> 0;
    else if (name === "SECONDS") {
      this.secondsBase = Number.parseInt(val, 10) || 0;
      this.startTime = this.now;
    } else if (name === "OPTIND") this.getoptsPos = 1;
    else if (name === "PATH") this.hash.clear();
  }

  checkWritable(name: string, v: Var): void {
    if (v.readonly) throw new ShellError(`${name}: readonly variable`, 1);
  }

  /** The array variable `name`, turned into an array when it is a scalar. */
  arrayVar(name: string, v: Var = this.scopes.make(this.resolve(name))): IndexedArray | Map<string, string> {
    if (v.value instanceof IndexedArray || v.value instanceof Map) return v.value;
    if (v.kind === "assoc") {
      const m = new Map<string, string>();
      if (typeof v.value === "string") m.set("0", v.value);
      v.value = m;
      return m;
    }
    const a = typeof v.value === "string" ? IndexedArray.of([v.value]) : new IndexedArray();
    v.kind = "indexed";
    v.value = a;
    return a;
  }

  /** name[key]=value with a literal key. */
  setElem(name: string, key: string, value: string): void {
    const n = this.resolve(name);
    const v = this.scopes.make(n);
    this.checkWritable(n, v);
    if (value.length > MAX_VALUE) throw new ShellError(`xrealloc: cannot allocate ${value.length + 1} bytes`, 2, true);
    const a = this.arrayVar(n, v);
    const val = applyCase(v, value);
    if (a instanceof Map) {
      if (key === "") throw new ShellError(`${name}[]: bad array subscript`, 1);
      a.set(key, val);
      return;
    }
    let i = Number(key);
    if (i < 0) i += a.end;
    if (i < 0) throw new ShellError(`${name}[${key}]: bad array subscript`, 1);
    a.set(i, val);
  }

  isAssoc(name: string): boolean {
    const v = this.find(name);
    return v !== undefined && (v.kind === "assoc" || v.value instanceof Map);
  }

  setExported(name: string, value: string): void {
    this.set(name, value);
    this.scopes.make(this.resolve(name)).exported = true;
  }
  /** What a program started from here finds in its environment: exported variables, and functions as texts. */
  environment(): Map<string, string> {
    const env = this.scopes.exported();
    for (const [name, f] of this.functions)
      if (f.exported)
        env.set(
          `BASH_FUNC_${name}%%`,
          printFunction(name, f.def)
            .slice(name.length + 1)
            .replace("() \n", "() "),
        );
    return env;
  }
  /** A fresh exported variable, as from the environment. */
  importEnv(name: string, value: string): void {
    const v = newVar(value);
    v.exported = true;
    this.scopes.global().set(name, v);
  }

  /** Brings `now` up to date for SECONDS and the like. */
  *clock(): Call<void> {
    this.now = yield* this.sys.clock_gettime("monotonic");
    this.realNow = yield* this.sys.clock_gettime("realtime");
  }

  /** Counts steps of work without system calls; every 64 cost a tick (2 µs). */
  *work(n = 1): Call<void> {
    this.steps += n;
    while (this.steps >= 64) {
      this.steps -= 64;
      yield* this.sys.tick(2);
    }
  }
}

function applyCase(v: Var, s: string): string {
  if (v.caseMode === "l") return s.toLowerCase();
  if (v.caseMode === "u") return s.toUpperCase();
  if (v.caseMode === "c") return s.slice(0, 1).toUpperCase() + s.slice(1).toLowerCase();
  return s;
}
