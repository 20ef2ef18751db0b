/**
 * TCP sending (net/ipv4/tcp_output.c): segments around what is queued, as far as the peer's window, the congestion window and
 * Nagle's rule allow; acknowledgements, the window they offer, resets, retransmissions.
 */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { MS } from "../../core/time.ts";
import { TCP_ACK, TCP_FIN, TCP_HLEN, TCP_PSH, TCP_RST, TCP_SYN } from "../../wire/tcp.ts";
import { Sites } from "../../trace/sites.ts";
import type { Site } from "../../trace/sites.ts";
import { advmssOf, dstMtu, netHlen, routeMetric, sendSegment, tcpRoute } from "./af.ts";
import { establishedOptions, fixedOptions, synOptions, tsClock } from "./opts.ts";
import {
  after,
  ATO_MIN,
  before,
  CaState,
  DELACK_MAX,
  INIT_CWND,
  NO_BYTES,
  Pending,
  RTO_MAX,
  RTO_MIN,
  seqAdd,
  seqDiff,
  TcpSeg,
  type TcpSock,
  TcpState,
  TcpTimer,
} from "./state.ts";

// ---------------------------------------------------------------- timers

/** inet_csk_reset_xmit_timer. A timer that fires too early is set again then, so that an ACK need not touch the queue. */
export function setWriteTimer(sk: TcpSock, what: number, delay: number): void {
  const at = sk.ns.net.now + Math.min(delay, RTO_MAX);
  sk.pending = what;
  sk.writeDeadline = at;
  const t = sk.writeTimer;
  if (t && t.live && t.at <= at) return;
  sk.ns.net.sched.cancel(t);
  sk.writeTimer = sk.ns.net.sched.arm(TimerKind.TCP, sk, at - sk.ns.net.now, TcpTimer.WRITE);
}
export function clearWriteTimer(sk: TcpSock): void {
  sk.pending = Pending.NONE;
  sk.ns.net.sched.cancel(sk.writeTimer);
  sk.writeTimer = null;
}
/** tcp_rearm_rto: counted from now, or from when the first unacknowledged segment went out where another timer stood in for it. */
export function rearmRto(sk: TcpSock): void {
  if (sk.packetsOut === 0) {
    clearWriteTimer(sk);
    return;
  }
  let wait = sk.rto;
  if (sk.pending === Pending.REO || sk.pending === Pending.LOSS_PROBE) wait = Math.max(sk.q[0]!.sentAt + sk.rto - sk.ns.net.now, MS);
  setWriteTimer(sk, Pending.RETRANS, wait);
}

/** tcp_schedule_loss_probe: the last segment's loss would go unnoticed until the retransmission timeout. */
export function scheduleLossProbe(sk: TcpSock): boolean {
  if (sk.packetsOut === 0 || !sk.sackOk || sk.caState > CaState.DISORDER || sk.sackedOut > 0) return false;
  if (sk.state === TcpState.SYN_SENT || sk.state === TcpState.SYN_RECV) return false;
  let wait = sk.srttUs !== 0 ? 2 * (sk.srttUs >>> 3) * 1000 + (sk.packetsOut === 1 ? RTO_MIN : 8 * MS) : 1000 * MS;
  const left = sk.q[0]!.sentAt + sk.rto - sk.ns.net.now;
  if (left > 0 && left < wait) wait = left;
  setWriteTimer(sk, Pending.LOSS_PROBE, wait);
  return true;
}

// ---------------------------------------------------------------- the window offered

/** tcp_space: what may still come in. */
export function rcvFree(sk: TcpSock): number {
  return Math.max(sk.rcvSpace - sk.rxQueued - sk.ofoBytes, 0);
}
/** tcp_receive_window: what of the window told last is left. */
export function rcvWindowLeft(sk: TcpSock): number {
  return Math.max(seqDiff(seqAdd(sk.rcvWup, sk.rcvWnd), sk.rcvNxt), 0);
}

