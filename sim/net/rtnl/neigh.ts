/**
 * RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH for ARP and NDISC tables (neigh_add, neigh_delete, neigh_get, neigh_dump_info of
 * net/core/neighbour.c). The bridge's forwarding database is in fdb.ts.
 */
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { neighEventSend, neighUpdate } from "../neigh/entry.ts";
import { type Neigh, type NeighTable, NeighUpdate, NUD_VALID, type ProxyNeigh } from "../neigh/state.ts";
import { neighCreate, neighLookup, neighRemove } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { type NeighRequest, type NeighRow, NlmF, NtfF, Nud, type RtnlReply, RTNL_OK, type RtnlRequest, rtnlError } from "./messages.ts";

function tableOf(ns: NetNs, family: number): NeighTable | null {
  return family === 2 ? ns.ip4.arp : family === 10 ? ns.ip6.nd : null;
}

export function neighRow(n: Neigh): NeighRow {
  const now = n.table.ns.net.now;
  const age = (t: number): number => Math.max(0, Math.floor((now - t) / SEC));
  return {
    family: n.table.family,
    ifindex: n.dev.ifindex,
    dst: n.key,
    lladdr: (n.state & NUD_VALID) !== 0 ? n.ha.slice() : null,
    state: n.state,
    flags: n.flags,
    protocol: n.protocol,
    used: age(n.used),
    confirmed: age(n.confirmed),
    updated: age(n.updated),
    refcnt: n.timer ? 1 : 0,
    probes: n.probes,
    master: 0,
    vlan: 0,
    linkNetnsid: null,
  };
}

function proxyRow(t: NeighTable, p: ProxyNeigh): NeighRow {
  return {
    family: t.family,
    ifindex: p.dev ? p.dev.ifindex : 0,
    dst: p.key,
    lladdr: null,
    state: Nud.NONE,
    flags: p.flags | NtfF.PROXY,
    protocol: p.protocol,
    used: 0,
    confirmed: 0,
    updated: 0,
    refcnt: 0,
    probes: 0,
    master: 0,
    vlan: 0,
    linkNetnsid: null,
  };
}

export function getNeigh(ns: NetNs, req: RtnlRequest & { type: "RTM_GETNEIGH" }): RtnlReply {
  const neighs: NeighRow[] = [];
  for (const family of [2, 10] as const) {
    if (req.family !== 0 && req.family !== family) continue;
    const t = tableOf(ns, family);
    if (!t) continue;
    if (req.proxy) {
      for (const p of t.proxies) neighs.push(proxyRow(t, p));
      continue;
    }
    for (const n of t.all) {
      if (req.ifindex && n.dev.ifindex !== req.ifindex) continue;
      if (req.master && n.dev.master?.ifindex !== req.master) continue;
      neighs.push(neighRow(n));
    }
  }
  return { ok: true, neighs };
}

export function getNeighOne(ns: NetNs, req: RtnlRequest & { type: "RTM_GETNEIGH_ONE" }): RtnlReply {
  const dev = ns.devs.get(req.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV, "Unknown device ifindex");
  const t = tableOf(ns, req.family)!;
  if (req.proxy) {
    const p = t.proxies.find((x) => x.dev === dev && sameBytes(x.key, req.dst));
    return p ? { ok: true, neighs: [proxyRow(t, p)] } : rtnlError(Errno.ENOENT, "Proxy neighbour entry not found");
  }
  const n = neighLookup(t, dev, req.dst);
  return n ? { ok: true, neighs: [neighRow(n)] } : rtnlError(Errno.ENOENT, "Neighbour entry not found");
}

