/**
 * The bridge as a kind of device: `ip link add type bridge`, its options, and what `ip -d link` tells about it and its
 * ports. STP and VLAN filtering are refused by name rather than pretended.
 */
import { bug, Errno } from "../../../core/result.ts";
import { MS, SEC } from "../../../core/time.ts";
import { isValidMac } from "../../../wire/mac.ts";
import type { NetNs } from "../../netns.ts";
import { IFF, type LinkAttrs, RTNL_OK, type RtnlError, type RtnlReply, rtnlError } from "../../rtnl/messages.ts";
import { configureNewLink } from "../configure.ts";
import { devMcAdd, devMcDel, randomMac, registerNetdevice, unregisterNetdevice } from "../core.ts";
import { type DevOps, NetDevice } from "../device.ts";
import { linkChanged } from "../linkwatch.ts";
import { fdbAddLocal, fdbFlush, fdbRearm } from "./fdb.ts";
import { brXmit } from "./forward.ts";
import { addPort, changeId, delPort, disableBridge, enableBridge, portOf } from "./port.ts";
import { type Bridge, BR_STATE_NAMES, BrState } from "./types.ts";

type Attrs = Readonly<Record<string, string | number | boolean>>;

/** user space counts bridge times in 1/100 s */
const TICK = 10 * MS;
/** groups that a bridge listens to in order to find other snoopers (RFC 4286) */
const SNOOPERS = [new Uint8Array([0x01, 0x00, 0x5e, 0, 0, 0x6a]), new Uint8Array([0x33, 0x33, 0, 0, 0, 0x6a])] as const;
/** group_fwd_mask may not name STP, pause and LACP */
const RESTRICTED_GROUPS = 0x7;

const REFUSED: readonly string[] = [
  "vlan_filtering",
  "vlan_protocol",
  "vlan_default_pvid",
  "vlan_stats_enabled",
  "vlan_stats_per_port",
  "mcast_querier",
  "mcast_vlan_snooping",
];

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
  const br: Bridge = {
    dev,
    ports: [],
    fdb: new Map(),
    idAddr: new Uint8Array(6),
    priority: 32768,
    ageingTime: 300 * SEC,
    forwardDelay: 15 * SEC,
    helloTime: 2 * SEC,
    maxAge: 20 * SEC,
    groupFwdMask: 0,
    mcastSnooping: true,
    mtuSetByUser: attrs.mtu !== undefined,
    ageingTimer: null,
  };
  dev.priv = br;
  const err = registerNetdevice(dev);
  if (err < 0) return rtnlError(-err);
  fdbAddLocal(br, null, dev.addr);
  if (attrs.address) changeId(br, attrs.address);
  let r = changelink(dev, attrs);
  if (r.ok) r = configureNewLink(dev, attrs, true);
  if (r.ok) return dev;
  unregisterNetdevice(dev);
  return r;
}

function dellink(dev: NetDevice): void {
  const br = dev.priv as Bridge;
  for (const p of br.ports) delPort(br, p.dev);
  dev.ns.net.sched.cancel(br.ageingTimer);
  br.ageingTimer = null;
  br.fdb.clear();
  unregisterNetdevice(dev);
}

