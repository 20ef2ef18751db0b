/**
 * Received data (tcp_data_queue and its company of net/ipv4/tcp_input.c): in order to the reader, ahead of order kept and told
 * by SACK; when an ACK is due at once and when it may wait; how the window grows. Payload is copied out of the packet.
 */
import { Sites } from "../../trace/sites.ts";
import { DropReason } from "../../trace/reasons.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, type Skb } from "../skb.ts";
import { rcvFree, rcvWindowLeft, selectWindow, sendAck, sendDelayedAck } from "./output.ts";
import { after, ATO_MIN, before, MAX_QUICKACKS, NO_BYTES, type OfoSeg, seqAdd, seqDiff, type TcpSock, TcpState } from "./state.ts";
import { MS } from "../../core/time.ts";

const MAX_SACKS = 4;

/** tcp_enter_quickack_mode */
export function enterQuickack(sk: TcpSock, most: number): void {
  const quick = Math.min(Math.max(Math.floor(sk.rcvWnd / (2 * Math.max(sk.rcvMss, 1))), 2), most);
  if (quick > sk.quick) sk.quick = quick;
  sk.pingpong = 0;
  sk.ato = ATO_MIN;
}

/** tcp_event_data_recv: how fast data comes decides how long an ACK may wait. */
function eventDataRecv(sk: TcpSock, len: number, push: boolean): void {
  const { now } = sk.ns.net;
  sk.ackScheduled = true;
  if (len > sk.rcvMss) sk.rcvMss = Math.min(len, sk.advmss || len);
  if (push) sk.ackPushed = true;
  if (sk.ato === 0) {
    const quick = Math.min(Math.max(Math.floor(sk.rcvWnd / (2 * Math.max(sk.rcvMss, 1))), 2), MAX_QUICKACKS);
    if (quick > sk.quick) sk.quick = quick;
    sk.ato = ATO_MIN;
  } else {
    const gap = now - sk.lrcvtime;
    if (gap <= ATO_MIN / 2) sk.ato = Math.floor(sk.ato / 2) + ATO_MIN / 2;
    else if (gap < sk.ato) sk.ato = Math.min(Math.floor(sk.ato / 2) + gap, sk.rto);
    else if (gap > sk.rto) enterQuickack(sk, 1);
  }
  sk.lrcvtime = now;
  // tcp_grow_window: twice what came, as long as there is room
  if (len >= 128) {
    const room = Math.min(sk.rcvSpace, rcvFree(sk)) - sk.rcvSsthresh;
    if (room > 0) sk.rcvSsthresh += Math.min(room, 2 * sk.rcvMss);
  }
}

/** __tcp_ack_snd_check: an ACK now, or a little later. */
export function ackSndCheck(sk: TcpSock): void {
  if (!sk.ackScheduled && !sk.ackNow) return;
  const full = seqDiff(sk.rcvNxt, sk.rcvWup) > sk.rcvMss && selectWindow(sk) >= sk.rcvWnd;
  if (full || (sk.quick > 0 && sk.pingpong === 0) || sk.ackNow || sk.ofo.length > 0) sendAck(sk);
  else sendDelayedAck(sk);
}

/** tcp_cleanup_rbuf: the reader took something, which may be worth an ACK with a wider window. */
export function cleanupRbuf(sk: TcpSock, copied: number): void {
  let now = false;
  if (sk.ackScheduled)
    now = seqDiff(sk.rcvNxt, sk.rcvWup) > sk.rcvMss || (copied > 0 && sk.ackPushed && sk.pingpong === 0 && sk.rxQueued === 0);
  if (copied > 0 && !now && !sk.shut.rd) {
    const left = rcvWindowLeft(sk);
    if (2 * left <= sk.rcvSpace) {
      const win = selectWindow(sk);
      if (win > 0 && win >= 2 * left) now = true;
    }
  }
  if (now) sendAck(sk);
}

