/**
 * Links by netlink (net/core/rtnetlink.c): RTM_GETLINK, RTM_NEWLINK (create and change), RTM_DELLINK and alternative
 * names. The order in which attributes are checked and applied is the kernel's: a change that fails in the middle stays
 * half done there too. Errors carry the kernel's words where it has any.
 */
import { Errno } from "../../core/result.ts";
import { isValidMac } from "../../wire/mac.ts";
import {
  combineFlags,
  deleteDevice,
  devChangeFlags,
  devChangeName,
  devChangeNetns,
  devSetAddress,
  devSetMaster,
  devSetMtu,
} from "../dev/core.ts";
import { type DevOps, NetDevice } from "../dev/device.ts";
import { devFlags, devIflink, linkChanged, linkwatchSync, stateChange } from "../dev/linkwatch.ts";
import { IFNAMSIZ, nameInUse, validName } from "../dev/name.ts";
import { GEN_MODE_NAMES, setGenMode } from "../ip6/iid.ts";
import { setToken } from "../ip6/token.ts";
import type { NetNs } from "../netns.ts";
import { IFF, IfOper, type LinkAttrs, type LinkRow, NlmF, type RtnlReply, type RtnlRequest, RTNL_OK, rtnlError } from "./messages.ts";
import { nsidAlloc } from "./nsid.ts";

/** What rtnetlink() is given besides the request. */
export interface RtnlCtx {
  readonly cred: { readonly uid: number; readonly netAdmin: boolean };
  /** the namespace that a file descriptor or process of the caller refers to */
  readonly resolveNetns: (ref: { readonly fd: number } | { readonly pid: number }) => NetNs | null;
}

const BAD_NAME = "Attribute failed policy validation";
const IFALIASZ = 256;

// ---------------------------------------------------------------- asking

export function getLink(ns: NetNs, req: Extract<RtnlRequest, { type: "RTM_GETLINK" }>): RtnlReply {
  if (!req.ifindex && req.name === undefined)
    return { ok: true, links: [...ns.devs.values()].sort((a, b) => a.ifindex - b.ifindex).map(linkRow) };
  const dev = find(ns, req.ifindex ?? 0, req.name);
  if (!dev) return rtnlError(Errno.ENODEV);
  linkwatchSync(dev);
  return { ok: true, links: [linkRow(dev)] };
}

function find(ns: NetNs, ifindex: number, name: string | undefined): NetDevice | null {
  if (ifindex > 0) return ns.devs.get(ifindex) ?? null;
  return name === undefined ? null : ns.devByName(name);
}

/** rtnl_fill_ifinfo: a snapshot. Gives the peer's namespace an id when it has none yet, as the kernel does. */
export function linkRow(dev: NetDevice): LinkRow {
  const lower = dev.ops.link ? dev.ops.link(dev) : null;
  const elsewhere = lower !== null && lower.ns !== dev.ns;
  const iflink = devIflink(dev);
  const up = (dev.flags & IFF.UP) !== 0;
  const s = dev.stats;
  return {
    ifindex: dev.ifindex,
    name: dev.name,
    flags: devFlags(dev),
    type: dev.type,
    address: dev.addr.slice(),
    broadcast: dev.broadcast.slice(),
    mtu: dev.mtu,
    minMtu: dev.minMtu,
    maxMtu: dev.maxMtu,
    qdisc: dev.qdisc,
    operstate: up ? dev.operstate : IfOper.DOWN,
    linkmode: dev.linkmode,
    group: dev.group,
    txqlen: dev.txqlen,
    promiscuity: dev.promiscuity,
    allmulti: dev.allmulti,
    numTxQueues: dev.numTxQueues,
    numRxQueues: dev.numRxQueues,
    gsoMaxSize: 65536,
    gsoMaxSegs: 65535,
    tsoMaxSize: dev.tsoMaxSize,
    tsoMaxSegs: 65535,
    groMaxSize: 65536,
    carrier: dev.carrier,
    protoDown: false,
    alias: dev.alias,
    altnames: dev.altnames,
    master: dev.master ? dev.master.ifindex : 0,
    link: elsewhere || iflink !== dev.ifindex ? iflink : 0,
    linkNetnsid: elsewhere ? nsidAlloc(dev.ns, lower.ns) : null,
    kind: dev.ops.kind === "" ? null : dev.ops.kind,
    data: dev.ops.fillInfo ? dev.ops.fillInfo(dev) : null,
    slaveKind: dev.master ? dev.master.ops.kind : null,
    slaveData: dev.master?.ops.slaveInfo ? dev.master.ops.slaveInfo(dev) : null,
    addrGenMode: GEN_MODE_NAMES[dev.conf6.addr_gen_mode]!,
    token: dev.ip6?.token ?? null,
    stats: {
      rxPackets: s.rxPackets,
      txPackets: s.txPackets,
      rxBytes: s.rxBytes,
      txBytes: s.txBytes,
      rxErrors: s.rxErrors,
      txErrors: s.txErrors,
      rxDropped: s.rxDropped,
      txDropped: s.txDropped,
      multicast: s.multicast,
      collisions: 0,
      rxLengthErrors: 0,
      rxCrcErrors: 0,
      rxFrameErrors: 0,
      rxFifoErrors: 0,
      rxOverErrors: 0,
      rxMissedErrors: 0,
      rxNohandler: s.rxNohandler,
      txAbortedErrors: 0,
      txCarrierErrors: s.txCarrierErrors,
      txFifoErrors: 0,
      txHeartbeatErrors: 0,
      txWindowErrors: 0,
      carrierChanges: dev.carrierChanges,
    },
    parentbus: dev.parentdev === null ? null : "pci",
    parentdev: dev.parentdev,
  };
}