/** __tcp_select_window: no window of less than a segment or a sixteenth of the room (silly window avoidance). */
export function selectWindow(sk: TcpSock): number {
  const full = sk.rcvSpace;
  const mss = Math.min(sk.rcvMss || sk.mss, full);
  let free = rcvFree(sk);
  if (free < full >>> 1) {
    sk.quick = 0;
    if (free < full >>> 4 || free < mss) return 0;
  }
  if (free > sk.rcvSsthresh) free = sk.rcvSsthresh;
  if (sk.rcvWscale > 0) return align(free, sk.rcvWscale);
  const { rcvWnd } = sk;
  if (rcvWnd <= free - mss || rcvWnd > free) return free - (free % mss);
  return mss === full && free > rcvWnd + (full >>> 1) ? free : rcvWnd;
}
function align(n: number, scale: number): number {
  const unit = 2 ** scale;
  return Math.ceil(n / unit) * unit;
}

/** tcp_select_window: never takes back what was offered. As it stands in the header. */
function windowField(sk: TcpSock): number {
  const left = rcvWindowLeft(sk);
  let win = selectWindow(sk);
  if (win < left) win = align(left, sk.rcvWscale);
  sk.rcvWnd = win;
  sk.rcvWup = sk.rcvNxt;
  return Math.min(Math.floor(win / 2 ** sk.rcvWscale), 65535);
}

/** tcp_select_initial_window: what a SYN offers, and the scale that lets it grow to tcp_rmem's greatest. */
export function initialWindow(sk: TcpSock, mss: number, wantScale: boolean, initrwnd: number | undefined): { wnd: number; scale: number } {
  const space = sk.rcvSpace > mss ? sk.rcvSpace - (sk.rcvSpace % mss) : sk.rcvSpace;
  let scale = 0;
  if (wantScale) {
    let most = sk.rcvbufLocked ? space : Math.max(space, sk.ns.tcp.rmem[2], sk.ns.sysctl.core.rmem_max);
    while (most > 65535 && scale < 14) {
      most = Math.floor(most / 2);
      scale++;
    }
  }
  return { wnd: Math.min(space, 65535, initrwnd !== undefined && initrwnd > 0 ? initrwnd * mss : 65535), scale };
}

// ---------------------------------------------------------------- MSS

/** tcp_sync_mss: what fits into one packet of the route, with the options of every segment taken off. */
export function syncMss(sk: TcpSock, mtu: number): number {
  sk.pmtu = mtu;
  let mss = mtu - netHlen(sk.family) - TCP_HLEN;
  if (mss > sk.mssClamp) mss = sk.mssClamp;
  // tcp_bound_to_half_wnd: two segments at least fit into the greatest window seen
  const half = sk.maxWindow > 536 ? sk.maxWindow >>> 1 : sk.maxWindow;
  if (half !== 0 && mss > half) mss = half;
  sk.mss = Math.max(mss, 48) - fixedOptions(sk);
  return sk.mss;
}
/** tcp_current_mss: as syncMss, when the route's MTU has changed since. */
function currentMss(sk: TcpSock): number {
  const rt = tcpRoute(sk);
  if (typeof rt !== "number" && dstMtu(rt) !== sk.pmtu) syncMss(sk, dstMtu(rt));
  return sk.mss;
}

// ---------------------------------------------------------------- segments

function clearDelack(sk: TcpSock): void {
  sk.ackScheduled = false;
  sk.ackNow = false;
  sk.ns.net.sched.cancel(sk.delackTimer);
  sk.delackTimer = null;
}

/** tcp_event_ack_sent */
function ackSent(sk: TcpSock): void {
  if (sk.quick > 0) {
    sk.quick--;
    if (sk.quick === 0) sk.ato = ATO_MIN;
  }
  clearDelack(sk);
}

/** __tcp_transmit_skb: one segment. 0 or -errno; a failure is repaired by the timers. */
function transmit(sk: TcpSock, seq: number, data: Uint8Array, flags: number, site: Site): number {
  const rt = tcpRoute(sk);
  if (typeof rt === "number") return rt;
  const { now } = sk.ns.net;
  const syn = (flags & TCP_SYN) !== 0;
  let window: number;
  let options: Uint8Array | null;
  if (syn) {
    const ts = sk.tsOk ? { val: tsClock(sk.ns, sk.tsOffset), ecr: sk.tsRecent } : null;
    options = synOptions(sk.advmss, ts, sk.sackOk, sk.wscaleOk ? sk.rcvWscale : -1);
    window = Math.min(sk.rcvWnd, 65535);
  } else {
    options = establishedOptions(sk);
    window = windowField(sk);
  }
  const ack = (flags & TCP_ACK) !== 0 ? sk.rcvNxt : 0;
  sk.segsOut++;
  if (data.length > 0) {
    sk.dataSegsOut++;
    sk.bytesSent += data.length;
    // answering data within the delay of an ACK: an interactive session, whose ACKs may ride on data
    if (now - sk.lrcvtime < sk.ato) sk.pingpong++;
    if (sk.packetsOut === 0 && sk.lsndtime !== 0 && now - sk.lsndtime > sk.rto) restartWindow(sk, now - sk.lsndtime);
    sk.lsndtime = now;
  }
  if ((flags & TCP_ACK) !== 0) ackSent(sk);
  return sendSegment(sk.ns, sk, sk, rt, { seq, ack, flags, window, options, data, site, parent: 0 });
}

