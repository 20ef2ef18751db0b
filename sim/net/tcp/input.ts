/**
 * A segment meets its connection (net/ipv4/tcp_input.c: tcp_rcv_established, tcp_rcv_state_process, tcp_validate_incoming;
 * RFC 9293 §3.10.7, RFC 5961, RFC 7323). There is no fast path: every segment takes the same way.
 */
import { SEC } from "../../core/time.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from "../../wire/tcp.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, type Skb } from "../skb.ts";
import { sendMore, tcpAck } from "./ack.ts";
import { dstMtu, routeMetric, tcpRoute } from "./af.ts";
import { ackSndCheck, dataQueue, enterQuickack } from "./data.ts";
import { finTimeout, setState, tcpDone, tcpFail, tcpReset, timeWait } from "./done.ts";
import type { TcpHdr } from "./header.ts";
import { optionsOf } from "./opts.ts";
import { pushPending, rcvWindowLeft, retransmitSeg, sendAck, sendActiveReset, syncMss } from "./output.ts";
import { after, before, INIT_CWND, MAX_QUICKACKS, seqAdd, TcpState, type TcpOptions, type TcpSock, TcpTimer } from "./state.ts";

/** The segment was taken care of, or needs a reset (which the caller, who knows how, sends before it drops the skb). */
type InputResult = "done" | "reset";

const CHALLENGE_GAP = SEC / 2;

/** tcp_send_challenge_ack: not more than one in half a second (tcp_invalid_ratelimit). */
function challengeAck(sk: TcpSock): void {
  const { now } = sk.ns.net;
  if (sk.challengeAt !== 0 && now - sk.challengeAt < CHALLENGE_GAP) return;
  sk.challengeAt = now;
  sendAck(sk);
}

/** tcp_ack_update… of time stamps: the newest one that came in order is echoed. */
function storeTs(sk: TcpSock, h: TcpHdr, o: TcpOptions): void {
  if (!o.sawTs || !sk.tsOk || after(h.seq, sk.rcvWup)) return;
  if (before(o.tsval, sk.tsRecent)) return;
  sk.tsRecent = o.tsval;
  sk.tsRecentStamp = sk.ns.net.now;
}

/** tcp_validate_incoming. True: go on. False: the skb has ended. */
function validate(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr, o: TcpOptions): boolean {
  const drop = (reason: DropReason): false => {
    dropSkb(skb, ns, Sites.TCP_RCV, reason, null, sk.state, h.seq);
    return false;
  };
  const rst = (h.flags & TCP_RST) !== 0;
  if (sk.tsOk && o.sawTs && before(o.tsval, sk.tsRecent) && !rst && ns.net.now - sk.tsRecentStamp < 24 * 86400 * SEC) {
    dupAck(sk, h);
    return drop(DropReason.TCP_RFC7323_PAWS);
  }
  const window = rcvWindowLeft(sk);
  const old = before(h.end, sk.rcvWup);
  if (old || after(h.seq, seqAdd(sk.rcvNxt, window))) {
    if (!rst) {
      if ((h.flags & TCP_SYN) !== 0) challengeAck(sk);
      else dupAck(sk, h);
    }
    return drop(old ? DropReason.TCP_OLD_SEQUENCE : DropReason.TCP_INVALID_SEQUENCE);
  }
  if (rst) {
    // RFC 5961: only the very next number is believed
    if (h.seq === sk.rcvNxt) {
      dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_RESET, null, sk.state, h.seq);
      tcpReset(sk);
      return false;
    }
    challengeAck(sk);
    return drop(DropReason.TCP_RESET);
  }
  if ((h.flags & TCP_SYN) !== 0) {
    // simultaneous open: the SYN of the other side's SYN+ACK is no news
    if (sk.state === TcpState.SYN_RECV && (h.flags & TCP_ACK) !== 0 && seqAdd(h.seq, 1) === sk.rcvNxt) return true;
    challengeAck(sk);
    return drop(DropReason.TCP_INVALID_SYN);
  }
  return true;
}

/** tcp_send_dupack: what came is out of the window; the peer is told where we are. */
function dupAck(sk: TcpSock, h: TcpHdr): void {
  if (h.end !== h.seq && before(h.seq, sk.rcvNxt)) {
    enterQuickack(sk, MAX_QUICKACKS);
    if (sk.sackOk) sk.dsack = { start: h.seq, end: after(h.end, sk.rcvNxt) ? sk.rcvNxt : h.end };
  }
  sendAck(sk);
}

