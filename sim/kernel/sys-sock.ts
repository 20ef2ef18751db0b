/**
 * System calls on sockets: descriptors over the sockets of sim/net/sock, blocking and time-outs; and routing netlink.
 * A socket keeps its network namespace alive.
 */
import { Errno } from "../core/result.ts";
import { NEVER } from "../core/time.ts";
import type { WaitQueue } from "../core/waitq.ts";
import { FT, Inode, type SuperBlock } from "../fs/vfs.ts";
import type { NetNs } from "../net/netns.ts";
import { rtnetlink as rtnl } from "../net/rtnl/index.ts";
import type { NetnsRef, RtnlReply, RtnlRequest } from "../net/rtnl/messages.ts";
import { closeSocket, createSocket } from "../net/sock/table.ts";
import type { Sock, SockCred } from "../net/sock/socket.ts";
import { O, type RecvMeta, Sig, type SockAddr, type SockOpt } from "./abi.ts";
import { BLOCK, type Block, File, POLL } from "./fd.ts";
import { nsGet, NsFile, nsPut } from "./nsfs.ts";
import type { Process } from "./process.ts";
import { sendSignal } from "./signals.ts";
import { waitUntil } from "./sys-file.ts";

class SockInode extends Inode {
  constructor(sb: SuperBlock) {
    super(sb, FT.SOCK | 0o777);
  }
}

export class SockFile extends File {
  readonly sk: Sock;
  private readonly inode: Inode;
  /** SO_RCVTIMEO in ns */
  recvTimeout = NEVER;

  constructor(sk: Sock, sb: SuperBlock) {
    super(O.RDWR, null);
    this.sk = sk;
    this.inode = new SockInode(sb);
    nsGet(sk.ns);
  }
  node(): Inode {
    return this.inode;
  }
  get ino(): number {
    return this.inode.ino;
  }
  override read(p: Process, n: number): Uint8Array | number | Block {
    const r = receive(p, this, n, {});
    return r === BLOCK || typeof r === "number" ? r : r.data;
  }
  override write(p: Process, data: Uint8Array, from: number): number | Block {
    return send(p, this, from === 0 ? data : data.subarray(from), null, 0);
  }
  override poll(): number {
    const m = this.sk.ops.poll(this.sk);
    return (m.read ? POLL.IN : 0) | (m.write ? POLL.OUT : 0) | (m.err ? POLL.ERR : 0) | (m.hup ? POLL.HUP : 0);
  }
  override waitq(): WaitQueue {
    return this.sk.wq;
  }
  override describe(): string {
    return `socket:[${this.inode.ino}]`;
  }
  protected override release(): void {
    closeSocket(this.sk);
    nsPut(this.sk.ns);
  }
}

function sockFile(p: Process, fd: number): SockFile | number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  return f instanceof SockFile ? f : -Errno.ENOTSOCK;
}

export function sockCred(p: Process): SockCred {
  const root = p.cred.uid === 0;
  return { uid: p.cred.uid, gid: p.cred.gid, groups: p.cred.groups, netRaw: root || p.capNetRaw, netAdmin: root };
}

export function socket(p: Process, family: number, type: number, protocol: number): number {
  const sk = createSocket(p.net, family, type, protocol, sockCred(p));
  return typeof sk === "number" ? sk : addSocket(p, sk);
}

function addSocket(p: Process, sk: Sock): number {
  const f = new SockFile(sk, p.machine.pipefs);
  const fd = p.fds.add(f, false);
  if (fd < 0) {
    f.get();
    f.put();
  }
  return fd;
}

export function bind(p: Process, fd: number, addr: SockAddr): number {
  const f = sockFile(p, fd);
  return typeof f === "number" ? f : f.sk.ops.bind(f.sk, addr);
}

/** runs again for as long as the socket answers "would block" */
function retry(p: Process, f: SockFile, r: number): number | Block {
  if (r !== -Errno.EAGAIN || f.nonblock) return r;
  p.waitOn(f.sk.wq);
  return BLOCK;
}

