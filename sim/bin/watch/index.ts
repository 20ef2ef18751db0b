/**
 * watch: runs a command again and again and shows what it writes, whole screen (procps). The command's output is read through a
 * pipe, so it does not know that there is a terminal.
 */
import { strftime } from "../../core/calendar.ts";
import { concatBytes, fromUtf8 } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { cells, graphemes, textWidth } from "../../kernel/graphemes.ts";
import { type Call, type Command, type OptionSpec, Sig, type Sys } from "../../kernel/abi.ts";
import { spawnp } from "../lib/exec.ts";
import { gnuCommand } from "../lib/gnu.ts";
import { err } from "../lib/io.ts";
import { clip } from "../lib/screen/cells.ts";
import { PLAIN, REVERSE, Term } from "../lib/screen/term.ts";

interface Settings {
  interval: number;
  title: boolean;
  differences: boolean;
  /** changes since the first run stay marked */
  permanent: boolean;
  errexit: boolean;
  chgexit: boolean;
  /** runs without a change after which to end; 0: never */
  equexit: number;
  colour: boolean;
  exec: boolean;
  wrap: boolean;
  beep: boolean;
}

const OPTIONS: readonly OptionSpec[] = [
  { names: ["-b", "--beep"], help: "beep if the command fails" },
  { names: ["-c", "--color"], help: "show colours that the command writes" },
  { names: ["-d", "--differences"], arg: "[permanent]", help: "mark what has changed since the last run" },
  { names: ["-e", "--errexit"], help: "end when the command fails" },
  { names: ["-g", "--chgexit"], help: "end when the output changes" },
  { names: ["-q", "--equexit"], arg: "CYCLES", help: "end when the output has not changed for CYCLES runs" },
  { names: ["-n", "--interval"], arg: "SECS", help: "seconds between runs (2)" },
  { names: ["-p", "--precise"], help: "begin a run every SECS, however long the last one took", notModelled: true },
  { names: ["-t", "--no-title"], help: "no header" },
  { names: ["-w", "--no-wrap"], help: "cut long lines" },
  { names: ["-x", "--exec"], help: "run the command itself, not sh -c" },
];

