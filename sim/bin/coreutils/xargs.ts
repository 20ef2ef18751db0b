/** xargs: words of standard input become arguments. Quotes and backslashes as findutils 4.9 reads them. */
import { fromUtf8 } from "../../core/bytes.ts";
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { O } from "../../kernel/abi.ts";
import { spawnp } from "../lib/exec.ts";
import { gnuCommand, type Tool } from "../lib/gnu.ts";
import { err, exit, readAll } from "../lib/io.ts";

/** Words of the input, with the number of the line each ends on. */
function* words(t: Tool, text: string, delimiter: string | null, lines: boolean): Call<readonly (readonly [string, number])[]> {
  const list: (readonly [string, number])[] = [];
  if (delimiter !== null) {
    const parts = text.split(delimiter);
    if (parts[parts.length - 1] === "") parts.pop();
    return parts.map((p, i) => [p, i] as const);
  }
  let word: string | null = null;
  let line = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "\n" || (!lines && (c === " " || c === "\t"))) {
      if (word !== null) list.push([word, line]);
      word = null;
      if (c === "\n") line++;
    } else if (lines && word === null && (c === " " || c === "\t")) continue;
    else if (c === "'" || c === '"') {
      const end = text.indexOf(c, i + 1);
      const nl = text.indexOf("\n", i + 1);
      if (end < 0 || (nl >= 0 && nl < end))
        return yield* t.die(
          `unmatched ${c === "'" ? "single" : "double"} quote; by default quotes are special to xargs unless you use the -0 option`,
        );
      word = (word ?? "") + text.slice(i + 1, end);
      i = end;
    } else if (c === "\\" && i + 1 < text.length) word = (word ?? "") + text[++i];
    else word = (word ?? "") + c;
  }
  if (word !== null) list.push([word, line]);
  return list;
}

