/**
 * Congestion control: slow start and Reno (RFC 5681), CUBIC (RFC 9438), with whole numbers only. Times in ms, windows in
 * segments. Left out: HyStart, undoing a reduction that proves to have been needless.
 */
import { MS } from "../../core/time.ts";
import type { TcpSock } from "./state.ts";

/** C = 0.4 and beta = 717/1024, the kernel's defaults */
const BETA = 717;
const BETA_SCALE = 1024;

/** Integer cube root (Newton's method from above). */
export function cubeRoot(n: number): number {
  if (n <= 0) return 0;
  let x = 1;
  while (x * x * x <= n) x *= 2;
  for (;;) {
    const y = Math.floor((2 * x + Math.floor(n / (x * x))) / 3);
    if (y >= x) return x;
    x = y;
  }
}

/** The slow start threshold after a loss; CUBIC remembers where it was. */
export function caSsthresh(sk: TcpSock): number {
  if (sk.congestion === "reno") return Math.max(sk.cwnd >>> 1, 2);
  const c = sk.cubic;
  c.epoch = -1;
  // fast convergence: a smaller maximum than last time means that others want room
  c.lastMax = sk.cwnd < c.lastMax ? Math.floor((sk.cwnd * (BETA_SCALE + BETA)) / (2 * BETA_SCALE)) : sk.cwnd;
  return Math.max(Math.floor((sk.cwnd * BETA) / BETA_SCALE), 2);
}

/** A retransmission timeout: what was known about the path is void. */
export function caReset(sk: TcpSock): void {
  const c = sk.cubic;
  c.epoch = -1;
  c.lastMax = 0;
  c.tcpCwnd = 0;
  c.ackCnt = 0;
}

/** tcp_slow_start: as many more as were acknowledged, up to ssthresh; what is left over. */
function slowStart(sk: TcpSock, acked: number): number {
  const to = Math.min(sk.cwnd + acked, sk.ssthresh);
  const left = acked - (to - sk.cwnd);
  sk.cwnd = to;
  return left;
}

/** tcp_cong_avoid_ai: one more for every `w` acknowledged. */
function additive(sk: TcpSock, w: number, acked: number): void {
  if (sk.cwndCnt >= w) {
    sk.cwndCnt = 0;
    sk.cwnd++;
  }
  sk.cwndCnt += acked;
  if (sk.cwndCnt >= w) {
    const more = Math.floor(sk.cwndCnt / w);
    sk.cwndCnt -= more * w;
    sk.cwnd += more;
  }
}

/** How many acknowledgements CUBIC wants for one more segment (RFC 9438 §4). */
function cubicCount(sk: TcpSock, acked: number): number {
  const c = sk.cubic;
  const now = Math.floor(sk.ns.net.now / MS);
  c.ackCnt += acked;
  if (c.epoch < 0) {
    c.epoch = now;
    c.ackCnt = acked;
    c.tcpCwnd = sk.cwnd;
    if (c.lastMax <= sk.cwnd) {
      c.k = 0;
      c.origin = sk.cwnd;
    } else {
      // K = cube root of (distance / C), in ms: 1/C = 2.5
      c.k = cubeRoot((c.lastMax - sk.cwnd) * 2_500_000_000);
      c.origin = c.lastMax;
    }
  }
  const t = now + Math.floor(sk.minRttUs / 1000) - c.epoch;
  const d = Math.abs(t - c.k);
  const delta = Math.floor((d * d * d) / 2_500_000_000);
  const target = t < c.k ? c.origin - delta : c.origin + delta;
  let cnt = target > sk.cwnd ? Math.floor(sk.cwnd / (target - sk.cwnd)) : 100 * sk.cwnd;
  // not slower than Reno with the same reduction would be
  const per = Math.max(1, Math.floor((sk.cwnd * 8 * (BETA_SCALE + BETA)) / (24 * (BETA_SCALE - BETA))));
  while (c.ackCnt > per) {
    c.ackCnt -= per;
    c.tcpCwnd++;
  }
  if (c.tcpCwnd > sk.cwnd) cnt = Math.min(cnt, Math.floor(sk.cwnd / (c.tcpCwnd - sk.cwnd)));
  return Math.max(cnt, 2);
}

/** cong_avoid: `acked` segments were acknowledged and nothing is wrong. */
export function congAvoid(sk: TcpSock, acked: number): void {
  // a window that was not used up says nothing about the path
  const limited = sk.cwnd < sk.ssthresh ? sk.cwnd < 2 * sk.maxPacketsOut : sk.cwndLimited;
  if (!limited) return;
  let left = acked;
  if (sk.cwnd < sk.ssthresh) {
    left = slowStart(sk, acked);
    if (left === 0) return;
  }
  additive(sk, sk.congestion === "reno" ? sk.cwnd : cubicCount(sk, left), left);
}
