/**
 * bash and sh as programs: the command line, start-up, and where the commands come from (-c, a file, standard input,
 * a terminal). sh is Debian's dash in its messages and in echo; its language is bash's posix mode.
 */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { strerror } from "../core/result.ts";
import { type Call, type Command, type Prog, S_IF, Sig, type Sys } from "../kernel/abi.ts";
import { setOption } from "./builtins/options.ts";
import { EVALUATOR } from "./evaluator.ts";
import { Discard, drive } from "./exec/flow.ts";
import { statusOf } from "./exec/fork.ts";
import { readLine } from "./exec/readline.ts";
import { runText } from "./exec/run.ts";
import { runExitTrap } from "./exec/signals.ts";
import { passwd, readFileText } from "./expand/expand.ts";
import { interactiveLoop, startInteractive } from "./interactive.ts";
import { parseText } from "./syntax/parse.ts";
import { BASH_VERSION, SET_OPTIONS, Shell } from "./shell.ts";

const USAGE = `Usage:	NAME [GNU long option] [option] ...
	NAME [GNU long option] [option] script-file ...
GNU long options:
	--debug
	--debugger
	--dump-po-strings
	--dump-strings
	--help
	--init-file
	--login
	--noediting
	--noprofile
	--norc
	--posix
	--pretty-print
	--rcfile
	--restricted
	--verbose
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
`;

interface Invocation {
  command: string | null;
  interactive: boolean;
  login: boolean;
  stdin: boolean;
  norc: boolean;
  noprofile: boolean;
  rcfile: string | null;
  rest: readonly string[];
}

/** Reads the command line. A number: exit with it. */
function* parseArgs(sh: Shell, argv: readonly string[]): Call<Invocation | number> {
  const inv: Invocation = {
    command: null,
    interactive: false,
    login: argv[0]!.startsWith("-"),
    stdin: false,
    norc: false,
    noprofile: false,
    rcfile: null,
    rest: [],
  };
  const name = argv[0]!;
  let i = 1;
  let wantCommand = false;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === "--" || a === "-") {
      i++;
      break;
    }
    if (a.startsWith("--")) {
      switch (a) {
        case "--login":
          inv.login = true;
          break;
        case "--norc":
          inv.norc = true;
          break;
        case "--noprofile":
          inv.noprofile = true;
          break;
        case "--posix":
          sh.options.add("posix");
          break;
        case "--verbose":
          sh.options.add("verbose");
          break;
        case "--noediting":
          break;
        case "--rcfile":
        case "--init-file":
          inv.rcfile = argv[++i] ?? null;
          break;
        case "--version":
          yield* sh.sys.write(1, utf8(`GNU bash, version ${BASH_VERSION} (x86_64-pc-linux-gnu), as simulated by Hop by Hop\n`));
          return 0;
        case "--help":
          yield* sh.sys.write(1, utf8(`GNU bash, version ${BASH_VERSION}-(x86_64-pc-linux-gnu)\n${USAGE.replaceAll("NAME", name)}`));
          return 0;
        case "--debug":
        case "--debugger":
        case "--dump-po-strings":
        case "--dump-strings":
        case "--pretty-print":
        case "--restricted":
          yield* sh.sys.write(2, utf8(`hop: bash: option ${a} is not simulated\n`));
          return 64;
        default:
          yield* sh.sys.write(2, utf8(`${name}: ${a}: invalid option\n${USAGE.replaceAll("NAME", name)}`));
          return 2;
      }
      continue;
    }
    if (!/^[-+]/.test(a)) break;
    const on = a[0] === "-";
    for (const c of a.slice(1)) {
      if (c === "c" && on) wantCommand = true;
      else if (c === "i") inv.interactive = on;
      else if (c === "l") inv.login = on;
      else if (c === "s") inv.stdin = on;
      else if (c === "r" || c === "D") {
        yield* sh.sys.write(2, utf8(`hop: bash: option -${c} is not simulated\n`));
        return 64;
      } else if (c === "o" || c === "O") {
        const opt = argv[++i];
        if (opt === undefined) {
          yield* sh.sys.write(2, utf8(`${name}: ${a}: option requires an argument\n`));
          return 2;
        }
        if (c === "O") {
          if (!sh.shopts.has(opt)) {
            yield* sh.sys.write(2, utf8(`${name}: line 0: ${opt}: invalid shell option name\n`));
            return 2;
          }
          sh.shopts.set(opt, on);
        } else {
          const r = yield* setOption(sh, opt, on);
          if (r !== 0) return r;
        }
      } else {
        const o = SET_OPTIONS.find(([, l]) => l === c);
        if (!o) {
          yield* sh.sys.write(2, utf8(`${name}: ${a}: invalid option\n${USAGE.replaceAll("NAME", name)}`));
          return 2;
        }
        const r = yield* setOption(sh, o[0], on);
        if (r !== 0) return r;
      }
    }
  }
  if (wantCommand) {
    const text = argv[i];
    if (text === undefined) {
      yield* sh.sys.write(2, utf8(`${name}: -c: option requires an argument\n`));
      return 2;
    }
    inv.command = text;
    i++;
  }
  inv.rest = argv.slice(i);
  return inv;
}

