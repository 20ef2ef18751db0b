/**
 * RTM_*NEIGH of family AF_BRIDGE: the bridge's forwarding database and the group addresses that devices listen to ("self"), as
 * `bridge fdb` shows and changes them (rtnl_fdb_dump, rtnl_fdb_add, rtnl_fdb_del). Static entries of a NIC itself are left out.
 */
import { Errno } from "../../core/result.ts";
import { SEC } from "../../core/time.ts";
import { isZeroMac, parseMac } from "../../wire/mac.ts";
import { fdbCreate, fdbExpired, fdbFind } from "../dev/bridge/fdb.ts";
import { portOf } from "../dev/bridge/port.ts";
import { type Bridge, BrState, type FdbEntry } from "../dev/bridge/types.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { type NeighRequest, type NeighRow, NlmF, NtfF, Nud, RTNL_OK, type RtnlReply, type RtnlRequest, rtnlError } from "./messages.ts";

/** By device: for a bridge its group addresses and own entries, for a port first its entries and then its groups. */
export function dumpFdb(ns: NetNs, req: Extract<RtnlRequest, { type: "RTM_GETNEIGH" }>): RtnlReply {
  const rows: NeighRow[] = [];
  for (const dev of [...ns.devs.values()].sort((a, b) => a.ifindex - b.ifindex)) {
    if (req.ifindex && dev.ifindex !== req.ifindex) continue;
    if (req.master && dev.ifindex !== req.master && dev.master?.ifindex !== req.master) continue;
    const port = portOf(dev);
    if (port) for (const e of newestFirst(port.br)) if (e.port === port) rows.push(entryRow(port.br, e));
    for (const mac of dev.mc.keys()) rows.push(selfRow(dev, parseMac(mac)!));
    if (dev.ops.kind === "bridge") for (const e of newestFirst(dev.priv as Bridge)) if (!e.port) rows.push(entryRow(dev.priv as Bridge, e));
  }
  return { ok: true, neighs: rows };
}

function newestFirst(br: Bridge): FdbEntry[] {
  return [...br.fdb.values()].reverse();
}

function entryRow(br: Bridge, e: FdbEntry): NeighRow {
  const now = br.dev.ns.net.now;
  return {
    family: 7,
    ifindex: e.port ? e.port.dev.ifindex : br.dev.ifindex,
    dst: null,
    lladdr: e.addr.slice(),
    state: e.local ? Nud.PERMANENT : e.static ? Nud.NOARP : fdbExpired(br, e) ? Nud.STALE : Nud.REACHABLE,
    flags: e.sticky ? NtfF.STICKY : 0,
    protocol: 0,
    used: Math.floor((now - e.used) / SEC),
    confirmed: 0,
    updated: Math.floor((now - e.updated) / SEC),
    refcnt: 0,
    probes: 0,
    master: br.dev.ifindex,
    vlan: 0,
    linkNetnsid: null,
  };
}

function selfRow(dev: NetDevice, mac: Uint8Array): NeighRow {
  return {
    family: 7,
    ifindex: dev.ifindex,
    dst: null,
    lladdr: mac,
    state: Nud.PERMANENT,
    flags: NtfF.SELF,
    protocol: 0,
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

/** The bridge that a request is about and, for a port, the port; or the error. */
function target(ns: NetNs, n: NeighRequest): { br: Bridge; port: ReturnType<typeof portOf>; addr: Uint8Array } | RtnlReply {
  const dev = ns.devs.get(n.ifindex);
  if (n.ifindex === 0) return rtnlError(Errno.EINVAL, "invalid ifindex");
  if (!dev) return rtnlError(Errno.ENODEV, "unknown ifindex");
  if (!n.lladdr || n.lladdr.length !== 6) return rtnlError(Errno.EINVAL, "invalid address");
  const port = n.flags & NtfF.MASTER ? portOf(dev) : null;
  if (port) return { br: port.br, port, addr: n.lladdr };
  if (n.flags & NtfF.MASTER) return rtnlError(Errno.EOPNOTSUPP);
  if (dev.ops.kind === "bridge") return { br: dev.priv as Bridge, port: null, addr: n.lladdr };
  return rtnlError(Errno.EOPNOTSUPP, "hop: addresses of a device's own filter are not simulated");
}

/** br_fdb_add: permanent (local), static, or dynamic; -EEXIST, or -ENOENT when it should only be replaced. */
export function addFdb(ns: NetNs, req: Extract<RtnlRequest, { type: "RTM_NEWNEIGH" }>): RtnlReply {
  const n = req.neigh;
  const t = target(ns, n);
  if ("ok" in t) return t;
  if (!(n.state & (Nud.PERMANENT | Nud.NOARP | Nud.REACHABLE)) || isZeroMac(t.addr)) return rtnlError(Errno.EINVAL);
  const sticky = (n.flags & NtfF.STICKY) !== 0;
  if (sticky && n.state & Nud.PERMANENT) return rtnlError(Errno.EINVAL);
  const learns = !t.port || t.port.state === BrState.LEARNING || t.port.state === BrState.FORWARDING;
  if (!(n.state & (Nud.PERMANENT | Nud.NOARP)) && !learns) return rtnlError(Errno.EPERM);
  let e = fdbFind(t.br, t.addr);
  if (e && req.flags & NlmF.EXCL) return rtnlError(Errno.EEXIST);
  if (!e && !(req.flags & NlmF.CREATE)) return rtnlError(Errno.ENOENT);
  e ??= fdbCreate(t.br, t.addr, t.port, false);
  e.port = t.port;
  e.local = (n.state & Nud.PERMANENT) !== 0;
  e.static = e.local || (n.state & Nud.NOARP) !== 0;
  e.sticky = sticky;
  e.addedByUser = true;
  e.used = ns.net.now;
  e.updated = ns.net.now;
  ns.net.changed(ns, "neigh");
  return RTNL_OK;
}

/** br_fdb_delete: only where the entry is on that port. */
export function delFdb(ns: NetNs, req: Extract<RtnlRequest, { type: "RTM_DELNEIGH" }>): RtnlReply {
  const t = target(ns, req.neigh);
  if ("ok" in t) return t;
  const e = fdbFind(t.br, t.addr);
  if (!e || e.port !== t.port) return rtnlError(Errno.ENOENT);
  t.br.fdb.delete(e.key);
  ns.net.changed(ns, "neigh");
  return RTNL_OK;
}
