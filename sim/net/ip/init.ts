/**
 * IPv4's place in the stack: a namespace's state, what device events mean (inetdev_event, fib_netdev_event,
 * arp_netdev_event, in their order), socket creation, and the registration of all that with a NetWorld.
 */
import { Errno } from "../../core/result.ts";
import { TimerKind } from "../../core/scheduler.ts";
import { INADDR_LOOPBACK } from "../../wire/addr.ts";
import { ETH_P_ARP, ETH_P_IP } from "../../wire/eth.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { macOfMulticast4 } from "../../wire/mac.ts";
import { devMcAdd, devMcDel } from "../dev/core.ts";
import type { NetDevice } from "../dev/device.ts";
import { fibDelIfaddr, fibDeviceUp, fibDisableIp, fibLinkChange, rtCacheFlush } from "../fib/frontend.ts";
import { nexthopDevDown } from "../fib/nexthop-object.ts";
import { DEFAULT_RULES } from "../fib/rules.ts";
import { ARP_OPS, arpAnnounceAll, arpRcv } from "../neigh/arp.ts";
import { neighTimer } from "../neigh/entry.ts";
import { type Neigh, NeighTable, type ProxyWait } from "../neigh/state.ts";
import { neighCarrierDown, neighChangeAddr, neighGcTimer, neighProxyTimer, neighTableClear } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IfaF, IFF, RtScope } from "../rtnl/messages.ts";
import { in4 } from "../sysctl-conf.ts";
import { pingSocket } from "../sock/icmp.ts";
import { rawSocket } from "../sock/raw.ts";
import type { Sock, SockCred } from "../sock/socket.ts";
import { udpSocket } from "../sock/udp.ts";
import { tcpSocket } from "../tcp/socket.ts";
import type { DevEvent, NetWorld } from "../world.ts";
import { type FragQueue, fragsClear } from "./inet-fragment.ts";
import { icmpSend } from "./icmp-send.ts";
import { inetInsertIfa } from "./inetaddr.ts";
import { ALL_HOSTS, igmpDown, igmpUp } from "./igmp.ts";
import { ipRcv } from "./rcv.ts";
import { Snmp4 } from "./snmp.ts";
import { InDevice, InIfaddr, Ip4Ns } from "./state.ts";

/** 224.0.0.1: every host is in it */
const MIN_MTU = 68;

function ip4NsInit(ns: NetNs): void {
  const rng = ns.net.prng(`${ns.label}/ip4`);
  ns.ip4 = new Ip4Ns(ns, new NeighTable(ns, 2, ARP_OPS, rng.split("neigh")), { icmpSend }, DEFAULT_RULES, new Snmp4(), rng);
}

function ip4NsExit(ns: NetNs): void {
  neighTableClear(ns.ip4.arp);
  fragsClear(ns.ip4.frags);
}

/** Puts IPv4 into the world's tables. */
export function ip4Register(net: NetWorld): void {
  net.protocols.set(ETH_P_IP, ipRcv);
  net.protocols.set(ETH_P_ARP, arpRcv);
  net.notifiers.push(ip4Notifier);
  net.sysctlListeners.push(ip4SysctlChange);
  net.nsInit.push(ip4NsInit);
  net.nsExit.push(ip4NsExit);
  net.sockFamilies.set(2, inetSocket);
  net.sched.on(TimerKind.NEIGH, (n: Neigh) => neighTimer(n));
  net.sched.on(TimerKind.NEIGH_PROXY, (w: ProxyWait) => neighProxyTimer(w));
  net.sched.on(TimerKind.FRAG, (q: FragQueue) => q.expire(q));
  net.sched.on(TimerKind.NEIGH_GC, (t: NeighTable) => neighGcTimer(t));
}

/** NetWorld.sysctlListeners: what is remembered about routes may be void. */
function ip4SysctlChange(ns: NetNs, what: string): void {
  if (what === "ipv4/route/flush") rtCacheFlush(ns);
  else if (what.startsWith("ipv4/")) ns.ip4.gen++;
}

