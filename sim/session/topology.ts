/** The picture of a lab as plain data: read from the world each time, never from the lesson. */
import { hex } from "../core/bytes.ts";
import { fmtIp4 } from "../wire/addr.ts";
import type { NetDevice } from "../net/dev/device.ts";
import type { NetNs } from "../net/netns.ts";
import { IFF, RtTable } from "../net/rtnl/messages.ts";
import { rtnetlink } from "../net/rtnl/index.ts";
import { sysctlRead } from "../net/sysctl.ts";
import type { LabWorld } from "../lab/build.ts";
import type { CableEnd, CableView, InterfaceView, MachineView, NamespaceView, TopologyView } from "./protocol.ts";

export function topologyOf(lw: LabWorld): TopologyView {
  return {
    lab: lw.lab.id,
    title: lw.lab.title,
    machines: lw.lab.machines.map((m) => machineView(lw, m.name)),
    cables: lw.lab.cables.map((c) => cableView(lw, c.id)),
  };
}

function machineView(lw: LabWorld, name: string): MachineView {
  const spec = lw.lab.machines.find((m) => m.name === name)!;
  const root = lw.machine(name).rootNs;
  const namespaces = [...lw.world.net.namespaces.values()].filter((ns) => ns.machine === name && !ns.dead).map((ns) => namespaceView(ns));
  return {
    name,
    kind: spec.kind ?? "host",
    badge: spec.badge,
    x: spec.x,
    y: spec.y,
    locked: spec.locked ?? false,
    users: spec.users ?? ["root"],
    namespaces,
    routes: namespaces[0]!.routes.length,
    ipForward: String(sysctlRead(root, "ipv4/ip_forward")).trim() === "1",
  };
}

function namespaceView(ns: NetNs): NamespaceView {
  return { name: ns.initial ? "" : ns.alias || ns.label, interfaces: [...ns.devs.values()].map(interfaceView), routes: routesOf(ns) };
}

function interfaceView(d: NetDevice): InterfaceView {
  const up = (d.flags & IFF.UP) !== 0;
  const peer = d.ops.kind === "veth" ? (d.ops.link?.(d) ?? null) : null;
  return {
    ifindex: d.ifindex,
    name: d.name,
    kind: d.type === "loopback" ? "loopback" : d.ops.kind || "nic",
    state: !up ? "down" : d.carrier ? "up" : "no-carrier",
    mac: hex(d.addr, ":"),
    addresses: (d.ip4?.addrs ?? []).map((a) => `${fmtIp4(a.local)}/${a.prefixLen}`),
    mtu: d.mtu,
    master: d.master?.name ?? null,
    peer: peer ? { machine: peer.ns.machine, namespace: peer.ns.initial ? "" : peer.ns.alias || peer.ns.label, name: peer.name } : null,
  };
}

/** The main table, one line a route, in short. */
function routesOf(ns: NetNs): string[] {
  const cred = { uid: 0, gid: 0, netRaw: true, netAdmin: true, groups: [] };
  const r = rtnetlink(ns, { type: "RTM_GETROUTE", dump: true, family: 2, table: RtTable.MAIN }, { cred, resolveNetns: () => null });
  if (!r.ok) return [];
  return (r.routes ?? []).map((row) => {
    const to = row.dstLen === 0 ? "default" : `${fmtIp4(u32of(row.dst))}${row.dstLen === 32 ? "" : `/${row.dstLen}`}`;
    const nh = row.nexthops[0];
    const via = nh?.gateway && nh.gatewayFamily === 2 ? ` via ${fmtIp4(u32of(nh.gateway))}` : "";
    const dev = nh ? ` dev ${ns.devs.get(nh.ifindex)?.name ?? nh.ifindex}` : "";
    return `${to}${via}${dev}`;
  });
}
function u32of(b: Uint8Array): number {
  return ((b[0]! << 24) | (b[1]! << 16) | (b[2]! << 8) | b[3]!) >>> 0;
}

function cableView(lw: LabWorld, id: string): CableView {
  const spec = lw.lab.cables.find((c) => c.id === id)!;
  const ends = spec.ends.map(endOf) as [CableEnd, CableEnd];
  return { id, ends, plugged: lw.isPlugged(id), learner: spec.learner ?? false, label: labelOf(lw, ends) };
}
export function endOf(end: string): CableEnd {
  const [machine, name] = end.split(":");
  return { machine: machine!, name: name! };
}

/** The range over a cable: of the first address at one of its ends. */
function labelOf(lw: LabWorld, ends: readonly CableEnd[]): string {
  for (const e of ends) {
    const a = lw.machine(e.machine).rootNs.devByName(e.name)?.ip4?.addrs[0];
    if (a) {
      const mask = a.prefixLen === 0 ? 0 : (0xffffffff << (32 - a.prefixLen)) >>> 0;
      return `${fmtIp4((a.local & mask) >>> 0)}/${a.prefixLen}`;
    }
  }
  return "";
}
