/** What /sys/class/net shows of an interface (net/core/net-sysfs.c), for the namespace that /sys was mounted from. */
import { hex } from "../core/bytes.ts";
import { Errno } from "../core/result.ts";
import type { FsCtx } from "../fs/vfs.ts";
import type { SysSource } from "../fs/sysfs.ts";
import type { NetNs } from "../net/netns.ts";
import { rtnetlink } from "../net/rtnl/index.ts";
import { IFF, type LinkAttrs, type LinkRow } from "../net/rtnl/messages.ts";
import type { Machine } from "./machine.ts";
import { linkByName, links } from "./netinfo.ts";
import type { Process } from "./process.ts";
import { bridgeFileChange, bridgeFileMode, bridgeFiles, bridgeSpeed, masterLinks, readBridgeFile } from "./sysfs-bridge.ts";
import { sockCred } from "./sys-sock.ts";

const OPERSTATE = ["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"] as const;
const up = (l: LinkRow): boolean => (l.flags & IFF.UP) !== 0;

/** values as text; a number is an errno (EINVAL: not while the interface is down) */
const ATTRIBUTES: ReadonlyMap<string, (l: LinkRow) => string | number> = new Map<string, (l: LinkRow) => string | number>([
  ["addr_assign_type", (l) => (l.type !== "ether" || l.parentdev ? "0" : l.kind === "tun" ? "1" : "3")],
  ["addr_len", (l) => String(l.address.length)],
  ["address", (l) => hex(l.address, ":")],
  ["broadcast", (l) => hex(l.broadcast, ":")],
  ["carrier", (l) => (up(l) ? (l.carrier ? "1" : "0") : -Errno.EINVAL)],
  ["carrier_changes", (l) => String(l.stats.carrierChanges)],
  ["carrier_down_count", (l) => String(Math.floor((l.stats.carrierChanges + (l.carrier ? 0 : 1)) / 2))],
  ["carrier_up_count", (l) => String(Math.floor((l.stats.carrierChanges + (l.carrier ? 1 : 0)) / 2))],
  ["dev_id", () => "0x0"],
  ["dev_port", () => "0"],
  ["dormant", (l) => (up(l) ? "0" : -Errno.EINVAL)],
  ["duplex", (l) => (l.type === "loopback" || !up(l) ? -Errno.EINVAL : "full")],
  ["flags", (l) => `0x${(l.flags & ~(IFF.LOWER_UP | IFF.RUNNING | IFF.DORMANT)).toString(16)}`],
  ["gro_flush_timeout", () => "0"],
  ["ifalias", (l) => l.alias],
  ["ifindex", (l) => String(l.ifindex)],
  ["iflink", (l) => String(l.link || l.ifindex)],
  ["link_mode", (l) => String(l.linkmode)],
  ["mtu", (l) => String(l.mtu)],
  ["napi_defer_hard_irqs", () => "0"],
  ["name_assign_type", (l) => (l.type === "loopback" || l.kind === "tun" ? -Errno.EINVAL : "3")],
  ["netdev_group", (l) => String(l.group)],
  ["operstate", (l) => OPERSTATE[l.operstate] ?? "unknown"],
  ["proto_down", (l) => (l.protoDown ? "1" : "0")],
  ["queues/rx-0/rps_cpus", () => "0"],
  ["queues/rx-0/rps_flow_cnt", () => "0"],
  ["queues/tx-0/tx_maxrate", () => "0"],
  ["queues/tx-0/tx_timeout", () => "0"],
  [
    "speed",
    (l) =>
      l.type === "loopback" || !up(l) ? -Errno.EINVAL : l.kind === "veth" || l.kind === "tun" ? "10000" : l.parentdev ? "1000" : "-1",
  ],
  ["testing", (l) => (up(l) ? "0" : -Errno.EINVAL)],
  ["threaded", () => "0"],
  ["tx_queue_len", (l) => String(l.txqlen)],
  ["type", (l) => (l.type === "loopback" ? "772" : l.type === "none" ? "65534" : "1")],
  ["uevent", (l) => `INTERFACE=${l.name}\nIFINDEX=${l.ifindex}`],
  ["statistics/collisions", (l) => String(l.stats.collisions)],
  ["statistics/multicast", (l) => String(l.stats.multicast)],
  ["statistics/rx_bytes", (l) => String(l.stats.rxBytes)],
  ["statistics/rx_compressed", () => "0"],
  ["statistics/rx_crc_errors", (l) => String(l.stats.rxCrcErrors)],
  ["statistics/rx_dropped", (l) => String(l.stats.rxDropped)],
  ["statistics/rx_errors", (l) => String(l.stats.rxErrors)],
  ["statistics/rx_fifo_errors", (l) => String(l.stats.rxFifoErrors)],
  ["statistics/rx_frame_errors", (l) => String(l.stats.rxFrameErrors)],
  ["statistics/rx_length_errors", (l) => String(l.stats.rxLengthErrors)],
  ["statistics/rx_missed_errors", (l) => String(l.stats.rxMissedErrors)],
  ["statistics/rx_nohandler", (l) => String(l.stats.rxNohandler)],
  ["statistics/rx_over_errors", (l) => String(l.stats.rxOverErrors)],
  ["statistics/rx_packets", (l) => String(l.stats.rxPackets)],
  ["statistics/tx_aborted_errors", (l) => String(l.stats.txAbortedErrors)],
  ["statistics/tx_bytes", (l) => String(l.stats.txBytes)],
  ["statistics/tx_carrier_errors", (l) => String(l.stats.txCarrierErrors)],
  ["statistics/tx_compressed", () => "0"],
  ["statistics/tx_dropped", (l) => String(l.stats.txDropped)],
  ["statistics/tx_errors", (l) => String(l.stats.txErrors)],
  ["statistics/tx_fifo_errors", (l) => String(l.stats.txFifoErrors)],
  ["statistics/tx_heartbeat_errors", (l) => String(l.stats.txHeartbeatErrors)],
  ["statistics/tx_packets", (l) => String(l.stats.txPackets)],
  ["statistics/tx_window_errors", (l) => String(l.stats.txWindowErrors)],
]);
/** what a tun or tap has besides (drivers/net/tun.c) */
const TUN_ATTRIBUTES: ReadonlyMap<string, (l: LinkRow) => string> = new Map<string, (l: LinkRow) => string>([
  ["group", (l) => String(l.data?.["group"] ?? -1)],
  ["owner", (l) => String(l.data?.["owner"] ?? -1)],
  ["tun_flags", (l) => `0x${Number(l.data?.["tun_flags"] ?? 0).toString(16)}`],
]);
const NAMES = [...ATTRIBUTES.keys()];
const TUN_NAMES = [...NAMES, ...TUN_ATTRIBUTES.keys()];
const WRITABLE: readonly string[] = ["flags", "ifalias", "mtu", "netdev_group", "tx_queue_len"];

