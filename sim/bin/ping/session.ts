/** What one run of ping knows: its configuration, socket and counters; and the printing that both families share. */
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import { Sig } from "../../kernel/abi.ts";
import { err, type Io } from "../lib/io.ts";
import type { Config } from "./options.ts";
import { Stats } from "./stats.ts";
import { timeText } from "./texts.ts";

/** Offset of the data in an echo message, and of the filler behind the time stamp (struct timeval). */
export const ECHO_HLEN = 8;
export const STAMP_LEN = 16;

/** What differs between ping over IPv4 and over IPv6. */
export interface Family {
  /** sends request number `seq`. 0 or -errno */
  send(p: Ping, seq: number): Call<number>;
  /** takes one received message; false: it was not for us */
  receive(p: Ping, m: Received): Call<boolean>;
  /** reads the error queue: > 0 an ICMP error for us, < 0 a local one or none, 0 not for us */
  receiveError(p: Ping): Call<number>;
}

export interface Received {
  readonly data: Uint8Array;
  /** 4 or 16 bytes */
  readonly source: Uint8Array;
  readonly scopeId: number;
  readonly ttl: number;
  /** ns */
  readonly tstamp: number;
}

export class Ping {
  readonly io: Io;
  readonly cfg: Config;
  readonly fd: number;
  readonly raw: boolean;
  readonly ident: number;
  readonly hostname: string;
  readonly family: Family;
  readonly stats = new Stats();
  readonly timing: boolean;
  readonly uid: number;
  /** ms; -A changes it */
  interval: number;
  exiting = false;
  snapshotDue = false;
  /** ns, monotonic: first and last request */
  start = -1;
  current = 0;
  /** replies may come from elsewhere: a group or broadcast was asked */
  anySource = false;
  multicast = false;

  constructor(init: { io: Io; cfg: Config; fd: number; raw: boolean; ident: number; hostname: string; family: Family; uid: number }) {
    this.io = init.io;
    this.cfg = init.cfg;
    this.fd = init.fd;
    this.raw = init.raw;
    this.ident = init.ident;
    this.hostname = init.hostname;
    this.family = init.family;
    this.uid = init.uid;
    this.interval = init.cfg.interval;
    this.timing = init.cfg.dataLen >= STAMP_LEN;
  }

  /** Takes pending signals into account. */
  *signals(): Call<void> {
    for (const sig of yield* this.io.sys.sigtake()) {
      if (sig === Sig.QUIT) this.snapshotDue = true;
      else this.exiting = true;
    }
  }

  /** -D */
  *stamp(): Call<void> {
    if (!this.cfg.printTime) return;
    const us = Math.floor((yield* this.io.sys.clock_gettime("realtime")) / 1000);
    yield* this.io.out.print(`[${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, "0")}] `);
  }

  *complain(text: string): Call<void> {
    yield* this.io.out.flush();
    yield* err(this.io.sys, `ping: ${text}\n`);
  }

  /** An error of our own machine; `mtu` is how the family words it when the message was too long. */
  *localError(errno: number, mtu: string): Call<void> {
    this.stats.errors++;
    if (this.cfg.quiet) return;
    if (this.cfg.flood) yield* this.io.out.print("E");
    else yield* this.complain(`local error: ${errno === Errno.EMSGSIZE ? `message too long, ${mtu}` : strerror(errno)}`);
  }

  /** "From X icmp_seq=N …" of an error from the error queue. */
  *printError(from: string, seq: number, text: string): Call<void> {
    const out = this.io.out;
    if (this.cfg.quiet) return;
    if (this.cfg.flood) {
      yield* out.print("\bE");
    } else {
      yield* this.stamp();
      yield* out.print(`From ${from} icmp_seq=${seq} ${text}\n`);
    }
    yield* out.flush();
  }

  /**
   * Counts an echo reply and prints its line up to the time, as iputils' gather_statistics. `data` is the message from
   * its ICMP header on; `tail`: what to print after the line's end (IP options).
   */
  *reply(m: Received, from: string, data: Uint8Array, seq: number, badSum: boolean, wrongSource: boolean, tail: string): Call<void> {
    const st = this.stats;
    const out = this.io.out;
    st.received++;
    st.acknowledge(seq);
    let us = 0;
    if (this.timing && data.length >= ECHO_HLEN + STAMP_LEN) {
      us = Math.floor(m.tstamp / 1000) - readStamp(data, ECHO_HLEN);
      if (us < 0) {
        yield* this.complain(`Warning: time of day goes back (${us}us), taking countermeasures`);
        us = 0;
      }
      if (!badSum) st.time(us);
    }
    let duplicate = false;
    if (badSum) {
      st.corrupted++;
      st.received--;
    } else if (st.isSeen(seq)) {
      st.repeats++;
      st.received--;
      duplicate = true;
    } else {
      st.setSeen(seq);
    }
    if (this.cfg.adaptive) this.adapt();
    if (this.cfg.quiet) return;
    if (this.cfg.flood) {
      yield* out.print(badSum ? "\bC" : "\b \b");
    } else {
      yield* this.stamp();
      let s = `${data.length} bytes from ${from}: icmp_seq=${seq}`;
      if (this.cfg.verbose) s += ` ident=${this.ident}`;
      if (m.ttl >= 0) s += ` ttl=${m.ttl}`;
      if (data.length < this.cfg.dataLen + ECHO_HLEN) {
        s += " (truncated)\n";
      } else {
        if (this.timing) s += timeText(us);
        if (duplicate && (!this.multicast || this.cfg.verbose)) s += " (DUP!)";
        if (badSum) s += " (BAD CHECKSUM!)";
        if (wrongSource) s += " (DIFFERENT ADDRESS!)";
        if (this.cfg.audible) s += "\x07";
        s += `${tail}\n`;
      }
      yield* out.print(s);
    }
    yield* out.flush();
  }

  /** -A: the interval follows the round trip time, not below 2 ms for users. */
  adapt(): void {
    const us = this.stats.rtt > 0 ? Math.trunc(this.stats.rtt / 8) : this.interval * 1000;
    this.interval = Math.floor((us + 500) / 1000);
    if (this.uid !== 0 && this.interval < 2) this.interval = 2;
  }
}

/** The struct timeval at the head of the data, in µs since the epoch. */
export function readStamp(b: Uint8Array, at: number): number {
  return le(b, at) * 1_000_000 + le(b, at + 8);
}
export function writeStamp(b: Uint8Array, at: number, ns: number): void {
  const us = Math.floor(ns / 1000);
  putLe(b, at, Math.floor(us / 1_000_000));
  putLe(b, at + 8, us % 1_000_000);
}
function le(b: Uint8Array, at: number): number {
  return (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;
}
function putLe(b: Uint8Array, at: number, v: number): void {
  for (let i = 0; i < 4; i++) b[at + i] = (v >>> (8 * i)) & 255;
  for (let i = 4; i < 8; i++) b[at + i] = 0;
}

/** The data of a request: counting bytes or the pattern, with the time in front when there is room. */
export function fillData(b: Uint8Array, cfg: Config, now: number): void {
  const p = cfg.pattern;
  for (let i = 0; i < cfg.dataLen; i++) b[ECHO_HLEN + i] = p === null ? i & 255 : p[i % p.length]!;
  if (cfg.dataLen >= STAMP_LEN) writeStamp(b, ECHO_HLEN, now);
}
