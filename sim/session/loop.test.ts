/** Two switches with two cables between them: the world stays live, the app is told, and pulling a cable ends it. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import type { ChallengeManifest, LabManifest, MachineSpec } from "../lab/manifest.ts";
import { type FromWorld, type InputRecord, PROTOCOL_VERSION, type ToWorld } from "./protocol.ts";
import { replay } from "./replay.ts";
import { Session } from "./session.ts";

const nic = (name: string, n: number, ...cidrs: string[]) => ({
  name,
  mac: `52:54:00:00:00:${n.toString(16).padStart(2, "0")}`,
  addresses: cidrs.map((cidr) => ({ cidr })),
});
const machine = (name: string, x: number, more: Partial<MachineSpec>): MachineSpec => ({ name, badge: name.slice(0, 2), x, y: 0, ...more });

const RING: LabManifest = {
  id: "ring",
  title: { en: "Ring", ko: "고리" },
  machines: [
    machine("ha", 0, { nics: [nic("eth0", 1, "10.0.0.1/24")], users: ["root"] }),
    machine("sa", 300, { kind: "switch", nics: [nic("p1", 2), nic("p2", 3), nic("p3", 4)] }),
    machine("sb", 600, { kind: "switch", nics: [nic("p1", 5), nic("p2", 6), nic("p3", 7)] }),
    machine("hb", 900, { nics: [nic("eth0", 8, "10.0.0.2/24")], users: ["root"] }),
  ],
  cables: [
    { id: "a", ends: ["ha:eth0", "sa:p1"] },
    { id: "one", ends: ["sa:p2", "sb:p2"], learner: true },
    { id: "two", ends: ["sa:p3", "sb:p3"], learner: true, plugged: false },
    { id: "b", ends: ["sb:p1", "hb:eth0"] },
  ],
};
const { challenges } = loadContent(join(import.meta.dirname, "../../chapters"));
const GOAL = {
  id: "reach",
  title: { en: "reach", ko: "닿음" },
  probe: { ping: { from: "ha", to: "10.0.0.2" }, expect: "answered" },
  visible: true,
  weight: 1,
  expected: { en: "an answer", ko: "답" },
  look: { en: "", ko: "" },
} as const;
const CHALLENGE: ChallengeManifest = {
  ...challenges[0]!,
  id: "ring-challenge",
  world: { lab: "ring" },
  briefing: { symptom: { en: "", ko: "" }, ticket: { en: "", ko: "" } },
  goals: [GOAL],
  invariants: [],
  forbidden: [],
};

class Host {
  wall = 0;
  readonly heard: FromWorld[] = [];
  readonly session = new Session(
    (m) => this.heard.push(structuredClone(m)),
    { labs: [RING], challenges: [CHALLENGE] },
    () => this.wall,
  );

  constructor(challenge: string | null = null) {
    this.say({ type: "start", version: PROTOCOL_VERSION, lab: "ring", challenge, seed: 1, locale: "en", log: [] });
    this.wait(50);
    for (const [i, m] of ["ha", "hb"].entries()) this.say({ type: "open", term: i + 1, machine: m, user: null, cols: 80, rows: 24 });
    this.wait(300);
  }
  say(m: ToWorld): void {
    this.session.receive(structuredClone(m));
  }
  wait(ms: number): void {
    for (const end = this.wall + ms; this.wall < end; this.wall += 4) this.session.turn();
    this.session.turn();
  }
  cable(id: string, plugged: boolean): void {
    this.say({ type: "action", action: { do: plugged ? "plug" : "unplug", cable: id } });
  }
  type(term: number, data: string, ms: number): string {
    const from = this.heard.length;
    this.say({ type: "input", term, kind: "key", data });
    this.wait(ms);
    return this.heard
      .slice(from)
      .map((m) => (m.type === "output" && m.term === term ? m.data : ""))
      .join("");
  }
  of<T extends FromWorld["type"]>(type: T): Extract<FromWorld, { type: T }>[] {
    return this.heard.filter((m): m is Extract<FromWorld, { type: T }> => m.type === type);
  }
  loops(): string[] {
    return this.of("loop").map((m) =>
      m.ports
        .map((p) => `${p.machine}:${p.name}`)
        .sort()
        .join(" "),
    );
  }
  get log(): InputRecord[] {
    return this.of("log").flatMap((m) => m.records);
  }
  get clock(): { now: number; done: number } {
    return this.of("clock").at(-1)!;
  }
}

const PORTS = "sa:p2 sa:p3 sb:p2 sb:p3";

describe("a loop of switches in a session", () => {
  it("is told within 200 ms, with its ports, and ends when a cable is pulled", () => {
    const h = new Host();
    expect(h.type(1, "ping -c1 10.0.0.2\r", 300)).toContain("1 received");
    h.cable("two", true);
    h.wait(1500);
    h.type(1, "arping -c 1 -w 1 10.0.0.77\r", 200);
    expect(h.loops()).toEqual([PORTS]);
    h.wait(1500);
    const from = h.clock;
    h.wait(3000);
    const to = h.clock;
    const events = ((to.done - from.done) / (to.now - from.now)) * 1e9;
    expect(events).toBeGreaterThan(1000);
    expect(events).toBeLessThan(50_000);
    h.cable("two", false);
    h.wait(2500);
    expect(h.loops()).toEqual([PORTS, ""]);
    h.type(1, "ip neigh flush all\r", 300);
    expect(h.type(1, "ping -c1 10.0.0.2\r", 500)).toContain("1 received");
    expect(h.of("fault")).toEqual([]);
  });

  it("leaves terminals live, Ctrl-C too", () => {
    const h = new Host();
    h.cable("two", true);
    h.wait(1500);
    h.type(1, "ping -b 10.0.0.255\r", 1000);
    expect(h.loops()).toEqual([PORTS]);
    expect(h.type(2, "echo $((6*7))\r", 200)).toMatch(/[\r\n]42\r\n/);
    expect(h.type(1, "\x03", 250)).toMatch(/# $/);
  });

  it("leads to the same world again", () => {
    const h = new Host();
    h.cable("two", true);
    h.wait(1500);
    h.type(1, "arping -c 1 -w 1 10.0.0.77\r", 1500);
    const run = (): string => {
      const g = replay({ lab: RING, challenge: null, seed: 1 }, h.log, { t: h.clock.now, done: h.clock.done });
      let step = g.next();
      while (!step.done) step = g.next();
      return step.value.lw.world.digest.toString();
    };
    expect(run()).toBe(run());
  });

  it("can be graded, before and after", () => {
    const h = new Host("ring-challenge");
    h.cable("two", true);
    h.wait(1500);
    h.type(1, "arping -c 1 -w 1 10.0.0.77\r", 1500);
    expect(h.loops()).toEqual([PORTS]);
    h.say({ type: "grade", id: 1, scope: "all" });
    h.wait(6000);
    expect(h.of("graded").map((m) => m.id)).toEqual([1]);
    h.cable("two", false);
    h.wait(2500);
    h.type(1, "ip neigh flush all\r", 300);
    h.say({ type: "grade", id: 2, scope: "all" });
    h.wait(6000);
    expect(h.of("graded").at(-1)).toMatchObject({ id: 2, result: { passed: true } });
  });
});