/** tcp_finish_connect and what tcp_init_transfer sets up. */
function established(sk: TcpSock): void {
  setState(sk, TcpState.ESTABLISHED);
  sk.lsndtime = sk.lrcvtime = sk.ns.net.now;
  sk.rcvRttTime = sk.ns.net.now;
  sk.quick = sk.quick || 2;
  const rt = tcpRoute(sk);
  syncMss(sk, typeof rt === "number" ? sk.pmtu : dstMtu(rt));
  sk.cwnd = (typeof rt === "number" ? undefined : routeMetric(rt, "initcwnd")) ?? INIT_CWND;
  if (sk.totalRetrans > 1) sk.cwnd = 1; // the SYN was lost more than once
  if (sk.keepalive) startKeepalive(sk, (sk.keepIdle || sk.ns.sysctl.ipv4.tcp_keepalive_time) * SEC);
  sk.wq.wake();
}

export function startKeepalive(sk: TcpSock, delay: number): void {
  sk.ns.net.sched.cancel(sk.keepTimer);
  sk.keepTimer = sk.ns.net.sched.arm(TimerKind.TCP, sk, delay, TcpTimer.KEEP);
}

/** What the peer's SYN said, put to use. */
function takeSynOptions(sk: TcpSock, h: TcpHdr, o: TcpOptions): void {
  if (!o.sawTs) sk.tsOk = false;
  if (!o.sackOk) sk.sackOk = false;
  if (o.wscale < 0) {
    sk.wscaleOk = false;
    sk.rcvWscale = 0;
  }
  sk.sndWscale = sk.wscaleOk ? o.wscale : 0;
  if (sk.tsOk) {
    sk.tsRecent = o.tsval;
    sk.tsRecentStamp = sk.ns.net.now;
  }
  const def = sk.family === 10 ? 1220 : 536;
  sk.mssClamp = Math.min(o.mss !== 0 ? o.mss : def, sk.userMss || 65535);
  sk.rcvMss = Math.min(sk.mssClamp, 536);
  syncMss(sk, sk.pmtu);
  sk.irs = h.seq;
  sk.rcvNxt = sk.rcvWup = sk.copiedSeq = seqAdd(h.seq, 1);
  sk.sndWl1 = h.seq;
  // the window of a SYN is never scaled
  sk.sndWnd = sk.maxWindow = h.window;
}

/** tcp_rcv_synsent_state_process */
function synSent(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr): InputResult {
  const o = optionsOf(skb.buf, skb.transport, true);
  const drop = (reason: DropReason): InputResult => {
    dropSkb(skb, ns, Sites.TCP_RCV, reason, null, TcpState.SYN_SENT, h.seq);
    return "done";
  };
  if ((h.flags & TCP_ACK) !== 0) {
    if (!after(h.ack, sk.sndUna) || after(h.ack, sk.sndNxt)) return "reset";
    if ((h.flags & TCP_RST) !== 0) {
      drop(DropReason.TCP_RESET);
      tcpReset(sk);
      return "done";
    }
    if ((h.flags & TCP_SYN) === 0) return drop(DropReason.TCP_FLAGS);
    takeSynOptions(sk, h, o);
    tcpAck(sk, h.seq, h.ack, h.window, false, o);
    established(sk);
    if (sk.q.length > sk.packetsOut) pushPending(sk, false);
    sendAck(sk);
    consumeSkb(skb, ns, Sites.TCP_RCV, null, TcpState.SYN_SENT, TcpState.ESTABLISHED);
    return "done";
  }
  if ((h.flags & TCP_RST) !== 0) return drop(DropReason.TCP_RESET);
  if ((h.flags & TCP_SYN) === 0) return drop(DropReason.TCP_FLAGS);
  // both called at once
  takeSynOptions(sk, h, o);
  setState(sk, TcpState.SYN_RECV);
  sk.q[0]!.flags |= TCP_ACK;
  retransmitSeg(sk, 0);
  consumeSkb(skb, ns, Sites.TCP_RCV, null, TcpState.SYN_SENT, TcpState.SYN_RECV);
  return "done";
}

/** tcp_fin: the peer sends nothing more. */
function peerFin(sk: TcpSock): void {
  sk.rcvNxt = seqAdd(sk.rcvNxt, 1);
  sk.ackScheduled = true;
  sk.shut.rd = true;
  sk.ofo.length = 0;
  sk.ofoBytes = 0;
  sk.selAcks.length = 0;
  switch (sk.state) {
    case TcpState.SYN_RECV:
    case TcpState.ESTABLISHED:
      setState(sk, TcpState.CLOSE_WAIT);
      sk.pingpong = Math.max(sk.pingpong, 1);
      break;
    case TcpState.FIN_WAIT1:
      sendAck(sk);
      setState(sk, TcpState.CLOSING);
      break;
    case TcpState.FIN_WAIT2:
      sendAck(sk);
      timeWait(sk);
      break;
  }
  sk.wq.wake();
}