/** tcp_rcv_space_adjust: a reader that keeps up gets room for what comes in twice the round-trip time. */
export function rcvSpaceAdjust(sk: TcpSock, copied: number): void {
  sk.copiedInRtt += copied;
  const { now } = sk.ns.net;
  if (sk.rcvRttTime === 0) {
    sk.rcvRttTime = now;
    return;
  }
  const rtt = Math.max((sk.srttUs >>> 3) * 1000, MS / 10);
  if (now - sk.rcvRttTime < rtt) return;
  if (!sk.rcvbufLocked && 2 * sk.copiedInRtt > sk.rcvSpace) {
    const most = sk.ns.tcp.rmem[2] >>> 1;
    sk.rcvSpace = Math.min(most, 2 * sk.copiedInRtt);
    sk.rcvbuf = 2 * sk.rcvSpace;
  }
  sk.copiedInRtt = 0;
  sk.rcvRttTime = now;
}

/** The reader's side: up to n bytes in order. */
export function takeData(sk: TcpSock, n: number): Uint8Array {
  const want = Math.min(n, sk.rxQueued);
  if (want === 0) return NO_BYTES;
  const head = sk.rxq[0]!;
  if (sk.rxHead === 0 && head.length === want) {
    sk.rxq.shift();
    sk.rxQueued -= want;
    sk.copiedSeq = seqAdd(sk.copiedSeq, want);
    return head;
  }
  const out = new Uint8Array(want);
  let at = 0;
  while (at < want) {
    const c = sk.rxq[0]!;
    const k = Math.min(c.length - sk.rxHead, want - at);
    out.set(c.subarray(sk.rxHead, sk.rxHead + k), at);
    at += k;
    sk.rxHead += k;
    if (sk.rxHead === c.length) {
      sk.rxq.shift();
      sk.rxHead = 0;
    }
  }
  sk.rxQueued -= want;
  sk.copiedSeq = seqAdd(sk.copiedSeq, want);
  return out;
}

// ---------------------------------------------------------------- SACK blocks to tell

/** tcp_sack_new_ofo_skb: the block of what came last stands first. */
function sackNew(sk: TcpSock, start0: number, end0: number): void {
  if (!sk.sackOk) return;
  let start = start0;
  let end = end0;
  for (let i = sk.selAcks.length - 1; i >= 0; i--) {
    const b = sk.selAcks[i]!;
    if (after(start, b.end) || after(b.start, end)) continue;
    if (before(b.start, start)) start = b.start;
    if (after(b.end, end)) end = b.end;
    sk.selAcks.splice(i, 1);
  }
  sk.selAcks.unshift({ start, end });
  if (sk.selAcks.length > MAX_SACKS) sk.selAcks.length = MAX_SACKS;
}
/** tcp_sack_remove: what is in order now needs no telling. */
function sackRemove(sk: TcpSock): void {
  if (sk.ofo.length === 0) sk.selAcks.length = 0;
  for (let i = sk.selAcks.length - 1; i >= 0; i--) if (!before(sk.rcvNxt, sk.selAcks[i]!.start)) sk.selAcks.splice(i, 1);
}
function dsack(sk: TcpSock, start: number, end: number): void {
  if (sk.sackOk && after(end, start)) sk.dsack = { start, end };
}

// ---------------------------------------------------------------- queues

function append(sk: TcpSock, data: Uint8Array): void {
  if (data.length === 0) return;
  sk.rcvNxt = seqAdd(sk.rcvNxt, data.length);
  sk.bytesReceived += data.length;
  if (sk.shut.rd && sk.orphan) return;
  sk.rxq.push(data);
  sk.rxQueued += data.length;
}

