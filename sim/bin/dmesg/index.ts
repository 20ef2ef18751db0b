/**
 * dmesg of util-linux 2.38: the kernel log, read record by record from /dev/kmsg. Left out: the console (there is none), files, --json, the pager of --human.
 */
import { fromUtf8 } from "../../core/bytes.ts";
import { strftime } from "../../core/calendar.ts";
import { Errno, strerror } from "../../core/result.ts";
import { SEC, US } from "../../core/time.ts";
import { type Call, type Command, O, type OptionSpec, type Sys } from "../../kernel/abi.ts";
import { err, exit, type Io, program } from "../lib/io.ts";
import { type GivenOption, optionError, optionHelp, parseOptions } from "../lib/options.ts";

const options: readonly OptionSpec[] = [
  { names: ["-C", "--clear"], help: "hide what is there from now on" },
  { names: ["-c", "--read-clear"], help: "print, then clear" },
  { names: ["-f", "--facility"], arg: "list", help: "only these facilities: kern, user, daemon …" },
  { names: ["-k", "--kernel"], help: "only messages of the kernel" },
  { names: ["-u", "--userspace"], help: "only messages written to /dev/kmsg" },
  { names: ["-l", "--level"], arg: "list", help: "only these levels: emerg, alert, crit, err, warn, notice, info, debug" },
  { names: ["-x", "--decode"], help: "facility and level before each line" },
  { names: ["-r", "--raw"], help: "as in the buffer: <level>[time] text" },
  { names: ["-t", "--notime"], help: "no times" },
  { names: ["-T", "--ctime"], help: "times as dates" },
  { names: ["-d", "--show-delta"], help: "the time since the line before as well" },
  { names: ["-e", "--reltime"], help: "the minute, then times since the line before" },
  { names: ["--time-format"], arg: "format", help: "delta, reltime, ctime, notime or iso" },
  { names: ["-w", "--follow"], help: "go on with new messages" },
  { names: ["-W", "--follow-new"], help: "only new messages" },
  { names: ["-L", "--color"], arg: "[when]", help: "auto, always or never" },
  { names: ["-P", "--nopager"], help: "no pager; there is none" },
  { names: ["-p", "--force-prefix"], help: "times on each line of a message; they are always there" },
  { names: ["-S", "--syslog"], help: "read by syslog(2)", notModelled: true },
  { names: ["-H", "--human"], help: "relative times, colours and a pager", notModelled: true },
  { names: ["-F", "--file"], arg: "file", help: "read a file", notModelled: true },
  { names: ["-J", "--json"], help: "print JSON", notModelled: true },
  { names: ["-D", "--console-off"], help: "nothing on the console", notModelled: true },
  { names: ["-E", "--console-on"], help: "messages on the console", notModelled: true },
  { names: ["-n", "--console-level"], arg: "level", help: "which messages go to the console", notModelled: true },
  { names: ["-s", "--buffer-size"], arg: "size", help: "how much to ask for", notModelled: true },
  { names: ["--noescape"], help: "print control characters as they are", notModelled: true },
  { names: ["--since"], arg: "time", help: "lines since then", notModelled: true },
  { names: ["--until"], arg: "time", help: "lines until then", notModelled: true },
  { names: ["-h", "--help"], help: "help" },
  { names: ["-V", "--version"], help: "the version" },
];

const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
const FACILITIES = ["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"];
const TIME_OPTIONS: ReadonlyMap<string, TimeFormat> = new Map([
  ["-t", "notime"],
  ["-T", "ctime"],
  ["-e", "reltime"],
]);
const TIME_FORMATS: ReadonlySet<string> = new Set(["delta", "reltime", "ctime", "notime", "iso"]);
type TimeFormat = "time" | "delta" | "time-delta" | "reltime" | "ctime" | "notime" | "iso";

interface Entry {
  readonly facility: number;
  readonly level: number;
  /** µs since boot */
  readonly us: number;
  readonly text: string;
}

interface View {
  readonly time: TimeFormat;
  readonly decode: boolean;
  readonly raw: boolean;
  readonly colour: boolean;
  readonly levels: ReadonlySet<string> | null;
  readonly facilities: ReadonlySet<string> | null;
  /** ns between the epoch and boot */
  readonly boot: number;
}

