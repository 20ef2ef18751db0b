/**
 * Offloads as ethtool(8) shows and switches them (netdev_features.h, __netdev_update_features). No frame is made or split
 * differently for them here: only what is switched on, what follows from it, and what cannot be switched is kept.
 */
import type { FeatureRow } from "../rtnl/messages.ts";
import type { NetDevice } from "./device.ts";

/** Names in the order of their bits. */
const NAMES =
  "tx-scatter-gather tx-checksum-ipv4 tx-checksum-ip-generic tx-checksum-ipv6 highdma tx-scatter-gather-fraglist tx-vlan-hw-insert rx-vlan-hw-parse rx-vlan-filter vlan-challenged tx-generic-segmentation rx-gro rx-lro tx-tcp-segmentation tx-gso-robust tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation tx-tcp6-segmentation tx-fcoe-segmentation tx-gre-segmentation tx-gre-csum-segmentation tx-ipxip4-segmentation tx-ipxip6-segmentation tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation tx-gso-partial tx-tunnel-remcsum-segmentation tx-sctp-segmentation tx-esp-segmentation tx-udp-segmentation tx-gso-list tx-tcp-accecn-segmentation tx-checksum-fcoe-crc tx-checksum-sctp rx-ntuple-filter rx-hashing rx-checksum tx-nocache-copy loopback rx-fcs rx-all tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse rx-vlan-stag-filter l2-fwd-offload hw-tc-offload esp-hw-offload esp-tx-csum-hw-offload rx-udp_tunnel-port-offload tls-hw-tx-offload tls-hw-rx-offload rx-gro-hw tls-hw-record rx-gro-list macsec-hw-offload rx-udp-gro-forwarding hsr-tag-ins-offload hsr-tag-rm-offload hsr-fwd-offload hsr-dup-offload".split(
    " ",
  );

/** By kind: on, off but to be switched, on for ever, wanted without effect. All others are off for ever. */
interface Kind {
  readonly on: string;
  readonly off: string;
  readonly fixed?: string;
  readonly wanted?: string;
}

const TSO = "tx-tcp-segmentation tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation tx-tcp6-segmentation";
const SG = "tx-scatter-gather tx-scatter-gather-fraglist tx-generic-segmentation";
const TUNNELS =
  "tx-gre-segmentation tx-gre-csum-segmentation tx-ipxip4-segmentation tx-ipxip6-segmentation tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation";
const OFF = "tx-nocache-copy rx-gro-list rx-udp-gro-forwarding";

const KINDS: Readonly<Record<string, Kind>> = {
  veth: {
    on: `rx-checksum tx-checksum-ip-generic tx-checksum-sctp ${SG} ${TSO} tx-tcp-accecn-segmentation rx-vlan-hw-parse tx-vlan-hw-insert highdma ${TUNNELS} tx-sctp-segmentation tx-udp-segmentation tx-gso-list tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse`,
    off: `rx-gro ${OFF}`,
  },
  bridge: {
    on: `tx-checksum-ip-generic ${SG} ${TSO} tx-tcp-accecn-segmentation rx-gro tx-vlan-hw-insert highdma ${TUNNELS} tx-gso-partial tx-tunnel-remcsum-segmentation tx-sctp-segmentation tx-esp-segmentation tx-udp-segmentation tx-gso-list tx-vlan-stag-hw-insert`,
    off: OFF,
    // these two as long as there is no port
    wanted: "tx-gso-robust tx-fcoe-segmentation",
  },
  tun: {
    on: `${SG} rx-gro tx-vlan-hw-insert tx-vlan-stag-hw-insert`,
    off: `tx-tcp-mangleid-segmentation ${OFF}`,
    wanted:
      "tx-checksum-ip-generic tx-tcp-segmentation tx-tcp-ecn-segmentation tx-tcp6-segmentation tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation tx-udp-segmentation",
  },
  loopback: {
    on: `${TSO} tx-tcp-accecn-segmentation tx-generic-segmentation rx-gro tx-sctp-segmentation tx-udp-segmentation tx-gso-list`,
    off: "rx-gro-list rx-udp-gro-forwarding",
    fixed:
      "rx-checksum tx-checksum-ip-generic tx-checksum-sctp tx-scatter-gather tx-scatter-gather-fraglist highdma vlan-challenged loopback",
  },
  // network cards, dummy and VLAN devices: as a card without offloads of its own (ethtool(8); no recording)
  "": { on: `${SG} tx-checksum-ip-generic rx-checksum rx-gro tx-vlan-hw-insert rx-vlan-hw-parse`, off: `${OFF} ${TSO}` },
};

function kindOf(dev: NetDevice): Kind {
  return KINDS[dev.type === "loopback" ? "loopback" : dev.ops.kind] ?? KINDS[""]!;
}

const has = (list: string | undefined, name: string): boolean => list !== undefined && list.split(" ").includes(name);

/** All features of a device. `dev.wantedFeatures` holds what was asked for beyond the kind's own. */
export function featuresOf(dev: NetDevice): FeatureRow[] {
  let k = kindOf(dev);
  if (dev.ops.kind === "bridge" && ![...dev.ns.devs.values()].some((p) => p.master === dev)) k = { on: `${k.on} ${k.wanted}`, off: k.off };
  const wanted = (n: string): boolean => dev.wantedFeatures?.get(n) ?? (has(k.on, n) || has(k.fixed, n) || has(k.wanted, n));
  const changeable = (n: string): boolean => has(k.on, n) || has(k.off, n) || has(k.wanted, n);
  const on = (n: string): boolean => {
    if (has(k.fixed, n)) return true;
    if (!changeable(n) || has(k.wanted, n) || !wanted(n)) return false;
    // netdev_fix_features
    const csum = on0("tx-checksum-ip-generic");
    if ((has(TSO, n) || n === "tx-udp-segmentation") && !csum) return false;
    return !((has(TSO, n) || n === "tx-generic-segmentation") && !on0("tx-scatter-gather"));
  };
  const on0 = (n: string): boolean => has(k.fixed, n) || (changeable(n) && !has(k.wanted, n) && wanted(n));
  return NAMES.map((name) => ({ name, active: on(name), wanted: wanted(name), fixed: !changeable(name) }));
}

/** ETHTOOL_MSG_FEATURES_SET: what cannot be switched stays as it is. False for a name that does not exist. */
export function setFeatures(dev: NetDevice, wanted: Readonly<Record<string, boolean>>): boolean {
  const names = Object.keys(wanted);
  if (names.some((n) => !NAMES.includes(n))) return false;
  const rows = featuresOf(dev);
  const own = (dev.wantedFeatures ??= new Map());
  for (const n of names) if (!rows.find((r) => r.name === n)!.fixed) own.set(n, wanted[n]!);
  return true;
}
