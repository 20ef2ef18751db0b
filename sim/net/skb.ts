/**
 * The packet (struct sk_buff): one buffer with headroom, offsets into it, and what the stack knows about it.
 *
 * Ownership instead of reference counts: a function that receives an skb takes it over and must pass it on, queue it, or
 * end it with consumeSkb or dropSkb. Two readers: cloneSkb (shares the buffer, both marked shared); who writes calls cowSkb
 * first. World.liveSkbs counts them.
 */
import { bug } from "../core/result.ts";
import type { IpOptions } from "./ip/options.ts";
import type { Dst4 } from "./ip/state.ts";
import type { Dst6 } from "./ip6/state.ts";
import type { BridgeHop } from "./dev/bridge/types.ts";
import type { NetDevice } from "./dev/device.ts";
import type { NetNs } from "./netns.ts";
import type { Sock } from "./sock/socket.ts";
import { DropReason } from "../trace/reasons.ts";
import { Verdict } from "../trace/recorder.ts";
import { type Site } from "../trace/sites.ts";
import type { NetWorld } from "./world.ts";

export const PacketType = { HOST: 0, BROADCAST: 1, MULTICAST: 2, OTHERHOST: 3, OUTGOING: 4, LOOPBACK: 5 } as const;
export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** Room for every header we push (Ethernet, VLAN, outer IP and UDP, VXLAN, inner Ethernet), as LL_MAX_HEADER. */
export const HEADROOM = 128;
/** Buffers of this size are used again when their packet has ended; most packets fit. At most so many are kept. */
const POOLED = 256;
const POOL_LIMIT = 1024;
const NO_BYTES = new Uint8Array(0);

export class Skb {
  readonly net: NetWorld;
  readonly id: number;
  /** the packet this one was made from (clone, fragment, ICMP error, reply), 0 none */
  parent: number;
  buf: Uint8Array;
  data: number;
  tail: number;
  /** how far tail may go: the buffer itself may be longer */
  end: number;
  /** offsets of headers in buf, -1 unset */
  mac = -1;
  network = -1;
  transport = -1;
  /** EtherType */
  protocol = 0;
  pktType: PacketType = PacketType.HOST;
  dev: NetDevice | null = null;
  /** ifindex by which it came in, 0 for local */
  iif = 0;
  mark = 0;
  priority = 0;
  /** realtime is kept by the kernel; this is virtual time of arrival at the device */
  tstamp = 0;
  /** does another skb share buf? */
  shared = false;
  ended = false;
  dst: Dst4 | null = null;
  dst6: Dst6 | null = null;
  sk: Sock | null = null;
  /** transmit recursion (tunnels), bridge hops */
  depth = 0;
  /** IPv4: came through forwarding (IPSKB_FORWARDED) */
  forwarded = false;
  /** IPv4: the options of a received packet, as read (IPCB(skb)->opt); null when it has none */
  opt: IpOptions | null = null;
  /** the Ethernet destination chosen by the neighbour layer is already in front of data */
  hasMacHeader = false;
  /** bridge port it came in by, for br_netfilter and hairpin */
  bridgePort: NetDevice | null = null;
  /** bridge ports it came in by on its way through this link, newest first; forgotten when a protocol takes it */
  bridgePath: BridgeHop | null = null;
  /** the record that keeps its headers as they are now, and which bytes those are; -1 none */
  snapSeq = -1;
  snapFrom = 0;
  snapTo = 0;

  constructor(net: NetWorld, buf: Uint8Array, data: number, tail: number, end: number, parent: number) {
    this.net = net;
    this.id = net.skbId();
    this.parent = parent;
    this.buf = buf;
    this.data = data;
    this.tail = tail;
    this.end = end;
    net.liveSkbs++;
  }

  get len(): number {
    return this.tail - this.data;
  }
}

/** A new packet with `size` bytes of room after HEADROOM; data === tail. Its birth is recorded by the caller (birth). */
export function allocSkb(net: NetWorld, size: number, parent = 0): Skb {
  const end = HEADROOM + size;
  let buf = end <= POOLED ? net.skbPool.pop() : undefined;
  if (buf) buf.fill(0, HEADROOM, end);
  else buf = new Uint8Array(end <= POOLED ? POOLED : end);
  return new Skb(net, buf, HEADROOM, HEADROOM, end, parent);
}

/** The packet has ended: nobody reads its bytes any more, unless a clone does. */
function recycle(skb: Skb): void {
  const { buf } = skb;
  skb.buf = NO_BYTES;
  if (!skb.shared && buf.length === POOLED && skb.net.skbPool.length < POOL_LIMIT) skb.net.skbPool.push(buf);
}

/** Records a packet's birth: site, and the packet it came from. Once per skb id. */
export function birth(skb: Skb, ns: NetNs, site: Site, a: number, b: number): void {
  skb.net.rec.rec(skb.net.now, skb.id, ns.id, site, Verdict.BIRTH, skb.parent, null, a, b);
}

