/** TCP sockets as programs use them (net/ipv4/tcp.c, af_inet.c's inet_stream_ops): the same for IPv4 and IPv6. */
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import { TCP_PSH } from "../../wire/tcp.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { Dst4, RTCF } from "../ip/state.ts";
import type { NetNs } from "../netns.ts";
import { mayBind, inetGetpeername, inetGetsockname, sockError, sockFlow, sockRoute } from "../sock/inet.ts";
import { bindAddr6, inet6Connect, inet6Getpeername, inet6Getsockname, inet6Getsockopt, inet6Setsockopt } from "../sock/inet6.ts";
import { inetGetsockopt, inetSetsockopt } from "../sock/sockopt.ts";
import type { NetAddr, NetRecv, Sock, SockCred, SockOps } from "../sock/socket.ts";
import { cleanupRbuf, rcvSpaceAdjust, takeData } from "./data.ts";
import { destroy, finTimeout, purgeQueue, setState, stopListening, tcpDone, twEnd } from "./done.ts";
import { bindPort, hashConnect, initialSeq, listenerAdd, mayListen, tsOffsetOf } from "./hash.ts";
import { sndbuf, startKeepalive } from "./input.ts";
import { pushPending, sendActiveReset, sendFin, sendSyn } from "./output.ts";
import { NO_BYTES, RTO_INIT, seqAdd, TcpSeg, TcpSock, TcpState, TcpTw } from "./state.ts";

const EMPTY: NetRecv = { data: NO_BYTES, from: null, fullLength: 0, tstamp: 0, ttl: 0, tos: 0, ifindex: 0, err: null };

export function tcpSocket(ns: NetNs, cred: SockCred, family: number): Sock {
  return new TcpSock(TCP_OPS, ns, cred, family);
}

// ---------------------------------------------------------------- addresses

function bind(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as TcpSock;
  if (addr.family !== sk.family) return -Errno.EAFNOSUPPORT;
  if (addr.family !== 2 && addr.family !== 10) return -Errno.EAFNOSUPPORT;
  if (sk.state !== TcpState.CLOSE || sk.sport !== 0) return -Errno.EINVAL;
  if (addr.port !== 0 && addr.port < sk.ns.sysctl.ipv4.ip_unprivileged_port_start && sk.cred.uid !== 0) return -Errno.EACCES;
  if (addr.family === 2) {
    if (!mayBind(sk, addr.addr)) return -Errno.EADDRNOTAVAIL;
    sk.saddr = sk.rcvSaddr = addr.addr;
  } else {
    if (isMulticast6(addr.addr)) return -Errno.EINVAL;
    const err = bindAddr6(sk, addr);
    if (err < 0) return err;
  }
  const err = bindPort(sk, addr.port);
  if (err < 0) {
    sk.saddr = sk.rcvSaddr = 0;
    return err;
  }
  sk.boundPort = addr.port !== 0;
  return 0;
}

function listen(sk0: Sock, backlog: number): number {
  const sk = sk0 as TcpSock;
  if (sk.state !== TcpState.CLOSE && sk.state !== TcpState.LISTEN) return -Errno.EINVAL;
  if (sk.sockState !== "unconnected") return -Errno.EINVAL;
  const most = sk.ns.sysctl.core.somaxconn;
  // a negative backlog is a very large one
  sk.backlog = Math.min(backlog >>> 0, most);
  if (sk.state === TcpState.LISTEN) return 0;
  if (sk.sport === 0) {
    const err = bindPort(sk, 0);
    if (err < 0) return err;
  }
  sk.state = TcpState.LISTEN;
  if (!mayListen(sk)) {
    sk.state = TcpState.CLOSE;
    return -Errno.EADDRINUSE;
  }
  listenerAdd(sk);
  return 0;
}

/** The oldest connection that waits, or -EAGAIN. */
function accept(sk0: Sock): Sock | number {
  const sk = sk0 as TcpSock;
  if (sk.state !== TcpState.LISTEN) return -Errno.EINVAL;
  return sk.acceptq.shift() ?? -Errno.EAGAIN;
}