// ---------------------------------------------------------------- creating and changing

/** rtnl_newlink */
export function newLink(ns: NetNs, req: Extract<RtnlRequest, { type: "RTM_NEWLINK" }>, ctx: RtnlCtx): RtnlReply {
  const a = req.attrs;
  const policy = checkPolicy(a) ?? (a.peer ? checkPolicy(a.peer) : null);
  if (policy) return policy;
  if (req.ifindex < 0) return rtnlError(Errno.EINVAL, "ifindex can't be negative");
  let target = ns;
  if (a.netns) {
    const t = ctx.resolveNetns(a.netns);
    if (!t) return badNetns(a);
    target = t;
  }
  // the peer stays where the request was made, wherever the device itself goes
  let peerNs = ns;
  if (a.peer?.netns) {
    const t = ctx.resolveNetns(a.peer.netns);
    if (!t) return badNetns(a.peer);
    peerNs = t;
  }
  const ops = a.kind === undefined ? undefined : ns.net.kinds.get(a.kind);
  const invalid = ops ? (validate(ops, a) ?? (a.peer ? validate(ops, a.peer) : null)) : null;
  if (invalid) return invalid;
  const creating = (req.flags & NlmF.CREATE) !== 0 && (req.flags & NlmF.EXCL) !== 0;
  const dev = find(creating ? target : ns, req.ifindex, a.name);
  if (dev) {
    if (req.flags & NlmF.EXCL) return rtnlError(Errno.EEXIST);
    if (req.flags & NlmF.REPLACE) return rtnlError(Errno.EOPNOTSUPP);
    return changeLink(dev, a, target, req.ifindex > 0);
  }
  if (!(req.flags & NlmF.CREATE)) return req.ifindex === 0 && a.group !== undefined ? changeGroup(ns, a, target) : rtnlError(Errno.ENODEV);
  if (!ops?.newlink) return rtnlError(Errno.EOPNOTSUPP, "Unknown device type");
  return createLink(ops, target, peerNs, a, req.ifindex);
}

/** Lengths that nla_policy looks at before anything else. */
function checkPolicy(a: LinkAttrs): RtnlReply | null {
  if (a.name !== undefined && a.name.length >= IFNAMSIZ) return rtnlError(Errno.ERANGE, BAD_NAME);
  if (a.alias !== undefined && a.alias.length >= IFALIASZ) return rtnlError(Errno.ERANGE, BAD_NAME);
  return null;
}

