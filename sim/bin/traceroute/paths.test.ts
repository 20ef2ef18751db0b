/** traceroute, tracepath and arping over two routers, against what the real ones printed in the same network. */
import { describe, expect, it } from "vitest";
import { shellCommands } from "../../shell/index.ts";
import { makeRig } from "../../testing/rig.ts";
import { commands } from "../registry.ts";

const NETWORK = `
for n in a r1 r2 b; do ip netns add $n; ip -n $n link set lo up; ip netns exec $n sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0; done
ip link add e0 netns a type veth peer name e0 netns r1
ip link add e1 netns r1 type veth peer name e0 netns r2
ip link add e1 netns r2 type veth peer name e0 netns b
ip -n a addr add 10.1.0.2/24 dev e0; ip -n r1 addr add 10.1.0.1/24 dev e0
ip -n r1 addr add 10.2.0.1/24 dev e1; ip -n r2 addr add 10.2.0.2/24 dev e0
ip -n r2 addr add 10.3.0.1/24 dev e1; ip -n b addr add 10.3.0.2/24 dev e0
for x in "a e0" "r1 e0" "r1 e1" "r2 e0" "r2 e1" "b e0"; do set -- $x; ip -n $1 link set $2 up; done
ip -n a route add default via 10.1.0.1; ip -n r1 route add 10.3.0.0/24 via 10.2.0.2; ip -n r2 route add 10.1.0.0/24 via 10.2.0.1; ip -n b route add default via 10.3.0.1
sleep 2`;

const rig = makeRig({ commands: [...shellCommands, ...commands] });
rig.run(NETWORK);
const run = (cmd: string): readonly [string, string, number] => {
  const r = rig.run(`ip netns exec a ${cmd}`);
  return [r.stdout.replace(/[0-9]+\.[0-9]{3} ?ms/g, "T").replace(/ +T(?![a-z])/g, " T"), r.stderr, r.code];
};

describe("traceroute", () => {
  it("shows each hop with three times", () =>
    expect(run("traceroute -n 10.3.0.2")).toEqual([
      "traceroute to 10.3.0.2 (10.3.0.2), 30 hops max, 60 byte packets\n 1  10.1.0.1 T T T\n 2  10.2.0.2 T T T\n 3  10.3.0.2 T T T\n",
      "",
      0,
    ]));
  it("shows names as addresses where there are none", () =>
    expect(run("traceroute -q 1 10.3.0.2")[0]).toContain(" 2  10.2.0.2 (10.2.0.2) T\n"));
  it("traces with ICMP echoes", () =>
    expect(run("traceroute -I -n 10.3.0.2")[0]).toBe(
      "traceroute to 10.3.0.2 (10.3.0.2), 30 hops max, 60 byte packets\n 1  10.1.0.1 T T T\n 2  10.2.0.2 T T T\n 3  10.3.0.2 T T T\n",
    ));
  it("keeps to the first and the last hop asked for", () =>
    expect(run("traceroute -n -f 2 -m 2 -q 1 10.3.0.2")[0]).toBe(
      "traceroute to 10.3.0.2 (10.3.0.2), 2 hops max, 60 byte packets\n 2  10.2.0.2 T\n",
    ));
  it("marks a host that is not there", () => expect(run("traceroute -n -q 1 10.3.0.9")[0]).toContain("\n 3  10.2.0.2 T !H\n"));
  it("gives stars for silence", () => {
    rig.run("ip -n r1 route add 10.9.0.0/16 via 10.2.0.2; ip -n r2 route add blackhole 10.9.0.0/16");
    expect(run("traceroute -n -w 1 -q 2 -m 4 10.9.0.1")[0]).toBe(
      "traceroute to 10.9.0.1 (10.9.0.1), 4 hops max, 60 byte packets\n 1  10.1.0.1 T T\n 2  * *\n 3  * *\n 4  * *\n",
    );
  });
  it.each([
    [
      "traceroute nosuch",
      'nosuch: Temporary failure in name resolution\nCannot handle "host" cmdline arg `nosuch\' on position 1 (argc 1)\n',
      2,
    ],
    ["traceroute -Z", "Bad option `-Z' (argc 1)\n", 2],
    ["traceroute -n -q 11 10.3.0.2", "no more than 10 probes per hop\n", 2],
    ["traceroute -m 256 10.3.0.2", "max hops cannot be more than 255\n", 2],
    ["traceroute -f 40 10.3.0.2", "first hop out of range\n", 2],
    ["traceroute -w x 10.3.0.2", "Cannot handle `-w' option with arg `x' (argc 2)\n", 2],
    ["traceroute 10.3.0.2 a", 'Cannot handle "packetlen" cmdline arg `a\' on position 2 (argc 2)\n', 2],
    ["traceroute -T 10.3.0.2", "hop: traceroute: option -T is not simulated\n", 64],
  ])("%s", (cmd, stderr, code) => expect(run(cmd)).toEqual(["", stderr, code]));
  it("fails where there is no route", () => {
    const r = rig.run("traceroute -n 10.3.0.2");
    expect([r.stdout, r.stderr, r.code]).toEqual([
      "traceroute to 10.3.0.2 (10.3.0.2), 30 hops max, 60 byte packets",
      "\nconnect: Network is unreachable\n",
      1,
    ]);
  });
});

