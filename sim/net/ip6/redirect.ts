/**
 * Redirects (RFC 4861 §8): a host that is told of a better first hop remembers it (ndisc_redirect_rcv, rt6_do_redirect); a router that
 * sends a packet back the way it came tells the sender (ndisc_send_redirect).
 */
import { hex } from "../../core/bytes.ts";
import { SEC } from "../../core/time.ts";
import { eqIp6, isLinkLocal6, isMulticast6 } from "../../wire/addr.ts";
import { ip6Dst, ip6Src } from "../../wire/ipv6.ts";
import { ND_REDIRECT_LEN, ndCheck, ndFindOption, NdOpt } from "../../wire/ndp.ts";
import { peerAllow } from "../ip/peer.ts";
import { neighUpdate } from "../neigh/entry.ts";
import { NeighUpdate, NUD_VALID } from "../neigh/state.ts";
import { neighCreate, neighLookup6 } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { Nud } from "../rtnl/messages.ts";
import type { Skb } from "../skb.ts";
import { redirect6 } from "./exceptions6.ts";
import { sendRedirectMessage } from "./ndisc-send.ts";
import { flow6, linkLocalOf, routeOutput6 } from "./route6.ts";
import type { Dst6 } from "./state.ts";

/** Looks at the message at skb.transport; the packet stays the caller's. False: malformed, or not from a neighbour. */
export function recvRedirect(ns: NetNs, skb: Skb): boolean {
  const dev = skb.dev!;
  const b = skb.buf;
  const at = skb.transport;
  const router = ip6Src(b, skb.network);
  if (!isLinkLocal6(router) || ndCheck(b, at, skb.tail - at, ND_REDIRECT_LEN) !== 0) return false;
  const target = b.slice(at + 8, at + 24);
  const dest = b.slice(at + 24, at + 40);
  if (isMulticast6(dest)) return false;
  const onLink = eqIp6(target, dest);
  if (!onLink && !isLinkLocal6(target)) return false;
  if (dev.conf6.forwarding !== 0 || dev.conf6.accept_redirects === 0) return true;
  if (!redirect6(ns, dest, dev.ifindex, router, target)) return true;
  const n = neighLookup6(ns.ip6.nd, dev, target) ?? neighCreate(ns.ip6.nd, dev, target);
  const ll = ndFindOption(b, at, skb.tail - at, ND_REDIRECT_LEN, NdOpt.TARGET_LL_ADDR);
  const isRouter = onLink ? 0 : NeighUpdate.OVERRIDE_ISROUTER | NeighUpdate.ISROUTER;
  if (n) neighUpdate(n, ll < 0 ? null : b.slice(ll + 2, ll + 8), Nud.STALE, NeighUpdate.WEAK_OVERRIDE | NeighUpdate.OVERRIDE | isRouter);
  return true;
}

/** inet_peer_xrlim_allow with one second a message: for destinations and for senders. */
function allowed(ns: NetNs, addr: Uint8Array): boolean {
  const key = hex(addr);
  let p = ns.ip6.peers.get(key);
  if (!p) {
    p = { rateTokens: 0, rateLast: ns.net.now - 60 * SEC, nRedirects: 0 };
    ns.ip6.peers.set(key, p);
  }
  return peerAllow(ns, p, SEC);
}

/** About a packet that leaves by the device it came in by; it stays the caller's. */
export function sendRedirect6(ns: NetNs, skb: Skb, d: Dst6): void {
  const dev = d.dev;
  const daddr = ip6Dst(skb.buf, skb.network);
  const saddr = ip6Src(skb.buf, skb.network);
  if (!allowed(ns, daddr)) return;
  const target = d.gateway ?? daddr;
  const from = linkLocalOf(dev);
  if (!from || (!eqIp6(target, daddr) && !isLinkLocal6(target))) return;
  const back = routeOutput6(ns, flow6(saddr, from, dev.ifindex), false);
  if (typeof back === "number" || back.gateway !== null || !allowed(ns, saddr)) return;
  const n = neighLookup6(ns.ip6.nd, dev, target) ?? neighCreate(ns.ip6.nd, dev, target);
  const mac = n && (n.state & NUD_VALID) !== 0 ? n.ha : null;
  sendRedirectMessage(dev, skb, saddr, from, target, daddr, mac);
}
