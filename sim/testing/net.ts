/**
 * Small networks for unit tests: a bare NetWorld, namespaces, devices brought up, frames sent by hand and frames seen. Time
 * runs only when a test lets it.
 */
import { bug } from "../core/result.ts";
import { Scheduler } from "../core/scheduler.ts";
import { concatBytes } from "../core/bytes.ts";
import { SEC } from "../core/time.ts";
import { devOpen } from "../net/dev/core.ts";
import { createVethPair } from "../net/dev/veth.ts";
import { devQueueXmit } from "../net/dev/tx.ts";
import type { NetDevice } from "../net/dev/device.ts";
import { createNet, createNetNs } from "../net/index.ts";
import type { NetNs } from "../net/netns.ts";
import { rtnetlink } from "../net/rtnl/index.ts";
import type { LinkAttrs, LinkRow, RtnlReply, RtnlRequest } from "../net/rtnl/messages.ts";
import { NlmF } from "../net/rtnl/messages.ts";
import { allocSkb, birth, skbPut } from "../net/skb.ts";
import type { PacketTap, Sock } from "../net/sock/socket.ts";
import type { NetWorld } from "../net/world.ts";
import { type RawDecision, Recorder, Verdict } from "../trace/recorder.ts";
import { reasonName } from "../trace/reasons.ts";
import { SITES, Sites } from "../trace/sites.ts";
import { buildEth, ETH_HLEN, ETH_P_ALL } from "../wire/eth.ts";
import { parseMac } from "../wire/mac.ts";

export const ROOT = { uid: 0, gid: 0, netRaw: true, netAdmin: true, groups: [0] } as const;

export interface Rig {
  readonly sched: Scheduler;
  readonly rec: Recorder;
  readonly net: NetWorld;
}

export function makeNet(seed = 1): Rig {
  const sched = new Scheduler();
  const rec = new Recorder();
  return { sched, rec, net: createNet(sched, rec, seed) };
}

/** A namespace of machine "m"; IPv6 off unless wanted, so that only the test's own frames are on the wire. */
export function addNs(rig: Rig, label: string, opts: { readonly ipv6?: boolean; readonly initial?: boolean } = {}): NetNs {
  const ns = createNetNs(rig.net, "m", label, opts.initial ?? false);
  if (!opts.ipv6) {
    const s = ns.sysctl;
    s.conf6All = { ...s.conf6All, disable_ipv6: 1 };
    s.conf6Default = { ...s.conf6Default, disable_ipv6: 1 };
    for (const d of ns.devs.values()) d.conf6 = { ...d.conf6, disable_ipv6: 1 };
  }
  return ns;
}

/** A veth pair across two namespaces, both ends up. */
export function wire(a: NetNs, nameA: string, b: NetNs, nameB: string): readonly [NetDevice, NetDevice] {
  const [x, y] = createVethPair(a, nameA, b, nameB);
  up(x);
  up(y);
  return [x, y];
}

export function up(dev: NetDevice): void {
  if (devOpen(dev) < 0) bug(`${dev.name} does not come up`);
}

/** Lets virtual time pass (default 10 ms). */
export function run(rig: Rig, ns: number = SEC / 100): void {
  rig.sched.run(rig.sched.now + ns, 1_000_000);
}

export function mac(text: string): Uint8Array {
  return parseMac(text) ?? bug(`no MAC: ${text}`);
}

/** An Ethernet frame; the default type is one that nobody handles. */
export function frame(dst: Uint8Array, src: Uint8Array, payload: Uint8Array = new Uint8Array(46), type = 0x88b5): Uint8Array {
  const head = new Uint8Array(ETH_HLEN);
  buildEth(head, 0, dst, src, type);
  return concatBytes([head, payload]);
}

/** Sends bytes as a frame by this device, as a packet socket would. Returns what devQueueXmit said. */
export function send(dev: NetDevice, bytes: Uint8Array): number {
  const skb = allocSkb(dev.ns.net, bytes.length);
  skb.buf.set(bytes, skbPut(skb, bytes.length));
  skb.dev = dev;
  birth(skb, dev.ns, Sites.SEND, 0, bytes.length);
  return devQueueXmit(skb);
}

