/** A namespace's sockets, and socket(2): each family puts its factory into NetWorld.sockFamilies. */
import { LazySet } from "../../core/lazy.ts";
import { Errno } from "../../core/result.ts";
import type { NetNs } from "../netns.ts";
import type { PacketTap, Sock, SockCred } from "./socket.ts";

export class SockTable {
  /** AF_PACKET sockets bound to no device: they see the frames of all */
  readonly taps: PacketTap[] = [];
  /** every open socket of the namespace, in order of creation */
  readonly all = new LazySet<Sock>();
}

/** socket(2): type 1 stream, 2 datagram, 3 raw. The socket, or -errno (-EAFNOSUPPORT for a family that is not there). */
export function createSocket(ns: NetNs, family: number, type: number, protocol: number, cred: SockCred): Sock | number {
  const make = ns.net.sockFamilies.get(family);
  if (!make) return -Errno.EAFNOSUPPORT;
  const sk = make(ns, type, protocol, cred);
  if (typeof sk !== "number") ns.socks.all.add(sk);
  return sk;
}

/** close(2) of the last descriptor. */
export function closeSocket(sk: Sock): void {
  sk.ns.socks.all.delete(sk);
  sk.ops.close(sk);
}
