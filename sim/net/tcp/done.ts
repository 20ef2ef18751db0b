/** The end of a connection (tcp_done, tcp_reset, tcp_time_wait, inet_csk_destroy_sock) and what one holds until then. */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { SEC } from "../../core/time.ts";
import { ehashAdd, ehashRemove, listenerRemove, portHold, portRelease } from "./hash.ts";
import { clearWriteTimer } from "./output.ts";
import { type TcpReq, type TcpSock, TcpState, TIMEWAIT_LEN, TcpTw } from "./state.ts";

export function setState(sk: TcpSock, state: number): void {
  const old = sk.state;
  sk.state = state;
  if (state === TcpState.CLOSE && (old === TcpState.ESTABLISHED || old === TcpState.CLOSE_WAIT)) sk.ns.tcp.snmp.EstabResets++;
}

function clearTimers(sk: TcpSock): void {
  const { sched } = sk.ns.net;
  clearWriteTimer(sk);
  sched.cancel(sk.delackTimer);
  sched.cancel(sk.keepTimer);
  sk.delackTimer = sk.keepTimer = null;
  sk.ackScheduled = false;
}

/** tcp_write_queue_purge */
export function purgeQueue(sk: TcpSock): void {
  sk.q.length = 0;
  sk.packetsOut = sk.sackedOut = sk.lostOut = sk.retransOut = 0;
  sk.wmemQueued = 0;
}

/** tcp_done: no more segments; the socket stays until it is closed. */
export function tcpDone(sk: TcpSock): void {
  if (sk.state === TcpState.SYN_SENT || sk.state === TcpState.SYN_RECV) sk.ns.tcp.snmp.AttemptFails++;
  setState(sk, TcpState.CLOSE);
  clearTimers(sk);
  ehashRemove(sk.ns, sk);
  sk.shut.rd = sk.shut.wr = true;
  if (sk.orphan) destroy(sk);
  else sk.wq.wake();
}

/** The connection is over because of `errno` (0: the peer's orderly end was enough). */
export function tcpFail(sk: TcpSock, errno: number): void {
  sk.err = errno;
  purgeQueue(sk);
  tcpDone(sk);
}

/** inet_csk_destroy_sock: nobody refers to it any more. */
export function destroy(sk: TcpSock): void {
  purgeQueue(sk);
  clearTimers(sk);
  sk.rxq.length = 0;
  sk.ofo.length = 0;
  sk.rxQueued = sk.ofoBytes = 0;
  if (sk.sport !== 0) portRelease(sk.ns, sk.sport, sk);
  sk.ns.socks.all.delete(sk);
}

/** tcp_time_wait: a small stand-in answers for the connection for a minute. */
export function timeWait(sk: TcpSock): void {
  const { ns } = sk;
  const tw = new TcpTw(sk);
  ehashRemove(ns, sk);
  ehashAdd(ns, tw);
  portHold(ns, tw.sport, tw);
  ns.tcp.timewait++;
  tw.timer = ns.net.sched.arm(TimerKind.TCP_TW, tw, TIMEWAIT_LEN);
  purgeQueue(sk);
  clearTimers(sk);
  sk.state = TcpState.CLOSE;
  sk.shut.wr = true;
  if (sk.orphan) destroy(sk);
  else sk.wq.wake();
}

/** inet_twsk_deschedule_put: TIME-WAIT is over, or gives way. */
export function twEnd(tw: TcpTw): void {
  if (tw.gone) return;
  tw.gone = true;
  const { ns } = tw;
  ns.net.sched.cancel(tw.timer);
  ehashRemove(ns, tw);
  portRelease(ns, tw.sport, tw);
  ns.tcp.timewait--;
}

/** A request ends: it became a connection, was refused, or nobody answered. */
export function reqEnd(req: TcpReq): void {
  if (req.gone) return;
  req.gone = true;
  const { ns } = req.listener;
  ns.net.sched.cancel(req.timer);
  ehashRemove(ns, req);
  req.listener.reqs.delete(req);
}

/** inet_csk_listen_stop's first half: the listener takes no more. Connections nobody accepted are the caller's. */
export function stopListening(sk: TcpSock): void {
  for (const r of sk.reqs) reqEnd(r);
  listenerRemove(sk);
  sk.state = TcpState.CLOSE;
}

/** net.ipv4.tcp_fin_timeout as ns: how long FIN_WAIT2 lasts once nobody holds the socket. */
export function finTimeout(sk: TcpSock): number {
  return sk.ns.sysctl.ipv4.tcp_fin_timeout * SEC;
}

/** tcp_reset: the peer broke the connection off. */
export function tcpReset(sk: TcpSock): void {
  let errno: number = Errno.ECONNRESET;
  if (sk.state === TcpState.SYN_SENT) errno = Errno.ECONNREFUSED;
  else if (sk.state === TcpState.CLOSE_WAIT) errno = Errno.EPIPE;
  else if (sk.state === TcpState.CLOSE) return;
  tcpFail(sk, errno);
}