describe("tracepath", () => {
  it("finds hops and MTU", () =>
    expect(run("tracepath -n 10.3.0.2")).toEqual([
      " 1?: [LOCALHOST]                      pmtu 1500\n 1:  10.1.0.1 T \n 1:  10.1.0.1 T \n 2:  10.2.0.2 T \n 3:  10.3.0.2 T reached\n     Resume: pmtu 1500 hops 3 back 3 \n",
      "",
      0,
    ]));
  it("stops at -m", () =>
    expect(run("tracepath -n -m 2 10.3.0.2")[0]).toContain("     Too many hops: pmtu 1500\n     Resume: pmtu 1500 \n"));
  it("notices a narrower link", () => {
    rig.run("ip -n r2 link set e1 mtu 1400; ip -n b link set e0 mtu 1400");
    expect(run("tracepath -n 10.3.0.2")[0]).toBe(
      " 1?: [LOCALHOST]                      pmtu 1500\n 1:  10.1.0.1 T \n 1:  10.1.0.1 T \n 2:  10.2.0.2 T \n 3:  10.2.0.2 T pmtu 1400\n 3:  10.3.0.2 T reached\n     Resume: pmtu 1400 hops 3 back 3 \n",
    );
  });
  it("needs no name", () => expect(run("tracepath nosuch")).toEqual(["", "tracepath: nosuch: Temporary failure in name resolution\n", 1]));
});

describe("arping", () => {
  it("broadcasts once, then asks who answered", () =>
    expect(run("arping -c 2 -I e0 10.1.0.1")[0]).toMatch(
      /^ARPING 10\.1\.0\.1 from 10\.1\.0\.2 e0\n(Unicast reply from 10\.1\.0\.1 \[(?:[0-9A-F]{2}:){5}[0-9A-F]{2}\] T\n){2}Sent 2 probes \(1 broadcast\(s\)\)\nReceived 2 response\(s\)\n$/,
    ));
  it("finds the device by itself", () => expect(run("arping -q -c 1 10.1.0.1")).toEqual(["", "", 0]));
  it("ends with 1 when nobody answers", () =>
    expect(run("arping -c 1 -w 1 -I e0 10.1.0.77")).toEqual([
      "ARPING 10.1.0.77 from 10.1.0.2 e0\nSent 1 probes (1 broadcast(s))\nReceived 0 response(s)\n",
      "",
      1,
    ]));
  it("detects duplicates", () =>
    expect([run("arping -D -c 1 -q -I e0 10.1.0.1")[2], run("arping -D -c 1 -q -I e0 10.1.0.77")[2]]).toEqual([1, 0]));
  it("announces", () =>
    expect(run("arping -U -c 2 -I e0 10.1.0.2")).toEqual([
      "ARPING 10.1.0.2 from 10.1.0.2 e0\nSent 2 probes (2 broadcast(s))\nReceived 0 response(s)\n",
      "",
      0,
    ]));
  it.each([
    ["arping -I nope 10.1.0.1", "", "arping: Device nope not available.\n", 2],
    ["arping -I lo -c 1 10.1.0.1", 'Interface "lo" is not ARPable\n', "", 2],
    ["arping -c x 10.1.0.1", "", "arping: invalid argument: 'x'\n", 1],
    ["arping -s 1.2.3.4 -c 1 -I e0 10.1.0.1", "", "arping: bind: Cannot assign requested address\n", 2],
  ])("%s", (cmd, stdout, stderr, code) => expect(run(cmd)).toEqual([stdout, stderr, code]));
});
