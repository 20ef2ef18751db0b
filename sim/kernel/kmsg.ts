/**
 * /dev/kmsg (Documentation/ABI/testing/dev-kmsg): a read gives one record of the kernel log, "LEVEL,NUMBER,MICROSECONDS,-;TEXT", and waits for the
 * next one (or -EAGAIN); -EPIPE when records were lost meanwhile; -EINVAL when the buffer is too small. A write adds a message. Reading is for root, as
 * with kernel.dmesg_restrict=1. Reading begins after what dmesg -C cleared.
 */
import { fromUtf8, utf8 } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import type { WaitQueue } from "../core/waitq.ts";
import type { Loc } from "../fs/mount.ts";
import type { DevNode } from "../fs/vfs.ts";
import type { KernelLog, LogRecord } from "../net/printk.ts";
import { O } from "./abi.ts";
import { BLOCK, type Block, File, POLL } from "./fd.ts";
import type { Process } from "./process.ts";

const USER = 1;
const DEFAULT_LEVEL = 4;
/** a message that is written may not be longer */
const LOG_LINE_MAX = 992;

export class KmsgFile extends File {
  private readonly dev: DevNode;
  private readonly log: KernelLog;
  private readonly bootedAt: number;
  private seq: number;

  private constructor(p: Process, node: DevNode, flags: number, loc: Loc | null) {
    super(flags, loc);
    this.dev = node;
    this.log = p.machine.kernelLog;
    this.bootedAt = p.machine.bootedAt;
    this.seq = Math.max(this.log.clearSeq, this.log.firstSeq);
  }

  static open(p: Process, node: DevNode, flags: number, loc: Loc | null): KmsgFile | number {
    if ((flags & 3) !== O.WRONLY && p.cred.uid !== 0) return -Errno.EPERM;
    return new KmsgFile(p, node, flags, loc);
  }

  node(): DevNode {
    return this.dev;
  }

  override read(p: Process, n: number): Uint8Array | number | Block {
    const r = this.log.from(this.seq);
    if (r === null) {
      if (this.nonblock) return -Errno.EAGAIN;
      p.waitOn(this.log.q);
      return BLOCK;
    }
    if (r.seq > this.seq) {
      this.seq = r.seq;
      return -Errno.EPIPE;
    }
    const line = utf8(this.line(r));
    if (line.length > n) return -Errno.EINVAL;
    this.seq = r.seq + 1;
    return line;
  }

  /** Control characters are shown as \xNN, so that one record is one line. */
  private line(r: LogRecord): string {
    const text = r.text.replace(/[\x00-\x1f\x7f\\]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
    return `${(r.facility << 3) | r.level},${r.seq},${Math.floor((r.time - this.bootedAt) / 1000)},-;${text}\n`;
  }

  override write(p: Process, data: Uint8Array, from: number): number {
    const size = data.length - from;
    if (size > LOG_LINE_MAX) return -Errno.EINVAL;
    const text = fromUtf8(data.subarray(from)).replace(/\n$/, "");
    const m = /^<(\d{1,4})>/.exec(text);
    const number = m === null ? DEFAULT_LEVEL : Number(m[1]);
    // nobody outside of the kernel speaks as the kernel
    const facility = number >> 3 === 0 ? USER : number >> 3;
    this.log.append(p.machine.world.sched.now, facility, number & 7, m === null ? text : text.slice(m[0].length));
    return size;
  }

  /** SEEK_SET: the oldest record; SEEK_END: after the newest. */
  override seek(offset: number, whence: "set" | "cur" | "end"): number {
    if (offset !== 0) return -Errno.ESPIPE;
    if (whence === "set") this.seq = this.log.firstSeq;
    if (whence === "end") this.seq = this.log.endSeq;
    return 0;
  }

  override poll(): number {
    return (this.log.from(this.seq) === null ? 0 : POLL.IN) | POLL.OUT;
  }
  override waitq(): WaitQueue {
    return this.log.q;
  }
}
