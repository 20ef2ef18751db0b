/**
 * 802.1Q and 802.1ad VLAN devices (net/8021q/vlan.c, vlan_dev.c): `ip link add link eth0 name eth0.10 type vlan id 10`. What they
 * send leaves by the device below with a tag; they follow its state, address and MTU as Linux lets them.
 *
 * Left out: GVRP and MVRP, priority maps, frames handed over with their header (reorder_hdr off), binding to a bridge.
 */
import { put16 } from "../../../core/bytes.ts";
import { Errno } from "../../../core/result.ts";
import { hex } from "../../../core/bytes.ts";
import { Sites } from "../../../trace/sites.ts";
import { ETH_P_8021AD, ETH_P_8021Q } from "../../../wire/eth.ts";
import { eqMac, parseMac } from "../../../wire/mac.ts";
import { VLAN_HLEN } from "../../../wire/vlan.ts";
import type { NetNs } from "../../netns.ts";
import { IFF, type LinkAttrs, type RtnlError, type RtnlReply, RTNL_OK, rtnlError } from "../../rtnl/messages.ts";
import { cowSkb, note, type Skb, skbPush } from "../../skb.ts";
import type { DevEvent } from "../../world.ts";
import { configureNewLink } from "../configure.ts";
import {
  devChangeFlags,
  devMcAdd,
  devMcDel,
  devSetAllmulti,
  devSetMtu,
  devSetPromiscuity,
  registerNetdevice,
  unregisterNetdevice,
} from "../core.ts";
import { type DevOps, NetDevice } from "../device.ts";
import { carrierOff, carrierOn } from "../linkwatch.ts";
import { devQueueXmit, NET_XMIT } from "../tx.ts";
import { vlanKey } from "./tag.ts";

interface VlanPriv {
  readonly lower: NetDevice;
  readonly id: number;
  readonly proto: number;
  /** keeps its own state whatever the device below does */
  loose: boolean;
  /** its address is the lower device's, and follows it (NET_ADDR_STOLEN) */
  inherited: boolean;
  /** its own address stands in the lower device's filter */
  filtered: string | null;
}

/** the highest id is reserved */
const MAX_ID = 4095;
const NOT_SIMULATED = ["gvrp", "mvrp", "bridge_binding"] as const;

function privOf(dev: NetDevice): VlanPriv {
  return dev.priv as VlanPriv;
}
function lowerOf(dev: NetDevice): NetDevice {
  return privOf(dev).lower;
}
function vlansOn(lower: NetDevice): readonly NetDevice[] {
  return lower.vlans ? [...lower.vlans.values()] : [];
}

// ---------------------------------------------------------------- sending

/** vlan_dev_hard_start_xmit */
function xmit(dev: NetDevice, skb: Skb): number {
  const p = privOf(dev);
  const len = skb.len;
  note(skb, dev.ns, Sites.VLAN_XMIT, null, p.lower.ifindex, p.id);
  cowSkb(skb);
  const at = skbPush(skb, VLAN_HLEN);
  skb.buf.copyWithin(at, at + VLAN_HLEN, at + VLAN_HLEN + 12);
  put16(skb.buf, at + 12, p.proto);
  put16(skb.buf, at + 14, p.id);
  skb.protocol = p.proto;
  skb.dev = p.lower;
  const r = devQueueXmit(skb);
  if (r === NET_XMIT.SUCCESS || r === NET_XMIT.CN) {
    dev.stats.txPackets++;
    dev.stats.txBytes += len;
  } else dev.stats.txDropped++;
  return r;
}

// ---------------------------------------------------------------- making and changing

/** vlan_validate, vlan_newlink, register_vlan_dev */
function newlink(ns: NetNs, attrs: LinkAttrs): NetDevice | RtnlError {
  const d = attrs.data;
  if (!d) return rtnlError(Errno.EINVAL, "8021q: VLAN properties not specified");
  const id = d["id"] === undefined ? -1 : Number(d["id"]);
  if (id >= MAX_ID) return rtnlError(Errno.ERANGE, "8021q: Invalid VLAN id");
  if (id < 0) return rtnlError(Errno.EINVAL, "8021q: VLAN id not specified");
  if (!attrs.link) return rtnlError(Errno.EINVAL, "8021q: link not specified");
  const lower = ns.devs.get(attrs.link);
  if (!lower) return rtnlError(Errno.ENODEV, "8021q: link does not exist");
  if (lower.type !== "ether") return rtnlError(Errno.EOPNOTSUPP, "8021q: VLANs not supported on device");
  const proto = d["protocol"] === "802.1ad" ? ETH_P_8021AD : ETH_P_8021Q;
  const key = vlanKey(proto, id);
  if (lower.vlans?.has(key)) return rtnlError(Errno.EEXIST, "8021q: VLAN device already exists");
  if (attrs.mtu !== undefined && attrs.mtu > lower.mtu) return rtnlError(Errno.EINVAL);
  const inherited = attrs.address === undefined;
  const priv: VlanPriv = { lower, id, proto, loose: false, inherited, filtered: null };
  const flags = lower.flags & ~(IFF.UP | IFF.PROMISC | IFF.ALLMULTI | IFF.MASTER | IFF.SLAVE);
  const addr = (attrs.address ?? lower.addr).slice();
  const dev = new NetDevice(ns, VLAN_OPS, attrs.newIfindex ?? 0, attrs.name ?? "vlan%d", "ether", addr, flags, lower.mtu, priv);
  dev.addrSet = !inherited;
  dev.broadcast = lower.broadcast.slice();
  dev.minMtu = 0;
  dev.tsoMaxSize = lower.tsoMaxSize;
  const settings = change(dev, d);
  if (!settings.ok) return settings;
  const err = registerNetdevice(dev);
  if (err < 0) return rtnlError(-err);
  carrierOff(dev);
  lower.vlans ??= new Map();
  lower.vlans.set(key, dev);
  followCarrier(dev);
  const r = configureNewLink(dev, attrs, true);
  if (r.ok) return dev;
  dellink(dev);
  return r;
}

