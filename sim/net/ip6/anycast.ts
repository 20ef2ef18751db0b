/**
 * Anycast addresses of a device (net/ipv6/anycast.c): a router answers to the subnet-router address of each of its prefixes (RFC 4291
 * §2.6.1). Left out: joining by sockets.
 */
import { hex } from "../../core/bytes.ts";
import { isUnspecified6, networkOf6, solicitedNode } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import { RtTable, RtType } from "../rtnl/messages.ts";
import { addKernelRoute, delKernelRoute } from "./fib6.ts";
import { mldJoin, mldLeave } from "./mld.ts";
import type { Inet6Dev, Inet6Ifaddr } from "./state.ts";

/** addrconf_join_anycast: not for prefixes of two addresses or one (RFC 6164). */
export function joinAnycast(a: Inet6Ifaddr): void {
  if (a.prefixLen >= 127) return;
  const addr = networkOf6(a.addr, a.prefixLen);
  if (isUnspecified6(addr)) return;
  const idev = a.idev;
  const key = hex(addr);
  const users = idev.anycast.get(key)?.users ?? 0;
  // the newest stands first, as the kernel lists them
  const rest = [...idev.anycast];
  if (users > 0) idev.anycast.get(key)!.users++;
  else {
    idev.anycast.clear();
    idev.anycast.set(key, { addr, users: 1 });
    for (const [k, v] of rest) idev.anycast.set(k, v);
    addKernelRoute(idev.dev, RtTable.LOCAL, RtType.ANYCAST, addr, 128, 0);
    mldJoin(idev, solicitedNode(addr));
  }
}

export function leaveAnycast(a: Inet6Ifaddr): void {
  if (a.prefixLen >= 127) return;
  const addr = networkOf6(a.addr, a.prefixLen);
  const key = hex(addr);
  const ac = a.idev.anycast.get(key);
  if (!ac || --ac.users > 0) return;
  a.idev.anycast.delete(key);
  mldLeave(a.idev, solicitedNode(addr));
  delKernelRoute(a.idev.dev, RtTable.LOCAL, addr, 128);
}

/** ipv6_chk_acast_addr: does the device answer to it? */
export function isAnycast(dev: NetDevice, addr: Uint8Array): boolean {
  return dev.ip6 !== null && dev.ip6.anycast.size > 0 && dev.ip6.anycast.has(hex(addr));
}

/** ipv6_ac_destroy_dev */
export function anycastDestroy(idev: Inet6Dev): void {
  for (const ac of idev.anycast.values()) mldLeave(idev, solicitedNode(ac.addr));
  idev.anycast.clear();
}