export function newNeigh(ns: NetNs, flags: number, q: NeighRequest): RtnlReply {
  if (!q.dst) return rtnlError(Errno.EINVAL, "Network address not specified");
  const dev = q.ifindex !== 0 ? ns.devs.get(q.ifindex) : null;
  if (dev === undefined) return rtnlError(Errno.ENODEV);
  if (dev && q.lladdr && q.lladdr.length < 6) return rtnlError(Errno.EINVAL, "Invalid link address");
  const t = tableOf(ns, q.family);
  if (!t) return rtnlError(Errno.EAFNOSUPPORT);
  if (q.dst.length < (q.family === 2 ? 4 : 16)) return rtnlError(Errno.EINVAL, "Invalid network address");
  if ((q.flags & NtfF.PROXY) !== 0) {
    const i = t.proxies.findIndex((p) => p.dev === dev && sameBytes(p.key, q.dst!));
    const entry = { key: q.dst.slice(), dev, flags: q.flags & ~NtfF.PROXY, protocol: q.protocol ?? 0 };
    if (i >= 0) t.proxies[i] = entry;
    else {
      t.proxies.push(entry);
      if (dev) t.ops.proxyAdded?.(dev, entry.key);
    }
    return RTNL_OK;
  }
  if (!dev) return rtnlError(Errno.EINVAL, "Device not specified");
  if (q.family === 10 && (!dev.ip6 || dev.conf6.disable_ipv6 !== 0)) return rtnlError(Errno.EINVAL, "IPv6 is disabled on this device");
  let how = (NeighUpdate.ADMIN | NeighUpdate.OVERRIDE | NeighUpdate.OVERRIDE_ISROUTER) >>> 0;
  let n = neighLookup(t, dev, q.dst);
  if (!n) {
    if ((flags & NlmF.CREATE) === 0) return rtnlError(Errno.ENOENT);
    n = neighCreate(t, dev, q.dst);
    if (!n) return rtnlError(q.family === 2 && !dev.ip4 ? Errno.EINVAL : Errno.ENOBUFS);
  } else {
    if ((flags & NlmF.EXCL) !== 0) return rtnlError(Errno.EEXIST);
    if ((flags & NlmF.REPLACE) === 0) how &= ~(NeighUpdate.OVERRIDE | NeighUpdate.OVERRIDE_ISROUTER);
  }
  if (q.protocol) n.protocol = q.protocol;
  if ((q.flags & NtfF.EXT_LEARNED) !== 0) n.flags |= NtfF.EXT_LEARNED;
  if ((q.flags & NtfF.ROUTER) !== 0) how |= NeighUpdate.ISROUTER;
  if ((q.flags & NtfF.USE) !== 0) how |= NeighUpdate.USE;
  const err = neighUpdate(n, q.lladdr ?? null, q.state, how >>> 0);
  if (err < 0) return rtnlError(-err, err === -Errno.EINVAL ? "No link layer address given" : null);
  if ((q.flags & NtfF.USE) !== 0) neighEventSend(n, null);
  return RTNL_OK;
}

export function delNeigh(ns: NetNs, q: NeighRequest): RtnlReply {
  if (!q.dst) return rtnlError(Errno.EINVAL, "Network address not specified");
  const dev = q.ifindex !== 0 ? ns.devs.get(q.ifindex) : null;
  if (dev === undefined) return rtnlError(Errno.ENODEV);
  const t = tableOf(ns, q.family);
  if (!t) return rtnlError(Errno.EAFNOSUPPORT);
  if ((q.flags & NtfF.PROXY) !== 0) {
    const i = t.proxies.findIndex((p) => p.dev === dev && sameBytes(p.key, q.dst!));
    if (i < 0) return rtnlError(Errno.ENOENT);
    const [gone] = t.proxies.splice(i, 1);
    if (dev) t.ops.proxyRemoved?.(dev, gone!.key);
    return RTNL_OK;
  }
  if (!dev) return rtnlError(Errno.EINVAL);
  const n = neighLookup(t, dev, q.dst);
  if (!n) return rtnlError(Errno.ENOENT);
  neighUpdate(n, null, Nud.FAILED, (NeighUpdate.OVERRIDE | NeighUpdate.ADMIN) >>> 0);
  neighRemove(n);
  return RTNL_OK;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
