/**
 * How TCP finds its sockets (net/ipv4/inet_hashtables.c, inet_connection_sock.c): local ports and who may share one,
 * listeners by best match, connections by their four corners.
 */
import { Errno } from "../../core/result.ts";
import { mix32 } from "../../core/hash.ts";
import { eqIp6, isUnspecified6 } from "../../wire/addr.ts";
import type { NetNs } from "../netns.ts";
import { type TcpEntry, TcpSock, TcpState, type TcpTuple, type TcpTw } from "./state.ts";

function key(t: TcpTuple): number {
  return t.sport * 65536 + t.dport;
}
function same(a: TcpTuple, b: TcpTuple): boolean {
  return (
    a.family === b.family &&
    a.sport === b.sport &&
    a.dport === b.dport &&
    a.saddr === b.saddr &&
    a.daddr === b.daddr &&
    eqIp6(a.saddr6, b.saddr6) &&
    eqIp6(a.daddr6, b.daddr6)
  );
}

/** __inet_lookup_established: a connection, a request or TIME-WAIT with these corners, or null. */
export function ehashFind(ns: NetNs, t: TcpTuple, ifindex: number): TcpEntry | null {
  for (const e of ns.tcp.ehash.get(key(t)) ?? []) if (same(e, t) && (e.boundDev === 0 || e.boundDev === ifindex)) return e;
  return null;
}
export function ehashAdd(ns: NetNs, e: TcpEntry): void {
  const list = ns.tcp.ehash.get(key(e));
  if (list) list.push(e);
  else ns.tcp.ehash.set(key(e), [e]);
  if (e instanceof TcpSock) e.inHash = true;
}
export function ehashRemove(ns: NetNs, e: TcpEntry): void {
  const list = ns.tcp.ehash.get(key(e));
  const i = list ? list.indexOf(e) : -1;
  if (i < 0) return;
  list!.splice(i, 1);
  if (list!.length === 0) ns.tcp.ehash.delete(key(e));
  if (e instanceof TcpSock) e.inHash = false;
}

/** The listener that fits a segment for t's local side best, or null (inet_lookup_listener). */
export function listenerFind(ns: NetNs, t: TcpTuple, ifindex: number): TcpSock | null {
  let best: TcpSock | null = null;
  let bestScore = -1;
  for (const sk of ns.tcp.listening.get(t.sport) ?? []) {
    if (sk.family !== t.family || (sk.boundDev !== 0 && sk.boundDev !== ifindex)) continue;
    const any = sk.family === 2 ? sk.rcvSaddr === 0 : isUnspecified6(sk.rcvSaddr6);
    if (!any && (sk.family === 2 ? sk.rcvSaddr !== t.saddr : !eqIp6(sk.rcvSaddr6, t.saddr6))) continue;
    const score = (any ? 0 : 1) + (sk.boundDev !== 0 ? 2 : 0);
    if (score > bestScore) {
      best = sk;
      bestScore = score;
    }
  }
  return best;
}
export function listenerAdd(sk: TcpSock): void {
  const list = sk.ns.tcp.listening.get(sk.sport);
  if (list) list.push(sk);
  else sk.ns.tcp.listening.set(sk.sport, [sk]);
}
export function listenerRemove(sk: TcpSock): void {
  const list = sk.ns.tcp.listening.get(sk.sport);
  const i = list ? list.indexOf(sk) : -1;
  if (i >= 0) list!.splice(i, 1);
  if (list && list.length === 0) sk.ns.tcp.listening.delete(sk.sport);
}

// ---------------------------------------------------------------- local ports

/** Linux keeps a socket's port (inet_bind_bucket) until it is closed, TIME-WAIT included. */
export function portHold(ns: NetNs, port: number, e: TcpSock | TcpTw): void {
  const list = ns.tcp.ports.get(port);
  if (list) list.push(e);
  else ns.tcp.ports.set(port, [e]);
}
export function portRelease(ns: NetNs, port: number, e: TcpSock | TcpTw): void {
  const list = ns.tcp.ports.get(port);
  const i = list ? list.indexOf(e) : -1;
  if (i >= 0) list!.splice(i, 1);
  if (list && list.length === 0) ns.tcp.ports.delete(port);
}

