/**
 * TCP's data (struct tcp_sock, tcp_request_sock, tcp_timewait_sock, and the tables that find them). Types and arithmetic on
 * sequence numbers only; behaviour is in the files beside it. Sequence numbers are unsigned 32-bit and wrap; times are virtual
 * ns unless a name says us. Left out: urgent data, ECN, Fast Open, SYN cookies, segmentation offload (one packet a segment).
 */
import { LazyMap } from "../../core/lazy.ts";
import type { Prng } from "../../core/prng.ts";
import type { Timer } from "../../core/scheduler.ts";
import { MS } from "../../core/time.ts";
import { IpProto } from "../../wire/ipv4.ts";
import type { Dst4 } from "../ip/state.ts";
import type { NetNs } from "../netns.ts";
import { Inet6Sock } from "../sock/inet6.ts";
import type { SockCred, SockOps } from "../sock/socket.ts";

/** net/tcp_states.h */
export const TcpState = {
  ESTABLISHED: 1,
  SYN_SENT: 2,
  SYN_RECV: 3,
  FIN_WAIT1: 4,
  FIN_WAIT2: 5,
  TIME_WAIT: 6,
  CLOSE: 7,
  CLOSE_WAIT: 8,
  LAST_ACK: 9,
  LISTEN: 10,
  CLOSING: 11,
} as const;

/** tcp_ca_state */
export const CaState = { OPEN: 0, DISORDER: 1, RECOVERY: 3, LOSS: 4 } as const;

/** What a socket's retransmission timer waits for (icsk_pending); PROBE0 is the window probe, LOSS_PROBE the tail loss probe. */
export const Pending = { NONE: 0, RETRANS: 1, PROBE0: 3, LOSS_PROBE: 5, REO: 6 } as const;
/** argument of a TimerKind.TCP event */
export const TcpTimer = { WRITE: 0, DELACK: 1, KEEP: 2 } as const;

export const RTO_INIT = 1000 * MS;
export const RTO_MIN = 200 * MS;
export const RTO_MAX = 120_000 * MS;
export const ATO_MIN = 40 * MS;
export const DELACK_MAX = 200 * MS;
export const TIMEWAIT_LEN = 60_000 * MS;
export const INIT_CWND = 10;
export const MAX_QUICKACKS = 16;
/** what a peer may be sent that names no MSS */
const MSS_DEFAULT = 536;
const MSS_DEFAULT6 = 1220;
export const NO_BYTES = new Uint8Array(0);

export function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}
export function after(a: number, b: number): boolean {
  return ((b - a) | 0) < 0;
}
export function seqAdd(a: number, n: number): number {
  return (a + n) >>> 0;
}
/** b - a as a signed distance */
export function seqDiff(b: number, a: number): number {
  return (b - a) | 0;
}

/** A connection's four corners, seen from here. Addresses of the other family stay at their zero. */
export interface TcpTuple {
  readonly family: number;
  readonly saddr: number;
  readonly daddr: number;
  readonly saddr6: Uint8Array;
  readonly daddr6: Uint8Array;
  readonly sport: number;
  readonly dport: number;
  readonly boundDev: number;
}

/** A piece of the stream that was sent or will be: at most one segment. */
export class TcpSeg {
  seq: number;
  data: Uint8Array;
  /** TCP_FIN, TCP_SYN and TCP_PSH */
  flags: number;
  /** when it was sent last, -1 not yet */
  sentAt = -1;
  retrans = 0;
  sacked = false;
  lost = false;
  /** retransmitted, and the retransmission counts as being in flight */
  retransOut = false;

  constructor(seq: number, data: Uint8Array, flags: number) {
    this.seq = seq;
    this.data = data;
    this.flags = flags;
  }
  /** sequence numbers it takes */
  get span(): number {
    return this.data.length + ((this.flags & 3) !== 0 ? 1 : 0);
  }
  get end(): number {
    return (this.seq + this.span) >>> 0;
  }
}

/** What came too early. */
export interface OfoSeg {
  readonly seq: number;
  readonly data: Uint8Array;
  readonly fin: boolean;
}

/** The options of one received segment (struct tcp_options_received). */
export class TcpOptions {
  mss = 0;
  wscale = -1;
  sackOk = false;
  sawTs = false;
  tsval = 0;
  tsecr = 0;
  /** blocks as start, end, start, end */
  readonly sacks: number[] = [];
}

export class TcpSock extends Inet6Sock {
  state: number = TcpState.CLOSE;
  /** struct socket's: is a connect() under way? */
  sockState: "unconnected" | "connecting" | "connected" = "unconnected";
  /** nobody holds a descriptor of it any more (SOCK_DEAD) */
  orphan = false;
  /** bound by bind() to a port of the user's choice (SOCK_BINDPORT_LOCK) */
  boundPort = false;
  inHash = false;
  dst: Dst4 | null = null;

