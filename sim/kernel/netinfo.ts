/** /proc/PID/net: the old text tables that ifconfig, arp and route read, made from the same rows as netlink's answers. */
import type { NetDevice } from "../net/dev/device.ts";
import type { NetNs } from "../net/netns.ts";
import { rtnetlink } from "../net/rtnl/index.ts";
import { type AddrRow, type LinkRow, Nud, type RouteRow, type RtnlRequest, RtTable, RtType } from "../net/rtnl/messages.ts";
import { hex } from "../core/bytes.ts";

const KERNEL_CTX = { cred: { uid: 0, gid: 0, groups: [0], netRaw: true, netAdmin: true }, resolveNetns: () => null };

/** Files below /proc/PID/net by name. */
export function procNetFiles(nsOf: (pid: number) => NetNs): ReadonlyMap<string, (pid: number) => string> {
  return new Map<string, (pid: number) => string>([
    ["dev", (pid) => devTable(nsOf(pid))],
    ["arp", (pid) => arpTable(nsOf(pid))],
    ["route", (pid) => routeTable(nsOf(pid))],
    ["if_inet6", (pid) => inet6Table(nsOf(pid))],
  ]);
}

function ask(ns: NetNs, req: RtnlRequest): Extract<ReturnType<typeof rtnetlink>, { ok: true }> {
  const r = rtnetlink(ns, req, KERNEL_CTX);
  return r.ok ? r : { ok: true };
}

/** All interfaces of a namespace, as netlink tells them. */
export function links(ns: NetNs): readonly LinkRow[] {
  return ask(ns, { type: "RTM_GETLINK" }).links ?? [];
}

export function linkByName(ns: NetNs, name: string): LinkRow | null {
  return ask(ns, { type: "RTM_GETLINK", name }).links?.[0] ?? null;
}

function pad(n: number, width: number): string {
  return String(n).padStart(width);
}

function devTable(ns: NetNs): string {
  let s =
    "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";
  for (const l of links(ns)) {
    const t = l.stats;
    const frame = t.rxLengthErrors + t.rxOverErrors + t.rxCrcErrors + t.rxFrameErrors;
    const carrier = t.txCarrierErrors + t.txAbortedErrors + t.txWindowErrors + t.txHeartbeatErrors;
    s +=
      `${l.name.padStart(6)}: ${pad(t.rxBytes, 7)} ${pad(t.rxPackets, 7)} ${pad(t.rxErrors, 4)} ${pad(t.rxDropped + t.rxMissedErrors, 4)} ${pad(t.rxFifoErrors, 4)} ${pad(frame, 5)} ${pad(0, 10)} ${pad(t.multicast, 9)} ` +
      `${pad(t.txBytes, 8)} ${pad(t.txPackets, 7)} ${pad(t.txErrors, 4)} ${pad(t.txDropped, 4)} ${pad(t.txFifoErrors, 4)} ${pad(t.collisions, 5)} ${pad(carrier, 7)} ${pad(0, 10)}\n`;
  }
  return s;
}

function names(ns: NetNs): Map<number, string> {
  return new Map(links(ns).map((l) => [l.ifindex, l.name]));
}

function dotted(a: Uint8Array): string {
  return `${a[0]}.${a[1]}.${a[2]}.${a[3]}`;
}

const HAS_LLADDR = Nud.PERMANENT | Nud.NOARP | Nud.REACHABLE | Nud.STALE | Nud.DELAY | Nud.PROBE;

function arpTable(ns: NetNs): string {
  let s = "IP address       HW type     Flags       HW address            Mask     Device\n";
  const line = (dst: string, d: NetDevice | null, flags: string, mac: string): string =>
    `${dst.padEnd(16)} ${(d === null ? "0x0" : d.type === "loopback" ? "0x304" : "0x1").padEnd(12)}${flags.padEnd(12)}${mac.padEnd(17)}     *        ${d?.name ?? "*"}\n`;
  for (const n of ns.ip4.arp.all) {
    if ((n.state & ~Nud.NOARP) === 0) continue;
    const flags = (n.state & Nud.PERMANENT) !== 0 ? 6 : (n.state & HAS_LLADDR) !== 0 ? 2 : 0;
    // the address last known is shown whether it still counts or not
    s += line(dotted(n.key), n.dev, `0x${flags.toString(16)}`, hex(n.ha, ":"));
  }
  for (const p of ns.ip4.arp.proxies) s += line(dotted(p.key), p.dev, "0xc", "00:00:00:00:00:00");
  return s;
}

/** bytes in the order in which a little-endian machine prints them as a number */
function littleEndian(a: Uint8Array | null): string {
  return a && a.length === 4 ? hex(Uint8Array.from([a[3]!, a[2]!, a[1]!, a[0]!])).toUpperCase() : "00000000";
}

function maskBytes(len: number): Uint8Array {
  const m = len === 0 ? 0 : (0xffffffff << (32 - len)) >>> 0;
  return Uint8Array.from([m >>> 24, (m >>> 16) & 255, (m >>> 8) & 255, m & 255]);
}

const RTF = { UP: 1, GATEWAY: 2, HOST: 4, REJECT: 0x200 } as const;

function routeTable(ns: NetNs): string {
  // a table that nothing was ever put into does not exist, and then there is not even a heading
  if (!ns.ip4.tables.has(RtTable.MAIN)) return "";
  const dev = names(ns);
  const line = (t: string): string => `${t.padEnd(127)}\n`;
  let s = line("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT");
  const rows: readonly RouteRow[] = ask(ns, { type: "RTM_GETROUTE", dump: true, family: 2, table: 254 }).routes ?? [];
  for (const r of rows) {
    const reject = r.type === RtType.UNREACHABLE || r.type === RtType.PROHIBIT;
    const nh = r.nexthops[0];
    const gw = nh?.gateway ?? null;
    const flags = RTF.UP | (gw ? RTF.GATEWAY : 0) | (r.dstLen === 32 ? RTF.HOST : 0) | (reject ? RTF.REJECT : 0);
    const name = nh ? (dev.get(nh.ifindex) ?? "*") : "*";
    s += line(
      `${name}\t${littleEndian(r.dst)}\t${littleEndian(gw)}\t${flags.toString(16).toUpperCase().padStart(4, "0")}\t0\t0\t${r.priority}\t${littleEndian(maskBytes(r.dstLen))}\t0\t0\t0`,
    );
  }
  return s;
}

function inet6Table(ns: NetNs): string {
  const dev = names(ns);
  const rows: readonly AddrRow[] = ask(ns, { type: "RTM_GETADDR", family: 10 }).addrs ?? [];
  const h = (n: number): string => n.toString(16).padStart(2, "0");
  // the kernel's scope numbers here are those of the address' type, not of rtnetlink
  const scope = (r: AddrRow): number => (r.scope === 254 ? 0x10 : r.scope === 253 ? 0x20 : 0);
  return rows
    .map(
      (r) =>
        `${hex(r.local)} ${h(r.ifindex)} ${h(r.prefixlen)} ${h(scope(r))} ${h(r.flags & 255)} ${(dev.get(r.ifindex) ?? "?").padStart(8)}\n`,
    )
    .join("");
}
