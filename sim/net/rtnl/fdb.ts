/**
 * RTM_*NEIGH of family AF_BRIDGE: the forwarding databases of bridges ("master") and the addresses that devices themselves
 * listen to ("self"), as `bridge fdb` shows and changes them (rtnl_fdb_dump, rtnl_fdb_add, rtnl_fdb_del, br_fdb_add,
 * ndo_dflt_fdb_add). VLAN ids are refused as by a bridge without VLANs.
 */
import { hex } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { MS } from "../../core/time.ts";
import { isMulticastMac, isZeroMac, parseMac } from "../../wire/mac.ts";
import { fdbCreate, fdbExpired, fdbFind } from "../dev/bridge/fdb.ts";
import { portOf } from "../dev/bridge/port.ts";
import { type Bridge, type BridgePort, BrState, type FdbEntry } from "../dev/bridge/types.ts";
import { devMcAdd, devMcDel, devSetPromiscuity } from "../dev/core.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { type NeighRequest, type NeighRow, NlmF, NtfF, Nud, RTNL_OK, type RtnlReply, type RtnlRequest, rtnlError } from "./messages.ts";

type Req<T extends RtnlRequest["type"]> = Extract<RtnlRequest, { type: T }>;

function isBridge(dev: NetDevice): boolean {
  return dev.ops.kind === "bridge";
}

// ---------------------------------------------------------------- showing

/** By device: for a bridge its group addresses and own entries, for a port first its entries and then what it listens to. */
export function dumpFdb(ns: NetNs, req: Req<"RTM_GETNEIGH">): RtnlReply {
  const rows: NeighRow[] = [];
  for (const dev of [...ns.devs.values()].sort((a, b) => a.ifindex - b.ifindex)) {
    const port = portOf(dev);
    if (req.ifindex && dev.ifindex !== req.ifindex) continue;
    if (req.master && !(port ? port.br.dev.ifindex === req.master : isBridge(dev) && dev.ifindex === req.master)) continue;
    if (port) for (const e of newestFirst(port.br)) if (e.port === port) rows.push(entryRow(port.br, e));
    if (dev.type === "ether") for (const mac of [...dev.uc, ...dev.mc.keys()]) rows.push(selfRow(dev, parseMac(mac)!));
    if (isBridge(dev)) for (const e of newestFirst(dev.priv as Bridge)) if (!e.port) rows.push(entryRow(dev.priv as Bridge, e));
  }
  return { ok: true, neighs: rows };
}

/** rtnl_fdb_get */
export function getFdbOne(ns: NetNs, req: Req<"RTM_GETFDB_ONE">): RtnlReply {
  if (req.vlan >= 4095) return rtnlError(Errno.EINVAL, "invalid vlan id");
  if (req.ifindex && req.master) return rtnlError(Errno.EINVAL, "Master and device are mutually exclusive");
  const asked = ns.devs.get(req.ifindex || req.master);
  if (!asked) return rtnlError(Errno.ENODEV, req.ifindex ? "Unknown device ifindex" : "Unknown master ifindex");
  let dev = asked;
  if (req.ifindex && (!req.flags || req.flags & NtfF.MASTER)) {
    const port = portOf(asked);
    if (!port) return rtnlError(Errno.EINVAL, "Device is not a bridge port");
    dev = port.br.dev;
  }
  if (!isBridge(dev)) return rtnlError(Errno.EOPNOTSUPP, "Fdb get operation not supported by device");
  const br = dev.priv as Bridge;
  const e = req.vlan === 0 ? fdbFind(br, req.lladdr) : null;
  return e ? { ok: true, neighs: [entryRow(br, e)] } : rtnlError(Errno.ENOENT, "Fdb entry not found");
}

function newestFirst(br: Bridge): FdbEntry[] {
  return [...br.fdb.values()].reverse();
}

function row(dev: NetDevice, lladdr: Uint8Array, state: number, flags: number, used: number, updated: number, master: number): NeighRow {
  return {
    family: 7,
    ifindex: dev.ifindex,
    dst: null,
    lladdr,
    state,
    flags,
    protocol: 0,
    used,
    confirmed: 0,
    updated,
    refcnt: 0,
    probes: 0,
    master,
    vlan: 0,
    linkNetnsid: null,
  };
}

function entryRow(br: Bridge, e: FdbEntry): NeighRow {
  const now = br.dev.ns.net.now;
  // user space is told in 1/100 s
  const since = (t: number): number => Math.floor((now - t) / (10 * MS)) / 100;
  const flags = (e.sticky ? NtfF.STICKY : 0) | (e.externLearn ? NtfF.EXT_LEARNED : 0);
  return row(e.port ? e.port.dev : br.dev, e.addr.slice(), stateOf(br, e), flags, since(e.used), since(e.updated), br.dev.ifindex);
}

