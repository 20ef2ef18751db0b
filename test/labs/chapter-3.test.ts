/**
 * Chapter 3 is played as its text asks: its blocks with Run in order, its cables, and for each step that is the learner's own
 * the commands below. On the real engine every step must tick by them and not before, every packet that a note is about must
 * have been there, and what the text claims must be so: messages, TTLs, lengths, losses, where packets end.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { buildLab, type LabWorld } from "../../sim/lab/build.ts";
import { parseScript, runSteps } from "../../sim/lab/script.ts";
import { Guide, namesOf } from "../../sim/session/guide.ts";
import { PacketFeed } from "../../sim/session/packets.ts";
import type { DecisionView, JourneyView, PacketEvent, TopologyView } from "../../sim/session/protocol.ts";
import { topologyOf } from "../../sim/session/topology.ts";
import { newestJourneys } from "../../sim/trace/journey.ts";
import { elementsOf, type Element } from "../mdx.ts";

const ROOT = join(import.meta.dirname, "../..");
const CHAPTER = join(ROOT, "chapters/3-routing");
const { labs } = loadContent(join(ROOT, "chapters"));

type AllHold = (conditions: readonly object[], topology: TopologyView, packets: readonly PacketEvent[]) => boolean;
type Accept = Partial<Pick<DecisionView, "site" | "machine" | "reason" | "verdict">>;

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

/** Packets the app keeps (renderer/state/lab.ts). */
const KEPT = 200;

class Play {
  readonly lw: LabWorld;
  packets: PacketEvent[] = [];
  private readonly feed: PacketFeed;

  constructor(lab: string, seed: number) {
    this.lw = buildLab(
      labs.find((l) => l.id === lab)!,
      null,
      seed,
    );
    new Guide(this.lw);
    this.feed = new PacketFeed(this.lw);
  }

  /** Runs a script as the person of each machine, and gives each command's output. */
  run(script: string, on = this.lw.lab.machines[0]!.name): { cmd: string; text: string; code: number }[] {
    const results: { cmd: string; text: string; code: number }[] = [];
    const steps = parseScript(
      script,
      this.lw.lab.machines.map((m) => m.name),
      on,
    );
    for (const r of runSteps(this.lw.world, steps, { pace: 0.1, limit: 120, user: null })) {
      if (r) results.push({ cmd: r.cmd, text: r.stdout + r.stderr, code: r.code });
      this.packets = [...this.packets, ...this.feed.take().packets].slice(-KEPT);
    }
    return results;
  }
  wait(seconds: number): void {
    for (const _ of this.lw.advance(seconds * 1e9));
  }
  journeys(): JourneyView[] {
    return newestJourneys(this.lw.world.rec, 50, namesOf(this.lw));
  }
  journey(match: string): JourneyView | undefined {
    const words = match.toLowerCase().split(" ");
    return this.journeys().find((j) => words.every((w) => j.title.toLowerCase().includes(w)));
  }
}

const decisions = (j: JourneyView): readonly DecisionView[] => j.stops.flatMap((s) => s.decisions);
const fits = (d: DecisionView, a: Accept): boolean => Object.entries(a).every(([k, v]) => d[k as keyof Accept] === v);

let allHold: AllHold;
beforeAll(async () => {
  // by a path that tsc does not follow: the renderer is compiled with settings of its own
  const path = join(ROOT, "renderer/state/conditions.ts");
  allHold = ((await import(path)) as { allHold: AllHold }).allHold;
});

describe("chapter 3 played from its text", () => {
  const elements = elementsOf(readFileSync(join(CHAPTER, "index.en.mdx"), "utf8"));
  const worlds = new Map<string, Play>();
  /** by block key or by the block's text, what the machines printed */
  const said = new Map<string, string>();
  const problems: string[] = [];
  let play: Play;

  const world = (e: Element): Play => {
    const key = `${e.props.lab} ${e.props.seed}`;
    if (!worlds.has(key)) worlds.set(key, new Play(String(e.props.lab), Number(e.props.seed)));
    return worlds.get(key)!;
  };

  /** A block of shell lines. A capture goes on in the background, as in a terminal of its own. */
  const shell = (on: string, text: string, key?: string): void => {
    const script = text.includes("tcpdump") ? `${text} > /tmp/capture 2>&1 &\nsleep 1` : text;
    const results = play.run(script, on);
    said.set(key ?? text, results.map((r) => r.text).join(""));
    for (const r of results) if (r.text.includes("not simulated") || r.code === 127) problems.push(`${on}: ${r.cmd}: ${r.text}`);
  };

  const step = (e: Element): void => {
    const id = String(e.props.id);
    const when = e.props.when as object[];
    const ticks = (): boolean => allHold(when, topologyOf(play.lw), play.packets);
    if (ticks()) problems.push(`step ${id} holds before anything was done`);
    for (const other of worlds.values())
      if (other !== play && allHold(when, topologyOf(other.lw), other.packets)) problems.push(`step ${id} holds in another part's world`);
    said.set(
      id,
      play
        .run(SOLUTIONS[id] ?? "false")
        .map((r) => r.text)
        .join(""),
    );
    if (!ticks()) problems.push(`step ${id} does not hold after its solution`);
  };

  const stepper = (e: Element): void => {
    const match = String(e.props.match);
    if (!play.journey(match)) shell(String(e.props.on), String(e.props.send));
    const j = play.journey(match);
    if (!j) return void problems.push(`no packet for the stepper ${e.props.id}`);
    for (const note of e.children.filter((c) => c.name === "StepNote"))
      if (!decisions(j).some((d) => d.site === note.props.site && d.machine === note.props.machine))
        problems.push(`${e.props.id}: no decision ${note.props.site} on ${note.props.machine}`);
  };

  beforeAll(() => {
    const visit = (e: Element): void => {
      if (e.name === "World") play = world(e);
      else if (e.name === "Plug") {
        play.lw.plug(String(e.props.cable));
        play.wait(3);
      } else if (e.name === "code") {
        if (e.props.run === true) shell(String(e.props.on), e.text, e.props.out as string | undefined);
      } else if (e.name === "FadedStep") step(e);
      else if (e.name === "PacketStepper") return stepper(e);
      else if (e.name === "GoalStrip") return;
      else if (e.name === "EvidenceQuestion") {
        const accept = [e.props.accept].flat() as Accept[];
        if (!play.journeys().some((j) => decisions(j).some((d) => accept.some((a) => fits(d, a)))))
          problems.push(`nothing to pick for ${e.props.id}`);
      }
      e.children.forEach(visit);
    };
    elements.forEach(visit);
  });

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
