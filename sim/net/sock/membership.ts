/** Groups that a socket has joined: IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP and their opposites (ip_mc_join_group, ipv6_sock_mc_join). They end with the socket. */
import { Errno } from "../../core/result.ts";
import { u32 } from "../../core/bytes.ts";
import { isMulticast4, isMulticast6 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import { flow4 } from "../fib/types.ts";
import { lookupIfaddr } from "../ip/devinet.ts";
import { joinGroup, leaveGroup } from "../ip/igmp.ts";
import { ipRouteOutput } from "../ip/route-output.ts";
import { Dst4 } from "../ip/state.ts";
import { mldJoin, mldLeave } from "../ip6/mld.ts";
import type { NetNs } from "../netns.ts";

export interface Membership {
  readonly ns: NetNs;
  readonly ifindex: number;
  /** 4 or 16 bytes */
  readonly group: Uint8Array;
}

function ifindexOf(b: Uint8Array, o: number): number {
  return (b[o]! | (b[o + 1]! << 8) | (b[o + 2]! << 16) | (b[o + 3]! << 24)) >>> 0;
}

/** ip_mc_find_dev: by number, by an address of its own, or the way to the group. */
function deviceFor(ns: NetNs, group: number, address: number, ifindex: number): NetDevice | null {
  if (ifindex !== 0) return ns.devs.get(ifindex) ?? null;
  if (address !== 0) return lookupIfaddr(ns, address)?.indev.dev ?? null;
  const rt = ipRouteOutput(ns, flow4(group, 0, 0));
  return rt instanceof Dst4 ? rt.dev : null;
}

function find(list: readonly Membership[], group: Uint8Array, ifindex: number): number {
  return list.findIndex((m) => m.ifindex === ifindex && m.group.length === group.length && m.group.every((b, i) => b === group[i]));
}

/** `mreqn`: struct ip_mreqn, the group, an address of the device, its number (little end first). 0 or -errno. */
export function membership4(ns: NetNs, list: Membership[], mreqn: Uint8Array, join: boolean): number {
  if (mreqn.length < 12) return -Errno.EINVAL;
  const group = u32(mreqn, 0);
  if (!isMulticast4(group)) return -Errno.EINVAL;
  const dev = deviceFor(ns, group, u32(mreqn, 4), ifindexOf(mreqn, 8));
  const indev = dev?.ip4;
  if (!dev || !indev) return -Errno.ENODEV;
  const at = find(list, mreqn.subarray(0, 4), dev.ifindex);
  if (join) {
    if (at >= 0) return -Errno.EADDRINUSE;
    list.push({ ns, ifindex: dev.ifindex, group: mreqn.slice(0, 4) });
    joinGroup(indev, group);
    return 0;
  }
  if (at < 0) return -Errno.EADDRNOTAVAIL;
  list.splice(at, 1);
  leaveGroup(indev, group);
  return 0;
}

/** `mreq`: struct ipv6_mreq, the group and the number of the device; without one the first device that has IPv6 and is no loopback. */
export function membership6(ns: NetNs, list: Membership[], mreq: Uint8Array, join: boolean): number {
  if (mreq.length < 20) return -Errno.EINVAL;
  const group = mreq.slice(0, 16);
  if (!isMulticast6(group)) return -Errno.EINVAL;
  const ifindex = ifindexOf(mreq, 16);
  const dev = ifindex !== 0 ? ns.devs.get(ifindex) : [...ns.devs.values()].find((d) => d.ip6 !== null && d.type !== "loopback");
  if (!dev?.ip6) return -Errno.ENODEV;
  const at = find(list, group, dev.ifindex);
  if (join) {
    if (at >= 0) return -Errno.EADDRINUSE;
    list.push({ ns, ifindex: dev.ifindex, group });
    mldJoin(dev.ip6, group);
    return 0;
  }
  if (at < 0) return -Errno.EADDRNOTAVAIL;
  list.splice(at, 1);
  mldLeave(dev.ip6, group);
  return 0;
}

/** ip_mc_drop_socket, ipv6_sock_mc_close */
export function dropMemberships(list: Membership[]): void {
  for (const m of list.splice(0)) {
    const dev = m.ns.devs.get(m.ifindex);
    if (m.group.length === 4 && dev?.ip4) leaveGroup(dev.ip4, u32(m.group, 0));
    if (m.group.length === 16 && dev?.ip6) mldLeave(dev.ip6, m.group);
  }
}