export function sysSource(m: Machine): SysSource {
  const ns = (ctx: FsCtx): NetNs => ((ctx.caller as Process | null)?.mnt.sysfsOf as NetNs | null | undefined) ?? m.rootNs;
  return {
    interfaces: (ctx) => links(ns(ctx)).map((l) => l.name),
    busPath: (ctx, name) => {
      const dev = linkByName(ns(ctx), name)?.parentdev ?? null;
      return dev === null ? null : `pci0000:00/${dev}`;
    },
    attributes: (ctx, name) => {
      const l = linkByName(ns(ctx), name);
      if (l?.kind === "tun") return TUN_NAMES;
      return l && (l.kind === "bridge" || l.slaveKind === "bridge") ? [...NAMES, ...bridgeFiles(l)] : NAMES;
    },
    links: (ctx, name) => {
      const all = links(ns(ctx));
      const l = all.find((x) => x.name === name);
      return l ? masterLinks(l, all) : new Map();
    },
    read: (ctx, name, attr) => {
      const l = linkByName(ns(ctx), name);
      if (!l) return -Errno.ENODEV;
      if (l.kind === "bridge" && attr === "speed" && up(l))
        return `${bridgeSpeed(l, links(ns(ctx)), (p) => Number(ATTRIBUTES.get("speed")!(p)))}\n`;
      if (l.kind === "bridge" && attr === "duplex" && up(l)) return "unknown\n";
      const v = readBridgeFile(l, attr) ?? (ATTRIBUTES.get(attr) ?? TUN_ATTRIBUTES.get(attr)!)(l);
      return typeof v === "number" ? v : attr === "ifalias" && v === "" ? "" : `${v}\n`;
    },
    write: (ctx, name, attr, text) => writeAttribute(ctx.caller as Process | null, ns(ctx), name, attr, text.trim()),
    mode: (attr) => bridgeFileMode(attr) ?? (WRITABLE.includes(attr) ? 0o644 : 0o444),
  };
}

function writeAttribute(p: Process | null, ns: NetNs, name: string, attr: string, text: string): number {
  const l = linkByName(ns, name);
  if (!l) return -Errno.ENODEV;
  const attrs = bridgeFileMode(attr) === null ? attributeChange(attr, text) : bridgeFileChange(attr, text);
  if (!p || typeof attrs === "number") return typeof attrs === "number" ? attrs : -Errno.EACCES;
  const r = rtnetlink(ns, { type: "RTM_NEWLINK", flags: 0, ifindex: l.ifindex, attrs }, { cred: sockCred(p), resolveNetns: () => null });
  return r.ok ? 0 : -r.errno;
}

/** What writing one of the interface's own files asks of the kernel, or -errno. */
function attributeChange(attr: string, text: string): LinkAttrs | number {
  if (!WRITABLE.includes(attr)) return -Errno.EACCES;
  if (attr === "ifalias") return { alias: text };
  if (!/^(0[xX][0-9a-fA-F]+|[0-9]+)$/.test(text)) return -Errno.EINVAL;
  const n = Number(text);
  if (attr === "mtu") return { mtu: n };
  if (attr === "tx_queue_len") return { txqlen: n };
  return attr === "netdev_group" ? { group: n } : { flags: n, change: 0xffffffff };
}
