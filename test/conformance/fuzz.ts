/**
 * `npx tsx test/conformance/fuzz.ts [--seed N] [--runs N] [--length N] [--only TOPIC]`: random sequences of link, address, route, neighbour and
 * namespace commands, valid and broken ones, on the real kernel and in the simulator; prints where the two differ. Needs
 * Linux and root, so it is not part of `npm test`. A difference is a lead and not a verdict: on a busy machine timers of the
 * real side fire late. The first difference of a run is the one to look at: what follows is often its consequence.
 */
import { writeFileSync } from "node:fs";
import { compareRecordings, report } from "./compare.ts";
import { record } from "./recorder.ts";
import { simulate } from "./simulate.ts";

interface Rng {
  (n: number): number;
}

/** mulberry32: whole numbers below n */
function rng(seed: number): Rng {
  let a = seed >>> 0;
  return (n) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

const DEVS = ["v0", "v1", "v2", "v3", "lo"];
const NAMES = [...DEVS, "eth0", "nope", "a-very-long-name"];
const MACS = ["02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03", "01:00:00:00:00:01", "02:00:00"];
const HOSTS = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.0.3",
  "10.0.1.1",
  "10.1.0.1",
  "127.0.0.1",
  "192.168.1.1",
  "224.0.0.1",
  "0.0.0.0",
  "10.0.0.255",
];
const HOSTS6 = ["fd00::1", "fd00::2", "fe80::5", "ff02::1", "::1"];
const LENGTHS = ["8", "16", "24", "24", "24", "30", "31", "32", "0", "33"];

