/**
 * Raw IPv6 sockets (net/ipv6/raw.c): a protocol's packets without the IPv6 header; the kernel computes ICMPv6 checksums.
 */
import { Errno } from "../../core/result.ts";
import { icmp6SetChecksum } from "../../wire/icmp6.ts";
import { ip6Dst, ip6Src } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { ip6MakeSkb, ip6SendSkb } from "../ip6/output.ts";
import { dst6Mtu } from "../ip6/route6.ts";
import { countIcmp6Out } from "../ip6/snmp.ts";
import type { NetNs } from "../netns.ts";
import { note, type Skb } from "../skb.ts";
import { Sites } from "../../trace/sites.ts";
import { sendResult, sockQueue } from "./inet.ts";
import { bindAddr6, dest6Of, INET6_OPS, inet6Setsockopt, Inet6Sock, localError6, matches6, recvOf6, send6Of, sendRoute6 } from "./inet6.ts";
import { dropMemberships } from "./membership.ts";
import type { NetAddr, Sock, SockCred, SockOps } from "./socket.ts";

export class Raw6Sock extends Inet6Sock {
  /** ICMPV6_FILTER: a set bit blocks the type; 256 bits */
  filter: Uint8Array = new Uint8Array(32);
}

function sendto(sk0: Sock, data: Uint8Array, to: NetAddr | null, flags: number): number {
  const sk = sk0 as Raw6Sock;
  const ns = sk.ns;
  if (data.length > 65535) return -Errno.EMSGSIZE;
  const dest = dest6Of(sk, to, sk.protocol);
  if (typeof dest === "number") return dest;
  const f = dest.f;
  const rt = sendRoute6(sk, f, flags);
  if (typeof rt === "number") return rt;
  const skb = ip6MakeSkb(ns, send6Of(sk, rt, f, sk.protocol), data.length, 0, Sites.SEND, sk.protocol, data.length);
  if (typeof skb === "number") {
    localError6(sk, f.daddr, dest.port, dst6Mtu(rt));
    return skb;
  }
  skb.buf.set(data, skb.transport);
  if (sk.protocol === IpProto.ICMPV6 && data.length >= 4) {
    icmp6SetChecksum(skb.buf, skb.transport, data.length, f.saddr, f.daddr);
    countIcmp6Out(ns, rt.dev, data[0]!);
  }
  const err = ip6SendSkb(ns, skb);
  return sendResult(sk, err, data.length);
}

function setsockopt(sk0: Sock, opt: string, value: number | string | Uint8Array): number {
  const sk = sk0 as Raw6Sock;
  if (opt !== "ICMPV6_FILTER") return inet6Setsockopt(sk, opt, value);
  if (sk.protocol !== IpProto.ICMPV6 || !(value instanceof Uint8Array)) return -Errno.EINVAL;
  sk.filter = new Uint8Array(32);
  sk.filter.set(value.subarray(0, 32));
  return 0;
}

function bind(sk0: Sock, addr: NetAddr): number {
  return bindAddr6(sk0 as Raw6Sock, addr);
}

function close(sk0: Sock): void {
  const sk = sk0 as Raw6Sock;
  dropMemberships(sk.memberships);
  const i = sk.ns.ip6.raw.indexOf(sk);
  if (i >= 0) sk.ns.ip6.raw.splice(i, 1);
}

const OPS: SockOps = {
  ...INET6_OPS,
  bind,
  sendto,
  setsockopt,
  close,
};

export function raw6Socket(ns: NetNs, protocol: number, cred: SockCred): Sock | number {
  if (!cred.netRaw) return -Errno.EPERM;
  if (protocol <= 0 || protocol > 255) return -Errno.EPROTONOSUPPORT;
  const sk = new Raw6Sock(OPS, ns, 3, protocol, cred, 10);
  sk.sport = protocol;
  ns.ip6.raw.push(sk);
  return sk;
}

/** Is the ICMPv6 type blocked? Type n is bit n & 7 of byte n >> 3, as a little-endian machine lays struct icmp6_filter out. */
function blocked(f: Uint8Array, type: number): boolean {
  return ((f[type >> 3]! >> (type & 7)) & 1) !== 0;
}

/** raw6_local_deliver: copies for all who want the packet, from skb.transport on. Was there one? */
export function raw6Deliver(ns: NetNs, skb: Skb, next: number): boolean {
  if (ns.ip6.raw.length === 0) return false;
  let any = false;
  const local = ip6Dst(skb.buf, skb.network);
  const remote = ip6Src(skb.buf, skb.network);
  for (const sk of ns.ip6.raw) {
    if (sk.protocol !== next || !matches6(sk, local, remote, skb.iif)) continue;
    any = true;
    if (next === IpProto.ICMPV6 && blocked(sk.filter, skb.buf[skb.transport]!)) continue;
    const ok = sockQueue(sk, recvOf6(skb, skb.transport, 0));
    note(skb, ns, Sites.SOCK, null, next, ok ? 0 : -1);
  }
  return any;
}