export interface Seen {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly pktType: number;
}

/** Watches a device as tcpdump does: every frame, both directions (pktType 4 is outgoing). */
export function watch(dev: NetDevice): Seen[] {
  const seen: Seen[] = [];
  const tap: PacketTap = {
    protocol: ETH_P_ALL,
    sk: {} as Sock,
    deliver: (_t, skb) => seen.push({ at: skb.net.now, bytes: skb.buf.slice(skb.mac, skb.tail), pktType: skb.pktType }),
  };
  dev.taps.push(tap);
  return seen;
}

/** Frames that came in (not what the device itself sent). */
export function received(seen: readonly Seen[]): Uint8Array[] {
  return seen.filter((s) => s.pktType !== 4).map((s) => s.bytes);
}

export function rtnl(
  ns: NetNs,
  req: RtnlRequest,
  others: readonly NetNs[] = [],
  cred: { readonly uid: number; readonly netAdmin: boolean } = ROOT,
): RtnlReply {
  return rtnetlink(ns, req, { cred, resolveNetns: (ref) => ("fd" in ref ? (others[ref.fd] ?? null) : null) });
}

/** `ip link add`; attrs.netns and attrs.peer.netns name `others` by index: {fd: 0}. "" when it worked, else the error. */
export function linkAdd(ns: NetNs, attrs: LinkAttrs, others: readonly NetNs[] = []): string {
  return errorOf(rtnl(ns, { type: "RTM_NEWLINK", flags: NlmF.CREATE | NlmF.EXCL, ifindex: 0, attrs }, others));
}
/** `ip link set dev NAME …` */
export function linkSet(ns: NetNs, name: string, attrs: LinkAttrs, others: readonly NetNs[] = []): string {
  const dev = ns.devByName(name) ?? bug(`no device ${name}`);
  return errorOf(rtnl(ns, { type: "RTM_NEWLINK", flags: 0, ifindex: dev.ifindex, attrs }, others));
}
export function linkDel(ns: NetNs, name: string): string {
  return errorOf(rtnl(ns, { type: "RTM_DELLINK", ifindex: 0, name }));
}
/** The dump, as `ip link` shows it. */
export function links(ns: NetNs): readonly LinkRow[] {
  const r = rtnl(ns, { type: "RTM_GETLINK" });
  return r.ok ? r.links! : bug("no dump");
}
/** One link, as `ip link show NAME` gets it. */
export function link(ns: NetNs, name: string): LinkRow {
  const r = rtnl(ns, { type: "RTM_GETLINK", name });
  return r.ok ? r.links![0]! : bug(`no link ${name}`);
}

/** "" or "errno N" or "errno N: words". */
export function errorOf(r: RtnlReply): string {
  if (r.ok) return "";
  return r.extack === null ? `errno ${r.errno}` : `errno ${r.errno}: ${r.extack}`;
}

/** The decisions about one packet and all that were made from it, as "SITE" or "SITE drop REASON". */
export function story(rig: Rig, skb: number): string[] {
  const family = new Set([skb]);
  const out: string[] = [];
  for (let i = rig.rec.oldest; i < rig.rec.count; i++) {
    const d: RawDecision = rig.rec.at(i);
    if (d.verdict === Verdict.BIRTH && family.has(d.reason)) family.add(d.skb);
    if (d.skb === 0 || !family.has(d.skb)) continue;
    out.push(d.verdict === Verdict.DROP ? `${SITES[d.site]!.name} drop ${reasonName(d.reason)}` : SITES[d.site]!.name);
  }
  return out;
}

/** Drops recorded so far, as "SITE REASON". */
export function drops(rig: Rig): string[] {
  const out: string[] = [];
  for (let i = rig.rec.oldest; i < rig.rec.count; i++) {
    const d = rig.rec.at(i);
    if (d.verdict === Verdict.DROP) out.push(`${SITES[d.site]!.name} ${reasonName(d.reason)}`);
  }
  return out;
}
