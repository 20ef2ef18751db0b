/**
 * The forwarding database (net/bridge/br_fdb.c): which port an address was last seen on. Learned entries age; local ones
 * (the ports' and the bridge's own addresses) stay. Entries are removed when their time is up; Linux may be up to 10 ms later.
 */
import { hex } from "../../../core/bytes.ts";
import { TimerKind } from "../../../core/scheduler.ts";
import { MS } from "../../../core/time.ts";
import { Sites } from "../../../trace/sites.ts";
import { eqMac, isValidMac } from "../../../wire/mac.ts";
import { KERN, netRatelimit, printk } from "../../printk.ts";
import { note, type Skb } from "../../skb.ts";
import { type Bridge, type BridgePort, BrState, type FdbEntry, macKey } from "./types.ts";

/** no two clean-ups closer than this */
const MIN_CLEANUP = 10 * MS;

export function fdbFind(br: Bridge, addr: Readonly<Uint8Array>, off = 0): FdbEntry | null {
  return br.fdb.get(macKey(addr, off)) ?? null;
}

/** A new entry, not yet aged. */
export function fdbCreate(br: Bridge, addr: Readonly<Uint8Array>, port: BridgePort | null, local: boolean): FdbEntry {
  const now = br.dev.ns.net.now;
  const e: FdbEntry = {
    key: macKey(addr),
    addr: addr.slice(0, 6),
    port,
    local,
    static: local,
    sticky: false,
    addedByUser: false,
    externLearn: false,
    updated: now,
    used: now,
  };
  br.fdb.set(e.key, e);
  if (!local) armAgeing(br, br.ageingTime);
  return e;
}

/** br_fdb_update: learns that the frame's source is behind `port`. A local address is never learned away. */
export function fdbLearn(br: Bridge, port: BridgePort, skb: Skb): void {
  if (port.state !== BrState.LEARNING && port.state !== BrState.FORWARDING) return;
  // a bridge that forgets at once does not learn
  if (holdTime(br) === 0) return;
  const off = skb.mac + 6;
  const e = fdbFind(br, skb.buf, off);
  if (e) {
    if (e.local) {
      if (netRatelimit(br.dev.ns)) warnOwnAddress(br, port, e);
      return;
    }
    e.updated = br.dev.ns.net.now;
    if (e.port !== port && !e.sticky) {
      e.port = port;
      e.externLearn = false;
      note(skb, br.dev.ns, Sites.BR_LEARN, null, port.dev.ifindex, 1);
    }
    return;
  }
  fdbCreate(br, skb.buf.subarray(off, off + 6), port, false);
  note(skb, br.dev.ns, Sites.BR_LEARN, null, port.dev.ifindex, 0);
}

/** Somebody else has the bridge's address, or its own frames come back: the sign of a loop. */
function warnOwnAddress(br: Bridge, port: BridgePort, e: FdbEntry): void {
  const text = `received packet on ${port.dev.name} with own address as source address (addr:${hex(e.addr, ":")}, vlan:0)`;
  printk(br.dev.ns, KERN.WARNING, `${br.dev.name}: ${text}`);
}

/** fdb_add_local: an own address of a port, or of the bridge (null). What was learned about it is forgotten. */
export function fdbAddLocal(br: Bridge, port: BridgePort | null, addr: Readonly<Uint8Array>): void {
  if (!isValidMac(addr as Uint8Array)) return;
  const e = fdbFind(br, addr);
  if (e?.local) return;
  fdbCreate(br, addr, port, true);
}

/** fdb_delete_local: another port or the bridge may have the same address; then the entry becomes theirs. */
export function fdbDeleteLocal(br: Bridge, e: FdbEntry, owner: BridgePort | null): void {
  for (const p of br.ports) {
    if (p !== owner && eqMac(p.dev.addr, 0, e.addr, 0)) {
      e.port = p;
      return;
    }
  }
  if (owner && eqMac(br.dev.addr, 0, e.addr, 0)) {
    e.port = null;
    return;
  }
  br.fdb.delete(e.key);
}

/** br_fdb_changeaddr / br_fdb_change_mac_address: a port (or the bridge, null) has a new own address. */
export function fdbChangeOwn(br: Bridge, port: BridgePort | null, addr: Readonly<Uint8Array>): void {
  for (const e of br.fdb.values()) if (e.port === port && e.local && !e.addedByUser) fdbDeleteLocal(br, e, port);
  fdbAddLocal(br, port, addr);
}

/** br_fdb_delete_by_port: everything that the bridge learned there itself; with `all` also what was given to it. */
export function fdbDeleteByPort(br: Bridge, port: BridgePort, all: boolean): void {
  for (const e of br.fdb.values()) {
    if (e.port !== port) continue;
    if (!all && !ages(e)) continue;
    if (e.local) fdbDeleteLocal(br, e, port);
    else br.fdb.delete(e.key);
  }
}

/** br_fdb_flush: what is not static, of one port or of all */
export function fdbFlush(br: Bridge, port: BridgePort | null = null): void {
  for (const e of br.fdb.values()) if (!e.static && !e.local && (!port || e.port === port)) br.fdb.delete(e.key);
}

/** hold_time: while the topology changes, what was learned is soon forgotten */
function holdTime(br: Bridge): number {
  return br.topologyChange ? br.forwardDelay : br.ageingTime;
}

function ages(e: FdbEntry): boolean {
  return !e.static && !e.local && !e.externLearn;
}

/** has_expired */
export function fdbExpired(br: Bridge, e: FdbEntry): boolean {
  return ages(e) && e.updated + holdTime(br) <= br.dev.ns.net.now;
}

/** The ageing time was changed: look again. A change of the topology is no reason: the work goes on as it was planned (gc_work). */
export function fdbRearm(br: Bridge): void {
  br.dev.ns.net.sched.cancel(br.ageingTimer);
  br.ageingTimer = null;
  armAgeing(br, br.ageingTime);
}

/** The timer's function (TimerKind.BR_AGEING): forgets what is too old. */
export function fdbAgeing(br: Bridge): void {
  br.ageingTimer = null;
  for (const e of br.fdb.values()) if (fdbExpired(br, e)) br.fdb.delete(e.key);
  armAgeing(br, holdTime(br));
}

/** Runs only while there is something that can age, so that a quiet world is idle. */
function armAgeing(br: Bridge, hold: number): void {
  if (br.ageingTimer) return;
  const net = br.dev.ns.net;
  let next = Infinity;
  for (const e of br.fdb.values()) if (ages(e) && e.updated + hold < next) next = e.updated + hold;
  if (next === Infinity) return;
  br.ageingTimer = net.sched.arm(TimerKind.BR_AGEING, br, Math.max(next - net.now, MIN_CLEANUP));
}
