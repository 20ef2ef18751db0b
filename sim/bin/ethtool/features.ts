/** `ethtool -k` and `-K`: offloads and the names for groups of them (features.c of ethtool 6.1). */
import { Errno, strerror } from "../../core/result.ts";
import type { Call } from "../../kernel/abi.ts";
import type { FeatureRow } from "../../net/rtnl/messages.ts";
import { exit, type Io } from "../lib/io.ts";
import { linkByName } from "../lib/rtnl.ts";

const NO_DEVICE = `netlink error: no device matches name (offset 24)\nnetlink error: ${strerror(Errno.ENODEV)}\n`;

/** Old names: the long one, the short one, the features they stand for. In the order of -k. */
const GROUPS: readonly (readonly [string, string, string])[] = [
  ["rx-checksumming", "rx", "rx-checksum"],
  ["tx-checksumming", "tx", "tx-checksum-ipv4 tx-checksum-ip-generic tx-checksum-ipv6 tx-checksum-fcoe-crc tx-checksum-sctp"],
  ["scatter-gather", "sg", "tx-scatter-gather tx-scatter-gather-fraglist"],
  [
    "tcp-segmentation-offload",
    "tso",
    "tx-tcp-segmentation tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation tx-tcp6-segmentation tx-tcp-accecn-segmentation",
  ],
  ["udp-fragmentation-offload", "ufo", ""],
  ["generic-segmentation-offload", "gso", "tx-generic-segmentation"],
  ["generic-receive-offload", "gro", "rx-gro"],
  ["large-receive-offload", "lro", "rx-lro"],
  ["rx-vlan-offload", "rxvlan", "rx-vlan-hw-parse"],
  ["tx-vlan-offload", "txvlan", "tx-vlan-hw-insert"],
  ["ntuple-filters", "ntuple", "rx-ntuple-filter"],
  ["receive-hashing", "rxhash", "rx-hashing"],
];

function* load(io: Io, dev: string, status: number): Call<{ ifindex: number; rows: readonly FeatureRow[] }> {
  const link = yield* linkByName(io.sys, dev);
  if (link === null) return exit(status, NO_DEVICE);
  const r = yield* io.sys.rtnetlink({ type: "RTM_GETFEATURES", ifindex: link.ifindex });
  return { ifindex: link.ifindex, rows: r.ok ? (r.features ?? []) : [] };
}

export function* showFeatures(io: Io, dev: string): Call<number> {
  const { rows } = yield* load(io, dev, 1);
  const state = (r: FeatureRow): string => {
    if (r.fixed) return `${onOff(r.active)} [fixed]`;
    return r.active === r.wanted ? onOff(r.active) : `${onOff(r.active)} [requested ${onOff(r.wanted)}]`;
  };
  let s = `Features for ${dev}:\n`;
  const shown = new Set<string>();
  for (const [long, , list] of GROUPS) {
    const members = rows.filter((r) => list.split(" ").includes(r.name));
    if (members.length === 0) continue;
    for (const m of members) shown.add(m.name);
    if (members.length === 1) s += `${long}: ${state(members[0]!)}\n`;
    else s += `${long}: ${onOff(members.some((m) => m.active))}\n${members.map((m) => `\t${m.name}: ${state(m)}\n`).join("")}`;
  }
  for (const r of rows) if (!shown.has(r.name)) s += `${r.name}: ${state(r)}\n`;
  yield* io.out.print(s);
  return 0;
}

function onOff(on: boolean): string {
  return on ? "on" : "off";
}

/** -K NAME on|off … */
export function* changeFeatures(io: Io, dev: string, args: readonly string[]): Call<number> {
  const wanted: Record<string, boolean> = {};
  for (let i = 0; i < args.length; i += 2) {
    const value = args[i + 1];
    if (value !== "on" && value !== "off")
      exit(1, `ethtool (-K): flag '${value ?? "(null)"}' for parameter '(null)' is not followed by 'on' or 'off'\n`);
    const group = GROUPS.find(([long, short]) => args[i] === long || args[i] === short);
    for (const n of group === undefined ? [args[i]!] : group[2].split(" ")) if (n !== "") wanted[n] = value === "on";
  }
  const { ifindex, rows: before } = yield* load(io, dev, 92);
  const r = yield* io.sys.rtnetlink({ type: "RTM_SETFEATURES", ifindex, wanted });
  if (!r.ok) {
    // where the bit's name stands in the message: behind the device's, which is padded to words
    const offset = 48 + ((dev.length + 4) & ~3);
    const why = r.extack === null ? "" : `netlink error: ${r.extack} (offset ${offset})\n`;
    return exit(92, `${why}netlink error: ${strerror(r.errno)}\n`);
  }
  const lines: string[] = [];
  let failed = 0;
  let changed = 0;
  let surprise = false;
  for (const [i, now] of (r.features ?? []).entries()) {
    const asked = wanted[now.name];
    const moved = before[i]!.active !== now.active;
    const refused = asked !== undefined && asked !== now.active;
    if (moved) changed++;
    if (refused) failed++;
    if (!moved && !refused) continue;
    if (refused || asked === undefined) surprise = true;
    lines.push(
      `${now.name}: ${onOff(now.active)}${refused ? ` [requested ${onOff(asked!)}]` : asked === undefined ? " [not requested]" : ""}\n`,
    );
  }
  const nothing = changed === 0 && failed === Object.keys(wanted).length;
  if (surprise) yield* io.out.print(`Actual changes:\n${lines.join("")}`);
  return nothing ? exit(1, "Could not change any device features\n") : 0;
}
