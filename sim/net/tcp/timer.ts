/**
 * TCP's timers (net/ipv4/tcp_timer.c): retransmission with doubling time-outs, window probes, tail loss probes, delayed ACKs,
 * keepalive, and the end of FIN_WAIT2.
 */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { SEC } from "../../core/time.ts";
import { enterLoss, rackDetect, sendMore } from "./ack.ts";
import { caReset } from "./cong.ts";
import { tcpDone, tcpFail } from "./done.ts";
import { startKeepalive } from "./input.ts";
import { rearmRto, retransmitSeg, sendAck, sendActiveReset, sendProbe, setWriteTimer, writeXmit, xmitRetransmits } from "./output.ts";
import { ATO_MIN, Pending, RTO_INIT, RTO_MAX, RTO_MIN, type TcpSock, TcpState, TcpTimer } from "./state.ts";

/** The handler of TimerKind.TCP. */
export function tcpTimer(sk: TcpSock, which: number): void {
  switch (which) {
    case TcpTimer.WRITE:
      writeTimer(sk);
      return;
    case TcpTimer.DELACK:
      delackTimer(sk);
      return;
    case TcpTimer.KEEP:
      keepTimer(sk);
  }
}

function writeTimer(sk: TcpSock): void {
  sk.writeTimer = null;
  if (sk.state === TcpState.CLOSE || sk.pending === Pending.NONE) return;
  const left = sk.writeDeadline - sk.ns.net.now;
  if (left > 0) {
    sk.writeTimer = sk.ns.net.sched.arm(TimerKind.TCP, sk, left, TcpTimer.WRITE);
    return;
  }
  const what = sk.pending;
  sk.pending = Pending.NONE;
  switch (what) {
    case Pending.RETRANS:
      retransmitTimer(sk);
      return;
    case Pending.PROBE0:
      probeTimer(sk);
      return;
    case Pending.LOSS_PROBE:
      lossProbe(sk);
      return;
    case Pending.REO:
      reorderTimer(sk);
  }
}

function delackTimer(sk: TcpSock): void {
  sk.delackTimer = null;
  if (sk.state === TcpState.CLOSE || !sk.ackScheduled) return;
  if (sk.pingpong === 0) sk.ato = Math.min(2 * sk.ato, sk.rto);
  else {
    // the answer that was to carry the ACK did not come
    sk.pingpong = 0;
    sk.ato = ATO_MIN;
  }
  sendAck(sk);
}

/** tcp_write_err */
function writeErr(sk: TcpSock): void {
  const errno = sk.errSoft !== 0 ? sk.errSoft : Errno.ETIMEDOUT;
  tcpFail(sk, errno);
}

/** retransmits_timed_out: as long as `n` doublings from `base` take (tcp_model_timeout). */
function timedOut(sk: TcpSock, n: number, base: number): boolean {
  if (sk.retransmits === 0 || sk.retransStamp === 0) return false;
  let most = 0;
  for (let i = 0; i <= n; i++) most += Math.min(base * 2 ** i, RTO_MAX);
  return sk.ns.net.now - sk.retransStamp >= most;
}

/** tcp_write_timeout: is it time to give up? */
function giveUp(sk: TcpSock): boolean {
  const conf = sk.ns.sysctl.ipv4;
  if (sk.state === TcpState.SYN_SENT) return sk.retransmits >= conf.tcp_syn_retries + conf.tcp_syn_linear_timeouts;
  if (sk.state === TcpState.SYN_RECV) return sk.retransmits >= conf.tcp_synack_retries;
  const retries = sk.orphan ? orphanRetries(sk) : conf.tcp_retries2;
  return timedOut(sk, retries, RTO_MIN);
}
/** tcp_orphan_retries: 8 where the sysctl says 0, none once the path has proved dead. */
function orphanRetries(sk: TcpSock): number {
  const n = sk.ns.sysctl.ipv4.tcp_orphan_retries;
  if (sk.errSoft !== 0) return 0;
  return n === 0 ? 8 : n;
}

