/** What ethtool answers about a device, by its kind. null: the device cannot be asked that. */
import type { LinkRow } from "../../net/rtnl/messages.ts";

/** `ethtool DEV`. `linked`: up, with a carrier. */
export function settings(l: LinkRow, linked: boolean): string {
  const detected = `\tLink detected: ${linked ? "yes" : "no"}\n`;
  const head = `Settings for ${l.name}:\n`;
  if (l.kind === "dummy" || l.type === "loopback") return head + detected;
  if (l.parentdev !== null) return head + card(linked) + detected;
  const bridge = l.kind === "bridge";
  return `${head}\tSupported ports: [  ]
\tSupported link modes:   Not reported
\tSupported pause frame use: No
\tSupports auto-negotiation: No
\tSupported FEC modes: Not reported
\tAdvertised link modes:  Not reported
\tAdvertised pause frame use: No
\tAdvertised auto-negotiation: No
\tAdvertised FEC modes: Not reported
\tSpeed: ${bridge && !linked ? "Unknown!" : "10000Mb/s"}
\tDuplex: ${bridge ? "Unknown! (255)" : "Full"}
\tAuto-negotiation: off
\tPort: ${bridge ? "Other" : "Twisted Pair"}
\tPHYAD: 0
\tTransceiver: internal
${bridge ? "" : "\tMDI-X: Unknown\n"}${l.kind === "tun" ? `        Current message level: 0x00000000 (0)\n${" ".repeat(30)}\n` : ""}${detected}`;
}

/** A gigabit card; the words are those of ethtool(8) for one over copper. */
function card(linked: boolean): string {
  return `\tSupported ports: [ TP ]
\tSupported link modes:   1000baseT/Full
\tSupported pause frame use: No
\tSupports auto-negotiation: Yes
\tSupported FEC modes: Not reported
\tAdvertised link modes:  1000baseT/Full
\tAdvertised pause frame use: No
\tAdvertised auto-negotiation: Yes
\tAdvertised FEC modes: Not reported
\tSpeed: ${linked ? "1000Mb/s" : "Unknown!"}
\tDuplex: ${linked ? "Full" : "Unknown! (255)"}
\tAuto-negotiation: on
\tPort: Twisted Pair
\tPHYAD: 0
\tTransceiver: internal
\tMDI-X: Unknown
`;
}

/** -i */
export function driver(l: LinkRow): string | null {
  const info: Readonly<Record<string, readonly [string, string, string, string, boolean]>> = {
    veth: ["veth", "1.0", "", "", true],
    bridge: ["bridge", "2.3", "N/A", "N/A", false],
    tun: ["tun", "1.6", "", l.type === "ether" ? "tap" : "tun", false],
    dummy: ["dummy", "1.0", "", "", false],
    vlan: ["802.1Q VLAN Support", "1.8", "N/A", "", false],
  };
  const row = l.parentdev !== null ? (["hopnic", "1.0", "", l.parentdev, false] as const) : info[l.kind ?? ""];
  if (row === undefined) return null;
  const [name, version, firmware, bus, stats] = row;
  return `driver: ${name}
version: ${version}
firmware-version: ${firmware}
expansion-rom-version: 
bus-info: ${bus}
supports-statistics: ${stats ? "yes" : "no"}
supports-test: no
supports-eeprom-access: no
supports-register-dump: no
supports-priv-flags: no
`;
}

const VETH_COUNTERS = [
  "rx_queue_0_xdp_packets",
  "rx_queue_0_xdp_bytes",
  "rx_queue_0_drops",
  "rx_queue_0_xdp_redirect",
  "rx_queue_0_xdp_drops",
  "rx_queue_0_xdp_tx",
  "rx_queue_0_xdp_tx_errors",
  "tx_queue_0_xdp_xmit",
  "tx_queue_0_xdp_xmit_errors",
];

/** -S: only veth has any, and all but the index of its peer belong to XDP. */
export function statistics(l: LinkRow): string | null {
  if (l.kind !== "veth") return null;
  return `NIC statistics:\n     peer_ifindex: ${l.link}\n${VETH_COUNTERS.map((n) => `     ${n}: 0\n`).join("")}`;
}

/** -T */
export function timeStamping(l: LinkRow): string {
  return `Time stamping parameters for ${l.name}:
Capabilities:
${l.kind === "bridge" ? "" : "\tsoftware-transmit\n"}\tsoftware-receive
\tsoftware-system-clock
PTP Hardware Clock: none
Hardware Transmit Timestamp Modes: none
Hardware Receive Filter Modes: none
`;
}

/** -l. A veth may have as many queues as the machine has processors, two here. */
export function channels(l: LinkRow): string | null {
  const form = (rx: readonly string[]): string =>
    `Channel parameters for ${l.name}:\nPre-set maximums:\nRX:\t\t${rx[0]}\nTX:\t\t${rx[0]}\nOther:\t\tn/a\nCombined:\t${rx[1]}\nCurrent hardware settings:\nRX:\t\t${rx[2]}\nTX:\t\t${rx[2]}\nOther:\t\tn/a\nCombined:\t${rx[3]}\n`;
  if (l.kind === "veth") return form(["2", "n/a", "1", "n/a"]);
  return l.kind === "tun" ? form(["n/a", "1", "n/a", "0"]) : null;
}

/** -c */
export function coalesce(l: LinkRow): string | null {
  if (l.kind !== "tun") return null;
  return `Coalesce parameters for ${l.name}:
Adaptive RX: n/a  TX: n/a
stats-block-usecs: n/a
sample-interval: n/a
pkt-rate-low: n/a
pkt-rate-high: n/a

rx-usecs: n/a
rx-frames: 0
rx-usecs-irq: n/a
rx-frames-irq: n/a

tx-usecs: n/a
tx-frames: n/a
tx-usecs-irq: n/a
tx-frames-irq: n/a

rx-usecs-low: n/a
rx-frame-low: n/a
tx-usecs-low: n/a
tx-frame-low: n/a

rx-usecs-high: n/a
rx-frame-high: n/a
tx-usecs-high: n/a
tx-frame-high: n/a

CQE mode RX: n/a  TX: n/a

`;
}
