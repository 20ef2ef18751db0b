/**
 * Tags of frames on their way in (net/8021q/vlan_core.c). A tag stays in the frame's bytes, where Linux often carries it
 * beside them; whoever reads the frame sees the same. Tagged frames belong to the VLAN device on the device they came by.
 */
import { u16 } from "../../../core/bytes.ts";
import { DropReason } from "../../../trace/reasons.ts";
import { Sites } from "../../../trace/sites.ts";
import { ETH_P_802_2, ETH_P_802_3_MIN } from "../../../wire/eth.ts";
import { eqMac } from "../../../wire/mac.ts";
import { VLAN_HLEN, VLAN_VID_MASK } from "../../../wire/vlan.ts";
import { IFF } from "../../rtnl/messages.ts";
import { cowSkb, dropSkb, note, PacketType, type Skb, skbPull } from "../../skb.ts";
import type { NetDevice } from "../device.ts";

/** The key of a VLAN device on the device below it. */
export function vlanKey(proto: number, id: number): number {
  return proto * 4096 + id;
}

export function vlanIdOf(skb: Skb): number {
  return skb.len < VLAN_HLEN ? 0 : u16(skb.buf, skb.data) & VLAN_VID_MASK;
}

/**
 * vlan_do_receive, for a frame whose type is a tag's: "again" when it now belongs to a VLAN device, "ended" when that is
 * down, "pass" when none here takes it; then it is as it was.
 */
export function vlanReceive(skb: Skb): "again" | "ended" | "pass" {
  const lower = skb.dev!;
  const id = vlanIdOf(skb);
  const dev: NetDevice | undefined = lower.vlans?.get(vlanKey(skb.protocol, id));
  if (!dev || skb.len < VLAN_HLEN) return "pass";
  if (!(dev.flags & IFF.UP)) {
    dropSkb(skb, lower.ns, Sites.VLAN_RX, DropReason.DEV_READY, null, dev.ifindex, id);
    return "ended";
  }
  note(skb, lower.ns, Sites.VLAN_RX, null, dev.ifindex, id);
  untag(skb);
  skb.dev = dev;
  if (skb.pktType === PacketType.OTHERHOST && eqMac(skb.buf, skb.mac, dev.addr, 0)) skb.pktType = PacketType.HOST;
  dev.stats.rxPackets++;
  dev.stats.rxBytes += skb.len;
  if (skb.pktType === PacketType.MULTICAST) dev.stats.multicast++;
  return "again";
}

/** skb_vlan_untag: the addresses move up to what the tag was put before. */
export function untag(skb: Skb): void {
  cowSkb(skb);
  const type = u16(skb.buf, skb.data + 2);
  skb.buf.copyWithin(skb.mac + VLAN_HLEN, skb.mac, skb.mac + 12);
  skb.mac += VLAN_HLEN;
  skbPull(skb, VLAN_HLEN);
  skb.network = skb.data;
  skb.protocol = type >= ETH_P_802_3_MIN ? type : ETH_P_802_2;
}
