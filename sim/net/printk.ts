/**
 * The kernel log (kernel/printk): numbered records with a level and a time, the newest kept. One log a machine; messages of all of
 * its network namespaces end in it, as with nf_log_all_netns=1. Read by /dev/kmsg (kernel/kmsg.ts), and by syslogd on machines that
 * have one. Left out: continuation lines.
 */
import { SEC } from "../core/time.ts";
import { WaitQueue } from "../core/waitq.ts";
import type { NetNs } from "./netns.ts";

export const KERN = { EMERG: 0, ALERT: 1, CRIT: 2, ERR: 3, WARNING: 4, NOTICE: 5, INFO: 6, DEBUG: 7 } as const;
export type Level = (typeof KERN)[keyof typeof KERN];

export interface LogRecord {
  readonly seq: number;
  /** 0 kernel, 1 user: what was written to /dev/kmsg */
  readonly facility: number;
  readonly level: number;
  /** ns of virtual time */
  readonly time: number;
  /** may hold newlines */
  readonly text: string;
}

/** about what fits into the 256 KiB that a kernel keeps by default */
const MAX_RECORDS = 3000;

export class KernelLog {
  /** woken by every new record */
  readonly q = new WaitQueue();
  /** records before this number are hidden from new readers: dmesg -C */
  clearSeq = 0;
  /** net_ratelimit_state */
  readonly rate = { begin: -Infinity, said: 0, missed: 0 };
  /** told of every record: the machine's syslogd */
  listener: ((r: LogRecord) => void) | null = null;
  private records: LogRecord[] = [];
  private nextSeq = 0;

  append(time: number, facility: number, level: number, text: string): void {
    const r: LogRecord = { seq: this.nextSeq++, facility, level, time, text };
    this.records.push(r);
    // a quarter at a time, so that a full log does not copy itself for every line
    if (this.records.length >= MAX_RECORDS) this.records = this.records.slice(MAX_RECORDS / 4);
    if (this.listener !== null) this.listener(r);
    this.q.wake();
  }

  /** The first record with that number or a later one; null when there is none yet. */
  from(seq: number): LogRecord | null {
    const first = this.records[0];
    if (first === undefined) return null;
    return this.records[Math.max(0, seq - first.seq)] ?? null;
  }

  get firstSeq(): number {
    return this.records[0]?.seq ?? this.nextSeq;
  }
  /** the number of the next record */
  get endSeq(): number {
    return this.nextSeq;
  }
}

/** A message of the network stack, without its newline, as `dmesg -t` shows it. */
export function printk(ns: NetNs, level: Level, text: string): void {
  ns.net.kernelLog(ns.machine).append(ns.net.now, 0, level, text);
}

/** net.core.message_cost and message_burst */
const RATE_INTERVAL = 5 * SEC;
const RATE_BURST = 10;

/** net_ratelimit: may one more of the messages that packets cause be said? What was left unsaid is counted in the next interval. */
export function netRatelimit(ns: NetNs): boolean {
  const rs = ns.net.kernelLog(ns.machine).rate;
  if (ns.net.now > rs.begin + RATE_INTERVAL) {
    if (rs.missed > 0) printk(ns, KERN.WARNING, `net_ratelimit: ${rs.missed} callbacks suppressed`);
    rs.begin = ns.net.now;
    rs.said = 0;
    rs.missed = 0;
  }
  if (rs.said >= RATE_BURST) {
    rs.missed++;
    return false;
  }
  rs.said++;
  return true;
}
