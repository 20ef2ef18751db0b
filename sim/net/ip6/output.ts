/**
 * IPv6 on its way out (net/ipv6/ip6_output.c): ip6MakeSkb builds a packet around a payload, ip6LocalOut and ip6Output are the
 * hook points' places.
 */
import { Errno } from "../../core/result.ts";
import { fnvBytes, mix32 } from "../../core/hash.ts";
import { isMulticast6 } from "../../wire/addr.ts";
import { ETH_P_IPV6 } from "../../wire/eth.ts";
import { buildIp6, IP6_HLEN } from "../../wire/ipv6.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import type { NetNs } from "../netns.ts";
import { allocSkb, birth, dropSkb, note, type Skb, skbPut } from "../skb.ts";
import type { Sock } from "../sock/socket.ts";
import { DropReason } from "../../trace/reasons.ts";
import { type Site, Sites } from "../../trace/sites.ts";
import { ip6FinishOutput2 } from "./finish.ts";
import { ip6Fragment } from "./fragment.ts";
import { dst6ForwardMtu, dst6Mtu } from "./route6.ts";
import { count6 } from "./snmp.ts";
import type { Dst6 } from "./state.ts";

export interface Ip6Send {
  readonly dst: Dst6;
  readonly saddr: Uint8Array;
  readonly daddr: Uint8Array;
  readonly next: number;
  readonly tclass: number;
  /** 0: the kernel chooses */
  readonly flowLabel: number;
  /** -1: the default of the route, the device or for groups */
  readonly hopLimit: number;
  readonly sk: Sock | null;
  readonly mark: number;
  readonly priority: number;
  /** IPV6_MTU_DISCOVER DO: never fragmented */
  readonly dontFragment: boolean;
}

/** ip6_make_flowlabel with auto_flowlabels: the same for all packets of a flow. */
function flowLabel(ns: NetNs, s: Ip6Send): number {
  if (s.flowLabel !== 0) return s.flowLabel;
  if (ns.sysctl.ipv6.auto_flowlabels === 0) return 0;
  return mix32(fnvBytes(fnvBytes(0x811c9dc5 ^ s.next ^ ns.id, s.saddr), s.daddr)) & 0xfffff;
}

/** A new packet with room for `len` bytes of payload at skb.transport. -EMSGSIZE when it may not be fragmented, or beyond 65535. */
export function ip6MakeSkb(ns: NetNs, s: Ip6Send, len: number, parent: number, site: Site, a: number, b: number): Skb | number {
  if (len > 65535 || (s.dontFragment && IP6_HLEN + len > dst6Mtu(s.dst))) return -Errno.EMSGSIZE;
  const skb = allocSkb(ns.net, IP6_HLEN + len, parent);
  skb.network = skbPut(skb, IP6_HLEN + len);
  skb.transport = skb.network + IP6_HLEN;
  skb.protocol = ETH_P_IPV6;
  skb.sk = s.sk;
  skb.dst6 = s.dst;
  skb.dev = s.dst.dev;
  skb.mark = s.mark;
  skb.priority = s.priority;
  const hops = s.hopLimit >= 0 ? s.hopLimit : isMulticast6(s.daddr) ? 1 : (s.dst.route?.metrics?.["hoplimit"] ?? s.dst.dev.conf6.hop_limit);
  buildIp6(skb.buf, skb.network, s.tclass, flowLabel(ns, s), len, s.next, hops, s.saddr, s.daddr);
  birth(skb, ns, site, a, b);
  return skb;
}

/** ip6_send_skb: 0 or -errno. */
export function ip6SendSkb(ns: NetNs, skb: Skb): number {
  const err = ip6LocalOut(ns, skb);
  if (err > 0) return err === 1 ? -Errno.ENOBUFS : 0;
  if (err < 0) count6(ns, skb.dev, "OutDiscards");
  return err;
}

/** ip6_local_out: the place of the LOCAL_OUT hook. */
function ip6LocalOut(ns: NetNs, skb: Skb): number {
  count6(ns, skb.dst6!.dev, "OutRequests");
  return ip6Output(ns, skb);
}

/** ip6_output: the place of the POST_ROUTING hook. Cuts what is too long. */
export function ip6Output(ns: NetNs, skb: Skb): number {
  const d = skb.dst6!;
  skb.dev = d.dev;
  note(skb, ns, Sites.IP6_OUTPUT, d.route, d.dev.ifindex, skb.len);
  if (d.dev.conf6.disable_ipv6 !== 0) {
    dropSkb(skb, ns, Sites.IP6_OUTPUT, DropReason.IPV6DISABLED, null, d.dev.ifindex, 0);
    return 0;
  }
  const mtu = skb.forwarded ? dst6ForwardMtu(d) : dst6Mtu(d);
  if (skb.len <= mtu) return ip6FinishOutput2(ns, skb);
  if (skb.forwarded) {
    ns.ip6.calls.icmp6Send(ns, skb, Icmp6Type.PKT_TOOBIG, 0, mtu);
    dropSkb(skb, ns, Sites.MTU, DropReason.PKT_TOO_BIG, null, skb.len, mtu);
    return -Errno.EMSGSIZE;
  }
  note(skb, ns, Sites.MTU, null, skb.len, mtu);
  return ip6Fragment(ns, skb, mtu);
}