/** fdb_to_nud */
function stateOf(br: Bridge, e: FdbEntry): number {
  return e.local ? Nud.PERMANENT : e.static ? Nud.NOARP : fdbExpired(br, e) ? Nud.STALE : Nud.REACHABLE;
}

function selfRow(dev: NetDevice, mac: Uint8Array): NeighRow {
  return row(dev, mac, Nud.PERMANENT, NtfF.SELF, 0, 0, 0);
}

// ---------------------------------------------------------------- adding

/** rtnl_fdb_add: to the bridge of a port (master), to the device itself (self), or to both. */
export function addFdb(ns: NetNs, req: Req<"RTM_NEWNEIGH">): RtnlReply {
  const n = req.neigh;
  const dev = ns.devs.get(n.ifindex);
  const bad = check(dev, n, "add");
  if (bad) return bad;
  const port = portOf(dev!);
  let r: RtnlReply = rtnlError(Errno.EOPNOTSUPP);
  if (n.flags & NtfF.MASTER && port) {
    r = addEntry(port.br, port, n, req.flags);
    if (!r.ok) return r;
  }
  if (n.flags & NtfF.SELF) r = isBridge(dev!) ? addEntry(dev!.priv as Bridge, null, n, req.flags) : addSelf(dev!, n, req.flags);
  if (r.ok) ns.net.changed(ns, "neigh");
  return r;
}

function check(dev: NetDevice | undefined, n: NeighRequest, what: "add" | "delete"): RtnlReply | null {
  if (n.ifindex === 0) return rtnlError(Errno.EINVAL, "invalid ifindex");
  if (!dev) return rtnlError(Errno.ENODEV, "unknown ifindex");
  if (!n.lladdr || n.lladdr.length !== 6) return rtnlError(Errno.EINVAL, "invalid address");
  if (dev.type !== "ether") return rtnlError(Errno.EINVAL, `FDB ${what} only supported for Ethernet devices`);
  if ((n.vlan ?? 0) >= 4095) return rtnlError(Errno.EINVAL, "invalid vlan id");
  return null;
}

/** br_fdb_add: permanent (local), static, or dynamic; -EEXIST, or -ENOENT when it should only be replaced. */
function addEntry(br: Bridge, port: BridgePort | null, n: NeighRequest, flags: number): RtnlReply {
  const addr = n.lladdr!;
  if (!(n.state & (Nud.PERMANENT | Nud.NOARP | Nud.REACHABLE)) || isZeroMac(addr) || n.vlan) return rtnlError(Errno.EINVAL);
  if (n.flags & NtfF.USE) {
    if (!port) return rtnlError(Errno.EINVAL);
    if (learns(port)) put(br, addr, port, true);
    return RTNL_OK;
  }
  if (n.flags & NtfF.EXT_LEARNED) {
    if (!port && !(n.state & Nud.PERMANENT)) return rtnlError(Errno.EINVAL, "bridge: FDB entry towards bridge must be permanent");
    const e = put(br, addr, port, false);
    e.externLearn = true;
    if (!port) e.local = e.static = true;
    return RTNL_OK;
  }
  const permanent = (n.state & Nud.PERMANENT) !== 0;
  const fixed = permanent || (n.state & Nud.NOARP) !== 0;
  if (port && !fixed && !learns(port)) return rtnlError(Errno.EPERM);
  if (!port && !permanent) return rtnlError(Errno.EINVAL);
  const sticky = (n.flags & NtfF.STICKY) !== 0;
  if (sticky && permanent) return rtnlError(Errno.EINVAL);
  const old = fdbFind(br, addr);
  if (old && flags & NlmF.EXCL) return rtnlError(Errno.EEXIST);
  if (!old && !(flags & NlmF.CREATE)) return rtnlError(Errno.ENOENT);
  const e = put(br, addr, port, true);
  e.local = permanent;
  e.static = fixed;
  e.sticky = sticky;
  return RTNL_OK;
}

function learns(port: BridgePort): boolean {
  return port.state === BrState.LEARNING || port.state === BrState.FORWARDING;
}

/** The entry of that address, new or moved to the port, as of now. */
function put(br: Bridge, addr: Uint8Array, port: BridgePort | null, byUser: boolean): FdbEntry {
  const e = fdbFind(br, addr) ?? fdbCreate(br, addr, port, false);
  e.port = port;
  if (byUser) e.addedByUser = true;
  e.used = e.updated = br.dev.ns.net.now;
  return e;
}

