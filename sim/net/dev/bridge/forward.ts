/**
 * The bridge's packet path (br_input.c, br_forward.c, br_device.c): a port's receive handler, learning, lookup, flooding,
 * delivery to the machine itself, and what the machine sends through the bridge. Order of steps as in the kernel.
 */
import { isBroadcastMac, isMulticastMac, isValidMac, eqMac } from "../../../wire/mac.ts";
import { ETH_HLEN, ETH_P_IP, ETH_P_IPV6 } from "../../../wire/eth.ts";
import { VLAN_HLEN } from "../../../wire/vlan.ts";
import { DropReason } from "../../../trace/reasons.ts";
import { Sites } from "../../../trace/sites.ts";
import { IFF } from "../../rtnl/messages.ts";
import { birth, cloneSkb, dropSkb, note, PacketType, type Skb, skbPull, skbPush } from "../../skb.ts";
import { type NetDevice, RxResult } from "../device.ts";
import { netifReceive } from "../rx.ts";
import { devQueueXmit } from "../tx.ts";
import { fdbFind, fdbLearn } from "./fdb.ts";
import { brHoldLooped } from "./loop.ts";
import { type Bridge, type BridgePort, BrState, type FdbEntry, type LoopedFrame } from "./types.ts";

type Cast = "unicast" | "multicast" | "broadcast";

/** br_handle_frame: what a bridge port's device does with every frame it receives. */
export function brHandleFrame(dev: NetDevice, skb: Skb): RxResult {
  const port = dev.rxPriv as BridgePort;
  const br = port.br;
  const ns = dev.ns;
  if (skb.pktType === PacketType.LOOPBACK) return RxResult.PASS;
  note(skb, ns, Sites.BR_INPUT, null, dev.ifindex, port.state);
  if (!isValidMac(skb.buf, skb.mac + 6)) {
    dropSkb(skb, ns, Sites.BR_INPUT, DropReason.NOT_SPECIFIED, null, dev.ifindex, port.state);
    return RxResult.CONSUMED;
  }
  if (isLinkLocal(skb)) {
    const last = skb.buf[skb.mac + 5]!;
    if (last === 1) {
      // pause frames end here
      dropSkb(skb, ns, Sites.BR_INPUT, DropReason.NOT_SPECIFIED, null, dev.ifindex, port.state);
      return RxResult.CONSUMED;
    }
    // 01:80:c2:00:00:00 is forwarded by a bridge without STP; the others stay on the link unless the mask says so
    const mask = port.groupFwdMask | (last === 0 ? Number(!br.stp) : br.groupFwdMask);
    if ((mask & (1 << last)) === 0) {
      if (port.flags.learning && !br.noLinklocalLearn) fdbLearn(br, port, skb);
      return RxResult.PASS;
    }
  }
  if (port.state !== BrState.FORWARDING && port.state !== BrState.LEARNING) {
    dropSkb(skb, ns, Sites.BR_INPUT, DropReason.BRIDGE_INGRESS_STP_STATE, null, dev.ifindex, port.state);
    return RxResult.CONSUMED;
  }
  if (eqMac(br.dev.addr, 0, skb.buf, skb.mac)) skb.pktType = PacketType.HOST;
  if (!brHoldLooped(port, skb)) finish(br, port, skb);
  return RxResult.CONSUMED;
}

/** The timer's function (TimerKind.BR_LOOP): a looped frame goes on, if its port is still there and open. */
export function brLoopTimer({ port, skb }: LoopedFrame): void {
  const { dev } = port;
  dev.ns.net.bridgeLoop.held--;
  if (dev.rxPriv === port && (port.state === BrState.FORWARDING || port.state === BrState.LEARNING)) finish(port.br, port, skb);
  else dropSkb(skb, dev.ns, Sites.BR_INPUT, DropReason.BRIDGE_INGRESS_STP_STATE, null, dev.ifindex, port.state);
}

