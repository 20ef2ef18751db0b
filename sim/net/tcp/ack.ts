/**
 * What an acknowledgement means (tcp_ack of net/ipv4/tcp_input.c): round-trip time, the retransmission queue, SACK, what is
 * lost (RACK, RFC 8985, with SACK; three duplicate ACKs without), recovery with proportional rate reduction (RFC 6937).
 */
import { DropReason } from "../../trace/reasons.ts";
import { caSsthresh, congAvoid } from "./cong.ts";
import { clearWriteTimer, inFlight, pushPending, rearmRto, scheduleLossProbe, setWriteTimer, xmitRetransmits } from "./output.ts";
import {
  after,
  before,
  CaState,
  Pending,
  RTO_MAX,
  RTO_MIN,
  seqAdd,
  seqDiff,
  type TcpOptions,
  type TcpSeg,
  type TcpSock,
  TcpState,
} from "./state.ts";
import { tsClock } from "./opts.ts";

const REORDERING = 3;

/** tcp_rtt_estimator and tcp_set_rto: RFC 6298 with Linux's rule that a shrinking time must not widen the timeout. */
export function rttSample(sk: TcpSock, us0: number): void {
  const us = Math.max(1, Math.floor(us0));
  if (sk.minRttUs === 0 || us < sk.minRttUs) sk.minRttUs = us;
  if (sk.srttUs !== 0) {
    let m = us - (sk.srttUs >>> 3);
    sk.srttUs += m;
    if (m < 0) {
      m = -m - (sk.mdevUs >>> 2);
      if (m > 0) m >>>= 3;
    } else m -= sk.mdevUs >>> 2;
    sk.mdevUs += m;
    if (sk.mdevUs > sk.mdevMaxUs) {
      sk.mdevMaxUs = sk.mdevUs;
      if (sk.mdevMaxUs > sk.rttvarUs) sk.rttvarUs = sk.mdevMaxUs;
    }
    if (after(sk.sndUna, sk.rttSeq)) {
      if (sk.mdevMaxUs < sk.rttvarUs) sk.rttvarUs -= (sk.rttvarUs - sk.mdevMaxUs) >>> 2;
      sk.rttSeq = sk.sndNxt;
      sk.mdevMaxUs = RTO_MIN / 1000;
    }
  } else {
    sk.srttUs = us * 8;
    sk.mdevUs = us * 2;
    sk.rttvarUs = Math.max(sk.mdevUs, RTO_MIN / 1000);
    sk.mdevMaxUs = sk.rttvarUs;
    sk.rttSeq = sk.sndNxt;
  }
  sk.srttUs = Math.max(1, sk.srttUs);
  sk.rto = Math.min(((sk.srttUs >>> 3) + sk.rttvarUs) * 1000, RTO_MAX);
  sk.backoff = 0;
}

/** tcp_ack_update_rtt: by when the acknowledged segment was sent; for retransmitted ones only the time stamps can tell. */
function updateRtt(sk: TcpSock, sentAt: number): void {
  const { now } = sk.ns.net;
  if (sentAt >= 0) rttSample(sk, (now - sentAt) / 1000);
  else if (sk.sawTsThisSeg && sk.lastTsecr !== 0) {
    const ms = seqDiff(tsClock(sk.ns, sk.tsOffset), sk.lastTsecr);
    if (ms >= 0) rttSample(sk, Math.max(ms, 1) * 1000);
  }
}

interface AckWork {
  /** segments acknowledged or selectively acknowledged now */
  newly: number;
  /** of which by the cumulative number */
  acked: number;
  /** when the newest one, never retransmitted, was sent; -1 none */
  sentAt: number;
  dupAck: boolean;
  advanced: boolean;
}

