/**
 * stty (coreutils): shows and changes what the line discipline of a terminal does. Speeds, parity, delays and the flags that no pty
 * cares about are shown as a pty has them and cannot be changed.
 */
import { strerror } from "../../core/result.ts";
import { type Call, O, type Termios } from "../../kernel/abi.ts";
import { gnuCommand, quote, quoteaf, type Tool } from "../lib/gnu.ts";
import { exit } from "../lib/io.ts";

type Flag = { [K in keyof Termios]: Termios[K] extends boolean ? K : never }[keyof Termios];
type Cc = keyof Termios["cc"];

/** by line of the output: flags that are real here by name, others as a pty shows them; "!" marks what `stty sane` would set otherwise */
const GROUPS: readonly (readonly string[])[] = [
  "-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts".split(" "),
  "-ignbrk !-brkint -ignpar -parmrk -inpck -istrip inlcr -igncr icrnl ixon -ixoff -iuclc -ixany !-imaxbel !iutf8".split(" "),
  "opost -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0".split(" "),
  "isig icanon iexten echo echoe echok -echonl -noflsh -xcase tostop -echoprt echoctl echoke -flusho -extproc".split(" "),
];
const SANE: Readonly<Record<Flag, boolean>> = {
  inlcr: false,
  icrnl: true,
  ixon: true,
  opost: true,
  onlcr: true,
  isig: true,
  icanon: true,
  iexten: true,
  echo: true,
  echoe: true,
  echok: true,
  echoctl: true,
  tostop: false,
};
const isFlag = (name: string): name is Flag => Object.hasOwn(SANE, name);

/** in the order of the output; null: there is none here, and what is shown for it */
const CHARS: readonly (readonly [shown: string, key: Cc | null, normal: number])[] = [
  ["intr", "intr", 3],
  ["quit", "quit", 28],
  ["erase", "erase", 127],
  ["kill", "kill", 21],
  ["eof", "eof", 4],
  ["eol", "eol", 0],
  ["eol2", null, 0],
  ["swtch", null, 0],
  ["start", "start", 17],
  ["stop", "stop", 19],
  ["susp", "susp", 26],
  ["rprnt", "reprint", 18],
  ["werase", "werase", 23],
  ["lnext", "lnext", 22],
  ["discard", null, 15],
];

/** bits of <termios.h> for -g */
const BITS: readonly (readonly [word: 0 | 1 | 3, bit: number, flag: Flag])[] = [
  [0, 0o100, "inlcr"],
  [0, 0o400, "icrnl"],
  [0, 0o2000, "ixon"],
  [1, 1, "opost"],
  [1, 4, "onlcr"],
  [3, 1, "isig"],
  [3, 2, "icanon"],
  [3, 0o10, "echo"],
  [3, 0o20, "echoe"],
  [3, 0o40, "echok"],
  [3, 0o400, "tostop"],
  [3, 0o1000, "echoctl"],
  [3, 0o100000, "iexten"],
];
/** bits that are always set: IUTF8; none; speed, CS8, CREAD; ECHOKE */
const FIXED: readonly number[] = [0x4000, 0, 0xbf, 0x800];
/** c_cc by index (asm-generic/termbits.h) */
const CC_ORDER: readonly (Cc | "time" | "min" | number)[] = [
  "intr",
  "quit",
  "erase",
  "kill",
  "eof",
  "time",
  "min",
  0,
  "start",
  "stop",
  "susp",
  "eol",
  "reprint",
  15,
  "werase",
  "lnext",
  0,
];

function charText(n: number): string {
  return n === 0 ? "<undef>" : n === 127 ? "^?" : n < 32 ? `^${String.fromCharCode(n + 64)}` : String.fromCharCode(n);
}
function charValue(text: string): number | null {
  if (text === "undef" || text === "^-" || text === "") return 0;
  if (text === "^?") return 127;
  if (/^\^.$/.test(text)) return text.toUpperCase().charCodeAt(1) & 31;
  if (text.length === 1) return text.charCodeAt(0);
  return /^[0-9]+$/.test(text) && Number(text) < 256 ? Number(text) : null;
}