/** tcp_cwnd_restart: after a pause the path is not known as well as before. */
function restartWindow(sk: TcpSock, idle: number): void {
  let cwnd = sk.cwnd;
  for (let d = idle - sk.rto; d > 0 && cwnd > INIT_CWND; d -= sk.rto) cwnd >>>= 1;
  sk.cwnd = Math.max(cwnd, Math.min(sk.cwnd, INIT_CWND));
}

/** tcp_send_ack: an ACK by itself. */
export function sendAck(sk: TcpSock): void {
  if (sk.state === TcpState.CLOSE) return;
  transmit(sk, sk.sndNxt, NO_BYTES, TCP_ACK, Sites.TCP_SEND);
}
/** tcp_xmit_probe_skb: a number that is old already, so that the peer must answer. `urgent` probes carry the next number less one. */
export function sendProbe(sk: TcpSock): number {
  return transmit(sk, seqAdd(sk.sndUna, -1), NO_BYTES, TCP_ACK, Sites.TCP_SEND);
}
/** tcp_send_delayed_ack */
export function sendDelayedAck(sk: TcpSock): void {
  let ato = sk.ato;
  if (ato > ATO_MIN) {
    let most = sk.pingpong > 0 ? DELACK_MAX : 125 * MS;
    if (sk.srttUs !== 0) most = Math.min(most, Math.max((sk.srttUs >>> 3) * 1000, ATO_MIN));
    ato = Math.min(ato, most);
  }
  ato = Math.min(Math.max(ato, ATO_MIN), DELACK_MAX);
  sk.ackScheduled = true;
  if (sk.delackTimer && sk.delackTimer.live) return;
  sk.delackTimer = sk.ns.net.sched.arm(TimerKind.TCP, sk, ato, TcpTimer.DELACK);
}

/** tcp_send_active_reset: the peer is told that the connection ends here and now. */
export function sendActiveReset(sk: TcpSock): void {
  sk.ns.tcp.snmp.OutRsts++;
  transmit(sk, sk.sndNxt, NO_BYTES, TCP_ACK | TCP_RST, Sites.TCP_RESET);
}

/** tcp_connect: the first SYN. 0 or -errno where there is no way out. */
export function sendSyn(sk: TcpSock): number {
  const rt = tcpRoute(sk);
  if (typeof rt === "number") return rt;
  const conf = sk.ns.sysctl.ipv4;
  sk.tsOk = conf.tcp_timestamps !== 0;
  sk.sackOk = conf.tcp_sack !== 0;
  sk.wscaleOk = conf.tcp_window_scaling !== 0;
  sk.advmss = Math.min(advmssOf(rt), sk.userMss || 65535);
  sk.mssClamp = sk.userMss || 65535;
  syncMss(sk, dstMtu(rt));
  const init = initialWindow(sk, sk.advmss, sk.wscaleOk, routeMetric(rt, "initrwnd"));
  sk.rcvWnd = init.wnd;
  sk.rcvWscale = init.scale;
  sk.rcvSsthresh = init.wnd;
  sk.sndUna = sk.sndSml = sk.iss;
  sk.writeSeq = sk.sndNxt = seqAdd(sk.iss, 1);
  sk.rcvNxt = sk.rcvWup = sk.copiedSeq = 0;
  const seg = new TcpSeg(sk.iss, NO_BYTES, TCP_SYN);
  seg.sentAt = sk.ns.net.now;
  sk.retransStamp = seg.sentAt;
  sk.q.push(seg);
  sk.packetsOut = 1;
  const err = transmit(sk, sk.iss, NO_BYTES, TCP_SYN, Sites.TCP_SEND);
  sk.ns.tcp.snmp.ActiveOpens++;
  setWriteTimer(sk, Pending.RETRANS, sk.rto);
  return err === -Errno.ECONNREFUSED ? err : 0;
}