/** A template: words with {kinds} in them, [optional parts], (one|of|these). */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  link: [
    "ip link add {new} type veth peer name {new}",
    "ip link add {new} [mtu {mtu}] [address {mac}] type veth peer name {new} [netns {ns}]",
    "ip link add {new} netns {ns} type veth peer name {new}",
    "ip link del {dev}",
    "ip link set {dev} up",
    "ip link set {dev} up",
    "ip link set {dev} down",
    "ip link set {dev} mtu {mtu}",
    "ip link set {dev} name {new}",
    "ip link set {dev} address {mac}",
    "ip link set {dev} (promisc|multicast|allmulticast|arp|dynamic) (on|off)",
    "ip link set {dev} txqueuelen (0|100|1000)",
    "ip link set {dev} alias (x|some)",
    "ip link set {dev} group (0|7|default)",
    "ip link set {dev} [name {new}] netns {ns} [up]",
    "ip link property (add|del) dev {dev} altname (other|another)",
    "ip [-d] link show {dev}",
    "ip -br link",
    "ip link show (up|type veth|group 7|nomaster)",
    "ip -j link show {dev} # cmp: json",
    "ip link show type {kind}",
  ],
  addr: [
    "ip addr add {cidr} dev {dev}",
    "ip addr add {cidr} dev {dev}",
    "ip addr add {cidr} [brd (+|-|10.0.0.255)] dev {dev} [label {dev}:x] [scope (link|host|global)]",
    "ip addr (replace|change) {cidr} dev {dev} [valid_lft (forever|100) preferred_lft (forever|50)]",
    "ip addr add {host} peer {cidr} dev {dev}",
    "ip addr del {cidr} dev {dev}",
    "ip addr del {host} dev {dev}",
    "ip addr add {host6}/64 dev {dev} [nodad]",
    "ip addr del {host6}/64 dev {dev}",
    "ip addr flush [dev] {dev} [scope (link|global)]",
    "ip addr show [dev {dev}] # cmp: drop /fe80/",
    "ip -4 addr",
    "ip -br -4 addr",
    "ip -j -4 addr show {dev} # cmp: json",
    "ip -o -4 addr show",
    "ip addr show to {cidr}",
    "ip addr show (up|scope link|label v0*|primary|secondary|permanent) # cmp: drop /fe80/",
  ],
  route: [
    "ip route (add|add|del|replace|append|change|prepend) {dst} via {host} [dev {dev}] [metric (10|20)]",
    "ip route (add|add|del|replace) {dst} dev {dev} [src {host}] [scope (link|host|global)] [metric (10|20)]",
    "ip route (add|del) (unreachable|blackhole|prohibit|throw) {dst}",
    "ip route add {dst} via {host} dev {dev} onlink",
    "ip route (add|del) {dst} via {host} table (100|main|local)",
    "ip route add {dst} nexthop via {host} nexthop via {host} weight 3",
    "ip route del {dst}",
    "ip route get {host} [from {host}] [oif {dev}]",
    "ip route",
    "ip route show table (all|local|100) # cmp: drop /fe80|ff00|::/",
    "ip route show (dev {dev}|via {host}|proto kernel|scope link|{dst}|root 10.0.0.0/8|match 10.0.0.1)",
    "ip route flush (dev {dev}|table 100|{dst}|cache)",
    "ip -j route # cmp: json",
    "ip route add {dst} nexthop via {host} dev {dev} nexthop via {host} weight (1|7|256|0)",
    "ip route (replace|append|del) {dst} nexthop via {host} nexthop via {host}",
    "ip route add {dst} via {host} (mtu|mtu lock|advmss|window|hoplimit) (68|1000|300|x)",
    "ip route add {dst} (via {host}|dev {dev}) proto (static|boot|kernel|77|foo) [table {table}]",
    "ip route add {dst} via {host} tos (0x10|0x04|0x1)",
    "ip route (add|replace|del) (local|broadcast|unicast|multicast) {dst} dev {dev} [table {table}]",
    "ip route show table {table} # cmp: drop /fe80|ff00|::/",
    "ip -d route show [table {table}] # cmp: drop /fe80|ff00|::/",
    "ip route get {host} [mark 7] [tos 0x10] [ipproto udp dport 53] [uid 1500]",
    "ip route show (type unreachable|type local|proto static|metric 10|tos 0x10|src {host}) [table all] # cmp: drop /fe80|ff00|::/",
    "ip nexthop (add|replace) id (1|2) via {host} dev {dev}",
    "ip nexthop (add|replace) id (3|4) group (1|1/2|1,3/2)",
    "ip nexthop (del id (1|2|3)|show)",
    "ip route add {dst} nhid (1|2|3|9)",
  ],
  rule: [
    "ip rule (add|del) from {cidr} [table {table}] [pref {pref}]",
    "ip rule add [pref {pref}] [not] [from {cidr}] [to {cidr}] [iif {dev}] [oif {dev}] lookup {table}",
    "ip rule add pref {pref} (fwmark 7|fwmark 0x10/0xf0|tos 0x10|uidrange 1000-2000|ipproto udp dport 53|sport 1-5) lookup {table}",
    "ip rule add pref {pref} lookup main suppress_prefixlength (0|8|24)",
    "ip rule add pref {pref} (blackhole|prohibit|unreachable|nop|goto 70|goto 10)",
    "ip rule add pref {pref} [from {cidr}] table {table} protocol (static|77)",
    "ip rule del (pref {pref}|table {table}|fwmark 7|tos 0x10|ipproto udp|protocol static)",
    "ip rule flush [(table {table}|protocol static)]",
    "ip rule add from all lookup main pref 32766",
    "ip rule",
    "ip -d rule",
    "ip -j rule # cmp: json",
    "ip rule show (pref {pref}|table {table}|from {cidr}|iif {dev}|not|fwmark 7)",
    "ip route add {dst} via {host} table {table}",
    "ip route add (blackhole|unreachable|throw|prohibit) {dst} table {table}",
    "ip route get {host} [from {host}] [iif {dev}] [mark 7] [uid 1500]",
    "ping -c 1 -W 1 {host}",
  ],
  tools: [
    "ifconfig {dev} {host} [netmask (255.255.255.0|255.255.0.0|255.0.255.0)]",
    "ifconfig {dev} {cidr}",
    "ifconfig {dev} (up|down|promisc|-promisc|-arp|arp|allmulti|mtu {mtu}|broadcast 10.0.0.255)",
    "ifconfig {dev}:1 (10.0.0.9|down|10.0.5.1 netmask 255.255.255.0)",
    "ifconfig {dev} hw ether {mac}",
    "ifconfig -s # cmp: mask /\\d+/",
    "ifconfig [-a] # cmp: drop /fe80|RX|TX/",
    "route (add|del) -net {net} (gw {host}|dev {dev}|netmask 255.255.0.0 gw {host})",
    "route (add|del) (default|-host 10.2.3.4|10.2.3.5) (gw {host}|dev {dev}) [metric 5]",
    "route add -net {net} reject",
    "route -n",
    "netstat -rn",
    "netstat -i # cmp: mask /\\d+/",
    "ip -4 addr",
    "ip route",
    "ip link set {dev} up",
    "arp -n # cmp: sort",
    "ip maddr show dev {dev} # cmp: sort",
  ],
  neigh: [
    "ip neigh (add|replace|change) {host} lladdr {mac} dev {dev} [nud {nud}]",
    "ip neigh (add|replace) {host} dev {dev} [nud {nud}]",
    "ip neigh del {host} dev {dev}",
    "ip neigh (add|del) proxy {host} dev {dev}",
    "ip neigh get {host} dev {dev}",
    "ip neigh flush (all|dev {dev}|nud {nud}|{host})",
    "ip neigh [show dev {dev}] # cmp: sort",
    "ip neigh show (nud {nud}|proxy|{cidr}) # cmp: sort drop /^ff/",
    "ip -j neigh # cmp: json sort",
    "arp -n # cmp: sort",
    "arp (-d|-an) {host} # cmp: sort",
    "arp -s {host} {mac}",
    "ping -c 1 -W 1 {host}",
    "ping -c 1 -W 1 -I {dev} {host}",
    "cat /proc/net/arp # cmp: sort",
  ],
  netns: [
    "ip netns add {ns}",
    "ip netns add {ns}",
    "ip netns del {ns}",
    "ip netns list",
    "ip netns list-id",
    "ip netns set {ns} (auto|0|5|-1)",
    "ip netns exec {ns} ip -br link",
    "ip netns exec {ns} ip route",
    "ip -n {ns} link set {dev} netns (1|{ns})",
    "ip -n {ns} -br -4 addr",
    "ip -n {ns} addr add {cidr} dev {dev}",
    "ip -n {ns} link set {dev} up",
    "ip -all netns exec ip -br link",
    "ip netns exec {ns} ping -c 1 -W 1 {host}",
    "ip -n {ns} neigh # cmp: sort",
    "ls /sys/class/net",
  ],
};

