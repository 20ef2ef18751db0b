/** Chapter 3 played from its text (play.ts), and what the text claims: messages, TTLs, lengths, losses, where packets end. */
import { beforeAll, describe, expect, it } from "vitest";
import { decisions, fits, Play, playChapter, type Played } from "./play.ts";

/** What a learner types for each step, in scripts for `hop run`. */
const SOLUTIONS: Readonly<Record<string, string>> = {
  "forwarding-on": "#@ router\nsudo sysctl -w net.ipv4.ip_forward=1",
  "route-back": "#@ network02\nsudo ip route add 192.168.150.0/24 via 192.168.100.3\n#@ network01\nping -c 1 192.168.100.2",
  "new-there": "#@ network01\nsudo ip route add 172.19.50.0/24 via 10.45.99.192\nping -c 1 172.19.50.103",
  "new-back": "#@ network02\nsudo ip route add 10.45.99.0/24 via 172.19.50.39\n#@ network01\nping -c 1 172.19.50.103",
  "both-answered": `#@ network01
sudo ip route add 172.22.71.0/24 via 10.164.170.139
#@ router1
sudo ip route add 172.22.71.0/24 via 192.168.92.48
#@ router2
sudo ip route add 10.164.170.0/24 via 192.168.92.41
sudo sysctl -w net.ipv4.ip_forward=1
#@ network02
sudo ip route add default via 172.22.71.195
ping -c 1 10.164.170.152
#@ network01
ping -c 1 172.22.71.156
tracepath -n 172.22.71.156`,
};

let worlds: Played["worlds"];
let said: Played["said"];
let problems: Played["problems"];
beforeAll(async () => {
  ({ worlds, said, problems } = await playChapter("3-routing", SOLUTIONS));
});

describe("chapter 3 played from its text", () => {
  it("has what each block, step, note and question speaks of", () => {
    expect(problems).toEqual([]);
  });

  it("tells the two failures apart: no route here, no neighbour there", () => {
    expect(said.get("unreachable")).toBe("ping: connect: Network is unreachable\n");
    expect(said.get("neigh-failed")).toContain("From 192.168.150.2 icmp_seq=1 Destination Host Unreachable");
    expect(said.get("nobody-there")).toContain("From 192.168.150.3 icmp_seq=1 Destination Host Unreachable");
  });

  it("reaches the router and its far side, not beyond", () => {
    expect(said.get("ping-router")).toContain("64 bytes from 192.168.150.3: icmp_seq=1 ttl=64");
    expect(said.get("still-unreachable")).toBe("ping: connect: Network is unreachable\n");
    expect(said.get("far-side")).toContain("64 bytes from 192.168.100.3: icmp_seq=1 ttl=64");
    expect(said.get("lost")).toMatch(/^4 packets transmitted, 0 received, 100% packet loss/m);
    expect(said.get("lost")).not.toContain("Unreachable");
  });

  it("loses the request for forwarding and then the reply for the way back", () => {
    const [play1] = [...worlds.values()];
    const all = worlds.size > 0 ? [...new Set(play1!.journeys().flatMap((j) => decisions(j)))] : [];
    expect(all.some((d) => fits(d, { machine: "router", reason: "FORWARDING_OFF", verdict: "stopped" }))).toBe(true);
    expect(all.some((d) => fits(d, { machine: "network02", site: "IP_ROUTE_OUTPUT" }) && d.title.en === "No route to 192.168.150.2")).toBe(
      true,
    );
    expect(said.get("lost-again")).toMatch(/^4 packets transmitted, 0 received, 100% packet loss/m);
    expect(said.get("no-way-back")).toBe("RTNETLINK answers: Network is unreachable\n");
    const [capture] = play1!.run("cat /tmp/capture", "network02");
    expect(capture!.text.match(/length 98: 192\.168\.150\.2 > network02: ICMP echo request, id \d+, seq [1-4], length 64$/gm)).toHaveLength(
      4,
    );
    expect(capture!.text).not.toContain("reply");
  });

  it("answers with a TTL one less for each router", () => {
    expect(said.get("route-back")).toContain("64 bytes from 192.168.100.2: icmp_seq=1 ttl=63");
    expect(said.get("both-answered")).toMatch(/icmp_seq=1 ttl=62/);
    expect(said.get("both-answered")).toContain("hops 3 back 3");
    expect(said.get("ttl-1")).toContain("From 192.168.150.3 icmp_seq=1 Time to live exceeded");
    expect(said.get("traceroute")).toMatch(/^ 1 {2}192\.168\.150\.3 .*\n 2 {2}192\.168\.100\.2 /m);
  });

  it("takes the longest prefix and refuses a next hop that is no neighbour", () => {
    expect(said.get("longest-host")).toContain("via 192.168.150.77");
    expect(said.get("longest-net")).toContain("via 192.168.150.3");
    expect(said.get("far-gateway")).toBe("Error: Nexthop has invalid gateway.\n");
  });

  it("shows the states of a neighbour as the table lists them", () => {
    expect(said.get("neigh-known")).toMatch(/REACHABLE|DELAY/);
    expect(said.get("neigh-incomplete")).toBe("192.168.150.99 dev enp0s1 INCOMPLETE \n");
    const p = new Play("three-machines", 1);
    p.lw.plug("router-enp0s1");
    p.wait(3);
    const states = p
      .run(
        "ping -c 1 192.168.150.3 > /dev/null; ip neigh\nsleep 46; ip neigh\nping -c 1 192.168.150.3 > /dev/null; ip neigh\nsleep 7; ip neigh",
      )
      .map((r) => /[A-Z]+(?= \n$)/.exec(r.text)?.[0]);
    expect(states).toEqual(["REACHABLE", "STALE", "DELAY", "REACHABLE"]);
  });

  it("breaks in the sandbox as its suggestions ask", () => {
    const p = worlds.get("three-machines 1")!;
    const pulled = p.run("lab unplug router-enp0s2\nip route", "router");
    expect(pulled[1]!.text).not.toContain("192.168.100.0/24");
    expect(p.run("ping -c 1 192.168.100.2", "network01")[0]!.text).toContain("From 192.168.150.3 icmp_seq=1 Destination Net Unreachable");
    p.run("lab plug router-enp0s2\nsleep 3", "router");
    expect(p.run("ping -c 1 192.168.100.2", "network01")[0]!.code).toBe(0);
    const wrong = p.run(
      "sudo ip route replace 192.168.150.0/24 via 192.168.100.99\n#@ network01\nping -c 1 -W 5 192.168.100.2\n#@ network02\nsleep 4; ip neigh show 192.168.100.99",
      "network02",
    );
    expect(wrong[1]!.text).toContain("100% packet loss");
    expect(wrong[2]!.text).toContain("FAILED");
  });
});
