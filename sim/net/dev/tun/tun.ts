/**
 * tun and tap devices (drivers/net/tun.c): the other end of the wire is a process. What the stack sends waits in the queue of an
 * attached file until that is read; what is written to the file arrives from the device. Carrier is there while at
 * least one file is attached. A tun carries IP packets without a link header, a tap Ethernet frames.
 *
 * Left out: XDP, BPF filters and steering, offloads (the virtio header is accepted and ignored), detached queues.
 */
import { Errno } from "../../../core/result.ts";
import { WaitQueue } from "../../../core/waitq.ts";
import { ETH_HLEN } from "../../../wire/eth.ts";
import { DropReason } from "../../../trace/reasons.ts";
import { Sites } from "../../../trace/sites.ts";
import type { NetNs } from "../../netns.ts";
import { IFF, type RtnlError, rtnlError } from "../../rtnl/messages.ts";
import { consumeSkb, dropSkb, type Skb } from "../../skb.ts";
import { randomMac, registerNetdevice, unregisterNetdevice } from "../core.ts";
import { type DevOps, NetDevice } from "../device.ts";
import { carrierOff, carrierOn } from "../linkwatch.ts";
import { NET_XMIT, tapOutgoing } from "../tx.ts";
import { TunF } from "./flags.ts";

const FEATURES = TunF.NO_PI | TunF.ONE_QUEUE | TunF.VNET_HDR | TunF.MULTI_QUEUE;
/** what /sys/class/net/NAME/tun_flags shows */
const SHOWN = FEATURES | TunF.PERSIST | TunF.TUN | TunF.TAP;
const MAX_TAP_QUEUES = 256;
const TUN_READQ_SIZE = 500;

/** One attached file: the frames that wait for its reader, as they will be read (without PI and virtio headers). */
export class TunQueue {
  /** null: not attached, or its device is gone */
  dev: NetDevice | null = null;
  readonly ring: { readonly proto: number; readonly bytes: Uint8Array }[] = [];
  readonly wq = new WaitQueue();
}

export interface TunPriv {
  flags: number;
  /** uid and gid that may attach besides root; -1 anybody with CAP_NET_ADMIN only */
  owner: number;
  group: number;
  readonly queues: TunQueue[];
}
export function tunPriv(dev: NetDevice): TunPriv {
  return dev.priv as TunPriv;
}

export interface TunCred {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly netAdmin: boolean;
}

/** tun_net_xmit: into a queue (sim: of several always the first; Linux spreads flows). */
function xmit(dev: NetDevice, skb: Skb): number {
  tapOutgoing(skb, dev);
  const p = tunPriv(dev);
  const q = p.queues[0];
  if (!q || q.ring.length >= Math.max(1, dev.txqlen)) {
    dev.stats.txDropped++;
    dropSkb(skb, dev.ns, Sites.TUN, q ? DropReason.FULL_RING : DropReason.DEV_READY, null, dev.ifindex, q ? q.ring.length : 0);
    return NET_XMIT.DROP;
  }
  q.ring.push({ proto: skb.protocol, bytes: skb.buf.slice(skb.data, skb.tail) });
  consumeSkb(skb, dev.ns, Sites.TUN, null, dev.ifindex, skb.len);
  q.wq.wake();
  return NET_XMIT.SUCCESS;
}

/** tun_net_uninit and tun_detach_all: the device goes, its files are left with nothing. */
function dellink(dev: NetDevice): void {
  const p = tunPriv(dev);
  for (const q of p.queues) {
    q.dev = null;
    q.ring.length = 0;
    q.wq.wake();
  }
  p.queues.length = 0;
  unregisterNetdevice(dev);
}

/** tun_net_change_carrier: on only while a program holds the device. */
function setCarrier(dev: NetDevice, on: boolean): number {
  if (on && tunPriv(dev).queues.length === 0) return -Errno.EPERM;
  (on ? carrierOn : carrierOff)(dev);
  return 0;
}

function refuse(): RtnlError {
  return rtnlError(Errno.EOPNOTSUPP, "tun/tap creation via rtnetlink is not supported");
}

export const TUN_OPS: DevOps = {
  kind: "tun",
  xmit,
  validate: refuse,
  newlink: refuse,
  dellink,
  setCarrier,
  fillInfo: (dev) => {
    const p = tunPriv(dev);
    const multi = (p.flags & TunF.MULTI_QUEUE) !== 0;
    return {
      type: (p.flags & TunF.TUN) !== 0 ? "tun" : "tap",
      pi: (p.flags & TunF.NO_PI) === 0,
      vnet_hdr: (p.flags & TunF.VNET_HDR) !== 0,
      multi_queue: multi,
      ...(multi ? { numqueues: p.queues.length, numdisabled: 0 } : {}),
      persist: (p.flags & TunF.PERSIST) !== 0,
      owner: p.owner,
      group: p.group,
      tun_flags: p.flags & SHOWN,
    };
  },
};

