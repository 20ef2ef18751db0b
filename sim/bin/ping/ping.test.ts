/** ping's texts and arithmetic, and ping on the simulated network against what iputils 20221126 printed there. */
import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { makeRig, type Rig } from "../../testing/rig.ts";
import { commands } from "../registry.ts";
import { wheelTimeout } from "./loop.ts";
import { Stats } from "./stats.ts";
import { icmp4Text, icmp6Text, percent, timeText } from "./texts.ts";

describe("times have three significant digits below 100 ms", () => {
  it.each([
    [0, " time=0.000 ms"],
    [27, " time=0.027 ms"],
    [999, " time=0.999 ms"],
    [1000, " time=1.00 ms"],
    [1536, " time=1.54 ms"],
    [9994, " time=9.99 ms"],
    [9995, " time=10.0 ms"],
    [12340, " time=12.3 ms"],
    [99949, " time=99.9 ms"],
    [99950, " time=100 ms"],
    [123456, " time=123 ms"],
    [1017000, " time=1017 ms"],
  ])("%d µs", (us, text) => expect(timeText(us)).toBe(text));
});

describe("statistics", () => {
  it("computes min/avg/max/mdev with whole numbers", () => {
    const s = new Stats();
    for (const us of [40, 64]) {
      s.advance();
      s.acknowledge(s.transmitted);
      s.received++;
      s.time(us);
    }
    expect(s.report("10.0.0.2", 1_018_400_000, true, true)).toBe(
      "\n--- 10.0.0.2 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1018ms\nrtt min/avg/max/mdev = 0.040/0.052/0.064/0.012 ms\n",
    );
    expect(s.snapshot(true)).toBe("\r2/2 packets, 0% loss, min/avg/ewma/max = 0.040/0.052/0.043/0.064 ms\n");
  });
  it("shows the longest run in flight as pipe", () => {
    const s = new Stats();
    for (let i = 0; i < 3; i++) s.advance();
    s.acknowledge(1);
    s.errors = 1;
    expect(s.report("x", 0, true, true)).toBe(
      "\n--- x ping statistics ---\n3 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms\npipe 3\n",
    );
  });
  it("prints loss as %g", () => {
    expect([percent(1, 3), percent(1, 2), percent(0, 5), percent(2, 7), percent(3, 3)]).toEqual(["33.3333", "50", "0", "28.5714", "100"]);
  });
  it("keeps in-flight counts over the wrap of sequence numbers", () => {
    const s = new Stats();
    for (let i = 1; i <= 65540; i++) {
      s.advance();
      s.acknowledge(i & 0xffff);
    }
    expect(s.inFlight()).toBe(0);
    s.advance();
    expect(s.inFlight()).toBe(1);
  });
});

it("names ICMP errors", () => {
  expect(icmp4Text(3, 1, 0, "")).toBe("Destination Host Unreachable");
  expect(icmp4Text(3, 4, 1400, "")).toBe("Frag needed and DF set (mtu = 1400)");
  expect(icmp4Text(3, 13, 0, "")).toBe("Packet filtered");
  expect(icmp4Text(5, 1, 0, "10.0.0.3")).toBe("Redirect Host(New nexthop: 10.0.0.3)");
  expect(icmp4Text(11, 0, 0, "")).toBe("Time to live exceeded");
  expect(icmp6Text(1, 3, 0)).toBe("Destination unreachable: Address unreachable");
});

it("a receive timeout of a second ends on the timer wheel, 4 to 32 ms late", () => {
  for (let ms = 0; ms < 200; ms += 7) {
    const late = wheelTimeout(ms * 1e6, 1e9) / 1e6 - 1000;
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThanOrEqual(36);
  }
  expect(wheelTimeout(0, 20e6)).toBe(24e6);
});

const masked = (s: string): string =>
  s
    .replace(/time=[0-9.]+ ms/g, "time=T")
    .replace(/time [0-9]+ms/g, "time T")
    .replace(/^rtt .*$/gm, "rtt T");

function two(): Rig {
  const rig = makeRig({ commands: [...shellCommands, ...commands], users: ["sam"] });
  rig.run(
    "ip netns add a; ip netns add b; ip link add e0 netns a type veth peer name e0 netns b; ip -n a addr add 10.0.0.1/24 dev e0; ip -n b addr add 10.0.0.2/24 dev e0; for n in a b; do ip -n $n link set e0 up; ip -n $n link set lo up; done; sleep 3",
  );
  return rig;
}
const pinged = (dst: string, n: number): string =>
  `PING ${dst} (${dst}) 56(84) bytes of data.\n${Array.from({ length: n }, (_, i) => `64 bytes from ${dst}: icmp_seq=${i + 1} ttl=64 time=T\n`).join("")}\n--- ${dst} ping statistics ---\n${n} packets transmitted, ${n} received, 0% packet loss, time T\nrtt T\n`;

