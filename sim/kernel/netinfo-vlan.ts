/** /proc/net/vlan (net/8021q/vlanproc.c): `config` with all VLAN devices of the namespace, and a file of counters for each. */
import type { NetDevice } from "../net/dev/device.ts";
import type { NetNs } from "../net/netns.ts";

/** dev->priv_flags of a VLAN device as Debian 12's kernel shows them */
const PRIV_FLAGS = "1021";

export function procVlanDir(nsOf: (pid: number) => NetNs): { list(pid: number): string[]; read(pid: number, name: string): string | null } {
  const vlans = (pid: number): NetDevice[] => [...nsOf(pid).devs.values()].filter((d) => d.ops.kind === "vlan");
  return {
    list: (pid) => ["config", ...vlans(pid).map((d) => d.name)],
    read: (pid, name) => {
      if (name === "config") return config(vlans(pid));
      const dev = vlans(pid).find((d) => d.name === name);
      return dev ? counters(dev) : null;
    },
  };
}

const idOf = (d: NetDevice): number => Number(d.ops.fillInfo!(d)["id"]);
const lowerName = (d: NetDevice): string => d.ops.link!(d)?.name ?? "";

function config(devs: readonly NetDevice[]): string {
  const rows = devs.map((d) => `${d.name.padEnd(15)}| ${idOf(d)}  | ${lowerName(d)}\n`);
  return `VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\n${rows.join("")}`;
}

function counters(d: NetDevice): string {
  const row = (what: string, n: number): string => `${what.padStart(30)} ${String(n).padStart(12)}\n`;
  const s = d.stats;
  return `${d.name}  VID: ${idOf(d)}\t REORDER_HDR: 1  dev->priv_flags: ${PRIV_FLAGS}
${row("total frames received", s.rxPackets)}${row("total bytes received", s.rxBytes)}${row("Broadcast/Multicast Rcvd", s.multicast)}
${row("total frames transmitted", s.txPackets)}${row("total bytes transmitted", s.txBytes)}Device: ${lowerName(d)}
INGRESS priority mappings: 0:0  1:0  2:0  3:0  4:0  5:0  6:0 7:0
 EGRESS priority mappings: 
`;
}
