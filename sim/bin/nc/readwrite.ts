/**
 * nc's relay between its standard input and output and one socket (readwrite of netcat-openbsd): two directions, each with a
 * buffer of 16 KiB, until both have ended or the time-out passes in silence.
 */
import { Errno } from "../../core/result.ts";
import { NEVER, SEC } from "../../core/time.ts";
import type { Call, PollFd, Sys } from "../../kernel/abi.ts";

const BUFSIZE = 16384;

export interface RelayOptions {
  /** -w in ns, or NEVER */
  readonly timeout: number;
  /** -d: standard input is not read */
  readonly noStdin: boolean;
  /** -N: end of input is passed on */
  readonly shutdownAtEof: boolean;
  /** -q in s, -1: stay */
  readonly quitAfter: number;
  readonly listening: boolean;
  readonly udp: boolean;
  /** -C: lines end in CR LF on the wire */
  readonly crlf: boolean;
  /** -i in ns between lines, 0 none */
  readonly interval: number;
  /** -W: leave after so many packets, 0 never */
  readonly recvLimit: number;
}

function crlf(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 10 && (i === 0 || data[i - 1] !== 13)) out.push(13);
    out.push(data[i]!);
  }
  return Uint8Array.from(out);
}

/** The part up to and with the first newline, and the rest. */
function firstLine(data: Uint8Array): number {
  const i = data.indexOf(10);
  return i < 0 ? data.length : i + 1;
}

/** Relays until the end; what was in flight is written. 0, or the exit status of a quit by -q. */
export function* readwrite(sys: Sys, net: number, o: RelayOptions, first: Uint8Array | null): Call<void> {
  let stdinOpen = !o.noStdin;
  let netIn = true;
  let netOut = true;
  let stdoutOpen = true;
  let toNet: Uint8Array = new Uint8Array(0);
  let toOut: Uint8Array = first ?? new Uint8Array(0);
  let quitAt = NEVER;
  let received = first ? 1 : 0;
  for (;;) {
    if (!stdinOpen && !netIn && toNet.length === 0 && toOut.length === 0) return;
    if (!netOut && !stdoutOpen) return;
    if (o.listening && !netIn && toNet.length === 0 && toOut.length === 0) return;
    const fds: PollFd[] = [];
    if (stdinOpen && toNet.length < BUFSIZE) fds.push({ fd: 0, read: true });
    if (netIn || (toNet.length > 0 && netOut))
      fds.push({ fd: net, read: netIn && toOut.length < BUFSIZE, write: toNet.length > 0 && netOut });
    if (toOut.length > 0 && stdoutOpen) fds.push({ fd: 1, write: true });
    const now = yield* sys.clock_gettime("monotonic");
    const left = quitAt === NEVER ? o.timeout : Math.min(o.timeout, Math.max(0, quitAt - now));
    const r = yield* sys.poll(fds, left);
    if (r === -Errno.EINTR) continue;
    if (typeof r === "number") return;
    if (r.length === 0) return; // -w or -q passed
    const of = (fd: number) => r.find((x) => x.fd === fd);
    const n = of(net);
    if (n && netIn && (n.read || n.err || n.hup)) {
      const m = yield* sys.recvfrom(net, BUFSIZE, { timeout: 0 });
      if (typeof m === "number") {
        if (m !== -Errno.EAGAIN) netIn = netOut = false;
      } else if (m.data.length === 0 && !o.udp) {
        yield* sys.shutdown(net, "rd");
        netIn = false;
      } else {
        toOut = join(toOut, m.data);
        if (o.recvLimit > 0 && ++received >= o.recvLimit) netIn = false;
      }
    } else if (n && n.hup && netOut && !n.read) netOut = false;
    if (of(0)) {
      const data = yield* sys.read(0, BUFSIZE);
      if (typeof data === "number" ? data !== -Errno.EAGAIN && data !== -Errno.EINTR : data.length === 0) {
        stdinOpen = false;
        if (o.quitAfter >= 0 && quitAt === NEVER) quitAt = (yield* sys.clock_gettime("monotonic")) + o.quitAfter * SEC;
      } else if (typeof data !== "number") toNet = join(toNet, o.crlf ? crlf(data) : data);
    }
    if (toNet.length > 0 && netOut) {
      const line = o.interval > 0 ? firstLine(toNet) : toNet.length;
      const w = yield* sys.sendto(net, toNet.subarray(0, line), null, 0);
      if (w > 0) toNet = toNet.subarray(w);
      else if (w !== -Errno.EAGAIN && w !== -Errno.EINTR) {
        netOut = false;
        stdinOpen = false;
        toNet = new Uint8Array(0);
      }
      if (o.interval > 0 && toNet.length > 0) yield* sys.nanosleep(o.interval);
    }
    if (toOut.length > 0 && stdoutOpen) {
      const w = yield* sys.write(1, toOut);
      if (w > 0) toOut = toOut.subarray(w);
      else if (w < 0 && w !== -Errno.EINTR) stdoutOpen = false;
    }
    if (!stdinOpen && toNet.length === 0 && netOut && o.shutdownAtEof) {
      yield* sys.shutdown(net, "wr");
      netOut = false;
    }
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