/** A stream's connect() goes on while the caller waits: -EINPROGRESS at first, -EALREADY when asked again. */
export function connect(p: Process, fd: number, addr: SockAddr): number | Block {
  const f = sockFile(p, fd);
  if (typeof f === "number") return f;
  const r = f.sk.ops.connect(f.sk, addr);
  if ((r !== -Errno.EINPROGRESS && r !== -Errno.EALREADY) || f.nonblock) return r;
  p.waitOn(f.sk.wq);
  return BLOCK;
}

export function listen(p: Process, fd: number, backlog: number): number {
  const f = sockFile(p, fd);
  if (typeof f === "number") return f;
  return f.sk.ops.listen ? f.sk.ops.listen(f.sk, backlog) : -Errno.EOPNOTSUPP;
}

export function accept(p: Process, fd: number): number | Block {
  const f = sockFile(p, fd);
  if (typeof f === "number") return f;
  if (!f.sk.ops.accept) return -Errno.EOPNOTSUPP;
  const r = f.sk.ops.accept(f.sk);
  return typeof r === "number" ? retry(p, f, r) : addSocket(p, r);
}

function send(p: Process, f: SockFile, data: Uint8Array, to: SockAddr | null, flags: number): number | Block {
  return retry(p, f, f.sk.ops.sendto(f.sk, data, to, flags));
}

export function sendto(p: Process, fd: number, data: Uint8Array, to: SockAddr | null, flags: number): number | Block {
  const f = sockFile(p, fd);
  if (typeof f === "number") return f;
  const r = send(p, f, data, to, flags);
  if (r === -Errno.EPIPE) sendSignal(p, Sig.PIPE);
  return r;
}

function receive(
  p: Process,
  f: SockFile,
  max: number,
  opts: { readonly errqueue?: boolean; readonly timeout?: number },
): RecvMeta | number | Block {
  const r = f.sk.ops.recv(f.sk, max, opts.errqueue === true);
  if (typeof r !== "number") return { ...r, tstamp: p.machine.world.realtimeAt(r.tstamp) };
  if (r !== -Errno.EAGAIN || f.nonblock || opts.errqueue === true) return r;
  if (waitUntil(p, opts.timeout ?? f.recvTimeout)) return -Errno.EAGAIN;
  p.waitOn(f.sk.wq);
  return BLOCK;
}

export function recvfrom(
  p: Process,
  fd: number,
  max: number,
  opts: { readonly errqueue?: boolean; readonly timeout?: number },
): RecvMeta | number | Block {
  const f = sockFile(p, fd);
  return typeof f === "number" ? f : receive(p, f, max, opts);
}

export function setsockopt(p: Process, fd: number, opt: SockOpt, value: number | string | Uint8Array): number {
  const f = sockFile(p, fd);
  if (typeof f === "number") return f;
  if (opt === "SO_RCVTIMEO") {
    if (typeof value !== "number" || value < 0) return -Errno.EINVAL;
    f.recvTimeout = value === 0 ? NEVER : value;
    return 0;
  }
  return f.sk.ops.setsockopt(f.sk, opt, value);
}

export function getsockopt(p: Process, fd: number, opt: SockOpt): number {
  const f = sockFile(p, fd);
  return typeof f === "number" ? f : f.sk.ops.getsockopt(f.sk, opt);
}

export function getsockname(p: Process, fd: number): SockAddr | number {
  const f = sockFile(p, fd);
  return typeof f === "number" ? f : f.sk.ops.getsockname(f.sk);
}

export function getpeername(p: Process, fd: number): SockAddr | number {
  const f = sockFile(p, fd);
  return typeof f === "number" ? f : f.sk.ops.getpeername(f.sk);
}

export function shutdown(p: Process, fd: number, how: "rd" | "wr" | "rdwr"): number {
  const f = sockFile(p, fd);
  return typeof f === "number" ? f : f.sk.ops.shutdown(f.sk, how);
}

export function rtnetlink(p: Process, req: RtnlRequest): RtnlReply {
  return rtnl(p.net, req, { cred: sockCred(p), resolveNetns: (ref) => resolveNetns(p, ref) });
}

function resolveNetns(p: Process, ref: NetnsRef): NetNs | null {
  if ("pid" in ref) {
    const t = p.machine.procs.get(ref.pid);
    return t && t.alive ? t.net : null;
  }
  const f = p.fds.file(ref.fd);
  return f instanceof NsFile ? f.ns : null;
}