/** rtnl_link_ops.validate: the same for every kind here but for the MTU. */
function validate(ops: DevOps, a: LinkAttrs): RtnlReply | null {
  const refused = ops.validate ? ops.validate(a) : null;
  if (refused) return refused;
  if (a.address && a.address.length !== 6) return rtnlError(Errno.EINVAL);
  if (a.address && !isValidMac(a.address)) return rtnlError(Errno.EADDRNOTAVAIL);
  if (a.mtu !== undefined && ops.mtuRange && (a.mtu < ops.mtuRange[0] || a.mtu > ops.mtuRange[1])) return rtnlError(Errno.EINVAL);
  return null;
}

function badNetns(a: LinkAttrs): RtnlReply {
  return rtnlError(a.netns && "pid" in a.netns ? Errno.ESRCH : Errno.EINVAL);
}

function createLink(ops: DevOps, target: NetNs, peerNs: NetNs, a: LinkAttrs, ifindex: number): RtnlReply {
  for (const end of a.peer ? [a, a.peer] : [a]) {
    if (badQueues(end.numTxQueues)) return rtnlError(Errno.EINVAL, "Invalid number of transmit queues");
    if (badQueues(end.numRxQueues)) return rtnlError(Errno.EINVAL, "Invalid number of receive queues");
  }
  const r = ops.newlink!(target, ifindex > 0 ? { ...a, newIfindex: ifindex } : a, peerNs);
  if (!(r instanceof NetDevice)) return r;
  const m = a.master === undefined ? RTNL_OK : devSetMaster(r, a.master);
  if (!m.ok) deleteDevice(r);
  return m;
}

function badQueues(n: number | undefined): boolean {
  return n !== undefined && (n < 1 || n > 4096);
}

function changeGroup(ns: NetNs, a: LinkAttrs, target: NetNs): RtnlReply {
  const { group, ...rest } = a;
  for (const dev of ns.devs.values()) {
    if (dev.group !== group) continue;
    const r = changeLink(dev, rest, target, false);
    if (!r.ok) return r;
  }
  return RTNL_OK;
}

/** do_setlink, after the kind's own changelink. `byIndex`: a name in the attributes is a wish, not a search key. */
function changeLink(dev: NetDevice, a: LinkAttrs, target: NetNs, byIndex: boolean): RtnlReply {
  if (a.address && dev.type === "none") return rtnlError(Errno.EOPNOTSUPP);
  if (a.address && a.address.length !== dev.addr.length) return rtnlError(Errno.EINVAL);
  if (a.broadcast && a.broadcast.length !== dev.broadcast.length) return rtnlError(Errno.EINVAL);
  if (a.data && a.kind !== undefined) {
    if (a.kind !== dev.ops.kind || !dev.ops.changelink) return rtnlError(Errno.EOPNOTSUPP);
    const r = dev.ops.changelink(dev, a);
    if (!r.ok) return r;
  }
  if (a.slaveSelf && dev.ops.kind !== "bridge") return rtnlError(Errno.EOPNOTSUPP);
  if (a.slaveData && !a.slaveSelf) {
    if (!dev.master?.ops.changeSlave) return rtnlError(Errno.EOPNOTSUPP);
    const r = dev.master.ops.changeSlave(dev.master, dev, a.slaveData);
    if (!r.ok) return r;
  }
  // DO_SETLINK_NOTIFY: changes that end in netdev_state_change
  const notify =
    a.address !== undefined ||
    a.group !== undefined ||
    a.alias !== undefined ||
    (a.txqlen !== undefined && a.txqlen !== dev.txqlen) ||
    (a.linkmode !== undefined && a.linkmode !== dev.linkmode);
  if (a.netns) {
    const r = devChangeNetns(dev, target, a.name ?? "", a.newIfindex ?? 0);
    if (!r.ok) return r;
  }
  if (a.address) {
    const err = devSetAddress(dev, a.address);
    if (err < 0) return rtnlError(-err);
  }
  if (a.mtu !== undefined) {
    const r = devSetMtu(dev, a.mtu);
    if (!r.ok) return r;
  }
  if (a.group !== undefined) dev.group = a.group;
  if (byIndex && a.name !== undefined && a.name !== "") {
    const err = devChangeName(dev, a.name);
    if (err < 0) return rtnlError(-err);
  }
  if (a.alias !== undefined) dev.alias = a.alias;
  if (a.broadcast) dev.broadcast = a.broadcast.slice();
  if (a.flags || a.change) {
    const err = devChangeFlags(dev, combineFlags(dev, a.flags ?? 0, a.change ?? 0));
    if (err < 0) return rtnlError(-err);
  }
  if (a.master !== undefined) {
    const r = devSetMaster(dev, a.master);
    if (!r.ok) return r;
  }
  if (a.carrier !== undefined) {
    const err = dev.ops.setCarrier ? dev.ops.setCarrier(dev, a.carrier) : -Errno.EOPNOTSUPP;
    if (err < 0) return rtnlError(-err);
  }
  if (a.txqlen !== undefined) dev.txqlen = a.txqlen;
  if (a.operstate !== undefined) setOperstate(dev, a.operstate);
  if (a.linkmode !== undefined) dev.linkmode = a.linkmode;
  if (a.addrGenMode !== undefined && !setGenMode(dev, a.addrGenMode)) return rtnlError(Errno.EINVAL);
  if (a.token !== undefined) {
    const r = setToken(dev, a.token);
    if (!r.ok) return r;
  }
  if (a.protodown !== undefined) return rtnlError(Errno.EOPNOTSUPP, "Protodown not supported by device");
  if (notify && dev.flags & IFF.UP) stateChange(dev);
  else linkChanged(dev);
  return RTNL_OK;
}

