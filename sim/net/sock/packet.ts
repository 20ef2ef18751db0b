/**
 * AF_PACKET sockets (packet(7), net/packet/af_packet.c): whole frames (SOCK_RAW) or what follows the link header
 * (SOCK_DGRAM), in both directions; tcpdump and arping live on them. Protocol numbers are in host order here.
 *
 * getsockopt PACKET_STATISTICS gives the frames dropped for want of buffer space since it was last asked.
 * Left out: ring buffers (the receive buffer's limit applies), fanout, kernel filters (tcpdump filters for itself).
 */
import { Errno } from "../../core/result.ts";
import { WaitQueue } from "../../core/waitq.ts";
import { buildEth, ETH_HLEN, ethType } from "../../wire/eth.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { devSetPromiscuity } from "../dev/core.ts";
import type { NetDevice } from "../dev/device.ts";
import { devQueueXmit, NET_XMIT } from "../dev/tx.ts";
import type { NetNs } from "../netns.ts";
import { IFF } from "../rtnl/messages.ts";
import { allocSkb, birth, note, type Skb, skbPut } from "../skb.ts";
import type { DevEvent } from "../world.ts";
import type { NetAddr, NetRecv, PacketTap, Sock, SockCred, SockOps } from "./socket.ts";

export const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;
const ARPHRD_NONE = 65534;
/** what a queued frame costs besides its bytes (sk_buff and skb_shared_info) */
const SKB_OVERHEAD = 576;
const MIN_RCVBUF = 2304;
const VLAN_HLEN = 4;

interface PacketSock extends Sock, PacketTap {
  /** EtherType it listens to now; 0 none */
  protocol: number;
  /** 0: all devices, -1: its device is gone */
  ifindex: number;
  /** where the tap hangs, null when it does not */
  hook: PacketTap[] | null;
  readonly queue: NetRecv[];
  queued: number;
  rcvbuf: number;
  sndbuf: number;
  dropped: number;
  /** pending error, positive */
  err: number;
  /** device on which it asked for promiscuity */
  promisc: NetDevice | null;
}

/** socket(AF_PACKET, …): needs CAP_NET_RAW. With a protocol it listens on all devices until it is bound. */
export function packetCreate(ns: NetNs, type: number, protocol: number, cred: SockCred): Sock | number {
  if (!cred.netRaw) return -Errno.EPERM;
  if (type !== SOCK_RAW && type !== SOCK_DGRAM) return -Errno.ESOCKTNOSUPPORT;
  const core = ns.sysctl.core;
  const sk: PacketSock = {
    ops: PACKET_OPS,
    ns,
    family: AF_PACKET,
    type,
    protocol,
    cred,
    wq: new WaitQueue(),
    mark: 0,
    priority: 0,
    boundDev: 0,
    deliver,
    sk: null as unknown as Sock,
    ifindex: 0,
    hook: null,
    queue: [],
    queued: 0,
    rcvbuf: core.rmem_default,
    sndbuf: core.wmem_default,
    dropped: 0,
    err: 0,
    promisc: null,
  };
  (sk as { sk: Sock }).sk = sk;
  if (protocol !== 0) hook(sk);
  return sk;
}

/** Devices that go, come and disappear below a bound socket (packet_notifier). */
export function packetNotifier(dev: NetDevice, event: DevEvent): void {
  if (event !== "down" && event !== "up" && event !== "unregister") return;
  for (const s of dev.ns.socks.all) {
    if (s.family !== AF_PACKET) continue;
    const sk = s as PacketSock;
    if (event === "unregister" && sk.promisc === dev) sk.promisc = null;
    if (sk.ifindex !== dev.ifindex) continue;
    if (event === "up") {
      if (sk.protocol !== 0 && !sk.hook) hook(sk);
      continue;
    }
    if (sk.hook) {
      unhook(sk);
      fail(sk, Errno.ENETDOWN);
    }
    if (event === "unregister") sk.ifindex = -1;
  }
}

function hook(sk: PacketSock): void {
  const dev = sk.ifindex > 0 ? sk.ns.devs.get(sk.ifindex) : null;
  const list = sk.ifindex === 0 ? sk.ns.socks.taps : dev ? dev.taps : null;
  if (!list) return;
  list.push(sk);
  sk.hook = list;
}

