/**
 * Connections that are not whole (net/ipv4/tcp_minisocks.c, tcp_conn_request): requests between a SYN and its last ACK, and
 * TIME-WAIT. Left out: SYN cookies (a full queue of requests takes more where tcp_syncookies would be used).
 */
import { TimerKind } from "../../core/scheduler.ts";
import { SEC } from "../../core/time.ts";
import { TCP_ACK, TCP_RST, TCP_SYN } from "../../wire/tcp.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, note, type Skb } from "../skb.ts";
import { advmssOf, dstMtu, routeMetric, routeOf, sendSegment, tupleOf } from "./af.ts";
import { reqEnd, twEnd } from "./done.ts";
import { ehashAdd, initialSeq, portHold, tsOffsetOf } from "./hash.ts";
import { optionsOf, synOptions, tsClock, tsOption } from "./opts.ts";
import { initialWindow, sendActiveReset, syncMss } from "./output.ts";
import { rttSample } from "./ack.ts";
import {
  after,
  before,
  NO_BYTES,
  RTO_INIT,
  RTO_MAX,
  seqAdd,
  TcpReq,
  TcpSock,
  TcpState,
  type TcpTuple,
  type TcpTw,
  TIMEWAIT_LEN,
} from "./state.ts";
import type { TcpHdr } from "./header.ts";

function reqQueueFull(sk: TcpSock): boolean {
  return sk.reqs.size >= Math.max(sk.backlog, 1) && sk.ns.sysctl.ipv4.tcp_syncookies === 0;
}
function acceptQueueFull(sk: TcpSock): boolean {
  return sk.acceptq.length > sk.backlog;
}

/** tcp_conn_request: a SYN for a listener. Ends the skb. `isn`: for corners that TIME-WAIT has just left, 0 the usual. */
export function connRequest(sk: TcpSock, ns: NetNs, skb: Skb, h: TcpHdr, isn: number): void {
  if (reqQueueFull(sk) || acceptQueueFull(sk)) {
    dropSkb(skb, ns, Sites.TCP_LISTEN, DropReason.TCP_LISTEN_OVERFLOW, null, sk.sport, sk.acceptq.length);
    return;
  }
  const conf = ns.sysctl.ipv4;
  const o = optionsOf(skb.buf, skb.transport, true);
  if (conf.tcp_timestamps === 0) o.sawTs = false;
  if (conf.tcp_sack === 0) o.sackOk = false;
  if (conf.tcp_window_scaling === 0) o.wscale = -1;
  const t: TcpTuple = tupleOf(skb);
  const req = new TcpReq(sk, t, h.seq, isn !== 0 ? isn : initialSeq(ns, t), o, o.sawTs ? tsOffsetOf(ns, t) : 0, h.window);
  const rt = routeOf(ns, t, sk.mark, sk.tos);
  if (typeof rt === "number") {
    dropSkb(skb, ns, Sites.TCP_LISTEN, DropReason.IP_OUTNOROUTES, null, sk.sport, -rt);
    return;
  }
  req.advmss = Math.min(advmssOf(rt), sk.userMss || 65535);
  const init = initialWindow(sk, req.advmss - (o.sawTs ? 12 : 0), o.wscale >= 0, routeMetric(rt, "initrwnd"));
  req.rcvWnd = init.wnd;
  req.rcvWscale = init.scale;
  sk.reqs.add(req);
  ehashAdd(ns, req);
  note(skb, ns, Sites.TCP_LISTEN, null, sk.sport, sk.acceptq.length);
  sendSynAck(req, skb.id);
  req.sentAt = ns.net.now;
  req.timer = ns.net.sched.arm(TimerKind.TCP_REQ, req, RTO_INIT);
  consumeSkb(skb, ns, Sites.TCP_RCV, null, TcpState.LISTEN, TcpState.SYN_RECV);
}

/** tcp_v4_send_synack */
function sendSynAck(req: TcpReq, parent: number): void {
  const { ns } = req.listener;
  const rt = routeOf(ns, req, req.listener.mark, req.listener.tos);
  if (typeof rt === "number") return;
  const ts = req.opts.sawTs ? { val: tsClock(ns, req.tsOffset), ecr: req.tsRecent } : null;
  sendSegment(ns, req, null, rt, {
    seq: req.sndIsn,
    ack: seqAdd(req.rcvIsn, 1),
    flags: TCP_SYN | TCP_ACK,
    window: req.rcvWnd,
    options: synOptions(req.advmss, ts, req.opts.sackOk, req.opts.wscale >= 0 ? req.rcvWscale : -1),
    data: NO_BYTES,
    site: parent !== 0 ? Sites.TCP_SEND : Sites.TCP_RETRANSMIT,
    parent,
  });
}