function makeDevice(ns: NetNs, name: string, flags: number): NetDevice {
  const tun = (flags & TunF.TUN) !== 0;
  const dev = new NetDevice(
    ns,
    TUN_OPS,
    0,
    name,
    tun ? "none" : "ether",
    tun ? new Uint8Array(0) : randomMac(ns),
    tun ? IFF.POINTOPOINT | IFF.NOARP | IFF.MULTICAST : IFF.BROADCAST | IFF.MULTICAST,
    1500,
    { flags: flags & (FEATURES | TunF.TUN | TunF.TAP), owner: -1, group: -1, queues: [] } satisfies TunPriv,
  );
  if (tun) dev.hardHeaderLen = 0;
  dev.speed = 10000;
  dev.maxMtu = 65535 - dev.hardHeaderLen;
  dev.txqlen = tun ? TUN_READQ_SIZE : 1000;
  dev.noQueue = false;
  if ((flags & TunF.MULTI_QUEUE) !== 0) {
    dev.numTxQueues = MAX_TAP_QUEUES;
    dev.numRxQueues = MAX_TAP_QUEUES;
  }
  return dev;
}

/** tun_not_capable */
function notCapable(p: TunPriv, cred: TunCred): boolean {
  const owned = p.owner < 0 || p.owner === cred.uid;
  const member = p.group < 0 || p.group === cred.gid || cred.groups.includes(p.group);
  return !(owned && member && (p.owner >= 0 || p.group >= 0)) && !cred.netAdmin;
}

/**
 * TUNSETIFF: attaches the queue to the device of that name, or makes it. A template ("tun%d", "") is filled in. 0, or -EBUSY
 * (another file has it, or EXCL and it is there), -EINVAL (the other kind of device, or neither), -EPERM.
 */
export function tunSetIff(ns: NetNs, q: TunQueue, name: string, flags: number, cred: TunCred): number {
  if (q.dev) return -Errno.EINVAL;
  const dev = name === "" ? null : ns.devByName(name);
  if (dev) {
    if ((flags & TunF.EXCL) !== 0) return -Errno.EBUSY;
    if (dev.ops !== TUN_OPS) return -Errno.EINVAL;
    const p = tunPriv(dev);
    const kind = (flags & TunF.TUN) !== 0 ? TunF.TUN : flags & TunF.TAP;
    if (kind === 0 || (p.flags & kind) === 0) return -Errno.EINVAL;
    if ((flags & TunF.MULTI_QUEUE) !== (p.flags & TunF.MULTI_QUEUE)) return -Errno.EINVAL;
    if (notCapable(p, cred)) return -Errno.EPERM;
    const limit = (p.flags & TunF.MULTI_QUEUE) !== 0 ? MAX_TAP_QUEUES : 1;
    if (p.queues.length >= limit) return limit === 1 ? -Errno.EBUSY : -Errno.E2BIG;
    p.flags = (p.flags & ~FEATURES) | (flags & FEATURES);
    attach(dev, q);
    return 0;
  }
  if (!cred.netAdmin) return -Errno.EPERM;
  if ((flags & (TunF.TUN | TunF.TAP)) === 0) return -Errno.EINVAL;
  const fresh = makeDevice(ns, name !== "" ? name : (flags & TunF.TUN) !== 0 ? "tun%d" : "tap%d", flags);
  const err = registerNetdevice(fresh);
  if (err < 0) return err;
  attach(fresh, q);
  return 0;
}

function attach(dev: NetDevice, q: TunQueue): void {
  q.dev = dev;
  tunPriv(dev).queues.push(q);
  carrierOn(dev);
}

/** tun_detach: the file was closed. The last one takes the carrier along, and a device that is not persistent. */
export function tunDetach(q: TunQueue): void {
  const { dev } = q;
  q.ring.length = 0;
  q.dev = null;
  if (!dev) return;
  const p = tunPriv(dev);
  p.queues.splice(p.queues.indexOf(q), 1);
  if (p.queues.length > 0) return;
  carrierOff(dev);
  if ((p.flags & TunF.PERSIST) === 0) unregisterNetdevice(dev);
}

/** How many bytes stand in front of each packet that is read or written: virtio header, then flags and EtherType. */
export function tunHeaderLength(flags: number): number {
  return ((flags & TunF.VNET_HDR) !== 0 ? 10 : 0) + ((flags & TunF.NO_PI) === 0 ? 4 : 0);
}

/** The smallest packet that the device takes from its file. */
export function tunMinLength(flags: number): number {
  return (flags & TunF.TAP) !== 0 ? ETH_HLEN : 1;
}
