/**
 * Capture from an interface: a packet socket as libpcap opens it (raw, or cooked for "any"), the loop with its signals, and the summary.
 * The filter runs here, not in the kernel: "received by filter" counts what matched, before the direction is looked at.
 */
import { Errno, strerror } from "../../core/result.ts";
import { MS, NEVER, SEC } from "../../core/time.ts";
import type { Call, RecvMeta, Sys } from "../../kernel/abi.ts";
import { AF, Sig, SOCK } from "../../kernel/abi.ts";
import { put16, put32 } from "../../core/bytes.ts";
import { ETH_P_802_2, ETH_P_802_3_MIN, ETH_P_ALL } from "../../wire/eth.ts";
import { LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL2, LINKTYPE_RAW } from "../../wire/pcap.ts";
import { SLL2_HLEN } from "../../wire/print.ts";
import { IFF } from "../../net/rtnl/messages.ts";
import { err, type Io } from "../lib/io.ts";
import { linkByIndex, linkByName } from "../lib/rtnl.ts";
import { matches } from "./filter/eval.ts";
import type { Node } from "./filter/ast.ts";
import { fail, type Config } from "./options.ts";
import type { Captured, Sink } from "./sink.ts";

const PACKET_OUTGOING = 4;
const ARPHRD_LOOPBACK = 772;
/** how often a device that is down is looked at */
const DOWN_POLL = 100 * MS;

export interface Source {
  readonly fd: number;
  readonly name: string;
  /** 0: any */
  readonly ifindex: number;
  readonly linkType: number;
}

/** Opens the device; ends the program with libpcap's words where that fails. */
export function* openLive(io: Io, cfg: Config, name: string): Call<Source> {
  const any = name === "any";
  const fd = yield* io.sys.socket(AF.PACKET, any ? SOCK.DGRAM : SOCK.RAW, 0);
  if (fd < 0) yield* fail(io, `${name}: You don't have permission to perform this capture on that device\n(socket: ${strerror(fd)})`);
  const link = any ? null : yield* linkByName(io.sys, name);
  if (!any && link === null) yield* fail(io, `${name}: No such device exists\n(No such device exists)`);
  const ifindex = link === null ? 0 : link.ifindex;
  const r = yield* io.sys.bind(fd, { family: 17, ifindex, protocol: ETH_P_ALL, hatype: 0, pkttype: 0, addr: new Uint8Array(0) });
  if (r < 0) yield* fail(io, `${name}: ${strerror(r)}`);
  if ((yield* io.sys.getsockopt(fd, "SO_ERROR")) === Errno.ENETDOWN) yield* fail(io, `${name}: That device is not up`);
  if (cfg.promiscuous && !any) yield* io.sys.setsockopt(fd, "PACKET_PROMISC", 1);
  return { fd, name, ifindex, linkType: any ? LINKTYPE_LINUX_SLL2 : link?.type === "none" ? LINKTYPE_RAW : LINKTYPE_ETHERNET };
}

export function* catchSignals(sys: Sys): Call<void> {
  for (const sig of [Sig.PIPE, Sig.TERM, Sig.INT, Sig.USR1]) yield* sys.sigaction(sig, "catch");
  // nohup stays in force
  if ((yield* sys.sigaction(Sig.HUP, "catch")) === "ignore") yield* sys.sigaction(Sig.HUP, "ignore");
}

interface Counts {
  received: number;
  dropped: number;
}

/** Captures until a signal, -c, or an error; prints the summary; gives the exit status. */
export function* capture(io: Io, cfg: Config, src: Source, filter: Node | null, sink: Sink): Call<number> {
  const counts: Counts = { received: 0, dropped: 0 };
  // -v -w tells once a second how far it is
  const progress = cfg.v > 0 && cfg.writeFile !== null;
  let tick = progress ? (yield* io.sys.clock_gettime("monotonic")) + SEC : NEVER;
  let down = false;
  for (;;) {
    const now = progress ? yield* io.sys.clock_gettime("monotonic") : 0;
    if (progress && now >= tick) {
      yield* err(io.sys, `Got ${sink.packets}\r`);
      tick += SEC;
    }
    const timeout = Math.min(progress ? Math.max(0, tick - now) : NEVER, down ? DOWN_POLL : NEVER);
    const m = yield* io.sys.recvfrom(src.fd, cfg.snaplen, { timeout });
    if (typeof m !== "number") {
      const p = take(m, src, cfg, filter, counts);
      if (p === null) continue;
      yield* sink.packet(p);
      if (cfg.count > 0 && sink.packets >= cfg.count) return yield* finish(io, cfg, src, sink, counts, false, 0);
    } else if (m === -Errno.EINTR) {
      if (yield* signals(io, src, sink, counts)) return yield* finish(io, cfg, src, sink, counts, true, 0);
    } else if (m === -Errno.ENETDOWN || m === -Errno.EAGAIN) {
      if (m === -Errno.EAGAIN && !down) continue;
      // a device that went down may come back; one that is gone will not
      const link = src.ifindex === 0 ? null : yield* linkByIndex(io.sys, src.ifindex);
      if (src.ifindex !== 0 && link === null) return yield* broken(io, cfg, src, sink, counts, "The interface disappeared");
      down = link !== null && (link.flags & IFF.UP) === 0;
    } else return yield* broken(io, cfg, src, sink, counts, strerror(m));
  }
}

