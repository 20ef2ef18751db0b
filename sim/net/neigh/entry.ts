/**
 * A neighbour's state machine (neigh_timer_handler, __neigh_event_send and __neigh_update of net/core/neighbour.c):
 * NONE → INCOMPLETE → REACHABLE → STALE → DELAY → PROBE → FAILED. Entries are asked for once a second, mcast_solicit
 * times to everybody or ucast_solicit times to the known address; a packet that waits is kept, within unres_qlen_bytes.
 * neighOutput stands for neigh_hh_output, neigh_connected_output and neigh_resolve_output.
 */
import { MS, SEC } from "../../core/time.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { Errno } from "../../core/result.ts";
import { NtfF, Nud } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import { dropSkb, note } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Verdict } from "../../trace/recorder.ts";
import { Sites } from "../../trace/sites.ts";
import { devQueueXmit } from "../dev/tx.ts";
import { devHardHeader } from "./header.ts";
import { type Neigh, NeighUpdate, NUD_CONNECTED, NUD_IN_TIMER, NUD_VALID } from "./state.ts";
import { neighDelTimer, neighNotify } from "./table.ts";

/** What a queued packet counts for in unres_qlen_bytes: its buffer and struct sk_buff, as truesize does. */
function truesize(skb: Skb): number {
  return skb.end + 256;
}

function armTimer(n: Neigh, delay: number): void {
  n.timer = n.table.ns.net.sched.arm(TimerKind.NEIGH, n, delay);
}
function setState(n: Neigh, state: number): void {
  const net = n.table.ns.net;
  net.rec.rec(net.now, 0, n.table.ns.id, Sites.NEIGH_UPDATE, Verdict.EVENT, 0, n, n.state, state);
  n.state = state;
}
function maxProbes(n: Neigh): number {
  const c = n.table.ops.conf(n.dev);
  return c.ucast_solicit + c.app_solicit + ((n.state & Nud.PROBE) !== 0 ? c.mcast_resolicit : c.mcast_solicit);
}
function retrans(n: Neigh): number {
  return Math.max(n.table.ops.conf(n.dev).retrans_time_ms * MS, 10 * MS);
}

function probe(n: Neigh): void {
  const skb = n.queue.length > 0 ? n.queue[n.queue.length - 1]! : null;
  n.table.ops.solicit(n, skb);
  n.probes++;
}

/** Resolution failed: every waiting packet's sender hears of it. */
function invalidate(n: Neigh): void {
  n.updated = n.table.ns.net.now;
  while (n.state === Nud.FAILED) {
    const skb = n.queue.shift();
    if (!skb) break;
    n.table.ops.errorReport(n, skb);
    dropSkb(skb, n.dev.ns, Sites.NEIGH, DropReason.NEIGH_FAILED, n, n.state, n.queue.length);
  }
  for (const skb of n.queue) dropSkb(skb, n.dev.ns, Sites.NEIGH, DropReason.NEIGH_FAILED, n, n.state, 0);
  n.queue.length = 0;
  n.queueBytes = 0;
}

/** TimerKind.NEIGH */
export function neighTimer(n: Neigh): void {
  n.timer = null;
  if ((n.state & NUD_IN_TIMER) === 0) return;
  const net = n.table.ns.net;
  const now = net.now;
  const conf = n.table.ops.conf(n.dev);
  const delayProbe = conf.delay_first_probe_time * SEC;
  let next: number;
  let notify = false;
  if ((n.state & Nud.REACHABLE) !== 0) {
    const reachable = n.table.reachableTime(n.dev);
    if (now < n.confirmed + reachable) next = n.confirmed + reachable;
    else if (now <= n.used + delayProbe) {
      setState(n, Nud.DELAY);
      n.updated = now;
      next = now + delayProbe;
    } else {
      setState(n, Nud.STALE);
      n.updated = now;
      next = now;
      notify = true;
    }
  } else if ((n.state & Nud.DELAY) !== 0) {
    if (now < n.confirmed + delayProbe) {
      setState(n, Nud.REACHABLE);
      n.updated = now;
      next = n.confirmed + n.table.reachableTime(n.dev);
    } else {
      setState(n, Nud.PROBE);
      n.updated = now;
      n.probes = 0;
      next = now + retrans(n);
    }
    notify = true;
  } else next = now + retrans(n);

  if ((n.state & (Nud.INCOMPLETE | Nud.PROBE)) !== 0 && n.probes >= maxProbes(n)) {
    setState(n, Nud.FAILED);
    invalidate(n);
    neighNotify(n);
    return;
  }
  if ((n.state & NUD_IN_TIMER) !== 0) armTimer(n, Math.max(next - now, 10 * MS));
  if ((n.state & (Nud.INCOMPLETE | Nud.PROBE)) !== 0) probe(n);
  if (notify) neighNotify(n);
}

/**
 * Somebody wants to send to the neighbour. True: go ahead with what is known. False: the packet (when given) was taken,
 * to be sent on resolution or dropped.
 */
