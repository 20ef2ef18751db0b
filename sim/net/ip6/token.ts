/**
 * A tokenised interface identifier (`ip token`, inet6_set_iftoken of net/ipv6/addrconf.c): the lower half of the addresses that a device makes
 * itself from router advertisements, chosen by hand. Setting one asks routers anew and lets addresses with the old one end.
 */
import { Errno } from "../../core/result.ts";
import type { NetDevice } from "../dev/device.ts";
import { IFF, type RtnlReply, RTNL_OK, rtnlError } from "../rtnl/messages.ts";
import { armLifetime6 } from "./addr6.ts";
import { acceptsRa, startRs } from "./dad.ts";
import { linkLocalOf } from "./route6.ts";
import type { Inet6Dev } from "./state.ts";

export function hasToken(idev: Inet6Dev): boolean {
  return idev.token.some((b) => b !== 0);
}

export function setToken(dev: NetDevice, token: Uint8Array): RtnlReply {
  const idev = dev.ip6;
  if (!idev || token.length !== 16) return rtnlError(Errno.EINVAL);
  if ((dev.flags & IFF.LOOPBACK) !== 0) return rtnlError(Errno.EINVAL, "ipv6: Device is loopback");
  if ((dev.flags & IFF.NOARP) !== 0) return rtnlError(Errno.EINVAL, "ipv6: Device does not do neighbour discovery");
  if (!acceptsRa(dev)) return rtnlError(Errno.EINVAL, "ipv6: Router advertisement is disabled on device");
  if (dev.conf6.router_solicitations === 0) return rtnlError(Errno.EINVAL, "ipv6: Router solicitation is disabled on device");
  idev.token = new Uint8Array(16);
  idev.token.set(token.subarray(8), 8);
  for (const a of idev.addrs) {
    if (!a.tokenized) continue;
    a.validLft = 0;
    a.preferredLft = 0;
  }
  const from = linkLocalOf(dev);
  if (idev.ready && hasToken(idev) && from) {
    dev.ns.net.sched.cancel(idev.rsTimer);
    startRs(idev, from);
  }
  armLifetime6(idev);
  return RTNL_OK;
}
