/** `hop check`: runs a script in a challenge's world and grades what it did. */
import { buildLab, type LabWorld } from "../sim/lab/build.ts";
import { grade } from "../sim/lab/grade.ts";
import { paceOf, runSteps } from "../sim/lab/script.ts";
import type { GradeResult } from "../sim/session/protocol.ts";
import { BadInput, limitOption, seedOption, type Args } from "./args.ts";
import { challengeNamed, labNamed } from "./content.ts";
import { readScript } from "./host.ts";
import { hostsOf, stepsOf, throwIfDead, withGuide } from "./world.ts";

export function check(args: Args): number {
  const [id, file] = args.words;
  if (id === undefined) throw new BadInput("no challenge was named; see hop labs");
  const challenge = challengeNamed(id);
  const seed = seedOption(args);
  const lab = labNamed(challenge.world.lab);
  if (args.flags.has("print")) {
    if (file !== undefined) throw new BadInput("--print shows the variant and takes no script");
    return printFacts(buildLab(lab, challenge, seed), args.flags.has("json"));
  }
  const text = readScript(file);
  const steps = stepsOf(text, lab, hostsOf(lab)[0]!);
  for (const s of steps)
    if (challenge.access.locked?.includes(s.machine))
      throw new BadInput(`in the script, line ${s.line}: ${s.machine} is locked in this challenge`);
  const options = { pace: paceOf(text), limit: limitOption(args), user: "root" };
  const filled = buildLab(lab, challenge, seed).challenge!;
  const rebuild = function* (): Generator<void, LabWorld> {
    const lw = withGuide(buildLab(lab, challenge, seed));
    for (const _ of runSteps(lw.world, steps, options)) yield;
    throwIfDead(lw);
    return lw;
  };
  const result = finish(grade(filled, seed, rebuild, { locale: "en" }));
  if (args.flags.has("json")) process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
  else printGrade(result);
  return result.passed ? 0 : 1;
}

/** Runs a sliced task to its end. */
function finish<T>(task: Generator<void, T>): T {
  for (;;) {
    const r = task.next();
    if (r.done) return r.value;
  }
}

function printGrade(r: GradeResult): void {
  const out = (s: string): boolean => process.stdout.write(`${s}\n`);
  out(`${r.challenge}, variant ${r.seed}: ${r.score} of 100, ${r.passed ? "passed" : "not passed"}`);
  for (const c of [...r.goals, ...r.invariants, ...r.forbidden]) {
    out(`${c.passed ? "✓" : "✗"} ${c.id}`);
    if (!c.passed) out(`    expected: ${c.expected}\n    found:    ${c.found}\n    look:     ${c.look}`);
  }
}

/** What a learner is told about the variant: the ticket, machines and addresses. Nothing of the fault. */
function printFacts(lw: LabWorld, json: boolean): number {
  const c = lw.challenge!;
  const machines = lw.lab.machines
    .filter((m) => m.kind !== "switch")
    .map((m) => ({
      name: m.name,
      users: ["root", ...(m.users ?? [])],
      interfaces: (m.nics ?? []).map((n) => ({ name: n.name, addresses: (n.addresses ?? []).map((a) => a.cidr) })),
    }));
  const facts = {
    challenge: c.id,
    seed: lw.seed,
    title: c.title.en,
    ticket: c.briefing.ticket.en,
    machines,
    goals: c.goals.filter((g) => g.visible).map((g) => ({ id: g.id, title: g.title.en })),
  };
  if (json) process.stdout.write(`${JSON.stringify(facts, null, 1)}\n`);
  else {
    process.stdout.write(`${facts.title} (${facts.challenge}, variant ${facts.seed})\n${facts.ticket}\n`);
    for (const m of machines) for (const i of m.interfaces) process.stdout.write(`  ${m.name} ${i.name} ${i.addresses.join(" ")}\n`);
    for (const g of facts.goals) process.stdout.write(`  goal ${g.id}: ${g.title}\n`);
  }
  return 0;
}
