import { describe, expect, it } from "vitest";
import { makeRig } from "../../testing/rig.ts";
import { commands } from "./index.ts";

const OBJECTS = ["link", "addr", "route", "neigh", "netns", "rule", "l", "a", "r", "n", "xyz", ""];
const WORDS = (
  "add del set show list change replace append prepend test get flush help exec attach identify pids list-id property dev lo v0 v1 nope via src from to table all main 100 local proto kernel scope link " +
  "global metric 5 mtu 1400 lock up down name x netns red 1 999 type veth bridge bridge_slave vlan id 7 peer master nomaster group address 02:00:00:00:00:09 zz:1 brd + - 10.0.0.1 10.0.0.1/24 10.0.0.0/8 300.1.1.1 1/33 default " +
  "::1 fe80::1/64 2001:db8::/129 lladdr nud stale permanent none proxy router nexthop weight 2 onlink blackhole unreachable throw label v0:1 valid_lft 10 preferred_lft forever peer altname alt iif oif mark fwmark 0x5/0xff not lookup " +
  "priority -5 0 4294967296 nsid auto primary -tentative up mode dormant state arp on off promisc alias '' hairpin stp_state 1"
).split(" ");
const OPTIONS = ["-4", "-6", "-br", "-j", "-p", "-d", "-s", "-o", "-c", "-n", "red", "-N", "-r", "-all", "-h", "-0", "-Z"];

describe("ip with any words", () => {
  it("answers with a status of its own and never breaks", () => {
    let state = 12345;
    const next = (n: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % n;
    };
    const pick = (list: readonly string[]): string => list[next(list.length)]!;
    let rig = makeRig({ commands });
    const bad: string[] = [];
    for (let i = 0; i < 1500; i++) {
      if (i % 100 === 0) {
        rig = makeRig({ commands });
        for (const s of [
          "link set lo up",
          "link add v0 type veth peer name v1",
          "netns add red",
          "addr add 10.0.0.1/24 dev v0",
          "link set v0 up",
        ])
          rig.run(["ip", ...s.split(" ")]);
      }
      const words = ["ip"];
      while (next(3) === 0) words.push(pick(OPTIONS));
      words.push(pick(OBJECTS));
      for (let n = next(9); n > 0; n--) words.push(pick(WORDS).replace("''", ""));
      const r = rig.run(words, { limit: 5 });
      if (![0, 1, 2, 22, 64, 126, 127, 255].includes(r.code) || /internal error|undefined|NaN|\[object/.test(r.stdout + r.stderr))
        bad.push(`${words.join(" ")} → ${r.code} ${r.stderr}`);
    }
    expect(bad).toEqual([]);
    expect(rig.world.faults).toEqual([]);
  });
});
