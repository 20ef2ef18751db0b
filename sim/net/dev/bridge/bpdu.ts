/** Sending a BPDU (br_stp_bpdu.c): it leaves by the port itself, whatever the port's state, and nobody else hears of it. */
import { Sites } from "../../../trace/sites.ts";
import { ETH_P_802_2 } from "../../../wire/eth.ts";
import { allocSkb, birth, skbPut } from "../../skb.ts";
import { devQueueXmit } from "../tx.ts";
import type { BridgePort } from "./types.ts";

export function sendBpdu(p: BridgePort, frame: Uint8Array): void {
  const ns = p.dev.ns;
  const skb = allocSkb(ns.net, frame.length);
  skb.buf.set(frame, skbPut(skb, frame.length));
  skb.dev = p.dev;
  skb.protocol = ETH_P_802_2;
  birth(skb, ns, Sites.BPDU_SEND, p.dev.ifindex, p.no);
  devQueueXmit(skb);
}