/** n more bytes at the end; returns their offset in buf. */
export function skbPut(skb: Skb, n: number): number {
  const at = skb.tail;
  if (at + n > skb.end) bug("skbPut beyond the buffer");
  skb.tail += n;
  return at;
}
/** n bytes in front of data; returns the new data offset. */
export function skbPush(skb: Skb, n: number): number {
  if (skb.data < n) {
    const grown = new Uint8Array(skb.buf.length + HEADROOM);
    grown.set(skb.buf, HEADROOM);
    skb.buf = grown;
    skb.data += HEADROOM;
    skb.tail += HEADROOM;
    skb.end += HEADROOM;
    if (skb.mac >= 0) skb.mac += HEADROOM;
    if (skb.network >= 0) skb.network += HEADROOM;
    if (skb.transport >= 0) skb.transport += HEADROOM;
    skb.shared = false;
  }
  skb.data -= n;
  return skb.data;
}
/** Removes n bytes from the front. */
export function skbPull(skb: Skb, n: number): void {
  if (skb.len < n) bug("skbPull beyond the end");
  skb.data += n;
}
/** Cuts the packet to len bytes. */
export function skbTrim(skb: Skb, len: number): void {
  if (len < skb.len) skb.tail = skb.data + len;
}

/** A second reader of the same bytes, with an id of its own; both are shared from now on. */
export function cloneSkb(skb: Skb): Skb {
  const c = new Skb(skb.net, skb.buf, skb.data, skb.tail, skb.end, skb.id);
  skb.shared = true;
  c.shared = true;
  c.mac = skb.mac;
  c.network = skb.network;
  c.transport = skb.transport;
  c.protocol = skb.protocol;
  c.pktType = skb.pktType;
  c.dev = skb.dev;
  c.iif = skb.iif;
  c.mark = skb.mark;
  c.priority = skb.priority;
  c.tstamp = skb.tstamp;
  c.dst = skb.dst;
  c.dst6 = skb.dst6;
  c.depth = skb.depth;
  c.forwarded = skb.forwarded;
  c.opt = skb.opt;
  c.hasMacHeader = skb.hasMacHeader;
  c.bridgePort = skb.bridgePort;
  c.bridgePath = skb.bridgePath;
  c.snapSeq = skb.snapSeq;
  c.snapFrom = skb.snapFrom;
  c.snapTo = skb.snapTo;
  return c;
}

/** Makes the bytes writable: copies them when another skb shares them. Whoever changes a packet that is on its way calls this. */
export function cowSkb(skb: Skb): void {
  skb.snapSeq = -1;
  if (!skb.shared) return;
  skb.buf = skb.buf.slice();
  skb.shared = false;
}

/** Something was decided and the packet goes on. Scalars and immutable references only. */
export function note(skb: Skb, ns: NetNs, site: Site, ref: object | null, a: number, b: number): void {
  skb.net.rec.rec(skb.net.now, skb.id, ns.id, site, Verdict.NOTE, 0, ref, a, b);
  if (site.snap) snap(skb);
}

/** The packet goes on, but the answer that it asks for cannot be made, for a reason. */
export function refuse(skb: Skb, ns: NetNs, site: Site, reason: DropReason, a: number, b: number): void {
  skb.net.rec.rec(skb.net.now, skb.id, ns.id, site, Verdict.REFUSE, reason, null, a, b);
}

/** The packet ends here, for a reason. The only way to discard one. */
export function dropSkb(skb: Skb, ns: NetNs, site: Site, reason: DropReason, ref: object | null, a: number, b: number): void {
  end(skb);
  skb.net.rec.rec(skb.net.now, skb.id, ns.id, site, Verdict.DROP, reason, ref, a, b);
  snap(skb);
  recycle(skb);
}

/** The packet reached its end as intended (delivered, or its work is done). */
export function consumeSkb(skb: Skb, ns: NetNs, site: Site, ref: object | null, a: number, b: number): void {
  end(skb);
  skb.net.rec.rec(skb.net.now, skb.id, ns.id, site, Verdict.CONSUME, DropReason.NONE, ref, a, b);
  snap(skb);
  recycle(skb);
}

/** Keeps the headers with the record just made: what the packet looked like when this was decided. */
function snap(skb: Skb): void {
  const { rec } = skb.net;
  const from = skb.network >= 0 && skb.network <= skb.tail ? skb.network : skb.data;
  if (skb.snapSeq >= 0 && from === skb.snapFrom && skb.tail === skb.snapTo && rec.snapAgain(skb.snapSeq, skb.protocol)) return;
  skb.snapSeq = rec.snap(skb.protocol, skb.buf, from, skb.tail);
  skb.snapFrom = from;
  skb.snapTo = skb.tail;
}

function end(skb: Skb): void {
  if (skb.ended) bug(`skb ${skb.id} ended twice`);
  skb.ended = true;
  skb.net.liveSkbs--;
}
