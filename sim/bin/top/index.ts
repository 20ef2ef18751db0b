/**
 * top (procps), in its plain form: summary lines and one window of processes, refreshed; with -b as text. Memory and shares of our
 * processes are nominal. Left out: colours, other windows, fields, filters, the configuration file.
 */
import { strftime } from "../../core/calendar.ts";
import { strerror } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { type Call, type Command, type OptionSpec, Sig, type Sys } from "../../kernel/abi.ts";
import { err, notSimulated, Out, program, readText } from "../lib/io.ts";
import { getoptMessage, optionHelp, parseOptions } from "../lib/options.ts";
import { type Proc, processes } from "../lib/procs.ts";
import { clip } from "../lib/screen/cells.ts";
import { readPrompt } from "../lib/screen/lineinput.ts";
import { BOLD, PLAIN, REVERSE, Term } from "../lib/screen/term.ts";
import { signalNumber } from "../lib/signals.ts";
import { readUsers, userName } from "../lib/users.ts";

const OPTIONS: readonly OptionSpec[] = [
  { names: ["-b", "--batch-mode"], help: "write text instead of using the screen" },
  { names: ["-c", "--cmdline-toggle"], help: "show command lines instead of names" },
  { names: ["-d", "--delay"], arg: "SECS", help: "seconds between refreshes (3)" },
  { names: ["-h", "--help"], help: "print this help and end" },
  { names: ["-i", "--idle-toggle"], help: "only processes that used CPU" },
  { names: ["-n", "--iterations"], arg: "NUMBER", help: "end after so many refreshes" },
  { names: ["-o", "--sort-override"], arg: "FIELD", help: "sort by %CPU, %MEM, PID, TIME+, USER or COMMAND" },
  { names: ["-p", "--pid"], arg: "PIDLIST", help: "only these processes" },
  { names: ["-u", "--filter-only-euser"], arg: "USER", help: "only this user's" },
  { names: ["-V", "--version"], help: "print the version and end" },
  { names: ["-1", "--single-cpu-toggle"], help: "one line a CPU" },
  ..."-e --scale-summary-mem|-E --scale-task-mem|-H --threads-show|-O --list-fields|-s --secure-mode|-S --accum-time-toggle|-U --filter-any-user|-w --width"
    .split("|")
    .map((n): OptionSpec => ({ names: n.split(" "), help: "", notModelled: true })),
];

type Key = "cpu" | "mem" | "pid" | "time" | "user" | "command";
interface Settings {
  batch: boolean;
  args: boolean;
  idle: boolean;
  single: boolean;
  delay: number;
  left: number;
  pids: readonly number[];
  user: string | null;
  sort: Key;
  reverse: boolean;
}
const FIELDS: Readonly<Record<string, Key>> = {
  "%CPU": "cpu",
  "%MEM": "mem",
  PID: "pid",
  "TIME+": "time",
  USER: "user",
  COMMAND: "command",
};
const SORT_KEYS: Readonly<Record<string, Key>> = { P: "cpu", M: "mem", N: "pid", T: "time" };

const HEAD = "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND";

interface Row {
  readonly p: Proc;
  readonly cpu: number;
  readonly user: string;
}

class Top {
  private readonly sys: Sys;
  private readonly s: Settings;
  private cpuBefore = new Map<number, number>();
  private timeBefore = 0;
  message = "";

  constructor(sys: Sys, s: Settings) {
    this.sys = sys;
    this.s = s;
  }

