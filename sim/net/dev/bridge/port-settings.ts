/**
 * Settings of a bridge port (br_netlink.c, br_setport and br_port_fill_attrs), for `bridge link set`, `ip link … type
 * bridge_slave` and /sys/class/net/…/brport. Flags are set first, then learning state, cost and the rest, as the kernel does.
 */
import { Errno } from "../../../core/result.ts";
import { IFF, RTNL_OK, type RtnlReply, rtnlError } from "../../rtnl/messages.ts";
import type { NetDevice } from "../device.ts";
import { linkChanged, operUp } from "../linkwatch.ts";
import { fdbFlush } from "./fdb.ts";
import { portOf } from "./port.ts";
import { type Attrs, idText } from "./settings.ts";
import { setState as putState, selectStates, setPathCost, setPortPriority, timerLeft } from "./stp.ts";
import { type BridgePort, BR_STATE_NAMES, BrState, type PortFlags, StpTimer } from "./types.ts";

const ERANGE = rtnlError(Errno.ERANGE);
const EINVAL = rtnlError(Errno.EINVAL);
const MAX_STATE = BrState.BLOCKING;
/** a port may forward all groups but that of pause frames */
const RESTRICTED_PORT_GROUPS = 0x2;

/** flags that the packet path does not follow; off they are, and may be told so again */
const REFUSED: readonly string[] = ["mcast_to_unicast", "neigh_suppress", "vlan_tunnel", "proxy_arp", "proxy_arp_wifi"];

export function setPort(dev: NetDevice, a: Attrs): RtnlReply {
  const p = portOf(dev);
  if (!p) return EINVAL;
  for (const [key, raw] of Object.entries(a)) {
    if (!(key in p.flags)) continue;
    if (raw && REFUSED.includes(key)) return rtnlError(Errno.EOPNOTSUPP, `hop: bridge port option ${key} is not simulated`);
    p.flags[key as keyof PortFlags] = raw !== false && Number(raw) !== 0;
  }
  for (const [key, set] of NUMBERS) {
    const raw = a[key];
    if (raw === undefined) continue;
    const r = set(p, Number(raw));
    if (!r.ok) return r;
  }
  linkChanged(dev);
  return RTNL_OK;
}

const NUMBERS: ReadonlyMap<string, (p: BridgePort, v: number) => RtnlReply> = new Map<string, (p: BridgePort, v: number) => RtnlReply>([
  [
    "cost",
    (p, v) => {
      if (v < 1 || v > 65535) return ERANGE;
      setPathCost(p, v);
      return RTNL_OK;
    },
  ],
  [
    "priority",
    (p, v) => {
      if (v < 0 || v > 63) return ERANGE;
      setPortPriority(p, v);
      return RTNL_OK;
    },
  ],
  ["state", setState],
  [
    "fdb_flush",
    (p) => {
      fdbFlush(p.br, p);
      return RTNL_OK;
    },
  ],
  ["mcast_router", (p, v) => (v > 3 ? EINVAL : (((p.mcastRouter = v), RTNL_OK) as RtnlReply))],
  [
    "group_fwd_mask",
    (p, v) => {
      if (v & RESTRICTED_PORT_GROUPS) return EINVAL;
      p.groupFwdMask = v & 0xffff;
      return RTNL_OK;
    },
  ],
  // there is no other port to fall back to until backup_port exists; 0 takes it away again
  ["backup_port", (_, v) => (v === 0 ? RTNL_OK : rtnlError(Errno.EOPNOTSUPP, "hop: bridge port option backup_port is not simulated"))],
]);

/** br_set_port_state: by hand only where no spanning tree decides. */
function setState(p: BridgePort, v: number): RtnlReply {
  if (v > MAX_STATE) return EINVAL;
  if (p.br.stp) return rtnlError(Errno.EBUSY);
  if (!(p.dev.flags & IFF.UP) || (!operUp(p.dev) && v !== BrState.DISABLED)) return rtnlError(Errno.ENETDOWN);
  putState(p, v as BrState);
  selectStates(p.br);
  return RTNL_OK;
}

/** A port's side of `ip -d link`: on/off values as booleans, in its order. */
export function portInfo(dev: NetDevice): Attrs {
  const p = portOf(dev);
  if (!p) return {};
  const f = p.flags;
  return {
    state: BR_STATE_NAMES[p.state],
    priority: p.priority,
    cost: p.pathCost,
    hairpin: f.hairpin,
    guard: f.guard,
    root_block: f.root_block,
    fastleave: f.fastleave,
    learning: f.learning,
    flood: f.flood,
    port_id: `0x${p.portId.toString(16)}`,
    port_no: `0x${p.no.toString(16)}`,
    designated_port: p.designatedPort,
    designated_cost: p.designatedCost,
    designated_bridge: idText(p.designatedBridge),
    designated_root: idText(p.designatedRoot),
    hold_timer: timerLeft(p, StpTimer.HOLD),
    message_age_timer: timerLeft(p, StpTimer.MESSAGE_AGE),
    forward_delay_timer: timerLeft(p, StpTimer.FORWARD_DELAY),
    topology_change_ack: p.topologyChangeAck ? 1 : 0,
    config_pending: p.configPending ? 1 : 0,
    proxy_arp: f.proxy_arp,
    proxy_arp_wifi: f.proxy_arp_wifi,
    mcast_router: p.mcastRouter,
    mcast_fast_leave: f.fastleave,
    mcast_flood: f.mcast_flood,
    bcast_flood: f.bcast_flood,
    mcast_to_unicast: f.mcast_to_unicast,
    neigh_suppress: f.neigh_suppress,
    group_fwd_mask: p.groupFwdMask,
    group_fwd_mask_str: groupNames(p.groupFwdMask),
    vlan_tunnel: f.vlan_tunnel,
    isolated: f.isolated,
    locked: f.locked,
  };
}

/** iproute2's names of the protocols whose groups a mask lets through. */
const GROUPS: ReadonlyMap<number, string> = new Map([
  [0x1, "stp"],
  [0x4, "lacp"],
  [0x4000, "lldp"],
]);

function groupNames(mask: number): string {
  if (mask === 0) return "0x0";
  const names: string[] = [];
  for (let bit = 1; bit < 0x10000; bit <<= 1) if (mask & bit) names.push(GROUPS.get(bit) ?? `0x${bit.toString(16)}`);
  return names.join(",");
}
