/** Neighbour discovery and MLD messages on their way out (ndisc_send_skb, mld_sendpack): built here, sent past the routing tables. */
import { ALL_ROUTERS, MLD_REPORTS_TO } from "./groups.ts";
import { buildHopByHopRouterAlert, buildIp6, IP6_HBH_RA_LEN, IP6_HLEN, IP6_MIN_MTU } from "../../wire/ipv6.ts";
import { IpProto } from "../../wire/ipv4.ts";
import { buildMld1, buildMld2Report, MLD1_LEN, MLD2_RECORD_LEN, MLD2_REPORT_LEN, type MldGroup } from "../../wire/mld.ts";
import { buildNa, buildNs, buildRedirect, buildRs, ND_NS_LEN, ND_REDIRECT_LEN, ND_RS_LEN, NDP_HOP_LIMIT } from "../../wire/ndp.ts";
import { Icmp6Type } from "../../wire/icmp6.ts";
import { ETH_P_IPV6 } from "../../wire/eth.ts";
import { isMulticast6, isUnspecified6 } from "../../wire/addr.ts";
import type { NetDevice } from "../dev/device.ts";
import { allocSkb, birth, type Skb, skbPut } from "../skb.ts";
import { type Site, Sites } from "../../trace/sites.ts";
import { ip6FinishOutput2 } from "./finish.ts";
import { ANY6, linkLocalOf } from "./route6.ts";
import { count6, countIcmp6Out } from "./snmp.ts";
import { Dst6 } from "./state.ts";

/** A packet to `dst` by `dev` with room for `len` bytes at skb.transport, of which the caller says in the end how many it used. */
function make(dev: NetDevice, len: number, dst: Uint8Array, parent: number, site: Site, type: number): Skb {
  const skb = allocSkb(dev.ns.net, IP6_HLEN + len, parent);
  skb.network = skbPut(skb, IP6_HLEN + len);
  skb.transport = skb.network + IP6_HLEN;
  skb.protocol = ETH_P_IPV6;
  skb.dev = dev;
  skb.dst6 = new Dst6(isMulticast6(dst) ? "multicast" : "none", dev, null, dst, null, null, 0);
  birth(skb, dev.ns, site, type, len);
  return skb;
}

function finish(skb: Skb, len: number, hopLimit: number, src: Uint8Array, dst: Uint8Array, next: number): void {
  const dev = skb.dev!;
  skb.tail = skb.network + IP6_HLEN + len;
  buildIp6(skb.buf, skb.network, 0, 0, len, next, hopLimit, src, dst);
  count6(dev.ns, dev, "OutRequests");
  countIcmp6Out(dev.ns, dev, skb.buf[skb.network + IP6_HLEN + (next === IpProto.HOPOPTS ? IP6_HBH_RA_LEN : 0)]!);
  ip6FinishOutput2(dev.ns, skb);
}

/** Neighbour solicitation; `src` null takes the device's link-local address, without which nothing is sent. */
export function sendNs(
  dev: NetDevice,
  target: Uint8Array,
  dst: Uint8Array,
  src: Uint8Array | null,
  nonce: Uint8Array | null,
  parent: number,
): void {
  const from = src ?? linkLocalOf(dev);
  if (!from) return;
  const skb = make(dev, ND_NS_LEN + 16, dst, parent, Sites.NDISC_SEND, Icmp6Type.NEIGH_SOLICIT);
  const len = buildNs(skb.buf, skb.transport, target, isUnspecified6(from) ? null : dev.addr, nonce, from, dst);
  finish(skb, len, NDP_HOP_LIMIT, from, dst, IpProto.ICMPV6);
}

/** Neighbour advertisement for `target`. `withMac` adds the link-layer address. */
export function sendNa(
  dev: NetDevice,
  dst: Uint8Array,
  src: Uint8Array,
  target: Uint8Array,
  flags: number,
  withMac: boolean,
  parent: number,
): void {
  const skb = make(dev, ND_NS_LEN + 8, dst, parent, Sites.NDISC_SEND, Icmp6Type.NEIGH_ADVERT);
  const len = buildNa(skb.buf, skb.transport, flags, target, withMac ? dev.addr : null, src, dst);
  finish(skb, len, NDP_HOP_LIMIT, src, dst, IpProto.ICMPV6);
}

/** Router solicitation to all routers of the link. */
export function sendRs(dev: NetDevice, src: Uint8Array): void {
  const skb = make(dev, ND_RS_LEN + 8, ALL_ROUTERS, 0, Sites.NDISC_SEND, Icmp6Type.ROUTER_SOLICIT);
  const len = buildRs(skb.buf, skb.transport, dev.addr.length === 0 ? null : dev.addr, src, ALL_ROUTERS);
  finish(skb, len, NDP_HOP_LIMIT, src, ALL_ROUTERS, IpProto.ICMPV6);
}

/** Redirect about `orig`, as much of it quoted as fits into 1280 bytes. */
export function sendRedirectMessage(
  dev: NetDevice,
  orig: Skb,
  dst: Uint8Array,
  src: Uint8Array,
  target: Uint8Array,
  dest: Uint8Array,
  mac: Uint8Array | null,
): void {
  const room = IP6_MIN_MTU - IP6_HLEN - ND_REDIRECT_LEN - (mac ? 8 : 0);
  const quote = (Math.min(room, orig.tail - orig.network + 8) & ~7) - 8;
  const skb = make(dev, ND_REDIRECT_LEN + 16 + quote, dst, orig.id, Sites.NDISC_SEND, Icmp6Type.REDIRECT);
  const quoted = orig.buf.subarray(orig.network, orig.network + quote);
  const len = buildRedirect(skb.buf, skb.transport, target, dest, mac, quoted, src, dst);
  finish(skb, len, NDP_HOP_LIMIT, src, dst, IpProto.ICMPV6);
}

/** Version 1: a report goes to the group itself, the farewell (MLD_REDUCTION) to all routers. */
export function sendMld1(dev: NetDevice, type: number, group: Uint8Array): void {
  const src = linkLocalOf(dev) ?? ANY6;
  const dst = type === Icmp6Type.MLD_REDUCTION ? ALL_ROUTERS : group;
  const skb = make(dev, IP6_HBH_RA_LEN + MLD1_LEN, dst, 0, Sites.MLD_SEND, type);
  buildHopByHopRouterAlert(skb.buf, skb.transport, IpProto.ICMPV6);
  const len = buildMld1(skb.buf, skb.transport + IP6_HBH_RA_LEN, type, group, src, dst);
  finish(skb, IP6_HBH_RA_LEN + len, 1, src, dst, IpProto.HOPOPTS);
}

/** MLDv2 report of these records, from :: as long as there is no usable link-local address. Nothing for no records. */
export function sendMldReport(dev: NetDevice, records: readonly MldGroup[]): void {
  if (records.length === 0) return;
  const src = linkLocalOf(dev) ?? ANY6;
  const size = IP6_HBH_RA_LEN + MLD2_REPORT_LEN + records.length * MLD2_RECORD_LEN;
  const skb = make(dev, size, MLD_REPORTS_TO, 0, Sites.MLD_SEND, Icmp6Type.MLD2_REPORT);
  buildHopByHopRouterAlert(skb.buf, skb.transport, IpProto.ICMPV6);
  const len = buildMld2Report(skb.buf, skb.transport + IP6_HBH_RA_LEN, records, src, MLD_REPORTS_TO);
  finish(skb, IP6_HBH_RA_LEN + len, 1, src, MLD_REPORTS_TO, IpProto.HOPOPTS);
}
