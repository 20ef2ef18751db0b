/**
 * What all namespaces of a world share: the clock, the recorder, packet ids, and the tables by which layers find each
 * other without importing each other (protocol handlers by EtherType, device notifiers, kinds of devices). The tables
 * hold static module functions; net/index.ts fills them once per world.
 */
import { Prng } from "../core/prng.ts";
import type { Scheduler } from "../core/scheduler.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { BridgeLoop } from "./dev/bridge/types.ts";
import type { DevOps, NetDevice } from "./dev/device.ts";
import type { LinkWatch } from "./dev/linkwatch.ts";
import type { NetNs } from "./netns.ts";
import { KernelLog } from "./printk.ts";
import type { Sock, SockCred } from "./sock/socket.ts";
import type { Skb } from "./skb.ts";

/** netdev notifier events (include/linux/netdevice.h) */
export type DevEvent =
  | "register"
  | "unregister"
  | "up"
  | "going-down"
  | "down"
  | "change"
  | "changemtu"
  | "changeaddr"
  // IFF_NOARP came or went on a running device
  | "changearp"
  | "changename"
  | "changeupper";
export type DevNotifier = (dev: NetDevice, event: DevEvent) => void;
/** A protocol's receive function: takes the skb over. data points at the protocol's header. */
export type PacketHandler = (skb: Skb) => void;
/** Called with every frame that starts over a cable or a veth pair; for pictures and digests, never for behaviour. */
export type WireListener = (from: NetDevice, to: NetDevice | null, skb: Skb, start: number, end: number) => void;
/** rtnetlink notifications for `ip monitor` and pictures: something about this namespace changed. */
export type ChangeListener = (
  ns: NetNs,
  what: "link" | "addr" | "route" | "neigh" | "rule" | "netns" | "sysctl",
  /** the device, address, route or neighbour; null where it is not one alone */
  of: object | null,
  gone: boolean,
) => void;

/** A value below /proc/sys/net was written: "ipv4/conf/forwarding" in scope "all", "default" or of a device; "ns" for the rest. */
export type SysctlListener = (
  ns: NetNs,
  what: string,
  scope: "all" | "default" | "dev" | "ns",
  dev: NetDevice | null,
  old: number,
  value: number,
) => void;
/** Makes a socket of one family: the socket, or -errno. */
export type SockFactory = (ns: NetNs, type: number, protocol: number, cred: SockCred) => Sock | number;

export class NetWorld {
  readonly sched: Scheduler;
  readonly rec: Recorder;
  readonly seed: number;
  readonly namespaces = new Map<number, NetNs>();
  readonly protocols = new Map<number, PacketHandler>();
  readonly notifiers: DevNotifier[] = [];
  readonly kinds = new Map<string, DevOps>();
  readonly wireListeners: WireListener[] = [];
  readonly changeListeners: ChangeListener[] = [];
  /** protocols that act when a sysctl changes (static functions) */
  readonly sysctlListeners: SysctlListener[] = [];
  /** set up a fresh namespace's protocols, in order (static functions) */
  readonly nsInit: ((ns: NetNs) => void)[] = [];
  readonly nsExit: ((ns: NetNs) => void)[] = [];
  /** socket families by AF_ number */
  readonly sockFamilies = new Map<number, SockFactory>();
  /** carrier changes that operstates and queues have not followed yet */
  readonly linkwatch: LinkWatch = { pending: new Set(), timer: null, urgent: false, nextEvent: 0 };
  /** what goes round in loops of bridges */
  readonly bridgeLoop: BridgeLoop = { free: 0, held: 0, frames: 0, last: -1, ports: new Set(), info: { ports: [] } };
  /** net.core.default_qdisc by machine, where it is not Debian's fq_codel */
  readonly defaultQdisc = new Map<string, string>();
  /** the kernel logs, by machine */
  private readonly kernelLogs = new Map<string, KernelLog>();
  /** packets alive: must be 0 when the world is idle and every queue is empty */
  liveSkbs = 0;
  /** packet buffers to be used again (skb.ts) */
  readonly skbPool: Uint8Array[] = [];
  private nextSkb = 1;
  private nextNs = 1;
  /** numbers of namespaces made later; a machine's first ones have fixed numbers */
  private nextInode = 4026532177;

  constructor(sched: Scheduler, rec: Recorder, seed: number) {
    this.sched = sched;
    this.rec = rec;
    this.seed = seed;
  }

  get now(): number {
    return this.sched.now;
  }
  kernelLog(machine: string): KernelLog {
    let log = this.kernelLogs.get(machine);
    if (log === undefined) this.kernelLogs.set(machine, (log = new KernelLog()));
    return log;
  }
  skbId(): number {
    return this.nextSkb++;
  }
  nsId(): number {
    return this.nextNs++;
  }
  nsInode(): number {
    return this.nextInode++;
  }
  prng(label: string): Prng {
    return new Prng(this.seed, label);
  }
  notify(dev: NetDevice, event: DevEvent): void {
    for (const f of this.notifiers) f(dev, event);
  }
  changed(ns: NetNs, what: Parameters<ChangeListener>[1], of: object | null = null, gone = false): void {
    for (const f of this.changeListeners) f(ns, what, of, gone);
  }
}
