/**
 * `sysctl` of procps-ng 4.0.2: reads and writes the files below /proc/sys. What the stack takes note of but does not act
 * upon is refused there with EOPNOTSUPP and reported as not simulated.
 */
import { fromUtf8, utf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call, Command, OptionSpec, Stat, Sys } from "../../kernel/abi.ts";
import { O, S_IF } from "../../kernel/abi.ts";
import { RE2JS } from "re2js";
import { baseName, err, exit, type Io, lines, program, readFile, writeAll } from "../lib/io.ts";
import { fnmatch } from "../lib/fnmatch.ts";
import { optionError, optionHelp, parseOptions } from "../lib/options.ts";

const ROOT = "/proc/sys";

const options: readonly OptionSpec[] = [
  { names: ["-a", "--all"], help: "show all settings" },
  { names: ["-A"], help: "as -a" },
  { names: ["-X"], help: "as -a" },
  { names: ["--deprecated"], help: "with -a: deprecated ones too" },
  { names: ["--dry-run"], help: "show what would be set, set nothing" },
  { names: ["-b", "--binary"], help: "the value without a newline" },
  { names: ["-e", "--ignore"], help: "say nothing about unknown settings" },
  { names: ["-N", "--names"], help: "names without values" },
  { names: ["-n", "--values"], help: "values without names" },
  { names: ["-p", "--load", "-f"], arg: "[FILE]", help: "read settings from a file (/etc/sysctl.conf)" },
  { names: ["--system"], help: "read settings from all files of the system" },
  { names: ["-r", "--pattern"], arg: "REGEX", help: "only settings that match" },
  { names: ["-q", "--quiet"], help: "do not show what was set" },
  { names: ["-w", "--write"], help: "set values" },
  { names: ["-o"], help: "does nothing" },
  { names: ["-x"], help: "does nothing" },
  { names: ["-d"], help: "as -h" },
  { names: ["-h", "--help"], help: "this help" },
  { names: ["-V", "--version"], help: "the version" },
];

interface Mode {
  names: boolean;
  values: boolean;
  binary: boolean;
  ignore: boolean;
  quiet: boolean;
  write: boolean;
  dryRun: boolean;
  deprecated: boolean;
  pattern: RE2JS | null;
  notSimulated: boolean;
}

function help(): string {
  return `\nUsage:\n sysctl [options] [variable[=value] ...]\n\nOptions:\n${optionHelp(options)}\nFor more details see sysctl(8).\n`;
}

function* main(io: Io, args: readonly string[]): Call<number> {
  const { sys } = io;
  // -p and -f take a file name only when it is the next word, so they are read as flags here
  const specs = options
    .map((o) => (o.names.includes("-p") ? { names: ["-p", "-f"], help: "" } : o))
    .concat([{ names: ["--load"], arg: "[FILE]", help: "" }]);
  const parsed = parseOptions(specs, args);
  if (parsed.error) {
    if (parsed.error.kind !== "not-modelled") yield* io.out.print(help());
    return yield* optionError(sys, "sysctl", parsed.error, "", 0);
  }
  const m: Mode = {
    names: false,
    values: false,
    binary: false,
    ignore: false,
    quiet: false,
    write: false,
    dryRun: false,
    deprecated: false,
    pattern: null,
    notSimulated: false,
  };
  let all = false;
  let load = false;
  let system = false;
  const files: string[] = [];
  for (const o of parsed.options) {
    switch (o.name) {
      case "-h":
      case "-d":
        yield* io.out.print(help());
        return 0;
      case "-V":
        yield* io.out.print("sysctl from procps-ng 4.0.2\n");
        return 0;
      case "-a":
      case "-A":
      case "-X":
        all = true;
        break;
      case "-N":
        m.names = true;
        break;
      case "-n":
        m.values = true;
        break;
      case "-b":
        m.values = m.binary = true;
        break;
      case "-e":
        m.ignore = true;
        break;
      case "-q":
        m.quiet = true;
        break;
      case "-w":
        m.write = true;
        break;
      case "--dry-run":
        m.dryRun = true;
        break;
      case "--deprecated":
        m.deprecated = true;
        break;
      case "-p":
      case "--load":
        load = true;
        if (o.value !== null) files.push(o.value);
        break;
      case "--system":
        system = true;
        break;
      case "-r":
        try {
          m.pattern = RE2JS.compile(o.value!);
        } catch {
          exit(1, "sysctl: regcomp failed\n");
        }
        break;
    }
  }
  let code = 0;
  if (all) {
    yield* show(io, m, ROOT, true);
  } else if (system) code = yield* loadSystem(io, m);
  else if (load) {
    const from = [...files, ...parsed.operands];
    for (const f of from.length > 0 ? from : ["/etc/sysctl.conf"]) code = (yield* loadFile(io, m, f)) || code;
  } else if (parsed.operands.length === 0) {
    if (args.length === 0) exit(1, help());
    exit(1, "sysctl: no variables specified\nTry `sysctl --help' for more information.\n");
  } else {
    for (const arg of parsed.operands) {
      // what was not written counts once, what could not be read each time
      if (m.write || arg.includes("=")) code |= yield* assign(io, m, arg);
      else code += yield* show(io, m, pathOf(arg), false);
    }
  }
  return m.notSimulated ? 64 : code;
}

