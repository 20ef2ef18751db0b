/** An open /dev/net/tun: nothing until TUNSETIFF attaches it to a device of the namespace in which it was opened. */
import { Errno } from "../core/result.ts";
import type { WaitQueue } from "../core/waitq.ts";
import type { Loc } from "../fs/mount.ts";
import type { Inode } from "../fs/vfs.ts";
import type { NetNs } from "../net/netns.ts";
import { tunRead, tunWrite } from "../net/dev/tun/io.ts";
import { TunF } from "../net/dev/tun/flags.ts";
import { tunDetach, tunPriv, TunQueue, tunSetIff } from "../net/dev/tun/tun.ts";
import { IFF } from "../net/rtnl/messages.ts";
import type { TunIfreq, TunRequest } from "./abi.ts";
import { BLOCK, type Block, File, POLL } from "./fd.ts";
import { nsGet, nsPut } from "./nsfs.ts";
import type { Process } from "./process.ts";
import { sockCred } from "./sys-sock.ts";

export class TunFile extends File {
  private readonly inode: Inode;
  private readonly ns: NetNs;
  private readonly queue = new TunQueue();

  constructor(node: Inode, ns: NetNs, flags: number, loc: Loc | null) {
    super(flags, loc);
    this.inode = node;
    this.ns = nsGet(ns);
  }
  node(): Inode {
    return this.inode;
  }
  /** name of the device it is attached to, for /proc/PID/fdinfo */
  get device(): string | null {
    return this.queue.dev ? this.queue.dev.name : null;
  }
  override read(p: Process, n: number): Uint8Array | number | Block {
    const r = tunRead(this.queue, n);
    if (r !== null) return r;
    if (this.nonblock) return -Errno.EAGAIN;
    p.waitOn(this.queue.wq);
    return BLOCK;
  }
  override write(_p: Process, data: Uint8Array, from: number): number {
    return tunWrite(this.queue, from === 0 ? data : data.subarray(from));
  }
  override poll(): number {
    const { dev, ring } = this.queue;
    if (!dev) return POLL.ERR;
    return (ring.length > 0 ? POLL.IN : 0) | ((dev.flags & IFF.UP) !== 0 ? POLL.OUT : 0);
  }
  override waitq(): WaitQueue {
    return this.queue.wq;
  }
  override reopen(flags: number): File {
    return new TunFile(this.inode, this.ns, flags, this.loc);
  }
  protected override release(): void {
    tunDetach(this.queue);
    nsPut(this.ns);
  }

  /** tun_chr_ioctl: -EBADFD before TUNSETIFF for whatever needs a device. */
  control(p: Process, req: TunRequest): TunIfreq | number {
    const { queue } = this;
    if (req.op === "TUNSETIFF") {
      const r = tunSetIff(this.ns, queue, req.name, req.flags, sockCred(p));
      return r < 0 ? r : { name: queue.dev!.name, flags: tunPriv(queue.dev!).flags };
    }
    const { dev } = queue;
    if (!dev) return -Errno.EBADFD;
    const priv = tunPriv(dev);
    switch (req.op) {
      case "TUNGETIFF":
        return { name: dev.name, flags: priv.flags };
      case "TUNSETPERSIST":
        priv.flags = req.on ? priv.flags | TunF.PERSIST : priv.flags & ~TunF.PERSIST;
        return 0;
      case "TUNSETOWNER":
        priv.owner = req.id;
        return 0;
      case "TUNSETGROUP":
        priv.group = req.id;
        return 0;
    }
  }
}

/** ioctl(2) on /dev/net/tun, with its requests as records. -ENOTTY on any other file. */
export function tunctl(p: Process, fd: number, req: TunRequest): TunIfreq | number {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  return f instanceof TunFile ? f.control(p, req) : -Errno.ENOTTY;
}