  private *memory(): Call<readonly string[]> {
    const text = yield* readText(this.sys, "/proc/meminfo");
    const kb = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+([0-9]+)`, "m").exec(typeof text === "number" ? "" : text)?.[1] ?? 0);
    const mib = (n: number): string => (n / 1024).toFixed(1).padStart(8);
    const cache = kb("Buffers") + kb("Cached");
    const used = Math.max(0, kb("MemTotal") - kb("MemAvailable"));
    return [
      `MiB Mem : ${mib(kb("MemTotal"))} total, ${mib(kb("MemFree"))} free, ${mib(used)} used, ${mib(cache)} buff/cache`,
      `MiB Swap: ${mib(kb("SwapTotal"))} total, ${mib(kb("SwapFree"))} free, ${mib(kb("SwapTotal") - kb("SwapFree"))} used. ${mib(kb("MemAvailable"))} avail Mem`,
    ];
  }
  /** The whole picture: five summary lines, an empty one, the heading, the processes. */
  *picture(cols: number): Call<string[]> {
    const { sys, s } = this;
    const now = Math.floor((yield* sys.clock_gettime("realtime")) / SEC);
    const up = (yield* sys.clock_gettime("boottime")) / SEC;
    const load = yield* readText(sys, "/proc/loadavg");
    const all = yield* processes(sys);
    const users = yield* readUsers(sys);
    const span = this.timeBefore > 0 ? up - this.timeBefore : up;
    const rows: Row[] = all.map((p) => ({
      p,
      user: userName(users, p.uid),
      cpu: span > 0 ? (p.time - (this.timeBefore > 0 ? (this.cpuBefore.get(p.pid) ?? p.time) : 0)) / span : 0,
    }));
    this.cpuBefore = new Map(all.map((p) => [p.pid, p.time]));
    this.timeBefore = up;
    const busy = Math.min(
      100,
      rows.reduce((sum, r) => sum + r.cpu, 0),
    );
    const shown = rows.filter(
      (r) =>
        (s.pids.length === 0 || s.pids.includes(r.p.pid)) &&
        (s.user === null || r.user === s.user || String(r.p.uid) === s.user) &&
        (!s.idle || r.cpu > 0),
    );
    this.sort(shown);
    const minutes = Math.floor(up / 60);
    const hours = Math.floor(minutes / 60) % 24;
    const days = Math.floor(minutes / 1440);
    const upText = `${days > 0 ? `${days} day${days > 1 ? "s" : ""}, ` : ""}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, "0")}` : `${minutes % 60} min`}`;
    const avg = typeof load === "number" ? "0.00, 0.00, 0.00" : load.split(" ").slice(0, 3).join(", ");
    const seats = new Set(all.filter((p) => p.tty !== "?").map((p) => p.sid)).size;
    const counted = s.pids.length > 0 ? shown : rows;
    const count = (letters: string): string => String(counted.filter((r) => letters.includes(r.p.state)).length).padStart(3);
    const pct = (n: number): string => n.toFixed(1).padStart(5);
    const cpu = `${pct(busy)} us,  0.0 sy,  0.0 ni,${pct(100 - busy)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st`;
    return [
      `top - ${strftime("%H:%M:%S", now, 0)} up ${upText},  ${seats} user${seats === 1 ? "" : "s"},  load average: ${avg}`,
      `Tasks: ${String(counted.length).padStart(3)} total, ${count("R")} running, ${count("SDI")} sleeping, ${count("Tt")} stopped, ${count("Z")} zombie`,
      s.single ? `%Cpu0  :${cpu}` : `%Cpu(s):${cpu}`,
      ...(yield* this.memory()),
      "",
      HEAD,
      ...shown.map((r) => this.row(r, cols)),
    ];
  }
  private sort(rows: Row[]): void {
    const { sort, reverse } = this.s;
    const by = (a: Row, b: Row): number => {
      switch (sort) {
        case "cpu":
          return b.cpu - a.cpu || b.p.time - a.p.time;
        case "mem":
          return b.p.rss - a.p.rss;
        case "pid":
          return b.p.pid - a.p.pid;
        case "time":
          return b.p.time - a.p.time;
        case "user":
          return a.user < b.user ? 1 : a.user > b.user ? -1 : 0;
        default:
          return a.p.comm < b.p.comm ? 1 : a.p.comm > b.p.comm ? -1 : 0;
      }
    };
    rows.sort((a, b) => (reverse ? -1 : 1) * by(a, b) || a.p.pid - b.p.pid);
  }
  private row(r: Row, cols: number): string {
    const { p } = r;
    const ticks = p.time;
    const time = `${Math.floor(ticks / 6000)}:${String(Math.floor(ticks / 100) % 60).padStart(2, "0")}.${String(ticks % 100).padStart(2, "0")}`;
    const user = r.user.length > 8 ? `${r.user.slice(0, 7)}+` : r.user;
    const head = `${String(p.pid).padStart(7)} ${user.padEnd(8)}  20   0 ${String(p.vsz).padStart(7)} ${String(p.rss).padStart(6)} ${String(Math.floor(p.rss / 2)).padStart(6)} ${p.state} ${r.cpu.toFixed(1).padStart(5)}   0.0 ${time.padStart(9)} `;
    const room = cols - head.length;
    const name = this.s.args ? p.args : p.comm;
    return head + (cols > 0 && name.length > room ? (room > 1 ? `${clip(name, room - 1)}+` : "") : name);
  }

  // ------------------------------------------------------------ on the screen

  *run(term: Term): Call<number> {
    let rows = yield* this.picture(term.cols);
    for (;;) {
      yield* this.show(term, rows);
      const until = (yield* this.sys.clock_gettime("monotonic")) + this.s.delay;
      for (;;) {
        const left = until - (yield* this.sys.clock_gettime("monotonic"));
        const e = left <= 0 ? ({ kind: "timeout" } as const) : yield* term.next(left);
        if (e.kind === "timeout") {
          if (this.s.left > 0 && --this.s.left === 0) return 0;
          break;
        }
        if (e.kind === "eof" || (e.kind === "signal" && e.sig !== Sig.TSTP)) return 0;
        if (e.kind === "signal") yield* term.suspend();
        if (e.kind === "key" && (e.key.name === "q" || e.key.name === "Q")) return 0;
        if (e.kind === "key") {
          this.message = "";
          yield* this.key(term, e.key.name, rows);
        }
        break;
      }
      rows = yield* this.picture(term.cols);
    }
  }
  private *show(term: Term, rows: readonly string[]): Call<void> {
    const out = rows.slice(0, term.rows).map((r) => clip(r, term.cols));
    if (out.length > 5 && this.message !== "") out[5] = `${REVERSE}${clip(this.message, term.cols)}${PLAIN}`;
    if (out.length > 6) out[6] = `${REVERSE}${out[6]!.padEnd(term.cols)}${PLAIN}`;
    for (let i = 7; i < out.length; i++) if (/^.{46}R/.test(out[i]!)) out[i] = `${BOLD}${out[i]!}${PLAIN}`;
    yield* term.paint(out, null);
  }
  private *key(term: Term, k: string, rows: readonly string[]): Call<void> {
    const { s } = this;
    const sort = SORT_KEYS[k];
    if (sort !== undefined) {
      s.sort = sort;
      return;
    }
    switch (k) {
      case " ":
      case "enter":
        return;
      case "1":
        s.single = !s.single;
        return;
      case "c":
        s.args = !s.args;
        return;
      case "i":
        s.idle = !s.idle;
        return;
      case "R":
        s.reverse = !s.reverse;
        return;
      case "k":
        return yield* this.kill(term, rows);
      case "d":
      case "s": {
        const text = yield* this.ask(term, rows, `Change delay from ${(s.delay / SEC).toFixed(1)} to `);
        if (text === null || text === "") return;
        if (!/^[0-9]*\.?[0-9]+$/.test(text)) this.message = " Unacceptable floating point";
        else s.delay = Math.max(1, Math.round(Number(text) * 10)) * (SEC / 10);
        return;
      }
      case "u": {
        const text = yield* this.ask(term, rows, "Which user (blank for all) ");
        if (text !== null) s.user = text === "" ? null : text;
        return;
      }
      case "n":
      case "#":
        return;
      case "h":
      case "?":
        return yield* this.help(term);
      default:
        this.message = " Unknown command - try 'h' for help";
    }
  }
  private *ask(term: Term, rows: readonly string[], question: string): Call<string | null> {
    const out = rows.slice(0, term.rows).map((r) => clip(r, term.cols));
    const r = yield* readPrompt(term, function* (text, col) {
      const lines = Array.from(out);
      lines[5] = `${BOLD}${clip(question, term.cols)}${PLAIN}${clip(text, Math.max(0, term.cols - question.length - 1))}`;
      yield* term.paint(lines, [5, Math.min(term.cols - 1, question.length + col)]);
    });
    return r.ok ? r.text.trim() : null;
  }
  private *kill(term: Term, rows: readonly string[]): Call<void> {
    const first = rows[7] === undefined ? 0 : Number(rows[7].slice(0, 7));
    const text = yield* this.ask(term, rows, `PID to signal/kill [default pid = ${first}] `);
    if (text === null) return;
    const pid = text === "" ? first : Number(text);
    if (!/^[0-9]*$/.test(text) || pid < 1) {
      this.message = " Unacceptable integer";
      return;
    }
    const answer = yield* this.ask(term, rows, `Send pid ${pid} signal [15/sigterm] `);
    if (answer === null) return;
    const sig = answer === "" ? Sig.TERM : signalNumber(answer);
    if (sig === null) {
      this.message = " Invalid signal";
      return;
    }
    const r = sig === 0 ? 0 : yield* this.sys.kill(pid, sig);
    if (r < 0) this.message = ` Failed signal pid '${pid}' with '${sig}': ${strerror(r)}`;
  }
  private *help(term: Term): Call<void> {
    const lines = [
      `${BOLD}Help for Interactive Commands${PLAIN} - procps-ng 4.0.2`,
      "",
      "  P M N T   Sort by: CPU, memory, PID, time; 'R' turns the order around",
      "  1 c i     Toggle: CPU line, command line, idle processes",
      "  u         Only one user's processes",
      "  d or s    Set the seconds between refreshes",
      "  k         Send a signal to a process",
      "  Space     Refresh now",
      "  q         Quit",
      "",
      "Type 'q' or <Esc> to continue ",
    ];
    yield* term.paint(
      lines.map((l) => clip(l, term.cols + 8)),
      null,
    );
    yield* term.key();
  }
  *batch(): Call<number> {
    const out = new Out(this.sys);
    for (let first = true; ; first = false) {
      if (!first) {
        yield* out.print("\n");
        yield* out.flush();
        if ((yield* this.sys.nanosleep(this.s.delay)) < 0) break;
      }
      for (const l of yield* this.picture(0)) yield* out.print(`${l}\n`);
      if (out.error < 0) break;
      if (this.s.left > 0 && --this.s.left === 0) break;
    }
    yield* out.flush();
    return 0;
  }
}