describe("on the network", () => {
  const rig = two();
  const run = (cmd: string): { stdout: string; stderr: string; code: number } => {
    const r = rig.run(cmd);
    return { stdout: masked(r.stdout), stderr: r.stderr, code: r.code };
  };
  it("prints replies and the statistics", () =>
    expect(run("ip netns exec a ping -c 3 10.0.0.2")).toEqual({ stdout: pinged("10.0.0.2", 3), stderr: "", code: 0 }));
  it("reports unreachable hosts with the errors counted", () =>
    expect(run("ip netns exec a ping -c 2 -i 1 10.0.0.9")).toEqual({
      stdout:
        "PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.\nFrom 10.0.0.1 icmp_seq=1 Destination Host Unreachable\nFrom 10.0.0.1 icmp_seq=2 Destination Host Unreachable\n\n--- 10.0.0.9 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time T\npipe 2\n",
      stderr: "",
      code: 1,
    }));
  it("gives up waiting for the last reply after -W", () =>
    expect(run("ip netns exec a ping -c 1 -W 1 10.0.0.9")).toEqual({
      stdout:
        "PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.\n\n--- 10.0.0.9 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time T\n\n",
      stderr: "",
      code: 1,
    }));
  it.each([
    ["ping -c 1 10.9.9.9", "ping: connect: Network is unreachable\n", 2],
    ["ping -c 1 nosuchhost", "ping: nosuchhost: Temporary failure in name resolution\n", 2],
    ["ping -c 0 10.0.0.1", "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n", 1],
    ["ping -c abc 10.0.0.1", "ping: invalid argument: 'abc'\n", 1],
    ["ping -t 300 10.0.0.1", "ping: invalid argument: '300': out of range: 0 <= value <= 255\n", 1],
    ["ping -I nope -c 1 10.0.0.1", "ping: SO_BINDTODEVICE nope: No such device\n", 2],
    ["ping", "ping: usage error: Destination address required\n", 1],
    ["ping -c 1 10.0.0.255", "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n", 2],
    ["ping -M foo 10.0.0.2", "ping: invalid -M argument: foo\n", 2],
    ["ping -Q 0x500 10.0.0.2", "ping: the decimal value of TOS bits must be in range 0-255: 1280\n", 2],
    ["ping -4 ::1", "ping: ::1: Address family for hostname not supported\n", 2],
    ["ping -T foo 10.0.0.2", "ping: invalid timestamp type: foo\n", 2],
    ["ping -R -T tsonly 10.0.0.2", "ping: only one of -T or -R may be used\n", 2],
  ])("%s", (cmd, stderr, code) => expect(run(`ip netns exec a ${cmd}`)).toEqual({ stdout: "", stderr, code }));
  it("says where it sends from", () =>
    expect(run("ip netns exec a ping -c 1 -I e0 10.0.0.2").stdout).toMatch(
      /^PING 10\.0\.0\.2 \(10\.0\.0\.2\) from 10\.0\.0\.1 e0: 56\(84\) bytes of data\.\n/,
    ));
  it("prints no time when the packet has no room for it", () =>
    expect(run("ip netns exec a ping -c 1 -s 0 10.0.0.2").stdout).toBe(
      "PING 10.0.0.2 (10.0.0.2) 0(28) bytes of data.\n8 bytes from 10.0.0.2: icmp_seq=1 ttl=64\n\n--- 10.0.0.2 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time T\n\n",
    ));
  it("floods with dots and back spaces", () =>
    expect(run("ip netns exec a ping -f -c 3 10.0.0.2").stdout).toMatch(
      /^PING .*\n\.\x08 \x08\.\x08 \x08\.\x08 \x08\n--- .*\n3 packets transmitted, 3 received.*\nrtt T\n$/,
    ));
  it("Ctrl-C prints the statistics", () => {
    const r = run("ip netns exec a timeout -s INT 2.5 ping 10.0.0.2");
    expect(r).toEqual({ stdout: pinged("10.0.0.2", 3), stderr: "", code: 124 });
  });
  it("users may not flood", () => {
    rig.run("ip link set lo up");
    const r = rig.run("ping -i 0.001 -c 2 127.0.0.1", { user: "sam" });
    expect([r.stderr, r.code]).toEqual(["ping: cannot flood; minimal interval allowed for user is 2ms\n", 2]);
    expect(rig.run("ping -q -c 1 127.0.0.1", { user: "sam" }).code).toBe(0);
  });
  it("pings over IPv6", () =>
    expect(run("ip netns exec a ping -c 1 ::1").stdout).toBe(
      "PING ::1(::1) 56 data bytes\n64 bytes from ::1: icmp_seq=1 ttl=64 time=T\n\n--- ::1 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time T\nrtt T\n",
    ));
});
