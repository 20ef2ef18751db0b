/**
 * The life of a device (net/core/dev.c): register, open, close, rename, change, move between namespaces, unregister.
 * Everything here runs in the configuration path: -errno or 0. The order of notifier events is the kernel's, since
 * protocols depend on it.
 */
import { Errno } from "../../core/result.ts";
import { hex } from "../../core/bytes.ts";
import { isValidMac } from "../../wire/mac.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import type { NetNs } from "../netns.ts";
import { KERN, printk } from "../printk.ts";
import { IFF, type RtnlReply, RTNL_OK, rtnlError } from "../rtnl/messages.ts";
import { dropSkb } from "../skb.ts";
import { nsidAlloc } from "../rtnl/nsid.ts";
import { sysctlInitDevice } from "../sysctl-conf.ts";
import type { NetDevice } from "./device.ts";
import { devActivate, devDeactivate, linkChanged, linkwatchForget, linkwatchInit } from "./linkwatch.ts";
import { allocName, nameInUse } from "./name.ts";

/** Flags that a user may change through ifi_flags besides UP, PROMISC and ALLMULTI. */
const USER_FLAGS = IFF.DEBUG | IFF.NOTRAILERS | IFF.NOARP | IFF.DYNAMIC | IFF.MULTICAST | IFF.PORTSEL | IFF.AUTOMEDIA;
const VOLATILE_FLAGS =
  IFF.LOOPBACK | IFF.POINTOPOINT | IFF.BROADCAST | IFF.ECHO | IFF.MASTER | IFF.SLAVE | IFF.RUNNING | IFF.LOWER_UP | IFF.DORMANT;

/** A locally administered address from the namespace's own random stream (eth_random_addr). */
export function randomMac(ns: NetNs): Uint8Array {
  const mac = ns.macRng.bytes(6);
  mac[0] = (mac[0]! & 0xfe) | 0x02;
  return mac;
}

/** dev_index_reserve: the wanted index (-EBUSY when taken), or the next free one after the last given out. */
export function reserveIfindex(ns: NetNs, wanted: number): number {
  if (wanted > 0) return ns.devs.has(wanted) ? -Errno.EBUSY : wanted;
  while (ns.devs.has(ns.nextIfindex)) ns.nextIfindex++;
  return ns.nextIfindex++;
}

/**
 * register_netdevice: name (a template such as "veth%d" is filled in), ifindex (dev.ifindex when > 0), protocols' state.
 * -EEXIST for a name or -EBUSY for an index that is taken, -EINVAL for a bad name.
 */
export function registerNetdevice(dev: NetDevice): number {
  const ns = dev.ns;
  const name = allocName(ns, dev.name);
  if (typeof name === "number") return name;
  const ifindex = reserveIfindex(ns, dev.ifindex);
  if (ifindex < 0) return ifindex;
  dev.name = name;
  dev.ifindex = ifindex;
  ns.addDevice(dev);
  dev.registered = true;
  sysctlInitDevice(ns, dev);
  linkwatchInit(dev);
  ns.net.notify(dev, "register");
  linkChanged(dev);
  return 0;
}

/** unregister_netdevice: closes, tells the protocols, forgets. What is on its way to the device is dropped. */
export function unregisterNetdevice(dev: NetDevice): void {
  const net = dev.ns.net;
  devClose(dev);
  dev.registered = false;
  dev.ns.removeDevice(dev);
  flushBacklog(dev);
  linkwatchForget(dev);
  if (dev.master) releaseSlave(dev);
  net.notify(dev, "unregister");
  linkChanged(dev);
  dev.mc.clear();
  dev.rxHandler = null;
}

/** Deletes a device as its kind does it: a veth takes its peer along. */
export function deleteDevice(dev: NetDevice): void {
  if (dev.ops.dellink) dev.ops.dellink(dev);
  else unregisterNetdevice(dev);
}

/** dev_open: -errno when the driver refuses. */
export function devOpen(dev: NetDevice): number {
  if (dev.flags & IFF.UP) return 0;
  const err = openQuiet(dev);
  if (err < 0) return err;
  linkChanged(dev);
  dev.ns.net.notify(dev, "up");
  return 0;
}

export function devClose(dev: NetDevice): void {
  if (!(dev.flags & IFF.UP)) return;
  closeQuiet(dev);
  linkChanged(dev);
  dev.ns.net.notify(dev, "down");
}

function openQuiet(dev: NetDevice): number {
  dev.flags |= IFF.UP;
  const err = dev.ops.open ? dev.ops.open(dev) : 0;
  if (err < 0) {
    dev.flags &= ~IFF.UP;
    return err;
  }
  devActivate(dev);
  return 0;
}

function closeQuiet(dev: NetDevice): void {
  dev.ns.net.notify(dev, "going-down");
  devDeactivate(dev);
  if (dev.ops.stop) dev.ops.stop(dev);
  dev.flags &= ~IFF.UP;
}

