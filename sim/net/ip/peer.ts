/** What is remembered about destinations to limit ICMP and redirects (net/ipv4/inetpeer.c). */
import { SEC } from "../../core/time.ts";
import type { NetNs } from "../netns.ts";
import type { InetPeer } from "./state.ts";

/** The entry for an address; a fresh one has its bucket full. */
export function inetPeer(ns: NetNs, addr: number): InetPeer {
  let p = ns.ip4.peers.get(addr);
  if (!p) {
    p = { rateTokens: 0, rateLast: ns.net.now - 60 * SEC, nRedirects: 0 };
    ns.ip4.peers.set(addr, p);
  }
  return p;
}

/** inet_peer_xrlim_allow: a token bucket of six, one token each `timeout` ns. */
export function peerAllow(ns: NetNs, p: InetPeer, timeout: number): boolean {
  const now = ns.net.now;
  let token = Math.min(p.rateTokens + now - p.rateLast, 6 * timeout);
  p.rateLast = now;
  const ok = token >= timeout;
  if (ok) token -= timeout;
  p.rateTokens = token;
  return ok;
}
