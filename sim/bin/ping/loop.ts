/**
 * ping's heart: when to send and how long to listen (pinger and main_loop of iputils). Requests are paced by a token
 * bucket of `preload` intervals; between them ping listens with the socket's receive timeout, or polls when less than an
 * interval is left. After the last request it waits max(2 × slowest reply, interval), or the linger time when nothing
 * has come back at all.
 */
import { Errno, strerror } from "../../core/result.ts";
import { MS, SEC } from "../../core/time.ts";
import type { Call } from "../../kernel/abi.ts";
import { Sig } from "../../kernel/abi.ts";
import { fail } from "./options.ts";
import type { Ping, Received } from "./session.ts";

/** shortest sleep, and shortest interval of a flood, in ms */
const MIN_INTERVAL = 10;
const atLeastMin = (ms: number): number => Math.max(ms, MIN_INTERVAL);

/**
 * A receive timeout ends on the kernel's timer wheel: at HZ=250 a wait of 64 jiffies (256 ms) or more ends at a
 * multiple of 8 jiffies after it, a longer one at multiples of 64. That is why real pings are 1,004 to 1,032 ms apart.
 */
export function wheelTimeout(now: number, ns: number): number {
  const jiffy = 4 * MS;
  const n = Math.ceil(ns / jiffy);
  const step = n < 63 ? 1 : n < 504 ? 8 : n < 4032 ? 64 : 512;
  const expires = Math.floor((Math.floor(now / jiffy) + n + step) / step) * step;
  return expires * jiffy - now;
}

interface Pace {
  /** ms of sending rights saved up */
  tokens: number;
  noBuffers: number;
  rttAddend: number;
  /** the final wait has been armed */
  waiting: boolean;
}

/** Runs until it is over; prints the statistics. The exit status. */
export function* mainLoop(p: Ping, receive: (timeout: number) => Call<Received | number>): Call<number> {
  const { sys, out } = p.io;
  const cfg = p.cfg;
  const st = p.stats;
  if (p.uid !== 0 && p.interval < 2) yield* fail(p.io, "cannot flood; minimal interval allowed for user is 2ms");
  for (const sig of [Sig.INT, Sig.ALRM, Sig.QUIT]) yield* sys.sigaction(sig, "catch");
  if (cfg.deadline > 0) yield* sys.alarm(cfg.deadline * SEC);
  const rcvtimeo = (p.interval < 1000 ? atLeastMin(p.interval) : 1000) * MS;
  const pace: Pace = { tokens: 0, noBuffers: 0, rttAddend: 0, waiting: false };
  for (;;) {
    yield* p.signals();
    if (p.exiting) break;
    if (cfg.count > 0 && st.received + st.errors >= cfg.count) break;
    if (cfg.deadline > 0 && st.errors > 0) break;
    if (p.snapshotDue) {
      p.snapshotDue = false;
      yield* sys.write(2, asciiBytes(st.snapshot(p.timing)));
    }
    let next: number;
    do {
      next = yield* send(p, pace);
      next = yield* armEnd(p, pace, next);
    } while (next <= 0);

    // less than an interval to go: look when something comes, else sit in recvmsg with its timeout
    let nonblocking = false;
    if (cfg.adaptive || cfg.flood || next < atLeastMin(p.interval)) {
      // sim: with nothing in flight the real one spins through the last 10 ms; this one sleeps them
      if (next <= MIN_INTERVAL && st.inFlight() > 0) next = MIN_INTERVAL;
      if (cfg.adaptive || cfg.flood || p.interval > 0) {
        const r = yield* sys.poll([{ fd: p.fd, read: true }], next * MS);
        if (typeof r === "number" || !r.some((x) => x.read || x.err)) continue;
        nonblocking = true;
      }
    }
    for (;;) {
      const timeout = nonblocking ? 0 : wheelTimeout(yield* sys.clock_gettime("boottime"), rcvtimeo);
      const m = yield* receive(timeout);
      let ours = true;
      if (typeof m === "number") {
        if (m === -Errno.EAGAIN || m === -Errno.EINTR) break;
        ours = (yield* p.family.receiveError(p)) !== 0;
        if (!ours && cfg.verbose) yield* p.complain(`recvmsg: ${strerror(m)}`);
      } else {
        ours = yield* p.family.receive(p, m);
      }
      if (st.inFlight() === 0) break;
      nonblocking = true;
    }
  }
  const elapsed = p.start < 0 ? 0 : p.current - p.start;
  yield* out.print(st.report(p.hostname, elapsed, p.timing, p.interval !== 0 && !cfg.flood && !cfg.adaptive));
  return st.received === 0 || (cfg.deadline > 0 && st.received < cfg.count) ? 1 : 0;
}

