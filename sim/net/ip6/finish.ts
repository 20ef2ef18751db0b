/** The last step of IPv6's way out (ip6_finish_output2): groups that we are in, then the neighbour. */
import { hex } from "../../core/bytes.ts";
import { Errno } from "../../core/result.ts";
import { isMulticast6 } from "../../wire/addr.ts";
import { ETH_P_IPV6 } from "../../wire/eth.ts";
import { ip6Dst } from "../../wire/ipv6.ts";
import { neighOutput } from "../neigh/entry.ts";
import { neighCreate, neighLookup6 } from "../neigh/table.ts";
import type { NetNs } from "../netns.ts";
import { IFF } from "../rtnl/messages.ts";
import { birth, cloneSkb, dropSkb, PacketType, type Skb } from "../skb.ts";
import { DropReason } from "../../trace/reasons.ts";
import { Sites } from "../../trace/sites.ts";
import { count6 } from "./snmp.ts";

/** ip6_finish_output2: groups that we are in hear us too; then the neighbour. Takes the packet over. */
export function ip6FinishOutput2(ns: NetNs, skb: Skb): number {
  const d = skb.dst6!;
  const daddr = ip6Dst(skb.buf, skb.network);
  if (isMulticast6(daddr) && (d.dev.flags & IFF.LOOPBACK) === 0 && skb.sk && d.dev.ip6?.groups.has(hex(daddr))) {
    const copy = cloneSkb(skb);
    birth(copy, ns, Sites.CLONE, 0, 0);
    copy.pktType = PacketType.LOOPBACK;
    copy.dst6 = null;
    copy.sk = null;
    copy.dev = d.dev;
    copy.iif = d.dev.ifindex;
    copy.data = copy.network;
    ns.net.protocols.get(ETH_P_IPV6)!(copy);
  }
  count6(ns, d.dev, "OutTransmits");
  count6(ns, d.dev, "OutOctets", skb.len);
  if (isMulticast6(daddr)) {
    count6(ns, d.dev, "OutMcastPkts");
    count6(ns, d.dev, "OutMcastOctets", skb.len);
  }
  const key = d.gateway ?? daddr;
  const n = neighLookup6(ns.ip6.nd, d.dev, key) ?? neighCreate(ns.ip6.nd, d.dev, key);
  if (!n) {
    dropSkb(skb, ns, Sites.NEIGH, DropReason.NEIGH_CREATEFAIL, null, 0, 0);
    return -Errno.ENOBUFS;
  }
  return neighOutput(n, skb);
}