/** dev_change_flags: the complete new IFF_* word of `ip link set`. */
export function devChangeFlags(dev: NetDevice, flags: number): number {
  const old = dev.flags;
  dev.flags = (flags & USER_FLAGS) | (dev.flags & (IFF.UP | VOLATILE_FLAGS | IFF.PROMISC | IFF.ALLMULTI));
  let err = 0;
  if ((old ^ flags) & IFF.UP) {
    if (old & IFF.UP) closeQuiet(dev);
    else err = openQuiet(dev);
  }
  if ((flags ^ dev.gflags) & IFF.PROMISC) {
    dev.gflags ^= IFF.PROMISC;
    devSetPromiscuity(dev, flags & IFF.PROMISC ? 1 : -1);
  }
  if ((flags ^ dev.gflags) & IFF.ALLMULTI) {
    dev.gflags ^= IFF.ALLMULTI;
    devSetAllmulti(dev, flags & IFF.ALLMULTI ? 1 : -1);
  }
  if (err < 0) return err;
  const changes = old ^ dev.flags;
  if (changes) linkChanged(dev);
  if (changes & IFF.UP) dev.ns.net.notify(dev, dev.flags & IFF.UP ? "up" : "down");
  if (dev.flags & IFF.UP && changes & IFF.NOARP) dev.ns.net.notify(dev, "changearp");
  if (dev.flags & IFF.UP && changes & ~(IFF.UP | IFF.PROMISC | IFF.ALLMULTI | VOLATILE_FLAGS)) dev.ns.net.notify(dev, "change");
  return 0;
}

/** rtnl_dev_combine_flags: the present word as users see it, with the bits of `change` replaced (0: all of them). */
export function combineFlags(dev: NetDevice, flags: number, change: number): number {
  if (change === 0) return flags;
  const now = (dev.flags & ~(IFF.PROMISC | IFF.ALLMULTI)) | (dev.gflags & (IFF.PROMISC | IFF.ALLMULTI));
  return (now & ~change) | (flags & change);
}

/** One more (+1) or fewer (-1) who wants every frame. Sockets and bridges count too; only IFF_PROMISC in gflags shows. */
export function devSetPromiscuity(dev: NetDevice, inc: number): void {
  dev.promiscuity += inc;
  dev.ops.rxFilter?.(dev, "promisc", inc);
  if (dev.promiscuity > 0 !== ((dev.flags & IFF.PROMISC) !== 0)) modeLog(dev, dev.promiscuity > 0, "promiscuous");
  if (dev.promiscuity > 0) dev.flags |= IFF.PROMISC;
  else dev.flags &= ~IFF.PROMISC;
}

export function devSetAllmulti(dev: NetDevice, inc: number): void {
  dev.allmulti += inc;
  dev.ops.rxFilter?.(dev, "allmulti", inc);
  if (dev.allmulti > 0 !== ((dev.flags & IFF.ALLMULTI) !== 0)) modeLog(dev, dev.allmulti > 0, "allmulticast");
  if (dev.allmulti > 0) dev.flags |= IFF.ALLMULTI;
  else dev.flags &= ~IFF.ALLMULTI;
}

function modeLog(dev: NetDevice, on: boolean, mode: string): void {
  printk(dev.ns, KERN.INFO, `${dev.name}: ${on ? "entered" : "left"} ${mode} mode`);
}

/** dev_mc_add: the device listens to one more group address (counted). */
export function devMcAdd(dev: NetDevice, mac: Readonly<Uint8Array>): void {
  const key = hex(mac as Uint8Array, ":");
  dev.mc.set(key, (dev.mc.get(key) ?? 0) + 1);
  dev.ops.rxFilter?.(dev, mac as Uint8Array, 1);
}

export function devMcDel(dev: NetDevice, mac: Readonly<Uint8Array>): void {
  const key = hex(mac as Uint8Array, ":");
  const n = dev.mc.get(key);
  if (n === undefined) return;
  dev.ops.rxFilter?.(dev, mac as Uint8Array, -1);
  if (n > 1) dev.mc.set(key, n - 1);
  else dev.mc.delete(key);
}

/** dev_set_mtu with the kernel's words. */
export function devSetMtu(dev: NetDevice, mtu: number): RtnlReply {
  if (mtu === dev.mtu) return RTNL_OK;
  const refused =
    mtu < dev.minMtu ? "mtu less than device minimum" : dev.maxMtu > 0 && mtu > dev.maxMtu ? "mtu greater than device maximum" : null;
  if (refused !== null) {
    printk(dev.ns, KERN.ERR, `${dev.name}: ${refused}`);
    return rtnlError(Errno.EINVAL, refused);
  }
  if (dev.ops.setMtu) {
    const err = dev.ops.setMtu(dev, mtu);
    if (err < 0) return rtnlError(-err);
  }
  dev.mtu = mtu;
  dev.conf6 = { ...dev.conf6, mtu };
  dev.ns.net.notify(dev, "changemtu");
  linkChanged(dev);
  return RTNL_OK;
}

