/** Exercises 1 and 2 of the course's first document, as they stand there: with the engine loaded, and as a fresh process. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { inNamespace, inPairs, timed } from "../measure.ts";
import { ms, type Row } from "../table.ts";

/** ping waits a second between its requests */
const PING_WAIT = 1000;

export function exercises(b: Bench): Row[] {
  return [1, 2].flatMap((n) => exercise(b, n));
}

function exercise(b: Bench, n: number): Row[] {
  const file = join(b.scripts, `exercise-${n}.sh`);
  const text = readFileSync(file, "utf8");
  const answered = (out: string): number =>
    [...out.matchAll(/(\d+) packets transmitted, \1 received/g)].reduce((s, m) => s + Number(m[1]) - 1, 0);
  const waits = answered(b.engine.fresh(text).stdout) * PING_WAIT;
  const check = (out: string): void => {
    if (waits === 0 || answered(out) * PING_WAIT !== waits) throw new Error(`exercise ${n}: not every ping was answered:\n${out}`);
  };
  const real = (): number =>
    timed(() => {
      check(inNamespace(`bash ${file}`));
    });
  const loaded = inPairs(b.pairs, 60, () => timed(() => check(b.engine.fresh(text).stdout)), b.real ? real : null);
  const process_ = inPairs(
    b.pairs,
    1,
    () => timed(() => check(spawnSync(process.execPath, [b.hop, "run", file], { encoding: "utf8" }).stdout)),
    b.real ? real : null,
  );
  const row = (what: string, ours: number, theirs: number | null, must: number, stretch: number): Row => ({
    what: `exercise ${n}, ${what}`,
    ours: ms(ours),
    other: theirs === null ? "–" : ms(theirs),
    figure: theirs === null ? null : theirs / ours,
    unit: "×",
    must,
    stretch,
  });
  return [
    row("engine loaded", loaded.ours, loaded.theirs, 200, 1000),
    row("engine loaded; ping's waits taken out of the other", loaded.ours, loaded.theirs === null ? null : loaded.theirs - waits, 10, 50),
    row("a fresh `hop run`", process_.ours, process_.theirs, 10, 20),
  ];
}