/** One cell of the screen: what is in it ("" right of a wide character) and its colours. */
interface Cell {
  readonly text: string;
  readonly style: string;
}
const SGR = /\x1b\[[0-9;:]*m/y;

/** The output as rows of cells. */
function layout(text: string, cols: number, rows: number, s: Settings): Cell[][] {
  const out: Cell[][] = [[]];
  let style = "";
  const last = (): Cell[] => out[out.length - 1]!;
  for (const line of text.split("\n")) {
    if (out.length > rows) break;
    let cut = false;
    let rest = line;
    while (rest !== "") {
      SGR.lastIndex = 0;
      const m = SGR.exec(rest);
      if (m !== null) {
        if (s.colour) style = m[0] === "\x1b[m" || m[0] === "\x1b[0m" ? "" : style + m[0];
        rest = rest.slice(m[0].length);
        continue;
      }
      const next = rest.indexOf("\x1b", 1);
      const piece = next < 0 ? rest : rest.slice(0, next);
      rest = next < 0 ? "" : rest.slice(next);
      for (const g of graphemes(piece)) {
        const c = g.charCodeAt(0);
        const w = g === "\t" ? 8 - (last().length % 8) : c < 32 || c === 127 ? 0 : cells(g);
        if (w === 0 || cut) continue;
        if (last().length + w > cols) {
          cut = !s.wrap;
          if (cut || out.length >= rows) continue;
          out.push([]);
        }
        last().push({ text: g === "\t" ? " " : g, style });
        for (let i = 1; i < w; i++) last().push({ text: g === "\t" ? " " : "", style });
      }
    }
    out.push([]);
  }
  return out.slice(0, rows);
}

class Watch {
  private readonly sys: Sys;
  private readonly term: Term;
  private readonly s: Settings;
  private readonly words: readonly string[];
  private before: Cell[][] | null = null;
  private readonly marked = new Set<string>();
  private equal = 0;

  constructor(sys: Sys, term: Term, s: Settings, words: readonly string[]) {
    this.sys = sys;
    this.term = term;
    this.s = s;
    this.words = words;
  }

  private *header(): Call<string> {
    const now = Math.floor((yield* this.sys.clock_gettime("realtime")) / SEC);
    const right = `${(yield* this.sys.uname()).nodename}: ${strftime("%a %b %e %H:%M:%S %Y", now, 0)}`;
    const { cols } = this.term;
    if (textWidth(right) > cols) return "";
    const head = `Every ${(this.s.interval / SEC).toFixed(1)}s: `;
    const pad = (left: string): string => left + " ".repeat(Math.max(0, cols - textWidth(left) - textWidth(right))) + right;
    if (head.length + textWidth(right) > cols) return pad("");
    const room = cols - textWidth(right) - head.length - 2;
    const command = this.words.join(" ");
    return pad(head + (textWidth(command) <= room ? command : room > 4 ? `${clip(command, room - 3)}...` : ""));
  }

  /** Runs the command: what it wrote and its exit status, or null when a signal ended us. */
  private *runOnce(): Call<{ readonly text: string; readonly status: number } | null> {
    const { sys } = this;
    const pipe = yield* sys.pipe(0);
    if (typeof pipe === "number") return { text: "", status: 7 };
    const argv = this.s.exec ? this.words : ["sh", "-c", this.words.join(" ")];
    const pid = yield* spawnp(sys, argv, {
      fds: new Map([
        [0, 0],
        [1, pipe[1]],
        [2, pipe[1]],
      ]),
    });
    yield* sys.close(pipe[1]);
    const parts: Uint8Array[] = [];
    let gone = false;
    for (;;) {
      const b = yield* sys.read(pipe[0], 65536);
      if (b === -Errno.EINTR) {
        const e = yield* this.term.next(0);
        if (e.kind !== "signal") continue;
        gone = true;
        break;
      }
      if (typeof b === "number" || b.length === 0) break;
      parts.push(b);
    }
    yield* sys.close(pipe[0]);
    if (pid < 0) return { text: `watch: cannot run ${argv[0]!}`, status: 4 };
    if (gone) {
      yield* sys.kill(pid, Sig.TERM);
      return null;
    }
    let status = 0;
    for (;;) {
      const st = yield* sys.wait4(pid, {});
      if (st === -Errno.EINTR) continue;
      if (typeof st !== "number" && st !== null) status = st.kind === "exited" ? st.value : 128 + st.value;
      break;
    }
    return { text: fromUtf8(concatBytes(parts)), status };
  }

  /** Rows with what has changed marked; tells whether anything did. */
  private compare(now: Cell[][]): { readonly rows: string[]; readonly changed: boolean } {
    const { before, s } = this;
    let changed = false;
    const rows = now.map((row, y) => {
      let text = "";
      let style = "";
      for (const [x, c] of row.entries()) {
        const differs = before !== null && (before[y]?.[x]?.text ?? " ") !== (c.text === "" ? (before[y]?.[x]?.text ?? "") : c.text);
        if (differs) changed = true;
        const key = `${y},${x}`;
        if (differs && s.permanent) this.marked.add(key);
        const mark = s.differences && (s.permanent ? this.marked.has(key) : differs);
        const want = c.style + (mark ? REVERSE : "");
        if (want !== style) text += (style === "" ? "" : PLAIN) + want;
        style = want;
        text += c.text;
      }
      if (before !== null && (before[y]?.length ?? 0) > row.length) changed = true;
      return style === "" ? text : text + PLAIN;
    });
    if (before !== null && before.length !== now.length) changed = true;
    return { rows, changed };
  }

  *run(): Call<number> {
    const { term, s } = this;
    for (;;) {
      const head = s.title ? [yield* this.header(), ""] : [];
      const r = yield* this.runOnce();
      if (r === null) return 0;
      const screen = layout(r.text, term.cols, Math.max(1, term.rows - head.length), s);
      const { rows, changed } = this.compare(screen);
      const picture = [...head, ...rows].slice(0, term.rows);
      const corner: readonly [number, number] = [term.rows - 1, term.cols - 1];
      if (r.status !== 0) {
        if (s.beep) yield* term.print("\x07");
        if (s.errexit) {
          while (picture.length < term.rows) picture.push("");
          const text = "command exit with a non-zero status, press a key to exit";
          picture[term.rows - 1] = clip(text, term.cols);
          yield* term.paint(picture, [term.rows - 1, Math.min(text.length, term.cols - 1)]);
          yield* term.key();
          return 8;
        }
      }
      yield* term.paint(picture, corner);
      if (this.before !== null) {
        if (s.chgexit && changed) return 0;
        this.equal = changed ? 0 : this.equal + 1;
        if (s.equexit > 0 && this.equal >= s.equexit) return 0;
      }
      this.before = screen;
      if (!(yield* this.sleep())) return 0;
    }
  }
  /** Waits for the next run; a new size begins it at once. False: end. */
  private *sleep(): Call<boolean> {
    const until = (yield* this.sys.clock_gettime("monotonic")) + this.s.interval;
    for (;;) {
      const left = until - (yield* this.sys.clock_gettime("monotonic"));
      if (left <= 0) return true;
      const e = yield* this.term.next(left);
      if (e.kind === "timeout") return true;
      if (e.kind === "resize") {
        this.before = null;
        return true;
      }
      if (e.kind === "eof") return false;
      if (e.kind === "signal") {
        if (e.sig !== Sig.TSTP) return false;
        yield* this.term.suspend();
        return true;
      }
    }
  }
}

const watch = gnuCommand({
  name: "watch",
  pkg: "procps 2:4.0.2-3",
  version: "watch from procps-ng 4.0.2",
  usage: ["[options] command"],
  summary: "execute a program periodically, showing output fullscreen",
  description: [
    "The command runs every two seconds until Ctrl-C. Several words are joined and given to sh -c; quote what the shell shall not change before.",
  ],
  examples: [
    { cmd: "watch -n 1 -d ip -s link show eth0", what: "see counters grow" },
    { cmd: "watch 'ip neigh | sort'", what: "a pipeline" },
  ],
  posix: true,
  options: OPTIONS,
  *main(t, options, operands) {
    const s: Settings = {
      interval: 2 * SEC,
      title: true,
      differences: false,
      permanent: false,
      errexit: false,
      chgexit: false,
      equexit: 0,
      colour: false,
      exec: false,
      wrap: true,
      beep: false,
    };
    for (const o of options) {
      if (o.name === "-n") {
        if (!/^[0-9]*[.,]?[0-9]+$|^[0-9]+[.,]$/.test(o.value!)) {
          yield* err(t.sys, `watch: failed to parse argument: '${o.value!}'\n`);
          return 1;
        }
        s.interval = Math.round(Math.max(0.1, Math.min(Number(o.value!.replace(",", ".")), 31 * 86400)) * 1000) * (SEC / 1000);
      } else if (o.name === "-q") s.equexit = Math.max(1, Number.parseInt(o.value!, 10) || 1);
      else if (o.name === "-d") {
        s.differences = true;
        s.permanent = o.value !== null && o.value !== "";
      } else if (o.name === "-t") s.title = false;
      else if (o.name === "-e") s.errexit = true;
      else if (o.name === "-g") s.chgexit = true;
      else if (o.name === "-c") s.colour = true;
      else if (o.name === "-x") s.exec = true;
      else if (o.name === "-w") s.wrap = false;
      else if (o.name === "-b") s.beep = true;
    }
    if (operands.length === 0) {
      yield* err(t.sys, "\nUsage:\n watch [options] command\n\nFor more details see watch(1).\n");
      return 1;
    }
    const term = yield* Term.open(t.sys, { signals: true, alternate: true });
    if (typeof term === "number") {
      yield* err(t.sys, "Error opening terminal: unknown.\n");
      return 1;
    }
    yield* term.enter();
    const status = yield* new Watch(t.sys, term, s, operands).run();
    yield* term.leave();
    return status;
  },
});

export const commands: readonly Command[] = [watch];
