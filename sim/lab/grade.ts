/**
 * Grading: every goal, invariant and forbidden effect is probed in a world of its own kind, made again from what the learner
 * did, so that no probe disturbs another or the learner. The score is out of 100; see weigh().
 */
import type { LocalText } from "../core/text.ts";
import type { CheckResult, GradeResult } from "../session/protocol.ts";
import type { LabWorld } from "./build.ts";
import type { ChallengeManifest, GoalSpec, Probe, PerturbOp } from "./manifest.ts";
import { perturb, runProbe, type ProbeResult } from "./probes.ts";

/** Makes a world in the learner's state. Called once a probe that changes its world, and once for all that only look. */
export type Rebuild = () => Generator<void, LabWorld>;

export interface GradeOptions {
  readonly locale: keyof LocalText;
  /** was the evidence question answered rightly? null: not asked or not answered */
  readonly diagnosis?: boolean | null;
  /** points lost to hints */
  readonly hintCost?: number;
}

/** Probes one after the other in worlds made by `rebuild`. A probe with `after` gets a world of its own. */
class Prober {
  private readonly rebuild: Rebuild;
  private shared: LabWorld | null = null;

  constructor(rebuild: Rebuild) {
    this.rebuild = rebuild;
  }
  *probe(probe: Probe, after: readonly PerturbOp[]): Generator<void, ProbeResult> {
    if (after.length === 0) {
      this.shared ??= yield* this.rebuild();
      return yield* runProbe(this.shared, probe);
    }
    const own = yield* this.rebuild();
    for (const op of after) yield* perturb(own, op);
    return yield* runProbe(own, probe);
  }
}

export interface Checked {
  readonly spec: GoalSpec;
  readonly result: ProbeResult;
}

/** The goals that a learner may watch, for live ticks. `challenge` has its parameters filled in. */
export function* probeGoals(challenge: ChallengeManifest, rebuild: Rebuild, which: "visible" | "all"): Generator<void, Checked[]> {
  const prober = new Prober(rebuild);
  const out: Checked[] = [];
  for (const spec of challenge.goals)
    if (which === "all" || spec.visible) out.push({ spec, result: yield* prober.probe(spec.probe, spec.after ?? []) });
  return out;
}

/** The whole grade. `challenge` has its parameters filled in. */
export function* grade(challenge: ChallengeManifest, seed: number, rebuild: Rebuild, opts: GradeOptions): Generator<void, GradeResult> {
  const prober = new Prober(rebuild);
  const { locale } = opts;
  const check = function* (s: GoalSpec): Generator<void, CheckResult> {
    const r = yield* prober.probe(s.probe, s.after ?? []);
    return { id: s.id, weight: s.weight, passed: r.passed, expected: s.expected[locale], found: r.found[locale], look: s.look[locale] };
  };
  const goals: CheckResult[] = [];
  for (const s of challenge.goals) goals.push(yield* check(s));
  const invariants: CheckResult[] = [];
  for (const s of challenge.invariants ?? []) invariants.push(yield* check(s));
  const forbidden: CheckResult[] = [];
  for (const f of challenge.forbidden ?? []) {
    const seen = yield* prober.probe(f.probe, []);
    forbidden.push({
      id: f.id,
      weight: 0,
      passed: !seen.passed,
      expected: f.expected[locale],
      found: seen.found[locale],
      look: f.look[locale],
    });
  }
  const score = weigh(challenge, goals, invariants, forbidden, opts);
  return { challenge: challenge.id, seed, score, passed: score >= challenge.scoring.pass, goals, invariants, forbidden };
}

/**
 * 0..100: each group counts its weight in proportion to the weights of its checks that hold. A question that was not asked
 * or not answered leaves its weight to the goals. A forbidden effect ends at 0 ("fail") or 60 ("cap60"). Hints are
 * taken off at the end.
 */
function weigh(
  c: ChallengeManifest,
  goals: readonly CheckResult[],
  invariants: readonly CheckResult[],
  forbidden: readonly CheckResult[],
  opts: GradeOptions,
): number {
  const w = c.scoring.weights;
  const asked = c.diagnosis !== undefined && opts.diagnosis !== undefined && opts.diagnosis !== null;
  const parts = [
    { weight: w.goals + w.persistence + (asked ? 0 : w.diagnosis), part: share(goals) },
    { weight: w.invariants, part: share(invariants) },
    { weight: asked ? w.diagnosis : 0, part: opts.diagnosis === true ? 1 : 0 },
  ];
  const total = parts.reduce((n, p) => n + p.weight, 0);
  let score = total === 0 ? 0 : Math.round((100 * parts.reduce((n, p) => n + p.weight * p.part, 0)) / total);
  // what was never broken earns nothing while no visible goal is met
  if (!goals.some((g, i) => g.passed && c.goals[i]!.visible)) score = 0;
  for (const [i, f] of forbidden.entries()) if (!f.passed) score = Math.min(score, c.forbidden![i]!.verdict === "fail" ? 0 : 60);
  return Math.max(0, score - (opts.hintCost ?? 0));
}

function share(checks: readonly CheckResult[]): number {
  const all = checks.reduce((n, c) => n + c.weight, 0);
  return all === 0 ? 1 : checks.reduce((n, c) => n + (c.passed ? c.weight : 0), 0) / all;
}