/** reqsk_timer_handler: nobody has answered the SYN+ACK. */
export function reqTimer(req: TcpReq): void {
  req.timer = null;
  const { ns } = req.listener;
  if (req.listener.state !== TcpState.LISTEN || req.timeouts >= ns.sysctl.ipv4.tcp_synack_retries) {
    reqEnd(req);
    return;
  }
  req.timeouts++;
  ns.tcp.snmp.RetransSegs++;
  req.retrans++;
  sendSynAck(req, 0);
  req.timer = ns.net.sched.arm(TimerKind.TCP_REQ, req, Math.min(RTO_INIT * 2 ** req.timeouts, RTO_MAX));
}

/** What tcp_check_req decides: the finished connection to go on with; null when the segment has ended here. */
export function checkReq(req: TcpReq, ns: NetNs, skb: Skb, h: TcpHdr): TcpSock | null {
  const { listener } = req;
  const wanted = seqAdd(req.rcvIsn, 1);
  const o = optionsOf(skb.buf, skb.transport, (h.flags & TCP_SYN) !== 0);
  // the SYN again: the answer was lost
  if (h.seq === req.rcvIsn && (h.flags & (TCP_SYN | TCP_RST | TCP_ACK)) === TCP_SYN) {
    dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_OLD_DATA, null, TcpState.SYN_RECV, h.seq);
    sendSynAck(req, 0);
    return null;
  }
  const inWindow = !before(h.seq, wanted) && before(h.seq, seqAdd(wanted, Math.max(req.rcvWnd, 1)));
  if (!inWindow) {
    const drop = (h.flags & TCP_RST) !== 0 ? DropReason.TCP_RESET : DropReason.TCP_INVALID_SEQUENCE;
    dropSkb(skb, ns, Sites.TCP_RCV, drop, null, TcpState.SYN_RECV, h.seq);
    return null;
  }
  if ((h.flags & (TCP_RST | TCP_SYN)) !== 0) {
    ns.tcp.snmp.AttemptFails++;
    reqEnd(req);
    dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_RESET, null, TcpState.SYN_RECV, h.seq);
    return null;
  }
  if ((h.flags & TCP_ACK) === 0) {
    dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_FLAGS, null, TcpState.SYN_RECV, h.seq);
    return null;
  }
  if (acceptQueueFull(listener)) {
    req.acked = true;
    if (ns.sysctl.ipv4.tcp_abort_on_overflow !== 0) {
      const child = makeChild(req, h.window, o.tsval);
      sendActiveReset(child);
      reqEnd(req);
    }
    dropSkb(skb, ns, Sites.TCP_LISTEN, DropReason.TCP_LISTEN_OVERFLOW, null, req.sport, listener.acceptq.length);
    return null;
  }
  const child = makeChild(req, h.window, o.sawTs ? o.tsval : req.tsRecent);
  reqEnd(req);
  ehashAdd(ns, child);
  portHold(ns, child.sport, child);
  ns.socks.all.add(child);
  ns.tcp.snmp.PassiveOpens++;
  listener.acceptq.push(child);
  return child;
}