// ---------------------------------------------------------------- names

/** Whichever of "." and "/" comes first separates; the other one is the other. */
function pathOf(key: string): string {
  const sep = /[./]/.exec(key)?.[0];
  if (sep !== ".") return `${ROOT}/${key}`;
  return `${ROOT}/${key.replace(/[./]/g, (c) => (c === "." ? "/" : "."))}`;
}
function keyOf(path: string): string {
  return path.slice(ROOT.length + 1).replace(/[./]/g, (c) => (c === "/" ? "." : "/"));
}

// ---------------------------------------------------------------- reading

function* show(io: Io, m: Mode, path: string, walking: boolean): Call<number> {
  const { sys } = io;
  const st = yield* sys.stat(path);
  if (typeof st === "number") {
    if (m.ignore) return 0;
    yield* err(sys, `sysctl: cannot stat ${path}: ${strerror(st)}\n`);
    return 1;
  }
  if (((st as Stat).mode & S_IF.MT) === S_IF.DIR) {
    const names = yield* sys.readdir(path);
    if (typeof names === "number") return 1;
    let worst = 0;
    for (const n of [...names]
      .map((e) => e.name)
      .filter((n) => n !== "." && n !== "..")
      .sort(byCode))
      if ((yield* show(io, m, `${path}/${n}`, true)) !== 0) worst = 1;
    return worst;
  }
  const key = keyOf(path);
  if (walking && !m.deprecated && /\/(base_reachable_time|retrans_time)$/.test(path)) return 0;
  if (m.pattern !== null && !m.pattern.matcher(key).find()) return 0;
  if (((st as Stat).mode & 0o444) === 0) return 0;
  if (m.names) {
    yield* io.out.print(`${key}\n`);
    return 0;
  }
  const data = yield* readFile(sys, path);
  if (typeof data === "number") {
    // a stable_secret that nobody has set is passed over in silence
    if (data === -Errno.EIO) return 1;
    yield* err(
      sys,
      data === -Errno.EACCES || data === -Errno.EPERM
        ? `sysctl: permission denied on key '${key}'\n`
        : `sysctl: reading key "${key}": ${strerror(data)}\n`,
    );
    return 1;
  }
  const text = fromUtf8(data as Uint8Array);
  if (m.binary) yield* io.out.print(text.replace(/\n$/, ""));
  else for (const line of lines(text)) yield* io.out.print(m.values ? `${line}\n` : `${key} = ${line}\n`);
  return 0;
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// ---------------------------------------------------------------- writing

function* assign(io: Io, m: Mode, arg: string): Call<number> {
  // a single character is no setting, and not worth a word
  if (arg.length < 2) return 1;
  const eq = arg.indexOf("=");
  if (eq < 0) {
    yield* err(io.sys, "sysctl: command line(0): invalid syntax, continuing...\n");
    return 1;
  }
  const key = arg.slice(0, eq).trim();
  if (key === "") {
    yield* err(io.sys, `sysctl: Path is not under ${ROOT}/: ${ROOT}/\n`);
    return 1;
  }
  return yield* set(io, m, pathOf(key), arg.slice(eq + 1).trim(), m.ignore);
}

function* set(io: Io, m: Mode, path: string, value: string, ignore: boolean): Call<number> {
  const { sys } = io;
  const key = keyOf(path);
  const st = yield* sys.stat(path);
  if (typeof st === "number") {
    if (m.ignore) return 0;
    // not even a "-" in front makes this no error
    yield* err(sys, `sysctl: cannot stat ${path}: ${strerror(st)}\n`);
    return 1;
  }
  if (!m.dryRun) {
    const fd = yield* sys.open(path, O.WRONLY, 0);
    // an empty value is not worth a write to sysctl
    const r = fd < 0 ? fd : value === "" ? -Errno.EINVAL : yield* writeAll(sys, fd, utf8(`${value}\n`));
    if (fd >= 0) yield* sys.close(fd);
    if (r === -Errno.EOPNOTSUPP) {
      yield* err(sys, `hop: sysctl: ${key}=${value} is not simulated\n`);
      m.notSimulated = true;
      return 64;
    }
    if (r === -Errno.EACCES || r === -Errno.EPERM) {
      yield* err(sys, `sysctl: permission denied on key "${key}"${ignore ? ", ignoring" : ""}\n`);
      return ignore ? 0 : 1;
    }
    if (r < 0) {
      yield* err(sys, `sysctl: setting key "${key}"${ignore ? ", ignoring" : ""}: ${strerror(r)}\n`);
      return ignore ? 0 : 1;
    }
  }
  if (!m.quiet) yield* io.out.print(m.names ? `${key}\n` : m.values ? `${value}\n` : `${key} = ${value}\n`);
  return 0;
}

// ---------------------------------------------------------------- files

/** A line "key = value", "-key = value" (errors do not count) or a comment (# ;); "*" in a key stands for any name. */
function* loadFile(io: Io, m: Mode, file: string): Call<number> {
  const { sys } = io;
  const data = file === "-" ? yield* readFile(sys, "/dev/stdin") : yield* readFile(sys, file);
  if (typeof data === "number") {
    yield* err(sys, `sysctl: cannot open "${file}": ${strerror(data)}\n`);
    return 1;
  }
  let code = 0;
  let n = 0;
  for (const raw of lines(fromUtf8(data as Uint8Array))) {
    n++;
    let line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const ignore = line.startsWith("-");
    if (ignore) line = line.slice(1);
    const eq = line.indexOf("=");
    if (eq < 0) {
      yield* err(sys, `sysctl: ${file}(${n}): invalid syntax, continuing...\n`);
      continue;
    }
    const path = pathOf(line.slice(0, eq).trim());
    const value = line.slice(eq + 1).trim();
    for (const p of path.includes("*") ? yield* glob(sys, path) : [path]) code = (yield* set(io, m, p, value, ignore)) || code;
  }
  return code;
}

function* glob(sys: Sys, path: string): Call<readonly string[]> {
  let found: readonly string[] = [ROOT];
  for (const part of path.slice(ROOT.length + 1).split("/")) {
    const next: string[] = [];
    for (const dir of found) {
      if (!/[*?[]/.test(part)) {
        next.push(`${dir}/${part}`);
        continue;
      }
      const names = yield* sys.readdir(dir);
      if (typeof names === "number") continue;
      for (const e of [...names].map((x) => x.name).sort(byCode)) if (!e.startsWith(".") && fnmatch(part, e)) next.push(`${dir}/${e}`);
    }
    found = next;
  }
  return found;
}

/** --system: the directories in order, a name found earlier hides a later one; then /etc/sysctl.conf. */
function* loadSystem(io: Io, m: Mode): Call<number> {
  const { sys } = io;
  const seen = new Map<string, string>();
  for (const dir of ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"]) {
    const names = yield* sys.readdir(dir);
    if (typeof names === "number") continue;
    for (const e of names) if (e.name.endsWith(".conf") && !seen.has(e.name)) seen.set(e.name, `${dir}/${e.name}`);
  }
  const files = [...seen.values()].sort((a, b) => byCode(baseName(a), baseName(b)));
  if (typeof (yield* sys.stat("/etc/sysctl.conf")) !== "number") files.push("/etc/sysctl.conf");
  let code = 0;
  for (const f of files) {
    if (!m.quiet) yield* io.out.print(`* Applying ${f} ...\n`);
    code = (yield* loadFile(io, m, f)) || code;
  }
  return code;
}

export const commands: readonly Command[] = [
  {
    name: "sysctl",
    paths: ["/usr/sbin/sysctl", "/sbin/sysctl"],
    pkg: "procps 2:4.0.2-3",
    main: program(main),
    options,
    man: {
      summary: "read and set kernel parameters",
      synopsis: ["sysctl [OPTIONS] [KEY[=VALUE]]...", "sysctl -a [-r REGEX]", "sysctl -p [FILE]"],
      description: [
        "sysctl shows and changes the kernel's settings, which are the files below /proc/sys: net.ipv4.ip_forward is /proc/sys/net/ipv4/ip_forward. Settings below net belong to the network namespace of whoever asks.",
        "A value set this way is lost when the machine restarts; files in /etc/sysctl.d, read by --system, make it last.",
        "Settings that this simulator only shows cannot be changed: it says so and ends with 64.",
      ],
      examples: [
        { cmd: "sysctl net.ipv4.ip_forward", what: "does this machine forward IPv4 packets?" },
        { cmd: "sudo sysctl -w net.ipv4.ip_forward=1", what: "make it a router" },
        { cmd: "sysctl -a -r rp_filter", what: "all reverse path filters" },
      ],
      seeAlso: ["ip(8)"],
    },
    complete: function* (sys, argv) {
      const last = argv[argv.length - 1] ?? "";
      if (last.startsWith("-") || last.includes("=")) return [];
      const dir = last.slice(0, last.lastIndexOf(".") + 1);
      const names = yield* sys.readdir(pathOf(dir === "" ? "" : dir.slice(0, -1)));
      if (typeof names === "number") return [];
      const out: string[] = [];
      for (const e of names) {
        if (e.name.startsWith(".")) continue;
        const word = `${dir}${e.name.replaceAll(".", "/")}`;
        if (word.startsWith(last)) out.push(e.type === S_IF.DIR ? `${word}.` : word);
      }
      return out.sort(byCode);
    },
  },
];