function bashProg(dash: boolean): Prog {
  return function* (sys: Sys, argv: readonly string[]) {
    const sh = new Shell(sys, EVALUATOR);
    return yield* drive(shellMain(sh, argv, dash));
  };
}

function* shellMain(sh: Shell, argv: readonly string[], dash: boolean): Call<number> {
  const { sys } = sh;
  sh.name = argv[0] ?? (dash ? "sh" : "bash");
  sh.pid = yield* sys.getpid();
  sh.mainPid = sh.pid;
  sh.ppid = yield* sys.getppid();
  sh.dash = dash;
  if (dash) {
    sh.options.add("posix");
    sh.options.delete("braceexpand");
    sh.shopts.set("xpg_echo", true);
    sh.shopts.set("expand_aliases", true);
  }
  sh.line = 0;
  const inv = yield* parseArgs(sh, argv.length > 0 ? argv : [sh.name]);
  sh.line = 1;
  if (typeof inv === "number") return inv;
  sh.login = inv.login;
  if (inv.login) sh.shopts.set("login_shell", true);
  yield* startup(sh);
  const fromFile = inv.command === null && !inv.stdin && inv.rest.length > 0;
  sh.interactive = inv.interactive || (inv.command === null && !fromFile && (yield* sys.isatty(0)) === 1 && (yield* sys.isatty(2)) === 1);
  let status: number;
  try {
    if (sh.interactive) yield* startInteractive(sh);
    else if ((yield* sys.sigaction(Sig.INT, "catch")) === "ignore") {
      // ignored on entry stays ignored
      yield* sys.sigaction(Sig.INT, "ignore");
    }
    yield* startFiles(sh, inv);
    if (inv.command !== null) {
      sh.commandString = true;
      if (inv.rest.length > 0) sh.name = inv.rest[0]!;
      sh.positional = inv.rest.slice(1);
      sh.setExported("BASH_EXECUTION_STRING", inv.command);
      sh.scopes.find("BASH_EXECUTION_STRING")!.exported = false;
      status = yield* runText(sh, inv.command, { kind: "string", name: "-c", firstLine: 1 }, !sh.interactive);
    } else if (fromFile) status = yield* runScript(sh, inv.rest[0]!, inv.rest.slice(1));
    else {
      sh.readStdin = true;
      sh.positional = inv.rest.slice();
      status = sh.interactive ? yield* interactiveLoop(sh) : yield* runStdin(sh);
    }
  } catch (e) {
    status = yield* statusOf(sh, e);
  }
  return yield* runExitTrap(sh, status);
}

