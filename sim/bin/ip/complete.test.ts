import { describe, expect, it } from "vitest";
import type { Command } from "../../kernel/abi.ts";
import { makeRig, testCommand } from "../../testing/rig.ts";
import { out } from "../lib/io.ts";
import { commands } from "../registry.ts";

/** What Tab offers after a command line, with v0, v1, lo and the namespaces blue and red. */
function offered(line: string): string {
  const words = line.split(" ");
  const cmd = commands.find((c) => c.name === words[0])!;
  const ask: Command = testCommand("ask", function* (sys) {
    yield* out(sys, [...(yield* cmd.complete!(sys, words))].join(" "));
    return 0;
  });
  const rig = makeRig({ commands: [...commands, ask] });
  for (const s of ["ip link add v0 type veth peer name v1", "ip netns add red", "ip netns add blue"]) rig.run(s.split(" "));
  return rig.run(["ask"]).stdout;
}

describe("Tab after ip", () => {
  it.each([
    ["ip ", "address help link maddress monitor neigh netconf netns route rule"],
    ["ip n", "neigh netconf netns"],
    ["ip -", "-4 -6 -Version -all -batch -brief -color -details -family -json -netns -oneline -pretty -resolve -statistics"],
    ["ip -n ", "blue red"],
    ["ip -n red a", "address"],
    ["ip a s", "show"],
    ["ip addr show ", expect.stringContaining("lo")],
    ["ip addr add 10.0.0.1/24 dev v", "v0 v1"],
    ["ip link set v0 n", "name netns nomaster"],
    ["ip link set v0 netns ", "blue red"],
    ["ip link add x type v", "veth vlan"],
    ["ip netns exec r", "red"],
    ["ip netns exec red i", ""],
    ["ip route add default v", "v0 v1 via"],
    ["ip route show table m", "main"],
    ["ip neigh show nud st", "stale"],
    ["ip xyz ", ""],
  ])("%s", (line, words) => expect(offered(line)).toEqual(words));
});

describe("Tab after other tools", () => {
  it.each([
    ["sysctl net.ipv4.ip_forw", "net.ipv4.ip_forward net.ipv4.ip_forward_update_priority net.ipv4.ip_forward_use_pmtu"],
    ["sysctl net.ipv4.conf.l", "net.ipv4.conf.lo."],
    ["nsenter --net=", "--net=/run/netns/blue --net=/run/netns/red"],
    ["arp -i v", "v0 v1"],
  ])("%s", (line, words) => expect(offered(line).split(" ").sort().join(" ")).toEqual(words));
});