/** br_changelink: times in 1/100 s with the kernel's ranges. */
function changelink(dev: NetDevice, attrs: LinkAttrs): RtnlReply {
  const br = dev.priv as Bridge;
  for (const [key, raw] of Object.entries(attrs.data ?? {})) {
    const v = Number(raw);
    switch (key) {
      case "forward_delay":
        // its range holds only where STP runs
        br.forwardDelay = v * TICK;
        break;
      case "hello_time":
        if (v < 100 || v > 1000) return rtnlError(Errno.ERANGE);
        br.helloTime = v * TICK;
        break;
      case "max_age":
        if (v < 600 || v > 4000) return rtnlError(Errno.ERANGE);
        br.maxAge = v * TICK;
        break;
      case "ageing_time":
        br.ageingTime = v * TICK;
        fdbRearm(br);
        break;
      case "priority":
        br.priority = v;
        break;
      case "group_fwd_mask":
        if (v & RESTRICTED_GROUPS) return rtnlError(Errno.EINVAL);
        br.groupFwdMask = v;
        break;
      case "fdb_flush":
        fdbFlush(br);
        break;
      case "stp_state":
        if (v !== 0) return rtnlError(Errno.EOPNOTSUPP, "hop: STP is not simulated");
        break;
      case "mcast_snooping":
        // without a querier on the link, snooping floods as no snooping does
        br.mcastSnooping = v !== 0;
        break;
      default:
        if (REFUSED.includes(key) && v === 0) break;
        return rtnlError(Errno.EOPNOTSUPP, `hop: bridge option ${key} is not simulated`);
    }
  }
  return RTNL_OK;
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

/** `bridge link set` and `ip link set type bridge_slave`: on/off as booleans, numbers as numbers. */
function changeSlave(_dev: NetDevice, slave: NetDevice, a: Attrs): RtnlReply {
  const p = portOf(slave);
  if (!p) return rtnlError(Errno.EINVAL);
  for (const [key, raw] of Object.entries(a)) {
    const v = Number(raw);
    switch (key) {
      case "hairpin":
        p.hairpin = v !== 0;
        break;
      case "learning":
        p.learning = v !== 0;
        break;
      case "flood":
        p.flood = v !== 0;
        break;
      case "mcast_flood":
        p.mcastFlood = v !== 0;
        break;
      case "bcast_flood":
        p.bcastFlood = v !== 0;
        break;
      case "isolated":
        p.isolated = v !== 0;
        break;
      case "cost":
        if (v < 1 || v > 65535) return rtnlError(Errno.ERANGE);
        p.pathCost = v;
        p.adminCost = true;
        break;
      case "priority":
        if (v < 0 || v > 63) return rtnlError(Errno.ERANGE);
        p.priority = v;
        break;
      case "state":
        if (v > BrState.BLOCKING) return rtnlError(Errno.EINVAL);
        if (!(slave.flags & IFF.UP) && v !== BrState.DISABLED) return rtnlError(Errno.ENETDOWN);
        p.state = v as BrState;
        break;
      case "group_fwd_mask":
        if (v & RESTRICTED_GROUPS) return rtnlError(Errno.EINVAL);
        p.groupFwdMask = v;
        break;
      default:
        return rtnlError(Errno.EOPNOTSUPP, `hop: bridge port option ${key} is not simulated`);
    }
  }
  linkChanged(slave);
  return RTNL_OK;
}

/** bridge_id as the kernel's sysfs writes it: priority and port MAC with single digits where they fit */
function bridgeId(br: Bridge): string {
  return `${br.priority.toString(16).padStart(4, "0")}.${[...br.idAddr].map((b) => b.toString(16)).join(":")}`;
}

/** Under the words that `ip -d link` prints; times in 1/100 s. */
function fillInfo(dev: NetDevice): Attrs {
  const br = dev.priv as Bridge;
  const now = dev.ns.net.now;
  return {
    forward_delay: br.forwardDelay / TICK,
    hello_time: br.helloTime / TICK,
    max_age: br.maxAge / TICK,
    ageing_time: br.ageingTime / TICK,
    stp_state: 0,
    priority: br.priority,
    vlan_filtering: 0,
    vlan_protocol: "802.1Q",
    bridge_id: bridgeId(br),
    designated_root: bridgeId(br),
    root_port: 0,
    root_path_cost: 0,
    topology_change: 0,
    topology_change_detected: 0,
    hello_timer: 0,
    tcn_timer: 0,
    topology_change_timer: 0,
    gc_timer: br.ageingTimer ? (br.ageingTimer.at - now) / SEC : 0,
    group_fwd_mask: br.groupFwdMask,
    group_address: "01:80:c2:00:00:00",
    mcast_snooping: br.mcastSnooping ? 1 : 0,
    no_linklocal_learn: 0,
    mcast_vlan_snooping: 0,
    mcast_router: 1,
    mcast_query_use_ifaddr: 0,
    mcast_querier: 0,
    mcast_hash_elasticity: 16,
    mcast_hash_max: 4096,
    mcast_last_member_count: 2,
    mcast_startup_query_count: 2,
    mcast_last_member_interval: 100,
    mcast_membership_interval: 26000,
    mcast_querier_interval: 25500,
    mcast_query_interval: 12500,
    mcast_query_response_interval: 1000,
    mcast_startup_query_interval: 3124,
    mcast_stats_enabled: 0,
    mcast_igmp_version: 2,
    mcast_mld_version: 1,
    nf_call_iptables: 0,
    nf_call_ip6tables: 0,
    nf_call_arptables: 0,
  };
}

/** A port's side: on/off values as booleans. */
function slaveInfo(slave: NetDevice): Attrs {
  const p = portOf(slave);
  if (!p) return {};
  const id = (p.priority << 10) | p.no;
  return {
    state: BR_STATE_NAMES[p.state],
    priority: p.priority,
    cost: p.pathCost,
    hairpin: p.hairpin,
    guard: false,
    root_block: false,
    fastleave: false,
    learning: p.learning,
    flood: p.flood,
    port_id: `0x${id.toString(16)}`,
    port_no: `0x${p.no.toString(16)}`,
    designated_port: id,
    designated_cost: 0,
    designated_bridge: bridgeId(p.br),
    designated_root: bridgeId(p.br),
    hold_timer: 0,
    message_age_timer: 0,
    forward_delay_timer: 0,
    topology_change_ack: 0,
    config_pending: 0,
    proxy_arp: false,
    proxy_arp_wifi: false,
    mcast_router: 1,
    mcast_fast_leave: false,
    mcast_flood: p.mcastFlood,
    bcast_flood: p.bcastFlood,
    mcast_to_unicast: false,
    neigh_suppress: false,
    group_fwd_mask: p.groupFwdMask,
    group_fwd_mask_str: `0x${p.groupFwdMask.toString(16)}`,
    vlan_tunnel: false,
    isolated: p.isolated,
    locked: false,
  };
}

export const BRIDGE_OPS: DevOps = {
  kind: "bridge",
  xmit: brXmit,
  open,
  stop,
  newlink,
  dellink,
  changelink,
  fillInfo,
  slaveInfo,
  addSlave: (dev, slave) => addPort(dev.priv as Bridge, slave),
  delSlave: (dev, slave) => delPort(dev.priv as Bridge, slave),
  changeSlave,
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
