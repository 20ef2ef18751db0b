/**
 * Ports of a bridge (br_if.c, br_notify.c): adding and removing, what happens to their devices, the bridge's MAC (the lowest of
 * its ports' unless given) and its MTU (the smallest).
 */
import { Errno } from "../../../core/result.ts";
import { eqMac, isValidMac, ZERO_MAC } from "../../../wire/mac.ts";
import { IFF, type RtnlReply, RTNL_OK, rtnlError } from "../../rtnl/messages.ts";
import type { DevEvent } from "../../world.ts";
import { devSetAllmulti, devSetPromiscuity, linkMaster } from "../core.ts";
import { type NetDevice, TSO_MAX_SIZE } from "../device.ts";
import { operUp } from "../linkwatch.ts";
import { fdbAddLocal, fdbChangeOwn, fdbDeleteByPort } from "./fdb.ts";
import { brHandleFrame } from "./forward.ts";
import { changeId, enablePort, portIdOf, setState, startBridge, stopBridge, stopPort } from "./stp.ts";
import { type Bridge, type BridgePort, BrState } from "./types.ts";

const ETH_DATA_LEN = 1500;
export const MAX_PORTS = 1023;
const DEFAULT_PRIORITY = 32;

/** A device's port, or null. */
export function portOf(dev: NetDevice): BridgePort | null {
  return dev.rxHandler === brHandleFrame ? (dev.rxPriv as BridgePort) : null;
}

/** br_add_if */
export function addPort(br: Bridge, dev: NetDevice): RtnlReply {
  if (dev.flags & IFF.LOOPBACK || dev.type !== "ether" || !isValidMac(dev.addr)) return rtnlError(Errno.EINVAL);
  if (dev.ops === br.dev.ops) return rtnlError(Errno.ELOOP, "Can not enslave a bridge to a bridge");
  if (dev.rxHandler) return rtnlError(Errno.EBUSY);
  const no = br.usedNos.indexOf(0, 1);
  if (no > MAX_PORTS) return rtnlError(Errno.EXDEV);
  const port: BridgePort = {
    br,
    dev,
    no,
    state: BrState.DISABLED,
    priority: DEFAULT_PRIORITY,
    portId: portIdOf(DEFAULT_PRIORITY, no),
    pathCost: portCost(dev),
    adminCost: false,
    flags: {
      hairpin: false,
      guard: false,
      root_block: false,
      fastleave: false,
      learning: true,
      flood: true,
      mcast_flood: true,
      bcast_flood: true,
      mcast_to_unicast: false,
      neigh_suppress: false,
      vlan_tunnel: false,
      isolated: false,
      locked: false,
      proxy_arp: false,
      proxy_arp_wifi: false,
    },
    groupFwdMask: 0,
    mcastRouter: 1,
    designatedRoot: br.designatedRoot,
    designatedCost: br.rootPathCost,
    designatedBridge: br.bridgeId,
    designatedPort: portIdOf(DEFAULT_PRIORITY, no),
    designatedAge: 0,
    topologyChangeAck: false,
    configPending: false,
    timers: [],
    forwardDelayUntil: 0,
  };
  setState(port, BrState.BLOCKING);
  setState(port, BrState.DISABLED);
  devSetAllmulti(dev, 1);
  dev.rxHandler = brHandleFrame;
  dev.rxPriv = port;
  br.ports.unshift(port);
  br.usedNos[no] = 1;
  devSetPromiscuity(dev, 1);
  linkMaster(dev, br.dev);
  fdbAddLocal(br, port, dev.addr);
  // one of many: id and MTU, the lowest of all, change only where the new port is lower
  const only = br.ports.length === 1;
  const changed = (only || lowerAt(dev.addr, 0, br.bridgeId, 2)) && recalculateId(br);
  if (mayRun(port)) enablePort(port);
  if (changed) br.dev.ns.net.notify(br.dev, "changeaddr");
  if (only || dev.mtu < br.dev.mtu) adjustMtu(br);
  if (only || dev.tsoMaxSize < br.dev.tsoMaxSize) adjustTso(br);
  return RTNL_OK;
}

/** br_del_if */
export function delPort(br: Bridge, dev: NetDevice): RtnlReply {
  const port = portOf(dev);
  if (!port || port.br !== br) return rtnlError(Errno.EINVAL);
  devSetAllmulti(dev, -1);
  devSetPromiscuity(dev, -1);
  disablePort(port);
  fdbDeleteByPort(br, port, true);
  br.ports = br.ports.filter((p) => p !== port);
  br.usedNos[port.no] = 0;
  dev.rxHandler = null;
  dev.rxPriv = null;
  linkMaster(dev, null);
  adjustMtu(br);
  adjustTso(br);
  if (recalculateId(br)) br.dev.ns.net.notify(br.dev, "changeaddr");
  return RTNL_OK;
}

