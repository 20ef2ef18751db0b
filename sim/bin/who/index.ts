/** who and users: who is logged in, by the terminals that have a session; there is no utmp file. Left out: idle times, run levels. */
import { strftime } from "../../core/calendar.ts";
import { SEC } from "../../core/time.ts";
import type { Call, Command, Sys } from "../../kernel/abi.ts";
import { gnuCommand, quote } from "../lib/gnu.ts";
import { processes } from "../lib/procs.ts";
import { readUsers, userName } from "../lib/users.ts";

interface Login {
  readonly user: string;
  readonly line: string;
  /** seconds of the realtime clock */
  readonly since: number;
}

/** Seconds of the realtime clock at which the machine started. */
function* bootTime(sys: Sys): Call<number> {
  const now = yield* sys.clock_gettime("realtime");
  return Math.floor((now - (yield* sys.clock_gettime("boottime"))) / SEC);
}

/** The leader of each terminal's session, by terminal. */
function* logins(sys: Sys): Call<readonly Login[]> {
  const boot = yield* bootTime(sys);
  const users = yield* readUsers(sys);
  return (yield* processes(sys))
    .filter((p) => p.ttyNr > 0 && p.pid === p.sid)
    .map((p) => ({ user: userName(users, p.uid), line: p.tty, since: boot + Math.floor(p.start / 100) }))
    .toSorted((a, b) => (a.line < b.line ? -1 : 1));
}

const stamp = (seconds: number): string => strftime("%Y-%m-%d %H:%M", seconds, 0);

const who = gnuCommand({
  name: "who",
  usage: ["[OPTION]... [ FILE | ARG1 ARG2 ]"],
  summary: "print information about users who are currently logged in",
  options: [
    { names: ["-b", "--boot"], help: "when the machine started" },
    { names: ["-H", "--heading"], help: "a line of headings" },
    { names: ["-m"], help: "only the terminal of standard input" },
    { names: ["-q", "--count"], help: "only names, and how many" },
    { names: ["-s", "--short"], help: "name, line and time (default)" },
    { names: ["-a", "--all", "-d", "--dead", "-l", "--login", "--lookup", "-p", "--process"], help: "", notModelled: true },
    {
      names: ["-r", "--runlevel", "-t", "--time", "-T", "-w", "--mesg", "--message", "--writable", "-u", "--users"],
      help: "",
      notModelled: true,
    },
  ],
  *main(t, options, operands) {
    const has = (n: string): boolean => options.some((o) => o.name === n);
    if (operands.length > 2) return yield* t.usage(`extra operand ${quote(operands[2]!)}`);
    if (operands.length === 1) return yield* t.notSimulated("another file");
    let list = yield* logins(t.sys);
    if (has("-m") || operands.length === 2) {
      const tty = yield* t.sys.ttyname(0);
      list = list.filter((l) => typeof tty === "string" && tty === `/dev/${l.line}`);
    }
    if (has("-q")) {
      yield* t.out.print(`${list.map((l) => l.user).join(" ")}\n# users=${list.length}\n`);
      return 0;
    }
    if (has("-H")) yield* t.out.print("NAME     LINE         TIME             COMMENT\n");
    if (has("-b")) yield* t.out.print(`         system boot  ${stamp(yield* bootTime(t.sys))}\n`);
    else for (const l of list) yield* t.out.print(`${l.user.padEnd(8)} ${l.line.padEnd(12)} ${stamp(l.since)}\n`);
    return 0;
  },
});

const users = gnuCommand({
  name: "users",
  usage: ["[OPTION]... [FILE]"],
  summary: "print the user names of users currently logged in to the current host",
  options: [],
  *main(t, _options, operands) {
    if (operands.length > 1) return yield* t.usage(`extra operand ${quote(operands[1]!)}`);
    if (operands.length === 1) return yield* t.notSimulated("another file");
    const names = (yield* logins(t.sys)).map((l) => l.user).toSorted();
    if (names.length > 0) yield* t.out.print(`${names.join(" ")}\n`);
    return 0;
  },
});

export const commands: readonly Command[] = [who, users];
