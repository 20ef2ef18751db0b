/** TCP between two namespaces: connections from beginning to end, and streams that arrive whole over bad links. */
import { describe, expect, it } from "vitest";
import { Prng } from "../../core/prng.ts";
import { Errno } from "../../core/result.ts";
import { MS, SEC } from "../../core/time.ts";
import { ETH_P_IP } from "../../wire/eth.ts";
import { u32 } from "../../core/bytes.ts";
import { addAddr, addRoute, ip } from "../../testing/ip.ts";
import { addNs, makeNet, type Rig, ROOT, run, up, wire } from "../../testing/net.ts";
import type { NetNs } from "../netns.ts";
import { cloneSkb, dropSkb, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { closeSocket, createSocket } from "../sock/table.ts";
import { TcpSock, TcpState } from "./state.ts";

interface Pair {
  readonly rig: Rig;
  readonly a: NetNs;
  readonly b: NetNs;
  /** what went over the wire: "a SYN seq ack len" */
  readonly seen: string[];
}

function pair(seed = 1): Pair {
  const rig = makeNet(seed);
  const a = addNs(rig, "a");
  const b = addNs(rig, "b");
  wire(a, "e0", b, "e0");
  up(a.loopback);
  up(b.loopback);
  addAddr(a, "e0", "10.0.0.1/24");
  addAddr(b, "e0", "10.0.0.2/24");
  run(rig);
  const seen: string[] = [];
  rig.net.wireListeners.push((from, _to, skb) => {
    if (skb.protocol === ETH_P_IP && skb.buf[skb.network + 9] === 6) seen.push(`${from.ns.label} ${line(skb)}`);
  });
  return { rig, a, b, seen };
}
function line(skb: Skb): string {
  const at = skb.network + 20;
  const f = skb.buf[at + 13]!;
  const names = ["F", "S", "R", "P", "."].filter((_, i) => (f & (1 << i)) !== 0).join("");
  return `${names} ${skb.tail - at - (skb.buf[at + 12]! >>> 4) * 4}`;
}

function tcp(ns: NetNs): TcpSock {
  const sk = createSocket(ns, 2, 1, 0, ROOT);
  if (!(sk instanceof TcpSock)) throw new Error("no socket");
  return sk;
}
function listener(ns: NetNs, port: number, backlog = 5): TcpSock {
  const sk = tcp(ns);
  expect(sk.ops.bind(sk, { family: 2, addr: 0, port })).toBe(0);
  expect(sk.ops.listen!(sk, backlog)).toBe(0);
  return sk;
}
function dial(ns: NetNs, to: string, port: number): TcpSock {
  const sk = tcp(ns);
  expect(sk.ops.connect(sk, { family: 2, addr: ip(to), port })).toBe(-Errno.EINPROGRESS);
  return sk;
}
function accepted(l: TcpSock): TcpSock {
  const sk = l.ops.accept!(l);
  if (!(sk instanceof TcpSock)) throw new Error(`accept: ${sk as number}`);
  return sk;
}
/** A connection made: the caller's side and the listener's. */
function connected(p: Pair, port = 80): readonly [TcpSock, TcpSock, TcpSock] {
  const l = listener(p.b, port);
  const c = dial(p.a, "10.0.0.2", port);
  run(p.rig);
  return [c, accepted(l), l];
}
function send(sk: TcpSock, text: string | Uint8Array): number {
  const data = typeof text === "string" ? Uint8Array.from(text, (c) => c.charCodeAt(0)) : text;
  return sk.ops.sendto(sk, data, null, 0);
}
function read(sk: TcpSock, max = 65536): string | number {
  const r = sk.ops.recv(sk, max, false);
  return typeof r === "number" ? r : String.fromCharCode(...r.data);
}
function wait(p: Pair, seconds: number): void {
  p.rig.sched.run(p.rig.sched.now + seconds * SEC, 10_000_000);
}
/** Nothing of TCP is left in a namespace but its listeners. */
function clean(p: Pair): void {
  for (const ns of [p.a, p.b]) expect([ns.tcp.ehash.size, ns.tcp.timewait]).toEqual([0, 0]);
  expect(p.rig.net.liveSkbs).toBe(0);
}

describe("a connection", () => {
  it("begins with three segments, ends with four, and leaves TIME-WAIT for a minute on the side that closed first", () => {
    const p = pair();
    const [c, s] = connected(p);
    expect(p.seen).toEqual(["a S 0", "b S. 0", "a . 0"]);
    expect([c.state, s.state]).toEqual([TcpState.ESTABLISHED, TcpState.ESTABLISHED]);
    expect(send(c, "hello")).toBe(5);
    run(p.rig);
    expect(read(s)).toBe("hello");
    closeSocket(c);
    run(p.rig, 100 * MS);
    expect(s.state).toBe(TcpState.CLOSE_WAIT);
    expect(read(s)).toBe("");
    closeSocket(s);
    run(p.rig, 100 * MS);
    expect(p.seen.slice(3)).toEqual(["a P. 5", "b . 0", "a F. 0", "b . 0", "b F. 0", "a . 0"]);
    expect(p.a.tcp.timewait).toBe(1);
    wait(p, 59);
    expect(p.a.tcp.timewait).toBe(1);
    wait(p, 2);
    clean(p);
  });

  it("offers Linux's windows and options", () => {
    const p = pair();
    const [c, s] = connected(p);
    expect([c.mss, s.mss, c.rcvWscale, s.rcvWscale]).toEqual([1448, 1448, 10, 10]);
    expect([c.tsOk, c.sackOk, c.rto / MS]).toEqual([true, true, 200 + c.srttUs / 8000]);
  });

  it("is refused where nobody listens", () => {
    const p = pair();
    const c = dial(p.a, "10.0.0.2", 81);
    run(p.rig);
    expect(p.seen).toEqual(["a S 0", "b R. 0"]);
    expect(c.ops.connect(c, { family: 2, addr: ip("10.0.0.2"), port: 81 })).toBe(-Errno.ECONNREFUSED);
    closeSocket(c);
    expect(p.a.tcp.ports.size).toBe(0);
    clean(p);
  });

  it("gives up after 131 s of silence, having asked eleven times", () => {
    const p = pair();
    const times: number[] = [];
    const t0 = p.rig.sched.now;
    p.rig.net.wireListeners.push((from, _to, skb) => {
      if (from.ns === p.a && skb.protocol === ETH_P_IP) times.push(Math.round((p.rig.sched.now - t0) / SEC));
    });
    // the answers never come back
    deafen(p, p.b, () => true);
    const c = dial(p.a, "10.0.0.2", 80);
    wait(p, 130);
    expect(c.state).toBe(TcpState.SYN_SENT);
    wait(p, 2);
    expect(times).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
    expect(c.ops.connect(c, { family: 2, addr: ip("10.0.0.2"), port: 80 })).toBe(-Errno.ETIMEDOUT);
    closeSocket(c);
    clean(p);
  });

  it("can be opened from both sides at once", () => {
    const p = pair();
    const a = tcp(p.a);
    const b = tcp(p.b);
    a.ops.bind(a, { family: 2, addr: 0, port: 1000 });
    b.ops.bind(b, { family: 2, addr: 0, port: 2000 });
    a.ops.connect(a, { family: 2, addr: ip("10.0.0.2"), port: 2000 });
    b.ops.connect(b, { family: 2, addr: ip("10.0.0.1"), port: 1000 });
    run(p.rig);
    expect([a.state, b.state]).toEqual([TcpState.ESTABLISHED, TcpState.ESTABLISHED]);
    send(a, "x");
    send(b, "y");
    run(p.rig);
    expect([read(a), read(b)]).toEqual(["y", "x"]);
    closeSocket(a);
    closeSocket(b);
    wait(p, 130);
    clean(p);
  });

  it("ends with a reset when data was left unread", () => {
    const p = pair();
    const [c, s] = connected(p);
    send(c, "unread");
    run(p.rig);
    closeSocket(s);
    run(p.rig);
    expect(p.seen.at(-1)).toBe("b R. 0");
    expect(read(c)).toBe(-Errno.ECONNRESET);
    expect(send(c, "x")).toBe(-Errno.EPIPE);
    closeSocket(c);
    clean(p);
  });

  it("goes on one way after shutdown", () => {
    const p = pair();
    const [c, s] = connected(p);
    expect(c.ops.shutdown(c, "wr")).toBe(0);
    run(p.rig, 100 * MS);
    expect([c.state, s.state]).toEqual([TcpState.FIN_WAIT2, TcpState.CLOSE_WAIT]);
    expect(send(c, "no")).toBe(-Errno.EPIPE);
    send(s, "still here");
    run(p.rig);
    expect(read(c)).toBe("still here");
    closeSocket(s);
    closeSocket(c);
    wait(p, 70);
    clean(p);
  });

  it("waits in the backlog, and no longer than that", () => {
    const p = pair();
    const l = listener(p.b, 80, 1);
    const cs = [dial(p.a, "10.0.0.2", 80), dial(p.a, "10.0.0.2", 80), dial(p.a, "10.0.0.2", 80)];
    run(p.rig);
    // a backlog of n lets n + 1 wait
    expect(cs.map((c) => c.state).sort()).toEqual([TcpState.ESTABLISHED, TcpState.ESTABLISHED, TcpState.ESTABLISHED]);
    expect(l.acceptq.length).toBe(2);
    const late = dial(p.a, "10.0.0.2", 80);
    run(p.rig);
    expect(late.state).toBe(TcpState.SYN_SENT);
    accepted(l);
    accepted(l);
    wait(p, 2);
    expect(late.state).toBe(TcpState.ESTABLISHED);
  });

  it("keeps ports apart: bound twice is refused, TIME-WAIT gives way to SO_REUSEADDR", () => {
    const p = pair();
    const [c, s, l] = connected(p);
    const other = tcp(p.b);
    expect(other.ops.bind(other, { family: 2, addr: 0, port: 80 })).toBe(-Errno.EADDRINUSE);
    closeSocket(s);
    run(p.rig, 100 * MS);
    closeSocket(c);
    closeSocket(l);
    run(p.rig, 100 * MS);
    expect(p.b.tcp.timewait).toBe(1);
    expect(other.ops.bind(other, { family: 2, addr: 0, port: 80 })).toBe(-Errno.EADDRINUSE);
    const reuse = tcp(p.b);
    reuse.ops.setsockopt(reuse, "SO_REUSEADDR", 1);
    // the socket that left TIME-WAIT behind had not set it, either
    expect(reuse.ops.bind(reuse, { family: 2, addr: 0, port: 80 })).toBe(-Errno.EADDRINUSE);
    wait(p, 61);
    expect(reuse.ops.bind(reuse, { family: 2, addr: 0, port: 80 })).toBe(0);
    clean(p);
  });

  it("takes a caller's port again while TIME-WAIT still holds it here", () => {
    const p = pair();
    const l = listener(p.b, 80);
    for (let i = 0; i < 3; i++) {
      const c = tcp(p.a);
      c.ops.setsockopt(c, "SO_REUSEADDR", 1);
      expect(c.ops.bind(c, { family: 2, addr: 0, port: 5000 })).toBe(0);
      expect(c.ops.connect(c, { family: 2, addr: ip("10.0.0.2"), port: 80 })).toBe(-Errno.EINPROGRESS);
      run(p.rig);
      const s = accepted(l);
      // the listener's side closes first and keeps the corners
      closeSocket(s);
      run(p.rig, 100 * MS);
      closeSocket(c);
      run(p.rig, 100 * MS);
      expect([p.a.tcp.ehash.size, p.b.tcp.timewait]).toEqual([0, 1]);
    }
    wait(p, 61);
    clean(p);
  });

  it("works over loopback, to itself and to 0.0.0.0", () => {
    const p = pair();
    const l = listener(p.a, 8080);
    for (const to of ["127.0.0.1", "10.0.0.1", "0.0.0.0"]) {
      const c = dial(p.a, to, 8080);
      run(p.rig);
      expect(c.state).toBe(TcpState.ESTABLISHED);
      const s = accepted(l);
      send(c, "hi");
      run(p.rig);
      expect(read(s)).toBe("hi");
      closeSocket(c);
      closeSocket(s);
    }
    wait(p, 70);
    clean(p);
  });
});

describe("errors of the network", () => {
  it("no route: at once, and nothing is sent", () => {
    const p = pair();
    const c = tcp(p.a);
    expect(c.ops.connect(c, { family: 2, addr: ip("192.0.2.1"), port: 80 })).toBe(-Errno.ENETUNREACH);
    expect([p.seen.length, p.a.tcp.ports.size]).toEqual([0, 0]);
    closeSocket(c);
    clean(p);
  });
  it("a neighbour that does not answer: no route to host, after three seconds", () => {
    const p = pair();
    const c = dial(p.a, "10.0.0.9", 80);
    wait(p, 2.5);
    expect(c.state).toBe(TcpState.SYN_SENT);
    wait(p, 1.5);
    expect(c.ops.connect(c, { family: 2, addr: ip("10.0.0.9"), port: 80 })).toBe(-Errno.EHOSTUNREACH);
    closeSocket(c);
    wait(p, 5);
    clean(p);
  });
  it("a route of type unreachable", () => {
    const p = pair();
    addRoute(p.a, "192.0.2.0/24", { type: 7 });
    const c = tcp(p.a);
    expect(c.ops.connect(c, { family: 2, addr: ip("192.0.2.1"), port: 80 })).toBe(-Errno.EHOSTUNREACH);
    closeSocket(c);
  });
});

/** Takes frames away as they arrive at `ns`, in front of the stack. */
function deafen(p: Pair, ns: NetNs, lost: () => boolean): void {
  const old = p.rig.net.protocols.get(ETH_P_IP)!;
  p.rig.net.protocols.set(ETH_P_IP, (skb) => {
    if (skb.dev!.ns === ns && lost()) dropSkb(skb, ns, Sites.CABLE, DropReason.CABLE_LOSS, null, 0, 0);
    else old(skb);
  });
}

/** Frames are lost, doubled and overtaken as the seed says. */
function badWeather(p: Pair, seed: number, loss: number, reorder: number, duplicate: number): void {
  const rng = new Prng(seed, "weather");
  const old = p.rig.net.protocols.get(ETH_P_IP)!;
  const held: Skb[] = [];
  p.rig.net.protocols.set(ETH_P_IP, (skb) => {
    const { ns } = skb.dev!;
    if (skb.buf[skb.data + 9] !== 6) return old(skb);
    if (rng.below(1000) < loss) return dropSkb(skb, ns, Sites.CABLE, DropReason.CABLE_LOSS, null, 0, 0);
    if (rng.below(1000) < duplicate) {
      const copy = cloneSkb(skb);
      old(copy);
    }
    if (held.length < 3 && rng.below(1000) < reorder) {
      held.push(skb);
      return;
    }
    old(skb);
    if (held.length > 0 && rng.below(2) === 0) old(held.shift()!);
  });
}

/** Sends n bytes from c to s as fast as both allow; true when all came as they were sent. Checks the sequence invariants on the way. */
function transfer(p: Pair, c: TcpSock, s: TcpSock, n: number, limit: number): boolean {
  let sent = 0;
  let got = 0;
  let ok = true;
  const until = p.rig.sched.now + limit * SEC;
  const byte = (i: number): number => (i * 7 + (i >>> 8)) & 255;
  while (got < n && p.rig.sched.now < until) {
    if (sent < n) {
      const chunk = new Uint8Array(Math.min(16384, n - sent));
      for (let i = 0; i < chunk.length; i++) chunk[i] = byte(sent + i);
      const r = send(c, chunk);
      if (r > 0) sent += r;
      else if (r !== -Errno.EAGAIN) return false;
    }
    const r = s.ops.recv(s, 65536, false);
    if (typeof r !== "number") {
      for (let i = 0; i < r.data.length; i++) if (r.data[i] !== byte(got + i)) ok = false;
      got += r.data.length;
    }
    for (const sk of [c, s]) {
      expect((sk.sndNxt - sk.sndUna) | 0).toBeGreaterThanOrEqual(0);
      expect((sk.writeSeq - sk.sndNxt) | 0).toBeGreaterThanOrEqual(0);
      expect((sk.rcvNxt - sk.copiedSeq) | 0).toBeGreaterThanOrEqual(0);
      expect(sk.packetsOut).toBeLessThanOrEqual(sk.q.length);
      expect([sk.sackedOut >= 0, sk.lostOut >= 0, sk.retransOut >= 0, sk.sackedOut + sk.lostOut <= sk.packetsOut]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
    p.rig.sched.run(Math.min(until, p.rig.sched.peek() + 1000), 100);
  }
  return ok && got === n;
}

describe("a stream arrives whole", () => {
  it("over a good link, fast", () => {
    const p = pair();
    const [c, s] = connected(p);
    const t0 = p.rig.sched.now;
    expect(transfer(p, c, s, 1_000_000, 10)).toBe(true);
    expect(p.rig.sched.now - t0).toBeLessThan(0.2 * SEC);
    expect(c.totalRetrans).toBe(0);
  });
  const cases: [number, number, number, number][] = [
    [1, 10, 0, 0],
    [2, 50, 0, 0],
    [3, 0, 100, 0],
    [4, 0, 0, 100],
    [5, 50, 50, 50],
    [6, 100, 100, 50],
    [7, 200, 50, 20],
    [8, 300, 0, 0],
    [10, 300, 100, 100],
  ];
  for (const sack of [1, 0])
    for (const [seed, loss, reorder, duplicate] of cases)
      it(`with ${loss / 10} % lost, ${reorder / 10} % late, ${duplicate / 10} % doubled${sack ? "" : ", without SACK"}`, () => {
        const p = pair(seed);
        p.a.sysctl.ipv4 = { ...p.a.sysctl.ipv4, tcp_sack: sack };
        const [c, s] = connected(p);
        badWeather(p, seed, loss, reorder, duplicate);
        expect(transfer(p, c, s, 100_000, 3600)).toBe(true);
      });
  it("to a reader who pauses: the window shuts, probes ask, it opens again", () => {
    const p = pair();
    const [c, s] = connected(p);
    const data = new Uint8Array(300_000);
    let sent = 0;
    for (let i = 0; i < 100; i++) {
      const r = send(c, data.subarray(sent));
      if (r > 0) sent += r;
      run(p.rig);
    }
    expect(s.rxQueued).toBeGreaterThan(30_000);
    expect(c.sndWnd).toBeLessThan(1448);
    const before = p.seen.length;
    wait(p, 5);
    expect(p.seen.slice(before).filter((l) => l === "a . 0").length).toBeGreaterThan(1);
    let got = 0;
    for (let i = 0; i < 3000 && got < sent; i++) {
      const r = s.ops.recv(s, 4096, false);
      if (typeof r !== "number") got += r.data.length;
      run(p.rig, MS);
    }
    expect(got).toBe(sent);
  });
  it("in pieces that a narrower link lets through, once a router has said so", () => {
    const p = pair();
    const [c, s] = connected(p);
    addRoute(p.a, "10.0.0.2/32", { dev: "e0", metrics: { mtu: 600 } });
    send(c, new Uint8Array(5000));
    run(p.rig);
    expect(p.seen.filter((l) => l.startsWith("a") && l.endsWith(" 548")).length).toBeGreaterThan(8);
    expect(read(s)).toHaveLength(5000);
  });
});

describe("acknowledgements", () => {
  it("of small segments wait 40 ms once the connection is no longer new", () => {
    const p = pair();
    const [c, s] = connected(p);
    s.quick = 0;
    s.ato = 40 * MS;
    s.lrcvtime = p.rig.sched.now;
    send(c, "a");
    run(p.rig, 30 * MS);
    expect(p.seen.at(-1)).toBe("a P. 1");
    run(p.rig, 20 * MS);
    expect(p.seen.at(-1)).toBe("b . 0");
  });
  it("are waited for by the second small segment, unless TCP_NODELAY", () => {
    const p = pair();
    const [c, s] = connected(p);
    s.quick = 0;
    s.ato = 40 * MS;
    s.lrcvtime = p.rig.sched.now;
    const n = p.seen.length;
    send(c, "a");
    send(c, "b");
    send(c, "c");
    run(p.rig, 30 * MS);
    expect(p.seen.slice(n)).toEqual(["a P. 1"]);
    run(p.rig, 20 * MS);
    expect(p.seen.slice(n, n + 3)).toEqual(["a P. 1", "b . 0", "a P. 2"]);
    c.ops.setsockopt(c, "TCP_NODELAY", 1);
    const m = p.seen.length;
    send(c, "d");
    send(c, "e");
    run(p.rig, MS);
    expect(p.seen.slice(m).filter((l) => l.startsWith("a"))).toEqual(["a P. 1", "a P. 1"]);
  });
  it("that never come: the time-outs double, and after tcp_retries2 the connection is given up", () => {
    const p = pair();
    p.a.sysctl.ipv4 = { ...p.a.sysctl.ipv4, tcp_retries2: 5 };
    const [c] = connected(p);
    const times: number[] = [];
    deafen(p, p.b, () => true);
    const t0 = p.rig.sched.now;
    p.rig.net.wireListeners.push((from, _to, skb) => {
      if (from.ns === p.a && skb.protocol === ETH_P_IP && u32(skb.buf, skb.network + 12) !== 0) times.push(p.rig.sched.now - t0);
    });
    send(c, "lost");
    wait(p, 60);
    // the first repetition is the tail loss probe, then 200 ms doubling
    expect(times.map((t) => Math.round(t / MS / 100))).toEqual([0, 2, 4, 8, 16, 32, 64, 128]);
    expect(read(c)).toBe(-Errno.ETIMEDOUT);
    closeSocket(c);
  });
  it("keepalive notices a peer that is gone", () => {
    const p = pair();
    const [c] = connected(p);
    c.ops.setsockopt(c, "TCP_KEEPIDLE", 10);
    c.ops.setsockopt(c, "TCP_KEEPINTVL", 2);
    c.ops.setsockopt(c, "TCP_KEEPCNT", 3);
    c.ops.setsockopt(c, "SO_KEEPALIVE", 1);
    wait(p, 25);
    expect(c.state).toBe(TcpState.ESTABLISHED);
    deafen(p, p.b, () => true);
    wait(p, 20);
    expect(read(c)).toBe(-Errno.ETIMEDOUT);
    closeSocket(c);
  });
});