/** port_cost: 802.1D's old values by speed; virtual Ethernet claims 10 Gbit/s. */
function portCost(dev: NetDevice): number {
  if (dev.speed >= 10000) return 2;
  if (dev.speed >= 1000) return 4;
  if (dev.speed >= 100) return 19;
  return 100;
}

function mayRun(port: BridgePort): boolean {
  return (port.dev.flags & IFF.UP) !== 0 && operUp(port.dev) && (port.br.dev.flags & IFF.UP) !== 0;
}

/** br_stp_disable_port: what was learned there is forgotten. */
export function disablePort(port: BridgePort): void {
  stopPort(port);
  fdbDeleteByPort(port.br, port, false);
}

/** br_stp_recalculate_bridge_id: true when the bridge's MAC changed. Without any port it becomes zero. */
function recalculateId(br: Bridge): boolean {
  if (br.dev.addrSet) return false;
  let addr: Readonly<Uint8Array> = ZERO_MAC;
  for (const p of br.ports) if (addr === ZERO_MAC || lowerAt(p.dev.addr, 0, addr, 0)) addr = p.dev.addr;
  if (eqMac(br.bridgeId as Uint8Array, 2, addr as Uint8Array, 0)) return false;
  changeId(br, addr);
  return true;
}

function lowerAt(a: Readonly<Uint8Array>, ao: number, b: Readonly<Uint8Array>, bo: number): boolean {
  for (let i = 0; i < 6; i++) if (a[ao + i] !== b[bo + i]) return a[ao + i]! < b[bo + i]!;
  return false;
}

/** br_mtu_auto_adjust: the smallest of the ports' unless the user chose one. */
function adjustMtu(br: Bridge): void {
  if (br.mtuSetByUser) return;
  let mtu = 0;
  for (const p of br.ports) if (mtu === 0 || p.dev.mtu < mtu) mtu = p.dev.mtu;
  if (mtu === 0) mtu = ETH_DATA_LEN;
  if (mtu === br.dev.mtu) return;
  br.dev.mtu = mtu;
  br.dev.ns.net.notify(br.dev, "changemtu");
}

/** br_set_gso_limits: the smallest of the ports' limits. */
function adjustTso(br: Bridge): void {
  let size = TSO_MAX_SIZE;
  for (const p of br.ports) size = Math.min(size, p.dev.tsoMaxSize);
  br.dev.tsoMaxSize = size;
}

/** The bridge was brought up: ports that can run do (br_stp_enable_bridge). */
export function enableBridge(br: Bridge): void {
  startBridge(br);
  for (const p of br.ports) if ((p.dev.flags & IFF.UP) !== 0 && operUp(p.dev)) enablePort(p);
}

/** br_stp_disable_bridge */
export function disableBridge(br: Bridge): void {
  for (const p of br.ports) if (p.state !== BrState.DISABLED) disablePort(p);
  stopBridge(br);
}

/** br_device_event: what happens to the devices that are ports, and the bridge's own new address. */
export function bridgeNotifier(dev: NetDevice, event: DevEvent): void {
  const port = portOf(dev);
  if (!port) {
    if (event === "changeaddr" && isBridge(dev)) fdbChangeOwn(dev.priv as Bridge, null, dev.addr);
    return;
  }
  const br = port.br;
  switch (event) {
    case "changemtu":
      adjustMtu(br);
      break;
    case "changeaddr":
      fdbChangeOwn(br, port, dev.addr);
      if (recalculateId(br)) dev.ns.net.notify(br.dev, "changeaddr");
      break;
    case "change":
      carrierCheck(port);
      break;
    case "down":
      if (br.dev.flags & IFF.UP && port.state !== BrState.DISABLED) disablePort(port);
      break;
    case "up":
      if (mayRun(port) && port.state === BrState.DISABLED) enablePort(port);
      break;
    default:
  }
}

function isBridge(dev: NetDevice): boolean {
  return dev.ops.kind === "bridge";
}

/** br_port_carrier_check */
function carrierCheck(port: BridgePort): void {
  const runs = (port.dev.flags & IFF.UP) !== 0 && operUp(port.dev);
  if (!port.adminCost && runs) port.pathCost = portCost(port.dev);
  if (!(port.br.dev.flags & IFF.UP)) return;
  if (runs && port.state === BrState.DISABLED) enablePort(port);
  else if (!runs && port.state !== BrState.DISABLED) disablePort(port);
}
