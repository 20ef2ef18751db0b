/** ps, pgrep, pkill, pidof, killall: what runs, from /proc. Sizes and CPU shares of our processes are nominal. */
import { strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import type { Call, Command } from "../../kernel/abi.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { err, exit } from "../lib/io.ts";
import { notModelled } from "../lib/not-modelled.ts";
import { type Proc, processes } from "../lib/procs.ts";
import { compileRegex, Regex } from "../lib/regex.ts";
import { signalNames, signalNumber } from "../lib/signals.ts";
import { strftime } from "../../core/calendar.ts";
import { groupName, readGroups, readUsers, userName } from "../lib/users.ts";

interface Column {
  readonly head: string;
  readonly width: number;
  readonly left: boolean;
  readonly text: (p: Proc, e: Env) => string;
}
interface Env {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
  readonly now: number;
  readonly boot: number;
}

function clock(ticks: number): string {
  const s = Math.floor(ticks / 100);
  return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((n) => String(n).padStart(2, "0")).join(":");
}
function startTime(p: Proc, e: Env): string {
  const at = e.boot + Math.floor(p.start / 100);
  return strftime(e.now - at < 86400 ? "%H:%M" : "%b%d", at, 0);
}
function elapsed(p: Proc, e: Env): number {
  return Math.max(0, e.now - e.boot - Math.floor(p.start / 100));
}
function etime(seconds: number): string {
  const [d, h, m, s] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return d > 0 ? `${d}-${two(h)}:${two(m)}:${two(s)}` : h > 0 ? `${two(h)}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
function statOf(p: Proc): string {
  return p.state + (p.sid === p.pid ? "s" : "") + (p.tpgid === p.pgid && p.ttyNr > 0 ? "+" : "");
}
const user = (p: Proc, e: Env): string => {
  const n = e.users.get(p.uid) ?? String(p.uid);
  return n.length > 8 ? `${n.slice(0, 7)}+` : n;
};

const COLUMNS: Readonly<Record<string, Column>> = {
  pid: { head: "PID", width: 7, left: false, text: (p) => String(p.pid) },
  ppid: { head: "PPID", width: 7, left: false, text: (p) => String(p.ppid) },
  pgid: { head: "PGID", width: 7, left: false, text: (p) => String(p.pgid) },
  pgrp: { head: "PGRP", width: 7, left: false, text: (p) => String(p.pgid) },
  sid: { head: "SID", width: 7, left: false, text: (p) => String(p.sid) },
  sess: { head: "SESS", width: 7, left: false, text: (p) => String(p.sid) },
  user: { head: "USER", width: 8, left: true, text: user },
  uid: { head: "UID", width: 5, left: false, text: (p) => String(p.uid) },
  group: { head: "GROUP", width: 8, left: true, text: (p, e) => e.groups.get(p.gid) ?? String(p.gid) },
  gid: { head: "GID", width: 5, left: false, text: (p) => String(p.gid) },
  comm: { head: "COMMAND", width: 15, left: true, text: (p) => p.comm + (p.state === "Z" ? " <defunct>" : "") },
  cmd: { head: "CMD", width: 27, left: true, text: (p) => p.args },
  args: { head: "COMMAND", width: 27, left: true, text: (p) => p.args },
  stat: { head: "STAT", width: 4, left: true, text: statOf },
  s: { head: "S", width: 1, left: true, text: (p) => p.state },
  tty: { head: "TT", width: 8, left: true, text: (p) => p.tty },
  time: { head: "TIME", width: 8, left: false, text: (p) => clock(p.time) },
  etime: { head: "ELAPSED", width: 11, left: false, text: (p, e) => etime(elapsed(p, e)) },
  etimes: { head: "ELAPSED", width: 7, left: false, text: (p, e) => String(elapsed(p, e)) },
  start: { head: "STARTED", width: 8, left: false, text: (p, e) => strftime("%H:%M:%S", e.boot + Math.floor(p.start / 100), 0) },
  stime: { head: "STIME", width: 5, left: true, text: startTime },
  pcpu: { head: "%CPU", width: 4, left: false, text: (p, e) => (elapsed(p, e) > 0 ? (p.time / elapsed(p, e)).toFixed(1) : "0.0") },
  pmem: { head: "%MEM", width: 4, left: false, text: () => "0.0" },
  vsz: { head: "VSZ", width: 6, left: false, text: (p) => String(p.vsz) },
  rss: { head: "RSS", width: 5, left: false, text: (p) => String(p.rss) },
  c: { head: "C", width: 2, left: false, text: () => "0" },
  ni: { head: "NI", width: 3, left: false, text: () => "0" },
};
const ALIASES: Readonly<Record<string, string>> = {
  command: "args",
  ucmd: "comm",
  ucomm: "comm",
  tt: "tty",
  tname: "tty",
  state: "s",
  "%cpu": "pcpu",
  "%mem": "pmem",
  cputime: "time",
  euser: "user",
  euid: "uid",
  nice: "ni",
  pgrp: "pgrp",
  session: "sess",
  start_time: "stime",
  uname: "user",
  cp: "c",
};

function* usageError(t: Tool, text: string): Call<never> {
  yield* err(
    t.sys,
    `error: ${text}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
  );
  return exit(1);
}