// ---------------------------------------------------------------- the send queue

export function inFlight(sk: TcpSock): number {
  return sk.packetsOut - sk.sackedOut - sk.lostOut + sk.retransOut;
}

/** Cuts a queued segment in two after n bytes. */
function splitSeg(sk: TcpSock, i: number, n: number): void {
  const seg = sk.q[i]!;
  const rest = new TcpSeg(seqAdd(seg.seq, n), seg.data.subarray(n), seg.flags);
  rest.sentAt = seg.sentAt;
  rest.retrans = seg.retrans;
  rest.sacked = seg.sacked;
  rest.lost = seg.lost;
  rest.retransOut = seg.retransOut;
  seg.data = seg.data.subarray(0, n);
  seg.flags &= ~(TCP_FIN | TCP_PSH);
  sk.q.splice(i + 1, 0, rest);
  if (i >= sk.packetsOut) return;
  sk.packetsOut++;
  if (rest.sacked) sk.sackedOut++;
  if (rest.lost) sk.lostOut++;
  if (rest.retransOut) sk.retransOut++;
}

/** tcp_nagle_test: a small segment waits while another small one is unacknowledged. */
function nagleAllows(sk: TcpSock, seg: TcpSeg, mss: number, push: boolean): boolean {
  if (seg.data.length >= mss || push || (seg.flags & TCP_FIN) !== 0) return true;
  if (sk.corked) return false;
  if (sk.nodelay || sk.packetsOut === 0) return true;
  return !(after(sk.sndSml, sk.sndUna) && !after(sk.sndSml, sk.sndNxt));
}

/** Queued bytes become one segment as long as they fit (what tcp_sendmsg and tcp_collapse do). */
function joinNext(sk: TcpSock, i: number, mss: number): void {
  const seg = sk.q[i]!;
  while (i + 1 < sk.q.length && seg.data.length < mss) {
    const next = sk.q[i + 1]!;
    const take = Math.min(mss - seg.data.length, next.data.length);
    if (take === 0 && next.data.length > 0) return;
    const data = new Uint8Array(seg.data.length + take);
    data.set(seg.data);
    data.set(next.data.subarray(0, take), seg.data.length);
    seg.data = data;
    if (take === next.data.length) {
      seg.flags |= next.flags;
      sk.q.splice(i + 1, 1);
    } else {
      next.data = next.data.subarray(take);
      next.seq = seqAdd(next.seq, take);
    }
  }
}

/** tcp_write_xmit: sends what may be sent. `push`: the last small segment too. True when nothing is in flight and something waits. */
export function writeXmit(sk: TcpSock, push: boolean, probeOne = false): boolean {
  if (sk.q.length === sk.packetsOut) return false;
  const mss = currentMss(sk);
  let sent = 0;
  sk.cwndLimited = false;
  while (sk.q.length > sk.packetsOut) {
    const room = sk.cwnd - inFlight(sk);
    if (room <= 0 && !probeOne) {
      sk.cwndLimited = true;
      break;
    }
    const i = sk.packetsOut;
    const seg = sk.q[i]!;
    if (seg.data.length > mss) splitSeg(sk, i, mss);
    else if (seg.data.length < mss) joinNext(sk, i, mss);
    const limit = seqAdd(sk.sndUna, sk.sndWnd);
    const dataEnd = seqAdd(seg.seq, Math.max(seg.data.length, 1));
    if (after(dataEnd, limit)) {
      const fits = seqDiff(limit, seg.seq);
      // a part of a segment goes only when it is no worse than half of the greatest window seen
      if (fits <= 0 || seg.data.length <= 1 || (fits < mss && (sk.packetsOut > 0 || fits < sk.maxWindow >>> 1))) break;
      splitSeg(sk, i, fits);
    }
    if (!nagleAllows(sk, seg, mss, push && i === sk.q.length - 1)) break;
    if (sendNew(sk, seg, mss) < 0) break;
    sent++;
    if (probeOne) break;
  }
  if (sent === 0) return sk.packetsOut === 0 && sk.q.length > 0;
  if (sk.caState === CaState.RECOVERY) sk.prrOut += sent;
  if (sk.packetsOut > sk.maxPacketsOut) sk.maxPacketsOut = sk.packetsOut;
  if (inFlight(sk) >= sk.cwnd) sk.cwndLimited = true;
  if (!probeOne) scheduleLossProbe(sk);
  return false;
}

