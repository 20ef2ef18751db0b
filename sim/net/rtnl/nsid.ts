/** Namespace ids: the small numbers by which a namespace knows others (peernet2id, RTM_NEWNSID, `ip netns list-id`). */
import { rtnlNotifyNsid } from "./listener.ts";
import { Errno } from "../../core/result.ts";
import type { NetNs } from "../netns.ts";
import { type NsidRow, RTNL_OK, type RtnlReply, rtnlError } from "./messages.ts";

/** peernet2id_alloc: the id of `peer` as seen from `ns`; the lowest free one is given out at the first question. */
export function nsidAlloc(ns: NetNs, peer: NetNs): number {
  const known = ns.nsids.get(peer.id);
  if (known !== undefined) return known;
  const id = ns.nsidsDense ? ns.nsids.size : lowestFree(ns);
  ns.nsids.set(peer.id, id);
  ns.net.changed(ns, "netns");
  rtnlNotifyNsid(ns, id, false);
  return id;
}

function lowestFree(ns: NetNs): number {
  // among as many ids as are taken and one more there is a free one
  const used = new Uint8Array(ns.nsids.size + 1);
  for (const id of ns.nsids.values()) used[id] = 1;
  const id = used.indexOf(0);
  ns.nsidsDense = id === ns.nsids.size;
  return id;
}

/** RTM_NEWNSID: nsid -1 chooses one ("auto"). */
export function newNsid(ns: NetNs, peer: NetNs | null, nsid: number): RtnlReply {
  if (!peer) return rtnlError(Errno.EINVAL, "Peer netns reference is invalid");
  if (ns.nsids.has(peer.id)) return rtnlError(Errno.EEXIST, "Peer netns already has a nsid assigned");
  if (nsid < 0) {
    nsidAlloc(ns, peer);
    return RTNL_OK;
  }
  for (const id of ns.nsids.values()) if (id === nsid) return rtnlError(Errno.EEXIST, "The specified nsid is already used");
  ns.nsids.set(peer.id, nsid);
  ns.nsidsDense = false;
  ns.net.changed(ns, "netns");
  rtnlNotifyNsid(ns, nsid, false);
  return RTNL_OK;
}

/** RTM_GETNSID of one namespace: nsid -1 when none was given out yet. */
export function getNsid(ns: NetNs, peer: NetNs | null): RtnlReply {
  if (!peer) return rtnlError(Errno.EINVAL, "Peer netns reference is invalid");
  return { ok: true, nsids: [{ nsid: ns.nsids.get(peer.id) ?? -1, currentNsid: null }] };
}

/** RTM_GETNSID by id, or the dump sorted by id: as this namespace or the one known here as `target` numbers them. */
export function askNsids(ns: NetNs, nsid: number | undefined, target: number | undefined): RtnlReply {
  const from = target === undefined ? ns : byNsid(ns, target);
  if (!from) return rtnlError(Errno.EINVAL, "Invalid target network namespace id");
  const current = (peer: number): number | null => (target === undefined ? null : (ns.nsids.get(peer) ?? -1));
  if (nsid === undefined) {
    const rows: NsidRow[] = [...from.nsids].map(([peer, id]) => ({ nsid: id, currentNsid: current(peer) })).sort((a, b) => a.nsid - b.nsid);
    return { ok: true, nsids: rows };
  }
  const peer = byNsid(ns, nsid);
  if (!peer) return rtnlError(Errno.EINVAL, "Peer netns reference is invalid");
  return { ok: true, nsids: [{ nsid: from.nsids.get(peer.id) ?? -1, currentNsid: current(peer.id) }] };
}

function byNsid(ns: NetNs, nsid: number): NetNs | null {
  for (const [peer, id] of ns.nsids) if (id === nsid) return ns.net.namespaces.get(peer) ?? null;
  return null;
}