/** tcp_create_openreq_child */
function makeChild(req: TcpReq, window: number, tsval: number): TcpSock {
  const { listener: l } = req;
  const { ns } = l;
  const sk = new TcpSock(l.ops, ns, l.cred, l.family);
  sk.saddr = sk.rcvSaddr = req.saddr;
  sk.daddr = req.daddr;
  sk.saddr6 = sk.rcvSaddr6 = req.saddr6;
  sk.daddr6 = req.daddr6;
  sk.sport = req.sport;
  sk.dport = req.dport;
  sk.boundDev = req.boundDev !== 0 ? req.boundDev : l.boundDev;
  sk.mark = l.mark;
  sk.tos = l.tos;
  sk.ttl = l.ttl;
  sk.nodelay = l.nodelay;
  sk.keepalive = l.keepalive;
  sk.reuseaddr = l.reuseaddr;
  sk.rcvbuf = l.rcvbuf;
  sk.rcvbufLocked = l.rcvbufLocked;
  sk.rcvSpace = l.rcvSpace;
  sk.sndbuf = l.sndbuf;
  sk.sndbufLocked = l.sndbufLocked;
  sk.linger = l.linger;
  sk.userMss = l.userMss;
  sk.ident.inetId = ns.tcp.rng.u32() & 0xffff;
  sk.connected = true;
  sk.sockState = "connected";
  sk.state = TcpState.SYN_RECV;
  sk.iss = req.sndIsn;
  sk.irs = req.rcvIsn;
  sk.rcvNxt = sk.rcvWup = sk.copiedSeq = seqAdd(req.rcvIsn, 1);
  sk.sndUna = sk.sndNxt = sk.writeSeq = sk.sndSml = seqAdd(req.sndIsn, 1);
  sk.sndWl1 = req.rcvIsn;
  sk.tsOk = req.opts.sawTs;
  sk.tsOffset = req.tsOffset;
  sk.tsRecent = tsval;
  sk.tsRecentStamp = ns.net.now;
  sk.sackOk = req.opts.sackOk;
  sk.wscaleOk = req.opts.wscale >= 0;
  sk.sndWscale = Math.max(req.opts.wscale, 0);
  sk.rcvWscale = req.rcvWscale;
  sk.sndWnd = sk.maxWindow = window * 2 ** sk.sndWscale;
  sk.rcvWnd = sk.rcvSsthresh = req.rcvWnd;
  sk.mssClamp = Math.min(req.opts.mss !== 0 ? req.opts.mss : sk.mssClamp, sk.userMss || 65535);
  sk.advmss = req.advmss;
  sk.rcvMss = Math.min(sk.mssClamp, 536);
  sk.lrcvtime = ns.net.now;
  const rt = routeOf(ns, sk, sk.mark, sk.tos);
  syncMss(sk, typeof rt === "number" ? 576 : dstMtu(rt));
  // the ACK may answer an earlier SYN+ACK: then nothing is known about the time
  if (req.retrans === 0 && req.sentAt !== 0) rttSample(sk, (ns.net.now - req.sentAt) / 1000);
  return sk;
}

/** tcp_timewait_state_process: "syn" when a new connection may take the corners over. Otherwise ends the skb. */
export function timewaitProcess(tw: TcpTw, ns: NetNs, skb: Skb, h: TcpHdr): "syn" | "done" {
  const o = optionsOf(skb.buf, skb.transport, (h.flags & TCP_SYN) !== 0);
  const paws = tw.tsOk && o.sawTs && before(o.tsval, tw.tsRecent) && ns.net.now - tw.tsRecentStamp < 24 * 86400 * SEC;
  const { seq } = h;
  if (!paws && seq === tw.rcvNxt && (h.end === seq || (h.flags & TCP_RST) !== 0)) {
    if ((h.flags & TCP_RST) !== 0) {
      if (ns.sysctl.ipv4.tcp_rfc1337 === 0) twEnd(tw);
      dropSkb(skb, ns, Sites.TCP_RCV, DropReason.TCP_RESET, null, TcpState.TIME_WAIT, seq);
      return "done";
    }
    if (o.sawTs) {
      tw.tsRecent = o.tsval;
      tw.tsRecentStamp = ns.net.now;
    }
    consumeSkb(skb, ns, Sites.TCP_RCV, null, TcpState.TIME_WAIT, TcpState.TIME_WAIT);
    return "done";
  }
  const newer = after(seq, tw.rcvNxt) || (tw.tsOk && o.sawTs && after(o.tsval, tw.tsRecent));
  if ((h.flags & (TCP_SYN | TCP_RST | TCP_ACK)) === TCP_SYN && !paws && newer) return "syn";
  dropSkb(skb, ns, Sites.TCP_RCV, paws ? DropReason.TCP_RFC7323_PAWS : DropReason.TCP_OLD_SEQUENCE, null, TcpState.TIME_WAIT, seq);
  if ((h.flags & TCP_RST) === 0) {
    // the peer's FIN again: our last ACK was lost
    if (h.end !== seq || paws) {
      ns.net.sched.cancel(tw.timer);
      tw.timer = ns.net.sched.arm(TimerKind.TCP_TW, tw, TIMEWAIT_LEN);
    }
    twAck(tw, ns);
  }
  return "done";
}

function twAck(tw: TcpTw, ns: NetNs): void {
  const rt = routeOf(ns, tw, 0, 0);
  if (typeof rt === "number") return;
  sendSegment(ns, tw, null, rt, {
    seq: tw.sndNxt,
    ack: tw.rcvNxt,
    flags: TCP_ACK,
    window: tw.rcvWnd,
    options: tw.tsOk ? tsOption(tsClock(ns, tw.tsOffset), tw.tsRecent) : null,
    data: NO_BYTES,
    site: Sites.TCP_SEND,
    parent: 0,
  });
}
