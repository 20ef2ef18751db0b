/** A netlink socket that listens to rtnetlink's multicast groups of the namespace in which it was opened (`ip monitor`). */
import { Errno } from "../core/result.ts";
import type { WaitQueue } from "../core/waitq.ts";
import { FT, Inode } from "../fs/vfs.ts";
import type { NetNs } from "../net/netns.ts";
import { RtnlListener } from "../net/rtnl/listener.ts";
import type { RtnlEvent } from "../net/rtnl/messages.ts";
import { BLOCK, type Block, File, POLL } from "./fd.ts";
import { nsGet, nsPut } from "./nsfs.ts";
import type { Process } from "./process.ts";

const O_RDWR = 2;

class NetlinkInode extends Inode {}

export class RtnlFile extends File {
  private readonly inode: Inode;
  private readonly ns: NetNs;
  private readonly listener = new RtnlListener();

  constructor(p: Process) {
    super(O_RDWR, null);
    this.inode = new NetlinkInode(p.machine.pipefs, FT.SOCK | 0o777);
    this.ns = nsGet(p.net);
    this.ns.rtnlListeners.push(this.listener);
  }
  node(): Inode {
    return this.inode;
  }
  next(p: Process): RtnlEvent | number | Block {
    const { events } = this.listener;
    if (this.listener.overrun && events.length === 0) {
      this.listener.overrun = false;
      return -Errno.ENOBUFS;
    }
    const e = events.shift();
    if (e !== undefined) return e;
    if (this.nonblock) return -Errno.EAGAIN;
    p.waitOn(this.listener.q);
    return BLOCK;
  }
  override poll(): number {
    return this.listener.events.length > 0 || this.listener.overrun ? POLL.IN : 0;
  }
  override waitq(): WaitQueue {
    return this.listener.q;
  }
  override describe(): string {
    return `socket:[${this.inode.ino}]`;
  }
  protected override release(): void {
    const list = this.ns.rtnlListeners;
    list.splice(list.indexOf(this.listener), 1);
    nsPut(this.ns);
  }
}

export function rtnl_listen(p: Process): number {
  const file = new RtnlFile(p);
  const fd = p.fds.add(file, true);
  if (fd < 0) file.get().put();
  return fd;
}

export function rtnl_event(p: Process, fd: number): RtnlEvent | number | Block {
  const f = p.fds.file(fd);
  if (!f) return -Errno.EBADF;
  return f instanceof RtnlFile ? f.next(p) : -Errno.EINVAL;
}