function pick<T>(r: Rng, of: readonly T[]): T {
  return of[r(of.length)]!;
}

function word(r: Rng, kind: string): string {
  switch (kind) {
    case "dev":
      return r(12) === 0 ? pick(r, NAMES) : pick(r, DEVS);
    case "new":
      return r(10) === 0 ? pick(r, NAMES) : pick(r, DEVS.slice(0, 4));
    case "ns":
      return r(12) === 0 ? "nope" : pick(r, ["a", "b"]);
    case "mac":
      return r(3) > 0 ? pick(r, MACS.slice(0, 3)) : pick(r, MACS);
    case "host":
      return r(4) > 0 ? pick(r, HOSTS.slice(0, 5)) : pick(r, HOSTS);
    case "host6":
      return r(3) > 0 ? pick(r, HOSTS6.slice(0, 2)) : pick(r, HOSTS6);
    case "cidr":
      return `${word(r, "host")}/${pick(r, LENGTHS)}`;
    case "dst":
      return pick(r, ["default", "10.2.0.0/16", "10.2.3.0/24", "10.0.0.0/24", "10.0.0.0/8", "10.2.3.4", "10.0.0.1/24", "0.0.0.0/0"]);
    case "net":
      return pick(r, ["10.2.0.0/16", "10.2.3.0/24", "10.0.0.0", "10.0.0.1/24", "192.168.7.0/24", "foo"]);
    case "table":
      return pick(r, ["100", "100", "101", "main", "local", "7", "foo"]);
    case "pref":
      return pick(r, ["50", "60", "70", "70", "0", "32766"]);
    case "kind":
      return pick(r, ["veth", "bridge", "nope"]);
    case "mtu":
      return pick(r, ["1500", "1400", "1280", "576", "68", "67", "65535", "65536"]);
    case "nud":
      return pick(r, ["permanent", "reachable", "stale", "noarp", "failed", "none", "incomplete"]);
    default:
      throw new Error(`unknown kind {${kind}}`);
  }
}

