/** Words that may come next, for Tab: options, objects, commands, then keywords, devices and namespaces. */
import type { Call, Sys } from "../../kernel/abi.ts";
import { deviceNames, netnsNames } from "../lib/rtnl.ts";
import { matches } from "./args.ts";
import { protocolNames, routeTypeNames, scopeNames, tableNames } from "./names.ts";

const OBJECTS = ["address", "link", "maddress", "monitor", "neigh", "netconf", "netns", "route", "rule", "help"];
const OPTIONS = [
  "-4",
  "-6",
  "-all",
  "-batch",
  "-brief",
  "-color",
  "-details",
  "-family",
  "-json",
  "-netns",
  "-oneline",
  "-pretty",
  "-resolve",
  "-statistics",
  "-Version",
];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  address: ["add", "change", "del", "flush", "help", "replace", "show"],
  link: ["add", "delete", "help", "property", "set", "show"],
  neigh: ["add", "change", "del", "flush", "get", "help", "replace", "show"],
  netns: ["add", "attach", "delete", "exec", "help", "identify", "list", "list-id", "pids", "set"],
  route: ["add", "append", "change", "del", "flush", "get", "help", "replace", "show"],
  rule: ["add", "del", "flush", "help", "show"],
  maddress: ["add", "del", "help", "show"],
  netconf: ["help", "show"],
  tuntap: ["add", "delete", "help", "show"],
};
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  tuntap: ["dev", "group", "mode", "multi_queue", "name", "one_queue", "pi", "tap", "tun", "user", "vnet_hdr"],
  address: [
    "broadcast",
    "dev",
    "label",
    "metric",
    "noprefixroute",
    "peer",
    "preferred_lft",
    "primary",
    "scope",
    "secondary",
    "to",
    "up",
    "valid_lft",
  ],
  link: [
    "address",
    "alias",
    "arp",
    "dev",
    "down",
    "group",
    "master",
    "mtu",
    "multicast",
    "name",
    "netns",
    "nomaster",
    "peer",
    "promisc",
    "txqueuelen",
    "type",
    "up",
  ],
  neigh: ["dev", "lladdr", "nud", "proxy", "to"],
  netns: [],
  route: [
    "default",
    "dev",
    "from",
    "iif",
    "metric",
    "mtu",
    "nexthop",
    "oif",
    "onlink",
    "proto",
    "scope",
    "src",
    "table",
    "tos",
    "type",
    "via",
    ...routeTypeNames.filter((t) => t !== "unicast"),
  ],
  rule: [
    "dport",
    "from",
    "fwmark",
    "goto",
    "iif",
    "ipproto",
    "lookup",
    "not",
    "oif",
    "priority",
    "protocol",
    "sport",
    "suppress_prefixlength",
    "table",
    "to",
    "tos",
    "uidrange",
  ],
  maddress: ["dev"],
  netconf: ["dev"],
};
const VALUES: Readonly<Record<string, readonly string[]>> = {
  type: ["bridge", "bridge_slave", "dummy", "veth", "vlan", ...routeTypeNames],
  scope: scopeNames,
  table: [...tableNames, "all"],
  lookup: tableNames,
  proto: protocolNames,
  nud: ["delay", "failed", "incomplete", "noarp", "permanent", "probe", "reachable", "stale", "all"],
  "-family": ["inet", "inet6", "link"],
  promisc: ["on", "off"],
  arp: ["on", "off"],
  multicast: ["on", "off"],
};

export function* complete(sys: Sys, argv: readonly string[]): Call<readonly string[]> {
  const last = argv[argv.length - 1] ?? "";
  const before = argv[argv.length - 2] ?? "";
  if (before === "-n" || before === "-netns") return begin(yield* netnsNames(sys), last);
  if (VALUES[before] !== undefined) return begin(VALUES[before]!, last);
  // the object is the first word that is neither an option nor its argument
  let i = 1;
  while (i < argv.length - 1 && argv[i]!.startsWith("-")) i += /^-(n|netns|f|family|b|batch|l|loops|rc|rcvbuf)$/.test(argv[i]!) ? 2 : 1;
  if (i >= argv.length - 1) return begin(last.startsWith("-") ? OPTIONS : OBJECTS, last);
  const object = objectOf(argv[i]!);
  if (object === null) return [];
  if (i === argv.length - 2) return begin(COMMANDS[object]!, last);
  if (object === "netns") {
    const cmd = argv[i + 1]!;
    return i === argv.length - 3 && !matches(cmd, "add") && !matches(cmd, "list") ? begin(yield* netnsNames(sys), last) : [];
  }
  if (before === "netns") return begin(yield* netnsNames(sys), last);
  const devices = yield* deviceNames(sys);
  if (["dev", "oif", "iif", "master", "link"].includes(before)) return begin(devices, last);
  return begin([...devices, ...KEYWORDS[object]!], last);
}

function objectOf(word: string): string | null {
  for (const o of ["address", "maddress", "route", "rule", "neighbour", "link", "netns", "netconf"])
    if (matches(word, o)) return o === "neighbour" ? "neigh" : o;
  return null;
}

function begin(words: readonly string[], prefix: string): readonly string[] {
  return [...new Set(words)].filter((w) => w.startsWith(prefix)).sort();
}