/** Variables a shell begins with. */
function* startup(sh: Shell): Call<void> {
  const { sys } = sh;
  for (const [k, v] of yield* sys.getenv()) {
    if (k.startsWith("BASH_FUNC_")) continue;
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(k)) sh.importEnv(k, v);
  }
  for (const [k, v] of yield* sys.getenv()) if (/^BASH_FUNC_.*%%$/.test(k)) yield* importFunction(sh, k.slice(10, -2), v);
  yield* sh.clock();
  sh.startTime = sh.now;
  sh.random = yield* sys.getrandom();
  const uname = yield* sys.uname();
  const cred = yield* sys.getcred();
  const plain = (name: string, value: string): void => {
    if (sh.scopes.find(name) === undefined) sh.set(name, value);
  };
  sh.cwd = yield* sys.getcwd();
  const pwd = sh.get("PWD");
  if (pwd !== undefined && pwd !== sh.cwd && pwd.startsWith("/")) {
    // a logical path to the same place is kept
    const a = yield* sys.stat(pwd);
    const b = yield* sys.stat(".");
    if (typeof a !== "number" && typeof b !== "number" && a.ino === b.ino && a.dev === b.dev) sh.cwd = pwd;
  }
  sh.setExported("PWD", sh.cwd);
  if (sh.scopes.find("OLDPWD") === undefined) sh.scopes.make("OLDPWD").exported = true;
  plain("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  plain("TERM", "dumb");
  sh.set("IFS", " \t\n");
  plain("PS4", "+ ");
  plain("COMP_WORDBREAKS", " \t\n\"'@><=;|&(:");
  plain("OPTERR", "1");
  sh.set("OPTIND", "1");
  plain("HOSTNAME", uname.nodename);
  plain("HOSTTYPE", "x86_64");
  plain("OSTYPE", "linux-gnu");
  plain("MACHTYPE", "x86_64-pc-linux-gnu");
  sh.set("BASH", sh.dash ? "/bin/sh" : "/usr/bin/bash");
  sh.set("BASH_VERSION", BASH_VERSION);
  for (const e of yield* passwd(sh)) if (e.uid === cred.uid) plain("SHELL", e.shell);
  const lvl = Number.parseInt(sh.get("SHLVL") ?? "0", 10);
  sh.setExported("SHLVL", String((Number.isNaN(lvl) ? 0 : lvl) + 1));
  for (const n of ["SHELLOPTS", "BASHOPTS", "BASH_VERSINFO"]) {
    const v = sh.scopes.make(n);
    v.value = "";
    v.readonly = true;
  }
  for (const [n, v] of [
    ["UID", cred.uid],
    ["EUID", cred.uid],
    ["PPID", sh.ppid],
  ] as const) {
    sh.set(n, String(v));
    const x = sh.scopes.find(n)!;
    x.integer = true;
    x.readonly = true;
    x.exported = false;
  }
  sh.lastArg = sh.get("_") ?? sh.name;
}

/** export -f passes functions on in the environment. */
function* importFunction(sh: Shell, name: string, body: string): Call<void> {
  const p = parseText(`${name} ${body}`, { extglob: true });
  if (p.fault === null && p.program.units.length === 1 && p.program.units[0]!.items[0]?.cmd.t === "func")
    yield* sh.ev.execList(sh, p.program.units[0]!.items, false);
  const f = sh.functions.get(name);
  if (f) sh.functions.set(name, { ...f, exported: true });
}

/** /etc/profile and the like, as far as they exist. */
function* startFiles(sh: Shell, inv: Invocation): Call<void> {
  const run = function* (path: string): Call<boolean> {
    const text = yield* readFileText(sh, path);
    if (text === null) return false;
    try {
      yield* runText(sh, text, { kind: "source", name: path, firstLine: 1 });
    } catch (e) {
      if (!(e instanceof Discard)) throw e;
    }
    sh.line = 1;
    return true;
  };
  const home = sh.get("HOME") ?? "/";
  if (inv.login && !inv.noprofile) {
    yield* run("/etc/profile");
    for (const f of [".bash_profile", ".bash_login", ".profile"]) if (yield* run(`${home}/${f}`)) break;
  } else if (sh.interactive && !inv.norc && !sh.dash) {
    yield* run("/etc/bash.bashrc");
    yield* run(inv.rcfile ?? `${home}/.bashrc`);
  } else if (!sh.interactive && !sh.dash) {
    const env = sh.get("BASH_ENV");
    if (env) yield* run(env);
  }
}

function* runScript(sh: Shell, path: string, args: readonly string[]): Call<number> {
  let file = path;
  let st = yield* sh.sys.stat(file);
  if (typeof st === "number" && !path.includes("/")) {
    for (const dir of (sh.get("PATH") ?? "").split(":")) {
      const t = yield* sh.sys.stat(`${dir}/${path}`);
      if (typeof t !== "number") {
        file = `${dir}/${path}`;
        st = t;
        break;
      }
    }
  }
  const say = function* (what: string): Call<void> {
    yield* sh.sys.write(
      2,
      utf8(
        sh.dash
          ? `${sh.name}: 0: cannot open ${path}: ${what === "No such file or directory" ? "No such file" : what}\n`
          : `${sh.name}: ${path}: ${what}\n`,
      ),
    );
  };
  if (typeof st === "number") {
    yield* say(strerror(st));
    return sh.dash ? 2 : 127;
  }
  if ((st.mode & S_IF.MT) === S_IF.DIR) {
    yield* sh.sys.write(2, utf8(sh.dash ? `${sh.name}: 0: ${path}: Is a directory\n` : `${path}: ${path}: Is a directory\n`));
    return 126;
  }
  const fd = yield* sh.sys.open(file, 0, 0);
  if (fd < 0) {
    yield* say(strerror(fd));
    return 126;
  }
  const chunks: Uint8Array[] = [];
  for (;;) {
    const d = yield* sh.sys.read(fd, 65536);
    if (typeof d === "number" || d.length === 0) break;
    chunks.push(d);
  }
  yield* sh.sys.close(fd);
  let n = 0;
  for (const c of chunks) n += c.length;
  const all = new Uint8Array(n);
  n = 0;
  for (const c of chunks) {
    all.set(c, n);
    n += c.length;
  }
  const firstLine = all.indexOf(10);
  if (all.subarray(0, firstLine < 0 ? Math.min(80, all.length) : Math.min(80, firstLine)).includes(0)) {
    yield* sh.sys.write(2, utf8(`${path}: ${path}: cannot execute binary file\n`));
    return 126;
  }
  sh.name = path;
  sh.scriptName = path;
  sh.positional = [...args];
  return yield* runText(sh, fromUtf8(all), { kind: "script", name: path, firstLine: 1 });
}

