import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type GoldenStep, normalizer, replay, unordered } from "../../testing/golden.ts";
import { makeRig } from "../../testing/rig.ts";
import { shellCommands } from "../../shell/index.ts";
import { commands as coreutils } from "../coreutils/index.ts";
import { commands as sysctl } from "../sysctl/index.ts";
import { commands } from "./index.ts";

function golden(name: string): GoldenStep[] {
  return (JSON.parse(readFileSync(new URL(`testdata/${name}.golden.json`, import.meta.url), "utf8")) as { steps: GoldenStep[] }).steps;
}

describe("ip prints what iproute2 6.1 prints", () => {
  for (const name of [
    "link-words",
    "addr-words",
    "route-words",
    "netns-words",
    "neigh-words",
    "global-words",
    "rule-all",
    "maddr",
    "dumps",
    "rule6",
    "addrlabel",
    "token-ntable",
    "objects",
  ]) {
    it(name, () => {
      const steps = golden(name);
      const { ours, real } = replay([...shellCommands, ...coreutils, ...commands, ...sysctl], steps, normalizer(steps));
      for (let i = 0; i < real.length; i++) {
        const hash = name === "neigh-words" || /neigh/.test(steps[i]!.cmd);
        // drawn at random
        for (const a of [ours[i]!, real[i]!]) Object.assign(a, { stdout: a.stdout.replace(/(reachable"?[ :])\d+/g, "$1N") });
        expect.soft(hash ? unordered(ours[i]!) : ours[i]).toEqual(hash ? unordered(real[i]!) : real[i]);
      }
    });
  }
});

describe("ip says so when something is not simulated", () => {
  it.each([
    "mroute",
    "tunnel add x",
    "link xstats",
    "link add link lo name lo.10 type macvlan",
    "route get 1.2.3.4 connected",
    "neigh add 1.2.3.4 dev lo managed",
    "link set lo gso_max_size 1000",
    "netns monitor",
    "-s ntable",
  ])("ip %s", (words) => {
    const r = makeRig({ commands }).run(["ip", ...words.split(" ")]);
    expect([r.code, r.stdout]).toEqual([64, ""]);
    expect(r.stderr).toMatch(/^hop: ip: .* is not simulated\n$/);
  });
});

describe("ip -batch", () => {
  it("stops at the first failure and names the line", () => {
    const rig = makeRig({ commands });
    const r = rig.run(["ip", "-batch", "-"], { stdin: "link set lo up # comment\n\nlink set nope up\nlink set lo down\n" });
    expect(r).toMatchObject({ code: 1, stdout: "", stderr: 'Cannot find device "nope"\nCommand failed -:3\n' });
    expect(rig.run(["ip", "-br", "link"]).stdout).toContain("UP");
  });
  it("goes on with -force", () => {
    const rig = makeRig({ commands });
    rig.run(["ip", "link", "set", "lo", "up"]);
    expect(rig.run(["ip", "-force", "-batch", "-"], { stdin: "addr del 1.2.3.4/32 dev lo\nlink set lo down\n" })).toMatchObject({
      code: 1,
      stderr: "Error: ipv4: Address not found.\nCommand failed -:1\n",
    });
    expect(rig.run(["ip", "-br", "link"]).stdout).toContain("DOWN");
  });
  it("ends at words that ip cannot read, with -force too", () => {
    const r = makeRig({ commands }).run(["ip", "-force", "-batch", "-"], { stdin: "link set lo mtu x\nlink set lo up\n" });
    expect(r).toMatchObject({ code: 255, stderr: 'Error: argument "x" is wrong: Invalid "mtu" value\n\n' });
  });
});

describe("ip knows names", () => {
  it("of tables in /etc/iproute2/rt_tables", () => {
    const rig = makeRig({ commands });
    const run = (s: string) => rig.run(["ip", ...s.split(" ")]);
    run("link set lo up");
    expect(run("route add 10.0.0.0/8 dev lo table blue").stderr).toBe('Error: argument "blue" is wrong: "table" value is invalid\n\n');
    run("route add 10.0.0.0/8 dev lo table 100");
    expect(run("route show table 100").stdout).toBe("10.0.0.0/8 dev lo scope link \n");
  });
});

describe("ip for people who are not root", () => {
  it("shows but does not change", () => {
    const rig = makeRig({ commands, users: ["ann"] });
    const run = (s: string) => rig.run(["ip", ...s.split(" ")], { user: "ann" });
    expect(run("-br link")).toMatchObject({ code: 0, stdout: "lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n" });
    expect(run("link set lo up")).toMatchObject({ code: 2, stderr: "RTNETLINK answers: Operation not permitted\n" });
    expect(run("addr add 10.0.0.1/8 dev lo")).toMatchObject({ code: 2, stderr: "RTNETLINK answers: Operation not permitted\n" });
  });
});
