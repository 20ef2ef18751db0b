/** What is remembered about destinations to limit ICMP and redirects (net/ipv4/inetpeer.c). */
import { MS, SEC } from "../../core/time.ts";
import type { NetNs } from "../netns.ts";
import type { InetPeer } from "./state.ts";

/** the kernel counts in these (CONFIG_HZ=250) */
const JIFFY = 4 * MS;

/** The entry for an address; a fresh one has its bucket full. */
export function inetPeer(ns: NetNs, addr: number): InetPeer {
  let p = ns.ip4.peers.get(addr);
  if (!p) {
    p = { rateTokens: 0, rateLast: ns.net.now - 60 * SEC, nRedirects: 0 };
    ns.ip4.peers.set(addr, p);
  }
  return p;
}

/**
 * inet_peer_xrlim_allow: a token bucket of six, one token each `timeout` ns. Within the jiffy of the last look the bucket is not
 * cut to its size, so with a timeout of 0 what ip_error has just counted stays.
 */
export function peerAllow(ns: NetNs, p: InetPeer, timeout: number): boolean {
  const now = ns.net.now;
  const delta = now - p.rateLast;
  let token = p.rateTokens;
  if (delta >= JIFFY) {
    token = Math.min(token + delta, 6 * timeout);
    p.rateLast = now;
  }
  const ok = token >= timeout;
  if (ok) token -= timeout;
  p.rateTokens = token;
  return ok;
}
