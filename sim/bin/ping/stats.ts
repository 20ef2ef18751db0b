/**
 * What ping counts: requests, replies, duplicates, errors, round trip times; and its two reports. All times are whole
 * microseconds, all divisions truncate, as in iputils. `acked` and `transmitted` are compared modulo 2^16, as sequence
 * numbers on the wire are.
 */
import { isqrt, milli, percent } from "./texts.ts";

export class Stats {
  transmitted = 0;
  received = 0;
  repeats = 0;
  corrupted = 0;
  errors = 0;
  /** longest run of requests in flight */
  pipe = 0;
  tmin = Number.MAX_SAFE_INTEGER;
  tmax = 0;
  tsum = 0;
  tsum2 = 0;
  /** exponentially weighted average × 8 */
  rtt = 0;
  private acked = 0;
  private readonly seen = new Uint8Array(65536 / 8);

  advance(): void {
    this.transmitted++;
    if (((this.transmitted & 0xffff) - this.acked) & 0x8000) this.acked = (this.transmitted + 1) & 0xffff;
  }

  /** A reply or error for this sequence number came: nothing before it is waited for. */
  acknowledge(seq: number): void {
    const diff = (this.transmitted - seq) & 0xffff;
    if (diff > 0x7fff) return;
    if (diff + 1 > this.pipe) this.pipe = diff + 1;
    const ahead = (seq - this.acked) & 0xffff;
    if ((ahead > 0 && ahead < 0x8000) || ((this.transmitted - this.acked) & 0xffff) > 0x7fff) this.acked = seq;
  }

  inFlight(): number {
    const diff = (this.transmitted - this.acked) & 0xffff;
    return diff <= 0x7fff ? diff : this.transmitted - this.received - this.errors;
  }

  isSeen(seq: number): boolean {
    return (this.seen[(seq & 0xffff) >> 3]! & (1 << (seq & 7))) !== 0;
  }
  setSeen(seq: number): void {
    this.seen[(seq & 0xffff) >> 3]! |= 1 << (seq & 7);
  }
  clearSeen(seq: number): void {
    this.seen[(seq & 0xffff) >> 3]! &= ~(1 << (seq & 7));
  }

  /** Takes a round trip time into account. */
  time(us: number): void {
    this.tsum += us;
    this.tsum2 += us * us;
    if (us < this.tmin) this.tmin = us;
    if (us > this.tmax) this.tmax = us;
    this.rtt = this.rtt === 0 ? us * 8 : this.rtt + us - Math.trunc(this.rtt / 8);
  }

  /** The last lines. `elapsed` ns between the first and the last request; `paced`: requests were sent by interval. */
  report(hostname: string, elapsed: number, timing: boolean, paced: boolean): string {
    let s = `\n--- ${hostname} ping statistics ---\n${this.transmitted} packets transmitted, ${this.received} received`;
    if (this.repeats > 0) s += `, +${this.repeats} duplicates`;
    if (this.corrupted > 0) s += `, +${this.corrupted} corrupted`;
    if (this.errors > 0) s += `, +${this.errors} errors`;
    if (this.transmitted > 0)
      s += `, ${percent(this.transmitted - this.received, this.transmitted)}% packet loss, time ${Math.floor((elapsed + 500_000) / 1_000_000)}ms`;
    s += "\n";
    let comma = "";
    if (this.received > 0 && timing) {
      const total = this.received + this.repeats;
      const avg = Math.trunc(this.tsum / total);
      const variance =
        this.tsum < 2147483647
          ? Math.trunc((this.tsum2 - Math.trunc((this.tsum * this.tsum) / total)) / total)
          : Math.trunc(this.tsum2 / total) - avg * avg;
      s += `rtt min/avg/max/mdev = ${milli(this.tmin)}/${milli(avg)}/${milli(this.tmax)}/${milli(isqrt(variance))} ms`;
      comma = ", ";
    }
    if (this.pipe > 1) {
      s += `${comma}pipe ${this.pipe}`;
      comma = ", ";
    }
    if (timing && this.received > 0 && !paced && this.transmitted > 1) {
      const gap = Math.trunc(Math.floor(elapsed / 1000) / (this.transmitted - 1));
      s += `${comma}ipg/ewma ${milli(gap)}/${milli(Math.trunc(this.rtt / 8))} ms`;
    }
    return `${s}\n`;
  }

  /** The line of SIGQUIT, for standard error. */
  snapshot(timing: boolean): string {
    const loss = this.transmitted > 0 ? Math.trunc((100 * (this.transmitted - this.received)) / this.transmitted) : 0;
    let s = `\r${this.received}/${this.transmitted} packets, ${loss}% loss`;
    if (this.received > 0 && timing) {
      const avg = Math.trunc(this.tsum / (this.received + this.repeats));
      s += `, min/avg/ewma/max = ${milli(this.tmin)}/${milli(avg)}/${milli(Math.trunc(this.rtt / 8))}/${milli(this.tmax)} ms`;
    }
    return `${s}\n`;
  }
}