/** The peer's address, and the route to it. 0 or -errno. */
function connectRoute(sk: TcpSock, addr: NetAddr): number {
  if (addr.family === 10) {
    if (isMulticast6(addr.addr)) return -Errno.ENETUNREACH;
    return inet6Connect(sk, addr);
  }
  if (addr.family !== 2) return -Errno.EAFNOSUPPORT;
  sk.dport = addr.port;
  const f = sockFlow(sk, addr.addr, IpProto.TCP);
  let rt = sockRoute(sk, f);
  if (addr.addr === 0 && rt instanceof Dst4) {
    f.oif = sk.boundDev;
    rt = sockRoute(sk, f);
  }
  if (!(rt instanceof Dst4)) return rt;
  if ((rt.flags & (RTCF.MULTICAST | RTCF.BROADCAST)) !== 0) return -Errno.ENETUNREACH;
  if (sk.saddr === 0) sk.saddr = f.saddr;
  if (sk.rcvSaddr === 0) sk.rcvSaddr = sk.saddr;
  sk.daddr = f.daddr;
  sk.connected = true;
  return 0;
}

/** inet_stream_connect: -EINPROGRESS when the SYN went out, -EALREADY while it is on its way, 0 once when it is done. */
function connect(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as TcpSock;
  if (sk.sockState === "connected") return -Errno.EISCONN;
  if (sk.sockState === "connecting") {
    if (sk.state === TcpState.SYN_SENT || sk.state === TcpState.SYN_RECV) return -Errno.EALREADY;
    if (sk.state !== TcpState.CLOSE && sk.err === 0) {
      sk.sockState = "connected";
      return 0;
    }
    sk.sockState = "unconnected";
    const err = sockError(sk);
    return err !== 0 ? err : -Errno.ECONNABORTED;
  }
  if (sk.state !== TcpState.CLOSE) return -Errno.EISCONN;
  if (addr.family !== sk.family) return -Errno.EAFNOSUPPORT;
  const bound = sk.rcvSaddr !== 0 || !isUnspecified6(sk.rcvSaddr6);
  const fail = (err: number): number => {
    sk.connected = false;
    sk.dport = 0;
    sk.daddr = 0;
    if (!bound) sk.saddr = sk.rcvSaddr = 0;
    return err;
  };
  const err = connectRoute(sk, addr);
  if (err < 0) return fail(err);
  sk.shut.rd = sk.shut.wr = false;
  sk.state = TcpState.SYN_SENT;
  const hashed = hashConnect(sk);
  if (hashed < 0) {
    sk.state = TcpState.CLOSE;
    return fail(hashed);
  }
  sk.iss = initialSeq(sk.ns, sk);
  sk.tsOffset = tsOffsetOf(sk.ns, sk);
  sk.ident.inetId = sk.ns.tcp.rng.u32() & 0xffff;
  sk.rto = RTO_INIT;
  sk.sockState = "connecting";
  const sent = sendSyn(sk);
  if (sent < 0) {
    purgeQueue(sk);
    tcpDone(sk);
    sk.sockState = "unconnected";
    return fail(sent);
  }
  return -Errno.EINPROGRESS;
}

// ---------------------------------------------------------------- data

/** tcp_sendmsg: how many bytes it took, -EAGAIN without room. */
function sendto(sk0: Sock, data: Uint8Array): number {
  const sk = sk0 as TcpSock;
  if (sk.err !== 0) return sockError(sk);
  if (sk.state === TcpState.SYN_SENT || sk.state === TcpState.SYN_RECV) return -Errno.EAGAIN;
  if (sk.shut.wr || (sk.state !== TcpState.ESTABLISHED && sk.state !== TcpState.CLOSE_WAIT)) return -Errno.EPIPE;
  const room = sndbuf(sk) - sk.wmemQueued;
  if (room <= 0 && data.length > 0) return -Errno.EAGAIN;
  const n = Math.min(room, data.length);
  for (let at = 0; at < n;) {
    const len = Math.min(sk.mss, n - at);
    const last = at + len === data.length;
    sk.q.push(new TcpSeg(sk.writeSeq, data.slice(at, at + len), last ? TCP_PSH : 0));
    sk.writeSeq = seqAdd(sk.writeSeq, len);
    sk.wmemQueued += len;
    at += len;
  }
  pushPending(sk, false);
  return n;
}