/** tcp_data_queue_ofo */
function queueOfo(sk: TcpSock, seg: OfoSeg): void {
  const end = seqAdd(seg.seq, seg.data.length);
  let i = 0;
  while (i < sk.ofo.length && before(sk.ofo[i]!.seq, seg.seq)) i++;
  const prev = i > 0 ? sk.ofo[i - 1]! : null;
  const prevEnd = prev ? seqAdd(prev.seq, prev.data.length) : seg.seq;
  let { seq, data } = seg;
  if (prev && after(prevEnd, seq)) {
    dsack(sk, seq, before(end, prevEnd) ? end : prevEnd);
    if (!after(end, prevEnd)) return sackNew(sk, seq, end);
    data = data.subarray(seqDiff(prevEnd, seq));
    seq = prevEnd;
  }
  while (i < sk.ofo.length && before(sk.ofo[i]!.seq, end)) {
    const next = sk.ofo[i]!;
    const nextEnd = seqAdd(next.seq, next.data.length);
    if (after(nextEnd, end)) {
      dsack(sk, next.seq, end);
      data = data.subarray(0, seqDiff(next.seq, seq));
      break;
    }
    dsack(sk, next.seq, nextEnd);
    sk.ofoBytes -= next.data.length;
    sk.ofo.splice(i, 1);
  }
  if (data.length > 0 || seg.fin) {
    sk.ofo.splice(i, 0, { seq, data, fin: seg.fin });
    sk.ofoBytes += data.length;
  }
  sackNew(sk, seg.seq, end);
}

/** tcp_ofo_queue: what was early may be in order now. True when a FIN was among it. */
function drainOfo(sk: TcpSock): boolean {
  let fin = false;
  while (sk.ofo.length > 0 && !after(sk.ofo[0]!.seq, sk.rcvNxt)) {
    const o = sk.ofo.shift()!;
    sk.ofoBytes -= o.data.length;
    const skip = seqDiff(sk.rcvNxt, o.seq);
    if (skip < o.data.length) append(sk, o.data.subarray(skip));
    else if (skip > o.data.length) continue;
    if (o.fin) fin = true;
  }
  sackRemove(sk);
  return fin;
}

/**
 * tcp_data_queue: a segment's data and FIN. Ends the skb. `finish` is called when the peer's FIN is in order. `seq` may lie
 * before rcv_nxt or beyond it; the sequence check has passed.
 */
export function dataQueue(
  sk: TcpSock,
  ns: NetNs,
  skb: Skb,
  from: number,
  seq: number,
  fin: boolean,
  push: boolean,
  finish: (sk: TcpSock) => void,
): void {
  const len = skb.tail - from;
  const end = seqAdd(seq, len + (fin ? 1 : 0));
  const state = sk.state;
  if (seq === end) {
    consumeSkb(skb, ns, Sites.TCP_RCV, null, state, state);
    return;
  }
  const window = rcvWindowLeft(sk);
  if (!after(end, sk.rcvNxt)) {
    // all of it has been here already
    dsack(sk, seq, end);
    enterQuickack(sk, MAX_QUICKACKS);
    sk.ackScheduled = sk.ackNow = true;
    dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_OLD_DATA, null, state, seq);
    return;
  }
  if (!before(seq, seqAdd(sk.rcvNxt, Math.max(window, seq === sk.rcvNxt && len === 0 ? 1 : 0)))) {
    enterQuickack(sk, MAX_QUICKACKS);
    sk.ackScheduled = sk.ackNow = true;
    dropSkb(skb, ns, Sites.TCP_RCV, window === 0 ? DropReason.TCP_ZEROWINDOW : DropReason.TCP_OVERWINDOW, null, state, seq);
    return;
  }
  sk.dataSegsIn++;
  const data = skb.buf.slice(from, skb.tail);
  if (after(seq, sk.rcvNxt)) {
    sk.ackScheduled = sk.ackNow = true;
    enterQuickack(sk, MAX_QUICKACKS);
    queueOfo(sk, { seq, data, fin });
    consumeSkb(skb, ns, Sites.TCP_RCV, null, state, state);
    return;
  }
  const skip = seqDiff(sk.rcvNxt, seq);
  if (skip > 0) dsack(sk, seq, sk.rcvNxt);
  append(sk, skip > 0 ? data.subarray(skip) : data);
  if (len > 0) eventDataRecv(sk, len, push);
  let ended = fin;
  if (sk.ofo.length > 0) {
    if (drainOfo(sk)) ended = true;
    // a gap that was filled is told at once
    if (sk.ofo.length === 0) sk.ackNow = true;
  }
  if (ended) finish(sk);
  consumeSkb(skb, ns, Sites.TCP_RCV, null, state, sk.state);
  if (sk.state !== TcpState.CLOSE || ended) sk.wq.wake();
}
