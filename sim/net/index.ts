/**
 * The network stack's front door: makes a NetWorld with every timer, protocol, device kind and socket family in its tables, and
 * makes and destroys namespaces. Callers outside net/ use this file, world.ts's types, rtnl/index.ts, sysctl.ts and sock/table.ts.
 */
import { rtnlRegisterNotify } from "./rtnl/notify.ts";
import { type Scheduler, TimerKind } from "../core/scheduler.ts";
import { bug } from "../core/result.ts";
import type { Recorder } from "../trace/recorder.ts";
import { deleteDevice, devChangeNetns } from "./dev/core.ts";
import { BRIDGE_OPS } from "./dev/bridge/bridge.ts";
import { fdbAgeing } from "./dev/bridge/fdb.ts";
import { brLoopTimer } from "./dev/bridge/forward.ts";
import { bridgeNotifier } from "./dev/bridge/port.ts";
import { llcRcv, stpTimer } from "./dev/bridge/stp-rcv.ts";
import type { Bridge, BridgePort, LoopedFrame } from "./dev/bridge/types.ts";
import { cableTimer, type CableEnd } from "./dev/cable.ts";
import type { NetDevice } from "./dev/device.ts";
import { DUMMY_OPS } from "./dev/dummy.ts";
import { linkwatchEvent } from "./dev/linkwatch.ts";
import { createLoopback } from "./dev/loopback.ts";
import { rxTimer } from "./dev/rx.ts";
import { TUN_OPS } from "./dev/tun/tun.ts";
import { VETH_OPS } from "./dev/veth.ts";
import { VLAN_OPS, vlanNotifier } from "./dev/vlan/vlan.ts";
import { ip4Register } from "./ip/init.ts";
import { ip6Register } from "./ip6/init.ts";
import { tcpRegister } from "./tcp/init.ts";
import { NetNs } from "./netns.ts";
import { AF_PACKET, packetCreate, packetNotifier } from "./sock/packet.ts";
import { SockTable } from "./sock/table.ts";
import { NetSysctl } from "./sysctl-conf.ts";
import { NetWorld } from "./world.ts";
import { ETH_P_802_2 } from "../wire/eth.ts";

/** A world without namespaces. Registers its timers on `sched`. */
export function createNet(sched: Scheduler, rec: Recorder, seed: number): NetWorld {
  const net = new NetWorld(sched, rec, seed);
  sched.on(TimerKind.RX, (dev: NetDevice) => rxTimer(dev));
  sched.on(TimerKind.LINKWATCH, (w: NetWorld) => linkwatchEvent(w));
  sched.on(TimerKind.BR_AGEING, (br: Bridge) => fdbAgeing(br));
  sched.on(TimerKind.BR_LOOP, (f: LoopedFrame) => brLoopTimer(f));
  sched.on(TimerKind.BR_STP, (x: Bridge | BridgePort, which: number) => stpTimer(x, which));
  sched.on(TimerKind.TX_DONE, (d: CableEnd, what: number) => cableTimer(d, what));
  net.kinds.set("dummy", DUMMY_OPS);
  net.kinds.set("veth", VETH_OPS);
  net.kinds.set("bridge", BRIDGE_OPS);
  net.kinds.set("vlan", VLAN_OPS);
  net.kinds.set("tun", TUN_OPS);
  net.protocols.set(ETH_P_802_2, llcRcv);
  net.sockFamilies.set(AF_PACKET, packetCreate);
  net.notifiers.push(packetNotifier, bridgeNotifier);
  ip4Register(net);
  ip6Register(net);
  tcpRegister(net);
  rtnlRegisterNotify(net);
  // after the protocols, as on Linux: their view of a device is settled before VLAN devices follow it
  net.notifiers.push(vlanNotifier);
  return net;
}

/**
 * A fresh namespace with only a loopback device, down. `label` names it for people and for random streams; `initial`
 * is true for a machine's first one.
 */
export function createNetNs(net: NetWorld, machine: string, label: string, initial: boolean): NetNs {
  const ns = new NetNs(net, machine, label, initial);
  ns.sysctl = new NetSysctl();
  ns.socks = new SockTable();
  for (const init of net.nsInit) init(ns);
  createLoopback(ns);
  net.namespaces.set(ns.id, ns);
  net.changed(ns, "netns");
  return ns;
}

/**
 * cleanup_net: devices that users made die with the namespace (a veth takes its peer along), physical ones go back to
 * their machine's first namespace, then protocols are shut down. Nobody may refer to it any more.
 */
export function destroyNetNs(ns: NetNs): void {
  if (ns.dead) bug(`namespace ${ns.label} destroyed twice`);
  ns.dead = true;
  const net = ns.net;
  const home = homeOf(ns);
  for (const dev of [...ns.devs.values()].reverse()) {
    if (!dev.registered || dev === ns.loopback) continue;
    if (dev.ops.newlink || !home) deleteDevice(dev);
    else devChangeNetns(dev, home, `dev${dev.ifindex}`, 0);
  }
  deleteDevice(ns.loopback);
  for (const exit of net.nsExit) exit(ns);
  for (const other of net.namespaces.values()) if (other.nsids.delete(ns.id)) other.nsidsDense = false;
  net.namespaces.delete(ns.id);
  net.changed(ns, "netns");
}

function homeOf(ns: NetNs): NetNs | null {
  for (const n of ns.net.namespaces.values()) if (n.initial && n !== ns && n.machine === ns.machine) return n;
  return null;
}