function delivered(sk: TcpSock, seg: TcpSeg, w: AckWork): void {
  w.newly++;
  sk.delivered++;
  if (seg.retrans === 0 && seg.sentAt > w.sentAt) w.sentAt = seg.sentAt;
  if (seg.retrans > 0 && sk.ns.net.now - seg.sentAt < sk.minRttUs * 1000) return; // answers the original
  if (seg.sentAt > sk.rackMstamp || (seg.sentAt === sk.rackMstamp && after(seg.end, sk.rackEnd))) {
    sk.rackMstamp = seg.sentAt;
    sk.rackEnd = seg.end;
    sk.rackRttUs = Math.max(1, Math.floor((sk.ns.net.now - seg.sentAt) / 1000));
  }
}

/** tcp_clean_rtx_queue: takes what `ack` covers out of the queue. */
function cleanQueue(sk: TcpSock, ack: number, w: AckWork): void {
  let n = 0;
  while (n < sk.packetsOut) {
    const seg = sk.q[n]!;
    if (after(seg.end, ack)) {
      if (!after(ack, seg.seq)) break;
      // the peer had less room than we sent
      const gone = seqDiff(ack, seg.seq);
      seg.data = seg.data.subarray(gone);
      seg.seq = ack;
      sk.wmemQueued -= gone;
      break;
    }
    if (seg.sacked) sk.sackedOut--;
    else delivered(sk, seg, w);
    if (seg.lost) sk.lostOut--;
    if (seg.retransOut) sk.retransOut--;
    sk.wmemQueued -= seg.data.length;
    w.acked++;
    n++;
  }
  if (n === 0) return;
  sk.q.splice(0, n);
  sk.packetsOut -= n;
  if (!sk.sackOk) sk.dupAcks = 0;
}

/** tcp_sacktag_write_queue */
function sackTag(sk: TcpSock, sacks: readonly number[], w: AckWork): void {
  for (let k = 0; k + 1 < sacks.length; k += 2) {
    const start = sacks[k]!;
    const end = sacks[k + 1]!;
    // a duplicate told (D-SACK) lies below what is acknowledged; a block beyond what was sent is a lie
    if (!after(end, start) || !after(end, sk.sndUna) || after(end, sk.sndNxt)) continue;
    for (let i = 0; i < sk.packetsOut; i++) {
      const seg = sk.q[i]!;
      if (!before(seg.seq, end)) break;
      if (seg.sacked || before(seg.seq, start) || after(seg.end, end)) continue;
      seg.sacked = true;
      sk.sackedOut++;
      delivered(sk, seg, w);
      if (seg.lost) {
        seg.lost = false;
        sk.lostOut--;
      }
      if (seg.retransOut) {
        seg.retransOut = false;
        sk.retransOut--;
      }
    }
  }
}

function markLost(sk: TcpSock, seg: TcpSeg): void {
  if (!seg.lost) {
    seg.lost = true;
    sk.lostOut++;
  }
  if (seg.retransOut) {
    seg.retransOut = false;
    sk.retransOut--;
  }
}

/** tcp_rack_detect_loss: lost is what was sent well before something that has arrived. ns until the next may be, 0 none. */
export function rackDetect(sk: TcpSock): number {
  if (sk.rackMstamp === 0) return 0;
  const { now } = sk.ns.net;
  const window = sk.caState >= CaState.RECOVERY || sk.sackedOut >= REORDERING ? 0 : (sk.minRttUs >>> 2) * 1000;
  let wait = 0;
  for (let i = 0; i < sk.packetsOut; i++) {
    const seg = sk.q[i]!;
    if (seg.sacked || (seg.lost && !seg.retransOut)) continue;
    if (seg.sentAt > sk.rackMstamp || (seg.sentAt === sk.rackMstamp && !before(seg.end, sk.rackEnd))) continue;
    const left = seg.sentAt + sk.rackRttUs * 1000 + window - now;
    if (left <= 0) markLost(sk, seg);
    else if (left > wait) wait = left;
  }
  return wait;
}

/** tcp_enter_recovery */
function enterRecovery(sk: TcpSock): void {
  sk.caState = CaState.RECOVERY;
  sk.highSeq = sk.sndNxt;
  sk.priorCwnd = sk.cwnd;
  sk.prrDelivered = 0;
  sk.prrOut = 0;
  sk.ssthresh = caSsthresh(sk);
  sk.cwndCnt = 0;
}

