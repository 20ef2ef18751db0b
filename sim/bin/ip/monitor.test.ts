/** Texts as recorded from iproute2 6.1 on a real kernel, MAC addresses aside. */
import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { makeRig } from "../../testing/rig.ts";
import { commands as coreutils } from "../coreutils/index.ts";
import { commands } from "./index.ts";

function watch(monitor: string, ...changes: readonly string[]): string {
  const rig = makeRig({ commands: [...shellCommands, ...coreutils, ...commands] });
  rig.run("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up; sleep 3");
  const r = rig.run(`${monitor} >/tmp/log 2>&1 & sleep 0.2; ${changes.join("; ")}; sleep 0.2; kill %1; cat /tmp/log`);
  return r.stdout.replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, "MAC");
}

describe("ip monitor", () => {
  it("tells of addresses and of the routes that come and go with them", () => {
    expect(
      watch("ip monitor label", "ip addr add 10.0.0.1/24 dev v0", "ip addr add 10.0.0.2/24 dev v0", "ip addr del 10.0.0.2/24 dev v0"),
    ).toBe(
      `[ADDR]3: v0    inet 10.0.0.1/24 scope global v0
       valid_lft forever preferred_lft forever
[ROUTE]local 10.0.0.1 dev v0 table local proto kernel scope host src 10.0.0.1 
[ROUTE]10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 
[ROUTE]broadcast 10.0.0.255 dev v0 table local proto kernel scope link src 10.0.0.1 
[ADDR]3: v0    inet 10.0.0.2/24 scope global secondary v0
       valid_lft forever preferred_lft forever
[ROUTE]local 10.0.0.2 dev v0 table local proto kernel scope host src 10.0.0.1 
[ADDR]Deleted 3: v0    inet 10.0.0.2/24 scope global secondary v0
       valid_lft forever preferred_lft forever
[ROUTE]Deleted local 10.0.0.2 dev v0 table local proto kernel scope host src 10.0.0.1 
`,
    );
  });

  it("tells of routes, neighbours and rules", () => {
    expect(
      watch(
        "ip monitor route neigh rule",
        "ip addr add 10.0.0.1/24 dev v0; sleep 0.1; : >/tmp/log",
        "ip route add 10.1.0.0/24 via 10.0.0.9",
        "ip route replace 10.1.0.0/24 via 10.0.0.8",
        "ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0",
        "ip rule add from 10.9.0.0/16 table 100",
        "ip rule del from 10.9.0.0/16 table 100",
        "ip route del 10.1.0.0/24",
      ).replace(/^\0+/, ""),
    ).toMatch(
      /10\.1\.0\.0\/24 via 10\.0\.0\.9 dev v0 \n10\.1\.0\.0\/24 via 10\.0\.0\.8 dev v0 \n10\.0\.0\.9 dev v0 lladdr MAC PERMANENT \n32765:\tfrom 10\.9\.0\.0\/16 lookup 100\nDeleted 32765:\tfrom 10\.9\.0\.0\/16 lookup 100\nDeleted 10\.1\.0\.0\/24 via 10\.0\.0\.8 dev v0 \n$/,
    );
  });

  it("tells of links, and follows one device only when asked", () => {
    expect(watch("ip -ts monitor link dev v0", "ip link set v0 mtu 1400", "ip link set v1 mtu 1400")).toMatch(
      /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\] 3: v0@v1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP group default \n    link\/ether MAC brd MAC\n(?!.*v1@v0)/,
    );
  });

  it("refuses what it does not know, and what is not simulated", () => {
    const rig = makeRig({ commands });
    const say = (line: string): [string, number] => ((r) => [r.stderr, r.code] as [string, number])(rig.run(line.split(" ")));
    expect(say("ip monitor foo")).toEqual(['Argument "foo" is unknown, try "ip monitor help".\n', 255]);
    expect(say("ip monitor link dev nodev")).toEqual(['Error: argument "nodev" is wrong: Device does not exist\n\n', 255]);
    expect(say("ip monitor all-nsid")).toEqual(["hop: ip: monitor all-nsid is not simulated\n", 64]);
  });
});
