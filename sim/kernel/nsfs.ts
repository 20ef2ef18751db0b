/**
 * Namespaces as files (fs/nsfs.c) and what keeps a network namespace alive: processes, open files and bind mounts count
 * references; with the last one the namespace goes, a moment later as the kernel's cleanup work does it.
 */
import { type Scheduler, TimerKind } from "../core/scheduler.ts";
import { MS } from "../core/time.ts";
import type { Loc } from "../fs/mount.ts";
import { FT, Inode, type SuperBlock } from "../fs/vfs.ts";
import type { NetNs } from "../net/netns.ts";
import { File } from "./fd.ts";
import { destroyNetNs } from "../net/index.ts";

/** the kernel waits for readers (RCU) before it takes a namespace down */
const CLEANUP_NS = 20 * MS;

export function nsGet(ns: NetNs): NetNs {
  ns.refs++;
  return ns;
}

export function nsPut(ns: NetNs): void {
  if (--ns.refs === 0) ns.net.sched.arm(TimerKind.NETNS_CLEANUP, ns, CLEANUP_NS);
}

export function registerNsCleanup(sched: Scheduler): void {
  sched.on(TimerKind.NETNS_CLEANUP, ((ns: NetNs) => {
    if (ns.refs === 0 && !ns.dead) destroyNetNs(ns);
  }) as (o: never) => void);
}

/** The inode behind /proc/PID/ns/net and behind a file below /run/netns. */
export class NsNode extends Inode {
  readonly ns: NetNs;
  constructor(sb: SuperBlock, ns: NetNs) {
    super(sb, FT.REG | 0o444, ns.inode);
    this.ns = ns;
  }
  override mountGet(): void {
    nsGet(this.ns);
  }
  override mountPut(): void {
    nsPut(this.ns);
  }
}

/** An open namespace file: what setns() takes. */
export class NsFile extends File {
  private readonly inode: NsNode;
  constructor(node: NsNode, flags: number, loc: Loc | null) {
    super(flags, loc);
    this.inode = node;
    nsGet(node.ns);
  }
  get ns(): NetNs {
    return this.inode.ns;
  }
  node(): Inode {
    return this.inode;
  }
  protected override release(): void {
    nsPut(this.inode.ns);
  }
}
