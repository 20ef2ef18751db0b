/**
 * Every challenge, proved: its start fails, its reference solution and different correct ones pass, near-misses fail, in several
 * variants. Solutions are scripts beside this file, with {{name}} for the variant's parameters.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContent } from "../../scripts/content.ts";
import { Prng } from "../../sim/core/prng.ts";
import { buildLab, type LabWorld } from "../../sim/lab/build.ts";
import { grade } from "../../sim/lab/grade.ts";
import type { ChallengeManifest } from "../../sim/lab/manifest.ts";
import { parseScript, runSteps } from "../../sim/lab/script.ts";
import type { GradeResult } from "../../sim/session/protocol.ts";

const { labs, challenges } = loadContent(join(import.meta.dirname, "../../chapters"));

function lab(c: ChallengeManifest): (typeof labs)[number] {
  return labs.find((l) => l.id === c.world.lab)!;
}

/** Grades a script (with placeholders) in one variant; an empty one leaves the world as it starts. */
function gradeScript(c: ChallengeManifest, seed: number, script: string): GradeResult {
  const start = buildLab(lab(c), c, seed);
  const text = script.replace(/\{\{(\w+)\}\}/g, (_m, n: string) => {
    const v = start.params.get(n);
    if (v === undefined) throw new Error(`no parameter ${n}`);
    return v;
  });
  const steps = parseScript(
    text,
    start.lab.machines.map((m) => m.name),
  );
  const rebuild = function* (): Generator<void, LabWorld> {
    const lw = buildLab(lab(c), c, seed);
    for (const _ of runSteps(lw.world, steps, { pace: 0.1, limit: 60, user: "root" })) yield;
    return lw;
  };
  const task = grade(start.challenge!, seed, rebuild, { locale: "en" });
  for (;;) {
    const r = task.next();
    if (r.done) return r.value;
  }
}

/** One seed for each kind of fault that the challenge draws from, as buildLab draws it. */
function seedsByVariant(c: ChallengeManifest): Map<number, number> {
  const n = c.world.faultOneOf?.length ?? 1;
  const out = new Map<number, number>();
  for (let seed = 1; out.size < n && seed < 1000; seed++) {
    const v = n === 1 ? 0 : new Prng(seed, `${c.id}/fault`).below(n);
    if (!out.has(v)) out.set(v, seed);
  }
  return out;
}

for (const c of challenges) {
  describe(c.id, () => {
    const seeds = seedsByVariant(c);
    it("starts unsolved in every variant, with a visible goal that is not met", () => {
      for (const seed of seeds.values()) {
        const r = gradeScript(c, seed, "");
        expect([seed, r.passed, r.score]).toEqual([seed, false, 0]);
        const visible = new Set(c.goals.filter((g) => g.visible).map((g) => g.id));
        expect(r.goals.some((g) => visible.has(g.id) && !g.passed)).toBe(true);
      }
    });
    for (const file of readdirSync(join(import.meta.dirname, c.id)).sort()) {
      const script = readFileSync(join(import.meta.dirname, c.id, file), "utf8");
      const passes = /^# expect: passed$/m.test(script);
      const only = /^# variants: ([\d ]+)$/m.exec(script)?.[1]?.split(" ").map(Number);
      it(`${passes ? "accepts" : "does not accept"} ${file}`, () => {
        for (const [variant, seed] of seeds) {
          if (only && !only.includes(variant)) continue;
          const r = gradeScript(c, seed, script);
          const wrong = [...r.goals, ...r.invariants, ...r.forbidden].filter((g) => !g.passed).map((g) => `${g.id}: found ${g.found}`);
          expect({ variant, passed: r.passed, wrong: passes ? wrong : [] }).toEqual({ variant, passed: passes, wrong: [] });
        }
      });
    }
    it("starts unsolved and is solved by its reference with other addresses too", () => {
      const reference = readFileSync(join(import.meta.dirname, c.id, "reference.sh"), "utf8");
      for (const seed of [1001, 1002, 1003, 1004])
        expect([seed, gradeScript(c, seed, "").score, gradeScript(c, seed, reference).passed]).toEqual([seed, 0, true]);
    });
    it("has a reference solution, a different correct one and near-misses", () => {
      const scripts = readdirSync(join(import.meta.dirname, c.id)).map((f) => readFileSync(join(import.meta.dirname, c.id, f), "utf8"));
      expect(scripts.filter((s) => s.includes("# expect: passed")).length).toBeGreaterThanOrEqual(2);
      expect(scripts.filter((s) => s.includes("# expect: failed")).length).toBeGreaterThanOrEqual(2);
    });
  });
}