function* broken(io: Io, cfg: Config, src: Source, sink: Sink, counts: Counts, why: string): Call<number> {
  yield* io.out.flush();
  yield* err(io.sys, `${io.name}: pcap_loop: ${why}\n`);
  return yield* finish(io, cfg, src, sink, counts, false, 1);
}

/** Did one of the signals that end a capture come? SIGUSR1 only shows the numbers. */
function* signals(io: Io, src: Source, sink: Sink, counts: Counts): Call<boolean> {
  let ended = false;
  for (const sig of yield* io.sys.sigtake()) {
    if (sig === Sig.USR1) {
      yield* statistics(io, src, counts);
      yield* err(
        io.sys,
        `${io.name}: ${packets(sink.packets, "captured")}, ${packets(counts.received, "received by filter")}, ${packets(counts.dropped, "dropped by kernel")}\n`,
      );
    } else ended = true;
  }
  return ended;
}

function packets(n: number, what: string): string {
  return `${n} packet${n === 1 ? "" : "s"} ${what}`;
}

function* statistics(io: Io, src: Source, counts: Counts): Call<void> {
  const n = yield* io.sys.getsockopt(src.fd, "PACKET_STATISTICS");
  if (n > 0) {
    counts.dropped += n;
    counts.received += n;
  }
}

function* finish(io: Io, cfg: Config, src: Source, sink: Sink, counts: Counts, interrupted: boolean, code: number): Call<number> {
  if (interrupted && cfg.writeFile === null) yield* io.out.print("\n"); // keeps a terminal's ^C apart
  yield* io.out.flush();
  yield* sink.check();
  yield* statistics(io, src, counts);
  yield* err(
    io.sys,
    `${packets(sink.packets, "captured")}\n${packets(counts.received, "received by filter")}\n${packets(counts.dropped, "dropped by kernel")}\n`,
  );
  yield* sink.close();
  return code;
}

/** The packet as it goes on, or null where filter or direction keep it back. */
function take(m: RecvMeta, src: Source, cfg: Config, filter: Node | null, counts: Counts): Captured | null {
  const from = m.from;
  if (from === null || from.family !== AF.PACKET) return null;
  let frame = m.data;
  let wireLen = m.fullLength;
  if (src.linkType === LINKTYPE_LINUX_SLL2) {
    frame = cook(m.data, from.protocol, m.ifindex, from.hatype, from.pkttype, from.addr);
    wireLen += SLL2_HLEN;
  }
  if (frame.length > cfg.snaplen) frame = frame.subarray(0, cfg.snaplen);
  const outbound = from.pkttype === PACKET_OUTGOING;
  if (!matches(filter, { frame, wireLen, linkType: src.linkType, outbound })) return null;
  counts.received++;
  // loopback shows each packet twice: only its reception is taken
  if (outbound && from.hatype === ARPHRD_LOOPBACK) return null;
  if ((cfg.direction === "in" && outbound) || (cfg.direction === "out" && !outbound)) return null;
  const sec = Math.floor(m.tstamp / SEC);
  return { frame, wireLen, sec, usec: Math.floor((m.tstamp - sec * SEC) / 1000) };
}

/** Puts a LINUX_SLL2 header before what a cooked socket gives. */
function cook(data: Uint8Array, protocol: number, ifindex: number, hatype: number, pkttype: number, addr: Uint8Array): Uint8Array {
  const b = new Uint8Array(SLL2_HLEN + data.length);
  put16(b, 0, protocol < ETH_P_802_3_MIN ? ETH_P_802_2 : protocol);
  put32(b, 4, ifindex);
  put16(b, 8, hatype);
  b[10] = pkttype;
  b[11] = Math.min(addr.length, 8);
  b.set(addr.subarray(0, 8), 12);
  b.set(data, SLL2_HLEN);
  return b;
}