const NOT_SIMULATED: ReadonlySet<string> = new Set(notModelled("ps").flatMap((o) => o.names));

const ps = gnuCommand({
  name: "ps",
  paths: ["/usr/bin/ps"],
  pkg: "procps 2:4.0.2-3",
  version: "ps from procps-ng 4.0.2",
  usage: ["[options]"],
  summary: "report a snapshot of the current processes",
  description: ["Without options: the processes of this terminal. Common forms: ps aux, ps -ef, ps -o pid,args."],
  bare: true,
  options: [
    { names: ["-e", "-A"], help: "all processes" },
    { names: ["-f"], help: "full lines" },
    { names: ["-a"], help: "all with a terminal, except session leaders" },
    { names: ["-o"], arg: "format", help: "columns by name" },
    { names: ["-p"], arg: "pid", help: "these processes" },
    { names: ["-u"], arg: "user", help: "processes of these users" },
    { names: ["-C"], arg: "name", help: "processes of this name" },
    { names: ["-l"], help: "long format", notModelled: true },
    { names: ["-L"], help: "threads", notModelled: true },
    { names: ["-H"], help: "as a tree", notModelled: true },
  ],
  *main(t, _options, args) {
    let all = false;
    let ownTty = true;
    let withTty = false;
    let layout = "short";
    let columns: [string, string | null][] = [];
    let headers = true;
    const pids: number[] = [];
    const users: string[] = [];
    const names: string[] = [];
    let sort: string | null = null;
    const queue = Array.from(args);
    const take = function* (rest: string): Call<string> {
      if (rest !== "") return rest;
      const v = queue.shift();
      return v === undefined ? yield* usageError(t, "list of process IDs must follow -p") : v;
    };
    const format = function* (text: string): Call<void> {
      // NAME=TEXT takes the rest; an empty TEXT leaves the heading out
      for (let rest = text; rest !== "";) {
        const m = /^([^,=\s]+)(?:=([^]*))?(?:[,\s]|$)?/.exec(rest)!;
        const given = m[1]!;
        const name = ALIASES[given] ?? given;
        if (COLUMNS[name] === undefined) yield* usageError(t, `unknown user-defined format specifier "${given}"`);
        const at = rest.slice(given.length);
        if (at.startsWith("=")) {
          const only = at.slice(1);
          const comma = only === "" || only.startsWith(",") ? only.replace(/^,/, "") : "";
          columns.push([name, only.startsWith(",") || only === "" ? "" : only]);
          rest = comma;
        } else {
          columns.push([name, null]);
          rest = at.replace(/^[,\s]+/, "");
        }
      }
      layout = "own";
    };
    while (queue.length > 0) {
      const w = queue.shift()!;
      if (w.startsWith("--")) {
        const [key, value] = [w.split("=")[0], w.includes("=") ? w.slice(w.indexOf("=") + 1) : null];
        if (key === "--no-headers" || key === "--no-heading") headers = false;
        else if (key === "--sort") sort = value ?? queue.shift() ?? "";
        else if (key === "--pid") pids.push(...(value ?? queue.shift() ?? "").split(",").map(Number));
        else if (key === "--ppid" || key === "--forest" || key === "--format") yield* t.notSimulated(`option ${key}`);
        else yield* usageError(t, "unknown gnu long option");
        continue;
      }
      const bsd = !w.startsWith("-");
      const letters = bsd ? w : w.slice(1);
      if (/^[0-9,]+$/.test(letters)) {
        pids.push(...letters.split(",").map(Number));
        continue;
      }
      for (let i = 0; i < letters.length; i++) {
        const c = letters[i]!;
        const rest = letters.slice(i + 1);
        if (bsd && c === "a") all = true;
        else if (bsd && c === "x") ownTty = false;
        else if (bsd && c === "u") layout = "bsd-user";
        else if (bsd && c === "w") continue;
        else if (bsd && c === "f") yield* t.notSimulated("option f");
        else if (c === "e" || c === "A") {
          all = true;
          ownTty = false;
        } else if (c === "a") withTty = true;
        else if (!bsd && NOT_SIMULATED.has(`-${c}`)) yield* t.notSimulated(`option -${c}`);
        else if (c === "f") layout = "full";
        else if (c === "w") continue;
        else if (c === "h" && bsd) headers = false;
        else if (c === "o" || c === "p" || c === "u" || c === "U" || c === "C") {
          const v = yield* take(rest);
          if (c === "o") yield* format(v);
          else if (c === "p") {
            for (const x of v.split(/[ ,]+/)) {
              if (!/^[0-9]+$/.test(x)) yield* usageError(t, "process ID list syntax error");
              pids.push(Number(x));
            }
          } else if (c === "C") names.push(...v.split(","));
          else users.push(...v.split(","));
          break;
        } else if ("lLHjTcZgGtdNMm".includes(c)) yield* t.notSimulated(`option ${bsd ? "" : "-"}${c}`);
        else yield* usageError(t, bsd ? "unsupported option (BSD syntax)" : "unsupported SysV option");
      }
    }
    const passwd = yield* readUsers(t.sys);
    const groups = yield* readGroups(t.sys);
    const now = Math.floor((yield* t.sys.clock_gettime("realtime")) / SEC);
    const up = Math.floor((yield* t.sys.clock_gettime("boottime")) / SEC);
    const list = yield* processes(t.sys);
    const mypid = yield* t.sys.getpid();
    const me = list.find((p) => p.pid === mypid);
    const e: Env = {
      users: new Map(list.map((p) => [p.uid, userName(passwd, p.uid)])),
      groups: new Map(list.map((p) => [p.gid, groupName(groups, p.gid)])),
      now,
      boot: now - up,
    };
    let shown = list.filter((p) => {
      if (pids.length > 0 || users.length > 0 || names.length > 0)
        return pids.includes(p.pid) || users.includes(e.users.get(p.uid) ?? "") || users.includes(String(p.uid)) || names.includes(p.comm);
      if (all && !ownTty) return true;
      if (all) return p.ttyNr > 0;
      if (withTty) return p.ttyNr > 0 && p.sid !== p.pid;
      if (!ownTty) return p.uid === me?.uid;
      return p.uid === me?.uid && p.ttyNr === me.ttyNr;
    });
    if (sort !== null) {
      for (const key of sort.split(",").reverse()) {
        const name = key.replace(/^[-+]/, "");
        const col = COLUMNS[ALIASES[name] ?? name];
        if (col === undefined) return yield* usageError(t, "unknown sort specifier");
        const sign = key.startsWith("-") ? -1 : 1;
        const value = (p: Proc): string | number => (/^-?[0-9.]+$/.test(col.text(p, e)) ? Number(col.text(p, e)) : col.text(p, e));
        shown = Array.from(shown).sort((a, b) => (value(a) < value(b) ? -sign : value(a) > value(b) ? sign : 0));
      }
    }
    if (layout === "bsd-user") {
      if (headers) yield* t.out.print("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n");
      for (const p of shown) {
        const minutes = `${Math.floor(p.time / 6000)}:${String(Math.floor(p.time / 100) % 60).padStart(2, "0")}`;
        yield* t.out.print(
          `${user(p, e).padEnd(8)} ${String(p.pid).padStart(7)} ${COLUMNS["pcpu"]!.text(p, e).padStart(4)}  0.0 ${String(p.vsz).padStart(6)} ${String(p.rss).padStart(5)} ${p.tty.padEnd(8)} ${statOf(p).padEnd(4)} ${startTime(p, e).padEnd(5)} ${minutes.padStart(6)} ${p.args}\n`,
        );
      }
    } else if (layout === "full") {
      if (headers) yield* t.out.print("UID          PID    PPID  C STIME TTY          TIME CMD\n");
      for (const p of shown)
        yield* t.out.print(
          `${user(p, e).padEnd(8)} ${String(p.pid).padStart(7)} ${String(p.ppid).padStart(7)}  0 ${startTime(p, e).padEnd(5)} ${p.tty.padEnd(8)} ${clock(p.time)} ${p.args}\n`,
        );
    } else if (layout === "short") {
      if (headers) yield* t.out.print("    PID TTY          TIME CMD\n");
      for (const p of shown)
        yield* t.out.print(`${String(p.pid).padStart(7)} ${p.tty.padEnd(8)} ${clock(p.time)} ${COLUMNS["comm"]!.text(p, e)}\n`);
    } else {
      const cols = columns.map(([name, head]) => ({ c: COLUMNS[name]!, head: head ?? (name === "tty" ? "TT" : COLUMNS[name]!.head) }));
      const widths = cols.map(({ c, head }) => Math.max(c.width, head.length));
      const line = (cells: readonly string[]): string =>
        cells
          .map((s, i) =>
            i === cells.length - 1 && cols[i]!.c.left
              ? s
              : cols[i]!.c.left
                ? s.slice(0, widths[i]).padEnd(widths[i]!)
                : s.padStart(widths[i]!),
          )
          .join(" ");
      if (headers && cols.some((c) => c.head !== "")) yield* t.out.print(`${line(cols.map((c) => c.head))}\n`);
      for (const p of shown) yield* t.out.print(`${line(cols.map(({ c }) => c.text(p, e)))}\n`);
    }
    return shown.length > 0 ? 0 : 1;
  },
});

