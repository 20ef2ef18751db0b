/**
 * Raw IPv4 sockets (net/ipv4/raw.c): every packet of a protocol that is for us, with its IP header; what is sent gets a
 * header, unless IP_HDRINCL says that it brings one.
 */
import { Errno } from "../../core/result.ts";
import {
  IP4_HLEN,
  IP4_OFF_ID,
  IP4_OFF_SRC,
  ip4Dst,
  ip4Hlen,
  ip4Id,
  ip4SetChecksum,
  ip4Src,
  IpProto,
  IP4_OFF_LEN,
} from "../../wire/ipv4.ts";
import { put16, put32, u32 } from "../../core/bytes.ts";
import { isMulticast4 } from "../../wire/addr.ts";
import { ETH_P_IP } from "../../wire/eth.ts";
import { inetAddrType } from "../fib/lookup.ts";
import { dst4Mtu } from "../ip/exceptions.ts";
import { ipLocalOut, ipMakeSkb, ipSendSkb, selectIdent } from "../ip/output.ts";
import type { Dst4 } from "../ip/state.ts";
import type { NetNs } from "../netns.ts";
import { RtType } from "../rtnl/messages.ts";
import { allocSkb, birth, note, type Skb, skbPut } from "../skb.ts";
import { Sites } from "../../trace/sites.ts";
import { destOf, inetIif, InetSock, mayBind, queueLocalError, recvOf, sendOf, sendResult, sendRoute, sockFlow, sockQueue } from "./inet.ts";
import { INET_OPS } from "./inet-ops.ts";
import { inetSetsockopt } from "./sockopt.ts";
import { dropMemberships } from "./membership.ts";
import type { NetAddr, Sock, SockCred, SockOps } from "./socket.ts";

const IPPROTO_RAW = 255;

export class RawSock extends InetSock {
  /** ICMP_FILTER: types that the reader does not want, a bit each */
  icmpFilter = 0;
}

function bind(sk0: Sock, addr: NetAddr): number {
  const sk = sk0 as RawSock;
  if (addr.family !== 2) return -Errno.EAFNOSUPPORT;
  if (!mayBind(sk, addr.addr)) return -Errno.EADDRNOTAVAIL;
  const type = inetAddrType(sk.ns, addr.addr);
  sk.rcvSaddr = addr.addr;
  sk.saddr = addr.addr !== 0 && (type === RtType.MULTICAST || type === RtType.BROADCAST) ? 0 : addr.addr;
  return 0;
}

function sendto(sk0: Sock, data: Uint8Array, to: NetAddr | null, flags: number): number {
  const sk = sk0 as RawSock;
  const ns = sk.ns;
  if (data.length > 0xffff) return -Errno.EMSGSIZE;
  const dest = destOf(sk, to);
  if (typeof dest === "number") return dest;
  if (sk.hdrincl && data.length < IP4_HLEN) return -Errno.EINVAL;
  const proto = sk.hdrincl ? IPPROTO_RAW : sk.protocol;
  const f = sockFlow(sk, dest.addr, proto);
  f.anysrc = sk.hdrincl; // only who brings a header may name anybody as the source
  const rt = sendRoute(sk, f, flags);
  if (typeof rt === "number") return rt;
  if (sk.hdrincl) return sendHeader(sk, data, rt, f.saddr);
  const skb = ipMakeSkb(ns, sendOf(sk, rt, f.saddr, f.daddr, sk.protocol, dest.addr), data.length, 0, Sites.SEND, sk.protocol, data.length);
  if (typeof skb === "number") {
    queueLocalError(sk, f.daddr, 0, dst4Mtu(rt));
    return skb;
  }
  skb.buf.set(data, skb.transport);
  if (sk.protocol === IpProto.ICMP && data.length > 0) {
    ns.ip4.snmp.icmpOutMsgs++;
    if (data[0]! < ns.ip4.snmp.icmpOutTypes.length) ns.ip4.snmp.icmpOutTypes[data[0]!]!++;
  }
  const err = ipSendSkb(ns, skb);
  return sendResult(sk, err, data.length);
}

