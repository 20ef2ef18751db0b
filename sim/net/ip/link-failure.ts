/** ipv4_link_failure: a neighbour did not answer, so the sender of a waiting packet hears "host unreachable". */
import { IcmpType, IcmpUnreach } from "../../wire/icmp4.ts";
import type { NetNs } from "../netns.ts";
import type { Skb } from "../skb.ts";
import { icmpSend } from "./icmp-send.ts";

/** The packet stays the caller's, who drops it. */
export function icmpLinkFailure(ns: NetNs, skb: Skb): void {
  icmpSend(ns, skb, IcmpType.DEST_UNREACH, IcmpUnreach.HOST_UNREACH, 0);
}
