/** `hop check` and `hop labs`, through the built file. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { builtHop, type Hop } from "../test/support/built-hop.ts";

vi.setConfig({ testTimeout: 30_000 });
let h: Hop;
beforeAll(async () => {
  h = await builtHop();
}, 60_000);
afterAll(() => rmSync(h.dir, { recursive: true }));

interface Check {
  id: string;
  weight: number;
  passed: boolean;
  expected: string;
  found: string;
  look: string;
}

interface Facts {
  machines: { name: string; interfaces: { addresses: string[] }[] }[];
}

const KEYS = ["id", "weight", "passed", "expected", "found", "look"];
const solutions = join(import.meta.dirname, "../test/labs");

/** A solution of test/labs, with {{name}} where the variant's addresses go. */
function solution(path: string): string {
  return readFileSync(join(solutions, path), "utf8");
}

it("grades in the documented shape, and the untouched world does not pass", () => {
  for (const challenge of ["road-with-no-way-back", "three-routers"])
    for (const script of ["", "# nothing\n", "echo hello\n"]) {
      const r = h.hop("check", challenge, "--json", h.write("c.sh", script));
      expect([r.code, r.stderr]).toEqual([1, ""]);
      const g = JSON.parse(r.stdout) as Record<string, unknown>;
      expect(Object.keys(g)).toEqual(["challenge", "seed", "score", "passed", "goals", "invariants", "forbidden"]);
      expect(g).toMatchObject({ challenge, seed: 1, score: 0, passed: false });
      const checks = [g.goals, g.invariants, g.forbidden] as Check[][];
      expect(checks[0]!.length).toBeGreaterThan(0);
      for (const c of checks.flat()) {
        expect(Object.keys(c)).toEqual(KEYS);
        expect([typeof c.id, typeof c.weight, typeof c.passed]).toEqual(["string", "number", "boolean"]);
        for (const text of [c.expected, c.found, c.look]) expect(text).toMatch(/^[^$]*\S[^$]*$/);
      }
      if (script === "") break;
    }
});

it("passes a solution with exit status 0, for the variant of the seed", () => {
  const text = solution("three-routers/reference.sh");
  for (const seed of ["1", "2"]) {
    const facts = h.hop("check", "three-routers", "--print", "--json", "--seed", seed);
    expect(facts).toMatchObject({ code: 0, stderr: "" });
    const { machines } = JSON.parse(facts.stdout) as Facts;
    const address = (machine: string, nic: number): string => machines.find((m) => m.name === machine)!.interfaces[nic]!.addresses[0]!;
    const bare = (machine: string, nic: number): string => address(machine, nic).split("/")[0]!;
    const network = (machine: string): string => address(machine, 0).replace(/\d+\/24$/, "0/24");
    const values = new Map([
      ["netA", network("network01")],
      ["netB", network("network02")],
      ["r1b", bare("router1", 1)],
      ["r2a", bare("router2", 0)],
      ["r2b", bare("router2", 1)],
      ["r3a", bare("router3", 0)],
    ]);
    const script = text.replace(/\{\{(\w+)\}\}/g, (_m, n: string) => values.get(n) ?? `no ${n}`);
    const r = h.hop("check", "three-routers", "--seed", seed, "--json", h.write("c.sh", script));
    expect([r.code, JSON.parse(r.stdout)]).toEqual([0, expect.objectContaining({ passed: true, score: 100, seed: Number(seed) })]);
  }
});

it("prints the variant's public facts and nothing of the fault", () => {
  const a = h.hop("check", "road-with-no-way-back", "--print");
  expect(a).toMatchObject({ code: 0, stderr: "" });
  expect(a.stdout).toContain("network01 enp0s1 ");
  expect(h.hop("check", "road-with-no-way-back", "--print").stdout).toBe(a.stdout);
  expect(a.stdout).not.toMatch(/\$[a-z]/);
});

it("prints a readable grade without --json", () => {
  const r = h.hop("check", "three-routers", h.write("c.sh", "true\n"));
  expect(r.code).toBe(1);
  expect(r.stdout).toMatch(/^three-routers, variant 1: 0 of 100, not passed\n/);
  expect(r.stdout).toMatch(/✗ .*\n {4}expected: .*\n {4}found: {4}.*\n {4}look: {5}/);
});

it("keeps the script's commands to their limit, pace and exit", () => {
  const r = h.hop(
    "check",
    "three-routers",
    "--limit",
    "2",
    "--json",
    h.write("c.sh", "# pace: 1\nsleep infinity\nlab check; why\nexit 3\n"),
  );
  expect([r.code, r.stderr]).toEqual([1, ""]);
});

it("lists labs with machines, users and challenges", () => {
  const r = h.hop("labs", "--json");
  expect(r).toMatchObject({ code: 0, stderr: "" });
  const list = JSON.parse(r.stdout) as { id: string; machines: { name: string; users: string[] }[]; challenges: { id: string }[] }[];
  expect(list.find((l) => l.id === "three-machines")!.machines.map((m) => m.name)).toEqual(["network01", "router", "network02"]);
  for (const m of list.flatMap((l) => l.machines)) expect(m.users[0]).toBe("root");
  expect(
    list
      .flatMap((l) => l.challenges.map((c) => c.id))
      .filter((id) => id === "road-with-no-way-back" || id === "three-routers")
      .sort(),
  ).toEqual(["road-with-no-way-back", "three-routers"]);
  const text = h.hop("labs").stdout;
  for (const l of list) expect(text).toContain(`${l.id}  `);
});
