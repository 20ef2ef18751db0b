/**
 * ICMP datagram sockets, "ping sockets" (net/ipv4/ping.c): anybody in ping_group_range may send echo requests; the kernel
 * sets the identifier (the socket's port) and hands over only its answers, without the IP header.
 */
import { Errno } from "../../core/result.ts";
import { put16 } from "../../core/bytes.ts";
import { ICMP_HLEN, icmpId, icmpSetChecksum, IcmpType } from "../../wire/icmp4.ts";
import { ip4Dst, IpProto } from "../../wire/ipv4.ts";
import { dst4Mtu } from "../ip/exceptions.ts";
import { ipMakeSkb, ipSendSkb } from "../ip/output.ts";
import { countOut } from "../ip/icmp-send.ts";
import type { NetNs } from "../netns.ts";
import { consumeSkb, dropSkb, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import {
  destOf,
  inetConnect,
  inetIif,
  InetSock,
  mayBind,
  queueLocalError,
  recvOf,
  sendOf,
  sendResult,
  sendRoute,
  sockFlow,
  sockQueue,
} from "./inet.ts";
import { INET_OPS } from "./inet-ops.ts";
import type { NetAddr, Sock, SockCred, SockOps } from "./socket.ts";

export class PingSock extends InetSock {}

/** ping_get_port: the wanted identifier, or the next free one after a random start. */
function getIdent(sk: PingSock, wanted: number): number {
  const table = sk.ns.ip4.ping;
  if (wanted !== 0) {
    if (table.has(wanted)) return -Errno.EADDRINUSE;
    sk.sport = wanted;
  } else {
    let id = sk.ns.ip4.rng.below(65535) + 1;
    for (let i = 0; table.has(id); i++) {
      if (i > 65535) return -Errno.EADDRINUSE;
      id = id === 65535 ? 1 : id + 1;
    }
    sk.sport = id;
  }
  table.set(sk.sport, sk);
  return 0;
}

function bind(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as PingSock;
  if (addr.family !== 2) return -Errno.EAFNOSUPPORT;
  if (!mayBind(sk, addr.addr)) return -Errno.EADDRNOTAVAIL;
  if (sk.sport !== 0) return -Errno.EINVAL;
  sk.saddr = sk.rcvSaddr = addr.addr;
  return getIdent(sk, addr.port);
}

function connect(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as PingSock;
  if (sk.sport === 0 && getIdent(sk, 0) < 0) return -Errno.EAGAIN;
  return inetConnect(sk, addr);
}

function sendto(sk0: Sock, data: Uint8Array, to: NetAddr | null, flags: number): number {
  const sk = sk0 as PingSock;
  const ns = sk.ns;
  if (data.length > 0xffff) return -Errno.EMSGSIZE;
  if (data.length < ICMP_HLEN || data[0] !== IcmpType.ECHO || data[1] !== 0) return -Errno.EINVAL;
  const dest = destOf(sk, to);
  if (typeof dest === "number") return dest;
  if (sk.sport === 0 && getIdent(sk, 0) < 0) return -Errno.EAGAIN;
  const f = sockFlow(sk, dest.addr, IpProto.ICMP);
  const rt = sendRoute(sk, f, flags);
  if (typeof rt === "number") return rt;
  const skb = ipMakeSkb(
    ns,
    sendOf(sk, rt, f.saddr, f.daddr, IpProto.ICMP, dest.addr),
    data.length,
    0,
    Sites.SEND,
    IpProto.ICMP,
    data.length,
  );
  if (typeof skb === "number") {
    queueLocalError(sk, f.daddr, 0, dst4Mtu(rt));
    return skb;
  }
  skb.buf.set(data, skb.transport);
  put16(skb.buf, skb.transport + 4, sk.sport);
  icmpSetChecksum(skb.buf, skb.transport, data.length);
  countOut(ns, IcmpType.ECHO);
  const err = ipSendSkb(ns, skb);
  return sendResult(sk, err, data.length);
}

function close(sk0: Sock): void {
  const sk = sk0 as PingSock;
  if (sk.ns.ip4.ping.get(sk.sport) === sk) sk.ns.ip4.ping.delete(sk.sport);
}

const OPS: SockOps = {
  ...INET_OPS,
  bind,
  connect,
  sendto,
  close,
};

/** ping_init_sock: -EACCES outside ping_group_range. */
function pingAllowed(ns: NetNs, cred: SockCred): boolean {
  const [low, high] = ns.sysctl.pingGroups;
  return [cred.gid, ...cred.groups].some((g) => g >= low && g <= high);
}

export function pingSocket(ns: NetNs, cred: SockCred): Sock | number {
  return pingAllowed(ns, cred) ? new PingSock(OPS, ns, 2, IpProto.ICMP, cred) : -Errno.EACCES;
}

/** ping_rcv: takes an echo reply over. Raw sockets have had theirs; nobody waiting is no error. */
export function pingRcv(ns: NetNs, skb: Skb): void {
  const sk = ns.ip4.ping.get(icmpId(skb.buf, skb.transport));
  const local = ip4Dst(skb.buf, skb.network);
  if (
    sk &&
    (sk.rcvSaddr === 0 || sk.rcvSaddr === local) &&
    (sk.boundDev === 0 || sk.boundDev === inetIif(skb)) &&
    !sockQueue(sk, recvOf(skb, skb.transport, 0))
  ) {
    dropSkb(skb, ns, Sites.SOCK, DropReason.SOCKET_RCVBUFF, null, IpProto.ICMP, sk.sport);
    return;
  }
  consumeSkb(skb, ns, Sites.SOCK, null, IpProto.ICMP, icmpId(skb.buf, skb.transport));
}
