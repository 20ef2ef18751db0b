import { describe, expect, it } from "vitest";
import { packet, threeMachines } from "../testing/worlds.ts";
import type { Condition } from "../mdx/components.tsx";
import { allHold, holds } from "./conditions.ts";
import { afterMessage, EMPTY_LAB, PACKETS_KEPT, tintOf } from "./lab.ts";
import { NOTHING, withDeed, type Deed } from "./progress.ts";
import { added, beside, closed, MAX_TERMINALS, NO_TERMINALS, show, split, tabsFor, unsplit, type TerminalsState } from "./terminals.ts";

const view = (term: number, machine: string) => ({ term, machine, user: "network", cwd: "~", busy: null, alive: true });

describe("the lab after messages", () => {
  const ready = afterMessage(
    { ...EMPTY_LAB, phase: "starting" },
    { type: "ready", version: 1, topology: threeMachines(), terminals: [view(1, "network01")] },
  );
  it("is ready with its topology and terminals", () =>
    expect([ready.phase, ready.topology?.machines.length, ready.terminals[1]?.machine]).toEqual(["ready", 3, "network01"]));
  it("keeps the newest packets only", () => {
    const many = Array.from({ length: PACKETS_KEPT + 50 }, (_, i) => packet("network01", "router", { packet: i }));
    const after = afterMessage(ready, { type: "packets", packets: many, skipped: 3 });
    expect([after.packets.length, after.packets[0]?.packet, after.skipped]).toEqual([PACKETS_KEPT, 50, 3]);
  });
  it("marks a terminal whose shell ended", () => {
    const after = afterMessage(ready, { type: "exit", term: 1, code: 3 });
    expect([after.exits[1], after.terminals[1]?.alive]).toEqual([3, false]);
  });
  it("says what was undone, and what can be undone next", () => {
    const after = afterMessage(ready, { type: "undone", what: "ip route add default", canUndo: true, next: "ip link set" });
    expect([after.undo, after.notice]).toEqual([
      { can: true, next: "ip link set" },
      { kind: "undone", text: "ip route add default" },
    ]);
    expect(afterMessage(ready, { type: "undone", what: null, canUndo: false, next: null }).notice).toBeNull();
  });
  it("holds the ports of a loop of switches while it is there", () => {
    const ports = [{ machine: "sa", name: "p2" }];
    const looping = afterMessage(ready, { type: "loop", ports });
    expect(looping.loop).toEqual(ports);
    expect(afterMessage(looping, { type: "loop", ports: [] }).loop).toEqual([]);
  });
  it("stops on a fault", () =>
    expect(afterMessage(ready, { type: "fault", what: "x", detail: "y" })).toMatchObject({
      phase: "fault",
      fault: { what: "x", detail: "y" },
    }));
  it("gives machines tints in the lab's order, leaving switches out", () => {
    const topology = threeMachines();
    const withSwitch = {
      ...topology,
      machines: [topology.machines[0]!, { ...topology.machines[1]!, kind: "switch" as const }, topology.machines[2]!],
    };
    expect([tintOf(topology, "network02"), tintOf(withSwitch, "network02"), tintOf(topology, "nobody")]).toEqual([3, 2, 1]);
  });
});

describe("conditions of a chapter", () => {
  const topology = threeMachines();
  const routed = {
    ...topology,
    machines: topology.machines.map((m) =>
      m.name === "network02"
        ? { ...m, namespaces: [{ ...m.namespaces[0]!, routes: ["192.168.150.0/24 via 192.168.100.3 dev enp0s1"] }] }
        : m,
    ),
  };
  const way: Condition = { route: { machine: "network02", begins: "192.168.150.0/24 via" } };
  it("sees a route, and its absence", () => {
    expect([holds(way, topology, []), holds(way, routed, [])]).toEqual([false, true]);
    expect(holds({ route: { machine: "network02", begins: "default", absent: true } }, routed, [])).toBe(true);
    expect(holds({ route: { machine: "nobody", begins: "", absent: true } }, routed, [])).toBe(false);
  });
  it("sees interfaces, cables and forwarding", () => {
    expect(holds({ interface: { machine: "router", name: "enp0s2", state: "up", address: "192.168.100.3/24" } }, topology, [])).toBe(true);
    expect(holds({ interface: { machine: "router", name: "enp0s2", state: "down" } }, topology, [])).toBe(false);
    expect([
      holds({ plugged: "c1" }, topology, []),
      holds({ plugged: "c9" }, topology, []),
      holds({ forwarding: "router" }, topology, []),
    ]).toEqual([true, false, false]);
  });
  it("sees packets that crossed, not those that were lost", () => {
    const want: Condition = { packet: { to: "network02", protocol: "ICMP", reply: false } };
    expect(holds(want, topology, [packet("router", "network02")])).toBe(true);
    expect(holds(want, topology, [packet("router", "network02", { fate: "lost" })])).toBe(false);
    expect(allHold([want, way], routed, [packet("router", "network02")])).toBe(true);
  });
  it("holds nothing while there is no world", () => expect(holds(way, null, [])).toBe(false));
});