/** Commands from a pipe or file on standard input, read only as far as they are needed. */
function* runStdin(sh: Shell): Call<number> {
  let text = "";
  let line = 1;
  let first = 1;
  let status = 0;
  for (;;) {
    const r = yield* readLine(sh, 0);
    if (r.eof && r.text === "" && text === "") return status;
    text += r.text + (r.eof ? "" : "\n");
    line++;
    if (!r.eof) {
      if (text.trim() === "") {
        text = "";
        first = line;
        continue;
      }
      if (parseText(text, { extglob: sh.shopt("extglob") }).incomplete || /(^|[^\\])(\\\\)*\\\n$/.test(text)) continue;
    }
    status = yield* runText(sh, text, { kind: "stdin", name: sh.name, firstLine: first });
    text = "";
    first = line;
    if (r.eof) return status;
    if (sh.flow) sh.flow = null;
  }
}

const MAN = {
  summary: "GNU Bourne-Again SHell",
  synopsis: ["bash [options] [command_string | file]"],
  description: [
    "The shell: it reads commands from a terminal, a file or its command line, and runs them. What stands between the words — pipes, redirections, loops, variables — is its language; `help' lists the commands that are built into it.",
    "This one is a simulation of bash 5.2. What bash has and it has not ends in a message that says so, with exit status 64.",
  ],
  examples: [
    { cmd: "for i in 1 2 3; do ping -c 1 10.0.0.$i; done", what: "run a command for several addresses" },
    { cmd: "ip route | grep default", what: "pass one command's output to another" },
  ],
  seeAlso: ["sh(1)"],
};

const OPTIONS = [
  { names: ["-c"], arg: "command_string", help: "run the commands of a string" },
  { names: ["-i"], help: "be interactive" },
  { names: ["-l", "--login"], help: "be a login shell" },
  { names: ["-s"], help: "read commands from standard input" },
  { names: ["-e"], help: "end when a command fails" },
  { names: ["-u"], help: "unset variables are errors" },
  { names: ["-x"], help: "show commands as they run" },
  { names: ["-o"], arg: "option", help: "set an option by name" },
  { names: ["-O"], arg: "shopt_option", help: "set a shopt option" },
  { names: ["--norc"], help: "do not read ~/.bashrc" },
  { names: ["--noprofile"], help: "do not read /etc/profile and ~/.profile" },
  { names: ["--rcfile"], arg: "file", help: "read this file instead of ~/.bashrc" },
  { names: ["--posix"], help: "follow the POSIX standard" },
  { names: ["--version"], help: "show the version" },
  { names: ["--help"], help: "show the options" },
  { names: ["-r", "--restricted"], help: "restricted shell", notModelled: true as const },
  { names: ["-D"], help: "list translatable strings", notModelled: true as const },
];

export const bashCommand: Command = {
  name: "bash",
  paths: ["/usr/bin/bash", "/bin/bash"],
  pkg: "bash 5.2.15-2+b7",
  main: bashProg(false),
  options: OPTIONS,
  man: MAN,
};

export const shCommand: Command = {
  name: "sh",
  paths: ["/usr/bin/sh", "/bin/sh", "/usr/bin/dash", "/bin/dash"],
  pkg: "dash 0.5.12-2",
  main: bashProg(true),
  options: OPTIONS.filter((o) => /^-[ceiux]$/.test(o.names[0]!)),
  man: {
    summary: "command interpreter (shell)",
    synopsis: ["sh [-eiux] [-c command_string] [file]"],
    description: ["The system's plain shell. Here it runs the language of bash's posix mode, and words its errors as dash does."],
    seeAlso: ["bash(1)"],
  },
};