/** inet_csk_bind_conflict: may `sk` have the port that `o` holds? */
function conflict(sk: TcpSock, o: TcpSock | TcpTw): boolean {
  if (o === sk || o.family !== sk.family) return false;
  if (o.boundDev !== 0 && sk.boundDev !== 0 && o.boundDev !== sk.boundDev) return false;
  const listening = o instanceof TcpSock && o.state === TcpState.LISTEN;
  if (sk.reuseaddr && o.reuseaddr && !listening && sk.state !== TcpState.LISTEN) return false;
  if (sk.family === 10) return isUnspecified6(o.rcvSaddr6) || isUnspecified6(sk.rcvSaddr6) || eqIp6(o.rcvSaddr6, sk.rcvSaddr6);
  return o.rcvSaddr === 0 || sk.rcvSaddr === 0 || o.rcvSaddr === sk.rcvSaddr;
}

/** inet_csk_get_port: that port, or (0) a free one, odd distances from the first preferred. 0 or -EADDRINUSE. */
export function bindPort(sk: TcpSock, wanted: number): number {
  const { ns } = sk;
  const free = (p: number): boolean => !(ns.tcp.ports.get(p) ?? []).some((o) => conflict(sk, o));
  if (wanted !== 0) {
    if (!free(wanted)) return -Errno.EADDRINUSE;
    sk.sport = wanted;
    portHold(ns, wanted, sk);
    return 0;
  }
  const [low, high] = ns.sysctl.localPorts;
  const n = high - low + 1;
  const start = ns.tcp.rng.below(n) | 1;
  for (let parity = 0; parity < 2; parity++)
    for (let i = 0; i < n; i += 2) {
      const p = low + ((start + i + parity) % n);
      if (!ns.tcp.ports.has(p)) {
        sk.sport = p;
        portHold(ns, p, sk);
        return 0;
      }
    }
  return -Errno.EADDRINUSE;
}

/** listen() on a bound port asks again: two may share a port with SO_REUSEADDR, but not both listen. */
export function mayListen(sk: TcpSock): boolean {
  return !(sk.ns.tcp.ports.get(sk.sport) ?? []).some((o) => conflict(sk, o));
}

/** Are the corners of `sk` free? TIME-WAIT holds them for its minute (no tcp_tw_reuse). */
function unique(sk: TcpSock): boolean {
  return ehashFind(sk.ns, sk, sk.boundDev) === null;
}

/** __inet_hash_connect: a local port for the corners of `sk` (even distances first), and into the table. 0 or -EADDRNOTAVAIL. */
export function hashConnect(sk: TcpSock): number {
  const { ns } = sk;
  if (sk.sport !== 0) {
    if (!unique(sk)) return -Errno.EADDRNOTAVAIL;
    ehashAdd(ns, sk);
    return 0;
  }
  const [low, high] = ns.sysctl.localPorts;
  const n = (high - low + 1) & ~1;
  const start = (mix32(mix32(ns.tcp.rng.u32() ^ sk.daddr) ^ sk.dport) % Math.max(n, 2)) & ~1;
  for (let parity = 0; parity < 2; parity++)
    for (let i = 0; i < n; i += 2) {
      const p = low + (((start >>> 0) + i) % n) + parity;
      const held = ns.tcp.ports.get(p);
      // a port that somebody bound or listens on is not for connections of others
      if (held && held.some((o) => !(o instanceof TcpSock) || o.boundPort || o.state === TcpState.LISTEN)) continue;
      sk.sport = p;
      if (unique(sk)) {
        portHold(ns, p, sk);
        ehashAdd(ns, sk);
        return 0;
      }
    }
  sk.sport = 0;
  return -Errno.EADDRNOTAVAIL;
}

/** secure_tcp_seq: where a connection's numbers begin: by its corners, and by the time. */
export function initialSeq(ns: NetNs, t: TcpTuple): number {
  return (tupleHash(ns, t, 0x1337 ^ ((t.sport << 16) | t.dport)) + Math.floor(ns.net.now / 64)) >>> 0;
}
/** secure_tcp_ts_off */
export function tsOffsetOf(ns: NetNs, t: TcpTuple): number {
  return tupleHash(ns, t, 0x7357);
}
function tupleHash(ns: NetNs, t: TcpTuple, salt: number): number {
  let h = mix32(ns.tcp.secret ^ salt);
  h = mix32(h ^ t.saddr);
  h = mix32(h ^ t.daddr);
  for (let i = 0; i < 16; i += 4) {
    h = mix32(h ^ ((t.saddr6[i]! << 24) | (t.saddr6[i + 1]! << 16) | (t.saddr6[i + 2]! << 8) | t.saddr6[i + 3]!));
    h = mix32(h ^ ((t.daddr6[i]! << 24) | (t.daddr6[i + 1]! << 16) | (t.daddr6[i + 2]! << 8) | t.daddr6[i + 3]!));
  }
  return h >>> 0;
}