const MATCH = [
  { names: ["-f", "--full"], help: "match the whole command line" },
  { names: ["-x", "--exact"], help: "the whole name must match" },
  { names: ["-u", "--euid"], arg: "ID", help: "processes of these users" },
  { names: ["-P", "--parent"], arg: "PPID", help: "children of these" },
  { names: ["-n", "--newest"], help: "only the newest" },
  { names: ["-o", "--oldest"], help: "only the oldest" },
  { names: ["-v", "--inverse"], help: "those that do not match" },
  { names: ["-i", "--ignore-case"], help: "upper and lower case are the same" },
  { names: ["-c", "--count"], help: "print how many" },
  { names: ["-g", "--pgroup"], arg: "PGID", help: "of these process groups", notModelled: true as const },
  { names: ["-G", "--group"], arg: "GID", help: "of these groups", notModelled: true as const },
  { names: ["-s", "--session"], arg: "SID", help: "of these sessions", notModelled: true as const },
  { names: ["-t", "--terminal"], arg: "TTY", help: "of these terminals", notModelled: true as const },
  { names: ["-U", "--uid"], arg: "ID", help: "by real user", notModelled: true as const },
  { names: ["-F", "--pidfile"], arg: "FILE", help: "pids from a file", notModelled: true as const },
];

