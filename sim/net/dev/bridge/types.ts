/**
 * The bridge's data: the bridge itself (struct net_bridge), its ports, its forwarding database. No behaviour.
 * Left out: VLAN filtering, switchdev, MRP and CFM.
 */
import type { Timer } from "../../../core/scheduler.ts";
import type { Skb } from "../../skb.ts";
import type { NetDevice } from "../device.ts";

/** BR_STATE_* */
export const BrState = { DISABLED: 0, LISTENING: 1, LEARNING: 2, FORWARDING: 3, BLOCKING: 4 } as const;
export type BrState = (typeof BrState)[keyof typeof BrState];

/** br_port_state_str */
export const BR_STATE_NAMES = ["disabled", "listening", "learning", "forwarding", "blocking"] as const;

/** What a timer of kind BR_STP is for (its arg); the first three belong to a bridge, the others to a port. */
export const StpTimer = { HELLO: 0, TCN: 1, TOPOLOGY_CHANGE: 2, MESSAGE_AGE: 3, FORWARD_DELAY: 4, HOLD: 5 } as const;
export type StpTimer = (typeof StpTimer)[keyof typeof StpTimer];

export interface FdbEntry {
  /** the address as a number (macKey) */
  readonly key: number;
  readonly addr: Uint8Array;
  /** where it is; null: the bridge itself */
  port: BridgePort | null;
  /** an own address: frames for it are for this machine */
  local: boolean;
  /** never ages */
  static: boolean;
  sticky: boolean;
  /** made by `bridge fdb add`, not learned */
  addedByUser: boolean;
  /** told by a control plane (extern_learn): does not age */
  externLearn: boolean;
  /** virtual time last seen as a source, and last used as a destination */
  updated: number;
  used: number;
}

/** On/off settings of a port, under the words of `ip link … type bridge_slave`. */
export interface PortFlags {
  hairpin: boolean;
  /** a BPDU that comes in switches the port off */
  guard: boolean;
  root_block: boolean;
  /** multicast: an IGMP or MLD leave ends a membership at once */
  fastleave: boolean;
  learning: boolean;
  flood: boolean;
  mcast_flood: boolean;
  bcast_flood: boolean;
  mcast_to_unicast: boolean;
  neigh_suppress: boolean;
  vlan_tunnel: boolean;
  isolated: boolean;
  locked: boolean;
  proxy_arp: boolean;
  proxy_arp_wifi: boolean;
}

export interface BridgePort {
  readonly br: Bridge;
  readonly dev: NetDevice;
  readonly no: number;
  state: BrState;
  priority: number;
  /** priority and number, as BPDUs carry it */
  portId: number;
  pathCost: number;
  /** the path cost was given by the user */
  adminCost: boolean;
  readonly flags: PortFlags;
  /** which of 01:80:c2:00:00:0X it forwards */
  groupFwdMask: number;
  /** 0 never, 1 when one was seen, 2 always */
  mcastRouter: number;
  /** what the best BPDU heard on its link said: 802.1D's port priority vector */
  designatedRoot: Readonly<Uint8Array>;
  designatedCost: number;
  designatedBridge: Readonly<Uint8Array>;
  designatedPort: number;
  /** when the root sent what was heard */
  designatedAge: number;
  topologyChangeAck: boolean;
  configPending: boolean;
  /** by StpTimer */
  readonly timers: (Timer | null)[];
  /** without STP the forward delay runs for show only, until then */
  forwardDelayUntil: number;
}

/** Numbers of `ip link … type bridge` that are kept and shown; times in 1/100 s. */
export interface BridgeSettings {
  vlan_stats_per_port: number;
  mcast_router: number;
  mcast_query_use_ifaddr: number;
  mcast_querier: number;
  mcast_hash_elasticity: number;
  mcast_hash_max: number;
  mcast_last_member_count: number;
  mcast_startup_query_count: number;
  mcast_last_member_interval: number;
  mcast_membership_interval: number;
  mcast_querier_interval: number;
  mcast_query_interval: number;
  mcast_query_response_interval: number;
  mcast_startup_query_interval: number;
  mcast_stats_enabled: number;
  mcast_igmp_version: number;
  mcast_mld_version: number;
  nf_call_iptables: number;
  nf_call_ip6tables: number;
  nf_call_arptables: number;
}

export interface Bridge {
  readonly dev: NetDevice;
  /** newest first, as the kernel keeps them: this is the order in which frames are flooded */
  ports: BridgePort[];
  /** 1 for each port number in use */
  readonly usedNos: Uint8Array;
  readonly fdb: Map<number, FdbEntry>;
  /** priority and MAC: 8 bytes, replaced and never written; the MAC is zero without ports or address */
  bridgeId: Readonly<Uint8Array>;
  /** times in ns; while the topology changes, ageingTime is not what was asked for */
  ageingTime: number;
  bridgeAgeingTime: number;
  /** the bridge's own wishes; the root's count while there is one */
  bridgeForwardDelay: number;
  bridgeHelloTime: number;
  bridgeMaxAge: number;
  forwardDelay: number;
  helloTime: number;
  maxAge: number;
  stp: boolean;
  designatedRoot: Readonly<Uint8Array>;
  rootPathCost: number;
  /** port number, 0: this bridge is the root */
  rootPort: number;
  topologyChange: boolean;
  topologyChangeDetected: boolean;
  /** by StpTimer */
  readonly timers: (Timer | null)[];
  groupAddr: Readonly<Uint8Array>;
  groupFwdMask: number;
  noLinklocalLearn: boolean;
  mcastSnooping: boolean;
  readonly settings: BridgeSettings;
  mtuSetByUser: boolean;
  ageingTimer: Timer | null;
}

/** One step of a frame's way through the bridges of a link. */
export interface BridgeHop {
  readonly port: BridgePort;
  readonly prev: BridgeHop | null;
  /** the frame, or the one it is a copy of, came back to a bridge */
  readonly round: boolean;
}

/** What a decision about a looped frame refers to: "machine:device" of the loop's ports. */
export interface LoopInfo {
  readonly ports: readonly string[];
}

/** A world's loops of bridges, as frames that went round have told (loop.ts). */
export interface BridgeLoop {
  /** virtual time from which the next looped frame may go on */
  free: number;
  /** looped frames that wait for it */
  held: number;
  /** looped frames seen in this storm, and when the last one was */
  frames: number;
  last: number;
  readonly ports: Set<BridgePort>;
  info: LoopInfo;
}

/** A looped frame until it is let on. */
export interface LoopedFrame {
  readonly port: BridgePort;
  readonly skb: Skb;
}

/** A MAC as one exact number, for map keys. */
export function macKey(b: Readonly<Uint8Array>, off = 0): number {
  return (
    (b[off]! * 256 + b[off + 1]!) * 4294967296 + (((b[off + 2]! << 24) | (b[off + 3]! << 16) | (b[off + 4]! << 8) | b[off + 5]!) >>> 0)
  );
}