/** dev_set_mac_address: -EADDRNOTAVAIL for a group or zero address; -EBUSY where the driver cannot change it while up. */
export function devSetAddress(dev: NetDevice, addr: Uint8Array): number {
  if (addr.length !== 6) return -Errno.EINVAL;
  if (!dev.liveAddrChange && dev.flags & IFF.UP) return -Errno.EBUSY;
  if (!isValidMac(addr)) return -Errno.EADDRNOTAVAIL;
  if (dev.ops.setAddress) {
    const err = dev.ops.setAddress(dev, addr);
    if (err < 0) return err;
  }
  dev.addr = addr.slice();
  dev.addrSet = true;
  dev.ns.net.notify(dev, "changeaddr");
  linkChanged(dev);
  return 0;
}

/** dev_change_name; `name` may be a template. Since Linux 6.2 also while the device is up. */
export function devChangeName(dev: NetDevice, name: string): number {
  if (name === dev.name) return 0;
  const full = allocName(dev.ns, name);
  if (typeof full === "number") return full;
  const old = dev.name;
  dev.ns.removeName(old);
  dev.name = full;
  dev.ns.addName(dev, full);
  printk(dev.ns, KERN.INFO, `${full}: renamed from ${old}${dev.flags & IFF.UP ? " (while UP)" : ""}`);
  dev.ns.net.notify(dev, "changename");
  linkChanged(dev);
  return 0;
}

/**
 * dev_change_net_namespace. The index is kept where it is free. `pat` replaces a name that is taken there ("" refuses).
 * All of the device's protocol state (addresses, routes, neighbours, sysctls) is lost.
 */
export function devChangeNetns(dev: NetDevice, target: NetNs, pat: string, newIfindex: number): RtnlReply {
  const old = dev.ns;
  if (old === target) return RTNL_OK;
  if (dev.netnsLocal) return rtnlError(Errno.EINVAL, "The interface netns is immutable");
  let name = dev.name;
  if (nameInUse(target, name)) {
    if (pat === "") return rtnlError(Errno.EEXIST, "An interface with the same name exists in the target netns");
    const got = allocName(target, pat);
    if (typeof got === "number") return rtnlError(-got, `Unable to use '${pat}' for the new interface name in the target netns`);
    name = got;
  }
  for (const alt of dev.altnames) {
    if (nameInUse(target, alt)) return rtnlError(Errno.EEXIST, `An interface with the altname ${alt} exists in the target netns`);
  }
  if (newIfindex > 0 && target.devs.has(newIfindex))
    return rtnlError(Errno.EBUSY, `The ifindex ${newIfindex} is not available in the target netns`);
  devClose(dev);
  old.removeDevice(dev);
  flushBacklog(dev);
  linkwatchForget(dev);
  if (dev.master) releaseSlave(dev);
  dev.qdisc = "noop";
  dev.txActive = false;
  dev.registered = false;
  dev.moving = true;
  old.net.notify(dev, "unregister");
  dev.moving = false;
  // the goodbye message names the new namespace, so the old one gets an id for it
  nsidAlloc(old, target);
  linkChanged(dev);
  dev.mc.clear();
  dev.ns = target;
  dev.ifindex = reserveIfindex(target, newIfindex > 0 ? newIfindex : target.devs.has(dev.ifindex) ? 0 : dev.ifindex);
  dev.name = name;
  target.addDevice(dev);
  dev.registered = true;
  sysctlInitDevice(target, dev);
  target.net.notify(dev, "register");
  linkChanged(dev);
  return RTNL_OK;
}

/** do_set_master: out of the present master, into the new one (0 for none). */
export function devSetMaster(dev: NetDevice, masterIndex: number): RtnlReply {
  if (dev.master) {
    if (dev.master.ifindex === masterIndex) return RTNL_OK;
    const r = releaseSlave(dev);
    if (!r.ok) return r;
  }
  if (masterIndex === 0) return RTNL_OK;
  const master = dev.ns.devs.get(masterIndex);
  if (!master) return rtnlError(Errno.EINVAL);
  if (!master.ops.addSlave) return rtnlError(Errno.EOPNOTSUPP);
  return master.ops.addSlave(master, dev);
}

function releaseSlave(dev: NetDevice): RtnlReply {
  const m = dev.master!;
  return m.ops.delSlave ? m.ops.delSlave(m, dev) : rtnlError(Errno.EOPNOTSUPP);
}

/** netdev_master_upper_dev_link / unlink: who is whose master is known to the protocols through "changeupper". */
export function linkMaster(dev: NetDevice, master: NetDevice | null): void {
  dev.master = master;
  dev.ns.net.notify(dev, "changeupper");
  linkChanged(dev);
}

function flushBacklog(dev: NetDevice): void {
  for (const skb of dev.backlog) {
    dev.stats.rxDropped++;
    dropSkb(skb, dev.ns, Sites.RX, DropReason.DEV_READY, null, dev.ifindex, 0);
  }
  dev.backlog.length = 0;
}