/** One record of /dev/kmsg. */
function parse(data: Uint8Array): Entry {
  const line = fromUtf8(data);
  const semicolon = line.indexOf(";");
  const [priority = "0", , us = "0"] = line.slice(0, semicolon).split(",");
  const text = line.slice(semicolon + 1).replace(/\n$/, "");
  return {
    facility: Number(priority) >> 3,
    level: Number(priority) & 7,
    us: Number(us),
    // what dmesg prints as it is: tabs, newlines, backslashes
    text: text.replace(/\\x(09|0a|5c)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
  };
}

const seconds = (us: number, width: number): string => `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, "0")}`.padStart(width);

class Printer {
  private readonly view: View;
  private last = 0;
  private minute = "";

  constructor(view: View) {
    this.view = view;
  }

  print(e: Entry): string {
    const { view } = this;
    if (view.levels !== null && !view.levels.has(LEVELS[e.level]!)) return "";
    if (view.facilities !== null && !view.facilities.has(FACILITIES[e.facility] ?? "")) return "";
    return e.text
      .split("\n")
      .map((text) => `${this.head(e)}${this.body(e, text)}\n`)
      .join("");
  }

  private head(e: Entry): string {
    const { view } = this;
    if (view.raw) return `<${(e.facility << 3) | e.level}>[${seconds(e.us, 12)}] `;
    const time = this.time(e);
    this.last = e.us;
    const decoded = view.decode ? `${(FACILITIES[e.facility] ?? "").padEnd(6)}:${LEVELS[e.level]!.padEnd(6)}: ` : "";
    return decoded + (view.colour && time !== "" ? `\x1b[32m${time}\x1b[0m` : time);
  }

  private time(e: Entry): string {
    const delta = this.last === 0 ? 0 : e.us - this.last;
    const at = this.view.boot + e.us * US;
    const whole = Math.floor(at / SEC);
    switch (this.view.time) {
      case "notime":
        return "";
      case "time":
        return `[${seconds(e.us, 12)}] `;
      case "time-delta":
        return `[${seconds(e.us, 12)} <${seconds(delta, 12)}>] `;
      case "delta":
        return `[<${seconds(delta, 12)}>] `;
      case "ctime":
        return `[${strftime("%a %b %e %H:%M:%S %Y", whole)}] `;
      case "iso":
        return `${strftime("%Y-%m-%dT%H:%M:%S", whole)},${String(e.us % 1e6).padStart(6, "0")}+00:00 `;
      case "reltime": {
        const minute = strftime("%b%e %H:%M", whole);
        if (minute === this.minute) return `[${`+${seconds(delta, 0)}`.padStart(11)}] `;
        this.minute = minute;
        return `[${minute}] `;
      }
    }
  }

  private body(e: Entry, text: string): string {
    if (!this.view.colour || this.view.raw) return text;
    const m = /^[^:\s][^:]*: /.exec(text);
    const subsystem = m === null ? "" : m[0];
    const colour = e.level <= 2 ? "\x1b[1m\x1b[31m" : e.level === 3 ? "\x1b[31m" : e.level === 4 ? "\x1b[1m" : "";
    const rest = text.slice(subsystem.length);
    return (subsystem === "" ? "" : `\x1b[33m${subsystem}\x1b[0m`) + (colour === "" ? rest : `${colour}${rest}\x1b[0m`);
  }
}

function names(list: string, known: readonly string[], what: string): ReadonlySet<string> {
  const out = new Set<string>();
  for (const word of list.split(",")) {
    const i = known.includes(word) ? known.indexOf(word) : /^\d+$/.test(word) ? Number(word) : -1;
    const name = known[i];
    if (name === undefined) exit(1, `dmesg: unknown ${what} '${word}'\n`);
    out.add(name);
  }
  return out;
}

/** util-linux refuses two that are at odds, naming the whole group. */
function exclusive(given: readonly GivenOption[], group: readonly string[]): void {
  const found = new Set(given.map((g) => g.name).filter((n) => group.includes(n)));
  if (found.size < 2) return;
  const long = group.map((n) => options.find((o) => o.names.includes(n))!.names.at(-1)!);
  exit(1, `dmesg: mutually exclusive arguments: ${long.join(" ")}\n`);
}

function* viewOf(sys: Sys, given: readonly GivenOption[]): Call<View> {
  const has = (name: string): boolean => given.some((g) => g.name === name);
  let time: TimeFormat = "time";
  let levels: ReadonlySet<string> | null = null;
  let facilities: ReadonlySet<string> | null = null;
  let colour = (yield* sys.isatty(1)) === 1;
  for (const g of given) {
    const short = TIME_OPTIONS.get(g.name);
    if (short !== undefined) time = short;
    else if (g.name === "-d") time = time === "notime" ? "delta" : "time-delta";
    else if (g.name === "--time-format") {
      if (!TIME_FORMATS.has(g.value!)) exit(1, `dmesg: unknown time format: ${g.value}\n`);
      time = g.value as TimeFormat;
    } else if (g.name === "-l") levels = names(g.value!, LEVELS, "level");
    else if (g.name === "-f") facilities = names(g.value!, FACILITIES, "facility");
    else if (g.name === "-k") facilities = new Set(["kern"]);
    else if (g.name === "-u") facilities = new Set(FACILITIES.slice(1));
    else if (g.name === "-L") {
      if (g.value === "never") colour = false;
      else if (g.value === "always") colour = true;
      else if (g.value !== null && g.value !== "auto") exit(1, "dmesg: unsupported color mode\n");
    }
  }
  if (has("-d") && time === "notime") time = "delta";
  const boot = (yield* sys.clock_gettime("realtime")) - (yield* sys.clock_gettime("boottime"));
  return { time, decode: has("-x"), raw: has("-r"), colour, levels, facilities, boot };
}

function* main(io: Io, argv: readonly string[]): Call<number> {
  const { sys } = io;
  const { options: given, operands, error } = parseOptions(options, argv);
  if (error !== null) return yield* optionError(sys, "dmesg", error, "Try 'dmesg --help' for more information.\n", 1);
  const has = (name: string): boolean => given.some((g) => g.name === name);
  if (has("-h")) {
    yield* io.out.print(`\nUsage:\n dmesg [options]\n\nDisplay or control the kernel ring buffer.\n\nOptions:\n${optionHelp(options)}`);
    return 0;
  }
  if (has("-V")) {
    yield* io.out.print("dmesg from util-linux 2.38.1\n");
    return 0;
  }
  if (operands.length > 0) exit(1, "dmesg: bad usage\nTry 'dmesg --help' for more information.\n");
  exclusive(given, ["-C", "-c", "-r"]);
  exclusive(given, ["-r", "-x"]);
  const view = yield* viewOf(sys, given);
  if (has("-C")) return yield* clear(sys);
  const follow = has("-w") || has("-W");
  const fd = yield* sys.open("/dev/kmsg", O.RDONLY | (follow ? 0 : O.NONBLOCK) | O.CLOEXEC, 0);
  if (fd < 0) exit(1, `dmesg: read kernel buffer failed: ${strerror(fd)}\n`);
  if (has("-W")) yield* sys.lseek(fd, 0, "end");
  const printer = new Printer(view);
  for (;;) {
    const r = yield* sys.read(fd, 8192);
    if (r === -Errno.EPIPE || r === -Errno.EINTR) continue;
    if (typeof r === "number" || r.length === 0) break;
    yield* io.out.print(printer.print(parse(r)));
    if (follow) yield* io.out.flush();
  }
  return has("-c") ? yield* clear(sys) : 0;
}

function* clear(sys: Sys): Call<number> {
  const r = yield* sys.klogctl("clear");
  if (r === 0) return 0;
  yield* err(sys, `dmesg: clear kernel buffer failed: ${strerror(r)}\n`);
  return 1;
}

export const commands: readonly Command[] = [
  {
    name: "dmesg",
    paths: ["/usr/bin/dmesg"],
    pkg: "util-linux 2.38.1-5+deb12u3",
    main: program(main),
    options,
    man: {
      summary: "print or control the kernel log",
      synopsis: ["dmesg [options]"],
      description: [
        "Prints what the kernel has said since boot: interfaces that change their mode, bridge ports that change state, addresses found twice, packets that a rule logs. [12.345678] is seconds since boot.",
        "Only root may read it. On machines with a syslog daemon the same lines are in /var/log/kern.log.",
      ],
      examples: [
        { cmd: "dmesg -T | tail", what: "the newest messages with their dates" },
        { cmd: "dmesg -w", what: "wait for new ones; Ctrl-C ends" },
        { cmd: "dmesg -l err,warn", what: "only errors and warnings" },
      ],
      seeAlso: ["ip(8)", "sysctl(8)"],
    },
  },
];
