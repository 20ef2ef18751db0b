/**
 * Addresses of devices (net/ipv4/devinet.c): the list of a device, choosing a source address, asking whether an address
 * is here. How addresses come and go over rtnetlink is in rtnl/addr.ts; what routes follow from them in fib/frontend.ts.
 */
import { maskOf } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, RtScope } from "../rtnl/messages.ts";
import { in4 } from "../sysctl-conf.ts";
import type { InDevice, InIfaddr } from "./state.ts";

/** Is `addr` in the prefix of this address (inet_ifa_match)? */
export function ifaMatch(addr: number, ifa: InIfaddr): boolean {
  return ((addr ^ ifa.address) & maskOf(ifa.prefixLen)) === 0;
}

/** The first address of the namespace whose own part is `addr` (inet_lookup_ifaddr_rcu), or null. */
export function lookupIfaddr(ns: NetNs, addr: number): InIfaddr | null {
  for (const dev of ns.devs.values()) {
    if (!dev.ip4) continue;
    for (const ifa of dev.ip4.addrs) if (ifa.local === addr) return ifa;
  }
  return null;
}

/** inet_addr_onlink: is `a` (and `b`, unless 0) in the prefix of a primary address? */
export function inetAddrOnlink(indev: InDevice, a: number, b: number): boolean {
  for (const ifa of indev.addrs) {
    if ((ifa.flags & IfaF.SECONDARY) !== 0) continue;
    if (ifaMatch(a, ifa) && (b === 0 || ifaMatch(b, ifa))) return true;
  }
  return false;
}

/**
 * inet_select_addr: a source address for `dst` (0: any) out of `dev`: the first primary one whose scope is at most
 * `scope`, preferring one on whose prefix dst lies; failing that, one of another device. 0 when there is none.
 */
export function inetSelectAddr(dev: NetDevice, dst: number, scope: number): number {
  const indev = dev.ip4;
  if (!indev) return 0;
  const localnetScope = in4.routeLocalnet(dev) ? RtScope.LINK : RtScope.HOST;
  let addr = 0;
  for (const ifa of indev.addrs) {
    if ((ifa.flags & IfaF.SECONDARY) !== 0) continue;
    if (Math.min(ifa.scope, localnetScope) > scope) continue;
    if (dst === 0 || ifaMatch(dst, ifa)) return ifa.local;
    if (addr === 0) addr = ifa.local;
  }
  if (addr !== 0) return addr;
  for (const other of dev.ns.devs.values()) {
    if (!other.ip4 || other === dev) continue;
    for (const ifa of other.ip4.addrs) {
      if ((ifa.flags & IfaF.SECONDARY) !== 0) continue;
      // loopback addresses are not for going out
      if (ifa.scope !== RtScope.LINK && ifa.scope <= scope) return ifa.local;
    }
  }
  return 0;
}

/**
 * inet_confirm_addr: an address here that fits: equal to `local` (0: any), with a scope of at most `scope`, on the subnet
 * of `dst` (0: any). `indev` null looks at all devices. 0 when there is none.
 */
export function inetConfirmAddr(ns: NetNs, indev: InDevice | null, dst: number, local: number, scope: number): number {
  if (indev) return confirmIndev(indev, dst, local, scope);
  for (const dev of ns.devs.values()) {
    if (!dev.ip4) continue;
    const a = confirmIndev(dev.ip4, dst, local, scope);
    if (a !== 0) return a;
  }
  return 0;
}

function confirmIndev(indev: InDevice, dst: number, local: number, scope: number): number {
  const localnetScope = in4.routeLocalnet(indev.dev) ? RtScope.LINK : RtScope.HOST;
  let same = false;
  let addr = 0;
  for (const ifa of indev.addrs) {
    const min = Math.min(ifa.scope, localnetScope);
    if (addr === 0 && (local === ifa.local || local === 0) && min <= scope) {
      addr = ifa.local;
      if (same) return addr;
    }
    if (!same) {
      same = (local === 0 || ifaMatch(local, ifa)) && (dst === 0 || ifaMatch(dst, ifa));
      if (same && addr !== 0) {
        if (local !== 0 || dst === 0) return addr;
        if (ifaMatch(addr, ifa)) return addr;
        if (min <= scope) return ifa.local;
        same = false;
      }
    }
  }
  return same ? addr : 0;
}

/** Is the group joined on this device (ip_check_mc_rcu)? */
export function inGroup(indev: InDevice, group: number): boolean {
  return indev.groups.has(group);
}