/** What an acceptable ACK does to the states that wait for one. True: the connection has ended, and the skb with it. */
function ackStates(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr): boolean {
  const before_ = sk.state;
  const end = (): true => {
    consumeSkb(skb, ns, Sites.TCP_RCV, null, before_, sk.state);
    return true;
  };
  const finAcked = sk.finSent && sk.sndUna === sk.writeSeq;
  switch (sk.state) {
    case TcpState.SYN_RECV:
      sk.sndWnd = h.window * 2 ** sk.sndWscale;
      if (sk.sndWnd > sk.maxWindow) sk.maxWindow = sk.sndWnd;
      established(sk);
      if (sk.finSent) setState(sk, TcpState.FIN_WAIT1);
      return false;
    case TcpState.FIN_WAIT1:
      if (!finAcked) return false;
      setState(sk, TcpState.FIN_WAIT2);
      sk.shut.wr = true;
      if (!sk.orphan) {
        sk.wq.wake();
        return false;
      }
      // nobody will read what still comes: the peer is told so
      if (h.end !== h.seq && after(seqAdd(h.seq, h.len), sk.rcvNxt)) {
        sendActiveReset(sk);
        tcpDone(sk);
        return end();
      }
      startKeepalive(sk, finTimeout(sk));
      return false;
    case TcpState.CLOSING:
      if (!finAcked) return false;
      timeWait(sk);
      return end();
    case TcpState.LAST_ACK:
      if (!finAcked) return false;
      tcpDone(sk);
      return end();
  }
  return false;
}

/** tcp_rcv_state_process and tcp_rcv_established of a socket that is not listening. Ends the skb unless "reset" is answered. */
export function tcpInput(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr): InputResult {
  sk.segsIn++;
  if (sk.state === TcpState.CLOSE) {
    dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_CLOSE, null, sk.state, h.seq);
    return "done";
  }
  if (sk.state === TcpState.SYN_SENT) return synSent(sk, ns, skb, h);
  const o = optionsOf(skb.buf, skb.transport, (h.flags & TCP_SYN) !== 0);
  if (!validate(sk, ns, skb, h, o)) return "done";
  if ((h.flags & TCP_ACK) === 0) {
    dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_FLAGS, null, sk.state, h.seq);
    return "done";
  }
  if (sk.state === TcpState.SYN_RECV && (before(h.ack, sk.sndUna) || after(h.ack, sk.sndNxt))) return "reset";
  const window = (h.flags & TCP_SYN) !== 0 ? h.window : h.window * 2 ** sk.sndWscale;
  const bad = tcpAck(sk, h.seq, h.ack, window, h.len > 0, o);
  if (bad !== DropReason.NONE) {
    challengeAck(sk);
    dropSkb(skb, ns, Sites.TCP_RCV, bad, null, sk.state, h.seq);
    return "done";
  }
  storeTs(sk, h, o);
  if (ackStates(sk, ns, skb, h)) return "done";
  return segmentText(sk, ns, skb, h);
}

/** The segment's data, and what is to be said about it. */
function segmentText(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr): InputResult {
  switch (sk.state) {
    case TcpState.CLOSE_WAIT:
    case TcpState.CLOSING:
    case TcpState.LAST_ACK:
      if (!before(h.seq, sk.rcvNxt)) break;
      consumeSkb(skb, ns, Sites.TCP_RCV, null, sk.state, sk.state);
      if (h.end !== h.seq) sendAck(sk); // its FIN again: our ACK was lost
      sendMore(sk);
      return "done";
    case TcpState.FIN_WAIT1:
    case TcpState.FIN_WAIT2:
      // RFC 9293: data for a program that is gone is answered with a reset
      if (sk.orphan && h.len > 0 && after(seqAdd(h.seq, h.len), sk.rcvNxt)) {
        sendActiveReset(sk);
        dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_ABORT_ON_DATA, null, sk.state, h.seq);
        tcpDone(sk);
        return "done";
      }
      break;
  }
  dataQueue(sk, ns, skb, h.data, h.seq, (h.flags & TCP_FIN) !== 0, (h.flags & TCP_PSH) !== 0, peerFin);
  if (sk.state === TcpState.CLOSE) return "done";
  sendMore(sk);
  ackSndCheck(sk);
  if (sk.wmemQueued < sndbuf(sk)) sk.wq.wake();
  return "done";
}

/** How many bytes a writer may have waiting: two congestion windows (tcp_sndbuf_expand), or what SO_SNDBUF says. */
export function sndbuf(sk: TcpSock): number {
  if (sk.sndbufLocked) return sk.sndbuf >>> 1;
  return Math.min(2 * Math.max(sk.cwnd, 10) * sk.mss, sk.ns.tcp.wmem[2]);
}

/** An ICMP error that ends a connection attempt, or is remembered for when the timers give up (tcp_v4_err). */
export function tcpIcmpError(sk: TcpSock, errno: number, hard: boolean): void {
  switch (sk.state) {
    case TcpState.SYN_SENT:
    case TcpState.SYN_RECV:
      tcpFail(sk, errno);
      return;
  }
  if (sk.recverr && hard) {
    sk.err = errno;
    sk.wq.wake();
  } else sk.errSoft = errno;
}
