/** sleep, kill, uname, nproc, uptime, free: time, signals and what the machine is. */
import { strerror } from "../../core/result.ts";
import { NEVER, SEC } from "../../core/time.ts";
import type { Call, Sys } from "../../kernel/abi.ts";
import { Sig } from "../../kernel/abi.ts";
import { gnuCommand, quote } from "../lib/gnu.ts";
import { readText } from "../lib/io.ts";
import { signalName, signalNames, signalNumber } from "../lib/signals.ts";
import { strftime } from "../../core/calendar.ts";

const UNIT: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** "1.5m" in ns; null when it is no interval. "infinity" is NEVER. */
export function interval(text: string): number | null {
  if (/^\+?inf(inity)?$/i.test(text)) return NEVER;
  const m = /^\+?((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)([smhd]?)$/.exec(text);
  if (m === null) return null;
  const ns = Math.ceil(Number(m[1]) * UNIT[m[2]!]! * SEC);
  return ns < NEVER ? ns : NEVER;
}

const sleep = gnuCommand({
  name: "sleep",
  usage: ["NUMBER[SUFFIX]...", "OPTION"],
  summary: "pause for NUMBER seconds",
  description: ["SUFFIX may be s for seconds (default), m for minutes, h for hours or d for days. Several are added up."],
  options: [],
  *main(t, _options, operands) {
    if (operands.length === 0) yield* t.usage("missing operand");
    let total = 0;
    let bad = false;
    for (const o of operands) {
      const ns = interval(o);
      if (ns === null) {
        yield* t.warn(`invalid time interval ${quote(o)}`);
        bad = true;
      } else total = Math.min(NEVER, total + ns);
    }
    if (bad) yield* t.usage("");
    const end = total >= NEVER ? NEVER : (yield* t.sys.clock_gettime("monotonic")) + total;
    for (;;) {
      const left = end >= NEVER ? NEVER : end - (yield* t.sys.clock_gettime("monotonic"));
      if (left <= 0) return 0;
      if ((yield* t.sys.nanosleep(left)) === 0) return 0;
    }
  },
});

const kill = gnuCommand({
  name: "kill",
  pkg: "procps 2:4.0.2-3",
  version: "kill from procps-ng 4.0.2",
  usage: ["[options] <pid> [...]"],
  summary: "send a signal to a process",
  bare: true,
  options: [
    { names: ["-s", "--signal"], arg: "<sig>", help: "signal to send" },
    { names: ["-l", "--list"], arg: "[<sig>]", help: "list signal names, or turn one into the other" },
    { names: ["-L", "--table"], help: "list signal names in a table" },
    { names: ["-q", "--queue"], arg: "<value>", help: "send a value along", notModelled: true },
  ],
  *main(t, _options, words) {
    let sig: number = Sig.TERM;
    let i = 0;
    const fail = function* (): Call<never> {
      yield* t.sys.write(
        2,
        Uint8Array.from(
          Array.from(`\nUsage:\n ${t.name} [options] <pid> [...]\n\nFor more details see kill(1).\n`, (c) => c.charCodeAt(0)),
        ),
      );
      return (yield* t.die("")) as never;
    };
    for (; i < words.length && words[i]!.startsWith("-") && words[i] !== "-"; i++) {
      const w = words[i]!;
      if (w === "--") {
        i++;
        break;
      }
      if (w === "-l" || w === "--list" || w === "-L" || w === "--table") {
        const arg = words[i + 1];
        if (arg === undefined) {
          const rows: string[] = [];
          if (w === "-L" || w === "--table")
            signalNames.forEach((n, k) => rows.push(`${String(k + 1).padStart(2)} ${n.padEnd(8)}${k % 7 === 6 ? "\n" : " "}`));
          yield* t.out.print(w === "-L" || w === "--table" ? `${rows.join("").trimEnd()}\n` : `${signalNames.join(" ")}\n`);
          return 0;
        }
        const n = signalNumber(arg);
        if (n === null) return yield* t.die(`unknown signal name ${arg}`);
        yield* t.out.print(`${/^[0-9]+$/.test(arg) ? signalName(n & 127) : n}\n`);
        return 0;
      }
      if (w === "-q" || w === "--queue") return yield* t.notSimulated("option -q");
      const text =
        w === "-s" || w === "--signal" || w === "-n"
          ? words[++i]
          : w.startsWith("--signal=")
            ? w.slice(9)
            : w.startsWith("-s") && w.length > 2
              ? w.slice(2)
              : w.slice(1);
      const n = signalNumber(text ?? "");
      if (n === null) {
        if (/^-[0-9]+$/.test(w)) break;
        if (w === "-h" || w === "-V") return yield* t.notSimulated(`option ${w}`);
        yield* t.warn(w.startsWith("--") ? `unrecognized option '${w}'` : `invalid argument ${w[1]}`);
        yield* fail();
      } else sig = n;
    }
    if (i >= words.length) yield* fail();
    for (; i < words.length; i++) {
      const w = words[i]!;
      if (!/^-?[0-9]+$/.test(w)) {
        yield* t.warn(`failed to parse argument: '${w}'`);
        continue;
      }
      const r = yield* t.sys.kill(Number(w), sig);
      if (r < 0) yield* t.warn(`(${w}): ${strerror(r)}`);
    }
    return t.status;
  },
});

const uname = gnuCommand({
  name: "uname",
  usage: ["[OPTION]..."],
  summary: "print certain system information",
  options: [
    { names: ["-a", "--all"], help: "everything" },
    { names: ["-s", "--kernel-name"], help: "the kernel's name (default)" },
    { names: ["-n", "--nodename"], help: "the host name" },
    { names: ["-r", "--kernel-release"], help: "the kernel's release" },
    { names: ["-v", "--kernel-version"], help: "the kernel's version" },
    { names: ["-m", "--machine"], help: "the hardware" },
    { names: ["-p", "--processor"], help: "the processor type" },
    { names: ["-i", "--hardware-platform"], help: "the platform" },
    { names: ["-o", "--operating-system"], help: "the operating system" },
  ],
  *main(t, options, operands) {
    if (operands.length > 0) yield* t.usage(`extra operand ${quote(operands[0]!)}`);
    const u = yield* t.sys.uname();
    const given = new Set(options.map((o) => o.name));
    const has = (n: string): boolean => given.has("-a") || given.has(n);
    const parts: string[] = [];
    if (has("-s") || given.size === 0) parts.push(u.sysname);
    if (has("-n")) parts.push(u.nodename);
    if (has("-r")) parts.push(u.release);
    if (has("-v")) parts.push(u.version);
    if (has("-m")) parts.push(u.machine);
    if (given.has("-p")) parts.push("unknown");
    if (given.has("-i")) parts.push("unknown");
    if (has("-o")) parts.push("GNU/Linux");
    yield* t.out.print(`${parts.join(" ")}\n`);
    return 0;
  },
});

const nproc = gnuCommand({
  name: "nproc",
  usage: ["[OPTION]..."],
  summary: "print the number of processing units available to the current process",
  options: [
    { names: ["--all"], help: "all that are installed" },
    { names: ["--ignore"], arg: "N", help: "leave out N of them" },
  ],
  *main(t, options, operands) {
    if (operands.length > 0) yield* t.usage(`extra operand ${quote(operands[0]!)}`);
    for (const o of options)
      if (o.name === "--ignore" && !/^[0-9]+$/.test(o.value!)) return yield* t.die(`invalid number: ${quote(o.value!)}`);
    yield* t.out.print("1\n");
    return 0;
  },
});

const uptime = gnuCommand({
  name: "uptime",
  pkg: "procps 2:4.0.2-3",
  version: "uptime from procps-ng 4.0.2",
  usage: ["[options]"],
  summary: "tell how long the system has been running",
  options: [
    { names: ["-p", "--pretty"], help: "in words" },
    { names: ["-s", "--since"], help: "when it was started" },
  ],
  *main(t, options) {
    const up = Math.floor((yield* t.sys.clock_gettime("boottime")) / SEC);
    const now = Math.floor((yield* t.sys.clock_gettime("realtime")) / SEC);
    const [days, hours, minutes] = [Math.floor(up / 86400), Math.floor(up / 3600) % 24, Math.floor(up / 60) % 60];
    const plural = (n: number, w: string): string => `${n} ${w}${n === 1 ? "" : "s"}`;
    if (options.some((o) => o.name === "-s")) {
      yield* t.out.print(`${strftime("%Y-%m-%d %H:%M:%S", now - up, 0)}\n`);
    } else if (options.some((o) => o.name === "-p")) {
      const parts = [
        days > 0 ? plural(days, "day") : "",
        hours > 0 ? plural(hours, "hour") : "",
        minutes > 0 || up < 3600 ? plural(minutes, "minute") : "",
      ].filter((p) => p !== "");
      yield* t.out.print(`up ${parts.join(", ")}\n`);
    } else {
      const load = yield* readText(t.sys, "/proc/loadavg");
      const avg = typeof load === "string" ? load.split(" ").slice(0, 3).join(", ") : "0.00, 0.00, 0.00";
      const span = hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : `${minutes} min`;
      yield* t.out.print(
        ` ${strftime("%H:%M:%S", now, 0)} up ${days > 0 ? `${plural(days, "day")}, ` : ""}${hours > 0 ? span.padStart(5) : span},  0 users,  load average: ${avg}\n`,
      );
    }
    return 0;
  },
});

function* meminfo(sys: Sys): Call<ReadonlyMap<string, number>> {
  const text = yield* readText(sys, "/proc/meminfo");
  const m = new Map<string, number>();
  if (typeof text === "number") return m;
  for (const l of text.split("\n")) {
    const f = /^(\S+):\s+([0-9]+)/.exec(l);
    if (f !== null) m.set(f[1]!, Number(f[2]));
  }
  return m;
}

const free = gnuCommand({
  name: "free",
  pkg: "procps 2:4.0.2-3",
  version: "free from procps-ng 4.0.2",
  usage: ["[options]"],
  summary: "display amount of free and used memory in the system",
  options: [
    { names: ["-b", "--bytes"], help: "in bytes" },
    { names: ["-k", "--kibi"], help: "in KiB (default)" },
    { names: ["-m", "--mebi"], help: "in MiB" },
    { names: ["-g", "--gibi"], help: "in GiB" },
    { names: ["-h", "--human"], help: "with units" },
    { names: ["-t", "--total"], help: "a line of totals", notModelled: true },
    { names: ["-s", "--seconds"], arg: "N", help: "again every N seconds", notModelled: true },
    { names: ["-c", "--count"], arg: "N", help: "N times", notModelled: true },
    { names: ["-w", "--wide"], help: "wide output", notModelled: true },
    { names: ["-l", "--lohi"], help: "low and high memory", notModelled: true },
    { names: ["-v", "--committed"], help: "committed memory", notModelled: true },
    { names: ["--si"], help: "powers of 1000", notModelled: true },
  ],
  *main(t, options) {
    const m = yield* meminfo(t.sys);
    const g = (k: string): number => m.get(k) ?? 0;
    const unit = options.filter((o) => o.name !== "--si").pop()?.name ?? "-k";
    const show = (kib: number): string => {
      if (unit === "-h") {
        // cut off, not rounded; one decimal below 10
        let v = kib * 1024;
        let i = 0;
        while (v >= 1024 && i < 4) {
          v /= 1024;
          i++;
        }
        return `${i === 0 || v >= 10 ? Math.floor(v) : (Math.floor(v * 10) / 10).toFixed(1)}${["B", "Ki", "Mi", "Gi", "Ti"][i]}`;
      }
      const div = unit === "-m" ? 1024 : unit === "-g" ? 1048576 : 1;
      return String(unit === "-b" ? kib * 1024 : Math.floor(kib / div));
    };
    const cache = g("Buffers") + g("Cached") + g("SReclaimable");
    const row = (name: string, cells: readonly number[]): string =>
      `${name.padEnd(7)}${show(cells[0]!).padStart(13)}${cells
        .slice(1)
        .map((c) => ` ${show(c).padStart(11)}`)
        .join("")}\n`;
    yield* t.out.print(`               total        used        free      shared  buff/cache   available\n`);
    yield* t.out.print(
      row("Mem:", [g("MemTotal"), Math.max(0, g("MemTotal") - g("MemAvailable")), g("MemFree"), g("Shmem"), cache, g("MemAvailable")]),
    );
    yield* t.out.print(row("Swap:", [g("SwapTotal"), g("SwapTotal") - g("SwapFree"), g("SwapFree")]));
    return 0;
  },
});

export const procCommands = [sleep, kill, uname, nproc, uptime, free];