function change(dev: NetDevice, d: NonNullable<LinkAttrs["data"]>): RtnlReply {
  for (const key of NOT_SIMULATED) if (d[key]) return rtnlError(Errno.EOPNOTSUPP, `hop: VLAN option ${key} is not simulated`);
  if (d["reorder_hdr"] === false) return rtnlError(Errno.EOPNOTSUPP, "hop: VLAN option reorder_hdr off is not simulated");
  if (d["loose_binding"] !== undefined) privOf(dev).loose = d["loose_binding"] === true;
  return RTNL_OK;
}

function dellink(dev: NetDevice): void {
  const { lower, proto, id } = privOf(dev);
  lower.vlans?.delete(vlanKey(proto, id));
  unregisterNetdevice(dev);
}

/** vlan_dev_open: not while the device below is down. */
function open(dev: NetDevice): number {
  const p = privOf(dev);
  if (!(p.lower.flags & IFF.UP) && !p.loose) return -Errno.ENETDOWN;
  if (!eqMac(dev.addr, 0, p.lower.addr, 0)) {
    if (p.inherited) dev.addr = p.lower.addr.slice();
    else filterOwn(dev, true);
  }
  if (p.lower.carrier) carrierOn(dev);
  return 0;
}

function stop(dev: NetDevice): void {
  filterOwn(dev, false);
  carrierOff(dev);
}

/** The device below listens to the VLAN device's own address, too, while that is up. */
function filterOwn(dev: NetDevice, on: boolean): void {
  const p = privOf(dev);
  const uc = p.lower.uc;
  if (on && p.filtered === null) {
    p.filtered = hex(dev.addr, ":");
    if (uc.size === 0) devSetPromiscuity(p.lower, 1);
    uc.add(p.filtered);
  } else if (!on && p.filtered !== null) {
    uc.delete(p.filtered);
    if (uc.size === 0) devSetPromiscuity(p.lower, -1);
    p.filtered = null;
  }
}

/** vlan_dev_change_mtu: no more than the device below. */
function setMtu(dev: NetDevice, mtu: number): number {
  return mtu > lowerOf(dev).mtu ? -Errno.ERANGE : 0;
}

/** vlan_dev_set_mac_address */
function setAddress(dev: NetDevice, addr: Uint8Array): number {
  const p = privOf(dev);
  p.inherited = false;
  if (!(dev.flags & IFF.UP)) return 0;
  filterOwn(dev, false);
  if (!eqMac(addr, 0, p.lower.addr, 0)) {
    dev.addr = addr.slice();
    filterOwn(dev, true);
  }
  return 0;
}

/** What the device listens to, the one below listens to as well (dev_mc_sync, vlan_dev_change_rx_flags). */
function rxFilter(dev: NetDevice, what: "promisc" | "allmulti" | Uint8Array, inc: number): void {
  const lower = lowerOf(dev);
  if (what === "promisc") devSetPromiscuity(lower, inc);
  else if (what === "allmulti") devSetAllmulti(lower, inc);
  else if (inc > 0) devMcAdd(lower, what);
  else devMcDel(lower, what);
}

/** netif_stacked_transfer_operstate */
function followCarrier(dev: NetDevice): void {
  const lower = lowerOf(dev);
  dev.dormant = lower.dormant;
  if (lower.carrier) carrierOn(dev);
  else carrierOff(dev);
}

/** vlan_device_event: what happens to the device below; and a VLAN device that goes takes its filters along. */
export function vlanNotifier(dev: NetDevice, event: DevEvent): void {
  if (event === "unregister" && dev.ops === VLAN_OPS) for (const key of dev.mc.keys()) devMcDel(lowerOf(dev), parseMac(key)!);
  for (const v of vlansOn(dev)) {
    const p = privOf(v);
    const up = (v.flags & IFF.UP) !== 0;
    switch (event) {
      case "change":
        followCarrier(v);
        break;
      case "changeaddr":
        if (up && p.inherited && !eqMac(v.addr, 0, dev.addr, 0)) {
          v.addr = dev.addr.slice();
          v.ns.net.notify(v, "changeaddr");
        }
        break;
      case "changemtu":
        if (v.mtu > dev.mtu) devSetMtu(v, dev.mtu);
        break;
      case "down":
        if (up && !p.loose) devChangeFlags(v, v.flags & ~IFF.UP);
        followCarrier(v);
        break;
      case "up":
        if (!up && !p.loose) devChangeFlags(v, v.flags | IFF.UP);
        followCarrier(v);
        break;
      case "unregister":
        // a device that only moves to another namespace keeps them
        if (!dev.registered && !dev.moving) dellink(v);
        break;
      default:
    }
  }
}

export const VLAN_OPS: DevOps = {
  kind: "vlan",
  xmit,
  open,
  stop,
  newlink,
  dellink,
  changelink: (dev, attrs) => change(dev, attrs.data ?? {}),
  link: lowerOf,
  setMtu,
  setAddress,
  rxFilter,
  fillInfo: (dev) => {
    const p = privOf(dev);
    return { protocol: p.proto === ETH_P_8021AD ? "802.1ad" : "802.1Q", id: p.id, reorder_hdr: true, loose_binding: p.loose };
  },
};