/** Pieces filled into lines as wide as the terminal. */
function wrap(pieces: readonly string[], width: number): string {
  let out = "";
  let line = "";
  for (const p of pieces) {
    if (line !== "" && width - line.length < p.length) {
      out += `${line}\n`;
      line = "";
    }
    line += (line === "" ? "" : " ") + p;
  }
  return line === "" ? out : `${out}${line}\n`;
}

function flagText(t: Termios, entry: string): string {
  const name = entry.replace(/^!?-?/, "");
  return isFlag(name) ? (t[name] ? name : `-${name}`) : entry.replace("!", "");
}
function showAll(t: Termios, rows: number, cols: number): string {
  const width = cols > 0 ? cols : 80;
  const chars = CHARS.map(([shown, key, normal]) => `${shown} = ${charText(key === null ? normal : t.cc[key])};`);
  return (
    wrap([`speed 38400 baud;`, `rows ${rows};`, `columns ${cols};`, "line = 0;"], width) +
    wrap(chars, width) +
    wrap([`min = ${t.vmin};`, `time = ${t.vtime};`], width) +
    GROUPS.map((g) =>
      wrap(
        g.map((e) => flagText(t, e)),
        width,
      ),
    ).join("")
  );
}
function showChanged(t: Termios, cols: number): string {
  const width = cols > 0 ? cols : 80;
  const chars = CHARS.filter(([, key, normal]) => key !== null && t.cc[key] !== normal).map(
    ([shown, key]) => `${shown} = ${charText(t.cc[key!])};`,
  );
  const raw = t.icanon ? [] : [`min = ${t.vmin};`, `time = ${t.vtime};`];
  const groups = GROUPS.map((g) =>
    g
      .filter((e) => {
        const name = e.replace(/^!?-?/, "");
        return e.startsWith("!") || (isFlag(name) && t[name] !== SANE[name]);
      })
      .map((e) => flagText(t, e)),
  );
  return (
    wrap(["speed 38400 baud;", "line = 0;"], width) + wrap(chars, width) + wrap(raw, width) + groups.map((g) => wrap(g, width)).join("")
  );
}

function save(t: Termios): string {
  const words = FIXED.map((f) => f);
  for (const [w, bit, flag] of BITS) if (t[flag]) words[w] = words[w]! | bit;
  const cc = CC_ORDER.map((c) => (typeof c === "number" ? c : c === "time" ? t.vtime : c === "min" ? t.vmin : t.cc[c]));
  while (cc.length < 32) cc.push(0);
  return [...words, ...cc].map((n) => n.toString(16)).join(":");
}
/** What -g wrote; null when it is none. */
function restore(text: string, now: Termios): Termios | null {
  const n = text.split(":");
  if (n.length !== 36 || n.some((x) => !/^[0-9a-f]{1,8}$/.test(x))) return null;
  const v = n.map((x) => Number.parseInt(x, 16));
  const t: { -readonly [K in keyof Termios]: Termios[K] } = { ...now };
  for (const [w, bit, flag] of BITS) t[flag] = (v[w]! & bit) !== 0;
  const cc: Record<Cc, number> = { ...now.cc };
  CC_ORDER.forEach((c, i) => {
    const x = v[4 + i]! & 255;
    if (c === "time") t.vtime = x;
    else if (c === "min") t.vmin = x;
    else if (typeof c === "string") cc[c] = x;
  });
  return { ...t, cc };
}

