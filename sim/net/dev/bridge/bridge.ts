/** The bridge as a kind of device (br_device.c): `ip link add type bridge`, up and down, its ports' master. */
import { bug, Errno } from "../../../core/result.ts";
import { SEC } from "../../../core/time.ts";
import { isValidMac, ZERO_MAC } from "../../../wire/mac.ts";
import type { NetNs } from "../../netns.ts";
import { IFF, type LinkAttrs, type RtnlError, rtnlError } from "../../rtnl/messages.ts";
import { configureNewLink } from "../configure.ts";
import { devMcAdd, devMcDel, randomMac, registerNetdevice, unregisterNetdevice } from "../core.ts";
import { type DevOps, NetDevice } from "../device.ts";
import { fdbAddLocal } from "./fdb.ts";
import { brXmit } from "./forward.ts";
import { MAX_PORTS, addPort, delPort, disableBridge, enableBridge } from "./port.ts";
import { portInfo, setPort } from "./port-settings.ts";
import { bridgeInfo, DEFAULT_SETTINGS, setBridge } from "./settings.ts";
import { bridgeIdOf, changeId, stopBridge } from "./stp.ts";
import type { Bridge } from "./types.ts";

const DEFAULT_PRIORITY = 32768;
const GROUP_ADDRESS = new Uint8Array([0x01, 0x80, 0xc2, 0, 0, 0]);
/** groups that a bridge listens to in order to find other snoopers (RFC 4286) */
const SNOOPERS = [new Uint8Array([0x01, 0x00, 0x5e, 0, 0, 0x6a]), new Uint8Array([0x33, 0x33, 0, 0, 0, 0x6a])] as const;
function newlink(ns: NetNs, attrs: LinkAttrs): NetDevice | RtnlError {
  const dev = new NetDevice(
    ns,
    BRIDGE_OPS,
    attrs.newIfindex ?? 0,
    attrs.name ?? "bridge%d",
    "ether",
    attrs.address ?? randomMac(ns),
    IFF.BROADCAST | IFF.MULTICAST,
    1500,
    null,
  );
  dev.addrSet = attrs.address !== undefined;
  dev.netnsLocal = true;
  const id = bridgeIdOf(DEFAULT_PRIORITY, ZERO_MAC);
  const br: Bridge = {
    dev,
    ports: [],
    usedNos: new Uint8Array(MAX_PORTS + 2),
    fdb: new Map(),
    bridgeId: id,
    ageingTime: 300 * SEC,
    bridgeAgeingTime: 300 * SEC,
    bridgeForwardDelay: 15 * SEC,
    bridgeHelloTime: 2 * SEC,
    bridgeMaxAge: 20 * SEC,
    forwardDelay: 15 * SEC,
    helloTime: 2 * SEC,
    maxAge: 20 * SEC,
    stp: false,
    designatedRoot: id,
    rootPathCost: 0,
    rootPort: 0,
    topologyChange: false,
    topologyChangeDetected: false,
    timers: [],
    groupAddr: GROUP_ADDRESS,
    groupFwdMask: 0,
    noLinklocalLearn: false,
    mcastSnooping: true,
    settings: { ...DEFAULT_SETTINGS },
    mtuSetByUser: attrs.mtu !== undefined,
    ageingTimer: null,
  };
  dev.priv = br;
  const err = registerNetdevice(dev);
  if (err < 0) return rtnlError(-err);
  fdbAddLocal(br, null, dev.addr);
  if (attrs.address) changeId(br, attrs.address);
  let r = setBridge(br, attrs.data ?? {});
  if (r.ok) r = configureNewLink(dev, attrs, true);
  if (r.ok) return dev;
  unregisterNetdevice(dev);
  return r;
}

function dellink(dev: NetDevice): void {
  const br = dev.priv as Bridge;
  for (const p of br.ports) delPort(br, p.dev);
  stopBridge(br);
  dev.ns.net.sched.cancel(br.ageingTimer);
  br.ageingTimer = null;
  br.fdb.clear();
  unregisterNetdevice(dev);
}

function open(dev: NetDevice): number {
  for (const g of SNOOPERS) devMcAdd(dev, g);
  enableBridge(dev.priv as Bridge);
  return 0;
}

function stop(dev: NetDevice): void {
  disableBridge(dev.priv as Bridge);
  for (const g of SNOOPERS) devMcDel(dev, g);
}

function setMtu(dev: NetDevice): number {
  (dev.priv as Bridge).mtuSetByUser = true;
  return 0;
}

function setAddress(dev: NetDevice, addr: Uint8Array): number {
  if (!isValidMac(addr)) return -Errno.EADDRNOTAVAIL;
  changeId(dev.priv as Bridge, addr);
  return 0;
}

export const BRIDGE_OPS: DevOps = {
  kind: "bridge",
  xmit: brXmit,
  open,
  stop,
  newlink,
  dellink,
  changelink: (dev, attrs) => setBridge(dev.priv as Bridge, attrs.data ?? {}),
  fillInfo: (dev) => bridgeInfo(dev.priv as Bridge),
  slaveInfo: portInfo,
  addSlave: (dev, slave) => addPort(dev.priv as Bridge, slave),
  delSlave: (dev, slave) => delPort(dev.priv as Bridge, slave),
  changeSlave: (_dev, slave, attrs) => setPort(slave, attrs),
  setMtu,
  setAddress,
};

/** A bridge made by a machine's builder: its device, down and without ports. */
export function createBridge(ns: NetNs, name: string): NetDevice {
  const dev = newlink(ns, { name });
  return dev instanceof NetDevice ? dev : bug(`cannot make bridge ${name}`);
}

/** Makes `dev` a port of the bridge device: 0 or -errno. */
export function enslave(bridge: NetDevice, dev: NetDevice): number {
  const r = addPort(bridge.priv as Bridge, dev);
  return r.ok ? 0 : -r.errno;
}