/** tcp_recvmsg */
function recv(sk0: Sock, max: number, errqueue: boolean): NetRecv | number {
  const sk = sk0 as TcpSock;
  if (errqueue) return -Errno.EAGAIN;
  if (sk.state === TcpState.LISTEN) return -Errno.ENOTCONN;
  if (sk.rxQueued > 0 && max > 0) {
    const data = takeData(sk, max);
    rcvSpaceAdjust(sk, data.length);
    if (sk.state !== TcpState.CLOSE) cleanupRbuf(sk, data.length);
    return { ...EMPTY, data, fullLength: data.length, tstamp: sk.ns.net.now };
  }
  if (sk.err !== 0) return sockError(sk);
  if (sk.shut.rd) return EMPTY;
  if (sk.state === TcpState.CLOSE) return -Errno.ENOTCONN;
  return max === 0 ? EMPTY : -Errno.EAGAIN;
}

function poll(sk0: Sock): { read: boolean; write: boolean; err: boolean; hup: boolean } {
  const sk = sk0 as TcpSock;
  if (sk.state === TcpState.LISTEN) return { read: sk.acceptq.length > 0, write: false, err: false, hup: false };
  const connecting = sk.state === TcpState.SYN_SENT || sk.state === TcpState.SYN_RECV;
  const over = (sk.shut.rd && sk.shut.wr) || sk.state === TcpState.CLOSE;
  const space = sndbuf(sk) - sk.wmemQueued;
  return {
    read: sk.rxQueued > 0 || sk.shut.rd || sk.err !== 0,
    write: !connecting && (sk.shut.wr || over || space * 3 >= sndbuf(sk)),
    err: sk.err !== 0,
    hup: over,
  };
}

// ---------------------------------------------------------------- the end

/** tcp_close_state: the FIN that belongs to the state. */
function closeState(sk: TcpSock): void {
  switch (sk.state) {
    case TcpState.ESTABLISHED:
    case TcpState.SYN_RECV:
      setState(sk, TcpState.FIN_WAIT1);
      sendFin(sk);
      return;
    case TcpState.CLOSE_WAIT:
      sk.state = TcpState.LAST_ACK;
      sendFin(sk);
  }
}

function shutdown(sk0: Sock, how: "rd" | "wr" | "rdwr"): number {
  const sk = sk0 as TcpSock;
  if (sk.state === TcpState.CLOSE) return -Errno.ENOTCONN;
  if (sk.state === TcpState.LISTEN || sk.state === TcpState.SYN_SENT) {
    if (how === "wr") return 0;
    if (sk.state === TcpState.LISTEN) disconnectListener(sk);
    else tcpDone(sk);
    sk.sockState = "unconnected";
    sk.wq.wake();
    return 0;
  }
  if (how !== "wr") sk.shut.rd = true;
  if (how !== "rd" && !sk.shut.wr) {
    sk.shut.wr = true;
    closeState(sk);
  }
  sk.wq.wake();
  return 0;
}

function disconnectListener(sk: TcpSock): void {
  stopListening(sk);
  for (const child of sk.acceptq.splice(0)) {
    child.orphan = true;
    sendActiveReset(child);
    tcpDone(child);
  }
}

/** tcp_close: unread data, or SO_LINGER with no time, end with a reset; else in good order, without anybody's waiting. */
function close(sk0: Sock): void {
  const sk = sk0 as TcpSock;
  sk.orphan = true;
  sk.wq.wake();
  if (sk.state === TcpState.LISTEN) {
    disconnectListener(sk);
    destroy(sk);
    return;
  }
  if (sk.state === TcpState.CLOSE) {
    destroy(sk);
    return;
  }
  const unread = sk.rxQueued > 0;
  sk.shut.rd = true;
  sk.rxq.length = 0;
  sk.rxHead = sk.rxQueued = 0;
  // it is still a connection of its namespace, though nobody's
  sk.ns.socks.all.add(sk);
  if (sk.state === TcpState.SYN_SENT) {
    tcpDone(sk);
    return;
  }
  if (unread || sk.linger === 0) {
    if (sk.state !== TcpState.FIN_WAIT2 || unread) sendActiveReset(sk);
    tcpDone(sk);
    return;
  }
  sk.shut.wr = true;
  closeState(sk);
  if (sk.state === TcpState.FIN_WAIT2) startKeepalive(sk, finTimeout(sk));
}

