/**
 * Sockets as the kernel side of a file descriptor sees them. Each family implements SockOps with static functions; a
 * blocked process waits on `wq` and calls again. Negative numbers are -errno; -EAGAIN means "would block".
 */
import type { WaitQueue } from "../../core/waitq.ts";
import type { NetDevice } from "../dev/device.ts";
import type { NetNs } from "../netns.ts";
import type { Skb } from "../skb.ts";

export interface SockCred {
  readonly uid: number;
  readonly gid: number;
  readonly netRaw: boolean;
  readonly netAdmin: boolean;
  readonly groups: readonly number[];
}

/** Same shapes as SockAddr and RecvMeta of kernel/abi.ts (net must not import kernel); tstamp is virtual time. */
export type NetAddr =
  | { readonly family: 2; readonly addr: number; readonly port: number }
  | { readonly family: 10; readonly addr: Uint8Array; readonly port: number; readonly scopeId: number }
  | {
      readonly family: 17;
      readonly ifindex: number;
      readonly protocol: number;
      readonly hatype: number;
      readonly pkttype: number;
      readonly addr: Uint8Array;
    }
  | { readonly family: 1; readonly path: string };

export interface NetRecv {
  readonly data: Uint8Array;
  readonly from: NetAddr | null;
  readonly fullLength: number;
  readonly tstamp: number;
  readonly ttl: number;
  readonly tos: number;
  readonly ifindex: number;
  readonly err: SockErr | null;
}
export interface SockErr {
  readonly errno: number;
  readonly origin: "local" | "icmp" | "icmp6";
  readonly type: number;
  readonly code: number;
  readonly info: number;
  readonly offender: NetAddr | null;
}

export interface SockOps {
  readonly bind: (sk: Sock, addr: NetAddr) => number;
  readonly connect: (sk: Sock, addr: NetAddr) => number;
  /** stream sockets only; others answer -EOPNOTSUPP */
  readonly listen?: (sk: Sock, backlog: number) => number;
  /** the next connection, -EAGAIN when none waits */
  readonly accept?: (sk: Sock) => Sock | number;
  readonly sendto: (sk: Sock, data: Uint8Array, to: NetAddr | null, flags: number) => number;
  readonly recv: (sk: Sock, max: number, errqueue: boolean) => NetRecv | number;
  readonly setsockopt: (sk: Sock, opt: string, value: number | string | Uint8Array) => number;
  readonly getsockopt: (sk: Sock, opt: string) => number;
  readonly getsockname: (sk: Sock) => NetAddr | number;
  readonly getpeername: (sk: Sock) => NetAddr | number;
  readonly poll: (sk: Sock) => { readonly read: boolean; readonly write: boolean; readonly err: boolean; readonly hup: boolean };
  readonly shutdown: (sk: Sock, how: "rd" | "wr" | "rdwr") => number;
  readonly close: (sk: Sock) => void;
}

/** Fields every socket has; families extend it with their own. */
export interface Sock {
  readonly ops: SockOps;
  readonly ns: NetNs;
  readonly family: number;
  readonly type: number;
  protocol: number;
  readonly cred: SockCred;
  readonly wq: WaitQueue;
  mark: number;
  priority: number;
  /** SO_BINDTODEVICE, 0 none */
  boundDev: number;
}

/** An AF_PACKET socket hanging on a device (or, through NetNs.socks, on all). */
export interface PacketTap {
  /** EtherType it wants, 3 (ETH_P_ALL) for every frame; only ETH_P_ALL taps see outgoing frames */
  protocol: number;
  /** whose it is: a socket does not see its own frames */
  readonly sk: Sock;
  /** gets the frame as it is; must not keep or change the skb */
  readonly deliver: (tap: PacketTap, skb: Skb, dev: NetDevice) => void;
}
