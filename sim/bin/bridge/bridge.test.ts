/** What the recordings below test/conformance/scenarios/bridge do not cover: Tab, and what is refused by name. */
import { describe, expect, it } from "vitest";
import type { Command } from "../../kernel/abi.ts";
import { makeRig, testCommand, type Rig } from "../../testing/rig.ts";
import { commands as brctl } from "../brctl/index.ts";
import { commands as coreutils } from "../coreutils/index.ts";
import { commands as ip } from "../ip/index.ts";
import { commands as bridge } from "./index.ts";

const commands: readonly Command[] = [...bridge, ...brctl, ...ip, ...coreutils];

function withBridge(): Rig {
  const rig = makeRig({ commands });
  for (const words of [
    "ip link add br0 type bridge",
    "ip link add v0 type veth peer name v1",
    "ip link set v0 master br0",
    "ip link set br0 up",
    "ip link set v0 up",
    "ip link set v1 up",
  ])
    expect(rig.run(words.split(" "))).toMatchObject({ code: 0, stderr: "" });
  return rig;
}

/** Words that Tab offers after `line`. */
function tab(command: Command, line: string): string {
  let words: readonly string[] = [];
  const ask = testCommand("ask", function* (sys) {
    words = yield* command.complete!(sys, line.split(" "));
    return 0;
  });
  const asking = makeRig({ commands: [...commands, ask] });
  for (const w of ["ip link add br0 type bridge", "ip link add v0 type veth peer name v1", "ip link set v0 master br0"])
    asking.run(w.split(" "));
  asking.run(["ask"]);
  return words.join(" ");
}

describe("Tab after bridge and brctl", () => {
  it.each([
    ["bridge ", "fdb help link vni"],
    ["bridge -d", "-details"],
    ["bridge l", "link"],
    ["bridge link s", "set show"],
    ["bridge fdb a", "add append"],
    ["bridge link set dev ", "br0 lo v0 v1"],
    ["bridge link set dev v0 iso", "isolated"],
    ["bridge link set dev v0 isolated ", "off on"],
    ["bridge link set dev v0 state l", "learning listening"],
    ["bridge -n x fdb show br b", "br0"],
    ["bridge frob ", ""],
  ])("%s", (line, words) => {
    expect(tab(bridge[0]!, line)).toBe(words);
  });
  it.each([
    ["brctl set", "setageing setbridgeprio setfd sethello setmaxage setpathcost setportprio"],
    ["brctl show ", "br0"],
    ["brctl stp br0 o", "off on"],
    ["brctl addif br0 v", "v0 v1"],
  ])("%s", (line, words) => {
    expect(tab(brctl[0]!, line)).toBe(words);
  });
});

describe("what is not simulated says so", () => {
  it.each([
    "bridge vlan",
    "bridge vlan add vid 10 dev v0",
    "bridge mdb show",
    "bridge monitor",
    "bridge vni add vni 3 dev br0",
    "bridge link set dev v0 neigh_suppress on",
    "bridge link set dev v0 mcast_to_unicast on",
    "bridge link set dev v0 vlan_tunnel on",
    "bridge link set dev v0 backup_port v1",
    "ip link set br0 type bridge vlan_filtering 1",
    "ip link set br0 type bridge mcast_querier 1",
    "ip link set br0 type bridge vlan_protocol 802.1ad",
    "ip link set v0 type bridge_slave proxy_arp on",
    "ip link add link v0 name v0.3 type vlan id 3 gvrp on",
    "ip link add link v0 name v0.3 type vlan id 3 reorder_hdr off",
    "ip link add link v0 name v0.3 type vlan id 3 egress-qos-map 1:2",
  ])("%s", (line) => {
    const r = withBridge().run(line.split(" "));
    expect([r.code, r.stdout]).toEqual([64, ""]);
    expect(r.stderr).toMatch(/^hop: (bridge|ip): .* is not simulated\n$/);
  });

  it("and switching off what is off is no offence", () => {
    const rig = withBridge();
    for (const line of [
      "bridge link set dev v0 neigh_suppress off vlan_tunnel off",
      "ip link set br0 type bridge vlan_filtering 0 mcast_querier 0 vlan_protocol 802.1Q",
      "bridge vni",
    ])
      expect(rig.run(line.split(" ")).code).toBe(0);
  });
});

describe("ip link type vlan", () => {
  // rests on documentation, see net/dev/vlan/vlan.test.ts
  it("shows id, protocol and the device below", () => {
    const rig = withBridge();
    const run = (line: string): string => {
      const r = rig.run(line.split(" "));
      expect([line, r.stderr]).toEqual([line, ""]);
      return r.stdout;
    };
    run("ip link add link v1 name v1.10 type vlan id 10");
    run("ip link add link v1 name s type vlan protocol 802.1ad id 20 loose_binding on");
    run("ip link set v1.10 up");
    expect(run("ip -br link show v1.10")).toMatch(/^v1\.10@v1 +UP +\S+ <BROADCAST,MULTICAST,UP,LOWER_UP> $/m);
    expect(run("ip -d link show v1.10")).toContain("    vlan protocol 802.1Q id 10 <REORDER_HDR> addrgenmode");
    expect(run("ip -d link show s")).toContain("    vlan protocol 802.1ad id 20 <REORDER_HDR,LOOSE_BINDING> addrgenmode");
    expect(run("ip -d -j link show s")).toContain('"info_data":{"protocol":"802.1ad","id":20,"flags":["REORDER_HDR","LOOSE_BINDING"]}');
    expect(run("cat /proc/net/vlan/config")).toBe(
      "VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\nv1.10          | 10  | v1\ns              | 20  | v1\n",
    );
    expect(run("cat /proc/net/vlan/v1.10")).toContain("v1.10  VID: 10\t REORDER_HDR: 1");
    expect(run("ip -br link show type vlan").split("\n")).toHaveLength(3);
  });
});