/** ndo_dflt_fdb_add: one more address that the device listens to. */
function addSelf(dev: NetDevice, n: NeighRequest, flags: number): RtnlReply {
  const addr = n.lladdr!;
  if ((n.state !== 0 && !(n.state & Nud.PERMANENT)) || n.vlan) return rtnlError(Errno.EINVAL);
  const key = hex(addr, ":");
  const multicast = isMulticastMac(addr, 0);
  if (multicast ? dev.mc.has(key) : dev.uc.has(key)) return flags & NlmF.EXCL ? rtnlError(Errno.EEXIST) : RTNL_OK;
  if (multicast) devMcAdd(dev, addr);
  else {
    if (dev.uc.size === 0) devSetPromiscuity(dev, 1);
    dev.uc.add(key);
  }
  return RTNL_OK;
}

// ---------------------------------------------------------------- deleting

/** rtnl_fdb_del */
export function delFdb(ns: NetNs, req: Req<"RTM_DELNEIGH">): RtnlReply {
  const n = req.neigh;
  const dev = ns.devs.get(n.ifindex);
  const bad = check(dev, n, "delete");
  if (bad) return bad;
  const port = portOf(dev!);
  let r: RtnlReply = rtnlError(Errno.EOPNOTSUPP);
  if (n.flags & NtfF.MASTER && port) {
    r = delEntry(port.br, port, n);
    if (!r.ok) return r;
  }
  if (n.flags & NtfF.SELF) r = isBridge(dev!) ? delEntry(dev!.priv as Bridge, null, n) : delSelf(dev!, n);
  if (r.ok) ns.net.changed(ns, "neigh");
  return r;
}

/** br_fdb_delete: only where the entry is on that port. */
function delEntry(br: Bridge, port: BridgePort | null, n: NeighRequest): RtnlReply {
  const e = n.vlan ? null : fdbFind(br, n.lladdr!);
  if (!e || e.port !== port) return rtnlError(Errno.ENOENT);
  br.fdb.delete(e.key);
  return RTNL_OK;
}

/** ndo_dflt_fdb_del */
function delSelf(dev: NetDevice, n: NeighRequest): RtnlReply {
  if (n.state !== 0 && !(n.state & Nud.PERMANENT)) return rtnlError(Errno.EINVAL);
  const key = hex(n.lladdr!, ":");
  if (isMulticastMac(n.lladdr!, 0)) {
    if (!dev.mc.has(key)) return rtnlError(Errno.ENOENT);
    devMcDel(dev, n.lladdr!);
    return RTNL_OK;
  }
  if (!dev.uc.delete(key)) return rtnlError(Errno.ENOENT);
  if (dev.uc.size === 0) devSetPromiscuity(dev, -1);
  return RTNL_OK;
}

/** br_fdb_delete_bulk: of a bridge (self) or of one of its ports (master). Own addresses go, too, when nothing excepts them. */
export function flushFdb(ns: NetNs, req: Req<"RTM_DELNEIGH_BULK">): RtnlReply {
  const dev = ns.devs.get(req.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV, "unknown ifindex");
  const asPort = req.flags & NtfF.MASTER ? portOf(dev) : null;
  const br = asPort ? asPort.br : req.flags & NtfF.SELF && isBridge(dev) ? (dev.priv as Bridge) : null;
  if (!br) return rtnlError(Errno.EOPNOTSUPP);
  let port = asPort;
  if (req.port) {
    const d = ns.devs.get(req.port);
    port = d ? portOf(d) : null;
    if (!port && d !== br.dev) return rtnlError(Errno.EINVAL, "bridge: Flush device is not a bridge or bridge port");
    if (port && port.br !== br) return rtnlError(Errno.EINVAL, "bridge: Flush device is not a port of this bridge");
  }
  const onBridge = req.port === br.dev.ifindex;
  for (const e of br.fdb.values()) {
    if (port ? e.port !== port : onBridge && e.port !== null) continue;
    if (req.vlan !== 0) continue;
    const state = (e.local ? Nud.PERMANENT : 0) | (e.static ? Nud.NOARP : 0);
    const flags = (e.addedByUser ? NtfF.USE : 0) | (e.externLearn ? NtfF.EXT_LEARNED : 0) | (e.sticky ? NtfF.STICKY : 0);
    if ((state ^ req.state) & req.stateMask || (flags ^ req.ndmFlags) & req.ndmFlagsMask) continue;
    br.fdb.delete(e.key);
  }
  ns.net.changed(ns, "neigh");
  return RTNL_OK;
}