function asciiBytes(text: string): Uint8Array {
  const b = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) b[i] = text.charCodeAt(i);
  return b;
}

/** Sends a request if it is time. The ms until the next one; <= 0: ask again at once. */
function* send(p: Ping, pace: Pace): Call<number> {
  const { sys, out } = p.io;
  const cfg = p.cfg;
  const st = p.stats;
  if (p.exiting || (cfg.count > 0 && st.transmitted >= cfg.count && cfg.deadline === 0)) return 1000;
  const now = yield* sys.clock_gettime("monotonic");
  if (p.start < 0) {
    p.start = now;
    pace.tokens = p.interval * (cfg.preload - 1);
  } else {
    let tokens = Math.trunc((now - p.current) / MS);
    if (p.interval === 0) {
      if (tokens < MIN_INTERVAL && st.inFlight() >= cfg.preload) return MIN_INTERVAL - tokens;
    }
    tokens += pace.tokens;
    if (tokens > p.interval * cfg.preload) tokens = p.interval * cfg.preload;
    if (tokens < p.interval) return p.interval - tokens;
    pace.tokens = tokens - p.interval;
  }
  p.current = now;
  if (cfg.outstanding && st.transmitted > 0 && !st.isSeen(st.transmitted)) {
    yield* p.stamp();
    yield* out.print(`no answer yet for icmp_seq=${st.transmitted % 65536}\n`);
    yield* out.flush();
  }
  const seq = (st.transmitted + 1) & 0xffff;
  st.clearSeen(seq);
  const r = yield* p.family.send(p, seq);
  if (r >= 0) {
    pace.noBuffers = 0;
    st.advance();
    if (!cfg.quiet && cfg.flood) {
      yield* out.print(".");
      yield* out.flush();
    }
    return p.interval - pace.tokens;
  }
  let queued = 0;
  if (r === -Errno.ENOBUFS || r === -Errno.ENOMEM) {
    pace.tokens = 0;
    pace.rttAddend += st.rtt < 8 * 50_000 ? Math.trunc(st.rtt / 8) : 50_000;
    if (cfg.adaptive) p.adapt();
    const wait = Math.min(atLeastMin(Math.trunc(p.interval / 2)), 500);
    pace.noBuffers++;
    if (pace.noBuffers * wait < cfg.linger) return wait;
  } else if (r === -Errno.EAGAIN || r === -Errno.EINTR) {
    pace.tokens += p.interval;
    return MIN_INTERVAL;
  } else {
    queued = yield* p.family.receiveError(p);
    if (queued > 0) {
      pace.tokens += p.interval;
      return MIN_INTERVAL;
    }
  }
  // it counts as sent: the sequence number is used up
  st.advance();
  if (queued === 0 && !cfg.quiet) {
    if (cfg.flood) {
      yield* out.print("E");
      yield* out.flush();
    } else {
      yield* p.complain(`sendmsg: ${strerror(r)}`);
    }
  }
  pace.tokens = 0;
  return atLeastMin(p.interval);
}

/** After the last request: sets the alarm that ends the wait for its reply. */
function* armEnd(p: Ping, pace: Pace, next: number): Call<number> {
  const st = p.stats;
  if (p.cfg.count === 0 || st.transmitted < p.cfg.count || p.cfg.deadline > 0 || pace.waiting) return next;
  pace.waiting = true;
  const us = st.received > 0 ? Math.max(2 * st.tmax, 1000 * p.interval) : p.cfg.linger * 1000;
  yield* p.io.sys.alarm(Math.max(us, 1) * 1000);
  return next < Math.trunc(us / 1000) ? Math.trunc(us / 1000) : next;
}