/** A segment goes out for the first time (tcp_event_new_data_sent). */
function sendNew(sk: TcpSock, seg: TcpSeg, mss: number): number {
  const flags = TCP_ACK | (seg.flags & (TCP_FIN | TCP_PSH));
  const err = transmit(sk, seg.seq, seg.data, flags, Sites.TCP_SEND);
  if (err === -Errno.EHOSTUNREACH || err === -Errno.ENETUNREACH) sk.errSoft = -err;
  seg.sentAt = sk.ns.net.now;
  const first = sk.packetsOut === 0;
  sk.packetsOut++;
  sk.sndNxt = seg.end;
  if (seg.data.length < mss) sk.sndSml = seg.end;
  if (first || sk.pending === Pending.LOSS_PROBE) rearmRto(sk);
  return 0;
}

/** __tcp_push_pending_frames: sends, and where the window forbids, sees to it that the peer is asked (tcp_check_probe_timer). */
export function pushPending(sk: TcpSock, push: boolean): void {
  if (sk.state === TcpState.CLOSE || sk.state === TcpState.SYN_SENT) return;
  if (writeXmit(sk, push) && sk.pending === Pending.NONE) {
    // behind Nagle's rule or the window: only the latter needs a probe
    setWriteTimer(sk, Pending.PROBE0, Math.max(sk.rto, RTO_MIN));
  }
}

/** tcp_send_fin: behind what waits. */
export function sendFin(sk: TcpSock): void {
  const last = sk.q.length > sk.packetsOut ? sk.q[sk.q.length - 1]! : null;
  if (last) last.flags |= TCP_FIN;
  else sk.q.push(new TcpSeg(sk.writeSeq, NO_BYTES, TCP_FIN));
  sk.writeSeq = seqAdd(sk.writeSeq, 1);
  sk.finSent = true;
  pushPending(sk, true);
}

// ---------------------------------------------------------------- again

/** tcp_retransmit_skb of q[i]. 0 or -errno. */
export function retransmitSeg(sk: TcpSock, i: number): number {
  const seg = sk.q[i]!;
  const mss = currentMss(sk);
  if (before(seg.seq, sk.sndUna)) {
    const n = seqDiff(sk.sndUna, seg.seq);
    seg.data = seg.data.subarray(n);
    seg.seq = sk.sndUna;
  }
  if (seg.data.length > mss) splitSeg(sk, i, mss);
  const syn = (seg.flags & TCP_SYN) !== 0;
  const flags = syn ? seg.flags & (TCP_SYN | TCP_ACK) : TCP_ACK | (seg.flags & (TCP_FIN | TCP_PSH));
  const err = transmit(sk, seg.seq, seg.data, flags, Sites.TCP_RETRANSMIT);
  sk.ns.tcp.snmp.RetransSegs++;
  sk.totalRetrans++;
  sk.bytesRetrans += seg.data.length;
  seg.retrans++;
  seg.sentAt = sk.ns.net.now;
  if (!seg.retransOut) {
    seg.retransOut = true;
    sk.retransOut++;
  }
  if (sk.retransStamp === 0) sk.retransStamp = sk.ns.net.now;
  return err;
}

/** tcp_xmit_retransmit_queue: what is marked lost, as far as the congestion window allows. */
export function xmitRetransmits(sk: TcpSock): void {
  let rearm = false;
  for (let i = 0; i < sk.packetsOut && sk.lostOut > 0; i++) {
    const seg = sk.q[i]!;
    if (!seg.lost || seg.sacked || seg.retransOut) continue;
    if (inFlight(sk) >= sk.cwnd) break;
    if (retransmitSeg(sk, i) < 0) break;
    if (sk.caState === CaState.RECOVERY) sk.prrOut++;
    if (i === 0) rearm = true;
  }
  if (rearm) rearmRto(sk);
}