function unhook(sk: PacketSock): void {
  if (!sk.hook) return;
  sk.hook.splice(sk.hook.indexOf(sk), 1);
  sk.hook = null;
}

function fail(sk: PacketSock, errno: number): void {
  sk.err = errno;
  sk.wq.wake();
}

/** packet_rcv: copies what the socket wants of the frame; the skb stays as it is. */
function deliver(tap: PacketTap, skb: Skb, dev: NetDevice): void {
  const sk = tap as PacketSock;
  const from = sk.type === SOCK_RAW ? skb.mac : skb.mac + dev.hardHeaderLen;
  const data = skb.buf.slice(from, skb.tail);
  if (sk.queued + data.length + SKB_OVERHEAD > sk.rcvbuf) {
    sk.dropped++;
    note(skb, dev.ns, Sites.PACKET_TAP, null, dev.ifindex, DropReason.SOCKET_RCVBUFF);
    return;
  }
  note(skb, dev.ns, Sites.PACKET_TAP, null, dev.ifindex, 0);
  sk.queued += data.length + SKB_OVERHEAD;
  sk.queue.push({
    data,
    from: {
      family: AF_PACKET,
      ifindex: dev.ifindex,
      protocol: dev.hardHeaderLen === 0 ? skb.protocol : ethType(skb.buf, skb.mac),
      hatype: hatype(dev),
      pkttype: skb.pktType,
      addr: dev.hardHeaderLen === 0 ? new Uint8Array(0) : skb.buf.slice(skb.mac + 6, skb.mac + 12),
    },
    fullLength: data.length,
    tstamp: dev.ns.net.now,
    ttl: 0,
    tos: 0,
    ifindex: dev.ifindex,
    err: null,
  });
  sk.wq.wake();
}

function hatype(dev: NetDevice): number {
  return dev.type === "loopback" ? ARPHRD_LOOPBACK : dev.type === "none" ? ARPHRD_NONE : ARPHRD_ETHER;
}

function bind(s: Sock, addr: NetAddr): number {
  const sk = s as PacketSock;
  if (addr.family !== AF_PACKET) return -Errno.EINVAL;
  const dev = addr.ifindex > 0 ? sk.ns.devs.get(addr.ifindex) : null;
  if (addr.ifindex > 0 && !dev) return -Errno.ENODEV;
  unhook(sk);
  sk.ifindex = addr.ifindex;
  if (addr.protocol !== 0) sk.protocol = addr.protocol;
  if (sk.protocol === 0) return 0;
  if (dev && !(dev.flags & IFF.UP)) fail(sk, Errno.ENETDOWN);
  else hook(sk);
  return 0;
}

/** packet_snd: the number of bytes sent, or -errno (-ENXIO no device, -ENETDOWN, -EMSGSIZE, -EINVAL too short). */
function sendto(s: Sock, data: Uint8Array, to: NetAddr | null, _flags: number): number {
  const sk = s as PacketSock;
  if (to && to.family !== AF_PACKET) return -Errno.EINVAL;
  const dev = sk.ns.devs.get(to ? to.ifindex : sk.ifindex);
  if (!dev) return -Errno.ENXIO;
  if (!(dev.flags & IFF.UP)) return -Errno.ENETDOWN;
  const raw = sk.type === SOCK_RAW;
  const hlen = dev.hardHeaderLen;
  if (data.length > dev.mtu + (raw ? hlen + VLAN_HLEN : 0)) return -Errno.EMSGSIZE;
  if (raw && data.length < Math.max(1, hlen)) return -Errno.EINVAL;
  const protocol = to && to.protocol !== 0 ? to.protocol : sk.protocol;
  const skb = allocSkb(dev.ns.net, data.length + hlen);
  const off = skbPut(skb, raw ? data.length : data.length + hlen);
  if (raw || hlen === 0) skb.buf.set(data, off);
  else {
    buildEth(skb.buf, off, to && to.addr.length >= 6 ? to.addr.slice(0, 6) : dev.broadcast, dev.addr, protocol);
    skb.buf.set(data, off + ETH_HLEN);
  }
  skb.dev = dev;
  skb.sk = sk;
  skb.mark = sk.mark;
  skb.priority = sk.priority;
  skb.mac = off;
  skb.network = off + hlen;
  skb.protocol = raw && hlen > 0 ? ethType(skb.buf, off) : protocol;
  birth(skb, sk.ns, Sites.SEND, skb.protocol, skb.len);
  const r = devQueueXmit(skb);
  if (r < 0) return r;
  return r === NET_XMIT.DROP ? -Errno.ENOBUFS : data.length;
}

