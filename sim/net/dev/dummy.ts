/** dummy: a device that is always there and swallows what it is given (drivers/net/dummy.c). Its carrier can be switched. */
import type { NetNs } from "../netns.ts";
import { Sites } from "../../trace/sites.ts";
import { IFF, type LinkAttrs, type RtnlError, rtnlError } from "../rtnl/messages.ts";
import { consumeSkb, type Skb } from "../skb.ts";
import { configureNewLink } from "./configure.ts";
import { randomMac, registerNetdevice, unregisterNetdevice } from "./core.ts";
import { type DevOps, NetDevice } from "./device.ts";
import { carrierOff, carrierOn } from "./linkwatch.ts";

function xmit(dev: NetDevice, skb: Skb): void {
  dev.stats.txPackets++;
  dev.stats.txBytes += skb.len;
  consumeSkb(skb, dev.ns, Sites.XMIT, null, dev.ifindex, skb.len);
}

function newlink(ns: NetNs, attrs: LinkAttrs): NetDevice | RtnlError {
  const dev = new NetDevice(
    ns,
    DUMMY_OPS,
    attrs.newIfindex ?? 0,
    attrs.name ?? "dummy%d",
    "ether",
    attrs.address ?? randomMac(ns),
    IFF.BROADCAST | IFF.NOARP,
    1500,
    null,
  );
  dev.addrSet = attrs.address !== undefined;
  dev.minMtu = 0;
  dev.maxMtu = 0;
  const err = registerNetdevice(dev);
  if (err < 0) return rtnlError(-err);
  const r = configureNewLink(dev, attrs, true);
  if (r.ok) return dev;
  unregisterNetdevice(dev);
  return r;
}

function setCarrier(dev: NetDevice, on: boolean): number {
  (on ? carrierOn : carrierOff)(dev);
  return 0;
}

export const DUMMY_OPS: DevOps = { kind: "dummy", xmit, newlink, setCarrier };