/** tcp_cwnd_reduction: a window's worth of losses brings the rate down to ssthresh, one by one. */
function cwndReduction(sk: TcpSock, w: AckWork): void {
  if (w.newly <= 0 && !w.advanced) return;
  sk.prrDelivered += w.newly;
  const delta = sk.ssthresh - inFlight(sk);
  let send: number;
  if (delta < 0) send = Math.floor((sk.ssthresh * sk.prrDelivered + sk.priorCwnd - 1) / Math.max(sk.priorCwnd, 1)) - sk.prrOut;
  else send = Math.min(delta, Math.max(sk.prrDelivered - sk.prrOut, w.newly) + (w.advanced ? 1 : 0));
  send = Math.max(send, sk.prrOut !== 0 ? 0 : 1);
  sk.cwnd = Math.max(inFlight(sk) + send, 1);
}

/** tcp_fastretrans_alert: what the state of the queue asks for. */
function fastRetransAlert(sk: TcpSock, w: AckWork): void {
  if (sk.caState === CaState.RECOVERY && !before(sk.sndUna, sk.highSeq)) {
    sk.cwnd = Math.max(sk.ssthresh, 2);
    sk.caState = CaState.OPEN;
  } else if (sk.caState === CaState.LOSS && !before(sk.sndUna, sk.highSeq)) {
    sk.caState = CaState.OPEN;
  }
  let wait = 0;
  if (sk.sackOk) wait = rackDetect(sk);
  else if (sk.dupAcks >= REORDERING && sk.packetsOut > 0) {
    if (sk.caState < CaState.RECOVERY || w.advanced) markLost(sk, sk.q[0]!);
  } else if (sk.caState === CaState.RECOVERY && w.advanced && sk.packetsOut > 0) markLost(sk, sk.q[0]!); // partial ACK (NewReno)
  if (sk.lostOut > 0 && sk.caState < CaState.RECOVERY) enterRecovery(sk);
  if (sk.caState === CaState.RECOVERY) cwndReduction(sk, w);
  else if (sk.caState === CaState.LOSS) congAvoid(sk, w.newly);
  else sk.caState = sk.sackedOut > 0 || sk.dupAcks > 0 ? CaState.DISORDER : CaState.OPEN;
  if (wait > 0 && sk.pending !== Pending.PROBE0) setWriteTimer(sk, Pending.REO, wait);
}

/** tcp_may_update_window and the update itself: is this the newest word about the peer's window? */
function updateWindow(sk: TcpSock, ack: number, seq: number, window: number): boolean {
  if (!(after(ack, sk.sndUna) || after(seq, sk.sndWl1) || (seq === sk.sndWl1 && window > sk.sndWnd))) return false;
  sk.sndWl1 = seq;
  const changed = sk.sndWnd !== window;
  sk.sndWnd = window;
  if (window > sk.maxWindow) sk.maxWindow = window;
  return changed;
}

/**
 * tcp_ack: takes an acceptable segment's ACK. `window` is scaled already. 0, or why the segment is to be dropped
 * (DropReason; both cases call for a challenge ACK or for silence).
 */