export function neighEventSend(n: Neigh, skb: Skb | null): boolean {
  const net = n.table.ns.net;
  const now = net.now;
  n.used = now;
  if ((n.state & (NUD_CONNECTED | Nud.DELAY | Nud.PROBE)) !== 0) return true;
  if (n.dead) {
    if (skb) dropSkb(skb, n.dev.ns, Sites.NEIGH, DropReason.NEIGH_DEAD, n, n.state, 0);
    return false;
  }
  const conf = n.table.ops.conf(n.dev);
  let immediate = false;
  if ((n.state & (Nud.STALE | Nud.INCOMPLETE)) === 0) {
    if (conf.mcast_solicit + conf.app_solicit === 0) {
      setState(n, Nud.FAILED);
      n.updated = now;
      if (skb) dropSkb(skb, n.dev.ns, Sites.NEIGH, DropReason.NEIGH_FAILED, n, n.state, 0);
      return false;
    }
    n.probes = conf.ucast_solicit; // the unicast ones are over: nobody is known yet
    neighDelTimer(n);
    setState(n, Nud.INCOMPLETE);
    n.updated = now;
    immediate = true;
    armTimer(n, retrans(n));
  } else if ((n.state & Nud.STALE) !== 0) {
    neighDelTimer(n);
    setState(n, Nud.DELAY);
    n.updated = now;
    armTimer(n, conf.delay_first_probe_time * SEC);
  }
  const incomplete = n.state === Nud.INCOMPLETE;
  if (incomplete && skb) {
    const size = truesize(skb);
    while (n.queue.length > 0 && n.queueBytes + size > conf.unres_qlen_bytes) {
      const old = n.queue.shift()!;
      n.queueBytes -= truesize(old);
      dropSkb(old, n.dev.ns, Sites.NEIGH, DropReason.NEIGH_QUEUEFULL, n, n.state, n.queue.length);
    }
    n.queue.push(skb);
    n.queueBytes += size;
    note(skb, n.dev.ns, Sites.NEIGH, n, n.state, n.queue.length);
  }
  if (immediate) probe(n);
  return !incomplete;
}

/**
 * News about a neighbour: from the wire (flags OVERRIDE …) or from an administrator (ADMIN). `lladdr` null means "keep
 * what is known". Returns 0 or -errno; -EPERM when a fixed entry was to be changed from the wire.
 */
export function neighUpdate(n: Neigh, lladdr: Uint8Array | null, newState: number, flags: number): number {
  const now = n.table.ns.net.now;
  const old = n.state;
  let next = newState;
  const admin = (flags & NeighUpdate.ADMIN) !== 0;
  if (n.dead) return -Errno.EPERM;
  if (!admin && (old & (Nud.NOARP | Nud.PERMANENT)) !== 0) return -Errno.EPERM;
  if ((flags & NeighUpdate.USE) !== 0) {
    n.state = old & ~Nud.PERMANENT;
    return 0;
  }
  if ((next & NUD_VALID) === 0) {
    neighDelTimer(n);
    if (old !== next) setState(n, next);
    const failed = (old & (Nud.INCOMPLETE | Nud.PROBE)) !== 0 && (next & Nud.FAILED) !== 0;
    if (failed) invalidate(n);
    if (failed || (old & NUD_VALID) !== 0) neighNotify(n);
    return 0;
  }
  let same = true;
  if (lladdr) same = (old & NUD_VALID) !== 0 && equalHa(lladdr, n.ha);
  else if ((old & NUD_VALID) === 0) return -Errno.EINVAL;

  if ((next & NUD_CONNECTED) !== 0) n.confirmed = now;
  let isRouter = (flags & NeighUpdate.OVERRIDE_ISROUTER) !== 0;
  let notify = false;
  if ((old & NUD_VALID) !== 0) {
    if (!same && (flags & NeighUpdate.OVERRIDE) === 0) {
      isRouter = false;
      if ((flags & NeighUpdate.WEAK_OVERRIDE) === 0 || (old & NUD_CONNECTED) === 0) return 0;
      same = true;
      next = Nud.STALE;
    } else if (same && next === Nud.STALE && !admin) next = old;
  }
  if (next !== old || !same) n.updated = now;
  if (next !== old) {
    neighDelTimer(n);
    if ((next & Nud.PROBE) !== 0) n.probes = 0;
    setState(n, next);
    if ((next & NUD_IN_TIMER) !== 0) armTimer(n, (next & Nud.REACHABLE) !== 0 ? n.table.reachableTime(n.dev) : 0);
    notify = true;
  }
  if (!same) {
    n.ha = lladdr!.slice();
    if ((next & NUD_CONNECTED) === 0) n.confirmed = now - n.table.ops.conf(n.dev).base_reachable_time_ms * 2 * MS;
    notify = true;
  }
  if (next !== old && (old & NUD_VALID) === 0) flushQueue(n);
  if (isRouter) {
    const router = (flags & NeighUpdate.ISROUTER) !== 0 ? NtfF.ROUTER : 0;
    if ((n.flags & NtfF.ROUTER) !== router) {
      n.flags = (n.flags & ~NtfF.ROUTER) | router;
      notify = true;
    }
  }
  if (notify) neighNotify(n);
  return 0;
}

function equalHa(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (a[i] !== b[i]) return false;
  return true;
}

// ---------------------------------------------------------------- sending

/** Takes the packet over: sends it, or keeps it until the neighbour's address is known. NET_XMIT code or -errno. */
export function neighOutput(n: Neigh, skb: Skb): number {
  // used and DELAY are the business of entries that are not connected only
  if ((n.state & NUD_CONNECTED) === 0 && !neighEventSend(n, skb)) return 0;
  note(skb, n.dev.ns, Sites.NEIGH, n, n.state, 0);
  devHardHeader(skb, n.dev, n.ha, n.dev.addr, skb.protocol);
  return devQueueXmit(skb);
}

/** The address is known now: what waited goes out, in order. */
function flushQueue(n: Neigh): void {
  while ((n.state & NUD_VALID) !== 0) {
    const skb = n.queue.shift();
    if (!skb) break;
    neighOutput(n, skb);
  }
  n.queueBytes = 0;
}
