import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { buildLab } from "../lab/build.ts";
import { type FromWorld, type InputRecord, PROTOCOL_VERSION, type ToWorld } from "./protocol.ts";
import { Session } from "./session.ts";

const content = loadContent(join(import.meta.dirname, "../../chapters"));

/** A host with a clock of its own: wall time passes only in wait(). */
class Host {
  wall = 0;
  readonly heard: FromWorld[] = [];
  readonly session = new Session(
    (m) => this.heard.push(structuredClone(m)),
    content,
    () => this.wall,
  );
  ackAll = true;
  private acked = 0;

  say(m: ToWorld): void {
    this.session.receive(structuredClone(m));
  }
  /** lets wall time pass in steps of `step` ms, as a page that is called often */
  wait(ms: number, step = 4): void {
    const end = this.wall + ms;
    while (this.wall < end) {
      this.session.turn();
      this.wall += step;
      if (this.ackAll) this.ack();
    }
    this.session.turn();
  }
  ack(): void {
    for (; this.acked < this.heard.length; this.acked++) {
      const m = this.heard[this.acked]!;
      if (m.type === "output") this.say({ type: "ack", term: m.term, chars: m.data.length });
    }
  }
  of<T extends FromWorld["type"]>(type: T): Extract<FromWorld, { type: T }>[] {
    return this.heard.filter((m): m is Extract<FromWorld, { type: T }> => m.type === type);
  }
  last<T extends FromWorld["type"]>(type: T): Extract<FromWorld, { type: T }> {
    const all = this.of(type);
    if (all.length === 0) throw new Error(`nothing of type ${type}; faults: ${JSON.stringify(this.of("fault"))}`);
    return all.at(-1)!;
  }
  screen(term: number): string {
    return this.of("output")
      .filter((m) => m.term === term)
      .map((m) => m.data)
      .join("");
  }
  log() {
    return this.of("log").flatMap((m) => m.records);
  }
  start(lab: string, challenge: string | null = null, log: readonly InputRecord[] = [], seed = 3): void {
    this.say({ type: "start", version: PROTOCOL_VERSION, lab, challenge, seed, locale: "en", log });
    this.wait(50);
  }
  open(term: number, machine: string): void {
    this.say({ type: "open", term, machine, user: null, cols: 80, rows: 24 });
    this.wait(300);
  }
  type(term: number, data: string, ms = 500): void {
    this.say({ type: "input", term, kind: "key", data });
    this.wait(ms);
  }
}