function recv(s: Sock, max: number, errqueue: boolean): NetRecv | number {
  const sk = s as PacketSock;
  if (errqueue) return -Errno.EAGAIN;
  if (sk.err) return takeError(sk);
  const m = sk.queue.shift();
  if (!m) return -Errno.EAGAIN;
  sk.queued -= m.fullLength + SKB_OVERHEAD;
  return m.data.length <= max ? m : { ...m, data: m.data.slice(0, max) };
}

function takeError(sk: PacketSock): number {
  const e = sk.err;
  sk.err = 0;
  return -e;
}

function setsockopt(s: Sock, opt: string, value: number | string | Uint8Array): number {
  const sk = s as PacketSock;
  if (typeof value !== "number") return -Errno.EINVAL;
  const core = sk.ns.sysctl.core;
  switch (opt) {
    case "SO_RCVBUF":
      sk.rcvbuf = Math.max(MIN_RCVBUF, Math.min(value, core.rmem_max) * 2);
      return 0;
    case "SO_SNDBUF":
      sk.sndbuf = Math.max(MIN_RCVBUF, Math.min(value, core.wmem_max) * 2);
      return 0;
    case "SO_MARK":
      if (!sk.cred.netAdmin) return -Errno.EPERM;
      sk.mark = value >>> 0;
      return 0;
    case "SO_PRIORITY":
      sk.priority = value;
      return 0;
    case "PACKET_PROMISC": {
      const dev = sk.ns.devs.get(sk.ifindex);
      if (value !== 0 && !sk.promisc) {
        if (!dev) return -Errno.ENODEV;
        sk.promisc = dev;
        devSetPromiscuity(dev, 1);
      } else if (value === 0) leavePromisc(sk);
      return 0;
    }
    default:
      return -Errno.ENOPROTOOPT;
  }
}

function leavePromisc(sk: PacketSock): void {
  if (sk.promisc) devSetPromiscuity(sk.promisc, -1);
  sk.promisc = null;
}

function getsockopt(s: Sock, opt: string): number {
  const sk = s as PacketSock;
  switch (opt) {
    case "SO_ERROR":
      return -takeError(sk);
    case "SO_RCVBUF":
      return sk.rcvbuf;
    case "SO_SNDBUF":
      return sk.sndbuf;
    case "PACKET_STATISTICS": {
      const n = sk.dropped;
      sk.dropped = 0;
      return n;
    }
    default:
      return -Errno.ENOPROTOOPT;
  }
}

function getsockname(s: Sock): NetAddr {
  const sk = s as PacketSock;
  const dev = sk.ns.devs.get(sk.ifindex);
  return {
    family: AF_PACKET,
    ifindex: sk.ifindex,
    protocol: sk.protocol,
    hatype: dev ? hatype(dev) : 0,
    pkttype: 0,
    addr: dev ? dev.addr.slice() : new Uint8Array(0),
  };
}

function close(s: Sock): void {
  const sk = s as PacketSock;
  unhook(sk);
  leavePromisc(sk);
  sk.queue.length = 0;
}

const PACKET_OPS: SockOps = {
  bind,
  connect: () => -Errno.EOPNOTSUPP,
  sendto,
  recv,
  setsockopt,
  getsockopt,
  getsockname,
  getpeername: () => -Errno.EOPNOTSUPP,
  poll: (s) => {
    const sk = s as PacketSock;
    return { read: sk.queue.length > 0 || sk.err !== 0, write: true, err: sk.err !== 0, hup: false };
  },
  shutdown: () => -Errno.EOPNOTSUPP,
  close,
};
