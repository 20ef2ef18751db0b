/** socat's loop: whatever comes out of one stream goes into the other, until both have ended, or a time-out. */
import { Errno, strerror } from "../../core/result.ts";
import { NEVER } from "../../core/time.ts";
import { utf8 } from "../../core/bytes.ts";
import { type Call, type PollFd, type Sys } from "../../kernel/abi.ts";
import { err, writeAll } from "../lib/io.ts";
import type { Log } from "./log.ts";
import type { Stream } from "./stream.ts";

export interface LoopConfig {
  readonly blksize: number;
  /** -t and -T in ns */
  readonly closeWait: number;
  readonly totalTimeout: number;
  readonly verbose: boolean;
  readonly hex: boolean;
  readonly leftToRight: boolean;
  readonly rightToLeft: boolean;
  /** -r and -R: descriptors of raw dumps, -1 none */
  readonly rawRight: number;
  readonly rawLeft: number;
}

interface Side {
  readonly n: 1 | 2;
  readonly from: Stream;
  readonly to: Stream;
  readonly mark: string;
  readonly raw: number;
  eof: boolean;
  offset: number;
}

/** The exit status. */
export function* transfer(sys: Sys, log: Log, one: Stream, two: Stream, cfg: LoopConfig): Call<number> {
  const fds = (s: Stream): string => `[${s.rfd < 0 ? s.wfd : s.rfd},${s.wfd < 0 ? s.rfd : s.wfd}]`;
  yield* log.notice(`starting data transfer loop with FDs ${fds(one)} and ${fds(two)}`);
  const sides: Side[] = [];
  if (cfg.leftToRight) sides.push({ n: 1, from: one, to: two, mark: ">", raw: cfg.rawRight, eof: false, offset: 0 });
  if (cfg.rightToLeft) sides.push({ n: 2, from: two, to: one, mark: "<", raw: cfg.rawLeft, eof: false, offset: 0 });
  let children = false;
  for (;;) {
    const open = sides.filter((s) => !s.eof);
    if (open.length === 0) break;
    const closing = open.length < sides.length;
    const ready = open.filter((s) => s.from.ready?.() === true);
    if (ready.length === 0) {
      const want: PollFd[] = open.map((s) => ({ fd: s.from.rfd, read: true }));
      const timeout = cfg.totalTimeout > 0 ? cfg.totalTimeout : closing ? cfg.closeWait : NEVER;
      const r = yield* sys.poll(want, timeout);
      if (r === -Errno.EINTR) {
        if (yield* log.signals()) children = true;
        continue;
      }
      if (typeof r === "number") return yield* log.error(`xiopoll(): ${strerror(r)}`);
      if (r.length === 0) {
        if (cfg.totalTimeout > 0 && !closing) yield* log.notice("inactivity timeout triggered");
        break;
      }
      for (const s of open) if (r.some((p) => p.fd === s.from.rfd && (p.read || p.hup || p.err))) ready.push(s);
    }
    for (const s of ready) yield* step(sys, log, s, cfg);
  }
  const status = yield* childStatus(sys, log, [one, two], children);
  for (const s of [one, two]) if (s.close) yield* s.close();
  yield* log.notice(status === 0 ? "exiting with status 0" : `exit(${status})`);
  return status;
}

function* step(sys: Sys, log: Log, s: Side, cfg: LoopConfig): Call<void> {
  const data = yield* s.from.read(cfg.blksize);
  if (data.length === 0) {
    if (s.from.ignoreEof === true) {
      yield* sys.nanosleep(1_000_000_000);
      return;
    }
    s.eof = true;
    yield* log.notice(`socket ${s.n} (fd ${s.from.rfd}) is at EOF`);
    yield* s.to.shut();
    return;
  }
  if (cfg.verbose || cfg.hex) yield* dump(sys, log, s, data, cfg);
  if (s.raw >= 0) yield* writeAll(sys, s.raw, data);
  s.offset += data.length;
  yield* s.to.write(data);
}

/** A program that failed makes socat fail. */
function* childStatus(sys: Sys, log: Log, streams: readonly Stream[], ended: boolean): Call<number> {
  for (const s of streams) {
    if (s.child === undefined) continue;
    const st = yield* sys.wait4(s.child, { nohang: true });
    if (st === null || typeof st === "number") continue;
    if (!ended) yield* log.signals();
    if (st.kind === "exited" && st.value === 0) continue;
    yield* log.say(
      0,
      st.kind === "exited"
        ? `waitpid(): child ${s.child} exited with status ${st.value}`
        : `waitpid(): child ${s.child} exited on signal ${st.value}`,
    );
    return 1;
  }
  return 0;
}

/** -v and -x: "> time  length=6 from=0 to=5", then the data. */
function* dump(sys: Sys, log: Log, s: Side, data: Uint8Array, cfg: LoopConfig): Call<void> {
  // the real one pads microseconds to nine digits, too
  const stamp = yield* log.stamp(".", 9);
  const head = `${s.mark} ${stamp}  length=${data.length} from=${s.offset} to=${s.offset + data.length - 1}\n`;
  yield* err(sys, head);
  yield* writeAll(sys, 2, cfg.hex ? utf8(hexLines(data, cfg.verbose)) : utf8(plain(data)));
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

function plain(data: Uint8Array): string {
  let out = "";
  for (const b of data) {
    const e = ESCAPES.get(b);
    if (e !== undefined) out += e;
    else if (b === 0x0a || b === 0x09 || (b >= 0x20 && b < 0x7f)) out += String.fromCharCode(b);
    else out += ".";
  }
  return out;
}

/** With -v lines end after 16 bytes and after each newline, and their text stands beside them. */
function hexLines(data: Uint8Array, withText: boolean): string {
  const hex = (b: Uint8Array): string => [...b].map((x) => ` ${x.toString(16).padStart(2, "0")}`).join("");
  if (!withText) return `${hex(data)}\n`;
  let out = "";
  for (let at = 0; at < data.length;) {
    let end = Math.min(at + 16, data.length);
    const nl = data.indexOf(10, at);
    if (nl >= 0 && nl < end) end = nl + 1;
    const line = data.subarray(at, end);
    const shown = [...line].map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : ".")).join("");
    out += `${hex(line).padEnd(50)}${shown}\n`;
    at = end;
  }
  return `${out}--\n`;
}
