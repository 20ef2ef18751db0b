/**
 * The neighbour table: lookup, creation, flushing and collection (net/core/neighbour.c). As in Linux nothing is collected
 * while there are fewer than gc_thresh1 entries, gc_thresh2 starts forced collection after 5 s and gc_thresh3 is the
 * hard limit; entries are counted per namespace here, while Linux counts them over all.
 */
import { mix32 } from "../../core/hash.ts";
import { u32 } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { TimerKind } from "../../core/scheduler.ts";
import type { NetDevice } from "../dev/device.ts";
import { NtfF, Nud } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import { dropSkb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { Neigh, NUD_CONNECTED, NUD_VALID, type NeighTable, type ProxyNeigh, type ProxyWait } from "./state.ts";

function hash4(dev: NetDevice, key4: number): number {
  return mix32(key4 ^ Math.imul(dev.ifindex, 0x9e3779b1));
}
function hashBytes(dev: NetDevice, key: Uint8Array): number {
  let h = Math.imul(dev.ifindex, 0x9e3779b1);
  for (let i = 0; i < key.length; i += 4) h = mix32(h ^ u32(key, i));
  return h;
}
function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
function hashOf(n: Neigh): number {
  return n.key.length === 4 ? hash4(n.dev, n.key4) : hashBytes(n.dev, n.key);
}

export function neighLookup4(t: NeighTable, dev: NetDevice, key4: number): Neigh | null {
  let n: Neigh | null = t.hash.get(hash4(dev, key4)) ?? null;
  while (n && (n.key4 !== key4 || n.dev !== dev)) n = n.next;
  return n;
}
export function neighLookup6(t: NeighTable, dev: NetDevice, key: Uint8Array): Neigh | null {
  let n: Neigh | null = t.hash.get(hashBytes(dev, key)) ?? null;
  while (n && (n.dev !== dev || !sameKey(n.key, key))) n = n.next;
  return n;
}
export function neighLookup(t: NeighTable, dev: NetDevice, key: Uint8Array): Neigh | null {
  return key.length === 4 ? neighLookup4(t, dev, u32(key, 0)) : neighLookup6(t, dev, key);
}

/** A new entry, which must not exist yet; null when the table is full or the family refuses. */
export function neighCreate(t: NeighTable, dev: NetDevice, key: Uint8Array): Neigh | null {
  const gc = t.family === 2 ? t.ns.sysctl.neigh4Gc : t.ns.sysctl.neigh6Gc;
  const now = t.ns.net.now;
  const entries = t.all.size;
  if (entries >= gc.gc_thresh3 || (entries >= gc.gc_thresh2 && now > t.lastForcedGc + 5 * SEC)) {
    forcedGc(t);
    if (t.all.size >= gc.gc_thresh3) return null;
  }
  const n = new Neigh(t, dev, key.slice(), key.length === 4 ? u32(key, 0) : 0);
  const wished = n.key;
  if (!t.ops.construct(n)) return null;
  const known = n.key === wished ? null : neighLookup(t, dev, n.key);
  if (known) return known;
  // a fresh entry is not confirmed: twice the base time ago at least
  n.confirmed = now - t.ops.conf(dev).base_reachable_time_ms * 2_000_000;
  const h = hashOf(n);
  n.next = t.hash.get(h) ?? null;
  t.hash.set(h, n);
  t.all.add(n);
  if (!t.gcTimer && t.all.size >= gc.gc_thresh1) armGc(t);
  return n;
}

/** Takes an entry out of the table; its waiting packets are dropped without a word to their senders. */
export function neighRemove(n: Neigh): void {
  const t = n.table;
  const h = hashOf(n);
  let p = t.hash.get(h) ?? null;
  if (p === n) {
    if (n.next) t.hash.set(h, n.next);
    else t.hash.delete(h);
  } else {
    while (p && p.next !== n) p = p.next;
    if (p) p.next = n.next;
  }
  n.next = null;
  t.all.delete(n);
  n.dead = true;
  neighDelTimer(n);
  purgeQueue(n);
  neighNotify(n);
  n.state = (n.state & NUD_VALID) !== 0 ? Nud.NOARP : Nud.NONE; // whoever still holds it sends nowhere
}

function purgeQueue(n: Neigh): void {
  for (const skb of n.queue) dropSkb(skb, n.dev.ns, Sites.NEIGH, DropReason.NEIGH_DEAD, n, n.state, n.queue.length);
  n.queue.length = 0;
  n.queueBytes = 0;
}

export function neighDelTimer(n: Neigh): void {
  if (!n.timer) return;
  n.table.ns.net.sched.cancel(n.timer);
  n.timer = null;
}

/** __neigh_notify: `ip monitor neigh` and pictures. */
export function neighNotify(n: Neigh): void {
  const net = n.table.ns.net;
  net.rec.rec(net.now, 0, n.table.ns.id, Sites.EV_NEIGH, Verdict.EVENT, 0, n, n.state, n.key4);
  net.changed(n.table.ns, "neigh", n, n.dead);
}

function flushDev(t: NeighTable, dev: NetDevice | null, keepPermanent: boolean): void {
  for (const n of t.all) {
    if (dev && n.dev !== dev) continue;
    if (keepPermanent && (n.state & Nud.PERMANENT) !== 0) continue;
    neighRemove(n);
  }
}
/** The device has a new link-layer address: what was learned by the old one is void. */
export function neighChangeAddr(t: NeighTable, dev: NetDevice): void {
  flushDev(t, dev, false);
}
/** The device went down. */
export function neighIfdown(t: NeighTable, dev: NetDevice): void {
  flushDev(t, dev, false);
  proxyIfdown(t, dev);
  t.forgetDevice(dev);
}
/** The device lost its carrier: permanent entries stay. */
export function neighCarrierDown(t: NeighTable, dev: NetDevice): void {
  flushDev(t, dev, true);
  proxyQueuePurge(t, dev);
}
/** The namespace goes. */
export function neighTableClear(t: NeighTable): void {
  flushDev(t, null, false);
  proxyQueuePurge(t, null);
  t.proxies.length = 0;
  t.ns.net.sched.cancel(t.gcTimer);
  t.gcTimer = null;
}

// ---------------------------------------------------------------- collection

function armGc(t: NeighTable): void {
  // neigh_periodic_work: twice per base_reachable_time
  t.gcTimer = t.ns.net.sched.arm(
    TimerKind.NEIGH_GC,
    t,
    (t.family === 2 ? t.ns.sysctl.neigh4Default : t.ns.sysctl.neigh6Default).base_reachable_time_ms * 500_000,
  );
}

/** TimerKind.NEIGH_GC: forgets entries that failed, or that nobody used for gc_stale_time. */
export function neighGcTimer(t: NeighTable): void {
  t.gcTimer = null;
  const gc = t.family === 2 ? t.ns.sysctl.neigh4Gc : t.ns.sysctl.neigh6Gc;
  if (t.all.size < gc.gc_thresh1) return; // armed again when the table grows
  const now = t.ns.net.now;
  for (const n of t.all) {
    if ((n.state & (Nud.PERMANENT | Nud.INCOMPLETE | Nud.DELAY | Nud.PROBE)) !== 0 || (n.flags & NtfF.EXT_LEARNED) !== 0) continue;
    if (n.used < n.confirmed) n.used = n.confirmed;
    if (n.timer === null && (n.state === Nud.FAILED || now > n.used + t.ops.conf(n.dev).gc_stale_time * SEC)) neighRemove(n);
  }
  armGc(t);
}

/** neigh_forced_gc: what was not updated for 5 s and is not connected goes. */
function forcedGc(t: NeighTable): void {
  const now = t.ns.net.now;
  t.lastForcedGc = now;
  for (const n of t.all) {
    if ((n.state & Nud.PERMANENT) !== 0 || n.timer !== null) continue;
    if (n.state === Nud.FAILED || n.state === Nud.NOARP || ((n.state & NUD_CONNECTED) === 0 && now > n.updated + 5 * SEC)) neighRemove(n);
  }
}

// ---------------------------------------------------------------- answering for others

export function proxyLookup(t: NeighTable, key: Uint8Array, dev: NetDevice): ProxyNeigh | null {
  for (const p of t.proxies) if (sameKey(p.key, key) && (p.dev === null || p.dev === dev)) return p;
  return null;
}

function proxyIfdown(t: NeighTable, dev: NetDevice): void {
  for (let i = t.proxies.length - 1; i >= 0; i--) {
    if (t.proxies[i]!.dev !== dev) continue;
    const [p] = t.proxies.splice(i, 1);
    t.ops.proxyRemoved?.(dev, p!.key);
  }
  proxyQueuePurge(t, dev);
}
function proxyQueuePurge(t: NeighTable, dev: NetDevice | null): void {
  for (let i = t.proxyQueue.length - 1; i >= 0; i--) {
    const w = t.proxyQueue[i]!;
    if (dev && w.skb.dev !== dev) continue;
    t.proxyQueue.splice(i, 1);
    t.ns.net.sched.cancel(w.timer);
    dropSkb(w.skb, t.ns, Sites.ARP_RCV, DropReason.NEIGH_DEAD, null, 0, 0);
  }
}

/** pneigh_enqueue: answers after a random part of proxy_delay, so that the owner itself may come first. */
export function proxyEnqueue(t: NeighTable, skb: Skb): void {
  const dev = skb.dev!;
  const conf = t.ops.conf(dev);
  if (t.proxyQueue.length > conf.proxy_qlen) {
    dropSkb(skb, t.ns, Sites.ARP_RCV, DropReason.NEIGH_QUEUEFULL, null, 0, t.proxyQueue.length);
    return;
  }
  const wait: ProxyWait = { table: t, skb, timer: null };
  const delay = conf.proxy_delay > 0 ? t.rng.below(conf.proxy_delay * 10_000) * 1_000 : 0; // proxy_delay is in 1/100 s
  wait.timer = t.ns.net.sched.arm(TimerKind.NEIGH_PROXY, wait, delay);
  t.proxyQueue.push(wait);
}

/** TimerKind.NEIGH_PROXY */
export function neighProxyTimer(wait: ProxyWait): void {
  const t = wait.table;
  const i = t.proxyQueue.indexOf(wait);
  if (i < 0) return;
  t.proxyQueue.splice(i, 1);
  t.ops.proxyRedo(wait.skb);
}
