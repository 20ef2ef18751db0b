/** stty, tty, clear: the terminal. stty knows the settings our terminals have; speeds and parity are nominal. */
import { strerror } from "../../core/result.ts";
import type { Call, Termios } from "../../kernel/abi.ts";
import { gnuCommand, quote, type Tool } from "../lib/gnu.ts";

type Flag = { [K in keyof Termios]: Termios[K] extends boolean ? K : never }[keyof Termios];
type Cc = keyof Termios["cc"];

/** in the order stty prints them, by line; the value they have by default */
const INPUT: readonly (readonly [Flag, boolean])[] = [
  ["inlcr", false],
  ["icrnl", true],
  ["ixon", true],
];
const OUTPUT: readonly (readonly [Flag, boolean])[] = [
  ["opost", true],
  ["onlcr", true],
];
const LOCAL: readonly (readonly [Flag, boolean])[] = [
  ["isig", true],
  ["icanon", true],
  ["iexten", true],
  ["echo", true],
  ["echoe", true],
  ["echok", true],
  ["tostop", false],
  ["echoctl", true],
];
const CHARS: readonly (readonly [Cc, number])[] = [
  ["intr", 3],
  ["quit", 28],
  ["erase", 127],
  ["kill", 21],
  ["eof", 4],
  ["eol", 0],
  ["start", 17],
  ["stop", 19],
  ["susp", 26],
  ["reprint", 18],
  ["werase", 23],
  ["lnext", 22],
];
const SHOWN: Readonly<Record<string, string>> = { reprint: "rprnt" };

function charText(n: number): string {
  return n === 0 ? "<undef>" : n === 127 ? "^?" : n < 32 ? `^${String.fromCharCode(n + 64)}` : String.fromCharCode(n);
}

function charValue(text: string): number | null {
  if (text === "undef" || text === "^-" || text === "") return 0;
  if (text === "^?") return 127;
  if (/^\^.$/.test(text)) return text.toUpperCase().charCodeAt(1) & 31;
  if (text.length === 1) return text.charCodeAt(0);
  return /^[0-9]+$/.test(text) ? Number(text) & 255 : null;
}

const SANE = {
  icanon: true,
  echo: true,
  echoe: true,
  echok: true,
  echoctl: true,
  isig: true,
  iexten: true,
  icrnl: true,
  inlcr: false,
  opost: true,
  onlcr: true,
  tostop: false,
} as const;

function* show(t: Tool, term: Termios, all: boolean): Call<void> {
  const size = yield* t.sys.winsize(0);
  const { rows, cols } = typeof size === "number" ? { rows: 0, cols: 0 } : size;
  const flag = ([name]: readonly [Flag, boolean]): string => (term[name] ? name : `-${name}`);
  if (all) {
    yield* t.out.print(`speed 38400 baud; rows ${rows}; columns ${cols}; line = 0;\n`);
    let line = "";
    for (const [name] of CHARS) {
      const piece = `${SHOWN[name] ?? name} = ${charText(term.cc[name])};`;
      if (line !== "" && line.length + 1 + piece.length > 79) {
        yield* t.out.print(`${line}\n`);
        line = "";
      }
      line += (line === "" ? "" : " ") + piece;
    }
    yield* t.out.print(`${line}\nmin = ${term.vmin}; time = ${term.vtime};\n`);
    for (const group of [INPUT, OUTPUT, LOCAL]) yield* t.out.print(`${group.map(flag).join(" ")}\n`);
    return;
  }
  yield* t.out.print("speed 38400 baud; line = 0;\n");
  const chars = CHARS.filter(([name, normal]) => term.cc[name] !== normal);
  if (chars.length > 0) yield* t.out.print(`${chars.map(([name]) => `${SHOWN[name] ?? name} = ${charText(term.cc[name])};`).join(" ")}\n`);
  for (const group of [INPUT, OUTPUT, LOCAL]) {
    const changed = group.filter(([name, normal]) => term[name] !== normal);
    if (changed.length > 0) yield* t.out.print(`${changed.map(flag).join(" ")}\n`);
  }
}

