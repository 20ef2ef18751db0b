/** Cutting an IPv6 packet at its source (ip6_fragment): routers never do. */
import { put16 } from "../../core/bytes.ts";
import { buildIp6Frag, IP6_FRAG_HLEN, IP6_HLEN, IP6_OFF_NEXT, IP6_OFF_PLEN, ip6Next } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import type { NetNs } from "../netns.ts";
import { allocSkb, birth, consumeSkb, type Skb, skbPut } from "../skb.ts";
import { Sites } from "../../trace/sites.ts";
import { ip6FinishOutput2 } from "./finish.ts";
import { count6 } from "./snmp.ts";

/** Sends a packet without extension headers in pieces of at most `mtu` bytes, and consumes it. */
export function ip6Fragment(ns: NetNs, skb: Skb, mtu: number): number {
  const ip = skb.network;
  const next = ip6Next(skb.buf, ip);
  const room = (mtu - IP6_HLEN - IP6_FRAG_HLEN) & ~7;
  const data = skb.len - IP6_HLEN;
  const id = ns.ip6.rng.u32();
  let err = 0;
  for (let off = 0; off < data; off += room) {
    const n = Math.min(room, data - off);
    const f = allocSkb(ns.net, IP6_HLEN + IP6_FRAG_HLEN + n, skb.id);
    const at = skbPut(f, IP6_HLEN + IP6_FRAG_HLEN + n);
    f.buf.set(skb.buf.subarray(ip, ip + IP6_HLEN), at);
    put16(f.buf, at + IP6_OFF_PLEN, IP6_FRAG_HLEN + n);
    f.buf[at + IP6_OFF_NEXT] = IpProto.FRAGMENT;
    buildIp6Frag(f.buf, at + IP6_HLEN, next, off, off + n < data, id);
    f.buf.set(skb.buf.subarray(ip + IP6_HLEN + off, ip + IP6_HLEN + off + n), at + IP6_HLEN + IP6_FRAG_HLEN);
    f.network = at;
    f.transport = at + IP6_HLEN;
    f.protocol = skb.protocol;
    f.dst6 = skb.dst6;
    f.dev = skb.dev;
    f.mark = skb.mark;
    f.priority = skb.priority;
    f.sk = skb.sk;
    birth(f, ns, Sites.FRAGMENT, off, n);
    count6(ns, skb.dst6!.dev, "FragCreates");
    err = ip6FinishOutput2(ns, f);
  }
  count6(ns, skb.dst6!.dev, "FragOKs");
  consumeSkb(skb, ns, Sites.FRAGMENT, null, 0, skb.len);
  return err;
}