/** tcp_retransmit_timer */
function retransmitTimer(sk: TcpSock): void {
  if (sk.packetsOut === 0) return;
  if (giveUp(sk)) {
    writeErr(sk);
    return;
  }
  const connecting = sk.state === TcpState.SYN_SENT || sk.state === TcpState.SYN_RECV;
  if (!connecting) {
    caReset(sk);
    enterLoss(sk);
  }
  sk.retransmits++;
  retransmitSeg(sk, 0);
  sk.backoff++;
  if (sk.state === TcpState.SYN_SENT) {
    // tcp_syn_linear_timeouts: the first ones come every second
    const linear = sk.ns.sysctl.ipv4.tcp_syn_linear_timeouts;
    sk.rto = Math.min(RTO_INIT * 2 ** Math.max(0, sk.retransmits - linear), RTO_MAX);
  } else sk.rto = Math.min(sk.rto * 2, RTO_MAX);
  setWriteTimer(sk, Pending.RETRANS, sk.rto);
}

/** tcp_probe_timer: the window is shut; the peer is asked whether it still is. */
function probeTimer(sk: TcpSock): void {
  if (sk.packetsOut > 0 || sk.q.length === 0) {
    sk.probesOut = 0;
    return;
  }
  const retries = sk.orphan ? orphanRetries(sk) : sk.ns.sysctl.ipv4.tcp_retries2;
  if (sk.probesOut > retries) {
    writeErr(sk);
    return;
  }
  // tcp_send_probe0: what the window allows, else a number that is old
  writeXmit(sk, true);
  if (sk.packetsOut > 0) {
    sk.probesOut = 0;
    sk.backoff = 0;
    return;
  }
  sk.probesOut++;
  sendProbe(sk);
  if (sk.backoff < retries) sk.backoff++;
  setWriteTimer(sk, Pending.PROBE0, Math.min(Math.max(sk.rto, RTO_MIN) * 2 ** Math.min(sk.backoff, 9), RTO_MAX));
}

/** tcp_send_loss_probe: something new, or the last segment once more, so that an ACK tells what is missing. */
function lossProbe(sk: TcpSock): void {
  const out = sk.packetsOut;
  if (sk.tlpHighSeq === 0 && out > 0) {
    sk.tlpHighSeq = sk.sndNxt;
    writeXmit(sk, true, true);
    if (sk.packetsOut === out) {
      retransmitSeg(sk, out - 1);
      sk.retransStamp = 0;
    }
  }
  sk.pending = Pending.NONE;
  rearmRto(sk);
}

/** tcp_rack_reo_timeout */
function reorderTimer(sk: TcpSock): void {
  const before = sk.lostOut;
  rackDetect(sk);
  if (sk.lostOut > before) xmitRetransmits(sk);
  else sendMore(sk);
  if (sk.pending === Pending.NONE) rearmRto(sk);
}

/** tcp_keepalive_timer: of an open connection that is silent; and of FIN_WAIT2, which nobody waits for any more. */
function keepTimer(sk: TcpSock): void {
  sk.keepTimer = null;
  if (sk.state === TcpState.FIN_WAIT2 && sk.orphan) {
    tcpDone(sk);
    return;
  }
  if (!sk.keepalive || sk.state === TcpState.CLOSE || sk.state === TcpState.SYN_SENT) return;
  const conf = sk.ns.sysctl.ipv4;
  const idle = (sk.keepIdle || conf.tcp_keepalive_time) * SEC;
  const intvl = (sk.keepIntvl || conf.tcp_keepalive_intvl) * SEC;
  if (sk.packetsOut > 0 || sk.q.length > 0) {
    startKeepalive(sk, idle);
    return;
  }
  const silent = sk.ns.net.now - Math.max(sk.rcvTstamp, sk.lrcvtime);
  if (silent < idle) {
    startKeepalive(sk, idle - silent);
    return;
  }
  if (sk.probesOut >= (sk.keepCnt || conf.tcp_keepalive_probes)) {
    sendActiveReset(sk);
    writeErr(sk);
    return;
  }
  sendProbe(sk);
  sk.probesOut++;
  startKeepalive(sk, intvl);
}