  // listening
  backlog = 0;
  readonly acceptq: TcpSock[] = [];
  readonly reqs = new Set<TcpReq>();

  // sending
  iss = 0;
  sndUna = 0;
  sndNxt = 0;
  writeSeq = 0;
  sndWnd = 0;
  sndWl1 = 0;
  maxWindow = 0;
  sndSml = 0;
  sndWscale = 0;
  /** payload bytes of a segment with the options of every segment taken off */
  mss: number;
  /** what the peer said it takes */
  mssClamp: number;
  advmss = 0;
  pmtu = 0;
  nodelay = false;
  corked = false;
  finSent = false;
  userMss = 0;
  /** sent and not acknowledged, then what waits: the first packetsOut are sent */
  readonly q: TcpSeg[] = [];
  packetsOut = 0;
  sackedOut = 0;
  lostOut = 0;
  retransOut = 0;
  /** payload bytes in q */
  wmemQueued = 0;
  sndbufLocked = false;
  lsndtime = 0;

  // round-trip time and retransmission (us, srtt and mdev as tcp_rtt_estimator scales them)
  srttUs = 0;
  mdevUs = 0;
  mdevMaxUs = 0;
  rttvarUs = 0;
  rttSeq = 0;
  minRttUs = 0;
  /** ns */
  rto: number = RTO_INIT;
  backoff = 0;
  retransmits = 0;
  totalRetrans = 0;
  probesOut = 0;
  /** when the first of a row of retransmissions was sent, 0 none */
  retransStamp = 0;
  pending: number = Pending.NONE;
  writeTimer: Timer | null = null;
  /** the moment at which it is meant to fire: a timer that fires earlier is set again */
  writeDeadline = 0;
  delackTimer: Timer | null = null;
  keepTimer: Timer | null = null;
  errSoft = 0;

  // congestion control (cong.ts)
  caState: number = CaState.OPEN;
  congestion: "cubic" | "reno";
  cwnd = INIT_CWND;
  ssthresh = 0x7fffffff;
  cwndCnt = 0;
  cwndLimited = false;
  priorCwnd = 0;
  prrDelivered = 0;
  prrOut = 0;
  highSeq = 0;
  dupAcks = 0;
  delivered = 0;
  maxPacketsOut = 0;
  tlpHighSeq = 0;
  rackMstamp = 0;
  rackEnd = 0;
  rackRttUs = 0;
  readonly cubic = { epoch: -1, lastMax: 0, origin: 0, k: 0, tcpCwnd: 0, ackCnt: 0, cnt: 0 };

  // receiving
  irs = 0;
  rcvNxt = 0;
  copiedSeq = 0;
  rcvWup = 0;
  rcvWnd = 0;
  rcvWscale = 0;
  /** room for data (tcp_full_space), grown as the reader keeps up */
  rcvSpace = 0;
  rcvSsthresh = 0;
  rcvbufLocked = false;
  readonly rxq: Uint8Array[] = [];
  /** bytes of rxq[0] that were read */
  rxHead = 0;
  rxQueued = 0;
  /** sorted, without overlap */
  readonly ofo: OfoSeg[] = [];
  ofoBytes = 0;
  /** SACK blocks to tell, the newest first; a duplicate (D-SACK) before them */
  readonly selAcks: { start: number; end: number }[] = [];
  dsack: { start: number; end: number } | null = null;
  rcvRttTime = 0;
  copiedInRtt = 0;

  // options
  tsOk = false;
  sackOk = false;
  wscaleOk = false;
  tsRecent = 0;
  tsRecentStamp = 0;
  tsOffset = 0;
  lastTsecr = 0;
  sawTsThisSeg = false;

  // acknowledging (icsk_ack)
  ackScheduled = false;
  ackNow = false;
  quick = 0;
  pingpong = 0;
  ato = 0;
  lrcvtime = 0;
  rcvMss = 0;
  /** the sender pushed */
  ackPushed = false;
  challengeAt = 0;

  // keepalive
  keepalive = false;
  keepIdle = 0;
  keepIntvl = 0;
  keepCnt = 0;
  rcvTstamp = 0;
  linger = -1;

  bytesSent = 0;
  bytesRetrans = 0;
  bytesAcked = 0;
  bytesReceived = 0;
  segsOut = 0;
  segsIn = 0;
  dataSegsOut = 0;
  dataSegsIn = 0;