export function tcpAck(sk: TcpSock, seq: number, ack: number, window: number, hasData: boolean, o: TcpOptions): DropReason {
  if (before(ack, sk.sndUna)) {
    if (seqDiff(sk.sndUna, ack) > Math.max(sk.maxWindow, 1)) return DropReason.TCP_TOO_OLD_ACK;
    if (o.sacks.length > 0) lateSack(sk, o);
    return DropReason.NONE;
  }
  if (after(ack, sk.sndNxt)) return DropReason.TCP_ACK_UNSENT_DATA;
  const priorOut = sk.packetsOut;
  const priorUna = sk.sndUna;
  const changed = updateWindow(sk, ack, seq, window);
  const w: AckWork = { newly: 0, acked: 0, sentAt: -1, dupAck: false, advanced: after(ack, sk.sndUna) };
  sk.rcvTstamp = sk.ns.net.now;
  sk.probesOut = 0;
  if (w.advanced) {
    sk.bytesAcked += seqDiff(ack, sk.sndUna);
    sk.sndUna = ack;
    // progress: the patience that tcp_retries2 stands for begins anew
    sk.retransmits = 0;
    sk.retransStamp = 0;
  }
  sk.lastTsecr = o.sawTs ? o.tsecr : 0;
  sk.sawTsThisSeg = o.sawTs;
  if (priorOut === 0) {
    // nothing was in flight: the peer answers a window probe (tcp_ack_probe)
    ackProbe(sk);
    return DropReason.NONE;
  }
  if (sk.tlpHighSeq !== 0 && !before(ack, sk.tlpHighSeq)) sk.tlpHighSeq = 0;
  cleanQueue(sk, ack, w);
  if (o.sacks.length > 0 && sk.sackOk) sackTag(sk, o.sacks, w);
  if (w.newly > 0) updateRtt(sk, w.sentAt);
  w.dupAck = !w.advanced && !hasData && !changed && ack === priorUna;
  if (w.dupAck && !sk.sackOk) sk.dupAcks++;
  const dubious = sk.caState !== CaState.OPEN || sk.sackedOut > 0 || sk.lostOut > 0 || sk.dupAcks > 0;
  if (w.advanced && sk.pending !== Pending.PROBE0) rearmRto(sk);
  if (dubious) fastRetransAlert(sk, w);
  else if (w.acked > 0) congAvoid(sk, w.newly);
  if (sk.packetsOut === 0) {
    sk.rackMstamp = 0;
    sk.maxPacketsOut = 0;
  }
  if (sk.lostOut > 0) xmitRetransmits(sk);
  else if (w.acked > 0 && sk.pending === Pending.RETRANS) scheduleLossProbe(sk);
  return DropReason.NONE;
}

/** An ACK that is overtaken may still carry SACK blocks that help. */
function lateSack(sk: TcpSock, o: TcpOptions): void {
  if (!sk.sackOk || sk.packetsOut === 0) return;
  const w: AckWork = { newly: 0, acked: 0, sentAt: -1, dupAck: true, advanced: false };
  sackTag(sk, o.sacks, w);
  if (w.newly === 0) return;
  fastRetransAlert(sk, w);
  if (sk.lostOut > 0) xmitRetransmits(sk);
}

/** tcp_ack_probe: the window opened, or it has to be asked for again. */
function ackProbe(sk: TcpSock): void {
  const head = sk.q[sk.packetsOut];
  if (!head) return;
  if (!after(seqAdd(head.seq, Math.min(head.data.length, sk.mss)), seqAdd(sk.sndUna, sk.sndWnd))) {
    sk.backoff = 0;
    clearWriteTimer(sk);
    return;
  }
  const wait = Math.min(Math.max(sk.rto, RTO_MIN) * 2 ** Math.min(sk.backoff, 9), RTO_MAX);
  setWriteTimer(sk, Pending.PROBE0, wait);
}

/** tcp_data_snd_check: the ACK may have made room for more. */
export function sendMore(sk: TcpSock): void {
  if (sk.q.length > sk.packetsOut && sk.state !== TcpState.SYN_SENT) pushPending(sk, false);
}

/** The peer reneged or all is lost: everything unacknowledged counts as lost (tcp_enter_loss). */
export function enterLoss(sk: TcpSock): void {
  if (sk.caState <= CaState.DISORDER || !after(sk.highSeq, sk.sndUna) || (sk.caState === CaState.LOSS && sk.retransmits === 0)) {
    sk.priorCwnd = sk.cwnd;
    sk.ssthresh = caSsthresh(sk);
  }
  sk.caState = CaState.LOSS;
  sk.highSeq = sk.sndNxt;
  for (let i = 0; i < sk.packetsOut; i++) if (!sk.q[i]!.sacked) markLost(sk, sk.q[i]!);
  sk.cwnd = inFlight(sk) + 1;
  sk.cwndCnt = 0;
  sk.dupAcks = 0;
}
