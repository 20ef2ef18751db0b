/** Small topologies and packets for tests. */
import type { CableView, InterfaceView, MachineView, PacketEvent, TopologyView } from "../../sim/session/protocol.ts";

export const nic = (name: string, address: string | null, state: InterfaceView["state"] = "up", ifindex = 2): InterfaceView => ({
  ifindex,
  name,
  kind: "nic",
  state,
  mac: "02:00:00:00:00:01",
  addresses: address ? [address] : [],
  mtu: 1500,
  master: null,
  peer: null,
});

export const host = (name: string, x: number, interfaces: InterfaceView[], extra: Partial<MachineView> = {}): MachineView => ({
  name,
  kind: "host",
  badge: name.slice(0, 2).toUpperCase(),
  x,
  y: 0,
  locked: false,
  users: [],
  namespaces: [{ name: "", interfaces, routes: [] }],
  routes: 0,
  ipForward: false,
  ...extra,
});

export const cable = (id: string, a: [string, string], b: [string, string], extra: Partial<CableView> = {}): CableView => ({
  id,
  ends: [
    { machine: a[0], name: a[1] },
    { machine: b[0], name: b[1] },
  ],
  plugged: true,
  learner: false,
  label: "10.0.0.0/24",
  ...extra,
});

/** network01 – router – network02, with direct cables */
export const threeMachines = (): TopologyView => ({
  lab: "three",
  title: { en: "Three machines", ko: "머신 세 대" },
  machines: [
    host("network01", 0, [nic("enp0s1", "192.168.150.2/24")], { routes: 1 }),
    host("router", 330, [nic("enp0s1", "192.168.150.3/24"), nic("enp0s2", "192.168.100.3/24", "up", 3)], { routes: 2 }),
    host("network02", 690, [nic("enp0s1", "192.168.100.2/24")], { routes: 1 }),
  ],
  cables: [cable("c1", ["network01", "enp0s1"], ["router", "enp0s1"]), cable("c2", ["router", "enp0s2"], ["network02", "enp0s1"])],
});

export const packet = (from: string, to: string, extra: Partial<PacketEvent> = {}): PacketEvent => ({
  packet: 1,
  parent: 0,
  start: 0,
  end: 100,
  link: "c1",
  from: { machine: from, name: "enp0s1" },
  to: { machine: to, name: "enp0s1" },
  protocol: "ICMP",
  reply: false,
  error: false,
  info: "echo request seq 1 ttl 64",
  fate: "crossed",
  ...extra,
});
