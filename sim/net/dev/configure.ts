/** What `ip link add` sets on a device besides its name and address (rtnl_create_link, rtnl_configure_link). */
import { Errno } from "../../core/result.ts";
import { setGenMode } from "../ip6/iid.ts";
import { type LinkAttrs, RTNL_OK, type RtnlReply, rtnlError } from "../rtnl/messages.ts";
import { combineFlags, devChangeFlags } from "./core.ts";
import type { NetDevice } from "./device.ts";
import { linkChanged } from "./linkwatch.ts";

/**
 * Applies MTU, queue length, group, flags and the rest to a device that was just registered. `mtuWords`: does the kind leave
 * the MTU to the core, which explains itself (veth checks it first, without a word)?
 */
export function configureNewLink(dev: NetDevice, attrs: LinkAttrs, mtuWords: boolean): RtnlReply {
  if (attrs.mtu !== undefined) {
    if (attrs.mtu < dev.minMtu) return rtnlError(Errno.EINVAL, mtuWords ? "mtu less than device minimum" : null);
    if (dev.maxMtu > 0 && attrs.mtu > dev.maxMtu) return rtnlError(Errno.EINVAL, mtuWords ? "mtu greater than device maximum" : null);
    dev.mtu = attrs.mtu;
  }
  if (attrs.txqlen !== undefined) dev.txqlen = attrs.txqlen;
  if (attrs.group !== undefined) dev.group = attrs.group;
  if (attrs.broadcast) dev.broadcast = attrs.broadcast.slice();
  if (attrs.numTxQueues !== undefined) dev.numTxQueues = attrs.numTxQueues;
  if (attrs.numRxQueues !== undefined) dev.numRxQueues = attrs.numRxQueues;
  if (attrs.linkmode !== undefined) dev.linkmode = attrs.linkmode;
  if (attrs.addrGenMode !== undefined && !setGenMode(dev, attrs.addrGenMode)) return rtnlError(Errno.EINVAL);
  if (attrs.flags || attrs.change) {
    const err = devChangeFlags(dev, combineFlags(dev, attrs.flags ?? 0, attrs.change ?? 0));
    if (err < 0) return rtnlError(-err);
  }
  linkChanged(dev);
  return RTNL_OK;
}
