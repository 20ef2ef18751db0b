/** The words after `type vlan` of `ip link` (iplink_vlan.c of iproute2 6.1). */
import { type Args, fail, getUnsigned, invarg, matches, notModelled } from "./args.ts";

const SWITCHES = ["reorder_hdr", "gvrp", "mvrp", "loose_binding", "bridge_binding"] as const;

export function parseVlan(args: Args): Record<string, string | number | boolean> {
  const data: Record<string, string | number | boolean> = {};
  for (; args.more; args.at++) {
    const w = args.word;
    const sw = SWITCHES.find((k) => matches(w, k));
    if (matches(w, "protocol")) {
      args.next();
      if (!/^802\.1(q|ad)$/i.test(args.word)) invarg("protocol is invalid", args.word);
      data["protocol"] = args.word.toLowerCase() === "802.1ad" ? "802.1ad" : "802.1Q";
    } else if (matches(w, "id")) {
      const n = getUnsigned(args.next());
      if (n === null || n > 0xffff) invarg("id is invalid", args.word);
      data["id"] = n!;
    } else if (sw !== undefined) {
      args.next();
      if (args.word !== "on" && args.word !== "off") fail(`Error: argument of "${sw}" must be "on" or "off", not "${args.word}"\n`);
      data[sw] = args.word === "on";
    } else if (matches(w, "ingress-qos-map") || matches(w, "egress-qos-map")) notModelled(`link type vlan ${w}`);
    else if (matches(w, "help")) fail(vlanUsage());
    else fail(`vlan: unknown command "${w}"?\n${vlanUsage()}`);
  }
  return data;
}

export function vlanUsage(): string {
  return `Usage: ... vlan id VLANID
		[ protocol VLANPROTO ]
		[ reorder_hdr { on | off } ]
		[ gvrp { on | off } ]
		[ mvrp { on | off } ]
		[ loose_binding { on | off } ]
		[ bridge_binding { on | off } ]
		[ ingress-qos-map QOS-MAP ]
		[ egress-qos-map QOS-MAP ]

VLANID := 0-4095
VLANPROTO: [ 802.1Q | 802.1ad ]
QOS-MAP := [ QOS-MAP ] QOS-MAPPING
QOS-MAPPING := FROM:TO
`;
}
