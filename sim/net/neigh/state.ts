/**
 * Neighbours: who answers to an address on a link (struct neighbour, neigh_table). One table a namespace and family; ARP
 * and NDISC share everything but the NeighOps. Times are virtual ns. An entry that left the table is `dead` and stays so.
 */
import { LazyMap, LazySet } from "../../core/lazy.ts";
import type { Timer } from "../../core/scheduler.ts";
import type { Prng } from "../../core/prng.ts";
import { MS, SEC } from "../../core/time.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { Nud } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import type { NeighConf } from "../sysctl-conf.ts";

/** States in which the link-layer address is known, is known to be right, and has a timer running. */
export const NUD_VALID = Nud.PERMANENT | Nud.NOARP | Nud.REACHABLE | Nud.PROBE | Nud.STALE | Nud.DELAY;
export const NUD_CONNECTED = Nud.PERMANENT | Nud.NOARP | Nud.REACHABLE;
export const NUD_IN_TIMER = Nud.INCOMPLETE | Nud.REACHABLE | Nud.DELAY | Nud.PROBE;

/** Flags of neighUpdate. */
export const NeighUpdate = {
  OVERRIDE: 1,
  WEAK_OVERRIDE: 2,
  OVERRIDE_ISROUTER: 4,
  USE: 0x10000000,
  ISROUTER: 0x40000000,
  ADMIN: 0x80000000,
} as const;

/** What a family does its own way. Static functions. */
export interface NeighOps {
  /** state and address of a fresh entry where the kind of address or device decides them; null: the entry may not exist */
  readonly construct: (n: Neigh) => boolean;
  /** asks for the address; `skb` is the packet waiting longest at the tail, not to be consumed */
  readonly solicit: (n: Neigh, skb: Skb | null) => void;
  /** resolution failed: tells the sender of the queued packet, which the caller then drops */
  readonly errorReport: (n: Neigh, skb: Skb) => void;
  /** a proxy's answer whose delay is over; consumes skb */
  readonly proxyRedo: (skb: Skb) => void;
  /** an address to answer for came (pconstructor) or went (pdestructor); dev null: on all devices */
  readonly proxyAdded?: (dev: NetDevice, key: Uint8Array) => void;
  readonly proxyRemoved?: (dev: NetDevice, key: Uint8Array) => void;
  readonly conf: (dev: NetDevice) => NeighConf;
}

export class Neigh {
  readonly table: NeighTable;
  readonly dev: NetDevice;
  /** 4 or 16 bytes */
  key: Uint8Array;
  /** the same as a number, IPv4 */
  key4: number;
  ha: Uint8Array = new Uint8Array(6);
  /** Nud */
  state: number = Nud.NONE;
  /** RtType of the address as seen from here */
  type = 0;
  /** NtfF.ROUTER and the like */
  flags = 0;
  protocol = 0;
  probes = 0;
  confirmed = 0;
  updated = 0;
  used = 0;
  timer: Timer | null = null;
  readonly queue: Skb[] = [];
  queueBytes = 0;
  dead = false;
  next: Neigh | null = null;

  constructor(table: NeighTable, dev: NetDevice, key: Uint8Array, key4: number) {
    this.table = table;
    this.dev = dev;
    this.key = key;
    this.key4 = key4;
    const now = table.ns.net.now;
    this.updated = now;
    this.used = now;
    this.confirmed = now;
  }
}

/** An address that we answer for on others' behalf (`ip neigh add proxy`, struct pneigh_entry). */
export interface ProxyNeigh {
  readonly key: Uint8Array;
  readonly dev: NetDevice | null;
  readonly flags: number;
  readonly protocol: number;
}

/** A request that waits for proxy_delay. */
export interface ProxyWait {
  readonly table: NeighTable;
  readonly skb: Skb;
  timer: Timer | null;
}

/** The current REACHABLE time of a device: random around base_reachable_time, drawn anew when that changes or every 300 s. */
interface ReachableTime {
  base: number;
  ns: number;
  drawn: number;
}

export class NeighTable {
  readonly ns: NetNs;
  readonly family: 2 | 10;
  readonly ops: NeighOps;
  readonly rng: Prng;
  /** by hash of device and key, chained through next */
  readonly hash = new LazyMap<number, Neigh>();
  /** all, in order of creation */
  readonly all = new LazySet<Neigh>();
  readonly proxies: ProxyNeigh[] = [];
  readonly proxyQueue: ProxyWait[] = [];
  gcTimer: Timer | null = null;
  lastForcedGc = 0;
  private readonly reachable = new LazyMap<NetDevice | null, ReachableTime>();

  constructor(ns: NetNs, family: 2 | 10, ops: NeighOps, rng: Prng) {
    this.ns = ns;
    this.family = family;
    this.ops = ops;
    this.rng = rng;
  }

  /** How long an entry on `dev` (null: of the defaults) counts as reachable after a confirmation, in ns: 0.5 to 1.5 × base_reachable_time. */
  reachableTime(dev: NetDevice | null): number {
    const base = (dev ? this.ops.conf(dev) : this.defaults()).base_reachable_time_ms;
    const now = this.ns.net.now;
    let r = this.reachable.get(dev);
    if (!r || r.base !== base || now - r.drawn > 300 * SEC) {
      const half = Math.floor(base / 2);
      r = { base, ns: base > 0 ? (half + this.rng.below(base)) * MS : 0, drawn: now };
      this.reachable.set(dev, r);
    }
    return r.ns;
  }
  private defaults(): NeighConf {
    const { sysctl } = this.ns;
    return this.family === 2 ? sysctl.neigh4Default : sysctl.neigh6Default;
  }
  forgetDevice(dev: NetDevice): void {
    this.reachable.delete(dev);
  }
}