/** set_operstate: user space may make a running link dormant and back. */
function setOperstate(dev: NetDevice, wanted: number): void {
  if (wanted === IfOper.UP && (dev.operstate === IfOper.DORMANT || dev.operstate === IfOper.UNKNOWN)) dev.operstate = IfOper.UP;
  else if (wanted === IfOper.DORMANT && (dev.operstate === IfOper.UP || dev.operstate === IfOper.UNKNOWN)) dev.operstate = IfOper.DORMANT;
}

// ---------------------------------------------------------------- deleting, alternative names

/** rtnl_dellink: by index, name or group. */
export function delLink(ns: NetNs, req: Extract<RtnlRequest, { type: "RTM_DELLINK" }>): RtnlReply {
  if (req.ifindex === 0 && req.name === undefined && req.group !== undefined) {
    const group = [...ns.devs.values()].filter((d) => d.group === req.group);
    if (group.length === 0) return rtnlError(Errno.ENODEV);
    if (group.some((d) => !d.ops.newlink)) return rtnlError(Errno.EOPNOTSUPP);
    for (const d of group) if (d.registered) deleteDevice(d);
    return RTNL_OK;
  }
  const dev = find(ns, req.ifindex, req.name);
  if (!dev) return rtnlError(Errno.ENODEV);
  if (!dev.ops.newlink) return rtnlError(Errno.EOPNOTSUPP);
  deleteDevice(dev);
  return RTNL_OK;
}

/** RTM_NEWLINKPROP / RTM_DELLINKPROP: `ip link property add|del altname` */
export function linkProp(ns: NetNs, req: Extract<RtnlRequest, { type: "RTM_NEWLINKPROP" | "RTM_DELLINKPROP" }>): RtnlReply {
  const dev = ns.devs.get(req.ifindex);
  if (!dev) return rtnlError(Errno.ENODEV);
  if (req.type === "RTM_NEWLINKPROP") {
    // alternative names may be up to 127 bytes long
    if (
      req.altname.length >= IFNAMSIZ ? !validName(req.altname.slice(0, IFNAMSIZ - 1)) || req.altname.length > 127 : !validName(req.altname)
    )
      return rtnlError(Errno.EINVAL);
    if (nameInUse(ns, req.altname)) return rtnlError(Errno.EEXIST);
    dev.altnames = [...dev.altnames, req.altname];
    ns.addName(dev, req.altname);
  } else {
    if (!dev.altnames.includes(req.altname)) return rtnlError(nameInUse(ns, req.altname) ? Errno.EINVAL : Errno.ENOENT);
    dev.altnames = dev.altnames.filter((n) => n !== req.altname);
    ns.removeName(req.altname);
  }
  linkChanged(dev);
  return RTNL_OK;
}
