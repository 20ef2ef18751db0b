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

/** Known to the real tool in another way than as an option: -5 of head is a number, a signal of kill, a time of find. */
const NO_OPTIONS: Readonly<Record<string, RegExp>> = {
  find: /^-[HLPO]$|^--/,
};

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
      const got = run(option);
      if (got.code !== want.code || first(got.stderr) !== want.message) wrong.push(`${option}: ${got.code} ${first(got.stderr)} — real: ${want.code} ${want.message}`);
    }
    expect(wrong).toEqual([]);
  });

  it("says so where it does not simulate an option of the real tool", () => {
    const wrong: string[] = [];
    for (const option of real.known) {
      if (isModelled(command, option) || (NO_OPTIONS[name] && !NO_OPTIONS[name].test(option))) continue;
      const got = run(option);
      if (got.code !== 64 || !NOT_SIMULATED.test(got.stderr)) wrong.push(`${option}: ${got.code} ${first(got.stderr)}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("every command", () => {
  const rig = makeRig({ commands: programs });
  it.each(programs.filter((c) => !notYet.includes(c)).map((c) => [c.name, c] as const))("%s refuses what its own table says is not simulated", (_name, c) => {
    const wrong: string[] = [];
    for (const o of c.options.filter((x) => x.notModelled))
      for (const option of o.names) {
        if (!option.startsWith("-")) continue;
        const got = rig.run([c.name, option, ...(o.arg === undefined ? [] : ["1"])], { limit: 5 });
        if (got.code !== 64 || !NOT_SIMULATED.test(got.stderr)) wrong.push(`${option}: ${got.code} ${got.stderr.split("\n")[0]}`);
      }
    expect(wrong).toEqual([]);
  });
  it.each(notYet.map((c) => [c.name, c] as const))("%s says that it is not there yet", (name, c) => {
    expect(rig.run([name], { limit: 5 })).toMatchObject({ code: 64, stderr: `hop: ${name} is not simulated yet\n` });
  });
});