  constructor(ops: SockOps, ns: NetNs, cred: SockCred, family: number) {
    super(ops, ns, 1, IpProto.TCP, cred, family);
    this.mss = this.mssClamp = family === 10 ? MSS_DEFAULT6 : MSS_DEFAULT;
    this.congestion = "cubic";
    this.rcvbuf = ns.tcp.rmem[1];
    this.sndbuf = ns.tcp.wmem[1];
    this.rcvSpace = this.rcvbuf >>> 1;
  }
}

/** What a connection is told by where there is no whole socket for it (struct sock_common). */
abstract class TcpMini implements TcpTuple {
  readonly family: number;
  readonly saddr: number;
  readonly daddr: number;
  readonly saddr6: Uint8Array;
  readonly daddr6: Uint8Array;
  readonly sport: number;
  readonly dport: number;
  readonly boundDev: number;

  constructor(t: TcpTuple) {
    this.family = t.family;
    this.saddr = t.saddr;
    this.daddr = t.daddr;
    this.saddr6 = t.saddr6;
    this.daddr6 = t.daddr6;
    this.sport = t.sport;
    this.dport = t.dport;
    this.boundDev = t.boundDev;
  }
}

/** A connection of which only the SYN has come (struct tcp_request_sock). */
export class TcpReq extends TcpMini {
  readonly listener: TcpSock;
  readonly rcvIsn: number;
  readonly sndIsn: number;
  readonly opts: TcpOptions;
  readonly tsOffset: number;
  /** what the SYN+ACK promised */
  rcvWnd = 0;
  rcvWscale = 0;
  advmss = 0;
  window: number;
  /** ms of the TS option */
  tsRecent: number;
  sentAt = 0;
  timeouts = 0;
  retrans = 0;
  /** the ACK came while the accept queue was full */
  acked = false;
  timer: Timer | null = null;
  gone = false;

  constructor(listener: TcpSock, t: TcpTuple, rcvIsn: number, sndIsn: number, opts: TcpOptions, tsOffset: number, window: number) {
    super(t);
    this.listener = listener;
    this.rcvIsn = rcvIsn;
    this.sndIsn = sndIsn;
    this.opts = opts;
    this.tsOffset = tsOffset;
    this.window = window;
    this.tsRecent = opts.tsval;
  }
}

/** What remains of a connection that this side closed first (struct tcp_timewait_sock). */
export class TcpTw extends TcpMini {
  readonly ns: NetNs;
  readonly rcvSaddr: number;
  readonly rcvSaddr6: Uint8Array;
  readonly reuseaddr: boolean;
  readonly sndNxt: number;
  readonly rcvNxt: number;
  readonly rcvWnd: number;
  readonly tsOk: boolean;
  readonly tsOffset: number;
  tsRecent: number;
  tsRecentStamp: number;
  timer: Timer | null = null;
  gone = false;

  constructor(sk: TcpSock) {
    super(sk);
    this.ns = sk.ns;
    this.rcvSaddr = sk.rcvSaddr;
    this.rcvSaddr6 = sk.rcvSaddr6;
    this.reuseaddr = sk.reuseaddr;
    this.sndNxt = sk.sndNxt;
    this.rcvNxt = sk.rcvNxt;
    this.rcvWnd = sk.rcvWnd >>> sk.rcvWscale;
    this.tsOk = sk.tsOk;
    this.tsOffset = sk.tsOffset;
    this.tsRecent = sk.tsRecent;
    this.tsRecentStamp = sk.tsRecentStamp;
  }
}

export type TcpEntry = TcpSock | TcpReq | TcpTw;

/** /proc/net/snmp's Tcp row (RFC 4022) */
class TcpCounters {
  ActiveOpens = 0;
  PassiveOpens = 0;
  AttemptFails = 0;
  EstabResets = 0;
  InSegs = 0;
  OutSegs = 0;
  RetransSegs = 0;
  InErrs = 0;
  OutRsts = 0;
  InCsumErrors = 0;
}

/** TCP of one namespace. */
export class TcpNs {
  /** by (local port × 65536 + remote port): connections, requests and TIME-WAIT */
  readonly ehash = new LazyMap<number, TcpEntry[]>();
  /** by local port */
  readonly listening = new LazyMap<number, TcpSock[]>();
  /** who holds a local port: sockets, and TIME-WAIT */
  readonly ports = new LazyMap<number, (TcpSock | TcpTw)[]>();
  readonly snmp = new TcpCounters();
  readonly rng: Prng;
  /** what sequence numbers and time stamps start from */
  readonly secret: number;
  timewait = 0;
  /** tcp_rmem and tcp_wmem: least, default, most */
  readonly rmem: readonly [number, number, number] = [4096, 131072, 33554432];
  readonly wmem: readonly [number, number, number] = [4096, 16384, 4194304];

  constructor(rng: Prng) {
    this.rng = rng;
    this.secret = rng.u32();
  }
}
