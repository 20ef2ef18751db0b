import { describe, expect, it } from "vitest";
import { catalogues } from "../i18n/index.ts";
import { contains, fmtCidr, overlap, type Prefix4 } from "./cidr.ts";
import { checkPlan, drawTask, readPlan, RANGES, sizes, solve, type Plan, type PlanText } from "./plan.ts";

const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1);
const textOf = (p: Plan): PlanText => ({
  nodes: fmtCidr(p.nodes),
  pods: fmtCidr(p.pods),
  services: fmtCidr(p.services),
  perNode: `/${p.perNode}`,
});
const failed = (seed: number, p: Plan): string[] =>
  checkPlan(drawTask(seed), p)
    .filter((c) => !c.passed)
    .map((c) => c.id);
const moved = (p: Prefix4, to: number): Prefix4 => ({ addr: to, len: p.len });

describe("the task", () => {
  it("is the same for a seed, can be met, and differs between seeds", () => {
    for (const seed of SEEDS) {
      const task = drawTask(seed);
      expect(drawTask(seed)).toEqual(task);
      expect(failed(seed, solve(task)!)).toEqual([]);
      for (const u of task.used) expect(contains(task.allotted, u.range)).toBe(true);
    }
    expect(new Set(SEEDS.map((s) => JSON.stringify(drawTask(s)))).size).toBeGreaterThan(290);
  });
  it("is not met by beginning at the first address without looking", () => {
    for (const seed of SEEDS) {
      const task = drawTask(seed);
      const p = solve(task)!;
      expect(failed(seed, { ...p, pods: moved(p.pods, task.allotted.addr) })).toContain("used");
    }
  });
});

describe("the checks", () => {
  const task = drawTask(7);
  const good = solve(task)!;
  it("fail one at a time for one thing that is wrong", () => {
    const shorter = (p: Prefix4): Prefix4 => ({ addr: p.addr, len: p.len + 1 });
    expect(failed(7, { ...good, nodes: shorter(good.nodes) })).toEqual(["nodes"]);
    expect(failed(7, { ...good, services: shorter(good.services) })).toEqual(["services"]);
    expect(failed(7, { ...good, pods: shorter(good.pods) })).toEqual(["blocks"]);
    expect(failed(7, { ...good, perNode: good.perNode + 1 })).toEqual(["perNode"]);
    expect(failed(7, { ...good, nodes: moved(good.nodes, good.pods.addr) })).toEqual(["apart"]);
    expect(failed(7, { ...good, nodes: { addr: 0xc0a80000, len: good.nodes.len } })).toEqual(["inside"]);
    expect(failed(7, { ...good, nodes: moved(good.nodes, task.used[0]!.range.addr) })).toEqual(["used"]);
  });
  it("keep a node's gateway and both ends of its block out of the count", () => {
    const at = SEEDS.map(drawTask).find((t) => t.podsPerNode === 110)!;
    expect(sizes(at).perNode).toBe(25);
    const many = SEEDS.map(drawTask).find((t) => t.podsPerNode === 250)!;
    expect(sizes(many).perNode).toBe(24);
  });
  it("name the two that overlap and what they share", () => {
    const c = checkPlan(task, { ...good, services: moved(good.services, good.pods.addr) }).find((x) => x.id === "apart")!;
    expect(c.found.params).toMatchObject({ a: "plan.range.pods", b: "plan.range.services" });
    expect(overlap(good.pods, good.pods)).toBe(true);
  });
  it("have words for everything they say, in both languages", () => {
    for (const seed of SEEDS.slice(0, 40))
      for (const c of checkPlan(drawTask(seed), good))
        for (const p of [c.title, c.expected, c.found, c.look])
          for (const locale of ["en", "ko"] as const)
            for (const [, name] of catalogues[locale][p.key].matchAll(/\{(\w+)(?:\|[^}]+)?\}/g))
              expect(p.params, p.key).toHaveProperty(name!);
  });
});

describe("reading a plan", () => {
  const good = textOf(solve(drawTask(7))!);
  it("takes what it writes, and a mask for the node's block", () => {
    expect(readPlan(good).plan).toEqual(solve(drawTask(7)));
    expect(readPlan({ ...good, perNode: "255.255.255.0" }).plan?.perNode).toBe(24);
  });
  it("says at each field what keeps it from being read, and checks nothing until all can be", () => {
    for (const r of RANGES) expect(Object.keys(readPlan({ ...good, [r]: "10.0.0" }).problems)).toEqual([r]);
    expect(readPlan({ ...good, nodes: "10.1.2.3/16" }).problems.nodes?.key).toBe("plan.bad.hostBits");
    expect(readPlan({ ...good, perNode: "" }).problems.perNode?.key).toBe("plan.bad.noLength");
    expect(readPlan({ ...good, perNode: "/4" })).toMatchObject({ plan: null, problems: { perNode: { key: "plan.bad.wider" } } });
  });
});