/** 01:80:c2:00:00:00 … 0f */
function isLinkLocal(skb: Skb): boolean {
  const b = skb.buf;
  const o = skb.mac;
  return b[o] === 0x01 && b[o + 1] === 0x80 && b[o + 2] === 0xc2 && b[o + 3] === 0 && b[o + 4] === 0 && (b[o + 5]! & 0xf0) === 0;
}

/** br_handle_frame_finish: learn, then up, out by one port, or everywhere. */
function finish(br: Bridge, port: BridgePort, skb: Skb): void {
  const ns = br.dev.ns;
  if (port.flags.locked && !knownThere(br, port, skb)) {
    dropSkb(skb, ns, Sites.BR_INPUT, DropReason.BRIDGE_PORT_LOCKED, null, port.dev.ifindex, port.state);
    return;
  }
  if (port.flags.learning) fdbLearn(br, port, skb);
  if (port.state === BrState.LEARNING) {
    dropSkb(skb, ns, Sites.BR_INPUT, DropReason.BRIDGE_INGRESS_STP_STATE, null, port.dev.ifindex, port.state);
    return;
  }
  const promisc = (br.dev.flags & IFF.PROMISC) !== 0;
  let localRcv = promisc;
  const cast = castOf(skb);
  let dst: FdbEntry | null = null;
  if (cast === "unicast") {
    dst = fdbFind(br, skb.buf, skb.mac);
    note(skb, ns, Sites.BR_FDB, dst, dst ? (dst.port ? dst.port.dev.ifindex : br.dev.ifindex) : 0, dst?.local ? 1 : 0);
    if (dst?.local) {
      passUp(br, skb);
      return;
    }
  } else {
    localRcv = true;
    if (cast === "multicast") br.dev.stats.multicast++;
  }
  if (dst) {
    dst.used = ns.net.now;
    forwardTo(br, dst.port!, skb, port, localRcv);
  } else flood(br, skb, cast, port, localRcv);
  if (localRcv) passUp(br, skb);
}

/** A locked port lets in only who is known to be behind it. */
function knownThere(br: Bridge, port: BridgePort, skb: Skb): boolean {
  const src = fdbFind(br, skb.buf, skb.mac + 6);
  return src !== null && src.port === port && !src.local;
}

function castOf(skb: Skb): Cast {
  if (!isMulticastMac(skb.buf, skb.mac)) return "unicast";
  return isBroadcastMac(skb.buf, skb.mac) ? "broadcast" : "multicast";
}

/** should_deliver. `from` null: the bridge itself sends. */
function mayLeave(to: BridgePort, from: BridgePort | null): boolean {
  return (to.flags.hairpin || to !== from) && to.state === BrState.FORWARDING && !(from?.flags.isolated && to.flags.isolated);
}

/** br_forward: out by one port. With `keep` the caller still needs the skb, otherwise it ends here. */
function forwardTo(br: Bridge, to: BridgePort, skb: Skb, from: BridgePort | null, keep: boolean): void {
  if (mayLeave(to, from)) {
    send(br, to, keep ? copyOf(br, skb) : skb, from);
  } else if (!keep) {
    dropSkb(skb, br.dev.ns, Sites.BR_FORWARD, DropReason.BRIDGE_NO_EGRESS_PORT, null, to.dev.ifindex, to.state);
  }
}

/** br_flood: out by every port that may, newest first; the last one takes the original unless the caller keeps it. */
function flood(br: Bridge, skb: Skb, cast: Cast, from: BridgePort | null, keep: boolean): void {
  let prev: BridgePort | null = null;
  let count = 0;
  for (const p of br.ports) {
    if (!mayLeave(p, from)) continue;
    if (cast === "unicast" && !p.flags.flood) continue;
    if (from && ((cast === "multicast" && !p.flags.mcast_flood) || (cast === "broadcast" && !p.flags.bcast_flood))) continue;
    count++;
    if (prev) send(br, prev, copyOf(br, skb), from);
    prev = p;
  }
  if (prev) {
    note(skb, br.dev.ns, Sites.BR_FLOOD, null, count, 0);
    send(br, prev, keep ? copyOf(br, skb) : skb, from);
  } else if (!keep) dropSkb(skb, br.dev.ns, Sites.BR_FLOOD, DropReason.BRIDGE_NO_EGRESS_PORT, null, 0, 0);
}