function expand(r: Rng, template: string): string {
  return template
    .replace(/\[([^\]]*)\]/g, (_, inner: string) => (r(2) === 0 ? inner : ""))
    .replace(/\(([^)]*)\)/g, (_, alternatives: string) => pick(r, alternatives.split("|")))
    .replace(/\{(\w+)\}/g, (_, kind: string) => word(r, kind))
    .replace(/ +/g, " ")
    .trim();
}

/** Now and then a word is lost, doubled or misplaced. */
function damage(r: Rng, command: string): string {
  const [text, directive] = command.split(" # ");
  const words = text!.split(" ");
  const at = 1 + r(words.length - 1);
  const how = r(6);
  if (how === 0) words.splice(at, 1);
  else if (how === 3) words[at] = words[at]!.slice(0, 1 + r(words[at]!.length));
  else if (how === 4) words[at] += "x";
  else if (how === 5) words.length = at + 1;
  else if (how === 1) words.splice(at, 0, words[at]!);
  else words.splice(at, 1, pick(r, words));
  const out = words.join(" ");
  // "arp" and "ping" without their limits would wait
  return /^(ip|ifconfig|route) ./.test(out) ? (directive === undefined ? out : `${out} # ${directive}`) : command;
}

function script(seed: number, length: number, only: string | null): string {
  const r = rng(seed);
  const topics = only === null ? Object.keys(TEMPLATES) : only.split(",");
  const lines = ["ip netns add a", "ip link add v0 type veth peer name v1", "ip addr add 10.0.0.1/24 dev v0", "ip link set v0 up"];
  if (r(2)) lines.push("ip link set v1 up");
  if (r(2)) lines.push("ip link set lo up");
  if (r(2)) lines.push("ip link set v1 netns a");
  while (lines.length < length) {
    const c = expand(r, pick(r, TEMPLATES[pick(r, topics)]!));
    lines.push(r(25) === 0 ? damage(r, c) : c);
  }
  lines.push("ip -4 addr", "ip route", "ip -br link", "ip neigh # cmp: sort");
  return `${lines.join("\n")}\n`;
}

function option(name: string, otherwise: string): string {
  const i = process.argv.indexOf(name);
  return i < 0 ? otherwise : (process.argv[i + 1] ?? otherwise);
}

if (process.platform !== "linux" || process.getuid?.() !== 0) {
  console.error("This needs Linux and root: the real side runs in network namespaces. Nothing was compared.");
  process.exit(2);
}
const first = Number(option("--seed", "1"));
const runs = Number(option("--runs", "20"));
const length = Number(option("--length", "40"));
const only = option("--only", "") || null;
const keep = option("--keep", "");
let passed = 0;
let failed = 0;

async function one(seed: number): Promise<void> {
  const text = script(seed, length, only);
  try {
    const real = await record(text);
    const results = compareRecordings(real.steps, simulate(text));
    const wrong = results.filter((x) => !x.ok);
    passed += results.length - wrong.length;
    failed += wrong.length;
    if (wrong.length === 0) return;
    if (keep) writeFileSync(`${keep}/${seed}.sh`, text);
    console.log(`=== seed ${seed}: ${wrong.length} of ${results.length} differ; the first:\n${report(String(seed), wrong[0]!)}`);
  } catch (e) {
    failed++;
    console.log(`=== seed ${seed}: ${(e as Error).message}`);
  }
}

async function worker(queue: number[]): Promise<void> {
  for (let s = queue.shift(); s !== undefined; s = queue.shift()) await one(s);
}

async function main(): Promise<void> {
  const queue = Array.from({ length: runs }, (_, i) => first + i);
  await Promise.all([worker(queue), worker(queue), worker(queue)]);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
void main();
