/** Compares two recordings of a scenario command by command, after normalisation. */
import { Normalizer } from "./normalize.ts";
import type { Directive, Step } from "./scenario.ts";

export interface Actual {
  readonly cmd: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface StepResult {
  /** from 1, as in the goldens */
  readonly n: number;
  readonly cmd: string;
  readonly ok: boolean;
  readonly diff: Partial<Record<"code" | "stdout" | "stderr" | "missing", { golden: string; actual: string }>>;
}

interface Compared {
  readonly code: number | null;
  readonly stdout: string | null;
  readonly stderr: string | null;
}

function normalised(n: Normalizer, step: Actual, cmp: readonly Directive[]): Compared {
  const ops = new Set(cmp.map((d) => d.op));
  const codeOnly = ops.has("code-only") || ops.has("any");
  return {
    code: ops.has("any") || ops.has("ignore-code") ? null : step.code,
    stdout: codeOnly || ops.has("ignore-stdout") ? null : n.text(step.stdout, cmp),
    stderr: codeOnly || ops.has("ignore-stderr") ? null : n.text(step.stderr, cmp),
  };
}

/** One result for each command of the golden; commands that the actual side lacks fail as "missing". */
export function compareRecordings(golden: readonly Step[], actual: readonly Actual[]): StepResult[] {
  const commands = golden.map((s) => s.cmd);
  const g = new Normalizer(commands);
  const a = new Normalizer(commands);
  return golden.map((want, i) => {
    const got = actual[i];
    if (!got) return { n: i + 1, cmd: want.cmd, ok: false, diff: { missing: { golden: want.cmd, actual: "" } } };
    const undoG = g.save();
    const undoA = a.save();
    const w = normalised(g, want, want.cmp ?? []);
    const h = normalised(a, got, want.cmp ?? []);
    const diff: StepResult["diff"] = {};
    for (const k of ["code", "stdout", "stderr"] as const)
      if (w[k] !== null && w[k] !== h[k]) diff[k] = { golden: String(w[k]), actual: String(h[k]) };
    // a command that differs must not shift the tokens of those that follow
    if (diff.stdout || diff.stderr) {
      undoG();
      undoA();
    }
    return { n: i + 1, cmd: want.cmd, ok: Object.keys(diff).length === 0, diff };
  });
}

/** A result for people: golden lines with "-", actual lines with "+". */
export function report(name: string, r: StepResult): string {
  const out = [`✗ ${name} #${r.n}: ${r.cmd}`];
  for (const [part, d] of Object.entries(r.diff)) {
    out.push(`  ${part}`);
    const want = d.golden.split("\n");
    const got = d.actual.split("\n");
    const same = new Set(want.filter((l) => got.includes(l)));
    for (const l of want) out.push(`    ${same.has(l) ? " " : "-"} ${l}`);
    for (const l of got) if (!same.has(l)) out.push(`    + ${l}`);
  }
  return out.join("\n");
}