function copyOf(br: Bridge, skb: Skb): Skb {
  const c = cloneSkb(skb);
  c.sk = skb.sk;
  birth(c, br.dev.ns, Sites.CLONE, 0, 0);
  return c;
}

/** __br_forward and br_dev_queue_push_xmit: data is behind the Ethernet header and goes back in front of it. */
function send(br: Bridge, to: BridgePort, skb: Skb, from: BridgePort | null): void {
  const dev = to.dev;
  skb.bridgePort = from ? from.dev : null;
  if (!(dev.flags & IFF.UP) || skb.len > dev.mtu + (from && filtered(br, skb) ? 0 : VLAN_HLEN)) {
    const reason = dev.flags & IFF.UP ? DropReason.PKT_TOO_BIG : DropReason.DEV_READY;
    dropSkb(skb, br.dev.ns, Sites.BR_FORWARD, reason, null, dev.ifindex, skb.len);
    return;
  }
  note(skb, br.dev.ns, Sites.BR_FORWARD, null, dev.ifindex, 0);
  skb.dev = dev;
  skbPush(skb, ETH_HLEN);
  devQueueXmit(skb);
}

/**
 * Would br_netfilter show the frame to iptables? Then it is held to the port's MTU, without the 4 bytes more that
 * is_skb_forwardable allows for a tag.
 */
function filtered(br: Bridge, skb: Skb): boolean {
  const conf = br.dev.ns.sysctl.bridge;
  if (skb.protocol === ETH_P_IP) return conf["bridge-nf-call-iptables"] !== 0 || br.settings.nf_call_iptables !== 0;
  return skb.protocol === ETH_P_IPV6 && (conf["bridge-nf-call-ip6tables"] !== 0 || br.settings.nf_call_ip6tables !== 0);
}

/** br_pass_frame_up: the frame goes on as if the bridge device had received it. */
function passUp(br: Bridge, skb: Skb): void {
  const dev = br.dev;
  if (!(dev.flags & IFF.UP)) {
    dropSkb(skb, dev.ns, Sites.BR_PASS_UP, DropReason.DEV_READY, null, dev.ifindex, 0);
    return;
  }
  dev.stats.rxPackets++;
  dev.stats.rxBytes += skb.len; // without the Ethernet header, as Linux counts here
  note(skb, dev.ns, Sites.BR_PASS_UP, null, dev.ifindex, 0);
  skb.bridgePort = skb.dev;
  skb.dev = dev;
  netifReceive(skb);
}

/** br_dev_xmit: what the machine sends by its bridge device. */
export function brXmit(dev: NetDevice, skb: Skb): void {
  const br = dev.priv as Bridge;
  dev.stats.txPackets++;
  dev.stats.txBytes += skb.len;
  skb.mac = skb.data;
  skbPull(skb, ETH_HLEN);
  const cast = castOf(skb);
  const dst = cast === "unicast" ? fdbFind(br, skb.buf, skb.mac) : null;
  if (cast === "unicast")
    note(skb, dev.ns, Sites.BR_FDB, dst, dst ? (dst.port ? dst.port.dev.ifindex : dev.ifindex) : 0, dst?.local ? 1 : 0);
  if (!dst) flood(br, skb, cast, null, false);
  else if (dst.port) forwardTo(br, dst.port, skb, null, false);
  else dropSkb(skb, dev.ns, Sites.BR_FORWARD, DropReason.BRIDGE_NO_EGRESS_PORT, null, 0, 0); // its own address
}
