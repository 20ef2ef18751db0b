/**
 * The packet (struct sk_buff): one buffer with headroom, offsets into it, and what the stack knows about it.
 *
 * Ownership instead of reference counts: a function that receives an skb takes it over and must pass it on, queue it, or
 * end it with consumeSkb or dropSkb. Two readers: cloneSkb (shares the buffer, both marked shared); who writes calls cowSkb
 * first. World.liveSkbs counts them.
 */
import { bug } from "../core/result.ts";
import type { Dst4 } from "./ip/state.ts";
import type { Dst6 } from "./ip6/state.ts";
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

export class Skb {
  readonly net: NetWorld;
  readonly id: number;
  /** the packet this one was made from (clone, fragment, ICMP error, reply), 0 none */
  parent: number;
  buf: Uint8Array;
  data: number;
  tail: number;
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
  /** the Ethernet destination chosen by the neighbour layer is already in front of data */
  hasMacHeader = false;
  /** bridge port it came in by, for br_netfilter and hairpin */
  bridgePort: NetDevice | null = null;

  constructor(net: NetWorld, buf: Uint8Array, data: number, tail: number, parent: number) {
    this.net = net;
    this.id = net.skbId();
    this.parent = parent;
    this.buf = buf;
    this.data = data;
    this.tail = tail;
    net.liveSkbs++;
  }

  get len(): number {
    return this.tail - this.data;
  }
}

/** A new packet with `size` bytes of room after HEADROOM; data === tail. Its birth is recorded by the caller (birth). */
export function allocSkb(net: NetWorld, size: number, parent = 0): Skb {
  return new Skb(net, new Uint8Array(HEADROOM + size), HEADROOM, HEADROOM, parent);
}

/** Records a packet's birth: site, and the packet it came from. Once per skb id. */
export function birth(skb: Skb, ns: NetNs, site: Site, a: number, b: number): void {
  skb.net.rec.rec(skb.net.now, skb.id, ns.id, site, Verdict.BIRTH, skb.parent, null, a, b);
}

/** n more bytes at the end; returns their offset in buf. */
export function skbPut(skb: Skb, n: number): number {
  const at = skb.tail;
  if (at + n > skb.buf.length) bug("skbPut beyond the buffer");
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
  const c = new Skb(skb.net, skb.buf, skb.data, skb.tail, skb.id);
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
  c.hasMacHeader = skb.hasMacHeader;
  c.bridgePort = skb.bridgePort;
  return c;
}

/** Makes the bytes writable: copies them when another skb shares them. */
export function cowSkb(skb: Skb): void {
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
}

/** The packet reached its end as intended (delivered, or its work is done). */
export function consumeSkb(skb: Skb, ns: NetNs, site: Site, ref: object | null, a: number, b: number): void {
  end(skb);
  skb.net.rec.rec(skb.net.now, skb.id, ns.id, site, Verdict.CONSUME, DropReason.NONE, ref, a, b);
  snap(skb);
}

/** Keeps the headers with the record just made: what the packet looked like when this was decided. */
function snap(skb: Skb): void {
  skb.net.rec.snap(skb.protocol, skb.buf, skb.network >= 0 && skb.network <= skb.tail ? skb.network : skb.data, skb.tail);
}

function end(skb: Skb): void {
  if (skb.ended) bug(`skb ${skb.id} ended twice`);
  skb.ended = true;
  skb.net.liveSkbs--;
}
