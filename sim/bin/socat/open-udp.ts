/**
 * UDP addresses: a connected socket (UDP-CONNECT), the first peer that comes (UDP-LISTEN), one datagram and its answer
 * (UDP-RECVFROM), all that comes (UDP-RECV), one peer without connecting (UDP-SENDTO), any (UDP-DATAGRAM).
 */
import { Errno, strerror } from "../../core/result.ts";
import { type Call, type SockAddr } from "../../kernel/abi.ts";
import { BUFFER } from "./log.ts";
import type { Open, Then } from "./open.ts";
import { Dir, fmtSock, nothing, readFd, type Stream, writeFd } from "./stream.ts";
import { familyOf, makeSocket, port, receive, resolve, samePeer } from "./udp-socket.ts";

const EMPTY = new Uint8Array(0);

function sockLength(a: SockAddr): number {
  return a.family === 2 ? 16 : 28;
}

function ends(o: Open, fd: number): { rfd: number; wfd: number; ignoreEof: boolean } {
  return { rfd: (o.dir & Dir.READ) !== 0 ? fd : -1, wfd: (o.dir & Dir.WRITE) !== 0 ? fd : -1, ignoreEof: o.opts.has("ignoreeof") };
}

/** A connected socket; `first` is what was received before connecting. */
function connected(o: Open, fd: number, first: Uint8Array | null): Stream {
  let held = first;
  return {
    ...ends(o, fd),
    ready: () => held !== null,
    *read(max) {
      if (held === null) return yield* readFd(o.sys, o.log, fd, max, BUFFER);
      const d = held;
      held = null;
      return d.length > max ? d.slice(0, max) : d;
    },
    write: (data) => writeFd(o.sys, o.log, fd, data, BUFFER),
    shut: nothing,
  };
}

function* sendTo(o: Open, fd: number, peer: SockAddr, data: Uint8Array): Call<void> {
  for (;;) {
    const r = yield* o.sys.sendto(fd, data, peer, 0);
    if (r >= 0) return;
    if (r === -Errno.EINTR) yield* o.log.signals();
    else yield* o.log.error(`sendto(${fd}, ${BUFFER}, ${data.length}, 0, ${fmtSock(peer)}, ${sockLength(peer)}): ${strerror(r)}`);
  }
}

export function* openConnect(o: Open): Call<Stream> {
  const { sys, log } = o;
  const peer = yield* resolve(o, o.params[0]!, o.params[1]!);
  yield* log.notice(`opening connection to ${fmtSock(peer)}`);
  const fd = yield* makeSocket(o, peer.family === 10 ? 10 : 2, null, false);
  const r = yield* sys.connect(fd, peer);
  if (r < 0) yield* log.error(`connect(${fd}, ${fmtSock(peer)}, ${sockLength(peer)}): ${strerror(r)}`);
  const own = yield* sys.getsockname(fd);
  if (typeof own !== "number") yield* log.notice(`successfully connected from local address ${fmtSock(own)}`);
  return connected(o, fd, null);
}

/** Waits for a first datagram, connects to its sender. With fork each new sender gets a process of its own. */
export function* openListen(o: Open, then: Then): Call<number> {
  const { sys, log } = o;
  const family = familyOf(o) === 10 ? 10 : 2;
  const fork = o.opts.has("fork");
  const at = yield* port(o, o.params[0]!);
  for (;;) {
    const fd = yield* makeSocket(o, family, at, true);
    const own = yield* sys.getsockname(fd);
    yield* log.notice(`listening on UDP ${typeof own === "number" ? "" : fmtSock(own)}`);
    const m = yield* receive(o, fd, o.blksize);
    const peer = m.from!;
    yield* log.notice(`accepting UDP connection from ${fmtSock(peer)}`);
    const r = yield* sys.connect(fd, peer);
    if (r < 0) yield* log.error(`connect(${fd}, ${fmtSock(peer)}, ${sockLength(peer)}): ${strerror(r)}`);
    const stream = connected(o, fd, m.data);
    if (!fork) return yield* then(stream);
    yield* forkOff(o, stream, then);
    yield* sys.close(fd);
  }
}

/** One datagram is one client: its answers go back to its sender, and there is nothing more to read. */
export function* openRecvfrom(o: Open, then: Then): Call<number> {
  const { sys, log } = o;
  const fork = o.opts.has("fork");
  const at = yield* port(o, o.params[0]!);
  const fd = yield* makeSocket(o, familyOf(o) === 10 ? 10 : 2, at, false);
  for (;;) {
    const own = yield* sys.getsockname(fd);
    yield* log.notice(`receiving on ${typeof own === "number" ? "" : fmtSock(own)}`);
    const m = yield* receive(o, fd, o.blksize);
    const peer = m.from!;
    yield* log.notice(`receiving packet from ${fmtSock(peer)}`);
    let held: Uint8Array | null = m.data;
    const stream: Stream = {
      ...ends(o, fd),
      ready: () => true,
      *read() {
        if (held === null) return EMPTY;
        yield* log.notice(`received packet with ${held.length} bytes from ${fmtSock(peer)}`);
        const d = held;
        held = null;
        return d;
      },
      write: (data) => sendTo(o, fd, peer, data),
      shut: nothing,
    };
    if (!fork) return yield* then(stream);
    yield* forkOff(o, stream, then);
  }
}

export function* openRecv(o: Open): Call<Stream> {
  const at = yield* port(o, o.params[0]!);
  const fd = yield* makeSocket(o, familyOf(o) === 10 ? 10 : 2, at, false);
  return {
    ...ends(o, fd),
    read: (max) => datagram(o, fd, max, null),
    // eslint-disable-next-line require-yield
    *write() {
      return;
    },
    shut: nothing,
  };
}

/** UDP-SENDTO hears only its peer, UDP-DATAGRAM everybody (or, with sourceport, that port). */
export function* openDatagram(o: Open): Call<Stream> {
  const { sys, log } = o;
  const peer = yield* resolve(o, o.params[0]!, o.params[1]!);
  const fd = yield* makeSocket(o, peer.family === 10 ? 10 : 2, null, false);
  const own = yield* sys.getsockname(fd);
  yield* log.notice(`successfully prepared local socket ${typeof own === "number" ? "" : fmtSock(own)}`);
  const only = o.keyword.endsWith("-SENDTO");
  return {
    ...ends(o, fd),
    read: (max) => datagram(o, fd, max, only ? peer : null),
    write: (data) => sendTo(o, fd, peer, data),
    shut: nothing,
  };
}

function* datagram(o: Open, fd: number, max: number, only: SockAddr | null): Call<Uint8Array> {
  for (;;) {
    const m = yield* receive(o, fd, max);
    if (only !== null && !samePeer(m.from, only)) continue;
    yield* o.log.notice(`received packet with ${m.data.length} bytes from ${m.from ? fmtSock(m.from) : ""}`);
    return m.data;
  }
}

/** A process that goes on with this client, while the parent waits for the next. */
function* forkOff(o: Open, stream: Stream, then: Then): Call<void> {
  const { sys, log } = o;
  const pid = yield* sys.spawn({
    main: function* client(_sys, _argv): Call<number> {
      return yield* then(stream);
    },
    argv: ["socat"],
    env: yield* sys.getenv(),
  });
  if (pid < 0) yield* log.error(`fork(): ${strerror(pid)}`);
  yield* log.notice(`forked off child process ${pid}`);
}
