/**
 * The bridge's data: the bridge itself (struct net_bridge), its ports, its forwarding database. No behaviour.
 * Left out: VLAN filtering, STP (802.1D) beyond port states, multicast snooping (without a querier Linux floods multicast
 * anyway), switchdev.
 */
import type { Timer } from "../../../core/scheduler.ts";
import type { NetDevice } from "../device.ts";

/** BR_STATE_* */
export const BrState = { DISABLED: 0, LISTENING: 1, LEARNING: 2, FORWARDING: 3, BLOCKING: 4 } as const;
export type BrState = (typeof BrState)[keyof typeof BrState];

/** br_port_state_str */
export const BR_STATE_NAMES = ["disabled", "listening", "learning", "forwarding", "blocking"] as const;

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
  /** virtual time last seen as a source, and last used as a destination */
  updated: number;
  used: number;
}

export interface BridgePort {
  readonly br: Bridge;
  readonly dev: NetDevice;
  readonly no: number;
  state: BrState;
  priority: number;
  pathCost: number;
  /** the path cost was given by the user */
  adminCost: boolean;
  hairpin: boolean;
  learning: boolean;
  flood: boolean;
  mcastFlood: boolean;
  bcastFlood: boolean;
  isolated: boolean;
  /** which of 01:80:c2:00:00:0X it forwards */
  groupFwdMask: number;
}

export interface Bridge {
  readonly dev: NetDevice;
  /** newest first, as the kernel keeps them: this is the order in which frames are flooded */
  ports: BridgePort[];
  readonly fdb: Map<number, FdbEntry>;
  /** the MAC in the bridge's identifier, zero without ports or address */
  idAddr: Uint8Array;
  priority: number;
  /** times in ns */
  ageingTime: number;
  forwardDelay: number;
  helloTime: number;
  maxAge: number;
  groupFwdMask: number;
  mcastSnooping: boolean;
  mtuSetByUser: boolean;
  ageingTimer: Timer | null;
}

/** A MAC as one exact number, for map keys. */
export function macKey(b: Readonly<Uint8Array>, off = 0): number {
  return (
    (b[off]! * 256 + b[off + 1]!) * 4294967296 + (((b[off + 2]! << 24) | (b[off + 3]! << 16) | (b[off + 4]! << 8) | b[off + 5]!) >>> 0)
  );
}