describe("terminals", () => {
  const tabs = tabsFor(threeMachines(), [], null);
  const start = { ...NO_TERMINALS, tabs, shown: [1], focused: 1 };
  it("has one for every machine, numbered in order, and those the log opened", () => {
    expect(tabs.map((t) => `${t.term} ${t.machine}`)).toEqual(["1 network01", "2 router", "3 network02"]);
    expect(tabsFor(threeMachines(), [view(5, "router")], null).map((t) => t.term)).toEqual([1, 2, 3, 5]);
    expect(tabsFor(threeMachines(), [], ["router"]).map((t) => `${t.term} ${t.machine}`)).toEqual(["2 router"]);
  });
  it("shows another in place of the one in hand, and in its half of a split", () => {
    expect(show(start, 3).shown).toEqual([3]);
    const two = split(start);
    expect([two.shown, two.focused]).toEqual([[1, 2], 2]);
    expect(show(two, 3).shown).toEqual([1, 3]);
    expect(unsplit(two).shown).toEqual([2]);
  });
  it("moves to the terminal beside", () => {
    expect(beside(start, -1).shown).toEqual([3]);
    expect(beside(split(start), 1).focused).toBe(1);
  });
  it("opens up to eight and closes back to one that is there", () => {
    let state: TerminalsState = start;
    for (let i = 0; i < 10; i++) state = added(state, "router").state;
    expect(state.tabs).toHaveLength(MAX_TERMINALS);
    expect(new Set(state.tabs.map((t) => t.term)).size).toBe(MAX_TERMINALS);
    const one = closed({ ...start, tabs: tabs.slice(0, 2), shown: [2], focused: 2 }, 2);
    expect([one.tabs.length, one.shown, one.focused]).toEqual([1, [1], 1]);
  });
});

describe("progress is a fold over deeds", () => {
  const fold = (...deeds: Deed[]) => deeds.reduce(withDeed, NOTHING);
  it("keeps the best result and that it was passed once", () => {
    const p = fold(
      { do: "begin", challenge: "a", seed: 7 },
      { do: "result", challenge: "a", seed: 7, score: 95, passed: true },
      { do: "result", challenge: "a", seed: 8, score: 20, passed: false },
    );
    expect(p.challenges.get("a")).toEqual({ best: 95, passed: true, seed: 8 });
  });
  it("changes and takes back answers", () => {
    const p = fold({ do: "answer", chapter: "3", question: "q", choice: "a" }, { do: "answer", chapter: "3", question: "q", choice: "b" });
    expect(p.answers.get("3/q")).toBe("b");
    expect(withDeed(p, { do: "unanswer", chapter: "3", question: "q" }).answers.size).toBe(0);
  });
  it("counts a drill by its first answers: three in a row lead on, the last level passes", () => {
    const drill = (level: 1 | 4, n: number, right: boolean): Deed => ({ do: "drill", chapter: "2", drill: "d", level, n, right });
    const of = (...deeds: Deed[]) => fold(...deeds).drills.get("2/d");
    expect(of(drill(1, 0, true), drill(1, 1, false), drill(1, 2, true))).toMatchObject({ level: 1, asked: { 1: 3 }, streak: { 1: 1 } });
    expect(of(drill(1, 0, true), drill(1, 1, true), drill(1, 2, true))).toMatchObject({ level: 2, passed: false });
    expect(of(drill(4, 0, true), drill(4, 1, true), drill(4, 2, true), drill(4, 3, false))).toMatchObject({ level: 4, passed: true });
  });
  it("keeps that a plan has held when a later one does not", () => {
    const text = { nodes: "", pods: "", perNode: "", services: "" };
    const plan = (seed: number, passed: boolean): Deed => ({ do: "plan", chapter: "2", plan: "p", seed, text, passed });
    expect(fold(plan(1, true), plan(2, false)).plans.get("2/p")).toMatchObject({ seed: 2, passed: true });
  });
  it("leaves a deed it does not know without effect", () => expect(withDeed(NOTHING, { do: "dance" } as unknown as Deed)).toBe(NOTHING));
});
