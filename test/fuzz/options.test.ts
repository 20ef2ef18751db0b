/**
 * Options that are never accepted and ignored. For every tool, testdata/options.json (scripts/record-options.ts) says which one-letter
 * options the real tool refuses, with its message, and which options it knows. Ours refuses the same in the same words; what the
 * real tool knows is either in our table as simulated, or ends with "is not simulated" and status 64.
 */
import { describe, expect, it } from "vitest";
import { commands, notYet } from "../../sim/bin/registry.ts";
import type { Command } from "../../sim/kernel/abi.ts";
import { programs } from "../../sim/lab/programs.ts";
import { makeRig, type RunOutcome } from "../../sim/testing/rig.ts";
import recorded from "./testdata/options.json" with { type: "json" };

interface Recorded {
  readonly known: readonly string[];
  readonly refused: Readonly<Record<string, { readonly code: number; readonly message: string }>>;
}

const NOT_SIMULATED = /^hop: \S+: .*is not simulated\n/m;

/** Simulated without standing in the table: -5 of head is a number, of kill a signal, -w of chmod a mode. */
const DIGIT = /^-\d$/;
const OUTSIDE_TABLE: Readonly<Record<string, RegExp>> = {
  chmod: /^-[goprstuwxX]$/,
  egrep: DIGIT,
  fgrep: DIGIT,
  find: /^-[adoHLP]$/,
  fold: DIGIT,
  grep: DIGIT,
  head: DIGIT,
  ip: /^-i$/, // short for -iec
  kill: DIGIT,
  pkill: DIGIT,
  ps: /^-[wU\d]$/,
  seq: DIGIT,
  tail: DIGIT,
  uniq: DIGIT,
};
/** Where the real tool prints what happens to lie in its memory. */
const GARBAGE: readonly string[] = ["kill --no-such-option", "kill -q"];

function isModelled(c: Command, option: string): boolean {
  return c.options.some((o) => !o.notModelled && o.names.includes(option));
}

describe.each(Object.entries(recorded as Record<string, Recorded>))("%s", (name, real) => {
  const command = commands.find((c) => c.name === name && !notYet.includes(c))!;
  const rig = makeRig({ commands: programs });
  const run = (option: string): RunOutcome => rig.run([name, option], { limit: 5 });
  const first = (text: string): string => text.split("\n")[0]!;

  it("refuses what the real tool refuses, in its words", () => {
    const wrong: string[] = [];
    for (const [option, want] of Object.entries(real.refused)) {
      if (GARBAGE.includes(`${name} ${option}`)) continue;
      const got = run(option);
      if (got.code !== want.code || first(got.stderr) !== want.message)
        wrong.push(`${option}: ${got.code} ${first(got.stderr)} — real: ${want.code} ${want.message}`);
    }
    expect(wrong).toEqual([]);
  });

  it("says so where it does not simulate an option of the real tool", () => {
    const wrong: string[] = [];
    for (const option of real.known) {
      if (isModelled(command, option) || OUTSIDE_TABLE[name]?.test(option)) continue;
      const got = run(option);
      if (got.code !== 64 || !NOT_SIMULATED.test(got.stderr)) wrong.push(`${option}: ${got.code} ${first(got.stderr)}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("every command", () => {
  const rig = makeRig({ commands: programs });
  it.each(programs.filter((c) => !notYet.includes(c)).map((c) => [c.name, c] as const))(
    "%s refuses what its own table says is not simulated",
    (_name, c) => {
      const wrong: string[] = [];
      for (const o of c.options.filter((x) => x.notModelled))
        for (const option of o.names) {
          if (!option.startsWith("-")) continue;
          const got = rig.run([c.name, option, ...(o.arg === undefined ? [] : ["1"])], { limit: 5 });
          if (got.code !== 64 || !NOT_SIMULATED.test(got.stderr)) wrong.push(`${option}: ${got.code} ${got.stderr.split("\n")[0]}`);
        }
      expect(wrong).toEqual([]);
    },
  );
  it.each(notYet.map((c) => c.name))("%s says that it is not there yet", (name) => {
    expect(rig.run([name], { limit: 5 })).toMatchObject({ code: 64, stderr: `hop: ${name} is not simulated yet\n` });
  });
});