/** The namespace goes: whatever is left of its connections, without a word to anybody. */
export function tcpNsExit(ns: NetNs): void {
  for (const list of [...ns.tcp.ehash.values()])
    for (const e of [...list]) {
      if (e instanceof TcpTw) twEnd(e);
      else if (e instanceof TcpSock) {
        e.orphan = true;
        tcpDone(e);
      } else ns.net.sched.cancel(e.timer);
    }
}

// ---------------------------------------------------------------- options

function setsockopt(sk0: Sock, opt: string, value: number | string | Uint8Array): number {
  const sk = sk0 as TcpSock;
  const n = typeof value === "number" ? value : 0;
  switch (opt) {
    case "TCP_NODELAY":
      sk.nodelay = n !== 0;
      if (sk.nodelay) pushPending(sk, true);
      return 0;
    case "TCP_CORK":
      sk.corked = n !== 0;
      if (!sk.corked) pushPending(sk, true);
      return 0;
    case "TCP_MAXSEG":
      if (n !== 0 && (n < 88 || n > 32767)) return -Errno.EINVAL;
      sk.userMss = n;
      return 0;
    case "TCP_KEEPIDLE":
      if (n < 1 || n > 32767) return -Errno.EINVAL;
      sk.keepIdle = n;
      if (sk.keepalive && sk.state === TcpState.ESTABLISHED) startKeepalive(sk, n * SEC);
      return 0;
    case "TCP_KEEPINTVL":
      if (n < 1 || n > 32767) return -Errno.EINVAL;
      sk.keepIntvl = n;
      return 0;
    case "TCP_KEEPCNT":
      if (n < 1 || n > 127) return -Errno.EINVAL;
      sk.keepCnt = n;
      return 0;
    case "TCP_CONGESTION":
      if (value !== "cubic" && value !== "reno") return -Errno.ENOENT;
      sk.congestion = value;
      return 0;
    case "SO_KEEPALIVE": {
      const on = n !== 0;
      if (on && !sk.keepalive && sk.state === TcpState.ESTABLISHED)
        startKeepalive(sk, (sk.keepIdle || sk.ns.sysctl.ipv4.tcp_keepalive_time) * SEC);
      sk.keepalive = on;
      return 0;
    }
    case "SO_LINGER":
      sk.linger = n < 0 ? -1 : n;
      return 0;
    case "SO_RCVBUF": {
      const r = family(sk).set(sk, opt, value);
      sk.rcvbufLocked = true;
      sk.rcvSpace = sk.rcvbuf >>> 1;
      return r;
    }
    case "SO_SNDBUF":
      sk.sndbufLocked = true;
      break;
  }
  return family(sk).set(sk, opt, value);
}

function getsockopt(sk0: Sock, opt: string): number {
  const sk = sk0 as TcpSock;
  switch (opt) {
    case "TCP_NODELAY":
      return sk.nodelay ? 1 : 0;
    case "TCP_MAXSEG":
      return sk.state === TcpState.CLOSE ? sk.userMss || sk.mss : sk.mss;
    case "SO_KEEPALIVE":
      return sk.keepalive ? 1 : 0;
  }
  return family(sk).get(sk, opt);
}

function family(sk: TcpSock): { set: SockOps["setsockopt"]; get: SockOps["getsockopt"] } {
  return sk.family === 10 ? { set: inet6Setsockopt, get: inet6Getsockopt } : { set: inetSetsockopt, get: inetGetsockopt };
}

const TCP_OPS: SockOps = {
  bind,
  connect,
  listen,
  accept,
  sendto,
  recv,
  setsockopt,
  getsockopt,
  getsockname: (sk) => (sk.family === 10 ? inet6Getsockname(sk) : inetGetsockname(sk)),
  getpeername: (sk) => {
    const { state } = sk as TcpSock;
    if (state === TcpState.CLOSE || state === TcpState.LISTEN || state === TcpState.SYN_SENT) return -Errno.ENOTCONN;
    return sk.family === 10 ? inet6Getpeername(sk) : inetGetpeername(sk);
  },
  poll,
  shutdown,
  close,
};