/** Combinations of settings. */
function combination(t: Termios, w: string): Termios | null {
  switch (w) {
    case "sane":
      return {
        ...t,
        ...SANE,
        vmin: 1,
        vtime: 0,
        cc: Object.fromEntries(CHARS.filter(([, k]) => k !== null).map(([, k, v]) => [k!, v])) as Termios["cc"],
      };
    case "raw":
    case "-cooked":
      return { ...t, icanon: false, isig: false, icrnl: false, inlcr: false, ixon: false, opost: false, vmin: 1, vtime: 0 };
    case "-raw":
    case "cooked":
      return { ...t, icanon: true, isig: true, icrnl: true, ixon: true, opost: true, cc: { ...t.cc, eof: 4, eol: 0 } };
    case "cbreak":
      return { ...t, icanon: false };
    case "-cbreak":
      return { ...t, icanon: true };
    case "nl":
      return { ...t, icrnl: false, onlcr: false };
    case "-nl":
      return { ...t, icrnl: true, inlcr: false, onlcr: true };
    case "ek":
      return { ...t, cc: { ...t.cc, erase: 127, kill: 21 } };
    case "crterase":
    case "-crterase":
      return { ...t, echoe: w === "crterase" };
    case "ctlecho":
    case "-ctlecho":
      return { ...t, echoctl: w === "ctlecho" };
    case "crt":
      return { ...t, echoe: true, echoctl: true };
    default:
      return null;
  }
}

const FIXED_NAMES: ReadonlySet<string> = new Set([
  ...GROUPS.flat()
    .map((e) => e.replace(/^!?-?/, ""))
    .filter((n) => !isFlag(n)),
  ..."cs5 cs6 cs7 ispeed ospeed line evenp parity oddp pass8 litout lcase LCASE tabs tab1 tab2 tab3 nl1 cr1 cr2 cr3 bs1 vt1 ff1 crtkill kill prterase tandem decctlq dec drain hup eol2 swtch discard flush"
    .split(" ")
    .filter((n) => n !== "kill"),
]);

class Stty {
  private readonly t: Tool;
  private readonly fd: number;
  private readonly device: string;
  private term: Termios;

  constructor(t: Tool, fd: number, device: string, term: Termios) {
    this.t = t;
    this.fd = fd;
    this.device = device;
    this.term = term;
  }
  get settings(): Termios {
    return this.term;
  }
  private *number(word: string, text: string | undefined): Call<number> {
    if (text === undefined) return yield* this.t.usage(`missing argument to ${quote(word)}`);
    if (!/^[0-9]+$/.test(text)) return yield* this.t.die(`invalid integer argument: ${quote(text)}`);
    return Number(text);
  }
  /** Applies a setting; how many words it took. */
  *apply(words: readonly string[], i: number): Call<number> {
    const { t } = this;
    const w = words[i]!;
    const on = !w.startsWith("-");
    const name = w.replace(/^-/, "");
    const whole = combination(this.term, w) ?? restore(w, this.term);
    if (whole !== null) {
      this.term = whole;
      return 1;
    }
    if (isFlag(name)) {
      this.term = { ...this.term, [name]: on };
      return 1;
    }
    const key = CHARS.find(([shown, k]) => k !== null && (shown === name || k === name))?.[1] ?? null;
    if (key !== null && on) {
      const text = words[i + 1];
      if (text === undefined) yield* t.usage(`missing argument to ${quote(w)}`);
      const v = charValue(text!);
      if (v === null) yield* t.die(`invalid integer argument: ${quote(text!)}`);
      this.term = { ...this.term, cc: { ...this.term.cc, [key]: v! } };
      return 2;
    }
    if (w === "min" || w === "time") {
      const v = yield* this.number(w, words[i + 1]);
      this.term = { ...this.term, [w === "min" ? "vmin" : "vtime"]: v & 255 };
      return 2;
    }
    if (w === "rows" || w === "cols" || w === "columns") {
      const v = yield* this.number(w, words[i + 1]);
      const size = yield* this.size();
      yield* t.sys.setwinsize(this.fd, w === "rows" ? { ...size, rows: v } : { ...size, cols: v });
      return 2;
    }
    if (w === "size") {
      const s = yield* this.size();
      yield* t.out.print(`${s.rows} ${s.cols}\n`);
      return 1;
    }
    if (w === "speed") {
      yield* t.out.print("38400\n");
      return 1;
    }
    if (FIXED_NAMES.has(name) || /^[0-9]+$/.test(w)) return yield* t.notSimulated(`setting ${w}`);
    return yield* t.usage(`invalid argument ${quote(w)}`);
  }
  *size(): Call<{ readonly rows: number; readonly cols: number }> {
    const s = yield* this.t.sys.winsize(this.fd);
    if (typeof s === "number") return yield* this.t.die(`${this.device}: ${strerror(s)}`);
    return s;
  }
}