describe("a session", () => {
  let h: Host;
  beforeEach(() => {
    h = new Host();
  });

  it("is ready with a picture, and a terminal shows a prompt and echoes", () => {
    h.start("three-machines");
    expect(h.last("ready").topology.machines.map((m) => m.name)).toContain("network01");
    h.open(1, "network01");
    expect(h.screen(1)).toContain("network@network01");
    h.type(1, "ip route\r");
    expect(h.screen(1)).toContain("192.168.150.0/24 dev enp0s1 proto kernel scope link src 192.168.150.2 metric 100");
    expect(h.last("terminal").view).toMatchObject({ busy: null, lastCode: 0 });
    h.type(1, "ip route get 1.2.3.4\r");
    expect(h.last("terminal").view).toMatchObject({ busy: null, lastCode: 2 });
  });

  it("says what is wrong with a lab that is not there or a page of another version", () => {
    h.start("nowhere");
    expect(h.last("fault").what).toContain("nowhere");
    h.say({ type: "start", version: 99, lab: "three-machines", challenge: null, seed: 1, locale: "en", log: [] });
    h.wait(20);
    expect(h.last("fault").what).toContain("Reload");
  });

  it("moves cables by button and tells the picture", () => {
    h.start("three-machines");
    expect(h.last("ready").topology.cables.find((c) => c.id === "router-enp0s1")?.plugged).toBe(false);
    h.say({ type: "action", action: { do: "plug", cable: "router-enp0s1" } });
    h.wait(4000);
    const t = h.last("topology").topology;
    expect(t.cables.find((c) => c.id === "router-enp0s1")).toMatchObject({ plugged: true, label: "192.168.150.0/24" });
    expect(t.machines.find((m) => m.name === "router")!.namespaces[0]!.interfaces.find((i) => i.name === "enp0s1")).toMatchObject({
      state: "up",
      addresses: ["192.168.150.3/24"],
    });
  });

  it("ends a loop at Ctrl-C while another terminal answers", () => {
    h.start("three-machines");
    h.open(1, "network01");
    h.open(2, "network02");
    h.type(1, "while :; do :; done\r");
    expect(h.last("terminal").view.busy).not.toBeNull();
    h.type(2, "echo still-$((40+2))\r");
    expect(h.screen(2)).toContain("still-42");
    h.type(1, "\x03", 250);
    h.type(1, "echo back-$((1+1))\r");
    expect(h.screen(1)).toContain("back-2");
  });

  it("holds a flood back until the terminal has taken it in, and still ends it at Ctrl-C", () => {
    h.start("three-machines");
    h.open(1, "network01");
    h.ackAll = false;
    h.type(1, "yes\r", 1500);
    const out = h.screen(1).length;
    expect(out).toBeGreaterThan(50_000);
    expect(out).toBeLessThan(300_000);
    h.wait(500);
    expect(h.screen(1).length).toBe(out);
    h.ackAll = true;
    h.ack();
    h.type(1, "\x03", 300);
    h.type(1, "echo done-$((5*5))\r");
    expect(h.screen(1).endsWith("$ ")).toBe(true);
    expect(h.screen(1)).toContain("done-25");
  });

  it("comes back from its log as it was", () => {
    h.start("three-machines");
    h.open(1, "network01");
    h.type(1, "hostname; sudo ip route add 192.168.100.0/24 via 192.168.150.3; ip route\r");
    const before = h.screen(1);
    expect(before).toContain("192.168.100.0/24 via 192.168.150.3 dev enp0s1");
    const again = new Host();
    again.start("three-machines", null, h.log());
    again.wait(200);
    expect(again.of("fault")).toEqual([]);
    expect(again.last("ready").terminals.map((t) => t.term)).toEqual([1]);
    again.type(1, "ip route\r");
    expect(again.screen(1).startsWith(before.slice(0, 200))).toBe(true);
    expect(again.screen(1)).toContain("192.168.100.0/24 via 192.168.150.3 dev enp0s1");
  });

  it("takes back the last change, keeps what came before, and can go on", () => {
    h.start("three-machines");
    h.open(1, "network01");
    h.open(2, "network02");
    h.type(1, "sudo ip route add 10.1.0.0/16 via 192.168.150.3\r");
    h.type(1, "ip route\r");
    h.type(1, "sudo ip route add 10.2.0.0/16 via 192.168.150.3\r");
    expect(h.last("undone")).toMatchObject({ canUndo: true, next: "sudo ip route add 10.2.0.0/16 via 192.168.150.3" });
    h.say({ type: "undo", term: null });
    h.wait(500);
    expect(h.of("fault")).toEqual([]);
    const from = h.screen(1).lastIndexOf("\x1bc");
    h.type(1, "ip route\r");
    const shown = h.screen(1).slice(from);
    expect(shown).toContain("10.1.0.0/16 via");
    expect(shown.slice(shown.lastIndexOf("ip route\r"))).not.toContain("10.2.0.0/16 via");
    h.type(2, "echo here-$((2+2))\r");
    expect(h.screen(2)).toContain("here-4");
    // and the log, undo and all, still leads to the same place, with the same step to take back next
    const again = new Host();
    again.start("three-machines", null, h.log());
    again.wait(200);
    expect(again.of("fault")).toEqual([]);
    expect(again.last("undone")).toMatchObject({ canUndo: true, next: "sudo ip route add 10.1.0.0/16 via 192.168.150.3" });
    again.type(1, "ip route\r");
    expect(again.screen(1)).toContain("10.1.0.0/16 via");
  });

  it("notices a change that was over between two looks at the terminal", () => {
    h.start("three-machines");
    h.open(1, "network01");
    h.say({ type: "input", term: 1, kind: "key", data: "sudo ip route add 10.1.0.0/16 via 192.168.150.3\r" });
    h.wait(500, 400);
    expect(h.last("undone")).toMatchObject({ canUndo: true });
  });

  it("starts over at reset with its terminals open", () => {
    h.start("three-machines");
    h.open(1, "network01");
    h.type(1, "sudo ip route add 10.1.0.0/16 via 192.168.150.3\r");
    h.say({ type: "reset" });
    h.wait(600);
    const from = h.screen(1).lastIndexOf("\x1bc");
    h.type(1, "ip route\r");
    expect(h.screen(1).slice(from)).toContain("192.168.150.0/24 dev enp0s1");
    expect(h.screen(1).slice(from)).not.toContain("10.1.0.0/16 via");
  });

  it("ticks goals after a change and grades on request, in worlds of their own", () => {
    const id = "road-with-no-way-back";
    const challenge = content.challenges.find((c) => c.id === id)!;
    const { params } = buildLab(
      content.labs.find((l) => l.id === challenge.world.lab)!,
      challenge,
      3,
    );
    h.start("", id);
    expect(h.last("goals").goals.map((g) => g.state)).toEqual(["untried", "untried", "hidden", "hidden"]);
    expect(h.last("ready").briefing?.ticket.en).toContain(params.get("hostA")!);
    h.open(1, "network02");
    const solve = `sudo ip route flush ${params.get("hostA")}/32; sudo ip route replace ${params.get("netA")} via ${params.get("routerB")}\r`;
    h.type(1, solve, 1500);
    h.wait(3000);
    expect(h.of("goals").some((g) => g.checking)).toBe(true);
    expect(h.last("goals").goals.slice(0, 2)).toMatchObject([
      { id: "there-and-back", state: "met" },
      { id: "back-and-there", state: "met" },
    ]);
    h.say({ type: "grade", id: 5, scope: "all" });
    h.wait(4000);
    expect(h.last("graded")).toMatchObject({ id: 5, result: { challenge: id, seed: 3, passed: true, score: 100 } });
    h.type(1, "ip neigh; echo $((6*7))\r");
    expect(h.screen(1)).toContain("42");
  });

  it("opens hints one at a time and judges the pinned decision", () => {
    h.start("", "road-with-no-way-back", [], 3);
    expect(h.last("hints").open.map((x) => x.rung)).toEqual([0]);
    h.open(1, "network01");
    h.say({ type: "hint" });
    h.wait(20);
    expect(h.last("hints").open.map((x) => x.rung)).toEqual([0, 1]);
    h.say({ type: "hint" });
    h.wait(20);
    expect(h.last("hints").open.map((x) => x.rung)).toEqual([0, 1]); // not without looking at something
    h.type(1, "ip route\r");
    h.say({ type: "hint" });
    h.wait(20);
    expect(h.last("hints").open.map((x) => x.rung)).toEqual([0, 1, 2]);
    h.type(1, "ping -c 1 -W 1 network02\r", 2000);
    h.say({ type: "ask", id: 1, query: { q: "journeys", limit: 20 } });
    h.wait(20);
    expect(h.last("answer").answer.q).toBe("journeys");
  });

  it("tells why the last ping was lost", () => {
    h.start("three-machines");
    h.open(1, "network01");
    h.type(1, "ping -c 1 192.168.100.2; why\r", 1500);
    expect(h.screen(1)).toContain("No route to 192.168.100.2");
  });
});