function matcher(kill: boolean): Command {
  return gnuCommand({
    name: kill ? "pkill" : "pgrep",
    pkg: "procps 2:4.0.2-3",
    version: `${kill ? "pkill" : "pgrep"} from procps-ng 4.0.2`,
    usage: ["[options] <pattern>"],
    summary: kill ? "signal processes based on name" : "look up processes based on name",
    usageStatus: 2,
    rewrite: (args) => {
      if (!kill) return args;
      const i = args.findIndex((a) => /^-([0-9]+|(SIG)?[A-Z]{2,}[0-9]?)$/.test(a) && signalNumber(a.slice(1)) !== null);
      return i < 0 ? args : [...args.slice(0, i), "--signal", args[i]!.slice(1), ...args.slice(i + 1)];
    },
    options: [
      // --inverse of pkill has no letter: it would be too easily typed
      ...(kill ? MATCH.map((o) => (o.names[0] === "-v" ? { ...o, names: ["--inverse"] } : o)) : MATCH),
      ...(kill
        ? [
            { names: ["--signal"], arg: "SIG", help: "signal to send" },
            { names: ["-e", "--echo"], help: "say what is killed" },
          ]
        : [
            { names: ["-l", "--list-name"], help: "pid and name" },
            { names: ["-a", "--list-full"], help: "pid and command line" },
            { names: ["-d", "--delimiter"], arg: "STRING", help: "text between pids" },
          ]),
    ],
    *main(t, options, operands) {
      const has = (n: string): boolean => options.some((o) => o.name === n);
      const valueOf = (n: string): string | null => options.filter((o) => o.name === n).pop()?.value ?? null;
      const hint = function* (text: string): Call<never> {
        yield* err(t.sys, `${t.name}: ${text}\nTry \`${t.name} --help' for more information.\n`);
        return exit(2);
      };
      if (operands.length > 1) yield* hint("only one pattern can be provided");
      if (operands.length === 0 && !has("-u") && !has("-P")) yield* hint("no matching criteria specified");
      const signal = signalNumber(valueOf("--signal") ?? "TERM");
      if (signal === null) yield* hint(`unknown signal name ${valueOf("--signal")}`);
      const re = compileRegex(has("-x") ? `^(${operands[0] ?? ""})$` : (operands[0] ?? ""), "ere", { ignoreCase: has("-i") });
      if (!(re instanceof Regex)) return yield* t.die(re.message ?? "not simulated", 2);
      const passwd = yield* readUsers(t.sys);
      const self = yield* t.sys.getpid();
      const users = valueOf("-u")
        ?.split(",")
        .map((u) => passwd.find((p) => p.name === u)?.uid ?? Number(u));
      const parents = valueOf("-P")?.split(",").map(Number);
      let found = (yield* processes(t.sys)).filter((p) => {
        if (p.pid === self) return false;
        const ok =
          re.test(has("-f") ? p.args : p.comm) &&
          (users === undefined || users.includes(p.uid)) &&
          (parents === undefined || parents.includes(p.ppid));
        return ok !== (has("-v") || has("--inverse"));
      });
      if (has("-n")) found = found.slice(-1);
      if (has("-o")) found = found.slice(0, 1);
      if (!kill) {
        if (has("-c")) yield* t.out.print(`${found.length}\n`);
        else if (found.length > 0)
          yield* t.out.print(
            `${found.map((p) => (has("-a") ? `${p.pid} ${p.args}` : has("-l") ? `${p.pid} ${p.comm}` : String(p.pid))).join(valueOf("-d") ?? "\n")}\n`,
          );
        return found.length > 0 ? 0 : 1;
      }
      let killed = 0;
      for (const p of found) {
        const r = yield* t.sys.kill(p.pid, signal!);
        if (r < 0) yield* t.warn(`killing pid ${p.pid} failed: ${strerror(r)}`);
        else {
          killed++;
          if (has("-e")) yield* t.out.print(`${p.comm} killed (pid ${p.pid})\n`);
        }
      }
      if (has("-c")) yield* t.out.print(`${found.length}\n`);
      return killed > 0 ? 0 : 1;
    },
  });
}

