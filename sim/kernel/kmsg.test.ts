import { describe, expect, it } from "vitest";
import { commands as coreutils } from "../bin/coreutils/index.ts";
import { commands as dmesg } from "../bin/dmesg/index.ts";
import { commands as ip } from "../bin/ip/index.ts";
import { shellCommands } from "../shell/index.ts";
import { makeRig } from "../testing/rig.ts";

const rig = (): ReturnType<typeof makeRig> => makeRig({ users: ["alice"], commands: [...shellCommands, ...coreutils, ...dmesg, ...ip] });

describe("the kernel log", () => {
  it("holds what the network stack says, with seconds since boot", () => {
    const r = rig();
    r.run("ip link add v0 type veth peer name v1; ip link set v0 name w0; ip link set w0 mtu 1");
    expect(r.run("dmesg -t | tail -n 2").stdout).toBe("w0: renamed from v0\nw0: mtu less than device minimum\n");
    expect(r.run("dmesg -xt -l err").stdout).toBe("kern  :err   : w0: mtu less than device minimum\n");
    expect(r.run("dmesg | tail -n 1").stdout).toMatch(/^\[ {4}\d\.\d{6}\] w0: mtu less than device minimum\n$/);
  });

  it("is written by syslogd to /var/log/kern.log", () => {
    const r = rig();
    r.run("ip link add v0 type veth peer name v1; ip link set v0 name w0");
    expect(r.run("cat /var/log/kern.log").stdout).toMatch(
      /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \w+ kernel: \[ +\d+\.\d{6}\] w0: renamed from v0\n$/,
    );
  });

  it("takes messages of users, and shows them as theirs", () => {
    const r = rig();
    r.run("echo '<3>disk: on fire' >/dev/kmsg; printf 'plain\\nsecond line\\n' >/dev/kmsg");
    expect(r.run("dmesg -xtu").stdout).toBe("user  :err   : disk: on fire\nuser  :warn  : plain\nuser  :warn  : second line\n");
  });

  it("clear hides, and only root may read or clear", () => {
    const r = rig();
    r.run("echo one >/dev/kmsg; dmesg -C; echo two >/dev/kmsg");
    expect(r.run("dmesg -t").stdout).toBe("two\n");
    const t = r.run(["dmesg"], { user: "alice" });
    expect([t.stderr, t.code]).toEqual(["dmesg: read kernel buffer failed: Operation not permitted\n", 1]);
  });

  it("a reader that follows gets what comes later", () => {
    const r = rig();
    expect(r.run("dmesg -tW > /tmp/log & sleep 1; echo later >/dev/kmsg; sleep 1; kill %1; cat /tmp/log").stdout).toBe("later\n");
  });

  it("keeps the newest records only", () => {
    const r = rig();
    r.run("for i in {1..4000}; do echo $i >/dev/kmsg; done");
    const lines = r.run("dmesg -t").stdout.split("\n");
    expect(lines.at(-2)).toBe("4000");
    expect(lines.length).toBeLessThan(3001);
  });
});