/** raw_send_hdrinc: the caller made the header; length, checksum, and a missing source or identification are ours. */
function sendHeader(sk: RawSock, data: Uint8Array, rt: Dst4, saddr: number): number {
  const ns = sk.ns;
  const mtu = rt.dev.mtu;
  if (data.length > mtu) {
    queueLocalError(sk, ip4Dst(data, 0), 0, mtu);
    return -Errno.EMSGSIZE;
  }
  const hlen = ip4Hlen(data, 0);
  if (hlen < IP4_HLEN || hlen > data.length) return -Errno.EINVAL;
  const skb = allocSkb(ns.net, data.length, 0);
  const at = skbPut(skb, data.length);
  skb.buf.set(data, at);
  skb.network = at;
  skb.transport = at + hlen;
  skb.protocol = ETH_P_IP;
  skb.dst = rt;
  skb.dev = rt.dev;
  skb.sk = sk;
  skb.mark = sk.mark;
  skb.priority = sk.priority;
  put16(skb.buf, at + IP4_OFF_LEN, data.length);
  if (ip4Src(skb.buf, at) === 0) put32(skb.buf, at + IP4_OFF_SRC, saddr);
  if (ip4Id(skb.buf, at) === 0) put16(skb.buf, at + IP4_OFF_ID, selectIdent(ns, saddr, ip4Dst(skb.buf, at), 0));
  ip4SetChecksum(skb.buf, at);
  birth(skb, ns, Sites.SEND, IPPROTO_RAW, data.length);
  const err = ipLocalOut(ns, skb);
  return sendResult(sk, err === 1 ? -Errno.ENOBUFS : err, data.length); // net_xmit_errno
}

function setsockopt(sk0: Sock, opt: string, value: number | string | Uint8Array): number {
  const sk = sk0 as RawSock;
  if (opt !== "ICMP_FILTER") return inetSetsockopt(sk, opt, value);
  if (sk.protocol !== IpProto.ICMP) return -Errno.EOPNOTSUPP;
  sk.icmpFilter = typeof value === "number" ? value >>> 0 : value instanceof Uint8Array && value.length >= 4 ? u32(value, 0) : 0;
  return 0;
}

function close(sk0: Sock): void {
  const sk = sk0 as RawSock;
  dropMemberships(sk.memberships);
  const i = sk.ns.ip4.raw.indexOf(sk);
  if (i >= 0) sk.ns.ip4.raw.splice(i, 1);
}

const OPS: SockOps = {
  ...INET_OPS,
  bind,
  sendto,
  setsockopt,
  close,
};

/** socket(AF_INET, SOCK_RAW, protocol). Needs CAP_NET_RAW. */
export function rawSocket(ns: NetNs, protocol: number, cred: SockCred): Sock | number {
  if (!cred.netRaw) return -Errno.EPERM;
  if (protocol <= 0 || protocol > 255) return -Errno.EPROTONOSUPPORT;
  const sk = new RawSock(OPS, ns, 3, protocol, cred);
  if (protocol === IPPROTO_RAW) sk.hdrincl = true;
  sk.sport = protocol; // inet_num: what getsockname shows as port
  ns.ip4.raw.push(sk);
  return sk;
}

/** raw_v4_match with the addresses as seen from here. */
export function rawMatches(sk: RawSock, proto: number, local: number, remote: number, ifindex: number): boolean {
  return (
    sk.protocol === proto &&
    (sk.rcvSaddr === 0 || sk.rcvSaddr === local || isMulticast4(local)) &&
    (sk.daddr === 0 || sk.daddr === remote) &&
    (sk.boundDev === 0 || sk.boundDev === ifindex)
  );
}

/** raw_local_deliver: copies for all raw sockets that want the packet. Was there one? The packet stays the caller's. */
export function rawDeliver(ns: NetNs, skb: Skb, proto: number): boolean {
  let any = false;
  const local = ip4Dst(skb.buf, skb.network);
  const remote = ip4Src(skb.buf, skb.network);
  for (const sk of ns.ip4.raw) {
    if (!rawMatches(sk, proto, local, remote, inetIif(skb))) continue;
    any = true;
    if (proto === IpProto.ICMP && skb.transport < skb.tail) {
      const type = skb.buf[skb.transport]!;
      if (type < 32 && ((sk.icmpFilter >>> type) & 1) !== 0) continue;
    }
    const ok = sockQueue(sk, recvOf(skb, skb.network, 0));
    note(skb, ns, Sites.SOCK, null, proto, ok ? 0 : -1);
  }
  return any;
}