const stty = gnuCommand({
  name: "stty",
  usage: ["[-F DEVICE | --file=DEVICE] [SETTING]...", "[-F DEVICE | --file=DEVICE] [-a|--all]"],
  summary: "print or change terminal characteristics",
  bare: true,
  options: [
    { names: ["-a", "--all"], help: "print all current settings" },
    { names: ["-g", "--save"], help: "print settings in a form stty reads", notModelled: true },
    { names: ["-F", "--file"], arg: "DEVICE", help: "another terminal", notModelled: true },
  ],
  *main(t, _options, words) {
    for (const [i, w] of words.entries()) {
      if (w === "-F" && i === words.length - 1) yield* t.usage(`invalid argument ${quote(w)}`);
      if (/^(-g|--save|-F.*|--file.*)$/.test(w)) yield* t.notSimulated(`option ${w.startsWith("-F") ? "-F" : w.split("=")[0]}`);
      if (/^-(.|-.*)$/.test(w) && w !== "-a" && w !== "--all") yield* t.usage(`invalid argument ${quote(w)}`);
    }
    const now = yield* t.sys.tcgetattr(0);
    if (typeof now === "number") return yield* t.die(`'standard input': ${strerror(now)}`);
    if (words.length === 0) {
      yield* show(t, now, false);
      return 0;
    }
    let term: Termios = now;
    for (let i = 0; i < words.length; i++) {
      const w = words[i]!;
      const name = w.replace(/^-/, "");
      const on = !w.startsWith("-");
      if (w === "-a" || w === "--all") yield* show(t, term, true);
      else if (w === "size") {
        const s = yield* t.sys.winsize(0);
        if (typeof s === "number") return yield* t.die(`'standard input': ${strerror(s)}`);
        yield* t.out.print(`${s.rows} ${s.cols}\n`);
      } else if (w === "speed") yield* t.out.print("38400\n");
      else if (w === "sane") term = { ...term, ...SANE, cc: Object.fromEntries(CHARS) as Termios["cc"] };
      else if (w === "raw" || w === "-cooked")
        term = { ...term, icanon: false, isig: false, icrnl: false, inlcr: false, ixon: false, opost: false, vmin: 1, vtime: 0 };
      else if (w === "-raw" || w === "cooked") term = { ...term, icanon: true, isig: true, icrnl: true, ixon: true, opost: true };
      else if (w === "cbreak" || w === "-cbreak") term = { ...term, icanon: !on };
      else if ([...INPUT, ...OUTPUT, ...LOCAL].some(([f]) => f === name)) term = { ...term, [name]: on };
      else if (CHARS.some(([c]) => c === name || SHOWN[c] === name) && on) {
        const key = CHARS.find(([c]) => c === name || SHOWN[c] === name)![0];
        const text = words[++i];
        if (text === undefined) return yield* t.usage(`missing argument to ${quote(w)}`);
        const v = charValue(text);
        if (v === null) return yield* t.usage(`invalid integer argument: ${quote(text)}`);
        term = { ...term, cc: { ...term.cc, [key]: v } };
      } else if (name === "min" || name === "time") {
        const text = words[++i] ?? "";
        if (!/^[0-9]+$/.test(text)) return yield* t.usage(`invalid integer argument: ${quote(text)}`);
        term = { ...term, [name === "min" ? "vmin" : "vtime"]: Number(text) };
      } else if (
        [
          "rows",
          "cols",
          "columns",
          "ispeed",
          "ospeed",
          "echonl",
          "echoprt",
          "echoke",
          "ixany",
          "ixoff",
          "parenb",
          "cs8",
          "hupcl",
          "istrip",
          "noflsh",
          "tabs",
        ].includes(name)
      ) {
        yield* t.notSimulated(`setting ${w}`);
      } else return yield* t.usage(`invalid argument ${quote(w)}`);
    }
    if (term !== now) {
      const r = yield* t.sys.tcsetattr(0, term);
      if (r < 0) return yield* t.die(`'standard input': ${strerror(r)}`);
    }
    return 0;
  },
});

const tty = gnuCommand({
  name: "tty",
  usage: ["[OPTION]..."],
  summary: "print the file name of the terminal connected to standard input",
  usageStatus: 2,
  options: [{ names: ["-s", "--silent", "--quiet"], help: "only the exit status" }],
  *main(t, options, operands) {
    if (operands.length > 0) yield* t.usage(`extra operand ${quote(operands[0]!)}`);
    const name = yield* t.sys.ttyname(0);
    if (options.length === 0) yield* t.out.print(typeof name === "number" ? "not a tty\n" : `${name}\n`);
    return typeof name === "number" ? 1 : 0;
  },
});

const clear = gnuCommand({
  name: "clear",
  pkg: "ncurses-bin 6.4-4",
  version: "ncurses 6.4.20221231",
  usage: ["[options]"],
  summary: "clear the terminal screen",
  shortOnly: true,
  options: [{ names: ["-x"], help: "keep what has scrolled away" }],
  *main(t, options) {
    yield* t.out.print(`\x1b[H\x1b[2J${options.length > 0 ? "" : "\x1b[3J"}`);
    return 0;
  },
});

export const ttyCommands = [stty, tty, clear];
