/**
 * What inet_diag tells of a namespace's sockets (net/ipv4/inet_diag.c, udp_diag.c, raw_diag.c): the source of `ss` and of the
 * tables /proc/net/tcp and tcp6. Order: listeners, connections, TIME-WAIT; then datagram and raw sockets.
 */
import { MS } from "../core/time.ts";
import type { NetNs } from "../net/netns.ts";
import { bytes4 } from "../net/rtnl/addr.ts";
import { InetSock } from "../net/sock/inet.ts";
import { Inet6Sock } from "../net/sock/inet6.ts";
import { TcpReq, TcpSock, TcpState, TcpTw, type TcpTuple, Pending } from "../net/tcp/state.ts";
import type { SockDiag, TcpInfo } from "./abi.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";
import { SockFile } from "./sys-sock.ts";

const SOCK_DGRAM = 2;
const IPPROTO_UDP = 17;

/** Inode numbers live in the files; each socket is found through the process that holds it. */
export function socketInodes(m: Machine): Map<object, number> {
  const map = new Map<object, number>();
  for (const p of m.procs.values())
    for (const fd of p.fds.fds()) {
      const f = p.fds.file(fd);
      if (f instanceof SockFile) map.set(f.sk, f.ino);
    }
  return map;
}

export function sock_diag(p: Process): readonly SockDiag[] {
  return sockDiag(p.machine, p.net);
}

export function sockDiag(m: Machine, ns: NetNs): SockDiag[] {
  const ino = socketInodes(m);
  const listeners: SockDiag[] = [];
  const connections: SockDiag[] = [];
  const datagrams: SockDiag[] = [];
  for (const sk of ns.socks.all) {
    if (sk instanceof TcpSock) {
      if (sk.state === TcpState.LISTEN) listeners.push(tcpDiag(sk, ino.get(sk) ?? 0));
      else if (sk.state !== TcpState.CLOSE) connections.push(tcpDiag(sk, ino.get(sk) ?? 0));
    } else if (sk instanceof InetSock) datagrams.push(datagramDiag(sk, ino.get(sk) ?? 0));
  }
  const rest: SockDiag[] = [];
  for (const list of ns.tcp.ehash.values())
    for (const e of list) {
      if (e instanceof TcpTw) rest.push({ ...blank(e, TcpState.TIME_WAIT), timer: 3, expires: left(ns, e.timer?.at) });
      else if (e instanceof TcpReq)
        connections.push({ ...blank(e, TcpState.SYN_RECV), timer: 1, expires: left(ns, e.timer?.at), retrans: e.timeouts });
    }
  return [...listeners, ...connections, ...rest, ...datagrams];
}

function left(ns: NetNs, at: number | undefined): number {
  return at === undefined ? 0 : Math.max(0, Math.floor((at - ns.net.now) / MS));
}

function blank(t: TcpTuple, state: number): SockDiag {
  return {
    kind: "tcp",
    family: t.family === 10 ? 10 : 2,
    state,
    local: t.family === 10 ? t.saddr6 : bytes4(t.saddr),
    sport: t.sport,
    remote: t.family === 10 ? t.daddr6 : bytes4(t.daddr),
    dport: t.dport,
    ifindex: t.boundDev,
    rqueue: 0,
    wqueue: 0,
    uid: 0,
    ino: 0,
    timer: 0,
    expires: 0,
    retrans: 0,
    rcvbuf: 0,
    sndbuf: 0,
    info: null,
  };
}

function tcpDiag(sk: TcpSock, ino: number): SockDiag {
  const listening = sk.state === TcpState.LISTEN;
  const six = sk.family === 10;
  const retransmitting = sk.pending === Pending.RETRANS || sk.pending === Pending.REO || sk.pending === Pending.LOSS_PROBE;
  const timer = retransmitting ? 1 : sk.pending === Pending.PROBE0 ? 4 : sk.keepTimer?.live ? 2 : 0;
  const at = timer === 1 || timer === 4 ? sk.writeDeadline : timer === 2 ? sk.keepTimer!.at : undefined;
  return {
    ...blank(sk, sk.state),
    local: six ? sk.rcvSaddr6 : bytes4(sk.rcvSaddr),
    rqueue: listening ? sk.acceptq.length : sk.rxQueued,
    wqueue: listening ? sk.backlog : sk.wmemQueued,
    uid: sk.cred.uid,
    ino,
    timer,
    expires: left(sk.ns, at),
    retrans: timer === 4 || timer === 2 ? sk.probesOut : sk.retransmits,
    rcvbuf: sk.rcvbuf,
    sndbuf: sk.sndbuf,
    info: tcpInfo(sk),
  };
}

/** tcp_get_info */
function tcpInfo(sk: TcpSock): TcpInfo {
  const since = (t: number): number => Math.max(0, Math.floor((sk.ns.net.now - t) / MS));
  return {
    ts: sk.tsOk,
    sack: sk.sackOk,
    wscale: sk.wscaleOk ? [sk.sndWscale, sk.rcvWscale] : null,
    congestion: sk.congestion,
    rto: Math.round(sk.rto / MS),
    rtt: sk.srttUs >>> 3,
    rttvar: sk.mdevUs >>> 2,
    ato: Math.round(sk.ato / 1000),
    mss: sk.mss,
    pmtu: sk.pmtu,
    rcvmss: sk.rcvMss,
    advmss: sk.advmss - (sk.tsOk ? 12 : 0),
    cwnd: sk.cwnd,
    ssthresh: sk.ssthresh >= 0x7fffffff ? 0 : sk.ssthresh,
    bytesSent: sk.bytesSent,
    bytesRetrans: sk.bytesRetrans,
    bytesAcked: sk.bytesAcked,
    bytesReceived: sk.bytesReceived,
    segsOut: sk.segsOut,
    segsIn: sk.segsIn,
    dataSegsOut: sk.dataSegsOut,
    dataSegsIn: sk.dataSegsIn,
    lastsnd: since(sk.lsndtime),
    lastrcv: since(sk.lrcvtime),
    lastack: since(sk.rcvTstamp),
    delivered: sk.delivered,
    unacked: sk.packetsOut,
    retrans: sk.retransOut,
    retransTotal: sk.totalRetrans,
    lost: sk.lostOut,
    sacked: sk.sackedOut,
    rcvSpace: sk.rcvSpace,
    rcvSsthresh: sk.rcvSsthresh,
    minrtt: sk.minRttUs,
    sndWnd: sk.sndWnd,
  };
}

function datagramDiag(sk: InetSock, ino: number): SockDiag {
  const six = sk instanceof Inet6Sock;
  const kind = sk.type !== SOCK_DGRAM ? "raw" : sk.protocol === IPPROTO_UDP || sk.protocol === 0 ? "udp" : "icmp";
  return {
    kind,
    family: six ? 10 : 2,
    state: sk.connected ? TcpState.ESTABLISHED : TcpState.CLOSE,
    local: six ? sk.rcvSaddr6 : bytes4(sk.rcvSaddr),
    sport: kind === "raw" ? sk.protocol : sk.sport,
    remote: six ? sk.daddr6 : bytes4(sk.daddr),
    dport: sk.dport,
    ifindex: sk.boundDev,
    rqueue: sk.rxBytes,
    wqueue: 0,
    uid: sk.cred.uid,
    ino,
    timer: 0,
    expires: 0,
    retrans: 0,
    rcvbuf: sk.rcvbuf,
    sndbuf: sk.sndbuf,
    info: null,
  };
}
