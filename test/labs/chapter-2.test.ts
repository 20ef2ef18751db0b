/** Chapter 2 played from its text (play.ts), and what the text claims: who answers whom, messages, tables, the plan's numbers. */
import { beforeAll, describe, expect, it } from "vitest";
import { decisions, fits, Play, playChapter, type Played } from "./play.ts";

/** What a learner types for each step, in scripts for `hop run`. */
const SOLUTIONS: Readonly<Record<string, string>> = {
  "node2-length": `#@ node2
sudo ip addr add 192.168.108.202/24 dev enp0s1
sudo ip addr del 192.168.108.202/25 dev enp0s1
#@ admin
ping -c 1 192.168.108.202`,
  "node3-address": "#@ node3\nsudo ip addr add 192.168.108.103/24 dev enp0s1\nping -c 1 192.168.108.10",
  "lower-end": "#@ router1\nsudo ip addr add 192.0.2.4/31 dev enp0s2",
  "upper-end": "#@ router2\nsudo ip addr add 192.0.2.5/31 dev enp0s1\nping -c 1 192.0.2.4",
  "pod-routes": "#@ pod\nsudo ip route add 169.254.1.1 dev eth0\nsudo ip route add default via 169.254.1.1",
  "halves-talk": `#@ router
sudo ip addr add 10.44.8.1/25 dev enp0s1
sudo ip addr add 10.44.8.129/25 dev enp0s2
#@ web
sudo ip addr add 10.44.8.126/25 dev enp0s1
sudo ip route add default via 10.44.8.1
#@ db
sudo ip addr add 10.44.8.254/25 dev enp0s1
sudo ip route add 10.44.8.0/25 via 10.44.8.129
#@ web
ping -c 1 10.44.8.254`,
};

let worlds: Played["worlds"];
let said: Played["said"];
let problems: Played["problems"];
beforeAll(async () => {
  ({ worlds, said, problems } = await playChapter("2-addresses", SOLUTIONS));
});

describe("chapter 2 played from its text", () => {
  it("has what each block, step, note and question speaks of", () => {
    expect(problems).toEqual([]);
  });

  it("lets one side hear and not answer, and the other say so at once", () => {
    expect(said.get("ping-lost")).toMatch(/^2 packets transmitted, 0 received, 100% packet loss/m);
    expect(said.get("ping-lost")).not.toContain("Unreachable");
    expect(said.get("node2-routes")).toBe("192.168.108.128/25 dev enp0s1 proto kernel scope link src 192.168.108.202 \n");
    expect(said.get("node2-ping")).toBe("ping: connect: Network is unreachable\n");
    const [capture] = new Play("one-switch", 1)
      .run(
        `sudo tcpdump -n -c 4 -i enp0s1 arp or icmp > /tmp/c 2>&1 &
sleep 1
#@ admin
ping -c 2 192.168.108.202
#@ node2
cat /tmp/c`,
        "node2",
      )
      .slice(-1);
    expect(capture!.text).toMatch(/ARP, Request who-has 192\.168\.108\.202 tell 192\.168\.108\.10/);
    expect(capture!.text).toMatch(/ARP, Reply 192\.168\.108\.202 is-at/);
    expect(capture!.text.match(/ICMP echo request/g)).toHaveLength(2);
    expect(capture!.text).not.toContain("echo reply");
  });

  it("answers after the repair, and the old route is gone", () => {
    expect(said.get("node2-length")).toContain("64 bytes from 192.168.108.202: icmp_seq=1 ttl=64");
    expect(said.get("ip -br addr\nip route")).toContain("192.168.108.0/24 dev enp0s1");
    expect(said.get("ip -br addr\nip route")).not.toContain("/25");
  });

  it("reads an address without a length as /32, and no neighbour with it", () => {
    const r = new Play("one-switch", 1).run("sudo ip addr add 192.168.108.103 dev enp0s1; ip -4 -br addr show enp0s1; ip route", "node3");
    expect(r.map((x) => x.text).join("")).toMatch(/^enp0s1 +UP +192\.168\.108\.103\/32 \n$/);
  });

  it("keeps a broadcast for a /24 and none for a /31", () => {
    expect(said.get("edge-local")).toContain("broadcast 10.20.2.255 dev enp0s2");
    expect(said.get("edge-local")).toContain("local 192.0.2.5 dev enp0s1");
    expect(said.get("edge-local")).not.toMatch(/broadcast 192\.0\.2/);
    expect(said.get("upper-end")).toContain("1 received");
  });

  it("gives a /32 no route, refuses the default, and answers by the node", () => {
    expect(said.get("pod-no-routes")).toBe("");
    expect(said.get("pod-refused")).toBe("Error: Nexthop has invalid gateway.\n");
    expect(said.get("pod-ping")).toContain("icmp_seq=1 ttl=63");
    expect(said.get("pod-neigh")).toContain("169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee");
    expect(said.get("node1-routes")).toMatch(/^10\.200\.0\.10 dev pod0 scope link/m);
  });

  it("needs the node's way to elsewhere: without it the node keeps silent", () => {
    const p = new Play("one-pod", 1);
    const r = p.run(
      `sudo ip route del default
#@ pod
sudo ip addr add 10.200.0.10/32 dev eth0
${SOLUTIONS["pod-routes"]!.split("\n").slice(1).join("\n")}
ping -c 1 192.168.108.1`,
      "node1",
    );
    expect(r.at(-1)!.text).toContain("Destination Host Unreachable");
  });

  it("takes a stranger for a neighbour with a prefix that is too short", () => {
    expect(said.get("too-short")).toContain("From 192.168.108.101 icmp_seq=1 Destination Host Unreachable");
    const p = worlds.get("one-switch 1")!;
    expect(p.journeys().some((j) => decisions(j).some((d) => fits(d, { site: "NEIGH", machine: "node1", reason: "NEIGH_FAILED" })))).toBe(
      true,
    );
  });

  it("breaks in the sandbox as its suggestions ask", () => {
    const p = new Play("one-switch", 1);
    const twice = p.run(
      "sudo ip addr add 192.168.108.101/24 dev enp0s1\n#@ admin\nping -c 1 192.168.108.101\nip neigh show 192.168.108.101",
      "node3",
    );
    expect(twice[1]!.code).toBe(0);
    expect(twice[2]!.text).toMatch(/lladdr 52:54:00:6c:00:6[57]/);
    const said = p.run(
      "ping -c 1 192.168.108.255\nsudo ip addr add 192.168.108.300/24 dev enp0s1\nsudo ip addr add 192.168.108.10/33 dev enp0s1\nsudo ip addr add 192.168.108.10/24 dev enp0s1",
      "admin",
    );
    expect(said.map((r) => r.text)).toEqual([
      "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n",
      'Error: any valid prefix is expected rather than "192.168.108.300/24".\n',
      'Error: any valid prefix is expected rather than "192.168.108.10/33".\n',
      "Error: ipv4: Address already assigned.\n",
    ]);
  });
});
