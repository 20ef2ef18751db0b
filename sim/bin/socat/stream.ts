/** An opened address: where its data come from and go to, and what its end means. */
import { strerror } from "../../core/result.ts";
import { type Call, O, type SockAddr, type Sys } from "../../kernel/abi.ts";
import type { Log } from "./log.ts";
import { fmtIp4 } from "../../wire/addr.ts";

export const Dir = { READ: 1, WRITE: 2, BOTH: 3 } as const;
export type Dir = (typeof Dir)[keyof typeof Dir];

export interface Stream {
  /** -1 where that direction is not there */
  readonly rfd: number;
  readonly wfd: number;
  /** the next datagram or piece of data, at most so long; empty at the end */
  readonly read: (max: number) => Call<Uint8Array>;
  readonly write: (data: Uint8Array) => Call<void>;
  /** nothing more will be written */
  readonly shut: () => Call<void>;
  /** data that were read while opening */
  readonly ready?: () => boolean;
  readonly ignoreEof?: boolean;
  /** when socat ends */
  readonly close?: () => Call<void>;
  /** process behind EXEC and SYSTEM: its end is the end of the address */
  readonly child?: number;
}

export function quoted(s: string): string {
  return `"${s}"`;
}

/** Messages name sockets so: AF=2 127.0.0.1:5000 */
export function fmtSock(a: SockAddr): string {
  if (a.family === 2) return `AF=2 ${fmtIp4(a.addr)}:${a.port}`;
  return a.family === 10 ? `AF=10 [${fmtIp6Full(a.addr)}]:${a.port}` : `AF=${a.family}`;
}
/** socat writes all groups of an IPv6 address. */
function fmtIp6Full(b: Uint8Array): string {
  const out: string[] = [];
  for (let i = 0; i < 16; i += 2) out.push(((b[i]! << 8) | b[i + 1]!).toString(16).padStart(4, "0"));
  return out.join(":");
}

/** The same file at 5 or above, where the real socat's first one is (it keeps two for itself). */
export function* move(sys: Sys, fd: number): Call<number> {
  if (fd < 0 || fd >= 5) return fd;
  const up = yield* sys.dup(fd, 5);
  yield* sys.close(fd);
  if (up >= 0) yield* sys.fcntl_cloexec(up, true);
  return up;
}

/** read(2) in socat's words. A read that was interrupted gives null. */
export function* readFd(sys: Sys, log: Log, fd: number, max: number, buffer: string): Call<Uint8Array> {
  for (;;) {
    const r = yield* sys.read(fd, max);
    if (typeof r !== "number") return r;
    if (r === -4) {
      yield* log.signals();
      continue;
    }
    yield* log.error(`read(${fd}, ${buffer}, ${max}): ${strerror(r)}`);
  }
}

export function* writeFd(sys: Sys, log: Log, fd: number, data: Uint8Array, buffer: string): Call<void> {
  let rest = data;
  while (rest.length > 0) {
    const r = yield* sys.write(fd, rest);
    if (r === -4) {
      yield* log.signals();
      continue;
    }
    if (r < 0) yield* log.error(`write(${fd}, ${buffer}, ${rest.length}): ${strerror(r)}`);
    rest = rest.subarray(r);
  }
}

/** A stream over plain descriptors. */
export function* fdStream(
  sys: Sys,
  log: Log,
  rfd: number,
  wfd: number,
  buffer: string,
  more: Partial<Pick<Stream, "shut" | "close" | "child" | "ignoreEof">> = {},
): Call<Stream> {
  if (rfd >= 0 && (yield* sys.fcntl_flags(rfd, null)) < 0) yield* log.error(`xiopoll({${rfd},1}): Bad file descriptor`);
  return {
    rfd,
    wfd,
    read: (max) => readFd(sys, log, rfd, max, buffer),
    write: (data) => writeFd(sys, log, wfd, data, buffer),
    shut: more.shut ?? nothing,
    ignoreEof: more.ignoreEof,
    close: more.close,
    child: more.child,
  };
}

// eslint-disable-next-line require-yield
export function* nothing(): Call<void> {
  return;
}

export const ACCESS: Readonly<Record<Dir, number>> = { 1: O.RDONLY, 2: O.WRONLY, 3: O.RDWR };
