/** Multicast addresses of devices: what /proc/net/dev_mcast, igmp and igmp6 list, and SIOCADDMULTI, SIOCDELMULTI (dev_addr_lists.c). */
import { hex } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { devMcAdd, devMcDel } from "../dev/core.ts";
import type { NetNs } from "../netns.ts";
import { bytes4 } from "./addr.ts";
import { type MulticastRow, type RtnlReply, type RtnlRequest, RTNL_OK, rtnlError } from "./messages.ts";

/** By device; link addresses in order of arrival, groups of IP the newest first. */
export function getMulticast(ns: NetNs): RtnlReply {
  const multicast: MulticastRow[] = [];
  for (const dev of ns.devs.values()) {
    const { ifindex } = dev;
    // frames of loopback need no address
    for (const [key, users] of dev.type === "loopback" ? [] : dev.mc)
      multicast.push({ ifindex, family: 17, address: bytesOf(key), users, isStatic: dev.mcStatic?.has(key) ?? false });
    for (const [group, users] of [...(dev.ip4?.groups ?? [])].reverse())
      multicast.push({ ifindex, family: 2, address: bytes4(group), users, isStatic: false });
    for (const g of [...(dev.ip6?.groups.values() ?? [])].reverse())
      multicast.push({ ifindex, family: 10, address: g.addr, users: g.users, isStatic: false });
  }
  return { ok: true, multicast };
}

/** the keys of NetDevice.mc */
function bytesOf(mac: string): Uint8Array {
  return Uint8Array.from(mac.split(":"), (b) => Number.parseInt(b, 16));
}

export function changeMulticast(ns: NetNs, req: RtnlRequest & { type: "RTM_ADDMULTI" | "RTM_DELMULTI" }): RtnlReply {
  const dev = ns.devs.get(req.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV);
  const key = hex(req.address, ":");
  const own = dev.mcStatic;
  if (req.type === "RTM_ADDMULTI") {
    // counted once only
    if (own?.has(key)) return RTNL_OK;
    (dev.mcStatic ??= new Set()).add(key);
    devMcAdd(dev, req.address);
    return RTNL_OK;
  }
  if (!own?.delete(key)) return rtnlError(Errno.ENOENT);
  devMcDel(dev, req.address);
  return RTNL_OK;
}
