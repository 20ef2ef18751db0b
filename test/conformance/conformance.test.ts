/**
 * Every recorded scenario, run in the simulator and compared command by command. What does not pass yet stands by name in
 * not-yet.json; a command that passed may never fail again, and one that passes now must leave the list
 * (`npm run conformance:update` takes it out; it never puts one in: a new scenario that does not pass yet is entered by hand).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compareRecordings, report } from "./compare.ts";
import { readGolden, readScript, scenarioNames } from "./scenario.ts";
import { simulate } from "./simulate.ts";

const FILE = join(import.meta.dirname, "not-yet.json");
const UPDATE = process.env.HOP_CONFORMANCE_UPDATE === "1";
/** scenario → numbers of the commands that do not pass yet; "all" where the scenario needs a tool that is not there */
const notYet = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, number[] | "all">;
const now: Record<string, number[] | "all"> = {};

describe("conformance with the real kernel", () => {
  for (const name of scenarioNames()) {
    it(name, () => {
      const golden = readGolden(name);
      const results = compareRecordings(golden.steps, simulate(readScript(name)));
      const failing = results.filter((r) => !r.ok);
      const known = notYet[name];
      const expected = known === "all" ? results.map((r) => r.n) : (known ?? []);
      const newly = failing.filter((r) => !expected.includes(r.n));
      const left = failing.filter((r) => expected.includes(r.n));
      if (left.length > 0) now[name] = left.length === results.length ? "all" : left.map((r) => r.n);
      expect(newly.map((r) => report(name, r)).join("\n"), `${name}: commands that passed before`).toBe("");
      if (UPDATE) return;
      const better = expected.filter((n) => !failing.some((r) => r.n === n));
      expect(better, `${name}: these commands pass now; run npm run conformance:update`).toEqual([]);
    });
  }
  afterAll(() => {
    const total = Object.values(now).reduce((n, v) => n + (v === "all" ? 0 : v.length), 0);
    const whole = Object.values(now).filter((v) => v === "all").length;
    if (!UPDATE)
      console.log(
        `not yet: ${total} commands in ${Object.keys(now).length - whole} scenarios, and ${whole} whole scenarios:\n  ${Object.keys(now).join("\n  ")}`,
      );
    else writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(Object.entries(now).sort(([a], [b]) => (a < b ? -1 : 1))), null, 1)}\n`);
  });
});
