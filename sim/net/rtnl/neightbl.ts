/**
 * RTM_GETNEIGHTBL, RTM_SETNEIGHTBL (net/core/neighbour.c): the parameters of neighbours, the same numbers as net.ipvN.neigh.*. The limits of a table
 * belong to the machine and are set in its first namespace only.
 */
import { Errno } from "../../core/result.ts";
import { MS } from "../../core/time.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NeighTable } from "../neigh/state.ts";
import type { NetNs } from "../netns.ts";
import { setNeighConf } from "../sysctl.ts";
import type { NeighConf, NeighGcConf } from "../sysctl-conf.ts";
import {
  type NeighLimit,
  type NeighParm,
  NEIGH_PARMS,
  type NeighTableRow,
  type RtnlReply,
  RTNL_OK,
  type RtnlRequest,
  rtnlError,
} from "./messages.ts";

/** Which setting a parameter is, and how many ms (or packets) one of it is. */
const SETTING: Readonly<Record<NeighParm, readonly [keyof NeighConf, number]>> = {
  base_reachable: ["base_reachable_time_ms", 1],
  retrans: ["retrans_time_ms", 1],
  gc_stale: ["gc_stale_time", 1000],
  delay_probe: ["delay_first_probe_time", 1000],
  queue: ["unres_qlen", 1],
  app_probes: ["app_solicit", 1],
  ucast_probes: ["ucast_solicit", 1],
  mcast_probes: ["mcast_solicit", 1],
  anycast_delay: ["anycast_delay", 10],
  proxy_delay: ["proxy_delay", 10],
  proxy_queue: ["proxy_qlen", 1],
  locktime: ["locktime", 10],
};
const LIMIT: Readonly<Record<NeighLimit, readonly [keyof NeighGcConf, number]>> = {
  thresh1: ["gc_thresh1", 1],
  thresh2: ["gc_thresh2", 1],
  thresh3: ["gc_thresh3", 1],
  gc_int: ["gc_interval", 1000],
};

/** CONFIG_HZ=250 */
const JIFFY_MS = 4;
const JIFFY = JIFFY_MS * MS;

const tableOf = (ns: NetNs, family: 2 | 10): NeighTable => (family === 2 ? ns.ip4.arp : ns.ip6.nd);

function row(ns: NetNs, family: 2 | 10, dev: NetDevice | null): NeighTableRow {
  const t = tableOf(ns, family);
  const { sysctl } = ns;
  const conf = dev ? t.ops.conf(dev) : family === 2 ? sysctl.neigh4Default : sysctl.neigh6Default;
  const gc = family === 2 ? sysctl.neigh4Gc : sysctl.neigh6Gc;
  const parms = Object.fromEntries(NEIGH_PARMS.map((p) => [p, conf[SETTING[p][0]] * SETTING[p][1]])) as Record<NeighParm, number>;
  return {
    family,
    name: family === 2 ? "arp_cache" : "ndisc_cache",
    ifindex: dev?.ifindex ?? 0,
    limits: dev ? null : { thresh1: gc.gc_thresh1, thresh2: gc.gc_thresh2, thresh3: gc.gc_thresh3, gc_int: gc.gc_interval * 1000 },
    reachable: Math.floor(t.reachableTime(dev) / JIFFY) * JIFFY_MS,
    parms,
  };
}

/** The defaults first, then devices, the newest first. */
export function getNeighTables(ns: NetNs, family: number): RtnlReply {
  const devs = [...ns.devs.values()].reverse();
  const neighTables = ([2, 10] as const)
    .filter((f) => family === 0 || family === f)
    .flatMap((f) => [row(ns, f, null), ...devs.filter((d) => f === 2 || d.ip6).map((d) => row(ns, f, d))]);
  return { ok: true, neighTables };
}

export function setNeighTable(ns: NetNs, req: RtnlRequest & { type: "RTM_SETNEIGHTBL" }): RtnlReply {
  const family = req.name === "arp_cache" ? 2 : req.name === "ndisc_cache" ? 10 : 0;
  if (family === 0 || (req.family !== 0 && req.family !== family)) return rtnlError(Errno.ENOENT);
  const dev = req.ifindex === 0 ? null : ns.devs.get(req.ifindex);
  const limits = Object.entries(req.limits) as [NeighLimit, number][];
  // lookup_neigh_parms: the defaults, and the limits, are the first namespace's
  const parms = Object.entries(req.parms) as [NeighParm, number][];
  if (dev === undefined || (parms.length > 0 && !dev && !ns.initial) || (limits.length > 0 && !ns.initial)) return rtnlError(Errno.ENOENT);
  for (const [name, v] of parms) setNeighConf(ns, family, dev, SETTING[name][0], Math.floor(v / SETTING[name][1]));
  const which = family === 2 ? "neigh4Gc" : "neigh6Gc";
  for (const [name, v] of limits) ns.sysctl[which] = { ...ns.sysctl[which], [LIMIT[name][0]]: Math.floor(v / LIMIT[name][1]) };
  return RTNL_OK;
}