const main = program(function* top({ sys, name, out }, args) {
  const s: Settings = {
    batch: false,
    args: false,
    idle: false,
    single: false,
    delay: 3 * SEC,
    left: 0,
    pids: [],
    user: null,
    sort: "cpu",
    reverse: false,
  };
  const parsed = parseOptions(OPTIONS, args);
  if (parsed.error !== null) {
    if (parsed.error.kind === "not-modelled") return yield* notSimulated(sys, name, `option ${parsed.error.given}`);
    yield* err(sys, `${getoptMessage(name, parsed.error)}\n`);
    return 1;
  }
  for (const o of parsed.options) {
    const v = o.value ?? "";
    if (o.name === "-h") {
      yield* out.print(`\nUsage:\n ${name} [options]\n\n${optionHelp(OPTIONS)}\nFor more details see top(1).\n`);
      return 0;
    }
    if (o.name === "-V") {
      yield* out.print("top from procps-ng 4.0.2\n");
      return 0;
    }
    const bad = (what: string): Call<number> => complain(sys, `${name}: bad ${what} '${v}'\n`);
    if (o.name === "-b") s.batch = true;
    else if (o.name === "-c") s.args = true;
    else if (o.name === "-i") s.idle = true;
    else if (o.name === "-1") s.single = true;
    else if (o.name === "-d") {
      if (!/^[0-9]*\.?[0-9]+$/.test(v)) return yield* bad("delay interval");
      s.delay = Math.max(1, Math.round(Number(v) * 10)) * (SEC / 10);
    } else if (o.name === "-n") {
      if (!/^[0-9]+$/.test(v) || Number(v) < 1) return yield* bad("iterations argument");
      s.left = Number(v);
    } else if (o.name === "-p") {
      if (!/^[0-9]+(,[0-9]+)*$/.test(v)) return yield* bad("pid");
      s.pids = [...s.pids, ...v.split(",").map(Number)];
    } else if (o.name === "-u") s.user = v;
    else if (o.name === "-o") {
      const field = FIELDS[v.replace(/^[+-]/, "")];
      if (field === undefined) return yield* complain(sys, `${name}: unrecognized field name '${v}'\n`);
      s.sort = field;
      s.reverse = v.startsWith("-");
    }
  }
  if (parsed.operands.length > 0) return yield* complain(sys, `${name}: unknown option '${parsed.operands[0]!}'\n`);
  const t = new Top(sys, s);
  if (s.batch) return yield* t.batch();
  if ((yield* sys.isatty(0)) !== 1) return yield* complain(sys, `${name}: failed tty get\n`);
  const term = yield* Term.open(sys, { signals: true, alternate: false });
  if (typeof term === "number") return yield* complain(sys, `${name}: failed tty get\n`);
  yield* term.enter();
  const status = yield* t.run(term);
  yield* term.print(`\x1b[${term.rows};1H\n`);
  yield* term.leave();
  return status;
});

function* complain(sys: Sys, text: string): Call<number> {
  yield* err(sys, text);
  return 1;
}

export const commands: readonly Command[] = [
  {
    name: "top",
    paths: ["/usr/bin/top"],
    pkg: "procps 2:4.0.2-3",
    main,
    options: OPTIONS,
    man: {
      summary: "display Linux processes",
      synopsis: ["top [options]"],
      description: [
        "What runs, again and again: space refreshes, P and M sort by CPU and memory, k sends a signal, h lists the keys, q ends. With -b it writes text, for example top -b -n 1.",
      ],
      seeAlso: ["ps(1)", "kill(1)"],
    },
  },
];
