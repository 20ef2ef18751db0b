import { describe, expect, it } from "vitest";
import { cable, host, nic, threeMachines } from "../testing/worlds.ts";
import type { TopologyView } from "../../sim/session/protocol.ts";
import { along, layout, lengthOf, type MachineBox } from "./layout.ts";

const overlap = (a: MachineBox, b: MachineBox): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe("layout", () => {
  it.each([600, 772, 820, 1400])("places three machines in a row without overlap at %i px", (width) => {
    const { machines } = layout(threeMachines(), width);
    const [a, b, c] = machines as [MachineBox, MachineBox, MachineBox];
    expect([overlap(a, b), overlap(b, c), overlap(a, c)]).toEqual([false, false, false]);
    expect(a.x + a.w).toBeLessThan(b.x);
    expect(b.x + b.w).toBeLessThan(c.x);
  });

  it("makes the sockets of a row level, so that cables are straight", () => {
    const { links } = layout(threeMachines(), 820);
    expect(links.map((l) => l.points.length)).toEqual([2, 2]);
    expect(new Set(links.flatMap((l) => l.points.map((p) => p.y))).size).toBe(1);
  });

  it("draws a path through a machine between a pair of sockets", () => {
    const router = layout(threeMachines(), 820).machines[1];
    expect(router?.through).toHaveLength(1);
    expect(router?.through[0]?.map((p) => p.x)).toEqual([router?.x, (router?.x ?? 0) + (router?.w ?? 0)]);
  });

  it("fits a lab with switches into the middle of an incident screen, and into a chapter's", () => {
    const port = (n: number) => nic(`p${n}`, null, "up", n);
    const topology: TopologyView = {
      ...threeMachines(),
      machines: [
        ...threeMachines().machines,
        { ...host("net150", 250, [port(1), port(2)]), kind: "switch", y: 30 },
        { ...host("net100", 610, [port(1), port(2)]), kind: "switch", y: 30 },
      ],
      cables: [
        cable("a", ["network01", "enp0s1"], ["net150", "p1"]),
        cable("b", ["router", "enp0s1"], ["net150", "p2"]),
        cable("c", ["router", "enp0s2"], ["net100", "p1"]),
        cable("d", ["network02", "enp0s1"], ["net100", "p2"]),
      ],
    };
    expect(layout(topology, 620).width).toBe(620);
    const wide = layout(topology, 772);
    expect(wide.width).toBe(772);
    expect(wide.links.every((l) => l.points.length === 2 && lengthOf(l.points) > 20)).toBe(true);
    expect(wide.machines.find((m) => m.view.name === "net150")?.range).toBe("10.0.0.0/24");
  });

  it("pans rather than squeezes: a picture never gets narrower than its text", () => {
    expect(layout(threeMachines(), 300).width).toBeGreaterThan(500);
  });

  it("puts namespaces and their veth ends inside the machine and joins the pair once", () => {
    const veth = (name: string, ifindex: number, peer: { machine: string; namespace: string; name: string }) => ({
      ...nic(name, null, "up", ifindex),
      kind: "veth",
      peer,
    });
    const machine = host("lab", 0, [veth("veth1", 3, { machine: "lab", namespace: "pod", name: "eth0" })]);
    const topology: TopologyView = {
      lab: "ns",
      title: { en: "", ko: "" },
      machines: [
        {
          ...machine,
          namespaces: [
            ...machine.namespaces,
            { name: "pod", routes: [], interfaces: [veth("eth0", 4, { machine: "lab", namespace: "", name: "veth1" })] },
          ],
        },
      ],
      cables: [],
    };
    const { machines, links } = layout(topology, 820);
    expect(links).toHaveLength(1);
    expect(links[0]?.id).toBe("veth:lab//veth1");
    const [box] = machines as [MachineBox];
    const [ns] = box.namespaces;
    expect(ns && ns.x > box.x && ns.x + ns.w < box.x + box.w && ns.y + ns.h < box.y + box.h).toBe(true);
    expect(box.plates.map((p) => p.namespace)).toEqual(["", "pod"]);
  });

  it("takes rows from the author's y and keeps them apart", () => {
    const topology: TopologyView = {
      lab: "t",
      title: { en: "", ko: "" },
      cables: [cable("x", ["a", "eth0"], ["b", "eth0"])],
      machines: [host("a", 0, [nic("eth0", null)]), { ...host("b", 300, [nic("eth0", null)]), y: 220 }],
    };
    const [a, b] = layout(topology, 800).machines as [MachineBox, MachineBox];
    expect(b.y).toBeGreaterThan(a.y + a.h);
  });
});

describe("along", () => {
  const bent = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 30 },
  ];
  it("follows the bends at even speed", () => {
    expect(lengthOf(bent)).toBe(40);
    expect(along(bent, 0)).toEqual({ x: 0, y: 0 });
    expect(along(bent, 0.25)).toEqual({ x: 10, y: 0 });
    expect(along(bent, 0.5)).toEqual({ x: 10, y: 10 });
    expect(along(bent, 2)).toEqual({ x: 10, y: 30 });
  });
});