const killall = gnuCommand({
  name: "killall",
  pkg: "psmisc 23.6-1",
  version: "killall (PSmisc) 23.6",
  usage: ["[OPTION]... [--] NAME..."],
  summary: "kill processes by name",
  rewrite: (args) =>
    args.map((a) => (/^-([0-9]+|(SIG)?[A-Z]{2,}[0-9]?)$/.test(a) && signalNumber(a.slice(1)) !== null ? `--signal=${a.slice(1)}` : a)),
  options: [
    { names: ["-s", "--signal"], arg: "SIGNAL", help: "signal to send" },
    { names: ["-q", "--quiet"], help: "no complaints" },
    { names: ["-I", "--ignore-case"], help: "upper and lower case are the same" },
    { names: ["-l", "--list"], help: "list signal names" },
    { names: ["-v", "--verbose"], help: "say what is killed" },
    { names: ["-r", "--regexp"], help: "NAME is an extended regular expression", notModelled: true },
    { names: ["-e", "--exact"], help: "long names must match whole", notModelled: true },
    { names: ["-g", "--process-group"], help: "kill process groups", notModelled: true },
    { names: ["-i", "--interactive"], help: "ask", notModelled: true },
    { names: ["-o", "--older-than"], arg: "TIME", help: "only older ones", notModelled: true },
    { names: ["-y", "--younger-than"], arg: "TIME", help: "only younger ones", notModelled: true },
    { names: ["-u", "--user"], arg: "USER", help: "only this user's", notModelled: true },
    { names: ["-w", "--wait"], help: "wait until they are gone", notModelled: true },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (has("-l")) {
      yield* t.out.print(`${signalNames.join(" ")}\n`);
      return 0;
    }
    const text = options.filter((o) => o.name === "-s").pop()?.value ?? "TERM";
    const signal = signalNumber(text);
    if (signal === null) {
      yield* err(t.sys, `${text}: unknown signal; killall -l lists signals.\n`);
      return 1;
    }
    if (operands.length === 0) {
      yield* err(t.sys, `Usage: killall [OPTION]... [--] NAME...\n       killall -l, --list\n       killall -V, --version\n`);
      return 1;
    }
    const self = yield* t.sys.getpid();
    const list = yield* processes(t.sys);
    let status = 0;
    for (const name of operands) {
      const wanted = name.slice(name.lastIndexOf("/") + 1);
      const found = list.filter(
        (p) => p.pid !== self && (has("-I") ? p.comm.toLowerCase() === wanted.toLowerCase().slice(0, 15) : p.comm === wanted.slice(0, 15)),
      );
      if (found.length === 0) {
        if (!has("-q")) yield* err(t.sys, `${name}: no process found\n`);
        status = 1;
      }
      for (const p of found) {
        const r = yield* t.sys.kill(p.pid, signal);
        if (r < 0) {
          yield* err(t.sys, `${name}(${p.pid}): ${strerror(r)}\n`);
          status = 1;
        } else if (has("-v")) yield* err(t.sys, `Killed ${name}(${p.pid}) with signal ${signal}\n`);
      }
    }
    return status;
  },
});

const pidof = gnuCommand({
  name: "pidof",
  pkg: "sysvinit-utils 3.06-4",
  version: "pidof 3.06",
  usage: ["[-s] program..."],
  summary: "find the process ID of a running program",
  options: [{ names: ["-s"], help: "only one" }],
  *main(t, options, operands) {
    const list = yield* processes(t.sys);
    const pids = list
      .filter((p) => operands.some((o) => p.comm === o.slice(o.lastIndexOf("/") + 1).slice(0, 15)))
      .map((p) => p.pid)
      .reverse();
    if (pids.length === 0) return 1;
    yield* t.out.print(`${(options.length > 0 ? pids.slice(0, 1) : pids).join(" ")}\n`);
    return 0;
  },
});

export const commands: readonly Command[] = [ps, matcher(false), matcher(true), killall, pidof];
