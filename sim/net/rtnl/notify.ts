/**
 * rtnetlink's multicast groups: what changed in a namespace, told to sockets that listen (`ip monitor`). A message holds the row as it is at that
 * moment, and whether it was taken away (RTM_DEL…). Nothing is made when nobody listens. Left out: groups of their own (a listener gets all and chooses),
 * listening in all namespaces, multicast routes, prefixes.
 */
import { NetDevice } from "../dev/device.ts";
import type { FibRoute } from "../fib/types.ts";
import { InIfaddr } from "../ip/state.ts";
import { routeRow6 } from "../ip6/rtnl-route.ts";
import { addrRow6 } from "../ip6/rtnl-addr.ts";
import { Fib6Route, Inet6Ifaddr } from "../ip6/state.ts";
import { Neigh } from "../neigh/state.ts";
import type { NetNs } from "../netns.ts";
import type { DevEvent, NetWorld } from "../world.ts";
import { addrRow4 } from "./addr.ts";
import { linkRow } from "./link.ts";
import { tell } from "./listener.ts";
import type { NetconfRow, RtnlEvent } from "./messages.ts";
import { neighRow } from "./neigh.ts";
import { routeRow4 } from "./route.ts";

/** What the change of an object says, or null where there is no message for it. */
function eventOf(ns: NetNs, of: object, deleted: boolean): RtnlEvent | null {
  if (of instanceof NetDevice) return { group: "link", deleted, link: linkRow(of) };
  if (of instanceof InIfaddr) return { group: "address", deleted, addr: addrRow4(ns, of) };
  if (of instanceof Inet6Ifaddr) return { group: "address", deleted, addr: addrRow6(ns, of) };
  if ("info" in of) return { group: "route", deleted, route: routeRow4(of as FibRoute) };
  if (of instanceof Fib6Route) return { group: "route", deleted, route: routeRow6(ns, of) };
  if (of instanceof Neigh) return { group: "neigh", deleted, neigh: neighRow(of) };
  return null;
}

/** A change listener of the world (NetWorld.changeListeners). */
export function rtnlNotify(ns: NetNs, _what: string, of: object | null, gone: boolean): void {
  if (ns.rtnlListeners.length === 0 || of === null) return;
  const e = eventOf(ns, of, gone);
  if (e !== null) tell(ns, e);
}

// ---------------------------------------------------------------- netconf

function netconf4(dev: NetDevice): NetconfRow {
  const c = dev.conf4;
  return {
    family: 2,
    ifindex: dev.ifindex,
    forwarding: c.forwarding,
    rpFilter: c.rp_filter,
    mcForwarding: c.mc_forwarding,
    proxyNeigh: c.proxy_arp,
    ignoreLinkdown: c.ignore_routes_with_linkdown,
  };
}
function netconf6(dev: NetDevice): NetconfRow {
  const c = dev.conf6;
  return {
    family: 10,
    ifindex: dev.ifindex,
    forwarding: c.forwarding,
    mcForwarding: c.mc_forwarding,
    proxyNeigh: c.proxy_ndp,
    ignoreLinkdown: c.ignore_routes_with_linkdown,
  };
}

/** A device notifier: settings come, go and, since their names are part of paths, come anew with a new name. */
export function netconfNotifier(dev: NetDevice, event: DevEvent): void {
  const ns = dev.ns;
  if (ns.rtnlListeners.length === 0) return;
  const both = [netconf4(dev), netconf6(dev)];
  for (const netconf of both) {
    if (event === "unregister" || event === "changename")
      tell(ns, { group: "netconf", deleted: true, netconf: { family: netconf.family, ifindex: netconf.ifindex } });
    if (event === "register" || event === "changename") tell(ns, { group: "netconf", deleted: false, netconf });
  }
}

/** Settings that netconf tells when they are written, by file. */
const TOLD: Readonly<Record<string, keyof NetconfRow>> = {
  "ipv4/conf/forwarding": "forwarding",
  "ipv6/conf/forwarding": "forwarding",
  "ipv4/conf/rp_filter": "rpFilter",
  "ipv4/conf/proxy_arp": "proxyNeigh",
  "ipv6/conf/proxy_ndp": "proxyNeigh",
  "ipv4/conf/ignore_routes_with_linkdown": "ignoreLinkdown",
  "ipv6/conf/ignore_routes_with_linkdown": "ignoreLinkdown",
};

/** A sysctl listener (devinet_conf_proc, addrconf_fixup_forwarding). Index -1 stands for all, -2 for default. */
export function netconfSysctl(
  ns: NetNs,
  what: string,
  scope: "all" | "default" | "dev" | "ns",
  dev: NetDevice | null,
  old: number,
  value: number,
): void {
  const key = TOLD[what];
  if (key === undefined || ns.rtnlListeners.length === 0 || old === value) return;
  const family = what.startsWith("ipv4") ? 2 : 10;
  const say = (ifindex: number): void => tell(ns, { group: "netconf", deleted: false, netconf: { family, ifindex, [key]: value } });
  if (scope !== "all" || key !== "forwarding") {
    say(scope === "all" ? -1 : scope === "default" ? -2 : (dev?.ifindex ?? 0));
    return;
  }
  // forwarding of all is everybody's
  const devs = [...ns.devs.keys()];
  for (const ifindex of family === 2 ? [-1, -2, ...devs] : [-2, ...devs, -1]) say(ifindex);
}

export function rtnlRegisterNotify(net: NetWorld): void {
  net.changeListeners.push(rtnlNotify);
  net.notifiers.push(netconfNotifier);
  net.sysctlListeners.push(netconfSysctl);
}