const xargs = gnuCommand({
  name: "xargs",
  pkg: "findutils 4.9.0-4",
  version: "xargs (GNU findutils) 4.9.0",
  usage: ["[OPTION]... COMMAND [INITIAL-ARGS]..."],
  summary: "run COMMAND with arguments INITIAL-ARGS and more arguments read from input",
  description: [
    "Exit status: 0 all well, 123 when a command ended with 1 to 125, 124 with 255, 125 killed by a signal, 126 cannot be run, 127 not found.",
  ],
  posix: true,
  options: [
    { names: ["-0", "--null"], help: "items end in NUL; no quotes" },
    { names: ["-a", "--arg-file"], arg: "FILE", help: "read from FILE" },
    { names: ["-d", "--delimiter"], arg: "CHARACTER", help: "items end in CHARACTER; no quotes" },
    { names: ["-I"], arg: "R", help: "replace R in INITIAL-ARGS by each line" },
    { names: ["-i"], arg: "[R]", help: "the same; {} when R is missing" },
    { names: ["-L"], arg: "MAX-LINES", help: "lines for one command" },
    { names: ["-n", "--max-args"], arg: "MAX-ARGS", help: "arguments for one command" },
    { names: ["-r", "--no-run-if-empty"], help: "do not run COMMAND without arguments" },
    { names: ["-t", "--verbose"], help: "print commands before they run" },
    { names: ["-P", "--max-procs"], arg: "MAX-PROCS", help: "commands at a time (1); 0: as many as there are" },
    { names: ["-p", "--interactive"], help: "ask before each command" },
    { names: ["-s", "--max-chars"], arg: "MAX-CHARS", help: "length of a command line" },
    { names: ["-x", "--exit"], help: "end when a line is too long" },
    { names: ["-E"], arg: "END", help: "stop reading at this word" },
    { names: ["-e", "--eof"], arg: "[END]", help: "the same; no such word when END is missing" },
    { names: ["-l", "--max-lines"], arg: "[MAX-LINES]", help: "like -L; 1 when MAX-LINES is missing" },
    { names: ["--replace"], arg: "[R]", help: "like -i" },
    { names: ["-o", "--open-tty"], help: "terminal as standard input of the commands" },
    { names: ["--process-slot-var"], arg: "VAR", help: "variable for the number of the slot of -P" },
    { names: ["--show-limits"], help: "limits of the system", notModelled: true },
  ],
  *main(t, options, operands) {
    const { sys } = t;
    let delimiter: string | null = null;
    let replace: string | null = null;
    let maxLines = 0;
    let maxArgs = 0;
    let input = 0;
    let eof: string | null = null;
    let procs = 1;
    let maxChars = 130000;
    const has = (n: string): boolean => options.some((o) => o.name === n);
    for (const { name, value } of options) {
      if (name === "-0") delimiter = "\0";
      else if (name === "-d")
        delimiter = ({ "\\n": "\n", "\\t": "\t", "\\0": "\0" } as Readonly<Record<string, string>>)[value!] ?? value![0]!;
      else if (name === "-I" || name === "-i" || name === "--replace") replace = value ?? "{}";
      else if (name === "-E" || name === "-e") eof = value === "" ? null : value;
      else if (name === "-l" && value === null) maxLines = 1;
      else if (name === "-P" || name === "-s") {
        if (!/^[0-9]+$/.test(value!)) return yield* t.usage(`invalid number "${value}" for -${name[1]} option`);
        if (name === "-P") procs = Number(value) || Number.MAX_SAFE_INTEGER;
        else if (Number(value) < 1) {
          yield* t.warn("value 0 for -s option should be >= 1");
          return yield* t.die("cannot fit single argument within argument list size limit");
        } else maxChars = Number(value);
      } else if (name === "-L" || name === "-l" || name === "-n") {
        if (!/^[0-9]+$/.test(value!)) return yield* t.usage(`invalid number "${value}" for -${name[1]} option`);
        if (Number(value) < 1) {
          yield* t.warn(`value ${value} for -${name[1]} option should be >= 1`);
          return 1;
        }
        if (name !== "-n") maxLines = Number(value);
        else maxArgs = Number(value);
      } else if (name === "-a") {
        input = yield* sys.open(value!, O.RDONLY | O.CLOEXEC, 0);
        if (input < 0) return yield* t.die(`Cannot open input file ‘${value}’: ${strerror(input)}`);
      }
    }
    const base = operands.length > 0 ? operands : ["echo"];
    const data = yield* readAll(sys, input);
    const all = typeof data === "number" ? [] : yield* words(t, fromUtf8(data), delimiter, replace !== null);
    const stop = eof === null ? -1 : all.findIndex(([w]) => w === eof);
    const items = stop < 0 ? all : all.slice(0, stop);
    const slotVar = options.findLast((o) => o.name === "--process-slot-var")?.value ?? null;
    if (slotVar !== null && slotVar.includes("=")) yield* t.die("option --process-slot-var may not be set to a value which includes `='");
    /** who runs in each slot; 0: nobody */
    const slots: number[] = [];
    const finish = function* (pid: number): Call<void> {
      for (;;) {
        const st = yield* sys.wait4(pid, {});
        if (st === -Errno.EINTR) continue;
        if (typeof st === "number" || st === null) return;
        const at = slots.findIndex((s) => s !== 0 && s === st.pid);
        const name = names[at] ?? "";
        if (at >= 0) slots[at] = 0;
        if (st.kind === "signaled") {
          yield* t.warn(`${name}: terminated by signal ${st.value}`);
          exit(125);
        }
        if (st.value === 255) {
          yield* t.warn(`${name}: exited with status 255; aborting`);
          exit(124);
        }
        if (st.value !== 0) t.status = 123;
        return;
      }
    };
    const names: string[] = [];
    const finishAll = function* (): Call<void> {
      while (slots.some((p) => p !== 0)) yield* finish(-1);
    };
    const agreed = function* (line: string): Call<boolean> {
      yield* err(sys, `${line}?...`);
      const tty = yield* sys.open("/dev/tty", O.RDONLY | O.CLOEXEC, 0);
      if (tty < 0) return yield* t.die(`failed to open /dev/tty for reading: ${strerror(tty)}`);
      const b = yield* t.read(tty, 1024);
      yield* sys.close(tty);
      return typeof b !== "number" && (b[0] === 121 || b[0] === 89);
    };
    const run = function* (argv: readonly string[]): Call<void> {
      const line = argv.map((a) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(a) ? a : `'${a}'`)).join(" ");
      if (has("-p")) {
        if (!(yield* agreed(line))) return;
      } else if (has("-t")) yield* err(sys, `${line}\n`);
      while (slots.filter((p) => p !== 0).length >= procs) yield* finish(-1);
      const free = slots.indexOf(0);
      const slot = free < 0 ? slots.length : free;
      const nul = yield* sys.open(has("-o") ? "/dev/tty" : "/dev/null", O.RDONLY | O.CLOEXEC, 0);
      const env = new Map(yield* sys.getenv());
      if (slotVar !== null) env.set(slotVar, String(slot));
      const pid = yield* spawnp(sys, argv, {
        env,
        fds: new Map([
          [0, nul >= 0 ? nul : 0],
          [1, 1],
          [2, 2],
        ]),
      });
      if (nul >= 0) yield* sys.close(nul);
      if (pid < 0) {
        yield* t.warn(`${argv[0]}: ${strerror(pid)}`);
        exit(pid === -Errno.ENOENT ? 127 : 126);
      }
      slots[slot] = pid;
      names[slot] = argv[0]!;
      if (procs === 1) yield* finish(pid);
    };
    if (replace !== null) {
      for (const [item] of items) yield* run(base.map((a) => a.replaceAll(replace!, item)));
      yield* finishAll();
      return t.status;
    }
    if (items.length === 0) {
      if (!has("-r")) yield* run(base);
      return t.status;
    }
    for (let i = 0; i < items.length;) {
      const args: string[] = [];
      let size = base.reduce((n, w) => n + w.length + 1, 0);
      let lines = 0;
      for (; i < items.length; i++) {
        const [item, line] = items[i]!;
        if (maxArgs > 0 && args.length >= maxArgs) break;
        if (maxLines > 0 && args.length > 0 && line !== items[i - 1]![1] && ++lines >= maxLines) break;
        size += item.length + 1;
        if (size > maxChars) {
          if (args.length === 0) yield* t.die("argument line too long");
          if (has("-x")) yield* t.die("argument list too long");
          break;
        }
        args.push(item);
      }
      yield* run([...base, ...args]);
    }
    yield* finishAll();
    return t.status;
  },
});

export const xargsCommands = [xargs];
