import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EMPTY_LAB, useLab } from "../state/lab.ts";
import { packet, threeMachines } from "../testing/worlds.ts";

// the table needs neither terminals nor a transport
vi.mock("../state/world.ts", () => ({ plug: vi.fn(), showMachine: vi.fn() }));
const { plug, showMachine } = await import("../state/world.ts");
const { NetworkTable } = await import("./NetworkTable.tsx");

afterEach(() => {
  cleanup();
  useLab.setState(EMPTY_LAB);
});

describe("the network as a table", () => {
  it("has every machine, interface, address and cable of the picture", () => {
    const topology = threeMachines();
    render(<NetworkTable topology={topology} />);
    const machines = within(screen.getByRole("table", { name: "Machines" }));
    for (const m of topology.machines) {
      const row = machines.getByRole("row", { name: new RegExp(m.name) });
      for (const i of m.namespaces[0]!.interfaces) {
        expect(row.textContent).toContain(i.name);
        for (const a of i.addresses) expect(row.textContent).toContain(a);
      }
    }
    expect(within(screen.getByRole("table", { name: "Cables" })).getAllByRole("row")).toHaveLength(3);
    expect(screen.getByText("No packets yet.")).toBeTruthy();
  });

  it("lists packets newest first, with their end in a word", () => {
    useLab.setState({
      packets: [packet("network01", "router"), packet("router", "network02", { info: "echo request seq 1 ttl 63", fate: "lost" })],
    });
    render(<NetworkTable topology={threeMachines()} />);
    const rows = within(screen.getByRole("table", { name: /Packets/ }))
      .getAllByRole("row")
      .slice(1);
    expect(rows[0]?.textContent).toMatch(/router.*network02.*ttl 63.*lost/);
    expect(rows[1]?.textContent).toMatch(/network01.*router.*crossed/);
  });

  it("plugs cables and opens terminals from its rows", () => {
    const topology = threeMachines();
    render(<NetworkTable topology={{ ...topology, cables: [{ ...topology.cables[0]!, plugged: false, learner: true }] }} />);
    screen.getByRole("button", { name: "Plug in the cable" }).click();
    expect(plug).toHaveBeenCalledWith("c1", true);
    screen.getByRole("button", { name: /router/ }).click();
    expect(showMachine).toHaveBeenCalledWith("router");
  });
});