const stty = gnuCommand({
  name: "stty",
  usage: ["[-F DEVICE | --file=DEVICE] [SETTING]...", "[-F DEVICE | --file=DEVICE] [-a|--all]", "[-F DEVICE | --file=DEVICE] [-g|--save]"],
  summary: "print or change terminal characteristics",
  description: [
    "A - before a flag turns it off. Flags: isig icanon iexten echo echoe echok echoctl tostop icrnl inlcr ixon opost onlcr. Combinations: sane, raw, cooked, cbreak, nl, ek.",
    "Characters (intr quit erase kill eof eol start stop susp rprnt werase lnext) take ^C, undef, or a character; min, time, rows and cols take a number. size prints rows and columns.",
  ],
  examples: [
    { cmd: "stty -echo", what: "type without seeing it; stty echo ends that" },
    { cmd: "stty sane", what: "repair a terminal that a program left in a bad state" },
  ],
  bare: true,
  options: [
    { names: ["-a", "--all"], help: "print all current settings" },
    { names: ["-g", "--save"], help: "print settings in a form stty reads" },
    { names: ["-F", "--file"], arg: "DEVICE", help: "another terminal" },
  ],
  *main(t, _options, args) {
    let all = false;
    let saved = false;
    let file: string | null = null;
    const words: string[] = [];
    for (let i = 0; i < args.length; i++) {
      const w = args[i]!;
      const m = /^(?:-F|--file=)([^]+)$/.exec(w);
      if (w === "-a" || w === "--all") all = true;
      else if (w === "-g" || w === "--save") saved = true;
      else if (m !== null) file = m[1]!;
      else if (w === "-F" || w === "--file") {
        file = args[++i] ?? null;
        if (file === null) yield* t.usage(`invalid argument ${quote(w)}`);
      } else if (/^-(.|-.*)$/.test(w)) yield* t.usage(`invalid argument ${quote(w)}`);
      else words.push(w);
    }
    if (all && saved) return yield* t.die("the options for verbose and stty-readable output styles are\nmutually exclusive");
    if ((all || saved) && words.length > 0) return yield* t.die("when specifying an output style, modes may not be set");
    const device = file === null ? "'standard input'" : file;
    let fd = 0;
    if (file !== null) {
      fd = yield* t.sys.open(file, O.RDONLY | O.NONBLOCK | O.CLOEXEC, 0);
      if (fd < 0) return yield* t.die(`${device}: ${strerror(fd)}`);
    }
    const now = yield* t.sys.tcgetattr(fd);
    if (typeof now === "number")
      return yield* t.die(`${file === null ? device : quoteaf(file).replace(/^'(\/[^']*)'$/, "$1")}: ${strerror(now)}`);
    const s = new Stty(t, fd, device, now);
    if (words.length === 0) {
      const { rows, cols } = yield* s.size();
      yield* t.out.print(saved ? `${save(now)}\n` : all ? showAll(now, rows, cols) : showChanged(now, cols));
      return 0;
    }
    for (let i = 0; i < words.length;) i += yield* s.apply(words, i);
    if (s.settings !== now) {
      const r = yield* t.sys.tcsetattr(fd, s.settings);
      if (r < 0) exit(1, `${t.name}: ${device}: ${strerror(r)}\n`);
    }
    return 0;
  },
});

export const commands = [stty];
