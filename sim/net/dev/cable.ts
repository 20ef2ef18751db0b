/**
 * The wire between two NICs: full duplex, each direction with its own queue, a rate, a propagation delay and, if the lab wants, a
 * loss rate drawn from the cable's own random stream. Frames are not padded to 60 bytes (the lab's machines are virtual ones,
 * whose NICs do not pad), but each takes the time of its preamble, checksum and gap.
 *
 * A link is there while the cable is plugged and both ends are up, as between two real NICs.
 */
import { SEC } from "../../core/time.ts";
import type { Prng } from "../../core/prng.ts";
import { type Timer, TimerKind } from "../../core/scheduler.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { ETH_ZLEN } from "../../wire/eth.ts";
import { IFF } from "../rtnl/messages.ts";
import { dropSkb, note, type Skb } from "../skb.ts";
import type { NetWorld } from "../world.ts";
import type { NetDevice } from "./device.ts";
import { carrierOff, carrierOn } from "./linkwatch.ts";
import { type NicPriv, nicReceive } from "./nic.ts";
import { tapOutgoing } from "./tx.ts";

export interface CableOptions {
  /** propagation, ns */
  readonly latency: number;
  readonly bitsPerSecond: number;
  /** 0..1: the share of frames that disappear */
  readonly loss: number;
}

/** preamble, frame check sequence, gap between frames */
const FRAME_OVERHEAD = 8 + 4 + 12;
/** fq_codel's packet limit; beyond it the NIC's queue drops */
const QUEUE_LIMIT = 10240;
/** loss is drawn in steps of one millionth */
const LOSS_SCALE = 1_000_000;

/** What decisions refer to: the cable as it was made. */
export interface CableInfo {
  readonly id: string;
  readonly ends: readonly [string, string];
}

interface Waiting {
  readonly skb: Skb;
  readonly since: number;
}
interface Flying {
  readonly skb: Skb;
  readonly timer: Timer;
}

/** One direction. */
export interface CableEnd {
  readonly cable: Cable;
  readonly from: NetDevice;
  readonly to: NetDevice;
  queue: Waiting[];
  /** the frame being put on the wire is done */
  busy: Timer | null;
  flying: Flying[];
}

const TX_DONE = 0;
const ARRIVED = 1;

export class Cable {
  readonly net: NetWorld;
  readonly info: CableInfo;
  readonly options: CableOptions;
  plugged = false;
  private readonly rng: Prng;
  private readonly dirs: readonly [CableEnd, CableEnd];

  /** Between two NICs that have no cable yet (createNic). It is not plugged in. */
  constructor(net: NetWorld, id: string, a: NetDevice, b: NetDevice, options: CableOptions) {
    this.net = net;
    this.info = { id, ends: [`${a.ns.machine}:${a.name}`, `${b.ns.machine}:${b.name}`] };
    this.options = options;
    this.rng = net.prng(`cable/${id}`);
    this.dirs = [
      { cable: this, from: a, to: b, queue: [], busy: null, flying: [] },
      { cable: this, from: b, to: a, queue: [], busy: null, flying: [] },
    ];
    for (const d of this.dirs) {
      const nic = d.from.priv as NicPriv;
      nic.out = d;
      d.from.speed = Math.floor(options.bitsPerSecond / 1_000_000);
    }
  }

  plug(): void {
    if (this.plugged) return;
    this.plugged = true;
    this.linkCheck();
  }

  /** What is on the wire or waiting for it is lost. */
  unplug(): void {
    if (!this.plugged) return;
    this.plugged = false;
    this.linkCheck();
    for (const d of this.dirs) this.clear(d);
  }

  /** Carrier at both ends follows: after plugging, and when an end goes up or down. */
  linkCheck(): void {
    const [ab] = this.dirs;
    const link = this.plugged && (ab.from.flags & IFF.UP) !== 0 && (ab.to.flags & IFF.UP) !== 0;
    for (const d of this.dirs) (link ? carrierOn : carrierOff)(d.from);
  }

  /** A NIC's queue takes the frame. Takes the skb over. */
  send(d: CableEnd, skb: Skb): void {
    if (!this.plugged) {
      d.from.stats.txCarrierErrors++;
      dropSkb(skb, d.from.ns, Sites.CABLE, DropReason.CABLE_UNPLUGGED, this.info, 0, 0);
      return;
    }
    if (d.queue.length >= QUEUE_LIMIT) {
      d.from.stats.txDropped++;
      dropSkb(skb, d.from.ns, Sites.QDISC, DropReason.QDISC_DROP, null, d.queue.length, QUEUE_LIMIT);
      return;
    }
    d.queue.push({ skb, since: this.net.now });
    if (!d.busy) this.transmit(d);
  }

  private transmit(d: CableEnd): void {
    const w = d.queue.shift();
    if (!w) return;
    const { skb } = w;
    const { net } = this;
    const o = this.options;
    const bits = (Math.max(skb.len, ETH_ZLEN) + FRAME_OVERHEAD) * 8;
    const txTime = Math.ceil((bits * SEC) / o.bitsPerSecond);
    skb.dev = d.from;
    skb.mac = skb.data;
    tapOutgoing(skb, d.from);
    d.from.stats.txPackets++;
    d.from.stats.txBytes += skb.len;
    note(skb, d.from.ns, Sites.CABLE, this.info, o.latency, net.now - w.since);
    for (const f of net.wireListeners) f(d.from, d.to, skb, net.now, net.now + txTime + o.latency);
    d.busy = net.sched.arm(TimerKind.TX_DONE, d, txTime, TX_DONE);
    if (o.loss > 0 && this.rng.below(LOSS_SCALE) < o.loss * LOSS_SCALE) {
      dropSkb(skb, d.from.ns, Sites.CABLE, DropReason.CABLE_LOSS, this.info, 0, 0);
      return;
    }
    d.flying.push({ skb, timer: net.sched.arm(TimerKind.TX_DONE, d, txTime + o.latency, ARRIVED) });
  }

  /** The timer's function (TimerKind.TX_DONE). */
  timer(d: CableEnd, what: number): void {
    if (what === TX_DONE) {
      d.busy = null;
      this.transmit(d);
    } else {
      const f = d.flying.shift();
      if (f) nicReceive(d.to, f.skb);
    }
  }

  private clear(d: CableEnd): void {
    const { sched } = this.net;
    sched.cancel(d.busy);
    d.busy = null;
    for (const f of d.flying) {
      sched.cancel(f.timer);
      dropSkb(f.skb, d.from.ns, Sites.CABLE, DropReason.CABLE_UNPLUGGED, this.info, 0, 0);
    }
    for (const w of d.queue) dropSkb(w.skb, d.from.ns, Sites.CABLE, DropReason.CABLE_UNPLUGGED, this.info, 0, 0);
    d.flying = [];
    d.queue = [];
  }

  /** The NIC at this end was closed: what waits in its queue is lost, what is on the wire arrives. */
  closeEnd(d: CableEnd): void {
    for (const w of d.queue) {
      d.from.stats.txDropped++;
      dropSkb(w.skb, d.from.ns, Sites.QDISC, DropReason.DEV_READY, null, d.queue.length, QUEUE_LIMIT);
    }
    d.queue = [];
  }
}

/** For NetWorld's timer table. */
export function cableTimer(d: CableEnd, what: number): void {
  d.cable.timer(d, what);
}
