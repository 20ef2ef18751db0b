/** Layout as the real lsns prints it; numbers and processes are this machine's. */
import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { makeRig } from "../../testing/rig.ts";
import { commands as coreutils } from "../coreutils/index.ts";
import { commands as ip } from "../ip/index.ts";
import { commands } from "./index.ts";

const rig = (): ReturnType<typeof makeRig> => makeRig({ commands: [...shellCommands, ...coreutils, ...ip, ...commands] });

describe("lsns", () => {
  it("shows network namespaces with where they are mounted", () => {
    const r = rig();
    const out = r.run("ip netns add blue; ip netns set blue 7; ip netns exec blue sleep 9 & sleep 1; lsns -t net; kill %1");
    const [head, root, blue] = out.stdout.split("\n");
    expect(head).toMatch(/^ {8}NS TYPE NPROCS +PID USER +NETNSID +NSFS +COMMAND$/);
    expect(root).toMatch(/^4026531833 net +\d+ +1 root unassigned +\/sbin\/init$/);
    expect(blue).toMatch(/^\d{10} net +1 +\d+ root +7 +\/run\/netns\/blue sleep 9$/);
  });

  it("gives every namespace a number of its own, the one that ls shows", () => {
    const r = rig();
    const out = r.run(
      "ip netns add a; ip netns add b; for n in a b; do ip netns exec $n readlink /proc/self/ns/net /proc/self/ns/mnt; done; readlink /proc/self/ns/{net,mnt,uts,time}",
    );
    const names = out.stdout.trim().split("\n");
    expect(names).toHaveLength(8);
    expect(new Set(names).size).toBe(8);
    expect(names.slice(4)).toEqual(["net:[4026531833]", "mnt:[4026531832]", "uts:[4026531838]", "time:[4026531834]"]);
  });

  it("refuses what the real one refuses, in its words", () => {
    const r = rig();
    const say = (line: string): [string, number] => ((x) => [x.stderr, x.code] as [string, number])(r.run(line.split(" ")));
    expect(say("lsns x")).toEqual(["lsns: invalid namespace argument: 'x'\n", 1]);
    expect(say("lsns -t foo")).toEqual(["lsns: unknown namespace type: foo\n", 1]);
    expect(say("lsns 4026531999")).toEqual(["lsns: not found namespace: 4026531999\n", 1]);
    expect(say("lsns -T")).toEqual(["hop: lsns: option -T is not simulated\n", 64]);
  });

  it("prints JSON and raw lines", () => {
    const r = rig();
    expect(JSON.parse(r.run(["lsns", "-J", "-t", "uts", "-o", "ns,type,user"]).stdout)).toEqual({
      namespaces: [{ ns: 4026531838, type: "uts", user: "root" }],
    });
    expect(r.run(["lsns", "-rn", "-t", "uts", "-o", "NS,COMMAND"]).stdout).toBe("4026531838 /sbin/init\n");
  });
});