/** inet_create: socket(AF_INET, type, protocol). */
function inetSocket(ns: NetNs, type: number, protocol: number, cred: SockCred): Sock | number {
  switch (type) {
    case 1:
      return protocol === 0 || protocol === IpProto.TCP ? tcpSocket(ns, cred, 2) : -Errno.EPROTONOSUPPORT;
    case 3:
      return rawSocket(ns, protocol, cred);
    case 2:
      if (protocol === 0 || protocol === IpProto.UDP) return udpSocket(ns, cred);
      return protocol === IpProto.ICMP ? pingSocket(ns, cred) : -Errno.EPROTONOSUPPORT;
    default:
      return -Errno.ESOCKTNOSUPPORT;
  }
}

// ---------------------------------------------------------------- devices

function joinAllHosts(indev: InDevice): void {
  if (indev.groups.has(ALL_HOSTS)) return;
  indev.groups.set(ALL_HOSTS, 1);
  devMcAdd(indev.dev, macOfMulticast4(ALL_HOSTS));
}
function leaveAllHosts(indev: InDevice): void {
  if (indev.groups.delete(ALL_HOSTS)) devMcDel(indev.dev, macOfMulticast4(ALL_HOSTS));
}

/** NetWorld.notifiers */
function ip4Notifier(dev: NetDevice, event: DevEvent): void {
  const indev = dev.ip4;
  if (!indev) {
    if (event === "register" || (event === "changemtu" && dev.registered && dev.mtu >= MIN_MTU)) dev.ip4 = new InDevice(dev);
    return;
  }
  switch (event) {
    case "up":
      loopbackAddress(dev, indev);
      joinAllHosts(indev);
      igmpUp(indev);
      if (in4.arpNotify(dev) !== 0) arpAnnounceAll(dev);
      fibDeviceUp(dev);
      return;
    case "down":
      leaveAllHosts(indev);
      igmpDown(indev);
      nexthopDevDown(dev.ns, dev);
      fibDisableIp(dev.ns, dev, "down", false);
      return;
    case "change":
      if (!dev.carrier && in4.arpEvictNocarrier(dev)) neighCarrierDown(dev.ns.ip4.arp, dev);
      fibLinkChange(dev);
      return;
    case "changearp":
      neighChangeAddr(dev.ns.ip4.arp, dev);
      return;
    case "changeaddr":
      neighChangeAddr(dev.ns.ip4.arp, dev);
      dev.ns.ip4.gen++;
      if (in4.arpNotify(dev) !== 0) arpAnnounceAll(dev);
      return;
    case "changemtu":
      if (dev.mtu < MIN_MTU) inetdevDestroy(dev, indev, "down");
      else dev.ns.ip4.gen++;
      return;
    case "changename":
      // inetdev_changename: the first address is called like the device, the others get or keep a part behind a colon
      indev.addrs.forEach((ifa, i) => {
        const colon = ifa.label.indexOf(":");
        const tail = i === 0 ? "" : colon < 0 ? `:${i + 1}` : ifa.label.slice(colon);
        ifa.label = dev.name.slice(0, 15 - tail.length) + tail;
      });
      return;
    case "unregister":
      inetdevDestroy(dev, indev, "unregister");
  }
}

/** The loopback device gets 127.0.0.1/8 when it comes up without an address. */
function loopbackAddress(dev: NetDevice, indev: InDevice): void {
  if ((dev.flags & IFF.LOOPBACK) === 0) return;
  // refused where it is there already
  inetInsertIfa(new InIfaddr(indev, INADDR_LOOPBACK, INADDR_LOOPBACK, 8, RtScope.HOST, IfaF.PERMANENT, dev.name));
}

/** inetdev_destroy and NETDEV_UNREGISTER of the tables: the device's addresses and every route by it go. */
function inetdevDestroy(dev: NetDevice, indev: InDevice, event: "down" | "unregister"): void {
  const ns = dev.ns;
  leaveAllHosts(indev);
  igmpDown(indev);
  const addrs = indev.addrs.splice(0);
  ns.net.sched.cancel(indev.lifetimeTimer);
  indev.lifetimeTimer = null;
  for (const ifa of addrs) fibDelIfaddr(ifa, null);
  nexthopDevDown(ns, dev);
  fibDisableIp(ns, dev, event, true);
  for (const ifa of addrs) ns.net.changed(ns, "addr", ifa, true);
  dev.ip4 = null;
}
